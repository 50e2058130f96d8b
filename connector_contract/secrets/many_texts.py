"""Search for many texts at once, in time that is linear in what is searched and in what is searched for.

A page of 200 records that each carry a key has 200 secrets, and to look for each of them in each page takes
four times as long for twice as many. So the texts are indexed by four or eight of their last bytes: wherever
a text stands in data, one block of the data, cut at every fourth or eighth byte, is one of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

# Up to so many are looked for one by one, which takes the least time for a few.
_FEW = 48
# What is spelled with one of these is in no data that has none.
_MARKS = (b"%", b"\\", b"\0")
# A block has so many bytes, which memoryview has as one number.
_LONG_BLOCK, _SHORT_BLOCK = 8, 4

Found = tuple[int, int]
"""Where a text begins and ends."""


class ManyTexts:
    """Finds which of many texts are in data, and where.

    Args:
        texts: What to look for; none is empty.
    """

    def __init__(self, texts: Iterable[bytes] = ()) -> None:
        self._texts: set[bytes] = set()
        self._by_mark: dict[bytes, list[bytes]] = {mark: [] for mark in (b"", *_MARKS)}
        self._shortest: list[bytes] = []
        self._indexes = {size: _Index(size) for size in (_LONG_BLOCK, _SHORT_BLOCK)}
        self.add(texts)

    def __contains__(self, text: object) -> bool:
        """Whether a text is one to look for."""
        return text in self._texts

    def __len__(self) -> int:
        """How many there are."""
        return len(self._texts)

    def add(self, texts: Iterable[bytes]) -> None:
        """Look for further texts, too."""
        for text in texts:
            if text and text not in self._texts:
                self._texts.add(text)
                self._by_mark[next((mark for mark in _MARKS if mark in text), b"")].append(text)
                size = next((size for size in (_LONG_BLOCK, _SHORT_BLOCK) if len(text) >= 2 * size - 1), 0)
                if size:
                    self._indexes[size].add(text)
                else:
                    self._shortest.append(text)

    def are_in(self, data: bytes) -> bool:
        """Whether any of the texts is in ``data``."""
        if len(self._texts) <= _FEW:
            return bool(self._few_within(data))
        return next(self._occurrences(data), None) is not None

    def within(self, data: bytes) -> set[bytes]:
        """Those of the texts that are in ``data``."""
        if len(self._texts) <= _FEW:
            return self._few_within(data)
        return {data[start:end] for start, end in self._occurrences(data)}

    def places(self, data: bytes) -> list[Found]:
        """Each place of each text in ``data``, also within another, the first and longest first."""
        if len(self._texts) <= _FEW:
            found = [place for text in self._few_within(data) for place in _each(text, data)]
        else:
            found = [*self._occurrences(data)]
        return sorted(found, key=lambda place: (place[0], -place[1]))

    def _few_within(self, data: bytes) -> set[bytes]:
        found = {text for text in self._by_mark[b""] if text in data}
        for mark in _MARKS:
            if self._by_mark[mark] and mark in data:
                found.update(text for text in self._by_mark[mark] if text in data)
        return found

    def _occurrences(self, data: bytes) -> Iterator[Found]:
        for text in self._shortest:
            yield from _each(text, data)
        for index in self._indexes.values():
            yield from index.places(data, self._texts)


class _Index:
    """Texts by one block of each, wherever the blocks of the data begin.

    Args:
        size: How many bytes a block has.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        # For each block, where in a text it may stand, and how long such a text is.
        self._blocks: dict[int, set[tuple[int, int]]] = {}

    def add(self, text: bytes) -> None:
        # The ends of keys differ, while many begin alike.
        first = len(text) - 2 * self._size + 1
        for offset in range(first, first + self._size):
            (block,) = _blocks(text[offset : offset + self._size], self._size)
            self._blocks.setdefault(block, set()).add((offset, len(text)))

    def places(self, data: bytes, texts: set[bytes]) -> Iterator[Found]:
        if not self._blocks:
            return
        blocks = _blocks(data, self._size)
        known = self._blocks
        if known.keys().isdisjoint(blocks):
            return
        for number in [number for number, block in enumerate(blocks) if block in known]:
            for offset, length in known[blocks[number]]:
                start = number * self._size - offset
                if start >= 0 and data[start : start + length] in texts:
                    yield start, start + length


def _blocks(data: bytes, size: int) -> memoryview[int]:
    """The blocks of ``data``, each as a number; what is left at its end is in none."""
    whole = memoryview(data)[: len(data) - len(data) % size]
    return whole.cast("Q") if size == _LONG_BLOCK else whole.cast("I")


def _each(text: bytes, data: bytes) -> Iterator[Found]:
    start = data.find(text)
    while start >= 0:
        yield start, start + len(text)
        start = data.find(text, start + 1)
