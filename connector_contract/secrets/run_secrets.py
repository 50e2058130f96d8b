"""The secrets of all scenarios of a run: a fixture's teardown may show what another test was configured with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from connector_contract.secrets.fragments import Fragments
from connector_contract.secrets.known_secrets import Secrets
from connector_contract.secrets.redaction import Redactor
from connector_contract.secrets.url_logins import without_logins

if TYPE_CHECKING:
    from connector_contract.config import ConnectorUnderTest


class RunSecrets:
    """Takes the secrets out of whatever a run shows."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._running: list[Secrets] = []
        self._redactor: Redactor | None = None
        self._fragments = Fragments()

    def configure(self, connector: ConnectorUnderTest, secret_names: frozenset[str]) -> None:
        """Know what a connector under test is configured with.

        Args:
            connector: As its author has it.
            secret_names: Normalized names whose values are secret.
        """
        secrets = Secrets(secret_names)
        secrets.add(connector.auth, connector.credentials, connector.settings)
        self._know(secrets.everywhere)

    def begin(self, secrets: Secrets) -> None:
        """Know the secrets of a scenario that begins, also those that are still to come."""
        self._running.append(secrets)

    def end(self, secrets: Secrets) -> None:
        """Keep what is known of a scenario that has ended."""
        self._running.remove(secrets)
        self._know(secrets.everywhere)

    def text(self, text: str) -> str:
        """``text`` without secrets, and without pieces of them."""
        if len(text) < 2:
            return text
        for secrets in self._running:
            self._know(secrets.everywhere)
        if self._names:
            self._redactor = self._redactor or Redactor(self._names)
            for secrets in self._running:
                # Their placeholders have the numbers that the recording has.
                text = secrets.redactor().of_secrets.text(text)
            text = self._fragments.text(self._redactor.text(text))
        return without_logins(text)

    def _know(self, names: Mapping[str, str]) -> None:
        new = {value: name for value, name in names.items() if value not in self._names}
        if new:
            self._names |= new
            self._fragments.add(new)
            self._redactor = None

    def safe(self, value: Any) -> Any:
        """A value of plain data without secrets in its texts."""
        from connector_contract.reporting.safe_reports import safe_value

        return safe_value(value, self.text)
