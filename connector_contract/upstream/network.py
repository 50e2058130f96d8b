"""Keep scenarios off the network: pytest-recording's guard, with a verdict for each attempt."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from pytest_recording.network import blocking_context

from connector_contract.errors import ContractError, NetworkAccess
from connector_contract.replaced import replaced

_REMEDY = """Have the connector call its upstream through httpx, as connector-py's clients do, or aiohttp.
Other HTTP clients that vcrpy knows are recorded, too, but only from a real server that runs at the origin.
What is not HTTP, such as LDAP or a database, cannot be recorded. Declare it in the contract's class, with
the reason: not_http = {"list_accounts": "read over LDAP"}."""


@contextmanager
def no_network(report: Callable[[ContractError], ContractError]) -> Iterator[None]:
    """Refuse every connection, this machine's own ports included, as long as the context lasts.

    Args:
        report: Called with each attempt, because a connector may swallow the error that it gets.
    """
    instead = "in a replay, which has no network"
    names, datagrams = _no_names(report, instead), _no_datagrams(report, instead)
    with _as_before(), blocking_context(), _watched(report, instead), names, datagrams:
        yield


def _as_before() -> AbstractContextManager[None]:
    """Have the guard of a recording, if there is one, again when the context ends.

    pytest-recording's own puts the plain functions in its place.
    """
    guarded = [(socket.socket, "connect"), (socket.socket, "connect_ex"), (socket, "socketpair")]
    return replaced([(owner, name, getattr(owner, name)) for owner, name in guarded])


@contextmanager
def loopback_only(report: Callable[[ContractError], ContractError]) -> Iterator[None]:
    """Refuse every connection that leaves this machine; the argument is that of ``no_network``."""
    here = ["127[.]", "::1$", "/"]
    instead = "and not to the application that is recorded"
    with blocking_context(here), _watched(report, instead), _no_names(report, instead):
        yield


@contextmanager
def _no_names(report: Callable[[ContractError], ContractError], instead: str) -> Iterator[None]:
    """Refuse to look up the names of other machines: some clients connect before they say what for."""

    def only_here(look_up: Callable[..., Any]) -> Callable[..., Any]:
        def look_up_here(host: Any, *args: Any, **kwargs: Any) -> Any:
            name = host.decode() if isinstance(host, bytes) else host
            if name in (None, "", "localhost", "::1", socket.gethostname()) or str(name).startswith("127."):
                return look_up(host, *args, **kwargs)
            raise report(_refused((name, *args[:1]), instead))

        return look_up_here

    names = ("getaddrinfo", "gethostbyname", "gethostbyname_ex")
    with replaced([(socket, name, only_here(getattr(socket, name))) for name in names]):
        yield


@contextmanager
def _no_datagrams(report: Callable[[ContractError], ContractError], instead: str) -> Iterator[None]:
    """Refuse what is sent without a connection."""

    def refused(send: Callable[..., Any]) -> Callable[..., Any]:
        def send_connected(sock: socket.socket, *args: Any) -> Any:
            # The address is the last argument of each, and a tuple, unless a connection was made before.
            if sock.family in (socket.AF_INET, socket.AF_INET6) and isinstance(args[-1], tuple):
                raise report(_refused(args[-1], instead))
            return send(sock, *args)

        return send_connected

    names = [name for name in ("sendto", "sendmsg") if hasattr(socket.socket, name)]
    with replaced([(socket.socket, name, refused(getattr(socket.socket, name))) for name in names]):
        yield


@contextmanager
def _watched(report: Callable[[ContractError], ContractError], instead: str) -> Iterator[None]:
    def watched(connect: Callable[..., Any]) -> Callable[..., Any]:
        def connect_or_report(sock: socket.socket, address: Any, *args: Any) -> Any:
            try:
                return connect(sock, address, *args)
            except RuntimeError as error:
                # Who opened it expects an OSError, and would leave it open.
                sock.close()
                raise report(_refused(address, instead)) from error

        return connect_or_report

    names = ("connect", "connect_ex")
    with replaced([(socket.socket, name, watched(getattr(socket.socket, name))) for name in names]):
        yield


def _refused(address: Any, instead: str) -> NetworkAccess:
    return NetworkAccess(f"The connector tried to connect to {address!r}, {instead}.", remedy=_REMEDY)
