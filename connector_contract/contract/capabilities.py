"""The capabilities of an integration, as their functions and the SDK's models declare them."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from connector_contract.config import Json
from connector_contract.contract.rules.responses import Walk
from connector_contract.contract.standard_capabilities import (
    OAUTH,
    STANDARD,
    CredentialsIn,
    Key,
    Kind,
    Refused,
    StandardCapability,
)
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

    @property
    def owes(self) -> StandardCapability | None:
        """What the SDK's specification demands of it; ``None`` of a custom one, or of one newer than this."""
        return STANDARD.get(self.name) if self.standard else None

    @cached_property
    def kind(self) -> Kind:
        """What it is for: as the SDK says; of custom ones, as far as marks and names say it."""
        if self.owes is not None:
            return self.owes.kind
        level = _marks(_model(self.payload)).get(_LEVEL)
        if level == "write" or (not level and writes_by_name(self.name)):
            return Kind.WRITES
        return Kind.READS_SOME if self.within is None else Kind.READS_LIST

    @property
    def writes(self) -> bool:
        """Whether it changes the upstream."""
        return self.kind is Kind.WRITES

    @property
    def is_oauth(self) -> bool:
        """Whether Lumos gets tokens with it, so that the rule **oauth** alone is about it."""
        return self.standard and self.name in OAUTH

    @property
    def refused(self) -> Refused:
        """What it gives if the upstream refuses or fails."""
        return Refused.ERROR if self.owes is None else self.owes.refused

    @property
    def credentials(self) -> CredentialsIn:
        """Where a call has its credentials."""
        return CredentialsIn.ENVELOPE if self.owes is None else self.owes.credentials

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
        return is_list and not self.several_ids

    @cached_property
    def within(self) -> str | None:
        """The field of the response with the records; empty if it is a list itself, ``None`` if neither."""
        response = self.response.model_fields["response"].annotation
        if _is_list(response):
            return ""
        if self.owes is not None:
            return self.owes.within or None
        if not self.name.startswith(_LISTS):
            return None
        lists = [
            name
            for name, field in getattr(_model(response), "model_fields", {}).items()
            if _is_list(field.annotation)
        ]
        # Of several, as in a graph, none is the list.
        return lists[0] if len(lists) == 1 else None

    @property
    def standard_key(self) -> Key | None:
        """What identifies a record by the SDK's specification; ``None`` if that does not say."""
        return None if self.owes is None else self.owes.key

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The fields that identify a record, the upstream's own id first; empty if none do."""
        if (key := self.standard_key) is not None:
            return tuple(filter(None, (key.own_id, *key.fields)))
        response = self.response.model_fields["response"].annotation
        record = _model(_model(response).model_fields[self.within].annotation if self.within else response)
        fields = getattr(record, "model_fields", {})
        own = [name for name in _OWN_IDS if name in fields][:1]
        return tuple(dict.fromkeys([*own, *_marks(record).get(_UNIQUE, ())]))

    @property
    def unique(self) -> tuple[str, ...]:
        """The fields that no two records have in common; empty if they are not known."""
        return self.key if self.standard_key is None else self.standard_key.fields

    def walk(self, pages: Sequence[Json]) -> Walk:
        """Its responses, as the rules look at them."""
        return Walk(
            self.name,
            None,
            pages,
            key_fields=self.key,
            within=self.within or "",
            unique_fields=self.unique,
        )

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The fields of its request with the id, or a list of ids, of something that has to be there."""
        marked = [name for name, field in self._fields.items() if _semantic(field).endswith("-id")]
        # Taking away an entitlement that does not exist is a repeat, and does no harm.
        unmarked = [name for name in _UNMARKED_IDS if name in self._fields and "unassign" not in self.name]
        return tuple(dict.fromkeys([*marked, *unmarked]))

    @cached_property
    def several_ids(self) -> tuple[str, ...]:
        """Those of ``ids`` that are lists."""
        return tuple(name for name in self.ids if _is_list(self._fields[name].annotation))

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
    """The capabilities that the connector's author registered, or configured the SDK's function for.

    Those that the SDK adds by itself are not among them.

    Args:
        integration: Whose.

    Raises:
        UsageError: There is none, or a function does not say what it takes and returns.
    """
    found = {
        name: _described(name, function)  # type: ignore[arg-type] # a function can be hashed
        for name, function in integration.capabilities.items()
        if not _is_of_the_sdk(function) or is_configured(integration, name)
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
    """Whether a capability changes the upstream, or nobody knows that it does not."""
    if name not in integration.capabilities:
        return False
    capability = capability_of(integration, name)
    return writes_by_name(name) if capability is None else capability.writes


def writes_by_name(name: str) -> bool:
    """Whether a capability changes the upstream, as far as its name says."""
    if name in STANDARD:
        return STANDARD[name].kind is Kind.WRITES
    return not name.startswith(_READS)


def is_configured(integration: Integration, name: str) -> bool:
    """Whether the author has said how a capability works whose function is the SDK's.

    Args:
        integration: Whose.
        name: A capability that it has.
    """
    if name in (*OAUTH, "fulfill_arbitrary_endpoint"):
        return True
    if name == "validate_credential_config":
        return any(each.validation is not None for each in integration.credentials)
    if name == "probe_integration":
        return any(each.run is not None for each in integration.probe_settings.checks)
    return False


def is_function_of_the_sdk(integration: Integration, name: str) -> bool:
    """Whether the function of a capability is the SDK's own."""
    return _is_of_the_sdk(integration.capabilities.get(name))


@dataclass(frozen=True)
class OAuthFlow:
    """What an author has configured for the SDK's functions that hand out tokens: one ``OAuthSettings``.

    Attributes:
        credential_id: The ``id`` of the ``OAuthConfig`` that has it; ``None`` for the integration's own.
        gives_codes: Whether a customer logs in and Lumos gets a code, and not the client's own token.
        scopes: The scopes for each capability, a space between each two; ``None`` if a function says it.
        token_url: Where tokens are asked for; ``None`` if a function says it.
        pkce: Whether a challenge and its verifier are sent.
    """

    credential_id: str | None
    gives_codes: bool
    scopes: Mapping[str, str] | None
    token_url: str | None
    pkce: bool


def oauth_flows(integration: Integration) -> list[OAuthFlow]:
    """What is configured for tokens, in the order in which the integration has it."""
    own = getattr(integration, "oauth_settings", None)
    of_credentials: list[tuple[str | None, Any]] = [
        (each.id, each.oauth_settings)
        for each in integration.credentials or ()
        if getattr(each, "oauth_settings", None) is not None
    ]
    # The SDK takes the integration's own if no credential has any.
    settings = of_credentials or ([(None, own)] if own is not None else [])
    return [
        OAuthFlow(
            credential_id,
            each.flow_type.value == "CODE_FLOW",
            None if callable(each.scopes) else each.scopes or {},
            None if callable(each.token_url) else each.token_url,
            bool(each.pkce),
        )
        for credential_id, each in settings
    ]


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
