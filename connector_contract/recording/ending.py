"""How a test has ended, and what that means for its files."""

from __future__ import annotations

from enum import Enum


class Ending(Enum):
    """How the body of a test has ended."""

    FAILED = "failed"
    PASSED = "passed"
    BROKE_A_RULE = "broke a rule"
    WAIVED = "broke a rule that is waived"
    NOTHING_TO_CHECK = "found nothing to check"
    WAITS = "waits for another rule that fails"

    @property
    def saves(self) -> bool:
        """Whether what was recorded is written.

        A broken rule says nothing against the recording: the requests and responses are what they are. Saved,
        they show the breach offline.
        """
        return self is not Ending.FAILED

    @property
    def asked_all(self) -> bool:
        """Whether the test had the time to make each request that it makes."""
        return self not in (Ending.FAILED, Ending.BROKE_A_RULE)

    @property
    def compared_all(self) -> bool:
        """Whether the test had the time to ask for each snapshot."""
        return self is Ending.PASSED

    @property
    def is_under_failure(self) -> bool:
        """Whether files are written although something about the connector is wrong."""
        return self in (Ending.BROKE_A_RULE, Ending.WAITS)
