"""Texts that name what they say, line by line: LDIF (RFC 2849), vCards (RFC 6350), ``Name: Alice Martin``."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Iterator
from typing import Any

from connector_contract.people.documents import Document, decoded
from connector_contract.people.field_names import normalized
from connector_contract.people.labels import Value, labelled, may_be_personal

# A label, perhaps with the mark of a list before it, and a value that may go on in lines with a space before.
_LINE = re.compile(
    r"(?m)^[ \t>*\u2022#|-]*(?P<label>[A-Za-z][\w .()/-]{0,40})(?:;[^\r\n:\"]*(?:\"[^\"\r\n]*\")?)*"
    r"[*_]{0,2}[ \t]*(?P<sign>::|:|=)[*_]{0,2}[ \t]*(?P<value>[^\r\n]*[^\s])"
)
_FOLDED = re.compile(r"(?:\r?\n[ \t][^\r\n]*)+")
_IS_FOLDED = re.compile(r"(?mi)^(?:BEGIN:VCARD|dn::? ?\S|version: 1\r?$)")
_FOLD = re.compile(r"\r?\n[ \t]")
_VCARD = re.compile(r"(?i)^begin:vcard", re.MULTILINE)
# What parts records: a line without anything, or one that rules it off.
_BREAK = re.compile(r"\n[ \t]*\r?\n|\n[-=*]{3,}\r?\n|\nEND:VCARD", re.IGNORECASE)
_OF_VCARDS = {
    "fn": "full name",
    "n": "",
    "nickname": "nickname",
    "email": "email",
    "tel": "phone",
    "adr": "",
    "bday": "birthday",
    "photo": "photo",
    "note": "note",
    "uid": "",
    "sort-as": "family name",
}
_PARTS = {
    "n": ("family name", "given name", "middle name"),
    "adr": ("po box number", "line", "street address", "city", "", "postal code"),
}
_COMPONENT = re.compile(r"(?:\\.|[^;\\])*")
_ESCAPED = re.compile(r"\\(.)")
_TYPES = ("objectclass",)


def labelled_document(body: bytes, content_type: str) -> Document | None:
    """A text with labels; ``None`` if it has none that may be a person's."""
    text, charset = decoded(body, content_type)
    return labelled(text, _values(text), charset, _of_vcard if _VCARD.search(text) else _spelled)


def is_labelled(text: str) -> bool:
    """Whether a text of several lines has labels of which one may be a person's."""
    return "\n" in text and any(may_be_personal(each.name) for each in _values(text))


def _values(text: str) -> Iterator[Value]:
    is_vcard = _VCARD.search(text) is not None
    is_folded = _IS_FOLDED.search(text) is not None
    first, record, place, end = "", 0, 0, 0
    while (found := _LINE.search(text, place)) is not None:
        folded = _FOLDED.match(text, found.end()) if is_folded else None
        place = found.end() if folded is None else folded.end()
        for value in _of_line(text, found, place, is_vcard):
            # A list says the same of each person.
            is_next = value.name == first and not is_folded
            if is_next or _BREAK.search(text, end, value.span[0]):
                record, first = record + 1, ""
            first = first or value.name
            end = value.span[1]
            yield value._replace(record=record)


def _of_line(text: str, found: re.Match[str], end: int, is_vcard: bool) -> Iterator[Value]:
    label, start = found["label"].strip().rpartition(".")[2], found.start("value")
    name = _OF_VCARDS.get(label.lower(), label) if is_vcard else label
    if is_vcard and label.lower() in _PARTS:
        yield from _components(text, start, end, _PARTS[label.lower()])
    elif not (may_be_personal(name) or normalized(name) in _TYPES):
        return
    elif found["sign"] == "::":
        plain = _decoded(text[start:end])
        if plain is not None:
            # With its sign, which says how it is spelled.
            yield Value(name, plain, (found.start("sign"), end), 0)
    elif not text.startswith(":", start):
        yield Value(name, _plain(text[start:end], is_vcard), (start, end), 0)


def _components(text: str, start: int, end: int, names: tuple[str, ...]) -> Iterator[Value]:
    """The parts of a value that has several."""
    place = start
    for name in names:
        found = _COMPONENT.match(text, place, end)
        if found is None:
            return
        if name and found[0].strip():
            yield Value(name, _plain(found[0], True), found.span(), 0)
        place = found.end() + 1


def _plain(spelled: str, is_vcard: bool) -> str:
    whole = _FOLD.sub("", spelled)
    return _ESCAPED.sub(lambda each: "\n" if each[1] in "nN" else each[1], whole) if is_vcard else whole


def _decoded(spelled: str) -> str | None:
    try:
        return b64decode(_FOLD.sub("", spelled), validate=True).decode()
    except ValueError:
        return None


def _spelled(value: Any, stood: str) -> str:
    text = str(value)
    if not stood.startswith("::"):
        return text
    return ":: " + b64encode(text.encode("utf-8", "surrogatepass")).decode()


def _of_vcard(value: Any, stood: str) -> str:
    text = str(value)
    if "\\" not in stood:
        return text
    escaped = re.sub(r"([\\,;])", r"\\\1", text) if re.search(r"\\[,;\\]", stood) else text
    return escaped.replace("\n", "\\n")
