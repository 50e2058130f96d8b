"""One scenario: check it at its end, prove its recording, and write its files."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connector_contract.clock.waits import timeline
from connector_contract.config import ConnectorUnderTest, Json, Upstream
from connector_contract.errors import ContractError, UnusedSnapshots, UsageError, Verdict
from connector_contract.people.people_in_http import PeopleInHttp
from connector_contract.recording.assembly import assemble
from connector_contract.recording.budget import Budget
from connector_contract.recording.call import Call, Failure
from connector_contract.recording.coded_responses import with_codings
from connector_contract.recording.configured_people import made_up_values
from connector_contract.recording.declared_times import used_times
from connector_contract.recording.dispatch import forget
from connector_contract.recording.ending import Ending
from connector_contract.recording.envelope import envelope_of
from connector_contract.recording.exit_handlers import ExitHandlers
from connector_contract.recording.interactions import FORM, Cassette, Headers, MadeUp
from connector_contract.recording.kept_tokens import kept_token, sent_in
from connector_contract.recording.lumos import Lumos
from connector_contract.recording.mismatch import Place, unplayed
from connector_contract.recording.moving_times import note_moving_times
from connector_contract.recording.never_made import never_made
from connector_contract.recording.normalizer import Normalizer
from connector_contract.recording.outcomes import changed_calls, changed_outcome, with_outcomes
from connector_contract.recording.player import Player
from connector_contract.recording.proof import Prover, Recorded
from connector_contract.recording.races import settled
from connector_contract.recording.record_modes import Plan
from connector_contract.recording.recorded_times import RecordedTimes
from connector_contract.recording.replay import Replays
from connector_contract.recording.replay_order import Proof, proved_in_order
from connector_contract.recording.requests_per_call import request_counts
from connector_contract.recording.run_people import RunPeople
from connector_contract.recording.trace import trace_lines
from connector_contract.recording.traffic import Traffic
from connector_contract.recording.unproven import Needs, Trouble, unproven
from connector_contract.reporting.outcome import Outcome
from connector_contract.reporting.variant_differences import told
from connector_contract.safety.ledger import Safety
from connector_contract.secrets.known_secrets import Secrets
from connector_contract.secrets.named_files import refuse_named
from connector_contract.secrets.redaction import Redactor
from connector_contract.secrets.run_secrets import RunSecrets
from connector_contract.secrets.user_names import in_data
from connector_contract.storage.as_before import AsBefore
from connector_contract.storage.cassette_format import cassette_parts
from connector_contract.storage.cassette_head import head_text
from connector_contract.storage.files import (
    ScenarioFiles,
    SnapshotListing,
    remove,
    save_cassette,
    write_whole,
)
from connector_contract.storage.response_headers import ResponseHeaders
from connector_contract.storage.rewrite_list import RewriteList
from connector_contract.storage.snapshot_format import is_error_snapshot
from connector_contract.storage.snapshots import PendingSnapshots, scenario_snapshot, snapshot_extension
from connector_contract.upstream.pace import Pace, Paces

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion


class Scenario:
    """A running scenario.

    Attributes:
        connector: The connector under test.
        lumos: What the test calls the connector with.
        plan: What is done with its requests and responses.
        traffic: Its calls and their requests.
        secret_names: Normalized names whose values are secret.
        forget: Makes connector and SDK forget what they keep in the process.
        settle: Ends the upstream that is served; by then it has reported whatever it did wrong.
        serves_application: Whether it is recorded from an application that is served for it alone.
        meets_people: Whether there may be real people in what it is recorded from.
        replaced_before: The files that were replaced for the shared recordings that the test takes part in.
        traces_before: The traces of these.
        may_call_nothing: Whether the test may leave all calls to other scenarios.
    """

    def __init__(
        self,
        connector: ConnectorUnderTest,
        files: ScenarioFiles,
        nodeid: str,
        plan: Plan,
        cassette: Cassette,
        secrets: Secrets,
        session: Session,
        people: PeopleInHttp | None = None,
    ) -> None:
        secrets.add(connector.auth, connector.credentials, connector.settings)
        self.connector = connector
        self.plan = plan
        self.secret_names = secrets.secret_names
        self._files = files
        self._session = session
        upstream = connector.upstream
        cassette_file = files.shown(files.cassette)
        self._place = Place(nodeid, cassette_file, upstream.origin, tuple(upstream.further_origins))
        self._loaded = cassette
        self._normalizer = self._new_normalizer(connector, secrets, people)
        player = Player(cassette, writes=self._writes)
        if plan.play:
            times = RecordedTimes(cassette.requests)
            self._normalizer.expect(cassette.requests, times, player.has, guesses=not plan.record)
            secrets.expect_played(secrets.aliases.played_in(cassette.interactions))
        self.traffic = Traffic(
            plan,
            player,
            self._normalizer,
            self._place,
            files.root,
            Budget(
                connector.max_requests,
                plan.record,
                [len(call.interactions) for call in cassette.calls],
                len(cassette.interactions),
            ),
            session.late,
        )
        self.lumos = Lumos(connector, self.traffic, secrets)
        self._pending = PendingSnapshots()
        self.forget: Callable[[], object] = lambda: forget(connector)
        self.settle: Callable[[], object] = lambda: None
        self.serves_application = False
        self.meets_people = False
        self.replaced_before: list[str] = []
        self.traces_before: list[str] = []
        self.may_call_nothing = False
        self._pending.comparisons.linked = self.traffic.link
        self._pending.comparisons.is_recorded = plan.record
        self._extension = snapshot_extension(files.snapshot, self._pending, self._normalizer.json)
        self._cassette: Cassette | None = None
        self._fails_later = False
        self._accepts_calls = False
        self._unused: list[Path] = []

    @property
    def next_recorded(self) -> str | None:
        """The capability of the call that the cassette has next; ``None`` if it has no more."""
        made = len(self.traffic.calls)
        return self._loaded.calls[made].capability if made < len(self._loaded.calls) else None

    @property
    def recorded_page(self) -> Json | None:
        """The page that the next recorded call asks for; ``None`` if nothing is recorded, or no page."""
        return self._recorded("page")

    @property
    def recorded_request(self) -> Json | None:
        """The capability's own part of the next recorded call; ``None`` if nothing is recorded."""
        return self._recorded("request")

    def _recorded(self, part: str) -> Json | None:
        made = len(self.traffic.calls)
        if not self.plan.play or made >= len(self._loaded.calls):
            return None
        envelope = envelope_of(self._loaded.calls[made], self.connector, self._normalizer.secrets)
        recorded: Json | None = envelope.get(part)
        return recorded

    def next_request_of(self, capability: str) -> Json | None:
        """What the next recorded call of a capability asks; ``None`` if there is none to be played."""
        left = self._loaded.calls[len(self.traffic.calls) :] if self.plan.play else ()
        for call in left:
            if call.capability == capability:
                request: Json = envelope_of(call, self.connector, self._normalizer.secrets)["request"]
                return request
        return None

    @contextmanager
    def unrecorded(self) -> Iterator[None]:
        """Ask the upstream for what the recording is not to have, as long as the context lasts.

        Connector and SDK forget it afterwards. A token that the connector keeps all the same counts as one of
        an earlier scenario.
        """
        called = dict(self.lumos.called)
        with self.traffic.unrecorded():
            yield
        self.lumos.called = called
        self.remember_tokens()
        self._normalizer.secrets.handed_out.clear()
        self.forget()

    def snapshot(self, plain: SnapshotAssertion) -> SnapshotAssertion:
        """What the test compares with, in place of syrupy's own ``snapshot``."""
        return scenario_snapshot(plain, self._extension, self._pending, self.plan.write_snapshots)

    @property
    def stored(self) -> Cassette:
        """What the scenario has recorded or played by now, as a cassette keeps it."""
        kept = self._loaded if self.plan.play else Cassette()
        form = self._loaded.form if self.plan.play else FORM
        calls = [call for call in self.traffic.calls if call.ended]
        given_up = self.traffic.player.given_up if self.plan.play else ()
        kept = replace(kept, form=form, given_up=given_up)
        cassette = assemble(kept, calls, self.traffic.recorder, self._normalizer)
        return cassette if self.plan.play else replace(cassette, made_up=self._made_up())

    def _made_up(self) -> tuple[MadeUp, ...]:
        people, redactor = self._normalizer.people, self._normalizer.secrets.redactor()
        if people is None:
            return ()
        made = made_up_values(self.connector, lambda text: redactor.text(text) != text, people.people.shown)
        return tuple(made)

    @property
    def replays(self) -> Replays:
        """Replays the calls of ``stored``."""
        return self.replays_of(self.stored)

    def replays_of(self, cassette: Cassette) -> Replays:
        """Replays the calls of a cassette, while this scenario runs."""
        return Replays(self.connector, cassette, self.traffic, self._new_normalizer, self.forget)

    def check(self) -> None:
        """Raise what the upstream has done wrong, and what the connector or the test has swallowed.

        Raises:
            ContractError: A verdict, or a call that was never awaited.
        """
        if self.traffic.verdicts:
            raise self.traffic.verdicts[0]
        self.lumos.handed_out.check(self._place.nodeid)

    def check_so_far(self) -> None:
        """``check``, and each comparison, of a test that skips its rest.

        Raises:
            ContractError: As for ``check``; or a comparison did not hold.
        """
        self.check()
        self._pending.check(self._files.shown, self._place.nodeid)

    def request_change(self) -> ContractError | None:
        """The request change by now, in the middle of the test; ``None`` if there is none.

        What the test finds there may be nothing but what follows from other requests.
        """
        changed = [each for each in self.traffic.verdicts if each.verdict is Verdict.REQUEST_CHANGE]
        if changed or not self.compares_calls:
            return changed[0] if changed else None
        return self._never_made() or self._changed_calls(self.stored)

    def _never_made(self) -> ContractError | None:
        """The request change of calls that have not made all of their recorded requests."""
        calls, player, recorded = self.traffic.calls, self.traffic.player, self._loaded.calls
        if not self.compares_calls or any(call.is_under_way for call in calls):
            return None
        ends_with_walk = bool(calls) and calls[-1].page is not None and not calls[-1].stopped_after
        left = never_made(recorded, len(calls), player.left, ends_with_walk=ends_with_walk)
        return unplayed(player.recorded, left, recorded, self._place) if left else None

    def _changed_calls(self, cassette: Cassette) -> ContractError | None:
        """The request change of calls that ask otherwise, or take other requests."""
        if self.traffic.overlapped:
            return None
        return changed_calls(self._loaded, cassette.calls, self._place)

    def failure(self) -> ContractError | None:
        """What the answers say by now that a test has failed by itself with; ``None`` if nothing."""
        found = self._pending.comparisons.failure(self._files.shown, self._place.nodeid)
        if found is not None or not self.compares_calls:
            return found
        made = self.stored.calls
        return changed_outcome(self._loaded.calls[: len(made)], made, self._place)

    @property
    def compares_calls(self) -> bool:
        """Whether the recorded calls are known, and are those that are to be made."""
        return self.plan.compares and self._loaded.form == FORM

    @property
    def has_compared(self) -> bool:
        """Whether some response was compared with a snapshot."""
        return bool(self._pending.comparisons.made)

    @property
    def differing(self) -> dict[Path, str]:
        """The text that each stored file would have that the answers differ from."""
        snapshots = self._pending.comparisons.differing
        if not self.compares_calls or self.traffic.overlapped:
            return snapshots
        changed = with_outcomes(self._loaded, self.stored.calls)
        if changed is None:
            return snapshots
        return {**snapshots, self._files.cassette: b"".join(cassette_parts(changed)).decode("utf-8")}

    def conclude(
        self, ending: Ending, *, update_snapshots: bool, compared_elsewhere: Collection[str] = ()
    ) -> None:
        """Check what can only be checked at the end of the test.

        Nothing is written yet: what was recorded is still to be proved, and fixtures that are still to be
        torn down may fail.

        Args:
            ending: How the test has ended.
            update_snapshots: Whether changed outcomes are accepted, and snapshots that the test does not ask
                for any more are deleted.
            compared_elsewhere: The file names of snapshots that another test compares: what came of the calls
                that they are of is left to it.

        Raises:
            ContractError: A verdict that the connector or the test has swallowed, recorded requests that were
                never made, another outcome of a call, or snapshots that were never asked for.
        """
        self.traffic.end_sending()
        self.settle()
        self.lumos.is_over = True
        self.check()
        if not self.lumos.called and not self.may_call_nothing:
            raise UsageError(
                "The scenario has called no capability, so it proves nothing.",
                where=[("scenario", self._place.nodeid)],
                remedy="Call one, with await: await lumos.call(...). Or remove the argument lumos.",
            )
        if ending.asked_all or self.plan.record:
            self.traffic.check_complete(self._loaded.calls)
        elif (missing := self._never_made()) is not None:
            raise missing
        cassette = self.stored
        is_strict = self.compares_calls and not (update_snapshots or self._pending.files)
        if ending.compared_all and is_strict and (changed_call := self._changed_calls(cassette)) is not None:
            # First of all: the answers may differ for no other reason.
            raise changed_call
        self._pending.check(self._files.shown, self._place.nodeid)
        if self._normalizer.people is not None:
            # Who was mentioned before anything else was known of them is made up by now.
            self._pending.change(self._normalizer.json)
        if self.plan.record:
            self.refuse_what_was_kept()
            new = cassette.interactions[len(self._loaded.interactions) if self.plan.play else 0 :]
            self._normalizer.refuse_secrets(new, self._place.where)
            # A test, and with it its snapshot, may be called like somebody, and so may a setting.
            nameless = replace(
                cassette,
                calls=tuple(replace(each, snapshots=()) for each in cassette.calls),
                made_up=tuple(replace(each, place=()) for each in cassette.made_up),
            )
            self._normalizer.refuse_secret(
                head_text(cassette), "its calls", self._place.where, head_text(nameless)
            )
        self._accepts_calls = update_snapshots or bool(self._pending.files)
        if ending.asked_all and self.compares_calls and not update_snapshots:
            written = {*compared_elsewhere, *(path.name for path in self._pending.files)}
            changed = changed_outcome(self._loaded.calls, cassette.calls, self._place, written)
            if changed is not None:
                changed.answers = self.differing
                raise changed
        self._unused = self._no_longer_asked(update_snapshots) if ending.compared_all else []
        if self.plan.save:
            self.refuse_named(*map(self._files.shown, self._pending.files))
        for path, text in self._pending.files.items():
            self._normalizer.refuse_secret(text.encode(), self._files.shown(path), self._place.where)
        self._cassette = cassette

    def refuse_named(self, *paths: str) -> None:
        """Refuse to write files, or what is named after the test, if a secret is in a name.

        Raises:
            RefusedToSave: There is one.
        """
        for name in (self._place.nodeid, *paths):
            refuse_named(name, self._normalizer.secrets.everywhere, self._place.where)

    @property
    def is_to_be_proved(self) -> bool:
        """Whether it has a recording that nothing has shown to be one that can be replayed."""
        # What a cassette of an earlier form had before has no calls.
        saved = self.plan.record and self.plan.save and bool(self.lumos.called)
        return saved and self._cassette is not None and self._cassette.form == FORM

    async def prove(self) -> None:
        """Replay what was recorded, from what would be stored.

        Raises:
            UnprovenRecording: The connector asks or answers otherwise.
        """
        cassette, recorder = self._cassette, self.traffic.recorder
        assert cassette is not None  # noqa: S101 - whoever proves has concluded
        played = len(cassette.interactions) - len(list(recorder.interactions()))

        def left_out() -> dict[int, Headers]:
            interactions = enumerate(recorder.interactions(), played + 1)
            return {
                number: self._normalizer.left_out(replace(item, response=each.coded or item.response))
                for number, (each, item) in interactions
            }

        prover = Prover(
            self.connector,
            self.traffic,
            self._new_normalizer,
            self._normalizer.secrets,
            self.forget,
            self._normalizer.stored_json,
            self._normalizer.hidden,
        )
        calls = [call for call in self.traffic.calls if call.ended]

        async def later(tried: Cassette) -> Mapping[int, Mapping[int, str]]:
            return await prover.later(Recorded(tried, calls, left_out))

        if await note_moving_times(lambda: self.stored, played, recorder, self.connector, self._place, later):
            cassette = self._cassette = self.stored
        racing = [] if self.plan.play else recorder.racing
        if racing or (cassette.given_up and not self.plan.play):
            cassette = self._cassette = await settled(
                racing,
                lambda: self.stored,
                lambda tried: prover.given_up_in_replay(Recorded(tried, calls, left_out)),
            )

        async def prove(tried: Cassette) -> Proof:
            return await prover.prove(Recorded(tried, calls, left_out))

        async def proved(tried: Cassette) -> tuple[Cassette, Proof]:
            if self.plan.play or self.traffic.overlapped or tried.given_up:
                return tried, await prove(tried)
            return await proved_in_order(recorder, tried, lambda: self.stored, prove)

        async def trouble_of(tried: Cassette) -> Trouble | None:
            return (await prove(tried)).trouble

        cassette, proof = await proved(cassette)
        if proof.trouble and (coded := recorder.coded):
            cassette = await with_codings(coded, lambda: self.stored, trouble_of)
            self._normalizer.refuse_secrets(cassette.interactions[played:], self._place.where)
            cassette, proof = await proved(cassette)
        if proof.trouble:
            trouble = await prover.explained(proof.trouble, Recorded(cassette, calls, left_out))
            if trouble.needs is None and await self._replays_with_real_people(prove):
                trouble = replace(trouble, needs=Needs("people"))
            raise unproven(trouble, self._place, self.connector)
        recorded = Recorded(cassette, calls, left_out)
        if proof.later and (failure := await prover.unlasting(proof.later, recorded, self._place)):
            raise failure
        self._fails_later = proof.later is not None
        self._cassette = cassette

    async def _replays_with_real_people(self, prove: Callable[[Cassette], Awaitable[Proof]]) -> bool:
        if self._normalizer.people is None:
            return False
        with self._normalizer.with_real_people():
            return (await prove(self.stored)).trouble is None

    def save(self, upstream: str, ending: Ending) -> Outcome:
        """Write what ``conclude`` has found good, each file whole or not at all.

        Args:
            upstream: What it was recorded from, for the summary.
            ending: How the test has ended.
        """
        was_there = self._files.has_cassette
        cassette = self._cassette
        assert cassette is not None  # noqa: S101 - whoever saves has concluded
        keep = self._session.as_before.keep
        changed = self._saves_cassette(cassette) and save_cassette(self._files, cassette, keep)
        if was_there and self.plan.record and self.plan.save and not self.lumos.called:
            keep(self._files.cassette)
            remove(self._files.cassette)
            changed = True
        created = [path for path in self._pending.files if not path.exists()]
        replaced = [*self.replaced_before, *([self._place.cassette] if changed and was_there else [])]
        replaced += [self._files.shown(path) for path in self._pending.files if path not in created]
        if self.plan.save:
            for path, text in self._pending.files.items():
                write_whole(path, [text.encode("utf-8", "surrogatepass")], keep)
            for path in self._unused:
                keep(path)
                remove(path)
            if self.plan.record and self.lumos.called:
                self._session.rewrite.add(self._files.cassette)
            if (people := self._normalizer.people) is not None:
                self._session.people.wrote(people, self._files, self._place.nodeid, self._pending.files)
        loaded = len(self._loaded.interactions) if self.plan.play else 0
        return Outcome(
            nodeid=self._place.nodeid,
            recorded=self.plan.record,
            upstream=upstream,
            played=loaded - len(self.traffic.player.left) if self.plan.play else 0,
            new=len(cassette.interactions) - loaded,
            cassette_changed=changed,
            snapshots=self._pending.comparisons.held,
            new_snapshots=len(created),
            new_errors=[
                self._files.shown(path) for path in created if is_error_snapshot(self._pending.files[path])
            ],
            changed_snapshots=len(self._pending.files) - len(created),
            capabilities=self.lumos.called,
            old_form=self.plan.play and self._loaded.form == 1,
            replaced_under=replaced if self.plan.save and ending.is_under_failure else [],
            requests=request_counts(self.traffic.calls),
            not_given_up=list(map(str, self.traffic.player.not_given_up)) if self.plan.compares else [],
            internal_errors=[
                call.capability
                for call in cassette.calls
                if self.plan.record and call.outcome == Failure("internal_error") and not call.snapshots
            ],
            fails_later=self._fails_later,
            hiding=self._pending.comparisons.hiding(self._files.shown),
            variant=self._files.variant,
            title=self._files.title,
            told=self._told() if self._files.variant else {},
            root=str(self._files.root),
            cassette=str(self._files.cassette),
            user_names=self._user_names(cassette) if self.plan.record else [],
            times=used_times(self.connector.times, cassette.requests),
            stores_people=self._stores_people,
            offered=sorted(self.connector.integration.capabilities) if self._files.variant else [],
        )

    @property
    def _stores_people(self) -> bool:
        """Whether it stores real people as they are, though nobody has said that it should."""
        is_stored = self.plan.record and self.plan.save
        return is_stored and self.meets_people and self.connector.personal_data is None

    def _user_names(self, cassette: Cassette) -> list[str]:
        """The names of users that the responses have as data, each with its place in what calls carry."""
        users = self._normalizer.secrets.users
        bodies = (each.response.body.decode("utf-8", "replace") for each in cassette.interactions)
        return [f"{user} ({users[user]})" for user in in_data(users, bodies)]

    def _told(self) -> dict[str, dict[str, Any]]:
        """What is compared with the responses of other variants."""
        made = self._pending.comparisons.made
        return {each.snapshot.name: told(each.received) for each in made if each.received is not None}

    def remember_tokens(self) -> None:
        """Have later scenarios know the tokens that this one was handed, whether it is saved or not."""
        if self.plan.record:
            self._session.handed_out |= self._normalizer.secrets.handed_out

    @property
    def redactor(self) -> Redactor:
        """Takes the secrets out that are known by now."""
        return self._normalizer.secrets.redactor()

    def know(self, other: Redactor) -> None:
        """Take the secrets of another scenario out, too, of what is shown and compared."""
        self._normalizer.know(other)

    def record_as(self, url: str, origin: str) -> None:
        """Record what is at ``url`` as if it were at ``origin``."""
        self._normalizer.secrets.record_as(url, origin)

    def trace(self) -> str:
        """What Lumos asked, each request and response, and what Lumos was answered."""
        lines = trace_lines(self.traffic.calls, self._normalizer.interaction, self.traffic.redact)
        return "\n".join([*self.traces_before, *lines])

    def _saves_cassette(self, cassette: Cassette) -> bool:
        """Whether the cassette is written: with what was recorded, or with what came of its calls now."""
        if not self.plan.save:
            return False
        if self.plan.record:
            return bool(self.lumos.called)
        return self._accepts_calls and self._loaded.form == FORM and cassette.calls != self._loaded.calls

    def _writes(self, call: Call) -> bool:
        guard = self.lumos.guard
        return guard is not None and guard.writes(call.capability, call.asked.get("request", {}))

    def _new_normalizer(
        self,
        connector: ConnectorUnderTest,
        secrets: Secrets | None = None,
        people: PeopleInHttp | None = None,
    ) -> Normalizer:
        headers = ResponseHeaders(
            frozenset(name.lower() for name in connector.keep_headers),
            frozenset(name.lower() for name in connector.drop_headers),
        )
        if secrets is None:
            own = self._normalizer.secrets
            secrets = Secrets(self.secret_names, connector.aliases)
            secrets.is_replay, secrets.recorded = own.is_replay, own.recorded
            secrets.add(connector.auth, connector.credentials, connector.settings)
        return Normalizer(secrets, connector.match_headers, headers, timeline.now, people)

    def refuse_what_was_kept(self) -> None:
        """Refuse to record with a token that the connector has from an earlier scenario.

        Raises:
            UnprovenRecording: A request has one.
        """
        own = self._normalizer.secrets
        before = self._session.handed_out - own.handed_out - own.configured
        for sent in self.traffic.recorder.sent if before else ():
            if (place := sent_in(sent.request, before)) is not None:
                raise kept_token(place, self._normalizer.request(sent.request), self._place)

    def _no_longer_asked(self, update_snapshots: bool) -> list[Path]:
        stored = self._session.listing.of(self._files)
        unused = [path for path in stored if path not in self._pending.asked]
        if unused and not update_snapshots:
            raise UnusedSnapshots(
                f"The scenario no longer compares {len(unused)} of its snapshots.",
                where=[
                    *(("snapshot", self._files.shown(path)) for path in unused),
                    ("scenario", self._place.nodeid),
                ],
                remedy="Fix the test; or, if it should compare less, delete them with:\n"
                f"  pytest --snapshot-update {self._place.shown}",
            )
        return unused


