"""Of what the matrix of secrets is made: kinds of secrets, how they are spelled, and where they travel."""

from __future__ import annotations

import base64
import csv
import gzip
import html
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import brotli
import zstandard

from connector_contract.recording.interactions import Interaction, Request, Response
from connector_contract.secrets.spellings import as_header

ORIGIN = "https://acme.example"
JSON = (("content-type", "application/json"),)


# What the secrets are


@dataclass(frozen=True)
class Kind:
    """A kind of secret.

    Attributes:
        secret: What travels.
        auth: What the connector is configured with; empty if the server hands the secret out.
        field: The field that the server hands it out in, before; empty if nothing says what it is before.
        needle: What of the secret must not be left; all of it if empty.
        name: The name that tells it, in each place that has names; empty if none does.
    """

    secret: str
    auth: Mapping[str, Any] = field(default_factory=dict)
    field: str = ""
    needle: str = ""
    name: str = ""

    @property
    def sought(self) -> str:
        return self.needle or self.secret

    @property
    def is_unseen(self) -> bool:
        """Whether it is first seen in its cell."""
        return not self.auth and not self.field


def _token(secret: str, needle: str = "") -> Kind:
    return Kind(secret, {"token": {"token": secret}}, needle=needle)


def _password(secret: str) -> Kind:
    return Kind(secret, {"basic": {"username": "admin", "password": secret}})


def _handed(secret: str, name: str = "note") -> Kind:
    return Kind(secret, field=name)


def _url64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


_LINES = [base64.b64encode(bytes(range(line, line + 48))).decode() for line in (3, 59, 131)]
_PEM = "\n".join(["-----BEGIN " + "PRIVATE KEY-----", *_LINES, "-----END " + "PRIVATE KEY-----", ""])
_HALF = "Zq7" + "vB2nM" + "9xKd4LwT"
_ACCOUNT = {"type": "service_account", "client_email": "svc@acme.example", "private_key": _PEM}
_JWT = ".".join(
    [
        _url64(b'{"alg":"HS256","typ":"JWT"}'),
        _url64(b'{"sub":"svc-7","iat":1764489600}'),
        _url64(bytes(range(100, 132))),
    ]
)

_GITHUB, _AWS = "gh" + "p_" + "a1B2" * 9, "AK" + "IA" + "QWERTYUI23" + "ASDFGH"

KINDS: dict[str, Kind] = {
    "plain key": _token("k3Y" + "of4cme" + "5fT9wQz"),
    "UUID": _token("6f1d2c3b" + "-4a5e-4f60-" + "8b7c-9d0e1f2a3b4c"),
    "hex key": _token("9f86d081" + "884c7d65" + "9a2feaa0c55ad015"),
    "base64 token": _token("q8+Zr/" + "X1v7/Kd+" + "0pLmWs2Yt4=="),
    "JWT": _token(_JWT),
    "id:secret": _token("svc-acme:" + _HALF, _HALF),
    "KEYID.SECRET": _token("KEY4ACME." + _HALF, _HALF),
    "connection string": _token(f"Server=db;User Id=svc;Password={_HALF};Encrypt=true", _HALF),
    "JSON with e-mail:secret": _token(json.dumps({"basic": f"svc@acme.example:{_HALF}"}), _HALF),
    "service account": _token(json.dumps(_ACCOUNT), _LINES[1]),
    "PEM": _token(_PEM, _LINES[1]),
    "password with special characters": _password("p4s$ w0" + "rd/&<x>\"'+=%25\\q"),
    "password in Unicode": _password("schlüssel" + "-ß-9-ключ"),
    "password of 6 letters": _password("ses" + "ame"),
    "GitHub's form": _handed(_GITHUB),
    "AWS's form": _handed(_AWS),
    "Slack's form": _handed("xox" + "b-" + "123456789012-" + "123456789012-" + "a1B2c3D4" * 3),
    "by name": _handed("hNd" + "3dOut" + "7byTheServer", "access_token"),
    "by name, with special characters": _handed("h4nd/ed+" + "out=&by%it", "client_secret"),
    "GitHub's form, unseen": Kind(_GITHUB),
    "AWS's form, unseen": Kind(_AWS),
    "PEM, unseen": Kind(_PEM, needle=_LINES[1]),
    "by name, unseen": Kind("uNs33n" + "4ndSecr3t" + "+/9", name="client_secret"),
}


# How they are spelled


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _json_escapes(text: str) -> str:
    units = text.encode("utf-16-be")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def _percent(text: str) -> str:
    return "".join(f"%{byte:02X}" if byte % 2 else quote(bytes([byte]), safe="") for byte in text.encode())


SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "percent": _percent,
    "percent twice": lambda text: quote(_percent(text), safe=""),
    "lower-case percent": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "base64": _base64,
    "base64 for URLs": lambda text: _url64(text.encode()),
    "base64 twice": lambda text: _base64(_base64(text)),
    "base64 of JSON": lambda text: _base64(json.dumps({"n": 1, "value": text, "q": "a=1"})),
    "gzip in base64": lambda text: base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode(),
    "hex": lambda text: text.encode().hex(),
    "HTML": html.escape,
    "HTML by numbers": lambda text: "".join(f"&#{ord(letter)};" for letter in text),
    "JSON's \\u": _json_escapes,
    "JSON in JSON": lambda text: json.dumps({"inner": json.dumps({"value": text})}),
    "UTF-16 in base64": lambda text: base64.b64encode(text.encode("utf-16")).decode(),
    "other case": lambda text: text.swapcase(),
}
"""Each spells the text of a secret."""

OF_ONE_CASE = ("UUID", "hex key")
"""The kinds that are the same secret in the other case."""

CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "UTF-16": lambda body: body.decode("utf-8").encode("utf-16"),
    "gzip": lambda body: gzip.compress(body, mtime=0),
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}
"""Each spells a whole body; but for the first, a header says so."""


# Where they travel


@dataclass(frozen=True)
class Traffic:
    """What a connector asks and is answered, and what Lumos does.

    Attributes:
        interactions: In their order.
        asked: What Lumos asks.
        answer: What Lumos is answered.
    """

    interactions: tuple[Interaction, ...] = ()
    asked: Any = None
    answer: Any = None


@dataclass(frozen=True)
class Place:
    """A place that a text can travel in.

    Attributes:
        made: The traffic that has a text there, under a name.
        takes: Whether a text can be there as it is.
        name: The name that it has there, unless another one is said; empty where it has none.
        has_secret_name: Whether that name says that the text is secret.
    """

    made: Callable[[str, str], Traffic]
    takes: Callable[[str], bool] = lambda text: True
    name: str = "note"
    has_secret_name: bool = False


def _asks(path: str = "/v1/users", headers: tuple[tuple[str, str], ...] = (), body: bytes = b"") -> Traffic:
    method = "POST" if body else "GET"
    return Traffic((Interaction(Request(method, ORIGIN + path, headers, body), Response(204)),))


def _answers(body: str = "", kind: str = "", *headers: tuple[str, str], status: int = 200) -> Traffic:
    if kind:
        headers = (("content-type", kind), *headers)
    request = Request("GET", f"{ORIGIN}/v1/users")
    return Traffic((Interaction(request, Response(status, "OK", headers, body.encode())),))


def _fits_a_header(text: str) -> bool:
    return text.strip() == text and not any(ord(letter) < 32 for letter in text)


def _fits_a_cookie(text: str) -> bool:
    return text.isascii() and not any(letter in ' ",;\\' or ord(letter) < 33 for letter in text)


def _form(name: str, text: str) -> Traffic:
    body = f"grant=1&{quote(name)}={quote(text, safe='')}".encode()
    return _asks(headers=(("content-type", "application/x-www-form-urlencoded"),), body=body)


def _multipart(name: str, text: str) -> Traffic:
    body = f'--b0\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n--b0--\r\n'
    return _asks(headers=(("content-type", "multipart/form-data; boundary=b0"),), body=body.encode())


def _graphql(name: str, text: str) -> Traffic:
    query = f"mutation {{ save(id: 7, {name}: {json.dumps(text)}) {{ id }} }}"
    return _asks(headers=JSON, body=json.dumps({"query": query}).encode())


def _scim(name: str, text: str) -> Traffic:
    change = {"op": "replace", "path": f"urn:scim:User:{name}", "value": text}
    return _asks(headers=JSON, body=json.dumps({"Operations": [change]}).encode())


def _csv(name: str, text: str) -> Traffic:
    table = io.StringIO()
    csv.writer(table).writerows([["id", name, "n"], ["u1", text, "1"], ["u2", "", "2"]])
    return _answers(table.getvalue(), "text/csv")


def _xml(name: str, text: str) -> str:
    return f'<?xml version="1.0"?><user><id>u1</id><{name}>{html.escape(text)}</{name}></user>'


def _page(name: str, text: str) -> Traffic:
    shown = html.escape(text)
    return _answers(
        f'<!doctype html><html><body><p>{shown}</p><input name="{name}" value="{shown}"></body></html>',
        "text/html",
    )


def _in_json(name: str, text: str) -> str:
    return json.dumps({"id": "u1", name: text, "n": 1})


def _escaped_json(name: str, text: str) -> Traffic:
    return _answers(f'{{"id":"u1","{name}":"{_json_escapes(text)}"}}', "application/json")


def _error(name: str, text: str) -> Traffic:
    body = json.dumps({"error": {"code": 400, "message": f'Bad value "{text}" for {name}, try again'}})
    return _answers(body, "application/json", status=400)


_LOCATION = "https://acme.example/next?"

