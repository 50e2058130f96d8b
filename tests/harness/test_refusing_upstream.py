"""Wrong credentials: the upstream is asked once for each kind, and its refusal is played to each call."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from real_server import real_server

from connector_contract.contract.refusing_upstream import Attempt
from connector_contract.recording.interactions import Interaction, Request, Response

pytestmark = pytest.mark.loopback
CONNECTOR, CONTRACT, SERVER = "directory_connector.py", "test_contract.py", "directory_server.py"
CREDENTIALS = "bad_credentials or missing_credentials"
REFUSED = '        raise HTTPException(401, "unknown token")\n'
FAILURE = {"is_error": True, "error": {"error_code": "unauthorized", "message": "?"}}


def answered(path, status, method="GET"):
    return Interaction(Request(method, f"https://a.example{path}"), Response(status))


@pytest.mark.parametrize(
    ("response", "statuses", "is_refusal", "limit"),
    [
        (FAILURE, [401], True, None),
        # GraphQL says it in the body.
        (FAILURE, [200], True, None),
        # Nobody was asked.
        (FAILURE, [], False, None),
        ({"response": []}, [200], False, None),
        # The connector swallows it.
        ({"response": []}, [403], True, None),
        (FAILURE, [429], True, "429 (Too Many Requests)"),
        (FAILURE, [401, 423], True, "423 (Locked)"),
    ],
)
def test_what_is_a_refusal(response, statuses, is_refusal, limit):
    attempt = Attempt("x", response, [answered("/a", status) for status in statuses])
    assert (attempt.is_refusal, attempt.limit) == (is_refusal, limit)


def test_an_endpoint_is_answered_as_it_has_answered_and_others_as_the_last_that_refused():
    attempt = Attempt(
        "x", FAILURE, [answered("/login", 400, "POST"), answered("/b", 403), answered("/c", 200)]
    )
    asked = [answered("/login?x=1", 0, "POST"), answered("/login", 0), answered("/c", 0)]
    assert [attempt.response_to(each.request).status for each in asked] == [400, 403, 403]


def counting(project, then=REFUSED):
    """A server that writes down each refusal, and what it answers to it."""
    note = '        with open("refused.txt", "a") as file:\n            file.write(authorization + "\\n")\n'
    return project.edit(SERVER, REFUSED, note + then)


def refused(run):
    return Counter(run.project.files.get("refused.txt", b"").decode().splitlines())


def test_the_upstream_is_asked_with_wrong_ones_once(directory):
    run = counting(directory).run("--record-mode=once")
    assert run.exit_code == 0, run.output
    assert refused(run) == {"Bearer wrong-credential": 1}
    stored = [name for name in run.project.files if "credentials" in name or "refusal" in name]
    # One of the connector's credentials, the rest of good calls.
    assert "cassettes/test_contract/TestDirectoryContract.refusal[token].yaml" in stored
    replayed = run.project.run("-k", CREDENTIALS)
    assert replayed.exit_code == 0, replayed.output


LOCKING = """\
        LOCKED.append(authorization)
        raise HTTPException(401, "unknown token")
    if len(LOCKED) >= 3:
        raise HTTPException(423, "too many wrong tokens")
