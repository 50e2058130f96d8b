"""A server on a free loopback port that speaks HTTP/2 alone, and says what it was sent."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any


class Http2Server:
    """The server.

    Attributes:
        origin: Its URL.
        seen: Method, path, headers and body of each request.
    """

    def __init__(self, listening: socket.socket) -> None:
        self.origin = f"http://127.0.0.1:{listening.getsockname()[1]}"
        self.seen: list[tuple[str, str, dict[str, str], bytes]] = []
        self._listening = listening

    def serve(self) -> None:
        """Answer until the socket is closed."""
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                with connection:
                    self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        h2 = import_module("h2.connection")
        events = import_module("h2.events")
        state = h2.H2Connection(import_module("h2.config").H2Configuration(client_side=False))
        state.initiate_connection()
        streams: dict[int, tuple[dict[str, str], bytearray]] = {}
        connection.sendall(state.data_to_send())
        while data := connection.recv(65536):
            for event in state.receive_data(data):
                if isinstance(event, events.RequestReceived):
                    headers = {_text(name): _text(value) for name, value in event.headers}
                    streams[event.stream_id] = headers, bytearray()
                elif isinstance(event, events.DataReceived):
                    streams[event.stream_id][1].extend(event.data)
                elif isinstance(event, events.StreamEnded):
                    self._answer(state, event.stream_id, *streams.pop(event.stream_id))
            connection.sendall(state.data_to_send())

    def _answer(self, state: Any, stream: int, headers: dict[str, str], body: bytes) -> None:
        method, path = headers[":method"], headers[":path"]
        self.seen.append((method, path, headers, bytes(body)))
        content = json.dumps({"method": method, "path": path, "body": body.decode("latin-1")}).encode()
        state.send_headers(stream, [(":status", "200"), ("content-type", "application/json")])
        state.send_data(stream, content, end_stream=True)


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("latin-1")


@contextmanager
def http2_server() -> Iterator[Http2Server]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = Http2Server(listening)
        thread = threading.Thread(target=server.serve, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()
