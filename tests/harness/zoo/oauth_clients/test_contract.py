from connector_contract import ConnectorContract


class TestOAuthClients(ConnectorContract):
    oauth_requests = {
        "handle_client_credentials_request": {
            "credential_id": "machine",
            "client_id": "lumos-client",
            "client_secret": "sesame-of-the-client",
        }
    }
