"""A tenant of 250 users, in pages of 100 at most: nobody is beyond what the connector reads."""

from __future__ import annotations


async def test_every_account_is_listed_once(lumos):
    pages = await lumos.walk("list_accounts", page_size=250)
    listed = [account["integration_specific_id"] for page in pages for account in page["response"]]
    assert listed == [f"user-{number}" for number in range(1, 251)]


async def test_every_association_is_found_once(lumos):
    pages = await lumos.walk("find_entitlement_associations")
    found = [tuple(association.values()) for page in pages for association in page["response"]]
    # 21 of the users whom the seed writes down, and two of each active one whom it makes.
    assert len(found) == len(set(found)) == 21 + 2 * 190
    assert {"user-1", "user-13", "user-249"} <= {account for account, *_ in found}


async def test_an_account_of_the_last_page_is_found_by_its_email(lumos):
    request = {"email": "user-249@example.com", "display_name": "Ngozi Šimić 249", "entitlements": []}
    response = await lumos.call("create_account", request)
    assert response["response"]["id"] == "user-249"
