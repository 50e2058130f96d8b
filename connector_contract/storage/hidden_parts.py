"""What a test leaves out of a response, or replaces in it, before it is compared: syrupy's filters.

Unlike in syrupy's own JSON, keys stay in the model's order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from connector_contract.errors import UsageError

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

    @property
    def wrong(self) -> list[str]:
        """The options that are no functions."""
        return [name for name in self.names if not callable(getattr(self, name))]

    def shown(self, data: Any, path: Path = ()) -> Any:
        """What is left of a response.

        Raises:
            UsageError: An option raises an error.
        """
        if self.matcher is not None:
            matched = self._ask("matcher", data=data, path=path)
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
        if self.exclude is not None and self._ask("exclude", prop=key, path=path):
            return True
        return self.include is not None and not self._ask("include", prop=key, path=path)

    def _ask(self, name: str, **given: Any) -> Any:
        try:
            return getattr(self, name)(**given)
        except Exception as error:
            raise UsageError(
                "A response could not be compared with its snapshot: "
                f"snapshot({name}=...) raised {type(error).__name__}: {error}.",
                remedy=REMEDY,
            ) from error


WHOLE = Hiding()
"""Nothing is hidden."""

REMEDY = """exclude and include are functions of prop and path, and matcher is one of data and path, each by
these names, such as exclude=props("id") of syrupy.filters. A matcher of syrupy's also raises an error where a
value is not as it demands."""
"""What to do about an option that cannot be asked."""


def leaves_nothing(response: object, shown: object) -> bool:
    """Whether nothing is left of a response that could differ, but for how many records and pages it has."""
    return (shown is None or _is_bare(shown)) and not (response is None or _is_bare(response))


def _is_bare(data: object) -> bool:
    if isinstance(data, Mapping):
        return all(map(_is_bare, data.values()))
    # That a list has no record is something to compare.
    return isinstance(data, (list, tuple)) and bool(data) and all(map(_is_bare, data))
