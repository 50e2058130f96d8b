"""The made-up people that a connector's stored recordings have."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from connector_contract.errors import CannotRead
from connector_contract.people.known_people import People
from connector_contract.people.people_in_http import PeopleInHttp
from connector_contract.people.personal_fields import PersonalFields
from connector_contract.people.stand_ins import StandIns
from connector_contract.recording.interactions import Interaction
from connector_contract.storage.cassette_format import CassetteFormatError, read_cassette
from connector_contract.storage.reading import files_below, open_file


def stored_people(folder: Path, origins: Collection[str], fields: PersonalFields) -> People:
    """All of them, as they are stored.

    Args:
        folder: The folder of the cassettes.
        origins: The origins of the tenant; recordings of others are passed over.
        fields: Which fields are personal.
    """
    people = People(fields, StandIns(None))
    stored = PeopleInHttp(people)
    starts = tuple(f"{origin.rstrip('/')}/" for origin in origins)
    for interaction in _interactions(folder):
        if interaction.request.uri.startswith(starts):
            stored.learn_stored(interaction)
    return people


def _interactions(folder: Path) -> Iterator[Interaction]:
    try:
        paths = [path for path in files_below(folder) if path.suffix == ".yaml"] if folder.is_dir() else []
    except CannotRead:
        return
    for path in paths:
        try:
            with open_file(path) as stream:
                yield from read_cassette(stream).interactions
        except (OSError, CassetteFormatError):
            # Its own scenario says so.
            continue
