"""Which requests of a call are free of each other."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector_contract.recording.concurrency import (
    AFTER_ALL,
    Asked,
    are_free,
    as_json,
    keep_order,
    lanes_of,
    needed,
    numbers_in,
    places_in,
    read_lanes,
    side_by_side,
    with_numbers,
)


def lanes(*places, ends=None, threads=None):
    """The lanes of requests from their places: those of tasks, and after ``ends``, when these had ended."""
    asked = [
        Asked(number, place, ends or {}, (threads or {}).get(number))
        for number, place in enumerate(places, 1)
    ]
    return lanes_of(asked)


def over(at, *steps):
    """Tasks of the call's own lane that had ended at a step."""
    return {(step,): (at, False) for step in steps}


@pytest.mark.parametrize(
    ("places", "ends", "found"),
    [
        ([], {}, ()),
        ([(1,), (2,)], {}, ()),
        # A task each, which is waited for.
        ([(1, 1), (2, 1)], {**over(2, 1), **over(3, 2)}, ()),
        # Two tasks with two requests each, before and after which there is one.
        ([(1,), (2, 1), (2, 2), (3, 1), (3, 2), (4,)], over(4, 2, 3), ((2, 3), (4, 5))),
        ([(1, 1), (2, 1), (3,), (4, 1), (5, 1)], {**over(3, 1, 2), **over(6, 4, 5)}, (((1, 2), (4, 5)),)),
        # A task that starts two, and goes on.
        ([(1, 1), (1, 2, 1), (1, 3, 1), (1, 4), (2, 1)],
         {**over(3, 1, 2), (1, 2): (4, False), (1, 3): (4, False)}, ((1, (2, 3), 4), 5)),
        # Two that start two each, which are all free.
        ([(1, 1, 1), (1, 2, 1), (2, 1, 1), (2, 2, 1)], over(3, 1, 2), (1, 2, 3, 4)),
        # One that lasts, beside two stages.
        ([(1, 1), (2, 1), (3, 1), (4, 1), (5, 1)], {**over(4, 2, 3), **over(6, 4, 5)}, (1, ((2, 3), (4, 5)))),
        # One that was never seen to end, beside what its starter asks.
        ([(1, 1), (2,), (3,)], {}, (1, (2, 3))),
        # The first ends while the second runs, the second while the third does.
        ([(1, 1), (2, 1), (3, 1), (4, 1)], {**over(3, 1), **over(4, 2)}, (((1, 2), 4), 3)),
    ],
)  # fmt: skip
def test_tasks(places, ends, found):
    assert lanes(*places, ends=ends) == found


def test_what_is_started_again_and_again_beside_what_goes_on_is_nested_a_few_times():
    places = sorted(place for step in range(1, 60, 2) for place in ((step, 1), (step + 1,)))
    found = lanes(*places)
    assert str(found).count("((") < 10
    own = range(2, 61, 2)
    assert not any(are_free(*(places_in(found)[each] for each in pair)) for pair in itertools.pairwise(own))


LAST = AFTER_ALL


@pytest.mark.parametrize(
    ("places", "threads", "found"),
    [
        # One piece of work is in turn, two are lanes; a thread's own requests are free.
        ([(0, LAST), (0, LAST), (1,)], {1: "a", 2: "a"}, ()),
        ([(0, LAST), (0, LAST), (0, LAST), (1,)], {1: "a", 2: "a", 3: "b"}, ((1, 2), 3)),
        ([(0, LAST), (0, LAST), (0, LAST)], {1: "a", 2: "a", 3: 3}, ((1, 2), 3)),
        ([(0, LAST), (0, LAST)], {1: 1, 2: 2}, (1, 2)),
        # Until the last ones are started, the first ones are taken to run.
        ([(1,), (1, LAST), (2,), (2, LAST), (3,)], {2: "a", 4: "b"}, (2, (3, 4))),
    ],
)
def test_threads(places, threads, found):
    assert lanes(*places, threads=threads) == found


