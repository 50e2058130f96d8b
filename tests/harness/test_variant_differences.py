"""The line that says what differs between variants."""

from __future__ import annotations

import json

from connector_contract.reporting.outcome import Outcome
from connector_contract.reporting.variant_differences import told, variant_lines

ADA = {
    "id": "u1",
    "mail": "ada@example.com",
    "manager": {"id": "u2", "name": None},
    "tags": [{"k": "v"}, "x"],
}


def of(variant, title, *responses, offered=()):
    seen = {f"{number}.json": told(json.dumps(response)) for number, response in enumerate(responses)}
    return Outcome(
        f"t.py::{title}[{variant}]",
        recorded=False,
        variant=variant,
        title=f"t.py::{title}",
        told=seen,
        offered=list(offered),
    )


def both(title, one, another):
    return [of("classic", title, one), of("modern", title, another)]


def page(*records):
    return {"response": list(records), "page": None}


def test_of_a_response_its_records_and_fields_are_compared():
    seen = told(json.dumps([page(ADA), page({"id": "u3"})]))
    assert seen["records"] == 2
    assert seen["fields"] == ["id", "mail", "manager.id", "tags", "tags.k"]
    assert seen["error"] is None


def test_a_response_need_not_be_a_list():
    assert told('{"response": {"id": "u1"}}')["records"] is None
    assert told('{"error": {"error_code": "not_found"}}')["error"] == "not_found"
    assert told('{"active": ["ACTIVE"]}')["fields"] == []
    assert told('"text"')["records"] is None


def test_nothing_is_said_without_variants_or_of_one():
    assert variant_lines([]) == []
    assert variant_lines([Outcome("t.py::a", recorded=False)]) == []
    assert variant_lines([of("classic", "a", page(ADA))]) == []
    assert variant_lines([of("classic", "a", page(ADA)), of("modern", "b", page(ADA))]) == []


def test_variants_that_answer_the_same():
    assert variant_lines(both("a", page(ADA), page(ADA))) == [
        "classic and modern answer the same in 1 scenario"
    ]


def test_each_way_to_differ_is_named():
    error = {"error": {"error_code": "not_found"}}
    outcomes = [
        *both("records", page(ADA, ADA), page(ADA)),
        *both("fields", page({"id": "1", "mail": "m"}), page({"id": "1", "phone": "p"})),
        *both("error", page(ADA), error),
        *both("same", page(ADA), page(ADA)),
    ]
    assert variant_lines(outcomes) == [
        "classic and modern differ in 3 of 4 scenarios: t.py::error (success, not_found), "
        "t.py::fields (mail only in classic, phone only in modern), t.py::records (2 records, 1)"
    ]


def test_many_scenarios_are_counted():
    outcomes = [each for name in "abcde" for each in both(name, page(ADA), page(ADA, ADA))]
    outcomes += [each for name in "xy" for each in both(name, page({"id": "1"}), page({"id": "2"}))]
    assert variant_lines(outcomes) == [
        "classic and modern differ in 7 of 7 scenarios: t.py::a (1 record, 2), t.py::b (1 record, 2), "
        "t.py::c (1 record, 2), 2 more, 2 in values alone"
    ]


def test_many_fields_are_counted():
    outcomes = both("a", page({"id": "1"}), page({"id": "1", "b": 1, "c": 1, "d": 1}))
    (line,) = variant_lines(outcomes)
    assert line.endswith("t.py::a (b, c and 1 more only in modern)")


def test_a_scenario_may_compare_more_in_one_variant():
    outcomes = [of("classic", "a", page(ADA)), of("modern", "a", page(ADA), page(ADA))]
    assert variant_lines(outcomes) == [
        "classic and modern differ in 1 of 1 scenario: t.py::a (other snapshots)"
    ]


def test_capabilities_that_one_has_alone_are_named():
    outcomes = [
        of("classic", "a", page(ADA), offered=["info", "list_accounts"]),
        of("modern", "a", page(ADA), offered=["get_account", "info"]),
    ]
    assert variant_lines(outcomes) == [
        "classic and modern answer the same in 1 scenario; only classic has list_accounts; "
        "only modern has get_account"
    ]


def test_capabilities_are_named_without_snapshots_too():
    outcomes = [of("classic", "a", offered=["info"]), of("modern", "a", offered=["get_account", "info"])]
    assert variant_lines(outcomes) == ["classic and modern differ: only modern has get_account"]


def test_each_further_variant_has_a_line():
    outcomes = [of(name, "a", page(ADA)) for name in ("a1", "a2", "a3")]
    assert variant_lines(outcomes) == [
        "a1 and a2 answer the same in 1 scenario",
        "a1 and a3 answer the same in 1 scenario",
    ]
