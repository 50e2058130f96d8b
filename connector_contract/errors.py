"""All errors of the harness, each in three parts: what, where, how to fix it.

The author of a connector sees the message of a ``ContractError`` and no traceback: the message has to be
enough.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from connector_contract.contract.rules.breach import Breach

Places = Sequence[tuple[str, str]]
"""Label and value of each place to look at, such as ``("cassette", "cassettes/a.yaml")``."""


class Verdict(Enum):
    """Which of the questions that a run answers has the answer no.

    Source: section 1 of the design.
    """

    REGRESSION = "regression"
    REQUEST_CHANGE = "request change"
    CONTRACT_BREACH = "contract breach"

    @property
    def lead(self) -> str:
        """The first words of a failure that it is the verdict on."""
        return f"{self.value.capitalize()}: "


SCENARIO = "scenario"
"""The label of the scenario that a message is about."""

NOTHING_COMPARED = "Nothing was compared: "
"""The first words of a failure by which nobody knows more than before."""


class ContractError(Exception):
    """A failed scenario, or a mistake in its set-up: what, where, and how to fix it.

    Args:
        what: One sentence: what went wrong.
        where: Label and value of each place to look at, such as ``("cassette", "cassettes/a.yaml")``.
        details: Lines of evidence, shown indented between where and the remedy.
        remedy: What to do about it. Lines that start with two spaces are commands.

    Attributes:
        verdict: Which verdict it is; ``None`` if it is none.
        compares_nothing: Whether it keeps a scenario from being compared at all.
        answers: The text that each stored file would have now, where another test's scenario knows it.
        asks: Of a request that is not recorded, each part that differs from the nearest one that is: the
            endpoint, the part, what is recorded, and what is asked for now.
    """

    verdict: Verdict | None = None
    compares_nothing: bool = False

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
        self.answers: Mapping[Path, str] = {}
        self.asks: Sequence[tuple[str, str, str, str]] = ()
        super().__init__(what)

    @property
    def reason(self) -> str:
        """The message, without the scenario that it is about: what fails for one reason has it in common."""
        return self._message([pair for pair in self.where if pair[0] != SCENARIO])

    @property
    def headline(self) -> str:
        """Its first line: which verdict it is, and what went wrong."""
        return self.what if self.verdict is None else f"{self.verdict.lead}{self.what}"

    def __str__(self) -> str:
        """The whole message, as the author reads it."""
        return self._message(self.where)

    def _message(self, where: Places) -> str:
        width = max((len(label) for label, _ in where), default=0)
        places = [f"  {label + ':':<{width + 1}} {value}" for label, value in where]
        details = textwrap.indent("\n".join(self.details), "  ")
        parts = [self.headline, "\n".join(places), details, self.remedy]
        return "\n".join(part for part in parts if part)


class UsageError(ContractError):
    """Somebody asked the harness for something that it cannot do: a wrong option, fixture or argument."""

    compares_nothing = True


class MissingExample(UsageError):
    """A capability needs an example of a request, and has none or only a part of one."""


class AlreadyReported(UsageError):
    """A mistake that another test has already reported.

    Attributes:
        earlier: The message of that report.
        verdict: That of the mistake; so is ``compares_nothing``.
    """

    earlier = ""


class SeveralProcesses(UsageError):
    """A real server is to be recorded, and several processes would ask it."""


class PointlessExample(UsageError):
    """The author's example of a write changes nothing, so that reading back cannot show it."""


class MissingCassette(ContractError):
    """There is no cassette to replay."""

    compares_nothing = True


class FormerPlace(UsageError):
    """The recordings lie where an earlier release, or another setting, has put them."""


class CorruptCassette(ContractError):
    """The cassette's file is not as a recording left it: it was cut or edited, or is no cassette at all."""

    compares_nothing = True


class CannotRead(ContractError):
    """A stored file cannot be read, so that nobody knows what it has, or whether it is there."""

    compares_nothing = True


class UnmatchedRequest(ContractError):
    """The connector made a request that is not recorded, or made it more often than recorded."""

    verdict = Verdict.REQUEST_CHANGE


class EndlessRequests(ContractError):
    """One call makes more requests than it may: it asks for the same thing again and again."""

    verdict = Verdict.CONTRACT_BREACH


class EndlessWait(ContractError):
    """In a replay, one call waits for something that will not happen, and asks for nothing."""

    verdict = Verdict.CONTRACT_BREACH


class CallAborted(BaseException):
    """Ends a call of the connector that would not end by itself, past its ``except Exception``."""


class ChangedOutcome(ContractError):
    """A call that gets the recorded responses ends otherwise than it did when it was recorded."""

    verdict = Verdict.REGRESSION


