import base64
import gzip
from itertools import pairwise, product

import pytest
from encodings_testing import BYTES, OF_BYTES, TEXTS
from hypothesis import given
from hypothesis import strategies as st

from connector_contract.errors import RefusedToSave
from connector_contract.recording.interactions import Interaction, Request, Response
from connector_contract.recording.normalizer import Normalizer
from connector_contract.secrets.known_secrets import Secrets
from connector_contract.secrets.left_over import LeftOver, Sought, left_over

SECRETS = [
    "t0ken-of-" + "the-run-1",
    "p4ss/word" + "+of=it&<x>",
    "k6b86b273ff34fce1",
    "s3cr" + "3t",
    "sp4ce d secret?",
]
ALL = {**TEXTS, **BYTES}
# What comes after bytes is what clients and servers have for bytes.
CHAINS = [
    chain
    for length in (1, 2, 3)
    for chain in product(ALL, repeat=length)
    if all(after in OF_BYTES for before, after in pairwise(chain) if before in BYTES)
]


def encoded(secret, chain):
    data = secret.encode()
    for name in chain:
        data = ALL[name](data)
    return data


def redactor(secret):
    secrets = Secrets()
    secrets.add({"token": {"token": secret}}, None)
    return secrets.redactor()


def neither(secret, chains):
    """The chains of encodings in which a secret is neither replaced nor found."""
    redact = redactor(secret)
    found = []
    for chain in chains:
        data = encoded(secret, chain)
        stored = redact.body(data)
        if stored == data and redact.remaining(stored) is None:
            found.append(chain)
    return found


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_in_one_or_two_encodings_is_replaced_or_refused(secret):
    assert neither(secret, [chain for chain in CHAINS if len(chain) < 3]) == []


@given(st.sampled_from(SECRETS), st.lists(st.sampled_from(CHAINS), min_size=20, max_size=20))
def test_a_secret_in_three_encodings_is_replaced_or_refused(secret, chains):
    assert neither(secret, chains) == []


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("name", [name for name in TEXTS if name != "in JSON"])
@pytest.mark.parametrize("place", ['{{"a": "x {}", "b": 1}}', "https://a.example/x?t={}&n=1", "a: {}, b"])
def test_a_secret_in_one_encoding_is_replaced_in_each_place(secret, name, place):
    redact = redactor(secret)
    text = encoded(secret, (name,)).decode()
    data = place.format(
        text.replace("\\", "\\\\").replace('"', '\\"') if place.startswith("{") else text
    ).encode()
    stored = redact.body(data)
    assert stored != data
    assert redact.remaining(stored) is None
    assert b"token.token" in stored or name.startswith(("base64", "hex", "HEX", "0x"))


@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode), st.sampled_from(sorted(TEXTS)))
def test_what_has_no_secret_stays_and_is_not_found(data, name):
    redact = redactor(SECRETS[1])
    for text in (data, TEXTS[name](data)):
        assert redact.body(text) == text
        assert redact.remaining(text) is None


def found(data, secret=SECRETS[0]):
    return list(left_over(data, Sought({secret: "token"})))


def test_what_is_found_says_how_it_is_spelled():
    spelled = base64.b64encode(SECRETS[0].encode()).decode().replace("0", "%30")
    assert [each.spelled for each in found(spelled.encode())] == ["base64 in percent-encoding"]
    assert [each.spelled for each in found(SECRETS[0].encode())] == ["plain text"]
    assert (
        LeftOver("a", ("percent-encoding", "escapes", "base64")).spelled
        == "base64 in escapes in percent-encoding"
    )


def test_up_to_six_encodings_are_undone():
    data = SECRETS[0].encode()
    for _ in range(6):
        data = base64.b64encode(data)
    assert found(data)
    for _ in range(2):
        data = base64.b64encode(data)
    assert found(data) == []


def test_each_of_many_secrets_is_found():
    names = {f"k3y-number-{number:04}-of-all": f"key-{number}" for number in range(300)}
    data = gzip.compress(" ".join(names).encode())
    assert {each.name for each in left_over(data, Sought(names))} == set(names.values())


def test_the_whole_secret_is_named_before_its_part():
    sought = Sought({"0ne-part": "a.part-1", "0ne-part.of-the-whole": "a"})
    assert next(left_over(b"x 0ne-part.of-the-whole", sought)).name == "a"


def test_nothing_is_found_where_nothing_is_sought():
    assert list(left_over(b"any text", Sought())) == []
    assert found(b"any text", "short") == []


@pytest.mark.parametrize(
    "secret", ["550e8400-e29b-" + "41d4-a716-446655440000", "0a1b2c3d" + "4e5f6071", "ABCD1234" + "EFGH5678"]
)
def test_a_secret_of_one_case_is_found_in_the_other(secret):
    redact = redactor(secret)
    for text in (secret.upper(), secret.lower()):
        assert redact.text(f"x {text}") == "x <token.token>"
        assert found(text.encode(), secret)


@pytest.mark.parametrize("secret", ["MixedCase1234" + "Secret", "opensesame-opensesame"])
def test_a_word_and_a_secret_of_both_cases_are_others_in_another_case(secret):
    assert redactor(secret).text(secret.swapcase()) == secret.swapcase()
    assert found(secret.swapcase().encode(), secret) == []


def test_a_word_that_its_own_placeholder_has_is_not_left_in_an_encoding():
    secrets = Secrets()
    secrets.add({"basic": {"username": "ada", "password": "password"}}, None)
    redact = secrets.redactor()
    for spelled in (b'{"a": "%b"}' % base64.b64encode(b"user=password;"), b"user=password;".hex().encode()):
        stored = redact.data(spelled)
        assert stored != spelled
        assert redact.remaining(stored) is None
    assert redact.remaining(base64.b64encode(b"user=password;")) is not None


def glued(secret):
    """Base64 behind a letter, of which nobody sees where it begins."""
    return "v" + base64.b64encode(f"..{secret}..".encode()).decode()


@pytest.mark.parametrize(
    ("part", "uri", "header", "body"),
    [
        ("the URL", f"https://acme.com/?t={glued(SECRETS[0])}", "", ""),
        ("the header x-echo of the response", "https://acme.com/", glued(SECRETS[0]), ""),
        ("the body of the response", "https://acme.com/", "", glued(SECRETS[0])),
    ],
)
def test_a_refusal_says_where_the_secret_is_and_how_it_is_spelled(part, uri, header, body):
    secrets = Secrets()
    secrets.add({"token": {"token": SECRETS[0]}}, None)
    normalizer = Normalizer(secrets)
    headers = (("x-echo", header),)
    interaction = Interaction(Request("GET", uri), Response(200, "OK", headers, body.encode()))
    with pytest.raises(RefusedToSave) as refused:
        normalizer.refuse_secrets([interaction], [("cassette", "a.yaml")])
    message = str(refused.value)
    # No message shows the secret, in whatever encoding.
    shown = uri.partition("/?")[0] if glued(SECRETS[0]) in uri else uri
    assert f"the secret token.token is still in it: GET {shown}, in {part}\n" in message
    assert "The secret is spelled in base64, where the harness cannot replace it." in message
    assert "drop_headers" in message
