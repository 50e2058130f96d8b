"""Record MockApp's contract from a tenant of many users: ``python -m benchmarks.tenants 2000 50000``.

Each size is recorded once whole and once with a sample, and replayed, each in a process of its own. The table
is Markdown. It is no part of ``python -m benchmarks``: a whole tenant of 50,000 takes long.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
CONTRACT = ROOT / "tests" / "contract"
SAMPLE = "    sample = Sample(pages=3, last=True)\n"
HEADER = """\
| users | | interactions recorded | MB | seconds to record | MB of memory | seconds to replay |
|---|---|---|---|---|---|---|"""


@dataclass(frozen=True)
class Cost:
    """What a command takes.

    Attributes:
        seconds: From its start to its end.
        memory: The most memory that a process of it has had, in MB.
    """

    seconds: float
    memory: float


def project(folder: Path, *, sampled: bool) -> None:
    """Write MockApp's contract into a folder, without recordings."""
    text = (CONTRACT / "test_contract.py").read_text("utf-8")
    if sampled:
        text = text.replace("import ConnectorContract\n", "import ConnectorContract, Sample\n")
        text = text.replace("(ConnectorContract):\n", f"(ConnectorContract):\n{SAMPLE}", 1)
    (folder / "test_contract.py").write_text(text, "utf-8")
    shutil.copy(CONTRACT / "conftest.py", folder)
    (folder / "pytest.ini").write_text("[pytest]\n")


def run(folder: Path, users: int, *options: str) -> Cost:
    """Run pytest in a folder; what it says goes to a file beside its recordings.

    Raises:
        SystemExit: A test fails.
    """
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", *options]
    paths = [str(ROOT), str(ROOT / "mockapp_connector"), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "MOCKAPP_USERS": str(users), "PYTHONPATH": os.pathsep.join(paths)}
    log = folder / "pytest.log"
    start = time.perf_counter()
    with log.open("w") as output:
        child = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=output)
        _, status, usage = os.wait4(child.pid, 0)
    # It has been waited for.
    child.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    if child.returncode:
        sys.exit(log.read_text()[-3000:])
    return Cost(seconds, _megabytes_of(usage))


def row(users: int, *, sampled: bool) -> str:
    """Record and replay a tenant of so many users, and return a row of the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project(folder, sampled=sampled)
        recorded = run(folder, users, "--record-mode=once")
        replayed = run(folder, users)
        cassettes = list(folder.glob("cassettes/**/*.yaml"))
        counts = [
            int(path.read_text("utf-8").split("\ncount: ", 1)[1].split("\n", 1)[0]) for path in cassettes
        ]
        size = sum(path.stat().st_size for path in folder.glob("*s/**/*") if path.is_file()) / 1e6
    how = "sample" if sampled else "whole"
    figures = [f"{sum(counts):,}", f"{size:.1f}", f"{recorded.seconds:.0f}", f"{recorded.memory:.0f}"]
    return f"| {users:,} | {how} | {' | '.join(figures)} | {replayed.seconds:.0f} |"


def _megabytes_of(usage: resource.struct_rusage) -> float:
    # Kilobytes on Linux, bytes on macOS.
    return usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, row by row as they are measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("users", type=int, nargs="+", help="how many users a tenant has")
    parser.add_argument("--only", choices=["whole", "sample"], help="record in one way alone")
    options = parser.parse_args(arguments)
    write = sys.stdout.write
    write(f"{HEADER}\n")
    for users in options.users:
        for sampled in (False, True):
            if options.only in (None, "sample" if sampled else "whole"):
                write(f"{row(users, sampled=sampled)}\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
