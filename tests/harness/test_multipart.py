"""Multipart bodies are compared and stored by their parts, whatever the boundary."""

from __future__ import annotations

import gzip

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from connector_contract.recording.multipart import Multipart, parsed, with_stable_boundary, without_boundary


def body(*parts, boundary="x", end="\r\n"):
    """A body of parts, each its lines of headers and its content."""
    text = b""
    for head, content in parts:
        lines = "".join(f"{line}\r\n" for line in head).encode()
        text += b"--%s\r\n%s\r\n%s\r\n" % (boundary.encode(), lines, content)
    return text + f"--{boundary}--{end}".encode()


def kind(boundary="x", of="form-data"):
    return f"multipart/{of}; boundary={boundary}"


NAME = ('Content-Disposition: form-data; name="name"',)
FILE = ('Content-Disposition: form-data; name="file"; filename="users.csv"', "Content-Type: text/csv")
PARTS = ((NAME, b"Ada"), (FILE, b"id,name\r\n1,Ada\r\n"))


def test_the_boundary_is_no_difference():
    one, other = (parsed(kind(each), body(*PARTS, boundary=each)) for each in ("x", "----aB3"))
    assert one is not None
    assert other is not None
    assert one.key == other.key


@pytest.mark.parametrize(
    ("parts", "changed"),
    [
        ((PARTS[1], PARTS[0]), {"parts in order": ("name, file", "file, name")}),
        ((PARTS[0],), {"parts in order": ("name, file", "name")}),
        (((NAME, b"Bob"), PARTS[1]), {"part name": ("'Ada'", "'Bob'")}),
        ((PARTS[0], (FILE, b"\xff\x00")), {
            "part file": (r"'id,name\r\n1,Ada\r\n'", "2 bytes with the SHA-256 ea5dbf9596d187e9"),
        }),
        ((PARTS[0], ((FILE[0].replace("users", "people"), FILE[1]), PARTS[1][1])), {
            "part file, filename": ("'users.csv'", "'people.csv'"),
        }),
        ((PARTS[0], ((FILE[0], "content-type: text/plain"), PARTS[1][1])), {
            "part file, content-type": ("'text/csv'", "'text/plain'"),
        }),
        ((PARTS[0], ((FILE[0].replace('"file"', '"upload"'), FILE[1]), PARTS[1][1])), {
            "parts in order": ("name, file", "name, upload"),
        }),
    ],
)  # fmt: skip
def test_each_part_counts_and_is_shown_by_its_name(parts, changed):
    old, new = parsed(kind(), body(*PARTS)), parsed(kind(), body(*parts))
    assert old.key != new.key
    before, after = dict(old.fields()), dict(new.fields())
    in_both = before.keys() & after.keys()
    assert {name: (before[name], after[name]) for name in in_both if before[name] != after[name]} == changed


def test_parts_may_have_parts():
    inner = [
        body(((), each), boundary=boundary) for each, boundary in ((b"1", "a"), (b"1", "b"), (b"2", "a"))
    ]
    heads = [(*NAME, f"Content-Type: multipart/mixed; boundary={boundary}") for boundary in "aba"]
    one, other, changed = (
        parsed(kind(), body((head, content))) for head, content in zip(heads, inner, strict=True)
    )
    assert one.key == other.key != changed.key
    assert dict(changed.fields())["part name > 1"] == "'2'"
    stable = [
        with_stable_boundary(kind(), body((head, content)))
        for head, content in zip(heads[:2], inner[:2], strict=True)
    ]
    assert stable[0] == stable[1]
    assert parsed(*stable[0]).key == one.key
    assert with_stable_boundary(*stable[0]) == stable[0]


@pytest.mark.parametrize(
    ("content_type", "text"),
    [
        (kind(), body(*PARTS)[:-6]),
        (kind(), body(*PARTS)[3:]),
        (kind(), body(*PARTS).replace(b"\r\n", b"\n")),
        (kind(), b"before\r\n" + body(*PARTS)),
        (kind(), body(*PARTS) + b"after"),
        (kind(), body((("no header",), b""))),
        (kind(), b"--x\r\nA: 1\r\n--x--"),
        (kind(), body(((), b"a\r\n--xy"))),
        (kind(), b""),
        (kind(), b"--x\r\n--x--"),
        (kind("y"), body(*PARTS)),
        ("multipart/form-data", body(*PARTS)),
        ("text/plain; boundary=x", body(*PARTS)),
        ("", body(*PARTS)),
    ],
)
def test_what_is_broken_has_no_parts_and_stays_as_it_is(content_type, text):
    assert parsed(content_type, text) is None
    assert with_stable_boundary(content_type, text) == (content_type, text)


def test_no_parts_and_parts_without_headers():
    assert parsed(kind(), b"--x--\r\n") == Multipart((), b"\r\n")
    found = parsed(kind(), body(((), b"a"), ((), b"")))
    assert [(part.head, part.content) for part in found.parts] == [(b"", b"a"), (b"", b"")]


def test_a_boundary_may_stand_between_quotes_and_beside_other_parameters():
    content_type = 'Multipart/Form-Data; charset=utf-8; Boundary="a \\"b"; x=1'
    found = with_stable_boundary(content_type, body(*PARTS, boundary='a "b'))
    assert found == (
        "Multipart/Form-Data; charset=utf-8; boundary=boundary; x=1",
        body(*PARTS, boundary="boundary"),
    )
    assert without_boundary(content_type) == "Multipart/Form-Data; charset=utf-8; x=1"


@given(
    st.lists(st.binary(max_size=40) | st.just(b"--boundary\r\n--boundary-2"), max_size=4),
    st.sampled_from(["", "\r\n"]),
)
def test_a_stable_boundary_changes_no_part_and_is_found_again(contents, end):
    text = body(*((NAME, content) for content in contents), boundary="f00d", end=end)
    before = parsed(kind("f00d"), text)
    stable = with_stable_boundary(kind("f00d"), text)
    assert parsed(*stable).key == before.key
    assert [part.content for part in parsed(*stable).parts] == contents
    assert with_stable_boundary(*stable) == stable


def test_what_requests_sends_is_understood():
    sent = requests.Request(
        "POST", "https://a.example", files={"f": ("ü.csv", b"\xff", "text/csv")}
    ).prepare()
    found = parsed(sent.headers["Content-Type"], sent.body)
    assert dict(found.fields())["part f"].startswith("1 bytes")


def test_when_a_part_was_compressed_is_no_difference():
    def sent(text, time):
        parts = (PARTS[0], (FILE, gzip.compress(text, mtime=time)))
        return with_stable_boundary(kind(), body(*parts))

    assert sent(b"since=2026-10-30", 1) == sent(b"since=2026-10-30", 2)
    assert sent(b"since=2026-10-30", 1) != sent(b"since=2026-10-31", 1)
