"""The review on a pull request: this repository's workflow, and the one that ``init`` writes."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs

import jinja2
import pytest
import yaml
from readme_blocks import blocks
from repository_testing import ENVIRONMENT, WALK, Acme

from connector_contract.cli import _parser
from connector_contract.review.markdown_page import Size
from connector_contract.scaffold.requirement import Requirement

ROOT = Path(__file__).parent.parent
TEMPLATES = ROOT / "connector_contract" / "scaffold" / "templates"
REVIEW, POST = "Review what has changed", "Post the review, or update it"
MARKER = "<!-- connector-contract review -->"
PLACE = "connector-contract @ git+https://git.example.com/connector-contract.git@COMMIT"
RUN = "https://github.com/acme/connector/actions/runs/42"
NOT_MADE = f"{MARKER}\nThe review could not be made: see [the job]({RUN}).\n"
OURS = {"id": 7, "user": {"login": "github-actions[bot]"}, "body": f"{MARKER}\nan earlier review"}
OTHERS = [
    {"id": 1, "user": {"login": "github-actions[bot]"}, "body": "another workflow's"},
    {"id": 2, "user": {"login": "ana"}, "body": f"{MARKER}\nwritten by hand"},
    {"id": 3, "user": {"login": "github-actions[bot]"}, "body": f"> {MARKER}"},
]

# What stands in for GitHub: it lists comments as `gh api --jq` would, and keeps what it is asked to write.
GH = """\
import json, os, sys
from pathlib import Path

arguments = sys.argv[1:]
assert arguments.pop(0) == "api"
assert os.environ["GH_TOKEN"] == "the job's"
folder = Path(os.environ["GH_STUB"])
if "--paginate" in arguments:
    (folder / "listed").write_text(arguments[1])
    (folder / "jq").write_text(arguments[arguments.index("--jq") + 1])
    for each in json.loads((folder / "comments.json").read_text()):
        bot = each["user"]["login"] == "github-actions[bot]"
        if bot and each["body"].startswith(os.environ["MARKER"]):
            print(each["id"])
else:
    method, path, field = arguments[1], arguments[2], arguments[4]
    name, _, file = field.partition("=@")
    assert (arguments[0], arguments[3], arguments[5:], name) == ("--method", "--field", ["--silent"], "body")
    (folder / "written").write_text(json.dumps([method, path, Path(file).read_text("utf-8")]))
