"""A recording knows its calls: which requests each made, which at once, and what came of it."""

from __future__ import annotations

import re
from textwrap import indent

import pytest
import yaml
from vcr.serialize import deserialize
from vcr.serializers import yamlserializer

from connector_contract.secrets.secret_names import WELL_KNOWN
from connector_contract.storage.lint import lint_cassette

ASKING = "cassettes/test_acme/test_asking.yaml"
WALK = "cassettes/test_acme/test_walk.yaml"

SERVER = '''
import asyncio
from pathlib import Path

from fastapi import FastAPI
from starlette.background import BackgroundTask
from starlette.responses import JSONResponse

SEED = int(Path(__file__).with_name("seed").read_text())


def create_app():
    """Answers as soon as so many wait as each of them says, in an order that the seed gives."""
    app = FastAPI()
    waiting = {}

    @app.get("/v1/items/{name}")
    async def item(name: str, of: int = 1):
        turn = asyncio.Event()
        waiting[name] = turn
        if len(waiting) == of:
            in_turn = sorted(waiting)
            in_turn = in_turn[SEED % of :] + in_turn[: SEED % of]
            turns = [waiting.pop(each) for each in in_turn]
            for before, after in zip(turns, turns[1:]):
                before.then = after
            turns[0].set()
        await turn.wait()
        done = getattr(turn, "then", turn)
        return JSONResponse({"name": name}, background=BackgroundTask(done.set))

    @app.get("/v1/never")
    async def never():
        await asyncio.Event().wait()

    asked = []

    @app.get("/v1/late")
    async def late():
        asked.append(1)
        if len(asked) == 1:
            await asyncio.Event().wait()
        return {"name": "late"}

    @app.get("/v1/fails")
    async def fails():
        return JSONResponse({}, 404)

    return app
'''

ASK = """

async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
    async with Client(args) as client:
        async def item(name, of=1):
            return (await client.get(f"/items/{name}", of=of))["name"]

        names = await ask(client, item)
    return ListAccountsResponse(
        response=[
            FoundAccountData(integration_specific_id=name, username=name, user_status=AccountStatus.ACTIVE)
            for name in names
        ],
        page={},
    )
"""


def ask_by(body):
    return (
        f"import asyncio\n\nimport httpx\n\n\nasync def ask(client, item):\n{indent(body.strip(), '    ')}\n"
    )


def asking(acme, body, seed=0, test="await lumos.call('list_accounts')"):
    """Acme with another ``list_accounts``, whose body gives the names of accounts."""
    return (
        acme.edit(
            "acme_connector.py", "\n\nintegration = Integration(", ASK + "\n\nintegration = Integration("
        )
        .edit("acme_connector.py", "import httpx\n", "import httpx\nfrom acme_ask import ask\n")
        .write("acme_ask.py", ask_by(body))
        .write("acme_server.py", SERVER)
        .write("seed", str(seed))
        .write(
            "test_acme.py",
            f"import asyncio\n\n\nasync def test_asking(lumos, snapshot):\n    assert {test} == snapshot\n",
        )
    )


GATHER = 'return await asyncio.gather(*(item(name, 3) for name in "cab"))'
HEDGED = """
first, second = asyncio.create_task(client.get("/never")), asyncio.create_task(item("a"))
done, late = await asyncio.wait([first, second], return_when=asyncio.FIRST_COMPLETED)
for each in late:
    each.cancel()
return [each.result() for each in done]
"""
DEADLINE = """
try:
    await asyncio.wait_for(client.get("/never"), 0.2)
except asyncio.TimeoutError:
    return [await item("a")]
"""
SIBLINGS = """
async def group():
    tasks = [asyncio.create_task(each) for each in (client.get("/never"), client.get("/fails"))]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
try:
    return await group()
except httpx.HTTPStatusError:
    return [await item("a")]
"""


