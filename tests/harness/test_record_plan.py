"""Which scenarios record, in which order, in how many processes; and ``--record-plan``."""

import re
from pathlib import Path

import pytest
from real_server import real_server

HERE = Path(__file__).parent
pytestmark = pytest.mark.loopback
IN_ORDER = ["test_walk", "test_create", "test_wrong_token"]


@pytest.fixture
def server():
    with real_server(HERE / "acme" / "acme_server.py") as running:
        yield running


def without_app(project):
    return project.edit("conftest.py", ', app="acme_server:create_app"', "")


def plan_of(run):
    """The lines of a plan."""
    lines = run.output.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("--record-mode="))
    return lines[start : lines.index("Nothing was sent, and no test was run.") + 1]


def recorded_in_order(run):
    """The tests that were recorded from a real server, in the order in which they were."""
    line = r"^recording \d+ of \d+: \S+::(\S+): \d+ requests?, [\d.]+ s$"
    return re.findall(line, run.output, re.MULTILINE)


def shuffled(project, server, seed):
    """A recording from a real server, the tests in an order of pytest-randomly's."""
    arguments = ["--record-mode=once", f"--upstream-url={server.url}", f"--randomly-seed={seed}", "-v"]
    return project.run(*arguments, plugins=("randomly",))


def test_a_plan_sends_nothing_and_runs_no_test(acme):
    # Whatever would run fails.
    broken = acme.edit("conftest.py", "acme_server:create_app", "acme_server:nothing")
    run = broken.run("--record-plan")
    assert run.exit_code == pytest.ExitCode.OK
    assert run.project == broken
    assert plan_of(run) == [
        "--record-mode=once would record from acme_server:nothing, an application that is served afresh:",
        "                                  requests     size  capabilities",
        "reads",
        "  test_acme.py::test_walk          unknown  unknown  list_accounts",
        "writes",
        "  test_acme.py::test_create        unknown  unknown  list_accounts, create_account (writes)",
        "refused credentials",
        "  test_acme.py::test_wrong_token   unknown  unknown  list_accounts",
        "in all: 3 scenarios, 1 of which writes; 3 recordings of unknown size",
        "",
        "Nothing was sent, and no test was run.",
    ]


def test_a_plan_estimates_by_the_earlier_recording(recorded):
    sizes = [len(data) for _, data in sorted(recorded.recorded("cassettes").items())]
    create, walk, wrong = (f"{size / 1000:.1f} kB" if size >= 1000 else f"{size} B" for size in sizes)
    run = recorded.run("--record-plan", "--record-mode=rewrite", "--upstream-url=https://acme.example.org")
    assert plan_of(run) == [
        "--record-mode=rewrite would record from https://acme.example.org, a real server, in this order:",
        "                                  requests    size  capabilities",
        "reads",
        f"  test_acme.py::test_walk                2  {walk:>6}  list_accounts",
        "writes",
        f"  test_acme.py::test_create              2  {create:>6}  create_account (writes), list_accounts",
        "refused credentials",
        f"  test_acme.py::test_wrong_token         1  {wrong:>6}  list_accounts",
        f"in all: 3 scenarios, 1 of which writes; 5 requests and {sum(sizes) / 1000:.1f} kB, "
        "by the earlier recordings",
        "",
        "Nothing was sent, and no test was run.",
    ]


@pytest.mark.parametrize("mode", [[], ["--record-mode=once"]])
def test_a_plan_of_what_is_recorded_has_nothing(recorded, mode):
    run = recorded.run("--record-plan", *mode)
    assert run.exit_code == pytest.ExitCode.OK
    assert plan_of(run) == [
        "--record-mode=once would record nothing.",
        "3 scenarios would be replayed.",
        "Nothing was sent, and no test was run.",
    ]


def test_a_plan_says_what_is_recorded_of_those_that_are_selected(recorded):
    run = recorded.remove("cassettes/test_acme/test_walk.yaml").run("--record-plan", "-k", "walk or create")
    plan = plan_of(run)
    assert "in all: 1 scenario, 0 of which write; 1 recording of unknown size" in plan
    assert "1 scenario would be replayed." in plan


