"""What an answer says is asked for again."""

import pytest


@pytest.mark.parametrize("page_size", [5, 100])
async def test_everybody(lumos, snapshot, page_size):
    assert await lumos.walk("list_accounts", page_size=page_size) == snapshot


async def test_each_of_a_page_is_got(lumos):
    page = await lumos.call("list_accounts", page={"size": 5})
    for account in page["response"]:
        got = await lumos.call("get_account", {"account_id": account["integration_specific_id"]})
        assert got["response"] == account


async def test_who_is_unknown_is_an_error(lumos, snapshot):
    page = await lumos.call("list_accounts", page={"size": 1})
    login = page["response"][0]["username"]
    assert await lumos.call("get_account", {"account_id": login}) == snapshot


async def test_a_display_name_is_made_of_the_names(lumos):
    for page in await lumos.walk("list_accounts", page_size=100):
        for account in page["response"]:
            names = (account["given_name"], account["family_name"])
            assert account["extra_data"]["display_name"] == " ".join(name for name in names if name)


@pytest.mark.parametrize("number", [0, 3, 6])
async def test_who_exists_is_not_created_again(lumos, snapshot, number):
    page = await lumos.call("list_accounts", page={"size": 7})
    account = page["response"][number]
    wanted = {
        **{name: account[name] or "" for name in ("given_name", "family_name", "email", "username")},
        "entitlements": [],
    }
    assert await lumos.call("create_account", wanted) == snapshot
