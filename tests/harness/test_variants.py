"""Several tenants, editions or API versions of a connector: its variants."""

from __future__ import annotations

import subprocess
import sys

import pytest

LINT = [sys.executable, "-c", "from connector_contract.cli import main; raise SystemExit(main())", "lint"]
CONFTEST = """\
import pytest

from connector_contract import ConnectorUnderTest, Upstream


@pytest.fixture(scope="session", params=["classic", "modern"])
def connector_under_test(request):
    from acme_connector import integration

    return ConnectorUnderTest(
        integration=integration,
        auth={"token": {"token": "open-sesame"}},
        settings={"url": "https://acme.example.com/v1"},
        upstream=Upstream(origin="https://acme.example.com", app="acme_server:create_app"),
        variant=request.param,
    )
"""
FIRST = """\
import pytest

{decorator}async def test_first(lumos, snapshot{arguments}):
    assert await lumos.call("list_accounts", page={{"size": {size}}}) == snapshot
"""
CONTRACT = """\
from connector_contract import ConnectorContract, by_variant


class TestAcme(ConnectorContract):
    page_sizes = by_variant(classic=(1, 2), modern=(2, 3))
    waivers = {waivers}
"""
MODERN_ALONE = """
    import copy

    from acme_connector import list_accounts

    integration = copy.copy(integration)
    integration.capabilities = dict(integration.capabilities)
    if request.param == "classic":
        del integration.capabilities["create_account"]
"""


def lint(project):
    root = project.materialize()
    return subprocess.run(LINT, cwd=root, capture_output=True, text=True, check=False)


def in_variants(project, *names):
    """The recordings of a project, in the folders of variants."""
    files = {name: data for name, data in project.files.items() if not name.startswith(("cass", "snap"))}
    made = project.remove("cassettes").remove("snapshots")
    for name, data in project.files.items():
        top, _, rest = name.partition("/")
        for variant in names if name not in files else ():
            made = made.write(f"{top}/{variant}/{rest}", data)
    return made


@pytest.fixture
def variants(recorded):
    """Acme's connector in two variants, with the recordings of both."""
    return in_variants(recorded, "classic", "modern").write("conftest.py", CONFTEST)


def collected(run):
    return [line for line in run.output.splitlines() if "::" in line]


def test_each_variant_replays_its_own_recordings(variants):
    run = variants.run()
    run.had(passed=6)
    run.said("6 scenarios replayed offline", "classic and modern answer the same in 3 scenarios")


def test_a_variant_without_recordings_is_not_recorded(variants):
    run = variants.remove("cassettes/modern").run("-rE")
    run.had(passed=3, errors=3)
    run.said("cassette: cassettes/modern/test_acme/test_walk.yaml")
    run.said("pytest --record-mode=once 'test_acme.py::test_walk[modern]'")


@pytest.mark.loopback
def test_a_recording_is_in_the_folder_of_its_variant(acme):
    text = FIRST.format(decorator='@pytest.mark.parametrize("n", [1, 3])\n', arguments=", n", size="n")
    project = acme.remove("test_acme.py").write("conftest.py", CONFTEST).write("tests/test_reads.py", text)
    project = project.write("tests/test_one.py", FIRST.format(decorator="", arguments="", size=3))
    run = project.run("--record-mode=once")
    run.had(passed=6)
    assert list(run.project.recorded("cassettes")) == [
        f"cassettes/{variant}/tests/{name}.yaml"
        for variant in ("classic", "modern")
        for name in ("test_one/test_first", "test_reads/test_first[1]", "test_reads/test_first[3]")
    ]
    assert len(run.project.recorded("snapshots")) == 6
    assert all(name.split("/")[1] in ("classic", "modern") for name in run.project.recorded("snapshots"))
    # As recorded by two workers.
    again = run.project.run("-n2", "--record-mode=rewrite")
    again.had(passed=6)
    assert again.project.files == run.project.files
    again.project.run("-n2").had(passed=6)


