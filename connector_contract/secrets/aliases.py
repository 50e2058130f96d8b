"""Aliases: stable values in place of those that a server, or the connector, makes up each time.

The author declares a path once. Each value that it finds gets a stand-in that is the same in every recording,
and stands wherever the value appeared: identity between them survives, and two recordings are equal. In a
link, what the server made up has a stand-in (``link_parts``), so that the link still leads somewhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass
from itertools import count
from typing import Any

import jmespath

from connector_contract.errors import UsageError
from connector_contract.recording.interactions import Interaction, Request, Response
from connector_contract.secrets.link_parts import is_short_number, link_parts
from connector_contract.secrets.request_values import PARTS, headers_value, request_value

Place = tuple[Any, ...]
"""Where a request stands among all of a scenario."""

LAST: Place = (float("inf"),)
"""After all that have a place; among themselves in the order in which they come."""

_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})([T ]\d{2}:\d{2}:\d{2})(\.\d+)?(Z|[+-]\d{2}:?\d{2})?")

_OF_HEADERS = "response.headers."


def compile_paths(paths: Mapping[str, str]) -> dict[str, Any]:
    """The JMESPath expression of each alias, compiled.

    Raises:
        UsageError: One is no JMESPath, or a name is no word.
    """
    compiled = {}
    for name, path in paths.items():
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", name):
            raise _bad_alias(name, path, "its name may have letters, digits and hyphens only")
        try:
            compiled[name] = jmespath.compile(path)
        except jmespath.exceptions.JMESPathError as error:
            raise _bad_alias(name, path, " ".join(str(error).split())) from None
        if is_of_request(path) and (problem := _leads_nowhere(compiled[name])):
            raise _bad_alias(name, path, problem)
    return compiled


def is_of_request(path: str) -> bool:
    """Whether a path leads into requests, and not into responses."""
    return path.lstrip().startswith("request.")


def _is_of_headers(path: str) -> bool:
    """Whether a path leads into the headers of responses, and not into their bodies."""
    return path.lstrip().startswith(_OF_HEADERS)


def looks_made_up(value: object) -> bool:
    """Whether a value has a form that servers make up each time: a UUID, or a time."""
    return isinstance(value, str) and bool(_UUID.fullmatch(value) or _TIME.fullmatch(value))


def has_alias(value: object) -> bool:
    """Whether a value can have a stand-in: a text, or a number that is long enough to be looked for."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return False
    return value != "" and not _is_short_number(value)


