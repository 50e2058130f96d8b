"""A review as Markdown."""

from __future__ import annotations

import re
from itertools import count

import pytest
from changes_testing import HOSTILE, change, review, whole

from connector_contract.review.change import Asked, NotUnderstood, Waiver
from connector_contract.review.markdown_page import Size, code, markdown_page

COMMENT, SUMMARY = 65_536, 1024 * 1024
# A code span as CommonMark reads it: as many backticks as it began with end it.
SPAN = re.compile(r"(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)")


def outside(page):
    """What of a page is no code span."""
    return SPAN.sub("", page)


def test_a_change_with_its_people_and_files():
    assert markdown_page(review(change(old="Plato", new="Aristotle"))) == (
        "## What Lumos would be told now\n\n"
        "**1 change (1 major), in 3 files that differ.**\n\n"
        "Compared: `0123456789ab` and `the working tree`.\n\n"
        "### major: `username of 2 accounts: Plato → Aristotle`\n\n"
        "Lumos is told another value.\n\n"
        "`in list_accounts in pages of 5`\n\n"
        "<details><summary>2 records, 2 files</summary>\n\n"
        "- `u0 (person-0@example.com): Plato → Aristotle`\n"
        "- `u1 (person-1@example.com): Plato → Aristotle`\n\n"
        "Files:\n\n"
        "- `snapshots/test_a/0.json`\n"
        "- `snapshots/test_a/1.json`\n\n"
        "</details>\n"
    )


def test_what_is_beside_the_changes():
    page = markdown_page(
        review(
            requests=[Asked("asked more often", "GET /users", 7, ("a",), ("a.yaml",))],
            waivers=[Waiver("waivers[complete]", "known", "a.json")],
            not_understood=[NotUnderstood("it is not valid JSON", 5, ("a", "b", "c", "d", "e"))],
        )
    )
    assert page.endswith(
        "### What the connector asks its upstream\n\n"
        "- minor: `GET /users: asked more often (7 requests)`\n\n"
        "### In force, so that less is demanded\n\n"
        "- `waivers[complete]`: `known`\n\n"
        "### Not compared\n\n"
        "- 5 files: `it is not valid JSON`: `a`, `b`, `c` and 2 more\n"
    )
    assert "**No change in what Lumos is told" not in page
    assert "**No change found in what Lumos is told, 1 in what the connector asks" in page


def test_nothing_has_changed():
    page = markdown_page(review(compared=0))
    assert "**No changes: the stored files are the same.**" in page


@pytest.mark.parametrize("people", [2_000, 50_000])
def test_many_people_are_shortened_with_a_count(people):
    found = review(change(count=people))
    page = markdown_page(found, rest="connector-contract review --base main")
    assert len(page) < COMMENT
    assert len(page.encode()) < COMMENT
    shown = page.count("\n- `u")
    assert shown > 50
    assert f"- and {people - shown:,} more" in page
    assert f"_Left out here: {people - shown} records" in page
    assert "All of it: `connector-contract review --base main`" in page
    summary = markdown_page(found, Size.SUMMARY)
    assert len(summary.encode()) < SUMMARY
    assert summary.count("\n- `u") == min(people, 10_000)


@pytest.mark.parametrize(("size", "limit"), [(Size.COMMENT, COMMENT), (Size.SUMMARY, SUMMARY)])
@pytest.mark.parametrize("text", ["x", "山" * 300, "`" * 300, "\u202e" * 300, "`山" * 150])
def test_thousands_of_changes_fit(size, limit, text):
    number = count()
    changes = [change(f"{text}{next(number)}", text, text) for _ in range(5_000)]
    asked = [Asked(f"{text}{each}", text, 1, (text,), (text,)) for each in range(5_000)]
    waivers = [Waiver(f"{text}{each}", text, text) for each in range(500)]
    left = [NotUnderstood(f"{text}{each}", 1, (text,)) for each in range(500)]
    page = markdown_page(review(*changes, requests=asked, waivers=waivers, not_understood=left), size)
    assert len(page.encode()) < limit
    shown = page.count("\n### major")
    assert shown > 20
    assert f"_Left out here: {5_000 - shown} changes" in page or shown == 5_000
    assert "5000 changes (5000 major)" in page
    assert "### Not compared" in page
    assert re.search(r"\n- and [\d,]+ more\n", page)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a", "`a`"),
        ("a`b", "``a`b``"),
        ("`a`", "`` `a` ``"),
        ("a``b`", "``` a``b` ```"),
        (" a ", "`  a  `"),
        ("a\n# b", r"`a\n# b`"),
        ("<b>&amp;|@x", "`<b>&amp;|@x`"),
        ("", '`""`'),
    ],
)
def test_a_text_is_shown_letter_by_letter(text, shown):
    assert code(text) == f"{shown}"
    (span,) = SPAN.finditer(shown)
    assert span[0] == shown


def test_names_are_data():
    page = markdown_page(whole(HOSTILE))
    rest = outside(page)
    for mark in ("<b>", "*x*", "octocat", "example.com", "# title", "](", "\x1b", "\u202e", "\r"):
        assert mark not in rest
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert set(re.findall(r"<[^>]*>", rest)) == {"<details>", "<summary>", "</summary>", "</details>"}
    assert len(page) < 20_000


def test_a_run_of_backticks_that_no_code_span_can_hold_is_counted():
    assert code("`" * 90 + " @somebody") == "`(90 backticks) @somebody`"
    assert code("`" * 39) == "`" * 40 + " " + "`" * 39 + " " + "`" * 40
