"""Secrets among the settings of a connector: by the words of their names, at any depth.

Settings are mostly public: a URL, a region, the e-mail of an administrator. An ordinary value is no secret,
under whatever name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from connector_contract.secrets.named_values import named_in_answer
from connector_contract.secrets.ordinary import is_ordinary, reads_as_words
from connector_contract.secrets.secret_names import is_secret_name

# A word that says that a value is secret, and that other words only lead up to: "signing_key".
_SECRET = frozenset({
    "key", "keys", "apikey", "token", "tokens", "secret", "secrets", "password", "passwd", "pwd",
    "pass", "passphrase", "passcode", "credential", "credentials", "cert", "certificate", "pem",
    "jwt", "signature", "cookie", "session", "auth", "authorization", "bearer", "pin", "otp",
})  # fmt: skip
# What is asked of a secret, and says itself nothing: "token_url", "key_id", "password_policy".
_ABOUT = frozenset({
    "url", "uri", "path", "endpoint", "host", "id", "ids", "type", "kind", "name", "names",
    "field", "fields", "header", "prefix", "suffix", "format", "scope", "scopes", "policy",
    "enabled", "required", "ttl", "timeout", "expiry", "expires", "lifetime", "length", "region",
    "method", "mode", "version", "algorithm", "alg", "location", "file", "count", "limit",
})  # fmt: skip
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def secret_settings(
    settings: object, secret_names: frozenset[str], name: str = "settings"
) -> Iterator[tuple[str, str]]:
    """The name of the placeholder, and the value, of each secret of the settings.

    Args:
        settings: The settings, as JSON.
        secret_names: Normalized names whose values are secret.
        name: What the names of the placeholders begin with.
    """
    yield from _secrets(settings, secret_names, name, is_secret=False)


def named_settings(settings: object, secret_names: frozenset[str]) -> Iterator[tuple[Any, ...]]:
    """The place of each ordinary value in settings whose name says that it is a secret."""
    yield from _ordinary(settings, secret_names, (), is_secret=False)


def _ordinary(
    value: Any, secret_names: frozenset[str], path: tuple[Any, ...], *, is_secret: bool
) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, str):
        if is_secret and value and is_ordinary(value):
            yield path
    elif isinstance(value, Mapping):
        for key, item in value.items():
            below = is_secret or names_a_secret(str(key), secret_names)
            yield from _ordinary(item, secret_names, (*path, key), is_secret=below)
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from _ordinary(item, secret_names, (*path, index), is_secret=is_secret)


def names_a_secret(name: str, secret_names: frozenset[str]) -> bool:
    """Whether a setting says by its name that it is a secret."""
    if is_secret_name(name, secret_names):
        return True
    words = [word.lower() for word in _WORD.findall(name)]
    if "public" in words:
        return False
    while words and words[-1].isdigit():
        words.pop()
    return bool(words) and words[-1] not in _ABOUT and any(word in _SECRET for word in words[-2:])


def _secrets(
    value: Any, secret_names: frozenset[str], name: str, *, is_secret: bool
) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        if is_secret and not (is_ordinary(value) or _is_url(value)):
            yield name, value
        else:
            # The file of a key, under whatever name.
            yield from ((f"{name}.{within}", found) for within, found in named_in_answer(value, secret_names))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            below = is_secret or names_a_secret(str(key), secret_names)
            yield from _secrets(item, secret_names, f"{name}.{key}", is_secret=below)
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from _secrets(item, secret_names, f"{name}.{index}", is_secret=is_secret)


def _is_url(value: str) -> bool:
    """Whether a value is a URL, which has its own secrets: a login, or a part that is random."""
    return "://" in value and all(map(reads_as_words, re.split(r"[/?&=#@]", value)))
