"""The standard contract: what every Lumos connector owes, as a class for the author to subclass.

Each rule is a test: it asks the connector, as a scenario of its own with a cassette, and leaves the
verdict to the pure functions in ``connector_contract.standard.rules``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from connector_contract.errors import NothingToCheck, RuleWaits, UsageError
from connector_contract.fill_in import refuse_fill_ins
from connector_contract.standard.facts import Json, Paths
from connector_contract.standard.rulebook import (
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

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

    from connector_contract.standard.inquiry import Inquiry


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

    @rule("coverage", reads, nothing=no_standard_capability, needs_example=True)
    async def test_coverage(self, inquiry: Inquiry, capability: str) -> None:
        """Each registered capability answers its example with a success; a stub does not.

        One that has nothing to list, or that tells of accounts, without having asked the upstream, is a stub.
        Those that write are covered by ``writes``, which calls them as seldom as it can.

        Source: Lumos calls what ``info`` lists; https://developers.lumos.com/reference/connector-capabilities.
        """
        from connector_contract.standard.rules.coverage import coverage_breach, unasked_breach

        answer = await inquiry.call(capability)
        inquiry.judge(coverage_breach(capability, answer))
        if not inquiry.exchanges:
            inquiry.judge(unasked_breach(capability, answer, inquiry.capabilities[capability].within))

    @rule("info")
    async def test_info(self, inquiry: Inquiry) -> None:
        """``info`` is valid, and its types are declared: each once, and of resource types that are there.

        An entitlement type without a resource has the resource type ``""``, the global resource. The
        credentials and settings that the connector is given are among those that it says it takes.

        Source: ``Info``, ``EntitlementType`` and ``ResourceType`` of connector-sdk-types.
        """
        from connector_sdk_types.generated import InfoResponse

        from connector_contract.standard.rules.coverage import coverage_breach
        from connector_contract.standard.rules.info import info_breach, undeclared_breach
        from connector_contract.standard.rules.shape import shape_breach

        answer = await inquiry.info()
        inquiry.judge(coverage_breach("info", answer))
        inquiry.judge(shape_breach("info", [answer], InfoResponse))
        inquiry.judge(
            [
                *info_breach(answer["response"], list(inquiry.capabilities)),
                *undeclared_breach(answer["response"], inquiry.envelope),
            ]
        )

    @rule("credentials", nothing=lacks("validate_credentials"))
    async def test_credentials(self, inquiry: Inquiry) -> None:
        """Good credentials are valid, and name the same tenant each time, with an id that the upstream gave.

        Or that is made from a setting which the connector marks as the tenant's, and which the upstream was
        asked with.

        Source: ``ValidatedCredentials`` and ``SemanticType.TENANT_ID`` of connector-sdk-types.
        """
        from connector_contract.standard.rules.credentials import good_breach

        answers = [await inquiry.call("validate_credentials") for _ in range(2)]
        inquiry.judge(
            good_breach(answers, inquiry.exchanges, inquiry.envelope["settings"], inquiry.tenant_settings)
        )

    @rule("credentials", any_capability, nothing=no_example)
    async def test_bad_credentials(self, inquiry: Inquiry, capability: str) -> None:
        """Credentials that the upstream refuses give ``unauthorized``, and never a success.

        Source: ``ConnectorErrorCode`` and ``REFRESHABLE_CODES`` of connector-sdk-types;
        https://developers.lumos.com/reference/error-handling.
        """
        from connector_contract.standard.rules.credentials import bad_breach

        if not inquiry.takes_credentials:
            raise NothingToCheck("the connector is given no credentials")
        if inquiry.bad is None:
            raise UsageError(
                "Nobody knows what bad credentials of this connector look like.",
                remedy="Say it in the contract's class: bad_auth = {...}, or bad_credentials = [...].",
            )
        breaches = list(bad_breach(capability, await inquiry.call(capability, **inquiry.bad)))
        if breaches and await inquiry.is_constant(capability):
            raise NothingToCheck(f"{capability} asks the upstream for nothing")
        inquiry.judge(breaches)

    @rule("credentials", any_capability, nothing=no_example)
    async def test_missing_credentials(self, inquiry: Inquiry, capability: str) -> None:
        """A request without credentials, or with empty ones, gives an error, and never a success.

        Source: as for bad credentials; the SDK itself answers ``bad_request`` before a connector is asked.
        """
        from connector_contract.standard.rules.credentials import empty_breach, missing_breach

        if not inquiry.takes_credentials:
            raise NothingToCheck("the connector is given no credentials")
        breaches = list(missing_breach(capability, await inquiry.call(capability, **inquiry.none)))
        if inquiry.empty is not None:
            breaches += empty_breach(capability, await inquiry.call(capability, **inquiry.empty))
        if breaches and await inquiry.is_constant(capability):
            raise NothingToCheck(f"{capability} asks the upstream for nothing")
        inquiry.judge(breaches)

    @rule("shape", reads, nothing=no_example)
    async def test_shape(self, inquiry: Inquiry, capability: str) -> None:
        """Responses are those of the capability's model, and ids are strings that identify something.

        Source: the response models of connector-sdk-types.
        """
        from connector_contract.standard.rules.shape import shape_breach

        walk = await inquiry.whole(capability)
        inquiry.judge(shape_breach(capability, walk.pages, inquiry.capabilities[capability].response))

    @rule("pages", lists, nothing=no_example)
    async def test_pages(self, inquiry: Inquiry, capability: str) -> None:
        """Walks in pages of every size end, and give the same records once each, in the same order.

        The connector's own size, where Lumos asks for none, is one of them. The last page has no token.

        Source: ``Page`` of connector-sdk-types, the pagination of the Lumos connector API.
        """
        from connector_contract.standard.rules.pages import walks_breach

        sizes = (*inquiry.facts.page_sizes, None)
        walks = [await inquiry.try_walk(capability, size) for size in sizes]
        inquiry.judge(walks_breach(walks))
        if not any(walk.records for walk in walks):
            raise NothingToCheck(f"{capability} has no records")
        if all(len(walk.pages) == 1 for walk in walks):
            raise NothingToCheck(
                f"{capability} has one page, in pages of {min(inquiry.facts.page_sizes)}, too"
            )

    @rule("pages", lists, nothing=no_example)
    async def test_page_length(self, inquiry: Inquiry, capability: str) -> None:
        """No page is longer than asked for.

        Source: ``Page.size`` of connector-sdk-types.
        """
        from connector_contract.standard.rules.pages import length_breach

        walk = await inquiry.walk(capability, min(inquiry.facts.page_sizes))
        if len(walk.pages) == 1:
            inquiry.leave_custom(capability)
        inquiry.judge(length_breach(walk))
        if not walk.records:
            raise NothingToCheck(f"{capability} has no records")

    @rule("pages", lists, nothing=no_example)
    async def test_page_token(self, inquiry: Inquiry, capability: str) -> None:
        """A malformed page token gives an error, ``invalid_page_token`` where the connector can tell.

        It never gives the first page again, with which Lumos would walk in a circle.

        Source: ``ConnectorErrorCode`` of connector-sdk-types.
        """
        from connector_contract.lumos import next_token
        from connector_contract.standard.rules.pages import token_breach

        size = min(inquiry.facts.page_sizes)
        first = await inquiry.call(capability, page={"size": size})
        if first.get("is_error"):
            raise RuleWaits(f"{capability} gives no first page; pages says so")
        if not first.get("response"):
            raise NothingToCheck(f"{capability} has no records")
        if next_token(first) is None:
            inquiry.leave_custom(capability)
        # None at all, and one that was cut. An empty one of create_next_page_token ("90") is the first page
        # to what the SDK scaffolds; handed out by a connector, it would make a walk that does not end.
        tokens = ["no-page-token", "7b226f6666736574223a"]
        answers = {
            token: await inquiry.call(capability, page={"size": size, "token": token}) for token in tokens
        }
        inquiry.judge(token_breach(capability, first, answers))

    @rule("pages", lists, nothing=no_example, also=("size", (0, -1)))
    async def test_page_size(self, inquiry: Inquiry, capability: str, size: int) -> None:
        """A page size of zero or less is an error, or means the default size; it never makes an endless walk.

        Source: ``Page.size`` of connector-sdk-types.
        """
        from connector_contract.standard.rules.pages import size_breach

        default = await inquiry.walk(capability)
        inquiry.judge(size_breach(size, await inquiry.try_walk(capability, size), default))
        if not default.records:
            raise NothingToCheck(f"{capability} has no records")

    @rule("complete", answers_with_records, nothing=no_example)
    async def test_complete(self, inquiry: Inquiry, capability: str) -> None:
        """Each id that the upstream sent is listed exactly once, or left out for a reason.

        And no list of the upstream was left before its end, where the answer is one that comes in pages. Both
        are told by the recorded bodies: a snapshot blesses what was wrong on the day it was recorded.

        Source: ``list_accounts`` and its siblings in https://developers.lumos.com/reference/connector-capabilities.
        """
        from connector_contract.standard.rules.answers import Breach
        from connector_contract.standard.rules.complete import empty_breach, lost_breach
        from connector_contract.standard.rules.unread import unread_breach

        facts = inquiry.facts
        ids = facts.upstream_ids.get(capability)
        refuse_fill_ins(ids)
        walk = await inquiry.walk(capability, inquiry.some_pages)
        breaches: list[Breach] = []
        if ids is not None:
            breaches += lost_breach(walk, ids, facts.excluded_ids.get(capability, {}))
        # To tell of one account, a connector may read what it wants of the others.
        if inquiry.capabilities[capability].paginated:
            breaches += [*unread_breach(walk), *(empty_breach(walk) if ids is None else ())]
        inquiry.judge(breaches)
        if ids is None:
            raise NothingToCheck(f"upstream_ids does not say where {capability} finds the ids")
        if not walk.records:
            raise NothingToCheck(f"the upstream sent no records for {capability}")

    @rule("status", accounts_with_status, nothing=no_status)
    async def test_status(self, inquiry: Inquiry, capability: str, snapshot: SnapshotAssertion) -> None:
        """Each raw status becomes one Lumos status, and not all the same; the table of them is a snapshot.

        Source: ``AccountStatus`` of connector-sdk-types; https://developers.lumos.com/reference/list_accounts.
        """
        from connector_contract.standard.rules.status import status_table, table_breach

        facts = inquiry.facts
        refuse_fill_ins(facts.upstream_status[capability])
        walk = await inquiry.whole(capability)
        table = status_table(walk, facts.upstream_status[capability], facts.upstream_ids.get(capability))
        inquiry.compare(table, snapshot)
        inquiry.judge(table_breach(capability, table))
        if len(table) < 2:
            raise NothingToCheck(
                f"the upstream sent {len(table)} statuses for {capability}: {', '.join(table)}"
            )

    @rule("references", refers, nothing=no_example)
    async def test_references(self, inquiry: Inquiry, capability: str) -> None:
        """Associations belong to accounts, entitlements and resources that are listed; types are declared.

        An entitlement is on a resource of the type that its own type belongs to.

        Source: the models of connector-sdk-types: "Should match a previously declared entitlement type".
        """
        from connector_contract.standard.rules.references import reference_breach, referred_lists

        walk = await inquiry.whole(capability)
        targets = [target for target in referred_lists(capability) if target in inquiry.capabilities]
        referred = {target: await inquiry.whole(target) for target in targets}
        inquiry.judge(reference_breach(walk, referred, await inquiry.declared()))
        if not targets and "associations" in capability:
            raise NothingToCheck(f"the connector has none of the lists that {capability} refers to")
        if not walk.records:
            raise NothingToCheck(f"{capability} has no records")

    @rule("references", tells_of_some, nothing=no_example)
    async def test_agreement(self, inquiry: Inquiry, capability: str) -> None:
        """What is asked for some accounts is answered for these, and as the list of all has it.

        That is: the status and names of an account, and the access that it has.

        Source: the models of connector-sdk-types, which are the same for both.
        """
        from connector_contract.standard.rules.agreement import FULL_LIST, agreement_breach, samples

        request = inquiry.facts.request(capability) or {}
        walk = await inquiry.whole(capability)
        all_of_them = FULL_LIST[capability]
        full = await inquiry.whole(all_of_them) if all_of_them in inquiry.capabilities else None
        inquiry.judge(agreement_breach(walk, request, full))
        for id_ in samples(full) if capability == "get_account" and full else []:
            one = {**request, "account_id": id_}
            inquiry.judge(agreement_breach(await inquiry.ask(capability, one), one, full))
        if not walk.records:
            raise NothingToCheck(f"{capability} has no records")

    @rule("writes", writes, nothing=no_standard_capability, needs_example=True)
    async def test_writes(self, inquiry: Inquiry, capability: str) -> None:
        """After a write, reading back shows it, with the status that was returned; a repeat does no harm.

        It may be an error that says so. Nothing else has changed: other accounts and their access, and of the
        account that is written who it is.

        Source: the response models of connector-sdk-types: "This should only ever be true. If the
        assignment can't happen we expect an error."
        """
        from connector_contract.standard.rules.coverage import coverage_breach
        from connector_contract.standard.rules.maximum import is_exclusive
        from connector_contract.standard.rules.shape import shape_breach
        from connector_contract.standard.rules.write_examples import pointless
        from connector_contract.standard.rules.writes import read_back_by, unseen, written_breach
        from connector_contract.standard.rules.written import Written

        request = inquiry.facts.request(capability) or {}
        shows = read_back_by(capability, request, list(inquiry.capabilities))
        try:
            before = {name: await inquiry.whole(name) for name in shows}
        except NothingToCheck:
            # That a list fails is for its own rules to say; that the write does, for this one.
            inquiry.judge(coverage_breach(capability, await inquiry.call(capability)))
            raise
        if why := pointless(capability, request, before):
            raise UsageError(
                f"The example of {capability} shows nothing: {why}.",
                remedy=f"Give another in write_requests[{capability!r}], one that changes something.\n"
                "If an earlier recording has made it so, undo that; Upstream(app=...) starts anew each time.",
            )
        answer = await inquiry.call(capability)
        response = inquiry.capabilities[capability].response
        inquiry.judge([*coverage_breach(capability, answer), *shape_breach(capability, [answer], response)])
        after = {name: await inquiry.read_back(name) for name in shows}
        repeated = await inquiry.call(capability)
        finally_ = {name: await inquiry.read_back(name) for name in shows}
        if not shows:
            raise NothingToCheck(f"the connector has no list in which to read {capability} back")
        replaces = capability == "assign_entitlement" and any(
            is_exclusive(each) and each["type_id"] == request.get("entitlement_type")
            for each in (await inquiry.declared()).get("entitlement_types") or ()
        )
        written = Written(capability, request, answer, repeated, before, after, finally_, replaces)
        inquiry.judge(written_breach(written))
        if why := unseen(written):
            raise NothingToCheck(why)

    @rule("writes", nothing=lacks("assign_entitlement", "list_entitlements", "find_entitlement_associations"))
    async def test_max_assignments(self, inquiry: Inquiry) -> None:
        """One entitlement more than the ``max`` of its type is an error, and changes nothing.

        Source: ``EntitlementType.max`` of connector-sdk-types.
        """
        from connector_contract.standard.rules.maximum import assignment_beyond_max, beyond_max_breach

        entitlements = await inquiry.whole("list_entitlements")
        before = await inquiry.whole("find_entitlement_associations")
        request = assignment_beyond_max(await inquiry.declared(), entitlements.records, before.records)
        if request is None:
            raise NothingToCheck("no account has as many entitlements of a type as its max allows")
        answer = await inquiry.call("assign_entitlement", request)
        after = await inquiry.read_back("find_entitlement_associations")
        inquiry.judge(beyond_max_breach(request, answer, before, after))

    @rule("errors", asks_for_an_id, nothing=no_id)
    async def test_unknown_id(self, inquiry: Inquiry, capability: str) -> None:
        """The id of what is not there gives ``not_found``, never a success; among several ids, nothing of it.

        Source: ``ConnectorErrorCode`` of connector-sdk-types.
        """
        from connector_contract.standard.rules.failures import unknown_breach, with_unknown_ids

        facts = inquiry.facts
        requests = with_unknown_ids(
            facts.request(capability) or {}, inquiry.capabilities[capability].ids, facts.unknown_id
        )
        breaches = [
            breach
            for field, request in requests.items()
            for breach in unknown_breach(capability, field, request, await inquiry.call(capability, request))
        ]
        inquiry.judge(breaches)

    @rule("errors", has_required_fields, nothing=no_example)
    async def test_invalid_request(self, inquiry: Inquiry, capability: str) -> None:
        """A request that lacks any of its required fields gives ``bad_request``, never a success.

        Source: ``ConnectorErrorCode`` of connector-sdk-types.
        """
        from connector_contract.standard.rules.failures import INVALID, refusal_breach, without_field

        example = inquiry.facts.request(capability) or {}
        breaches = [
            breach
            for field in inquiry.capabilities[capability].required
            for breach in refusal_breach(
                capability,
                f"a request without {field}",
                await inquiry.call(capability, without_field(example, field)),
                INVALID,
            )
        ]
        inquiry.judge(breaches)

    @rule("errors", any_capability, nothing=no_example, also=("status", (500, 503)))
    async def test_server_error(self, inquiry: Inquiry, capability: str, status: int) -> None:
        """An upstream that fails gives an error that says so, never a success.

        Source: the SDK's own map of statuses, ``connector.oai.errors``.
        """
        from connector_contract.standard.rules.failures import SERVER_ERRORS, refusal_breach

        answer = await inquiry.call_failing(capability, status)
        inquiry.judge(
            refusal_breach(capability, f"an upstream that answers {status}", answer, SERVER_ERRORS[status])
        )

    @rule("errors", answers_with_records, nothing=no_example)
    async def test_partial_read(self, inquiry: Inquiry, capability: str) -> None:
        """A list whose end cannot be read gives an error, never what was read by then as all that there is.

        Source: as for a server error, for the last of several requests.
        """
        from connector_contract.standard.rules.failures import partial_breach

        walk = await inquiry.walk_failing_at_last(capability, 503, inquiry.some_pages)
        inquiry.judge(partial_breach(walk))
