"""How the rules of a contract are collected: what each is about, and when it has nothing to check."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from connector_contract.config import Json
from connector_contract.contract.contract_config import ContractConfig
from connector_contract.contract.rule_mark import mark_as_rule, rule_of
from connector_contract.contract.rules.agreement import FULL_LIST
from connector_contract.contract.rules.attributes import CUSTOMIZED, FILLED, SCHEMA
from connector_contract.contract.rules.cursor import UPDATES, observed_write
from connector_contract.contract.rules.filters import FILTERED
from connector_contract.contract.rules.graphs import GRAPHS
from connector_contract.contract.rules.identities import IDENTITIES
from connector_contract.contract.rules.oauth import CALLBACK, CLIENT_CREDENTIALS, REFRESH
from connector_contract.contract.rules.references import REFERRING
from connector_contract.contract.rules.status import WITH_STATUS
from connector_contract.contract.rules.unknown_entitlement import CREATE, unknown_entitlement
from connector_contract.contract.standard_capabilities import ACCOUNTS, CredentialsIn, Refused
from connector_contract.fill_in import is_filled_in
from connector_contract.safety.identifiers import names
from connector_contract.safety.undo import OPPOSITES

if TYPE_CHECKING:
    from connector_contract.contract.capabilities import Capability

_Test = TypeVar("_Test", bound=Callable[..., Any])

NO_SUCH_CAPABILITY = "the connector has no such capability"


@dataclass(frozen=True)
class Target:
    """A capability that a rule may be about, and all that is known before anything is asked.

    Attributes:
        name: The capability's; empty for a rule that is about the connector as a whole.
        capabilities: The connector's.
        config: What the author configured.
    """

    name: str
    capabilities: Mapping[str, Capability]
    config: ContractConfig

    @property
    def capability(self) -> Capability:
        """The capability itself."""
        return self.capabilities[self.name]

    @property
    def request(self) -> Json | None:
        """The author's example of a request."""
        return self.config.request(self.name)


@dataclass(frozen=True)
class Rule:
    """How a rule is collected.

    Attributes:
        section: Its section in the contract.
        applies_to: Which capabilities it is checked for; ``None`` if it is checked once.
        skip_reason: Why it has nothing to check, if so.
        parametrize: A further argument of the test, and its values.
        needs_example: Whether it fails without an example of a request that has to have fields.
        waivable: Whether it can be waived.
    """

    section: str
    applies_to: Callable[[Target], bool] | None = None
    skip_reason: Callable[[Target], str | None] | None = None
    parametrize: tuple[str, tuple[int, ...]] | None = None
    needs_example: bool = False
    waivable: bool = True


def rule(*args: Any, **kwargs: Any) -> Callable[[_Test], _Test]:
    """Make a test a rule; the arguments are those of ``Rule``."""

    def mark(test: _Test) -> _Test:
        return mark_as_rule(test, Rule(*args, **kwargs))

    return mark


def rules_of(cls: type) -> dict[str, Rule]:
    """The rules of a contract class by their names, which are those of the tests without ``test_``."""
    members = {name: getattr(cls, name) for name in dir(cls) if name.startswith("test_")}
    rules = ((name.removeprefix("test_"), rule_of(member)) for name, member in members.items())
    return {name: rule for name, rule in rules if rule is not None}


# Which capabilities a rule is about.


def any_capability(target: Target) -> bool:
    """Each of them, but for those that hand out tokens: these take no credentials, and ask another server."""
    return not target.capability.is_oauth


def asks_with_credentials(target: Target) -> bool:
    """Those that are given credentials beside the request, and give something else with others."""
    capability = target.capability
    depends = capability.credentials is CredentialsIn.ENVELOPE and capability.refused is not Refused.NOTHING
    return any_capability(target) and depends


def hands_out_tokens(target: Target) -> bool:
    """Those with which Lumos gets tokens; a refresh by itself if the author gives a token for it."""
    capability = target.name
    if capability == REFRESH:
        given = "refresh_token" in (target.config.oauth_requests.get(REFRESH) or ())
        return given or not {CALLBACK, CLIENT_CREDENTIALS} & target.capabilities.keys()
    return capability in (CALLBACK, CLIENT_CREDENTIALS)


def writes(target: Target) -> bool:
    """Those that change the upstream; of custom ones, the author says it with the example."""
    config, name = target.config, target.name
    if target.capability.standard:
        return target.capability.writes
    return name in config.write_requests or (target.capability.writes and name not in config.read_requests)


def has_opposite(target: Target) -> bool:
    """Those that another capability of the connector undoes."""
    return OPPOSITES.get(target.name) in target.capabilities


def reads(target: Target) -> bool:
    """Those that do not write."""
    return any_capability(target) and not writes(target)


def lists(target: Target) -> bool:
    """Those that Lumos walks through, page after page."""
    return target.capability.paginated and reads(target)


def answers_with_records(target: Target) -> bool:
    """Those that return records, in pages or all at once."""
    return target.capability.within is not None and reads(target)


def has_status(target: Target) -> bool:
    """Those that say of each record whether it is in use."""
    return target.name in WITH_STATUS


def accounts_with_status(target: Target) -> bool:
    """Those that say of each account who may use it."""
    return target.name in ("list_accounts", "list_updated_accounts")


def refers(target: Target) -> bool:
    """Those whose records refer to others, or to what ``info`` declares."""
    return target.name in REFERRING | GRAPHS | IDENTITIES


