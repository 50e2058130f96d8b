"""The files that a run replaces are kept as they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector_contract.storage.as_before import AsBefore
from connector_contract.storage.files import write_whole


@pytest.fixture
def as_before(tmp_path):
    return AsBefore(lambda: tmp_path / "before")


def kept(as_before):
    return {path: None if old is None else old.read_bytes() for path, old in as_before.files().items()}


def test_nothing_is_kept_where_nobody_wants_it(tmp_path):
    path = tmp_path / "a.json"
    AsBefore().keep(path)
    assert AsBefore().files() == {}
    assert list(tmp_path.iterdir()) == []


def test_nothing_was_kept(as_before):
    assert as_before.files() == {}


def test_the_first_content_of_each_file_is_kept(as_before, tmp_path):
    old, new = tmp_path / "a b\N{RIGHT-TO-LEFT OVERRIDE}.json", tmp_path / "new.json"
    old.write_bytes(b"old")
    for content in (b"1", b"2"):
        for path in (old, new):
            assert write_whole(path, [content], as_before.keep)
    assert kept(as_before) == {old: b"old", new: None}
    assert old.read_bytes() == b"2"


def test_what_stays_as_it_is_is_not_kept(as_before, tmp_path):
    path = tmp_path / "a.json"
    path.write_bytes(b"old")
    assert not write_whole(path, [b"old"], as_before.keep)
    assert as_before.files() == {}


def test_another_process_keeps_for_the_same_run(as_before, tmp_path):
    path = tmp_path / "a.json"
    path.write_bytes(b"old")
    as_before.keep(path)
    write_whole(path, [b"new"])
    other = AsBefore(lambda: tmp_path / "before")
    other.keep(path)
    assert kept(other) == {path: b"old"}


def test_a_file_system_without_links_has_a_copy(as_before, tmp_path, monkeypatch):
    def refuse(_self, _target):
        raise OSError("no links")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    path = tmp_path / "a.json"
    path.write_bytes(b"old")
    as_before.keep(path)
    path.write_bytes(b"new")
    assert kept(as_before) == {path: b"old"}
