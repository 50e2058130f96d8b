"""**shape** and **references** of credentials and non-human accounts: what they are, and never a secret."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from connector_contract.config import Json
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.responses import Walk
from connector_contract.reporting.messages import counted
from connector_contract.secrets.named_values import named_in_request, named_in_response
from connector_contract.secrets.ordinary import is_ordinary
from connector_contract.secrets.schemes import split_scheme

IDENTITIES = frozenset({"list_credentials", "list_non_human_accounts"})
"""The lists of what programs use to get access."""

_PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----")
_GRANTS = ("grants_access_to_account_id", "grants_access_to_non_human_account_id")
_TYPES = {"unspecified", "api_key", "oauth_grant", "certificate", "oidc_trust_policy"}
# So many accounts have one workload by chance.
_FEW = 2


def secret_material_breach(
    walk: Walk, secret_names: Collection[str], without_secrets: Callable[[str], str]
) -> Iterator[Breach]:
    """Secrets in what a list says of credentials, or of accounts.

    A secret is what the connector sends to authenticate, what the upstream sent in a field with a secret's
    name, and a private key.

    Args:
        walk: A walk through a list.
        secret_names: Normalized names whose values are secret.
        without_secrets: Replaces the known secrets in a text, and nothing else.

    Source: the operation ``list_credentials``: "The response carries metadata only - never secret material";
    the schema ``Credential``: "NOT the secret value".
    """
    secrets: dict[str, str] = {}
    for each in walk.interactions:
        names = frozenset(secret_names)
        for name, value in (*named_in_request(each.request, names), *named_in_response(each.response, names)):
            secrets[split_scheme(name, value)[1]] = name
    found = [
        f"{' / '.join(walk.key_of(record))}: {path}: {why}"
        for record in walk.records
        for path, text in _texts(record, "")
        if (why := _secret(text, secrets, without_secrets)) is not None
    ]
    if found:
        title = f"it has {counted(len(found), 'value')} that must stay secret"
        consequence = (
            "Lumos stores and shows them. If one is none, take its name off with contract_secret_names."
        )
        yield Breach(walk.capability, title, consequence, found)


def identity_breach(walk: Walk) -> Iterator[Breach]:
    """Credentials that give access to several accounts, and accounts that are half their own workload.

    Source: the schemas ``Credential``: "At most one grants_access_to_* is set"; ``NonHumanAccount``: "When
    the principal is its own workload, set this to the same value as `id`", and its ``workload_name`` "to the
    same value as `label`".
    """
    several = [
        f"{_name(walk, each)}: {' and '.join(str(each[field]) for field in _GRANTS)}"
        for each in walk.records
        if all(each.get(field) for field in _GRANTS)
    ]
    if several:
        title = f"{counted(len(several), 'record')} with more than one grants_access_to_*"
        yield Breach(walk.capability, title, "Lumos takes one of them for what it grants access to.", several)
    named = [
        f"{_name(walk, each)}: workload_name {each.get('workload_name')!r}, label {each.get('label')!r}"
        for each in walk.records
        if _is_its_own(each) and each.get("workload_name") != each.get("label")
    ]
    if named:
        title = f"{counted(len(named), 'account')} that {_are(named)} its own workload by id, not by name"
        yield Breach(walk.capability, title, "Lumos shows a workload that there is not.", named)


def identity_remarks(walk: Walk) -> Iterator[str]:
    """What is odd about credentials or non-human accounts, and not forbidden."""
    if walk.capability == "list_credentials":
        kinds = sorted({str(each.get("credential_type")) for each in walk.records} - _TYPES)
        if kinds:
            yield (
                f"list_credentials has the credential_type {', '.join(kinds)}; the known values of "
                f"Credential.credential_type are {', '.join(sorted(_TYPES))}"
            )
    if walk.capability != "list_non_human_accounts":
        return
    workloads = {str(each.get("workload_id")) for each in walk.records if not _is_its_own(each)}
    if len(walk.records) > _FEW and len(workloads) == 1 and not any(map(_is_its_own, walk.records)):
        yield (
            f"all {counted(len(walk.records), 'non-human account')} have the workload {workloads.pop()!r}. "
            'NonHumanAccount.workload_name says: "A container the principal merely belongs to - a workspace, '
            'a project, an app registration - is not a workload"'
        )


def _is_its_own(account: Json) -> bool:
    return "workload_id" in account and account.get("workload_id") == account.get("id")


def _name(walk: Walk, record: Json) -> str:
    return " / ".join(walk.key_of(record))


def _are(found: list[str]) -> str:
    return "is" if len(found) == 1 else "are each"


def _secret(text: str, secrets: Mapping[str, str], without_secrets: Callable[[str], str]) -> str | None:
    """Why a text is secret, without saying it; ``None`` if it is not."""
    if _PRIVATE_KEY.search(text):
        return "a private key"
    for secret, name in secrets.items():
        # What is ordinary is in many a text by chance.
        if text == secret or (not is_ordinary(secret) and secret in text):
            return f"what the upstream has as {name}"
    return "a known secret" if without_secrets(text) != text else None


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from _texts(item, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, f"{path}[{index}]")
    elif isinstance(value, str) and value:
        yield path, value
