"""The standard contract: each rule catches the connector that breaks it, and says what Lumos would do."""

from __future__ import annotations

import re

import pytest
from broken_accounts import BROKEN_ACCOUNTS
from broken_applications import BROKEN_APPLICATIONS
from broken_connectors import BROKEN as BROKEN_DIRECTORY
from broken_increments import BROKEN_INCREMENTS
from broken_oauth import BROKEN_OAUTH
from broken_reports import BROKEN_REPORTS

from connector_contract.contract.shared_recordings import SharedRecordings

pytestmark = pytest.mark.loopback

BROKEN = {
    **BROKEN_DIRECTORY,
    **BROKEN_ACCOUNTS,
    **BROKEN_APPLICATIONS,
    **BROKEN_INCREMENTS,
    **BROKEN_OAUTH,
    **BROKEN_REPORTS,
}
CONNECTOR = "directory_connector.py"
CONTRACT = "test_contract.py"
APP = "app_connector.py"
CLASS = re.compile(r"^class (\w+)", re.MULTILINE)


def test_a_correct_connector_breaks_no_rule(directory):
    recorded = directory.run("--record-mode=once")
    assert recorded.exit_code == 0, recorded.output
    assert (recorded.outcomes["passed"], recorded.outcomes.get("skipped")) == (240, 14)
    replayed = recorded.project.run()
    assert replayed.outcomes == recorded.outcomes
    assert replayed.project == recorded.project


def test_a_replay_plays_what_rules_share_once(directory, monkeypatch):
    played, make = [], SharedRecordings._made

    async def made(self, name, *how):
        played.append(name)
        return await make(self, name, *how)

    recorded = directory.run("--record-mode=once", "-kcomplete or status or references")
    assert recorded.exit_code == 0, recorded.output
    monkeypatch.setattr(SharedRecordings, "_made", made)
    recorded.project.run("-kcomplete or status or references")
    assert sorted(played) == sorted({*played}) != []


@pytest.fixture
def broken(directory, zoo):
    """A project with a broken connector, and the test of the rule that catches it."""

    def broken(what):
        found = BROKEN[what]
        project = zoo(found.kind) if found.kind else directory
        project = project.edit(APP if found.kind else CONNECTOR, found.old, found.new)
        contract = CLASS.findall(project.files[CONTRACT].decode())[-1]
        return project, f"{CONTRACT}::{contract}::test_{found.rule}"

    return broken


def failed(run):
    """The rules that fail in a run."""
    return re.findall(r"^(?:FAILED|ERROR) .*::test_(\S+)", run.output, re.MULTILINE)


@pytest.mark.parametrize("what", BROKEN)
def test_a_rule_catches_what_breaks_it_when_recorded_and_ever_after(broken, what):
    (project, test), expected = broken(what), BROKEN[what]
    recorded = project.run("--record-mode=once", test)
    assert failed(recorded) == [expected.rule], recorded.output
    assert expected.says in recorded.output
    assert f"  rule:     {expected.rule}: " in recorded.output
    assert "Traceback" not in recorded.output
    assert "open-sesame" not in recorded.output
    replayed = recorded.project.run(test)
    assert (replayed.outcomes["failed"], replayed.outcomes.get("errors")) == (1, None), replayed.output
    assert expected.says in replayed.output


@pytest.mark.slow
@pytest.mark.parametrize("what", [what for what, each in BROKEN.items() if each.alone])
def test_no_other_rule_catches_it(broken, what):
    project, _ = broken(what)
    recorded = project.run("--record-mode=once", CONTRACT)
    rules = {rule.partition("[")[0] for rule in failed(recorded)}
    assert rules == {BROKEN[what].rule.partition("[")[0]}, recorded.output


def test_each_rule_has_something_that_it_alone_catches():
    from connector_contract import ConnectorContract
    from connector_contract.contract.rule import rules_of

    # One for each will do: it takes a recording of all rules.
    alone = [broken.rule.partition("[")[0] for broken in BROKEN.values() if broken.alone]
    # A first recording cannot break these: see test_records.py and test_declarations.py.
    alone += ["declarations", "records"]
    # A secret in a URL is in the error's message, too, if the upstream refuses the request.
    alone += ["secret_in_url"]
    assert sorted(alone) == sorted(rules_of(ConnectorContract))


