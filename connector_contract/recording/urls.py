"""URLs by what they mean: the same server, path and query, however they are written; decoding loses nothing.

RFC 3986, section 6, says which URLs are equal. Of a query, servers read pairs, as they do of a form.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv6Address
from operator import itemgetter
from typing import NamedTuple
from urllib.parse import quote, unquote

Pair = tuple[str, str | None]
"""Name and value of a query's or form's field, decoded; ``None`` for a name without ``=``."""

_AUTHORITY = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)")
_DEFAULT_PORTS = {"http": "80", "https": "443"}
# What stands in a path for itself alone, without dot segments. The rest has another spelling.
_PLAIN_PATH = re.compile(r"(?:/(?!\.\.?(?:/|\Z))[A-Za-z0-9_~!$&'()*+,;=:@.-]*)+")
_IN_PATHS = "/%!$&'()*+,;=:@"
_UNRESERVED = re.compile(r"[A-Za-z0-9_.~-]")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
# Some servers part fields at a ";", and some refuse a stray "%": what is not encoded has a character here
# that nothing is decoded to. Bytes that are not UTF-8 have those from U+DC80 on.
_SEMICOLON, _PERCENT = "\udc3b", "\udc25"


class Url(NamedTuple):
    """What a URL means.

    Attributes:
        origin: Scheme, host and port.
        path: The path, whose reserved characters are encoded where they were.
        query: The pairs, sorted by name; the values of one name are in their order.
    """

    origin: str
    path: str
    query: tuple[Pair, ...]


# A request of a walk is read when its cassette is loaded, and when it is made.
@lru_cache(4096)
def parsed(uri: str) -> Url:
    """What a URL means; equal URLs ask for the same."""
    found = _AUTHORITY.match(uri)
    origin = "" if found is None else _origin(found[0])
    rest = uri[0 if found is None else found.end() :].partition("#")[0]
    path, _, query = rest.partition("?")
    return Url(origin, _path(path), tuple(sorted(pairs(query), key=itemgetter(0))))


def canonical_uri(uri: str) -> str:
    """A URL in the form that is stored: as HTTP clients spell its origin, and without what is never sent.

    That is a fragment, and a user's name and password, which clients send as a header.
    """
    found = _AUTHORITY.match(uri)
    if found is None:
        return uri
    origin = _origin(found[0])
    if origin == found[0] and "#" not in uri:
        return uri
    return origin + uri[found.end() :].partition("#")[0]


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL as HTTP clients spell them."""
    found = _AUTHORITY.match(url)
    return "" if found is None else _origin(found[0])


@lru_cache(256)
def canonical_host(host: str) -> str:
    """A host as HTTP clients send it: lower case, IDNA, without the root's dot; IPv6 in brackets."""
    if host.startswith("[") or ":" in host:
        address, percent, zone = host.strip("[]").partition("%")
        try:
            return f"[{IPv6Address(address).compressed}{percent}{zone}]"
        except ValueError:
            return host.lower()
    name = unquote(host).lower()
    return (name if name.isascii() else _in_idna(name)).removesuffix(".")


def pairs(text: str) -> tuple[Pair, ...]:
    """The pairs of a query or a form, in their order."""
    return tuple(_pair(part) for part in text.split("&") if part) if text else ()


def encoded_pairs(text: str) -> list[Pair]:
    """The same with names decoded and values as they are spelled."""
    split = (part.partition("=") for part in text.split("&") if part)
    return [(_decoded(name), value if equals else None) for name, equals, value in split]


def shown(value: str | None) -> str:
    """A value of a pair, as messages show it."""
    if value is None:
        return 'no "="'
    return repr(value.replace(_SEMICOLON, ";").replace(_PERCENT, "%"))


def shown_name(name: str) -> str:
    """A name of a field, as messages show it: bytes that are no text are escaped."""
    plain = name.replace(_SEMICOLON, ";").replace(_PERCENT, "%")
    return plain.encode("utf-8", "backslashreplace").decode()


def _pair(part: str) -> Pair:
    name, equals, value = part.partition("=")
    return _decoded(name), _decoded(value) if equals else None


def _decoded(text: str) -> str:
    if "+" in text:
        text = text.replace("+", " ")
    if ";" in text:
        text = text.replace(";", _SEMICOLON)
    if "%" not in text:
        return text
    return unquote(_STRAY_PERCENT.sub(_PERCENT, text), errors="surrogateescape")


@lru_cache(256)
def _origin(text: str) -> str:
    """Scheme and authority as clients send them: without a user, and without the scheme's own port."""
    scheme, _, authority = text.partition("://")
    scheme, host_and_port = scheme.lower(), authority.rpartition("@")[2]
    host, bracket, rest = host_and_port.partition("]")
    if not bracket:
        host, _, rest = host_and_port.partition(":")
    port = rest.removeprefix(":").lstrip("0")
    tail = f":{port}" if port and port != _DEFAULT_PORTS.get(scheme) else ""
    return f"{scheme}://{canonical_host(host + bracket)}{tail}"


def _in_idna(name: str) -> str:
    # Few hosts need it, and its tables take long to load.
    import idna

    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except idna.IDNAError:
        return name


def _path(path: str) -> str:
    if _PLAIN_PATH.fullmatch(path):
        return path
    # Clients encode what may not stand in a path, and some encode more than they have to.
    spelled = _ESCAPE.sub(_escape, quote(path, safe=_IN_PATHS))
    return _without_dots(spelled) if "/." in spelled else spelled or "/"


def _escape(found: re.Match[str]) -> str:
    character = chr(int(found[1], 16))
    return character if _UNRESERVED.fullmatch(character) else found[0].upper()


def _without_dots(path: str) -> str:
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments[1:]:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)
