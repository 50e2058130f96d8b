"""Where requests go: this machine, or what may be a real tenant. By name alone: nothing is looked up."""

from __future__ import annotations

import re
import socket

import pytest

from connector_contract import Upstream
from connector_contract.errors import UsageError
from connector_contract.safety.target import address, is_loopback, is_real, is_served

REAL = "https://acme.example.com"


@pytest.fixture(autouse=True)
def _no_look_up(monkeypatch):
    def look_up(*args, **_kwargs):
        raise AssertionError(f"looked up {args}")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:8000",
        "http://LOCALHOST",
        "https://127.0.0.1/api",
        "http://127.9.8.7:1",
        "http://[::1]:8000",
        "http://[0:0:0:0:0:0:0:1]",
    ],
)
def test_this_machine(url):
    assert is_loopback(url)


@pytest.mark.parametrize(
    "url",
    [
        REAL,
        "http://localhost.example.com",
        "http://a.localhost",
        "http://127.0.0.1.example.com",
        "http://127.1",
        "http://128.0.0.1",
        "http://0.0.0.0:8000",
        "http://10.0.0.1",
        "http://[::2]",
        "http://[::ffff:10.0.0.1]",
        "http://acme.example.com@evil.example.com",
        "https://acme.example.com/?to=localhost",
    ],
)
def test_what_is_not_surely_this_machine(url):
    assert not is_loopback(url)


@pytest.mark.parametrize(
    ("upstream", "url", "to", "real"),
    [
        (Upstream(REAL), None, REAL, True),
        (Upstream(REAL), "http://127.0.0.1:1", "http://127.0.0.1:1", False),
        (Upstream("http://localhost:8000"), None, "http://localhost:8000", False),
        (Upstream("http://localhost:8000"), REAL, REAL, True),
        # A further origin may be a real tenant's; --upstream-url is asked for it, too.
        (
            Upstream("http://localhost:8000", further_origins=[REAL]),
            None,
            "http://localhost:8000",
            True,
        ),
        (
            Upstream("http://localhost:8000", further_origins=["http://localhost:9000"]),
            None,
            "http://localhost:8000",
            False,
        ),
        (Upstream(REAL, further_origins=["https://b.example"]), "http://[::1]:1", "http://[::1]:1", False),
        # An application counts where it is served, and only there.
        (Upstream(REAL, app="a:b"), None, None, False),
        (Upstream("http://localhost", app="a:b"), REAL, REAL, True),
    ],
)
def test_the_address_that_requests_go_to_counts(upstream, url, to, real):
    assert is_served(upstream, url) == (to is None)
    assert is_real(upstream, url) is real
    if to is not None:
        assert address(upstream, url) == to


WRONG = {
    "https://b.example": "Upstream(further_origins=...) is 'https://b.example', which is not a list of URLs.",
    ("b.example",): "An item of Upstream(further_origins=...) is 'b.example': it needs http:// or https://",
    ("https://b.example/api",): "'https://b.example/api': it takes no path.",
    (f"{REAL}/",): f"'{REAL}/': Upstream(origin=...) has the same host.",
    (
        "https://ACME.example.com.:443",
    ): "'https://ACME.example.com.:443': Upstream(origin=...) has the same host.",
    (7,): "An item of Upstream(further_origins=...) is 7: it is not a string.",
}


@pytest.mark.parametrize("origins", WRONG)
def test_a_further_origin_is_a_scheme_and_a_host(origins):
    with pytest.raises(UsageError, match=re.escape(WRONG[origins])):
        Upstream(f"{REAL}/api", further_origins=origins)


def test_further_origins_are_behind_the_first():
    assert Upstream(REAL, further_origins=["https://b.example/"]).origins == (REAL, "https://b.example/")
    assert Upstream(REAL).origins == (REAL,)
