"""Scenarios of a tenant with people: what is stored, what the test sees, and what the server is asked for."""

from __future__ import annotations

import base64
import json
import re

import pytest
from scenario_testing import Connector, Project, client

from connector_contract.errors import RefusedToSave, UnmatchedRequest, UnprovenRecording, UsageError
from connector_contract.recording.run_people import finish_together

pytestmark = pytest.mark.loopback

USERS = [
    {"id": "u1", "givenName": "Ottavine", "familyName": "Brelkoss", "email": "ottavine.brelkoss@norvel.io"},
    {"id": "u2", "givenName": "Zoë", "familyName": "O'Drannick", "email": "zodrannick@norvel.io"},
]
NEEDLES = ("ottavine", "brelkoss", "zoë", "zoe", "drannick", "norvel")


class Tenant:
    """An upstream, which keeps what it was asked for."""

    def __init__(self):
        self.asked = []

    def __call__(self, asked):
        self.asked.append((asked.method, asked.path, asked.query, asked.body))
        if asked.path == "/users":
            start = int(base64.b64decode(asked.query.get("after", "MDo=")).split(b":")[0])
            token = base64.b64encode(f"1:{USERS[0]['email']}".encode()).decode()
            return {"users": USERS[start : start + 1], "next": token if start == 0 else None}
        if asked.path == "/users/by-email":
            return next((user for user in USERS if user["email"] == asked.query["email"]), None) or (
                404,
                {},
                {"error": f"There is no {asked.query['email']}"},
            )
        if asked.path == "/members":
            return {"members": [{"username": "obrelkoss", "email": "obrelkoss@norvel.io"}]}
        if asked.path == "/groups":
            return {"groups": [{"id": "g1", "name": "Friends of Ottavine Brelkoss", "size": 2}]}
        display = f"{asked.body['givenName']} {asked.body['familyName']}"
        return {**asked.body, "id": "u3", "displayName": display}


def account(user):
    return {
        "integration_specific_id": user["id"],
        "given_name": user["givenName"],
        "family_name": user["familyName"],
        "email": user["email"],
        "username": f"{user['givenName']} {user['familyName']}",
    }


async def list_accounts(envelope):
    token = (envelope.get("page") or {}).get("token")
    async with client() as http:
        answer = (await http.get("/users", params={"after": token} if token else {})).json()
    return [account(user) for user in answer["users"]]


async def get_account(envelope):
    async with client() as http:
        answer = await http.get("/users/by-email", params={"email": envelope["request"]["email"]})
    return account(answer.json()) if answer.status_code == 200 else answer.json()


async def list_groups(_envelope):
    async with client() as http:
        answer = (await http.get("/groups")).json()
    return [{"label": group["name"]} for group in answer["groups"]]


async def list_members(_envelope):
    async with client() as http:
        return (await http.get("/members")).json()["members"]


async def create_account(envelope):
    async with client() as http:
        answer = (await http.post("/users/new", json=envelope["request"])).json()
    return {"id": answer["id"], "name": answer["displayName"]}


CONNECTOR = Connector(
    list_accounts=list_accounts,
    get_account=get_account,
    list_groups=list_groups,
    list_members=list_members,
    create_account=create_account,
)


@pytest.fixture
def tenant():
    return Tenant()


@pytest.fixture
def project(tmp_path, tenant, monkeypatch):
    monkeypatch.setenv("CONTRACT_PEOPLE_KEY", "a key of the test's own")
    return Project(tmp_path, CONNECTOR, tenant, {"personal_data": True})


def anybodys(text):
    return [needle for needle in NEEDLES if needle in text.casefold()]


async def first_of_list(lumos):
    return (await lumos.call("list_accounts"))["response"][0]


def test_the_test_sees_made_up_people_and_the_server_is_asked_for_the_real_ones(project, tenant):
    seen = []

    async def by_email(lumos):
        first = await first_of_list(lumos)
        seen.append(first)
        seen.append((await lumos.call("get_account", {"email": first["email"]}))["response"])

    text = project.record(by_email)
    listed, found = seen
    assert listed == found
    assert listed["integration_specific_id"] == "u1"
    assert listed["username"] == f"{listed['given_name']} {listed['family_name']}"
    local, _, domain = listed["email"].partition("@")
    assert local == f"{listed['given_name']}.{listed['family_name']}".lower()
    assert domain.endswith(".example.com")
    assert tenant.asked[1] == ("GET", "/users/by-email", {"email": USERS[0]["email"]}, "")
    assert anybodys(text + json.dumps(seen)) == []
    seen.clear()
    project.replay(by_email)
    assert seen == [listed, found]


