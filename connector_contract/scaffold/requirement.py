"""Where pip gets a distribution from, elsewhere than here: the place that it was installed from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

_FOLDER = (
    "It is installed here from a folder that no other machine has. Write where the others get it, such as",
    "{name} @ git+https://git.example.com/{name}.git@COMMIT",
    "As it stands, pip asks a package index, where anybody may have published this name.",
)
_INDEX = (
    "Check that pip asks your package index: on another one, anybody may have published this name.",
    "The variable PIP_INDEX_URL says which. PIP_EXTRA_INDEX_URL would ask the public one, too.",
)


@dataclass(frozen=True)
class Requirement:
    """What pip is given to install a distribution.

    Attributes:
        text: The requirement: one exact place, or else the version.
        to_check: What somebody has to check if it is the version, in lines.
    """

    text: str
    to_check: tuple[str, ...] = ()


def requirement(name: str, version: str | None, direct_url: str | None) -> Requirement:
    """What makes pip install elsewhere what is installed here.

    Args:
        name: The distribution's.
        version: The installed one; ``None`` if there is no installation.
        direct_url: Its file direct_url.json, which pip writes for all that is not from a package index.
            Source: PEP 610.
    """
    origin = json.loads(direct_url) if direct_url else {}
    is_elsewhere = urlsplit(origin.get("url", "")).scheme not in ("", "file")
    if is_elsewhere:
        return Requirement(f"{name} @ {_url(origin)}")
    pinned = f"{name}=={version}" if version else name
    lines = _FOLDER if origin or not version else _INDEX
    return Requirement(pinned, tuple(line.format(name=name) for line in lines))


def _url(origin: Mapping[str, Any]) -> str:
    """The exact place: the commit of a repository, or an archive with the hash that pip checks."""
    fragments = [f"subdirectory={origin['subdirectory']}"] if "subdirectory" in origin else []
    url: str = origin["url"]
    if "vcs_info" in origin:
        repository = origin["vcs_info"]
        url = f"{repository['vcs']}+{url}@{repository['commit_id']}"
    else:
        fragments += [f"{kind}={value}" for kind, value in _hashes(origin.get("archive_info") or {})]
    return "#".join(filter(None, (url, "&".join(fragments))))


def _hashes(archive: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = dict(archive.get("hashes") or {})
    if not found and "=" in archive.get("hash", ""):
        kind, _, value = archive["hash"].partition("=")
        found[kind] = value
    # One is all that a URL may have.
    return sorted(found.items(), key=lambda each: each[0] != "sha256")[:1]
