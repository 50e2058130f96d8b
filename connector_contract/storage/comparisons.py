"""The comparisons of a scenario with its snapshots, and the messages of those that do not hold.

``x == snapshot`` is an expression: nothing here can see whether the test asserts it, asks it in an ``if``, or
forgets it. So each comparison is kept, and each of them has to hold when the scenario ends.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from connector_contract.errors import (
    ChangedResponse,
    ContractError,
    MissingSnapshot,
    RecordedOtherwise,
    UsageError,
)
from connector_contract.storage.hidden_parts import Hiding

# Of many comparisons, and of a long difference, a message shows so many, and so many lines.
_SHOWN = 3
_LINES = 40

_WENT_ON = ", and the test went on"

_ASSERT = (
    "Every comparison has to hold, asserted or not. Write assert in front of it, so that the test fails\n"
    "at that line. An assert with its message in parentheses is always true: leave them out."
)


@dataclass(frozen=True)
class Comparison:
    """One response, compared with one snapshot.

    Attributes:
        snapshot: The snapshot's file.
        line: File and line of the test that compared them.
        received: The response as text; ``None`` if it is none that can be stored.
        stored: The snapshot's text before that; ``None`` if it did not exist.
        held: Whether they were equal, or the response was accepted as the snapshot.
        failure: Why they could not be compared.
        difference: Gives the lines that differ. It is called for a message alone: it takes time.
        capability: Whose response it is; empty if it is something else.
        hidden: The options by which the test has hidden a part of it.
    """

    snapshot: Path
    line: str
    received: str | None
    stored: str | None
    held: bool
    failure: str | None = None
    difference: Callable[[], Iterable[str]] = tuple
    capability: str = ""
    hidden: tuple[str, ...] = ()

    @property
    def error(self) -> type[ContractError]:
        """What it is if it does not hold."""
        if self.failure is not None:
            return UsageError
        return MissingSnapshot if self.stored is None else ChangedResponse

    @property
    def told(self) -> str:
        """What is wrong if it does not hold, in a clause."""
        response = f"The response of {self.capability}" if self.capability else "A response"
        if self.failure is not None:
            return f"{response} could not be compared with its snapshot"
        if self.stored is None:
            return f"{response} has no snapshot to compare it with"
        return f"{response} differs from its snapshot"


@dataclass
class Comparisons:
    """The comparisons that one scenario has made.

    Attributes:
        made: In their order.
        refused: The errors of what a scenario's snapshot refuses. The test may have caught them.
        linked: Called with what was compared, the file name of the snapshot, and what is hidden; gives the
            capability.
        is_recorded: Whether responses are recorded now, so that the upstream may have changed.
        waiting: The names that the test has asked for, and not compared with yet; each with its line.
    """

    made: list[Comparison] = field(default_factory=list)
    refused: list[ContractError] = field(default_factory=list)
    waiting: dict[str, str] = field(default_factory=dict)
    linked: Callable[[object, str, Hiding], str] = lambda _compared, _file_name, _hiding: ""
    is_recorded: bool = False

    @property
    def held(self) -> int:
        """How many comparisons held: each of them proved something."""
        return sum(comparison.held for comparison in self.made)

    def hiding(self, shown: Callable[[Path], str]) -> list[str]:
        """Each comparison that hides a part of a response: its options, and its line in the test.

        Args:
            shown: A file as messages show it.
        """
        return [
            f"snapshot({', '.join(f'{name}=...' for name in each.hidden)}) in {_shown_line(each.line, shown)}"
            for each in self.made
            if each.hidden
        ]

    @property
    def differing(self) -> dict[Path, str]:
        """The text that each snapshot would have that a response differs from."""
        return {
            each.snapshot: each.received
            for each in self.made
            if not each.held and each.stored is not None and each.received is not None
        }

    def failure(self, shown: Callable[[Path], str], nodeid: str) -> ContractError | None:
        """What is wrong with the comparisons that the test has asserted; ``None`` if each holds.

        Args:
            shown: A file as messages show it.
            nodeid: The test.
        """
        failed = [comparison for comparison in self.made if not comparison.held]
        return _failure(failed, shown, nodeid, "", is_recorded=self.is_recorded) if failed else None

    def check(self, written: Mapping[Path, str], shown: Callable[[Path], str], nodeid: str) -> None:
        """Fail unless every comparison held, and still does with what the scenario is to write.

        Args:
            written: The text of each snapshot that is to be written.
            shown: A file as messages show it.
            nodeid: The test.

        Raises:
            ChangedResponse: One does not.
            RecordedOtherwise: One does not, and was recorded now.
            MissingSnapshot: One has nothing to be compared with.
            UsageError: The test asked a snapshot for something that it refuses.
        """
        if failed := [comparison for comparison in self.made if not comparison.held]:
            raise _failure(failed, shown, nodeid, _WENT_ON, is_recorded=self.is_recorded)
        if self.refused:
            raise self.refused[0]
        for name, line in self.waiting.items():
            raise _not_compared(name, line, nodeid)
        for comparison in self.made:
            if written.get(comparison.snapshot, comparison.received) != comparison.received:
                raise _two_in_one(comparison, shown, nodeid)


def _shown_line(line: str, shown: Callable[[Path], str]) -> str:
    file, _, number = line.rpartition(":")
    return f"{shown(Path(file))}:{number}"


def _failure(
    failed: Sequence[Comparison],
    shown: Callable[[Path], str],
    nodeid: str,
    went_on: str,
    *,
    is_recorded: bool,
) -> ContractError:
    kinds = {comparison.error for comparison in failed}
    # One that differs says more than all that could not be compared.
    kind = ChangedResponse if ChangedResponse in kinds else failed[0].error
    if is_recorded and kind is ChangedResponse:
        kind = RecordedOtherwise
    what = failed[0].told if len(failed) == 1 else f"{len(failed)} responses differ from their snapshots"
    return kind(
        f"{what}{went_on}.",
        where=[*_places(failed[:_SHOWN], shown), ("scenario", nodeid)],
        details=list(_details(failed, shown)),
        remedy="\n".join([*_remedies(failed, nodeid), _ASSERT]),
    )


def _places(comparisons: Sequence[Comparison], shown: Callable[[Path], str]) -> list[tuple[str, str]]:
    return [
        place
        for comparison in comparisons
        for place in (("snapshot", shown(comparison.snapshot)), ("compared in", comparison.line))
    ]


def _details(failed: Sequence[Comparison], shown: Callable[[Path], str]) -> Iterable[str]:
    for comparison in failed[:_SHOWN]:
        if len(failed) > 1:
            yield f"{shown(comparison.snapshot)}:"
        yield from _evidence(comparison)
    if len(failed) > _SHOWN:
        yield f"and {len(failed) - _SHOWN} more"


def _evidence(comparison: Comparison) -> Iterable[str]:
    if comparison.failure is not None:
        return [comparison.failure]
    if comparison.stored is None:
        return ["The snapshot does not exist."]
    lines = list(comparison.difference())
    more = len(lines) - _LINES
    return [*lines[:_LINES], f"and {more} more lines"] if more > 0 else lines


def _remedies(failed: Sequence[Comparison], nodeid: str) -> Iterable[str]:
    kinds = {comparison.error for comparison in failed}
    test = shlex.quote(nodeid)
    if ChangedResponse in kinds:
        yield (
            "Fix the connector's mapping; or, if the change is right, accept it with:\n"
            f"  pytest --snapshot-update {test}"
        )
    if MissingSnapshot in kinds:
        yield f"Write the missing snapshot, and read it:\n  pytest --record-mode=once {test}"
    if UsageError in kinds:
        yield "Compare what lumos.call or lumos.walk returned, or a part of it: a snapshot is JSON."


def _not_compared(name: str, line: str, nodeid: str) -> UsageError:
    return UsageError(
        f"snapshot(name={name}) was compared with nothing.",
        where=[("in", line), ("scenario", nodeid)],
        remedy=f"Compare a response with it: assert response == snapshot(name={name}). Or remove it.",
    )


def _two_in_one(comparison: Comparison, shown: Callable[[Path], str], nodeid: str) -> ChangedResponse:
    return ChangedResponse(
        "Two different responses were accepted as one snapshot.",
        where=[*_places([comparison], shown), ("scenario", nodeid)],
        remedy='Give each a name of its own: response == snapshot(name="..."). Nothing was written.',
    )
