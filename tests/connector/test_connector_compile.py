"""The connector installed, and as Lumos' on-premise agent runs it: compiled, with no Python beside it."""

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
import tomli
from mockapp_connector.__about__ import __version__

from tests.connector.connector_testing import PROJECT, ROOT, envelope

SCRIPTS = Path(sys.executable).parent

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not all((SCRIPTS / name).exists() for name in ("mockapp-connector", "pyinstaller", "pip-licenses")),
        reason="needs the connector installed with its extra: pip install -e 'mockapp_connector[compile]'",
    ),
]


def run(*command: object, cwd: Path, **environment: str) -> str:
    """Run a program with nothing but these environment variables and return its standard output."""
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that ``connector compile-on-prem`` fills."""
    folder = tmp_path_factory.mktemp("compiled")
    run(
        *(SCRIPTS / "connector", "compile-on-prem", "--app-id", "mockapp"),
        *("--connector-root-module-dir", PROJECT / "mockapp_connector", "--output-directory", folder),
        cwd=folder,
        PATH=os.pathsep.join([str(SCRIPTS), os.environ["PATH"]]),
        HOME=str(folder),
    )
    return folder


@pytest.fixture
def executable(compiled: Path, tmp_path: Path) -> Path:
    """The program as the agent unpacks it from the archive."""
    [archive] = (compiled / "bundled").iterdir()
    with tarfile.open(archive) as tar:
        tar.extractall(tmp_path / "unpacked", filter="tar")
    return tmp_path / "unpacked" / "main"


def test_the_archive_says_what_it_is(executable: Path) -> None:
    metadata = tomli.loads((executable.parent / "metadata.toml").read_text())

    assert metadata == {"connector": {"app_id": "mockapp_on_prem", "version": __version__}}


def test_the_executable_answers_info(executable: Path, tmp_path: Path) -> None:
    info = json.loads(run(executable, "info", cwd=tmp_path))["response"]

    assert (info["app_id"], info["version"]) == ("mockapp", __version__)


@pytest.mark.loopback
def test_the_executable_lists_accounts(executable: Path, tmp_path: Path, served: str) -> None:
    listed = json.loads(run(executable, "list_accounts", "--json", envelope(served, {}), cwd=tmp_path))

    assert len(listed["response"]) == 12


def test_the_console_script_works_from_the_folder_around_the_project(tmp_path: Path) -> None:
    logs = str(tmp_path)

    info = run(SCRIPTS / "mockapp-connector", "info", cwd=ROOT, LUMOS_LOG_DIRECTORY=logs)

    assert json.loads(info)["response"]["app_id"] == "mockapp"


def test_the_package_is_imported_from_the_folder_around_the_project() -> None:
    origin = run(
        sys.executable, "-c", "import mockapp_connector; print(mockapp_connector.__spec__.origin)", cwd=ROOT
    )

    assert origin.strip().endswith("__init__.py")
