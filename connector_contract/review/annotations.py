"""Critical changes as annotations of GitHub: lines that a job prints, shown beside the files."""

from __future__ import annotations

from connector_contract.reporting.messages import counted
from connector_contract.review import lines
from connector_contract.review.change import Change, Review, Severity
from connector_contract.review.plain_text import plain

# GitHub shows no more errors of a step.
MOST = 10
# Of an annotation, GitHub shows some lines.
_LONG = 1_000


def annotation_lines(review: Review) -> str:
    """A line for each critical change, at most ten in all; the last one counts those that are left out.

    Source: "Workflow commands for GitHub Actions" in GitHub's documentation, "Setting an error message".
    """
    critical = [change for change in review.changes if change.severity is Severity.CRITICAL]
    shown = critical if len(critical) <= MOST else critical[: MOST - 1]
    found = [_annotation(change) for change in shown]
    if len(shown) < len(critical):
        rest = counted(len(critical) - len(shown), "more critical change")
        found.append(_command(f"{rest}: the job's summary has all of them."))
    return "".join(f"{line}\n" for line in found)


def _annotation(change: Change) -> str:
    files = change.files
    more = f" (also in {counted(len(files) - 1, 'more file')})" if len(files) > 1 else ""
    who = ", ".join(plain(one.shown, _LONG) for one in lines.examples(change) if one.shown)
    title = plain(lines.title(change), _LONG)
    return _command(f"{title}{': ' if who else ''}{who}. {change.why}{more}", file=files[0])


def _command(message: str, **properties: str) -> str:
    shown = {**properties, "title": "critical change of people's access"}
    said = ",".join(f"{name}={_property(value)}" for name, value in shown.items())
    return f"::error {said}::{_data(message)}"


def _data(text: str) -> str:
    """A message as the runner takes it apart again."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
