"""What an answer says is asked for again."""

import pytest

ROLE = {
    "entitlement_type": "role",
    "entitlement_integration_specific_id": "role-5",
    "resource_type": "",
    "resource_integration_specific_id": "",
}


@pytest.mark.parametrize("page_size", [5, 100])
async def test_everybody(lumos, snapshot, page_size):
    assert await lumos.walk("list_accounts", page_size=page_size) == snapshot


async def test_each_of_a_page_is_got_by_the_email(lumos):
    page = await lumos.call("list_accounts", page={"size": 12})
    for account in page["response"]:
        got = await lumos.call("get_account", {"account_id": account["email"]})
        assert got["response"] == account


async def test_who_is_looked_up_by_the_email_gets_a_role(lumos, snapshot):
    page = await lumos.call("list_accounts", page={"size": 12})
    for account in page["response"][:10:3]:
        wanted = {**ROLE, "account_integration_specific_id": account["email"]}
        assert (await lumos.call("assign_entitlement", wanted))["response"] == {"assigned": True}
    assert await lumos.call("assign_entitlement", wanted) == snapshot


async def test_who_has_no_role_is_named(lumos, snapshot):
    page = await lumos.call("list_accounts", page={"size": 1})
    wanted = {**ROLE, "account_integration_specific_id": page["response"][0]["email"]}
    assert await lumos.call("unassign_entitlement", wanted) == snapshot


async def test_a_login_is_no_id(lumos, snapshot):
    page = await lumos.call("list_accounts", page={"size": 3})
    nickname = page["response"][2]["extra_data"]["nickname"]
    assert await lumos.call("get_account", {"account_id": nickname}) == snapshot


async def test_who_exists_is_not_created_again(lumos, snapshot):
    page = await lumos.call("list_accounts", page={"size": 1})
    account = page["response"][0]
    wanted = {name: account[name] or "" for name in ("given_name", "family_name", "email")}
    assert await lumos.call("create_account", {**wanted, "entitlements": []}) == snapshot
