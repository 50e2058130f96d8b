"""What all pages have in common: they need no network, and nothing that they show can act."""

from __future__ import annotations

import base64
import hashlib

import jinja2

from connector_contract.review.html_text import many, pieces, short, visible


def environment(*packages: str) -> jinja2.Environment:
    """What fills in templates, with all that they show escaped.

    Args:
        packages: Whose templates there are, the first before the others.
    """
    made = jinja2.Environment(
        loader=jinja2.ChoiceLoader([jinja2.PackageLoader(each) for each in packages]),
        autoescape=True,
        finalize=visible,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    made.filters.update(pieces=pieces, short=short)
    made.globals.update(many=many)
    return made


def policy(styles: str, script: str) -> str:
    """What a page may do: apply its own styles, run its own script, and nothing else."""
    return (
        f"default-src 'none'; style-src {_hash(styles)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