WAIVED = 'waivers = {"complete[list_accounts]": "suspended users are of another system"}\n    upstream_ids'
LOST = BROKEN["the accounts of one status are lost"]


def test_a_waiver_is_told_and_is_no_failure(directory):
    project = directory.edit(CONNECTOR, LOST.old, LOST.new).edit(CONTRACT, "upstream_ids", WAIVED)
    run = project.run("--record-mode=once", "-kcomplete")
    assert run.exit_code == 0, run.output
    assert (run.outcomes["passed"], run.outcomes["xfailed"]) == (6, 1)
    assert "waived: complete[list_accounts]: suspended users are of another system\n" in run.output
    assert run.project.run("-kcomplete").outcomes == run.outcomes


@pytest.mark.parametrize(
    ("plugin", "options"),
    [("asyncio", ["-oasyncio_mode=auto"]), ("anyio", ["-oanyio_mode=auto"])],
    ids=["asyncio", "anyio"],
)
def test_a_rule_is_judged_alike_by_whichever_plugin_it_is_run(directory, plugin, options):
    """As ``connector scaffold`` has it, pytest-asyncio runs all coroutines."""
    project = directory.edit(CONNECTOR, LOST.old, LOST.new).edit(CONTRACT, "upstream_ids", WAIVED)
    project = project.edit(CONTRACT, '        "list_resources": "items[].id",\n', "")
    rules = "-kcomplete or (bad_credentials and get_account)"
    refused = BROKEN["refused credentials are a bad request"]
    project = project.edit(CONNECTOR, refused.old, refused.new)
    # In a process of its own: anyio does not forget its mode.
    run = project.run("--record-mode=once", rules, *options, plugins=(plugin,), subprocess=True)
    assert (run.exit_code, run.outcomes["failed"]) == (1, 1), run.output
    assert "waived: complete[list_accounts]: suspended users are of another system\n" in run.output
    assert "nothing to check: complete[list_resources]: upstream_ids does not say" in run.output
    assert refused.says in run.output
    assert "Traceback" not in run.output
    replayed = run.project.run(rules, *options, plugins=(plugin,), subprocess=True)
    assert replayed.outcomes == run.outcomes


def test_a_waiver_that_is_not_needed_fails(directory):
    run = directory.edit(CONTRACT, "upstream_ids", WAIVED).run("--record-mode=once", "-kcomplete")
    assert run.outcomes["failed"] == 1
    assert "The waiver of complete[list_accounts] is not needed: the rule holds." in run.output


DEFAULTS = """\
from connector_contract import ConnectorContract


class Defaults(ConnectorContract):
    waivers = {
        "complete[list_accounts]": "a gap of some",
        "complete[get_account]": "no such check here",
        "writes[delete_thing]": "no such capability here",
    }
    read_requests = {"get_thing": {"id": "1"}}
    upstream_ids = {"list_things": "items[].id"}
"""
IMPORTS = "from connector_contract import ConnectorContract\n"


@pytest.fixture
def sharing(directory):
    """A connector whose contract has a base class that it shares with others."""
    project = directory.write("defaults.py", DEFAULTS)
    project = project.edit(CONTRACT, IMPORTS, "from defaults import Defaults\n")
    project = project.edit(CONTRACT, "(ConnectorContract)", "(Defaults)")
    return project.edit(CONTRACT, "upstream_ids = {", "upstream_ids = {**Defaults.upstream_ids, ")


def test_what_several_connectors_share_need_not_be_of_use_to_each(sharing):
    run = sharing.run("--record-mode=once", "-kcomplete or info")
    assert run.exit_code == 0, run.output
    assert "waived" not in run.output
    assert run.project.run("-kcomplete or info").outcomes == run.outcomes
    needed = sharing.edit(CONNECTOR, LOST.old, LOST.new).run("--record-mode=once", "-kcomplete")
    assert (needed.exit_code, needed.outcomes["xfailed"]) == (0, 1), needed.output
    assert "waived: complete[list_accounts]: a gap of some\n" in needed.output


