"""Which requests of a call are free of each other: its lanes.

The lanes of a call are a list, and what is in one lane may come before or after what is in another. A lane
is a number, or a list of what comes one after another: numbers, and lists of lanes again. ``[1, 2]`` are two
requests in any order; ``[[1, 2], 3]`` are two in their order, and one beside them; ``[[1, [2, 3], 4]]`` is
one, then two in any order, then one. What is in no lane stays where the call has it.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import NamedTuple, TypeAlias

Position = tuple[int, ...]
"""A place in a call: the step within its root lane, then the step within the task that was created there."""
Moment = tuple[int, bool]
"""A moment in a task: a step, or, if ``True``, that after it at which threads are started."""
AFTER_ALL = sys.maxsize
"""The last part of a thread's place: more than any task has steps."""

Item: TypeAlias = int | tuple["Item", ...]
"""A number; or what is made of several: lanes, or one level deeper what a lane has."""
Lanes: TypeAlias = tuple[Item, ...]

_NEVER: Moment = (AFTER_ALL, True)
# A connector may nest tasks as deep as it likes, and no recursion is to fail of it: what is deeper is free.
_DEEPEST = 50
# So many lists within each other tell a person all that there is to be known.
_READABLE = 4


class Asked(NamedTuple):
    """A request of a call.

    Attributes:
        number: Which it is.
        place: Where it stands: that of the task that asks, or of the threads that were started there.
        ends: When tasks had ended, as the task that had started them saw it, by where they were started.
        thread: Of what a thread asks, what has an order of its own: its piece of work, or the request alone.
            ``None`` if a task asks.
    """

    number: int
    place: Position
    ends: Mapping[Position, Moment]
    thread: Hashable | None = None


@dataclass(frozen=True)
class _Event:
    """What a task asks at one moment: itself, by a task that it starts there, or by threads.

    Attributes:
        at: The moment.
        end: The first moment that comes after all of it.
        asked: The requests.
        depth: How many tasks are above.
    """

    at: Moment
    end: Moment
    asked: Sequence[Asked]
    depth: int

    @property
    def numbers(self) -> Lanes:
        return tuple(each.number for each in self.asked)

    @property
    def own(self) -> Lanes:
        """What the task itself, or its threads, ask for."""
        if self.at[1]:
            pieces = groupby(self.asked, key=lambda each: each.thread)
            return _in_lanes([each.number for each in piece] for _, piece in pieces)
        return tuple(each.number for each in self.asked if len(each.place) == self.depth + 1)

    @property
    def inner(self) -> list[_Event]:
        """What the task asks that is started there."""
        if self.at[1]:
            return []
        return _events([each for each in self.asked if len(each.place) > self.depth + 1], self.depth + 1)


def lanes_of(asked: Sequence[Asked]) -> Lanes:
    """The lanes of a call; none if all of its requests come one after another.

    Args:
        asked: Its requests, sorted by their places.
    """
    items = _in_turn(_events(asked, 0), _DEEPEST)
    groups = tuple(each for each in items if isinstance(each, tuple))
    return (groups,) if len(groups) > 1 else tuple(*groups)


def _events(asked: Sequence[Asked], depth: int) -> list[_Event]:
    """What a task asks, moment by moment."""

    def moment(each: Asked) -> Moment:
        return each.place[depth], each.place[depth + 1 :] == (AFTER_ALL,)

    moments = [(at, list(each)) for at, each in groupby(asked, key=moment)]
    # If nobody knows when a thread ends, it is taken to run until the last ones are started.
    last_threads = max((at for at, _ in moments if at[1]), default=(0, True))
    events = []
    for at, each in moments:
        if at[1]:
            end = each[0].ends.get(each[0].place, (last_threads[0] + 1, False))
        elif all(len(one.place) == depth + 1 for one in each):
            end = at
        else:
            end = each[-1].ends.get(each[-1].place[: depth + 1], _NEVER)
        events.append(_Event(at, end, each, depth))
    return events


def _in_turn(events: list[_Event], left: int) -> list[Item]:
    """What comes one after another in a lane."""
    items: list[Item] = []
    while events:
        *groups, last = _overlapping(events)
        for group in groups:
            items += _group(group, left)
        if len(last) > 1:
            return [*items, *_group(last, left)]
        # A task that only goes on in another one, and so on, is not nested by that.
        items += last[0].own
        events = last[0].inner
    return items


def _group(group: Sequence[_Event], left: int) -> Sequence[Item]:
    """What a lane has of events that overlap each other, or of a single one."""
    if not left:
        return _in_lanes([number] for event in group for number in event.numbers)
    if len(group) == 1:
        return [*group[0].own, *_in_turn(group[0].inner, left - 1)]
    lasting = _lasting(group, is_deep=left < _DEEPEST - _READABLE)
    rest = [each for each in group if each.at not in lasting]
    lanes = [_group([each], left - 1) for each in group if each.at in lasting]
    return _in_lanes([*lanes, _in_turn(rest, left - 1)])


def _lasting(group: Sequence[_Event], *, is_deep: bool) -> set[Moment]:
    """When those events begin that have a lane of their own, of some that overlap each other.

    They last until the last one begins, so that without them the others may come one after another. One that
    begins when another is over comes after that, and so stays with the others, unless none can be told apart.

    Args:
        group: The events.
        is_deep: Whether these have been nested enough.
    """
    last = group[-1].at
    lasting = {each.at for each in group[:-1] if each.end > last}
    first_end = min((each.end for each in group[:-1] if each.end <= last), default=_NEVER)
    return lasting if is_deep else ({at for at in lasting if at < first_end} or lasting)


