"""**increments**: how old the data of each capability is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta

from connector_contract.config import Json
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.times import moment_of
from connector_contract.reporting.messages import counted

# As far as the clocks of two machines are apart.
_AHEAD = timedelta(minutes=10)


def recency_breach(response: Json, standard: Collection[str], now: datetime) -> Iterator[Breach]:
    """Data of no standard capability, or of a time that cannot be.

    Args:
        response: The success of ``get_data_recency``.
        standard: The names of the standard capabilities.
        now: The time of day.

    Source: the schema ``DataRecency`` of the SDK's specification: "Map of standard capability names to their
    data recency timestamps", "Datetime indicating when the data for this capability was last updated".
    """
    data = (response.get("response") or {}).get("data") or {}
    times: Mapping[str, object] = {name: when for name, when in data.items() if when is not None}
    capability = "get_data_recency"
    if unknown := sorted(set(data) - set(standard)):
        title = f"{counted(len(unknown), 'name')} {_are(unknown)} not of a standard capability"
        yield Breach(capability, title, "Lumos does not know which data this is about.", unknown)
    moments = {name: moment_of(when) for name, when in times.items()}
    without = [f"{name}: {times[name]!r}" for name, each in moments.items() if each and not each.has_zone]
    if without:
        title = f"{counted(len(without), 'time')} {_are(without)} without a zone"
        yield Breach(capability, title, "Lumos takes the data to be hours older or newer.", without)
    latest = now + _AHEAD
    ahead = [f"{name}: {times[name]!r}" for name, each in moments.items() if each and each.first > latest]
    if ahead:
        title = f"{counted(len(ahead), 'time')} {_are(ahead)} in the future"
        yield Breach(capability, title, "Lumos takes old data to be fresh.", ahead)


def _are(values: Collection[str]) -> str:
    return "is" if len(values) == 1 else "are"
