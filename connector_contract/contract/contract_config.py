"""What only the author knows of a connector: the class attributes of a ``ConnectorContract``, checked."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from typing import Any

from connector_contract.config import Json
from connector_contract.contract.by_variant import ByVariant, attribute, check_named
from connector_contract.contract.declared_less import CHOICES, check_choices, tolerated_of
from connector_contract.contract.listed_statuses import by_capability, check_found, check_listed, raw_texts
from connector_contract.contract.rules.unknown_entitlement import CREATE, unknown_entitlement
from connector_contract.contract.sample import Sample
from connector_contract.errors import UsageError
from connector_contract.fill_in import FillIn, refuse_fill_ins

Paths = str | Mapping[str, str]
"""A JMESPath for every recorded body; or one for those of each glob of URL paths."""

UNESCAPED_ID = "no-such-one/b?c#d %2F.."
"""An id that nothing has, with what ends a segment of a path, a path, a URL, and what is escaped already."""

_OF_CAPABILITIES = (
    "upstream_ids",
    "excluded_ids",
    "empty_attributes",
    "upstream_status",
    "listed_statuses",
    "upstream_kind",
    "read_requests",
    "write_requests",
    "restore",
    "oauth_requests",
    "not_http",
)
_OF_CHECKS = ("waivers", "tolerated_faults", "declared_choices")
_EXAMPLES = {
    "upstream_ids": '{"list_accounts": "items[].id"}',
    "excluded_ids": '{"list_accounts": {"items[?bot].id": "the reason"}}',
    "empty_attributes": '{"list_accounts": {"cost_center": "the reason"}}',
    "upstream_status": '{"list_accounts": "items[].[id, status]"}',
    "listed_statuses": '{"list_accounts": ["active", "suspended"]}',
    "upstream_kind": '{"list_accounts": "items[].[id, kind]"}',
    "read_requests": '{"get_account": {"account_id": "..."}}',
    "write_requests": '{"delete_account": {"account_id": "..."}}',
    "restore": '{"update_account": {"update_account": {"id": "...", ...}}}',
    "oauth_requests": '{"handle_authorization_callback": {"client_id": "...", ...}}',
    "not_http": '{"list_accounts": "read over LDAP"}',
    "waivers": '{"complete[list_accounts]": "the reason"}',
    "tolerated_faults": '{"status-404[delete_account-DELETE /users/*]": "the reason"}',
    "declared_choices": '{"<rule>[<capability>]": {"choice": "...", "reason": "..."}}',
    "bad_auth": '{"token": {"token": "..."}}',
}
"""The right form of each fact that is a dict."""
_SYNONYMS = {
    "type": "kind",
    "state": "status",
    "account": "upstream",
    "raw": "upstream",
    "example": "request",
}
_NEEDLESS = {"custom", "declared", "my", "of", "the"}


@dataclass(frozen=True)
class ContractConfig:
    """What the author configures in one contract class; see ``ConnectorContract`` for what each is."""

    page_sizes: Sequence[int]
    max_pages: int
    upstream_ids: Mapping[str, Paths]
    excluded_ids: Mapping[str, Mapping[str, str]]
    empty_attributes: Mapping[str, Mapping[str, str]]
    upstream_status: Mapping[str, Paths]
    listed_statuses: Mapping[str, Collection[Any]]
    upstream_kind: Mapping[str, Paths]
    read_requests: Mapping[str, Json]
    write_requests: Mapping[str, Json | Sequence[Json]]
    restore: Mapping[str, Mapping[str, Json]]
    oauth_requests: Mapping[str, Json]
    bad_auth: Json | None
    bad_credentials: Sequence[Json] | None
    unknown_id: str
    sample: Sample | None
    not_http: Mapping[str, str]
    waivers: Mapping[str, str]
    tolerated_faults: Mapping[str, str]
    declared_choices: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, contract: type, variant: str | None = None) -> ContractConfig:
        """The configuration in a contract class, for one variant of its connector if it has several.

        Raises:
            UsageError: The class has values for variants, and the connector has none.
        """
        return cls(**{each.name: _attribute(contract, each.name, variant) for each in fields(cls)})

    @classmethod
    def check_variants(cls, contract: type, variants: Sequence[str]) -> None:
        """Refuse values for variants that there are not.

        Raises:
            UsageError: There are some.
        """
        check_named(contract, [each.name for each in fields(cls)], variants)

    @property
    def capabilities(self) -> set[str]:
        """The capabilities that there are facts of."""
        facts = [getattr(self, name) for name in _OF_CAPABILITIES]
        return {name for each in facts if isinstance(each, Mapping) for name in each}

    def without(self, capabilities: Collection[str]) -> ContractConfig:
        """The same, without what is about some capabilities: other variants of the connector have these."""
        if not capabilities:
            return self
        facts: dict[str, Any] = {}
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, Mapping):
                facts[each.name] = {
                    key: item for key, item in value.items() if _subject(key) not in capabilities
                }
        return replace(self, **facts)

    def with_examples(self, examples: Mapping[str, Json]) -> ContractConfig:
        """The same with examples of requests, where the author has given none."""
        return replace(self, read_requests={**examples, **self.read_requests}) if examples else self

    @classmethod
    def check_spelling(cls, classes: Sequence[type], capabilities: Collection[str]) -> None:
        """Refuse an attribute of a contract class that is almost one of those known here.

        What is less alike is refused if its value has the form of a fact, a dict by capability, and the
        contract has nothing under the right name. Names that begin with ``_`` are the author's own.

        Args:
            classes: The contract's class, and those above it that are the author's.
            capabilities: The names that a capability may have.

        Raises:
            UsageError: There is one.
        """
        known = [each.name for each in fields(cls)]
        given = {name: value for each in reversed(classes) for name, value in vars(each).items()}
        for name, value in given.items():
            if name in known or name.startswith("_") or callable(value):
                continue
            near = get_close_matches(name, known, n=1, cutoff=0.85)
            if not near and _is_by_capability(value, capabilities):
                alike = [each for each in _OF_CAPABILITIES if _words(each) == _words(name)]
                alike = alike or get_close_matches(name, _OF_CAPABILITIES, n=1, cutoff=0.65)
                near = [each for each in alike if each not in given]
            if near:
                raise UsageError(
                    f"The contract's class has {name}, which no rule reads.",
                    remedy=f"Did you mean {near[0]}? If it is your own, begin its name with an underscore.",
                )

    @property
    def sample_pages(self) -> int | None:
        """After how many pages a walk stops; ``None`` if it goes to its end."""
        return None if self.sample is None else self.sample.pages

    def without_inherited(self, contract: type, variant: str | None = None) -> ContractConfig:
        """The same without what a base class of the contract has as well, for this connector and others.

        Args:
            contract: The class that this is the configuration of.
            variant: The connector's; ``None`` if it has none.
        """
        own: dict[str, Any] = {}
        for name in (*_OF_CAPABILITIES, *_OF_CHECKS):
            bases = [base for base in contract.__mro__[1:] if name in vars(base)]
            inherited = [_attribute(base, name, variant) or {} for base in bases]
            own[name] = {
                key: value
                for key, value in getattr(self, name).items()
                if not any(key in each and each[key] == value for each in inherited)
            }
        return replace(self, **own)

    def request(self, capability: str) -> Json | None:
        """The author's example of a request, or the first of several; ``None`` if there is none."""
        return next(iter(self.examples(capability)), None)

    def examples(self, capability: str) -> Sequence[Json]:
        """The author's examples of a request: one, or several of a write; empty if there is none."""
        if capability in self.write_requests:
            return several(self.write_requests[capability])
        return [self.read_requests[capability]] if capability in self.read_requests else []

    @property
    def unknown_ids(self) -> list[str]:
        """What rules ask for that does not exist, so that nothing of it can be changed."""
        asked = unknown_entitlement(self.request(CREATE))
        return [self.unknown_id, UNESCAPED_ID, *(() if asked is None else asked[:1])]

    def listed(self, capability: str) -> list[str] | None:
        """The raw statuses of the accounts that a capability lists; ``None`` if that is not declared."""
        if capability not in self.listed_statuses or capability not in self.upstream_status:
            return None
        return raw_texts(self.listed_statuses[capability])

    def check(self, rules: Mapping[str, bool]) -> None:
        """Refuse what no rule could use.

        Args:
            rules: The names of the rules, each with whether it is checked for each capability.

        Raises:
            UsageError: A value has the wrong type, is not a JMESPath, or waives nothing.
        """
        sizes = self.page_sizes
        if not isinstance(sizes, list | tuple) or not sizes or not all(map(_is_positive, sizes)):
            raise UsageError(
                f"page_sizes is {sizes!r}, and should be a list of positive numbers.",
                remedy="Write them as page_sizes = (1, 3, 100).",
            )
        if not _is_positive(self.max_pages):
            raise UsageError(
                f"max_pages is {self.max_pages!r}, and should be a positive number.",
                remedy="Write it as max_pages = 1000.",
            )
        if not isinstance(self.unknown_id, str) or not self.unknown_id:
            raise UsageError(
                f"unknown_id is {self.unknown_id!r}, and should be a string, an id that nothing has.",
                remedy='Write one that the upstream can read, such as unknown_id = "0".',
            )
        if not isinstance(self.sample, Sample | None):
            raise UsageError(
                f"sample is {self.sample!r}, and should be a Sample.",
                remedy="Write it as sample = connector_contract.Sample(pages=3, last=True).",
            )
        check_listed(self.listed_statuses)
        for name in (*_OF_CAPABILITIES, *_OF_CHECKS):
            _check_mapping(name, getattr(self, name))
        for capability, request in self.read_requests.items():
            if not isinstance(request, FillIn):
                _check_mapping("read_requests", request, capability)
        for capability, requests in self.write_requests.items():
            _check_examples(capability, requests)
        for capability, calls in self.restore.items():
            _check_mapping("restore", calls, capability)
            for name, request in calls.items():
                if not isinstance(request, FillIn):
                    _check_mapping("restore", request, capability, name)
        for capability, request in self.oauth_requests.items():
            _check_oauth_request(f"oauth_requests[{capability!r}]", request)
        if self.bad_auth is not None:
            _check_mapping("bad_auth", self.bad_auth)
        for name in ("upstream_ids", "upstream_status", "upstream_kind"):
            _check_paths(name, getattr(self, name))
        for capability, reasons in self.excluded_ids.items():
            _check_mapping("excluded_ids", reasons, capability)
            for expression, reason in reasons.items():
                compiled(expression, f"excluded_ids[{capability!r}]")
                _check_reason(f"excluded_ids[{capability!r}][{expression!r}]", reason)
        for capability, reasons in self.empty_attributes.items():
            _check_mapping("empty_attributes", reasons, capability)
            for name, reason in reasons.items():
                _check_reason(f"empty_attributes[{capability!r}][{name!r}]", reason)
        for capability, reason in self.not_http.items():
            _check_reason(f"not_http[{capability!r}]", reason)
        for key, reason in self.waivers.items():
            _check_waiver(key, rules)
            _check_reason(f"waivers[{key!r}]", reason)
        for key, reason in self.tolerated_faults.items():
            tolerated_of(key)
            _check_reason(f"tolerated_faults[{key!r}]", reason)
        check_choices(self.declared_choices, CHOICES)

    def check_names(self, capabilities: Sequence[str]) -> None:
        """Refuse configuration of capabilities that the connector does not have.

        Raises:
            UsageError: There are some.
        """
        for name in _OF_CAPABILITIES:
            for capability in getattr(self, name):
                _check_name(f"{name}[{capability!r}]", capability, capabilities, name)
        for capability, calls in self.restore.items():
            for called in calls:
                _check_name(f"restore[{capability!r}][{called!r}]", called, capabilities, "restore")
        for key in self.tolerated_faults:
            capability = tolerated_of(key).capability
            _check_name(f"tolerated_faults[{key!r}]", capability, capabilities, "tolerated_faults")

    def check_use(self, rules: Collection[str], uses: Mapping[str, Collection[str]]) -> None:
        """Refuse configuration that no rule reads.

        Args:
            rules: The names of all that is checked, as waivers have them.
            uses: For each fact, the capabilities that it is looked up for.

        Raises:
            UsageError: There are some.
        """
        for name, used in uses.items():
            for capability in getattr(self, name):
                if capability not in used:
                    raise UsageError(
                        f"No rule reads {name}[{capability!r}].",
                        details=[f"{name} is for: {', '.join(sorted(used)) or 'no capability here'}"],
                        remedy="Delete it, or fix its place or name.",
                    )
        for key in self.waivers:
            if key not in rules:
                near = get_close_matches(key, rules)
                raise UsageError(
                    f"waivers[{key!r}] waives nothing: there is no such check for this connector.",
                    details=[f"there is: {', '.join(near)}"] if near else [],
                    remedy="Name the check as pytest shows it, without test_; or delete the waiver.",
                )
        for key in self.declared_choices:
            if not any(name == key or name.startswith(f"{key.removesuffix(']')}-") for name in rules):
                raise UsageError(
                    f"declared_choices[{key!r}] chooses nothing: there is no such check for this connector.",
                    remedy="Name the rule and its capability as pytest shows them, without test_.",
                )

    def check_listed(self, config: ContractConfig) -> None:
        """Refuse ``listed_statuses`` of which nobody knows where they are.

        Args:
            config: The contract's, with what it has inherited.

        Raises:
            UsageError: There are some.
        """
        check_found(self.listed_statuses, config.upstream_status)

    def check_fields(self, of_requests: Mapping[str, Collection[str] | None]) -> None:
        """Refuse fields that the request of a capability does not have.

        Args:
            of_requests: For each capability, the fields that its request may have; ``None`` for any.

        Raises:
            UsageError: There is one.
        """
        requests = [
            *((f"read_requests[{name!r}]", name, request) for name, request in self.read_requests.items()),
            *(
                (f"write_requests[{name!r}]{_place(requests, number)}", name, request)
                for name, requests in self.write_requests.items()
                for number, request in enumerate(several(requests))
            ),
            *((f"oauth_requests[{name!r}]", name, request) for name, request in self.oauth_requests.items()),
            *(
                (f"restore[{of!r}][{name!r}]", name, request)
                for of, calls in self.restore.items()
                for name, request in calls.items()
            ),
        ]
        for fact, capability, request in requests:
            known = of_requests.get(capability)
            if isinstance(request, FillIn) or known is None:
                continue
            unknown = [field for field in request if field not in known]
            if unknown:
                raise UsageError(
                    f"{fact} has {unknown[0]!r}, which is not a field of such a request.",
                    details=[f"it may have: {', '.join(known) or 'none'}"],
                    remedy="Fix its name, or delete it.",
                )


