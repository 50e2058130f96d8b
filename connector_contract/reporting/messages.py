"""What a run says at its end: one line for a replay, a table for a recording."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from connector_contract.errors import Verdict
from connector_contract.reporting.growth import growing
from connector_contract.reporting.outcome import Outcome
from connector_contract.reporting.run_report import Note

# Of many files, and of many rules with the same reason, a report names some.
_SHOWN = 10
# Of one test, so many lines.
_LINES = 3
_PLURALS = {Verdict.CONTRACT_BREACH: "contract breaches"}
_RULES = 3


def summary_lines(outcomes: Sequence[Outcome]) -> list[str]:
    """The lines to print after a run, none if no scenario passed."""
    return [*table_lines(outcomes), *_outcome_lines(outcomes)]


def project_lines(
    project: str, notes: Iterable[Note], outcomes: Sequence[Outcome], variants: Iterable[str] = ()
) -> list[str]:
    """The lines of one project in a run over several, but for the table of what was recorded.

    Args:
        project: Its folder.
        notes: Of all its rules.
        outcomes: Of all its scenarios.
        variants: What differs between the variants of its connector.
    """
    lines = [*note_lines(notes), *_outcome_lines(outcomes), *variants]
    # What is indented continues the line above.
    return [line if line.startswith("  ") else f"{project}: {line}" for line in lines]


def table_lines(outcomes: Sequence[Outcome]) -> list[str]:
    """The table of what was recorded, none if nothing was."""
    recorded = [outcome for outcome in outcomes if outcome.recorded]
    return list(_recorded_table(recorded)) if recorded else []


def _outcome_lines(outcomes: Sequence[Outcome]) -> list[str]:
    recorded = [outcome for outcome in outcomes if outcome.recorded]
    replayed = [outcome for outcome in outcomes if not outcome.recorded]
    lines: list[str] = []
    if recorded:
        lines += [_recorded_line(recorded), *_people_lines(recorded)]
    if replayed:
        lines.append(_replayed_line(replayed))
    lines += [*_growth_lines(outcomes), *_form_lines(outcomes), *_replaced_lines(outcomes)]
    lines += [*_internal_error_lines(outcomes), *_later_lines(outcomes), *_given_up_lines(outcomes)]
    lines += [*_hiding_lines(outcomes), *_user_name_lines(outcomes)]
    errors = [path for outcome in outcomes for path in outcome.new_errors]
    lines += [f"a new snapshot has an error: {path}" for path in errors[:_SHOWN]]
    if len(errors) > _SHOWN:
        lines.append(f"and {len(errors) - _SHOWN} more new snapshots have one")
    return lines


def note_lines(notes: Iterable[Note]) -> list[str]:
    """The lines that say what the standard contract did not check, waivers first, one for each reason.

    Args:
        notes: Of all rules.
    """
    rules: dict[tuple[str, str], list[str]] = {}
    for note in sorted(notes, key=lambda note: (note.kind != "waived", note)):
        names = rules.setdefault((note.kind, note.reason), [])
        # A rule may find the same twice.
        names += [note.rule] if note.rule not in names else []
    return [f"{kind}: {_shortened(names)}: {reason}" for (kind, reason), names in rules.items()]


def _shortened(names: Sequence[str]) -> str:
    more = [f"{len(names) - _RULES} more"] if len(names) > _RULES else []
    *all_but_last, last = [*names[:_RULES], *more]
    return f"{', '.join(all_but_last)} and {last}" if all_but_last else last


def write_lines(written: Iterable[str], put_back: Iterable[str], left: Iterable[str]) -> list[str]:
    """The lines that say what recordings have changed on a server that keeps its state.

    Args:
        written: The undeclared writes, made with ``--record-writes``.
        put_back: The calls that have undone a write.
        left: What is not put back, and why.
    """
    return [
        *(f"written, though writable_ids does not declare it: {line}" for line in written),
        *(f"put back: {line}" for line in put_back),
        *(f"not put back: {line}" for line in left),
    ]


def cause_lines(causes: Mapping[str, int], unrecorded: int, arguments: Sequence[str]) -> list[str]:
    """The lines that say why many tests failed for one reason.

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


def verdict_lines(verdicts: Mapping[Verdict, int], uncompared: int, others: int) -> list[str]:
    """The lines that count the failures of a run by their verdicts; none if no failure is one of ours.

    Args:
        verdicts: How many tests have failed with each.
        uncompared: How many have failed before anything was compared.
        others: How many have failed by themselves, such as by an assertion of the author's.
    """
    found = [
        counted(verdicts[each], each.value, _PLURALS.get(each, "")) for each in Verdict if verdicts.get(each)
    ]
    if uncompared:
        found.append(f"nothing compared in {counted(uncompared, 'test')}")
    if found and others:
        found.append(counted(others, "other failure"))
    lines = [f"verdicts: {', '.join(found)}"] if found else []
    if asking := verdicts.get(Verdict.REQUEST_CHANGE):
        # Nobody knows what the answers would be to requests that nobody has recorded.
        lines.append(f"not compared, because they ask for something else: {counted(asking, 'test')}")
    return lines


