"""Lumos' part in a scenario: it sends JSON to the connector and takes JSON from it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from connector_contract.config import ConnectorUnderTest
from connector_contract.deck import Deck
from connector_contract.errors import BrokenConnector, ContractError, EndlessWalk, UsageError
from connector_contract.fill_in import refuse_fill_ins
from connector_contract.secrets.redaction import Secrets

# More pages than a scenario needs; a walk that gets here hands out new tokens for ever.
MAX_PAGES = 10_000


class Lumos:
    """Calls the connector as Lumos does; the fixture ``lumos`` is one of these.

    Args:
        connector: The connector under test.
        deck: Where the requests that the connector makes are played or recorded.
        secrets: Learns what each call carries before the connector sends it.

    Attributes:
        called: The capabilities called so far, each with how often it succeeded.
    """

    def __init__(self, connector: ConnectorUnderTest, deck: Deck, secrets: Secrets) -> None:
        self.called: dict[str, int] = {}
        self._connector = connector
        self._deck = deck
        self._secrets = secrets

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
            The response's JSON, be it a success or an error.

        Raises:
            UsageError: The connector has no such capability, or something of the call is not filled in.
            ContractError: The connector's requests were not as recorded, or could not be recorded.
        """
        known = {*self._connector.integration.capabilities, "info"}
        if capability not in known:
            raise UsageError(
                f"The connector has no capability {capability!r}.",
                details=[f"It has: {', '.join(sorted(known))}"],
                remedy="Register it with the integration, or mend its name in the scenario.",
            )
        envelope = self._envelope(request, page, auth, credentials, settings, rate_limit, include_raw_data)
        refuse_fill_ins(envelope)
        self._secrets.add(envelope.get("auth"), envelope.get("credentials"))
        seen = len(self._deck.verdicts)
        self.called.setdefault(capability, 0)
        response = await self._dispatch(capability, envelope)
        if len(self._deck.verdicts) > seen:
            raise self._deck.verdicts[seen]
        self.called[capability] += not is_error(response)
        return response

    async def walk(
        self,
        capability: str,
        request: Mapping[str, Any] | None = None,
        *,
        page_size: int | None = None,
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
            max_pages: How many pages there may be.
            auth: As for ``call``.
            credentials: As for ``call``.
            settings: As for ``call``.
            rate_limit: As for ``call``; a ``last_known_state`` is that of the first request.
            include_raw_data: As for ``call``.

        Returns:
            The responses, in order. An error can only be the last.

        Raises:
            EndlessWalk: A page token comes again, or there are more than ``max_pages`` pages.
            ContractError: As for ``call``.
        """
        pages: list[dict[str, Any]] = []
        seen: dict[str, int] = {}
        size = {} if page_size is None else {"size": page_size}
        token: str | None = None
        while True:
            page = {**size, **({} if token is None else {"token": token})}
            response = await self.call(
                capability,
                request,
                page=page or None,
                auth=auth,
                credentials=credentials,
                settings=settings,
                rate_limit=rate_limit,
                include_raw_data=include_raw_data,
            )
            pages.append(response)
            rate_limit = handed_back(rate_limit, response)
            token = next_token(response)
            if token is None:
                return pages
            if token in seen or len(pages) >= max_pages:
                raise _endless(capability, len(pages), seen.get(token))
            seen[token] = len(pages)

    async def _dispatch(self, capability: str, envelope: dict[str, Any]) -> dict[str, Any]:
        integration = self._connector.integration
        if capability == "info":
            text = integration.info().model_dump_json()
        else:
            try:
                text = await integration.dispatch(capability, json.dumps(envelope))
            except ContractError:
                raise
            except (Exception, SystemExit) as error:
                raise _no_response(capability, f"it raised {type(error).__name__}: {error}") from error
        try:
            response = json.loads(text)
        except (TypeError, ValueError):
            response = None
        if not _is_response(response):
            raise _no_response(capability, f"it returned {str(text)[:200]!r}")
        answered: dict[str, Any] = response
        return answered

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


def _is_response(response: object) -> bool:
    return isinstance(response, dict) and all(
        isinstance(response.get(part) or {}, dict) for part in ("page", "error", "rate_limit")
    )


def _no_response(capability: str, what: str) -> BrokenConnector:
    return BrokenConnector(
        f"The connector gave no response to {capability}: {what}.",
        remedy="Lumos could not read that. Mend the integration's dispatch: the SDK's own returns the JSON\n"
        "of a response, or of an ErrorResponse for whatever a capability raises.",
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


def _endless(capability: str, pages: int, first: int | None) -> ContractError:
    reason = f"the token of page {first} came again" if first else "it still hands out new tokens"
    error = EndlessWalk(
        f"The walk of {capability} does not end: {reason} after {pages} pages.",
        remedy="Lumos would walk for ever. Mend the connector's pagination: the last page has no token.\n"
        "If the list is that long, allow more pages: max_pages.",
    )
    error.reason = f"{reason} after {pages} pages"
    return error
