"""What ``--record-plan`` prints: all that a recording would do, before anything is sent."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from connector_contract.recording.phases import Phase
from connector_contract.reporting.messages import counted

# Of more recordings than this, a plan shows the modules.
_FEW = 60
_UNKNOWN = "unknown"
_WRITING = (Phase.WRITES, Phase.LASTING_WRITES, Phase.DELETIONS)


@dataclass(frozen=True)
class Planned:
    """One recording that would be made.

    Attributes:
        module: The test module.
        name: The test, or what several tests share.
        phase: When it comes, where a real server is recorded.
        capabilities: What it calls, as far as that is known.
        writing: Those of them that write.
        requests: How many requests the earlier recording took; ``None`` if there is none.
        size: The bytes of its cassette.
        is_shared: Whether several tests share it.
    """

    module: str
    name: str
    phase: Phase
    capabilities: tuple[str, ...] = ()
    writing: frozenset[str] = frozenset()
    requests: int | None = None
    size: int | None = None
    is_shared: bool = False


@dataclass(frozen=True)
class Target:
    """What would be recorded from.

    Attributes:
        name: As the author declared it.
        is_real: Whether it is a real server, not an application that is served.
        requests_per_minute: How many requests may go there in a minute.
    """

    name: str
    is_real: bool
    requests_per_minute: float | None = None


def plan_lines(mode: str, targets: Sequence[tuple[Target, Sequence[Planned]]], replayed: int) -> list[str]:
    """The lines of a plan.

    Args:
        mode: The record mode that it is made for.
        targets: What would be recorded, from each upstream.
        replayed: How many scenarios would be replayed.
    """
    lines = [line for target, planned in targets for line in (*_target_lines(mode, target, planned), "")]
    if not targets:
        lines = [f"--record-mode={mode} would record nothing."]
    if replayed:
        lines.append(f"{counted(replayed, 'scenario')} would be replayed.")
    return [*lines, "Nothing was sent, and no test was run."]


def _target_lines(mode: str, target: Target, planned: Sequence[Planned]) -> Iterator[str]:
    kind = "a real server, in this order" if target.is_real else "an application that is served afresh"
    yield f"--record-mode={mode} would record from {target.name}, {kind}:"
    rows = [("", "requests", "size", "capabilities"), *_rows(planned)]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for name, requests, size, capabilities in rows:
        cells = [name.ljust(widths[0]), requests.rjust(widths[1]), size.rjust(widths[2]), capabilities]
        yield "  ".join(cells).rstrip()
    yield from _total_lines(target, planned)


def _rows(planned: Sequence[Planned]) -> Iterator[tuple[str, str, str, str]]:
    for phase in Phase:
        members = [each for each in planned if each.phase is phase]
        if not members:
            continue
        yield (phase.title, "", "", "")
        if len(planned) <= _FEW:
            for each in members:
                yield (f"  {each.module}::{each.name}", *_cells([each]))
            continue
        for module in dict.fromkeys(each.module for each in members):
            of_module = [each for each in members if each.module == module]
            yield (f"  {module}: {counted(len(of_module), 'recording')}", *_cells(of_module))


def _cells(members: Sequence[Planned]) -> tuple[str, str, str]:
    names = dict.fromkeys(name for each in members for name in each.capabilities)
    writing = frozenset().union(*(each.writing for each in members))
    said = [f"{name} (writes)" if name in writing else name for name in names]
    if not all(each.capabilities for each in members):
        said.append(_UNKNOWN)
    requests = [each.requests for each in members]
    sizes = [each.size for each in members]
    return _sum(requests, str), _sum(sizes, _bytes), ", ".join(said)


def _sum(numbers: Sequence[int | None], shown: Callable[[int], str]) -> str:
    known = [number for number in numbers if number is not None]
    text = shown(sum(known)) if known else _UNKNOWN
    return f"{text}, and {len(numbers) - len(known)} unknown" if 0 < len(known) < len(numbers) else text


def _total_lines(target: Target, planned: Sequence[Planned]) -> Iterator[str]:
    scenarios = sum(not each.is_shared for each in planned)
    shared = len(planned) - scenarios
    writing = sum(each.phase in _WRITING or bool(each.writing) for each in planned)
    what = [counted(scenarios, "scenario")] if scenarios else []
    what += [counted(shared, "shared recording")] if shared else []
    known = [each for each in planned if each.requests is not None]
    requests = sum(each.requests or 0 for each in known)
    text = f"in all: {' and '.join(what)}, {writing} of which {'writes' if writing == 1 else 'write'}"
    if known:
        size = _bytes(sum(each.size or 0 for each in known))
        text += f"; {counted(requests, 'request')} and {size}, by the earlier recordings"
    if len(known) < len(planned):
        text += f"; {counted(len(planned) - len(known), 'recording')} of unknown size"
    yield text
    if target.is_real and target.requests_per_minute and requests:
        # The first goes out at once.
        seconds = (requests - 1) * 60 / target.requests_per_minute
        limit = f"{target.requests_per_minute:g} requests a minute"
        yield f"at {limit}, that takes {_duration(seconds)} or more"


def _duration(seconds: float) -> str:
    minutes = math.floor(seconds / 60)
    return counted(minutes, "minute") if minutes else counted(math.floor(seconds), "second")


def _bytes(number: int) -> str:
    if number < 1000:
        return f"{number} B"
    return f"{number / 1000:.1f} kB" if number < 1_000_000 else f"{number / 1_000_000:.1f} MB"
