"""A scenario's calls as they went, at the base and at the head: asked, requested, answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import NamedTuple
from urllib.parse import urlsplit

from connector_contract.recording.call import Call, CallOutcome, Failure, Success
from connector_contract.recording.interactions import Cassette, Interaction, Request
from connector_contract.reporting.messages import counted
from connector_contract.review.answers import asked_text
from connector_contract.review.html_text import short
from connector_contract.review.stored import Revision

# Of calls that are alike in that both revisions have them, or that one has, so many are drawn at each end.
_ENDS = 3
REQUESTS, STEPS = 8, 60
"""So many requests of a call are drawn, and so many calls."""
_READ = 1_000_000
# Calls beyond these are compared one by one, in their order.
_COMPARED = 500
_URI = 300

NEXT = "the next page"
AS_BEFORE, BEFORE, NOW = "as before", "only before", "only now"


class Sent(NamedTuple):
    """A request of a call.

    Attributes:
        method: In upper case.
        target: Path and query; with the origin if the scenario has several.
        status: What the upstream answered with; empty if the connector did not wait for it.
        is_error: Whether that is none of success.
        at_once: Whether other requests of the call were under way at the same time.
    """

    method: str
    target: str
    status: str
    is_error: bool
    at_once: bool = False


@dataclass(frozen=True)
class Drawn:
    """A call.

    Attributes:
        capability: Its name; empty for requests that are of no call.
        asked: With what, in words.
        requests: What the connector asked for then; some of them if they are many.
        more: How many requests are left out.
        answered: What came of it, in words.
        is_error: Whether that is an error.
        mark: Which revision has it.
    """

    capability: str
    asked: str
    requests: tuple[Sent, ...]
    more: int
    answered: str
    is_error: bool
    mark: str = AS_BEFORE

    @property
    def goes_on(self) -> bool:
        """Whether it asks for the next page of a list."""
        return self.asked == NEXT


@dataclass(frozen=True)
class LeftOut:
    """Calls that are not drawn.

    Attributes:
        count: How many.
        mark: Which revision has them; empty if some have one, and some another.
    """

    count: int
    mark: str


class Drawing(NamedTuple):
    """The calls of a scenario.

    Attributes:
        steps: The calls in their order, and where some are left out.
        note: What has to be said of it; empty if nothing.
    """

    steps: Sequence[Drawn | LeftOut]
    note: str = ""


NOT_DRAWN = Drawing(())
"""Of a scenario whose calls a page has no room for."""


def drawing_of(path: str, base: Revision, head: Revision) -> Drawing:
    """The calls that a cassette has at two revisions.

    Args:
        path: The cassette's.
        base: The one.
        head: The other.
    """
    sides = [_side(revision, path) for revision in (base, head)]
    steps = list(_steps(*(calls for calls, _ in sides)))
    notes = [note for _, note in sides if note]
    if not notes and steps and all(step.mark == AS_BEFORE for step in steps):
        notes = ["The calls went as before."]
    if len(steps) > STEPS:
        rest = sum(step.count if isinstance(step, LeftOut) else 1 for step in steps[STEPS:])
        steps = [*steps[:STEPS], LeftOut(rest, "")]
    return Drawing(steps, " ".join(dict.fromkeys(notes)))


def capabilities_of(path: str, base: Revision, head: Revision) -> list[str]:
    """The capabilities that a scenario calls, at either revision."""
    heads = (revision.head(path) for revision in (base, head) if path in revision.files)
    return sorted({call.capability for each in heads if each is not None for call in each.calls})


def _side(revision: Revision, path: str) -> tuple[list[Drawn], str]:
    """The calls at one revision, and what has to be said of them."""
    if path not in revision.files:
        return [], ""
    if len(revision.files[path]) > _READ:
        found = revision.head(path)
        calls = found.calls if found is not None else ()
        return [
            _call(call, [], len(call.interactions)) for call in calls
        ], "The requests are too many to draw."
    cassette = revision.cassette(path)
    if cassette is None:
        return [], "A recording cannot be read."
    if cassette.interactions and not cassette.calls:
        return list(_drawn(cassette)), "A recording does not say which calls its requests belong to."
    return list(_drawn(cassette)), ""


def _drawn(cassette: Cassette) -> Iterator[Drawn]:
    origins = {urlsplit(request.uri)[:2] for request in cassette.requests}
    one_origin = len(origins) == 1
    of_calls = {number for call in cassette.calls for number in call.interactions}
    for number, call in enumerate(cassette.calls, 1):
        sent = [
            _sent(cassette.interactions[each - 1], each in call.at_once, one_origin)
            for each in call.interactions
        ]
        for given_up in cassette.given_up:
            if given_up.call == number:
                sent.append(_request(given_up.request, "given up", True, False, one_origin))
        yield _call(call, sent[:REQUESTS], len(sent[REQUESTS:]))
    rest = [
        _sent(each, False, one_origin)
        for number, each in enumerate(cassette.interactions, 1)
        if number not in of_calls
    ]
    if rest:
        yield Drawn("", "", tuple(rest[:REQUESTS]), len(rest[REQUESTS:]), "", False)


def _call(call: Call, sent: Sequence[Sent], more: int) -> Drawn:
    goes_on = (call.asked.get("page") or {}).get("token")
    asked = NEXT if goes_on else asked_text(call)
    answered, is_error = _answered(call.outcome)
    return Drawn(call.capability, asked, tuple(sent), more, answered, is_error)


def _answered(outcome: CallOutcome) -> tuple[str, bool]:
    if isinstance(outcome, Failure):
        return f"error: {outcome.code}", True
    assert isinstance(outcome, Success)  # noqa: S101 - there are no others
    return ("success" if outcome.records is None else counted(outcome.records, "record")), False


def _sent(interaction: Interaction, at_once: bool, one_origin: bool) -> Sent:
    status = interaction.response.status
    return _request(interaction.request, str(status), status >= 400, at_once, one_origin)


def _request(request: Request, status: str, is_error: bool, at_once: bool, one_origin: bool) -> Sent:
    parts = urlsplit(request.uri)
    target = parts._replace(scheme="", netloc="").geturl() if one_origin else request.uri
    return Sent(request.method, short(target or "/", _URI), status, is_error, at_once)


def _steps(olds: Sequence[Drawn], news: Sequence[Drawn]) -> Iterator[Drawn | LeftOut]:
    for mark, calls in _runs(olds, news):
        hidden = len(calls) - 2 * _ENDS
        if hidden < 2:
            yield from (replace(each, mark=mark) for each in calls)
            continue
        yield from (replace(each, mark=mark) for each in calls[:_ENDS])
        yield LeftOut(hidden, mark)
        yield from (replace(each, mark=mark) for each in calls[-_ENDS:])


def _runs(olds: Sequence[Drawn], news: Sequence[Drawn]) -> Iterator[tuple[str, Sequence[Drawn]]]:
    """The calls in their order, in runs of those that the same revisions have."""
    if max(len(olds), len(news)) > _COMPARED:
        same = next(
            (i for i, (a, b) in enumerate(zip(olds, news, strict=False)) if a != b), min(len(olds), len(news))
        )
        yield from ((AS_BEFORE, news[:same]), (BEFORE, olds[same:]), (NOW, news[same:]))
        return
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, olds, news, autojunk=False).get_opcodes():
        if tag == "equal":
            yield AS_BEFORE, news[j1:j2]
        else:
            yield from ((BEFORE, olds[i1:i2]), (NOW, news[j1:j2]))
