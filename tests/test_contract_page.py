"""docs/contract.md is what the docstrings of the rules say, docs/capabilities.md what their table does."""

from __future__ import annotations

import ast
import re
import runpy
from pathlib import Path

from connector_contract import ConnectorContract
from connector_contract.contract.contract_config import ContractConfig
from connector_contract.contract.rule import rules_of
from connector_contract.contract.rules.bodies import found
from connector_contract.contract.standard_capabilities import STANDARD

DOCS = Path(__file__).parent.parent / "docs"


def test_the_page_is_made_from_the_docstrings():
    page = runpy.run_path(str(DOCS / "contract_page.py"))["page"]()
    assert page == (DOCS / "contract.md").read_text("utf-8"), "write it again: python docs/contract_page.py"
    assert page.count("\n### ") == len(rules_of(ConnectorContract)) == page.count("\nSource: ")


def test_the_page_of_the_capabilities_is_made_from_their_table():
    page = runpy.run_path(str(DOCS / "capabilities_page.py"))["page"]()
    assert page == (DOCS / "capabilities.md").read_text("utf-8"), (
        "write it again: python docs/capabilities_page.py"
    )
    assert all(page.count(f"\n| `{name}` | ") == 2 for name in STANDARD)


def test_the_expressions_of_the_page_can_be_written_so():
    rows = re.findall(r"^\| [^|]+ \| `(.+)` \|$", (DOCS / "contract.md").read_text("utf-8"), re.MULTILINE)
    assert len(rows) == 10
    for row in rows:
        config = {**{name: getattr(ConnectorContract, name) for name in ContractConfig.__annotations__}}
        config["upstream_ids"] = {"list_accounts": ast.literal_eval(row)}
        ContractConfig(**config).check({})
        assert list(found([], ast.literal_eval(row), "fact")) == []
