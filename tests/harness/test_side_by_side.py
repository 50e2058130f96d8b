"""Two values side by side."""

from __future__ import annotations

from connector_contract.review.side_by_side import LINE, LINES, field_by_field, side_by_side


def told(rows):
    """Each row as text, what differs in brackets."""

    def of(parts):
        return None if parts is None else "".join(f"[{p.text}]" if p.differs else p.text for p in parts)

    return [(of(row.old), of(row.new)) for row in rows]


def test_equal_values_are_the_same():
    (row,) = side_by_side("A", "A")
    assert row.is_same


def test_words_that_differ_are_marked():
    assert told(side_by_side("Ann Smith (old)", "Ann Jones (old)")) == [
        ("Ann [Smith] (old)", "Ann [Jones] (old)")
    ]


def test_values_that_share_little_are_marked_whole():
    assert told(side_by_side("Plato", "plato@example.com")) == [("[Plato]", "[plato@example.com]")]


def test_nothing_beside_something():
    assert told(side_by_side(None, "A")) == [("[nothing]", "[A]")]


def test_values_of_other_types_differ():
    assert told(side_by_side("x", {"a": 1})) == [("[x]", "[{]"), (None, '[  "a": 1]'), (None, "[}]")]


def test_lines_of_a_structure_stand_beside_their_like():
    assert told(side_by_side({"a": 1, "b": 2}, {"a": 1, "c": 0, "b": 3})) == [
        ("{", "{"),
        ('  "a": 1,', '  "a": 1,'),
        (None, '[  "c": 0,]'),
        ('  "b": [2]', '  "b": [3]'),
        ("}", "}"),
    ]


def test_a_long_value_is_shown_from_where_it_differs():
    (row,) = side_by_side("a" * 10_000 + " x", "a" * 10_000 + " y")
    assert row.old[0].text == "… 9,961 characters as before … "
    assert "".join(part.text for part in row.old[1:]) == "a" * 39 + " x"
    assert "".join(part.text for part in row.new[1:]) == "a" * 39 + " y"


def test_a_long_value_that_becomes_longer_is_shown_from_its_end():
    (row,) = side_by_side("a" * 10_000, "a" * 10_001)
    assert "".join(part.text for part in row.new).endswith("a" * 41)
    assert row.old != row.new


def test_what_is_too_long_is_shortened():
    (row,) = side_by_side("x" * 10_000, "y" * 10_000)
    for parts in (row.old, row.new):
        assert "".join(part.text for part in parts).endswith(f"… and {10_000 - LINE:,} more characters")


def test_many_lines_are_shortened_and_counted():
    rows = side_by_side(list(range(100)), list(range(100, 200)))
    assert len(rows) == LINES + 1
    assert told(rows)[-1] == ("… and 62 more lines", "… and 62 more lines")


def test_thousands_of_lines_are_paired_as_they_are():
    rows = side_by_side(list(range(5_000)), list(range(1, 5_001)))
    assert told(rows)[1] == ("  [0],", "  [1],")


def test_a_record_field_by_field():
    fields = field_by_field({"id": "1", "name": "A", "x": 1}, {"id": "1", "name": "B", "y": 2})
    assert [(each.name, each.differs, told(each.rows)) for each in fields] == [
        ("id", False, [("1", "1")]),
        ("name", True, [("[A]", "[B]")]),
        ("x", True, [("[1]", "[nothing]")]),
        ("y", True, [("[nothing]", "[2]")]),
    ]


def test_a_record_that_is_gone_has_the_fields_that_it_had():
    (field,) = field_by_field({"id": "1"}, None)
    assert (field.differs, told(field.rows)) == (False, [("1", "1")])


def test_what_is_no_record_has_no_fields():
    assert field_by_field(None, None) == []
    assert field_by_field("a", ["b"]) == []


def test_numbers_that_are_equal_and_of_other_types_differ():
    (field,) = field_by_field({"a": 1}, {"a": True})
    assert field.differs


def test_a_number_beside_its_text_is_told_from_it():
    assert told(side_by_side(1, "1")) == [("1", '["]1["]')]
    assert told(side_by_side(None, "nothing")) == [("[null]", '["nothing"]')]
