"""Which interaction of one cassette belongs to which of another."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field

from connector_contract.recording.interactions import Interaction
from connector_contract.recording.matching import endpoint, request_key


@dataclass(frozen=True)
class Pairs:
    """The interactions of two cassettes of one scenario.

    Attributes:
        equal: Those with equal requests.
        changed: Those to one endpoint whose requests differ, in their order.
        removed: Those that are only at the base.
        added: Those that are only at the head.
    """

    equal: list[tuple[Interaction, Interaction]] = field(default_factory=list)
    changed: list[tuple[Interaction, Interaction]] = field(default_factory=list)
    removed: list[Interaction] = field(default_factory=list)
    added: list[Interaction] = field(default_factory=list)


def paired(before: Sequence[Interaction], after: Sequence[Interaction]) -> Pairs:
    """The interactions that belong together: equal requests first, then those to one endpoint in order."""
    pairs = Pairs()
    by_key = _queues(before, lambda each: request_key(each.request))
    rest = []
    for each in after:
        queue = by_key[request_key(each.request)]
        if queue:
            pairs.equal.append((queue.popleft(), each))
        else:
            rest.append(each)
    left = {id(each) for queue in by_key.values() for each in queue}
    by_endpoint = _queues([each for each in before if id(each) in left], lambda each: endpoint(each.request))
    new = []
    for each in rest:
        queue = by_endpoint[endpoint(each.request)]
        if queue:
            pairs.changed.append((queue.popleft(), each))
        else:
            new.append(each)
    by_end = _queues((each for queue in by_endpoint.values() for each in queue), _end)
    for each in new:
        queue = by_end[_end(each)]
        if queue:
            pairs.changed.append((queue.popleft(), each))
        else:
            pairs.added.append(each)
    pairs.removed.extend(each for queue in by_end.values() for each in queue)
    return pairs


def _end(interaction: Interaction) -> Hashable:
    """What a request keeps that goes to another version of an API, or to another host: how its path ends."""
    method, _, path = endpoint(interaction.request).partition(" ")
    return method, path.rstrip("/*").rpartition("/")[2], path.count("*")


def _queues(
    interactions: Iterable[Interaction], key: Callable[[Interaction], Hashable]
) -> defaultdict[Hashable, deque[Interaction]]:
    queues: defaultdict[Hashable, deque[Interaction]] = defaultdict(deque)
    for each in interactions:
        queues[key(each)].append(each)
    return queues
