"""Numbers for numbers by a key: each another one, so that nothing that differs becomes the same."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from math import prod

# Luby and Rackoff show that four rounds of a Feistel network suffice against whoever chooses what goes in.
_ROUNDS = 6


def permuted(number: int, radices: Sequence[int], key: bytes, tweak: bytes) -> int:
    """The number that stands for ``number`` among those below the product of ``radices``.

    Args:
        number: Which one.
        radices: What the digits of a number count to; at least two.
        key: The key, of at most 64 bytes.
        tweak: Another permutation for each.
    """
    half = len(radices) // 2
    sizes = prod(radices[:half]), prod(radices[half:])
    left, right = divmod(number, sizes[1])
    for turn in range(0, _ROUNDS, 2):
        left = (left + _mixed(right, turn, key, tweak)) % sizes[0]
        right = (right + _mixed(left, turn + 1, key, tweak)) % sizes[1]
    return left * sizes[1] + right


def digits_of(number: int, radices: Sequence[int]) -> list[int]:
    """The digits of a number, the first one last counted."""
    found = []
    for radix in reversed(radices):
        number, digit = divmod(number, radix)
        found.append(digit)
    return found[::-1]


def _mixed(half: int, turn: int, key: bytes, tweak: bytes) -> int:
    return int.from_bytes(blake2b(b"%d %d %b" % (turn, half, tweak), key=key, digest_size=24).digest(), "big")
