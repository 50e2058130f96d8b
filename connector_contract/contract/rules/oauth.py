"""**oauth**: a customer can log in, and the tokens that Lumos is handed are of use."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote_plus, urlencode, urlsplit

from connector_contract.config import Json
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.credentials import REFUSED
from connector_contract.contract.rules.responses import code_of, error_of, error_text
from connector_contract.recording.interactions import Interaction, Request, form_of, query_of
from connector_contract.secrets.named_values import named_json_values
from connector_contract.secrets.redaction import Redactor
from connector_contract.secrets.shown_placeholders import PLACEHOLDER

URL = "get_authorization_url"
CALLBACK = "handle_authorization_callback"
REFRESH = "refresh_access_token"
CLIENT_CREDENTIALS = "handle_client_credentials_request"

_NOBODY_CONNECTS = "No customer can connect."
_NO_TOKEN = "No customer can connect: Lumos gets no token."  # noqa: S105 - a sentence
_NOT_ASKED_AGAIN = "Lumos asks a customer to authorize again only if the error says so."
_LOGGED_OUT = "Lumos stays connected only until the access token expires."
_BELIEVED = "Lumos takes the connection for a good one."
_ANYBODY = "Whoever sees the URL, in a browser's history or in a log, has it."
_INTERCEPTED = "A code that somebody intercepts is of use to them."

# The credentials of ``AuthCredential`` that Lumos puts an access token into.
_OAUTH = ("oauth", "oauth_client_credentials")
# RFC 7636, 4.1.
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
# So short a secret is one only as a whole value.
_SHORT = 6
_SCOPE_PARAMETER = re.compile(r"(?:.*_)?scopes?")


def url_breach(
    request: Json, response: Json, scopes: Collection[str] | None, secrets: Mapping[str, str] | None = None
) -> Iterator[Breach]:
    """What is wrong with the response of ``get_authorization_url``.

    Args:
        request: What was asked.
        response: The connector's response.
        scopes: Those that the URL has to have, in any order; ``None`` if they are not known.
        secrets: What must not be in it in any spelling: each value, with what it is called.

    Source: the schemas ``GetAuthorizationUrl`` and ``AuthorizationUrl`` of the SDK's specification; RFC 6749,
    3.1 and 4.1.1.
    """
    error = error_of(response)
    if error is not None:
        yield Breach(URL, f"it gave an error: {error_text(error)}", _NOBODY_CONNECTS)
        return
    payload = response.get("response") or {}
    text = str(payload.get("authorization_url") or "")
    url = _split(text)
    if url is None or not url.hostname or url.scheme not in ("http", "https"):
        yield Breach(URL, "the URL is not absolute, with https://", _NOBODY_CONNECTS, [text])
        return
    if url.scheme == "http" and not _is_loopback(url.hostname):
        yield Breach(URL, "the URL is http, not https", "Whoever is on the way can read the code.", [text])
    pairs = parse_qsl(url.query, keep_blank_values=True)
    found = dict(pairs)
    if "?" in url.query and found.get("client_id") != request.get("client_id"):
        title = 'the URL has a second "?", so the application does not see the client_id'
        why = "authorization_url of OAuthSettings has a query of its own, and the SDK appends another one"
        yield Breach(URL, title, _NOBODY_CONNECTS, [text, why])
        return
    yield from _parameter_breach(request, pairs)
    verifier = payload.get("code_verifier")
    if verifier and found.get("code_challenge") != verifier:
        secrets = {**(secrets or {}), verifier: "code_verifier"}
    yield from _secret_breach(request, text, scopes or (), secrets or {})
    yield from _scope_breach(pairs, scopes)
    yield from _pkce_breach(found, verifier)


def _parameter_breach(request: Json, pairs: Sequence[tuple[str, str]]) -> Iterator[Breach]:
    found = dict(pairs)
    repeated = sorted(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
    if repeated:
        title = f"the URL has a parameter more than once: {', '.join(repeated)}"
        yield Breach(URL, title, "An application refuses that, or takes one of the two.")
    expected = {
        "response_type": "code",
        **{n: request.get(n) for n in ("client_id", "redirect_uri", "state")},
    }
    for name, value in expected.items():
        if found.get(name) != value and name not in repeated:
            shown = "no" if name not in found else f"{found[name]!r} as its"
            title = f"the URL has {shown} {name}, and should have {value!r}"
            yield Breach(URL, title, _NOBODY_CONNECTS)


def _secret_breach(
    request: Json, text: str, scopes: Collection[str], secrets: Mapping[str, str]
) -> Iterator[Breach]:
    """A secret in a URL, wherever it is; what the URL has to have may well look like one."""
    url = urlsplit(text)
    expected = {name: request.get(name) for name in ("client_id", "redirect_uri", "state")}
    further = [
        (
            name,
            " ".join(sorted(scopes_in(value) - set(scopes))) if _SCOPE_PARAMETER.fullmatch(name) else value,
        )
        for name, value in parse_qsl(url.query, keep_blank_values=True)
        if expected.get(name) != value and name != "response_type"
    ]
    # A host may have the name of a secret of the tests in it.
    login = url.netloc.rpartition("@")[0]
    looked_into = [login, url.path, url.fragment, *(f"{name}={value}" for name, value in further)]
    named = [name for name, value in further if name == "client_secret" and value]
    found = dict.fromkeys([*named, *_secrets_in(looked_into, secrets)])
    if found:
        yield Breach(URL, f"the URL has a secret in it: {', '.join(found)}", _ANYBODY)


def _secrets_in(texts: Sequence[str], secrets: Mapping[str, str]) -> Iterator[str]:
    """What the secrets are called that are in texts, as they are or encoded."""
    for value, name in secrets.items():
        redactor = Redactor({value: name})
        if len(value) < _SHORT:
            # It may be a part of any path.
            found = any(unquote_plus(text.rpartition("=")[2]) == value for text in texts)
        else:
            found = any(redactor.text(text) != text or redactor.remaining(text.encode()) for text in texts)
        if found:
            yield name


def secrets_of(
    credentials: object, others: Iterable[object], secret_names: Collection[str]
) -> dict[str, str]:
    """What an authorization URL must not have in it: each value, with what it is called.

    Args:
        credentials: Those of the connector, as JSON.
        others: Its settings, and the author's requests for tokens.
        secret_names: Names whose values are secret, normalized.
    """
    known = frozenset(secret_names)
    of_credentials = named_json_values(credentials, known | {"token", "key"})
    pairs = [*of_credentials, *(pair for each in others for pair in named_json_values(each, known))]
    return {value: name for name, value in pairs if value and not PLACEHOLDER.fullmatch(value)}


def _scope_breach(pairs: Sequence[tuple[str, str]], scopes: Collection[str] | None) -> Iterator[Breach]:
    missing = sorted(set(scopes or ()) - _scopes_of(pairs))
    if missing:
        title = f"the URL does not ask for the scope {' or '.join(missing)}"
        consequence = "Lumos is not permitted to read or change what needs it."
        yield Breach(URL, title, consequence, ["see scopes of OAuthSettings, or the request's own"])


def further_scopes(response: Json, scopes: Collection[str]) -> list[str]:
    """The scopes of an authorization URL that nobody has asked for."""
    url = str((response.get("response") or {}).get("authorization_url") or "")
    return sorted(scopes_of(url) - set(scopes))


def scopes_of(url: str) -> set[str]:
    """The scopes that an authorization URL asks for."""
    split = _split(url)
    return set() if split is None else _scopes_of(parse_qsl(split.query))


def scopes_in(text: str) -> set[str]:
    """The scopes in a text. RFC 6749 writes a space between them, and some applications a comma."""
    return set(re.split(r"[\s,]+", text)) - {""}


def _scopes_of(pairs: Sequence[tuple[str, str]]) -> set[str]:
    return {each for name, text in pairs if _SCOPE_PARAMETER.fullmatch(name) for each in scopes_in(text)}


def _pkce_breach(found: Mapping[str, str], verifier: object) -> Iterator[Breach]:
    challenge, method = found.get("code_challenge"), found.get("code_challenge_method", "plain")
    if challenge is None and not verifier:
        return
    if challenge is None:
        yield Breach(URL, "it gives a code_verifier, and the URL has no code_challenge", _INTERCEPTED)
    elif not isinstance(verifier, str) or not verifier:
        title = "the URL has a code_challenge, and the response has no code_verifier"
        yield Breach(URL, title, _NO_TOKEN)
    elif method != "S256":
        title = f"the code_challenge_method is {method}, not S256"
        yield Breach(URL, title, "Whoever sees the URL can send the verifier.")
    elif challenge != challenge_of(verifier):
        yield Breach(URL, "the code_challenge does not belong to the code_verifier (S256)", _NO_TOKEN)
    elif not _VERIFIER.fullmatch(verifier):
        title = f"the code_verifier has {len(verifier)} characters, or others than letters, digits and -._~"
        yield Breach(URL, title, _NO_TOKEN, ["RFC 7636 demands 43 to 128"])


def challenge_of(verifier: str) -> str:
    """The challenge that belongs to a verifier, by the method S256 of RFC 7636."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def verifier_breach(responses: Sequence[Json]) -> Iterator[Breach]:
    """A verifier that is the same in several authorization URLs.

    Source: RFC 7636, 4.1: "The code verifier SHOULD have enough entropy to make it impractical to guess".
    """
    verifiers = [(each.get("response") or {}).get("code_verifier") for each in responses]
    given = [each for each in verifiers if each]
    if len(set(given)) < len(given):
        yield Breach(URL, "the code_verifier is the same each time", _INTERCEPTED)


