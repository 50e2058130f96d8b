"""How to put back what a scenario has written, as far as that is known; the rest is for a person to do."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from connector_contract.config import Json
from connector_contract.safety.identifiers import accounts_named, created_id, identifiers, is_creation, label

OPPOSITES = {
    "assign_entitlement": "unassign_entitlement",
    "unassign_entitlement": "assign_entitlement",
    "activate_account": "deactivate_account",
    "deactivate_account": "activate_account",
    "assign_application": "unassign_application",
    "unassign_application": "assign_application",
    "assign_application_entitlement": "unassign_application_entitlement",
    "unassign_application_entitlement": "assign_application_entitlement",
}
"""For each write that another one undoes, that one."""

_ACCOUNT_READS = ("list_accounts", "get_account")
_REFUSALS = (
    "bad_request",
    "unauthorized",
    "permission_denied",
    "not_found",
    "conflict",
    "unsupported_operation",
)
"""The codes of errors that say that nothing was done."""

_REMOVED = ("DELETED", "DEPROVISIONED")
"""The statuses of an account in an application that it has no access to any more."""


@dataclass(frozen=True)
class _Access:
    """A kind of access: what an assignment asks for, and where it is read back.

    Attributes:
        assigns: The capability that gives it; its opposite takes it away.
        account: The field of a request with the account.
        asks: The fields of a request that say which access.
        has: The fields of a record that say which access.
        of_all: The list of everybody's.
        of_one: What reads that of one account; empty if nothing does.
    """

    assigns: str
    account: str
    asks: tuple[str, ...]
    has: tuple[str, ...]
    of_all: str
    of_one: str = ""


_APPLICATION = "application_instance_id"
_ACCOUNT_OF = "account_integration_specific_id"
_ASKS = ("entitlement_integration_specific_id", "resource_integration_specific_id")
_HAS = ("integration_specific_entitlement_id", "integration_specific_resource_id")
_ENTITLEMENT = _Access(
    "assign_entitlement",
    _ACCOUNT_OF,
    _ASKS,
    _HAS,
    "find_entitlement_associations",
    "get_account_entitlement_associations",
)
_IN_APPLICATION = _Access(
    "assign_application_entitlement",
    _ACCOUNT_OF,
    (*_ASKS, _APPLICATION),
    (*_HAS, _APPLICATION),
    "list_applications_entitlement_associations",
)
_TO_APPLICATION = _Access(
    "assign_application", "account_id", (_APPLICATION,), (_APPLICATION,), "list_applications_accounts"
)
_KINDS = (_ENTITLEMENT, _IN_APPLICATION, _TO_APPLICATION)
_ACCESS = {name: kind for kind in _KINDS for name in (kind.assigns, OPPOSITES[kind.assigns])}
"""The kind of access that each write is about."""

_PUT_BACK_STATUSES = ("INACTIVE", "SUSPENDED")
"""Those that ``deactivate_account`` leads back to."""


@dataclass(frozen=True)
class MadeCall:
    """A call that a scenario has made on a server that keeps its state.

    Attributes:
        capability: What was called.
        request: The capability's own part of the request.
        response: What the connector answered; ``None`` if the call did not come to its end.
        writes: Whether it may have changed the upstream.
        given: The credentials and settings that it was given in place of the connector's.
        is_first_page: Whether it asked for no later page.
    """

    capability: str
    request: Json
    response: Json | None
    writes: bool
    given: Json = field(default_factory=dict)
    is_first_page: bool = True

    @property
    def code(self) -> str | None:
        """The code of the error that it ended in; ``None`` if it succeeded."""
        response = self.response or {}
        return str((response.get("error") or {}).get("error_code")) if response.get("is_error") else None

    @property
    def records(self) -> list[Json]:
        """The records that it answered; what is not a list is one."""
        payload = None if self.code else (self.response or {}).get("response")
        found = payload if isinstance(payload, list) else [payload]
        return [each for each in found if isinstance(each, Mapping)]


@dataclass(frozen=True)
class Undo:
    """A call that puts something back.

    Attributes:
        capability: What to call.
        request: Its own part of the request.
        given: As for ``MadeCall``.
        of: The write that it undoes, in words.
    """

    capability: str
    request: Json
    given: Json
    of: str

    def __str__(self) -> str:
        """The call as messages name it."""
        return f"{label(self.capability, self.request)}, after {self.of}"


@dataclass(frozen=True)
class UndoPlan:
    """What to do about the writes of a scenario.

    Attributes:
        calls: Those that put back what is known, in the order to make them.
        left: What is left to a person, and why, in a line each.
        found: The ids of accounts that were created, which only a later read shows.
    """

    calls: Sequence[Undo] = ()
    left: Sequence[str] = ()
    found: Sequence[str] = ()


def undo(
    calls: Sequence[MadeCall],
    capabilities: Collection[str],
    restore: Mapping[str, Mapping[str, Json]],
    examples: Mapping[str, Json],
    before: Sequence[MadeCall] = (),
) -> UndoPlan:
    """What to do about the writes of a scenario.

    Args:
        calls: All its calls, in order.
        capabilities: What the connector can be called for.
        restore: For a capability, the calls that undo what the author's example of it does.
        examples: The author's examples.
        before: What was read before the scenario.
    """
    found: dict[str, UndoPlan] = {}
    for position, call in enumerate(calls, len(before)):
        scene = _Scene([*before, *calls], position, capabilities)
        if _may_have_changed(call) or scene.left_behind:
            known = restore.get(call.capability) if call.request == examples.get(call.capability) else None
            # A repeat, and the opposite, are of the same thing, which is put back once.
            found.setdefault(_thing(call), _plan(call, scene, known))
    plans = list(found.values())
    return UndoPlan(
        [each for plan in reversed(plans) for each in plan.calls],
        list(dict.fromkeys(line for plan in plans for line in plan.left)),
        [id_ for plan in plans for id_ in plan.found],
    )


@dataclass(frozen=True)
class _Scene:
    """A write, among the calls of its scenario."""

    calls: Sequence[MadeCall]
    position: int
    capabilities: Collection[str]

    @property
    def call(self) -> MadeCall:
        return self.calls[self.position]

    @property
    def before(self) -> Sequence[MadeCall]:
        return self.calls[: self.position]

    @property
    def same(self) -> list[MadeCall]:
        """The writes from this one on that are of the same thing, and were not refused."""
        rest = self.calls[self.position :]
        return [each for each in rest if _may_have_changed(each) and _thing(each) == _thing(self.call)]

    @property
    def is_of_what_was_created(self) -> bool:
        """Whether it is of an account that the scenario has created before: that is deleted as a whole."""
        created = {id_ for each in self.before if each.writes and (id_ := _new_account(each))}
        return any(id_ in created for _, id_ in identifiers(self.call.request))

    @property
    def left_behind(self) -> list[str]:
        """The accounts that are read after a creation that gave an error, with its e-mail or user name."""
        call = self.call
        if call.capability != "create_account" or not call.writes or call.code in (None, "conflict"):
            return []
        created = {_new_account(each) for each in self.calls}
        read = [each for later in self.calls[self.position :] for each in _accounts_read(later)]
        found = dict.fromkeys(accounts_named(call.request, read))
        return [id_ for id_ in found if id_ not in created and _account(self.before, id_) is None]


def _may_have_changed(call: MadeCall) -> bool:
    payload = (call.response or {}).get("response")
    has_created_nothing = isinstance(payload, Mapping) and payload.get("created") is False
    return call.writes and call.code not in _REFUSALS and not has_created_nothing


def _plan(call: MadeCall, scene: _Scene, known: Mapping[str, Json] | None) -> UndoPlan:
    if call.response is not None and not call.code and scene.is_of_what_was_created:
        return UndoPlan()
    if scene.left_behind:
        return _half_made(call, scene)
    doubtful = [each for each in scene.same if each.response is None or each.code]
    if doubtful:
        return UndoPlan(left=[_doubt(each) for each in doubtful])
    if known is not None:
        steps = known.items()
        return UndoPlan([Undo(name, request, call.given, _words(call)) for name, request in steps])
    if call.capability == "create_account":
        return _creation(call, scene)
    if call.capability in OPPOSITES:
        return _opposite(call, scene)
    if call.capability.startswith("delete_"):
        return _left(call, "a deletion cannot be undone")
    return _left(call, f"restore[{call.capability!r}] in the contract's class does not say how")


def _creation(call: MadeCall, scene: _Scene) -> UndoPlan:
    id_ = _new_account(call)
    if id_ is None:
        return _left(call, "its response does not say that it has created something with an id")
    if _account(scene.before, id_) is not None:
        return _left(call, f"{id_} was there before")
    return _deletion(call, scene, id_)


def _deletion(call: MadeCall, scene: _Scene, id_: str) -> UndoPlan:
    request = {"account_id": id_}
    deletions = [each for each in scene.calls[scene.position :] if each.capability == "delete_account"]
    if any(each.request.get("account_id") == id_ and each.response and not each.code for each in deletions):
        return UndoPlan()
    if "delete_account" not in scene.capabilities:
        return _left(call, f"the connector has no delete_account; it created {id_}")
    return UndoPlan([Undo("delete_account", request, call.given, _words(call))])


def _half_made(call: MadeCall, scene: _Scene) -> UndoPlan:
    """What to do about an account that is there, though its creation gave an error."""
    id_, *others = scene.left_behind
    if others or not _are_whole(scene.before):
        # It may be somebody's.
        return _left(call, f"it ended in {call.code}, and {id_} is there, which may have been there before")
    return replace(_deletion(call, scene, id_), found=[id_])


def _are_whole(calls: Sequence[MadeCall]) -> bool:
    """Whether all accounts were read, from the first page to the last."""
    reads = False
    for call in calls:
        if call.capability == "list_accounts" and call.response is not None and not call.code:
            reads = reads or call.is_first_page
            if reads and not (call.response.get("page") or {}).get("token"):
                return True
    return False


def _opposite(call: MadeCall, scene: _Scene) -> UndoPlan:
    opposite = OPPOSITES[call.capability]
    was_so = _was_so(call, scene.before)
    if was_so is None and _has_looked(call, scene.before):
        return _left(call, "what was read before does not show how it was")
    has_changed = scene.same[-1].capability != (call.capability if was_so else opposite)
    if not has_changed:
        return UndoPlan()
    # What was so before the first write is to be so again.
    name = call.capability if was_so else opposite
    if name not in scene.capabilities:
        return _left(call, f"the connector has no {name}")
    if (why := _not_undone(name, call, scene)) is not None:
        return _left(call, why)
    plan = UndoPlan([Undo(name, call.request, call.given, _words(scene.same[-1]))])
    return replace(plan, left=_left(call, why).left) if (why := _not_given_back(name, call, scene)) else plan


def _was_so(call: MadeCall, before: Sequence[MadeCall]) -> bool | None:
    """Whether what a write asks for was so already; ``None`` if no earlier read shows how it was."""
    if (kind := _ACCESS.get(call.capability)) is not None:
        held = _held(kind, before, str(call.request.get(kind.account)))
        if held is None:
            return None
        return (_access(kind.asks, call.request) in held) == (call.capability == kind.assigns)
    account = _account(before, str(call.request.get("account_id")))
    status = None if account is None else account.get("user_status")
    return None if status is None else (status == "ACTIVE") == (call.capability == "activate_account")


def _has_looked(call: MadeCall, before: Sequence[MadeCall]) -> bool:
    """Whether anything was read before that might have shown it, such as the first pages of a long list."""
    kind = _ACCESS.get(call.capability)
    account_id = call.request.get("account_id" if kind is None else kind.account)
    if kind is None and _account(before, str(account_id)) is not None:
        # Its upstream has no status of it that could be put back to anything else.
        return False
    names = _ACCOUNT_READS if kind is None else (kind.of_all, kind.of_one)
    return any(
        each.capability in names
        and each.code is None
        and str(each.request.get("account_id", account_id)) == str(account_id)
        for each in before
    )


def as_seen(call: MadeCall) -> MadeCall | None:
    """A read of accounts or their access, without what nobody has to know to undo a write; else ``None``."""
    if call.code is not None or call.response is None:
        return None
    if call.capability in _ACCOUNT_READS:
        fields: tuple[str, ...] = ("integration_specific_id", "user_status")
        records = list(_accounts(call))
    else:
        kind = next((each for each in _KINDS if call.capability in (each.of_all, each.of_one)), None)
        if kind is None:
            return None
        fields, records = ("account_id", *kind.has, "status"), call.records
    short = [{name: each[name] for name in fields if name in each} for each in records]
    token = (call.response.get("page") or {}).get("token")
    return replace(call, response={"response": short, "page": {"token": token}})


def _not_undone(name: str, call: MadeCall, scene: _Scene) -> str | None:
    """Why a call does not lead back to what was before; ``None`` if it does, as far as anybody can see."""
    if name == "deactivate_account":
        account = _account(scene.before, str(call.request.get("account_id"))) or {}
        status = account.get("user_status")
        return None if status in (None, *_PUT_BACK_STATUSES) else f"the account was {status} before"
    kind = _ACCESS.get(name)
    if kind is not None and name != kind.assigns and (gone := _gone(kind, call, scene)):
        return f"it took the place of {_named(gone)}"
    return None


def _not_given_back(name: str, call: MadeCall, scene: _Scene) -> str | None:
    """What else a write has taken away, which its opposite does not give back; ``None`` if nothing."""
    if name != _TO_APPLICATION.assigns:
        return None
    application = str(call.request.get(_APPLICATION))
    gone = [each for each in _gone(_IN_APPLICATION, call, scene) if each[-1] == application]
    return f"it took away {_named(gone)}, which {name} does not give back" if gone else None


def _gone(kind: _Access, call: MadeCall, scene: _Scene) -> list[tuple[str, ...]]:
    """The access that an account had before a write, and has not after it."""
    account_id = str(call.request.get(_ACCESS[call.capability].account))
    held = _held(kind, scene.before, account_id) or set()
    now = _held(kind, scene.calls[scene.position :], account_id)
    return sorted(held - now) if now is not None else []


def _named(access: Sequence[tuple[str, ...]]) -> str:
    return ", ".join(" / ".join(filter(None, each)) for each in access)


def _held(kind: _Access, calls: Sequence[MadeCall], account_id: str) -> set[tuple[str, ...]] | None:
    """The access of an account, as the last list shows it; ``None`` if no whole list was read."""
    held: set[tuple[str, ...]] | None = None
    reading: set[tuple[str, ...]] | None = None
    for call in calls:
        of_all, of_one = (call.capability == name for name in (kind.of_all, kind.of_one))
        if call.response is None or call.code or not (of_all or of_one):
            continue
        if of_one and str(call.request.get("account_id")) != account_id:
            continue
        if call.is_first_page:
            reading = set()
        if reading is not None:
            reading |= {
                _access(kind.has, each)
                for each in call.records
                if str(each.get("account_id")) == account_id and each.get("status") not in _REMOVED
            }
            if not (call.response.get("page") or {}).get("token"):
                held, reading = reading, None
    return held


def _access(names: Sequence[str], of: Json) -> tuple[str, ...]:
    """Which access a request or a record is about."""
    return tuple(str(of.get(name) or "") for name in names)


def _account(calls: Sequence[MadeCall], id_: str) -> Json | None:
    """An account as the last list or read of it shows it."""
    reads = [call for call in calls if call.capability in _ACCOUNT_READS]
    found = [
        each for call in reads for each in _accounts(call) if str(each.get("integration_specific_id")) == id_
    ]
    return found[-1] if found else None


def _accounts_read(call: MadeCall) -> list[Json]:
    return list(_accounts(call)) if call.capability in _ACCOUNT_READS else []


def _accounts(call: MadeCall) -> Iterator[Json]:
    for record in call.records:
        yield record
        # Some answer an account within something else.
        yield from (each for each in record.values() if isinstance(each, Mapping))


def _new_account(call: MadeCall) -> str | None:
    """The id of the account that a call has created, and says so."""
    response: Json = call.response or {}
    payload: Any = response.get("response")
    says_so = isinstance(payload, Mapping) and payload.get("created") is True
    return created_id(call.capability, response) if says_so and is_creation(call.capability) else None


def _thing(call: MadeCall) -> str:
    """What a write is of, and which property of it: the same for a write and its opposite."""
    kind = min(call.capability, OPPOSITES.get(call.capability, call.capability))
    created = _new_account(call)
    if kind == _TO_APPLICATION.assigns:
        # A connector may ask for more where it assigns, and not where it takes away.
        asked = [call.request.get(name) for name in (_TO_APPLICATION.account, *_TO_APPLICATION.asks)]
        return json.dumps([kind, asked], default=str)
    return json.dumps([kind, created or call.request], sort_keys=True, default=str)


def _words(call: MadeCall) -> str:
    return label(call.capability, call.request)


def _left(call: MadeCall, why: str) -> UndoPlan:
    return UndoPlan(left=[f"{_words(call)}: {why}"])


def _doubt(call: MadeCall) -> str:
    how = "did not come to its end" if call.response is None else f"ended in {call.code}"
    return f"{_words(call)}: it {how}, and may have changed something"
