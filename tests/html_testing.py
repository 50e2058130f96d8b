"""Reads an HTML page as its tests need it: a tree of elements, each nested as HTML has it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

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