def failed_breach(
    capability: str, asked: str, response: Json, interactions: Sequence[Interaction]
) -> Iterator[Breach]:
    """An error in response to a request that has to give a token; with the setting to look at.

    Args:
        capability: What was called.
        asked: What it was given, in words.
        response: The connector's response.
        interactions: What it asked the token server for.
    """
    error = error_of(response)
    if error is not None:
        why = list(_why(interactions))
        yield Breach(capability, f"{asked} gave an error: {error_text(error)}", _NO_TOKEN, why)


def server_error_of(interactions: Sequence[Interaction]) -> str:
    """The ``error`` that the token server has answered last (RFC 6749, 5.2); empty if it has not."""
    document = _document(interactions[-1]) if interactions else None
    return str((document or {}).get("error") or "")


def _why(interactions: Sequence[Interaction]) -> Iterator[str]:
    if not interactions:
        yield "it asked no token server; see token_url of OAuthSettings"
        return
    last, error = interactions[-1], server_error_of(interactions)
    request, status = last.request, last.response.status
    yield f"{request.method} {request.uri.partition('?')[0]} was answered with {status} {error}".rstrip()
    if status < 500 and (status in (404, 405, 410) or _document(last) is None):
        yield "see token_url of OAuthSettings: no token server answers there"
    elif error == "invalid_client" or (status == 401 and error != "invalid_grant"):
        how, otherwise = _client_is_sent(request)
        yield (
            f"see client_auth of OAuthSettings: the client's id and secret are sent {how}, and the server "
            f"may want them {otherwise}; or they are wrong"
        )
    elif error == "invalid_scope":
        yield "see scopes of OAuthSettings"
    elif error == "invalid_grant":
        yield (
            "see pkce of OAuthSettings, and the redirect URI: the code or token may belong to another "
            "verifier, redirect URI or client; or it is used up, or has expired"
        )
    elif status in (400, 415, 422):
        pkce = "" if _field(request, "code_verifier") else "; or pkce, for no code_verifier is sent"
        yield f"see request_type of OAuthSettings: it is a {request.method} with {_kind(request)}{pkce}"


