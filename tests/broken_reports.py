"""What can be wrong with a connector that reports: harness/zoo/reports, broken in one way each."""

from __future__ import annotations

from broken_connectors import Broken

KIND = "reports"
END = 'integration.capabilities["connected_info"] = connected_info\n'
ALTERED = f"""{END}fulfill = integration.capabilities["fulfill_arbitrary_endpoint"]


async def altered(args: sdk.FulfillArbitraryEndpointRequest) -> sdk.FulfillArbitraryEndpointResponse:
    answer = await fulfill(args)
    answer.response.body = (answer.response.body or "").strip()
    return answer


integration.capabilities["fulfill_arbitrary_endpoint"] = altered
"""
CREDULOUS = f"""{END}

async def credulous(args: sdk.FulfillArbitraryEndpointRequest) -> sdk.FulfillArbitraryEndpointResponse:
    async with Client(args) as client:
        url = args.request.url.replace("https://connector-contract.invalid/", "users")
        answer = await client._http_client.request(args.request.method or "GET", url)
        answer.raise_for_status()
    return sdk.FulfillArbitraryEndpointResponse(
        response=sdk.ArbitraryResponse(
            ok=True,
            status_code=answer.status_code,
            headers=dict(answer.headers),
            body=answer.text,
            resolved_url=str(answer.url),
        )
    )


integration.capabilities["fulfill_arbitrary_endpoint"] = credulous
"""

BROKEN_REPORTS = {
    "a logo that is no URL": Broken(
        "app_info",
        END,
        f'{END}integration.description_data.logo_url = "logo.png"\n',
        "app_info: x-app-logo-url is no fully qualified URL",
        alone=True,
        kind=KIND,
    ),
    "a vendor's URL in place of its domain": Broken(
        "app_info",
        END,
        f'{END}integration.description_data.app_vendor_domain = "https://reports.example.com"\n',
        "app_info: x-app-vendor-domain is no domain name",
        kind=KIND,
    ),
    "a wrong credential that is valid": Broken(
        "credential_config",
        '        return invalid("The token is not valid. Please make a new one.")\n',
        "        return VALID\n",
        "credentials: validate_credential_config: a wrong api gave valid: true",
        alone=True,
        kind=KIND,
    ),
    "a probe that counts what it shows once": Broken(
        "probe",
        "[probe_sample_account(to_account(user)) for user in users.items], users.total)",
        "[probe_sample_account(to_account(user)) for user in users.items], 1)",
        "reports: probe_integration: checks count fewer records than they show",
        alone=True,
        kind=KIND,
    ),
    "a probe that shows what is not listed": Broken(
        "probe",
        "[probe_sample_account(to_account(user)) for user in users.items]",
        "[sdk.ProbeSampleAccount(integration_specific_id=user.login) for user in users.items]",
        "samples of the kind account are in no record of list_accounts",
        kind=KIND,
    ),
    "a probe that hides a failure": Broken(
        "server_error[probe_integration-500]",
        '        users = await client.records(User, "users", 0, 2)\n',
        "        try:\n"
        '            users = await client.records(User, "users", 0, 2)\n'
        "        except Exception:\n"
        '            users = Records[User](total=1, items=[User(id="u1", login="alice", state="enabled")])\n',
        "gave a report in which no check failed",
        kind=KIND,
    ),
    "a probe that gives an error": Broken(
        "server_error[probe_integration-403]",
        END,
        f"""{END}from connector.oai.errors import AuthorizationError  # noqa: E402
probed = integration.capabilities["probe_integration"]


async def raising(args: sdk.ProbeIntegrationRequest) -> sdk.ProbeIntegrationResponse:
    answer = await probed(args)
    if any(each.error and each.error.error_code == "permission_denied" for each in answer.response.checks):
        raise AuthorizationError(message="No.")
    return answer


integration.capabilities["probe_integration"] = raising
""",
        "gave permission_denied, and no report",
        kind=KIND,
    ),
    "an answer that was altered": Broken(
        "arbitrary_endpoint",
        END,
        ALTERED,
        "reports: fulfill_arbitrary_endpoint: it does not hand on the vendor's answer as it is",
        alone=True,
        kind=KIND,
    ),
    "a 404 that is ok": Broken(
        "arbitrary_endpoint",
        END,
        ALTERED.replace(
            'answer.response.body = (answer.response.body or "").strip()',
            "answer.response.ok = answer.response.ok or answer.response.status_code == 404",
        ),
        "at a vendor's 404, it does not hand on the vendor's answer as it is",
        kind=KIND,
    ),
    "an endpoint that is not the one asked for": Broken(
        "arbitrary_endpoint",
        END,
        ALTERED.replace(
            "answer = await", 'args.request.url = args.request.url.replace("roles", "")\n    answer = await'
        ),
        "it does not send what it was asked to send",
        kind=KIND,
    ),
    "an endpoint of any kind that is asked": Broken(
        "arbitrary_endpoint",
        END,
        CREDULOUS,
        "a path with .. was not refused, but sent",
        kind=KIND,
    ),
    "connected info that declares a type twice": Broken(
        "info",
        "    info.entitlement_types = [entitlement_type(kind) for kind in PLANS[plan]]\n",
        "    info.entitlement_types = [entitlement_type(kind) for kind in PLANS[plan]] * 2\n",
        "info: connected_info: entitlement_types has type ids that are empty or not unique",
        kind=KIND,
    ),
    "connected info that lacks a type": Broken(
        "references[list_entitlements]",
        '"business": ["role", "licence"]',
        '"business": ["role"]',
        "1 value of entitlement_type not among the entitlement_types of info",
        kind=KIND,
    ),
}
"""By what is wrong."""
