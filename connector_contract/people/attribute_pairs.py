"""Attributes in which one field names the other: ``{"Name": "given_name", "Value": "Alice"}``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from connector_contract.people.field_names import field, normalized
from connector_contract.people.listed import listed

_NAMING = listed(
    "name key field attribute type label id property claim code fieldname attributename propertyname fieldid"
    " fieldkey fieldlabel claimtype attributetype attributeid title question header column columnname slug"
    " term friendlyname displaylabel displayname trait variable system path parameter k n"
)
_VALUES = listed(
    "value values val vals content contents data answer answers attributevalue attributevalues fieldvalue"
    " propertyvalue claimvalue stringvalue valuestring textvalue displayvalue response text v"
    " fromstring tostring oldvalue newvalue"
)
# What a longer name ends with says it: "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname".
_LAST = re.compile(r"[^/#:]+\Z")
# Of attributes of LDAP (RFC 4519, 4524, 2798), as SAML names them.
_OF_OIDS = {
    "2.5.4.3": "cn",
    "2.5.4.4": "sn",
    "2.5.4.42": "givenName",
    "2.5.4.20": "telephoneNumber",
    "2.5.4.9": "street",
    "0.9.2342.19200300.100.1.1": "uid",
    "0.9.2342.19200300.100.1.3": "mail",
    "0.9.2342.19200300.100.1.41": "mobile",
    "2.16.840.1.113730.3.1.3": "employeeNumber",
    "2.16.840.1.113730.3.1.241": "displayName",
    "1.3.6.1.4.1.5923.1.1.1.6": "userPrincipalName",
}
_PAIR = 2


class Pair(NamedTuple):
    """An attribute.

    Attributes:
        name: What it is called.
        naming: The fields that say so.
        values: The fields that have its value.
        is_personal: Whether a person may have such an attribute.
    """

    name: str
    naming: frozenset[str] = frozenset()
    values: frozenset[str] = frozenset()
    is_personal: bool = True


def pairs_among(items: Iterable[Any], *, is_certain: bool) -> Iterator[tuple[Any, Pair]]:
    """Each item that is an attribute.

    Args:
        items: What may be attributes.
        is_certain: Whether they are, even if no person has any of them.
    """
    kept = list(items)
    found = [(item, pair) for item in kept if isinstance(item, dict) and (pair := _pair(item))]
    lists = [item for item in kept if isinstance(item, (list, tuple))]
    if lists and len(lists) == len(kept):
        found = _pairs_of_lists(lists)
    if is_certain or any(pair.is_personal for _, pair in found):
        yield from found


def value_of(item: Any, pair: Pair) -> Any:
    """The value of an attribute."""
    if not isinstance(item, dict):
        return item[1]
    return next(item[name] for name in pair.values)


def is_placeholder(value: str) -> bool:
    """Whether the value of an attribute says where it comes from, or what it is: ``user.firstName``."""
    if value[:1] in ("$", "{", "<", "%") or (" " in value.strip() and value.islower()):
        return True
    if "@" in value:
        return False
    last = re.split(r"[.:/]", value)[-1]
    return bool(field(last).of_person) or normalized(last) in _PLACEHOLDERS


_PLACEHOLDERS = listed("string text required optional asc desc ascending descending hidden readonly mutable")


def _pair(item: dict[str, Any]) -> Pair | None:
    named, values = _fields(tuple(item))
    if not named or not values:
        return None
    names = [(name, text) for name in named for text in _texts(item[name])]
    if not names:
        return None
    personal = [(field_name, text) for field_name, text in names if _is_personal(_short(text))]
    naming = frozenset(field_name for field_name, _ in personal or names)
    kept = values - naming
    name = (personal or names)[0][1]
    return Pair(_short(name), naming, kept, bool(personal)) if kept else None


@lru_cache(8_192)
def _fields(names: tuple[str, ...]) -> tuple[tuple[str, ...], frozenset[str]]:
    """Which fields of an object may name an attribute, and which may have its value."""
    letters = [(name, normalized(name)) for name in names]
    return (
        tuple(name for name, each in letters if each in _NAMING),
        frozenset(name for name, each in letters if each in _VALUES),
    )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (
            each for name, each in value.items() if normalized(name) in _NAMING and isinstance(each, str)
        )


def _pairs_of_lists(lists: list[Any]) -> list[tuple[Any, Pair]]:
    """Lists of a name and a value."""
    if not all(len(each) == _PAIR and isinstance(each[0], str) for each in lists):
        return []
    return [
        (each, Pair(_short(each[0]), is_personal=_is_personal(_short(each[0]))))
        for each in lists
        if not isinstance(each[1], dict)
    ]


@lru_cache(8_192)
def _short(name: str) -> str:
    if name.startswith("urn:oid:") or name[:1].isdigit():
        return _OF_OIDS.get(name.removeprefix("urn:oid:"), name)
    found = _LAST.search(name)
    return name if found is None else found[0]


@lru_cache(8_192)
def _is_personal(name: str) -> bool:
    said = field(name)
    return bool(said.of_person or said.is_persons)
