"""docs/faults.md has each fault, and says of the sweep what is so."""

from __future__ import annotations

import re
import runpy
import shlex
import textwrap
from pathlib import Path
from types import SimpleNamespace

from readme_blocks import blocks

from connector_contract import ConnectorContract
from connector_contract.contract.contract_config import ContractConfig
from connector_contract.contract.declared_less import check_tolerated
from connector_contract.faults.catalogue import BY_NAME, FAULTS
from connector_contract.faults.consequences import _ACTIVITY
from connector_contract.faults.fault_cells import Shown
from connector_contract.faults.fault_options import add_fault_options
from connector_contract.faults.remedies import _NOTHING_FOUND

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "faults.md").read_text("utf-8")
ROWS = [[cell.strip("` ") for cell in line.split("|")[1:-1]] for line in TEXT.splitlines() if line[:1] == "|"]


def block(language):
    (found,) = (each.text for each in blocks(TEXT) if each.language == language)
    return found


def test_the_page_is_made_from_the_catalogue():
    page = runpy.run_path(str(DOCS / "faults_page.py"))["page"]()
    assert page == TEXT, "write it again: python docs/faults_page.py"
    assert [row[0] for row in ROWS if row[0] in BY_NAME] == sorted(BY_NAME, key=_place)
    assert all(row[1] == BY_NAME[row[0]].title for row in ROWS if row[0] in BY_NAME)


def _place(name):
    groups = list(dict.fromkeys(fault.group for fault in FAULTS))
    return groups.index(BY_NAME[name].group), list(BY_NAME).index(name)


def test_each_fault_that_is_read_from_no_map_says_what_lumos_must_be_told():
    said = runpy.run_path(str(DOCS / "faults_page.py"))["_MUST"]
    assert set(said) <= set(BY_NAME)
    assert {fault.name for fault in FAULTS if fault.group.name in {"MEANING", "FIELD", "PAGE"}} <= set(said)


def test_the_options_are_those_that_there_are():
    found = []
    group = SimpleNamespace(addoption=lambda name, **_: found.append(name))
    add_fault_options(SimpleNamespace(getgroup=lambda _: group))
    assert [row[0].partition("=")[0] for row in ROWS if row[0].startswith("--c")] == found
    assert shlex.split(block("bash"))[-1] in found


def test_the_signs_are_those_of_the_matrix():
    assert [row[0] for row in ROWS if len(row[0]) == 1] == [each.sign for each in Shown]


def test_the_example_of_a_tolerated_fault_can_be_written_so():
    names = {"ConnectorContract": ConnectorContract}
    exec(block("python"), names)  # noqa: S102 - our own documentation
    declared = names["TestAcmeContract"]
    config = {name: getattr(declared, name) for name in ContractConfig.__annotations__}
    ContractConfig(**config).check({})
    check_tolerated(declared.tolerated_faults, BY_NAME)


def test_what_it_found_is_said_as_it_says_it_now():
    shown = " ".join(block("text").split())
    assert f"then: {_ACTIVITY} fix: {_NOTHING_FOUND}" in shown
    assert max(map(len, block("text").splitlines())) < 120
    assert textwrap.dedent(block("text")).startswith("Contract breach: get_last_activity does not survive")


def test_its_links_lead_somewhere():
    links = re.findall(r"\]\(([^)#]+\.md)[^)]*\)", TEXT)
    assert "faults-json.md" in links
    assert [link for link in links if not (DOCS / link).is_file()] == []
    assert "docs/faults.md" in (DOCS.parent / "README.md").read_text("utf-8")
