"""Cursors that a server makes up each time, wherever a connector finds them, keeps them, and sends them."""

from __future__ import annotations

import base64
import itertools
import json
import random
import string
import uuid
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

import msgpack
import pytest
from scenario_testing import ORIGIN, Asked, Connector, Project, client

from connector_contract.errors import UnmatchedRequest, UnplayedInteractions, UsageError
from connector_contract.storage.snapshot_format import readable, readable_text

pytestmark = pytest.mark.loopback

USERS = [f"ann-{number}" for number in range(5)]
_WORD = string.ascii_letters + string.digits


def _text(dice, alphabet, length):
    return "Z9" + "".join(dice.choice(alphabet) for _ in range(length)) + "q7"


# What a cursor is made of.
MADE = {
    "letters and digits": lambda dice: _text(dice, _WORD, 20),
    "few of them": lambda dice: _text(dice, _WORD, 4),
    "reserved characters": lambda dice: _text(dice, string.ascii_letters + "/+=&", 16) + "/+=&",
    "JSON": lambda dice: json.dumps({"after": _text(dice, string.ascii_letters, 12)}),
    "base64 of JSON": lambda dice: base64.b64encode(
        json.dumps({"id": _text(dice, string.digits, 9)}).encode()
    ).decode(),
    "a number": lambda dice: dice.randrange(10**8, 10**9),
    "digits": lambda dice: str(dice.randrange(10**8, 10**9)),
    "a UUID": lambda dice: str(uuid.UUID(int=dice.getrandbits(128))),
    "a time": lambda dice: f"2026-11-{dice.randrange(10, 29)}T10:00:00.{dice.randrange(10**5, 10**6)}+02:00",
}


class Bare:
    """An API with a cursor as it is, which goes into a query."""

    aliases = {"cursor": "next"}

    def answer(self, users, cursor, size):
        """Headers and body of a page, with the cursor of the next one if there is one."""
        return {}, {"users": users, "next": None if cursor is None else self.link(cursor, size)}

    def link(self, cursor, size):
        return cursor

    def asked(self, asked: Asked):
        """The cursor and the size in a request."""
        return asked.query.get("cursor"), int(asked.query["limit"])

    def next_of(self, response):
        """What a connector finds in a response of the next page."""
        return response.json()["next"]

    async def ask(self, http, place, size):
        """The request of a connector for that page, or for the first."""
        following = {} if place is None else {"cursor": place}
        return await http.get("/users", params={"limit": size, **following})


class InAForm(Bare):
    def asked(self, asked):
        fields = {name: values[0] for name, values in parse_qs(asked.body).items()}
        return fields.get("cursor"), int(fields["limit"])

    async def ask(self, http, place, size):
        following = {} if place is None else {"cursor": place}
        return await http.post("/search", data={"limit": size, **following})


class InJSON(Bare):
    def asked(self, asked):
        return asked.body["cursor"], asked.body["limit"]

    async def ask(self, http, place, size):
        return await http.post("/search", json={"limit": size, "cursor": place})


class InAPath(Bare):
    def asked(self, asked):
        _, found, cursor = asked.path.partition("/pages/")
        return cursor if found else None, int(asked.query["limit"])

    async def ask(self, http, place, size):
        path = "/users" if place is None else f"/pages/{quote(str(place), safe='')}"
        return await http.get(path, params={"limit": size})


class InBase64(Bare):
    """A connector that sends what it makes of the cursor."""

    def asked(self, asked):
        token = asked.query.get("state")
        cursor = None if token is None else json.loads(base64.b64decode(token + "=="))["cursor"]
        return cursor, int(asked.query["limit"])

    async def ask(self, http, place, size):
        state = base64.b64encode(json.dumps({"cursor": place}).encode()).decode().rstrip("=")
        return await http.get("/users", params={"limit": size, **({} if place is None else {"state": state})})


class Link(Bare):
    """An absolute link."""

    origin = ORIGIN

    def link(self, cursor, size):
        return f"{self.origin}/users?{urlencode({'cursor': cursor, 'limit': size, 'sort': 'createdAt'})}"

    async def ask(self, http, place, size):
        return await http.get(f"/users?limit={size}" if place is None else place)


class Rooted(Link):
    origin = ""


class Relative(Link):
    def link(self, cursor, size):
        return super().link(cursor, size).removeprefix(f"{ORIGIN}/")


class LinkToAPath(Link, InAPath):
    def link(self, cursor, size):
        return f"/v1/pages/{quote(str(cursor), safe='')}?limit={size}"


class LinkHeader(Link):
    aliases = {"cursor": "response.headers.link"}

    def answer(self, users, cursor, size):
        link = f'<{ORIGIN}/users?limit={size}>; rel="first"'
        if cursor is not None:
            link += f', <{self.link(cursor, size)}>; rel="next"'
        return {"link": link}, {"users": users}

    def next_of(self, response):
        return response.links.get("next", {}).get("url")


