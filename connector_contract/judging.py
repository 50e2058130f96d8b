"""Which verdict a failed test is: its report says so first, and JUnit's properties have it."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from connector_contract.errors import NOTHING_COMPARED, ContractError, Verdict
from connector_contract.run_state import VERDICT, TestRun


def raise_request_change(run: TestRun, error: BaseException) -> None:
    """Raise the request change behind the failure of a test, if there is one.

    Other requests lead to other answers, and a test may find these before its requests are compared.

    Raises:
        ContractError: There is one.
    """
    is_own = isinstance(error, (Exception, pytest.fail.Exception)) and not isinstance(error, ContractError)
    is_regression = isinstance(error, ContractError) and error.verdict is Verdict.REGRESSION
    if run.scenario is None or not (is_own or is_regression):
        return
    if (changed := run.scenario.request_change()) is not None:
        raise changed from error


def contract_error(
    excinfo: pytest.ExceptionInfo[BaseException] | None,
) -> pytest.ExceptionInfo[ContractError] | None:
    """The error of ours that a phase of a test has ended with; ``None`` if there is none, or another.

    A fixture that fails while it is torn down, and the scenario for the same, are a group of one error.
    """
    if excinfo is None:
        return None
    leaves = _leaves(excinfo.value)
    (leaf, *others) = leaves
    if not isinstance(leaf, ContractError) or any(each is not leaf for each in others):
        return None
    return pytest.ExceptionInfo.from_exception(leaf)


def _leaves(error: BaseException) -> list[BaseException]:
    """An exception, or all of a group."""
    if not isinstance(error, BaseExceptionGroup):
        return [error]
    return [leaf for each in error.exceptions for leaf in _leaves(each)]


def judge(
    item: pytest.Item, run: TestRun, report: Any, error: BaseException | None, *, is_ours: bool
) -> None:
    """Have the report of a failure say first which verdict it is, or that nothing was compared.

    Args:
        item: The test.
        run: Its run.
        report: What is reported of one of its phases.
        error: What was raised in it.
        is_ours: Whether the report shows an error of ours, and nothing else.
    """
    if not report.failed or error is None:
        return
    own = [each for each in _leaves(error) if isinstance(each, ContractError)]
    found = own[0] if own else _behind(run, report)
    if found is None:
        return
    compares_nothing = found.compares_nothing and not (run.scenario and run.scenario.has_compared)
    lead = NOTHING_COMPARED if compares_nothing else ""
    if getattr(report.longrepr, "reprcrash", None) is not None:
        # The line in pytest's short summary, which has no room for the name of the class.
        report.longrepr.reprcrash.message = lead + found.headline
    if not is_ours:
        _add_line(report.longrepr, lead + found.headline)
    elif lead:
        (shown,) = report.longrepr.reprtraceback.reprentries
        report.longrepr.reprtraceback.reprentries = [
            replace(shown, lines=[lead + shown.lines[0], *shown.lines[1:]])
        ]
    if run.judged is None:
        run.judged, run.compares_nothing = found.verdict, compares_nothing
        run.asks = [list(each) for each in found.asks]
    if found.verdict is not None and VERDICT not in dict(item.user_properties):
        # JUnit's file has the properties of the last report, that of the teardown.
        item.user_properties.append((VERDICT, found.verdict.value))
        report.user_properties.append((VERDICT, found.verdict.value))
    if run.judged is not Verdict.REQUEST_CHANGE:
        run.answers |= _answers(run, found, item.config.rootpath)


def _behind(run: TestRun, report: Any) -> ContractError | None:
    """What the responses say that a test has failed by itself with."""
    return None if run.scenario is None or report.when == "teardown" else run.scenario.failure()


def _answers(run: TestRun, found: ContractError, root: Path) -> dict[str, str | None]:
    """What stored files would have now: of a recording that tests share, its own error says it."""
    texts: dict[Path, str | None] = dict(found.answers)
    if run.scenario is not None:
        texts |= run.scenario.differing
    if run.declarations is not None:
        texts |= run.declarations.differing
    return {Path(os.path.relpath(path, root)).as_posix(): text for path, text in texts.items()}


def _add_line(shown: Any, line: str) -> None:
    """Put a line before all that is shown of a failure."""
    # Of a chain of exceptions, the first is shown first.
    chain = getattr(shown, "chain", None)
    traceback = chain[0][0] if chain else getattr(shown, "reprtraceback", None)
    if traceback is None or not traceback.reprentries:
        return
    first = traceback.reprentries[0]
    entry: dict[str, Any] = {"lines": [line]}
    if hasattr(first, "reprfileloc"):
        entry |= {"reprfuncargs": None, "reprlocals": None, "reprfileloc": None, "style": "value"}
    traceback.reprentries = [replace(first, **entry), *traceback.reprentries]
