"""Send an envelope to the connector, and read its response."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from connector_contract.config import ConnectorUnderTest
from connector_contract.errors import BrokenConnector, ContractError, UsageError
from connector_contract.reporting.excerpts import beginning

if TYPE_CHECKING:
    from connector.oai.integration import Integration


_SETS = ("any_of_schemas", "one_of_schemas")


async def dispatch(
    connector: ConnectorUnderTest, capability: str, envelope: Mapping[str, Any]
) -> dict[str, Any]:
    """Send an envelope to the connector, as Lumos does, and read its response.

    Raises:
        BrokenConnector: Its dispatch raised an error, or returned something that is not a response.
    """
    integration = connector.integration
    if capability == "info":
        text = integration.info().model_dump_json()
    else:
        try:
            text = await integration.dispatch(capability, json.dumps(envelope))
        except ContractError:
            raise
        except (Exception, SystemExit) as error:
            raise no_response(capability, f"it raised {type(error).__name__}: {error}") from error
    try:
        response = parsed(text)
    except (TypeError, ValueError):
        response = None
    if not _is_response(response):
        raise no_response(capability, f"it returned {beginning(str(text), 200)!r}")
    answered: dict[str, Any] = response
    return answered


def parsed(text: str) -> Any:
    """A response's JSON, with the sets that the SDK's models have in it in one order.

    Where a value may be of several models, the SDK also says which, as a set: it has another order in each
    process.

    Raises:
        TypeError: It is no text.
        ValueError: It is no JSON.
    """
    has_sets = isinstance(text, str) and any(f'"{name}"' in text for name in _SETS)
    return json.loads(text, object_hook=_in_order if has_sets else None)


def _in_order(fields: dict[str, Any]) -> dict[str, Any]:
    for name in _SETS:
        if isinstance(names := fields.get(name), list):
            fields[name] = sorted(names, key=str)
    return fields


def forget(connector: ConnectorUnderTest) -> None:
    """Have the connector forget what it keeps in the process, by the author's ``reset``.

    Raises:
        UsageError: ``reset`` raised an error.
    """
    if connector.reset is None:
        return
    try:
        connector.reset()
    except Exception as error:
        raise UsageError(
            f"ConnectorUnderTest(reset=...) raised {type(error).__name__}: {error}",
            remedy="Fix the function. The harness calls it without arguments, before each scenario.",
        ) from error


def package_of(integration: Integration, capability: str) -> str | None:
    """The package that a capability is written in; ``None`` if that is not the connector's own."""
    function: Any = integration.capabilities.get(capability)
    while isinstance(function, partial):
        function = function.func
    package = getattr(inspect.unwrap(function), "__module__", "").partition(".")[0] if function else ""
    return None if package in ("", "connector") else package


def packages_of(integration: Integration) -> frozenset[str]:
    """The packages that its capabilities are written in, without the SDK's."""
    found = (package_of(integration, capability) for capability in integration.capabilities)
    return frozenset(each for each in found if each is not None)


def _is_response(response: object) -> bool:
    return isinstance(response, dict) and all(
        isinstance(response.get(part) or {}, dict) for part in ("page", "error", "rate_limit")
    )


def no_response(capability: str, what: str) -> BrokenConnector:
    """The failure of a call that the connector gave no response to.

    Args:
        capability: What was called.
        what: What it did, in a clause.
    """
    return BrokenConnector(
        f"The connector gave no response to {capability}: {what}.",
        remedy="Lumos could not read that. Fix the integration's dispatch. The SDK's own returns the\n"
        "JSON of a response, and of an ErrorResponse for each exception of a capability.",
    )