def tells_of_some(target: Target) -> bool:
    """Those that say of some accounts, or of one application, what another says of all."""
    return target.name in FULL_LIST


def asks_for_several(target: Target) -> bool:
    """Those that read what belongs to a list of ids."""
    return bool(target.capability.several_ids) and reads(target)


def gives_attributes(target: Target) -> bool:
    """Those that give custom attributes, or declare them, if the connector declares any."""
    return SCHEMA in target.capabilities and target.name in (SCHEMA, *CUSTOMIZED)


def lists_attributes(target: Target) -> bool:
    """Those in which each declared custom attribute has a value somewhere."""
    return SCHEMA in target.capabilities and target.name in FILLED


def gives_updates(target: Target) -> bool:
    """The one that gives what has changed."""
    return target.name == UPDATES


def shows_in_updates(target: Target) -> bool:
    """The write whose effect is looked for in what has changed."""
    return target.name == observed_write(list(target.capabilities), target.config.write_requests)


def keeps_to_a_time(target: Target) -> bool:
    """Those that are asked for what was at some time."""
    return target.name in FILTERED


def tells_of_recency(target: Target) -> bool:
    """The one that says how old the data is."""
    return target.name == "get_data_recency"


def asks_for_an_id(target: Target) -> bool:
    """Those whose request has the id of something that has to be there."""
    return bool(target.capability.ids)


def has_required_fields(target: Target) -> bool:
    """Those whose request cannot be empty."""
    return any_capability(target) and bool(target.capability.required)


# When a rule has nothing to check.


def needs_example(target: Target) -> bool:
    """Whether a capability cannot be asked without an example: what it writes is for the author to say."""
    return bool(target.capability.required) or (target.capability.standard and writes(target))


def no_example(target: Target) -> str | None:
    """There is no request to ask with, or only a part of one."""
    if target.request is None and needs_example(target):
        return f"there is no example for {target.name}; the rule {reporting_rule(target)} reports it"
    if not is_filled_in(target.request):
        return f"the example for {target.name} is not filled in; the rule {reporting_rule(target)} reports it"
    return no_standard_capability(target)


def reporting_rule(target: Target) -> str:
    """The rule that fails where a capability does not work at all, or nobody knows how to call it."""
    return "writes" if writes(target) else "coverage"


def no_id(target: Target) -> str | None:
    """The example asks for nothing by its id."""
    if (why := no_example(target)) is not None:
        return why
    if any((target.request or {}).get(name) for name in target.capability.ids):
        return None
    return f"the example of {target.name} has no id in it"


def no_standard_capability(target: Target) -> str | None:
    """Only the author knows how to call a custom capability."""
    if target.request is not None or target.capability.standard:
        return None
    return f"{target.name} is a custom capability without an example in read_requests or write_requests"


def no_token_request(target: Target) -> str | None:
    """There is nothing to get tokens with: only the author has a client that the application knows."""
    if target.config.oauth_requests.get(target.name) is not None:
        return None
    needs = {CALLBACK: "a code", REFRESH: "a refresh token"}.get(target.name, "a client's id and secret")
    return f"not recorded: needs {needs}, in oauth_requests[{target.name!r}]"


def no_status(target: Target) -> str | None:
    """The author does not say where the status is."""
    if target.name in target.config.upstream_status:
        return None
    return f"upstream_status does not say where {target.name} finds the status"


def no_kind(target: Target) -> str | None:
    """The author does not say where the kind is."""
    if target.name in target.config.upstream_kind:
        return None
    return f"upstream_kind does not say where {target.name} finds the kind"


def not_recorded(reason: str) -> str:
    """Why a capability that is declared in ``not_http`` has nothing to check."""
    return f"it is not HTTP, and cannot be recorded: {reason}"


@dataclass(frozen=True)
class Lacks:
    """The connector does not have all of the capabilities that a rule is about.

    All rules say this in the same words, so that the summary of a small connector says it in one line.

    Attributes:
        names: The names of the capabilities.
    """

    names: tuple[str, ...]

    def __call__(self, target: Target) -> str | None:
        """Why there is nothing to check; ``None`` if it has them all."""
        missing = [name for name in self.names if name not in target.capabilities]
        if left_out := [name for name in missing if name in target.config.not_http]:
            return f"not_http leaves out {' and '.join(left_out)}"
        return NO_SUCH_CAPABILITY if missing else None


def creates_account(target: Target) -> bool:
    """What creates an account."""
    return target.name == CREATE


def no_entitlement(target: Target) -> str | None:
    """The example of a creation has no entitlement."""
    if (why := no_example(target)) is not None:
        return why
    asks = unknown_entitlement(target.request) is not None
    return None if asks else f"the example of {target.name} has no entitlements"


def no_opposite(target: Target) -> str | None:
    """There is no example, or nothing that undoes it."""
    return no_example(target) or Lacks((OPPOSITES.get(target.name, ""),))(target)


def no_name(target: Target) -> str | None:
    """The example of a creation has nothing that another account could have, or there is no list of them."""
    if (why := no_example(target) or Lacks((ACCOUNTS,))(target)) is not None:
        return why
    return (
        None
        if names(target.request or {})
        else f"the example of {target.name} has no e-mail and no user name"
    )


def lacks(*capabilities: str) -> Lacks:
    """There is nothing to check without all of these capabilities."""
    return Lacks(capabilities)
