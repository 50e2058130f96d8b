"""``connector-contract init``: what it writes for which connector, and what it refuses."""

from __future__ import annotations

import argparse
import ast
import contextlib
import io
import json
import os
import pty
import re
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from unittest import mock

import pytest
import yaml
from connector.scaffold.create import scaffold
from connector_sdk_types.generated import AuthCredential
from connector_sdk_types.oai.modules.credentials_module_types import AUTH_TYPE_MAP
from readme_blocks import blocks

# Here, because what is imported within a test is forgotten after it, and would come twice.
import connector_contract.scaffold.summary  # noqa: F401
from connector_contract.cli import main

ROOT = Path(__file__).parent.parent.parent
CONFTEST = "tests/contract/conftest.py"
REQUESTS = "tests/contract/contract_requests.py"
CONTRACT = "tests/contract/test_contract.py"
FILES = [CONFTEST, REQUESTS, CONTRACT]
ACME = "acme_connector:integration"

# An integration; what is special about it follows.
CONNECTOR = """\
from enum import Enum
from typing import Literal

from connector.generated import *
from connector.oai.capability import CustomRequest, CustomResponse
from connector.oai.integration import DescriptionData, Integration
from connector_sdk_types.generated import *
from connector_sdk_types.oai.modules.credentials_module_types import *
from pydantic import BaseModel, Field, RootModel


async def validate_credentials(args: ValidateCredentialsRequest) -> ValidateCredentialsResponse:
    return ValidateCredentialsResponse(response=ValidatedCredentials(valid=True, unique_tenant_id="t"))


def integration_of(**arguments):
    data = DescriptionData(user_friendly_name="Acme", categories=[])
    return Integration(app_id="acme", version="1", exception_handlers=[], description_data=data, **arguments)


def standard(**arguments):
    integration = integration_of(**arguments)
    integration.register_capabilities({StandardCapabilityName.VALIDATE_CREDENTIALS: validate_credentials})
    return integration


"""


@dataclass(frozen=True)
class Done:
    """What a run of the command left behind."""

    project: object
    code: int
    out: str
    err: str

    def text(self, name):
        return self.project.files[name].decode()


def forget(project):
    """Have this process import a project's modules again, whichever had these names before."""
    own = {part.removesuffix(".py") for path in project.files for part in Path(path).parts} - {"tests"}
    for name in [name for name in sys.modules if name.partition(".")[0] in own]:
        del sys.modules[name]


