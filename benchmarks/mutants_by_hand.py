"""Mutants of MockApp's connector that no rule makes: what people do get wrong."""

from __future__ import annotations

from benchmarks.mutations import Mutant

READ, WRITE, CLIENT = "capabilities_read.py", "capabilities_write.py", "client.py"
PAGES, RESPONSES, USER = "pagination.py", "responses.py", "dto/user.py"
_USERS = "        response=[user.to_account() for user in users.items],\n"
_REQUEST = "            response = await self._http_client.request(method, path, params=params, json=json)\n"
_ARGS = '            "base_url": get_settings(args, MockappSettings).api_url,\n'
_UNDECODED = """            raise InvalidResponseError(
                message=f"MockApp answered {method} {path} with content that cannot be decoded"
            ) from error
"""
_EMPTY_PAGE = '{"items": [], "total": 0, "offset": 0, "has_more": False}'
_UNREADABLE = """        raise InvalidResponseError(
            message=f"MockApp answered {request_line(response)} with what cannot be read: {describe(error)}"
        ) from error
"""
_MALFORMED = '        raise InvalidPageTokenError(message="The page token is malformed") from error\n'
_DELETED = "            user, effect = await client.delete_user(account_id), DeletedEffect()\n"
_SET = "    user = await client.set_user_status(account_id, status)\n"
_HAPPENED = 'self.last_login.isoformat().replace("+00:00", "Z")'
_CAUGHT = "            caught_errors.append(caught)\n"
_PAGE_END = "    if not items.has_more:\n        return None\n"
_GONE = "            except NotFoundError as error:\n"
_NAMED = '{"email": email, "name": name}'


