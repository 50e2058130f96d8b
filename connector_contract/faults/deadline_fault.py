"""The deadline: Lumos says how long a call may last, and that is over before the call begins."""

from __future__ import annotations

from connector_contract.faults.broken_call import BrokenCall
from connector_contract.faults.fault import Fault, Group, NotApplicable, Owed, Trial

DEADLINE = Fault(
    "deadline-exhausted",
    Group.DEADLINE,
    "Lumos waits for a second, which is less than the SDK keeps for the way back",
    "connector-sdk-types, RateLimitRequestInfo.max_execution_time; connector.utils.rate_limiting",
    everywhere=True,
)
FAULTS: tuple[Fault, ...] = (DEADLINE,)
_RATE_LIMIT = {"max_execution_time": 1}


def trial(call: BrokenCall) -> Trial | NotApplicable:
    """The trial of a call whose time is over.

    The SDK's rate limiter ends such a call. Whether a connector uses it, only trying shows: without it, the
    call goes on, and gives what was recorded.
    """
    if not call.interactions:
        return NotApplicable(DEADLINE, None, "the call asks the upstream for nothing")
    codes = frozenset({call.errors.out_of_time})
    owed = Owed(codes, call.errors.retryable(codes), may_be_same=True)
    return Trial(DEADLINE, None, {}, owed, rate_limit=_RATE_LIMIT)
