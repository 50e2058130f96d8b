"""Writes that a connector makes after a broken response, and that it would not have made otherwise.

Who takes a list that cannot be read for an empty one, and then writes the whole list, deletes what was in it.
The upstream's answer to that request is not recorded, and does not matter: what was sent is wrong.

A wrong write stands in place of a recorded one: it asks the same endpoint, for another id or with another
body, and the recorded one is not made. So what a connector may well send after an error is none: a login, a
search by POST, the same write again, or what undoes the first half of a write that failed in its second.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlsplit

from connector_contract.faults.broken_call import BrokenCall
from connector_contract.faults.fault import Group, Trial
from connector_contract.faults.field_faults import FIELD_MISSING, FIELD_NULL, FIELD_OF_ANOTHER_TYPE
from connector_contract.faults.json_places import values_in
from connector_contract.faults.request_roles import only_reads
from connector_contract.faults.seen import Seen
from connector_contract.recording.interactions import Interaction, Request
from connector_contract.recording.matching import Difference, differences, endpoint

# What a response says that lacks a field, or has more pages than it serves, may well be written back.
_READABLE = (Group.FIELD, Group.PAGE)
_LACKS = (FIELD_MISSING, FIELD_NULL, FIELD_OF_ANOTHER_TYPE)


@dataclass(frozen=True)
class WrongWrite:
    """A write in place of a recorded one.

    Attributes:
        made: What the connector sent.
        recorded: What it sends if nothing is broken.
    """

    made: Request
    recorded: Request

    @property
    def differences(self) -> list[Difference]:
        """What it says otherwise, but for headers: another token makes no other write."""
        found = differences(self.recorded, self.made)
        return [each for each in found if not each.part.startswith(("header ", "cookie "))]

    @property
    def loses(self) -> bool:
        """Whether a list in its body has fewer items than the recorded one."""
        recorded, made = _lengths(self.recorded), _lengths(self.made)
        return any(made[path] < recorded[path] for path in made.keys() & recorded.keys())


def wrong_write(trial: Trial, call: BrokenCall, seen: Seen) -> WrongWrite | None:
    """The first wrong write of a broken call; ``None`` if it made none.

    After a response that can be read and lacks something, a write is wrong that loses items of a list.

    Args:
        trial: What was broken.
        call: The call.
        seen: What the replay gave.
    """
    if not call.writes or (trial.fault.group in _READABLE and trial.fault not in _LACKS):
        return None
    writes = {number: each for number, each in call.interactions.items() if not only_reads(each.request)}
    done = [each for number, each in writes.items() if seen.asked.get(number)]
    left = [each.request for number, each in writes.items() if not seen.asked.get(number)]
    for made in seen.off_script:
        if only_reads(made) or any(_may_undo(made, each) for each in done):
            continue
        found = [WrongWrite(made, recorded) for recorded in left if endpoint(recorded) == endpoint(made)]
        for each in found:
            if each.loses if trial.fault in _LACKS else each.differences:
                return each
    return None


def _may_undo(made: Request, done: Interaction) -> bool:
    """Whether a request may undo a write: it writes to the same place, or deletes what that has created."""
    if (made.method, made.uri) == (done.request.method, done.request.uri):
        return True
    id_ = urlsplit(made.uri).path.rstrip("/").rpartition("/")[2]
    told = done.response.body.decode("utf-8", "replace"), *(value for _, value in done.response.headers)
    return made.method == "DELETE" and done.request.method != "DELETE" and any(id_ in text for text in told)


def _lengths(request: Request) -> Counter[str]:
    """How many items the lists of a body have, by their paths."""
    try:
        data = json.loads(request.body)
    except ValueError:
        return Counter()
    found: Counter[str] = Counter()
    for each in values_in({"": data}):
        if isinstance(each.value, list):
            found[each.path] += len(each.value)
    return found
