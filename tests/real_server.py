"""A server that keeps its state from one scenario to the next, as a real one does, and may refuse or die."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from runpy import run_path
from typing import Any

from connector_contract.upstream.server import serving


class RealServer:
    """An application that notes what it is asked.

    Args:
        app: What answers.

    Attributes:
        url: Where it can be reached.
        asked: The methods and paths of all requests.
        dies_at: The number, from 1, of the first request that is not answered as a whole.
        refuses: A status and headers in place of each answer.
        before: Called before each answer.
    """

    def __init__(self, app: Callable[..., Any]) -> None:
        self.url = ""
        self.asked: list[tuple[str, str]] = []
        self.dies_at: int | None = None
        self.refuses: tuple[int, dict[str, str]] | None = None
        self.before: Callable[[], object] = lambda: None
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer as an ASGI application."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        self.asked.append((scope["method"], scope["path"]))
        self.before()
        if self.dies_at is not None and len(self.asked) >= self.dies_at:
            await _send(send, 200, {"content-length": "1000"}, b"{")
            raise ConnectionAbortedError("the server dies")
        if self.refuses is not None:
            await _send(send, *self.refuses, b"")
            return
        await self._app(scope, receive, send)


async def _send(send: Any, status: int, headers: dict[str, str], body: bytes) -> None:
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body, "more_body": bool(body)})


@contextmanager
def real_server(module: Path) -> Iterator[RealServer]:
    """Serve the application of a module's ``create_app`` for as long as the context lasts."""
    server = RealServer(run_path(str(module))["create_app"]())
    # What it does wrong is its own affair.
    with serving(lambda: server, module.parent, report=lambda _error: None) as served:
        server.url = served.url
        yield server
