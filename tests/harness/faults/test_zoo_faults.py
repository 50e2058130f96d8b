"""The sweep of each kind of connector: none of the right ones has a finding, and no class hides an outcome.

``tests/harness/test_zoo.py`` sweeps those of them that take seconds.
"""

from __future__ import annotations

import json

import pytest

pytestmark = [pytest.mark.loopback, pytest.mark.slow]

# How many calls are broken.
COSTLY = {
    "applications": 63,
    "attributes": 32,
    "client_credentials": 8,
    "graph": 40,
    "graph_like": 23,
    "groups_and_members": 30,
    "increments": 26,
    "okta_like": 23,
    "reports": 18,
    "rotating_tokens": 28,
    "scim": 26,
    "search_and_exports": 35,
    "short_lived_tokens": 11,
    "statuses": 35,
}


@pytest.fixture
def sweep(tmp_path):
    """Records a project, and gives the rows of its sweep."""

    def rows(project, *args):
        run = project.run(
            "--contract-faults", "-k", "faults", f"--contract-faults-json={tmp_path}/a.json", *args
        )
        assert run.exit_code == 0, run.output
        found = json.loads((tmp_path / "a.json").read_text())
        assert run.outcomes["passed"] == found["calls"], run.output
        return found

    return rows


@pytest.mark.parametrize("kind", COSTLY)
def test_a_right_connector_has_no_finding(zoo, sweep, kind):
    found = sweep(zoo(kind).run("--record-mode=once").project)
    assert (found["calls"], found["findings"], found["tolerated"]) == (COSTLY[kind], 0, 0)


def test_the_directory_has_no_finding(directory, sweep):
    assert sweep(directory.run("--record-mode=once").project)["findings"] == 0


@pytest.mark.parametrize(
    "kind", ["client_credentials", "cursors", "database", "graphql", "link_header", "oauth", "synchronous"]
)
def test_classes_of_calls_hide_no_outcome(zoo, sweep, kind):
    project = zoo(kind).run("--record-mode=once").project
    some, each = (
        {
            (row["capability"], row["endpoint"], row["fault"], row["outcome"], row["weight"])
            for row in sweep(project, f"--contract-fault-calls={calls}")["rows"]
        }
        for calls in ("distinct", "all")
    )
    assert each == some
