"""What a rule asks of a connector, through Lumos' part in a scenario, and what becomes of its findings."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from connector_contract.config import Json
from connector_contract.contract.capabilities import Capability, tenant_settings
from connector_contract.contract.compared_answers import ComparedAnswers
from connector_contract.contract.contract_config import ContractConfig
from connector_contract.contract.credential_variants import CredentialVariants
from connector_contract.contract.failing_upstream import FailingUpstream, first_call
from connector_contract.contract.refusing_upstream import RefusingUpstream
from connector_contract.contract.rule import Target, not_recorded, reporting_rule
from connector_contract.contract.rules.attributes import with_attributes
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.cardinality import ENTITLEMENTS
from connector_contract.contract.rules.coverage import OF_ACCOUNTS
from connector_contract.contract.rules.credentials import REFUSED
from connector_contract.contract.rules.failures import secret_breach
from connector_contract.contract.rules.listed import RawStatuses, raw_statuses
from connector_contract.contract.rules.reports import leak_breach, reports_failure
from connector_contract.contract.rules.responses import (
    Walk,
    code_of,
    error_of,
    error_text,
    is_not_implemented,
)
from connector_contract.contract.rules.secret_in_url import asked_by
from connector_contract.contract.rules.written import ACCOUNTS, ASSOCIATIONS
from connector_contract.contract.shared_names import write_name
from connector_contract.contract.shared_reads import PAGES, SharedReads
from connector_contract.contract.shared_recordings import Shared, SharedRecordings
from connector_contract.contract.shared_writes import SharedWrites, Write, example_of, is_afresh
from connector_contract.contract.standard_capabilities import OAUTH, Kind
from connector_contract.contract.token_flows import TokenFlows
from connector_contract.contract.walking import walked
from connector_contract.errors import (
    ContractError,
    NetworkAccess,
    NothingToCheck,
    NotWritable,
    PointlessExample,
    RuleWaits,
    UnneededDeclaration,
    UpstreamFailure,
)
from connector_contract.recording.call import Success
from connector_contract.recording.interactions import Cassette, Interaction, Request
from connector_contract.recording.replay import Replays
from connector_contract.recording.scenario import Scenario
from connector_contract.reporting.breaches import contract_breach
from connector_contract.reporting.changes import chosen_otherwise


class RuleContext:
    """Asks the connector under test what one rule wants to know.

    Args:
        rule: The rule, as waivers name it: ``complete[list_accounts]``.
        section: The rule's section in the contract, such as ``pages``.
        demand: What the rule demands, in a sentence.
        nodeid: The test.
        scenario: The scenario that the test is.
        capabilities: The connector's.
        config: What the author configured.
        report_once: Turns an error that another test has reported into a short reference to it.
        recordings: What the rules of the class share.

    Attributes:
        capabilities: The connector's.
        config: What the author configured.
        section: The rule's section in the contract.
        where: The rule and the test, for messages.
        credentials: The good credentials, and those that must be refused.
        failing: What the connector answers if its upstream fails.
        refusing: What it answers if the upstream refuses its credentials.
        reads: What the rules of the class read, once for all of them.
        writes: What they write.
        tokens: What it answers to whoever connects a customer.
        outside: What the rule does not know, because it lies outside of the sample; empty if there is none.
        compared: What the connector answers, beside what was reviewed.
        remarks: What the rule has to say without failing; the end of the run says it.
    """

    def __init__(
        self,
        rule: str,
        section: str,
        demand: str,
        nodeid: str,
        scenario: Scenario,
        capabilities: Mapping[str, Capability],
        config: ContractConfig,
        report_once: Callable[[ContractError], ContractError],
        recordings: SharedRecordings,
    ) -> None:
        self.capabilities = capabilities
        self.config = config
        self.section = section
        self.where = [("rule", f"{rule}: {demand}"), ("scenario", nodeid)]
        self.credentials = CredentialVariants(scenario.connector, config, scenario.secret_names)
        self.failing = FailingUpstream(self)
        self.refusing = RefusingUpstream(self)
        self.tokens = TokenFlows(self, scenario)
        self.reads = SharedReads(
            recordings,
            capabilities,
            config,
            nodeid,
            report_once,
            scenario,
            self._refuse_refusal,
        )
        self.writes = SharedWrites(self.reads)
        self.outside = ""
        self.remarks: list[str] = []
        if scenario.lumos.guard is not None:
            scenario.lumos.guard.heed(config)
        self._rule = rule
        self._nodeid = nodeid
        self._scenario = scenario
        self._report_once = report_once
        self._recordings = recordings
        self._found: list[Breach] = []
        self.compared = ComparedAnswers(self, nodeid, scenario, report_once, recordings)

    async def call(self, capability: str, request: Json | None = None, **envelope: Any) -> dict[str, Any]:
        """``lumos.call``, with the author's example if no request is given; no error may contain a secret."""
        example = self.config.request(capability) if request is None else request
        self.leave_undeclared(capability, example or {})
        calls = self._scenario.traffic.calls
        before = len(calls)
        response = await self._scenario.lumos.call(capability, example, **envelope)
        self.look_for_secrets(capability, response)
        if request is None and not envelope and self._scenario.plan.record:
            self._refuse_refusal(self._scenario, response)
        # The SDK has the code of a stub for a 405, too, as some upstreams answer to an id.
        if not any(each.response.status >= 400 for call in calls[before:] for each in call.interactions):
            self._leave(capability, response)
        return response

    def look_for_secrets(self, capability: str, response: Json) -> None:
        """Have ``judge`` report a secret in the message of a response, or in a report's own words."""
        self._found += secret_breach(capability, response, self.without_secrets)
        if reports_failure(capability):
            self._found += leak_breach(capability, response, self.without_secrets)

    @property
    def secret_names(self) -> frozenset[str]:
        """The names whose values are secret, normalized."""
        return self._scenario.secret_names

    def without_secrets(self, text: str) -> str:
        """A text without the secrets that are known by now, and otherwise as it is."""
        return self._scenario.traffic.without_secrets(text)

    def reported_by(self, capability: str) -> str:
        """The rule that reports a capability that gives an error."""
        return reporting_rule(Target(capability, self.capabilities, self.config))

    def _refuse_refusal(self, scenario: Scenario, response: Json) -> None:
        """Record nothing with credentials that the upstream refuses, nor what it says to so many requests.

        Raises:
            UnprovenRecording: The connector has sent a token of an earlier scenario, in place of credentials.
            UpstreamFailure: The upstream has refused the credentials that the connector was given, each time;
                or a real one has answered 429, and the connector has given up.
        """
        asked = [each for call in scenario.traffic.calls[-1:] for each in call.interactions]
        is_limited = code_of(response) == "rate_limit" and any(each.response.status == 429 for each in asked)
        if is_limited and not scenario.serves_application:
            raise UpstreamFailure(
                "The upstream takes no more requests for now (429), so this was not recorded.",
                where=self.where,
                remedy="Set Upstream(requests_per_minute=...) in conftest.py, and record again.",
            )
        self._recordings.accepted |= not response.get("is_error")
        if not self._recordings.accepted and code_of(response) in REFUSED:
            scenario.refuse_what_was_kept()
            raise UpstreamFailure(
                "The upstream refuses the connector's credentials, so nothing was recorded.",
                where=self.where,
                details=[scenario.traffic.redact(error_text(error_of(response) or {}))],
                remedy="Set good ones, perhaps in the variables that conftest.py reads, and record again.\n"
                "If they are good, the connector does not send them, or reports another error as such.",
            )

    async def read(self, capability: str, size: int | None = None) -> Shared[Walk]:
        """A shared walk, in the largest pages if no size is given; whatever comes of it is a result."""
        return self._seen(await self.reads.read(capability, size or self.reads.largest))

    async def read_default(self, capability: str) -> Shared[Walk]:
        """A shared walk in pages of the connector's default size; whatever comes of it is a result."""
        return self._seen(await self.reads.read(capability, None))

    async def full_walk(self, capability: str) -> Walk:
        """A shared walk in the largest pages.

        Raises:
            RuleWaits: It failed. That it must not is the rule ``pages``; of a call, ``coverage``.
        """
        return self.good((await self.read(capability)).result)

    async def paged(self, capability: str) -> Shared[Walk]:
        """The shared walk to the end that has the most pages.

        Raises:
            RuleWaits: As for ``full_walk``.
        """
        shared = self._seen(await self.reads.paged(capability))
        self._look_outside(shared.result)
        self.good(shared.result)
        return shared

    async def paged_and_whole(self, capability: str) -> tuple[Walk, Walk]:
        """What ``paged`` gives, and the walk to judge records by: one large page may have more of a sample.

        Raises:
            RuleWaits: As for ``full_walk``.
        """
        walk = (await self.paged(capability)).result
        largest = walk if walk.is_whole else await self.full_walk(capability)
        return walk, largest if largest.is_whole else walk

    async def write(self, capability: str, number: int = 1) -> Shared[Write]:
        """The shared write with one of the author's examples.

        Args:
            capability: The write.
            number: Which of the examples, from 1.

        Raises:
            RuleWaits: The example changes nothing, which the rule ``writes`` reports.
            NotWritable: It is to be recorded, and nobody has declared that it may write there.
        """
        self.leave_unwritable(
            write_name(capability, number), capability, example_of(self.config, capability, number)
        )
        try:
            shared = await self.writes.write(capability, number)
        except PointlessExample:
            if self._rule == f"writes[{capability}]":
                raise
            raise RuleWaits(f"{capability} has no good example; the rule writes reports it") from None
        for walk in (*shared.result.before.values(), *shared.result.finally_.values()):
            self._look_outside(walk)
        for response in (shared.result.response, shared.result.repeated):
            self.look_for_secrets(capability, response)
        self._leave(capability, shared.result.response)
        return shared

    def leave_undeclared(self, capability: str, request: Json) -> None:
        """Leave a call that would write what nobody has declared, unless the test's own cassette has it.

        Raises:
            NotWritable: It would.
        """
        plan = self._scenario.plan
        if plan.record or not plan.load:
            self._refuse_undeclared(capability, request)

    async def leave_not_http(self, capability: str) -> None:
        """Leave a capability that is declared in ``not_http``, unless it asks over HTTP all the same.

        Raises:
            NothingToCheck: It is declared.
            UnneededDeclaration: It is, and it asks over HTTP.
        """
        if (reason := self.config.not_http.get(capability)) is None:
            return
        if await self._asks_over_http(capability):
            raise UnneededDeclaration(
                f"not_http[{capability!r}] is not needed: it asks over HTTP.",
                where=[("reason", reason), *self.where],
                remedy="Delete it from not_http in the contract's class, and record what the rules ask.",
            )
        raise NothingToCheck(not_recorded(reason))

    async def _asks_over_http(self, capability: str) -> bool:
        """Whether a call makes a request; nothing of it is kept, and in a replay nothing responds to it."""
        traffic, lumos = self._scenario.traffic, self._scenario.lumos
        records = self._scenario.plan.record
        if not records:
            # No recording is missed: the request alone says it.
            lumos.begin = None
        with traffic.on_trial() as verdicts, self._scenario.unrecorded():
            calls = len(traffic.calls)
            try:
                await lumos.call(capability, self.config.request(capability))
            except ContractError as error:
                # Another connection is refused: that is what the declaration says.
                lumos.handed_out.take(error)
            made = sum(call.made for call in traffic.calls[calls:])
        # The other connection is refused: what is asked after that may be in its place.
        return made > 0 and not any(isinstance(each, NetworkAccess) for each in verdicts)

    def may_call(self, capability: str, request: Json) -> bool:
        """Whether the test may make a further call: in a replay, whether it has made one when recorded."""
        if not self._scenario.plan.record:
            return self._scenario.next_recorded is not None
        guard = self._scenario.lumos.guard
        return guard is None or guard.why_not(capability, request) is None

    def leave_unwritable(self, recording: str, capability: str, request: Json | None = None) -> None:
        """Leave the author's example of a write, unless a shared recording that has it is there.

        Args:
            recording: The shared recording.
            capability: The write.
            request: The example; the first one if not given.

        Raises:
            NotWritable: It would write what nobody has declared.
        """
        if not self._recordings.is_played(recording):
            example = self.config.request(capability) if request is None else request
            self._refuse_undeclared(capability, example or {})

    def _refuse_undeclared(self, capability: str, request: Json) -> None:
        guard = self._scenario.lumos.guard
        if guard is not None and (why := guard.why_not(capability, request)) is not None:
            raise NotWritable(why)

    async def list_before(self, capability: str, writes: str) -> Walk:
        """A list in the largest pages, before the test writes: from the shared read where that saw the same.

        Raises:
            RuleWaits: As for ``full_walk``.
        """
        if is_afresh(self._scenario, writes):
            return (await self.full_walk(capability)).beginning
        return self.good(await self.own_walk(capability, self.reads.largest, self.config.sample_pages))

    async def chosen(
        self,
        writes: str,
        choose: Callable[[Mapping[str, Walk]], Json | None],
        why: str,
        lists: Sequence[str] = (ACCOUNTS, ENTITLEMENTS, ASSOCIATIONS),
    ) -> tuple[Json, dict[str, Walk]]:
        """The request of a write that is chosen by what the lists of access have, and these lists.

        Args:
            writes: The capability that writes.
            choose: Makes the request; ``None`` if there is none to make.
            why: Why there is nothing to check then.
            lists: The capabilities whose records it takes, where the connector has them.

        Raises:
            ChosenOtherwise: In a replay, it is not the recorded request.
            NothingToCheck: There is no request to make.
            NotWritable: Nobody has declared that it may write there.
            RuleWaits: As for ``full_walk``.
        """
        names = [name for name in lists if name in self.capabilities]
        if (likely := choose({name: await self.full_walk(name) for name in names})) is not None:
            self.leave_undeclared(writes, likely)
        before = {name: await self.list_before(name, writes) for name in names}
        request = choose(before)
        self.refuse_other_choice(writes, request)
        if request is None:
            raise NothingToCheck(why)
        return request, before

    def refuse_other_choice(self, capability: str, request: Json | None) -> None:
        """Refuse a request that a rule has taken from the connector's answers, if another one is recorded.

        The server would be asked something else, and the reason is what the connector makes of the same HTTP.

        Args:
            capability: What would be called next.
            request: What it would be asked; ``None`` if the answers lead to no request.

        Raises:
            ChosenOtherwise: The recording has another request, or none.
        """
        if not self._scenario.compares_calls:
            return
        recorded = self._scenario.next_request_of(capability)
        if recorded != request:
            raise chosen_otherwise(capability, recorded, request, self.where, self._nodeid)

    async def own_walk(
        self, capability: str, size: int, limit: int | None = None, request: Json | None = None
    ) -> Walk:
        """A walk that is recorded for this test alone; whatever comes of it is a result.

        Args:
            capability: What to walk through.
            size: The size of the pages.
            limit: After how many pages to stop; ``None`` to walk to the end.
            request: In place of the author's example.
        """
        walk = await walked(self._scenario, self.capabilities[capability], self.config, size, limit, request)
        for page in walk.pages:
            self.look_for_secrets(capability, page)
        if size == self.reads.largest:
            self._look_outside(walk)
        return walk

    async def read_back(self, capability: str) -> Walk:
        """A walk in the largest pages, after a write; if it fails now, it is the write that broke it.

        Raises:
            ContractBreach: It does.
        """
        walk = await self.own_walk(capability, self.reads.largest, self.config.sample_pages)
        if walk.failure:
            self.judge([walk.failure])
        return walk

    def good(self, walk: Walk) -> Walk:
        """A walk, for a rule that asks what is in a list.

        Raises:
            RuleWaits: It failed.
        """
        if walk.failure is None:
            return walk
        if not self.capabilities[walk.capability].paginated:
            reporting = self.reported_by(walk.capability)
            raise RuleWaits(f"{walk.capability} gave an error; the rule {reporting} reports it")
        what = f"{walk.capability}: {walk.failure.title}; the rule pages reports it"
        raise RuleWaits(self._scenario.traffic.redact(what))

    def _seen(self, shared: Shared[Walk]) -> Shared[Walk]:
        walk = shared.result
        for page in walk.pages:
            self.look_for_secrets(walk.capability, page)
        if walk.pages:
            self._leave(walk.capability, walk.pages[0])
        if walk.size == self.reads.largest:
            self._look_outside(walk)
        return shared

    def _look_outside(self, walk: Walk) -> None:
        """Note what the sample leaves out of a walk that nothing else stops."""
        if self.config.sample is None or walk.failure is not None or walk.is_whole or self.outside:
            return
        but = "" if walk.end is None else ", but for the last"
        self.outside = f"page {len(walk.beginning.pages) + 1} and later of {walk.capability}{but}"

    def _leave(self, capability: str, response: Json) -> None:
        """Leave a stub to the one rule that reports it: all others would repeat that.

        Raises:
            RuleWaits: It is one, and this is another rule.
        """
        reporting = self.reported_by(capability)
        if capability in OAUTH:
            # The rules about it share nothing with others.
            return
        if is_not_implemented(response) and self._rule != f"{reporting}[{capability}]":
            raise RuleWaits(f"{capability} is not implemented; the rule {reporting} reports it")

    async def ask(self, capability: str, request: Json) -> Walk:
        """A call with another request than the author's example, as a walk of one page.

        Raises:
            ChosenOtherwise: In a replay, it is not the recorded request.
            ContractBreach: It gives an error.
        """
        self.refuse_other_choice(capability, request)
        response = await self.call(capability, request)
        if response.get("is_error"):
            title = f"{json.dumps(request)} gave an error: {error_text(error_of(response) or {})}"
            self.judge([Breach(capability, title, "Lumos asks this for what a list gave it.")])
        return self.capabilities[capability].walk([response])

    def answered(self, walk: Walk, request: Json) -> Walk:
        """A walk with another request than the author's example.

        Raises:
            ContractBreach: It failed.
        """
        if walk.failure is not None:
            title = f"{json.dumps(request)}: {walk.failure.title}"
            self.judge([Breach(walk.capability, title, walk.failure.consequence)])
        return walk

    async def with_attributes(
        self,
        capability: str,
        names: Collection[str],
        *,
        account_id: str | None = None,
        pages: int = PAGES,
        is_large: bool = True,
    ) -> Walk:
        """A walk that asks for custom attributes, as far as a few pages show them.

        Args:
            capability: What to walk through.
            names: The attributes.
            account_id: The account that is asked for, in place of the example's: one of a list.
            pages: After how many pages it stops.
            is_large: Whether the pages are the largest, or of a middle size.

        Raises:
            ChosenOtherwise: In a replay, it is not the recorded account.
            ContractBreach: It failed.
        """
        example = self.config.request(capability) or {}
        one = {} if account_id is None else {"account_id": account_id}
        request = with_attributes(capability, {**example, **one}, names)
        if account_id is not None:
            self.refuse_other_choice(capability, request)
        sizes = sorted(self.config.page_sizes)
        size = self.reads.largest if is_large else sizes[len(sizes) // 2]
        limit = min(pages, self.config.sample_pages or pages)
        return self.answered(await self.own_walk(capability, size, limit, request), request)

    @property
    def recorded_request(self) -> Json | None:
        """The capability's own part of the test's next recorded call; ``None`` if nothing is recorded."""
        return self._scenario.recorded_request

    @property
    def now(self) -> datetime:
        """The time of day."""
        return datetime.now(UTC)

    async def info(self) -> Json:
        """The response of ``info``; what it raises is one as well."""
        response = (await self.reads.info()).result
        self.look_for_secrets("info", response)
        return response

    async def app_info(self) -> Json:
        """The response of ``app_info`` without credentials; it is the SDK's if the author has written none.

        Raises:
            NothingToCheck: The SDK has none.
        """
        if "app_info" not in self._scenario.connector.integration.capabilities:
            raise NothingToCheck("this version of the SDK has no app_info")
        response = await self._scenario.lumos.call("app_info", **self.credentials.missing)
        self.look_for_secrets("app_info", response)
        return response

    async def declared(self) -> Json:
        """What the connector declares: ``connected_info`` if it has that, or else ``info``.

        Raises:
            RuleWaits: It gives an error.
        """
        if "connected_info" in self.capabilities:
            connected: Json = (await self.full_walk("connected_info")).pages[0]["response"]
            return connected
        return await self.declared_statically()

    async def declared_statically(self) -> Json:
        """What ``info`` declares.

        Raises:
            RuleWaits: It gives an error.
        """
        response = await self.info()
        if response.get("is_error"):
            raise RuleWaits("info gives an error; the rule info reports it")
        declared: Json = response["response"]
        return declared

    def leave_custom(self, capability: str) -> None:
        """Leave what has shown no second page, if it is a custom capability: their models have pages always.

        Raises:
            NothingToCheck: It is.
        """
        if not self.capabilities[capability].standard:
            raise NothingToCheck(f"{capability} does not come in pages")

    async def is_constant(self, capability: str) -> bool:
        """Whether a capability succeeds without asking the upstream for anything, whatever the credentials.

        Not ``validate_credentials``, nor what returns accounts or reports: they cannot know without asking.
        """
        owes = self.capabilities[capability].owes
        reports = owes is not None and owes.kind is Kind.REPORTS and not owes.may_be_constant
        if capability == "validate_credentials" or capability in OF_ACCOUNTS or reports or self.interactions:
            return False
        shared = await self.example(capability)
        call = first_call(shared.cassette, capability)
        return not call.interactions and isinstance(call.outcome, Success)

    async def example(self, capability: str, number: int = 1) -> Shared[Any]:
        """The shared recording that one of the author's examples of a capability is called in."""
        writes = self.reported_by(capability) == "writes"
        return await (self.write(capability, number) if writes else self.read(capability))

    def numbers(self, capability: str) -> range:
        """The numbers of the author's examples of a capability, from 1; what has none is called as well."""
        return range(1, max(1, len(self.config.examples(capability))) + 1)

    @property
    def choice(self) -> str | None:
        """What the author declares that the connector does, where the rule leaves it open."""
        return self.config.declared_choices.get(self._rule, {}).get("choice")

    def judge_choice(self, breaches: Sequence[Breach], without: Sequence[Breach]) -> None:
        """Fail if the rule is broken, or if the author declares a choice that nothing depends on.

        Args:
            breaches: What is wrong with what the author declares.
            without: What would be wrong if nothing were declared.

        Raises:
            ContractBreach: The rule is broken.
            UnneededDeclaration: A choice is declared, and the rule holds without it.
        """
        self.judge(breaches)
        declared = self.config.declared_choices.get(self._rule)
        if declared is not None and not without:
            raise UnneededDeclaration(
                f"declared_choices[{self._rule!r}] is not needed: the rule holds without it.",
                where=[("reason", declared["reason"]), *self.where],
                remedy="Delete it from declared_choices in the contract's class.",
            )

    async def example_requests(self, capability: str) -> list[Request]:
        """What the author's example of a capability asks for, on all pages, as it is stored."""
        writes = self.reported_by(capability) == "writes"
        shared = await (self.write(capability) if writes else self.paged(capability))
        return asked_by(shared.cassette, [capability])

    @property
    def interactions(self) -> Sequence[Interaction]:
        """The interactions that this test alone has by now."""
        calls = self._scenario.traffic.calls
        return [interaction for call in calls for interaction in call.interactions]

    @property
    def stored(self) -> Cassette:
        """What this test alone has recorded or played by now."""
        return self._scenario.stored

    @property
    def envelope(self) -> dict[str, Any]:
        """What the connector is given with each request: ``auth``, ``credentials`` and ``settings``."""
        return {**self.credentials.good, "settings": self._scenario.connector.settings}

    @property
    def tenant_settings(self) -> Sequence[str]:
        """The names of the settings that the connector marks as the tenant's."""
        return tenant_settings(self._scenario.connector.integration)

    def replays_of(self, cassette: Cassette) -> Replays:
        """Replays the calls of a cassette."""
        return self._scenario.replays_of(cassette)

    def choice_of(self, rule: str, capability: str) -> str | None:
        """What the author has declared where a rule leaves a choice; ``None`` if nothing."""
        declared = self.config.declared_choices.get(f"{rule}[{capability}]")
        return None if declared is None else declared["choice"]

    def raw_statuses(self, accounts: Walk) -> RawStatuses | None:
        """The raw statuses of the accounts that were sent for a walk; ``None`` if nobody knows them."""
        config, name = self.config, accounts.capability
        others = {each: config.listed(each) or [] for each in config.listed_statuses if each != name}
        return raw_statuses(
            accounts,
            config.upstream_status.get(name),
            config.upstream_ids.get(name),
            config.listed(name),
            others,
        )

    @contextmanager
    def judged(self) -> Iterator[None]:
        """See to it that no secret in a message is passed over, however a rule ends."""
        try:
            yield
        except NothingToCheck:
            self.judge(())
            raise
        self.judge(())

    def judge(self, breaches: Iterable[Breach]) -> None:
        """Fail if the rule is broken.

        Raises:
            ContractBreach: It is; it has all the breaches.
        """
        name, redact = self._rule.partition("[")[0], self._scenario.traffic.redact
        found = [breach.found_by(name, redact) for breach in (*breaches, *self._found)]
        if found:
            raise contract_breach(found, self.section, self._rule, self.where)
