"""What can be wrong with a connector that has applications, an access graph or credentials."""

from __future__ import annotations

from broken_connectors import Broken

_APPS, _GRAPH = "applications", "graph"

BROKEN_APPLICATIONS = {
    "an application account of no application": Broken(
        "references[list_applications_accounts]",
        "account_id=user.user, application_instance_id=user.app, ",
        "account_id=user.user, application_instance_id=user.app.upper(), ",
        "references: list_applications_accounts: 2 values of application_instance_id in no record of "
        "list_applications",
        kind=_APPS,
    ),
    "an account that is only invited to an application, as an active one": Broken(
        "status[list_applications_accounts]",
        '"invited": sdk.AccountStatus.PENDING',
        '"invited": sdk.AccountStatus.ACTIVE',
        "status: list_applications_accounts: all 2 statuses of the upstream became ACTIVE",
        kind=_APPS,
    ),
    "an application that is off, as one that is on": Broken(
        "status[list_applications]",
        "sdk.ApplicationStatus.ACTIVE if app.on else sdk.ApplicationStatus.INACTIVE",
        "sdk.ApplicationStatus.ACTIVE",
        "status: list_applications: all 2 statuses of the upstream became ACTIVE",
        kind=_APPS,
    ),
    "a credential that is revoked, as a live one": Broken(
        "status[list_credentials]",
        '"revoked": sdk.CredentialStatus.REVOKED',
        '"revoked": sdk.CredentialStatus.ACTIVE',
        "status: list_credentials: all 2 statuses of the upstream became active",
        kind=_GRAPH,
    ),
    "access in another application": Broken(
        "references[list_applications_entitlement_associations]",
        "**association(grant), application_instance_id=grant.app",
        '**association(grant), application_instance_id="a1"',
        "1 value of account_id in no record of list_applications_accounts",
        kind=_APPS,
    ),
    "an entitlement on a resource of another application": Broken(
        "references[list_applications_entitlements]",
        "**entitlement(role), application_instance_id=role.app",
        '**entitlement(role), application_instance_id="a3"',
        "'r1 / a3': list_applications_resources has it of another application",
        kind=_APPS,
    ),
    "an application that is always active": Broken(
        "agreement[get_application]",
        "GetApplicationResponse(response=application(app))",
        'GetApplicationResponse(response=application(app.model_copy(update={"on": True})))',
        "a2: status 'ACTIVE', listed as 'INACTIVE'",
        kind=_APPS,
    ),
    "an application account that is always active": Broken(
        "agreement[get_application_account]",
        "GetApplicationAccountResponse(response=application_account(user))",
        "GetApplicationAccountResponse(\n"
        '        response=application_account(user.model_copy(update={"state": "ready"}))\n'
        "    )",
        "u1 / a2: status 'ACTIVE', listed as 'PENDING'",
        kind=_APPS,
    ),
    "an account that is in no application": Broken(
        "unknown_id[get_application_account]",
        '    user = await ask(args, AppUser, "GET", *place(args.request))\n',
        '    await ask(args, App, "GET", *place(args.request)[:2])\n'
        '    user = AppUser(app=place(args.request)[1], user=place(args.request)[3], state="removed")\n',
        "get_application_account: an account that is not assigned gave a success, not not_found",
        kind=_APPS,
    ),
    "an application that is not assigned": Broken(
        "writes[assign_application]",
        '    user = await ask(args, AppUser, "PUT", *place(args.request))\n',
        '    await ask(args, App, "GET", *place(args.request)[:2])\n'
        '    user = AppUser(app="a1", user="u3", state="ready")\n',
        "writes: assign_application: 0 application accounts read back for u3 / a1",
        kind=_APPS,
    ),
    "an application that is not taken away": Broken(
        "writes[unassign_application]",
        'await ask(args, AppUser, "DELETE", *place(args.request))\n    return sdk.Unassign',
        'await ask(args, AppUser, "GET", *place(args.request))\n    return sdk.Unassign',
        "writes: unassign_application: u1 / a1 is still read back, as ACTIVE",
        kind=_APPS,
    ),
    "a role in an application that is not given": Broken(
        "writes[assign_application_entitlement]",
        '    await change_role(args, "PUT")\n',
        '    await ask(args, User, "POST", "users", place(args.request)[3], "downgrade")\n',
        "writes: assign_application_entitlement: 0 associations read back for u2 / editor / r1 / a1",
        kind=_APPS,
    ),
    "a role that takes the rest away with it": Broken(
        "writes[unassign_application_entitlement]",
        '    await change_role(args, "DELETE")\n',
        '    await ask(args, AppUser, "DELETE", *place(args.request))\n',
        "it changed 1 other record of list_applications_entitlement_associations",
        kind=_APPS,
    ),
    "a downgrade that takes no licence": Broken(
        "writes[downgrade_license]",
        'args.request.account_id, "downgrade")',
        'args.request.account_id, "release")',
        "writes: downgrade_license: 1 licence still read back that 'u2' had before",
        kind=_APPS,
    ),
    "a downgrade that is not done, for no reason": Broken(
        "writes[downgrade_license]",
        "sdk.DowngradedLicense(success=True)",
        "sdk.DowngradedLicense(success=False)",
        "writes: downgrade_license: it returned a success with success: False, and no reason",
        kind=_APPS,
    ),
    "a release that releases nothing": Broken(
        "writes[release_resources]",
        'args.request.account_id, "release")',
        'args.request.account_id, "downgrade")',
        "writes: release_resources: 2 associations of 'u2' still read back",
        kind=_APPS,
    ),
    "a transfer that releases somebody else": Broken(
        "writes[transfer_data]",
        '    await ask(args, User, "POST", "users", source, "transfer", target)\n',
        '    await ask(args, User, "POST", "users", source, "transfer", target)\n'
        '    await ask(args, User, "POST", "users", "u3", "release")\n',
        "writes: transfer_data: it changed 1 other record of find_entitlement_associations",
        kind=_APPS,
    ),
    "an edge to no node": Broken(
        "references[find_resource_graph]",
        "to_ids=node.below,",
        'to_ids=[f"node-{each}" for each in node.below],',
        "6 values of resource_relationships lead to no node",
        kind=_GRAPH,
    ),
    "the edges of the later pages are left out": Broken(
        "pages[find_resource_graph]",
        "            if node.below\n",
        "            if node.below and not (args.page and args.page.token)\n",
        "p3 contains robot-1: missing in pages of 3",
        kind=_GRAPH,
    ),
    "an entitlement that implies nothing that is there": Broken(
        "references[find_entitlement_graph]",
        "to_entitlements=[entitlement(*implied) for",
        'to_entitlements=[entitlement(implied[0], "") for',
        "own / t implies own / ",
        kind=_GRAPH,
    ),
    "a rule about a type that is not declared": Broken(
        "references[find_entitlement_graph]",
        'rule("user", "use", "home")',
        'rule("guest", "use", "house")',
        "find_entitlement_graph: entitlement_type 'guest'",
        kind=_GRAPH,
    ),
    "an assignment of another entitlement": Broken(
        "references[find_entitlement_assignments]",
        "entitlement_resource_id=grant.node",
        "entitlement_resource_id=grant.who",
        "5 values of entitlement_id in no record of find_entitlement_graph",
        kind=_GRAPH,
    ),
    "an assignment to nobody": Broken(
        "references[find_entitlement_assignments]",
        "resource_id=grant.who,",
        'resource_id=grant.who.replace("account:", ""),',
        "u2 / view / f1",
        kind=_GRAPH,
    ),
    "a credential with its secret": Broken(
        "shape[list_credentials]",
        'label=f"Key {key.id}"',
        "label=key.secret",
        "k1 / key-1: label: what the upstream has as secret",
        kind=_GRAPH,
    ),
    "a credential of two": Broken(
        "references[list_credentials]",
        "grants_access_to_account_id=key.person",
        'grants_access_to_account_id=key.person or "u1"',
        "k2 / key-2: u1 and r1",
        kind=_GRAPH,
    ),
    "the use of a credential by another id": Broken(
        "references[get_credential_last_activity]",
        "credential_id=use.key",
        'credential_id=use.key.replace("k", "key-")',
        "2 values of credential_id in no record of list_credentials",
        kind=_GRAPH,
    ),
    "a workload that is half an account": Broken(
        "references[list_non_human_accounts]",
        "workload_name=robot.job or robot.name",
        'workload_name=robot.job or "cloud"',
        "2 accounts that are each its own workload by id, not by name",
        kind=_GRAPH,
    ),
}
