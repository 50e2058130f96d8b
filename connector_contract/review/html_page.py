"""The review as one HTML page: it needs no network, and nothing that it shows can act."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from functools import cache

import jinja2

from connector_contract.review.change import Review, Severity
from connector_contract.review.html_text import many, pieces, short, visible
from connector_contract.review.page_entries import LISTED, entries_of
from connector_contract.review.review_lines import revision_name
from connector_contract.review.stored import Files

MEANINGS = {
    Severity.CRITICAL: "Access is lost or kept by mistake, or less is checked.",
    Severity.MAJOR: "Lumos is told something else, or something new.",
    Severity.MINOR: "Other requests, texts or pages; Lumos decides the same.",
    Severity.INFO: "Only what the upstream says, or something new that is checked.",
}
"""What each severity means, in a sentence."""

OPEN = 10
"""A page with at most so many changes shows all of them open; others show the first ones so."""
_FIRST = 3


def html_page(review: Review, base: Files, head: Files) -> str:
    """The review as a page of its own, complete in one file.

    Args:
        review: What has changed.
        base: The files at the base, for the calls of the scenarios.
        head: The files at the head.
    """
    entries = entries_of(review, base, head)
    styles, script = (_environment().get_template(f"page.{each}.jinja").render() for each in ("css", "js"))
    return (
        _environment()
        .get_template("page.html.jinja")
        .render(
            review=review,
            entries=entries,
            severities=MEANINGS,
            headline=headline(review),
            opened=OPEN if len(review.changes) <= OPEN else _FIRST,
            listed=LISTED,
            styles=styles,
            script=script,
            policy=_policy(styles, script),
        )
    )


def headline(review: Review) -> str:
    """What a reader has to know first, in a sentence."""
    of = [
        (many(len(review.changes), "change"), "in what Lumos is told"),
        (many(len(review.requests), "change"), "in what the connector asks"),
        (many(len(review.upstream), "change"), "in what only the upstream says"),
    ]
    for (count, where), changes in zip(of, (review.changes, review.requests, review.upstream), strict=True):
        if changes:
            return f"{count} {where}"
    if review.not_understood:
        return "No change in what could be compared"
    return "No change"


def _policy(styles: str, script: str) -> str:
    """What the page may do: apply its own styles, run its own script, and nothing else."""
    return (
        f"default-src 'none'; style-src {_hash(styles)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("connector_contract.review"),
        autoescape=True,
        finalize=visible,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters.update(pieces=pieces, short=short, names=_names, revision=revision_name)
    environment.globals.update(many=many)
    return environment


def _names(names: Sequence[str]) -> str:
    """Names as an attribute has them, and as the page shows them."""
    return json.dumps([visible(each) for each in names])