def init(project, *arguments):
    """Run the command in this process, which forgets the project's modules afterwards."""
    root = project.materialize()
    forget(project)
    out, err = io.StringIO(), io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patch,
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        patch.chdir(root)
        patch.setattr(sys, "path", sys.path[:])
        try:
            code = main(["init", *arguments])
        finally:
            forget(project)
    paths = [path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    files = {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}
    return Done(replace(project, files=files), code, out.getvalue(), err.getvalue())


@pytest.fixture
def start(acme):
    """Acme's connector, without a test."""
    return acme.remove("conftest.py").remove("test_acme.py")


@pytest.fixture
def connector(start):
    """A project with a connector of one's own."""

    def project(text):
        return start.remove("acme_connector.py").write("acme_connector.py", CONNECTOR + text)

    return project


def assert_tidy(done):
    """Whether ruff has nothing to say of what was written."""
    root = done.project.materialize()
    for command in (["check"], ["format", "--diff"]):
        arguments = [*command, "--isolated", "--no-cache", "--line-length=110", "tests/contract"]
        ruff = subprocess.run(
            [sys.executable, "-m", "ruff", *arguments], cwd=root, capture_output=True, text=True, check=False
        )
        assert ruff.returncode == 0, ruff.stdout + ruff.stderr


def argument(done, name):
    """An argument of the ConnectorUnderTest in the conftest.py that was written."""
    tree = ast.parse(done.text(CONFTEST))
    (value,) = [node.value for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == name]
    names = {"os": os, "json": json, "fill_in": lambda what: 1 if "number" in what else what}
    return eval(compile(ast.Expression(value), CONFTEST, "eval"), names)  # noqa: S307 - it was just written


def filled_in(done):
    """What was written for Acme, with what its author knows."""
    assert done.code == 0, done.err
    project = done.project.edit(
        CONFTEST, 'fill_in("setting `url`, a URL or host")', '"https://acme.example.com/v1"'
    )
    (origin,) = [line for line in done.text(CONFTEST).splitlines() if "upstream=Upstream(" in line]
    origin += done.text(CONFTEST).partition(origin)[2]
    known = (
        '        upstream=Upstream(origin="https://acme.example.com", app="acme_server:create_app"),\n    )\n'
    )
    create = 'fill_in("what create_account is to write (an object with any of: entitlements)")'
    return project.edit(CONFTEST, origin, known).edit(REQUESTS, create, '{"entitlements": []}')


# What is written


def test_what_is_written_is_shown_with_what_is_left_to_do(start):
    done = init(start, ACME)
    assert done.code == 0
    assert done.err == ""
    assert [name for name in FILES if name in done.project.files] == FILES
    assert done.out.split("\n\n")[0].split() == [
        *("file", "to", "fill", "in"),
        *(CONFTEST, "written", "2"),
        *(REQUESTS, "written", "1"),
        *(CONTRACT, "written", "2"),
        *(".gitattributes", "written"),
        *(".gitignore", "written"),
        *(".contract-people-key", "written"),
    ]  # fmt: skip
    assert "Replace the 5 marks fill_in(...) by what only you know.\n" in done.out
    assert "Set ACME_TOKEN to record; a replay needs no credentials.\n" in done.out
    assert done.out.endswith(
        "Then record:\n  python -m pytest tests/contract --record-mode=once\n"
        "Once it is recorded, see what Lumos is told when the application fails:\n"
        "  python -m pytest tests/contract --contract-faults\n"
    )
    assert_tidy(done)


def test_an_installed_connector_needs_no_python_m(start, tmp_path, monkeypatch):
    (tmp_path / "acme_connector.py").write_bytes(start.files["acme_connector.py"])
    monkeypatch.syspath_prepend(tmp_path)
    done = init(start.remove("acme_connector.py"), ACME)
    assert "\n  pytest tests/contract --record-mode=once\n" in done.out
    assert done.out.endswith("\n  pytest tests/contract --contract-faults\n")


def test_colours_are_for_terminals(start):
    program = "from connector_contract.cli import main; raise SystemExit(main())"
    root = start.materialize()
    reader, terminal = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    environment["TERM"] = "xterm"
    done = subprocess.run(
        [sys.executable, "-c", program, "init", ACME], cwd=root, env=environment, stdout=terminal, check=False
    )
    os.close(terminal)
    shown = os.read(reader, 99_999).decode()
    os.close(reader)
    assert done.returncode == 0
    assert "\x1b[32mwritten" in shown
    assert "\x1b" not in init(start, ACME).out


def test_the_facts_that_only_the_author_knows_are_asked_for(start):
    done = init(start, ACME)
    assert argument(done, "settings") == {"url": "setting `url`, a URL or host"}
    assert argument(done, "origin") == "the scheme and host that the connector calls with the setting `url`"
    contract = done.text(CONTRACT)
    assert "class TestAcmeContract(ConnectorContract):\n" in contract
    assert "JMESPath to the ids in a recorded body of list_accounts, such as items[].id" in contract
    assert "JMESPath to ids and statuses in a body of list_accounts, such as items[].[id, status]" in contract
    assert "WRITE_REQUESTS = {" in done.text(REQUESTS)


def test_each_capability_is_asked_by_the_contract_and_those_of_the_sdk_are_not(start):
    done = init(start, ACME)
    assert {name for name in done.project.files if name.startswith("tests/")} == set(FILES)
    collected = filled_in(done).run(CONTRACT, "--collect-only", "-q", "-krecords").output
    assert re.findall(r"::test_records\[(\w+)\]", collected) == ["list_accounts", "create_account"]


def test_files_that_exist_are_never_overwritten(start):
    mine = start.write(CONFTEST, "# mine\n").write(REQUESTS, "# mine, too\n")
    done = init(mine, ACME)
    assert done.code == 0
    assert done.project.files[CONFTEST] == b"# mine\n"
    assert done.project.files[REQUESTS] == b"# mine, too\n"
    assert "ConnectorContract" in done.text(CONTRACT)
    assert done.out.count("left as it is") == 2
    assert "Replace the 2 marks" in done.out


def test_what_git_is_told_comes_beside_what_it_was_told(start):
    mine = start.write(".gitattributes", "*.png binary\r\n\xff")
    first = init(mine, ACME)
    assert re.search(r"^\.gitattributes +lines added", first.out, re.MULTILINE)
    text = first.project.files[".gitattributes"]
    assert text.startswith("*.png binary\r\n\xff\r\n\r\n# Recordings".encode())
    assert b"**/cassettes/**/*.yaml text eol=lf linguist-generated gitlab-generated\r\n" in text
    again = init(first.project, ACME)
    assert (again.code, again.project.files) == (2, first.project.files)


def test_a_folder_in_place_of_what_git_is_told(start):
    done = init(start.write(".gitattributes/a", ""), ACME)
    assert done.code == 2
    assert done.err.startswith("A file cannot be written: Is a directory.\n")
    assert ".gitattributes" in done.err


def test_what_has_come_since_is_shown_to_be_added(start):
    line = "        StandardCapabilityName.CREATE_ACCOUNT: create_account,\n"
    first = init(start.edit("acme_connector.py", line, ""), ACME)
    assert "create_account" not in first.text(REQUESTS)
    again = init(first.project.write("acme_connector.py", start.files["acme_connector.py"]), ACME)
    assert again.code == 0
    assert again.project.files == {**first.project.files, "acme_connector.py": mock.ANY}
    requests = again.out.partition(f"Add to {REQUESTS}, for what has come since:\n\n")[2]
    assert requests.startswith("WRITE_REQUESTS: {\n")
    assert f"Add to {CONTRACT}" not in again.out


def test_nothing_to_write_could_not_run(start):
    first = init(start, ACME)
    again = init(first.project, ACME)
    assert again.code == 2
    assert again.project.files == first.project.files
    assert again.out.count("left as it is") == 6
    assert "Add to" not in again.out
    assert again.err == (
        "There is nothing to write: all files exist already.\n"
        "Remove or rename the files that you want written again.\n"
    )


# Made-up people

KEY_FILE = ".contract-people-key"


def default_url(start, *urls):
    """Acme's connector with defaults of the settings that say where it calls."""
    fields = "".join(f"\n    url{number}: str = {url!r}" for number, url in enumerate(urls, 1))
    (line,) = re.findall(r"^    url: .*$", start.files["acme_connector.py"].decode(), re.MULTILINE)
    return start.edit("acme_connector.py", line, fields.lstrip("\n"))


def test_people_are_made_up_by_a_key_that_is_nobody_elses(start):
    done = init(start, ACME)
    conftest = done.text(CONFTEST)
    assert "personal_data=True,\n" in conftest
    key = done.text(KEY_FILE)
    assert re.fullmatch(r"[\w-]{43}\n", key)
    assert (done.project.materialize() / ".gitignore").read_text().splitlines()[-1] == KEY_FILE
    assert key.strip() not in done.out
    assert (
        "\nNames, addresses and numbers of people become made-up ones. The key is in .contract-people-key, "
        "which git ignores: keep a copy where you keep secrets.\n"
    ) in done.out
    assert init(start, ACME).text(KEY_FILE) != key


def test_the_key_is_its_owners_alone(start):
    root = start.materialize()
    program = f"from connector_contract.cli import main; main(['init', {ACME!r}])"
    subprocess.run([sys.executable, "-c", program], cwd=root, umask=0, capture_output=True, check=True)
    assert (root / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert (root / CONFTEST).stat().st_mode & 0o777 == 0o666


@pytest.mark.parametrize("git_ignore", ["*.pyc\r\n", "*.pyc", "\udcff\n", f"!{KEY_FILE}\n"])
def test_what_git_ignores_already_stays(start, git_ignore):
    data = git_ignore.encode("utf-8", "surrogateescape")
    done = init(start.write(".gitignore", data), ACME)
    text = done.project.files[".gitignore"]
    assert text.startswith(data)
    assert text.endswith(b"%s%s" % (KEY_FILE.encode(), b"\r\n" if b"\r" in data else b"\n"))
    assert KEY_FILE in done.project.files
    assert re.search(r"^\.gitignore +lines added", done.out, re.MULTILINE)
    again = init(done.project, ACME)
    assert (again.code, again.project.files) == (2, done.project.files)


def test_a_key_that_is_there_stays(start):
    done = init(start.write(KEY_FILE, "mine"), ACME)
    assert done.text(KEY_FILE) == "mine"
    assert f"{KEY_FILE}\n" in done.text(".gitignore")
    assert "become made-up ones, by the key that is there.\n" in done.out


def test_where_git_ignores_it_already_somebody_else_has_the_key(start):
    done = init(start.write(".gitignore", f"/{KEY_FILE}\n"), ACME)
    assert KEY_FILE not in done.project.files
    assert "and the key is not here. Take .contract-people-key from whoever has recorded" in done.out
    assert "\n  cd . && python -c " in done.out


def test_the_environments_key_is_enough(start, monkeypatch):
    monkeypatch.setenv("CONTRACT_PEOPLE_KEY", "a-key-in-the-environment")
    done = init(start, ACME)
    assert KEY_FILE not in done.project.files
    assert f"{KEY_FILE}\n" in done.text(".gitignore")
    assert "become made-up ones, by the key that is there.\n" in done.out


def test_without_what_git_ignores_no_key_is_written(start):
    done = init(start.write(".gitignore/a", ""), ACME)
    assert done.code == 2
    assert done.err.startswith("A file cannot be written: Is a directory.\n")
    assert KEY_FILE not in done.project.files


@pytest.mark.parametrize("said", ["", "personal_data=False", "personal_data=None"])
def test_a_conftest_that_makes_nobody_up_needs_no_key(start, said):
    done = init(start.write(CONFTEST, f"# {said}\n"), ACME)
    assert {".gitignore", KEY_FILE}.isdisjoint(done.project.files)
    assert "made-up" not in done.out


def test_a_first_run_that_was_stopped_is_gone_on_with(start):
    first = init(start, ACME).project
    again = init(first.remove(".gitignore").remove(KEY_FILE), ACME)
    assert {".gitignore", KEY_FILE} <= set(again.project.files)


@pytest.mark.parametrize(
    ("urls", "is_elsewhere"),
    [
        (["http://localhost:8000"], False),
        (["127.0.0.1:8000", "http://[::1]/v1"], False),
        (["http://localhost:8000", "https://acme.example.com"], True),
        (["https://localhost.example.com"], True),
        (["http://[::1"], True),
        ([""], True),
        ([None], True),
        ([], True),
    ],
)
def test_on_this_machine_nobody_is_made_up(start, urls, is_elsewhere):
    project = default_url(start, *urls) if urls else start
    done = init(project, ACME)
    assert done.code == 0, done.err
    assert ("personal_data" in done.text(CONFTEST)) == is_elsewhere
    assert (KEY_FILE in done.project.files) == is_elsewhere
    assert (".gitignore" in done.project.files) == is_elsewhere
    assert ("made-up" in done.out) == is_elsewhere
    assert_tidy(done)


# In a repository of many connectors


@pytest.fixture
def repository(start):
    """Two connectors beside each other, neither installed, without a test."""
    files = {".git/HEAD": b""}
    for name in ("alpha", "beta"):
        for file in ("acme_connector.py", "acme_server.py"):
            text = start.files[file].replace(b"acme", name.encode())
            files[f"connectors/{name}/{file.replace('acme', name)}"] = text
        files[f"connectors/{name}/pyproject.toml"] = b"[project]\n"
    return replace(start, files=files)


def test_each_connector_has_its_tests_in_its_own_folder(repository):
    first = init(repository, "alpha_connector:integration", "--folder", "connectors/alpha", "--ci")
    assert first.code == 0, first.err
    assert "connectors/alpha/tests/contract/contract_requests_alpha.py" in first.out
    assert "  cd connectors/alpha && python -m pytest tests/contract --record-mode=once\n" in first.out
    assert "or add this folder to pythonpath in the root's pytest configuration." in first.out
    assert "no project" not in first.out
    both = init(first.project, "beta_connector:integration", "--folder", "connectors/beta", "--ci", "--tox")
    assert both.code == 0, both.err
    written = set(both.project.files) - set(repository.files)
    assert written == {
        *(f"connectors/{name}/tests/contract/conftest.py" for name in ("alpha", "beta")),
        *(f"connectors/{name}/tests/contract/contract_requests_{name}.py" for name in ("alpha", "beta")),
        *(f"connectors/{name}/tests/contract/test_contract_{name}.py" for name in ("alpha", "beta")),
        *(f".github/workflows/contract-{name}.yml" for name in ("alpha", "beta")),
        *(f"connectors/{name}/.gitignore" for name in ("alpha", "beta")),
        *(f"connectors/{name}/.contract-people-key" for name in ("alpha", "beta")),
        ".gitattributes",
        "connectors/beta/tox.ini",
    }
    # Forges read that of the repository alone, and one says it for all connectors.
    assert re.search(r"^\.gitattributes +written", first.out, re.MULTILINE)
    assert re.search(r"^\.gitattributes +left as it is", both.out, re.MULTILINE)
    workflow = both.text(".github/workflows/contract-beta.yml")
    assert "defaults:\n  run:\n    working-directory: connectors/beta\n" in workflow
    again = init(both.project, "beta_connector:integration", "--folder", "connectors/beta")
    assert (again.code, again.project.files) == (2, both.project.files)


@pytest.mark.parametrize("mode", ["prepend", "importlib"])
def test_a_run_over_both_takes_neither_for_the_other(repository, mode):
    ini = f"[pytest]\npythonpath = connectors/alpha connectors/beta\naddopts = --import-mode={mode}\n"
    project = repository.write("pytest.ini", ini)
    for name in ("alpha", "beta"):
        done = init(project, f"{name}_connector:integration", "--folder", f"connectors/{name}")
        requests = f"connectors/{name}/tests/contract/contract_requests_{name}.py"
        project = done.project.edit(requests, "create_account is", f"{name} is")
        conftest = f"connectors/{name}/tests/contract/conftest.py"
        filled = re.sub(
            r'fill_in\("[^"]*"\)', f'"https://{name}.example.com"', project.files[conftest].decode()
        )
        project = project.write(conftest, filled)
    run = project.run("-kwrites", subprocess=True)
    run.said("Not filled in yet: what alpha is to write", "Not filled in yet: what beta is to write")


def test_a_folder_that_is_no_project_is_told(repository):
    project = repository.remove("connectors/beta/pyproject.toml")
    done = init(project, "beta_connector:integration", "--folder", "connectors/beta")
    assert "This folder is no project, so recordings will lie in one above." in done.out
    done = init(project, "beta_connector:integration", "--folder", "connectors/beta", "--tox")
    assert "This folder is no project" not in done.out


def test_the_key_lies_where_the_recordings_lie(repository):
    project = repository.remove("connectors/beta/pyproject.toml").write("pyproject.toml", "[project]\n")
    done = init(project, "beta_connector:integration", "--folder", "connectors/beta")
    assert done.code == 0, done.err
    assert {".gitignore", KEY_FILE} <= set(done.project.files)
    assert not [name for name in done.project.files if name.startswith("connectors/beta/.")]
    assert "The key is in .contract-people-key, which git ignores" in done.out
    # What a second connector finds there is its key, too.
    second = init(done.project, "alpha_connector:integration", "--folder", "connectors/alpha")
    assert second.text(KEY_FILE) == done.text(KEY_FILE)
    assert "The key is in connectors/alpha/.contract-people-key, which git ignores" in second.out


def test_a_second_connector_needs_a_folder_of_its_own(start):
    first = init(start, ACME)
    text = start.files["acme_connector.py"].replace(b"acme", b"beta")
    second = init(first.project.write("beta_connector.py", text), "beta_connector:integration")
    assert second.code == 2
    assert second.err.startswith(
        "The tests in tests/contract are of another connector: they do not import beta_connector.\n"
    )
    assert "  connector-contract init beta_connector:integration --folder connectors/NAME\n" in second.err
    assert set(second.project.files) == {*first.project.files, "beta_connector.py"}


def test_names_that_are_there_stay(repository):
    old = "connectors/alpha/tests/contract/test_contract.py"
    done = init(repository.write(old, ""), "alpha_connector:integration", "--folder", "connectors/alpha")
    assert "connectors/alpha/tests/contract/contract_requests.py" in done.project.files
    assert not [name for name in done.project.files if name.endswith("_alpha.py")]


def test_a_folder_that_does_not_exist_is_told(start):
    done = init(start, ACME, "--folder", "nowhere")
    assert (done.code, done.err.splitlines()[0]) == (2, "There is no folder 'nowhere'.")


@pytest.mark.parametrize("blocked", ["tests", "tests/contract"])
def test_a_folder_that_is_a_file_is_told(start, blocked):
    done = init(start.write(blocked, ""), ACME)
    assert done.code == 2
    assert done.err.startswith("A file cannot be written: ")
    assert f"{CONFTEST}\n" in done.err


def test_tox_and_ci_are_written_on_demand(start):
    done = init(start.write("pyproject.toml", "[project]\n"), ACME, "--tox", "--ci")
    assert done.code == 0
    tox = done.text("tox.ini")
    assert tox.startswith("[tox]\nenv_list = contract\n\n[testenv:contract]\n")
    assert "    python -m pytest tests/contract {posargs}\n" in tox
    assert "    python -m pytest tests/contract --record-mode=once {posargs}\n" in tox
    assert "package = editable\n" in tox
    assert "pass_env =\n    ACME_TOKEN\n" in tox
    workflow = done.text(".github/workflows/contract.yml")
    assert "pull_request" in workflow
    assert '" -e .\n      - run: python -m pytest tests/contract\n' in workflow


def test_what_is_no_project_is_not_installed(start):
    done = init(start, ACME, "--tox", "--ci")
    assert "skip_install = true\n" in done.text("tox.ini")
    assert "-e ." not in done.text(".github/workflows/contract.yml")


@pytest.mark.parametrize(
    ("name", "text"),
    [("tox.ini", "[tox]\n"), ("tox.toml", ""), ("pyproject.toml", "[tool.tox]\nenv_list = []\n")],
)
def test_a_tox_configuration_is_left_alone_and_what_to_add_is_shown(start, name, text):
    done = init(start.write(name, text), ACME, "--tox")
    assert done.code == 0
    assert done.text(name) == text
    assert ("tox.ini" in done.project.files) == (name == "tox.ini")
    assert "Add to what is there in place of tox.ini:\n\n[testenv:contract]\n" in done.out
    assert "\n    python -m pytest tests/contract --record-mode=once {posargs}\n" in done.out


def test_a_workflow_is_left_alone_and_what_to_add_is_shown(start):
    path = ".github/workflows/contract.yml"
    done = init(start.write(path, "name: mine\n"), ACME, "--ci")
    assert done.code == 0
    assert done.text(path) == "name: mine\n"
    assert "      - run: python -m pytest tests/contract\n" in done.out


def test_where_the_harness_came_from_is_where_pip_is_sent(start, tmp_path, monkeypatch):
    metadata = tmp_path / "connector_contract-0.1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: connector-contract\nVersion: 0.1.0\n")
    monkeypatch.syspath_prepend(tmp_path)
    version = {"vcs": "git", "commit_id": "abc"}
    source = {"url": "https://git.example.com/c.git", "vcs_info": version, "subdirectory": "harness"}
    place = "connector-contract @ git+https://git.example.com/c.git@abc#subdirectory=harness"
    expected = {
        None: ("connector-contract==0.1.0", "# Check that pip asks"),
        json.dumps({"url": "file:///c", "dir_info": {}}): (
            "connector-contract==0.1.0",
            "# It is installed here",
        ),
        json.dumps(source): (place, None),
    }
    for direct_url, (requirement, to_check) in expected.items():
        if direct_url is not None:
            (metadata / "direct_url.json").write_text(direct_url)
        done = init(start, ACME, "--tox", "--ci")
        workflow = done.text(".github/workflows/contract.yml")
        steps = [each for job in yaml.safe_load(workflow)["jobs"].values() for each in job["steps"]]
        installed = [each["run"] for each in steps if "pip" in each.get("run", "")]
        assert installed == [f'python -m pip install "{requirement}"'] * 2
        assert tox_deps(done.project.materialize()) == [requirement] * 2
        for text in (done.text("tox.ini"), workflow):
            comments = re.findall("# (?:Check that pip asks|It is installed here)", text)
            assert comments == [to_check] * (2 if to_check else 0)
        assert ("Check where others get connector-contract from" in done.out) == bool(to_check)


def tox_deps(folder):
    """The deps of both environments, as tox reads them."""
    command = [sys.executable, "-m", "tox", "config", "-e", "contract,record", "-k", "deps"]
    shown = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout
    return [
        line.removeprefix("deps = ").strip() for line in shown.splitlines() if "connector-contract" in line
    ]


# Credentials


@pytest.mark.parametrize("kind", AUTH_TYPE_MAP, ids=lambda kind: kind.value)
def test_each_type_of_credential_has_its_shape(connector, kind):
    done = init(connector(f"integration = standard(auth={AUTH_TYPE_MAP[kind].__name__})\n"), ACME)
    assert done.code == 0
    auth = argument(done, "auth")
    assert list(auth) == [kind.value]
    assert isinstance(getattr(AuthCredential.model_validate(auth), kind.value), AUTH_TYPE_MAP[kind])
    assert ("A connector that signs" in done.text(CONFTEST)) == (
        kind.value in ("jwt", "key_pair", "service_account")
    )
    assert_tidy(done)


@pytest.mark.parametrize("kind", AUTH_TYPE_MAP, ids=lambda kind: kind.value)
def test_each_type_of_credential_has_its_shape_among_several(connector, kind):
    config = f'CredentialConfig(id="main", type=AuthModel("{kind.value}"), description="")'
    done = init(connector(f"integration = standard(credentials=[{config}])\n"), ACME)
    assert done.code == 0
    (credential,) = argument(done, "credentials")
    assert list(credential) == ["id", kind.value]
    parsed = AuthCredential.model_validate(credential)
    assert parsed.id == "main"
    assert isinstance(getattr(parsed, kind.value), AUTH_TYPE_MAP[kind])
    assert_tidy(done)


def test_secrets_come_from_the_environment_and_differ_from_each_other(connector, monkeypatch):
    done = init(connector("integration = standard(auth=BasicCredential)\n"), ACME)
    without = argument(done, "auth")["basic"]
    assert without["username"] != without["password"]
    monkeypatch.setenv("ACME_USERNAME", "alice")
    monkeypatch.setenv("ACME_PASSWORD", "a secret")
    assert argument(done, "auth") == {"basic": {"username": "alice", "password": "a secret"}}
    assert "Set ACME_USERNAME, ACME_PASSWORD to record" in done.out


CREDENTIALS = """
MANY = [
    CredentialConfig(id="acme_api", type=AuthModel.TOKEN, description="", optional={api}),
    CredentialConfig(id="scim", type=AuthModel.BASIC, description="", optional={scim}),
]
SETTINGS = CredentialsSettings(allowed_credentials={allowed})
integration = standard(credentials=MANY, credentials_settings=SETTINGS)
"""


@pytest.mark.parametrize(
    ("api", "scim", "allowed", "expected"),
    [
        (False, False, [], ["acme_api", "scim"]),
        (False, True, [], ["acme_api"]),
        (True, True, [], ["acme_api"]),
        (False, False, [("scim",), ("acme_api", "scim")], ["scim"]),
        (False, False, ["scim"], ["scim"]),
        (False, False, [("no_such", "scim"), ("acme_api",)], ["acme_api"]),
    ],
)
def test_of_several_credentials_one_allowed_combination_is_taken(connector, api, scim, allowed, expected):
    done = init(connector(CREDENTIALS.format(api=api, scim=scim, allowed=allowed)), ACME)
    assert done.code == 0, done.err
    assert [credential["id"] for credential in argument(done, "credentials")] == expected
    left_out = [id_ for id_ in ("acme_api", "scim") if id_ not in expected]
    assert ("# Left out" in done.text(CONFTEST)) == bool(left_out)
    for id_ in left_out:
        assert f"Lumos may connect without: {id_}." in done.text(CONFTEST)
    assert ("ACME_API_TOKEN" in done.out) == ("acme_api" in expected)
    assert ("ACME_SCIM_PASSWORD" in done.out) == ("scim" in expected)
    assert_tidy(done)


def test_a_credential_of_a_type_that_the_sdk_does_not_have_is_asked_for(connector):
    done = init(connector("class Own(BaseModel):\n    key: str\n\nintegration = standard(auth=Own)\n"), ACME)
    assert done.code == 0
    assert argument(done, "auth") == "the credential that the connector takes, as JSON"
    assert_tidy(done)


def test_a_connector_without_credentials_has_none(connector):
    done = init(connector("integration = standard()\n"), ACME)
    assert done.code == 0
    assert "auth=" not in done.text(CONFTEST)
    assert "to record; a replay" not in done.out
    assert_tidy(done)


def test_a_name_that_no_variable_or_class_can_have(connector):
    named = connector("integration = standard(auth=TokenCredential)\n")
    named = named.edit("acme_connector.py", 'app_id="acme"', 'app_id="1-acme.io"')
    named = named.edit(
        "acme_connector.py", 'user_friendly_name="Acme"', 'user_friendly_name=\'"""Ac\\n\\\\me"\''
    )
    done = init(named, ACME)
    assert done.code == 0
    assert "class Test1AcmeIoContract(" in done.text(CONTRACT)
    assert '"APP_1_ACME_IO_TOKEN"' in done.text(CONFTEST)
    assert_tidy(done)


# Settings and requests

SETTINGS = """
class Region(Enum):
    EU = "eu"
    US = "us"

class Proxy(BaseModel):
    port: int

class Settings(BaseModel):
    subdomain: str = Field(description="The part of the address\\n  before \\".acme.example.com\\"")
    apiHost: str
    region: Region
    kind: Literal["cloud"]
    verify: bool
    proxy: Proxy
    account_id: str = Field(alias="accountId", description="word " * 30)
    tags: RootModel[list[str]]
    page_size: int = 100

integration = standard(settings_model=Settings)
"""


def test_settings_without_a_default_are_asked_for(connector):
    done = init(connector(SETTINGS), ACME)
    assert argument(done, "settings") == {
        "subdomain": "setting `subdomain`, a URL or host: The part of the address before '.acme.example.com'",
        "apiHost": "setting `apiHost`, a URL or host",
        "region": "setting `region` (one of 'eu', 'us')",
        "kind": "cloud",
        "verify": "setting `verify` (True or False)",
        "proxy": {"port": 1},
        "tags": ["setting `tags`"],
        "accountId": "setting `accountId`: " + " ".join(["word"] * 13) + "...",
    }
    assert argument(done, "origin").endswith("with the setting `subdomain` and `apiHost`")
    assert_tidy(done)


CUSTOM = """
class Filter(BaseModel):
    field: str = Field(description="The field to look at")
    inner: list["Filter"]

class FindRobots(BaseModel):
    kinds: list[str]
    filters: list[Filter]

class Nothing(BaseModel):
    note: str | None = None

class NewAccount(CreatableAccount):
    email: str = Field(description="The e-mail address of the new account.")

class Robot(BaseModel):
    id: str

async def find_robots(args: CustomRequest[FindRobots]) -> CustomResponse[list[Robot]]: ...
async def get_weather(args: CustomRequest[Nothing]) -> CustomResponse[Robot]: ...
async def reset_robots(args: CustomRequest[Nothing]) -> CustomResponse[list[Robot]]: ...
async def list_resources(args: ListResourcesRequest) -> ListResourcesResponse: ...
async def get_last_activity(args: GetLastActivityRequest) -> GetLastActivityResponse: ...
async def create_account(args: CustomRequest[NewAccount]) -> CreateAccountResponse: ...
async def delete_account(args: DeleteAccountRequest) -> DeleteAccountResponse: ...

integration = integration_of()
integration.register_capabilities(
    {
        StandardCapabilityName(function.__name__): function
        for function in (list_resources, get_last_activity, create_account, delete_account)
    }
)
integration.register_custom_capabilities(
    {function.__name__: function for function in (find_robots, get_weather, reset_robots)}
)
"""


@pytest.fixture
def custom(connector):
    return init(connector(CUSTOM), ACME)


def test_requests_have_what_their_models_require(custom):
    assert custom.code == 0, custom.err
    names = {}
    exec(custom.text(REQUESTS).replace("fill_in(", "str("), names)  # noqa: S102 - it was just written
    assert names["READ_REQUESTS"] == {
        "get_last_activity": {"account_ids": ["List of account identifiers to fetch activity data for"]},
        "find_robots": {
            "kinds": ["kinds"],
            "filters": [{"field": "The field to look at", "inner": ["inner"]}],
        },
        "get_weather": {},
    }
    writes = names["WRITE_REQUESTS"]
    assert list(writes) == ["create_account", "delete_account", "reset_robots"]
    assert writes["create_account"] == {"email": "The e-mail address of the new account."}
    assert list(writes["delete_account"]) == ["account_id"]
    assert writes["reset_robots"] == {}
    assert_tidy(custom)


OPTIONAL = """
class NewAccount(CreatableAccount):
    email: str | None = None
    given_name: str | None = Field(None, alias="givenName")

async def create_account(args: CustomRequest[NewAccount]) -> CreateAccountResponse: ...

integration = integration_of()
integration.register_capabilities({StandardCapabilityName.CREATE_ACCOUNT: create_account})
"""


def test_a_write_that_requires_nothing_is_still_to_write_something(connector):
    done = init(connector(OPTIONAL), ACME)
    names = {}
    exec(done.text(REQUESTS).replace("fill_in(", "str("), names)  # noqa: S102 - it was just written
    assert names["WRITE_REQUESTS"] == {
        "create_account": "what create_account is to write "
        "(an object with any of: entitlements, email, givenName, given_name)"
    }
    assert_tidy(done)


ASSIGNS = """
async def assign_entitlement(args: AssignEntitlementRequest) -> AssignEntitlementResponse: ...

types = [
    EntitlementType(type_id=type_id, type_label=type_id, resource_type_id="", min=0)
    for type_id in TYPE_IDS
]
integration = integration_of(entitlement_types=types)
integration.register_capabilities({StandardCapabilityName.ASSIGN_ENTITLEMENT: assign_entitlement})
"""


@pytest.mark.parametrize(
    ("type_ids", "shown"),
    [(["role"], "role"), (["role", "team"], "entitlement type (one of 'role', 'team')")],
)
def test_types_are_those_that_the_integration_declares(connector, type_ids, shown):
    done = init(connector(ASSIGNS.replace("TYPE_IDS", str(type_ids))), ACME)
    assert done.code == 0, done.err
    names = {}
    exec(done.text(REQUESTS).replace("fill_in(", "str("), names)  # noqa: S102 - it was just written
    request = names["WRITE_REQUESTS"]["assign_entitlement"]
    assert (request["entitlement_type"], request["resource_type"]) == (shown, "")


def test_a_capability_that_does_not_say_what_it_takes_is_told(connector):
    untold = "def untold(args): ...\nintegration.register_custom_capabilities({'untold': untold})\n"
    done = init(connector(f"integration = standard()\n{untold}"), ACME)
    assert done.code == 2
    assert done.err == (
        "The capability untold does not say what it takes and returns: it is not annotated with models.\n"
        "  function: acme_connector.untold\n"
        "Annotate its one argument and its return value with models of the SDK.\n"
    )


# Running what was written


def test_before_anything_is_filled_in_the_run_says_what_is_missing(start):
    run = init(start, ACME).project.run(CONTRACT, "-krecords")
    assert run.exit_code == 1
    assert run.outcomes["errors"] == 1
    assert "Not filled in yet: the scheme and host that the connector calls" in run.output
    assert f"fill in: {CONFTEST}:22\n" in run.output
    assert "Traceback" not in run.output


def test_requests_that_are_not_filled_in_are_told_one_by_one(custom):
    project = custom.project
    text = custom.text(CONFTEST)
    start, end = text.index("fill_in(", text.index("upstream=")), text.index(")", text.index("upstream="))
    project = project.write(CONFTEST, text[:start] + '"https://acme.example.com"' + text[end + 1 :])
    rules = "writes and delete_account or coverage and find_robots"
    run = project.run(CONTRACT, "--record-mode=once", "-k", rules)
    assert run.outcomes["errors"] == 2
    assert "Not filled in yet: kinds\n" in run.output
    assert "Not filled in yet: The unique identifier of the account to delete" in run.output
    assert f"fill in: {REQUESTS}:" in run.output
    assert not run.project.recorded("cassettes")


@pytest.mark.loopback
@pytest.mark.parametrize("mode", ["prepend", "importlib"])
@pytest.mark.parametrize("package", [False, True], ids=["folder", "package"])
def test_filled_in_it_records_and_then_replays_without_credentials(start, monkeypatch, mode, package):
    start = start.write("pytest.ini", f"[pytest]\naddopts = --import-mode={mode}\n")
    if package:
        # As ``connector scaffold`` has it.
        start = start.write("tests/__init__.py", "")
    start = start.write("tests/unit/test_other.py", "def test_passes():\n    pass\n")
    done = init(start, ACME)
    assert_tidy(done)
    # Acme's connector keeps only a part of the standard contract.
    project = filled_in(done)
    rules = ("tests", "-k", "records or other")
    # By importlib, what this process has imported of the same name would come again.
    with monkeypatch.context() as recording:
        recording.setenv("ACME_TOKEN", "open-sesame")
        recorded = project.run(*rules, "--record-mode=once", subprocess=mode == "importlib")
    assert (recorded.exit_code, recorded.outcomes["passed"]) == (0, 3), recorded.output
    assert len(recorded.project.recorded("cassettes")) == 2
    snapshot = "snapshots/tests/contract/test_contract/TestAcmeContract.test_records[list_accounts].json"
    assert b'"u1"' in recorded.project.files[snapshot]
    assert not any(
        b"open-sesame" in data for data in recorded.project.files.values() if b"def create_app" not in data
    )
    replayed = recorded.project.run(*rules, subprocess=mode == "importlib")
    assert (replayed.exit_code, replayed.outcomes["passed"]) == (0, 3), replayed.output
    assert replayed.project.files == recorded.project.files


@pytest.mark.parametrize("single", [True, False], ids=["single-auth", "multi-auth"])
def test_what_the_sdk_scaffolds_has_its_first_run(start, tmp_path, capsys, single):
    options = {"single_auth": single, "author_name": "Alice", "author_email": "alice@example.com"}
    options |= {"force_overwrite": False, "tests_only": False}
    scaffold(argparse.Namespace(name="acme", directory=str(tmp_path / "acme"), **options))
    capsys.readouterr()
    root = tmp_path / "acme"
    files = {
        path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }
    done = init(replace(start, files=files), "acme.integration:integration")
    assert done.code == 0, done.err
    assert_tidy(done)
    project = done.project.edit(CONFTEST, 'fill_in("setting `account_id`")', '"a1"')
    what = 'fill_in("the scheme and host that the connector calls, such as https://api.example.com")'
    project = project.edit(CONFTEST, what, '"https://acme.example.com"')
    run = project.run(CONTRACT, "-krecords", "--record-mode=once", plugins=("asyncio",))
    # Of several credentials, each is validated alone as well.
    count = 1 if single else 2
    assert (run.exit_code, run.outcomes["passed"]) == (0, count), run.output
    snapshots = run.project.recorded("snapshots").values()
    assert [b'"valid": true' in snapshot for snapshot in snapshots] == [True] * count


@pytest.mark.loopback
def test_mockapp_starts_with_what_its_own_tests_have_in_the_end(start, monkeypatch):
    server = (ROOT / "mock_api_server.py").read_text("utf-8")
    done = init(start.write("mock_api_server.py", server), "mockapp_connector.integration:integration")
    assert done.code == 0, done.err
    mine = {}
    exec((ROOT / "tests/contract/test_contract.py").read_text("utf-8"), mine)  # noqa: S102 - it is our own
    config = mine["TestMockappContract"]
    written = {}
    exec(done.text(REQUESTS).replace("fill_in(", "str("), written)  # noqa: S102 - it was just written
    for name, known in (("READ_REQUESTS", config.read_requests), ("WRITE_REQUESTS", config.write_requests)):
        assert written[name].keys() == known.keys()
        assert all(request.keys() <= known[key].keys() for key, request in written[name].items())
    project = done.project.write(
        REQUESTS, f"READ_REQUESTS = {config.read_requests}\nWRITE_REQUESTS = {config.write_requests}\n"
    )
    origin = 'fill_in("the scheme and host that the connector calls with the setting `api_url`")'
    project = project.edit(CONFTEST, origin, '"http://localhost:8000", app="mock_api_server:create_app"')
    for attribute in ("upstream_ids", "upstream_status"):
        for name, path in getattr(config, attribute).items():
            project = filled(project, CONTRACT, f'"{name}": ', repr(path))
    project = filled(project, CONFTEST, '"api_url": ', '"http://localhost:8000"')
    monkeypatch.setenv("MOCKAPP_TOKEN", "valid-token")
    run = project.run("tests", "--record-mode=once")
    assert (run.exit_code, run.outcomes.get("skipped")) == (0, 14), run.output
    assert run.outcomes["passed"] > 100


def filled(project, name, before, value):
    """A file with the first ``fill_in`` after some text replaced."""
    text = project.files[name].decode()
    start = text.index("fill_in(", text.index(before))
    end = text.index(")", text.index('"', text.index('"', start) + 1)) + 1
    return project.write(name, text[:start] + value + text[end:])


# What cannot be a connector


@pytest.mark.parametrize(
    "name",
    ["acme_connector", "", ":", "acme_connector:", ":integration", "a/b.py:x", "a..b:x", "class:x", "a:b.c"],
)
def test_what_is_no_name_of_an_integration(start, name):
    done = init(start, name)
    assert done.code == 2
    assert done.err == (
        f"{name!r} is not a MODULE:INTEGRATION.\n"
        "Name the module and the object in it:\n"
        "  connector-contract init acme_connector.integration:integration\n"
    )
    assert done.project == start


def refused(project, name, *said):
    done = init(project, name)
    assert (done.code, done.out) == (2, "")
    assert "Traceback" not in done.err
    for line in said:
        assert line in done.err
    assert done.project.files == project.files
    return done.err


def test_a_module_that_does_not_exist_is_told_with_the_places_looked_in(start):
    refused(
        start,
        "no_such_connector.integration:integration",
        "There is no module 'no_such_connector', neither in the current folder nor in the environment.\n",
        "folder:      /",
        f"environment: {sys.prefix}\n",
    )


def test_the_part_that_does_not_exist_is_told_with_what_is_there(start):
    package = start.write("acme/__init__.py", "").write("acme/client.py", "").write("acme/settings.py", "")
    refused(
        package,
        "acme.integration:integration",
        "There is no module 'acme.integration': 'acme' exists, and has no 'integration'.\n",
        "/acme\n",
        "It has: client, settings\n",
    )
    refused(package, "acme.client.x:y", "'acme.client' exists, and has no 'x'.")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("import no_such_dependency", "ModuleNotFoundError: No module named 'no_such_dependency'"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("raise SystemExit('usage: acme')", "SystemExit: usage: acme"),
        ("def f(:", "SyntaxError: "),
        ("import json; json.loads('{')", "JSONDecodeError: "),
    ],
)
def test_a_connector_that_does_not_import_is_told_with_its_own_line(start, line, said):
    broken = start.write("acme_client.py", f"\n{line}\n").write("acme_connector.py", "import acme_client\n")
    refused(
        broken,
        ACME,
        f"The module 'acme_connector' cannot be imported: {said}",
        "acme_client.py:2\n",
        "  python -c 'import acme_connector'\n",
    )


