"""``connector-contract review``, on copies of MockApp's stored files that are changed as a change would."""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import subprocess
import sys

import pytest
from repository_testing import Stored, isolate, mockapp, run

from connector_contract.errors import UsageError
from connector_contract.review import review_command
from connector_contract.review.change import NotUnderstood, Review
from connector_contract.review.review_command import exit_code

READS = "tests/contract/test_reads"
CONTRACT = "tests/contract/test_contract/TestMockappContract"
WALK = f"{READS}/test_every_page[list_accounts-5]"
CASSETTES, SNAPSHOTS = "cassettes/**/*.yaml", "snapshots/**/*.json"


@pytest.fixture(autouse=True)
def _isolate(monkeypatch):
    isolate(monkeypatch)


@pytest.fixture
def stored(tmp_path, monkeypatch):
    stored = mockapp(tmp_path / "repository")
    monkeypatch.chdir(stored.root)
    return stored


@pytest.fixture
def small(tmp_path, monkeypatch):
    """One scenario of MockApp's."""
    whole, small = mockapp(tmp_path / "whole"), Stored(tmp_path / "small")
    for path in (f"cassettes/{WALK}.yaml", f"snapshots/{WALK}.json"):
        small.write(path, (whole.root / path).read_bytes())
    small.commit()
    monkeypatch.chdir(small.root)
    return small


@pytest.fixture
def reviewed(capsys):
    def reviewed(*options):
        """The review of the current folder as JSON, which everything is compared for."""
        code, out, err = run(capsys, "--format", "json", *options)
        assert (code, err) == (0, "")
        return json.loads(out)

    return reviewed


def changes(review):
    return [(each["severity"], each["kind"], each["what"], each["title"]) for each in review["changes"]]


def beside(review):
    """What a review has apart from changes of what Lumos is told."""
    names = ("requests", "upstream", "not_understood")
    return {
        name: [each.get("text", each.get("what")) for each in review[name]] for name in names if review[name]
    }


