"""**complete**: which accounts have to be listed, by their raw status."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from connector_contract.contract.contract_config import Paths
from connector_contract.contract.listed_statuses import ACCOUNTS
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.raw_values import raw_pairs
from connector_contract.contract.rules.responses import Walk
from connector_contract.contract.rules.status import STATUS
from connector_contract.contract.rules.written import NOT_DONE, ObservedWrite
from connector_contract.errors import UsageError
from connector_contract.reporting.messages import counted

ONLY = "Response will include only active and suspended account."
"""What the operation ``list_accounts`` says."""

_ENDED = ("DELETED", "DEPROVISIONED")
"""The statuses (``AccountStatus``) of accounts that are neither active nor suspended for sure."""


@dataclass(frozen=True)
class RawStatuses:
    """The raw statuses that the upstream sent for a list of accounts, and those that are to be listed.

    Attributes:
        capability: What lists the accounts.
        by_id: The raw statuses of each account, by its id.
        declared: Those that the author declares to be listed; ``None`` if nothing is declared.
        others: What the author declares for other capabilities.
    """

    capability: str
    by_id: Mapping[str, frozenset[str]]
    declared: frozenset[str] | None = None
    others: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def leaves_out(self, id_: str) -> bool:
        """Whether an account need not be listed, because its raw status is none of those declared."""
        raw = self.by_id.get(id_)
        return self.declared is not None and bool(raw) and not (raw or frozenset()) & self.declared

    @property
    def leave_all_out(self) -> bool:
        """Whether none of the accounts that were sent has to be listed."""
        return bool(self.by_id) and all(map(self.leaves_out, self.by_id))

    def of(self, ids: Collection[str]) -> list[str]:
        """All raw statuses that some accounts have."""
        return sorted({raw for id_ in ids for raw in self.by_id.get(id_, ())})


def raw_statuses(
    walk: Walk,
    upstream_status: Paths | None,
    upstream_ids: Paths | None,
    declared: Collection[str] | None,
    others: Mapping[str, Sequence[str]] | None = None,
) -> RawStatuses | None:
    """The raw statuses of the accounts that were sent for a walk; ``None`` if nobody knows them.

    Args:
        walk: The walk.
        upstream_status: Where the raw statuses are; ``None`` if the author does not say.
        upstream_ids: Where the ids are.
        declared: The raw statuses that are listed; ``None`` if the author does not declare them.
        others: Those that are declared for other capabilities.

    Raises:
        UsageError: Statuses are declared, and an expression does not find them.
    """
    if upstream_status is None:
        return None
    by_id: dict[str, set[str]] = {}
    try:
        for (id_, *_), raw in raw_pairs(walk, upstream_status, upstream_ids, STATUS):
            by_id.setdefault(id_, set()).add(raw)
    except UsageError:
        if declared is not None:
            raise
        # The rule status reports it.
        return None
    known = {id_: frozenset(raw) for id_, raw in by_id.items()}
    return RawStatuses(
        walk.capability, known, None if declared is None else frozenset(declared), others or {}
    )


def proposal(missing: Sequence[str], listed: Collection[str], statuses: RawStatuses | None) -> str | None:
    """What an author adds if the accounts that are missing are left out on purpose; ``None`` if they are not.

    They may be if they all have raw statuses that no listed account has.

    Args:
        missing: Their ids.
        listed: The ids of those that are listed.
        statuses: What is known of the raw statuses.
    """
    if statuses is None or statuses.declared is not None:
        return None
    lost, kept = statuses.of(missing), statuses.of(listed)
    if not kept or set(lost) & set(kept) or not all(statuses.by_id.get(id_) for id_ in missing):
        return None
    value = json.dumps({**statuses.others, statuses.capability: kept}, ensure_ascii=False)
    return (
        f"They have the raw {_named(lost)}, which no listed account has. If they are left out on purpose "
        f'(the operation list_accounts says: "{ONLY}"), the contract\'s class says so:\n'
        f"  listed_statuses = {value}\n"
        "If not, the connector loses them."
    )


def unlisted_breach(walk: Walk, statuses: RawStatuses) -> Iterator[Breach]:
    """Accounts that are listed although their raw status is none of those declared.

    Args:
        walk: A walk through the list.
        statuses: The raw statuses of its accounts.

    Source: the operation ``list_accounts``: "Response will include only active and suspended account."
    """
    ids = [str(each.get("integration_specific_id")) for each in walk.records]
    wrong = [id_ for id_ in dict.fromkeys(ids) if statuses.leaves_out(id_)]
    if wrong:
        title = (
            f"it lists {counted(len(wrong), 'account')} whose raw {_named(statuses.of(wrong))} "
            "listed_statuses does not have"
        )
        consequence = "Lumos takes them for accounts that are there, and shows whatever access they had."
        yield Breach(walk.capability, title, consequence, wrong)


def unsent_remarks(walk: Walk, statuses: RawStatuses) -> Iterator[str]:
    """Statuses that are declared and were not sent, where others were left out: one may be misspelt.

    Args:
        walk: A walk through the list.
        statuses: The raw statuses of its accounts.
    """
    sent = set(statuses.of(statuses.by_id))
    unsent = sorted((statuses.declared or frozenset()) - sent)
    left_out = sorted(sent - (statuses.declared or frozenset()))
    if unsent and left_out and walk.is_whole:
        yield (
            f"listed_statuses[{walk.capability!r}] has {', '.join(map(repr, unsent))}, which no account that "
            f"the upstream sent has. It leaves out {', '.join(map(repr, left_out))}."
        )


def ended_remarks(accounts: Walk, id_: str | None = None) -> Iterator[str]:
    """Accounts that have come to an end, and are listed.

    ``INACTIVE``, ``PENDING`` and ``SUSPENDED`` are right: a deactivated account "remains in the system but is
    made inactive", and a new one may be "pending".

    Args:
        accounts: A walk through a list of accounts.
        id_: The one to look at; ``None`` for all of them.

    Source: the operation ``list_accounts``, and the schema ``AccountStatus``, which contradict each other.
    """
    found = {
        status: [
            str(each.get("integration_specific_id"))
            for each in accounts.records
            if each.get("user_status") == status and id_ in (None, str(each.get("integration_specific_id")))
        ]
        for status in _ENDED
    }
    for status, ids in found.items():
        if ids and accounts.capability == ACCOUNTS:
            more = f" and {counted(len(ids) - 1, 'other')}" if len(ids) > 1 else ""
            yield (
                f"{ids[0]!r}{more} {'are' if more else 'is'} listed as {status}. The operation list_accounts "
                f'says: "{ONLY}"; the schema AccountStatus has {status}.'
            )


def still_listed_breach(written: ObservedWrite, statuses: RawStatuses | None) -> Iterator[Breach]:
    """An account that is listed after its deletion, with a raw status that is not to be listed.

    Args:
        written: The write.
        statuses: The raw statuses that were sent for the list that was read after it.

    Source: as for ``unlisted_breach``.
    """
    id_ = str(written.account_id)
    if statuses is not None and written.account(written.after) is not None and statuses.leaves_out(id_):
        title = f"{id_!r} is still listed; listed_statuses does not have its raw {_named(statuses.of([id_]))}"
        yield Breach(written.capability, title, NOT_DONE)


def _named(statuses: Sequence[str]) -> str:
    return f"status{'es' if len(statuses) > 1 else ''} {', '.join(f'`{each}`' for each in statuses)}"
