"""The variants of the connector under test: several tenants, editions or API versions.

A fixture ``connector_under_test`` with parameters makes a connector for each, which has a ``variant``. Every
scenario and every contract runs once for each, and keeps its files in a folder of that name.
"""

from __future__ import annotations

import fnmatch
import itertools
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from connector_contract.before_tests import FIXTURE, AuthorsFixture, Made, fixture_of, remember_why
from connector_contract.config import ConnectorUnderTest
from connector_contract.contract.rule_mark import rule_of
from connector_contract.errors import UsageError
from connector_contract.faults.chosen_tests import is_of_sweep
from connector_contract.item_files import files_of_test, projects_of
from connector_contract.variant_names import same_name

if TYPE_CHECKING:
    from connector_contract.storage.files import ScenarioFiles

_OPTION = "--variant"
_VARIANTS = pytest.StashKey[dict[Any, "Variants"]]()
_REMEDY = f"""Give each connector a name of its own:
  @pytest.fixture(scope="session", params=["classic", "modern"])
  def {FIXTURE}(request) -> ConnectorUnderTest:
      return ConnectorUnderTest(variant=request.param, integration=..., upstream=...)"""


def add_variant_option(parser: pytest.Parser) -> None:
    """Add the option that runs the tests of some variants alone."""
    parser.getgroup("connector-contract").addoption(
        _OPTION,
        metavar="NAME",
        action="append",
        default=[],
        help="Run only the tests of this variant of the connector; may be given several times.",
    )


@dataclass(frozen=True)
class Variant:
    """One of the connectors that the fixture makes.

    Attributes:
        params: The parameter of each fixture that has some.
        marks: What is marked with them.
        id: What the names of tests have for it.
        made: The connector.
    """

    params: Mapping[str, object]
    marks: Sequence[Any]
    id: str
    made: Made

    @property
    def name(self) -> str | None:
        """The connector's variant; ``None`` if it has none, or there is no connector."""
        return getattr(self.made.connector, "variant", None)


@dataclass(frozen=True)
class Variants:
    """All connectors that the fixture of a test makes.

    Attributes:
        fixture: The fixture.
        members: The connectors; none if neither it nor what it takes has parameters.
        problem: What is wrong with their variants.
    """

    fixture: AuthorsFixture
    members: Sequence[Variant]
    problem: UsageError | None = None

    @property
    def names(self) -> list[str]:
        """The variants that are known."""
        return [each.name for each in self.members if each.name is not None]


def variants_of(test: pytest.Item) -> Variants:
    """All connectors that a test runs with; those of a fixture with parameters are made now."""
    fixture = fixture_of(test)
    known = test.config.stash.setdefault(_VARIANTS, {})
    if fixture.key not in known:
        members = _members(fixture)
        problem = _problem(members, fixture) if members else _without_parameters(fixture)
        known[fixture.key] = Variants(fixture, members, problem)
    return known[fixture.key]


@contextmanager
def parametrized(metafunc: pytest.Metafunc) -> Iterator[None]:
    """Have a scenario, or a rule, run with each connector that its fixture makes."""
    _parametrize(metafunc)
    # pytest gives the parameters of a fixture to each test that takes it. This one has them already.
    known = metafunc._arg2fixturedefs
    taken = {name: known[name] for name in _params_of(metafunc) if name in known}
    for name in taken:
        del known[name]
    try:
        yield
    finally:
        known.update(taken)


def _params_of(metafunc: pytest.Metafunc) -> set[str]:
    return {name for call in metafunc._calls for name in call.params}


def _parametrize(metafunc: pytest.Metafunc) -> None:
    if "lumos" not in metafunc.fixturenames and rule_of(metafunc.function) is None:
        return
    variants = variants_of(metafunc.definition)
    if variants.problem is not None and not variants.members:
        remember_why(metafunc.config, variants.problem)
    if not variants.members or _by_hand(metafunc.definition, variants):
        return
    for error in [variants.problem, *(each.made.error for each in variants.members)]:
        if error is not None:
            remember_why(metafunc.config, error)
    names = list(variants.fixture.parametrised)
    # The scenario asks for the fixture only while it runs, to report what is wrong with it.
    metafunc.fixturenames += [name for name in names if name not in metafunc.fixturenames]
    scopes = [each.scope for each in variants.fixture.parametrised.values()]
    metafunc.parametrize(
        names,
        [pytest.param(*each.params.values(), marks=each.marks, id=each.id) for each in variants.members],
        indirect=True,
        scope=min(scopes, key=list(_SCOPES).index),
    )


