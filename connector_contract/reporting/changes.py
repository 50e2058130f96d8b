"""What an author reads of answers that are not as their snapshots have them, or have none."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence

from connector_contract.contract.rules.records import Change, change_lines, summary
from connector_contract.errors import ChangedRecords, UsageError


def changed_records(
    capability: str,
    found: Sequence[Change],
    aliases: Mapping[str, str],
    where: Sequence[tuple[str, str]],
    update: str,
) -> ChangedRecords:
    """The error of a capability that answers otherwise than its snapshot has it.

    Args:
        capability: Its name.
        found: What has changed.
        aliases: Those that make values stable which are new in each recording, if there are such.
        where: Label and value of each place to look at.
        update: The command that accepts the changes.
    """
    made_up = (
        "If the application makes up such values each time, give them stable stand-ins, and record again:\n"
        f"  ConnectorUnderTest(..., aliases={dict(aliases)!r})\n"
    )
    return ChangedRecords(
        f"records: {capability}: {summary(found)}.",
        where=where,
        details=list(change_lines(found)) or ["the values are the same, and stand in another form or order"],
        remedy=(made_up if aliases else "")
        + f"Fix the connector; or, if Lumos is to be told this, accept it with:\n  {update}",
    )


def no_records(nodeid: str) -> UsageError:
    """The error of a contract whose snapshots of what the capabilities answer are not written yet.

    Args:
        nodeid: A test of the contract's class.
    """
    contract = nodeid.partition("[")[0].rpartition("::")[0]
    return UsageError(
        "records: there are no snapshots yet of what the capabilities answer.",
        where=[("contract", contract)],
        remedy="Write them, and read them: it is what Lumos is told.\n"
        f"  pytest --record-mode=once {shlex.quote(contract)}",
    )
