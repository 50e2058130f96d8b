"""Secrets that are left in what is to be stored, in whatever encoding of an encoding.

This is not how redaction finds secrets, so that the one can check the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from connector_contract.secrets.layers import Layer, layers
from connector_contract.secrets.many_texts import ManyTexts
from connector_contract.secrets.names_in_text import is_in_value
from connector_contract.secrets.ordinary import is_ordinary
from connector_contract.secrets.spellings import in_bytes, traces

# What is shorter is in any text by chance.
_SHORTEST = 6


class LeftOver(NamedTuple):
    """A secret that is left.

    Attributes:
        name: The name of its placeholder.
        encodings: The encodings that it is in, the outermost first; none if it is there as it is.
    """

    name: str
    encodings: tuple[str, ...] = ()

    @property
    def spelled(self) -> str:
        """How it is spelled, in words: ``base64 in percent-encoding``."""
        return " in ".join(reversed(self.encodings)) or "plain text"


class Sought:
    """The secrets to look for, by what shows them without a decoding.

    Args:
        names: The name of the placeholder of each secret.
    """

    def __init__(self, names: Mapping[str, str] | None = None) -> None:
        self._names: dict[bytes, tuple[str, tuple[str, ...]]] = {}
        self._traces = ManyTexts()
        # Those that are words, which a name may be.
        self._words: set[bytes] = set()
        self.add(names or {})

    def add(self, names: Mapping[str, str]) -> None:
        """Look for further secrets, too."""
        for value, name in names.items():
            if len(value) >= _SHORTEST:
                if is_ordinary(value):
                    self._words.add(in_bytes(value))
                for trace, encodings in traces(value).items():
                    if encodings and value in name:
                        # Its own placeholder shows it, also where that is encoded: "<basic.password>".
                        continue
                    self._names.setdefault(trace, (name, encodings))
                    self._traces.add((trace,))

    def __bool__(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self._names)

    def found(self, layer: Layer) -> Iterator[LeftOver]:
        """The secrets that a text has in it."""
        # The whole secret says more than a part of it.
        for trace in sorted(self._traces.within(layer.data), key=lambda trace: (-len(trace), trace)):
            if trace in self._words and not is_in_value(layer.data, trace):
                continue
            name, further = self._names[trace]
            yield LeftOver(name, (*layer.encodings, *further))


def left_over(data: bytes, sought: Sought) -> Iterator[LeftOver]:
    """Each secret that is in ``data``, once for each way in which it is spelled there.

    Up to 6 encodings are undone, one in the other, and some 24 times the size of ``data`` is looked at, and
    16 MB. What is beyond is looked at as it is there, and nothing of that depends on time.

    Args:
        data: What is to be stored.
        sought: What to look for.
    """
    if sought:
        yield from dict.fromkeys(found for layer in layers(data) for found in sought.found(layer))
