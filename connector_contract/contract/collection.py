"""Which rules of a standard contract there are to check: what pytest has to know before it runs them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from connector_contract.before_tests import FIXTURE, Made, reasons, remember_why
from connector_contract.config import ConnectorUnderTest
from connector_contract.connector_fixture import reported_once
from connector_contract.contract.contract_config import ContractConfig
from connector_contract.contract.declared_less import check_tolerated
from connector_contract.contract.rule import (
    NO_SUCH_CAPABILITY,
    Rule,
    Target,
    accounts_with_status,
    answers_with_records,
    has_status,
    lists_attributes,
    needs_example,
    no_example,
    not_recorded,
    reads,
    rules_of,
    writes,
)
from connector_contract.contract.rule_mark import rule_of
from connector_contract.contract.standard_capabilities import STANDARD, Refused
from connector_contract.errors import MissingExample, UsageError
from connector_contract.faults.catalogue import BY_NAME
from connector_contract.fill_in import refuse_fill_ins
from connector_contract.item_files import runnable
from connector_contract.variants import Variant, Variants, variant_of, variants_of

if TYPE_CHECKING:
    from connector_contract.contract.capabilities import Capability
    from connector_contract.contract.rule_context import RuleContext
    from connector_contract.contract.shared_recordings import SharedRecordings
    from connector_contract.recording.scenario import Scenario

_UNKNOWN = "(unknown)"
"""In place of the capabilities, if the connector cannot be made: the one test of each rule says why."""
_NONE = "none"
_CONTRACTS = pytest.StashKey[dict[Any, "_Known"]]()


def parametrize(metafunc: pytest.Metafunc) -> None:
    """Have a rule be checked for each capability of the connector that it is about.

    Where the connector or the author's configuration are not fit for that, there is one test, which says why.
    """
    rule, variants = _rule(metafunc.function), variants_of(metafunc.definition)
    if not variants.members:
        known = _known(metafunc, variants, variants.fixture.made({}), None)
        if rule.applies_to is not None:
            metafunc.parametrize("capability", _targets(known, rule))
    else:
        targets = [
            _targets(_known(metafunc, variants, each.made, each.name), rule) for each in variants.members
        ]
        if rule.applies_to is not None:
            _parametrize_each(metafunc, variants, targets)
    if rule.parametrize is not None:
        metafunc.parametrize(*rule.parametrize)


def _never(_target: Target) -> bool:
    return False


def _parametrize_each(metafunc: pytest.Metafunc, variants: Variants, targets: Sequence[list[Any]]) -> None:
    """Have a rule be checked for the capabilities that each variant has."""
    metafunc.parametrize("capability", list(dict.fromkeys(name for names in targets for name in names)))
    axis = next(iter(variants.fixture.parametrised))
    # pytest makes a test of each capability with each variant, and has no public way to leave some out.
    metafunc._calls[:] = [
        call for call in metafunc._calls if call.params["capability"] in targets[call.indices[axis]]
    ]


@dataclass(frozen=True)
class _Known:
    """What is known of a contract before any of its tests runs."""

    connector: ConnectorUnderTest
    capabilities: Mapping[str, Capability]
    config: ContractConfig


def _known(metafunc: pytest.Metafunc, variants: Variants, made: Made, variant: str | None) -> _Known | None:
    """What is known of a test's contract; ``None`` if the connector or the configuration is wrong."""
    error = variants.problem or made.error
    if made.connector is not None and error is None:
        try:
            capabilities = _capabilities(made.connector)
            config = _checked_config(metafunc.cls, variants, variant, made.connector)
        # Whatever is wrong with the configuration, the tests raise it again, and say all of it.
        except Exception as wrong:  # noqa: BLE001
            error = wrong
        else:
            known = _Known(made.connector, capabilities, config)
            metafunc.config.stash.setdefault(_CONTRACTS, {})[metafunc.cls, variant] = known
            return known
    remember_why(
        metafunc.config,
        error
        or UsageError(f"The fixture {FIXTURE} returned nothing.", remedy="Return a ConnectorUnderTest."),
    )
    return None


def _targets(known: _Known | None, rule: Rule) -> list[Any]:
    """What a rule is checked for; of what cannot be recorded, the rule that reports it says why."""
    if known is None:
        return [_UNKNOWN]
    own, config = known.capabilities, known.config
    about = rule.applies_to or _never
    return [
        name
        for name in own
        if about(Target(name, own, config)) and (rule.needs_example or name not in config.not_http)
    ] or [_NONE]


def recorded_capabilities(connector: ConnectorUnderTest, config: ContractConfig) -> Mapping[str, Capability]:
    """The capabilities that a connector has for its rules: those that ask over HTTP, or for nothing."""
    own = _capabilities(connector)
    return {name: each for name, each in own.items() if name not in config.not_http}


def shared_recordings(item: pytest.Function) -> list[str]:
    """The names of the recordings that the rules of a test's contract class may share."""
    from connector_contract.contract.credential_variants import credential_kinds
    from connector_contract.contract.shared_names import shared_names

    known = item.config.stash.get(_CONTRACTS, {}).get((_class(item), _name(variant_of(item))))
    if known is None:
        return []
    capabilities = recorded_capabilities(known.connector, known.config)
    return list(shared_names(capabilities, known.config, credential_kinds(known.connector)))


def why_unknown(config: pytest.Config) -> list[str]:
    """Why the checks of a contract could not be collected, if so: then nobody knows which there are."""
    return [f"the checks of the contract are not known: {error}" for error in reasons(config)]


