"""Scenarios from the author's side: a project, a run of pytest, what it says and what it leaves."""

from __future__ import annotations

import json
import re
import socket
from urllib.parse import quote

import pytest

from connector_contract.live.upstream import serve

WALK = "cassettes/test_acme/test_walk.yaml"
CREATE = "cassettes/test_acme/test_create.yaml"


def said(run, *lines):
    """Whether a run's output holds these lines, in this order, whatever is between them."""
    rest = " ".join(run.output.split())
    for line in lines:
        _before, found, rest = rest.partition(" ".join(line.split()))
        assert found, f"not said: {line}\n{run.output}"


def outcomes(run, **expected):
    counted = {name: number for name, number in run.outcomes.items() if not name.startswith("warning")}
    assert counted == expected, run.output


# Replaying


def test_replays_without_network_and_says_what_that_proved(recorded):
    run = recorded.run()
    outcomes(run, passed=3)
    said(run, "3 scenarios replayed offline: 5 requests as recorded, 4 responses as in the snapshots")
    assert run.project == recorded


def test_a_scenario_without_cassette_says_which_file_and_how_to_record_it(recorded):
    run = recorded.remove(WALK).run("test_acme.py::test_walk")
    outcomes(run, errors=1)
    said(
        run,
        "The scenario is not recorded: it has no cassette.",
        f"cassette: {WALK}",
        "scenario: test_acme.py::test_walk",
        "pytest --record-mode=once test_acme.py::test_walk",
    )
    assert "Traceback" not in run.output


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{ garbage", "it is no YAML that a cassette may hold"),
        (b"\xff\xfe\x00", "it is no UTF-8"),
        (b"", "it has no list of interactions"),
        (b"just text", "it has no list of interactions"),
        (b"version: 3\ninteractions: []\n", "its version is 3, not 1"),
        (b"version: 1\ninteractions:\n- request: {}\n", "interaction 1 lacks a part"),
        (b"version: 1\ninteractions: !!python/object/apply:os.getcwd []\n", "it is no YAML that a cassette"),
    ],
)
@pytest.mark.parametrize("mode", ["none", "once"])
def test_a_corrupt_cassette_is_told_and_left_alone(recorded, content, reason, mode):
    broken = recorded.write(WALK, content)
    run = broken.run(f"--record-mode={mode}", "test_acme.py::test_walk")
    outcomes(run, errors=1)
    said(run, "The cassette cannot be used:", reason, f"cassette: {WALK}", "--record-mode=rewrite")
    assert "Traceback" not in run.output
    assert run.project == broken


def _without_last_interaction(text: str) -> str:
    return text[: text.rindex("- request:")]


def test_a_cassette_that_was_cut_between_interactions_is_corrupt(recorded):
    cut = recorded.write(WALK, _without_last_interaction(recorded.files[WALK].decode()))
    run = cut.run("test_acme.py::test_walk")
    outcomes(run, errors=1)
    said(run, "The cassette cannot be used: it says that it holds 2 interactions, and holds 1.")


def test_a_request_that_is_not_recorded_names_the_nearest(recorded):
    text = _without_last_interaction(recorded.files[WALK].decode()).replace("count: 2", "count: 1")
    run = recorded.write(WALK, text).run("test_acme.py::test_walk")
    outcomes(run, failed=1)
    said(
        run,
        "The connector made a request that is not recorded: GET https://acme.example.com/v1/users?limit=2&start=2",
        f"cassette: {WALK}",
        "nearest recorded request, number 1: GET https://acme.example.com/v1/users?limit=2&start=0",
        "query start: recorded '0', now '2'",
        "pytest --record-mode=rewrite test_acme.py::test_walk",
    )


def test_a_changed_mapping_shows_the_field_old_and_new(recorded):
    changed = recorded.edit("acme_connector.py", 'username=user["login"]', 'username=user["mail"]')
    run = changed.run("test_acme.py::test_walk")
    outcomes(run, failed=1)
    said(run, '-       "username": "ada",', '+       "username": "ada@example.com",')
    assert run.project == changed


def test_a_changed_next_offset_is_a_changed_request(recorded):
    changed = recorded.edit("acme_connector.py", 'start=page["next"]', 'start=page["next"] + 1')
    run = changed.run("test_acme.py::test_walk")
    outcomes(run, failed=1)
    said(run, "The connector made a request that is not recorded", "query start: recorded '2', now '3'")


def test_a_changed_body_is_a_changed_request(recorded):
    run = recorded.edit("acme_connector.py", '{"login": "new"}', '{"login": "now"}').run("-k", "create")
    outcomes(run, failed=1, deselected=2)
    said(run, 'body.login: recorded "new", now "now"')


def test_a_removed_status_check_is_caught(recorded):
    run = recorded.edit("acme_connector.py", "        response.raise_for_status()\n", "").run("-k", "wrong")
    outcomes(run, failed=1, deselected=2)