def test_what_a_contract_adds_of_its_own_has_to_be_of_use(sharing):
    added = 'waivers = {**Defaults.waivers, "info": "a gap"}\n    upstream_ids = {'
    run = sharing.edit(CONTRACT, "upstream_ids = {", added).run("--record-mode=once", "-kcomplete or info")
    assert run.outcomes["failed"] == 1
    assert "The waiver of info is not needed: the rule holds." in run.output


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("read_requests", "read_request", "Did you mean read_requests?"),
        ("complete[get_account]", "completeness", "waivers['completeness'] waives no rule"),
    ],
)
def test_what_cannot_be_is_refused_in_a_base_class_too(sharing, old, new, says):
    assert says in sharing.edit("defaults.py", old, new).run("-kinfo").output


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("upstream_ids", 'waivers = {"complete[list_accounts]": " "}\n    upstream_ids', "has no reason"),
        ("upstream_ids", 'waivers = {"completeness": "no"}\n    upstream_ids', "waives no rule"),
        ("upstream_ids", 'waivers = {"complete": "no"}\n    upstream_ids', "waives too much"),
        ("upstream_ids", 'waivers = {"info[x]": "no"}\n    upstream_ids', "info is checked once"),
        (
            "upstream_ids",
            'waivers = {"complete[get_account]": "no"}\n    upstream_ids',
            "waives nothing: there is no such check for this connector",
        ),
        (
            "upstream_ids",
            'waivers = {"page_size[list_accounts]": "no"}\n    upstream_ids',
            "there is: page_size[list_accounts-0], page_size[list_accounts--1]",
        ),
        ("upstream_ids", "test_complete = None\n    upstream_ids", "removes the rule complete"),
        ("upstream_ids", "max_pages = 0\n    upstream_ids", "should be a positive number"),
        ("upstream_ids", "page_sizes = 5\n    upstream_ids", "should be a list of positive numbers"),
        ("upstream_ids", 'unknown_id = ""\n    upstream_ids', "should be a string, an id that nothing has"),
        ("upstream_ids", 'bad_auth = "x"\n    upstream_ids', "bad_auth is 'x', and should be a dict"),
        ('"get_account": {"account_id": "u1"}', '"get_account": "u1"', "should be a dict"),
        (
            '"get_account": {"account_id": "u1"}',
            '"delete_account": {"account_id": "u1"}',
            "No rule reads read_requests['delete_account']",
        ),
        (
            "upstream_ids = {",
            'upstream_ids = {"get_account": "id", ',
            "No rule reads upstream_ids['get_account']",
        ),
        (
            "upstream_ids = {",
            'excluded_ids = {"get_account": {"id": "no"}}\n    upstream_ids = {',
            "No rule reads excluded_ids['get_account']",
        ),
        ("upstream_ids = {", "upstream_id = {", "Did you mean upstream_ids?"),
        (
            '{"account_id": "u1"}',
            '{"acount_id": "u1"}',
            "has 'acount_id', which is not a field of such a request",
        ),
        (
            '"list_accounts": "items[].id"',
            '"list_accounts": {"/users": "items[].id", "/people": "items[].id"}',
            "has '/people', and the connector asked for no such path",
        ),
        (
            '"list_accounts": "items[].id"',
            '"list_accounts": "items[0].id"',
            "upstream_ids['list_accounts'] finds no id of 4 records of list_accounts",
        ),
        (
            "upstream_ids = {",
            'excluded_ids = {"list_accounts": "no"}\n    upstream_ids = {',
            """Write it as excluded_ids = {"list_accounts": {"items[?bot].id": "the reason"}}.""",
        ),
        ('"list_accounts": "items[].id"', '"list_account": "items[].id"', "does not have"),
        ('"list_accounts": "items[].id"', '"list_accounts": "items[.id"', "is not a JMESPath expression"),
        ('"list_accounts": "items[].id"', '"list_accounts": 7', "should be a JMESPath expression"),
        ("upstream_ids", "page_sizes = (0,)\n    upstream_ids", "should be a list of positive numbers"),
    ],
)
def test_facts_that_cannot_be_are_one_clear_error(directory, old, new, says):
    run = directory.edit(CONTRACT, old, new).run("--record-mode=once", "-kcomplete or info")
    assert says in run.output
    assert "Traceback" not in run.output
    assert run.exit_code == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"list_accounts": "items[].id"', '"list_accounts": fill_in("the ids")'),
        ('"list_accounts": "items[].[id, status]"', '"list_accounts": fill_in("the ids")'),
    ],
)
def test_a_path_that_is_not_filled_in_is_told_by_the_rule_that_needs_it(directory, old, new):
    imports = "import ConnectorContract, fill_in"
    project = directory.edit(CONTRACT, old, new).edit(CONTRACT, "import ConnectorContract", imports)
    run = project.run("--record-mode=once", "-k[list_accounts] and (complete or status or shape)")
    assert (run.outcomes["failed"], run.outcomes["passed"]) == (1, 2), run.output
    assert "Not filled in yet: the ids" in run.output
    assert "Traceback" not in run.output


