"""A scenario is recorded: what is written, when, and what is left as it was."""

from __future__ import annotations

import re
import socket

import pytest

from connector_contract.upstream.server import serve

WALK = "cassettes/test_acme/test_walk.yaml"


@pytest.mark.loopback
def test_records_what_is_missing_and_says_what_it_recorded(acme, recorded):
    run = acme.run("--record-mode=once")
    run.had(passed=3)
    run.said("3 scenarios recorded from acme_server:create_app: 5 interactions, 3 cassettes changed, 4 new")
    # What is in version control is what a recording gives, byte for byte.
    assert run.project == recorded


@pytest.mark.loopback
def test_recording_again_changes_nothing(recorded):
    run = recorded.run("--record-mode=rewrite")
    run.had(passed=3)
    run.said("5 interactions, 0 cassettes changed, 0 new snapshots, 0 changed")
    assert run.project == recorded


@pytest.mark.loopback
@pytest.mark.parametrize("mode", ["rewrite", "none"])
def test_nothing_is_left_open(recorded, mode):
    run = recorded.run(f"--record-mode={mode}", "-Werror", subprocess=True)
    run.had(passed=3)
    assert run.exit_code == 0
    assert "unclosed" not in run.output


def test_what_is_left_open_would_be_seen(recorded):
    left = "def test_x():\n    import socket\n    socket.socket()\n"
    run = recorded.write("test_left.py", left).run("-Werror", "test_left.py", subprocess=True)
    assert run.exit_code != 0
    assert "unclosed <socket" in run.output


@pytest.mark.loopback
def test_parallel_workers_record_the_same_and_the_summary_is_whole(acme, recorded):
    run = acme.run("--record-mode=once", "-n2", subprocess=True)
    run.had(passed=3)
    run.said("3 scenarios recorded from acme_server:create_app: 5 interactions")
    assert run.project == recorded


def test_parallel_workers_replay(recorded):
    run = recorded.run("-n2", subprocess=True)
    run.had(passed=3)
    run.said("3 scenarios replayed offline")


def test_once_replays_what_is_recorded_whatever_the_server_says_now(recorded):
    changed = recorded.edit("acme_server.py", '"login": "ada"', '"login": "eve"')
    run = changed.run("--record-mode=once")
    run.had(passed=3)
    assert run.project == changed


def test_once_writes_a_missing_snapshot_of_a_recorded_scenario(recorded):
    run = recorded.remove("snapshots").run("--record-mode=once")
    run.had(passed=3)
    assert run.project == recorded


@pytest.mark.loopback
def test_once_never_changes_an_existing_snapshot(recorded):
    changed = recorded.edit("acme_server.py", '"login": "ada"', '"login": "eve"').remove(WALK)
    run = changed.run("--record-mode=once", "test_acme.py::test_walk")
    run.had(failed=1)
    run.said('-       "username": "ada",', '+       "username": "eve",')
    assert run.project == changed


@pytest.mark.loopback
def test_rewrite_keeps_the_old_files_of_a_scenario_that_fails(recorded):
    changed = recorded.edit("acme_server.py", '"login": "ada"', '"login": "eve"')
    run = changed.run("--record-mode=rewrite", "test_acme.py::test_walk")
    run.had(failed=1)
    assert run.project == changed


@pytest.mark.loopback
def test_rewrite_and_snapshot_update_accept_what_changed(recorded):
    changed = recorded.edit("acme_server.py", '"login": "ada"', '"login": "eve"')
    run = changed.run("--record-mode=rewrite", "--snapshot-update", "test_acme.py::test_walk")
    run.had(passed=1)
    run.said("1 scenario recorded", "1 cassette changed, 0 new snapshots, 1 changed")
    assert b'"username": "eve"' in run.project.files["snapshots/test_acme/test_walk.json"]
    run.project.run("test_acme.py::test_walk").had(passed=1)


@pytest.mark.loopback
def test_a_scenario_that_fails_late_writes_none_of_its_snapshots(acme):
    failing = acme.edit("test_acme.py", 'snapshot(name="read back")', '"something else"')
    run = failing.run("--record-mode=once", "-k", "create")
    run.had(failed=1)
    assert run.project == failing


