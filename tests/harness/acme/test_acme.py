async def test_walk(lumos, snapshot):
    assert await lumos.walk("list_accounts", page_size=2) == snapshot


async def test_create(lumos, snapshot):
    assert await lumos.call("create_account", {"entitlements": []}) == snapshot(name="created")
    assert await lumos.call("list_accounts", page={"size": 100}) == snapshot(name="read back")


async def test_wrong_token(lumos, snapshot):
    assert await lumos.call("list_accounts", auth={"token": {"token": "wrong"}}) == snapshot
