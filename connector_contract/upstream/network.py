"""What a scenario may reach while it runs, and a verdict for each attempt to reach something else."""

from __future__ import annotations

import _socket
import socket
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.request import getproxies

import httpx
import pytest_recording.network

from connector_contract.errors import ContractError, NetworkAccess
from connector_contract.replaced import replaced
from connector_contract.upstream.attempts import Attempt, Kind, endpoints_of, host_of
from connector_contract.upstream.audit_hook import Guard, guarded

Report = Callable[[ContractError], ContractError]
"""Takes a verdict, because a connector may swallow the error that it gets, and gives what to raise."""
Packages = Callable[[], Collection[str]]
"""Gives the names of the connector's own packages."""

_INTERNET = (socket.AF_INET, socket.AF_INET6)
_REMEDY = """Have the connector call its upstream through httpx, as connector-py's clients do, or aiohttp.
Other HTTP clients that vcrpy knows are recorded, too, but only from a real server that runs at the origin.
What is not HTTP, such as LDAP or a database, cannot be recorded. Declare it in the contract's class, with
the reason: not_http = {"list_accounts": "read over LDAP"}."""
_ABOUT_PROXIES = """
If it is a proxy that the connector itself sets, have the environment name it while you record (HTTPS_PROXY,
HTTP_PROXY), or have the connector ask through httpx or aiohttp."""
_ABOUT_PROCESSES = """A cassette holds HTTP alone: what another process does is neither recorded nor compared.
Have the connector do it in its own process. If it cannot, declare that in the contract's class, with the
reason: not_http = {"list_accounts": "read by a program"}."""


@contextmanager
def no_network(report: Report, packages: Packages = tuple) -> Iterator[None]:
    """Refuse every attempt, to reach this machine's own ports included, as long as the context lasts.

    Args:
        report: Takes each verdict.
        packages: Gives the names of the connector's own packages.
    """
    with closed(_Nothing(report), packages):
        yield


@contextmanager
def closed(guard: Guard, packages: Packages = tuple) -> Iterator[None]:
    """Have a guard that lets nothing through be asked about every attempt, as long as the context lasts.

    Args:
        guard: Gives the verdicts.
        packages: Gives the names of the connector's own packages.
    """
    with _names_seen(_socket.socket), _no_curl(None), guarded(guard, packages):
        yield


@contextmanager
def application_only(report: Report, reachable: Reachable) -> Iterator[None]:
    """Refuse what is not the application that is served, to all but its own threads, which run by now.

    Args:
        report: Takes each verdict.
        reachable: Where it is served.
    """
    guard = _Origins(report, reachable, "the application that is recorded")
    with _names_seen(_socket.socket), _no_curl(["127[.]", "::1$"]), reachable.noted(), guarded(guard):
        yield


@contextmanager
def origins_only(report: Report, reachable: Reachable) -> Iterator[None]:
    """Refuse what is not the real server that is recorded.

    Args:
        report: Takes each verdict.
        reachable: The server's origins.
    """
    guard = _Origins(report, reachable, " or ".join(reachable.urls), _REMEDY + _ABOUT_PROXIES)
    with _names_seen(socket.socket), reachable.noted(), guarded(guard):
        yield


