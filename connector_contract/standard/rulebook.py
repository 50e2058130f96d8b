"""How the rules of a contract are collected: what each is about, and when it has nothing to check."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from connector_contract.fill_in import is_filled_in
from connector_contract.standard.facts import Facts, Json
from connector_contract.standard.rules.agreement import FULL_LIST

if TYPE_CHECKING:
    from connector_contract.standard.capabilities import Capability

_Test = TypeVar("_Test", bound=Callable[..., Any])


@dataclass(frozen=True)
class Subject:
    """A capability that a rule may be about, and all that is known before anything is asked.

    Attributes:
        name: The capability's; empty for a rule that is about the connector as a whole.
        capabilities: The connector's.
        facts: What the author told.
    """

    name: str
    capabilities: Mapping[str, Capability]
    facts: Facts

    @property
    def capability(self) -> Capability:
        """The capability itself."""
        return self.capabilities[self.name]

    @property
    def request(self) -> Json | None:
        """The author's example of a request."""
        return self.facts.request(self.name)


@dataclass(frozen=True)
class Rule:
    """How a rule is collected.

    Attributes:
        family: Its section in the contract.
        over: Which capabilities it is checked for; ``None`` if it is checked once.
        nothing: Why it has nothing to check, if so.
        also: A further argument of the test, and its values.
        needs_example: Whether it fails without an example of a request that has to have fields.
    """

    family: str
    over: Callable[[Subject], bool] | None = None
    nothing: Callable[[Subject], str | None] | None = None
    also: tuple[str, tuple[int, ...]] | None = None
    needs_example: bool = False


def rule(*args: Any, **kwargs: Any) -> Callable[[_Test], _Test]:
    """Make a test a rule; the arguments are those of ``Rule``."""

    def mark(test: _Test) -> _Test:
        test.contract_rule = Rule(*args, **kwargs)  # type: ignore[attr-defined] # read when tests are collected
        return test

    return mark


def rules_of(cls: type) -> dict[str, Rule]:
    """The rules of a contract class by their names, which are those of the tests without ``test_``."""
    members = {name: getattr(cls, name) for name in dir(cls) if name.startswith("test_")}
    return {
        name.removeprefix("test_"): member.contract_rule
        for name, member in members.items()
        if hasattr(member, "contract_rule")
    }


# Which capabilities a rule is about.


def any_capability(_subject: Subject) -> bool:
    """Each of them."""
    return True


def writes(subject: Subject) -> bool:
    """Those that change the upstream; of custom ones, the author says it with the example."""
    facts, name = subject.facts, subject.name
    if subject.capability.standard:
        return subject.capability.writes
    return name in facts.write_requests or (subject.capability.writes and name not in facts.read_requests)


def reads(subject: Subject) -> bool:
    """Those that do not."""
    return not writes(subject)


def lists(subject: Subject) -> bool:
    """Those that Lumos walks through, page after page."""
    return subject.capability.paginated and reads(subject)


def answers_with_records(subject: Subject) -> bool:
    """Those that answer with records, in pages or all at once."""
    return subject.capability.within is not None and reads(subject)


def accounts_with_status(subject: Subject) -> bool:
    """Those that say of each account who may use it."""
    return subject.name in ("list_accounts", "list_updated_accounts")


def refers(subject: Subject) -> bool:
    """Those whose records refer to others, or to what ``info`` declares."""
    return subject.name in (
        "list_resources",
        "list_entitlements",
        "find_entitlement_associations",
        "get_account_entitlement_associations",
    )


def tells_of_some(subject: Subject) -> bool:
    """Those that tell of some accounts what another tells of all."""
    return subject.name in FULL_LIST


def asks_for_an_id(subject: Subject) -> bool:
    """Those whose request has the id of something that has to be there."""
    return bool(subject.capability.ids)


def has_required_fields(subject: Subject) -> bool:
    """Those whose request cannot be empty."""
    return bool(subject.capability.required)


# When a rule has nothing to check.


def needs_example(subject: Subject) -> bool:
    """Whether a capability cannot be asked without an example: what it writes is for the author to say."""
    return bool(subject.capability.required) or (subject.capability.standard and writes(subject))


def no_example(subject: Subject) -> str | None:
    """There is no request to ask with, or only a part of one."""
    if subject.request is None and needs_example(subject):
        return f"there is no example of a request for {subject.name}; {told_by(subject)} says so"
    if not is_filled_in(subject.request):
        return f"the example of a request for {subject.name} is not filled in; {told_by(subject)} says so"
    return no_standard_capability(subject)


def told_by(subject: Subject) -> str:
    """The rule that fails where a capability does not work at all, or nobody knows how to call it."""
    return "writes" if writes(subject) else "coverage"


def no_id(subject: Subject) -> str | None:
    """The example asks for nothing by its id."""
    if (why := no_example(subject)) is not None:
        return why
    if any((subject.request or {}).get(name) for name in subject.capability.ids):
        return None
    return f"the example of {subject.name} has no id in it"


def no_standard_capability(subject: Subject) -> str | None:
    """Nobody can tell how a custom capability is asked, unless the author does."""
    if subject.request is not None or subject.capability.standard:
        return None
    return f"{subject.name} is no standard capability, and has no example in read_requests or write_requests"


def no_status(subject: Subject) -> str | None:
    """The author does not say where the status is."""
    if subject.name in subject.facts.upstream_status:
        return None
    return f"upstream_status does not say where {subject.name} finds the status"


def lacks(*names: str) -> Callable[[Subject], str | None]:
    """The connector does not have all of these capabilities."""

    def nothing(subject: Subject) -> str | None:
        missing = [name for name in names if name not in subject.capabilities]
        return f"the connector has no {' and no '.join(missing)}" if missing else None

    return nothing
