"""The connectors under test as the author's fixture makes them, before any test runs."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from connector_contract.config import ConnectorUnderTest
from connector_contract.errors import UsageError

FIXTURE = "connector_under_test"
_MADE = pytest.StashKey[dict[Any, "Made"]]()
_WHY = pytest.StashKey[dict[str, None]]()


@dataclass(frozen=True)
class Made:
    """What came of the fixture, with one of its parameters if it has several.

    Attributes:
        connector: The connector; ``None`` if there is none.
        error: Why there is none.
    """

    connector: ConnectorUnderTest | None
    error: BaseException | None = None


def fixture_of(node: pytest.Item) -> AuthorsFixture:
    """The fixture ``connector_under_test`` that a test has, or would have."""
    used = AuthorsFixture(node)
    used.look_up(FIXTURE, used.visible(FIXTURE))
    return used


@dataclass
class AuthorsFixture:
    """The fixture ``connector_under_test``, with all fixtures that it takes.

    Attributes:
        node: A test that sees it.
        definitions: pytest's definitions of it, and of what it takes.
        parametrised: Those of them that have parameters, by their names.
    """

    node: pytest.Item
    definitions: list[Any] = field(default_factory=list)
    parametrised: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[int, ...]:
        """What all tests have in common that see the same fixtures."""
        # pytest keeps the definitions as long as it runs.
        return tuple(map(id, self.definitions))

    def visible(self, name: str) -> Sequence[Any]:
        """The definitions of a fixture, of which the last one counts."""
        # pytest has no public name for it.
        manager: Any = self.node.session._fixturemanager
        return manager.getfixturedefs(name, self.node) or ()

    def look_up(self, name: str, definitions: Sequence[Any]) -> None:
        """Learn of a fixture, and of all that it takes."""
        if not definitions or definitions[-1] in self.definitions:
            return
        *overridden, definition = definitions
        self.definitions.append(definition)
        if definition.params is not None:
            self.parametrised.setdefault(name, definition)
        for argument in definition.argnames:
            self.look_up(argument, overridden if argument == name else self.visible(argument))

    def made(self, params: Mapping[str, object]) -> Made:
        """The connector; it is made once for each parameter.

        Args:
            params: The parameter of each fixture that has some.
        """
        known, key = self._known(params)
        if key not in known:
            known[key] = self._made(params)
        return known[key]

    def made_before(self, params: Mapping[str, object]) -> Made | None:
        """What ``made`` has given before; ``None`` if nobody has asked."""
        known, key = self._known(params)
        return known.get(key)

    def _known(self, params: Mapping[str, object]) -> tuple[dict[Any, Made], object]:
        known = self.node.config.stash.setdefault(_MADE, {})
        return known, (self.key, tuple((name, id(param)) for name, param in params.items()))

    def _made(self, params: Mapping[str, object]) -> Made:
        try:
            with ExitStack() as stack:
                connector = _Making(self, params, stack).value(FIXTURE, self.visible(FIXTURE))
        # Whatever is wrong with the fixture, the tests raise it again, and say all of it.
        except (Exception, SystemExit, pytest.skip.Exception) as error:  # noqa: BLE001
            return Made(None, error)
        return Made(connector)


@dataclass(frozen=True)
class _Making:
    """The values of fixtures, made outside of any test."""

    fixture: AuthorsFixture
    params: Mapping[str, object]
    stack: ExitStack

    def value(self, name: str, definitions: Sequence[Any]) -> Any:
        """The value of a fixture, made from the fixtures that it takes."""
        if not definitions:
            raise UsageError(
                f"There is no fixture {name} before a test runs.", remedy="Define it in conftest.py."
            )
        *overridden, definition = definitions
        arguments = {
            argument: self._argument(argument, overridden, definition) for argument in definition.argnames
        }
        value = definition.func(**arguments)
        return self.stack.enter_context(_first(value)) if inspect.isgenerator(value) else value

    def _argument(self, argument: str, overridden: Sequence[Any], definition: Any) -> Any:
        if argument == "request":
            return _Request(self, definition)
        if argument == definition.argname:
            return self.value(argument, overridden)
        return self.value(argument, self.fixture.visible(argument))


@contextmanager
def _first(values: Generator[Any, Any, Any]) -> Iterator[Any]:
    """What a generator yields first; when the context ends, it goes on to its end, as in a test."""
    value = next(values)
    try:
        yield value
    finally:
        next(values, None)


class _Request:
    """What a fixture may ask of pytest's ``request`` before any test runs."""

    def __init__(self, making: _Making, definition: Any) -> None:
        self._making = making
        self.fixturename = definition.argname
        self.scope = definition.scope
        self.config = making.fixture.node.config
        self.session = making.fixture.node.session
        if definition.argname in making.params:
            self.param = making.params[definition.argname]

    def getfixturevalue(self, name: str) -> Any:
        return self._making.value(name, self._making.fixture.visible(name))

    def addfinalizer(self, finalizer: Callable[[], object]) -> None:
        self._making.stack.callback(finalizer)

    def __getattr__(self, name: str) -> Any:
        if name == "param":
            # As pytest's own: a fixture may ask whether it has one.
            raise AttributeError(name)
        raise UsageError(
            f"There is no request.{name} before a test runs.",
            details=[f"the fixture {self.fixturename} asks for it, which {FIXTURE} takes"],
            remedy="Take request.param, request.config or fixtures of your own.",
        )


def remember_why(config: pytest.Config, error: BaseException) -> None:
    """Keep why something is not known before the tests run."""
    config.stash.setdefault(_WHY, {})[str(error)] = None


def reasons(config: pytest.Config) -> Iterator[str]:
    """All that ``remember_why`` has kept."""
    yield from config.stash.get(_WHY, {})
