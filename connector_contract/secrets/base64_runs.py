"""Where base64 may stand in a text, and what it encodes. Linear, and fast where there is none."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

SHORTEST_RUN = 11
"""What has fewer digits is most often a word."""

# Digits of both alphabets are one byte, so that a run of them is found as fast as a text.
_DIGITS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"
_AS_RUN = bytes(ord("A") if byte in _DIGITS else ord(" ") for byte in range(256))
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\r")
_AS_TEXT = bytes(ord("A" if byte in b"\t\n\r" or 32 <= byte < 127 else " ") for byte in range(256))
# Pairs of hexadecimal digits alone, as many as a secret has characters at least.
_HEX = re.compile(rb"(?<![0-9a-fA-F])(?:[0-9a-fA-F]{2}){6,}+(?![0-9a-fA-F])")
# Mail and PEM cut it into lines of so many digits.
_LINES = range(60, 77, 4)
# A line that begins with dashes is the boundary of a multipart body, or the end of a PEM file.
_LINE_END = re.compile(rb"\r?\n[ \t]*+(?!--)")
_AFTER_LINE = (b"", b"=", b"\r", b"\n", b'"', b"'", b"\\", b"<")
_FILLED = re.compile(rb"={1,2}(?!=)")
_TO_STANDARD = bytes.maketrans(b"-_", b"+/")

COMPRESSED = (b"H4sI", b"eAE", b"eF", b"eJ", b"eN", b"KLUv/", b"KLUv_")
"""What base64 of gzip, zlib and zstd begins with."""


class Run(NamedTuple):
    """Digits of base64 in a text.

    Attributes:
        start: Where they begin.
        end: Where they end, with what fills them up.
        digits: They alone, without line ends.
    """

    start: int
    end: int
    digits: bytes


def runs(data: bytes, shortest: int = SHORTEST_RUN) -> Iterator[Run]:
    """Each run of digits in ``data`` of at least ``shortest``; the lines of one text are one run."""
    pending: list[Run] = []
    for start, end in _spans(data, shortest):
        if pending and not _goes_on(data, pending[-1], start):
            yield _joined(data, pending)
            pending = []
        pending.append(Run(start, end, data[start:end]))
    if pending:
        yield _joined(data, pending)


def digits_in(data: bytes, shortest: int = SHORTEST_RUN) -> list[bytes]:
    """The digits of each run, without the filling and in the order of the text."""
    found = [data[start:end] for start, end in _spans(data, shortest)]
    # Only what is as long as a line may go on in the next one.
    return (
        [run.digits for run in runs(data, shortest)] if any(len(each) in _LINES for each in found) else found
    )


def encode_text(digits: Sequence[bytes]) -> bool:
    """Whether some of the runs of digits, of base64 or hexadecimal, encode a text or something compressed."""
    if not digits:
        return False
    apart = b" " + b" ".join(digits)
    if any(b" " + beginning in apart for beginning in COMPRESSED):
        return True
    # The slash is a digit, or parts the segments of a path.
    parts = [*digits, *(part for each in digits if b"/" in each for part in each.split(b"/"))]
    in_fours = standard(b"".join([each[: len(each) & ~3] for each in parts]))
    return has_text(in_fours) or has_text(_of_hex(apart))


def _of_hex(text: bytes) -> bytes:
    return bytes.fromhex(b"".join(_HEX.findall(text)).decode())


def is_binary(data: bytes) -> bool:
    """Whether one byte in twenty is none that a text has."""
    return (len(data) - len(data.translate(None, _CONTROLS))) * 20 > len(data)


def has_text(data: bytes) -> bool:
    """Whether there is a stretch of text in ``data`` that is as long as a secret."""
    return b"AAAAAA" in data.translate(_AS_TEXT)


def is_hex(digits: bytes) -> bool:
    """Whether a run is pairs of hexadecimal digits."""
    digits = without_prefix(digits)
    return len(digits) % 2 == 0 and not digits.translate(None, b"0123456789abcdefABCDEF")


def without_prefix(digits: bytes) -> bytes:
    """Digits without what programs write before hexadecimal ones."""
    return digits[2:] if digits[:2] in (b"0x", b"0X") else digits


def has_run(data: bytes) -> bool:
    """Whether there are so many digits in a row that they may encode something."""
    return b"A" * SHORTEST_RUN in data.translate(_AS_RUN)


def standard(digits: bytes) -> bytes:
    """What digits of either alphabet encode; there may be one too many, or too few."""
    digits = digits.translate(_TO_STANDARD)
    return binascii.a2b_base64(digits[: len(digits) - (len(digits) % 4 == 1)] + b"==")


def stretches(data: bytes, shortest: int) -> Iterator[bytes]:
    """The stretches of ``data`` that are text in ASCII: what is encoded once more is in one of them."""
    shown, end = data.translate(_AS_TEXT), 0
    while (start := shown.find(b"A" * shortest, end)) >= 0:
        end = shown.find(b" ", start)
        end = len(shown) if end < 0 else end
        yield data[start:end]


def contents(digits: bytes) -> bytes | None:
    """What digits encode, in either alphabet, filled up or not; ``None`` if they encode nothing."""
    if len(digits) % 4 == 1 or (is_for_urls(digits) and (b"+" in digits or b"/" in digits)):
        return None
    return base64.b64decode(digits.translate(_TO_STANDARD) + b"=" * (-len(digits) % 4))


def encoded(content: bytes, like: bytes) -> bytes:
    """Base64 of ``content`` in the alphabet of other digits, and filled up.

    Of digits that need no filling, nobody can see whether others would have it. Whoever decodes what is not
    filled up decodes what is.
    """
    return (base64.urlsafe_b64encode if is_for_urls(like) else base64.b64encode)(content)


def is_for_urls(digits: bytes) -> bool:
    """Whether digits are of the alphabet for URLs, as far as one can see."""
    return b"-" in digits or b"_" in digits


def _spans(data: bytes, shortest: int) -> Iterator[tuple[int, int]]:
    shown = data.translate(_AS_RUN)
    sought, end = b"A" * shortest, 0
    while (start := shown.find(sought, end)) >= 0:
        end = shown.find(b" ", start)
        end = len(shown) if end < 0 else end
        yield start, end
        # The last line of a text may be a short one.
        if end - start in _LINES and (line := _LINE_END.match(data, end)) is not None:
            first, end = line.end(), shown.find(b" ", line.end())
            end = len(shown) if end < 0 else end
            if end - first >= shortest:
                end = first
            elif _ends_line(data, end):
                yield first, end


def _goes_on(data: bytes, line: Run, start: int) -> bool:
    break_ = _LINE_END.match(data, line.end)
    return len(line.digits) in _LINES and break_ is not None and break_.end() == start


def _ends_line(data: bytes, end: int) -> bool:
    """Whether nothing follows in a line, or a text of JSON or XML."""
    return data[end : end + 1] in _AFTER_LINE


def _joined(data: bytes, lines: list[Run]) -> Run:
    end = lines[-1].end
    filled = _FILLED.match(data, end)
    return Run(
        lines[0].start, end if filled is None else filled.end(), b"".join(line.digits for line in lines)
    )
