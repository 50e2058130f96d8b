"""Which tests are rules of a standard contract; light, because it is asked of every test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from connector_contract.contract.rule import Rule

_Test = TypeVar("_Test")
_ATTRIBUTE = "contract_rule"


def mark_as_rule(test: _Test, rule: Rule) -> _Test:
    """Make a test function a rule."""
    setattr(test, _ATTRIBUTE, rule)
    return test


def rule_of(test: Any) -> Rule | None:
    """The rule that a test function is; ``None`` if it is none."""
    return getattr(test, _ATTRIBUTE, None)


def rule_of_item(item: Any) -> Rule | None:
    """The rule that one of pytest's items is; ``None`` if it is none."""
    return rule_of(getattr(item, "function", None))
