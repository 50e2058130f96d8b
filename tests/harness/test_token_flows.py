"""What the rules of OAuth ask: a login, with a code that works once, and what follows from it."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.loopback
CONNECTOR, SERVER, CONTRACT = "app_connector.py", "app_server.py", "test_contract.py"
OAUTH = "authorization_url or tokens"
TOKENS = "cassettes/test_contract/TestOAuth.test_tokens[handle_authorization_callback].yaml"
# What the tests know, and what the server makes up.
SECRETS = (b"sesame-of-the-client", b"access-of-the-tests", b"c2VzYW1lLW9mLXRoZS1jbGll")
LOG_IN = '"redirect_uri_with_code": log_in'
WRITES_DOWN = """\
        answer = {"access_token": access, "token_type": "Bearer", "expires_in": 3600}
        with open("made_up.txt", "a") as file:
            file.write(f"{access} {refresh} ")
"""
ANSWERS = '        answer = {"access_token": access, "token_type": "Bearer", "expires_in": 3600}\n'
CODE = "        code = secrets.token_urlsafe(12)\n"


@pytest.fixture
def oauth(zoo):
    """The connector with a login, and a server that writes down what it makes up."""
    project = zoo("oauth").edit(SERVER, ANSWERS, WRITES_DOWN)
    wrote = CODE + '        with open("made_up.txt", "a") as file:\n            file.write(f"{code} ")\n'
    verifier = '        digest = hashlib.sha256(fields.get("code_verifier", "").encode()).digest()\n'
    wrote_verifier = wrote.replace(CODE, "").replace("{code}", "{fields.get('code_verifier', '-')}")
    return project.edit(SERVER, CODE, wrote).edit(SERVER, verifier, verifier + wrote_verifier)


def stored(project):
    return {**project.recorded("cassettes"), **project.recorded("snapshots")}


VARIANTS = [(auth, data) for auth in ("basic", "post") for data in ("form", "json", "query")]


@pytest.mark.parametrize(("auth", "data"), VARIANTS)
def test_no_secret_reaches_the_disk_however_it_is_sent(oauth, auth, data):
    project = oauth.edit(SERVER, '"basic", "form"', f'"{auth}", "{data}"')
    project = project.edit(CONNECTOR, "CLIENT_SECRET_BASIC", f"CLIENT_SECRET_{auth.upper()}")
    project = project.edit(CONNECTOR, "FORMDATA", "FORMDATA" if data == "form" else data.upper())
    recorded = project.run("--record-mode=once", "-k", OAUTH, "-v", "--contract-trace")
    # A secret in a URL is a breach. What is stored is free of it all the same.
    outcomes = {"passed": 1, "failed": 1} if data == "query" else {"passed": 2}
    recorded.had(**outcomes)
    made_up = recorded.project.files["made_up.txt"].split()
    assert len(made_up) > 5
    for secret in (*SECRETS, *made_up):
        for name, text in stored(recorded.project).items():
            assert secret not in text, name
        assert secret.decode() not in recorded.output
    replayed = recorded.project.run("-k", OAUTH)
    replayed.had(**outcomes)
    assert replayed.project == recorded.project


def test_what_is_made_up_is_recorded_alike(oauth):
    recorded = oauth.run("--record-mode=once", "-k", OAUTH)
    again = recorded.project.run("--record-mode=rewrite", "-k", OAUTH)
    assert stored(again.project) == stored(recorded.project) != {}


OWN_SCENARIO = """
async def test_my_login(lumos, snapshot):
    asked = {"client_id": "x", "redirect_uri": "https://a.example/b", "state": "s", "scopes": []}
    assert await lumos.call("get_authorization_url", asked) == snapshot
