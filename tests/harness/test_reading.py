"""Stored files that cannot be read: one clear sentence, and never "there is nothing"."""

import errno
import json
import os
from pathlib import Path

import pytest

from connector_contract.cli import main
from connector_contract.errors import CannotRead
from connector_contract.item_files import is_unreadable_recordings
from connector_contract.storage.files import load_cassette, scenario_files, write_whole
from connector_contract.storage.reading import files_below, is_there, stored_text

NAME = "cassettes/test_acme/test_walk.yaml"


@pytest.fixture
def closed(monkeypatch):
    """Makes folders and files that may not be read, whoever runs the test."""

    def close(folder):
        def guarded(call, *, of_itself):
            def called(path, *args, **options):
                closed = (
                    [Path(path)] if of_itself else Path(path).parents if not isinstance(path, int) else []
                )
                if folder in closed:
                    raise PermissionError(errno.EACCES, "Permission denied", str(path))
                return call(path, *args, **options)

            return called

        monkeypatch.setattr(os, "scandir", guarded(os.scandir, of_itself=True))
        for name in ("stat", "lstat"):
            monkeypatch.setattr(os, name, guarded(getattr(os, name), of_itself=False))
        access = os.access
        monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != folder and access(path, mode))

    return close


def make(root, name=NAME):
    path = root / name
    path.parent.mkdir(parents=True)
    path.write_bytes(b"a\r\n")
    return path


def test_what_is_there_is_read_with_line_feeds(tmp_path):
    path = make(tmp_path)
    assert is_there(path)
    assert stored_text(path) == "a\n"
    assert list(files_below(tmp_path)) == [path]


def test_what_is_not_there_is_nothing(tmp_path):
    path = tmp_path / NAME
    assert not is_there(path)
    assert stored_text(path) is None
    assert list(files_below(path.parent)) == []


def a_closed_folder(root, close):
    make(root)
    close(root / "cassettes")
    return root / "cassettes"


def a_file_for_a_folder(root, _close):
    (root / "cassettes").write_text("x")
    return root / "cassettes"


def a_link_to_nowhere(root, _close):
    (root / "cassettes").symlink_to("nowhere")
    return root / "cassettes"


def a_link_to_itself(root, _close):
    (root / "cassettes").symlink_to("cassettes")
    return root / "cassettes"


def a_link_for_a_file(root, _close):
    path = make(root)
    path.unlink()
    path.symlink_to("nowhere")
    return path


OBSTACLES = {
    a_closed_folder: ("you may not read it", "chmod -R u+rwX"),
    a_file_for_a_folder: ("there is a file in place of a folder", "Move it away"),
    a_link_to_nowhere: ("it is a link that leads nowhere", "remove the link"),
    a_link_to_itself: ("it is a link that leads nowhere", "remove the link"),
    a_link_for_a_file: ("it is a link that leads nowhere", "remove the link"),
}


@pytest.mark.parametrize("read", [is_there, stored_text])
@pytest.mark.parametrize("obstacle", OBSTACLES, ids=lambda obstacle: obstacle.__name__)
def test_what_keeps_a_file_from_being_read_is_told_with_its_place(tmp_path, closed, obstacle, read):
    place = obstacle(tmp_path, closed)
    with pytest.raises(CannotRead) as caught:
        read(tmp_path / NAME)
    why, remedy = OBSTACLES[obstacle]
    assert caught.value.what == f"A recording cannot be read: {why}."
    assert caught.value.where == (("place", str(place)),)
    assert remedy in caught.value.remedy


@pytest.mark.parametrize(
    "obstacle", [each for each in OBSTACLES if each is not a_link_for_a_file], ids=lambda each: each.__name__
)
def test_a_folder_that_cannot_be_read_is_not_empty(tmp_path, closed, obstacle):
    obstacle(tmp_path, closed)
    with pytest.raises(CannotRead):
        list(files_below(tmp_path / "cassettes"))


def test_a_link_that_leads_nowhere_is_among_the_files(tmp_path, closed):
    link = a_link_for_a_file(tmp_path, closed)
    assert list(files_below(tmp_path)) == [link]


def a_pipe(path):
    os.mkfifo(path)


def a_device(path):
    path.symlink_to("/dev/zero")


def a_folder(path):
    path.mkdir()


def a_link_to_a_folder(path):
    (path.parent / "elsewhere").mkdir()
    path.symlink_to("elsewhere")


def a_dangling_link(path):
    path.symlink_to("nowhere")


NO_FILES = {
    a_pipe: "it is no file, but a pipe or a device",
    a_device: "it is no file, but a pipe or a device",
    a_folder: "there is a folder in place of a file",
    a_link_to_a_folder: "there is a folder in place of a file",
    a_dangling_link: "it is a link that leads nowhere",
}
each_that_is_no_file = pytest.mark.parametrize("make_it", NO_FILES, ids=lambda make_it: make_it.__name__)


