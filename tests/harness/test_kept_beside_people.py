"""Scenarios of a tenant with people, and what has to stay for its connector to work: domains, paths, bots."""

from __future__ import annotations

import base64
import json
import unicodedata
import zlib
from urllib.parse import quote

import pytest
from scenario_testing import Connector, Project, client

from connector_contract.errors import RefusedToSave, UnprovenRecording

pytestmark = pytest.mark.loopback

USERS = [
    {"id": "u1", "email": "ottavine.brelkoss2024@norvel.io", "name": "Ottavine Brelkoss"},
    {"id": "u2", "email": "zennica@norvel.io", "name": "Zennica Thrulloway"},
    {"id": "u3", "email": "support@norvel.io", "name": "Support"},
    {"id": "u4", "email": "quill@elsewhere.net", "name": "Quill Fenstrake"},
]
NEEDLES = ("ottavine", "brelkoss", "zennica", "thrulloway", "quill", "fenstrake", "elsewhere")


@pytest.fixture
def recorded(tmp_path, monkeypatch):
    """Records what a connector makes of bodies, replays it without a key, and gives the cassette's text."""
    monkeypatch.setenv("CONTRACT_PEOPLE_KEY", "a key of the test's own")

    def record(bodies, answer, **options):
        async def list_accounts(envelope):
            async with client() as http:
                return await answer(http, envelope)

        async def lists(lumos):
            await lumos.call("list_accounts")

        project = Project(
            tmp_path,
            Connector(list_accounts=list_accounts),
            lambda asked: body(asked) if callable(body := bodies.get(asked.path, {})) else body,
            {"personal_data": True, **options},
        )
        text = project.record(lists)
        with monkeypatch.context() as context:
            context.delenv("CONTRACT_PEOPLE_KEY")
            project.replay(lists)
        return text

    return record


def anybodys(text, needles=NEEDLES):
    return [needle for needle in needles if needle in text.casefold()]


async def users_of(http, **params):
    return (await http.get("/users", params=params)).json()["users"]


async def all_of_them(http, _envelope):
    return [{"email": user["email"], "id": user["id"]} for user in await users_of(http)]


async def of_domain(http, envelope):
    domain = f"@{envelope['settings']['domain']}"
    return [user for user in await users_of(http, domain=domain[1:]) if user["email"].endswith(domain)]


@pytest.mark.parametrize(
    ("settings", "answer"),
    [
        ({"domain": "norvel.io"}, of_domain),
        ({"domain": "norvel.io"}, all_of_them),
        ({"url": "https://norvel.io/api"}, all_of_them),
        ({"domains": ["norvel.io"]}, all_of_them),
    ],
)
def test_a_domain_that_the_configuration_names_stays_and_its_addresses_are_made_up(
    recorded, settings, answer
):
    text = recorded({"/users": {"users": USERS}}, answer, settings=settings)
    assert anybodys(text) == []
    assert "support@norvel.io" in text
    assert text.count("@norvel.io") >= 3


def test_made_up_addresses_at_a_domain_that_stays_are_not_made_up_again(tmp_path, monkeypatch):
    monkeypatch.setenv("CONTRACT_PEOPLE_KEY", "a key of the test's own")

    async def list_accounts(_envelope):
        async with client() as http:
            return [user["email"] for user in await users_of(http)]

    async def list_groups(_envelope):
        async with client() as http:
            return (await http.get("/groups")).json()

    of_users = {"users": USERS, "note": f"Ask {USERS[0]['email']} first."}
    bodies = {"/users": of_users, "/groups": {"groups": [{"lead": "Quorrin Ablethwaite"}]}}
    options = {"personal_data": True, "settings": {"domain": "norvel.io"}}
    connector = Connector(list_accounts=list_accounts, list_groups=list_groups)

    def project():
        return Project(tmp_path, connector, lambda asked: bodies[asked.path], options)

    async def accounts(lumos):
        await lumos.call("list_accounts")

    async def groups(lumos):
        await lumos.call("list_groups")

    first = project()
    text = first.record(accounts, "test_accounts")
    first.record(groups, "test_groups")
    first.session.people.finish()
    assert first.text("test_accounts") == text
    again = project()
    assert again.record(accounts, "test_accounts") == text
    assert again.session.people.finish() == []