"""


def test_it_replays_in_another_process_where_a_set_has_another_order(oauth):
    project = oauth.write("test_own.py", OWN_SCENARIO)
    scopes = '"agents:read offline"'
    # With these many, hardly two processes have the same order.
    more = " ".join(f"scope-{number}" for number in range(20))
    project = project.edit(CONNECTOR, scopes, f'"agents:read offline {more}"')
    project = project.edit(
        SERVER, '"offline"}\n', '"offline", *(f"scope-{number}" for number in range(20))}\n'
    )
    with pytest.MonkeyPatch.context() as patch:
        runs = []
        for seed in ("1", "2"):
            patch.setenv("PYTHONHASHSEED", seed)
            mode = [] if runs else ["--record-mode=once"]
            project = project if not runs else runs[0].project
            runs.append(project.run(*mode, "-k", f"{OAUTH} or my_login", "-pno:anyio", subprocess=True))
    assert runs[0].exit_code == runs[1].exit_code == 0, runs[1].output
    assert runs[1].project == runs[0].project
    snapshot = runs[0].project.files["snapshots/test_own/test_my_login.json"].decode()
    assert "scope=agents%3Aread+desk%3Aread+offline+scope-0+scope-1+" in snapshot
    assert "code_challenge=<code_challenge>" in snapshot
    assert '"code_verifier": "<code_verifier>"' in snapshot


OWN = """\
call_back = integration.capabilities["handle_authorization_callback"]
Asked = sdk.HandleAuthorizationCallbackRequest


async def own(args: Asked) -> sdk.HandleAuthorizationCallbackResponse:
    {does}
    return await call_back(args)


