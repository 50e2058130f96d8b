"""Keep secrets off the disk: every known secret becomes a placeholder, the same one wherever it appears.

Aliased values have their stand-ins in the same way, also within tokens (``wrapped``). ``known_secrets`` knows
which they are, and names the placeholders.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import quote, quote_plus

from connector_contract.clients.content_codings import within
from connector_contract.recording.interactions import Headers, Interaction, Request, Response
from connector_contract.secrets.decodings import decodings
from connector_contract.secrets.markup_placeholders import elements, is_markup, with_escaped
from connector_contract.secrets.named_places import NamedPlaces
from connector_contract.secrets.ordinary import is_ordinary
from connector_contract.secrets.secret_names import (
    PLACEHOLDER,
    basic_pair,
    changes_each_time,
    split_scheme,
)
from connector_contract.secrets.url_logins import PASSWORD, USER
from connector_contract.secrets.user_places import UserPlaces
from connector_contract.secrets.wrapped import rewrapped
from connector_contract.storage.jsontext import JSON_TOKEN, is_json_document

# A secret shorter than this is looked for as a word of its own: "x7" is not a secret in "box7".
_WORD_LENGTH = 6
# So is an aliased number up to here: 1234 is not 12345, nor a part of a time in seconds.
_NUMBER_LENGTH = 16

# The words that APIs want beside a secret are short: "x", "/token", "api_token".
_PLAIN = re.compile(r":?\W?[A-Za-z]{0,5}(?:[-_.][A-Za-z]{1,5})?:?")
_AFTER_PUBLIC = re.compile(r"(?:\W[A-Za-z]{1,5}(?:[-_.][A-Za-z]{1,5})?)?:?")
# Whatever is between two placeholders, but for the colon that parts it from one.
_UNKNOWN = re.compile(r"[^:].*?(?=:?\Z)", re.DOTALL)
_BETWEEN = re.compile(f"({PLACEHOLDER.pattern})")

_QUOTED = re.compile(f'"({PLACEHOLDER.pattern})"')

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
    ) -> None:
        self._users = UserPlaces(users or {})
        self._places = named_places or NamedPlaces({}, frozenset())
        everywhere = {value: name for value, name in names.items() if value not in self._places}
        self._names, self._shown = everywhere, public
        # RFC 6749, 2.3.1, has a client's id encoded as in a form before it becomes half of a pair.
        self._public = {text for value in public for text in (value, *_percent_encoded(value))}
        self._origins = dict(origins or {})
        self._stand_ins = {**(stand_ins or {}), **self._origins}
        placeholders = {
            value: f"<{name}>" for value, name in _with_basic_pairs(everywhere, self._users.names)
        }
        # A secret stays a secret if it is aliased as well, so it comes last.
        aliased = dict(_respelled(stand_ins or {}))
        secret = dict(_spellings({**self._origins, **placeholders}))
        self._placeholders = {**aliased, **secret}
        self._aliased, self._played = aliased, played
        placed = {f"<{name}>": value for value, name in (*self._users.names.items(), *names.items())}
        self._values = {**(restored or {}), **placed}
        self._made_up = dict(restored or {})
        # Where there is no secret, nothing is to be found.
        self._placeholder = re.compile("|".join(map(_restorable, self._values)) or r"(?!)")
        self._values_in_bytes = [value.encode("utf-8", "surrogateescape") for value in self._values]
        self._aliases_in_bytes = [value for value in self._values_in_bytes if not value.startswith(b"<")]
        # Longest first, so that a secret that is a part of another does not tear it apart.
        self._longest = sorted(self._placeholders, key=len, reverse=True)
        self._words = {
            each for each in aliased if each.isdigit() and len(each) < _NUMBER_LENGTH
        } - secret.keys()
        self._keys: dict[str, str] = {}
        self._known_headers: dict[Headers, Headers] = {}
        self._traces = [
            (name, _traces(value)) for value, name in everywhere.items() if len(value) >= _WORD_LENGTH
        ]

    def data(self, data: bytes) -> bytes:
        """``data`` with each secret in it replaced by its placeholder, and each aliased value."""
        return self._rewrapped(self._plain(data))

    def _plain(self, data: bytes, escaped: Callable[[str], str] = str) -> bytes:
        # A pattern of all spellings takes many times as long as one of those that are there.
        spellings = tuple((each, each in self._words) for each in self._longest if each in data)
        if spellings:
            data = _pattern(spellings).sub(
                lambda found: escaped(self._placeholders[found[0]].decode()).encode(), data
            )
        return self._users.logins(data)

    def _rewrapped(self, data: bytes, *, in_url: bool = False) -> bytes:
        # This comes last: a secret may be such a token as a whole.
        return rewrapped(data, self, in_url=in_url) if self._aliased or self._played else data

    def _in_url(self, text: str) -> str:
        data = self._plain(text.encode("utf-8", "surrogateescape"))
        return self._rewrapped(data, in_url=True).decode("utf-8", "surrogateescape")

    @cached_property
    def _shown_aliases(self) -> set[bytes]:
        return {spelling.encode() for each in self._played for spelling in _spelled(each)}.union(
            self._aliased.values()
        )

    def has_alias(self, data: bytes) -> bool:
        """Whether something stands in ``data`` for an aliased value."""
        return any(shown in data for shown in self._shown_aliases)

    def _may_be_in(self, data: bytes) -> bool:
        # A plain search for each is many times as fast as one for all with a pattern.
        return any(spelling in data for spelling in self._placeholders)

    def text(self, text: str) -> str:
        """``text`` with each secret in it replaced by its placeholder."""
        return self.data(text.encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape")

    def body(self, body: bytes) -> bytes:
        """``body`` without secrets, and still JSON if it was: a number that is a secret becomes a string."""
        if not self._may_be_in(body) or not is_json_document(body):
            return self.data(body)
        return self._rewrapped(
            JSON_TOKEN.sub(lambda found: self._json_token(found[0]), body.decode()).encode()
        )

    def _markup(self, body: bytes) -> bytes:
        """A response in XML or HTML without secrets: what stands for them is no element."""
        if not self._may_be_in(body):
            return self.data(body)

        def changed(part: str, escaped: Callable[[str], str]) -> str:
            return self._plain(part.encode("utf-8", "surrogateescape"), escaped).decode(
                "utf-8", "surrogateescape"
            )

        text = with_escaped(body.decode("utf-8", "surrogateescape"), changed)
        return self._rewrapped(text.encode("utf-8", "surrogateescape"))

    def json(self, value: Any) -> Any:
        """``value`` with each secret in its strings and keys replaced, and each number that is aliased."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self._key(key): self.json(item) for key, item in self._places.fields(value)}
        if isinstance(value, list):
            return [self.json(item) for item in value]
        if type(value) is int and str(value) in self._stand_ins:
            return int(self._stand_ins[str(value)])
        return value

    def _key(self, key: Any) -> Any:
        # A short one is the name of a field. One that is a URL, as in raw data, may have a secret in it.
        if not isinstance(key, str) or len(key) < _WORD_LENGTH:
            return key
        # The same few come in every record.
        if key not in self._keys:
            self._keys[key] = self.text(key)
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
        own = frozenset(name for name, value in headers if PLACEHOLDER.search(self._header(name, value)))
        users = (name for name, value in headers if self._users.header(name, value) != value)
        return own.union(users) if own else own

    def restored(self, response: Response) -> Response:
        """``response`` with the known secrets again, which the connector may look for in it."""
        headers = tuple((name, self._restore(value)) for name, value in response.headers)
        return Response(response.status, response.reason, headers, within(response, self._with_values))

    def _with_values(self, body: bytes) -> bytes:
        return self._restored_body(body) if self._may_stand_in(body) else body

    def _may_stand_in(self, body: bytes) -> bool:
        # As for secrets: a plain search for each is many times as fast as a pattern, and that for a character
        # a tenth of the time again.
        searched = self._values_in_bytes if b"<" in body else self._aliases_in_bytes
        if b"&lt;" in body and is_markup(body):
            return True
        return bool(self._made_up) or any(shown in body for shown in searched)

    def _restored_body(self, body: bytes) -> bytes:
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return body
        if is_markup(body):
            return self._restored_markup(text).encode()
        return self._restore(text, in_json=is_json_document(body)).encode()

    def _restored_markup(self, text: str) -> str:
        # An earlier release has not escaped them. An element of such a name was none.
        own = {f"<{name}>" for name in elements(text)}
        plain = {shown: value for shown, value in self._values.items() if shown not in own}

        def changed(part: str, escaped: Callable[[str], str]) -> str:
            is_text = escaped("<") == "<"
            values = {escaped(shown): value for shown, value in self._values.items()} | (
                {} if is_text else plain
            )
            present = [shown for shown in values if shown in part]
            if not present:
                return part
            return re.sub("|".join(map(_restorable, present)), lambda found: escaped(values[found[0]]), part)

        return self._restored_tokens(with_escaped(text, changed))

    def restored_json(self, value: Any) -> Any:
        """``value`` with the known secrets again in its strings."""
        if isinstance(value, str):
            return self._restore(value)
        if isinstance(value, Mapping):
            return {key: self.restored_json(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.restored_json(item) for item in value]
        return value

    def _restore(self, text: str, in_json: bool = False) -> str:
        def value(found: re.Match[str]) -> str:
            plain = self._values[found[0]]
            return json.dumps(plain, ensure_ascii=False)[1:-1] if in_json else plain

        # As for bodies: most texts have none of them.
        if any(map(text.__contains__, self._values)):
            text = self._placeholder.sub(value, text)
        return self._restored_tokens(text)

    def _restored_tokens(self, text: str) -> str:
        if not self._made_up:
            return text
        data = rewrapped(text.encode("utf-8", "surrogateescape"), _Restoring(self, self._made_up.values()))
        return data.decode("utf-8", "surrogateescape")

    def request(self, request: Request) -> Request:
        """``request`` without secrets; its origin is declared, and so is none."""
        uri = located(request.uri, self._origins)
        origin = _ORIGIN.match(uri)
        end = 0 if origin is None else origin.end()
        login = self._users.logins(uri[:end].encode("utf-8", "surrogateescape"))
        uri, end = uri[end:], len(login.decode("utf-8", "surrogateescape"))
        uri = login.decode("utf-8", "surrogateescape") + self._in_url(self._places.uri(uri))
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
        if b"grant_type" in body or (
            b"<" in body and self._has_secret(body.decode("utf-8", "surrogateescape"))
        ):
            body = self._users.body(body)
        return Request(request.method, uri, headers, body)

    def _has_secret(self, text: str) -> bool:
        return any(shown in self._values for shown in PLACEHOLDER.findall(text))

    def asked(self, value: Any) -> Any:
        """``json`` of what Lumos sends, with placeholders for the users beside secrets."""
        return self._users.beside(self.json(value)) if self._users else self.json(value)

    def response(self, response: Response) -> Response:
        """``response`` without secrets."""
        return Response(
            response.status,
            self.text(response.reason),
            self._headers(response.headers),
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

    def remaining(self, data: bytes) -> str | None:
        """The placeholder's name of a secret that is still in ``data``, also in an encoding of an encoding.

        This is not how redaction finds secrets, so that the one can check the other: it undoes encodings
        until the plain secret shows, or, of base64, as much of it as does not depend on what is before it.
        """
        for decoded in decodings(data):
            for name, traces in self._traces:
                if any(trace in decoded for trace in traces):
                    return name
        return None

    def _headers(self, headers: Headers) -> Headers:
        # Those of a walk's requests are the same.
        if headers not in self._known_headers:
            redacted = tuple((name, self._header(name, value)) for name, value in headers)
            self._known_headers[headers] = redacted
        return self._known_headers[headers]

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
        if alike not in self._values or not changes_each_time(name):
            return shown
        # Of a value that is made again, the secrets in it are to show, unless it is one as a whole.
        whole = PLACEHOLDER.fullmatch(shown) and shown != alike
        return shown if whole else scheme + _veiled(self.text(credential), name)

    def _json_token(self, token: str) -> str:
        if token.startswith('"'):
            return self._plain(token.encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape")
        # A number or literal holds no secret in a part of it; it may be one, unless it is short.
        placeholder = self._placeholders.get(token.encode())
        if placeholder is None or (len(token) < _WORD_LENGTH and not placeholder.isdigit()):
            return token
        return placeholder.decode() if placeholder.isdigit() else json.dumps(placeholder.decode())


class _Restoring:
    """Restores in tokens what the connector has made up."""

    def __init__(self, redactor: Redactor, values: Iterable[str]) -> None:
        self._redactor = redactor
        self._values = [value.encode("utf-8", "surrogateescape") for value in values]

    def data(self, data: bytes) -> bytes:
        return str(self._redactor.restored_json(data.decode("utf-8", "surrogateescape"))).encode(
            "utf-8", "surrogateescape"
        )

    def json(self, value: Any) -> Any:
        return self._redactor.restored_json(value)

    def has_alias(self, data: bytes) -> bool:
        return any(value in data for value in self._values)


def shown_secret(name: str, value: str) -> str:
    """A value where a secret should be: a placeholder for what may be another one, and what else there is."""
    if PLACEHOLDER.search(value) is not None or is_ordinary(value):
        return value
    scheme, _ = split_scheme(name, value)
    return f"{scheme}<{name}>"


def stored_texts(interaction: Interaction) -> Iterator[bytes]:
    """Each part of an interaction that a cassette stores."""
    request, response = interaction.request, interaction.response
    yield from (request.body, response.body)
    values = [request.uri, response.reason, *(value for _, value in (*request.headers, *response.headers))]
    yield from (value.encode("utf-8", "surrogateescape") for value in values)


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


def _spellings(replacements: Mapping[str, str]) -> Iterator[tuple[bytes, bytes]]:
    """Each way in which HTTP spells a value, with what is to stand there."""
    for value, replacement in replacements.items():
        for spelling in _spelled(value):
            yield spelling.encode("utf-8", "surrogateescape"), replacement.encode()


def _respelled(replacements: Mapping[str, str]) -> Iterator[tuple[bytes, bytes]]:
    """The same with what is to stand there in the same spelling: a "+" in a time is none in a query."""
    for value, replacement in replacements.items():
        spellings, shown = _spelled(value), _spelled(replacement)
        if len(shown) != len(spellings):
            shown = (replacement,) * len(spellings)
        for spelling, each in zip(spellings, shown, strict=False):
            yield spelling.encode("utf-8", "surrogateescape"), each.encode()


# What is spelled alike everywhere.
_ALIKE = re.compile(r"[A-Za-z0-9_.~-]*")


# The same values come again with each value that is learned.
@lru_cache(4096)
def _spelled(value: str) -> tuple[str, ...]:
    """A value in each spelling, the plain one last: one if all are alike, and else always as many."""
    if _ALIKE.fullmatch(value):
        return (value,)
    percent = _percent_encoded(value)
    # A link in a link has it encoded twice.
    twice = tuple(quote(text, safe="") for text in percent)
    encoded = (*percent, *twice)
    escaped = (json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1])
    slashed = tuple(text.replace("/", "\\/") for text in escaped)
    # JSON in a string of JSON, as an echo or a log of a request has it.
    in_json = tuple(json.dumps(text, ensure_ascii=False)[1:-1] for text in escaped)
    # As ``header_text`` reads UTF-8 in a header.
    in_header = value.encode("utf-8", "surrogateescape").decode("latin-1")
    return (*encoded, *map(_lower_hex, encoded), *escaped, *slashed, *in_json, in_header, value)


# What clients leave as it is in the query, or the path, of a URL that they are given as a whole.
_IN_URLS = ("", "/", "/:?@!$'()*,", "/:?@!$'()*,;=&+%")


def _percent_encoded(value: str) -> tuple[str, ...]:
    """A value as clients spell it in a URL or a form, also one that is no UTF-8."""
    errors = "surrogateescape"
    return *(quote(value, safe=safe, errors=errors) for safe in _IN_URLS), quote_plus(value, errors=errors)


def _with_basic_pairs(names: Mapping[str, str], users: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    yield from names.items()
    values = {name: value for value, name in (*users.items(), *names.items())}
    for name, user in values.items():
        group, dot, last = name.rpartition(".")
        for first, second in _BASIC_PAIRS:
            secret = values.get(f"{group}{dot}{second}")
            if last == first and secret is not None:
                pair = base64.b64encode(f"{user}:{secret}".encode("utf-8", "surrogateescape")).decode()
                yield pair, f"{group}{dot}{first}:{second}"


# A word begins behind anything but a letter or digit, or behind an escaped character: "%22x7", "\\nx7".
_WORD_BEGINS = (
    rb"(?:(?<![A-Za-z0-9])|(?<=%[0-9A-Fa-f]{2})|(?<=%25[0-9A-Fa-f]{2})"
    rb"|(?<=\\[bfnrt])|(?<=\\u[0-9A-Fa-f]{4}))"
)


@lru_cache(256)
def _pattern(spellings: Iterable[tuple[bytes, bool]]) -> re.Pattern[bytes]:
    """What finds spellings, each with whether it is a word."""
    return re.compile(b"|".join(_searched(each, is_word=is_word) for each, is_word in spellings))


def _searched(spelling: bytes, *, is_word: bool) -> bytes:
    pattern = re.escape(spelling)
    if is_word or len(spelling) < _WORD_LENGTH:
        return _WORD_BEGINS + pattern + rb"(?![A-Za-z0-9])"
    return pattern


def _restorable(shown: str) -> str:
    # Another alias may begin with this one: of "key-1" and "key-10", one is found in the other.
    return re.escape(shown) if shown.startswith(("<", "&lt;")) else rf"(?<![\w-]){re.escape(shown)}(?![\w-])"


def _lower_hex(text: str) -> str:
    return re.sub(r"%[0-9A-F]{2}", lambda found: found[0].lower(), text)


def _traces(value: str) -> set[bytes]:
    """A secret as it is, and what base64 makes of it, wherever it begins in what is encoded.

    A digit of base64 has six bits: those digits are left out whose bits are not all the secret's own.
    """
    secret = value.encode("utf-8", "surrogateescape")
    traces = {secret}
    for before in range(3):
        digits = base64.b64encode(b"\0" * before + secret)
        own = digits[-(-8 * before // 6) : 8 * (before + len(secret)) // 6]
        traces |= {own, own.replace(b"+", b"-").replace(b"/", b"_")}
    return traces
