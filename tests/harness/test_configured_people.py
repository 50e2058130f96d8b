"""People whom a connector is configured with: made up in a recording, which replays with others, too."""

from __future__ import annotations

import json

import pytest
from scenario_testing import Connector, Project, client

from connector_contract import ConnectorUnderTest, Upstream
from connector_contract.recording.configured_people import as_recorded, configured_texts, made_up_values
from connector_contract.recording.interactions import MadeUp

pytestmark = pytest.mark.loopback

USER = "ottavine.brelkoss@norvel.io"
OTHERS = "nobody@example.com"
USERS = [
    {
        "id": "u1",
        "email": USER,
        "first_name": "Ottavine",
        "last_name": "Brelkoss",
        "boss": "Zennica Thrulloway",
    },
    {
        "id": "u2",
        "email": "zennica.thrulloway@norvel.io",
        "first_name": "Zennica",
        "boss": "Ottavine Brelkoss",
    },
]
BASIC = {"basic": {"username": USER, "password": "pw-of-nobody-1"}}


def project(tmp_path, asks, **options):
    async def list_accounts(envelope):
        async with client() as http:
            answer = (await http.get("/users", **asks(envelope))).json()
        return [
            {"id": user["id"], "username": user["email"].split("@")[0], "boss": user["boss"]}
            for user in answer["users"]
        ]

    def handle(_asked):
        return {"users": USERS}

    return Project(
        tmp_path, Connector(list_accounts=list_accounts), handle, {"personal_data": True, **options}
    )


async def lists(lumos):
    await lumos.call("list_accounts")


def authenticated(envelope):
    basic = envelope["auth"]["basic"]
    return {"auth": (basic["username"], basic["password"])}


def for_admin(envelope):
    return {"params": {"subject": envelope["settings"]["admin_email"]}}


def of_company(envelope):
    return {"params": {"company": envelope["settings"]["company"]}}


@pytest.mark.parametrize(
    ("asks", "configured", "others"),
    [
        (authenticated, {"auth": BASIC}, {"auth": {"basic": {"username": OTHERS, "password": "another-1"}}}),
        (for_admin, {"settings": {"admin_email": USER}}, {"settings": {"admin_email": OTHERS}}),
        (of_company, {"settings": {"company": "Brelkoss"}}, {"settings": {"company": "Acme"}}),
    ],
)
def test_who_is_configured_is_made_up_and_replays_with_somebody_else(tmp_path, asks, configured, others):
    recorded = project(tmp_path, asks, **configured)
    text = recorded.record(lists).casefold()
    assert [
        word for word in ("ottavine", "brelkoss", "zennica", "thrulloway", "norvel") if word in text
    ] == []
    recorded.replay(lists)
    recorded.with_(**others).replay(lists)


def test_who_alone_is_configured_is_found_in_texts(tmp_path):
    settings = {"admin_email": "quillonia.fenstrake@norvel.io"}
    USERS.append({"id": "u3", "email": "x@norvel.io", "boss": "Ask Quillonia Fenstrake"})
    try:
        text = project(tmp_path, for_admin, settings=settings).record(lists)
    finally:
        USERS.pop()
    assert "quillonia" not in text.casefold()
    assert "fenstrake" not in text.casefold()


def test_what_says_where_is_sent_as_it_is():
    connector = ConnectorUnderTest(
        integration=Connector(list_accounts=lists),
        upstream=Upstream(origin="https://acme.example.org"),
        settings={"url": "https://brelkoss.example.org", "subdomain": "brelkoss", "teams": ["brelkoss", "x"]},
    )
    assert [each.place for each in configured_texts(connector) if not each.is_place] == [
        ("settings", "teams", 0),
        ("settings", "teams", 1),
    ]
    made = list(made_up_values(connector, lambda _: False, lambda text: text.replace("brelkoss", "dorinal")))
    assert made == [MadeUp(("settings", "teams", 0), "dorinal")]
    assert as_recorded(connector, made).settings == {**connector.settings, "teams": ["dorinal", "x"]}


def test_a_secret_is_never_made_up(tmp_path):
    settings = {"api_key": "k3-Ottavine-Brelkoss-8812"}
    recorded = project(
        tmp_path, lambda envelope: {"params": {"key": envelope["settings"]["api_key"]}}, settings=settings
    )
    assert "made_up" not in recorded.record(lists)
    recorded.with_(settings={"api_key": "another-key-8812-0"}).replay(lists)


def test_a_cassette_keeps_what_was_made_up(tmp_path):
    recorded = project(tmp_path, for_admin, settings={"admin_email": USER})
    text = recorded.record(lists)
    (made,) = recorded.cassette().made_up
    assert made.place == ("settings", "admin_email")
    assert f'- {{"place": ["settings", "admin_email"], "value": {json.dumps(made.value)}}}' in text


def test_a_placeholder_is_nobodys_name(tmp_path):
    """What a call is given in place of the configured credentials is stored, and is named in part."""
    recorded = project(tmp_path, authenticated, auth=BASIC)

    async def lists_with_another_password(lumos):
        basic = {**lumos._connector.auth["basic"], "password": "pw-of-nobody-2"}
        await lumos.call("list_accounts", auth={"basic": basic})

    assert '"username": "<basic.username>"' in recorded.record(lists_with_another_password)
    recorded.replay(lists_with_another_password)


def test_a_setting_may_be_called_like_somebody(tmp_path):
    """Whoever founds a company may be called like it."""

    def of_both(envelope):
        settings = envelope["settings"]
        return {"params": {"key": settings["brelkoss_key"], "subject": settings["brelkoss_admin"]}}

    settings = {"brelkoss_key": "k3-unlikely-8812-0", "brelkoss_admin": USER}
    recorded = project(tmp_path, of_both, settings=settings)
    text = recorded.record(lists)
    assert "key=<settings.brelkoss_key>&" in text
    assert '"place": ["settings", "brelkoss_admin"]' in text
    recorded.with_(settings={"brelkoss_key": "another-key-8812-0", "brelkoss_admin": OTHERS}).replay(lists)
