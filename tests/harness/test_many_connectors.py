"""One run of pytest over forty connectors: each is imported when its first scenario runs."""

from __future__ import annotations

import pytest

NAMES = [f"c{number:02}" for number in range(40)]

CONNECTOR = """\
from pathlib import Path

from connector.generated import *
from connector.oai.integration import DescriptionData, Integration

LOG = Path(__file__).parents[2] / "log"
with LOG.open("a") as log:
    print("import", __name__, file=log)


async def list_accounts(args: ListAccountsRequest) -> ListAccountsResponse:
    return ListAccountsResponse(response=[])


integration = Integration(
    app_id=__name__,
    version="1",
    auth=TokenCredential,
    exception_handlers=[],
    description_data=DescriptionData(user_friendly_name=__name__, categories=[]),
)
integration.register_capabilities({StandardCapabilityName.LIST_ACCOUNTS: list_accounts})
"""

CONFTEST = """\
import pytest

from connector_contract import ConnectorUnderTest, Upstream


@pytest.fixture(scope="session")
def connector_under_test():
    from NAME import integration

    return ConnectorUnderTest(
        integration=integration,
        auth={"token": {"token": "open-sesame"}},
        upstream=Upstream(origin="https://NAME.example.com"),
    )
"""

SCENARIO = """\
from pathlib import Path


async def test_accounts(lumos):
    with Path(__file__).parents[2].joinpath("log").open("a") as log:
        print("run NAME", file=log)
    await lumos.call("list_accounts", page={"size": 100})
"""

CONTRACT = """\
from connector_contract import ConnectorContract


class TestContract(ConnectorContract):
    pass
"""


@pytest.fixture
def repository(pytester):
    """Forty projects, which differ in nothing but their names."""
    files = {"pytest.ini": "[pytest]\naddopts = --import-mode=importlib -p no:randomly\n", ".git/HEAD": ""}
    files["pytest.ini"] += "pythonpath = " + " ".join(f"connectors/{name}" for name in NAMES) + "\n"
    for name in NAMES:
        files[f"connectors/{name}/setup.cfg"] = ""
        files[f"connectors/{name}/{name}.py"] = CONNECTOR
        files[f"connectors/{name}/conftest.py"] = CONFTEST.replace("NAME", name)
        files[f"connectors/{name}/test_{name}.py"] = SCENARIO.replace("NAME", name)
    for name, text in files.items():
        path = pytester.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return pytester


def run(repository, *arguments):
    log = repository.path / "log"
    log.write_text("")
    result = repository.runpytest_inprocess("-pno:asyncio", "-pno:cacheprovider", *arguments)
    return result, log.read_text().splitlines()


def test_each_connector_is_imported_when_its_first_scenario_runs(repository):
    _, log = run(repository, "--collect-only", "-q")
    assert log == []
    in_turn = [line for name in NAMES for line in (f"import {name}", f"run {name}")]
    recorded, log = run(repository, "--record-mode=once")
    # What is recorded proves itself in the same process.
    assert (recorded.ret, log) == (0, in_turn)
    replayed, log = run(repository)
    assert log == in_turn
    replayed.assert_outcomes(passed=40)
    told = [line.partition(" ")[0] for line in replayed.stdout.lines if "1 scenario replayed offline" in line]
    assert told == [f"connectors/{name}:" for name in NAMES]
    assert len(list(repository.path.glob("connectors/*/cassettes/test_*/test_accounts.yaml"))) == 40


def test_a_contract_needs_its_own_connector_when_it_is_collected_and_no_other(repository):
    for name in NAMES[:3]:
        (repository.path / f"connectors/{name}/test_contract_{name}.py").write_text(CONTRACT)
    _, log = run(repository, "--collect-only", "-q")
    assert log == [f"import {name}" for name in NAMES[:3]]
    _, log = run(repository, "--collect-only", "-q", f"connectors/{NAMES[1]}")
    assert log == [f"import {NAMES[1]}"]
