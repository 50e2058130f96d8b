"""The secrets of all scenarios of a run: what a test shows may be another's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from connector_contract.secrets.fragments import Fragments
from connector_contract.secrets.known_secrets import Secrets
from connector_contract.secrets.named_files import secret_names_of
from connector_contract.secrets.redaction import Redactor
from connector_contract.secrets.url_logins import without_logins

if TYPE_CHECKING:
    from connector_contract.config import ConnectorUnderTest


class RunSecrets:
    """Takes the secrets out of whatever a run shows."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        # Those of the scenarios that run, each with the redactor that was known last.
        self._running: dict[int, tuple[Secrets, Redactor | None]] = {}
        self._redactor: Redactor | None = None
        self._in_names: Redactor | None = None
        self._fragments = Fragments()
        self._shown: Callable[[str], str] = str

    def show_by(self, shown: Callable[[str], str]) -> None:
        """Have people made up in what a run shows, as they are in what it stores.

        Args:
            shown: Gives a text with made-up people.
        """
        self._shown = shown

    def configure(
        self, connector: ConnectorUnderTest, secret_names: frozenset[str], *, is_replay: bool = False
    ) -> None:
        """Know what a connector under test is configured with.

        Args:
            connector: As its author has it.
            secret_names: Normalized names whose values are secret.
            is_replay: Whether the run records nothing, so that credentials need not be real.
        """
        secrets = Secrets(secret_names)
        secrets.is_replay = is_replay
        secrets.add(connector.auth, connector.credentials, connector.settings)
        self._know(secrets.hidden)

    def begin(self, secrets: Secrets) -> None:
        """Know the secrets of a scenario that begins, also those that are still to come."""
        self._running[id(secrets)] = secrets, None

    def end(self, secrets: Secrets) -> None:
        """Keep what is known of a scenario that has ended."""
        self._know(secrets.hidden)
        del self._running[id(secrets)]

    def text(self, text: str) -> str:
        """``text`` without secrets, and without pieces of them."""
        return _in_unicode(self._text, text)

    def _text(self, text: str) -> str:
        self._look()
        for secrets, _ in self._running.values():
            # Their placeholders have the numbers that the recording has.
            text = secrets.in_messages().of_secrets.text(text)
        if self._names:
            self._redactor = self._redactor or Redactor(self._names)
            text = self._fragments.text(self._redactor.text(text))
        return self._shown(without_logins(text))

    def name(self, name: str) -> str:
        """The name of a test, or of a file, without secrets; ordinary ones may be a part of any."""
        self._look()
        if self._in_names is None:
            self._in_names = Redactor(secret_names_of(self._names))
        return _in_unicode(self._in_names.text, name)

    def _look(self) -> None:
        """Know what scenarios that run have learned."""
        for key, (secrets, last) in self._running.items():
            # It makes another one with each secret.
            if (redactor := secrets.redactor()) is not last:
                self._know(secrets.hidden)
                self._running[key] = secrets, redactor

    def _know(self, names: Mapping[str, str]) -> None:
        new = {value: name for value, name in names.items() if value not in self._names}
        if new:
            self._names |= new
            self._fragments.add(new)
            self._redactor = self._in_names = None


def _in_unicode(redact: Callable[[str], str], text: str) -> str:
    """A text without secrets, also one that has the half of a character, which no file can have."""
    try:
        return redact(text)
    except UnicodeEncodeError:
        readable = text.encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape")
        return redact(readable).encode("utf-8", "surrogateescape").decode("utf-8", "surrogatepass")
