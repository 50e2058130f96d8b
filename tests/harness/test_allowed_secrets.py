"""What an author says is no secret is none, for a recording as for lint."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector_contract.errors import UsageError
from connector_contract.recording.interactions import Request, Response
from connector_contract.secrets.allowed_secrets import allowed_entries, digest, is_allowed
from connector_contract.secrets.known_secrets import Secrets
from connector_contract.secrets.secret_forms import TITLES
from connector_contract.secrets.secret_names import WELL_KNOWN, named_in_response, secret_names

TOKEN, OTHER = ("gh" + "p_" + letters * 9 for letters in ("a1B2", "c3D4"))
RESPONSE = Response(
    200, "OK", (), f'{{"a": "{TOKEN}", "b": "{OTHER}", "webhook_secret": "hunter2"}}'.encode()
)
BY_NAME = ("webhook_secret", "hunter2")


def found(*allowed):
    return list(named_in_response(RESPONSE, secret_names([], allowed)))


def test_a_value_is_allowed_by_its_digest_alone():
    assert found() == [BY_NAME, ("github-token", TOKEN), ("github-token", OTHER)]
    assert found(f"{digest(TOKEN)}: is public") == [BY_NAME, ("github-token", OTHER)]
    assert found(f"{digest('hunter2')}: is public") == [("github-token", TOKEN), ("github-token", OTHER)]
    assert TOKEN not in digest(TOKEN)


def test_a_form_is_allowed_as_a_whole():
    assert found("github-token: are the vendor's examples") == [BY_NAME]
    assert found("jwt: is none here") == found()


def test_an_entry_is_no_name():
    names = secret_names([], [f"{digest(TOKEN)}: is public"])
    assert names > WELL_KNOWN
    assert is_allowed(TOKEN, names)
    assert not is_allowed(TOKEN, WELL_KNOWN)
    assert not is_allowed("", names)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("3fa9c1d2e4b5", "it has no reason"),
        ("3fa9c1d2e4b5:", "it has no reason"),
        ("", "it has no reason"),
        (
            "github: ids",
            "github is neither 12 digits of a SHA-256 nor the name of a form (near it: github-token)",
        ),
        ("3fa9c1d2: too few", "3fa9c1d2 is neither 12 digits of a SHA-256 nor the name of a form"),
        ("hunter2hunter2: is public", "hunter2hunter2 is neither"),
        ("github: is public", "github is neither"),
    ],
)
def test_a_wrong_line_says_what_to_write(line, problem):
    with pytest.raises(UsageError, match="contract_allowed_secrets") as raised:
        allowed_entries([line])
    assert problem in str(raised.value)
    assert "3fa9c1d2e4b5: the key of a public demo" in str(raised.value)


def test_a_wrong_line_ends_the_run(pytester):
    pytester.makeini("[pytest]\ncontract_allowed_secrets =\n    github: is public\n")
    run = pytester.runpytest_subprocess()
    run.stderr.fnmatch_lines(["*contract_allowed_secrets has the line 'github: is public'*"])
    assert run.ret == pytest.ExitCode.USAGE_ERROR


def test_a_request_may_have_what_is_allowed():
    request = Request("GET", f"https://a.example/{TOKEN}?q={OTHER}")
    secrets = Secrets(secret_names([], [f"{digest(TOKEN)}: is public"]))
    secrets.learn(request)
    assert secrets.redactor().request(request).uri == f"https://a.example/{TOKEN}?q=<github-token>"


def test_the_page_names_each_form():
    page = (Path(__file__).parents[2] / "docs" / "secrets.md").read_text("utf-8")
    assert [name for name in TITLES if f"`{name}`" not in page] == []