def test_a_plan_is_made_in_one_process(recorded):
    run = recorded.run(
        "--record-plan", "-n2", "--record-mode=rewrite", "--upstream-url=https://a.example.org"
    )
    assert run.exit_code == pytest.ExitCode.OK
    assert "in all: 3 scenarios, 1 of which writes" in run.output


def test_a_plan_of_a_module_that_is_broken_is_an_error(acme):
    run = acme.write("test_broken.py", "import nothing_at_all").run("--record-plan")
    assert run.exit_code == pytest.ExitCode.INTERRUPTED
    assert "would record" not in run.output


def test_a_plan_of_the_modules_that_are_not_broken_sends_nothing_either(acme):
    broken = acme.write("test_broken.py", "import nothing_at_all")
    run = broken.run("--record-plan", "--continue-on-collection-errors")
    assert "in all: 3 scenarios" in run.output
    assert run.project == broken


def test_a_plan_without_recording_is_refused(acme):
    run = acme.run("--record-plan", "--disable-recording")
    assert run.exit_code == pytest.ExitCode.USAGE_ERROR
    run.said("--record-plan has nothing to plan: --disable-recording writes nothing.", "Leave one of them")


PRINTED = """
@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    plan = session.config.pluginmanager.get_plugin("connector-contract-plan")
    for recording in plan.recordings.values():
        for planned in recording.planned:
            print("planned:", f"cassettes/{planned.module.removesuffix('.py')}/{planned.name}.yaml")
"""


def test_what_is_planned_of_a_contract_is_what_is_recorded(directory):
    project = directory.edit("conftest.py", "import pytest\n", "import pytest\n" + PRINTED)
    run = project.run("--record-plan", "-s")
    planned = {line.partition(": ")[2] for line in run.output.splitlines() if line.startswith("planned: ")}
    done = project.run("--record-mode=once", "-q")
    assert done.exit_code == 0, done.output
    assert len(planned) > 60
    # Whether there is anything to choose, only the lists say.
    chosen = {"min_assignments", "not_assignable"}
    assert chosen <= set(re.findall(r"nothing to check: (\w+): ", done.output))
    cassettes = {f"cassettes/test_contract/TestDirectoryContract.test_{name}.yaml" for name in chosen}
    assert planned - cassettes == set(done.project.recorded("cassettes"))
    again = done.project.run(
        "--record-plan",
        *(f"--deselect=test_contract.py::TestDirectoryContract::test_{name}" for name in chosen),
    )
    assert "--record-mode=once would record nothing." in again.output


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_real_server_is_recorded_in_order_however_the_tests_are_shuffled(acme, server, seed):
    run = shuffled(acme, server, seed)
    run.had(passed=3)
    assert recorded_in_order(run) == IN_ORDER
    assert [method for method, _ in server.asked] == ["GET", "GET", "POST", "GET", "GET"]


def test_what_failed_before_comes_in_its_phase_too(acme, server):
    """pytest's ``--ff`` sorts around other plugins."""
    arguments = ["--record-mode=once", f"--upstream-url={server.url}", "-o", "cache_dir=cache", "-v"]
    server.dies_at = 1
    failed = acme.run(*arguments, "-k", "create", plugins=("cacheprovider",))
    server.dies_at = None
    run = failed.project.run(*arguments, "--ff", plugins=("cacheprovider",))
    run.had(passed=3)
    assert recorded_in_order(run) == IN_ORDER


def test_what_is_replayed_keeps_its_place(recorded, server):
    project = recorded.remove("cassettes/test_acme/test_walk.yaml")
    project = project.remove("cassettes/test_acme/test_create.yaml")
    text = project.files["test_acme.py"].decode()
    walk, create, wrong = ("async def" + part for part in text.split("async def")[1:])
    run = project.write("test_acme.py", create + wrong + walk).run(
        "--record-mode=once", "--snapshot-update", f"--upstream-url={server.url}", "-v"
    )
    order = re.findall(r"^test_acme.py::(\w+) ", run.output, re.MULTILINE)
    assert order == ["test_walk", "test_wrong_token", "test_create"]
    assert recorded_in_order(run) == ["test_walk", "test_create"]


