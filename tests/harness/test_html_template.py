"""What all pages have in common."""

from __future__ import annotations

import jinja2
import pytest

from connector_contract.review.html_template import environment, policy


def test_what_a_template_shows_is_escaped_and_visible():
    made = environment("connector_contract.review")
    shown = made.from_string("{{ text }} {{ many(2, 'page') }} {{ name | short(3) }}")
    assert shown.render(text="<b>\x1b", name="abcd") == "&lt;b&gt;␛ 2 pages abc… and 1 more characters"
    with pytest.raises(jinja2.UndefinedError):
        made.from_string("{{ nothing }}").render()


def test_templates_of_the_first_package_come_first():
    made = environment("connector_contract.faults", "connector_contract.review")
    assert set(made.list_templates()) >= {"faults.html.jinja", "page.css.jinja"}


def test_a_page_may_do_nothing_but_what_is_its_own():
    empty = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    assert policy("", "") == (
        f"default-src 'none'; style-src {empty}; script-src {empty}; base-uri 'none'; form-action 'none'"
    )
