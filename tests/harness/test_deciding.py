"""The developer goes through the changes: questions, answers, and what they do."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
from dataclasses import replace

import pytest
from repository_testing import ENVIRONMENT, WALK, Acme, isolate
from rich.console import Console

from connector_contract.cli import main
from connector_contract.errors import UsageError
from connector_contract.review.deciding import decide_by_filters, decide_with_questions

REFUSED = "snapshots/test_acme/test_wrong_token.json"
CASSETTE = "cassettes/test_acme/test_wrong_token.yaml"
REVIEW = [sys.executable, "-c", "from connector_contract.cli import main; raise SystemExit(main())", "review"]


@pytest.fixture
def repository(tmp_path, monkeypatch):
    isolate(monkeypatch)
    return Acme.made(tmp_path / "repository")


@pytest.fixture
def changed(repository):
    """A status and a name in one file, the text of an error in another, and what the upstream says."""
    repository.replace(WALK, ('"user_status": "ACTIVE"', '"user_status": "SUSPENDED"'))
    repository.accounts(lambda each: {**each, "username": each["email"]})
    repository.replace(REFUSED, ("unknown token", "no such token"))
    repository.replace(CASSETTE, ('"detail": "unknown token"', '"detail": "no such token"'))
    return repository


@pytest.fixture
def answer(monkeypatch):
    """Give answers, and return what was said; after the last one there is no more input."""

    def said(repository, *answers):
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{each}\n" for each in answers)))
        return by_hand(repository, decide_with_questions)

    return said


def by_hand(repository, decide, **filters):
    out = io.StringIO()
    decide(*repository.review(), repository.tree, Console(file=out, width=200, highlight=False), **filters)
    return out.getvalue()


def by_filters(repository, **filters):
    return by_hand(repository, decide_by_filters, **filters)


def titles(said):
    return re.findall(r"^\[(\d+) of \d+] (\w+ .*)$", said, re.MULTILINE)


def test_nothing_is_there_to_be_decided(repository, answer):
    assert answer(repository) == "There is nothing to decide.\n"


def test_the_changes_come_one_by_one_the_worst_first(changed, answer):
    said = answer(changed, "s", "", "s", "s", "s", "s")
    assert [(number, title.partition(" of ")[0]) for number, title in titles(said)] == [
        ("1", "critical  user_status"),
        ("2", "major  username"),
        ("3", "major  username"),
        ("4", "minor  message"),
        ("5", 'info  1 response: GET /v1/users the field detail: "unknown token" → "no such token"'),
    ]
    assert "\n  Lumos decides by the status who may have access.\n" in said
    assert f"\n  {WALK}\n" in said
    assert "\n  a accept   p put back   s skip   l look at the people   q quit" in said
    assert said.endswith("\nSkipped 5 changes.\n")
    assert changed.staged == []


def test_what_is_accepted_is_staged_and_not_asked_about_again(changed, answer):
    said = answer(changed, "a", "ag", "q")
    assert "\nAccepted 3 changes: 1 file staged.\n" in said
    assert changed.staged == [f"M\t{WALK}"]
    again = answer(changed, "q")
    assert again.startswith("3 changes decided before: git has these files staged or committed.\n")
    assert "user_status" not in again
    changed.git("checkout", "-q", "-b", "work")
    changed.commit()
    assert answer(changed).endswith("There is nothing to decide.\n")


def test_a_file_is_staged_with_its_last_change(changed, answer):
    said = answer(changed, "a", "q")
    assert "\nAccepted 1 change: 0 files staged.\n" in said
    assert "\n  Not staged: 1 file with changes that are not accepted, too:\n" in said
    other = "major     username of 2 accounts: now equals email, in 2 of 3, and 1 more"
    assert f"\n    {WALK}: {other}\n" in said
    assert "\nNot decided: 4 changes.\n  major     username of 2 accounts" in said
    assert changed.staged == []


def test_a_group_or_a_severity_is_decided_at_once(changed, answer):
    said = answer(changed, "s", "ag", "sv", "q")
    assert "\n  ag, pg, sg the same for all 2 about account username\n" in said
    assert "all 1 " not in said
    assert "\nAccepted 2 changes: 0 files staged.\n" in said
    assert [number for number, _ in titles(said)] == ["1", "2", "4"]
    assert "There is no such choice. ? shows all of them." in said
    assert "\nSkipped 1 change.\nNot decided: 2 changes.\n  minor " in said


def test_a_severity_is_more_than_a_group(changed, answer):
    changed.accounts(lambda each: {**each, "given_name": "Given"})
    said = answer(changed, "s", "av", "q")
    assert "\n  av, pv, sv the same for all 3 major ones\n" in said
    assert "\nAccepted 3 changes: 0 files staged.\n" in said


def test_what_is_put_back_takes_the_other_changes_of_its_files_with_it(changed, answer):
    said = answer(changed, "p", "n", "p", "y", "q")
    assert (
        "The files have other changes, too, which are put back with it:\n"
        "  major     username of 2 accounts: now equals email, in 2 of 3 (1 file)\n"
        "  major     username of 1 account: Zoë → nothing (1 file)\n"
        "Put them back, too [y/n] (n): "
    ) in said
    assert f"\nPut back 3 changes: 1 file as at {changed.base[:12]}. Run pytest" in said
    assert [number for number, _ in titles(said)] == ["1", "4"]
    assert changed.status == [f" M {CASSETTE}", f" M {REFUSED}"]
    (undo,) = re.findall(r"To have again what was there: git (restore --overlay --source=\w+ -- :/)\n", said)
    changed.git(*undo.split())
    assert '"SUSPENDED"' in (changed.root / WALK).read_text("utf-8")
    # It is not accepted by that: the next run asks again.
    assert changed.staged == []
    assert titles(answer(changed, "q"))[0][1].startswith("critical  user_status")


def test_a_change_with_files_of_its_own_is_put_back_without_a_question(changed, answer):
    said = answer(changed, "s", "s", "s", "p", "q")
    assert "other changes" not in said
    assert changed.git("diff", "--name-only", "--", REFUSED) == ""


def test_what_was_accepted_can_still_be_put_back(changed):
    by_filters(changed, accept=["all"])
    assert len(changed.staged) == 3
    by_filters(changed, restore=["all"])
    assert changed.status == []


def test_all_records_are_shown_old_and_new(changed, answer):
    said = answer(changed, "l", "q")
    for line in ("u1 (ada@example.com)", "  - user_status: ACTIVE", "  + user_status: SUSPENDED"):
        assert f"\n{line}\n" in said or f": {line}\n" in said
    assert "\n    integration_specific_id: u3\n" in said
    assert [number for number, _ in titles(said)] == ["1"]


def test_the_choices_are_shown_again(changed, answer):
    assert answer(changed, "?", "x", "q").count("  a accept   p put back ") == 2


def test_without_records_there_is_nobody_to_look_at(changed, answer):
    said = answer(changed, "s", "s", "s", "s", "l", "q")
    assert "There is no such choice. ? shows all of them." in said
    assert "\nSkipped 4 changes.\nNot decided: 1 change.\n  info " in said


def test_what_was_decided_is_done_when_somebody_stops(changed, answer, monkeypatch):
    answers = iter(["a", "ag"])

    def asked(prompt=""):
        try:
            return next(answers)
        except StopIteration:
            raise KeyboardInterrupt from None

    monkeypatch.setattr("builtins.input", asked)
    out = io.StringIO()
    with pytest.raises(KeyboardInterrupt):
        decide_with_questions(*changed.review(), changed.tree, Console(file=out))
    assert re.search(
        r"\nAccepted 3 changes: 1 file staged.\n(  .*\n){3}Not decided: 2 changes.\n(  .*\n){2}$",
        out.getvalue(),
    )
    assert changed.staged == [f"M\t{WALK}"]


def test_scenarios_that_are_new_are_put_back_with_all_of_their_files(repository, answer):
    files = sorted(path for path in repository.root.rglob("*test_create*"))
    for path in files:
        path.with_name(path.name.replace("create", "make")).write_text(
            path.read_text("utf-8").replace("test_create", "test_make"), "utf-8"
        )
    assert len(repository.status) == len(files) == 3
    said = answer(repository, "p")
    assert "\n[1 of 1] info  1 scenario is new\n" in said
    assert repository.status == []


def test_names_are_data(repository, answer):
    evil = "[bold]\x1b[31m\u202e\n:smile:" + "x" * 10_000
    repository.accounts(lambda each: {**each, "username": evil})
    said = answer(repository, "l", "q")
    assert not set(said) & set("\x1b\u202e")
    assert "u1 (ada@example.com): ada → [bold]\\x1b[31m\\u202e\\n:smile:xxx" in said
    assert max(map(len, said.splitlines())) < 2_600


@pytest.mark.parametrize("done", ["accepted", "put back"])
def test_pytest_fails_again_for_what_is_put_back_and_for_nothing_else(recorded, monkeypatch, done):
    """A mapping changes, its snapshots are updated, and that is decided about."""
    isolate(monkeypatch)
    wrong = recorded.edit("acme_connector.py", 'username=user["login"]', 'username=user["login"].upper()')
    root = wrong.run("--snapshot-update").project.materialize()
    repository = Acme(root)
    for name, data in recorded.recorded("snapshots").items():
        (root / f"{name}.now").write_bytes((root / name).read_bytes())
        (root / name).write_bytes(data)
    repository.git("init", "-q", "-b", "main")
    repository.git("add", "*.json", "*.yaml")
    repository.git("commit", "-qm", "recordings")
    for path in root.rglob("*.now"):
        path.replace(path.with_suffix(""))
    by_filters(repository, **{"accept" if done == "accepted" else "restore": ["field=username"]})
    files = {name: (root / name).read_bytes() for name in wrong.files}
    run = replace(wrong, files=files).run()
    run.had(**({"passed": 3} if done == "accepted" else {"passed": 1, "failed": 2}))


# Without a terminal


def test_filters_accept_and_put_back(changed):
    said = by_filters(changed, accept=["kind=account|upstream"], restore=["severity=minor"])
    assert said == (
        "\nAccepted 4 changes: 2 files staged.\n"
        "  critical  user_status of 2 accounts: ACTIVE → SUSPENDED\n"
        "  major     username of 2 accounts: now equals email, in 2 of 3\n"
        "  major     username of 1 account: Zoë → nothing\n"
        '  info      1 response: GET /v1/users the field detail: "unknown token" → "no such token"\n'
        f"Put back 1 change: 1 file as at {changed.base[:12]}. Run pytest to see what fails again.\n"
        "  minor     message of 1 error of list_accounts: ...tps://acme.example.com/v1/users] "
        "{'detail': 'unknown token'} → ...tps://acme.example.com/v1/users] {'detail': 'no such token'}\n"
        f"  To have again what was there: git restore --overlay {said.split()[-3]} -- :/\n"
    )
    assert changed.status == [f"M  {CASSETTE}", f"M  {WALK}"]


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        ({"accept": ["kind=resource"]}, "The filter 'kind=resource' matches none of the changes."),
        ({"accept": ["all"], "restore": ["kind=resource"]}, "'kind=resource' matches none"),
        ({"accept": ["all"], "restore": ["kind=account"]}, "3 changes would be accepted and put back."),
        ({"restore": ["field=user_status"]}, "The files to put back have other changes, too."),
    ],
)
def test_what_cannot_be_done_as_a_whole_is_not_done_at_all(changed, filters, said):
    before = changed.status
    with pytest.raises(UsageError) as raised:
        by_filters(changed, **filters)
    assert said in raised.value.what
    assert "Nothing was done." in str(raised.value)
    assert changed.status == before


def test_the_filters_that_take_the_other_changes_are_named(changed):
    with pytest.raises(UsageError) as raised:
        by_filters(changed, restore=["field=user_status"])
    named = re.findall(r"--restore '(.*)'", raised.value.remedy)
    assert named == ["kind=account,what=changed,severity=major,field=username,capability=list_accounts"]
    by_filters(changed, restore=["field=user_status", *named])
    assert changed.git("diff", "--name-only", "--", WALK) == ""


def test_what_would_stage_no_file_is_refused_with_the_filters_that_complete_it(changed):
    with pytest.raises(UsageError, match="No file would be staged") as raised:
        by_filters(changed, accept=["field=user_status"])
    named = re.findall(r"--accept '(.*)'", raised.value.remedy)
    by_filters(changed, accept=["field=user_status", *named])
    assert changed.staged == [f"M\t{WALK}"]


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_terminal_that_does_not_know_each_letter(changed, encoding):
    done = subprocess.run(
        [*REVIEW, "--restore", "severity=minor"], cwd=changed.root, capture_output=True, check=False,
        env={**ENVIRONMENT, "PYTHONIOENCODING": encoding},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"ACTIVE \\u2192 SUSPENDED" in done.stdout


# The command


def test_the_command_accepts_and_puts_back(changed, capsys, monkeypatch):
    monkeypatch.chdir(changed.root / "snapshots")
    assert main(["review", "--accept", "kind=account"]) == 0
    assert capsys.readouterr().out.startswith("\nAccepted 3 changes: 1 file staged.\n  critical ")
    assert main(["review", "--restore", "severity=minor|info"]) == 0
    assert changed.status == [f"M  {WALK}"]
    assert main(["review", "--restore", "all", "--fail-on", "critical"]) == 1
    assert changed.status == []
    assert main(["review", "--accept", "all"]) == 2
    assert "there is no change" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--interactive"], "--interactive asks, and there is no terminal to answer on."),
        (["--interactive", "--accept", "all"], "--interactive does not go with --accept and --restore."),
        (["--accept", "all", "--format", "json"], "--accept does not go with --format."),
        (["--restore", "all", "--output", "x"], "--restore does not go with --output."),
        (["--accept", "everything"], "The filter 'everything' is not valid"),
    ],
)
def test_options_that_contradict_each_other(changed, capsys, monkeypatch, options, said):
    monkeypatch.chdir(changed.root)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert main(["review", *options]) == 2
    assert said in capsys.readouterr().err
    assert changed.staged == []


def test_on_a_terminal_it_asks(changed):
    here, terminal = pty.openpty()
    environment = {**ENVIRONMENT, "TERM": "xterm", "COLUMNS": "120", "LINES": "50"}
    os.write(here, b"a\nq\n")
    done = subprocess.run(
        [*REVIEW, "--interactive"], cwd=changed.root, env=environment, stdin=terminal, stdout=terminal,
        stderr=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    os.close(terminal)
    shown = os.read(here, 65536).decode()
    os.close(here)
    assert done.returncode == 0
    assert "\x1b[1;31mcritical\x1b[0m  user_status of 2 accounts" in shown
    assert "Accepted 1 change: 0 files staged." in shown
    assert "Not decided: 4 changes." in shown


def test_what_could_not_be_compared_is_not_accepted(changed, answer):
    (changed.root / REFUSED).write_text("{<<<<<<< HEAD\n", "utf-8")
    with pytest.raises(UsageError, match="1 file could not be compared, so nobody knows") as raised:
        by_filters(changed, accept=["all"])
    assert "it is not valid JSON" in raised.value.details[0]
    assert changed.staged == []
    said = answer(changed, "a", "q")
    assert "\n  p put back   s skip   q quit" in said
    assert "There is no such choice. ? shows all of them." in said
    assert changed.staged == []
    by_filters(changed, accept=["severity=critical", "severity=major"], restore=["kind=not_understood"])
    assert changed.staged == [f"M\t{WALK}"]


def test_what_was_staged_alone_is_named_beside_what_was_there(changed, answer):
    changed.git("add", "--", REFUSED)
    changed.replace(REFUSED, ("no such token", "no token"))
    said = by_filters(changed, restore=["all"])
    staged = re.findall(r"To have again what was (there|staged): (git restore .*)", said)
    assert [what for what, _ in staged] == ["there", "staged"]
    changed.git(*staged[1][1].split()[1:])
    assert "no such token" in changed.git("show", f":{REFUSED}")
