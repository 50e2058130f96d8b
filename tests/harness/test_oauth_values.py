"""Which values of requests for tokens, and of their responses, are secret."""

import pytest

from connector_contract.secrets.known_secrets import Secrets
from connector_contract.secrets.oauth_values import asked_secrets, handed_out_secrets, is_placeholder_of

CALLBACK = "handle_authorization_callback"
BACK = "https://lumos.example.com/back?state=s&code=4%2F0Ab"


def test_what_lumos_sends():
    asked = {
        "client_id": "c",
        "client_secret": "s",
        "code_verifier": "v",
        "redirect_uri_with_code": BACK,
        "state": "x",
    }
    expected = [("client_secret", "s"), ("code_verifier", "v"), ("code", "4/0Ab")]
    assert list(asked_secrets(CALLBACK, asked)) == expected
    assert list(asked_secrets("refresh_access_token", {"refresh_token": "r"})) == [("refresh_token", "r")]
    assert list(asked_secrets("list_accounts", asked)) == []


@pytest.mark.parametrize(
    "request_",
    [
        None,
        [],
        {},
        {"client_secret": None, "redirect_uri_with_code": None},
        {"redirect_uri_with_code": "http://["},
    ],
)
def test_what_is_not_there_is_no_secret(request_):
    assert list(asked_secrets(CALLBACK, request_)) == []


def test_what_lumos_is_handed():
    given = {"response": {"access_token": "a", "refresh_token": "r", "token_type": "bearer", "state": "s"}}
    expected = [("handed_out.access_token", "a"), ("handed_out.refresh_token", "r")]
    assert list(handed_out_secrets(CALLBACK, given)) == expected
    assert list(handed_out_secrets("list_accounts", given)) == []
    assert list(handed_out_secrets(CALLBACK, {"is_error": True, "error": {}})) == []
    url = "https://a.example/?code_challenge=c-1&code_challenge_method=S256"
    made_up = {"response": {"authorization_url": url, "code_verifier": "v"}}
    assert list(handed_out_secrets("get_authorization_url", made_up)) == [
        ("code_verifier", "v"),
        ("code_challenge", "c-1"),
    ]


def test_one_secret_has_one_placeholder_wherever_it_comes_from():
    secrets = Secrets()
    secrets.add({"oauth_client_credentials": {"client_secret": "of-the-client"}}, None)
    secrets.add_asked(CALLBACK, {"client_secret": "of-the-client", "redirect_uri_with_code": BACK})
    redactor = secrets.redactor()
    assert redactor.text("of-the-client") == "<oauth_client_credentials.client_secret>"
    assert redactor.text(BACK) == "https://lumos.example.com/back?state=s&code=<code>"
    secrets.add_handed_out(CALLBACK, {"response": {"access_token": "made-of-of-the-client"}})
    # What is made of a secret is known by that.
    shown = secrets.redactor().text("made-of-of-the-client")
    assert shown == "made-of-<oauth_client_credentials.client_secret>"


@pytest.mark.parametrize("value", ["<code>", "<code-2>", "<machine.oauth.code>"])
def test_a_placeholder_of_a_name(value):
    assert is_placeholder_of("code", value)


@pytest.mark.parametrize("value", ["code", "<codes>", "<angle>", "<code", "<code> ", "<code-x>"])
def test_a_secret_may_be_in_angles_itself(value):
    assert not is_placeholder_of("code", value)
    secrets = Secrets()
    secrets.add_asked(CALLBACK, {"client_secret": value})
    assert secrets.names == {value: "client_secret"}


def test_what_a_replay_hands_out_is_a_placeholder_and_no_secret_of_its_own():
    secrets = Secrets()
    secrets.add_handed_out(CALLBACK, {"response": {"access_token": "<access_token>"}})
    secrets.add({"oauth": {"access_token": "<access_token>"}}, None)
    assert secrets.names == {}
    assert secrets.configured == set()
    assert secrets.given == {"<access_token>"}
    secrets.add_asked(CALLBACK, {"client_secret": "<client_secret>"})
    # Another one is told from it.
    secrets.add_asked(CALLBACK, {"client_secret": "of-somebody-else"})
    assert secrets.names == {"of-somebody-else": "client_secret-2"}