def _checked_config(
    cls: Any, variants: Variants, variant: str | None, connector: ConnectorUnderTest
) -> ContractConfig:
    from connector_contract.contract.connector_contract import ConnectorContract

    if variant is not None and all(each.name is not None for each in variants.members):
        ContractConfig.check_variants(cls, variants.names)
    rules, config = rules_of(cls), _config(cls, variants, variant, connector)
    own = cls.__mro__[: cls.__mro__.index(ConnectorContract)]
    ContractConfig.check_spelling(own, {*STANDARD, *_capabilities(connector)})
    for name in rules_of(ConnectorContract):
        if name not in rules:
            raise UsageError(
                f"The contract's class removes the rule {name}.",
                where=[("contract", f"{cls.__module__}.{cls.__qualname__}")],
                remedy=f"Waive it, with the reason. A test of your own needs another name than test_{name}.",
            )
    config.check({name: each.applies_to is not None for name, each in rules.items() if each.waivable})
    check_tolerated(config.tolerated_faults, BY_NAME)
    return config


def _config(
    cls: type, variants: Variants, variant: str | None, connector: ConnectorUnderTest
) -> ContractConfig:
    """What a contract class configures for one variant, without what is about the capabilities of others."""
    from connector_sdk_types.generated import StandardCapabilityName

    from connector_contract.contract.credential_variants import credential_examples

    config = ContractConfig.of(cls, variant)
    made = [each.made.connector for each in variants.members]
    elsewhere = {name for each in made if each is not None for name in _capabilities(each)}
    if None in made:
        # Of a connector that cannot be made, nobody knows which it has; its own tests say why.
        elsewhere |= config.capabilities | {each.value for each in StandardCapabilityName}
    capabilities = _capabilities(connector)
    own = config.without(elsewhere - capabilities.keys())
    if not isinstance(own.read_requests, Mapping):
        # What is wrong with it, the check of the configuration says.
        return own
    examples = credential_examples(connector).items()
    return own.with_examples({name: request for name, request in examples if name in capabilities})


def config_of(item: pytest.Function, connector: ConnectorUnderTest) -> ContractConfig:
    """What the contract class of a test configures for the connector that it runs with."""
    variants = variants_of(item)
    return _config(_class(item), variants, connector.variant, connector)


def _name(variant: Variant | None) -> str | None:
    return None if variant is None else variant.name


def _check_use(
    own: ContractConfig,
    config: ContractConfig,
    capabilities: Mapping[str, Capability],
    rules: Mapping[str, Rule],
) -> None:
    """Refuse configuration of a contract's own that no rule looks at, and fields that no request has."""

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
        "empty_attributes": those(lists_attributes),
        "upstream_status": those(has_status),
        "listed_statuses": those(accounts_with_status),
        "upstream_kind": those(accounts_with_status),
        "read_requests": those(reads),
        "write_requests": those(writes),
        "oauth_requests": [name for name, each in capabilities.items() if each.is_oauth],
        "restore": [name for name in those(writes) if name in config.write_requests],
        "not_http": [name for name, each in capabilities.items() if each.refused is not Refused.NOTHING],
    }
    own.check_use(checks, uses)
    own.check_listed(config)
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
    config = _checked_config(item.cls, variants_of(item), connector.variant, connector)
    # What several connectors share need not be of use to each.
    own = config.without_inherited(item.cls, connector.variant)
    own.check_names(list(capabilities))
    _check_use(own, config, capabilities, rules_of(item.cls))
    if _capability(item) == _UNKNOWN:
        raise UsageError(
            "The connector's capabilities were not known when the tests were collected.",
            details=[f"the fixture {FIXTURE} takes a fixture that exists only while a test runs"],
            remedy="Have it take only fixtures of your own.",
        )
    _check_example(item, capabilities, config)


def nothing_to_check(item: pytest.Function, connector: ConnectorUnderTest) -> str | None:
    """Why a rule has nothing to check, if that is known before anything is asked."""
    rule = _rule(item.function)
    if _capability(item) == _NONE:
        return NO_SUCH_CAPABILITY
    config = config_of(item, connector)
    if (why := config.not_http.get(_capability(item))) is not None:
        return not_recorded(why)
    if rule.skip_reason is None:
        return None
    capabilities = recorded_capabilities(connector, config)
    return rule.skip_reason(Target(_capability(item), capabilities, config))


def is_tried(item: pytest.Function, connector: ConnectorUnderTest) -> bool:
    """Whether a rule calls what is declared in ``not_http``, to see that the declaration is needed.

    That is of what reads and can be called. Nothing of it is kept, and in a replay nothing responds to it.

    Args:
        item: The test of a rule.
        connector: The connector under test.
    """
    name, config, own = _capability(item), config_of(item, connector), _capabilities(connector)
    if name not in config.not_http or name not in own:
        return False
    target = Target(name, own, config)
    return reads(target) and no_example(target) is None


def _check_example(
    item: pytest.Function, capabilities: Mapping[str, Capability], config: ContractConfig
) -> None:
    rule = _rule(item.function)
    capability = capabilities.get(_capability(item))
    if not rule.needs_example or capability is None or capability.name in config.not_http:
        return
    refuse_fill_ins(config.examples(capability.name))
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
    demand = inspect.cleandoc(item.function.__doc__ or "").partition("\n")[0].replace("``", "")
    config = config_of(item, scenario.connector)
    capabilities = recorded_capabilities(scenario.connector, config)
    report_once = partial(reported_once, item)
    return RuleContext(
        rule_name(item),
        rule.section,
        demand,
        runnable(item),
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
    return ContractConfig.of(_class(item), _name(variant_of(item))).waivers.get(rule_name(item))


def own_waiver_of(item: pytest.Function) -> str | None:
    """The same, if the contract's class gives it itself: then it has to be needed."""
    cls, variant = _class(item), _name(variant_of(item))
    config = ContractConfig.of(cls, variant).without_inherited(cls, variant)
    return config.waivers.get(rule_name(item))


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
