"""Rules about writes, and what was read around them."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from connector_contract.config import Json
from connector_contract.contract.rule import (
    creates_account,
    has_opposite,
    lacks,
    no_entitlement,
    no_name,
    no_opposite,
    no_standard_capability,
    rule,
    writes,
)
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.cardinality import (
    CREATE,
    ENTITLEMENTS,
    has_limits,
    written_limits_breach,
)
from connector_contract.contract.rules.coverage import coverage_breach
from connector_contract.contract.rules.existing_account import existing_account, existing_breach
from connector_contract.contract.rules.listed import (
    ended_remarks,
    still_listed_breach,
)
from connector_contract.contract.rules.maximum import assignment_beyond_max, beyond_max_breach, is_exclusive
from connector_contract.contract.rules.minimum import (
    ASSIGN,
    UNASSIGN,
    assignment_of_unassignable,
    below_min_breach,
    still_held,
    unassignable_breach,
    unassignment_below_min,
)
from connector_contract.contract.rules.opposites import opposite_request, still_invited, undone_breach
from connector_contract.contract.rules.resets import RESETS, reset_remarks, types_of
from connector_contract.contract.rules.responses import Key
from connector_contract.contract.rules.shape import shape_breach
from connector_contract.contract.rules.unknown_entitlement import (
    already_there,
    left_behind,
    unknown_entitlement,
    unknown_entitlement_breach,
)
from connector_contract.contract.rules.write_examples import pointless
from connector_contract.contract.rules.writes import late_remarks, read_back_by, unseen, written_breach
from connector_contract.contract.rules.written import (
    ACCOUNTS,
    ASSOCIATIONS,
    ObservedWrite,
)
from connector_contract.errors import NothingToCheck, RuleWaits
from connector_contract.recording.interactions import Cassette, Interaction
from connector_contract.safety.undo import OPPOSITES

if TYPE_CHECKING:
    from connector_contract.contract.rule_context import RuleContext


class WriteRules:
    """The rules about writes, and what was read around them."""

    @rule("writes", writes, skip_reason=no_standard_capability, needs_example=True)
    async def test_writes(self, rule_context: RuleContext, capability: str) -> None:
        """After a write, reading back shows it, with the returned status; a repeat does no harm.

        A repeat may give an error that says so. The write changes nothing else: no other account, nobody
        else's access, and not the name or e-mail of the account. An account that is created has each
        entitlement of the request. A deletion leaves no association, and a deactivation leaves the account:
        it has another status, or one that ``listed_statuses`` does not have. An activation may lead to
        ``PENDING``, and a new account may be listed only a while later. The effect that an execution summary
        claims is what is read back: it is ``noop`` if a repeat has only read, or was refused. The
        ``request_fingerprint`` is the same when the request is repeated. Give several examples in a list, one
        for each raw status, and each is checked. After a downgrade the account has none of the licences that
        it had, after a release no association with a resource. These two, and a transfer, may return
        ``success: false`` with a reason, which is a note.

        Where right connectors differ, ``declared_choices`` has ``not_listed``, if the list leaves out who is
        new or inactive and the upstream does not send them; and ``keeps_access``, if the application keeps an
        account that it deletes, as an inactive one with its access.

        Source: the operations of the SDK's specification that write, and the schemas of their responses,
        such as ``AssignedEntitlement``: "This should only ever be true. If the assignment can't happen we
        expect an error."
        """
        found: list[Breach] = []
        without: list[Breach] = []
        unshown: list[str] = []
        numbers = rule_context.numbers(capability)
        for number in numbers:
            written = await _observed(rule_context, capability, number)
            also = [*await _also_written(rule_context, written)]
            found += _of_example(number, [*written_breach(written), *also])
            without += [*written_breach(replace(written, choice=None)), *also]
            unshown += filter(None, [unseen(written)])
        rule_context.judge_choice(found, without)
        if len(unshown) == len(numbers):
            raise NothingToCheck(unshown[0])

    @rule("writes", has_opposite, skip_reason=no_opposite)
    async def test_opposites(self, rule_context: RuleContext, capability: str) -> None:
        """After a write and its opposite, everybody is as active as before, and has the access they had.

        Opposites are an activation and a deactivation, an assignment and its removal, in both directions.
        Where right connectors differ, ``declared_choices`` has ``loses_access``: the access that a
        deactivation takes away is not given back. Who is removed from an application loses what is in it.

        Source: the operations of the SDK's specification: of ``activate_account``, "Reactivating a previously
        deactivated account"; of ``deactivate_account``, "The account remains in the system but is made
        inactive".
        """
        opposite, request = OPPOSITES[capability], rule_context.config.request(capability) or {}
        back = opposite_request(request, rule_context.capabilities[opposite].fields)
        if missing := [each for each in rule_context.capabilities[opposite].required if each not in back]:
            raise NothingToCheck(f"{opposite} needs {missing[0]}, which the example of {capability} lacks")
        shows = read_back_by(capability, request, list(rule_context.capabilities))
        if not shows:
            raise NothingToCheck(f"the connector has no list in which to read {capability} back")
        if await _is_of_exclusive(rule_context, request):
            raise NothingToCheck("an account always has one of the type, so another takes its place")
        for name, each in ((capability, request), (opposite, back)):
            rule_context.leave_undeclared(name, each)
        before = {name: await rule_context.list_before(name, capability) for name in shows}
        if pointless(capability, request, before):
            raise RuleWaits(f"{capability} has no good example; the rule writes reports it")
        response = await rule_context.call(capability, request)
        if response.get("is_error"):
            raise RuleWaits(f"{capability} gives an error; the rule writes reports it")
        undone = await rule_context.call(opposite, back)
        if (why := still_invited(capability, response, undone)) is not None:
            raise NothingToCheck(why)
        after = {name: await rule_context.read_back(name) for name in shows}
        found, without = (
            [*undone_breach(capability, request, undone, before, after, choice)]
            for choice in (rule_context.choice, None)
        )
        rule_context.judge_choice(found, without)

    @rule("writes", creates_account, skip_reason=no_name)
    async def test_existing_account(self, rule_context: RuleContext, capability: str) -> None:
        """Creating what exists, under another name, gives an error, or a success that says so.

        It is asked for your example, with the e-mail and the user name of an account that is listed. A
        success says so with the effect ``noop`` or ``updated``, or in ``caught_errors``, of its execution
        summary; or ``declared_choices`` has ``adopted``. It may create a second account, and never changes
        the one that is there without saying so.

        Source: the operation ``create_account`` of the SDK's specification: "This operation creates a new
        user account"; its schema ``ExecutionSummary``: "The actual effect that occurred in the target system
        as a result of this operation."
        """
        lists = (ACCOUNTS, ASSOCIATIONS)
        request, before = await rule_context.chosen(
            capability,
            lambda known: existing_account(rule_context.config.request(capability), known[ACCOUNTS]),
            "no account has an e-mail or a user name of its own",
            lists,
        )
        response = await rule_context.call(capability, request)
        after = {name: await rule_context.read_back(name) for name in before}
        found, without = (
            [*existing_breach(request, response, before, after, choice)]
            for choice in (rule_context.choice, None)
        )
        rule_context.judge_choice(found, without)

    @rule(
        "writes",
        skip_reason=lacks("assign_entitlement", "list_entitlements", "find_entitlement_associations"),
    )
    async def test_max_assignments(self, rule_context: RuleContext) -> None:
        """Assigning one entitlement more than the ``max`` of its type gives an error, and changes nothing.

        Source: the operation ``assign_entitlement`` of the SDK's specification: "The assignment is subject to
        any constraints defined for the entitlement type"; its schema ``EntitlementType``.
        """
        info = await rule_context.declared()
        why = "no entitlement type has a max that an account has reached"
        request, before = await rule_context.chosen(
            ASSIGN,
            lambda lists: assignment_beyond_max(
                info, lists[ENTITLEMENTS].records, lists[ASSOCIATIONS].records
            ),
            why,
            (ENTITLEMENTS, ASSOCIATIONS),
        )
        response = await rule_context.call(ASSIGN, request)
        after = await rule_context.read_back(ASSOCIATIONS)
        rule_context.judge(beyond_max_breach(request, response, before[ASSOCIATIONS], after))

    @rule(
        "writes",
        skip_reason=lacks("unassign_entitlement", "list_entitlements", "find_entitlement_associations"),
    )
    async def test_min_assignments(self, rule_context: RuleContext) -> None:
        """Unassigning what the ``min`` of its type requires gives an error, or another takes its place.

        Source: the operation ``unassign_entitlement``: "Depends on the constraints (e.g. min, max) of this
        entitlement type"; the schema ``EntitlementType.min``: "If 0: this can be removed from an active
        account."
        """
        info = await rule_context.declared()
        why = "no active account has just as many entitlements of a type as its min"
        request, before = await rule_context.chosen(UNASSIGN, partial(unassignment_below_min, info), why)
        response = await rule_context.call(UNASSIGN, request)
        after = {ASSOCIATIONS: await rule_context.read_back(ASSOCIATIONS)}
        has, least = still_held(info, request, before, after)
        if not response.get("is_error") and has is not None and has < least and ACCOUNTS in before:
            # Whoever has lost the last one may be inactive now.
            after[ACCOUNTS] = await rule_context.read_back(ACCOUNTS)
            has, least = still_held(info, request, before, after)
        rule_context.judge(
            below_min_breach(request, response, before[ASSOCIATIONS], after[ASSOCIATIONS], has, least)
        )

    @rule(
        "writes",
        skip_reason=lacks("assign_entitlement", "list_entitlements", "find_entitlement_associations"),
    )
    async def test_not_assignable(self, rule_context: RuleContext) -> None:
        """Assigning an entitlement that is not assignable gives an error, and changes nothing.

        Source: the schemas ``FoundEntitlementData.is_assignable``: "Indicates whether this entitlement can be
        assigned to users", and ``AssignedEntitlement``: "If the assignment can't happen we expect an error."
        """
        info = await rule_context.declared()
        why = "no entitlement has is_assignable false, and could be assigned to an active account"
        request, before = await rule_context.chosen(ASSIGN, partial(assignment_of_unassignable, info), why)
        response = await rule_context.call(ASSIGN, request)
        after = await rule_context.read_back(ASSOCIATIONS)
        rule_context.judge(unassignable_breach(request, response, before[ASSOCIATIONS], after))

    @rule("writes", creates_account, skip_reason=no_entitlement)
    async def test_unknown_entitlement(self, rule_context: RuleContext, capability: str) -> None:
        """An account with an entitlement that does not exist gives an error, or a success that says so.

        A success says so in ``caught_errors`` of its execution summary: the account is there by then. It has
        the other entitlements of your example, or an error that was caught names them, too. If the account is
        there after an error, that is a note.

        Source: the operation ``create_account`` of the SDK's specification: "This operation creates a new
        user account with the specified details and required entitlements"; its schema ``CreateAccount``:
        "List of _required_ entitlements that must be set when an account is created".
        """
        asked = unknown_entitlement(rule_context.config.request(capability))
        if asked is None:
            raise NothingToCheck("the example has no entitlements")
        id_, request = asked
        if ENTITLEMENTS in rule_context.capabilities:
            listed = await rule_context.full_walk(ENTITLEMENTS)
            if any(each.get("integration_specific_id") == id_ for each in listed.records):
                raise NothingToCheck(f"the entitlement {id_!r} was to be one that does not exist, and does")
        rule_context.leave_undeclared(capability, request)
        before = None
        if ACCOUNTS in rule_context.capabilities:
            before = await rule_context.list_before(ACCOUNTS, capability)
            if (name := already_there(request, before)) is not None:
                raise NothingToCheck(f"the account {name!r} of the example is there already")
        response = await rule_context.call(capability, request)
        has = None
        if response.get("is_error"):
            # So that it can be put back, too.
            after = None if before is None else await rule_context.read_back(ACCOUNTS)
            if before and after and (note := left_behind(request, response, before, after)):
                rule_context.remarks.append(note)
        elif ASSOCIATIONS in rule_context.capabilities:
            has = await rule_context.read_back(ASSOCIATIONS)
        rule_context.judge(unknown_entitlement_breach(id_, request, response, has))


async def _observed(rule_context: RuleContext, capability: str, number: int) -> ObservedWrite:
    """A write with one of the author's examples, and all that there is to judge it by.

    Raises:
        ContractBreach: It gives an error, or breaks a list.
        NothingToCheck: No list shows it, or one could not be read before it.
    """
    shared = await rule_context.write(capability, number)
    write = shared.result
    model = rule_context.capabilities[capability].response
    first = [*coverage_breach(capability, write.response), *shape_breach(capability, [write.response], model)]
    rule_context.judge(_of_example(number, first))
    for walk in write.failed_before:
        # A list that fails is reported by its own rules; a write that fails, by this one.
        rule_context.good(walk)
    rule_context.judge([walk.failure for walk in write.failed_after if walk.failure])
    if not write.before:
        raise NothingToCheck(f"the connector has no list in which to read {capability} back")
    types: dict[Key, list[Json]] = {}
    if capability in RESETS and "list_entitlements" in rule_context.capabilities:
        entitlements = await rule_context.full_walk("list_entitlements")
        types = types_of(entitlements.records, await rule_context.declared())
    assigns = capability in ("assign_entitlement", "assign_application_entitlement")
    written = ObservedWrite(
        capability,
        write.request,
        write.response,
        write.repeated,
        write.before,
        write.after,
        write.finally_,
        assigns and await _is_of_exclusive(rule_context, write.request),
        types,
        choice=rule_context.choice,
        asked=_asked_in(shared.cassette, capability, 0),
        asked_again=_asked_in(shared.cassette, capability, 1),
    )
    rule_context.remarks += [*reset_remarks(written), *late_remarks(written)]
    return replace(written, is_left_out=_is_left_out(rule_context, written))


def _asked_in(cassette: Cassette, capability: str, index: int) -> list[Interaction]:
    """What one of the calls of a capability has asked of the upstream; nothing if it was not made."""
    calls = [each for each in cassette.calls if each.capability == capability][index : index + 1]
    return [cassette.interactions[number - 1] for call in calls for number in call.interactions]


async def _is_of_exclusive(rule_context: RuleContext, request: Json) -> bool:
    """Whether a request is about a type of which an account always has one."""
    return any(
        is_exclusive(each) and each["type_id"] == request.get("entitlement_type")
        for each in (await rule_context.declared()).get("entitlement_types") or ()
    )


def _is_left_out(rule_context: RuleContext, written: ObservedWrite) -> bool:
    """Whether the upstream sent the account after the write with a status that is not to be listed."""
    if written.capability not in ("create_account", "deactivate_account") or ACCOUNTS not in written.after:
        return False
    statuses = rule_context.raw_statuses(written.after[ACCOUNTS])
    return statuses is not None and statuses.leaves_out(str(written.account_id))


def _of_example(number: int, breaches: Iterable[Breach]) -> list[Breach]:
    """Breaches that say which of several examples they are of."""
    if number == 1:
        return list(breaches)
    return [replace(each, title=f"with example {number}, {each.title}") for each in breaches]


async def _also_written(rule_context: RuleContext, written: ObservedWrite) -> list[Breach]:
    """What else a write must not do: leave a deleted account listed, or break the limits of a type."""
    if written.capability == "delete_account" and ACCOUNTS in written.after:
        accounts = written.after[ACCOUNTS]
        rule_context.remarks += ended_remarks(accounts, str(written.account_id))
        return list(still_listed_breach(written, rule_context.raw_statuses(accounts)))
    if written.capability in (CREATE, ASSIGN, UNASSIGN) and ENTITLEMENTS in rule_context.capabilities:
        info = await rule_context.declared()
        with suppress(RuleWaits):
            # Without limits, and without the list, there is nothing to break; other rules report that.
            entitlements = await rule_context.full_walk(ENTITLEMENTS) if has_limits(info) else None
            return list(written_limits_breach(written, info, entitlements)) if entitlements else []
    return []