def test_tasks_that_go_on_in_another_one_each_are_in_turn():
    places = [(*[2] * depth, 1) for depth in range(300)]
    assert lanes(*sorted(places)) == ()


def test_what_is_nested_without_end_is_free_at_last():
    places = sorted((*[2] * depth, step) for depth in range(1, 400) for step in (1, 3))
    numbers = numbers_in(lanes(*places))
    # All but the first, which has nothing beside it.
    assert len(numbers) == len(places) - 1


def test_many_tasks_at_once_take_linear_time():
    assert len(lanes(*((step, 1) for step in range(20_000)))) == 20_000


SHAPE = ((1, (2, (3, 4)), 5), 6)


def test_where_each_stands():
    places = places_in(SHAPE)
    free = {
        pair for pair in itertools.combinations(range(1, 7), 2) if are_free(*(places[each] for each in pair))
    }
    # 3 and 4 are in one lane, beside 2.
    assert free == {(2, 3), (2, 4), *((each, 6) for each in range(1, 6))}


@pytest.mark.parametrize(
    ("counts", "found"),
    [
        ({1, 2, 3, 4, 5}, SHAPE),
        ({1, 2, 3}, ((1, (2, 3, 4), 5), 6)),
        ({1, 6}, (1, 2, 3, 4, 5, 6)),
        ((), (1, 2, 3, 4, 5, 6)),
    ],
)
def test_lanes_whose_order_does_not_count_are_not_needed(counts, found):
    assert needed(SHAPE, counts) == found


@pytest.mark.parametrize(
    ("left", "found"),
    [
        ("123456", SHAPE),
        ("1256", ((1, 2, 5), 6)),
        ("234", (2, (3, 4))),
        ("26", (2, 6)),
        ("345", (3, 4, 5)),
        ("", ()),
    ],
)
def test_lanes_of_some_requests(left, found):
    assert numbers_in(found) == set(map(int, left))
    got = with_numbers(SHAPE, {int(each): int(each) for each in left})
    assert numbers_in(got) == numbers_in(found)
    if left not in ("345",):
        assert got == found


def test_lanes_get_other_numbers():
    assert with_numbers(SHAPE, {each: each + 10 for each in range(1, 7)}) == ((11, (12, (13, 14)), 15), 16)


def test_lanes_of_several():
    assert side_by_side([((3, 4), 5), (), (1, 2)]) == (1, 2, (3, 4), 5)


def test_what_is_in_turn_has_an_order():
    assert keep_order(SHAPE, {each: each for each in range(1, 7)})
    assert keep_order(SHAPE, {1: 1, 3: 2, 4: 3, 2: 4, 5: 5, 6: 0})
    assert not keep_order(SHAPE, {1: 2, 2: 1})
    assert not keep_order(SHAPE, {3: 2, 4: 1})
    assert not keep_order(SHAPE, {1: 1, 2: 2, 3: 5, 4: 6, 5: 4})
    assert keep_order((1, 2, 3), {1: 3, 2: 2, 3: 1})


@pytest.mark.parametrize(
    "value", [None, 1, {}, "1", [True], [-1], ["1"], [1.0], [[None]], [1, 1], [[1, [2]], 2]]
)
def test_what_is_no_list_of_lanes(value):
    with pytest.raises(ValueError, match="lanes"):
        read_lanes(value)


def test_a_list_without_end():
    value = [1]
    for _ in range(5000):
        value = [value]
    with pytest.raises(ValueError, match="lanes"):
        read_lanes(value)


ITEMS = st.recursive(st.just(0), lambda inner: st.lists(inner, max_size=4).map(tuple), max_leaves=12)


@given(ITEMS)
def test_lanes_are_read_as_they_are_written(shape):
    count = itertools.count(1)

    def numbered(item):
        return next(count) if item == 0 else tuple(map(numbered, item))

    found = (numbered(shape),)
    assert read_lanes(as_json(found)) == found
