"""A call is broken as it was recorded. If it needs what an earlier call has left, it follows that one."""

import httpx
import pytest
from connector import generated as sdk
from connector.client import BaseIntegrationClient
from connector.oai.errors import HTTPHandler, InvalidResponseError
from connector.oai.integration import DescriptionData, Integration
from scenario_testing import ORIGIN, application
from sweep_testing import sweep_of

from connector_contract import Upstream
from connector_contract.faults.fault import Outcome

pytestmark = [
    pytest.mark.loopback,
    # The SDK reads it of each error.
    pytest.mark.filterwarnings("ignore:code property is deprecated:DeprecationWarning"),
]

CACHE = {}


def answer(asked):
    if asked.headers.get("if-none-match") == "v1":
        return 304, {}, b""
    return 200, {"ETag": "v1"}, ["u1", "u2"]


class Client(BaseIntegrationClient):
    @classmethod
    def prepare_client_args(cls, args):
        return {"base_url": ORIGIN}

    async def users(self):
        """The users, as they were if the upstream says that this still holds."""
        headers = {"If-None-Match": CACHE["etag"]} if CACHE else {}
        response = await self._http_client.get("/users", headers=headers)
        if CACHE and response.status_code == 304:
            return CACHE["users"]
        response.raise_for_status()
        try:
            users = list(response.json())
        except ValueError as error:
            raise InvalidResponseError(message="no JSON") from error
        CACHE.update(etag=response.headers.get("ETag", ""), users=users)
        return users


async def list_accounts(args: sdk.ListAccountsRequest) -> sdk.ListAccountsResponse:
    async with Client(args) as client:
        users = await client.users()
    return sdk.ListAccountsResponse(
        response=[sdk.FoundAccountData(integration_specific_id=each) for each in users], page=sdk.Page()
    )


async def lists_twice(lumos):
    await lumos.call("list_accounts")
    return await lumos.call("list_accounts")


def second(root, **replayed):
    """The sweep of a call whose recorded request depends on what the one before has left."""
    connector = Integration(
        app_id="cached",
        version="1",
        auth=sdk.TokenCredential,
        exception_handlers=[(httpx.HTTPStatusError, HTTPHandler, None)],
        description_data=DescriptionData(user_friendly_name="Cached", categories=[]),
    )
    connector.register_capabilities({sdk.StandardCapabilityName.LIST_ACCOUNTS: list_accounts})
    upstream = Upstream(origin=ORIGIN, app=lambda: application(answer))
    return sweep_of(
        connector,
        upstream,
        lists_twice,
        root,
        2,
        replayed,
        reset=CACHE.clear,
        match_headers=["If-None-Match"],
    )


def test_a_call_that_asks_otherwise_alone_is_broken_after_those_before_it(tmp_path):
    done = second(tmp_path)
    assert done.why_not == ""
    (failed,) = (row for row in done.rows if row.fault == "status-503")
    assert failed.outcome is Outcome.AS_EXPECTED


def test_a_call_that_asks_otherwise_in_any_case_is_not_broken_if_the_connector_is_reset(tmp_path):
    done = second(tmp_path, match_headers=())
    assert (
        done.why_not == f"replayed alone, it gives what was recorded, and never asks for GET {ORIGIN}/users"
    )
    assert (done.rows, done.is_changed) == ([], False)


def test_without_a_reset_each_fault_asks_for_one(tmp_path):
    done = second(tmp_path, match_headers=(), reset=None)
    found = [row for row in done.rows if row.is_finding]
    assert {row.outcome for row in found} == {Outcome.NOT_FIRED}
    assert all("ConnectorUnderTest(reset=...)" in row.remedy for row in found)