def _client_is_sent(request: Request) -> tuple[str, str]:
    basic = any(name == "authorization" for name, _ in request.headers)
    in_fields, in_header = f"as fields of {_kind(request)}", "in a Basic header"
    return (in_header, "as fields") if basic else (in_fields, in_header)


def _kind(request: Request) -> str:
    if not request.body:
        return "a query"
    return "a form" if form_of(request) else "a JSON body"


def _field(request: Request, name: str) -> str | None:
    """A field of a request, wherever that has its fields."""
    try:
        body = json.loads(request.body)
    except ValueError:
        body = None
    fields = body if isinstance(body, dict) else dict([*query_of(request.uri), *form_of(request)])
    return fields.get(name)


def _document(interaction: Interaction) -> Json | None:
    try:
        value = json.loads(interaction.response.body)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def handed_out_breach(
    capability: str,
    response: Json,
    interactions: Sequence[Interaction],
    *,
    state: str | None = None,
    refresh_token: str | None = None,
) -> Iterator[Breach]:
    """What is wrong with the tokens in a success.

    Args:
        capability: What was called.
        response: Its response.
        interactions: What it asked the token server for.
        state: The one that the request had.
        refresh_token: The refresh token that the request had.

    Source: the schema ``OauthCredentials`` of the SDK's specification: "ensuring the response matches the
    request"; RFC 6749, 6.
    """
    payload = response.get("response") or {}
    if not payload.get("access_token"):
        yield Breach(capability, "the access token is empty", _NO_TOKEN)
    if payload.get("state") and state is not None and payload["state"] != state:
        title = f"the state is {payload['state']!r}, and {state!r} was sent"
        yield Breach(capability, title, "Lumos cannot tell whose login this is.")
    served = str(((_document(interactions[-1]) or {}) if interactions else {}).get("refresh_token") or "")
    given = payload.get("refresh_token")
    if not served or given == served:
        return
    if refresh_token is not None and given == refresh_token:
        title = "the server has given a new refresh token, and the response has the old one"
    else:
        title = f"the server has given a refresh token, and the response has {'another' if given else 'none'}"
    yield Breach(capability, title, _LOGGED_OUT)


