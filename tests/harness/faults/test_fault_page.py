"""The page of a sweep: complete, correct in its numbers, and safe whatever the recordings say."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace

import pytest
from fault_rows import (
    ABSENT,
    CRASH,
    EMPTY,
    GOOD,
    HOSTILE,
    SAME,
    hostile,
    many,
    never_used,
    sweep,
    swept,
)
from html_testing import parsed

from connector_contract.faults.fault_cells import Shown, matrix_of
from connector_contract.faults.fault_page import headline, page
from connector_contract.review.html_text import visible


def page_of(*calls):
    return parsed(page(calls))


def entries(page, kind=None):
    found = page.all("article", "entry")
    return [each for each in found if kind is None or each.attributes["data-severity"] == kind]


def facts(entry):
    """What an entry says, by its label."""
    return {
        each.one("dt").text: " ".join(each.one("dd").text.split())
        for each in entry.one("dl", "facts").all("div")
    }


def test_a_finding_has_all_that_is_known():
    (entry,) = entries(page_of(swept(GOOD, EMPTY)), "finding")
    assert entry.one("h3").text == "list_accounts: status-401 an empty success: 0 of 8 records"
    assert facts(entry) == {
        "at": "GET /users interaction 1",
        "told": "an empty success: 0 of 8 records",
        "expected": "unauthorized, not retryable",
        "then": "Lumos takes access away from whoever is missing.",
        "fix": "Check the status of each response before you use its body.",
        "tolerate": '"status-401[list_accounts-GET /users]": "..."',
    }
    evidence = [each.text for each in entry.one("ul", "evidence").all("code")]
    assert evidence == list(EMPTY.evidence)


def test_what_does_not_apply_says_why():
    (entry,) = entries(page_of(swept(ABSENT)))
    assert facts(entry) == {"at": "GET /users interaction 1", "why": "the page has no successor"}


def test_what_differs_between_requests_stands_beside_each():
    other = replace(EMPTY, place=2, detail="users[0].id", expected="not_found", told="another")
    (entry,) = entries(page_of(swept(EMPTY, other)), "finding")
    first, second = (" ".join(each.text.split()) for each in entry.all("ul", "places")[0].all("li"))
    assert first == (
        "GET /users interaction 1 expected: unauthorized, not retryable "
        "told: an empty success: 0 of 8 records"
    )
    assert second == "GET /users interaction 2 users[0].id expected: not_found told: another"


def test_the_numbers_are_those_of_the_rows():
    page = page_of(*sweep())
    for kind in set(Shown) - {Shown.ABSENT}:
        (tile,) = [each for each in page.all("b") if each.attributes.get("data-count") == kind.name.lower()]
        assert tile.text == ("2" if kind is Shown.FINDING else "1")
    titles = {each.attributes["id"]: each for each in page.all("section")}
    numbers = {
        name: each.one("span", "number").text for name, each in titles.items() if each.all("span", "number")
    }
    assert numbers == {
        "findings": "2",
        "tolerated": "1",
        "notes": "1",
        "survived": "2",
        "does-not-apply": "1",
    }
    assert "3 calls of 2 capabilities" in page.one("p", "compared").text
    assert "1 fault does not apply" in page.one("p", "compared").text


def test_each_cell_of_the_matrix_leads_to_its_evidence():
    page = page_of(*sweep())
    heads, faults = page.one("thead").all("tr")
    assert [each.text for each in heads.all("th")] == [
        "a status",
        "a server error",
        "an unreadable body",
        "the pages of a list",
    ]
    names = [each.text for each in faults.all("th")]
    lines = page.one("tbody").all("tr")
    assert [each.one("th").text for each in lines] == ["delete_account", "list_accounts"]
    targets = {each.attributes["id"]: each for each in entries(page)}
    shown = {}
    for line in lines:
        for name, cell in zip(names, line.all("td"), strict=True):
            for link in cell.all("a"):
                target = targets[link.attributes["href"][1:]]
                assert target.one("h3").text.startswith(f"{line.one('th').text}: {name} ")
                assert target.attributes["data-severity"] == link.attributes["data-shown"]
                assert link.attributes["title"].startswith(f"{line.one('th').text}, {name}: ")
                shown[line.one("th").text, name] = link.all("span")[0].text
    assert shown == {
        ("delete_account", "status-404"): "T",
        ("list_accounts", "status-401"): "X",
        ("list_accounts", "status-503-once"): "?",
        ("list_accounts", "truncated-json"): "X",
        ("list_accounts", "wrong-content-type"): "=",
        ("list_accounts", "page-empty"): "-",
    }


def test_the_worst_findings_come_first_and_the_first_are_open():
    page = page_of(swept(CRASH), swept(replace(EMPTY, capability="z")))
    assert [each.one("h3").text.split(":")[0] for each in entries(page)] == ["z", "list_accounts"]
    assert all("open" in each.all("details")[0].attributes for each in entries(page))
    crashes = [replace(CRASH, capability=f"get_{n}") for n in range(20)]
    page = page_of(*map(swept, crashes))
    assert ["open" in each.all("details")[0].attributes for each in entries(page)].count(True) == 3


def test_what_is_right_is_closed():
    (entry,) = entries(page_of(swept(SAME)))
    assert "open" not in entry.all("details")[0].attributes


def test_what_a_filter_needs_is_there():
    page = page_of(*sweep())
    assert {json.loads(each.attributes["data-capabilities"])[0] for each in entries(page)} == {
        "delete_account",
        "list_accounts",
    }
    assert [each.attributes["value"] for each in page.one("select").all("option")] == [
        "",
        "delete_account",
        "list_accounts",
    ]
    kinds = [each.attributes["value"] for each in page.all("input", type="checkbox")]
    assert kinds == [each.name.lower() for each in Shown]
    assert [each.attributes.get("data-capability") for each in page.one("tbody").all("tr")] == [
        "delete_account",
        "list_accounts",
    ]


def test_several_connectors_are_named():
    page = page_of(swept(EMPTY, connector="acme"), swept(EMPTY, connector="okta v2"))
    assert [each.text for each in page.all("tr", "connector")] == ["acme", "okta v2"]
    assert [each.one("div", "body").all("p")[0].text for each in entries(page)] == ["acme", "okta v2"]
    assert page_of(swept(EMPTY, connector="acme")).all("tr", "connector") == []


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_nothing_that_is_shown_can_act(text):
    found = page([swept(hostile(text), connector=text), swept(GOOD, connector="b")])
    tree = parsed(found)
    assert {each.tag for each in tree.walk()} & {"img", "iframe", "object", "link", "base"} == set()
    assert [each.tag for each in tree.walk()].count("script") == 1
    assert not any(name.startswith("on") for each in tree.walk() for name in each.attributes)
    assert all(each.attributes["href"].startswith("#") for each in tree.all("a"))
    assert all(letter.isprintable() or letter == "\n" for letter in found)
    assert visible(text[:20]) in tree.text
    assert len(found) < 200_000


def test_the_page_runs_its_own_script_and_asks_for_nothing():
    found = page(sweep())
    tree = parsed(found)
    (policy,) = [each.attributes["content"] for each in tree.all("meta") if "http-equiv" in each.attributes]
    for tag in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256(tree.one(tag).text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "http" not in found.replace("http-equiv", "")
    assert "url(" not in found


def test_the_order_of_the_calls_makes_no_difference():
    calls = many(600)
    turned = [replace(call, rows=call.rows[::-1]) for call in reversed(calls)]
    assert page(turned) == page(calls)


def test_many_rows_make_a_page_that_a_browser_can_show():
    assert len(page(many(5_000))) < 4_000_000


def test_fields_that_are_demanded_and_never_used_are_listed():
    fields = ["<b>changed</b>", "created"]
    (section,) = page_of(never_used(fields=fields)).all("section", id="never-used")
    assert [each.text for each in section.all("li")] == [
        "list_accounts requires <b>changed</b>, created of GET /users, and never uses them."
    ]
    assert page_of(*sweep()).all("section", id="never-used") == []


def test_a_run_that_was_stopped_says_so():
    assert "The run was stopped" not in page(sweep())
    _whole, left = parsed(page(sweep(), 1)).all("p", "compared")
    assert left.text == "The run was stopped: 1 further call was not broken, or not in every way."
    assert "before the run was stopped" in parsed(page([], 2)).one("section", id="matrix").text


def test_an_empty_sweep_says_so():
    page = page_of()
    assert page.one("h1").text == "No call was broken"
    assert page.all("table") == []
    assert "no recorded call makes a request and succeeds" in page.one("section", id="matrix").text


def test_the_headline_says_what_a_reader_has_to_know_first():
    assert headline(matrix_of(sweep())) == "2 findings in 6 broken replays"
    assert headline(matrix_of([swept(EMPTY)])) == "1 finding in 1 broken replay"
    assert headline(matrix_of([swept(GOOD)])) == "No findings in 1 broken replay"
