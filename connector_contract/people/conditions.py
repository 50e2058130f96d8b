"""Conditions of filters in a URL: ``userName eq "amartin"``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from connector_contract.people.field_names import field

# Of SCIM (RFC 7644, 3.4.2.2), or of OData.
_CONDITION = re.compile(
    r"(?<![\w.:/])([A-Za-z][\w.:/]*+)\s{1,9}(?:eq|ne|co|sw|ew|=)\s{1,9}([\"'])((?:\2\2|(?!\2).)*+)\2"
)


class Condition(NamedTuple):
    """One condition.

    Attributes:
        attribute: What is compared, such as ``emails.value``.
        value: What it is compared with.
    """

    attribute: str
    value: str

    def kind(self, *, of_persons: bool) -> str:
        """The kind of personal value that the attribute has; empty if it has none.

        Args:
            of_persons: Whether the filter is for a list of people.
        """
        said = (field(self.attribute.rpartition(".")[2]), field(self.attribute.partition(".")[0]))
        kinds = (each.of_person if of_persons else each.kind for each in said)
        return next(filter(None, kinds), "")


def conditions(text: str) -> Iterator[Condition]:
    """The conditions in a text."""
    return map(_condition, _CONDITION.finditer(text))


def with_values(text: str, made: Callable[[Condition], str]) -> str:
    """``text`` with another value in each condition."""

    def changed(found: re.Match[str]) -> str:
        quote = found[2]
        before, after = found[0][: found.start(3) - found.start()], found[0][found.end(3) - found.start() :]
        return before + made(_condition(found)).replace(quote, quote * 2) + after

    return _CONDITION.sub(changed, text)


def _condition(found: re.Match[str]) -> Condition:
    # A quote in a value is doubled.
    return Condition(found[1], found[3].replace(found[2] * 2, found[2]))
