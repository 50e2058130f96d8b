"""Say of each call of a scenario whether it may be sent, and remember what it has written."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from connector_contract.config import ConnectorUnderTest, Json
from connector_contract.contract.capabilities import capability_of, may_write
from connector_contract.contract.contract_config import ContractConfig
from connector_contract.errors import UndeclaredWrite
from connector_contract.safety.identifiers import (
    created_id,
    identifiers,
    is_creation,
    names,
    undeclared,
)
from connector_contract.safety.ledger import Pending, Safety
from connector_contract.safety.target import address, is_real, is_served
from connector_contract.safety.undo import MadeCall, as_seen

if TYPE_CHECKING:
    from connector_contract.recording.open_call import OpenCall
    from connector_contract.storage.files import ScenarioFiles

_ARBITRARY = "fulfill_arbitrary_endpoint"
"""What sends any request: the SDK marks it as reading, but its request has the HTTP method."""


class WriteGuard:
    """Says of each call whether it may be sent, and remembers what was written.

    Args:
        connector: The connector under test.
        upstream_url: A running upstream, in place of the declared one.
        safety: What the scenarios of the run share.
        nodeid: The test, for messages.

    Attributes:
        is_active: Whether requests would go to a real tenant.
        sends: Whether requests are sent at all, and not only played.
    """

    def __init__(
        self,
        connector: ConnectorUnderTest,
        upstream_url: str | None,
        safety: Safety,
        nodeid: str,
        *,
        sends: bool = True,
    ) -> None:
        self.sends = sends
        upstream = connector.upstream
        self.is_active = is_real(upstream, upstream_url)
        self._keeps_state = not is_served(upstream, upstream_url)
        self._address = address(upstream, upstream_url)
        self._connector = connector
        self._upstream_url = upstream_url
        self._safety = safety
        self._nodeid = nodeid
        self._config: ContractConfig | None = None
        self._before = tuple(safety.reads.get(self._address, ()))

    def heed(self, config: ContractConfig) -> None:
        """Heed what the author of a contract says: which custom capabilities write, which id nothing has."""
        self._config = config

    def writes(self, capability: str, request: Json) -> bool:
        """Whether a call may change the upstream; a capability of unknown kind does."""
        if capability == _ARBITRARY and str(request.get("method") or "GET").upper() not in ("GET", "HEAD"):
            return True
        integration, config = self._connector.integration, self._config
        described = capability_of(integration, capability)
        if config is not None and not (described is not None and described.standard):
            if capability in config.write_requests:
                return True
            if capability in config.read_requests:
                return False
        return may_write(integration, capability)

    def undeclared(self, capability: str, request: Json) -> list[str]:
        """What a call would write to and may not, in a line each; empty if it may be sent."""
        if not self.is_active or not self.writes(capability, request):
            return []
        described = capability_of(self._connector.integration, capability)
        unknown = [] if self._config is None else self._config.unknown_ids
        return undeclared(
            capability,
            request,
            {*self._connector.upstream.writable_ids, *self._safety.created, *unknown},
            () if described is None else described.ids,
            is_refused=described is not None and described.refuses(request),
        )

    def why_nothing(self) -> str | None:
        """Why nothing at all may be written, in a clause; ``None`` if something may."""
        may = not self.is_active or self._safety.record_writes
        if may or self._connector.upstream.writable_ids or self._safety.created:
            return None
        return f"it writes to {self._address}, and Upstream(writable_ids=...) declares nothing"

    def why_not(self, capability: str, request: Json) -> str | None:
        """Why a rule does not make a call, in a clause; ``None`` if it may."""
        missing = [] if self._safety.record_writes else self.undeclared(capability, request)
        if not missing:
            return None
        what = "; ".join(missing)
        return f"{capability} writes to {self._address}, and Upstream(writable_ids=...) lacks {what}"

    def refusal(self, capability: str, request: Json) -> UndeclaredWrite | None:
        """The error of a call that must not be sent; ``None`` if it may.

        With ``--record-writes`` it may always, and the end of the run lists what was not declared.
        """
        if not self.sends:
            return None
        missing = self.undeclared(capability, request)
        if missing and self._safety.record_writes:
            self._safety.written[f"{capability}: {'; '.join(missing)}"] = None
            return None
        return _refused(capability, missing, self._address, self._nodeid) if missing else None

    def learn(self, capability: str, request: Json, response: Json) -> None:
        """Learn from a response what the run has created, and may write to from now on."""
        if is_creation(capability) and not response.get("is_error"):
            id_ = created_id(capability, response)
            new = [name for _, name in names(request)] if id_ is not None else []
            self._safety.created.update([*([] if id_ is None else [id_]), *new])

    def remember(self, calls: Sequence[OpenCall], files: ScenarioFiles, secret_names: frozenset[str]) -> None:
        """Remember what a scenario has written, to be put back; of a served application, nothing is."""
        made = [self._made(call) for call in calls] if self.sends and self._keeps_state else []
        if any(call.writes for call in made):
            pending = Pending(
                self._connector,
                files,
                self._nodeid,
                self._upstream_url,
                secret_names,
                made,
                self._config,
                self._before,
            )
            self._safety.pending.append(pending)
        else:
            seen = [short for call in made if (short := as_seen(call)) is not None]
            self._safety.reads.setdefault(self._address, []).extend(seen)

    def _made(self, call: OpenCall) -> MadeCall:
        request = call.asked.get("request") or {}
        return MadeCall(
            call.capability,
            request,
            json.loads(call.answered) if call.ended else None,
            # What asked for nothing, or was played alone, has changed nothing.
            writes=call.made > len(call.played) and self.writes(call.capability, request),
            given={
                name: call.asked[name] for name in ("auth", "credentials", "settings") if name in call.asked
            },
            is_first_page="token" not in (call.asked.get("page") or {}),
        )


def named(calls: Collection[MadeCall]) -> set[str]:
    """What the writes among these calls name: the run may put that back."""
    writes = [call for call in calls if call.writes]
    ids = {id_ for call in writes for _, id_ in identifiers(call.request)}
    return ids | {name for call in writes for _, name in names(call.request)}


def _refused(capability: str, missing: Sequence[str], target: str, nodeid: str) -> UndeclaredWrite:
    ids = list(dict.fromkeys(line.partition(": ")[2] for line in missing if ": " in line))
    shown = ", ".join(json.dumps(id_) for id_ in ids) or '"..."'
    return UndeclaredWrite(
        f"{capability} writes to a real tenant, to what nobody has declared as writable. Nothing was sent.",
        where=[("upstream", target), ("scenario", nodeid)],
        details=[f"not declared: {line}" for line in missing],
        remedy=f"If it may be changed there, declare it: Upstream(..., writable_ids=[{shown}]).\n"
        "Otherwise record from a test tenant with --upstream-url, or serve an application with app=.\n"
        "--record-writes makes undeclared writes, and lists them at the end.",
    )