"""


def test_a_server_that_locks_after_three_wrong_ones_is_recorded_whole(directory):
    project = counting(directory, LOCKING).edit(SERVER, "class NewUser", "LOCKED = []\n\n\nclass NewUser")
    run = project.run("--record-mode=once")
    assert run.exit_code == 0, run.output
    assert sum(refused(run).values()) == 1


@pytest.mark.parametrize("status", [429, 423])
def test_after_a_limit_no_more_are_sent(directory, status):
    limit = f'        raise HTTPException({status}, "no more")\n'
    run = counting(directory, limit).run("--record-mode=once", "-k", CREDENTIALS)
    assert "failed" not in run.outcomes, run.output
    assert sum(refused(run).values()) == 1
    run.said("nothing to check: bad_credentials", f"the upstream answered {status} (", "no more were sent")
    replayed = run.project.run("-k", CREDENTIALS)
    assert replayed.outcomes == run.outcomes


def test_an_upstream_that_takes_wrong_ones_is_asked_twice_and_written_to_never(directory):
    run = directory.edit(SERVER, 'if authorization != "Bearer open-sesame"', "if not authorization").run(
        "--record-mode=once", "-k", "bad_credentials"
    )
    assert run.output.count("bad credentials gave a success") == 2
    run.said(
        "nothing to check: bad_credentials[activate_account], ",
        "the upstream has not refused wrong credentials; bad_credentials[validate_credentials] reports it",
    )
    assert len([name for name in run.project.files if "refusal[" in name]) == 2


def test_a_refusal_that_cannot_be_recorded_is_not_asked_for_again(directory):
    """The server hangs up, which is no refusal, and may be one all the same."""
    run = counting(directory, "        raise RuntimeError\n").run("--record-mode=once", "-k", CREDENTIALS)
    assert run.exit_code == 1
    assert sum(refused(run).values()) == 1


def test_an_endpoint_that_takes_any_credentials_does_not_hide_the_others(directory):
    public = '@app.get("/me", dependencies=[])\n    '
    project = directory.edit(SERVER, "FastAPI(dependencies=[Depends(check_token)])", "FastAPI()")
    text = project.files[SERVER].decode()
    for method in ("get", "post", "patch", "put", "delete"):
        text = text.replace(f"@app.{method}(", f"@app.{method}(dependencies=[Depends(check_token)], path=")
    text = text.replace('@app.get(dependencies=[Depends(check_token)], path="/me")', public.strip())
    run = project.write(SERVER, text).run("--record-mode=once", "-k", CREDENTIALS)
    failed = re.findall(r"^FAILED .*::test_(\S+)", run.output, re.MULTILINE)
    assert failed == ["bad_credentials[validate_credentials]", "missing_credentials[validate_credentials]"]
    assert "has not refused" not in run.output
    replayed = run.project.run("-k", CREDENTIALS)
    assert replayed.outcomes == run.outcomes


def test_a_connector_that_has_its_credentials_from_elsewhere_is_seen(directory):
    rules = "bad_credentials and (list_accounts or validate)"
    run = directory.edit(CONNECTOR, "BearerAuth(token)", 'BearerAuth("open-sesame")').run(
        "--record-mode=once", "-k", rules
    )
    run.had(failed=2, deselected=184)
    run.said("validate_credentials: bad credentials gave a success")
    assert run.project.run("-k", rules).outcomes == run.outcomes


def test_each_rule_alone_records_the_same(directory):
    whole = directory.run("--record-mode=once", "-k", CREDENTIALS).project.files
    name = "cassettes/test_contract/TestDirectoryContract.refusal[token].yaml"
    alone = directory.run("--record-mode=once", "-k", "bad_credentials and get_account]").project.files
    assert alone[name] == whole[name]


def test_the_refusal_of_a_capability_that_writes_is_taken_only_where_no_other_asks(directory):
    run = directory.run("--record-mode=once", "-k", "bad_credentials and create_account")
    text = run.project.files["cassettes/test_contract/TestDirectoryContract.refusal[token].yaml"].decode()
    assert json.dumps("validate_credentials") in text


def test_a_real_server_that_limits_requests_replaces_no_recording(directory):
    recorded = directory.run("--record-mode=once", "-k", "list_accounts").project
    stored = {name: data for name, data in recorded.files.items() if "cassettes" in name}
    with real_server(Path(__file__).parent / "directory" / SERVER) as server:
        server.refuses = 429, {}
        run = recorded.run("--record-mode=rewrite", f"--upstream-url={server.url}", "-k", "complete")
    run.said(
        "The upstream takes no more requests for now (429), so this was not recorded.", "requests_per_minute"
    )
    assert {name: data for name, data in run.project.files.items() if "cassettes" in name} == stored
