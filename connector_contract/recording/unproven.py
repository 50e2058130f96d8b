"""The message of a recording that cannot be replayed: why, and what to do about it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from connector_contract.config import ConnectorUnderTest
from connector_contract.errors import ContractError, UnmatchedRequest, UnprovenRecording
from connector_contract.recording.interactions import Request
from connector_contract.recording.matching import Difference, differences, nearest
from connector_contract.recording.mismatch import Place
from connector_contract.recording.moments import same_moment
from connector_contract.recording.request_aliases import request_aliases
from connector_contract.recording.request_times import differ_in_times_alone
from connector_contract.reporting.excerpts import excerpts
from connector_contract.reporting.messages import counted
from connector_contract.secrets.shown_placeholders import PLACEHOLDER
from connector_contract.storage.json_differences import ABSENT
from connector_contract.storage.json_differences import differences as json_differences

# How many requests, or values, a message lists.
_SHOWN = 5
# How many characters of a value.
_LONGEST = 80


@dataclass(frozen=True)
class Asked:
    """A request that the replay makes, and that is not recorded.

    Attributes:
        request: What was asked.
        near: The nearest recorded request, if there is one.
        differences: What differs between the two; none if it was asked once too often.
    """

    request: Request
    near: Request | None
    differences: tuple[Difference, ...]

    @classmethod
    def of(
        cls,
        made: Request,
        recorded: Sequence[Request],
        left: Sequence[int],
        beside: Callable[[Request], Request],
    ) -> Asked:
        """A request that equals no recorded one of those that are left.

        Args:
            made: What was asked.
            recorded: What is recorded.
            left: The numbers, from 1, of what is left of that.
            beside: Gives what was asked with all headers that a recorded request has.
        """
        index = nearest(recorded, made, [number - 1 for number in left])
        if index is None:
            return cls(made, None, ())
        near = recorded[index]
        return cls(made, near, tuple(differences(near, beside(near))))

    @property
    def error(self) -> ContractError:
        """What the connector sees."""
        return UnmatchedRequest(f"The request is not recorded: {self.request}", remedy="Record it again.")


@dataclass(frozen=True)
class Unasked:
    """Recorded requests that the replay does not make."""

    requests: Sequence[str]


@dataclass(frozen=True)
class Disordered:
    """A write that the replay makes too early.

    Attributes:
        request: What it asks.
        first: The write that came first when it was recorded.
        at_once: Whether the replay makes it at the same time as that one, and not before it.
    """

    request: Request
    first: Request
    at_once: bool = False


@dataclass(frozen=True)
class Shuffled:
    """A response that has the same in another order.

    Attributes:
        differences: What is where something else was.
    """

    differences: Sequence[str]


@dataclass(frozen=True)
class Refused:
    """A connection that a replay does not allow.

    Attributes:
        what: What was tried, in a clause.
        remedy: What to do about it.
    """

    what: str
    remedy: str

    @classmethod
    def of(cls, verdict: ContractError) -> Refused:
        """What the verdict on the connection says."""
        return cls(verdict.what[:1].lower() + verdict.what[1:].rstrip("."), verdict.remedy)


Kind = Literal["header", "alias", "placeholder", "people"]


@dataclass(frozen=True)
class Needs:
    """What a recording lacks, and the connector reads.

    Attributes:
        kind: Response headers that are left out, values that have aliases or placeholders, or the real
            people.
        names: Of the headers, the aliases, or the placeholders; none of people.
        lines: The lines of ``contract_secret_names`` by which the values would be no secrets, if that can be.
    """

    kind: Kind
    names: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trouble:
    """The first thing that keeps a recording from being replayed.

    Attributes:
        call: The call that it happened in; empty if it shows at the end.
        what: A request too many, requests too few, writes in another order, another connection, a response in
            another order or with other values, or another sentence.
        needs: What the recording lacks, and can be replayed with.
    """

    call: str
    what: Asked | Unasked | Disordered | Refused | Shuffled | Sequence[str] | str
    needs: Needs | None = None


def differences_of(
    before: Any,
    now: Any,
    at: float,
    *,
    is_compared: bool,
    shown: Callable[[str, str], str] = lambda text, _: text,
) -> list[str]:
    """Each value of a response that the replay changes.

    Args:
        before: The response in the recording.
        now: The response in the replay.
        at: When it was recorded, in seconds since 1970.
        is_compared: Whether a snapshot has the response. If none has, it may contain the time of day.
        shown: Gives a text of a response as a message may have it that compares it with another one.
    """
    return [
        _line(path or "response", (old, new), (_hidden(old, new, shown), _hidden(new, old, shown)))
        for path, old, new in json_differences(before, now)
        if is_compared or not same_moment(old, new, at)
    ]


def _hidden(value: Any, other: Any, shown: Callable[[str, str], str]) -> Any:
    """A value as a message may have it that compares it with another one."""
    against = other if isinstance(other, str) else _text(other) if other is ABSENT else _whole(other)

    def seen(part: Any) -> Any:
        if isinstance(part, dict):
            return {shown(name, against): seen(item) for name, item in part.items()}
        if isinstance(part, list):
            return [seen(item) for item in part]
        return shown(part, against) if isinstance(part, str) else part

    return seen(value)


def _line(path: str, real: tuple[Any, Any], shown: tuple[Any, Any]) -> str:
    old, new = shown
    recorded, now = excerpts(_text(old), _text(new), _LONGEST)
    line = f"{path}: recorded {recorded}, now {now}{_only_in_one(old, new)}"
    return line if shown == real else f"{line} (asterisks stand for the letters of real people)"


def _only_in_one(old: Any, new: Any) -> str:
    """What the longer one of two lists has, and the other one has not."""
    if not isinstance(old, list) or not isinstance(new, list):
        return ""
    where, more = ("in the recording", [each for each in old if each not in new])
    if len(new) > len(old):
        where, more = "in the replay", [each for each in new if each not in old]
    return f"; only {where}: {_shortened(_whole(more[0]))}" if more else ""


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}\u2026"


def same_in_another_order(before: Any, now: Any) -> bool:
    """Whether two responses have the same in their lists, and not in the same order."""
    return bool(before != now and _unordered(before) == _unordered(now))


def _unordered(value: Any) -> Any:
    if isinstance(value, list):
        return sorted(map(_unordered, value), key=lambda item: json.dumps(item, sort_keys=True))
    if isinstance(value, dict):
        return {name: _unordered(item) for name, item in value.items()}
    return value


def unproven(trouble: Trouble, place: Place, connector: ConnectorUnderTest) -> UnprovenRecording:
    """The failure of a recording whose replay makes other requests, or gives other responses."""
    what, details, remedy = _told(trouble, connector.aliases)
    if trouble.needs is not None:
        needed, remedy = _needed(trouble.needs, connector)
        details = [*details, f"it can be replayed with {needed}"]
    called = [("capability", trouble.call)] if trouble.call else []
    return UnprovenRecording(
        f"The recording was not saved, because it cannot be replayed: {what}.",
        where=[*called, *place.where],
        details=details,
        remedy=remedy,
    )


def _needed(needs: Needs, connector: ConnectorUnderTest) -> tuple[str, str]:
    """What a recording lacks, and what to do about it."""
    names = ", ".join(needs.names)
    if needs.kind == "header":
        dropped = list(connector.drop_headers)
        if set(needs.names) <= {name.lower() for name in dropped}:
            remedy = f"Take it out of ConnectorUnderTest(drop_headers={dropped})."
        else:
            remedy = f"Keep it: ConnectorUnderTest(keep_headers={[*connector.keep_headers, *needs.names]})."
        return f"the response header {names}, which is left out", f"The connector reads it. {remedy}"
    if needs.kind == "alias":
        return f"the values that have the alias {names}", (
            f"The connector reads more in these values than their aliases have. Take {names} out of\n"
            "ConnectorUnderTest(aliases=...), or have the path find a value that it passes on unchanged."
        )
    if needs.kind == "people":
        return "the real people, and not with the made-up ones", _PEOPLE
    return f"the value that has the placeholder {names}", (
        "The connector reads more in this value than its placeholder has, and secrets are not stored.\n"
        f"Have it pass the value on unchanged{_public_by(needs.lines)}"
    )


def _public_by(lines: Sequence[str]) -> str:
    """What else can be done about a value that is no secret: which lines say so."""
    if not lines:
        return "."
    said = "".join(f"\n    {line}" for line in lines)
    return f"; or, if it is not a secret, say so in the ini option contract_secret_names:{said}"


# A part of a path that looks made up: a UUID, or what is as long and as random.
_MADE_UP = re.compile(r"[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}")

_IN_PATH = (
    "The connector makes a part of the path up each time, and an alias cannot look into paths.\n"
    "Have it send the value in the body, too, and give it an alias there; or take it from Lumos' request."
)

_SORT = (
    "The order of what a call writes counts: what is left behind depends on it. Have the connector write in\n"
    "the same order each time, for instance by sorting what it takes from a set, or by waiting for all\n"
    "responses (asyncio.gather) before it writes."
)

_SHUFFLED = (
    "The order depends on which response comes first, or on a set. Have the connector keep one order:\n"
    "asyncio.gather gives its results in the order of what it is given; or sort the records."
)

ROUNDED = (
    "The time in it cannot be stored relative to the clock, because it is rounded up, or to another unit\n"
    "than a minute, an hour or a day. Round it down to one of these, or take it from Lumos' request."
)

_MADE_UP_COOKIES = (
    "The connector makes up another value each time. To record a placeholder in its place, add to the ini\n"
    "option contract_secret_names:"
)

_PEOPLE = (
    "What the connector does with a name, an address or a number depends on its letters: it sorts, cuts\n"
    "or compares by them. Have it pass them on unchanged, and sort by an id. Where one value is real and\n"
    "the other one is made up, the connector takes it from a field that is not known to be personal: name\n"
    'it, such as personal_data={"family_name": "users[].last"}. E-mail addresses have a made-up\n'
    "domain, unless ConnectorUnderTest(settings=...) or the test names the real one: have the connector\n"
    "read it from there. Or record from a tenant of made-up people, with\n"
    "ConnectorUnderTest(personal_data=False)."
)

_CASE = (
    "A recording has the names of response headers in lower case, because their case says nothing.\n"
    "Have the connector write them in lower case, or take the headers that it needs by their names."
)

FORGET = (
    "The connector keeps something in the process, such as a token or a cache. Give a function that makes\n"
    "it forget that, for each scenario and each replayed call: ConnectorUnderTest(reset=...)."
)


def _told(trouble: Trouble, aliases: Mapping[str, str]) -> tuple[str, list[str], str]:
    what = trouble.what
    if isinstance(what, str):
        return what.rstrip("."), [], FORGET
    if isinstance(what, Unasked):
        what_is = f"the connector does not make {counted(len(what.requests), 'request')} again"
        return what_is, _some(what.requests), FORGET
    if isinstance(what, Disordered):
        when, what_it_was = ("at the same time as", "answered first") if what.at_once else ("before", "first")
        apart = differences(what.first, what.request) if str(what.first) == str(what.request) else ()
        told = f"the connector makes {what.request} {when} {what.first}, which was {what_it_was}"
        return told, [each.told("first", "after it") for each in apart], _SORT
    if isinstance(what, Refused):
        return what.what, [], what.remedy
    if isinstance(what, Shuffled):
        return "the connector gives the same in another order", _some(what.differences), _SHUFFLED
    if isinstance(what, Asked):
        return _asked_told(what, aliases)
    if _has_lower_case(what):
        return "from the same responses, the connector makes another one", _some(what), _CASE
    return (
        "from the same responses, the connector makes another one",
        _some(what),
        "Either it makes these values up, or reads the clock for them: have it take them from the upstream.\n"
        "Or it reads something that the recording leaves out, or has a placeholder for.",
    )


def _asked_told(asked: Asked, aliases: Mapping[str, str]) -> tuple[str, list[str], str]:
    if asked.near is None:
        return f"the connector makes a request that it did not make before: {asked.request}", [], FORGET
    if not asked.differences:
        return f"the connector makes a request once more than before: {asked.request}", [], FORGET
    details = [f"recorded: {asked.near}", *map(str, asked.differences)]
    if differ_in_times_alone(asked.near, asked.request):
        return f"the connector makes a request that differs from before: {asked.request}", details, ROUNDED
    parts = {each.part for each in asked.differences}
    if parts == {"path"} and _MADE_UP.search(asked.request.uri) and _MADE_UP.search(asked.near.uri):
        return f"the connector makes a request that differs from before: {asked.request}", details, _IN_PATH
    if parts & {"method", "path", "origin"}:
        return f"the connector makes a request that it did not make before: {asked.request}", details, FORGET
    what = f"the connector makes a request that differs from before: {asked.request}"
    if lines := _made_up_cookies(asked.differences):
        return what, details, _MADE_UP_COOKIES + "".join(f"\n    {line}" for line in lines)
    proposed = request_aliases(asked.near, asked.request, aliases)
    return what, details, _with_aliases(proposed) if proposed else FORGET


def _has_lower_case(lines: Sequence[str]) -> bool:
    """Whether the name of one thing is that of another in lower case: headers are read so in a replay."""
    names = {line.partition(": recorded ")[0] for line in lines}
    return any(name != name.lower() and name.lower() in names for name in names)


def _made_up_cookies(found: Sequence[Difference]) -> list[str]:
    """The lines of ``contract_secret_names`` for cookies with other values, if nothing else differs."""
    names = [each.part.removeprefix("cookie ") for each in found if each.part.startswith("cookie ")]
    values = [value for each in found for value in (each.recorded, each.made)]
    if len(names) < len(found) or any(value == "none" or PLACEHOLDER.search(value) for value in values):
        return []
    return [f"cookie.{name}: is another each time" for name in names]


def _with_aliases(aliases: Mapping[str, str]) -> str:
    return (
        "The connector makes the value up each time. Give it an alias, to be recorded in its place:\n"
        f"ConnectorUnderTest(aliases={dict(aliases)!r})."
    )


def _some(lines: Sequence[str]) -> list[str]:
    more = [f"and {len(lines) - _SHOWN} more"] if len(lines) > _SHOWN else []
    return [*lines[:_SHOWN], *more]


def _text(value: Any) -> str:
    if value is ABSENT:
        return "nothing"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return _whole(value)


def _whole(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
