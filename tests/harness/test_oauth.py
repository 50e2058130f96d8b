"""**oauth**, on URLs and responses made by hand."""

import base64
import json
from urllib.parse import urlencode

import pytest
from rules_testing import failure, told

from connector_contract.contract.rules.oauth import (
    CALLBACK,
    CLIENT_CREDENTIALS,
    REFRESH,
    URL,
    challenge_of,
    denied,
    error_in,
    failed_breach,
    further_scopes,
    handed_out_breach,
    has_code,
    refusal_breach,
    refused_token_breach,
    scopes_in,
    secrets_of,
    server_error_of,
    takes_token,
    url_breach,
    verifier_breach,
    with_token,
)
from connector_contract.recording.interactions import Interaction, Request, Response

ASKED = {
    "client_id": "lumos",
    "redirect_uri": "https://lumos.example.com/back?app=1",
    "state": "a+b/c=&",
    "scopes": ["b", "a"],
}
GOOD = {
    "client_id": "lumos",
    "response_type": "code",
    "scope": "a b",
    "redirect_uri": "https://lumos.example.com/back?app=1",
    "state": "a+b/c=&",
}
# The example of RFC 7636, appendix B.
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
AUTHORIZE = "https://app.example.com/authorize"


def url(start=AUTHORIZE + "?", verifier=None, **changes):
    pairs = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    return {"response": {"authorization_url": start + urlencode(pairs), "code_verifier": verifier}}


def challenged(verifier, **changes):
    challenge = {"code_challenge": challenge_of(verifier), "code_challenge_method": "S256"}
    return url(verifier=verifier, **{**challenge, **changes})


def test_a_challenge_is_that_of_the_standard():
    assert challenge_of(VERIFIER) == CHALLENGE


@pytest.mark.parametrize(
    "response",
    [
        url(),
        # A query of the author's own, where the connector appends to it.
        url(AUTHORIZE + "?audience=api&"),
        url("http://localhost:8000/authorize?"),
        url("http://127.0.0.1/authorize?"),
        url("http://[::1]/authorize?"),
        url(scope="b  a"),
        # Some applications take commas, or have another name for them.
        url(scope="a,b"),
        url(scope="a", user_scope="b"),
        url(scope="a b offline_access"),
        url(prompt="consent"),
        challenged(VERIFIER),
    ],
)
def test_a_good_url(response):
    assert told(url_breach(ASKED, response, ["a", "b"])) == []


def test_no_scopes_are_a_parameter_without_a_value_or_none():
    for response in (url(scope=""), url(scope=None)):
        assert told(url_breach(ASKED, response, [])) == []
        assert told(url_breach(ASKED, response, None)) == []


def test_a_question_mark_in_a_value_is_no_second_query():
    plain = f"{AUTHORIZE}?client_id=lumos&response_type=code&scope=a+b&state=a%2Bb%2Fc%3D%26&redirect_uri="
    response = {"response": {"authorization_url": plain + ASKED["redirect_uri"]}}
    assert told(url_breach(ASKED, response, ["a", "b"])) == []


