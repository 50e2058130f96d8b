"""Recordings in a former place, and the commands that move them."""

from __future__ import annotations

import pytest

from connector_contract.storage.files import ScenarioFiles, scenario_files
from connector_contract.storage.former import Move, commands, former_moves, lies_elsewhere
from connector_contract.storage.projects import Projects


@pytest.fixture
def root(tmp_path):
    """A repository of two projects, each with a scenario, whose recordings lie at the repository's root."""
    for name in (".git/HEAD", "a/pyproject.toml", "b/pyproject.toml"):
        write(tmp_path / name)
    for project in "ab":
        write(tmp_path / "cassettes" / project / "tests/test_x/test_y.yaml")
        write(tmp_path / "snapshots" / project / "tests/test_x/test_y.json")
    return tmp_path


def write(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(path.name)
    return path


def files(root, test="test_y"):
    return scenario_files(root / "a", f"tests/test_x.py::{test}")


@pytest.mark.parametrize(
    ("name", "test"),
    [
        ("cassettes/a/tests/test_x/test_z.yaml", "test_z"),
        ("snapshots/a/tests/test_x/test_z.1.json", "test_z"),
        ("snapshots/a/tests/test_x/test_z[read back].json", "test_z"),
        ("cassettes/a/tests/test_x/TestA.reads[info].yaml", "TestA.test_info"),
        ("snapshots/a/tests/test_x/TestA.declarations.json", "TestA.test_declarations"),
    ],
)
def test_a_scenario_is_elsewhere_if_one_of_its_files_is(root, name, test):
    projects, folder = Projects(root), root / "a/tests"
    assert not lies_elsewhere(projects, folder, files(root, test))
    former = write(root / name)
    assert lies_elsewhere(projects, folder, files(root, test))
    kind = former.relative_to(root).parts[0]
    write(root / "a" / kind / former.relative_to(root / kind / "a"))
    assert not lies_elsewhere(projects, folder, files(root, test))


def test_another_scenario_or_project_is_none_of_its_business(root):
    assert not lies_elsewhere(Projects(root), root / "a/tests", files(root, "test_yes"))
    other = ScenarioFiles(root, files(root).module, "test_y")
    assert not lies_elsewhere(Projects(root), root / "tests", other)


def test_a_whole_folder_is_moved_by_one_command(root):
    moves = former_moves(Projects(root), root / "a/tests")
    assert moves == [Move(root / kind / "a", root / "a" / kind) for kind in ("cassettes", "snapshots")]
    assert commands(moves, root) == [
        "git mv cassettes/a a/cassettes",
        "git mv snapshots/a a/snapshots",
    ]
    assert commands(moves[:1], root / "a") == ["git mv ../cassettes/a cassettes"]


def test_outside_of_git_it_is_a_plain_mv(root):
    (root / ".git/HEAD").unlink()
    (root / ".git").rmdir()
    assert commands(former_moves(Projects(root), root / "a/tests"), root)[0] == "mv cassettes/a a/cassettes"


def test_what_is_in_the_new_place_already_stays_there(root):
    write(root / "a/cassettes/tests/test_new/test_y.yaml")
    moves = former_moves(Projects(root), root / "a/tests")
    assert commands(moves, root)[0] == "git mv cassettes/a/tests/test_x a/cassettes/tests/test_x"
    write(root / "a/cassettes/tests/test_x/test_y.yaml")
    write(root / "a/cassettes/tests/test_x/test_new.yaml")
    assert commands(moves, root)[0] == "git rm cassettes/a/tests/test_x/test_y.yaml"


def test_with_the_option_they_move_the_other_way(root):
    write(root / "a/cassettes/tests/test_x/test_y.yaml")
    moves = former_moves(Projects(root, root), root / "a/tests")
    assert [move.source for move in moves] == [root / "a/cassettes"]
    (root / "cassettes/a/tests/test_x/test_y.yaml").unlink()
    assert commands(moves, root) == [
        "git mv a/cassettes/tests/test_x/test_y.yaml cassettes/a/tests/test_x/test_y.yaml"
    ]


def test_a_command_makes_the_folder_that_it_moves_into(root):
    write(root / "c/cassettes/tests/t/test_y.yaml")
    write(root / "c/tests/t.py")
    write(root / "c/pyproject.toml")
    assert commands(former_moves(Projects(root, root), root / "c/tests"), root) == [
        "git mv c/cassettes cassettes/c"
    ]
    (move,) = [Move(root / "c/cassettes", root / "deep/er/cassettes")]
    assert commands([move], root) == ["mkdir -p deep/er", "git mv c/cassettes deep/er/cassettes"]


def test_recordings_of_variants_move_one_variant_at_a_time(root):
    write(root / "a/tests/test_x.py")
    write(root / "a/cassettes/classic/tests/test_x/test_y.yaml")
    moves = former_moves(Projects(root, root), root / "a/tests")
    (move,) = [move for move in moves if move.source.is_relative_to(root / "a/cassettes")]
    assert move == Move(root / "a/cassettes/classic", root / "cassettes/classic/a")


def test_of_two_former_places_the_second_is_moved_file_by_file(root):
    first, second = (root / name for name in ("cassettes/a", "old/cassettes"))
    write(second / "tests/test_x/test_z.yaml")
    lines = commands([Move(each, root / "a/cassettes") for each in (first, second)], root)
    assert lines == [
        "git mv cassettes/a a/cassettes",
        "mkdir -p a/cassettes/tests/test_x",
        "git mv old/cassettes/tests/test_x/test_z.yaml a/cassettes/tests/test_x/test_z.yaml",
    ]
