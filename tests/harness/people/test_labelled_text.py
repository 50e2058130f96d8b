from __future__ import annotations

import pytest

from connector_contract.people.labelled_text import is_labelled, labelled_document
from tests.people_testing import people

LDIF = (
    "dn: uid=amartin,ou=people,dc=acme,dc=com\nobjectClass: inetOrgPerson\ncn: Alice Martin\nsn: Martin\n"
    "displayName:: QWxpY2UgTWFydGlu\nmail: alice.martin@acme.com\ntelephoneNumber: +1 415\n  832 2671\n\n"
    "dn: cn=gold,ou=groups\nobjectClass: groupOfNames\ncn: Gold Finch\nmember: uid=amartin,ou=people\n"
)
VCARD = (
    "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Alice Martin\r\nN:Martin;Alice;;;\r\n"
    "item1.EMAIL;TYPE=work:al@acme.com\r\n"
    'TEL;VALUE=uri;TYPE="a,b":tel:+1-415-832-2671\r\nORG:Finch\\, Inc\r\n'
    "ADR:;;12 Baker Street;Oslo;;90210;UK\r\n"
    "END:VCARD\r\nBEGIN:VCARD\r\nFN:Zora Quill\r\nEND:VCARD\r\n"
)


def made(text):
    known = people()
    known.learn_body(text.encode(), "application/octet-stream")
    shown = known.body(text.encode(), "application/octet-stream")
    assert list(known.left(shown)) == []
    return shown.decode()


@pytest.mark.parametrize(
    "text",
    [
        LDIF,
        VCARD,
        "Name: Alice Martin\nDepartment: Finch\n",
        "* **Full name**: Alice Martin\n* Phone: +1 415 832 2671\n",
        "Hello,\nFirst name = Alice\nLast name = Martin\n\nAlice is well",
        "users:\n  - name: Alice\n    email: al@acme.com\n  - name: Martin\n    email: m@acme.com\n",
        "Owner: Alice Martin",
    ],
)
def test_people_in_texts(text):
    shown = made(text).casefold()
    found = ("alice", "martin", "zora", "quill", "acme.com", "832", "baker", "90210", "qwxpy2ug")
    assert [word for word in found if word in shown] == []
    assert len(shown.splitlines()) >= len(text.splitlines()) - 1


def test_what_is_around_them_stays():
    shown = made(LDIF)
    assert "cn: Gold Finch\n" in shown
    assert "\ndisplayName:: " in shown
    shown = made(VCARD)
    assert "ORG:Finch\\, Inc\r\n" in shown
    assert ";UK\r\n" in shown


@pytest.mark.parametrize(
    "text",
    [
        "Name: Gold Plan\nPrice: 3\n",
        "user: could not log in\nemail: sent\nphone: off\n",
        "name = build\nversion = 1\n",
        "Alice: hello\nMartin: hello\n",
        "displayName:: !!\n",
    ],
)
def test_texts_of_nobody_stay(text):
    assert made(text) == text


def test_each_block_is_a_record():
    values = labelled_document(b"Name: A\nEmail: b\n\nName: C\nName: D\n", "").value
    assert [[pair for pair in each.items() if pair[0]] for each in values] == [
        [("Name", "A"), ("Email", "b")],
        [("Name", "C")],
        [("Name", "D")],
    ]


def test_what_is_no_such_text():
    assert labelled_document(b"Dear all,\nnothing: new", "") is None
    assert labelled_document(b"", "") is None
    assert is_labelled("Name: x\n")
    assert not is_labelled("Name: x")


def test_a_text_within_json():
    value = {"card": VCARD, "note": "Name: Alice Martin\nTeam: Finch"}
    shown = people(value).json(value)
    assert "Alice" not in shown["card"] + shown["note"]
    assert shown["note"].endswith("\nTeam: Finch")