def _overlapping(events: Sequence[_Event]) -> list[list[_Event]]:
    """Events in groups, each of which is over when the next one begins."""
    groups: list[list[_Event]] = []
    end: Moment = (0, False)
    for each in events:
        if each.at < end:
            groups[-1].append(each)
        else:
            groups.append([each])
        end = max(end, each.end)
    return groups


def _in_lanes(lanes: Iterable[Sequence[Item]]) -> Lanes:
    """What a lane has that starts some others and waits for all of them."""
    found: list[Item] = []
    for lane in filter(None, lanes):
        first = lane[0]
        if len(lane) > 1 or isinstance(first, int):
            found.append(tuple(lane) if len(lane) > 1 else first)
        else:
            found += first
    if len(found) == 1:
        return found[0] if isinstance(found[0], tuple) else (found[0],)
    return (tuple(sorted(found, key=_first)),)


def _first(item: Item) -> int:
    return min(_numbers(item))


def _numbers(item: Item) -> Iterator[int]:
    if isinstance(item, int):
        yield item
    else:
        for each in item:
            yield from _numbers(each)


def numbers_in(lanes: Lanes) -> frozenset[int]:
    """The numbers of all requests that are in lanes."""
    return frozenset(_numbers(lanes))


def with_numbers(lanes: Lanes, numbers: Mapping[int, int]) -> Lanes:
    """Lanes with other numbers; those that have none are left out.

    Args:
        lanes: The lanes.
        numbers: The number to put in the place of each.
    """
    found: list[Item] = []
    for each in lanes:
        if isinstance(each, int):
            found += [numbers[each]] if each in numbers else []
            continue
        inner = with_numbers(each, numbers)
        # One lane alone, or one number in a lane, needs no list of its own.
        alone = inner[0] if len(inner) == 1 else None
        if isinstance(alone, int):
            found.append(alone)
        elif alone is not None:
            found += alone
        elif inner:
            found.append(inner)
    return tuple(found)


def side_by_side(several: Iterable[Lanes]) -> Lanes:
    """The lanes that are free of each other of several lists of them."""
    return tuple(sorted((lane for lanes in several for lane in lanes), key=_first))


def needed(lanes: Lanes, counts: Collection[int]) -> Lanes:
    """Lanes without those whose order does not matter: what they have is free.

    Args:
        lanes: The lanes.
        counts: The numbers of the requests whose order counts.
    """
    found: list[Item] = []
    for lane in lanes:
        numbers = list(_numbers(lane))
        if isinstance(lane, int) or sum(each in counts for each in numbers) < 2:
            found += numbers
        else:
            found.append(tuple(each if isinstance(each, int) else needed(each, counts) for each in lane))
    return tuple(found)


def places_in(lanes: Lanes) -> dict[int, Position]:
    """Where each request stands: in which lane, where in that, in which lane there, and so on."""
    found: dict[int, Position] = {}
    for index, item in enumerate(lanes):
        if isinstance(item, int):
            found[item] = (index,)
        else:
            found.update({number: (index, *place) for number, place in places_in(item).items()})
    return found


def are_free(one: Position, other: Position) -> bool:
    """Whether two requests may come in any order, by where each stands in the lanes."""
    for level, (here, there) in enumerate(zip(one, other, strict=False)):
        if here != there:
            return level % 2 == 0
    return False


def keep_order(lanes: Lanes, order: Mapping[int, int]) -> bool:
    """Whether what comes one after another in the lanes does so in an order, too.

    Args:
        lanes: The lanes.
        order: The place of each number; a number without one is passed over.
    """
    return _span(lanes, order, are_lanes=True) is not None


def _span(item: Item, order: Mapping[int, int], *, are_lanes: bool) -> list[int] | None:
    """The first place and the last one; none without numbers; ``None`` if the order is another one."""
    if isinstance(item, int):
        return [order[item]] if item in order else []
    spans = [_span(each, order, are_lanes=not are_lanes) for each in item]
    found = [each for each in spans if each]
    in_order = all(one[-1] < other[0] for one, other in pairwise(found))
    if None in spans or not (are_lanes or in_order):
        return None
    places = [place for each in found for place in each]
    return [min(places), max(places)] if places else []


def read_lanes(value: object) -> Lanes:
    """The lanes that a file has ``value`` of.

    Raises:
        ValueError: It has none.
    """
    lanes = _read(value, 2 * _DEEPEST)
    numbers = list(_numbers(lanes))
    if len(set(numbers)) < len(numbers):
        raise ValueError(f"a call has {value!r} as its lanes, with a number that comes twice")
    return lanes


def _read(value: object, left: int) -> Lanes:
    if not isinstance(value, list):
        raise ValueError(f"a call has {value!r} in the place of lanes")
    if not left:
        raise ValueError("a call has lanes that are nested more deeply than anything that is recorded")
    return tuple(each if type(each) is int and each >= 0 else _read(each, left - 1) for each in value)


def as_json(lanes: Lanes) -> list[object]:
    """Lanes as a file has them."""
    return [each if isinstance(each, int) else as_json(each) for each in lanes]
