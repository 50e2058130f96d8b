"""What a broken call's response has otherwise than the recorded one, and what of it is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connector_contract.config import Json
from connector_contract.contract.rules.responses import shown
from connector_contract.faults.broken_call import BrokenCall
from connector_contract.faults.fault import Owed
from connector_contract.faults.record_ids import key_of, lumos_records, record_ids
from connector_contract.storage.json_differences import ABSENT, differences
from connector_contract.storage.snapshot_format import readable

# What a text has of a value that is missing, if nobody has looked: ``Alice None``.
_NOTHING = re.compile(r"(?<!\w)(?:None|null|undefined|NaN|nan)(?!\w)|[\[{]'\w+': ")
# What Lumos finds somebody, or something, by: an empty one is none, and looks like one.
_NEVER_EMPTY = frozenset({"email", "label"})
# It has the upstream's own bodies, whatever the connector makes of them.
_RAW = "raw_data"


@dataclass(frozen=True)
class Moved:
    """One value of a response that differs from the recorded one.

    Attributes:
        record: The id of the record that has it; empty for what is beside the records.
        field: Its path in the record.
        old: What was recorded, or ``ABSENT``.
        new: What is there now, or ``ABSENT``.
    """

    record: str
    field: str
    old: Any
    new: Any


def moved(call: BrokenCall, response: Json) -> list[Moved]:
    """What a success has otherwise than the recorded response, but for raw data.

    Args:
        call: The call.
        response: A success.
    """
    capability = call.call.capability
    before, after = (_by_id(capability, each) for each in (call.response, response))
    if not before or not after:
        return [Moved("", *each) for each in differences(_without_raw(call.response), _without_raw(response))]
    return [
        *(
            Moved(id_, *each)
            for id_ in [*before, *(id_ for id_ in after if id_ not in before)]
            for each in _record_differences(before.get(id_, ABSENT), after.get(id_, ABSENT))
        ),
        *(Moved("", *each) for each in differences(_around(call.response), _around(response))),
    ]


def wrongs(call: BrokenCall, owed: Owed, response: Json) -> Iterator[str]:
    """What is wrong with a success that a trial of fields or pages gave, in clauses; none if it is right.

    A page token that leads to the page that Lumos has just asked for is wrong in any case.

    Args:
        call: The call.
        owed: What the trial owes.
        response: The success.
    """
    changes = moved(call, response)
    lost = sorted(owed.keeps - record_ids(call.call.capability, response))
    if lost:
        yield f"it has lost {', '.join(lost)}"
    token = _token(response)
    if owed.leads_on and not token:
        yield "it has no token of the next page, though there is one"
    if token and token == (call.call.asked.get("page") or {}).get("token"):
        yield "its page token leads to the same page again"
    if not changes and not (owed.may_be_same or owed.may_differ):
        yield "it is the recorded success"
    for each in changes:
        if each.record not in lost and (
            not owed.may_differ or _is_made_up(each, owed) or _is_emptied(call, each)
        ):
            yield _said(each)


def _by_id(capability: str, response: Json) -> dict[str, Mapping[str, Any]]:
    return {shown(key_of(capability, each)): each for each in lumos_records(capability, response)}


def _record_differences(before: Any, after: Any) -> Iterator[tuple[str, Any, Any]]:
    if before is ABSENT or after is ABSENT:
        yield "", before, after
    else:
        yield from differences(before, after)


def _without_raw(response: Json) -> Json:
    found: Json = readable({name: value for name, value in response.items() if name != _RAW})
    return found


def _around(response: Json) -> Json:
    return {name: value for name, value in _without_raw(response).items() if name != "response"}


def _token(response: Json) -> Any:
    return (_without_raw(response).get("page") or {}).get("token")


def _is_made_up(each: Moved, owed: Owed) -> bool:
    """Whether a value that may differ is one that nobody has sent."""
    if not each.field or each.new is None or each.new is ABSENT:
        return False
    old = "" if each.old is ABSENT else str(each.old)
    says_nothing = isinstance(each.new, str) and len(_NOTHING.findall(each.new)) > len(_NOTHING.findall(old))
    return says_nothing or (bool(each.record) and each.field in owed.steady)


def _is_emptied(call: BrokenCall, each: Moved) -> bool:
    """Whether a text that no recorded record has empty is empty now: that nobody gave one is null."""
    name = each.field.rpartition(".")[2]
    if name not in _NEVER_EMPTY or each.new != "":
        return False
    return all(record.get(name) != "" for record in lumos_records(call.call.capability, call.response))


def _said(each: Moved) -> str:
    place = " of ".join(filter(None, (each.field, each.record))) or "the response"
    if each.new is ABSENT:
        return f"{place} is gone"
    return f"{place} is new" if each.old is ABSENT and not each.field else f"{place} is {each.new!r}"