def several(requests: Json | Sequence[Json]) -> Sequence[Json]:
    """The examples of a write, which the author gives as one or as a list."""
    return requests if isinstance(requests, list | tuple) else [requests]  # type: ignore[list-item]


def _place(requests: object, number: int) -> str:
    """Where an example is, if the author gives several."""
    return f"[{number}]" if isinstance(requests, list | tuple) else ""


def _attribute(contract: type, name: str, variant: str | None) -> Any:
    value = attribute(contract, name, variant)
    return by_capability(value) if name == "listed_statuses" else value


def compiled(expression: object, fact: str) -> Any:
    """A JMESPath expression, ready to be searched with.

    Args:
        expression: What the author wrote.
        fact: Where: ``upstream_ids['list_accounts']``.

    Raises:
        UsageError: It is none.
    """
    import jmespath

    refuse_fill_ins(expression)
    if not isinstance(expression, str):
        raise UsageError(
            f"{fact} is {expression!r}, and should be a JMESPath expression.",
            remedy=f"Write one as a string: {name} = {_EXAMPLES[name]}."
            if (name := fact.partition("[")[0]) in _EXAMPLES
            else 'Write one as a string, such as "items[].id".',
        )
    try:
        return jmespath.compile(expression)
    except jmespath.exceptions.JMESPathError as error:
        raise UsageError(
            f"{fact} is not a JMESPath expression: {expression!r}.",
            details=[" ".join(str(error).split())],
            remedy="Fix it; https://jmespath.org/tutorial.html shows how to write one.",
        ) from None


