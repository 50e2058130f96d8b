"""Which rules of a standard contract there are to check: what pytest has to know before it runs them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from connector_contract.config import ConnectorUnderTest
from connector_contract.connector_fixture import reported_once
from connector_contract.contract.contract_config import ContractConfig
from connector_contract.contract.rule import (
    Rule,
    Target,
    accounts_with_status,
    answers_with_records,
    needs_example,
    reads,
    rules_of,
    writes,
)
from connector_contract.contract.rule_mark import rule_of
from connector_contract.errors import MissingExample, UsageError
from connector_contract.fill_in import refuse_fill_ins

if TYPE_CHECKING:
    from connector_contract.contract.capabilities import Capability
    from connector_contract.contract.rule_context import RuleContext
    from connector_contract.contract.shared_recordings import SharedRecordings
    from connector_contract.recording.scenario import Scenario

_FIXTURE = "connector_under_test"
_CONNECTORS = pytest.StashKey[dict[Any, ConnectorUnderTest]]()
_UNKNOWN = "(unknown)"
"""In place of the capabilities, if the connector cannot be made: the one test of each rule says why."""
_NONE = "none"
_CONTRACTS = pytest.StashKey[dict[Any, "_Known"]]()
_WHY = pytest.StashKey[dict[str, None]]()


def parametrize(metafunc: pytest.Metafunc) -> None:
    """Have a rule be checked for each capability of the connector that it is about.

    Where the connector or the author's configuration are not fit for that, there is one test, which says why.
    """
    rule = _rule(metafunc.function)
    known = _known(metafunc)
    if rule.applies_to is not None:
        metafunc.parametrize("capability", _targets(known, rule.applies_to))
    if rule.parametrize is not None:
        metafunc.parametrize(*rule.parametrize)


@dataclass(frozen=True)
class _Known:
    """What is known of a contract before any of its tests runs."""

    capabilities: Mapping[str, Capability]
    config: ContractConfig


def _known(metafunc: pytest.Metafunc) -> _Known | None:
    """What is known of a test's contract; ``None`` if the connector or the configuration is wrong."""
    try:
        config = _checked_config(metafunc.cls)
        known = _Known(_capabilities(_connector(metafunc)), config)
    # Whatever is wrong with the configuration or the fixture, the tests raise it again, and say all of it.
    except (Exception, SystemExit) as error:  # noqa: BLE001
        metafunc.config.stash.setdefault(_WHY, {})[str(error)] = None
        return None
    metafunc.config.stash.setdefault(_CONTRACTS, {})[metafunc.cls] = known
    return known


def _targets(known: _Known | None, applies_to: Callable[[Target], bool]) -> list[Any]:
    if known is None:
        return [_UNKNOWN]
    capabilities, config = known.capabilities, known.config
    return [name for name in capabilities if applies_to(Target(name, capabilities, config))] or [_NONE]


def shared_recordings(item: pytest.Function) -> list[str]:
    """The names of the recordings that the rules of a test's contract class may share."""
    from connector_contract.contract.shared_names import shared_names

    known = item.config.stash.get(_CONTRACTS, {}).get(_class(item))
    return [] if known is None else list(shared_names(known.capabilities, known.config))


def why_unknown(config: pytest.Config) -> list[str]:
    """Why the checks of a contract could not be collected, if so: then nobody knows which there are."""
    return [
        f"the capabilities of the connector are not known: {error}" for error in config.stash.get(_WHY, {})
    ]


def _checked_config(cls: Any) -> ContractConfig:
    from connector_contract.contract.connector_contract import ConnectorContract

    rules, config = rules_of(cls), ContractConfig.of(cls)
    ContractConfig.check_spelling([name for name in vars(cls) if not callable(vars(cls)[name])])
    for name in rules_of(ConnectorContract):
        if name not in rules:
            raise UsageError(
                f"The contract's class removes the rule {name}.",
                where=[("contract", f"{cls.__module__}.{cls.__qualname__}")],
                remedy=f"Waive it, with the reason. A test of your own needs another name than test_{name}.",
            )
    config.check({name: each.applies_to is not None for name, each in rules.items() if each.waivable})
    return config


def _check_use(
    config: ContractConfig, capabilities: Mapping[str, Capability], rules: Mapping[str, Rule]
) -> None:
    """Refuse configuration that no rule looks at, and fields that no request has."""

    def those(about: Callable[[Target], bool]) -> list[str]:
        return [name for name in capabilities if about(Target(name, capabilities, config))]

    checks = {
        _named(name, [subject, *also])
        for name, each in rules.items()
        for subject in ([""] if each.applies_to is None else those(each.applies_to))
        for also in ([()] if each.parametrize is None else [(value,) for value in each.parametrize[1]])
    }
    ids = those(answers_with_records)
    uses = {
        "upstream_ids": ids,
        "excluded_ids": [name for name in ids if name in config.upstream_ids],
        "upstream_status": those(accounts_with_status),
        "read_requests": those(reads),
        "write_requests": those(writes),
        "restore": [name for name in those(writes) if name in config.write_requests],
    }
    config.check_use(checks, uses)
    config.check_fields({name: each.fields for name, each in capabilities.items()})


def _named(rule: str, brackets: Iterable[object]) -> str:
    inner = "-".join(str(each) for each in brackets if each != "")
    return rule + (f"[{inner}]" if inner else "")


