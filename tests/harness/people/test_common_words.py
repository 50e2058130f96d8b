from __future__ import annotations

from connector_contract.people.common_words import COMMON, ROLES, STREETS


def test_words_that_are_also_names_are_there_and_names_that_are_no_words_are_not():
    assert {"page", "active", "admin", "will", "may", "mark", "rose", "april", "summer"} <= COMMON
    assert not COMMON & {"alice", "martin", "smith", "jordan", "taylor", "baker"}


def test_roles_and_streets_are_no_names():
    assert {"admin", "noreply", "support"} <= ROLES
    assert not ROLES & {"alice", "martin"}
    assert {"street", "avenue"} <= STREETS