def test_a_connector_that_stops_sending_its_token_is_caught_and_the_token_not_shown(recorded):
    changed = recorded.edit("acme_connector.py", '"auth": BearerAuth(get_token_auth(args).token), ', "")
    run = changed.run("test_acme.py::test_walk")
    outcomes(run, failed=1)
    said(run, "header authorization: recorded 'Bearer <token.token>', now none")
    assert "open-sesame" not in run.output.replace("{'token': 'open-sesame'}", "")


@pytest.mark.loopback
def test_a_header_that_carries_a_secret_must_match_whatever_its_name(acme):
    header = '"headers": {"X-Workspace": get_token_auth(args).token}, '
    keyed = acme.edit("acme_connector.py", '"base_url"', header + '"base_url"')
    run = keyed.run("--record-mode=once", "test_acme.py::test_walk")
    outcomes(run, passed=1)
    assert b"x-workspace:\n      - <token.token>" in run.project.files[WALK]
    other = run.project.edit("acme_connector.py", header, "").run("test_acme.py::test_walk")
    outcomes(other, failed=1)
    said(other, "header x-workspace: recorded '<token.token>', now none")


@pytest.mark.loopback
def test_a_header_that_the_author_names_must_match(acme):
    named = acme.edit("conftest.py", "integration=", 'match_headers=["X-Api-Version"], integration=').edit(
        "acme_connector.py",
        "get(path, params=params)",
        'get(path, params=params, headers={"X-API-Version": "2"})',
    )
    run = named.run("--record-mode=once", "test_acme.py::test_walk")
    outcomes(run, passed=1)
    assert b"x-api-version:" in run.project.files[WALK]
    changed = run.project.edit("acme_connector.py", '"X-API-Version": "2"', '"X-API-Version": "3"')
    other = changed.run("test_acme.py::test_walk")
    outcomes(other, failed=1)
    said(other, "header x-api-version: recorded '2', now '3'")


def test_a_request_made_more_often_than_recorded_is_caught(recorded):
    changed = recorded.edit(
        "acme_connector.py",
        "        page = await",
        "        await client.get('/users', limit=size, start=start)\n        page = await",
    )
    run = changed.run("test_acme.py::test_walk")
    outcomes(run, failed=1)
    said(run, "The connector made a request more often than it is recorded", "played by now: 1 times")


