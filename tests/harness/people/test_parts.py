from __future__ import annotations

from connector_contract.people.parts import with_parts

TYPE = "multipart/form-data; boundary=b"
BODY = (
    b'--b\r\nContent-Disposition: form-data; name="email"\r\n\r\na@acme.com\r\n'
    b'--b\r\nContent-Disposition: form-data; name="f"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n'
    b"email\r\n\r\n--b--\r\n"
)


def test_each_part_is_changed():
    found = []
    made = with_parts(TYPE, BODY, lambda *part: found.append(part) or b"x")
    assert found == [("email", "", b"a@acme.com"), ("", "text/csv", b"email\r\n")]
    assert made == BODY.replace(b"\r\na@acme.com\r\n", b"\r\nx\r\n").replace(b"\r\nemail\r\n", b"\r\nx")


def test_what_has_no_parts():
    assert with_parts("text/plain", BODY, lambda *_: b"") is None
    assert with_parts(TYPE, b"{}", lambda *_: b"") is None
    assert with_parts(TYPE, b"--b--", lambda *_: b"") is None
