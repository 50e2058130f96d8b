"""What Lumos sends: as the connector is configured, or as a stored call asked."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from mockapp_connector.integration import integration

from connector_contract import ConnectorUnderTest, Upstream
from connector_contract.errors import UsageError
from connector_contract.recording.call import Call, Success
from connector_contract.recording.envelope import check_configured, envelope_of
from connector_contract.secrets.known_secrets import Secrets

GOOD = {"token": {"token": "valid-token"}}
SETTINGS = {"api_url": "http://localhost:8000"}


def connector(**parts):
    return SimpleNamespace(**{"auth": None, "credentials": None, "settings": {}, **parts})


def test_a_call_with_credentials_of_its_own_is_not_sent_the_configured_auth():
    call = Call("x", Success(), {"credentials": [{"id": "a", "token": {"token": "u"}}]})
    assert "auth" not in envelope_of(call, connector(auth=GOOD), Secrets())


def test_the_counters_of_a_rate_limit_are_not_sent_again():
    limit = {"max_execution_time": 60, "last_known_state": {"a": {"remaining": "<varies>"}}}
    envelope = envelope_of(Call("x", Success(), {"rate_limit": limit}), connector(), Secrets())
    assert envelope["rate_limit"] == {"max_execution_time": 60}


def under_test(**parts):
    return ConnectorUnderTest(integration, Upstream("http://localhost:8000"), **parts)


@pytest.mark.parametrize(
    "parts",
    [
        {"auth": GOOD, "settings": SETTINGS},
        {"credentials": [{"id": "main", **GOOD}], "settings": SETTINGS},
        # Some connectors need no credentials.
        {"settings": SETTINGS},
        # The SDK reads more of a setting than a connector declares.
        {"auth": GOOD, "settings": {**SETTINGS, "more": 1}},
    ],
)
def test_what_the_sdk_takes_is_right(parts):
    check_configured(under_test(**parts))


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (
            {"auth": {"basic": {"user": "x"}}, "settings": SETTINGS},
            "ConnectorUnderTest(auth=...) is not what the connector takes: basic.username: Field required.\n"
            "  basic.password: Field required\n"
            "  given: basic\n"
            "Give what AuthCredential needs",
        ),
        (
            {"credentials": [{"id": "a", **GOOD}, {"id": "b", "token": "t"}], "settings": SETTINGS},
            "ConnectorUnderTest(credentials=...) is not what the connector takes: token: Input should be",
        ),
        (
            {"auth": GOOD, "settings": {"url": "http://localhost:8000"}},
            "ConnectorUnderTest(settings=...) is not what the connector takes: api_url: Field required.\n"
            "  given: url\n"
            "Give what MockappSettings needs",
        ),
    ],
)
def test_what_the_sdk_refuses_is_the_authors_mistake(parts, said):
    with pytest.raises(UsageError) as caught:
        check_configured(under_test(**parts))
    assert str(caught.value).startswith(said)
    assert "valid-token" not in str(caught.value)
