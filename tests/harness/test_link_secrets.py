"""Links that let somebody in, and those that lead on."""

from __future__ import annotations

import json

import pytest

from connector_contract.recording.interactions import Request, Response
from connector_contract.secrets.link_secrets import secrets_in_links
from connector_contract.secrets.named_values import named_values
from connector_contract.secrets.secret_names import WELL_KNOWN, secret_names

KEY = "Xk9vB2nM" + "7qLp4RtZw8s"
REQUEST = Request("GET", "https://acme.example/v1/users")
LINKS = [
    "https://acme.example/invite?token=KEY",
    "https://acme.example/f/1?expires=1&sig=KEY",
    "https://acme.example/f/1?expires=1&amp;signature=KEY",
    "wss://acme.example/link/?ticket=KEY&app_id=1",
    "https://acme.example/cb?code=KEY&state=1",
    "https://acme.example/cb?ticket=ST-1-KEY",
    "https://acme.example/#token=KEY",
    "https://acme.example/reset/KEY",
    "https://acme.example/user/set-password/KEY?lang=en",
    "https://acme.example/join/KEY",
    "https://acme.example/magic/KEY",
    "https://acme.example/login/KEY",
    "https://acme.example/one-time-login/KEY",
    "https://acme.example/sign-in/KEY?lang=en",
    "https://acme.example/sso/KEY",
    "https://acme.example/s/68?zak=KEY",
    "https://acme.example/cal/KEY.ics",
    "webcal://acme.example/cal/KEY/calendar.ics",
    "/cb?code=KEY&state=1",
    "/reset/KEY",
    "/f/download?token=KEY",
]
LEADS_ON = [
    '{"next": "LINK"}',
    '{"links": {"next": {"href": "LINK"}}}',
    '{"@odata.nextLink": "LINK"}',
    '{"link": [{"href": "LINK", "rel": "next"}]}',
    '<LINK>; rel="next"',
    "<nextPage>LINK</nextPage>",
]


def found(text):
    return [value for _, value in secrets_in_links(text.encode())]


@pytest.mark.parametrize("link", LINKS)
def test_what_lets_in_is_found(link):
    link = link.replace("KEY", KEY)
    for text in (link, json.dumps({"a": link, "b": 1}), json.dumps({"a": link}).replace("/", "\\/")):
        assert [value.removeprefix("ST-1-") for value in found(text)] == [KEY]


@pytest.mark.parametrize("origin", ["https://acme.example", ""])
@pytest.mark.parametrize("around", LEADS_ON)
@pytest.mark.parametrize("name", ["token", "key", "code"])
def test_a_page_of_a_list_stays(around, name, origin):
    assert found(around.replace("LINK", f"{origin}/v1/users?{name}={KEY}")) == []


def test_a_uuid_lets_in_where_the_link_says_so():
    uuid = "0b7c9d0e-1f2a-4b4c-8d1d-2c3b4a5e4f60"
    assert found(f"https://acme.example/reset?token={uuid}") == [uuid]
    assert found(f"https://acme.example/users/activate?code={uuid}") == [uuid]
    assert found(f"https://acme.example/users?code={uuid}") == []


def test_a_link_in_a_header_may_be_at_its_end():
    assert found(f"0; url=/cb?token={KEY}") == [KEY]


@pytest.mark.parametrize(
    "text",
    [
        f"https://acme.example/v1/users?page_token={KEY}",
        f"https://acme.example/v1/users?next_token={KEY}&cursor={KEY}&continuationToken={KEY}",
        "https://acme.example/v1/users?code=department-of-everything&key=name",
        "https://acme.example/v1/users?token=0b7c9d0e-1f2a-4b4c-8d1d-2c3b4a5e4f60",
        "https://acme.example/reset/your-password-right-now",
        "https://acme.example/join/0b7c9d0e-1f2a-4b4c-8d1d-2c3b4a5e4f60",
        f"https://acme.example/users/{KEY}",
        f"https://acme.example/logins/{KEY}",
        f"https://acme.example/user_login_attempts/{KEY}",
        f"https://acme.example/lesson/{KEY}",
        "https://acme.example/sso/saml/0b7c9d0e-1f2a-4b4c-8d1d-2c3b4a5e4f60",
        "https://acme.example/login/forgot-my-password-now",
        "https://acme.example/cal/engineering-emea-holidays.ics",
        "https://acme.example/cal/0b7c9d0e-1f2a-4b4c-8d1d-2c3b4a5e4f60.ics",
        f"https://acme.example/{KEY}.icsx",
        f"https://acme.example/{KEY}.png",
        f"see https://acme.example and ?token={KEY}",
        f"token={KEY}",
        "",
    ],
)
def test_what_is_no_key_of_a_link_stays(text):
    assert found(text) == []


def test_a_link_in_a_field_and_in_a_header_is_a_secret_and_the_authors_list_is_heard():
    link = f"https://acme.example/invite?token={KEY}"
    for response in (
        Response(200, "OK", (), json.dumps({"inviteLink": link}).encode()),
        Response(302, "Found", (("location", link),)),
    ):
        assert list(named_values(REQUEST, response, WELL_KNOWN)) == [("token", KEY)]
        assert list(named_values(REQUEST, response, secret_names(["x-y: z"]) | {"-token"})) == []


def test_a_path_of_many_words_is_gone_through_once():
    # What tries each way to part it takes longer than anybody waits.
    assert found("https://acme.example/" + "a_" * 5_000 + "magic") == []
