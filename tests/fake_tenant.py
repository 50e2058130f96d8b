"""A made-up tenant: people with awkward names, the same ones on every machine.

The names are of syllables that no language has together, and of a short list of awkward ones. A person
depends on the number alone, and on people with lower numbers, so that one more at the end changes nobody.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from random import Random

DOMAINS = ("norvelkin.com", "eu.norvelkin.com", "tavoruxa.org")
GROUPS = ("Admin", "Everyone", "Page owners", "Active users", "Friends of", "Nobody")
STATUSES = ("active", "active", "active", "inactive", "invited")

API_WORDS = frozenset(
    {"active", "admin", "count", "email", "first", "group", "last", "login", "may", "member", "name", "page"}
    | {"role", "rose", "status", "title", "type", "user", "users", "will"}
)
"""Words of the APIs and of English that are names as well, in small letters."""

_ONSETS = (
    *("Bravel", "Thokin", "Murzel", "Draspon", "Gwifen", "Lortis"),
    *("Vakhul", "Mirzho", "Quarbe", "Plindo", "Snetha", "Jorvek"),
)
_MIDDLES = ("", "ba", "dro", "ku", "lim", "nau", "ri", "sho", "tve", "zu")
_ENDS = ("ndak", "rquin", "ssop", "lmeth", "vurr", "xalt", "ggim", "pfor")
_WORDS = ("Page", "Active", "Admin", "Group", "User", "Will", "May", "Rose")
_ACCENTED = {"a": "á", "e": "ë", "i": "ï", "o": "ø", "u": "ů", "n": "ñ", "l": "ł", "s": "š", "d": "đ"}
_FOLDED = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})  # noqa: RUF001
_SCRIPTS = {
    "cyrillic": ("бра вел жот ким мур зел дра пон щив фен", 3),  # noqa: RUF001 - it is meant
    "greek": ("βρα βελ θοκ κιν μυρ ζελ δρα πον ξιφ ψεν", 3),
    "cjk": ("岚 澄 樱 黛 翎 峦 霏 澈 珩 阙", 2),
    "arabic": ("بر فل ثك كن مر زل در بن غف فن", 3),
    "hebrew": ("בר ול טכ קנ מר זל דר פנ גב פץ", 3),
    "hangul": ("뷁 쇍 쾅 뱅 묠 쟐 둑 퐁 궤 픈", 2),
}
_UNSPACED = ("cjk", "hangul")

# Given and family names; where one is None, it is one of syllables.
_AWKWARD: tuple[tuple[str | None, str | None], ...] = (
    ("José", None), ("Zoë", None), ("Søren", None), ("Łukasz", None), ("Anne-Marie", None),
    ("D'Arcy", None), ("N'Golo", None), ("Jean-Zoë", "Ñandúr"), (None, "O'Brien"), (None, "D'Angelo"),
    (None, "N'Dour"), (None, "Smith-Jones"), (None, "van der Berg"), (None, "de la Cruz"),
    (None, "bin Salman"), ("Q", None), (None, "X"), ("Q", "X"), ("Mononymzel", ""), ("Łøñëdrux", ""),
    ("Bartholomanxuel-Maximilondrian-Theodorixvald", "Wolfeschlegelsteinhausenbergerdorfzaun"),
    ("Vakhulssop", "Lortisvurr"), ("Lortisvurr", "Vakhulssop"), ("Twinbravel", "Doublethok"),
    ("Twinbravel", "Doublethok"), ("Miranuk", "Miranuk"), ("Oshovek", "DRASPONVURR"),
    ("ÉLOZHI", "ÅNGKRÖMVEL"), ("May", "Page"), ("Will", "Active"),
    *((word, None) for word in _WORDS), *((None, word) for word in _WORDS),
    *((script, script) for script in _SCRIPTS), *((script, script) for script in _SCRIPTS),
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """Somebody in the tenant.

    Attributes:
        id: What says nothing of the person.
        family: Empty where the person has one name alone.
        emails: All of them; ``email`` is the primary one, which need not be the first.
        manager: The id of another person.
        notes: Free text, which names other people.
        mentions: The ids of those whom ``notes`` and ``title`` name.
        groups: The numbers of the groups that the person is in.
    """

    id: str
    given: str
    family: str
    display: str
    email: str
    emails: tuple[str, ...]
    login: str
    phones: tuple[str, ...]
    street: str
    city: str
    employee_number: str
    manager: str | None
    photo: str
    title: str
    notes: str
    mentions: frozenset[str]
    status: str
    groups: tuple[int, ...]

    @property
    def guid(self) -> str:
        """The id as another kind of upstream has it."""
        return f"{int(self.id[3:]):032x}"

    @property
    def full(self) -> str:
        """Given and family name as one writes them together."""
        return _full(self.given, self.family)


def fold(text: str) -> str:
    """A text in small letters without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_FOLDED))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


