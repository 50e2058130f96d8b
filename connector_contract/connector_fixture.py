"""The author's fixture ``connector_under_test``, and the report of their mistakes, once each."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector_contract.config import ConnectorUnderTest
from connector_contract.errors import AlreadyReported, ContractError, UsageError
from connector_contract.reporting.tracebacks import own_line
from connector_contract.run_state import REPORTED
from connector_contract.safe_output import run_secrets
from connector_contract.secrets.secret_names import secret_names
from connector_contract.variants import variant_problem, variants_of

ALREADY_REPORTED = "The end of the run says where, and what to do."
"""What is said in place of a message that another test has shown."""

_EXAMPLE = """Define it in the conftest.py beside the scenarios:
  @pytest.fixture(scope="session")
  def connector_under_test() -> ConnectorUnderTest:
      return ConnectorUnderTest(integration=..., auth=..., settings=..., upstream=Upstream(origin="https://..."))"""


def connector_under_test(request: pytest.FixtureRequest) -> ConnectorUnderTest:
    """The value of the author's fixture; each error in it is reported once, and then referred to."""
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
        if isinstance(error, ContractError):
            raise
        raise _broken_fixture(error, request.config.rootpath) from error
    if (problem := variant_problem(request.node, connector)) is not None:
        raise reported_once(request, problem)
    return connector


def reported_once(request: pytest.FixtureRequest | pytest.Item, error: ContractError) -> ContractError:
    """What concerns several tests: in full for the first of them, then in a line."""
    if isinstance(error, AlreadyReported):
        # Of what rules share, one part may need another.
        return error
    nodeid = (request if isinstance(request, pytest.Item) else request.node).nodeid
    # A test that is run again says all of it again: its first run may not be shown.
    if request.config.stash.setdefault(REPORTED, {}).setdefault(error.reason, nodeid) == nodeid:
        return error
    return _already_reported(error)


def _know(config: pytest.Config, connector: ConnectorUnderTest) -> None:
    """Have nothing that is shown from now on have the connector's secrets."""
    names = secret_names(config.getini("contract_secret_names"))
    is_replay = config.getoption("--record-mode") in (None, "none")
    run_secrets(config).configure(connector, names, is_replay=is_replay)


def _already_reported(error: ContractError) -> AlreadyReported:
    again = AlreadyReported(error.what.partition("\n")[0], remedy=ALREADY_REPORTED)
    again.earlier, again.asks = error.reason, error.asks
    again.verdict, again.compares_nothing = error.verdict, error.compares_nothing
    return again


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
