"""Names whose values are secret in whatever API: headers, parameters and fields.

The list is meant to be complete for what HTTP APIs authenticate with. An author extends or shortens it with
the ini option ``contract_secret_names``, a line a name, each with its reason::

    contract_secret_names =
        x-session: identifies a login
        -signature: is the customer's own, and public
        -cookie.theme: says how the pages look

A minus takes a name off the list. ``cookie.theme`` is the cookie of that name. What is not on the list is
judged by its words (``secret_words``), unless a minus takes it off.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from typing import Any
from urllib.parse import unquote, unquote_to_bytes

from connector_contract.clients.content_codings import plain
from connector_contract.errors import UsageError
from connector_contract.recording.interactions import (
    Headers,
    Interaction,
    Request,
    Response,
    form_of,
    is_form,
    query_of,
)
from connector_contract.recording.multipart import text_parts
from connector_contract.secrets.allowed_secrets import allowed_entries, is_allowed
from connector_contract.secrets.created_keys import created_keys
from connector_contract.secrets.encoded_texts import BETWEEN, encoded_texts
from connector_contract.secrets.likely_secrets import LIKELY, likely_secrets
from connector_contract.secrets.link_secrets import secrets_in_links
from connector_contract.secrets.named_formats import named_in_body, named_in_value
from connector_contract.secrets.named_json import may_name_secrets
from connector_contract.secrets.ordinary import cannot_be_secret, is_ordinary, reads_as_words
from connector_contract.secrets.private_jwks import private_members
from connector_contract.secrets.secret_forms import PRIVATE_KEY, TITLES, secrets_by_form
from connector_contract.secrets.secret_words import STEMS, is_paired, is_secret_by_words
from connector_contract.secrets.set_cookie import cookie_values, deletes, sent_cookies, with_values

# Headers that authenticate a request. RFC 9110, RFC 6265, and what API gateways have made customary.
HEADERS = frozenset(
    {
        "authorization",
        "proxy-authorization",
        "cookie",
        "set-cookie",
        "api-key",
        "x-api-key",
        "x-auth-token",
        "x-access-token",
        "x-amz-security-token",
        "x-csrf-token",
        "x-xsrf-token",
        "x-vault-token",
        "private-token",
        "authz",
    }
)
# Parameters and fields: OAuth 1 and 2 (RFC 5849, 6749, 7521, 7523), OpenID Connect, and the usual names of
# keys and passwords. Not "token" and not "code", which as often as not are a page's and an error's.
FIELDS = frozenset(
    {
        "access_token",
        "refresh_token",
        "id_token",
        "client_secret",
        "consumer_secret",
        "token_secret",
        "client_assertion",
        "assertion",
        "code_verifier",
        "oauth_verifier",
        "password",
        "passwd",
        "passphrase",
        "secret",
        "secret_key",
        "api_key",
        "api_token",
        "api_secret",
        "auth_token",
        "bearer_token",
        "session_token",
        "session_id",
        "private_key",
        "oauth_token",
        "oauth_signature",
        "x_amz_signature",
        "signature",
        # OpenID Connect, and its backchannel authentication.
        "id_token_hint",
        "auth_req_id",
        # As texts; objects of that name have names of their own.
        "credential",
        "credentials",
        "creds",
        "pat",
        "tgt",
        "ASP.NET_SessionId",
    }
)

ISSUED = "issued"
"""What the placeholders of values begin with that a server hands out."""

COOKIE = "cookie."
"""What the names of cookies begin with."""

# A time that moves with the clock, ``<now-30d>``, is none.
PLACEHOLDER = re.compile(r"<(?!now[->])[\w.:-]+>")
"""What stands in a recording in place of a secret."""

_NOT_SHOWN = re.compile(r"[^\w.:-]+")

_LOWER = bytes(range(256)).lower()
_DIGITS = "0123456789"
_LEFT_OUT = b"aeiou0123456789"
_SEPARATORS = bytes(byte for byte in range(128) if not chr(byte).isalnum())
# Escapes of JSON that stand for a letter of a name, or end with what would be one.
_ESCAPED_LETTER = re.compile(rb"\\(?:u00[0-7]|[bfnrt])")

# As Python's http.cookies, and so aiohttp, sends it.
_ESCAPED_IN_COOKIE = re.compile(r"\\[23][0-7]{2}")

# What tells placeholders of one name apart.
_NUMBER = re.compile(r"-\d+\Z")

# Parts of names of settings that are secrets, if they are no well-known ones.
_SECRETIVE = ("auth", "cert", "key", "pass", "secret", "session", "token")

_COUNT = re.compile(r"-?\d{1,5}")
_PLURAL = re.compile(r"[^sS]s\Z")

# Authentication schemes are kept: "Bearer <token.token>" says more than a placeholder alone.
_SCHEME = re.compile(
    r"(?:Basic|Bearer|Digest|Token|Negotiate|ApiKey|Key|JWT|OAuth|SSWS|AWS4\S*)\s+", re.IGNORECASE
)
# Any word may be the scheme of an Authorization header (RFC 9110), such as Session or AWS4-HMAC-SHA256, if it
# reads as a name: what has digits in its midst is rather the first part of a secret.
_ANY_SCHEME = re.compile(r"[A-Za-z]+\d{0,3}(?:[-_.][A-Za-z]*\d{0,3})*\s+")
_PLAIN_QUERY = re.compile(r"\?[^#]*+")
_LINE = re.compile(r"(?P<minus>-?)\s*(?P<name>[^:\s]+)\s*:\s*(?P<reason>\S.*)")


@lru_cache(4096)
def normalized(name: str) -> str:
    """A name without case and separators: ``clientSecret`` and ``client-secret`` are one."""
    return _letters(name.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")


def _letters(text: bytes) -> bytes:
    return text.translate(_LOWER, _SEPARATORS)


def _with_x(names: Iterable[str]) -> frozenset[str]:
    """``names``, and each as a header that no standard has: ``X-Session-Token`` for ``session_token``."""
    names = frozenset(names)
    return names | {f"x{name}" for name in names if not name.startswith("x")}


WELL_KNOWN = _with_x(map(normalized, HEADERS | FIELDS))


def secret_names(changes: Iterable[str], allowed: Iterable[str] = ()) -> frozenset[str]:
    """The names whose values are secret, normalized, and beside them what is none whatever its name.

    Args:
        changes: The lines of ``contract_secret_names``.
        allowed: The lines of ``contract_allowed_secrets``.

    Raises:
        UsageError: A line has no reason, takes off a name that is not on the list, says the opposite of
            another one, or allows nothing.
    """
    return _changed(tuple(changes), tuple(allowed))


# Each scenario of a run asks for the same.
@lru_cache(4)
def _changed(changes: tuple[str, ...], allowed: tuple[str, ...]) -> frozenset[str]:
    names = set(WELL_KNOWN) | allowed_entries(allowed)
    said: dict[tuple[str, bool], tuple[str, str]] = {}
    for line in changes:
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise _bad_line(line, "it is not a name and a reason")
        name, cookie = normalized(match["name"]), _cookie_of(match["name"])
        if not name or match["name"].lower() == COOKIE:
            raise _bad_line(line, "it has no name")
        minus, other = said.setdefault((name, cookie is None), (match["minus"], line))
        if minus != match["minus"]:
            raise _bad_line(line, f"the line {other!r} says the opposite")
        if cookie is not None:
            names.add(_public_cookie(cookie) if match["minus"] else _secret_cookie(cookie))
        elif not match["minus"]:
            names.add(name)
        elif _is_judged(match["name"], names):
            names.discard(name)
            names.add(_public(name))
        else:
            raise _bad_line(line, f"{match['name']} is not on the list")
    return frozenset(names)


def _is_judged(name: str, names: Collection[str]) -> bool:
    """Whether a name may have a secret, so that it can be taken off the list."""
    known = normalized(name)
    is_on_it = known in names or known.rstrip(_DIGITS) in names
    return is_on_it or is_secret_by_words(name) or known.endswith(LIKELY)


# A cookie is on the list with its header, and so is taken off by an entry of its own. None of these is a name
# of anything else: names have no separators.
def _public(name: str) -> str:
    """The entry of a name that is off the list, whatever its words say."""
    return f"-{name}"


def _public_cookie(name: str) -> str:
    return f"-{COOKIE}{normalized(name)}"


def _secret_cookie(name: str) -> str:
    return f"{COOKIE}{normalized(name)}"


def _cookie_of(name: str) -> str | None:
    """The name of the cookie that a name is for, such as ``cookie.theme``; ``None`` if it is for none."""
    start, cookie = name[: len(COOKIE)].lower(), name[len(COOKIE) :]
    return cookie if start == COOKIE and cookie else None


@lru_cache(16384)
def is_secret_name(name: str, secret_names: frozenset[str]) -> bool:
    """Whether what has a name is secret: the name is on the list, or its words say so.

    Args:
        name: As it is written.
        secret_names: Normalized names whose values are secret.
    """
    known = normalized(name)
    if known in secret_names:
        return True
    if _is_off_the_list(known, secret_names):
        return False
    # A number tells it from its neighbours: "credential2".
    return is_secret_by_words(name) or known.rstrip(_DIGITS) in secret_names


def _is_off_the_list(known: str, secret_names: frozenset[str]) -> bool:
    return _public(known) in secret_names


@lru_cache(16)
def judge(secret_names: frozenset[str]) -> Callable[[str], bool]:
    """What says of a name whether what has it is secret."""
    return lambda name: is_secret_name(name, secret_names)


def is_secret_cookie(name: str, secret_names: frozenset[str]) -> bool:
    """Whether a cookie's value may be a secret, because the cookie is not off the list."""
    return _public_cookie(name) not in secret_names


