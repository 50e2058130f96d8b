"""The matrix of secrets: each kind in each place and spelling, alone and sent back; what comes of each cell.

Nothing is served: what a connector asks and is answered is made by hand, and goes the way of a recording.
"""

from __future__ import annotations

import base64
import html
import io
import json
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

import brotli
import zstandard
from secret_cells import (
    CODINGS,
    JSON,
    KINDS,
    OF_ONE_CASE,
    ORDINARY,
    ORIGIN,
    PLACES,
    SPELLINGS,
    Kind,
    Traffic,
    in_coding,
)

from connector_contract.errors import RefusedToSave
from connector_contract.recording.call import Call, Success
from connector_contract.recording.interactions import Cassette, Interaction, Request, Response
from connector_contract.recording.normalizer import Normalizer
from connector_contract.secrets.known_secrets import Secrets
from connector_contract.secrets.secret_names import WELL_KNOWN
from connector_contract.storage.canonical import canonical_interaction
from connector_contract.storage.cassette_format import cassette_parts
from connector_contract.storage.cassette_head import head_text
from connector_contract.storage.lint import Finding, lint_cassette, lint_snapshot
from connector_contract.storage.snapshot_format import snapshot_text

REPLACED, LEFT_OUT, REFUSED, LEAK = "replaced", "left out", "refused", "leak"
"""What may come of a cell: a placeholder, nothing at all, no recording, or a secret that is stored."""

ALONE, ECHOED = "alone", "sent back"


class Cell(NamedTuple):
    """One cell of the matrix."""

    kind: str
    place: str
    spelling: str
    echo: str = ALONE


@dataclass(frozen=True)
class Stored:
    """What a recording writes."""

    cassette: Cassette
    snapshot: Any = None

    @property
    def data(self) -> bytes:
        return b"".join(cassette_parts(self.cassette))

    def lint(self) -> list[Finding]:
        found = list(lint_cassette("c.yaml", self.data, WELL_KNOWN))
        if self.snapshot is not None:
            found += lint_snapshot("s.json", snapshot_text(self.snapshot).encode(), WELL_KNOWN)
        return found


def cells() -> Iterator[Cell]:
    """All cells that can be: no header has a line break, and no URL has a coding."""
    for kind, place, spelling, echo in product(KINDS, PLACES, [*SPELLINGS, *CODINGS], (ALONE, ECHOED)):
        cell = Cell(kind, place, spelling, echo)
        if travels(cell) is not None:
            yield cell


@lru_cache(64)
def travels(cell: Cell) -> Traffic | None:
    """The traffic of a cell; ``None`` if it cannot be."""
    kind, place = KINDS[cell.kind], PLACES[cell.place]
    if cell.spelling == "other case" and cell.kind not in OF_ONE_CASE:
        return None
    text = SPELLINGS.get(cell.spelling, str)(kind.secret)
    if not place.takes(text) or (kind.name and not place.name):
        return None
    traffic: Traffic | None = place.made(place.name and (kind.name or place.name), text)
    if cell.spelling in CODINGS:
        traffic = in_coding(traffic, cell.spelling)
    if traffic is None:
        return None
    before = (_handed_out(kind),) if kind.field else ()
    after = (_echo(text),) if cell.echo == ECHOED else ()
    return Traffic((*before, *traffic.interactions, *after), traffic.asked, traffic.answer)


def _handed_out(kind: Kind) -> Interaction:
    body = json.dumps({"id": "login", kind.field: kind.secret}).encode()
    return Interaction(Request("POST", f"{ORIGIN}/v1/login"), Response(200, "OK", JSON, body))


def _echo(text: str) -> Interaction:
    request = Request("POST", f"{ORIGIN}/v1/echo", JSON, json.dumps({"seen": text}).encode())
    return Interaction(request, Response(200, "OK", JSON, json.dumps({"echo": f"you sent {text}."}).encode()))


