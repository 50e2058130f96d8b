"""What only the author knows of a connector: the class attributes of a ``ConnectorContract``, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from connector_contract.errors import UsageError
from connector_contract.fill_in import FillIn, refuse_fill_ins

Json = Mapping[str, Any]
Paths = str | Mapping[str, str]
"""A JMESPath for every recorded body; or one for those of each glob of URL paths."""


@dataclass(frozen=True)
class Facts:
    """The facts of one contract class; see ``ConnectorContract`` for what each is."""

    page_sizes: Sequence[int]
    max_pages: int
    upstream_ids: Mapping[str, Paths]
    excluded_ids: Mapping[str, Mapping[str, str]]
    upstream_status: Mapping[str, Paths]
    read_requests: Mapping[str, Json]
    write_requests: Mapping[str, Json]
    bad_auth: Json | None
    bad_credentials: Sequence[Json] | None
    unknown_id: str
    waivers: Mapping[str, str]

    @classmethod
    def of(cls, contract: type) -> Facts:
        """What the author told in a contract class."""
        return cls(**{each.name: getattr(contract, each.name) for each in fields(cls)})

    def request(self, capability: str) -> Json | None:
        """The author's example of a request; ``None`` if there is none."""
        return self.write_requests.get(capability, self.read_requests.get(capability))

    def check(self, rules: Mapping[str, bool]) -> None:
        """Refuse what no rule could use.

        Args:
            rules: The names of the rules, each with whether it is checked for each capability.

        Raises:
            UsageError: A fact is not of its type, no JMESPath, or a waiver of nothing.
        """
        sizes = self.page_sizes
        if isinstance(sizes, str) or not all(type(size) is int and size > 0 for size in sizes) or not sizes:
            raise UsageError(
                f"page_sizes is {sizes!r}, and should be some positive numbers.",
                remedy="Write them as page_sizes.",
            )
        for name in (
            "upstream_ids",
            "excluded_ids",
            "upstream_status",
            "read_requests",
            "write_requests",
            "waivers",
        ):
            _check_mapping(name, getattr(self, name))
        for name in ("upstream_ids", "upstream_status"):
            _check_paths(name, getattr(self, name))
        for capability, reasons in self.excluded_ids.items():
            _check_mapping(f"excluded_ids[{capability!r}]", reasons)
            for expression, reason in reasons.items():
                compiled(expression, f"excluded_ids[{capability!r}]")
                _check_reason(f"excluded_ids[{capability!r}][{expression!r}]", reason)
        for key, reason in self.waivers.items():
            _check_waiver(key, rules)
            _check_reason(f"waivers[{key!r}]", reason)

    def check_names(self, capabilities: Sequence[str]) -> None:
        """Refuse facts of capabilities that the connector does not have.

        Raises:
            UsageError: There are some.
        """
        for name in ("upstream_ids", "excluded_ids", "upstream_status", "read_requests", "write_requests"):
            for capability in getattr(self, name):
                _check_name(f"{name}[{capability!r}]", capability, capabilities)
        for key in self.waivers:
            capability = key.partition("[")[2].removesuffix("]").partition("-")[0]
            if capability:
                _check_name(f"waivers[{key!r}]", capability, capabilities)


def compiled(expression: object, fact: str) -> Any:
    """A JMESPath expression, ready to be searched with.

    Raises:
        UsageError: It is none; ``fact`` says where the author wrote it.
    """
    import jmespath

    refuse_fill_ins(expression)
    if not isinstance(expression, str):
        raise UsageError(
            f"{fact} is {expression!r}, and should be a JMESPath expression.",
            remedy='Write one as a string, such as "items[].id".',
        )
    try:
        return jmespath.compile(expression)
    except jmespath.exceptions.JMESPathError as error:
        raise UsageError(
            f"{fact} is no JMESPath expression: {expression!r}.",
            details=[" ".join(str(error).split())],
            remedy="Mend it; https://jmespath.org/tutorial.html shows how they are written.",
        ) from None


def _check_mapping(name: str, value: object) -> None:
    if not isinstance(value, Mapping):
        raise UsageError(
            f"{name} is {value!r}, and should be a dict.",
            remedy=f'Write it as {name} = {{"list_accounts": ...}}.',
        )


def _check_paths(name: str, paths: Mapping[str, Any]) -> None:
    for capability, value in paths.items():
        fact = f"{name}[{capability!r}]"
        for expression in value.values() if isinstance(value, Mapping) else [value]:
            # What is still to be filled in is told by the rule that needs it.
            if not isinstance(expression, FillIn):
                compiled(expression, fact)


def _check_reason(name: str, reason: object) -> None:
    if not isinstance(reason, str) or not reason.strip():
        raise UsageError(
            f"{name} has no reason.",
            remedy="Write down why, in a sentence: whoever reviews the connector reads it.",
        )


def _check_waiver(key: str, rules: Mapping[str, bool]) -> None:
    rule, bracket, _ = key.partition("[")
    if rule not in rules or (bracket and not key.endswith("]")):
        raise UsageError(
            f"waivers[{key!r}] waives no rule.",
            details=["the rules are: " + ", ".join(rules)],
            remedy='Name one, and the capability if it has some: "complete[list_accounts]".',
        )
    if rules[rule] != bool(bracket):
        example = f"{rule}[list_accounts]" if rules[rule] else rule
        raise UsageError(
            f"waivers[{key!r}] waives {'too much' if rules[rule] else 'no rule'}: "
            f"{rule} is checked {'for each capability' if rules[rule] else 'once'}.",
            remedy=f"Write it as {example!r}, which is how pytest shows it.",
        )


def _check_name(fact: str, capability: str, capabilities: Sequence[str]) -> None:
    if capability not in capabilities:
        raise UsageError(
            f"{fact} is about a capability that the connector does not have.",
            details=["it has: " + ", ".join(sorted(capabilities))],
            remedy="Mend its name, or delete it.",
        )
