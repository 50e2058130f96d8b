"""What tests say of people in the tenant."""

from __future__ import annotations

from types import SimpleNamespace

from connector_contract.said_in_tests import said_in_tests


class Contract:
    write_requests = {"delete_account": {"account_id": "u7"}}
    upstream_ids = {"list_accounts": "items[].id"}


def item(path, cls=None, **params):
    return SimpleNamespace(path=path, cls=cls, callspec=SimpleNamespace(params=params) if params else None)


def test_requests_of_contracts_parameters_and_addresses_in_sources(tmp_path):
    (tmp_path / "test_a.py").write_text('LOGIN = "ottavine@norvel.io"\nNAME = "Ottavine"\n')
    (tmp_path / "conftest.py").write_text('writable_ids=["root@norvel.io"]')
    said = said_in_tests(
        [
            item(tmp_path / "test_a.py", Contract),
            item(tmp_path / "test_a.py", account="zoe@norvel.io", number=3, nested={"ids": ["x@norvel.io"]}),
        ]
    )
    assert said.requests == (Contract.write_requests,)
    assert said.texts == {"ottavine@norvel.io", "root@norvel.io", "zoe@norvel.io", "x@norvel.io"}


def test_a_module_that_is_no_file_says_nothing(tmp_path):
    assert said_in_tests([item(tmp_path / "gone.py")]).texts == frozenset()
