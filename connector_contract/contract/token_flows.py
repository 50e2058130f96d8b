"""Ask a connector for tokens, as Lumos does when a customer connects, and use each of them once."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from httpx import ConnectError

from connector_contract.config import Json
from connector_contract.contract.capabilities import OAuthFlow, is_function_of_the_sdk, oauth_flows
from connector_contract.contract.failing_upstream import first_call
from connector_contract.contract.rule import Target, asks_with_credentials, no_example, reads
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.oauth import (
    CALLBACK,
    CLIENT_CREDENTIALS,
    REFRESH,
    URL,
    denied,
    error_in,
    failed_breach,
    further_scopes,
    handed_out_breach,
    has_code,
    refusal_breach,
    refused_token_breach,
    scopes_in,
    scopes_of,
    secrets_of,
    server_error_of,
    takes_token,
    url_breach,
    verifier_breach,
    with_token,
)
from connector_contract.errors import NothingToCheck, RuleWaits, UpstreamFailure, UsageError
from connector_contract.fill_in import refuse_fill_ins
from connector_contract.recording.call import Failure
from connector_contract.recording.interactions import Interaction, Response
from connector_contract.recording.matching import is_below
from connector_contract.recording.played_changes import Change
from connector_contract.recording.scenario import Scenario
from connector_contract.secrets.redaction import Redactor

if TYPE_CHECKING:
    from connector.oai.integration import Integration

    from connector_contract.contract.rule_context import RuleContext

_MADE_UP = {
    "client_id": "contract-client",
    "redirect_uri": "https://lumos.example.com/oauth/callback",
    # What a URL has to escape.
    "state": "state+of/a=login&1",
}
_MADE_UP_SCOPES = ("read", "write")
_REDIRECT = "redirect_uri_with_code"
_SAME = ("credential_id", "client_id", "client_secret")
_SECRETS = ("client_secret", _REDIRECT, "code_verifier", "refresh_token")
_GIVEN_TOKEN = "the refresh token of oauth_requests"  # noqa: S105 - words of a message
_NO_REFRESH_TOKEN = (
    f"{REFRESH} was not called, because {CALLBACK} hands out no refresh token; many applications give one "
    "only for a scope, such as offline_access"
)
_NO_PLACE = (
    'no call is made with the token that was handed out: conftest.py gives the connector no auth={"oauth": '
    '{"access_token": ...}}, or credentials with the same id'
)
_NO_URL = "Have it return the whole URL that the browser is sent to: https://...?code=...&state=..."
_NO_CODE = (
    "See scopes and pkce of OAuthSettings, if the connector has them. To ask for other scopes:\n"
    f'  oauth_requests = {{"{URL}": {{"scopes": [...]}}, ...}}'
)
_JSON = (("content-type", "application/json"),)


class TokenFlows:
    """What a connector answers to whoever connects a customer.

    Args:
        context: Makes the calls.
        scenario: Of the rule that asks.
    """

    def __init__(self, context: RuleContext, scenario: Scenario) -> None:
        self._context = context
        self._scenario = scenario
        self._waits: RuleWaits | None = None

    async def authorization_urls(self) -> list[Breach]:
        """What is wrong with the authorization URLs of each credential, asked for twice."""
        found: list[Breach] = []
        flows = oauth_flows(self._integration)
        secrets = self._known_secrets()
        ids = dict.fromkeys(each.credential_id for each in flows if each.gives_codes) or {None: None}
        for credential_id in ids:
            responses = []
            for asked, scopes in self._asked_twice(credential_id):
                expected = {each for scope in scopes or () for each in scopes_in(scope)}
                response = await self._context.call(URL, asked)
                found += url_breach(asked, response, None if scopes is None else expected, secrets)
                further = [] if scopes is None else further_scopes(response, expected)
                if further:
                    self._context.remarks.append(
                        f"{URL} asks for more than the request: {', '.join(further)}"
                    )
                responses.append(response)
            found += verifier_breach(responses)
        return [each for place, each in enumerate(found) if each not in found[:place]]

    def _asked_twice(self, credential_id: str | None) -> list[tuple[dict[str, Any], Sequence[str] | None]]:
        """What a URL is asked for with, and the scopes that it has to have; ``None`` if nobody names any."""
        named = self._url_request(credential_id)
        # The SDK's own function has a default, and hands on whatever it is asked for.
        defaults = self._default_scopes(credential_id)
        asked = named if named["scopes"] else {**named, "scopes": sorted(_MADE_UP_SCOPES)}
        is_known = bool(named["scopes"]) or is_function_of_the_sdk(self._integration, URL)
        first = asked, asked["scopes"] if is_known else None
        return [first, first if defaults is None else ({**asked, "scopes": []}, defaults)]

    @property
    def _integration(self) -> Integration:
        return self._scenario.connector.integration

    def _known_secrets(self) -> dict[str, str]:
        """What a URL must not have in it, which no message shows either."""
        connector, context = self._scenario.connector, self._context
        credentials = [connector.auth, *(connector.credentials or ())]
        others = [connector.settings, *context.config.oauth_requests.values()]
        secrets = secrets_of(credentials, others, context.secret_names)
        self._scenario.know(Redactor(secrets))
        return secrets

    def _url_request(self, credential_id: str | None) -> dict[str, Any]:
        given = self._example(URL) or {}
        if credential_id is not None and given.get("credential_id", credential_id) != credential_id:
            given = {}
        scopes = given.get("scopes") or self._configured_scopes(credential_id)
        own = {} if credential_id is None else {"credential_id": credential_id}
        return {**_MADE_UP, **own, **given, "scopes": sorted(scopes)}

    def _configured_scopes(self, credential_id: str | None) -> Sequence[str]:
        """All scopes of ``OAuthSettings``; none if it has none, or a function says them."""
        flows = oauth_flows(self._integration)
        texts = [
            text
            for flow in flows
            if flow.gives_codes and flow.credential_id == credential_id
            for text in (flow.scopes or {}).values()
        ]
        return sorted({scope for text in texts if text for scope in text.split()})

    def _default_scopes(self, credential_id: str | None) -> Sequence[str] | None:
        """The scopes that a URL has if the request names none; ``None`` if the author's code says it."""
        flow = self._flow(URL, credential_id)
        return None if flow is None or flow.scopes is None else self._configured_scopes(credential_id)

    def _flow(self, capability: str, credential_id: str | None) -> OAuthFlow | None:
        """What the author configured for the SDK's function; ``None`` if the function is their own."""
        integration = self._integration
        if not is_function_of_the_sdk(integration, capability):
            return None
        is_of_codes = capability != CLIENT_CREDENTIALS
        flows = [each for each in oauth_flows(integration) if each.gives_codes == is_of_codes]
        return next((each for each in flows if each.credential_id == credential_id), None)

    async def tokens(self, capability: str) -> list[Breach]:
        """What is wrong with the tokens that a capability hands out, and with those that follow from them.

        Raises:
            NothingToCheck: The token server cannot be recorded.
            RuleWaits: Another capability that this needs gives an error.
            UsageError: The recording needs a code or a secret that is not there.
            UpstreamFailure: The code of a recording has been used before.
        """
        self._leave_elsewhere(capability)
        request = self._request(capability)
        if capability == CALLBACK:
            found = await self._logged_in(request)
        elif capability == CLIENT_CREDENTIALS:
            found = await self._granted(request)
        else:
            found = await self._refreshed(request, _GIVEN_TOKEN)
        if self._waits is not None and not found:
            raise self._waits
        return found

    async def failing(self) -> list[Breach]:
        """What is wrong with what a connector answers if its token server fails or refuses."""
        recording = self._scenario.stored
        found: list[Breach] = []
        for name in (CALLBACK, CLIENT_CREDENTIALS, REFRESH):
            if any(call.capability == name for call in recording.calls):
                call = first_call(recording, name)
                for broken, change, is_final in _faults(name):
                    response = await self._context.failing.broken(recording, call, change)
                    found += refusal_breach(name, broken, response, is_final=is_final)
        return found

    async def _logged_in(self, request: Json) -> list[Breach]:
        asked, state = "the code of oauth_requests", request.get("state")
        is_fresh = callable((self._example(CALLBACK) or {}).get(_REDIRECT))
        if is_fresh:
            asked, request = "a fresh code", await self._with_code(request)
            state = request["state"]
        elif self._scenario.plan.record and self._needs_verifier(request):
            raise self._nothing_given(CALLBACK, "code_verifier")
        response = await self._context.call(CALLBACK, request)
        if not is_fresh:
            self._refuse_used_up(response, f"{_REDIRECT} (and code_verifier) of a new login")
        if found := list(failed_breach(CALLBACK, asked, response, self._asked)):
            return found
        found += handed_out_breach(CALLBACK, response, self._asked, state=state)
        found += await self._used(CALLBACK, request, response)
        found += await self._refreshed_after(CALLBACK, request, response)
        what = "a redirect with error=access_denied, and without a code,"
        refused = await self._context.call(
            CALLBACK, {**request, _REDIRECT: denied(str(request[_REDIRECT]), state)}
        )
        return [*found, *refusal_breach(CALLBACK, what, refused, is_final=False)]

    def _needs_verifier(self, request: Json) -> bool:
        flow = self._flow(CALLBACK, request.get("credential_id"))
        return flow is not None and flow.pkce and not request.get("code_verifier")

    async def _granted(self, request: Json) -> list[Breach]:
        found: list[Breach] = []
        for asked in ("the client's id and secret", "the same request again"):
            response = await self._context.call(CLIENT_CREDENTIALS, request)
            failed = list(failed_breach(CLIENT_CREDENTIALS, asked, response, self._asked))
            if failed:
                return [*found, *failed]
            found += handed_out_breach(CLIENT_CREDENTIALS, response, self._asked)
            found += await self._used(CLIENT_CREDENTIALS, request, response)
        return [*found, *await self._refreshed_after(CLIENT_CREDENTIALS, request, response)]

    async def _refreshed_after(self, capability: str, request: Json, response: Json) -> list[Breach]:
        if REFRESH not in self._context.capabilities:
            return []
        token = (response.get("response") or {}).get("refresh_token")
        if not token:
            if capability == CALLBACK:
                self._context.remarks.append(_NO_REFRESH_TOKEN)
            return []
        same = {name: request[name] for name in _SAME if name in request}
        given = self._with_recorded(REFRESH, self._example(REFRESH) or {})
        return await self._refreshed(
            {**same, **given, "refresh_token": token}, f"the refresh token of {capability}"
        )

    async def _refreshed(self, request: Json, asked: str) -> list[Breach]:
        response = await self._context.call(REFRESH, request)
        if asked == _GIVEN_TOKEN:
            self._refuse_used_up(response, "a new refresh_token")
        if found := list(failed_breach(REFRESH, asked, response, self._asked)):
            return found
        state, token = request.get("state"), str(request.get("refresh_token"))
        found += handed_out_breach(REFRESH, response, self._asked, state=state, refresh_token=token)
        return [*found, *await self._used(REFRESH, request, response)]

    async def _used(self, capability: str, request: Json, response: Json) -> list[Breach]:
        """Make the following calls with the access token of a response; after a refresh, one is enough."""
        context, credential = self._context, request.get("credential_id")
        token = str((response.get("response") or {}).get("access_token") or "")
        following = self._following[:1] if capability == REFRESH else self._following
        if not following or not token:
            return []
        if not takes_token(context.credentials.good, credential):
            context.remarks.append(_NO_PLACE)
            return []
        given = with_token(context.credentials.good, token, credential)
        found: list[Breach] = []
        for name in following:
            answered = await context.call(name, context.config.request(name) or {}, **given)
            if answered.get("is_error") and await self._fails_anyway(name):
                reporting = context.reported_by(name)
                self._waits = RuleWaits(f"{name} gives an error; the rule {reporting} reports it")
            else:
                found += refused_token_breach(capability, name, answered)
        return found

    async def _fails_anyway(self, capability: str) -> bool:
        """Whether a call gives an error with the connector's own credentials, too."""
        shared = await self._context.example(capability)
        return isinstance(first_call(shared.cassette, capability).outcome, Failure)

    @property
    def _following(self) -> list[str]:
        """What Lumos calls with a token, if it asks the upstream: each may need another scope."""
        context = self._context
        names = sorted(context.capabilities, key=lambda name: name != "validate_credentials")
        targets = [Target(name, context.capabilities, context.config) for name in names]
        return [
            each.name
            for each in targets
            if reads(each)
            and asks_with_credentials(each)
            and not (each.capability.owes is not None and each.capability.owes.may_be_constant)
            and not no_example(each)
        ]

    @property
    def _asked(self) -> Sequence[Interaction]:
        """What the last call has asked for."""
        return self._scenario.traffic.calls[-1].interactions

    def _example(self, capability: str) -> Json | None:
        return self._context.config.oauth_requests.get(capability)

    def _request(self, capability: str) -> dict[str, Any]:
        """The author's request; in a replay, with the recorded secrets, so that it needs none.

        Raises:
            UsageError: It is to be recorded, and a secret in it is empty.
        """
        example = self._example(capability) or {}
        refuse_fill_ins(example)
        request = self._with_recorded(capability, example)
        if self._scenario.plan.record:
            for name in (*_SECRETS, "client_id"):
                if name in request and not request[name]:
                    raise self._nothing_given(capability, name)
        if capability == CLIENT_CREDENTIALS:
            request.setdefault("scopes", [])
        # A public client has none.
        request.setdefault("client_secret", "")
        return request

    def _nothing_given(self, capability: str, name: str) -> UsageError:
        once = " A code works once: log in again for each recording." if name == _REDIRECT else ""
        return UsageError(
            f"oauth: oauth_requests[{capability!r}][{name!r}] is empty, and a recording needs it.",
            where=self._context.where,
            remedy=f"Set the variable that it is read from.{once} A replay needs none.",
        )

    def _with_recorded(self, capability: str, request: Json) -> dict[str, Any]:
        recorded = self._scenario.next_request_of(capability) or {}
        return {
            **request,
            **{name: recorded[name] for name in _SECRETS if name in request and name in recorded},
        }

    async def _with_code(self, request: Json) -> dict[str, Any]:
        """A request with the code, state and verifier of an authorization URL that was asked for now."""
        if URL not in self._context.capabilities:
            raise UsageError(
                f"oauth_requests[{CALLBACK!r}][{_REDIRECT!r}] is a function, and the connector has no {URL}.",
                remedy="Give the URL that the browser was sent to after the login.",
            )
        asked = {**self._url_request(request.get("credential_id")), "client_id": request["client_id"]}
        if "state" in request:
            asked["state"] = request["state"]
        response = await self._context.call(URL, asked)
        if response.get("is_error"):
            raise RuleWaits(f"{URL} gives an error; the rule authorization_url reports it")
        payload = response["response"]
        redirect = request[_REDIRECT]
        if callable(redirect):
            redirect = await self._log_in(redirect, payload["authorization_url"])
        verifier = payload.get("code_verifier")
        pkce = {"code_verifier": verifier} if verifier else {}
        return {**pkce, **request, "state": asked["state"], _REDIRECT: redirect}

    async def _log_in(self, log_in: Callable[[str], Any], url: str) -> str:
        """Where the author's function says that the browser is sent to; what it asks for is not recorded."""
        with self._scenario.traffic.unrecorded():
            redirect = log_in(url)
            if inspect.isawaitable(redirect):
                redirect = await redirect
        if not isinstance(redirect, str) or not has_code(redirect):
            error = error_in(redirect) if isinstance(redirect, str) else None
            raise UsageError(
                f"The function oauth_requests[{CALLBACK!r}][{_REDIRECT!r}] returned no URL with a code.",
                where=self._context.where,
                details=[f"the URL says: {error}", *_asked_scopes(url)] if error else [],
                remedy=_NO_CODE if error else _NO_URL,
            )
        return redirect

    def _refuse_used_up(self, response: Json, needs: str) -> None:
        """Record nothing with a code or a token that has been used.

        Raises:
            UpstreamFailure: It has.
        """
        if not self._scenario.plan.record or not response.get("is_error"):
            return
        if server_error_of(self._asked) == "invalid_grant":
            raise UpstreamFailure(
                "oauth: the token server answers invalid_grant: the code or token of oauth_requests was used "
                "before, has expired, or belongs to another login.",
                where=self._context.where,
                remedy=f"It works once. Give {needs}, and record again.\n"
                "A recording that was there stays as it is.",
            )

    def _leave_elsewhere(self, capability: str) -> None:
        """Leave a token server that a recording may not reach.

        Raises:
            NothingToCheck: It is at an origin that is not declared.
        """
        upstream = self._scenario.connector.upstream
        flow = self._flow(capability, (self._example(capability) or {}).get("credential_id"))
        url = None if flow is None else flow.token_url
        if url is not None and not any(is_below(url, origin) for origin in upstream.origins):
            login = "{0.scheme}://{0.netloc}".format(urlsplit(url))
            raise NothingToCheck(
                f"the token server {url} is not at Upstream(origin={upstream.origin!r}); declare it: "
                f"Upstream(..., further_origins=[{login!r}])"
            )


def _asked_scopes(url: str) -> list[str]:
    scopes = sorted(scopes_of(url))
    return [f"the authorization URL asks for the scopes: {', '.join(scopes) or 'none'}"]


def _faults(capability: str) -> Iterator[tuple[str, Change, bool]]:
    """What a token server does, in words and in a response; and whether the customer has to log in again."""
    error, status = ("invalid_client", 401) if capability == CLIENT_CREDENTIALS else ("invalid_grant", 400)
    body = json.dumps({"error": error}).encode()
    yield f"a token server that answers {status} {error}", Response(status, "", _JSON, body), True
    yield f"a token server that answers 200, and {error} in the body,", Response(200, "", _JSON, body), False
    yield "a token server that answers 500", Response(500, "", (("content-length", "0"),)), False
    yield "a token server that cannot be reached", ConnectError("All connection attempts failed"), False
