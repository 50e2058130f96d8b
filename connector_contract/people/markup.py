"""XML as a document: elements as objects, in the order of their text, and where each leaf of them stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from connector_contract.people.documents import Document, Span, decoded, objects_of

_TOKEN = re.compile(
    r"(?s)<!--.*?-->|<\?.*?\?>|<!\[CDATA\[(?P<data>.*?)\]\]>|<!DOCTYPE[^<>\[]*>"
    r"|</(?P<end>[^\s<>/]+)\s*>|<(?P<start>[^\s<>/!?]+)(?P<attributes>[^<>]*)>|(?P<text>[^<]+)"
)
_ATTRIBUTE = re.compile(r"""(?<![^\s"'])([^\s=<>"']++)\s*+=\s*("[^"]*"|'[^']*')""")
_REFERENCE = re.compile(r"&(?:#(\d+)|#[xX]([0-9a-fA-F]+)|(\w+));")
_DECLARED = re.compile(rb"""<\?xml[^<>]*?encoding=["']([\w.-]+)["']""")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"}
_DEEPEST = 100


@dataclass
class _Element:
    """An element, and what is in it so far.

    Attributes:
        name: Its name.
        pairs: Its attributes, and what is in it, by names.
        spans: Where the leaves of these stand.
    """

    name: str
    pairs: list[tuple[str, Any]] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)

    def add(self, name: str, value: Any, spans: list[Span]) -> None:
        """Put something in it."""
        self.pairs.append((name, value))
        # No name of an element is ever another one.
        self.spans += [None, *spans]

    @property
    def value(self) -> Any:
        """What it says: a text, if it has nothing else."""
        return self.pairs[0][1] if self._is_text else objects_of(self.pairs)

    @property
    def all_spans(self) -> list[Span]:
        """Where the leaves of its value stand."""
        return self.spans[1:] if self._is_text else self.spans

    @property
    def _is_text(self) -> bool:
        return len(self.pairs) == 1 and self.pairs[0][0] == "#text"


def xml_document(body: bytes, content_type: str) -> Document | None:
    """A body of XML; ``None`` if it is none."""
    declared = _DECLARED.match(body)
    text, charset = decoded(body, content_type, declared[1].decode() if declared else None)
    root = _tree(text)
    if root is None:
        return None
    return Document(text, root.value, root.spans, _spelled, charset, "xmlcharrefreplace")


def _tree(text: str) -> _Element | None:
    stack = [_Element("")]
    end = 0
    for found in _TOKEN.finditer(text):
        if found.start() != end or (found["end"] and not _close(stack, found["end"])):
            return None
        end = found.end()
        if found["start"]:
            if found["start"].lower() == "html" or len(stack) > _DEEPEST:
                return None
            _open(stack, found)
        for kind in ("text", "data"):
            if found[kind] and not found[kind].isspace():
                plain = _plain(found[kind]) if kind == "text" else found[kind]
                stack[-1].add("#text", plain, [found.span(kind)])
    return stack[0] if end == len(text) and len(stack) == 1 and stack[0].pairs else None


def _open(stack: list[_Element], found: re.Match[str]) -> None:
    element = _Element(found["start"])
    for attribute in _ATTRIBUTE.finditer(found.string, *found.span("attributes")):
        start, end = attribute.span(2)
        element.add(f"@{attribute[1]}", _plain(attribute[2][1:-1]), [(start + 1, end - 1)])
    stack.append(element)
    if found["attributes"].endswith("/"):
        _close(stack, element.name)


def _close(stack: list[_Element], name: str) -> bool:
    if len(stack) < 2 or stack[-1].name != name:
        return False
    element = stack.pop()
    stack[-1].add(element.name, element.value, element.all_spans)
    return True


def _plain(text: str) -> str:
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _character(found: re.Match[str]) -> str:
    code = int(found[1]) if found[1] else int(found[2], 16) if found[2] else 0
    return chr(code) if 0 < code < 0x110000 else _NAMED.get(found[3] or "", found[0])


def _spelled(value: Any, stood: str) -> str:
    """A text as XML spells it, and each character as it was spelled in what stood there."""
    references = list(_REFERENCE.finditer(stood))
    if "<" in stood or stood.count("&") > len(references):
        # Of a CDATA section.
        return str(value)
    # Those that HTML alone has, such as "&nbsp;", are left in the text.
    foreign = sorted({found[0] for found in references if _character(found) == found[0]})
    own = {each: each for each in "'\">" if each in stood}
    own |= {_character(found): found[0] for found in references if found[0] not in foreign}
    parts = re.split(f"({'|'.join(foreign)})", str(value)) if foreign else [str(value)]
    return "".join(
        part if place % 2 else "".join(own.get(each) or _ESCAPED.get(each, each) for each in part)
        for place, part in enumerate(parts)
    )


def is_markup(body: bytes) -> bool:
    """Whether a body may be XML."""
    return body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"
