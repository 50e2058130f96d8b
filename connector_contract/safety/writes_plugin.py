"""The plugin's part in what a recording writes: the option, and what is put back after each test."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest

from connector_contract.reporting.messages import write_lines
from connector_contract.safety.ledger import Safety

_SAFETY = pytest.StashKey[Safety]()


def add_options(parser: pytest.Parser) -> None:
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


class WritesPlugin:
    """Puts back what each test has written, after its files, and says so at the end of the run.

    Args:
        config: pytest's.
    """

    def __init__(self, config: pytest.Config) -> None:
        self._safety = safety_of(config)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self) -> Generator[None, Any, Any]:
        """Put back what a test has written, whether it has failed or not."""
        try:
            return (yield)
        finally:
            self._put_back()

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        """Put back what an interrupt has left: by now the fixtures of its test are torn down, too."""
        self._put_back()

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what was written though it is not declared, what is put back, and what is left to a person."""
        safety = self._safety
        lines = write_lines(safety.written, safety.put_back, safety.left)
        if lines:
            terminalreporter.write_sep("-", "written to the upstream")
        for line in lines:
            terminalreporter.write_line(line)

    def _put_back(self) -> None:
        if self._safety.pending:
            from connector_contract.safety.put_back import put_back

            put_back(self._safety)