@lru_cache(maxsize=4)
def people(count: int = 500, seed: int = 16) -> tuple[Person, ...]:
    """The people of a tenant, in its order."""
    found: list[Person] = []
    taken: set[str] = set()
    for number in range(count):
        random = Random(f"{seed} {number}")  # noqa: S311 - nobody must guess nothing of it
        found.append(_person(number, random, found, taken))
    return tuple(found)


@dataclass(frozen=True)
class Exchange:
    """A tenant in which one person has gone, and another has come.

    Attributes:
        gone: Somebody whom no other one names, or has as a manager.
        everybody: Those who are there now.
    """

    gone: Person
    added: Person
    everybody: tuple[Person, ...]


def exchange(count: int = 500) -> Exchange:
    """A tenant of as many people as before; who has come is further back in the list than who has gone."""
    before, added = people(count), people(count + 1)[-1]
    named = {id_ for person in (*before, added) for id_ in (*person.mentions, person.manager)}
    gone = next(person for person in reversed(before[: count * 3 // 5]) if person.id not in named)
    kept = [person for person in before if person != gone]
    place = count * 4 // 5
    return Exchange(gone, added, (*kept[:place], added, *kept[place:]))


def group_name(number: int, everybody: tuple[Person, ...]) -> str:
    """The name of a group; one names a person."""
    name = GROUPS[number]
    return f"{name} {everybody[8].full}" if name == "Friends of" else name


def _person(number: int, random: Random, others: list[Person], taken: set[str]) -> Person:
    given, family, latin = _names(number, random)
    emails = _emails(number, random, latin, taken)
    mentioned = random.sample(others, min(len(others), 3))
    photo = f"https://photos.{DOMAINS[0]}/{random.randrange(16**12):012x}.jpg"
    return Person(
        id=f"00u{random.randrange(36**6):07d}{number:04d}",
        given=given,
        family=family,
        display=_display(number, given, family),
        email=emails[number % len(emails)],
        emails=emails,
        login=_login(number, emails[number % len(emails)], taken),
        phones=_phones(number, random),
        street=f"{random.randrange(1, 999)} {_syllables(random)} Lane",
        city=f"{_syllables(random)} Falls",
        employee_number=f"E{random.randrange(10**7, 10**8)}",
        manager=others[random.randrange(len(others))].id if number % 9 and others else None,
        photo=photo,
        title=f"Assistant to {mentioned[0].full}" if number % 11 == 10 else random.choice(_TITLES),
        notes=_notes(number, mentioned),
        mentions=frozenset(person.id for person in mentioned),
        status=STATUSES[random.randrange(len(STATUSES))],
        groups=(1, *sorted(random.sample((0, 2, 3, 4), number % 3))),
    )


_TITLES = ("Engineer", "Head of Sales", "Active Directory admin", "Page designer", "Group lead", "")


def _names(number: int, random: Random) -> tuple[str, str, tuple[str, str]]:
    """Given and family name, and how they are written in Latin letters."""
    given, family = _awkward(number, random) if number < len(_AWKWARD) else _usual(number, random)
    if given in _SCRIPTS:
        script = given
        given, family = _foreign(script, random), _foreign(script, random)
        return given, family[:1] if script in _UNSPACED else family, (_syllables(random), _syllables(random))
    return given, family, (given, family)


def _awkward(number: int, random: Random) -> tuple[str, str]:
    given, family = _AWKWARD[number]
    return (
        _syllables(random) if given is None else given,
        _syllables(random) if family is None else family,
    )


def _usual(number: int, random: Random) -> tuple[str, str]:
    """Names of syllables; many have the same, and one of eight has a form that is awkward."""
    given, family = _shared(random, 7), _shared(random, 5)
    kind = number % 16
    if kind == 0:
        return f"{given}-{_syllables(random)}", family
    if kind == 2:
        return _accented(given), _accented(family)
    if kind == 4:
        return given, f"{random.choice(('van den', 'de la', 'al', 'von', 'O’', 'du'))} {family}"  # noqa: RUF001
    if kind == 6:
        return given, family.upper()
    if kind == 8:
        return given, f"O'{family}"
    if kind == 10 and number % 3 == 0:
        script = random.choice(tuple(_SCRIPTS))
        return script, script
    return given, family


def _shared(random: Random, few: int) -> str:
    """A name that some other people have, too; one of three times, one of a few that many have."""
    if random.random() < 1 / 3:
        return _ONSETS[random.randrange(few)] + _ENDS[0]
    return _syllables(random)


def _syllables(random: Random) -> str:
    return random.choice(_ONSETS) + random.choice(_MIDDLES) + random.choice(_ENDS)


def _accented(name: str) -> str:
    return "".join(_ACCENTED.get(letter, letter) for letter in name)


def _foreign(script: str, random: Random) -> str:
    syllables, count = _SCRIPTS[script]
    word = "".join(random.choice(syllables.split()) for _ in range(count))
    return word.title() if script in ("cyrillic", "greek") else word


def _full(given: str, family: str) -> str:
    if not (given + family).isascii() and unicodedata.category(given[0]) == "Lo" and len(family) == 1:
        return family + given
    return f"{given} {family}".strip()


def _display(number: int, given: str, family: str) -> str:
    kind = number % 5
    if not family or kind in (0, 1, 2):
        return _full(given, family)
    return f"{family.upper()}, {given}" if kind == 3 else f"{given} {family} ({DOMAINS[0].partition('.')[0]})"


def _emails(number: int, random: Random, latin: tuple[str, str], taken: set[str]) -> tuple[str, ...]:
    given, family = (fold(name).replace(" ", "").replace("’", "'") for name in latin)  # noqa: RUF001
    plain = given.replace("'", ""), family.replace("'", "")
    family_or = family or given
    kinds = (
        f"{plain[0]}.{plain[1] or 'x'}",
        f"{plain[0][0]}{plain[1] or plain[0]}",
        plain[0],
        f"{plain[1] or plain[0]}{plain[0][0]}2",
        f"{plain[0][0]}.{plain[1] or plain[0]}+tag",
        f"{plain[0].title()}.{family_or.upper()}",
        f"{given}.{family_or}",
    )
    domain = DOMAINS[0] if number % 4 else DOMAINS[random.randrange(len(DOMAINS))]
    first = _free(f"{kinds[number % len(kinds)]}@{domain}", number, taken)
    if number % 3:
        return (first,)
    return first, _free(f"{kinds[(number + 3) % len(kinds)]}@{DOMAINS[2]}", number, taken)


def _free(wanted: str, number: int, taken: set[str]) -> str:
    """An address that nobody has; where somebody has it, with a number."""
    local, _at, domain = wanted.partition("@")
    if wanted.casefold() in taken:
        base, plus, tag = local.partition("+")
        wanted = f"{base}{number}{plus}{tag}@{domain}"
    taken.add(wanted.casefold())
    return wanted


def _login(number: int, email: str, taken: set[str]) -> str:
    kind = number % 4
    if kind in (0, 1):
        return email
    local = email.partition("@")[0]
    login = local if kind == 2 else f"NORVELKIN\\{local.lower()}"
    if login.casefold() in taken:
        login += f"-{number}"
    taken.add(login.casefold())
    return login


def _phones(number: int, random: Random) -> tuple[str, ...]:
    a, b, c = random.randrange(201, 989), random.randrange(201, 989), random.randrange(2000, 9999)
    written = (
        f"+1 ({a}) {b}-{c}",
        f"+1{a}{b}{c}",
        f"{a}-{b}-{c}",
        f"00 1 {a} {b} {c}",
        f"tel:+1-{a}-{b}-{c};ext={number % 90 + 10}",
        f"+1.{a}.{b}.{c}",
    )
    return (written[number % 6],) if number % 2 else (written[number % 6], written[(number + 1) % 6])


def _notes(number: int, mentioned: list[Person]) -> str:
    if len(mentioned) < 3 or number % 3 == 1:
        return ""
    full, family_first, other = mentioned
    reversed_ = f"{(family_first.family or family_first.given).upper()}, {family_first.given}"
    asked = f"Ask {other.given} or {other.email}" if number % 2 else f"Write to <{other.email.upper()}>"
    return f"Reports to {full.full}. On Fridays: {reversed_}.\n{asked}; may be active in the group."
