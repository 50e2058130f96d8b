"""What vcrpy's stubs of ``http.client`` lack; urllib3, requests, botocore and httplib2 are built on it.

They know no failure but the network's, read bodies and headers in their own ways, and take urllib3's decoding
of bodies away from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from functools import partial, wraps
from importlib import import_module
from io import BytesIO
from types import FunctionType
from typing import Any

import vcr.patch
import vcr.stubs
from vcr.patch import force_reset
from vcr.stubs import VCRConnection, compat

from connector_contract.clients.http_client_losses import (
    broken_off,
    is_unconnected,
    not_answered,
    not_connected,
)
from connector_contract.clients.interception import current
from connector_contract.recording.played_changes import Loss, Lost
from connector_contract.replaced import Attribute

# What a client calls; "request", "send" and "endheaders" are given bodies.
_METHODS = ("__init__", "connect", "request", "putrequest", "putheader", "send", "endheaders", "getresponse")
_BODY_AT = {"request": 2, "send": 0, "endheaders": 0}
_BODY_NAMED = {"request": "body", "send": "data", "endheaders": "message_body"}


def correct_connections(cassette: Any) -> None:
    """Correct the connections that vcrpy has made to ask a cassette."""
    for stub in _subclasses(VCRConnection):
        if vars(stub).get("cassette") is cassette:
            for name in _METHODS:
                setattr(stub, name, _guarded(name, getattr(stub, name), stub))


def corrected_functions() -> list[Attribute]:
    """What all of vcrpy's connections call, and is to be other than it is."""
    return [
        (vcr.stubs, "parse_headers", _parsed_headers),
        (compat, "get_headers", _in_order),
        (vcr.patch, "force_reset", _real_names),
        *_knowing_itself(vcr.patch._HTTPSConnection),
    ]


def _knowing_itself(kind: type[Any]) -> Iterator[Attribute]:
    """The ``__init__`` of a class that looks for itself by its name, to find it whatever has that name."""
    init = vars(kind).get("__init__")
    if isinstance(init, FunctionType):
        names = {**init.__globals__, kind.__name__: kind}
        made = FunctionType(init.__code__, names, init.__name__, init.__defaults__, init.__closure__)
        made.__kwdefaults__ = init.__kwdefaults__
        yield kind, "__init__", made


# Whether the connection that is asked in this thread finds its own class by its name in a module.
_BY_NAME: ContextVar[bool] = ContextVar("by_name", default=True)


@contextmanager
def _real_names_for(kind: type[Any]) -> Iterator[None]:
    """Have what is asked of a connection find the real classes, if its class looks for them."""
    token = _BY_NAME.set(not (kind.__module__ == "http.client" or _is_of_urllib3(kind)))
    try:
        yield
    finally:
        _BY_NAME.reset(token)


@contextmanager
def _real_names() -> Iterator[None]:
    """As vcrpy's ``force_reset``, for those alone that need it.

    It takes the stubs away from all threads, and another one would go to the network unseen.
    """
    with force_reset() if _BY_NAME.get() else nullcontext():
        yield


def _is_of_urllib3(kind: type[Any]) -> bool:
    """Whether a connection is one of urllib3's from version 2 on, which knows itself by ``super()``."""
    if not any(each.__module__ == "urllib3.connection" for each in kind.__mro__):
        return False
    version: str = import_module("urllib3").__version__
    return int(version.partition(".")[0]) > 1


def _subclasses(kind: type[Any]) -> set[type[Any]]:
    direct = type.__subclasses__(kind)
    return {*direct, *(below for each in direct for below in _subclasses(each))}


