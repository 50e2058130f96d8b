"""docs/contract.md is what the docstrings of the rules say."""

from __future__ import annotations

import runpy
from pathlib import Path

from connector_contract import ConnectorContract
from connector_contract.standard.rulebook import rules_of

DOCS = Path(__file__).parent.parent / "docs"


def test_the_page_is_made_from_the_docstrings():
    page = runpy.run_path(str(DOCS / "contract_page.py"))["page"]()
    assert page == (DOCS / "contract.md").read_text("utf-8"), "write it anew: python docs/contract_page.py"
    assert page.count("\n### ") == len(rules_of(ConnectorContract)) == page.count("\nSource: ")
