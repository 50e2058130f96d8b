"""Secrets in the names of tests and files: a parameter's value is a part of its test's id."""

from __future__ import annotations

import re
from collections.abc import Mapping

from connector_contract.errors import Places, RefusedToSave
from connector_contract.secrets.ordinary import is_ordinary
from connector_contract.secrets.redaction import Redactor

_SHORT = 8
_NO_NAME = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')


def secret_names_of(names: Mapping[str, str]) -> dict[str, str]:
    """The secrets that are looked for in names: what is ordinary may be a part of any.

    Args:
        names: The name of the placeholder of each secret.

    Returns:
        The name of the placeholder of each spelling: pytest escapes in an id whatever is not ASCII, and
        what no file can be called has a dash in its place.
    """
    found: dict[str, str] = {}
    for value, name in names.items():
        if not _may_be_in_any(value):
            escaped = value.encode("unicode_escape", "surrogatepass").decode("ascii")
            found |= {_NO_NAME.sub("-", each): name for each in (value, escaped)}
            found |= {value: name, escaped: name}
    return found


def _may_be_in_any(value: str) -> bool:
    """Whether a secret is a word that the names of functions have, or too short to be told from one."""
    return is_ordinary(value) and (len(value) < _SHORT or value.replace("_", "").isalpha())


def names_in_path(path: str, names: Mapping[str, str]) -> str:
    """A path, or the id of a test, with placeholders for the secrets in it.

    Args:
        path: The path.
        names: The name of the placeholder of each secret.
    """
    here = {value: name for value, name in secret_names_of(names).items() if value in path}
    return Redactor(here).text(path) if here else path


def refuse_named(path: str, names: Mapping[str, str], where: Places) -> None:
    """Refuse to write a file whose name has a secret in it.

    Args:
        path: The file, or the test that it is named after.
        names: The name of the placeholder of each secret.
        where: Where that is.

    Raises:
        RefusedToSave: It has one.
    """
    shown = names_in_path(path, names)
    if shown != path:
        raise RefusedToSave(
            f"Nothing was recorded, because a secret is a part of the name of the file: {shown}",
            where=[(label, names_in_path(value, names)) for label, value in where],
            remedy="Give what has the secret another name: a parameter an id, ids=[...]; a snapshot a word.",
        )
