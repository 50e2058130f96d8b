from connector_contract import ConnectorContract


class TestShortLivedTokens(ConnectorContract):
    page_sizes = (2, 100)
    upstream_ids = {"list_accounts": {"/staff": "staff[].id"}}


async def test_each_page(lumos, snapshot):
    assert await lumos.walk("list_accounts", page_size=1) == snapshot