def test_a_page_token_of_somebody_is_made_up_and_sent_as_it_was(project, tenant):
    def with_token(envelope):
        return list_accounts(envelope)

    async def token_of(envelope):
        async with client() as http:
            return (await http.get("/users")).json()["next"]

    project.connector = Connector(list_accounts=with_token, next_token=token_of)
    tokens = []

    async def second_page(lumos):
        token = (await lumos.call("next_token"))["response"]
        tokens.append(token)
        return await lumos.call("list_accounts", page={"token": token})

    text = project.record(second_page)
    assert base64.b64decode(tenant.asked[-1][2]["after"]).decode() == f"1:{USERS[0]['email']}"
    assert anybodys(text + base64.b64decode(tokens[0]).decode()) == []
    project.replay(second_page)


def test_who_is_mentioned_first_is_known_in_the_end(project):
    async def groups_first(lumos):
        await lumos.call("list_groups")
        await lumos.call("list_accounts")

    assert anybodys(project.record(groups_first)) == []
    project.replay(groups_first)


def test_who_is_mentioned_in_one_scenario_alone_is_known_from_another(project):
    async def groups(lumos):
        await lumos.call("list_groups")

    project.record(groups, "test_groups")
    assert anybodys(project.text("test_groups")) == ["ottavine", "brelkoss"]
    project.record(first_of_list, "test_accounts")
    changed = project.session.people.finish()
    assert [path.stem for path in changed] == ["test_groups"]
    assert anybodys(project.text("test_groups") + project.text("test_accounts")) == []
    project.replay(groups, "test_groups")
    assert project.session.people.finish() == []


def test_a_login_is_made_of_the_name_that_another_scenario_has(project):
    async def members(lumos):
        await lumos.call("list_members")

    project.record(members, "test_members")
    alone = project.text("test_members")
    project.record(first_of_list, "test_accounts")
    assert [path.stem for path in project.session.people.finish()] == ["test_members"]
    together, accounts = project.text("test_members"), project.text("test_accounts")
    (login,) = re.findall(r'"username": "(\w+)"', together)
    (family_name,) = re.findall(r'"familyName": "(\w+)"', accounts)
    assert login == f"o{family_name.lower()}"
    assert f'"email": "{login}@' in together
    assert login not in alone
    project.replay(members, "test_members")
    project.record(members, "test_members")
    assert project.session.people.finish() == []
    assert project.text("test_members") == together


def test_a_login_is_made_of_the_name_that_another_process_has(project, tmp_path, tenant):
    async def members(lumos):
        await lumos.call("list_members")

    other = Project(tmp_path, CONNECTOR, tenant, {"personal_data": True})
    project.record(members, "test_members")
    other.record(first_of_list, "test_accounts")
    changed = finish_together([*project.session.people.learned(), *other.session.people.learned()])
    assert [path.stem for path in changed] == ["test_members"]
    together = project.text("test_members")
    Project(tmp_path, CONNECTOR, tenant, {"personal_data": True}).record(members, "test_members")
    assert project.text("test_members") == together


def test_a_part_that_is_recorded_again_knows_who_is_in_the_other_recordings(project, tmp_path):
    async def groups(lumos):
        await lumos.call("list_groups")

    project.record(first_of_list, "test_accounts")
    whole = project.record(groups, "test_groups")
    assert anybodys(whole) == []
    again = Project(tmp_path, CONNECTOR, Tenant(), project.options)
    assert again.record(groups, "test_groups") == whole
    assert again.session.people.finish() == []
    again.replay(groups, "test_groups")


