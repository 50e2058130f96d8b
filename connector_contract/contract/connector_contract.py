"""The standard contract: what every Lumos connector owes, as a class for the author to subclass.

Each rule is a test: it asks the connector, as a scenario of its own with a cassette, and leaves the
verdict to the pure functions in ``connector_contract.contract.rules``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from connector_sdk_types.generated import InfoResponse

from connector_contract.contract.contract_config import Json, Paths
from connector_contract.contract.rule import (
    accounts_with_status,
    answers_with_records,
    any_capability,
    asks_for_an_id,
    has_required_fields,
    lacks,
    lists,
    no_example,
    no_id,
    no_standard_capability,
    no_status,
    reads,
    refers,
    rule,
    tells_of_some,
    writes,
)
from connector_contract.contract.rules.agreement import FULL_LIST, agreement_breach, samples
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.complete import empty_list_breach, lost_breach
from connector_contract.contract.rules.coverage import coverage_breach, unasked_breach
from connector_contract.contract.rules.credentials import (
    bad_breach,
    empty_credentials_breach,
    good_breach,
    missing_breach,
)
from connector_contract.contract.rules.failures import (
    INVALID,
    SERVER_ERRORS,
    partial_breaches,
    refusal_breach,
    unknown_breach,
    with_unknown_ids,
    without_field,
)
from connector_contract.contract.rules.info import info_breach, undeclared_breach
from connector_contract.contract.rules.maximum import assignment_beyond_max, beyond_max_breach, is_exclusive
from connector_contract.contract.rules.pages import length_breach, size_breach, token_breach, walks_breach
from connector_contract.contract.rules.references import reference_breach, referred_lists
from connector_contract.contract.rules.shape import shape_breach
from connector_contract.contract.rules.status import status_table, table_breach
from connector_contract.contract.rules.unread import unread_breach
from connector_contract.contract.rules.write_examples import pointless
from connector_contract.contract.rules.writes import read_back_by, unseen, written_breach
from connector_contract.contract.rules.written import ObservedWrite
from connector_contract.errors import NothingToCheck, RuleWaits, UsageError
from connector_contract.fill_in import refuse_fill_ins
from connector_contract.recording.lumos import next_token

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

    from connector_contract.contract.declarations_file import Declarations
    from connector_contract.contract.rule_context import RuleContext


class ConnectorContract:
    """What every Lumos connector owes. Subclass it, and name what only the author of a connector knows.

    Attributes:
        page_sizes: The sizes of the pages that lists are walked in.
        max_pages: After how many pages a walk is given up.
        upstream_ids: For each list, the JMESPath of the ids in the recorded bodies, such as
            ``{"list_accounts": "items[].id"}``. Where several ids tell a record apart, lists of them, or of
            the first: of an entitlement its own and its resource's, of an association the account's, the
            entitlement's and the resource's: ``"items[].[user_id, role_id]"``. Where a capability asks for
            different things, an expression for each glob of URL paths: ``{"/api/users*": "items[].id"}``.
            What was asked for, and is not in the body, is ``path_after('groups')``, the segment after
            ``groups`` in the URL's path, or ``query('group')``, a parameter of its query or of what was sent.
            A list within an id is an id for each that is in it: ``"users[].[id, roles]"``.
        excluded_ids: For each list, the JMESPath of ids that are left out on purpose, each with the reason.
        upstream_status: For lists of accounts, the JMESPath of each id with its raw status, or the parts of
            it, such as ``"items[].[id, status]"``.
        read_requests: For each capability that reads and needs it, an example of its request.
        write_requests: The same for each that writes. It has to change something, in the state that the
            upstream is in when a scenario begins.
        bad_auth: An ``auth`` that the upstream refuses; if ``None``, the good one with other secrets.
        bad_credentials: The same for ``credentials``.
        unknown_id: The id of no account, in a form that the upstream can read.
        waivers: The reason why a rule need not hold, for each rule as pytest shows it, without ``test_``:
            ``{"complete[list_accounts]": "..."}``. A waiver that is not needed any more is a failure.
    """

    page_sizes: ClassVar[Sequence[int]] = (1, 3, 100)
    max_pages: ClassVar[int] = 1000
    upstream_ids: ClassVar[Mapping[str, Paths]] = {}
    excluded_ids: ClassVar[Mapping[str, Mapping[str, str]]] = {}
    upstream_status: ClassVar[Mapping[str, Paths]] = {}
    read_requests: ClassVar[Mapping[str, Json]] = {}
    write_requests: ClassVar[Mapping[str, Json]] = {}
    bad_auth: ClassVar[Json | None] = None
    bad_credentials: ClassVar[Sequence[Json] | None] = None
    unknown_id: ClassVar[str] = "no-such-id"
    waivers: ClassVar[Mapping[str, str]] = {}

    @rule("declarations", waivable=False)
    def test_declarations(self, contract_declarations: Declarations) -> None:
        """What the class declares to demand less is a snapshot, so that a review sees it change.

        That is ``waivers`` and ``excluded_ids``, each with its reason. Where nothing is declared, there is no
        file.

        Source: a check that is waived proves nothing; whoever trusts a green run has to see which these are.
        """
        contract_declarations.check()

    @rule("coverage", reads, skip_reason=no_standard_capability, needs_example=True)
    async def test_coverage(self, rule_context: RuleContext, capability: str) -> None:
        """Each registered capability answers its example with a success; a stub does not.

        One that has nothing to list, or that tells of accounts, without having asked the upstream, is a stub.
        Those that write are covered by ``writes``, which calls them as seldom as it can.

        Source: Lumos calls what ``info`` lists; https://developers.lumos.com/reference/connector-capabilities.
        """
        response = await rule_context.call(capability)
        rule_context.judge(coverage_breach(capability, response))
        if not rule_context.interactions:
            rule_context.judge(
                unasked_breach(capability, response, rule_context.capabilities[capability].within)
            )

    @rule("info")
    async def test_info(self, rule_context: RuleContext) -> None:
        """``info`` is valid, and its types are declared: each once, and of resource types that are there.

        An entitlement type without a resource has the resource type ``""``, the global resource. The
        credentials and settings that the connector is given are among those that it says it takes.

        Source: ``Info``, ``EntitlementType`` and ``ResourceType`` of connector-sdk-types.
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

    @rule("credentials", skip_reason=lacks("validate_credentials"))
    async def test_credentials(self, rule_context: RuleContext) -> None:
        """Good credentials are valid, and name the same tenant each time, with an id that the upstream gave.

        Or that is made from a setting which the connector marks as the tenant's, and which the upstream was
        asked with.

        Source: ``ValidatedCredentials`` and ``SemanticType.TENANT_ID`` of connector-sdk-types.
        """
        responses = [await rule_context.call("validate_credentials") for _ in range(2)]
        rule_context.judge(
            good_breach(
                responses,
                rule_context.interactions,
                rule_context.envelope["settings"],
                rule_context.tenant_settings,
            )
        )

    @rule("credentials", any_capability, skip_reason=no_example)
    async def test_bad_credentials(self, rule_context: RuleContext, capability: str) -> None:
        """Credentials that the upstream refuses give ``unauthorized``, and never a success.

        Source: ``ConnectorErrorCode`` and ``REFRESHABLE_CODES`` of connector-sdk-types;
        https://developers.lumos.com/reference/error-handling.
        """
        if not rule_context.takes_credentials:
            raise NothingToCheck("the connector is given no credentials")
        if rule_context.bad_credentials is None:
            raise UsageError(
                "Nobody knows what bad credentials of this connector look like.",
                remedy="Say it in the contract's class: bad_auth = {...}, or bad_credentials = [...].",
            )
        breaches = list(
            bad_breach(capability, await rule_context.call(capability, **rule_context.bad_credentials))
        )
        if breaches and await rule_context.is_constant(capability):
            raise NothingToCheck(f"{capability} asks the upstream for nothing")
        rule_context.judge(breaches)

    @rule("credentials", any_capability, skip_reason=no_example)
    async def test_missing_credentials(self, rule_context: RuleContext, capability: str) -> None:
        """A request without credentials, or with empty ones, gives an error, and never a success.

        Source: as for bad credentials; the SDK itself answers ``bad_request`` before a connector is asked.
        """
        if not rule_context.takes_credentials:
            raise NothingToCheck("the connector is given no credentials")
        breaches = list(
            missing_breach(capability, await rule_context.call(capability, **rule_context.no_credentials))
        )
        if rule_context.empty_credentials is not None:
            breaches += empty_credentials_breach(
                capability, await rule_context.call(capability, **rule_context.empty_credentials)
            )
        if breaches and await rule_context.is_constant(capability):
            raise NothingToCheck(f"{capability} asks the upstream for nothing")
        rule_context.judge(breaches)

    @rule("shape", reads, skip_reason=no_example)
    async def test_shape(self, rule_context: RuleContext, capability: str) -> None:
        """Responses are those of the capability's model, and ids are strings that identify something.

        Source: the response models of connector-sdk-types.
        """
        walk = await rule_context.full_walk(capability)
        rule_context.judge(
            shape_breach(capability, walk.pages, rule_context.capabilities[capability].response)
        )

    @rule("pages", lists, skip_reason=no_example)
    async def test_pages(self, rule_context: RuleContext, capability: str) -> None:
        """Walks in pages of every size end, and give the same records once each, in the same order.

        The connector's own size, where Lumos asks for none, is one of them. The last page has no token.

        Source: ``Page`` of connector-sdk-types, the pagination of the Lumos connector API.
        """
        sizes = (*rule_context.config.page_sizes, None)
        walks = [await rule_context.try_walk(capability, size) for size in sizes]
        rule_context.judge(walks_breach(walks))
        if not any(walk.records for walk in walks):
            raise NothingToCheck(f"{capability} has no records")
        if all(len(walk.pages) == 1 for walk in walks):
            raise NothingToCheck(
                f"{capability} has one page, in pages of {min(rule_context.config.page_sizes)}, too"
            )

    @rule("pages", lists, skip_reason=no_example)
    async def test_page_length(self, rule_context: RuleContext, capability: str) -> None:
        """No page is longer than asked for.

        Source: ``Page.size`` of connector-sdk-types.
        """
        walk = await rule_context.walk(capability, min(rule_context.config.page_sizes))
        if len(walk.pages) == 1:
            rule_context.leave_custom(capability)
        rule_context.judge(length_breach(walk))
        if not walk.records:
            raise NothingToCheck(f"{capability} has no records")

    @rule("pages", lists, skip_reason=no_example)
    async def test_page_token(self, rule_context: RuleContext, capability: str) -> None:
        """A malformed page token gives an error, ``invalid_page_token`` where the connector can tell.

        It never gives the first page again, with which Lumos would walk in a circle.

        Source: ``ConnectorErrorCode`` of connector-sdk-types.
        """
        size = min(rule_context.config.page_sizes)
        first = await rule_context.call(capability, page={"size": size})
        if first.get("is_error"):
            raise RuleWaits(f"{capability} gives no first page; pages says so")
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
        """A page size of zero or less is an error, or means the default size; it never makes an endless walk.

        Source: ``Page.size`` of connector-sdk-types.
        """
        default = await rule_context.walk(capability)
        rule_context.judge(size_breach(size, await rule_context.try_walk(capability, size), default))
        if not default.records:
            raise NothingToCheck(f"{capability} has no records")

    @rule("complete", answers_with_records, skip_reason=no_example)
    async def test_complete(self, rule_context: RuleContext, capability: str) -> None:
        """Each id that the upstream sent is listed exactly once, or left out for a reason.

        A response that comes in pages reads each list of the upstream to its end. The recorded bodies show
        both: a snapshot blesses what was wrong on the day it was recorded.

        Source: ``list_accounts`` and its siblings in https://developers.lumos.com/reference/connector-capabilities.
        """
        config = rule_context.config
        ids = config.upstream_ids.get(capability)
        refuse_fill_ins(ids)
        walk = await rule_context.walk(capability, rule_context.some_pages)
        breaches: list[Breach] = []
        if ids is not None:
            breaches += lost_breach(walk, ids, config.excluded_ids.get(capability, {}))
        # To tell of one account, a connector may read what it wants of the others.
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
        """Each raw status becomes one Lumos status, and not all the same; the table of them is a snapshot.

        Source: ``AccountStatus`` of connector-sdk-types; https://developers.lumos.com/reference/list_accounts.
        """
        config = rule_context.config
        refuse_fill_ins(config.upstream_status[capability])
        walk = await rule_context.full_walk(capability)
        table = status_table(walk, config.upstream_status[capability], config.upstream_ids.get(capability))
        rule_context.compare(table, snapshot)
        rule_context.judge(table_breach(capability, table))
        if len(table) < 2:
            raise NothingToCheck(
                f"the upstream sent {len(table)} statuses for {capability}: {', '.join(table)}"
            )

    @rule("references", refers, skip_reason=no_example)
    async def test_references(self, rule_context: RuleContext, capability: str) -> None:
        """Associations belong to accounts, entitlements and resources that are listed; types are declared.

        An entitlement is on a resource of the type that its own type belongs to.

        Source: the models of connector-sdk-types: "Should match a previously declared entitlement type".
        """
        walk = await rule_context.full_walk(capability)
        targets = [target for target in referred_lists(capability) if target in rule_context.capabilities]
        referred = {target: await rule_context.full_walk(target) for target in targets}
        rule_context.judge(reference_breach(walk, referred, await rule_context.declared()))
        if not targets and "associations" in capability:
            raise NothingToCheck(f"the connector has none of the lists that {capability} refers to")
        if not walk.records:
            raise NothingToCheck(f"{capability} has no records")

    @rule("references", tells_of_some, skip_reason=no_example)
    async def test_agreement(self, rule_context: RuleContext, capability: str) -> None:
        """What is asked for some accounts is answered for these, and as the list of all has it.

        That is: the status and names of an account, and the access that it has.

        Source: the models of connector-sdk-types, which are the same for both.
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
        """After a write, reading back shows it, with the status that was returned; a repeat does no harm.

        It may be an error that says so. Nothing else has changed: other accounts and their access, and of the
        account that is written who it is.

        Source: the response models of connector-sdk-types: "This should only ever be true. If the
        assignment can't happen we expect an error."
        """
        request = rule_context.config.request(capability) or {}
        shows = read_back_by(capability, request, list(rule_context.capabilities))
        try:
            before = {name: await rule_context.full_walk(name) for name in shows}
        except NothingToCheck:
            # That a list fails is for its own rules to say; that the write does, for this one.
            rule_context.judge(coverage_breach(capability, await rule_context.call(capability)))
            raise
        if why := pointless(capability, request, before):
            raise UsageError(
                f"The example of {capability} shows nothing: {why}.",
                remedy=f"Give another in write_requests[{capability!r}], one that changes something.\n"
                "If an earlier recording has made it so, undo that; Upstream(app=...) starts afresh.",
            )
        response = await rule_context.call(capability)
        model = rule_context.capabilities[capability].response
        rule_context.judge(
            [*coverage_breach(capability, response), *shape_breach(capability, [response], model)]
        )
        after = {name: await rule_context.read_back(name) for name in shows}
        repeated = await rule_context.call(capability)
        finally_ = {name: await rule_context.read_back(name) for name in shows}
        if not shows:
            raise NothingToCheck(f"the connector has no list in which to read {capability} back")
        replaces = capability == "assign_entitlement" and any(
            is_exclusive(each) and each["type_id"] == request.get("entitlement_type")
            for each in (await rule_context.declared()).get("entitlement_types") or ()
        )
        written = ObservedWrite(capability, request, response, repeated, before, after, finally_, replaces)
        rule_context.judge(written_breach(written))
        if why := unseen(written):
            raise NothingToCheck(why)

    @rule(
        "writes",
        skip_reason=lacks("assign_entitlement", "list_entitlements", "find_entitlement_associations"),
    )
    async def test_max_assignments(self, rule_context: RuleContext) -> None:
        """One entitlement more than the ``max`` of its type is an error, and changes nothing.

        Source: ``EntitlementType.max`` of connector-sdk-types.
        """
        entitlements = await rule_context.full_walk("list_entitlements")
        before = await rule_context.full_walk("find_entitlement_associations")
        request = assignment_beyond_max(await rule_context.declared(), entitlements.records, before.records)
        if request is None:
            raise NothingToCheck("no account has as many entitlements of a type as its max allows")
        response = await rule_context.call("assign_entitlement", request)
        after = await rule_context.read_back("find_entitlement_associations")
        rule_context.judge(beyond_max_breach(request, response, before, after))

    # After the other writes: a real server keeps what they change, and they are the ones that read it back.
    @rule("records", any_capability, skip_reason=no_example)
    async def test_records(
        self, rule_context: RuleContext, capability: str, snapshot: SnapshotAssertion
    ) -> None:
        """What a capability answers is its snapshot: a list in the largest pages, all else called once.

        A changed mapping shows here, field by field, without a scenario of your own. What answers with an
        error has no snapshot, and is for ``coverage``, ``pages`` or ``writes`` to report.

        Source: a response that changes is another one to Lumos, whatever the reason.
        """
        rule_context.compare_records(await rule_context.full_walk(capability), snapshot)

    @rule("errors", asks_for_an_id, skip_reason=no_id)
    async def test_unknown_id(self, rule_context: RuleContext, capability: str) -> None:
        """The id of what is not there gives ``not_found``, never a success; among several ids, nothing of it.

        Source: ``ConnectorErrorCode`` of connector-sdk-types.
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
        """A request that lacks any of its required fields gives ``bad_request``, never a success.

        Source: ``ConnectorErrorCode`` of connector-sdk-types.
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
        """An upstream that fails gives an error that says so, never a success.

        Source: the SDK's own map of statuses, ``connector.oai.errors``.
        """
        response = await rule_context.call_failing(capability, status)
        rule_context.judge(
            refusal_breach(capability, f"an upstream that answers {status}", response, SERVER_ERRORS[status])
        )

    @rule("errors", answers_with_records, skip_reason=no_example)
    async def test_partial_read(self, rule_context: RuleContext, capability: str) -> None:
        """A later page that fails makes the whole list an error, whichever page it is.

        Source: as for a server error, for each of several requests but the first.
        """
        walks = rule_context.walks_failing(capability, 503, rule_context.some_pages)
        rule_context.judge(partial_breaches([each async for each in walks]))
