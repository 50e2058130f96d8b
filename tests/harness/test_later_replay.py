"""The clock of the later replay: on the next day, at another time of day, and with one date in all zones."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from connector_contract.recording.later_replay import a_day_later
from connector_contract.recording.time_forms import in_local, in_utc


@pytest.mark.parametrize(
    "name", ["UTC", "Europe/Berlin", "Pacific/Kiritimati", "Etc/GMT+12", "America/New_York"]
)
@pytest.mark.parametrize("hour", range(24))
def test_it_is_a_later_day_at_another_time_of_day_with_one_date(zone, name, hour):
    zone(name)
    started = datetime(2026, 11, 29, hour, 24, 31, tzinfo=UTC).timestamp()
    later = a_day_later(started)
    assert in_utc(later).date() == in_local(later).date()
    for clock in (in_utc, in_local):
        assert 1 <= (clock(later).date() - clock(started).date()).days <= 2
    assert (in_utc(later).minute, in_utc(later).second, in_utc(later).microsecond) == (17, 17, 0)
    apart = abs(in_utc(later) - in_utc(started)).total_seconds() % 86_400
    assert 2 * 3600 < apart < 22 * 3600
