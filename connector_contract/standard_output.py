"""Writes what a command has to say to the standard output."""

from __future__ import annotations

import os
import sys

from connector_contract.errors import UsageError


def is_terminal() -> bool:
    """Whether the standard output is a terminal; of a process that was started without one, it is not."""
    return sys.stdout is not None and sys.stdout.isatty()


def write_out(text: str) -> None:
    """Write to the standard output in UTF-8, and go on if nobody reads it any more.

    Raises:
        UsageError: There is no room for it.
    """
    if sys.stdout is None:
        # The process was started without one, such as by `>&-`.
        return
    stream = getattr(sys.stdout, "buffer", None)
    try:
        if stream is None:
            sys.stdout.write(text)
        else:
            sys.stdout.flush()
            stream.write(text.encode("utf-8", "backslashreplace"))
        sys.stdout.flush()
    except BrokenPipeError:
        # Such as `| head`. What is left of it is not written when Python ends, either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise UsageError(
            f"The output cannot be written: {error.strerror}.",
            remedy="Make room, or write it to another place.",
        ) from None
