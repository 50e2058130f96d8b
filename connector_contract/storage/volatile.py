"""The parts of a request or response that move by themselves, which no comparison looks at.

Pure: an envelope in, an envelope out. The scenario itself is given the values as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connector_contract.storage.response_headers import USUAL_HEADERS

VARIES = "<varies>"
"""What stands where a value moves from one call to the next."""

# By the SDK's specification (RateLimitStateSnapshot): "remaining requests allowed in the current window", and
# the "Unix timestamp when the current window resets".
_COUNTERS = ("remaining", "reset")
# Of a delay that follows what the upstream says of its window; the SDK's own grows with each retry alone.
_FROM_UPSTREAM = ("current_delay",)
# Where a rate limit's state is, in a response and in a request.
_STATES = ("current_state", "last_known_state")
# What a probe says of how long it took (ProbeResults, ProbeCheck).
_DURATION = ("duration_ms",)
# What tells the answer of an arbitrary endpoint (ArbitraryResponse) from other responses.
_ARBITRARY = {"ok", "headers", "resolved_url"}


def without_volatile(envelope: Mapping[str, Any]) -> Mapping[str, Any]:
    """A request or response with ``<varies>`` for each number that moves by itself.

    Args:
        envelope: The JSON of a request to the connector or of its response. Anything else, such as a record
            in a response, is returned as it is.

    Returns:
        An envelope with the same keys in the same order. What the connector does not know stays ``null``.
    """
    changed: dict[str, Any] = {}
    if isinstance(limit := envelope.get("rate_limit"), Mapping):
        changed["rate_limit"] = {
            key: _states(value) if key in _STATES else value for key, value in limit.items()
        }
    if isinstance(answer := envelope.get("response"), Mapping) and answer.keys() >= _ARBITRARY:
        changed["response"] = _as_recorded(answer)
    if isinstance(probe := envelope.get("response"), Mapping) and isinstance(probe.get("checks"), list):
        checks = [_varying(check, _DURATION) for check in probe["checks"]]
        changed["response"] = {**_varying(probe, _DURATION), "checks": checks}
    return {**envelope, **changed} if changed else envelope


def _as_recorded(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """A vendor's answer without the headers that no recording keeps, such as the date."""
    headers = answer["headers"]
    if not isinstance(headers, Mapping):
        return answer
    kept = {name: value for name, value in headers.items() if _is_recorded(str(name).lower())}
    return {**answer, "headers": kept}


def _is_recorded(name: str) -> bool:
    # A body is recorded decoded.
    return name != "content-encoding" and USUAL_HEADERS.keeps(name)


def _states(states: Any) -> Any:
    """The state of each rate limit, by its name."""
    if not isinstance(states, Mapping):
        return states
    return {name: _state(state) for name, state in states.items()}


def _state(state: Any) -> Any:
    if not isinstance(state, Mapping):
        return state
    return _varying(state, _COUNTERS + (_FROM_UPSTREAM if state.get("source") == "api_headers" else ()))


def _varying(value: Any, names: tuple[str, ...]) -> Any:
    if not isinstance(value, Mapping):
        return value
    return {key: VARIES if key in names and item is not None else item for key, item in value.items()}
