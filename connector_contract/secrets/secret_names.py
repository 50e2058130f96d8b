"""Names whose values are secret in whatever API: headers, parameters and fields.

The list is meant to be complete for what HTTP APIs authenticate with. An author extends or shortens it with
the ini option ``contract_secret_names``, a line a name, each with its reason::

    contract_secret_names =
        x-session: identifies a login
        -signature: is the customer's own, and public
        -cookie.theme: says how the pages look

A minus takes a name off the list. ``cookie.theme`` is the cookie of that name. What is not on the list is
judged by its words (``secret_words``), unless a minus takes it off.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import lru_cache

from connector_contract.errors import UsageError
from connector_contract.recording.interactions import Headers
from connector_contract.secrets.allowed_secrets import allowed_entries
from connector_contract.secrets.likely_secrets import LIKELY
from connector_contract.secrets.secret_forms import TITLES
from connector_contract.secrets.secret_words import STEMS, is_paired, is_secret_by_words
from connector_contract.secrets.set_cookie import with_values

# Headers that authenticate a request. RFC 9110, RFC 6265, and what API gateways have made customary.
HEADERS = frozenset(
    {
        "authorization",
        "proxy-authorization",
        "cookie",
        "set-cookie",
        "api-key",
        "x-api-key",
        "x-auth-token",
        "x-access-token",
        "x-amz-security-token",
        "x-csrf-token",
        "x-xsrf-token",
        "x-vault-token",
        "private-token",
        "authz",
    }
)
# Parameters and fields: OAuth 1 and 2 (RFC 5849, 6749, 7521, 7523), OpenID Connect, and the usual names of
# keys and passwords. Not "token" and not "code", which as often as not are a page's and an error's.
FIELDS = frozenset(
    {
        "access_token",
        "refresh_token",
        "id_token",
        "client_secret",
        "consumer_secret",
        "token_secret",
        "client_assertion",
        "assertion",
        "code_verifier",
        "oauth_verifier",
        "password",
        "passwd",
        "passphrase",
        "secret",
        "secret_key",
        "api_key",
        "api_token",
        "api_secret",
        "auth_token",
        "bearer_token",
        "session_token",
        "session_id",
        "private_key",
        "oauth_token",
        "oauth_signature",
        "x_amz_signature",
        "signature",
        # OpenID Connect, and its backchannel authentication.
        "id_token_hint",
        "auth_req_id",
        # As texts; objects of that name have names of their own.
        "credential",
        "credentials",
        "creds",
        "pat",
        "tgt",
        "ASP.NET_SessionId",
    }
)

ISSUED = "issued"
"""What the placeholders of values begin with that a server hands out."""

COOKIE = "cookie."
"""What the names of cookies begin with."""

_LOWER = bytes(range(256)).lower()
_DIGITS = "0123456789"
_LEFT_OUT = b"aeiou0123456789"
_SEPARATORS = bytes(byte for byte in range(128) if not chr(byte).isalnum())
# Escapes of JSON that stand for a letter of a name, or end with what would be one.
_ESCAPED_LETTER = re.compile(rb"\\(?:u00[0-7]|[bfnrt])")

# What tells placeholders of one name apart.
_NUMBER = re.compile(r"-\d+\Z")

# Parts of names of settings that are secrets, if they are no well-known ones.
_SECRETIVE = ("auth", "cert", "key", "pass", "secret", "session", "token")

_LINE = re.compile(r"(?P<minus>-?)\s*(?P<name>[^:\s]+)\s*:\s*(?P<reason>\S.*)")


@lru_cache(4096)
def normalized(name: str) -> str:
    """A name without case and separators: ``clientSecret`` and ``client-secret`` are one."""
    return _letters(name.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")


def _letters(text: bytes) -> bytes:
    return text.translate(_LOWER, _SEPARATORS)


def _with_x(names: Iterable[str]) -> frozenset[str]:
    """``names``, and each as a header that no standard has: ``X-Session-Token`` for ``session_token``."""
    names = frozenset(names)
    return names | {f"x{name}" for name in names if not name.startswith("x")}


WELL_KNOWN = _with_x(map(normalized, HEADERS | FIELDS))


def secret_names(changes: Iterable[str], allowed: Iterable[str] = ()) -> frozenset[str]:
    """The names whose values are secret, normalized, and beside them what is none whatever its name.

    Args:
        changes: The lines of ``contract_secret_names``.
        allowed: The lines of ``contract_allowed_secrets``.

    Raises:
        UsageError: A line has no reason, takes off a name that is not on the list, says the opposite of
            another one, or allows nothing.
    """
    return _changed(tuple(changes), tuple(allowed))


# Each scenario of a run asks for the same.
@lru_cache(4)
def _changed(changes: tuple[str, ...], allowed: tuple[str, ...]) -> frozenset[str]:
    names = set(WELL_KNOWN) | allowed_entries(allowed)
    said: dict[tuple[str, bool], tuple[str, str]] = {}
    for line in changes:
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise _bad_line(line, "it is not a name and a reason")
        name, cookie = normalized(match["name"]), cookie_of(match["name"])
        if not name or match["name"].lower() == COOKIE:
            raise _bad_line(line, "it has no name")
        minus, other = said.setdefault((name, cookie is None), (match["minus"], line))
        if minus != match["minus"]:
            raise _bad_line(line, f"the line {other!r} says the opposite")
        if cookie is not None:
            names.add(_public_cookie(cookie) if match["minus"] else _secret_cookie(cookie))
        elif not match["minus"]:
            names.add(name)
        elif _is_judged(match["name"], names):
            names.discard(name)
            names.add(_public(name))
        else:
            raise _bad_line(line, f"{match['name']} is not on the list")
    return frozenset(names)


def _is_judged(name: str, names: Collection[str]) -> bool:
    """Whether a name may have a secret, so that it can be taken off the list."""
    known = normalized(name)
    is_on_it = known in names or known.rstrip(_DIGITS) in names
    return is_on_it or is_secret_by_words(name) or known.endswith(LIKELY)


# A cookie is on the list with its header, and so is taken off by an entry of its own. None of these is a name
# of anything else: names have no separators.
def _public(name: str) -> str:
    """The entry of a name that is off the list, whatever its words say."""
    return f"-{name}"


def _public_cookie(name: str) -> str:
    return f"-{COOKIE}{normalized(name)}"


def _secret_cookie(name: str) -> str:
    return f"{COOKIE}{normalized(name)}"


def cookie_of(name: str) -> str | None:
    """The name of the cookie that a name is for, such as ``cookie.theme``; ``None`` if it is for none."""
    start, cookie = name[: len(COOKIE)].lower(), name[len(COOKIE) :]
    return cookie if start == COOKIE and cookie else None


@lru_cache(16384)
def is_secret_name(name: str, secret_names: frozenset[str]) -> bool:
    """Whether what has a name is secret: the name is on the list, or its words say so.

    Args:
        name: As it is written.
        secret_names: Normalized names whose values are secret.
    """
    known = normalized(name)
    if known in secret_names:
        return True
    if is_public_name(name, secret_names):
        return False
    # A number tells it from its neighbours: "credential2".
    return is_secret_by_words(name) or known.rstrip(_DIGITS) in secret_names


def is_public_name(name: str, secret_names: frozenset[str]) -> bool:
    """Whether a name is off the list."""
    return _public(normalized(name)) in secret_names


@lru_cache(16)
def judge(secret_names: frozenset[str]) -> Callable[[str], bool]:
    """What says of a name whether what has it is secret."""
    return lambda name: is_secret_name(name, secret_names)


def is_secret_cookie(name: str, secret_names: frozenset[str]) -> bool:
    """Whether a cookie's value may be a secret, because the cookie is not off the list."""
    return _public_cookie(name) not in secret_names


