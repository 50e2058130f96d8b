"""What an integration can do: its capabilities, by what their functions declare."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args, get_origin

from pydantic import BaseModel

from connector_contract.errors import UsageError

if TYPE_CHECKING:
    from connector.oai.integration import Integration


@dataclass(frozen=True)
class Capability:
    """A capability that is registered with an integration.

    Attributes:
        name: As Lumos calls it.
        standard: Whether it is one of the SDK's standard ones.
        writes: Whether it changes the upstream; custom ones do, for all that the SDK knows.
        paginated: Whether its response is a list that comes in pages.
        required: The fields that its request must have.
        response: The model of its successes.
    """

    name: str
    standard: bool
    writes: bool
    paginated: bool
    required: tuple[str, ...]
    response: type[BaseModel]


def own_capabilities(integration: Integration) -> dict[str, Capability]:
    """The capabilities that the connector's author registered, without those that the SDK adds by itself.

    Args:
        integration: Whose.

    Raises:
        UsageError: A function does not say what it takes and returns.
    """
    return {
        name: _described(name, function)
        for name, function in integration.capabilities.items()
        if not function.__module__.startswith("connector.")
    }


def _described(name: str, function: Callable[..., Any]) -> Capability:
    from connector_sdk_types.generated import StandardCapabilityName
    from connector_sdk_types.oai.utils import get_capability_level_from_name

    request, response = _models(name, function)
    payload = response.model_fields["response"].annotation
    is_list = get_origin(payload) is list or payload is list
    required = _required(request)
    return Capability(
        name=name,
        standard=name in {each.value for each in StandardCapabilityName},
        writes=get_capability_level_from_name(name) == "write",
        # What asks for certain records, such as the last activity of some accounts, gets just these.
        paginated=is_list and "page" in response.model_fields and not required,
        required=required,
        response=response,
    )


def _models(name: str, function: Callable[..., Any]) -> tuple[type[BaseModel], type[BaseModel]]:
    try:
        annotations = dict(inspect.get_annotations(function, eval_str=True))
        response = annotations.pop("return")
        (request,) = annotations.values()
        _ = response.model_fields["response"], request.model_fields["request"]
    except (KeyError, ValueError, AttributeError, NameError) as error:
        raise UsageError(
            f"The capability {name} does not say what it takes and returns: {type(error).__name__}: {error}.",
            where=[("function", f"{function.__module__}.{function.__qualname__}")],
            remedy="Annotate its one argument and its return value with models of the SDK.",
        ) from None
    return request, response


def _required(request: type[BaseModel]) -> tuple[str, ...]:
    payload = request.model_fields["request"].annotation
    # An optional payload is a union with None.
    models = [each for each in (payload, *get_args(payload)) if isinstance(each, type)]
    fields: Mapping[str, Any] = next((m.model_fields for m in models if issubclass(m, BaseModel)), {})
    return tuple(name for name, field in fields.items() if field.is_required())
