"""Names that say of themselves that their values are secret: ``newPassword``, ``x-goog-api-key``.

A name is judged by its words, whatever the case and the separators, and above all by its last one: a
``passwordPolicy`` is a policy, and a ``tokenType`` is a type. The well-known names are ``secret_names``'s.
"""

from __future__ import annotations

import re
from functools import lru_cache

# What is longer is no name.
_LONGEST = 80

# A last word that is enough by itself.
_ALWAYS = frozenset(
    {
        "password",
        "passwd",
        "passwort",
        "passphrase",
        "passcode",
        "pw",
        "pwd",
        "secret",
        # In other languages; the last ones are Russian, Chinese and Japanese.
        "contrasena",
        "contraseña",
        "lösenord",
        "losenord",
        "senha",
        "wachtwoord",
        "пароль",
        "密码",
        "密碼",
        "パスワード",
        # Of a network (IEEE 802.11) and of SNMP.
        "psk",
        "csrf",
        "xsrf",
        "jwt",
        # A one-time password, as RFC 4226 and 6238 have it.
        "otp",
        "bearer",
    }
)
# A last word that needs one of these before it. A key is a place in a list or a public one as often as not,
# and so only some are secret: not those of SSH, PGP and deployments, which are the public halves wherever an
# API lists them, and not an account's or an application's, which are ids (GoTo's accountKey, Dropbox's
# app_key).
_PAIRS = {
    "key": frozenset(
        {
            "access",
            "activation",
            "admin",
            "aes",
            "agent",
            "api",
            # Datadog's and Backblaze's.
            "application",
            "auth",
            "authentication",
            "cipher",
            "client",
            "crypto",
            "decryption",
            "encryption",
            "enrollment",
            "full",
            # x-functions-key of Azure's Functions.
            "functions",
            "hmac",
            # Zoom's: who has it takes a meeting over.
            "host",
            "hotp",
            # New Relic's, Splunk's and PostHog's, with which anybody sends data.
            "ingest",
            "ingestion",
            "join",
            "jwt",
            "master",
            "mfa",
            "otp",
            "pem",
            "private",
            "raw",
            # PagerDuty's: who has it opens incidents.
            "routing",
            # LaunchDarkly's.
            "reset",
            "sdk",
            "secret",
            "session",
            # Of a second factor (TOTP), for whom a picture does not work.
            "setup",
            "shared",
            "signing",
            "storage",
            # Twitch's: who has it sends the picture.
            "stream",
            # Ocp-Apim-Subscription-Key of Azure's API Management.
            "subscription",
            "symmetric",
            "tls",
            "token",
            "totp",
            # Vault's.
            "unseal",
            "webhook",
            # Segment's.
            "write",
        }
    ),
    # Codes that let somebody in once. Not "pin": a PIN code is a postal code in India. Not "confirmation":
    # that is a booking's.
    "code": frozenset(
        {
            "access",
            "activation",
            "auth",
            "authorization",
            "backup",
            "device",
            "hotp",
            "invitation",
            "invite",
            "login",
            "mfa",
            "oob",
            "otp",
            "recovery",
            "scratch",
            "totp",
            # RFC 8628: whoever enters it lets a device in.
            "user",
            "verification",
        }
    ),
    "seed": frozenset({"hotp", "mfa", "otp", "totp"}),
    "phrase": frozenset({"pass"}),
    "pass": frozenset(
        {"admin", "auth", "basic", "db", "ftp", "http", "ldap", "login", "mail", "proxy", "root"}
    )
    | {"bind", "initial", "keystore", "smtp", "temp", "temporary", "user"},
    "word": frozenset({"pass"}),
    # "Best regards" is a signature, too.
    "signature": frozenset(
        {"access", "amz", "auth", "aws", "goog", "hmac", "hub", "oauth", "request", "signed", "stripe"}
    )
    | {"slack", "twilio", "webhook", "x"},
    # RFC 7521, 7522 and 7523.
    "assertion": frozenset({"client", "jwt", "saml", "user"}),
    # A SAMLResponse logs in whoever has it (SAML 2.0 bindings, 3.5); a SAMLRequest says nothing secret.
    "response": frozenset({"saml"}),
    "artifact": frozenset({"saml"}),
    "art": frozenset({"saml"}),
    "cookie": frozenset({"auth", "login", "session", "sso"}),
    "header": frozenset({"auth", "authorization"}),
    "auth": frozenset({"basic", "http"}),
    "ticket": frozenset({"auth", "kerberos", "login", "service", "session"}),
    # DocuSign's forgottenPasswordAnswer1.
    "answer": frozenset({"password", "recovery", "secret", "security"}),
    "community": frozenset({"snmp"}),
    # Of LDAP, as Keycloak has it.
    "credential": frozenset({"bind"}),
    # What Windows keeps of a password.
    "hash": frozenset({"lm", "nt", "ntlm"}),
    "passe": frozenset({"de"}),
    "pem": frozenset({"key", "private"}),
    "authorization": frozenset({"forwarded", "original", "proxy", "x"}),
    "string": frozenset({"connection"}),
    "sessid": frozenset({"php"}),
    "sessionid": frozenset({"j"}),
}
# What may follow: the name is still that of the value. "Base64" is a word and a number.
_OF_VALUES = frozenset(
    {
        "again", "b", "base", "binary", "cleartext", "confirm", "confirmation", "confirmed", "current",
        "data", "digest", "encoded", "encrypted", "hash", "hashed", "hex", "jwt", "new", "old", "pem",
        "plain", "plaintext", "previous", "primary", "raw", "repeat", "repeated", "retype", "retyped",
        "secondary", "string", "text", "value", "verify",
    }
)  # fmt: skip
# Of these, a bare "token" is rather the token than a page's: "tokenValue".
_SAYS_VALUE = frozenset({"cleartext", "plain", "plaintext", "secret", "value"})
# Tokens of pages and lists, of language models, and of designs, by a word before the last one.
_NO_SECRET_TOKENS = frozenset(
    {
        "bos", "change", "checkpoint", "color", "completion", "concurrency", "consistency", "continuation",
        "cursor", "delta", "design", "end", "eos", "first", "input", "last", "list", "marker", "max", "min",
        "more", "next", "num", "offset", "output", "pad", "page", "pagination", "paging", "position", "prev",
        "previous", "prompt", "resume", "resumption", "scroll", "skip", "snapshot", "start", "starting",
        "stop", "stream", "sync", "theme", "total", "unk", "watch",
    }
)  # fmt: skip
# Facebook's page_access_token is none of a page in that sense.
_SECRET_TOKENS = frozenset({"access", "api", "auth", "bearer", "csrf", "id", "refresh", "secret", "xsrf"})
# What a name asks, or says that something is not: "has_password", "public_api_key".
_ASKS = frozenset(
    {
        "allow", "allows", "can", "has", "hide", "is", "must", "needs", "no", "require", "requires", "should",
        "show", "supports", "top", "use", "uses",
    }
)  # fmt: skip
_PUBLIC = frozenset({"public", "publishable"})

