"""Which file of the head is which of the base, where a test has another name, or lies elsewhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from connector_contract.review.stored import CASSETTES, SNAPSHOTS, Files, Place, owns, place_of

# What comes of a call may have changed.
_RECORDS = re.compile(rb'"success": \d+')

_CALLED = re.compile(rb'^- \{"capability": "(\w+)"', re.MULTILINE)
_ASKED = re.compile(rb"^    uri: (.*)$", re.MULTILINE)

_Files = dict[tuple[str, str, str], str]
_Modules = dict[tuple[str, str], _Files]


def moved_files(base: Files, head: Files, places: Mapping[str, Place]) -> dict[str, str]:
    """Where files were at the base that have another name at the head, by that name.

    They are those of tests whose class, module or parameters have another name. Where several may be the same
    test, none counts as it.

    Args:
        base: The files at the base.
        head: The files at the head.
        places: All files that differ.
    """
    sides: dict[tuple[str, ...], tuple[list[str], list[str]]] = {}
    for path, place in places.items():
        gone, come = path not in head, path not in base
        if gone != come:
            test = place.project, place.kind, place.test, place.suffix
            sides.setdefault(test, ([], []))[come].append(path)
    pairs = {news[0]: olds[0] for olds, news in sides.values() if len(olds) == len(news) == 1}
    others = {
        (place_of(old), place_of(new))
        for new, old in pairs.items()
        if places[new].kind == CASSETTES and not _may_be_one(base[old], head[new])
    }
    moved = {new: old for new, old in pairs.items() if not _are_of(others, places[old], places[new])}
    moved |= _moved_modules(base, head, places, {*moved, *moved.values()})
    return {**moved, **_other_parameters(base, head, places, {*moved, *moved.values()})}


def _may_be_one(old: bytes, new: bytes) -> bool:
    """Whether two cassettes may be of one scenario: they call the same, and some requests are the same."""
    one, other = ((set(_CALLED.findall(each)), set(_ASKED.findall(each))) for each in (old, new))
    return one[0] == other[0] and (one[1] == other[1] or bool(one[1] & other[1]))


def _are_of(others: Collection[tuple[Place | None, Place | None]], old: Place, new: Place) -> bool:
    """Whether two files are of tests that have the same name, and are not the same."""
    return any(
        one is not None
        and other is not None
        and (one.module, other.module) == (old.module, new.module)
        and all(each.name.startswith(of.name) for each, of in ((old, one), (new, other)))
        for one, other in others
    )


def _other_parameters(
    base: Files, head: Files, places: Mapping[str, Place], known: Collection[str]
) -> dict[str, str]:
    """The files of scenarios whose parameters have other names: their cassettes ask and play the same."""
    alike: dict[tuple[Any, ...], tuple[list[str], list[str]]] = {}
    for path, place in places.items():
        gone, come = path not in head, path not in base
        if gone != come and path not in known and place.kind == CASSETTES and "[" in place.name:
            data = (base if gone else head)[path]
            played = _RECORDS.sub(b"", data.replace(place.name.encode(), b""))
            key = place.module, place.name.partition("[")[0], played
            alike.setdefault(key, ([], []))[come].append(path)
    found = {news[0]: olds[0] for olds, news in alike.values() if len(olds) == len(news) == 1}
    names = {(place_of(new), place_of(old)) for new, old in found.items()}
    for new, old in names:
        for path, place in places.items():
            if new and old and place.kind == SNAPSHOTS and place.module == new.module:
                was = path.replace(f"/{new.name}", f"/{old.name}")
                if owns(f"/{new.name}.yaml", place) and was in base and was != path:
                    found[path] = was
    return found


def _moved_modules(
    base: Files, head: Files, places: Mapping[str, Place], known: Collection[str]
) -> dict[str, str]:
    """The files of modules that lie elsewhere as a whole, those with the most equal files first."""
    sides: tuple[_Modules, _Modules] = {}, {}
    for path, place in places.items():
        gone, come = path not in head, path not in base
        if gone != come and path not in known:
            sides[come].setdefault(place.module, {})[place.kind, place.name, place.suffix] = path
    likely = [
        (-_equal(base, head, olds, news), old[1] != new[1], -len(olds.keys() & news.keys()), old, new)
        for old, olds in sides[0].items()
        for new, news in sides[1].items()
        if olds.keys() & news.keys()
    ]
    found: dict[str, str] = {}
    # Of several that are as likely, nobody knows which it was.
    as_likely = Counter(
        (module, tuple(score)) for *score, old, new in likely for module in ((0, old), (1, new))
    )
    for *score, old, new in sorted(likely):
        equal, is_renamed, _ = score
        is_only = as_likely[(0, old), tuple(score)] == as_likely[(1, new), tuple(score)] == 1
        if old in sides[0] and new in sides[1] and (equal or not is_renamed) and is_only:
            olds, news = sides[0].pop(old), sides[1].pop(new)
            found |= {news[key]: olds[key] for key in olds if key in news}
    return found


def _equal(base: Files, head: Files, olds: _Files, news: _Files) -> int:
    """How many files of two modules have the same content."""
    both = [(olds[key], news[key]) for key in olds if key in news]
    return sum(base[old] == head[new] for old, new in both)
