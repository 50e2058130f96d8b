"""Set a scenario up for its test: intercept its requests, serve its upstream, and take both down."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies_environment

from connector_contract.clients.vcr_adapter import intercepted
from connector_contract.clock.clock import virtual_clock
from connector_contract.config import ConnectorUnderTest, Upstream
from connector_contract.errors import MissingCassette, SeveralProcesses, UsageError
from connector_contract.recording.configured_people import as_recorded
from connector_contract.recording.dispatch import forget, packages_of
from connector_contract.recording.exit_handlers import Exit
from connector_contract.recording.interactions import Cassette
from connector_contract.recording.lanes import following_threads
from connector_contract.recording.record_modes import plan_for
from connector_contract.recording.scenario import Scenario, Session
from connector_contract.recording.sdk import sdk_as_in_production
from connector_contract.recording.task_order import tasks_in_order
from connector_contract.safety.target import is_loopback, is_real, is_served
from connector_contract.safety.write_guard import WriteGuard
from connector_contract.secrets.dummies import Dummies, texts_of
from connector_contract.secrets.known_secrets import Secrets
from connector_contract.secrets.logs import safe_logs
from connector_contract.secrets.secret_names import WELL_KNOWN
from connector_contract.storage.files import ScenarioFiles, load_cassette, refuse_other_spelling
from connector_contract.storage.reading import stored_text
from connector_contract.upstream.cheap_clients import cheap_clients
from connector_contract.upstream.network import (
    Reachable,
    application_only,
    environments_proxies,
    no_network,
    origins_only,
)
from connector_contract.upstream.routing import Route, routed
from connector_contract.upstream.server import serving
from connector_contract.upstream.trust import trust_on_demand


@contextmanager
def running(
    connector: ConnectorUnderTest,
    files: ScenarioFiles,
    nodeid: str,
    mode: str,
    upstream_url: str | None,
    session: Session,
    secret_names: frozenset[str] = WELL_KNOWN,
    *,
    on_demand: bool = False,
) -> Iterator[Scenario]:
    """Set a scenario up, and take it down without writing anything.

    Args:
        connector: The connector under test.
        files: Where its recording is, or will be.
        nodeid: The test.
        mode: pytest-recording's record mode, or ``record_modes.DISABLED``.
        upstream_url: A running upstream, in place of the declared one.
        session: What the scenarios of this run share.
        secret_names: Normalized names whose values are secret.
        on_demand: Whether the test may call nothing itself. A cassette is then missed, and an application
            served, at its first call.

    Raises:
        MissingCassette: There is nothing to replay.
        CorruptCassette: What is there cannot be replayed.
        UpstreamFailure: The upstream application did not start.
        SeveralProcesses: A real server is to be recorded, and there are several processes.
        UsageError: The key for made-up people is not usable, or a recording with such people is added to.
    """
    plan = plan_for(mode, files.has_cassette)
    is_missing = not plan.load and not plan.record
    if is_missing and not on_demand:
        raise _missing(files, nodeid)
    cassette = load_cassette(files, nodeid) if plan.load else Cassette()
    connector = as_recorded(connector, cassette.made_up) if plan.play else connector
    secrets = Secrets(secret_names, connector.aliases)
    for name, url in getproxies_environment().items():
        secrets.know_url(f"proxy.{name}", url)
    people = session.people.of(connector, files.root, files.start or files.root) if plan.record else None
    session.people.begin(files, nodeid)
    if people is not None and plan.play:
        raise _no_addition(files, nodeid)
    for key in session.people.keys:
        secrets.name("people_key", key)
    stored = cache(lambda: tuple(_stored(files, cassette)))
    secrets.recorded = stored
    dummies = None
    if not plan.record:
        secrets.is_replay = True
        dummies = Dummies(stored, secret_names)
        connector = replace(
            connector,
            auth=dummies.auth(connector.auth),
            credentials=dummies.credentials(connector.credentials),
            settings=dummies.settings(connector.settings),
        )
    scenario = Scenario(connector, files, nodeid, plan, cassette, secrets, session, people)
    scenario.may_call_nothing = on_demand
    scenario.serves_application = is_served(connector.upstream, upstream_url)
    scenario.meets_people = is_real(connector.upstream, upstream_url)
    guard = WriteGuard(connector, upstream_url, session.safety, nodeid, sends=plan.record)
    scenario.lumos.guard, scenario.lumos.dummies = guard, dummies
    with ExitStack() as stack:
        session.known.begin(secrets)
        stack.callback(session.known.end, secrets)
        if plan.record and plan.save:
            scenario.refuse_named()
        stack.callback(scenario.traffic.close)
        forget_sdk = stack.enter_context(sdk_as_in_production())

        def forget_all() -> None:
            forget_sdk()
            forget(connector)

        scenario.forget = forget_all
        scenario.forget()
        stack.enter_context(safe_logs(scenario.traffic.redact))
        stack.enter_context(following_threads())
        at_exit = Exit(scenario.traffic.place, files.root, session.late)
        stack.enter_context(session.exit_handlers.noted(at_exit))
        stack.enter_context(tasks_in_order())
        if not plan.record:
            packages = partial(packages_of, connector.integration)
            stack.enter_context(no_network(scenario.traffic.report, packages))
            stack.enter_context(virtual_clock())
            stack.enter_context(cheap_clients())
        stack.enter_context(trust_on_demand())
        stack.enter_context(intercepted(scenario.traffic))
        stack.callback(scenario.lumos.handed_out.close)
        stack.callback(scenario.remember_tokens)
        stack.callback(guard.remember, scenario.traffic.calls, files, secret_names)

        def begin() -> None:
            if is_missing:
                raise _missing(files, nodeid)
            if plan.record:
                if plan.save:
                    refuse_other_spelling(files, nodeid)
                if not scenario.serves_application:
                    if plan.save:
                        _refuse_several_processes(session, connector, upstream_url)
                    scenario.traffic.pace = session.pace(connector.upstream, upstream_url)
                live = _live(connector.upstream, upstream_url, files.root, scenario)
                scenario.settle = stack.enter_context(live)

        if on_demand:
            scenario.lumos.begin = begin
        else:
            begin()
        yield scenario


def _stored(files: ScenarioFiles, cassette: Cassette) -> Iterator[bytes]:
    """What a scenario has stored that a credential may be in."""
    yield from texts_of(cassette)
    folder = files.snapshot(0).parent
    for name in dict.fromkeys(name for call in cassette.calls for name in call.snapshots):
        yield (stored_text(folder / name) or "").encode("utf-8", "surrogatepass")


def upstream_name(upstream: Upstream, upstream_url: str | None) -> str:
    """What a recording is made from, in the words of whoever declared it."""
    if upstream_url is not None:
        return upstream_url
    if upstream.app is None or isinstance(upstream.app, str):
        return upstream.app or upstream.origin
    return getattr(upstream.app, "__qualname__", type(upstream.app).__name__)


@contextmanager
def _live(
    upstream: Upstream, upstream_url: str | None, root: Path, scenario: Scenario
) -> Iterator[Callable[[], object]]:
    traffic = scenario.traffic
    settle: Callable[[], object] = lambda: None  # noqa: E731 - nothing is served
    with ExitStack() as stack:
        app = upstream.app if upstream_url is None else None
        target = upstream_url or upstream.origin
        if upstream_url is not None:
            # Links that the server makes lead to itself; the recording has them at the origin.
            scenario.record_as(upstream_url.rstrip("/"), upstream.origin.rstrip("/"))
        if app is not None:
            served = stack.enter_context(
                serving(
                    app,
                    root,
                    urlsplit(upstream.origin).path.rstrip("/"),
                    report=traffic.report,
                    redact=traffic.redact,
                    timeout=upstream.timeout,
                )
            )
            target, settle = served.url, served.stop
            # What is called by another client than httpx, or aiohttp, is not routed there.
            local = [each for each in upstream.origins if is_loopback(each)]
            reachable = Reachable([target, *local])
            stack.enter_context(application_only(traffic.report, reachable))
        else:
            urls = upstream.origins if upstream_url is None else [upstream_url]
            reachable = Reachable(urls, environments_proxies())
            stack.enter_context(origins_only(traffic.report, reachable))
        route = Route(
            upstream.origin,
            target,
            serves_app=app is not None,
            report=traffic.report_sending,
            redact=traffic.redact,
            timeout=upstream.timeout,
            further_origins=upstream.further_origins,
            by_proxy=reachable.add_proxy,
        )
        stack.enter_context(routed(route))
        yield settle


def _refuse_several_processes(
    session: Session, connector: ConnectorUnderTest, upstream_url: str | None
) -> None:
    """Refuse to ask a real server from a worker of pytest-xdist.

    Each worker would write what others read, and count its own requests alone.

    Raises:
        SeveralProcesses: This process is one.
    """
    if session.is_worker:
        raise SeveralProcesses(
            "A recording from a real server runs in one process, and this run has several (-n).",
            where=[("upstream", upstream_name(connector.upstream, upstream_url))],
            remedy="Nothing was sent. Record in one process:\n  pytest -n 0 ...",
        )


def _no_addition(files: ScenarioFiles, nodeid: str) -> UsageError:
    return UsageError(
        "Nothing can be added to a recording with made-up people: the server does not know them.",
        where=[("cassette", files.shown(files.cassette)), ("scenario", nodeid)],
        remedy=f"Record it again as a whole:\n  pytest --record-mode=rewrite {shlex.quote(nodeid)}",
    )


def _missing(files: ScenarioFiles, nodeid: str) -> MissingCassette:
    return MissingCassette(
        "The scenario is not recorded: it has no cassette.",
        where=[("cassette", files.shown(files.cassette)), ("scenario", nodeid)],
        remedy=f"Record it against the live server:\n  pytest --record-mode=once {shlex.quote(nodeid)}",
    )
