"""Which stored files have e-mail addresses and telephone numbers that may be those of real people."""

from __future__ import annotations

import re
from collections.abc import Iterator

from connector_contract.people.emails import is_reserved
from connector_contract.storage.lint import Finding
from connector_contract.storage.telephone_numbers import telephone_numbers

_REMEDY = (
    "if they are real, record again with ConnectorUnderTest(personal_data=True), name the fields that it "
    "leaves,\n    and have no test name them: what a test names stays; if they are made up, leave them, or "
    "take example.com and 555-01xx"
)
_SHOWN = 3

_AT = re.compile(
    # As it is, and as URLs, JSON and HTML may have it.
    r"(?:@|%(?:25){0,3}40|\\u0040|&#64;)"
    r"((?:[^\W_][\w-]{0,62}\.){1,30}(?:[^\W\d_]{2,24}|[xX][nN]--[\w-]{2,59}))(?![\w-])"
)
# Backwards, from the sign on.
_LOCAL = re.compile(r"[\w.+'!#$*^`{}~-]{1,64}")
_USER_OF_URL = re.compile(r"[^\s/?#\"'<>]{0,200}//")
_OTHER_HOST_PATH = re.compile(r":(?:[\w.~-]{0,100}/|[\w.-]{1,100}\.git\b)")
_BEFORE, _LONGEST_LOCAL = 200, 64

# What has the form of a domain behind the sign, and is none.
_NO_DOMAIN = re.compile(
    # A version, as in npm's pkg@1.2.3-beta.js.
    r"v?\d+\.\d+[.-].*"
    # An annotation of OData, as in members@odata.nextLink.
    r"|(?:odata|org\.odata|microsoft\.(?:graph|dynamics|powerapps))\..*"
    # A file, as in logo@2x.png; these endings are no top-level domains.
    r"|.*\.(?:png|jpe?g|gif|svg|webp|ico|css|js|mjs|ts|tsx|json|html?|xml|ya?ml|txt|pdf|woff2?)"
)
# Addresses that are no person's: of git, of mail that nobody reads, and of service accounts.
_NO_PERSON = re.compile(
    r"(?:git|no[-_.]?reply|do[-_.]?not[-_.]?reply|mailer-daemon)@.*|.*\.gserviceaccount\.com"
)
# A field that has the id of a message or of an event: it is made like an address.
_ID = re.compile(r"(?i:message[-_]?id|in[-_]?reply[-_]?to|references|content[-_]?id|ical[-_]?uid)\b")


def lint_people(path: str, data: bytes) -> Iterator[Finding]:
    """A warning if a stored file has what may be e-mail addresses or telephone numbers of real people.

    Args:
        path: Its name in the findings.
        data: Its content.
    """
    text = data.decode("utf-8", "replace")
    addresses, numbers = _first_places(_addresses(text)), _first_places(telephone_numbers(text))
    if places := sorted({*addresses.values(), *numbers.values()}):
        lines = list(dict.fromkeys(_lines(text, places)))
        what = " and ".join(
            [
                *_counted(len(addresses), "e-mail address", "e-mail addresses"),
                *_counted(len(numbers), "telephone number", "telephone numbers"),
            ]
        )
        what += f" may be those of real people: {_shown(lines)}"
        yield Finding(path, lines[0], "personal", what, _REMEDY, is_warning=True)


def _first_places(found: Iterator[tuple[int, str]]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, value in found:
        places.setdefault(value, place)
    return places


def _addresses(text: str) -> Iterator[tuple[int, str]]:
    """The e-mail addresses outside of the reserved domains, each with its place."""
    for match in _AT.finditer(text):
        domain = match[1].lower()
        if is_reserved(domain) or _NO_DOMAIN.fullmatch(domain):
            continue
        before = text[max(0, match.start() - _BEFORE) : match.start()]
        local = _local(before, is_bare=match[0].startswith("@"))
        if local is None or _OTHER_HOST_PATH.match(text, match.end()):
            continue
        address = f"{local}@{domain}"
        if not _NO_PERSON.fullmatch(address):
            yield match.start() - len(local), address


def _local(before: str, *, is_bare: bool) -> str | None:
    """What is before the sign, in small letters; ``None`` if that makes no address.

    Args:
        before: The text before the sign, or the end of it.
        is_bare: Whether the sign is written as it is.
    """
    found = _LOCAL.match(before[: -_LONGEST_LOCAL - 1 : -1])
    if found is None or before[-3:].lower() == "%3e":
        return None
    local = found[0][::-1]
    rest = before[: -len(local)]
    # A stand-in for a person, with something behind it.
    if rest.endswith(">") and not local[0].isalnum():
        return None
    # In a URL it is the user who asks. What is encoded there is not.
    if is_bare and "//" in before and _USER_OF_URL.match(before[::-1]):
        return None
    field = rest[max(map(rest.rfind, ",\n{}")) + 1 :]
    return None if _ID.search(field) else local.lower()


def _lines(text: str, places: list[int]) -> Iterator[int]:
    """The lines, from 1, that some places are in, which come in order."""
    line, start = 1, 0
    for place in places:
        line += text.count("\n", start, place)
        start = place
        yield line


def _shown(lines: list[int]) -> str:
    """The first of some lines, in words."""
    if len(lines) == 1:
        return f"line {lines[0]}"
    first = [str(line) for line in lines[:_SHOWN]]
    if len(lines) > _SHOWN:
        return f"lines {', '.join(first)} and {len(lines) - _SHOWN} more"
    return f"lines {', '.join(first[:-1])} and {first[-1]}"


def _counted(number: int, one: str, several: str) -> list[str]:
    return [f"{number} {one if number == 1 else several}"] if number else []
