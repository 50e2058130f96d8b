from __future__ import annotations

import pytest

from connector_contract.people.personal_fields import PersonalFields
from connector_contract.people.vocabulary import Vocabulary


def learned(*values, paths=()):
    vocabulary = Vocabulary()
    for value in values:
        vocabulary.learn(PersonalFields().leaves(value))
    for path in paths:
        vocabulary.learn_segments(path.strip("/").split("/"))
    return vocabulary


ALICE = {"givenName": "Alice", "familyName": "van Martin", "email": "ajmartin@acme.com", "userName": "ally99"}


def test_words_of_a_person():
    found = learned(ALICE)
    assert found.names == {"alice": {"alice", "martin"}, "martin": {"alice", "martin"}}
    assert found.composites["amartin"] == (("a", False), ("martin", True))
    assert found.composites["ajmartin"] == (("aj", False), ("martin", True))
    assert found.login_words == {"ally": {"alice", "martin"}}
    assert found.emails == {"ajmartin@acme.com"}
    assert found.domains == {"acme.com"}
    assert found.people == 1


def test_a_login_made_of_a_name_is_no_word_of_its_own():
    found = learned({"real_name": "Alice Martin", "name": "amartin"})
    assert "amartin" not in found.names
    assert "amartin" in found.composites


def test_surnames_may_come_first():
    assert learned({"users": [{"name": "MARTIN, Alice"}]}).composites["amartin"][1] == ("martin", True)


def test_the_order_does_not_matter():
    bob = {"givenName": "Martina", "familyName": "Alice", "userName": "amartin"}
    one, other = learned(ALICE, bob), learned(bob, ALICE, ALICE)
    for name in ("names", "composites", "login_words", "logins", "emails", "domains", "values", "people"):
        assert getattr(one, name) == getattr(other, name)


@pytest.mark.parametrize(
    "login", ["admin", "noreply", "550e8400-e29b-41d4-a716-446655440000", "12345", "ACME\\admin"]
)
def test_what_is_nobodys_own_is_not_learned(login):
    assert learned({"userName": login, "givenName": "Bo"}).login_words == {}


def test_reserved_addresses_are_not_learned():
    found = learned({"email": "alice@example.com"})
    assert not found.emails
    assert not found.login_words


def test_addresses_anywhere_are_learned_but_not_whose_they_are():
    found = learned({"text": "ask bob@acme.com"})
    assert found.emails == {"bob@acme.com"}
    assert not found.login_words


def test_keys_paths_and_values_of_few_are_common():
    found = learned(
        {"givenName": "Ada", "familyName": "Zeta", "status": "Yota", "spin": 1, "note": "Alfa"},
        paths=["/v1/quark/users/ada"],
    )
    assert {"yota", "spin", "quark", "page"} <= found.common_words()
    assert not {"alfa", "ada", "zeta"} & found.common_words()


def test_keys_that_are_people_are_not_common():
    found = learned(ALICE, {"amartin": True, "ally": False}, {"alice": {}})
    assert not {"amartin", "ally", "alice"} & found.common_words()
    assert found.is_map(("amartin", "ally"))
    assert found.is_map(("a@acme.com",))
    assert not found.is_map(("id", "name", "alice"))
    assert not found.is_map(())


def test_a_path_is_structure_but_for_whom_it_is_about():
    found = learned(
        ALICE, paths=["/martin/pages", "/v1/alice/x", "/spin/users/martin", "/ajmartin/x", "/ally99"]
    )
    assert {"martin", "alice", "spin"} <= found.common_words()
    assert "martin" not in learned(ALICE, paths=["/users/martin/x", "/a/martin/x", "/martin"]).common_words()
    assert "alice" not in learned({"userName": "alice"}, paths=["/alice/x"]).common_words()


def test_places_and_roles_are_common():
    boss = {"userName": "ada", "role": "ROLE_ADA"}
    found = learned({"timezone": "Europe/London", "kind": "Zoe is here"}, {**ALICE, "role": "ROLE_ADA"}, boss)
    assert {"europe", "london", "ada"} <= found.common_words()
    assert "zoe" not in found.common_words()


def test_what_one_person_alone_has_is_not_common():
    ada = {"email": "ada@acme.com", "givenName": "Ada", "role": "ROLE_ADA", "department": "Ada"}
    found = learned(ada, {"items": [{"department": "Ada"}]}, {"id": "1", **ada})
    assert "ada" not in found.common_words()


def test_names_with_umlauts_are_known_without():
    found = learned({"givenName": "Jürgen", "familyName": "Müller", "email": "juergen.mueller@acme.com"})
    assert found.transliterated == {"juergen": "jürgen", "mueller": "müller"}
    assert found.login_words == {}
    assert found.composites["jmueller"] == (("j", False), ("mueller", True))


def test_a_common_word_is_no_key_of_a_map():
    assert not learned({"givenName": "Will", "familyName": "Page"}).is_map(("page",))


def test_size_grows_with_what_is_new():
    found = learned(ALICE)
    before = found.size
    found.learn(PersonalFields().leaves(ALICE))
    assert found.size == before
    found.learn(PersonalFields().leaves({"givenName": "Bob"}))
    assert found.size != before


def test_all_values_can_be_had():
    assert set(learned(ALICE).personal_values()) == {
        ("email", "ajmartin@acme.com"),
        ("given_name", "Alice"),
        ("family_name", "van Martin"),
        ("login", "ally99"),
    }
