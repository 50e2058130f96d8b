"""What is still in data of real people, looked for in another way than it is replaced."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Collection, Iterator

from connector_contract.people.binary_tokens import as_text
from connector_contract.people.emails import EMAIL, is_reserved, kept_part
from connector_contract.people.machines import is_of_service
from connector_contract.people.phones import RUN, Phones
from connector_contract.people.replaced_text import Mentions
from connector_contract.people.tag_names import names_in_tags
from connector_contract.people.vocabulary import Vocabulary
from connector_contract.people.words import WORD, folded
from connector_contract.secrets.decodings import decodings

_BASE64 = re.compile(rb"[A-Za-z0-9_+/-]{12,}={0,2}")
_HEX = re.compile(rb"(?<![0-9a-fA-F])(?:[0-9a-fA-F]{2}){6,}(?![0-9a-fA-F])")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
# gzip and zlib.
_COMPRESSED = (b"\x1f\x8b", b"x\x9c", b"x\xda", b"x\x01")
# What no word, address or number goes on over.
_ENDS = re.compile(rb"[\"\n]")
_ENCODED = ", within base64, hexadecimal or compressed data"
_DEEPEST = 2
_LONG = 5


def leftovers(
    data: bytes, mentions: Mentions, vocabulary: Vocabulary, phones: Phones, kept: Collection[str]
) -> Iterator[str]:
    """What is left, each said once and without saying it.

    Args:
        data: Anything that is to be stored.
        mentions: What replaces.
        vocabulary: What was learned.
        phones: The telephone numbers that were.
        kept: Values that stay, and their words, folded.
    """
    look = _Look(mentions, vocabulary, phones, kept)
    yield from dict.fromkeys(look.at(data, _DEEPEST))


class _Look:
    def __init__(
        self, mentions: Mentions, vocabulary: Vocabulary, phones: Phones, kept: Collection[str]
    ) -> None:
        self._words, self._vocabulary, self._phones, self._kept = mentions.words, vocabulary, phones, kept
        self._seen: set[bytes] = set()
        self._tokens: set[bytes] = set()
        # Of elements and attributes.
        self._names: set[str] = set()

    def at(self, data: bytes, depth: int) -> Iterator[str]:
        for whole in decodings(data):
            decoded = self._unseen(whole)
            text = decoded.decode("utf-8", "replace")
            tags = whole.decode("utf-8", "replace") if b"<" in whole else ""
            self._names.update(*(WORD.findall(tags, *span) for span in names_in_tags(tags)))
            # Half a word, up to an escape, is none; what is no text has short words by chance.
            fewest = _LONG if b"\0" in whole else 1
            yield from self._in_text(unescaped(text), fewest)
            for inner in self._within(decoded) if depth else ():
                if _is_text(inner) or inner.startswith(_COMPRESSED):
                    found = self.at(inner, depth - 1)
                else:
                    found = self._in_text(inner.decode("utf-8", "replace"), _LONG)
                yield from (f"{each.removesuffix(_ENCODED)}{_ENCODED}" for each in found)

    def _unseen(self, data: bytes) -> bytes:
        """What is in data that was not looked at: an encoding that is undone leaves most as it was."""
        pieces = [piece for piece in dict.fromkeys(_ENDS.split(data)) if piece not in self._seen]
        self._seen.update(pieces)
        return b"\n".join(pieces)

    def _within(self, data: bytes) -> Iterator[bytes]:
        for inner in _within(data):
            # The layers of an encoding have most tokens in common.
            if inner not in self._tokens:
                self._tokens.add(inner)
                yield inner

    def _in_text(self, text: str, fewest: int) -> Iterator[str]:
        rest = []
        end = 0
        for found in EMAIL.finditer(text) if "@" in text else ():
            rest.append(text[end : found.start()])
            end = found.end()
            if not self._is_nobodys(found[0]):
                yield self._said(found[0])
        for part in [*rest, text[end:]]:
            yield from self._words_in(part, fewest)
            for found in RUN.finditer(part) if len(self._phones) else ():
                if self._phones.is_known(found[0]):
                    yield "a telephone number"

    def _is_nobodys(self, email: str) -> bool:
        """Whether an address may stand in what is stored."""
        if is_of_service(email.rpartition("@")[2]):
            return True
        return is_reserved(email) or email in self._words.made_up or bool(kept_part(email, self._kept))

    def _said(self, email: str) -> str:
        is_known = folded(email) in self._vocabulary.emails
        what = "an e-mail address of" if is_known else "what reads as an e-mail address, of"
        return f"{what} {len(email)} characters"

    def _words_in(self, text: str, fewest: int) -> Iterator[str]:
        for spelled in sorted(set(WORD.findall(text)) - self._words.plain - self._names):
            if len(spelled) < fewest or spelled in self._words.made_up:
                continue
            word = folded(spelled)
            if (
                word not in self._kept
                and self._words.is_known(word)
                and self._words.word(spelled) is not None
            ):
                yield f"a word of a name, of {len(word)} letters"


def unescaped(text: str) -> str:
    """A text with the letters that JSON may have escapes for."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


def _is_text(data: bytes) -> bool:
    try:
        return data.decode("utf-8").isprintable()
    except UnicodeDecodeError:
        return False


def _within(data: bytes) -> Iterator[bytes]:
    for found in dict.fromkeys(_BASE64.findall(data)):
        token = found.rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
        if len(token) % 4 != 1:
            yield as_text(b64decode(token + b"=" * (-len(token) % 4)))
    for found in dict.fromkeys(_HEX.findall(data)):
        yield as_text(bytes.fromhex(found.decode()))
