"""Break MockApp's connector in small ways, and see what names it: ``python -m benchmarks.mutants``.

Each mutant is recorded as it is, as if an author had written it so: first with the standard contract alone,
what that lets pass with the fault sweep, and the rest in a larger tenant. The figures go to
``docs/mutants.md``.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import json
import os
import pkgutil
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import entry_points
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

import connector_contract
from benchmarks.mutants_by_hand import BY_HAND
from benchmarks.mutants_explained import EQUIVALENT
from benchmarks.mutants_page import page
from benchmarks.mutations import RULES, Mutant, mutants
from benchmarks.reached import reached

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "mutants.md"
PACKAGE = Path("mockapp_connector") / "mockapp_connector"
# What nobody but a person at a terminal sees.
LEFT_OUT = {"main.py", "validation.py", "__about__.py"}
# How many mutants of each rule there are at most; they are spread evenly over the source.
OF_EACH = 8
# How long a run may take, in seconds.
PATIENCE = 300
TESTS = "tests/contract/test_contract.py"
# The same tests, of a tenant with more users than the largest page has room for.
LARGE = "tests/contract/many/test_contract.py"
INI = "[pytest]\npythonpath = . mockapp_connector\naddopts = --import-mode=importlib\n"
CONTRACT = ["--record-mode=once", "--snapshot-update"]
SWEEP = ["--record-mode=once", "--snapshot-update", "--contract-faults", "-k", "faults"]


LISTS = frozenset({"list_accounts", "list_resources", "list_entitlements", "find_entitlement_associations"})
WRITES = frozenset(
    {
        "create_account",
        "activate_account",
        "deactivate_account",
        "delete_account",
        "assign_entitlement",
        "unassign_entitlement",
    }
)
CAPABILITIES = LISTS | WRITES | {"validate_credentials", "get_last_activity"}
# Between them, they use most of what all have in common.
TYPICAL = frozenset({"validate_credentials", "list_accounts", "delete_account", "unassign_entitlement"})


@dataclass(frozen=True)
class Verdict:
    """What came of a mutant.

    Attributes:
        mutant: Its name.
        by: What named it: the contract, the faults, or empty if nothing did.
        test: The test that failed first.
        says: Its first line.
    """

    mutant: str
    by: str
    test: str
    says: str


@cache
def made() -> dict[str, list[Mutant]]:
    """All mutants that each rule makes."""
    found: dict[str, dict[tuple[str, ...], Mutant]] = {what: {} for what in RULES}
    for file, source in _sources().items():
        for each in mutants(file, source) if file not in LEFT_OUT else ():
            # A second place in the same function, where the same becomes the same, is one more of it.
            found[each.what].setdefault((file, each.where, each.old, each.new), each)
    return {what: list(by_place.values()) for what, by_place in found.items()}


def chosen() -> list[Mutant]:
    """The mutants to judge: some of each rule, and those by hand."""
    found = list(BY_HAND)
    for each in made().values():
        count = min(OF_EACH, len(each))
        found += [each[index * len(each) // count] for index in range(count)]
    # In any order, but always the same one: who stops early has seen some of each.
    return sorted(found, key=lambda mutant: sha256(mutant.name.encode()).digest())


def _sources() -> dict[str, str]:
    root = ROOT / PACKAGE
    return {str(path.relative_to(root)): path.read_text("utf-8") for path in sorted(root.rglob("*.py"))}


def judged(mutant: Mutant, capabilities: frozenset[str]) -> Verdict:
    """Record a mutant as it is, and say what names it.

    Args:
        mutant: The mutant.
        capabilities: The capabilities that may reach it: their tests come first, and the sweep is of them.
    """
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        _copy(project, mutant)
        for by, options, which, tests in _runs(capabilities):
            failed = _run(project, options, which, tests)
            if failed is not None:
                return Verdict(mutant.name, by, *failed)
    return Verdict(mutant.name, "", "", "")


def _runs(reached: frozenset[str]) -> Iterator[tuple[str, list[str], Which, str]]:
    """The runs that may name a mutant, those first that mostly do.

    Args:
        reached: The capabilities that may reach it.
    """
    first = reached & TYPICAL if len(reached) > len(TYPICAL) else reached
    # Who changes something is read back with the lists.
    others = reached | WRITES if reached & LISTS else reached
    yield "contract", CONTRACT, Which(first), TESTS
    yield "faults", SWEEP, Which(first), TESTS
    yield "contract", CONTRACT, Which(others - first, others=True), TESTS
    if reached - first:
        yield "faults", SWEEP, Which(reached - first), TESTS
    yield "contract", CONTRACT, Which(reached), LARGE


def _copy(project: Path, mutant: Mutant) -> None:
    (project / "pytest.ini").write_text(INI, "utf-8")
    tests, large = Path(TESTS), Path(LARGE)
    (project / large).parent.mkdir(parents=True)
    for name in (tests, tests.with_name("conftest.py"), large.with_name("conftest.py")):
        shutil.copy(ROOT / name, project / name)
    shutil.copy(ROOT / tests, project / large)
    shutil.copy(ROOT / "mock_api_server.py", project)
    shutil.copytree(ROOT / "mockapp_connector", project / "mockapp_connector")
    file = project / PACKAGE / mutant.file
    file.write_text(mutant.of(file.read_text("utf-8")), "utf-8")


@dataclass(frozen=True)
class Which:
    """Which tests a run has.

    Attributes:
        capabilities: Those that they are about.
        others: Whether it has those that are about no capability, too.
    """

    capabilities: frozenset[str]
    others: bool = False

    def has(self, test: str) -> bool:
        """Whether it has a test, by its id."""
        about = next(
            (name for name in CAPABILITIES if f"[{name}]" in test[-len(name) - 2 :] or f"[{name}-" in test),
            "",
        )
        return about in self.capabilities if about else self.others


class Watch:
    """A pytest plugin that chooses tests, and keeps the first failure.

    Args:
        which: Those that run.
    """

    def __init__(self, which: Which) -> None:
        self.failed: tuple[str, str] | None = None
        self._which = which

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Leave out the tests that do not run."""
        items[:] = [item for item in items if self._which.has(item.nodeid)]

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Keep the first failure."""
        if report.failed and self.failed is None:
            words = str(report.longrepr).strip().splitlines() or [""]
            self.failed = (report.nodeid.rpartition("::Test")[2], words[0])

    def pytest_collectreport(self, report: Any) -> None:
        """Keep the first failure."""
        if report.failed and self.failed is None:
            self.failed = ("collection", str(report.longrepr).strip().splitlines()[-1])


def _run(project: Path, options: list[str], which: Which, tests: str) -> tuple[str, str] | None:
    """Run pytest in a process that has imported all but the connector; the first failure."""
    result = project / "failed.json"
    result.unlink(missing_ok=True)
    child = get_context("fork").Process(target=_in_child, args=(project, options, which, tests, result))
    child.start()
    child.join(PATIENCE)
    if child.is_alive():
        child.kill()
        child.join()
        return ("", f"it is not done after {PATIENCE} s")
    failed = json.loads(result.read_text("utf-8")) if result.exists() else ["", "the process ended"]
    return (failed[0], failed[1]) if failed else None


def _in_child(project: Path, options: list[str], which: Which, tests: str, result: Path) -> None:
    watch = Watch(which)
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    os.chdir(project)
    sys.dont_write_bytecode = True
    fixed = ["-x", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", "--rootdir", str(project)]
    code = pytest.main([*fixed, *options, str(project / tests)], plugins=[watch])
    if code not in (0, 1, 5) and watch.failed is None:
        watch.failed = ("", f"pytest ends with {code}")
    result.write_text(json.dumps(watch.failed), "utf-8")
    os._exit(0)


def verdicts(known: dict[str, Verdict], only: str) -> Iterator[Verdict]:
    """Judge each mutant whose verdict is not known.

    Args:
        known: The verdicts by the mutants' names.
        only: What a mutant's name has to contain.
    """
    served = reached(_sources(), CAPABILITIES)

    def reaching(mutant: Mutant) -> frozenset[str]:
        return served.get(mutant.where.rpartition(".")[2]) or CAPABILITIES

    # What few capabilities reach is judged soon.
    for mutant in sorted(chosen(), key=lambda each: len(reaching(each))):
        if only in mutant.name and mutant.name not in known and mutant.name not in EQUIVALENT:
            yield judged(mutant, reaching(mutant))


def _import_all() -> None:
    # A child of this process then has them: half of a run's time is their import.
    for plugin in entry_points(group="pytest11"):
        plugin.load()
    for module in ("connector.generated", "connector.cli", "fastapi", "uvicorn"):
        importlib.import_module(module)
    for found in pkgutil.walk_packages(connector_contract.__path__, "connector_contract."):
        importlib.import_module(found.name)
    gc.freeze()


def main() -> None:
    """Judge the mutants, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--known", type=Path, help="a file of verdicts, which are kept and added to")
    parser.add_argument("--only", default="", help="what a mutant's name has to contain")
    options = parser.parse_args()
    known: dict[str, Verdict] = {}
    if options.known and options.known.exists():
        for line in options.known.read_text("utf-8").splitlines():
            verdict = Verdict(**json.loads(line))
            known[verdict.mutant] = verdict
    _import_all()
    for verdict in verdicts(known, options.only):
        known[verdict.mutant] = verdict
        sys.stdout.write(
            f"{verdict.by or 'SURVIVES':8} {verdict.mutant}\n         {verdict.test}: {verdict.says}\n"
        )
        sys.stdout.flush()
        if options.known:
            with options.known.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps(asdict(verdict)) + "\n")
    if options.only and not options.known:
        # The page has the verdicts of all.
        return
    named = {**dict.fromkeys(EQUIVALENT, ""), **{name: verdict.by for name, verdict in known.items()}}
    PAGE.write_text(page([mutant for mutant in chosen() if mutant.name in named], named), "utf-8")


if __name__ == "__main__":
    main()
