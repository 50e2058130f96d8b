"""Lumos' part in a scenario: it sends JSON to the connector and receives JSON from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from connector_contract.config import ConnectorUnderTest
from connector_contract.errors import CallAborted, ContractError, UsageError
from connector_contract.fill_in import refuse_fill_ins
from connector_contract.recording.call import asked_of
from connector_contract.recording.dispatch import dispatch, package_of
from connector_contract.recording.endless import EMPTY_PAGES, SeenRecords, endless, too_long
from connector_contract.recording.envelope import configured
from connector_contract.recording.handed_out import HandedOut, must_be_awaited
from connector_contract.recording.lanes import asking
from connector_contract.recording.traffic import Traffic
from connector_contract.safety.write_guard import WriteGuard
from connector_contract.secrets.dummies import Dummies
from connector_contract.secrets.known_secrets import Secrets

# More pages than a scenario needs; a walk that gets here hands out new tokens for ever.
MAX_PAGES = 10_000


class Lumos:
    """Calls the connector as Lumos does; the fixture ``lumos`` is one of these.

    Args:
        connector: The connector under test.
        traffic: Where the requests that the connector makes are played or recorded.
        secrets: Learns what each call carries before the connector sends it.

    Attributes:
        called: The capabilities called so far, each with how often it succeeded.
        handed_out: The calls that have no response yet.
        is_over: Whether the test has ended, and its recording with it.
        begin: Called before the first call.
        guard: Says which calls may be sent.
        dummies: Gives the credentials of a replay, which need not be real.
    """

    def __init__(self, connector: ConnectorUnderTest, traffic: Traffic, secrets: Secrets) -> None:
        self.called: dict[str, int] = {}
        self.handed_out = HandedOut()
        self.is_over = False
        self.begin: Callable[[], object] | None = None
        self.guard: WriteGuard | None = None
        self.dummies: Dummies | None = None
        self._connector = connector
        self._traffic = traffic
        self._secrets = secrets

    @must_be_awaited
    async def call(
        self,
        capability: str,
        request: Mapping[str, Any] | None = None,
        *,
        page: Mapping[str, Any] | None = None,
        auth: Mapping[str, Any] | None = None,
        credentials: Sequence[Mapping[str, Any]] | None = None,
        settings: Mapping[str, Any] | None = None,
        rate_limit: Mapping[str, Any] | None = None,
        include_raw_data: bool | None = None,
    ) -> dict[str, Any]:
        """Call a capability once, through ``Integration.dispatch``.

        Args:
            capability: Its name, such as ``"list_accounts"``; ``"info"`` needs no request.
            request: The capability's own part of the request.
            page: The page asked for: ``{"size": 100, "token": "..."}``, either or both.
            auth: In place of the connector's ``auth``; ``{}`` sends one that is empty.
            credentials: In place of the connector's ``credentials``; ``[]`` sends none.
            settings: In place of the connector's ``settings``.
            rate_limit: The SDK's ``RateLimitRequestInfo``: ``{"max_execution_time": 60}`` (seconds),
                ``{"caller_override_mode": "bypass"}``, ``{"last_known_state": {...}}``.
            include_raw_data: Whether to ask for the upstream's own data in ``raw_data``.

        Returns:
            The response's JSON, of a success or of an error.

        Raises:
            UsageError: The connector has no such capability, or a part of the call is not filled in.
            ContractError: The connector's requests differ from the recorded ones, or cannot be recorded.
        """
        envelope = self._envelope(request, page, auth, credentials, settings, rate_limit, include_raw_data)
        return await self._call(capability, envelope, page=None)

    async def _call(self, capability: str, envelope: dict[str, Any], page: int | None) -> dict[str, Any]:
        if self.is_over:
            raise _too_late(capability)
        envelope = self._traffic.asked(envelope)
        known = {*self._connector.integration.capabilities, "info"}
        if capability not in known:
            raise UsageError(
                f"The connector has no capability {capability!r}.",
                details=[f"It has: {', '.join(sorted(known))}"],
                remedy="Register it with the integration, or fix its name in the scenario.",
            )
        refuse_fill_ins(envelope)
        if self.guard and (refusal := self.guard.refusal(capability, envelope["request"])):
            raise self._traffic.report(refusal)
        if self.begin is not None:
            begin, self.begin = self.begin, None
            begin()
        if self.dummies is not None:
            envelope["request"] = self.dummies.request(capability, envelope["request"])
        self._secrets.add(envelope.get("auth"), envelope.get("credentials"), envelope.get("settings"))
        self._secrets.add_asked(capability, envelope["request"])
        self._secrets.add_public(capability, envelope["request"], envelope.get("settings"))
        seen = len(self._traffic.verdicts)
        self.called.setdefault(capability, 0)
        asked = asked_of(envelope, configured(self._connector))
        call = self._traffic.begin(
            capability, asked, page, package_of(self._connector.integration, capability)
        )

        def verdict_of_wait(why: str) -> ContractError:
            # What was refused before is what it waits for, as likely as not.
            if len(self._traffic.verdicts) > seen:
                return self._traffic.verdicts[seen]
            waiting = call.abort.waiting
            return self._traffic.report(self._traffic.endless_wait(str(call), call.package, waiting, why))

        try:
            with call.abort.possible(verdict_of_wait), asking(call, call.lane, self._traffic):
                response = await dispatch(self._connector, capability, envelope)
        except CallAborted as aborted:
            raise aborted.args[0] from None
        finally:
            call.ended = True
        if len(self._traffic.verdicts) > seen:
            raise self._traffic.verdicts[seen]
        self._secrets.add_handed_out(capability, response)
        shown = self._traffic.end(call, response)
        if self.guard:
            self.guard.learn(capability, envelope["request"], response)
        self.called[capability] += not is_error(response)
        return shown

    @must_be_awaited
    async def walk(
        self,
        capability: str,
        request: Mapping[str, Any] | None = None,
        *,
        page_size: int | None = None,
        pages: int | None = None,
        max_pages: int = MAX_PAGES,
        auth: Mapping[str, Any] | None = None,
        credentials: Sequence[Mapping[str, Any]] | None = None,
        settings: Mapping[str, Any] | None = None,
        rate_limit: Mapping[str, Any] | None = None,
        include_raw_data: bool | None = None,
    ) -> list[dict[str, Any]]:
        """Call a capability page after page, until a response has no page token or is an error.

        Each request hands back the rate limits' state that the response before it gave, as the SDK's
        specification asks of Lumos.

        Args:
            capability: Its name.
            request: The capability's own part of each request.
            page_size: How many records to ask for in a page; the connector's default if ``None``.
            pages: After how many pages to stop, though there are more; ``None`` to walk to the end. The
                recording says where a walk was stopped.
            max_pages: How many pages there may be.
            auth: As for ``call``.
            credentials: As for ``call``.
            settings: As for ``call``.
            rate_limit: As for ``call``; a ``last_known_state`` is that of the first request.
            include_raw_data: As for ``call``.

        Returns:
            The responses, in order. An error can only be the last.

        Raises:
            EndlessWalk: A page token comes again, all records of a page were on earlier pages, 100 pages in a
                row are empty, or there are more than ``max_pages`` pages.
            ContractError: As for ``call``.
        """
        if pages is not None and (type(pages) is not int or pages < 1):
            raise UsageError(
                f"lumos.walk(pages=...) is {pages!r}, and should be a positive number.",
                remedy="Give the number of pages after which the walk stops; without it, it goes to the end.",
            )
        walk = _Walk(capability, max_pages)
        size = {} if page_size is None else {"size": page_size}
        token: str | None = None
        while True:
            page = {**size, **({} if token is None else {"token": token})} or None
            envelope = self._envelope(
                request, page, auth, credentials, settings, rate_limit, include_raw_data
            )
            response = await self._call(capability, envelope, len(walk.pages) + 1)
            rate_limit = handed_back(rate_limit, response)
            token = walk.add(response)
            if token is not None and len(walk.pages) == pages:
                self._traffic.answered(response).stopped_after = pages
                return walk.pages
            if token is None:
                return walk.pages

    def _envelope(
        self,
        request: Mapping[str, Any] | None,
        page: Mapping[str, Any] | None,
        auth: Mapping[str, Any] | None,
        credentials: Sequence[Mapping[str, Any]] | None,
        settings: Mapping[str, Any] | None,
        rate_limit: Mapping[str, Any] | None,
        include_raw_data: bool | None,
    ) -> dict[str, Any]:
        connector = self._connector
        if auth is None and credentials is None:
            auth, credentials = connector.auth, connector.credentials
        if self.dummies is not None:
            auth, credentials = self.dummies.auth(auth), self.dummies.credentials(credentials)
            settings = None if settings is None else self.dummies.settings(settings)
        parts = {
            "auth": auth,
            "credentials": credentials,
            "request": request or {},
            "page": page,
            "settings": connector.settings if settings is None else settings,
            "rate_limit": rate_limit,
            "include_raw_data": include_raw_data,
        }
        return {name: part for name, part in parts.items() if part is not None}


class _Walk:
    """A walk by now, and whether it may go on."""

    def __init__(self, capability: str, max_pages: int) -> None:
        self.pages: list[dict[str, Any]] = []
        self._capability = capability
        self._max_pages = max_pages
        self._tokens: dict[str, int] = {}
        self._records = SeenRecords()
        self._empty = 0

    def add(self, page: dict[str, Any]) -> str | None:
        """Take a page in, and return the token of the next; ``None`` if it is the last.

        Raises:
            EndlessWalk: There is a next one, and no end in sight.
        """
        self.pages.append(page)
        token = next_token(page)
        if token is None:
            return None
        if why := self._why_endless(page, token):
            raise endless(self._capability, why, len(self.pages))
        if len(self.pages) >= self._max_pages:
            raise too_long(self._capability, len(self.pages))
        self._tokens[token] = len(self.pages)
        return token

    def _why_endless(self, page: dict[str, Any], token: str) -> str | None:
        if token in self._tokens:
            return f"the token of page {self._tokens[token]} came again"
        records = page.get("response")
        if not isinstance(records, list):
            return None
        # An empty page in the middle may be right: what was on it is filtered out.
        self._empty = 0 if records else self._empty + 1
        if self._empty >= EMPTY_PAGES:
            return f"{self._empty} pages in a row are empty"
        if self._records.all_seen(records):
            return f"all records of page {len(self.pages)} were on earlier pages"
        return None


def _too_late(capability: str) -> UsageError:
    return UsageError(
        f"{capability} was called after the test had ended, perhaps by a fixture that cleans up.",
        details=["A recording is complete when its test ends: nothing is recorded or played after that."],
        remedy="Call it in the test. A served application needs no clean-up: it starts afresh each time.\n"
        "To clean up a real upstream, write a script of its own.",
    )


def is_error(response: Mapping[str, Any]) -> bool:
    """Whether a response is an ``ErrorResponse``."""
    return bool(response.get("is_error"))


def next_token(response: Mapping[str, Any]) -> str | None:
    """The page token that a response carries for the next call; ``None`` on the last page."""
    return (response.get("page") or {}).get("token") or None


def handed_back(
    rate_limit: Mapping[str, Any] | None, response: Mapping[str, Any]
) -> Mapping[str, Any] | None:
    """The ``rate_limit`` of the next request: with the state that a response gives, if it gives one.

    The SDK's specification: "Callers should pass ``current_state`` back in the next request's
    ``rate_limit.last_known_state`` to preserve adaptive rate limit continuity across page calls."
    """
    state = (response.get("rate_limit") or {}).get("current_state")
    return {**(rate_limit or {}), "last_known_state": state} if state else rate_limit