@pytest.mark.loopback
def test_a_contract_is_held_to_by_each_variant(acme):
    conftest = CONFTEST.replace("import integration\n", "import integration\n" + MODERN_ALONE)
    # Only modern can create; only its waiver is not needed.
    contract = CONTRACT.format(waivers='{"shape[list_accounts]": by_variant(modern="not here")}')
    contract += '    write_requests = {"create_account": {"entitlements": []}}\n'
    project = acme.remove("test_acme.py").write("conftest.py", conftest).write("test_it.py", contract)
    names = collected(project.run("--collect-only", "-q"))
    assert "test_it.py::TestAcme::test_shape[classic-list_accounts]" in names
    assert "test_it.py::TestAcme::test_info[modern]" in names
    assert "test_it.py::TestAcme::test_writes[modern-create_account]" in names
    assert "test_it.py::TestAcme::test_writes[classic-create_account]" not in names
    # A copy of an integration has the app_info of the original.
    chosen = "-k", "declarations or (info and not app_info) or shape or records or status"
    run = project.run("--record-mode=once", *chosen)
    run.said("only modern has create_account")
    run.said("FAILED test_it.py::TestAcme::test_shape[modern-list_accounts]")
    assert (run.outcomes["failed"], run.exit_code) == (1, 1)
    files = run.project.files
    assert "cassettes/classic/test_it/TestAcme.reads[list_accounts-2].yaml" in files
    assert "cassettes/modern/test_it/TestAcme.reads[list_accounts-3].yaml" in files
    assert "cassettes/classic/test_it/TestAcme.reads[list_accounts-3].yaml" not in files
    assert "snapshots/modern/test_it/TestAcme.declarations.json" in files
    assert "snapshots/classic/test_it/TestAcme.declarations.json" not in files
    again = run.project.run(*chosen)
    assert {**again.outcomes, "warnings": 0} == {**run.outcomes, "warnings": 0}
    assert again.project.files == files
    done = lint(run.project)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_only_chosen_variants_run(variants):
    plain = variants.write("test_plain.py", "def test_plain():\n    pass\n")
    run = plain.run("--variant", "modern", "-v")
    run.had(passed=3)
    run.said("3 scenarios replayed offline")
    plain.run("--variant=modern", "--variant=classic").had(passed=6)


@pytest.mark.parametrize("arguments", [(), ("-n2",)], ids=["one process", "workers"])
def test_an_unknown_variant_is_an_error_with_those_there_are(variants, arguments):
    run = variants.run("--variant", "modrn", *arguments)
    assert run.exit_code != 0
    run.said("--variant modrn: there is no such variant. There are: classic, modern.")
    assert "Traceback" not in run.output
    assert "INTERNALERROR" not in run.output


def test_without_variants_there_is_none_to_choose(recorded):
    run = recorded.run("--variant", "modern")
    assert run.exit_code == pytest.ExitCode.USAGE_ERROR
    run.said("--variant modern: there is no such variant. No test here has a variant.")


def test_the_connector_of_a_variant_that_does_not_run_need_not_be_made(variants):
    broken = variants.edit(
        "conftest.py", "    from acme", "    assert request.param == 'classic', 'no tenant'\n    from acme"
    )
    broken.run("--variant", "classic").had(passed=3)
    run = broken.run("--variant", "modern")
    run.had(errors=3)
    run.said("The fixture connector_under_test raised AssertionError: no tenant")
    done = lint(broken)
    assert done.returncode == 2
    assert "no tenant" in done.stderr


def test_a_variant_may_be_skipped(variants):
    skips = variants.edit(
        "conftest.py", '"modern"', 'pytest.param("modern", marks=pytest.mark.skip(reason="no tenant"))'
    )
    skips.run().had(passed=3, skipped=3)
    fixture = variants.edit(
        "conftest.py", "    from acme", "    if request.param == 'modern': pytest.skip('off')\n    from acme"
    )
    fixture.run().had(passed=3, skipped=3)


def test_the_parameters_may_be_those_of_fixtures_that_it_takes(variants):
    conftest = CONFTEST.replace(
        '@pytest.fixture(scope="session", params=["classic", "modern"])\n',
        """\
@pytest.fixture(scope="session", params=["eu", "us"])
def region(request):
    return request.param


@pytest.fixture(params=[1, 2])
def edition(request, region):
    yield f"{region}-{request.param}"


@pytest.fixture
""",
    )
    conftest = conftest.replace("under_test(request)", "under_test(edition)")
    conftest = conftest.replace("variant=request.param", "variant=edition")
    names = ["eu-1", "eu-2", "us-1", "us-2"]
    project = in_variants(variants.remove("cassettes/modern").remove("snapshots/modern"), *names)
    files = {name.replace("/classic/", "/"): data for name, data in project.files.items()}
    project = type(project)(files, project.pytester).write("conftest.py", conftest)
    project.run().had(passed=12)
    assert "test_acme.py::test_walk[us-1]" in collected(project.run("--collect-only", "-q"))
    project.run("--variant", "us-2").had(passed=3)


@pytest.mark.parametrize(
    "params",
    [
        'params=["classic", "modern"], ids=["one", "two"]',
        'params=["classic", "modern"], ids={"classic": "one", "modern": "two"}.get',
        'params=[pytest.param("classic", id="one"), pytest.param("modern", id="two")]',
    ],
)
def test_an_id_of_the_authors_stays_in_the_names_of_tests(variants, params):
    project = variants.edit("conftest.py", 'params=["classic", "modern"]', params)
    project.run("-k", "one").had(passed=3)
    project.run("--variant", "modern").had(passed=3)


def test_a_test_may_take_the_fixture_itself(variants):
    text = FIRST.format(decorator="", arguments=", connector_under_test", size=2)
    text = text.replace(
        "    assert", "    assert connector_under_test.variant in ('classic', 'modern')\n    assert"
    )
    text = text.replace("test_first", "test_walk").replace(
        'lumos.call("list_accounts", page={"size": 2})', WALK
    )
    variants.write("test_acme.py", text).run("-k", "walk").had(passed=2)


