"""Files: where a scenario keeps its cassette and snapshots, and how they get there whole."""

from __future__ import annotations

import contextlib
import hashlib
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from connector_contract.cassette_format import CassetteFormatError, dump_cassette, parse_cassette
from connector_contract.errors import CannotWrite, CorruptCassette, UsageError
from connector_contract.interactions import Cassette

# Names longer than this do not fit into the 255 bytes that common file systems allow, with a suffix.
_MAX_NAME = 180


@dataclass(frozen=True)
class ScenarioFiles:
    """The files of one scenario, named after its test.

    Attributes:
        root: The folder that ``cassettes/`` and ``snapshots/`` are in.
        module: The test module's path below ``root``, without suffix.
        name: The test's name, with its class and its parameters.
    """

    root: Path
    module: PurePosixPath
    name: str

    @property
    def cassette(self) -> Path:
        """The file of the recorded HTTP."""
        return self.root / "cassettes" / self.module / f"{file_name(self.name)}.yaml"

    def snapshot(self, index: int | str) -> Path:
        """The file of a snapshot.

        Args:
            index: Its number in the scenario, from 0, or the name that the test gave it.
        """
        label = f"[{file_name(index)}]" if isinstance(index, str) else f".{index}" if index else ""
        return self.root / "snapshots" / self.module / f"{file_name(self.name)}{label}.json"

    def snapshots(self) -> list[Path]:
        """The files of all snapshots that the scenario has on disk."""
        start = self.snapshot(0).with_suffix("").name
        named = re.compile(re.escape(start) + r"(\.\d+|\[.*\])?\.json")
        return sorted(path for path in self.snapshot(0).parent.glob("*.json") if named.fullmatch(path.name))

    def shown(self, path: Path) -> str:
        """``path`` as messages show it, relative to the root."""
        return path.relative_to(self.root).as_posix()


def scenario_files(root: Path, nodeid: str) -> ScenarioFiles:
    """The files of the scenario with a pytest node id, such as ``tests/test_a.py::TestB::test_c[1]``."""
    # Parameters come last, and may hold anything.
    test, bracket, parameters = nodeid.partition("[")
    module, *names = test.split("::")
    if not (module and names) or module.startswith(("/", "..")):
        raise UsageError(
            f"The scenario {nodeid!r} lies outside of pytest's root, {root}, where its recording would be.",
            remedy="Run pytest from the project, or give its folder with --rootdir.",
        )
    names[-1] += bracket + parameters
    return ScenarioFiles(root, PurePosixPath(module).with_suffix(""), ".".join(names))


def recordings(root: Path) -> Iterator[Path]:
    """Every file below ``cassettes/`` and ``snapshots/``, be it a recording or not."""
    for folder in ("cassettes", "snapshots"):
        yield from (path for path in sorted((root / folder).rglob("*")) if path.is_file())


def is_recording(path: Path) -> bool:
    """Whether a file below ``cassettes/`` or ``snapshots/`` is called as a recording is."""
    return path.suffix in (".yaml", ".json") and not path.name.startswith(".")


def stems(files: ScenarioFiles) -> list[str]:
    """The names that a scenario's files start with: its cassette without suffix, and its snapshots."""
    name = file_name(files.name)
    return [files.shown(path.with_name(name)) for path in (files.cassette, files.snapshot(0))]


def file_name(name: str) -> str:
    """``name`` as a file name on every system; a name that had to be changed stays unique by a hash."""
    safe = re.sub(r'[<>:"/\\|?*\x00-\x1f\x7f]', "-", name)
    if safe == name and len(name.encode()) <= _MAX_NAME and not name.endswith((".", " ")):
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return safe.encode()[:_MAX_NAME].decode("utf-8", "ignore").rstrip(". ") + "-" + digest


def load_cassette(files: ScenarioFiles, nodeid: str) -> Cassette:
    """Read a scenario's cassette.

    Raises:
        CorruptCassette: The file cannot be read, or is no cassette.
    """
    try:
        return parse_cassette(files.cassette.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, CassetteFormatError) as error:
        reason = "it is no UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
        raise CorruptCassette(
            f"The cassette cannot be used: {reason}.",
            where=[("cassette", files.shown(files.cassette)), ("scenario", nodeid)],
            remedy="Restore the file from version control, or record the scenario anew:\n"
            f"  pytest --record-mode=rewrite {shlex.quote(nodeid)}",
        ) from None


def save_cassette(files: ScenarioFiles, cassette: Cassette) -> bool:
    """Write a scenario's cassette, whole or not at all; return whether the file changed."""
    return write_whole(files.cassette, dump_cassette(cassette))


def write_whole(path: Path, text: str) -> bool:
    """Put ``text`` into a file in one step, so that a kill leaves the old file or the new one.

    Returns:
        Whether the file changed.
    """
    data = text.encode("utf-8", "surrogatepass")
    try:
        return _write_whole(path, data)
    except OSError as error:
        raise CannotWrite(
            f"A recording cannot be written: {error.strerror or error}.",
            where=[("file", str(path))],
            remedy="See to it that this is a file in a folder that can be written to, or does not exist.",
        ) from None


def _write_whole(path: Path, data: bytes) -> bool:
    with contextlib.suppress(FileNotFoundError):
        if path.read_bytes() == data:
            return False
    path.parent.mkdir(parents=True, exist_ok=True)
    # The same name each time: one that a kill left behind is overwritten by the next recording.
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return True
