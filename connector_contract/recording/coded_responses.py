"""Responses in a content coding: which of them a recording has to keep so.

A cassette has bodies decoded, because a person is to read them. A connector that decodes one itself, such as
one that reads ``iter_raw()``, fails of that in the replay by which its recording proves itself; then what it
decodes is stored as it was sent.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager

from connector_contract.clients.content_codings import MissingDecoder
from connector_contract.errors import Unrecordable
from connector_contract.recording.interactions import Cassette
from connector_contract.recording.mismatch import Place
from connector_contract.recording.recorder import Sent


def no_decoder(request: str, missing: MissingDecoder, place: Place) -> Unrecordable:
    """The failure of a recording that cannot read a response.

    Args:
        request: What was asked, without secrets.
        missing: What it would need.
        place: The scenario.
    """
    return Unrecordable(
        f"The upstream has sent a response in the coding {missing.coding}, and nothing here decodes that.",
        where=[("request", request), *place.where],
        details=["What is not decoded cannot be searched for secrets, so it is not stored."],
        remedy=f"Install {missing.package} where the tests run: pip install {missing.package}\n"
        "Or have the connector not ask for it, by its request header Accept-Encoding.",
    )


async def with_codings(
    coded: Sequence[Sent],
    stored: Callable[[], Cassette],
    trouble_of: Callable[[Cassette], Awaitable[object]],
) -> Cassette:
    """What would be stored, with as few responses as possible in the codings that they were sent in.

    Args:
        coded: The requests that were answered in a coding. Those whose answers the connector decodes itself
            keep it from now on.
        stored: Puts together what would be stored by now.
        trouble_of: What keeps it from being replayed; ``None`` if nothing does.
    """
    _keep(coded, keeps=True)
    if await trouble_of(stored()) is None:
        await _decode_most([each for _, each in sorted(_by_path(coded).items())], stored, trouble_of)
    else:
        _keep(coded, keeps=False)
    return stored()


@contextmanager
def as_sent(coded: Sequence[Sent]) -> Iterator[None]:
    """Have all responses stored in the codings that they were sent in, while the context lasts."""
    before = [each.keeps_coding for each in coded]
    _keep(coded, keeps=True)
    try:
        yield
    finally:
        for each, keeps in zip(coded, before, strict=True):
            each.keeps_coding = keeps


async def _decode_most(
    groups: Sequence[Sequence[Sent]],
    stored: Callable[[], Cassette],
    trouble_of: Callable[[Cassette], Awaitable[object]],
) -> None:
    """Decode all but what has to stay; each try costs a replay, so halves are tried first."""
    sent = [each for group in groups for each in group]
    _keep(sent, keeps=False)
    if await trouble_of(stored()) is None:
        return
    _keep(sent, keeps=True)
    if len(groups) > 1:
        middle = len(groups) // 2
        for half in (groups[:middle], groups[middle:]):
            await _decode_most(half, stored, trouble_of)


def _by_path(coded: Sequence[Sent]) -> dict[tuple[str, str], list[Sent]]:
    """What is asked for at one path is read in one way."""
    groups: dict[tuple[str, str], list[Sent]] = {}
    for sent in coded:
        key = sent.request.method, sent.request.uri.partition("?")[0]
        groups.setdefault(key, []).append(sent)
    return groups


def _keep(coded: Sequence[Sent], *, keeps: bool) -> None:
    for sent in coded:
        sent.keeps_coding = keeps