WALK = 'lumos.walk("list_accounts", page_size=2)'


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (
            "variant=request.param",
            'variant="same"',
            "Two connectors have the variant 'same', and would have the same files.",
        ),
        (
            "variant=request.param",
            'variant="same" if request.param == "modern" else "SAME"',
            "Two connectors have the variants 'SAME' and 'same', which are one folder on some systems.",
        ),
        (
            "        variant=request.param,\n",
            "",
            "The fixture connector_under_test has parameters, and a connector without a variant.",
        ),
        (
            "variant=request.param",
            'variant="a/b"',
            "ConnectorUnderTest(variant=...) is 'a/b', which is not a word.",
        ),
        (
            '"modern"',
            '"test_acme"',
            "The variant 'test_acme' is called as the module test_acme.py is, which has tests.",
        ),
        ('"modern"', '"Unit"', "The variant 'Unit' is called as the folder unit is, which has tests."),
        (
            ', params=["classic", "modern"]',
            "",
            "The connector has the variant 'one', and the fixture connector_under_test has no parameters.",
        ),
    ],
)
def test_what_cannot_be_a_variant_is_refused(variants, old, new, what):
    project = variants.edit("conftest.py", old, new).write("unit/test_it.py", "def test_it():\n    pass\n")
    if "params" in old:
        project = project.edit("conftest.py", "request.param", '"one"')
    run = project.run("-k", "walk")
    assert set(run.outcomes) - {"warnings"} == {"errors", "deselected"}
    run.said(what)
    assert "Traceback" not in run.output


def test_lint_does_not_judge_files_whose_variants_are_wrong(variants):
    done = lint(variants.edit("conftest.py", "variant=request.param", 'variant="same"'))
    assert done.returncode == 2
    assert "Two connectors have the variant 'same', and would have the same files." in done.stderr


def test_a_variant_may_be_called_as_a_folder_without_tests(variants):
    variants.write("classic/data.py", "").run().had(passed=6)


def test_parameters_that_a_test_gives_are_no_variants(variants):
    text = FIRST.format(
        decorator='@pytest.mark.parametrize("connector_under_test", ["classic"], indirect=True)\n',
        arguments=", connector_under_test",
        size=2,
    )
    run = variants.write("test_it.py", text).run("test_it.py")
    run.had(errors=1)
    run.said("and the fixture connector_under_test has its parameters from the test")


def test_lint_knows_the_files_of_variants(variants):
    done = lint(variants)
    assert (done.returncode, done.stdout, done.stderr) == (0, "14 files of 6 scenarios: no findings\n", "")


def test_lint_finds_what_is_left_of_a_variant_or_of_the_time_before(variants):
    data = variants.files["cassettes/classic/test_acme/test_walk.yaml"]
    for name in ("old/test_acme/test_walk", "test_acme/test_walk", "classic/test_acme/test_gone"):
        variants = variants.write(f"cassettes/{name}.yaml", data)
    done = lint(variants)
    assert done.returncode == 1
    assert (
        "cassettes/old/test_acme/test_walk.yaml:1: leftover: it belongs to no scenario: "
        "no connector has the variant old\n" in done.stdout
    )
    assert (
        "cassettes/test_acme/test_walk.yaml:1: place: it is of no variant; these are: classic, modern\n"
        "    move it: mkdir -p cassettes/classic/test_acme && git mv cassettes/test_acme/test_walk.yaml "
        "cassettes/classic/test_acme/test_walk.yaml\n" in done.stdout
    )
    assert (
        "cassettes/classic/test_acme/test_gone.yaml:1: leftover: it belongs to no scenario\n" in done.stdout
    )


def test_values_for_a_variant_that_there_is_not_are_refused(variants):
    contract = CONTRACT.format(waivers="{}").replace("modern=", "modrn=")
    run = variants.write("test_it.py", contract).run("test_it.py")
    run.said("page_sizes has a value for 'modrn', which is no variant of the connector.")
    run.said("the variants are: classic, modern")


def test_a_contract_whose_connector_has_no_variant_has_no_values_for_them(recorded):
    run = recorded.write("test_it.py", CONTRACT.format(waivers="{}")).run("test_it.py")
    run.said("page_sizes has values for variants, and the connector has no variant.")


def test_a_fixture_without_parameters_is_one_clear_error_and_lint_keeps_the_recordings(variants):
    empty = variants.edit("conftest.py", 'params=["classic", "modern"]', "params=[]")
    run = empty.run()
    run.had(errors=3)
    run.said(
        "The fixture connector_under_test has an empty list of parameters, so there is no connector.",
        "Give it at least one.",
        "2 more tests failed for this reason:",
    )
    done = lint(empty)
    assert done.returncode == 2
    assert "has an empty list of parameters" in done.stderr


def test_a_variant_whose_tests_are_left_out_is_there_all_the_same(variants):
    run = variants.run("--variant=modern", "-k", "classic")
    assert run.exit_code == pytest.ExitCode.NO_TESTS_COLLECTED
    assert "there is no such variant" not in run.output
