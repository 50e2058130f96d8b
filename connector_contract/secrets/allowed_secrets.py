"""What looks like a secret and is none.

The ini option ``contract_allowed_secrets`` says so, a line each with its reason::

    contract_allowed_secrets =
        3fa9c1d2e4b5: the key of the vendor's public demo
        jwt: this API's ids have the form of tokens

A line begins with the first 12 digits of the value's SHA-256, as ``lint`` shows them, so that the value
itself is nowhere; or with the name of a form (``secret_forms``), if nothing of that form is secret.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache
from hashlib import sha256

from connector_contract.errors import UsageError
from connector_contract.secrets.secret_forms import TITLES

_DIGITS = 12
_LINE = re.compile(r"(?P<what>[^:\s]+)\s*:\s*(?P<reason>\S.*)")
_DIGEST = re.compile(rf"[0-9a-f]{{{_DIGITS}}}")


def digest(value: str) -> str:
    """What says which value is meant, and not what it is."""
    return sha256(value.encode("utf-8", "surrogateescape")).hexdigest()[:_DIGITS]


def allowed_entries(lines: Iterable[str]) -> frozenset[str]:
    """What the lines of ``contract_allowed_secrets`` allow, as entries beside names of secrets.

    Raises:
        UsageError: A line has no reason, or names neither a form nor a value.
    """
    return frozenset(_entry(number, line) for number, line in enumerate(lines, 1))


def is_allowed(value: str, secret_names: frozenset[str], form: str = "") -> bool:
    """Whether a value is no secret, because a line says so.

    Args:
        value: The value, without the scheme of an authentication.
        secret_names: Names of secrets, with the entries of ``allowed_entries``.
        form: Its form, if it is known by that.
    """
    entries = _entries(secret_names)
    return bool(entries) and (_as_entry(form) in entries or _as_entry(digest(value)) in entries)


@lru_cache(16)
def _entries(secret_names: frozenset[str]) -> frozenset[str]:
    return frozenset(name for name in secret_names if name.startswith("="))


def _as_entry(what: str) -> str:
    # No name has a separator, and so none is an entry.
    return f"={what}"


def _entry(number: int, line: str) -> str:
    line = line.strip()
    match = _LINE.fullmatch(line)
    if match is None:
        raise _bad_line(number, "has no reason", line.rstrip(":"))
    what = match["what"].lower()
    if what not in TITLES and _DIGEST.fullmatch(what) is None:
        near = get_close_matches(what, TITLES, n=3)
        meant = f" (near it: {', '.join(near)})" if near else ""
        problem = f"begins with neither {_DIGITS} digits of a SHA-256 nor the name of a form{meant}"
        # A value with a colon in it ends behind that.
        is_whole = line[match.end("what") :].lstrip()[1:2].isspace()
        raise _bad_line(number, problem, match["what"] if is_whole else "")
    return _as_entry(what)


def _bad_line(number: int, problem: str, value: str) -> UsageError:
    """The error for a line, which may be a secret, and so is not shown."""
    remedy = "Write a line as lint shows it, with a reason: '3fa9c1d2e4b5: the key of a public demo'."
    is_value = value and value.lower() not in TITLES and _DIGEST.fullmatch(value.lower()) is None
    if is_value:
        remedy += f" If it begins with the value itself, write {digest(value)} in its place."
    return UsageError(f"In the ini option contract_allowed_secrets, line {number} {problem}.", remedy=remedy)
