"""Reads an HTML page as its tests need it, and makes reviews for it by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from connector_contract.review.change import (
    Asked,
    Change,
    Difference,
    Kind,
    NotUnderstood,
    Request,
    Review,
    Said,
    Severity,
    Waiver,
    What,
)

VOID = {"meta", "input", "wbr", "br", "link", "img", "hr"}
TEXT_ONLY = {"p", "h1", "h2", "h3", "bdi", "code", "span", "b", "del", "ins", "a", "dt", "th", "label"}
"""What takes text and what stands in it, and no blocks."""
BLOCKS = {"p", "div", "ul", "ol", "dl", "table", "section", "article", "details", "h1", "h2", "h3", "form"}
PARENTS = {
    "li": {"ul", "ol"},
    "summary": {"details"},
    "dt": {"div", "dl"},
    "dd": {"div", "dl"},
    "tr": {"thead", "tbody"},
    "td": {"tr"},
    "th": {"tr"},
    "legend": {"fieldset"},
    "option": {"select"},
}


@dataclass
class Element:
    """An element of a page."""

    tag: str
    attributes: dict[str, str | None] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(each if isinstance(each, str) else each.text for each in self.children)

    def walk(self) -> Iterator[Element]:
        yield self
        for each in self.children:
            if isinstance(each, Element):
                yield from each.walk()

    def all(self, tag: str = "", name: str = "", **attributes: str) -> list[Element]:
        """The elements with a tag, a class and attributes."""
        return [
            each
            for each in self.walk()
            if (not tag or each.tag == tag)
            and (not name or name in (each.attributes.get("class") or "").split())
            and all(each.attributes.get(key) == value for key, value in attributes.items())
        ]

    def one(self, tag: str = "", name: str = "", **attributes: str) -> Element:
        (found,) = self.all(tag, name, **attributes)
        return found


class _Parser(HTMLParser):
    """Builds the tree; what is not nested as it must be is an ``AssertionError``."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("document")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        parent = self.open[-1]
        assert len(attrs) == len(dict(attrs)), f"<{tag}> has an attribute twice"
        if tag in PARENTS:
            assert parent.tag in PARENTS[tag], f"<{tag}> in <{parent.tag}>"
        assert parent.tag not in {"ul", "ol"} or tag == "li", f"<{tag}> in <{parent.tag}>"
        if tag in BLOCKS:
            inside = {each.tag for each in self.open} & TEXT_ONLY
            assert not inside, f"<{tag}> in {inside}"
        made = Element(tag, dict(attrs))
        parent.children.append(made)
        if tag not in VOID:
            self.open.append(made)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> ends <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parsed(page: str) -> Element:
    """A page as a tree of elements, each nested as HTML has it."""
    parser = _Parser()
    parser.feed(page)
    parser.close()
    assert [each.tag for each in parser.open] == ["document"]
    return parser.open[0]


def request(number: int = 0, capability: str = "list_accounts", name: str = "test_a") -> Request:
    asked = f"in pages of {number}" if number else ""
    return Request(capability, asked, f"tests/test_acme.py::{name}")


def changed(number: int = 1, old: object = "A", new: object = "B", **more: object) -> Difference:
    """A changed field of an account."""
    before = {"id": f"u{number}", "email": f"u{number}@example.com", "department": old}
    values: dict[str, object] = {
        "kind": Kind.ACCOUNT,
        "what": What.CHANGED,
        "field": "department",
        "old": old,
        "new": new,
        "request": request(5),
        "file": "snapshots/tests/test_acme/test_a.json",
        "record": f"u{number}",
        "name": f"u{number}@example.com",
        "before": before,
        "after": {**before, "department": new},
    }
    return Difference(**{**values, **more})  # type: ignore[arg-type]


def gone(number: int = 1, **more: object) -> Difference:
    """An account that is gone."""
    before = changed(number).before
    values = {"what": What.REMOVED, "field": "", "old": None, "new": None, "before": before, "after": None}
    return changed(number, **{**values, **more})


def change(*members: Difference, severity: Severity = Severity.MAJOR, **more: object) -> Change:
    """A change of these; with their values, if they share them."""
    pairs = {(repr(each.old), repr(each.new)) for each in members}
    shared = members[0] if len(pairs) == 1 else None
    values: dict[str, object] = {
        "severity": severity,
        "why": "Lumos is told another value.",
        "kind": members[0].kind,
        "what": members[0].what,
        "field": members[0].field,
        "capabilities": tuple(dict.fromkeys(each.request.capability for each in members)),
        "old": shared.old if shared else None,
        "new": shared.new if shared else None,
        "count": len({each.record for each in members}),
        "explained_by": None,
        "members": members,
    }
    return Change(**{**values, **more})  # type: ignore[arg-type]


def many_changes(number: int, people: int = 1) -> Review:
    """A review with so many changes, each of so many records, and with something of everything else."""
    severities = list(Severity)
    capabilities = ["list_accounts", "list_entitlements", "find_entitlement_associations"]
    changes = [
        change(
            *[
                changed(
                    each * people + one,
                    "A",
                    f"B{one}",
                    request=request(5, capabilities[each % 3], f"test_{each}"),
                    file=f"snapshots/tests/test_acme/test_{each}.json",
                )
                for one in range(people)
            ],
            severity=severities[each * 4 // number],
        )
        for each in range(number)
    ]
    cassette = ("cassettes/tests/test_acme/test_0.yaml",)
    return Review(
        "1234567",
        "the working tree",
        changes,
        [Asked("header x-trace: none → 1", "GET /users", 3, ("tests/test_acme.py::test_0",), cassette)],
        [Said("name is now called full_name", "GET /users", 2, ("tests/test_acme.py::test_0",), cassette)],
        [Waiver("waivers[pages[list_accounts]]", "The tenant is small.", "snapshots/declarations.json")],
        [NotUnderstood("it is not valid JSON", 2, ("snapshots/a.json", "snapshots/b.json"))],
        number,
    )
