from __future__ import annotations

from connector_contract.people.restored import Restored


def restored():
    found = Restored()
    found.note("Alice Martin", "Bako Muri")
    found.note("alice@acme.com", "bako@x.example.com")
    found.note("+1 415 321 7654", "+1 201 555 0123")
    found.note("1234", "9876")
    found.words["Bako"] = "Alice"
    return found


def test_values_words_addresses_and_numbers_are_real_again():
    value = {
        "name": "Bako Muri",
        "bako@x.example.com": ["to bako@x.example.com, Bako", None, True, 9876, 5],
        "phone": "call +1 201 555 0123",
    }
    assert restored().value(value) == {
        "name": "Alice Martin",
        "alice@acme.com": ["to alice@acme.com, Alice", None, True, 1234, 5],
        "phone": "call +1 415 321 7654",
    }


def test_the_first_of_two_counts():
    found = restored()
    found.note("other", "Bako Muri")
    assert found.value("Bako Muri") == "Alice Martin"
    assert found.count == 4
    assert found.is_made_up("9876")
    assert not found.is_made_up("1234")
