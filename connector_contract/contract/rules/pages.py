"""**pages**: a walk gives each record once, whatever the size of the pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from connector_contract.config import Json
from connector_contract.contract.declared_less import ANY_LIST
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.responses import Key, Walk, code_of, lasting, shown
from connector_contract.reporting.messages import counted

_LOST = "Lumos treats whoever is not listed as gone; here, the page size decides who that is."
_TWICE = "Lumos counts a record twice, or lets one overwrite the other."
_RETRIED = "Lumos retries a request that can never succeed."
_CIRCLE = "Lumos reads these as the rest of the list, or walks for ever."


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
        beginnings = [walk.beginning for walk in walks]
        yield from _differences(max(beginnings, key=lambda walk: walk.size or 0), beginnings)


def walk_breach(walk: Walk) -> Iterator[Breach]:
    """What is wrong with one walk, seen by itself."""
    if walk.failure:
        yield walk.failure
        return
    repeated = walk.repeated
    if repeated:
        title = f"{walk} gave {counted(len(repeated), 'record')} more than once"
        records = [f"{shown(key)}: on pages {_where(walk, key)}" for key in repeated]
        yield Breach(walk.capability, title, _TWICE, records)


def length_breach(walk: Walk) -> Iterator[Breach]:
    """Pages that are longer than asked for.

    Source: ``Page.size`` of connector-sdk-types: "Number of items to return per page".
    """
    lengths = enumerate((len(walk.records_of(page)) for page in walk.pages), 1)
    too_long = [f"page {n}: {length} records" for n, length in lengths if length > (walk.size or length)]
    if too_long:
        title = f"{walk} has {counted(len(too_long), 'page')} longer than asked for"
        yield Breach(walk.capability, title, "Lumos asks for as many records as it can hold.", too_long)


def _differences(full: Walk, walks: Sequence[Walk]) -> Iterator[Breach]:
    for walk in walks:
        now, ought = _comparable(walk, full)
        missing = sorted(set(ought) - set(now))
        extra = sorted(set(now) - set(ought))
        if (missing or extra) and not walk.is_whole and set(now) <= set(full.keys):
            # A walk that was stopped cannot tell a record that is lost from one that comes later.
            title = f"{walk} does not begin as {full}: a record is lost or moved"
            places = enumerate(zip(now, ought, strict=True), 1)
            moved = [f"record {n}: {shown(a)}, not {shown(b)}" for n, (a, b) in places if a != b]
            yield Breach(full.capability, title, _LOST, moved)
        elif missing or extra:
            records = [
                *(f"{shown(key)}: missing in pages of {walk.asked}" for key in missing),
                *(f"{shown(key)}: missing in pages of {full.asked}" for key in extra),
            ]
            yield Breach(full.capability, f"{walk} has other records than {full}", _LOST, records)
        elif now != ought:
            moved = [shown(a) for a, b in zip(now, ought, strict=True) if a != b]
            title = f"{walk} has the records in another order than {full}"
            consequence = "A walk through a list that changes its order loses records."
            yield Breach(full.capability, title, consequence, moved)
        elif changed := _changed(walk, full):
            title = f"records of {walk} differ from those of {full}"
            yield Breach(full.capability, title, "Lumos sees them change with each sync.", changed)


def _comparable(walk: Walk, full: Walk) -> tuple[list[Key], list[Key]]:
    """The keys of two walks, as far as both have come: one that was stopped is the beginning of the other."""
    now, ought = walk.keys, full.keys
    if not walk.is_whole:
        ought = ought[: len(now)]
    if not full.is_whole:
        now = now[: len(ought)]
    return now, ought


def _changed(walk: Walk, full: Walk) -> list[str]:
    triples = zip(full.keys, walk.records, full.records, strict=False)
    return [shown(key) for key, one, other in triples if lasting(one) != lasting(other)]


def token_breach(capability: str, first: Json, responses: Mapping[str, Json]) -> Iterator[Breach]:
    """What is wrong with the responses to malformed page tokens.

    Args:
        capability: What was called.
        first: The first page.
        responses: The response to each malformed token.

    Source: ``ConnectorErrorCode.invalid_page_token`` of connector-sdk-types.
    """
    for token, response in responses.items():
        code, malformed = code_of(response), f"the malformed page token {token!r}"
        if code is None and response.get("response") == first.get("response"):
            yield Breach(capability, f"{malformed} gave the first page again", _CIRCLE)
        elif code is None:
            consequence = "Lumos reads the response as the rest of the list."
            yield Breach(capability, f"{malformed} gave a success", consequence)
        elif code == "internal_error":
            consequence = f"{_RETRIED} Raise InvalidPageTokenError."
            yield Breach(capability, f"{malformed} gave internal_error", consequence)


def other_token_breach(
    capability: str, other: str, first: Json, response: Json, choice: str | None = None
) -> Iterator[Breach]:
    """What is wrong with the response to a page token that another list has given.

    Args:
        capability: What was called.
        other: The capability that gave the token.
        first: The first page.
        response: The response to the token.
        choice: What the author declares, ``ANY_LIST`` or nothing.

    Source: the chapter on pagination of the SDK's specification: "Invalid or expired tokens will result in an
    error response"; ``PaginationBase.endpoint`` of the SDK: "Name of endpoint that should be called by the
    connector."
    """
    code, asked = code_of(response), f"the page token of {other}"
    if code == "internal_error":
        yield Breach(capability, f"{asked} gave internal_error", f"{_RETRIED} Raise InvalidPageTokenError.")
    elif code is None and response.get("response") == first.get("response"):
        yield Breach(capability, f"{asked} gave the first page again", _CIRCLE)
    elif code is None and choice != ANY_LIST:
        consequence = (
            "Lumos reads the response as the rest of the list. Keep the endpoint in the token, as "
            "PaginationBase of the SDK has it. If you hand on the upstream's own tokens, choose "
            f"{ANY_LIST!r} in declared_choices."
        )
        yield Breach(capability, f"{asked} gave a success", consequence)


def size_breach(size: int, walk: Walk, default: Walk) -> Iterator[Breach]:
    """What is wrong with a walk in pages of ``size``, which is zero or negative.

    Source: ``Page.size`` of connector-sdk-types; there are pages of the default size, or there is an error.
    """
    name, asked = walk.capability, f"page size {size}"
    if walk.endless is not None:
        given_up = "does not end" if walk.is_endless else "was not walked to its end"
        title = f"{asked} makes a walk that {given_up}: {walk.endless}"
        yield Breach(name, title, "Lumos walks for ever." if walk.is_endless else "It may have no end.")
    elif walk.error is not None and walk.error.get("error_code") == "internal_error":
        yield Breach(name, f"{asked} gave internal_error", _RETRIED)
    if walk.failure is not None:
        return
    now, ought = _comparable(walk, default.beginning)
    if now != ought:
        missing, extra = set(ought) - set(now), set(now) - set(ought)
        twice = {key for key, times in Counter(now).items() if times > 1}
        if missing:
            said = f"{len(now)} of {len(ought)} records, as a success"
        elif extra:
            said = "records that no size gives"
        else:
            said = "records more than once" if twice else "the records in another order"
        records = sorted(missing or extra or twice)
        yield Breach(name, f"{asked} gave {said}", _LOST, [shown(key) for key in records])


def _where(walk: Walk, key: Key) -> str:
    numbers = [
        str(number)
        for number, page in enumerate(walk.pages, 1)
        if key in map(walk.identity_of, walk.records_of(page))
    ]
    return ", ".join(numbers)
