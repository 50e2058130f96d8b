"""Compressed responses: recorded as what they say, or as they were if the connector decodes them itself."""

from __future__ import annotations

import gzip
import itertools
import json
import zlib

import pytest
import yaml
from clients_testing import CLIENTS, Aiohttp, Httpx, Requests, once, served
from codings_testing import CODINGS
from odd_server import answer

from connector_contract.clients import content_codings
from connector_contract.errors import RefusedToSave, UnmatchedRequest, UnprovenRecording, Unrecordable

pytestmark = pytest.mark.loopback
TOKEN = "SECRET-" + "abcdef-0123456789"
LOGIN = {"access_token": TOKEN, "copy": TOKEN, "name": "ü", "scopes": [f"read:{n}" for n in range(30)]}
# What a client hands on as it is, or reads a part of.
UNKNOWN = {
    Httpx: {"x-gzip", "two members"},
    Aiohttp: {"x-gzip", "two codings", "br in gzip", "zstd"},
    Requests: {"zstd"},
}


@pytest.fixture
def project(tmp_path):
    with served(tmp_path) as make:
        yield make


async def failing(lumos):
    assert (await lumos.call("list_accounts")).get("is_error")


def login(coding, pack):
    """Answers of a server that hands a token out, compressed, and wants it back."""
    body = pack(json.dumps(LOGIN).encode())

    def users(headers):
        is_good = headers.get("Authorization") == f"Bearer {TOKEN}"
        return answer(b"[1]" if is_good else b"null")

    return {"/token": answer(body, ("Content-Encoding", coding)), "/users": users}


async def log_in(session):
    token = json.loads((await session.ask("/token")).content)["access_token"]
    return json.loads((await session.ask("/users", Authorization=f"Bearer {token}")).content)


READ = [
    pytest.param(client, *each.values, id=f"{client.__name__}-{each.id}", marks=each.marks)
    for client in CLIENTS
    for each in CODINGS
    if each.id not in UNKNOWN[client]
]


