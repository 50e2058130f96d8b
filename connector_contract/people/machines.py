"""Accounts that are no person's: of a service, a bot or a role; and what marks those that were somebody's."""

from __future__ import annotations

import re
from functools import lru_cache

from connector_contract.people.common_words import ROLES, TOOLS
from connector_contract.people.listed import listed
from connector_contract.people.words import WORD, folded

# Somebody's name, too, but hardly somebody's login.
_MACHINES = TOOLS | listed(
    "actions agent bots cron daemon data export exports ghost import imports integration integrations jenkins"
    " job jobs loader pipeline provisioning queue relay runner runners scheduler sync task travis upload"
    " uploads webhook webhooks worker"
)
# Nobody has a login with one of these after a name and a sign: "salesforce-sync", and no "jan.bot".
_OF_PROGRAMS = listed(
    "agent bot bots connector cron daemon export exporter import importer integration integrations relay"
    " runner runners sync uploader webhook webhooks"
)
_BESIDE_PROGRAM = re.compile(r"[^@]*[^\W_][_-]([^\W\d_]+)\d*")
_MACHINE = re.compile(
    r"(?:service-?account|svc)[-_.:].+|(?:bot|robot)[-_:].+|.+[-_](?:svc|service-?account)|.+\[bot\]"
    r"|(?:project|group)_\d+_bot\w*",
    re.IGNORECASE,
)
# Google's.
_OF_SERVICES = re.compile(r"(?:[^@]+\.)?gserviceaccount\.com", re.IGNORECASE)
MARKERS = listed(
    "disabled deactivated deleted suspended terminated inactive offboarded slackbot zz zzz zzzz xx xxx xxxx"
)
"""What stands in a name or a login to say that it is no longer somebody's."""
_BESIDE_MARKERS = listed("user users account accounts employee member staff contact former removed unknown")


@lru_cache(8_192)
def is_machine(login: str) -> bool:
    """Whether a login, or what is before the sign of an address, says that it is no person's."""
    return _MACHINE.fullmatch(login) is not None


@lru_cache(8_192)
def is_of_role(login: str) -> bool:
    """Whether a login is for a role or a system, and nobody's own."""
    words = [folded(word) for word in WORD.findall(login)]
    if not words or is_machine(login):
        return bool(words)
    if all(word in ROLES or word in _MACHINES for word in words):
        # Alone, this one is somebody's.
        return words != ["job"]
    found = _BESIDE_PROGRAM.fullmatch(login)
    return found is not None and folded(found[1]) in _OF_PROGRAMS


@lru_cache(8_192)
def is_of_program(name: str) -> bool:
    """Whether a name of several words is that of a program: "Relay Bot"."""
    words = [folded(word) for word in WORD.findall(name)]
    return len(words) > 1 and is_of_role(" ".join(words)) and not _MACHINES.isdisjoint(words)


def is_of_service(domain: str) -> bool:
    """Whether accounts of services, and no people, have addresses at a domain."""
    return _OF_SERVICES.fullmatch(domain) is not None


@lru_cache(8_192)
def is_only_marked(name: str) -> bool:
    """Whether a name only says that somebody is gone: "Former user", "Deleted User"."""
    words = {folded(word) for word in WORD.findall(name)}
    is_gone = not words.isdisjoint(MARKERS) or not words.isdisjoint(("former", "removed", "unknown"))
    return len(words) > 1 and is_gone and words <= MARKERS | _BESIDE_MARKERS
