"""The file of what a contract class declares: compared, and written when that is asked for."""

from __future__ import annotations

import pytest

from connector_contract.contract.declarations_file import Declarations
from connector_contract.errors import ChangedDeclarations, MissingSnapshot
from connector_contract.recording.record_modes import DISABLED, plan_for
from connector_contract.storage.files import scenario_files
from connector_contract.storage.snapshot_format import declarations_text

NODEID = "test_c.py::TestC::test_declarations"
PATH = "snapshots/test_c/TestC.declarations.json"
DECLARED = {"waivers": {"info": "a known gap"}}
OTHER = {"waivers": {"info": "another"}}


def check(root, declared, stored=None, *, write_new=False, update=False):
    """What is in the file after the check; ``None`` if there is none."""
    path = root / PATH
    if stored is not None:
        path.parent.mkdir(parents=True)
        path.write_bytes(stored.encode("latin-1"))
    files = scenario_files(root, NODEID)
    try:
        plan = plan_for("once" if write_new else "none", True)
        Declarations(declared, files, NODEID, plan, update=update).check()
    finally:
        left = path.read_bytes().decode("latin-1") if path.exists() else None
        assert left == stored or write_new or update
    return left


@pytest.mark.parametrize(
    ("declared", "stored"),
    [
        pytest.param({}, None, id="nothing"),
        pytest.param(DECLARED, declarations_text(DECLARED), id="as in the file"),
        pytest.param(DECLARED, '{"waivers":\r\n {"info": "a known gap"}}', id="in another form"),
    ],
)
@pytest.mark.parametrize("options", [{}, {"write_new": True}, {"update": True}])
def test_what_is_as_in_the_file_is_left_as_it_is(tmp_path, declared, stored, options):
    assert check(tmp_path, declared, stored, **options) == stored


@pytest.mark.parametrize("options", [{"write_new": True}, {"update": True}])
def test_a_file_that_is_missing_is_written_when_that_is_asked_for(tmp_path, options):
    assert check(tmp_path, DECLARED, **options) == declarations_text(DECLARED)


def test_a_change_is_accepted_by_an_update_alone(tmp_path):
    assert check(tmp_path, OTHER, declarations_text(DECLARED), update=True) == declarations_text(OTHER)


def test_the_file_goes_with_the_last_declaration(tmp_path):
    assert check(tmp_path, {}, declarations_text(DECLARED), update=True) is None


def test_a_file_that_is_missing_is_a_failure(tmp_path):
    with pytest.raises(MissingSnapshot) as caught:
        check(tmp_path, DECLARED)
    assert str(caught.value).splitlines() == [
        "declarations: what the contract's class declares has no snapshot.",
        f"  snapshot: {PATH}",
        f"  test:     {NODEID}",
        "  - waivers['info']: \"a known gap\"",
        "The snapshot shows a reviewer what is not demanded. Write it with:",
        f"  pytest --record-mode=once {NODEID}",
    ]


STORED = declarations_text(DECLARED)
NOT_DECLARED = "- waivers['info']: not declared in the snapshot, \"a known gap\" now"
NO_JSON = "the file is not the JSON of declarations"


@pytest.mark.parametrize("write_new", [False, True])
@pytest.mark.parametrize(
    ("declared", "stored", "details"),
    [
        (OTHER, STORED, ['- waivers[\'info\']: "a known gap" in the snapshot, "another" now']),
        ({}, STORED, ["- waivers['info']: \"a known gap\" in the snapshot, not declared now"]),
        ({}, "{}", ["nothing is declared, so no file is needed"]),
        (DECLARED, "<<<<<<< HEAD", [NO_JSON, NOT_DECLARED]),
        (DECLARED, "[]", [NO_JSON, NOT_DECLARED]),
        (DECLARED, "\xff", [NO_JSON, NOT_DECLARED]),
        # An empty file is as good as an empty object.
        (DECLARED, "", [NOT_DECLARED]),
    ],
)  # fmt: skip
def test_a_change_is_a_failure(tmp_path, declared, stored, details, write_new):
    with pytest.raises(ChangedDeclarations) as caught:
        check(tmp_path, declared, stored, write_new=write_new)
    assert caught.value.what.endswith("declares differs from its snapshot.")
    assert list(caught.value.details) == details
    assert caught.value.remedy.endswith(f"accept it with:\n  pytest --snapshot-update {NODEID}")


def test_nothing_is_written_where_recording_is_disabled(tmp_path):
    files = scenario_files(tmp_path, NODEID)
    with pytest.raises(MissingSnapshot):
        Declarations({"waivers": {"a": "b"}}, files, NODEID, plan_for(DISABLED, True), update=True).check()
    assert not files.declarations.exists()
