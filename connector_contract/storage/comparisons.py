"""The comparisons of a scenario with its snapshots, and the messages of those that do not hold.

``x == snapshot`` is an expression: nothing here can see whether the test asserts it, asks it in an ``if``, or
forgets it. So each comparison is kept, and each of them has to hold when the scenario ends.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from connector_contract.errors import ChangedResponse, ContractError, UsageError

# Of many comparisons, and of a long difference, a message shows so many, and so many lines.
_SHOWN = 3
_LINES = 40

_CHANGED = "A response differs from its snapshot, and the test went on."
_MISSING = "A response has no snapshot to compare it with, and the test went on."
_BROKEN = "A response could not be compared with its snapshot, and the test went on."

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
    """

    snapshot: Path
    line: str
    received: str | None
    stored: str | None
    held: bool
    failure: str | None = None
    difference: Callable[[], Iterable[str]] = tuple


@dataclass
class Comparisons:
    """The comparisons that one scenario has made.

    Attributes:
        made: In their order.
        refused: The errors of what a scenario's snapshot refuses. The test may have caught them.
        linked: Called with what was compared, and the file name of the snapshot.
        waiting: The names that the test has asked for, and not compared with yet; each with its line.
    """

    made: list[Comparison] = field(default_factory=list)
    refused: list[ContractError] = field(default_factory=list)
    waiting: dict[str, str] = field(default_factory=dict)
    linked: Callable[[object, str], object] = lambda _compared, _file_name: None

    @property
    def held(self) -> int:
        """How many comparisons held: each of them proved something."""
        return sum(comparison.held for comparison in self.made)

    def check(self, written: Mapping[Path, str], shown: Callable[[Path], str], nodeid: str) -> None:
        """Fail unless every comparison held, and still does with what the scenario is to write.

        Args:
            written: The text of each snapshot that is to be written.
            shown: A file as messages show it.
            nodeid: The test.

        Raises:
            ChangedResponse: One does not.
            UsageError: The test asked a snapshot for something that it refuses.
        """
        if failed := [comparison for comparison in self.made if not comparison.held]:
            raise _changed(failed, shown, nodeid)
        if self.refused:
            raise self.refused[0]
        for name, line in self.waiting.items():
            raise _not_compared(name, line, nodeid)
        for comparison in self.made:
            if written.get(comparison.snapshot, comparison.received) != comparison.received:
                raise _two_in_one(comparison, shown, nodeid)


def _changed(failed: Sequence[Comparison], shown: Callable[[Path], str], nodeid: str) -> ChangedResponse:
    what = f"{len(failed)} responses differ from their snapshots, and the test went on."
    return ChangedResponse(
        _kind(failed[0]) if len(failed) == 1 else what,
        where=[*_places(failed[:_SHOWN], shown), ("scenario", nodeid)],
        details=list(_details(failed, shown)),
        remedy="\n".join([*_remedies(failed, nodeid), _ASSERT]),
    )


def _kind(comparison: Comparison) -> str:
    if comparison.failure is not None:
        return _BROKEN
    return _MISSING if comparison.stored is None else _CHANGED


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
    kinds = {_kind(comparison) for comparison in failed}
    test = shlex.quote(nodeid)
    if _CHANGED in kinds:
        yield (
            "Fix the connector's mapping; or, if the change is right, accept it with:\n"
            f"  pytest --snapshot-update {test}"
        )
    if _MISSING in kinds:
        yield f"Write the missing snapshot, and read it:\n  pytest --record-mode=once {test}"
    if _BROKEN in kinds:
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
