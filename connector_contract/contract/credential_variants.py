"""The credentials that a rule calls the connector with: the good ones, and those that must be refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from connector_contract.config import ConnectorUnderTest
from connector_contract.contract.contract_config import ContractConfig
from connector_contract.contract.rules.credentials import WRONG, with_secret
from connector_contract.errors import UsageError


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
