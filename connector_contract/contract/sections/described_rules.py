"""Rules about what a connector says of itself, and what it reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector_sdk_types.generated import AppInfoResponse, InfoResponse

from connector_contract.contract.rule import lacks, no_standard_capability, reads, rule
from connector_contract.contract.rules.app_info import (
    app_info_breach,
    app_info_remarks,
    unknown_schemes,
    unsecured_breach,
)
from connector_contract.contract.rules.arbitrary_endpoint import (
    ENDPOINT,
    NOT_FOUND,
    answer_breach,
    asked_before,
    asked_breach,
    forbidden_breach,
    forbidden_requests,
    refused_answer_breach,
)
from connector_contract.contract.rules.coverage import coverage_breach, unasked_breach
from connector_contract.contract.rules.info import connected_breach, info_breach, undeclared_breach
from connector_contract.contract.rules.probe import (
    PROBE,
    checked_alone,
    excluded_breach,
    probe_breach,
    probe_remarks,
)
from connector_contract.contract.rules.shape import shape_breach
from connector_contract.contract.standard_capabilities import STANDARD
from connector_contract.errors import RuleWaits

if TYPE_CHECKING:
    from connector_contract.contract.rule_context import RuleContext


class DescribedRules:
    """The rules about what a connector says of itself, and what it reports."""

    @rule("coverage", reads, skip_reason=no_standard_capability, needs_example=True)
    async def test_coverage(self, rule_context: RuleContext, capability: str) -> None:
        """Each registered capability that reads returns a success for its example; a stub does not.

        A capability is also a stub if it does not ask the upstream, and returns an empty list, or accounts.
        Capabilities that write are covered by ``writes``, so that they are called as seldom as possible.

        Source: the schema ``Info`` of the SDK's specification: "All capabilities provided by this connector."
        """
        await rule_context.leave_not_http(capability)
        walk = (await rule_context.read(capability)).result
        if not walk.pages:
            raise RuleWaits(f"{capability} gives no page; the rule pages reports it")
        response = walk.pages[0]
        rule_context.judge(coverage_breach(capability, response))
        if not walk.interactions:
            rule_context.judge(
                unasked_breach(capability, response, rule_context.capabilities[capability].within)
            )

    @rule("info")
    async def test_info(self, rule_context: RuleContext) -> None:
        """``info`` is valid; it declares each type once, and each entitlement type's resource type.

        An entitlement type without a resource has the resource type ``""``, the global resource. ``info``
        also declares the credentials and settings that the tests give the connector.

        Source: the schemas ``Info``, ``EntitlementType`` ("This must be the same string as a type_id from the
        declared resource types") and ``ResourceType`` of the SDK's specification.
        """
        response = await rule_context.info()
        rule_context.judge(coverage_breach("info", response))
        rule_context.judge(shape_breach("info", [response], InfoResponse))
        rule_context.judge(
            [
                *info_breach(response["response"], list(rule_context.capabilities)),
                *undeclared_breach(response["response"], rule_context.envelope),
            ]
        )
        if "connected_info" in rule_context.capabilities:
            connected = await rule_context.declared()
            given = undeclared_breach(connected, rule_context.envelope, "connected_info")
            rule_context.judge([*connected_breach(connected, response["response"]), *given])

    @rule("info")
    async def test_app_info(self, rule_context: RuleContext) -> None:
        """``app_info`` is a valid OpenAPI document, and says what ``info`` says.

        Its references lead somewhere; its logo is a URL, its vendor a domain; the groups of allowed
        credentials name those that are declared, and scopes are for capabilities that there are. The SDK
        makes the document from what the author has declared.

        Source: the operation ``app_info`` of the SDK's specification: "Returns basic information and the OAS
        specification of the particular app."; its schemas ``OpenAPISpecification`` and
        ``OpenAPISpecificationInfo``.
        """
        from connector_sdk_types.OAS import OAS

        response = await rule_context.app_info()
        rule_context.judge(coverage_breach("app_info", response))
        rule_context.judge(shape_breach("app_info", [response], AppInfoResponse))
        app, info = response["response"], await rule_context.declared_statically()
        breaches = [*app_info_breach(app, info, STANDARD, OAS.OpenAPI)]
        if "app_info" in rule_context.capabilities:
            breaches += unsecured_breach(app)
        elif schemes := unknown_schemes(app):
            rule_context.remarks.append(
                f"app_info names security schemes that it does not have: {', '.join(schemes)}. The SDK's "
                "InfoModule makes none for such credentials, and OpenAPI demands one"
            )
        rule_context.judge(breaches)
        rule_context.remarks += app_info_remarks(app)

    @rule("reports", skip_reason=lacks("probe_integration"))
    async def test_probe(self, rule_context: RuleContext) -> None:
        """A probe reports what the connector would sync: its samples are listed, and its status adds up.

        A check that passed has a sample, and counts at least as many records as it shows; what was not asked
        for is skipped. The SDK's own probe is not judged: what it asks, other rules judge.

        Source: the operation ``probe_integration`` of the SDK's specification: "report, per check,
        whether the data for a first sync is actually reachable"; its schemas ``ProbeCheck``, ``ProbeResults``
        and ``ProbeIntegration``.
        """
        walk = await rule_context.full_walk(PROBE)
        report = walk.pages[0]["response"]
        lists = {
            name: await rule_context.full_walk(name)
            for name in ("list_accounts", "list_entitlements")
            if name in rule_context.capabilities
        }
        breaches = list(
            probe_breach(
                report,
                list(rule_context.capabilities),
                lists,
                await rule_context.declared(),
                asked=bool(walk.interactions),
            )
        )
        if (alone := checked_alone(report)) is not None:
            response = await rule_context.call(PROBE, {"checks": [alone]})
            breaches += coverage_breach(PROBE, response)
            breaches += excluded_breach(alone, response.get("response") or {})
        rule_context.remarks += probe_remarks(report, list(rule_context.capabilities))
        rule_context.judge(breaches)

    @rule("reports", skip_reason=lacks("fulfill_arbitrary_endpoint"))
    async def test_arbitrary_endpoint(self, rule_context: RuleContext) -> None:
        """What is asked is sent, and the vendor's answer comes back as it is; what is not allowed is refused.

        The answer may also be a 404, which is played in place of the recorded one.
        Not allowed are a URL on another host, a path with ``..``, the header ``Authorization``, and a POST
        to a path that is on no list.

        Source: the operation ``fulfill_arbitrary_endpoint`` of the SDK's specification: "return the vendor's
        answer unaltered", "refuses anything off its allowlist"; its schemas ``ArbitraryResponse`` and
        ``FulfillArbitraryEndpoint``.
        """
        example = rule_context.config.request(ENDPOINT)
        if example is None:
            raise RuleWaits(f"there is no example for {ENDPOINT}; the rule coverage reports it")
        walk = await rule_context.full_walk(ENDPOINT)
        breaches = [
            *answer_breach(walk.pages[0]["response"], walk.interactions),
            *asked_breach(example, walk.interactions),
        ]
        before = asked_before(walk.interactions)
        for what, request in forbidden_requests(example).items():
            if not rule_context.may_call(ENDPOINT, request):
                rule_context.remarks.append(f"{what} was not tried: the upstream is a real tenant")
                continue
            start = len(rule_context.interactions)
            response = await rule_context.call(ENDPOINT, request)
            breaches += forbidden_breach(what, response, rule_context.interactions[start:], before)
        rule_context.judge(breaches)
        recording = (await rule_context.read(ENDPOINT)).cassette
        refused = await rule_context.failing.last(recording, NOT_FOUND)
        rule_context.judge(refused_answer_breach(refused, walk.interactions))
