"""Measure what a body of each kind costs beside JSON of its size: ``python -m benchmarks.bodies``.

A body is recorded (its secrets are looked for, and it is written), read again and linted. A connector takes
no part: it costs the same for each kind. The kinds take turns; the memory is the most that a step asks for.
"""

from __future__ import annotations

import argparse
import base64
import json
import random
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from statistics import median
from tempfile import TemporaryFile
from typing import BinaryIO

from connector_contract.recording.interactions import Cassette, Interaction, Request, Response
from connector_contract.recording.normalizer import Normalizer
from connector_contract.secrets.known_secrets import Secrets
from connector_contract.secrets.secret_names import WELL_KNOWN
from connector_contract.storage.cassette_format import cassette_parts, read_cassette
from connector_contract.storage.lint import lint_cassette

MIB = 1 << 20
_AUTH = {"token": {"token": "benchmark-of-bodies"}}
_ASKED = Request("GET", "https://api.example.com/v1", (("authorization", "Bearer benchmark-of-bodies"),))
# Has every body looked into for a token.
_NEXT = Request("GET", "https://api.example.com/v2", (("x-session-token", "a token that nobody has"),))


def _lines(size: int, line: Callable[[int], str]) -> str:
    """As many lines as make a text of about ``size`` bytes."""
    length = len(line(size // 100).encode()) + 1
    return "".join(f"{line(number)}\n" for number in range(size // length))


def _records(size: int) -> list[dict[str, object]]:
    return [
        {"id": f"user-{number}", "email": f"person.{number}@example.com", "active": number % 2 == 0}
        for number in range(size // 64)
    ]


KINDS: dict[str, Callable[[int], bytes]] = {
    "JSON": lambda size: json.dumps(_records(size), separators=(",", ":")).encode(),
    "JSON in unusual space": lambda size: json.dumps(_records(size * 3 // 4), indent=3).encode(),
    "CSV": lambda size: _lines(size, lambda n: f"user-{n},person.{n}@example.com,active").encode(),
    "CSV with CRLF": lambda size: (
        _lines(size, lambda n: f"user-{n},person.{n}@example.com,active").replace("\n", "\r\n").encode()
    ),
    "HTML": lambda size: _lines(
        size, lambda n: f'<tr><td class="id">user-{n}</td><td>&amp;</td></tr>'
    ).encode(),
    "XML": lambda size: _lines(
        size, lambda n: f'  <user id="{n}"><mail>{n}@example.com</mail></user>'
    ).encode(),
    "text that is not ASCII": lambda size: _lines(size, lambda n: f"Zoë №{n} — Ελλάδα 日本語").encode(),
    "one line": lambda size: b"abcdefghij" * (size // 10),
    "base64": lambda size: base64.b64encode(random.Random(1).randbytes(size * 3 // 4)),  # noqa: S311 - no secret
    "binary": lambda size: random.Random(1).randbytes(size),  # noqa: S311 - no secret
}


def record(body: bytes, stream: BinaryIO) -> None:
    """Bring a body into the stored form, and write it."""
    secrets = Secrets()
    secrets.add(_AUTH, None)
    interaction = Interaction(_ASKED, Response(200, "OK", (), body))
    secrets.learn(_ASKED)
    secrets.learn(_ASKED, interaction.response)
    secrets.learn(_NEXT)
    normalizer = Normalizer(secrets)
    stored = normalizer.interaction(interaction)
    normalizer.refuse_secrets([stored], ())
    stream.writelines(cassette_parts(Cassette((stored,))))


def read(body: bytes, stream: BinaryIO) -> None:
    """Read what was recorded."""
    stream.seek(0)
    if read_cassette(stream).interactions[0].response.body != body:
        raise SystemExit("a body is not read as it was written")


def lint(_body: bytes, stream: BinaryIO) -> None:
    """Lint what was recorded."""
    stream.seek(0)
    if list(lint_cassette("a.yaml", stream.read(), WELL_KNOWN)):
        raise SystemExit("a body is not linted as it was written")


STEPS = (record, read, lint)


def seconds(body: bytes) -> list[float]:
    """How long each step takes."""
    taken = []
    with TemporaryFile() as stream:
        for step in STEPS:
            start = time.perf_counter()
            step(body, stream)
            taken.append(time.perf_counter() - start)
    return taken


def memory(body: bytes) -> list[float]:
    """The most memory that each step takes beside the body, in proportion to its size."""
    peaks = []
    with TemporaryFile() as stream:
        for step in STEPS:
            tracemalloc.start()
            step(body, stream)
            peaks.append(tracemalloc.get_traced_memory()[1] / len(body))
            tracemalloc.stop()
    return peaks


def table(sizes: Sequence[int], repeat: int) -> Iterator[str]:
    """A line for each kind and size, as Markdown."""
    steps = " | ".join(f"{step.__name__}, ms/MiB" for step in STEPS)
    yield f"| body | MiB | {steps} | to JSON (goal: at most 2) | memory of the steps, times its size |"
    yield "|---|---|---|---|---|---|---|"
    for size in sizes:
        bodies = {kind: make(size * MIB) for kind, make in KINDS.items()}
        taken: dict[str, list[list[float]]] = {kind: [] for kind in bodies}
        for _ in range(repeat):
            for kind, body in bodies.items():
                taken[kind].append([each * 1000 * MIB / len(body) for each in seconds(body)])
        least = {kind: [median(step) for step in zip(*turns, strict=True)] for kind, turns in taken.items()}
        for kind, figures in least.items():
            ratio = sum(figures) / sum(least["JSON"])
            shown = " | ".join(f"{figure:.0f}" for figure in figures)
            peaks = ", ".join(f"{peak:.1f}" for peak in memory(bodies[kind]))
            yield f"| {kind} | {size} | {shown} | {ratio:.2f} | {peaks} |"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print the results."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bodies", description=__doc__)
    parser.add_argument("--repeat", type=int, default=3, metavar="N", help="how often each has its turn")
    parser.add_argument(
        "--sizes",
        type=lambda text: list(map(int, text.split(","))),
        default=[1, 5, 20],
        metavar="N,N,...",
        help="sizes of the bodies in MiB (default: 1,5,20)",
    )
    options = parser.parse_args(arguments)
    for line in table(options.sizes, options.repeat):
        print(line, flush=True)  # noqa: T201 - a command talks to its user


if __name__ == "__main__":
    main()
