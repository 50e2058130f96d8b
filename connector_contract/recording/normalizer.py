"""What a cassette keeps of an interaction: canonical, and without secrets."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from functools import partial
from typing import Any

from connector_contract.errors import Places, RefusedToSave
from connector_contract.people.people_in_http import PeopleInHttp
from connector_contract.people.places import how_to_name, what_is_left
from connector_contract.recording.alignment import Alignment
from connector_contract.recording.interactions import Headers, Interaction, Request, Response
from connector_contract.recording.matching import request_key
from connector_contract.recording.recorded_times import RecordedTimes
from connector_contract.recording.relative_times import Span
from connector_contract.recording.scopes import response_with_sorted_scopes
from connector_contract.secrets.aliases import LAST, Place
from connector_contract.secrets.known_secrets import Secrets
from connector_contract.secrets.redaction import Redactor, shown_secret, stored_texts
from connector_contract.storage.canonical import canonical_interaction, canonical_request, further_headers
from connector_contract.storage.header_times import is_relative, resolved
from connector_contract.storage.response_headers import USUAL_HEADERS, ResponseHeaders


class Normalizer:
    """Brings requests and interactions into the form that they are stored and compared in.

    Args:
        secrets: The scenario's; learns from what it sees.
        match_headers: Names of further request headers that must match.
        response_headers: Which headers of responses are kept.
        now: The clock that the connector sees, in seconds since 1970.
        people: Makes the tenant's people up in what is stored; ``None`` where they stay as they are.
    """

    def __init__(
        self,
        secrets: Secrets,
        match_headers: Iterable[str] = (),
        response_headers: ResponseHeaders = USUAL_HEADERS,
        now: Callable[[], float] = lambda: 0.0,
        people: PeopleInHttp | None = None,
    ) -> None:
        self.secrets = secrets
        self.people = people
        self._match_headers = frozenset(name.lower() for name in match_headers)
        self._response_headers = response_headers
        self._now = now
        self._others: list[Redactor] = []
        self._alignment: Alignment | None = None
        self._times: RecordedTimes | None = None
        self._started = 0.0
        self._guesses = False
        self._is_left: Callable[[Request], bool] = lambda _: True
        # Requests whose normalizing teaches nothing new, in all copies that have learned nothing, either.
        self._known: dict[Request, Request] = {}
        self._known_at: int | None = None

    def copy(self) -> Normalizer:
        """One that goes on from here, for one of many replays that begin alike."""
        made = copy(self)
        made.secrets = self.secrets.copy()
        made._alignment = None if self._alignment is None else self._alignment.copy(made.secrets)
        is_lasting = self._times is None and self.people is None
        made._known_at = self.secrets.changes if is_lasting else None
        made.begin(self._now())
        return made

    def expect(
        self,
        recorded: Iterable[Request],
        times: RecordedTimes | None = None,
        is_left: Callable[[Request], bool] = lambda _: True,
        *,
        guesses: bool = True,
        key: Callable[[Request], Hashable] = request_key,
    ) -> Normalizer:
        """Expect recorded requests, so that what the connector makes up again can be named as they have it.

        Args:
            recorded: Normalized requests, those first that are likely to be made.
            times: What of them moves with the clock, if something does.
            is_left: Whether a recorded request has not been made yet.
            guesses: Whether each request should be one of them, as in a replay.
            key: What equal requests have in common.
        """
        self._alignment = Alignment(recorded, self.secrets, guesses=guesses, key=key)
        self._times, self._is_left, self._guesses = times or None, is_left, guesses
        self.begin(self._now())
        return self

    def begin(self, started: float) -> None:
        """Note when the scenario began that is replayed, in seconds since 1970."""
        self._started = started

    def request(self, request: Request) -> Request:
        """A request as it is compared with recorded ones."""
        may_know = self.secrets.changes == self._known_at
        if may_know and request in self._known:
            return self._known[request]
        if self.secrets.learn(request) and self._alignment is not None:
            self._alignment.align(request, self._compared)
        made = self._compared(request, guesses=self._guesses)
        if may_know and self.secrets.changes == self._known_at:
            self._known[request] = made
        return made

    def _compared(
        self, request: Request, *, guesses: bool = False, kept: frozenset[str] | None = None
    ) -> Request:
        made = self._redacted(request, kept)
        if self._times is None:
            return made
        return self._times.read(made, Span(self._started, self._now()), self._is_left, guesses=guesses)

    def beside(self, request: Request, recorded: Request) -> Request:
        """A request, to be shown beside a recorded one: with all the headers that this one has.

        What stands where a secret was may be another one.
        """
        kept = self._kept(request)
        further = frozenset(name for name, _ in further_headers(recorded.headers)) - kept
        made = self._compared(request, guesses=self._guesses, kept=kept | further)
        headers = tuple(
            (name, shown_secret(name, value) if name in further else value) for name, value in made.headers
        )
        return replace(made, headers=headers)

    def _redacted(self, request: Request, kept: frozenset[str] | None = None) -> Request:
        kept = self._kept(request) if kept is None else kept
        redacted = self.secrets.redactor().request(canonical_request(request, kept))
        people = self._people()
        return redacted if people is None else people.request(redacted)

    def learn(self, request: Request, response: Response | None = None, place: Place = LAST) -> None:
        """Take in the secrets and the people of a request, and of its response as soon as it has one."""
        self.secrets.learn(request, response, place)
        if self.people is not None:
            self.people.learn(request, response)

    def interaction(self, interaction: Interaction, at: float = 0.0) -> Interaction:
        """An interaction as it is stored, once all secrets of the scenario are known.

        Args:
            interaction: As it happened.
            at: When the response came, in seconds since 1970.
        """
        kept = self._kept(interaction.request)
        canonical = canonical_interaction(interaction, kept, self._response_headers, at)
        redacted = self.secrets.redactor().interaction(canonical)
        people = self._people()
        return redacted if people is None else people.interaction(redacted)

    def restored(self, response: Response) -> Response:
        """A stored response as it is played.

        It has the known secrets again, which the connector may look for in it, and its times are now.
        """
        self.secrets.note_played(response)
        response = self.secrets.redactor().restored(response)
        if not any(map(is_relative, dict(response.headers).values())):
            return response
        now = self._now()
        headers = tuple((name, resolved(value, now)) for name, value in response.headers)
        return replace(response, headers=headers)

    def left_out(self, interaction: Interaction) -> Headers:
        """The headers of a response that are not kept, without secrets."""
        method, response = interaction.request.method, interaction.response
        left_out = tuple(
            pair for pair in response.headers if not self._response_headers.keeps(pair[0], method)
        )
        redacted = self.secrets.redactor().response(replace(response, headers=left_out))
        people = self._people()
        return (redacted if people is None else people.response(redacted)).headers

    def know(self, other: Redactor) -> None:
        """Take the secrets of another scenario out, too, of what is shown and compared."""
        self._others.append(other)

    def text(self, text: str) -> str:
        """A text without the secrets known by now, to be shown to somebody."""
        for other in self._others:
            text = other.text(text)
        redacted = self.secrets.in_messages().text(text)
        people = self._people()
        return redacted if people is None else people.people.shown(redacted)

    def hidden(self, text: str, other: str) -> str:
        """A text of a response for a message that compares it, without pieces of the names of real people."""
        return text if self.people is None else self.people.people.hidden(text, other)

    def without_secrets(self, text: str) -> str:
        """A text without the secrets known by now; what has an alias, or another origin, is none."""
        for other in self._others:
            text = other.of_secrets.text(text)
        return self.secrets.redactor().of_secrets.text(text)

    def json(self, value: Any) -> Any:
        """A response without the secrets known by now, to be compared."""
        if self.people is not None:
            # A secret with somebody in it, such as a signature, is known as it really is alone.
            value = self.people.real(value)
        for other in self._others:
            value = other.json(value)
        return response_with_sorted_scopes(self.stored_json(value))

    @contextmanager
    def with_real_people(self) -> Iterator[None]:
        """Leave the tenant's people as they are, as long as the context lasts."""
        people, self.people = self.people, None
        try:
            yield
        finally:
            self.people = people

    def stored_request(self, value: Any) -> Any:
        """What Lumos asked, without secrets and with made-up people."""
        return self._with_made_up_people(self.secrets.redactor().asked(value))

    def stored_json(self, value: Any) -> Any:
        """What Lumos was answered, without secrets and with made-up people."""
        return self._with_made_up_people(self.secrets.redactor().json(value))

    def _with_made_up_people(self, redacted: Any) -> Any:
        people = self._people()
        return redacted if people is None else people.people.json(redacted)

    def _people(self) -> PeopleInHttp | None:
        """The tenant's people, none of whom is called like a placeholder."""
        if self.people is not None:
            self.people.people.keep_placeholders(self.secrets.shown)
        return self.people

    def refuse_secrets(self, interactions: Iterable[Interaction], where: Places) -> None:
        """Raise ``RefusedToSave`` if a secret is still in what is to be stored."""
        checked: set[bytes] = set()
        for interaction in interactions:
            for part, text in stored_texts(interaction):
                if text not in checked:
                    self._refuse(text, partial(self._place, interaction.request, part), where)
                    checked.add(text)

    def refuse_secret(self, data: bytes, place: str, where: Places, of_people: bytes | None = None) -> None:
        """Raise ``RefusedToSave`` if a secret, or somebody of the tenant, is still in what is to be stored.

        Args:
            data: What is to be stored.
            place: Where, as it is shown: a file may be called like somebody.
            where: What messages say of it.
            of_people: What of it may be about people, if not all of it.
        """
        self._refuse(data, lambda: place, where, of_people)

    def _refuse(
        self, data: bytes, place: Callable[[], str], where: Places, of_people: bytes | None = None
    ) -> None:
        self._refuse_people(data if of_people is None else of_people, place, where)
        left = self.secrets.redactor().remaining(data)
        if left is not None:
            raise RefusedToSave(
                f"The recording was not saved, because the secret {left.name} is still in it: {place()}",
                where=where,
                details=[f"The secret is spelled in {left.spelled}, where the harness cannot replace it."],
                remedy="If it is in a header of a response, leave that out: add its name to drop_headers of "
                "ConnectorUnderTest.\n"
                "Otherwise, record from an upstream that does not send the secret, and please report it.",
            )

    def _refuse_people(self, data: bytes, place: Callable[[], str], where: Places) -> None:
        people = self._people()
        left = None if people is None else next(people.people.left(data), None)
        if left is not None and people is not None:
            found = people.people.place_left(data)
            raise RefusedToSave(
                "The recording was not saved, because data of somebody in the tenant is still in it: "
                f"{place()}",
                where=where,
                details=[self.text(what_is_left(left, found))],
                remedy=self.text(how_to_name(left, found)),
            )

    def _place(self, request: Request, part: str) -> str:
        """A part of an interaction, of a URL that is shown only if there is no secret in it."""
        if self.secrets.redactor().remaining(request.uri.encode("utf-8", "surrogateescape")) is None:
            return self.text(f"{request}, in {part}")
        origin = "/".join(request.uri.split("/")[:3])
        return f"{request.method} {origin}, in {part}"

    def _kept(self, request: Request) -> frozenset[str]:
        """The request headers to match besides the usual ones."""
        further = further_headers(request.headers)
        made_up = self.secrets.aliases.made_up
        aliased = frozenset(name for name, value in further if value in made_up)
        return self._match_headers | aliased | self.secrets.redactor().authenticating(further)
