"""What becomes of the files of a scenario: those of one that fails stay, whatever is reported beside it."""

from __future__ import annotations

import pytest
from broken_connectors import BROKEN

pytestmark = pytest.mark.loopback

CALL = '    await lumos.walk("list_accounts", page_size=2)\n'
TEST = "test_app.py"


def changed(recorded):
    """The project, with an upstream that has changed: whatever is saved differs."""
    return recorded.edit("acme_server.py", '"login": "ada"', '"login": "eve"')


def scenario(recorded, text):
    """A project whose one test has a recording, which would be another now."""
    cassette = recorded.files["cassettes/test_acme/test_walk.yaml"]
    return changed(recorded).write("cassettes/test_app/test_it.yaml", cassette).write(TEST, text)


def kept(project, *args, **options):
    """The run of a scenario that is recorded again, and has to leave all files as they are."""
    run = project.run("--record-mode=rewrite", TEST, *args, **options)
    assert run.project == project, run.output
    assert "changed cassettes" not in run.output
    return run


def test_one_that_passes_is_saved(recorded):
    project = scenario(recorded, f"async def test_it(lumos):\n{CALL}")
    run = project.run("--record-mode=rewrite", TEST)
    run.had(passed=1)
    assert run.project != project


# Each with the outcomes that pytest counts.
ENDINGS = {
    "a failed assertion": ("    assert False\n", {"failed": 1}),
    "skipped in the middle": ('    pytest.skip("no")\n', {"skipped": 1}),
    "expected to fail from here on": ('    pytest.xfail("no")\n', {"xfailed": 1}),
    "no end": ("    raise SystemExit(1)\n", {"failed": 1}),
}


@pytest.mark.parametrize("what", ENDINGS)
def test_one_that_does_not_pass_is_not(recorded, what):
    ending, outcomes = ENDINGS[what]
    kept(scenario(recorded, f"import pytest\nasync def test_it(lumos):\n{CALL}{ending}")).had(**outcomes)


SUBTESTS = {
    "passed before": ("with subtests.test('a'): pass", "assert False"),
    "failed before": ("with subtests.test('a'): assert False", "pass"),
    "passed after a failed one": (
        "with subtests.test('a'): assert False",
        "with subtests.test('b'): pass",
    ),
    "failed after a passed one": (
        "with subtests.test('a'): pass",
        "with subtests.test('b'): assert False",
    ),
}


@pytest.mark.parametrize("what", SUBTESTS)
def test_subtests_beside_a_failure(recorded, what):
    before, after = SUBTESTS[what]
    run = kept(scenario(recorded, f"async def test_it(lumos, subtests):\n    {before}\n{CALL}    {after}\n"))
    assert run.outcomes["failed"] >= 1


def test_subtests_that_pass_or_are_skipped_are_no_failure(recorded):
    project = scenario(
        recorded,
        "import pytest\nasync def test_it(lumos, subtests):\n    with subtests.test('a'): pass\n"
        f"{CALL}    with subtests.test('b'): pytest.skip()\n",
    )
    run = project.run("--record-mode=rewrite", TEST)
    assert run.exit_code == 0, run.output
    assert run.project != project


CLEAN_UPS = {
    "a fixture": "@pytest.fixture",
    "a fixture of the class": "@pytest.fixture(scope='class')",
    "a fixture of the module": "@pytest.fixture(scope='module')",
    "a fixture of all": "@pytest.fixture(autouse=True)",
}


@pytest.mark.parametrize("what", CLEAN_UPS)
@pytest.mark.parametrize("order", ["fixture, lumos", "lumos, fixture"])
def test_a_clean_up_that_fails(recorded, what, order):
    text = (
        f"import pytest\n\n{CLEAN_UPS[what]}\ndef fixture():\n    yield\n    assert False\n\n"
        f"class TestIt:\n    async def test_it(self, {order}):\n    {CALL}"
    )
    project = changed(recorded).write(TEST, text)
    run = project.run("--record-mode=once", TEST)
    run.had(passed=1, errors=1)
    assert run.project == project


def test_a_subtest_of_a_clean_up_that_fails(recorded):
    text = (
        "import pytest\n\n@pytest.fixture\ndef fixture(subtests):\n    yield\n"
        f"    with subtests.test(): assert False\n\nasync def test_it(lumos, fixture):\n{CALL}"
    )
    assert kept(scenario(recorded, text)).outcomes["failed"] == 1