def test_an_application_that_is_served_is_recorded_in_the_order_of_the_tests(acme):
    text = acme.files["test_acme.py"].decode()
    walk, *others = ("async def" + part for part in text.split("async def")[1:])
    run = acme.write("test_acme.py", "".join([*others, walk])).run("--record-mode=once", "-v")
    assert re.findall(r"^test_acme.py::(\w+) ", run.output, re.MULTILINE) == [*IN_ORDER[1:], IN_ORDER[0]]
    assert recorded_in_order(run) == []


def test_all_that_a_contract_reads_comes_before_what_it_writes(directory):
    with real_server(HERE / "directory" / "directory_server.py") as server:
        run = shuffled(directory, server, 7)
    order = re.findall(r"^recording \d+ of \d+: \S+::test_(\w+)", run.output, re.MULTILINE)
    first_write = next(number for number, (method, _) in enumerate(server.asked) if method != "GET")
    reading = server.asked[:first_write]
    assert {"/me", "/users", "/projects", "/entitlements", "/grants"} <= {path for _, path in reading}
    refused = ("bad_credentials", "missing_credentials")
    assert set(order[-len([name for name in order if name in refused]) :]) == set(refused)
    assert order.index("coverage") < order.index("page_token") < order.index("writes")
    # None of the shared recordings was missing when the writes began.
    shared = [name for name in run.project.recorded("cassettes") if ".reads[" in name]
    assert len(shared) > 20


@pytest.mark.parametrize("arguments", [["-n2"], ["-n2", "--dist=loadfile"]])
def test_a_rewrite_from_a_real_server_in_several_processes_is_refused(recorded, server, arguments):
    run = recorded.run("--record-mode=rewrite", f"--upstream-url={server.url}", *arguments)
    assert run.exit_code == pytest.ExitCode.USAGE_ERROR
    run.said(
        "A recording from a real server runs in one process, and -n asks for several.",
        f"--upstream-url: {server.url}",
        "Nothing was sent. Record in one process:",
        "pytest -n 0 ...",
    )
    assert server.asked == []


def test_a_recording_that_only_a_worker_knows_of_is_refused_once(acme, server):
    project = without_app(acme).edit("conftest.py", "https://acme.example.com", server.url)
    run = project.run("--record-mode=once", "-n1", subprocess=True)
    run.had(errors=3)
    assert server.asked == []
    told = "A recording from a real server runs in one process, and this run has several (-n)."
    full = [
        part for part in run.output.split(told)[1:] if part.lstrip().startswith(f"upstream: {server.url}")
    ]
    # In the first report, and at the end of the run.
    assert len(full) == 2
    run.said("2 more tests failed for this reason:")


def test_a_contract_that_is_recorded_in_several_processes_is_refused_once(directory, server):
    project = directory.edit("conftest.py", 'app="directory_server:create_app"', "").edit(
        "conftest.py", "https://directory.example.com", server.url
    )
    run = project.run("--record-mode=once", "-n1", "-k", "shape or page_token", subprocess=True)
    assert run.exit_code == pytest.ExitCode.TESTS_FAILED
    assert server.asked == []
    assert run.project.recorded("cassettes") == {}
    full = re.findall(rf"^ +upstream: {re.escape(server.url)}$", run.output, re.MULTILINE)
    assert len(full) == 2


def test_a_live_run_that_records_nothing_may_have_several_processes(acme, server):
    arguments = ["--disable-recording", f"--upstream-url={server.url}", "-n1"]
    run = without_app(acme).run(*arguments, subprocess=True)
    assert "A recording from a real server" not in run.output
    assert len(server.asked) > 0


def test_a_live_run_that_records_nothing_is_in_order_and_has_nothing_left(acme, server):
    text = acme.files["test_acme.py"].decode()
    walk, *others = ("async def" + part for part in text.split("async def")[1:])
    run = acme.write("test_acme.py", "".join([*others, walk])).run(
        "--disable-recording", f"--upstream-url={server.url}", "-v"
    )
    assert re.findall(r"^test_acme.py::(\w+) ", run.output, re.MULTILINE) == IN_ORDER
    assert "left to record" not in run.output


