"""The benchmark itself: its arithmetic, and a run that is as small as can be."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import httpx
import pytest

from benchmarks import bodies, contract_calls, review_files
from benchmarks.__main__ import (
    NO_HOOK,
    PEOPLE,
    ROOT,
    US,
    Bench,
    Failed,
    after_a_scenario,
    recording_people,
    upstreams,
)
from benchmarks.results import Series, as_json, as_markdown, ratio

OURS = Series("a case", US, "s", (1.0, 4.0, 2.0))
THEIRS = Series("a case", "vcrpy", "s", (10.0, 10.0, 8.0))


def test_a_ratio_is_one_of_medians_with_the_spread_of_the_turns():
    found = ratio(OURS, THEIRS, 0.2)
    assert (found.ratio, found.low, found.high, found.goal) == (0.2, 0.1, 0.4, 0.2)


def test_the_table_and_the_data():
    ratios = [ratio(OURS, THEIRS, 0.2), ratio(OURS, Series("another case", US, "s", (1.0, 1.0, 1.0)))]
    table = as_markdown([OURS, THEIRS], ratios, ["a note"])
    assert "| a case | vcrpy | 10 s |\n" in table
    assert "| a case | connector-contract | vcrpy | 0.20 (0.10 to 0.40) | at most 0.2 |\n" in table
    assert (
        "| a case | connector-contract | connector-contract, another case | 2.00 (1.00 to 4.00) |  |" in table
    )
    assert table.endswith("\n- a note\n")
    data = json.loads(as_json([OURS], ratios[:1], [], {"cores": 2}))
    assert data["series"][0]["values"] == [1.0, 4.0, 2.0]
    assert data["ratios"][0]["goal"] == 0.2


@pytest.fixture
def bench(tmp_path):
    with upstreams(tmp_path, [2]) as environment:
        yield Bench(tmp_path, environment, [US, "MockTransport"], repeat=1)


@pytest.mark.loopback
def test_the_sides_record_and_replay_the_same(bench):
    bench.record("test_walk", bench.sides, {"pages": 2})
    figures = bench.take_turns(
        "walk", bench.sides, partial(bench.run, test="test_walk", numbers={"pages": 2})
    )
    assert {side: len(items[0].seconds) for side, items in figures.items()} == {US: 2, "MockTransport": 2}
    assert len(list(Path(bench.folder(US)).rglob("*.yaml"))) == 2


@pytest.mark.loopback
def test_tests_after_a_scenario_are_measured_with_the_hook_and_without(bench):
    after_a_scenario(bench, 2)
    (found,) = bench.ratios
    assert (found.side, found.to, found.goal) == (US, NO_HOOK, 1.02)


@pytest.mark.loopback
def test_recording_is_measured_with_made_up_people(bench):
    recording_people(bench, 2)
    assert [(found.side, found.to) for found in bench.ratios] == [(PEOPLE, "live"), (PEOPLE, US)]
    for side, is_there in ((US, True), (PEOPLE, False)):
        (walk,) = bench.folder(side).rglob("test_walk?2?.yaml")
        assert ("@norvelkin.com" in walk.read_text("utf-8")) is is_there


@pytest.mark.loopback
def test_sides_that_answer_differently_are_no_comparison(bench):
    def measure(side):
        return bench.run("MockTransport", "test_walk", {"pages": 2 if side == US else 1})

    with pytest.raises(SystemExit, match="walk: the sides did not answer the same"):
        bench.take_turns("walk", bench.sides, measure)


@pytest.mark.loopback
def test_a_peer_that_cannot_is_left_out_and_noted_and_we_may_not(bench):
    # There is nothing to replay, and pytest-recording lets no new request through.
    assert bench.able("walk", ["vcrpy", "MockTransport"], "test_walk", {"pages": 2}) == ["MockTransport"]
    assert bench.notes[0].startswith("walk: vcrpy fails: ")
    with pytest.raises(Failed, match="The scenario is not recorded"):
        bench.able("walk", [US], "test_walk", {"pages": 2})


def test_the_calls_of_mockapps_scenarios_can_be_made_without_the_harness():
    scenarios = contract_calls.scenarios(ROOT)
    calls = [call for scenario in scenarios for call in scenario]
    assert len(scenarios) > 150
    assert {call["capability"] for call in calls} >= {"list_accounts", "create_account", "info"}
    assert json.loads(calls[0]["envelope"])["settings"] == {"api_url": "http://localhost:8000"}


def test_a_mocked_call_is_given_each_answer_once():
    answers = [
        {"asked": "GET https://a.example/v1", "status": status, "headers": [["x-a", "b"]], "body": "{}"}
        for status in (503, 200)
    ]
    with httpx.Client(transport=contract_calls.transport(answers)) as client:
        found = [client.get("https://a.example/v1") for _ in answers]
        assert [(response.status_code, response.headers["x-a"]) for response in found] == [
            (503, "b"),
            (200, "b"),
        ]
        with pytest.raises(IndexError):
            client.get("https://a.example/v1")


def test_what_is_more_than_a_floor_is_reported_with_its_goal(tmp_path):
    bench = Bench(tmp_path, {}, [US], repeat=3)
    theirs = Series("a case", "an empty test", "s", (0.5, 1.0, 1.5))
    assert bench.beyond(OURS, theirs, 1.0) == 0.5
    assert bench.series[-1].case == "a case: beyond an empty test (goal: at most 1 s)"
    assert bench.series[-1].values == (0.5, 3.0, 0.5)


def test_a_review_of_many_files_is_of_files_that_differ(capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["review_files", "4", "3", "--formats", "term"])
    review_files.main()
    rows = [line.split(" | ") for line in capsys.readouterr().out.splitlines()[2:]]
    assert [row[:2] + row[3:4] for row in rows] == [
        ["| in one test module", "4", "term"],
        ["| in 1 test modules", "4", "term"],
        ["| a cassette of 3 pages", "2", "term"],
    ]


def test_bodies_of_each_kind_are_measured_beside_json(capsys):
    bodies.main(["--sizes", "1", "--repeat", "1"])
    rows = [line.strip("| ").split(" | ") for line in capsys.readouterr().out.splitlines()[2:]]
    assert [row[0] for row in rows] == list(bodies.KINDS)
    assert rows[0][5] == "1.00"
    # Time depends on the machine; memory does not, but for what is kept whatever the size.
    recorded = {row[0]: float(row[6].partition(",")[0]) for row in rows}
    assert max(value for kind, value in recorded.items() if kind != "JSON") <= 11
