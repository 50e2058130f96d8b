"""What an audit event tries, and whether anything leaves the machine by it."""

from __future__ import annotations

import pytest

from connector_contract.upstream.attempts import FORK_EXEC, Attempt, Kind, attempt_of, endpoints_of, host_of

SOCK = object()
V4, V6, UNIX = "AF_INET", "AF_INET6", "AF_UNIX"


@pytest.mark.parametrize(
    ("event", "args", "says"),
    [
        ("socket.connect", (SOCK, ("192.0.2.1", 9)), "connect to ('192.0.2.1', 9)"),
        ("socket.sendto", (SOCK, ("192.0.2.1", 9)), "send to ('192.0.2.1', 9)"),
        ("socket.sendmsg", (SOCK, ("192.0.2.1", 9)), "send to ('192.0.2.1', 9)"),
        ("socket.bind", (SOCK, ("192.0.2.1", 9)), "listen at ('192.0.2.1', 9)"),
        ("socket.getaddrinfo", ("acme.example", 443, 0, 0, 0), "look up 'acme.example'"),
        ("socket.gethostbyname", (b"acme.example",), "look up 'acme.example'"),
        ("socket.getnameinfo", (("192.0.2.1", 9),), "look up '192.0.2.1'"),
        ("subprocess.Popen", ("curl", ["curl", "-u", "a:b"], None, None), "start the program 'curl'"),
        ("subprocess.Popen", (b"curl", [b"curl"], None, None), "start the program 'curl'"),
        ("subprocess.Popen", (None, "curl.exe x", None, None), "start the program 'curl.exe x'"),
        (
            "subprocess.Popen",
            ("/bin/sh", ["/bin/sh", "-c", "TOKEN=x curl y"], None, None),
            "start the program 'curl'",
        ),
        ("subprocess.Popen", ("python", ["python", "-c", "pass"], None, None), "start the program 'python'"),
        ("os.system", (b"A=1 curl x",), "start the program 'curl'"),
        ("os.system", (b"",), "start the program ''"),
        ("os.exec", ("/bin/curl", ["curl", "x"], None), "start the program '/bin/curl'"),
        ("os.posix_spawn", ("/bin/curl", ["curl", "x"], {}), "start the program '/bin/curl'"),
        ("os.spawn", (0, "curl.exe", ["curl", "x"], None), "start the program 'curl.exe'"),
        ("pty.spawn", (["curl", "x"],), "start the program 'curl'"),
        (FORK_EXEC, ([b"/bin/python", b"-c"],), "start the program '/bin/python'"),
        ("_winapi.CreateProcess", (None, "curl.exe", None), "start the program 'curl.exe'"),
        ("os.fork", (), "start a process"),
        ("os.forkpty", (), "start a process"),
    ],
)
def test_what_an_event_tries(event, args, says):
    assert str(attempt_of(event, args, V4)) == says


def test_a_message_on_a_connection_is_none():
    assert attempt_of("socket.sendmsg", (SOCK, None), V4) is None


@pytest.mark.parametrize(
    ("kind", "target", "family", "is_harmless"),
    [
        (Kind.CONNECT, ("127.0.0.1", 9), V4, False),
        (Kind.CONNECT, "/var/run/docker.sock", UNIX, False),
        (Kind.CONNECT, b"\0abstract", UNIX, False),
        (Kind.CONNECT, (0, 0), "AF_NETLINK", True),
        (Kind.CONNECT, (2, 1024), "AF_VSOCK", False),
        (Kind.SEND, ("127.0.0.1", 9), V4, False),
        (Kind.LISTEN, ("127.0.0.1", 0), V4, True),
        (Kind.LISTEN, ("::1", 0, 0, 0), V6, True),
        (Kind.LISTEN, ("localhost", 0), V4, True),
        (Kind.LISTEN, "/tmp/x", UNIX, True),  # noqa: S108 - nobody makes it
        (Kind.LISTEN, ("", 0), V4, False),
        (Kind.LISTEN, ("0.0.0.0", 0), V4, False),  # noqa: S104 - nobody listens
        (Kind.LISTEN, ("eth0", 0), "AF_PACKET", False),
        (Kind.LISTEN, (0, 0), "AF_NETLINK", True),
        (Kind.LOOK_UP, None, "", True),
        (Kind.LOOK_UP, "", "", True),
        (Kind.LOOK_UP, "LOCALHOST.", "", True),
        (Kind.LOOK_UP, "this-machine", "", True),
        (Kind.LOOK_UP, "127.0.0.1", "", True),
        (Kind.LOOK_UP, "192.0.2.1", "", True),
        (Kind.LOOK_UP, "fe80::1%eth0", "", True),
        (Kind.LOOK_UP, "acme.example", "", False),
        (Kind.LOOK_UP, "localhost.acme.example", "", False),
        (Kind.START, "uname", "", False),
    ],
)
def test_what_stays_within_the_machine_is_harmless(kind, target, family, is_harmless):
    assert Attempt(kind, target, family).is_harmless(["This-Machine"]) is is_harmless


@pytest.mark.parametrize(("address", "is_harmless"), [("192.0.2.1", False), ("127.0.0.1", True)])
def test_a_name_server_is_asked_for_the_name_of_an_address(address, is_harmless):
    for event, args in (("socket.gethostbyaddr", (address,)), ("socket.getnameinfo", ((address, 80),))):
        attempt = attempt_of(event, args)
        assert attempt is not None
        assert attempt.is_harmless(()) is is_harmless


@pytest.mark.parametrize(
    ("given", "host"),
    [
        ("Acme.Example.", "acme.example"),
        (b"acme.example", "acme.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("a..ü", "a..ü"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::1"),
        ("0:0::1", "::1"),
    ],
)
def test_a_host_has_one_spelling(given, host):
    assert host_of(given) == host


def test_where_urls_lead():
    urls = [
        "https://Acme.example/v1",
        "http://[::1]:8000",
        "http://bücher.example",
        "socks5://p:1",
        "socks5://q",
    ]
    assert endpoints_of(urls) == {
        ("acme.example", 443),
        ("::1", 8000),
        ("xn--bcher-kva.example", 80),
        ("p", 1),
        ("q", 1080),
    }


@pytest.mark.parametrize(
    ("target", "family", "host", "port"),
    [
        (("192.0.2.1", 9), V4, "192.0.2.1", 9),
        (("::1", 9, 0, 0), V6, "::1", 9),
        ((b"acme.example", 9), V4, "acme.example", 9),
        (("192.0.2.1",), V4, "192.0.2.1", None),
        ("/tmp/x", UNIX, "", None),  # noqa: S108 - nobody makes it
        ((2, 1024), "AF_VSOCK", "", None),
        ((), V4, "", None),
        (7, V4, "", None),
    ],
)
def test_host_and_port_of_an_address(target, family, host, port):
    attempt = Attempt(Kind.CONNECT, target, family)
    assert (attempt.host, attempt.port) == (host, port)
