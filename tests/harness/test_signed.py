"""A request that is signed, and so another at each moment, is replayed at any other."""

from __future__ import annotations

import pytest

SIGNS = """\
        from base64 import b64encode
        from hashlib import sha256
        from acme_clock import CLOCK
        key, date = get_token_auth(args).token, str(next(CLOCK))
        signature = sha256(f"{{key}} {{date}}".encode()).hexdigest()
        client._http_client.auth = None
        client._http_client.headers.update({{"x-date": date, {header!r}: {value}}})
        page = await"""

SERVER = """
from base64 import b64encode
from hashlib import sha256
from acme_server import create_app as create
from fastapi.responses import JSONResponse


def create_app():
    app = create()
    key = "open-sesame"

    @app.middleware("http")
    async def check(request, call_next):
        date = request.headers.get("x-date", "")
        signature = sha256(f"{{key}} {{date}}".encode()).hexdigest()
        if request.headers.get({header!r}) != {value}:
            return JSONResponse({{}}, 401)
        request.scope["headers"] = [(b"authorization", b"Bearer open-sesame")]
        return await call_next(request)

    return app
"""

# Header, value as both sides make it, and as it is stored.
WAYS = {
    "a basic pair": (
        "authorization",
        "'Basic ' + b64encode(f'{key}:{signature}'.encode()).decode()",
        "Basic <token.token>:<authorization>",
    ),
    "a scheme": (
        "authorization",
        "f'HMAC-SHA256 {key}:{signature}'",
        "HMAC-SHA256 <token.token>:<authorization>",
    ),
    "parameters": (
        "authorization",
        "f'AWS4-HMAC-SHA256 Credential={key}/{date}/eu, Signature={signature}'",
        "AWS4-HMAC-SHA256 <authorization><token.token><authorization>",
    ),
    "a signature alone": ("authorization", "f'Signed {signature}'", "Signed <authorization>"),
    "a header of its own": ("x-signature", "signature", "<x-signature>"),
}
ONE_SECOND = "from itertools import repeat\nCLOCK = repeat(1)\n"
LATER = "from itertools import count\nCLOCK = count(5)\n"


def signing(acme, way, clock):
    header, value, _ = WAYS[way]
    return (
        acme.write("acme_signed.py", SERVER.format(header=header, value=value))
        .write("acme_clock.py", clock)
        .edit("conftest.py", "acme_server:create_app", "acme_signed:create_app")
        .edit("acme_connector.py", "        page = await", SIGNS.format(header=header, value=value))
    )


@pytest.mark.loopback
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("recorded_at", "played_at"), [(ONE_SECOND, LATER), (LATER, ONE_SECOND)])
def test_a_signed_request_is_replayed_at_another_time(acme, way, recorded_at, played_at):
    header, _, shown = WAYS[way]
    run = signing(acme, way, recorded_at).run("--record-mode=once", "test_acme.py::test_walk")
    run.had(passed=1)
    (cassette,) = run.project.recorded("cassettes").values()
    assert cassette.count(f"      {header}:\n      - {shown}\n".encode()) == 2
    assert b"open-sesame" not in cassette
    later = run.project.write("acme_clock.py", played_at)
    later.run("test_acme.py::test_walk").had(passed=1)
    again = later.run("--record-mode=rewrite", "test_acme.py::test_walk")
    assert again.project.recorded("cassettes") == run.project.recorded("cassettes")


@pytest.mark.loopback
@pytest.mark.parametrize("way", WAYS)
def test_a_request_that_is_not_signed_or_with_another_key_is_found_out(acme, way):
    project = signing(acme, way, LATER).run("--record-mode=once", "test_acme.py::test_walk").project
    header, value, shown = WAYS[way]
    unsigned = project.edit("acme_connector.py", f"{header!r}: {value}", "")
    another = project.edit(
        "acme_connector.py", "key, date = get_token_auth(args).token", "key, date = 'another'"
    )
    # Of a signature nobody can tell what it was made with.
    for broken in (unsigned, another)[: 2 if "token.token" in shown else 1]:
        run = broken.run("test_acme.py::test_walk")
        run.had(failed=1)
        run.said(f"header {header}: recorded '{shown}', now")