class ChangedCalls(ContractError):
    """A call is not the recorded one: Lumos' part asks something else, or other requests are made for it."""

    verdict = Verdict.REQUEST_CHANGE


class UnprovenRecording(ContractError):
    """A new recording, replayed at once, does not lead to the same requests and responses."""


class LateRequest(ContractError):
    """What an earlier scenario has left running made a request in the middle of another one."""

    verdict = Verdict.REQUEST_CHANGE


class UnplayedInteractions(ContractError):
    """The connector did not make all the requests that are recorded."""

    verdict = Verdict.REQUEST_CHANGE


class UnusedSnapshots(ContractError):
    """The test no longer compares some of its snapshots."""


class MissingSnapshot(ContractError):
    """A response has no snapshot to be compared with."""

    compares_nothing = True


class RecordedOtherwise(ContractError):
    """A response that was recorded again differs from its snapshot: the upstream may have changed."""


class ChangedResponse(ContractError):
    """A response differs from its snapshot, and the test did not fail for it."""

    verdict = Verdict.REGRESSION


class UnansweredCall(UsageError):
    """A call of a capability was never awaited, or did not come to its end."""


class ForeignRequest(ContractError):
    """While recording, the connector called a server other than the declared origin."""


class NetworkAccess(ContractError):
    """Something opened a connection that a replay, or a recording of a served application, must not open."""

    verdict = Verdict.REQUEST_CHANGE


class UpstreamFailure(ContractError):
    """While it was recorded, the upstream did not start, did not answer, or refused the credentials."""

    compares_nothing = True


class LongWait(UpstreamFailure):
    """The upstream asks to be left alone for longer than a recording waits."""


class UndeclaredWrite(ContractError):
    """A call would write to something in a real tenant that nobody has declared as writable."""

    compares_nothing = True


class CannotWrite(ContractError):
    """The file system refuses to write a recording."""


class BrokenConnector(ContractError):
    """The connector returned something that is not a response, or its dispatch raised an error."""

    verdict = Verdict.CONTRACT_BREACH


class EndlessWalk(ContractError):
    """A walk does not end, or is longer than allowed.

    Attributes:
        reason: Which of the two, and what shows it, in a clause.
        is_endless: Whether it has no end.
    """

    verdict = Verdict.CONTRACT_BREACH

    reason = ""
    is_endless = True


class HarnessFailure(ContractError):
    """The harness, or vcrpy within it, failed between the connector and the upstream."""

    compares_nothing = True


class Unrecordable(ContractError):
    """What cannot be recorded or replayed: a WebSocket, say, or a body in a coding that nothing decodes."""

    compares_nothing = True


class OtherEventLoop(Unrecordable):
    """The connector uses a client in another event loop than the one that the client is of."""


class RefusedToSave(ContractError):
    """The harness did not save a recording, because it still holds a known secret."""


class ContractBreach(ContractError):
    """The connector's responses break a rule of the standard contract.

    Attributes:
        breaches: All breaches that the rule has found.
    """

    verdict = Verdict.CONTRACT_BREACH

    breaches: tuple[Breach, ...] = ()


class FaultsNotSurvived(ContractError):
    """A recorded call, replayed with an upstream that fails, tells Lumos what is wrong."""

    verdict = Verdict.CONTRACT_BREACH


class ChangedTable(ContractError):
    """The connector maps a status of the upstream otherwise than its snapshot says."""

    verdict = Verdict.REGRESSION


class FaultNotFired(ContractError):
    """A call was replayed with a broken response, and never made the request for it."""

    verdict = Verdict.REQUEST_CHANGE


class ChangedRecords(ContractError):
    """The response of a capability differs from its accepted snapshot."""

    verdict = Verdict.REGRESSION


class ChosenOtherwise(ContractError):
    """A rule takes what it asks for from the connector's answers, and these now lead to another request."""

    verdict = Verdict.REGRESSION


class ChangedDeclarations(ContractError):
    """What a contract's class declares to demand less differs from its accepted snapshot."""

    verdict = Verdict.CONTRACT_BREACH


class UnneededWaiver(ContractError):
    """A waiver is not needed: its rule holds."""


class UnneededDeclaration(ContractError):
    """What a contract's class declares of a capability is not so."""


class NothingToCheck(Exception):
    """A rule found nothing to check; the argument says why, and the report shows it."""


class RuleWaits(NothingToCheck):
    """A rule cannot check anything, because of something that another rule reports."""


class NotWritable(NothingToCheck):
    """A rule would write to what nobody has declared as writable."""
