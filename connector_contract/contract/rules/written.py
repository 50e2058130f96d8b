"""A write and what was read around it, as the rule **writes** looks at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from connector_contract.config import Json
from connector_contract.contract.declared_less import NOT_LISTED
from connector_contract.contract.rules.responses import Key, Walk, lasting, same_text
from connector_contract.recording.interactions import Interaction

ACCOUNTS, ASSOCIATIONS = "list_accounts", "find_entitlement_associations"
APPLICATION_ACCOUNTS = "list_applications_accounts"
APPLICATION_ASSOCIATIONS = "list_applications_entitlement_associations"
NOT_DONE = "Lumos shows, and reports to auditors, something that is not true."


@dataclass(frozen=True)
class ObservedWrite:
    """A write, and what was read before it, after it, and after a repeat.

    Attributes:
        capability: The write.
        request: What was asked.
        response: What it answered.
        repeated: What it answered when asked again.
        before: Each list that shows it, by its name.
        after: The same after the write.
        finally_: The same after the repeat.
        replaces: Whether an account has one entitlement of the type always, so that another takes its place.
        types: What ``info`` declares of the types of each entitlement, by its id and its resource's.
        is_left_out: Whether the upstream sent the account with a raw status that is not to be listed.
        choice: What the author declares, where right connectors differ.
        asked: What it asked of the upstream.
        asked_again: What the repeat asked of it.
    """

    capability: str
    request: Json
    response: Json
    repeated: Json
    before: Mapping[str, Walk]
    after: Mapping[str, Walk]
    finally_: Mapping[str, Walk]
    replaces: bool = False
    types: Mapping[Key, Sequence[Json]] = field(default_factory=dict)
    is_left_out: bool = False
    choice: str | None = None
    asked: Sequence[Interaction] = ()
    asked_again: Sequence[Interaction] = ()

    @property
    def payload(self) -> Json:
        """The ``response`` of the response."""
        return payload_of(self.response)

    @property
    def account_id(self) -> object:
        """The account that was written: the one that was asked for, or that was created."""
        return self.payload.get("id") if self.capability == "create_account" else asked_for(self.request)

    @property
    def associations(self) -> str:
        """The list of the access that the write is about: to an application, or to the connected system."""
        return APPLICATION_ASSOCIATIONS if "application_instance_id" in self.request else ASSOCIATIONS

    def account(self, lists: Mapping[str, Walk]) -> Json | None:
        """The account as it was read back; ``None`` if it is not there."""
        return account_in(lists[ACCOUNTS], self.account_id)

    def are_whole(self, name: str) -> bool:
        """Whether a list was read to its end each time, so that what is not in it is not there."""
        return all(lists[name].is_whole for lists in (self.before, self.after))

    @property
    def may_be_unlisted(self) -> bool:
        """Whether the account is right not to be listed afterwards, with the status that it has by then."""
        return self.is_left_out or self.choice == NOT_LISTED

    @property
    def is_late(self) -> bool:
        """Whether the account that is new in the list comes only when that is read again, after the repeat.

        Some upstreams list an account a while after they have said that it is there.
        """
        if self.capability not in ("create_account", "activate_account") or ACCOUNTS not in self.finally_:
            return False
        seen = [self.account(lists) is not None for lists in (self.before, self.after, self.finally_)]
        return self.are_whole(ACCOUNTS) and seen == [False, False, True]

    @property
    def settled(self) -> ObservedWrite:
        """The same, with the lists after the repeat where those right after the write came too early."""
        return replace(self, after=self.finally_) if self.is_late else self


def payload_of(response: Json) -> Json:
    """The ``response`` of a response; empty if it is an error."""
    payload = response.get("response")
    return payload if isinstance(payload, Mapping) else {}


def asked_for(request: Json) -> object:
    """The id of the account that a request is about; of a transfer, the one that it is from."""
    return next(
        (request[name] for name in ("account_id", "id", "source_account_id") if name in request), None
    )


def account_in(accounts: Walk, id_: object) -> Json | None:
    """The account with an id; ``None`` if it is not listed."""
    return next((each for each in accounts.records if each.get("integration_specific_id") == id_), None)


def association(request: Json) -> Key:
    """The key of the association that an assignment makes."""
    fields = [f"{name}_integration_specific_id" for name in ("account", "entitlement", "resource")]
    application = [name for name in ("application_instance_id",) if name in request]
    return tuple(str(request.get(name)) for name in (*fields, *application))


def not_granted(account_id: object, request: Json, associations: Walk) -> list[Key]:
    """The entitlements that an account was to be created with, and that are not read back.

    Which resource an entitlement is of need not be said.
    """
    granted = [key for key in associations.keys if key[0] == account_id]
    wanted = [
        (str(account_id), str(each.get(id_)), *([str(each[resource])] if each.get(resource) else []))
        for id_, resource in [("integration_specific_id", "integration_specific_resource_id")]
        for each in request["entitlements"]
    ]
    return [key for key in wanted if not any(each[: len(key)] == key for each in granted)]


def application_account(request: Json) -> Key:
    """The key of the account in an application that a request is about."""
    account = request.get("account_id", request.get("account_integration_specific_id"))
    return str(account), str(request.get("application_instance_id"))


def changed(before: Walk, after: Walk) -> list[Key]:
    """The keys of records that are new, gone or different, or there more or less often.

    Of samples, only those of records in both: what is new in one or gone from it may be outside of the other.
    """
    one, other = _by_key(before), _by_key(after)
    are_whole = before.is_whole and after.is_whole
    keys = one.keys() | other.keys() if are_whole else one.keys() & other.keys()
    return sorted(key for key in keys if one.get(key) != other.get(key))


def _by_key(walk: Walk) -> dict[Key, list[Json]]:
    records: dict[Key, list[Json]] = {}
    for record in walk.records:
        records.setdefault(walk.key_of(record), []).append(lasting(record))
    return records


def as_asked(request: Json, account: Json, name: str, *, is_kept: bool = False) -> bool:
    """Whether a field of an account is as it was asked for, if it was.

    Args:
        request: What was asked.
        account: The account as it was read.
        name: The field.
        is_kept: Whether the application has such a field at all; if so, it may not be empty.
    """
    asked, read = request.get(name), account.get(name)
    return not asked or (not read and not is_kept) or same_text(asked, read)