def without_public(headers: Headers, secret_names: frozenset[str]) -> Headers:
    """A request's headers without those, and the cookies, that an author has taken off the list."""
    if not any(name.startswith("-") for name in secret_names):
        return headers
    return tuple(
        (name, _without_public(value, secret_names) if name == "cookie" else value)
        for name, value in headers
        if not _is_off_the_list(normalized(name), secret_names)
    )


def _without_public(header: str, secret_names: frozenset[str]) -> str:
    def kept(name: str, value: str) -> str:
        return value if is_secret_cookie(name, secret_names) else ""

    return with_values("cookie", header, kept)


def lines_for(placeholders: Iterable[str], secret_names: frozenset[str]) -> list[str]:
    """The lines of ``contract_secret_names`` by which values keep their places; empty if not all can.

    What is known by its use, and not by its name, is on no list.

    Args:
        placeholders: What stands for the values now.
        secret_names: The names that are on the list.
    """
    names = [_NUMBER.sub("", shown.strip("<>")).removeprefix(f"{ISSUED}.") for shown in placeholders]
    if TITLES.keys().isdisjoint(names) and all(
        _cookie_of(name) or is_secret_name(name, secret_names) for name in names
    ):
        return [f"-{name}: is no secret, because ..." for name in dict.fromkeys(names)]
    return []


