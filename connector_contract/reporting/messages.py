"""What a run says at its end: one line for a replay, a table for a recording."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from connector_contract.reporting.outcome import Outcome

# Of many files, a report names some.
_SHOWN = 10


def summary_lines(outcomes: Sequence[Outcome]) -> list[str]:
    """The lines to print after a run, none if no scenario passed."""
    recorded = [outcome for outcome in outcomes if outcome.recorded]
    replayed = [outcome for outcome in outcomes if not outcome.recorded]
    lines: list[str] = []
    if recorded:
        lines += [*_recorded_table(recorded), _recorded_line(recorded)]
    if replayed:
        lines.append(_replayed_line(replayed))
    errors = [path for outcome in outcomes for path in outcome.new_errors]
    lines += [f"a new snapshot tells Lumos an error: {path}" for path in errors[:_SHOWN]]
    if len(errors) > _SHOWN:
        lines.append(f"and {len(errors) - _SHOWN} more new snapshots do")
    return lines


def note_lines(notes: Iterable[tuple[str, str, str]]) -> list[str]:
    """The lines that say what the standard contract did not check, waivers in force first.

    Args:
        notes: Kind (``waived`` or ``nothing to check``), rule and reason of each.
    """
    waived_first = sorted(notes, key=lambda note: (note[0] != "waived", note))
    return [f"{kind}: {rule}: {reason}" for kind, rule, reason in waived_first]


def cause_lines(causes: Mapping[str, int], unrecorded: int, arguments: Sequence[str]) -> list[str]:
    """The lines that say why many tests failed, where one reason is behind them.

    Args:
        causes: Messages, each with how many further tests failed for the same.
        unrecorded: How many scenarios have no cassette.
        arguments: Those that pytest was called with.
    """
    lines: list[str] = []
    for message, times in causes.items():
        lines += [f"{counted(times, 'more test')} failed for this reason:", *message.splitlines()]
    if unrecorded > 1:
        command = shlex.join(["pytest", *arguments, "--record-mode=once"])
        lines += [f"{counted(unrecorded, 'scenario')} are not recorded. Record them:", f"  {command}"]
    return lines


def _replayed_line(outcomes: Sequence[Outcome]) -> str:
    played = sum(outcome.played for outcome in outcomes)
    written = sum(outcome.new_snapshots + outcome.changed_snapshots for outcome in outcomes)
    snapshots = sum(outcome.snapshots for outcome in outcomes) - written
    capabilities: Counter[str] = Counter()
    for outcome in outcomes:
        capabilities.update(outcome.capabilities)
    return (
        f"{counted(len(outcomes), 'scenario')} replayed offline: "
        f"{counted(played, 'request')} as recorded, "
        f"{counted(snapshots, 'response')} as in the snapshots, "
        f"{counted(len(capabilities), 'capability', 'capabilities')} called"
        + (f"; {_snapshot_counts(outcomes)}" if written else "")
    )


def _recorded_line(outcomes: Sequence[Outcome]) -> str:
    new = sum(outcome.new for outcome in outcomes)
    changed = sum(outcome.cassette_changed for outcome in outcomes)
    upstreams = ", ".join(sorted({outcome.upstream for outcome in outcomes}))
    return (
        f"{counted(len(outcomes), 'scenario')} recorded from {upstreams}: {counted(new, 'interaction')}, "
        f"{counted(changed, 'cassette')} changed, {_snapshot_counts(outcomes)}"
    )


def _snapshot_counts(outcomes: Sequence[Outcome]) -> str:
    new = sum(outcome.new_snapshots for outcome in outcomes)
    changed = sum(outcome.changed_snapshots for outcome in outcomes)
    return f"{counted(new, 'new snapshot')}, {changed} changed"


def _recorded_table(outcomes: Sequence[Outcome]) -> Iterable[str]:
    """A row for each test module: a suite has many scenarios, and few modules."""
    modules: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        modules.setdefault(outcome.nodeid.partition("::")[0], []).append(outcome)
    width = max(map(len, ["module", *modules]))
    yield f"{'module':<{width}}  scenarios  interactions  changed cassettes  new snapshots"
    for module, members in sorted(modules.items()):
        interactions = sum(member.new for member in members)
        changed = sum(member.cassette_changed for member in members)
        snapshots = sum(member.new_snapshots for member in members)
        yield f"{module:<{width}}  {len(members):>9}  {interactions:>12}  {changed:>17}  {snapshots:>13}"


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number of things, as people say it: ``1 record``, ``2 records``."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
