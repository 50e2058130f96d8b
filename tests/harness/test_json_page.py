"""A review for programs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from changes_testing import COMMIT, HOSTILE, change, review, whole

from connector_contract.review.change import Kind, Severity, What
from connector_contract.review.json_page import json_page

DOCS = Path(__file__).parent.parent.parent / "docs" / "review-json.md"


def page(found):
    return json.loads(json_page(found), parse_constant=pytest.fail)


def test_the_form_is_that_of_the_design():
    found = page(whole())
    lists = {"changes", "requests", "upstream", "waivers", "not_understood"}
    assert set(found) == {"base", "head", "severity", "compared", *lists}
    assert {
        "severity", "capability", "kind", "what", "field", "old", "new", "count", "explained_by", "scenarios",
        "files", "examples",
    } < set(found["changes"][0])  # fmt: skip
    for name in ("requests", "upstream", "not_understood"):
        (one,) = found[name]
        assert isinstance(one["count"], int)


def test_the_values_of_a_change():
    found = page(review(change(old=None, new={"a": [1, True, None]}, count=1, capabilities=("a", "b"))))
    assert (found["base"], found["head"], found["severity"]) == (COMMIT, "the working tree", "major")
    assert found["changes"] == [
        {
            "severity": "major",
            "capability": "a, b",
            "kind": "account",
            "what": "changed",
            "field": "username",
            "old": None,
            "new": {"a": [1, True, None]},
            "count": 1,
            "explained_by": None,
            "scenarios": ["tests/test_a.py::test_b"],
            "files": ["snapshots/test_a/0.json"],
            "examples": [
                {
                    "record": "u0",
                    "name": "person-0@example.com",
                    "old": None,
                    "new": {"a": [1, True, None]},
                    "file": "snapshots/test_a/0.json",
                }
            ],
            "title": 'username of 1 account: nothing → {"a": [1, true, null]}',
            "why": "Lumos is told another value.",
            "capabilities": ["a", "b"],
            "shown_in": [{"request": "list_accounts in pages of 5", "count": 1}],
            "still_in": [],
            "followed_by": [],
        }
    ]


def test_nothing_has_changed():
    found = page(review(compared=0))
    assert (found["severity"], found["changes"], found["not_understood"]) == (None, [], [])


def test_every_text_is_whole_and_in_ascii():
    text = json_page(whole(HOSTILE))
    assert text.isascii()
    assert "\x1b" not in text
    assert page(whole(HOSTILE))["changes"][0]["old"] == HOSTILE


def test_what_is_no_text_or_no_number_of_json_is_a_text():
    found = page(review(change(old=float("nan"), new="\ud800", count=1)))["changes"][0]
    assert (found["old"], found["new"]) == ("nan", "\\ud800")


def test_the_documentation_has_each_key_and_each_value():
    text = DOCS.read_text("utf-8")
    found = page(whole())
    keys = set(found)
    for name in ("changes", "requests", "upstream", "waivers", "not_understood"):
        keys |= set(found[name][0])
    keys |= set(found["changes"][0]["examples"][0]) | set(found["changes"][0]["shown_in"][0])
    values = {each.value for kinds in (Kind, What, Severity) for each in kinds}
    named = set(re.findall(r"`(\w+)`", text))
    assert keys | values <= named
