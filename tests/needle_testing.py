"""Looks for what is a person's in files and output, in whatever spelling, in one pass.

Each different line is read once. It is compared as words in small letters without accents, with its escapes
undone, so that the time does not depend on how many people there are.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote_to_bytes

from fake_tenant import API_WORDS, DOMAINS, Person, fold

Words = tuple[str, ...]

_WORD = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"\+?\d[\d ().\-/;:ext=]{5,60}\d")
_JSON_ESCAPE = re.compile(r"\\+(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2}))")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{6,}")
_GLUED = 7
"""From how many letters on a name is looked for within longer words."""
_GLUED_ELSEWHERE = 3
"""The same for a name in letters that are not Latin, which some scripts write without spaces."""
_PHONE = 9
"""How many digits are enough to know a telephone number by."""
_DEPTH = 3


@dataclass(frozen=True, order=True)
class Hit:
    """Something of a person that was found."""

    file: str
    line: int
    needle: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.needle} in: {self.text.strip()[:160]}"


@dataclass
class Needles:
    """What is looked for.

    Attributes:
        words: For the first word of each, the others and its description.
        glued: For the first letters of each name, the names that are looked for within words.
        digits: The ends of telephone numbers.
    """

    words: dict[str, list[tuple[Words, str]]] = field(default_factory=dict)
    glued: dict[str, list[str]] = field(default_factory=dict)
    digits: dict[str, str] = field(default_factory=dict)
    _lines: dict[str, frozenset[str]] = field(default_factory=dict)
    _within: dict[str, str] = field(default_factory=dict)

    def add(self, kind: str, text: str) -> None:
        """Look for a text, as a sequence of words."""
        words = tuple(_WORD.findall(fold(text)))
        if words:
            self.words.setdefault(words[0], []).append((words[1:], f"{kind} {text!r}"))

    def add_within(self, name: str) -> None:
        """Look for a name also as a part of words."""
        for word in _WORD.findall(fold(name)):
            least = _GLUED if word.isascii() else _GLUED_ELSEWHERE
            if len(word) >= least and len(unicodedata.normalize("NFC", word)) >= _GLUED_ELSEWHERE:
                kept = self.glued.setdefault(word[:_GLUED_ELSEWHERE], [])
                if word not in kept:
                    kept.append(word)

    def add_phone(self, phone: str) -> None:
        """Look for a telephone number, however it is written."""
        digits = _only_digits(phone.partition(";")[0])
        self.digits[digits[-_PHONE:]] = f"phone {phone!r}"

    def in_line(self, line: str) -> frozenset[str]:
        """What a line has, in any spelling."""
        found = self._lines.get(line)
        if found is None:
            found = frozenset(each for view in views(line) for each in self._in_text(view))
            self._lines[line] = found
        return found

    def _in_text(self, text: str) -> Iterator[str]:
        words = _WORD.findall(fold(text))
        for place, word in enumerate(words):
            for rest, what in self.words.get(word, ()):
                if tuple(words[place + 1 : place + 1 + len(rest)]) == rest:
                    yield what
            if within := self._glued_in(word):
                yield within
        for match in _DIGITS.finditer(text):
            digits = _only_digits(match[0])
            ends = (digits[start : start + _PHONE] for start in range(len(digits) - _PHONE + 1))
            yield from (self.digits[end] for end in ends if end in self.digits)

    def _glued_in(self, word: str) -> str:
        """The name that is a part of a word, if any."""
        if word not in self._within:
            starts = range(len(word) - _GLUED_ELSEWHERE + 1)
            found = (
                name
                for start in starts
                for name in self.glued.get(word[start : start + _GLUED_ELSEWHERE], ())
                if word != name and word.startswith(name, start)
            )
            self._within[word] = next((f"part of a word {name!r}" for name in found), "")
        return self._within[word]


def needles_of(everybody: Iterable[Person], own: Callable[[Person], bool] = lambda _: True) -> Needles:
    """All that is looked for of some people.

    Args:
        everybody: Whose names are looked for.
        own: Which of them are meant.
    """
    needles = Needles()
    for person in filter(own, everybody):
        _add_names(needles, person)
        for email in {*person.emails, person.email}:
            needles.add("e-mail", email)
            _add_word(needles, "local part", email.partition("@")[0])
        _add_word(needles, "login", person.login.rpartition("\\")[2])
        for phone in person.phones:
            needles.add_phone(phone)
        needles.add("street", person.street)
        _add_word(needles, "city", person.city.partition(" ")[0])
        needles.add("employee number", person.employee_number)
        needles.add("photo", person.photo.rpartition("/")[2].partition(".")[0])
    for domain in DOMAINS:
        needles.add("domain", domain)
    return needles


def _add_names(needles: Needles, person: Person) -> None:
    for name in (person.given, person.family):
        _add_word(needles, "name", name)
        for part in _WORD.findall(name):
            _add_word(needles, "name", part)
    # Of names of one letter, nothing is left where an initial stays.
    if person.family and len(person.given + person.family) > 2:
        needles.add("full name", f"{person.given} {person.family}")
        needles.add("full name", f"{person.family} {person.given}")
        if not person.full.isascii():
            _add_word(needles, "full name", person.full)


def _add_word(needles: Needles, kind: str, word: str) -> None:
    """Look for a word, unless it is short, or means something else as well."""
    if sum(map(str.isalpha, word)) >= 3 and fold(word) not in API_WORDS | _PARTICLES:
        needles.add(kind, word)
        needles.add_within(word)


_PARTICLES = frozenset({"van", "der", "den", "von", "bin", "jean", "anne", "marie", "smith"})


def views(text: str, depth: int = _DEPTH) -> Iterator[str]:
    """A text, and what it is when its escapes are undone, again and again."""
    yield text
    if depth:
        for undone in (_undo_json(text), _undo_percent(text), _undo_html(text)):
            if undone != text:
                yield from views(undone, depth - 1)
        for match in _BASE64.finditer(text):
            if decoded := _undo_base64(match[0]):
                yield from views(decoded, depth - 1)


def _undo_json(text: str) -> str:
    if "\\" not in text:
        return text
    undone = _JSON_ESCAPE.sub(lambda match: chr(int(match[1] or match[2] or match[3], 16)), text)
    paired = undone.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    # A line break or a tab would be read as a part of the next word.
    return re.sub(r"\\+[nrtbf\"/]", " ", paired)


def _undo_percent(text: str) -> str:
    if "%" not in text:
        return text
    data = unquote_to_bytes(text)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _undo_html(text: str) -> str:
    return html.unescape(text) if "&" in text else text


def _undo_base64(word: str) -> str:
    """What a word of base64 says; empty if it is not one, or is of no text."""
    plain = word.replace("-", "+").replace("_", "/")
    try:
        data = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
        decoded = data.decode("utf-8")
    except (binascii.Error, ValueError, EOFError, OSError):
        return ""
    return decoded if decoded.replace("\n", " ").isprintable() else ""


def _only_digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def search(needles: Needles, files: Mapping[str, bytes | str]) -> list[Hit]:
    """All that is found in files by their names, and in the names."""
    hits: list[Hit] = []
    for name, data in files.items():
        text = data.decode("utf-8", "replace") if isinstance(data, bytes) else data
        hits += (Hit(name, 0, needle, name) for needle in needles.in_line(name))
        for number, line in enumerate(text.splitlines(), 1):
            hits += (Hit(name, number, needle, line) for needle in needles.in_line(line))
        hits += _over_line_ends(needles, name, text)
    return sorted(hits)


def _over_line_ends(needles: Needles, name: str, text: str) -> Iterator[Hit]:
    """What begins at the end of a line and ends on the next one, as in wrapped base64 and folded text."""
    for number, (first, second) in enumerate(pairwise(text.splitlines()), 1):
        if len(first) > 60 and (stripped := second.strip()):
            for joint in ("", " "):
                joined = f"{first.rstrip()}{joint}{stripped}"
                for needle in needles.in_line(joined) - needles.in_line(first) - needles.in_line(second):
                    yield Hit(name, number, needle, joined)


def search_folder(needles: Needles, folder: Path) -> list[Hit]:
    """All that is found in the files below a folder."""
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix not in (".py", ".pyc")
    }
    return search(needles, files)
