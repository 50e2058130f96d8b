"""The connector under test, made before any test runs."""

from __future__ import annotations

import pytest

CONFTEST = """\
import pytest

from connector_contract import ConnectorUnderTest, Upstream

LOG = []


@pytest.fixture
def token(request, pytestconfig):
    assert request.config is pytestconfig
    assert (request.fixturename, request.scope) == ("token", "function")
    request.addfinalizer(lambda: LOG.append("finalized"))
    yield "open-sesame" if not hasattr(request, "param") else request.param
    LOG.append("torn down")


@pytest.fixture
def connector_under_test(request):
    from acme_connector import integration

    {extra}
    return ConnectorUnderTest(
        integration=integration,
        auth={{"token": {{"token": request.getfixturevalue("token")}}}},
        settings={{"url": "https://acme.example.com/v1"}},
        upstream=Upstream(origin="https://acme.example.com", app="acme_server:create_app"),
    )


def pytest_collection_finish():
    print("made:", *LOG)
"""
CONTRACT = """\
from connector_contract import ConnectorContract


class TestAcme(ConnectorContract):
    pass
"""


@pytest.fixture
def project(recorded):
    return recorded.write("test_it.py", CONTRACT).write("conftest.py", CONFTEST.format(extra=""))


def test_fixtures_may_ask_for_what_there_is_before_tests(project):
    run = project.run("--collect-only", "-q", "-s", "test_it.py")
    # As in a test: what comes after the yield runs, without a try, before the finalizers.
    run.said("made: torn down finalized")
    assert "test_it.py::TestAcme::test_shape[list_accounts]" in run.output


def test_what_there_is_only_in_a_test_is_named(project):
    run = project.write("conftest.py", CONFTEST.format(extra="request.node")).run("test_it.py", "-k", "shape")
    run.had(errors=1)
    run.said("The connector's capabilities were not known when the tests were collected.")
    assert "test_shape[(unknown)]" in run.output


def test_a_connector_is_made_once_for_all_rules(project):
    run = project.run("--collect-only", "-q", "-s", "test_it.py")
    assert run.output.count("finalized") == 1


def test_a_fixture_that_overrides_one_takes_that(project):
    inner = project.files["conftest.py"].decode().replace("def pytest_collection_finish", "def unused")
    outer = """\
import dataclasses

import pytest


@pytest.fixture
def connector_under_test(connector_under_test):
    return dataclasses.replace(connector_under_test, max_requests=7)
"""
    run = project.write("conftest.py", inner).write("below/conftest.py", outer)
    run = run.write("below/test_below.py", CONTRACT).run("--collect-only", "-q", "below")
    assert "below/test_below.py::TestAcme::test_shape[list_accounts]" in run.output


def test_without_the_fixture_there_are_no_capabilities(project):
    run = project.write("conftest.py", "").run("test_it.py", "-k", "shape")
    run.had(errors=1)
    run.said("The fixture connector_under_test is missing.")