def _subject(key: object) -> str:
    """What a key of a fact, or of a waiver, is about: ``list_accounts`` of ``complete[list_accounts]``."""
    rule, bracket, inner = str(key).partition("[")
    return inner.removesuffix("]").partition("-")[0] if bracket else rule


def _is_positive(number: object) -> bool:
    return type(number) is int and number > 0


def _words(name: str) -> frozenset[str]:
    """What a name says, whatever its words' order, number and synonyms."""
    words = (re.sub(r"(?<=us)es$|(?<![su])s$", "", word) for word in name.lower().split("_"))
    return frozenset(_SYNONYMS.get(word, word) for word in words) - _NEEDLESS


def _is_by_capability(value: object, capabilities: Collection[str]) -> bool:
    """Whether a value is a dict of something for some capabilities, of a variant perhaps."""
    if isinstance(value, ByVariant):
        return any(_is_by_capability(each, capabilities) for each in value.values.values())
    return isinstance(value, Mapping) and bool(value) and all(key in capabilities for key in value)


def _check_mapping(name: str, value: object, *within: str | int) -> None:
    """Refuse what is no dict: a fact, or what it has within; the remedy shows the whole fact."""
    if not isinstance(value, Mapping):
        raise UsageError(
            f"{name}{''.join(f'[{key!r}]' for key in within)} is {value!r}, and should be a dict.",
            remedy=f"Write it as {name} = {_EXAMPLES[name]}.",
        )


