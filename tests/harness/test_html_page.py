"""The page: complete, correct in its numbers, and safe whatever the stored files say."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from itertools import pairwise

import pytest
from changes_testing import change_of, changed, gone, many_changes
from html_testing import parsed
from review_testing import account, accounts, reviewed, stored

from connector_contract.review.change import (
    Asked,
    Kind,
    NotUnderstood,
    Request,
    Review,
    Said,
    Severity,
    Waiver,
)
from connector_contract.review.html_page import OPEN, headline, html_page
from connector_contract.review.html_text import visible
from connector_contract.review.lines import title

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "image": "\"><img src=x onerror='alert(1)'>",
    "end of a script": "</script></style></title><!--",
    "template": "{{ 7 * 7 }}{% raw %}${x}",
    "entity": "&lt;b&gt;&#0;",
    "link": "javascript:alert(1) https://evil.example/x.js",
    "ANSI": "\x1b[31mred\x1b]8;;https://evil.example\x07",
    "turned": "abc\u202egpj.exe\u2066",
    "lines": "a\r\nb\u2028c",
    "zero": "a\x00b",
    "half a character": "a\ud800b",
    "long": "x" * 10_000,
}


def page_of(review, base=None, head=None):
    return parsed(html_page(review, base or {}, head or {}))


def entries(page):
    return [each for each in page.all("article", "entry") if "scenario" not in each.attributes["class"]]


def test_each_change_is_there_in_the_words_of_every_format():
    review = many_changes(30)
    shown = [each.one("h3").text for each in entries(page_of(review))]
    assert shown == [
        *(title(each) for each in review.changes),
        "header x-trace: none → 1 GET /users",
        "name is now called full_name GET /users",
    ]


def test_the_numbers_are_those_of_the_review():
    review = many_changes(30)
    page = page_of(review)
    everything = [*review.changes, *review.requests, *review.upstream]
    for severity in Severity:
        number = sum(each.severity is severity for each in everything)
        (tile,) = [each for each in page.all("b") if each.attributes.get("data-count") == severity.value]
        assert tile.text == str(number)
        assert sum(each.attributes["data-severity"] == severity.value for each in entries(page)) == number
    sections = {each.attributes.get("id"): each for each in page.all("section")}
    numbers = {
        name: each.all("span", "number")[0].text for name, each in sections.items() if name != "overview"
    }
    assert numbers == {
        "not-understood": "2",
        "told": "30",
        "asked": "1",
        "said": "1",
        "calls": "0",
        "waivers": "1",
    }
    assert "30 files compared" in page.one("p", "compared").text


def test_what_is_compared_waived_and_not_compared_is_said():
    page = page_of(many_changes(1))
    assert "1234567 → with  the working tree" in page.one("p", "compared").text
    assert "waivers[pages[list_accounts]] The tenant is small." in page.one("ul", "waivers").text
    (reason,) = page.one("ul", "reasons").all("summary")
    assert reason.text == "2 files: it is not valid JSON"


def test_a_change_has_its_people_with_what_was_and_what_is():
    review = Review("a", "b", [change_of(changed(1), changed(2, new="C"))])
    first, second = page_of(review).all("li", "record")
    assert first.one("span", "who").text == "u1 u1@example.com"
    assert (first.one("div", "old").text, first.one("div", "new").text) == ("before: A", "now: B")
    assert (second.one("div", "old").text, second.one("div", "new").text) == ("before: A", "now: C")
    assert first.one("span", "in").text == "in list_accounts in pages of 5"
    rows = [
        [cell.text for cell in row.children if not isinstance(cell, str)]
        for row in first.one("tbody").all("tr")
    ]
    assert rows == [["department", "A", "B"], ["id", "u1"], ["email", "u1@example.com"]]


def test_a_record_that_is_gone_has_all_its_fields():
    page = page_of(Review("a", "b", [change_of(gone(1))]))
    (record,) = page.all("li", "record")
    assert [each.text for each in record.one("thead").all("th")] == ["field", "before"]
    assert [each.text for each in record.one("tbody").all("td")] == ["u1", "u1@example.com", "A"]


def test_what_a_filter_needs_is_in_each_entry():
    page = page_of(many_changes(3))
    assert [json.loads(each.attributes["data-capabilities"]) for each in entries(page)] == [
        ["list_accounts"],
        ["list_entitlements"],
        ["find_entitlement_associations"],
        [],
        [],
    ]
    names = [each.attributes["value"] for each in page.one("select").all("option")]
    assert names == ["", "find_entitlement_associations", "list_accounts", "list_entitlements"]
    severities = [each.attributes["value"] for each in page.all("input", type="checkbox")]
    assert severities == ["critical", "major", "minor", "info"]


def test_calls_are_drawn_as_they_went():
    base = stored(accounts("test_a", account(1), account(2), account(3), size=2))
    head = stored(accounts("test_a", account(1), size=2))
    page = page_of(reviewed(base, head), base, head)
    (scenario,) = page.all("article", "scenario")
    calls = scenario.all("li", "call")
    assert [each.attributes["class"] for each in calls] == [
        "call only-before",
        "call only-before",
        "call only-now",
    ]
    words = " ".join(calls[0].text.split())
    assert words == "only before Lumos asks: list_accounts in pages of 2 Lumos is told: 2 records"
    link = scenario.one("p", "shows").all("a")[0]
    assert page.all(id=link.attributes["href"].removeprefix("#"))


def hostile_review(text):
    request = Request(text, text, text)
    one = changed(
        1,
        text,
        f"{text}2",
        record=text,
        name=text + "n",
        field=text,
        file=text,
        request=request,
        after={text: text},
    )
    other = gone(
        2, record=text + "r", name=text, file=text, request=request, before={text: [text, {text: text}]}
    )
    plain = changed(3, {text: text}, [text], record="", name="", file=text, request=request, kind=Kind.OTHER)
    changes = [
        change_of(one, why=text, capabilities=(text,), explained_by=text, old=None, new=None),
        change_of(other, severity=Severity.CRITICAL, still_in=((text, 1),)),
        change_of(plain, field=text),
        change_of(replace(one, kind=Kind.DECLARATION), kind=Kind.DECLARATION, field=text),
    ]
    return Review(
        text,
        text,
        changes,
        [Asked(text, text, 1, (text,), (text,))],
        [Said(text, text, 1, (text,), (text,))],
        [Waiver(text, text, text)],
        [NotUnderstood(text, 1, (text,))],
        1,
    )


def markup(page):
    """The page without what it says: its elements and the names of their attributes."""
    return [(each.tag, sorted(each.attributes)) for each in page.walk()]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_whatever_a_name_is_it_stays_text(text):
    text_page = html_page(hostile_review(text), {}, {})
    page = parsed(text_page)
    text_page.encode("utf-8")
    harmless = page_of(hostile_review("harmless"))
    # A long or broken name may be shown in more parts; nothing else comes in.
    assert {tag for tag, _ in markup(page)} <= {tag for tag, _ in markup(harmless)} | {"wbr"}
    assert {name for _, names in markup(page) for name in names} == {
        name for _, names in markup(harmless) for name in names
    }
    assert len(page.all("script")) == len(page.all("style")) == 1
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text_page)
    assert len(text_page) < 150_000
    if len(text) < 100:
        assert visible(text) in entries(page)[0].text


def test_hostile_recordings_stay_text():
    evil = "<img src=x onerror=alert(1)>"
    base = stored(accounts(f"test_{evil}"[:9] + "[<b>]", account(1, email=evil)))
    head = stored(accounts(f"test_{evil}"[:9] + "[<b>]", account(1, email="a@b.c")))
    page = page_of(reviewed(base, head), base, head)
    assert not page.all("img")
    assert "[<b>]" in page.one("article", "scenario").one("h3").text


def test_the_page_may_run_its_own_script_and_nothing_else():
    page = page_of(many_changes(1))
    (policy,) = [
        each.attributes["content"]
        for each in page.all("meta")
        if each.attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    for tag, rule in (("script", "script-src"), ("style", "style-src")):
        digest = hashlib.sha256(page.one(tag).text.encode()).digest()
        assert rules[rule] == f"'sha256-{base64.b64encode(digest).decode()}'"
    assert "unsafe" not in policy


def test_the_page_asks_no_network_for_anything():
    base = stored(accounts("test_a", account(1)))
    head = stored(accounts("test_a", account(2)))
    page = page_of(reviewed(base, head), base, head)
    attributes = [item for each in page.walk() for item in each.attributes.items()]
    assert all(value.startswith("#") for name, value in attributes if name == "href")
    assert not {name for name, _ in attributes} & {
        "src",
        "srcset",
        "style",
        "action",
        "poster",
        "data",
        "ping",
    }
    assert not [name for name, _ in attributes if name.startswith("on")]
    assert not re.search(
        r"url\(|@import|fetch\(|XMLHttp|innerHTML", page.one("style").text + page.one("script").text
    )


def test_a_page_can_be_walked_by_its_headings_landmarks_and_keys():
    page = page_of(many_changes(12))
    assert [len(page.all(tag)) for tag in ("header", "nav", "main", "footer", "h1")] == [1] * 5
    ids = [each.attributes["id"] for each in page.walk() if "id" in each.attributes]
    assert len(ids) == len(set(ids))
    for section in page.all("section"):
        assert section.attributes["aria-labelledby"] in ids
    assert all(each.attributes["href"].removeprefix("#") in ids for each in page.all("a"))
    levels = [int(each.tag[1]) for each in page.walk() if re.fullmatch("h[1-6]", each.tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(each.children and each.all("summary") for each in page.all("details"))
    assert page.one("html").attributes["lang"] == "en"


def test_without_its_script_the_page_shows_everything_and_no_filters():
    page = page_of(many_changes(12))
    assert "hidden" in page.one("form", "filters").attributes
    assert not [each for each in entries(page) if "hidden" in each.attributes]


@pytest.mark.parametrize(("number", "is_open"), [(OPEN, OPEN), (OPEN + 1, 3)])
def test_a_few_changes_are_open_and_many_are_not(number, is_open):
    page = page_of(many_changes(number))
    assert sum("open" in each.all("details")[0].attributes for each in entries(page)) == is_open


def test_thousands_of_changes_make_a_page_of_a_sane_size():
    review = many_changes(5_000, 3)
    text = html_page(review, {}, {})
    assert len(text) < 12_000_000
    assert text.count('<article class="entry') == 5_002


def test_thousands_of_people_are_named_or_counted():
    page = page_of(many_changes(1, 20_000))
    assert len(page.all("li", "record")) == 50
    texts = [each.text for each in page.all("summary")]
    assert "500 more by name" in texts
    assert "and 19,450 more, which this page has no room for" in [each.text for each in page.all("p", "more")]


@pytest.mark.parametrize(
    ("review", "says"),
    [
        (Review("a", "b"), "No change"),
        (
            Review("a", "b", not_understood=[NotUnderstood("x", 1, ("a",))]),
            "No change in what could be compared",
        ),
        (Review("a", "b", [change_of(changed())] * 5_000), "5,000 changes in what Lumos is told"),
        (Review("a", "b", requests=many_changes(1).requests), "1 change in what the connector asks"),
        (Review("a", "b", upstream=many_changes(1).upstream), "1 change in what only the upstream says"),
    ],
)
def test_the_headline_says_what_matters_most(review, says):
    assert headline(review) == says
    page = page_of(review)
    assert page.one("h1").text == says
    assert page.one("title").text == f"Review: {says}"


def test_the_page_is_the_same_each_time():
    assert html_page(many_changes(5), {}, {}) == html_page(many_changes(5), {}, {})


def test_a_commit_is_named_as_shortly_as_in_every_format():
    page = page_of(replace(many_changes(1), base="ab" * 20, head="feature/x"))
    names = [each.text for each in page.one("p", "compared").all("code")]
    assert names == ["ab" * 6, "feature/x"]
