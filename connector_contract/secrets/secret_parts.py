"""What a secret contains that is a secret by itself: the key in JSON, a line of a key, a half of a pair.

A client may send any of these alone, and a server may send it back. Each has a placeholder that says which
part of which secret it is, such as ``<token.token.private_key>``, so that one is told from the other.
What is the same secret but for white space, as the lines of a PEM file with other ends, has the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from connector_contract.secrets.assignments import assignments, names_no_secret
from connector_contract.secrets.encoded_values import decoded_value
from connector_contract.secrets.ordinary import is_ordinary, looks_random, reads_as_words
from connector_contract.secrets.secret_names import normalized
from connector_contract.secrets.shown_placeholders import PLACEHOLDER

# Fields of keys in JSON (of Google, of RFC 7517) that everybody may read, and that other records have, too.
_PUBLIC = frozenset(
    {
        "type", "projectid", "clientemail", "clientid", "authuri", "tokenuri", "authproviderx509certurl",
        "clientx509certurl", "universedomain", "quotaprojectid", "scope", "scopes", "alg", "typ", "kty",
        "use", "keyops", "crv", "kid", "x5c", "x5t", "iss", "aud", "sub", "tenantid",
    }
)  # fmt: skip
# Of a key in JSON (RFC 7518, 6.2 and 6.3), the public half.
_OF_PUBLIC_KEY = frozenset({"n", "e", "x", "y"})
# Who logs in, and where: public, unless a key has this place, or a whole object.
_MOSTLY_PUBLIC = frozenset({"username", "user", "email", "login", "subdomain", "region", "host", "domain"})
# Names of fields whose values say who somebody is. They are replaced as a whole or not at all.
_WHO = frozenset({"username", "user", "email", "login", "clientid", "accountid", "tenantid", "keyid"})

# A part that is shorter may be in other words by chance.
_SHORTEST = 8
# Numbers and times have no more than one.
_FEWEST_LETTERS = 2
# A part of a path is a token from here on: what is shorter is the name or the number of something.
_SHORTEST_IN_PATH = 16
# A password of a URL is known to be one.
_SHORTEST_PASSWORD = 6
# JSON in JSON in base64 in JSON, of which the key has lines.
_DEPTH = 6

_SEPARATORS = (":", "|", "\t", ".", "/", ";", ",", " ")
# Of more parts than these, which are rather a text, one is a secret if it is random.
_MOST_PARTS = 4

_PEM = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----", re.DOTALL)
_HEADER_LINE = re.compile(r"[A-Za-z-]+: ")
_LINE_BREAK = re.compile(r"\r\n|\r|\n|\\r\\n|\\n")
# As files, settings and environment variables have them; the usual one comes last.
_LINE_ENDS = ("\\r\\n", "\\n", "\r\n", "\n")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S+")
_EMAIL = re.compile(r"[^\s@:/]+@[^\s@:/]+\.[A-Za-z]{2,}")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,8}")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")
# What a file may begin with (a mark of the byte order), and white space.
_BLANK = " \t\r\n\f\v\xa0\ufeff"
_JSON_STARTS = ("{", "[", '"')


class Part(NamedTuple):
    """A part of a secret.

    Attributes:
        name: What it is called within the secret; empty if it is the secret in another form.
        value: The text.
    """

    name: str
    value: str


def parts_of(name: str, secret: str) -> list[Part]:
    """The parts of a secret, each once, without the secret itself; of one name, the usual form comes last.

    Args:
        name: What the secret is called, such as ``basic.password``.
        secret: Its value.
    """
    # An element of XML looks like one: "<key>...</key>".
    is_shown = PLACEHOLDER.search(secret) is not None and "</" not in secret
    if is_shown or normalized(name.rpartition(".")[2]) in _WHO:
        return []
    found: dict[str, Part] = {}
    for part in _parts(secret, _DEPTH):
        if part.value != secret:
            # Its first name is the shortest.
            part = Part(found.pop(part.value, part).name, part.value)
            found[part.value] = part
    return list(found.values())


def _parts(secret: str, depth: int) -> Iterator[Part]:
    if depth == 0:
        return
    trimmed = secret.strip(_BLANK)
    if trimmed and trimmed != secret:
        yield Part("", trimmed)
    # A line of a key has no parts of its own, and neither has the key with other ends of lines.
    is_key = _LINE_BREAK.search(trimmed) is not None and _json(trimmed) is None and _is_key(trimmed)
    for part in _of_form(trimmed):
        yield part
        is_same = not part.name and _LINE_BREAK.sub("\n", part.value) == _LINE_BREAK.sub("\n", trimmed)
        for inner in () if is_key or is_same else _parts(part.value, depth - 1):
            yield Part(".".join(filter(None, (part.name, inner.name))), inner.value)


def _of_form(secret: str) -> Iterator[Part]:
    if (value := _json(secret)) is not None:
        return _of_json(value, ())
    if _PEM.search(secret) is not None:
        return _of_pem(secret)
    if _URL.fullmatch(secret) is not None:
        return _of_url(secret)
    if _LINE_BREAK.search(secret) is not None:
        return _of_lines(secret)
    if (decoded := decoded_value(secret)) is not None:
        # In percent-encoding, it is the same secret.
        return iter([Part("" if "%" in secret else "decoded", decoded)])
    if pairs := assignments(secret):
        return _of_assignments(pairs)
    return _of_composite(secret)


def _json(text: str) -> Any:
    if text[:1] not in _JSON_STARTS:
        return None
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _of_json(value: Any, path: tuple[str, ...]) -> Iterator[Part]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            if not _is_public(normalized(name), item, value):
                yield from _of_json(item, (*path, _as_name(name)))
    elif isinstance(value, list):
        for number, item in enumerate(value, 1):
            yield from _of_json(item, (*path, str(number)))
    elif isinstance(value, str) and _is_secret(value):
        yield Part(".".join(path), value)


def _is_public(name: str, item: Any, beside: Mapping[str, Any]) -> bool:
    if name in _OF_PUBLIC_KEY:
        return "kty" in beside
    if name in _MOSTLY_PUBLIC:
        return isinstance(item, str) and not looks_random(item)
    return name in _PUBLIC


def _is_key(text: str) -> bool:
    """Whether a text of several lines is a key, of which each line is base64."""
    lines = filter(None, (line.strip() for line in _LINE_BREAK.split(text)))
    return _PEM.search(text) is not None or all(map(_BASE64.fullmatch, lines))


def _of_pem(secret: str) -> Iterator[Part]:
    plain = _LINE_BREAK.sub("\n", secret).strip()
    yield from _with_other_ends(plain)
    for number, found in enumerate(_PEM.finditer(plain), 1):
        # A certificate is what a server shows to everybody.
        if "CERTIFICATE" in found[1] or "PUBLIC KEY" in found[1]:
            continue
        lines = [line.strip() for line in found[2].split("\n")]
        lines = [line for line in lines if line and not _HEADER_LINE.match(line)]
        name = "body" if number == 1 else f"body-{number}"
        yield from (Part(name, part.value) for part in _with_other_ends("\n".join(lines)))
        yield Part(name, " ".join(lines))
        yield Part(name, "".join(lines))
        if len(lines) > 1:
            yield from (Part(f"{name}.line-{n}", line) for n, line in enumerate(lines, 1) if _is_secret(line))


def _of_lines(secret: str) -> Iterator[Part]:
    plain = _LINE_BREAK.sub("\n", secret).strip()
    yield from _with_other_ends(plain)
    lines = [line.strip() for line in plain.split("\n")]
    if all(map(_BASE64.fullmatch, filter(None, lines))):
        # A text of base64 may be cut into lines anywhere.
        yield Part("", "".join(lines))
    pairs = assignments(plain)
    yield from _of_assignments(pairs)
    # A line with a name has its value alone: the name is in other texts, too.
    named = {line for line in lines if assignments(f"{line}\n")}
    lines = ["" if line in named else line for line in lines]
    yield from (Part(f"line-{n}", line) for n, line in enumerate(lines, 1) if _is_secret(line))


def _of_assignments(pairs: list[tuple[str, str]]) -> Iterator[Part]:
    for name, value in pairs:
        if not names_no_secret(name) and normalized(name) not in _PUBLIC and _is_secret(value):
            if value.endswith("="):
                # Base64 without its filling; the usual form comes last.
                yield Part(_as_name(name), value.rstrip("="))
            yield Part(_as_name(name), value)


def _with_other_ends(text: str) -> Iterator[Part]:
    yield from (Part("", text.replace("\n", end)) for end in _LINE_ENDS)


def _of_url(secret: str) -> Iterator[Part]:
    try:
        url = urlsplit(secret)
        password = url.password or ""
    except ValueError:
        return
    for value in (password, unquote(password)):
        if len(value) >= _SHORTEST_PASSWORD and not is_ordinary(value):
            yield Part("password", value)
    segments = [part for part in url.path.split("/") if len(part) >= _SHORTEST_IN_PATH and _is_secret(part)]
    yield from (Part(f"path-{number}", part) for number, part in enumerate(segments, 1))
    if not password or is_ordinary(password) or reads_as_words(password):
        # An API takes its key in the place of the user's name.
        yield from (Part("user", user) for user in (unquote(url.username or ""),) if looks_random(user))
    if _is_secret(url.fragment) and "=" not in url.fragment:
        yield Part("fragment", url.fragment)
    for name, value in (*parse_qsl(url.query), *parse_qsl(url.fragment)):
        if normalized(name) not in _PUBLIC and _is_secret(value):
            yield Part(_as_name(name), value)


def _of_composite(secret: str) -> Iterator[Part]:
    if _HOST.fullmatch(secret) or _EMAIL.fullmatch(secret):
        return
    separator = next((each for each in _SEPARATORS if each in secret), "")
    parts = [part.strip() for part in secret.split(separator)] if separator else []
    if separator == ":" and len(parts) > _MOST_PARTS:
        parts = [part.strip() for part in secret.split(":", 1)]
    if separator == "." and len(parts) >= 3 and _json(decoded_value(parts[0]) or "") is not None:
        # Of a JSON web token, anybody may read the rest; what makes it a secret is its signature.
        if _is_secret(parts[-1]):
            yield Part("signature", parts[-1])
        return
    is_one = looks_random if len(parts) > _MOST_PARTS else _is_secret
    yield from (Part(f"part-{number}", part) for number, part in enumerate(parts, 1) if is_one(part))


def _is_secret(text: str) -> bool:
    """Whether a part can be replaced wherever it stands alone: no word, no number, and nobody's name."""
    if len(text) < _SHORTEST or sum(map(str.isalpha, text)) < _FEWEST_LETTERS:
        return False
    if is_ordinary(text) or reads_as_words(text):
        return False
    if _URL.fullmatch(text):
        return next(_of_url(text), None) is not None
    if _HOST.fullmatch(text):
        return False
    # Somebody's e-mail may be beside a secret, and is none: "ada@acme.com/token:...".
    others = _EMAIL.sub("", text)
    return others == text or _is_secret(others)


def _as_name(name: str) -> str:
    return re.sub(r"[^\w:-]+", "-", name) or "-"
