import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector_contract.recording.call import Call, Failure, Success, asked_of, outcome_of

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
OBJECTS = st.dictionaries(st.text(), VALUES, max_size=3)
ASKED = st.fixed_dictionaries(
    {},
    optional={
        "request": OBJECTS,
        "page": OBJECTS,
        "auth": OBJECTS,
        "credentials": st.lists(OBJECTS, max_size=2),
        "settings": OBJECTS,
        "rate_limit": OBJECTS,
        "include_raw_data": st.booleans(),
    },
)
OUTCOMES = st.builds(Success, st.none() | st.integers(0, 99)) | st.builds(Failure, st.text())
GOOD = {"capability": "list_accounts", "interactions": [1, 2], "success": 3}


@st.composite
def calls(draw):
    interactions = draw(st.lists(st.integers(1, 99), unique=True, max_size=5))
    concurrent = [number for number in interactions if draw(st.booleans())]
    snapshots = draw(st.lists(st.text(), max_size=2))
    return Call(
        draw(st.text()),
        draw(OUTCOMES),
        draw(ASKED),
        tuple(interactions),
        tuple(concurrent),
        tuple(snapshots),
        draw(st.none() | st.integers(1, 9)),
    )


@given(calls())
def test_a_call_is_read_back_as_it_was_written(call):
    assert Call.from_json(json.loads(json.dumps(call.to_json()))) == call


@given(VALUES | st.dictionaries(st.sampled_from([*GOOD, "error", "page", 1, None]), VALUES))
def test_whatever_is_no_call_is_a_value_error(data):
    try:
        Call.from_json(data)
    except ValueError as error:
        assert str(error)  # noqa: PT017 - what is a call all the same is none of this test's


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"capability": None}, "a call names no capability"),
        ({"capability": 3}, "a call names no capability"),
        ({"pages": 3, 4: 5}, "a call has the unknown part 4, pages"),
        ({"interactions": None}, "a call has None in the place of numbers"),
        ({"interactions": ["1"]}, "in the place of numbers"),
        ({"interactions": [True]}, "in the place of numbers"),
        ({"interactions": [-1]}, "in the place of numbers"),
        ({"interactions": 1}, "in the place of numbers"),
        ({"concurrent": [3]}, "a call has as concurrent what is none of its interactions"),
        ({"concurrent": [[1, [7]]]}, "a call has as concurrent what is none of its interactions"),
        ({"concurrent": [[2, 1]]}, "a call has lanes in another order than its interactions"),
        ({"concurrent": [1, [1, 2]]}, "with a number that comes twice"),
        ({"concurrent": [{"1": 2}]}, "a call has {'1': 2} in the place of lanes"),
        ({"error": "not_found"}, "a call needs either a success or an error"),
        ({"success": False}, "in the place of numbers"),
        ({"success": 1.5}, "in the place of numbers"),
        ({"snapshots": "a.json"}, "in the place of texts"),
        ({"snapshots": [1]}, "in the place of texts"),
        ({"page": None}, "a call has None as its page"),
        ({"request": [1]}, "as its request"),
        ({"credentials": {}}, "as its credentials"),
        ({"rate_limit": "slow"}, "as its rate_limit"),
        ({"include_raw_data": 1}, "as its include_raw_data"),
        ({"request": {"since": object()}}, "as its request"),
        ({"request": {"a": [{1: 2}]}}, "as its request"),
    ],
)
def test_a_part_that_is_missing_unknown_or_of_another_type(change, said):
    data = {name: value for name, value in {**GOOD, **change}.items() if value is not None or name == "page"}
    if change.get("interactions", 0) is None:
        data["interactions"] = None
    with pytest.raises(ValueError, match=said):
        Call.from_json(data)


def test_a_call_without_an_outcome():
    with pytest.raises(ValueError, match="a call needs either a success or an error"):
        Call.from_json({"capability": "x", "interactions": []})
    with pytest.raises(ValueError, match="in the place of texts"):
        Call.from_json({"capability": "x", "interactions": [], "error": 404})


@pytest.mark.parametrize(
    ("response", "outcome", "said"),
    [
        ({"response": []}, Success(0), "a success with 0 records"),
        ({"response": [{}]}, Success(1), "a success with 1 record"),
        ({"response": {"valid": True}}, Success(None), "a success"),
        (
            {"is_error": True, "error": {"error_code": "not_found"}},
            Failure("not_found"),
            "the error not_found",
        ),
        ({"is_error": True, "error": None}, Failure("None"), "the error None"),
    ],
)
def test_what_came_of_a_call(response, outcome, said):
    assert outcome_of(response) == outcome
    assert str(outcome) == said


def test_what_is_as_configured_is_not_kept():
    configured = {"auth": {"token": "t"}, "settings": {"url": "u"}}
    envelope = {**configured, "request": {}, "page": {"size": 2}, "include_raw_data": False}
    assert asked_of(envelope, configured) == {"page": {"size": 2}, "include_raw_data": False}
    other = {"auth": {}, "request": {"id": "1"}, "settings": {"url": "u"}}
    assert asked_of(other, configured) == {"request": {"id": "1"}, "auth": {}}
    assert asked_of({"settings": {}}, {}) == {"settings": {}}
