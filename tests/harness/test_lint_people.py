"""Which stored files may have real people in them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from connector_contract.storage.lint_people import lint_people

ROOT = Path(__file__).parents[2]


def what(text):
    return [finding.what for finding in lint_people("c.yaml", text.encode("utf-8", "surrogatepass"))]


ONE = ["1 e-mail address may be those of real people: line 1"]


@pytest.mark.parametrize(
    "text",
    [
        "alice@acme.com",
        '"email": "alice.martin+hr@mail.acme.co.uk",',
        "Alice Martin <alice@acme.com>, ALICE@ACME.COM",
        "<b>alice@acme.com</b>",
        "mailto:alice@acme.com?subject=x",
        '"SMTP:alice@acme.com"',
        "urn:acme:user:alice@acme.com",
        "sean.o'brien@acme.com",
        "zoé@acme.com",
        "alice@bücher.de",
        "alice@xn--bcher-kva.de",
        "alice@xn--bcher-kva.xn--p1ai",
        "alice@163.com",
        "alice@corp.local",
        "alice_acme.com#EXT#@acme.onmicrosoft.com",
        "12345+alice@users.noreply.github.com",
        "uri: https://api.example.com/users?login=alice%40acme.com&x=1",
        "uri: https://api.example.com/users/alice@acme.com/roles",
        "uri: https://api.example.com?login=alice@acme.com",
        "https://alice%40acme.com:x@api.example.com/",
        "alice%2540acme.com",
        r"alice\u0040acme.com",
        "alice&#64;acme.com",
        "Write to alice@acme.com.",
        '{"alice@acme.com": {"id": 1}}',
        "alice@acme.com: admin",
        '"messageId": "1", "from": "alice@acme.com"',
        "notexample@notexample.com",
        "alice@example.com.evil.com",
        "alice@example.co.uk",
        "alice@microsoft.com",
        "\ud800 alice@acme.com",
    ],
)
def test_an_address_that_somebody_may_have(text):
    assert what(text) == ONE


@pytest.mark.parametrize(
    "text",
    [
        # RFC 2606 and RFC 6761.
        "alice@example.com, alice@EXAMPLE.org, alice@mail.example.net",
        "alice@acme.example, alice@acme.test, alice@acme.invalid, alice@a.localhost, alice@localhost",
        # No person.
        "git@github.com",
        "git@github.com:acme/connector.git",
        "deploy@git.acme.com:acme/connector",
        "ssh://git@git.acme.com/acme.git",
        "ssh://deploy@git.acme.com/acme.git",
        "https://user:word@api.acme.com/v1",
        "postgres://admin@db.acme.com",
        "https://abc123@o1.ingest.acme.io/1",
        "no-reply@acme.com, noreply@acme.com, do_not_reply@acme.com, MAILER-DAEMON@acme.com",
        "robot@project-1.iam.gserviceaccount.com",
        # No domain.
        '"@odata.nextLink": "x", "members@odata.bind": [], "value@OData.Community.Display.V1.Name": 1',
        '"x@Microsoft.Dynamics.CRM.lookup": 1, "@microsoft.graph.tips": ""',
        "pkg@1.2.3, @acme/pkg@1.2.3-beta.js, golang.org/x/net@v0.1.0, react@18.0.0-rc.next, pkg@1.2.x",
        "image@2x.png, logo@1.5x.webp, style@dark.css",
        "alpine@sha256:abcdef, actions/checkout@v5",
        "@alice.martin, @pytest.fixture, @media screen",
        "https://medium.com/@alice.martin/post",
        "a@b, a@b.c, alice@, @acme.com, alice @acme.com",
        "alice@[127.0.0.1], alice@127.0.0.1",
        # Ids that are made like addresses.
        '"messageId": "<CAF3x1@mail.acme.com>"',
        '"internetMessageId": "<CAF3x1@mail.acme.com>"',
        "Message-ID: <CAF3x1@mail.acme.com>",
        "in_reply_to: <CAF3x1@mail.acme.com>",
        '"iCalUID": "7kukuqrfedlm2f9t@acme.com"',
        # Stand-ins.
        "<basic.username>@acme.com",
        "<user-1>+tag@acme.com",
        "%3Cuser-1%3E%40acme.com",
        "alice@<domain>",
        "urn:ietf:params:scim:schemas:core:2.0:User",
    ],
)
def test_what_only_looks_like_one(text):
    assert what(text) == []


def test_the_warning_counts_each_once_and_names_the_first_lines():
    people = [
        {"email": f"u{number}@acme.com", "phone": f"+1 415 555 267{number}", "again": f"U{number}@acme.com"}
        for number in range(4)
    ]
    (finding,) = lint_people("a.json", json.dumps(people, indent=1).encode())
    assert (finding.path, finding.line, finding.kind, finding.is_warning) == ("a.json", 3, "personal", True)
    assert finding.what == (
        "4 e-mail addresses and 4 telephone numbers may be those of real people: lines 3, 4, 8 and 5 more"
    )
    assert "ConnectorUnderTest(personal_data=True)" in finding.remedy
    assert "u1@" not in str(finding)
    assert "2671" not in str(finding)


def test_numbers_alone():
    assert what("\n\ntel:+33123456789") == ["1 telephone number may be those of real people: line 3"]
    assert what("+33123456789\n+33123456780\n\n") == [
        "2 telephone numbers may be those of real people: lines 1 and 2"
    ]


def test_what_is_no_text_is_looked_through_all_the_same():
    (finding,) = lint_people("a.json", b"\xff\xfe\nalice@acme.com")
    assert finding.line == 2


def test_this_repositorys_own_recordings_have_nobody_in_them():
    files = [*ROOT.glob("cassettes/**/*.yaml"), *ROOT.glob("snapshots/**/*.json")]
    assert len(files) > 100
    assert [finding for path in files for finding in lint_people(path.name, path.read_bytes())] == []


@pytest.mark.parametrize(
    "part",
    [
        "@",
        "a@",
        "a@a.",
        "%40",
        "phone:[",
        "phone: ",
        "tel:1",
        "+1",
        "+11111 ",
        "messageId ",
        "//a@",
        "a.b@c.d-",
    ],
)
def test_no_text_keeps_it_busy(part):
    """A search that looks at all of the text again from each place would take minutes."""
    assert what(part * 200_000) == []
