"""Scenarios that would share one file where the case of a name does not count: an error of collection."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from connector_contract.errors import CannotRead, UsageError
from connector_contract.item_files import runnable
from connector_contract.storage.reading import is_there
from connector_contract.storage.stored_names import folded
from connector_contract.variants import files_of


class SharedFileWarning(UserWarning):
    """Two recordings that are there are one file on other systems."""


def report_same_files(session: pytest.Session, items: list[pytest.Item]) -> None:
    """Report each scenario whose cassette is one with another's on Windows or macOS, and leave it out.

    It is an error of the test's collection; a warning where both are recorded, which this file system allows.

    Args:
        session: Learns of the errors.
        items: All tests, before any is left out.
    """
    for first, second in _same_files(items):
        error = _error(first, second)
        if not _are_recorded(first, second) or not _warns(second, error):
            # pytest-xdist runs what could be collected all the same.
            items.remove(second)
            report = pytest.CollectReport(second.nodeid, "failed", str(error), [])
            session.config.hook.pytest_collectreport(report=report)


def _same_files(items: Iterable[pytest.Item]) -> list[tuple[pytest.Item, pytest.Item]]:
    by_name: dict[str, pytest.Item] = {}
    scenarios = [item for item in items if "lumos" in getattr(item, "fixturenames", ())]
    # In whatever order they are to run, the message is the same.
    pairs = [
        (by_name.setdefault(folded(item.nodeid), item), item)
        for item in sorted(scenarios, key=lambda item: item.nodeid)
    ]
    return [pair for pair in pairs if pair[0] is not pair[1] and _have_same_files(*pair)]


def _warns(item: pytest.Item, error: UsageError) -> bool:
    """Whether a warning is none that counts as an error."""
    try:
        item.warn(SharedFileWarning(f"{error.what} {error.remedy}"))
    except SharedFileWarning:
        return False
    return True


def _have_same_files(first: pytest.Item, second: pytest.Item) -> bool:
    """Whether two tests of one name have one file: a name that no file can have gets one by a hash."""
    try:
        one, other = files_of(first), files_of(second)
        # Of variants, the fixture of the connectors says it.
        return one.variant == other.variant and folded(str(one.cassette)) == folded(str(other.cassette))
    except UsageError:
        # The tests say it.
        return False


def _are_recorded(first: pytest.Item, second: pytest.Item) -> bool:
    paths = [files_of(item).cassette for item in (first, second)]
    try:
        return all(map(is_there, paths)) and not paths[0].samefile(paths[1])
    except CannotRead:
        # Each test says it.
        return False


def _error(first: pytest.Item, second: pytest.Item) -> UsageError:
    return UsageError(
        f"Two scenarios would have one file on Windows and macOS: {runnable(first)} and {runnable(second)}.",
        remedy="Give the parameters names that differ in more than case and accents: "
        "@pytest.mark.parametrize(..., ids=[...]). Or rename one of the tests.",
    )
