"""What a scenario registers to run when Python exits runs at the end of the tests, and reaches nothing."""

from __future__ import annotations

import asyncio
import atexit
import concurrent.futures
import multiprocessing.util
import tempfile
import threading
import weakref
from atexit import register
from contextlib import suppress
from pathlib import Path

import pytest
from ways_out import WAYS, dial

from connector_contract.recording.exit_handlers import Exit, ExitHandlers
from connector_contract.recording.mismatch import Place
from connector_contract.upstream.audit_hook import guarded

PLACE = Place("test_x.py::test_x", "cassettes/test_x/test_x.yaml", "https://acme.example")


@pytest.fixture
def late():
    return []


@pytest.fixture
def handlers():
    return ExitHandlers()


@pytest.fixture
def scenario(handlers, late):
    """Runs a function within a scenario, which is over then."""

    def run(function):
        with guarded(None), handlers.noted(Exit(PLACE, Path(__file__).parent, late)):
            return function()

    return run


class Holder:
    """An object that something is to be done for at its end."""


def finalized(function):
    holder = Holder()
    weakref.finalize(holder, function)
    return holder


REGISTERS = {
    "atexit.register": lambda function: atexit.register(function),
    "imported register": lambda function: register(function),
    "a function of Python's own": lambda function: atexit.register(asyncio.run, asyncio.to_thread(function)),
    "threading": lambda function: threading._register_atexit(function),
    "weakref.finalize": finalized,
}


@pytest.mark.parametrize("way", REGISTERS)
def test_what_it_tries_to_reach_is_refused_and_is_a_verdict(handlers, scenario, late, way, capsys):
    # Whoever gets it keeps it, until all tests have ended.
    kept = scenario(lambda: REGISTERS[way](dial))
    handlers.run()
    handlers.run()
    (verdict,) = late
    assert "registered a function to run when Python exits, which tried then to connect to" in str(verdict)
    assert "scenario: test_x.py::test_x" in str(verdict).replace("   ", " ").replace("  ", " ")
    assert "registered in: test_exit_handlers.py:" in str(verdict)
    assert capsys.readouterr().err == ""
    del kept


@pytest.mark.parametrize("way", WAYS)
def test_each_way_out_is_refused(handlers, scenario, late, way):
    def leave():
        with suppress(BaseException):
            if asyncio.iscoroutine(left := WAYS[way]()):
                asyncio.run(left)

    scenario(lambda: atexit.register(leave))
    handlers.run()
    assert late


def test_it_runs_once_and_the_last_comes_first(handlers, scenario):
    ran = []

    def three():
        atexit.register(ran.append, 1)
        atexit.register(ran.append, 2)
        return finalized(lambda: ran.append(3))

    kept = scenario(three)
    handlers.run()
    handlers.run()
    del kept
    assert ran == [3, 2, 1]


def test_what_is_unregistered_or_done_by_then_does_not_run(handlers, scenario):
    ran = []

    @scenario
    def held():
        atexit.register(ran.append, 1)
        atexit.unregister(ran.append)
        done = finalized(lambda: ran.append(2))
        finalizer = weakref.finalize(done, ran.append, 3)
        finalizer.atexit = False
        del done
        return (
            atexit.register(ran.append),
            finalized(lambda: None),
        )

    assert ran == [3, 2]
    atexit.unregister(held[0])
    handlers.run()
    assert ran == [3, 2]


def test_what_it_raises_is_printed_and_the_next_runs(handlers, scenario, late, capsys):
    ran = []

    def fail():
        raise SystemExit(3)

    scenario(lambda: (atexit.register(ran.append, 1), atexit.register(fail), atexit.register(lambda: 1 / 0)))
    handlers.run()
    assert (ran, late) == ([1], [])
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_what_no_scenario_registers_is_left_alone(handlers, scenario):
    ran = []
    done = threading.Event()
    asked = threading.Event()

    def other():
        asked.wait()
        atexit.register(ran.append, 1)
        done.set()

    # It was there before the scenario, as the server of an application is.
    thread = threading.Thread(target=other)
    thread.start()
    scenario(lambda: (asked.set(), done.wait(), thread.join()))
    atexit.register(ran.append, 2)
    handlers.run()
    atexit.unregister(ran.append)
    assert ran == []


def test_what_python_registers_for_itself_stays_for_the_end_of_the_process(handlers, scenario):
    """The end of all pools, or of logging, would come too early for other plugins."""

    def imported_late():
        own = {"__name__": "concurrent.futures.thread", "end": concurrent.futures.thread._python_exit}
        exec("import threading\nthreading._register_atexit(end)", own)  # noqa: S102 - the text here
        threading._threading_atexits.pop()
        own = {"__name__": "multiprocessing.util", "end": multiprocessing.util._exit_function}
        exec("import atexit\natexit.register(end)", own)  # noqa: S102
        return tempfile.TemporaryDirectory()

    folder = scenario(imported_late)
    handlers.run()
    assert Path(folder.name).is_dir()
    folder.cleanup()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        assert pool.submit(int, "1").result() == 1


def test_a_scenario_within_another_has_its_own(late, handlers):
    outer, inner = (Exit(Place(name, "c", "o"), Path("/"), late) for name in ("outer", "inner"))
    with guarded(None), handlers.noted(outer):
        with handlers.noted(inner):
            atexit.register(dial)
        atexit.register(dial)
    handlers.run()
    assert [error.where[-1] for error in late] == [("scenario", "outer"), ("scenario", "inner")]


def test_what_is_wrong_is_refused_as_python_does(scenario):
    with pytest.raises(TypeError, match="must be callable"):
        scenario(lambda: atexit.register(1))


LEAVES = """
import atexit, httpx, socket
def leave():
    atexit.register(print, "no harm")
    atexit.register(httpx.post, "https://telemetry.example/v1")
class Settings("""
WALK = "test_acme.py::test_walk"


@pytest.mark.parametrize(
    "options",
    [[], ["-n1"], pytest.param(["--record-mode=rewrite"], marks=pytest.mark.loopback)],
    ids=["replay", "xdist", "recording"],
)
def test_it_fails_the_run(recorded, options):
    run = (
        recorded.edit("acme_connector.py", "class Settings(", LEAVES)
        .edit("acme_connector.py", "    paginations = Next", "    leave()\n    paginations = Next")
        .run(WALK, *options, subprocess="-n1" in options)
    )
    run.had(passed=1)
    assert run.exit_code == 1
    run.said(
        "a scenario that had passed has failed:",
        "The connector has registered a function to run when Python exits, which tried then to look up "
        "'telemetry.example'.",
        "registered in: acme_connector.py:",
        f"scenario: {WALK}",
        "Have the connector ask before it",
    )


def test_what_reaches_nothing_is_no_alarm(recorded):
    run = (
        recorded.edit("acme_connector.py", "class Settings(", LEAVES.replace("httpx.post", "httpx.URL"))
        .edit("acme_connector.py", "    paginations = Next", "    leave()\n    paginations = Next")
        .run(WALK)
    )
    run.had(passed=1)
    assert run.exit_code == 0
    assert run.output.count("no harm") == 2
