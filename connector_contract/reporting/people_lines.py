"""What the end of a recording says of the people that it has made up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from connector_contract.personal_kinds import KEY_FILE, MAKE_KEY
from connector_contract.reporting.people_counts import PeopleCounts
from connector_contract.review.plain_text import plain

_SHOWN, _LONGEST = 5, 100
_WORDS = {
    "name": ("name", "names"),
    "given_name": ("name", "names"),
    "family_name": ("name", "names"),
    "email": ("e-mail address", "e-mail addresses"),
    "phone": ("telephone number", "telephone numbers"),
    "address": ("postal address", "postal addresses"),
    "text": ("text", "texts"),
    "photo": ("photo", "photos"),
    "login": ("user name", "user names"),
    "number": ("personal number", "personal numbers"),
    "date": ("date of birth", "dates of birth"),
    "ip": ("IP address", "IP addresses"),
}
"""Each kind of field as people call it, in the order in which a line has them."""


def people_lines(counts: PeopleCounts) -> list[str]:
    """The lines at the end of a recording with made-up people.

    Args:
        counts: What has become of the people in it.
    """
    return [_replaced(counts), *_stayed(counts.unreplaced), *_unfound(counts), *_in_order(counts)]


def _replaced(counts: PeopleCounts) -> str:
    if not counts.replaced:
        return "People: none found, so nobody is made up."
    fields = ", ".join(_fields(counts.fields))
    of_fields = f" ({fields})" if fields else ""
    values = _counted(counts.replaced, "value", "values")
    return f"People: {counts.people:,} made up{of_fields}, {values} replaced."


def _fields(fields: Mapping[str, int]) -> Iterator[str]:
    numbers: Counter[tuple[str, str]] = Counter()
    for kind, words in _WORDS.items():
        numbers[words] += fields.get(kind, 0)
    yield from (_counted(number, *words) for words, number in numbers.items() if number)


def _stayed(unreplaced: tuple[tuple[str, str], ...]) -> Iterator[str]:
    """What looks personal and is stored as it is, and how to have it replaced."""
    places = dict.fromkeys(unreplaced)
    if not places:
        return
    yield "Looks personal, and is stored as it is:"
    yield from (
        f"  {plain(place, _LONGEST)}: {plain(what, _LONGEST)}" for place, what in list(places)[:_SHOWN]
    )
    if len(places) > _SHOWN:
        yield f"  and {len(places) - _SHOWN:,} more"
    yield 'To replace a field, name it by its kind: personal_data={"name": "users[].nick"}'
    yield "What a test names itself stays as it is: have it name somebody who is made up."


def _unfound(counts: PeopleCounts) -> Iterator[str]:
    """The paths that an author names and that lead nowhere."""
    for kind, path in dict.fromkeys(counts.unfound):
        yield (
            f"No response that was read has anything at {plain(path, _LONGEST)} "
            f"(personal_data, {plain(kind, _LONGEST)}): check the path."
        )


def _in_order(counts: PeopleCounts) -> Iterator[str]:
    """What it costs to have no key, and how to make one."""
    if counts.replaced and not counts.has_key:
        yield (
            "No key for made-up people: they are numbered in order, so one person more or less in the tenant "
            "changes others, too, and nobody is known from recordings of another run or process. "
            f"Make a key, and add {KEY_FILE} to .gitignore:"
        )
        yield f"  {MAKE_KEY}"


def _counted(number: int, one: str, several: str) -> str:
    return f"{number:,} {one if number == 1 else several}"