def _guarded(name: str, method: Callable[..., Any], stub: type[Any]) -> Callable[..., Any]:
    @wraps(method)
    def guarded(connection: Any, *args: Any, **kwargs: Any) -> Any:
        if name in _BODY_AT:
            # Not guarded: what goes wrong in a body of the connector's is the connector's.
            args, kwargs = _with_whole_body(name, connection, args, kwargs)
        # Of a class and its base class, each is guarded.
        is_outermost = type(connection) is stub
        if is_outermost and name == "request":
            vars(connection)[_OPTIONS] = {each: kwargs[each] for each in _DECODING if each in kwargs}
        if is_outermost and name == "getresponse":
            connection._vcr_request.decodes = connection._baseclass.__module__ != "http.client"
        in_chunks = kwargs.pop("encode_chunked", False)
        if is_outermost and name == "getresponse" and (loss := _loss(name, connection, args)) is not None:
            return _lost_response(connection, loss)
        with current().guarded(_label(name, connection, args), calls_out=True):
            try:
                with _real_names_for(connection._baseclass):
                    result = method(connection, *args, **kwargs)
            except Exception:
                connection.cassette.lose(vars(connection).get("_vcr_request"))
                raise
            if in_chunks:
                # vcrpy sends a body in one piece.
                connection._vcr_request.headers.pop("Transfer-Encoding", None)
            if is_outermost and _is_of_urllib3(connection._baseclass):
                if name == "__init__":
                    _read_undecoded(connection.real_connection)
                elif name == "getresponse":
                    return _as_urllib3_has_it(connection, result)
        if is_outermost and _is_whole(name, connection, args, kwargs):
            loss = _loss(name, connection, args)
            if loss is not None and is_unconnected(loss):
                raise not_connected(connection.real_connection, loss)
        return result

    return guarded


def _is_whole(name: str, connection: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Whether a request is known now that the client connects; of a body that is yet to come, it is not."""
    if name != "endheaders":
        return name == "request"
    headers = {each.lower() for each in connection._vcr_request.headers}
    return bool(args or kwargs.get("message_body")) or headers.isdisjoint(_OF_BODY)


_OF_BODY = {"content-length", "transfer-encoding"}


def _loss(name: str, connection: Any, args: tuple[Any, ...]) -> Loss | None:
    """How the connection of a request fails in a replay, if it does."""
    with current().guarded(_label(name, connection, args)):
        loss: Loss | None = connection.cassette.loss(connection._vcr_request)
        return loss


def _lost_response(connection: Any, loss: Loss) -> Any:
    """What a client gets in place of a response, or as much of it as comes."""
    if is_unconnected(loss):
        raise not_connected(connection.real_connection, loss)
    if loss.how is Lost.READ_TIMEOUT:
        raise not_answered(connection.real_connection, loss)
    played = broken_off(connection._vcr_request.method, loss.response)
    if not _is_of_urllib3(connection._baseclass):
        return played
    headers = import_module("urllib3").HTTPHeaderDict(played.headers.items())
    return _of_urllib3(connection, played, played, headers)


# What urllib3 says with a request of how its response is to be read.
_DECODING = ("preload_content", "decode_content")
_OPTIONS = "_decoding_options"


def _read_undecoded(real_connection: Any) -> None:
    """Have a connection of urllib3's give bodies as they were sent: who asked it decodes them."""
    real_connection.request = partial(real_connection.request, preload_content=False, decode_content=False)


def _as_urllib3_has_it(connection: Any, played: Any) -> Any:
    """A response as urllib3 has it, which decodes it or not as it is asked to."""
    body = BytesIO(played.data)
    size = len(played.data)
    # By that urllib3 knows when the connection is free again.
    played.isclosed = lambda: body.closed or body.tell() == size
    # A length that is kept may be that of the body as it was sent, in a coding.
    return _of_urllib3(connection, played, body, played.headers, enforce_content_length=False)


def _of_urllib3(connection: Any, played: Any, body: Any, headers: Any, **options: Any) -> Any:
    return import_module("urllib3").HTTPResponse(
        body=body,
        headers=headers,
        status=played.status,
        version=11,
        reason=played.reason,
        original_response=played,
        request_method=connection._vcr_request.method,
        request_url=connection._vcr_request.uri,
        **options,
        **vars(connection).get(_OPTIONS, {}),
    )


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


def _in_order(message: Any) -> Iterator[tuple[str, list[str]]]:
    """As vcrpy's, which has the names in an order that is another in each process."""
    names: dict[str, str] = {}
    for name in message.keys():  # noqa: SIM118 - a message is no mapping
        names.setdefault(name.lower(), name)
    for name in names.values():
        yield name, message.get_all(name)
