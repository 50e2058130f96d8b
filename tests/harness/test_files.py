import os
from pathlib import Path

import pytest

from connector_contract.errors import CannotRead, CannotWrite, CorruptCassette, UsageError
from connector_contract.recording.interactions import Cassette, Interaction, Request, Response
from connector_contract.storage.files import (
    SnapshotListing,
    file_name,
    load_cassette,
    load_head,
    recordings,
    save_cassette,
    scenario_files,
    stems,
    write_whole,
)
from connector_contract.storage.stored_names import is_recording


def test_files_are_named_after_the_test(tmp_path):
    files = scenario_files(tmp_path, "tests/contract/test_a.py::TestB::test_c[1-x]")
    assert files.shown(files.cassette) == "cassettes/tests/contract/test_a/TestB.test_c[1-x].yaml"
    assert files.shown(files.snapshot(0)) == "snapshots/tests/contract/test_a/TestB.test_c[1-x].json"
    assert files.shown(files.snapshot(2)) == "snapshots/tests/contract/test_a/TestB.test_c[1-x].2.json"
    assert (
        files.shown(files.snapshot("after"))
        == "snapshots/tests/contract/test_a/TestB.test_c[1-x][after].json"
    )


@pytest.mark.parametrize(
    "name", ["test_a[x/y]", 'a"b', "a:b", "dot.", "b" * 300, "é" * 150, "tab\t", "nul\x00"]
)
def test_a_name_that_no_file_can_have_is_changed_and_stays_unique(name):
    changed = file_name(name)
    assert changed != name
    assert len(changed.encode()) < 200
    assert not set(changed) & set('<>:"/\\|?*\t\x00')
    assert changed != file_name(name + "x")


def test_names_that_differ_stay_different():
    assert len({file_name(name) for name in ("a/b", "a-b", "a:b", "a?b")}) == 4


def test_a_file_is_written_whole_and_only_if_it_changed(tmp_path):
    path = tmp_path / "new" / "file"
    assert write_whole(path, [b"one"]) is True
    assert write_whole(path, [b"one"]) is False
    assert write_whole(path, [b"two"]) is True
    assert [entry.name for entry in path.parent.iterdir()] == ["file"]
    assert path.read_text() == "two"


