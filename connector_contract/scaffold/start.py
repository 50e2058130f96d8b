"""Write the first contract tests of a connector: what its integration declares, and marks for the rest."""

from __future__ import annotations

import contextlib
import importlib.metadata
import os
import re
import secrets
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import jinja2
from connector.oai.integration import Integration

from connector_contract.contract.capabilities import Capability, own_capabilities
from connector_contract.contract.credential_variants import WITHOUT_EXAMPLE
from connector_contract.errors import CannotWrite, UsageError
from connector_contract.personal_kinds import KEY_FILE, KEY_VARIABLE
from connector_contract.safety.target import is_loopback
from connector_contract.scaffold import git_attributes, git_ignore, inspection
from connector_contract.scaffold.loading import Loaded, load_integration
from connector_contract.scaffold.python_source import Call, calls, statement
from connector_contract.scaffold.requirement import Requirement, requirement
from connector_contract.storage.projects import marked, repository_of, up_to

FOLDER = "tests/contract"
_TESTS = ("conftest.py", "contract_requests.py", "test_contract.py")
_WORKFLOW = ".github/workflows/contract"
_CONFIGURATIONS = ("pytest.ini", ".pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg")

_ORIGIN = "the scheme and host that the connector calls, such as https://api.example.com"
_ORIGIN_OF = "the scheme and host that the connector calls with the setting "
_UPSTREAM = {
    "upstream_ids": {
        "list_accounts": "the ids in a recorded body of list_accounts, such as items[].id",
        "list_resources": "the ids in a recorded body of list_resources, such as items[].id",
        "list_entitlements": "the ids in a recorded body of list_entitlements, such as items[].id",
        "find_entitlement_associations": "accounts and entitlements in a recorded body, such as "
        "items[].[user, role]",
        "get_last_activity": "the ids with an activity in a recorded body, such as [@][?last_login].id",
    },
    "upstream_status": {
        "list_accounts": "ids and statuses in a body of list_accounts, such as items[].[id, status]",
    },
}

_PARTS = {
    "contract_requests.py": {"READ_REQUESTS": "read_requests", "WRITE_REQUESTS": "write_requests"},
    "test_contract.py": {"upstream_ids": "upstream_ids", "upstream_status": "upstream_status"},
}
"""Of the files that have something for each capability: its names there, and what it is made from."""


@dataclass(frozen=True)
class WrittenFile:
    """What became of one file.

    Attributes:
        path: Its path in the project.
        text: What it has, or would have.
        done: Whether it was written; it was not if there was one already.
        to_add: What one that was there lacks, for capabilities that have come since.
        was_there: Whether lines were added to a file that was there.
    """

    path: str
    text: str
    done: bool
    to_add: str = ""
    was_there: bool = False

    @property
    def missing(self) -> int:
        """How many values are left to fill in."""
        return self.text.count("fill_in(")


@dataclass(frozen=True)
class Start:
    """What a connector starts with.

    Attributes:
        files: What became of each file.
        variables: The environment variables that the credentials are read from.
        installed: Whether pytest finds the connector from any folder.
        above: The root of the repository, if the connector's folder is one of many in it.
        is_project: Whether recordings lie in the connector's folder.
        to_check: What to check of the requirement that the files for tox and for CI have.
        key: Where the key for made-up people is, or should be; empty if nobody is made up.
        has_key: Whether there is one.
    """

    files: list[WrittenFile]
    variables: list[str]
    installed: bool
    above: Path | None = None
    is_project: bool = True
    to_check: tuple[str, ...] = ()
    key: str = ""
    has_key: bool = False


def start(name: str, folder: Path, *, tox: bool = False, ci: bool = False) -> Start:
    """Write the first contract tests of a connector into its project. Files that exist are left alone.

    Of these, ``.gitattributes`` and ``.gitignore`` alone get what they lack.

    Args:
        name: Where its integration is, as ``module:attribute``.
        folder: The project.
        tox: Whether to write tox.ini, too.
        ci: Whether to write a workflow for GitHub, too.

    Returns:
        What was written.

    Raises:
        UsageError: There is no such integration, it has nothing to test, or the tests there are of another.
        CannotWrite: The file system does not let a file be written.
    """
    loaded = load_integration(name, folder)
    _refuse_another(folder, loaded)
    facts = _facts(loaded, folder)
    files = []
    for template in _TESTS:
        file = _write(folder, f"{FOLDER}/{facts['file_names'][template]}", _render(template, facts))
        lacks = "" if file.done else _lacks(folder / file.path, template, facts)
        files.append(replace(file, to_add=lacks))
    above = _repository_above(folder)
    attributes = _at_root(folder, above, git_attributes.FILE)
    files.append(_add_lines(folder, attributes, git_attributes.with_recordings))
    if tox:
        environments = _render("tox.ini", facts)
        if _has_tox(folder):
            files.append(WrittenFile("tox.ini", environments, done=False))
        else:
            files.append(_write(folder, "tox.ini", f"[tox]\nenv_list = contract\n\n{environments}"))
    if ci:
        files.append(_write(folder, _workflow(folder, above, facts), _render("contract.yml", facts)))
    is_project = above is None or marked(folder, folder) == folder
    to_check = facts["requirement"].to_check if tox or ci else ()
    started = Start(files, facts["variables"], loaded.installed, above, is_project, to_check)
    return _with_key(started, folder) if _makes_up_people(folder) else started


