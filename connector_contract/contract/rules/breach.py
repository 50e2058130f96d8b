"""A breach: one way in which a connector breaks a rule of the standard contract, as a value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Breach:
    """One way in which a connector breaks a rule. How it is printed is in ``reporting.breaches``.

    Attributes:
        capability: The one whose response is wrong; ``info`` for what the connector says of itself.
        title: What is wrong, in a clause that needs no capability's name.
        consequence: What Lumos does with such a response, in a sentence.
        records: The offending records, each in a line.
        rule: The name of the rule, such as ``complete``. Several rules make the same check, so whoever
            judges fills it in.
    """

    capability: str
    title: str
    consequence: str
    records: Sequence[str] = ()
    rule: str = ""

    def found_by(self, rule: str, redact: Callable[[str], str]) -> Breach:
        """The breach as a rule reports it: with the rule's name, and without secrets."""
        records = tuple(map(redact, self.records))
        return replace(self, rule=rule, title=redact(self.title), records=records)
