"""The author's fixture ``connector_under_test``, and the report of their mistakes, once each."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector_contract.config import ConnectorUnderTest
from connector_contract.errors import AlreadyReported, ContractError, UsageError
from connector_contract.reporting.tracebacks import own_line
from connector_contract.run_state import REPORTED, Reported
from connector_contract.safe_output import run_secrets
from connector_contract.secrets.secret_names import secret_names
from connector_contract.variants import variant_problem, variants_of

_EXAMPLE = """Define it in the conftest.py beside the scenarios:
  @pytest.fixture(scope="session")
  def connector_under_test() -> ConnectorUnderTest:
      return ConnectorUnderTest(integration=..., auth=..., settings=..., upstream=Upstream(origin="https://..."))"""


def connector_under_test(request: pytest.FixtureRequest) -> ConnectorUnderTest:
    """The value of the author's fixture; each error in it is reported once, and then referred to."""
    reported = request.config.stash.setdefault(REPORTED, {})
    variants = variants_of(request.node)
    if variants.problem is not None and not variants.members:
        raise reported_once(request, variants.problem)
    try:
        connector = request.getfixturevalue("connector_under_test")
        if not isinstance(connector, ConnectorUnderTest):
            raise UsageError(f"The fixture connector_under_test returned {connector!r}.", remedy=_EXAMPLE)
        from connector_contract.recording.envelope import check_configured

        _know(request.config, connector)
        check_configured(connector)
    except pytest.FixtureLookupError as error:
        if error.argname != "connector_under_test":
            raise
        raise UsageError("The fixture connector_under_test is missing.", remedy=_EXAMPLE) from None
    except (Exception, SystemExit) as error:
        # What a fixture of the session raised, pytest raises again for each test that takes it.
        if id(error) in reported:
            what = f"There is no connector to test: {getattr(error, 'what', error)}"
            raise _already_reported(what, reported[id(error)].message, UsageError) from None
        broken = (
            error if isinstance(error, ContractError) else _broken_fixture(error, request.config.rootpath)
        )
        reported[id(error)] = Reported(error, str(broken))
        if broken is error:
            raise
        raise broken from error
    if (problem := variant_problem(request.node, connector)) is not None:
        raise reported_once(request, problem)
    return connector


def reported_once(request: pytest.FixtureRequest | pytest.Item, error: ContractError) -> ContractError:
    """What concerns several tests: in full for the first of them, then in a line."""
    reported = request.config.stash.setdefault(REPORTED, {})
    if isinstance(error, AlreadyReported):
        # Of what rules share, one part may need another.
        return error
    if any(each.message == str(error) for each in reported.values()):
        again = _already_reported(error.what, str(error), error)
        again.asks = error.asks
        return again
    reported[id(error)] = Reported(error, str(error))
    return error


def _know(config: pytest.Config, connector: ConnectorUnderTest) -> None:
    """Have nothing that is shown from now on have the connector's secrets."""
    names = secret_names(config.getini("contract_secret_names"))
    is_replay = config.getoption("--record-mode") in (None, "none")
    run_secrets(config).configure(connector, names, is_replay=is_replay)


def _already_reported(what: str, earlier: str, of: ContractError | type[ContractError]) -> AlreadyReported:
    error = AlreadyReported(
        what, remedy="The first test that failed says where, and what to do. The end of the run repeats it."
    )
    error.earlier = earlier
    error.verdict, error.compares_nothing = of.verdict, of.compares_nothing
    return error


def _broken_fixture(error: BaseException, root: Path) -> UsageError:
    return UsageError(
        f"The fixture connector_under_test raised {type(error).__name__}: {error}",
        where=[("raised in", own_line(error, root))],
        remedy=_not_found(error, root)
        or "Fix the fixture, or what it imports. No scenario can run before that.",
    )


def _not_found(error: BaseException, root: Path) -> str | None:
    """What helps if a package of the project is not installed; ``None`` if it is something else."""
    name = (error.name or "").partition(".")[0] if isinstance(error, ModuleNotFoundError) else ""
    for folder in dict.fromkeys([Path.cwd(), root]):
        if name and ((folder / name).is_dir() or (folder / f"{name}.py").exists()):
            return (
                f"{name} lies in {folder}, where Python does not look for it.\n"
                "Install it; or have Python look there, with:\n  python -m pytest"
            )
    return None
