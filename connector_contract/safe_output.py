"""Nothing that pytest shows, writes or sends on has a secret: each report is redacted as a whole, at last.

A text is cut to length after that, or what is left of a secret is known for a piece of it.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from connector_contract.reporting.safe_reports import make_error_safe, make_safe, safe_xml
from connector_contract.secrets.logs import safe_records
from connector_contract.secrets.url_logins import without_logins

if TYPE_CHECKING:
    from connector_contract.secrets.run_secrets import RunSecrets

_SAFE_ID = "connector_contract_id"
"""Where the report of a worker of pytest-xdist has the test's id without secrets."""

_SECRETS: pytest.StashKey[RunSecrets] = pytest.StashKey()


def run_secrets(config: pytest.Config) -> RunSecrets:
    """The secrets of all scenarios of a run."""
    # A run without scenarios has none, and need not pay for the import.
    from connector_contract.secrets.run_secrets import RunSecrets

    return config.stash.setdefault(_SECRETS, RunSecrets())


def redact(config: pytest.Config) -> Callable[[str], str]:
    """What takes the secrets out of a text that are known by now."""
    known = config.stash.get(_SECRETS, None)
    return without_logins if known is None else known.text


class _SafeStream:
    """What pytest prints to, for the ids of tests, which it prints before there is any report of them."""

    def __init__(self, stream: Any, redact: Callable[[str], str]) -> None:
        self._stream = stream
        self._redact = redact

    def write(self, text: str) -> Any:
        """Print a text without secrets."""
        return self._stream.write(self._redact(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class SafeOutput:
    """Redacts what is reported, warned of and logged.

    Args:
        config: The configuration of the run.
    """

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._is_worker = hasattr(config, "workerinput")
        self._make_record = logging.getLogRecordFactory()
        logging.setLogRecordFactory(safe_records(self._make_record, self._text))

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self) -> None:
        """Redact what pytest prints."""
        reporter = self._config.pluginmanager.getplugin("terminalreporter")
        writer = getattr(reporter, "_tw", None)
        if writer is not None:
            # It has no public name.
            writer._file = _SafeStream(writer._file, self._name)

    def pytest_unconfigure(self) -> None:
        """Have log records be made as they were before the run."""
        logging.setLogRecordFactory(self._make_record)

    def _text(self, text: str) -> str:
        return redact(self._config)(text)

    def _name(self, name: str) -> str:
        known = self._config.stash.get(_SECRETS, None)
        return name if known is None else known.name(name)

    def _make_safe(self, report: Any) -> None:
        nodeid = getattr(report, "nodeid", None)
        make_safe(report, self._text, self._name)
        if self._is_worker and getattr(report, "nodeid", None) != nodeid:
            # pytest-xdist takes the report of a worker by the id that it knows.
            setattr(report, _SAFE_ID, report.nodeid)
            report.nodeid = nodeid
        elif not self._is_worker and hasattr(report, _SAFE_ID):
            report.nodeid = getattr(report, _SAFE_ID)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self) -> Generator[None, Any, Any]:
        """Redact a report before any plugin keeps it."""
        report = yield
        self._make_safe(report)
        return report

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_logreport(self, report: Any) -> Generator[None, Any, Any]:
        """Redact what others have made of a report, or made themselves: a subtest, say."""
        self._make_safe(report)
        return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_exception_interact(self, report: Any) -> Generator[None, Any, Any]:
        """Redact what a plugin has made of a failure after it was reported, for the end of the run."""
        result = yield
        self._make_safe(report)
        return result

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collectreport(self, report: pytest.CollectReport) -> Generator[None, Any, Any]:
        """Redact the report of a module, which a test of another may have been run before."""
        self._make_safe(report)
        return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_internalerror(self, excrepr: Any) -> Generator[None, Any, Any]:
        """Redact the failure of a plugin."""
        self._make_safe(excrepr)
        return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> Generator[None]:
        """Redact the reason for which a test ends the run."""
        make_error_safe(excinfo.value, self._text)
        yield

    @pytest.hookimpl(tryfirst=True)
    def pytest_warning_recorded(self, warning_message: warnings.WarningMessage) -> None:
        """Redact a warning, which pytest-xdist sends with what it was made of."""
        text = str(warning_message.message)
        if self._text(text) != text and isinstance(warning_message.message, Warning):
            make_error_safe(warning_message.message, self._text)
            if self._text(str(warning_message.message)) != str(warning_message.message):
                # Its class words it.
                warning_message.message = UserWarning(self._text(text))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self) -> Generator[None]:
        """Redact what JUnit's file has that was in no report: properties of the suite, names, attributes."""
        yield
        path = getattr(self._config.option, "xmlpath", None)
        if path and not self._is_worker and Path(path).is_file():
            text = Path(path).read_text("utf-8")
            if (safe := safe_xml(text, self._text, self._name)) != text:
                Path(path).write_text(safe, "utf-8")
