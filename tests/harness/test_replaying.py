"""A scenario is replayed: what that proves, and what it catches."""

from __future__ import annotations

import pytest

WALK = "cassettes/test_acme/test_walk.yaml"


def test_replays_without_network_and_says_what_that_proved(recorded):
    run = recorded.run()
    run.had(passed=3)
    run.said("3 scenarios replayed offline: 5 requests as recorded, 4 responses as in the snapshots")
    assert run.project == recorded


def test_a_scenario_without_cassette_says_which_file_and_how_to_record_it(recorded):
    run = recorded.remove(WALK).run("test_acme.py::test_walk")
    run.had(errors=1)
    run.said(
        "The scenario is not recorded: it has no cassette.",
        f"cassette: {WALK}",
        "scenario: test_acme.py::test_walk",
        "pytest --record-mode=once test_acme.py::test_walk",
    )
    assert "Traceback" not in run.output


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{ garbage", "it is not the YAML of a cassette"),
        (b"\xff\xfe\x00", "it is not UTF-8"),
        (b"", "it has no list of interactions"),
        (b"just text", "it has no list of interactions"),
        (b"version: 3\ninteractions: []\n", "its version is 3, not 1"),
        (b"version: 1\ninteractions:\n- request: {}\n", "interaction 1 lacks a part"),
        (
            b"version: 1\ninteractions: !!python/object/apply:os.getcwd []\n",
            "it is not the YAML of a cassette",
        ),
    ],
)
@pytest.mark.parametrize("mode", ["none", "once"])
def test_a_corrupt_cassette_is_told_and_left_alone(recorded, content, reason, mode):
    broken = recorded.write(WALK, content)
    run = broken.run(f"--record-mode={mode}", "test_acme.py::test_walk")
    run.had(errors=1)
    run.said("The cassette cannot be used:", reason, f"cassette: {WALK}", "--record-mode=rewrite")
    assert "Traceback" not in run.output
    assert run.project == broken


def _without_last_interaction(text: str) -> str:
    return text[: text.rindex("- request:")]


def test_a_cassette_that_was_cut_between_interactions_is_corrupt(recorded):
    cut = recorded.write(WALK, _without_last_interaction(recorded.files[WALK].decode()))
    run = cut.run("test_acme.py::test_walk")
    run.had(errors=1)
    run.said("The cassette cannot be used: its count says 2 interactions, and it holds 1.")


def test_a_cassette_whose_calls_name_what_is_not_there_is_corrupt(recorded):
    text = _without_last_interaction(recorded.files[WALK].decode()).replace("count: 2", "count: 1")
    run = recorded.write(WALK, text).run("test_acme.py::test_walk")
    run.had(errors=1)
    run.said("The cassette cannot be used: call 2 has the interaction 2, and there are 1.")


def test_a_request_that_is_not_recorded_names_the_nearest(recorded):
    run = recorded.edit("acme_connector.py", 'start=page["next"]', "start=7").run("test_acme.py::test_walk")
    run.had(failed=1)
    run.said(
        "The connector made a request that is not recorded: GET https://acme.example.com/v1/users?limit=2&start=7",
        "capability: list_accounts, page 2",
        "asked in: acme_connector.py:",
        f"cassette: {WALK}",
        "nearest recorded request, number 2: GET https://acme.example.com/v1/users?limit=2&start=2",
        "query start: recorded '2', now '7'",
        "pytest --record-mode=rewrite test_acme.py::test_walk",
    )


def test_a_changed_mapping_shows_the_field_old_and_new(recorded):
    changed = recorded.edit("acme_connector.py", 'username=user["login"]', 'username=user["mail"]')
    run = changed.run("test_acme.py::test_walk")
    run.had(failed=1)
    run.said('-       "username": "ada",', '+       "username": "ada@example.com",')
    assert run.project == changed


def test_a_changed_next_offset_is_a_changed_request(recorded):
    changed = recorded.edit("acme_connector.py", 'start=page["next"]', 'start=page["next"] + 1')
    run = changed.run("test_acme.py::test_walk")
    run.had(failed=1)
    run.said("The connector made a request that is not recorded", "query start: recorded '2', now '3'")


def test_a_changed_body_is_a_changed_request(recorded):
    run = recorded.edit("acme_connector.py", '{"login": "new"}', '{"login": "now"}').run("-k", "create")
    run.had(failed=1)
    run.said('body.login: recorded "new", now "now"')


def test_a_removed_status_check_is_caught(recorded):
    run = recorded.edit("acme_connector.py", "        response.raise_for_status()\n", "").run("-k", "wrong")
    run.had(failed=1)


def test_a_connector_that_stops_sending_its_token_is_caught_and_the_token_not_shown(recorded):
    changed = recorded.edit("acme_connector.py", '"auth": BearerAuth(get_token_auth(args).token), ', "")
    run = changed.run("test_acme.py::test_walk")
    run.had(failed=1)
    run.said("header authorization: recorded 'Bearer <token.token>', now none")
    assert "open-sesame" not in run.output.replace("{'token': 'open-sesame'}", "")


