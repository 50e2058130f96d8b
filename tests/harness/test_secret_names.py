"""The names whose values are secret are found in a body however they are spelled there."""

import base64
import gzip
import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector_contract.errors import UsageError
from connector_contract.recording.interactions import Request, Response
from connector_contract.secrets.named_values import named_in_request, named_in_response, named_values
from connector_contract.secrets.secret_names import WELL_KNOWN, lines_for, normalized, secret_names
from connector_contract.secrets.shown_placeholders import placeholders

REQUEST = Request("GET", "https://api.example.com/", (), b"")
CASES = st.sampled_from([str.lower, str.upper])
BETWEEN = st.sampled_from(["", "", "_", "-", " ", ".", "\n", '"', "\\"])


def found(body: bytes, names: frozenset[str] = WELL_KNOWN) -> list[tuple[str, str]]:
    return list(named_values(REQUEST, Response(200, "OK", (), body), names))


@pytest.mark.parametrize(
    "encode",
    [
        base64.b64encode,
        lambda data: base64.urlsafe_b64encode(data).rstrip(b"="),
        lambda data: base64.b64encode(gzip.compress(data)),
        lambda data: b"data:application/json;base64," + base64.b64encode(data),
        lambda data: data.hex().encode(),
    ],
)
def test_json_that_is_encoded_has_names(encode):
    inner = {"user": "ada", "auth": {"client_secret": "tell-no-one-2026-at-all", "password": "winter"}}
    body = b'{"file": "%b"}' % encode(json.dumps(inner).encode())
    assert found(body) == [("client_secret", "tell-no-one-2026-at-all")]
    header = Response(200, "OK", (("x-info", encode(json.dumps(inner).encode()).decode()),), b"")
    assert [*named_in_response(header, WELL_KNOWN)] == [("client_secret", "tell-no-one-2026-at-all")]
    assert found(b'{"file": "%b"}' % encode(b'{"next_token": "tell-no-one-2026-at-all"}')) == []


@given(st.sampled_from(sorted(WELL_KNOWN)), st.sampled_from([None, "é", "\n"]), st.data())
def test_a_name_is_found_in_every_spelling(name, beside, data):
    spelled = "".join(data.draw(CASES)(letter) + data.draw(BETWEEN) for letter in name)
    body = json.dumps({"items": [{"beside": beside}, {spelled: "tell-no-one"}]})
    position = data.draw(st.one_of(st.none(), st.integers(0, len(spelled) - 1)))
    if position is not None and spelled[position].isalpha():
        # Any letter of a JSON string may be written as its number.
        escaped = f"\\u{ord(spelled[position]):04x}"
        quoted = json.dumps(spelled)
        start = len(json.dumps(spelled[:position])) - 1
        body = body.replace(quoted, quoted[:start] + escaped + quoted[start + 1 :])
    assert [value for _, value in found(body.encode())] == ["tell-no-one"]


def test_a_name_of_the_author_need_not_be_ascii():
    names = secret_names(["kulcsszó: is a password"])
    body = json.dumps({"kulcsszó": "tell-no-one"})
    assert found(body.encode(), names) == [("kulcsszó", "tell-no-one")]
    assert found(json.dumps({"kulcsszó": "x"}, ensure_ascii=False).encode(), names) == [("kulcsszó", "x")]
    assert found(body.encode()) == []


def test_names_are_the_same_whatever_separates_their_parts():
    assert normalized("X-Api-Key") == normalized("x_api_key") == normalized("xApiKey") == "xapikey"


def test_a_header_may_have_an_x_before_the_name():
    request = Request(
        "GET", "https://api.example.com/", (("x-session-token", "tell-no-one"), ("x-page", "2"))
    )
    assert list(named_in_request(request, WELL_KNOWN)) == [("x-session-token", "tell-no-one")]
    shorter = secret_names(["-x-session-token: is an id here"])
    assert list(named_in_request(request, shorter)) == []


def test_a_value_that_sounds_like_a_name_is_no_secret():
    assert found(b'{"items": [{"title": "password", "next_page_token": "3", "author": "x"}]}') == []


def test_a_time_that_moves_with_the_clock_is_no_placeholder():
    request = Request("GET", "https://a.example/e?since=<now-30d>&at=<now>&key=<now.key>&k=<nowhere>")
    assert placeholders(request) == ["now.key", "nowhere"]


def test_what_is_found_by_its_name_is_not_found_by_its_form_again():
    key = "\n".join(["-----BEGIN PRIVATE" + " KEY-----", "a1B2" * 16, "-----END PRIVATE" + " KEY-----", ""])
    assert found(json.dumps({"private_key": key}).encode()) == [("private_key", key)]
    assert found(json.dumps({"pem": key}).encode()) == [("private-key", key.strip())]


