"""The SDK in a scenario: it responds as in production, and forgets what a scenario has taught it.

The SDK's own pytest plugin is not handled here: ``plugin`` leaves its autouse fixtures out of scenarios.
Attributes that an SDK of another release lacks are left alone.
"""

from __future__ import annotations

import sys
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from importlib import import_module
from operator import attrgetter
from typing import Any

from connector_contract.replaced import Attribute, replaced

_INSTRUMENT = "connector.observability.instrument:Instrument"

# What one test may leave behind, and the next one's requests would follow: the SDK's ``proxy_settings`` sets
# these and never resets them.
_PROXY = ("connector.httpx_rewrite:LUMOS_PROXY_URL", "connector.httpx_rewrite:LUMOS_PROXY_HEADERS")

# What the SDK does for logs and metrics that nobody reads in a scenario: owner, attribute, and what is there
# instead. None of it shows in a response.
_UNREAD = (
    # It searches each body for secrets, to log it: 75 ms for a megabyte. A body that is streamed cannot be
    # read here, which is an error in production, too.
    ("connector.httpx_rewrite", "log_response", attrgetter("text")),
    # Metrics go to a port of this machine, unless the variable that turns them off was set in time.
    ("connector.observability.instrument:statsd", "_enabled", False),
    # Their names and tags are put together even then, in two fifths of the time of a call that does nothing.
    (_INSTRUMENT, "_stat_key", "not.sent"),
    (_INSTRUMENT, "_stat_tags", ()),
)


@contextmanager
def sdk_as_in_production() -> Iterator[Callable[[], None]]:
    """Have the SDK respond as it responds to Lumos, and leave it as it was.

    Yields:
        A function that has the SDK forget what the calls until now have taught it, so that the next one is
        answered as the first. It is called at the end, too.
    """
    limits = _RateLimits()
    variables = [variable for variable in map(_found, _PROXY) if variable is not None]
    values = [variable.get() for variable in variables]
    for variable in variables:
        # In a context of its own, a variable has its default.
        variable.set(Context().run(variable.get))
    try:
        with replaced(_attributes(limits)):
            yield limits.restore
    finally:
        limits.restore()
        for variable, value in zip(variables, values, strict=True):
            variable.set(value)


class _RateLimits:
    """The configurations of rate limits, as they were before calls changed them.

    The SDK writes what an upstream says of its limits, and what a caller hands back, into the configuration
    that it was given. Where a connector declares a ``mode``, that is the one which its class keeps for all
    calls.
    """

    def __init__(self) -> None:
        self._before: dict[int, tuple[weakref.ref[Any], dict[str, Any]]] = {}

    def remembering(self, init: Callable[..., None]) -> Callable[..., None]:
        """The ``__init__`` of a rate limiter, which remembers the configuration first."""

        def remember(limiter: Any, config: Any) -> None:
            if id(config) not in self._before:
                self._remember(config)
            init(limiter, config)

        return remember

    def restore(self) -> None:
        """Have each configuration as it was when it was first used."""
        for reference, before in list(self._before.values()):
            config = reference()
            if config is not None:
                vars(config).update(before)

    def _remember(self, config: Any) -> None:
        # Most are copies for one call, of which a long walk makes many.
        key = id(config)
        reference = weakref.ref(config, lambda _gone: self._before.pop(key, None))
        self._before[key] = (reference, dict(vars(config)))


def _attributes(limits: _RateLimits) -> Iterator[Attribute]:
    """What is to be other than it is, as far as this SDK has it."""
    for place, name, value in _UNREAD:
        owner = _found(place)
        if owner is not None and name in vars(owner):
            yield owner, name, value
    limiter = _found("connector.utils.rate_limiting:RateLimiter")
    if limiter is not None:
        yield limiter, "__init__", limits.remembering(limiter.__init__)


def _found(place: str) -> Any:
    """What is at ``"module"`` or ``"module:name"``; ``None`` if this SDK has no such thing."""
    module, _, name = place.partition(":")
    try:
        found = sys.modules.get(module) or import_module(module)
    except ImportError:
        return None
    return getattr(found, name, None) if name else found
