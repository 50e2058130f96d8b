"""The message of the breaches that a rule has found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connector_contract.contract.rules.breach import Breach
from connector_contract.errors import ContractBreach

# Of many records, a message shows some.
_SHOWN = 10


def contract_breach(
    breaches: Sequence[Breach], section: str, check: str, where: Sequence[tuple[str, str]]
) -> ContractBreach:
    """The error that reports all breaches of one check.

    Args:
        breaches: All of them, at least one.
        section: The rule's section in the contract, such as ``pages``.
        check: What was checked, as waivers name it: ``complete[list_accounts]``.
        where: Label and value of each place to look at.
    """
    first, *more = breaches
    error = ContractBreach(
        f"{section}: {_headline(first, section)}.",
        where=where,
        details=[*_records(first), *(line for breach in more for line in _further(breach, first))],
        remedy=f"{first.consequence}\n"
        "Fix the connector; or waive the rule in the contract's class, with the reason:\n"
        f'  waivers = {{"{check}": "..."}}',
    )
    error.breaches = tuple(breaches)
    return error


def _headline(breach: Breach, section: str = "") -> str:
    return breach.title if breach.capability == section else f"{breach.capability}: {breach.title}"


def _further(breach: Breach, first: Breach) -> Iterator[str]:
    consequence = "" if breach.consequence == first.consequence else f". {breach.consequence}"
    yield _headline(breach) + consequence
    yield from _records(breach)


def _records(breach: Breach) -> Iterator[str]:
    yield from (f"- {record}" for record in breach.records[:_SHOWN])
    if len(breach.records) > _SHOWN:
        yield f"and {len(breach.records) - _SHOWN} more"
