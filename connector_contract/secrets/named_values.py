"""Values in requests and responses whose name says that they are secret, or their form, or a link."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import chain
from typing import Any
from urllib.parse import unquote_to_bytes

from connector_contract.clients.content_codings import plain
from connector_contract.recording.interactions import Headers, Request, Response, form_of, is_form, query_of
from connector_contract.recording.multipart import text_parts
from connector_contract.secrets.allowed_secrets import is_allowed
from connector_contract.secrets.created_keys import created_keys
from connector_contract.secrets.encoded_texts import BETWEEN, encoded_texts
from connector_contract.secrets.likely_secrets import likely_secrets
from connector_contract.secrets.link_secrets import secrets_in_links
from connector_contract.secrets.named_formats import named_in_body, named_in_value
from connector_contract.secrets.named_json import may_name_secrets
from connector_contract.secrets.ordinary import cannot_be_secret, is_ordinary, looks_random, reads_as_words
from connector_contract.secrets.private_jwks import private_members
from connector_contract.secrets.schemes import split_scheme
from connector_contract.secrets.secret_forms import PRIVATE_KEY, secrets_by_form
from connector_contract.secrets.secret_names import (
    COOKIE,
    cookie_of,
    is_listed_cookie,
    is_public_name,
    is_secret_cookie,
    is_secret_name,
    judge,
    names_one,
    normalized,
)
from connector_contract.secrets.set_cookie import cookie_values, deletes, sent_cookies

# As Python's http.cookies, and so aiohttp, sends it.
_ESCAPED_IN_COOKIE = re.compile(r"\\[23][0-7]{2}")
_COUNT = re.compile(r"-?\d{1,5}")
_PLURAL = re.compile(r"[^sS]s\Z")
_PLAIN_QUERY = re.compile(r"\?[^#]*+")


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
    cookie = cookie_of(name)
    if cookie is None or is_listed_cookie(cookie, secret_names):
        return False
    return is_ordinary(value) or reads_as_words(value)


def _in_texts(headers: Headers, body: bytes, secret_names: frozenset[str]) -> Iterator[tuple[str, str]]:
    """What links and the looks of values tell."""
    others = (value for name, value in headers if not is_secret_name(name, secret_names))
    for data in (*(value.encode("utf-8", "surrogateescape") for value in others), body):
        for name, value in chain(secrets_in_links(data), likely_secrets(data)):
            if not is_public_name(name, secret_names):
                yield name, value


def _with_forms(
    named: Iterable[tuple[str, str]], headers: Headers, texts: Iterable[bytes], secret_names: frozenset[str]
) -> Iterator[tuple[str, str]]:
    """What is found by name, and what else is one by its form, but for what an author allows."""
    known = set()
    for name, value in named:
        credential = split_scheme(name, value)[1]
        # A private key may end with its line, which is no part of the form.
        known |= {credential, credential.strip()}
        is_none = _is_count(name, credential) or _is_of_mail(name, credential)
        if not is_none and not is_allowed(credential, secret_names):
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


def _is_of_mail(name: str, value: str) -> bool:
    """Whether a value is what somebody writes below a mail: ``signature`` of a user of Zendesk."""
    if not normalized(name).endswith("signature") or "=" in value:
        return False
    parts = value.split()
    return len(parts) > 1 and not any(map(looks_random, parts))


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
