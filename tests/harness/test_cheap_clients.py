"""One effect: clients of httpx cost little where none connects."""

from __future__ import annotations

import ssl
import sys

import certifi
import httpx
import pytest

from connector_contract.upstream.cheap_clients import cheap_clients


def context(client):
    return client._transport._pool._ssl_context


@pytest.mark.parametrize("client", [httpx.Client, httpx.AsyncClient])
def test_clients_share_a_context(client):
    with cheap_clients():
        assert context(client()) is context(client(verify=True))
    assert context(client()) is not context(client())


def test_a_client_that_trusts_something_else_has_its_own():
    own = ssl.create_default_context()
    with cheap_clients():
        common = context(httpx.Client())
        assert context(httpx.Client(verify=own)) is own
        assert context(httpx.Client(verify=False)) is not common  # noqa: S501 - it asks for nothing
        assert context(httpx.Client(trust_env=False)) is not common


def test_other_certificates_by_a_variable_are_another_context(monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with cheap_clients():
        common = context(httpx.Client())
        monkeypatch.setenv("SSL_CERT_FILE", certifi.where())
        assert context(httpx.Client()) is not common


def test_what_is_not_installed_is_looked_for_nowhere(monkeypatch):
    monkeypatch.setattr("connector_contract.upstream.cheap_clients._ASKED_FOR", ("no_such_package", "json"))
    with cheap_clients():
        assert sys.modules["no_such_package"] is None
        with pytest.raises(ModuleNotFoundError):
            import no_such_package  # noqa: F401
    assert "no_such_package" not in sys.modules
    assert sys.modules["json"] is not None
