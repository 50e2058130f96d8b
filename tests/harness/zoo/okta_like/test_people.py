"""What an answer says is asked for again."""

import pytest


@pytest.mark.parametrize("page_size", [5, 100])
async def test_everybody(lumos, snapshot, page_size):
    assert await lumos.walk("list_accounts", page_size=page_size) == snapshot


async def test_each_of_a_page_is_got_by_the_email(lumos):
    page = await lumos.call("list_accounts", page={"size": 7})
    for account in page["response"]:
        got = await lumos.call("get_account", {"account_id": account["email"]})
        assert got["response"] == account


async def test_a_user_name_is_made_of_the_email(lumos):
    for page in await lumos.walk("list_accounts", page_size=100):
        for account in page["response"]:
            assert account["email"].startswith(account["username"] + "@")


async def test_who_is_active_is_not_activated_again(lumos, snapshot):
    page = await lumos.call("list_accounts", page={"size": 10})
    active = next(account for account in page["response"] if account["user_status"] == "ACTIVE")
    assert await lumos.call("activate_account", {"account_id": active["email"]}) == snapshot


async def test_who_exists_is_not_created_again(lumos, snapshot):
    page = await lumos.call("list_accounts", page={"size": 1})
    account = page["response"][0]
    wanted = {name: account[name] or "" for name in ("given_name", "family_name", "email")}
    assert await lumos.call("create_account", {**wanted, "entitlements": []}) == snapshot


async def test_who_is_not_in_a_group_is_not_removed(lumos, snapshot):
    page = await lumos.call("list_accounts", page={"size": 1})
    wanted = {
        "account_integration_specific_id": page["response"][0]["email"],
        "entitlement_type": "group",
        "entitlement_integration_specific_id": "g5",
        "resource_type": "",
        "resource_integration_specific_id": "",
    }
    assert await lumos.call("unassign_entitlement", wanted) == snapshot
