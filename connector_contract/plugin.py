"""The pytest plugin: options and hooks that tie scenarios to pytest, and nothing else.

``recording.running`` sets a scenario up; ``recording.scenario`` checks it, and writes its files. What these
need (connector-py, vcrpy, uvicorn) is imported when the first scenario asks for it, so that other test runs
do not pay for it.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from connector_contract.config import check_origin
from connector_contract.connector_fixture import reported_once
from connector_contract.contract.rule_mark import rule_of, rule_of_item
from connector_contract.errors import AlreadyReported, ContractError, MissingCassette, UsageError
from connector_contract.faults.fault_options import add_fault_options, check_fault_options, is_sweeping
from connector_contract.fixtures import Fixtures
from connector_contract.item_files import add_root_option, is_unreadable_recordings, project_name, projects_of
from connector_contract.judging import contract_error, judge, raise_request_change
from connector_contract.record_plan import (
    RecordPlan,
    add_plan_option,
    check_plan_options,
    plan_in_one_process,
)
from connector_contract.record_progress import RecordProgress
from connector_contract.recording.ending import Ending
from connector_contract.reporting.run_report import ATTRIBUTE
from connector_contract.reporting.summary import LATE_OUTPUT, LEARNED_OUTPUT, PEOPLE_OUTPUT, Summary
from connector_contract.rewriting import Rewriting, add_resume_option, begin_list
from connector_contract.run_folder import WORKER_FOLDER, run_folder
from connector_contract.run_state import (
    COLLECTED,
    EXIT_HANDLERS,
    RUN_PEOPLE,
    TestRun,
    begin_run,
    people_counts,
    run_of,
    take_late,
)
from connector_contract.safe_output import SafeOutput, redact
from connector_contract.safety.writes_plugin import WritesPlugin, add_write_option
from connector_contract.same_files import report_same_files
from connector_contract.secrets.secret_names import secret_names
from connector_contract.variants import VariantHooks, add_variant_option

_LEFT_OUT = object()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the harness's own option beside pytest-recording's and syrupy's."""
    parser.getgroup("connector-contract").addoption(
        "--upstream-url",
        metavar="URL",
        default=None,
        help="Record from the server that runs at URL, in place of the declared upstream.",
    )
    parser.getgroup("connector-contract").addoption(
        "--contract-trace",
        action="store_true",
        help="Show the calls of each scenario that fails, with each request and response.",
    )
    add_fault_options(parser)
    add_plan_option(parser)
    add_resume_option(parser)
    add_variant_option(parser)
    add_write_option(parser)
    parser.addini(
        "contract_secret_names",
        type="linelist",
        default=[],
        help="Names whose values are secret, as 'name: reason'; '-name: reason' takes one off the list.",
    )
    parser.addini(
        "contract_allowed_secrets",
        type="linelist",
        default=[],
        help="What looks like a secret and is none, as 'digest: reason'; lint shows the digest.",
    )
    add_root_option(parser)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Turn the SDK's metrics off, which it sends to a port of this machine, before anything imports it."""
    os.environ.setdefault("DD_DOGSTATSD_DISABLE", "true")