def test_recordings_of_another_tenant_and_broken_ones_say_nothing(project, tmp_path):
    async def groups(lumos):
        await lumos.call("list_groups")

    project.record(first_of_list, "test_accounts")
    path = tmp_path / "cassettes/test_x/test_accounts.yaml"
    assert path.is_file()
    path.write_text(path.read_text().replace("https://app.example.com/", "https://other.example.com/"))
    (tmp_path / "cassettes/test_x/broken.yaml").write_text("interactions: [")
    again = Project(tmp_path, CONNECTOR, Tenant(), project.options)
    assert anybodys(again.record(groups, "test_groups")) == ["ottavine", "brelkoss"]


def test_recording_again_gives_the_same_bytes_and_another_key_others(project, monkeypatch, tmp_path):
    first = project.record(first_of_list)
    again = Project(tmp_path / "again", CONNECTOR, Tenant(), project.options)
    assert again.record(first_of_list) == first
    monkeypatch.setenv("CONTRACT_PEOPLE_KEY", "another key of the test's")
    other = Project(tmp_path / "other", CONNECTOR, Tenant(), project.options)
    assert other.record(first_of_list) != first


def test_a_replay_needs_no_key(project, monkeypatch):
    project.record(first_of_list)
    monkeypatch.delenv("CONTRACT_PEOPLE_KEY")
    project.replay(first_of_list)


def test_what_the_test_names_itself_stays(project, tenant):
    new = {"givenName": "Elspeth", "familyName": "Quarrow", "email": "elspeth@norvel.io"}

    async def create(lumos):
        return await lumos.call("create_account", new)

    text = project.record(create)
    assert tenant.asked[-1][3] == new
    assert "Elspeth Quarrow" in text
    assert "elspeth@norvel.io" in text
    project.replay(create)


def test_somebody_whom_the_test_names_is_found_again_in_a_replay(project):
    async def get(lumos):
        return await lumos.call("get_account", {"email": USERS[1]["email"]})

    text = project.record(get)
    assert anybodys(text.replace("zodrannick%40norvel.io", "").replace(USERS[1]["email"], "")) == []
    project.replay(get)

    async def another(lumos):
        return await lumos.call("get_account", {"email": USERS[0]["email"]})

    with pytest.raises(UnmatchedRequest):
        project.replay(another)


def test_without_personal_data_all_stays(project):
    project.options["personal_data"] = False
    assert USERS[0]["email"] in project.record(first_of_list)


def test_a_connector_that_sorts_by_name_is_refused_with_the_field(project):
    async def best_first(_envelope):
        async with client() as http:
            first = (await http.get("/users")).json()
            second = (await http.get("/users", params={"after": first["next"]})).json()
        users = [*first["users"], *second["users"]]
        return [account(user) for user in sorted(users, key=lambda user: user["familyName"] != "O'Drannick")]

    project.connector = Connector(list_accounts=best_first)

    async def once(lumos):
        await lumos.call("list_accounts")

    with pytest.raises(UnprovenRecording) as caught:
        project.record(once)
    message = str(caught.value)
    assert "it can be replayed with the real people, and not with the made-up ones" in message
    assert "response[0].given_name: recorded" in message
    assert "sort by an id" in message
    assert "a field that is not known to be personal" in message
    assert anybodys(message) == []
    assert project.text() == ""


def test_an_error_that_names_somebody_names_the_made_up_one(project):
    async def of_nobody(lumos):
        first = await first_of_list(lumos)
        asked = {"email": f"x{first['email']}"}
        return (await lumos.call("get_account", asked))["response"]["error"]

    seen = []

    async def keep(lumos):
        seen.append(await of_nobody(lumos))

    text = project.record(keep)
    assert anybodys(text + seen[0]) == []


def test_nothing_is_added_to_a_recording_with_made_up_people(project):
    text = project.record(first_of_list)
    with pytest.raises(UsageError) as caught:
        project.run("new_episodes", first_of_list)
    assert "Record it again as a whole:\n  pytest --record-mode=rewrite test_x.py::test_x" in str(
        caught.value
    )
    assert project.text() == text


