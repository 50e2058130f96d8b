"""The line of the connector that asked, wherever the connector is and whatever runs it."""

from __future__ import annotations

import asyncio
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from connector_contract.reporting.tracebacks import Waiting, asking_line

ASKS = """
import asyncio

def sync(ask):
    return ask()

async def coroutine(ask):
    return ask()

async def in_a_thread(ask):
    return await asyncio.to_thread(ask)

async def task(ask):
    return await library(ask)
"""
LIBRARY = """
import asyncio

async def library(ask):
    async def part():
        return ask()
    return await asyncio.create_task(part())
"""


@pytest.fixture
def connector(tmp_path, monkeypatch):
    """A connector in a package of its own, beside a library, both outside of the project."""
    package = tmp_path / "site-packages" / "asking_connector"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("def direct(ask):\n    return ask()\n")
    (package / "client.py").write_text("from asking_library import library\n" + ASKS)
    (tmp_path / "site-packages" / "asking_library.py").write_text(LIBRARY)
    monkeypatch.syspath_prepend(tmp_path / "site-packages")
    import asking_connector.client

    yield asking_connector
    for name in [name for name in sys.modules if name.startswith("asking_")]:
        del sys.modules[name]


def asker(root, package):
    waiting = Waiting(asyncio.current_task(), threading.get_ident())
    return lambda: asking_line(root, package, waiting)


def test_a_line_of_the_package(connector, tmp_path):
    client = connector.client

    async def main():
        ask = asker(tmp_path / "project", "asking_connector")
        return [
            connector.direct(ask),
            client.sync(ask),
            await client.coroutine(ask),
            await client.in_a_thread(ask),
            await client.task(ask),
        ]

    assert asyncio.run(main()) == [
        "asking_connector/__init__.py:2",
        *(f"asking_connector/client.py:{number}" for number in (6, 9, 12, 15)),
    ]


def test_a_line_of_the_project(connector, tmp_path):
    root = tmp_path / "project"
    root.mkdir()
    (root / "own.py").write_text("def own(ask):\n    return ask()\n")
    scope = {"__name__": "own"}
    exec(compile((root / "own.py").read_text(), root / "own.py", "exec"), scope)  # noqa: S102

    async def main():
        return scope["own"](asker(root, "asking_connector"))

    assert asyncio.run(main()) == "own.py:2"


def test_what_is_installed_within_the_project_is_not_its_own(connector, tmp_path):
    async def main():
        # The virtual environment is a folder of the project.
        own, none = asker(tmp_path, "asking_connector"), asker(tmp_path, None)
        return connector.direct(own), connector.direct(none)

    assert asyncio.run(main()) == ("asking_connector/__init__.py:2", None)


def test_without_a_package_or_a_task_there_is_none(tmp_path):
    with ThreadPoolExecutor() as pool:
        assert pool.submit(asking_line, tmp_path).result() is None
    found = []
    thread = threading.Thread(target=lambda: found.append(asking_line(Path("/nowhere"), "other")))
    thread.start()
    thread.join()
    assert found == [None]


def test_a_task_that_stops_while_it_is_looked_for(connector, tmp_path, monkeypatch):
    # It has just run, so the first look finds the frames of a thread that already does something else.
    monkeypatch.setattr(Waiting, "_is_running", lambda self: True)

    async def main():
        task = asyncio.current_task()
        suspended = threading.Event()
        asyncio.get_running_loop().call_soon(suspended.set)

        def ask():
            suspended.wait()
            return asking_line(tmp_path / "project", "asking_connector", Waiting(task, threading.get_ident()))

        return await connector.client.in_a_thread(ask)

    assert asyncio.run(main()) == "asking_connector/client.py:12"