BY_HAND = [
    # What is listed.
    Mutant(
        READ,
        "list_accounts",
        "who is deleted is left out",
        "for user in users.items]",
        'for user in users.items if user.status.value != "deleted"]',
    ),
    Mutant(
        READ, "list_accounts", "the last is lost", "for user in users.items]", "for user in users.items[:-1]]"
    ),
    Mutant(
        READ,
        "list_accounts",
        "the first is lost after a page",
        "for user in users.items]",
        "for user in users.items[pagination.offset > 0 :]]",
    ),
    Mutant(
        READ,
        "list_accounts",
        "the first comes twice",
        "for user in users.items]",
        "for user in [*users.items[:1], *users.items]]",
    ),
    Mutant(
        READ,
        "list_accounts",
        "who has no inactive status is active",
        "user.to_account() for user",
        "user.model_copy(update={'status': type(user.status)('active')}).to_account() for user",
    ),
    Mutant(
        USER,
        "User.to_account",
        "the id is in upper case",
        "integration_specific_id=self.id,",
        "integration_specific_id=self.id.upper(),",
    ),
    Mutant(
        USER,
        "User.to_account",
        "the e-mail is the id",
        "integration_specific_id=self.id,",
        "integration_specific_id=self.email,",
    ),
    Mutant(
        USER,
        "UserLogin.to_last_activity",
        "the time has no zone",
        _HAPPENED,
        "self.last_login.replace(tzinfo=None).isoformat()",
    ),
    Mutant(
        USER,
        "UserLogin.to_last_activity",
        "the time is another zone's",
        _HAPPENED,
        "self.last_login.isoformat().replace('+00:00', '+02:00')",
    ),
    Mutant(
        USER,
        "UserState",
        "an unknown status is active",
        "        if isinstance(value, str) and value not in",
        "        value = value if value in ('inactive', 'deleted') else 'active'\n"
        "        if isinstance(value, str) and value not in",
    ),
    Mutant(
        "dto/entitlement.py",
        "Entitlement.to_entitlement",
        "all are of one type",
        "entitlement_type=self.type.value,",
        'entitlement_type="project_role",',
    ),
    Mutant(
        "dto/entitlement.py",
        "Entitlement.to_entitlement",
        "it is on no resource",
        "integration_specific_resource_id=self.resource_id,",
        'integration_specific_resource_id="",',
    ),
    Mutant("dto/base.py", "Dto", "types are coerced", "strict=True", "strict=False"),
    Mutant("dto/base.py", "Dto", "new fields are refused", 'extra="ignore"', 'extra="forbid"'),
    # Pages.
    Mutant(PAGES, "next_page", "there is never another page", _PAGE_END, "    return None\n"),
    Mutant(PAGES, "next_page", "there is always another page", _PAGE_END, ""),
    Mutant(
        PAGES,
        "next_page",
        "a full page has another one",
        "    if not items.has_more:",
        "    if len(items.items) < size:",
    ),
    Mutant(
        PAGES,
        "next_page",
        "the second page is the last",
        "    if not items.has_more:",
        "    if not items.has_more or current.offset:",
    ),
    Mutant(
        PAGES, "pagination_from_args", "a token is not read", "    if page.token is None:", "    if True:"
    ),
    Mutant(
        PAGES,
        "_decode",
        "a malformed token is the first page",
        _MALFORMED,
        "        return Pagination(endpoint=endpoint, offset=0)\n",
    ),
    Mutant(
        PAGES,
        "_page_size",
        "the size is not read",
        "    return min(page.size, MAX_PAGE_SIZE)",
        "    return 2",
    ),
    # What the upstream answers.
    Mutant(
        CLIENT,
        "MockappClient._send",
        "what cannot be decoded is nothing",
        _UNDECODED,
        f"            return httpx.Response(200, json={_EMPTY_PAGE}, request=httpx.Request(method, path))\n",
    ),
    Mutant(
        RESPONSES,
        "parse",
        "what cannot be read is nothing",
        _UNREADABLE,
        f"        return dto.model_construct(**{_EMPTY_PAGE})\n",
    ),
    Mutant(
        RESPONSES,
        "raise_for_error",
        "only 4xx and 5xx are errors",
        "    if response.is_success:",
        "    if response.status_code < 400:",
    ),
    Mutant(
        RESPONSES, "raise_for_error", "nothing is an error", "    if response.is_success:", "    if True:"
    ),
    Mutant(
        RESPONSES,
        "raise_for_error",
        "404 is a success",
        "    if response.is_success:",
        "    if response.is_success or response.status_code == 404:",
    ),
    Mutant(
        RESPONSES,
        "_retry_after",
        "a date crashes",
        '    return int(seconds) if re.fullmatch(r"[0-9]{1,9}", seconds) else None',
        "    return int(seconds) if seconds else None",
    ),
    Mutant(
        RESPONSES,
        "_retry_after",
        "it is left out",
        '    return int(seconds) if re.fullmatch(r"[0-9]{1,9}", seconds) else None',
        "    return None",
    ),
    Mutant(
        RESPONSES, "_detail", "the token is not hidden", "detail.replace(token, REDACTED)", "(detail + token)"
    ),
    Mutant(
        CLIENT,
        "MockappClient",
        "redirects are followed",
        _ARGS,
        _ARGS + '            "follow_redirects": True,\n',
    ),
    Mutant(CLIENT, "MockappClient", "nothing has a timeout", _ARGS, _ARGS + '            "timeout": None,\n'),
    Mutant(
        CLIENT,
        "MockappClient",
        "the token is in the URL",
        _ARGS,
        _ARGS + '            "params": {"token": _bearer_token(args)},\n',
    ),
    Mutant(CLIENT, "_path", "ids are not escaped", 'quote(segment, safe="")', "segment"),
    Mutant(CLIENT, "_path", "a slash is not escaped", 'quote(segment, safe="")', "quote(segment)"),
    # Retries.
    Mutant(
        CLIENT,
        "MockappClient._send",
        "a lost connection is tried again",
        _REQUEST,
        "            try:\n    " + _REQUEST + "            except httpx.TransportError:\n    " + _REQUEST,
    ),
    Mutant(
        CLIENT,
        "MockappClient._send",
        "it tries for ever",
        _REQUEST,
        _REQUEST + "            while response.status_code == 503:\n    " + _REQUEST,
    ),
    Mutant(
        CLIENT,
        "MockappClient._send",
        "a server error is tried again",
        _REQUEST,
        _REQUEST + "            if response.status_code >= 500:\n    " + _REQUEST,
    ),
    # What is caught.
    Mutant(
        READ,
        "get_last_activity",
        "any error is somebody gone",
        _GONE,
        "            except __import__('connector.oai.errors', fromlist=['e']).ConnectorError as error:\n",
    ),
    Mutant(
        READ,
        "get_last_activity",
        "only the first is asked for",
        "in args.request.account_ids:",
        "in args.request.account_ids[:1]:",
    ),
    Mutant(
        READ,
        "get_last_activity",
        "the second gets the first one's",
        "client.get_user_login(account_id)",
        "client.get_user_login(args.request.account_ids[0])",
    ),
    Mutant(READ, "get_last_activity", "who is gone is an error", _GONE, _GONE + "                raise\n"),
    Mutant(
        READ,
        "validate_credentials",
        "the tenant is a constant",
        "unique_tenant_id=account.id",
        'unique_tenant_id="mockapp"',
    ),
    Mutant(
        READ,
        "validate_credentials",
        "the token is not tried",
        "account = await client.get_account()",
        "account = type('Account', (), {'id': 'acme'})",
    ),
    # Writes.
    Mutant(
        WRITE,
        "create_account",
        "the id is the e-mail",
        "CreatedAccount(id=user.id,",
        "CreatedAccount(id=args.request.email,",
    ),
    Mutant(
        WRITE,
        "create_account",
        "the entitlements are not assigned",
        "_assign_all(client, user, args.request.entitlements)",
        "_assign_all(client, user, [])",
    ),
    Mutant(WRITE, "_assign_all", "the first error ends it", _CAUGHT, _CAUGHT + "            break\n"),
    Mutant(WRITE, "_assign_all", "an error is not told", _CAUGHT, ""),
    Mutant(
        WRITE,
        "_create_or_find",
        "whoever is there is returned",
        "            raise\n        return user, False",
        "            pass\n        return user, True",
    ),
    Mutant(
        CLIENT,
        "MockappClient.create_user",
        "the name is the e-mail",
        _NAMED,
        '{"email": email, "name": email}',
    ),
    Mutant(
        CLIENT,
        "MockappClient.find_user_by_email",
        "only the first page is looked at",
        "            if not page.has_more:\n                return None\n",
        "            return None\n",
    ),
    Mutant(
        WRITE,
        "delete_account",
        "it is only made inactive",
        "await client.delete_user(account_id)",
        "await client.set_user_status(account_id, UserStatus.INACTIVE)",
    ),
    Mutant(
        WRITE,
        "delete_account",
        "nothing is sent",
        _DELETED,
        "            effect = DeletedEffect()\n"
        "            user = user.model_copy(update={'status': UserStatus.DELETED})\n",
    ),
    Mutant(
        WRITE,
        "delete_account",
        "a second time is an error",
        "        if user.status is not UserStatus.DELETED:\n",
        "        if True:\n",
    ),
    Mutant(
        WRITE,
        "_set_status",
        "nothing is sent",
        _SET,
        "    user = user.model_copy(update={'status': status})\n",
    ),
    Mutant(
        WRITE,
        "_set_status",
        "the account is deleted",
        _SET,
        _SET.replace("client.set_user_status(account_id, status)", "client.delete_user(account_id)"),
    ),
    Mutant(
        WRITE,
        "unassign_entitlement",
        "whatever it has is success",
        "            await client.delete_association(association)\n",
        "            pass\n",
    ),
    Mutant(
        WRITE,
        "_assign",
        "it is not looked whether it is there",
        "    if await client.has_association(association):\n        return False\n",
        "",
    ),
    Mutant(
        WRITE,
        "_association",
        "the global resource is not filled in",
        "        resource_id = (await client.get_account()).id\n",
        "        resource_id = 'global'\n",
    ),
    Mutant(
        WRITE,
        "_summary",
        "it always says that nothing was done",
        "        effect=effect,\n",
        "        effect=_noop(),\n",
    ),
    Mutant(
        WRITE,
        "_noop",
        "it always says that it has changed something",
        "    return NoopEffect(reason=NoopEffectReason.STATE_ALREADY_MATCHES)",
        "    return UpdatedEffect()",
    ),
    Mutant(
        "integration.py",
        "(module)",
        "activation deactivates",
        "StandardCapabilityName.ACTIVATE_ACCOUNT: capabilities_write.activate_account",
        "StandardCapabilityName.ACTIVATE_ACCOUNT: capabilities_write.deactivate_account",
    ),
    Mutant(
        "integration.py",
        "(module)",
        "deletion is not there",
        "        StandardCapabilityName.DELETE_ACCOUNT: capabilities_write.delete_account,\n",
        "",
    ),
    Mutant(
        "integration.py",
        "(module)",
        "resource types are not declared",
        "    resource_types=resource_types,\n",
        "",
    ),
]
