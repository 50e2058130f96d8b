"""What ``--record-plan`` prints."""

from dataclasses import replace

from connector_contract.recording.phases import Phase
from connector_contract.reporting.plan_lines import Planned, Target, plan_lines

SERVER = Target("https://a.example", is_real=True)
WRITE = frozenset({"create_account"})
READ = Planned("test_a.py", "test_read", Phase.READS, ("list_accounts",), frozenset(), 3, 1200)
NEW = Planned("test_a.py", "test_create", Phase.WRITES, ("create_account", "list_accounts"), WRITE)
SHARED = Planned(
    "test_c.py", "TestC.reads[info]", Phase.SHARED_READS, ("info",), frozenset(), 1, 999, is_shared=True
)
UNKNOWN = Planned("test_b.py", "test_any", Phase.WRITES)


def test_a_plan_has_the_phases_in_order_and_what_is_known_of_each_recording():
    assert plan_lines("once", [(SERVER, [UNKNOWN, NEW, READ, SHARED])], 2) == [
        "--record-mode=once would record from https://a.example, a real server, in this order:",
        "                                requests     size  capabilities",
        "shared reads",
        "  test_c.py::TestC.reads[info]         1    999 B  info",
        "reads",
        "  test_a.py::test_read                 3   1.2 kB  list_accounts",
        "writes",
        "  test_b.py::test_any            unknown  unknown  unknown",
        "  test_a.py::test_create         unknown  unknown  create_account (writes), list_accounts",
        "in all: 3 scenarios and 1 shared recording, 2 of which write; 4 requests and 2.2 kB, by the earlier "
        "recordings; 2 recordings of unknown size",
        "",
        "2 scenarios would be replayed.",
        "Nothing was sent, and no test was run.",
    ]


def test_a_plan_from_a_server_with_a_limit_says_how_long_it_takes_at_least():
    target = Target("https://a.example", is_real=True, requests_per_minute=2)
    lines = plan_lines("rewrite", [(target, [READ])], 0)
    assert "in all: 1 scenario, 0 of which write; 3 requests and 1.2 kB, by the earlier recordings" in lines
    assert "at 2 requests a minute, that takes 1 minute or more" in lines
    fast = replace(target, requests_per_minute=120)
    assert "at 120 requests a minute, that takes 1 second or more" in plan_lines("once", [(fast, [READ])], 0)


def test_a_plan_that_knows_nothing_says_so():
    lines = plan_lines("once", [(Target("app:create_app", is_real=False), [UNKNOWN])], 0)
    assert lines[0].endswith("from app:create_app, an application that is served afresh:")
    assert "in all: 1 scenario, 1 of which writes; 1 recording of unknown size" in lines


def test_a_plan_of_many_recordings_has_a_row_for_each_module():
    known = [replace(READ, name=f"test_{n}", requests=1, size=500_000) for n in range(60)]
    lines = plan_lines("rewrite", [(SERVER, [*known, NEW, UNKNOWN])], 0)
    assert lines[1:6] == [
        "                            requests     size  capabilities",
        "reads",
        "  test_a.py: 60 recordings        60  30.0 MB  list_accounts",
        "writes",
        "  test_a.py: 1 recording     unknown  unknown  create_account (writes), list_accounts",
    ]
    rows = plan_lines("rewrite", [(SERVER, [*known, Planned("test_a.py", "test_new", Phase.READS)])], 0)
    assert (
        rows[3]
        == "  test_a.py: 61 recordings  60, and 1 unknown  30.0 MB, and 1 unknown  list_accounts, unknown"
    )


def test_a_plan_of_nothing():
    assert plan_lines("once", [], 1) == [
        "--record-mode=once would record nothing.",
        "1 scenario would be replayed.",
        "Nothing was sent, and no test was run.",
    ]
