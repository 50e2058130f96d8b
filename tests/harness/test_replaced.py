"""Attributes that are others for a while."""

from __future__ import annotations

import pytest

from connector_contract.replaced import own, replaced


class Base:
    inherited = 1


class Owner(Base):
    value = 1

    @staticmethod
    def method():
        return "own"


def test_each_attribute_is_as_it_was_afterwards():
    before = dict(vars(Owner))
    with replaced([(Owner, "value", 2), (Owner, "inherited", 3), (Owner, "method", lambda: "other")]):
        assert (Owner.value, Owner.inherited, Owner.method()) == (2, 3, "other")
    assert dict(vars(Owner)) == before
    assert Owner().method() == "own"


def test_of_several_for_one_name_the_last_counts_and_the_first_comes_back():
    with replaced([(Owner, "value", 2), (Owner, "value", 3)]):
        assert Owner.value == 3
    assert Owner.value == 1


def test_one_that_cannot_be_set_leaves_none_behind():
    with pytest.raises(TypeError), replaced([(Owner, "value", 2), (int, "real", 0)]):
        pass
    assert Owner.value == 1


def test_what_is_inherited_is_not_an_owners_own():
    assert own(Owner, "value") == 1
    assert own(Owner, "inherited") is own(Owner, "there is none")
