"""The secrets of all scenarios of a run."""

from __future__ import annotations

from scenario_testing import ORIGIN, Connector

from connector_contract import ConnectorUnderTest, Upstream
from connector_contract.recording.interactions import Request, Response
from connector_contract.secrets.known_secrets import Secrets
from connector_contract.secrets.run_secrets import RunSecrets
from connector_contract.secrets.secret_names import WELL_KNOWN

TOKEN = "tk9" + "Qz7Xw2" * 5
OTHER = "zz4" + "Lm8Vn3" * 5


def secrets(token: str) -> Secrets:
    made = Secrets()
    made.add({"token": {"token": token}}, None)
    return made


def test_what_a_scenario_learns_is_known_at_once_and_stays_known():
    known, running = RunSecrets(), secrets(TOKEN)
    assert known.text(TOKEN) == TOKEN
    known.begin(running)
    assert known.text(f"{TOKEN} {OTHER}") == f"<token.token> {OTHER}"
    body = b'{"access_token": "%b"}' % OTHER.encode()
    running.learn(Request("GET", "https://a.example/"), Response(200, "", (), body))
    assert known.text(f"{TOKEN} {OTHER}") == "<token.token> <access_token>"
    known.end(running)
    assert known.text(f"{TOKEN} {OTHER[:20]}...") == "<token.token> <access_token>..."


def test_the_placeholders_are_those_of_the_scenario_that_runs():
    known = RunSecrets()
    first = secrets(TOKEN)
    known.begin(first)
    known.end(first)
    second = Secrets()
    second.name("a.token", TOKEN)
    known.begin(second)
    assert known.text(TOKEN) == "<a.token>"


def test_origins_and_aliases_are_no_secrets():
    known, running = RunSecrets(), secrets(TOKEN)
    running.record_as("http://127.0.0.1:8000", "https://app.example.com")
    known.begin(running)
    assert known.text("http://127.0.0.1:8000/x") == "http://127.0.0.1:8000/x"


def test_a_word_that_is_secret_by_its_name_alone_is_none_in_another_text():
    known, running = RunSecrets(), secrets(TOKEN)
    body = b'{"password": "active", "state": "active"}'
    running.learn(Request("GET", "https://a.example/"), Response(200, "", (), body))
    known.begin(running)
    assert known.text("it is active") == "it is active"
    known.end(running)
    assert known.text("it is active") == "it is active"


def test_a_name_keeps_what_is_ordinary():
    known, running = RunSecrets(), secrets("valid_token")
    known.begin(running)
    known.begin(secrets(TOKEN))
    assert known.text("valid_token") == "<token.token>"
    assert known.name("test_valid_token") == "test_valid_token"
    assert known.name(f"test[{TOKEN}]") == "test[<token.token>]"


def test_a_login_in_a_url_is_known_before_any_scenario():
    assert RunSecrets().text("http://u:pw@proxy") == "http://<url.user>:<url.password>@proxy"


def test_the_connector_under_test_does_not_show_what_it_is_configured_with():
    connector = ConnectorUnderTest(
        integration=Connector(), upstream=Upstream(origin=ORIGIN), auth={"token": {"token": TOKEN}}
    )
    assert TOKEN not in repr(connector)
    known = RunSecrets()
    known.configure(connector, WELL_KNOWN)
    assert known.text(TOKEN) == "<token.token>"


def test_the_half_of_a_character_stays():
    known = RunSecrets()
    known.begin(secrets(TOKEN))
    assert known.text(f"\ud800 {TOKEN} \udc80") == "\ud800 <token.token> \udc80"
    assert known.name(f"\ud800 {TOKEN}") == "\ud800 <token.token>"