def test_snapshot_update_of_a_replay_changes_the_snapshot_alone(recorded):
    changed = recorded.edit("acme_connector.py", 'username=user["login"]', 'username=user["mail"]')
    run = changed.run("--snapshot-update", "test_acme.py::test_walk")
    run.had(passed=1)
    assert run.project.recorded("cassettes") == recorded.recorded("cassettes")
    assert b'"username": "ada@example.com"' in run.project.files["snapshots/test_acme/test_walk.json"]


@pytest.mark.parametrize(
    "args", [["--snapshot-update", "-k", "walk"], ["--snapshot-update", "test_acme.py::test_walk"]]
)
def test_a_partial_run_leaves_the_files_of_other_scenarios(recorded, args):
    assert recorded.run(*args).project == recorded


def test_a_snapshot_that_is_not_compared_any_more_fails_its_scenario(recorded):
    less = recorded.edit("test_acme.py", ' == snapshot(name="read back")', "")
    run = less.run("-k", "create")
    run.had(failed=1)
    run.said("The scenario no longer compares 1 of its snapshots.", "test_create[read back].json")
    updated = less.run("-k", "create", "--snapshot-update")
    updated.had(passed=1)
    assert less.files.keys() - updated.project.files.keys() == {
        "snapshots/test_acme/test_create[read back].json"
    }


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe"])
def test_a_snapshot_that_was_edited_is_a_difference(recorded, content):
    broken = recorded.write("snapshots/test_acme/test_walk.json", content)
    run = broken.run("test_acme.py::test_walk")
    run.had(failed=1)
    assert run.project == broken


@pytest.mark.loopback
def test_new_episodes_adds_what_is_not_recorded(recorded):
    longer = recorded.remove("snapshots").write(
        "test_acme.py",
        "async def test_walk(lumos):\n    await lumos.walk('list_accounts', page_size=2)\n"
        "    await lumos.call('list_accounts', page={'size': 1})\n",
    )
    run = longer.run("--record-mode=new_episodes")
    run.had(passed=1)
    before, after = longer.files[WALK].decode(), run.project.files[WALK].decode()
    assert "count: 3\n" in after
    assert after.partition("\ninteractions:")[2].startswith(before.partition("\ninteractions:")[2])
    assert "limit=1&start=0" in after
    run.project.run().had(passed=1)


@pytest.mark.loopback
def test_all_records_again_what_is_recorded(recorded):
    run = (
        recorded.edit("acme_server.py", '"mail": "bob@example.com"', '"mail": null')
        .edit("acme_server.py", "null", "None")
        .run("--record-mode=all", "--snapshot-update", "test_acme.py::test_walk")
    )
    run.had(passed=1)
    assert b"bob@example.com" not in run.project.files[WALK]
    assert b"count: 2" in run.project.files[WALK]


@pytest.mark.loopback
def test_all_does_not_lose_an_interaction_that_was_not_made_again(recorded):
    shorter = recorded.edit("acme_connector.py", 'page["next"] is None', "True")
    run = shorter.run("--record-mode=all", "--snapshot-update", "test_acme.py::test_walk")
    run.had(failed=1)
    run.said("The connector did not make 1 of the 2 recorded requests.")
    assert run.project == shorter


@pytest.mark.loopback
def test_with_recording_disabled_a_scenario_runs_live_and_no_file_changes(recorded):
    changed = recorded.edit("acme_server.py", '"login": "ada"', '"login": "eve"')
    run = changed.run("--disable-recording", "test_acme.py::test_walk")
    run.had(failed=1)
    run.said('+       "username": "eve",')
    assert run.project == changed


@pytest.mark.loopback
def test_every_scenario_starts_from_a_fresh_server_also_where_the_application_is_no_factory(acme, recorded):
    instance = acme.edit("conftest.py", "acme_server:create_app", "acme_app:app").write(
        "acme_app.py", "from acme_server import create_app\n\napp = create_app()\n"
    )
    run = instance.edit("test_acme.py", "async def test_walk", "async def test_z_walk").run(
        "--record-mode=once"
    )
    run.had(passed=3)
    assert (
        run.project.files["snapshots/test_acme/test_z_walk.json"]
        == recorded.files["snapshots/test_acme/test_walk.json"]
    )