"""


def rendered(**facts):
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701 - as init has it
        keep_trailing_newline=True,
        trim_blocks=True,
    )
    known = {"word": "acme", "folder": "", "requirement": Requirement(PLACE), "is_project": True}
    return environment.get_template("contract.yml.jinja").render({**known, **facts})


WORKFLOWS = {
    "this repository": (ROOT / ".github/workflows/contract.yml").read_text("utf-8"),
    "init": rendered(),
    "init, in a folder": rendered(folder="connectors/acme"),
    "init, not a project": rendered(
        is_project=False, requirement=Requirement("connector-contract==1.2", ("Check it.",))
    ),
}


@pytest.fixture(params=WORKFLOWS)
def workflow(request):
    return yaml.safe_load(WORKFLOWS[request.param])


JOBS = {REVIEW: "review", POST: "comment"}


def step(workflow, name):
    return next(each for each in workflow["jobs"][JOBS[name]]["steps"] if each.get("name") == name)


def test_the_rights_are_the_least_that_do(workflow):
    assert workflow["permissions"] == {"contents": "read"}
    rights = {name: job.get("permissions") for name, job in workflow["jobs"].items() if "permissions" in job}
    assert rights == {"comment": {"pull-requests": "write"}}
    with_token = [
        (name, each.get("name"))
        for name, job in workflow["jobs"].items()
        for each in job["steps"]
        if "token" in json.dumps(each)
    ]
    assert with_token == [("comment", POST)]


def test_where_the_token_is_nothing_of_the_pull_request_runs(workflow):
    job = workflow["jobs"]["comment"]
    fetched, posted = job["steps"]
    assert fetched["uses"] == "actions/download-artifact@v8"
    assert posted["name"] == POST
    assert not re.search(r"\b(pip|python|git|connector-contract) ", posted["run"])
    # No folder of the repository is there, either.
    inside = workflow.get("defaults", {}).get("run", {}).get("working-directory", ".")
    assert job.get("defaults", {}).get("run", {}).get("working-directory", inside) == "."


def test_the_text_that_is_posted_is_the_one_that_the_review_wrote(workflow):
    *_, page, comment = workflow["jobs"]["review"]["steps"]
    fetched, posted = workflow["jobs"]["comment"]["steps"]
    assert fetched["with"]["name"] == comment["with"]["name"]
    written = re.findall(r'--output "\$RUNNER_TEMP/(.*)"', step(workflow, REVIEW)["run"])
    for each in (page, comment):
        assert each["uses"] == "actions/upload-artifact@v7"
        assert each["with"]["path"].removeprefix("${{ runner.temp }}/") in written
        # A review that could not be compared fails, and is there.
        assert each["if"] == "${{ !cancelled() }}"
    assert page["with"]["archive"] is False
    place = fetched["with"]["path"].removeprefix("${{ runner.temp }}/")
    name = comment["with"]["path"].removeprefix("${{ runner.temp }}/")
    assert f'review="$RUNNER_TEMP/{place}/{name}"' in posted["run"]


def test_no_action_is_a_third_partys(workflow):
    actions = {each["uses"] for job in workflow["jobs"].values() for each in job["steps"] if "uses" in each}
    assert actions == {
        "actions/checkout@v5",
        "actions/setup-python@v6",
        "actions/upload-artifact@v7",
        "actions/download-artifact@v8",
    }


def test_the_whole_history_is_there_and_the_token_is_not_left_beside_it(workflow):
    first, *_ = workflow["jobs"]["review"]["steps"]
    assert first["with"] == {"fetch-depth": 0, "persist-credentials": False}


def test_a_forks_pull_request_gets_the_summary_alone(workflow):
    condition = workflow["jobs"]["comment"]["if"]
    assert "github.event.pull_request.head.repo.full_name == github.repository" in condition
    assert "if" not in step(workflow, REVIEW)
    # In YAML, the key `on` is the word for true.
    assert "pull_request_target" not in workflow[True]


def test_a_review_that_failed_is_posted_and_one_that_was_stopped_or_left_out_is_not(workflow):
    job = workflow["jobs"]["comment"]
    assert job["needs"] == "review"
    assert "!cancelled()" in job["if"]
    assert set(re.findall(r"needs\.review\.result == '(\w+)'", job["if"])) == {"success", "failure"}
    fetched, posted = job["steps"]
    assert fetched["if"] == "needs.review.outputs.any"
    assert posted["if"] == "${{ !cancelled() }}"


def test_the_commands_of_a_step_have_nothing_of_a_pull_requests_in_them(workflow):
    for job in workflow["jobs"].values():
        for each in job["steps"]:
            assert "${{ github" not in each.get("run", "")
    assert "${{" not in step(workflow, REVIEW)["run"] + step(workflow, POST)["run"]


def test_each_review_is_a_command_that_there_is(workflow):
    text = step(workflow, REVIEW)["run"]
    (shared,) = re.findall(r"connector-contract (review.*) \"\$@\"", text)
    calls = re.findall(r"^review (.*)$", text, re.MULTILINE)
    parsed = [_parser().parse_args([*shlex.split(shared), *shlex.split(each)]) for each in calls]
    assert [(each.format, each.size) for each in parsed] == [
        ("markdown", "summary"),
        ("markdown", None),
        ("html", None),
        ("json", None),
        ("github", None),
    ]


def test_init_writes_the_steps_that_this_repository_has():
    ours, written, inside = (
        yaml.safe_load(WORKFLOWS[name]) for name in ("this repository", "init", "init, in a folder")
    )
    for name in (REVIEW, POST):
        assert step(ours, name) == step(written, name)
    assert step(inside, REVIEW)["run"] == step(ours, REVIEW)["run"].replace(
        "connector-contract review ", "connector-contract review --rootdir . "
    )
    ours["jobs"]["review"].pop("if")
    for name, job in JOBS.items():
        rest = ("runs-on", "permissions", "needs", "if", "outputs")
        assert [ours["jobs"][job].get(key) for key in rest] == [
            written["jobs"][job].get(key) for key in rest
        ], name
    assert inside["defaults"] == {"run": {"working-directory": "connectors/acme"}}
    assert step(inside, POST)["env"]["MARKER"] == "<!-- connector-contract review: acme -->"


DOCUMENTED = [block.text for block in blocks((ROOT / "docs/review-ci.md").read_text("utf-8"))]


def test_the_documentation_has_the_job_that_init_writes():
    documented, _ = DOCUMENTED
    # As it is, with its comments.
    written = WORKFLOWS["init"]
    assert "".join(f"  {line}" if line.strip() else line for line in documented.splitlines(True)) in written


# The steps, run


class Job:
    """The job's steps in a repository, with what stands in for GitHub."""

    def __init__(self, repository, folder):
        self.repository = repository
        self.folder = folder
        folder.mkdir()
        main = "from connector_contract.cli import main\nraise SystemExit(main())\n"
        for name, text in (("gh", GH), ("connector-contract", main)):
            (folder / "bin").mkdir(exist_ok=True)
            path = folder / "bin" / name
            path.write_text(f"#!{sys.executable}\n{text}", "utf-8")
            path.chmod(0o755)
        (folder / "bin" / "python").symlink_to(sys.executable)
        self.workflow = yaml.safe_load(WORKFLOWS["init"])

    def run(self, name, **variables):
        known = {
            "RUNNER_TEMP": str(self.folder),
            "GH_STUB": str(self.folder),
            "GITHUB_STEP_SUMMARY": str(self.folder / "page.md"),
            "GITHUB_OUTPUT": str(self.folder / "outputs"),
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REPOSITORY": "acme/connector",
            "GITHUB_RUN_ID": "42",
            "GITHUB_BASE_REF": "main",
        }
        return self.bash(step(self.workflow, name)["run"], {**known, **variables})

    def bash(self, script, variables):
        environment = {
            **ENVIRONMENT,
            "PATH": f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            **variables,
        }
        # As GitHub runs `shell: bash`, and GitLab a script.
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
        return subprocess.run(
            command, cwd=self.repository.root, env=environment, capture_output=True, text=True, check=False
        )

    def review(self, **variables):
        return self.run(REVIEW, **variables)

    def post(self, *comments):
        """What is written where a pull request has these comments."""
        (self.folder / "comments.json").write_text(json.dumps(comments))
        outputs = self.folder / "outputs"
        given = dict(
            line.split("=", 1) for line in (outputs.read_text() if outputs.exists() else "").splitlines()
        )
        if given.get("any"):
            self.hand_over()
        token = {"GH_TOKEN": "the job's"}
        posted = self.run(POST, NUMBER="5", MARKER=MARKER, ANY=given.get("any", ""), **token)
        assert (posted.returncode, posted.stderr) == (0, "")
        written = self.folder / "written"
        if not written.exists():
            return None
        found = json.loads(written.read_text("utf-8"))
        written.unlink()
        return found

    def hand_over(self):
        """The other job's machine has what was handed over, and nothing else."""
        there = self.folder / "review" / "comment.md"
        there.parent.mkdir(exist_ok=True)
        there.unlink(missing_ok=True)
        shutil.copyfile(self.folder / "comment.md", there, follow_symlinks=False)

    @property
    def page(self):
        return (self.folder / "page.md").read_text("utf-8")


