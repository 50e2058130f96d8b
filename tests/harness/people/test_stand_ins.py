from __future__ import annotations

from connector_contract.people.stand_ins import StandIns


def test_the_same_key_makes_up_the_same():
    words = ["alice", "martin", "o", "иван"]
    one, other = StandIns(b"key"), StandIns(b"key")
    assert [one.word(word) for word in words] == [other.word(word) for word in reversed(words)][::-1]
    assert one.word("alice") != StandIns(b"another").word("alice")


def test_without_a_key_they_count_up_in_order_of_appearance():
    one, other = StandIns(None), StandIns(None)
    first = one.word("alice")
    assert first == one.word("alice") == StandIns(None).word("alice")
    other.word("bob")
    assert other.word("alice") != first
    assert one.number("1234") == StandIns(None).number("5678") != one.number("5678")


def test_a_letter_stays_but_not_an_ideograph():
    stand_ins = StandIns(b"key")
    assert stand_ins.word("x") == "x"
    assert stand_ins.word("李") != "李"


def test_numbers_keep_their_length_and_differ():
    stand_ins = StandIns(b"key")
    made = {stand_ins.number(f"{number:04}") for number in range(1, 10_000)}
    assert len(made) == 9_999
    assert {len(each) for each in made} == {4}
    assert stand_ins.number("0071").startswith("00")
    assert stand_ins.number("007") == "007"
    assert stand_ins.number("") == ""


def test_digests_and_labels_are_other_ones_for_each_name():
    stand_ins = StandIns(b"key")
    assert stand_ins.digest("photo", "a") != stand_ins.digest("date", "a")
    assert stand_ins.label("acme.com") == stand_ins.label("acme.com") != stand_ins.label("acme.org")
    assert stand_ins.label("acme.com").isalpha()


def test_a_key_of_any_length_is_a_key():
    assert StandIns(b"k" * 1_000).word("alice") != StandIns(b"k" * 1_001).word("alice")
