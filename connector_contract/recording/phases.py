"""In which order a real server is recorded: what only reads comes before what writes.

A real server keeps its state from one scenario to the next, so whoever reads after a write sees what it has
changed. A write is put back, if that can be; what cannot be put back comes after the other writes, because it
may be about the same account, and a deletion comes last of them. A new login may end an earlier one, whose
token the others are recorded with. And one that is sent wrong credentials may lock the account, so that comes
at the very end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Any, TypeVar

from connector_contract.recording.call import Call, Failure

if TYPE_CHECKING:
    from types import CodeType

_Item = TypeVar("_Item")
Writes = Callable[[str], bool]
"""Whether a capability writes; one that is not known does."""


class Phase(IntEnum):
    """A part of a recording from a real server; they come in this order."""

    SHARED_READS = 1
    READS = 2
    WRITES = 3
    LASTING_WRITES = 4
    DELETIONS = 5
    TOKENS = 6
    REFUSALS = 7

    @property
    def title(self) -> str:
        """As people read it."""
        return _TITLES[self]


_TITLES = {
    Phase.SHARED_READS: "shared reads",
    Phase.READS: "reads",
    Phase.WRITES: "writes",
    Phase.LASTING_WRITES: "writes that nothing undoes",
    Phase.DELETIONS: "deletions",
    Phase.TOKENS: "tokens",
    Phase.REFUSALS: "refused credentials",
}

_OWN_CREDENTIALS = frozenset({"auth", "credentials"})
# The rules of the standard contract by their names, without the test's ``test_``.
REFUSED_RULES = frozenset({"bad_credentials", "missing_credentials"})
SHARED_RULES = frozenset({
    "agreement", "cardinality", "complete", "coverage", "info", "kinds", "non_human_accounts", "page_length",
    "pages", "partial_read", "recency", "records", "references", "secret_in_url",
    "server_error", "shape", "status", "updates",
})  # fmt: skip
"""They judge what rules share; of capabilities that read, they record nothing else."""
READING_RULES = frozenset({
    "app_info", "arbitrary_endpoint", "authorization_url", "credential_config", "credentials", "probe",
})  # fmt: skip
"""They are about no capability, and write nothing."""


_TOKEN_RULES = frozenset({"tokens"})
"""They log in, after which an application may refuse the tokens of an earlier login."""


_LASTING = frozenset({"downgrade_license", "release_resources", "transfer_data"})
"""What they take away, or move, no other capability gives back."""


def phase_of_rule(rule: str, writes: bool | None, capability: str = "") -> Phase:
    """The phase of a rule of the standard contract.

    Args:
        rule: Its name.
        writes: Whether the capability writes that it is checked for; ``None`` if it is checked once.
        capability: The capability's name.
    """
    if rule in REFUSED_RULES:
        return Phase.REFUSALS
    if rule in _TOKEN_RULES:
        return Phase.TOKENS
    if writes or (writes is None and rule not in SHARED_RULES | READING_RULES):
        return phase_of_write(capability)
    return Phase.SHARED_READS if rule in SHARED_RULES else Phase.READS


def phase_of_write(capability: str) -> Phase:
    """The phase of a capability that writes."""
    if capability == "delete_account":
        return Phase.DELETIONS
    return Phase.LASTING_WRITES if capability in _LASTING else Phase.WRITES


def phase_of_calls(calls: Iterable[Call], writes: Writes) -> Phase | None:
    """The phase of a scenario by the calls of its earlier recording; ``None`` if there are none."""
    phases = [_phase_of_call(call, writes) for call in calls]
    return max(phases, default=None)


def _phase_of_call(call: Call, writes: Writes) -> Phase:
    if isinstance(call.outcome, Failure) and not _OWN_CREDENTIALS.isdisjoint(call.asked):
        return Phase.REFUSALS
    return phase_of_write(call.capability) if writes(call.capability) else Phase.READS


def phase_of_words(words: Iterable[str], capabilities: Iterable[str], writes: Writes) -> Phase:
    """The phase of a scenario that was never recorded, by the strings in its code.

    Args:
        words: The strings; of keyword arguments, their names, too.
        capabilities: The names of all capabilities that there are.
        writes: Whether one writes. A scenario that names none is one that writes.
    """
    said = set(words)
    called = said.intersection(capabilities)
    if called and not _OWN_CREDENTIALS.isdisjoint(said):
        return Phase.REFUSALS
    if not called:
        return Phase.WRITES
    return max(phase_of_write(name) if writes(name) else Phase.READS for name in called)


def words_of(code: CodeType) -> set[str]:
    """The strings in a function's code, those in functions within it and in constant tuples, too."""
    found: set[str] = set()
    left: list[Any] = list(code.co_consts)
    while left:
        constant = left.pop()
        if isinstance(constant, str):
            found.add(constant)
        elif isinstance(constant, (tuple, frozenset)):
            left += constant
        elif hasattr(constant, "co_consts"):
            left += constant.co_consts
    return found


def in_order(items: Sequence[_Item], phases: Mapping[int, Any]) -> list[_Item]:
    """Items in the order of their phases, or of whatever else they are to be sorted by.

    Args:
        items: In any order.
        phases: Of the items that are to be sorted, by their places, from 0. The others keep their places.
    """
    places = sorted(phases)
    ordered = list(items)
    for place, of in zip(places, sorted(places, key=lambda place: phases[place]), strict=True):
        ordered[place] = items[of]
    return ordered
