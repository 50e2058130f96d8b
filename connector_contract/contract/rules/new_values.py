"""**records**: values that an upstream makes up each time, and the aliases that make them stable."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import jmespath

from connector_contract.contract.rules.bodies import json_bodies
from connector_contract.contract.rules.records import Change
from connector_contract.recording.interactions import Interaction, Request
from connector_contract.secrets.aliases import has_alias, looks_made_up
from connector_contract.storage.json_differences import ABSENT, differences

_SAFE = {"GET", "HEAD", "OPTIONS"}
_ALIAS = re.compile(r"[A-Za-z][A-Za-z0-9-]*")


def response_aliases(
    found: Sequence[Change], interactions: Sequence[Interaction], known: Mapping[str, str]
) -> dict[str, str]:
    """The aliases that make values stable which are new in each recording; none if there are no such values.

    Args:
        found: Where a new recording is not as the snapshot.
        interactions: Those of the new recording.
        known: The aliases that the author has already.

    Returns:
        All aliases, those of the author's among them: a JMESPath into the upstream's bodies for each.
    """
    new: dict[str, list[str]] = {}
    for field, old, value in _leaves(found):
        place = next(_places(field, old, value, interactions), None)
        if place is not None:
            name, path = place
            paths = new.setdefault(name, [known[name]] if name in known else [])
            paths.extend([path] if path not in paths else [])
    together = {name: paths[0] if len(paths) == 1 else f"[{', '.join(paths)}]" for name, paths in new.items()}
    return {**known, **together} if together else {}


def _leaves(found: Sequence[Change]) -> Iterator[tuple[str, Any, Any]]:
    """The field of each value that has changed, with both; of records with new ids, as they come."""
    gone = [change for change in found if not change.field and change.new is ABSENT]
    come = [change for change in found if not change.field and change.old is ABSENT]
    for one, other in zip(gone, come, strict=False):
        yield from differences(one.old, other.new)
    yield from ((change.field, change.old, change.new) for change in found if change.field)


def _places(field: str, old: Any, new: Any, interactions: Sequence[Interaction]) -> Iterator[tuple[str, str]]:
    """The alias and the path for a value that looks made up, wherever the upstream sent it."""
    made_up = looks_made_up(old) and looks_made_up(new)
    if not made_up and not (_is_id(field) and isinstance(old, str | int) and isinstance(new, str | int)):
        return
    for interaction, body in json_bodies(interactions):
        # An id of no known form is made up if the scenario itself has created what it is the id of.
        if made_up or interaction.request.method.upper() not in _SAFE:
            for path in _paths(body, str(new), ""):
                others = [other for each, other in json_bodies(interactions) if each is not interaction]
                yield _name(field, new, interaction.request), _narrowed(path, body, str(new), others)


def _narrowed(path: str, body: Any, value: str, others: Sequence[Any]) -> str:
    """A path that leads to no other value in other bodies, if a field of the body tells it from them."""
    wide = [other for other in others if {value} != {str(each) for each in _found(path, other)} != set()]
    for name, item in body.items() if wide and isinstance(body, Mapping) else ():
        in_none = not any(isinstance(other, Mapping) and other.get(name) for other in wide)
        if item and in_none and re.fullmatch(r"[A-Za-z_]\w*", name):
            return f"[@][?{name}].{path}"
    return path


def _found(path: str, body: Any) -> list[Any]:
    found = jmespath.search(path, body)
    return [each for each in (found if isinstance(found, list) else [found]) if each is not None]


def _is_id(field: str) -> bool:
    name = field.rpartition(".")[2].partition("[")[0]
    return name == "id" or name.endswith(("_id", "Id"))


def _paths(body: Any, value: str, path: str) -> Iterator[str]:
    if isinstance(body, Mapping):
        for name, item in body.items():
            word = name if re.fullmatch(r"[A-Za-z_]\w*", name) else json.dumps(name)
            yield from _paths(item, value, f"{path}.{word}" if path else word)
    elif isinstance(body, list):
        for item in body:
            yield from _paths(item, value, f"{path}[]")
    elif str(body) == value and path and has_alias(body):
        yield path


def _name(field: str, value: Any, request: Request) -> str:
    """What to call an alias: a time, or else after the field, or after the collection that was asked for."""
    if not _is_id(field) and ":" in str(value):
        return "time"
    word = field.rpartition(".")[2].replace("_", "-")
    if not _is_id(field):
        return word if _ALIAS.fullmatch(word) else "id"
    segments = [part for part in urlsplit(request.uri).path.split("/") if _ALIAS.fullmatch(part)]
    return _singular(segments[-1]) if segments else "id"


def _singular(word: str) -> str:
    return re.sub("ies$", "y", word) if word.endswith("ies") else word.removesuffix("s") or word
