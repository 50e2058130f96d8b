"""What can be wrong with accounts: which are listed, of which kind, and how much they may have."""

from __future__ import annotations

from broken_connectors import Broken

ON_CONFLICT = """\
        try:
            await client.send(Grant, "DELETE", grant_path(args))
        except Exception as error:
            if getattr(getattr(error, "response", None), "status_code", 0) != 409:
                raise
"""

BROKEN_ACCOUNTS = {
    "suspended accounts are left out": Broken(
        "complete[list_accounts]",
        'if user.state != "deleted"',
        'if user.state == "active"',
        "complete: list_accounts: it lost 1 of the 4 records that the upstream sent",
        kind="statuses",
    ),
    "deleted accounts are listed": Broken(
        "complete[list_accounts]",
        '            if user.state != "deleted"\n',
        "",
        "it lists 2 accounts whose raw status `deleted` listed_statuses does not have",
        kind="statuses",
    ),
    "a deleted account is still listed": Broken(
        "writes[delete_account]",
        '            if user.state != "deleted"\n',
        "",
        "'u5' is still listed; listed_statuses does not have its raw status `deleted`",
        kind="statuses",
    ),
    "robots are people": Broken(
        "kinds[list_accounts]",
        "account_type=KINDS[user.kind],",
        "account_type=sdk.AccountType.USER,",
        "kinds of account: list_accounts: all 2 kinds of the upstream became user",
        alone=True,
        kind="statuses",
    ),
    "robots are of no type": Broken(
        "kinds[list_accounts]",
        '"robot": sdk.AccountType.SERVICE',
        '"robot": None',
        "kinds of account: list_accounts: some of the upstream's kinds became none",
        kind="statuses",
    ),
    "an application is its owner": Broken(
        "non_human_accounts",
        'resource_id=f"app:{app.id}"',
        'resource_id=f"account:{app.owner}"',
        "list_accounts: 2 accounts of the type user in list_non_human_accounts, too",
        alone=True,
        kind="statuses",
    ),
    "a requirement for what is no capability": Broken(
        "cardinality",
        '"create_account": sdk.EntitlementRequirement',
        '"create_acount": sdk.EntitlementRequirement',
        "entitlement types have requirements for what is no capability",
        alone=True,
        kind="statuses",
    ),
    "more than the max of a type": Broken(
        "cardinality",
        "entitlement_type=entitlement.type,",
        'entitlement_type="licence",',
        "find_entitlement_associations: 1 account with more than 1 of the type licence, its max",
        kind="statuses",
    ),
    "a min that not everybody has": Broken(
        "cardinality",
        "            min=0,\n            max=1,\n",
        "            min=1,\n            max=1,\n",
        "find_entitlement_associations: 2 active accounts with fewer than 1 of the type licence, its min",
        kind="statuses",
    ),
    "a write takes away what an account needs": Broken(
        "writes[unassign_entitlement]",
        "            min=0,\n            max=1,\n",
        "            min=1,\n            max=1,\n",
        "writes: unassign_entitlement: 'u1' has 0 of the type licence afterwards, and its min is 1",
        kind="statuses",
    ),
    "a type that a new account needs, and the example lacks": Broken(
        "cardinality",
        "sdk.EntitlementRequirement(max=0)",
        "sdk.EntitlementRequirement(min=1)",
        "create_account: its example asks for other entitlements than info requires",
        kind="statuses",
    ),
    "the last of a type is taken away, it says": Broken(
        "min_assignments",
        '        await client.send(Grant, "DELETE", grant_path(args))\n',
        ON_CONFLICT,
        "unassigning the last role gave a success, and u1 / admin /  is still read back",
        alone=True,
        kind="statuses",
    ),
    "what can be assigned is what cannot": Broken(
        "not_assignable",
        "is_assignable=entitlement.sold,",
        "is_assignable=not entitlement.sold,",
        "assigning basic, which is not assignable, gave a success: u4 got it",
        alone=True,
        kind="statuses",
    ),
}
