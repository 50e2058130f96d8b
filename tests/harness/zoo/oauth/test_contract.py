import os

import httpx

from connector_contract import ConnectorContract

CLIENT = {
    "client_id": "lumos-client",
    "client_secret": os.environ.get("DESK_CLIENT_SECRET", "sesame-of-the-client"),
}


def log_in(url):
    """The customer's browser, which agrees to everything."""
    return httpx.get(url).headers["location"]


class TestOAuth(ConnectorContract):
    upstream_ids = {"list_accounts": "agents[].id"}
    upstream_status = {"list_accounts": "agents[].[id, state]"}
    oauth_requests = {"handle_authorization_callback": {**CLIENT, "redirect_uri_with_code": log_in}}
