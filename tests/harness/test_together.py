"""The rule **together**: what is asked for several ids is answered for each as if it was asked alone."""

from __future__ import annotations

import pytest
from rules_testing import listed, page, told, walk

from connector_contract.contract.rules.together import (
    candidates,
    differing,
    has_enough,
    is_enough,
    together_breach,
)

NAME = "get_last_activity"


def activity(id_, at="2024-05-01T09:00:00Z", kind="last_login"):
    return {"account_id": id_, "event_type": kind, "happened_at": at}


def answered(*records):
    return walk(page(*records), name=NAME, size=None)


ANN, BEN = activity("u1"), activity("u2", "2024-06-01T09:00:00Z")
ALONE = {"u1": answered(ANN), "u2": answered(BEN), "u3": answered()}


@pytest.mark.parametrize(
    "records",
    [
        pytest.param([ANN, BEN], id="right"),
        pytest.param([BEN, ANN], id="in another order"),
        pytest.param([{**ANN, "extra_data": {"seen": 2}}, BEN], id="what changes by itself"),
    ],
)
def test_each_is_answered_as_alone(records):
    assert told(together_breach(answered(*records), ALONE)) == []


def test_a_record_that_is_about_two_ids_comes_once():
    shared = {"group": "g1"}
    assert told(together_breach(answered(shared), {"u1": answered(shared), "u2": answered(shared)})) == []


@pytest.mark.parametrize(
    ("records", "kinds"),
    [
        pytest.param([ANN], ["u2: only alone"], id="the first alone"),
        pytest.param([], ["u1: only alone", "u2: only alone"], id="nobody"),
        pytest.param(
            [ANN, activity("u2")], ["u2: only alone", "only together"], id="all with the time of the first"
        ),
        pytest.param(
            [ANN, {**BEN, "account_id": "u1"}], ["u2: only alone", "only together"], id="all of the first"
        ),
        pytest.param([ANN, BEN, activity("u9")], ["only together"], id="a stranger"),
        pytest.param([ANN, BEN, BEN], ["twice"], id="one twice"),
    ],
)
def test_another_answer_for_several_is_reported(records, kinds):
    ((name, title, lines),) = told(together_breach(answered(*records), ALONE))
    assert (name, title) == (NAME, "u1, u2, u3, asked for together, are not answered as each alone")
    assert [line.partition(": {")[0] for line in lines] == kinds


def test_who_is_asked_again_is_who_differs():
    assert differing(answered(ANN, BEN), ALONE) == []
    assert differing(answered(ANN), ALONE) == ["u2"]
    # A record that nobody has alone may be of each of them.
    assert differing(answered(ANN, activity("u2")), ALONE) == ["u1", "u2", "u3"]


def test_ids_are_asked_for_until_two_have_records():
    assert not is_enough({"u1": answered(ANN), "u3": answered()})
    assert is_enough({"u1": answered(ANN), "u3": answered(), "u2": answered(BEN)})
    five = {f"u{number}": answered() for number in range(5)}
    assert (is_enough(five), has_enough(five)) == (True, False)


def test_the_ids_of_the_example_come_before_those_of_the_list():
    full = listed("list_accounts", *({"integration_specific_id": each} for each in ("u1", "u2", "u3")))
    assert candidates("account_ids", {"account_ids": ["u3"]}, full) == ["u3", "u1", "u2"]
    assert candidates("account_ids", {"account_ids": ["u3"]}, None) == ["u3"]
    assert candidates("account_ids", {}, None) == []