@pytest.mark.loopback
def test_the_port_of_the_origin_may_be_taken(acme):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        origin = f"http://127.0.0.1:{taken.getsockname()[1]}"
        run = acme.edit("conftest.py", "https://acme.example.com", origin).run("--record-mode=once")
    run.had(passed=3)
    assert f"uri: {origin}/v1/users?limit=2&start=0".encode() in run.project.files[WALK]


@pytest.mark.loopback
def test_a_request_to_another_server_is_refused_while_recording(acme):
    elsewhere = acme.edit(
        "conftest.py", '"url": "https://acme.example.com', '"url": "https://elsewhere.example'
    )
    run = elsewhere.run("--record-mode=once", "test_acme.py::test_walk")
    run.had(failed=1)
    run.said(
        "The connector called GET https://elsewhere.example/v1/users, which is not at its declared origin.",
        "origin: https://acme.example.com",
    )
    assert run.project == elsewhere


REQUESTS = """
    import requests
    requests.get(get_settings(args, Settings).url + "/users", params={"limit": 2, "start": 0})
"""


@pytest.mark.parametrize(
    ("url", "complaints"),
    [
        # Some releases of vcrpy connect before they ask, others after.
        (
            "https://elsewhere.example/v1",
            ["GET https://elsewhere.example/v1/users", "('elsewhere.example', 443)"],
        ),
        ("http://192.0.2.1/v1", ["to ('192.0.2.1', 80), and not to the application"]),
    ],
)
@pytest.mark.loopback
def test_another_http_client_is_watched_as_well(acme, url, complaints):
    """192.0.2.1 is nobody's address (RFC 5737); as the origin, it could be asked."""
    origin = "http://192.0.2.1" if "192" in url else "https://acme.example.com"
    project = (
        acme.edit("conftest.py", 'origin="https://acme.example.com"', f'origin="{origin}"')
        .edit(
            "acme_connector.py",
            "    paginations = NextPageToken(get",
            REQUESTS + "    paginations = NextPageToken(get",
        )
        .edit("conftest.py", "https://acme.example.com/v1", url)
    )
    run = project.run("--record-mode=once", "test_acme.py::test_walk")
    run.had(failed=1)
    assert any(complaint in run.output for complaint in complaints), run.output
    assert run.project == project


# Kills the process, as kill -9 does, just before the n-th thing that it does to a file of a recording.
KILLED = """
import os, signal, sys

left = int(os.environ["KILL_BEFORE"])


def count(event, args):
    global left
    writes = event in ("os.rename", "os.remove", "os.mkdir") or (event == "open" and "w" in str(args[1]))
    if writes and any(folder in str(args[0]) for folder in ("cassettes", "snapshots")):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


sys.addaudithook(count)
"""


@pytest.mark.loopback
def test_a_killed_recording_leaves_every_file_old_or_new(acme, recorded, monkeypatch):
    old = recorded.edit("acme_server.py", '"login": "ada"', '"login": "eve"')
    arguments = ("--record-mode=rewrite", "--snapshot-update", "test_acme.py::test_walk")
    new = old.run(*arguments).project
    changed = [name for name in old.files if old.files[name] != new.files[name]]
    assert changed == [WALK, "snapshots/test_acme/test_walk.json"]
    dying = old.write("conftest.py", KILLED + old.files["conftest.py"].decode())
    seen = set()
    for step in range(1, 99):
        monkeypatch.setenv("KILL_BEFORE", str(step))
        left = dying.run(*arguments, subprocess=True)
        if left.exit_code == 0:
            break
        assert left.exit_code == -9
        assert all(left.project.files[name] in (old.files[name], new.files[name]) for name in changed)
        assert all(name.endswith(".tmp") for name in left.project.files.keys() - old.files.keys())
        seen.add(tuple(left.project.files[name] == new.files[name] for name in changed))
    # It was killed before, between and after the two files, at four moments at least.
    assert step > 4
    assert seen == {(False, False), (True, False)}