def lists(data):
    """Each list of records in a snapshot."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from [value] if key == "response" and isinstance(value, list) else lists(value)
    elif isinstance(data, list):
        for value in data:
            yield from lists(value)


def test_nothing_has_changed(small, reviewed, capsys):
    review = reviewed()
    assert (review["changes"], beside(review), review["severity"], review["compared"]) == ([], {}, None, 0)
    assert review["base"] == small.git("rev-parse", "HEAD")
    assert review["head"] == "the working tree"
    code, out, _ = run(capsys)
    commit = review["base"][:12]
    said = f"No changes: the stored files are the same. Compared: {commit} and the working tree.\n"
    assert (code, out) == (0, said)


def test_username_is_the_email(stored, reviewed):
    def change(data):
        for accounts in lists(data):
            for each in accounts:
                if "username" in each:
                    each["username"] = each["email"]

    files = stored.edit(SNAPSHOTS, change)
    review = reviewed()
    assert changes(review) == [
        ("major", "account", "changed", "username of 12 accounts: now equals email, in 12 of 12")
    ]
    (found,) = review["changes"]
    assert (found["field"], found["count"], found["old"], found["new"]) == ("username", 12, None, None)
    assert found["explained_by"] == "now equals email, in 12 of 12"
    assert len(found["files"]) == len(files)
    assert len(found["examples"]) == 12
    plato = {"record": "user-8", "name": "plato@example.com", "old": "Plato", "new": "plato@example.com"}
    (shown,) = (each for each in found["examples"] if each["record"] == "user-8")
    assert plato.items() <= shown.items()


def test_a_status_is_mapped_otherwise(stored, reviewed):
    stored.replace(SNAPSHOTS, ('"SUSPENDED"', '"INACTIVE"'))
    # Which statuses there are is not a mapping.
    stored.git("checkout", "--", "snapshots/tests/contract/test_reads/test_info.json")
    review = reviewed()
    assert changes(review) == [
        ("critical", "account", "changed", "user_status of 3 accounts: SUSPENDED → INACTIVE"),
        ("critical", "status", "changed", "the table of list_accounts: deleted: SUSPENDED → INACTIVE"),
    ]
    assert review["severity"] == "critical"


def test_a_page_is_skipped(stored, reviewed):
    def change(data):
        # Pages of 5: the second one is lost.
        if isinstance(data, list) and len(data) == 3:
            del data[1]

    stored.edit(f"snapshots/{WALK.replace('[', '[[]')}.json", change)
    review = reviewed()
    (gone, pages) = review["changes"]
    assert (gone["severity"], gone["title"], gone["count"]) == ("critical", "5 accounts are gone", 5)
    assert {"request": "list_accounts in pages of 100", "count": 5} in gone["still_in"]
    assert (pages["severity"], pages["kind"]) == ("minor", "page")


def test_an_account_is_added(stored, reviewed):
    def change(data):
        for accounts in lists(data):
            for at, each in enumerate(accounts):
                if each.get("integration_specific_id") == "user-12":
                    new = {**each, "integration_specific_id": "user-13", "email": "new@example.com"}
                    accounts.insert(at + 1, new)
                    break

    stored.edit(SNAPSHOTS, change)
    stored.replace(CASSETTES, ('"total": 12', '"total": 13'))
    review = reviewed()
    assert changes(review) == [("major", "account", "added", "1 account is new")]
    assert [each["record"] for each in review["changes"][0]["examples"]] == ["user-13"]


def test_a_status_is_removed(stored, reviewed):
    def change(data):
        data.pop("deleted", None)

    stored.edit(f"snapshots/{CONTRACT}.test_status*.json", change)
    assert changes(reviewed()) == [
        ("critical", "status", "removed", "the table of list_accounts: deleted: SUSPENDED → nothing")
    ]


def test_the_message_of_an_error_is_reworded(stored, reviewed):
    stored.replace("snapshots/**/test_no_token*.json", ("Missing 'token' auth", "No 'token'"))
    (found,) = reviewed()["changes"]
    assert (found["severity"], found["kind"], found["field"]) == ("minor", "error", "message")


def test_a_header_is_sent_with_every_request(stored, reviewed):
    first = "      authorization:\n"
    stored.replace(CASSETTES, (first, f"      x-trace:\n      - 'on'\n{first}"))
    review = reviewed()
    assert (review["changes"], review["severity"]) == ([], "minor")
    assert beside(review) == {"requests": ["header x-trace: none → 'on'"]}
    assert review["requests"][0]["count"] > 300


def test_pages_of_another_size_are_asked_for(stored, reviewed):
    stored.replace(CASSETTES, ("limit=100", "limit=200"))
    review = reviewed()
    assert (review["changes"], review["severity"]) == ([], "minor")
    assert beside(review) == {"requests": ["query limit: '100' → '200'"]}


def test_an_entitlement_has_another_label(stored, reviewed):
    stored.replace(SNAPSHOTS, ('"Editor"', '"Can edit"'))
    assert changes(reviewed()) == [
        ("major", "entitlement", "changed", "label of 3 entitlements: Editor → Can edit")
    ]


def test_a_rule_is_waived(stored, reviewed):
    file = f"snapshots/{CONTRACT}.declarations.json"
    declared = json.loads((stored.root / file).read_bytes())
    stored.write(file, json.dumps({**declared, "waivers": {"complete[list_accounts]": "known"}}))
    review = reviewed()
    name = "waivers[complete[list_accounts]]"
    assert changes(review) == [("critical", "declaration", "added", f"{name} is declared: known")]
    assert {"name": name, "reason": "known", "file": file} in review["waivers"]


def test_a_scenario_is_deleted(stored, reviewed):
    for path in (f"cassettes/{WALK}.yaml", f"snapshots/{WALK}.json"):
        (stored.root / path).unlink()
    assert changes(reviewed()) == [("major", "other", "removed", "1 scenario is gone")]


def test_a_scenario_is_added(stored, reviewed):
    for path in (f"cassettes/{WALK}.yaml", f"snapshots/{WALK}.json"):
        text = (stored.root / path).read_text("utf-8").replace("test_every_page", "test_more")
        stored.write(path.replace("test_every_page", "test_more"), text)
    review = reviewed()
    assert changes(review) == [("info", "other", "added", "1 scenario is new")]
    assert review["changes"][0]["scenarios"] == ["tests/contract/test_reads.py::test_more[list_accounts-5]"]


def test_the_base_is_of_the_earlier_form(stored, reviewed):
    new = {file: file.read_bytes() for file in stored.root.glob(CASSETTES)}
    for file, data in new.items():
        # Without what this form adds before the interactions.
        file.write_bytes(re.sub(rb"(?s)\nform: .*?\ninteractions:", b"\ninteractions:", data))
    assert len({*new.values()} & {file.read_bytes() for file in new}) == 0
    stored.commit()
    for file, data in new.items():
        file.write_bytes(data)
    review = reviewed()
    assert (review["changes"], beside(review), review["compared"]) == ([], {}, len(new))
    # What changes with it is named.
    stored.replace(SNAPSHOTS, ('"Editor"', '"Can edit"'))
    assert changes(reviewed()) == [
        ("major", "entitlement", "changed", "label of 3 entitlements: Editor → Can edit")
    ]


def test_both_are_of_the_earlier_form(stored, reviewed):
    for file in stored.root.glob(CASSETTES):
        file.write_bytes(re.sub(rb"(?s)\nform: .*?\ninteractions:", b"\ninteractions:", file.read_bytes()))
    stored.commit()
    stored.replace(SNAPSHOTS, ('"Editor"', '"Can edit"'))
    review = reviewed()
    # Which capability a snapshot answers is not known: it is compared as plain JSON.
    assert {(each["severity"], each["kind"], each["what"]) for each in review["changes"]} == {
        ("major", "other", "changed")
    }


def test_files_that_differ_in_form_alone(small, capsys):
    file = small.root / f"snapshots/{WALK}.json"
    file.write_bytes(json.dumps(json.loads(file.read_bytes())).encode())
    code, out, _ = run(capsys)
    assert code == 0
    assert out.startswith("No changes: 1 file that differs in form alone.")


def test_several_projects_and_one_of_them(small, capsys, reviewed, monkeypatch):
    for project in ("one", "two"):
        for kind in ("cassettes", "snapshots"):
            for file in (small.root / kind).rglob("*.*"):
                small.write(f"{project}/{file.relative_to(small.root).as_posix()}", file.read_bytes())
    small.commit()
    small.replace("one/snapshots/**/*.json", ('"Plato"', '"Aristotle"'))
    small.replace("two/snapshots/**/*.json", ('"ACTIVE"', '"INACTIVE"'))
    assert {each["field"] for each in reviewed()["changes"]} == {"username", "user_status"}
    assert {each["field"] for each in reviewed("--rootdir", "one")["changes"]} == {"username"}
    monkeypatch.chdir(small.root / "two" / "cassettes")
    assert {each["field"] for each in reviewed()["changes"]} == {"username", "user_status"}
    assert {each["field"] for each in reviewed("--rootdir", "..")["changes"]} == {"user_status"}
    monkeypatch.chdir(small.root.parent)
    assert {each["field"] for each in reviewed("--rootdir", "small/one")["changes"]} == {"username"}


def test_a_branch_is_compared_with_where_it_has_left_main(small, reviewed):
    small.git("checkout", "-q", "-b", "work")
    small.replace(SNAPSHOTS, ('"Plato"', '"Aristotle"'))
    small.commit()
    small.replace(SNAPSHOTS, ('"Aristotle"', '"Socrates"'))
    assert reviewed()["changes"][0]["title"] == "username of 1 account: Plato → Socrates"
    assert reviewed("--base", "HEAD")["changes"][0]["title"] == "username of 1 account: Aristotle → Socrates"


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (("snapshots", "json", b"{"), "it is not valid JSON"),
        (("snapshots", "json", b"\xff\xfe\x00"), "it is not valid JSON"),
        (("snapshots", "json", b""), "it is not valid JSON"),
        (("cassettes", "yaml", b"{"), "it is not a valid cassette"),
        (("cassettes", "yaml", b""), "it is not a valid cassette"),
        (("cassettes", "yaml", b"<<<<<<< HEAD\nversion: 1\n"), "it has the marks of a merge conflict"),
    ],
)
@pytest.mark.parametrize("at", ["base", "head"])
def test_what_is_not_valid_is_listed_and_never_no_change(small, capsys, broken, why, at):
    folder, suffix, content = broken
    path = f"{folder}/{WALK}.{suffix}"
    good = (small.root / path).read_bytes()
    small.write(path, content)
    if at == "base":
        small.commit()
        small.write(path, good)
    code, out, err = run(capsys, "--format", "json", "--fail-on", "minor")
    assert (code, err) == (2, "")
    (left,) = json.loads(out)["not_understood"]
    assert (left["what"].startswith(why), left["count"], left["files"]) == (True, 1, [path])
    for form in ("term", "markdown"):
        code, out, _ = run(capsys, "--format", form)
        assert code == 2
        assert "1 file could not be compared" in out
        assert "No changes" not in out


def test_a_binary_body(small, reviewed):
    file = small.root / f"cassettes/{WALK}.yaml"
    text = file.read_text("utf-8")
    body = re.compile(r"(?s)\n    body:\n      string: \|-\n.*?\n(?=- request|\Z)")
    for at, data in (("base", "AAECAw=="), ("head", "AAECBA==")):
        binary = f"\n    body:\n      string: !!binary |\n        {data}\n"
        file.write_text(body.sub(lambda _, new=binary: new, text), "utf-8")
        if at == "base":
            small.commit()
    review = reviewed()
    assert (review["changes"], review["requests"], review["severity"]) == ([], [], "info")
    assert len(review["upstream"]) == 1


@pytest.mark.parametrize(
    ("change", "fail_on", "code"),
    [
        (('"ACTIVE"', '"INACTIVE"'), "critical", 1),
        (('"ACTIVE"', '"INACTIVE"'), "minor", 1),
        (('"ACTIVE"', '"INACTIVE"'), None, 0),
        (('"Plato"', '"Aristotle"'), "critical", 0),
        (('"Plato"', '"Aristotle"'), "major", 1),
        (None, "minor", 0),
    ],
)
def test_the_exit_code_is_1_if_a_change_is_as_bad_as_that(small, capsys, change, fail_on, code):
    if change is not None:
        small.replace(SNAPSHOTS, change)
    options = [] if fail_on is None else ["--fail-on", fail_on]
    assert run(capsys, *options)[0] == code


def test_what_only_the_upstream_says_reaches_no_severity(small, capsys):
    small.replace(CASSETTES, ('"department"', '"unit"'))
    code, out, _ = run(capsys, "--fail-on", "minor")
    assert code == 0
    assert "What the upstream says" in out


def test_what_could_not_be_compared_matters_more_than_what_is_reached():
    left = NotUnderstood("it is not valid JSON", 1, ("a.json",))
    assert exit_code(Review("a", "b", not_understood=[left]), "minor") == 2


def test_markdown_fits_in_a_comment_or_in_the_summary_of_a_job(small, capsys):
    def change(data):
        (accounts, *_) = lists(data)
        accounts += [{**accounts[0], "integration_specific_id": f"new-{each}"} for each in range(3000)]

    small.edit(SNAPSHOTS, change)
    code, out, _ = run(capsys, "--format", "markdown")
    assert code == 0
    assert "### major: `3000 accounts are new`" in out
    assert len(out) < 65_536
    commit = small.git("rev-parse", "HEAD")
    assert f"All of it: `connector-contract review --base {commit}`" in out
    summary = run(capsys, "--format", "markdown", "--size", "summary")[1]
    assert len(out) < len(summary) < 1024 * 1024


def test_a_file_may_be_written(small, capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    small.replace(SNAPSHOTS, ('"Plato"', '"Aristotle"'))
    file = tmp_path / "review.txt"
    code, out, _ = run(capsys, "--output", str(file))
    assert code == 0
    assert out == (f"1 change (1 major), in 1 file that differs. Written to {file}.\n")
    text = file.read_bytes().decode()
    assert "username of 1 account: Plato → Aristotle" in text
    assert "\x1b" not in text


def test_a_file_that_cannot_be_written(small, capsys, tmp_path):
    code, _, err = run(capsys, "--output", str(tmp_path / "nope" / "review.txt"))
    assert code == 2
    assert err == (
        "The review cannot be written: No such file or directory.\n"
        f"  file: {tmp_path / 'nope' / 'review.txt'}\n"
        "Name a file in a folder that exists, and that you may write to.\n"
    )


def test_colours_are_for_a_terminal(small, capsys, monkeypatch):
    small.replace(SNAPSHOTS, ('"Plato"', '"Aristotle"'))
    assert "\x1b" not in run(capsys)[1]
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    assert "\x1b[" in run(capsys)[1]
    monkeypatch.setenv("NO_COLOR", "1")
    assert not re.search(r"\x1b\[(?:\d;)*3\d", run(capsys)[1])


@pytest.mark.parametrize("columns", ["20", "400"])
def test_lines_are_not_broken(small, capsys, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)
    small.replace(SNAPSHOTS, ('"Plato"', '"Aristotle"'))
    assert "major     username of 1 account: Plato → Aristotle\n" in run(capsys)[1]


def test_nobody_reads_to_the_end(small, monkeypatch):
    small.replace(SNAPSHOTS, ('"ACTIVE"', '"INACTIVE"'))
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w", encoding="utf-8") as stream:  # noqa: PTH123 - it has no path
        monkeypatch.setattr(sys, "stdout", stream)
        assert review_command.run(review_options("--fail-on", "critical")) == 1
        monkeypatch.undo()


def test_there_is_no_room_for_the_review(small, monkeypatch):
    with open("/dev/full", "w", encoding="utf-8") as stream:  # noqa: PTH123 - as above
        monkeypatch.setattr(sys, "stdout", stream)
        with pytest.raises(UsageError, match="The output cannot be written: No space left on device"):
            review_command.run(review_options())
        monkeypatch.undo()


def test_the_command_line_imports_no_client_and_no_pytest():
    """It starts at once, and Ctrl-C ends it."""
    check = "import sys, connector_contract.cli; print({'vcr', 'aiohttp', 'pytest'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_whoever_sees_nothing_is_told_what_else_to_look_for(small, capsys):
    small.replace(SNAPSHOTS, ('"Plato"', '"Aristotle"'))
    small.git("commit", "-qam", "Rename")
    _, _, err = run(capsys)
    assert err.endswith("What the last commit has changed: connector-contract review --base HEAD~1\n")
    assert run(capsys, "--base", "HEAD~1")[2] == ""
    code, out, err = run(capsys, "--base", "HEAD~1", "--format", "github")
    assert (code, out, err) == (0, "", "No change is critical, so there is no annotation.\n")


def review_options(*arguments):
    parser = argparse.ArgumentParser()
    review_command.add_review(parser.add_subparsers())
    return parser.parse_args(["review", *arguments])


@pytest.mark.parametrize(
    ("options", "what"),
    [
        (("--base", "nope"), "There is no revision 'nope' in this repository."),
        (("--base=-nope",), "There is no revision '-nope' in this repository."),
        (("--rootdir", "nope"), "There is no folder 'nope'."),
        (("--rootdir", f"cassettes/{WALK}.yaml"), f"'cassettes/{WALK}.yaml' is no folder."),
        (("HEAD~1",), "The revision to compare with is an option, and HEAD~1 is none."),
        (("--size", "summary"), "--size is for Markdown, and the format is term."),
        (("--rootdir", "empty"), "There are no cassettes or snapshots here, neither before nor now"),
    ],
)
def test_a_mistake_is_one_clear_message(small, capsys, options, what):
    (small.root / "empty").mkdir()
    code, out, err = run(capsys, *options)
    assert (code, out) == (2, "")
    assert err.startswith(what)
    assert "Traceback" not in err


def test_no_repository(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys)
    assert (code, out) == (2, "")
    assert err.startswith("There is no git repository here")


def test_names_are_data_in_each_format(small, capsys):
    hostile = "<script>alert(1)</script> \x1b[31m @octocat `x` | [a](b) \u202eabc " + "long" * 2500

    def change(data):
        for accounts in lists(data):
            for each in accounts:
                each["username"] = hostile

    small.edit(SNAPSHOTS, change)
    name = "cassettes/tests/test_x/a\nb `c` <i>.yaml"
    small.write(name, "{")
    for form in ("term", "markdown", "html", "json"):
        code, out, _ = run(capsys, "--format", form)
        assert code == 2
        assert "\x1b" not in out
        assert "\u202e" not in out
    review = json.loads(out)
    assert review["not_understood"][0]["files"] == [name]
    assert {each["new"] for each in review["changes"][0]["examples"]} == {hostile}


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_progress_is_shown_on_a_terminal(small, monkeypatch, capsys):
    monkeypatch.setenv("TERM", "xterm")
    small.replace(SNAPSHOTS, ('"Plato"', '"Aristotle"'))
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert review_command.run(review_options()) == 0
    assert "\x1b" not in capsys.readouterr().out
    assert "100%" in terminal.getvalue()