_SCOPES: tuple[Any, ...] = ("function", "class", "module", "package", "session")


def variant_of(item: pytest.Item) -> Variant | None:
    """The connector that a test runs with, if its fixture makes several."""
    variants, callspec = variants_of(item), getattr(item, "callspec", None)
    if not variants.members or callspec is None or _by_hand(item, variants):
        return None
    index = callspec.indices.get(next(iter(variants.fixture.parametrised)))
    return None if index is None else variants.members[index]


def connector_of(item: pytest.Item, *, make: bool = True) -> ConnectorUnderTest | None:
    """The connector of a test that has not run yet; ``None`` if only the test can have it.

    Args:
        item: The test.
        make: Whether to make it, which imports it, if it has not been made yet.
    """
    variants, variant = variants_of(item), variant_of(item)
    if variants.members and variant is None:
        return None
    fixture = variants.fixture
    made = variant.made if variant is not None else fixture.made({}) if make else fixture.made_before({})
    return None if made is None or not isinstance(made.connector, ConnectorUnderTest) else made.connector


def files_of(item: pytest.Item) -> ScenarioFiles:
    """The files of a scenario: without variants, they are named after the test alone.

    Raises:
        UsageError: They would lie outside of the project.
    """
    variant = variant_of(item)
    if variant is None or variant.name is None:
        return files_of_test(item, item.nodeid)
    return files_of_test(item, test_without_variant(item), variant.name)


def test_without_variant(item: pytest.Item) -> str:
    """A test's node id without what stands for the connector in its name."""
    # The parameters are the first, as parametrized has made them before all others.
    _variant, *rest = item.callspec._idlist  # type: ignore[attr-defined]
    name = item.originalname + (f"[{'-'.join(rest)}]" if rest else "")  # type: ignore[attr-defined]
    return str(item.nodeid.removesuffix(item.name) + name)


test_without_variant.__test__ = False  # type: ignore[attr-defined]


def variant_problem(item: pytest.Item, connector: ConnectorUnderTest) -> UsageError | None:
    """What is wrong with the variant of the connector that a test runs with; ``None`` if it is fine."""
    variants = variants_of(item)
    if variants.problem is not None:
        return variants.problem
    variant = variant_of(item)
    if connector.variant is None or (variant is not None and variant.name == connector.variant):
        return None
    if variant is not None:
        return UsageError(
            f"The fixture {FIXTURE} makes the variant {connector.variant!r} now, and made {variant.name!r} "
            "when the tests were collected.",
            details=[] if variant.made.error is None else [f"then: {variant.made.error}"],
            remedy="Have the variant depend on request.param alone.",
        )
    what = "has no parameters" if not variants.members else "has its parameters from the test"
    return UsageError(
        f"The connector has the variant {connector.variant!r}, and the fixture {FIXTURE} {what}.",
        remedy=f"Only with parameters of the fixture is it known which variants there are. {_REMEDY}",
    )


