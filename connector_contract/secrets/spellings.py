"""Each way in which clients and servers spell a secret, as far as one can say them all beforehand.

What is spelled otherwise, or in several ways at once, is found by undoing it (``rewritten``, ``left_over``).
"""

from __future__ import annotations

import base64
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from urllib.parse import quote, quote_plus

from connector_contract.secrets.ordinary import is_ordinary, reads_as_words

BASE64, HEX, UTF_8 = "base64", "hex", "utf-8"
"""What the placeholder's name ends with where a secret stands in another form; the last is of headers."""

FORMS = (BASE64, HEX, UTF_8)
"""All of them."""

# A secret that is shorter may be in other words by chance, once it is encoded.
_SHORTEST = 6
# What is spelled alike everywhere.
_ALIKE = re.compile(r"[A-Za-z0-9_.~-]*")
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
# A server may write a UUID, or a key of one case, in the other case. One that has letters of both would be
# another one, and a word would be any word.
_SHORTEST_OF_ONE_CASE = 12

# What clients leave as it is in the query, or the path, of a URL that they are given as a whole.
_IN_URLS = ("", "/", "/:?@!$'()*,", "/:?@!$'()*,;=&+%")

_UTF_16 = ("utf-16-le", "utf-16-be")
_SEEN_AS_TEXT = "surrogateescape"


def in_bytes(text: str) -> bytes:
    """A text as the bytes that it was read from."""
    return text.encode("utf-8", _SEEN_AS_TEXT)


# The same values come again with each value that is learned.
@lru_cache(4096)
def spelled(value: str) -> tuple[str, ...]:
    """A value in each usual spelling, the plain one last: one if all are alike, and else always as many."""
    if _ALIKE.fullmatch(value):
        return (value,)
    percent = percent_encoded(value)
    # A link in a link has it encoded twice.
    twice = tuple(quote(text, safe="") for text in percent)
    encoded = (*percent, *twice)
    escaped = (json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1])
    slashed = tuple(text.replace("/", "\\/") for text in escaped)
    # JSON in a string of JSON, as an echo or a log of a request has it.
    in_json = tuple(json.dumps(text, ensure_ascii=False)[1:-1] for text in escaped)
    others = (_in_csv(value), as_header(value), value)
    return (*encoded, *map(_lower_hex, encoded), *escaped, *slashed, *in_json, *others)


def _in_csv(value: str) -> str:
    """A value in quotes in CSV, where a quote is two (RFC 4180)."""
    return value.replace('"', '""')


def as_header(value: str) -> str:
    """A value in a header, where UTF-8 is read as if it were Latin-1, as ``header_text`` does."""
    return in_bytes(value).decode("latin-1")


def percent_encoded(value: str) -> tuple[str, ...]:
    """A value as clients spell it in a URL or a form, also one that is no UTF-8."""
    errors = _SEEN_AS_TEXT
    return *(quote(value, safe=safe, errors=errors) for safe in _IN_URLS), quote_plus(value, errors=errors)


def spellings(replacements: Mapping[str, str]) -> Iterator[tuple[bytes, bytes]]:
    """Each usual spelling of each value, with what is to stand there."""
    for value, replacement in replacements.items():
        for spelling in spelled(value):
            yield in_bytes(spelling), replacement.encode()


def respelled(replacements: Mapping[str, str]) -> Iterator[tuple[bytes, bytes]]:
    """The same with what is to stand there in the same spelling: a "+" in a time is none in a query."""
    for value, replacement in replacements.items():
        all_spelled, shown = spelled(value), spelled(replacement)
        if len(shown) != len(all_spelled):
            shown = (replacement,) * len(all_spelled)
        for spelling, each in zip(all_spelled, shown, strict=False):
            yield in_bytes(spelling), each.encode()


def spellings_of_secret(value: str, name: str) -> Iterator[tuple[bytes, bytes]]:
    """Each spelling of a secret, with the placeholder that stands there; the plain one last.

    Args:
        value: The secret.
        name: The placeholder's name.
    """
    shown = f"<{name}>".encode()
    if len(value) >= _SHORTEST:
        yield from ((each, shown) for each in _of_letters(value))
        for other in _in_other_cases(value):
            yield in_bytes(other), shown
    yield from spellings({value: f"<{name}>"})


def in_hex(value: str) -> tuple[str, str]:
    """A secret in hexadecimal, in either case."""
    digits = in_bytes(value).hex()
    return digits, digits.upper()


def in_utf_16(value: str, name: str) -> Iterator[tuple[bytes, bytes]]:
    """A secret in the two orders of UTF-16, with the placeholder in the same."""
    if len(value) >= _SHORTEST:
        for coding in _UTF_16:
            yield value.encode(coding, "surrogatepass"), f"<{name}>".encode(coding, "surrogatepass")


def in_form(form: str, value: str) -> str:
    """A secret in the form that its placeholder says, such as ``base64``."""
    if form == BASE64:
        return base64.b64encode(in_bytes(value)).decode()
    return in_hex(value)[0] if form == HEX else as_header(value)


def traces(value: str) -> dict[bytes, tuple[str, ...]]:
    """A secret in its forms, and what base64 makes of it, wherever it begins in what is encoded.

    A digit of base64 has six bits: those digits are left out whose bits are not all the secret's own.

    Returns:
        Each, with the encoding that it is in, if it is in one.
    """
    plain = sorted({in_bytes(value), in_bytes(_in_csv(value)), *_of_letters(value)})
    found: dict[bytes, tuple[str, ...]] = {in_bytes(other): () for other in _in_other_cases(value)}
    found.update(dict.fromkeys(plain, ()))
    for coding in _UTF_16:
        found[value.encode(coding, "surrogatepass")] = ("UTF-16",)
    for each in plain:
        found.update(dict.fromkeys((each.hex().encode(), each.hex().upper().encode()), (HEX,)))
        for before in range(3):
            digits = base64.b64encode(b"\0" * before + each)
            own = digits[-(-8 * before // 6) : 8 * (before + len(each)) // 6]
            for trace in (own, own.replace(b"+", b"-").replace(b"/", b"_")):
                found.setdefault(trace, (BASE64,))
    return found


def _of_letters(value: str) -> Iterator[bytes]:
    """A value in other bytes: letters with their accents apart or not, and in Latin-1."""
    if value.isascii():
        return
    plain = in_bytes(value)
    forms = {unicodedata.normalize(form, value) for form in ("NFC", "NFD")} | {value}
    for text in sorted(forms):
        for spelling in spelled(text):
            if in_bytes(text) != plain:
                yield in_bytes(spelling)
        try:
            single = text.encode("latin-1")
        except UnicodeEncodeError:
            continue
        yield from (single, quote(single, safe="").encode(), _lower_hex(quote(single, safe="")).encode())


def _in_other_cases(value: str) -> Iterator[str]:
    if _UUID.fullmatch(value):
        bare = value.replace("-", "")
        yield from {value.lower(), value.upper(), bare, bare.lower(), bare.upper()} - {value}
    elif _has_one_case(value):
        yield from {value.lower(), value.upper()} - {value}


def _has_one_case(value: str) -> bool:
    if (
        len(value) < _SHORTEST_OF_ONE_CASE
        or not value.isascii()
        or is_ordinary(value)
        or reads_as_words(value)
    ):
        return False
    return value in (value.lower(), value.upper())


def _lower_hex(text: str) -> str:
    return re.sub(r"%[0-9A-F]{2}", lambda found: found[0].lower(), text)
