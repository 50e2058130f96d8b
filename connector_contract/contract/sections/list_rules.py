"""Rules about lists: their shape, their pages, and whether they are complete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector_contract.clients.content_codings import plain
from connector_contract.contract.other_tokens import token_of_another
from connector_contract.contract.rule import (
    answers_with_records,
    lists,
    no_example,
    reads,
    rule,
)
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.complete import empty_list_breach, lost_breach
from connector_contract.contract.rules.forms import form_breach, moved_breach
from connector_contract.contract.rules.graphs import edges_breach
from connector_contract.contract.rules.identities import (
    IDENTITIES,
    secret_material_breach,
)
from connector_contract.contract.rules.identity import key_remarks
from connector_contract.contract.rules.listed import (
    ended_remarks,
    unlisted_breach,
    unsent_remarks,
)
from connector_contract.contract.rules.pages import (
    length_breach,
    other_token_breach,
    size_breach,
    token_breach,
    walks_breach,
)
from connector_contract.contract.rules.shape import shape_breach
from connector_contract.contract.rules.unread import unread_breach
from connector_contract.errors import NothingToCheck, RuleWaits
from connector_contract.fill_in import refuse_fill_ins
from connector_contract.recording.lumos import next_token

if TYPE_CHECKING:
    from connector_contract.contract.rule_context import RuleContext


class ListRules:
    """The rules about lists: their shape, their pages, and whether they are complete."""

    @rule("shape", reads, skip_reason=no_example)
    async def test_shape(self, rule_context: RuleContext, capability: str) -> None:
        """Responses validate against the capability's model, and ids are strings that identify something.

        Times have a zone, and say the same moment as the upstream; amounts are decimal numbers, and
        currencies are codes. Credentials and non-human accounts come with metadata alone: no field has what
        the upstream keeps in a field with a secret's name, what the connector authenticates with, or a
        private key.

        Source: the response schemas of the SDK's specification, such as ``CredentialLastActivity`` ("ISO 8601
        timestamp when the activity occurred") and ``Amount`` ("An amount, stored as a decimal string", "A
        currency, in ISO 4217 format"); the operation ``list_credentials``: "The response carries metadata
        only - never secret material."
        """
        walk = await rule_context.full_walk(capability)
        model = rule_context.capabilities[capability].response
        breaches = [*shape_breach(capability, walk.pages, model), *form_breach(capability, walk.pages)]
        bodies = (plain(each.response) for each in walk.interactions)
        breaches += moved_breach(capability, walk.pages, bodies)
        if capability in IDENTITIES:
            breaches += secret_material_breach(walk, rule_context.secret_names, rule_context.without_secrets)
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
        """A malformed page token, and one of another list, give an error and never a success.

        Best ``invalid_page_token``. If it gave the first page again, Lumos would walk in a circle. The other
        list is the next one that has several pages.

        Choice: ``any_list``, where the upstream's own tokens are handed on, and do not say of which
        list they are. The first page again is a breach all the same.

        Source: the chapter on pagination of the SDK's specification: "Invalid or expired tokens will result
        in an error response"; its schema ``ConnectorErrorCode``; of other lists, ``PaginationBase.endpoint``
        of the SDK.
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
        breaches = list(token_breach(capability, first, responses))
        if (of_another := await token_of_another(rule_context, capability, size)) is not None:
            other, token = of_another
            response = await rule_context.call(capability, page={"size": size, "token": token})
            choice = rule_context.choice_of("page_token", capability)
            breaches += other_token_breach(capability, other, first, response, choice)
        rule_context.judge(breaches)

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
