"""**probe**: what a probe reports is what the connector would sync, and adds up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from connector_contract.config import Json
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.responses import Walk

PROBE = "probe_integration"
_MISLED = "Lumos shows a customer what a first sync would bring, before anything is connected."
_NEEDS = {
    "accounts": ({"list_accounts"},),
    "entitlements": ({"list_entitlements"},),
    "entitlement_associations": (
        {"find_entitlement_associations"},
        {"list_accounts", "get_account_entitlement_associations"},
    ),
}
"""For each check, the capabilities that a first sync needs for it: all of one of these sets."""
_KINDS = {
    "accounts": "account",
    "entitlements": "entitlement",
    "entitlement_associations": "association",
    "capability_config": "capability_config",
}
_REFERS = {
    "account": (("integration_specific_id",), "list_accounts", ("integration_specific_id",)),
    "entitlement": (
        ("integration_specific_id", "integration_specific_resource_id"),
        "list_entitlements",
        ("integration_specific_id", "integration_specific_resource_id"),
    ),
    "association": (("account_id",), "list_accounts", ("integration_specific_id",)),
}
"""For each kind of sample: the fields that name a record, the list that has it, and its fields there."""


def probe_breach(
    report: Json, capabilities: Collection[str], lists: Mapping[str, Walk], info: Json, *, asked: bool
) -> Iterator[Breach]:
    """What is wrong with the report of a probe with good credentials.

    Args:
        report: The ``response`` of ``probe_integration``.
        capabilities: Those of the connector.
        lists: Those of ``list_accounts`` and ``list_entitlements`` that the connector has.
        info: What the connector declares of its types.
        asked: Whether it made a request to the upstream.

    Source: ``ProbeResults`` and ``ProbeCheck`` of ``connector/spec/openapi.yaml``: "A check that `passed`
    carries at least one" sample; "At least `samples.length`"; "against the entitlement types the connector
    declares".
    """
    checks = report.get("checks") or []
    twice = sorted(
        name for name, times in Counter(str(each.get("check")) for each in checks).items() if times > 1
    )
    if twice:
        yield Breach(PROBE, "it reports a check more than once", _MISLED, twice)
    for title, records in _wrong_checks(checks, capabilities, info).items():
        yield Breach(PROBE, title, _MISLED, records)
    baseline = [each for each in checks if each.get("status") == "passed" and each.get("check") in _NEEDS]
    if baseline and not asked:
        names = [str(each.get("check")) for each in baseline]
        yield Breach(PROBE, "checks passed without asking the upstream for anything", _MISLED, names)
    yield from _status_breach(report)
    yield from _unknown_breach(checks, lists)


def _wrong_checks(checks: list[Json], capabilities: Collection[str], info: Json) -> dict[str, list[str]]:
    """What is wrong with single checks: the check in a line, by what it is."""
    found: dict[str, list[str]] = {}
    for check in checks:
        for title, line in _wrong(check, capabilities, info):
            found.setdefault(title, []).append(f"{check.get('check')}: {line}")
    return found


def _wrong(check: Json, capabilities: Collection[str], info: Json) -> Iterator[tuple[str, str]]:
    name, status, samples = check.get("check"), check.get("status"), check.get("samples") or []
    if status == "passed" and not samples:
        yield "checks passed without a sample", f"observed_count {check.get('observed_count')}"
    if (check.get("observed_count") or 0) < len(samples):
        counts = f"{len(samples)} samples, observed_count {check.get('observed_count')}"
        yield "checks count fewer records than they show", counts
    if status in ("skipped", "unsupported") and (samples or check.get("observed_count")):
        yield "checks that did not run show records", f"{status}, with {len(samples)} samples"
    needs = _NEEDS.get(str(name), ())
    if status == "passed" and needs and not any(each <= set(capabilities) for each in needs):
        lacks = " or ".join(" and ".join(sorted(each - set(capabilities))) for each in needs)
        yield "checks passed for what the connector cannot sync", f"it has no {lacks}"
    kinds = {str(sample.get("kind")) for sample in samples} - {_KINDS.get(str(name), "")}
    if name in _KINDS and kinds:
        yield "checks show samples of another kind", ", ".join(sorted(kinds))
    yield from _wrong_coverage(check, samples, capabilities, info)


def _wrong_coverage(
    check: Json, samples: list[Json], capabilities: Collection[str], info: Json
) -> Iterator[tuple[str, str]]:
    declared = {str(each.get("type_id")) for each in info.get("entitlement_types") or ()}
    types = check.get("entitlement_types")
    if types is not None and check.get("check") != "entitlements":
        yield "checks other than entitlements have entitlement_types", f"{len(types)} types"
    reported = {str(each.get("entitlement_type")): each.get("status") for each in types or ()}
    shown = {str(sample["entitlement_type"]) for sample in samples if "entitlement_type" in sample}
    if unknown := sorted(({*reported} | shown) - declared):
        yield "entitlement types are not among those that info declares", ", ".join(unknown)
    if unseen := sorted(kind for kind, status in reported.items() if status == "found" and kind not in shown):
        yield "entitlement types are found, and no sample has them", ", ".join(unseen)
    if missed := sorted(kind for kind, status in reported.items() if status == "not_found" and kind in shown):
        yield "entitlement types are not found, and samples have them", ", ".join(missed)
    attributes = check.get("custom_attributes")
    if attributes and check.get("check") != "accounts":
        yield "checks other than accounts have custom_attributes", f"{len(attributes)} attributes"
    elif attributes and "list_custom_attributes_schema" not in capabilities:
        what = "custom attributes are reported, and the connector has no list_custom_attributes_schema"
        yield what, ", ".join(str(each.get("name")) for each in attributes)


def _status_breach(report: Json) -> Iterator[Breach]:
    """A status of the whole that does not go with those of the checks."""
    status, checks = report.get("status"), report.get("checks") or []
    outcomes = {each.get("status") for each in checks}
    gaps = [
        f"{each.get('name') or each.get('entitlement_type')}: not_found"
        for check in checks
        for each in (*(check.get("custom_attributes") or ()), *(check.get("entitlement_types") or ()))
        if each.get("status") == "not_found"
    ]
    lines = [f"{each.get('check')}: {each.get('status')}" for each in checks]
    ran = outcomes & {"passed", "failed"}
    if status == "passed" and "failed" in outcomes:
        yield Breach(PROBE, "its status is passed although a check failed", _MISLED, lines)
    elif status == "passed" and gaps:
        yield Breach(PROBE, "its status is passed although something declared was not found", _MISLED, gaps)
    elif status == "passed" and "unsupported" in outcomes and not ran:
        yield Breach(PROBE, "its status is passed although no check ran", _MISLED, lines)
    elif status == "failed" and ran == {"passed"}:
        yield Breach(PROBE, "its status is failed although no check failed", _MISLED, lines)


def _unknown_breach(checks: list[Json], lists: Mapping[str, Walk]) -> Iterator[Breach]:
    """Samples of what is in no list."""
    for kind, (fields, target, there) in _REFERS.items():
        if target not in lists or not lists[target].is_whole:
            continue
        known = {_values(record, there) for record in lists[target].records}
        samples = [
            each for check in checks for each in check.get("samples") or () if each.get("kind") == kind
        ]
        unknown = sorted(
            {" / ".join(_values(each, fields)) for each in samples} - set(map(" / ".join, known))
        )
        if unknown:
            title = f"samples of the kind {kind} are in no record of {target}"
            yield Breach(PROBE, title, _MISLED, unknown)


def _values(record: Mapping[str, Any], fields: Collection[str]) -> tuple[str, ...]:
    return tuple(str(record.get(field)) for field in fields)


def checked_alone(report: Json) -> str | None:
    """The check to ask for alone: the first that ran; ``None`` if none did."""
    ran = [each for each in report.get("checks") or () if each.get("status") in ("passed", "failed")]
    return str(ran[0].get("check")) if ran else None


def excluded_breach(alone: str, report: Json) -> Iterator[Breach]:
    """What is wrong with the report of a run that was to make one check.

    Args:
        alone: The check.
        report: The ``response`` of that run.

    Source: ``ProbeIntegration.checks``: "Checks excluded here are reported as `skipped`."
    """
    statuses = {str(each.get("check")): str(each.get("status")) for each in report.get("checks") or ()}
    if statuses.get(alone, "skipped") in ("skipped", "unsupported"):
        title = f"it was asked for the check {alone}, and did not make it"
        yield Breach(PROBE, title, _MISLED, [f"{alone}: {statuses.get(alone, 'not reported')}"])
    ran = [f"{name}: {status}" for name, status in statuses.items() if name != alone]
    wrong = [line for line in ran if not line.endswith((": skipped", ": unsupported"))]
    if wrong:
        title = f"it was asked for the check {alone} alone, and made others"
        yield Breach(PROBE, title, "A customer waits for checks that nobody asked for.", wrong)


def probe_remarks(report: Json, capabilities: Collection[str]) -> list[str]:
    """What the specification calls unsupported, and the SDK reports as such: it contradicts itself."""
    has = [
        str(each.get("check"))
        for each in report.get("checks") or ()
        if each.get("status") == "unsupported"
        and any(needs <= set(capabilities) for needs in _NEEDS.get(str(each.get("check")), ()))
    ]
    return [
        f"{PROBE} reports {name} as unsupported, and the connector can list them: the specification has that "
        'for what a connector "does not implement", and ProbeSettings of the SDK also for what it leaves out'
        for name in has
    ]
