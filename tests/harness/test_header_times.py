"""Times in headers: stored relative to the response, and played relative to the clock."""

from __future__ import annotations

import pytest

from connector_contract.storage.header_times import is_relative, relative, resolved

# 2026-11-29T12:00:00Z
AT = 1_795_953_600
TIMES = [
    ("Sun, 29 Nov 2026 12:00:00 GMT", "<now, http>", "Sun, 29 Nov 2026 13:00:00 GMT"),
    ("Sun, 29 Nov 2026 12:01:00 GMT", "<now+60s, http>", "Sun, 29 Nov 2026 13:01:00 GMT"),
    ("1795957200", "<now+3600s, seconds>", "1795960800"),
    ("1795953540", "<now-60s, seconds>", "1795957140"),
    ("1795953600000", "<now, milliseconds>", "1795957200000"),
    ("1795953600.250", "<now, seconds.3>", "1795957200.000"),
    ("2026-11-29T12:00:00Z", "<now, isoZ>", "2026-11-29T13:00:00Z"),
    ("2026-11-29T12:00:30.000Z", "<now+30s, iso.3Z>", "2026-11-29T13:00:30.000Z"),
    ("2026-11-29T14:00:00+02:00", "<now, iso+02:00>", "2026-11-29T15:00:00+02:00"),
    ("2026-11-29T06:30:00-05:30", "<now, iso-05:30>", "2026-11-29T07:30:00-05:30"),
]


@pytest.mark.parametrize(("sent", "stored", "played"), TIMES)
def test_a_time_moves_with_the_clock(sent, stored, played):
    assert relative(sent, AT) == stored
    assert is_relative(stored)
    assert resolved(stored, AT) == sent.replace("250", "000")
    assert resolved(stored, AT + 3600) == played


@pytest.mark.parametrize("late", [0.0, 0.001, 0.4, 0.999, 1.3])
@pytest.mark.parametrize("meant", [0, 30, 60, 3600])
def test_two_recordings_are_the_same_however_late_an_answer_comes(late, meant):
    assert relative(str(AT + meant), AT + late) == relative(str(AT + meant), AT)


@pytest.mark.parametrize(
    "value",
    [
        "", "0", "-1", "60", "4999", "Thu, 01 Jan 1970 00:00:00 GMT", "Sun, 99 Nov 2026 12:00:00 GMT", "soon",
        "1500000000", "2026-99-29T12:00:00Z", "1795953600 ", "<now>",
    ],
)  # fmt: skip
def test_what_is_no_time_of_now_stays(value):
    assert relative(value, AT) == value
    assert resolved(value, AT) == value
    assert not is_relative(value)


@pytest.mark.parametrize(("sent", "stored", "played"), TIMES)
def test_what_is_stored_is_stored_so_again(sent, stored, played):
    assert relative(stored, AT) == stored
    assert relative(sent, float("inf")) == sent
