"""A response's body as data that can be changed and written again: JSON, JSON lines or CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from connector_contract.clients.content_codings import plain, within
from connector_contract.contract.rules.body_data import Element, NoData, data_of
from connector_contract.recording.interactions import Interaction, Response

_DELIMITERS = ",;\t|"
_BOM = "\ufeff"


class Form(Enum):
    """What a body is written in."""

    JSON = "JSON"
    JSON_LINES = "JSON lines"
    CSV = "CSV"


class NotRewritable(ValueError):
    """A body cannot be changed; the message says why, in a clause."""


@dataclass(frozen=True)
class Body:
    """A response with its body as data.

    Attributes:
        response: The response.
        data: What its body says.
        form: What it is written in.
        delimiter: What is between the fields of a CSV.
    """

    response: Response
    data: Any
    form: Form = Form.JSON
    delimiter: str = ""

    def response_with(self, data: Any) -> Response:
        """The response with other data in its body, in the same form and in the same content coding."""
        text = self._text(data).encode()
        body = within(self.response, lambda _: text)
        headers = tuple(
            (name, str(len(body)) if name == "content-length" else value)
            for name, value in self.response.headers
        )
        return replace(self.response, headers=headers, body=body)

    def _text(self, data: Any) -> str:
        # Escaped, any charset that the header declares can say it.
        if self.form is Form.JSON:
            return json.dumps(data, separators=(",", ":"))
        if self.form is Form.JSON_LINES:
            return "".join(json.dumps(each, separators=(",", ":")) + "\n" for each in data)
        return _csv(data or [dict.fromkeys(self.data[0])], self.delimiter, rows=len(data))


def body_of(interaction: Interaction) -> Body:
    """The body of a response, to be changed.

    Raises:
        NotRewritable: It has none, or one that is no data, or one that cannot be written as it was.
    """
    response = interaction.response
    if not response.body.strip():
        raise NotRewritable("its response has no body")
    try:
        data = data_of(interaction)
    except NoData:
        raise NotRewritable("its body is no data that can be read") from None
    if isinstance(data, Element):
        raise NotRewritable("its body is XML, whose fields are not broken one by one")
    found = _written(response, data)
    if found is None:
        raise NotRewritable("its body cannot be written again as it was")
    return found


def _written(response: Response, data: Any) -> Body | None:
    try:
        text = plain(response).decode()
    except UnicodeDecodeError:
        # JSON may be UTF-16; what was written in another charset must stay so.
        text = ""
    if _is_json(plain(response)):
        return Body(response, data)
    if text.lstrip(_BOM).lstrip().startswith("{"):
        return Body(response, data, Form.JSON_LINES)
    if not data:
        return None
    head = text.lstrip(_BOM).lstrip("\r\n").split("\n", 1)[0].strip().replace('"', "")
    fits = (each for each in _DELIMITERS if _csv(data[:1], each, rows=0).strip().replace('"', "") == head)
    delimiter = next(fits, None)
    return None if delimiter is None else Body(response, data, Form.CSV, delimiter)


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True


def _csv(records: Sequence[Mapping[str, Any]], delimiter: str, *, rows: int) -> str:
    """Records as CSV, with the names of all their fields in the first row."""
    written = io.StringIO(newline="")
    names = list(dict.fromkeys(name for each in records for name in each))
    table = csv.DictWriter(written, names, delimiter=delimiter, restval="")
    table.writeheader()
    table.writerows(records[:rows])
    return written.getvalue()