class Aliases:
    """The stand-ins of one scenario.

    They are numbered by where the values were first seen, and not by when: a connector that asks concurrently
    is recorded alike each time.

    Args:
        paths: The JMESPath for each alias, such as ``{"user": "id"}``: into the bodies of responses; or, if
            it starts with ``response.headers.``, into their headers, or with ``request.``, into requests.

    Attributes:
        recorded: The stand-ins that recorded requests have.
        played: Those that recorded responses have: each stands for itself, and no other value gets it.
        made_up: What the connector has made up, and what stands for it, as texts.
    """

    def __init__(self, paths: Mapping[str, str]) -> None:
        compiled = compile_paths(paths)
        self._of_requests = {name: path for name, path in compiled.items() if is_of_request(path.expression)}
        self._of_headers = {name: path for name, path in compiled.items() if _is_of_headers(path.expression)}
        others = {**self._of_requests, **self._of_headers}
        self._of_bodies = {name: path for name, path in compiled.items() if name not in others}
        self._found: dict[str, _Found] = {}
        self._respelled: dict[str, str] = {}
        self._bound: dict[str, str] = {}
        self._stand_ins: dict[str, str] | None = None
        self.recorded: set[str] = set()
        self.played: frozenset[str] = frozenset()
        self.made_up: set[str] = set()

    def copy(self) -> Aliases:
        """The stand-ins that there are by now, to go on from."""
        made = copy(self)
        for name in ("_found", "_respelled", "_bound", "recorded", "made_up"):
            setattr(made, name, vars(self)[name].copy())
        return made

    @property
    def of_requests(self) -> bool:
        """Whether there are values that the connector makes up."""
        return bool(self._of_requests)

    @property
    def stand_ins(self) -> Mapping[str, str]:
        """The stand-in for each value, both as they stand in a text."""
        if self._stand_ins is None:
            stand_ins = {**self._numbered(), **self._bound}
            respelled = self._respelled.items()
            self._stand_ins = {
                **{text: stand_ins[plain] for text, plain in respelled if plain in stand_ins},
                **stand_ins,
            }
        return self._stand_ins

    @property
    def names(self) -> Mapping[str, str]:
        """The alias of each value."""
        return {text: found.name for text, found in self._found.items()}

    def expect(self, stand_ins: Collection[str]) -> None:
        """Know the stand-ins that recorded requests have; no other value may get one of them."""
        self.recorded |= set(stand_ins)
        self.made_up |= set(stand_ins)

    def played_in(self, interactions: Iterable[Interaction]) -> frozenset[str]:
        """The stand-ins that recorded responses have."""
        if not (self._of_bodies or self._of_headers):
            return frozenset()
        return frozenset(
            text
            for each in interactions
            for _, _, value in self._in_response(each.response)
            for text in _texts(value, each.request)
            if has_alias(text)
        )

    @property
    def restored(self) -> Mapping[str, str]:
        """The value for each stand-in that stands for what the connector makes up."""
        return {shown: text for text, shown in self.stand_ins.items() if text in self.made_up}

    def learn(self, response: Response, place: Place = LAST, asked: Request | None = None) -> bool:
        """Take in the values that the paths find in a response.

        Args:
            response: What the upstream answered.
            place: Where its request stands among all of the scenario.
            asked: The request: what of a link it has itself was not made up.

        Returns:
            Whether there were new ones.

        Raises:
            UsageError: A path finds something that cannot have a stand-in.
        """
        found = [
            self._add_found(name, path, value, place, asked)
            for name, path, value in self._in_response(response)
        ]
        return any(found)

    def _in_response(self, response: Response) -> Iterator[tuple[str, str, Any]]:
        """Alias, path and value of all that the paths find in a response."""
        searched: list[tuple[Mapping[str, Any], Any]] = []
        if self._of_headers:
            searched.append((self._of_headers, {"response": {"headers": headers_value(response.headers)}}))
        # What is no JSON has nothing to find.
        with suppress(ValueError):
            searched.append((self._of_bodies, json.loads(response.body) if self._of_bodies else None))
        for paths, value in searched:
            for name, path in paths.items():
                yield from ((name, path.expression, each) for each in _search(name, path, value))

    def learn_request(self, request: Request, place: Place = LAST) -> bool:
        """The same for a request, of which the connector has made up what the paths find."""
        found = [
            self._add(name, self._of_requests[name].expression, value, place, of_request=True)
            for name, value in self.in_request(request)
        ]
        return any(found)

    def in_request(self, request: Request) -> list[tuple[str, Any]]:
        """Alias and value of all that the paths find in a request."""
        if not self._of_requests:
            return []
        value = {"request": request_value(request)}
        return [
            (name, each) for name, path in self._of_requests.items() for each in _search(name, path, value)
        ]

    def bind(self, value: str, stand_in: str) -> str:
        """Give a value the stand-in that a recorded one has in its place.

        Args:
            value: What the connector has made up.
            stand_in: The stand-in; empty for the next one that nothing else has.

        Returns:
            What the value was bound to before; empty if it was not.
        """
        before = self._bound.pop(value, "")
        if stand_in:
            self._bound[value] = stand_in
            self.made_up.add(value)
        self._stand_ins = None
        return before

    def _add_found(self, name: str, path: str, value: Any, place: Place, asked: Request | None) -> bool:
        parts = _parts(value, asked)
        if parts is None:
            return self._add(name, path, value, place, of_request=False)
        added = [self._add_part(name, path, part, place) for part in parts]
        return any(added)

    def _add_part(self, name: str, path: str, part: Sequence[str], place: Place) -> bool:
        text, *spellings = part
        is_new = self._add(name, path, text, place, of_request=False)
        if text in self._found and not self._respelled.keys() >= set(spellings):
            self._respelled.update(dict.fromkeys(spellings, text))
            self._stand_ins, is_new = None, True
        return is_new

    def _add(self, name: str, path: str, value: Any, place: Place, *, of_request: bool) -> bool:
        if isinstance(value, bool) or not isinstance(value, (str, int)):
            raise _bad_alias(name, path, f"it finds {value!r}, and only texts and numbers have aliases")
        if _is_short_number(value):
            raise _bad_alias(name, path, f"it finds {value!r}: a number this short may be anything")
        text = str(value)
        known = self._found.get(text)
        if text == "" or text in self.recorded or text in self.played:
            return False
        if known is not None and known.place <= place:
            return False
        self._found[text] = _Found(name, value, place)
        if of_request:
            self.made_up.add(text)
        self._stand_ins = None
        return True

    def _numbered(self) -> dict[str, str]:
        numbered: dict[str, str] = {}
        numbers, taken = count(1), self.recorded | self.played
        unbound = [item for item in self._found.items() if item[0] not in self._bound]
        for text, found in sorted(unbound, key=lambda item: item[1].place):
            made = (_stand_in(found.name, found.value, number) for number in numbers)
            numbered[text] = next(each for each in made if each not in taken)
        return numbered


