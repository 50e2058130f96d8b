"""What the peers are told: requests and credentials, and what the environment of a process says."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

AUTH = {"token": {"token": "valid-token"}}
PAGE_SIZE = 100

# Capability, request and page of the scenarios, which the peers go through again and again.
READS: list[tuple[str, dict[str, Any], dict[str, Any] | None]] = [
    ("list_accounts", {}, {"size": 3}),
    ("list_resources", {}, {"size": 3}),
    ("list_entitlements", {"resource_type": "", "resource_integration_specific_id": ""}, {"size": 3}),
    ("find_entitlement_associations", {}, {"size": 3}),
    ("validate_credentials", {}, None),
]


# The request that each of them makes, as whoever writes a mock by hand knows it.
PATHS = {
    "list_accounts": "/api/users?limit=3&offset=0",
    "list_resources": "/api/resources?limit=3&offset=0",
    "list_entitlements": "/api/entitlements?limit=3&offset=0",
    "find_entitlement_associations": "/api/associations?limit=3&offset=0",
    "validate_credentials": "/api/account",
}


def number(name: str) -> int:
    """A number of the environment, such as ``BENCH_PAGES``."""
    return int(os.environ.get(name, "1"))


def origin(name: str) -> str:
    """Where an upstream was when the peers recorded it."""
    return os.environ[name]


def expected(key: str) -> Any:
    """What a test of a peer compares a response with, which the upstream itself has answered."""
    return json.loads(Path(os.environ["BENCH_EXPECTED"]).read_bytes())[key]
