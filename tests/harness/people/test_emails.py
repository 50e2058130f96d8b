from __future__ import annotations

import pytest

from connector_contract.people.emails import (
    EMAIL,
    is_reserved,
    kept_part,
    local_part,
    made_up_domain,
    made_up_email,
    registered_name,
)
from connector_contract.people.stand_ins import StandIns

STAND_INS = StandIns(b"key")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("to alice.martin@acme.com.", ["alice.martin@acme.com"]),
        ("SMTP:a@acme.com", ["a@acme.com"]),
        ("<o'brien+tag@eu.acme.co.uk>", ["o'brien+tag@eu.acme.co.uk"]),
        ("jos\u00e9@acme.com,li\u0307@acme.com", ["jos\u00e9@acme.com", "li\u0307@acme.com"]),
        ("?email=a@acme.com&x", ["a@acme.com"]),
        ("-a@acme.com (+b@acme.com) #c@acme.com .d@acme.com", [f"{each}@acme.com" for each in "abcd"]),
        ("x-a@acme.com x--b@acme.com", ["x-a@acme.com", "x--b@acme.com"]),
        ("a_acme.com#EXT#@acme.onmicrosoft.com", ["a_acme.com#EXT#@acme.onmicrosoft.com"]),
        ("a@acme.com-42 a@acme.com_x a@acme.com42", ["a@acme.com"] * 3),
        (
            "a@xn--mller-kva.xn--p1ai a@\u0430.\u0440\u0444",
            ["a@xn--mller-kva.xn--p1ai", "a@\u0430.\u0440\u0444"],
        ),
        ("@angular/core@1.2.3 a@localhost a@10.0.0.1", []),
    ],
)
def test_addresses_are_found_by_their_form(text, found):
    assert EMAIL.findall(text) == found


@pytest.mark.parametrize(
    "domain",
    ["example.com", "a.Example.org", "x.example", "a.test", "b.invalid", "localhost", "a@example.net"],
)
def test_reserved_domains(domain):
    assert is_reserved(domain)


@pytest.mark.parametrize(
    ("email", "part"),
    [
        ("alice@acme.com", "alice@acme.com"),
        ("Alice@ACME.com", "Alice@ACME.com"),
        ("pre_alice@acme.com", "alice@acme.com"),
        ("a-b.alice@acme.com", "alice@acme.com"),
        ("xalice@acme.com", ""),
        ("alice@acme.com.au", ""),
        ("alice@pre-acme.com", ""),
    ],
)
def test_the_part_of_an_address_that_is_kept(email, part):
    assert kept_part(email, {"alice@acme.com", "acme.com"}) == part


@pytest.mark.parametrize("domain", ["acme.com", "example.de", "myexample.com", "test.com", "contest"])
def test_other_domains(domain):
    assert not is_reserved(domain)


def test_domains_become_reserved_ones_that_differ():
    made = made_up_domain("acme.com", STAND_INS)
    assert made.endswith(".example.com")
    assert made != made_up_domain("acme.org", STAND_INS)
    assert made_up_domain("ACME.com", STAND_INS) == made
    assert made_up_domain("ACME.COM", STAND_INS) == made.upper()


def test_a_domain_below_stays_below():
    made = made_up_domain("acme.co.uk", STAND_INS)
    assert made_up_domain("eu.acme.co.uk", STAND_INS) == f"eu.{made}"
    assert made_up_domain("alice.acme.co.uk", STAND_INS).endswith(f".{made}")
    assert "alice" not in made_up_domain("alice.acme.co.uk", STAND_INS)
    assert not made_up_domain("other.co.uk", STAND_INS).endswith(made)


def test_an_address_is_made_of_its_parts():
    made = made_up_email("alice@acme.com", str.upper, STAND_INS)
    assert made == f"ALICE@{made_up_domain('acme.com', STAND_INS)}"
    assert made_up_email("alice@example.com", str.upper, STAND_INS) == "alice@example.com"


def test_a_guest_is_the_one_of_elsewhere():
    made = made_up_email("alice_acme.com#EXT#@other.com", str.upper, STAND_INS)
    there, here = (made_up_domain(domain, STAND_INS) for domain in ("acme.com", "other.com"))
    assert made == f"ALICE_{there}#EXT#@{here}"
    assert local_part("alice_acme.com#EXT#@other.com") == "alice"
    assert local_part("alice_m@other.com") == "alice_m"


def test_what_a_domain_is_called():
    assert registered_name("eu.acme.co.uk") == "acme"
    assert registered_name("acme.com") == "acme"


def test_a_long_text_is_searched_in_one_go():
    assert EMAIL.findall("a" * 200_000 + "@" + ".a" * 100_000 + "@") == []


def test_a_sandbox_marks_real_addresses_as_invalid():
    made = made_up_domain("acme.io", STAND_INS)
    assert made_up_email("alice@acme.io.invalid", str.upper, STAND_INS) == f"ALICE@{made}.invalid"
    assert made_up_domain(f"{made}.invalid", STAND_INS) == f"{made}.invalid"
    assert registered_name("acme.io.invalid") == "acme"
    assert is_reserved("acme.invalid")
    assert is_reserved("alice@acme.example.com.invalid")
    assert not is_reserved("acme.io.invalid")
