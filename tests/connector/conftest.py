"""The connector before a mock server: one in the same process, or one that is served."""

import socket
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import uvicorn
from mockapp_connector.client import MockappClient

import mock_api_server
from tests.connector.connector_testing import Connector


@pytest.fixture
def connector(monkeypatch: pytest.MonkeyPatch) -> Connector:
    """The connector, before a mock server in its first state."""
    connector = Connector(httpx.ASGITransport(mock_api_server.create_app()))
    prepare = MockappClient.prepare_client_args

    async def record(request: httpx.Request) -> None:
        connector.requests.append(request)

    def prepare_client_args(args: Any) -> dict[str, Any]:
        return {**prepare(args), "transport": connector.upstream, "event_hooks": {"request": [record]}}

    monkeypatch.setattr(MockappClient, "prepare_client_args", prepare_client_args)
    return connector


@pytest.fixture
def served() -> Iterator[str]:
    """The URL of a mock server in its first state."""
    config = uvicorn.Config(mock_api_server.create_app(), log_config=None, lifespan="off", ws="none")
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()
