"""The made-up people of one run: those of each connector that is recorded, and the files that have them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from connector_contract.config import ConnectorUnderTest
from connector_contract.people.known_people import People
from connector_contract.people.people_in_http import PeopleInHttp, Said
from connector_contract.people.personal_fields import PersonalFields
from connector_contract.people.stand_ins import StandIns
from connector_contract.recording.configured_people import configured_people, configured_texts
from connector_contract.recording.interactions import Cassette
from connector_contract.recording.people_key import people_key
from connector_contract.recording.stored_people import stored_people
from connector_contract.reporting.people_counts import PeopleCounts
from connector_contract.storage.files import (
    ScenarioFiles,
    file_name,
    load_cassette,
    save_cassette,
    write_whole,
)
from connector_contract.storage.snapshot_format import readable_text


@dataclass(frozen=True)
class _Written:
    """What one scenario has written.

    Attributes:
        people: Who was made up in it.
        files: Where its cassette is.
        nodeid: The test.
        snapshots: Its snapshots.
        known: How much was known of the people by then.
    """

    people: People
    files: ScenarioFiles
    nodeid: str
    snapshots: tuple[Path, ...]
    known: int


@dataclass
class RunPeople:
    """The made-up people of one run of pytest.

    Attributes:
        keys: What they are made of. These are secrets.
        said: Gives what the tests of the run say themselves.
    """

    _known: dict[tuple[object, ...], PeopleInHttp] = field(default_factory=dict)
    _shared: list[tuple[People, dict[str, Any]]] = field(default_factory=list)
    _names: set[str] = field(default_factory=set)
    _integrations: list[object] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    said: Callable[[], Said] = Said
    _written: list[_Written] = field(default_factory=list)

    def of(self, connector: ConnectorUnderTest, project: Path, rootdir: Path) -> PeopleInHttp | None:
        """The people of a connector's tenant; ``None`` if they are not to be made up.

        The scenarios of a run share them, so that one who is only mentioned in one scenario is known from
        another.

        Args:
            connector: The connector under test.
            project: The folder of its project.
            rootdir: pytest's root.

        Raises:
            UsageError: The key is not usable.
        """
        if not connector.personal_data:
            return None
        # A fixture may make the same connector for each of its tests.
        tenant = id(connector.integration), connector.upstream.origins, connector.variant
        if tenant not in self._known:
            further = connector.personal_data if isinstance(connector.personal_data, Mapping) else {}
            key = people_key(project, rootdir)
            self.keys |= set() if key is None else {key.decode()}
            people = People(PersonalFields(further), StandIns(key), [*_kept(connector)])
            if key is not None:
                cassettes = project / "cassettes" / (connector.variant or "")
                self._shared.append((people, _shared(connector, project, key)))
                people.recall(stored_people(cassettes, connector.upstream.origins, PersonalFields(further)))
            self._known[tenant] = PeopleInHttp(people, has_key=key is not None)
            self._known[tenant].keep(self.said())
            for each in configured_people(connector):
                people.learn_json({each.name: each.value, "email": each.value})
            # As long as it lives, no other one has its id.
            self._integrations.append(connector.integration)
        return self._known[tenant]

    def wrote(
        self, people: PeopleInHttp, files: ScenarioFiles, nodeid: str, snapshots: Iterable[Path]
    ) -> None:
        """Note that a scenario has written its files."""
        known = people.people
        self._written.append(_Written(known, files, nodeid, tuple(snapshots), known.known))

    def begin(self, files: ScenarioFiles, nodeid: str) -> None:
        """Know what a scenario is called, in messages and on the disk, which may be like somebody."""
        self._names |= {nodeid, files.name, file_name(files.name)}

    def shown(self, text: str) -> str:
        """A text for a message, with made-up people of all tenants; what a scenario is called stays."""
        made = self._made_up(text)
        names = [name for name in self._names if name in text] if made != text else []
        if not names:
            return made
        parts = re.split(f"({'|'.join(map(re.escape, sorted(names, key=len, reverse=True)))})", text)
        return "".join(part if place % 2 else self._made_up(part) for place, part in enumerate(parts))

    def _made_up(self, text: str) -> str:
        for each in self._known.values():
            text = each.people.shown(text)
        return text

    def counts(self) -> list[PeopleCounts]:
        """What has become of the people of each connector."""
        reports = ((each.people.report, each.has_key) for each in self._known.values())
        return [
            PeopleCounts(
                each.people, each.fields, each.replaced, _places(each.unreplaced), has_key, each.unfound
            )
            for each, has_key in reports
        ]

    def learned(self) -> list[str]:
        """What this process knows of the people of each tenant, and what it has written.

        It has real people, and the key, in it: it is for the memory of another process alone.

        Returns:
            JSON of each tenant whose stand-ins come from a key. Without one, each process has its own.
        """
        return [
            json.dumps(
                {
                    "tenant": tenant,
                    "people": people.learned(),
                    "written": [
                        [*_place(each.files), each.nodeid, [*map(str, each.snapshots)]]
                        for each in self._written
                        if each.people is people
                    ],
                }
            )
            for people, tenant in self._shared
        ]

    def finish(self) -> list[Path]:
        """Make up whom a later scenario of the run was about, and an earlier one mentions, as the later one.

        Returns:
            The files that have changed.
        """
        late = [each for each in self._written if each.known < each.people.known]
        self._written.clear()
        for people in {id(each.people): each.people for each in late}.values():
            people.catch_up()
        return [path for each in late for path in _changed(each)]


def finish_together(learned: Iterable[str]) -> list[Path]:
    """Make up whom one process of a run mentions, and another one knows.

    Args:
        learned: What each process gives as ``RunPeople.learned``, once all have ended.

    Returns:
        The files that have changed.
    """
    tenants: dict[str, list[dict[str, Any]]] = {}
    for known in map(json.loads, learned):
        tenants.setdefault(json.dumps(known["tenant"]), []).append(known)
    return [path for each in tenants.values() if len(each) > 1 for path in _finished(each)]


def _finished(processes: list[dict[str, Any]]) -> Iterator[Path]:
    tenant = processes[0]["tenant"]
    people = People(PersonalFields(tenant["further"]), StandIns(tenant["key"].encode()))
    for each in processes:
        people.take(each["people"])
    people.catch_up()
    for root, module, name, variant, nodeid, snapshots in (
        item for each in processes for item in each["written"]
    ):
        files = ScenarioFiles(Path(root), PurePosixPath(module), name, variant=variant)
        yield from _changed(_Written(people, files, nodeid, tuple(map(Path, snapshots)), 0))


def _shared(connector: ConnectorUnderTest, project: Path, key: bytes) -> dict[str, Any]:
    """What processes have in common that make up the people of one tenant, as JSON has it."""
    data = connector.personal_data
    return {
        "project": str(project),
        "origins": [*connector.upstream.origins],
        "variant": connector.variant,
        "further": {**data} if isinstance(data, Mapping) else {},
        "key": key.decode(),
    }


def _place(files: ScenarioFiles) -> tuple[str, str, str, str]:
    return str(files.root), str(files.module), files.name, files.variant


def _places(unreplaced: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """What stayed, each field with what it looks like."""
    return tuple((place, what) for what, place in unreplaced)


def _kept(connector: ConnectorUnderTest) -> Iterator[str]:
    """What stays as it is of what a connector is configured with: where it asks."""
    yield from connector.upstream.origins
    yield from (each.value for each in configured_texts(connector) if each.is_place)


def _changed(written: _Written) -> Iterator[Path]:
    people, files = written.people, written.files
    if files.has_cassette and save_cassette(files, _made_up(load_cassette(files, written.nodeid), people)):
        yield files.cassette
    for path in written.snapshots:
        text = readable_text(people.json(json.loads(path.read_bytes())))
        if write_whole(path, [text.encode("utf-8", "surrogatepass")]):
            yield path


def _made_up(cassette: Cassette, people: People) -> Cassette:
    in_http = PeopleInHttp(people)
    return replace(
        cassette,
        interactions=tuple(map(in_http.interaction, cassette.interactions)),
        calls=tuple(replace(call, asked=people.json(call.asked)) for call in cassette.calls),
        given_up=tuple(replace(each, request=in_http.request(each.request)) for each in cassette.given_up),
        made_up=tuple(replace(each, value=people.text(each.value)) for each in cassette.made_up),
    )
