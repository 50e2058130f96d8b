"""What a connector makes up in a replay, a password or a key, stands for what it made up when recorded.

Each new value gets the alias, or the placeholder, that the recorded request has in its place. Which request
that is shows in all the rest of it. So neither the order of concurrent requests matters, nor whether a call
is replayed alone.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cache, cached_property

from connector_contract.recording.interactions import Request
from connector_contract.recording.matching import request_key
from connector_contract.secrets.known_secrets import Secrets
from connector_contract.secrets.named_values import named_in_request
from connector_contract.secrets.shown_placeholders import PLACEHOLDER

Values = Sequence[tuple[str, str]]
"""Values that the connector makes up, each with the name of its alias or field."""


@dataclass(frozen=True, eq=False)
class _Recorded:
    request: Request
    values: Values


class Alignment:
    """Which recorded value each value stands for that the connector makes up.

    Args:
        recorded: The recorded requests, those first that are likely to be made.
        secrets: Those of the replay; it learns the names of the values.
        guesses: Whether a request that equals no recorded one may have the values of the likeliest, so that a
            message shows what else differs. While recording, it is a new one.
        key: What equal requests have in common.
    """

    def __init__(
        self,
        recorded: Iterable[Request],
        secrets: Secrets,
        *,
        guesses: bool,
        key: Callable[[Request], Hashable] = request_key,
    ) -> None:
        # Copies have it in common.
        self._read = cache(lambda: _recorded(recorded, secrets))
        self._key = key
        self._secrets = secrets
        self._guesses = guesses
        self._bound: dict[str, str] = {}
        self._taken: set[str] = set()
        if secrets.aliases.of_requests:
            # What has no placeholder has an alias.
            stand_ins = {shown for each in self._recorded for _, shown in each.values}
            secrets.aliases.expect({shown for shown in stand_ins if not PLACEHOLDER.fullmatch(shown)})

    def copy(self, secrets: Secrets) -> Alignment:
        """The same for another replay, of which nothing is known yet.

        Args:
            secrets: A copy of those that it knows now.
        """
        made = copy(self)
        made._secrets, made._bound, made._taken = secrets, {}, set()
        vars(made).pop("_unbound", None)
        return made

    @property
    def _recorded(self) -> list[_Recorded]:
        return self._read()

    @cached_property
    def _unbound(self) -> dict[_Recorded, None]:
        return dict.fromkeys(self._recorded)

    def align(self, request: Request, redact: Callable[[Request], Request]) -> None:
        """Name what is new in a request after the values of the recorded request that it equals.

        Args:
            request: As the connector makes it.
            redact: Brings it into the form that it is compared in.
        """
        values = made_up_in(request, self._secrets)
        for recorded, names in self._candidates(values):
            before = self._secrets.rename(names)
            if self._key(redact(request)) == self._key(recorded.request):
                self._bound.update(names)
                self._taken.update(names.values())
                return
            self._secrets.rename(before)
        if self._guesses:
            self._guess(request, values)

    def _candidates(self, values: Values) -> Iterator[tuple[_Recorded, dict[str, str]]]:
        for recorded in list(self._unbound):
            if self._taken.issuperset(shown for _, shown in recorded.values):
                del self._unbound[recorded]
                continue
            names = self._names(values, recorded)
            if names is not None and self._taken.isdisjoint(names.values()):
                yield recorded, names
        if self._guesses:
            # It asks once more, with a new value.
            for recorded in self._recorded:
                if (names := self._names(values, recorded)) is not None:
                    yield recorded, names

    def _names(self, values: Values, recorded: _Recorded) -> dict[str, str] | None:
        """What each new value is to be called; ``None`` if the recorded request has others in its places."""
        if [name for name, _ in values] != [name for name, _ in recorded.values]:
            return None
        names: dict[str, str] = {}
        given = self._secrets.given
        for (_, value), (_, shown) in zip(values, recorded.values, strict=True):
            if self._is_given(value) or value == shown:
                continue
            if names.setdefault(value, self._bound.get(value, shown)) != shown or shown in given:
                return None
        return {value: shown for value, shown in names.items() if value not in self._bound}

    def _is_given(self, value: str) -> bool:
        """Whether a value is from elsewhere, and has its name already."""
        given = (self._secrets.configured, self._secrets.handed_out, self._secrets.aliases.recorded)
        return any(value in values for values in given)

    def _guess(self, request: Request, values: Values) -> None:
        path = request.uri.partition("?")[0]
        for recorded in self._recorded:
            names = self._names(values, recorded)
            same = (request.method, path) == (recorded.request.method, recorded.request.uri.partition("?")[0])
            if same and names is not None:
                self._secrets.rename(names)
                return


def _recorded(requests: Iterable[Request], secrets: Secrets) -> list[_Recorded]:
    made_up = ((request, made_up_in(request, secrets)) for request in requests)
    return [_Recorded(request, values) for request, values in made_up if values]


def made_up_in(request: Request, secrets: Secrets) -> list[tuple[str, str]]:
    """What of a request is likely to be made up by the connector, or stands for it.

    What authenticates is not: it is configured, or was handed out.
    """
    content = Request(
        request.method,
        request.uri,
        tuple(pair for pair in request.headers if pair[0] == "content-type"),
        request.body,
    )
    aliased = [(name, str(value)) for name, value in secrets.aliases.in_request(request)]
    named = named_in_request(content, secrets.secret_names)
    return [*aliased, *((name, value) for name, value in named)]
