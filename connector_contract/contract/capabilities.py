"""The capabilities of an integration, as their functions and the SDK's models declare them."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from connector_contract.errors import UsageError

if TYPE_CHECKING:
    from connector.oai.integration import Integration

_LISTS = ("list_", "find_")
_READS = (*_LISTS, "get_", "search_", "read_", "validate_", "check_")
# The SDK's marks on models and fields, which its own API reference is made from.
_LEVEL, _UNIQUE, _SEMANTIC = "x-capability-level", "x-unique-hash", "x-semantic"
# Of SemanticType, which has it since connector-sdk-types 0.79.
_TENANT = "tenant-id"
_OWN_IDS = ("integration_specific_id", "id", "external_id")
# An activity has no id, and no mark: there is the last of each kind for an account.
_ACTIVITY = ("account_id", "event_type")
# The SDK does not mark an entitlement's id where it is assigned, and authors of models of their own nothing.
_UNMARKED_IDS = ("account_id", "account_ids", "entitlement_integration_specific_id")


@dataclass(frozen=True)
class Capability:
    """A capability that is registered with an integration.

    Attributes:
        name: As Lumos calls it.
        standard: Whether it is one of the SDK's standard ones.
        payload: The type of its request's own part.
        response: The model of its successes.
    """

    name: str
    standard: bool
    payload: Any
    response: type[BaseModel]

    @cached_property
    def writes(self) -> bool:
        """Whether it changes the upstream: as the SDK says; of custom ones, as the name does."""
        level = _marks(_model(self.payload)).get(_LEVEL)
        return level == "write" if level else writes_by_name(self.name)

    def refuses(self, request: Any) -> bool:
        """Whether the SDK refuses a request's own part, so that it reaches no connector."""
        try:
            TypeAdapter(self.payload).validate_json(json.dumps(request))
        except ValidationError:
            return True
        return False

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The fields that its request must have."""
        return tuple(name for name, field in self._fields.items() if field.is_required())

    @cached_property
    def paginated(self) -> bool:
        """Whether its response is a list that comes in pages.

        What asks for records by their ids, such as the last activity of some accounts, gets just these.
        """
        is_list = self.within is not None and "page" in self.response.model_fields
        return is_list and not any(_is_list(self._fields[name].annotation) for name in self.ids)

    @cached_property
    def within(self) -> str | None:
        """The field of the response with the records; empty if it is a list itself, ``None`` if neither."""
        response = self.response.model_fields["response"].annotation
        if _is_list(response):
            return ""
        if not self.name.startswith(_LISTS):
            return None
        lists = [
            name
            for name, field in getattr(_model(response), "model_fields", {}).items()
            if _is_list(field.annotation)
        ]
        # Of several, as in a graph, none is the list.
        return lists[0] if len(lists) == 1 else None

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The fields that identify a record for Lumos, the most specific first; empty if none do."""
        response = self.response.model_fields["response"].annotation
        record = _model(_model(response).model_fields[self.within].annotation if self.within else response)
        fields = getattr(record, "model_fields", {})
        own = [name for name in _OWN_IDS if name in fields][:1] or [
            name for name in _ACTIVITY if name in fields
        ]
        return tuple(dict.fromkeys([*own, *_marks(record).get(_UNIQUE, ())]))

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The fields of its request with the id, or a list of ids, of something that has to be there."""
        marked = [name for name, field in self._fields.items() if _semantic(field).endswith("-id")]
        # Taking away an entitlement that does not exist is a repeat, and does no harm.
        unmarked = [name for name in _UNMARKED_IDS if name in self._fields and "unassign" not in self.name]
        return tuple(dict.fromkeys([*marked, *unmarked]))

    @cached_property
    def fields(self) -> tuple[str, ...] | None:
        """The fields that its request may have; ``None`` if it may have any."""
        model = None if _is_list(self.payload) else _model(self.payload)
        if model is None or model.model_config.get("extra") == "allow":
            return None
        return tuple(dict.fromkeys([*self._fields, *model.model_fields]))

    @cached_property
    def _fields(self) -> dict[str, FieldInfo]:
        """The fields of its request, if that is an object."""
        payload = None if _is_list(self.payload) else _model(self.payload)
        return json_fields(payload) if payload is not None else {}


def own_capabilities(integration: Integration) -> dict[str, Capability]:
    """The capabilities that the connector's author registered, without those that the SDK adds by itself.

    Args:
        integration: Whose.

    Raises:
        UsageError: There is none, or a function does not say what it takes and returns.
    """
    found = {
        name: _described(name, function)  # type: ignore[arg-type] # a function can be hashed
        for name, function in integration.capabilities.items()
        if not _is_of_the_sdk(function)
    }
    if not found:
        raise UsageError(
            f"The integration {integration.app_id!r} has no capabilities of its own.",
            details=[f"It has the SDK's: {', '.join(sorted(integration.capabilities)) or 'none'}"],
            remedy="Register one first, with integration.register_capabilities({...}).",
        )
    return found


def capability_of(integration: Integration, name: str) -> Capability | None:
    """A capability, the SDK's own included; ``None`` if it does not say what it takes and returns."""
    try:
        return _described(name, integration.capabilities[name])  # type: ignore[arg-type] # as above
    except (KeyError, TypeError, UsageError):
        return None