class Reachable:
    """Servers that may be reached, and their addresses.

    Args:
        urls: Those of the servers.
        proxies: Those of proxies on the way.
    """

    def __init__(self, urls: Iterable[str], proxies: Iterable[str] = ()) -> None:
        self.urls = tuple(urls)
        self._endpoints = endpoints_of(self.urls)
        self._names: dict[str, set[str]] = {}
        for each in proxies:
            self.add_proxy(each)

    def add_proxy(self, url: str) -> None:
        """Let a proxy be reached."""
        with_scheme = url if "://" in url else f"http://{url}"
        # One that is no URL is reached by nobody.
        with suppress(ValueError, httpx.InvalidURL):
            self._endpoints |= endpoints_of([with_scheme])

    def allows(self, attempt: Attempt) -> bool:
        """Whether an attempt is to reach one of them."""
        host, port = attempt.host, attempt.port
        if attempt.kind is Kind.LOOK_UP:
            return any(name == host for name, _ in self._endpoints)
        return self._has(host, port) or (bool(host) and self._is_looked_up(host, port))

    def _has(self, host: str, port: int | None) -> bool:
        names = {host, *self._names.get(host, ())}
        return any((name, port) in self._endpoints for name in names)

    def _is_looked_up(self, host: str, port: int | None) -> bool:
        """Whether an address is one of a name that somebody has looked up by other means."""
        for name in [name for name, of_name in self._endpoints if of_name == port]:
            with suppress(OSError):
                self._note(name, socket.getaddrinfo(name, port))
        return self._has(host, port)

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Note which addresses are looked up, as long as the context lasts."""
        look_up = socket.getaddrinfo

        def look_up_and_note(host: Any, *args: Any, **options: Any) -> Any:
            found = look_up(host, *args, **options)
            self._note(host, found)
            return found

        with replaced([(socket, "getaddrinfo", look_up_and_note)]):
            yield

    def _note(self, host: Any, found: Iterable[Any]) -> None:
        if isinstance(host, (str, bytes)):
            for *_, address in found:
                self._names.setdefault(host_of(str(address[0])), set()).add(host_of(host))


def environments_proxies() -> list[str]:
    """The proxies that the environment names."""
    return [url for name, url in getproxies().items() if name != "no"]


class _Nothing:
    """Nothing may be reached: a replay."""

    def __init__(self, report: Report) -> None:
        self._report = report

    def refusal(self, attempt: Attempt) -> ContractError | None:
        """The verdict on an attempt."""
        if attempt.kind is Kind.START:
            what = "in a replay, which starts no process"
            return self._report(_refused(attempt, what, _ABOUT_PROCESSES))
        return self._report(_refused(attempt, "in a replay, which has no network"))


class _Origins:
    """Some servers may be reached: a recording.

    The replay by which the recording proves itself refuses what is let through here: to listen, and to start
    a process.
    """

    def __init__(self, report: Report, reachable: Reachable, named: str, remedy: str = _REMEDY) -> None:
        self._report = report
        self._reachable = reachable
        self._named = named
        self._remedy = remedy

    def refusal(self, attempt: Attempt) -> ContractError | None:
        """The verdict on an attempt; ``None`` if it may be made."""
        if attempt.kind in (Kind.START, Kind.LISTEN) or self._reachable.allows(attempt):
            return None
        needs = "and needs no name but that of" if attempt.kind is Kind.LOOK_UP else "and not to"
        return self._report(_refused(attempt, f"{needs} {self._named}", self._remedy))


def _refused(attempt: Attempt, why: str, remedy: str = _REMEDY) -> NetworkAccess:
    return NetworkAccess(f"The connector tried to {attempt}, {why}.", remedy=remedy)


@contextmanager
def _names_seen(owner: Any) -> Iterator[None]:
    """Have an event for a name that a socket looks up itself: Python raises its own after that, if at all.

    Args:
        owner: The class whose methods are called then. Those of ``_socket`` leave out what has replaced them,
            such as pytest-recording's guard, which would refuse an attempt before it is seen.
    """

    def seen(method: Callable[..., Any]) -> Callable[..., Any]:
        def look_and_call(sock: Any, *args: Any) -> Any:
            # The address is the last argument of each.
            address = args[-1] if args else None
            if isinstance(address, tuple) and address and sock.family in _INTERNET:
                sys.audit("socket.gethostbyname", address[0])
            return method(sock, *args)

        return look_and_call

    names = [name for name in ("connect", "connect_ex", "sendto", "sendmsg") if hasattr(socket.socket, name)]
    with replaced([(socket.socket, name, seen(getattr(owner, name))) for name in names]):
        yield


@contextmanager
def _no_curl(allowed: list[str] | None) -> Iterator[None]:
    """Have pytest-recording block pycurl, which has sockets that Python does not know of.

    Args:
        allowed: Patterns of hosts that may be reached.
    """
    block = pytest_recording.network
    with replaced([(block, "_disable_pycurl", True), (block, "_allowed_hosts", allowed)]):
        yield
