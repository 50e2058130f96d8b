"""Whether the requests of a call grow with the records."""

from __future__ import annotations

from collections.abc import Sequence

# Two paths that differ in a segment may be two lists; more are a list and its records.
_SEVERAL = 3


def growing(counts: Sequence[dict[str, int]]) -> str | None:
    """How the requests of a capability's calls grow, in words: ``1 + 1 per /users/*/roles``.

    Returns:
        ``None`` if no call asks for several paths of one kind.
    """
    grown = {kind for each in counts for kind, times in each.items() if "*" in kind and times >= _SEVERAL}
    if not grown:
        return None
    # A call with one path of a kind has it as it is, and so says nothing of what is fixed.
    several = [each for each in counts if grown & each.keys()]
    fixed = max(sum(times for kind, times in each.items() if kind not in grown) for each in several)
    return " + ".join([*([str(fixed)] if fixed else []), *(f"1 per {kind}" for kind in sorted(grown))])
