"""Which calls walk through one list."""

from __future__ import annotations

from connector_contract.recording.call import Call, Failure, Success
from connector_contract.review.walks import asked_for, walks_of

FIVE = Success(5)


def call(token=None, outcome=FIVE, **asked):
    return Call(
        "list_accounts", outcome, {**asked, **({"page": {"size": 5, "token": token}} if token else {})}
    )


def test_a_page_goes_on_with_the_walk_before_it():
    first, second, other = call(), call("a"), call()
    assert list(walks_of([first, second, other]).values()) == [[[first, second], [other]]]


def test_nothing_follows_an_error():
    wrong, again = call("a", Failure("x")), call("b")
    assert list(walks_of([call(), wrong, again]).values()) == [[[call(), wrong], [again]]]


def test_each_request_has_its_own_walks():
    one, other = call(request={"a": "x" * 100}), call(request={"a": "x" * 101})
    assert list(walks_of([one, other])) == [asked_for(one), asked_for(other)]
    assert asked_for(call("a")) == asked_for(call())
