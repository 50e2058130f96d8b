"""What a test leaves out of a response, or replaces in it, before it is compared: syrupy's filters.

Unlike in syrupy's own JSON, keys stay in the model's order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Path = tuple[tuple[Any, type], ...]
"""Key and type of each value on the way to one, from the response on."""


@dataclass(frozen=True)
class Hiding:
    """What a comparison hides of a response; see syrupy's documentation.

    Attributes:
        exclude: Called with ``prop`` and ``path`` of each field; a true one is left out.
        include: The same; one that is not true is left out.
        matcher: Called with ``data`` and ``path`` of each value; gives what stands in its place.
    """

    exclude: Callable[..., Any] | None = None
    include: Callable[..., Any] | None = None
    matcher: Callable[..., Any] | None = None

    def __bool__(self) -> bool:
        """Whether it may hide something."""
        return any(self.names)

    @property
    def names(self) -> list[str]:
        """The options that are given."""
        return [name for name in ("exclude", "include", "matcher") if getattr(self, name) is not None]

    def over(self, other: Hiding) -> Hiding:
        """This, with what ``other`` hides where this says nothing."""
        return Hiding(
            self.exclude or other.exclude, self.include or other.include, self.matcher or other.matcher
        )

    def shown(self, data: Any, path: Path = ()) -> Any:
        """What is left of a response."""
        if self.matcher is not None:
            matched = self.matcher(data=data, path=path)
            if matched is not data and not isinstance(
                matched, (str, int, float, Mapping, list, tuple, type(None))
            ):
                # Such as the name of a type, which syrupy's own matchers put there.
                return repr(matched)
            data = matched
        if isinstance(data, Mapping):
            return {
                key: self.shown(value, (*path, (key, type(value))))
                for key, value in data.items()
                if not self._leaves_out(key, path)
            }
        if isinstance(data, (list, tuple)):
            return [self.shown(value, (*path, (index, type(value)))) for index, value in enumerate(data)]
        return data

    def _leaves_out(self, key: Any, path: Path) -> bool:
        if self.exclude is not None and self.exclude(prop=key, path=path):
            return True
        return self.include is not None and not self.include(prop=key, path=path)


WHOLE = Hiding()
"""Nothing is hidden."""


@dataclass(frozen=True)
class Hidden:
    """A response on its way to a snapshot, and what is hidden of it.

    Attributes:
        response: All of it.
        hiding: What the test hides.
    """

    response: object
    hiding: Hiding
