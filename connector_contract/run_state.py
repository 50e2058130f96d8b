"""What the plugin keeps with a test while it runs, and with a run."""

from __future__ import annotations

import pytest

from connector_contract.reporting.outcome import Outcome

PASSED = pytest.StashKey[bool]()
"""Whether a scenario is to be checked and written at its end."""
OUTCOME = pytest.StashKey[Outcome]()
NOTE = pytest.StashKey[tuple[str, str, str]]()
"""What a rule of the standard contract did not check: kind, rule and reason."""
REPORTED = pytest.StashKey[dict[BaseException, str]]()
"""Of a run: the author's mistakes that some test has told, each with its message."""
