"""What an author can get wrong is one clear error."""

from __future__ import annotations

import socket

import pytest


def test_a_scenario_that_calls_nothing_shows_nothing(recorded):
    project = recorded.remove("snapshots").write("test_acme.py", "async def test_walk(lumos):\n    pass\n")
    run = project.run("--record-mode=once", "test_acme.py::test_walk")
    run.had(failed=1)
    run.said("The scenario has called no capability, so it proves nothing.")


def test_one_broken_connector_does_not_fail_the_others(recorded):
    names = ["conftest.py", "test_acme.py"]
    project = recorded
    for folder in ("a", "b"):
        for name in names:
            project = project.write(f"{folder}/{name}", recorded.files[name])
    for name in list(recorded.recorded("cassettes")) + list(recorded.recorded("snapshots")):
        for folder in ("a", "b"):
            project = project.write(name.replace("/", f"/{folder}/", 1), recorded.files[name])
    project = project.edit("a/conftest.py", "from acme_connector", "from nowhere")
    run = project.run("a", "b", "--import-mode=importlib")
    run.had(passed=3, errors=3)


def test_no_connector_under_test(recorded):
    run = recorded.write("conftest.py", "").run("test_acme.py::test_walk")
    run.had(errors=1)
    run.said(
        "The fixture connector_under_test is missing.",
        "def connector_under_test() -> ConnectorUnderTest:",
    )
    assert "Traceback" not in run.output


def test_a_connector_that_raises_on_import_is_told_once(recorded):
    run = recorded.write("acme_connector.py", "import no_such_module\n").run()
    run.had(errors=3)
    run.said(
        "The fixture connector_under_test raised ModuleNotFoundError: No module named 'no_such_module'",
        "acme_connector.py:1",
    )
    refers = "The end of the run says where, and what to do."
    assert run.output.count(refers) == 2
    _failures, _, end = run.output.partition("2 more tests failed for this reason:\n")
    assert end.startswith("The fixture connector_under_test raised ModuleNotFoundError")
    assert end.count("acme_connector.py:1") == 1
    assert "Traceback" not in run.output


def test_a_connector_that_raises_where_conftest_imports_it(recorded):
    raising = recorded.write("acme_connector.py", "raise RuntimeError('out of order')\n").write(
        "conftest.py", "from acme_connector import integration\n"
    )
    run = raising.run(subprocess=True)
    assert run.exit_code == pytest.ExitCode.USAGE_ERROR
    run.said("ImportError while loading conftest", "acme_connector.py:1", "out of order")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("return ConnectorUnderTest(", "return dict(", "The fixture connector_under_test returned {"),
        ("integration=integration", "integration=42", "ConnectorUnderTest(integration=...) is 42"),
        (
            "settings=",
            "match_headers='X', settings=",
            "ConnectorUnderTest(match_headers=...) is the string 'X'",
        ),
        ("upstream=Upstream(", "upstream=dict(", "ConnectorUnderTest(upstream=...) is {"),
        ("auth={", "credentials=[], auth={", "ConnectorUnderTest has both auth and credentials"),
        (
            'origin="https://acme',
            'origin="acme',
            "Upstream(origin=...) is 'acme.example.com': it needs http://",
        ),
        ('acme.example.com",', 'acme.example.com?a=1",', "it takes no query, fragment or credentials"),
    ],
)
def test_a_wrong_configuration(recorded, old, new, complaint):
    run = recorded.edit("conftest.py", old, new).run("test_acme.py::test_walk")
    run.had(errors=1)
    run.said(complaint)
    assert "Traceback" not in run.output


@pytest.mark.parametrize(
    ("app", "reason"),
    [
        ("no_such_server:app", "ModuleNotFoundError: No module named 'no_such_server'"),
        ("acme_server:nothing", "the module acme_server has no nothing"),
        ("acme_server", 'it is not a "module:attribute"'),
        ("broken:on_import", "RuntimeError: out of order"),
        ("broken_factory:create_app", "RuntimeError: no database"),
        ("broken_lifespan:app", "RuntimeError: no migrations"),
        ("broken_factory:exits", "SystemExit: MOCKAPP_USERS must be a number"),
        ("broken_factory:returns_nothing", "it is None, which is not an ASGI application"),
    ],
)
@pytest.mark.loopback
def test_an_upstream_application_that_does_not_start(acme, app, reason):
    project = (
        acme.edit("conftest.py", "acme_server:create_app", app)
        .write("broken.py", "raise RuntimeError('out of order')\n")
        .write(
            "broken_factory.py",
            "def create_app():\n    raise RuntimeError('no database')\n\n"
            "def exits():\n    raise SystemExit('MOCKAPP_USERS must be a number')\n\n"
            "def returns_nothing():\n    pass\n",
        )
        .write(
            "broken_lifespan.py",
            "import contextlib\nimport fastapi\n\n@contextlib.asynccontextmanager\nasync def lifespan(app):\n"
            "    raise RuntimeError('no migrations')\n    yield\n\n"
            "app = fastapi.FastAPI(lifespan=lifespan)\n",
        )
    )
    run = project.run("--record-mode=once", "test_acme.py::test_walk")
    run.had(errors=1)
    run.said(f"The upstream application did not start: {reason}", f"app: {app}", "--upstream-url")
    assert run.project == project


@pytest.mark.loopback
def test_a_server_that_is_down_is_no_recording(acme):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    run = acme.run("--record-mode=once", f"--upstream-url=http://127.0.0.1:{port}", "test_acme.py::test_walk")
    run.had(failed=1)
    run.said(
        "The upstream did not answer: ConnectError",
        f"upstream: http://127.0.0.1:{port}",
        "Start the server",
    )
    assert run.project == acme


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://localhost", "http://"])
def test_a_wrong_upstream_url(recorded, url):
    run = recorded.run("--record-mode=once", f"--upstream-url={url}")
    assert run.exit_code == pytest.ExitCode.USAGE_ERROR
    run.said(f"--upstream-url is '{url}'")
    assert "Traceback" not in run.output


def test_a_scenario_takes_no_vcr_marker(recorded):
    marked = recorded.edit(
        "test_acme.py", "async def test_walk", "import pytest\n\n@pytest.mark.vcr\nasync def test_walk"
    )
    run = marked.run("test_acme.py::test_walk")
    run.had(errors=1)
    run.said("A scenario has a cassette of its own", "Remove the marker")


def test_one_mistake_of_two_scenarios_is_told_in_two_lines(recorded):
    scenario = """
import pytest
from connector_contract.errors import UpstreamFailure

@pytest.mark.parametrize("name", ["a", "b"])
def test_it(name):
    where = [("scenario", name)]
    raise UpstreamFailure("It did not start.", where=where, details=["why"], remedy="Start it.")
"""
    run = recorded.write("test_acme.py", scenario).run()
    run.had(failed=2)
    assert run.output.count("Start it.") == 2
    run.said("It did not start.\nThe end of the run says where, and what to do.")
    run.said("1 more test failed for this reason:\nIt did not start.\n  why\nStart it.")
