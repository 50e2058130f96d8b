"""All that the virtual clock replaces: made once for a process, put in place for each context."""

from __future__ import annotations

import gc
import time
import uuid
from collections.abc import Callable
from functools import cache, partial
from types import BuiltinFunctionType
from typing import Any, Protocol

from connector_contract.clock.imported import Modules
from connector_contract.clock.in_place import Redirection, TypeAttribute, method_of, real
from connector_contract.clock.virtual_locks import virtual_locks
from connector_contract.clock.virtual_time import either, virtual_clocks, virtual_dates
from connector_contract.clock.virtual_waits import sleep, virtual_attributes

_UUID = ("_generate_time_safe", "_UuidCreate", "_last_timestamp")


class Patch(Protocol):
    """Something that is put in its place, and taken out again, any number of times."""

    def apply(self) -> None:
        """Put it in its place."""

    def undo(self) -> None:
        """Take it out again, if it is there."""


class Attribute:
    """Another value for an attribute of a module or a class.

    Args:
        owner: The module or the class.
        name: The name of the attribute.
        made: What it becomes, by what it was; somebody else may have replaced it, too.
    """

    def __init__(self, owner: Any, name: str, made: Callable[[Any], Any]) -> None:
        self._owner, self._name, self._made = owner, name, made
        self._original = vars(owner)[name]
        self._value = made(self._original)
        self._is_set = False

    def apply(self) -> None:
        """Set it."""
        found = vars(self._owner)[self._name]
        if found is not self._original and found is not self._value:
            self._original, self._value = found, self._made(found)
        self._is_set = True
        setattr(self._owner, self._name, self._value)

    def undo(self) -> None:
        """Set it to what it was, if it is set."""
        if self._is_set:
            setattr(self._owner, self._name, self._original)
            self._is_set = False


class ClockPatches:
    """All of them.

    Raises:
        UsageError: This is no Python whose clocks can be replaced.
    """

    def __init__(self) -> None:
        self._dates = virtual_dates()
        self._bound = {method_of(getattr(*key)): function for key, function in self._dates.items()}
        self._seen: dict[int, BuiltinFunctionType] = {}
        self._modules = Modules()
        self._patches: list[Patch] = [
            *(Redirection(function, clock) for function, clock in virtual_clocks().items()),
            Redirection(time.sleep, either(real(time.sleep), sleep)),
            *(
                TypeAttribute(owner, name, classmethod(function))
                for (owner, name), function in self._dates.items()
            ),
            *(Attribute(*attribute) for attribute in virtual_attributes()),
            *(TypeAttribute(*lock) for lock in virtual_locks()),
            # uuid1() reads the clock in C, unless there is no such function; it never goes back.
            *(Attribute(uuid, name, lambda _: None) for name in _UUID if hasattr(uuid, name)),
        ]

    def apply(self) -> None:
        """Put them in place."""
        if self._modules.may_have_bound_dates():
            self._find_bound()
        for patch in self._patches:
            patch.apply()

    def undo(self) -> None:
        """Take all of them out again."""
        for patch in reversed(self._patches):
            patch.undo()

    def _find_bound(self) -> None:
        """Find what modules made of a clock before, such as ``default_factory=datetime.utcnow``."""
        for found in gc.get_objects():
            if type(found) is BuiltinFunctionType and found.__name__ in ("now", "utcnow", "today"):
                self._redirect(found)

    def _redirect(self, function: BuiltinFunctionType) -> None:
        virtual = self._bound.get(method_of(function))
        if virtual is not None and id(function) not in self._seen:
            self._seen[id(function)] = function
            self._patches.append(Redirection(function, partial(virtual, function.__self__)))


@cache
def patches() -> ClockPatches:
    """Those of this process."""
    return ClockPatches()
