"""The standard contract: what every Lumos connector owes, as a class for the author to subclass.

Each rule is a test: it asks the connector, as a scenario of its own with a cassette, and leaves the
verdict to the pure functions in ``connector_contract.contract.rules``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from connector_sdk_types.generated import AppInfoResponse, InfoResponse

from connector_contract.config import Json
from connector_contract.contract.contract_config import Paths
from connector_contract.contract.rule import (
    accounts_with_status,
    answers_with_records,
    any_capability,
    asks_for_an_id,
    asks_with_credentials,
    has_required_fields,
    lacks,
    lists,
    no_example,
    no_id,
    no_standard_capability,
    no_status,
    of,
    reads,
    refers,
    rule,
    tells_of_some,
    writes,
)
from connector_contract.contract.rules.agreement import FULL_LIST, agreement_breach, samples
from connector_contract.contract.rules.app_info import (
    app_info_breach,
    app_info_remarks,
    unknown_schemes,
    unsecured_breach,
)
from connector_contract.contract.rules.arbitrary_endpoint import (
    ENDPOINT,
    answer_breach,
    asked_before,
    forbidden_breach,
    forbidden_requests,
)
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.complete import empty_list_breach, lost_breach
from connector_contract.contract.rules.coverage import coverage_breach, unasked_breach
from connector_contract.contract.rules.credential_config import (
    UNKNOWN,
    VALIDATION,
    invalid_breach,
    space_remarks,
    unasked_remark,
    valid_breach,
)
from connector_contract.contract.rules.credentials import (
    bad_breach,
    empty_credentials_breach,
    good_breach,
    missing_breach,
)
from connector_contract.contract.rules.failures import (
    INVALID,
    failing_breach,
    partial_breaches,
    refusal_breach,
    unknown_breach,
    with_unknown_ids,
    without_field,
)
from connector_contract.contract.rules.identity import key_remarks
from connector_contract.contract.rules.info import connected_breach, info_breach, undeclared_breach
from connector_contract.contract.rules.maximum import assignment_beyond_max, beyond_max_breach, is_exclusive
from connector_contract.contract.rules.pages import length_breach, size_breach, token_breach, walks_breach
from connector_contract.contract.rules.probe import (
    PROBE,
    checked_alone,
    excluded_breach,
    probe_breach,
    probe_remarks,
)
from connector_contract.contract.rules.references import (
    reference_breach,
    referred_lists,
    unknown_references,
)
from connector_contract.contract.rules.shape import shape_breach
from connector_contract.contract.rules.status import status_table, table_breach
from connector_contract.contract.rules.unread import unread_breach
from connector_contract.contract.rules.writes import unseen, written_breach
from connector_contract.contract.rules.written import ObservedWrite
from connector_contract.contract.sample import Sample
from connector_contract.contract.standard_capabilities import STANDARD, Refused
from connector_contract.errors import NothingToCheck, RuleWaits, UsageError
from connector_contract.fill_in import refuse_fill_ins
from connector_contract.recording.lumos import next_token
from connector_contract.reporting.messages import counted

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

    from connector_contract.contract.declarations_file import Declarations
    from connector_contract.contract.rule_context import RuleContext


class ConnectorContract:
    """What every Lumos connector owes. Subclass it, and name what only the author of a connector knows.

    Attributes:
        page_sizes: The page sizes in which each list is walked.
        max_pages: The number of pages after which a walk is given up.
        upstream_ids: For each list, the JMESPath of the ids in the recorded bodies, such as
            ``{"list_accounts": "items[].id"}``. Some records need several ids: an entitlement its own and its
            resource's; an association the account's, the entitlement's and the resource's. Find lists of
            them, in this order: ``"items[].[user_id, role_id]"``; the last ones may be left out. Where a
            capability asks for different things, give an expression for each glob of URL paths:
            ``{"/api/users*": "items[].id"}``. For what is in the request and not in the body, there are
            ``path_after('groups')``, the segment after ``groups`` in the URL's path, and ``query('group')``,
            a parameter of its query or of the request's body. A list within an id gives an id for each of
            its items: ``"users[].[id, roles]"``.
        excluded_ids: For each list, the JMESPath of ids that the connector leaves out on purpose, each with
            the reason.
        upstream_status: For lists of accounts, the JMESPath of each id with its raw status, or the parts of
            it, such as ``"items[].[id, status]"``.
        read_requests: For each capability that reads and needs one, an example of its request.
        write_requests: For each capability that writes, an example of its request. It has to change
            something, in the state that the upstream has when a scenario begins.
        restore: For a capability that writes, the calls that undo its example on a server that keeps its
            state, in their order: ``{"update_account": {"update_account": {"account_id": "...", ...}}}``.
            They are made after the recording, and not recorded. Without it, an assignment and an activation
            are put back by their opposites, what was created is deleted, and all else is listed.
        bad_auth: An ``auth`` that the upstream refuses; if ``None``, the good one with other secrets.
        bad_credentials: The same for ``credentials``.
        unknown_id: An id that no account has, in a form that the upstream can read.
        sample: How much of each long list the rules look at; ``None`` for all of it. What lies outside is
            unknown to them, and the end of a run says how much they could not check.
        waivers: The rules that need not hold, each with the reason, named as pytest shows them, without
            ``test_``: ``{"complete[list_accounts]": "..."}``. A waiver that is not needed any more fails.
    """

    page_sizes: ClassVar[Sequence[int]] = (1, 3, 100)
    max_pages: ClassVar[int] = 1000
    upstream_ids: ClassVar[Mapping[str, Paths]] = {}
    excluded_ids: ClassVar[Mapping[str, Mapping[str, str]]] = {}
    upstream_status: ClassVar[Mapping[str, Paths]] = {}
    read_requests: ClassVar[Mapping[str, Json]] = {}
    write_requests: ClassVar[Mapping[str, Json]] = {}
    restore: ClassVar[Mapping[str, Mapping[str, Json]]] = {}
    bad_auth: ClassVar[Json | None] = None
    bad_credentials: ClassVar[Sequence[Json] | None] = None
    unknown_id: ClassVar[str] = "no-such-id"
    sample: ClassVar[Sample | None] = None
    waivers: ClassVar[Mapping[str, str]] = {}

    @rule("declarations", waivable=False)
    def test_declarations(self, contract_declarations: Declarations) -> None:
        """What the class declares to demand less is a snapshot, so that a reviewer sees it change.

        That is ``waivers`` and ``excluded_ids``, with their reasons. Where nothing is declared, there is no
        file.

        Source: a waived check proves nothing, and whoever trusts a green run has to see what was waived.
        """
        contract_declarations.check()

    @rule("coverage", reads, skip_reason=no_standard_capability, needs_example=True)
    async def test_coverage(self, rule_context: RuleContext, capability: str) -> None:
        """Each registered capability that reads returns a success for its example; a stub does not.

        A capability is also a stub if it does not ask the upstream, and returns an empty list, or accounts.
        Capabilities that write are covered by ``writes``, so that they are called as seldom as possible.

        Source: the schema ``Info`` of the SDK's specification: "All capabilities provided by this connector."
        """
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
            rule_context.judge(connected_breach(connected, response["response"]))

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

    @rule("credentials", skip_reason=lacks("validate_credentials"))
    async def test_credentials(self, rule_context: RuleContext) -> None:
        """Good credentials are valid, and give the same ``unique_tenant_id`` each time.

        The id comes from a response of the upstream; or from a setting that the connector marks as the
        tenant's, and that its requests to the upstream contain.

        Source: the operation ``validate_credentials`` of the SDK's specification, and the schema
        ``ValidatedCredentials``: "This ID should be stable and not change for the lifetime of the tenant.";
        ``SemanticType.TENANT_ID`` of connector-sdk-types.
        """
        first = (await rule_context.read("validate_credentials")).result
        responses = [*first.pages, await rule_context.call("validate_credentials")]
        rule_context.judge(
            good_breach(
                responses,
                [*first.interactions, *rule_context.interactions],
                rule_context.envelope["settings"],
                rule_context.tenant_settings,
            )
        )

    @rule("credentials", asks_with_credentials, skip_reason=no_example)
    async def test_bad_credentials(self, rule_context: RuleContext, capability: str) -> None:
        """Credentials that the upstream refuses give ``unauthorized``, and never a success.

        The upstream is asked with wrong ones once for each kind of them. Its refusal is then played to each
        capability that is given wrong ones.

        Source: the schemas ``ErrorResponse`` ("returned when an operation fails"), ``ConnectorErrorCode`` and
        ``ConnectorErrorMetadata`` ("True if a token refresh or re-authentication may restore access") of the
        SDK's specification; https://developers.lumos.com/reference/error-handling.
        """
        credentials = rule_context.credentials
        if not credentials.are_given:
            raise NothingToCheck("the connector is given no credentials")
        if credentials.bad is None:
            raise UsageError(
                "It is not known what bad credentials of this connector look like.",
                remedy="Give some in the contract's class: bad_auth = {...}, or bad_credentials = [...].",
            )
        breaches = list(bad_breach(capability, await rule_context.refusing.call(capability, credentials.bad)))
        if breaches and await rule_context.is_constant(capability):
            raise NothingToCheck(f"{capability} asks the upstream for nothing")
        rule_context.judge(breaches)

    @rule("credentials", asks_with_credentials, skip_reason=no_example)
    async def test_missing_credentials(self, rule_context: RuleContext, capability: str) -> None:
        """A request without credentials, or with empty ones, gives an error, and never a success.

        Source: as for bad credentials; the SDK itself answers ``bad_request`` before a connector is asked.
        """
        if not rule_context.credentials.are_given:
            raise NothingToCheck("the connector is given no credentials")
        breaches = list(
            missing_breach(
                capability, await rule_context.call(capability, **rule_context.credentials.missing)
            )
        )
        if rule_context.credentials.empty is not None:
            response = await rule_context.refusing.call(capability, rule_context.credentials.empty)
            breaches += empty_credentials_breach(capability, response)
        if breaches and await rule_context.is_constant(capability):
            raise NothingToCheck(f"{capability} asks the upstream for nothing")
        rule_context.judge(breaches)

    @rule("credentials", skip_reason=of("validate_credential_config"))
    async def test_credential_config(self, rule_context: RuleContext) -> None:
        """Each credential is valid alone, without errors; a wrong one is not valid, and the reason is said.

        Wrong ones have another secret, an empty one, or the id of none. The upstream is not asked with wrong
        secrets again: its refusal is played, as for ``bad_credentials``.

        Source: the operation ``validate_credential_config`` of the SDK's specification: "verifies that the
        (single) credentials provided by the customer are valid and active"; its schema
        ``ValidatedCredentialConfig``: "It is expected that the connector returns at least one validation
        error."
        """
        given = rule_context.credentials.each
        if not given:
            raise NothingToCheck("the connector is given no credentials, each with an id")
        breaches: list[Breach] = []
        unasked = set()
        response: Json
        for one in given:
            before = len(rule_context.interactions)
            response = await rule_context.call(VALIDATION, {"credential": one.good})
            breaches += valid_breach(one.id, response)
            unasked |= {one.id} if len(rule_context.interactions) == before else set()
        unknown = {"credential": {**given[0].good, "id": UNKNOWN}}
        response = await rule_context.call(VALIDATION, unknown)
        breaches += invalid_breach("a credential that is not declared", response)
        # What a good one gives an error for says nothing of others.
        for one in given if not breaches else ():
            if one.empty is not None:
                response = await rule_context.call(VALIDATION, {"credential": one.empty})
                breaches += invalid_breach(f"an empty {one.id}", response)
            if one.spaced is not None:
                spaced = await rule_context.refusing.validate(one.id, one.spaced)
                rule_context.remarks += space_remarks(one.id, spaced)
            if one.wrong is not None:
                response = await rule_context.refusing.validate(one.id, one.wrong)
                wrong = list(invalid_breach(f"a wrong {one.id}", response))
                if one.id in unasked and wrong:
                    rule_context.remarks.append(unasked_remark(one.id))
                else:
                    breaches += wrong
        rule_context.judge(breaches)

    @rule("shape", reads, skip_reason=no_example)
    async def test_shape(self, rule_context: RuleContext, capability: str) -> None:
        """Responses validate against the capability's model, and ids are strings that identify something.

        Source: the response schemas of the SDK's specification.
        """
        walk = await rule_context.full_walk(capability)
        rule_context.judge(
            shape_breach(capability, walk.pages, rule_context.capabilities[capability].response)
        )

    @rule("pages", lists, skip_reason=no_example)
    async def test_pages(self, rule_context: RuleContext, capability: str) -> None:
        """A walk ends, whatever the page size, and gives the same records once each, in the same order.

        One of the sizes is the connector's default. The last page has no token.

        Source: the chapter on pagination of the SDK's specification: "The same page size should be used
        throughout a pagination sequence", "When there's no more data, the response won't include a page
        token"; ``x-unique-hash`` of the schemas says which records are the same.
        """
        sizes = rule_context.config.page_sizes
        walks = [(await rule_context.read(capability, size)).result for size in sizes]
        walks.append((await rule_context.read_default(capability)).result)
        rule_context.judge(walks_breach(walks))
        longest = max(walks, key=lambda walk: len(walk.records))
        rule_context.remarks += key_remarks(longest, rule_context.capabilities[capability].standard_key)
        if not any(walk.records for walk in walks):
            raise NothingToCheck(f"{capability} has no records")
        if all(len(walk.pages) == 1 for walk in walks):
            raise NothingToCheck(
                f"{capability} has only one page, even in pages of {min(rule_context.config.page_sizes)}"
            )

    @rule("pages", lists, skip_reason=no_example)
    async def test_page_length(self, rule_context: RuleContext, capability: str) -> None:
        """No page has more records than Lumos asks for.

        Source: the schema ``Page`` of the SDK's specification: "Number of items to return per page."
        """
        walk = rule_context.good(
            (await rule_context.read(capability, min(rule_context.config.page_sizes))).result
        )
        if len(walk.pages) == 1:
            rule_context.leave_custom(capability)
        rule_context.judge(length_breach(walk))
        if not walk.records:
            raise NothingToCheck(f"{capability} has no records")

    @rule("pages", lists, skip_reason=no_example)
    async def test_page_token(self, rule_context: RuleContext, capability: str) -> None:
        """A malformed page token gives an error, best ``invalid_page_token``, and never a success.

        If it gave the first page again, Lumos would walk in a circle.

        Source: the chapter on pagination of the SDK's specification: "Invalid or expired tokens will result
        in an error response"; its schema ``ConnectorErrorCode``.
        """
        size = min(rule_context.config.page_sizes)
        pages = (await rule_context.read(capability, size)).result.pages
        if not pages or pages[0].get("is_error"):
            raise RuleWaits(f"{capability} gives no first page; the rule pages reports it")
        first = pages[0]
        if not first.get("response"):
            raise NothingToCheck(f"{capability} has no records")
        if next_token(first) is None:
            rule_context.leave_custom(capability)
        # None at all, and one that was cut. An empty one of create_next_page_token ("90") is the first page
        # to what the SDK scaffolds; handed out by a connector, it would make a walk that does not end.
        tokens = ["no-page-token", "7b226f6666736574223a"]
        responses = {
            token: await rule_context.call(capability, page={"size": size, "token": token})
            for token in tokens
        }
        rule_context.judge(token_breach(capability, first, responses))

    @rule("pages", lists, skip_reason=no_example, parametrize=("size", (0, -1)))
    async def test_page_size(self, rule_context: RuleContext, capability: str, size: int) -> None:
        """A page size of zero or less gives an error, or pages of the default size, never an endless walk.

        Source: the schema ``Page`` of the SDK's specification: "Number of items to return per page."
        """
        default = rule_context.good((await rule_context.read_default(capability)).result)
        walk = await rule_context.own_walk(capability, size, default.limit)
        rule_context.judge(size_breach(size, walk, default))
        if not default.records:
            raise NothingToCheck(f"{capability} has no records")

    @rule("complete", answers_with_records, skip_reason=no_example)
    async def test_complete(self, rule_context: RuleContext, capability: str) -> None:
        """Each id that the upstream sent is listed exactly once, or left out for a declared reason.

        A capability that comes in pages reads each list of the upstream to its end. Both are checked in the
        recorded bodies, because a snapshot accepts whatever was wrong on the day of its recording.

        Source: the operations of the SDK's specification that list: "List all resources available in the
        connected system", and so on.
        """
        config = rule_context.config
        ids = config.upstream_ids.get(capability)
        refuse_fill_ins(ids)
        walk, whole = await rule_context.paged_and_whole(capability)
        breaches: list[Breach] = []
        if ids is not None:
            breaches += lost_breach(whole, ids, config.excluded_ids.get(capability, {}))
        # For one account, a connector may read as much of the others as it wants.
        if rule_context.capabilities[capability].paginated:
            breaches += [*unread_breach(walk), *(empty_list_breach(walk) if ids is None else ())]
        rule_context.judge(breaches)
        if ids is None:
            raise NothingToCheck(f"upstream_ids does not say where {capability} finds the ids")
        if not walk.records:
            raise NothingToCheck(f"the upstream sent no records for {capability}")

    @rule("status", accounts_with_status, skip_reason=no_status)
    async def test_status(
        self, rule_context: RuleContext, capability: str, snapshot: SnapshotAssertion
    ) -> None:
        """Each raw status becomes one Lumos status, and not all become the same; the table is a snapshot.

        Source: the schema ``AccountStatus`` of the SDK's specification: "the possible statuses of an
        account".
        """
        config = rule_context.config
        refuse_fill_ins(config.upstream_status[capability])
        walk = await rule_context.full_walk(capability)
        table = status_table(walk, config.upstream_status[capability], config.upstream_ids.get(capability))
        rule_context.compare_table(table, snapshot)
        rule_context.judge(table_breach(capability, table))
        if len(table) < 2:
            raise NothingToCheck(
                f"the upstream sent only {len(table)} statuses for {capability}: {', '.join(table)}"
            )

    @rule("references", refers, skip_reason=no_example)
    async def test_references(self, rule_context: RuleContext, capability: str) -> None:
        """Associations refer to listed accounts, entitlements and resources; all types are declared.

        The resource of an entitlement has the resource type that the entitlement's type is declared with.

        Source: the schemas of the SDK's specification: ``FoundEntitlementData`` ("Should match a previously
        declared entitlement type from this connector"), ``FoundEntitlementAssociation`` ("The ID of the
        account that has been granted the entitlement").
        """
        walk = await rule_context.full_walk(capability)
        targets = [target for target in referred_lists(capability) if target in rule_context.capabilities]
        referred = {target: await rule_context.full_walk(target) for target in targets}
        rule_context.judge(reference_breach(walk, referred, await rule_context.declared()))
        if unknown := unknown_references(walk, referred):
            rule_context.outside = f"{counted(unknown, 'reference')} may be to what is on other pages"
        if not targets and "associations" in capability:
            raise NothingToCheck(f"the connector has none of the lists that {capability} refers to")
        if not walk.records:
            raise NothingToCheck(f"{capability} has no records")

    @rule("references", tells_of_some, skip_reason=no_example)
    async def test_agreement(self, rule_context: RuleContext, capability: str) -> None:
        """A response about some accounts is about the requested ones, and agrees with the list of all.

        It agrees in the status, names and access of each account.

        Source: the operations of the SDK's specification that ask for some accounts: their records have the
        schemas that the list of all has.
        """
        request = rule_context.config.request(capability) or {}
        walk = await rule_context.full_walk(capability)
        all_of_them = FULL_LIST[capability]
        full = await rule_context.full_walk(all_of_them) if all_of_them in rule_context.capabilities else None
        rule_context.judge(agreement_breach(walk, request, full))
        for id_ in samples(full) if capability == "get_account" and full else []:
            one = {**request, "account_id": id_}
            rule_context.judge(agreement_breach(await rule_context.ask(capability, one), one, full))
        if not walk.records:
            raise NothingToCheck(f"{capability} has no records")

    @rule("writes", writes, skip_reason=no_standard_capability, needs_example=True)
    async def test_writes(self, rule_context: RuleContext, capability: str) -> None:
        """After a write, reading back shows it, with the returned status; a repeat does no harm.

        A repeat may give an error that says so. The write changes nothing else: no other account, nobody
        else's access, and not the name or e-mail of the account.

        Source: the operations of the SDK's specification that write, and the schemas of their responses,
        such as ``AssignedEntitlement``: "This should only ever be true. If the assignment can't happen we
        expect an error."
        """
        shared = await rule_context.write(capability)
        write = shared.result
        model = rule_context.capabilities[capability].response
        rule_context.judge(
            [*coverage_breach(capability, write.response), *shape_breach(capability, [write.response], model)]
        )
        for walk in write.failed_before:
            # A list that fails is reported by its own rules; a write that fails, by this one.
            rule_context.good(walk)
        rule_context.judge([walk.failure for walk in write.failed_after if walk.failure])
        if not write.before:
            raise NothingToCheck(f"the connector has no list in which to read {capability} back")
        replaces = capability == "assign_entitlement" and any(
            is_exclusive(each) and each["type_id"] == write.request.get("entitlement_type")
            for each in (await rule_context.declared()).get("entitlement_types") or ()
        )
        written = ObservedWrite(
            capability,
            write.request,
            write.response,
            write.repeated,
            write.before,
            write.after,
            write.finally_,
            replaces,
        )
        rule_context.judge(written_breach(written))
        if why := unseen(written):
            raise NothingToCheck(why)

    @rule(
        "writes",
        skip_reason=lacks("assign_entitlement", "list_entitlements", "find_entitlement_associations"),
    )
    async def test_max_assignments(self, rule_context: RuleContext) -> None:
        """Assigning one entitlement more than the ``max`` of its type gives an error, and changes nothing.

        Source: the operation ``assign_entitlement`` of the SDK's specification: "The assignment is subject to
        any constraints defined for the entitlement type"; its schema ``EntitlementType``.
        """
        declared = await rule_context.declared()
        lists = [
            await rule_context.full_walk(name)
            for name in ("list_entitlements", "find_entitlement_associations")
        ]
        if (likely := assignment_beyond_max(declared, *(each.records for each in lists))) is not None:
            rule_context.leave_undeclared("assign_entitlement", likely)
        entitlements = await rule_context.list_before("list_entitlements", "assign_entitlement")
        before = await rule_context.list_before("find_entitlement_associations", "assign_entitlement")
        request = assignment_beyond_max(declared, entitlements.records, before.records)
        if request is None:
            raise NothingToCheck("no entitlement type has a max that an account has reached")
        response = await rule_context.call("assign_entitlement", request)
        after = await rule_context.read_back("find_entitlement_associations")
        rule_context.judge(beyond_max_breach(request, response, before, after))

    @rule("reports", skip_reason=of("probe_integration"))
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

    @rule("reports", skip_reason=of("fulfill_arbitrary_endpoint"))
    async def test_arbitrary_endpoint(self, rule_context: RuleContext) -> None:
        """What the vendor answers comes back as it is; what is not allowed is refused, and nothing is sent.

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
        breaches = list(answer_breach(walk.pages[0]["response"], walk.interactions))
        before = asked_before(walk.interactions)
        for what, request in forbidden_requests(example).items():
            if not rule_context.may_call(ENDPOINT, request):
                rule_context.remarks.append(f"{what} was not tried: the upstream is a real tenant")
                continue
            start = len(rule_context.interactions)
            response = await rule_context.call(ENDPOINT, request)
            breaches += forbidden_breach(what, response, rule_context.interactions[start:], before)
        rule_context.judge(breaches)

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
        await rule_context.compare_records(capability, snapshot)

    @rule("errors", asks_for_an_id, skip_reason=no_id)
    async def test_unknown_id(self, rule_context: RuleContext, capability: str) -> None:
        """An unknown id gives ``not_found``, never a success; in a list of ids, it gives no record.

        Source: the schema ``ConnectorErrorCode`` of the SDK's specification; the operation
        ``get_application_account``: "This will return a NOT_FOUND error if the assignment does not exist."
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

    @rule("errors", any_capability, skip_reason=no_example, parametrize=("status", (500, 503)))
    async def test_server_error(self, rule_context: RuleContext, capability: str, status: int) -> None:
        """If the upstream responds with 500 or 503, the connector gives the error for it, never a success.

        All requests of the call fail, and then each of them alone, but for a logout. A success may name the
        error in ``caught_errors`` of its execution summary.

        Source: the SDK's own map of statuses, ``connector.oai.errors``; the schema ``ErrorResponse`` of its
        specification: "returned when an operation fails".
        """
        if rule_context.capabilities[capability].refused is Refused.NOTHING:
            raise NothingToCheck(f"{capability} gives the same whatever the upstream does")
        breaches = [
            breach
            async for response, broken in rule_context.failing.call(capability, status)
            for breach in failing_breach(capability, broken, response, status)
        ]
        rule_context.judge(breaches)

    @rule("errors", answers_with_records, skip_reason=no_example)
    async def test_partial_read(self, rule_context: RuleContext, capability: str) -> None:
        """A later page that fails makes the whole list an error, whichever page it is.

        Source: as for ``server_error``. Each request for records but the first is broken in turn.
        """
        walks = rule_context.failing.walks(capability, 503)
        rule_context.judge(partial_breaches([each async for each in walks]))
