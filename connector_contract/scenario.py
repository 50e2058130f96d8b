"""One scenario from its start to its end: what is set up for it, checked after it, and written then."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from connector_contract.config import ConnectorUnderTest, Upstream
from connector_contract.deck import Deck
from connector_contract.errors import MissingCassette, UnusedSnapshots, UsageError
from connector_contract.interactions import Cassette
from connector_contract.live.network import loopback_only, no_network
from connector_contract.live.routing import Route, routed
from connector_contract.live.trust import trust_on_demand
from connector_contract.live.upstream import serve
from connector_contract.lumos import Lumos
from connector_contract.outcome import Outcome
from connector_contract.policy import Plan, plan_for
from connector_contract.sdk import sdk_as_in_production
from connector_contract.secrets.logs import safe_logs
from connector_contract.secrets.redaction import Secrets
from connector_contract.secrets.secret_names import WELL_KNOWN
from connector_contract.stored.snapshot_format import tells_error
from connector_contract.stored.snapshots import PendingSnapshots, snapshot_extension
from connector_contract.stored.store import (
    ScenarioFiles,
    SnapshotListing,
    load_cassette,
    save_cassette,
    write_whole,
)
from connector_contract.tape import intercepted


class Scenario:
    """A running scenario.

    Attributes:
        connector: The connector under test.
        lumos: What the test calls the connector with.
        plan: What is done with its requests and responses.
        deck: Its interactions.
        secret_names: Normalized names whose values are secret.
        snapshots: The syrupy extension for its snapshots.
    """

    def __init__(
        self,
        connector: ConnectorUnderTest,
        files: ScenarioFiles,
        nodeid: str,
        plan: Plan,
        cassette: Cassette,
        secrets: Secrets,
        listing: SnapshotListing,
    ) -> None:
        secrets.add(connector.auth, connector.credentials)
        self.connector = connector
        self.plan = plan
        self.deck = Deck(
            cassette,
            plan,
            secrets,
            [name.lower() for name in connector.match_headers],
            nodeid=nodeid,
            cassette_name=files.shown(files.cassette),
            origin=connector.upstream.origin,
        )
        self.secret_names = secrets.secret_names
        self.lumos = Lumos(connector, self.deck, secrets)
        self._pending = PendingSnapshots()
        self.snapshots = snapshot_extension(
            files.snapshot, self._pending, lambda data: secrets.redactor().json(data)
        )
        self._files = files
        self._listing = listing
        self._nodeid = nodeid
        self._played = len(cassette.interactions) if plan.play else 0

    @property
    def is_first(self) -> bool:
        """Whether this is the first recording."""
        return self.plan.record and not self._files.cassette.exists()

    def finish(self, upstream: str, update_snapshots: bool, *, ended: bool = True) -> Outcome:
        """Check what can only be checked at the end, and write what was recorded.

        Args:
            upstream: What it was recorded from, for the summary.
            update_snapshots: Whether to delete snapshots that the test does not ask for any more.
            ended: Whether the test came to its end, and so had the time to ask for each.

        Raises:
            ContractError: A verdict that the connector or the test has swallowed, recorded requests that were
                never made, or snapshots that were never asked for. Nothing is written then.
        """
        if self.deck.verdicts:
            raise self.deck.verdicts[0]
        if not self.lumos.called:
            raise UsageError(
                "The scenario has called no capability, so it shows nothing.",
                where=[("scenario", self._nodeid)],
                remedy="Call one, with await: await lumos.call(...). Or do not ask for the fixture lumos.",
            )
        self.deck.check_complete()
        cassette = self.deck.result()
        stored = self._listing.of(self._files) if ended else []
        unused = [path for path in stored if path not in self._pending.asked]
        if unused and not update_snapshots:
            raise self._unused(unused)
        for path, text in self._pending.files.items():
            self.deck.refuse_secret(text.encode(), self._files.shown(path))
        changed = self.plan.record and self.plan.save and save_cassette(self._files, cassette)
        created = [path for path in self._pending.files if not path.exists()]
        if self.plan.save:
            for path, text in self._pending.files.items():
                write_whole(path, [text.encode("utf-8", "surrogatepass")])
            for path in unused:
                path.unlink()
        return Outcome(
            nodeid=self._nodeid,
            recorded=self.plan.record,
            upstream=upstream,
            played=self._played,
            new=len(cassette.interactions) - self._played,
            cassette_changed=changed,
            snapshots=self._pending.compared,
            new_snapshots=len(created),
            new_errors=[
                self._files.shown(path) for path in created if tells_error(self._pending.files[path])
            ],
            changed_snapshots=len(self._pending.files) - len(created),
            capabilities=self.lumos.called,
        )

    def _unused(self, paths: list[Path]) -> UnusedSnapshots:
        return UnusedSnapshots(
            f"The scenario no longer compares {len(paths)} of its snapshots.",
            where=[*(("snapshot", self._files.shown(path)) for path in paths), ("scenario", self._nodeid)],
            remedy="Mend the test; or, if it is meant to compare less, delete them with:\n"
            f"  pytest --snapshot-update {shlex.quote(self._nodeid)}",
        )


@contextmanager
def running(
    connector: ConnectorUnderTest,
    files: ScenarioFiles,
    nodeid: str,
    mode: str,
    upstream_url: str | None,
    listing: SnapshotListing,
    secret_names: frozenset[str] = WELL_KNOWN,
) -> Iterator[Scenario]:
    """Set a scenario up, and take it down without writing anything.

    Args:
        connector: The connector under test.
        files: Where its recording is, or will be.
        nodeid: The test.
        mode: pytest-recording's record mode, or ``policy.DISABLED``.
        upstream_url: A running upstream, in place of the declared one.
        listing: The snapshots of the session's scenarios.
        secret_names: Normalized names whose values are secret.

    Raises:
        MissingCassette: There is nothing to replay.
        CorruptCassette: What is there cannot be replayed.
        UpstreamFailure: The upstream application did not start.
    """
    plan = plan_for(mode, files.cassette.exists())
    if not plan.load and not plan.record:
        raise _missing(files, nodeid)
    cassette = load_cassette(files, nodeid) if plan.load else Cassette()
    secrets = Secrets(secret_names, connector.aliases)
    scenario = Scenario(connector, files, nodeid, plan, cassette, secrets, listing)
    with ExitStack() as stack:
        stack.enter_context(sdk_as_in_production())
        stack.enter_context(safe_logs(scenario.deck.redact))
        if plan.record:
            stack.enter_context(_live(connector.upstream, upstream_url, files.root, scenario.deck))
        else:
            stack.enter_context(no_network(scenario.deck.report))
        stack.enter_context(trust_on_demand())
        stack.enter_context(intercepted(scenario.deck))
        yield scenario


def upstream_name(upstream: Upstream, upstream_url: str | None) -> str:
    """What a recording is made from, in the words of whoever declared it."""
    if upstream_url is not None:
        return upstream_url
    if upstream.app is None or isinstance(upstream.app, str):
        return upstream.app or upstream.origin
    return getattr(upstream.app, "__qualname__", type(upstream.app).__name__)


@contextmanager
def _live(upstream: Upstream, upstream_url: str | None, root: Path, deck: Deck) -> Iterator[None]:
    with ExitStack() as stack:
        app = upstream.app if upstream_url is None else None
        target = upstream_url or upstream.origin
        if upstream_url is not None:
            # Links that the server makes lead to itself; the recording has them at the origin.
            deck.stand_for(upstream_url.rstrip("/"), upstream.origin.rstrip("/"))
        if app is not None:
            target = stack.enter_context(serve(app, root, urlsplit(upstream.origin).path.rstrip("/")))
            stack.enter_context(loopback_only(deck.report))
        route = Route(
            upstream.origin,
            target,
            serves_app=app is not None,
            report=deck.report,
            redact=deck.redact,
            sent=deck.sent,
        )
        stack.enter_context(routed(route))
        yield


def _missing(files: ScenarioFiles, nodeid: str) -> MissingCassette:
    return MissingCassette(
        "The scenario is not recorded: it has no cassette.",
        where=[("cassette", files.shown(files.cassette)), ("scenario", nodeid)],
        remedy=f"Record it against the live server:\n  pytest --record-mode=once {shlex.quote(nodeid)}",
    )