def test_a_recorded_request_that_is_never_made_fails_the_scenario(recorded):
    changed = recorded.edit("acme_connector.py", 'page["next"] is None', "True").edit(
        "test_acme.py", "assert await lumos.walk", "await lumos.walk"
    )
    run = changed.run("test_acme.py::test_walk")
    outcomes(run, passed=1, errors=1)
    said(
        run,
        "The connector did not make 1 of the 2 recorded requests.",
        "number 2: GET https://acme.example.com/v1/users?limit=2&start=2",
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
    outcomes(run, failed=1)
    said(run, "The connector made a request that is not recorded")


def test_an_error_that_the_test_swallows_fails_the_scenario_at_its_end(recorded):
    changed = recorded.edit("acme_connector.py", "start=start)\n", "start=start + 1)\n").write(
        "test_acme.py",
        "async def test_walk(lumos):\n    try:\n        await lumos.walk('list_accounts')\n"
        "    except Exception:\n        print('never mind')\n",
    )
    run = changed.run("test_acme.py::test_walk")
    outcomes(run, passed=1, errors=1)
    said(run, "The connector made a request that is not recorded")


def test_no_socket_is_opened_in_a_replay_not_even_to_this_machine(recorded):
    opens = (
        "        import socket\n        with socket.socket() as one:\n"
        "            one.connect(('127.0.0.1', 9))\n        page = await"
    )
    run = recorded.edit("acme_connector.py", "        page = await", opens).run("test_acme.py::test_walk")
    outcomes(run, failed=1)
    said(run, "The connector tried to connect to ('127.0.0.1', 9), in a replay, which has no network.")


def test_a_walk_that_asks_for_the_same_page_again_is_a_failure(recorded):
    endless = recorded.edit("acme_connector.py", 'page["next"] is None', "False").edit(
        "acme_connector.py", 'start=page["next"]', "start=0"
    )
    run = endless.run("test_acme.py::test_walk")
    outcomes(run, failed=1)
    said(run, "The connector made a request more often than it is recorded")


# Recording


@pytest.mark.loopback
def test_records_what_is_missing_and_says_what_it_recorded(acme, recorded):
    run = acme.run("--record-mode=once")
    outcomes(run, passed=3)
    said(run, "3 scenarios recorded from acme_server:create_app: 5 interactions, 3 cassettes changed, 4 new")
    # What is in version control is what a recording gives, byte for byte.
    assert run.project == recorded


@pytest.mark.loopback
def test_recording_again_changes_nothing(recorded):
    run = recorded.run("--record-mode=rewrite")
    outcomes(run, passed=3)
    said(run, "5 interactions, 0 cassettes changed, 0 new snapshots, 0 changed")
    assert run.project == recorded


@pytest.mark.loopback
def test_parallel_workers_record_the_same_and_the_summary_is_whole(acme, recorded):
    run = acme.run("--record-mode=once", "-n2", subprocess=True)
    outcomes(run, passed=3)
    said(run, "3 scenarios recorded from acme_server:create_app: 5 interactions")
    assert run.project == recorded


def test_parallel_workers_replay(recorded):
    run = recorded.run("-n2", subprocess=True)
    outcomes(run, passed=3)
    said(run, "3 scenarios replayed offline")


def test_once_replays_what_is_recorded_whatever_the_server_says_now(recorded):
    changed = recorded.edit("acme_server.py", '"login": "ada"', '"login": "eve"')
    run = changed.run("--record-mode=once")
    outcomes(run, passed=3)
    assert run.project == changed


def test_once_writes_a_missing_snapshot_of_a_recorded_scenario(recorded):
    run = recorded.remove("snapshots").run("--record-mode=once")
    outcomes(run, passed=3)
    assert run.project == recorded


@pytest.mark.loopback
def test_once_never_changes_an_existing_snapshot(recorded):
    changed = recorded.edit("acme_server.py", '"login": "ada"', '"login": "eve"').remove(WALK)
    run = changed.run("--record-mode=once", "test_acme.py::test_walk")
    outcomes(run, failed=1)
    said(run, '-       "username": "ada",', '+       "username": "eve",')
    assert run.project == changed


@pytest.mark.loopback
def test_rewrite_keeps_the_old_files_of_a_scenario_that_fails(recorded):
    changed = recorded.edit("acme_server.py", '"login": "ada"', '"login": "eve"')
    run = changed.run("--record-mode=rewrite", "test_acme.py::test_walk")
    outcomes(run, failed=1)
    assert run.project == changed


@pytest.mark.loopback
def test_rewrite_and_snapshot_update_accept_what_changed(recorded):
    changed = recorded.edit("acme_server.py", '"login": "ada"', '"login": "eve"')
    run = changed.run("--record-mode=rewrite", "--snapshot-update", "test_acme.py::test_walk")
    outcomes(run, passed=1)
    said(run, "1 scenario recorded", "1 cassette changed, 0 new snapshots, 1 changed")
    assert b'"username": "eve"' in run.project.files["snapshots/test_acme/test_walk.json"]
    outcomes(run.project.run("test_acme.py::test_walk"), passed=1)


@pytest.mark.loopback
def test_a_scenario_that_fails_late_writes_none_of_its_snapshots(acme):
    failing = acme.edit("test_acme.py", 'snapshot(name="read back")', '"something else"')
    run = failing.run("--record-mode=once", "-k", "create")
    outcomes(run, failed=1, deselected=2)
    assert run.project == failing


def test_snapshot_update_of_a_replay_changes_the_snapshot_alone(recorded):
    changed = recorded.edit("acme_connector.py", 'username=user["login"]', 'username=user["mail"]')
    run = changed.run("--snapshot-update", "test_acme.py::test_walk")
    outcomes(run, passed=1)
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
    outcomes(run, passed=1, errors=1, deselected=2)
    said(run, "The scenario no longer compares 1 of its snapshots.", "test_create[read back].json")
    updated = less.run("-k", "create", "--snapshot-update")
    outcomes(updated, passed=1, deselected=2)
    assert less.files.keys() - updated.project.files.keys() == {
        "snapshots/test_acme/test_create[read back].json"
    }


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe"])
def test_a_snapshot_that_was_edited_is_a_difference(recorded, content):
    broken = recorded.write("snapshots/test_acme/test_walk.json", content)
    run = broken.run("test_acme.py::test_walk")
    outcomes(run, failed=1)
    assert run.project == broken


@pytest.mark.loopback
def test_new_episodes_adds_what_is_not_recorded(recorded):
    longer = recorded.remove("snapshots").write(
        "test_acme.py",
        "async def test_walk(lumos):\n    await lumos.walk('list_accounts', page_size=2)\n"
        "    await lumos.call('list_accounts', page={'size': 1})\n",
    )
    run = longer.run("--record-mode=new_episodes")
    outcomes(run, passed=1)
    before, after = longer.files[WALK].decode(), run.project.files[WALK].decode()
    assert after.startswith(before.replace("count: 2", "count: 3"))
    assert "limit=1&start=0" in after
    outcomes(run.project.run(), passed=1)


@pytest.mark.loopback
def test_all_records_again_what_is_recorded(recorded):
    run = (
        recorded.edit("acme_server.py", '"mail": "bob@example.com"', '"mail": null')
        .edit("acme_server.py", "null", "None")
        .run("--record-mode=all", "--snapshot-update", "test_acme.py::test_walk")
    )
    outcomes(run, passed=1)
    assert b"bob@example.com" not in run.project.files[WALK]
    assert b"count: 2" in run.project.files[WALK]


@pytest.mark.loopback
def test_all_does_not_lose_an_interaction_that_was_not_made_again(recorded):
    shorter = recorded.edit("acme_connector.py", 'page["next"] is None', "True")
    run = shorter.run("--record-mode=all", "--snapshot-update", "test_acme.py::test_walk")
    outcomes(run, passed=1, errors=1)
    said(run, "The connector did not make 1 of the 2 recorded requests.")
    assert run.project == shorter


@pytest.mark.loopback
def test_with_recording_disabled_a_scenario_runs_live_and_no_file_changes(recorded):
    changed = recorded.edit("acme_server.py", '"login": "ada"', '"login": "eve"')
    run = changed.run("--disable-recording", "test_acme.py::test_walk")
    outcomes(run, failed=1)
    said(run, '+       "username": "eve",')
    assert run.project == changed


@pytest.mark.loopback
def test_every_scenario_starts_from_a_fresh_server_also_where_the_application_is_no_factory(acme, recorded):
    instance = acme.edit("conftest.py", "acme_server:create_app", "acme_app:app").write(
        "acme_app.py", "from acme_server import create_app\n\napp = create_app()\n"
    )
    run = instance.edit("test_acme.py", "async def test_walk", "async def test_z_walk").run(
        "--record-mode=once"
    )
    outcomes(run, passed=3)
    assert (
        run.project.files["snapshots/test_acme/test_z_walk.json"]
        == recorded.files["snapshots/test_acme/test_walk.json"]
    )


@pytest.mark.loopback
def test_the_port_of_the_origin_may_be_taken(acme):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        origin = f"http://127.0.0.1:{taken.getsockname()[1]}"
        run = acme.edit("conftest.py", "https://acme.example.com", origin).run("--record-mode=once")
    outcomes(run, passed=3)
    assert f"uri: {origin}/v1/users?limit=2&start=0".encode() in run.project.files[WALK]


@pytest.mark.loopback
def test_a_request_to_another_server_is_refused_while_recording(acme):
    elsewhere = acme.edit(
        "conftest.py", '"url": "https://acme.example.com', '"url": "https://elsewhere.example'
    )
    run = elsewhere.run("--record-mode=once", "test_acme.py::test_walk")
    outcomes(run, failed=1)
    said(
        run,
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
    outcomes(run, failed=1)
    assert any(complaint in run.output for complaint in complaints), run.output
    assert run.project == project


@pytest.mark.loopback
def test_no_secret_of_the_connector_is_on_disk(acme):
    run = acme.run("--record-mode=once")
    written = {**run.project.recorded("cassettes"), **run.project.recorded("snapshots")}
    assert written
    assert not [name for name, data in written.items() if b"open-sesame" in data or b"wrong\n" in data]
    assert b"Bearer <token.token-2>" in written["cassettes/test_acme/test_wrong_token.yaml"]


AWKWARD = ["a+b/c=d%25&e", 'quo"te\\d', "schlüssel ß", "line\nbreak-9", "x7", "sesame", "open-sesame-2"]

# A server that sends back all that it is sent.
ECHO = """
from acme_server import create_app as create
from fastapi import Request


def create_app():
    app = create()

    @app.post("/v1/echo")
    async def echo(request: Request):
        return {
            "url": str(request.url),
            "query": dict(request.query_params),
            "body": (await request.body()).decode(),
            "authorization": request.headers["authorization"],
        }

    return app
"""

# A connector that sends its secret wherever it can, logs it, and shows it in an error.
SENDS = """
    import base64, logging
    secret = get_token_auth(args).token
    basic = "Basic " + base64.b64encode(f"user:{secret}".encode()).decode()
    async with Client(args) as client:
        client._http_client.auth = None
        parts = {"params": {"q": secret}, "json": {"s": secret}, "headers": {"authorization": basic}}
        answer = await client._http_client.post("/echo", **parts)
    logging.getLogger("acme").error("sent %s", secret, exc_info=ValueError(secret))
    raise ValueError(f"{answer.text} {secret}")
"""


@pytest.mark.parametrize("secret", AWKWARD)
@pytest.mark.loopback
def test_no_awkward_secret_is_stored_or_shown_wherever_the_connector_sends_it(acme, secret):
    project = (
        acme.write("acme_echo.py", ECHO)
        .edit("conftest.py", "acme_server:create_app", "acme_echo:create_app")
        .edit("conftest.py", '"open-sesame"', repr(secret))
        .edit(
            "acme_connector.py",
            "    paginations = NextPageToken(get",
            SENDS + "    paginations = NextPageToken(get",
        )
        .write(
            "test_acme.py",
            "async def test_walk(lumos, snapshot):\n"
            "    assert await lumos.call('list_accounts') == snapshot\n    raise RuntimeError\n",
        )
    )
    failed = project.run("--record-mode=once")
    outcomes(failed, failed=1)
    said(failed, "sent <token.token>", "ValueError: <token.token>")
    run = project.edit("test_acme.py", "    raise RuntimeError\n", "").run("--record-mode=once")
    outcomes(run, passed=1)
    (cassette,) = run.project.recorded("cassettes").values()
    (snapshot,) = run.project.recorded("snapshots").values()
    assert cassette.count(b"<token.token>") >= 5
    assert snapshot.count(b"<token.token>") >= 3
    logged = failed.output[failed.output.index("Captured log") :]
    for text in (cassette.decode(), snapshot.decode(), logged):
        for spelling in {secret, repr(secret)[1:-1], quote(secret, safe=""), json.dumps(secret)[1:-1]}:
            assert not re.search(rf"(?<!\w){re.escape(spelling)}(?!\w)", text), spelling
    outcomes(run.project.run(), passed=1)


@pytest.mark.loopback
def test_a_token_that_the_server_hands_out_is_a_placeholder_and_still_replays(acme):
    server = acme.files["acme_server.py"].decode()
    login = server.replace(
        "    return app\n",
        "    @app.post('/v1/login')\n    async def login():\n"
        "        return {'access_token': 'open-sesame'}\n\n    return app\n",
    )
    logs_in = (
        "        answer = await client._http_client.post('/login')\n"
        "        client._http_client.auth = BearerAuth(answer.json()['access_token'])\n        page = await"
    )
    project = (
        acme.write("acme_server.py", login)
        .edit("conftest.py", '"open-sesame"', '"something else"')
        .edit("acme_connector.py", "        page = await", logs_in)
    )
    run = project.run("--record-mode=once", "test_acme.py::test_walk")
    outcomes(run, passed=1)
    assert b"open-sesame" not in run.project.files[WALK]
    assert run.project.files[WALK].count(b"Bearer <access_token>") == 2
    outcomes(run.project.run("test_acme.py::test_walk"), passed=1)


@pytest.mark.loopback
def test_a_recording_that_would_still_hold_a_secret_is_not_saved(acme):
    hides = acme.edit(
        "acme_server.py",
        'return {"users": users[start',
        'import base64; return {"x": base64.b64encode(b"..open-sesame..").decode(), "users": users[start',
    )
    run = hides.run("--record-mode=once", "test_acme.py::test_walk")
    outcomes(run, passed=1, errors=1)
    said(run, "The recording was not saved, because the secret token.token is still in it: GET https://acme")
    assert run.project == hides


COMPRESSES = """
import gzip
from acme_server import create_app as create
from fastapi import Request, Response


def create_app():
    app = create()

    @app.middleware("http")
    async def compress(request: Request, call_next):
        if {asked!r} not in request.headers["accept-encoding"]:
            return await call_next(request)
        answer = await call_next(request)
        body = b"".join([part async for part in answer.body_iterator])
        return Response(gzip.compress(body, mtime=0), answer.status_code, {{"content-encoding": "gzip"}},
                        "application/json")

    return app
"""


@pytest.mark.loopback
def test_an_upstream_is_asked_not_to_compress(acme, recorded):
    project = acme.write("acme_gzip.py", COMPRESSES.format(asked="gzip")).edit(
        "conftest.py", "acme_server:create_app", "acme_gzip:create_app"
    )
    run = project.run("--record-mode=once", "test_acme.py::test_walk")
    outcomes(run, passed=1)
    assert run.project.files[WALK] == recorded.files[WALK]


@pytest.mark.loopback
def test_what_is_compressed_all_the_same_is_kept_exactly_and_searched_for_secrets(acme):
    project = acme.write("acme_gzip.py", COMPRESSES.format(asked="")).edit(
        "conftest.py", "acme_server:create_app", "acme_gzip:create_app"
    )
    run = project.run("--record-mode=once", "test_acme.py::test_walk")
    outcomes(run, passed=1)
    assert b"string: !!binary" in run.project.files[WALK]
    outcomes(run.project.run("test_acme.py::test_walk"), passed=1)
    leaks = project.edit("acme_server.py", '"mail": "ada@example.com"', '"mail": "open-sesame"')
    refused = leaks.run("--record-mode=once", "test_acme.py::test_walk")
    outcomes(refused, passed=1, errors=1)
    said(refused, "because the secret token.token is still in it")
    assert refused.project == leaks


@pytest.mark.loopback
def test_names_that_are_secret_can_be_added_with_a_reason(acme):
    ini = "[pytest]\ncontract_secret_names =\n    mail: is private\n"
    run = acme.write("pytest.ini", ini).run("--record-mode=once", "test_acme.py::test_walk")
    outcomes(run, passed=1)
    assert b"ada@example.com" not in run.project.files[WALK]
    assert b'"mail": "<mail-2>"' in run.project.files[WALK]
    assert b'"email": "<mail-2>"' in run.project.files["snapshots/test_acme/test_walk.json"]


def test_a_secret_name_without_a_reason(recorded):
    run = recorded.write("pytest.ini", "[pytest]\ncontract_secret_names = mail\n").run()
    assert run.exit_code == pytest.ExitCode.USAGE_ERROR
    said(run, "The ini option contract_secret_names has the line 'mail': it is no name and reason.")


# A server that makes its ids and times up anew for each state.
UNSTEADY = """
import datetime, itertools, uuid
from acme_server import create_app as create

STATES = itertools.count(1)


def create_app():
    app = create()
    state = next(STATES)

    @app.middleware("http")
    async def unsteady(request, call_next):
        import fastapi, json
        if request.url.path != "/v1/users" or request.method != "POST":
            return await call_next(request)
        now = datetime.datetime(2026, 1, 1) + datetime.timedelta(days=state, microseconds=state)
        made = {"id": str(uuid.UUID(int=state * 7919)), "serial": 41000 + state, "at": now.isoformat() + "Z"}
        return fastapi.responses.JSONResponse({**made, "state": "on"})

    @app.get("/v1/users/{user_id}")
    async def read(user_id: str):
        return {"id": user_id, "serial": 41000 + state, "state": "on", "old": "2020-02-02T02:02:02Z"}

    return app
"""
READS_BACK = """
    async with Client(args) as client:
        again = await client.get(f"/users/{user['id']}", serial=user["serial"])
    assert again["id"] == user["id"] and again["serial"] == user["serial"], again
    user["id"] = f"{user['id']} {again['serial']} {user['at']}"
    return CreateAccountResponse("""


def _unsteady(acme):
    return (
        acme.write("acme_unsteady.py", UNSTEADY)
        .edit("conftest.py", "acme_server:create_app", "acme_unsteady:create_app")
        .edit("conftest.py", "integration=", 'aliases={"user": "[id, serial]", "time": "at"}, integration=')
        .edit("acme_connector.py", "\n    return CreateAccountResponse(", READS_BACK)
        .edit("test_acme.py", 'page={"size": 100}) == snapshot(name="read back")', ") is not None")
    )


@pytest.mark.loopback
def test_what_a_server_makes_up_anew_has_a_stand_in_wherever_it_appears(acme):
    first = _unsteady(acme).run("--record-mode=once", "-k", "create")
    outcomes(first, passed=1, deselected=2)
    cassette = first.project.files[CREATE].decode()
    assert (
        "uri: https://acme.example.com/v1/users/00000000-0000-4000-8000-000000000001?serial=9000002"
        in cassette
    )
    assert '"serial": 9000002' in cassette
    assert '"at": "2000-01-01T00:00:03.000000Z"' in cassette
    assert '"old": "2020-02-02T02:02:02Z"' in cassette
    snapshot = first.project.files["snapshots/test_acme/test_create[created].json"].decode()
    assert '"id": "00000000-0000-4000-8000-000000000001 9000002 2000-01-01T00:00:03.000000Z"' in snapshot
    again = first.project.write("acme_unsteady.py", UNSTEADY.replace("count(1)", "count(5)")).run(
        "--record-mode=rewrite", "-k", "create"
    )
    outcomes(again, passed=1, deselected=2)
    assert again.project.recorded("cassettes") == first.project.recorded("cassettes")
    outcomes(again.project.run("-k", "create"), passed=1, deselected=2)


@pytest.mark.parametrize(
    ("aliases", "complaint"),
    [
        ('{"user": "items[]["}', "'user': 'items[][': "),
        ('{"a b": "id"}', "the name has to be a word"),
        ('{"page": "next"}', "it finds 2, which is too short a number"),
        ('{"user": "users[0]"}', "and only texts and numbers have stand-ins"),
    ],
)
@pytest.mark.loopback
def test_aliases_that_cannot_be(acme, aliases, complaint):
    project = acme.edit("conftest.py", "integration=", f"aliases={aliases}, integration=")
    run = project.run("--record-mode=once", "test_acme.py::test_walk")
    assert run.exit_code == 1
    said(run, "ConnectorUnderTest(aliases=...) has", complaint, "Give a JMESPath")
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
    said(run, "KeyboardInterrupt")
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
    outcomes(run, passed=1, errors=1)
    said(run, "The upstream did not answer 1 of 1 requests as a whole.")
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
    outcomes(run, passed=1)
    cassette = run.project.files["cassettes/test_acme/test_wrong_token.yaml"].decode()
    assert re.findall(r"late\?place=(\d)", cassette) == list("01234")
    outcomes(run.project.run("test_acme.py::test_wrong_token"), passed=1)


LOGIN = """
from acme_server import create_app as create
from fastapi import Request, Response


def create_app():
    app = create()

    @app.post("/v1/login")
    async def login(response: Response):
        response.set_cookie("session", "a-cookie-of-a-login", max_age=3600)
        return {}

    @app.get("/v1/me")
    async def me(request: Request, response: Response):
        response.status_code = 200 if request.cookies.get("session") == "a-cookie-of-a-login" else 401
        return {}

    return app
"""


@pytest.mark.loopback
def test_a_login_by_cookie_is_recorded_without_the_cookie_and_replayed(acme):
    logs_in = '        await client.post("/login", {})\n        await client.get("/me")\n        page = await'
    project = (
        acme.write("acme_login.py", LOGIN)
        .edit("conftest.py", "acme_server:create_app", "acme_login:create_app")
        .edit("acme_connector.py", "        page = await", logs_in)
    )
    run = project.run("--record-mode=once", "test_acme.py::test_walk")
    outcomes(run, passed=1)
    cassette = run.project.files[WALK]
    assert b"a-cookie-of-a-login" not in cassette
    assert b"session=<cookie.session>" in cassette
    assert b'"is_error"' not in run.project.files["snapshots/test_acme/test_walk.json"]
    outcomes(run.project.run("test_acme.py::test_walk"), passed=1)


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
    outcomes(run, passed=1)
    assert f"uri: {origin}/linked?start=2".encode() in run.project.files[WALK]
    outcomes(run.project.run(), passed=1)


@pytest.mark.loopback
def test_links_that_a_running_server_makes_are_recorded_at_the_origin(acme):
    project = _linked(acme, "https://acme.example.com/api")
    with serve("acme_links:create_app", project.materialize()) as url:
        run = project.run("--record-mode=once", f"--upstream-url={url}")
    outcomes(run, passed=1)
    cassette = run.project.files[WALK]
    assert b"127.0.0.1" not in cassette
    assert b'"next": "https://acme.example.com/api/linked?start=2"' in cassette
    outcomes(run.project.run(), passed=1)


# What an author can get wrong


@pytest.mark.parametrize("body", ["pass", "lumos.call('list_accounts').close()"])
def test_a_scenario_that_calls_nothing_shows_nothing(recorded, body):
    project = recorded.remove("snapshots").write("test_acme.py", f"async def test_walk(lumos):\n    {body}\n")
    run = project.run("--record-mode=once", "test_acme.py::test_walk")
    outcomes(run, passed=1, errors=1)
    said(run, "The scenario has called no capability, so it shows nothing.")


def test_one_broken_connector_does_not_fail_the_others(recorded):
    names = ["conftest.py", "test_acme.py"]
    project = recorded
    for folder in ("a", "b"):
        for name in names:
            project = project.write(f"{folder}/{name}", recorded.files[name])
    for name in list(recorded.recorded("cassettes")) + list(recorded.recorded("snapshots")):
        for folder in ("a", "b"):
            project = project.write(name.replace("/", f"/{folder}/", 1), recorded.files[name])
    project = project.edit("a/conftest.py", "from acme_connector", "from nowhere")
    run = project.run("a", "b", "--import-mode=importlib")
    outcomes(run, passed=3, errors=3)


def test_no_connector_under_test(recorded):
    run = recorded.write("conftest.py", "").run("test_acme.py::test_walk")
    outcomes(run, errors=1)
    said(
        run,
        "The fixture connector_under_test is missing.",
        "def connector_under_test() -> ConnectorUnderTest:",
    )
    assert "Traceback" not in run.output


def test_a_connector_that_raises_on_import_is_told_once(recorded):
    run = recorded.write("acme_connector.py", "import no_such_module\n").run()
    outcomes(run, errors=3)
    said(
        run,
        "The fixture connector_under_test raised ModuleNotFoundError: No module named 'no_such_module'",
        "acme_connector.py:1",
    )
    assert run.output.count("acme_connector.py:1") == 1
    assert run.output.count("The first scenario that failed says where") == 2
    assert "Traceback" not in run.output


def test_a_connector_that_raises_where_conftest_imports_it(recorded):
    raising = recorded.write("acme_connector.py", "raise RuntimeError('out of order')\n").write(
        "conftest.py", "from acme_connector import integration\n"
    )
    run = raising.run(subprocess=True)
    assert run.exit_code == pytest.ExitCode.USAGE_ERROR
    said(run, "ImportError while loading conftest", "acme_connector.py:1", "out of order")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("return ConnectorUnderTest(", "return dict(", "The fixture connector_under_test returned {"),
        ("integration=integration", "integration=42", "ConnectorUnderTest(integration=...) is 42"),
        (
            "settings=",
            "match_headers='X', settings=",
            "ConnectorUnderTest(match_headers=...) is the text 'X'",
        ),
        ("upstream=Upstream(", "upstream=dict(", "ConnectorUnderTest(upstream=...) is {"),
        ("auth={", "credentials=[], auth={", "ConnectorUnderTest has both auth and credentials"),
        (
            'origin="https://acme',
            'origin="acme',
            "Upstream(origin=...) is 'acme.example.com': it needs http://",
        ),
        ('acme.example.com",', 'acme.example.com?a=1",', "it takes no query, fragment or credentials"),
    ],
)
def test_a_wrong_configuration(recorded, old, new, complaint):
    run = recorded.edit("conftest.py", old, new).run("test_acme.py::test_walk")
    outcomes(run, errors=1)
    said(run, complaint)
    assert "Traceback" not in run.output


