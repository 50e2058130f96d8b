"""The messages of responses that differ from their snapshots, or have none."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence

from connector_contract.config import Json
from connector_contract.contract.rules.records import Change, change_lines, summary
from connector_contract.errors import (
    ChangedRecords,
    ChangedTable,
    ChosenOtherwise,
    MissingSnapshot,
    RecordedOtherwise,
    UsageError,
)


def changed_records(
    capability: str,
    found: Sequence[Change],
    aliases: Mapping[str, str],
    where: Sequence[tuple[str, str]],
    nodeid: str,
    *,
    is_recorded: bool = False,
) -> ChangedRecords | RecordedOtherwise:
    """The error of a capability whose response differs from its snapshot.

    Args:
        capability: Its name.
        found: What has changed.
        aliases: Those for values that are new in each recording; empty if there are none.
        where: Label and value of each place to look at.
        nodeid: The test.
        is_recorded: Whether the response was recorded now, so that the upstream may have changed.
    """
    made_up = (
        "If the application makes such values up each time, give them aliases, and record again:\n"
        f"  ConnectorUnderTest(..., aliases={dict(aliases)!r})\n"
    )
    error = RecordedOtherwise if is_recorded else ChangedRecords
    return error(
        f"The response of {capability} differs from its snapshot: {summary(found)}.",
        where=where,
        details=list(change_lines(found)) or ["the values are equal, in another layout or order"],
        remedy=(made_up if aliases else "")
        + "Fix the connector; or, if Lumos should get this response, accept it with:\n"
        f"  pytest --snapshot-update {shlex.quote(nodeid)}",
    )


def chosen_otherwise(
    capability: str,
    recorded: Json | None,
    request: Json | None,
    where: Sequence[tuple[str, str]],
    nodeid: str,
) -> ChosenOtherwise:
    """The error of a rule that would ask for something else than when it was recorded.

    Args:
        capability: What it would call.
        recorded: What the recording asks for; ``None`` if it does not make this call.
        request: What it would ask for now; ``None`` if the connector's answers lead to no request.
        where: Label and value of each place to look at.
        nodeid: The test.
    """
    asked = [("recorded", recorded), ("now", request)]
    return ChosenOtherwise(
        f"The lists have changed, so this rule would call {capability} for something else than recorded.",
        where=where,
        details=[
            f"{label}: {'no such call' if each is None else json.dumps(each, ensure_ascii=False)}"
            for label, each in asked
        ],
        remedy="The rule takes the request from what the connector answers. The rule records says what has "
        "changed there.\n"
        "Fix the connector; or, if the change is right, record again:\n"
        f"  pytest --record-mode=rewrite {shlex.quote(nodeid)}",
    )


def no_success(capability: str, title: str, where: Sequence[tuple[str, str]]) -> ChangedRecords:
    """The error of a capability that has a snapshot of a success, and gives an error now.

    Args:
        capability: Its name.
        title: What it gives now.
        where: Label and value of each place to look at.
    """
    return ChangedRecords(
        f"The response of {capability} differs from its snapshot, which has a success: {title}.",
        where=where,
        remedy="Fix the connector, or what it was recorded from, and record again.",
    )


def no_records(nodeid: str) -> UsageError:
    """The error of a contract that has no snapshots of the capabilities' responses yet.

    Args:
        nodeid: A test of the contract's class.
    """
    contract = nodeid.partition("[")[0].rpartition("::")[0]
    return UsageError(
        "records: there are no snapshots yet of the capabilities' responses.",
        where=[("contract", contract)],
        remedy="Write them, and read them: they are the responses that Lumos gets.\n"
        f"  pytest --record-mode=once {shlex.quote(contract)}",
    )


def changed_table(
    changed: Sequence[str],
    where: Sequence[tuple[str, str]],
    nodeid: str,
    values: str = "statuses",
) -> ChangedTable:
    """The error of a table of raw values that differs from its snapshot.

    Args:
        changed: A line for each value that has changed.
        where: Label and value of each place to look at.
        nodeid: The test.
        values: What the raw values are called.
    """
    means = "active people for inactive" if values == "statuses" else "people for machines"
    return ChangedTable(
        f"The table of {values} differs from its snapshot.",
        where=where,
        details=changed,
        remedy=f"Lumos would take {means}, or the other way round.\n"
        "Fix the mapping; or, if it is right, accept the table with:\n"
        f"  pytest --snapshot-update {shlex.quote(nodeid)}",
    )


def no_table(where: Sequence[tuple[str, str]], nodeid: str, values: str = "statuses") -> MissingSnapshot:
    """The error of a table of raw values without a snapshot; the arguments are those of ``changed_table``."""
    return MissingSnapshot(
        f"The table of {values} has no snapshot.",
        where=where,
        remedy=f"Write it, and read it:\n  pytest --record-mode=once {shlex.quote(nodeid)}",
    )