@pytest.mark.parametrize(
    ("response", "says"),
    [
        (failure("bad_request", "No."), "it gave an error: bad_request: No."),
        (url("/authorize?"), "the URL is not absolute, with https://"),
        (url("https://?"), "the URL is not absolute, with https://"),
        (url("https://app.example.com:port/?"), "the URL is not absolute, with https://"),
        ({"response": {}}, "the URL is not absolute, with https://"),
        (url("http://app.example.com/authorize?"), "the URL is http, not https"),
        (url("http://10.0.0.1/authorize?"), "the URL is http, not https"),
        (
            url(AUTHORIZE + "?audience=api?"),
            'the URL has a second "?", so the application does not see the client_id',
        ),
        (url(AUTHORIZE + "?state=x&"), "the URL has a parameter more than once: state"),
        (url(client_id="other"), "the URL has 'other' as its client_id, and should have 'lumos'"),
        (url(response_type=None), "the URL has no response_type, and should have 'code'"),
        (
            url(redirect_uri="https://lumos.example.com/back"),
            "the URL has 'https://lumos.example.com/back' as its redirect_uri, and should have "
            "'https://lumos.example.com/back?app=1'",
        ),
        (url(state="a b/c=&"), "the URL has 'a b/c=&' as its state, and should have 'a+b/c=&'"),
        (url(AUTHORIZE + "?client_secret=x&"), "the URL has a secret in it: client_secret"),
        (url(scope="a"), "the URL does not ask for the scope b"),
        (url(scope=""), "the URL does not ask for the scope a or b"),
        (url(verifier=VERIFIER), "it gives a code_verifier, and the URL has no code_challenge"),
        (
            challenged(VERIFIER) | {"response": {**challenged(VERIFIER)["response"], "code_verifier": None}},
            "the URL has a code_challenge, and the response has no code_verifier",
        ),
        (challenged(VERIFIER, code_challenge_method=None), "the code_challenge_method is plain, not S256"),
        (
            challenged(VERIFIER, code_challenge="x"),
            "the code_challenge does not belong to the code_verifier (S256)",
        ),
        (
            challenged("short"),
            "the code_verifier has 5 characters, or others than letters, digits and -._~",
        ),
    ],
)  # fmt: skip
def test_a_url_with_which_nobody_can_log_in(response, says):
    [(capability, title, _)] = told(url_breach(ASKED, response, ["a", "b"]))
    assert (capability, title) == (URL, says)


SECRETS = {"s3cret+word": "client_secret", "pin4": "token", "read:all": "api_key"}
ENCODED = base64.urlsafe_b64encode(b"lumos:s3cret+word").decode()


@pytest.mark.parametrize(
    ("response", "names"),
    [
        (url(login_hint="s3cret+word"), "client_secret"),
        (url(AUTHORIZE + "?hint=%733cret%2Bword&"), "client_secret"),
        (url(client="lumos:s3cret+word"), "client_secret"),
        (url(client=ENCODED), "client_secret"),
        (url(AUTHORIZE + "/s3cret%2bword?"), "client_secret"),
        (url("https://lumos:s3cret+word@app.example.com/authorize?"), "client_secret"),
        (url(scope="a b s3cret+word"), "client_secret"),
        (url(pin="pin4", extra="s3cret+word"), "client_secret, token"),
        (challenged(VERIFIER, code_verifier=VERIFIER), "code_verifier"),
    ],
)
def test_a_secret_in_a_url_is_found_whatever_its_parameter_is_called(response, names):
    [(_, title, _)] = told(url_breach(ASKED, response, ["a", "b"], SECRETS))
    assert title == f"the URL has a secret in it: {names}"


@pytest.mark.parametrize(
    "response",
    [
        url(),
        url(AUTHORIZE + "/pin4?", pins="pin4 pin4"),
        url("https://s3cret-word.example.com/authorize?"),
        challenged(VERIFIER),
    ],
)
def test_what_is_no_secret_may_be_in_a_url(response):
    # What the URL has to have may look like a secret of the tests.
    secrets = {**SECRETS, "lumos": "token", ASKED["state"]: "token", ASKED["redirect_uri"]: "token"}
    assert told(url_breach(ASKED, response, ["a", "b"], secrets)) == []
    assert told(url_breach(ASKED, url(scope="read:all"), ["read:all"], SECRETS)) == []


def test_the_secrets_of_a_connection_are_those_with_a_secret_s_name():
    credentials = [
        None,
        {"token": {"token": "t-1"}},
        {"id": "own", "basic": {"username": "u", "password": "p"}},
    ]
    others = [{"url": "https://a.example", "api_key": "k-1", "key": "PROJ"}, {"client_secret": "s-1"}]
    asked = {"client_id": "lumos", "client_secret": "<client_secret>", "code_verifier": ""}
    names = frozenset({"password", "apikey", "clientsecret", "codeverifier"})
    assert secrets_of(credentials, [*others, asked], names) == {
        "t-1": "token",
        "p": "password",
        "k-1": "api_key",
        "s-1": "client_secret",
    }


def test_further_scopes_are_told_and_no_breach():
    assert further_scopes(url(scope="a b c,d"), ["a", "b"]) == ["c", "d"]
    assert further_scopes(url(), ["a", "b"]) == further_scopes(failure(), []) == []
    assert scopes_in("a  b,c, d") == {"a", "b", "c", "d"}


