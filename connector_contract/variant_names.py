"""What a variant of the connector under test may be called: it is a folder below ``cassettes/``."""

from __future__ import annotations

import re
from collections.abc import Iterable

from connector_contract.errors import UsageError

_WORD = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,63}")
# What no file on Windows may be called, whatever its suffix.
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d", re.IGNORECASE)


def check_variant_name(name: object) -> None:
    """Refuse a variant that cannot be a folder on every system.

    Args:
        name: ``ConnectorUnderTest(variant=...)``.

    Raises:
        UsageError: It is no word, or a name that Windows keeps for devices.
    """
    if isinstance(name, str) and _WORD.fullmatch(name) and not _RESERVED.fullmatch(name):
        return
    reserved = isinstance(name, str) and _RESERVED.fullmatch(name)
    raise UsageError(
        f"ConnectorUnderTest(variant=...) is {name!r}, which "
        + ("Windows keeps for a device." if reserved else "is not a word."),
        remedy='Name it in ASCII letters, digits, "-" and "_", such as variant="classic": '
        "it is a folder below cassettes/ and snapshots/.",
    )


def same_name(names: Iterable[str]) -> tuple[str, str] | None:
    """The first two of some names that differ in case at most; ``None`` if there are none."""
    seen: dict[str, str] = {}
    for name in names:
        if name.lower() in seen:
            return seen[name.lower()], name
        seen[name.lower()] = name
    return None
