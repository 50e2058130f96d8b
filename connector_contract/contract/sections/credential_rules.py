"""Rules about credentials: good, bad and missing ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector_contract.config import Json
from connector_contract.contract.rule import (
    any_capability,
    asks_with_credentials,
    lacks,
    no_example,
    rule,
)
from connector_contract.contract.rules.breach import Breach
from connector_contract.contract.rules.credential_config import (
    UNKNOWN_CREDENTIAL,
    VALIDATION,
    invalid_breach,
    space_remarks,
    unasked_remark,
    valid_breach,
)
from connector_contract.contract.rules.credentials import (
    bad_breach,
    empty_credentials_breach,
    good_breach,
    missing_breach,
)
from connector_contract.contract.rules.secret_in_url import secret_in_url_breach
from connector_contract.errors import NothingToCheck, UsageError

if TYPE_CHECKING:
    from connector_contract.contract.rule_context import RuleContext


class CredentialRules:
    """The rules about credentials: good, bad and missing ones."""

    @rule("credentials", skip_reason=lacks("validate_credentials"))
    async def test_credentials(self, rule_context: RuleContext) -> None:
        """Good credentials are valid, and give the same ``unique_tenant_id`` each time.

        The id comes from a response of the upstream; or from a setting that the connector marks as the
        tenant's, and that its requests to the upstream contain.

        Source: the operation ``validate_credentials`` of the SDK's specification, and the schema
        ``ValidatedCredentials``: "This ID should be stable and not change for the lifetime of the tenant.";
        ``SemanticType.TENANT_ID`` of connector-sdk-types.
        """
        first = (await rule_context.read("validate_credentials")).result
        responses = [*first.pages, await rule_context.call("validate_credentials")]
        rule_context.judge(
            good_breach(
                responses,
                [*first.interactions, *rule_context.interactions],
                rule_context.envelope["settings"],
                rule_context.tenant_settings,
            )
        )

    @rule("credentials", asks_with_credentials, skip_reason=no_example)
    async def test_bad_credentials(self, rule_context: RuleContext, capability: str) -> None:
        """Credentials that the upstream refuses give ``unauthorized``, and never a success.

        The upstream is asked with wrong ones once for each kind of them. Its refusal is then played to each
        capability that is given wrong ones.

        Source: the schemas ``ErrorResponse`` ("returned when an operation fails"), ``ConnectorErrorCode`` and
        ``ConnectorErrorMetadata`` ("True if a token refresh or re-authentication may restore access") of the
        SDK's specification; https://developers.lumos.com/reference/error-handling.
        """
        credentials = rule_context.credentials
        if not credentials.are_given:
            raise NothingToCheck("the connector is given no credentials")
        if credentials.bad is None:
            raise UsageError(
                "It is not known what bad credentials of this connector look like.",
                remedy="Give some in the contract's class: bad_auth = {...}, or bad_credentials = [...].",
            )
        breaches = list(bad_breach(capability, await rule_context.refusing.call(capability, credentials.bad)))
        if breaches and await rule_context.is_constant(capability):
            raise NothingToCheck(f"{capability} asks the upstream for nothing")
        rule_context.judge(breaches)

    @rule("credentials", asks_with_credentials, skip_reason=no_example)
    async def test_missing_credentials(self, rule_context: RuleContext, capability: str) -> None:
        """A request without credentials, or with empty ones, gives an error, and never a success.

        Source: as for bad credentials; the SDK itself answers ``bad_request`` before a connector is asked.
        """
        if not rule_context.credentials.are_given:
            raise NothingToCheck("the connector is given no credentials")
        breaches = list(
            missing_breach(
                capability, await rule_context.call(capability, **rule_context.credentials.missing)
            )
        )
        if rule_context.credentials.empty is not None:
            response = await rule_context.refusing.call(capability, rule_context.credentials.empty)
            breaches += empty_credentials_breach(capability, response)
        if breaches and await rule_context.is_constant(capability):
            raise NothingToCheck(f"{capability} asks the upstream for nothing")
        rule_context.judge(breaches)

    @rule("credentials", any_capability, skip_reason=no_example)
    async def test_secret_in_url(self, rule_context: RuleContext, capability: str) -> None:
        """No secret travels in a URL: neither what the connector is given, nor what a login gives it.

        Choice: ``only_way``, where the upstream takes its key in a URL, and in no other way.

        Source: RFC 6750, section 2.3, which advises against a token in a URI where a header can have it; RFC
        9110, section 17.9.
        """
        requests = await rule_context.example_requests(capability)
        if not requests:
            raise NothingToCheck(f"{capability} asks the upstream for nothing")
        choice = rule_context.choice_of("secret_in_url", capability)
        kinds = rule_context.credentials.names
        rule_context.judge(secret_in_url_breach(capability, requests, kinds, choice))

    @rule("credentials", skip_reason=lacks("validate_credential_config"))
    async def test_credential_config(self, rule_context: RuleContext) -> None:
        """Each credential is valid alone, without errors; a wrong one is not valid, and the reason is said.

        Wrong ones have another secret, an empty one, or the id of none. The upstream is not asked with wrong
        secrets again: its refusal is played, as for ``bad_credentials``.

        Source: the operation ``validate_credential_config`` of the SDK's specification: "verifies that the
        (single) credentials provided by the customer are valid and active"; its schema
        ``ValidatedCredentialConfig``: "It is expected that the connector returns at least one validation
        error."
        """
        given = rule_context.credentials.each
        if not given:
            raise NothingToCheck("the connector is given no credentials, each with an id")
        breaches: list[Breach] = []
        unasked = set()
        response: Json
        for one in given:
            before = len(rule_context.interactions)
            response = await rule_context.call(VALIDATION, {"credential": one.good})
            breaches += valid_breach(one.id, response)
            unasked |= {one.id} if len(rule_context.interactions) == before else set()
        unknown = {"credential": {**given[0].good, "id": UNKNOWN_CREDENTIAL}}
        response = await rule_context.call(VALIDATION, unknown)
        breaches += invalid_breach("a credential that is not declared", response)
        # What a good one gives an error for says nothing of others.
        for one in given if not breaches else ():
            if one.empty is not None:
                response = await rule_context.call(VALIDATION, {"credential": one.empty})
                breaches += invalid_breach(f"an empty {one.id}", response)
            if one.spaced is not None:
                spaced = await rule_context.refusing.validate(one.id, one.spaced)
                rule_context.remarks += space_remarks(one.id, spaced)
            if one.wrong is not None:
                response = await rule_context.refusing.validate(one.id, one.wrong)
                wrong = list(invalid_breach(f"a wrong {one.id}", response))
                if one.id in unasked and wrong:
                    rule_context.remarks.append(unasked_remark(one.id))
                else:
                    breaches += wrong
        rule_context.judge(breaches)