def test_a_verifier_is_made_up_each_time():
    assert told(verifier_breach([challenged(VERIFIER), challenged(VERIFIER[::-1])])) == []
    assert told(verifier_breach([url(), url()])) == []
    assert told(verifier_breach([failure(), failure()])) == []
    [(_, title, _)] = told(verifier_breach([challenged(VERIFIER)] * 2))
    assert title == "the code_verifier is the same each time"


FORM = (("content-type", "application/x-www-form-urlencoded"),)
JSON = (("content-type", "application/json"),)
POST = Request("POST", "https://app.example.com/token?x=1", FORM, b"grant_type=x&client_secret=y")


SEE_CLIENT = (
    "see client_auth of OAuthSettings: the client's id and secret are sent {}, and the server may want "
    "them {}; or they are wrong"
)


def answered(status, body, request=POST):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Interaction(request, Response(status, "", (), content))


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ([], ["it asked no token server; see token_url of OAuthSettings"]),
        (
            [answered(404, {"detail": "?"})],
            [
                "POST https://app.example.com/token was answered with 404",
                "see token_url of OAuthSettings: no token server answers there",
            ],
        ),
        (
            [answered(200, b"<html>")],
            [
                "POST https://app.example.com/token was answered with 200",
                "see token_url of OAuthSettings: no token server answers there",
            ],
        ),
        (
            [answered(401, {"error": "invalid_client"})],
            [
                "POST https://app.example.com/token was answered with 401 invalid_client",
                SEE_CLIENT.format("as fields of a form", "in a Basic header"),
            ],
        ),
        (
            [
                answered(
                    400,
                    {"error": "invalid_client"},
                    Request("POST", "https://a.example/t", (("authorization", "Basic x"),), b"{}"),
                )
            ],
            [
                "POST https://a.example/t was answered with 400 invalid_client",
                SEE_CLIENT.format("in a Basic header", "as fields"),
            ],
        ),
        (
            [answered(400, {"error": "invalid_scope"})],
            [
                "POST https://app.example.com/token was answered with 400 invalid_scope",
                "see scopes of OAuthSettings",
            ],
        ),
        (
            [answered(415, {}, Request("POST", "https://a.example/t", JSON, b'{"code_verifier": "x"}'))],
            [
                "POST https://a.example/t was answered with 415",
                "see request_type of OAuthSettings: it is a POST with a JSON body",
            ],
        ),
        (
            [answered(400, {"error": "invalid_request"}, Request("GET", "https://a.example/t?code=1"))],
            [
                "GET https://a.example/t was answered with 400 invalid_request",
                "see request_type of OAuthSettings: it is a GET with a query; or pkce, for no "
                "code_verifier is sent",
            ],
        ),
        (
            [answered(400, {"error": "invalid_grant"})],
            [
                "POST https://app.example.com/token was answered with 400 invalid_grant",
                "see pkce of OAuthSettings, and the redirect URI: the code or token may belong to another "
                "verifier, redirect URI or client; or it is used up, or has expired",
            ],
        ),
        (
            [answered(500, b"oops")],
            ["POST https://app.example.com/token was answered with 500"],
        ),
    ],
)
def test_a_failure_names_the_setting_to_look_at(asked, hint):
    [(capability, title, records)] = told(
        failed_breach(CALLBACK, "a fresh code", failure("unauthorized"), asked)
    )
    assert (capability, title) == (CALLBACK, "a fresh code gave an error: unauthorized: No.")
    assert records == hint


def test_a_success_has_not_failed():
    assert told(failed_breach(CALLBACK, "a fresh code", {"response": {}}, [])) == []
    assert server_error_of([]) == server_error_of([answered(200, [])]) == ""


def tokens(**payload):
    return {"response": {"access_token": "a", "token_type": "bearer", **payload}}


def refreshing(token):
    return {"response": {**tokens()["response"], "refresh_token": token}}


