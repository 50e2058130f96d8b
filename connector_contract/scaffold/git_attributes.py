"""What git is told of recordings in ``.gitattributes``: their line ends, and what a forge folds in a diff."""

from __future__ import annotations

FILE = ".gitattributes"

_COMMENT = (
    "# Recordings have line feeds on every system. A forge folds the cassettes, and shows the snapshots."
)
# GitHub folds what is linguist-generated, GitLab what is gitlab-generated; both read the repository's root.
_ATTRIBUTES = {
    "**/cassettes/**/*.yaml": "text eol=lf linguist-generated gitlab-generated",
    "**/snapshots/**/*.json": "text eol=lf -linguist-generated -gitlab-generated",
}


def with_recordings(text: str) -> str:
    """The text of a ``.gitattributes`` with what recordings need.

    Args:
        text: What is there. What it says of the same files, by the same patterns, stays as it is.

    Returns:
        The text itself if nothing is missing.
    """
    known = {line.split()[0] for line in text.splitlines() if line.strip()}
    lines = [f"{name} {value}" for name, value in _ATTRIBUTES.items() if name not in known]
    if not lines:
        return text
    end = "\r\n" if "\r\n" in text else "\n"
    before = text if not text or text.endswith("\n") else text + end
    return before + (end if before else "") + "".join(line + end for line in (_COMMENT, *lines))