def may_write(integration: Integration, name: str) -> bool:
    """Whether a capability changes the upstream, or nobody knows that it does not.

    Of those that the SDK adds by itself, the ones that are marked as writing do.
    """
    capability = capability_of(integration, name)
    if _is_of_the_sdk(integration.capabilities.get(name)):
        return capability is not None and _marks(_model(capability.payload)).get(_LEVEL) == "write"
    return writes_by_name(name) if capability is None else capability.writes


def standard_names() -> list[str]:
    """The names of the SDK's standard capabilities."""
    from connector_sdk_types.generated import StandardCapabilityName

    return [each.value for each in StandardCapabilityName]


def writes_by_name(name: str) -> bool:
    """Whether a capability changes the upstream, as far as its name says."""
    return not name.startswith(_READS)


def _is_of_the_sdk(function: Any) -> bool:
    # ``info`` has no function.
    return function is None or str(getattr(function, "__module__", "")).startswith("connector.")


def tenant_settings(integration: Integration) -> list[str]:
    """The settings that are marked as those that the tenant's id is made from, by their names in JSON."""
    fields = json_fields(integration.settings_model).items()
    return [name for name, field in fields if _semantic(field) == _TENANT]


def json_fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The fields of a model by the names that they have in JSON."""
    fields = model.model_fields.items()
    return {_json_name(field.validation_alias or field.alias, name): field for name, field in fields}


def _json_name(alias: object, name: str) -> str:
    return alias if isinstance(alias, str) else name


@cache
def _described(name: str, function: Callable[..., Any]) -> Capability:
    from connector_sdk_types.generated import StandardCapabilityName

    try:
        annotations = dict(inspect.get_annotations(function, eval_str=True))
        response = annotations.pop("return")
        (request,) = annotations.values()
        _ = response.model_fields["response"]
        payload = request.model_fields["request"].annotation
    except (KeyError, ValueError, AttributeError, NameError, TypeError) as error:
        # A name that cannot be resolved is shown as it is; for the others, the code shows more.
        why = error if isinstance(error, NameError) else "it is not annotated with models"
        where = f"{getattr(function, '__module__', '')}.{getattr(function, '__qualname__', repr(function))}"
        raise UsageError(
            f"The capability {name} does not say what it takes and returns: {why}.",
            where=[("function", where)],
            remedy="Annotate its one argument and its return value with models of the SDK.",
        ) from None
    return Capability(name, name in {each.value for each in StandardCapabilityName}, payload, response)


def _is_list(annotation: Any) -> bool:
    return get_origin(annotation) is list or annotation is list


def _model(annotation: Any) -> Any:
    """The model in a type: that of a list's items, or of what is optional."""
    kinds = [annotation] if get_origin(annotation) is dict else [annotation, *get_args(annotation)]
    return next((each for each in kinds if isinstance(each, type) and issubclass(each, BaseModel)), None)


def _marks(model: Any) -> Mapping[str, Any]:
    extra = getattr(model, "model_config", {}).get("json_schema_extra")
    return extra if isinstance(extra, dict) else {}


def _semantic(field: Any) -> str:
    extra = field.json_schema_extra
    return str(extra.get(_SEMANTIC, "")) if isinstance(extra, dict) else ""
