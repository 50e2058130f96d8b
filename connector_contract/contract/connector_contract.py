"""The standard contract: what every Lumos connector owes, as a class for the author to subclass.

Each rule is a test: it asks the connector, as a scenario of its own with a cassette, and leaves the
verdict to the pure functions in ``connector_contract.contract.rules``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from connector_sdk_types.generated import AppInfoResponse, InfoResponse, StandardCapabilityName

from connector_contract.config import Json
from connector_contract.contract.contract_config import Paths
from connector_contract.contract.rule import (
    accounts_with_status,
    answers_with_records,
    any_capability,
    asks_for_an_id,
    asks_with_credentials,
    gives_attributes,
    gives_updates,
    hands_out_tokens,
    has_required_fields,
    keeps_to_a_time,
    lacks,
    lists,
    no_example,
    no_id,
    no_kind,
    no_standard_capability,
    no_status,
    no_token_request,
    of,
    reads,
    refers,
    rule,
    shows_in_updates,
    tells_of_recency,
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
from connector_contract.contract.rules.applications import assignment_lists, not_assigned
from connector_contract.contract.rules.arbitrary_endpoint import (
    ENDPOINT,
    answer_breach,
    asked_before,
    forbidden_breach,
    forbidden_requests,
)
from connector_contract.contract.rules.attributes import (
    FILLED,
    SCHEMA,
    asked_in,
    declared_for,
    disagreement_breach,
    empty_breach,
    richest,
    stray_breach,
    surplus_breach,
    surplus_remark,
    type_breach,
    unfilled,
    unreachable_breach,
)
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.cardinality import (
    CREATE,
    ENTITLEMENTS,
    example_breach,
    has_limits,
    held_breach,
    held_remarks,
    requirements_breach,
    written_limits_breach,
)
from connector_contract.contract.rules.complete import empty_list_breach, lost_breach
from connector_contract.contract.rules.coverage import coverage_breach, unasked_breach
from connector_contract.contract.rules.credential_config import (
    UNKNOWN_CREDENTIAL,
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
from connector_contract.contract.rules.cursor import (
    UNKNOWN_CURSOR,
    cursor_of,
    repeat_breach,
    unknown_cursor_breach,
    unseen_breach,
    with_cursor,
)
from connector_contract.contract.rules.failures import (
    INVALID,
    UNKNOWN,
    failing_breach,
    partial_breaches,
    refusal_breach,
    unknown_breach,
    with_unknown_ids,
    without_field,
)
from connector_contract.contract.rules.filters import FUTURE, narrower, outside_breach
from connector_contract.contract.rules.filters import lost_breach as left_out_breach
from connector_contract.contract.rules.forms import form_breach
from connector_contract.contract.rules.graphs import edges_breach, graph_breach, graph_lists, graph_remarks
from connector_contract.contract.rules.identities import (
    IDENTITIES,
    identity_breach,
    identity_remarks,
    secret_material_breach,
)
from connector_contract.contract.rules.identity import key_remarks
from connector_contract.contract.rules.info import connected_breach, info_breach, undeclared_breach
from connector_contract.contract.rules.kinds import KIND, both_breach, both_remarks, kind_breach, kind_table
from connector_contract.contract.rules.listed import (
    ended_remarks,
    still_listed_breach,
    unlisted_breach,
    unsent_remarks,
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
from connector_contract.contract.rules.pages import length_breach, size_breach, token_breach, walks_breach
from connector_contract.contract.rules.probe import (
    PROBE,
    checked_alone,
    excluded_breach,
    probe_breach,
    probe_remarks,
)
from connector_contract.contract.rules.recency import recency_breach
from connector_contract.contract.rules.references import (
    reference_breach,
    reference_remarks,
    referred_lists,
    unknown_references,
)
from connector_contract.contract.rules.resets import RESETS, reset_remarks, types_of
from connector_contract.contract.rules.responses import Key
from connector_contract.contract.rules.shape import shape_breach
from connector_contract.contract.rules.status import STATUS, status_table, table_breach
from connector_contract.contract.rules.unread import unread_breach
from connector_contract.contract.rules.writes import unseen, written_breach
from connector_contract.contract.rules.written import (
    ACCOUNTS,
    ASSOCIATIONS,
    ObservedWrite,
    asked_for,
    payload_of,
)
from connector_contract.contract.sample import Sample
from connector_contract.contract.standard_capabilities import STANDARD, Refused
from connector_contract.errors import NothingToCheck, RuleWaits, UsageError
from connector_contract.fill_in import is_filled_in, refuse_fill_ins
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
        empty_attributes: For each capability that lists what has custom attributes, the declared ones that
            nothing in the tenant has, each with the reason: ``{"list_accounts": {"cost_center": "..."}}``.
        upstream_status: For lists of accounts, the JMESPath of each id with its raw status, or the parts of
            it, such as ``"items[].[id, status]"``.
        listed_statuses: The raw statuses, as ``upstream_status`` finds them, of the accounts that are listed;
            the connector leaves out all others: ``["active", "suspended"]``. A sequence is about
            ``list_accounts``; a dict has one for each list of accounts. A status of several parts is a list
            of them. It needs no reason: the SDK's specification says that only active and suspended accounts
            are listed.
        upstream_kind: For lists of accounts, the JMESPath of each id with what tells people from machines, or
            the parts of it, such as ``"items[].[id, kind]"``.
        read_requests: For each capability that reads and needs one, an example of its request.
        write_requests: For each capability that writes, an example of its request. It has to change
            something, in the state that the upstream has when a scenario begins.
        restore: For a capability that writes, the calls that undo its example on a server that keeps its
            state, in their order: ``{"update_account": {"update_account": {"account_id": "...", ...}}}``.
            They are made after the recording, and not recorded. Without it, an assignment and an activation
            are put back by their opposites, what was created is deleted, and all else is listed.
        oauth_requests: For the capabilities with which Lumos gets tokens, the requests to ask with:
            ``{"handle_authorization_callback": {"client_id": "...", "client_secret": "...",
            "redirect_uri_with_code": log_in}}``. ``log_in`` takes the authorization URL and returns the URL
            that the browser is sent to; it is called while recording alone. Or give that URL itself, whose
            code works once. Read secrets from the environment; a replay needs none.
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
    empty_attributes: ClassVar[Mapping[str, Mapping[str, str]]] = {}
    upstream_status: ClassVar[Mapping[str, Paths]] = {}
    listed_statuses: ClassVar[Mapping[str, Collection[Any]] | Collection[Any]] = {}
    upstream_kind: ClassVar[Mapping[str, Paths]] = {}
    read_requests: ClassVar[Mapping[str, Json]] = {}
    write_requests: ClassVar[Mapping[str, Json]] = {}
    restore: ClassVar[Mapping[str, Mapping[str, Json]]] = {}
    oauth_requests: ClassVar[Mapping[str, Json]] = {}
    bad_auth: ClassVar[Json | None] = None
    bad_credentials: ClassVar[Sequence[Json] | None] = None
    unknown_id: ClassVar[str] = "no-such-id"
    sample: ClassVar[Sample | None] = None
    waivers: ClassVar[Mapping[str, str]] = {}

    @rule("declarations", waivable=False)
    def test_declarations(self, contract_declarations: Declarations) -> None:
        """What the class declares to demand less is a snapshot, so that a reviewer sees it change.

        That is ``waivers``, ``excluded_ids`` and ``empty_attributes``, with their reasons,
        ``listed_statuses`` and ``sample``. Where nothing is declared, there is no file.

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
        unknown = {"credential": {**given[0].good, "id": UNKNOWN_CREDENTIAL}}
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

    @rule("oauth", skip_reason=lacks("get_authorization_url"))
    async def test_authorization_url(self, rule_context: RuleContext) -> None:
        """The authorization URL is one with which a customer can log in to the application.

        It is https, and has ``response_type=code``, the client's id, the exact redirect URI, the state and
        the scopes, each once, and no secret. With PKCE it has the challenge that belongs to the verifier, by
        S256, and both are others each time. Where ``authorization_url`` of ``OAuthSettings`` has a query of
        its own, the SDK appends a second one, and the URL is of no use.

        Source: the operation ``get_authorization_url`` of the SDK's specification: "This URL can be used to
        direct users to the authorization page where they can grant access to their account"; its schemas
        ``GetAuthorizationUrl`` ("Must match the connector settings") and ``AuthorizationUrl``; RFC 6749,
        RFC 7636.
        """
        rule_context.judge(await rule_context.tokens.authorization_urls())

    @rule("oauth", hands_out_tokens, skip_reason=no_token_request)
    async def test_tokens(self, rule_context: RuleContext, capability: str) -> None:
        """A good code, or a client's id and secret, gives a token that a following call accepts.

        If there is a refresh token, that gives another access token, which is accepted as well; a new refresh
        token is handed on. A ``state`` in the response is the one that was sent. A redirect without a code,
        a token server that cannot be reached and one that fails give an error; ``invalid_grant`` one on which
        Lumos asks the customer to authorize again.

        Source: the operations ``handle_authorization_callback`` ("exchange the authorization code for access
        and refresh tokens"), ``refresh_access_token`` ("Get a new access token (and possibly new refresh
        token) using the previous refresh token") and ``handle_client_credentials_request`` of the SDK's
        specification, and its schemas ``OauthCredentials`` and ``ConnectorErrorMetadata``.
        """
        rule_context.judge(await rule_context.tokens.tokens(capability))
        rule_context.judge(await rule_context.tokens.failing())

    @rule("shape", reads, skip_reason=no_example)
    async def test_shape(self, rule_context: RuleContext, capability: str) -> None:
        """Responses validate against the capability's model, and ids are strings that identify something.

        Times have a zone, amounts are decimal numbers, and currencies are codes. Credentials and non-human
        accounts come with metadata alone: no field has what the upstream keeps in a field with a secret's
        name, what the connector authenticates with, or a private key.

        Source: the response schemas of the SDK's specification, such as ``CredentialLastActivity`` ("ISO 8601
        timestamp when the activity occurred") and ``Amount`` ("An amount, stored as a decimal string", "A
        currency, in ISO 4217 format"); the operation ``list_credentials``: "The response carries metadata
        only - never secret material."
        """
        walk = await rule_context.full_walk(capability)
        model = rule_context.capabilities[capability].response
        breaches = [*shape_breach(capability, walk.pages, model), *form_breach(capability, walk.pages)]
        if capability in IDENTITIES:
            breaches += secret_material_breach(walk, rule_context.secret_names, rule_context.redact)
        rule_context.judge(breaches)

    @rule("pages", lists, skip_reason=no_example)
    async def test_pages(self, rule_context: RuleContext, capability: str) -> None:
        """A walk ends, whatever the page size, and gives the same records once each, in the same order.

        One of the sizes is the connector's default. The last page has no token. An access graph has the same
        edges, too.

        Source: the chapter on pagination of the SDK's specification: "The same page size should be used
        throughout a pagination sequence", "When there's no more data, the response won't include a page
        token"; ``x-unique-hash`` of the schemas says which records are the same.
        """
        sizes = rule_context.config.page_sizes
        walks = [(await rule_context.read(capability, size)).result for size in sizes]
        walks.append((await rule_context.read_default(capability)).result)
        rule_context.judge(walks_breach(walks))
        rule_context.judge(edges_breach(walks))
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
        recorded bodies, because a snapshot accepts whatever was wrong on the day of its recording. Accounts
        whose raw status ``listed_statuses`` does not have need no reason; they are not listed.

        Source: the operations of the SDK's specification that list: "List all resources available in the
        connected system", and so on; of ``list_accounts``, "Response will include only active and suspended
        account."
        """
        config = rule_context.config
        ids = config.upstream_ids.get(capability)
        refuse_fill_ins(ids)
        walk, whole = await rule_context.paged_and_whole(capability)
        statuses = rule_context.raw_statuses(whole)
        breaches: list[Breach] = []
        if ids is not None:
            breaches += lost_breach(whole, ids, config.excluded_ids.get(capability, {}), statuses)
        if statuses is not None:
            breaches += unlisted_breach(whole, statuses)
            rule_context.remarks += unsent_remarks(whole, statuses)
        rule_context.remarks += ended_remarks(whole)
        # For one account, a connector may read as much of the others as it wants.
        if rule_context.capabilities[capability].paginated:
            is_unknown = ids is None and not (statuses and statuses.leave_all_out)
            breaches += [*unread_breach(walk), *(empty_list_breach(walk) if is_unknown else ())]
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
        rule_context.compare_table(table, snapshot, STATUS)
        rule_context.judge(table_breach(capability, table))
        if len(table) < 2:
            sent = f"{counted(len(table), 'raw status', 'raw statuses')}{': ' if table else ''}"
            raise NothingToCheck(f"{capability} lists accounts with only {sent}{', '.join(table)}")

    @rule("kinds of account", accounts_with_status, skip_reason=no_kind)
    async def test_kinds(
        self, rule_context: RuleContext, capability: str, snapshot: SnapshotAssertion
    ) -> None:
        """Each raw kind becomes one account type, and not all become the same; the table is a snapshot.

        A kind is whatever tells people from machines. No kind becomes no type where others have one.

        Source: the schemas ``AccountType``: "Enum representing the types of accounts", and
        ``FoundAccountData.account_type``: "The type of the account (e.g., service account or user account)."
        """
        config = rule_context.config
        refuse_fill_ins(config.upstream_kind[capability])
        walk = await rule_context.full_walk(capability)
        table = kind_table(walk, config.upstream_kind[capability], config.upstream_ids.get(capability))
        rule_context.compare_table(table, snapshot, KIND)
        rule_context.judge(kind_breach(capability, table))
        if len(table) < 2:
            sent = f"{counted(len(table), 'raw kind')}{': ' if table else ''}"
            raise NothingToCheck(f"{capability} lists accounts with only {sent}{', '.join(table)}")

    @rule("kinds of account", skip_reason=lacks("list_accounts", "list_non_human_accounts"))
    async def test_non_human_accounts(self, rule_context: RuleContext) -> None:
        """Nobody is a user in ``list_accounts`` and a non-human account as well.

        A service account may be in both lists, with one ``resource_id``; a note says so.

        Source: the schemas ``FoundAccountData`` and ``NonHumanAccount``, whose ``resource_id`` is the
        "Globally-unique resource id - the account's identity as a node in the synthesized graph".
        """
        accounts = await rule_context.full_walk("list_accounts")
        non_human = await rule_context.full_walk("list_non_human_accounts")
        rule_context.remarks += both_remarks(accounts, non_human)
        rule_context.judge(both_breach(accounts, non_human))
        for walk in (accounts, non_human):
            if not walk.records:
                raise NothingToCheck(f"{walk.capability} has no records")

    @rule("references", refers, skip_reason=no_example)
    async def test_references(self, rule_context: RuleContext, capability: str) -> None:
        """Associations refer to listed accounts, entitlements and resources; all types are declared.

        The resource of an entitlement has the resource type that the entitlement's type is declared with.
        What is in an application refers to what is in the same one, credentials to the accounts that they
        give access to, and each edge and each assignment of an access graph to nodes that exist.

        Source: the schemas of the SDK's specification: ``FoundEntitlementData`` ("Should match a previously
        declared entitlement type from this connector"), ``FoundEntitlementAssociation`` ("The ID of the
        account that has been granted the entitlement"), ``Credential`` ("the account this credential grants
        access to"), ``AccessGraphResourceRelationship`` ("a relationship between two resources").
        """
        walk = await rule_context.full_walk(capability)
        refers_to = [*referred_lists(capability), *graph_lists(capability)]
        targets = [target for target in refers_to if target in rule_context.capabilities]
        referred = {target: await rule_context.full_walk(target) for target in targets}
        declared = await rule_context.declared()
        for remarks in (
            reference_remarks(walk, referred),
            graph_remarks(walk, declared),
            identity_remarks(walk),
        ):
            rule_context.remarks += remarks
        rule_context.judge(
            [
                *reference_breach(walk, referred, declared),
                *graph_breach(walk, referred, declared),
                *identity_breach(walk),
            ]
        )
        if unknown := unknown_references(walk, referred):
            rule_context.outside = f"{counted(unknown, 'reference')} may be to what is on other pages"
        if not targets and ("associations" in capability or "activity" in capability):
            raise NothingToCheck(f"the connector has none of the lists that {capability} refers to")
        if not walk.records:
            raise NothingToCheck(f"{capability} has no records")

    @rule("references", tells_of_some, skip_reason=no_example)
    async def test_agreement(self, rule_context: RuleContext, capability: str) -> None:
        """A response about some accounts is about the requested ones, and agrees with the list of all.

        It agrees in the status, names and access of each account. So does one about an application, or about
        an account in it.

        Source: the operations of the SDK's specification that ask for some accounts: their records have the
        schemas that the list of all has.
        """
        request = rule_context.config.request(capability) or {}
        walk = await rule_context.full_walk(capability)
        all_of_them = FULL_LIST[capability]
        full = await rule_context.full_walk(all_of_them) if all_of_them in rule_context.capabilities else None
        rule_context.judge(agreement_breach(walk, request, full))
        for one in samples(capability, request, full):
            rule_context.judge(agreement_breach(await rule_context.ask(capability, one), one, full))
        if not walk.records:
            raise NothingToCheck(f"{capability} has no records")

    @rule("cardinality", skip_reason=lacks("list_entitlements", "find_entitlement_associations"))
    async def test_cardinality(self, rule_context: RuleContext) -> None:
        """Nobody has more entitlements of a type than its ``max``, and no active account fewer than ``min``.

        What an account has is counted for each resource against the ``max``, and for all resources against
        the ``min``. The example of ``create_account`` asks for what the types require of a new account.

        Source: the schema ``EntitlementType``: "all accounts must have have one", "an account can only have
        one", "Overrides the base min/max values for the entitlement type and the specific capability."
        """
        info, config = await rule_context.declared(), rule_context.config
        breaches = list(requirements_breach(info, {*STANDARD, *rule_context.capabilities}))
        example = config.request(CREATE)
        if CREATE in rule_context.capabilities and example is not None and is_filled_in(example):
            breaches += example_breach(info, example)
        accounts = await rule_context.full_walk(ACCOUNTS) if ACCOUNTS in rule_context.capabilities else None
        entitlements = await rule_context.full_walk(ENTITLEMENTS)
        associations = await rule_context.full_walk(ASSOCIATIONS)
        breaches += held_breach(info, accounts, entitlements, associations)
        rule_context.remarks += held_remarks(info, entitlements, associations)
        rule_context.judge(breaches)
        if not has_limits(info):
            raise NothingToCheck("no entitlement type has a min or a max")

    @rule("attributes", gives_attributes, skip_reason=no_example)
    async def test_attributes(self, rule_context: RuleContext, capability: str) -> None:
        """Each declared custom attribute can be asked for, has values of its type, and comes alone.

        Some record has a value of it, or ``empty_attributes`` says why there is none. ``get_account`` gives
        what the list gives.

        Source: the schemas of the SDK's specification: ``ListAccounts`` ("Each string in this array
        represents a specific custom attribute to retrieve."), ``GetAccount`` ("If omitted, no custom
        attributes will be included."), ``Credential`` ("Values are typed per the attribute's declared
        attribute_type"), ``ProbeCheck`` ("the schema exists but nothing populates it, so custom attributes
        would sync empty").
        """
        schema = await rule_context.full_walk(SCHEMA)
        if not schema.records:
            raise NothingToCheck(f"{SCHEMA} declares none")
        if capability == SCHEMA:
            rule_context.judge(unreachable_breach(schema, rule_context.capabilities))
            return
        types = declared_for(schema, capability)
        if not types:
            raise NothingToCheck(f"{SCHEMA} declares none that {capability} could give")
        shared = await rule_context.full_walk(capability)
        asked = asked_in(rule_context.config.request(capability) or {})
        if asked or capability == "get_account":
            rule_context.judge(surplus_breach(shared, asked))
        else:
            rule_context.remarks += surplus_remark(shared)
        accounts, account_id = None, None
        if capability == "get_account" and "list_accounts" in rule_context.capabilities:
            accounts = await rule_context.with_attributes("list_accounts", types, pages=1, is_large=False)
            account_id = richest(accounts)
        walk = await rule_context.with_attributes(capability, types, account_id=account_id)
        empty = rule_context.config.empty_attributes.get(capability, {})
        if not schema.is_whole:
            # What else is declared, and perhaps empty, is on other pages.
            empty = {name: reason for name, reason in empty.items() if name in types}
        breaches = [*surplus_breach(walk, types), *type_breach(walk, types), *stray_breach(walk)]
        if accounts is not None:
            breaches += disagreement_breach(walk, accounts, list(types))
        if capability in FILLED and walk.records:
            if walk.is_whole:
                breaches += empty_breach(walk, types, empty)
            elif missing := unfilled(walk, types, empty):
                rule_context.outside = f"values of {', '.join(missing)} may be on other pages"
        if len(types) > 1:
            one = list(types)[:1]
            alone = await rule_context.with_attributes(
                capability, one, account_id=account_id, pages=1, is_large=False
            )
            if not breaches:
                breaches += surplus_breach(alone, one)
        rule_context.judge(breaches)
        if not walk.records:
            raise NothingToCheck(f"{capability} has no records")

    @rule("increments", gives_updates, skip_reason=no_example)
    async def test_cursor(self, rule_context: RuleContext, capability: str) -> None:
        """A cursor, given back, gives only what has changed since; an unknown one gives an error, or all.

        Source: the schemas of the SDK's specification: ``Delta`` ("to receive only the changes (additions,
        updates, deletions) that occurred since that point."), ``ListUpdatedAccounts`` ("**Invalid Cursor**:
        May return an error or fall back to full data fetch").
        """
        request = rule_context.config.request(capability) or {}
        size, limit = rule_context.reads.largest, rule_context.config.sample_pages
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
        rule_context.judge([*repeat_breach(first, again), *unknown_cursor_breach(first, unknown)])
        if not first.records:
            raise NothingToCheck(f"{capability} has no records")

    @rule("increments", keeps_to_a_time, skip_reason=no_example)
    async def test_filters(self, rule_context: RuleContext, capability: str) -> None:
        """A response keeps to the time that it is asked for, and to the actors.

        It is asked with your example, and for a part of what that gave. Of the future there are no updates.

        Source: the schemas of the SDK's specification: ``ListActivityRecords`` ("Date to look back from"),
        ``ExpenseFilters`` ("only expenses with a transaction_date that is within a specific time range"),
        ``ListUpdatedAccounts`` ("Only accounts that have been modified since this timestamp will be included
        in the response.").
        """
        request = rule_context.config.request(capability) or {}
        wide = await rule_context.full_walk(capability)
        rule_context.judge(outside_breach(wide, request))
        if not wide.records:
            raise NothingToCheck(f"{capability} has no records")
        if (part := narrower(wide, request)) is None:
            raise NothingToCheck(f"all records of {capability} are of the same time")
        size, limit = rule_context.reads.largest, rule_context.config.sample_pages
        narrow = await rule_context.own_walk(capability, size, limit, part)
        # A time that is so far ahead may also be refused.
        if narrow.failure is None or part.get("since") != FUTURE:
            narrow = rule_context.answered(narrow, part)
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

    @rule("writes", writes, skip_reason=no_standard_capability, needs_example=True)
    async def test_writes(self, rule_context: RuleContext, capability: str) -> None:
        """After a write, reading back shows it, with the returned status; a repeat does no harm.

        A repeat may give an error that says so. The write changes nothing else: no other account, nobody
        else's access, and not the name or e-mail of the account. After a downgrade the account has none of
        the licences that it had, after a release no association with a resource. These two, and a transfer,
        may return ``success: false`` with a reason, which is a note.

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
        types: dict[Key, list[Json]] = {}
        if capability in RESETS and "list_entitlements" in rule_context.capabilities:
            entitlements = await rule_context.full_walk("list_entitlements")
            types = types_of(entitlements.records, await rule_context.declared())
        assigns = capability in ("assign_entitlement", "assign_application_entitlement")
        replaces = assigns and any(
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
            types,
        )
        rule_context.remarks += reset_remarks(written)
        rule_context.judge([*written_breach(written), *await _also_written(rule_context, written)])
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

        So does an account in an application that it is not assigned to.

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
