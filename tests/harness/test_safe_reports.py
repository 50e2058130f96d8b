"""Reports of pytest without secrets: each text of each part, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest

from connector_contract.reporting.run_report import ATTRIBUTE, RunReport
from connector_contract.reporting.safe_reports import make_error_safe, make_safe, safe_xml


def redact(text: str) -> str:
    return text.replace("open-sesame", "<token>")


class Shown:
    """What pytest can show, as its own representations of errors are."""

    def __init__(self, **parts: Any) -> None:
        self.__dict__.update(parts)

    def toterminal(self, _writer: object) -> None:
        """Show it."""


class Pair(NamedTuple):
    name: str
    value: str


class Own:
    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return self.text


def safe(**parts: Any) -> SimpleNamespace:
    report = SimpleNamespace(**parts)
    make_safe(report, redact, redact)
    return report


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("it is open-sesame", "it is <token>"),
        (("a.py", 3, "Skipped: open-sesame"), ("a.py", 3, "Skipped: <token>")),
        ([("stdout", "open-sesame")], [("stdout", "<token>")]),
        ({"open-sesame": {"open-sesame"}}, {"<token>": {"<token>"}}),
        (Pair("a", "open-sesame"), Pair("a", "<token>")),
    ],
)
def test_texts_are_replaced_in_whatever_they_are(value, shown):
    report = safe(longrepr=value)
    assert report.longrepr == shown
    assert type(report.longrepr) is type(shown)


def test_what_has_no_secret_is_the_same_object():
    parts = {"longrepr": ["a"], "sections": [("stdout", "b")], "wasxfail": "reason"}
    report = safe(**parts)
    assert all(getattr(report, name) is value for name, value in parts.items())


def test_a_tree_of_representations_is_changed_in_place_and_may_have_circles():
    leaf = Shown(lines=["E open-sesame"], loc=Shown(path="open-sesame.py", lineno=3))
    tree = Shown(chain=[(leaf, None, "why")], top=leaf)
    leaf.parent = tree
    report = safe(longrepr=tree)
    assert report.longrepr is tree
    assert leaf.lines == ["E <token>"]
    assert leaf.loc.path == "<token>.py"


def test_what_belongs_to_somebody_else_is_not_changed():
    @dataclass
    class Mine:
        text: str

    mine, item = Mine("open-sesame"), Shown(name="open-sesame")
    safe(result=[item], node=item, longrepr=[mine])
    assert (mine.text, item.name) == ("open-sesame", "open-sesame")


def test_properties_may_be_anything():
    own, other = Own("open-sesame"), Own("x")
    report = safe(user_properties=[("a", own), ("open-sesame", 1), ("b", ["open-sesame"]), ("c", other)])
    assert report.user_properties == [("a", "<token>"), ("<token>", 1), ("b", ["<token>"]), ("c", other)]
    assert own.text == "open-sesame"


def test_names_change_only_if_the_id_has_a_secret():
    def no_word(name: str) -> str:
        return name.replace("k7Qz9", "<key>")

    names = {
        "nodeid": "test_a.py::test[k7Qz9]",
        "location": ("a.py", 1, "test[k7Qz9]"),
        "keywords": {"k7Qz9": 1},
    }
    report = SimpleNamespace(**names)
    make_safe(report, redact, no_word)
    assert report.nodeid == "test_a.py::test[<key>]"
    assert report.location == ("a.py", 1, "test[<key>]")
    assert report.keywords == {"<key>": 1}
    report = safe_names = SimpleNamespace(nodeid="test_open-sesame.py", location=("open-sesame", 1, ""))
    make_safe(report, redact, no_word)
    assert safe_names.nodeid == "test_open-sesame.py"


def test_what_our_own_report_tells_is_replaced_and_still_can_be_read():
    own = RunReport(cause="open-sesame", late=["open-sesame"], answers={"a.json": "text"}).to_json()
    report = safe(**{ATTRIBUTE: own})
    read = RunReport.from_json(getattr(report, ATTRIBUTE))
    assert read == RunReport(cause="<token>", late=["<token>"], answers={"a.json": "text"})


def test_the_texts_of_xml_are_replaced_and_it_is_xml_still():
    def quoted(text: str) -> str:
        return text.replace('a&"b', "<token>")

    xml = '<a name="a&amp;&quot;b"><b>it is a&amp;"b,&#10;or &lt;so&gt;</b><c x="">y</c></a>'
    assert safe_xml(xml, quoted, quoted) == (
        '<a name="&lt;token&gt;"><b>it is &lt;token&gt;,&#10;or &lt;so&gt;</b><c x="">y</c></a>'
    )
    assert safe_xml(xml, redact, redact) == xml
    assert safe_xml('<c name="open-sesame" x="open-sesame"/>', redact, str) == (
        '<c name="open-sesame" x="&lt;token&gt;"/>'
    )


def test_an_error_that_is_shown_by_itself():
    error = pytest.exit.Exception("it is open-sesame")
    make_error_safe(error, redact)
    assert error.msg == "it is <token>"
    warning = UserWarning("open-sesame", 3)
    make_error_safe(warning, redact)
    assert warning.args == ("<token>", 3)
