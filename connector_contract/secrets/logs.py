"""What the SDK and the connector log during a scenario, as far as pytest may show it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def safe_logs(redact: Callable[[str], str]) -> Iterator[None]:
    """Keep secrets out of every log record that is made, and the SDK from printing response bodies.

    Args:
        redact: Takes the secrets out of a text.
    """
    make = logging.getLogRecordFactory()
    logging.setLogRecordFactory(_redacting(make, redact))
    # It prints every body on standard error; the cassette has them, and without secrets.
    bodies = logging.getLogger("integration-connectors.sdk.api_response")
    before, bodies.disabled = bodies.disabled, True
    try:
        yield
    finally:
        bodies.disabled = before
        logging.setLogRecordFactory(make)


def safe_records(
    make: Callable[..., logging.LogRecord], redact: Callable[[str], str]
) -> Callable[..., logging.LogRecord]:
    """A factory of log records that leaves those as they are that have no secret.

    Args:
        make: Makes a record.
        redact: Takes the secrets out of a text.
    """
    formatter = logging.Formatter()

    def make_safe(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        message = _message(record)
        if (safe := redact(message)) != message:
            record.msg, record.args = safe, ()
        if record.exc_info:
            shown = formatter.formatException(record.exc_info)
            if (safe := redact(shown)) != shown:
                record.exc_text = safe
        return record

    return make_safe


def _message(record: logging.LogRecord) -> str:
    """The message of a record, or that its arguments do not make one.

    In production, logging prints that with the arguments as they are, and the connector goes on. Under pytest
    it is raised in the connector, which then reports an error of its own to Lumos.
    """
    try:
        return record.getMessage()
    except Exception:  # noqa: BLE001 - what an argument's __str__ raises may be anything
        shown = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
        return f"{shown} (its arguments do not make a message)"


def _redacting(
    make: Callable[..., logging.LogRecord], redact: Callable[[str], str]
) -> Callable[..., logging.LogRecord]:
    formatter = logging.Formatter()

    def make_redacted(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        record.msg, record.args = redact(_message(record)), ()
        if record.exc_info:
            # Formatters take this in place of the traceback, whose last line is the error's message.
            record.exc_text = redact(formatter.formatException(record.exc_info))
        return record

    return make_redacted