def test_a_secret_with_somebody_in_it_is_compared_as_a_replay_has_it(project):
    def signed(_asked):
        return {"employees": [{**USERS[0], "passphrase": "Ottavine Brelkoss, +1 415 832 2671, Norvel"}]}

    async def signatures(_envelope):
        async with client() as http:
            answer = (await http.get("/users")).json()
        return [{"sig": user["passphrase"], "given": user["givenName"]} for user in answer["employees"]]

    project.connector, project.handle = Connector(signatures=signatures), signed
    compared = []

    async def during(scenario):
        compared.append(scenario._normalizer.json(await scenario.lumos.call("signatures")))

    project.run("rewrite", None, during=during)
    project.run("none", None, during=during)
    recorded, replayed = compared
    assert recorded["response"][0]["sig"] == "<passphrase>"
    assert recorded == replayed
    assert anybodys(project.text() + json.dumps(recorded)) == []


def test_a_snapshot_may_be_called_like_somebody(project):
    def during(call):
        async def called(scenario):
            await call(scenario.lumos)
            # As a comparison with a snapshot of this name does.
            scenario.traffic.calls[-1].snapshots.append("test_of_ottavine.json")

        return called

    project.run("rewrite", None, "test_of_ottavine", during=during(first_of_list))
    text = project.text("test_of_ottavine")
    assert "test_of_ottavine.json" in text
    assert anybodys(text.replace("test_of_ottavine.json", "")) == []


def test_nothing_is_saved_while_somebody_is_still_in_it(project):
    async def during(scenario):
        await first_of_list(scenario.lumos)
        for data in (b"of Brelkoss", base64.b64encode(b"x Ottavine Brelkoss")):
            with pytest.raises(RefusedToSave) as caught:
                scenario._normalizer.refuse_secret(data, "its calls", ())
            message = str(caught.value)
            assert "data of somebody in the tenant is still in it: its calls" in message
            assert "It is a word of a name, of 8 letters" in message
            assert ("base64, hexadecimal or compressed" in message) == (data[:2] != b"of")
            assert anybodys(message) == []
        scenario._normalizer.refuse_secret(b"of nobody at all", "its calls", ())

    project.run("rewrite", None, during=during)


def test_a_refusal_names_the_test_as_pytest_does(project):
    name = "test_of[Ottavine Brelkoss]"

    async def during(scenario):
        await first_of_list(scenario.lumos)
        snapshot = project.root / f"snapshots/test_x/{name}.json"
        scenario._pending.files[snapshot] = json.dumps({"x": base64.b64encode(b"\x00Brelkoss\xff").decode()})

    with pytest.raises(RefusedToSave) as caught:
        project.run("rewrite", None, name, during=during)
    shown = project.session.people.shown(f"Ottavine has failed: {caught.value}")
    assert f"still in it: snapshots/test_x/{name}.json" in shown
    assert f"test_x.py::{name}" in shown
    assert anybodys(shown.replace(name, "")) == []


def test_a_constant_of_the_connectors_stays(project):
    async def service(_envelope):
        async with client() as http:
            answer = await http.post("/users/new", json={"givenName": "Svcroute", "familyName": "Agentix"})
        return {"name": answer.json()["displayName"]}

    project.connector = Connector(service=service)

    async def once(lumos):
        await lumos.call("service")

    assert "Svcroute Agentix" in project.record(once)
    project.replay(once)


def test_a_snapshot_of_who_was_mentioned_first_is_written_with_made_up_people(project):
    async def during(scenario):
        await scenario.lumos.call("list_groups")
        snapshot = project.root / "snapshots/test_x/test_x.json"
        scenario._pending.files[snapshot] = json.dumps({"label": "Friends of Ottavine Brelkoss"})
        await first_of_list(scenario.lumos)

    project.run("rewrite", None, during=during)
    assert anybodys((project.root / "snapshots/test_x/test_x.json").read_text()) == []


@pytest.mark.parametrize("cut", [lambda text: text[::-1], lambda text: text[:5]])
def test_a_refusal_shows_no_piece_of_a_name(project, cut):
    async def cuts(_envelope):
        async with client() as http:
            users = (await http.get("/users")).json()["users"]
        return [{"code": cut(user["familyName"])} for user in users]

    project.connector = Connector(list_accounts=cuts)

    async def once(lumos):
        await lumos.call("list_accounts")

    with pytest.raises(UnprovenRecording) as caught:
        project.record(once)
    message = str(caught.value)
    assert re.search(r'response\[0\]\.code: recorded "\*+", now "\w', message)
    assert "ssoklerb" not in message.casefold()
    assert "brelk" not in message.casefold()