class VariantHooks:
    """What pytest asks about variants while it collects."""

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> Generator[None]:
        """Have a scenario, or a rule, be a test for each variant, before it gets any other parameters."""
        with parametrized(metafunc):
            yield

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(
        self, session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Leave out the tests of other variants than those that are asked for, as ``-k`` does.

        Raises:
            pytest.UsageError: A variant that is asked for is not there.
        """
        wanted = config.getoption(_OPTION)
        if not wanted:
            return
        made = {item: variant for item in items if (variant := _tested(item)) is not None}
        # Those too whose tests are left out for another reason.
        known = sorted({name for each in config.stash.get(_VARIANTS, {}).values() for name in each.names})
        missing = [name for name in wanted if name not in known]
        # A connector that cannot be made may be the one. Its tests say why.
        unknown = {item for item, variant in made.items() if variant.name is None} if missing else set()
        if missing and not unknown:
            there = f"There are: {', '.join(known)}." if known else "No test here has a variant."
            message = f"--variant {missing[0]}: there is no such variant. {there}"
            if not hasattr(config, "workerinput"):
                raise pytest.UsageError(message)
            # An error of one of pytest-xdist's workers would end in a traceback of its own.
            items.clear()
            session.shouldfail = message
            return
        chosen = [item for item in items if item in unknown or (item in made and made[item].name in wanted)]
        config.hook.pytest_deselected(items=list(set(items).difference(chosen)))
        items[:] = chosen


def _tested(item: pytest.Item) -> Variant | None:
    if not isinstance(item, pytest.Function):
        return None
    takes = item.fixturenames
    is_about = "lumos" in takes or is_of_sweep(item.name) or rule_of(item.function) is not None
    return variant_of(item) if is_about else None


def _by_hand(test: pytest.Item, variants: Variants) -> bool:
    """Whether a test gives the fixtures parameters itself, which then are no variants."""
    names = set(variants.fixture.parametrised)
    return any(names & _argument_names(mark) for mark in test.iter_markers("parametrize"))


def _argument_names(mark: pytest.Mark) -> set[str]:
    names = mark.args[0] if mark.args else mark.kwargs.get("argnames", ())
    return {name.strip() for name in names.split(",")} if isinstance(names, str) else set(names)


def _members(fixture: AuthorsFixture) -> list[Variant]:
    """A connector for each parameter; for each combination, if several fixtures have some."""
    axes = fixture.parametrised
    each_axis = [list(_parameters(name, definition)) for name, definition in axes.items()]
    members: list[Variant] = []
    for parameters in itertools.product(*each_axis) if axes else ():
        params = dict(zip(axes, (each.value for each in parameters), strict=True))
        made = fixture.made(params)
        own = [each.id for each in parameters if each.id is not None]
        name = getattr(made.connector, "variant", None)
        label = "-".join(own) if len(own) == len(axes) else name
        label = label or "-".join(each.label for each in parameters)
        members.append(Variant(params, [mark for each in parameters for mark in each.marks], label, made))
    return members


@dataclass(frozen=True)
class _Parameter:
    """A parameter of a fixture: its value, what it is marked with, and what its author calls it."""

    value: object
    marks: Sequence[Any]
    id: str | None
    label: str


def _parameters(name: str, definition: Any) -> Iterator[_Parameter]:
    for index, param in enumerate(definition.params):
        value, own = param, None
        marks: Sequence[Any] = ()
        if isinstance(param, type(pytest.param())):
            (value,), marks, own = param.values, list(param.marks), param.id
        if own is None:
            own = _given(definition.ids, index, value)
        label = value if isinstance(value, str) and value.isascii() else f"{name}{index}"
        yield _Parameter(value, marks, None if own is None else str(own), str(label))


def _given(ids: Sequence[Any] | Callable[[Any], Any] | None, index: int, value: object) -> Any:
    """The id that the author has given a parameter of the fixture."""
    if callable(ids):
        return ids(value)
    return None if ids is None else ids[index]


def _problem(members: Sequence[Variant], fixture: AuthorsFixture) -> UsageError | None:
    """What is wrong with the variants of connectors that one fixture makes."""
    made = [each for each in members if isinstance(each.made.connector, ConnectorUnderTest)]
    names = [each.name for each in made if each.name is not None]
    without = [each.id for each in made if each.name is None]
    if without:
        return UsageError(
            f"The fixture {FIXTURE} has parameters, and a connector without a variant.",
            details=[f"it is that of the parameter {without[0]}"],
            remedy=_REMEDY,
        )
    if (twice := same_name(names)) is not None:
        same = f"variant {twice[0]!r}, and would have the same files."
        similar = f"variants {twice[0]!r} and {twice[1]!r}, which are one folder on some systems."
        return UsageError(
            f"Two connectors have the {same if twice[0] == twice[1] else similar}",
            remedy=_REMEDY,
        )
    config = fixture.node.config
    root = projects_of(config).root_of(fixture.node.path.parent)
    for name in names:
        if (folder := _folder_of_tests(name, root, config)) is not None:
            return UsageError(
                f"The variant {name!r} is called as {folder} is, which has tests.",
                details=[f"cassettes/{name}/ would be of the variant, and of these tests without one"],
                remedy="Give the variant another name.",
            )
    return None


def _without_parameters(fixture: AuthorsFixture) -> UsageError | None:
    empty = next((name for name, each in fixture.parametrised.items() if not each.params), None)
    if empty is None:
        return None
    return UsageError(
        f"The fixture {empty} has an empty list of parameters, so there is no connector.",
        remedy="Give it at least one.",
    )


def _folder_of_tests(name: str, root: Path, config: pytest.Config) -> str | None:
    """What below a project's root has tests, whose recordings would be in the folder of a variant."""
    patterns: list[str] = config.getini("python_files")

    def is_test(path: Path) -> bool:
        return path.suffix == ".py" and any(fnmatch.fnmatch(path.name, each) for each in patterns)

    for entry in sorted(root.iterdir()):
        if entry.is_dir() and entry.name.lower() == name.lower() and any(map(is_test, entry.rglob("*.py"))):
            return f"the folder {entry.name}"
        if entry.stem.lower() == name.lower() and is_test(entry):
            return f"the module {entry.name}"
    return None
