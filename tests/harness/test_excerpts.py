"""What a message shows of two long texts that differ."""

import pytest

from connector_contract.reporting.excerpts import beginning, excerpts

LONG = "abcdefghij" * 10


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("short", "shorter", ("short", "shorter")),
        ("", LONG, ("", LONG[:30] + "...")),
        # At the beginning, in the middle, and at the end.
        ("1" + LONG, "2" + LONG, ("1" + LONG[:29] + "...", "2" + LONG[:29] + "...")),
        (
            LONG[:50] + "1" + LONG[:50],
            LONG[:50] + "2" + LONG[:50],
            ("...abcdefghij1abcdefghijabcdefghi...", "...abcdefghij2abcdefghijabcdefghi..."),
        ),
        (LONG + "1", LONG + "2", ("..." + LONG[-29:] + "1", "..." + LONG[-29:] + "2")),
        # One goes on where the other ends.
        (LONG, LONG + "and more", ("..." + LONG[-30:], "..." + LONG[-22:] + "and more")),
        ("short", "short" + LONG, ("short", "short" + LONG[:25] + "...")),
    ],
)
def test_the_place_shows_where_they_differ(old, new, shown):
    assert excerpts(old, new, 30) == shown
    assert excerpts(new, old, 30) == shown[::-1]


@pytest.mark.parametrize("place", range(100))
def test_wherever_it_is(place):
    old, new = (f"{LONG[:place]}{each}{LONG[place:]}" for each in "12")
    one, other = excerpts(old, new, 30)
    assert "1" in one
    assert "2" in other
    assert max(len(one), len(other)) <= 36


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("it fits", "it fits"),
        ("one two three", "one two..."),
        ("a=1&b=2&c=3", "a=1&b=2&..."),
        # The half of a secret is a secret that nobody knows.
        (LONG, "..."),
        ("it is " + LONG, "it is..."),
    ],
)
def test_a_beginning_has_whole_words(text, shown):
    assert beginning(text, 9) == shown
