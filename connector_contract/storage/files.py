"""Files: where a scenario keeps its cassette and snapshots, and how they get there whole."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path, PurePosixPath

from connector_contract.errors import CannotWrite, CorruptCassette, UsageError
from connector_contract.recording.interactions import Cassette
from connector_contract.storage.cassette_format import (
    CassetteFormatError,
    cassette_parts,
    read_cassette,
    read_head,
)
from connector_contract.storage.cassette_head import Head
from connector_contract.storage.line_ends import with_crlf
from connector_contract.storage.reading import files_below, is_there, open_file, unreadable
from connector_contract.storage.stored_names import DECLARATIONS, FIELDS, KINDS, folded

# Names longer than this do not fit into the 255 bytes that common file systems allow, with a suffix.
_MAX_NAME = 180


@dataclass(frozen=True)
class ScenarioFiles:
    """The files of one scenario, named after its test.

    Attributes:
        root: The folder that ``cassettes/`` and ``snapshots/`` are in.
        module: The test module's path below ``root``, without suffix.
        name: The test's name, with its class and its parameters.
        start: The folder that messages name files from; ``root`` if ``None``.
        variant: The connector's variant, which has a folder of its own; empty if there is none.
    """

    root: Path
    module: PurePosixPath
    name: str
    start: Path | None = None
    variant: str = ""

    @property
    def cassette(self) -> Path:
        """The file of the recorded HTTP."""
        return self.root / "cassettes" / self.variant / self.module / f"{file_name(self.name)}.yaml"

    @property
    def has_cassette(self) -> bool:
        """Whether there is such a file.

        Raises:
            CannotRead: Nobody can say.
        """
        return is_there(self.cassette)

    def snapshot(self, index: int | str) -> Path:
        """The file of a snapshot.

        Args:
            index: Its number in the scenario, from 0, or the name that the test gave it.
        """
        label = f"[{file_name(index)}]" if isinstance(index, str) else f".{index}" if index else ""
        return self.root / "snapshots" / self.variant / self.module / f"{file_name(self.name)}{label}.json"

    @property
    def contract(self) -> str:
        """The contract class that the test is in."""
        return self.name.partition("[")[0].rpartition(".")[0]

    @property
    def declarations(self) -> Path:
        """The file of what the contract class declares that the test is in."""
        return (
            self.root / "snapshots" / self.variant / self.module / f"{file_name(self.contract)}{DECLARATIONS}"
        )

    def shared(self, name: str) -> ScenarioFiles:
        """The files of a recording that the tests of the contract class share."""
        return replace(self, name=f"{self.contract}.{name}")

    @property
    def title(self) -> str:
        """What the scenario is called in a summary, without the variant, in the form of a node id."""
        return f"{self.module}.py::{self.name}"

    def shown(self, path: Path) -> str:
        """``path`` as messages show it: so that it can be used where pytest was started."""
        return Path(os.path.relpath(path, self.start or self.root)).as_posix()


class SnapshotListing:
    """The snapshots that scenarios had when a session first looked.

    All scenarios of a module have theirs in one folder, which is read once.
    """

    def __init__(self) -> None:
        self._folders: dict[Path, dict[str, list[Path]]] = {}

    def of(self, files: ScenarioFiles) -> list[Path]:
        """The files of a scenario's snapshots that are still there."""
        first = files.snapshot(0)
        if first.parent not in self._folders:
            self._folders[first.parent] = _by_scenario(first.parent)
        return [path for path in self._folders[first.parent].get(first.stem, []) if path.exists()]


def _by_scenario(folder: Path) -> dict[str, list[Path]]:
    """Each file by every scenario that it may belong to: ``a[b].json`` is one of ``a`` or of ``a[b]``.

    A table of fields belongs to none.
    """
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.glob("*.json")):
        if path.name.endswith(FIELDS):
            continue
        owners = {path.stem, re.sub(r"\.\d+$", "", path.stem)}
        if path.stem.endswith("]"):
            owners.update(path.stem[: bracket.start()] for bracket in re.finditer(r"\[", path.stem))
        for owner in owners:
            found.setdefault(owner, []).append(path)
    return found


def scenario_files(root: Path, nodeid: str, start: Path | None = None, variant: str = "") -> ScenarioFiles:
    """The files of the scenario with a pytest node id, such as ``tests/test_a.py::TestB::test_c[1]``.

    Args:
        root: The folder that ``cassettes/`` and ``snapshots/`` are in, and that the node id starts from.
        nodeid: The test, without what stands for the variant.
        start: The folder that messages name files from.
        variant: The connector's; empty if it has none.
    """
    # Parameters come last, and may hold anything.
    test, bracket, parameters = nodeid.partition("[")
    module, *names = test.split("::")
    if not (module and names) or module.startswith(("/", "..")):
        raise UsageError(
            f"The scenario {nodeid!r} lies outside of pytest's root, {root}, where its recording would be.",
            remedy="Run pytest from the project, or give its folder with --rootdir.",
        )
    names[-1] += bracket + parameters
    return ScenarioFiles(root, PurePosixPath(module).with_suffix(""), ".".join(names), start, variant)


def recordings(root: Path) -> Iterator[Path]:
    """What ``files_below`` finds below ``cassettes/`` and ``snapshots/``, whether or not it is a recording.

    Raises:
        CannotRead: A folder may not be read, or is none.
    """
    for folder in KINDS:
        yield from files_below(root / folder)


