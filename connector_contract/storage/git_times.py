"""When git says that cassettes were changed."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

# All cassettes of the repository, so that one that was moved as it was is still known.
_CASSETTES = ":(top,glob)**/cassettes/**"


@dataclass(frozen=True)
class GitTimes:
    """When each cassette of a repository was changed last.

    Attributes:
        times: Those that are committed as they are, with the time of that commit in seconds since 1970. One
            that was moved as it was has not changed.
        unknown: Why nobody knows; empty if ``times`` has all that there are.
        remedy: What helps, if so.
    """

    times: dict[Path, int] = field(default_factory=dict)
    unknown: str = ""
    remedy: str = ""


def git_times(folder: Path) -> GitTimes:
    """The times of the repository that a folder is in, by one look through its history."""
    try:
        top = Path(_git(folder, "rev-parse", "--show-toplevel").rstrip("\n"))
        if _git(folder, "rev-parse", "--is-shallow-repository").strip() == "true":
            return GitTimes({}, "the clone is shallow", "fetch its history: git fetch --unshallow")
        modified = set(_modified(_git(folder, *_STATUS)))
        times = _last_changes(_git(folder, *_LOG))
    except FileNotFoundError:
        return GitTimes({}, "there is no git", "install git")
    except subprocess.CalledProcessError as error:
        said = error.stderr.strip().splitlines() or ["git failed"]
        return GitTimes({}, said[0].removeprefix("fatal: "), "run it where the recordings are committed")
    return GitTimes({top / path: time for path, time in times.items() if path not in modified})


# A user may have set these otherwise.
_SETTINGS = ("-c", "diff.relative=false", "-c", "log.showRoot=true")
_LOG = ("log", "-z", "--format=%x01%ct", "--name-status", "--find-renames=100%", "--", _CASSETTES)
_STATUS = ("status", "--porcelain", "-z", "--no-renames", "--untracked-files=no", "--", _CASSETTES)


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 - no shell, and nothing of the user's in it
        ["git", "-C", str(folder), *_SETTINGS, *arguments],  # noqa: S607 - git is where the user has it
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        check=True,
    )
    return done.stdout


def _modified(status: str) -> Iterator[str]:
    yield from (entry[3:] for entry in status.split("\0") if entry)


def _last_changes(log: str) -> dict[str, int]:
    """Each file by its present name, with the time of the last commit that changed it.

    Args:
        log: The newest commit comes first.
    """
    times: dict[str, int] = {}
    present: dict[str, str] = {}
    for time, status, old, new in _entries(log):
        name = present.pop(new, new)
        if name in times:
            continue
        if status.startswith("R"):
            present[old] = name
        else:
            times[name] = time
    return times


def _entries(log: str) -> Iterator[tuple[int, str, str, str]]:
    """The time of the commit, the status, and the file's name before and after, of each entry of the log."""
    tokens = iter(log.split("\0"))
    time = 0
    for token in tokens:
        status = token.lstrip("\n")
        if status.startswith("\x01"):
            time = int(status[1:])
        elif status:
            old = next(tokens)
            yield time, status, old, next(tokens) if status[0] in "RC" else old
