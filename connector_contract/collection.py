"""Which rules of a standard contract there are to check: what pytest has to know before it runs them."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pytest

from connector_contract.config import ConnectorUnderTest
from connector_contract.contract import Rule, Subject, facts_of, rules_of
from connector_contract.errors import ContractError, UsageError

if TYPE_CHECKING:
    from connector_contract.capabilities import Capability
    from connector_contract.inquiry import Inquiry
    from connector_contract.scenario import Scenario

_FIXTURE = "connector_under_test"
_CONNECTORS = pytest.StashKey[dict[Any, ConnectorUnderTest | None]]()
_UNKNOWN = "connector"
"""Stands for the capabilities of a connector that there is not: the one test of each rule then says why."""


class _NeedsTest(UsageError):
    """A fixture cannot be made before a test runs."""


def parametrize(metafunc: pytest.Metafunc) -> None:
    """Have a rule be checked for each capability of the connector that it is about.

    Raises:
        pytest.Collector.CollectError: The author's facts are wrong, or do not go with the connector.
    """
    rule: Rule = metafunc.function.contract_rule
    cls: Any = metafunc.cls
    facts = facts_of(cls)
    try:
        facts.check({name: each.over is not None for name, each in rules_of(cls).items()})
        connector = _connector(metafunc)
        capabilities = None if connector is None else _capabilities(connector)
        if capabilities is not None:
            facts.check_names([*capabilities, "info"])
    except ContractError as error:
        raise pytest.Collector.CollectError(str(error)) from None
    if rule.over is not None:
        known = capabilities or {}
        names = [name for name in known if rule.over(Subject(name, known, facts))]
        none = pytest.param(
            "none", marks=pytest.mark.skip("nothing to check: the connector has no such capability")
        )
        metafunc.parametrize("capability", [_UNKNOWN] if capabilities is None else names or [none])
    if rule.also is not None:
        metafunc.parametrize(*rule.also)


def nothing_to_check(item: pytest.Function, connector: ConnectorUnderTest) -> str | None:
    """Why a rule has nothing to check, if that can be told before anything is asked."""
    rule: Rule = item.function.contract_rule
    if rule.nothing is None:
        return None
    return rule.nothing(Subject(_capability(item), _capabilities(connector), facts_of(_class(item))))


def check_example(item: pytest.Function, connector: ConnectorUnderTest) -> None:
    """Fail where a capability needs an example of a request, and the author gave none.

    Raises:
        UsageError: It does.
    """
    rule: Rule = item.function.contract_rule
    capability = _capabilities(connector).get(_capability(item))
    facts = facts_of(_class(item))
    if (
        not rule.needs_example
        or capability is None
        or not capability.required
        or facts.request(capability.name) is not None
    ):
        return
    fact = "write_requests" if capability.writes else "read_requests"
    raise UsageError(
        f"coverage: there is no example of a request for {capability.name}.",
        where=[("contract", f"{_class(item).__module__}.{_class(item).__qualname__}")],
        details=[f"it has to have: {', '.join(capability.required)}"],
        remedy=f'Give one in the contract\'s class: {fact} = {{"{capability.name}": {{...}}}}.',
    )


def inquiry_of(item: pytest.Function, scenario: Scenario) -> Inquiry:
    """What the test of a rule asks the connector with."""
    from connector_contract.inquiry import Inquiry

    rule: Rule = item.function.contract_rule
    capabilities = _capabilities(scenario.connector)
    return Inquiry(rule_name(item), rule.family, item.nodeid, scenario, capabilities, facts_of(_class(item)))


def rule_name(item: pytest.Function) -> str:
    """The name of a rule, as waivers and reports have it: ``complete[list_accounts]``."""
    return item.name.removeprefix("test_")


def waiver_of(item: pytest.Function) -> str | None:
    """The reason why a rule need not hold; ``None`` if it has to, or if the test is no rule."""
    if not hasattr(item.function, "contract_rule"):
        return None
    return facts_of(_class(item)).waivers.get(rule_name(item))


def _class(item: pytest.Function) -> type:
    cls: Any = item.cls
    return cls  # type: ignore[no-any-return] # a rule is always the method of a class


def _capability(item: pytest.Function) -> str:
    callspec = getattr(item, "callspec", None)
    return str(callspec.params.get("capability", "")) if callspec is not None else ""


def _capabilities(connector: ConnectorUnderTest) -> Mapping[str, Capability]:
    from connector_contract.capabilities import own_capabilities

    return own_capabilities(connector.integration)


def _connector(metafunc: pytest.Metafunc) -> ConnectorUnderTest | None:
    """The connector under test, as its fixture makes it; ``None`` if that fails, which the tests will tell.

    Raises:
        UsageError: The fixture needs a running test.
    """
    definitions = metafunc._arg2fixturedefs.get(_FIXTURE) or _visible(metafunc)
    if not definitions:
        return None
    known = metafunc.config.stash.setdefault(_CONNECTORS, {})
    last = definitions[-1]
    if last not in known:
        try:
            connector = _value(_FIXTURE, definitions, metafunc)
        # Whatever it raises, the tests raise again, with all that is to be said about it.
        except Exception as error:
            if isinstance(error, _NeedsTest):
                raise
            connector = None
        known[last] = connector if isinstance(connector, ConnectorUnderTest) else None
    return known[last]


def _visible(metafunc: pytest.Metafunc, name: str = _FIXTURE) -> Any:
    manager = metafunc.definition.session._fixturemanager
    return manager.getfixturedefs(name, metafunc.definition)


def _value(name: str, definitions: Any, metafunc: pytest.Metafunc) -> Any:
    """The value of a fixture, made outside of any test from the fixtures that it takes."""
    *overridden, definition = definitions
    arguments = {}
    for argument in definition.argnames:
        of_argument = overridden if argument == name else _visible(metafunc, argument)
        if not of_argument:
            raise _NeedsTest(
                f"The fixture {name} takes {argument}, which there is only while a test runs.",
                where=[("fixture", f"{definition.func.__module__}.{definition.func.__qualname__}")],
                remedy="The standard contract has to know the connector's capabilities before that:\n"
                "have the fixture take no other fixtures than your own.",
            )
        arguments[argument] = _value(argument, of_argument, metafunc)
    value = definition.func(**arguments)
    return next(value) if inspect.isgenerator(value) else value