def test_a_set_up_that_fails(recorded):
    fixture = "import pytest\n\n@pytest.fixture\ndef fixture(lumos):\n    assert False\n\n"
    kept(scenario(recorded, f"{fixture}async def test_it(fixture, lumos):\n{CALL}")).had(errors=1)


def test_an_expected_failure_that_does_not_come(recorded):
    text = f"import pytest\n\n@pytest.mark.xfail(strict=True)\nasync def test_it(lumos):\n{CALL}"
    kept(scenario(recorded, text)).had(failed=1)


def test_an_expected_failure(recorded):
    text = f"import pytest\n\n@pytest.mark.xfail\nasync def test_it(lumos):\n{CALL}    assert False"
    kept(scenario(recorded, text)).had(xfailed=1)


UNITTEST = """
import unittest

import pytest


class TestIt(unittest.IsolatedAsyncioTestCase):
    @pytest.fixture(autouse=True)
    def _lumos(self, lumos):
        self.lumos = lumos

    async def test_it(self):
        await self.lumos.walk("list_accounts", page_size=2)
        self.assertEqual(1, 2)
"""


def test_a_unittest_that_fails(recorded):
    project = changed(recorded).write(TEST, UNITTEST)
    run = project.run("--record-mode=once", TEST)
    run.had(failed=1)
    assert run.project == project


def test_a_plugin_that_reports_a_failure(recorded):
    hook = (
        "\n\n@pytest.hookimpl(wrapper=True)\ndef pytest_runtest_makereport(item, call):\n"
        "    report = yield\n    if call.when == 'call':\n        report.outcome = 'failed'\n"
        "        report.longrepr = 'because'\n    return report\n"
    )
    project = scenario(recorded, f"async def test_it(lumos):\n{CALL}")
    kept(project.write("conftest.py", project.files["conftest.py"].decode() + hook)).had(failed=1)


@pytest.mark.parametrize("raised", ["pytest.exit('enough')", "raise KeyboardInterrupt"])
@pytest.mark.parametrize("in_fixture", [False, True])
def test_an_end_of_the_whole_run(recorded, raised, in_fixture):
    clean_up, body = (raised, "pass") if in_fixture else ("pass", raised)
    text = (
        f"import pytest\n\n@pytest.fixture\ndef fixture():\n    yield\n    {clean_up}\n\n"
        f"async def test_it(lumos, fixture):\n{CALL}    {body}\n"
    )
    run = kept(scenario(recorded, text), subprocess=True)
    assert run.exit_code == pytest.ExitCode.INTERRUPTED


FIRST_CLEAN_UP = """
import pytest

runs = []

@pytest.fixture
def fixture(lumos):
    runs.append(1)
    yield
    assert len(runs) > 1, "only the first clean-up fails"

"""


def test_a_rerun_that_fails_after_a_run_whose_clean_up_failed(recorded):
    text = f"{FIRST_CLEAN_UP}async def test_it(lumos, fixture):\n{CALL}    assert len(runs) == 1\n"
    run = kept(scenario(recorded, text), "--reruns=1")
    run.had(failed=1, passed=1, rerun=1)


def test_a_rerun_that_passes_is_saved_and_counted_once(recorded):
    project = scenario(recorded, f"{FIRST_CLEAN_UP}async def test_it(lumos, fixture):\n{CALL}")
    for more in ((), ("-n1",)):
        run = project.run("--record-mode=rewrite", TEST, "--reruns=1", *more)
        assert (run.exit_code, run.outcomes["rerun"]) == (0, 1), run.output
        run.said("1 scenario recorded from acme_server:create_app: 2 interactions, 1 cassette changed,")
        assert run.project != project


def test_a_rerun_of_a_replay_is_counted_once(recorded):
    text = f"{FIRST_CLEAN_UP}async def test_it(lumos, fixture):\n{CALL}"
    project = scenario(recorded, text)
    run = project.run(TEST, "--reruns=1")
    assert (run.exit_code, run.outcomes["rerun"]) == (0, 1), run.output
    run.said("1 scenario replayed offline: 2 requests as recorded,")


def test_the_rest_of_a_run_that_stops_at_the_first_failure(recorded):
    text = f"async def test_a(lumos):\n{CALL}    assert False\n\nasync def test_b(lumos):\n{CALL}"
    project = changed(recorded).write(TEST, text)
    run = project.run("--record-mode=once", "-x", TEST)
    run.had(failed=1)
    assert run.project == project


def test_a_run_that_only_sets_up(recorded):
    project = scenario(recorded, f"async def test_it(lumos):\n{CALL}")
    assert kept(project, "--setup-only").exit_code == 0
    assert kept(project, "--setup-plan").exit_code == 0
    shown = project.run("--record-mode=rewrite", "--setup-show", TEST)
    shown.had(passed=1)
    assert shown.project != project


