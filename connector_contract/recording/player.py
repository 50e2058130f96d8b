"""Play and record the interactions of one scenario, strictly, and keep every verdict.

No vcrpy here and no files: a deck is given requests and answers them, or says what is wrong.
"""

from __future__ import annotations

import shlex
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Hashable, Iterator
from contextlib import contextmanager
from operator import itemgetter

from connector_contract.errors import (
    ContractError,
    ForeignRequest,
    RefusedToSave,
    UnmatchedRequest,
    UnplayedInteractions,
    UpstreamFailure,
)
from connector_contract.recording.interactions import Cassette, Interaction, Request, Response
from connector_contract.recording.matching import differences, is_below, nearest, request_key
from connector_contract.recording.record_modes import Plan
from connector_contract.secrets.redaction import Secrets, stored_texts
from connector_contract.storage.canonical import canonical_interaction, canonical_request, further_headers

# How many of the unplayed interactions a message lists.
_SHOWN = 5


class Deck:
    """The state of one scenario: what is recorded, what of it was played, what is new.

    Args:
        cassette: What was recorded before; empty for a new recording.
        plan: Whether to play, to record, or both.
        secrets: The secrets that the scenario sends; may grow while it runs.
        match_headers: Names of further request headers that must match, in lower case.
        nodeid: The scenario, for messages.
        cassette_name: The cassette's file, for messages.
        origin: All that a recording may reach.

    Attributes:
        verdicts: What went wrong so far. A connector may swallow the error that it was raised as, so
            whoever runs the scenario has to look here.
    """

    def __init__(
        self,
        cassette: Cassette,
        plan: Plan,
        secrets: Secrets,
        match_headers: Collection[str],
        *,
        nodeid: str,
        cassette_name: str,
        origin: str,
    ) -> None:
        self.verdicts: list[ContractError] = []
        self._recorded = cassette.interactions
        self._plan = plan
        self._secrets = secrets
        self._match_headers = frozenset(match_headers)
        self._origin = origin
        self._where = [("cassette", cassette_name), ("scenario", nodeid)]
        self._rewrite = f"  pytest --record-mode=rewrite {shlex.quote(nodeid)}"
        self._exchanges: list[tuple[tuple[int, bool], Interaction]] = []
        self._stand_in: Response | None = None
        self._stand_ins = 0
        self._to_pass = 0
        self._new: list[tuple[int, Interaction]] = []
        self._sent = 0
        self._unplayed: dict[Hashable, deque[int]] = defaultdict(deque)
        for index, interaction in enumerate(self._recorded):
            self._unplayed[request_key(interaction.request)].append(index)

    @property
    def records(self) -> bool:
        """Whether a request may reach the upstream."""
        return self._plan.record

    @property
    def interactions(self) -> list[Interaction]:
        """What connector and upstream said to each other by now, in the order of the requests."""
        return [interaction for _, interaction in sorted(self._exchanges, key=itemgetter(0))]

    def answers(self, request: Request, *, again: bool = False) -> bool:
        """Whether ``request`` is to be played, be it with an error, and not sent to the upstream.

        Args:
            request: What the connector asks for.
            again: Whether this was asked for the same request before.

        Raises:
            ForeignRequest: It would be sent, and to another server than the declared origin.
        """
        self._to_pass -= not again
        if not self._plan.record or self._stands_in:
            return True
        if self._plan.play and self._unplayed.get(request_key(self._canonical(request))):
            return True
        if not is_below(self._secrets.located(request.uri), self._origin):
            raise self.report(self._foreign(request))
        return False

    def play(self, request: Request) -> Response:
        """The recorded response to a request, the first that was not played yet.

        Raises:
            UnmatchedRequest: There is none.
        """
        if self._stand_in is not None and self._stands_in:
            self._stand_ins += 1
            return self._stand_in
        made = self._canonical(request)
        indices = self._unplayed.get(request_key(made))
        if not indices:
            raise self.report(self._unmatched(made))
        response = self._secrets.redactor().restored(self._recorded[indices.popleft()].response)
        self._exchanges.append(((self._sent, False), Interaction(request, response)))
        return response

    @property
    def _stands_in(self) -> bool:
        return self._stand_in is not None and self._to_pass < 0

    @contextmanager
    def answering(self, response: Response, after: int = 0) -> Iterator[Callable[[], int]]:
        """Have each request answered by ``response``, while the context lasts; none of these is recorded.

        Args:
            response: The answer.
            after: How many requests to let pass before.

        Yields:
            A function that says how many requests were answered so.
        """
        self._stand_in, self._stand_ins, self._to_pass = response, 0, after
        try:
            yield lambda: self._stand_ins
        finally:
            self._stand_in = None

    def sent(self) -> None:
        """Count a request that is on its way to the upstream: it has to be recorded in the end."""
        self._sent += 1

    def record(self, interaction: Interaction, position: int) -> None:
        """Keep what just happened between the connector and the upstream.

        Args:
            interaction: The request and its response.
            position: When the request was made, among all: of those that are made at the same time, the
                responses come in any order.
        """
        try:
            self._secrets.learn(interaction.request, interaction.response)
        except ContractError as error:
            raise self.report(error) from None
        self._new.append((position, interaction))
        self._exchanges.append(((position, True), interaction))
        # In mode "all", what is recorded again takes the place of what was recorded before.
        if self._recorded and (
            indices := self._unplayed.get(request_key(self._canonical(interaction.request)))
        ):
            indices.popleft()

    def report(self, verdict: ContractError) -> ContractError:
        """Keep a verdict and return it, to be raised where the connector can see it."""
        self.verdicts.append(verdict)
        return verdict

    def check_complete(self) -> None:
        """Raise an error if something recorded was not asked for, or something asked for was not recorded."""
        if left := self._left():
            raise self.report(self._not_played(left))
        if (lost := self._sent - len(self._new)) > 0:
            raise self.report(
                UpstreamFailure(
                    f"The upstream did not answer {lost} of {self._sent} requests as a whole.",
                    where=self._where,
                    remedy="What the connector made of that is no recording. Record once more.",
                )
            )

    def result(self) -> Cassette:
        """What the cassette is to hold from now on, in canonical form and without secrets."""
        redactor = self._secrets.redactor()
        kept = self._recorded if self._plan.play else ()
        new = [
            redactor.interaction(canonical_interaction(item, self._kept(item.request)))
            for _, item in sorted(self._new, key=itemgetter(0))
        ]
        checked: set[bytes] = set()
        for interaction in new:
            for part in stored_texts(interaction):
                if part not in checked:
                    self.refuse_secret(part, str(interaction.request))
                    checked.add(part)
        return Cassette((*kept, *new))

    def refuse_secret(self, data: bytes, place: str) -> None:
        """Raise ``RefusedToSave`` if a secret is still in what is to be stored."""
        name = self._secrets.redactor().remaining(data)
        if name is not None:
            raise RefusedToSave(
                f"The recording was not saved, because the secret {name} is still in it: {place}",
                where=self._where,
                remedy="It is there in an encoding that the harness does not know. Please report that.\n"
                "Until it is fixed, record from an upstream that does not send it.",
            )

    def redact(self, text: str) -> str:
        """``text`` without the secrets known by now, to be shown to somebody."""
        return self._secrets.redactor().text(text)

    def stand_for(self, url: str, origin: str) -> None:
        """Record what is at ``url`` as if it were at ``origin``."""
        self._secrets.stand_for(url, origin)

    def _left(self) -> list[int]:
        return sorted(index for indices in self._unplayed.values() for index in indices)

    def _canonical(self, request: Request) -> Request:
        self._secrets.learn(request)
        return self._secrets.redactor().request(canonical_request(request, self._kept(request)))

    def _kept(self, request: Request) -> frozenset[str]:
        """The request headers to match besides the usual ones."""
        further = further_headers(request.headers)
        return self._match_headers | self._secrets.redactor().authenticating(further)

    def _foreign(self, request: Request) -> ForeignRequest:
        called = self.redact(f"{request.method} {request.uri.partition('?')[0]}")
        return ForeignRequest(
            f"The connector called {called}, which is not at its declared origin.",
            where=[("origin", self._origin), *self._where],
            remedy="A recording may reach the origin alone, so that no credential goes elsewhere.\n"
            "Fix the connector, or Upstream(origin=...) in conftest.py.",
        )

    def _unmatched(self, made: Request) -> UnmatchedRequest:
        recorded = [interaction.request for interaction in self._recorded]
        index = nearest(recorded, made, self._left())
        details = ["nothing is recorded"]
        what = "The connector made a request that is not recorded"
        if index is not None:
            found = differences(recorded[index], made)
            details = [f"nearest recorded request, number {index + 1}: {recorded[index]}", *map(str, found)]
            if not found:
                what = "The connector made a request more often than it is recorded"
                times = sum(request_key(request) == request_key(made) for request in recorded)
                details = [f"recorded, and played by now: {times} times"]
        return UnmatchedRequest(
            f"{what}: {made}",
            where=self._where,
            details=details,
            remedy=f"Fix the connector; or, if it is meant to ask this, record again:\n{self._rewrite}",
        )

    def _not_played(self, left: list[int]) -> UnplayedInteractions:
        shown = [f"number {index + 1}: {self._recorded[index].request}" for index in left[:_SHOWN]]
        more = [f"and {len(left) - _SHOWN} more"] if len(left) > _SHOWN else []
        return UnplayedInteractions(
            f"The connector did not make {len(left)} of the {len(self._recorded)} recorded requests.",
            where=self._where,
            details=[*shown, *more],
            remedy=f"Fix the connector; or, if it is meant to ask less, record again:\n{self._rewrite}",
        )
