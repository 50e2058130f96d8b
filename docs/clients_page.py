"""Write docs/clients.md from what the tests run with each HTTP client: ``python docs/clients_page.py``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

PAGE = Path(__file__).with_name("clients.md")
sys.path.insert(0, str(PAGE.parent.parent / "tests"))

from client_features import FEATURES  # noqa: E402 - they are beside the tests
from client_table import CLIENTS, cell  # noqa: E402

HEAD = """# HTTP clients

A connector may ask its upstream with any of these. What it gets is the same without the harness, in a
recording, and in a replay. A test of the harness makes each request of this table three times, against a
server on this machine, and compares what the connector sees and what the server is asked. botocore (boto3)
and httplib2 are recorded as urllib3 and `http.client` are, which they are built on.

- **yes**: recorded and replayed.
- **refused**: the recording is refused with an error that says so; it is never saved without it.
- **-**: the client does not offer it.
"""

AFTER = """
## What is refused, and what to do

- **Tornado** sends and reads bodies in parts, and follows redirects, where the harness cannot see it. Pass
  the body as a whole, read the response as a whole, and pass `follow_redirects=False`.
- **A timeout of the client that the connector survives** is recorded with httpx and aiohttp: the request
  counts as given up ([strict replay](recording.md#strict-replay)), and the replay runs into the client's
  timeout again, at no cost of time. With the others, have the client allow more time.
- **A server that is not there** has no response to record. To see what the connector makes of it, the rules
  of the [standard contract](contract.md) play its absence.
- **A proxy that the connector sets** is known for httpx and aiohttp. For another client, have the environment
  name it while you record: `HTTPS_PROXY`, `HTTP_PROXY`.
- **A WebSocket** is not a request with a response, whichever client opens it.

The harness does not see a connector that uses `httpcore` itself, below httpx: such a recording is refused by
the replay that proves it. Use httpx.

From an application that the harness serves, and from `--upstream-url`, only httpx and aiohttp can be
recorded; the others reach only a real server at the declared origin. Their replays are alike.

A response in a coding that a client does not know (`br`, `zstd`, by what is installed) reaches the connector
as it was sent, in a replay, too.

## One event loop for each test

Each test has an event loop of its own, and so has the replay that proves a recording. The connections of an
asynchronous client work only in the loop that they were opened in. A connector that keeps a client in its
module, or in a cache, ends in "Event loop is closed" in the second test. The harness says so in its own
words:

    The connector uses one httpx.AsyncClient in several event loops.

Make the client in the capability, as connector-py's clients are made. If the connector is to keep it, give
the harness a function that makes it forget the client: `ConnectorUnderTest(reset=...)`. The harness calls it
before each scenario and before each replay.

| a client that is kept | while recording | in a replay |
|---|---|---|
| `httpx.AsyncClient` | refused from the second test on, if a connection is left | works: nothing is sent |
| `aiohttp.ClientSession` | refused in the first test, by the proof | refused from the second test on |
| Tornado's `AsyncHTTPClient()` | works: Tornado keeps one for each loop | works |
| the same with `force_instance=True` | refused from the second test on | works |
| `requests`, `urllib3`, `httpx.Client` | works: they have no event loop | works |

What is asked at the same time is stored in one order: [requests at the same
time](recording.md#requests-at-the-same-time).
"""


def page() -> str:
    """The page, as Markdown."""
    return "\n".join([HEAD, *_table()]) + "\n" + AFTER


def _table() -> Iterator[str]:
    names = [(client.__doc__ or "").rstrip(".").replace("``", "`") for client in CLIENTS]
    yield "| | " + " | ".join(names) + " |"
    yield "|---" * (len(names) + 1) + "|"
    for feature, text in FEATURES.items():
        yield f"| {text} | " + " | ".join(cell(client, feature) for client in CLIENTS) + " |"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