def test_an_attribute_that_is_missing_is_told_with_those_that_are_there(start):
    more = start.edit(
        "acme_connector.py", "integration.register_cap", "another = integration\nintegration.register_cap"
    )
    refused(
        more,
        "acme_connector:app",
        "'app' of the module 'acme_connector' does not exist.\n",
        "Its Integration objects: another, integration\n",
    )
    refused(
        start,
        "acme_server:integration",
        "'integration' of the module 'acme_server' does not exist.",
        "It has no Integration object.\n",
    )


def test_the_program_itself_is_no_connector(start):
    refused(start, "__main__:integration", "'integration' of the module '__main__' does not exist.\n")


def test_two_test_modules_of_one_name_are_an_error_and_never_mixed_up(start):
    done = init(start, ACME)
    project = done.project.write("tests/other/test_contract.py", "def test_passes(): ...\n")
    run = project.run("tests")
    assert run.exit_code == 2
    assert "import file mismatch" in run.output


def test_an_object_that_is_no_integration_is_told(start):
    refused(
        start,
        "acme_connector:Client",
        "'Client' of the module 'acme_connector' is not an Integration, but a value of <class 'type'>.\n",
        "Its Integration objects: integration\n",
    )


def test_an_integration_without_capabilities_is_told(connector):
    refused(
        connector("integration = integration_of()\n"),
        ACME,
        "The integration 'acme' has no capabilities of its own.\n",
        "app_info",
        "integration.register_capabilities({...})",
    )