def is_listed_cookie(name: str, secret_names: frozenset[str]) -> bool:
    """Whether a cookie's own name is on the list, and not only its header's."""
    return _secret_cookie(name) in secret_names or is_secret_name(name, secret_names)


def without_public(headers: Headers, secret_names: frozenset[str]) -> Headers:
    """A request's headers without those, and the cookies, that an author has taken off the list."""
    if not any(name.startswith("-") for name in secret_names):
        return headers
    return tuple(
        (name, _without_public(value, secret_names) if name == "cookie" else value)
        for name, value in headers
        if not is_public_name(name, secret_names)
    )


def _without_public(header: str, secret_names: frozenset[str]) -> str:
    def kept(name: str, value: str) -> str:
        return value if is_secret_cookie(name, secret_names) else ""

    return with_values("cookie", header, kept)


def lines_for(placeholders: Iterable[str], secret_names: frozenset[str]) -> list[str]:
    """The lines of ``contract_secret_names`` by which values keep their places; empty if not all can.

    What is known by its use, and not by its name, is on no list.

    Args:
        placeholders: What stands for the values now.
        secret_names: The names that are on the list.
    """
    names = [_NUMBER.sub("", shown.strip("<>")).removeprefix(f"{ISSUED}.") for shown in placeholders]
    if TITLES.keys().isdisjoint(names) and all(
        cookie_of(name) or is_secret_name(name, secret_names) for name in names
    ):
        return [f"-{name}: is no secret, because ..." for name in dict.fromkeys(names)]
    return []


def public_settings(settings: object, secret_names: frozenset[str]) -> Iterator[str]:
    """The texts of settings, such as an e-mail, but for those that are secrets by their names."""
    if isinstance(settings, Mapping):
        for name, value in settings.items():
            word = str(name).lower()
            is_secret = is_secret_name(str(name), secret_names) or any(part in word for part in _SECRETIVE)
            if isinstance(value, str) and value and not is_secret:
                yield value


def names_one(body: bytes, secret_names: frozenset[str]) -> bool:
    """Whether the letters of a secret's name are in ``body``; almost none has them, and to parse is slow."""
    if b"\\" in body and _ESCAPED_LETTER.search(body) is not None:
        return True
    letters = _letters(body)
    # To look for each takes a third of the time where there are no vowels.
    short = letters.translate(None, _LEFT_OUT)
    stems = _stems(secret_names)
    return any(stem in letters for stem, rest in stems if rest in short) or is_paired(body, letters, short)


@lru_cache(16)
def _stems(secret_names: frozenset[str]) -> tuple[tuple[bytes, bytes], ...]:
    """What to look for, each as it is and as it is without ``_LEFT_OUT``."""
    if not all(name.isascii() for name in secret_names):
        # A body may have it escaped: look into each.
        return ((b"", b""),)
    names = (name.removeprefix("x").encode() for name in secret_names if name.isalnum())
    found = {
        next(filter(name.__contains__, STEMS), name) for name in names if not is_paired(name, name, name)
    }
    return tuple((stem, stem.translate(None, _LEFT_OUT)) for stem in sorted(found | STEMS))


def _bad_line(line: str, problem: str) -> UsageError:
    return UsageError(
        f"The ini option contract_secret_names has the line {line!r}: {problem}.",
        remedy="Write a line as 'name: reason', or as '-name: reason' to take a name off the list.",
    )
