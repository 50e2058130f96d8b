"""A word, a number and what is short are no secrets by themselves; what may be random is one."""

import pytest

from connector_contract.secrets.ordinary import is_ordinary, looks_random, reads_as_words

ORDINARY = """
1 0 en true x7 ++++ 123456 1764425286 2026-11-29 127.0.0.1 -12.500 ******** ****1234 active ACTIVE Active
disabled not_configured eu-west-1 europe-west1 en-US Europe/Berlin Europe%2FBerlin readOnly iPhone
sha256 v1.2.3 dark-mode größe-klein accepted,none UTF-8
"""

RANDOM = """
hunter2hunter s3same Tr0ub4dor&3 kXpQmZtr a1b2c3d4 ab12-cd34-ef56 x7k2-9qpm sk-live9a8b7c6d c2VjcmV0cw==
ada@a.example 1234567890123456 qwertyuiopasdfgh correct-horse-battery 8f14e45f-ceea-467f-a8f1-2b3c4d5e6f70
"""


@pytest.mark.parametrize("value", ["", "a b", "not set", *ORDINARY.split()])
def test_what_cannot_be_a_secret_by_itself(value):
    assert is_ordinary(value)


@pytest.mark.parametrize("value", RANDOM.split())
def test_what_may_be_a_secret(value):
    assert not is_ordinary(value)


@pytest.mark.parametrize(
    ("value", "is_one"), [("a1*z!", True), ("a1*z!7", False), ("a" * 15, True), ("a" * 16, False)]
)
def test_where_the_line_is(value, is_one):
    assert is_ordinary(value) is is_one


def test_what_is_long_and_reads_as_words():
    for value in ("acme-engineering-emea", "America/Los_Angeles", "contoso production 2", "a-" * 5_000):
        assert reads_as_words(value)
        assert not is_ordinary(value)
    for value in ("4f7d0c1e22aa9b83d0", "qwertyuiopasdfghjkl", "acme-1234-emea-east", "kXpQmZtr-kXpQmZtr"):
        assert not reads_as_words(value)


@pytest.mark.parametrize(
    ("value", "is_one"),
    [
        ("Xk9vB2nM" + "7qLp4RtZ", True),
        ("Xk9vB2nM" + "7qLp4Rt", False),
        ("9f86d081884c7d65" + "9a2feaa0c55ad015", True),
        # Each of these falls into parts that could be words.
        ("LgNraYpCtm93" + "Ak25eiRREiia", True),
        # An ObjectId, a UUID, a ULID, and names that programs have.
        ("507f1f77bcf86cd799439011", False),
        ("0b7c9d0e-1f2a-4b4c-8d1d-2c3b4a5e4f60", False),
        ("01ARZ3NDEKTSV4RRFFQ69G5FAV", False),
        ("RootManageSharedAccessKey2", False),
        ("MyCompanyDept2Emea", False),
        ("acme-engineering-emea-2026-11-30", False),
        ("https://acme.example/Ab1Cd2Ef3Gh4", False),
        ("", False),
    ],
)
def test_what_is_as_random_as_a_token(value, is_one):
    assert looks_random(value) is is_one