def as_placeholder(name: str) -> str:
    """A name as placeholders can have it: ``user_token`` for ``user[token]``."""
    return _NOT_SHOWN.sub("_", name).strip("_") or "secret"


def named_values(
    request: Request, response: Response, secret_names: frozenset[str]
) -> Iterator[tuple[str, str]]:
    """Name and value of everything in an interaction whose name says that it is secret.

    The scheme of an authentication, ``Bearer`` say, is no part of the value.
    """
    found = (
        named_in_request(request, secret_names),
        named_in_response(response, secret_names),
        named_in_creation(request, response, secret_names),
    )
    yield from ((name, split_scheme(name, value)[1]) for name, value in chain.from_iterable(found))


def named_in_request(request: Request, secret_names: frozenset[str]) -> Iterator[tuple[str, str]]:
    """What of ``named_values`` is in a request, with its scheme, and what is a secret by its form."""
    in_texts = _in_texts(request.headers, request.body, secret_names)
    named = chain(_named_in_request(request, secret_names), in_texts)
    uri = request.uri.encode("utf-8", "surrogateescape")
    body = _unquoted(request.body) if is_form(request) else (request.body,)
    yield from _with_forms(named, request.headers, (*_unquoted(uri), *body), secret_names)


def named_in_response(response: Response, secret_names: frozenset[str]) -> Iterator[tuple[str, str]]:
    """What of ``named_values`` is in a response, with its scheme, and what is a secret by its form."""
    body = plain(response)
    named = chain(
        _in_headers(response.headers, secret_names),
        _in_body(body, secret_names),
        _in_texts(response.headers, body, secret_names),
    )
    yield from _with_forms(named, response.headers, (body,), secret_names)


