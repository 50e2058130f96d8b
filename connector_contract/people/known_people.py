"""The people of a tenant as recordings show them: made up, and the same everywhere."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import Any

from connector_contract.people.conditions import Condition, conditions, with_values
from connector_contract.people.documents import Document, decoded, json_document
from connector_contract.people.emails import EMAIL, inner_email
from connector_contract.people.field_names import field
from connector_contract.people.kept_values import NAMES, KeptValues
from connector_contract.people.leaves import KEY
from connector_contract.people.leftovers import leftovers
from connector_contract.people.parts import with_parts
from connector_contract.people.people_report import PeopleReport, Unreplaced
from connector_contract.people.personal_fields import PersonalFields
from connector_contract.people.phones import Phones, name_and_number
from connector_contract.people.placeholders import Placeholders
from connector_contract.people.places import Placed, placed
from connector_contract.people.replaced_formats import documents_of, is_binary, is_within
from connector_contract.people.replaced_text import Mentions
from connector_contract.people.restored import TOKEN, Restored
from connector_contract.people.stand_ins import StandIns
from connector_contract.people.uris import segments, with_pieces
from connector_contract.people.value_kinds import ValueKinds
from connector_contract.people.vocabulary import Vocabulary
from connector_contract.people.words import WORD, folded

_LETTER = re.compile(r"\w")


class People:
    """Learns who is in a tenant, and has made-up people in their place.

    Args:
        fields: Which fields are personal.
        stand_ins: What makes people up.
        kept: Values that stay, such as those that tests name themselves.
    """

    def __init__(self, fields: PersonalFields, stand_ins: StandIns, kept: Collection[str] = ()) -> None:
        self._fields, self._stand_ins = fields, stand_ins
        self._kept = KeptValues(stand_ins)
        self._vocabulary = Vocabulary()
        self._phones = Phones(stand_ins)
        self._kinds = ValueKinds()
        self._restored = Restored()
        self._placeholders = Placeholders()
        self._mentions = Mentions(
            self._vocabulary,
            self._phones,
            stand_ins,
            self._kept.values,
            self._kept.folded,
            self._restored.words,
        )
        # How much was known when this was last renewed; how much of it can be restored; whether more may have
        # been learned.
        self._size: tuple[int, ...] = ()
        self._restorable = 0
        self._is_outdated = True
        self._keys: dict[str, str] = {}
        self._shown: defaultdict[str, dict[str, str | None]] = defaultdict(dict)
        self._counts: dict[str, set[str]] = {}
        self._unreplaced = Unreplaced()
        for each in kept:
            self.keep(each)

    def recall(self, stored: People) -> None:
        """Recognise whom stored recordings have made up with the same key, though nothing of them is read.

        Args:
            stored: What was learned from these recordings.
        """
        self._is_outdated = True
        self._vocabulary.recall(stored._vocabulary, self._stand_ins)

    def catch_up(self) -> None:
        """Make up what is made up already as it is now, where more is known of somebody by now."""
        self._made().catch_up()
        self._shown.clear()

    def learned(self) -> dict[str, Any]:
        """All that is known, with the real people, as JSON has it."""
        return {
            "vocabulary": self._vocabulary.learned(),
            "kept": self._kept.learned(),
            "made_up": self._restored.made_up,
            "words": self._restored.words,
        }

    def take(self, learned: Mapping[str, Any]) -> None:
        """Know what others know who make people up with the same key."""
        self._is_outdated = True
        self._vocabulary.take(learned["vocabulary"])
        for kind, value in learned["vocabulary"]["values"]:
            self._learn_value(kind, value)
        self._kept.take(learned["kept"])
        for made, real in learned["made_up"].items():
            self._restored.note(real, made)
        for made, real in learned["words"].items():
            self._restored.words.setdefault(made, real)

    def keep(self, value: str) -> None:
        """Have a value stay as it is, such as one that a connector is configured with."""
        self._keep("name" if WORD.fullmatch(value) else "", value)

    def keep_placeholders(self, names: Collection[str]) -> None:
        """Have the placeholders of secrets stay as they are, whoever is called like a word of them."""
        if self._placeholders.add(names):
            self._size, self._is_outdated = (), True

    def keep_request(self, request: Any, is_own: Callable[[str], bool]) -> None:
        """Have values of a request of Lumos stay as they are, and the words of names in it, too.

        Args:
            request: The request.
            is_own: Whether a value is the author's own.
        """
        for _, kind, value, _, _ in self._fields.leaves(request).found:
            if kind != KEY and isinstance(value, str) and is_own(value):
                self._keep(kind, value)

    def keep_unknown(self, body: bytes, content_type: str, uri: str) -> None:
        """Have what a connector asks for stay as it is where nobody is known by it.

        It is a constant of the connector's, or the author's own: a replay asks with it.

        Args:
            body: The body of a request.
            content_type: What it is.
            uri: Where it goes.
        """
        found = documents_of(body, content_type)
        for document in () if found is None else found.documents:
            for _, kind, value, _, _ in self._fields.leaves(document.value).found:
                if kind != KEY and (kind or "@" in str(value)) and self._is_unknown(str(value)):
                    self._keep(kind, str(value))
        with_pieces(uri, self._keep_piece)

    def keep_own_words(self, answer: Any, is_said: Callable[[str], bool]) -> None:
        """Have words stay that a connector itself puts into names and addresses.

        Such as those in "Martin, Alice (reports to Bob Hill)" and in "csv-alice@acme.com".

        Args:
            answer: What Lumos is answered.
            is_said: Whether a folded word is in what the upstream has answered by now.
        """
        words = self._made().words
        own = [
            (kind, word)
            for _, kind, value, _, _ in self._fields.leaves(answer).found
            if isinstance(value, str) and (kind in NAMES or "@" in value)
            for word in self._words_of_connector(value)
            if not words.is_known(folded(word)) and not is_said(folded(word))
        ]
        for kind, word in dict.fromkeys(own):
            self._keep(kind or "name", word)

    def _words_of_connector(self, value: str) -> Iterator[str]:
        """The words in a name, or around an address that is known, that the connector may have put there."""
        if "@" not in value:
            yield from WORD.findall(value)
            return
        for email in EMAIL.findall(value):
            if (inner := inner_email(email, self._vocabulary.emails)) is not None:
                yield from WORD.findall(inner.before + inner.after)

    def _keep_piece(self, before: str, piece: str) -> str:
        for condition in conditions(piece):
            if self._is_unknown(condition.value):
                self._keep(condition.kind(of_persons=False), condition.value)
        kind = field(before).of_person or ""
        if (kind or EMAIL.fullmatch(piece)) and self._is_unknown(piece):
            self._keep(kind, piece)
        return piece

    def _is_unknown(self, value: str) -> bool:
        """Whether no response by now had a value, an address or a word in it as somebody's."""
        if value in self._vocabulary.personal or self._phones.is_known(value):
            return False
        if any(folded(email) in self._vocabulary.emails for email in EMAIL.findall(value)):
            return False
        return not any(map(self._made().words.is_known, map(folded, WORD.findall(value))))

    def _keep(self, kind: str, value: str) -> None:
        changed = self._kept.keep(kind, value)
        if changed is not None:
            self._is_outdated = True
            self._vocabulary.note_changed(changed)

    def learn_json(self, value: Any) -> None:
        """Take in who is in a value: a parsed body, or what Lumos asks or is answered."""
        leaves = self._fields.leaves(value)
        self._is_outdated = True
        self._vocabulary.learn(leaves, self._fields.names(value))
        for _, kind, found, _, _ in leaves.found:
            if kind and kind != KEY:
                self._learn_value(kind, str(found))
            elif not kind and isinstance(found, str) and is_within(found):
                self.learn_body(found.encode("utf-8", "surrogatepass"))

    def _learn_value(self, kind: str, value: str) -> None:
        self._kinds.learn(kind, value)
        if kind == "phone":
            self._phones.learn(value)
        elif kind == "name" and (both := name_and_number(value)) is not None:
            self._phones.learn(both[1])

    def learn_body(self, body: bytes, content_type: str = "") -> None:
        """Take in who is in a body. Of one that is no data, e-mail addresses are found by their form."""
        if with_parts(content_type, body, self._learn_part) is not None:
            return
        try:
            found = documents_of(body, content_type)
            for document in () if found is None else found.documents:
                self.learn_json(document.value)
        except RecursionError:
            found = None
        if found is None and not is_binary(body):
            self._is_outdated = True
            self._vocabulary.learn_text(decoded(body, content_type)[0])

    def learn_uri(self, uri: str) -> None:
        """Take in who is in a URI, and what its path is made of."""
        self._is_outdated = True
        self._vocabulary.learn_segments(segments(uri))
        with_pieces(uri, self._learn_piece)

    def text(self, text: str) -> str:
        """A free text, with whom it mentions made up."""
        return self._noted(text, self.shown(text))

    def shown(self, text: str) -> str:
        """``text`` for a message, which does not count as replaced."""
        if self._placeholders.are_in(text):
            return self._placeholders.around(text, self._made().text)
        return self._made().text(text)

    def hidden(self, text: str, other: str) -> str:
        """A text for a message that compares it with another one: asterisks stand for pieces of names.

        What both have is shown. What is not has asterisks if it may be a piece of a real name, or one
        backwards; and if a message would show what is made up in its place, which hides a difference.
        """
        known = set(TOKEN.findall(other))

        def shown(found: re.Match[str]) -> str:
            is_shown = found[0] in known or not self._may_be_real(found[0])
            return found[0] if is_shown else _LETTER.sub("*", found[0])

        return TOKEN.sub(shown, text)

    def _may_be_real(self, token: str) -> bool:
        return self.shown(token) != token or self._made().words.hints_at_somebody(token)

    def json(self, value: Any) -> Any:
        """A value with made-up people."""
        made = iter(self._values(value))
        return _rebuilt(value, made)

    def body(self, body: bytes, content_type: str = "") -> bytes:
        """A body with made-up people, in the format and layout that it has."""
        in_parts = with_parts(content_type, body, self._part)
        if in_parts is not None:
            return in_parts
        try:
            found = documents_of(body, content_type)
            if found is not None:
                return found.joined([self._document(each) for each in found.documents])
        except RecursionError:
            # What is nested so deeply is no record.
            return self._plain(body, content_type)
        return body if is_binary(body) else self._plain(body, content_type)

    def uri(self, uri: str) -> str:
        """A URI with made-up people from its path on, percent-encoded as it was."""
        is_of_persons = any(field(segment).is_persons for segment in segments(uri))
        return with_pieces(uri, partial(self._piece, is_of_persons))

    def header(self, name: str, value: str) -> str:
        """The value of a header with made-up people."""
        if name.lower() in ("location", "content-location", "referer", "origin"):
            return self.uri(value)
        return self._personal(field(name).kind or "", value)

    def restored_json(self, value: Any) -> Any:
        """A value with the real people again in place of those that were made up."""
        values = self._made().values
        # What is asked for may come from an earlier recording.
        for kind, real in self._vocabulary.personal_values(self._restorable):
            self._restored.note(real, values.value(kind, real))
            self._restorable += 1
        return self._restored.value(value)

    def left(self, data: bytes) -> Iterator[str]:
        """What is still in data of real people, without saying it."""
        data = self._placeholders.left_out(data)
        return leftovers(data, self._made(), self._vocabulary, self._phones, self._kept.words)

    def place_left(self, data: bytes) -> Placed | None:
        """Where in JSON the first value or key is that still has somebody in it; ``None`` if it has none."""
        try:
            document = json_document(data)
        except RecursionError:
            document = None
        places = placed(None if document is None else document.value, self._is_left, is_exact=True)
        return next((each for each in places if self._is_left(str(each.value))), None)

    def _is_left(self, text: str) -> bool:
        return any(self.left(text.encode("utf-8", "surrogatepass")))

    @property
    def known(self) -> int:
        """How much is known: it grows with each person, whatever somebody is called, and what stays."""
        return sum(self._how_much())

    @property
    def report(self) -> PeopleReport:
        """How many people and fields there are, and what may be personal and was not replaced."""
        return PeopleReport(
            self._vocabulary.people,
            {kind: len(values) for kind, values in sorted(self._counts.items())},
            self._restored.count,
            self._unreplaced.found(),
            self._fields.unfound,
        )

    def _made(self) -> Mentions:
        if not self._is_outdated:
            return self._mentions
        self._is_outdated = False
        size = self._how_much()
        if size != self._size:
            self._size = size
            self._mentions.renew()
            self._shown = defaultdict(dict)
            self._keys = {key: made for key in self._keys_of_data() if (made := self.text(key)) != key}
        return self._mentions

    def _keys_of_data(self) -> Iterator[str]:
        """The keys of objects that are data, and no names of fields."""
        for shape in sorted(self._vocabulary.shapes()):
            if self._vocabulary.is_map(shape):
                yield from shape
            else:
                yield from (key for key in shape if "@" in key or key.lower() in self._vocabulary.domains)

    def _how_much(self) -> tuple[int, ...]:
        return (*self._vocabulary.size, len(self._kept), self._mentions.days)

    def _document(self, document: Document) -> bytes:
        return document.changed(self._values(document.value))

    def _values(self, value: Any) -> list[Any]:
        self._made()
        made = []
        for number, leaf in enumerate(self._fields.leaves(value).found):
            made.append(self._leaf(*leaf))
            if self._unreplaced.has_unplaced:
                self._unreplaced.place(self._place(value, number))
        return made

    def _place(self, value: Any, number: int) -> str:
        return next(islice(placed(value, lambda name: self.text(name) != name), number, None)).place

    def _leaf(self, name: str, kind: str, value: Any, *_: Any) -> Any:
        """What stands for a leaf; ``None`` if that is itself."""
        if kind == KEY:
            return self._keys.get(value)
        if isinstance(value, str):
            # What names whom a record is about may be a login, whatever else the word means.
            said = field(name)
            shown = self._shown[kind or ("id" if said.is_id else "place" if said.in_address else "")]
            if value not in shown:
                shown[value] = self._text_leaf(name, kind, value)
            return shown[value]
        if not kind and type(value) is int:
            made = self._mentions.number(str(value))
            return None if made is None else int(made)
        if isinstance(value, bool) or kind not in ("phone", "number", "address") or value != int(value):
            return None
        if kind == "number" and self._vocabulary.is_id(str(int(value))):
            return None
        return self._whole_number(kind, value)

    def _text_leaf(self, name: str, kind: str, value: str) -> str | None:
        kind = self._kinds.of(kind, value)
        if kind == "number" and self._vocabulary.is_id(value):
            kind = ""
        if not kind and field(name).in_address and self._kinds.is_one("address", value):
            # Of where somebody is, such as the place of a login.
            kind = "address"
        if not kind and field(name).is_id and self._is_login(value):
            kind = "login"
        made = self._personal(kind, value)
        if made != value:
            return made
        if not kind and not self._restored.is_made_up(value):
            self._unreplaced.look_at(name, value)
        return None

    def _is_login(self, value: str) -> bool:
        return self._vocabulary.is_login(value)

    def _whole_number(self, kind: str, value: float) -> float | None:
        text = str(int(value))
        made = self._personal(kind, text)
        return None if made == text else type(value)(made)

    def _personal(self, kind: str, value: str) -> str:
        if value in self._kept:
            return value
        if not kind or self._placeholders.are_in(value):
            return self._within(value)
        if self._restored.is_made_up(value) and value not in self._vocabulary.personal:
            return self._within(value) if self._mentions.words.now else value
        self._counts.setdefault(kind, set()).add(value)
        return self._noted(value, self._made().values.value(kind, value))

    def _within(self, value: str) -> str:
        if is_within(value):
            return self.body(value.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")
        return self.text(value)

    def _plain(self, body: bytes, content_type: str) -> bytes:
        text, charset = decoded(body, content_type)
        made = self.text(text)
        return body if made == text else made.encode(charset, "replace")

    def _learn_part(self, name: str, content_type: str, content: bytes) -> bytes:
        if name and not content_type:
            self.learn_json({name: decoded(content)[0]})
        else:
            self.learn_body(content, content_type)
        return content

    def _part(self, name: str, content_type: str, content: bytes) -> bytes:
        if not name or content_type:
            return self.body(content, content_type)
        text, charset = decoded(content)
        return self._personal(field(name).kind or "", text).encode(charset, "replace")

    def _piece(self, is_of_persons: bool, before: str, piece: str) -> str:
        said = field(before)
        kind = (said.of_person if is_of_persons or said.of_person == "login" else said.kind) or ""
        if said.is_persons and self._is_login(piece):
            kind = "login"
        if not kind and any(conditions(piece)):
            return with_values(piece, partial(self._compared, is_of_persons))
        return self._personal(kind, piece)

    def _compared(self, is_of_persons: bool, condition: Condition) -> str:
        return self._personal(condition.kind(of_persons=is_of_persons), condition.value)

    def _learn_piece(self, _: str, piece: str) -> str:
        for condition in conditions(piece):
            if condition.kind(of_persons=False):
                self.learn_json({condition.attribute.rpartition(".")[2]: condition.value})
        self._vocabulary.learn_text(piece)
        return piece

    def _noted(self, value: str, made: str) -> str:
        if made != value:
            self._restored.note(value, made)
        return made


def _rebuilt(value: Any, made: Iterator[Any]) -> Any:
    if isinstance(value, dict):
        return {_or(next(made), key): _rebuilt(item, made) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rebuilt(item, made) for item in value]
    if value is None or value is True or value is False:
        return value
    return _or(next(made), value)


def _or(made: Any, value: Any) -> Any:
    return value if made is None else made
