"""What a run of pytest says of a review: its changes in a few lines, the worst first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from connector_contract.reporting.messages import counted
from connector_contract.review.asked import asked_now
from connector_contract.review.change import Change, Review, Severity
from connector_contract.review.lines import details, example_line, examples, title
from connector_contract.review.plain_text import plain
from connector_contract.review.review_lines import closing, where_line

COMMAND = "connector-contract review"
# A line, and all lines of a review, are so long at most.
_LINE, _LINES = 200, 30
_ASKS = 5
_INDENT = " " * 10


def run_lines(review: Review, rest: str) -> list[str]:
    """The changes of a review in some 30 lines, with a count of what was left out.

    Args:
        review: What has changed.
        rest: Where to see what was left out, in a clause.
    """
    blocks = [list(_block(change)) for change in review.changes]
    blocks += [[_headed(each.severity, f"asks {where_line(each)}")] for each in review.requests]
    blocks += [[_headed(each.severity, f"upstream {where_line(each)}")] for each in review.upstream]
    trouble = [f"not compared: {each.what} ({counted(each.count, 'file')})" for each in review.not_understood]
    shown, left_out = _fitting(blocks, _LINES - 2 - min(len(trouble), 3))
    lines = [line for block in shown for line in block]
    if left_out:
        lines.append(f"and {left_out} more: {rest}")
    lines += trouble[:3] + ([f"and {len(trouble) - 3} more"] if len(trouble) > 3 else [])
    return [plain(line, _LINE) for line in [*lines, closing(review)]]


def asking_lines(asks: Mapping[str, Sequence[Sequence[str]]]) -> list[str]:
    """What a run asks for that is not recorded, in a few lines.

    Args:
        asks: As for ``asked_now``.
    """
    found = [_headed(each.severity, f"asks {where_line(each)}") for each in asked_now(asks)]
    more = [f"and {len(found) - _ASKS} more"] if len(found) > _ASKS else []
    return [plain(line, _LINE) for line in [*found[:_ASKS], *more]]


def _block(change: Change) -> Iterator[str]:
    yield _headed(change.severity, title(change))
    yield f"{_INDENT}{change.why}"
    yield from (_INDENT + line for line in details(change))
    shown = examples(change)
    yield from (f"{_INDENT}- {example_line(each)}" for each in shown)
    more = len(change.people) - len(shown)
    if more > 0:
        yield f"{_INDENT}  and {more} more"


def _headed(severity: Severity, text: str) -> str:
    return f"{severity.value:<{len(_INDENT)}}{text}"


def _fitting(blocks: Sequence[Sequence[str]], longest: int) -> tuple[list[Sequence[str]], int]:
    """The blocks that fit, whole or by their first lines, and how many do not.

    A block is whole if there is still a line for each that follows.
    """
    shown: list[Sequence[str]] = []
    used = 0
    for index, block in enumerate(blocks):
        if used >= longest:
            break
        following = len(blocks) - index - 1
        fits = used + len(block) + following <= longest or (not shown and len(block) <= longest)
        shown.append(block if fits else block[:1])
        used += len(shown[-1])
    return shown, len(blocks) - len(shown)