def late_lines(verdicts: Iterable[str]) -> list[str]:
    """The lines that say which scenarios, though they had passed, have left something running.

    Args:
        verdicts: Messages, some of which may be equal.
    """
    lines: list[str] = []
    for verdict in dict.fromkeys(verdicts):
        lines += ["a scenario that had passed has failed:", *verdict.splitlines()]
    return lines


def _growth_lines(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """How many requests a call takes, where that grows with the records."""
    counts: dict[str, list[dict[str, int]]] = {}
    for outcome in outcomes:
        for capability, calls in outcome.requests.items():
            counts.setdefault(capability, []).extend(calls)
    for capability, calls in sorted(counts.items()):
        if (growth := growing(calls)) is not None:
            yield f"requests in a call of {capability}: {growth}"


def _internal_error_lines(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Calls that ended in an error of the connector itself, which no snapshot shows."""
    for outcome in outcomes:
        for capability in dict.fromkeys(outcome.internal_errors):
            yield f"recorded as internal_error: {capability}, in {outcome.nodeid}"


def _later_lines(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Recordings that are red on another day, for which nothing in their requests is to blame."""
    for outcome in outcomes:
        if outcome.fails_later:
            yield (
                f"its replay will fail a day later: {outcome.nodeid}: "
                "the connector asks for something else then, "
                "because a time in a response, such as the expiry of a token, is over"
            )


def _given_up_lines(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Requests that only timing decides about, so that it is no failure if they are not made."""
    for outcome in outcomes:
        for request in outcome.not_given_up:
            yield f"given up when it was recorded, and not made now: {request}, in {outcome.nodeid}"


def _hiding_lines(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Comparisons of a part of a response: nothing says that the rest is as it was."""
    for outcome in outcomes:
        if hiding := list(dict.fromkeys(outcome.hiding)):
            more = f" and {len(hiding) - _LINES} more" if len(hiding) > _LINES else ""
            places = ", ".join(hiding[:_LINES])
            yield f"a part of a response is not compared in {outcome.nodeid}: {places}{more}"


def _user_name_lines(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """User names that are words of the data, too: a replay with another user has the recorded ones there."""
    named: dict[str, list[str]] = {}
    for outcome in outcomes:
        for user in outcome.user_names:
            named.setdefault(user, []).append(outcome.nodeid)
    for user, nodeids in named.items():
        more = f" and {len(nodeids) - 1} more" if len(nodeids) > 1 else ""
        yield (
            f"a user name that is data, too, and stays there: {user}, in {nodeids[0]}{more}. "
            "It has a placeholder where it authenticates alone"
        )


def _form_lines(outcomes: Sequence[Outcome]) -> Iterator[str]:
    old = sum(outcome.old_form for outcome in outcomes)
    if old:
        yield (
            f"{counted(old, 'cassette')} of an earlier form, without calls. Bring them up to date: "
            "pytest --record-mode=rewrite"
        )


def _replaced_lines(outcomes: Sequence[Outcome]) -> Iterator[str]:
    # Rules that share a recording each name it.
    paths = list(dict.fromkeys(path for outcome in outcomes for path in outcome.replaced_under))
    if paths:
        yield f"{counted(len(paths), 'file')} replaced, although a rule fails. To get the old ones back:"
        yield from (f"  git restore {shlex.quote(path)}" for path in paths[:_SHOWN])
        if len(paths) > _SHOWN:
            yield f"  and {len(paths) - _SHOWN} more"


def _replayed_line(outcomes: Sequence[Outcome]) -> str:
    played = sum(outcome.played for outcome in outcomes)
    written = sum(outcome.new_snapshots + outcome.changed_snapshots for outcome in outcomes)
    snapshots = sum(outcome.snapshots for outcome in outcomes) - written
    capabilities: Counter[str] = Counter()
    for outcome in outcomes:
        capabilities.update(outcome.capabilities)
    return (
        f"{_scenarios(outcomes)} replayed offline: "
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
        f"{_scenarios(outcomes)} recorded from {upstreams}: {counted(new, 'interaction')}, "
        f"{counted(changed, 'cassette')} changed, {_snapshot_counts(outcomes)}"
    )


def _people_lines(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Real people who are stored as they are, where nobody has said that they should be: once for all."""
    upstreams = ", ".join(sorted({outcome.upstream for outcome in outcomes if outcome.stores_people}))
    if upstreams:
        yield (
            f"names, addresses and numbers of the people in {upstreams} are stored as they are. To have "
            "made-up people: ConnectorUnderTest(personal_data=True); if this is meant: personal_data=False"
        )


def _scenarios(outcomes: Sequence[Outcome]) -> str:
    return counted(_own(outcomes), "scenario")


def _own(outcomes: Sequence[Outcome]) -> int:
    """How many are those of a test."""
    return sum(not outcome.is_shared for outcome in outcomes)


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
        yield f"{module:<{width}}  {_own(members):>9}  {interactions:>12}  {changed:>17}  {snapshots:>13}"


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number of things, as people say it: ``1 record``, ``2 records``."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
