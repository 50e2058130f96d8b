"""**shape**: the response of a capability is one that Lumos can read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from connector_contract.config import Json
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.responses import error_of
from connector_contract.contract.standard_capabilities import STANDARD
from connector_contract.reporting.messages import counted

_RESOURCES = {"FoundResourceData", "ApplicationResourceData", "AccessGraphResource"}
# What str() and its like make of a value that was not there.
_NO_IDS = {"None", "null", "undefined", "nan"}


def shape_breach(capability: str, responses: Sequence[Json], model: type[BaseModel]) -> Iterator[Breach]:
    """Responses that are not as their model says, or that have an id which is none.

    Args:
        capability: What was called.
        responses: The responses, errors among them.
        model: The model of its successes.

    Source: the response schemas of ``connector/spec/openapi.yaml``: "Integration specific identifier that
    uniquely identifies an account"; its introduction: resources "include a global resource (represented by
    an empty string)".
    """
    wrong: list[str] = []
    ids: list[str] = []
    for number, response in enumerate(responses, 1):
        if error_of(response) is None:
            wrong += _invalid(response, model, number)
            ids += [
                f"page {number}, {path}: {value!r}"
                for path, value in _bad_ids(response.get("response"), "response", _may_be_empty(capability))
            ]
    if wrong:
        title = f"the response is not a valid {model.__name__}"
        yield Breach(capability, title, "Lumos cannot read it.", wrong)
    if ids:
        title = f"it has {counted(len(ids), 'id')} that cannot identify anything"
        yield Breach(capability, title, "Lumos takes all these records to be the same one.", ids)


def _invalid(response: Json, model: type[BaseModel], number: int) -> list[str]:
    try:
        model.model_validate(response)
    except ValidationError as error:
        return [f"page {number}, {'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
    return []


def _may_be_empty(capability: str) -> Callable[[str], bool]:
    """Which ids of a capability's records may be those of the global resource, which is ``""``."""
    owes = STANDARD.get(capability)
    key = None if owes is None else owes.key
    if key is not None and key.schema in _RESOURCES:
        return lambda name: name == key.fields[0] or _of_a_resource(name)
    if key is not None and key.own_id is not None:
        # The resource_id of a credential is its own, and "globally-unique".
        return lambda name: name not in key.fields and _of_a_resource(name)
    return _of_a_resource


def _of_a_resource(name: str) -> bool:
    return "resource" in name


def _bad_ids(value: Any, path: str, may_be_empty: Callable[[str], bool]) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            below = f"{path}.{name}"
            if _is_id(name) and not isinstance(item, (Mapping, list)):
                if not (item == "" and may_be_empty(name)) and not _identifies(item):
                    yield below, item
            elif name not in ("extra_data", "custom_attributes", "raw_data"):
                yield from _bad_ids(item, below, may_be_empty)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _bad_ids(item, f"{path}[{index}]", may_be_empty)


def _identifies(item: Any) -> bool:
    # What is optional may be missing.
    if item is None:
        return True
    # A custom capability's model may have numbers for ids.
    if type(item) is int:
        return True
    return isinstance(item, str) and item not in _NO_IDS and bool(item.strip())


def _is_id(name: str) -> bool:
    return name == "id" or name.endswith("_id")
