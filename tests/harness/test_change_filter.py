"""Which changes a filter is about."""

from __future__ import annotations

import pytest

from connector_contract.errors import UsageError
from connector_contract.review.change import Severity
from connector_contract.review.change_filter import change_filter, chosen, filter_of
from connector_contract.review.decisions import Item


def item(severity=Severity.MAJOR, kind="account", what="changed", field="username", **others):
    capabilities = others.get("capabilities", ("list_accounts",))
    scenarios = others.get("scenarios", ("tests/test_reads.py::test_page[list_accounts-5]",))
    return Item(severity, kind, what, field, "a title", "why", (), capabilities, scenarios, ("a",))


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("all", True),
        (" all ", True),
        ("kind=account", True),
        ("kind=resource", False),
        ("kind=account,severity=major", True),
        ("kind = account , severity = major", True),
        ("kind=account,severity=critical", False),
        ("severity=critical|major", True),
        ("severity=c*|m*", True),
        ("what=changed", True),
        ("what=removed", False),
        ("field=username", True),
        ("field=user", False),
        ("field=user*", True),
        ("field=Username", False),
        ("capability=list_accounts", True),
        ("capability=list_*", True),
        ("scenario=tests/test_reads.py::test_page[list_accounts-5]", True),
        ("scenario=tests/test_reads.py::*", True),
        ("scenario=test_reads.py::*", False),
        ("field=u.ername", False),
        ("field=u?ername", True),
    ],
)
def test_what_a_filter_is_about(text, matches):
    assert change_filter(text).matches(item()) is matches


def test_no_severity_matches_what_could_not_be_compared():
    broken = item(None, "not_understood", "changed", "")
    assert not change_filter("severity=*").matches(broken)
    assert change_filter("kind=not_understood").matches(broken)


def test_no_capability_matches_a_change_that_is_of_none():
    assert not change_filter("capability=*").matches(item(capabilities=()))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "'' is not KEY=VALUE with one of the keys severity, kind, what, capability, field, scenario"),
        ("account", "'account' is not KEY=VALUE"),
        ("kind=", "'kind=' is not KEY=VALUE"),
        ("color=red", "'color=red' is not KEY=VALUE"),
        ("kind=account,", "'' is not KEY=VALUE"),
        ("kind=account,kind=status", "kind is there twice; write kind=ONE|OTHER"),
        ("severity=bad", "severity is one of critical, major, minor, info, and not 'bad'"),
        ("kind=acount", "kind is one of account, resource,"),
        ("kind=account||status", "a value of kind is empty"),
    ],
)
def test_a_wrong_filter_is_a_mistake_of_the_user(text, what):
    with pytest.raises(UsageError) as raised:
        change_filter(text)
    assert what in raised.value.what
    assert raised.value.remedy.startswith("A FILTER is KEY=VALUE")


def test_a_filter_that_matches_nothing_says_what_there_is():
    with pytest.raises(UsageError) as raised:
        chosen(["kind=account", "kind=resource"], [item()])
    assert str(raised.value) == (
        "The filter 'kind=resource' matches none of the changes. Nothing was done.\n"
        "  there is:\n"
        "    kind=account,what=changed,severity=major,field=username,capability=list_accounts\n"
        "Run the command without --accept and --restore to see the changes."
    )
    with pytest.raises(UsageError, match="there is no change"):
        chosen(["all"], [])


def test_several_filters_take_each_change_once():
    one, other, third = item(), item(field="label"), item(Severity.INFO)
    assert chosen(["kind=account,severity=major", "field=label"], [one, other, third]) == [one, other]


@pytest.mark.parametrize("field", ["username", "a,b|c=d*e", "", "table[x]"])
def test_the_filter_of_a_change_matches_it(field):
    assert change_filter(filter_of(item(field=field))).matches(item(field=field))
