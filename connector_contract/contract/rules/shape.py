"""**shape**: the response of a capability is one that Lumos can read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from connector_contract.config import Json
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.responses import error_of
from connector_contract.reporting.messages import counted

# What str() and its like make of a value that was not there.
_NO_IDS = {"None", "null", "undefined", "nan"}


def shape_breach(capability: str, responses: Sequence[Json], model: type[BaseModel]) -> Iterator[Breach]:
    """Responses that are not as their model says, or that have an id which is none.

    Args:
        capability: What was called.
        responses: The responses, errors among them.
        model: The model of its successes.

    Source: the response models of connector-sdk-types: "Integration specific identifier that uniquely
    identifies an account".
    """
    wrong: list[str] = []
    ids: list[str] = []
    for number, response in enumerate(responses, 1):
        if error_of(response) is None:
            wrong += _invalid(response, model, number)
            ids += [
                f"page {number}, {path}: {value!r}"
                for path, value in _bad_ids(response.get("response"), "response")
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


def _bad_ids(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            below = f"{path}.{name}"
            if _is_id(name) and not isinstance(item, (Mapping, list)):
                if not _identifies(name, item):
                    yield below, item
            elif name not in ("extra_data", "custom_attributes", "raw_data"):
                yield from _bad_ids(item, below)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _bad_ids(item, f"{path}[{index}]")


def _identifies(name: str, item: Any) -> bool:
    # What is optional may be missing, and "" is the id of the global resource.
    if item is None or (item == "" and "resource" in name):
        return True
    # A custom capability's model may have numbers for ids.
    if type(item) is int:
        return True
    return isinstance(item, str) and item not in _NO_IDS and bool(item.strip())


def _is_id(name: str) -> bool:
    return name == "id" or name.endswith("_id")