def recorded(auth: object, traffic: Traffic) -> Stored:
    """What a recording stores of some traffic, as a scenario does it.

    Raises:
        RefusedToSave: A secret is still in it.
    """
    secrets = Secrets()
    secrets.add(auth or None, None)
    secrets.add_asked("get_account", traffic.asked or {})
    for number, interaction in enumerate(traffic.interactions):
        secrets.learn(interaction.request, None, (number,))
        secrets.learn(interaction.request, interaction.response, (number,))
    secrets.add_handed_out("get_account", traffic.answer or {})
    secrets.settle()
    normalizer = Normalizer(secrets)
    asked = {"request": normalizer.stored_request(traffic.asked)} if traffic.asked else {}
    cassette = Cassette(
        tuple(map(normalizer.interaction, traffic.interactions)),
        (_call(asked, len(traffic.interactions)),),
    )
    snapshot = None if traffic.answer is None else normalizer.json(traffic.answer)
    normalizer.refuse_secrets(cassette.interactions, ())
    normalizer.refuse_secret(head_text(cassette), "its calls", ())
    if snapshot is not None:
        normalizer.refuse_secret(snapshot_text(snapshot).encode(), "s.json", ())
    return Stored(cassette, snapshot)


def raw(traffic: Traffic, kept: tuple[str, ...] = ()) -> Stored:
    """What would be stored of some traffic, with further headers of requests, if nothing were a secret."""
    interactions = tuple(canonical_interaction(each, kept) for each in traffic.interactions)
    asked = {"request": traffic.asked} if traffic.asked else {}
    return Stored(Cassette(interactions, (_call(asked, len(interactions)),)), traffic.answer)


def _call(asked: dict[str, Any], count: int) -> Call:
    return Call("get_account", Success(1), asked, tuple(range(1, count + 1)))


def outcome(cell: Cell) -> tuple[str, Stored | None]:
    """What comes of a cell, and what is stored, if something is."""
    kind, traffic = KINDS[cell.kind], travels(cell)
    assert traffic is not None
    try:
        stored = recorded(kind.auth, traffic)
    except RefusedToSave:
        return REFUSED, None
    if shows(stored, kind.sought):
        return LEAK, stored
    # What is handed out has its placeholder there, which says nothing of the cell.
    of_cell = _without_first(stored) if kind.field else stored
    return (REPLACED if _has_placeholder(of_cell) else LEFT_OUT), stored


def _without_first(stored: Stored) -> Stored:
    return Stored(Cassette(stored.cassette.interactions[1:], stored.cassette.calls), stored.snapshot)


def _has_placeholder(stored: Stored) -> bool:
    return any(_PLACEHOLDER.search(view) for text in _texts(stored) for view in views(text))


_PLACEHOLDER = re.compile(rb"<(?:\w[\w-]*\.)*\w[\w-]*>")


# Whether a secret is left, found in another way than the harness does


def shows(stored: Stored, secret: str) -> bool:
    """Whether a secret is in what is stored, in any encoding of an encoding."""
    sought = _folded(secret.encode())
    return any(sought in _folded(view) for text in _texts(stored) for view in views(text))


def _texts(stored: Stored) -> Iterator[bytes]:
    for interaction in stored.cassette.interactions:
        request, response = interaction.request, interaction.response
        yield request.uri.encode("utf-8", "surrogateescape")
        yield from (request.body, response.body)
        for _, value in (*request.headers, *response.headers):
            yield value.encode("utf-8", "surrogateescape")
    yield from (json.dumps(call.to_json()).encode() for call in stored.cassette.calls)
    if stored.snapshot is not None:
        yield json.dumps(stored.snapshot).encode()


@lru_cache(4096)
def views(data: bytes, depth: int = 5) -> tuple[bytes, ...]:
    """A text, and all that it is when its encodings are undone."""
    seen, last = {data: None}, [data]
    for _ in range(depth):
        last = [view for each in last for view in _undone(each) if len(view) > 3 and view not in seen]
        seen.update(dict.fromkeys(last))
    return tuple(seen)