def test_one_test_that_is_run_twice(recorded):
    text = (
        "import pytest\n\n@pytest.mark.parametrize('run', [1, 2])\n"
        f"async def test_it(lumos, run):\n{CALL}    assert run == 1\n"
    )
    project = changed(recorded).write(TEST, text)
    run = project.run("--record-mode=once", TEST)
    run.had(passed=1, failed=1)
    assert [name for name in run.project.files if name not in project.files] == [
        "cassettes/test_app/test_it[1].yaml"
    ]


# ---- what a test leaves to be found


def test_what_went_wrong_before_a_test_skips_its_rest_stays_wrong(recorded):
    text = (
        "import pytest\n\nasync def test_it(lumos):\n    try:\n"
        '        await lumos.call("list_accounts", page={"size": 7})\n'
        '    except Exception:\n        pass\n    pytest.skip("nothing to see")\n'
    )
    run = kept(scenario(recorded, text))
    run.had(skipped=1)
    run = run.project.run(TEST)
    run.had(failed=1)
    run.said(
        "The connector made a request that is not recorded: GET https://acme.example.com/v1/users?limit=7"
    )


def test_a_comparison_that_did_not_hold_before_a_test_skips_its_rest(recorded):
    test = """
import pytest

async def test_walk(lumos, snapshot):
    pages = await lumos.walk("list_accounts", page_size=2)
    pages[:1] == snapshot
    pytest.skip("no")
"""
    run = recorded.write("test_acme.py", test).run("-Wignore")
    run.had(failed=1)
    run.said("Regression: The response of list_accounts differs from its snapshot, and the test went on.")


CLEANS_UP = """
import pytest

@pytest.fixture
async def fixture(lumos):
    yield
    CALL

async def test_it(lumos, fixture):
    await lumos.walk("list_accounts", page_size=2)
"""


@pytest.mark.parametrize(
    "call", ['await lumos.call("create_account")', 'with suppress(Exception): await lumos.call("info")']
)
def test_a_call_in_a_clean_up_is_refused(recorded, call):
    text = "from contextlib import suppress\n" + CLEANS_UP.replace("CALL", call)
    options = ("-oasyncio_mode=auto", "-Wignore")
    run = kept(scenario(recorded, text), *options, plugins=("asyncio",))
    run.had(passed=1, errors=1)
    run.said(
        "was called after the test had ended, perhaps by a fixture that cleans up.", "Call it in the test."
    )
    run.project.run(TEST, *options, plugins=("asyncio",)).had(passed=1, errors=1)


SOCKET = """
import contextlib
import socket

import pytest

@pytest.fixture
def fixture(lumos):
    yield
    with contextlib.suppress(Exception), socket.socket() as it:
        it.connect(("192.0.2.1", 9))

async def test_it(lumos, fixture):
    await lumos.walk("list_accounts", page_size=2)
"""


def test_a_verdict_of_a_clean_up(recorded):
    run = scenario(recorded, SOCKET).run(TEST)
    run.had(passed=1, errors=1)
    run.said("The connector tried to connect to ('192.0.2.1', 9), in a replay, which has no network.")


# ---- rules

RULE = "-kcomplete and [list_accounts]"
FOLDER = "cassettes/test_contract/TestDirectoryContract."
WHOLE, PAGED = (f"{FOLDER}reads[list_accounts-{size}].yaml" for size in (100, 3))
FIRST_PAGE_ALONE = BROKEN["the first page alone is read"]
READ = "users, page = await read"


def rule(directory, old="", new="", name="directory_connector.py"):
    """The project with a recording of a rule, and a connector that has changed since."""
    once = directory.run("--record-mode=once", RULE)
    assert once.exit_code == 0, once.output
    return once.project.edit(name, old, new) if old else once.project


def test_a_rule_that_is_broken_is_recorded_again_and_says_the_same_offline(directory):
    project = rule(directory, FIRST_PAGE_ALONE.old, FIRST_PAGE_ALONE.new)
    run = project.run("--record-mode=rewrite", RULE)
    assert run.outcomes["failed"] == 1
    run.said(
        FIRST_PAGE_ALONE.says,
        "2 cassettes changed",
        "1 file replaced, although a rule fails. To get the old ones back:",
        f"  git restore '{PAGED}'",
    )
    assert [name for name in project.files if run.project.files[name] != project.files[name]] == [PAGED]
    offline = run.project.run(RULE)
    assert (offline.outcomes["failed"], offline.project) == (1, run.project)
    assert FIRST_PAGE_ALONE.says in offline.output