def check_config(item: pytest.Function, connector: ConnectorUnderTest) -> None:
    """Fail where the author's configuration is wrong, or does not fit the connector.

    Raises:
        UsageError: It is wrong, or a capability needs an example of a request and has none.
    """
    capabilities = _capabilities(connector)
    config = _checked_config(item.cls)
    config.check_names(list(capabilities))
    _check_use(config, capabilities, rules_of(item.cls))
    if _capability(item) == _UNKNOWN:
        raise UsageError(
            "The connector's capabilities were not known when the tests were collected.",
            details=[f"the fixture {_FIXTURE} takes a fixture that exists only while a test runs"],
            remedy="Have it take only fixtures of your own.",
        )
    _check_example(item, capabilities, config)


def nothing_to_check(item: pytest.Function, connector: ConnectorUnderTest) -> str | None:
    """Why a rule has nothing to check, if that is known before anything is asked."""
    rule = _rule(item.function)
    if _capability(item) == _NONE:
        return "the connector has no such capability"
    if rule.skip_reason is None:
        return None
    return rule.skip_reason(
        Target(_capability(item), _capabilities(connector), ContractConfig.of(_class(item)))
    )


def _check_example(
    item: pytest.Function, capabilities: Mapping[str, Capability], config: ContractConfig
) -> None:
    rule = _rule(item.function)
    capability = capabilities.get(_capability(item))
    if not rule.needs_example or capability is None:
        return
    refuse_fill_ins(config.request(capability.name))
    request = config.request(capability.name)
    if request is not None or not needs_example(Target(capability.name, capabilities, config)):
        return
    fact = "write_requests" if capability.writes else "read_requests"
    required = ", ".join(capability.required) or "what it should write"
    raise MissingExample(
        f"{rule.section}: there is no example of a request for {capability.name}.",
        where=[("contract", f"{_class(item).__module__}.{_class(item).__qualname__}")],
        details=[f"it needs: {required}"],
        remedy=f'Give one in the contract\'s class: {fact} = {{"{capability.name}": {{...}}}}.',
    )


def rule_context_of(item: pytest.Function, scenario: Scenario, recordings: SharedRecordings) -> RuleContext:
    """What the test of a rule asks the connector with."""
    from connector_contract.contract.rule_context import RuleContext

    rule = _rule(item.function)
    capabilities = _capabilities(scenario.connector)
    demand = inspect.cleandoc(item.function.__doc__ or "").partition("\n")[0].replace("``", "")
    config = ContractConfig.of(_class(item))
    report_once = partial(reported_once, item)
    return RuleContext(
        rule_name(item),
        rule.section,
        demand,
        item.nodeid,
        scenario,
        capabilities,
        config,
        report_once,
        recordings,
    )


def rule_name(item: pytest.Function) -> str:
    """The name of a rule, as waivers and reports have it: ``complete[list_accounts]``.

    The test's own may have more in its brackets, such as anyio's backend.
    """
    rule = _rule(item.function)
    params = item.callspec.params if hasattr(item, "callspec") else {}
    names = ["capability", *(rule.parametrize or ())[:1]]
    inner = [params[name] for name in names if params.get(name, _NONE) != _NONE]
    return _named(item.originalname.removeprefix("test_"), inner)


def waiver_of(item: pytest.Function) -> str | None:
    """The reason why a rule need not hold; ``None`` if it has to."""
    return ContractConfig.of(_class(item)).waivers.get(rule_name(item))


def _rule(test: Any) -> Rule:
    rule = rule_of(test)
    assert rule is not None  # noqa: S101 - only rules get here
    return rule


def _class(item: pytest.Function) -> type:
    cls: Any = item.cls
    return cls  # type: ignore[no-any-return] # a rule is always the method of a class


def _capability(item: pytest.Function) -> str:
    callspec = getattr(item, "callspec", None)
    return str(callspec.params.get("capability", "")) if callspec is not None else ""


def _capabilities(connector: ConnectorUnderTest) -> Mapping[str, Capability]:
    from connector_contract.contract.capabilities import own_capabilities

    return own_capabilities(connector.integration)


def _connector(metafunc: pytest.Metafunc) -> ConnectorUnderTest:
    """The connector under test, as its fixture makes it, but outside of any test.

    Raises:
        UsageError: The fixture takes one that there is only while a test runs.
    """
    definitions = _visible(metafunc, _FIXTURE)
    known = metafunc.config.stash.setdefault(_CONNECTORS, {})
    if not definitions or definitions[-1] not in known:
        connector: ConnectorUnderTest = _value(_FIXTURE, definitions, metafunc)
        known[definitions[-1]] = connector
    return known[definitions[-1]]


def _visible(metafunc: pytest.Metafunc, name: str) -> Any:
    return metafunc.definition.session._fixturemanager.getfixturedefs(name, metafunc.definition)


def _value(name: str, definitions: Any, metafunc: pytest.Metafunc) -> Any:
    """The value of a fixture, made from the fixtures that it takes."""
    if not definitions:
        raise UsageError(
            f"There is no fixture {name} before a test runs.", remedy="Define it in conftest.py."
        )
    *overridden, definition = definitions
    arguments = {
        argument: _value(argument, overridden if argument == name else _visible(metafunc, argument), metafunc)
        for argument in definition.argnames
    }
    value = definition.func(**arguments)
    if not inspect.isgenerator(value):
        return value
    with closing(value):
        return next(value)