def _check_examples(capability: str, requests: Any) -> None:
    """Refuse examples of a write that are neither a dict nor a list of different ones."""
    for number, request in enumerate(several(requests)):
        if not isinstance(request, FillIn):
            within = [number] if isinstance(requests, list | tuple) else []
            _check_mapping("write_requests", request, capability, *within)
        if request in several(requests)[:number]:
            raise UsageError(
                f"write_requests[{capability!r}] has the same example twice.",
                remedy="Delete one of them.",
            )
    if not several(requests):
        raise UsageError(
            f"write_requests[{capability!r}] is an empty list.",
            remedy=f"Give an example in it: write_requests = {_EXAMPLES['write_requests']}.",
        )


def _check_oauth_request(fact: str, request: object) -> None:
    """Refuse a request for tokens with values of a wrong type; they may be secret, and are not shown."""
    if isinstance(request, FillIn):
        return
    if not isinstance(request, Mapping):
        raise UsageError(
            f"{fact} is a {type(request).__name__}, and should be a dict.",
            remedy='Write it as {"client_id": "...", ...}, with the fields of the capability\'s request.',
        )
    for name in ("client_id", "client_secret", "redirect_uri", "state", "code_verifier", "refresh_token"):
        if not isinstance(request.get(name, ""), str | FillIn):
            raise UsageError(
                f"{fact}[{name!r}] is a {type(request[name]).__name__}, and should be a string.",
                remedy='Read a secret from the environment: os.environ.get("ACME_CLIENT_SECRET", "").',
            )
    redirect = request.get("redirect_uri_with_code", "")
    if not isinstance(redirect, str | FillIn) and not callable(redirect):
        raise UsageError(
            f"{fact}['redirect_uri_with_code'] is a {type(redirect).__name__}, and should be a string, or a "
            "function.",
            remedy="Give the URL that the browser was sent to after the login; or a function that takes the\n"
            "authorization URL, logs in there, and returns the URL that it is sent to.",
        )


