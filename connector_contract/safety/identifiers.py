"""What a write names, and what of it nobody has declared as writable."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from connector_contract.config import Json

_ID = re.compile(r"(?:^|_)ids?$|(?<=[a-z0-9])I[dD]s?$")
_NAMES = ("email", "username", "user_name")
"""The fields that name an account which does not exist yet."""

UNNAMED = "no id in its request says what it writes to"


def identifiers(request: Any, marked: Collection[str] = ()) -> list[tuple[str, str]]:
    """The ids in a request, each with its place: those in fields named ``id``, ``ids``, ``*_id``, ``*_ids``.

    Args:
        request: A capability's own part of a request.
        marked: Further fields that are marked as ids in the capability's model.
    """
    return list(_found(request, "", marked, is_id=False))


def _found(value: Any, place: str, marked: Collection[str], *, is_id: bool) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            within = f"{place}.{name}" if place else str(name)
            names_id = _ID.search(str(name)) is not None or within in marked
            yield from _found(item, within, marked, is_id=is_id or names_id)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _found(item, place, marked, is_id=is_id)
    elif is_id and value not in ("", None) and not isinstance(value, bool):
        yield place, str(value)


def names(request: Json) -> list[tuple[str, str]]:
    """The e-mail and the user name in the request of a creation, each with its field."""
    return [(name, str(request[name])) for name in _NAMES if request.get(name)]


def accounts_named(request: Json, accounts: Iterable[Json]) -> list[str]:
    """The ids of the accounts that have the e-mail or the user name of a request, whatever its case."""
    wanted = {(name.replace("_", ""), value.casefold()) for name, value in names(request)}
    return [
        str(each["integration_specific_id"])
        for each in accounts
        if each.get("integration_specific_id")
        and not wanted.isdisjoint((name, str(each.get(name)).casefold()) for name in ("email", "username"))
    ]


def is_creation(capability: str) -> bool:
    """Whether a capability creates something, which has no id before."""
    return capability.startswith("create_")


def undeclared(
    capability: str,
    request: Json,
    writable: Collection[str],
    marked: Collection[str] = (),
    *,
    is_refused: bool = False,
) -> list[str]:
    """What a write names and may not write to, in a line each; empty if it may be called.

    Args:
        capability: It.
        request: What is asked of it.
        writable: The ids, e-mails and user names that may be written to.
        marked: The fields that are marked as ids in its model.
        is_refused: Whether the SDK refuses the request, so that it reaches no connector.
    """
    ids = identifiers(request, marked)
    found = [f"{place}: {id_}" for place, id_ in ids if id_ not in writable]
    named: Sequence[object] = ids
    if is_creation(capability):
        new = names(request)
        if new and not any(name in writable for _, name in new):
            found.append(", or ".join(f"{field}: {name}" for field, name in new))
        named = new if capability == "create_account" else [*new, *ids]
    if not named and not is_refused:
        found.append(UNNAMED)
    return list(dict.fromkeys(found))


def label(capability: str, request: Json) -> str:
    """A write as messages name it: with what it writes to."""
    new = names(request)[:1] if is_creation(capability) else []
    named = [value for _, value in new or identifiers(request)]
    return f"{capability} {' / '.join(dict.fromkeys(named))}".rstrip()


def created_id(capability: str, response: Json) -> str | None:
    """The id of what a creation has created; ``None`` if its response does not say it.

    Other ids in the response may be of what was there before.
    """
    payload = response.get("response")
    if not isinstance(payload, Mapping) or response.get("is_error") or payload.get("created") is False:
        return None
    own = ("id", "integration_specific_id", capability.removeprefix("create_") + "_id")
    return next((str(payload[name]) for name in own if payload.get(name)), None)
