"""The secrets of a scenario: those that it is configured with, those of well-known names, those handed out.

Each has a placeholder that is named after the place of the secret, such as ``<token.token>`` or
``<access_token>``, and never after its value. So a replay that has other credentials, or none that are real,
still tells a connector that sends its token from one that does not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

from connector_contract.clients.content_codings import plain
from connector_contract.recording.interactions import Request, Response
from connector_contract.recording.request_codings import decoded
from connector_contract.recording.urls import canonical_uri
from connector_contract.secrets.aliases import LAST, Aliases, Place
from connector_contract.secrets.encoded_values import decoded_value
from connector_contract.secrets.issued_tokens import IssuedTokens
from connector_contract.secrets.markup_placeholders import escaped_names, is_markup
from connector_contract.secrets.named_places import NamedPlaces
from connector_contract.secrets.named_values import (
    may_be_own_cookie,
    named_in_answer,
    named_in_creation,
    named_in_request,
    named_in_response,
)
from connector_contract.secrets.oauth_values import (
    asked_public,
    asked_secrets,
    handed_out_secrets,
    is_placeholder_of,
)
from connector_contract.secrets.ordinary import is_ordinary, is_word, reads_as_words
from connector_contract.secrets.redaction import Redactor, located
from connector_contract.secrets.schemes import changes_each_time, split_scheme
from connector_contract.secrets.secret_forms import TITLES
from connector_contract.secrets.secret_names import (
    COOKIE,
    ISSUED,
    WELL_KNOWN,
    is_secret_name,
    public_settings,
    without_public,
)
from connector_contract.secrets.secret_parts import parts_of
from connector_contract.secrets.secret_settings import secret_settings
from connector_contract.secrets.set_cookie import cookie_values
from connector_contract.secrets.shown_placeholders import PLACEHOLDER, as_placeholder
from connector_contract.secrets.spellings import FORMS
from connector_contract.secrets.url_logins import PASSWORD, USER, in_settings, login_texts, url_passwords
from connector_contract.secrets.user_names import is_place, is_user_name

# A shorter one is hidden where it is in a URL, and is in too many other words.
_SHORTEST_LOGIN = 3

# So many of the headers that may be made again with each request are looked for elsewhere, too. If there are
# more, they are made again, and of no use afterwards.
_MOST_ALIKE = 8


_Named = tuple[str, str]
"""A name, and the value that a request or a response has under it."""

_Where = tuple[Place, int]
"""Where the request stands that a value was found at, and how much had been looked at by then."""


class _New(NamedTuple):
    """A secret that has its placeholder since a short time ago.

    Attributes:
        name: The placeholder's name without its number.
        named: What it was found in.
    """

    name: str
    named: _Named


class Secrets:
    """The secrets of one scenario: each value, and the name of its placeholder.

    They are collected as they come, because a scenario may send other credentials with each call, and a
    server may hand out tokens.

    Args:
        secret_names: Normalized names whose values are secret.
        aliases: What else gets an alias, though it is no secret.

    Attributes:
        names: The name of the placeholder of each secret.
        configured: The secrets that calls carry.
        handed_out: Those that the upstream has handed out.
        aliases: The stand-ins of values that are no secrets.
        public: What a pair of basic authentication may show beside a secret.
        users: The name of the placeholder of each user's name, which is a secret nowhere by itself.
        is_replay: Whether credentials need not be real.
        recorded: Gives the texts that a recording has which is played.
    """

    def __init__(
        self, secret_names: frozenset[str] = WELL_KNOWN, aliases: Mapping[str, str] | None = None
    ) -> None:
        self.names: dict[str, str] = {}
        self.users: dict[str, str] = {}
        self.is_replay = False
        self.recorded: Callable[[], Iterable[bytes]] = tuple
        # The names of placeholders that are escaped in XML and HTML.
        self._escaped: set[str] = set()
        self.secret_names = secret_names
        self.aliases = Aliases(aliases or {})
        self._origins: dict[str, str] = {}
        self._redactor: Redactor | None = None
        self._shares_redactor = False
        self._changes = 0
        # That of messages, with what it was made of.
        self._of_messages: tuple[tuple[Redactor, int], Redactor] | None = None
        # Where each was found first, and what is new and to be numbered by that.
        self._found: dict[_Named, _Where] = {}
        self._unsettled: dict[str, _New] = {}
        self._looked = 0
        self.configured: set[str] = set()
        self.handed_out: set[str] = set()
        self._given: set[str] = set()
        self._issued = IssuedTokens()
        # The names of cookies that the upstream sets, and the cookies that the connector sets itself.
        self._set_cookies: set[str] = set()
        self._own_cookies: set[_Named] = set()
        self.public: frozenset[str] = frozenset()
        # The placeholders of those that are replaced in places of secret names alone.
        self._ordinary: dict[str, str] = {}
        # The secrets whose parts are known, and how many values have each name.
        self._parted: set[str] = set()
        self._taken: Counter[str] = Counter()
        # The number from which on a name may be free.
        self._numbers: dict[str, int] = {}

    def copy(self) -> Secrets:
        """Those that are known by now, to go on from: what is learned further, each learns for itself."""
        made = copy(self)
        made._shares_redactor = self._shares_redactor = self._redactor is not None
        for name, value in vars(self).items():
            if isinstance(value, (dict, set)):
                setattr(made, name, value.copy())
        made.aliases, made._issued = self.aliases.copy(), self._issued.copy()
        return made

    @property
    def changes(self) -> int:
        """How often something has become known by now that changes what is replaced, and by what."""
        return self._changes

    def _change(self) -> None:
        self._redactor, self._shares_redactor = None, False
        self._changes += 1

    def add(
        self,
        auth: Mapping[str, Any] | None,
        credentials: Sequence[Mapping[str, Any]] | None,
        settings: object = None,
    ) -> None:
        """Take in what a call to the connector carries.

        Args:
            auth: The request's ``auth``, as JSON.
            credentials: The request's ``credentials``, as JSON; the ``id`` of each names its secrets.
            settings: The request's ``settings``, as JSON: what of them is secret by its name.
        """
        leaves = [*_leaves(auth or {}, (), {})]
        for credential in credentials or ():
            secret = {key: value for key, value in credential.items() if key != "id"}
            leaves += _leaves(secret, (str(credential.get("id", "credential")),), {})
        # A secret has its own name, also if it is a part of another one.
        for leaf in leaves:
            self._add_leaf(leaf)
        further = list(secret_settings(settings, self.secret_names))
        for name, value in further:
            self.name(name, value)
        for name, user, password in in_settings(settings):
            self.name_user(f"{name}.user", user)
            self.name(f"{name}.password", password)
        for name, value in [*((".".join(leaf.path), leaf.value) for leaf in leaves), *further]:
            self._name_parts(name, value)

    def _add_leaf(self, leaf: _Leaf) -> None:
        name = ".".join(leaf.path)
        if is_user_name(leaf.key, leaf.value, leaf.beside):
            self.name_user(name, leaf.value)
        elif is_place(leaf.key, leaf.value):
            self.know_url(name, leaf.value)
        else:
            self.name(name, leaf.value)

    def know_url(self, name: str, url: str) -> None:
        """Take in the user and the password of a URL that a client may use, such as that of a proxy."""
        for user, password in url_passwords(url):
            self.name_user(f"{name}.user", user)
            self.name(f"{name}.password", password)

    @property
    def everywhere(self) -> dict[str, str]:
        """The name of the placeholder of each secret that is one wherever it is."""
        return {
            value: name
            for value, name in self.names.items()
            if value in self.configured or not is_ordinary(value)
        }

    @property
    def hidden(self) -> dict[str, str]:
        """Those of ``everywhere`` that no message may show: a dummy that is a word may be any word."""
        return {value: name for value, name in self.everywhere.items() if not self._is_dummy(value)}

    def _is_dummy(self, value: str) -> bool:
        return self.is_replay and value in self.configured and is_word(value)

    @property
    def shown(self) -> frozenset[str]:
        """The names of all placeholders, also of secrets in other forms, such as base64."""
        names = (*self.names.values(), *self.users.values())
        return frozenset(shown for name in names for shown in (name, *(f"{name}.{form}" for form in FORMS)))

    @property
    def given(self) -> frozenset[str]:
        """The placeholders of what calls carry, or were handed: nothing else can be meant by them."""
        named = (self.names[value] for value in self.configured | self.handed_out if value in self.names)
        return frozenset([*self._given, *(f"<{name}>" for name in named)])

    def add_asked(self, capability: str, request: object) -> None:
        """Take in the secrets in the request of a capability that hands out tokens.

        In a replay they may be placeholders, as they were stored, and so may be what is handed out.
        """
        for name, value in asked_secrets(capability, request):
            if is_placeholder_of(name, value):
                self._given.add(value)
            self.name(name, value)
            self._name_parts(name, value)
        self._learn_json(request)

    def add_public(self, capability: str, request: object, settings: object) -> None:
        """Take in what identifies a client or a user, and is no secret: settings, and an OAuth client's id.

        Args:
            capability: What is called.
            request: The capability's own part of the request.
            settings: The request's ``settings``, as JSON.
        """
        found = {*public_settings(settings, self.secret_names), *asked_public(capability, request)}
        if not found <= self.public:
            self.public |= found
            self._change()

    def add_handed_out(self, capability: str, response: Mapping[str, Any]) -> None:
        """Take in the tokens that a capability hands out, and what it has made up for them.

        One that is made of what the upstream has handed out is known by that.
        """
        for name, value in handed_out_secrets(capability, response):
            if PLACEHOLDER.fullmatch(value):
                self._given.add(value)
            elif not PLACEHOLDER.search(self.redactor().text(value)):
                self._name(name, value)
        self._learn_json(response)

    def _learn_json(self, value: object) -> None:
        """Take in what is secret by its name, or its form, in what Lumos asks or is answered."""
        for name, secret in named_in_answer(value, self.secret_names):
            if not PLACEHOLDER.search(self.redactor().text(secret)):
                self._name(name, split_scheme(name, secret)[1])

    def name_user(self, name: str, value: str) -> None:
        """Take in the name of somebody who logs in, with the name of its placeholder."""
        if value and value not in self.users and value not in self._given:
            self.users[value] = self._free(name)
            self._change()

    def name(self, name: str, value: str) -> None:
        """Take in a secret that a call carries, with the name of its placeholder."""
        if value not in self._given and value not in self.configured:
            self.configured.add(value)
            if value in self.names:
                # From now on, it is replaced everywhere.
                self._change()
        self._name(name, value)

    def _name_parts(self, name: str, value: str) -> None:
        """Take in what a secret that a call carries contains, such as the key in a JSON file."""
        if value in self._parted or value not in self.configured or value not in self.names:
            return
        self._parted.add(value)
        # What is the same but for its white space has the same name.
        names = {"": self.names[value]}
        for part in parts_of(name, value):
            if part.value in self.names or part.value in self._given:
                continue
            if part.name not in names:
                names[part.name] = self._free(f"{names['']}.{part.name}")
            self.configured.add(part.value)
            self._set(part.value, names[part.name])

    def learn(self, request: Request, response: Response | None = None, place: Place = LAST) -> bool:
        """Take in the values of well-known names in a request and its response, and the tokens handed out.

        Args:
            request: What the connector asks.
            response: What the upstream has answered by now.
            place: Where the request stands among all of the scenario.

        Returns:
            Whether the request has something new in it that the connector may have made up.
        """
        # A cassette has what a compressed body says.
        request = decoded(request)
        # They come first: a placeholder that no other value can have tells such a token from any other.
        headers = without_public(request.headers, self.secret_names)
        for name, token in self._issued.sent_in(headers):
            self._name(f"{ISSUED}.{name}", token, self._note((name, token), place))
            self.handed_out.add(token)
        made_up = False
        for name, value in self._unlearned(named_in_request(request, self.secret_names), place):
            if self._is_own_cookie(name, value):
                self._own_cookies.add((name, value))
                self._change()
                continue
            in_header = (name, value) in request.headers
            if changes_each_time(name) and in_header:
                self._learn_alike(name, value)
            else:
                self._learn(name, (name, value))
            made_up |= not in_header and value in self.names
        self._learn_logins(request, response, place)
        if self.aliases.learn_request(request, place):
            self._change()
            made_up = True
        if response is not None:
            found = chain(
                named_in_response(response, self.secret_names),
                named_in_creation(request, response, self.secret_names),
            )
            for name, value in self._unlearned(found, place):
                if (name, value) in self._own_cookies:
                    continue
                if name.startswith(COOKIE):
                    self._set_cookies.add(name)
                issued = changes_each_time(name) or (name, value) in response.headers
                self._learn(f"{ISSUED}.{name}" if issued else name, (name, value))
                self.handed_out.add(split_scheme(name, value)[1])
            self._note_escaped(response)
            self._issued.add(response)
            if self.aliases.learn(response, place, request):
                self._change()
        return made_up

    def _learn_logins(self, request: Request, response: Response | None, place: Place) -> None:
        """Take in the users and passwords of URLs, such as that of a redirect."""
        for text in login_texts(request, response):
            for user, password in url_passwords(text):
                name, value = (PASSWORD, password) if password else (USER, user)
                if password:
                    self.name_user(USER, user)
                if (name, value) not in self._found and len(value) >= _SHORTEST_LOGIN:
                    self._name(name, value, self._note((name, value), place))

    def settle(self) -> None:
        """Number new placeholders by where their values were found, whichever was answered first.

        Nothing that has them may be stored or compared before.
        """
        alike: dict[str, list[str]] = {}
        for value, new in self._unsettled.items():
            alike.setdefault(new.name, []).append(value)
        for values in alike.values():
            # They keep the placeholders that they have by now, each another one of these.
            shown = [self.names[value] for value in values]
            in_order = sorted(values, key=lambda value: self._found[self._unsettled[value].named])
            if in_order != values:
                self.names.update(zip(in_order, shown, strict=True))
                self._change()
        self._unsettled.clear()

    def rename(self, names: Mapping[str, str]) -> dict[str, str]:
        """Have values that the connector makes up stand for what a recording has in their places.

        Args:
            names: For each value, the recorded stand-in: an alias, or a placeholder.

        Returns:
            What undoes it.
        """
        before = {}
        for value, shown in names.items():
            if shown and PLACEHOLDER.fullmatch(shown):
                before[value] = f"<{self._release(value)}>"
                self._unsettled.pop(value, None)
                # It comes last, and so is what the placeholder is restored to.
                self._set(value, shown[1:-1])
            else:
                before[value] = self.aliases.bind(value, shown)
        self._change()
        return before

    def expect_played(self, stand_ins: Iterable[str]) -> None:
        """Know the stand-ins that recorded responses have, which a connector may put into tokens."""
        self.aliases.played |= frozenset(stand_ins)
        self._change()

    def record_as(self, url: str, origin: str) -> None:
        """Have ``origin`` in place of ``url`` wherever that appears, though it is no secret."""
        # What the server itself says of its URL is as it was given.
        for each in (url, canonical_uri(url)):
            self._origins[each] = canonical_uri(origin)
        self._change()

    def located(self, uri: str) -> str:
        """Where a request is recorded to go, wherever it goes now."""
        return located(uri, self._origins)

    def redactor(self) -> Redactor:
        """A redactor for the secrets known by now."""
        if self._redactor is None:
            self._redactor = self._made(self.names)
        return self._redactor

    def in_messages(self) -> Redactor:
        """A redactor for what is shown to somebody."""
        if not any(map(self._is_dummy, self.configured)):
            return self.redactor()
        key = self.redactor(), len(self.names)
        if self._of_messages is None or self._of_messages[0] != key:
            names = {value: name for value, name in self.names.items() if not self._is_dummy(value)}
            self._of_messages = key, self._made(names)
        return self._of_messages[1]

    def _made(self, names: Mapping[str, str]) -> Redactor:
        aliases = self.aliases
        return Redactor(
            names,
            aliases.stand_ins,
            self._origins,
            aliases.restored,
            self.public,
            aliases.played,
            self._named_places(),
            self.users,
            self._escaped,
        )

    def _named_places(self) -> NamedPlaces:
        """What is replaced in places of secret names alone; what calls carry is replaced everywhere."""
        self._ordinary.clear()
        for value, name in self.names.items():
            self._note_ordinary(value, name)
        return NamedPlaces(self._ordinary, self.secret_names, self._own_cookies)

    def _note_ordinary(self, value: str, name: str) -> None:
        if is_ordinary(value) and value not in self.configured:
            self._ordinary[value] = f"<{name}>"

    def _is_own_cookie(self, name: str, value: str) -> bool:
        """Whether a request has a cookie that the connector sets itself, and that is no secret.

        What the upstream sets may be another each time.
        """
        if name in self._set_cookies or value in self.configured:
            return False
        return may_be_own_cookie(name, value, self.secret_names)

    def note_played(self, response: Response) -> None:
        """Know the cookies that a recorded response sets, and the placeholders that it has escaped."""
        self._note_escaped(response)
        for name, value in response.headers:
            if name == "set-cookie":
                pairs = cookie_values(value)
                found = {
                    COOKIE + cookie for cookie, text in pairs if "<" in text and PLACEHOLDER.search(text)
                }
                self._changes += not found <= self._set_cookies
                self._set_cookies |= found

    def _note_escaped(self, response: Response) -> None:
        body = plain(response)
        if b"&lt;" not in body or not is_markup(body):
            return
        found = {name for name in escaped_names(body) if self._may_be_placeholder(name)}
        if not found <= self._escaped:
            self._escaped |= found
            self._change()

    def _may_be_placeholder(self, name: str) -> bool:
        last = name.rpartition("-")[0] if name.rpartition("-")[2].isdigit() else name
        last = last.rpartition(".")[2]
        return name in self.names.values() or last in TITLES or is_secret_name(last, self.secret_names)

    def _unlearned(self, named: Iterable[_Named], place: Place) -> Iterator[_Named]:
        for pair in named:
            # Most requests carry what the one before did.
            is_new = pair not in self._found
            self._note(pair, place)
            if is_new:
                yield pair

    def _note(self, named: _Named, place: Place) -> _Named:
        self._looked += 1
        where = place, self._looked
        if named not in self._found or where < self._found[named]:
            self._found[named] = where
        return named

    def _learn(self, name: str, named: _Named) -> None:
        _, credential = split_scheme(*named)
        if not PLACEHOLDER.fullmatch(self.redactor().text(credential)):
            self._name_decoded(name, credential, named)
            self._name(name, credential, named)

    def _name_decoded(self, name: str, credential: str, named: _Named) -> None:
        """Take in what a secret encodes: a connector reads ``s:...`` where the cookie is ``s%3A...``."""
        decoded = None if credential in self.names else decoded_value(credential)
        if decoded is not None and not is_ordinary(decoded) and not reads_as_words(decoded):
            # What the secret is encoded in comes last, and so keeps its own name.
            self._name(f"{name}.decoded", decoded, named)

    def _learn_alike(self, name: str, value: str) -> None:
        """Take in a header that may be made again with each request: its placeholder has no number."""
        _, credential = split_scheme(name, value)
        shown = self.redactor().text(credential)
        few = self._taken[name] < _MOST_ALIKE
        if few and credential and not PLACEHOLDER.fullmatch(shown):
            # With its scheme, so that the header can still be shown with the secret that is in it.
            found = value if PLACEHOLDER.search(shown) else credential
            if found not in self.names:
                self._set(found, name)

    def _name(self, name: str, value: str, named: _Named | None = None) -> None:
        if not value or value in self.names or value in self._given:
            return
        self._set(value, self._free(name))
        if named is not None:
            self._unsettled[value] = _New(name, named)

    def _set(self, value: str, name: str) -> None:
        self.names[value] = name
        self._taken[name] += 1
        self._changes += 1
        if self._shares_redactor:
            self._change()
        if self._redactor is not None:
            # A new one for each secret would take four times as long for twice as many.
            self._note_ordinary(value, name)
            self._redactor.learn(value, name)

    def _free(self, name: str) -> str:
        """A name that no other value has: with a number if the name itself is taken."""
        if not PLACEHOLDER.fullmatch(f"<{name}>") and not self._has_odd(name):
            name = as_placeholder(name)
        number = self._numbers.get(name, 1)
        while self._is_taken(numbered := name if number == 1 else f"{name}-{number}"):
            number += 1
        self._numbers[name] = number
        return numbered

    def _has_odd(self, name: str) -> bool:
        """Whether a recording has a placeholder with spaces, say, as an earlier release wrote it."""
        beginning = f"<{name}".encode("utf-8", "surrogateescape")
        return any(beginning + end in data for data in self.recorded() for end in (b">", b"-"))

    def _is_taken(self, name: str) -> bool:
        return self._taken[name] > 0 or f"<{name}>" in self._given or name in self.users.values()

    def _release(self, value: str) -> str:
        """Take a value's name from it; empty if it has none."""
        name = self.names.pop(value, "")
        if name:
            self._taken[name] -= 1
            base, _, number = name.rpartition("-")
            self._numbers.pop(name, None)
            if number.isdigit():
                self._numbers[base] = min(self._numbers.get(base, 1), int(number))
        return name


@dataclass(frozen=True)
class _Leaf:
    """A text of credentials.

    Attributes:
        path: Where it stands.
        value: The text.
        beside: All that stands in the same place.
        key: The name that it has, or that the list has which it is in.
    """

    path: tuple[str, ...]
    value: str
    beside: Mapping[str, Any]
    key: str


def _leaves(value: Any, path: tuple[str, ...], beside: Mapping[str, Any], key: str = "") -> Iterator[_Leaf]:
    if isinstance(value, str):
        yield _Leaf(path, value, beside, key)
    elif isinstance(value, Mapping):
        for each, item in value.items():
            yield from _leaves(item, (*path, str(each)), value, str(each))
    elif isinstance(value, Sequence):
        for index, item in enumerate(value):
            yield from _leaves(item, (*path, str(index)), beside, key)
