import pytest

from connector_contract.secrets.replacements import Replacements, applied

MANY = [(b"of-all-k3y-%04d" % number, b"<key-%d>" % number) for number in range(100)]


def replacing(*pairs, words=(), many=False):
    made = Replacements(words)
    made.add(pairs)
    made.add(MANY if many else ())
    return made


@pytest.mark.parametrize("many", [False, True])
def test_each_text_is_replaced_the_longest_first(many):
    made = replacing((b"abcdef", b"<short>"), (b"xabcdefx", b"<long>"), (b"fghijk", b"<late>"), many=many)
    data = b"abcdef xabcdefx abcdefghijk" + (b" ".join(text for text, _ in MANY) if many else b"")
    after = b"".join(b" " * (number > 0) + shown for number, (_, shown) in enumerate(MANY)) if many else b""
    assert made.replaced(data) == b"<short> <long> <short>ghijk" + after
    assert applied(data, made.edits(data)) == made.replaced(data)


@pytest.mark.parametrize("many", [False, True])
def test_a_short_text_and_a_word_are_replaced_as_words(many):
    made = replacing((b"x7", b"<x>"), (b"1234567", b"9000001"), words={b"1234567"}, many=many)
    data = b"x7 box7 %22x7 1234567 12345678" + (b" ".join(text for text, _ in MANY) if many else b"")
    assert made.replaced(data).startswith(b"<x> box7 %22<x> 9000001 12345678")


def test_what_is_a_secret_after_all_is_no_word():
    made = replacing((b"1234567", b"9000001"), words={b"1234567"})
    made.add([(b"1234567", b"<pin>")])
    assert made.replaced(b"12345678") == b"<pin>8"
    assert made.of(b"1234567") == b"<pin>"
    assert made.of(b"12345678") is None
    assert len(made) == 1


def test_what_no_number_of_json_has_is_in_its_strings_alone():
    made = replacing(
        (b"abcdef", b"<a>"), (b"12345678", b"<n>"), (b'a"b', b"<q>"), (b"true", b"<t>"), (b"-1.5e3", b"<f>")
    )
    assert made.are_in_strings([b"abcdef"])
    for text in (b"12345678", b'a"b', b"true", b"-1.5e3"):
        assert not made.are_in_strings([b"abcdef", text])


def test_edits_are_made_in_order():
    assert applied(b"abcdef", [(0, 1, b"x"), (2, 4, b"")]) == b"xbef"
    assert applied(b"abcdef", []) == b"abcdef"
