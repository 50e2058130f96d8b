"""Measure the harness beside its peers: ``python -m benchmarks``, or ``tox -e bench`` with all of them.

Each figure is taken in a process of its own, with no pytest plugin but those that are measured, and the
sides of a case take turns, so that whatever else the machine does hits all of them.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any
from unittest import mock

import httpx

from benchmarks import contract_calls, facts, subject
from benchmarks.results import US, Ratio, Series, as_json, as_markdown, plot, ratio
from connector_contract.secrets.logs import safe_logs
from connector_contract.upstream.server import serve

ROOT = Path(__file__).parent.parent
PEERS = Path(__file__).parent / "peers"
# Floors: what the same costs without a harness.
EMPTY = "an empty async test with a snapshot"
BURN = "a test that does as much work"
CALLS = "the same calls over MockTransport"
NO_PROOF = f"{US}, without the proof"
PEOPLE = f"{US}, with made-up people"
NO_HOOK = f"{US}, without its audit hook"
# How long a side may be likely to take for a walk, in seconds, to be asked for it.
PATIENCE = 60.0
MOST_PAGES_OF_PEOPLE = 100


@dataclass(frozen=True)
class Side:
    """One way to replay.

    Attributes:
        folder: Its tests, in ``peers/``.
        plugins: The pytest plugins that it needs, and no others.
        package: What has to be installed.
        records: The option by which it records what it replays; empty if it has nothing to record.
        answers: Whether it calls the connector.
    """

    folder: str
    plugins: tuple[str, ...]
    package: str
    records: str = ""
    answers: bool = True

    def has(self, test: str) -> bool:
        """Whether it has a test module of this name."""
        return (PEERS / self.folder / f"{test}.py").exists()


_RECORD = "--record-mode=once"
_OURS = ("syrupy", "pytest_recording.plugin", "connector_contract.plugin")
SIDES = {
    US: Side("connector_contract", _OURS, "vcr", _RECORD),
    "vcrpy": Side("vcr_marker", ("pytest_recording.plugin",), "vcr", _RECORD),
    "cassetter": Side("vcr_marker", ("cassetter.pytest_plugin",), "cassetter", _RECORD),
    "pytest_httpx": Side("pytest_httpx", ("pytest_httpx",), "pytest_httpx"),
    "MockTransport": Side("mock_transport", (), "httpx"),
    EMPTY: Side("empty", ("syrupy",), "syrupy", "--snapshot-update", answers=False),
    BURN: Side("burn", (), "httpx", answers=False),
    CALLS: Side("contract_calls", ("syrupy",), "syrupy", "--snapshot-update"),
    NO_PROOF: Side("connector_contract", _OURS, "vcr", _RECORD),
    PEOPLE: Side("connector_contract", _OURS, "vcr", _RECORD),
    "live": Side("live", (), "httpx"),
}
REPLAYS = (US, "vcrpy", "cassetter", "pytest_httpx", "MockTransport", EMPTY)


@dataclass(frozen=True)
class Measured:
    """What one process has measured of itself.

    Attributes:
        seconds: Each of its tests, in order.
        responses: A digest of all that the connector answered.
        answered: How many responses these were.
        peak_mib: The most memory that it held.
        command: The whole command, in seconds.
    """

    seconds: list[float]
    responses: str
    answered: int
    peak_mib: float
    command: float


class Failed(Exception):
    """A measured process has failed; the message is all that it said."""


class Bench:
    """The upstreams, the recordings and the figures of one run."""

    def __init__(self, work: Path, environment: dict[str, str], sides: Sequence[str], repeat: int) -> None:
        self.series: list[Series] = []
        self.ratios: list[Ratio] = []
        self.notes: list[str] = []
        self.sides = sides
        self.repeat = repeat
        self._work = work
        self._environment = environment

    def run(
        self,
        side: str,
        test: str,
        numbers: dict[str, int],
        options: Sequence[str] = (),
        folder: str | None = None,
    ) -> Measured:
        """Run a side's tests in a process of its own.

        Args:
            side: Whose.
            test: The test module's name.
            numbers: What ``facts.number`` gives in that process.
            options: Further options of pytest.
            folder: Which copy of its tests, if it has several, with what they have recorded.
        """
        root = self.folder(folder or side)
        if not root.exists():
            shutil.copytree(PEERS / SIDES[side].folder, root)
        return self.run_tests(side, root, root / f"{test}.py", options, _variables(numbers))

    def run_tests(
        self, side: str, root: Path, tests: Path, options: Sequence[str], variables: dict[str, str]
    ) -> Measured:
        """Run tests with a side's plugins, in a process of its own."""
        result = self._work / "result.json"
        plugins = ("benchmarks.stopwatch", *SIDES[side].plugins)
        taken = self._command(
            _pytest(plugins, root, *options, str(tests)),
            {"BENCH_RESULT": str(result), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **variables},
        )
        return Measured(**json.loads(result.read_text("utf-8")), command=taken)

    def run_nothing(self, plugins: Sequence[str]) -> float:
        """How long pytest takes for one empty test, in seconds."""
        root = self.folder("nothing")
        root.mkdir(exist_ok=True)
        (root / "test_nothing.py").write_text("def test_nothing():\n    pass\n", "utf-8")
        return self._command(_pytest(plugins, root, str(root)), {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"})

    def run_lint(self, folder: str, **numbers: int) -> float:
        """How long ``connector-contract lint`` takes, in seconds."""
        program = Path(sys.executable).with_name("connector-contract")
        command = [str(program), "lint", "--rootdir", str(self.folder(folder))]
        # These two define the same options; all other plugins are as they are for anyone.
        return self._command(command, {"PYTEST_ADDOPTS": "-p no:cassetter", **_variables(numbers)})

    def folder(self, name: str) -> Path:
        """A folder of this run."""
        return self._work / name

    def _command(self, command: Sequence[str], variables: dict[str, str]) -> float:
        # Nothing of a run of pytest that this may be in.
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        environment = {**inherited, **self._environment, "DD_DOGSTATSD_DISABLE": "true", **variables}
        environment["PYTHONPATH"] = str(ROOT)
        # What Python compiles it keeps, as it does for most.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        start = time.perf_counter()
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        taken = time.perf_counter() - start
        if done.returncode:
            raise Failed(f"{' '.join(command)} failed:\n{done.stdout}\n{done.stderr}")
        return taken

    def record(self, test: str, sides: Sequence[str], numbers: dict[str, int]) -> None:
        """Have every side that records make its recordings, from the same upstreams."""
        for side in sides:
            if SIDES[side].records:
                tell(f"{test}: {side} records {numbers}")
                # An earlier recording of the same is the same: the upstreams do not change.
                self.run(side, test, numbers, [SIDES[side].records])

    def able(self, case: str, sides: Sequence[str], test: str, numbers: dict[str, int]) -> list[str]:
        """Those of the sides that can do it at all; of a peer that cannot, this is noted."""
        found = []
        for side in sides:
            try:
                self.run(side, test, numbers)
                found.append(side)
            except Failed as failure:
                if side == US:
                    raise
                reasons = [line for line in str(failure).splitlines() if line.startswith("E  ")]
                self.notes.append(f"{case}: {side} fails: {reasons[0][1:].strip()}")
                tell(self.notes[-1])
        return found

    def take_turns(
        self, case: str, sides: Sequence[str], measure: Callable[..., Measured]
    ) -> dict[str, list[Measured]]:
        """Measure each side in turn, again and again, and check that all had the same responses."""
        figures: dict[str, list[Measured]] = {side: [] for side in sides}
        for turn in range(self.repeat):
            for side in sides:
                figures[side].append(measure(side))
                tell(f"{case}: turn {turn + 1} of {self.repeat}: {side} {figures[side][-1].command:.2f} s")
        answers = [items for side, items in figures.items() if SIDES[side].answers]
        seen = {(item.responses, item.answered) for items in answers for item in items}
        if len(seen) != 1 or not seen.pop()[1]:
            sys.exit(f"{case}: the sides did not answer the same: {seen}")
        return figures

    def keep(self, case: str, side: str, unit: str, values: Sequence[float]) -> Series:
        """Add a series to what is reported."""
        series = Series(case, side, unit, tuple(values))
        self.series.append(series)
        return series

    def compare(self, ours: Series, others: Sequence[Series], goals: dict[str, float]) -> None:
        """Add the ratios of ``ours`` to what is reported."""
        self.ratios += [ratio(ours, other, goals.get(other.side)) for other in others]

    def beyond(self, ours: Series, other: Series, goal: float) -> float:
        """Add what ``ours`` takes beyond another to what is reported, and return it."""
        more = [one - than for one, than in zip(ours.values, other.values, strict=True)]
        self.keep(
            f"{ours.case}: beyond {other.side} (goal: at most {goal:g} {ours.unit})", US, ours.unit, more
        )
        return median(more)


def one_scenario(bench: Bench, scenarios: int) -> float:
    """A replayed scenario from the start of its set-up to the end of its teardown.

    Returns:
        How much more it takes than an empty test, in milliseconds.
    """
    case = "one scenario"
    sides = [side for side in bench.sides if SIDES[side].has("test_reads")]
    numbers = {"scenarios": scenarios}
    bench.record("test_reads", sides, numbers)
    figures = bench.take_turns(case, sides, partial(bench.run, test="test_reads", numbers=numbers))
    # The first of each kind import what they need.
    warm = len(facts.READS)
    kept = {
        side: bench.keep(case, side, "ms", [median(item.seconds[warm:]) * 1000 for item in items])
        for side, items in figures.items()
    }
    goals = {"vcrpy": 0.12}
    bench.compare(kept[US], [kept[side] for side in sides if side != US], goals)
    return bench.beyond(kept[US], kept[EMPTY], 1.0)


def big_walk(bench: Bench, sizes: Sequence[int]) -> dict[str, dict[int, float]]:
    """A walk through ever more pages, and what memory it takes; a side that gets too slow is left out."""
    sides = [side for side in bench.sides if SIDES[side].has("test_walk")]
    times: dict[str, dict[int, float]] = {side: {} for side in sides}
    before: Series | None = None
    for pages in sizes:
        case = f"walk of {pages:,} pages"
        sides = [side for side in sides if _likely(list(times[side].values())) < PATIENCE]
        numbers = {"pages": pages}
        bench.record("test_walk", sides, numbers)
        sides = bench.able(case, sides, "test_walk", numbers)
        figures = bench.take_turns(case, sides, partial(bench.run, test="test_walk", numbers=numbers))
        kept = {
            side: bench.keep(case, side, "s", [item.seconds[-1] for item in items])
            for side, items in figures.items()
        }
        for side, items in figures.items():
            bench.keep(f"{case}: peak memory", side, "MiB", [item.peak_mib for item in items])
            times[side][pages] = median(kept[side].values)
        goals = {"MockTransport": 1.5} if pages == 1000 else {}
        bench.compare(kept[US], [kept[side] for side in sides if side != US], goals)
        if before is not None:
            bench.ratios.append(ratio(kept[US], before, 11 if pages == 10_000 else None))
        before = kept[US]
    return times


def _pytest(plugins: Sequence[str], root: Path, *arguments: str) -> list[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "--rootdir", str(root)]
    chosen = [part for name in ("no:cacheprovider", *plugins) for part in ("-p", name)]
    return [*command, *chosen, *arguments]


def _variables(numbers: dict[str, int]) -> dict[str, str]:
    return {f"BENCH_{name.upper()}": str(int(value)) for name, value in numbers.items()}


def _likely(seconds: Sequence[float]) -> float:
    """What a side is likely to take for the next size, from how its times have grown."""
    if len(seconds) < 2:
        return 0.0
    return seconds[-1] ** 2 / seconds[-2]


def recording(bench: Bench, pages: int) -> None:
    """The same walk against a live server, recorded and not."""
    case = f"recording {pages:,} pages"
    replays = [side for side in bench.sides if SIDES[side].has("test_walk") and SIDES[side].records]
    sides = ["live", NO_PROOF, *replays]

    def measure(side: str) -> Measured:
        options = ["--record-mode=rewrite"] if SIDES[side].records else []
        return bench.run(side, "test_walk", {"pages": pages, "proof": side != NO_PROOF}, options)

    figures = bench.take_turns(case, sides, measure)
    kept = [
        bench.keep(case, side, "s", [item.seconds[-1] for item in items]) for side, items in figures.items()
    ]
    live, *others = kept
    for series in others:
        bench.ratios.append(ratio(series, live, {NO_PROOF: 1.3, US: 1.6}.get(series.side)))


def recording_people(bench: Bench, pages: int) -> None:
    """The same walk, with and without its people made up: 100 on each page, of whom no two have a name."""
    case = f"recording {pages:,} pages, {pages * facts.PAGE_SIZE:,} people"

    def measure(side: str) -> Measured:
        options = ["--record-mode=rewrite"] if SIDES[side].records else []
        return bench.run(side, "test_walk", {"pages": pages, "people": side == PEOPLE}, options)

    figures = bench.take_turns(case, ["live", US, PEOPLE], measure)
    live, ours, people = (
        bench.keep(case, side, "s", [item.seconds[-1] for item in items]) for side, items in figures.items()
    )
    bench.ratios += [ratio(people, live), ratio(people, ours)]


def big_suite(bench: Bench, scenarios: int, burn: float) -> None:
    """Whole commands of many scenarios: whether each still costs the same, and what a second core gives.

    Args:
        bench: Where the figures go.
        scenarios: How many.
        burn: What a test has to burn to take as long as a scenario, in milliseconds.
    """
    case = "suite of {:,} scenarios"
    sizes = (scenarios // 10, scenarios)
    bench.record("test_reads", [US], {"scenarios": scenarios})
    twice = case.format(scenarios) + ", -n 2"
    on_two = ["-p", "xdist.plugin", "-n", "2"]
    rounds = _rounds(bench, burn)
    commands: list[tuple[str, str, int, list[str]]] = [(case.format(size), US, size, []) for size in sizes]
    commands += [(twice, side, scenarios, on_two) for side in (US, BURN)]
    taken: dict[tuple[str, str], list[float]] = {(name, side): [] for name, side, _, _ in commands}
    for turn in range(bench.repeat):
        for name, side, size, options in commands:
            numbers = {"scenarios": size, "burn": rounds}
            taken[name, side].append(bench.run(side, "test_reads", numbers, options).command)
            tell(f"{name}: turn {turn + 1} of {bench.repeat}: {side} {taken[name, side][-1]:.2f} s")
    kept = [bench.keep(name, side, "s", values) for (name, side), values in taken.items()]
    small, large, parallel, burnt = kept
    bench.ratios += [ratio(large, small, 10), ratio(parallel, large), ratio(parallel, burnt, 1.1)]


def _rounds(bench: Bench, milliseconds: float) -> int:
    """How many rounds a test has to burn to take some time, on a machine that does nothing else."""
    tried = 1000
    seconds = bench.run(BURN, "test_reads", {"scenarios": 21, "burn": tried}).seconds
    return round(tried * milliseconds / (median(seconds[1:]) * 1000))


def start_up(bench: Bench) -> None:
    """A run of one test that is no scenario, with the plugin and without."""
    case = "start-up with pytest-recording and syrupy"
    without, us = "without", US
    figures: dict[str, list[float]] = {without: [], us: []}
    for _ in range(bench.repeat * 5):
        for side, plugins in ((without, SIDES[US].plugins[:-1]), (us, SIDES[US].plugins)):
            figures[side].append(bench.run_nothing(plugins) * 1000)
    tell(f"{case}: done")
    bare, ours = [bench.keep(case, side, "ms", values) for side, values in figures.items()]
    bench.ratios.append(ratio(ours, bare))
    bench.beyond(ours, bare, 50)


def replayed_calls(bench: Bench, calls: int) -> None:
    """A stored call replayed alone, as each fault does it, and the same dispatch over MockTransport."""
    case, sides = "a replayed call", (US, "MockTransport")
    numbers = {"calls": calls}
    bench.record("test_calls", sides, numbers)
    figures = bench.take_turns(case, sides, partial(bench.run, test="test_calls", numbers=numbers))
    # The first test imports what the others need.
    ours, floor = [
        bench.keep(case, side, "ms", [median(item.seconds[1:]) * 1000 / calls for item in items])
        for side, items in figures.items()
    ]
    bench.ratios.append(ratio(ours, floor, 2.5))


def contract(bench: Bench) -> None:
    """``pytest tests/contract``, and as many tests with snapshots that make the same calls."""
    case = "pytest tests/contract"
    root = bench.folder(CALLS)
    shutil.copytree(PEERS / SIDES[CALLS].folder, root)
    tests = {US: (ROOT, ROOT / "tests" / "contract"), CALLS: (root, root / "test_calls.py")}
    file = bench.folder("calls.json")

    def run(side: str, *options: str) -> Measured:
        return bench.run_tests(side, *tests[side], options, {"BENCH_CONTRACT": str(file)})

    scenarios = contract_calls.scenarios(ROOT)
    # Some tests of the contract call nothing.
    others = len(run(US).seconds) - len(scenarios)
    file.write_text(json.dumps([*scenarios, *([[]] * others)]), "utf-8")
    run(CALLS, SIDES[CALLS].records)
    taken: dict[str, list[float]] = {side: [] for side in tests}
    for turn in range(bench.repeat):
        for side, values in taken.items():
            values.append(run(side).command)
            tell(f"{case}: turn {turn + 1} of {bench.repeat}: {side} {values[-1]:.2f} s")
    ours, floor = [bench.keep(case, side, "s", values) for side, values in taken.items()]
    bench.ratios.append(ratio(ours, floor, 1.5))


def left_out(bench: Bench, scenarios: int) -> None:
    """A replayed scenario as it is, and with what a replay leaves out of the SDK and of TLS."""
    case = "one scenario, and what a replay leaves out"
    names = {
        "as it is": 0,
        "with metrics": 1,
        "with CA certificates": 2,
        "with the SDK's log of responses": 3,
    }
    taken: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(bench.repeat):
        for name, number in names.items():
            found = bench.run(US, "test_reads", {"scenarios": scenarios, "put_back": number})
            taken[name].append(median(found.seconds[len(facts.READS) :]) * 1000)
    tell(f"{case}: done")
    for name, values in taken.items():
        bench.keep(case, name, "ms", values)


def after_a_scenario(bench: Bench, tests: int) -> None:
    """Tests that are no scenarios, after one whose audit hook stays, and without that hook."""
    case = "tests after a scenario"
    bench.record("test_after", [US], {"scenarios": tests})
    taken: dict[str, list[float]] = {NO_HOOK: [], US: []}
    for _ in range(bench.repeat):
        for side, values in taken.items():
            found = bench.run(US, "test_after", {"scenarios": tests, "hook": side == US})
            values.append(sum(found.seconds[1:]))
    tell(f"{case}: done")
    without, ours = [bench.keep(case, side, "s", values) for side, values in taken.items()]
    bench.ratios.append(ratio(ours, without, 1.02))


def lint(bench: Bench, pages: int) -> None:
    """``connector-contract lint`` on a folder that has a cassette of so many pages, collection included."""
    case = f"lint of {pages:,} pages"
    bench.run(US, "test_walk", {"pages": pages}, ["--record-mode=once"], folder="lint")
    (bench.folder("lint") / "test_reads.py").unlink(missing_ok=True)
    bench.keep(case, US, "s", [bench.run_lint("lint", pages=pages) for _ in range(bench.repeat)])
    tell(f"{case}: done")


def tell(what: str) -> None:
    """Show how far it is, where results do not go."""
    print(what, file=sys.stderr, flush=True)  # noqa: T201 - a command talks to its user


@contextmanager
def upstreams(work: Path, pages: Sequence[int]) -> Iterator[dict[str, str]]:
    """Serve what the peers record from; yield the environment that tells them where, and what it answers."""
    with (
        # The SDK prints each body.
        safe_logs(str),
        serve("mock_api_server:create_app", ROOT) as mockapp,
        serve(subject.create_upstream, ROOT) as walker,
        mock.patch.dict(os.environ, BENCH_MOCKAPP=mockapp, BENCH_WALKER=walker),
    ):
        answers = {name: subject.read_mockapp(index) for index, (name, _, _) in enumerate(facts.READS)}
        with httpx.Client(base_url=mockapp, headers={"Authorization": "Bearer valid-token"}) as client:
            for path in facts.PATHS.values():
                answers[path] = client.get(path).raise_for_status().json()
        for count in {1, *pages}:
            answers[f"walk {count}"] = subject.walk(count)
        expected = work / "expected.json"
        expected.write_text(json.dumps(answers), "utf-8")
        yield {"BENCH_MOCKAPP": mockapp, "BENCH_WALKER": walker, "BENCH_EXPECTED": str(expected)}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and write the results."""
    options = _parser().parse_args(arguments)
    sides = [side for side in REPLAYS if find_spec(SIDES[side].package) is not None]
    for side in set(REPLAYS) - set(sides):
        tell(f"{side} is not installed, and is left out")
    options.out.mkdir(parents=True, exist_ok=True)
    largest = min(options.pages[-1], 1000)
    with tempfile.TemporaryDirectory() as work, upstreams(Path(work), options.pages) as environment:
        bench = Bench(Path(work), environment, sides, options.repeat)
        few = options.scenarios // 10 + len(facts.READS)
        burn = one_scenario(bench, few)
        left_out(bench, few)
        after_a_scenario(bench, options.scenarios)
        replayed_calls(bench, options.scenarios // 10)
        times = big_walk(bench, options.pages)
        recording(bench, largest)
        recording_people(bench, min(largest, MOST_PAGES_OF_PEOPLE))
        lint(bench, largest)
        contract(bench)
        big_suite(bench, options.scenarios, burn)
        start_up(bench)
    table = as_markdown(bench.series, bench.ratios, bench.notes)
    (options.out / "results.md").write_text(table, "utf-8")
    (options.out / "results.json").write_text(
        as_json(bench.series, bench.ratios, bench.notes, conditions()), "utf-8"
    )
    if find_spec("matplotlib") is None:
        tell("matplotlib is not installed, so there is no plot")
    else:
        plot(times, options.out / "walk.svg")
    print(table)  # noqa: T201 - a command talks to its user


def conditions() -> dict[str, Any]:
    """What the figures depend on."""
    packages = ["connector-py", "httpx", "vcrpy", "pytest", "pytest-recording", "syrupy"]
    packages += [name for name in ("cassetter", "pytest-httpx") if find_spec(name.replace("-", "_"))]
    return {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        **{name: version(name) for name in packages},
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--repeat", type=int, default=3, metavar="N", help="how often each side has its turn (default: 3)"
    )
    parser.add_argument(
        "--pages",
        type=lambda text: sorted(map(int, text.split(","))),
        default=[10, 100, 1000, 10_000],
        metavar="N,N,...",
        help="sizes of the walks (default: 10,100,1000,10000)",
    )
    parser.add_argument(
        "--scenarios", type=int, default=1000, metavar="N", help="size of the suite (default: 1000)"
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=ROOT / "docs" / "speed",
        metavar="DIR",
        help="where the results go (default: docs/speed)",
    )
    return parser


if __name__ == "__main__":
    main()
