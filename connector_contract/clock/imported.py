"""Which modules were imported since somebody last asked, as far as the clock has to know."""

from __future__ import annotations

import datetime
import sys
from typing import Any

_DATES = (datetime, datetime.datetime, datetime.date)


class Modules:
    """The modules of this process, as they were when somebody last asked."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}
        self._newest: tuple[int, str, int] | None = None

    def may_have_bound_dates(self) -> bool:
        """Whether one that is new may hold a method of a date, such as ``datetime.utcnow``."""
        newest = next(reversed(sys.modules))
        state = (len(sys.modules), newest, id(sys.modules[newest]))
        if state == self._newest:
            return False
        self._newest = state
        modules = dict(sys.modules)
        new = [module for name, module in modules.items() if self._seen.get(name) != id(module)]
        self._seen = {name: id(module) for name, module in modules.items()}
        return any(map(_knows_dates, new))


def _knows_dates(module: Any) -> bool:
    try:
        # A module that is loaded when it is first used stays as it is.
        names = object.__getattribute__(module, "__dict__")
    except AttributeError:
        return False  # Anything may be in sys.modules.
    return any(value is known for value in list(names.values()) for known in _DATES)
