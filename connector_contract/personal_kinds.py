"""What the author says of personal data: whether it is replaced, which fields have it, and by which key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from connector_contract.errors import UsageError

KINDS = (
    *("name", "given_name", "family_name", "email", "phone", "address", "text", "photo"),
    *("login", "number", "date", "ip"),
)
"""What a field with personal data may have."""

KEY_VARIABLE = "CONTRACT_PEOPLE_KEY"
"""The environment variable of the key that made-up people come from."""

KEY_FILE = ".contract-people-key"
"""The file in the project's root that has the key where the variable is not set."""

MAKE_KEY = (
    f"python -c \"import pathlib, secrets; pathlib.Path('{KEY_FILE}').write_text(secrets.token_urlsafe(32))\""
)
"""The command that writes a new key; it works in each shell. A redirection would write UTF-16 in some."""

_ARGUMENT = "ConnectorUnderTest(personal_data=...)"
_EXAMPLE = 'personal_data={"name": "users[].nick", "phone": ["users[].desk", "users[].home.line"]}'


def check_personal_data(value: object) -> None:
    """Refuse what says neither whether personal data is replaced nor which fields have it.

    Args:
        value: ``ConnectorUnderTest(personal_data=...)``.

    Raises:
        UsageError: It is no ``True``, ``False``, ``None`` or mapping, has a kind that does not exist, or has
            something else than JMESPaths for one.
    """
    if value is None or isinstance(value, bool):
        return
    if not isinstance(value, Mapping):
        raise UsageError(
            f"{_ARGUMENT} is {value!r}, which is neither True, False nor a mapping.",
            remedy=f"Give True for the well-known fields, or name further ones:\n  {_EXAMPLE}",
        )
    for kind, paths in value.items():
        _check_kind(kind)
        for path in _paths(kind, paths):
            _check_path(kind, path)


def _check_kind(kind: object) -> None:
    if kind not in KINDS:
        raise UsageError(
            f"{_ARGUMENT} has the kind {kind!r}, which does not exist.",
            remedy=f"The kinds are {', '.join(KINDS[:-1])} and {KINDS[-1]}.",
        )


def _paths(kind: str, paths: object) -> Iterator[object]:
    if isinstance(paths, str):
        yield paths
    elif isinstance(paths, Sequence) and paths:
        yield from paths
    else:
        raise _no_path(kind, paths)


def _check_path(kind: str, path: object) -> None:
    # Imported here: few runs need it.
    import jmespath
    from jmespath.functions import Functions

    if not isinstance(path, str):
        raise _no_path(kind, path)
    try:
        parsed = jmespath.compile(path).parsed
    except jmespath.exceptions.JMESPathError as error:
        raise _wrong_path(kind, path, " ".join(str(error).split())) from None
    for name in _functions(parsed):
        if name not in Functions.FUNCTION_TABLE:
            raise _wrong_path(kind, path, f"There is no function {name}().")


def _functions(node: Mapping[str, Any]) -> Iterator[str]:
    """The functions that a parsed JMESPath calls."""
    if node["type"] == "function_expression":
        yield node["value"]
    for child in node["children"]:
        if isinstance(child, Mapping):
            yield from _functions(child)


def _no_path(kind: str, value: object) -> UsageError:
    return UsageError(
        f"{_ARGUMENT} has {value!r} for {kind}, which is no JMESPath and no list of JMESPaths.",
        remedy=f"Give the path of each field in the response bodies:\n  {_EXAMPLE}",
    )


def _wrong_path(kind: str, path: str, why: str) -> UsageError:
    return UsageError(
        f"{_ARGUMENT} has {path!r} for {kind}, which is not a JMESPath expression.",
        details=[why],
        remedy="Fix it; https://jmespath.org/tutorial.html shows how to write one.",
    )
