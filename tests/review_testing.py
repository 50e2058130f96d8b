"""Stored files for the tests of the review, made of what a connector was asked and has answered."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from connector_contract.recording.call import Call, outcome_of
from connector_contract.recording.interactions import Cassette, Interaction, Request, Response
from connector_contract.review.change import Review
from connector_contract.review.compare import compare
from connector_contract.review.lines import title
from connector_contract.storage.cassette_format import cassette_parts

MODULE = "tests/test_acme"
ORIGIN = "https://acme.example.com"


def success(response: Any, token: str | None = None) -> dict[str, Any]:
    """A response of the connector."""
    return {"response": response, "raw_data": None, "page": {"token": token, "size": None} if token else None}


def failure(code: str, message: str = "Something is wrong.", **more: Any) -> dict[str, Any]:
    """An ``ErrorResponse`` of the connector."""
    error = {"message": message, "error_code": code, "app_id": "acme", **more}
    return {"is_error": True, "error": error, "page": None}


def account(number: int, **more: Any) -> dict[str, Any]:
    """An account of the connector."""
    email = f"person-{number}@example.com"
    return {
        "integration_specific_id": f"u{number}",
        "email": email,
        "username": f"Person {number}",
        "user_status": "ACTIVE",
        **more,
    }


def said(
    path: str,
    answer: Any,
    method: str = "GET",
    headers: Sequence[tuple[str, str]] = (),
    body: bytes = b"",
) -> Interaction:
    """A request of the connector with a body, and the upstream's answer."""
    data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    response = Response(200, "OK", (("content-type", "application/json"),), data)
    return Interaction(Request(method, ORIGIN + path, tuple(headers), body), response)


@dataclass
class Scenario:
    """A scenario of one walk or one call.

    Attributes:
        name: The test's.
        capability: What is called.
        pages: The responses in order.
        asked: With what each page is asked for, beside its token.
        interactions: Those of each page.
        is_walk: Whether the snapshot has a list of pages.
        is_compared: Whether there is a snapshot.
        form: The cassette's.
    """

    name: str
    capability: str
    pages: Sequence[Mapping[str, Any]]
    asked: Mapping[str, Any] = field(default_factory=dict)
    interactions: Sequence[Sequence[Interaction]] = ()
    is_walk: bool = True
    is_compared: bool = True
    form: int = 2

    def files(self) -> dict[str, bytes]:
        """The stored files, by path."""
        snapshot = f"{self.name}.json"
        calls, interactions = [], []
        for index, page in enumerate(self.pages):
            own = list(self.interactions[index]) if self.interactions else []
            numbers = tuple(range(len(interactions) + 1, len(interactions) + len(own) + 1))
            interactions += own
            asked = dict(self.asked)
            if index and self.pages[index - 1].get("page"):
                asked["page"] = {**asked.get("page", {}), "token": self.pages[index - 1]["page"]["token"]}
            names = (snapshot,) if self.is_compared else ()
            calls.append(Call(self.capability, outcome_of(page), asked, numbers, (), names))
        made = Cassette(tuple(interactions), tuple(calls) if self.form > 1 else (), (), self.form)
        found = {f"cassettes/{MODULE}/{self.name}.yaml": b"".join(cassette_parts(made))}
        if self.is_compared:
            value = list(self.pages) if self.is_walk else self.pages[0]
            found[f"snapshots/{MODULE}/{snapshot}"] = as_json(value)
        return found


def accounts(name: str, *records: Mapping[str, Any], size: int = 100, **more: Any) -> Scenario:
    """A walk through ``list_accounts``."""
    starts = range(0, max(len(records), 1), size)
    pages = [
        success(list(records[start : start + size]), f"token-{page}" if start + size < len(records) else None)
        for page, start in enumerate(starts, 1)
    ]
    return Scenario(name, "list_accounts", pages, {"page": {"size": size}}, **more)


def as_json(value: Any) -> bytes:
    """The content of a stored JSON file."""
    return json.dumps(value, indent=2, ensure_ascii=False).encode()


def stored(*parts: Scenario | Mapping[str, bytes]) -> dict[str, bytes]:
    """The stored files of scenarios, and others as they are."""
    found: dict[str, bytes] = {}
    for part in parts:
        found.update(part.files() if isinstance(part, Scenario) else part)
    return found


def reviewed(base: Mapping[str, bytes], head: Mapping[str, bytes]) -> Review:
    """The review of what differs."""
    changed = [path for path in {**base, **head} if base.get(path) != head.get(path)]
    return compare(base, head, changed, "base", "head")


def titles(review: Review) -> list[str]:
    """Each change in a line, with its severity."""
    return [f"{each.severity.value}: {title(each)}" for each in review.changes]
