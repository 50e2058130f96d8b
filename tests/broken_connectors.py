"""What can be wrong with a connector: one in harness/directory or harness/zoo, broken in one way each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Broken:
    """One thing broken in the connector, the rule that has to say so, and what it has to say.

    ``alone`` if no other rule says anything. ``kind`` is the connector's in the zoo; empty for the directory.
    """

    rule: str
    old: str
    new: str
    says: str
    alone: bool = False
    kind: str = ""


# An account is looked for if its address is taken.
TAKEN = """\
        try:
            user = await client.read(User, "POST", "/users", json=new)
        except httpx.HTTPStatusError as error:
            if error.response.status_code != 409:
                raise
            window = {"limit": 100, "offset": 0}
            users = await client.read(Listing[User], "GET", "/users", params=window)
            user = next(each for each in users.items if each.email == new["email"])
"""

BROKEN = {
    "a stub": Broken(
        "coverage[get_account]",
        'user = await client.read(User, "GET", user_path(args.request.account_id))\n',
        "raise NotImplementedError\n",
        "coverage: get_account: it is registered, but not implemented",
        alone=True,
    ),
    "a write that is a stub": Broken(
        "writes[delete_account]",
        "        await client.delete(user_path(args.request.account_id))\n",
        "        raise NotImplementedError\n",
        "writes: delete_account: it is registered, but not implemented",
        alone=True,
    ),
    "an entitlement that does not exist is left out": Broken(
        "unknown_entitlement[create_account]",
        '            await client.read(Grant, "PUT", path, params=params)\n',
        "            try:\n"
        '                await client.read(Grant, "PUT", path, params=params)\n'
        "            except httpx.HTTPStatusError as error:\n"
        "                if error.response.status_code != httpx.codes.NOT_FOUND:\n"
        "                    raise\n",
        "writes: create_account: an account with the entitlement 'p9-admin', which does not exist, gave a "
        "success",
        alone=True,
    ),
    "a list that is a stub": Broken(
        "coverage[list_resources]",
        '    projects, page = await read_page(args, Project, "/projects")\n',
        "    projects, page = [], None\n",
        "coverage: list_resources: it returns an empty list without asking the upstream",
    ),
    "accounts that were made up": Broken(
        "coverage[get_account]",
        '        user = await client.read(User, "GET", user_path(args.request.account_id))\n',
        '        user = User(id="u1", name="Ada", email="u1@example.com", status="active")\n',
        "coverage: get_account: it returns accounts without asking the upstream",
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
        "coverage: get_account: its example gave an error: not_found",
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
        "info: its example gave an error: internal_error: ValueError: no types today",
    ),
    "a tenant id from the settings": Broken(
        "credentials",
        "unique_tenant_id=tenant.tenant_id",
        "unique_tenant_id=get_settings(args, Settings).url",
        "is in no response of the upstream",
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
        "an empty list takes away everybody's access",
    ),
    "missing credentials go unnoticed": Broken(
        "missing_credentials[list_accounts]",
        "        return await super().dispatch(name, request_string)\n",
        "        if name == 'list_accounts' and '\"auth\": {}' in request_string:\n"
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
        "shape: get_account: the response is not a valid GetAccountResponse",
        alone=True,
    ),
    "another account than the one asked for": Broken(
        "agreement[get_account]",
        'user = await client.read(User, "GET", user_path(args.request.account_id))\n',
        'user = await client.read(User, "GET", user_path(args.request.account_id))\n'
        '        user = await client.read(User, "GET", user_path("u2"))\n',
        "references: get_account: it returns 1 account that it was not asked for",
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
        "the walk in pages of 1 does not begin as the walk in pages of 100: a record is lost or moved",
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
    "a page token of another list is taken": Broken(
        "page_token[list_accounts]",
        "    if pagination.endpoint != endpoint:\n"
        '        raise InvalidPageTokenError(message="The page token is one of another list")\n',
        "",
        "pages: list_accounts: the page token of list_updated_accounts gave a success",
    ),
    "a page token of another list is the first page": Broken(
        "page_token[list_accounts]",
        '        raise InvalidPageTokenError(message="The page token is one of another list")\n',
        "        return 0\n",
        "the page token of list_updated_accounts gave the first page again",
    ),
    "the token is sent in the query": Broken(
        "secret_in_url[list_accounts]",
        '        params = {"limit": size, "offset": offset}\n',
        '        params = {"limit": size, "offset": offset, "access_token": get_token_auth(args).token}\n',
        "credentials: list_accounts: it sends a secret in a URL",
    ),
    "an id is a part of the path as it is": Broken(
        "unknown_id[get_account]",
        '"/".join(["/users", quote(user_id, safe=""), *',
        '"/".join(["/users", user_id, *',
        "errors: get_account: the id 'no-such-one/b?c#d %2F..' of account_id is not escaped",
    ),
    "an id whose slashes stay": Broken(
        "unknown_id[delete_account]",
        '"/".join(["/users", quote(user_id, safe=""), *',
        '"/".join(["/users", quote(user_id), *',
        "errors: delete_account: the id 'no-such-one/b?c#d %2F..' of account_id is not escaped",
    ),
    "the first of several ids alone is asked for": Broken(
        "together[get_last_activity]",
        "for account_id in args.request.account_ids]\n        if users",
        "for account_id in args.request.account_ids[:1]]\n        if users",
        "references: get_last_activity: u1, u4",
    ),
    "several accounts have the activity of the first": Broken(
        "together[get_last_activity]",
        "                    account_id=user.id,\n",
        "                    account_id=args.request.account_ids[0],\n",
        "asked for together, are not answered as each alone",
        alone=True,
    ),
    "a time is taken for one of another zone": Broken(
        "shape[get_last_activity]",
        "                    happened_at=user.last_login,\n",
        '                    happened_at=user.last_login.replace("Z", "+02:00"),\n',
        "in another zone than the upstream has it",
    ),
    "what the token may not do is taken for nothing": Broken(
        "server_error[list_resources-403]",
        '    projects, page = await read_page(args, Project, "/projects")\n',
        '    try:\n        projects, page = await read_page(args, Project, "/projects")\n'
        "    except httpx.HTTPStatusError as error:\n"
        "        if error.response.status_code != 403:\n            raise\n"
        "        projects, page = [], None\n",
        "errors: list_resources: an upstream that responds with 403 gave a success, not permission_denied",
    ),
    "a limit is a crash": Broken(
        "server_error[get_account-429]",
        '        user = await client.read(User, "GET", user_path(args.request.account_id))\n',
        "        try:\n"
        '            user = await client.read(User, "GET", user_path(args.request.account_id))\n'
        "        except httpx.HTTPStatusError as error:\n"
        "            if error.response.status_code != 429:\n                raise\n"
        '            raise ValueError("slow down") from error\n',
        "errors: get_account: an upstream that responds with 429 gave internal_error, not rate_limit",
    ),
    "a later page that the token may not read ends the list": Broken(
        "partial_read[list_entitlements]",
        '    entitlements, page = await read_page(args, Entitlement, "/entitlements")\n',
        '    try:\n        entitlements, page = await read_page(args, Entitlement, "/entitlements")\n'
        "    except httpx.HTTPStatusError as error:\n"
        "        if error.response.status_code != 403 or get_page(args).token is None:\n            raise\n"
        "        entitlements, page = [], None\n",
        "errors: list_entitlements: an upstream that failed at page 2 gave 1 record, as a success",
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
        "stopped reading GET /users although the upstream has more: has_more is true",
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
    "a creation that returns who is there": Broken(
        "existing_account[create_account]",
        '        user = await client.read(User, "POST", "/users", json=new)\n',
        TAKEN + "            status = STATUSES[user.status]\n"
        "            created = sdk.CreatedAccount(id=user.id, status=status, created=True)\n"
        "            return sdk.CreateAccountResponse(response=created)\n",
        "create_account: a creation with the email of the account 'u1', under another name, gave a success, "
        "with the id of that account",
        alone=True,
    ),
    "a creation that activates who is there": Broken(
        "existing_account[create_account]",
        '        user = await client.read(User, "POST", "/users", json=new)\n',
        TAKEN + '            change = {"status": "suspended"}\n'
        '            await client.read(User, "PATCH", user_path(user.id), json=change)\n'
        "            raise\n",
        "gave an error, and changed that account",
    ),
    "a deactivation that takes the access away": Broken(
        "opposites[deactivate_account]",
        '    status = await set_status(args, "suspended")\n',
        '    status = await set_status(args, "suspended")\n    async with Client(args) as client:\n'
        '        await client.delete(user_path(args.request.account_id, "grants", "full"),'
        ' params={"project_id": ""})\n',
        "activate_account: after deactivate_account, it does not give back 1 record of "
        "find_entitlement_associations",
        alone=True,
    ),
    "a refused unassignment that succeeds": Broken(
        "server_error[unassign_entitlement-403]",
        "        await client.delete(path, params=params)\n",
        "        try:\n            await client.delete(path, params=params)\n"
        "        except httpx.HTTPStatusError as error:\n"
        "            if error.response.status_code != 403:\n                raise\n",
        "errors: unassign_entitlement: an upstream that responds with 403 gave a success",
    ),
    "a deactivation that deletes": Broken(
        "writes[deactivate_account]",
        '    status = await set_status(args, "suspended")\n',
        "    async with Client(args) as client:\n"
        "        await client.delete(user_path(args.request.account_id))\n"
        "    status = sdk.AccountStatus.SUSPENDED\n",
        "'u1' is not in list_accounts afterwards",
    ),
    "an assignment that says it was not needed": Broken(
        "writes[assign_entitlement]",
        "sdk.AssignEntitlementResponse(response=sdk.AssignedEntitlement(assigned=True))",
        "sdk.AssignEntitlementResponse(response=sdk.AssignedEntitlement(assigned=True), "
        "execution_summary=sdk.ExecutionSummary(effect=sdk.NoopEffect(reason='state_already_matches'), "
        "request_fingerprint='1', is_idempotent=True))",
        "its execution summary says noop, and what was read back has changed",
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
        "returned the status PENDING, and ACTIVE is read back",
    ),
    "a deactivation that does nothing": Broken(
        "writes[deactivate_account]",
        '    status = await set_status(args, "suspended")\n',
        "    status = sdk.AccountStatus.SUSPENDED\n",
        "'u1' is ACTIVE when read back, not another status",
    ),
    "a deletion that only suspends": Broken(
        "writes[delete_account]",
        "        await client.delete(user_path(args.request.account_id))\n",
        '        await client.read(User, "PATCH", user_path(args.request.account_id),'
        ' json={"status": "suspended"})\n',
        "it returned the status DELETED, and SUSPENDED is read back",
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
        "errors: delete_account: an unknown account_id gave a success, not not_found",
        alone=True,
    ),
    "an unknown account has no associations": Broken(
        "unknown_id[get_account_entitlement_associations]",
        '    grants, page = await read_page(args, Grant, user_path(args.request.account_id, "grants"))\n',
        "    try:\n"
        '        grants, page = await read_page(args, Grant, user_path(args.request.account_id, "grants"))\n'
        "    except httpx.HTTPStatusError:\n        grants, page = [], None\n",
        "an unknown account_id gave a success, not not_found",
    ),
    "an unknown account has been active": Broken(
        "unknown_id[get_last_activity]",
        "        for user in users:\n            if user is None or user.last_login is None:\n",
        "        for account_id, user in zip(args.request.account_ids, users, strict=True):\n"
        "            if user is None:\n"
        '                user = User(id=account_id, name="", email="", status="active", last_login="2024")\n'
        "            if user.last_login is None:\n",
        "unknown account_ids gave records",
    ),
    "an invalid request breaks the connector": Broken(
        "invalid_request[get_account]",
        'return bad_request(f"Invalid request: {describe(error)}")',
        'return bad_request("").replace("bad_request", "internal_error")',
        "a request without account_id gave internal_error",
        alone=True,
    ),
    "a failing server is taken for one that knows the credentials": Broken(
        "server_error[validate_credentials-503]",
        '        tenant = await client.read(Tenant, "GET", "/me")\n',
        '        try:\n            tenant = await client.read(Tenant, "GET", "/me")\n'
        "        except httpx.HTTPStatusError as error:\n"
        "            if error.response.status_code < 500:\n                raise\n"
        '            tenant = Tenant(tenant_id="unknown")\n',
        "an upstream that responds with 503 gave a success, not service_error",
        alone=True,
    ),
    "an end that cannot be read is taken for the end": Broken(
        "partial_read[list_accounts]",
        '    users, page = await read_page(args, User, "/users")\n',
        '    try:\n        users, page = await read_page(args, User, "/users")\n'
        "    except httpx.HTTPStatusError as error:\n"
        "        if error.response.status_code < 500 or get_page(args).token is None:\n            raise\n"
        "        users, page = [], None\n",
        "list_accounts: an upstream that failed at page 3 gave 6 records, as a success",
        alone=True,
    ),
    "a page in the middle that cannot be read is taken for an empty one": Broken(
        "partial_read[list_accounts]",
        '    users, page = await read_page(args, User, "/users")\n',
        '    try:\n        users, page = await read_page(args, User, "/users")\n'
        "    except httpx.HTTPStatusError as error:\n"
        '        if error.response.status_code < 500 or page_offset(get_page(args).token, "/users") != 3:\n'
        "            raise\n"
        '        following = Pagination(endpoint="/users", offset=6)\n'
        "        users, page = [], NextPageToken.from_paginations([following]).to_page(3)\n",
        "list_accounts: an upstream that failed at page 2 gave 3 records, as a success",
    ),
    "the last page alone may fail": Broken(
        "partial_read[list_accounts]",
        '    users, page = await read_page(args, User, "/users")\n',
        '    try:\n        users, page = await read_page(args, User, "/users")\n'
        "    except httpx.HTTPStatusError as error:\n"
        '        if error.response.status_code < 500 or page_offset(get_page(args).token, "/users") != 6:\n'
        "            raise\n"
        "        users, page = [], None\n",
        "list_accounts: an upstream that failed at page 3 gave 6 records, as a success",
    ),
    "of several requests of a call, a later one may fail": Broken(
        "partial_read[get_last_activity]",
        "        users = [await find_user(client, account_id) for account_id in args.request.account_ids]\n",
        "        users = []\n"
        "        for account_id in args.request.account_ids:\n"
        "            try:\n                users.append(await find_user(client, account_id))\n"
        "            except httpx.HTTPStatusError:\n"
        "                if not users:\n                    raise\n",
        "get_last_activity: an upstream that failed at a later request gave",
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
