"""**arbitrary_endpoint**: what the vendor answers comes back as it is; what is not allowed is refused."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import unquote, urlsplit

from connector_contract.config import Json
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.responses import error_of, error_text
from connector_contract.recording.interactions import Interaction, Request, Response, query_of
from connector_contract.reporting.excerpts import excerpts

ENDPOINT = "fulfill_arbitrary_endpoint"
_ALTERED = "Whoever asked decides by the vendor's own answer, and reads on with its headers."
_UNSAFE = (
    "Whoever composes such a request may be led to send the customer's credentials elsewhere, or to write."
)
NOT_FOUND = Response(404, "", (("content-type", "application/json"),), b'{"detail": "no such thing"}')
"""What a vendor answers that does not have what it is asked for."""
_NOWHERE = "connector-contract-no-such-path"
# How many characters of a body a message shows.
_LONGEST = 120


def answer_breach(report: Json, interactions: Sequence[Interaction]) -> Iterator[Breach]:
    """What is wrong with the report of a request that the vendor answered.

    Args:
        report: The ``response`` of ``fulfill_arbitrary_endpoint``.
        interactions: What the connector asked the upstream for.

    Source: ``ArbitraryResponse`` of ``connector/spec/openapi.yaml``: "True only for a vendor 2xx", "Vendor
    response headers, verbatim", "The vendor's response body as sent, decoded per its charset and not parsed",
    "The absolute URL actually called".
    """
    answered = _answer(report, interactions)
    if answered is None:
        title = (
            "its example was refused" if report.get("error") else "it reports what no request has asked for"
        )
        yield Breach(ENDPOINT, title, "Nothing shows that it works at all.", [str(report.get("error") or "")])
        return
    response = answered.response
    wrong = []
    if report.get("status_code") != response.status:
        wrong.append(f"status_code: {report.get('status_code')}; the vendor's: {response.status}")
    if report.get("ok") is not (200 <= response.status < 300):
        wrong.append(f"ok: {report.get('ok')}, at the status {response.status}")
    if report.get("error"):
        wrong.append(f"error: {report['error']!r}, although the vendor answered")
    given = {str(name).lower(): value for name, value in (report.get("headers") or {}).items()}
    for name, value in _joined(response.headers).items():
        if given.get(name) != value:
            wrong.append(f"the header {name}: {given.get(name)!r}; the vendor's: {value!r}")
    sent = _text(response)
    if (report.get("body") or "") != sent:
        body, vendors = excerpts(repr(report.get("body")), repr(sent), _LONGEST)
        wrong.append(f"body: {body}; the vendor's: {vendors}")
    if wrong:
        yield Breach(ENDPOINT, "it does not hand on the vendor's answer as it is", _ALTERED, wrong)
    url, asked = urlsplit(str(report.get("resolved_url"))), urlsplit(answered.request.uri)
    if (url.scheme, url.netloc, url.path) != (asked.scheme, asked.netloc, asked.path):
        shown = [f"{report.get('resolved_url')}; called: {answered.request.uri.partition('?')[0]}"]
        yield Breach(ENDPOINT, "its resolved_url is not the URL that was called", _ALTERED, shown)


def asked_breach(example: Json, interactions: Sequence[Interaction]) -> Iterator[Breach]:
    """What was sent and is not what was asked for.

    A connector may add parameters of its own to a query, such as a key.

    Args:
        example: The author's example of a request.
        interactions: What the connector asked the upstream for it.

    Source: ``FulfillArbitraryEndpoint`` of ``connector/spec/openapi.yaml``: "A path relative to the
    instance's base URL, or an absolute URL on the same host", "Request body sent verbatim", "Query
    parameters. Each value is a list".
    """
    if not interactions:
        return
    sent, url = interactions[-1].request, str(example.get("url", ""))
    path, method = unquote(urlsplit(url).path).strip("/"), str(example.get("method") or "GET")
    wrong = []
    if sent.method != method:
        wrong.append(f"the method {sent.method}; asked for: {method}")
    if not unquote(urlsplit(sent.uri).path).strip("/").endswith(path):
        wrong.append(f"the path {urlsplit(sent.uri).path}; asked for: {path}")
    added = {} if urlsplit(url).netloc else example.get("query") or {}
    asked = [*query_of(url), *((name, str(each)) for name, values in added.items() for each in values)]
    left_out = (Counter(asked) - Counter(query_of(sent.uri))).elements()
    wrong += [f"the query lacks {name}={value}" for name, value in left_out]
    if method == "POST" and sent.body != str(example.get("body") or "").encode():
        wrong.append("the body is another")
    if wrong:
        yield Breach(ENDPOINT, "it does not send what it was asked to send", _ALTERED, wrong)


def refused_answer_breach(response: Json, interactions: Sequence[Interaction]) -> Iterator[Breach]:
    """What is wrong with the response to its example, if the vendor answers with ``NOT_FOUND``.

    Args:
        response: The response of ``fulfill_arbitrary_endpoint``.
        interactions: What the connector asked the upstream for its example.

    Source: ``fulfill_arbitrary_endpoint``: "A vendor response of any status is a successful execution of this
    capability".
    """
    if (error := error_of(response)) is not None:
        title = f"a vendor's 404 gave an error: {error_text(error)}"
        yield Breach(ENDPOINT, title, _ALTERED)
        return
    answered = replace(interactions[-1], response=NOT_FOUND)
    for breach in answer_breach(response.get("response") or {}, [answered]):
        yield replace(breach, title=f"at a vendor's 404, {breach.title}")


def _answer(report: Json, interactions: Sequence[Interaction]) -> Interaction | None:
    """The interaction that a report is about: the last, for a token is fetched before."""
    return (
        interactions[-1]
        if interactions and not (report.get("status_code") is None and report.get("error"))
        else None
    )


def _joined(headers: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The headers, repeated ones joined with a comma, but for those that secrets are taken out of."""
    joined: dict[str, list[str]] = {}
    for name, value in headers:
        joined.setdefault(name.lower(), []).append(value)
    # How a body is packed is for the connection.
    return {
        name: ", ".join(values)
        for name, values in joined.items()
        if name not in ("set-cookie", "content-encoding", "content-length", "transfer-encoding")
    }