@pytest.mark.parametrize(("client", "coding", "pack"), READ)
def test_a_compressed_body_is_recorded_readable_and_without_secrets(project, client, coding, pack):
    made = project(client, log_in, login(coding, pack))
    stored = made.record(once)
    assert made.record(once) == stored
    assert TOKEN not in stored
    (first, _) = yaml.safe_load(stored)["interactions"]
    assert json.loads(first["response"]["body"]["string"])["copy"] == "<access_token>"
    assert list(first["response"]["headers"]) == ["content-type"]
    made.replay(once)

    async def forgets(session):
        json.loads((await session.ask("/token")).content)
        return json.loads((await session.ask("/users")).content)

    with pytest.raises(UnmatchedRequest):
        project(client, forgets, {}).replay(once)


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(("coding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_a_connector_that_decodes_a_body_itself_gets_it_as_it_was_sent(project, client, coding, pack):
    unpack = {"gzip": gzip.decompress, "deflate": zlib.decompress}[coding]

    async def raw(session):
        users = json.loads(unpack(await session.raw("/export")))
        return [*users, *await log_in(session)]

    times = itertools.count(1)

    def export(_):
        packed = gzip.compress(b'["ada"]', mtime=next(times)) if coding == "gzip" else pack(b'["ada"]')
        return answer(packed, ("Content-Encoding", coding))

    made = project(client, raw, {**login(coding, pack), "/export": export})
    stored = made.record(once)
    assert made.record(once) == stored
    assert TOKEN not in stored
    exported, token, _ = yaml.safe_load(stored)["interactions"]
    # Only what has to be is stored as it was sent.
    assert exported["response"]["headers"]["content-encoding"] == [coding]
    assert "content-encoding" not in token["response"]["headers"]
    made.replay(once)


@pytest.mark.parametrize("client", CLIENTS)
def test_a_secret_in_a_body_that_the_connector_decodes_itself_is_replaced_in_it(project, client):
    async def raw(session):
        token = json.loads(gzip.decompress(await session.raw("/token")))["access_token"]
        return json.loads((await session.ask("/users", Authorization=f"Bearer {token}")).content)

    # What is not compressed in its coding could be replaced, and the rest would be torn.
    made = project(client, raw, login("gzip", lambda data: gzip.compress(data, 0)))
    stored = made.record(once)
    assert made.record(once) == stored
    body = yaml.safe_load(stored)["interactions"][0]["response"]["body"]["string"]
    assert json.loads(gzip.decompress(body))["copy"] == "<access_token>"
    made.replay(once)


@pytest.mark.parametrize("client", CLIENTS)
def test_a_file_that_is_gzip_stays_one(project, client):
    async def export(session):
        file = (await session.ask("/users.json.gz")).content
        assert file.startswith(b"\x1f\x8b")
        return json.loads(gzip.decompress(file))

    file = gzip.compress(b'["ada"]', mtime=0)
    made = project(client, export, {"/users.json.gz": answer(file, media_type="application/gzip")})
    stored = made.record(once)
    assert yaml.safe_load(stored)["interactions"][0]["response"]["body"]["string"] == file
    made.replay(once)


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(
    "body",
    [b'{"plain": 1}', gzip.compress(b'["ada"]', mtime=0)[:-9] + b"\xff" * 9],
    ids=["not compressed", "damaged"],
)
def test_a_body_that_the_client_fails_of_fails_again(project, client, body):
    made = project(
        client, lambda session: asked(session), {"/users": answer(body, ("Content-Encoding", "gzip"))}
    )
    stored = made.record(failing)
    assert made.record(failing) == stored
    assert yaml.safe_load(stored)["interactions"][0]["response"]["headers"]["content-encoding"] == ["gzip"]
    made.replay(failing)


async def asked(session):
    return json.loads((await session.ask("/users")).content)


@pytest.mark.parametrize("client", CLIENTS)
def test_a_secret_in_a_broken_body_is_not_stored(project, client):
    body = gzip.compress(json.dumps(LOGIN).encode())[:-12]

    async def gives_up(session):
        try:
            json.loads((await session.ask("/token")).content)
        except Exception:  # noqa: BLE001 - each client has its own
            return ["nobody"]

    made = project(client, gives_up, {"/token": answer(body, ("Content-Encoding", "gzip"))})
    with pytest.raises(RefusedToSave, match="the secret access_token is still in it"):
        made.record(once)


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(
    ("method", "status"), [("HEAD", "200 OK"), ("GET", "204 No Content"), ("GET", "304 Old")]
)
def test_an_answer_without_a_body_may_say_a_coding(project, client, method, status):
    async def head(session):
        got = await session.ask("/users", method)
        return [got.status, got.headers["etag"], got.content.decode()]

    said = answer(b"", ("Content-Encoding", "gzip"), ("ETag", "1"), status=status)
    made = project(client, head, {"/users": said})
    stored = made.record(once)
    assert made.record(once) == stored
    made.replay(once)


@pytest.mark.parametrize("client", CLIENTS)
def test_a_length_that_the_connector_reads_is_kept_with_its_body(project, client):
    async def length(session):
        got = await session.ask("/users")
        return [got.headers["content-length"], *json.loads(got.content)]

    body = gzip.compress(b'["ada"]', mtime=0)
    coded = {"/users": answer(body, ("Content-Encoding", "gzip"))}
    # What answers aiohttp on the wire always says a length.
    if client is not Aiohttp:
        with pytest.raises(UnprovenRecording, match=r"keep_headers=\['content-length'\]"):
            project(client, length, coded).record(once)
    kept = project(client, length, coded, keep_headers=["content-length"])
    kept.record(once)
    kept.replay(once)


def test_a_coding_that_nothing_decodes_is_one_clear_failure(project, monkeypatch):
    monkeypatch.setattr(content_codings, "_module", lambda _: None)
    body = answer(b"\x28\xb5\x2f\xfd", ("Content-Encoding", "zstd"))

    async def tolerant(session):
        return [(await session.ask("/users")).status]

    made = project(Requests, tolerant, {"/users": body})
    with pytest.raises(Unrecordable) as caught:
        made.record(once)
    message = str(caught.value)
    assert "in the coding zstd, and nothing here decodes that" in message
    assert "/users" in message
    assert "pip install zstandard" in message


def test_what_is_kept_in_its_coding_can_be_looked_into_all_the_same(project):
    async def raw(session):
        return json.loads(gzip.decompress(await session.raw("/export")))

    coded = answer(gzip.compress(b'["ada"]'), ("Content-Encoding", "gzip"))
    made = project(Httpx, raw, {"/export": coded})
    said = []
    for mode in ("rewrite", "none"):
        scenario = made.run(mode, once)
        said.append(scenario.traffic.calls[-1].interactions[0].response.body)
    assert said == [b'["ada"]'] * 2
