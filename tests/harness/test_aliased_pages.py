"""Cursors that a server makes up each time, wherever a connector finds them, keeps them, and sends them."""

from __future__ import annotations

import base64
import itertools
import json
import random
import string
import uuid
from urllib.parse import parse_qs, parse_qsl, quote, urlencode, urlsplit

import msgpack
import pytest
from scenario_testing import ORIGIN, Connector, Project, client

from connector_contract.errors import ContractError, UnmatchedRequest
from connector_contract.storage.snapshot_format import readable_text, readable

pytestmark = pytest.mark.loopback

USERS = [f"ann-{number}" for number in range(5)]


class Cursors:
    """The cursors of a server: for each place in the list a new one, each time it is asked for."""

    def __init__(self, make):
        self.places = {}
        self._make = make

    def to(self, place):
        cursor = self._make()
        self.places[str(cursor)] = place
        return cursor


_random = random.SystemRandom()


def _text(alphabet, length):
    # A cursor that is a word by chance would be one in some runs.
    return "Z9" + "".join(_random.choice(alphabet) for _ in range(length)) + "q7"


_AWKWARD = string.ascii_letters + "/+=&"
MADE = {
    "letters and digits": lambda: _text(string.ascii_letters + string.digits, 20),
    "short": lambda: _text(string.ascii_letters + string.digits, 4),
    "reserved characters": lambda: _text(_AWKWARD, 16) + "/+=&",
    "JSON": lambda: json.dumps({"after": _text(string.ascii_letters, 12)}),
    "base64 of JSON": lambda: base64.b64encode(json.dumps({"id": _text(string.digits, 9)}).encode()).decode(),
    "a number": lambda: _random.randrange(10**8, 10**9),
    "digits": lambda: str(_random.randrange(10**8, 10**9)),
    "a UUID": lambda: str(uuid.uuid4()),
    "a time": lambda: f"2026-11-{_random.randrange(10, 29)}T10:00:00.{_random.randrange(10**5, 10**6)}+02:00",
}


class Bare:
    """A cursor as it is, in a query."""

    aliases = {"cursor": "next"}
    keeps_kind = True

    def answer(self, users, cursor, size):
        return {}, {"users": users, "next": cursor}

    def cursor_of(self, asked):
        return asked.query.get("cursor")

    def size_of(self, asked):
        return int(asked.query["limit"])

    def next_of(self, response):
        return response.json()["next"]

    async def ask(self, http, place, size):
        following = {} if place is None else {"cursor": place}
        return await http.get("/users", params={"limit": size, **following})


class InAForm(Bare):
    def cursor_of(self, asked):
        return parse_qs(asked.body).get("cursor", [None])[0]

    def size_of(self, asked):
        return int(parse_qs(asked.body)["limit"][0])

    async def ask(self, http, place, size):
        following = {} if place is None else {"cursor": place}
        return await http.post("/search", data={"limit": size, **following})


class InJSON(Bare):
    def cursor_of(self, asked):
        return asked.body["cursor"]

    def size_of(self, asked):
        return asked.body["limit"]

    async def ask(self, http, place, size):
        return await http.post("/search", json={"limit": size, "cursor": place})


class InAPath(Bare):
    """A bare cursor, which the connector puts into a path."""

    def cursor_of(self, asked):
        return asked.path.removeprefix("/pages/") if asked.path.startswith("/pages/") else None

    async def ask(self, http, place, size):
        path = "/users" if place is None else f"/pages/{quote(str(place), safe='')}"
        return await http.get(path, params={"limit": size})


class Link(Bare):
    """An absolute link."""

    origin = ORIGIN

    def answer(self, users, cursor, size):
        return {}, {"users": users, "next": None if cursor is None else self.link(cursor, size)}

    def link(self, cursor, size):
        return f"{self.origin}/users?{urlencode({'cursor': cursor, 'limit': size, 'sort': 'createdAt'})}"

    async def ask(self, http, place, size):
        return await http.get(f"/users?limit={size}" if place is None else place)


class Rooted(Link):
    origin = ""


class Relative(Link):
    def link(self, cursor, size):
        return super().link(cursor, size).removeprefix(f"{ORIGIN}/")


class UnencodedLink(Link):
    """A link with a cursor that its server did not encode."""

    def link(self, cursor, size):
        return f"{ORIGIN}/users?limit={size}&cursor={cursor}"


class PathLink(Link):
    def link(self, cursor, size):
        return f"/v1/pages/{quote(str(cursor), safe='')}?limit={size}"

    def cursor_of(self, asked):
        return asked.path.removeprefix("/v1/pages/") if asked.path.startswith("/v1/pages/") else None


class LinkHeader(Link):
    aliases = {"cursor": "response.headers.link"}

    def answer(self, users, cursor, size):
        headers = {"link": f'<{ORIGIN}/users?limit={size}>; rel="first"'}
        if cursor is not None:
            headers["link"] += f', <{self.link(cursor, size)}>; rel="next"'
        return headers, {"users": users}

    def next_of(self, response):
        return response.links.get("next", {}).get("url")


