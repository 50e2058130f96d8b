from __future__ import annotations

import base64
import hashlib
import json
from urllib.parse import unquote

import pytest

from connector_contract.people.emails import made_up_domain
from connector_contract.people.replaced_text import mapped
from connector_contract.people.stand_ins import StandIns
from connector_contract.people.words import WORD
from connector_contract.storage.snapshot_format import decode_page_token, encoded
from tests.people_testing import KEY, people

STAND_INS = StandIns(KEY)
ALICE = {
    "givenName": "Alice",
    "familyName": "Martin",
    "email": "alice.martin@acme.com",
    "phone": "+1 415 321 7654",
    "employeeNumber": "E12345",
}
WORDS = {"alice": STAND_INS.word("alice"), "martin": STAND_INS.word("martin")}
DOMAIN = made_up_domain("acme.com", STAND_INS)


def expected(text):
    """A text with the made-up words in place of those of Alice."""
    for word, made in WORDS.items():
        text = (
            text.replace(word, made).replace(word.title(), made.title()).replace(word.upper(), made.upper())
        )
    return text.replace("acme.com", DOMAIN)


def shown(text, **how):
    return people(ALICE, {"givenName": "Will", "familyName": "Page"}, **how).text(text)


@pytest.mark.parametrize(
    "text",
    [
        "Alice Martin",
        "MARTIN, Alice",
        "alice.martin@acme.com, amartin@acme.com",
        "amartin martina alice_m amartin2 A.Martin AliceMartin ALICEMARTIN",
        "https://acme.com/alice?x",
        "https://eu.acme.com:80/x",
        "<a href='mailto:alice@acme.com'>Alice's</a>",
        "Martin-Alice\u00a0x",
        "see /users/alice.martin%40acme.com?q=Alice%20Martin+x",
    ],
)
def test_people_are_made_up_wherever_they_are(text):
    assert shown(text) == expected(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "the Page is Active, and Will may call",
        "Smartin palice",
        "bob@example.com",
        "https://graph.microsoft.com/v1.0/$metadata#users",
        "urn:ietf:params:scim:schemas:core:2.0:User",
        "2024-01-01T00:00:00Z",
        "550e8400-e29b-41d4-a716-446655440000",
        "50% of %41lle and %zz and %ff",
        "call +1 415 321 7655",
        base64.b64encode(b"nobody is in here").decode(),
        "d41d8cd98f00b204e9800998ecf8427e",
    ],
)
def test_what_is_nobody_stays(text):
    assert shown(text) == text


def test_accents_make_no_other_word():
    made = shown("Alicé").lower()
    assert made != WORDS["alice"]
    assert len(made) == len(WORDS["alice"])


def test_strange_addresses_are_made_up_by_their_form():
    made = shown("ask bob@other.org")
    assert made.endswith(".example.com")
    assert "bob" not in made


def test_numbers_that_are_known():
    assert "321" not in shown("call (415) 321-7654 now")
    assert shown("E12345") == f"E{STAND_INS.number('12345')}"
    assert shown("xE12345") == "xE12345"


def test_hashes_of_addresses():
    real, made = (
        hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
        for text in ("alice.martin@acme.com", expected("alice.martin@acme.com"))
    )
    assert shown(f"https://gravatar.com/avatar/{real}?s=80") == f"https://gravatar.com/avatar/{made}?s=80"


def test_tokens_have_made_up_people_in_them():
    token = base64.b64encode(json.dumps({"after": "alice.martin@acme.com"}).encode()).decode()
    assert json.loads(base64.b64decode(shown(token))) == {"after": expected("alice.martin@acme.com")}
    assert (
        "Alice"
        not in base64.b64decode(shown(f"dn:: {base64.b64encode(b'cn=Alice Martin').decode()}")[5:]).decode()
    )
    page = encoded({"NextPageToken": [["x", "alice.martin@acme.com", 5]]})
    assert decode_page_token(shown(page)) == {"NextPageToken": [["x", expected("alice.martin@acme.com"), 5]]}


def test_doubtful_words_beside_each_other():
    assert "Page" not in shown("by Will Page")


def test_kept_hosts_and_values():
    kept = ["https://api.acme.com", "alice.martin@acme.com", "martin"]
    assert shown("https://api.acme.com/x", kept=kept) == "https://api.acme.com/x"
    assert shown("to alice.martin@acme.com", kept=kept) == "to alice.martin@acme.com"
    assert shown("Martin", kept=kept) == "Martin"
    assert DOMAIN in shown("https://www.acme.com/x", kept=kept)


def test_domains_as_a_whole():
    assert shown("acme.com") == DOMAIN
    assert shown("@ACME.com") == f"@{DOMAIN}"
    assert shown("acme.com", kept=["https://acme.com"]) == "acme.com"
    assert people({"email": "a@gmail.com"}).text("gmail.com") == "gmail.com"


def test_what_is_percent_encoded_twice():
    assert unquote(unquote(shown("alice.martin%2540acme.com"))) == expected("alice.martin@acme.com")


def test_a_long_text_takes_linear_time():
    text = "x" * 300_000 + " %41 " + "9 " * 50_000 + "a." * 50_000 + "@ <" * 1_000
    assert shown(text) == text


def test_strings_within_values():
    assert mapped({"a": ["b", 1, None]}, str.upper) == {"A": ["B", 1, None]}


def test_the_name_before_an_address_is_somebodys():
    made = shown("to Isidore Quennell <iq@acme.com>, and Zoë O'Neil <zo@acme.com>.")
    assert made.startswith("to I")
    assert not {"Isidore", "Quennell", "Zoë", "Neil"} & set(WORD.findall(made))
    assert shown("to Isidore Quennell <iq@example.com>") == "to Isidore Quennell <iq@example.com>"
    assert shown("<iq@example.com> Isidore") == "<iq@example.com> Isidore"


def test_a_photo_within_a_text():
    known = people({"userName": "ab", "photo": "https://cdn.acme.io/p/7.jpg", "givenName": "Alice"})
    assert known.text("photo='https://cdn.acme.io/p/7.jpg' x") == (
        f"photo='{known.json({'photo': 'https://cdn.acme.io/p/7.jpg'})['photo']}' x"
    )
    assert known.text("https://cdn.acme.io/p/8.jpg") == "https://cdn.acme.io/p/8.jpg"


def test_a_name_before_an_address_keeps_its_particles():
    pieter = {"name": "Pieter van der Merwe", "email": "pieter@acme.com"}
    known = people(pieter)
    made = known.json(pieter)
    for name, shown in ((pieter["name"], made["name"]), (pieter["name"].upper(), made["name"].upper())):
        text = f"please order for {name} <PIETER@ACME.COM>, now"
        assert known.text(text) == f"please order for {shown} <{made['email'].upper()}>, now"
    assert "Zebulon" not in known.text("from Zebulon van Drees <zvd@acme.com>")
