"""The names whose values are secret are found in a body however they are spelled there."""

import json

from hypothesis import given
from hypothesis import strategies as st

from connector_contract.recording.interactions import Request, Response
from connector_contract.secrets.secret_names import (
    WELL_KNOWN,
    named_in_request,
    named_values,
    normalized,
    placeholders,
    secret_names,
)

REQUEST = Request("GET", "https://api.example.com/", (), b"")
CASES = st.sampled_from([str.lower, str.upper])
BETWEEN = st.sampled_from(["", "", "_", "-", " ", ".", "\n", '"', "\\"])


def found(body: bytes, names: frozenset[str] = WELL_KNOWN) -> list[tuple[str, str]]:
    return list(named_values(REQUEST, Response(200, "OK", (), body), names))


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
    names = secret_names(["contraseña: is a password"])
    body = json.dumps({"contraseña": "tell-no-one"})
    assert found(body.encode(), names) == [("contraseña", "tell-no-one")]
    assert found(json.dumps({"contraseña": "x"}, ensure_ascii=False).encode(), names) == [("contraseña", "x")]
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
