"""Find the integration that a command names, as ``module:attribute``."""

from __future__ import annotations

import importlib
import importlib.util
import keyword
import os
import pkgutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from connector_contract.errors import UsageError
from connector_contract.reporting.tracebacks import own_line

if TYPE_CHECKING:
    from connector.oai.integration import Integration

_EXAMPLE = (
    "Name the module and the object in it:\n  connector-contract init acme_connector.integration:integration"
)


@dataclass(frozen=True)
class Loaded:
    """An integration, and where it was found.

    Attributes:
        integration: The integration.
        module: The module's name.
        attribute: The integration's name in it.
        installed: Whether the module can be imported from any folder, and not only from its own.
    """

    integration: Integration
    module: str
    attribute: str
    installed: bool


def load_integration(name: str, folder: Path) -> Loaded:
    """Import an integration from a folder or from the environment.

    Args:
        name: The module and the attribute, such as ``acme_connector.integration:integration``.
        folder: Looked in first. It stays on ``sys.path``, because a connector may import more later.

    Returns:
        The integration.

    Raises:
        UsageError: The name is none, the module is missing or cannot be imported, or the attribute is
            missing or no Integration.
    """
    module, colon, attribute = name.partition(":")
    if not colon or not _is_name(attribute) or not all(map(_is_name, module.split("."))):
        raise UsageError(f"{name!r} is not a MODULE:INTEGRATION.", remedy=_EXAMPLE)
    # The SDK sends metrics to a port of this machine, unless this is set before its import.
    os.environ.setdefault("DD_DOGSTATSD_DISABLE", "true")
    installed = _is_installed(module, folder)
    sys.path.insert(0, str(folder))
    imported = _import(module, folder)
    return Loaded(_integration(imported, attribute), module, attribute, installed)


def _is_name(text: str) -> bool:
    return text.isidentifier() and not keyword.iskeyword(text)


def _is_installed(module: str, folder: Path) -> bool:
    before = sys.path[:]
    sys.path[:] = [entry for entry in before if Path(entry or ".").resolve() != folder.resolve()]
    try:
        return importlib.util.find_spec(module.split(".")[0]) is not None
    except ValueError:
        # Such as __main__, which is there without having been looked for.
        return True
    finally:
        sys.path[:] = before


def _import(module: str, folder: Path) -> ModuleType:
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is not None and f"{module}.".startswith(f"{error.name}."):
            raise _missing(module, error.name, folder) from None
        raise _broken(module, error, folder) from error
    except (Exception, SystemExit) as error:
        raise _broken(module, error, folder) from error


def _missing(module: str, part: str, folder: Path) -> UsageError:
    parent, _, name = part.rpartition(".")
    where = [("folder", str(folder)), ("environment", sys.prefix)]
    if not parent:
        return UsageError(
            f"There is no module {name!r}, neither in the current folder nor in the environment.",
            where=where,
            remedy="Run the command in the connector's folder, or install the connector first.",
        )
    paths = list(getattr(sys.modules.get(parent), "__path__", ()))
    return UsageError(
        f"There is no module {module!r}: {parent!r} exists, and has no {name!r}.",
        where=[*((("found", path)) for path in paths), *where],
        details=_listed("It has", (found.name for found in pkgutil.iter_modules(paths))),
        remedy="Fix the name, or install the connector if another folder of that name hides it.",
    )


def _broken(module: str, error: BaseException, folder: Path) -> UsageError:
    return UsageError(
        f"The module {module!r} cannot be imported: {type(error).__name__}: {error}",
        where=[("raised in", own_line(error, folder))],
        remedy=f"Fix it until this shows no error:\n  python -c 'import {module}'",
    )


def _integration(module: ModuleType, attribute: str) -> Integration:
    from connector.oai.integration import Integration

    found = getattr(module, attribute, None)
    if isinstance(found, Integration):
        return found
    problem = "does not exist" if found is None else f"is not an Integration, but a value of {type(found)}"
    names = [name for name, value in vars(module).items() if isinstance(value, Integration)]
    raise UsageError(
        f"{attribute!r} of the module {module.__name__!r} {problem}.",
        where=[("module", str(getattr(module, "__file__", module.__name__)))],
        details=_listed("Its Integration objects", names) or ["It has no Integration object."],
        remedy="Name one of its connector.oai.integration.Integration objects after the colon.",
    )


def _listed(label: str, names: Iterable[str]) -> list[str]:
    listed = ", ".join(sorted(names))
    return [f"{label}: {listed}"] if listed else []
