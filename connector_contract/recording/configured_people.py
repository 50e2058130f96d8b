"""People whom a connector is configured with: a replay sends the made-up ones of the recorded requests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from connector_contract.config import ConnectorUnderTest
from connector_contract.people.emails import EMAIL, is_reserved
from connector_contract.recording.interactions import MadeUp
from connector_contract.secrets.user_names import names_a_place

_PARTS = ("settings", "auth", "credentials")
# What says "which server", "whose data it is" in a URL, and nobody's name.
_PLACES = ("tenant", "subdomain", "domain", "domains")


class Configured(NamedTuple):
    """A text that a connector is configured with.

    Attributes:
        place: Where it stands.
        value: The text.
    """

    place: tuple[str | int, ...]
    value: str

    @property
    def name(self) -> str:
        """The name of its field, or of the list that it is in."""
        return str(next(each for each in reversed(self.place) if isinstance(each, str)))

    @property
    def is_place(self) -> bool:
        """Whether it says which server is asked, or whose."""
        return "@" not in self.value and (
            "://" in self.value or names_a_place(self.name) or self.name.lower().endswith(_PLACES)
        )


def configured_texts(connector: ConnectorUnderTest) -> Iterator[Configured]:
    """The texts of settings and credentials."""
    for part in _PARTS:
        yield from _texts(getattr(connector, part), (part,))


def configured_people(connector: ConnectorUnderTest) -> Iterator[Configured]:
    """Those that are the e-mail address of somebody."""
    for each in configured_texts(connector):
        if EMAIL.fullmatch(each.value) and not is_reserved(each.value):
            yield each


def made_up_values(
    connector: ConnectorUnderTest, is_secret: Callable[[str], bool], shown: Callable[[str], str]
) -> Iterator[MadeUp]:
    """What stands for each text that has somebody in it.

    Args:
        connector: As its author has it.
        is_secret: Whether a text is one, or has one in it.
        shown: Gives a text with made-up people.
    """
    for each in configured_texts(connector):
        if not each.is_place and not is_secret(each.value) and (made := shown(each.value)) != each.value:
            yield MadeUp(each.place, made)


def as_recorded(connector: ConnectorUnderTest, made_up: Iterable[MadeUp]) -> ConnectorUnderTest:
    """The connector with the made-up people of a recording in its settings and credentials.

    What the recording does not know, or is no longer a text, stays as it is.
    """
    values = {each.place: each.value for each in made_up}
    if not values:
        return connector
    return replace(
        connector, **{part: _with_values(getattr(connector, part), (part,), values) for part in _PARTS}
    )


def _texts(value: Any, place: tuple[str | int, ...]) -> Iterator[Configured]:
    if isinstance(value, str):
        yield Configured(place, value)
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _texts(item, (*place, str(name)))
    elif isinstance(value, Sequence):
        for number, item in enumerate(value):
            yield from _texts(item, (*place, number))


def _with_values(
    value: Any, place: tuple[str | int, ...], values: Mapping[tuple[str | int, ...], str]
) -> Any:
    if isinstance(value, str):
        return values.get(place, value)
    if isinstance(value, Mapping):
        return {name: _with_values(item, (*place, str(name)), values) for name, item in value.items()}
    if isinstance(value, Sequence):
        return [_with_values(item, (*place, number), values) for number, item in enumerate(value)]
    return value
