"""Between a client's request and its response: a failure here never reaches the connector alone.

A stub of an HTTP client asks an ``Interception`` for each request. A failure of the harness in between is a
verdict. One of the network, of the upstream or of the connector's own body is not: it goes to the connector.
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import NamedTuple

import vcr

from connector_contract.errors import ContractError, HarnessFailure
from connector_contract.recording.interactions import Request, Response
from connector_contract.recording.played_changes import Loss
from connector_contract.recording.recorder import Sent
from connector_contract.recording.traffic import Fate, Traffic
from connector_contract.storage.canonical import readable_request

# So many seconds: the deadlines of a connector come before that.
_FOR_EVER = 24 * 60 * 60
_OURS = (Path(__file__).parent.parent, Path(vcr.__file__).parent)
_STUBS = _OURS[1] / "stubs"


class Held(NamedTuple):
    """A request that waits, as it did when it was recorded, until the connector gives it up.

    Attributes:
        timeout: Which timeout of the connector's client ended it, as ``GivenUp`` has it.
    """

    timeout: str | None


class Interception:
    """What the stubs of HTTP clients share.

    Args:
        traffic: Plays and records.

    Attributes:
        at_end: What is to be undone when the scenario ends.
    """

    def __init__(self, traffic: Traffic) -> None:
        self.at_end = ExitStack()
        self._traffic = traffic

    def ask(self, request: Request) -> Response | Loss | Sent | Held:
        """The response to ``request``, or how its connection fails; or its way to the upstream; or its wait.

        Raises:
            ContractError: The request is not recorded, or must not be made.
            Exception: What a replay has the client raise in place of a response.
        """
        with self.guarded(str(request)):
            request = readable_request(request)
            fate = self.fate(request)
            if fate is Fate.PLAY:
                return self.play(request)
            if fate is Fate.HOLD:
                return Held(self._traffic.hold(request))
            return self.send(request)

    def fate(self, request: Request) -> Fate:
        """What becomes of a request that the connector makes now."""
        self._traffic.count(request)
        return self._traffic.fate(request)

    @property
    def loses(self) -> bool:
        """Whether connections may fail now, because a replay has them fail."""
        return self._traffic.loses

    def play(self, request: Request) -> Response | Loss:
        """The recorded response to a request, or how its connection fails in a replay."""
        return self._traffic.play(request)

    def send(self, request: Request) -> Sent:
        """Note that a request goes to the upstream now."""
        return self._traffic.send(request)

    @property
    def waits_for_its_turn(self) -> bool:
        """Whether a request may have to wait before it goes to the upstream."""
        return self._traffic.pace is not None

    def wait(self) -> None:
        """Wait until a request may go to the upstream, in a client that blocks.

        Raises:
            LongWait: The upstream asks to wait for longer than a recording does.
        """
        pace = self._traffic.pace
        while pace is not None and (seconds := self._traffic.take_turn()):
            pace.clock.sleep(seconds)

    async def async_wait(self) -> None:
        """The same in a task."""
        pace = self._traffic.pace
        while pace is not None and (seconds := self._traffic.take_turn()):
            await pace.clock.async_sleep(seconds)

    def keep(self, sent: Sent, response: Response, *, decodes: bool = True) -> None:
        """Record the upstream's response to a request.

        Args:
            sent: The request.
            response: As the upstream sent it.
            decodes: Whether the client can undo the response's content coding.
        """
        with self.guarded(str(sent.request)):
            sent.keeps_coding = not decodes
            self._traffic.record(sent, response)

    def give_up(self, sent: Sent, timeout: str | None = None) -> None:
        """Note that the connector has given a request up before its response.

        Args:
            sent: The request.
            timeout: Which timeout of its client ended it, as ``GivenUp`` has it.
        """
        sent.given_up, sent.timeout = sent.response is None, timeout

    def lose(self, sent: Sent) -> None:
        """Note that a request ended without a response, and not because the connector gave it up."""
        sent.failed = True

    async def held_for_ever(self, request: Request) -> ContractError:
        """Wait until the connector gives a request up that is held.

        Returns:
            The verdict to raise if it does not, in a time that nobody waits. In a replay that is at once.
        """
        await asyncio.sleep(_FOR_EVER)
        return self._traffic.waits(request)

    def cannot_wait(self, request: Request) -> ContractError:
        """Report that a client which cannot be interrupted waits for a request that is held."""
        return self._traffic.waits(request)

    def refuse(self, verdict: ContractError) -> ContractError:
        """Report a verdict, and return it to be raised."""
        return self._traffic.report(verdict)

    @contextmanager
    def guarded(self, request: str, *, calls_out: bool = False) -> Iterator[None]:
        """Report whatever is raised inside as a failure of the harness.

        Args:
            request: What is intercepted, for the message.
            calls_out: Whether vcrpy's code inside asks the network itself: an error from there passes.
        """
        try:
            yield
        except ContractError as error:
            on_purpose = self._traffic.raises_on_purpose(error)
            if not on_purpose and not any(error is verdict for verdict in self._traffic.verdicts):
                self._traffic.report(error)
            raise
        except Exception as error:
            if self._traffic.raises_on_purpose(error):
                raise
            if calls_out and _comes_from_outside(error):
                raise
            raise self._traffic.report(self._failure(request, error)) from error

    def _failure(self, request: str, error: Exception) -> HarnessFailure:
        called, _, _ = request.partition("?")
        text = f"The harness failed while it intercepted {called}: {type(error).__name__}: {error}"
        return HarnessFailure(
            self._traffic.redact(text),
            where=[("line", _line(error))],
            remedy="This is a bug of the harness or of vcrpy, not of the connector. Please report it, with "
            "this message.\nUntil it is fixed, have the connector send this request through httpx, as "
            "connector-py's clients do.",
        )


_current: list[Interception] = []


def current() -> Interception:
    """The interception of the scenario that runs now.

    Stubs are made once for a process, and ask this when a request begins.

    Raises:
        RuntimeError: None does: a connector has kept a stub for longer than its scenario.
    """
    if not _current:
        raise RuntimeError("The scenario that this HTTP client was made in has ended.")
    return _current[-1]


@contextmanager
def asked_by_stubs(interception: Interception) -> Iterator[None]:
    """Have an interception be the current one."""
    _current.append(interception)
    try:
        with interception.at_end:
            yield
    finally:
        _current.remove(interception)


def _line(error: BaseException) -> str:
    """The innermost line of the harness or of vcrpy."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if _is_ours(frame.filename)] or frames
    path = Path(own[-1].filename)
    root = next((root.parent for root in _OURS if path.is_relative_to(root)), path.parent)
    return f"{path.relative_to(root).as_posix()}:{own[-1].lineno}"


def _comes_from_outside(error: BaseException) -> bool:
    """Whether an exception came out of what a stub of vcrpy's called: the real connection."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    return any(
        Path(caller.f_code.co_filename).is_relative_to(_STUBS) and _is_foreign_method(called)
        for caller, called in pairwise(frames)
    )


def _is_foreign_method(frame: FrameType) -> bool:
    return not _is_ours(frame.f_code.co_filename) and "self" in frame.f_locals


def _is_ours(filename: str) -> bool:
    return any(Path(filename).is_relative_to(root) for root in _OURS)