@each_that_is_no_file
def test_what_is_no_file_is_not_read_and_is_among_what_a_folder_holds(tmp_path, make_it):
    path = make(tmp_path)
    path.unlink()
    make_it(path)
    with pytest.raises(CannotRead) as caught:
        stored_text(path)
    assert caught.value.what == f"A recording cannot be read: {NO_FILES[make_it]}."
    assert path in list(files_below(tmp_path))


@each_that_is_no_file
@pytest.mark.parametrize("name", [NAME, "snapshots/test_acme/test_walk.json"], ids=["cassette", "snapshot"])
def test_lint_and_a_replay_say_what_is_no_file(recorded, monkeypatch, capsys, make_it, name):
    root = recorded.remove(name).materialize()
    make_it(root / name)
    monkeypatch.chdir(root)
    assert main(["lint"]) == 2
    out = capsys.readouterr().out
    assert f"{name}:1: unread: it cannot be read: {NO_FILES[make_it]}\n" in out
    assert "7 files of 3 scenarios: 1 finding\n" in out
    files = scenario_files(root, "test_acme.py::test_walk")
    with pytest.raises(CannotRead, match=NO_FILES[make_it]):
        load_cassette(files, "test_walk") if name == NAME else stored_text(files.snapshot(0))


def test_lint_says_what_it_may_not_read_in_the_same_words(recorded, monkeypatch, capsys):
    root = recorded.materialize()
    monkeypatch.chdir(root)
    opened = Path.open

    def refused(path, *args, **options):
        if path.name == Path(NAME).name:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return opened(path, *args, **options)

    monkeypatch.setattr(Path, "open", refused)
    assert main(["lint", "--format=json"]) == 2
    (finding,) = json.loads(capsys.readouterr().out)
    assert (finding["kind"], finding["what"]) == ("unread", "it cannot be read: you may not read it")
    assert "chmod -R u+rwX" in finding["remedy"]


def test_lint_says_which_recordings_lie_behind_a_link(recorded, monkeypatch, capsys):
    root = recorded.materialize()
    (root / "cassettes/test_acme").rename(root / "elsewhere")
    (root / "cassettes/test_acme").symlink_to(root / "elsewhere")
    monkeypatch.chdir(root)
    assert main(["lint"]) == 2
    out = capsys.readouterr().out
    assert out.startswith("cassettes/test_acme:1: unread: it cannot be read: it is a link to a folder\n")
    assert out.count("cassettes/") == 1


def test_lint_takes_a_link_to_a_file_for_the_file(recorded, monkeypatch, capsys):
    root = recorded.materialize()
    (root / NAME).rename(root / "elsewhere.yaml")
    (root / NAME).symlink_to(root / "elsewhere.yaml")
    monkeypatch.chdir(root)
    assert main(["lint"]) == 0
    assert capsys.readouterr().out == "7 files of 3 scenarios: no findings\n"


@pytest.mark.parametrize("name", ["snapshots/test_acme/test_x.yaml", "cassettes/test_acme/test_x.json"])
def test_a_recording_in_the_folder_of_the_others_is_a_leftover(recorded, monkeypatch, capsys, name):
    monkeypatch.chdir(recorded.write(name, "{}\n").materialize())
    assert main(["lint"]) == 1
    assert capsys.readouterr().out.startswith(f"{name}:1: leftover: it belongs to no scenario\n")


@pytest.mark.loopback
def test_a_recording_takes_the_place_of_a_pipe(recorded, monkeypatch):
    """It is not opened: nobody would ever write to it."""
    path = recorded.materialize() / NAME
    path.unlink()
    os.mkfifo(path)
    assert write_whole(path, [b"a\n"])
    assert path.read_bytes() == b"a\n"


@pytest.mark.loopback
@pytest.mark.parametrize("mode", ["none", "once", "rewrite"])
@pytest.mark.parametrize("kind", ["cassettes", "snapshots"])
def test_a_file_in_place_of_a_folder_is_one_sentence_of_a_run(recorded, kind, mode):
    project = recorded.remove(kind).write(kind, "x")
    run = project.run(f"--record-mode={mode}", "-k", "walk")
    assert run.exit_code == pytest.ExitCode.TESTS_FAILED
    assert "A recording cannot be read: there is a file in place of a folder.\n  place: /" in run.output
    assert "Traceback" not in run.output
    assert "INTERNALERROR" not in run.output
    assert run.project.recorded("cassettes") == project.recorded("cassettes")


def test_lint_finds_no_empty_folder_where_it_cannot_look(recorded, monkeypatch, capsys):
    monkeypatch.chdir(recorded.remove("cassettes").write("cassettes", "x").materialize())
    assert main(["lint"]) == 2
    assert capsys.readouterr().err.startswith("A recording cannot be read: there is a file in place")


@pytest.mark.parametrize(("folder", "expected"), [("cassettes", True), ("tests", False)])
def test_pytest_does_not_look_for_tests_in_recordings_that_may_not_be_read(
    tmp_path, monkeypatch, folder, expected
):
    path = tmp_path / folder
    path.mkdir()
    assert not is_unreadable_recordings(path)
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert is_unreadable_recordings(path) is expected
