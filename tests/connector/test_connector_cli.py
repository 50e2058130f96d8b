"""The connector as a program: its command line, what it logs, and importing it from anywhere."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import tomli

from tests.connector.connector_testing import PROJECT, REQUESTS, ROOT, envelope

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run Python with the connector's project on its path, as an editable install puts it there."""

    def run(*arguments: str, cwd: Path = tmp_path, **variables: str) -> "subprocess.CompletedProcess[str]":
        environment = {**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONDONTWRITEBYTECODE": "1", **variables}
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=cwd,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_the_console_script_is_the_main_function() -> None:
    project = tomli.loads((PROJECT / "pyproject.toml").read_text())["project"]

    assert project["scripts"] == {"mockapp-connector": "mockapp_connector.main:main"}


def test_info_tells_what_the_connector_is(run: Run) -> None:
    done = run("-m", "mockapp_connector.main", "info")

    assert done.returncode == 0
    assert json.loads(done.stdout)["response"]["user_friendly_name"] == "MockApp"


@pytest.mark.loopback
@pytest.mark.parametrize("capability", REQUESTS)
def test_each_capability_is_a_command(run: Run, served: str, capability: str) -> None:
    done = run("-m", "mockapp_connector.main", capability, "--json", envelope(served, REQUESTS[capability]))

    assert done.returncode == 0
    assert json.loads(done.stdout)["response"]


@pytest.mark.loopback
def test_what_is_logged_has_no_token_and_no_address(run: Run, served: str, tmp_path: Path) -> None:
    token = "not-a-good-one"  # noqa: S105 - that is what must not be logged
    done = [
        run(
            *("-m", "mockapp_connector.main", "list_accounts"),
            *("--json", envelope(served, {}, used)),
            LUMOS_LOG_LEVEL="DEBUG",
        )
        for used in ("valid-token", token)
    ]
    [log] = (tmp_path / "logs").iterdir()
    logged = log.read_text() + done[0].stderr + done[1].stderr

    assert "Alice Martin" in done[0].stdout
    assert json.loads(done[1].stdout)["error"]["error_code"] == "unauthorized"
    assert log.name.startswith("mockapp_")
    assert "unauthorized" in logged
    assert "Alice Martin" in logged
    assert token not in logged
    assert "valid-token" not in logged
    assert "alice.martin@example.com" not in logged


@pytest.mark.parametrize(
    "folder",
    [
        pytest.param(Path("/"), id="the file system's root"),
        pytest.param(ROOT, id="the folder around the project"),
        pytest.param(PROJECT, id="the project"),
        pytest.param(PROJECT / "mockapp_connector", id="the package"),
    ],
)
def test_the_connector_is_imported_from_any_folder(run: Run, folder: Path) -> None:
    imported = "import mockapp_connector.client; print(mockapp_connector.__file__)"

    done = run("-c", imported, cwd=folder)

    assert done.stdout.strip() == str(PROJECT / "mockapp_connector" / "__init__.py")


def test_an_editable_install_is_a_path_and_not_an_import_hook() -> None:
    # setuptools decides so by this line; an import hook comes too late where the project's folder is seen.
    setuptools = tomli.loads((PROJECT / "pyproject.toml").read_text())["tool"]["setuptools"]

    assert setuptools["package-dir"] == {"": "."}
    packages = {".".join(file.parent.relative_to(PROJECT).parts) for file in PROJECT.rglob("__init__.py")}
    assert set(setuptools["packages"]) == packages
