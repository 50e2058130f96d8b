"""A tenant without users: an empty list, and no error."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("capability", ["list_accounts", "find_entitlement_associations"])
async def test_nobody_is_there(lumos, snapshot, capability):
    pages = await lumos.walk(capability)
    assert [page["response"] for page in pages] == [[]]
    assert pages == snapshot