def _makes_up_people(folder: Path) -> bool:
    """Whether the connector's recordings have made-up people, by the conftest.py that is there now."""
    text = (folder / FOLDER / "conftest.py").read_text("utf-8", "replace")
    return re.search(r"\bpersonal_data=(?!False|None)", text) is not None


def _with_key(started: Start, folder: Path) -> Start:
    """Write a key for made-up people into the project, once git ignores it.

    Where git does already, somebody else has the key: with another one, all people would be others.
    """
    root = Path(os.path.relpath(marked(folder, folder) or folder, folder))
    ignore = _add_lines(folder, (root / git_ignore.FILE).as_posix(), git_ignore.with_key)
    files, key = [*started.files, ignore], (root / KEY_FILE).as_posix()
    if os.path.lexists(folder / key):
        files.append(WrittenFile(key, "", done=False))
    elif ignore.done and KEY_VARIABLE not in os.environ:
        written = _write(folder, key, f"{secrets.token_urlsafe(32)}\n", mode=0o600)
        # What a file has may be shown.
        files.append(replace(written, text=""))
    has_key = files[-1].path == key or KEY_VARIABLE in os.environ
    return replace(started, files=files, key=key, has_key=has_key)


def _refuse_another(folder: Path, loaded: Loaded) -> None:
    conftest = folder / FOLDER / "conftest.py"
    text = conftest.read_text("utf-8", "replace") if conftest.is_file() else ""
    if "connector_under_test" in text and loaded.module.partition(".")[0] not in text:
        raise UsageError(
            f"The tests in {FOLDER} are of another connector: they do not import {loaded.module}.",
            where=[("file", str(conftest))],
            remedy="Run the command in the folder of this connector, or name that folder:\n"
            f"  connector-contract init {loaded.module}:{loaded.attribute} --folder connectors/NAME",
        )


def _repository_above(folder: Path) -> Path | None:
    """The root of the repository that a folder is in, if it is another folder."""
    root = repository_of(folder)
    return None if root == folder else root


def _workflow(folder: Path, above: Path | None, facts: Mapping[str, Any]) -> str:
    """The path of the workflow: GitHub looks at the repository's root alone."""
    if above is None:
        return f"{_WORKFLOW}.yml"
    return _at_root(folder, above, f"{_WORKFLOW}-{facts['word']}.yml")


def _at_root(folder: Path, above: Path | None, name: str) -> str:
    """The path of a file that lies in the repository's root, as it is seen from the connector's folder."""
    return name if above is None else Path(os.path.relpath(above / name, folder)).as_posix()


def _file_names(folder: Path, word: str) -> dict[str, str]:
    """What the file of each template is called.

    In a repository of many connectors, a run of pytest over several takes modules of one name for one module.
    """
    names = {name: name for name in _TESTS}
    if _repository_above(folder) is None or (folder / FOLDER / "test_contract.py").exists():
        return names
    return names | {name: f"{Path(name).stem}_{word}.py" for name in _TESTS if name != "conftest.py"}


def _lacks(path: Path, template: str, facts: Mapping[str, Any]) -> str:
    """What a test file lacks: that of the capabilities which it does not name."""
    text = path.read_text("utf-8", "replace")
    new = [each for each in facts["capabilities"] if f'"{each.name}"' not in text]
    lines = []
    for shown, fact in _PARTS.get(template, {}).items():
        part = {each.name: facts[fact][each.name] for each in new if each.name in facts[fact]}
        lines += [statement(f"{shown}: ", part)] if part else []
    return "\n".join(lines)


def _facts(loaded: Loaded, folder: Path) -> dict[str, Any]:
    """All that the templates ask for."""
    integration = loaded.integration
    found = own_capabilities(integration)
    examples = {name: inspection.example(capability, integration) for name, capability in found.items()}
    credentials = inspection.credentials(integration)
    word = "_".join(inspection.words(integration.app_id))
    file_names = _file_names(folder, word)
    return {
        "word": word,
        "file_names": file_names,
        "requests_module": Path(file_names["contract_requests.py"]).stem,
        "title": _title(integration),
        "class_name": "".join(word.capitalize() for word in inspection.words(integration.app_id)),
        "module": loaded.module,
        "attribute": loaded.attribute,
        "credentials": credentials,
        "modules": sorted(_modules(credentials.value)),
        "variables": _variables(credentials.value),
        "settings": inspection.settings(integration),
        "personal_data": not _is_on_this_machine(integration),
        "upstream": Call("Upstream", keywords={"origin": Call("fill_in", (_origin(integration),))}),
        "capabilities": list(found.values()),
        **_requests(found, examples),
        **_expressions(found),
        **_project(folder),
    }