CONNECTOR = """
@pytest.fixture
def connector_under_test(tmp_path):"""


def test_a_connector_that_only_a_test_can_have_is_planned_for_all_the_same(acme):
    project = acme.edit(
        "conftest.py", '@pytest.fixture(scope="session")\ndef connector_under_test():', CONNECTOR.strip()
    )
    plan = plan_of(project.run("--record-plan"))
    assert plan[0] == (
        "--record-mode=once would record from a server that is not known before a test runs, "
        "a real server, in this order:"
    )
    # Of the SDK's capabilities, their names say which of them write.
    assert [line for line in plan if line in ("reads", "writes", "refused credentials")] == [
        "reads",
        "writes",
        "refused credentials",
    ]
    assert "in all: 3 scenarios, 1 of which writes; 3 recordings of unknown size" in plan


def test_a_connector_that_cannot_be_made_is_asked_for_once(acme):
    first = "    from acme_connector"
    project = acme.edit("conftest.py", first, f"    print('asked for')\n    1 / 0\n{first}")
    run = project.run("--record-plan", "-s")
    assert run.output.count("asked for") == 1


def test_what_is_recorded_is_replayed_in_several_processes(recorded):
    run = without_app(recorded).run("--record-mode=once", "-n1", subprocess=True)
    run.had(passed=3)


def test_a_server_that_asks_to_wait_for_long_is_reported_once(acme, server):
    server.refuses = 429, {"retry-after": "7200"}
    run = acme.run("--record-mode=once", f"--upstream-url={server.url}")
    run.had(failed=2, passed=1)
    assert len(server.asked) == 1
    told = (
        r"^(?:Nothing was compared: )?The upstream asks to wait until \S+ \S+ UTC \(Retry-After\), "
        r".* 15 minutes at most\.\n +origin:"
    )
    assert len(re.findall(told, run.output, re.MULTILINE)) == 2
    run.said("1 more test failed for this reason:")


CONTRACT = """
from connector_contract import ConnectorContract


class TestAcme(ConnectorContract):
    write_requests = {"create_account": {"entitlements": []}}
"""


def test_what_has_nothing_to_check_is_not_planned(acme):
    project = acme.remove("test_acme.py").write("test_acme.py", CONTRACT)
    project = project.edit("conftest.py", "import pytest\n", "import pytest\n" + PRINTED)
    run = project.run("--record-plan", "-s")
    planned = {line.partition(": ")[2] for line in run.output.splitlines() if line.startswith("planned: ")}
    assert planned == set(project.run("--record-mode=once", "-q").project.recorded("cassettes"))
    assert "would be replayed" not in run.output


@pytest.mark.parametrize("wrong", ['waivers = {"no_such_rule": "why"}', "page_sizes = 3"])
def test_a_contract_that_is_configured_wrongly_records_nothing(acme, wrong):
    run = acme.write("test_acme.py", f"{CONTRACT}    {wrong}\n").run("--record-plan")
    assert run.exit_code == pytest.ExitCode.USAGE_ERROR
    run.said("A contract has to be put right before it can be planned:", wrong.partition(" ")[0])
    assert plan_of(run) == [
        "--record-mode=once would record nothing.",
        "Nothing was sent, and no test was run.",
    ]


def test_parameters_and_helpers_say_what_a_scenario_calls(acme):
    text = """
import pytest


async def create(lumos):
    return await lumos.call("create_account", {"entitlements": []})


async def test_helped(lumos):
    await create(lumos)


@pytest.mark.parametrize("capability", ["list_accounts"])
async def test_given(lumos, capability):
    await lumos.call(capability)
"""
    plan = plan_of(acme.write("test_acme.py", text).run("--record-plan"))
    assert [" ".join(line.split()) for line in plan[2:6]] == [
        "reads",
        "test_acme.py::test_given[list_accounts] unknown unknown list_accounts",
        "writes",
        "test_acme.py::test_helped unknown unknown create_account (writes)",
    ]
