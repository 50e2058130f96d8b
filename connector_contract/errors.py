"""Everything that the harness can complain about, each in three parts: what, where, how to fix it.

A ``ContractError`` is shown to the author of a connector as it is, without a traceback: the message
is all that they get, so it has to be enough.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from connector_contract.contract.rules.breach import Breach

Places = Sequence[tuple[str, str]]
"""Label and value of each place to look at, such as ``("cassette", "cassettes/a.yaml")``."""


class ContractError(Exception):
    """A failed scenario or a mistake in its set-up, told in three parts.

    Args:
        what: One sentence: what went wrong.
        where: Label and value of each place to look at, such as ``("cassette", "cassettes/a.yaml")``.
        details: Lines of evidence, shown indented between where and the remedy.
        remedy: What to do about it. Lines that start with two spaces are commands.
    """

    def __init__(
        self,
        what: str,
        *,
        where: Sequence[tuple[str, str]] = (),
        details: Sequence[str] = (),
        remedy: str,
    ) -> None:
        self.what = what
        self.where = tuple(where)
        self.details = tuple(details)
        self.remedy = remedy
        super().__init__(what)

    def __str__(self) -> str:
        """The whole message, as the author reads it."""
        width = max((len(label) for label, _ in self.where), default=0)
        places = [f"  {label + ':':<{width + 1}} {value}" for label, value in self.where]
        details = textwrap.indent("\n".join(self.details), "  ")
        parts = [self.what, "\n".join(places), details, self.remedy]
        return "\n".join(part for part in parts if part)


class UsageError(ContractError):
    """The harness was asked for something that it cannot do: a wrong option, fixture or argument."""


class MissingExample(UsageError):
    """A capability that needs an example of a request has none, or a part of one."""


class AlreadyReported(UsageError):
    """A mistake that another test has told already.

    Attributes:
        earlier: What it told.
    """

    earlier = ""


class MissingCassette(ContractError):
    """A replay was asked for, and there is nothing recorded to replay."""


class CorruptCassette(ContractError):
    """A cassette is there and is not what a recording left: cut, edited, or no cassette at all."""


class UnmatchedRequest(ContractError):
    """The connector made a request that is not recorded, or made it more often than recorded."""


class EndlessRequests(ContractError):
    """One call made more requests than it may: it asks the same again and again."""


class CallAborted(BaseException):
    """Ends a call of the connector that would not end by itself, past its ``except Exception``."""


class ChangedOutcome(ContractError):
    """The recorded interactions led to another outcome of a call than when they were recorded."""


class UnprovenRecording(ContractError):
    """What was recorded, replayed at once, does not lead to the same requests and responses."""


class UnplayedInteractions(ContractError):
    """The connector did not make all the requests that are recorded."""


class UnusedSnapshots(ContractError):
    """The test has snapshots that it does not compare any more."""


class ChangedResponse(ContractError):
    """A response was compared with a snapshot and is not as it has it, and the test did not fail for that."""


class UnansweredCall(UsageError):
    """A call of a capability was never awaited, or was left before it had answered."""


class ForeignRequest(ContractError):
    """While recording, the connector called a server other than the declared origin."""


class NetworkAccess(ContractError):
    """Something opened a connection that neither a replay nor a recording of an application has."""


class UpstreamFailure(ContractError):
    """The upstream did not start, did not answer, or refused the credentials, while it was being recorded."""


class CannotWrite(ContractError):
    """The file system does not let a recording be written."""


class BrokenConnector(ContractError):
    """The connector answered with what is no response at all, or raised an error out of its dispatch."""


class EndlessWalk(ContractError):
    """A walk was given up: it has no end, or is longer than allowed.

    Attributes:
        reason: Which of the two, and how that was seen, in a clause.
        is_endless: Whether it has no end.
    """

    reason = ""
    is_endless = True


class HarnessFailure(ContractError):
    """The harness, or vcrpy within it, failed while it stood between the connector and the upstream."""


class Unrecordable(ContractError):
    """The connector's HTTP client did what can be neither recorded nor played, such as a WebSocket."""


class RefusedToSave(ContractError):
    """A recording was not written, because a known secret was still in it."""


class ContractBreach(ContractError):
    """The connector's responses break a rule of the standard contract, be they as recorded or not.

    Attributes:
        breaches: Each way in which they do.
    """

    breaches: tuple[Breach, ...] = ()


class ChangedTable(ContractError):
    """The statuses of the upstream became others than they were when the table of them was accepted."""


class FaultNotFired(ContractError):
    """A call was replayed with a broken response, and never asked for it."""


class ChangedRecords(ContractError):
    """A capability answers otherwise than it did when its snapshot was accepted."""


class ChangedDeclarations(ContractError):
    """What the author declares to demand less is not what was reviewed."""


class UnneededWaiver(ContractError):
    """A rule is waived, and holds."""


class NothingToCheck(Exception):
    """A rule found nothing that it could check; its argument says why. The report tells it."""


class RuleWaits(NothingToCheck):
    """What a rule would look at failed, for which another rule fails."""