def test_a_rule_that_is_recorded_for_the_first_time_replaces_nothing(directory):
    run = directory.edit("directory_connector.py", FIRST_PAGE_ALONE.old, FIRST_PAGE_ALONE.new).run(
        "--record-mode=once", RULE
    )
    assert run.outcomes["failed"] == 1
    assert {WHOLE, PAGED} <= run.project.files.keys()
    assert "git restore" not in run.output


def test_a_rule_that_waits_is_recorded_again(directory):
    project = rule(
        directory,
        READ,
        f"await read(args, '/projects', list)\n    raise NotFoundError(message='?')\n    {READ}",
    )
    run = project.run("--record-mode=rewrite", RULE)
    assert (run.exit_code, run.outcomes["skipped"]) == (0, 1), run.output
    run.said("2 files replaced, although a rule fails.", f"  git restore '{WHOLE}'")
    offline = run.project.run(RULE)
    assert (offline.exit_code, offline.outcomes["skipped"]) == (0, 1), offline.output


WAIVER = 'waivers = {"complete[list_accounts]": "no"}\n    upstream_ids'


def test_a_rule_that_is_waived_in_vain_is_recorded_again(directory):
    project = rule(directory, "upstream_ids", WAIVER, "test_contract.py").edit(
        "directory_server.py", '"alice"', '"alicia"'
    )
    run = project.run("--record-mode=rewrite", RULE)
    assert run.outcomes["failed"] == 1
    run.said(
        "The waiver of complete[list_accounts] is not needed: the rule holds.",
        f"  git restore '{WHOLE}'",
    )


TOKEN = BROKEN["a malformed token gives the first page"]


@pytest.mark.parametrize(
    ("test", "name", "old", "new"),
    [
        ("page_size[list_accounts-0]", "directory_server.py", '"alice"', '"alicia"'),
        ("page_token[list_accounts]", "directory_connector.py", TOKEN.old, TOKEN.new),
    ],
)
def test_a_rule_with_a_subtest_that_fails_keeps_its_own_file(directory, test, name, old, new):
    rule, _, inner = test.rstrip("]").partition("[")
    chosen = f"-k{rule} and {inner}"
    project = directory.run("--record-mode=once", chosen).project.edit(name, old, new)
    project = project.write(
        "conftest.py",
        project.files["conftest.py"].decode()
        + "\n\n@pytest.fixture(autouse=True)\ndef fails(subtests):\n"
        + "    with subtests.test():\n        assert False\n",
    )
    # It knows of no subtest in a fixture.
    run = project.run("--record-mode=rewrite", chosen, "-pno:rerunfailures")
    assert run.outcomes["failed"] >= 1
    own = f"{FOLDER}test_{test}.yaml"
    assert run.project.files[own] == project.files[own]


# Each with what is changed, where, and what is said. All of these beside a breach of the rule.
ERRORS = {
    "of requests": (
        "directory_connector.py",
        READ,
        "await foreign()\n    " + READ,
        "The connector called GET https://elsewhere.example.com/, which is not at its declared origin.",
    ),
    "of the network": (
        "directory_connector.py",
        READ,
        "connects()\n    " + READ,
        "The connector tried to connect to ('192.0.2.1', 9)",
    ),
    "of the upstream": (
        "directory_server.py",
        "return window.of(list(users.values()))",
        "return 1 / 0",
        "ZeroDivisionError",
    ),
    "of the credentials": (
        "conftest.py",
        "open-sesame",
        "close-sesame",
        "The upstream refuses the connector's credentials",
    ),
}
HELPERS = """

async def foreign():
    async with httpx.AsyncClient() as client:
        try:
            await client.get("https://elsewhere.example.com/")
        except Exception:
            pass


def connects():
    import socket

    try:
        with socket.socket() as it:
            it.connect(("192.0.2.1", 9))
    except OSError:
        pass
"""


@pytest.mark.parametrize("what", ERRORS)
def test_a_rule_that_fails_for_an_error_keeps_its_files(directory, what):
    name, old, new, says = ERRORS[what]
    project = rule(directory, FIRST_PAGE_ALONE.old, FIRST_PAGE_ALONE.new)
    connector = "directory_connector.py"
    project = project.write(connector, project.files[connector].decode() + HELPERS).edit(name, old, new)
    run = project.run("--record-mode=rewrite", RULE)
    assert run.outcomes["failed"] == 1
    assert says in run.output
    assert run.project == project
