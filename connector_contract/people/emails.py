"""E-mail addresses and the domains in them: by their form, and the made-up ones for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import lru_cache
from typing import NamedTuple

from connector_contract.people.listed import listed
from connector_contract.people.stand_ins import StandIns
from connector_contract.people.words import MARKS, folded

# A local part (RFC 5321), also a longer one, but for characters that part an address from what is before it
# in a URL or a text. One sign may be before it, as in a list or an id of two parts: "- alice@acme.com",
# "-alice@acme.com". What is glued to its end, as in "alice@acme.com-42", is no part of it.
_LETTERS = rf"\w{MARKS}"
EMAIL = re.compile(
    rf"(?<![{_LETTERS}])(?<![{_LETTERS}.+#-][.+#-])[^\W_](?:[{_LETTERS}.+'#-]{{0,126}}[{_LETTERS}+#-])?"
    rf"@(?:[^\W_](?:[{_LETTERS}-]{{0,61}}[^\W_])?\.)+(?:[xX][nN]--[\w-]{{0,58}}[^\W_]|[^\W\d_]{{2,24}})"
)
# RFC 2606 and 6761: nobody has an address there.
_RESERVED = re.compile(
    r"(?:.*[.@])?(?:example\.(?:com|org|net)|(?:[^.@]+\.)?(?:example|test|invalid|localhost))\Z"
)
# Of a sandbox of Salesforce, where nobody is to get a mail: "acme.com.invalid", "acme.com.uat".
_SANDBOX = re.compile(
    r"(?<=\.)(?:com|net|org|io|co|edu|gov)(?P<mark>\.[^\W\d_]\w{2,})\Z|(?P<invalid>\.invalid)\Z"
)
_SECOND_LEVEL = listed("ac co com edu gov go ne net or org gob nom sch")
# Parts of domains that say nothing of a tenant.
_PLAIN_LABELS = listed("www mail smtp eu us uk de fr corp mx email dev staging test prod")
PUBLIC = listed(
    "gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com icloud.com me.com"
    " aol.com gmx.de gmx.net web.de proton.me protonmail.com mail.com yandex.ru mail.ru qq.com 163.com"
    " github.com google.com microsoft.com slack.com okta.com"
)
"""Domains of services: addresses there are people's, hosts there are not."""


_GLUE = re.compile(r"[._+'#-]")
# A guest of a tenant of Microsoft's: the address elsewhere, and that of the tenant.
_GUEST = re.compile(r"(.+)_([\w-]+(?:\.[\w-]+)+)(#EXT#)")


@lru_cache(4_096)
def is_reserved(domain: str) -> bool:
    """Whether nobody can have a domain, or an e-mail address there."""
    return _RESERVED.match(_unmarked(domain.lower())[0]) is not None


@lru_cache(1_024)
def made_up_domain(domain: str, stand_ins: StandIns) -> str:
    """The reserved domain that stands for one; that of a domain below it is below it, too."""
    if is_reserved(domain) or stand_ins.keeps_domain(domain):
        return domain
    plain, mark = _unmarked(domain.lower())
    labels = plain.split(".")
    own = _own(labels)
    below, registered = labels[:-own], ".".join(labels[-own:])
    shown = [label if label in _PLAIN_LABELS else stand_ins.label(label) for label in below]
    made = ".".join([*shown, stand_ins.label(registered), "example", "com"]) + mark
    return made.upper() if domain.isupper() else made


def kept_part(email: str, kept: Collection[str]) -> str:
    """The address among kept ones, folded, that one is, or ends with after a sign: ``pre_alice@acme.com``.

    Empty if there is none.
    """
    ends = (email[sign.end() :] for sign in _GLUE.finditer(email, 0, email.rindex("@")))
    return next((end for end in (email, *ends) if folded(end) in kept), "")


class Inner(NamedTuple):
    """A known address within another one.

    Attributes:
        before: What is before it, with a sign at the end.
        email: The address.
        after: What is between what is before the sign of the address, and that sign.
    """

    before: str
    email: str
    after: str


def inner_email(email: str, known: Collection[str]) -> Inner | None:
    """The known address to which something was joined to make another one; ``None`` if there is none.

    Such as ``csv-`` in ``csv-alice@acme.com``, and ``+lumos`` in ``alice+lumos@acme.com``.
    """
    local, _, domain = email.rpartition("@")
    for sign in _GLUE.finditer(local):
        if folded(own := email[sign.end() :]) in known:
            return Inner(email[: sign.end()], own, "")
        if folded(own := f"{local[: sign.start()]}@{domain}") in known:
            return Inner("", own, local[sign.start() :])
    return None


def _unmarked(domain: str) -> tuple[str, str]:
    """A domain, and what marks it as one of a sandbox."""
    found = _SANDBOX.search(domain)
    plain = domain[: found.start(found.lastgroup or 0)] if found is not None else domain
    return (plain, domain[len(plain) :]) if "." in plain.rpartition("@")[2] else (domain, "")


def _own(labels: list[str]) -> int:
    """How many labels of a domain were registered together."""
    return min(len(labels), 3 if len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL else 2)


def made_up_email(email: str, local: Callable[[str], str], stand_ins: StandIns) -> str:
    """The address that stands for one.

    Args:
        email: The address.
        local: Gives the local part that stands for one.
        stand_ins: What makes up domains.
    """
    name, _, domain = email.rpartition("@")
    if is_reserved(domain):
        return email
    guest = _GUEST.fullmatch(name)
    shown = f"{local(guest[1])}_{made_up_domain(guest[2], stand_ins)}{guest[3]}" if guest else local(name)
    return f"{shown}@{made_up_domain(domain, stand_ins)}"


def local_part(email: str) -> str:
    """What is somebody's own in an address."""
    name = email.rpartition("@")[0]
    guest = _GUEST.fullmatch(name)
    return guest[1] if guest else name


def registered_name(domain: str) -> str:
    """The name of a domain without what it is registered under: ``acme`` of ``acme.co.uk``."""
    labels = _unmarked(domain.lower())[0].split(".")
    return labels[-_own(labels)]