PLAIN_GATHER = """
used = client._http_client
async def fails(own):
    (await own.get("/fails")).raise_for_status()
try:
    async with httpx.AsyncClient(base_url=used.base_url, auth=used.auth) as own:
        await asyncio.gather(own.get("/never"), fails(own))
except httpx.HTTPStatusError:
    return [await item("a")]
"""
OWN_TIMEOUT = """
client._http_client.timeout = httpx.Timeout(60, read=0.2)
try:
    return [(await client.get("/never"))["name"]]
except httpx.ReadTimeout as error:
    return [await item("a"), str(error)]
"""
IN_A_THREAD = """
used = client._http_client
def ask_in_thread():
    try:
        with httpx.Client(base_url=used.base_url, auth=used.auth, timeout=0.2) as own:
            own.get("/never")
    except httpx.ReadTimeout as error:
        return str(error)
return [await asyncio.to_thread(ask_in_thread), await item("a")]
"""


CHANGES_ITS_MIND = """
try:
    return [(await asyncio.wait_for(client.get("/late"), 0.2))["name"]]
except asyncio.TimeoutError:
    return []
"""
BEHIND = """
async def later():
    async with httpx.AsyncClient() as own:
        for name in "zy":
            await own.get(f"https://acme.example.com/v1/items/{name}")
asyncio.get_running_loop().background = asyncio.create_task(later())
return [await item("b")]
"""


def lines_of(text, key):
    """The entries of a list in the head of a cassette."""
    return yaml.safe_load(text).get(key)


@pytest.mark.loopback
def test_recording_again_gives_the_same_bytes_in_whatever_order_the_upstream_answers(acme):
    run = asking(acme, GATHER).run("--record-mode=once")
    run.had(passed=1)
    assert re.findall(r"/items/(.)", run.project.files[ASKING].decode()) == ["c", "a", "b"]
    (call,) = lines_of(run.project.files[ASKING], "calls")
    assert (call["interactions"], call["concurrent"]) == ([1, 2, 3], [1, 2, 3])
    for seed in range(1, 5):
        again = run.project.write("seed", str(seed)).run("--record-mode=rewrite")
        again.had(passed=1)
        assert again.project.files[ASKING] == run.project.files[ASKING]
    again.project.run().had(passed=1)


@pytest.mark.loopback
def test_a_task_that_outlives_its_call_belongs_to_it_all_the_same(acme):
    behind = "[await lumos.call('list_accounts'), await asyncio.get_running_loop().background][:1]"
    run = asking(acme, BEHIND, test=behind).run("--record-mode=once")
    run.had(passed=1)
    (call,) = lines_of(run.project.files[ASKING], "calls")
    assert (call["interactions"], call["concurrent"]) == ([1, 2, 3], [1, 2, 3])
    run.project.run().had(passed=1)


@pytest.mark.loopback
@pytest.mark.parametrize("body", [HEDGED, DEADLINE, SIBLINGS, PLAIN_GATHER, OWN_TIMEOUT, IN_A_THREAD])
def test_what_the_connector_gives_up_is_kept_and_waits_in_a_replay(acme, body):
    run = asking(acme, body).run("--record-mode=once")
    run.had(passed=1)
    text = run.project.files[ASKING].decode()
    (given_up,) = lines_of(text, "given_up")
    assert given_up["uri"] == "https://acme.example.com/v1/never"
    assert (given_up["call"], given_up["place"]) == (1, 0)
    assert given_up["headers"]["authorization"] == ["Bearer <token.token>"]
    requests, _responses = deserialize(text, yamlserializer)
    assert "/v1/never" not in [request.path for request in requests]
    replayed = run.project.run()
    replayed.had(passed=1)
    for mode in ("rewrite", "all", "new_episodes"):
        again = run.project.run(f"--record-mode={mode}")
        again.had(passed=1)
        assert again.project == run.project, mode


