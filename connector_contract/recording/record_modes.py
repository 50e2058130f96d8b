"""What a record mode means, decided in one readable table; see docs/recording.md."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """What to do with one scenario.

    Attributes:
        load: Read the cassette that is there.
        play: Answer requests from it.
        record: Send requests that it does not answer to the upstream, and save them.
        write_snapshots: Write snapshots that do not exist yet. Existing ones change with
            ``--snapshot-update`` alone.
        save: Write files at all.
    """

    load: bool
    play: bool
    record: bool
    write_snapshots: bool
    save: bool = True

    @property
    def compares(self) -> bool:
        """Whether the outcome of each call is compared with the recorded one."""
        return self.play and not self.record


# The mode under pytest-recording's --disable-recording.
DISABLED = "disabled"

_MISSING = Plan(load=False, play=False, record=False, write_snapshots=False)
_REPLAY = Plan(load=True, play=True, record=False, write_snapshots=False)
_RECORD = Plan(load=False, play=False, record=True, write_snapshots=True)
_LIVE = Plan(load=False, play=False, record=True, write_snapshots=False, save=False)

# Mode, and whether the cassette is there.
_PLANS: dict[tuple[str, bool], Plan] = {
    ("none", False): _MISSING,
    ("none", True): _REPLAY,
    ("once", False): _RECORD,
    ("once", True): Plan(load=True, play=True, record=False, write_snapshots=True),
    ("new_episodes", False): _RECORD,
    ("new_episodes", True): Plan(load=True, play=True, record=True, write_snapshots=True),
    ("all", False): _RECORD,
    ("all", True): Plan(load=True, play=False, record=True, write_snapshots=True),
    ("rewrite", False): _RECORD,
    ("rewrite", True): _RECORD,
    (DISABLED, False): _LIVE,
    (DISABLED, True): _LIVE,
}


def plan_for(mode: str, cassette_exists: bool) -> Plan:
    """The plan for a scenario.

    Args:
        mode: One of pytest-recording's record modes, or ``DISABLED``.
        cassette_exists: Whether the scenario has a cassette.

    Raises:
        KeyError: The mode is none that pytest-recording has.
    """
    return _PLANS[mode, cassette_exists]
