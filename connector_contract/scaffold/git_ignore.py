"""What git is told in ``.gitignore``: the key for made-up people is nobody else's."""

from __future__ import annotations

from connector_contract.personal_kinds import KEY_FILE

FILE = ".gitignore"

_COMMENT = "# The key for made-up people in recordings: whoever has it can find out who they are."
_IGNORES = frozenset({KEY_FILE, f"/{KEY_FILE}", f"**/{KEY_FILE}"})


def with_key(text: str) -> str:
    """The text of a ``.gitignore`` by which git ignores the file of the key.

    Args:
        text: What is there.

    Returns:
        The text itself if git ignores the file already.
    """
    # The last line that names it is the one that counts. Git takes no notice of spaces at the end.
    named = [line.rstrip() for line in text.splitlines() if line.rstrip().removeprefix("!") in _IGNORES]
    if named and not named[-1].startswith("!"):
        return text
    end = "\r\n" if "\r\n" in text else "\n"
    before = text if not text or text.endswith("\n") else text + end
    return before + (end if before else "") + f"{_COMMENT}{end}{KEY_FILE}{end}"
