"""Load CA certificates when a connection is about to need them, which in a replay is never.

Every new ``httpx.AsyncClient`` parses the whole trust store of the machine, some 150 certificates, before it
knows whether it will connect. In a replay that was nine tenths of a scenario's time. An application that is
served for a recording needs none either.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import certifi

from connector_contract.replaced import replaced

# The variables that name another trust store: of OpenSSL, requests and curl.
_VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


@contextmanager
def trust_on_demand() -> Iterator[None]:
    """Have each TLS context that is made while the context lasts load the machine's trust store on demand.

    A context that outlives it still loads what it has put off, when it is used. Certificates that are not the
    machine's own, but a connector's, are loaded at once: one that is broken has to show.
    """
    names = ("load_verify_locations", "set_default_verify_paths")
    with replaced([(ssl.SSLContext, name, _postponing(getattr(ssl.SSLContext, name))) for name in names]):
        yield


class _OnDemand(ssl.SSLContext):
    """What a context is until it loads what it has put off, which the first use of certificates does."""

    _postponed: list[Callable[[], None]]

    def _load(self) -> None:
        # This very context goes on as a plain one; whoever holds it need not know.
        self.__class__ = ssl.SSLContext  # type: ignore[assignment]
        for load in self.__dict__.pop("_postponed"):
            load()

    def _wrap_socket(self, *args: Any, **kwargs: Any) -> Any:
        self._load()
        return self._wrap_socket(*args, **kwargs)

    def _wrap_bio(self, *args: Any, **kwargs: Any) -> Any:
        self._load()
        return self._wrap_bio(*args, **kwargs)

    def cert_store_stats(self) -> dict[str, int]:
        self._load()
        return self.cert_store_stats()

    def get_ca_certs(self, binary_form: bool = False) -> Any:
        self._load()
        return self.get_ca_certs(binary_form)


def _postponing(load: Callable[..., None]) -> Callable[..., None]:
    def postpone(context: ssl.SSLContext, *args: Any, **kwargs: Any) -> None:
        # A client's own kind of context may load in a way of its own.
        if type(context) not in (ssl.SSLContext, _OnDemand) or not _is_the_machines(*args, **kwargs):
            load(context, *args, **kwargs)
            return
        context.__class__ = _OnDemand
        context.__dict__.setdefault("_postponed", []).append(lambda: load(context, *args, **kwargs))

    return postpone


def _is_the_machines(cafile: Any = None, capath: Any = None, cadata: Any = None) -> bool:
    """Whether the arguments of ``load_verify_locations`` name what every client of this machine trusts."""
    if cadata is not None:
        return False
    paths = [os.fspath(path) for path in (cafile, capath) if path is not None]
    if paths == [certifi.where()]:
        # httpx's own, which is asked for most.
        return Path(paths[0]).exists()
    default = ssl.get_default_verify_paths()
    known = {certifi.where(), default.cafile, default.capath, *map(os.environ.get, _VARIABLES)}
    # One that is not there is an error at once.
    return all(path in known and Path(path).exists() for path in paths)
