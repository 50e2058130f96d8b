"""Example values for pydantic models, with a call of ``fill_in`` for what only the author knows."""

from __future__ import annotations

import types
import typing as t
from collections.abc import Sequence
from enum import Enum

from pydantic import BaseModel, RootModel
from pydantic.fields import FieldInfo

from connector_contract.contract.capabilities import json_fields
from connector_contract.scaffold.python_source import Call

# Of a description, what fits on a line beside the name of its field.
_SHORT = 70
_KINDS = {int: "a whole number", float: "a number", bool: "True or False", dict: "an object"}
_COLLECTIONS = (list, set, frozenset, tuple, Sequence)


def required(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The fields that a model requires, by the names that they have in JSON."""
    return {name: field for name, field in json_fields(model).items() if field.is_required()}


def description_of(key: str, field: FieldInfo) -> str:
    """What a field is, on one line: its description, or else its name."""
    return short(field.description or key.replace("_", " "))


def value_example(annotation: t.Any, description: str, within: tuple[type, ...] = ()) -> t.Any:
    """A JSON value of a type: all that it requires, as deep as it goes.

    Args:
        annotation: The type.
        description: What the value is.
        within: The models that the value is a part of.

    Returns:
        The only value that there is, a list or an object with such values, or a call of ``fill_in``.
    """
    origin, arguments = t.get_origin(annotation), t.get_args(annotation)
    if origin is t.Annotated:
        return value_example(arguments[0], description, within)
    if origin in (t.Union, types.UnionType):
        kind = next(kind for kind in arguments if kind is not type(None))
        return value_example(kind, description, within)
    if origin in _COLLECTIONS:
        return [value_example(arguments[0], description, within)]
    # A model that holds itself would go on for ever.
    if isinstance(annotation, type) and issubclass(annotation, BaseModel) and annotation not in within:
        return _object(annotation, description, (*within, annotation))
    return choice(_choices(annotation), origin or annotation, description)


def _object(model: type[BaseModel], description: str, within: tuple[type, ...]) -> t.Any:
    if issubclass(model, RootModel):
        return value_example(model.model_fields["root"].annotation, description, within)
    return {
        key: value_example(field.annotation, description_of(key, field), within)
        for key, field in required(model).items()
    }


def short(description: str) -> str:
    """A description on one line, cut where it is too long."""
    line = " ".join(description.replace('"', "'").split())
    if len(line) <= _SHORT:
        return line
    start = line[: _SHORT - 3]
    return (start.rpartition(" ")[0] or start).rstrip(" ,;:.") + "..."


def _choices(annotation: t.Any) -> list[t.Any]:
    if t.get_origin(annotation) is t.Literal:
        return list(t.get_args(annotation))
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return [member.value for member in annotation]
    return []


def choice(choices: list[t.Any], kind: t.Any, description: str) -> t.Any:
    """The only choice that there is; or else a call of ``fill_in`` that names them, or the kind of value."""
    if len(choices) == 1:
        return choices[0]
    hint = short("one of " + ", ".join(map(repr, choices))) if choices else _KINDS.get(kind)
    return Call("fill_in", (description + (f" ({hint})" if hint else ""),))