def pytest_configure(config: pytest.Config) -> None:
    """Check the options and put our fixtures behind those of all other plugins, to override syrupy's."""
    try:
        secret_names(config.getini("contract_secret_names"), config.getini("contract_allowed_secrets"))
        projects_of(config)
        if (url := config.getoption("--upstream-url")) is not None:
            check_origin(url, "--upstream-url")
        check_plan_options(config)
        check_fault_options(config)
        begin_list(config)
    except UsageError as error:
        raise pytest.UsageError(str(error)) from None
    config.pluginmanager.register(WritesPlugin(config), "connector-contract-writes")
    worker = getattr(config, "workerinput", None)
    once = worker and run_folder(config)
    config.pluginmanager.register(Fixtures(once), "connector-contract-fixtures")
    plan = RecordPlan()
    config.pluginmanager.register(plan, "connector-contract-plan")
    config.pluginmanager.register(VariantHooks(), "connector-contract-variants")
    if is_sweeping(config):
        from connector_contract.faults.fault_collection import FaultCollection

        config.pluginmanager.register(FaultCollection.of(config), "connector-contract-faults")
        if worker is None:
            from connector_contract.faults.fault_progress import FaultProgress
            from connector_contract.faults.fault_summary import FaultSummary

            progress = FaultProgress(config)
            config.pluginmanager.register(FaultSummary(config, progress), "connector-contract-fault-summary")
            config.pluginmanager.register(progress, "connector-contract-fault-progress")
    config.pluginmanager.register(SafeOutput(config), "connector-contract-safe-output")
    if worker is None:
        config.pluginmanager.register(Summary(), "connector-contract-summary")
        config.pluginmanager.register(RecordProgress(config, plan), "connector-contract-progress")
        config.pluginmanager.register(Rewriting(), "connector-contract-rewriting")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> Generator[None, Any, Any]:
    """Have a plan be made in this process, before pytest-xdist looks how many there are to be."""
    plan_in_one_process(config)
    return (yield)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Give each worker of pytest-xdist the folder in which all of them see what one has recorded."""
    node.workerinput[WORKER_FOLDER] = str(run_folder(node.config))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Run what scenarios have registered to run when Python exits, while that can still fail the run.

    What has come after the last report of a worker of pytest-xdist is sent along with its end.
    """
    if (handlers := session.config.stash.get(EXIT_HANDLERS, None)) is not None:
        handlers.run()
    output = getattr(session.config, "workeroutput", None)
    if (people := session.config.stash.get(RUN_PEOPLE, None)) is not None:
        if output is not None:
            output[LEARNED_OUTPUT] = people.learned()
        people.finish()
    if output is not None:
        output[LATE_OUTPUT] = [*map(redact(session.config), take_late(session.config))]
        output[PEOPLE_OUTPUT] = people_counts(session.config)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a coroutine that is a scenario, unless an async plugin has taken it."""
    takes = pyfuncitem.fixturenames
    if "lumos" not in takes or "anyio_backend" in takes or not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    import asyncio

    names = inspect.signature(pyfuncitem.obj).parameters
    asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
    return True


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any], request: Any) -> object | None:
    """Leave what the SDK sets up for every test out of scenarios: there it responds as it does to Lumos.

    Its plugin has an autouse fixture that takes the state of rate limits out of each response.
    """
    module = getattr(fixturedef.func, "__module__", None) or ""
    # pytest has no public name for it.
    sdks = getattr(fixturedef, "_autouse", True) and module.partition(".")[0] == "connector"
    takes = getattr(request.node, "fixturenames", ())
    if not sdks or not ("lumos" in takes or "contract_faults" in takes):
        return None
    # pytest asks the next plugin if this one has nothing, and looks for the value here.
    fixturedef.cached_result = (_LEFT_OUT, fixturedef.cache_key(request), None)
    return _LEFT_OUT


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Have each rule of a standard contract be a test for each capability that it is about."""
    if rule_of(metafunc.function) is not None:
        from connector_contract.contract.collection import parametrize

        parametrize(metafunc)


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave folders of recordings that may not be read to the scenarios, which need them."""
    return True if is_unreadable_recordings(collection_path) else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, items: list[pytest.Item]) -> None:
    """Report scenarios that share a file on other systems, before any test is left out; note all tests."""
    session.config.stash[COLLECTED] = tuple(items)
    report_same_files(session, items)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Begin a run of a test, which may be its second."""
    begin_run(item)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Judge a scenario at its end, before its fixtures are torn down, whichever plugin runs its coroutine.

    It is the innermost, so that pytest captures what the connector prints while a recording proves itself.
    """
    run = run_of(item)
    try:
        with _judged(item):
            result = yield
        run.ending = run.ending or Ending.PASSED
    except BaseException as error:
        if run.ending is not None:
            run.verdict = error
            _conclude(item, run, error)
        elif run.scenario is not None and isinstance(error, (pytest.skip.Exception, pytest.xfail.Exception)):
            # What went wrong before a test gives its rest up stays wrong.
            run.scenario.check_so_far()
        else:
            raise_request_change(run, error)
        raise
    _conclude(item, run)
    return result


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, Any, Any]:
    """Write what a scenario has recorded, once nothing of its test can fail any more."""
    result = yield
    run = run_of(item)
    if run.scenario is not None and run.ending is not None and run.concluded and not run.has_failed_part:
        run.outcome = run.scenario.save(run.upstream, run.ending)
    return result


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Show our errors without a traceback, and send what a scenario has proved along with its report."""
    report = yield
    run = run_of(item)
    ours = contract_error(call.excinfo)
    if ours is not None:
        shown = reported_once(item, ours.value) if report.failed else ours.value
        ours = pytest.ExceptionInfo.from_exception(shown.with_traceback(ours.tb))
        report.longrepr = ours.getrepr(style="value", chain=False)
        # The SDK logs the error that it was given, with a traceback through all of httpx.
        report.sections = [(name, text) for name, text in report.sections if "log" not in name]
        if isinstance(shown, AlreadyReported):
            run.cause = shown.earlier
        run.unrecorded = isinstance(ours.value, MissingCassette)
    judge(item, run, report, call.excinfo and call.excinfo.value, is_ours=ours is not None)
    # Whatever else is reported as failed says something against the recording: a subtest, whose test goes on;
    # a unittest, whose failure does not reach pytest_runtest_call; an expected failure that did not come.
    is_verdict = call.excinfo is not None and call.excinfo.value is run.verdict
    run.has_failed_part |= report.failed and not is_verdict
    run.late += take_late(item.config)
    if run.scenario is not None and report.failed and item.config.getoption("--contract-trace"):
        report.sections.append(("contract trace", run.scenario.trace()))
    if run.report is not None:
        setattr(report, ATTRIBUTE, replace(run.report, project=project_name(item)).to_json())
    if call.when == "teardown":
        # The item lives as long as pytest does; a recording need not.
        run.scenario = None
    return report


@contextmanager
def _judged(item: pytest.Item) -> Iterator[None]:
    """Report what a rule has found; a test that is none is left as it is."""
    # A rule that asks the connector for nothing fails by itself.
    if rule_of_item(item) is None or "rule_context" not in getattr(item, "fixturenames", ()):
        yield
        return
    from connector_contract.contract.verdict import verdict

    with verdict(item):  # type: ignore[arg-type] # it has a function
        yield


def _conclude(item: pytest.Item, run: TestRun, failure: BaseException | None = None) -> None:
    """Judge a scenario whose test has ended, with a breach of a rule or well."""
    if run.scenario is None or run.ending is None or run.has_failed_part:
        return
    import asyncio

    try:
        run.scenario.conclude(run.ending, update_snapshots=item.config.getoption("--snapshot-update"))
        if run.scenario.is_to_be_proved:
            asyncio.run(run.scenario.prove())
    except ContractError as error:
        if isinstance(failure, ContractError):
            error.details = (*error.details, f"A rule is broken, too: {failure.what}")
        raise
    run.concluded = True
