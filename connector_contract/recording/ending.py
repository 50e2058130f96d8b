"""How a test has ended, and what that means for its files."""

from __future__ import annotations

from enum import Enum


class Ending(Enum):
    """How the body of a test has ended that has not failed, other than by what a rule has found.

    All of these write what was recorded. A rule that is broken says nothing against the recording: what the
    connector asks and the upstream answers is one thing, whether that breaks a rule another. So the breach
    can be seen offline. A test that fails otherwise has no ending, and keeps its old files.
    """

    PASSED = "passed"
    BROKE_A_RULE = "broke a rule"
    WAIVED = "broke a rule that is waived"
    NOTHING_TO_CHECK = "found nothing to check"
    WAITS = "waits for another rule that fails"
    NEEDLESSLY_WAIVED = "is waived, and was not broken"

    @property
    def asked_all(self) -> bool:
        """Whether the test had the time to make each request that it makes."""
        return self is not Ending.BROKE_A_RULE

    @property
    def compared_all(self) -> bool:
        """Whether the test had the time to ask for each snapshot."""
        return self is Ending.PASSED

    @property
    def is_under_failure(self) -> bool:
        """Whether files are written although something about the connector is wrong."""
        return self in (Ending.BROKE_A_RULE, Ending.WAITS, Ending.NEEDLESSLY_WAIVED)
