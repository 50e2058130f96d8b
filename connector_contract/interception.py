"""Between a client's request and what answers it: a failure here is never told to the connector alone.

A stub of an HTTP client asks an ``Interception`` for each request. A failure of the harness in between is a
verdict; one of the network, of the upstream or of the connector's own body is none, and passes.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import Protocol

import vcr

from connector_contract.errors import ContractError, HarnessFailure
from connector_contract.interactions import Interaction, Request, Response

_OURS = (Path(__file__).parent, Path(vcr.__file__).parent)
_STUBS = _OURS[1] / "stubs"


class Interceptor(Protocol):
    """Whoever answers and records the requests of a scenario."""

    @property
    def verdicts(self) -> list[ContractError]:
        """What went wrong so far."""

    def answers(self, request: Request, *, again: bool = False) -> bool:
        """Whether ``request`` is to be played and not sent to the upstream."""

    def play(self, request: Request) -> Response:
        """The recorded response to a request."""

    def record(self, interaction: Interaction, position: int) -> None:
        """Keep what was sent and answered; ``position`` tells when it was sent, among all."""

    def report(self, verdict: ContractError) -> ContractError:
        """Keep a verdict and return it."""

    def redact(self, text: str) -> str:
        """``text`` without secrets."""


class Interception:
    """What the stubs of HTTP clients share.

    Args:
        interceptor: Answers and records.
    """

    def __init__(self, interceptor: Interceptor) -> None:
        self._interceptor = interceptor
        self._sent = 0

    def ask(self, request: Request) -> Response | int:
        """The response to ``request``, or its place among those that go to the network.

        Raises:
            ContractError: The request may have neither.
        """
        with self.guarded(str(request)):
            if self._interceptor.answers(request):
                return self._interceptor.play(request)
            return self.sends()

    def sends(self) -> int:
        """The place of a request that goes to the network now."""
        self._sent += 1
        return self._sent - 1

    def keep(self, request: Request, response: Response, position: int) -> None:
        """Record a response of the network, to the request that had this place."""
        with self.guarded(str(request)):
            self._interceptor.record(Interaction(request, response), position)

    def refuse(self, verdict: ContractError) -> ContractError:
        """Report a verdict, and return it to be raised."""
        return self._interceptor.report(verdict)

    @contextmanager
    def guarded(self, request: str, *, calls_out: bool = False) -> Iterator[None]:
        """Report whatever is raised inside as a failure of the harness.

        Args:
            request: What is intercepted, for the message.
            calls_out: Whether vcrpy's code inside asks the network itself: what comes from there passes.
        """
        try:
            yield
        except ContractError as error:
            if not any(error is verdict for verdict in self._interceptor.verdicts):
                self._interceptor.report(error)
            raise
        except Exception as error:
            if calls_out and _comes_from_outside(error):
                raise
            raise self._interceptor.report(self._failure(request, error)) from error

    def _failure(self, request: str, error: Exception) -> HarnessFailure:
        called, _, _ = request.partition("?")
        text = f"The harness failed while it intercepted {called}: {type(error).__name__}: {error}"
        return HarnessFailure(
            self._interceptor.redact(text),
            where=[("line", _line(error))],
            remedy="This is a mistake of the harness or of vcrpy, and not the connector's. Please report it, "
            "with this message.\nUntil it is fixed, have the connector send this request through httpx, as "
            "connector-py's clients do.",
        )


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
