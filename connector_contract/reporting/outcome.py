"""What became of a scenario, as plain data: it crosses from pytest-xdist's workers to the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Outcome:
    """What a scenario that passed has proved or written.

    Attributes:
        nodeid: The test.
        recorded: Whether the upstream was asked.
        upstream: What it was recorded from, or would be.
        played: How many recorded interactions were played.
        new: How many interactions were recorded.
        cassette_changed: Whether the cassette's file is not what it was.
        snapshots: How many comparisons of a response with a snapshot held, or were accepted.
        new_snapshots: How many of these were written for the first time.
        changed_snapshots: How many of these replaced an older one.
        new_errors: The files of the new ones that have an error.
        capabilities: How many calls of each capability succeeded.
        old_form: Whether the cassette is of an earlier form.
        replaced_under: The file names that were replaced although a rule of the contract is broken.
        requests: For each capability, and each of its calls, how often it asked for each kind of path.
        not_given_up: The requests that the connector gave up when they were recorded, and did not make now.
        internal_errors: The capabilities that have a newly recorded call which ended in ``internal_error``.
        fails_later: Whether a recording asks for something else a day later, and is not replayed then.
        is_shared: Whether it is no test's own, but a recording that several tests share.
        variant: The connector's variant; empty if it has none.
        title: The test, without the variant.
        hiding: Each comparison that hides a part of a response, with its line.
        told: Of a variant, what ``variant_differences.told`` has of each snapshot, by its file's name.
        offered: Of a variant, the capabilities that the connector has.
        root: The folder that its cassette is below.
        cassette: The cassette's file.
        user_names: The names of users that are data, too, and stay where they are: each with its place in
            what calls carry.
        times: Whether a request has a time at each place that the author has declared one for, and of which
            calendar span it is said to be.
        stores_people: Whether it was recorded from a real server, and nobody has said whether its people are
            to be stored as they are.
    """

    nodeid: str
    recorded: bool
    upstream: str = ""
    played: int = 0
    new: int = 0
    cassette_changed: bool = False
    snapshots: int = 0
    new_snapshots: int = 0
    changed_snapshots: int = 0
    new_errors: list[str] = field(default_factory=list)
    capabilities: dict[str, int] = field(default_factory=dict)
    old_form: bool = False
    replaced_under: list[str] = field(default_factory=list)
    requests: dict[str, list[dict[str, int]]] = field(default_factory=dict)
    not_given_up: list[str] = field(default_factory=list)
    internal_errors: list[str] = field(default_factory=list)
    fails_later: bool = False
    is_shared: bool = False
    variant: str = ""
    title: str = ""
    hiding: list[str] = field(default_factory=list)
    told: dict[str, dict[str, Any]] = field(default_factory=dict)
    offered: list[str] = field(default_factory=list)
    root: str = ""
    cassette: str = ""
    times: list[tuple[str, str, bool]] = field(default_factory=list)
    stores_people: bool = False
    user_names: list[str] = field(default_factory=list)


def replaced_under_failure(nodeid: str, paths: Sequence[str]) -> Outcome:
    """What is left of a test that failed: the files that were replaced for what it shares."""
    return Outcome(nodeid, recorded=False, replaced_under=list(paths), is_shared=True)
