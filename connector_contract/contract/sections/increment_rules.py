"""Rules about increments: what has changed since, and what is within a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector_sdk_types.generated import StandardCapabilityName

from connector_contract.contract.rule import (
    gives_updates,
    keeps_to_a_time,
    no_example,
    rule,
    shows_in_updates,
    tells_of_recency,
)
from connector_contract.contract.rules.agreement import agreement_breach
from connector_contract.contract.rules.cursor import (
    UNKNOWN_CURSOR,
    cursor_of,
    repeat_breach,
    unknown_cursor_breach,
    unproven,
    unseen_breach,
    with_cursor,
    without_start,
)
from connector_contract.contract.rules.filters import FUTURE, initial_remarks, narrower, outside_breach
from connector_contract.contract.rules.filters import lost_breach as left_out_breach
from connector_contract.contract.rules.recency import recency_breach
from connector_contract.contract.rules.written import (
    asked_for,
    payload_of,
)
from connector_contract.contract.shared_reads import PAGES
from connector_contract.errors import NothingToCheck, RuleWaits

if TYPE_CHECKING:
    from connector_contract.contract.rule_context import RuleContext


class IncrementRules:
    """The rules about increments: what has changed since, and what is within a time."""

    @rule("increments", gives_updates, skip_reason=no_example)
    async def test_cursor(self, rule_context: RuleContext, capability: str) -> None:
        """A cursor, given back, gives only what has changed since; an unknown one gives an error, or all.

        If your example has a time, it is asked without one as well: of what comes then, nothing comes again.

        Source: the schemas of the SDK's specification: ``Delta`` ("to receive only the changes (additions,
        updates, deletions) that occurred since that point."), ``ListUpdatedAccounts`` ("**Invalid Cursor**:
        May return an error or fall back to full data fetch").
        """
        request = rule_context.config.request(capability) or {}
        size, limit = rule_context.reads.largest, rule_context.config.sample_pages
        wide, start = None, without_start(request)
        if start != request:
            # Asked first, so that all it has is older than the cursor.
            few = min(PAGES, limit or PAGES)
            wide = await rule_context.own_walk(capability, size, few, start)
        first = rule_context.good(await rule_context.own_walk(capability, size, limit))
        cursor = cursor_of(first)
        if cursor is None:
            raise NothingToCheck(f"{capability} gives no cursor")
        if not first.is_whole:
            raise NothingToCheck(f"the sample of {capability} ends before the page with the cursor")
        since = with_cursor(request, cursor, rule_context.recorded_request)
        again = await rule_context.own_walk(capability, size, limit, since)
        unknown = await rule_context.call(
            capability, with_cursor(request, UNKNOWN_CURSOR), page={"size": size}
        )
        most = first if first.records or wide is None or wide.failure is not None else wide
        rule_context.judge([*repeat_breach(first, again, wide), *unknown_cursor_breach(most, unknown)])
        if (why := unproven(first, wide)) is not None:
            raise NothingToCheck(why)

    @rule("increments", keeps_to_a_time, skip_reason=no_example)
    async def test_filters(self, rule_context: RuleContext, capability: str) -> None:
        """A response keeps to the time that it is asked for, and to the actors.

        It is asked with your example, and for a part of what that gave. Of the future there are no updates;
        but where a cursor comes with them, that is a note, as ``Delta`` says that "When no ``cursor`` is
        provided, the endpoint returns all available data along with a ``cursor`` in the response."

        Source: the schemas of the SDK's specification: ``ListActivityRecords`` ("Date to look back from"),
        ``ExpenseFilters`` ("only expenses with a transaction_date that is within a specific time range"),
        ``ListUpdatedAccounts`` ("Only accounts that have been modified since this timestamp will be included
        in the response.").
        """
        request = rule_context.config.request(capability) or {}
        wide = await rule_context.full_walk(capability)
        rule_context.remarks += initial_remarks(wide, request)
        rule_context.judge(outside_breach(wide, request))
        if not wide.records:
            raise NothingToCheck(f"{capability} has no records; with an earlier time it may have some")
        if (part := narrower(wide, request)) is None:
            raise NothingToCheck(f"all records of {capability} are of the same time")
        size, limit = rule_context.reads.largest, rule_context.config.sample_pages
        narrow = await rule_context.own_walk(capability, size, limit, part)
        # A time that is so far ahead may also be refused.
        if narrow.failure is None or part.get("since") != FUTURE:
            narrow = rule_context.answered(narrow, part)
        rule_context.remarks += initial_remarks(narrow, part)
        rule_context.judge([*outside_breach(narrow, part), *left_out_breach(wide, narrow, part)])

    @rule("increments", tells_of_recency)
    async def test_recency(self, rule_context: RuleContext, capability: str) -> None:
        """``get_data_recency`` names standard capabilities, and times that have a zone and are past.

        Source: the schema ``DataRecency`` of the SDK's specification: "Map of standard capability names to
        their data recency timestamps", "Datetime indicating when the data for this capability was last
        updated".
        """
        walk = await rule_context.full_walk(capability)
        names = [each.value for each in StandardCapabilityName]
        rule_context.judge(recency_breach(walk.pages[0], names, rule_context.now))

    @rule("increments", shows_in_updates, skip_reason=no_example)
    async def test_updates(self, rule_context: RuleContext, capability: str) -> None:
        """After a write, ``list_updated_accounts`` gives the account, for a cursor from before it.

        One write is looked for: an update, else a deactivation, an activation or a creation.

        Source: the operation ``list_updated_accounts`` of the SDK's specification: "Retrieve accounts that
        have been updated since a specified point in time."
        """
        write = (await rule_context.write(capability)).result
        if write.response.get("is_error") or not write.response:
            raise RuleWaits(f"{capability} gave an error; the rule writes reports it")
        if write.updates is None:
            raise NothingToCheck("list_updated_accounts gives no cursor")
        account_id = asked_for(write.request) if capability != "create_account" else None
        account_id = account_id or payload_of(write.response).get("id")
        rule_context.judge(unseen_breach(capability, account_id, write.updates))
        if (full := write.after.get("list_accounts")) is not None:
            rule_context.judge(agreement_breach(write.updates, {}, full))