def _undone(data: bytes) -> Iterator[bytes]:
    if b"%" in data:
        yield unquote_to_bytes(data)
    text = data.decode("utf-8", "surrogateescape")
    if "\\" in text:
        yield _ESCAPE.sub(_unescaped, text).encode("utf-8", "surrogatepass")
    if '""' in text:
        yield text.replace('""', '"').encode("utf-8", "surrogateescape")
    if "&" in text:
        yield html.unescape(text).encode("utf-8", "surrogateescape")
    if b"\0" in data:
        yield from (data[at:].decode(coding, "ignore").encode() for coding in _UTF_16 for at in (0, 1))
    if any(byte > 127 for byte in data):
        yield text.encode("utf-8", "surrogateescape").decode("latin-1").encode()
        yield _as_latin_1(text)
    yield from _decompressed(data)
    for run in _RUN.finditer(data):
        # The slash is a digit, or parts the segments of a path.
        ends = (run[0][found.end() :] for found in re.finditer(rb"/", run[0]))
        for part in dict.fromkeys((run[0], *run[0].split(b"/"), *ends)):
            yield from _digits(part)


_ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))')
_UTF_16 = ("utf-16-le", "utf-16-be")
_RUN = re.compile(rb"[\w+/-]{8,}")


def _unescaped(match: re.Match[str]) -> str:
    if match[1]:
        return chr(int(match[1], 16))
    return {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}.get(match[2], match[2])


def _as_latin_1(text: str) -> bytes:
    """A header in which UTF-8 was read as Latin-1, as it was."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return b""


def _digits(run: bytes) -> Iterator[bytes]:
    """What digits of base64, or of hexadecimal, say."""
    digits = run.replace(b"-", b"+").replace(b"_", b"/")
    # Another word may follow: there may be one digit too many.
    digits = digits[: len(digits) - (len(digits) % 4 == 1)]
    yield base64.b64decode(digits + b"=" * (-len(digits) % 4))
    with suppress(ValueError):
        yield bytes.fromhex(run.decode("ascii"))


def _decompressed(data: bytes) -> Iterator[bytes]:
    if data[:2] == b"\x1f\x8b":
        with suppress(zlib.error):
            yield zlib.decompressobj(31).decompress(data)
    if data[:4] == b"\x28\xb5\x2f\xfd":
        with suppress(zstandard.ZstdError):
            yield zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data)).read()
    if data and not data.isascii():
        with suppress(brotli.error):
            yield brotli.decompress(data)


def _folded(data: bytes) -> bytes:
    return data.decode("utf-8", "surrogateescape").casefold().encode("utf-8", "surrogateescape")


# What is to stay as it is


def changed(auth: object, place: str, name: str, value: str) -> bool:
    """Whether something ordinary is stored as something else."""
    traffic = PLACES[place].made(name if PLACES[place].name else "", value)
    stored, plain = recorded(auth, traffic), raw(traffic)
    return (stored.data, stored.snapshot) != (plain.data, plain.snapshot)


def ordinary_cells() -> Iterator[tuple[str, str, str, str]]:
    """The kind of secret that is known, the place, and the name and value of what is ordinary there."""
    seen = [name for name, kind in KINDS.items() if not kind.is_unseen]
    for kind, (place_name, place), (name, value) in product(seen, PLACES.items(), ORDINARY):
        if not place.has_secret_name and place_name != "user of a URL" and place.takes(value):
            yield kind, place_name, name, value


# A part of it all


def selected(count: int = 330) -> Iterator[Cell]:
    """Some cells, the same each time, that have each kind, place and spelling."""
    kinds, places, spellings = [*KINDS], [*PLACES], [*SPELLINGS, *CODINGS]
    for number in range(count):
        kind, place = kinds[number % len(kinds)], places[(number * 9 + number // len(kinds)) % len(places)]
        spelling = spellings[(number * 2 + number // len(places)) % len(spellings)]
        cell = Cell(kind, place, spelling, (ALONE, ECHOED)[number // 3 % 2])
        if travels(cell) is not None:
            yield cell
    for kind, place in product(OF_ONE_CASE, ("query", "JSON")):
        yield Cell(kind, place, "other case")
