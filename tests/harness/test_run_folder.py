"""The folder that the processes of a run share."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from connector_contract.run_folder import WORKER_FOLDER, as_before, run_folder, written


class Config:
    """As much of pytest's as is asked."""

    def __init__(self, **options):
        self.stash, self.ends, self._options = pytest.Stash(), [], options

    def add_cleanup(self, end):
        self.ends.append(end)

    def getoption(self, name):
        return self._options.get(name.strip("-").replace("-", "_"))


@pytest.fixture
def configured():
    made = []
    yield lambda **options: made.append(Config(**options)) or made[-1]
    for end in [end for each in made for end in each.ends]:
        end()


def replaced(config, tmp_path):
    path = tmp_path / "a.json"
    path.write_bytes(b"old")
    as_before(config).keep(path)
    return path


def test_the_folder_is_one_and_goes_with_the_run():
    config = Config()
    folder = run_folder(config)
    assert run_folder(config) == folder
    assert folder.is_dir()
    for end in config.ends:
        end()
    assert not folder.exists()


def test_a_worker_is_given_the_folder(tmp_path):
    worker = SimpleNamespace(workerinput={WORKER_FOLDER: str(tmp_path / "shared")})
    assert run_folder(worker) == tmp_path / "shared"


@pytest.mark.parametrize(
    ("options", "is_said"),
    [
        ({"snapshot_update": True}, True),
        ({"record_mode": "rewrite"}, True),
        ({"record_mode": "all"}, True),
        ({"record_mode": "new_episodes"}, True),
        ({"record_mode": "once"}, False),
        ({}, False),
    ],
)
def test_what_was_written_is_said_if_it_was_to_change_something(configured, tmp_path, options, is_said):
    config = configured(**options)
    path = replaced(config, tmp_path)
    assert list(written(config)) == ([path] if is_said else [])


def test_a_run_that_has_written_nothing_makes_no_folder():
    config = Config(snapshot_update=True)
    assert written(config) == {}
    assert config.ends == []
