"""A tenant's people, for tests of how they are made up."""

from __future__ import annotations

import json
import random

from connector_contract.people.known_people import People
from connector_contract.people.personal_fields import PersonalFields
from connector_contract.people.stand_ins import StandIns

KEY = b"a key of a test"
GIVEN = (
    "Alice José Anne-Marie Christopher Will Mark Summer April Björn Olga Ali Li Al Siobhán Mohammed Priya",
    "Chen X Jean-Luc Zoë İlker Émile Иван Ольга Νίκος محمد דוד अमित 明 민수 さくら",
)
FAMILY = (
    "Martin O'Brien van_der_Berg García Müller Page Smith-Jones Admin Active Øster Li Kowalska MacDonald",
    "D'Angelo Straße de_la_Cruz Wu Ng Петров Παπαδόπουλος علي כהן शर्मा 李 김 田中",
)


def people(*values, kept=(), key=KEY, further=()):
    """People who have learned some values."""
    found = People(PersonalFields(dict(further)), StandIns(key), kept)
    for value in values:
        found.learn_json(value)
    return found


def made_up(value, *more, kept=(), **how):
    """A value with made-up people, all of whom are in it, or in more values."""
    return people(value, *more, kept=kept, **how).json(value)


def user(number, given, family, domain="acme.com", **more):
    """A user as SCIM has them."""
    login = f"{given}.{family}{number}".lower().replace(" ", "").replace("'", "")
    return {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "id": f"{number:08x}-0000-4000-8000-{number:012x}",
        "userName": f"{login}@{domain}",
        "name": {"formatted": f"{given} {family}", "givenName": given, "familyName": family},
        "displayName": f"{family.upper()}, {given}",
        "active": True,
        "emails": [{"value": f"{login}@{domain}", "type": "work", "primary": True}],
        "phoneNumbers": [{"value": f"+1 415 {200 + number % 700} {1000 + number}", "type": "work"}],
        "meta": {"resourceType": "User", "created": "2024-01-01T00:00:00Z"},
        **more,
    }


def tenant(count, seed=1):
    """So many users, with awkward names."""
    draw = random.Random(seed)  # noqa: S311 not for secrets
    given, family = (" ".join(names).split() for names in (GIVEN, FAMILY))
    return [
        user(number, draw.choice(given), draw.choice(family).replace("_", " ")) for number in range(count)
    ]


def left_of(value, *texts):
    """Which texts are still in a value with made-up people."""
    shown = json.dumps(made_up(value), ensure_ascii=False)
    return [text for text in texts if text in shown]


def unchanged(value):
    """Whether all of a value stays."""
    return made_up(value) == value
