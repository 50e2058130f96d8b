"""A scenario's ``snapshot``: syrupy's, with each comparison kept, and refused where it proves nothing."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NoReturn

from syrupy.assertion import AssertionResult, DiffMode, SnapshotAssertion
from syrupy.extensions.base import AbstractSyrupyExtension
from syrupy.terminal import disable_color
from syrupy.types import PropertyFilter, PropertyMatcher, SnapshotIndex

from connector_contract.errors import ContractError, UsageError
from connector_contract.reporting.tracebacks import calling_line
from connector_contract.storage.comparisons import Comparison, Comparisons
from connector_contract.storage.hidden_parts import REMEDY, WHOLE, Hiding, leaves_nothing
from connector_contract.storage.stored_names import folded

# What is between the test and what is here.
_BETWEEN = ("connector_contract", "syrupy", "_pytest")


@dataclass(eq=False, order=False, repr=False)
class ComparedSnapshot(SnapshotAssertion):
    """What a response is compared with in a scenario.

    Attributes:
        comparisons: Those of the scenario; learns of each.
        hides: What each comparison hides of a response.
        hides_next: What the next one hides, where it is something else.
    """

    comparisons: Comparisons = field(default_factory=Comparisons)
    hides: Hiding = WHOLE
    hides_next: Hiding = WHOLE

    def __eq__(self, response: object) -> bool:
        """Compare a response with the snapshot that the test asks for next, and keep what came of it."""
        if inspect.isawaitable(response):
            self._refuse(
                "The test compared a coroutine with a snapshot, and not its response.",
                "Write await in front of the call: assert await lumos.call(...) == snapshot",
            )
        self._refuse_one_file(
            Path(self.extension.get_location(test_location=self.test_location, index=self.index))
        )
        self.comparisons.waiting.pop(repr(self.index), None)
        hiding, self.hides_next = self.hides_next.over(self.hides), WHOLE
        compared = self._shown(response, hiding) if hiding else response
        try:
            held = super().__eq__(compared)
        except ContractError as error:
            self._keep(error)
        result = self.executions[self.num_executions - 1]
        if isinstance(result.exception, ContractError):
            # Syrupy takes whatever is raised for a difference.
            self._keep(result.exception)
        comparison = self._comparison(result)
        capability = self.comparisons.linked(response, comparison.snapshot.name, hiding)
        self.comparisons.made.append(replace(comparison, capability=capability, hidden=tuple(hiding.names)))
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
        exclude: PropertyFilter | None = None,
        include: PropertyFilter | None = None,
        matcher: PropertyMatcher | None = None,
        extension_class: type[AbstractSyrupyExtension] | None = None,
        diff: SnapshotIndex | None = None,
        diff_data: object = None,
    ) -> SnapshotAssertion:
        """The snapshot for the next comparison.

        Args:
            name: The snapshot's.
            exclude: What is left out of the response, as syrupy has it.
            include: What is not left out.
            matcher: What replaces values of the response.
            extension_class: As for ``with_defaults``.
            diff: Syrupy's, which a scenario cannot have.
            diff_data: The same.

        Raises:
            UsageError: A difference is to be stored, something is to be stored elsewhere, or an option is no
                function.
        """
        if diff is not None or diff_data is not None:
            self._refuse(
                "A scenario's snapshot holds a response, so it takes no diff= and no diff_data=.",
                "Compare each response with a snapshot of its own: a review says what differs between two.",
            )
        self._refuse_extension(extension_class)
        self.hides_next = self._hiding(exclude, include, matcher).over(self.hides_next)
        if name:
            self.comparisons.waiting[repr(name)] = calling_line(_BETWEEN)
        return super().__call__(name=name)

    def with_defaults(
        self,
        *,
        exclude: PropertyFilter | None = None,
        include: PropertyFilter | None = None,
        matcher: PropertyMatcher | None = None,
        extension_class: type[AbstractSyrupyExtension] | None = None,
    ) -> SnapshotAssertion:
        """Another that compares with the same snapshots, counted from the first again.

        Args:
            exclude: What each comparison leaves out, unless it says otherwise.
            include: What it does not leave out.
            matcher: What replaces values.
            extension_class: One that a scenario's snapshots are of anyway, such as syrupy's for JSON.

        Raises:
            UsageError: As for a call.
        """
        self._refuse_extension(extension_class)
        hides = self._hiding(exclude, include, matcher).over(self.hides)
        return replace(self, hides=hides, hides_next=WHOLE)

    def _hiding(
        self,
        exclude: PropertyFilter | None,
        include: PropertyFilter | None,
        matcher: PropertyMatcher | None,
    ) -> Hiding:
        hiding = Hiding(exclude, include, matcher)
        for name in hiding.wrong:
            self._refuse(f"{name}={getattr(hiding, name)!r} of a snapshot is no function.", REMEDY)
        return hiding

    def _shown(self, response: object, hiding: Hiding) -> object:
        try:
            shown = hiding.shown(response)
        except UsageError as error:
            self._refuse(error.what, error.remedy)
        if leaves_nothing(response, shown):
            options = ", ".join(f"{name}=..." for name in hiding.names)
            self._refuse(
                f"snapshot({options}) leaves nothing of the response to compare.",
                "Hide less; or compare a part of the response that says something:\n"
                '  assert response["response"] == snapshot',
            )
        return shown

    def _refuse_extension(self, extension_class: type[AbstractSyrupyExtension] | None) -> None:
        if extension_class is not None and not issubclass(self.extension_class, extension_class):
            self._refuse(
                f"A scenario's snapshots are JSON, below snapshots/, not {extension_class.__name__}'s.",
                "Compare with the fixture snapshot as it is: it hides secrets, and writes nothing before\n"
                "the scenario has passed. For other snapshots, write a test that does not take lumos.",
            )

    def _refuse_one_file(self, path: Path) -> None:
        for other in {comparison.snapshot for comparison in self.comparisons.made}:
            if other != path and folded(str(other)) == folded(str(path)):
                names = f"{other.name!r} and {path.name!r}"
                self._refuse(
                    f"Two snapshots would be one file on Windows and macOS: {names}.",
                    "Give them names that differ in more than case and accents: snapshot(name=...).",
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
