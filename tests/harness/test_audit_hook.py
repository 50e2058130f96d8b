"""Each attempt to leave the process is seen, and the guard that is asked is the innermost."""

from __future__ import annotations

import multiprocessing.util
import socket
import subprocess
import sys
import threading

import pytest
from ways_out import ELSEWHERE

from connector_contract.errors import NetworkAccess
from connector_contract.recording.lanes import Lane, asking
from connector_contract.upstream import audit_hook
from connector_contract.upstream.audit_hook import guarded


class Refusing:
    """A guard that refuses all, and notes it."""

    def __init__(self, refuses=True):
        self.seen = []
        self.refuses = refuses

    def refusal(self, attempt):
        self.seen.append(str(attempt))
        return NetworkAccess("No.", remedy="None.") if self.refuses else None


def bind():
    with socket.socket() as sock:
        sock.bind(("", 0))


def test_a_guard_is_asked_as_long_as_its_context_lasts():
    guard = Refusing()
    with guarded(guard), pytest.raises(NetworkAccess):
        bind()
    bind()
    assert guard.seen == ["listen at ('', 0)"]


def test_the_innermost_guard_decides():
    outer, inner = Refusing(), Refusing(refuses=False)
    with guarded(outer):
        with guarded(inner):
            bind()
        with pytest.raises(NetworkAccess):
            bind()
    assert (len(outer.seen), len(inner.seen)) == (1, 1)


def test_it_is_installed_once(monkeypatch):
    added = []
    monkeypatch.setattr(sys, "addaudithook", added.append)
    monkeypatch.setattr(audit_hook, "_INSTALLED", [])
    for _ in range(2):
        with guarded(Refusing()):
            pass
    assert added == [audit_hook._hook]


def test_of_other_events_it_reads_the_name_alone():
    looked = []
    for event in ("open", "import", "socket.__new__"):
        audit_hook._hook(event, (), look=lambda *args: looked.append(args))
    assert looked == []
    audit_hook._hook("socket.connect", ("a",), look=lambda *args: looked.append(args))
    assert looked == [("socket.connect", ("a",))]


def test_a_socket_that_is_refused_a_connection_is_closed():
    """Whoever opened it expects an ``OSError``, and leaves it open after any other."""
    sock = socket.socket()
    with guarded(Refusing()), pytest.raises(NetworkAccess):
        sock.connect(ELSEWHERE)
    assert sock.fileno() == -1


def test_a_family_that_python_has_no_name_for_is_refused():
    guard = Refusing()

    class Strange:
        family = 4711

        def close(self):
            pass

    with guarded(guard), pytest.raises(NetworkAccess):
        audit_hook._look("socket.connect", (Strange(), b"x"))
    assert guard.seen == ["connect to b'x'"]


def test_what_multiprocessing_starts_is_seen_where_python_has_no_event(monkeypatch):
    guard = Refusing()
    with guarded(guard), pytest.raises(NetworkAccess):
        multiprocessing.util.spawnv_passfds(b"/bin/true", ["true"], [])
    assert guard.seen == ["start the program 'true'"]
    # Where there is no such function, Windows say, Python has one for it.
    monkeypatch.setitem(sys.modules, "_posixsubprocess", None)
    assert audit_hook._multiprocessing_audited() == []


@pytest.fixture
def other():
    """Runs functions in a thread that runs from before the test."""
    todo, done, stop = [], threading.Semaphore(0), threading.Semaphore(0)

    def work():
        while stop.acquire() and todo:
            todo.pop()()
            done.release()

    thread = threading.Thread(target=work)
    thread.start()

    def run(function):
        todo.append(function)
        stop.release()
        done.acquire()

    yield run
    stop.release()
    thread.join()


def noted(errors, function=bind):
    def run():
        try:
            function()
        except NetworkAccess as error:
            errors.append(error)

    return run


def test_a_thread_that_runs_already_is_others(other):
    errors = []
    with guarded(Refusing()):
        other(noted(errors))
        thread = threading.Thread(target=noted(errors))
        thread.start()
        thread.join()
    assert len(errors) == 1


def test_what_a_thread_of_others_starts_is_others_too(other):
    errors = []

    def start():
        thread = threading.Thread(target=noted(errors))
        thread.start()
        thread.join()

    with guarded(Refusing()):
        other(start)
    assert errors == []


def test_a_thread_of_others_is_asked_about_what_it_does_for_a_call(other):
    errors = []

    def called():
        with asking(object(), Lane()):
            bind()

    with guarded(Refusing()):
        other(noted(errors, called))
    assert len(errors) == 1


def test_a_thread_of_others_is_asked_about_the_connector_s_own_code(other):
    errors = []
    package = __name__.partition(".")[0]
    with guarded(Refusing(), lambda: {package}):
        other(noted(errors))
    with guarded(Refusing(), lambda: {"another"}):
        other(noted(errors))
    assert len(errors) == 1


class Closed:
    """The traffic of a scenario that is over."""

    is_closed = True

    def late_attempt(self, attempt):
        return NetworkAccess(f"Late: {attempt}", remedy="None.")


@pytest.mark.parametrize("is_another_s_time", [False, True])
def test_what_a_call_that_is_over_goes_on_with_is_late_whoever_runs_now(is_another_s_time):
    guard = Refusing(refuses=False)

    def late():
        with asking(object(), Lane(), Closed()), pytest.raises(NetworkAccess, match="Late: listen"):
            bind()

    if is_another_s_time:
        with guarded(guard):
            late()
    else:
        late()
    assert guard.seen == []


STARTS = "import subprocess\n\ndef start():\n    subprocess.run(['true'])\n"


@pytest.mark.parametrize(("module", "refused"), [("platform", 0), ("uuid", 0), ("their.platform", 1)])
def test_a_program_that_python_knows_the_machine_by_may_start(module, refused):
    found = {"__name__": module}
    exec(STARTS, found)  # noqa: S102 - the text above
    guard = Refusing()
    with guarded(guard):
        try:
            found["start"]()
        except NetworkAccess:
            assert refused
    assert len(guard.seen) == refused


def test_nothing_in_the_process_keeps_from_starting_another_after_the_context():
    with guarded(Refusing()):
        pass
    assert subprocess.run(["true"], check=False).returncode == 0
