"""The standard contract: each rule catches the connector that breaks it, and says what Lumos would do."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

pytestmark = pytest.mark.loopback

CONNECTOR = "directory_connector.py"
CONTRACT = "test_contract.py"


@dataclass(frozen=True)
class Broken:
    """One thing broken in the connector, the rule that has to say so, and what it has to say.

    ``alone`` if no other rule says anything.
    """

    rule: str
    old: str
    new: str
    says: str
    alone: bool = False


BROKEN = {
    "a stub": Broken(
        "coverage[get_account]",
        'user = await client.read(User, "GET", user_path(args.request.account_id))\n',
        "raise NotImplementedError\n",
        "coverage: get_account is registered, and not implemented",
        alone=True,
    ),
    "a write that is a stub": Broken(
        "writes[delete_account]",
        "        await client.delete(user_path(args.request.account_id))\n",
        "        raise NotImplementedError\n",
        "writes: delete_account is registered, and not implemented",
        alone=True,
    ),
    "a list that is a stub": Broken(
        "coverage[list_resources]",
        '    projects, page = await read_page(args, Project, "/projects")\n',
        "    projects, page = [], None\n",
        "coverage: list_resources is empty, and has asked the upstream for nothing",
    ),
    "accounts that were made up": Broken(
        "coverage[get_account]",
        '        user = await client.read(User, "GET", user_path(args.request.account_id))\n',
        '        user = User(id="u1", name="Ada", email="u1@example.com", status="active")\n',
        "coverage: get_account tells of accounts, and has asked the upstream for nothing",
    ),
    "credentials that are not declared": Broken(
        "info",
        "    auth=sdk.TokenCredential,\n",
        "",
        "auth; declared: none",
        alone=True,
    ),
    "a read that finds nothing": Broken(
        "coverage[get_account]",
        'user = await client.read(User, "GET", user_path(args.request.account_id))\n',
        'user = await client.read(User, "GET", user_path(f"no-{args.request.account_id}"))\n',
        "coverage: get_account answered its example with an error: not_found",
    ),
    "a type that is not declared": Broken(
        "info",
        'type_label="Role", resource_type_id="project"',
        'type_label="Role", resource_type_id="projects"',
        "info: entitlement types belong to resource types that are not declared",
    ),
    "credentials are not validated at all": Broken(
        "bad_credentials[validate_credentials]",
        '        tenant = await client.read(Tenant, "GET", "/me")\n',
        '        tenant = Tenant(tenant_id="example-org")\n',
        "credentials: validate_credentials: bad credentials gave a success",
    ),
    "info raises": Broken(
        "info",
        "    async def dispatch(self, name, request_string):\n",
        '    def info(self):\n        raise ValueError("no types today")\n\n'
        "    async def dispatch(self, name, request_string):\n",
        "info answered its example with an error: internal_error: ValueError: no types today",
    ),
    "a tenant id from the settings": Broken(
        "credentials",
        "unique_tenant_id=tenant.tenant_id",
        "unique_tenant_id=get_settings(args, Settings).url",
        "is nowhere in what the upstream answered",
        alone=True,
    ),
    "bad credentials are valid": Broken(
        "bad_credentials[validate_credentials]",
        '        tenant = await client.read(Tenant, "GET", "/me")\n',
        '        try:\n            tenant = await client.read(Tenant, "GET", "/me")\n'
        "        except httpx.HTTPStatusError:\n"
        '            tenant = Tenant(tenant_id="example-org")\n',
        "credentials: validate_credentials: bad credentials gave a success",
    ),
    "refused credentials are a bad request": Broken(
        "bad_credentials[get_account]",
        '        user = await client.read(User, "GET", user_path(args.request.account_id))\n',
        "        try:\n"
        '            user = await client.read(User, "GET", user_path(args.request.account_id))\n'
        "        except httpx.HTTPStatusError as error:\n"
        "            if error.response.status_code != 401:\n                raise\n"
        '            raise ClientError(message="refused") from error\n',
        "credentials: get_account: bad credentials gave bad_request, not unauthorized",
        alone=True,
    ),
    "an error is read as an empty list": Broken(
        "bad_credentials[list_accounts]",
        '    users, page = await read_page(args, User, "/users")\n',
        '    try:\n        users, page = await read_page(args, User, "/users")\n'
        "    except httpx.HTTPStatusError:\n        users, page = [], None\n",
        "an empty list takes everybody's access away",
    ),
    "missing credentials go unnoticed": Broken(
        "missing_credentials[list_accounts]",
        "        return await super().dispatch(name, request_string)\n",
        "        if '\"auth\": {}' in request_string:\n"
        "            return sdk.ListAccountsResponse(response=[]).model_dump_json()\n"
        "        return await super().dispatch(name, request_string)\n",
        "credentials: list_accounts: a request without credentials gave a success",
        alone=True,
    ),
    "empty credentials list nothing": Broken(
        "missing_credentials[list_resources]",
        '    projects, page = await read_page(args, Project, "/projects")\n',
        "    if not args.auth.token.token:\n        return sdk.ListResourcesResponse(response=[])\n"
        '    projects, page = await read_page(args, Project, "/projects")\n',
        "credentials: list_resources: empty credentials gave a success",
    ),
    "the activity of no account": Broken(
        "shape[get_last_activity]",
        "                    account_id=user.id,\n",
        '                    account_id="",\n',
        "shape: get_last_activity: it has 1 id that cannot identify anything",
    ),
    "a field of another type": Broken(
        "shape[get_account]",
        "        return await super().dispatch(name, request_string)\n",
        "        answer = await super().dispatch(name, request_string)\n"
        '        field = "given_name" if name == "get_account" else "no field"\n'
        """        return re.sub(f'"{field}": *null', f'"{field}":7', answer)\n""",
        "shape: get_account: the response is not one of GetAccountResponse",
        alone=True,
    ),
    "another account than the one asked for": Broken(
        "agreement[get_account]",
        'user = await client.read(User, "GET", user_path(args.request.account_id))\n',
        'user = await client.read(User, "GET", user_path(args.request.account_id))\n'
        '        user = await client.read(User, "GET", user_path("u2"))\n',
        "references: get_account: it answers for 1 account that it was not asked for",
        alone=True,
    ),
    "an account that is found among those of the first page": Broken(
        "agreement[get_account]",
        '        user = await client.read(User, "GET", user_path(args.request.account_id))\n',
        '        window = {"limit": 5, "offset": 0}\n'
        '        users = await client.read(Listing[User], "GET", "/users", params=window)\n'
        "        user = next((each for each in users.items if each.id == args.request.account_id), None)\n"
        '        if user is None:\n            raise NotFoundError(message="?")\n',
        'get_account: {"account_id": "u7"} gave an error: not_found: ?',
    ),
    "an updated account that is called otherwise": Broken(
        "agreement[list_updated_accounts]",
        "updated = [account(user) for user in users]",
        'updated = [account(user.model_copy(update={"name": user.email})) for user in users]',
        "username 'u2@example.com', listed as 'bob'",
    ),
    "a part of the access of an account": Broken(
        "agreement[get_account_entitlement_associations]",
        "        response=[association(one) for one in grants], page=page\n",
        "        response=[association(one) for one in grants if one.project_id], page=page\n",
        "u1 / full / : only in find_entitlement_associations",
    ),
    "the default size of a page, with which a list ends early": Broken(
        "pages[list_accounts]",
        "    if not listing.has_more:\n",
        "    if not listing.has_more or not get_page(args).size:\n",
        "u6: missing in pages of the default size",
    ),
    "a licence that is a role of a project": Broken(
        "references[list_entitlements]",
        "entitlement_type=entitlement.kind,",
        'entitlement_type="project_role",',
        "project_role is of 'project', the resource of ''",
    ),
    "an account that needs no credentials": Broken(
        "bad_credentials[get_account]",
        '        user = await client.read(User, "GET", user_path(args.request.account_id))\n',
        '        user = User(id="u1", name="Ada", email="u1@example.com", status="active")\n',
        "credentials: get_account: bad credentials gave a success",
    ),
    "an account with another status than in the list": Broken(
        "agreement[get_account]",
        "response=account(user))\n",
        'response=account(user.model_copy(update={"status": "invited"})))\n',
        "u1: user_status PENDING, listed as ACTIVE",
    ),
    "an id that is the text of None": Broken(
        "shape[list_entitlements]",
        "integration_specific_id=entitlement.id,",
        "integration_specific_id=str(None),",
        "shape: list_entitlements: it has 6 ids that cannot identify anything",
    ),
    "the record between two pages is skipped": Broken(
        "pages[list_accounts]",
        "offset=end)",
        "offset=end + (size == 3))",
        "missing in pages of 3",
    ),
    "the size is not passed on": Broken(
        "pages[list_accounts]",
        '{"limit": size, "offset": offset}',
        '{"limit": max(size, 2), "offset": offset}',
        "the walk in pages of 1 ended with an error on page 1",
        alone=True,
    ),
    "pages that are longer than asked for": Broken(
        "page_length[list_resources]",
        '    projects, page = await read_page(args, Project, "/projects")\n',
        "    if args.page and args.page.size:\n        args.page.size += 1\n"
        '    projects, page = await read_page(args, Project, "/projects")\n',
        "list_resources: the walk in pages of 1 has 1 page longer than asked for",
        alone=True,
    ),
    "an order that depends on the size": Broken(
        "pages[list_accounts]",
        "response=[account(user) for user in users], page=page",
        "response=[account(user) for user in users[:: -1 if len(users) > 3 else 1]], page=page",
        "the walk in pages of 1 has the records in another order than the walk in pages of 100",
    ),
    "the token of a page leads to itself": Broken(
        "pages[list_accounts]",
        "offset=end)",
        "offset=offset or 1)",
        "does not end",
    ),
    "a malformed token gives the first page": Broken(
        "page_token[list_accounts]",
        '        raise InvalidPageTokenError(message="The page token is malformed") from error\n',
        "        return 0\n",
        "gave the first page again",
        alone=True,
    ),
    "a page of no size is empty": Broken(
        "page_size[list_accounts-0]",
        "    users, page = await read_page",
        "    if get_page(args).size == 0:\n        return sdk.ListAccountsResponse(response=[])\n"
        "    users, page = await read_page",
        "page size 0 gave 0 of 7 records, as a success",
        alone=True,
    ),
    "the first page alone is read": Broken(
        "complete[list_accounts]",
        "response=[account(user) for user in users], page=page",
        "response=[account(user) for user in users], page=None",
        "stopped reading GET /users though the upstream has more: has_more is true",
    ),
    "the accounts of one status are lost": Broken(
        "complete[list_accounts]",
        "response=[account(user) for user in users]",
        'response=[account(user) for user in users if user.status != "suspended"]',
        "complete: list_accounts: it lost 2 of the 7 records that the upstream sent",
    ),
    "every updated account is active": Broken(
        "status[list_updated_accounts]",
        "updated = [account(user) for user in users]",
        'updated = [account(user.model_copy(update={"status": "active"})) for user in users]',
        "status: list_updated_accounts: all 2 statuses of the upstream became ACTIVE",
    ),
    "one status that becomes two": Broken(
        "status[list_accounts]",
        "user_status=STATUSES[user.status],",
        'user_status=STATUSES[user.status if user.id != "u6" else "active"],',
        "status: list_accounts: the upstream's status suspended became 2 statuses",
        alone=True,
    ),
    "the activity of an account is lost": Broken(
        "complete[get_last_activity]",
        "            if user is None or user.last_login is None:\n",
        "            if user is None or user.last_login is None or not activities:\n",
        "complete: get_last_activity: it lost 1 of the 1 record that the upstream sent",
        alone=True,
    ),
    "updated accounts are lost": Broken(
        "complete[list_updated_accounts]",
        "updated = [account(user) for user in users]",
        'updated = [account(user) for user in users if user.id != "u2"]',
        "complete: list_updated_accounts: it lost 1 of the 4 records that the upstream sent",
    ),
    "every account is active": Broken(
        "status[list_accounts]",
        "user_status=STATUSES[user.status],",
        "user_status=sdk.AccountStatus.ACTIVE if user.status != sdk.AccountStatus.ACTIVE else None,",
        "status: list_accounts: all 3 statuses of the upstream became ACTIVE",
    ),
    "associations name the account by another id": Broken(
        "references[find_entitlement_associations]",
        "account_id=grant.user_id,",
        'account_id=f"{grant.user_id}@example.com",',
        "values of account_id in no record of list_accounts",
    ),
    "associations name the entitlement of another resource": Broken(
        "references[get_account_entitlement_associations]",
        "integration_specific_resource_id=grant.project_id,",
        'integration_specific_resource_id="p2",',
        "'full / p2': list_entitlements has it of another resource",
    ),
    "an entitlement of a type that is not declared": Broken(
        "references[list_entitlements]",
        "entitlement_type=entitlement.kind,",
        "entitlement_type=entitlement.kind.upper(),",
        "values of entitlement_type not among the entitlement_types of info",
        alone=True,
    ),
    "an account is not created": Broken(
        "writes[create_account]",
        "            id=user.id,\n",
        '            id="u99",\n',
        "the account 'u99' that it says it created is not in list_accounts",
    ),
    "a new account breaks the list": Broken(
        "writes[create_account]",
        "        user_status=STATUSES[user.status],",
        '        user_status=STATUSES[user.status if user.name != "new" else "new"],',
        "list_accounts: the walk in pages of 100 ended with an error on page 1",
    ),
    "an account is created without its entitlements": Broken(
        "writes[create_account]",
        "for wanted in request.entitlements:",
        "for wanted in request.entitlements[1:]:",
        "it was asked for entitlements that are not read back",
    ),
    "a repeat that finds another account": Broken(
        "writes[create_account]",
        '        user = await client.read(User, "POST", "/users", json=new)\n',
        "        try:\n"
        '            user = await client.read(User, "POST", "/users", json=new)\n'
        "        except httpx.HTTPStatusError as error:\n"
        "            if error.response.status_code != 409:\n                raise\n"
        '            user = await client.read(User, "GET", user_path("u1"))\n'
        "            status = STATUSES[user.status]\n"
        "            created = sdk.CreatedAccount(id=user.id, status=status, created=True)\n"
        "            return sdk.CreateAccountResponse(response=created)\n",
        "- id: 'u8' the first time, 'u1' when repeated",
    ),
    "an update that does nothing": Broken(
        "writes[update_account]",
        'User, "PATCH", user_path(args.request.id), json=change',
        'User, "GET", user_path(args.request.id)',
        "email: asked for 'other@example.com', read back 'u5@example.com'",
    ),
    "a status that is not the one read back": Broken(
        "writes[activate_account]",
        "sdk.ActivatedAccount(status=status",
        "sdk.ActivatedAccount(status=sdk.AccountStatus.PENDING",
        "answered the status PENDING, and ACTIVE is read back",
    ),
    "a deactivation that does nothing": Broken(
        "writes[deactivate_account]",
        '    status = await set_status(args, "suspended")\n',
        "    status = sdk.AccountStatus.SUSPENDED\n",
        "'u1' is read back as ACTIVE, not another status",
    ),
    "a deletion that only suspends": Broken(
        "writes[delete_account]",
        "        await client.delete(user_path(args.request.account_id))\n",
        '        await client.read(User, "PATCH", user_path(args.request.account_id),'
        ' json={"status": "suspended"})\n',
        "it answered the status DELETED, and SUSPENDED is read back",
    ),
    "a deletion that takes another account along": Broken(
        "writes[delete_account]",
        "        await client.delete(user_path(args.request.account_id))\n",
        "        await client.delete(user_path(args.request.account_id))\n"
        '        await client.delete(user_path("u7"))\n',
        "delete_account: it changed 1 other record of list_accounts",
    ),
    "an update that activates": Broken(
        "writes[update_account]",
        '    change = {"email": args.request.email}\n',
        '    change = {"email": args.request.email, "status": "suspended"}\n',
        "user_status: 'ACTIVE' before, 'SUSPENDED' after",
    ),
    "an update that clears what it was to set": Broken(
        "writes[update_account]",
        '    change = {"email": args.request.email}\n',
        '    change = {"email": ""}\n',
        "email: asked for 'other@example.com', read back ''",
    ),
    "an account without the address that was asked for": Broken(
        "writes[create_account]",
        'new = {"email": request.email, "name": request.username}',
        'new = {"email": "", "name": request.username}',
        "email: asked for 'new@example.com', read back ''",
    ),
    "a deactivation that takes the address away": Broken(
        "writes[deactivate_account]",
        'user = await client.read(User, "PATCH", path, json={"status": status})\n',
        'change = {"status": status, "email": "x@example.com"}\n'
        '        user = await client.read(User, "PATCH", path, json=change)\n',
        "email: 'u1@example.com' before, 'x@example.com' after",
    ),
    "an assignment that activates": Broken(
        "writes[assign_entitlement]",
        '        await client.read(Grant, "PUT", path, params=params)\n    return sdk.Assign',
        '        await client.read(Grant, "PUT", path, params=params)\n'
        '        await client.read(User, "PATCH", "/users/u4", json={"status": "active"})\n'
        "    return sdk.Assign",
        "assign_entitlement: it changed who is active",
    ),
    "an activation that takes the access of another": Broken(
        "writes[activate_account]",
        '    status = await set_status(args, "active")\n',
        '    status = await set_status(args, "active")\n    async with Client(args) as client:\n'
        '        await client.delete("/users/u1/grants/full", params={"project_id": ""})\n',
        "activate_account: it changed 1 other record of find_entitlement_associations",
    ),
    "a repeat that asks for credentials": Broken(
        "writes[create_account]",
        '        user = await client.read(User, "POST", "/users", json=new)\n',
        "        try:\n"
        '            user = await client.read(User, "POST", "/users", json=new)\n'
        "        except httpx.HTTPStatusError as error:\n"
        "            if error.response.status_code != 409:\n                raise\n"
        '            raise AuthenticationError(message="it is there") from error\n',
        "create_account: a repeat gave unauthorized",
    ),
    "an assignment that does nothing": Broken(
        "writes[assign_entitlement]",
        '        await client.read(Grant, "PUT", path, params=params)\n',
        "        pass\n",
        "0 associations read back for u4 / p2-admin / p2",
    ),
    "an unassignment that does nothing": Broken(
        "writes[unassign_entitlement]",
        "        await client.delete(path, params=params)\n",
        "        pass\n",
        "u1 / p2-admin / p2 is still read back",
    ),
    "an unassignment that takes more than was asked for": Broken(
        "writes[unassign_entitlement]",
        "        await client.delete(path, params=params)\n",
        "        await client.delete(path, params=params)\n"
        '        await client.delete("/users/u1/grants/full", params={"project_id": ""})\n',
        "unassign_entitlement: it changed 1 other record of find_entitlement_associations",
    ),
    "a max that nobody keeps to": Broken(
        "max_assignments",
        "    path, params = grant_request(args)\n    async with Client(args) as client:\n"
        '        await client.read(Grant, "PUT", path, params=params)\n',
        '    if args.request.entitlement_type != "licence":\n        path, params = grant_request(args)\n'
        "        async with Client(args) as client:\n"
        '            await client.read(Grant, "PUT", path, params=params)\n',
        "one licence more than its max gave a success",
        alone=True,
    ),
    "an unknown account is deleted": Broken(
        "unknown_id[delete_account]",
        "        await client.delete(user_path(args.request.account_id))\n",
        "        try:\n            await client.delete(user_path(args.request.account_id))\n"
        "        except httpx.HTTPStatusError as error:\n"
        "            if error.response.status_code != 404:\n                raise\n",
        "errors: delete_account: the account_id of nothing that is there gave a success, not not_found",
        alone=True,
    ),
    "an unknown account has no associations": Broken(
        "unknown_id[get_account_entitlement_associations]",
        '    grants, page = await read_page(args, Grant, user_path(args.request.account_id, "grants"))\n',
        "    try:\n"
        '        grants, page = await read_page(args, Grant, user_path(args.request.account_id, "grants"))\n'
        "    except httpx.HTTPStatusError:\n        grants, page = [], None\n",
        "the account_id of nothing that is there gave a success, not not_found",
    ),
    "an unknown account has been active": Broken(
        "unknown_id[get_last_activity]",
        "            if user is None or user.last_login is None:\n",
        "            if user is None:\n"
        '                user = User(id=account_id, name="", email="", status="active", last_login="2024")\n'
        "            if user.last_login is None:\n",
        "the account_ids of nothing that is there gave records",
    ),
    "an invalid request breaks the connector": Broken(
        "invalid_request[get_account]",
        'return bad_request(f"Invalid request: {describe(error)}")',
        'return bad_request("").replace("bad_request", "internal_error")',
        "a request without account_id gave internal_error",
        alone=True,
    ),
    "a failing server is taken for an empty one": Broken(
        "server_error[list_resources-503]",
        '    projects, page = await read_page(args, Project, "/projects")\n',
        '    try:\n        projects, page = await read_page(args, Project, "/projects")\n'
        "    except httpx.HTTPStatusError as error:\n"
        "        if error.response.status_code < 500:\n            raise\n"
        "        projects, page = [], None\n",
        "an upstream that answers 503 gave a success, not service_error",
        alone=True,
    ),
    "an end that cannot be read is taken for the end": Broken(
        "partial_read[list_accounts]",
        '    users, page = await read_page(args, User, "/users")\n',
        '    try:\n        users, page = await read_page(args, User, "/users")\n'
        "    except httpx.HTTPStatusError as error:\n"
        "        if error.response.status_code < 500 or get_page(args).token is None:\n            raise\n"
        "        users, page = [], None\n",
        "list_accounts: an upstream that failed at the last request gave 6 records, as a success",
        alone=True,
    ),
    "a message with the token in it": Broken(
        "bad_credentials[get_account]",
        '        user = await client.read(User, "GET", user_path(args.request.account_id))\n',
        "        try:\n"
        '            user = await client.read(User, "GET", user_path(args.request.account_id))\n'
        "        except httpx.HTTPStatusError:\n"
        "            raise AuthenticationError(message=args.auth.token.token)\n",
        "get_account: the error's message has a secret in it",
    ),
}


def test_a_correct_connector_breaks_no_rule(directory):
    recorded = directory.run("--record-mode=once")
    assert recorded.exit_code == 0, recorded.output
    assert (recorded.outcomes["passed"], recorded.outcomes["skipped"]) == (163, 2)
    replayed = recorded.project.run()
    assert replayed.outcomes == recorded.outcomes
    assert replayed.project == recorded.project


@pytest.mark.parametrize("what", BROKEN)
def test_a_rule_catches_what_breaks_it_when_recorded_and_ever_after(directory, what):
    broken = BROKEN[what]
    project = directory.edit(CONNECTOR, broken.old, broken.new)
    test = f"{CONTRACT}::TestDirectoryContract::test_{broken.rule}"
    recorded = project.run("--record-mode=once", CONTRACT if broken.alone else test)
    failed = re.findall(r"^(?:FAILED|ERROR) .*::test_(\S+)", recorded.output, re.MULTILINE)
    assert broken.rule in failed, recorded.output
    assert {name.partition("[")[0] for name in failed} == {broken.rule.partition("[")[0]}
    assert broken.says in recorded.output
    assert f"  rule:     {broken.rule}: " in recorded.output
    assert "Traceback" not in recorded.output
    assert "open-sesame" not in recorded.output
    replayed = recorded.project.run(test)
    assert (replayed.outcomes["failed"], replayed.outcomes.get("errors")) == (1, None), replayed.output
    assert broken.says in replayed.output


def test_each_rule_has_something_that_it_alone_catches():
    from connector_contract import ConnectorContract
    from connector_contract.standard.rulebook import rules_of

    # One for each will do: it takes a recording of all rules.
    alone = [broken.rule.partition("[")[0] for broken in BROKEN.values() if broken.alone]
    assert sorted(alone) == sorted(rules_of(ConnectorContract))


WAIVED = 'waivers = {"complete[list_accounts]": "suspended users are of another system"}\n    upstream_ids'
LOST = BROKEN["the accounts of one status are lost"]


def test_a_waiver_is_told_and_is_no_failure(directory):
    project = directory.edit(CONNECTOR, LOST.old, LOST.new).edit(CONTRACT, "upstream_ids", WAIVED)
    run = project.run("--record-mode=once", "-kcomplete")
    assert run.exit_code == 0, run.output
    assert (run.outcomes["passed"], run.outcomes["xfailed"]) == (6, 1)
    assert "waived: complete[list_accounts]: suspended users are of another system\n" in run.output
    assert run.project.run("-kcomplete").outcomes == run.outcomes


@pytest.mark.parametrize(
    ("plugin", "options"),
    [("asyncio", ["-oasyncio_mode=auto"]), ("anyio", ["-oanyio_mode=auto"])],
    ids=["asyncio", "anyio"],
)
def test_a_rule_is_judged_alike_by_whichever_plugin_it_is_run(directory, plugin, options):
    """As ``connector scaffold`` has it, pytest-asyncio runs all coroutines."""
    project = directory.edit(CONNECTOR, LOST.old, LOST.new).edit(CONTRACT, "upstream_ids", WAIVED)
    project = project.edit(CONTRACT, '        "list_resources": "items[].id",\n', "")
    rules = "-kcomplete or (bad_credentials and get_account)"
    refused = BROKEN["refused credentials are a bad request"]
    project = project.edit(CONNECTOR, refused.old, refused.new)
    # In a process of its own: anyio does not forget its mode.
    run = project.run("--record-mode=once", rules, *options, plugins=(plugin,), subprocess=True)
    assert (run.exit_code, run.outcomes["failed"]) == (1, 1), run.output
    assert "waived: complete[list_accounts]: suspended users are of another system\n" in run.output
    assert "nothing to check: complete[list_resources]: upstream_ids does not say" in run.output
    assert refused.says in run.output
    assert "Traceback" not in run.output
    replayed = run.project.run(rules, *options, plugins=(plugin,), subprocess=True)
    assert replayed.outcomes == run.outcomes


def test_a_waiver_that_is_not_needed_fails(directory):
    run = directory.edit(CONTRACT, "upstream_ids", WAIVED).run("--record-mode=once", "-kcomplete")
    assert run.outcomes["failed"] == 1
    assert "The waiver of complete[list_accounts] is not needed: the rule holds." in run.output


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("upstream_ids", 'waivers = {"complete[list_accounts]": " "}\n    upstream_ids', "has no reason"),
        ("upstream_ids", 'waivers = {"completeness": "no"}\n    upstream_ids', "waives no rule"),
        ("upstream_ids", 'waivers = {"complete": "no"}\n    upstream_ids', "waives too much"),
        ("upstream_ids", 'waivers = {"info[x]": "no"}\n    upstream_ids', "info is checked once"),
        (
            "upstream_ids",
            'waivers = {"complete[get_account]": "no"}\n    upstream_ids',
            "waives nothing: there is no such check for this connector",
        ),
        (
            "upstream_ids",
            'waivers = {"page_size[list_accounts]": "no"}\n    upstream_ids',
            "there is: page_size[list_accounts-0], page_size[list_accounts--1]",
        ),
        ("upstream_ids", "test_complete = None\n    upstream_ids", "takes the rule complete away"),
        ("upstream_ids", "max_pages = 0\n    upstream_ids", "should be a positive number"),
        ("upstream_ids", "page_sizes = 5\n    upstream_ids", "should be some positive numbers"),
        ("upstream_ids", 'unknown_id = ""\n    upstream_ids', "should be the id of nothing"),
        ("upstream_ids", 'bad_auth = "x"\n    upstream_ids', "bad_auth is 'x', and should be a dict"),
        ('"get_account": {"account_id": "u1"}', '"get_account": "u1"', "should be a dict"),
        (
            '"get_account": {"account_id": "u1"}',
            '"delete_account": {"account_id": "u1"}',
            "No rule looks at read_requests['delete_account']",
        ),
        (
            "upstream_ids = {",
            'upstream_ids = {"get_account": "id", ',
            "No rule looks at upstream_ids['get_account']",
        ),
        (
            "upstream_ids = {",
            'excluded_ids = {"get_account": {"id": "no"}}\n    upstream_ids = {',
            "No rule looks at excluded_ids['get_account']",
        ),
        ("upstream_ids = {", "upstream_id = {", "Write upstream_ids, if that is what it is."),
        (
            '{"account_id": "u1"}',
            '{"acount_id": "u1"}',
            "has 'acount_id', which is no field of such a request",
        ),
        (
            '"list_accounts": "items[].id"',
            '"list_accounts": {"/users": "items[].id", "/people": "items[].id"}',
            "has '/people', and the connector asked for no such path",
        ),
        (
            '"list_accounts": "items[].id"',
            '"list_accounts": "items[0].id"',
            "upstream_ids['list_accounts'] finds no id of 4 records of list_accounts",
        ),
        (
            "upstream_ids = {",
            'excluded_ids = {"list_accounts": "no"}\n    upstream_ids = {',
            """Write it as excluded_ids['list_accounts'] = {"items[?bot].id": "the reason"}.""",
        ),
        ('"list_accounts": "items[].id"', '"list_account": "items[].id"', "does not have"),
        ('"list_accounts": "items[].id"', '"list_accounts": "items[.id"', "is no JMESPath expression"),
        ('"list_accounts": "items[].id"', '"list_accounts": 7', "should be a JMESPath expression"),
        ("upstream_ids", "page_sizes = (0,)\n    upstream_ids", "should be some positive numbers"),
    ],
)
def test_facts_that_cannot_be_are_one_clear_error(directory, old, new, says):
    run = directory.edit(CONTRACT, old, new).run("--record-mode=once", "-kcomplete or info")
    assert says in run.output
    assert "Traceback" not in run.output
    assert run.exit_code == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"list_accounts": "items[].id"', '"list_accounts": fill_in("the ids")'),
        ('"list_accounts": "items[].[id, status]"', '"list_accounts": fill_in("the ids")'),
    ],
)
def test_a_path_that_is_not_filled_in_is_told_by_the_rule_that_needs_it(directory, old, new):
    imports = "import ConnectorContract, fill_in"
    project = directory.edit(CONTRACT, old, new).edit(CONTRACT, "import ConnectorContract", imports)
    run = project.run("--record-mode=once", "-k[list_accounts] and (complete or status or shape)")
    assert (run.outcomes["failed"], run.outcomes["passed"]) == (1, 2), run.output
    assert "Not filled in yet: the ids" in run.output
    assert "Traceback" not in run.output


def test_statuses_of_ids_that_no_record_has(directory):
    run = directory.edit(CONTRACT, "items[].[id, status]", "items[].[email, status]").run(
        "--record-mode=once", "-kstatus and [list_accounts]"
    )
    assert run.outcomes["failed"] == 1
    assert (
        "upstream_status['list_accounts'] finds ids that no record has, such as 'u1@example.com'."
        in run.output
    )
    assert "the records have ids such as 'u1'" in run.output


def test_a_table_of_statuses_that_changed_is_told_status_by_status(directory):
    rule = "-kstatus and [list_accounts]"
    recorded = directory.run("--record-mode=once", rule).project
    run = recorded.edit(
        CONNECTOR, '"invited": sdk.AccountStatus.PENDING', '"invited": sdk.AccountStatus.ACTIVE'
    )
    run = run.run(rule)
    assert run.outcomes["failed"] == 1
    run.said(
        "status: the table of the statuses is not as its snapshot has it.",
        "rule: status[list_accounts]: Each raw status becomes one Lumos status",
        "- invited: PENDING in the snapshot, ACTIVE now",
        "Mend the mapping; or, if it is meant, accept it with:",
        "pytest --snapshot-update 'test_contract.py::TestDirectoryContract::test_status[list_accounts]'",
    )
    assert "Traceback" not in run.output
    assert run.project.run(rule, "--snapshot-update").outcomes["passed"] == 1


def test_a_table_of_statuses_without_a_snapshot_is_told(directory):
    rule = "-kstatus and [list_accounts]"
    recorded = directory.run("--record-mode=once", rule).project
    run = recorded.remove("snapshots").run(rule)
    assert run.outcomes["failed"] == 1
    run.said("status: the table of the statuses has no snapshot.", "pytest --record-mode=once")
    assert run.project.run(rule, "--record-mode=once").project == recorded


def test_a_table_of_statuses_waits_where_the_list_fails(directory):
    rule = "-kstatus and [list_accounts]"
    recorded = directory.run("--record-mode=once", rule).project
    fails = recorded.edit(
        CONNECTOR,
        "users, page = await read",
        "raise NotFoundError(message='?')\n    users, page = await read",
    )
    run = fails.run(rule, "--record-mode=rewrite")
    assert (run.exit_code, run.outcomes["skipped"]) == (0, 1), run.output
    assert run.project == fails


def test_a_rule_that_fails_keeps_its_old_recording(directory):
    rule = "-kcomplete and [list_accounts]"
    recorded = directory.run("--record-mode=once", rule).project
    broken = BROKEN["the first page alone is read"]
    fails = recorded.edit(CONNECTOR, broken.old, broken.new)
    run = fails.run("--record-mode=rewrite", rule)
    assert run.outcomes["failed"] == 1
    assert broken.says in run.output
    assert run.project == fails


def test_credentials_that_the_upstream_refuses_record_nothing(directory):
    run = directory.edit("conftest.py", "open-sesame", "close-sesame").run(
        "--record-mode=once", "-kcoverage or (pages and list_accounts)"
    )
    assert set(run.outcomes) - {"deselected", "warnings", "warning"} == {"failed"}
    run.said(
        "The upstream refuses the credentials that the connector is given, so nothing was recorded.",
        "rule: coverage[validate_credentials]: ",
        "unauthorized: ",
        "Give it good ones, by the variables that conftest.py reads say, and record again.",
    )
    assert "close-sesame" not in run.output
    assert not run.project.recorded("cassettes")


def test_bad_credentials_that_are_good(directory):
    bad = 'bad_auth = {"token": {"token": "open-sesame"}}\n    upstream_ids = {'
    run = directory.edit(CONTRACT, "upstream_ids = {", bad).run(
        "--record-mode=once", "-kbad and get_account]"
    )
    assert run.outcomes["failed"] == 1
    assert (
        "bad_auth or bad_credentials are those that the connector is recorded with, and good." in run.output
    )


def test_what_a_connector_prints_is_shown_without_secrets(directory):
    broken = BROKEN["a read that finds nothing"]
    prints = "print(args.auth.token.token)\n        " + broken.new
    project = directory.edit(CONNECTOR, broken.old, prints)
    run = project.run("--record-mode=once", "-kcoverage and [get_account]")
    assert run.outcomes["failed"] == 1
    run.said("Captured stdout call", "<token.token>")
    assert "open-sesame" not in run.output


def test_a_connector_that_exits_when_it_is_imported(directory):
    run = directory.edit(CONNECTOR, "import re\n", "import re\nraise SystemExit(3)\n").run(
        "-kcomplete or info"
    )
    assert run.exit_code == 1
    assert "The fixture connector_under_test raised SystemExit: 3" in run.output
    assert "Traceback" not in run.output


def test_a_waiver_of_what_has_nothing_to_check_is_not_needed(directory):
    waived = 'waivers = {"complete[list_accounts]": "no"}\n    upstream_ids'
    project = directory.edit(CONTRACT, '        "list_accounts": "items[].id",\n', "")
    run = project.edit(CONTRACT, "upstream_ids", waived).run("--record-mode=once", "-kcomplete")
    assert run.outcomes["failed"] == 1
    assert (
        "The waiver of complete[list_accounts] is not needed: there is nothing to check, as upstream_ids does"
        in run.output
    )


def test_what_writes_has_an_example_whatever_its_model_requires(directory):
    text = directory.files[CONTRACT].decode()
    start, end = text.index('        "create_account": {'), text.index('        "update_account"')
    run = directory.write(CONTRACT, text[:start] + text[end:]).run("--record-mode=once", "-kcreate_account")
    assert run.outcomes["errors"] == 1
    assert "writes: there is no example of a request for create_account." in run.output
    assert not run.project.recorded("cassettes")


def test_a_write_that_the_tenant_has_no_state_for_is_waived_without_an_example(directory):
    text = directory.files[CONTRACT].decode()
    start, end = text.index('        "create_account": {'), text.index('        "update_account"')
    waived = 'waivers = {"writes[create_account]": "the tenant has no free seat"}\n    upstream_ids = {'
    project = directory.write(CONTRACT, text[:start] + text[end:]).edit(CONTRACT, "upstream_ids = {", waived)
    run = project.run("--record-mode=once", "-kcreate_account and writes")
    assert (run.exit_code, run.outcomes["xfailed"]) == (0, 1), run.output
    assert "waived: writes[create_account]: the tenant has no free seat\n" in run.output


def test_an_expression_that_matches_nothing_shows_what_there_is(directory):
    run = directory.edit(CONTRACT, "items[].id", "users[].id").run("--record-mode=once", "-kcomplete")
    assert (
        "upstream_ids['list_accounts'] = 'users[].id' matches nothing in the 3 recorded bodies." in run.output
    )
    assert "{items: [{id, name, status, last_login, email}], offset, total, has_more}" in run.output


def test_no_records_where_the_upstream_sent_some_is_a_breach_without_any_expression(directory):
    project = directory.edit(CONTRACT, '        "list_accounts": "items[].id",\n', "").edit(
        CONNECTOR, "response=[account(user) for user in users], page=page", "response=[], page=page"
    )
    run = project.run("--record-mode=once", "-kcomplete")
    assert run.outcomes["failed"] == 1
    assert "complete: list_accounts: it has no records, though the upstream sent some." in run.output
    assert "- 3 in GET https://directory.example.com/users?limit=3&offset=0" in run.output


def test_a_list_that_fails_is_told_by_coverage_and_pages_and_the_others_wait(directory):
    project = directory.edit(CONNECTOR, 'read_page(args, User, "/users")', 'read_page(args, User, "/people")')
    run = project.run("--record-mode=once", "-klist_accounts and not credentials and not server_error")
    failed = re.findall(r"^FAILED .*::test_(\S+)", run.output, re.MULTILINE)
    assert failed == [
        "coverage[list_accounts]",
        "pages[list_accounts]",
    ]
    waits = (
        "nothing to check: complete[list_accounts]: list_accounts: the walk in pages of 3 ended with an error"
    )
    assert waits in run.output


def test_a_capability_without_an_example_is_one_failure(directory):
    project = directory.edit(CONTRACT, '        "get_account": {"account_id": "u1"},\n', "")
    run = project.run("--record-mode=once", "-kget_account")
    assert run.outcomes["errors"] == 1
    assert "coverage: there is no example of a request for get_account." in run.output
    assert "it has to have: account_id" in run.output
    assert "nothing to check: shape[get_account]: there is no example" in run.output


@pytest.mark.parametrize(
    ("capability", "old", "new", "why"),
    [
        ("activate_account", '"u3"}', '"u1"}', "the account 'u1' is ACTIVE before"),
        ("deactivate_account", '"u1"}', '"u3"}', "the account 'u3' is not ACTIVE before"),
        ("delete_account", '"u2"}', '"u9"}', "the account 'u9' is not in list_accounts before"),
        ("update_account", '"other@', '"u5@', "the account 'u5' is as it asks for before"),
        ("assign_entitlement", '"u4",', '"u1",', "u1 / p2-admin / p2 is assigned before"),
        ("unassign_entitlement", '"u1",', '"u4",', "u4 / p2-admin / p2 is not assigned before"),
    ],
)
def test_an_example_that_changes_nothing_is_a_mistake(directory, capability, old, new, why):
    text = directory.files[CONTRACT].decode()
    start = text.index(f'"{capability}"', text.index("write_requests"))
    project = directory.write(CONTRACT, text[:start] + text[start:].replace(old, new, 1))
    run = project.run("--record-mode=once", f"-kwrites and [{capability}]")
    assert run.outcomes["failed"] == 1
    assert f"The example of {capability} shows nothing: {why}." in run.output
    assert not run.project.recorded("cassettes")


def test_what_is_left_out_has_a_reason_and_is_there(directory):
    expression = "items[?status=='suspended'].id"
    excluded = f'excluded_ids = {{"list_accounts": {{"{expression}": "elsewhere"}}}}\n    upstream_ids'
    project = directory.edit(CONNECTOR, LOST.old, LOST.new).edit(CONTRACT, "upstream_ids", excluded)
    assert project.run("--record-mode=once", "-kcomplete").exit_code == 0
    run = project.edit(CONTRACT, "suspended'", "gone'").run("--record-mode=once", "-kcomplete")
    assert "finds no id in the recorded bodies, so it is no longer needed" in run.output


def test_a_fixture_that_needs_a_test_is_told(directory):
    project = directory.edit(
        "conftest.py", "def connector_under_test():", "def connector_under_test(tmp_path_factory):"
    )
    run = project.run("--record-mode=once")
    assert run.exit_code == 1
    assert "takes one that there is only while a test runs" in run.output
    assert "Traceback" not in run.output


def test_a_connector_that_does_not_import_is_told_once_for_each_rule(directory):
    run = directory.edit("conftest.py", "from directory_connector", "from no_connector").run()
    assert run.exit_code == 1
    assert run.output.count("Mend what it imports or does; no scenario can run before that.") == 2
    assert run.output.count(" more tests failed for this reason:") == 1
    assert "Traceback" not in run.output


def test_a_fixture_that_cleans_up_after_itself_is_made_and_left(directory):
    cleans_up = """    with contextlib.ExitStack() as stack:
        stack.callback(print, "left")
        yield ConnectorUnderTest"""
    project = directory.edit("conftest.py", "    return ConnectorUnderTest", cleans_up)
    run = project.edit("conftest.py", "import pytest", "import contextlib\n\nimport pytest").run(
        "--collect-only", "-s"
    )
    assert run.exit_code == 0
    assert "test_complete[list_accounts]" in run.output
    assert run.output.count("left\n") == 1