@pytest.fixture
def repository(tmp_path):
    repository = Acme.made(tmp_path / "repository")
    repository.git("checkout", "-q", "-b", "work")
    return repository


@pytest.fixture
def changed(repository):
    repository.replace(WALK, ('"user_status": "ACTIVE"', '"user_status": "SUSPENDED"'))
    repository.commit()
    return repository


@pytest.fixture
def job(tmp_path):
    return lambda repository: Job(repository, tmp_path / "job")


def test_a_change_is_a_comment_a_summary_and_an_annotation(changed, job):
    here = job(changed)
    done = here.review()
    assert (done.returncode, done.stderr) == (0, "")
    (annotation,) = [line for line in done.stdout.splitlines() if line.startswith("::")]
    assert annotation.startswith(f"::error file={WALK},title=")
    assert "user_status of 2 accounts: ACTIVE → SUSPENDED: u1 (ada@example.com), u3 (Zoë)." in annotation
    assert "user_status of 2 accounts" in here.page
    # It is new where there is none, and else updated, the first if there are several.
    method, path, new = here.post(*OTHERS)
    assert (method, path) == ("POST", "repos/acme/connector/issues/5/comments")
    assert (here.folder / "listed").read_text() == f"{path}?per_page=100"
    method, path, updated = here.post(*OTHERS, OURS, {**OURS, "id": 8})
    assert (method, path) == ("PATCH", "repos/acme/connector/issues/comments/7")
    assert updated == new
    assert new.startswith(f"{MARKER}\n## ")
    assert "user_status of 2 accounts" in new
    assert new.endswith(f"\n\n[Each person, old and new side by side]({RUN}#artifacts): `review.html`\n")
    assert "user_status" in (here.folder / "review.html").read_text("utf-8")