def test_a_refusal_names_the_field(recorded, monkeypatch):
    # What nobody has thought of, such as an encoding.
    monkeypatch.setattr("connector_contract.people.replaced_text.Mentions._unwrapped", lambda _, text: text)
    bodies = {
        "/users": {"users": USERS[:2]},
        "/x": {"results": [{}, {"to": {"reach": "x zennica@norvel.io"}}]},
    }

    async def both(http, envelope):
        return [await all_of_them(http, envelope), (await http.get("/x")).status_code]

    with pytest.raises(RefusedToSave) as caught:
        recorded(bodies, both)
    message = str(caught.value)
    assert "GET https://app.example.com/x, in the body of the response" in message
    assert "It is an e-mail address of 17 characters, at results[1].to.reach." in message
    assert 'personal_data={"email": "results[].to.reach"}' in message
    assert anybodys(message) == []


PARTS = {
    "torn from the right": lambda name: name.rsplit(" ", 1),
    "torn from the left": lambda name: name.split(" ", 1),
    "a login": lambda name: [name.lower().replace(" ", ".")],
    "an initial and a name": lambda name: [(name[0] + name.split()[-1]).lower()],
    "without accents": lambda name: [
        "".join(each for each in unicodedata.normalize("NFD", name) if not unicodedata.combining(each))
    ],
}


@pytest.mark.parametrize("part", PARTS)
def test_parts_of_names_are_those_of_the_made_up_names(recorded, part):
    names = [
        *("Zennica van den Brelkoss", "Ana de la Thrulloway", "Ludwig von der Quorrin", "Omar bin al Vossik"),
        *("Karl zu Fenstrake", "J. R. Ablethwaite", "O'Shea Quill", "Łukasz Żakowicz", "Søren Holmgaard"),
        *("Đorđe Ćosić", "İlker Ayd\u0131noğlu", "Þór Æsir", "Pietro D'Angelone", "Mary Jo Van Dykestra"),
    ]
    users = [{"id": str(n), "email": f"x{n}@norvel.io", "name": name} for n, name in enumerate(names)]

    async def answer(http, _envelope):
        fields = ("given_name", "family_name") if part.startswith("torn") else ("username",)
        made = [PARTS[part](user["name"]) for user in await users_of(http)]
        return [dict(zip(fields, each, strict=True)) for each in made]

    text = recorded({"/users": {"users": users}}, answer)
    assert (
        anybodys(text, ("brelkoss", "thrulloway", "fenstrake", "ablethwaite", "łukasz", "ayd\u0131noğlu"))
        == []
    )
    assert "van den" in text or not part.startswith("torn")


@pytest.mark.parametrize(
    "body",
    [
        {"memberships": [{"name": "groups/01/memberships/02", "member": {"name": "users/123"}}]},
        {"accounts": [{"name": "projects/p/serviceAccounts/sa-1", "email": "sa-1@norvel.io"}]},
        {"members": [{"name": "spaces/AAA/members/123", "type": "HUMAN", "displayName": "Zennica Vole"}]},
        {"users": [{"name": "//cloud.norvel.io/users/77", "email": "zennica@norvel.io"}]},
    ],
)
def test_the_path_of_a_resource_is_nobodys_name(recorded, body):
    async def answer(http, _envelope):
        (items,) = (await http.get("/x")).json().values()
        asked = items[0]["name"].removeprefix("//cloud.norvel.io/")
        return [asked, (await http.get(f"/v1/{asked}/keys")).status_code]

    text = recorded({"/x": body}, answer)
    (name,) = body
    assert json.dumps(name) in text
    assert f"/v1/{body[name][0]['name'].removeprefix('//cloud.norvel.io/')}/keys" in text
    assert "zennica" not in text.casefold()


ACCOUNTS = [
    {"id": "1", "name": "[DISABLED] Zennica Brelkoss", "email": "zennica@norvel.io"},
    {"id": "2", "name": "ZZ_Thrulloway, Quorrin", "email": "quorrin+bot@norvel.io"},
    {"id": "3", "name": "Ottavine Fenstrake (Deactivated)", "username": "deactivated-fenstrake"},
    {"id": "4", "name": "Former user", "username": "x4"},
    {"id": "5", "name": "Deleted User", "username": "x5"},
    {"id": "6", "name": "Slackbot", "username": "slackbot"},
    {"id": "7", "name": "Admin CLI", "username": "service-account-admin-cli"},
    {"id": "8", "name": "Plain Vossik", "username": "pvossik"},
]
FILTERS = {
    "brackets": lambda user: user["name"].startswith("[DISABLED]"),
    "a prefix": lambda user: user["name"].startswith("ZZ_"),
    "a tag": lambda user: "+bot@" in user.get("email", ""),
    "a suffix": lambda user: user["name"].endswith("(Deactivated)"),
    "a prefix of a login": lambda user: user.get("username", "").startswith("deactivated-"),
    "former": lambda user: user["name"] == "Former user",
    "deleted": lambda user: user["name"] == "Deleted User",
    "a bot": lambda user: user["name"] == "Slackbot",
    "Keycloak's": lambda user: user.get("username", "").startswith("service-account-"),
}


