"""How old recordings are, and which are too old."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from connector_contract.errors import UsageError
from connector_contract.storage.lint import RECORD, Finding

_DAYS = {"d": 1, "w": 7}
_SECONDS = 24 * 60 * 60


def days(text: str) -> int:
    """The days that an option names, such as ``180d`` or ``26w``.

    Raises:
        UsageError: It is no number of days or weeks.
    """
    match = re.fullmatch(r"(\d+)([dw])", text)
    if match is None:
        raise UsageError(
            f"--max-age is {text!r}, and should be a number of days or weeks.",
            remedy="Write it as --max-age 180d, or --max-age 26w.",
        )
    return int(match[1]) * _DAYS[match[2]]


def too_old(
    scenarios: Mapping[str, str],
    changed: Mapping[str, int],
    now: float,
    allowed: int,
    *,
    is_warning: bool,
) -> Iterator[Finding]:
    """A finding for each recording that is older than allowed.

    Args:
        scenarios: Each cassette, with the test that writes it as pytest takes it.
        changed: Each cassette that is committed as it is, with the time of the commit that changed it last,
            in seconds since 1970. All others are new.
        now: The time, likewise.
        allowed: The greatest age, in days.
        is_warning: Whether the findings are warnings.
    """
    for path, scenario in sorted(scenarios.items()):
        age = (now - changed.get(path, now)) / _SECONDS
        if age > allowed:
            what = f"it was recorded {int(age)} days ago, and {allowed} are allowed"
            yield Finding(path, 1, "age", what, f"{RECORD} {scenario}".rstrip(), is_warning)


def unknown(folder: str, scenarios: int, why: str, remedy: str, *, is_warning: bool) -> Finding:
    """The finding of a project in which nobody knows how old the recordings are.

    Args:
        folder: The project's.
        scenarios: How many recordings it has.
        why: The reason.
        remedy: What helps.
        is_warning: Whether the finding is a warning.
    """
    number = "1 recording" if scenarios == 1 else f"{scenarios} recordings"
    return Finding(folder, 1, "age", f"the age of {number} is unknown: {why}", remedy, is_warning)
