import subprocess
import sys

# What only scenarios need, and what takes long to import.
HEAVY = {
    "asyncio",
    "connector",
    "connector_contract.scenario",
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