@pytest.mark.parametrize("filtered", FILTERS)
def test_a_filter_finds_what_marks_an_account(recorded, filtered):
    async def answer(http, _envelope):
        return [user["id"] for user in await users_of(http) if not FILTERS[filtered](user)]

    text = recorded({"/users": {"users": ACCOUNTS}}, answer)
    assert anybodys(text, (*NEEDLES, "quorrin", "vossik")) == []


def test_words_of_mailboxes_and_machines_stay_elsewhere(recorded):
    groups = [
        "Payroll Approvers",
        "Editor",
        "Viewer",
        "Auditors",
        "Terraform",
        "Deploy Runner",
        "CEO",
        "Admin CLI",
    ]
    bodies = {
        "/users": {
            "users": [
                {"email": "payroll@norvel.io", "name": "Payroll"},
                {"email": "auditor@norvel.io", "name": "Auditor"},
                {"email": "ceo@norvel.io", "name": "Zennica Brelkoss"},
                {"username": "editor", "name": "Viewer"},
                {"username": "terraform", "name": "Terraform"},
                {"username": "svc-deploy", "name": "Deploy Runner", "account_type": "service"},
                {"username": "runner7", "name": "Deploy Runner", "bot": True},
                {"username": "service-account-admin-cli"},
                {"email": "sa-build@proj-1.iam.gserviceaccount.com", "displayName": "Build Runner"},
            ]
        },
        "/groups": {"groups": [{"id": str(number), "name": name} for number, name in enumerate(groups)]},
        "/policy": {
            "members": ["group:admins@norvel.io", "user:zennica.b@norvel.io", "serviceAccount:s@norvel.io"]
        },
    }

    async def answer(http, _envelope):
        names = [group["name"] for group in (await http.get("/groups")).json()["groups"]]
        members = (await http.get("/policy")).json()["members"]
        return [names, [each for each in members if each.startswith("group:admins@")], await users_of(http)]

    text = recorded(bodies, answer)
    assert [name for name in groups if f'"{name}"' not in text] == []
    assert "sa-build@proj-1.iam.gserviceaccount.com" in text
    assert "Build Runner" in text
    assert anybodys(text) == []


def test_somebody_who_is_called_like_a_machine_or_a_marker_is_still_found(recorded):
    users = [
        {"id": "1", "username": "jenkins", "name": "Zennica Jenkins", "email": "zjenkins@norvel.io"},
        {"id": "2", "username": "bot.jan", "name": "Jan Bot"},
        {"id": "3", "username": "ghost", "name": "Ghost Thrulloway"},
        {"id": "4", "username": "svc-zennica", "name": "Zennica Jenkins"},
    ]
    text = recorded({"/users": {"users": users}}, users_and_names)
    assert anybodys(text, ("zennica", "jenkins", "jan bot", "ghost", "thrulloway")) == []


async def users_and_names(http, _envelope):
    return await users_of(http)


def test_a_refused_filter_names_whom_it_leaves_out(recorded):
    async def answer(http, _envelope):
        return [
            {"id": user["id"], "username": user["name"]}
            for user in await users_of(http)
            if user["email"].endswith("@norvel.io")
        ]

    with pytest.raises(UnprovenRecording) as caught:
        recorded({"/users": {"users": USERS}}, answer)
    message = str(caught.value)
    assert "response: recorded a list of 3, now a list of 0; only in the recording: {" in message
    assert '{"id": "u1", "username": ' in message
    assert "E-mail addresses have a made-up\ndomain" in message
    assert anybodys(message) == []


@pytest.mark.parametrize("encode", [base64.b64encode, lambda data: data.hex().encode()])
@pytest.mark.parametrize(
    "data",
    [
        b"DSpt\x02\x00\x01\x00\x00\x00\x1c:zennica@norvel.io",
        b"\x08\x01\x12\x12zennica@norvel.io\x1a\x04\xff\xfe\x00",
        zlib.compress(b"after zennica@norvel.io"),
    ],
)
def test_a_page_token_of_bytes_is_made_up(recorded, data, encode):
    token = encode(data).decode()

    def page(asked):
        is_next = asked.query.get("$skiptoken") is not None
        following = f"https://app.example.com/users?$skiptoken={quote(token, safe='')}"
        return {"users": USERS[1:2], "next": None if is_next else following}

    async def answer(http, _envelope):
        first = (await http.get("/users")).json()
        return [first["users"], (await http.get(first["next"])).json()["users"]]

    text = recorded({"/users": page}, answer)
    assert quote(token, safe="") not in text
    assert anybodys(text) == []
