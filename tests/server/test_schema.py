"""The server against its own OpenAPI document: schemathesis looks for what the document does not promise.

Every check of schemathesis is on, unless a comment says why it is not.
"""

import schemathesis
from schemathesis.checks import not_a_server_error

from mock_api_server import USERS, Store, create_app, ticking_clock


def schema_for(token: str, *, examples: int, coverage: bool) -> schemathesis.BaseSchema:
    # The token is part of the configuration, not of the call, as schemathesis then knows when it left it out.
    config = schemathesis.Config.from_dict(
        {
            "seed": 1,
            "headers": {"Authorization": f"Bearer {token}"},
            "generation": {"max-examples": examples, "deterministic": True, "database": "none"},
            "phases": {"coverage": {"enabled": coverage}},
        }
    )
    return schemathesis.openapi.from_asgi("/openapi.json", create_app(), config=config)


def answer(case: schemathesis.Case, **options: object) -> schemathesis.Response:
    # Hypothesis repeats a failing case, which must find the state that it failed in.
    case.operation.app.state.store = Store(len(USERS), ticking_clock())
    return case.call_and_validate(**options)


valid = schema_for("valid-token", examples=50, coverage=True)
read_only = schema_for("read-only-token", examples=5, coverage=False)
rate_limited = schema_for("rate-limited-token", examples=5, coverage=False)
unavailable = schema_for("unavailable-token", examples=5, coverage=False)


@valid.parametrize()
def test_valid_token(case):
    response = answer(case)
    if case.meta.phase.name.value == "examples":
        assert response.status_code in (200, 201, 204), "what the document gives as an example must work"


@read_only.parametrize()
def test_read_only_token(case):
    response = answer(case)
    assert (response.status_code == 403) == (case.method != "GET")


@rate_limited.exclude(path="/api/health").parametrize()
def test_rate_limited_token(case):
    assert answer(case).status_code == 429


@unavailable.exclude(path="/api/health").parametrize()
def test_unavailable_token(case):
    # 503 is the point of this token.
    assert answer(case, excluded_checks=[not_a_server_error]).status_code == 503
