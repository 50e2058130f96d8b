from __future__ import annotations

from connector_contract.people.permutation import digits_of, permuted


def test_each_number_becomes_another_one():
    radices = [9, 10, 10]
    made = {permuted(number, radices, b"key", b"") for number in range(900)}
    assert made == set(range(900))


def test_it_depends_on_the_key_and_on_what_it_is_for():
    numbers = [
        [permuted(number, [10, 10], key, tweak) for number in range(100)]
        for key, tweak in ((b"a", b"x"), (b"b", b"x"), (b"a", b"y"))
    ]
    assert numbers[0] != numbers[1]
    assert numbers[0] != numbers[2]
    assert numbers[0] != list(range(100))


def test_digits_are_those_of_their_radices():
    assert digits_of(2 * 30 + 4 * 3 + 1, [5, 10, 3]) == [2, 4, 1]
