"""**pages**: a walk gives each record once, whatever the size of the pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from connector_contract.contract.contract_config import Json
from connector_contract.contract.rules.responses import Breach, Key, Walk, code_of, lasting, shown
from connector_contract.reporting.messages import counted

_LOST = "Lumos takes who is not listed for gone; here it depends on the size of a page who that is."
_TWICE = "Lumos would count a record twice, or let the one overwrite the other."


def walks_breach(walks: Sequence[Walk]) -> Iterator[Breach]:
    """What is wrong with walks of one capability in pages of different sizes.

    Source: ``Page`` of connector-sdk-types: "Number of items to return per page. This should remain
    consistent throughout a pagination sequence."
    """
    broken = False
    for walk in walks:
        for breach in walk_breach(walk):
            broken = True
            yield breach
    if not broken:
        yield from _differences(max(walks, key=lambda walk: walk.size or 0), walks)


def walk_breach(walk: Walk) -> Iterator[Breach]:
    """What is wrong with one walk, seen by itself."""
    if walk.failure:
        yield walk.failure
        return
    repeated = [key for key, times in Counter(walk.keys).items() if times > 1]
    if repeated:
        what = f"{walk.capability}: {walk} gave {counted(len(repeated), 'record')} more than once"
        yield Breach(what, _TWICE, [f"{shown(key)}: on pages {_where(walk, key)}" for key in repeated])


def length_breach(walk: Walk) -> Iterator[Breach]:
    """Pages that are longer than asked for.

    Source: ``Page.size`` of connector-sdk-types: "Number of items to return per page".
    """
    lengths = enumerate((len(walk.records_of(page)) for page in walk.pages), 1)
    too_long = [f"page {n}: {length} records" for n, length in lengths if length > (walk.size or length)]
    if too_long:
        what = f"{walk.capability}: {walk} has {counted(len(too_long), 'page')} longer than asked for"
        yield Breach(what, "Lumos asks for as much as it can hold.", too_long)


def _differences(full: Walk, walks: Sequence[Walk]) -> Iterator[Breach]:
    for walk in walks:
        missing = sorted(set(full.keys) - set(walk.keys))
        extra = sorted(set(walk.keys) - set(full.keys))
        if missing or extra:
            records = [
                *(f"{shown(key)}: missing in pages of {walk.asked}" for key in missing),
                *(f"{shown(key)}: missing in pages of {full.asked}" for key in extra),
            ]
            yield Breach(f"{full.capability}: {walk} has other records than {full}", _LOST, records)
        elif walk.keys != full.keys:
            moved = [shown(a) for a, b in zip(walk.keys, full.keys, strict=True) if a != b]
            what = f"{full.capability}: {walk} has the records in another order than {full}"
            yield Breach(what, "While a list changes its order, a walk through it loses records.", moved)
        elif changed := _changed(walk, full):
            what = f"{full.capability}: records of {walk} are not as in {full}"
            yield Breach(what, "Lumos would see them change with each sync.", changed)


def _changed(walk: Walk, full: Walk) -> list[str]:
    pairs = zip(full.keys, walk.records, full.records, strict=True)
    return [shown(key) for key, one, other in pairs if lasting(one) != lasting(other)]


def token_breach(capability: str, first: Json, responses: Mapping[str, Json]) -> Iterator[Breach]:
    """What is wrong with the responses to malformed page tokens.

    Args:
        capability: What was called.
        first: The first page.
        responses: The response to each malformed token.

    Source: ``ConnectorErrorCode.invalid_page_token`` of connector-sdk-types.
    """
    for token, response in responses.items():
        code = code_of(response)
        if code is None and response.get("response") == first.get("response"):
            what = f"{capability}: the page token {token!r}, which is none, gave the first page again"
            yield Breach(what, "Lumos would take these for the rest of the list, or walk for ever.")
        elif code is None:
            what = f"{capability}: the page token {token!r}, which is none, gave a success"
            yield Breach(what, "Lumos would take what comes for the rest of the list.")
        elif code == "internal_error":
            what = f"{capability}: the page token {token!r}, which is none, gave internal_error"
            yield Breach(what, "Lumos would retry what can never succeed. Raise InvalidPageTokenError.")


def size_breach(size: int, walk: Walk, default: Walk) -> Iterator[Breach]:
    """What is wrong with a walk in pages of ``size``, which is zero or negative.

    Source: ``Page.size`` of connector-sdk-types; there are pages of the default size, or there is an error.
    """
    asked = f"{walk.capability}: page size {size}"
    if walk.endless is not None:
        yield Breach(f"{asked} makes a walk that does not end: {walk.endless}", "Lumos would walk for ever.")
    elif walk.error is not None:
        if walk.error.get("error_code") == "internal_error":
            yield Breach(f"{asked} gave internal_error", "Lumos would retry what can never succeed.")
    elif walk.keys != default.keys:
        missing, extra = set(default.keys) - set(walk.keys), set(walk.keys) - set(default.keys)
        given = f"{len(walk.keys)} of {len(default.keys)} records, as a success"
        said = given if missing else "records that no size gives" if extra else "the records in another order"
        yield Breach(f"{asked} gave {said}", _LOST, [shown(key) for key in sorted(missing or extra)])


def _where(walk: Walk, key: Key) -> str:
    numbers = [
        str(number)
        for number, page in enumerate(walk.pages, 1)
        if key in map(walk.key_of, walk.records_of(page))
    ]
    return ", ".join(numbers)