def _title(integration: Integration) -> str:
    """The application's name, as it can stand in a docstring."""
    name = integration.description_data.user_friendly_name or integration.app_id
    return " ".join(re.sub(r'["\\]', " ", name).split())


def _modules(value: object) -> set[str]:
    return {call.function.partition(".")[0] for call in calls(value) if "." in call.function}


def _variables(value: object) -> list[str]:
    return [call.arguments[0] for call in calls(value) if call.function == "os.environ.get"]


def _origin(integration: Integration) -> str:
    names = " and ".join(f"`{name}`" for name in inspection.url_settings(integration))
    return f"{_ORIGIN_OF}{names}" if names else _ORIGIN


def _is_on_this_machine(integration: Integration) -> bool:
    """Whether the settings say by their defaults that the connector calls this machine alone."""
    names = inspection.url_settings(integration)
    defaults = [integration.settings_model.model_fields[name].default for name in names]
    return bool(defaults) and all(isinstance(url, str) and _is_loopback(url) for url in defaults)


def _is_loopback(url: str) -> bool:
    try:
        return is_loopback(url if "://" in url else f"http://{url}")
    except ValueError:
        return False


def _requests(found: Mapping[str, Capability], examples: Mapping[str, Any]) -> dict[str, Any]:
    needed = {name: example for name, example in examples.items() if name not in WITHOUT_EXAMPLE}
    given = {name: example for name, example in needed.items() if example is not None}
    # What hands out tokens is asked with oauth_requests, which nobody but the author knows.
    reads = {
        name: example
        for name, example in given.items()
        if not found[name].writes and not found[name].is_oauth
    }
    writes = {name: example for name, example in given.items() if found[name].writes}
    return {
        "read_requests": reads,
        "write_requests": writes,
        "requests_to_fill_in": any(call.function == "fill_in" for call in calls([reads, writes])),
    }


def _expressions(names: Container[str]) -> dict[str, Any]:
    """The JMESPaths that the standard contract needs of these capabilities."""
    return {
        attribute: {
            name: Call("fill_in", (f"JMESPath to {what}",)) for name, what in missing.items() if name in names
        }
        for attribute, missing in _UPSTREAM.items()
    }


def _project(folder: Path) -> dict[str, Any]:
    """What there is around the tests."""
    above = _repository_above(folder)
    configurations = [each / name for each in up_to(folder, above or folder) for name in _CONFIGURATIONS]
    texts = [path.read_text("utf-8", "replace") for path in configurations if path.is_file()]
    return {
        # To read it where there is none does no harm.
        "by_importlib": any("import-mode=importlib" in text for text in texts),
        "is_project": any((folder / name).is_file() for name in ("pyproject.toml", "setup.py")),
        "requirement": _requirement(),
        "folder": "" if above is None else folder.relative_to(above).as_posix(),
    }


def _requirement() -> Requirement:
    """What pip is told elsewhere to install the harness that is installed here."""
    name = "connector-contract"
    try:
        installed = importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return requirement(name, None, None)
    return requirement(name, installed.version, installed.read_text("direct_url.json"))


def _has_tox(folder: Path) -> bool:
    pyproject = folder / "pyproject.toml"
    return (
        (folder / "tox.ini").exists()
        or (folder / "tox.toml").exists()
        or (pyproject.is_file() and "[tool.tox" in pyproject.read_text("utf-8", "replace"))
    )


def _render(template: str, facts: Mapping[str, Any]) -> str:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701 - it writes no HTML
        keep_trailing_newline=True,
        trim_blocks=True,
    )
    return environment.get_template(f"{template}.jinja").render(facts, statement=statement)


def _add_lines(folder: Path, path: str, with_lines: Callable[[str], str]) -> WrittenFile:
    """Write what git is told, beside what is there."""
    target = folder / path
    try:
        was_there = target.exists()
        # As it is, whatever its encoding and its line ends.
        there = target.read_bytes().decode("utf-8", "surrogateescape") if was_there else ""
        text = with_lines(there)
        if text != there:
            target.write_bytes(text.encode("utf-8", "surrogateescape"))
    except OSError as error:
        raise _cannot_write(target, error) from None
    return WrittenFile(path, "", done=text != there, was_there=was_there)


def _cannot_write(target: Path, error: OSError) -> CannotWrite:
    return CannotWrite(
        f"A file cannot be written: {error.strerror}.",
        where=[("file", str(target))],
        remedy="Make the folder writable, or run the command in the connector's folder.",
    )


def _write(folder: Path, path: str, text: str, mode: int = 0o666) -> WrittenFile:
    target = folder / path
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # What is there already is seen by the same call that would write.
        with (
            contextlib.suppress(FileExistsError),
            open(target, "x", encoding="utf-8", newline="\n", opener=partial(os.open, mode=mode)) as file,
        ):
            file.write(text)
            return WrittenFile(path, text, done=True)
    except OSError as error:
        raise _cannot_write(target, error) from None
    return WrittenFile(path, text, done=False)
