"""Review a repository with many changed files: ``python -m benchmarks.review_files 5000 10000``.

The first number is of files, the second of pages in one cassette. Each case is a repository made for it,
and each review a process of its own; the table is Markdown. It is no part of ``python -m benchmarks``.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
SCENARIO = "test_every_page[list_accounts-5]"
MODULE = "tests/contract/test_reads"
HEADER = """\
| | files that differ | MB | format | seconds | of the processor | MB of memory |
|---|---|---|---|---|---|---|"""
RECORDS = 10
"""How many records a page has, in the cassette of many pages."""
_GIT = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]


def many_files(folder: Path, files: int, modules: int, *, changed: bool) -> None:
    """Write scenarios of a cassette and a snapshot each.

    Args:
        folder: Where to.
        files: How many in all.
        modules: How many test modules they are of.
        changed: Whether each of them is as it is after a change of the connector and of its upstream.
    """
    cassette, snapshot = _changed() if changed else _stored()
    for number in range(files // 2):
        module, name = f"tests/test_{number % modules}", f"test_{number}"
        _write(folder / f"cassettes/{module}/{name}.yaml", cassette.replace(SCENARIO, name))
        _write(folder / f"snapshots/{module}/{name}.json", snapshot)


def many_pages(folder: Path, pages: int, *, changed: bool) -> None:
    """Write one scenario that walks a long list.

    Args:
        folder: Where to.
        pages: How many it has.
        changed: Whether a status is mapped otherwise, of every tenth record.
    """
    calls, interactions, answers = [], [], []
    for page in range(pages):
        asked = {"size": RECORDS, "token": f"after {page * RECORDS}"}
        call = {"capability": "list_accounts", "page": asked, "interactions": [page + 1]}
        calls.append(json.dumps({**call, "success": RECORDS, "snapshots": ["test_walk.json"]}))
        ids = range(page * RECORDS, (page + 1) * RECORDS)
        users = [{"id": f"user-{each}", "status": "active", "team": changed} for each in ids]
        interactions.append(_interaction(f"http://localhost:8000/api/users?after={page * RECORDS}", users))
        accounts = [
            {
                "integration_specific_id": f"user-{each}",
                "email": f"user-{each}@example.com",
                "user_status": "SUSPENDED" if changed and not each % RECORDS else "ACTIVE",
            }
            for each in ids
        ]
        answers.append({"response": accounts})
    lines = ["version: 1", "form: 2", f"count: {pages}", "calls:", *(f"- {call}" for call in calls)]
    text = "\n".join([*lines, "interactions:", *interactions])
    _write(folder / "cassettes/tests/test_walks/test_walk.yaml", f"{text}\n")
    _write(folder / "snapshots/tests/test_walks/test_walk.json", json.dumps(answers, indent=2))


def _interaction(uri: str, body: object) -> str:
    said = json.dumps(json.dumps(body))
    return (
        f"- request:\n    method: GET\n    uri: {uri}\n    headers: {{}}\n    body: null\n"
        f"  response:\n    status:\n      code: 200\n      message: OK\n    headers:\n"
        f"      content-type:\n      - application/json\n    body:\n      string: {said}"
    )


def _stored() -> tuple[str, str]:
    cassette = ROOT / "cassettes" / MODULE / f"{SCENARIO}.yaml"
    snapshot = ROOT / "snapshots" / MODULE / f"{SCENARIO}.json"
    return cassette.read_text("utf-8"), snapshot.read_text("utf-8")


def _changed() -> tuple[str, str]:
    cassette, snapshot = _stored()
    traced = cassette.replace(
        "      authorization:\n", "      x-trace:\n      - 'on'\n      authorization:\n"
    )
    renamed = traced.replace('"department"', '"unit"')
    return renamed, snapshot.replace('"SUSPENDED"', '"INACTIVE"')


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def measure(name: str, write: Callable[[Path, bool], None], formats: Sequence[str]) -> None:
    """Make a repository, change its files, and print what a review of them takes, for each format."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        write(folder, False)
        for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "all"]):
            subprocess.run([*_GIT, *arguments], cwd=folder, check=True)
        write(folder, True)
        files = [path for kind in ("cassettes", "snapshots") for path in (folder / kind).rglob("*.*")]
        size = sum(path.stat().st_size for path in files) / 1e6
        for form in formats:
            sys.stdout.write(f"| {name} | {len(files):,} | {size:.0f} | {form} | {_review(folder, form)} |\n")
            sys.stdout.flush()


def _review(folder: Path, form: str) -> str:
    """What a review takes: seconds in all and of the processor, and the most MB, as cells.

    Raises:
        SystemExit: It fails.
    """
    code = "import sys; from connector_contract.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "review", "--base", "HEAD", "--format", form]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    start = time.perf_counter()
    with (folder / ".git" / "review.log").open("w") as output:
        child = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=output)
        _, status, usage = os.wait4(child.pid, 0)
    # It has been waited for.
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit((folder / ".git" / "review.log").read_text("utf-8"))
    seconds, busy = time.perf_counter() - start, usage.ru_utime + usage.ru_stime
    memory = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
    return f"{seconds:.1f} | {busy:.1f} | {memory:.0f}"


def main() -> None:
    """Measure each case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=int, nargs="?", default=5000, help="how many differ")
    parser.add_argument("pages", type=int, nargs="?", default=10_000, help="how many a cassette has")
    parser.add_argument("--formats", nargs="+", default=["term", "markdown", "html", "json"])
    given = parser.parse_args()
    modules = max(1, given.files // 50)
    sys.stdout.write(f"{HEADER}\n")
    for name, count in (("in one test module", 1), (f"in {modules} test modules", modules)):
        measure(
            name,
            lambda folder, changed, count=count: many_files(folder, given.files, count, changed=changed),  # type: ignore[misc]
            given.formats,
        )
    measure(
        f"a cassette of {given.pages:,} pages",
        lambda folder, changed: many_pages(folder, given.pages, changed=changed),
        given.formats,
    )


if __name__ == "__main__":
    main()