@pytest.mark.loopback
def test_a_header_that_carries_a_secret_must_match_whatever_its_name(acme):
    header = '"headers": {"X-Workspace": get_token_auth(args).token}, '
    keyed = acme.edit("acme_connector.py", '"base_url"', header + '"base_url"')
    run = keyed.run("--record-mode=once", "test_acme.py::test_walk")
    run.had(passed=1)
    assert b"x-workspace:\n      - <token.token>" in run.project.files[WALK]
    other = run.project.edit("acme_connector.py", header, "").run("test_acme.py::test_walk")
    other.had(failed=1)
    other.said("header x-workspace: recorded '<token.token>', now none")


@pytest.mark.loopback
def test_a_header_that_the_author_names_must_match(acme):
    named = acme.edit("conftest.py", "integration=", 'match_headers=["X-Api-Version"], integration=').edit(
        "acme_connector.py",
        "get(path, params=params)",
        'get(path, params=params, headers={"X-API-Version": "2"})',
    )
    run = named.run("--record-mode=once", "test_acme.py::test_walk")
    run.had(passed=1)
    assert b"x-api-version:" in run.project.files[WALK]
    changed = run.project.edit("acme_connector.py", '"X-API-Version": "2"', '"X-API-Version": "3"')
    other = changed.run("test_acme.py::test_walk")
    other.had(failed=1)
    other.said("header x-api-version: recorded '2', now '3'")


def test_a_request_made_more_often_than_recorded_is_caught(recorded):
    changed = recorded.edit(
        "acme_connector.py",
        "        page = await",
        "        await client.get('/users', limit=size, start=start)\n        page = await",
    )
    run = changed.run("test_acme.py::test_walk")
    run.had(failed=1)
    run.said(
        "The connector made a request more often than it is recorded",
        "it is recorded 1 time, and was played as often",
    )


def test_a_recorded_request_that_is_never_made_fails_the_scenario(recorded):
    changed = recorded.edit("acme_connector.py", 'page["next"] is None', "True").edit(
        "test_acme.py", "assert await lumos.walk", "await lumos.walk"
    )
    run = changed.run("test_acme.py::test_walk")
    run.had(failed=1)
    run.said(
        "The connector did not make 1 of the 2 recorded requests.",
        "number 2 of call 2, list_accounts: GET https://acme.example.com/v1/users?limit=2&start=2",
    )


SWALLOW = """
        try:
            page = await client.get("/users", limit=size, start=start + 1)
        except BaseException:
            page = {"users": [], "next": None}
"""


def test_an_error_that_the_connector_swallows_still_fails_the_scenario(recorded):
    changed = recorded.edit(
        "acme_connector.py", '\n        page = await client.get("/users", limit=size, start=start)\n', SWALLOW
    )
    run = changed.run("test_acme.py::test_walk")
    run.had(failed=1)
    run.said("The connector made a request that is not recorded")


def test_an_error_that_the_test_swallows_fails_the_scenario_at_its_end(recorded):
    changed = recorded.edit("acme_connector.py", "start=start)\n", "start=start + 1)\n").write(
        "test_acme.py",
        "async def test_walk(lumos):\n    try:\n        await lumos.walk('list_accounts')\n"
        "    except Exception:\n        print('never mind')\n",
    )
    run = changed.run("test_acme.py::test_walk")
    run.had(failed=1)
    run.said("The connector made a request that is not recorded")


def test_no_socket_is_opened_in_a_replay_not_even_to_this_machine(recorded):
    opens = (
        "        import socket\n        with socket.socket() as one:\n"
        "            one.connect(('127.0.0.1', 9))\n        page = await"
    )
    run = recorded.edit("acme_connector.py", "        page = await", opens).run("test_acme.py::test_walk")
    run.had(failed=1)
    run.said("The connector tried to connect to ('127.0.0.1', 9), in a replay, which has no network.")


def test_a_walk_that_asks_for_the_same_page_again_is_a_failure(recorded):
    endless = recorded.edit("acme_connector.py", 'page["next"] is None', "False").edit(
        "acme_connector.py", 'start=page["next"]', "start=0"
    )
    run = endless.run("test_acme.py::test_walk")
    run.had(failed=1)
    run.said("The connector made a request more often than it is recorded")


LATE = """
import threading, time
LEFT, GO = [], []
def late():
    while not GO:
        time.sleep(0.001)
    try:
        httpx.get("https://acme.example.com/v1/late")
    except Exception:
        pass
def leave():
    if not LEFT:
        LEFT.append(threading.Thread(target=late))
        LEFT[0].start()
class Settings("""


def test_a_request_of_what_an_earlier_scenario_has_left_running_fails_that_one(recorded):
    waits = "    GO.append(1)\n    LEFT[0].join()\n    async with Client(args) as client:\n        user"
    late = (
        recorded.edit("acme_connector.py", "class Settings(", LATE)
        .edit("acme_connector.py", "    paginations = Next", "    leave()\n    paginations = Next")
        .edit("acme_connector.py", "    async with Client(args) as client:\n        user", waits)
    )
    run = late.run()
    run.had(passed=3)
    assert run.exit_code == 1
    run.said(
        "a scenario that had passed has failed:",
        "which asks after its scenario: GET https://acme.example.com/v1/late",
        "asked in: acme_connector.py:",
        f"cassette: {WALK}",
        "scenario: test_acme.py::test_walk",
        "during: test_acme.py::test_create",
        "Have it wait for its tasks",
    )