def refused_token_breach(capability: str, used_in: str, response: Json) -> Iterator[Breach]:
    """A following call that gives an error with the token that was handed out, and none with the good one.

    Args:
        capability: What has handed the token out.
        used_in: The following call's capability.
        response: Its response.
    """
    error = error_of(response)
    if error is not None:
        title = f"the access token is of no use: with it, {used_in} gave {error_text(error)}"
        yield Breach(capability, title, _NO_TOKEN, ["if it is short of a scope, see scopes of OAuthSettings"])


def refusal_breach(capability: str, broken: str, response: Json, *, is_final: bool) -> Iterator[Breach]:
    """What is wrong with the response where a token server fails or refuses.

    Args:
        capability: What was called.
        broken: What the server did, or was sent, in words.
        response: The connector's response.
        is_final: Whether the customer has to authorize again.

    Source: the schemas ``ErrorResponse`` and ``ConnectorErrorMetadata`` ("True if a token refresh or
    re-authentication may restore access") of the SDK's specification; ``REFRESHABLE_CODES``.
    """
    code = code_of(response)
    if code is None:
        yield Breach(capability, f"{broken} gave a success", _BELIEVED)
    elif is_final and code not in REFUSED:
        title = f"{broken} gave {code}, not unauthorized or authentication_expired"
        yield Breach(capability, title, _NOT_ASKED_AGAIN, [error_text(error_of(response) or {})])


def with_token(value: Any, token: str, credential_id: str | None = None) -> Any:
    """Credentials, ``auth`` or ``credentials``, with another access token.

    Args:
        value: As a connector is given them; or both, by name.
        token: What is to stand in place of each ``access_token`` of OAuth.
        credential_id: Which of several credentials it is for; ``None`` for each.
    """
    if isinstance(value, list | tuple):
        return [with_token(each, token, credential_id) for each in value]
    if isinstance(value, Mapping) and value.keys() <= {"auth", "credentials"}:
        return {name: with_token(each, token, credential_id) for name, each in value.items()}
    if not isinstance(value, Mapping) or credential_id not in (None, value.get("id", credential_id)):
        return value
    return {
        name: {**item, "access_token": token} if name in _OAUTH and isinstance(item, Mapping) else item
        for name, item in value.items()
    }


def takes_token(value: Any, credential_id: str | None = None) -> bool:
    """Whether credentials have a place for an access token; the arguments are those of ``with_token``."""
    return bool(with_token(value, "", credential_id) != with_token(value, "-", credential_id))


def denied(redirect_uri: str, state: str | None) -> str:
    """The URL that a browser is sent to if the customer does not agree (RFC 6749, 4.1.2.1)."""
    url = urlsplit(redirect_uri)
    kept = [pair for pair in parse_qsl(url.query) if pair[0] not in ("code", "state")]
    told = [("error", "access_denied"), *([("state", state)] if state else [])]
    return url._replace(query=urlencode([*kept, *told])).geturl()


def has_code(redirect_uri: str) -> bool:
    """Whether the URL that a browser was sent to has a code."""
    url = _split(redirect_uri)
    return url is not None and bool(dict(parse_qsl(url.query)).get("code"))


def error_in(redirect_uri: str) -> str | None:
    """The error in the URL that a browser was sent to (RFC 6749, 4.1.2.1); ``None`` if there is none."""
    url = _split(redirect_uri)
    found = dict(parse_qsl(url.query)) if url is not None else {}
    parts = [found[name] for name in ("error", "error_description") if name in found]
    return ": ".join(parts) or None


def _split(text: str) -> SplitResult | None:
    try:
        url = urlsplit(text)
        # Reading it is what checks it.
        _ = url.port
    except ValueError:
        return None
    return url


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