def test_statuses_of_ids_that_no_record_has(directory):
    run = directory.edit(CONTRACT, "items[].[id, status]", "items[].[email, status]").run(
        "--record-mode=once", "-kstatus and [list_accounts]"
    )
    assert run.outcomes["failed"] == 1
    assert (
        "upstream_status['list_accounts'] finds ids that no record has, such as 'u1@example.com'."
        in run.output
    )
    assert "the records have ids such as 'u1'" in run.output


def test_a_table_of_statuses_that_changed_is_told_status_by_status(directory):
    rule = "-kstatus and [list_accounts]"
    recorded = directory.run("--record-mode=once", rule).project
    run = recorded.edit(
        CONNECTOR, '"invited": sdk.AccountStatus.PENDING', '"invited": sdk.AccountStatus.ACTIVE'
    )
    run = run.run(rule)
    assert run.outcomes["failed"] == 1
    run.said(
        "Regression: The table of statuses differs from its snapshot.",
        "rule: status[list_accounts]: Each raw status becomes one Lumos status",
        "- invited: PENDING in the snapshot, ACTIVE now",
        "Fix the mapping; or, if it is right, accept the table with:",
        "pytest --snapshot-update 'test_contract.py::TestDirectoryContract::test_status[list_accounts]'",
    )
    assert "Traceback" not in run.output
    assert run.project.run(rule, "--snapshot-update").outcomes["passed"] == 1


def test_a_table_of_statuses_without_a_snapshot_is_told(directory):
    rule = "-kstatus and [list_accounts]"
    recorded = directory.run("--record-mode=once", rule).project
    run = recorded.remove("snapshots").run(rule)
    assert run.outcomes["failed"] == 1
    run.said("The table of statuses has no snapshot.", "pytest --record-mode=once")
    assert run.project.run(rule, "--record-mode=once").project == recorded


def test_a_table_of_statuses_waits_where_the_list_fails(directory):
    rule = "-kstatus and [list_accounts]"
    recorded = directory.run("--record-mode=once", rule).project
    fails = recorded.edit(
        CONNECTOR,
        "users, page = await read",
        "raise NotFoundError(message='?')\n    users, page = await read",
    )
    run = fails.run(rule, "--record-mode=rewrite")
    assert (run.exit_code, run.outcomes["skipped"]) == (0, 1), run.output
    # What it waits with is recorded, so that it waits offline, too.
    assert run.project.recorded("cassettes") != fails.recorded("cassettes")
    assert run.project.recorded("snapshots") == fails.recorded("snapshots")


def test_credentials_that_the_upstream_refuses_record_nothing(directory):
    run = directory.edit("conftest.py", "open-sesame", "close-sesame").run(
        "--record-mode=once", "-kcoverage or (pages and list_accounts)"
    )
    assert set(run.outcomes) - {"deselected", "warnings", "warning"} == {"failed"}
    run.said(
        "The upstream refuses the connector's credentials, so nothing was recorded.",
        "rule: coverage[validate_credentials]: ",
        "unauthorized: ",
        "Set good ones, perhaps in the variables that conftest.py reads, and record again.",
    )
    assert "close-sesame" not in run.output
    assert not run.project.recorded("cassettes")