@dataclass
class Session:
    """What the scenarios of one run of pytest share.

    Attributes:
        listing: The snapshots that were there when it began.
        handed_out: The tokens that the upstreams of recorded scenarios have handed out.
        late: The verdicts on requests of what a scenario has left running, that nobody has taken yet.
        is_worker: Whether this process is one of several, a worker of pytest-xdist.
        paces: How fast each real server is asked.
        rewrite: What a rewrite has finished.
        safety: What they have written, and may write.
        as_before: Keeps the files that they replace.
        exit_handlers: What they have registered to run when Python exits.
        people: Whom they make up.
        known: The secrets of all of them.
    """

    listing: SnapshotListing = field(default_factory=SnapshotListing)
    handed_out: set[str] = field(default_factory=set)
    late: list[ContractError] = field(default_factory=list)
    is_worker: bool = False
    paces: Paces = field(default_factory=Paces)
    rewrite: RewriteList = field(default_factory=RewriteList)
    safety: Safety = field(default_factory=Safety)
    as_before: AsBefore = field(default_factory=AsBefore)
    exit_handlers: ExitHandlers = field(default_factory=ExitHandlers)
    people: RunPeople = field(default_factory=RunPeople)
    known: RunSecrets = field(default_factory=RunSecrets)

    def pace(self, upstream: Upstream, upstream_url: str | None) -> Pace:
        """How fast the server is asked that a connector is recorded from."""
        return self.paces.of(upstream_url or upstream.origin, upstream.requests_per_minute)
