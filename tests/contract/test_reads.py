"""What Lumos learns of MockApp: who is there, what there is to have, and who has what."""

from __future__ import annotations

import pytest

LISTS = ["list_accounts", "list_resources", "list_entitlements", "find_entitlement_associations"]


async def test_info(lumos, snapshot):
    assert await lumos.call("info") == snapshot


@pytest.mark.parametrize("capability", LISTS)
async def test_first_page(lumos, snapshot, capability):
    assert await lumos.call(capability, page={"size": 3}) == snapshot


@pytest.mark.parametrize("page_size", [1, 5, 100])
@pytest.mark.parametrize("capability", LISTS)
async def test_every_page(lumos, snapshot, capability, page_size):
    assert await lumos.walk(capability, page_size=page_size) == snapshot


@pytest.mark.parametrize("capability", LISTS)
async def test_default_page_size(lumos, snapshot, capability):
    assert await lumos.call(capability) == snapshot


@pytest.mark.parametrize("size", [0, -1, 101])
async def test_page_size_that_mockapp_does_not_have(lumos, snapshot, size):
    assert await lumos.call("list_accounts", page={"size": size}) == snapshot


async def test_page_token_that_is_none(lumos, snapshot):
    assert await lumos.call("list_accounts", page={"token": "no token"}) == snapshot(name="malformed")
    resources = await lumos.call("list_resources", page={"size": 3})
    token = resources["page"]["token"]
    assert await lumos.call("list_accounts", page={"token": token}) == snapshot(name="of another list")


async def test_accounts_are_the_same_whatever_the_page_size(lumos):
    walks = [await lumos.walk("list_accounts", page_size=size) for size in (2, 7, 100)]
    small, medium, large = ([account for page in walk for account in page["response"]] for walk in walks)
    assert small == medium == large
    assert len({account["integration_specific_id"] for account in large}) == 12


async def test_accounts_of_every_status(lumos, snapshot):
    (page,) = await lumos.walk("list_accounts", page_size=100)
    assert {account["username"]: account["user_status"] for account in page["response"]} == snapshot


async def test_last_activity(lumos, snapshot):
    """One account has logged in, one never has, one is deleted and had, and one is not there (any more)."""
    ids = ["user-1", "user-7", "user-6", "user-404"]
    assert await lumos.call("get_last_activity", {"account_ids": ids}) == snapshot


async def test_last_activity_of_nobody(lumos, snapshot):
    assert await lumos.call("get_last_activity", {"account_ids": []}) == snapshot


async def test_valid_credentials(lumos, snapshot):
    assert await lumos.call("validate_credentials") == snapshot


@pytest.mark.parametrize("account_id", ["acme", "another"])
async def test_credentials_of_the_expected_account(lumos, snapshot, account_id):
    settings = {"api_url": "http://localhost:8000", "account_id": account_id}
    assert await lumos.call("validate_credentials", settings=settings) == snapshot
