import itertools
import tracemalloc

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from connector_contract.storage.cassette_yaml import dump_yaml, load_yaml
from connector_contract.storage.yaml_text import is_printable, scalar, unfolded, value_of

# All that decides how PyYAML writes a text, and what it reads as no text.
ODD = " \na:#-?'\"\\é\t\x00\r"
WORDS = [
    "true",
    "null",
    "~",
    "1.5",
    "0x1f",
    "2020-01-01",
    "=",
    "<<",
    "1:2",
    "---",
    "...",
    "- ",
    "? ",
    ": ",
    " #",
]
CHARACTERS = st.characters(blacklist_categories=["Cs"]) | st.sampled_from(
    ODD + "\x85\xa0\u2028\u2029\ufeff\ufffd\uffff\U0010ffff[]{}&*!|>%@`,"
)
TEXTS = st.lists(CHARACTERS | st.sampled_from(WORDS), max_size=20).map("".join)
# More different characters than are replaced one by one.
MANY = "".join(map(chr, range(0x20))) + "\U0001f600\x7f\x80\u2028"


def by_pyyaml(value, depth):
    text = dump_yaml({"key": value}).removesuffix("...\n").removeprefix("key: ")
    first, *others = text.splitlines(keepends=True)
    return "".join([first, *(" " * depth + line if line != "\n" else line for line in others)]).encode()


def read(written, depth=6):
    # Something else is before it and behind it.
    return value_of(b"key: " + written + b"next: 1", 5, 5 + len(written) - 1, depth)


def test_every_short_text_is_written_as_pyyaml_does_and_read_again():
    for text in map(
        "".join, itertools.chain.from_iterable(itertools.product(ODD, repeat=n) for n in range(4))
    ):
        written = scalar(text, 6)
        assert written == by_pyyaml(text, 6), text
        assert read(written) == text


@given(TEXTS | st.binary(min_size=1, max_size=99), st.sampled_from([4, 6]))
def test_a_value_is_written_as_pyyaml_does_and_read_again(value, depth):
    written = scalar(value, depth)
    assert written == by_pyyaml(value, depth)
    assert read(written, depth) == value


EXPORTS = {
    "a CSV of Windows, with a byte order mark": "\ufeffid;name\r\n1;Ann\r\n2;Bob\r\n",
    "without an end of the last line": "id,name\r\n1,Ann",
    "fields in quotes, some of several lines": 'id,note\r\n1,"a\n b, ""c"" \\n"\r\n',
    "empty lines and spaces": "a \r\n\r\n  b\r\n \r\n\r\n",
    "spaces at the end of a line": "id   \n1    \n 2\n",
    "tabs": "id\tname\n1\tAnn\n\t\t\n",
    "XML": '<?xml version="1.0"?>\r\n<a>\r\n  <b c="d"/>\r\n</a>\r\n',
    "ends of lines of other systems": "a\x85b\nc\u2028d\ne\u2029f\n",
    "lines that YAML begins and ends documents with": "---\r\n...\r\n# a\r\n: b\r\n- c\r\n",
    "backslashes at the ends": "C:\\\r\n\\\r\n\\\\\n\\",
}


@pytest.mark.parametrize("text", EXPORTS.values(), ids=EXPORTS)
@pytest.mark.parametrize("loader", [yaml.Loader, yaml.CLoader])
def test_each_line_of_an_export_has_a_line_and_every_reader_of_yaml_reads_it(text, loader):
    written = b"    body:\n      key: " + scalar(text, 6)
    assert written.count(b"\n") == 1 + len(text.removesuffix("\n").split("\n"))
    assert loader(written).get_single_data()["body"]["key"] == text
    # As git checks it out on Windows.
    assert loader(written.replace(b"\n", b"\r\n")).get_single_data()["body"]["key"] == text


@given(TEXTS)
def test_pyyaml_reads_what_is_written(text):
    for loader in (yaml.Loader, yaml.CLoader):
        assert loader(b"      key: " + scalar(text, 6)).get_single_data()["key"] == text


def test_an_export_can_be_read():
    written = scalar(EXPORTS["a CSV of Windows, with a byte order mark"], 6).decode()
    assert written.split("\n") == [
        '"\\uFEFFid;name\\r\\n\\',
        "        1;Ann\\r\\n\\",
        '        2;Bob\\r\\n"',
        "",
    ]
    assert unfolded(written.encode()) == rb'"\uFEFFid;name\r\n1;Ann\r\n2;Bob\r\n"' + b"\n"


@given(TEXTS)
def test_an_earlier_release_had_it_in_one_line(text):
    folded = scalar(text, 6)
    if folded.startswith(b'"'):
        assert yaml.safe_dump(text, default_style='"', allow_unicode=True, width=1e9).encode() == unfolded(
            folded
        )


@pytest.mark.parametrize(
    "text", [MANY, MANY[::-1] * 2, f"{MANY}\\\\x00\\", "\n\n\n\na\n\n\n\n", "\\\\\\n\n "]
)
def test_many_of_what_is_escaped(text):
    assert scalar(text, 6) == by_pyyaml(text, 6)
    assert read(scalar(text, 6)) == text


@given(TEXTS, st.data())
def test_a_value_that_somebody_has_edited_is_what_yaml_reads_or_nobody_knows(text, data):
    written = scalar(text, 6).decode()[:-1]
    at = data.draw(st.integers(0, len(written)))
    edited = (
        written[:at] + data.draw(st.sampled_from(["", *ODD])) + written[at + data.draw(st.integers(0, 1)) :]
    )
    value = read(edited.encode() + b"\n")
    assert value is None or load_yaml(f"      key: {edited}\n".encode())["key"] == value


@pytest.mark.parametrize(
    "written",
    [
        b"1",
        b"true",
        b"'a'",
        b'"a"',
        b"|-\n        a",
        b"!!binary |\n        YQ",
        b'"\\UFFFFFFFF"',
        b"'",
        b"",
    ],
)
def test_what_would_be_written_otherwise_is_not_known(written):
    assert read(written + b"\n") is None


@pytest.mark.parametrize("text", ["a" * 70_000, "é\n" * 70_000, "日" * 70_000 + "\n"])
def test_a_long_text_is_printable(text):
    assert is_printable(text)
    assert not is_printable(text + "\t")


LARGE = {
    "lines": "a line of a text\n" * 60_000,
    "line breaks of Windows": "a line of a text\r\n" * 60_000,
    "one line": "ab " * 300_000,
    "binary": bytes(range(256)) * 4000,
}


@pytest.mark.parametrize("value", LARGE.values(), ids=LARGE)
def test_a_large_value_takes_no_more_than_some_times_its_size_in_memory(value):
    tracemalloc.start()
    try:
        read(scalar(value, 6))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 9 * len(value)
