"""Texts in which people are mentioned, with made-up ones in their place."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection
from typing import Any
from urllib.parse import unquote

from connector_contract.people import phones
from connector_contract.people.binary_tokens import with_texts
from connector_contract.people.documents import json_spelled
from connector_contract.people.emails import EMAIL, PUBLIC, is_reserved, made_up_domain
from connector_contract.people.known_values import KnownValues
from connector_contract.people.made_words import MadeWords
from connector_contract.people.personal_values import PersonalValues, hashes
from connector_contract.people.phones import Phones
from connector_contract.people.stand_ins import StandIns
from connector_contract.people.tag_names import around_names
from connector_contract.people.uris import percent_encoded_as
from connector_contract.people.vocabulary import Vocabulary
from connector_contract.people.words import WORD
from connector_contract.secrets.wrapped import rewrapped
from connector_contract.storage.jsontext import JSON_TOKEN, is_json_document

_HOST = r"(?<=://)[\w.-]+"
_CODE = r"(?<![\w-])[A-Za-z]{0,8}[-_]?\d[\w-]{2,}(?![\w-])"
_HASH = r"(?<![0-9a-fA-F])(?:[0-9a-f]{64}|[0-9a-f]{32}|[0-9A-F]{64}|[0-9A-F]{32})(?![0-9a-fA-F])"
_TOKEN = re.compile(rf"(?P<host>{_HOST})|(?P<word>{WORD.pattern})")
_TOKEN_WITH_EMAIL = re.compile(rf"(?P<email>{EMAIL.pattern})|{_TOKEN.pattern}")
_CODES = re.compile(rf"(?P<hash>{_HASH})|(?P<code>{_CODE})")
_DOMAIN = re.compile(r"(?:[\w-]+\.)+[^\W\d_][\w-]*")
# What has a number in it, or may be a hash.
_CODED = re.compile(r"\d{3}|\d[ .\-]\d|[0-9a-f]{32}|[0-9A-F]{32}")
# What may be percent-encoded, up to what parts it from the rest.
_ENCODED = re.compile(r"[\w.~!$'()*+,;:@%-]{3,}+")
# base64 or a page token that is long enough to have somebody in it.
_WRAPPED = re.compile(r"[A-Za-z0-9_+-]{12}")
_URL = re.compile(r"https?://[^\s'\"<>\\,;)]+")
# A name and an address, as in a mail (RFC 5322, 3.4).
_ADDRESSED = re.compile(
    r"(?P<name>(?<!\w)[^\W\d_a-z][^\W\d_]*+(?:(?:, |[ '.-]{1,2})[^\W\d_]++){0,4})"
    rf"(?P<rest>\.?\"? ?<(?P<email>{EMAIL.pattern})>)"
)
# What is longer does not come again.
_LONGEST_KEPT = 500
_SHORTEST_CODE = 4
_SHORTEST_DIGITS = 6
# Shorter ones without their signs may be a count, or the number of something else.
_SHORTEST_BARE = 9


class Mentions:
    """Replaces whom texts mention.

    Args:
        vocabulary: What was learned.
        phones: The telephone numbers that were.
        stand_ins: What makes people up.
        kept: Values that stay.
        kept_words: Their words, folded.
        real: Is given the original of each word that is made up.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        phones: Phones,
        stand_ins: StandIns,
        kept: Collection[str],
        kept_words: Collection[str],
        real: dict[str, str],
    ) -> None:
        self._vocabulary, self._phones, self._stand_ins = vocabulary, phones, stand_ins
        self._kept = kept
        self.words = MadeWords(vocabulary, stand_ins, kept_words, real)
        self.values = PersonalValues(self.words, phones, stand_ins, self._mentioned)
        self._known_values = KnownValues(vocabulary, self.values, kept)
        self._made: dict[str, str] = {}
        self._hosts: dict[str, str | None] = {}
        self._wrapped = _Wrapped(self)
        self._codes: dict[str, str] = {}
        # The digits of those that are long, however they are grouped.
        self._bare: set[str] = set()
        self._hashes: dict[str, str] = {}
        self._hashed: set[str] = set()

    def renew(self) -> None:
        """Take in what was learned."""
        self.words.renew(self._vocabulary.take_changed())
        self.values.renew()
        self._known_values.renew()
        self._made.clear()
        self._hosts.clear()
        for value in sorted(self._vocabulary.values.get("number", set()) - self._codes.keys()):
            is_code = _is_distinct(value) and not self._vocabulary.is_id(value)
            self._codes[value] = self.values.value("number", value) if is_code else value
            digits = value.replace("-", "")
            if digits.isdecimal() and len(digits) >= _SHORTEST_BARE:
                self._bare.add(digits)

    @property
    def days(self) -> int:
        """How many dates of birth are days on which something else happened."""
        return len(self._known_values.days)

    def catch_up(self) -> None:
        """Replace what was made up before more was known of somebody, too."""
        self.words.catch_up()
        self.values.renew()
        self._made.clear()

    def text(self, text: str) -> str:
        """A text with made-up people."""
        known = self._made.get(text)
        if known is None:
            known = text if text in self._kept else self._domain(text) or self._unwrapped(text)
            if len(text) <= _LONGEST_KEPT:
                self._made[text] = known
        return known

    def number(self, digits: str) -> str | None:
        """What stands for a number that is known to be somebody's; ``None`` if it is nobody's."""
        made = self._code_of(digits)
        return None if made == digits else made

    def _domain(self, text: str) -> str | None:
        """What stands for a text that is the domain of addresses, perhaps after the sign that they have."""
        domain = text.removeprefix("@")
        if not _DOMAIN.fullmatch(domain) or self._stand_ins.keeps_domain(domain):
            return None
        if not self._vocabulary.is_domain(domain.lower()):
            return None
        return text[: len(text) - len(domain)] + made_up_domain(domain, self._stand_ins)

    def _unwrapped(self, text: str) -> str:
        made = self._mentioned(text)
        return with_texts(self._wrapped.text(made), self.text) if _WRAPPED.search(made) else made

    def _mentioned(self, text: str) -> str:
        if "://" in text and self._has_photos():
            text = _URL.sub(lambda url: self._photo(url[0]), text)
        if ">" in text and "@" in text:
            text = _ADDRESSED.sub(self._addressed, text)
        if "%" not in text:
            return self._in_markup(text)
        # What is encoded is looked at decoded, and not once more as it is.
        shown, end = [], 0
        for found in _ENCODED.finditer(text):
            made = self._encoded(found[0])
            if made is not None:
                shown += [self._in_markup(text[end : found.start()]), made]
                end = found.end()
        return "".join([*shown, self._in_markup(text[end:])])

    def _in_markup(self, text: str) -> str:
        return around_names(text, self._in_plain) if "<" in text else self._in_plain(text)

    def _has_photos(self) -> bool:
        return bool(self._vocabulary.values.get("photo")) or self._vocabulary.recalled is not None

    def _photo(self, url: str) -> str:
        made = self.values.value("photo", url)
        recalled = self._vocabulary.recalled
        is_known = url in self._vocabulary.values.get("photo", ())
        return made if is_known or (recalled is not None and recalled.has("photo", made)) else url

    def _addressed(self, found: re.Match[str]) -> str:
        """What stands for the name before an address in angle brackets."""
        if is_reserved(found["email"]):
            return found[0]
        return self.values.name(found["name"]) + found["rest"]

    def _in_plain(self, text: str) -> str:
        return self._known_values.with_made_up(text, self._with_words)

    def _with_words(self, text: str) -> str:
        has_email = "@" in text
        if not has_email and "://" not in text and self.words.plain.issuperset(WORD.findall(text)):
            return self._with_codes(text)
        return self._with_codes((_TOKEN_WITH_EMAIL if has_email else _TOKEN).sub(self._token, text))

    def _token(self, found: re.Match[str]) -> str:
        token = found[0]
        if found.lastgroup == "word":
            return self._word(found)
        if found.lastgroup == "email":
            return self.values.email(token)
        return self._host(token)

    def _word(self, found: re.Match[str]) -> str:
        word = found[0]
        made = self.words.word(word)
        if made is None and word in self.words.doubtful:
            made = self.words.beside(word, found.string, found.start(), found.end())
        return word if made is None else made

    def _host(self, host: str) -> str:
        if host not in self._hosts:
            self._hosts[host] = self._made_up_host(host)
        return self._hosts[host] or host

    def _made_up_host(self, host: str) -> str:
        if self._stand_ins.keeps_domain(host) or is_reserved(host) or host in PUBLIC:
            return host
        labels = host.lower().split(".")
        ends = (".".join(labels[place:]) for place in range(len(labels) - 1))
        if any(map(self._vocabulary.is_domain, ends)):
            return made_up_domain(host, self._stand_ins)
        return WORD.sub(self._word, host)

    def _with_codes(self, text: str) -> str:
        if not _CODED.search(text):
            return text
        if self._codes or self._vocabulary.emails or self._vocabulary.recalled is not None:
            text = _CODES.sub(self._code, text)
        has_phones = len(self._phones) or self._vocabulary.recalled is not None
        return phones.RUN.sub(self._phone, text) if has_phones else text

    def _code(self, found: re.Match[str]) -> str:
        if found.lastgroup == "hash":
            return self._hash(found[0])
        return self._code_of(found[0]) or self._recalled_code(found[0])

    def _code_of(self, code: str) -> str | None:
        """What stands for a number of somebody that is spelled in any way; ``None`` if it is nobody's."""
        if code not in self._codes and code.replace("-", "") in self._bare:
            self._codes[code] = self.values.value("number", code)
        return self._codes.get(code)

    def _recalled_code(self, code: str) -> str:
        recalled = self._vocabulary.recalled
        if recalled is None or not _is_distinct(code):
            return code
        made = self.values.value("number", code)
        return made if recalled.has_number(made) else code

    def _hash(self, text: str) -> str:
        # Few bodies have any.
        for email in self._vocabulary.emails - self._hashed:
            self._hashed.add(email)
            self._hashes.update(zip(hashes(email), [email] * 2, strict=True))
        spelled = text.lower()
        own = self._hashes.get(spelled)
        if own is None:
            return text
        made = dict(zip(hashes(own), hashes(self.values.email(own)), strict=True))[spelled]
        return made if spelled == text else made.upper()

    def _phone(self, found: re.Match[str]) -> str:
        return self._phones.made_up(found[0]) if self._is_phone(found[0]) else found[0]

    def _is_phone(self, text: str) -> bool:
        if self._phones.is_known(text):
            return True
        # Other numbers hit one by chance.
        recalled = self._vocabulary.recalled if text.startswith("+") else None
        return recalled is not None and recalled.has_phone(self._phones.first_choice(text))

    def _encoded(self, spelled: str) -> str | None:
        """What stands for a text that may be percent-encoded; ``None`` if it is not."""
        try:
            plain = unquote(spelled, errors="strict")
        except UnicodeDecodeError:
            return None
        if plain == spelled:
            return None
        made = with_texts(self._mentioned(plain), self.text)
        return spelled if made == plain else percent_encoded_as(spelled, made)