def test_two_processes_that_write_a_file_at_once_do_not_meet(tmp_path, monkeypatch):
    path = tmp_path / "a.yaml"

    def parts():
        yield b"first, "
        monkeypatch.setattr(os, "getpid", lambda: 0)
        write_whole(path, [b"the other's"])
        assert path.read_bytes() == b"the other's"
        yield b"and last"

    assert write_whole(path, parts())
    assert path.read_bytes() == b"first, and last"
    assert list(tmp_path.iterdir()) == [path]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "file"
    write_whole(path, [b"old"])
    monkeypatch.setattr("pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(CannotWrite, match="disk full"):
        write_whole(path, [b"new"])
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_parameters_may_hold_anything_and_files_stay_apart(tmp_path):
    names = ["test_a.py::test_ids[a::b]", "test_a.py::test_ids[a.b]", "test_a.py::TestX::test_ids[a]"]
    files = [scenario_files(tmp_path, name) for name in names]
    assert len({item.cassette for item in files}) == 3
    assert {item.cassette.parent for item in files} == {tmp_path / "cassettes" / "test_a"}


@pytest.mark.parametrize("nodeid", ["../test_a.py::test_b", "/test_a.py::test_b", "::test_b", ""])
def test_a_scenario_outside_of_the_root_has_no_files(tmp_path, nodeid):
    with pytest.raises(UsageError, match="lies outside of pytest's root"):
        scenario_files(tmp_path, nodeid)


@pytest.mark.parametrize("obstacle", ["cassette", "folder"])
def test_what_cannot_be_written_is_told(tmp_path, obstacle):
    path = tmp_path / "folder" / "cassette"
    if obstacle == "cassette":
        path.mkdir(parents=True)
    else:
        path.parent.write_text("a file")
    with pytest.raises(CannotWrite, match="A recording cannot be written"):
        write_whole(path, [b"new"])


def test_a_scenarios_snapshots_are_told_from_those_of_others(tmp_path):
    names = [
        "test_a",
        "test_a.1",
        "test_a.12",
        "test_a[x]",
        "test_a[x].1",
        "test_a[x][y]",
        "test_ab",
        "test_a.b",
    ]
    folder = tmp_path / "snapshots" / "test_m"
    folder.mkdir(parents=True)
    for name in names:
        (folder / f"{name}.json").touch()

    def listed(test):
        return {path.stem for path in SnapshotListing().of(scenario_files(tmp_path, f"test_m.py::{test}"))}

    assert listed("test_a") == {"test_a", "test_a.1", "test_a.12", "test_a[x]", "test_a[x][y]"}
    assert listed("test_a[x]") == {"test_a[x]", "test_a[x].1", "test_a[x][y]"}
    assert listed("test_ab") == {"test_ab"}
    assert listed("test_c") == set()


def test_a_table_of_fields_is_nothing_of_a_scenario(tmp_path):
    files = scenario_files(tmp_path, "test_m.py::list_accounts.fields")
    write_whole(files.snapshot(0), [b"{}"])
    assert files.snapshot(0).name == "list_accounts.fields.json"
    assert SnapshotListing().of(files) == []


def test_a_folder_of_snapshots_is_read_once(tmp_path):
    listing = SnapshotListing()
    first, second = (scenario_files(tmp_path, f"test_m.py::{name}") for name in ("test_a", "test_b"))
    write_whole(first.snapshot(0), [b"{}"])
    assert listing.of(first) == [first.snapshot(0)]
    write_whole(second.snapshot(0), [b"{}"])
    assert listing.of(second) == []
    first.snapshot(0).unlink()
    assert listing.of(first) == []


@pytest.mark.parametrize("test", ["TestC::test_declarations", "TestC::test_pages[list_accounts]"])
def test_the_declarations_of_a_contract_are_one_file(tmp_path, test):
    files = scenario_files(tmp_path, f"tests/test_a.py::{test}")
    assert files.shown(files.declarations) == "snapshots/tests/test_a/TestC.declarations.json"


def test_the_names_that_a_scenarios_files_start_with(tmp_path):
    files = scenario_files(tmp_path, "test_a.py::test_b[x/y]")
    cassette, snapshot = stems(files)
    assert files.shown(files.cassette) == f"{cassette}.yaml"
    assert files.shown(files.snapshot(0)) == f"{snapshot}.json"
    assert files.shown(files.snapshot("after")) == f"{snapshot}[after].json"


def test_every_file_is_found_be_it_a_recording_or_not(tmp_path):
    names = ["cassettes/a.yaml", "cassettes/b/.a.yaml.tmp", "snapshots/a.json", "snapshots/readme.md"]
    for name in names:
        write_whole(tmp_path / name, [b""])
    write_whole(tmp_path / "elsewhere.yaml", [b""])
    found = list(recordings(tmp_path))
    assert [path.relative_to(tmp_path).as_posix() for path in found] == names
    assert [is_recording(path) for path in found] == [True, False, True, False]
    assert not is_recording(tmp_path / ".a.yaml")


CASSETTE = Cassette((Interaction(Request("GET", "https://a.example/"), Response(200, "OK", (), b"{}")),))


def test_a_cassette_is_read_as_it_was_written(tmp_path):
    files = scenario_files(tmp_path, "test_a.py::test_b")
    assert save_cassette(files, CASSETTE) is True
    assert save_cassette(files, CASSETTE) is False
    assert load_cassette(files, "test_a.py::test_b") == CASSETTE


@pytest.mark.parametrize("text", [None, b"", b"version: 1\n", b"\xff"])
def test_a_cassette_that_cannot_be_read_is_told_with_the_command_that_records_it(tmp_path, text):
    files = scenario_files(tmp_path, "test_a.py::test_b[x y]")
    if text is not None:
        write_whole(files.cassette, [text])
    with pytest.raises(CorruptCassette) as caught:
        load_cassette(files, "test_a.py::test_b[x y]")
    assert caught.value.what.startswith("The cassette cannot be used: ")
    assert caught.value.where[0] == ("cassette", "cassettes/test_a/test_b[x y].yaml")
    assert caught.value.remedy.endswith("\n  pytest --record-mode=rewrite 'test_a.py::test_b[x y]'")


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, lambda path: path.symlink_to(os.devnull)])
def test_what_is_no_file_is_not_waited_for(tmp_path, make):
    files = scenario_files(tmp_path, "test_a.py::test_b")
    files.cassette.parent.mkdir(parents=True)
    make(files.cassette)
    with pytest.raises(CannotRead, match=r"it is no file|there is a folder in place of a file"):
        load_cassette(files, "test_a.py::test_b")
    assert load_head(files) is None


def test_the_head_of_a_cassette_is_read_alone(tmp_path):
    files = scenario_files(tmp_path, "test_a.py::test_b")
    assert load_head(files) is None
    save_cassette(files, CASSETTE)
    head = load_head(files)
    assert head is not None
    assert (head.length, head.calls) == (len(CASSETTE.interactions), CASSETTE.calls)
    with files.cassette.open("ab") as file:
        file.write(b"no interaction: [")
    assert load_head(files) == head


@pytest.mark.parametrize("text", ["", "x", "interactions: []\nversion: 1\n", "\x00"])
def test_a_cassette_of_another_form_has_no_head(tmp_path, text):
    files = scenario_files(tmp_path, "test_a.py::test_b")
    files.cassette.parent.mkdir(parents=True)
    files.cassette.write_text(text)
    assert load_head(files) is None