@pytest.mark.parametrize(
    ("app", "reason"),
    [
        ("no_such_server:app", "ModuleNotFoundError: No module named 'no_such_server'"),
        ("acme_server:nothing", "the module acme_server has no nothing"),
        ("acme_server", 'it is no "module:attribute"'),
        ("broken:on_import", "RuntimeError: out of order"),
        ("broken_factory:create_app", "RuntimeError: no database"),
        ("broken_lifespan:app", "RuntimeError: no migrations"),
        ("broken_factory:exits", "SystemExit: MOCKAPP_USERS must be a number"),
        ("broken_factory:returns_nothing", "it is None, which is no ASGI application"),
    ],
)
@pytest.mark.loopback
def test_an_upstream_application_that_does_not_start(acme, app, reason):
    project = (
        acme.edit("conftest.py", "acme_server:create_app", app)
        .write("broken.py", "raise RuntimeError('out of order')\n")
        .write(
            "broken_factory.py",
            "def create_app():\n    raise RuntimeError('no database')\n\n"
            "def exits():\n    raise SystemExit('MOCKAPP_USERS must be a number')\n\n"
            "def returns_nothing():\n    pass\n",
        )
        .write(
            "broken_lifespan.py",
            "import contextlib\nimport fastapi\n\n@contextlib.asynccontextmanager\nasync def lifespan(app):\n"
            "    raise RuntimeError('no migrations')\n    yield\n\n"
            "app = fastapi.FastAPI(lifespan=lifespan)\n",
        )
    )
    run = project.run("--record-mode=once", "test_acme.py::test_walk")
    outcomes(run, errors=1)
    said(run, f"The upstream application did not start: {reason}", f"app: {app}", "--upstream-url")
    assert run.project == project


