"""The public names of the package: what authors import, and what their type checkers make of it."""

from __future__ import annotations

import subprocess
import sys

import pytest

import connector_contract

AUTHOR = """\
from connector_contract import (
    ConnectorContract,
    ConnectorUnderTest,
    ContractError,
    Lumos,
    Upstream,
    fill_in,
)


class TestAcmeContract(ConnectorContract):
    upstream_ids = {"list_accounts": "items[].id"}


upstream = Upstream(origin=fill_in("the origin"))
failures: list[type[Exception]] = [ContractError]


def configured(connector: ConnectorUnderTest) -> Upstream:
    return connector.upstream


async def test_walk(lumos: Lumos) -> None:
    pages: list[dict[str, object]] = await lumos.walk("list_accounts", page_size=3)
    assert pages
"""


def test_each_public_name_is_there_and_listed():
    for name in connector_contract.__all__:
        assert getattr(connector_contract, name).__name__ == name
        assert name in dir(connector_contract)
    with pytest.raises(AttributeError, match="module 'connector_contract' has no attribute 'Deck'"):
        connector_contract.Deck  # noqa: B018 - to ask is the test


def test_a_public_name_stays_what_it_is_when_a_module_of_that_name_is_imported():
    program = """
import connector_contract.fill_in, connector_contract.config, connector_contract.recording.lumos
from connector_contract import *
print(type(fill_in).__name__, type(Lumos).__name__, type(ConnectorContract).__name__)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "function type type\n"


def test_an_authors_annotations_are_checked(tmp_path):
    """What is wrong is seen, so no name is ``Any``; and nothing else is, so what is right passes."""
    wrong = """

async def test_wrong(lumos: Lumos) -> None:
    await lumos.stroll("list_accounts")
    await lumos.call("list_accounts", page=3)
    ConnectorContract.page_size
"""
    (tmp_path / "test_author.py").write_text(AUTHOR + wrong)
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "test_author.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    at = len(AUTHOR.splitlines())
    errors = [line.split(":")[:2] for line in done.stdout.splitlines() if ": error: " in line]
    assert errors == [["test_author.py", str(at + line)] for line in (4, 5, 6)], done.stdout
