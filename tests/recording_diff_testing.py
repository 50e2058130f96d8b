"""Whose lines differ between two recordings of tenants that differ in some people."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import yaml

_BOUNDARY = re.compile(
    r"after=|skiptoken|startIndex=|NextPageToken"
    r'|"(@odata\.count|@odata\.nextLink|count|interactions|itemsPerPage|skip|startIndex|success|totalResults)"'
    r"|^count: |^- '\d+'$"
)
"""What may differ where a page ends at another record: places in lists, and numbers of records."""


def changed_lines(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Each line that one of two recordings has more often than the other, with its file."""
    assert before.keys() == after.keys()
    for name in before:
        old, new = (Counter(_stripped(files[name].decode())) for files in (before, after))
        more = (old - new) + (new - old)
        yield from ((name, line) for line in more if re.search(r"\w", line))


def strangers_lines(
    before: Mapping[str, bytes], after: Mapping[str, bytes], ids: Iterable[str]
) -> list[tuple[str, str]]:
    """The lines that differ, and are neither about people with these ids nor about the end of a page."""
    own = {line for files in (before, after) for line in lines_about(files, frozenset(ids))}
    return [
        (name, line)
        for name, line in changed_lines(before, after)
        if line not in own and not _BOUNDARY.search(line)
    ]


def lines_about(files: Mapping[str, bytes], ids: frozenset[str]) -> set[str]:
    """The lines of the records that have one of these ids, as they are stored."""
    records = [
        record for name, data in files.items() for each in _documents(name, data) for record in _records(each)
    ]
    # Where the id that Lumos gets is another one, it stands beside the first.
    others = {record.get("userPrincipalName") for record in records if record.get("id") in ids} - {None}
    own = (
        record
        for record in records
        if any(isinstance(each, str) and each in ids | others for each in record.values())
    )
    return {line for record in own for line in _stripped(json.dumps(record, ensure_ascii=False, indent=1))}


def _documents(name: str, data: bytes) -> Iterator[Any]:
    """What a file has as JSON: a snapshot itself, of a cassette the bodies."""
    if name.endswith(".json"):
        yield json.loads(data)
        return
    for interaction in yaml.load(data, yaml.CSafeLoader)["interactions"]:
        for body in (interaction["request"]["body"], interaction["response"]["body"]):
            text = body.get("string") if isinstance(body, dict) else body
            if isinstance(text, str) and text.startswith(("{", "[")):
                yield json.loads(text)


def _records(data: Any) -> Iterator[dict[str, Any]]:
    """The objects in a document, the outer ones first."""
    if isinstance(data, dict):
        yield data
    for part in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _records(part)


def _stripped(text: str) -> Iterator[str]:
    return (line.strip().rstrip(",") for line in text.splitlines())
