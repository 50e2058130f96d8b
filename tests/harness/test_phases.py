"""In which order a real server is recorded."""

import pytest

from connector_contract.contract.connector_contract import ConnectorContract
from connector_contract.contract.rule import rules_of
from connector_contract.recording.call import Call, Failure, Success
from connector_contract.recording.phases import (
    READING_RULES,
    REFUSED_RULES,
    SHARED_RULES,
    Phase,
    in_order,
    phase_of_calls,
    phase_of_rule,
    phase_of_words,
    words_of,
)

CAPABILITIES = ["list_accounts", "create_account", "get_account"]


def writes(name):
    return name not in ("list_accounts", "get_account")


def call(capability, outcome=None, **asked):
    return Call(capability, outcome or Success(3), asked)


REFUSED = Failure("unauthorized")


def test_the_rules_that_have_a_phase_of_their_own_are_there():
    rules = rules_of(ConnectorContract)
    assert rules.keys() >= REFUSED_RULES | SHARED_RULES | READING_RULES
    # Of the rules that are checked once, these write nothing; each new one is to be judged.
    once = {name for name, rule in rules.items() if rule.applies_to is None}
    assert once - SHARED_RULES - READING_RULES == {
        "declarations",
        "max_assignments",
        "min_assignments",
        "not_assignable",
    }


@pytest.mark.parametrize(
    ("rule", "of_reads", "of_writes"),
    [
        ("coverage", Phase.SHARED_READS, Phase.WRITES),
        ("records", Phase.SHARED_READS, Phase.WRITES),
        ("server_error", Phase.SHARED_READS, Phase.WRITES),
        ("unknown_id", Phase.READS, Phase.WRITES),
        ("page_token", Phase.READS, Phase.WRITES),
        ("bad_credentials", Phase.REFUSALS, Phase.REFUSALS),
        ("missing_credentials", Phase.REFUSALS, Phase.REFUSALS),
        ("tokens", Phase.TOKENS, Phase.TOKENS),
    ],
)
def test_the_phase_of_a_rule(rule, of_reads, of_writes):
    assert phase_of_rule(rule, writes=False) is of_reads
    assert phase_of_rule(rule, writes=True) is of_writes


def test_the_phase_of_a_rule_that_is_about_no_capability():
    assert phase_of_rule("info", None) is Phase.SHARED_READS
    assert phase_of_rule("credentials", None) is Phase.READS
    assert phase_of_rule("authorization_url", None) is Phase.READS
    assert phase_of_rule("max_assignments", None) is Phase.WRITES
    assert phase_of_rule("one_of_the_author", None) is Phase.WRITES


@pytest.mark.parametrize(
    ("capability", "phase"),
    [
        ("assign_entitlement", Phase.WRITES),
        ("release_resources", Phase.LASTING_WRITES),
        ("downgrade_license", Phase.LASTING_WRITES),
        ("transfer_data", Phase.LASTING_WRITES),
        ("delete_account", Phase.DELETIONS),
    ],
)
def test_what_nothing_undoes_comes_after_the_other_writes(capability, phase):
    assert phase_of_rule("writes", writes=True, capability=capability) is phase
    assert phase_of_rule("bad_credentials", writes=True, capability=capability) is Phase.REFUSALS
    assert phase_of_calls([call("create_account"), call(capability)], writes) is phase
    assert phase_of_words([capability], [capability], writes) is phase


def test_the_phase_of_a_scenario_is_that_of_its_last_kind_of_call():
    assert phase_of_calls([], writes) is None
    assert phase_of_calls([call("list_accounts"), call("get_account")], writes) is Phase.READS
    assert phase_of_calls([call("list_accounts"), call("create_account")], writes) is Phase.WRITES
    calls = [call("list_accounts", REFUSED, auth={}), call("create_account")]
    assert phase_of_calls(calls, writes) is Phase.REFUSALS


def test_other_credentials_that_are_accepted_are_no_refusal():
    assert phase_of_calls([call("list_accounts", auth={"token": "other"})], writes) is Phase.READS
    assert phase_of_calls([call("list_accounts", REFUSED)], writes) is Phase.READS


def words(test):
    return phase_of_words(words_of(test.__code__), CAPABILITIES, writes)


def test_the_phase_of_a_scenario_by_its_code():
    async def reads(lumos):
        await lumos.call("list_accounts")

    async def creates(lumos):
        for capability in ("list_accounts", "create_account"):
            await lumos.call(capability)

    async def within(lumos):
        async def nested():
            return [await lumos.call(name) for name in {"create_account", "get_account"}]

        await nested()

    async def refused(lumos):
        await lumos.call("list_accounts", auth={})

    async def unknown(lumos):
        await lumos.call("".join(["list_", "accounts"]))

    assert words(reads) is Phase.READS
    assert words(creates) is Phase.WRITES
    assert words(within) is Phase.WRITES
    assert words(refused) is Phase.REFUSALS
    assert words(unknown) is Phase.WRITES


def test_what_is_sorted_keeps_its_order_within_a_phase_and_the_rest_its_place():
    items = ["write", "other", "read 2", "refused", "read 1", "shared"]
    phases = {0: Phase.WRITES, 2: Phase.READS, 3: Phase.REFUSALS, 4: Phase.READS, 5: Phase.SHARED_READS}
    assert in_order(items, phases) == ["shared", "other", "read 2", "read 1", "write", "refused"]
    assert in_order(items, {}) == items


def test_each_phase_has_a_title():
    assert [phase.title for phase in Phase] == [
        "shared reads",
        "reads",
        "writes",
        "writes that nothing undoes",
        "deletions",
        "tokens",
        "refused credentials",
    ]
