"""What a command prints, where it goes to a pipe that is closed, or to a full disk."""

from __future__ import annotations

import os
import sys

import pytest

from connector_contract import cli
from connector_contract.errors import UsageError
from connector_contract.standard_output import write_out


@pytest.fixture
def closed(monkeypatch):
    """A standard output that nobody reads any more, as after `| head`."""
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w", encoding="utf-8") as stream:  # noqa: PTH123 - it has no path
        monkeypatch.setattr(sys, "stdout", stream)
        yield
        monkeypatch.undo()


def test_a_text_is_written_in_utf_8_whatever_it_holds(capfdbinary):
    write_out("ü \ud800\n")
    assert capfdbinary.readouterr().out == b"\xc3\xbc \\ud800\n"


def test_nobody_reads_it(closed):
    write_out("a\n" * 100_000)


@pytest.mark.parametrize("options", [(), ("--format", "json")])
def test_nobody_reads_what_lint_finds(closed, recorded, monkeypatch, options):
    root = recorded.write("cassettes/test_acme/test_old.yaml", "old").materialize()
    monkeypatch.chdir(root)
    assert cli.main(["lint", *options]) == cli.FINDINGS


def test_there_is_no_room(monkeypatch):
    with open("/dev/full", "w", encoding="utf-8") as stream:  # noqa: PTH123 - as above
        monkeypatch.setattr(sys, "stdout", stream)
        with pytest.raises(UsageError, match="The output cannot be written: No space left on device"):
            write_out("a\n")
        monkeypatch.undo()
