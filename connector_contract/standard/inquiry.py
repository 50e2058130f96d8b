"""What a rule asks of a connector, through Lumos' part in a scenario, and what becomes of its findings."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from connector_contract.errors import (
    ChangedTable,
    ContractBreach,
    ContractError,
    EndlessWalk,
    NothingToCheck,
    RuleWaits,
    UpstreamFailure,
    UsageError,
)
from connector_contract.interactions import Interaction, Response
from connector_contract.scenario import Scenario
from connector_contract.standard.capabilities import Capability, tenant_settings
from connector_contract.standard.facts import Facts, Json
from connector_contract.standard.rulebook import Subject, told_by
from connector_contract.standard.rules import credentials
from connector_contract.standard.rules.answers import (
    Breach,
    Walk,
    code_of,
    error_of,
    is_not_implemented,
    told,
)
from connector_contract.standard.rules.coverage import OF_ACCOUNTS
from connector_contract.standard.rules.failures import last_answer, secret_breach
from connector_contract.standard.rules.status import Table, table_changes

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

# Of many records, a message shows some.
_SHOWN = 10


class Inquiry:
    """Asks the connector under test what one rule wants to know.

    Args:
        rule: The rule, as waivers name it: ``complete[list_accounts]``.
        family: The rule's section in the contract, such as ``pages``.
        demand: What the rule demands, in a sentence.
        nodeid: The test.
        scenario: The scenario that the test is.
        capabilities: The connector's.
        facts: What the author told.

    Attributes:
        capabilities: The connector's.
        facts: What the author told.
    """

    def __init__(
        self,
        rule: str,
        family: str,
        demand: str,
        nodeid: str,
        scenario: Scenario,
        capabilities: Mapping[str, Capability],
        facts: Facts,
    ) -> None:
        self.capabilities = capabilities
        self.facts = facts
        self._rule = rule
        self._where = [("rule", f"{rule}: {demand}"), ("scenario", nodeid)]
        self._nodeid = nodeid
        self._family = family
        self._scenario = scenario
        self._found: list[Breach] = []
        self._accepted = False

    async def call(self, capability: str, request: Json | None = None, **envelope: Any) -> dict[str, Any]:
        """``lumos.call``, with the author's example if no request is given; no error may tell a secret."""
        example = self.facts.request(capability) if request is None else request
        answer = await self._call(capability, example, **envelope)
        if request is None and not envelope:
            self._refuse_refusal(answer)
        await self._leave_stub(capability, answer)
        return answer

    async def _call(self, capability: str, request: Json | None, **envelope: Any) -> dict[str, Any]:
        answer = await self._scenario.lumos.call(capability, request, **envelope)
        self._found += secret_breach(capability, answer, self._scenario.deck.redact)
        return answer

    def _refuse_refusal(self, answer: Json) -> None:
        """Record nothing with credentials that are missing, or not those of the upstream.

        Raises:
            UpstreamFailure: It has refused those that the connector was given, each time.
        """
        self._accepted |= not answer.get("is_error")
        if self._scenario.plan.record and not self._accepted and code_of(answer) in credentials.REFUSED:
            redact = self._scenario.deck.redact
            raise UpstreamFailure(
                "The upstream refuses the credentials that the connector is given, so nothing was recorded.",
                where=self._where,
                details=[redact(told(error_of(answer) or {}))],
                remedy="Give it good ones, say in the variables that conftest.py reads, and record again.\n"
                "If they are good, the connector does not send them, or takes another answer for a refusal.",
            )

    async def _leave_stub(self, capability: str, answer: Json) -> None:
        """Leave what is not implemented to the rule that says so: each other would say it again.

        Raises:
            RuleWaits: It is not, whatever it is asked for.
        """
        if not is_not_implemented(answer):
            return
        telling = told_by(Subject(capability, self.capabilities, self.facts))
        if self._rule == f"{telling}[{capability}]":
            return
        if is_not_implemented(await self._call(capability, self.facts.request(capability))):
            raise RuleWaits(f"{capability} is not implemented; {telling} says so")

    async def try_walk(self, capability: str, size: int | None = None) -> Walk:
        """``lumos.walk``; an error is an answer, and so is that there is no end.

        What does not come in pages is called, as a walk of one page.
        """
        described = self.capabilities[capability]
        start = len(self.exchanges)
        pages: list[dict[str, Any]] = []
        endless = None
        try:
            pages = await self._pages(described, size)
        except EndlessWalk as error:
            endless = error.reason
        exchanges = tuple(self.exchanges[start:])
        size = size if described.paginated else None
        return Walk(capability, size, pages, exchanges, endless, described.key, described.within or "")

    async def walk(self, capability: str, size: int | None = None) -> Walk:
        """The same, for a rule that asks what is in a list.

        Raises:
            RuleWaits: The walk failed. That it must not is the rule ``pages``; of a call, ``coverage``.
        """
        walk = await self.try_walk(capability, size)
        if walk.failure and not self.capabilities[capability].paginated:
            raise RuleWaits(f"{capability} answered with an error; coverage says so")
        if walk.failure:
            raise RuleWaits(self._scenario.deck.redact(f"{walk.failure.what}; pages says so"))
        return walk

    async def _pages(self, capability: Capability, size: int | None) -> list[dict[str, Any]]:
        if not capability.paginated:
            return [await self.call(capability.name)]
        request = self.facts.request(capability.name)
        pages = await self._scenario.lumos.walk(
            capability.name, request, page_size=size, max_pages=self.facts.max_pages
        )
        for page in pages:
            self._found += secret_breach(capability.name, page, self._scenario.deck.redact)
        self._refuse_refusal(pages[-1])
        await self._leave_stub(capability.name, pages[0])
        return pages

    async def ask(self, capability: str, request: Json) -> Walk:
        """A call with another request than the author's example, as a walk of one page.

        Raises:
            ContractBreach: It gives an error.
        """
        answer = await self.call(capability, request)
        if answer.get("is_error"):
            what = f"{capability}: {json.dumps(request)} gave an error: {told(error_of(answer) or {})}"
            self.judge([Breach(what, "Lumos asks so for what a list has told it.")])
        described = self.capabilities[capability]
        return Walk(capability, None, [answer], (), None, described.key, described.within or "")

    async def whole(self, capability: str) -> Walk:
        """``walk`` in the largest pages."""
        return await self.walk(capability, max(self.facts.page_sizes))

    @property
    def some_pages(self) -> int:
        """A size of pages in which a list does not end before the connector has to go on, nor takes long."""
        return sorted(self.facts.page_sizes)[len(self.facts.page_sizes) // 2]

    async def read_back(self, capability: str) -> Walk:
        """``whole``, after a write; if it fails now, it is the write that broke it.

        Raises:
            ContractBreach: It does.
        """
        walk = await self.try_walk(capability, max(self.facts.page_sizes))
        if walk.failure:
            self.judge([walk.failure])
        return walk

    async def info(self) -> Json:
        """The answer of ``info``; what it raises is one as well."""
        try:
            return await self.call("info")
        except ContractError:
            raise
        except Exception as error:  # noqa: BLE001 - it is the connector's, and told as a breach
            message = f"{type(error).__name__}: {error}"
            return {"is_error": True, "error": {"error_code": "internal_error", "message": message}}

    async def declared(self) -> Json:
        """What ``info`` declares.

        Raises:
            RuleWaits: It gives an error.
        """
        answer = await self.info()
        if answer.get("is_error"):
            raise RuleWaits("info gives an error; the rule info says so")
        response: Json = answer["response"]
        return response

    async def call_failing(self, capability: str, status: int) -> dict[str, Any]:
        """A call while the upstream answers everything with ``status``.

        Raises:
            NothingToCheck: The capability asks the upstream for nothing.
        """
        with self._scenario.deck.answering(_failure(status)) as times:
            answer = await self.call(capability)
            if not times():
                raise NothingToCheck(f"{capability} asks the upstream for nothing")
        return answer

    async def walk_failing_at_last(self, capability: str, status: int, size: int) -> Walk:
        """A walk for which the upstream answers the last request for JSON, and all after it, with ``status``.

        Raises:
            NothingToCheck: That is the first request of all.
        """
        passing = last_answer((await self.walk(capability, size)).exchanges)
        if not passing:
            raise NothingToCheck(f"{capability} asks the upstream once; server_error is about that")
        with self._scenario.deck.answering(_failure(status), after=passing) as times:
            walk = await self.try_walk(capability, size)
            if not times():
                raise NothingToCheck(f"{capability} did not ask for the same things twice")
        return walk

    def leave_custom(self, capability: str) -> None:
        """Leave what has shown no second page, if it is a custom capability: their models have pages always.

        Raises:
            NothingToCheck: It is.
        """
        if not self.capabilities[capability].standard:
            raise NothingToCheck(f"{capability} does not come in pages")

    async def is_constant(self, capability: str) -> bool:
        """Whether a capability succeeds without asking the upstream for anything, whatever the credentials.

        Not ``validate_credentials``, nor what tells of accounts: how would they know?
        """
        if capability == "validate_credentials" or capability in OF_ACCOUNTS or self.exchanges:
            return False
        answer = await self.call(capability)
        return not self.exchanges and not answer.get("is_error")

    @property
    def exchanges(self) -> Sequence[Interaction]:
        """What connector and upstream said to each other by now."""
        return self._scenario.deck.exchanges

    @property
    def takes_credentials(self) -> bool:
        """Whether the connector under test is given any."""
        return bool(self._scenario.connector.auth or self._scenario.connector.credentials)

    @property
    def bad(self) -> dict[str, Any] | None:
        """Credentials that are wrong, as ``call`` takes them; ``None`` if nobody knows any."""
        if self.facts.bad_auth is None and self.facts.bad_credentials is None:
            return self._with_secret(credentials.WRONG)
        bad = {"auth": self.facts.bad_auth, "credentials": self.facts.bad_credentials}
        if bad == self._good:
            raise UsageError(
                "bad_auth or bad_credentials are those that the connector is recorded with, and good.",
                remedy="Give others, which the upstream refuses.",
            )
        return bad

    @property
    def envelope(self) -> dict[str, Any]:
        """What the connector is given with each request: ``auth``, ``credentials`` and ``settings``."""
        connector = self._scenario.connector
        return {**self._good, "settings": connector.settings}

    @property
    def tenant_settings(self) -> Sequence[str]:
        """The names of the settings that the connector marks as the tenant's."""
        return tenant_settings(self._scenario.connector.integration)

    @property
    def _good(self) -> dict[str, Any]:
        connector = self._scenario.connector
        return {"auth": connector.auth, "credentials": connector.credentials}

    @property
    def none(self) -> dict[str, Any]:
        """No credentials, as ``call`` takes them."""
        return {"auth": {}} if self._scenario.connector.credentials is None else {"credentials": []}

    @property
    def empty(self) -> dict[str, Any] | None:
        """Credentials without anything in them; ``None`` if nobody knows which of their parts are secret."""
        return self._with_secret("")

    def _with_secret(self, secret: str) -> dict[str, Any] | None:
        other = credentials.with_secret(self._good, secret, self._scenario.secret_names)
        return None if other == self._good else other

    def compare(self, table: Table, snapshot: SnapshotAssertion) -> None:
        """Fail if a table of statuses is not as its snapshot has it.

        Raises:
            ChangedTable: It is not, or there is no snapshot.
        """
        if table == snapshot:
            return
        stored = snapshot.executions[snapshot.num_executions - 1].recalled_data
        test = shlex.quote(self._nodeid)
        if stored is None:
            raise ChangedTable(
                f"{self._family}: the table of the statuses has no snapshot.",
                where=self._where,
                remedy=f"Write it, and look at it:\n  pytest --record-mode=once {test}",
            )
        raise ChangedTable(
            f"{self._family}: the table of the statuses is not as its snapshot has it.",
            where=self._where,
            details=[self._scenario.deck.redact(line) for line in table_changes(str(stored), table)],
            remedy="Lumos would see people become active, or stop being so.\n"
            f"Mend the mapping; or, if it is meant, accept it with:\n  pytest --snapshot-update {test}",
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
            ContractBreach: It is; all its breaches are told.
        """
        found = [*breaches, *self._found]
        if found:
            first, *more = found
            details = [
                *_shown(first),
                *(line for breach in more for line in [breach.what, *_shown(breach)]),
            ]
            redact = self._scenario.deck.redact
            raise ContractBreach(
                redact(f"{self._family}: {first.what}."),
                where=self._where,
                details=[redact(line) for line in details],
                remedy=f"{first.consequence}\n"
                "Mend the connector; or waive the rule, with the reason: waivers in the contract's class.",
            )


def _failure(status: int) -> Response:
    return Response(status, "", (("content-length", "0"),))


def _shown(breach: Breach) -> list[str]:
    records = list(breach.records)
    more = [f"and {len(records) - _SHOWN} more"] if len(records) > _SHOWN else []
    return [*(f"- {record}" for record in records[:_SHOWN]), *more]
