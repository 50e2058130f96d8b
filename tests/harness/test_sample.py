"""What a contract sees in a sample of long lists, and what it says that it cannot see."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from broken_connectors import BROKEN
from rules_testing import interaction, page, walk

from connector_contract import Sample
from connector_contract.errors import UsageError

CONNECTOR, CONTRACT = "directory_connector.py", "test_contract.py"
CLASS = f"{CONTRACT}::TestDirectoryContract"

# Of seven accounts in pages of two, the third page is outside.
SAMPLE = "page_sizes = (1, 2)\n    sample = Sample(pages=2)\n    upstream_ids"

UNSEEN = {
    "the default size of a page, with which a list ends early": "it ends on the third page",
    "the record between two pages is skipped": "it is in pages of three alone",
    "one status that becomes two": "the other account of the status is on the third page",
    "associations name the account by another id": "that may be an account of the third page",
    "associations name the entitlement of another resource": "that may be an entitlement of the third page",
    "an account is not created": "a new account is at the end of the list",
    "a new account breaks the list": "a new account is at the end of the list",
    "an account is created without its entitlements": "a new account is at the end of the list",
    "an account without the address that was asked for": "a new account is at the end of the list",
    "an update that does nothing": "the account is on the third page",
    "an update that activates": "the account is on the third page",
    "an update that clears what it was to set": "the account is on the third page",
    "a deletion that takes another account along": "that is on the last page, which no write reads",
    "an activation that takes the access of another": "what comes next moves into its place",
    "an assignment that does nothing": "a new association is at the end of the list",
    "an assignment that says it was not needed": "a new association is at the end of the list",
    "a deactivation that deletes": "that may have moved to the third page",
    "an unassignment that takes more than was asked for": "that may have moved to the third page",
    "a max that nobody keeps to": "the entitlement type with a max is on the third page",
    "a page in the middle that cannot be read is taken for an empty one": "it is in pages of three alone",
    "the last page alone may fail": "it is in pages of three alone",
}
"""The broken connectors that pass, and why. A run says of each of these rules that it has not seen all."""

LOOK_AT_LISTS = {
    "pages", "complete", "status", "references", "agreement", "writes", "max_assignments", "partial_read",
}  # fmt: skip
SAMPLED = [what for what, broken in BROKEN.items() if broken.rule.partition("[")[0] in LOOK_AT_LISTS]


@pytest.fixture
def sampled(directory):
    """A contract that looks at a sample."""
    return directory.edit(CONTRACT, "import ConnectorContract", "import ConnectorContract, Sample").edit(
        CONTRACT, "upstream_ids", SAMPLE
    )


@pytest.mark.parametrize("pages", [0, -1, 2.0, True, "3", None])
def test_a_sample_has_a_page_at_least(pages):
    with pytest.raises(UsageError, match=r"Sample\(pages=\.\.\.\) is .*, and should be a positive number"):
        Sample(pages=pages)


def test_the_last_page_is_in_it_or_not():
    with pytest.raises(UsageError, match=r"Sample\(last=\.\.\.\) is 1, and should be True or False"):
        Sample(last=1)


def test_the_parts_of_a_walk_with_a_gap():
    first, second, third, last = (interaction(path=f"/{name}") for name in "abcd")
    more = {"page": {"token": "t"}}
    whole = walk(
        {**page({"id": "1"}), **more},
        {**page({"id": "2"}), **more},
        page({"id": "9"}),
        interactions=(first, second, third, last),
        per_page=(1, 2, 1),
        gap=2,
    )
    assert not whole.is_whole
    assert [record["id"] for record in whole.records] == ["1", "2", "9"]
    assert (whole.beginning.interactions, whole.end.interactions) == ((first, second, third), (last,))
    assert (whole.beginning.goes_on, whole.end.goes_on, whole.end.is_whole) == (True, False, True)
    assert whole.beginning.asked_last == (second, third)
    without = replace(whole, gap=None)
    assert (without.beginning, without.end, without.is_whole) == (without, None, True)


@pytest.mark.loopback
@pytest.mark.parametrize("what", SAMPLED)
def test_a_rule_catches_what_is_in_the_sample_and_says_where_it_has_not_looked(sampled, what):
    broken = BROKEN[what]
    project = sampled.edit(CONNECTOR, broken.old, broken.new)
    run = project.run("--record-mode=once", f"{CLASS}::test_{broken.rule}")
    if what in UNSEEN:
        assert "failed" not in run.outcomes, run.output
        assert re.search(
            rf"^(outside the sample|nothing to check): {re.escape(broken.rule)}: ", run.output, re.M
        )
    else:
        assert run.outcomes["failed"] == 1, run.output
        assert f"  rule:     {broken.rule}: " in run.output


@pytest.mark.loopback
def test_a_correct_connector_breaks_no_rule_in_a_sample(sampled):
    recorded = sampled.run("--record-mode=once")
    assert recorded.exit_code == 0, recorded.output
    recorded.said(
        "nothing to check: writes[create_account]: the account 'u8' is outside of the sample",
        "outside the sample: ",
        "page 3 and later of list_accounts, but for the last",
    )
    replayed = recorded.project.run()
    assert replayed.outcomes == recorded.outcomes
    assert replayed.project == recorded.project
    stored = "cassettes/test_contract/TestDirectoryContract.reads[list_accounts-2{}].yaml"
    texts = [recorded.project.files[stored.format(part)].decode() for part in ("", "-last")]
    assert [re.findall(r"offset=(\d)", text) for text in texts] == [["0", "2"], ["6"]]
    assert ['"stopped_after": 2' in text for text in texts] == [True, False]