def test_bad_credentials_that_are_good(directory):
    bad = 'bad_auth = {"token": {"token": "open-sesame"}}\n    upstream_ids = {'
    run = directory.edit(CONTRACT, "upstream_ids = {", bad).run(
        "--record-mode=once", "-kbad and get_account]"
    )
    assert run.outcomes["failed"] == 1
    assert (
        "bad_auth or bad_credentials are the good credentials that the connector is recorded with."
        in run.output
    )


def test_what_a_connector_prints_is_shown_without_secrets(directory):
    broken = BROKEN["a read that finds nothing"]
    prints = "print(args.auth.token.token)\n        " + broken.new
    project = directory.edit(CONNECTOR, broken.old, prints)
    run = project.run("--record-mode=once", "-kcoverage and [get_account]")
    assert run.outcomes["failed"] == 1
    run.said("Captured stdout call", "<token.token>")
    assert "open-sesame" not in run.output


def test_a_connector_that_exits_when_it_is_imported(directory):
    run = directory.edit(CONNECTOR, "import re\n", "import re\nraise SystemExit(3)\n").run(
        "-kcomplete or info"
    )
    assert run.exit_code == 1
    assert "The fixture connector_under_test raised SystemExit: 3" in run.output
    assert "Traceback" not in run.output


def test_a_waiver_of_what_has_nothing_to_check_is_not_needed(directory):
    waived = 'waivers = {"complete[list_accounts]": "no"}\n    upstream_ids'
    project = directory.edit(CONTRACT, '        "list_accounts": "items[].id",\n', "")
    run = project.edit(CONTRACT, "upstream_ids", waived).run("--record-mode=once", "-kcomplete")
    assert run.outcomes["failed"] == 1
    assert (
        "The waiver of complete[list_accounts] is not needed: there is nothing to check, because upstream_ids"
        in run.output
    )


def test_what_writes_has_an_example_whatever_its_model_requires(directory):
    text = directory.files[CONTRACT].decode()
    start, end = text.index('        "create_account": {'), text.index('        "update_account"')
    run = directory.write(CONTRACT, text[:start] + text[end:]).run("--record-mode=once", "-kcreate_account")
    assert run.outcomes["errors"] == 1
    assert "writes: there is no example of a request for create_account." in run.output
    assert not run.project.recorded("cassettes")


def test_a_write_that_the_tenant_has_no_state_for_is_waived_without_an_example(directory):
    text = directory.files[CONTRACT].decode()
    start, end = text.index('        "create_account": {'), text.index('        "update_account"')
    waived = 'waivers = {"writes[create_account]": "the tenant has no free seat"}\n    upstream_ids = {'
    project = directory.write(CONTRACT, text[:start] + text[end:]).edit(CONTRACT, "upstream_ids = {", waived)
    run = project.run("--record-mode=once", "-kcreate_account and writes")
    assert (run.exit_code, run.outcomes["xfailed"]) == (0, 1), run.output
    assert "waived: writes[create_account]: the tenant has no free seat\n" in run.output


def test_an_expression_that_matches_nothing_shows_what_there_is(directory):
    run = directory.edit(CONTRACT, "items[].id", "users[].id").run("--record-mode=once", "-kcomplete")
    assert (
        "upstream_ids['list_accounts'] = 'users[].id' matches nothing in the 3 recorded bodies." in run.output
    )
    assert "{items: [{id, name, status, last_login, email}], offset, total, has_more}" in run.output


def test_no_records_where_the_upstream_sent_some_is_a_breach_without_any_expression(directory):
    project = directory.edit(CONTRACT, '        "list_accounts": "items[].id",\n', "").edit(
        CONNECTOR, "response=[account(user) for user in users], page=page", "response=[], page=page"
    )
    run = project.run("--record-mode=once", "-kcomplete")
    assert run.outcomes["failed"] == 1
    assert "complete: list_accounts: it has no records, although the upstream sent some." in run.output
    assert "- 3 in GET https://directory.example.com/users?limit=3&offset=0" in run.output