# In a name without separators, words are looked for that may be beside the last one: "clientsecret".
_BESIDE = frozenset(
    {
        "account", "admin", "app", "aws", "azure", "bot", "client", "confirm", "consumer", "current", "db",
        "binary", "de", "github", "gitlab", "google", "initial", "middleware", "mot", "my", "new", "o", "old",
        "one", "personal", "pre", "primary", "reset", "root", "sas", "secondary", "service", "slack", "temp",
        "temporary", "text", "time", "user", "x",
    }
)  # fmt: skip
_KNOWN = (
    _ALWAYS
    | {"token", "types", "type", "policy"}
    | frozenset(_PAIRS)
    | frozenset().union(*_PAIRS.values())
    | _SECRET_TOKENS
    | _BESIDE
    | {"value", "hash", "public", "id", "next", "page", "sync", "delta", "continuation", "cursor"}
)
# What else a word without separators ends with, with whatever is before: "keystorepassword", "scimtoken".
_ENDS = {
    "password": ("password",),
    "passwd": ("passwd",),
    "passphrase": ("passphrase",),
    "secret": ("secret",),
    "token": ("token",),
    "apikey": ("api", "key"),
    "secretkey": ("secret", "key"),
    "privatekey": ("private", "key"),
}
# A header that an API has made up, as a list of headers has it: "X-Relay-Auth".
_AUTHENTICATES = re.compile(r"(?i)x-(?:[a-z0-9]+-)*auth")
_LONGEST_WORD = max(map(len, _KNOWN))

# "SAMLResponse" is SAML and Response.
_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[^\W\d_A-Z]+|[A-Z]+|\d+")


