import ssl
from pathlib import Path

import certifi
import httpx
import pytest

from connector_contract.upstream.trust import trust_on_demand


@pytest.fixture(autouse=True)
def machine(monkeypatch):
    """A machine that has no trust store but that of certifi."""
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


def on_demand(make):
    with trust_on_demand():
        return make()


def postpones(context) -> bool:
    return type(context) is not ssl.SSLContext


@pytest.mark.parametrize(
    "make",
    [
        httpx.create_ssl_context,
        lambda: ssl.create_default_context(cafile=certifi.where()),
        ssl.create_default_context,
    ],
    ids=["httpx", "certifi", "default"],
)
@pytest.mark.parametrize(
    "use",
    [
        lambda context: context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname="a.example"),
        lambda context: context.cert_store_stats(),
        lambda context: context.get_ca_certs(),
    ],
    ids=["connect", "stats", "list"],
)
def test_certificates_are_loaded_when_they_are_needed(make, use):
    context = on_demand(make)
    assert postpones(context)
    use(context)
    assert not postpones(context)
    assert context.get_ca_certs() == make().get_ca_certs()
    assert context.verify_mode is ssl.CERT_REQUIRED


def test_what_is_put_off_twice_is_loaded_twice(monkeypatch, tmp_path):
    certificates = Path(certifi.where()).read_text("utf-8").split("-----END CERTIFICATE-----\n")
    bundle = tmp_path / "bundle.pem"
    bundle.write_text(certificates[0] + "-----END CERTIFICATE-----\n", "utf-8")
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))

    def make():
        context = ssl.create_default_context(cafile=str(bundle))
        context.load_verify_locations(cafile=certifi.where())
        return context

    context = on_demand(make)
    assert postpones(context)
    assert context.cert_store_stats() == make().cert_store_stats()


def test_a_connectors_own_certificates_are_read_at_once(tmp_path):
    broken = tmp_path / "own.pem"
    broken.write_text("no certificate")
    with pytest.raises(ssl.SSLError):
        on_demand(lambda: ssl.create_default_context(cafile=str(broken)))
    with pytest.raises(ssl.SSLError):
        on_demand(lambda: ssl.create_default_context(cadata="no certificate"))


def test_a_trust_store_that_is_missing_is_an_error_at_once(monkeypatch, tmp_path):
    missing = str(tmp_path / "missing.pem")
    monkeypatch.setenv("SSL_CERT_FILE", missing)
    with pytest.raises(FileNotFoundError):
        on_demand(lambda: ssl.create_default_context(cafile=missing))


def test_another_kind_of_context_loads_as_it_likes():
    class Own(ssl.SSLContext):
        pass

    def make():
        context = Own(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cafile=certifi.where())
        return context

    context = on_demand(make)
    assert type(context) is Own
    assert context.cert_store_stats()["x509_ca"] > 0


def test_nothing_stays_patched():
    load = ssl.SSLContext.load_verify_locations
    on_demand(lambda: None)
    assert ssl.SSLContext.load_verify_locations is load
    assert "load_verify_locations" not in vars(ssl.SSLContext)
    assert not postpones(ssl.create_default_context())
