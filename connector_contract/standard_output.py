"""Writes what a command has to say to the standard output."""

from __future__ import annotations

import os
import sys

from connector_contract.errors import UsageError


def write_out(text: str) -> None:
    """Write to the standard output in UTF-8, and go on if nobody reads it any more.

    Raises:
        UsageError: There is no room for it.
    """
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
