"""The README's blocks, run in a copy of this repository, in the order in which a reader meets them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from readme_blocks import Block, blocks

ROOT = Path(__file__).parent.parent
BLOCKS = blocks((ROOT / "README.md").read_text("utf-8"))
# The commands of these sections set things up, and .ci/run runs them; they cannot run within themselves.
SET_UP = [block.text for block in BLOCKS if block.text.startswith(("python3 -m venv", "source "))]
SWEEP = "pytest tests/contract --contract-faults\n"
SERVER = "uvicorn mock_api_server:app --port 8000\n"


def of(language: str) -> list[Block]:
    return [block for block in BLOCKS if block.language == language]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The files that a fresh clone has, under version control.

    The recordings are those of the index: a run that records would be changing the others at this moment.
    """
    subprocess.run(["git", "checkout-index", "-a", f"--prefix={tmp_path}/"], cwd=ROOT, check=True)
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).exists() and not name.startswith(("cassettes/", "snapshots/")):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / name)
    who = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com", "-c", "commit.gpgsign=false"]
    for command in (["init", "-q", "-b", "main"], ["add", "-A"], [*who, "commit", "-q", "-m", "All"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    return tmp_path


def environment() -> dict[str, str]:
    """This environment's commands first, and nothing of the run of pytest that this is."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    return {**kept, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


@pytest.fixture
def port(copy: Path) -> Iterator[str]:
    """A server as the README starts it, but on a port that is free."""
    command = SERVER.strip().replace("--port 8000", "--port 0").split()
    with subprocess.Popen(
        [sys.executable, "-m", *command], cwd=copy, env=environment(), stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stderr is not None
        lines = []
        for line in server.stderr:
            lines.append(line)
            if running := re.search(r"running on http://127\.0\.0\.1:(\d+)", line):
                break
        else:
            pytest.fail("the server did not start:\n" + "".join(lines))
        yield running[1]
        server.terminate()


def run(block: Block, folder: Path, port: str) -> str:
    text = block.text.replace("localhost:8000", f"localhost:{port}")
    done = subprocess.run(
        ["bash", "-euc", text], cwd=folder, env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"README.md:{block.line}: {block.text}{done.stdout}{done.stderr}"
    return done.stdout


def test_ci_runs_what_sets_up(copy):
    assert len(SET_UP) == 3
    ci = (ROOT / ".ci" / "run").read_text()
    for number, text in enumerate(SET_UP[:2], 1):
        assert f'eval "$(python3 tests/readme_blocks.py README.md bash {number})"' in ci
        assert of("bash")[number - 1].text == text


def test_the_recordings_look_as_the_readme_shows_them(copy):
    shown = {"yaml": "cassettes/tests/contract/test_reads/test_first_page[list_accounts].yaml"}
    shown["json"] = shown["yaml"].replace("cassettes", "snapshots").replace("yaml", "json")
    for language, name in shown.items():
        (block,) = of(language)
        assert block.text in (copy / name).read_text("utf-8")


@pytest.mark.loopback
def test_every_command_works(copy, port):
    conftest, scenarios = of("python")
    (copy / "tests/contract/conftest.py").write_text(conftest.text)
    (promised,) = of("text")
    outputs = []
    for block in of("bash"):
        if block.text in SET_UP or block.text in (SERVER, SWEEP):
            continue
        if block.text == "pytest tests/contract --record-mode=once\n":
            assert promised.text in "".join(outputs)
            # The stored tables of fields are those of all scenarios.
            (sweep,) = (each for each in of("bash") if each.text == SWEEP)
            run(sweep, copy, port)
            # All scenarios were replayed; to record each of them again and again takes too long.
            for name in ("test_errors", "test_writes"):
                (copy / f"tests/contract/{name}.py").unlink()
                for folder in ("cassettes", "snapshots"):
                    shutil.rmtree(copy / folder / "tests/contract" / name)
            (copy / "tests/contract/test_mine.py").write_text(scenarios.text)
        outputs.append(run(block, copy, port))
    validated, listed, created = outputs[-3:]
    assert '"valid":true' in validated
    assert '"email":"new.user@example.com"' not in listed
    assert '"created":true' in created
    assert len(list((copy / "cassettes/tests/contract/test_mine").iterdir())) == 3


def test_every_block_is_one_that_is_run_or_compared():
    assert {block.language for block in BLOCKS} == {"bash", "python", "yaml", "json", "text"}
