"""**credentials**: no secret travels in a URL."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from urllib.parse import unquote

from connector_contract.contract.declared_less import ONLY_WAY
from connector_contract.contract.rules.breach import Breach
from connector_contract.recording.interactions import Cassette, Request
from connector_contract.secrets.secret_names import ISSUED
from connector_contract.secrets.shown_placeholders import PLACEHOLDER
from connector_contract.secrets.spellings import FORMS
from connector_contract.secrets.user_names import names_a_place, names_a_user

# What clients get in exchange for credentials, or prove with them who they are (RFC 6749, RFC 7521).
_TOKENS = frozenset({
    "access_token", "refresh_token", "id_token", "auth_token", "api_token", "session_token", "client_secret",
    "client_assertion", "assertion", "password",
})  # fmt: skip
_NUMBER = re.compile(r"-\d+$")
_FORM = re.compile(rf"\.(?:{'|'.join(map(re.escape, FORMS))})$")
_LOGGED = "Servers, proxies and browsers write URLs into their logs, and whoever reads those has the secret."


def secret_in_url_breach(
    capability: str, requests: Iterable[Request], kinds: Collection[str], choice: str | None = None
) -> Iterator[Breach]:
    """Requests whose URL has a secret of the connector's in it.

    That is what it is given, and what a login gives it. What only an upstream has put in a link, such as the
    signature of a download, is not.

    Args:
        capability: What was called.
        requests: What it asked for, with placeholders for secrets.
        kinds: The kinds of credentials, as the names of their placeholders begin.
        choice: What the author declares, ``ONLY_WAY`` or nothing.

    Source: RFC 6750, section 2.3: a token in a URI "SHOULD NOT be used unless it is impossible to transport
    the access token in the 'Authorization' request header field or the HTTP request entity-body", "Because
    of the security weaknesses associated with the URI method"; RFC 9110, section 17.9.
    """
    wrong = dict.fromkeys(str(each) for each in requests if any(secrets_in(each.uri, kinds)))
    if choice == ONLY_WAY:
        if not wrong:
            title = "no request has a secret in its URL, and declared_choices says that some have"
            yield Breach(capability, title, "The next secret in a URL would go unnoticed. Delete the line.")
    elif wrong:
        yield Breach(capability, "it sends a secret in a URL", _LOGGED, list(wrong))


def asked_by(cassette: Cassette, capabilities: Collection[str]) -> list[Request]:
    """The requests that the calls of some capabilities have made."""
    calls = [each for each in cassette.calls if each.capability in capabilities]
    return [cassette.interactions[number - 1].request for call in calls for number in call.interactions]


def secrets_in(uri: str, kinds: Collection[str]) -> Iterator[str]:
    """The names of the placeholders of a connector's secrets in a URL."""
    for found in PLACEHOLDER.findall(unquote(uri)):
        name = _NUMBER.sub("", _FORM.sub("", found[1:-1]))
        kind, _, rest = name.partition(".")
        last = name.rpartition(".")[2]
        is_given = bool(rest) and kind in kinds and not names_a_user(last) and not names_a_place(last)
        if is_given or kind == ISSUED or last in _TOKENS:
            yield name