def test_the_current_folder_is_where_a_connector_is_found(start, monkeypatch):
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if entry not in ("", ".")])
    assert init(start, ACME).code == 0


# The documentation


@pytest.fixture
def documented(start):
    """Acme's connector as docs/init.md has it: a module of a package."""
    text = start.files["acme_connector.py"].decode()
    return start.remove("acme_connector.py").write("acme_connector/integration.py", text)


def documentation(language):
    text = (ROOT / "docs" / "init.md").read_text("utf-8")
    return [block.text for block in blocks(text) if block.language == language]


def test_the_documentation_shows_what_is_written(documented):
    plain, with_options, elsewhere, variable, record, _again, replay = documentation("bash")
    name = plain.split()[2]
    assert plain.split()[:2] == ["connector-contract", "init"]
    done = init(documented, *with_options.split()[2:])
    assert (done.code, with_options.split()[2]) == (0, name)
    folder = elsewhere.split()[4]
    moved = {f"{folder}/{path}": data for path, data in documented.files.items()}
    assert init(replace(documented, files=moved), *elsewhere.split()[2:]).code == 0
    (shown,) = documentation("python")
    assert shown == done.text(CONFTEST)
    assert variable.startswith("export ACME_TOKEN=")
    assert f"  python -m {record}" in done.out
    assert record.startswith(replay.strip())
    assert {path for path in done.project.files if path.startswith("tests/contract/")} == set(FILES)


