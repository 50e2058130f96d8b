"""The plugin's part in what a recording writes: the option, and what is put back after each test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from connector_contract.reporting.messages import write_lines
from connector_contract.safety.ledger import Safety

_SAFETY = pytest.StashKey[Safety]()


def add_write_option(parser: pytest.Parser) -> None:
    """Add the option that lets undeclared writes through."""
    parser.getgroup("connector-contract").addoption(
        "--record-writes",
        action="store_true",
        help="Record writes to a real tenant that writable_ids does not declare, and list them.",
    )


def safety_of(config: pytest.Config) -> Safety:
    """What the scenarios of a run have written, and may write."""
    safety = config.stash.get(_SAFETY, None)
    if safety is None:
        safety = config.stash[_SAFETY] = Safety(record_writes=config.getoption("--record-writes"))
    return safety


@contextmanager
def putting_back(config: pytest.Config) -> Iterator[None]:
    """Put back, at the end of the context, what was written in it, also after an interrupt."""
    safety = safety_of(config)
    try:
        yield
    finally:
        if safety.pending:
            from connector_contract.safety.put_back import put_back

            put_back(safety)


class WritesPlugin:
    """Says at the end of the run what was written, and what became of it.

    Args:
        config: pytest's.
    """

    def __init__(self, config: pytest.Config) -> None:
        self._safety = safety_of(config)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what was written though it is not declared, what is put back, and what is left to a person."""
        safety = self._safety
        lines = write_lines(safety.written, safety.put_back, safety.left)
        if lines:
            terminalreporter.write_sep("-", "written to the upstream")
        for line in lines:
            terminalreporter.write_line(line)
