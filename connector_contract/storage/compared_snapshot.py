"""A scenario's ``snapshot``: syrupy's, with each comparison kept, and refused where it proves nothing."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NoReturn

from syrupy.assertion import AssertionResult, DiffMode, SnapshotAssertion
from syrupy.extensions.base import AbstractSyrupyExtension
from syrupy.terminal import disable_color
from syrupy.types import SnapshotIndex

from connector_contract.errors import ContractError, UsageError
from connector_contract.reporting.tracebacks import calling_line
from connector_contract.storage.comparisons import Comparison, Comparisons

# What is between the test and what is here.
_BETWEEN = ("connector_contract", "syrupy", "_pytest")


@dataclass(eq=False, order=False, repr=False)
class ComparedSnapshot(SnapshotAssertion):
    """What a response is compared with in a scenario.

    Attributes:
        comparisons: Those of the scenario; learns of each.
    """

    comparisons: Comparisons = field(default_factory=Comparisons)

    def __eq__(self, response: object) -> bool:
        """Compare a response with the snapshot that the test asks for next, and keep what came of it."""
        if inspect.isawaitable(response):
            self._refuse(
                "The test compared a coroutine with a snapshot, and not its response.",
                "Write await in front of the call: assert await lumos.call(...) == snapshot",
            )
        self.comparisons.waiting.pop(repr(self.index), None)
        try:
            held = super().__eq__(response)
        except ContractError as error:
            self._keep(error)
        comparison = self._comparison(self.executions[self.num_executions - 1])
        capability = self.comparisons.linked(response, comparison.snapshot.name)
        self.comparisons.made.append(replace(comparison, capability=capability))
        return held

    def __ne__(self, response: object) -> NoReturn:
        """Refuse to find a difference: any response but one has it.

        Raises:
            UsageError: Always.
        """
        self._refuse(
            "A scenario compares a response with a snapshot by ==; != proves nothing.",
            "Compare with ==, and accept a changed response with --snapshot-update.\n"
            "To see that two responses differ needs no snapshot: assert first != second",
        )

    # An equality without a hash, as syrupy's is.
    __hash__ = None  # type: ignore[assignment]

    def __call__(
        self,
        *,
        name: SnapshotIndex | None = None,
        extension_class: type[AbstractSyrupyExtension] | None = None,
        **options: Any,
    ) -> SnapshotAssertion:
        """The snapshot with a name, for the next comparison.

        Args:
            name: The snapshot's.
            extension_class: As for ``with_defaults``.
            **options: Syrupy's others, none of which a scenario can have.

        Raises:
            UsageError: There is an option that hides a part of the response, or stores it elsewhere.
        """
        self._refuse_options(extension_class, options)
        if name:
            self.comparisons.waiting[repr(name)] = calling_line(_BETWEEN)
        return super().__call__(name=name)

    def with_defaults(
        self, *, extension_class: type[AbstractSyrupyExtension] | None = None, **options: Any
    ) -> SnapshotAssertion:
        """Another that compares with the same snapshots, counted from the first again.

        Args:
            extension_class: One that a scenario's snapshots are of anyway, such as syrupy's for JSON.
            **options: Syrupy's others, none of which a scenario can have.

        Raises:
            UsageError: As for a call.
        """
        self._refuse_options(extension_class, options)
        return replace(self)

    def _refuse_options(
        self, extension_class: type[AbstractSyrupyExtension] | None, options: dict[str, Any]
    ) -> None:
        given = sorted(name for name, value in options.items() if value is not None)
        if given:
            self._refuse(
                f"A scenario's snapshot holds the whole response, so it takes no {given[0]}=.",
                "Give a value that changes each time an alias: ConnectorUnderTest(aliases=...).\n"
                'To compare a part, take it: assert response["response"] == snapshot',
            )
        if extension_class is not None and not issubclass(self.extension_class, extension_class):
            self._refuse(
                f"A scenario's snapshots are JSON, below snapshots/, not {extension_class.__name__}'s.",
                "Compare with the fixture snapshot as it is: it hides secrets, and writes nothing before\n"
                "the scenario has passed. For other snapshots, write a test that does not take lumos.",
            )

    def _refuse(self, what: str, remedy: str) -> NoReturn:
        where = [("in", calling_line(_BETWEEN)), ("scenario", self.test_location.item.nodeid)]
        self._keep(UsageError(what, where=where, remedy=remedy))

    def _keep(self, error: ContractError) -> NoReturn:
        """Raise an error now, and again at the scenario's end: the test may catch it."""
        self.comparisons.refused.append(error)
        raise error

    def _comparison(self, result: AssertionResult) -> Comparison:
        failure = result.exception
        return Comparison(
            snapshot=Path(result.snapshot_location),
            line=calling_line(_BETWEEN),
            received=_text(result.asserted_data),
            stored=_text(result.recalled_data),
            held=result.success,
            failure=None if failure is None else f"{type(failure).__name__}: {failure}",
            difference=_difference(self, result),
        )


def _text(data: str | bytes | None) -> str | None:
    return None if data is None else str(data)


def _difference(snapshot: SnapshotAssertion, result: AssertionResult) -> Callable[[], Iterable[str]]:
    def lines() -> Iterable[str]:
        if snapshot.session.pytest_session.config.option.diff_mode == DiffMode.DISABLED:
            return []
        with disable_color():
            return list(snapshot.extension.diff_lines(result.asserted_data or "", result.recalled_data or ""))

    return lines
