"""What a scenario needs recorded: when it comes, which recordings it makes, and what it asks for them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from inspect import getmodule
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from connector_contract.config import ConnectorUnderTest
from connector_contract.contract.rule_mark import rule_of_item
from connector_contract.contract.standard_capabilities import STANDARD
from connector_contract.errors import CannotRead, UsageError
from connector_contract.recording.phases import (
    Phase,
    phase_of_calls,
    phase_of_rule,
    phase_of_words,
    phase_of_write,
    words_of,
)
from connector_contract.recording.record_modes import plan_for
from connector_contract.reporting.plan_lines import Planned, Target
from connector_contract.rewriting import rewrite_list
from connector_contract.storage.reading import is_there
from connector_contract.variants import connector_of, files_of

if TYPE_CHECKING:
    from connector_contract.contract.capabilities import Capability
    from connector_contract.storage.files import ScenarioFiles

_INFO = "info"
UNKNOWN = Target("a server that is not known before a test runs", is_real=True)
"""What a scenario records from, if only the scenario itself can have its connector."""


@dataclass(frozen=True)
class Recording:
    """A scenario that records.

    Attributes:
        nodeid: The test.
        phase: When it comes, where a real server is recorded.
        target: What it records from.
        planned: The recordings that it makes, or is the first to need.
    """

    nodeid: str
    phase: Phase
    target: Target
    planned: tuple[Planned, ...]


class Fate(Enum):
    """What becomes of a scenario that records nothing."""

    REPLAYED = "replayed"
    NEITHER = "neither"


def needs(item: pytest.Function, mode: str, *, makes: bool) -> Recording | Fate:
    """What a scenario records; or that it is replayed, or does neither: it fails, or has nothing to check.

    Args:
        item: The test.
        mode: The record mode.
        makes: Whether to make the connector of a test that is no rule, which imports it.
    """
    try:
        return _needs(item, files_of(item), mode, makes=makes)
    except (UsageError, CannotRead):
        # The test says it.
        return Fate.NEITHER


def _needs(item: pytest.Function, files: ScenarioFiles, mode: str, *, makes: bool) -> Recording | Fate:
    list_ = rewrite_list(item.config)

    def records(cassette: Path) -> bool:
        return plan_for(list_.mode(mode, cassette), is_there(cassette)).record

    if rule_of_item(item) is None:
        # Whoever replays needs no connector before the test runs.
        if not records(files.cassette):
            return Fate.REPLAYED
        connector = connector_of(item, make=makes)
        found: _Found | None = _of_test(item, files, _Capabilities(connector))
    else:
        connector = connector_of(item)
        found = None if connector is None else _of_rule(item, files, connector)
    if found is None:
        return Fate.NEITHER
    phase, needed = found
    planned = tuple(made for cassette, made in needed if records(cassette))
    return (
        Recording(item.nodeid, phase, _target(item.config, connector), planned) if planned else Fate.REPLAYED
    )


def _target(config: pytest.Config, connector: ConnectorUnderTest | None) -> Target:
    url = config.getoption("--upstream-url")
    if connector is None:
        return UNKNOWN if url is None else Target(url, is_real=True)
    from connector_contract.recording.running import upstream_name

    upstream = connector.upstream
    is_real = url is not None or upstream.app is None
    return Target(upstream_name(upstream, url), is_real, upstream.requests_per_minute if is_real else None)


class _Capabilities:
    """What is known of the capabilities that a test may call."""

    def __init__(self, connector: ConnectorUnderTest | None) -> None:
        from connector_contract.contract.capabilities import own_capabilities, writes_by_name

        self.own: Mapping[str, Capability] = {}
        self.names: Collection[str] = STANDARD
        self._writes: Callable[[str], bool] = writes_by_name
        if connector is not None:
            self._writes = self._is_unknown
            # The SDK adds some itself, and answers info without a registered one.
            self.names = [*getattr(connector.integration, "capabilities", ()), _INFO]
            try:
                self.own = own_capabilities(connector.integration)
            except UsageError:
                # The contract says it. Until then nobody knows what writes.
                self.names = ()

    def _is_unknown(self, name: str) -> bool:
        return name not in self.names

    def writes(self, name: str) -> bool:
        """Whether a capability writes; what the SDK itself adds does not."""
        return self.own[name].writes if name in self.own else self._writes(name)


_Found = tuple[Phase, list[tuple[Path, Planned]]]
"""When a test comes, and the recordings that it needs, by their cassettes."""


def _of_test(item: pytest.Function, files: ScenarioFiles, capabilities: _Capabilities) -> _Found:
    from connector_contract.storage.files import load_head

    calls = head.calls if (head := load_head(files)) is not None else ()
    phase = phase_of_calls(calls, capabilities.writes)
    called = list(dict.fromkeys(call.capability for call in calls))
    if phase is None:
        words = set(_words(item))
        phase = phase_of_words(words, capabilities.names, capabilities.writes)
        called = [name for name in capabilities.names if name in words]
    return phase, [(files.cassette, _planned(files, files.name, phase, called, capabilities.writes))]


def _words(item: pytest.Function) -> Iterator[str]:
    """The strings in a test, in what it calls of its own module, and among its parameters."""
    module = getmodule(item.function)
    functions, seen = [item.function], set()
    while functions:
        function = functions.pop()
        if (code := getattr(function, "__code__", None)) is None or code in seen:
            continue
        seen.add(code)
        yield from words_of(code)
        for name in code.co_names:
            known = getattr(module, name, None)
            if callable(known) and getattr(known, "__module__", None) == getattr(module, "__name__", ""):
                functions.append(known)
    parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
    yield from (value for value in parameters if isinstance(value, str))


def _of_rule(item: pytest.Function, files: ScenarioFiles, connector: ConnectorUnderTest) -> _Found | None:
    from connector_contract.contract.collection import (
        check_config,
        config_of,
        nothing_to_check,
        recorded_capabilities,
    )
    from connector_contract.contract.credential_variants import credential_kinds
    from connector_contract.contract.rule import Target as About
    from connector_contract.contract.rule import writes
    from connector_contract.contract.rule_recordings import has_own_cassette, shared_by
    from connector_contract.contract.shared_names import read_capability, refusal_name

    try:
        check_config(item, connector)
        config = config_of(item, connector)
        capabilities = recorded_capabilities(connector, config)
        if nothing_to_check(item, connector) is not None:
            return None
    except UsageError:
        # The test says it, and records nothing.
        return None
    rule = item.originalname.removeprefix("test_")
    callspec = getattr(item, "callspec", None)
    capability = str(callspec.params.get("capability", "")) if callspec is not None else ""

    def changes(name: str) -> bool:
        return name in capabilities and writes(About(name, capabilities, config))

    phase = phase_of_rule(rule, changes(capability) if capability else None, capability)
    called = [capability] if capability else []
    found: list[tuple[Path, Planned]] = []
    kinds = credential_kinds(connector)
    refusals = set(map(refusal_name, kinds))
    for name in shared_by(rule, capability, capabilities, config, kinds):
        own = files.shared(name)
        its_phase = phase_of_write(capability) if changes(capability) else Phase.SHARED_READS
        of = called or [read_capability(name)]
        if name in refusals:
            its_phase, of = Phase.REFUSALS, []
        found.append((own.cassette, _planned(own, own.name, its_phase, of, changes, is_shared=True)))
    if has_own_cassette(rule, capability):
        found.append((files.cassette, _planned(files, files.name, phase, called, changes)))
    return phase, found


def _planned(
    files: ScenarioFiles,
    name: str,
    phase: Phase,
    called: Collection[str],
    writes: Callable[[str], bool],
    *,
    is_shared: bool = False,
) -> Planned:
    from connector_contract.storage.files import load_head

    head = load_head(files)
    calls = head.calls if head is not None else ()
    names = tuple(dict.fromkeys([*(call.capability for call in calls)] or called))
    size = files.cassette.stat().st_size if files.has_cassette else None
    length = None if head is None else head.length
    writing = frozenset(filter(writes, names))
    module = files.shown(files.root / f"{files.module}.py")
    title = f"{name} ({files.variant})" if files.variant else name
    return Planned(module, title, phase, names, writing, length, size, is_shared)
