"""Say why a recording cannot be replayed on another day: what moves with the clock, and reads as no time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from connector_contract.config import ConnectorUnderTest
from connector_contract.errors import UnprovenRecording
from connector_contract.recording.declared_times import proposed
from connector_contract.recording.interactions import Request
from connector_contract.recording.matching import Difference, differences
from connector_contract.recording.mismatch import Place
from connector_contract.recording.request_aliases import request_aliases
from connector_contract.recording.request_times import differ_in_times_alone
from connector_contract.recording.unproven import ROUNDED
from connector_contract.secrets.shown_placeholders import PLACEHOLDER

_LATER = "a day later"
# How many values of a response a message lists.
_SHOWN = 5

_READ = (
    "The connector makes this value from the clock, in a form that the harness does not read as a time.\n"
    "Send one of the forms that docs/recording.md lists (Times in requests)."
)
_FIXED = "Or take the value from Lumos' request or the settings, which are the same in each replay."
_ANSWERED = (
    "The connector makes this value from the clock. Take it from the upstream or from Lumos' request; or\n"
    "compare only the rest of the response: snapshot(exclude=...)."
)


@dataclass(frozen=True)
class Changed:
    """A request that is another one a day later, and not by a time that is stored relative to the clock.

    Attributes:
        call: What was called.
        recorded: The request as it was recorded.
        made: The same a day later.
    """

    call: str
    recorded: Request
    made: Request

    def differences(self, stand_ins: Collection[str]) -> list[Difference]:
        """Where it differs, but for values that the connector is known to make up each time.

        Args:
            stand_ins: What is recorded in place of these.
        """
        return [
            each
            for each in differences(self.recorded, self.made)
            if not _is_made_up(each.recorded.strip("'\""), stand_ins)
        ]


def _is_made_up(recorded: str, stand_ins: Collection[str]) -> bool:
    return recorded in stand_ins or PLACEHOLDER.fullmatch(recorded) is not None


def changed_request(
    changed: Changed, differing: Sequence[Difference], connector: ConnectorUnderTest, place: Place
) -> UnprovenRecording:
    """The failure of a recording with a request that is another one a day later.

    Args:
        changed: The request.
        differing: Where it differs.
        connector: The connector under test.
        place: The scenario.
    """
    return _refused(
        f"a day later, the connector makes another request: {changed.recorded}",
        changed.call,
        [each.told("recorded", _LATER) for each in differing],
        _remedy(changed, connector),
        place,
    )


def changed_response(call: str, differing: Sequence[str], place: Place) -> UnprovenRecording:
    """The failure of a recording with a response that is another one a day later.

    Args:
        call: What was called.
        differing: Each value that differs.
        place: The scenario.
    """
    more = [f"and {len(differing) - _SHOWN} more"] if len(differing) > _SHOWN else []
    what = "a day later, the connector makes another response from the same responses of the upstream"
    return _refused(what, call, [*differing[:_SHOWN], *more], _ANSWERED, place)


def _refused(what: str, call: str, details: Sequence[str], remedy: str, place: Place) -> UnprovenRecording:
    return UnprovenRecording(
        f"The recording was not saved, because it cannot be replayed on another day: {what}.",
        where=[("capability", call), *place.where],
        details=details,
        remedy=remedy,
    )


def _remedy(changed: Changed, connector: ConnectorUnderTest) -> str:
    if spans := proposed(changed.recorded, changed.made):
        times = {**connector.times, **spans}
        return f"If the time moves with the calendar, declare it:\nConnectorUnderTest(times={times!r})."
    if differ_in_times_alone(changed.recorded, changed.made):
        return ROUNDED
    aliases = request_aliases(changed.recorded, changed.made, connector.aliases)
    if not aliases:
        return f"{_READ}\n{_FIXED}"
    return (
        f"{_READ}\nOr give it an alias, if it may be any value, such as a signature:\n"
        f"ConnectorUnderTest(aliases={aliases!r})."
    )
