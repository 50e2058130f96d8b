"""What ``connector-contract init`` shows: the files, what is left to fill in, and the next command."""

from __future__ import annotations

import posixpath
import shlex

from rich.console import Console
from rich.table import Table
from rich.text import Text

from connector_contract.personal_kinds import KEY_FILE, MAKE_KEY
from connector_contract.scaffold.start import FOLDER, Start, WrittenFile


def show(started: Start, console: Console, folder: str = ".") -> None:
    """Show what was written and what comes next.

    Args:
        started: What was written.
        console: Where to; it has colours on a terminal only.
        folder: The connector's, as it is seen from the current one.
    """
    console.print(_table(started.files, folder))
    for file in started.files:
        if file.to_add:
            _print(console, f"\nAdd to {file.path}, for what has come since:\n\n{file.to_add}", "dim")
        elif not file.done and file.text and not file.path.startswith(FOLDER):
            _print(console, f"\nAdd to what is there in place of {file.path}:\n\n{file.text.rstrip()}", "dim")
    if any(file.done for file in started.files):
        _print(console, "\n" + "\n".join(_next(started, folder)))


def _table(files: list[WrittenFile], folder: str) -> Table:
    table = Table("file", "", "to fill in", box=None, pad_edge=False, header_style="bold")
    for file in files:
        written = "lines added" if file.was_there else "written"
        done = Text(written, "green") if file.done else Text("left as it is", "yellow")
        path = posixpath.normpath(f"{folder}/{file.path}")
        table.add_row(Text(path), done, str(file.missing or "") if file.done else "")
    return table


def _next(started: Start, folder: str) -> list[str]:
    missing = sum(file.missing for file in started.files if file.done)
    steps = []
    if missing:
        steps.append(f"Replace the {missing} marks fill_in(...) by what only you know.")
    if started.variables:
        steps.append(f"Set {', '.join(started.variables)} to record; a replay needs no credentials.")
    steps.append("Of a server elsewhere, a recording changes only what Upstream(writable_ids=[...]) names.")
    steps += _about_key(started, folder)
    if started.to_check:
        steps.append("Check where others get connector-contract from: see the comments beside that name.")
    # Without an installation, only this has the current folder on the path.
    python = "" if started.installed else "python -m "
    into = "" if folder == "." else f"cd {shlex.quote(folder)} && "
    steps.append(f"Then record:\n  {into}{python}pytest {FOLDER} --record-mode=once")
    steps.append(
        "Once it is recorded, see what Lumos is told when the application fails:\n"
        f"  {into}{python}pytest {FOLDER} --contract-faults"
    )
    return steps + _beside_others(started)


def _about_key(started: Start, folder: str) -> list[str]:
    """What to know of the key for made-up people."""
    if not started.key:
        return []
    path = posixpath.normpath(f"{folder}/{started.key}")
    if any(file.path == started.key and file.done for file in started.files):
        return [
            "Names, addresses and numbers of people become made-up ones. The key is in "
            f"{path}, which git ignores: keep a copy where you keep secrets."
        ]
    if started.has_key:
        return ["Names, addresses and numbers of people become made-up ones, by the key that is there."]
    into = shlex.quote(posixpath.dirname(path) or ".")
    return [
        "Names, addresses and numbers of people become made-up ones, and the key is not here. "
        f"Take {KEY_FILE} from whoever has recorded this connector, or make one:\n  cd {into} && {MAKE_KEY}"
    ]


def _beside_others(started: Start) -> list[str]:
    """What to know in a repository of many connectors."""
    if started.above is None:
        return []
    steps = []
    if not started.is_project:
        steps.append(
            "This folder is no project, so recordings will lie in one above. "
            "Add a pyproject.toml here first, if they are to lie here."
        )
    if not started.installed:
        steps.append(
            "To run the tests from the repository's root, install the connector, "
            "or add this folder to pythonpath in the root's pytest configuration."
        )
    return steps


def _print(console: Console, text: str, style: str = "") -> None:
    # A command must not be broken into lines.
    console.print(Text(text, style), soft_wrap=True)