def test_a_name_may_be_taken_off_that_only_its_words_have_on():
    body = json.dumps({"webhook_secret": "tell-no-one"}).encode()
    assert found(body) == [("webhook_secret", "tell-no-one")]
    assert found(body, secret_names(["-webhook_secret: is public here"])) == []
    assert lines_for(["<webhook_secret-2>"], WELL_KNOWN) == ["-webhook_secret: is no secret, because ..."]
    assert lines_for(["<issued.page>"], WELL_KNOWN) == lines_for(["<github-token>"], WELL_KNOWN) == []
    with pytest.raises(UsageError, match="page_token is not on the list"):
        secret_names(["-page_token: is none anyhow"])


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (["x-a: is one", "-x-a: is none"], "'-x-a: is none': the line 'x-a: is one' says the opposite"),
        (["-X_Api_Key: is none", "xApiKey: is one"], "the line '-X_Api_Key: is none' says the opposite"),
        (["cookie.a: is one", "-cookie.a: is none"], "the line 'cookie.a: is one' says the opposite"),
        (["cookie.: is one"], "'cookie.: is one': it has no name"),
        (["-Cookie.: is none"], "it has no name"),
        (["_: is one"], "it has no name"),
    ],
)
def test_a_line_that_says_nothing_or_the_opposite_of_another_one(lines, problem):
    with pytest.raises(UsageError, match="contract_secret_names") as raised:
        secret_names(lines)
    assert problem in str(raised.value)


def test_a_line_may_be_there_twice():
    lines = ["x-a: is one", "x-a: is one", "cookie: is one", "-cookie.theme: is none"]
    assert secret_names(lines) == secret_names(lines[1:])


def test_a_header_in_a_pair_authenticates_by_its_name():
    pair = {"type": "custom", "data": {"name": "X-Relay-Auth", "value": "tell-no-one"}}
    assert found(json.dumps(pair).encode()) == [("X-Relay-Auth", "tell-no-one")]
    assert found(json.dumps({"name": "X-Relay-Author", "value": "tell-no-one"}).encode()) == []


KEY = "\n".join(["-----BEGIN PRIVATE" + " KEY-----", "a1B/" * 16, "-----END PRIVATE" + " KEY-----"])


@pytest.mark.parametrize("encode", [quote, quote_plus])
def test_a_form_is_found_in_what_a_url_or_a_form_says(encode):
    said = encode(KEY, safe="")
    form = (("content-type", "application/x-www-form-urlencoded"),)
    asked = [
        Request("GET", f"https://a.example/?pem={said}"),
        Request("GET", f"https://a.example/{said}/more"),
        Request("POST", "https://a.example/", form, f"pem={said}&n=1".encode()),
    ]
    for request in asked:
        assert list(named_in_request(request, WELL_KNOWN)) == [("private-key", KEY)]
    answer = Response(302, "Found", (("location", f"/next?pem={said}"),))
    assert list(named_values(REQUEST, answer, WELL_KNOWN)) == [("private-key", KEY)]


def test_a_form_is_found_in_percent_encoding_wherever_that_stands():
    request = Request("POST", "https://a.example/", (), f'{{"rate": "5%", "a": "{quote(KEY)}"}}'.encode())
    assert list(named_in_request(request, WELL_KNOWN)) == [("private-key", KEY)]
    harmless = Request("POST", "https://a.example/", (), b'{"rate": "5%", "a": "50%25"}')
    assert list(named_in_request(harmless, WELL_KNOWN)) == []


def test_a_short_number_under_a_plural_is_a_count():
    def found(answer):
        response = Response(200, "OK", (("content-type", "application/json"),), json.dumps(answer).encode())
        return list(named_in_response(response, WELL_KNOWN))

    assert found({"apiKeys": "42", "passwords": "-1"}) == []
    assert found({"apiKeys": "424242"}) == [("apiKeys", "424242")]
    assert found({"apiKeys": "k-42"}) == [("apiKeys", "k-42")]
    assert found({"password": "4242", "passwd": "42"}) == [("password", "4242"), ("passwd", "42")]


@pytest.mark.parametrize(
    ("signature", "is_one"),
    [
        ("Best regards,\nRose Baker, IT", False),
        ("Xk9vB2nM" + "7qLp4RtZw8s", True),
        ("t=1 v1=" + "a1" * 16, True),
    ],
)
def test_what_somebody_writes_below_a_mail_is_no_secret(signature, is_one):
    body = json.dumps({"user": {"signature": signature}}).encode()
    assert bool(found(body)) == is_one
