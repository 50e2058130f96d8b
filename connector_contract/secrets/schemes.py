"""The schemes of authentication, such as ``Bearer``, and what follows them."""

from __future__ import annotations

import base64
import re

from connector_contract.secrets.secret_names import normalized

# Authentication schemes are kept: "Bearer <token.token>" says more than a placeholder alone.
_SCHEME = re.compile(
    r"(?:Basic|Bearer|Digest|Token|Negotiate|ApiKey|Key|JWT|OAuth|SSWS|AWS4\S*)\s+", re.IGNORECASE
)
# Any word may be the scheme of an Authorization header (RFC 9110), such as Session or AWS4-HMAC-SHA256, if it
# reads as a name: what has digits in its midst is rather the first part of a secret.
_ANY_SCHEME = re.compile(r"[A-Za-z]+\d{0,3}(?:[-_.][A-Za-z]*\d{0,3})*\s+")


def split_scheme(name: str, value: str) -> tuple[str, str]:
    """The scheme of an authentication with the space after it, if there is one, and what follows.

    Args:
        name: The header's or field's name.
        value: Its value.
    """
    scheme = (_ANY_SCHEME if _is_authorization(name) else _SCHEME).match(value)
    end = 0 if scheme is None else scheme.end()
    return value[:end], value[end:]


def basic_pair(credential: str) -> str | None:
    """What basic authentication (RFC 7617) has encoded; ``None`` if it is not encoded so."""
    try:
        return base64.b64decode(credential, validate=True).decode()
    except ValueError:
        return None


def changes_each_time(name: str) -> bool:
    """Whether what has this name may be another with each request: made from the secret, and the time say."""
    return _is_authorization(name) or normalized(name).endswith("signature")


def _is_authorization(name: str) -> bool:
    return normalized(name).endswith("authorization")
