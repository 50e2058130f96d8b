"""What an author declares of the fault sweep, and of rules that right connectors may differ in, checked."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Any, NamedTuple

from connector_contract.errors import UsageError

EVERY_REQUEST = "every request"
"""In place of an endpoint, for a fault of all requests of a call."""

_FAULT = re.compile(rf"(?P<fault>[\w-]+)\[(?P<capability>\w+)-(?P<endpoint>[A-Z]+ /\S*|{EVERY_REQUEST})]")
_CHOICE = re.compile(r"(?P<rule>\w+)\[(?P<capability>\w+)]")
_EXAMPLE = '"status-404[delete_account-DELETE /users/*]": "the reason"'

ADOPTED = "adopted"
"""A creation of what is there returns the account that is there, as a success, and leaves it as it is."""
KEEPS_ACCESS = "keeps_access"
"""A deleted account still has the access that it had: the application keeps it for good."""
LOSES_ACCESS = "loses_access"
"""What a deactivation takes away, an activation does not give back."""
NOT_LISTED = "not_listed"
"""The list does not have accounts with the status that the write leads to."""
ANY_LIST = "any_list"
"""The page tokens do not say of which list they are, as those of the upstream, which are handed on."""
ONLY_WAY = "only_way"
"""The upstream takes its key in a URL, and in no other way."""
NO_LOGIN = "unauthorized_on_403"
"""The upstream refuses wrong credentials with 403, as it does what they may not do."""

CHOICES: Mapping[str, Collection[str]] = {
    "existing_account": (ADOPTED,),
    "opposites": (LOSES_ACCESS,),
    "page_token": (ANY_LIST,),
    "secret_in_url": (ONLY_WAY,),
    "server_error": (NO_LOGIN,),
    "writes": (KEEPS_ACCESS, NOT_LISTED),
}
"""What an author may choose where right connectors differ, by rule."""


def may_declare(rule: str, capability: str, choice: str) -> str:
    """How an author says that a connector is right to do something, as a sentence of a message."""
    return (
        f'If that is right, declare it: declared_choices["{rule}[{capability}]"] with the choice "{choice}".'
    )


class Tolerated(NamedTuple):
    """A fault that a connector survives in a way of its own, on purpose.

    Attributes:
        fault: The fault's name.
        capability: What Lumos called.
        endpoint: Method and path of the broken request; or ``EVERY_REQUEST``. A ``*`` stands for one part of
            the path, such as an id.
    """

    fault: str
    capability: str
    endpoint: str

    def covers(self, other: Tolerated) -> bool:
        """Whether another one is this, or one of those that this stands for by a ``*``."""
        if (self.fault, self.capability) != (other.fault, other.capability):
            return False
        own, its = self.endpoint.split("/"), other.endpoint.split("/")
        return len(own) == len(its) and all(part in ("*", each) for part, each in zip(own, its, strict=True))

    def __str__(self) -> str:
        """As the author writes it in ``tolerated_faults``."""
        return f"{self.fault}[{self.capability}-{self.endpoint}]"


def tolerated_of(key: str) -> Tolerated:
    """What a key of ``tolerated_faults`` names.

    Raises:
        UsageError: It does not name one fault, of one capability, at one endpoint.
    """
    found = _FAULT.fullmatch(key) if isinstance(key, str) else None
    if found is None:
        raise UsageError(
            f"tolerated_faults[{key!r}] does not name a fault, a capability and an endpoint.",
            remedy=f"Write it as the failure of the sweep shows it: tolerated_faults = {{{_EXAMPLE}}}.",
        )
    return Tolerated(**found.groupdict())


def check_tolerated(tolerated: Mapping[str, Any], faults: Collection[str]) -> None:
    """Refuse tolerated faults that there are not.

    Args:
        tolerated: What the author declares.
        faults: The names of all faults.

    Raises:
        UsageError: A key names something else.
    """
    for key in tolerated:
        fault = tolerated_of(key).fault
        if fault not in faults:
            near = get_close_matches(fault, faults, n=3)
            raise UsageError(
                f"tolerated_faults[{key!r}]: there is no fault {fault}.",
                details=[f"near it: {', '.join(near)}"] if near else [],
                remedy="Name it as the failure of the sweep shows it; docs/faults.md lists all.",
            )


def check_choices(choices: Mapping[str, Any], allowed: Mapping[str, Collection[str]]) -> None:
    """Refuse declared choices that no rule leaves open.

    Args:
        choices: What the author declares.
        allowed: What may be chosen, by rule.

    Raises:
        UsageError: A key names no such rule with its capability, or its choice is none of them, or it has no
            reason.
    """
    for key, value in choices.items():
        found = _CHOICE.fullmatch(key) if isinstance(key, str) else None
        if found is None or found["rule"] not in allowed:
            raise UsageError(
                f"declared_choices[{key!r}] names no rule that leaves a choice.",
                details=[f"these leave one: {', '.join(sorted(allowed)) or 'none'}"],
                remedy='Write it as {"<rule>[<capability>]": {"choice": "...", "reason": "..."}}.',
            )
        _check_choice(key, value, allowed[found["rule"]])


def _check_choice(key: str, value: object, allowed: Collection[str]) -> None:
    if not isinstance(value, Mapping) or set(value) != {"choice", "reason"}:
        raise UsageError(
            f"declared_choices[{key!r}] is {value!r}, and should have a choice and a reason.",
            remedy='Write it as {"choice": "...", "reason": "..."}.',
        )
    if value["choice"] not in allowed:
        raise UsageError(
            f"declared_choices[{key!r}] chooses {value['choice']!r}, which the rule does not leave open.",
            details=[f"it leaves open: {', '.join(sorted(allowed))}"],
            remedy="Choose one of these, or delete the line.",
        )
    if not isinstance(value["reason"], str) or not value["reason"].strip():
        raise UsageError(
            f"declared_choices[{key!r}] has no reason.",
            remedy="Write down why, in a sentence. Whoever reviews the connector reads it.",
        )