@pytest.mark.loopback
def test_a_connector_that_no_longer_gives_up_is_caught(acme):
    recorded = asking(acme, DEADLINE).run("--record-mode=once").project
    run = recorded.write("acme_ask.py", ask_by("return await client.get('/never')")).run()
    run.had(failed=1)
    run.said(
        "The connector waits for a response that it gave up while it was recorded.",
        "request: GET https://acme.example.com/v1/never",
        "capability: list_accounts",
        f"cassette: {ASKING}",
        "pytest --record-mode=rewrite test_acme.py::test_asking",
    )
    assert "Traceback" not in run.output


@pytest.mark.loopback
def test_a_request_may_be_given_up_in_one_place_and_answered_in_another(acme):
    """Whether it waits depends on where it is made, and not on which response is left."""
    twice = "[await lumos.call('list_accounts'), await lumos.call('list_accounts')]"
    run = asking(acme, CHANGES_ITS_MIND, test=twice).run("--record-mode=once")
    run.had(passed=1)
    text = run.project.files[ASKING].decode()
    assert [call["success"] for call in lines_of(text, "calls")] == [0, 1]
    assert [each["call"] for each in lines_of(text, "given_up")] == [1]
    run.project.run().had(passed=1)


def form_1(project):
    """A project as it was before cassettes had calls."""
    for name, data in project.recorded("cassettes").items():
        text = re.sub(r"form: 2\n", "", data.decode())
        text = re.sub(r"calls:\n.*?(?=interactions:)", "", text, flags=re.DOTALL)
        project = project.write(name, text)
    return project


def test_a_cassette_without_calls_replays_and_the_run_says_it_once(recorded):
    old = form_1(recorded)
    assert b"calls" not in old.files[WALK]
    run = old.run()
    run.had(passed=3)
    assert run.output.count("of an earlier form, without calls") == 1
    run.said("3 cassettes of an earlier form", "pytest --record-mode=rewrite")
    assert run.project == old
    assert list(lint_cassette(WALK, old.files[WALK], WELL_KNOWN)) == []


def test_once_writes_the_snapshots_of_a_cassette_without_calls_and_leaves_it(recorded):
    run = form_1(recorded).remove("snapshots").run("--record-mode=once")
    run.had(passed=3)
    assert run.project == form_1(recorded)


@pytest.mark.loopback
def test_rewrite_gives_a_cassette_its_calls(recorded):
    run = form_1(recorded).run("--record-mode=rewrite")
    run.had(passed=3)
    assert "earlier form" not in run.output
    assert run.project == recorded


MORE = "\n    await lumos.call('list_accounts', page={'size': 1})\n"


@pytest.mark.loopback
def test_new_episodes_adds_a_call_to_those_that_are_there(recorded):
    longer = recorded.write(
        "test_acme.py", recorded.files["test_acme.py"].decode().partition("\n\n\n")[0] + MORE
    )
    run = longer.run("--record-mode=new_episodes", "-k", "walk")
    run.had(passed=1)
    calls = lines_of(run.project.files[WALK], "calls")
    assert calls[:2] == lines_of(recorded.files[WALK], "calls")
    assert calls[2] == {"capability": "list_accounts", "page": {"size": 1}, "interactions": [3], "success": 1}
    run.project.run("-k", "walk").had(passed=1)


@pytest.mark.loopback
def test_new_episodes_of_a_cassette_without_calls_replays(recorded):
    text = recorded.files["test_acme.py"].decode().partition("\n\n\n")[0] + MORE
    run = form_1(recorded).write("test_acme.py", text).run("--record-mode=new_episodes", "-k", "walk")
    run.had(passed=1)
    assert b"count: 3\ninteractions" in run.project.files[WALK]
    run.project.run("-k", "walk").had(passed=1)


DROPS_ONE = ('for user in page["users"]', 'for user in page["users"][:1]')


