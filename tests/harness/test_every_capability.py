"""For each standard capability there is a small right connector, whose contract holds without a waiver."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from connector.oai.integration import Integration

from connector_contract.contract.capabilities import own_capabilities
from connector_contract.contract.standard_capabilities import STANDARD

HERE = Path(__file__).parent
ZOO = HERE / "zoo"
PROJECTS = [
    HERE / "directory",
    *(path for path in sorted(ZOO.iterdir()) if (path / "test_contract.py").exists()),
]
# What the SDK makes by itself of what is declared; the contract judges it for each connector.
OF_THE_SDK = {"info", "app_info"}


def imported(name, path, monkeypatch):
    """A module that is there for this test alone: others run projects with modules of the same names."""
    spec = spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    # The SDK resolves annotations by it.
    monkeypatch.setitem(sys.modules, name, module)
    spec.loader.exec_module(module)
    return module


def capabilities(project, monkeypatch):
    """The capabilities that the author of a project's connector has registered, or configured."""
    (path,) = project.glob("*_connector.py")
    module = imported(f"connector_of_{project.name}", path, monkeypatch)
    (integration,) = (each for each in vars(module).values() if isinstance(each, Integration))
    return set(own_capabilities(integration))


def test_each_capability_has_a_connector(monkeypatch: pytest.MonkeyPatch):
    imported("strict", ZOO / "strict.py", monkeypatch)
    found = {name for project in PROJECTS for name in capabilities(project, monkeypatch)}
    assert sorted(STANDARD.keys() - found - OF_THE_SDK) == []


@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project.name)
def test_none_of_them_needs_a_waiver(project):
    assert "waivers" not in (project / "test_contract.py").read_text("utf-8")