@pytest.mark.loopback
def test_an_interrupt_keeps_what_was_recorded_before_it_and_nothing_of_the_scenario(acme, recorded):
    interrupted = acme.edit(
        "test_acme.py",
        '    assert await lumos.call("list_accounts", page',
        '    raise KeyboardInterrupt\n    assert await lumos.call("list_accounts", page',
    )
    run = interrupted.run("--record-mode=once", subprocess=True)
    assert run.exit_code == pytest.ExitCode.INTERRUPTED
    kept = {"cassettes": [WALK], "snapshots": ["snapshots/test_acme/test_walk.json"]}
    assert {kind: list(run.project.recorded(kind)) for kind in kept} == kept
    assert run.project.files[WALK] == recorded.files[WALK]


SLOW = """
import asyncio, os, signal
from acme_server import create_app as create


def create_app():
    app = create()

    @app.middleware("http")
    async def never(request, call_next):
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.Event().wait()

    return app
"""


@pytest.mark.loopback
def test_ctrl_c_while_the_upstream_hangs_ends_at_once_and_leaves_nothing(acme):
    # What a shell runs in its background ignores Ctrl-C, and so does all that it starts.
    heeds = "import signal\n\nimport pytest\n\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
    hangs = (
        acme.write("acme_slow.py", SLOW)
        .edit("conftest.py", "acme_server:create_app", "acme_slow:create_app")
        .edit("conftest.py", "import pytest\n", heeds)
    )
    run = hangs.run("--record-mode=once", subprocess=True)
    assert run.exit_code == pytest.ExitCode.INTERRUPTED
    run.said("KeyboardInterrupt")
    assert run.project == hangs


BREAKS_OFF = """
from acme_server import create_app as create


def create_app():
    app = create()

    async def breaks_off(scope, receive, send):
        if scope["type"] != "http":
            return await app(scope, receive, send)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]})
        await send({"type": "http.response.body", "body": b"half"})

    return breaks_off
"""


@pytest.mark.loopback
def test_an_answer_that_breaks_off_is_no_recording(acme):
    project = acme.write("acme_half.py", BREAKS_OFF).edit(
        "conftest.py", "acme_server:create_app", "acme_half:create_app"
    )
    run = project.run("--record-mode=once", "test_acme.py::test_walk")
    run.had(failed=1)
    run.said(
        "The upstream application raised LocalProtocolError: Too little data for declared Content-Length",
        "request: GET /v1/users?limit=2",
    )
    assert run.project == project


AT_ONCE = """
    import asyncio
    async with Client(args) as client:
        await asyncio.gather(*(client.get("/late", place=place) for place in range(5)))
    paginations = NextPageToken(get"""


LATE = """
import asyncio
from acme_server import create_app as create


def create_app():
    app = create()
    gates = [asyncio.Event() for _ in range(6)]
    gates[5].set()

    @app.get("/v1/late")
    async def late(place: int):
        # The last that came answers first.
        await gates[place + 1].wait()
        gates[place].set()
        return place

    return app
"""


@pytest.mark.loopback
def test_requests_that_are_made_at_once_are_kept_in_the_order_in_which_they_were_made(acme):
    project = (
        acme.write("acme_late.py", LATE)
        .edit("conftest.py", "acme_server:create_app", "acme_late:create_app")
        .edit("acme_connector.py", "\n    paginations = NextPageToken(get", AT_ONCE)
    )
    run = project.run("--record-mode=once", "test_acme.py::test_wrong_token")
    run.had(passed=1)
    cassette = run.project.files["cassettes/test_acme/test_wrong_token.yaml"].decode()
    assert re.findall(r"late\?place=(\d)", cassette) == list("01234")
    run.project.run("test_acme.py::test_wrong_token").had(passed=1)


