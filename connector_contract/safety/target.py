"""Where the requests of a recording go, judged by the address alone: no name is looked up."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, ip_address
from urllib.parse import urlsplit

from connector_contract.config import Upstream

_LOOPBACK = IPv4Network("127.0.0.0/8")


def address(upstream: Upstream, upstream_url: str | None) -> str:
    """The URL that answers, of an upstream that is not served.

    Args:
        upstream: What the author declares.
        upstream_url: A running upstream, in place of the declared one.
    """
    return upstream_url or upstream.origin


def is_served(upstream: Upstream, upstream_url: str | None) -> bool:
    """Whether an application is served for each scenario, in a fresh state. The arguments are those above."""
    return upstream.app is not None and upstream_url is None


def is_real(upstream: Upstream, upstream_url: str | None) -> bool:
    """Whether requests leave this machine, and may reach a tenant with real people in it."""
    if is_served(upstream, upstream_url):
        return False
    asked = upstream.origins if upstream_url is None else [upstream_url]
    return not all(map(is_loopback, asked))


def is_loopback(url: str) -> bool:
    """Whether a URL is one of this machine: ``localhost``, 127.0.0.0/8 or ::1.

    What else looks like it is not: ``a.localhost`` may be asked of a name server, and ``127.1`` is no address
    to each client.
    """
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        number = ip_address(host)
    except ValueError:
        return False
    return number in _LOOPBACK if isinstance(number, IPv4Address) else number == IPv6Address("::1")
