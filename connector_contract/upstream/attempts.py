"""Ways out of a process, by the audit events that Python raises for them (PEP 578)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from ipaddress import IPv6Address, ip_address
from typing import Any

import httpx


class Kind(Enum):
    """What is tried, as it stands in a message."""

    CONNECT = "connect to"
    SEND = "send to"
    LOOK_UP = "look up"
    LISTEN = "listen at"
    START = "start"


FORK_EXEC = "connector_contract.fork_exec"
"""The event of what multiprocessing starts, for which Python itself raises none."""

EVENTS: Mapping[str, Kind] = {
    "socket.connect": Kind.CONNECT,
    "socket.sendto": Kind.SEND,
    "socket.sendmsg": Kind.SEND,
    "socket.getaddrinfo": Kind.LOOK_UP,
    "socket.gethostbyname": Kind.LOOK_UP,
    "socket.gethostbyaddr": Kind.LOOK_UP,
    "socket.getnameinfo": Kind.LOOK_UP,
    "socket.bind": Kind.LISTEN,
    "subprocess.Popen": Kind.START,
    "os.system": Kind.START,
    "os.exec": Kind.START,
    "os.posix_spawn": Kind.START,
    "os.spawn": Kind.START,
    "os.fork": Kind.START,
    "os.forkpty": Kind.START,
    "os.startfile": Kind.START,
    "pty.spawn": Kind.START,
    "_winapi.CreateProcess": Kind.START,
    FORK_EXEC: Kind.START,
}
"""The events that are attempts, and what each tries."""

# What only the kernel answers, and what is no address.
_WITHIN_THE_KERNEL = ("AF_NETLINK", "AF_ALG", "AF_SYSTEM", "AF_UNSPEC")
_INTERNET = ("AF_INET", "AF_INET6")
_COPIES = ("os.fork", "os.forkpty")
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Attempt:
    """Something tries to reach what is not this process.

    Attributes:
        kind: What it tries.
        target: The address, as the socket takes it; the name to look up; or the program, ``None`` for a copy
            of the process.
        family: The name of the socket's address family; empty if there is no socket.
        is_reverse: Whether it looks up the name of an address.
    """

    kind: Kind
    target: Any
    family: str = ""
    is_reverse: bool = False

    def __str__(self) -> str:
        """What it tries, such as ``connect to ('192.0.2.1', 9)``."""
        if self.kind is not Kind.START:
            return f"{self.kind.value} {self.target!r}"
        return "start a process" if self.target is None else f"start the program {self.target!r}"

    @property
    def host(self) -> str:
        """The host, in one spelling: an address, or a name in IDNA; empty if there is none."""
        target = self.target
        if isinstance(target, tuple) and target and self.family in ("", *_INTERNET):
            target = target[0]
        return host_of(target) if isinstance(target, (str, bytes)) and self.family != "AF_UNIX" else ""

    @property
    def port(self) -> int | None:
        """The port, if it has one."""
        has_one = isinstance(self.target, tuple) and len(self.target) > 1 and self.family in _INTERNET
        return self.target[1] if has_one and isinstance(self.target[1], int) else None

    def is_harmless(self, own_names: Collection[str]) -> bool:
        """Whether nothing leaves the machine by it, nor comes in.

        A connection to the machine itself is not: another process answers.

        Args:
            own_names: What the machine is called.
        """
        if self.family in _WITHIN_THE_KERNEL:
            return True
        if self.kind is Kind.LISTEN:
            return self.family == "AF_UNIX" or self.is_local
        if self.kind is Kind.LOOK_UP:
            is_own = self.host in ("", "localhost", *map(host_of, own_names)) or self.is_local
            return is_own or (not self.is_reverse and _number(self.host) is not None)
        return False

    @property
    def is_local(self) -> bool:
        """Whether the host is the loopback interface."""
        number = _number(self.host)
        return self.host == "localhost" if number is None else number.is_loopback


def attempt_of(event: str, args: tuple[Any, ...], family: str = "") -> Attempt | None:
    """What an event tries; ``None`` if it is for a connection that was made before.

    Args:
        event: One of ``EVENTS``.
        args: What it comes with.
        family: The name of its socket's address family.
    """
    kind = EVENTS[event]
    if kind is Kind.START:
        return Attempt(kind, _program(event, args))
    if kind is Kind.LOOK_UP:
        is_reverse = event in ("socket.gethostbyaddr", "socket.getnameinfo")
        name = args[0][0] if event == "socket.getnameinfo" else args[0]
        return Attempt(kind, name.decode("latin-1") if isinstance(name, bytes) else name, "", is_reverse)
    return None if args[1] is None else Attempt(kind, args[1], family)


def _program(event: str, args: tuple[Any, ...]) -> str | None:
    """The program that starts, without arguments, which may be secret; ``None`` for a copy of the process."""
    if event in _COPIES:
        return None
    if event == "os.system":
        return _command(args[0])
    program = args[1] if event == "os.spawn" else args[0] or args[1]
    if isinstance(program, (list, tuple)):
        program = program[0]
    if event == "subprocess.Popen" and _text(program).endswith("sh") and "-c" in args[1][1:2]:
        return _command(args[1][2])
    return _text(program)


def _command(line: Any) -> str:
    """The first command of a shell's line, without the variables that are set for it."""
    return next((word for word in _text(line).split() if "=" not in word), "")


def _text(given: Any) -> str:
    return given.decode("utf-8", "replace") if isinstance(given, bytes) else str(given)


def host_of(name: str | bytes) -> str:
    """A host in one spelling: addresses as ``ipaddress`` has them, names in IDNA and lower case."""
    text = (name.decode("latin-1") if isinstance(name, bytes) else name).partition("%")[0].rstrip(".")
    number = _number(text)
    if number is not None:
        return str(number)
    try:
        return text.lower() if text.isascii() else httpx.URL(scheme="http", host=text).raw_host.decode()
    except httpx.InvalidURL:
        return text.lower()


def _number(host: str) -> Any:
    """A host as an address; ``None`` if it is a name."""
    try:
        number = ip_address(host)
    except ValueError:
        return None
    mapped = number.ipv4_mapped if isinstance(number, IPv6Address) else None
    return mapped or number


def endpoints_of(urls: Iterable[str]) -> frozenset[tuple[str, int]]:
    """The hosts and ports of URLs; one without a port has that of its scheme, and 1080 for SOCKS."""
    parsed = [(host_of(url.raw_host), url.port, url.scheme) for url in map(httpx.URL, urls)]
    return frozenset((host, port or _PORTS.get(scheme, 1080)) for host, port, scheme in parsed if host)
