"""Write docs/capabilities.md: what each standard capability owes: ``python docs/capabilities_page.py``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import connector_sdk_types.generated as models

from connector_contract import ConnectorContract
from connector_contract.config import Json
from connector_contract.contract.capabilities import Capability
from connector_contract.contract.contract_config import ContractConfig
from connector_contract.contract.rule import Lacks, Rule, Target, any_capability, rules_of
from connector_contract.contract.standard_capabilities import KEYS, STANDARD, Key, StandardCapability

PAGE = Path(__file__).with_name("capabilities.md")
# The models of all others are named as they are.
MODELS = {
    "connected_info": "GetConnectedInfo",
    "handle_client_credentials_request": "HandleClientCredentials",
}

HEAD = """# What each standard capability owes

The SDK's own specification, `connector/spec/openapi.yaml`, says what each capability is for. The [standard
contract](contract.md) demands that, and reads it from one table, which this page shows. A test compares the
table with the installed SDK, and names the capabilities that a newer one adds.

## What it is for

- **kind**: whether it reads a list or some records, writes, reports, describes, or hands out tokens.
- **key**: the fields that no two records have in common. They are the schema's `x-unique-hash`, and what its
  text adds, in italics.
- **if the upstream refuses or fails**: what Lumos has to see then.
- **again**: whether the same request may be made again.
- **read back**: which capabilities show what it has written, the first where it is done.
"""

KEYS_HEAD = """
## Where the specification says two things of a key

The rules take the wider key, so that no right connector fails. If a connector has records that are one by the
narrower key, the end of the run says so.

| schema | `x-unique-hash` | what its text says |
|---|---|---|"""

RULES_HEAD = """
## Which rules check it

{all} are checked for each capability, but for those of OAuth. The others are:

| capability | rules |
|---|---|"""


def page() -> str:
    """The page, as Markdown."""
    for_all = [
        name for name, rule in rules_of(ConnectorContract).items() if rule.applies_to is any_capability
    ]
    every = f"{', '.join(_code(name) for name in for_all[:-1])} and {_code(for_all[-1])}"
    lines = [HEAD, *_table(), KEYS_HEAD, *_keys(), RULES_HEAD.format(all=every), *_rules()]
    return "\n".join(lines) + "\n"


def capability(name: str) -> Capability:
    """A standard capability as the SDK's own models describe it."""
    model = MODELS.get(name, name.title().replace("_", ""))
    request = getattr(models, f"{model}Request", None)
    payload = None if request is None else request.model_fields["request"].annotation
    return Capability(name, True, payload, getattr(models, f"{model}Response"))


def _table() -> Iterator[str]:
    yield "| capability | kind | key | if the upstream refuses or fails | again | read back |"
    yield "|---|---|---|---|---|---|"
    for name, owes in STANDARD.items():
        key = "" if owes.key is None else _key(owes.key)
        back = ", ".join(map(_code, owes.read_back))
        fails = f"{owes.refused.value}; if it fails, a report" if owes.only_reports else owes.refused.value
        cells = (_code(name), owes.kind.value, key, fails, _again(owes), back)
        yield f"| {' | '.join(cells)} |"


def _key(key: Key) -> str:
    added = {each.field for each in key.additions}
    return ", ".join(f"*{field}*" if field in added else _code(field) for field in key.fields)


def _again(owes: StandardCapability) -> str:
    return "yes" if owes.repeatable else "no, it works once"


def _keys() -> Iterator[str]:
    for key in KEYS.values():
        if key.contradicts is not None:
            yield f"| {_code(key.schema)} | {_marked(key)} | `{key.fields[0]}`: “{key.contradicts}” |"
        elif key.marked and key.additions:
            (addition,) = key.additions
            yield f"| {_code(key.schema)} | {_marked(key)} | `{key.fields[0]}`: “{addition.quotation}” |"


def _marked(key: Key) -> str:
    return ", ".join(map(_code, key.marked))


def _rules() -> Iterator[str]:
    # Some rules are about a capability only beside another one, or with an example.
    capabilities = {name: capability(name) for name in STANDARD}
    examples: dict[str, Json] = {name: {} for name, each in capabilities.items() if each.writes}
    config = replace(ContractConfig.of(ConnectorContract), write_requests=examples)
    for name in STANDARD:
        target = Target(name, capabilities, config)
        names = [
            _code(rule) for rule, each in rules_of(ConnectorContract).items() if _is_about(rule, each, target)
        ]
        yield f"| {_code(name)} | {', '.join(names)} |"


def _is_about(name: str, rule: Rule, target: Target) -> bool:
    if rule.applies_to is None:
        # What is checked once is about the capabilities without which there is nothing to check.
        return target.name in (rule.skip_reason.names if isinstance(rule.skip_reason, Lacks) else (name,))
    # No connector registers info: the SDK makes it of what is declared.
    return target.name != "info" and rule.applies_to is not any_capability and rule.applies_to(target)


def _code(text: str) -> str:
    return f"`{text}`"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
