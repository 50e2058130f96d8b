"""What the end of a run says of the stored tables of fields."""

from __future__ import annotations

from connector_contract.faults.field_changes import ChangedFields, FieldChange, FieldsChecked
from connector_contract.faults.field_use import cell_of
from connector_contract.faults.stored_field_lines import changed_lines, fields_lines
from connector_contract.faults.swept_call import FieldsSeen


def changes(number):
    return [FieldChange.at(f"GET /users: f{each}", "required", "read") for each in range(number)]


def shown(path):
    return path.removeprefix("/project/")


def test_nothing_is_said_of_what_is_as_stored():
    assert changed_lines([], shown) == []
    assert fields_lines([FieldsSeen("a", "/a", {})], FieldsChecked()) == []


def test_what_differs_in_words_with_the_remedy():
    changed = [
        ChangedFields("list_accounts", "/project/snapshots/list_accounts.fields.json", changes(1)),
    ]
    assert changed_lines(changed, shown) == [
        "What the connector does with the fields of its upstream differs from the stored tables:",
        "  snapshots/list_accounts.fields.json:",
        "    list_accounts no longer stops if GET /users lacks f0: it was required, and is read now",
        "Undo that; or, if it is right, accept it with:",
        "  pytest --contract-faults --snapshot-update",
    ]


def test_much_that_differs_is_bounded():
    changed = [ChangedFields("a", f"/project/{each}", changes(50)) for each in range(20)]
    lines = changed_lines(changed, shown)
    assert len(lines) < 60
    assert "    and 42 more" in lines
    assert "  and 15 more" in lines


def test_a_name_of_the_upstream_cannot_write_to_the_terminal():
    name = "\x1b[2J\nname" + "x" * 1000
    changed = [ChangedFields("a", "/a", [FieldChange.at(f"GET /users: {name}", "read", None)])]
    text = "\n".join(changed_lines(changed, shown))
    assert "\x1b" not in text
    assert "\nname" not in text
    assert len(text) < 1000


def test_what_is_demanded_and_never_used_is_a_note():
    never = {"GET /users": {"changed": cell_of("required, never used"), "id": cell_of("required")}}
    assert fields_lines([FieldsSeen("list_accounts", "/a", never)], FieldsChecked()) == [
        "",
        "fields that are demanded and never used:",
        "  list_accounts requires changed of GET /users, and never uses it.",
    ]


def test_of_several_connectors_a_note_names_its_own():
    never = {"GET /users": {"changed": cell_of("required, never used")}}
    seen = [FieldsSeen("list_accounts", f"/{each}", never, f". snapshots/{each}") for each in ("few", "many")]
    assert fields_lines(seen, FieldsChecked())[2:] == [
        "  . snapshots/few: list_accounts requires changed of GET /users, and never uses it.",
        "  . snapshots/many: list_accounts requires changed of GET /users, and never uses it.",
    ]


def test_a_long_note_is_broken_between_words_at_the_width_of_the_terminal():
    fields = {f"a_long_name_of_a_field_{number}": cell_of("required, never used") for number in range(9)}
    seen = [FieldsSeen("list_accounts", "/a", {"GET /users": fields})]
    for width, longest in ((60, 60), (80, 80), (300, 100)):
        lines = fields_lines(seen, FieldsChecked(), width)
        assert max(map(len, lines[2:])) in range(longest - 30, longest + 1)
        assert all(each.startswith("    ") for each in lines[3:])
    assert "a_long_name_of_a_field_4 and 4 more of GET /users" in " ".join(" ".join(lines).split())


def test_commands_are_not_broken():
    lines = fields_lines([], FieldsChecked(missing=["list_accounts"]), 20)
    assert lines[-1] == "  pytest --contract-faults --record-mode=once"


def test_many_notes_are_bounded():
    never = {f"GET /{each}": {"a": cell_of("required, never used")} for each in range(20)}
    lines = fields_lines([FieldsSeen("list_accounts", "/a", never)], FieldsChecked())
    assert (len(lines), lines[-1]) == (11, "  and 12 more")


def test_the_first_sweep_says_how_to_store_the_table():
    assert fields_lines([], FieldsChecked(missing=["list_accounts", "list_users"])) == [
        "",
        "No table of fields is stored for list_accounts, list_users. Write it with:",
        "  pytest --contract-faults --record-mode=once",
    ]


def test_what_was_not_compared_is_said_with_the_reason():
    assert fields_lines([], FieldsChecked(unknown=["a", "a"])) == [
        "",
        "The table of fields of a was not compared: not all of its calls were broken in this run.",
    ]
    assert fields_lines([], FieldsChecked(unknown=["a", "b"]))[1:] == [
        "The table of fields of a, b was not compared: not all of their calls were broken in this run.",
    ]