@pytest.mark.loopback
def test_a_server_that_is_down_is_no_recording(acme):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    run = acme.run("--record-mode=once", f"--upstream-url=http://127.0.0.1:{port}", "test_acme.py::test_walk")
    outcomes(run, failed=1)
    said(
        run,
        "The upstream did not answer: ConnectError",
        f"upstream: http://127.0.0.1:{port}",
        "Start the server",
    )
    assert run.project == acme


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://localhost", "http://"])
def test_a_wrong_upstream_url(recorded, url):
    run = recorded.run("--record-mode=once", f"--upstream-url={url}")
    assert run.exit_code == pytest.ExitCode.USAGE_ERROR
    said(run, f"--upstream-url is '{url}'")
    assert "Traceback" not in run.output


def test_a_scenario_takes_no_vcr_marker(recorded):
    marked = recorded.edit(
        "test_acme.py", "async def test_walk", "import pytest\n\n@pytest.mark.vcr\nasync def test_walk"
    )
    run = marked.run("test_acme.py::test_walk")
    outcomes(run, errors=1)
    said(run, "A scenario has a cassette of its own", "Remove the marker")


# Beside other tests


def test_plain_snapshots_and_cassettes_keep_their_own_places(recorded):
    plain = recorded.write(
        "test_plain.py",
        "import pytest\n\n"
        "def test_snapshot(snapshot):\n    assert {'a': 1} == snapshot\n\n"
        "@pytest.mark.vcr\ndef test_vcr(vcr):\n    assert '/test_plain/' in str(vcr._path)\n",
    )
    run = plain.run("--snapshot-update", "test_plain.py")
    outcomes(run, passed=2)
    assert "__snapshots__/test_plain.ambr" in run.project.files


