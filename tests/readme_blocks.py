"""The code blocks of a Markdown file, for the tests and for CI; needs nothing but Python."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Block:
    """A fenced code block: its language, its text, and the line that it starts at."""

    language: str
    text: str
    line: int


def blocks(text: str) -> list[Block]:
    """All fenced code blocks of a Markdown text."""
    found = re.finditer(r"^```(\w+)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return [Block(match[1], match[2], text[: match.start()].count("\n") + 1) for match in found]


if __name__ == "__main__":
    path, language, number = sys.argv[1:]
    wanted = [block for block in blocks(Path(path).read_text("utf-8")) if block.language == language]
    print(wanted[int(number) - 1].text, end="")  # noqa: T201 - the output is what it is for
