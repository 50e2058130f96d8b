"""Every comparison that a scenario makes has to hold, and every call that it makes has to be answered."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from connector_contract.errors import ChangedResponse, MissingSnapshot, UsageError
from connector_contract.storage.comparisons import Comparison, Comparisons

WALK = "snapshots/test_acme/test_walk.json"
# Python's own word about a coroutine that is thrown away.
STRICT = ("-W", "error::RuntimeWarning", "-W", "error::pytest.PytestUnraisableExceptionWarning")
HEAD = "import asyncio\nimport pytest\n\n\n"


def walk(project, body, parameters="lumos, snapshot"):
    """The project with one scenario, whose cassette and snapshot are those of the walk."""
    lines = textwrap.indent(textwrap.dedent(body).strip(), "    ")
    return project.write("test_acme.py", f"{HEAD}async def test_walk({parameters}):\n{lines}\n")


def changed(project):
    """The project with a connector that maps a field otherwise than it was recorded."""
    return project.edit("acme_connector.py", 'username=user["login"]', 'username=user["mail"]')


def failed(run, *lines):
    assert run.exit_code == pytest.ExitCode.TESTS_FAILED, run.output
    run.said(*lines)
    assert "connector contract ----" not in run.output, "it proves nothing"
    assert "was never awaited\n" not in run.output


ASK = 'response = await lumos.walk("list_accounts", page_size=2)\n'
UNASSERTED = {
    "alone": "response == snapshot",
    "the other way round": "snapshot == response",
    "a tuple": 'assert (response == snapshot, "as recorded")',
    "asked": "if response == snapshot:\n    print('as it was')",
    "negated": "assert not (response == snapshot)",
    "caught": "try:\n    assert response == snapshot\nexcept AssertionError:\n    print('never mind')",
    "caught match": "with pytest.raises(AssertionError):\n    snapshot.assert_match(response)",
    "helper": "def same(one):\n    return one == snapshot\nsame(response)",
    "repeated": 'response == snapshot(name="x")\nassert [] == snapshot(name="y")',
    "in a list": "response in [snapshot]",
    "of lists": "[response] == [snapshot]",
    "unequal lists": "assert [response] != [snapshot]",
    "with other defaults": "response == snapshot.with_defaults()",
}


@pytest.mark.parametrize("line", UNASSERTED.values(), ids=UNASSERTED)
@pytest.mark.filterwarnings("ignore:assertion is always true")
def test_a_comparison_that_does_not_hold_fails_the_scenario(recorded, line):
    files = recorded.files
    project = changed(walk(recorded, ASK + line)).write(WALK.replace(".json", "[y].json"), b"[]\n")
    if 'name="x"' in line:
        project = project.write(WALK.replace(".json", "[x].json"), files[WALK]).remove(WALK)
    run = project.run("test_acme.py", "-W", "ignore")
    failed(
        run,
        "Regression: The response of list_accounts differs from its snapshot, and the test went on.",
        "snapshot: snapshots/test_acme/test_walk",
        "test_acme.py:",
        '-       "username": "ada",',
        '+       "username": "ada@example.com",',
        "pytest --snapshot-update test_acme.py::test_walk",
        "Write assert in front of it",
    )
    assert run.project == project


def test_a_comparison_in_a_subtest_does(recorded):
    body = ASK + "with subtests.test():\n    response == snapshot"
    failed(changed(walk(recorded, body, "lumos, snapshot, subtests")).run(), "and the test went on.")


def test_one_that_holds_the_second_time_did_not_hold_the_first(recorded):
    body = f'[] == snapshot(name="w")\n{ASK}assert response == snapshot(name="w")'
    project = walk(recorded, body).write(WALK.replace(".json", "[w].json"), recorded.files[WALK])
    run = project.remove(WALK).run()
    failed(run, "A response differs from its snapshot", "test_walk[w].json", "test_acme.py:6")


def test_only_what_held_is_counted(recorded):
    project = changed(walk(recorded, ASK + "response == snapshot")).write(
        "test_other.py",
        "async def test_wrong(lumos, snapshot):\n"
        '    response = await lumos.call("list_accounts", auth={"token": {"token": "wrong"}})\n'
        '    assert response == snapshot(name="a")\n    assert snapshot(name="a") == response\n',
    )
    for kind, name in [("cassettes", "test_wrong_token.yaml"), ("snapshots", "test_wrong_token.json")]:
        stem, suffix = ("test_wrong", ".yaml") if kind == "cassettes" else ("test_wrong[a]", ".json")
        data = recorded.files[f"{kind}/test_acme/{name}"]
        project = project.write(f"{kind}/test_other/{stem}{suffix}", data)
    run = project.run()
    assert run.exit_code == pytest.ExitCode.TESTS_FAILED
    run.said("1 scenario replayed offline: 1 request as recorded, 2 responses as in the snapshots")


@pytest.mark.parametrize("workers", [[], ["-n1"]])
def test_what_is_accepted_holds(recorded, workers):
    project = changed(walk(recorded, ASK + "response == snapshot"))
    run = project.run("--snapshot-update", *workers, subprocess=bool(workers))
    run.had(passed=1)
    run.said("0 responses as in the snapshots", "0 new snapshots, 1 changed")
    assert b'"username": "ada@example.com"' in run.project.files[WALK]
    run.project.run().had(passed=1)


def test_a_missing_snapshot_does_not_hold_until_it_is_written(recorded):
    project = walk(recorded, ASK + "response == snapshot").remove(WALK)
    run = project.run()
    failed(
        run,
        "The response of list_accounts has no snapshot to compare it with, and the test went on.",
        "snapshot: snapshots/test_acme/test_walk.json",
        "The snapshot does not exist.",
        "pytest --record-mode=once test_acme.py::test_walk",
    )
    assert run.project == project
    written = project.run("--record-mode=once")
    written.had(passed=1)
    written.said("0 responses as in the snapshots", "1 new snapshot")
    assert written.project.files[WALK] == recorded.files[WALK]


@pytest.mark.loopback
def test_a_recording_that_changes_a_response_keeps_the_old_files(recorded):
    project = walk(recorded, ASK + "response == snapshot").edit(
        "acme_server.py", '"login": "ada"', '"login": "eve"'
    )
    run = project.run("--record-mode=rewrite")
    failed(run, "The response of list_accounts differs from its snapshot", '"username": "eve"')
    assert "Regression" not in run.output, "the upstream has changed"
    assert run.project == project


@pytest.mark.parametrize("args", [["--record-mode=once"], ["--snapshot-update"]])
def test_one_snapshot_is_one_response(recorded, args):
    body = f'{ASK}response == snapshot(name="w")\n[] == snapshot(name="w")'
    project = walk(recorded, body).remove(WALK)
    run = project.run(*args)
    failed(run, "one" if args == ["--snapshot-update"] else "A response differs from its snapshot")
    assert ("Two different responses were accepted as one snapshot" in run.output) == (
        args == ["--snapshot-update"]
    )
    assert run.project == project


def test_what_is_no_json_is_no_response(recorded):
    run = walk(recorded, f"{ASK}{{1, 2}} == snapshot").run()
    failed(run, "A response could not be compared with its snapshot", "Object of type set is not JSON")


DIFFERENCES = {
    "asserted": "assert response != snapshot",
    "the other way round": "assert snapshot != response",
    "named": 'if response != snapshot(name="x"):\n    print("good")',
    "caught": "try:\n    response != snapshot\nexcept Exception:\n    print('never mind')\n"
    "assert response == snapshot",
}


@pytest.mark.parametrize("line", DIFFERENCES.values(), ids=DIFFERENCES)
def test_a_difference_proves_nothing(recorded, line):
    run = walk(recorded, ASK + line).run()
    failed(
        run,
        "A scenario compares a response with a snapshot by ==; != proves nothing.",
        "test_acme.py:",
        "scenario: test_acme.py::test_walk",
        "Compare with ==",
    )


@pytest.mark.parametrize("asked", ["snapshot(diff=0)", "snapshot(diff_data=[])"])
def test_a_snapshot_is_no_difference(recorded, asked):
    project = walk(recorded, f"{ASK}assert response == {asked}")
    run = project.run("--snapshot-update")
    failed(run, "A scenario's snapshot holds a response, so it takes no diff=", "a snapshot of its own")
    assert run.project == project


HIDING = {
    "exclude": "snapshot(exclude=props('username'))",
    "exclude by default": "snapshot.with_defaults(exclude=props('username'))",
    "matcher": "snapshot(matcher=path_type({r'.*username': (str,)}, regex=True))",
}
IMPORTS = "from syrupy.filters import props\nfrom syrupy.matchers import path_type\n"


@pytest.mark.parametrize("asked", HIDING.values(), ids=HIDING)
def test_what_is_hidden_is_not_compared_and_the_run_says_so(recorded, asked):
    project = walk(recorded, f"{IMPORTS}{ASK}assert response == {asked}")
    accepted = project.run("--snapshot-update")
    accepted.had(passed=1)
    stored = accepted.project.files["snapshots/test_acme/test_walk.json"].decode()
    assert ('"username": "str"' in stored) == ("matcher" in asked)
    assert stored.count('"username"') == (stored.count('"str"'))
    assert '"integration_specific_id"' in stored
    # The connector maps something else: no comparison of this test has it.
    renamed = accepted.project.edit("acme_connector.py", "username=", 'username="x" +')
    run = renamed.run("-k", "walk")
    run.had(passed=1)
    option = "matcher" if "matcher" in asked else "exclude"
    run.said(
        "a part of a response is not compared in test_acme.py::test_walk: "
        f"snapshot({option}=...) in test_acme.py:9"
    )
    renamed.edit("acme_connector.py", "integration_specific_id=", 'integration_specific_id="x" +').run(
        "-k", "walk"
    ).had(failed=1)


def test_only_what_is_included_is_compared(recorded):
    body = f"{IMPORTS}{ASK}assert response == snapshot(include=props('response', 'username'))"
    run = walk(recorded, body).run("--snapshot-update", "-k", "walk")
    run.had(passed=1)
    stored = run.project.files["snapshots/test_acme/test_walk.json"].decode()
    assert '"page"' not in stored
    assert '"username": "ada"' in stored


def test_what_one_comparison_hides_the_next_does_not(recorded):
    body = (
        f"{IMPORTS}{ASK}assert response == snapshot(name='a', exclude=props('username'))\n"
        "assert response == snapshot(name='b')"
    )
    files = walk(recorded, body).run("--snapshot-update", "-k", "walk").project.files
    assert b"username" not in files["snapshots/test_acme/test_walk[a].json"]
    assert b"username" in files["snapshots/test_acme/test_walk[b].json"]


def test_a_matcher_that_finds_another_type_is_a_difference_with_its_reason(recorded):
    matcher = "path_type({r'.*username': (int,)}, regex=True)"
    body = f"{IMPORTS}{ASK}assert response == snapshot(matcher={matcher})"
    run = walk(recorded, body).run("--snapshot-update", "-k", "walk")
    failed(run, "could not be compared with its snapshot", "StrictPathTypeError")


def test_a_comparison_of_nothing_and_what_is_no_filter_fail_in_one_sentence(recorded):
    """Each in a ``try``: the test may swallow it."""
    asked = {
        "exclude=lambda prop, path: True": "snapshot(exclude=...) leaves nothing of the response to compare.",
        "exclude=['username']": "exclude=['username'] of a snapshot is no function.",
        "exclude=lambda key: True": "snapshot(exclude=...) raised TypeError: ",
    }
    for options, said in asked.items():
        body = f"{ASK}try:\n    assert response == snapshot({options})\nexcept Exception:\n    pass"
        project = walk(recorded, body)
        run = project.run("--snapshot-update", "-k", "walk")
        failed(run, said, "scenario: test_acme.py::test_walk")
        assert "Traceback" not in run.output
        assert run.project == project


@pytest.mark.loopback
def test_what_the_connector_makes_up_each_time_is_recorded_where_it_is_hidden(recorded):
    made_up = recorded.edit("acme_connector.py", "username=", 'username=__import__("uuid").uuid4().hex +')
    hidden = walk(made_up, f"{IMPORTS}{ASK}assert response == snapshot(exclude=props('username'))")
    hidden.run("--record-mode=rewrite", "--snapshot-update", "-k", "walk").had(passed=1)
    shown = walk(made_up, f"{ASK}assert response == snapshot")
    run = shown.run("--record-mode=rewrite", "--snapshot-update", "-k", "walk")
    run.had(failed=1)
    assert "username: recorded" in run.output


@pytest.mark.parametrize(
    "asked",
    [
        "snapshot.use_extension(Amber)",
        "snapshot(extension_class=Amber)",
        "snapshot.with_defaults(extension_class=Amber)",
    ],
)
def test_a_snapshot_is_stored_nowhere_else(recorded, asked):
    imported = "from syrupy.extensions.amber import AmberSnapshotExtension as Amber\n"
    project = walk(recorded, f"{imported}{ASK}assert response == {asked}")
    run = project.run("--snapshot-update")
    failed(run, "A scenario's snapshots are JSON, below snapshots/, not AmberSnapshotExtension's.")
    assert run.project == project


def test_a_project_whose_snapshots_are_all_json_has_nothing_to_change(recorded):
    fixture = (
        "\n\n@pytest.fixture\ndef snapshot(snapshot):\n"
        "    from syrupy.extensions.json import JSONSnapshotExtension\n"
        "    return snapshot.use_extension(JSONSnapshotExtension)\n"
    )
    conftest = recorded.files["conftest.py"].decode() + fixture
    run = changed(recorded.write("conftest.py", conftest)).run()
    run.had(passed=1, failed=2)
    run.said("1 scenario replayed offline: 1 request as recorded, 1 response as in the snapshots")


def test_a_name_without_a_comparison_compares_nothing(recorded):
    body = ASK + 'assert response == snapshot\nif snapshot(name="all"):\n    print("good")'
    run = walk(recorded, body).run()
    failed(
        run, "snapshot(name='all') was compared with nothing.", "test_acme.py:8", "response == snapshot(name="
    )


def test_other_tests_have_syrupys_own(recorded):
    plain = recorded.write(
        "test_plain.py",
        "from syrupy.filters import props\n\n\ndef test_plain(snapshot):\n"
        "    assert {'a': 1, 'b': 2} == snapshot(exclude=props('b'))\n    assert {} != snapshot\n"
        "    {} == snapshot\n",
    ).write(
        "__snapshots__/test_plain.ambr",
        "# serializer version: 1\n# name: test_plain\n  dict({\n    'a': 1,\n  })\n# ---\n",
    )
    run = plain.run("test_plain.py", "-W", "ignore")
    run.had(passed=1)


def test_what_has_to_be_awaited_is_no_response(recorded):
    run = walk(recorded, 'assert lumos.walk("list_accounts", page_size=2) == snapshot').run(*STRICT)
    failed(run, "The test compared a coroutine with a snapshot", "assert await lumos.call(...) == snapshot")


CALL = 'lumos.call("create_account", {})'
UNANSWERED = {
    "alone": (CALL, "was never awaited: it has called nothing."),
    "kept": (f"kept = {CALL}", "was never awaited: it has called nothing."),
    "by its name": ("lumos.call(capability='create_account')", "was never awaited"),
    "cancelled": (f"asyncio.create_task({CALL}).cancel()\nawait asyncio.sleep(0)", "was cancelled or closed"),
    "closed": (f"{CALL}.close()", "was cancelled or closed before it started: it has called nothing."),
    "left": (f"task = asyncio.create_task({CALL})", "was left before it had a response: it shows nothing."),
}


def slow(project):
    """The project with a connector that never creates an account."""
    return project.edit(
        "acme_connector.py",
        "        user = await",
        "        import asyncio\n        await asyncio.Event().wait()\n        user = await",
    )


@pytest.mark.parametrize("warnings", [("-W", "ignore"), STRICT], ids=["ignored", "strict"])
@pytest.mark.parametrize(("line", "why"), UNANSWERED.values(), ids=UNANSWERED)
def test_a_call_that_is_not_awaited_fails_the_scenario(recorded, line, why, warnings):
    run = slow(walk(recorded, f"{ASK}assert response == snapshot\n{line}")).run(*warnings)
    failed(run, f"lumos.call('create_account') {why}", "test_acme.py:8", "await lumos.call('create_account')")


def test_a_walk_that_is_not_awaited_fails_the_scenario(recorded):
    run = walk(recorded, f"lumos.walk('list_accounts')\n{ASK}assert response == snapshot").run(*STRICT)
    failed(run, "lumos.walk('list_accounts') was never awaited: it has called nothing.", "test_acme.py:6")


def test_a_task_that_is_left_behind_does_with_pytest_asyncio(recorded):
    pytest.importorskip("pytest_asyncio", reason="the lowest versions are tested without it")
    ini = "[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\n"
    project = walk(recorded, f"{ASK}assert response == snapshot\ntask = asyncio.create_task({CALL})")
    run = slow(project).write("pytest.ini", ini).run(*STRICT, plugins=("asyncio",))
    failed(run, "lumos.call('create_account') was left before it had a response", "test_acme.py:8")


def test_all_that_are_not_awaited_are_counted(recorded):
    run = walk(recorded, f"{CALL}\n{CALL}\n{CALL}\n{ASK}assert response == snapshot").run()
    failed(run, "test_acme.py:6", "2 other calls were left without a response")


CAUGHT = {
    "gathered": ("await asyncio.gather({}, return_exceptions=True)", "lumos.call('list_acounts')"),
    "caught": (
        "try:\n    await {}\nexcept Exception:\n    print('never mind')",
        "lumos.walk('list_acounts')",
    ),
    "forgotten": ("asyncio.create_task({})\nawait asyncio.sleep(0)", "lumos.call('list_acounts')"),
}


@pytest.mark.parametrize(("line", "call"), CAUGHT.values(), ids=CAUGHT)
def test_a_call_that_fails_for_a_mistake_fails_the_scenario(recorded, line, call):
    run = walk(recorded, f"{ASK}assert response == snapshot\n{line.format(call)}").run()
    failed(run, "The connector has no capability 'list_acounts'.")


def test_a_scenario_that_fails_already_has_no_warning_of_it(recorded):
    failing = walk(recorded, f"global KEPT\nKEPT = {CALL}\nraise RuntimeError('something else')")
    test = failing.files["test_acme.py"].decode()
    after = (
        "\n\ndef test_after():\n    import inspect\n"
        "    assert inspect.getcoroutinestate(KEPT) == 'CORO_CLOSED'\n"
    )
    run = failing.write("test_acme.py", test + after).run(*STRICT)
    run.had(passed=1, failed=1)
    run.said("something else")
    assert "was never awaited" not in run.output


@pytest.mark.parametrize(
    "call",
    [
        "(await asyncio.gather(WALK))[0]",
        "await asyncio.create_task(WALK)",
        "await asyncio.wait_for(WALK, 60)",
        "await asyncio.ensure_future(WALK)",
        "(await asyncio.gather(*(lumos.walk(name, page_size=2) for name in ['list_accounts'])))[0]",
    ],
)
def test_a_coroutine_is_awaited_in_whatever_way(recorded, call):
    asked = call.replace("WALK", 'lumos.walk("list_accounts", page_size=2)')
    walk(recorded, f"assert {asked} == snapshot").run(*STRICT).had(passed=1)


def test_a_call_is_a_coroutine(recorded):
    body = """
    import inspect
    made = lumos.walk("list_accounts", page_size=2)
    assert inspect.iscoroutine(made) and asyncio.iscoroutine(made)
    assert list(inspect.signature(lumos.walk).parameters)[:2] == ["capability", "request"]
    assert await made == snapshot
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'capability'"):
        await lumos.call()
    """
    walk(recorded, body).run(*STRICT).had(passed=1)


def shown(path):
    return path.as_posix()


def comparison(name, stored="a", held=False, lines=("- a", "+ b")):
    return Comparison(Path(name), "t.py:1", "b", stored, held, difference=lambda: lines)


def test_many_are_one_message():
    made = [comparison(f"{number}.json", stored=None if number == 1 else "a") for number in range(5)]
    with pytest.raises(ChangedResponse) as raised:
        Comparisons([*made, comparison("good.json", held=True)]).check({}, shown, "t.py::t[a b]")
    assert str(raised.value).splitlines() == [
        "Regression: 5 responses differ from their snapshots, and the test went on.",
        "  snapshot:    0.json",
        "  compared in: t.py:1",
        "  snapshot:    1.json",
        "  compared in: t.py:1",
        "  snapshot:    2.json",
        "  compared in: t.py:1",
        "  scenario:    t.py::t[a b]",
        "  0.json:",
        "  - a",
        "  + b",
        "  1.json:",
        "  The snapshot does not exist.",
        "  2.json:",
        "  - a",
        "  + b",
        "  and 2 more",
        "Fix the connector's mapping; or, if the change is right, accept it with:",
        "  pytest --snapshot-update 't.py::t[a b]'",
        "Write the missing snapshot, and read it:",
        "  pytest --record-mode=once 't.py::t[a b]'",
        "Every comparison has to hold, asserted or not. Write assert in front of it, so that the test fails",
        "at that line. An assert with its message in parentheses is always true: leave them out.",
    ]


def test_a_long_difference_is_shortened():
    lines = [f"+ {number}" for number in range(100)]
    with pytest.raises(ChangedResponse) as raised:
        Comparisons([comparison("a.json", lines=lines)]).check({}, shown, "t")
    assert raised.value.details == (*lines[:40], "and 60 more lines")


def test_what_held_is_counted_and_stays_true():
    held = Comparisons([comparison("a.json", held=True), comparison("a.json", held=True)])
    held.check({Path("a.json"): "b"}, shown, "t")
    assert held.held == 2
    with pytest.raises(ChangedResponse, match="Two different responses"):
        held.check({Path("a.json"): "c"}, shown, "t")


def test_what_the_test_did_wrong_is_told_before_what_it_forgot():
    refused = UsageError("No.", remedy="Do not.")
    with pytest.raises(UsageError) as raised:
        Comparisons(refused=[refused], waiting={"'all'": "t.py:3"}).check({}, shown, "t.py::t")
    assert raised.value is refused
    with pytest.raises(UsageError) as raised:
        Comparisons(waiting={"'all'": "t.py:3"}).check({}, shown, "t.py::t")
    assert raised.value.what == "snapshot(name='all') was compared with nothing."
    assert raised.value.where == (("in", "t.py:3"), ("scenario", "t.py::t"))


def test_what_could_not_be_compared_says_why():
    broken = Comparison(Path("a.json"), "t.py:1", None, "a", held=False, failure="TypeError: no JSON")
    with pytest.raises(UsageError) as raised:
        Comparisons([broken]).check({}, shown, "t")
    assert raised.value.what == "A response could not be compared with its snapshot, and the test went on."
    assert raised.value.details == ("TypeError: no JSON",)
    assert raised.value.remedy.startswith("Compare what lumos.call or lumos.walk returned")


def test_one_that_is_missing_says_only_how_it_is_written():
    with pytest.raises(MissingSnapshot) as raised:
        Comparisons([comparison("a.json", stored=None)]).check({}, shown, "t")
    assert raised.value.what == "A response has no snapshot to compare it with, and the test went on."
    assert raised.value.details == ("The snapshot does not exist.",)
    assert "--snapshot-update" not in raised.value.remedy
