"""Keep secrets off the disk: every known secret becomes a placeholder, the same one wherever it appears.

Aliased values have their stand-ins in the same way, also within tokens (``wrapped``). ``known_secrets`` knows
which they are, and names the placeholders.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property
from itertools import product
from typing import Any

from connector_contract.clients.content_codings import within
from connector_contract.recording.interactions import Headers, Interaction, Request, Response
from connector_contract.secrets.fragments import SHORTEST_PIECE, Fragments
from connector_contract.secrets.left_over import LeftOver, Sought, left_over
from connector_contract.secrets.looks import Looks
from connector_contract.secrets.many_texts import ManyTexts
from connector_contract.secrets.markup_placeholders import is_markup, with_escaped
from connector_contract.secrets.named_places import NamedPlaces
from connector_contract.secrets.ordinary import is_ordinary, looks_random
from connector_contract.secrets.replacements import WORD_LENGTH, Edit, Replacements, applied
from connector_contract.secrets.restoring import Restoring
from connector_contract.secrets.rewritten import may_be_encoded, rewritten
from connector_contract.secrets.schemes import basic_pair, changes_each_time, split_scheme
from connector_contract.secrets.shown_placeholders import PLACEHOLDER
from connector_contract.secrets.spellings import (
    UTF_8,
    as_header,
    in_bytes,
    in_hex,
    in_utf_16,
    percent_encoded,
    respelled,
    spelled,
    spellings,
    spellings_of_secret,
    traces,
)
from connector_contract.secrets.url_logins import PASSWORD, USER
from connector_contract.secrets.user_places import UserPlaces
from connector_contract.secrets.wrapped import rewrapped
from connector_contract.storage.jsontext import JSON_TOKEN, is_json_document

# Base64 of a shorter secret is no longer than a word.
_SHORT_IN_BASE64 = 8
# An aliased number up to here is looked for as a word: 1234 is not 12345, nor a part of a time in seconds.
_NUMBER_LENGTH = 16

# The words that APIs want beside a secret are short: "x", "/token", "api_token".
_PLAIN = re.compile(r":?\W?[A-Za-z]{0,5}(?:[-_.][A-Za-z]{1,5})?:?")
_AFTER_PUBLIC = re.compile(r"(?:\W[A-Za-z]{1,5}(?:[-_.][A-Za-z]{1,5})?)?:?")
# Whatever is between two placeholders, but for the colon that parts it from one.
_UNKNOWN = re.compile(r"[^:].*?(?=:?\Z)", re.DOTALL)
_BETWEEN = re.compile(f"({PLACEHOLDER.pattern})")

# As the first part of a JSON web token is, which many have.
_JSON_IN_BASE64 = "eyJ"

_QUOTED = re.compile(f'"({PLACEHOLDER.pattern})"')

_COLON = re.compile(r"\s*:")

# Scheme and authority of a URI.
_ORIGIN = re.compile(r"[^:/?#]+://[^/?#]*")

# Pairs that HTTP basic authentication (RFC 7617) joins and encodes, so that neither can be seen.
_BASIC_PAIRS = (("username", "password"), ("client_id", "client_secret"))


class Redactor:
    """Replaces known secrets and aliased values, in whatever encoding HTTP gives them.

    Args:
        names: The name of the placeholder for each secret value.
        stand_ins: What stands for each aliased value.
        origins: What stands for each URL that a recording is made from.
        restored: The value for each of the stand-ins that what is played is to have the value for again.
        public: Values that may be shown beside a secret in basic authentication, such as a client's id.
        played: Further stand-ins: those that played responses have.
        named_places: Which of the secrets are replaced in places of secret names alone.
        users: The name of the placeholder for each name of a user, which stands where it authenticates.
        escaped: The names of the placeholders that played XML and HTML has escaped. Who passes it on as a
            text has not unescaped them.
    """

    def __init__(
        self,
        names: Mapping[str, str],
        stand_ins: Mapping[str, str] | None = None,
        origins: Mapping[str, str] | None = None,
        restored: Mapping[str, str] | None = None,
        public: Collection[str] = (),
        played: Collection[str] = (),
        named_places: NamedPlaces | None = None,
        users: Mapping[str, str] | None = None,
        escaped: Collection[str] = (),
    ) -> None:
        self._users = UserPlaces(users or {})
        self._places = NamedPlaces({}, frozenset()) if named_places is None else named_places
        self._names: dict[str, str] = {}
        self._shown = public
        # RFC 6749, 2.3.1, has a client's id encoded as in a form before it becomes half of a pair.
        self._public = {text for value in public for text in (value, *percent_encoded(value))}
        self._origins = dict(origins or {})
        self._stand_ins = {**(stand_ins or {}), **self._origins}
        self._aliased, self._played = dict(respelled(stand_ins or {})), played
        placed = {f"<{name}>": user for user, name in self._users.names.items()}
        self._restoring = Restoring({**(restored or {}), **placed}, restored or {})
        numbers = {each for each in self._aliased if each.isdigit() and len(each) < _NUMBER_LENGTH}
        self._replacements = Replacements(numbers)
        self._replacements.add(self._aliased.items())
        self._replacements.add(spellings({f"&lt;{name}&gt;": f"<{name}>" for name in escaped}))
        # A secret stays a secret if it is aliased as well, so it comes last.
        self._replacements.add(spellings(self._origins))
        self._in_utf_16 = Replacements()
        self._in_short_base64 = ManyTexts()
        # The first and last characters of tokens, and whose they are.
        self._ends, self._with_end = ManyTexts(), dict[bytes, set[str]]()
        # The values of each name that a pair of basic authentication may have.
        self._halves: dict[str, list[str]] = {}
        for user, name in self._users.names.items():
            self._halves.setdefault(name, []).append(user)
        self._looks = Looks()
        self._looks.look_for(
            (self._stand_ins, self._origins, self._users.names, sorted(public), sorted(escaped))
        )
        self._keys: dict[str, str] = {}
        self._known_headers: dict[tuple[Headers, bool], Headers] = {}
        self.has_spaces = self.has_other_letters = False
        for value, name in names.items():
            self.learn(value, name)

    def learn(self, value: str, name: str) -> None:
        """Replace a further secret, too.

        Args:
            value: The secret.
            name: The name of its placeholder.
        """
        self._restoring.learn(f"<{name}>", value)
        self._keys.clear()
        self._known_headers.clear()
        self.__dict__.pop("of_secrets", None)
        if value in self._places:
            return
        self._names[value] = name
        self._looks.look_for((value, name))
        # A word may be the name of a field, which says nothing of the secret; a long number is none.
        in_values = is_ordinary(value) and not (value.isdigit() and len(value) >= WORD_LENGTH)
        self._replacements.add(spellings_of_secret(value, name), in_values=in_values)
        self._replacements.add(self._basic_pairs(value, name))
        if len(value) >= WORD_LENGTH:
            self._in_utf_16.add(in_utf_16(value, name))
            self.has_spaces |= " " in value
            self.has_other_letters |= not value.isascii()
            if len(value) < _SHORT_IN_BASE64:
                self._in_short_base64.add(traces(value))
                self._in_short_base64.add(each.encode() for each in in_hex(value))
            if looks_random(value) and not value.startswith(_JSON_IN_BASE64):
                for end in map(in_bytes, (value[:SHORTEST_PIECE], value[-SHORTEST_PIECE:])):
                    self._ends.add((end,))
                    self._with_end.setdefault(end, set()).add(value)
            if "_sought" in self.__dict__:
                self._sought.add({value: name})

    def _basic_pairs(self, value: str, name: str) -> Iterator[tuple[bytes, bytes]]:
        group, dot, last = name.rpartition(".")
        for pair in _BASIC_PAIRS:
            if last in pair:
                self._halves.setdefault(name, []).append(value)
                halves = [[value] if each == last else self._half(f"{group}{dot}{each}") for each in pair]
                shown = f"<{group}{dot}{':'.join(pair)}>"
                for user, secret in product(*halves):
                    yield from spellings(dict.fromkeys(_as_pair(user, secret), shown))

    def _half(self, name: str) -> list[str]:
        return self._halves.get(name, [])

    @cached_property
    def _sought(self) -> Sought:
        return Sought(self._names)

    def data(self, data: bytes) -> bytes:
        """``data`` with each secret in it replaced by its placeholder, and each aliased value."""
        return self._rewrapped(self._plain(data))

    def _plain(self, data: bytes) -> bytes:
        return self._users.logins(self._encoded(self._replacements.replaced(data)))

    def _encoded(self, data: bytes) -> bytes:
        """``data`` without the secrets that are encoded in it in further ways."""
        if not self._in_utf_16:
            return data
        if b"\0" in data:
            data = self._in_utf_16.replaced(data)
        return self._without_pieces(self._decoded(data) if may_be_encoded(data, self) else data)

    def _decoded(self, data: bytes) -> bytes:
        """``data`` without the secrets that an encoding hides."""
        look = self._looks.look("replace", data)
        if look.found_nothing:
            return data
        made = rewritten(data, self)
        if made == data:
            look.note_nothing()
        return made

    def _without_pieces(self, data: bytes) -> bytes:
        """``data`` without the first or the last part of a token: an error has no more of it."""
        there = {value for end in self._ends.within(data) for value in self._with_end[end]}
        if not there:
            return data
        pieces = Fragments()
        pieces.add({value: self._names[value] for value in sorted(there)})
        return in_bytes(pieces.text(_text(data)))

    def edits(self, data: bytes) -> list[Edit]:
        """Where secrets are in what an encoding is undone of."""
        edits = self._replacements.edits(data)
        # What is shorter may be a word of anything that is decoded.
        return [edit for edit in edits if edit[2].startswith(b"<") and edit[1] - edit[0] >= WORD_LENGTH]

    def whole(self, content: bytes, form: str) -> bytes | None:
        """What stands for a secret in base64, or in another form."""
        name = self._names.get(_text(content))
        return None if name is None or len(content) < WORD_LENGTH else f"<{name}.{form}>".encode()

    def may_be_in_base64(self, data: bytes) -> bool:
        """Whether a short secret is in base64, or hexadecimal, which is as long as a word."""
        return self._in_short_base64.are_in(data)

    def _rewrapped(self, data: bytes, *, in_url: bool = False) -> bytes:
        # This comes last: a secret may be such a token as a whole.
        return rewrapped(data, self, in_url=in_url) if self._aliased or self._played else data

    def _in_url(self, text: str) -> str:
        data = self._plain(text.encode("utf-8", "surrogateescape"))
        return _text(self._rewrapped(data, in_url=True))

    @cached_property
    def _shown_aliases(self) -> set[bytes]:
        return {spelling.encode() for each in self._played for spelling in spelled(each)}.union(
            self._aliased.values()
        )

    def has_alias(self, data: bytes) -> bool:
        """Whether something stands in ``data`` for an aliased value."""
        return any(shown in data for shown in self._shown_aliases)

    def text(self, text: str) -> str:
        """``text`` with each secret in it replaced by its placeholder."""
        return _text(self.data(in_bytes(text)))

    def body(self, body: bytes) -> bytes:
        """``body`` without secrets, and still JSON if it was: a number that is a secret becomes a string."""
        there = self._replacements.within(body)
        if there and not self._replacements.are_in_strings(there) and is_json_document(body):
            plain = JSON_TOKEN.sub(self._json_token, body.decode()).encode()
        else:
            plain = self._replacements.replaced(body, there)
        return self._rewrapped(self._users.logins(self._encoded(plain)))

    def _markup(self, body: bytes) -> bytes:
        """A response in XML or HTML without secrets: what stands for them is no element."""

        def changed(part: str, escaped: Callable[[str], str]) -> str:
            data = in_bytes(part)
            edits = self._replacements.edits(data)
            return _text(applied(data, [(at, end, in_bytes(escaped(_text(by)))) for at, end, by in edits]))

        if not self._replacements.within(body):
            return self.data(body)
        plain = in_bytes(with_escaped(_text(body), changed))
        return self._rewrapped(self._users.logins(self._encoded(plain)))

    def json(self, value: Any) -> Any:
        """``value`` with each secret in its strings and keys replaced, and each number that is aliased."""
        return _copied(value) if self._leaves_alone(value) else self._json(value)

    def _leaves_alone(self, value: Any) -> bool:
        """Whether a large value has nothing to be replaced, as most have: one look is faster than many."""
        if not isinstance(value, (dict, list)) or self._places or self._aliased or self._played:
            return False
        try:
            data = in_bytes(json.dumps(value, ensure_ascii=False))
        except (TypeError, ValueError):
            return False
        return not self._replacements.within(data) and self._users.logins(self._encoded(data)) == data

    def _json(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self._key(key): self._json(item) for key, item in self._places.fields(value)}
        if isinstance(value, list):
            return [self._json(item) for item in value]
        if type(value) is int and str(value) in self._stand_ins:
            return int(self._stand_ins[str(value)])
        return value

    def _key(self, key: Any) -> Any:
        # A short one is the name of a field. One that is a URL, as in raw data, may have a secret in it.
        if not isinstance(key, str) or len(key) < WORD_LENGTH:
            return key
        # The same few come in every record.
        if key not in self._keys:
            # A word that is a name stays.
            self._keys[key] = self.text(f'{{"{key}":')[2:-2]
        return self._keys[key]

    def basic(self, value: str, name: str) -> str | None:
        """A value of basic authentication decoded and without secrets; ``None`` if none was in it.

        Args:
            value: What follows the scheme.
            name: The placeholder's name of what is neither a known secret in it, nor public.
        """
        redacted = self._login(self._users.pair(basic_pair(value) or "", self.text))
        return _veiled(redacted, name, self._public) if PLACEHOLDER.search(redacted) else None

    def _login(self, pair: str) -> str:
        """A pair whose user is of a URL: its password is replaced there whatever it is."""
        user, colon, password = pair.partition(":")
        if not user.startswith(f"<{USER}") or not password or PLACEHOLDER.search(password):
            return pair
        return f"{user}{colon}<{PASSWORD}>"

    def authenticating(self, headers: Headers) -> frozenset[str]:
        """The names of the headers that carry a secret, whatever they are called."""
        own = frozenset(name for name, value in headers if self._carries_secret(name, value))
        users = (name for name, value in headers if self._users.header(name, value) != value)
        return own.union(users) if own else own

    def _carries_secret(self, name: str, value: str) -> bool:
        if PLACEHOLDER.search(self._header(name, value)):
            return True
        # It may be in base64, with its placeholder.
        plain = self._replacements.replaced(in_bytes(value))
        return self._encoded(plain) != plain

    def restored(self, response: Response) -> Response:
        """``response`` with the known secrets again, which the connector may look for in it."""
        headers = tuple((name, self._restoring.text(value)) for name, value in response.headers)
        return Response(response.status, response.reason, headers, within(response, self._with_values))

    def _with_values(self, body: bytes) -> bytes:
        if not self._restoring.may_be_in(body):
            return body
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return body
        if is_markup(body):
            return self._restoring.markup(text).encode()
        return self._restoring.text(text, in_json=is_json_document(body)).encode()

    def restored_json(self, value: Any) -> Any:
        """``value`` with the known secrets again in its strings."""
        return self._restoring.json(value)

    def request(self, request: Request) -> Request:
        """``request`` without secrets; its origin is declared, and so is none."""
        uri = located(request.uri, self._origins)
        origin = _ORIGIN.match(uri)
        end = 0 if origin is None else origin.end()
        login = _text(self._users.logins(in_bytes(uri[:end])))
        uri, end = login + self._in_url(self._places.uri(uri[end:])), len(login)
        body = self.body(self._places.request_body(request))
        made = Request(request.method, uri, self._headers(request.headers), body)
        return self._with_users(made, end) if self._users else made

    def _with_users(self, request: Request, path: int) -> Request:
        """A request whose secrets are placeholders, with placeholders for the users beside them."""
        headers, body, uri = request.headers, request.body, request.uri
        uri = uri[:path] + self._users.path(uri[path:])
        if self._has_secret(uri[path:]):
            uri = uri[:path] + self._users.uri(uri[path:])
        if any(self._has_secret(value) for _, value in headers):
            headers = tuple((name, self._users.header(name, value)) for name, value in headers)
        # Of OAuth's requests for tokens, the secret may be in a header alone.
        if b"grant_type" in body or (b"<" in body and self._has_secret(_text(body))):
            body = self._users.body(body)
        return Request(request.method, uri, headers, body)

    def _has_secret(self, text: str) -> bool:
        return any(shown in self._restoring for shown in PLACEHOLDER.findall(text))

    def asked(self, value: Any) -> Any:
        """``json`` of what Lumos sends, with placeholders for the users beside secrets."""
        return self._users.beside(self.json(value)) if self._users else self.json(value)

    def response(self, response: Response) -> Response:
        """``response`` without secrets."""
        return Response(
            response.status,
            self.text(response.reason),
            self._headers(response.headers, in_response=True),
            within(response, self._response_body),
        )

    def _response_body(self, body: bytes) -> bytes:
        body = self._places.body(body)
        return self._markup(body) if is_markup(body) else self.body(body)

    def interaction(self, interaction: Interaction) -> Interaction:
        """``interaction`` without secrets."""
        return Interaction(self.request(interaction.request), self.response(interaction.response))

    @cached_property
    def of_secrets(self) -> Redactor:
        """One that leaves everything as it is that is no secret, such as what has an alias."""
        return Redactor(self._names, public=self._shown, users=self._users.names)

    def remaining(self, data: bytes) -> LeftOver | None:
        """A secret that is still in ``data``, also in an encoding of an encoding; ``None`` if none is."""
        look = self._looks.look("refuse", data)
        if look.found_nothing:
            return None
        left = next(left_over(data, self._sought), None)
        if left is None:
            look.note_nothing()
        return left

    def _headers(self, headers: Headers, *, in_response: bool = False) -> Headers:
        # Those of a walk's requests are the same.
        key = headers, in_response
        if key not in self._known_headers:
            if in_response:
                headers = tuple((name, self._as_utf_8(value)) for name, value in headers)
            redacted = tuple((name, self._header(name, value)) for name, value in headers)
            self._known_headers[key] = redacted
        return self._known_headers[key]

    def _as_utf_8(self, header: str) -> str:
        """A header with other placeholders for what is in UTF-8, so that it is played in the same bytes."""
        if header.isascii():
            return header
        for value, name in self._names.items():
            if not value.isascii() and len(value) >= WORD_LENGTH:
                header = header.replace(as_header(value), f"<{name}.{UTF_8}>")
        return header

    def _header(self, name: str, value: str) -> str:
        value = self._places.header(name, value)
        scheme, credential = split_scheme(name, value)
        basic = self.basic(credential, name) if scheme.strip().lower() == "basic" else None
        if basic is not None:
            return scheme + basic
        shown = self.text(value)
        if self._users and self._has_secret(shown):
            shown = self._users.words(shown)
        if name == "cookie":
            # Whether a client quotes a value depends on its characters: a placeholder's are others.
            shown = _QUOTED.sub(r"\1", shown)
        alike = f"<{name}>"
        if alike not in self._restoring or not changes_each_time(name):
            return shown
        # Of a value that is made again, the secrets in it are to show, unless it is one as a whole.
        whole = PLACEHOLDER.fullmatch(shown) and shown != alike
        return shown if whole else scheme + _veiled(self.text(credential), name)

    def _json_token(self, found: re.Match[str]) -> str:
        token = found[0]
        if token.startswith('"'):
            if _COLON.match(found.string, found.end()):
                return _text(self._replacements.replaced(in_bytes(f"{{{token}:")))[1:-1]
            return _text(self._replacements.replaced(in_bytes(token)))
        # A number or literal holds no secret in a part of it; it may be one, unless it is short.
        placeholder = self._replacements.of(token.encode())
        if placeholder is None or (len(token) < WORD_LENGTH and not placeholder.isdigit()):
            return token
        return placeholder.decode() if placeholder.isdigit() else json.dumps(placeholder.decode())


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


def shown_secret(name: str, value: str) -> str:
    """A value where a secret should be: a placeholder for what may be another one, and what else there is."""
    if PLACEHOLDER.search(value) is not None or is_ordinary(value):
        return value
    scheme, _ = split_scheme(name, value)
    return f"{scheme}<{name}>"


def stored_texts(interaction: Interaction) -> Iterator[tuple[str, bytes]]:
    """Each part of an interaction that a cassette stores: what it is called, and its bytes."""
    request, response = interaction.request, interaction.response
    yield "the body of the request", request.body
    yield "the body of the response", response.body
    yield "the URL", in_bytes(request.uri)
    yield "the reason of the response", in_bytes(response.reason)
    for kind, headers in (("request", request.headers), ("response", response.headers)):
        for name, value in headers:
            yield f"the header {name} of the {kind}", in_bytes(value)


def _veiled(text: str, name: str, public: Collection[str] = ()) -> str:
    """``text`` with a placeholder for all that is none: a signature beside a key, say, or a date."""
    parts = _BETWEEN.split(text)
    if len(parts) == 1:
        return f"<{name}>" if text else ""
    # Every other part is a placeholder.
    parts[::2] = [part if _is_plain(part, public) else _UNKNOWN.sub(f"<{name}>", part) for part in parts[::2]]
    return "".join(parts)


def _is_plain(part: str, public: Collection[str]) -> bool:
    """Whether a text is a word that APIs want beside a secret, or public, or both: "ada@a.example/token:"."""
    if _PLAIN.fullmatch(part):
        return True
    return any(part.startswith(each) and _AFTER_PUBLIC.fullmatch(part, len(each)) for each in public)


def located(uri: str, origins: Mapping[str, str]) -> str:
    """``uri`` at the declared origin, wherever it goes now."""
    for url, origin in origins.items():
        if uri.startswith(url):
            return origin + uri[len(url) :]
    return uri


def _as_pair(user: str, secret: str) -> Iterator[str]:
    """A pair of basic authentication, filled up or not, and in either alphabet."""
    pair = base64.b64encode(in_bytes(f"{user}:{secret}")).decode()
    for text in (pair, pair.replace("+", "-").replace("/", "_")):
        yield from (text, text.rstrip("="))
