"""An upstream on a free loopback port that says what it was sent, and answers oddly where it is asked to."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = bytes | Callable[[dict[str, str]], bytes]
_HEAD = b"HTTP/1.1 200 OK\r\n"
# What is on the wire, by the path that it answers.
ODD = {
    "/latin": _HEAD + b"X-Name: M\xfcller\r\nContent-Length: 2\r\n\r\n{}",
    "/utf8": _HEAD + b"X-Name: M\xc3\xbcller\r\nContent-Length: 2\r\n\r\n{}",
    "/greek": _HEAD + "X-Name: \N{GREEK SMALL LETTER ALPHA}\r\nContent-Length: 2\r\n\r\n{}".encode(),
    "/reason": b"HTTP/1.1 404 Pas trouv\xe9\r\nContent-Length: 2\r\n\r\n{}",
    "/no-reason": b"HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\n{}",
    "/repeated": _HEAD + b"Link: </a>\r\nLink: </b>\r\nX-Many: 1\r\nX-Many: 2\r\nContent-Length: 2\r\n\r\n{}",
    "/utf8-reason": b"HTTP/1.1 200 Trouv\xc3\xa9 \xe2\x82\xac\r\nContent-Length: 2\r\n\r\n{}",
    "/file": _HEAD + b'Content-Disposition: attachment; filename="M\xc3\xbcller \xe2\x82\xac.csv"\r\n'
    b"Content-Length: 2\r\n\r\n{}",
    "/blank": _HEAD + b"X-Blank:\r\nX-Blank: \r\nX-Blank: a\r\nContent-Length: 2\r\n\r\n{}",
    "/order": _HEAD + b"X-A: 1\r\nX-B: 2\r\nX-A: 3\r\nX-a: 0\r\nContent-Length: 2\r\n\r\n{}",
    "/long": _HEAD + b"X-Long: " + b"0123456789" * 700 + b"\r\nContent-Length: 2\r\n\r\n{}",
    "/empty": _HEAD + b"Content-Length: 0\r\n\r\n",
    "/chunked": _HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\n[1,\r\n2\r\n2]\r\n0\r\n\r\n",
    "/204": b"HTTP/1.1 204 No Content\r\n\r\n",
    "/304": b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n',
    "/500": b"HTTP/1.1 500 Broken\r\nContent-Length: 2\r\n\r\n{}",
    "/text": _HEAD + b"Content-Type: text/plain; charset=iso-8859-1\r\nContent-Length: 3\r\n\r\nf\xfcr",
    "/see": b"HTTP/1.1 303 See Other\r\nLocation: /echo?after=303\r\nContent-Length: 0\r\n\r\n",
    "/moved": b"HTTP/1.1 307 Moved\r\nLocation: /echo?after=307\r\nContent-Length: 0\r\n\r\n",
    "/away": b"HTTP/1.1 302 Away\r\nLocation: http://elsewhere.example/\r\nContent-Length: 0\r\n\r\n",
    "/socket": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
}
FOLDED = _HEAD + b"X-Folded: a\r\n  b\r\n\tc\r\nContent-Length: 2\r\n\r\n{}"
_PACKED = gzip.compress(b'{"packed": true}', mtime=0)
ODD["/gzip"] = _HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(_PACKED) + _PACKED


def answer(
    body: bytes, *headers: tuple[str, str], status: str = "200 OK", media_type: str = "application/json"
) -> bytes:
    """An answer on the wire; headers are written in Latin-1."""
    pairs = [("Content-Type", media_type), ("Content-Length", str(len(body))), *headers]
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in pairs)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        body = self._read()
        self.server.seen.append((self.command, self.path, dict(self.headers.items()), body))
        odd = self.server.answers.get(self.path.partition("?")[0])
        if callable(odd):
            odd = odd(dict(self.headers.items()))
        if odd is None:
            said = {"method": self.command, "path": self.path, "body": body.decode("latin-1")}
            said["type"] = self.headers.get("Content-Type")
            text = json.dumps(said).encode()
            odd = _HEAD + b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(text) + text
        self.wfile.write(odd if self.command != "HEAD" else odd.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")

    do_GET = answer  # noqa: N815 - that is what http.server calls
    do_POST = do_PUT = do_HEAD = do_GET  # noqa: N815

    def _read(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


class OddServer(ThreadingHTTPServer):
    """The server.

    Attributes:
        answers: What is on the wire, by the path that it answers, or what gives it for a request's headers.
        seen: Method, path, headers and body of each request.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers = answers
        self.seen: list[tuple[str, str, dict[str, str], bytes]] = []

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@contextmanager
def odd_server(answers: Mapping[str, Answer] = ODD) -> Iterator[OddServer]:
    with OddServer(answers) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
