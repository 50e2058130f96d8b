"""Change what a function written in C does, wherever somebody has imported it to.

``from time import sleep`` copies a reference. So the function object itself is changed: it holds a C function
and that function's first argument. They become ``PyObject_Call`` and a Python function, and then they are put
back. Nothing is written unless the object is laid out as expected.
"""

from __future__ import annotations

import ctypes
import gc
import weakref
from collections.abc import Callable
from types import BuiltinFunctionType
from typing import Any

from connector_contract.errors import UsageError

_CALL = 0x0001 | 0x0002  # METH_VARARGS | METH_KEYWORDS: called as f(self, args, kwargs), as PyObject_Call is
_HEAD = object.__basicsize__


class _Method(ctypes.Structure):
    """CPython's PyMethodDef."""

    _fields_ = (
        ("name", ctypes.c_void_p),
        ("function", ctypes.c_void_p),
        ("flags", ctypes.c_int),
        ("doc", ctypes.c_void_p),
    )


class _Function(ctypes.Structure):
    """CPython's PyCFunctionObject, after the head that each object has."""

    _fields_ = (
        ("method", ctypes.c_void_p),
        ("self", ctypes.c_void_p),
        ("module", ctypes.c_void_p),
        ("weak_references", ctypes.c_void_p),
        ("vectorcall", ctypes.c_void_p),
    )


def method_of(function: Any) -> int:
    """The address of the definition that a function was made from; two of one definition have the same."""
    return _fields(function).method or 0


def real(function: Any) -> Callable[..., Any]:
    """A second function that does what this one does, and goes on to do it when this one is redirected."""
    new = ctypes.pythonapi.PyCFunction_NewEx
    new.restype, new.argtypes = ctypes.py_object, (ctypes.c_void_p, ctypes.py_object, ctypes.py_object)
    made: Callable[..., Any] = new(method_of(function), function.__self__, function.__module__)
    return made


class Redirection:
    """What makes a function written in C call a Python function instead.

    Args:
        function: The function.
        target: What is called in its place, with the same arguments.

    Raises:
        UsageError: This Python lays its functions out in another way.
    """

    def __init__(self, function: Any, target: Callable[..., Any]) -> None:
        fields = _fields(function)
        was = _Method.from_address(fields.method)
        # The field of weak references stays as it is as long as this one lives.
        self._kept = (weakref.ref(function), function, target)
        self._method = _Method(was.name, _address(ctypes.pythonapi.PyObject_Call), _CALL, was.doc)
        # The garbage collector finds the target in the function, so it has to be counted there.
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(target))
        changed = (ctypes.addressof(self._method), id(target), fields.module, fields.weak_references, None)
        self._original, self._changed = bytes(fields), bytes(_Function(*changed))
        self._place = (ctypes.c_char * len(self._original)).from_address(ctypes.addressof(fields))

    def apply(self) -> None:
        """Redirect it: one copy of bytes, which no other thread can see half of."""
        self._place.raw = self._changed

    def undo(self) -> None:
        """Let it do again what it is for."""
        self._place.raw = self._original


class TypeAttribute:
    """Another method for a class written in C.

    Args:
        owner: The class.
        name: The name of the method.
        target: What it becomes: a function for a method, or a classmethod.

    Raises:
        UsageError: This Python keeps the attributes of such classes in another way.
    """

    def __init__(self, owner: type, name: str, target: Any) -> None:
        (attributes,) = gc.get_referents(vars(owner)) or (None,)
        if not isinstance(attributes, dict) or attributes.get(name) is not vars(owner)[name]:
            raise _unknown_python(f"{owner.__qualname__}.{name}")
        self._owner, self._name, self._attributes = owner, name, attributes
        self._original, self._changed = attributes[name], target

    def apply(self) -> None:
        """Put the method in its place."""
        self._put(self._changed)

    def undo(self) -> None:
        """Put the class's own method back."""
        self._put(self._original)

    def _put(self, value: Any) -> None:
        self._attributes[self._name] = value
        ctypes.pythonapi.PyType_Modified(ctypes.py_object(self._owner))


def _fields(function: Any) -> _Function:
    """The fields of a function, seen where they are."""
    if type(function) is not BuiltinFunctionType or type(function).__basicsize__ != _HEAD + ctypes.sizeof(
        _Function
    ):
        raise _unknown_python(repr(function))
    fields = _Function.from_address(id(function) + _HEAD)
    name = _Method.from_address(fields.method).name if fields.self == id(function.__self__) else None
    if not name or ctypes.string_at(name) != function.__name__.encode():
        raise _unknown_python(function.__name__)
    return fields


def _address(function: Any) -> int:
    return ctypes.cast(function, ctypes.c_void_p).value or 0


def _unknown_python(name: str) -> UsageError:
    return UsageError(
        "A replay has a clock of its own, and in this Python it cannot replace the system's clock.",
        where=[("function", name)],
        remedy="Replay with CPython, in a version that this package is declared for.",
    )
