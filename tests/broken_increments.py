"""What can be wrong with custom attributes and increments, in the connectors of the zoo that have these."""

from __future__ import annotations

from functools import partial

from broken_connectors import Broken

_Attributes = partial(Broken, kind="attributes")
_Increments = partial(Broken, kind="increments")

_SINCE = '        asked = {"since": in_utc(request.since)}\n'
_UPDATED = """    changes, page = await read_page(args, Changes, "/changes", **asked)
    return sdk.ListUpdatedAccountsResponse(
        response=sdk.UpdatedAccounts(
            accounts=[account(user) for user in changes.items],
"""
_GIVEN = '            cursor=f"change-{changes.last}",\n'
"""Where a cursor is given, all there is may come in any case."""

BROKEN_INCREMENTS = {
    "attributes that are not asked for": _Attributes(
        "attributes[list_accounts]",
        '    users, page = await read_page(args, User, "/users", args.request.custom_attributes or ())\n',
        '    users, page = await read_page(args, User, "/users")\n',
        "attributes: list_accounts: no record has a value of 4 declared custom attributes",
    ),
    "an attribute that is lost": _Attributes(
        "attributes[list_entitlements]",
        "                custom_attributes=texts(role),\n",
        '                custom_attributes={k: v for k, v in texts(role).items() if k != "level"},\n',
        "attributes: list_entitlements: no record has a value of 1 declared custom attribute",
    ),
    "all attributes, whichever are asked for": _Attributes(
        "attributes[list_credentials]",
        'read_page(args, Key, "/keys", args.request.custom_attributes or ())',
        'read_page(args, Key, "/keys", ["rotated", "uses"] if args.request.custom_attributes else ())',
        "attributes: list_credentials: it gives 1 custom attribute beside those that were asked for",
        alone=True,
    ),
    "attributes that nobody asked for": _Attributes(
        "attributes[get_account]",
        "field=args.request.custom_attributes or []",
        'field=args.request.custom_attributes or ["team"]',
        "attributes: get_account: asked for none, it gives 1 custom attribute",
    ),
    "text in place of JSON": _Attributes(
        "attributes[list_credentials]",
        "custom_attributes=dict(key.fields)",
        "custom_attributes=texts(key)",
        "k1 / key:k1: rotated is 'false', declared as boolean",
    ),
    "text that cannot be read": _Attributes(
        "attributes[list_accounts]",
        "    return str(value).lower() if isinstance(value, bool) else str(value)\n",
        '    return ("yes" if value else "no") if isinstance(value, bool) else str(value)\n',
        "u1: remote is 'yes', declared as boolean",
    ),
    "attributes of no room": _Attributes(
        "attributes[find_resource_graph]",
        "sdk.CustomAttribute(record_id=id_,",
        'sdk.CustomAttribute(record_id=f"room:{id_}",',
        "values of custom attributes belong to records that are not there",
    ),
    "an account that has other attributes": _Attributes(
        "attributes[get_account]",
        "    return sdk.GetAccountResponse(response=account(user))\n",
        '    user.fields.pop("remote", None)\n    return sdk.GetAccountResponse(response=account(user))\n',
        "attributes: get_account: it disagrees with list_accounts in custom attributes",
    ),
    "attributes of what is not listed": _Attributes(
        "attributes[list_custom_attributes_schema]",
        '    "key": sdk.CustomAttributeCustomizedType.CREDENTIAL,\n',
        '    "key": sdk.CustomAttributeCustomizedType.NON_HUMAN_ACCOUNT,\n',
        "no capability can be asked for 2 custom attributes that it declares",
    ),
    "a cursor that is not sent": _Increments(
        "cursor[list_updated_accounts]",
        '        asked = {"after": number_of(request.cursor)}\n',
        "        number_of(request.cursor)\n",
        "list_updated_accounts: with the cursor that it gave, it gives 4 accounts again, unchanged",
        alone=True,
    ),
    "a cursor of before the last change": _Increments(
        "cursor[list_updated_accounts]",
        'cursor=f"change-{changes.last}"',
        'cursor=f"change-{changes.last - 1}"',
        "with the cursor that it gave, it gives 1 account again, unchanged",
    ),
    "an unknown cursor means that nothing has changed": _Increments(
        "cursor[list_updated_accounts]",
        "    request, asked = args.request, {}\n",
        "    request, asked = args.request, {}\n"
        '    if request.cursor and not request.cursor.startswith("change-"):\n'
        "        return sdk.ListUpdatedAccountsResponse(response=sdk.UpdatedAccounts(accounts=[]))\n",
        "a cursor that was never handed out gave a success without 3 accounts",
    ),
    "an unknown cursor is a crash": _Increments(
        "cursor[list_updated_accounts]",
        'if not cursor.startswith("change-") or not cursor.removeprefix("change-").isdecimal():',
        "if not cursor:",
        "a cursor that was never handed out gave internal_error (ValueError)",
    ),
    "a cursor after which nothing ever changes": _Increments(
        "updates[update_account]",
        "            accounts=[account(user) for user in changes.items],\n",
        "            accounts=[account(user) for user in changes.items if request.cursor is None],\n",
        "list_updated_accounts: after update_account, 'u3' is not among the accounts that have changed",
        alone=True,
    ),
    "since is not sent": _Increments(
        "filters[list_updated_accounts]",
        _SINCE + _UPDATED + _GIVEN,
        "        in_utc(request.since)\n" + _UPDATED,
        "it gives 4 records outside of what has changed since 2099-01-01T00:00:00Z",
    ),
    "actors by their e-mail": _Increments(
        "references[list_activity_records]",
        "actor=sdk.ActivityRecordActor(account_id=event.user)",
        'actor=sdk.ActivityRecordActor(account_id={"u1": "alice@example.com"}.get(event.user, event.user))',
        "references: list_activity_records: 1 value of account_id is another field of an account",
    ),
    "actors are not sent": _Increments(
        "filters[list_activity_records]",
        "**asked, user=actors)",
        "**asked)",
        "increments: list_activity_records: it gives 1 record outside of what was asked for, "
        "from 2024-04-05T09:30:00Z of u1",
        alone=True,
    ),
    "a later time is sent": _Increments(
        "filters[list_activity_records]",
        'asked = {"since": time_of(args.request.since_date)}',
        'asked = {"since": time_of(args.request.since_date).replace("04-05", "04-10")}',
        "it leaves out",
    ),
    "the end of the range is not sent": _Increments(
        "filters[list_expenses]",
        '(("first", first), ("last", last))',
        '(("first", first),)',
        "it gives 1 record outside of what was asked for, from 2024-01-31 until 2024-02-14",
    ),
    "times of activities without a zone": _Increments(
        "shape[list_activity_records]",
        "                timestamp=event.at,\n",
        '                timestamp=event.at.removesuffix("Z"),\n',
        "shape: list_activity_records: 5 times are without a zone",
    ),
    "amounts with thousands": _Increments(
        "shape[list_expenses]",
        'f"{amount:.2f}"',
        'f"{amount:,.2f}"',
        "shape: list_expenses: 1 amount is not decimal",
    ),
    "currencies in small letters": _Increments(
        "shape[list_expenses]",
        "currency=each.currency",
        "currency=each.currency.lower()",
        "shape: list_expenses: 4 currencies are not in ISO 4217",
    ),
    "the recency of what Lumos does not know": _Increments(
        "recency[get_data_recency]",
        '"list_activity_records": copied.events}',
        '"list_events": copied.events}',
        "increments: get_data_recency: 1 name is not of a standard capability",
        alone=True,
    ),
    "data of tomorrow": _Increments(
        "recency[get_data_recency]",
        "when and datetime.fromisoformat(when)",
        "when and datetime.fromisoformat(when).replace(year=2999)",
        "increments: get_data_recency: 1 time is in the future",
    ),
}
