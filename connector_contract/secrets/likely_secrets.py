"""Secrets that a name and the look of its value tell together: ``"ticket": "..."``, "the password is ...".

A ``ticket`` is the number of a record, a ``deploy_key`` the public half of a pair, and an ``integration_key``
an id as often. They are secret where the value is as random as a token; so is what a sentence calls a key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from connector_contract.secrets.encoded_values import decoded_value
from connector_contract.secrets.ordinary import cannot_be_secret, is_ordinary, looks_random, reads_as_words
from connector_contract.secrets.secret_words import is_secret_by_words

LIKELY = ("integrationkey", "deploykey", "ticket", "pass")
"""What names end with, without case and separators, that have a secret if it looks so."""

_KEYS = ("integration", "deploy")
# What a name ends with, and what is behind that: one literal is found in a fraction of the time of many.
_NAMES = {
    "key": "|".join(f"(?<={each}[_-]key)" for each in _KEYS),
    "Key": "|".join(f"(?<={each[1:]}Key)" for each in _KEYS),
    "KEY": "|".join(f"(?<={each.upper()}_KEY)" for each in _KEYS),
    "icket": "(?<=[tT]icket)",
    "pass": "(?<![A-Za-z]pass)",
    "Pass": "",
}
# It is in a field, beside the name in a pair, in a form, in an element, or in settings.
_VALUE = (
    r"[\"'\\]{0,8}+(?:\s{0,4}+,\s{0,40}+[\"'\\]{1,8}+[vV]alue[\"'\\]{1,8}+)?+\s{0,4}+[:=>][\s\"'\\]{0,40}+"
    r"([\w~+/=.!\\-]{20,4096}+)"
)
_FIELDS = {
    end.encode(): re.compile(f"{end}(?:{behind}){_VALUE}".encode(), re.ASCII)
    for end, behind in _NAMES.items()
}
_NAME = re.compile(rb"[A-Za-z][\w-]{0,80}\Z", re.ASCII)
_LONGEST = 100
# A shorter one in both cases may be an id of Salesforce.
_SHORTEST = 20
# What the public half of a pair of SSH begins with (RFC 4253, 6.6), in base64.
_PUBLIC_KEY = "AAAA"

_SAID = r"[\"'`]?([^\s\"'`\\<>(){}\[\],;]{8,512}+)"
_CALLED = ("[kK]ey", "[tT]oken", "[pP]assword", "[pP]asscode", "[pP]assphrase")
_SENTENCES = tuple(
    re.compile(f"{says}(?:{'|'.join(f'(?<={each}{says})' for each in _CALLED)}){rest}{_SAID}".encode())
    for says, rest in ((" is", ":? "), (": ", ""))
)
_WORDS = re.compile(rb"(?:([A-Za-z]{2,20})[ -])?([A-Za-z]{3,10})\Z")
_DIGIT = re.compile(r"\d")
_ADDRESS = re.compile(r"[^@]+@[^@.]+\.[^@]+|\w+://.*")


def likely_secrets(data: bytes) -> Iterator[tuple[str, str]]:
    """The name, and the value, of each.

    Args:
        data: A body, or the value of a header.
    """
    for end, pattern in _FIELDS.items():
        for found in pattern.finditer(data) if end in data else ():
            begun = _NAME.search(data, max(found.start() - _LONGEST, 0), found.start() + len(end))
            name = begun[0].decode() if begun else end.decode()
            value = found[1].decode().rstrip("\\").replace("\\/", "/")
            if _is_likely(value):
                yield name, value
    for pattern in _SENTENCES:
        for found in pattern.finditer(data):
            words = _WORDS.search(data, max(found.start() - _LONGEST, 0), found.start())
            assert words is not None  # noqa: S101 - the pattern has seen it
            before, word = (each.decode().lower() for each in words.groups(b""))
            value = found[1].decode("utf-8", "surrogateescape").rstrip(".:!?")
            if _is_said(before, word, value):
                yield "_".join(filter(None, (before, word))), value


def _is_likely(value: str) -> bool:
    # An id of GraphQL, "gid://acme/Ticket/1", is in base64.
    is_id = value.startswith(_PUBLIC_KEY) or decoded_value(value) is not None
    return len(value) >= _SHORTEST and looks_random(value) and not is_id


def _is_said(before: str, word: str, value: str) -> bool:
    if not (is_secret_by_words(f"{before} {word}") or (word == "token" and not before)):
        return False
    if word in ("key", "token"):
        return looks_random(value)
    # People choose passwords, and say what one should be: "the password is case-sensitive".
    may_be = not (is_ordinary(value) or reads_as_words(value) or cannot_be_secret(value))
    return may_be and _DIGIT.search(value) is not None and _ADDRESS.fullmatch(value) is None
