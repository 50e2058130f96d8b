"""A checkout with CRLF, as git makes one on Windows: what it replays, lints and records."""

import io
from dataclasses import replace

import pytest

from connector_contract.storage.cassette_format import read_cassette, read_head
from connector_contract.storage.files import write_whole
from connector_contract.storage.line_ends import with_line_feeds
from connector_contract.storage.lint import lint_cassette, lint_snapshot

CASSETTE = "cassettes/test_acme/test_create.yaml"
SNAPSHOT = "snapshots/test_acme/test_walk.json"
NO_NAMES: frozenset[str] = frozenset()


@pytest.fixture
def windows(recorded):
    stored = {**recorded.recorded("cassettes"), **recorded.recorded("snapshots")}
    crlf = {name: data.replace(b"\n", b"\r\n") for name, data in stored.items()}
    return replace(recorded, files={**recorded.files, **crlf})


def test_only_what_has_it_in_each_line_is_a_checkout():
    assert with_line_feeds(b"a\r\nb\r\n") == b"a\nb\n"
    for data in (b"a\r\nb\n", b"a\rb\n", b"a\n", b""):
        assert with_line_feeds(data) is data


def test_a_checkout_replays_and_changes_no_file(windows):
    run = windows.run()
    run.had(passed=3)
    assert run.project.files == windows.files


def test_a_checkout_holds_the_same_and_is_in_order(windows, recorded):
    for name, data in windows.recorded("cassettes").items():
        assert read_cassette(io.BytesIO(data)) == read_cassette(io.BytesIO(recorded.files[name]))
        assert read_head(io.BytesIO(data)) == read_head(io.BytesIO(recorded.files[name]))
        assert list(lint_cassette(name, data, NO_NAMES)) == []
    for name, data in windows.recorded("snapshots").items():
        assert list(lint_snapshot(name, data, NO_NAMES)) == []


def test_an_edit_in_a_checkout_is_found_in_its_line(windows):
    edited = windows.files[CASSETTE].replace(b"method: POST", b"method:  POST")
    line = windows.files[CASSETTE].partition(b"method: POST")[0].count(b"\n") + 1
    assert [(each.kind, each.line) for each in lint_cassette(CASSETTE, edited, NO_NAMES)] == [("form", line)]
    # One line that ends otherwise than all others was edited, too.
    one = windows.files[SNAPSHOT].replace(b"\r\n", b"\n", 1)
    assert [each.kind for each in lint_snapshot(SNAPSHOT, one, NO_NAMES)] == ["form"]


@pytest.mark.loopback
def test_a_new_recording_keeps_the_line_ends_and_is_no_change(windows):
    run = windows.run("--record-mode=rewrite")
    run.had(passed=3)
    assert run.project.files == windows.files
    assert "0 cassettes changed, 0 new snapshots, 0 changed" in run.output


@pytest.mark.parametrize(
    ("there", "changed", "expected"),
    [
        (b"a\r\nb\r\n", False, b"a\r\nb\r\n"),
        (b"a\r\nc\r\n", True, b"a\r\nb\r\n"),
        (b"a\r\n", True, b"a\r\nb\r\n"),
        (b"a\nb\n", False, b"a\nb\n"),
        (b"a\nb\nc\n", True, b"a\nb\n"),
        # What was edited in one line, or is empty, is no such checkout.
        (b"a\r\nb\n", False, b"a\nb\n"),
        (b"a\nb\r\n", False, b"a\nb\n"),
        (b"a\r\nb", True, b"a\nb\n"),
        (b"", True, b"a\nb\n"),
        (None, True, b"a\nb\n"),
    ],
)
def test_a_file_keeps_its_line_ends_and_has_changed_if_a_line_has(tmp_path, there, changed, expected):
    path = tmp_path / "a.yaml"
    if there is not None:
        path.write_bytes(there)
    kept = []
    assert write_whole(path, [b"a\n", b"b", b"\n"], kept.append) is changed
    assert path.read_bytes() == expected
    assert kept == [path] * changed
