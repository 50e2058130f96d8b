"""A request as a value that JMESPath looks into."""

from __future__ import annotations

import jmespath
import pytest

from connector_contract.recording.interactions import Request
from connector_contract.secrets.request_values import request_value

URL = "https://api.example.com/v1/users"
FORM = (("content-type", "application/x-www-form-urlencoded"),)

PARTS = (("content-type", "multipart/form-data; boundary=x"),)


def value(uri=URL, headers=(), body=b""):
    return request_value(Request("POST", uri, headers, body))


@pytest.mark.parametrize(
    ("found", "path", "expected"),
    [
        (value(body=b'{"user": {"password": "x"}}'), "body.user.password", "x"),
        (value(headers=FORM, body=b"code=a%20b&state="), "body.[code, state]", ["a b", ""]),
        (value(headers=FORM, body=b"role=a&role=b"), "body.role", ["a", "b"]),
        (value(f"{URL}?nonce=1&sort=name&sort=age"), "query.[nonce, sort]", ["1", ["name", "age"]]),
        (value(headers=(("idempotency-key", "k"),)), 'headers."idempotency-key"', "k"),
        (value(headers=(("idempotency-key", "k"),)), 'headers."Idempotency-Key"', "k"),
        (value(headers=(("x", "1"), ("x", "2"))), "headers.x", ["1", "2"]),
        (value(), "body", None),
        (
            value(headers=PARTS, body=b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--'),
            "body.a",
            "1",
        ),
        # Neither JSON nor said to be a form.
        (value(body=b"code=1"), "body", None),
        (value(body=b"\xff"), "body", None),
        # JSON that no reader can take.
        (value(body=b"[" * 100_000), "body", None),
    ],
)
def test_a_path_leads_to_a_value_of_a_request(found, path, expected):
    assert jmespath.search(path, found) == expected
