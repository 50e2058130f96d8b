"""The review as one HTML page: it needs no network, and nothing that it shows can act."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache

import jinja2

from connector_contract.review.change import Review, Severity
from connector_contract.review.html_template import environment, policy
from connector_contract.review.html_text import many, visible
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
    styles = _environment().get_template("page.css.jinja").render()
    script = _environment().get_template("page.js.jinja").render(noun="changes")
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
            policy=policy(styles, script),
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


@cache
def _environment() -> jinja2.Environment:
    made = environment("connector_contract.review")
    made.filters.update(names=_names, revision=revision_name)
    return made


def _names(names: Sequence[str]) -> str:
    """Names as an attribute has them, and as the page shows them."""
    return json.dumps([visible(each) for each in names])
