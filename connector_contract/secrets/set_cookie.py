"""``Set-Cookie`` (RFC 6265): a cookie, and how long it lives.

A replay comes later than its recording, when each date has passed. What expires then would not be sent, so it
is kept without its date; what deletes a cookie has to do so again.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache

from connector_contract.recording.interactions import Response

# Not 1970 to the second: aiohttp takes that for no date.
_LONG_AGO = "Thu, 01 Jan 1970 00:00:01 GMT"
# Whenever an answer came, that day had passed.
_FIRST_DAY = 24 * 60 * 60.0
# The form that each client reads; a date of another one is left as it is, if it has passed.
_USUAL_DATE = re.compile(r"[A-Za-z]{3,9}, \d{2}[ -][A-Za-z]{3}[ -]\d{4} \d{2}:\d{2}:\d{2} GMT")
# RFC 6265, 5.1.1: a date is its parts, in any order.
_PARTS = re.compile(r"[\x09\x20-\x2f\x3b-\x40\x5b-\x60\x7b-\x7e]+")
_TIME = re.compile(r"(\d{1,2}):(\d{1,2}):(\d{1,2})(?!\d)")
_DAY = re.compile(r"(\d{1,2})(?!\d)")
_YEAR = re.compile(r"(\d{2,4})(?!\d)")
_QUOTED = re.compile(r'(?:[^"\\]|\\.)*"')
# A pair of a Cookie header; a semicolon in quotes belongs to the value.
_PAIRS = re.compile(r'[^;=]+="(?:[^"\\;]|\\.|;)*"(?=\s*(?:;|\Z))|[^;]+')
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def lasting(header: str, at: float) -> str:
    """A header's value as it can be played at any time.

    Args:
        header: As the upstream sent it.
        at: When it came, in seconds since 1970.
    """
    cookie, *attributes = _split(header)
    ages = [_age(value) for name, value in map(_pair, attributes) if name == "max-age"]
    # An age beats a date.
    by_age = any(age is not None for age in ages)
    kept = [_lasting(text, by_age, at) for text in attributes]
    return ";".join([cookie, *(text for text in kept if text is not None)])


def with_lasting_cookies(response: Response, at: float) -> Response:
    """A response whose cookies can be played at any time; the arguments are those of ``lasting``."""
    if not any(name == "set-cookie" for name, _ in response.headers):
        return response
    headers = tuple(
        (name, lasting(value, at) if name == "set-cookie" else value) for name, value in response.headers
    )
    return replace(response, headers=headers)


@lru_cache(256)
def deletes(header: str, at: float = 0.0) -> bool:
    """Whether a header deletes its cookie, by an age that is none, or a date that has passed.

    Args:
        header: As ``lasting`` has it, or as the upstream sent it.
        at: When it came, in seconds since 1970.
    """
    attributes = [*map(_pair, _split(header)[1:])]
    ages = [age for name, value in attributes if name == "max-age" and (age := _age(value)) is not None]
    if ages:
        return ages[-1] <= 0
    dates = [date for name, value in attributes if name == "expires" and (date := _date(value)) is not None]
    return bool(dates) and dates[-1] <= max(at, _FIRST_DAY)


def cookie_values(header: str) -> Iterator[tuple[str, str]]:
    """Name and value of the cookie of a header, without quotes.

    Of a quoted value it is each part between semicolons: some clients read it to its end, others to the first
    of these.
    """
    name, _, value = _split(header)[0].strip().partition("=")
    for part in value.split(";"):
        yield name.strip(), unquoted(part)


def sent_cookies(header: str) -> Iterator[tuple[str, str]]:
    """Name and value of each cookie of a ``Cookie`` header, as ``cookie_values`` has them."""
    for pair in _PAIRS.findall(header):
        yield from cookie_values(pair)


def with_values(name: str, header: str, shown: Callable[[str, str], str]) -> str:
    """A header with other values of its cookies.

    Args:
        name: ``cookie`` or ``set-cookie``.
        header: Its value.
        shown: Gives what is to stand in place of a value, for the cookie's name and the value.
    """
    if name == "cookie":
        return _PAIRS.sub(lambda found: _with_value(found[0], shown), header)
    cookie, *attributes = _split(header)
    return ";".join([_with_value(cookie, shown), *attributes])


def _with_value(pair: str, shown: Callable[[str, str], str]) -> str:
    name, equals, value = pair.partition("=")
    parts = (_shown_part(name.strip(), part, shown) for part in value.split(";"))
    return f"{name}{equals}{';'.join(parts)}"


def _shown_part(name: str, part: str, shown: Callable[[str, str], str]) -> str:
    plain = unquoted(part)
    new = shown(name, plain) if plain else plain
    return part if new == plain else part.replace(plain, new, 1)


def unquoted(value: str) -> str:
    """A cookie's value without the quotes around it, which some clients put and others take off."""
    return value.strip().strip('"')


def _lasting(text: str, by_age: bool, at: float) -> str | None:
    """An attribute as it is kept; ``None`` if it is not."""
    name, value = _pair(text)
    if name == "max-age":
        age = _age(value)
        return None if age is not None and age > 0 else text
    if name != "expires":
        return text
    date = _date(value)
    if by_age or (date is not None and date > max(at, _FIRST_DAY)):
        return None
    if date and _USUAL_DATE.fullmatch(value):
        # Some servers take the time of the answer, less a year say.
        return f"{text[: text.index('=') + 1]}{_LONG_AGO}"
    return text


def _split(header: str) -> Sequence[str]:
    """The cookie and its attributes, as they are; a semicolon in quotes belongs to the value."""
    start = header.find('="')
    if start >= 0 and ";" not in header[:start]:
        end = _QUOTED.match(header, start + 2)
        if end is not None:
            attributes = header[end.end() :].split(";")
            return [header[: end.end()] + attributes[0], *attributes[1:]]
    return header.split(";")


def _pair(attribute: str) -> tuple[str, str]:
    name, _, value = attribute.partition("=")
    return name.strip().lower(), unquoted(value)


def _age(value: str) -> int | None:
    return int(value) if re.fullmatch(r"-?\d{1,18}", value, re.ASCII) else None


def _date(value: str) -> float | None:
    """A date in seconds since 1970, as browsers and clients read it; ``None`` if it is none."""
    time = day = month = year = None
    for part in _PARTS.split(value):
        if time is None and (found := _TIME.match(part)):
            time = found.groups()
        elif day is None and (found := _DAY.match(part)):
            day = int(found[1])
        elif month is None and part[:3].lower() in _MONTHS:
            month = _MONTHS.index(part[:3].lower()) + 1
        elif year is None and (found := _YEAR.match(part)):
            year = int(found[1])
    if time is None or day is None or month is None or year is None:
        return None
    if year < 100:
        year += 1900 if year >= 70 else 2000
    hour, minute, second = map(int, time)
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp()
    except (ValueError, OverflowError):
        return -math.inf if year < 1601 else None