LINKS = """
from acme_server import USERS, create_app as create
from fastapi import Request


def create_app():
    app = create()

    @app.get("/linked")
    async def linked(request: Request, start: int = 0):
        following = str(request.url.replace_query_params(start=start + 2)) if start == 0 else None
        return {"users": USERS[start : start + 2], "next": following}

    return app


app = create_app()
"""


FOLLOWS = """
    async with Client(args) as client:
        page, users = await client.get(get_settings(args, Settings).url + "/linked"), []
        while True:
            users += page["users"]
            if page["next"] is None:
                break
            page = (await client._http_client.get(page["next"])).json()
        assert len(users) == 3, users
    paginations = NextPageToken(get"""


def _linked(acme, origin):
    return (
        acme.write("acme_links.py", LINKS)
        .edit("acme_connector.py", "\n    paginations = NextPageToken(get", FOLLOWS)
        .edit("conftest.py", "acme_server:create_app", "acme_links:create_app")
        .edit("conftest.py", 'origin="https://acme.example.com"', f'origin="{origin}"')
        .edit("conftest.py", '"https://acme.example.com/v1"', f'"{origin}"')
        .write("test_acme.py", "async def test_walk(lumos):\n    await lumos.call('list_accounts')\n")
    )


@pytest.mark.parametrize("origin", ["https://acme.example.com", "https://acme.example.com/api/v2"])
@pytest.mark.loopback
def test_links_that_the_application_makes_lead_to_the_origin(acme, origin):
    run = _linked(acme, origin).run("--record-mode=once")
    run.had(passed=1)
    assert f"uri: {origin}/linked?start=2".encode() in run.project.files[WALK]
    run.project.run().had(passed=1)


@pytest.mark.loopback
def test_links_that_a_running_server_makes_are_recorded_at_the_origin(acme):
    project = _linked(acme, "https://acme.example.com/api")
    with serve("acme_links:create_app", project.materialize()) as url:
        run = project.run("--record-mode=once", f"--upstream-url={url}")
    run.had(passed=1)
    cassette = run.project.files[WALK]
    assert b"127.0.0.1" not in cassette
    assert b'"next": "https://acme.example.com/api/linked?start=2"' in cassette
    run.project.run().had(passed=1)


@pytest.mark.loopback
def test_a_new_snapshot_that_tells_an_error_is_named_once(acme):
    run = acme.run("--record-mode=once")
    (line,) = [line for line in run.output.splitlines() if "a new snapshot has an error" in line]
    assert line.endswith("snapshots/test_acme/test_wrong_token.json")
    assert "a new snapshot has an error" not in run.project.run("--record-mode=rewrite").output


@pytest.mark.loopback
def test_a_recording_is_proved_while_the_fixtures_of_its_test_are_there(acme):
    """What a test has set for itself is in force, and old files stay where the proof fails."""
    first = "    paginations = NextPageToken(get_page("
    reads = f"    import os\n    assert os.environ['ACME_PAGES'] == 'few'\n{first}"
    project = acme.edit("acme_connector.py", first, reads).edit(
        "test_acme.py",
        "async def test_walk(lumos, snapshot):\n",
        "async def test_walk(lumos, snapshot, monkeypatch):\n    monkeypatch.setenv('ACME_PAGES', 'few')\n",
    )
    run = project.run("--record-mode=once", "test_acme.py::test_walk")
    run.had(passed=1)
    run.project.run("test_acme.py::test_walk").had(passed=1)
    random = run.project.edit("acme_connector.py", "limit=size", "limit=size, nonce=next(NONCES)")
    random = random.edit(
        "acme_connector.py", "\nSTATUSES", "\nfrom itertools import count\nNONCES = count(1000)\nSTATUSES"
    )
    refused = random.run("--record-mode=rewrite", "test_acme.py::test_walk")
    refused.had(failed=1)
    refused.said(
        "because it cannot be replayed: the connector makes a request that differs from before:",
        "capability: list_accounts, page 1",
        "query nonce: recorded '1000', now '1003'",
        "ConnectorUnderTest(aliases={'nonce': 'request.query.nonce'}).",
    )
    assert refused.project == random
    assert "Traceback" not in refused.output
