"""Tokens that a server hands out: the connector sends them back, and that gives them away.

A login may return a session's token in a field of any name, such as ``id`` or ``value``. It is known as a
secret when a later request has it in a header that authenticates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from connector_contract.recording.interactions import Headers, Response
from connector_contract.secrets.decodings import decodings
from connector_contract.secrets.schemes import basic_pair, split_scheme

# Sixteen digits of base64 have 96 bits. What is shorter is as likely a word, a date or an account's number.
_SHORTEST = 16
# A token is visible ASCII, as all of a header's value is (RFC 9110, 5.5): no word is looked for in an image.
_WORD = re.compile(rb"[!#-%%(-+.-:=?-~-]{%d,}" % _SHORTEST)

# A part of an Authorization header, or of a cookie; base64 ends with "=".
_PART = re.compile(r"[^\s\",;:=@]+=*")
# What names a place and no secret in what RFC 7616 (Digest) and RFC 5849 (OAuth 1) send.
_PLACES = re.compile(r'\b(?:realm|uri)="[^"]*"')

# Headers that authenticate say so at the end of their name.
_AUTHENTICATES = re.compile(r"(?:token|key|secret|session(?:[-_]?id)?|auth|authorization|cookie|ticket)$")
# What else a server hands out to be sent back in a header: validators, ids, places in a list.
_PUBLIC = re.compile(
    r"^if-|^content-|^user-agent$|(?<!session)[-_]id$|idempoten"
    r"|(?:^|[-_])(?:page|next|cursor|continuation|sync)(?:[-_]|$)"
)
# An id seldom has more than the 128 bits of a UUID, which is 22 digits of base64, or is written in one case.
_LOOKS_RANDOM = re.compile(r"(?=.*[a-z])(?=.*[A-Z])[\w.~+/=!-]{32,}")


class IssuedTokens:
    """The tokens that one scenario's upstream has handed out."""

    def __init__(self) -> None:
        self._unread: list[Response] = []
        self._words: set[bytes] = set()
        self._seen: set[tuple[str, str]] = set()

    def copy(self) -> IssuedTokens:
        """Those that are known by now, to go on from."""
        made = IssuedTokens()
        made._unread, made._words, made._seen = self._unread.copy(), self._words.copy(), self._seen.copy()
        return made

    def add(self, response: Response) -> None:
        """Take in an answer."""
        self._unread.append(response)

    def sent_in(self, headers: Headers) -> Iterator[tuple[str, str]]:
        """Header and value of each token that an earlier answer had, and that was not sent before."""
        for name, value in headers:
            # Most requests carry what the one before did.
            if (name, value) in self._seen:
                continue
            self._seen.add((name, value))
            if may_authenticate(name, value):
                yield from ((name, part) for part in _parts(name, value) if self._was_answered(part))

    def _was_answered(self, part: str) -> bool:
        if len(part) < _SHORTEST:
            return False
        # Answers are looked into when it is of use alone, and once.
        for response in self._unread:
            self._words.update(_words(response))
        self._unread.clear()
        return part.encode("utf-8", "surrogateescape") in self._words


def may_authenticate(name: str, value: str) -> bool:
    """Whether a header carries a token, if an earlier answer had it: by its name, or by how it looks."""
    if len(value) < _SHORTEST or _PUBLIC.search(name):
        return False
    return names_a_token(name) or _LOOKS_RANDOM.fullmatch(value) is not None


def names_a_token(header: str) -> bool:
    """Whether a header says by its name that it authenticates."""
    return _AUTHENTICATES.search(header) is not None and not _PUBLIC.search(header)


def _parts(name: str, value: str) -> Iterator[str]:
    """All that may be a token in a header: what follows the scheme, and the parts of that.

    A cookie as a whole is none, for it has a name.
    """
    scheme, credential = split_scheme(name, value)
    if scheme.strip().lower() == "basic":
        credential = basic_pair(credential) or credential
    if name != "cookie":
        yield credential
    yield from _PART.findall(_PLACES.sub("", credential))


def _words(response: Response) -> Iterator[bytes]:
    """Each text of an answer that is long enough, and what follows a "=" in it, as in a form or a cookie."""
    headers = (value.encode("utf-8", "surrogateescape") for _, value in response.headers)
    for data in (*headers, *decodings(response.body)):
        for word in _WORD.findall(data):
            yield from (word, word.partition(b"=")[2])
