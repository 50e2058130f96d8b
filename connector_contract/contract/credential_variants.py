"""The credentials that a rule calls the connector with: the good ones, and those that must be refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from connector_contract.config import ConnectorUnderTest, Json
from connector_contract.contract.contract_config import ContractConfig
from connector_contract.contract.rules.credentials import WRONG, with_secret, with_space
from connector_contract.errors import UsageError

_VALIDATION = "validate_credential_config"
WITHOUT_EXAMPLE = {_VALIDATION}
"""What the author gives no example for: it is asked with the credentials that the connector is given."""


@dataclass(frozen=True)
class OneCredential:
    """One of several credentials, and what it may not be; ``None`` where nobody knows which part is secret.

    Attributes:
        id: Its id.
        good: The credential itself.
        wrong: It with another secret.
        empty: It without its secret.
        spaced: It with white space behind its secret.
    """

    id: str
    good: Json
    wrong: Json | None
    empty: Json | None
    spaced: Json | None


@dataclass(frozen=True)
class CredentialVariants:
    """Credentials as ``RuleContext.call`` takes them: ``auth`` or ``credentials``, by name.

    Args:
        connector: The connector under test, with the good ones.
        config: What the author configured, perhaps with bad ones.
        secret_names: Normalized names whose values are secret.
    """

    connector: ConnectorUnderTest
    config: ContractConfig
    secret_names: frozenset[str]

    @property
    def are_given(self) -> bool:
        """Whether the connector under test is given any."""
        return bool(self.connector.auth or self.connector.credentials)

    @property
    def names(self) -> set[str]:
        """What the placeholders of their secrets begin with."""
        ids = {str(each.get("id", "credential")) for each in self.connector.credentials or ()}
        return {*(self.connector.auth or ()), *ids}

    @property
    def good(self) -> dict[str, Any]:
        """Those that the connector under test is given."""
        return {"auth": self.connector.auth, "credentials": self.connector.credentials}

    @property
    def bad(self) -> dict[str, Any] | None:
        """Some that the upstream refuses; ``None`` if nobody knows any.

        Raises:
            UsageError: The author has given the good ones for bad ones.
        """
        if self.config.bad_auth is None and self.config.bad_credentials is None:
            return self._with_secret(WRONG)
        bad = {"auth": self.config.bad_auth, "credentials": self.config.bad_credentials}
        if bad == self.good:
            raise UsageError(
                "bad_auth or bad_credentials are the good credentials that the connector is recorded with.",
                remedy="Give some that the upstream refuses.",
            )
        return bad

    @property
    def wrong(self) -> dict[str, dict[str, Any]]:
        """The bad ones of each kind alone, beside good ones of the others, by the kind.

        Raises:
            UsageError: As for ``bad``.
        """
        bad = self.bad or {}
        kinds = credential_kinds(self.connector)
        if len(kinds) < 2:
            return dict.fromkeys(kinds, bad)
        by_id = {each.get("id"): each for each in bad.get("credentials") or ()}
        good = self.connector.credentials or ()
        return {
            kind: {
                "credentials": [by_id.get(kind, each) if each.get("id") == kind else each for each in good]
            }
            for kind in kinds
        }

    @property
    def each(self) -> list[OneCredential]:
        """Each credential alone, with what it may not be; none of an ``auth``, which has no ids."""
        bad = {each.get("id"): each for each in (self.bad or {}).get("credentials") or ()}

        def other(good: Json, value: Any) -> Json | None:
            return None if value is None or value == good else value

        return [
            OneCredential(
                str(good.get("id")),
                good,
                other(good, bad.get(good.get("id"))),
                other(good, with_secret(good, "", self.secret_names)),
                other(good, with_space(good, with_secret(good, "", self.secret_names))),
            )
            for good in self.connector.credentials or ()
        ]

    @property
    def missing(self) -> dict[str, Any]:
        """No credentials."""
        return {"auth": {}} if self.connector.credentials is None else {"credentials": []}

    @property
    def empty(self) -> dict[str, Any] | None:
        """Credentials with nothing in them; ``None`` if nobody knows which of their parts are secret."""
        return self._with_secret("")

    def _with_secret(self, secret: str) -> dict[str, Any] | None:
        other = with_secret(self.good, secret, self.secret_names)
        return None if other == self.good else other


def credential_kinds(connector: ConnectorUnderTest) -> list[str]:
    """The kinds of credentials that a connector is given, as the placeholders of their secrets begin.

    Several of one ``auth`` are one kind: they are refused together.
    """
    if connector.credentials is not None:
        return list(dict.fromkeys(str(each.get("id", "credential")) for each in connector.credentials))
    return [next(iter(connector.auth))] if connector.auth else []


def credential_examples(connector: ConnectorUnderTest) -> dict[str, Json]:
    """The requests to validate a credential that nobody has to write: they have the first that is given.

    Best one that the author has said how to validate.
    """
    if _VALIDATION not in connector.integration.capabilities or not connector.credentials:
        return {}
    declared = getattr(connector.integration, "credentials", None) or ()
    validated = {each.id for each in declared if getattr(each, "validation", None) is not None}
    given = sorted(connector.credentials, key=lambda each: each.get("id") not in validated)
    return {_VALIDATION: {"credential": given[0]}}