class Encoded(Link):
    """A link that is percent-encoded as a whole."""

    def link(self, cursor, size):
        return quote(super().link(cursor, size), safe="")

    async def ask(self, http, place, size):
        return await super().ask(http, place and unquote(place), size)


class EncodedTwice(Encoded):
    def link(self, cursor, size):
        return quote(super().link(cursor, size), safe="")

    async def ask(self, http, place, size):
        return await super().ask(http, place and unquote(place), size)


class LinkInALink(Link):
    def link(self, cursor, size):
        return f"{ORIGIN}/go?{urlencode({'url': super().link(cursor, size)})}"

    async def ask(self, http, place, size):
        return await super().ask(http, place and parse_qs(urlsplit(place).query)["url"][0], size)


class TakenOut(Link):
    """A link to another host, of which the connector takes the cursor alone."""

    origin = "http://internal-7.example:8080"

    async def ask(self, http, place, size):
        return await Bare.ask(self, http, place and parse_qs(urlsplit(place).query)["cursor"][0], size)


class Two(Bare):
    """Two cursors, one of which begins like the other."""

    aliases = {"cursor": "next[]"}

    def link(self, cursor, size):
        return [cursor, f"{cursor}x8"]

    def asked(self, asked):
        cursor, size = super().asked(asked)
        assert asked.query.get("other") == (cursor and f"{cursor}x8")
        return cursor, size

    async def ask(self, http, place, size):
        following = dict(zip(("cursor", "other"), place or (), strict=False))
        return await http.get("/users", params={"limit": size, **following})


APIS = {each.__name__: each() for each in (
    Bare, InAForm, InJSON, InAPath, InBase64, Link, Rooted, Relative, LinkToAPath, LinkHeader, Encoded,
    EncodedTwice, LinkInALink, TakenOut, Two,
)}  # fmt: skip


def _base64(encode, decode, strip=""):
    """A connector's own token: base64 of JSON."""

    def token(place):
        return encode(json.dumps({"p": place}).encode()).decode().rstrip(strip)

    return token, lambda text: json.loads(decode(text + "=" * (-len(text) % 4)))["p"]


def _of_sdk(place):
    return msgpack.packb([{"endpoint": None, "after": place}, {"after": [1, place]}]).hex()


# How a connector keeps the place of the next page in the token that it gives to Lumos, and takes it out.
KEPT = {
    "as it is": (lambda place: place, lambda token: token),
    "NextPageToken": (_of_sdk, lambda token: msgpack.unpackb(bytes.fromhex(token))[0]["after"]),
    "base64": _base64(base64.b64encode, base64.b64decode),
    "base64 for URLs": _base64(base64.urlsafe_b64encode, base64.urlsafe_b64decode),
    "base64 without padding": _base64(base64.b64encode, base64.b64decode, "="),
}


class Paged(Connector):
    """A connector of one list, and the server of it, which makes up new cursors each time."""

    def __init__(self, api, made="letters and digits", kept="NextPageToken"):
        super().__init__(list_accounts=None)
        self.api, self.kept = api, kept
        self.places = {}
        self._dice = random.Random(7)  # noqa: S311 - nothing secret
        self._make = MADE[made]

    async def dispatch(self, name, text):
        to_token, from_token = KEPT[self.kept]
        page = json.loads(text).get("page") or {}
        size, token = page["size"], page.get("token")
        async with client() as http:
            response = await self.api.ask(http, None if token is None else from_token(token), size)
        if response.is_error:
            return json.dumps({"is_error": True, "error": {"message": "no", "error_code": "bad_request"}})
        following = self.api.next_of(response)
        users = [{"integration_specific_id": user} for user in response.json()["users"]]
        page = {"token": None if following is None else to_token(following), "size": size}
        return json.dumps({"response": users, "page": page})

    def serve(self, asked):
        cursor, size = self.api.asked(asked)
        if cursor is not None and str(cursor) not in self.places:
            return 400, {}, {"error": "no such cursor"}
        start = 0 if cursor is None else self.places[str(cursor)]
        end, made = start + size, None
        if end < len(USERS):
            made = self._make(self._dice)
            self.places[str(made)] = end
        headers, body = self.api.answer(USERS[start:end], made, size)
        return 200, headers, body


async def walk(lumos):
    pages = await lumos.walk("list_accounts", page_size=2)
    assert [user["integration_specific_id"] for page in pages for user in page["response"]] == USERS
    return pages


def steady(root, paged):
    """A project whose recordings are the same each time, and can be replayed whole and call by call."""
    project = Project(root, paged, paged.serve, {"aliases": paged.api.aliases})
    snapshots = []

    async def compared(scenario):
        pages = await walk(scenario.lumos)
        snapshots.append(readable_text(scenario._normalizer.json(readable(pages))))
        replays = scenario.replays
        for call in replays.cassette.calls:
            alone = await replays.replay(call)
            assert (alone.failure, alone.off_script) == (None, [])
            assert dict(alone.asked) == dict.fromkeys(call.interactions, 1)

    recorded = []
    for mode in ("rewrite", "rewrite", "none"):
        project.run(mode, walk, during=compared)
        recorded.append(project.text())
    assert len(set(recorded)) == len(set(snapshots)) == 1
    for cursor in paged.places:
        for spelling in {cursor, quote(cursor, safe=""), cursor.encode().hex()}:
            assert spelling not in recorded[0] + snapshots[0]
    return project


