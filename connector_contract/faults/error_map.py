"""What the SDK makes of a failing upstream: its codes, as plain values.

Pure code does not import the SDK. ``recording.sdk_errors.error_map`` reads the installed one's own map and
metadata, and the sweep gives the result to planning within a ``BrokenCall``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ErrorMap:
    """The codes of the installed SDK.

    Attributes:
        code_of_status: The code for each HTTP status.
        retryable_of_code: Whether an error of a code says that a retry may help, by its code.
        lost_connection: The codes for a connection that fails, whatever client it is of.
        unreadable: The code for a response that cannot be read.
        out_of_time: The code for a call that would last longer than Lumos waits.
        bad_page_token: The code for a page token that the upstream does not know.
        retries_given_up: What the SDK's rate limiter ends its retries with: the code, by the name of the
            exception, as ``raised_by`` says it.
        transport: What the SDK's GraphQL client makes of a response that is none of GraphQL, in the same way.
    """

    code_of_status: Mapping[int, str] = field(default_factory=dict)
    retryable_of_code: Mapping[str, bool] = field(default_factory=dict)
    lost_connection: frozenset[str] = frozenset()
    unreadable: str = "invalid_response"
    out_of_time: str = "budget_exhausted"
    bad_page_token: str = "invalid_page_token"  # noqa: S105 - it is the name of a code
    retries_given_up: Mapping[str, str] = field(default_factory=dict)
    transport: Mapping[str, str] = field(default_factory=dict)

    def retryable(self, codes: Collection[str]) -> bool | None:
        """What the metadata of all these codes says; ``None`` if they differ, or the SDK says nothing."""
        found = {self.retryable_of_code.get(code) for code in codes}
        return found.pop() if len(found) == 1 else None
