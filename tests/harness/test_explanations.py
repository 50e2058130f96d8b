"""What explains that many values changed."""

from __future__ import annotations

import pytest

from connector_contract.review.change import Difference, Kind, Request, What
from connector_contract.review.explanations import explained, part_replaced, rules

REQUEST = Request("list_accounts", "", "tests/test_a.py::test_a")


def changed(old, new, field="username", before=None, after=None, record="u1"):
    return Difference(
        Kind.ACCOUNT,
        What.CHANGED,
        field,
        old,
        new,
        REQUEST,
        "a.json",
        record,
        before={field: old, **(before or {})},
        after={field: new, **(after or before or {})},
    )


@pytest.mark.parametrize(
    ("one", "rule"),
    [
        (changed("Ann", None), "now empty"),
        (changed(["a"], []), "now empty"),
        (changed(None, "Ann"), "empty before"),
        (changed("Ann", "ann@example.com", before={"email": "ann@example.com"}), "now equals email"),
        (
            changed("Ann", "Lee", before={"last": "Lee"}, after={"last": "Ann"}),
            "now what last was",
        ),
        (changed("Ann", "ANN"), "now upper case"),
        (changed("Ann", "ann"), "now lower case"),
        (changed("ann lee", "Ann Lee"), "now title case"),
        (changed(" ann ", "ann"), "now without white space at its ends"),
        (changed("ann@example.com", "ann"), "now the part before the first '@'"),
        (changed("acme/ann", "ann"), "now the part after the first '/'"),
        (changed(1, "1"), "the same, now as text"),
        (changed("1", 1), "the same, now as a number"),
        (changed("2024-01-01T10:00:00Z", "2024-01-01T12:00:00Z"), "now 2:00:00 later"),
        (changed("2024-01-01T10:00:00Z", "2023-12-31T10:00:00Z"), "now 1 day, 0:00:00 earlier"),
        (
            changed("2024-01-01T10:00:00Z", "2024-01-01T10:00:00+00:00"),
            "the same time, now written otherwise",
        ),
        (changed("2024-01-01T10:00:00Z", "2024-01-01T10:00:00"), "now without a zone"),
        (changed("2024-01-01T10:00:00", "2024-01-01T10:00:00Z"), "now with a zone"),
        (changed(["a", "b"], ["b", "a"]), "the same, in another order"),
        (changed(["a", "b"], ["b", "c"]), 'now without "a" and with "c"'),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_rule_that_leads_from_the_old_value_to_the_new(one, rule):
    assert next(rules(one)) == rule


def test_a_value_that_no_rule_explains():
    assert list(rules(changed("Ann", "Zoe"))) == []
    assert list(rules(changed(True, False, before={"other": False}))) == []
    assert list(rules(changed("2024-99-99T99:99", "2024-01-01T10:00:00Z"))) == []


def test_two_fields_that_have_changed_together_explain_nothing():
    both = changed("Ann", "A. Lee", before={"given_name": "Ann"}, after={"given_name": "A. Lee"})
    assert "now equals given_name" not in list(rules(both))


def people(*pairs):
    return [changed(old, new, record=f"u{number}") for number, (old, new) in enumerate(pairs)]


def test_what_explains_most_of_them():
    found = explained(people(("Ann", "ANN"), ("Lee", "LEE"), ("Zoe", "other")))
    assert found is not None
    assert (found.text, [one.old for one in found.members]) == ("now upper case", ["Ann", "Lee"])


def test_what_explains_less_than_half_of_them_explains_nothing():
    assert explained(people(("Ann", "ANN"), ("Lee", "LEE"), *((str(n), f"x{n}y") for n in range(5)))) is None
    assert explained(people(("Ann", "ANN"))) is None
    assert explained([]) is None


@pytest.mark.parametrize(
    ("pairs", "text"),
    [
        ([("a", "none"), ("b", "none")], "now always 'none'"),
        ([("Mr Lee", "Ms Lee"), ("Mr Ann", "Ms Ann")], "now 'Ms' in place of 'Mr'"),
        ([("Lee", "Lee (left)"), ("Ann", "Ann (left)")], "now with ' (left)' in it"),
        ([("Ann Lee of Sales", "Ann Lee"), ("Zoe Lee of Sales", "Zoe Lee")], "now without ' of Sales'"),
    ],
)
def test_what_they_have_in_common(pairs, text):
    found = explained(people(*pairs))
    assert found is not None
    assert (found.text, len(found.members)) == (text, len(pairs))


def test_the_part_of_a_text_that_differs():
    assert part_replaced("Acme answered 404 to GET /a.", "Acme said 404 to GET /a.") == ("answered", "said")
    assert part_replaced("a b", "a b c") == ("", " c")
    assert part_replaced("one", "other") is None
    assert part_replaced("", "other") is None
    assert part_replaced(1, 2) is None
    assert part_replaced("same", "same") is None