integration.capabilities["handle_authorization_callback"] = own
integration.register_capabilities(
"""


def calling_back(project, does):
    """A function of the author's own in place of the SDK's, which calls that."""
    return project.edit(CONNECTOR, "integration.register_capabilities(\n", OWN.format(does=does))


@pytest.mark.parametrize("field", ["code_verifier", "client_secret"])
def test_what_is_sent_is_what_was_given(oauth, field):
    project = oauth.edit(SERVER, '"basic", "form"', '"post", "form"')
    project = project.edit(CONNECTOR, "CLIENT_SECRET_BASIC", "CLIENT_SECRET_POST")
    recorded = project.run("--record-mode=once", "-ktokens")
    recorded.had(passed=1)
    other = "another-one-that-nobody-has-given-to-this-connector"
    run = calling_back(recorded.project, f'args.request.{field} = "{other}"').run("-ktokens")
    assert run.outcomes["failed"] == 1, run.output
    run.said(f"form field {field}: recorded '<{field}>', now '<{field}-2>'")


# The code, or what is to stand in its place, from the environment.
FROM_ENVIRONMENT = """
import os

import httpx

from connector_contract import ConnectorContract


class TestOAuth(ConnectorContract):
    oauth_requests = {
        "handle_authorization_callback": {
            "client_id": "lumos-client",
            "client_secret": os.environ.get("DESK_CLIENT_SECRET", ""),
            "redirect_uri_with_code": os.environ.get("DESK_REDIRECT", ""),
            "code_verifier": os.environ.get("DESK_VERIFIER", ""),
        },
    }
"""
VERIFIER = "v" * 43
KNOWN_CODE = """\
        self.codes["code-of-the-tests"] = {
            "redirect_uri": REDIRECT_URI,
            "scope": "agents:read desk:read offline",
            "code_challenge": "KzAaLNXA9iqXwUJnLdGhcr8nNkmUjoGeW2WFgJJMpBc",
        }
        self.refresh: dict[str, set[str]] = {"refresh-of-the-tests": {"agents:read", "desk:read", "offline"}}
"""


@pytest.fixture
def known(zoo):
    """A server with a code that is known in advance, and works once for all times."""
    import hashlib
    from base64 import urlsafe_b64encode

    challenge = urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
    text = KNOWN_CODE.replace("KzAaLNXA9iqXwUJnLdGhcr8nNkmUjoGeW2WFgJJMpBc", challenge)
    project = zoo("oauth").edit(SERVER, "        self.refresh: dict[str, set[str]] = {}\n", text)
    return project.write(CONTRACT, FROM_ENVIRONMENT)


def environment(patch, code="code-of-the-tests"):
    patch.setenv("DESK_CLIENT_SECRET", "sesame-of-the-client")
    patch.setenv("DESK_REDIRECT", f"https://lumos.example.com/oauth/callback?code={code}&state=s1")
    patch.setenv("DESK_VERIFIER", VERIFIER)


def test_a_code_from_the_environment_is_needed_once(known):
    with pytest.MonkeyPatch.context() as patch:
        environment(patch)
        recorded = known.run("--record-mode=once", "-ktokens")
    recorded.had(passed=1)
    for secret in (b"code-of-the-tests", b"sesame-of-the-client", VERIFIER.encode()):
        assert secret not in recorded.project.files[TOKENS]
    replayed = recorded.project.run("-ktokens")
    replayed.had(passed=1)
    assert replayed.project == recorded.project


@pytest.mark.parametrize("missing", ["DESK_CLIENT_SECRET", "DESK_REDIRECT", "DESK_VERIFIER"])
def test_a_recording_without_its_variable_says_what_is_missing(known, missing):
    with pytest.MonkeyPatch.context() as patch:
        environment(patch)
        patch.delenv(missing)
        run = known.run("--record-mode=once", "-ktokens")
    assert (run.outcomes["failed"], run.project.recorded("cassettes")) == (1, {}), run.output
    field = {
        "DESK_CLIENT_SECRET": "client_secret",
        "DESK_REDIRECT": "redirect_uri_with_code",
        "DESK_VERIFIER": "code_verifier",
    }[missing]
    run.said(
        f"oauth: oauth_requests['handle_authorization_callback']['{field}'] is empty, and a recording needs",
        "Set the variable that it is read from.",
        "A replay needs none.",
    )
    assert ("A code works once: log in again for each recording." in run.output) == (
        missing == "DESK_REDIRECT"
    )
    assert "Traceback" not in run.output


def test_a_code_without_its_verifier_is_not_sent(known):
    project = known.edit(CONTRACT, '            "code_verifier": os.environ.get("DESK_VERIFIER", ""),\n', "")
    with pytest.MonkeyPatch.context() as patch:
        environment(patch)
        run = project.run("--record-mode=once", "-ktokens")
    assert (run.outcomes["failed"], run.project.recorded("cassettes")) == (1, {}), run.output
    run.said("oauth_requests['handle_authorization_callback']['code_verifier'] is empty")


def test_a_code_that_was_used_leaves_the_recording_as_it_was(known):
    with pytest.MonkeyPatch.context() as patch:
        environment(patch)
        recorded = known.run("--record-mode=once", "-ktokens")
        environment(patch, code="a-used-code")
        again = recorded.project.run("--record-mode=rewrite", "-ktokens")
    assert again.outcomes["failed"] == 1, again.output
    again.said(
        "oauth: the token server answers invalid_grant",
        "It works once. Give redirect_uri_with_code (and code_verifier) of a new login, and record again.",
    )
    assert again.project == recorded.project
    assert "a-used-code" not in again.output


def test_without_a_request_the_url_alone_is_judged(zoo):
    project = zoo("oauth").write(
        CONTRACT, "from connector_contract import ConnectorContract as TestOAuth  # noqa: F401\n"
    )
    run = project.run("--record-mode=once", "-k", OAUTH)
    run.had(passed=1, skipped=1)
    why = "not recorded: needs a code, in oauth_requests['handle_authorization_callback']"
    assert f"nothing to check: tokens[handle_authorization_callback]: {why}\n" in run.output
    run.project.run("-k", OAUTH).had(passed=1, skipped=1)


def test_a_refresh_token_can_be_given_without_a_code(known):
    text = re.sub(r'"handle_auth.*?        \},', "REFRESH", FROM_ENVIRONMENT, flags=re.DOTALL)
    asked = '"client_id": "lumos-client", "client_secret": "sesame-of-the-client"'
    refresh = f'"refresh_access_token": {{{asked}, "refresh_token": "refresh-of-the-tests"}}'
    project = known.write(CONTRACT, text.replace("REFRESH", refresh))
    recorded = project.run("--record-mode=once", "-ktokens")
    recorded.had(passed=1, skipped=1)
    assert b"refresh-of-the-tests" not in b"".join(stored(recorded.project).values())
    recorded.project.run("-ktokens").had(passed=1, skipped=1)


def test_a_token_server_at_another_origin_is_not_recorded(oauth):
    project = oauth.edit(CONNECTOR, 'token_url=f"{URL}', 'token_url=f"https://login.example.com')
    run = project.run("--record-mode=once", "-ktokens")
    run.had(skipped=1)
    run.said(
        "nothing to check: tokens[handle_authorization_callback]: the token server "
        "https://login.example.com/oauth/token is not at Upstream(origin='https://desk.example.com'); "
        "declare it: Upstream(..., further_origins=['https://login.example.com'])"
    )
    run.project.run("-ktokens").had(skipped=1)


LOGIN_APP = """\
    @app.middleware("http")
    async def check_host(request: Request, call_next):
        # Each of the two servers has its own paths.
        host = "login.example.com" if request.url.path.startswith("/oauth/") else "desk.example.com"
        if request.headers["host"] != host or request.url.scheme != "https":
            return JSONResponse({"error": "wrong_server"}, 404)
        return await call_next(request)

    return app
"""


@pytest.fixture
def elsewhere(oauth):
    """The connector with a token server at an origin of its own."""
    project = oauth.edit(
        CONNECTOR, '_url=f"{URL}/oauth/authorize', '_url="https://login.example.com/oauth/authorize'
    )
    project = project.edit(CONNECTOR, 'token_url=f"{URL}', 'token_url="https://login.example.com')
    project = project.edit(SERVER, "    return app\n", LOGIN_APP)
    served = 'app="app_server:create_app"'
    return project.edit("conftest.py", served, f'{served}, further_origins=["https://login.example.com"]')


def test_a_token_server_at_a_further_origin_is_recorded_and_replayed_strictly(elsewhere):
    recorded = elsewhere.run("--record-mode=once")
    assert recorded.exit_code == 0, recorded.output
    recorded.had(passed=34, skipped=23)
    cassette = recorded.project.files[TOKENS].decode()
    assert "uri: https://login.example.com/oauth/token\n" in cassette
    assert "uri: https://desk.example.com/desk\n" in cassette
    replayed = recorded.project.run()
    assert replayed.outcomes == recorded.outcomes
    assert replayed.project == recorded.project
    moved = recorded.project.edit(CONNECTOR, 'token_url="https://login.', 'token_url="https://desk.')
    run = moved.run("-ktokens")
    run.had(failed=1)
    run.said("origin: recorded https://login.example.com, now https://desk.example.com")


def test_what_is_no_declared_origin_is_not_reached(elsewhere):
    run = elsewhere.edit(CONTRACT, "httpx.get(url)", 'httpx.get(url.replace("login", "log-in"))').run(
        "--record-mode=once", "-ktokens"
    )
    run.had(failed=1)
    run.said(
        "The connector called GET https://log-in.example.com/oauth/authorize, which is not at its declared",
        "origin:     https://desk.example.com",
        "origin:     https://login.example.com",
    )


def test_an_application_that_gives_no_refresh_token_is_a_note(oauth):
    project = oauth.edit(CONNECTOR, "agents:read offline", "agents:read")
    run = project.run("--record-mode=once", "-ktokens")
    run.had(passed=1)
    run.said(
        "refresh_access_token was not called, because handle_authorization_callback hands out no refresh"
    )


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("return 5", "returned no URL with a code"),
        ('return url.replace("response_type=code", "")', "returned no URL with a code"),
        (
            'return httpx.get(url.replace("offline", "unknown")).headers["location"]',
            "the URL says: invalid_scope",
        ),
    ],
)
def test_a_login_that_gives_no_code_is_the_author_s_to_fix(oauth, change, says):
    project = oauth.edit(CONTRACT, 'return httpx.get(url).headers["location"]', change)
    run = project.run("--record-mode=once", "-ktokens")
    assert (run.outcomes["failed"], run.project.recorded("cassettes")) == (1, {}), run.output
    run.said(says)


SCOPES = 'scopes={"validate_credentials": "desk:read", "list_accounts": "agents:read offline"}'


@pytest.mark.parametrize("scopes", ["None", '{"list_accounts": ""}', "lambda args: {}"])
def test_a_connector_that_names_no_scopes_is_asked_for_none_that_the_application_does_not_know(oauth, scopes):
    project = oauth.edit(CONNECTOR, SCOPES, f"scopes={scopes}")
    # What is asked for without scopes may do everything here.
    project = project.edit(SERVER, "if scope not in scopes:", "if scopes and scope not in scopes:")
    run = project.run("--record-mode=once", "-k", OAUTH)
    run.had(passed=2)
    run.project.run("-k", OAUTH).had(passed=2)


OWN_URL = """
import base64, hashlib, secrets
from urllib.parse import urlencode


async def get_authorization_url(args: sdk.GetAuthorizationUrlRequest) -> sdk.GetAuthorizationUrlResponse:
    verifier = secrets.token_urlsafe(48)
    digest = hashlib.sha256(verifier.encode()).digest()
    params = {
        "response_type": "code",
        "client_id": args.request.client_id,
        "redirect_uri": args.request.redirect_uri,
        "scope": "desk:read agents:read offline",
        "state": args.request.state,
        "nonce": secrets.token_hex(8),
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    url = f"{URL}/oauth/authorize?{urlencode(params)}"
    return sdk.GetAuthorizationUrlResponse(
        response=sdk.AuthorizationUrl(authorization_url=url, code_verifier=verifier)
    )


integration = StrictIntegration("""
REGISTERS = "integration.register_capabilities("


def test_a_function_of_the_author_s_own_may_ask_for_its_own_scopes_and_add_a_nonce(oauth):
    project = oauth.edit(CONNECTOR, SCOPES, "scopes=None")
    project = project.edit(CONNECTOR, "\nintegration = StrictIntegration(", OWN_URL)
    own = f'integration.capabilities["get_authorization_url"] = get_authorization_url\n{REGISTERS}'
    project = project.edit(CONNECTOR, REGISTERS, own)
    recorded = project.run("--record-mode=once", "-k", OAUTH)
    recorded.had(passed=2)
    recorded.project.run("-k", OAUTH).had(passed=2)
    again = recorded.project.run("--record-mode=rewrite", "-k", OAUTH)
    assert stored(again.project) == stored(recorded.project)


def test_a_login_that_the_application_refuses_shows_the_scopes(oauth):
    project = oauth.edit(CONNECTOR, "agents:read offline", "agents:read unknown")
    run = project.run("--record-mode=once", "-ktokens")
    run.had(failed=1)
    run.said(
        "the URL says: invalid_scope",
        "the authorization URL asks for the scopes: agents:read, desk:read, unknown",
        "See scopes and pkce of OAuthSettings, if the connector has them. To ask for other scopes:",
        'oauth_requests = {"get_authorization_url": {"scopes": [...]}, ...}',
    )


def test_a_login_may_be_a_coroutine(oauth):
    project = oauth.edit(CONTRACT, "def log_in", "async def log_in")
    project = project.edit(
        CONTRACT,
        '    return httpx.get(url).headers["location"]\n',
        "    async with httpx.AsyncClient() as browser:\n"
        '        return (await browser.get(url)).headers["location"]\n',
    )
    project.run("--record-mode=once", "-ktokens").had(passed=1)


def test_a_stub_is_reported_here(oauth):
    project = calling_back(oauth, "raise NotImplementedError")
    run = project.run("--record-mode=once", "-ktokens")
    assert run.outcomes["failed"] == 1, run.output
    run.said("oauth: handle_authorization_callback: a fresh code gave an error: ")


def test_tokens_come_after_the_writes_and_before_wrong_credentials(oauth):
    project = oauth.edit("conftest.py", ', app="app_server:create_app"', "")
    plan = project.run("--record-mode=once", "--record-plan", "-k", "tokens or bad_credentials or coverage")
    plan.said("shared reads", "tokens", "test_tokens[handle_authorization_callback]", "refused credentials")


OTHER_CLIENT = """\
exchange = integration.capabilities["handle_authorization_callback"]


async def of_another_client(
    args: sdk.HandleAuthorizationCallbackRequest,
) -> sdk.HandleAuthorizationCallbackResponse:
    args.request.client_id = "lumos-clients"
    return await exchange(args)


integration.capabilities["handle_authorization_callback"] = of_another_client
integration.register_capabilities(
"""


def test_another_client_with_the_same_secret_is_a_request_change(oauth):
    project = oauth.run("--record-mode=once", "-k", "tokens").project
    assert b"- Basic lumos-client:<client_secret>" in project.files[TOKENS]
    register = "integration.register_capabilities(\n"
    run = project.edit(CONNECTOR, register, OTHER_CLIENT).run("-k", "tokens")
    run.had(failed=1)
    run.said(
        "header authorization: recorded 'Basic lumos-client:<client_secret>', "
        "now 'Basic <authorization>:<client_secret>'"
    )
    assert "sesame-of-the-client" not in run.output
