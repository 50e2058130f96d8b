"""What the fault sweep says in words: why a test has failed, and what to do where there is nothing to say."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence

from connector_contract.errors import FaultsNotSurvived
from connector_contract.faults.fault import Outcome
from connector_contract.faults.fault_groups import SameWrong, same_wrong
from connector_contract.faults.fault_places import LONG, apart, by_place, fault_names, some
from connector_contract.faults.swept_call import SweptCall, key_of
from connector_contract.reporting.messages import counted
from connector_contract.review.plain_text import plain

# Of a message, what is wrong in full has so many lines, each so wide.
_LINES, _WIDTH = 24, 100
# Of what is wrong, so many requests, of each so many faults; so many answers; so many lines of a remedy.
_PLACES, _FAULTS, _SEVERAL, _TEXT = 3, 8, 3, 4
# Of what is wrong beside that, and of the faults in a line of it.
_SHORT, _NAMED = 4, 3
# Of the lines to paste, of those that are no longer needed, and of calls that could not be broken.
_KEYS, _UNNEEDED, _NOT_BROKEN = 5, 20, 5
_LABEL = 10


def not_survived(swept: SweptCall, nodeid: str) -> FaultsNotSurvived:
    """The failure of the test that sweeps one call: all that is wrong, the worst first.

    Args:
        swept: What came of its faults; at least one is a finding.
        nodeid: The test, as pytest takes it.
    """
    groups = same_wrong(swept.findings)
    keys = dict.fromkeys(key_of(row) for same in groups for row in same.rows)
    replayed = sum(row.outcome is not Outcome.NOT_APPLICABLE for row in swept.rows)
    return FaultsNotSurvived(
        f"{plain(swept.capability, LONG)} does not survive {len(swept.findings):,} of "
        f"{counted(replayed, 'fault')} of its upstream.",
        where=[("test", nodeid)],
        details=_bounded(groups),
        remedy=_remedy(list(keys)),
    )


def _bounded(groups: Sequence[SameWrong]) -> list[str]:
    """The lines of what is wrong: the worst in full, as far as there is room, and a line each for more."""
    lines = list(_block(1, groups[0], ()))
    full = 1
    for number, same in enumerate(groups[1:], 2):
        block = list(_block(number, same, groups[: number - 1]))
        if len(lines) + len(block) > _LINES:
            break
        lines += block
        full = number
    return [*lines, *_rest(groups[full:], full + 1)]


def _rest(groups: Sequence[SameWrong], first: int) -> Iterator[str]:
    for number, same in enumerate(groups[:_SHORT], first):
        faults = some(list(dict.fromkeys(plain(row.fault, 80) for row in same.rows)), _NAMED)
        yield f"{number}. {plain(same.came, 80)}, {_times(len(same.rows))}, with {faults}"
    if left := groups[_SHORT:]:
        count = sum(len(same.rows) for same in left)
        yield f"and {count:,} more, in {counted(len(left), 'other way', 'other ways')}"
    if groups:
        yield "--contract-faults-html=FILE shows all of it."


def _block(number: int, same: SameWrong, before: Sequence[SameWrong]) -> Iterator[str]:
    start = f"{number}. "
    yield f"{start}{same.outcome.value}, {_times(len(same.rows))}:"
    for line in (*_places(same), *_told(same), *_what_then(same, before)):
        yield " " * len(start) + line


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number:,} times")


def _places(same: SameWrong) -> Iterator[str]:
    places = by_place(same.rows)
    for number, (place, rows) in enumerate(list(places.items())[:_PLACES]):
        yield from _labelled("" if number else "at", f"{place}: {fault_names(rows, _FAULTS)}")
    if len(places) > _PLACES:
        yield f"{'':{_LABEL}}and at {len(places) - _PLACES:,} more"


def _told(same: SameWrong) -> Iterator[str]:
    told = apart(same.rows, lambda row: row.told)
    yield from _several("told", [each for each in told if each != same.outcome.value])
    yield from _several("expected", apart(same.rows, lambda row: row.expected))


def _several(label: str, texts: Sequence[str]) -> Iterator[str]:
    for number, each in enumerate(texts[:_SEVERAL]):
        yield from _labelled("" if number else label, each)
    if len(texts) > _SEVERAL:
        yield f"{'':{_LABEL}}and {len(texts) - _SEVERAL:,} more"


def _what_then(same: SameWrong, before: Sequence[SameWrong]) -> Iterator[str]:
    """What Lumos does with it, and the remedy; what an earlier block says is not said again."""
    then = same.consequence or f"{same.weight.value}."
    if then not in [each.consequence for each in before]:
        yield from _labelled("then", plain(then, LONG))
    earlier = [number for number, each in enumerate(before, 1) if each.remedy == same.remedy]
    if earlier and same.remedy:
        yield from _labelled("fix", f"as in {earlier[0]}")
    elif same.remedy:
        # It is a sentence of ours, and is not cut.
        lines = [plain(line) for line in same.remedy.splitlines()]
        yield from _labelled("fix", *lines[:_TEXT])


def _labelled(label: str, *paragraphs: str) -> Iterator[str]:
    """A text beside its label, in as many lines as it needs; what is indented is to be pasted, and stays."""
    start = f"{label + ':':{_LABEL}}" if label else " " * _LABEL
    for text in paragraphs:
        if text.startswith("  "):
            yield start + text
        else:
            yield from textwrap.wrap(
                text,
                _WIDTH,
                initial_indent=start,
                subsequent_indent=" " * _LABEL,
                break_long_words=False,
                break_on_hyphens=False,
            )
        start = " " * _LABEL


def _remedy(keys: Sequence[str]) -> str:
    how = "Fix the connector; or, if it is meant to be so, tolerate the fault in the contract's class:"
    if len(keys) == 1:
        return f'{how}\n  tolerated_faults = {{{literal(keys[0])}: "..."}}'
    shown = [f'      {literal(key)}: "...",' for key in keys[:_KEYS]]
    more = [f"      # and {len(keys) - _KEYS:,} more"] if len(keys) > _KEYS else []
    if _are_alike(keys):
        more.append("      # A * stands for one part of a path, such as an id.")
    return "\n".join([how, "  tolerated_faults = {", *shown, *more, "  }"])


def _are_alike(keys: Sequence[str]) -> bool:
    """Whether one line with a star may do for several: they differ in one part of a path alone."""
    seen: set[tuple[int, tuple[str, ...]]] = set()
    for parts in (key.split("/") for key in dict.fromkeys(keys)):
        around = {(place, (*parts[:place], *parts[place + 1 :])) for place in range(1, len(parts))}
        if not seen.isdisjoint(around):
            return True
        seen |= around
    return False


def literal(key: str) -> str:
    """A text as Python has it, in double quotes where that needs no escapes."""
    written = repr(key)
    return f'"{written[1:-1]}"' if not {'"', "'"} & set(key) else written


def unneeded_lines(unneeded: Mapping[str, str], meant: Mapping[str, str] | None = None) -> list[str]:
    """The lines that say which tolerated faults are survived; none if there are none.

    Args:
        unneeded: The author's reason, by what ``tolerated_faults`` names.
        meant: What the author may have meant instead.
    """
    if not unneeded:
        return []
    shown, meant = list[str](), meant or {}
    for key in sorted(unneeded)[:_UNNEEDED]:
        shown.append(f"  {literal(key)}: {plain(unneeded[key], LONG)}")
        shown += [f"    Did you mean {literal(meant[key])}?"] if key in meant else []
    more = [f"  and {len(unneeded) - _UNNEEDED:,} more"] if len(unneeded) > _UNNEEDED else []
    is_one = len(unneeded) == 1
    count = f"{counted(len(unneeded), 'fault')} {'is' if is_one else 'are'}"
    them = "it" if is_one else "them"
    do = f"Correct {them}, or delete" if meant else "Delete"
    return [
        f"{count} tolerated for nothing. The connector survives, or makes no such request:",
        *shown,
        *more,
        f"{do} {them} from tolerated_faults in the contract's class.",
    ]


def stopped_lines(not_reached: int) -> list[str]:
    """The line that says of a sweep that it is not whole; none if it is.

    Args:
        not_reached: How many calls the run has not come to the end of.
    """
    if not not_reached:
        return []
    are = "call was" if not_reached == 1 else "calls were"
    return ["", f"The run was stopped: {not_reached:,} further {are} not broken, or not in every way."]


def changed_call_lines(calls: Sequence[SweptCall]) -> list[str]:
    """The lines that say which calls no longer answer as recorded; none if there is none.

    Args:
        calls: Those whose scenarios have not passed in the run.
    """
    if not calls:
        return []
    return [
        f"{counted(len(calls), 'call')} could not be broken: the connector does not answer as recorded.",
        *_why_not(calls),
        "Their scenarios say what has changed. If this run leaves them out, run all of them.",
    ]


def not_broken_lines(calls: Sequence[SweptCall]) -> list[str]:
    """The lines that say which calls could not be broken, where the run need not fail; none if there is none.

    Args:
        calls: Those that answer as recorded, or whose scenarios have passed in the run.
    """
    return ["", f"{counted(len(calls), 'call')} could not be broken:", *_why_not(calls)] if calls else []


def _why_not(calls: Sequence[SweptCall]) -> Iterator[str]:
    whys = list(dict.fromkeys((each.capability, each.scenario, each.why_not) for each in calls))
    for capability, scenario, why in whys[:_NOT_BROKEN]:
        yield f"  {capability} in {plain(scenario, LONG)}:"
        yield f"    {plain(why, LONG)}"
    if len(whys) > _NOT_BROKEN:
        yield f"  and {len(whys) - _NOT_BROKEN:,} more"


def recorded_lines(recorded: int) -> list[str]:
    """The lines that say of a sweep that it lacks what its own run has recorded; none if it lacks nothing.

    Args:
        recorded: How many scenarios the run has recorded.
    """
    if not recorded:
        return []
    what = "A scenario was" if recorded == 1 else f"{recorded:,} scenarios were"
    return [
        "",
        f"{what} recorded in this run, and not broken yet. Sweep again:",
        "  pytest --contract-faults",
    ]


def nothing_swept_lines(
    *,
    is_stopped: bool,
    has_failed: bool,
    records: bool,
    unknown: Sequence[str] = (),
    is_said: bool = False,
) -> list[str]:
    """The lines of a sweep that has broken nothing.

    Args:
        is_stopped: Whether the run was stopped before, so that nobody knows what there was to break.
        has_failed: Whether there was something to break, and each test of it says why it could not.
        records: Whether the run records, and may have recorded just now what there is to break.
        unknown: Why it is not known what there is to break, if so, as far as no test says it.
        is_said: Whether a test of the run says it.
    """
    if is_stopped:
        return ["No call was broken: the run was stopped before the first."]
    if has_failed:
        return ["No call was broken: each test of the sweep says above why it could not break its call."]
    if unknown:
        return ["No call was broken:", *(line for why in unknown for line in why.splitlines())]
    if is_said:
        return ["No call was broken: a test says above why the checks of the contract are not known."]
    return [
        "No call was broken: no test of this run had a recording to replay of a call",
        "that makes a request and succeeds.",
        *(["Record first, then sweep:", "  pytest --record-mode=once"] if not records else ["Sweep again:"]),
        "  pytest --contract-faults",
    ]