@pytest.mark.parametrize("compared", [True, False])
@pytest.mark.parametrize("mode", ["none", "once"])
def test_another_outcome_of_the_same_responses_is_a_regression(recorded, compared, mode):
    changed = recorded.edit("acme_connector.py", *DROPS_ONE)
    if not compared:
        changed = changed.remove("snapshots").write(
            "test_acme.py",
            "async def test_walk(lumos):\n    await lumos.walk('list_accounts', page_size=2)\n",
        )
    run = changed.run(f"--record-mode={mode}", "-k", "walk")
    run.had(failed=1)
    if not compared:
        run.said(
            "list_accounts gives a success with 1 record; recorded: a success with 2 records",
            f"cassette: {WALK}",
            "scenario: test_acme.py::test_walk",
            "pytest --snapshot-update test_acme.py::test_walk",
        )
        assert "Traceback" not in run.output
    assert run.project == changed


def test_an_error_in_place_of_a_success_is_a_regression_without_a_snapshot(recorded):
    raising = recorded.edit(
        "acme_connector.py", "    following = []", "    raise ValueError(1)\n    following = []"
    )
    bare = raising.remove("snapshots").write(
        "test_acme.py",
        "async def test_wrong_token(lumos):\n"
        "    await lumos.call('list_accounts', auth={'token': {'token': 'wrong'}})\n\n\n"
        "async def test_create(lumos):\n    await lumos.call('create_account', {'entitlements': []})\n"
        "    await lumos.call('list_accounts', page={'size': 100})\n",
    )
    run = bare.run()
    run.had(passed=1, failed=1)
    run.said("list_accounts gives the error internal_error; recorded: a success with 4 records (call 2)")


def without_head(text):
    return text.partition(b"\ninteractions:")[2]


def test_snapshot_update_rewrites_the_outcome_and_leaves_the_interactions(recorded):
    changed = recorded.edit("acme_connector.py", *DROPS_ONE)
    run = changed.run("--snapshot-update", "-k", "walk")
    run.had(passed=1)
    before, after = recorded.files[WALK], run.project.files[WALK]
    assert without_head(after) == without_head(before)
    assert [call["success"] for call in lines_of(after, "calls")] == [1, 1]
    run.project.run("-k", "walk").had(passed=1)


def test_once_accepts_the_outcome_of_a_missing_snapshot_and_of_no_other_call(recorded):
    created = "snapshots/test_acme/test_create[%s].json"
    fewer = recorded.edit("acme_connector.py", *DROPS_ONE)
    run = fewer.remove(created % "read back").run("--record-mode=once", "-k", "create")
    run.had(passed=1)
    cassette = "cassettes/test_acme/test_create.yaml"
    assert without_head(run.project.files[cassette]) == without_head(recorded.files[cassette])
    assert lines_of(run.project.files[cassette], "calls")[1]["success"] == 1
    other = (
        fewer.remove(created % "created")
        .remove(created % "read back")
        .edit("test_acme.py", ' == snapshot(name="read back")', "")
    )
    run = other.run("--record-mode=once", "-k", "create")
    run.had(failed=1)
    run.said("list_accounts gives a success with 1 record; recorded: a success with 4 records (call 2)")
    assert run.project == other


@pytest.mark.loopback
def test_what_was_concurrent_stays_so_when_an_outcome_is_accepted(acme):
    run = asking(acme, GATHER).run("--record-mode=once")
    fewer = run.project.edit("acme_ask.py", "return await", "return (await").edit(
        "acme_ask.py", '"cab"))', '"cab")))[1:]'
    )
    updated = fewer.run("--snapshot-update")
    updated.had(passed=1)
    (call,) = lines_of(updated.project.files[ASKING], "calls")
    assert (call["concurrent"], call["success"]) == ([1, 2, 3], 2)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("await lumos.call('info')", "Call 1 is info, and list_accounts is recorded"),
        (
            "await lumos.walk('list_accounts', page_size=2)\n    await lumos.call('info')",
            "The scenario makes 3 calls, and 2 are recorded",
        ),
    ],
)
def test_other_calls_with_the_same_requests_are_a_change(recorded, body, said):
    walks = "" if "walk" in body else "\n    await lumos.walk('list_accounts', page_size=2)"
    changed = recorded.remove("snapshots").write(
        "test_acme.py", f"async def test_walk(lumos):\n    {body}{walks}\n"
    )
    run = changed.run()
    run.had(failed=1)
    run.said(said)
    accepted = changed.run("--snapshot-update")
    accepted.had(passed=1)
    accepted.project.run().had(passed=1)


