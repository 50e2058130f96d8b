"""Which tests of the sweep are named on the command line, where pytest looks for none.

A test of the sweep is called as the scenario whose call it breaks, and ``::faults[list_accounts-1]``. It is
made of what pytest collects, so pytest has to collect what lies around it, and the rest is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

_OF_SWEEP = "::faults["


@dataclass(frozen=True)
class Argument:
    """An argument that names tests.

    Attributes:
        path: The file or folder, absolute.
        names: What it names in the file, as pytest writes it: ``TestX::test_a``; empty for all of it.
    """

    path: Path
    names: str

    @classmethod
    def of(cls, text: str, folder: Path) -> Argument:
        """The argument that is written so.

        Args:
            text: As it is on the command line.
            folder: Where pytest was called.
        """
        path, _, names = text.partition("::")
        return cls((folder / path).resolve(), names)

    def covers(self, path: Path, names: str) -> bool:
        """Whether a test is among those that it names.

        Args:
            path: The test's file, absolute.
            names: What names the test in its file.
        """
        if not self.names:
            return self.path == path or self.path in path.parents
        return self.path == path and (
            names == self.names or names.startswith((f"{self.names}::", f"{self.names}["))
        )


def is_of_sweep(argument: str) -> bool:
    """Whether an argument names a test of the sweep."""
    return _OF_SWEEP in argument


def collected_for(arguments: Sequence[str]) -> list[str]:
    """What pytest has to collect for some arguments.

    In place of a test of the sweep, that is the class or file of its scenario: the tests that share a
    recording are in the same.
    """
    return list(dict.fromkeys(_around(each) if is_of_sweep(each) else each for each in arguments))


def no_such_test(argument: Argument, tests: Sequence[str]) -> str:
    """Why an argument names no test of the sweep.

    Args:
        argument: It.
        tests: What names the tests in its file.
    """
    known = [each for each in tests if is_of_sweep(each)]
    near = get_close_matches(argument.names, known, n=3, cutoff=0.5) or known[:3]
    return "\n".join(
        [
            f"The sweep has no test {argument.names} in {argument.path.name}.",
            *([f"  there is: {each}" for each in near]),
            *([] if known else ["  no scenario in it has a recorded call that makes a request and succeeds"]),
            "Name it as a failure of the sweep shows it.",
        ]
    )


def _around(argument: str) -> str:
    scenario = argument.rpartition(_OF_SWEEP)[0]
    path, _, names = scenario.partition("::")
    # The name of a parametrised test may have anything in its brackets.
    within = names.partition("[")[0].rpartition("::")[0]
    return f"{path}::{within}" if within else path
