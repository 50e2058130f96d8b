from __future__ import annotations

from connector_contract.people.leaves import Labelled, Pairs


def test_an_object_may_have_a_name_twice():
    pairs = Pairs([("a", 1), ("a", 2)])
    assert list(pairs) == ["a", "a"]
    assert pairs.values() == [1, 2]
    assert pairs.items() == [("a", 1), ("a", 2)]
    assert isinstance(Labelled([]), Pairs)
