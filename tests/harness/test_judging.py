"""Which verdict a failed test is, and the review at the end of a run."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from connector_contract.errors import ContractError, UsageError, Verdict

CONNECTOR = "acme_connector.py"
MAPPING = (CONNECTOR, 'username=user["login"]', 'username=user["id"]')
ASKS_MORE = (CONNECTOR, "limit=size", 'sort="id", limit=size')
# The first page says that it is the last: another answer, and a request that is never made.
STOPS = (CONNECTOR, 'if page["next"] is None else', "if True else")
NO_RESPONSE = '\n\nasync def dispatch(*_):\n    return "no JSON"\n\n\nintegration.dispatch = dispatch\n'
TOLD_NOW = "what Lumos would be told now"
REVIEW = [
    "major     username of 4 accounts: now equals integration_specific_id, in 4 of 4",
    "          Lumos is told another value.",
    "          in list_accounts (asked in 2 ways)",
    "          - u1 (ada@example.com): ada → u1",
    "          - u2 (bob@example.com): bob → u2",
    "          - u3 (Zoë): Zoë → u3",
    "            and 1 more",
    "1 change (1 major), in 2 files that differ.",
]


def broken(project):
    return project.write(CONNECTOR, project.files[CONNECTOR].decode() + NO_RESPONSE)


def properties(run):
    """The verdict of each test in JUnit's file."""
    root = ET.fromstring(run.project.files["junit.xml"])  # noqa: S314 - it is our own
    return {
        case.attrib["name"]: [
            each.attrib["value"] for each in case.iter("property") if each.attrib["name"] == "verdict"
        ]
        for case in root.iter("testcase")
    }


def end(run):
    """What a run prints after all tests, without the last line, which has the time."""
    _before, _found, rest = run.output.partition("verdicts: ")
    return rest.splitlines()[:-1]


@pytest.mark.parametrize(
    "options",
    [(), ("-q",), ("--tb=no",), ("--tb=line",), ("--tb=native",), ("--tb=short", "-vv"), ("-n2",)],
    ids=" ".join,
)
def test_a_changed_mapping_is_a_regression_of_each_test_and_one_change_at_the_end(recorded, options):
    run = recorded.edit(*MAPPING).run("--junitxml=junit.xml", *options, subprocess="-n2" in options)
    assert run.exit_code == pytest.ExitCode.TESTS_FAILED
    said = "Regression: The response of list_accounts differs from its snapshot."
    shown = "FAILED test_acme.py::test_walk - Regression: The response"
    run.said("verdicts: 2 regressions", TOLD_NOW)
    assert (said in run.output) == ("--tb=no" not in options)
    assert shown in run.output or "-vv" in options
    _count, _title, *review = end(run)
    assert review == REVIEW
    assert properties(run) == {
        "test_walk": ["regression"],
        "test_create": ["regression"],
        "test_wrong_token": [],
    }


def test_the_failure_of_a_test_stays_its_own(recorded):
    run = recorded.edit(*MAPPING).run("-k", "walk")
    run.said(
        "Regression: The response of list_accounts differs from its snapshot.",
        '> assert await lumos.walk("list_accounts", page_size=2) == snapshot',
        "E assert [+ received] == [- snapshot]",
    )


def test_other_requests_are_a_request_change_without_answers(recorded):
    run = recorded.edit(*ASKS_MORE).run("--junitxml=junit.xml")
    run.had(failed=3)
    run.said(
        "Request change: The connector made a request that is not recorded",
        "FAILED test_acme.py::test_walk - Request change: ",
        "verdicts: 3 request changes",
    )
    assert TOLD_NOW not in run.output
    assert list(properties(run).values()) == [["request change"]] * 3