def test_without_a_change_nobody_is_disturbed_but_an_earlier_review_is_updated(repository, job):
    here = job(repository)
    assert here.review().returncode == 0
    assert "No changes" in here.page
    assert here.post(*OTHERS) is None
    method, _, body = here.post(OURS)
    assert method == "PATCH"
    assert "No changes" in body


def test_what_could_not_be_compared_fails_the_job_and_is_posted(repository, job):
    (repository.root / WALK).write_text("no JSON")
    repository.commit()
    here = job(repository)
    assert here.review().returncode == 2
    assert "not valid JSON" in here.page
    method, _, body = here.post()
    assert method == "POST"
    assert "not valid JSON" in body


def test_a_review_that_could_not_be_made_replaces_the_earlier_one(repository, job):
    here = job(repository)
    done = here.review(GITHUB_BASE_REF="gone")
    assert done.returncode == 2
    assert done.stderr.count("refs/remotes/origin/gone") == 1
    assert here.post(OURS) == ["PATCH", "repos/acme/connector/issues/comments/7", NOT_MADE]
    assert here.post() == ["POST", "repos/acme/connector/issues/5/comments", NOT_MADE]


def test_the_text_is_data_whatever_the_other_job_has_made_of_it(changed, job):
    here = job(changed)
    here.review()
    comment = here.folder / "comment.md"
    comment.write_text("$(touch here) `touch here`")
    _, _, body = here.post()
    assert body.startswith(f"{MARKER}\n$(touch here) `touch here`\n[Each person")
    comment.write_text("x" * 65_000)
    assert here.post(OURS)[2] == NOT_MADE
    comment.unlink()
    comment.symlink_to(here.folder / "review.json")
    assert here.post(OURS)[2] == NOT_MADE
    # The largest comment that there can be is posted.
    comment.unlink()
    comment.write_text("x" * Size.COMMENT.value)
    assert len(here.post(OURS)[2]) < 65_536


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")
def test_the_comment_is_found_among_others_as_gh_does_it(repository, job):
    here = job(repository)
    here.post()
    done = subprocess.run(
        ["jq", (here.folder / "jq").read_text()],
        input=json.dumps([*OTHERS, OURS]),
        env={**os.environ, "MARKER": MARKER},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "7\n"


# GitLab


class GitLab(BaseHTTPRequestHandler):
    """What stands in for GitLab: notes of a merge request in pages, and what it is asked to write."""

    notes: ClassVar[list] = []
    written: ClassVar[list] = []

    def do_GET(self):
        assert self.headers["PRIVATE-TOKEN"] == "the project's"
        url, _, query = self.path.partition("?")
        if url == "/api/v4/user":
            self.answer({"id": 9})
            return
        assert url == "/api/v4/projects/3/merge_requests/5/notes"
        page = int(parse_qs(query)["page"][0])
        self.answer(self.notes[page - 1 : page], str(page + 1) if page < len(self.notes) else "")

    def do_PUT(self):
        self.write()

    def do_POST(self):
        self.write()

    def write(self):
        data = self.rfile.read(int(self.headers["Content-Length"]))
        self.written.append((self.command, self.path, json.loads(data)["body"]))
        self.answer({})

    def answer(self, value, next_page=""):
        data = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("x-next-page", next_page)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *arguments):
        """Say nothing."""