def named_in_creation(
    request: Request, response: Response, secret_names: frozenset[str]
) -> Iterator[tuple[str, str]]:
    """Name and value of each key that a request has created; both know of it together alone."""
    found = created_keys(request, replace(response, body=plain(response)))
    yield from (pair for pair in found if not is_allowed(pair[1], secret_names))


def _in_texts(headers: Headers, body: bytes, secret_names: frozenset[str]) -> Iterator[tuple[str, str]]:
    """What links and the looks of values tell."""
    others = (value for name, value in headers if not is_secret_name(name, secret_names))
    for data in (*(value.encode("utf-8", "surrogateescape") for value in others), body):
        for name, value in chain(secrets_in_links(data), likely_secrets(data)):
            if not _is_off_the_list(normalized(name), secret_names):
                yield name, value


def named_in_answer(answer: Any, secret_names: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Name, or form, and value of each secret in what Lumos asks or is answered.

    A word is none, whatever its name: the connector has made it.

    Args:
        answer: A value of JSON.
        secret_names: Normalized names whose values are secret.
    """
    text = json.dumps(answer)
    data = text.encode()
    # Each page has a token of the next one, which is none.
    has_names = names_one(data, secret_names) and may_name_secrets(text, judge(secret_names))
    named = named_json_values(answer, secret_names) if has_names else ()
    yield from _with_forms((pair for pair in named if not is_ordinary(pair[1])), (), (data,), secret_names)


def _with_forms(
    named: Iterable[tuple[str, str]], headers: Headers, texts: Iterable[bytes], secret_names: frozenset[str]
) -> Iterator[tuple[str, str]]:
    """What is found by name, and what else is one by its form, but for what an author allows."""
    known = set()
    for name, value in named:
        credential = split_scheme(name, value)[1]
        # A private key may end with its line, which is no part of the form.
        known |= {credential, credential.strip()}
        if not is_allowed(credential, secret_names) and not _is_count(name, credential):
            yield name, value
    # What a header of a secret name has may be made again with each request, and is known by that name.
    others = (value for name, value in headers if not is_secret_name(name, secret_names))
    in_headers = (text for value in others for text in _unquoted(value.encode("utf-8", "surrogateescape")))
    for form, value in _by_form([*in_headers, *texts], secret_names):
        if value not in known and not is_allowed(value, secret_names, form):
            known.add(value)
            yield form, value


def _by_form(texts: Sequence[bytes], secret_names: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Form and value of each secret that has one, those that are encoded last, and what these name."""
    for data in texts:
        yield from _formed(data)
    for data in texts:
        for text in encoded_texts(data):
            yield from _formed(text)
            yield from _in_encoded(text, secret_names)


def _formed(data: bytes) -> Iterator[tuple[str, str]]:
    yield from secrets_by_form(data)
    if b"kty" in data:
        yield from ((PRIVATE_KEY, value) for value in private_members(data))


def _in_encoded(text: bytes, secret_names: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Name and value of each secret in JSON that is encoded as a whole, such as the file of a key.

    What is ordinary cannot be replaced there.
    """
    for part in text.split(BETWEEN) if names_one(text, secret_names) else ():
        with suppress(ValueError, RecursionError):
            value = json.loads(part) if part.lstrip()[:1] in (b"{", b"[") else None
            yield from (pair for pair in named_json_values(value, secret_names) if not is_ordinary(pair[1]))


def _is_count(name: str, value: str) -> bool:
    """Whether a value says how many there are: "42", under ``apiKeys``."""
    return _COUNT.fullmatch(value) is not None and _PLURAL.search(name) is not None


def _unquoted(data: bytes) -> Iterator[bytes]:
    """A URL or a form, and what it says: a key has characters that are percent-encoded, and spaces."""
    yield data
    if b"%" in data:
        yield unquote_to_bytes(data)
        if b"+" in data:
            yield unquote_to_bytes(data.replace(b"+", b" "))


def _named_in_request(request: Request, secret_names: frozenset[str]) -> Iterator[tuple[str, str]]:
    yield from _in_headers(request.headers, secret_names)
    for name, value in (*query_of(request.uri), *_form(request)):
        if not is_secret_name(name, secret_names):
            yield from _in_body(value.encode("utf-8", "surrogateescape"), secret_names)
        elif not cannot_be_secret(value):
            yield name, value
    # A session may be a parameter of a path, and a token in a fragment.
    yield from _in_body(_PLAIN_QUERY.sub("", request.uri).encode("utf-8", "surrogateescape"), secret_names)
    if not is_form(request):
        yield from _in_body(request.body, secret_names)


def _in_body(body: bytes, secret_names: frozenset[str]) -> Iterable[tuple[str, str]]:
    return named_in_body(body, judge(secret_names)) if names_one(body, secret_names) else ()


def placeholders(request: Request) -> list[str]:
    """The names of the placeholders in a request that is without secrets."""
    body = request.body.decode("utf-8", "replace")
    texts = [unquote(request.uri), *(value for _, value in request.headers), body]
    return [found[1:-1] for text in texts for found in PLACEHOLDER.findall(text)]


def bracketed(text: str, recorded: Sequence[Interaction]) -> str:
    """A text in which each placeholder that something recorded has is in square brackets.

    A replay plays placeholders: for the connector, ``<access_token>`` is the token.

    Args:
        text: Anything that the connector says.
        recorded: What is played to it.
    """

    def changed(found: re.Match[str]) -> str:
        shown = found[0]
        is_played = any(
            shown[1:-1] in placeholders(each.request) or _has(each.response, shown) for each in recorded
        )
        return f"[{shown[1:-1]}]" if is_played else shown

    shown = PLACEHOLDER.sub(changed, text) if "<" in text else text
    if shown != text or not recorded:
        return shown
    encoded = (each.decode("utf-8", "replace") for each in encoded_texts(text.encode("utf-8", "replace")))
    for inner in (unquote(text), *encoded):
        if "<" in inner and (found := PLACEHOLDER.sub(changed, inner)) != inner:
            return f"{found} (encoded)"
    return text


def _has(response: Response, shown: str) -> bool:
    return shown.encode() in response.body or any(shown in value for _, value in response.headers)


def split_scheme(name: str, value: str) -> tuple[str, str]:
    """The scheme of an authentication with the space after it, if there is one, and what follows.

    Args:
        name: The header's or field's name.
        value: Its value.
    """
    scheme = (_ANY_SCHEME if _is_authorization(name) else _SCHEME).match(value)
    end = 0 if scheme is None else scheme.end()
    return value[:end], value[end:]


def basic_pair(credential: str) -> str | None:
    """What basic authentication (RFC 7617) has encoded; ``None`` if it is not encoded so."""
    try:
        return base64.b64decode(credential, validate=True).decode()
    except ValueError:
        return None


def changes_each_time(name: str) -> bool:
    """Whether what has this name may be another with each request: made from the secret, and the time say."""
    return _is_authorization(name) or normalized(name).endswith("signature")


def _is_authorization(name: str) -> bool:
    return normalized(name).endswith("authorization")


def named_json_values(value: Any, secret_names: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Name and value of each secret in a JSON value, at any depth."""
    yield from named_in_value(value, judge(secret_names))


def own_cookies(requests: Iterable[Request], secret_names: frozenset[str]) -> set[tuple[str, str]]:
    """The cookies of requests that are data, if no response has set them: the name, and the value."""
    return {
        pair
        for request in requests
        for pair in _in_headers(request.headers, secret_names)
        if may_be_own_cookie(*pair, secret_names)
    }


def may_be_own_cookie(name: str, value: str, secret_names: frozenset[str]) -> bool:
    """Whether a connector may set a cookie as any other data, ``cookie.lang`` to ``en`` say.

    What may be random is taken for a secret, and so is a cookie whose own name is on the list. Words of any
    length are none: what the upstream hands out, and what calls carry, is known without this.
    """
    cookie = _cookie_of(name)
    if cookie is None or _secret_cookie(cookie) in secret_names or is_secret_name(cookie, secret_names):
        return False
    return is_ordinary(value) or reads_as_words(value)


def public_settings(settings: object, secret_names: frozenset[str]) -> Iterator[str]:
    """The texts of settings, such as an e-mail, but for those that are secrets by their names."""
    if isinstance(settings, Mapping):
        for name, value in settings.items():
            word = str(name).lower()
            is_secret = is_secret_name(str(name), secret_names) or any(part in word for part in _SECRETIVE)
            if isinstance(value, str) and value and not is_secret:
                yield value


def _in_headers(headers: Headers, secret_names: frozenset[str]) -> Iterator[tuple[str, str]]:
    for name, value in headers:
        if not is_secret_name(name, secret_names):
            # The address of a page that a login leads to has its token, and some headers are JSON.
            if "=" in value or value[:1] in ("{", "["):
                yield from _in_body(value.encode("utf-8", "surrogateescape"), secret_names)
            continue
        if name in ("cookie", "set-cookie"):
            for cookie, text in _cookies(name, value):
                if is_secret_cookie(cookie, secret_names) and not _is_text(text):
                    yield COOKIE + cookie, text
        else:
            yield name, value


def _is_text(cookie: str) -> bool:
    """Whether a cookie's value has characters that no token has (RFC 6265, 4.1.1): a name of somebody, say.

    A client reads it in its own way, if at all, and would read an ASCII placeholder in its place otherwise.
    """
    return not cookie.isascii() or _ESCAPED_IN_COOKIE.search(cookie) is not None


def _cookies(name: str, value: str) -> Iterable[tuple[str, str]]:
    if name == "cookie":
        return sent_cookies(value)
    # What a cookie is deleted with is no secret, and may be a word such as "deleted".
    return () if deletes(value) else cookie_values(value)


def _form(request: Request) -> Iterable[tuple[str, str]]:
    return form_of(request) or text_parts(request)


def names_one(body: bytes, secret_names: frozenset[str]) -> bool:
    """Whether the letters of a secret's name are in ``body``; almost none has them, and to parse is slow."""
    if b"\\" in body and _ESCAPED_LETTER.search(body) is not None:
        return True
    letters = _letters(body)
    # To look for each takes a third of the time where there are no vowels.
    short = letters.translate(None, _LEFT_OUT)
    stems = _stems(secret_names)
    return any(stem in letters for stem, rest in stems if rest in short) or is_paired(body, letters, short)


@lru_cache(16)
def _stems(secret_names: frozenset[str]) -> tuple[tuple[bytes, bytes], ...]:
    """What to look for, each as it is and as it is without ``_LEFT_OUT``."""
    if not all(name.isascii() for name in secret_names):
        # A body may have it escaped: look into each.
        return ((b"", b""),)
    names = (name.removeprefix("x").encode() for name in secret_names if name.isalnum())
    found = {
        next(filter(name.__contains__, STEMS), name) for name in names if not is_paired(name, name, name)
    }
    return tuple((stem, stem.translate(None, _LEFT_OUT)) for stem in sorted(found | STEMS))


def _bad_line(line: str, problem: str) -> UsageError:
    return UsageError(
        f"The ini option contract_secret_names has the line {line!r}: {problem}.",
        remedy="Write a line as 'name: reason', or as '-name: reason' to take a name off the list.",
    )
