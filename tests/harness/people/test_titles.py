from __future__ import annotations

import pytest

from connector_contract.people.titles import Titles
from tests.people_testing import left_of, made_up
from tests.people_testing import people as people_of

QUINCE = {"users": [{"name": "Bartholomew Quince"}]}
OWNED = {"sites": [{"owner": "Bartholomew Quince, Welder"}], "jobs": [{"job": "Welder"}]}


def titles(*names):
    found = Titles()
    found.learn(names)
    return found


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("Bartholomew Quince, Welder", "Bartholomew Quince"),
        ("QUINCE, Bartholomew, Welder", "QUINCE, Bartholomew"),
        ("Bo Quill, Account Manager", "Bo Quill"),
        ("Bo Quill, Jr.", "Bo Quill"),
        ("Quince, Bartholomew", "Quince, Bartholomew"),
        ("van der Berg, Anna", "van der Berg, Anna"),
        ("Garcia Lopez, Maria", "Garcia Lopez, Maria"),
        ("De La Cruz, Will", "De La Cruz, Will"),
        ("Quince, Welder", "Quince, Welder"),
        ("Bartholomew Quince", "Bartholomew Quince"),
        ("", ""),
    ],
)
def test_what_follows_a_whole_name_is_a_title(name, own):
    assert titles("Bartholomew Quince", "Anna van der Berg", "Maria Garcia Lopez").without(name) == own


@pytest.mark.parametrize("values", [(QUINCE, OWNED), (OWNED, QUINCE)])
def test_a_title_is_nobodys_name_wherever_it_is(values):
    known = people_of(values[0])
    known.json(values[0])
    known.learn_json(values[1])
    made = known.json(OWNED)
    name = known.json(QUINCE)["users"][0]["name"]
    assert made == {"sites": [{"owner": f"{name}, Welder"}], "jobs": [{"job": "Welder"}]}
    assert name != "Bartholomew Quince"


@pytest.mark.parametrize(
    "name",
    ["van der Berg, Anna", "Garcia Lopez, Anna", "MARTIN, Anna", "Quall Novak, Anna", "Ott, Anna, Jr."],
)
def test_a_given_name_after_a_comma_is_made_up(name):
    value = {"users": [{"name": "Maria Garcia Lopez"}, {"manager": name}], "text": "for Anna"}
    assert left_of(value, "Anna", "Berg", "Lopez", "Novak", "MARTIN", "Ott") == []


def test_a_title_that_is_somebodys_name_is_made_up():
    value = {"users": [{"name": "Alice Martin"}, {"name": "Bo Welder"}, {"owner": "Alice Martin, Welder"}]}
    assert left_of(value, "Welder", "Alice") == []


def test_whoever_has_a_title_has_the_same_stand_in():
    users = [{"name": "Alice Martin", "email": "amartin@acme.com"}]
    made = made_up({"users": users, "owner": "Alice Martin, Plumber"})
    assert made["owner"] == f"{made['users'][0]['name']}, Plumber"
