"""Scenarios of a tenant with people, and what has to stay for its connector to work: domains, paths, bots."""

from __future__ import annotations

import json
import unicodedata

import pytest
from scenario_testing import Connector, Project, client

from connector_contract.errors import RefusedToSave

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
            lambda asked: bodies.get(asked.path, {}),
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

    bodies = {"/users": {"users": USERS}, "/groups": {"groups": [{"lead": "Quorrin Ablethwaite"}]}}
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
    bodies = {"/users": {"users": USERS[:2]}, "/x": {"results": [{}, {"to": {"reach": "x zennica@norvel.io"}}]}}

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
        *("Đorđe Ćosić", "İlker Aydınoğlu", "Þór Æsir", "Pietro D'Angelone", "Mary Jo Van Dykestra"),
    ]
    users = [{"id": str(n), "email": f"x{n}@norvel.io", "name": name} for n, name in enumerate(names)]

    async def answer(http, _envelope):
        fields = ("given_name", "family_name") if part.startswith("torn") else ("username",)
        made = [PARTS[part](user["name"]) for user in await users_of(http)]
        return [dict(zip(fields, each, strict=True)) for each in made]

    text = recorded({"/users": {"users": users}}, answer)
    assert anybodys(text, ("brelkoss", "thrulloway", "fenstrake", "ablethwaite", "łukasz", "aydınoğlu")) == []
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