class _Wrapped:
    """Replaces whom base64 and page tokens mention."""

    def __init__(self, mentions: Mentions) -> None:
        self._mentions = mentions
        self._changed = False

    def text(self, text: str) -> str:
        """A text with tokens in it."""
        return rewrapped(text.encode("utf-8", "surrogatepass"), self).decode("utf-8", "surrogatepass")

    def data(self, data: bytes) -> bytes:
        """What is within a token."""
        text = data.decode()
        is_json = is_json_document(data)
        made = JSON_TOKEN.sub(self._json_token, text) if is_json else self._mentions.text(text)
        self._changed = made != text
        return made.encode()

    def _json_token(self, found: re.Match[str]) -> str:
        token = found[0]
        if not token.startswith('"'):
            return token
        plain = json.loads(token)
        made = self._mentions.text(plain)
        return token if made == plain else json_spelled(made, token)

    def json(self, value: Any) -> Any:
        """What is within a page token."""
        return mapped(value, self._mentions.text)

    def has_alias(self, data: bytes) -> bool:  # noqa: ARG002 as the protocol has it
        """Whether the last token was changed."""
        return self._changed


def mapped(value: Any, change: Callable[[str], str]) -> Any:
    """A value with each string in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {
            change(key) if isinstance(key, str) else key: mapped(item, change) for key, item in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [mapped(item, change) for item in value]
    return value


def _is_distinct(value: str) -> bool:
    """Whether a number is that wherever it is, rather than a count."""
    if not value.isalnum() and not re.fullmatch(r"[\w-]+", value):
        return False
    digits = sum(map(str.isdigit, value))
    return digits >= _SHORTEST_DIGITS or (
        digits >= _SHORTEST_CODE - 1 and not value.isdigit() and len(value) >= 5
    )
