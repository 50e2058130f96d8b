"""docs/people.md says of the key, the kinds and the checks what is so."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from connector.oai.integration import DescriptionData, Integration
from connector_sdk_types.oai.modules.credentials_module_types import TokenCredential
from readme_blocks import blocks

from connector_contract import ConnectorUnderTest, Upstream
from connector_contract.personal_kinds import KEY_FILE, KEY_VARIABLE, KINDS, MAKE_KEY
from connector_contract.storage.lint_people import lint_people

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "people.md").read_text("utf-8")
BLOCKS = blocks(TEXT)
ROWS = [
    [cell.strip() for cell in line.split("|")[1:-1]] for line in TEXT.splitlines() if line.startswith("| ")
]


def of(language):
    return [block.text for block in BLOCKS if block.language == language]


def test_each_block_is_one_that_is_run():
    assert [block.language for block in BLOCKS] == ["python", "python", "bash", "bash"]
    assert TEXT.count("```") == 2 * len(BLOCKS)


def test_the_connectors_are_accepted():
    integration = Integration(
        app_id="x",
        version="1",
        auth=TokenCredential,
        exception_handlers=[],
        description_data=DescriptionData(user_friendly_name="X", categories=[]),
    )
    names = {"ConnectorUnderTest": ConnectorUnderTest, "Upstream": Upstream, "integration": integration}
    plain, further = (eval(text, dict(names)) for text in of("python"))  # noqa: S307 - our own documentation
    assert plain.personal_data is True
    assert set(further.personal_data) == {"name", "phone"}


def test_the_commands_are_those_that_there_are(recorded):
    make, lint = of("bash")
    assert make == f"{MAKE_KEY}\n"
    program = f"from connector_contract.cli import main; raise SystemExit(main({lint.split()[1:]!r}))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=recorded.materialize(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "7 files of 3 scenarios: no findings\n"


def test_the_names_are_those_that_count():
    *others, last = KINDS
    kinds = ", ".join(f"`{kind}`" for kind in others)
    assert f"The kinds are {kinds} and `{last}`." in TEXT.replace("\n", " ")
    assert f"`{KEY_VARIABLE}`" in TEXT
    assert f"`{KEY_FILE}`" in TEXT


def examples():
    header = next(number for number, row in enumerate(ROWS) if row[:2] == ["what", "for example"])
    return [row for row in ROWS[header + 1 :] if len(row) == 4]


def test_what_is_made_up_in_the_examples_is_nobodys_and_what_was_there_may_be_somebodys():
    assert len(examples()) == 10
    before, after = ("\n".join(row[column] for row in examples()) for column in (1, 2))
    assert [finding.what for finding in lint_people("a", before.encode())] == [
        "1 e-mail address and 1 telephone number may be those of real people: lines 3 and 4"
    ]
    assert list(lint_people("a", after.encode())) == []


@pytest.mark.parametrize("domain", ["example.com", "a.example", "a.test", "a.invalid", "a.localhost"])
def test_the_reserved_domains_are_no_findings(domain):
    assert f"`.{domain.partition('.')[2]}`" in TEXT or f"`{domain}`" in TEXT
    assert list(lint_people("a", f"alice@{domain}".encode())) == []


@pytest.mark.parametrize("page", ["people.md", "people-fields.md"])
def test_a_page_can_be_found_and_its_links_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#]+\.md)[^)]*\)", (DOCS / page).read_text("utf-8"))
    assert links
    assert [link for link in links if not (DOCS / link).is_file()] == []
    assert f"(docs/{page})" in (DOCS.parent / "README.md").read_text("utf-8")