def stems(files: ScenarioFiles) -> list[str]:
    """The names that a scenario's files start with: its cassette without suffix, and its snapshots."""
    name = file_name(files.name)
    paths = (files.cassette, files.snapshot(0))
    return [path.with_name(name).relative_to(files.root).as_posix() for path in paths]


def file_name(name: str) -> str:
    """``name`` as a file name on every system; a name that had to be changed stays unique by a hash."""
    safe = re.sub(r'[<>:"/\\|?*\x00-\x1f\x7f]', "-", name)
    if safe == name and len(name.encode()) <= _MAX_NAME and not name.endswith((".", " ")):
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return safe.encode()[:_MAX_NAME].decode("utf-8", "ignore").rstrip(". ") + "-" + digest


def refuse_other_spelling(files: ScenarioFiles, nodeid: str) -> None:
    """Refuse to record a cassette that is one file with another, there already, on Windows or macOS.

    Raises:
        UsageError: It is.
    """
    own = files.cassette
    if files.has_cassette or not own.parent.is_dir():
        return
    for other in sorted(own.parent.iterdir()):
        if folded(other.name) == folded(own.name):
            names = f"{own.name!r} and {other.name!r}"
            raise UsageError(
                f"The scenario would have one file with another on Windows and macOS: {names}.",
                where=[("scenario", nodeid), ("there is", files.shown(other))],
                remedy="Rename one of the two tests, or give its parameters other names: ids=[...].",
            )


def load_cassette(files: ScenarioFiles, nodeid: str) -> Cassette:
    """Read a scenario's cassette.

    Raises:
        CannotRead: The file cannot be read.
        CorruptCassette: It is no cassette.
    """
    try:
        with open_file(files.cassette) as stream:
            return read_cassette(stream)
    except (OSError, CassetteFormatError) as error:
        # What has gone by now is as good as cut off.
        if isinstance(error, OSError) and is_there(files.cassette):
            raise unreadable(files.cassette, error) from None
        raise CorruptCassette(
            f"The cassette cannot be used: {error}.",
            where=[("cassette", files.shown(files.cassette)), ("scenario", nodeid)],
            remedy="Restore the file from version control, or record the scenario again:\n"
            f"  pytest --record-mode=rewrite {shlex.quote(nodeid)}",
        ) from None


def load_head(files: ScenarioFiles) -> Head | None:
    """The head of a scenario's cassette; ``None`` if there is none, or none of the usual form."""
    try:
        with open_file(files.cassette) as stream:
            return read_head(stream)
    except OSError:
        return None


def save_cassette(files: ScenarioFiles, cassette: Cassette, keep: Callable[[Path], object] = bool) -> bool:
    """Write a scenario's cassette, whole or not at all; return whether the file changed."""
    return write_whole(files.cassette, cassette_parts(cassette), keep)


def write_whole(
    path: Path,
    parts: Iterable[bytes],
    keep: Callable[[Path], object] = bool,
    *,
    what: str = "A recording",
) -> bool:
    """Put data into a file in one step, so that a kill leaves the old file or the new one.

    Args:
        path: The file.
        parts: Its content; one at a time is held in memory.
        keep: Called with a file that is about to change, as long as it is as it was.
        what: What is written, as a message says it.

    Returns:
        Whether the file changed, other than in its line ends.
    """
    try:
        return _write_whole(path, parts, keep)
    except OSError as error:
        raise CannotWrite(
            f"{what} cannot be written: {error.strerror or error}.",
            where=[("file", str(path))],
            remedy="Make the folder writable, and remove whatever is there in place of a file.",
        ) from None


def remove(path: Path) -> None:
    """Delete a stored file.

    Raises:
        CannotWrite: It cannot be deleted.
    """
    try:
        path.unlink()
    except OSError as error:
        raise CannotWrite(
            f"A recording cannot be deleted: {error.strerror or error}.",
            where=[("file", str(path))],
            remedy="Make the folder writable.",
        ) from None


def _write_whole(path: Path, parts: Iterable[bytes], keep: Callable[[Path], object]) -> bool:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Two runs may record the same scenario at once. What a kill leaves behind, lint finds.
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    if path.is_file() and _has_crlf(path):
        # Git may be set to check all files out so, and would show each line of another form as changed.
        parts = map(with_crlf, parts)
    try:
        with temporary.open("wb") as stream:
            stream.writelines(parts)
        is_same = path.is_file() and _has_same_lines(temporary, path)
        if not is_same:
            keep(path)
        # Where some lines end otherwise, by an edit, all get the line feeds of a recording again.
        if is_same and temporary.stat().st_size == path.stat().st_size:
            temporary.unlink()
        else:
            temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return not is_same


def _has_crlf(path: Path) -> bool:
    """Whether all lines of a file end with CRLF, as a checkout makes them."""
    with path.open("rb") as there:
        first = there.readline()
        return first.endswith(b"\r\n") and all(line.endswith(b"\r\n") for line in there)


def _has_same_lines(new: Path, old: Path) -> bool:
    """Whether two files have the same, whatever a checkout has made of the line ends of the old one."""
    with new.open("rb") as recorded, old.open("rb") as there:
        pairs = zip_longest(recorded, there)
        return all(
            line == other or (other and line == other.replace(b"\r\n", b"\n")) for line, other in pairs
        )