def note(number, author, body):
    return {"id": number, "author": {"id": author}, "body": body}


@pytest.fixture
def gitlab():
    class Server(GitLab):
        notes: ClassVar[list] = [note(1, 9, "another job's"), note(2, 4, f"{MARKER}\nby hand")]
        written: ClassVar[list] = []

    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        Server.url = f"http://127.0.0.1:{server.server_port}/api/v4"
        yield Server
        server.shutdown()
        thread.join()


def merge_request(gitlab, here, **variables):
    """Run the documented script in a repository, as GitLab does."""
    _, documented = DOCUMENTED
    script = yaml.safe_load(documented)["contract-review"]["script"]
    assert script.pop(0) == f'python -m pip install "{PLACE}"'
    environment = {
        "CI_API_V4_URL": gitlab.url,
        "CI_MERGE_REQUEST_PROJECT_ID": "3",
        "CI_MERGE_REQUEST_IID": "5",
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
        "CI_JOB_URL": "https://gitlab.com/jobs/1",
        "no_proxy": "127.0.0.1",
        **variables,
    }
    return here.bash("\n".join(script), environment)


TOKEN = {"REVIEW_TOKEN": "the project's"}


@pytest.mark.loopback
def test_a_change_is_a_note_which_is_updated(changed, job, gitlab):
    here = job(changed)
    done = merge_request(gitlab, here, **TOKEN)
    assert (done.returncode, done.stderr) == (0, "")
    gitlab.notes.append(note(7, 9, gitlab.written[0][2]))
    assert merge_request(gitlab, here, **TOKEN).returncode == 0
    (new, path, body), (update, at, same) = gitlab.written
    assert (new, path) == ("POST", "/api/v4/projects/3/merge_requests/5/notes")
    assert (update, at, same) == ("PUT", f"{path}/7", body)
    assert body.startswith(f"{MARKER}\n## ")
    assert "user_status of 2 accounts" in body


@pytest.mark.loopback
def test_without_a_token_the_artifacts_are_all(changed, job, gitlab):
    assert merge_request(gitlab, job(changed)).returncode == 0
    for name in ("review.md", "review.html", "review.json"):
        assert "SUSPENDED" in (changed.root / name).read_text("utf-8")
    assert gitlab.written == []


@pytest.mark.loopback
def test_without_a_change_there_is_no_note(repository, job, gitlab):
    assert merge_request(gitlab, job(repository), **TOKEN).returncode == 0
    assert gitlab.written == []


@pytest.mark.loopback
def test_a_review_that_could_not_be_made_is_a_note_too(repository, job, gitlab):
    done = merge_request(gitlab, job(repository), CI_MERGE_REQUEST_TARGET_BRANCH_NAME="gone", **TOKEN)
    assert done.returncode == 2
    ((_, _, body),) = gitlab.written
    assert body == f"{MARKER}\nThe review could not be made: see https://gitlab.com/jobs/1"