def _text(response: Response) -> str:
    """A body as its charset has it; UTF-8 if it says none, or one that nobody knows."""
    kind = next((value for name, value in response.headers if name.lower() == "content-type"), "")
    charset = re.search(r"charset=\"?([\w.:-]+)", kind, re.IGNORECASE)
    try:
        return response.body.decode(charset[1] if charset else "utf-8", "replace")
    except LookupError:
        return response.body.decode("utf-8", "replace")


def forbidden_requests(example: Json) -> dict[str, dict[str, Any]]:
    """Requests that have to be refused, by what they are.

    Should one be sent all the same, it does no harm: what is posted goes to a path that nothing is at.

    Args:
        example: The author's example of a request.

    Source: ``fulfill_arbitrary_endpoint``: the connector "refuses anything off its allowlist"; ``url``: "A
    path relative to the instance's base URL, or an absolute URL on the same host"; ``method``: "POST reaches
    only allowlisted paths"; ``headers``: "Only headers the connector allowlists are accepted".
    """
    # A good example may set a header, and have a body to post; these need neither.
    url = str(example.get("url", ""))
    return {
        "an absolute URL on another host": {"url": "https://connector-contract.invalid/"},
        "a path with ..": {"url": f"a/../{_NOWHERE}"},
        "the header Authorization": {"url": url, "headers": {"Authorization": "Bearer of-another"}},
        "a POST off the allowlist": {"url": _NOWHERE, "method": "POST", "body": "{}"},
    }


def forbidden_breach(
    what: str, response: Json, interactions: Sequence[Interaction], before: Collection[tuple[str, str]]
) -> Iterator[Breach]:
    """What is wrong with the response to a request that has to be refused.

    Args:
        what: What was asked.
        response: The response of ``fulfill_arbitrary_endpoint``.
        interactions: What the connector asked the upstream for.
        before: What it asks for before each request, such as a token: method and path.

    Source: as for ``forbidden_requests``; "Only transport failures and connector-side refusals set `error`."
    """
    sent = [str(each.request) for each in interactions if endpoint(each.request) not in before]
    if sent:
        yield Breach(ENDPOINT, f"{what} was not refused, but sent", _UNSAFE, sent)
        return
    if (error := error_of(response)) is not None:
        title = f"{what} gave an error: {error_text(error)}"
        yield Breach(ENDPOINT, title, "Lumos takes that for a broken connector; a refusal is reported.")
        return
    report = response.get("response") or {}
    wrong = [
        f"{name}: {report.get(name)!r}"
        for name, is_wrong in (
            ("ok", report.get("ok") is not False),
            ("error", not report.get("error")),
            ("status_code", report.get("status_code") is not None),
        )
        if is_wrong
    ]
    if wrong:
        yield Breach(ENDPOINT, f"{what} was refused, and the report does not say so", _ALTERED, wrong)


def endpoint(request: Request) -> tuple[str, str]:
    """The method and the path of a request."""
    return request.method, urlsplit(request.uri).path


def asked_before(interactions: Sequence[Interaction]) -> set[tuple[str, str]]:
    """What a good call asks for before the request that it was asked to make."""
    return {endpoint(each.request) for each in interactions[:-1]}
