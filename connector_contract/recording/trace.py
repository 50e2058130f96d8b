"""What happened in a scenario, to understand why it failed: ``--contract-trace``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from connector_contract.recording.interactions import Interaction
from connector_contract.recording.open_call import OpenCall
from connector_contract.storage.jsontext import indented
from connector_contract.storage.snapshot_format import readable

# So many lines, and characters in each, are shown of a body.
_LINES, _WIDTH = 30, 160


def trace_lines(calls: Iterable[OpenCall], normalized: Callable[[Interaction], Interaction]) -> Iterator[str]:
    """What Lumos asked in each call, each request and response, and what Lumos was answered.

    Args:
        calls: The calls, in order.
        normalized: Takes the secrets out of an interaction.
    """
    for call in calls:
        yield f"call {call.number}: {call}"
        yield from _shown("asked", json.dumps(readable(call.asked), indent=2, ensure_ascii=False))
        for interaction in map(normalized, call.interactions):
            yield f"  {interaction.request}"
            yield from _shown("sent", _body(interaction.request.body))
            yield f"  -> {interaction.response.status} {interaction.response.reason}".rstrip()
            yield from _shown("received", _body(interaction.response.body))
        for request in call.unmatched:
            yield from (f"  {request}", "  -> not recorded")
        if call.response is None:
            yield "  Lumos got no response."
        else:
            yield from _shown("answered", json.dumps(readable(call.response), indent=2, ensure_ascii=False))


def _body(body: bytes) -> str:
    text: Any = indented(body)
    return text if text is not None else body.decode("utf-8", "backslashreplace")


def _shown(label: str, text: str) -> Iterator[str]:
    lines = text.splitlines()
    if not lines or lines == ["{}"]:
        return
    yield f"    {label}:"
    yield from (f"      {line[:_WIDTH]}" for line in lines[:_LINES])
    if len(lines) > _LINES:
        yield f"      and {len(lines) - _LINES} more lines"