@dataclass(frozen=True)
class _Found:
    name: str
    value: str | int
    place: Place


def _stand_in(name: str, value: str | int, number: int) -> str:
    """What stands for the ``number``-th value: of the value's kind, so that a connector can still read it."""
    if isinstance(value, int):
        return str(9_000_000 + number)
    if _UUID.fullmatch(value):
        return f"00000000-0000-4000-8000-{number:012x}"
    if time := _TIME.fullmatch(value):
        minutes, seconds = divmod(number, 60)
        hours, minutes = divmod(minutes, 60)
        fraction = re.sub(r"\d", "0", time[3] or "")
        return f"2000-01-01{time[2][0]}{hours % 24:02}:{minutes:02}:{seconds:02}{fraction}{time[4] or ''}"
    if value.isdigit():
        return str(9_000_000 + number).zfill(len(value))
    return f"{name}-{number}"


def _parts(value: Any, asked: Request | None) -> list[tuple[str, ...]] | None:
    return link_parts(value, asked) if isinstance(value, str) else None


def _texts(value: Any, asked: Request | None) -> list[str]:
    parts = _parts(value, asked)
    return [str(value)] if parts is None else [text for text, *_ in parts]


def _is_short_number(value: str | int) -> bool:
    """Whether a number is too likely to be something else as well: a page's size, a count."""
    return is_short_number(value if isinstance(value, str) else str(abs(value)))


def _search(name: str, path: Any, value: Any) -> list[Any]:
    try:
        return _flat(path.search(value))
    except jmespath.exceptions.JMESPathError as error:
        raise _bad_alias(name, path.expression, " ".join(str(error).split())) from None


class _Asked(dict[str, Any]):
    """An object that notes which of its fields is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def get(self, name: Any, default: Any = None) -> Any:
        """Nothing, whatever is asked for."""
        self.names.append(name)
        return default


def _leads_nowhere(path: Any) -> str | None:
    asked = _Asked()
    # What goes wrong where there is nothing may go well where there is something.
    with suppress(jmespath.exceptions.JMESPathError):
        path.search({"request": asked})
    if asked.names and set(asked.names) <= set(PARTS):
        return None
    return f"after request, it has to go on with {', '.join(PARTS[:-1])} or {PARTS[-1]}"


def _flat(found: Any) -> list[Any]:
    if found is None:
        return []
    if isinstance(found, list):
        return [value for item in found for value in _flat(item)]
    return [found]


def _bad_alias(name: str, path: str, problem: str) -> UsageError:
    return UsageError(
        f"ConnectorUnderTest(aliases=...) has {name!r}: {path!r}: {problem}.",
        remedy="Give a JMESPath for each alias: into the response bodies, such as {'user': 'items[].id'};\n"
        "into their headers, such as {'next': 'response.headers.link'};\n"
        "or into the requests, such as {'key': 'request.body.key'}, request.query.key or\n"
        'request.headers."x-key".',
    )
