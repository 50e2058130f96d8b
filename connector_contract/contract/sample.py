"""How much of a long list the standard contract looks at."""

from __future__ import annotations

from dataclasses import dataclass

from connector_contract.errors import UsageError


@dataclass(frozen=True)
class Sample:
    """The pages of each list that the rules of a contract look at.

    Attributes:
        pages: After how many pages a walk stops.
        last: Whether the rules look at the last page as well. A recording has to walk through the whole list
            to find it, and keeps nothing of what lies between.

    Raises:
        UsageError: ``pages`` is no positive number, or ``last`` is neither true nor false.
    """

    pages: int = 3
    last: bool = True

    def __post_init__(self) -> None:
        """Refuse a sample of no pages."""
        if type(self.pages) is not int or self.pages < 1:
            raise UsageError(
                f"Sample(pages=...) is {self.pages!r}, and should be a positive number.",
                remedy="Give the number of pages after which a walk stops, such as Sample(pages=3).",
            )
        if not isinstance(self.last, bool):
            raise UsageError(
                f"Sample(last=...) is {self.last!r}, and should be True or False.",
                remedy="Write Sample(pages=3, last=True) to look at the last page as well.",
            )
