"""What an author says is no secret is none, for a recording as for lint."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector_contract.errors import UsageError
from connector_contract.recording.interactions import Request, Response
from connector_contract.secrets.allowed_secrets import allowed_entries, digest, is_allowed
from connector_contract.secrets.known_secrets import Secrets
from connector_contract.secrets.named_values import named_in_response
from connector_contract.secrets.secret_forms import TITLES
from connector_contract.secrets.secret_names import WELL_KNOWN, secret_names

TOKEN, OTHER = ("gh" + "p_" + letters * 9 for letters in ("a1B2", "c3D4"))
RESPONSE = Response(
    200, "OK", (), f'{{"a": "{TOKEN}", "b": "{OTHER}", "webhook_secret": "hunter2"}}'.encode()
)
NEITHER = "begins with neither 12 digits of a SHA-256 nor the name of a form"
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
        ("3fa9c1d2e4b5", "line 2 has no reason."),
        ("3fa9c1d2e4b5:", "line 2 has no reason."),
        ("", "line 2 has no reason."),
        ("github: ids", f"line 2 {NEITHER} (near it: github-token)."),
        ("3fa9c1d2: too few", f"line 2 {NEITHER}."),
        ("hunter2hunter2: is public", f"line 2 {NEITHER}."),
    ],
)
def test_a_wrong_line_says_what_to_write(line, problem):
    with pytest.raises(UsageError) as raised:
        allowed_entries(["jwt: this API's ids have the form of tokens", line])
    assert f"In the ini option contract_allowed_secrets, {problem}" in str(raised.value)
    assert "3fa9c1d2e4b5: the key of a public demo" in str(raised.value)
    assert ("in its place" in str(raised.value)) is (NEITHER in problem)


@pytest.mark.parametrize("line", [f"{TOKEN}: is public", f"{TOKEN}:", TOKEN, f" {TOKEN} "])
def test_a_value_in_a_line_is_not_shown_but_its_digits_are(line):
    with pytest.raises(UsageError) as raised:
        allowed_entries([line])
    assert TOKEN not in str(raised.value)
    assert str(raised.value).endswith(
        f"If it begins with the value itself, write {digest(TOKEN)} in its place."
    )
    assert found(f"{digest(TOKEN)}: is public") == [BY_NAME, ("github-token", OTHER)]


def test_a_value_with_a_colon_is_not_shown_and_nobody_knows_where_it_ends():
    with pytest.raises(UsageError) as raised:
        allowed_entries(["hunter2:tell-no-one: is public"])
    assert "hunter2" not in str(raised.value)
    assert "no-one" not in str(raised.value)
    assert "in its place" not in str(raised.value)


def test_a_wrong_line_ends_the_run(pytester):
    pytester.makeini(f"[pytest]\ncontract_allowed_secrets =\n    {TOKEN}: is public\n")
    run = pytester.runpytest_subprocess()
    run.stderr.fnmatch_lines([f"*contract_allowed_secrets, line 1 {NEITHER}*"])
    assert run.ret == pytest.ExitCode.USAGE_ERROR
    assert TOKEN not in run.stderr.str() + run.stdout.str()


def test_a_request_may_have_what_is_allowed():
    request = Request("GET", f"https://a.example/{TOKEN}?q={OTHER}")
    secrets = Secrets(secret_names([], [f"{digest(TOKEN)}: is public"]))
    secrets.learn(request)
    assert secrets.redactor().request(request).uri == f"https://a.example/{TOKEN}?q=<github-token>"


def test_the_page_names_each_form():
    page = (Path(__file__).parents[2] / "docs" / "secrets.md").read_text("utf-8")
    assert [name for name in TITLES if f"`{name}`" not in page] == []
