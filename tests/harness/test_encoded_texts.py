"""A secret that only its form tells is found in every encoding, and in nothing that is no text."""

from __future__ import annotations

import base64
import gzip
import json
import tracemalloc
from hashlib import blake2b
from itertools import pairwise, product

import pytest
from encodings_testing import BYTES, OF_BYTES, TEXTS

from connector_contract.recording.interactions import Cassette, Interaction, Request, Response
from connector_contract.secrets.encoded_texts import encoded_texts
from connector_contract.secrets.known_secrets import Secrets
from connector_contract.secrets.named_values import named_in_response
from connector_contract.secrets.secret_forms import FORMS, SHORTEST_FORM, secrets_by_form
from connector_contract.secrets.secret_names import WELL_KNOWN
from connector_contract.storage.cassette_format import cassette_parts
from connector_contract.storage.lint import lint_cassette

SECRETS = ["AK" + "IA" + "QWERTYUI23" + "ASDFGH", "gh" + "p_" + "a1B2" * 9]
ALL = {**TEXTS, **BYTES}
CHAINS = [
    chain
    for length in (1, 2, 3)
    for chain in product(ALL, repeat=length)
    if all(after in OF_BYTES for before, after in pairwise(chain) if before in BYTES)
]


def encoded(text, chain):
    data = text.encode()
    for name in chain:
        data = ALL[name](data)
    return data


def values(data):
    return {value for text in (data, *encoded_texts(data)) for _, value in secrets_by_form(text)}


def unfound(secret, chains):
    made = {chain: encoded(f'{{"note": "It is {secret}, {secret}"}}', chain) for chain in chains}
    return [chain for chain, data in made.items() if secret not in values(data)]


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_found_in_two_encodings(secret):
    assert unfound(secret, [chain for chain in CHAINS if len(chain) < 3]) == []


def test_a_secret_is_found_in_three_encodings():
    some = [chain for chain in CHAINS if len(chain) == 3]
    assert unfound(SECRETS[1], some[::17]) == []


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("secret", SECRETS)
def test_nothing_is_around_it(secret, name):
    data = encoded(secret, [name])
    assert values(b'{"a": "' + data + b'", "b": "' + data + b'"}') == {secret}


@pytest.mark.parametrize(
    "text",
    ["/files/{}/more", "https://a.example/v1/key-{}", "data:text/plain;base64,{}", "a\\n{}\\nb", "%0A{}"],
)
def test_something_is_before_it(text):
    for encode in (base64.b64encode, lambda data: base64.b64encode(gzip.compress(data, mtime=0))):
        assert values(text.format(encode(SECRETS[1].encode()).decode()).encode()) == {SECRETS[1]}


def test_the_shortest_form():
    assert len(SECRETS[0]) == SHORTEST_FORM
    assert values(base64.b64encode(SECRETS[0].encode())) == {SECRETS[0]}
    assert {form.name for form in FORMS if len(form.tail) == 0} == set()


def test_texts_beside_each_other_are_apart():
    parts = [base64.b64encode(text.encode()).decode() for text in ("x" * 24, SECRETS[1], "y" * 24)]
    assert values(json.dumps(parts).encode()) == {SECRETS[1]}


NOISE = b"".join(blake2b(bytes([at >> 8, at & 255])).digest() for at in range(3_000))


@pytest.mark.parametrize("encode", [bytes, base64.b64encode, lambda data: data.hex().encode(), gzip.compress])
def test_what_is_in_a_picture_is_no_secret(encode):
    picture = NOISE + b" " + SECRETS[0].encode() + b" " + NOISE
    assert list(encoded_texts(encode(picture))) == []


def test_what_is_not_encoded_is_not_looked_into():
    page = {
        "id": "0b7c9d0e-1f2a-4b4c-8d1d-2c3b4a5e4f60",
        "name": 'Zoë\n"Z"',
        "url": "https://a.example/b%20c",
    }
    assert list(encoded_texts(json.dumps([page]).encode())) == []


@pytest.mark.parametrize(
    "data",
    [
        NOISE * 5,
        base64.b64encode(NOISE * 4),
        b"caf%C3%A9 \\u0041 &#65; " * 30_000,
        base64.b64encode(gzip.compress(bytes(30_000_000))),
        (b"QUFB" * 7 + b" ") * 30_000,
    ],
    ids=["binary", "base64", "escapes", "a bomb", "words"],
)
def test_a_large_body_takes_no_more_than_some_times_its_size(data):
    tracemalloc.start()
    try:
        assert sum(map(len, encoded_texts(data))) <= 8 * len(data) + (1 << 22)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 24 * len(data) + (1 << 23)


@pytest.mark.parametrize("name", [name for name in TEXTS if name != "repr"])
def test_a_recording_replaces_it_and_lint_finds_it(name):
    body = json.dumps({"note": encoded(SECRETS[1], [name]).decode("latin-1")}).encode()
    made = Interaction(Request("GET", "https://a.example/x"), Response(200, "OK", (), body))
    (finding,) = secret_findings(made)
    assert "a token of GitHub" in finding.what
    assert finding.line > 1
    secrets = Secrets()
    secrets.learn(made.request, made.response)
    recorded = secrets.redactor().interaction(made)
    assert secrets.names == {SECRETS[1]: "github-token"}
    assert list(named_in_response(recorded.response, WELL_KNOWN)) == []
    assert secret_findings(recorded) == []
    assert secrets.redactor().remaining(recorded.response.body) is None


def secret_findings(interaction):
    data = b"".join(cassette_parts(Cassette((interaction,))))
    return [each for each in lint_cassette("c.yaml", data, WELL_KNOWN) if each.kind == "secret"]
