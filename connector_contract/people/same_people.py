"""How many people records are about, some of which say more of a person than others do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple


class About(NamedTuple):
    """What a record says of whom it is about; all of it is folded.

    Attributes:
        names: The words of the name.
        emails: The e-mail addresses.
        logins: What the person logs in with.
    """

    names: frozenset[str]
    emails: frozenset[str]
    logins: frozenset[str]


def count_people(records: Iterable[About]) -> int:
    """How many there are.

    Records with an address or a login in common are about one person. One without an address is about
    somebody who is counted already, if there is anybody with this login, or with all words of the name.

    Args:
        records: What each record says.
    """
    groups: dict[str, set[str]] = {}
    others: list[About] = []
    known: list[frozenset[str]] = []
    logins: set[str] = set()
    for each in records:
        if each.emails:
            _join(groups, each.emails)
            known.append(each.names)
            logins |= {*each.logins, *(email.rpartition("@")[0] for email in each.emails)}
        else:
            others.append(each)
    found = len({id(group) for group in groups.values()})
    return found + sum(_further(others, known, logins))


def _join(groups: dict[str, set[str]], emails: frozenset[str]) -> None:
    whole = set(emails).union(*(groups.get(email, ()) for email in emails))
    groups.update(dict.fromkeys(whole, whole))


def _further(others: Iterable[About], known: Iterable[frozenset[str]], logins: set[str]) -> Iterator[int]:
    """One for each record that is about nobody before it; those with more of a name come first."""
    by_word: dict[str, list[frozenset[str]]] = {}

    def know(names: frozenset[str]) -> None:
        for word in names:
            by_word.setdefault(word, []).append(names)

    for names in set(known):
        know(names)
    for each in sorted(set(others), key=lambda about: (-len(about.names), *map(sorted, about))):
        first = next(iter(each.names), "")
        is_known = any(each.names <= names for names in by_word.get(first, ()))
        is_called_so = bool(each.names) and each.names <= logins
        if not (is_known or is_called_so or each.logins & logins):
            yield 1
        logins |= each.logins
        know(each.names)