PLACES: dict[str, Place] = {
    "authorization": Place(
        lambda name, text: _asks(headers=(("authorization", f"Bearer {as_header(text)}"),)),
        _fits_a_header,
        "",
        has_secret_name=True,
    ),
    "header of a request": Place(
        lambda name, text: _asks(headers=(("x-note", as_header(text)),)), _fits_a_header, ""
    ),
    "query": Place(lambda name, text: _asks(f"/v1/users?{quote(name)}={quote(text, safe='')}&n=1")),
    "path": Place(lambda name, text: _asks(f"/v1/notes/{quote(text, safe='')}/more"), name=""),
    "JSON of a request": Place(lambda name, text: _asks(headers=JSON, body=_in_json(name, text).encode())),
    "SCIM": Place(_scim),
    "form": Place(_form),
    "multipart": Place(_multipart, lambda text: "\r" not in text),
    "XML of a request": Place(
        lambda name, text: _asks(headers=(("content-type", "text/xml"),), body=_xml(name, text).encode())
    ),
    "GraphQL": Place(_graphql),
    "cookie": Place(
        lambda name, text: _asks(headers=(("cookie", f"theme=dark; session={text}"),)),
        _fits_a_cookie,
        "",
        has_secret_name=True,
    ),
    "user of a URL": Place(
        lambda name, text: _answers(json.dumps({"dsn": f"https://svc:{quote(text, safe='')}@db.example/a"})),
        name="",
    ),
    "header of a response": Place(
        lambda name, text: _answers("{}", "", ("x-note", as_header(text))), _fits_a_header, ""
    ),
    "Set-Cookie": Place(
        lambda name, text: _answers("{}", "", ("set-cookie", f"session={text}; Path=/; HttpOnly")),
        _fits_a_cookie,
        "",
        has_secret_name=True,
    ),
    "Location": Place(
        lambda name, text: _answers(
            "", "", ("location", f"{_LOCATION}{name}={quote(text, safe='')}"), status=302
        )
    ),
    "JSON, secret name": Place(
        lambda name, text: _answers(_in_json("client_secret", text), "application/json"),
        name="",
        has_secret_name=True,
    ),
    "JSON": Place(lambda name, text: _answers(_in_json(name, text), "application/json")),
    "JSON with escapes": Place(_escaped_json),
    "XML": Place(lambda name, text: _answers(_xml(name, text), "application/xml")),
    "HTML": Place(_page),
    "CSV": Place(_csv),
    "text": Place(lambda name, text: _answers(f"Note of today: {text} (end)\n", "text/plain"), name=""),
    "lines of text": Place(
        lambda name, text: _answers(f"{text}\nusers-and-groups-of-today\n", "text/plain"), name=""
    ),
    "event stream": Place(
        lambda name, text: _answers(
            f"event: user\ndata: {_in_json(name, text)}\n\ndata: {{}}\n\n", "text/event-stream"
        )
    ),
    "error message": Place(_error, name=""),
    "asked by Lumos": Place(lambda name, text: Traffic(asked={"account_id": "u1", name: text})),
    "answered to Lumos": Place(
        lambda name, text: Traffic(answer={"response": [{"id": "u1", name: text}], "page": None})
    ),
}


def in_coding(traffic: Traffic, name: str) -> Traffic | None:
    """Traffic whose bodies are in a coding; ``None`` if it has no body that can be."""
    (interaction,) = traffic.interactions or (None,)
    if name == "UTF-16" and interaction and b"form" in repr(interaction.request.headers).encode():
        return None
    if interaction is None or not (interaction.request.body or len(interaction.response.body) > 2):
        return None
    request, response = interaction.request, interaction.response
    header = () if name == "UTF-16" else (("content-encoding", name),)
    if request.body:
        body = CODINGS[name](request.body)
        request = Request(request.method, request.uri, (*request.headers, *header), body)
    else:
        body = CODINGS[name](response.body)
        response = Response(response.status, response.reason, (*response.headers, *header), body)
    return Traffic((Interaction(request, response),))


# What is no secret

ORDINARY = (
    ("role", "admin"),
    ("display_name", "Ada Admin"),
    ("token_type", "bearer"),
    ("next_page_token", "eyJvZmZzZXQiOjEwMH0"),
    ("password_policy", "strong"),
    ("secret_santa_enabled", "true"),
    ("public_key_id", "key-2026"),
    ("created_at", "2026-11-29T08:00:00Z"),
    ("id", "0b7c9d0e-1f2a-4b4c-8d1d-2c3b4a5e4f60"),
    ("etag", "5d41402abc4b2a76b9719d911017c592"),
    ("title", "Key account manager"),
    ("text", "The password is required, and a token is sent by mail"),
    ("sort_key", "2026-ada-0001"),
    ("ParameterKey", "department"),
    ("photo", base64.b64encode(b"\x89PNG" + bytes(range(200, 256))).decode()),
    ("number", "1234567890"),
    ("name", "Zoë Müller-Ключева"),
)
"""Names and values of what has to stay as it is, whatever secrets there are."""
