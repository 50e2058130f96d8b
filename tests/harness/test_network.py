"""No way to the network, and a verdict for each attempt."""

from __future__ import annotations

import socket
from contextlib import suppress

import pytest

from connector_contract.errors import NetworkAccess
from connector_contract.upstream.network import loopback_only, no_network

ELSEWHERE = ("192.0.2.1", 9)


def attempts(context, attempt):
    """The verdicts of an attempt whose error is swallowed."""
    verdicts = []

    def report(verdict):
        verdicts.append(verdict)
        return verdict

    with context(report), suppress(NetworkAccess):
        attempt()
    return [str(verdict).splitlines()[0] for verdict in verdicts]


def connect():
    with socket.socket() as sock:
        sock.connect(ELSEWHERE)


def send_datagram():
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.sendto(b"x", ELSEWHERE)


def send_flagged_datagram():
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.sendto(b"x", 0, ELSEWHERE)


def send_message():
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.sendmsg([b"x"], [], 0, ELSEWHERE)


@pytest.mark.parametrize("attempt", [connect, send_datagram, send_flagged_datagram, send_message])
def test_what_goes_out_in_a_replay_is_a_verdict(attempt):
    what = "Request change: The connector tried to connect to ('192.0.2.1', 9), in a replay, which has no "
    what += "network."
    assert attempts(no_network, attempt) == [what]


@pytest.mark.parametrize("context", [no_network, loopback_only])
@pytest.mark.parametrize(
    "attempt",
    [
        lambda: socket.getaddrinfo("acme.example", 443),
        lambda: socket.gethostbyname("acme.example"),
        lambda: socket.gethostbyname_ex("acme.example"),
        lambda: socket.create_connection(("acme.example", 443)),
    ],
)
def test_a_name_look_up_is_a_verdict(context, attempt):
    (what,) = attempts(context, attempt)
    assert what.startswith("Request change: The connector tried to connect to ('acme.example'")


@pytest.mark.parametrize("context", [no_network, loopback_only])
def test_this_machine_may_be_looked_up(context):
    assert attempts(context, lambda: socket.getaddrinfo("127.0.0.1", 80)) == []
    assert attempts(context, lambda: socket.gethostbyname("localhost")) == []


def test_processes_of_this_machine_may_talk():
    def talk():
        one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        with one, other:
            one.sendmsg([b"x"])
            assert other.recv(1) == b"x"

    assert attempts(no_network, talk) == []


def test_it_ends_with_the_context():
    before = socket.getaddrinfo, socket.socket.sendto, socket.socket.connect
    with no_network(lambda verdict: verdict):
        assert socket.getaddrinfo is not before[0]
    assert (socket.getaddrinfo, socket.socket.sendto, socket.socket.connect) == before