class EncodedLink(Link):
    """A link that is percent-encoded as a whole."""

    def link(self, cursor, size):
        return quote(super().link(cursor, size), safe="")

    async def ask(self, http, place, size):
        from urllib.parse import unquote

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
        following = {} if place is None else {"cursor": dict(parse_qsl(urlsplit(place).query))["cursor"]}
        return await http.get("/users", params={"limit": size, **following})


APIS = {kind.__name__: kind() for kind in
        (Bare, InAForm, InJSON, InAPath, Link, Rooted, Relative, PathLink, LinkHeader, EncodedLink, LinkInALink, TakenOut)}  # fmt: skip


def _json64(encode, strip=""):
    def pack(place):
        return encode(json.dumps({"p": place}).encode()).decode().rstrip(strip)

    def unpack(token):
        padded = token + "=" * (-len(token) % 4)
        return json.loads(base64.b64decode(padded, altchars=b"-_" if encode is base64.urlsafe_b64encode else None))["p"]

    return pack, unpack


# How a connector keeps the place of the next page in the token that it gives to Lumos, and takes it out.
KEPT = {
    "as it is": (str, str),
    "the SDK's": (
        lambda place: msgpack.packb([{"endpoint": None, "after": place}]).hex(),
        lambda token: msgpack.unpackb(bytes.fromhex(token))[0]["after"],
    ),
    "the SDK's, of several": (
        lambda place: msgpack.packb([{"after": place, "n": 1}, {"after": f"2 {place}"}]).hex(),
        lambda token: msgpack.unpackb(bytes.fromhex(token))[0]["after"],
    ),
    "base64 of JSON": _json64(base64.b64encode),
    "base64 of JSON, for URLs": _json64(base64.urlsafe_b64encode),
    "base64 of JSON, not padded": _json64(base64.b64encode, "="),
}


class Paged(Connector):
    """A connector of one list, and the server of it."""

    def __init__(self, api, made="letters and digits", kept="as it is"):
        super().__init__(list_accounts=None)
        self.api, self.cursors = api, Cursors(MADE[made])
        self.pack, self.unpack = KEPT[kept]
        self.ask = api.ask

    async def dispatch(self, name, text):
        page = json.loads(text).get("page") or {}
        size, token = page.get("size") or 2, page.get("token")
        async with client() as http:
            response = await self.ask(http, None if token is None else self.unpack(token), size)
            if response.is_error:
                return json.dumps({"is_error": True, "error": {"message": "no", "error_code": "bad_request"}})
        following = self.api.next_of(response)
        token = None if following is None else self.pack(following)
        users = [{"integration_specific_id": user} for user in response.json()["users"]]
        return json.dumps({"response": users, "page": {"token": token, "size": size}})

    def serve(self, asked):
        cursor, size = self.api.cursor_of(asked), self.api.size_of(asked)
        if cursor is not None and str(cursor) not in self.cursors.places:
            return 400, {}, {"error": f"no such cursor: {cursor}"}
        start = 0 if cursor is None else self.cursors.places[str(cursor)]
        users, end = USERS[start : start + size], start + size
        headers, body = self.api.answer(users, self.cursors.to(end) if end < len(USERS) else None, size)
        return 200, headers, body


async def walk(lumos, size=2):
    pages = await lumos.walk("list_accounts", page_size=size)
    assert [user["integration_specific_id"] for page in pages for user in page["response"]] == USERS
    return pages


def steady(root, paged):
    """A project whose recordings have nothing random in them, and which replays."""
    project = Project(root, paged, paged.serve, {"aliases": paged.api.aliases})
    seen = []

    async def during(scenario):
        pages = await walk(scenario.lumos)
        seen.append(readable_text(scenario._normalizer.json(readable(pages))))

    project.run("rewrite", walk, during=during)
    stored = project.text()
    project.run("rewrite", walk, during=during)
    assert project.text() == stored
    project.run("none", walk, during=during)
    assert seen[0] == seen[1] == seen[2]
    for cursor in map(str, paged.cursors.places):
        for spelling in {cursor, quote(cursor, safe=""), cursor.encode().hex()}:
            assert spelling not in stored
            assert spelling not in seen[0]
    return project


@pytest.mark.parametrize("kept", KEPT)
@pytest.mark.parametrize("api", APIS)
def test_a_cursor_is_one_wherever_the_connector_finds_and_keeps_it(tmp_path, api, kept):
    steady(tmp_path, Paged(APIS[api], kept=kept))


@pytest.mark.parametrize("made", MADE)
@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("kept", ["the SDK's", "base64 of JSON"])
def test_whatever_a_cursor_is_made_of(tmp_path, api, made, kept):
    steady(tmp_path, Paged(APIS[api], made, kept))