def _check_paths(name: str, paths: Mapping[str, Any]) -> None:
    for capability, value in paths.items():
        fact = f"{name}[{capability!r}]"
        for expression in value.values() if isinstance(value, Mapping) else [value]:
            # The rule that needs it reports a value that is not filled in.
            if not isinstance(expression, FillIn):
                compiled(expression, fact)


def _check_reason(name: str, reason: object) -> None:
    if not isinstance(reason, str) or not reason.strip():
        raise UsageError(
            f"{name} has no reason.",
            remedy="Write down why, in a sentence. Whoever reviews the connector reads it.",
        )


def _check_waiver(key: str, rules: Mapping[str, bool]) -> None:
    rule, bracket, _ = key.partition("[")
    if rule not in rules or (bracket and not key.endswith("]")):
        raise UsageError(
            f"waivers[{key!r}] waives no rule.",
            details=["the rules are: " + ", ".join(rules)],
            remedy='Name one, with its capability if it has one: "complete[list_accounts]".',
        )
    if rules[rule] != bool(bracket):
        example = f"{rule}[list_accounts]" if rules[rule] else rule
        raise UsageError(
            f"waivers[{key!r}] waives {'too much' if rules[rule] else 'no rule'}: "
            f"{rule} is checked {'for each capability' if rules[rule] else 'once'}.",
            remedy=f"Write it as {example!r}, which is how pytest shows it.",
        )


def _check_name(fact: str, capability: str, capabilities: Sequence[str], name: str) -> None:
    if capability not in capabilities:
        near = get_close_matches(str(capability), capabilities, n=1)
        raise UsageError(
            f"{fact} is about a capability that the connector does not have.",
            details=["it has: " + ", ".join(sorted(capabilities))],
            remedy=f"Did you mean {near[0]}? If not, delete it."
            if near
            else f"Fix its name, or delete it. Its form is {name} = {_EXAMPLES[name]}.",
        )
