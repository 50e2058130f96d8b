from __future__ import annotations

from connector_contract.people.labels import Value, labelled, may_be_personal


def spelled(value, _):
    return value


def test_what_is_between_values_has_no_name():
    values = [Value("email", "b", (1, 2), 0), Value("x", "d", (3, 4), 1)]
    document = labelled("abcde", values, "utf-8", spelled)
    assert [each.items() for each in document.value] == [
        [("", "a"), ("email", "b"), ("", "c")],
        [("x", "d"), ("", "e")],
    ]
    assert document.changed([None, "A", None, "B", None, None, None, "D", None, "E"]) == b"ABcDE"
    assert document.changed([None] * 10) == b"abcde"


def test_a_text_needs_a_label_that_may_be_a_persons():
    assert labelled("ab", [Value("x", "b", (1, 2), 0)], "utf-8", spelled) is None
    assert labelled("ab", [], "utf-8", spelled) is None
    assert may_be_personal("Full name")
    assert may_be_personal("Owner")
    assert not may_be_personal("Team")