@pytest.mark.parametrize(
    "test",
    [
        'assert await lumos.walk("list_accounts", page_size=2) == snapshot',
        'assert len(await lumos.walk("list_accounts", page_size=2)) == 2',
        '(await lumos.walk("list_accounts", page_size=2))[1]',
        'await lumos.walk("list_accounts", page_size=2) == snapshot',
        'await lumos.walk("list_accounts", page_size=2)',
    ],
)
def test_a_request_that_is_not_made_is_one_verdict_wherever_the_test_fails(recorded, test):
    project = recorded.write("test_acme.py", f"async def test_walk(lumos, snapshot):\n    {test}\n")
    run = project.edit(*STOPS).run("-Wignore", "--junitxml=junit.xml")
    run.had(failed=1)
    run.said(
        "Request change: The connector did not make 1 of the 2 recorded requests.",
        "number 2 of call 2, list_accounts: GET https://acme.example.com/v1/users",
        "verdicts: 1 request change",
    )
    assert "Regression" not in run.output
    assert TOLD_NOW not in run.output
    assert properties(run) == {"test_walk": ["request change"]}


def test_requests_that_were_not_yet_due_are_no_change(recorded):
    """A test that fails in its middle has calls left, whose requests nobody misses."""
    run = recorded.edit(CONNECTOR, 'id=user["id"], status', 'id="x", status').run("-k", "create")
    run.had(failed=1)
    run.said(
        "Regression: The response of create_account differs from its snapshot.", "verdicts: 1 regression"
    )


def test_an_assertion_about_a_response_is_a_regression_if_the_call_ends_otherwise(recorded):
    test = (
        "async def test_walk(lumos):\n"
        '    pages = await lumos.walk("list_accounts", page_size=2)\n'
        '    assert not any(page.get("is_error") for page in pages)\n'
    )
    project = recorded.remove("snapshots").write("test_acme.py", test)
    project.run().had(passed=1)
    run = project.edit(CONNECTOR, 'user_status=STATUSES[user["state"]]', 'user_status=STATUSES["x"]').run()
    run.had(failed=1)
    # It is an error at the first page: the second is never asked for.
    run.said("Request change: The connector did not make 1 of the 2 recorded requests.")
    wrong = project.write("test_acme.py", test.replace("not any", "any"))
    mine = wrong.run("--junitxml=junit.xml")
    mine.had(failed=1)
    assert "verdicts:" not in mine.output
    assert properties(mine) == {"test_walk": []}


SWALLOWS = (
    CONNECTOR,
    '        page = await client.get("/users", limit=size, start=start)',
    "        try:\n"
    '            page = await client.get("/users", limit=size, start=start)\n'
    "        except Exception:\n"
    "            return ListAccountsResponse(response=[])",
)
ASSERTS = """
async def test_refused(lumos, snapshot):
    response = await lumos.call("list_accounts", auth={"token": {"token": "wrong"}})
    assert response.get("is_error")
"""


@pytest.mark.parametrize("rest", ["", "    assert response == snapshot\n"], ids=["alone", "compared later"])
@pytest.mark.parametrize("workers", [(), ("-n2",)], ids=["alone", "xdist"])
def test_an_error_that_became_a_success_is_told_though_no_comparison_was_made(recorded, workers, rest):
    project = recorded.write("test_refused.py", ASSERTS + rest)
    accepted = project.run("--record-mode=once", "test_refused.py")
    accepted.had(passed=1)
    run = accepted.project.edit(*SWALLOWS).run("test_refused.py", *workers, subprocess=bool(workers))
    run.had(failed=1)
    _count, _title, *review = end(run)
    assert review == [
        "critical  list_accounts: the error unauthorized → a success with 0 records",
        "          Lumos acts on a success: what it does not list is gone.",
        "          in list_accounts with other auth",
        "          - list_accounts with other auth: the error unauthorized → a success with 0 records",
        "1 change (1 critical), in 1 file that differs.",
    ]


