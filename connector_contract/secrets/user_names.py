"""What of ``auth`` and ``credentials`` names somebody, or a place, and is no secret by itself.

A user's name may be any word: who is called ``admin`` often has the role ``admin``. It has a placeholder
where it authenticates (``user_places``), and stays elsewhere. What names a place or a kind is sent as it is.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from typing import Any

from connector_contract.secrets.ordinary import is_ordinary, looks_random, reads_as_words

# The last word, or two, of the names of fields, with what they name. A word that says that it is secret, such
# as "key", comes last in other names: of "user_key" and "client_id_token", neither is here.
_USERS = {
    "user": "who logs in (RFC 7617)",
    "username": "who logs in (RFC 7617)",
    "user name": "who logs in (RFC 7617)",
    "user id": "who logs in (RFC 7617 has it so)",
    "login": "who logs in, in GitHub's words",
    "login name": "who logs in",
    "email": "who logs in, where accounts have no other name",
    "mail": "who logs in, where accounts have no other name",
    "email address": "who logs in, where accounts have no other name",
    "admin email": "whom a service account acts for (Google)",
    "client email": "a service account's name (Google)",
    "subject": "whom an assertion is about (RFC 7523)",
    "principal": "who logs in (Kerberos)",
    "client": "the application that asks (RFC 6749)",
    "client id": "the application that asks (RFC 6749, 2.2: it is no secret)",
    "app id": "the application that asks",
    "application id": "the application that asks",
    "account": "whose data it is",
    "account id": "whose data it is",
    "account sid": "whose data it is (Twilio)",
    "tenant": "whose data it is",
    "tenant id": "whose data it is (Microsoft)",
    "organization": "whose data it is",
    "organization id": "whose data it is",
    "org": "whose data it is",
    "org id": "whose data it is",
    "company id": "whose data it is",
    "project id": "whose data it is (Google)",
    "customer id": "whose data it is",
    "workspace": "whose data it is",
    "workspace id": "whose data it is",
}
_PLACES = {
    "domain": "a part of the host that is asked",
    "subdomain": "a part of the host that is asked",
    "host": "which server is asked",
    "hostname": "which server is asked",
    "url": "which server is asked",
    "uri": "which server is asked",
    "endpoint": "which server is asked",
    "region": "which server is asked",
    "environment": "which server is asked",
    "scope": "what is asked for (RFC 6749, 3.3)",
    "scopes": "what is asked for (RFC 6749, 3.3)",
    "audience": "whom a token is for (RFC 7519)",
    "alg": "how a token is signed (RFC 7515)",
    "typ": "which kind of token it is (RFC 7515)",
    "grant type": "how a token is asked for (RFC 6749)",
    "token type": "how a token is sent (RFC 6749)",
    "auth type": "how it authenticates",
}
# What the same place of credentials has beside the name that would be the secret.
_SECRETS = frozenset(
    {"password", "passwd", "passphrase", "secret", "token", "key", "assertion", "certificate"}
)

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
# What is random, and so long that it is the secret part of a URL.
_RANDOM = re.compile(r"(?=[A-Za-z_-]*\d)[\w-]{20,}")
_PART = re.compile(r"[\w~+-]+")
# Who logs in to what takes a pair; ids of clients and tenants are random, and no secrets.
_LOGINS = frozenset({"user", "username", "user name", "user id", "login", "login name"})
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def names_a_user(name: str) -> bool:
    """Whether a field, a parameter or a header says that its value is the name of somebody."""
    return _ends(name) is _USERS


def names_a_place(name: str) -> bool:
    """Whether a field says that its value is the name of a server, or of a kind."""
    return _ends(name) is _PLACES


def is_place(name: str, value: str) -> bool:
    """Whether a value of credentials names a server or a kind, and is no secret, as that of a webhook is."""
    if not names_a_place(name):
        return False
    if names_a_scope(name):
        return not looks_random(value)
    return _RANDOM.search(value) is None and not any(map(looks_random, _PART.findall(value)))


def names_a_scope(name: str) -> bool:
    """Whether a field has what is asked for: a list of words, each of any length."""
    return _words(name)[-1:] in (["scope"], ["scopes"])


def is_user_name(name: str, value: str, beside: Mapping[str, Any]) -> bool:
    """Whether a value of credentials is somebody's name, and no secret.

    Where an API takes its key in the place of the user's name, there is no password, or an idle one.

    Args:
        name: The field.
        value: What it has.
        beside: All fields that stand in the same place.
    """
    if not names_a_user(name):
        return False
    if reads_as_words(value) or is_ordinary(value) or _EMAIL.fullmatch(value):
        return True
    is_login = _end(name, _LOGINS) and looks_random(value)
    secrets = [item for key, item in beside.items() if _words(key)[-1:] and _words(key)[-1] in _SECRETS]
    return any(
        isinstance(item, str) and len(item) > 1 and not _is_idle(item, is_login=is_login) for item in secrets
    )


def in_data(users: Mapping[str, str], texts: Iterable[str]) -> list[str]:
    """The names of users that also are data in what is stored.

    Args:
        users: The name of the placeholder of each.
        texts: What is stored.
    """
    found: list[str] = []
    patterns = {user: re.compile(rf"(?<![\w.@-]){re.escape(user)}(?![\w@-])") for user in users}
    for text in texts:
        for user, pattern in patterns.items():
            if user not in found and user in text and pattern.search(text):
                found.append(user)
    return sorted(found)


def _is_idle(password: str, *, is_login: bool) -> bool:
    """Whether a password is a word that stands there because there has to be one: "x", "api_token".

    Args:
        password: What is beside the name of a user.
        is_login: Whether that name is as random as a key: then any word stands there for nothing.
    """
    if not reads_as_words(password):
        return False
    return is_login or "token" in password.lower() or len(set(password)) <= 2


def _ends(name: str) -> Mapping[str, str] | None:
    return next((table for table in (_USERS, _PLACES) if _end(name, table)), None)


def _end(name: str, table: Container[str]) -> bool:
    words = _words(name)
    return any(" ".join(words[-count:]) in table for count in (2, 1))


def _words(name: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(name)]