# What a body has that has a secret's name in it, in lower case and without separators.
_STEMS = ("token", "secret", "pwd", "jwt", "bearer", "signature", "saml")
_PAIRED = tuple(
    re.compile(f"{last}(?:{'|'.join(f'(?<={before}{last})' for before in sorted(_PAIRS[last]))})".encode())
    for last in ("key", "code", "seed")
)
_PASS = re.compile(
    b"pass(?:w|phrase|code|%b)" % "|".join(f"(?<={each}pass)" for each in sorted(_PAIRS["pass"])).encode()
)
_FURTHER = (
    "assertion", "authorization", "authheader", "authticket", "basicauth", "connectionstring", "contrase",
    "cookie", "csrf", "httpauth", "kerberosticket", "keypem", "lmhash", "loginticket", "motdepasse",
    "nthash", "privatepem", "recoveryanswer", "securityanswer", "senha", "senord", "serviceticket", "sessid",
    "sessionid", "sessionticket", "snmpcommunity", "wachtwoord", "xsrf",
    # Without the capital that they may begin with, and as JSON may have them.
    "ароль", "密码", "密碼", "パスワード", "u0430u0440u043eu043b", "u5bc6u7801", "u5bc6u78bc",
    "u30d1u30b9u30ef",
)  # fmt: skip
# Short words that are in many others.
_SHORT = (
    re.compile(rb"(?:(?<![A-Za-z])[pP]|P)[wW](?![A-Za-z])"),
    re.compile(rb"(?i:(?<![a-z])(?:pat|psk|tgt)(?![a-z]))|Psk(?![a-z])"),
)
_AUTHENTICATES_IN_BODY = re.compile(rb"-[aA][uU][tT][hH](?![\w-])")
# "Is not possible" has the letters of "otp".
_OTP = (
    re.compile(rb"otp(?<![A-Za-z0-9]otp)(?![a-z])"),
    re.compile(b"OTP(?![a-z])"),
    re.compile(b"Otp(?![a-z])"),
)

STEMS = frozenset(each.encode() for each in (*_STEMS, *_FURTHER))
"""Letters that a name has, if ``is_secret_by_words`` says yes, unless ``is_paired`` finds it."""


def is_paired(body: bytes, letters: bytes, short: bytes) -> bool:
    """Whether a body may have a secret's name that has none of ``STEMS``.

    Args:
        body: As it is.
        letters: Without separators, in lower case.
        short: And without vowels.
    """
    return (
        any(pattern.search(letters) is not None for pattern in _PAIRED)
        or (b"auth" in letters and _AUTHENTICATES_IN_BODY.search(body) is not None)
        or _PASS.search(letters) is not None
        or (b"pw" in short and _SHORT[0].search(body) is not None)
        or _SHORT[1].search(body) is not None
        or (
            b"tp" in short and b"otp" in letters and any(pattern.search(body) is not None for pattern in _OTP)
        )
    )


@lru_cache(8192)
def is_secret_by_words(name: str) -> bool:
    """Whether a name's words say that its value is secret.

    Args:
        name: As it is written: case and separators tell its words apart.
    """
    if len(name) > _LONGEST:
        return False
    if _AUTHENTICATES.fullmatch(name) is not None:
        return True
    words = _words_of(name)
    while len(words) > 1 and words[-1] in _OF_VALUES and not _is_secret(words):
        says_value = words.pop() in _SAYS_VALUE
        if says_value and words == ["token"]:
            return True
    return _is_secret(words)


def _is_secret(words: list[str]) -> bool:
    if not words or words[0] in _ASKS or not _PUBLIC.isdisjoint(words):
        return False
    *before, last = words
    last = _singular(last)
    if last == "token":
        return bool(before) and (
            _NO_SECRET_TOKENS.isdisjoint(before) or not _SECRET_TOKENS.isdisjoint(before)
        )
    if last in _ALWAYS:
        return True
    return bool(before) and before[-1] in _PAIRS.get(last, ())


def _words_of(name: str) -> list[str]:
    """The words of a name in lower case, without a number at the end."""
    found = [word for part in _WORDS.findall(name) for word in _parted(part.lower())]
    while found and found[-1].isdigit():
        found.pop()
    return found


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and word[:-1] in _KNOWN else word


@lru_cache(4096)
def _parted(word: str) -> tuple[str, ...]:
    """The words that a word without separators is made of; itself if it is not made of known ones alone."""
    if word in _KNOWN or len(word) > _LONGEST:
        return (word,)
    # For each place, the first word of a way from there to the end.
    ways: dict[int, str] = {len(word): ""}
    for start in range(len(word) - 1, -1, -1):
        for end in range(min(len(word), start + _LONGEST_WORD + 1), start, -1):
            if end in ways and (word[start:end] if end < len(word) else _singular(word[start:])) in _KNOWN:
                ways[start] = word[start:end]
                break
    if 0 not in ways:
        tail = next((each for each in _ENDS if word.endswith(each)), "")
        return (*_parted(word.removesuffix(tail)), *_ENDS[tail]) if tail else (word,)
    found, at = [], 0
    while at < len(word):
        found.append(ways[at])
        at += len(ways[at])
    return tuple(found)
