import os

import httpx

from connector_contract import ConnectorContract

CLIENT = {
    "client_id": "lumos-client",
    "client_secret": os.environ.get("STAFF_CLIENT_SECRET", "sesame-of-the-client"),
}


def log_in(url):
    """The customer's browser, which agrees to everything."""
    return httpx.get(url).headers["location"]


class TestRotatingTokens(ConnectorContract):
    unknown_id = "4040"
    upstream_ids = {
        "list_accounts": "people[].id",
        "list_updated_accounts": "changes[].id",
        "list_activity_records": "logins[].id",
    }
    upstream_status = {
        "list_accounts": "people[].[id, state]",
        "list_updated_accounts": "changes[].[id, state]",
    }
    read_requests = {
        "get_last_activity": {"account_ids": ["101", "104", "105"]},
        "list_activity_records": {"since_date": "2024-04-01T06:00:00Z", "actors": []},
    }
    write_requests = {
        "activate_account": {"account_id": "102"},
        "deactivate_account": {"account_id": "101"},
    }
    oauth_requests = {"handle_authorization_callback": {**CLIENT, "redirect_uri_with_code": log_in}}


async def test_each_refresh_ends_the_tokens_before(lumos, snapshot):
    async def refresh(token):
        return await lumos.call("refresh_access_token", {**CLIENT, "refresh_token": token})

    async def ask(tokens):
        return await lumos.call(
            "validate_credentials", auth={"oauth": {"access_token": tokens["response"]["access_token"]}}
        )

    first = await refresh(os.environ.get("STAFF_REFRESH_TOKEN", "refresh-of-the-tests"))
    assert await ask(first) == snapshot(name="with the first tokens")
    second = await refresh(first["response"]["refresh_token"])
    assert second != first
    assert await ask(second) == snapshot(name="with the second tokens")
    assert await ask(first) == snapshot(name="the first tokens have expired")
    assert await refresh(first["response"]["refresh_token"]) == snapshot(name="the first refresh is used up")
    third = await refresh(second["response"]["refresh_token"])
    assert await ask(third) == snapshot(name="with the third tokens")


async def test_the_logins_are_waited_for(lumos, snapshot):
    request = {"since_date": "2024-04-01T00:00:00Z", "actors": [{"account_id": "101"}, {"account_id": "103"}]}
    assert await lumos.walk("list_activity_records", request, page_size=2) == snapshot