def test_a_list_that_fails_is_told_by_coverage_and_pages_and_the_others_wait(directory):
    project = directory.edit(CONNECTOR, 'read_page(args, User, "/users")', 'read_page(args, User, "/people")')
    run = project.run("--record-mode=once", "-klist_accounts and not credentials and not server_error")
    failed = re.findall(r"^FAILED .*::test_(\S+)", run.output, re.MULTILINE)
    assert failed == [
        "coverage[list_accounts]",
        "pages[list_accounts]",
    ]
    waits = "list_accounts: the walk in pages of 100 ended with an error"
    assert re.search(rf"nothing to check: .*complete\[list_accounts\].*: {waits}", run.output)


def test_a_capability_without_an_example_is_one_failure(directory):
    project = directory.edit(CONTRACT, '        "get_account": {"account_id": "u1"},\n', "")
    run = project.run("--record-mode=once", "-kget_account")
    assert run.outcomes["errors"] == 1
    assert "coverage: there is no example of a request for get_account." in run.output
    assert "it needs: account_id" in run.output
    assert re.search(r"nothing to check: .*\[get_account\] and \d+ more: there is no example", run.output)


@pytest.mark.parametrize(
    ("capability", "old", "new", "why"),
    [
        ("activate_account", '"u3"}', '"u1"}', "the account 'u1' is ACTIVE before"),
        ("deactivate_account", '"u1"}', '"u3"}', "the account 'u3' is not ACTIVE before"),
        ("delete_account", '"u2"}', '"u9"}', "the account 'u9' is not in list_accounts before"),
        ("update_account", '"other@', '"u5@', "the account 'u5' is as it asks for before"),
        ("assign_entitlement", '"u4",', '"u1",', "u1 / p2-admin / p2 is assigned before"),
        ("unassign_entitlement", '"u1",', '"u4",', "u4 / p2-admin / p2 is not assigned before"),
    ],
)
def test_an_example_that_changes_nothing_is_a_mistake(directory, capability, old, new, why):
    text = directory.files[CONTRACT].decode()
    start = text.index(f'"{capability}"', text.index("write_requests"))
    project = directory.write(CONTRACT, text[:start] + text[start:].replace(old, new, 1))
    run = project.run("--record-mode=once", f"-kwrites and [{capability}]")
    assert run.outcomes["failed"] == 1
    assert f"The example of {capability} shows nothing: {why}." in run.output
    assert not any("writes[" in name for name in run.project.recorded("cassettes"))


def test_what_is_left_out_has_a_reason_and_is_there(directory):
    expression = "items[?status=='suspended'].id"
    excluded = f'excluded_ids = {{"list_accounts": {{"{expression}": "elsewhere"}}}}\n    upstream_ids'
    project = directory.edit(CONNECTOR, LOST.old, LOST.new).edit(CONTRACT, "upstream_ids", excluded)
    assert project.run("--record-mode=once", "-kcomplete").exit_code == 0
    run = project.edit(CONTRACT, "suspended'", "gone'").run("--record-mode=once", "-kcomplete")
    assert "finds no id in the recorded bodies, so it is no longer needed" in run.output


def test_a_fixture_that_needs_a_test_is_told(directory):
    project = directory.edit(
        "conftest.py", "def connector_under_test():", "def connector_under_test(request):\n    request.node"
    )
    run = project.run("--record-mode=once")
    assert run.exit_code == 1
    assert "takes a fixture that exists only while a test runs" in run.output
    assert "Traceback" not in run.output


def test_a_connector_that_does_not_import_is_told_once_for_each_rule(directory):
    run = directory.edit("conftest.py", "from directory_connector", "from no_connector").run()
    assert run.exit_code == 1
    assert run.output.count("Fix the fixture, or what it imports. No scenario can run before that.") == 2
    assert run.output.count(" more tests failed for this reason:") == 1
    assert "Traceback" not in run.output


def test_a_fixture_that_cleans_up_after_itself_is_made_and_left(directory):
    cleans_up = """    with contextlib.ExitStack() as stack:
        stack.callback(print, "left")
        yield ConnectorUnderTest"""
    project = directory.edit("conftest.py", "    return ConnectorUnderTest", cleans_up)
    run = project.edit("conftest.py", "import pytest", "import contextlib\n\nimport pytest").run(
        "--collect-only", "-s"
    )
    assert run.exit_code == 0
    assert "test_complete[list_accounts]" in run.output
    assert run.output.count("left\n") == 1
