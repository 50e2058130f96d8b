"""What an author knows of each variant of a connector, where the variants differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from connector_contract.errors import UsageError

T = TypeVar("T")
_LEFT_OUT = object()


@dataclass(frozen=True)
class ByVariant:
    """A value for each variant; ``by_variant`` makes it."""

    values: Mapping[str, Any]


def by_variant(values: Mapping[str, T] | None = None, /, **named: T) -> T:
    """A value of a contract class that differs between the variants of the connector.

    It stands for an attribute, or for a value within one, at any depth of its dicts::

        page_sizes = by_variant(classic=(1, 3, 100), modern=(1, 5, 200))
        waivers = {"complete[list_accounts]": by_variant(classic="it hides robots")}

    For a variant that has none, the attribute is what it is in the class above, and a key of a dict is left
    out.

    Args:
        values: The value for each variant, where the name of a variant has a ``-``.
        **named: The same, by keyword.

    Returns:
        For type checkers, one of the values.
    """
    return cast("T", ByVariant({**(values or {}), **named}))


def attribute(contract: type, name: str, variant: str | None) -> Any:
    """An attribute of a contract class, for one variant of its connector.

    Args:
        contract: The class.
        name: The attribute's, which a class above the contract's has for every variant.
        variant: The connector's; ``None`` if it has none.

    Raises:
        UsageError: The class has values for variants, and the connector has none.
    """
    found = [vars(cls)[name] for cls in contract.__mro__ if name in vars(cls)]
    if variant is None and any(map(named_variants, found)):
        raise UsageError(
            f"{name} has values for variants, and the connector has no variant.",
            where=[("contract", f"{contract.__module__}.{contract.__qualname__}")],
            remedy='Give each connector one: ConnectorUnderTest(variant="..."). Or write the value alone.',
        )
    values = (_resolved(value, variant) for value in found)
    return next((value for value in values if value is not _LEFT_OUT), None)


def named_variants(value: object) -> set[str]:
    """The variants that a value has other values for."""
    return set(_named(value))


def _named(value: object) -> Iterator[str]:
    if isinstance(value, ByVariant):
        yield from value.values
        value = value.values
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _named(item)


def _resolved(value: Any, variant: str | None) -> Any:
    if isinstance(value, ByVariant):
        return _resolved(value.values.get(variant or "", _LEFT_OUT), variant)
    if not isinstance(value, Mapping) or not named_variants(value):
        return value
    items = {key: _resolved(item, variant) for key, item in value.items()}
    return {key: item for key, item in items.items() if item is not _LEFT_OUT}


def check_named(contract: type, names: Sequence[str], variants: Sequence[str]) -> None:
    """Refuse values for variants that there are not.

    Args:
        contract: A contract class.
        names: Its attributes that may have some.
        variants: All variants of its connector.

    Raises:
        UsageError: There are some.
    """
    for name in names:
        for cls in contract.__mro__:
            unknown = named_variants(vars(cls).get(name)) - set(variants)
            if unknown:
                raise UsageError(
                    f"{name} has a value for {min(unknown)!r}, which is no variant of the connector.",
                    where=[("contract", f"{cls.__module__}.{cls.__qualname__}")],
                    details=["the variants are: " + ", ".join(variants)],
                    remedy="Fix its name, or delete it.",
                )
