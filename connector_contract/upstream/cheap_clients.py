"""Make a client of httpx cost little in a replay, where it never connects.

A client has a TLS context of its own, and when it is closed, httpcore looks for a package that few have, in
all of Python's path. Both took a third of the time of a call that is replayed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from importlib.util import find_spec
from typing import Any

from connector_contract.replaced import Attribute, replaced

# httpx, and the fork of it that vcrpy knows.
_TRANSPORTS = ("httpx._transports.default", "httpx2._transports.default")
# httpcore asks it which library runs its tasks.
_ASKED_FOR = ("sniffio",)
# What httpx looks for certificates by.
_VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR")


@contextmanager
def cheap_clients() -> Iterator[None]:
    """Have all clients that trust what everyone does share one TLS context, while nothing connects."""
    absent = [name for name in _ASKED_FOR if name not in sys.modules and find_spec(name) is None]
    # Python then looks for it nowhere.
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type] # None says that there is none
    try:
        with replaced(_contexts()):
            yield
    finally:
        for name in absent:
            del sys.modules[name]


def _contexts() -> Iterator[Attribute]:
    for name in _TRANSPORTS:
        create = getattr(sys.modules.get(name), "create_ssl_context", None)
        if create is not None:
            yield sys.modules[name], "create_ssl_context", _shared(create)


def _shared(create: Callable[..., Any]) -> Callable[..., Any]:
    made: dict[object, Any] = {}

    @wraps(create)
    def create_or_share(*args: Any, **kwargs: Any) -> Any:
        options = {**dict(zip(("verify", "cert", "trust_env"), args, strict=False)), **kwargs}
        if options.get("verify", True) is not True or options.get("cert") is not None:
            return create(*args, **kwargs)
        key = (options.get("trust_env", True), *map(os.environ.get, _VARIABLES))
        if key not in made:
            made[key] = create(*args, **kwargs)
        return made[key]

    return create_or_share
