"""Text as PyYAML writes it into a cassette, to the byte and many times as fast.

PyYAML looks at each character by itself, which takes a second for each MB. Here, it is asked for short texts
alone; whatever a long text has that decides how it is written is searched for as a whole.

What no literal block can hold, such as the line breaks of Windows, stands between double quotes, and has a
line for each of its own there: PyYAML would have it all in one.
"""

from __future__ import annotations

import base64
import re
from functools import lru_cache

import yaml

# What PyYAML and we indent a text by, against its key.
_STEP = 2
_PART = 1 << 16
_PRINTABLE_ASCII = b"\n" + bytes(range(0x20, 0x7F))

# What a plain text would be read as something else for.
_NOT_PLAIN = re.compile(r"""\A(?:---|\.\.\.|[#,\[\]{}&*!|>'"%@`]|[?:-](?: |\Z))|:(?: |\Z)| #""")
_RESOLVER = yaml.resolver.Resolver()
_TEXT = "tag:yaml.org,2002:str"

# What stands for itself within double quotes, but for a quote and a backslash; a line feed also ends a line.
_UNQUOTABLE = re.compile("[^\n -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]")
_LETTERS = yaml.emitter.Emitter.ESCAPE_REPLACEMENTS
_CHARACTERS = {letter: character for character, letter in _LETTERS.items()}
# YAML skips the end of a line behind a backslash, and the spaces before the next one.
_FOLD = re.compile(rb"\\n\\\n +(?:\\(?= ))?")
_ESCAPE = re.compile(rb"\\(?:x[0-9A-F]{2}|u[0-9A-F]{4}|U00[01][0-9A-F]{5}|[^xuU\\])")
# Until a text has so many different characters to escape, each is replaced in all of it at once.
_FEW = 16
# A byte that is nowhere in UTF-8.
_BACKSLASH = b"\xff"
_BINARY = b"!!binary |\n"


def is_printable(text: str) -> bool:
    """Whether a text can stand in YAML as it is, but for its line breaks."""
    if text.isascii():
        return not text.encode().translate(None, _PRINTABLE_ASCII)
    # A part at a time: without its line breaks, all of it would be as large again.
    parts = (text[at : at + _PART] for at in range(0, len(text), _PART))
    return all(part.replace("\n", "").isprintable() for part in parts)


def scalar(value: str | bytes | None, depth: int) -> bytes:
    """What stands behind a key for a value, with the line break after it.

    Args:
        value: The value.
        depth: How far the key is indented.
    """
    if value is None:
        return b"null\n"
    if isinstance(value, bytes):
        return _block(_BINARY, base64.encodebytes(value), depth)
    if "\n" not in value and is_printable(value):
        return f"{_line(value)}\n".encode()
    # A space at the end of a line does not show.
    if " \n" in value or value.endswith(" ") or not is_printable(value):
        return f"{quoted(value, depth + _STEP)}\n".encode()
    return _block(_hint(value), value.encode(), depth)


def quoted(text: str, margin: int) -> str:
    """A text between double quotes, with a line for each of its own.

    Args:
        text: The text.
        margin: How far the second line is indented, and each after it.
    """
    start = " " * margin
    ending = "\\n" if text.endswith("\n") else ""
    lines = _escaped(text.removesuffix("\n")).replace("\n", f"\\n\\\n{start}")
    # A space that a line begins with would be skipped.
    lines = lines.replace(f"\\\n{start} ", f"\\\n{start}\\ ")
    return f'"{lines}{ending}"'


def unfolded(text: bytes) -> bytes:
    """What is written here as earlier releases did: what stands between double quotes is in one line."""
    return _FOLD.sub(rb"\\n", text)


def value_of(text: bytes, start: int, end: int, depth: int) -> str | bytes | None:
    """The value that ``scalar`` has written.

    Args:
        text: Has what it has written, without the line break after it.
        start: Where that begins.
        end: Where it ends.
        depth: How far the key is indented.

    Returns:
        The value, a text or bytes; ``None`` if ``scalar`` would write whatever it is in another way.
    """
    try:
        value = _read(text, start, end, depth)
    except ValueError:
        return None
    # YAML reads what PyYAML has written as what it was. Of anything else, nobody knows here.
    written = scalar(value, depth)
    is_same = len(written) == end - start + 1 and text.startswith(memoryview(written)[:-1], start)
    return value if is_same else None