@pytest.mark.parametrize(
    ("response", "body", "given"),
    [
        (tokens(), {}, {}),
        (tokens(state=None), {}, {"state": "s"}),
        (tokens(state="s"), {}, {"state": "s"}),
        # Lumos has sent none, so there is nothing to compare.
        (tokens(state="s"), {}, {}),
        (refreshing("r"), {"refresh_token": "r"}, {}),
        # Nothing is rotated: the old one may be handed on, or left out.
        (refreshing("old"), {}, {"refresh_token": "old"}),
        (tokens(), {}, {"refresh_token": "old"}),
        (refreshing("old"), {"refresh_token": "old"}, {"refresh_token": "old"}),
        (tokens(), b"<html>", {}),
    ],
)  # fmt: skip
def test_tokens_that_are_handed_on(response, body, given):
    assert told(handed_out_breach(CALLBACK, response, [answered(200, body)], **given)) == []
    assert told(handed_out_breach(CALLBACK, tokens(), [])) == []


@pytest.mark.parametrize(
    ("response", "body", "given", "says"),
    [
        (tokens(access_token=""), {}, {}, "the access token is empty"),
        (tokens(state="x"), {}, {"state": "s"}, "the state is 'x', and 's' was sent"),
        (
            tokens(),
            {"refresh_token": "r"},
            {},
            "the server has given a refresh token, and the response has none",
        ),
        (
            refreshing("x"),
            {"refresh_token": "r"},
            {},
            "the server has given a refresh token, and the response has another",
        ),
        (
            refreshing("old"),
            {"refresh_token": "new"},
            {"refresh_token": "old"},
            "the server has given a new refresh token, and the response has the old one",
        ),
    ],
)
def test_tokens_that_are_lost(response, body, given, says):
    [(_, title, _)] = told(handed_out_breach(REFRESH, response, [answered(200, body)], **given))
    assert title == says


def test_a_token_that_is_refused():
    assert told(refused_token_breach(CALLBACK, "list_accounts", {"response": []})) == []
    [(capability, title, records)] = told(
        refused_token_breach(CALLBACK, "list_accounts", failure("forbidden"))
    )
    assert capability == CALLBACK
    assert title == "the access token is of no use: with it, list_accounts gave forbidden: No."
    assert records == ["if it is short of a scope, see scopes of OAuthSettings"]


@pytest.mark.parametrize(
    ("response", "is_final", "says"),
    [
        (failure("unauthorized"), True, []),
        (failure("authentication_expired"), True, []),
        (failure("creds_revoked"), True, []),
        (failure("internal_error"), False, []),
        (tokens(), False, ["a server that fails gave a success"]),
        (tokens(), True, ["a server that fails gave a success"]),
        (
            failure("bad_request"),
            True,
            ["a server that fails gave bad_request, not unauthorized or authentication_expired"],
        ),
    ],
)
def test_what_comes_of_a_server_that_refuses_or_fails(response, is_final, says):
    breaches = told(refusal_breach(CLIENT_CREDENTIALS, "a server that fails", response, is_final=is_final))
    assert [title for _, title, _ in breaches] == says


def test_a_token_takes_the_place_of_the_good_one():
    auth = {"oauth": {"access_token": "x"}}
    assert with_token(auth, "t") == {"oauth": {"access_token": "t"}}
    assert with_token(auth, "t", "any") == {"oauth": {"access_token": "t"}}
    both = {"auth": None, "credentials": [{"id": "a", **auth}, {"id": "b", "token": {"token": "y"}}]}
    assert with_token(both, "t", "a")["credentials"][0] == {"id": "a", "oauth": {"access_token": "t"}}
    assert with_token(both, "t", "a")["credentials"][1] == both["credentials"][1]
    client = {"oauth_client_credentials": {"access_token": "", "client_id": "c", "scopes": []}}
    assert with_token(client, "t")["oauth_client_credentials"] == {
        "access_token": "t",
        "client_id": "c",
        "scopes": [],
    }
    assert takes_token(both, "a")
    assert not takes_token(both, "b")
    assert not takes_token({"auth": {"token": {"token": "x"}}, "credentials": None})


def test_a_customer_who_does_not_agree():
    back = "https://lumos.example.com/back?app=1&code=c&state=s"
    assert denied(back, "s") == "https://lumos.example.com/back?app=1&error=access_denied&state=s"
    assert denied(back, None) == "https://lumos.example.com/back?app=1&error=access_denied"
    assert has_code(back)
    assert not has_code(denied(back, "s"))
    assert not has_code("https://[lumos")
    assert error_in(denied(back, "s")) == "access_denied"
    assert error_in(f"{back}&error=x&error_description=Not+you") == "x: Not you"
    assert error_in(back) is error_in("https://[lumos") is None
