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


def trace_lines(
    calls: Iterable[OpenCall],
    normalized: Callable[[Interaction], Interaction],
    redact: Callable[[str], str],
) -> Iterator[str]:
    """What Lumos asked in each call, each request and response, and what Lumos was answered.

    Args:
        calls: The calls, in order.
        normalized: Takes the secrets out of an interaction.
        redact: Takes them out of a text.
    """
    for call in calls:
        yield f"call {call.number}: {call}"
        yield from _shown("asked", redact(_json(call.asked)))
        for interaction in map(normalized, call.said_in_order):
            yield redact(f"  {interaction.request}")
            yield from _shown("sent", redact(_body(interaction.request.body)))
            yield redact(f"  -> {interaction.response.status} {interaction.response.reason}".rstrip())
            yield from _shown("received", redact(_body(interaction.response.body)))
        for request in call.unmatched:
            yield from (redact(f"  {request}"), "  -> not recorded")
        if call.response is None:
            yield "  Lumos got no response."
        else:
            yield from _shown("answered", redact(_json(call.response)))


def _json(value: Any) -> str:
    return json.dumps(readable(value), indent=2, ensure_ascii=False)


def _body(body: bytes) -> str:
    text: Any = indented(body)
    return text if text is not None else body.decode("utf-8", "backslashreplace")


def _shown(label: str, text: str) -> Iterator[str]:
    # What is shortened has no secrets any more: half of one would not be known for it.
    lines = text.splitlines()
    if not lines or lines == ["{}"]:
        return
    yield f"    {label}:"
    yield from (f"      {line[:_WIDTH]}" for line in lines[:_LINES])
    if len(lines) > _LINES:
        yield f"      and {len(lines) - _LINES} more lines"
