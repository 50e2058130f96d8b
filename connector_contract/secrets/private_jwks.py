"""The private members of keys in JSON (RFC 7517): they are called by letters, beside the key's kind."""

from __future__ import annotations

import re
from collections.abc import Iterator

_KIND = re.compile(rb'\\?"kty\\?"\s{0,8}:')
# RFC 7518, 6.2.2, 6.3.2 and 6.4.1, and RFC 8037: what no public key has.
_MEMBER = re.compile(rb'\\?"(?:d|p|q|dp|dq|qi|k)\\?"\s{0,8}:\s{0,8}\\?"([\w-]{16,4096}+)\\?"', re.ASCII)
# A key of RSA with 8192 bits has as many characters.
_LONGEST = 8192


def private_members(data: bytes) -> Iterator[str]:
    """Each private member of a key in ``data``, which is JSON, or has it somewhere."""
    at = 0
    for kind in _KIND.finditer(data):
        start = max(data.rfind(b"{", at, kind.start()), kind.start() - _LONGEST, at)
        end = data.find(b"}", kind.end(), kind.end() + _LONGEST)
        at = end if end >= 0 else min(len(data), kind.end() + _LONGEST)
        yield from (found[1].decode() for found in _MEMBER.finditer(data, start, at))
