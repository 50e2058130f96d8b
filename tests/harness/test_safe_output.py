"""What a run shows: no secret in it, wherever a test has put it, also not the half of one."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

SECRET = "tk9" + "Qz7Xw2" * 5 + "Lm4"
"""What no word has."""

CONFTEST = """
import os
import pytest
from connector_contract import ConnectorUnderTest, Upstream
from app_connector import integration

@pytest.fixture(scope="session")
def connector_under_test():
    return ConnectorUnderTest(
        integration=integration,
        auth={"token": {"token": os.environ["APP_TOKEN"]}},
        settings={"region": "eu", "nested": {"signing_key": os.environ["APP_TOKEN"][::-1]}},
        upstream=Upstream(origin="https://app.example.com", app="app_server:app"),
    )

@pytest.fixture
def secret():
    return os.environ["APP_TOKEN"]
"""

CONNECTOR = """
class Integration:
    capabilities = {"list_accounts": None}

    async def dispatch(self, name, text):
        import json
        return json.dumps({"response": []})

integration = Integration()
"""

SERVER = """
async def app(scope, receive, send):
    raise NotImplementedError
"""

# Each of them fails, or is shown by -rA.
TESTS = '''
import logging, os, sys, threading, warnings
import pytest

def test_it(lumos):
    """The run knows the secret from here on."""

def test_message(secret):
    raise ValueError(f"it is {secret}, or so")

def test_cut(secret):
    raise ValueError("cut: " + secret[:20])

def test_cut_with_dots(secret):
    raise ValueError(f"cut: {secret[:15]}...{secret[-15:]}")

def test_assertion(secret):
    assert {"a": secret, "b": "x" * 400} == {"a": secret[:-1], "b": "y" * 400}

def test_long_assertion(secret):
    assert secret * 20 == "x"

def test_locals(secret):
    local = {"deep": [secret]}
    assert not local

def test_chain(secret):
    try:
        raise KeyError(secret)
    except KeyError as error:
        raise RuntimeError("after") from error

def test_note(secret):
    error = ValueError("noted")
    error.add_note(f"see {secret}")
    raise error

def test_group(secret):
    raise ExceptionGroup("several", [ValueError(secret), ValueError(secret[::-1])])

def test_skip(secret):
    pytest.skip(f"because of {secret}")

def test_xfail(secret):
    pytest.xfail(f"because of {secret}")

def test_fail(secret):
    pytest.fail(f"because of {secret}", pytrace=False)

def test_property(secret, record_property):
    record_property("token", secret)
    record_property("tokens", [secret, {secret: 1}])

def test_attribute(secret, record_xml_attribute, record_testsuite_property):
    record_xml_attribute("token", secret)
    record_testsuite_property("token", secret)

def test_output(secret):
    print(secret)
    print(secret, file=sys.stderr)
    logging.getLogger("x").warning("told %s", secret)
    try:
        raise ValueError(secret)
    except ValueError:
        logging.getLogger("x").exception("raised")
    assert 0

def test_warning(secret):
    warnings.warn(f"mind {secret}")

class Worded(UserWarning):
    def __str__(self):
        return "worded " + self.args[0][::-1]

def test_worded_warning(secret):
    warnings.warn(Worded(secret[::-1]))

def test_thread(secret):
    thread = threading.Thread(target=lambda: logging.getLogger("x").error("late %s", secret))
    thread.start()
    thread.join()

def test_subtest(subtests, secret):
    with subtests.test(msg=secret, value=secret):
        assert secret == ""

@pytest.fixture
def broken_teardown(secret):
    yield
    raise RuntimeError(f"teardown {secret}")

def test_teardown(broken_teardown):
    pass

@pytest.fixture
def broken_setup(secret):
    raise RuntimeError(f"setup {secret}")

def test_setup(broken_setup):
    pass

def test_of_settings(secret):
    raise ValueError(secret[::-1])

@pytest.mark.parametrize("token", [os.environ["APP_TOKEN"]])
def test_of_a_parameter(token):
    assert token == "x"

def test_url():
    raise ValueError("https://svc:" + "hunter" + "-two@proxy.example.com")
'''


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A project whose tests show the secret in each way."""
    monkeypatch.setenv("APP_TOKEN", SECRET)
    pytester.makepyfile(app_connector=CONNECTOR, app_server=SERVER, conftest=CONFTEST, test_all=TESTS)
    pytester.makeini("[pytest]\npythonpath = .\n")
    return pytester


def found_in(text: str) -> list[str]:
    """The lines of a text that have the secret, or what nobody may cut off from it."""
    pieces = (SECRET[:12], SECRET[-12:], SECRET[::-1][:12], SECRET[10:24], "hunter-two")
    return [line for line in text.splitlines() if any(piece in line for piece in pieces)]


@pytest.mark.parametrize("processes", [[], ["-n", "2", "--dist", "loadfile"]], ids=["one", "xdist"])
def test_no_report_has_a_secret(project, processes):
    arguments = ["-rA", "--showlocals", "-vv", "--junitxml=junit.xml"]
    arguments += ["--log-file=run.log", "--log-cli-level=INFO"]
    result = project.runpytest_subprocess("-p", "no:randomly", *arguments, *processes)
    assert "test_of_a_parameter[<token.token>]" in result.stdout.str()
    assert "<settings.nested.signing_key>" in result.stdout.str()
    # The process that hands the tests out knows of no secret, and names each when it begins.
    told = [line for line in result.stdout.str().splitlines() if "::" not in line or not processes]
    for text in ("\n".join(told), result.stderr.str(), (project.path / "junit.xml").read_text()):
        assert found_in(text) == []
    assert ElementTree.parse(project.path / "junit.xml").getroot() is not None  # noqa: S314 - pytest's own
    for path in project.path.glob("run.log"):
        assert found_in(path.read_text()) == []
