"""**errors**: an id with characters that a path must escape asks for itself alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from urllib.parse import parse_qsl, unquote, urlsplit

from connector_contract.config import Json
from connector_contract.contract.contract_config import UNESCAPED_ID
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.failures import INVALID, UNKNOWN, refusal_breach, unknown_breach
from connector_contract.contract.rules.responses import error_of
from connector_contract.recording.interactions import Interaction, Request

_WORD = UNESCAPED_ID.partition("/")[0]


def escaped_breach(
    capability: str,
    field: str,
    request: Json,
    response: Json,
    asked: Sequence[Interaction],
    code_of_status: Mapping[int, str],
) -> Iterator[Breach]:
    """What is wrong with the response to a request with such an id in ``field``, and with what was asked for.

    Some servers refuse such a path by themselves, each with another status; what that is to the SDK is right.

    Args:
        capability: What was called.
        field: The field of the request that has the id, or a list of ids.
        request: The request.
        response: Its response.
        asked: The interactions of the call.
        code_of_status: The SDK's code for each status.

    Source: RFC 3986, section 2.2: "the conflicting data must be percent-encoded before the URI is formed";
    the schema ``ConnectorErrorCode`` of the SDK's specification.
    """
    title = f"the id {UNESCAPED_ID!r} of {field} is not escaped"
    if lines := [*map(str, unescaped(each.request for each in asked))]:
        consequence = (
            "It reads, or changes, what another path is about. Escape each id: "
            "urllib.parse.quote(id, safe='')."
        )
        yield Breach(capability, title, consequence, lines)
        return
    if error_of(response) is None and isinstance(request[field], list):
        yield from unknown_breach(capability, field, request, response)
        return
    statuses = {each.response.status for each in asked if each.response.status >= 400}
    codes = {*UNKNOWN, *INVALID, *_codes(statuses, code_of_status)}
    yield from refusal_breach(capability, f"the {field} {UNESCAPED_ID!r}", response, codes)


def unescaped(requests: Iterable[Request]) -> list[Request]:
    """The requests whose URL has a part of the id, and not the id in one segment, or in one value."""
    return [each for each in requests if not _is_whole(each.uri)]


def _is_whole(uri: str) -> bool:
    url = urlsplit(uri)
    places = [unquote(segment) for segment in url.path.split("/")]
    places += [text for pair in parse_qsl(url.query, keep_blank_values=True) for text in pair]
    # A filter of a query may have its own way to escape.
    plain = [place.replace("\\", "") for place in places]
    return all(place.count(_WORD) == place.count(UNESCAPED_ID) for place in [*plain, unquote(url.fragment)])


def _codes(statuses: Collection[int], code_of_status: Mapping[int, str]) -> set[str]:
    return {code_of_status[each] for each in statuses if each in code_of_status}