LINKS = """async def test_walk(lumos, snapshot):
    pages = await lumos.walk('list_accounts', page_size=2)
    assert pages == snapshot
    assert pages[1] == snapshot(name='last')
    assert [pages[1], pages[0]] == snapshot(name='turned')
    assert pages[0]['response'] == snapshot(name='part')
    assert [pages[0], 'more'] == snapshot(name='mixed')
    assert [] == snapshot(name='nothing')
"""


def test_a_call_names_the_snapshots_that_its_whole_response_is_compared_in(recorded):
    run = recorded.write("test_acme.py", LINKS).run("--record-mode=once")
    run.had(passed=1)
    whole, turned = "test_walk.json", "test_walk[turned].json"
    assert [call["snapshots"] for call in lines_of(run.project.files[WALK], "calls")] == [
        [whole, turned],
        [whole, "test_walk[last].json", turned],
    ]
    assert without_head(run.project.files[WALK]) == without_head(recorded.files[WALK])


BROKEN = {
    "no form": ("form: 2\n", "", "it has count and calls, and no form"),
    "no count": ("count: 2\n", "", "it has form and calls, and no count"),
    "another form": ("form: 2\n", "form: 3\n", "its form is 3, and this release reads form 2 or none"),
    "another type": ('"success": 2', '"success": "2"', "a call has ['2'] in the place of numbers"),
    "an unknown key": ('"success": 2', '"success": 2, "x": 1', "a call has the unknown part x"),
    "out of range": (
        '"interactions": [1]',
        '"interactions": [3]',
        "call 1 has the interaction 3, and there are 2",
    ),
}


@pytest.mark.parametrize(("old", "new", "said"), BROKEN.values(), ids=BROKEN)
def test_calls_that_were_edited_are_one_clear_error_and_a_finding(recorded, old, new, said):
    edited = recorded.edit(WALK, old, new)
    run = edited.run("-k", "walk")
    run.had(errors=1)
    run.said(f"The cassette cannot be used: {said}.", f"cassette: {WALK}", "--record-mode=rewrite")
    assert "Traceback" not in run.output
    (finding,) = lint_cassette(WALK, edited.files[WALK], WELL_KNOWN)
    assert finding.kind == "corrupt"
    assert said in finding.what


def test_what_a_recording_leaves_is_in_order(recorded):
    for name, data in recorded.recorded("cassettes").items():
        assert list(lint_cassette(name, data, WELL_KNOWN)) == []


STOCK = """import httpx
import pytest
import vcr

URL = "https://acme.example.com/v1/users?limit=2&start=%d"


@pytest.mark.vcr
def test_walk():
    assert [httpx.get(URL % start).json()["next"] for start in (0, 2)] == [2, None]


def test_by_vcrpy():
    with vcr.use_cassette("cassettes/test_acme/test_walk.yaml", record_mode="none") as cassette:
        assert [httpx.get(URL % start).json()["next"] for start in (0, 2)] == [2, None]
        assert cassette.all_played
"""


def test_stock_vcrpy_and_pytest_recording_replay_a_cassette(recorded):
    stock = recorded.remove("conftest.py").write("test_acme.py", STOCK)
    run = stock.run("-pno:connector-contract", "--block-network", subprocess=True)
    run.had(passed=2)
    assert run.project == stock


def test_a_cassette_of_stock_vcrpy_replays(recorded):
    stock = form_1(recorded)
    text = stock.files[WALK].decode().replace("count: 2\n", "")
    run = stock.write(WALK, text).run("-k", "walk")
    run.had(passed=1)
    assert "earlier form" not in run.output
