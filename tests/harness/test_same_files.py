"""Scenarios whose recordings are one file on Windows and macOS."""

from dataclasses import replace

import pytest

TWO = """
import pytest


@pytest.mark.parametrize("size", [2, 3], ids={ids})
async def test_page(lumos, snapshot, size):
    assert await lumos.call("list_accounts", page={{"size": size}}) == snapshot


@pytest.mark.parametrize("size", [2, 3], ids={ids})
def test_plain(size):
    pass
"""
PAGE = "cassettes/test_two/test_page[{}].yaml"


def two(project, ids):
    others = {name: data for name, data in project.files.items() if name != "test_acme.py"}
    return replace(project, files=others).write("test_two.py", TWO.format(ids=ids))


@pytest.mark.parametrize("ids", [["a", "A"], ["Stra\u00dfe", "STRASSE"], ["\u00e9", "e\u0301"]], ids=ascii)
def test_parameters_that_differ_in_case_or_accents_alone(acme, ids):
    unescaped = "disable_test_id_escaping_and_forfeit_all_rights_to_community_support = true\n"
    run = two(acme, ids).write("pytest.ini", f"[pytest]\n{unescaped}").run("--record-mode=once")
    first, second = sorted(ids)
    run.had(errors=1)
    run.said(
        "Two scenarios would have one file on Windows and macOS: "
        f"test_two.py::test_page[{first}] and test_two.py::test_page[{second}].",
        "@pytest.mark.parametrize(..., ids=[...])",
    )
    assert "Traceback" not in run.output
    assert run.project.recorded("cassettes") == {}


@pytest.mark.parametrize("ids", [["a", "b"], ["a?", "A?"], ["a1", "a\u00b9"]], ids=ascii)
def test_parameters_that_are_two_files_everywhere(acme, ids):
    run = two(acme, ids).run("--collect-only", "-q")
    assert "one file" not in run.output
    assert run.exit_code == 0


def test_functions_and_classes_that_differ_in_case(acme):
    text = "async def test_a(lumos):\n    ...\n\nasync def test_A(lumos):\n    ...\n"
    classes = "".join(
        f"\n\nclass {name}:\n    async def test_b(self, lumos):\n        ...\n" for name in ("TestC", "Testc")
    )
    run = acme.remove("test_acme.py").write("test_two.py", text + classes).run()
    run.had(errors=2)
    run.said("test_two.py::TestC::test_b and test_two.py::Testc::test_b")
    run.said("test_two.py::test_A and test_two.py::test_a")


def test_what_is_left_out_of_a_run_counts_and_xdist_does_not_run_it(acme):
    project = two(acme, ["a", "A"])
    for options in (["-k", "plain"], ["-n2", "-k", "page", "--record-mode=once"]):
        run = project.run(*options, subprocess=True, plugins=("xdist",))
        assert run.exit_code != 0
        assert "one file on Windows and macOS" in run.output
        assert PAGE.format("a") not in run.project.files


@pytest.mark.loopback
def test_where_both_are_recorded_it_is_a_warning(acme):
    run = two(acme, ["a", "b"]).run("--record-mode=once")
    run.had(passed=4)
    files = {
        name.replace("[b]", "[A]"): data.replace(b"[b]", b"[A]") for name, data in run.project.files.items()
    }
    both = two(replace(acme, files=files), ["a", "A"])
    run = both.run("-Wdefault")
    run.had(passed=4)
    assert "SharedFileWarning: Two scenarios would have one file on Windows and macOS" in run.output
    strict = both.run("-Werror::connector_contract.same_files.SharedFileWarning")
    strict.had(errors=1)
    assert "Traceback" not in strict.output


@pytest.mark.loopback
def test_a_scenario_alone_is_not_recorded_beside_the_other(acme):
    recorded = two(acme, ["a", "b"]).run("--record-mode=once").project
    other = two(recorded, ["A", "b"])
    run = other.run("test_two.py::test_page[A]", "--record-mode=once")
    run.had(errors=1)
    run.said("one file with another on Windows and macOS: 'test_page[A].yaml' and 'test_page[a].yaml'")
    assert run.project.recorded("cassettes") == other.recorded("cassettes")


@pytest.mark.loopback
def test_names_of_snapshots_that_differ_in_case(acme):
    test = """
async def test_two(lumos, snapshot):
    response = await lumos.call("list_accounts")
    assert response == snapshot(name="{first}")
    assert response == snapshot(name="{second}")
"""
    project = acme.remove("test_acme.py")
    run = project.write("test_two.py", test.format(first="page", second="Page")).run("--record-mode=once")
    run.had(failed=1)
    run.said("Two snapshots would be one file on Windows and macOS", "snapshot(name=...)")
    assert run.project.recorded("snapshots") == {}
    same = project.write("test_two.py", test.format(first="page", second="page")).run("--record-mode=once")
    same.had(passed=1)
