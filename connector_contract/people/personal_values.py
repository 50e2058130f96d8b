"""What stands for the value of a personal field, by its kind."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Collection, Sequence
from hashlib import md5, sha256
from ipaddress import IPv4Address, ip_address
from itertools import pairwise

from connector_contract.people.common_words import STREETS
from connector_contract.people.emails import EMAIL, is_reserved, kept_part, made_up_domain, made_up_email
from connector_contract.people.machines import is_of_role, is_of_service
from connector_contract.people.made_words import MadeWords
from connector_contract.people.name_words import name_parts, own_login
from connector_contract.people.phones import RUN, Phones
from connector_contract.people.stand_ins import StandIns
from connector_contract.people.vocabulary import IDENTIFIER
from connector_contract.people.words import PARTICLES, TITLES, WORD, folded

_TOKEN = re.compile(rf"(?P<word>{WORD.pattern})|(?P<digits>\d+)")
_SPACE = re.compile(r"\s")
_DIGITS = re.compile(r"\d+")
_MARKUP = re.compile(r"(<[^<>]*>|&#?\w+;|https?://)")
_UUID = re.compile(r"(?i)[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}\Z")
DATE = re.compile(r"(?<!\d)(\d{4})(\D?)(\d\d)(\D?)(\d\d)(?!\d)|(?<!\d)(\d\d?)(\D)(\d\d?)(\D)(\d{4})(?!\d)")
# With what is before and after it in a text; IPv4 may be within IPv6.
IP = re.compile(
    r"(?:(?<![\w:.])(?:[0-9a-fA-F]{0,4}:){2,7}(?:(?:\d{1,3}\.){3}\d{1,3}|[0-9a-fA-F]{1,4}|(?<=::))"
    r"|(?<![\w.])(?:\d{1,3}\.){3}\d{1,3})(?![\w:]*\w|\.\w)"
)
# Of the United Kingdom, Canada, Ireland and the Netherlands.
_POSTCODE = re.compile(
    r"(?<!\w)(?:[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z][ -]?\d[A-Z]\d|[A-Z]\d[\dW] ?[A-Z\d]{4}"
    r"|[1-9]\d{3} ?(?![NS][EW])[A-Z]{2})(?!\w)"
)
_LAST_NAME = re.compile(r"(?s)(?P<within>[^@]*/\w+=)(?P<name>[^@/=]+)")
_MEDIA_TYPE = re.compile(r"(?:image|video|application|binary)/[\w.+-]+")
_FILE = re.compile(r"[^/]+(?P<suffix>\.[A-Za-z]{3,4})")
# A name of a file has no more digits than it needs to differ from others.
_FILE_NAME = 16
PHOTOS = "https://photos.example.com/"
# A longer run of digits in a login or an address tells more than which of several namesakes it is.
_FEW_DIGITS = 2
_DATED = re.compile(r"\d{4}-\d\d-\d\d")
_DIGITS_OF_DATE = 8
_MONTHS = 12
# What is between two words of a name.
_BESIDE = re.compile(r"[\s.,'\u2019-]{1,3}")
# Codes of countries and states stay.
_CODE = 3
_DOCUMENTED = ip_address("198.18.0.0")


class PersonalValues:
    """Makes up the values of personal fields.

    Args:
        words: What stands for words.
        phones: What stands for telephone numbers.
        stand_ins: What makes up all else.
        mentions: What a text becomes that mentions people.
    """

    def __init__(
        self, words: MadeWords, phones: Phones, stand_ins: StandIns, mentions: Callable[[str], str]
    ) -> None:
        self._words, self._phones, self._stand_ins, self._mentions = words, phones, stand_ins, mentions
        self._made: dict[tuple[str, str], str] = {}
        self._by_kind: dict[str, Callable[[str], str]] = {
            "name": self.name,
            "given_name": self.name,
            "family_name": self._family_name,
            "email": self._email,
            "login": self.login,
            "phone": self._phones.made_up,
            "address": self._address,
            "text": self._text,
            "photo": self._photo,
            "number": self._number,
            "date": self._date,
            "ip": self._ip,
        }

    def renew(self) -> None:
        """Forget the values that were made up of words, of which more may be known by now."""
        self._made.clear()

    def value(self, kind: str, value: str) -> str:
        """What stands for a value of a kind."""
        known = self._made.get((kind, value))
        if known is None:
            known = self._made[kind, value] = self._by_kind[kind](value) if value.strip() else value
        return known

    def name(self, value: str) -> str:
        """A name, or something that a person is called."""
        return self._around_emails(value, self._name)

    def _name(self, text: str) -> str:
        # What is after it is a title.
        own = self._words.untitled(text)
        return self._words_of(own, "name") + self._mentions(text[len(own) :])

    def _family_name(self, value: str) -> str:
        return self._around_emails(value, lambda text: self._words_of(text, "family_name"))

    def login(self, value: str) -> str:
        """What somebody logs in with; that of a role or a system stays."""
        if "@" in value and EMAIL.search(value):
            return self._mentions(value) if self._is_glued(value) else self.name(value)
        if (own := own_login(value)) != value:
            # What is before it is a company's domain, a page or a protocol: it is as in any text.
            return self._mentions(value[: len(value) - len(own)]) + self.login(own)
        if IDENTIFIER.match(value) or is_of_role(value):
            return self._mentions(value)
        return self._with_digits(value)

    def _is_glued(self, value: str) -> bool:
        """Whether a value is an address that stays with something beside it, as a connector makes it."""
        found = EMAIL.findall(value)
        return not _SPACE.search(value) and any(kept_part(each, self._words.kept) for each in found)

    def email(self, email: str) -> str:
        """An e-mail address."""
        if kept := kept_part(email, self._words.kept):
            return self._mentions(email[: -len(kept)]) + kept
        if (joined := self._words.joined(email)) is not None:
            name, _, at = self.email(joined.email).rpartition("@")
            return f"{joined.before}{name}{joined.after}@{at}"
        local, _, domain = email.rpartition("@")
        if email in self._words.made_up or is_reserved(domain):
            return f"{WORD.sub(self._words.as_it_is_now, local)}@{domain}"
        if is_of_service(domain):
            return f"{self._mentions(local)}@{domain}"
        own = self._mentions if self._words.is_of_thing(email) else self.login
        made = made_up_email(email, own, self._stand_ins)
        # By its form, an address at a domain that stays is a real one.
        return made if is_reserved(made.rpartition("@")[2]) else self._words.noted(email, made)

    def _email(self, value: str) -> str:
        local, at, domain = value.rpartition("@")
        if at and not EMAIL.search(value):
            # Such as one with a character that is in no word.
            return self.login(local) + at + made_up_domain(domain, self._stand_ins)
        # The address of an old mail system names one within others: "X500:/o=Acme/cn=Recipients/cn=alice".
        if (found := _LAST_NAME.fullmatch(value)) is not None:
            return self._mentions(found["within"]) + self.login(found["name"])
        return self._around_emails(value, self.login)

    def _around_emails(self, value: str, change: Callable[[str], str]) -> str:
        if "@" not in value:
            return change(value)
        shown, end = [], 0
        for found in EMAIL.finditer(value):
            # "SMTP:a@acme.com" has the name of a protocol before it.
            between = value[end : found.start()]
            shown += [between if between.endswith(":") else change(between), self.email(found[0])]
            end = found.end()
        return "".join([*shown, change(value[end:])])

    def _words_of(self, value: str, kind: str) -> str:
        shown, end = [], 0
        # Of a login, digits are its own; after a name, as in "Alice Martin (100927)", they are a number's.
        around = str if kind == "login" else self._around_words
        for found, is_word in name_parts(value, kind):
            shown.append(around(value[end : found.start()]))
            # What is a particle here may be somebody's name elsewhere, and is then replaced everywhere.
            is_called = is_word and not self._is_particle(found[0], value)
            is_somebody = is_called or self._words.word(found[0]) is not None
            shown.append(self._words.personal(found[0]) if is_somebody else found[0])
            end = found.end()
        return "".join([*shown, around(value[end:])])

    def _is_particle(self, spelled: str, value: str) -> bool:
        """Whether a word is a particle of somebody known, whose name a connector writes in one case.

        "van der Berg" keeps its "van"; a connector's "VAN DER BERG, Anna" and "van der berg" do as well.
        """
        word = folded(spelled)
        return (
            word in PARTICLES
            and " " in value
            and not spelled.istitle()
            and not self._words.is_known(word)
            and any(self._words.is_known(folded(each)) for each in WORD.findall(value))
        )

    def _around_words(self, text: str) -> str:
        return self._mentions(text) if any(map(str.isdigit, text)) else text

    def _with_digits(self, value: str) -> str:
        return _DIGITS.sub(self._few_digits, self._words_of(value, "login"))

    def _few_digits(self, found: re.Match[str]) -> str:
        return self._stand_ins.number(found[0]) if len(found[0]) > _FEW_DIGITS else found[0]

    def _address(self, value: str) -> str:
        # Workday has line ends as references.
        parts = _MARKUP.split(value)
        return "".join(part if place % 2 else self._plain_address(part) for place, part in enumerate(parts))

    def _plain_address(self, value: str) -> str:
        shown, end = [], 0
        for found in _POSTCODE.finditer(value):
            shown += [_TOKEN.sub(self._of_address, value[end : found.start()]), self._postcode(found[0])]
            end = found.end()
        return "".join([*shown, _TOKEN.sub(self._of_address, value[end:])])

    def _postcode(self, value: str) -> str:
        digest = iter(self._stand_ins.digest("postcode", re.sub(r"\W", "", value)))
        return "".join(_of_its_kind(each, next(digest)) if each.isalnum() else each for each in value)

    def _of_address(self, found: re.Match[str]) -> str:
        text = found[0]
        if not found["word"]:
            return self._stand_ins.number(text)
        stays = text.lower() in STREETS | PARTICLES or (text.isupper() and len(text) <= _CODE)
        # Somebody may be called Lane, and is so in every address.
        return text if stays and self._words.word(text) is None else self._words.personal(text)

    def _text(self, value: str) -> str:
        parts = _MARKUP.split(self._mentions(value))
        mentioned = self._words.made_up
        return "".join(
            part if place % 2 else RUN.sub(self._dialled, self._around_reserved(part, mentioned))
            for place, part in enumerate(parts)
        )

    def _dialled(self, found: re.Match[str]) -> str:
        """What stands for a number in a text about a person that may be dialled, and is no date."""
        is_number = sum(map(str.isdigit, found[0])) > _DIGITS_OF_DATE and not _DATED.match(found[0])
        return self._phones.made_up(found[0]) if is_number else found[0]

    def _around_reserved(self, text: str, mentioned: Collection[str]) -> str:
        def change(between: str) -> str:
            words = list(WORD.finditer(between))
            kept = _parts_of_names(between, words, mentioned)
            following = iter(
                found[0] if is_kept else self._filler(found[0])
                for found, is_kept in zip(words, kept, strict=True)
            )
            return WORD.sub(lambda _: next(following), between)

        shown, end = [], 0
        for found in EMAIL.finditer(text):
            shown += [change(text[end : found.start()]), found[0]]
            end = found.end()
        return "".join([*shown, change(text[end:])])

    def _filler(self, word: str) -> str:
        if len(word) == 1:
            return word
        made = (self._stand_ins.label(folded(word)) * (len(word) // 10 + 1))[: len(word)]
        return made.upper() if word.isupper() else made.title() if word[0].isupper() else made

    def _photo(self, value: str) -> str:
        if value.startswith(PHOTOS) or is_reserved(value.partition("://")[2].partition("/")[0]):
            return value
        if _MEDIA_TYPE.fullmatch(value):
            return value
        digest = self._stand_ins.digest("photo", value).hex()
        if value.startswith("data:"):
            return f"{value.partition(',')[0]},{b64encode(bytes.fromhex(digest)).decode()}"
        if "/" in value:
            return f"{PHOTOS}{digest}.png"
        if (file := _FILE.fullmatch(value)) is not None:
            return digest[:_FILE_NAME] + file["suffix"]
        return (digest * (len(value) // len(digest) + 1))[: len(value)] if len(value) >= 16 else value

    def _number(self, value: str) -> str:
        if _UUID.match(value):
            return value
        digits = "".join(filter(str.isdecimal, value))
        if not digits.isascii():
            return value
        following = iter(self._stand_ins.number(digits))
        return "".join(next(following) if each.isdecimal() else each for each in value)

    def _date(self, value: str) -> str:
        return DATE.sub(self._day, value)

    def _day(self, found: re.Match[str]) -> str:
        digest = self._stand_ins.digest("date", canonical_date(found))
        # Twelve at most, so that it is a day and a month in either order.
        one, other = digest[0] % 12 + 1, digest[1] % 12 + 1
        if found[1]:
            return f"{found[1]}{found[2]}{one:02}{found[4]}{other:02}"
        if _is_day_first(found):
            one, other = other, one
        return f"{one:0{len(found[6])}}{found[7]}{other:0{len(found[8])}}{found[9]}{found[10]}"

    def _ip(self, value: str) -> str:
        try:
            address = ip_address(value)
        except ValueError:
            return self._mentions(value)
        if not address.is_global:
            return value
        digest = self._stand_ins.digest("ip", str(address))
        if isinstance(address, IPv4Address):
            return str(_DOCUMENTED + (int.from_bytes(digest[:3], "big") & 0x1FFFF))
        return "2001:db8::" + ":".join(digest.hex()[place : place + 4] for place in range(0, 16, 4))


def _parts_of_names(text: str, words: Sequence[re.Match[str]], mentioned: Collection[str]) -> list[bool]:
    """Whether each word of a text is one of a name that was made up: "van der" is beside another one."""
    kept = [found[0] in mentioned for found in words]
    is_part = [len(found[0]) == 1 or folded(found[0]) in PARTICLES | TITLES for found in words]
    pairs = [
        (place, place + 1)
        for place, (before, after) in enumerate(pairwise(words))
        if _BESIDE.fullmatch(text, before.end(), after.start())
    ]
    for near, own in (*pairs, *((own, near) for near, own in reversed(pairs))):
        kept[own] = kept[own] or (kept[near] and is_part[own])
    return kept


def canonical_date(found: re.Match[str]) -> str:
    """A date as ISO 8601 has it, whatever its format; itself if nobody knows which number is the month."""
    if found[1]:
        return f"{found[1]}-{found[3]}-{found[5]}"
    one, other = int(found[6]), int(found[8])
    if _is_day_first(found):
        return f"{found[10]}-{other:02}-{one:02}"
    return f"{found[10]}-{one:02}-{other:02}" if other > _MONTHS else found[0]


def _is_day_first(found: re.Match[str]) -> bool:
    return found[7] == "." or int(found[6]) > _MONTHS


def _of_its_kind(character: str, number: int) -> str:
    """A digit for a digit, and a letter for a letter."""
    return str(number % 10) if character.isdigit() else chr(ord("A") + number % 26)


def hashes(email: str) -> tuple[str, str]:
    """What Gravatar and the like know an e-mail address by."""
    data = email.strip().lower().encode("utf-8", "surrogatepass")
    return md5(data, usedforsecurity=False).hexdigest(), sha256(data).hexdigest()
