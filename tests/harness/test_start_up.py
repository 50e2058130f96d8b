import subprocess
import sys

# What only scenarios need, and what takes long to import.
HEAVY = {
    "asyncio",
    "connector",
    "connector_sdk_types",
    "connector_contract.recording.scenario",
    "httpx",
    "jmespath",
    "msgspec",
    "uvicorn",
    "vcr",
    "yaml",
}
PROGRAM = """
import sys
import pytest, pytest_recording.plugin, syrupy
before = set(sys.modules)
import connector_contract.plugin
print(*sorted(set(sys.modules) - before))
"""


def test_the_plugin_alone_imports_nothing_that_only_scenarios_need():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    imported = set(done.stdout.split())
    assert "connector_contract.plugin" in imported
    assert not imported & HEAVY


COLLECTIONS = """

import gc

collected = []
gc.callbacks.append(lambda phase, info: phase == "start" and collected.append(info["generation"]))


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef):
    gc.collect()
    collected.clear()
    try:
        return (yield)
    finally:
        if fixturedef.argname == "connector_under_test":
            print("while importing:", collected, "enabled:", gc.isenabled())
        if fixturedef.argname == "contract_scenario":
            print("full collections:", collected.count(2), "enabled:", gc.isenabled())
"""


def test_what_the_first_scenario_imports_is_looked_through_once(recorded):
    run = recorded.edit("conftest.py", "import pytest", "import pytest" + COLLECTIONS).run(
        "-s", subprocess=True
    )
    assert run.exit_code == 0, run.output
    imported, first, *_ = [line for line in run.output.splitlines() if "enabled:" in line]
    assert "while importing: [] enabled: False" in imported
    assert "full collections: 1 enabled: True" in first