@pytest.mark.parametrize("api", APIS)
def test_a_cursor_has_one_alias_wherever_the_connector_finds_it(tmp_path, api):
    steady(tmp_path, Paged(APIS[api]))


@pytest.mark.parametrize("kept", KEPT)
@pytest.mark.parametrize("api", ["Bare", "Link", "LinkToAPath"])
def test_a_cursor_has_one_alias_wherever_the_connector_keeps_it(tmp_path, api, kept):
    steady(tmp_path, Paged(APIS[api], kept=kept))


@pytest.mark.parametrize("made", MADE)
@pytest.mark.parametrize("api", ["Bare", "InAForm", "InBase64", "LinkToAPath"])
def test_a_cursor_has_one_alias_whatever_it_is_made_of(tmp_path, api, made):
    steady(tmp_path, Paged(APIS[api], made, "base64"))


def test_a_link_is_stored_as_a_link(tmp_path):
    stored = steady(tmp_path, Paged(Link())).text()
    assert f"uri: {ORIGIN}/users?cursor=cursor-2&limit=2&sort=createdAt\n" in stored
    assert f'"next": "{ORIGIN}/users?cursor=cursor-1&limit=2&sort=createdAt"' in stored
    assert f'{{"NextPageToken": [{{"endpoint": null, "after": "{ORIGIN}/users?cursor=cursor-1' in stored


class Dropped(Bare):
    """A connector that forgets the cursor, or asks for the first page again."""

    async def ask(self, http, place, size):
        return await super().ask(http, None, size)


class Other(Bare):
    """A connector that sends another cursor."""

    async def ask(self, http, place, size):
        return await super().ask(http, place and f"{place}1", size)


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (Dropped(), f"not made yet, number 2: GET {ORIGIN}/users?limit=2&cursor=cursor-1"),
        (Other(), "query cursor: recorded 'cursor-1', now 'cursor-11'"),
    ],
)
def test_a_connector_that_sends_another_cursor_is_a_request_change_with_the_alias(tmp_path, broken, said):
    paged = Paged(Bare())
    project = steady(tmp_path, paged)
    paged.api.ask = broken.ask
    with pytest.raises(UnmatchedRequest) as caught:
        project.replay(walk)
    assert said in str(caught.value)


def test_a_page_that_is_never_asked_for_is_a_request_change_with_the_alias(tmp_path):
    paged = Paged(Link())
    project = steady(tmp_path, paged)
    paged.api.next_of = lambda response: None

    async def first(lumos):
        await lumos.walk("list_accounts", page_size=2)

    with pytest.raises(UnplayedInteractions) as caught:
        project.replay(first)
    assert "/users?cursor=cursor-1&limit=2" in str(caught.value)


def test_pages_of_another_size_are_a_request_change(tmp_path):
    project = steady(tmp_path, Paged(Link()))

    async def larger(lumos):
        await lumos.walk("list_accounts", page_size=3)

    with pytest.raises(UnmatchedRequest, match="query limit: recorded '2', now '3'"):
        project.replay(larger)


def test_a_cursor_that_is_the_id_of_a_user_is_the_alias_there_too(tmp_path):
    ids = itertools.cycle(["ann-1", "ann-3"])
    paged = Paged(Bare())
    paged._make = lambda _: next(ids)
    project = Project(tmp_path, paged, paged.serve, {"aliases": paged.api.aliases})
    stored = project.record(walk)
    assert '"ann-0",\n            "cursor-1"' in stored
    assert project.record(walk) == stored

    async def replayed(lumos):
        first, *_ = await lumos.walk("list_accounts", page_size=2)
        assert [user["integration_specific_id"] for user in first["response"]] == ["ann-0", "cursor-1"]

    project.replay(replayed)


def test_a_cursor_that_may_be_anything_is_refused(tmp_path):
    paged = Paged(Bare())
    paged._make = lambda _: "1"
    project = Project(tmp_path, paged, paged.serve, {"aliases": paged.api.aliases})
    with pytest.raises(UsageError, match="it finds '1': a number this short may be anything"):
        project.record(walk)


def test_what_is_recorded_beside_what_is_there_has_aliases_of_its_own(tmp_path):
    project = steady(tmp_path, Paged(Bare()))

    async def twice(lumos):
        await walk(lumos)
        await lumos.walk("list_accounts", page_size=1)

    project.run("new_episodes", twice)
    project.replay(twice)
    stored = project.text()
    assert [stored.count(f'"next": "cursor-{number}"') for number in range(1, 8)] == [1] * 6 + [0]