@pytest.mark.loopback
def test_the_documented_commands_record_and_replay_with_the_standard_contract(documented, monkeypatch):
    project = filled_in(init(documented, "acme_connector.integration:integration"))
    text = project.files[CONTRACT].decode()
    for attribute, path in (("upstream_ids", "users[].id"), ("upstream_status", "users[].[id, state]")):
        start = text.index("fill_in(", text.index(f"{attribute}: ClassVar"))
        end = text.index('"', text.index('"', start) + 1) + 1
        text = text[:start] + f'("{path}"' + text[end:]
    *_inits, _variable, record, again, replay = documentation("bash")
    with monkeypatch.context() as recording:
        recording.setenv("ACME_TOKEN", "open-sesame")
        # Without a key, who is recorded alone has another stand-in.
        recording.setenv("CONTRACT_PEOPLE_KEY", "a key of the test's own")
        recorded = project.write(CONTRACT, text).run(*record.split()[1:], "-v")
        # pytest's cache, which the last option needs, is off in these runs.
        rewritten = recorded.project.run(*again.split()[1:-1], "-v")
    replayed = rewritten.project.run(*replay.split()[1:], "-v")
    for run in (recorded, rewritten, replayed):
        for capability in ("list_accounts", "create_account"):
            assert f"{CONTRACT}::TestAcmeContract::test_records[{capability}] PASSED" in run.output
        # Acme's connector keeps only a part of the standard contract; what counts is that it is asked.
        assert f"{CONTRACT}::TestAcmeContract::" in run.output
        assert "Not filled in yet" not in run.output