@pytest.mark.parametrize("workers", [(), ("-n2",)], ids=["alone", "xdist"])
def test_several_verdicts_are_counted(recorded, workers):
    both = recorded.edit(*ASKS_MORE).edit(CONNECTOR, 'id=user["id"], status', 'id="x", status')
    project = both.write("test_other.py", "async def test_new(lumos):\n    await lumos.call('info')\n")
    run = project.run("--junitxml=junit.xml", *workers, subprocess=bool(workers))
    run.had(failed=3, errors=1)
    run.said(
        "verdicts: 1 regression, 2 request changes, nothing compared in 1 test",
        TOLD_NOW,
        "id of 1 account: u4 → x",
    )
    assert properties(run) == {
        "test_walk": ["request change"],
        "test_create": ["regression"],
        "test_wrong_token": ["request change"],
        "test_new": [],
    }


@pytest.mark.parametrize("workers", [(), ("-n2",)], ids=["alone", "xdist"])
def test_a_test_that_fails_by_itself_is_counted_too(recorded, workers):
    tests = recorded.files["test_acme.py"].decode()
    own = (
        "\n\nasync def test_mine(lumos):\n"
        "    page = await lumos.call('list_accounts', page={'size': 100})\n    assert not page\n"
        "\n\ndef test_plain():\n    assert 1 == 2\n"
    )
    project = recorded.write("test_own.py", own.lstrip()).write("test_acme.py", tests)
    project = project.run("--record-mode=once").project.edit(*MAPPING)
    run = project.run(*workers, subprocess=bool(workers))
    run.had(passed=1, failed=3, errors=1)
    run.said("verdicts: 2 regressions, nothing compared in 1 test, 1 other failure")


def test_a_call_without_a_response_is_a_breach(recorded):
    run = broken(recorded).run("--junitxml=junit.xml", "-k", "walk")
    run.had(failed=1)
    run.said(
        "Contract breach: The connector gave no response to list_accounts", "verdicts: 1 contract breach"
    )
    assert properties(run) == {"test_walk": ["contract breach"]}


def test_a_mistake_says_that_nothing_was_compared(recorded):
    run = recorded.remove("cassettes").run("--junitxml=junit.xml")
    run.had(errors=3)
    run.said(
        "Nothing was compared: The scenario is not recorded: it has no cassette.",
        "ERROR test_acme.py::test_walk - Nothing was compared: The scenario is not",
        "3 scenarios are not recorded.",
        "verdicts: nothing compared in 3 tests",
    )
    assert "Regression" not in run.output
    assert set(map(tuple, properties(run).values())) == {()}


def test_a_mistake_after_a_comparison_does_not_say_so(recorded):
    test = (
        recorded.files["test_acme.py"]
        .decode()
        .replace(
            "== snapshot\n\n\nasync def test_create",
            "== snapshot\n    lumos.call('info')\n\n\nasync def test_create",
        )
    )
    run = recorded.write("test_acme.py", test).run("-k", "walk")
    run.had(failed=1)
    run.said("was never awaited")
    assert "Nothing was compared" not in run.output


def test_a_missing_snapshot_is_no_regression(recorded):
    run = recorded.remove("snapshots").run("-k", "walk", "--junitxml=junit.xml")
    run.had(failed=1)
    run.said("The response of list_accounts has no snapshot to compare it with.")
    assert "verdicts: " not in run.output
    assert properties(run) == {"test_walk": []}


def test_a_failure_in_a_teardown_has_its_verdict(recorded):
    late = (
        "\n\n@pytest.fixture\ndef asks_late(lumos):\n    yield\n    import httpx\n"
        '    httpx.get("https://acme.example.com/v1/users")\n'
    )
    conftest = recorded.files["conftest.py"].decode() + late
    test = recorded.files["test_acme.py"].decode().partition("\n\n\n")[0]
    test = test.replace("lumos, snapshot", "lumos, snapshot, asks_late") + "\n"
    run = recorded.write("conftest.py", conftest).write("test_acme.py", test).run("--junitxml=junit.xml")
    run.had(passed=1, errors=1)
    run.said("Request change: The connector made a request that is not", "verdicts: 1 request change")
    assert run.output.count("asked in: conftest.py") == 1
    assert properties(run) == {"test_walk": ["request change"]}


