import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector_contract.secrets.many_texts import ManyTexts

PIECES = st.sampled_from([b"a", b"b", b"ab", b"\x00", b"key-", b"k3y-0000-1111", b"a" * 15, b"abcdefg"])
TEXTS = st.lists(PIECES, min_size=1, max_size=5).map(b"".join)


def expected(texts, data):
    every = {
        (start, start + len(text))
        for text in texts
        for start in range(len(data))
        if data.startswith(text, start)
    }
    return sorted(every, key=lambda place: (place[0], -place[1]))


def keys(count, size=40):
    return [hashlib.sha512(str(number).encode()).hexdigest()[:size].encode() for number in range(count)]


@given(st.sets(TEXTS, max_size=40), st.lists(TEXTS, max_size=12).map(b"".join), st.booleans())
def test_each_place_of_each_text_is_found(texts, data, many):
    further = keys(60) if many else []
    known = ManyTexts([*further, *texts])
    places = expected(texts, data)
    assert known.places(data) == places
    assert known.are_in(data) == bool(places)
    assert known.within(data) == {data[start:end] for start, end in places}


@pytest.mark.parametrize("size", [1, 3, 4, 6, 7, 14, 15, 40])
@pytest.mark.parametrize("before", range(9))
def test_a_text_is_found_wherever_it_begins(size, before):
    (text,) = keys(1, size)
    known = ManyTexts([text, *keys(101, 39)[1:]])
    for after in (b"", b"!", b"........."):
        assert known.places(b"." * before + text + after) == [(before, before + size)]
    assert known.places(b"." * before + text[:-1] + b"!") == []


def test_texts_come_one_after_the_other():
    known = ManyTexts()
    for text in keys(50):
        known.add([text, text])
    assert len(known) == 50
    assert keys(1)[0] in known
    assert b"other" not in known
    assert known.within(b" ".join(keys(55))) == set(keys(50))


def test_keys_that_end_alike_are_told_apart_at_once():
    """They share a block, which is looked up once for all of them."""
    texts = [b"key-%d-of-the-same-end-of-all" % number for number in range(1000, 4000)]
    known = ManyTexts(texts)
    assert known.within(b",".join(texts[:3])) == set(texts[:3])
    assert max(map(len, known._indexes[8]._blocks.values())) == 1
