"""What was looked through before for the same secrets, and had none of them.

Many scenarios read the same lists, and each look takes seconds a megabyte.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import NamedTuple

from connector_contract.secrets.spellings import in_bytes

# Digests, which all redactors of a process share.
_FOUND_NOTHING: set[bytes] = set()
_MOST = 1 << 16


class Look(NamedTuple):
    """One look through data.

    Attributes:
        digest: That of the data, of what is looked for, and of how.
    """

    digest: bytes

    @property
    def found_nothing(self) -> bool:
        """Whether the same look has found nothing before."""
        return self.digest in _FOUND_NOTHING

    def note_nothing(self) -> None:
        """Note that it finds nothing."""
        if len(_FOUND_NOTHING) == _MOST:
            _FOUND_NOTHING.clear()
        _FOUND_NOTHING.add(self.digest)


class Looks:
    """What is looked for, as far as looks are told apart by it."""

    def __init__(self) -> None:
        self._looked_for = blake2b(digest_size=16)

    def look_for(self, sought: object) -> None:
        """Look for something further, too; its ``repr`` says what it is."""
        self._looked_for.update(in_bytes(repr(sought)))

    def look(self, how: str, data: bytes) -> Look:
        """A look through ``data``.

        Args:
            how: What is done there, in up to 16 letters.
            data: The data.
        """
        key = self._looked_for.digest()
        return Look(blake2b(data, digest_size=16, key=key, person=how.encode()).digest())
