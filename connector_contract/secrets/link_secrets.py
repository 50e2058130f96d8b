"""Links that let somebody in: to an invitation, a new password, a download, a login that is half done.

A parameter of such a link is called ``token`` or ``sig``, as is a page's in a link that leads on. So only
what is as random as a key is one, and not in a link that leads to the next page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from connector_contract.secrets.ordinary import looks_random

_NAMES = ("token", "sig", "signature", "ticket", "code", "key", "hash", "invite", "otp", "st", "zak")
# An "&" may be escaped in JSON, and in XML.
_PARAMETER = re.compile(
    rb"(?:[?&;#]|u0026)(" + "|".join(_NAMES).encode() + rb")=([\w.~+/%!-]{16,4096}+=*)(?![\w.~+/%!-])",
    re.ASCII,
)
_FIRSTS = tuple(f"{name}=".encode() for name in _NAMES)
# What the part of a path says before the one that lets in.
_WORDS = (
    "accept", "activat", "confirm", "enroll", "invit", "join", "magic", "onetime", "password", "recover",
    "reset", "setup", "verif", "webhook",
)  # fmt: skip
# Words that say so as a whole alone: "logins" are records.
_WHOLE = ("login", "signin", "sign-in", "sso")
_WHOLE_PARTS = [f"{word}{slash}" for word in _WHOLE for slash in ("/", "\\/")]
_PATH = re.compile(
    r"/(?:[A-Za-z0-9]++[-_]++)*(?:(?:{})[\w-]{{0,24}}|(?:{}))\\?/([\w.~=-]{{16,512}}+)(?![\w/%\\])".format(
        "|".join(_WORDS), "|".join(_WHOLE)
    ).encode(),
    re.ASCII,
)
# A calendar is at an address that nobody can guess, whether its last part is random or the one before.
_CALENDAR = re.compile(rb"/([\w-]{16,512}+)(?:\\?/[\w-]{1,40}+)?\.ics(?!\w)", re.ASCII)
# What a text has, if it has one of these.
_PATHS = (
    (tuple(each.encode() for each in (*_WORDS, *_WHOLE_PARTS)), _PATH),
    ((b".ics",), _CALENDAR),
)
# With an origin, or relative to one, as in ``Location`` and in texts of JSON.
_BEGINS = re.compile(rb"(?:\w:(?:/|\\/){2}|(?:\A|(?<=[\"'\s(=<]))\\?/(?![/\\]))[^\s\"'<>]*\Z", re.ASCII)
# What says before a link, or behind it, that it leads to another page of a list.
_LEADS_ON = re.compile(rb"(?i)next|prev|page|cursor|continu|more|first|last|self")
_REL = re.compile(rb"(?i)\A[^{}<]{0,40}\brel\"?\s*[=:]\s*\"?(?:next|prev|first|last|self)")
_UUID = re.compile(r"(?i)[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
_NEAR, _LONGEST = 48, 2048


def secrets_in_links(data: bytes) -> Iterator[tuple[str, str]]:
    """The name of the parameter, or ``link``, and the value, of what lets somebody in.

    Args:
        data: A body, or the value of a header, with links in it.
    """
    if any(first in data for first in _FIRSTS):
        for found in _PARAMETER.finditer(data):
            if _is_in_link(data, found.start(), found.end()):
                yield from _random(found[1].decode(), found[2], _lets_in(data, found.start()))
    for words, pattern in _PATHS:
        for found in pattern.finditer(data) if any(word in data for word in words) else ():
            # A relative link begins with the slash.
            if _is_in_link(data, found.start() + 1, found.end()):
                yield from _random("link", found[1])


def _lets_in(data: bytes, end: int) -> bool:
    """Whether the path of a link says that it lets in: ``/reset?token=``."""
    link = _BEGINS.search(data[max(end - _LONGEST, 0) : end])
    return link is not None and any(word.encode() in link[0] for word in (*_WORDS, *_WHOLE))


def _random(name: str, value: bytes, is_any: bool = False) -> Iterator[tuple[str, str]]:
    text = value.decode()
    for each in dict.fromkeys((unquote(text, errors="surrogateescape"), text)):
        # A ticket of CAS has a number and the name of a server: "ST-1-...-sso".
        is_one = looks_random(each) or (is_any and _UUID.fullmatch(each) is not None)
        if is_one and "<" not in each:
            yield name, each
            return


def _is_in_link(data: bytes, start: int, end: int) -> bool:
    """Whether a place is in a URL, and that leads to no other page of a list."""
    first = max(start - _LONGEST, 0)
    link = _BEGINS.search(data[first:start])
    if link is None:
        return False
    begin = first + link.start()
    before = data[max(begin - _NEAR, 0) : begin].rpartition(b"://")[2]
    return _LEADS_ON.search(before) is None and _REL.match(data[end : end + 2 * _NEAR]) is None