def test_a_test_that_is_expected_to_fail_has_no_verdict(recorded):
    test = "import pytest\n\n\n@pytest.mark.xfail\n" + recorded.files["test_acme.py"].decode()
    run = recorded.write("test_acme.py", test).edit(*MAPPING).run("-k", "walk", "--junitxml=junit.xml")
    run.had(xfailed=1)
    assert "verdicts: " not in run.output
    assert TOLD_NOW not in run.output


def test_without_a_terminal_a_run_fails_all_the_same(recorded):
    root = recorded.edit(*MAPPING).materialize()
    junit = root / "junit.xml"
    run = recorded.pytester.runpytest_subprocess(
        f"--rootdir={root}", root, "-pno:terminal", f"--junitxml={junit}"
    )
    assert run.ret == pytest.ExitCode.TESTS_FAILED
    assert junit.read_text("utf-8").count('name="verdict" value="regression"') == 2
    assert "INTERNALERROR" not in run.stderr.str()


def test_what_is_accepted_is_said_in_the_same_words(recorded):
    project = recorded.edit(*MAPPING)
    run = project.run("--snapshot-update")
    run.had(passed=3)
    assert "verdicts: " not in run.output
    lines = run.output.splitlines()
    assert set(REVIEW) <= set(lines)
    again = run.project.run("--snapshot-update")
    again.had(passed=3)
    assert "what was accepted" not in again.output


@pytest.mark.loopback
@pytest.mark.parametrize("workers", [(), ("-n2",)], ids=["alone", "xdist"])
def test_what_is_recorded_again_is_said_in_the_same_words(recorded, workers):
    same = recorded.run("--record-mode=rewrite", *workers, subprocess=bool(workers))
    same.had(passed=3)
    assert "what was accepted or recorded" not in same.output
    project = recorded.edit("acme_server.py", '"login": "ada"', '"login": "eve"')
    run = project.run("--record-mode=rewrite", "--snapshot-update", *workers, subprocess=bool(workers))
    run.had(passed=3)
    run.said(
        "what was accepted or recorded", "username of 1 account: ada → eve", "info", "upstream GET /v1/users"
    )
    # What is recorded for the first time is beside nothing.
    first = recorded.remove("cassettes").remove("snapshots").run("--record-mode=once")
    assert "what was accepted or recorded" not in first.output


@pytest.mark.loopback
def test_a_response_that_was_recorded_again_is_no_regression(recorded):
    project = recorded.edit("acme_server.py", '"login": "ada"', '"login": "eve"')
    run = project.run("--record-mode=rewrite", "-k", "walk", "--junitxml=junit.xml")
    run.had(failed=1)
    run.said("The response of list_accounts differs from its snapshot.", TOLD_NOW, "ada → eve")
    assert "Regression" not in run.output
    assert properties(run) == {"test_walk": []}


def test_each_error_is_of_one_kind():
    """A verdict, or a mistake by which nothing is compared, or what concerns a recording or a declaration."""

    def below(kind):
        for each in kind.__subclasses__():
            yield each
            yield from below(each)

    errors = set(below(ContractError))
    assert not [each for each in errors if each.verdict is not None and each.compares_nothing]
    assert {each.__name__ for each in errors if each.verdict is None and not each.compares_nothing} == {
        "CannotWrite",
        "ForeignRequest",
        "RecordedOtherwise",
        "RefusedToSave",
        "UnneededDeclaration",
        "UnneededWaiver",
        "UnprovenRecording",
        "UnusedSnapshots",
    }
    assert all(each.compares_nothing for each in below(UsageError))
    assert {each.verdict for each in errors} == {None, *Verdict}


def test_the_first_words_of_a_message_are_its_verdict():
    class Wrong(ContractError):
        verdict = Verdict.REQUEST_CHANGE

    assert str(Wrong("It asks.", remedy="Do not.")) == "Request change: It asks.\nDo not."
    assert str(UsageError("It asks.", remedy="Do not.")) == "It asks.\nDo not."