def _read(text: bytes, start: int, end: int, depth: int) -> str | bytes:
    if text.startswith(_BINARY, start):
        return base64.b64decode(memoryview(text)[start + len(_BINARY) : end])
    if text.startswith(b'"', start):
        return _unescaped(text[start + 1 : end - 1], b" " * (depth + _STEP)).decode()
    if text.startswith(b"'", start):
        return text[start + 1 : end - 1].replace(b"''", b"'").decode()
    if not text.startswith(b"|", start):
        return text[start:end].decode()
    first = text.find(b"\n", start, end) + 1
    ending = b"" if text[first - 2 : first - 1] == b"-" else b"\n"
    margin = b" " * (depth + _STEP)
    lines = text[first:end].replace(b"\n" + margin, b"\n")
    return (lines.removeprefix(margin) + ending).decode()


def _line(text: str) -> str:
    return text if _is_plain(text) else "'" + text.replace("'", "''") + "'"


def _is_plain(line: str) -> bool:
    if not line or line[0] == " " or line[-1] == " " or _NOT_PLAIN.search(line):
        return False
    tag = _RESOLVER.resolve(yaml.ScalarNode, line, (True, False))  # type: ignore[no-untyped-call] # PyYAML's
    return bool(tag == _TEXT)


def _hint(text: str) -> bytes:
    """What a literal block begins with: how far it is indented if that does not show, and how it ends."""
    indentation = str(_STEP) if text[0] in " \n" else ""
    ending = "-" if not text.endswith("\n") else "+" if text == "\n" or text.endswith("\n\n") else ""
    return f"|{indentation}{ending}\n".encode()


def _block(hint: bytes, text: bytes, depth: int) -> bytes:
    """The lines of a literal block, of which those that are empty are not indented."""
    margin = b" " * (depth + _STEP)
    start = b"" if text.startswith(b"\n") else margin
    lines = text.replace(b"\n", b"\n" + margin)
    if b"\n\n" in text:
        # Of several in a row, the first time finds every other.
        for _ in range(2):
            lines = lines.replace(b"\n" + margin + b"\n", b"\n\n")
    ends = text.endswith(b"\n")
    # Each part is as large as the text, so there is to be no more of them than needed.
    del text
    return b"".join(
        (hint, start, memoryview(lines)[: -len(margin)] if ends else lines, b"" if ends else b"\n")
    )


def _escaped(text: str) -> str:
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    start = 0
    for _ in range(_FEW):
        found = _UNQUOTABLE.search(text, start)
        if found is None:
            return text
        text, start = text.replace(found[0], _escape(found[0])), found.start()
    return text.translate(_Escapes())


def _unescaped(text: bytes, margin: bytes) -> bytes:
    # Without these, each backslash that is left begins an escape.
    text = text.replace(rb"\\", _BACKSLASH).replace(b"\\\n" + margin, b"")
    start = 0
    for _ in range(_FEW):
        found = _ESCAPE.search(text, start)
        if found is None:
            return text.replace(_BACKSLASH, b"\\")
        text, start = text.replace(found[0], _character(found[0])), found.start()
    return _ESCAPE.sub(lambda found: _character(found[0]), text).replace(_BACKSLASH, b"\\")


@lru_cache(1024)
def _character(escape: bytes) -> bytes:
    letter, number = escape[1:2].decode(), escape[2:]
    return (chr(int(number, 16)) if number else _CHARACTERS.get(letter, letter)).encode()


class _Escapes(dict[int, str]):
    """What stands for each character within double quotes, for ``str.translate``."""

    def __missing__(self, number: int) -> str:
        character = chr(number)
        shown = _escape(character) if _UNQUOTABLE.match(character) else character
        self[number] = shown
        return shown


def _escape(character: str) -> str:
    if character in _LETTERS:
        return "\\" + _LETTERS[character]
    number = ord(character)
    return (
        f"\\x{number:02X}"
        if number < 0x100
        else f"\\u{number:04X}"
        if number < 0x10000
        else f"\\U{number:08X}"
    )