STOCK = """
import httpx
import pytest


@pytest.fixture
def vcr_cassette_dir():
    return "cassettes/test_acme"


@pytest.mark.vcr
@pytest.mark.default_cassette("test_walk.yaml")
def test_walk():
    first = httpx.get("https://acme.example.com/v1/users?limit=2&start=0").json()
    assert [user["login"] for user in first["users"]] == ["ada", "bob"]
    last = httpx.get("https://acme.example.com/v1/users?limit=2&start=2").json()
    assert [user["login"] for user in last["users"]] == ["Zoë"]
"""


def test_stock_pytest_recording_replays_our_cassettes(recorded):
    run = recorded.write("test_stock.py", STOCK).run(
        "-p", "no:connector-contract", "--block-network", "test_stock.py", subprocess=True
    )
    outcomes(run, passed=1)


def test_pytest_asyncio_may_run_the_scenarios(recorded):
    pytest.importorskip("pytest_asyncio", reason="the lowest versions are tested without it")
    strict = recorded.write("pytest.ini", "[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    outcomes(strict.run(plugins=("asyncio",)), passed=3)
    auto = strict.write("pytest.ini", strict.files["pytest.ini"].decode() + "asyncio_mode = auto\n")
    outcomes(auto.run(plugins=("asyncio",)), passed=3)


def test_a_synchronous_test_may_run_its_own_loop(recorded):
    sync = recorded.write(
        "test_acme.py",
        "import asyncio\n\ndef test_walk(lumos, snapshot):\n"
        "    assert asyncio.run(lumos.walk('list_accounts', page_size=2)) == snapshot\n",
    )
    outcomes(sync.run(), passed=1)
