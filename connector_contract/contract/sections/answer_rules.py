"""Rules about what is answered: as it was, and to what cannot be answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector_contract.contract.contract_config import UNESCAPED_ID
from connector_contract.contract.rule import (
    answers_with_records,
    any_capability,
    asks_for_an_id,
    has_required_fields,
    no_example,
    no_id,
    rule,
)
from connector_contract.contract.rules.applications import assignment_lists, not_assigned
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.escaped_ids import escaped_breach
from connector_contract.contract.rules.failures import (
    FAILING_STATUSES,
    INVALID,
    UNKNOWN,
    failing_breach,
    partial_breaches,
    refusal_breach,
    unknown_breach,
    with_unknown_ids,
    without_field,
)
from connector_contract.contract.standard_capabilities import Refused
from connector_contract.errors import NothingToCheck

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

    from connector_contract.contract.rule_context import RuleContext


class AnswerRules:
    """The rules about what is answered: as it was, and to what cannot be answered."""

    # After the other writes: a real server keeps what they change, and they are the ones that read it back.
    @rule("records", any_capability, skip_reason=no_example)
    async def test_records(
        self, rule_context: RuleContext, capability: str, snapshot: SnapshotAssertion
    ) -> None:
        """The response of each capability equals its snapshot; a list is walked in the largest pages.

        A changed mapping shows here, field by field, without a scenario of your own. A capability that gives
        an error has no snapshot; ``coverage``, ``pages`` or ``writes`` reports it.

        Source: Lumos acts on what a response says, whatever the reason why it changed.
        """
        await rule_context.compared.records(capability, snapshot)

    @rule("errors", asks_for_an_id, skip_reason=no_id)
    async def test_unknown_id(self, rule_context: RuleContext, capability: str) -> None:
        """An unknown id gives ``not_found``, never a success; in a list of ids, it gives no record.

        So does an account in an application that it is not assigned to. An id with characters that a path
        must escape asks for itself alone: it is one segment of a path, or one value.

        Source: the schema ``ConnectorErrorCode`` of the SDK's specification; the operation
        ``get_application_account``: "This will return a NOT_FOUND error if the assignment does not exist.";
        RFC 3986, section 2.2.
        """
        config = rule_context.config
        requests = with_unknown_ids(
            config.request(capability) or {}, rule_context.capabilities[capability].ids, config.unknown_id
        )
        breaches = [
            breach
            for field, request in requests.items()
            for breach in unknown_breach(
                capability, field, request, await rule_context.call(capability, request)
            )
        ]
        breaches += await _escaped(rule_context, capability)
        targets = assignment_lists(capability)
        if targets and all(each in rule_context.capabilities for each in targets):
            walks = [await rule_context.full_walk(each) for each in targets]
            if (unassigned := not_assigned(*walks)) is not None:
                response = await rule_context.call(capability, unassigned)
                breaches += refusal_breach(capability, "an account that is not assigned", response, UNKNOWN)
        rule_context.judge(breaches)

    @rule("errors", has_required_fields, skip_reason=no_example)
    async def test_invalid_request(self, rule_context: RuleContext, capability: str) -> None:
        """A request without one of its required fields gives ``bad_request``, never a success.

        Source: the schemas of the requests in the SDK's specification, which name the fields that are
        required; its schema ``ConnectorErrorCode``.
        """
        example = rule_context.config.request(capability) or {}
        breaches = [
            breach
            for field in rule_context.capabilities[capability].required
            for breach in refusal_breach(
                capability,
                f"a request without {field}",
                await rule_context.call(capability, without_field(example, field)),
                INVALID,
            )
        ]
        rule_context.judge(breaches)

    @rule("errors", any_capability, skip_reason=no_example, parametrize=("status", FAILING_STATUSES))
    async def test_server_error(self, rule_context: RuleContext, capability: str, status: int) -> None:
        """If the upstream responds with 403, 429, 500 or 503, the connector gives the error for it.

        It is never a success. All requests of the call fail, and then each of them alone, but for a logout. A
        success may name the error in ``caught_errors`` of its execution summary; a probe reports it, and
        gives no error. The SDK's rate limiter asks again, and ends with a code of its own, which is right.

        Choice: ``unauthorized_on_403``, where the upstream refuses wrong credentials with 403.

        Source: the SDK's own map of statuses, ``connector.oai.errors``; the schema ``ErrorResponse`` of its
        specification: "returned when an operation fails"; of the operation ``probe_integration``, "Failures
        are reported, not raised."
        """
        if rule_context.capabilities[capability].refused is Refused.NOTHING:
            raise NothingToCheck(f"{capability} gives the same whatever the upstream does")
        choice = rule_context.choice_of("server_error", capability)
        breaches = [
            breach
            async for failed in rule_context.failing.call(capability, status)
            for breach in failing_breach(failed, failed.codes(rule_context.failing.errors, choice))
        ]
        rule_context.judge(breaches)

    @rule("errors", answers_with_records, skip_reason=no_example)
    async def test_partial_read(self, rule_context: RuleContext, capability: str) -> None:
        """A later page that fails makes the whole list an error, whichever page it is, and however it fails.

        Source: as for ``server_error``. Each request for records but the first is broken in turn, with 403,
        429, 500 and 503.
        """
        errors, choice = rule_context.failing.errors, rule_context.choice_of("server_error", capability)
        walks = rule_context.failing.walks(capability, FAILING_STATUSES)
        rule_context.judge(
            partial_breaches([(each, each.failed.codes(errors, choice)) async for each in walks])
        )


async def _escaped(rule_context: RuleContext, capability: str) -> list[Breach]:
    """What is wrong where an id has characters that a path must escape."""
    codes, breaches = rule_context.failing.errors.code_of_status, list[Breach]()
    ids = rule_context.capabilities[capability].ids
    example = rule_context.config.request(capability) or {}
    for field, request in with_unknown_ids(example, ids, UNESCAPED_ID).items():
        before = len(rule_context.interactions)
        response = await rule_context.call(capability, request)
        asked = rule_context.interactions[before:]
        breaches += escaped_breach(capability, field, request, response, asked, codes)
    return breaches
