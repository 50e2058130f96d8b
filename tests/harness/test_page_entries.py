"""What a page shows of a review: entries to filter, and the scenarios that show them."""

from __future__ import annotations

from dataclasses import replace

from changes_testing import change_of, changed, many_changes, request
from review_testing import account, accounts, reviewed, stored

from connector_contract.review.change import Kind, Review, Severity
from connector_contract.review.drawn_calls import NOT_DRAWN
from connector_contract.review.page_entries import DRAWN, entries_of

CASSETTE = "cassettes/tests/test_acme/test_a.yaml"


def test_each_change_is_an_entry_of_its_own():
    review = many_changes(7)
    entries = entries_of(review, {}, {})
    assert [entry.id for entry in entries] == [
        *(f"change-{n}" for n in range(1, 8)),
        "request-1",
        "upstream-1",
    ]
    assert {severity: entries.count(severity) for severity in Severity} == {
        Severity.CRITICAL: 2,
        Severity.MAJOR: 2,
        Severity.MINOR: 3,
        Severity.INFO: 2,
    }


def test_a_change_has_the_scenario_that_shows_it_with_its_calls():
    base = stored(accounts("test_a", account(1), account(2)))
    head = stored(accounts("test_a", account(1)))
    entries = entries_of(reviewed(base, head), base, head)
    (scenario,) = entries.drawn
    assert (scenario.path, scenario.title) == (CASSETTE, "tests/test_acme.py::test_a")
    assert (scenario.severity, scenario.capabilities) == (Severity.CRITICAL, ["list_accounts"])
    assert [entry.id for entry in scenario.entries] == ["change-1"]
    assert [step.answered for step in scenario.drawing.steps] == ["2 records", "1 record"]
    assert entries.changes[0].scenarios == [CASSETTE]
    assert entries.capabilities == ["list_accounts"]


def test_scenarios_of_two_projects_with_one_name_are_told_apart():
    files = stored(accounts("test_a", account(1)))
    (cassette,) = [each for path, each in files.items() if path.startswith("cassettes/")]
    stored_files = {f"one/{CASSETTE}": cassette, f"two/{CASSETTE}": cassette}
    one = changed(file="one/snapshots/tests/test_acme/test_a.json")
    review = Review("a", "b", [change_of(one)])
    assert entries_of(review, stored_files, stored_files).changes[0].scenarios == [f"one/{CASSETTE}"]


def test_a_scenario_without_a_cassette_is_named_and_not_drawn():
    entries = entries_of(Review("a", "b", [change_of(changed())]), {}, {})
    assert entries.changes[0].scenarios == ["tests/test_acme.py::test_a"]
    assert entries.scenarios == {}


def test_what_is_asked_is_about_the_capabilities_of_its_scenarios():
    files = stored(accounts("test_0", account(1)))
    entries = entries_of(many_changes(1), files, files)
    assert [entry.capabilities for entry in (*entries.requests, *entries.upstream)] == [["list_accounts"]] * 2
    assert [entry.count for entry in (*entries.requests, *entries.upstream)] == ["3 requests", "2 responses"]


def test_of_many_scenarios_those_of_the_worst_changes_are_drawn():
    (name, data), *_ = stored(accounts("test_a", account(1))).items()
    number = DRAWN + 20
    files = {name.replace("test_a", f"test_{each}", 1): data for each in range(number)}
    files = {name.rpartition("/")[0] + f"/test_{each}.yaml": data for each in range(number)}
    review = many_changes(number)
    backwards = replace(review, changes=[*reversed(review.changes)], requests=(), upstream=())
    entries = entries_of(backwards, files, files)
    assert (len(entries.drawn), len(entries.not_drawn)) == (DRAWN, 20)
    assert entries.drawn[0].severity is Severity.CRITICAL
    assert {each.severity for each in entries.not_drawn} == {Severity.INFO}
    assert all(each.drawing is NOT_DRAWN for each in entries.not_drawn)


def test_values_that_all_share_are_said_once():
    shared = change_of(changed(1), changed(2))
    (entry,) = entries_of(Review("a", "b", [shared]), {}, {}).changes
    assert [(row.old[0].text, row.new[0].text) for row in entry.values] == [("A", "B")]
    apart = change_of(changed(1), changed(2, new="C"))
    assert entries_of(Review("a", "b", [apart]), {}, {}).changes[0].values == ()


def test_an_entry_counts_the_requests_that_show_it():
    one = change_of(changed(1), changed(1, request=request(10)), kind=Kind.ACCOUNT)
    assert entries_of(Review("a", "b", [one]), {}, {}).changes[0].requests == 2
