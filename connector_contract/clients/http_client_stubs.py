"""What vcrpy's stubs of ``http.client`` lack; urllib3, requests, botocore and httplib2 are built on it.

They know no failure but the network's, read bodies and headers in their own ways, and leave a response's
``Content-Encoding`` with a body that urllib3 has decoded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from typing import Any
from unittest import mock

import vcr.stubs
from vcr.stubs import VCRConnection, compat, serialize_headers

from connector_contract.clients.interception import Interception

# What a client calls; "request", "send" and "endheaders" are given bodies.
_METHODS = ("__init__", "connect", "request", "putrequest", "putheader", "send", "endheaders", "getresponse")
_BODY_AT = {"request": 2, "send": 0, "endheaders": 0}
_BODY_NAMED = {"request": "body", "send": "data", "endheaders": "message_body"}


@contextmanager
def http_client_corrected(interception: Interception) -> Iterator[None]:
    """Correct vcrpy's stubs, as long as the context lasts; vcrpy's patches have to be in place."""
    with ExitStack() as stack:
        for owner in _owners(VCRConnection):
            for name in _METHODS:
                if name in vars(owner):
                    method = _guarded(interception, name, vars(owner)[name])
                    stack.enter_context(mock.patch.object(owner, name, method))
        stack.enter_context(mock.patch.object(vcr.stubs, "parse_headers", _parsed_headers))
        stack.enter_context(mock.patch.object(vcr.stubs, "serialize_headers", _serialized_headers))
        yield


def _owners(root: type[Any]) -> set[type[Any]]:
    """The classes of vcrpy that have methods of its connections."""
    found = {owner for owner in root.__mro__ if owner.__module__.startswith("vcr.")}
    for kind in type.__subclasses__(root):
        found |= _owners(kind)
    return found


def _guarded(interception: Interception, name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def guarded(connection: Any, *args: Any, **kwargs: Any) -> Any:
        if name in _BODY_AT:
            # Not guarded: what goes wrong in a body of the connector's is the connector's.
            args, kwargs = _with_whole_body(name, connection, args, kwargs)
        in_chunks = kwargs.pop("encode_chunked", False)
        with interception.guarded(_label(name, connection, args), calls_out=True):
            result = method(connection, *args, **kwargs)
            if in_chunks:
                # vcrpy sends a body in one piece.
                connection._vcr_request.headers.pop("Transfer-Encoding", None)
            return result

    return guarded


def _label(name: str, connection: Any, args: tuple[Any, ...]) -> str:
    if name in ("request", "putrequest"):
        return " ".join(map(str, args[:2]))
    request = vars(connection).get("_vcr_request")
    return f"{request.method} {request.uri}" if request is not None else f"{name}() of a connection"


def _with_whole_body(
    name: str, connection: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    position, keyword = _BODY_AT[name], _BODY_NAMED[name]
    encoding = "iso-8859-1" if connection._baseclass.__module__ in ("http.client", "httplib2") else "utf-8"
    if keyword in kwargs:
        return args, {**kwargs, keyword: _whole(kwargs[keyword], encoding)}
    if position < len(args):
        return (*args[:position], _whole(args[position], encoding), *args[position + 1 :]), kwargs
    return args, kwargs


def _whole(body: Any, encoding: str) -> bytes | None:
    """A body, of whatever kind, in one piece; a file or an iterator is read, once and to its end."""
    if body is None or isinstance(body, bytes):
        return body
    if isinstance(body, str):
        return body.encode(encoding)
    if hasattr(body, "read"):
        return _whole(body.read(), encoding)
    try:
        return bytes(memoryview(body))
    except TypeError:
        return b"".join(_whole(part, encoding) or b"" for part in body)


def _parsed_headers(headers: dict[str, list[str]]) -> Any:
    """As vcrpy's, which encodes as UTF-8 what ``http.client`` reads as Latin-1."""
    lines = [f"{name}: {value}\r\n" for name, values in headers.items() for value in values]
    return compat.get_httpmessage("".join(lines).encode("latin-1"))


def _serialized_headers(response: Any) -> dict[str, list[str]]:
    """As vcrpy's, without the encoding of a body that was decoded."""
    headers: dict[str, list[str]] = serialize_headers(response)
    decodes = set(getattr(response, "CONTENT_DECODERS", ()))
    return {
        name: values
        for name, values in headers.items()
        if name.lower() != "content-encoding"
        or not decodes.issuperset(part.strip().lower() for value in values for part in value.split(","))
    }
