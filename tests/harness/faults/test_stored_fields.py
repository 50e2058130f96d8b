"""The stored tables of fields: compared, and written when that is asked for."""

from __future__ import annotations

import pytest

from connector_contract.faults.field_use import cell_of, fields_text
from connector_contract.faults.stored_fields import checked_fields
from connector_contract.faults.swept_call import FieldsSeen
from connector_contract.recording.record_modes import DISABLED, plan_for


def table(**cells):
    return {"GET /users": {name: cell_of(cell) for name, cell in cells.items()}}


READ, REQUIRED = table(email="read"), table(email="required")


@pytest.fixture
def check(tmp_path):
    path = tmp_path / "snapshots" / "list_accounts.fields.json"

    def checked(fields, stored=None, *, mode="none", update=False):
        """What came of it, the file afterwards, and which files were kept before they changed."""
        if stored is not None:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(stored.encode())
        kept = []
        seen = [FieldsSeen("list_accounts", str(path), fields)]
        found = checked_fields(seen, plan_for(mode, True), update=update, keep=kept.append)
        assert kept in ([], [path])
        return found, path.read_bytes().decode() if path.exists() else None, bool(kept)

    return checked


def is_good(found):
    return not (found.changed or found.missing or found.unknown or found.errors)


@pytest.mark.parametrize("mode", ["none", "once", DISABLED])
def test_what_is_as_stored_is_left_as_it_is(check, mode):
    found, text, kept = check(READ, fields_text(READ), mode=mode)
    assert is_good(found)
    assert (text, kept) == (fields_text(READ), False)


@pytest.mark.parametrize("options", [{"mode": "once"}, {"update": True}])
def test_a_table_that_is_missing_is_written_when_that_is_asked_for(check, options):
    found, text, kept = check(READ, **options)
    assert is_good(found)
    assert (text, kept) == (fields_text(READ), True)


@pytest.mark.parametrize("options", [{}, {"mode": DISABLED}, {"mode": DISABLED, "update": True}])
def test_a_table_that_is_missing_is_said_and_fails_nothing(check, options):
    found, text, _kept = check(READ, **options)
    assert (found.missing, found.changed, text) == (["list_accounts"], [], None)


@pytest.mark.parametrize("mode", ["none", "once", DISABLED])
def test_a_table_that_differs_is_reported_and_kept(check, mode):
    found, text, kept = check(READ, fields_text(REQUIRED), mode=mode)
    ((one,),) = [each.changes for each in found.changed]
    assert (one.place, str(one.old), str(one.new)) == ("GET /users: email", "required", "read")
    assert (text, kept) == (fields_text(REQUIRED), False)


def test_a_change_is_accepted_by_an_update(check):
    found, text, kept = check(READ, fields_text(REQUIRED), update=True)
    assert is_good(found)
    assert (text, kept) == (fields_text(READ), True)


def test_a_table_without_a_field_is_no_file(check):
    assert check({})[:2] == (check({}, update=True)[0], None)
    found, text, _kept = check({}, fields_text(READ))
    assert [len(each.changes) for each in found.changed] == [1]
    assert text == fields_text(READ)
    found, text, kept = check({}, fields_text(READ), update=True)
    assert is_good(found)
    assert (text, kept) == (None, True)


@pytest.mark.parametrize(
    ("stored", "why"),
    [
        ("{", "cannot be used: Expecting"),
        ("[]", "cannot be used: a table of fields is an object"),
        ("[" * 100_000, "cannot be used: "),
        ('{"GET /users": {"a": "read", "a": "read"}}', "twice"),
    ],
)
def test_a_file_that_is_no_table_is_an_error_that_an_update_puts_right(check, stored, why):
    found, text, _kept = check(READ, stored)
    assert found.changed == []
    assert [why in each and "Restore the file" in each for each in found.errors] == [True]
    assert text == stored
    assert check(READ, stored, update=True)[1] == fields_text(READ)


@pytest.mark.parametrize(
    "stored", ['{"GET /users":{"email":"read"}}', fields_text(READ).replace("\n", "\r\n")]
)
def test_another_form_is_no_change(check, stored):
    found, text, _kept = check(READ, stored)
    assert is_good(found)
    assert text == stored


def test_line_ends_of_a_checkout_survive_an_update(check):
    stored = fields_text(READ).replace("\n", "\r\n")
    assert check(READ, stored, update=True)[1:] == (stored, False)


def test_what_was_not_all_seen_is_neither_compared_nor_written(check):
    found, text, kept = check(None, fields_text(REQUIRED), update=True)
    assert (found.unknown, found.changed) == (["list_accounts"], [])
    assert (text, kept) == (fields_text(REQUIRED), False)


def test_a_file_that_cannot_be_read_or_written_is_an_error(tmp_path):
    (tmp_path / "a.fields.json").mkdir()
    (tmp_path / "file").touch()
    seen = [
        FieldsSeen("a", str(tmp_path / "a.fields.json"), READ),
        FieldsSeen("b", str(tmp_path / "file" / "b.fields.json"), READ),
        FieldsSeen("c", str(tmp_path / "c.fields.json"), READ),
    ]
    found = checked_fields(seen, plan_for("once", True), update=False)
    assert ["folder in place of a file" in each for each in found.errors] == [True, False]
    assert (tmp_path / "c.fields.json").exists()
