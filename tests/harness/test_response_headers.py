"""Which response headers are kept: what their names mean decides, whichever vendor's they are."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
import uuid
from email.utils import formatdate, parsedate_to_datetime

import pytest
from clients_testing import CLIENTS, once, served
from odd_server import answer

from connector_contract.errors import UnprovenRecording
from connector_contract.storage.response_headers import USUAL_HEADERS, ResponseHeaders, is_passing

PASSING = """
access-control-allow-origin access-control-max-age accept-ranges age alt-svc cache-control connection
content-length content-security-policy cross-origin-opener-policy date expires keep-alive nel p3p
permissions-policy pragma referrer-policy report-to reporting-endpoints server strict-transport-security
transfer-encoding vary via x-aspnet-version x-content-type-options x-frame-options
x-permitted-cross-domain-policies x-powered-by x-robots-tag x-xss-protection request-id x-request-id
x-okta-request-id x-amzn-requestid x-amz-request-id x-ms-request-id x-github-request-id x-arequestid
x-slack-req-id x-slack-unique-id x-correlation-id correlation-id mise-correlation-id
x-ms-correlation-request-id client-request-id x-trace-id traceid atl-traceid uber-trace-id
x-datadog-trace-id x-request-guid x-fapi-interaction-id x-transaction-id x-amz-id-2 x-amz-apigw-id
x-amzn-trace-id x-b3-traceid x-b3-sampled b3 traceparent tracestate baggage sentry-trace
x-cloud-trace-context x-log-id x-tt-logid ms-cv x-ms-ags-diagnostic x-gitlab-meta x_request_id ratelimit
ratelimit-limit ratelimit-policy ratelimit-remaining ratelimit-reset x-ratelimit-remaining
x-ratelimit-limit-minute x-ratelimit-used x-rate-limit-reset x-app-rate-limit-count
x-hubspot-ratelimit-daily x-shopify-shop-api-call-limit sforce-limit-info x-concurrency-limit-remaining
x-quota-remaining x-throttle-status x-remaining-requests x-api-calls-remaining x-limit-remaining
x-daily-limit x-runtime server-timing x-response-time x-response-time-ms x-process-time x-execution-time
x-request-duration x-envoy-upstream-service-time x-kong-upstream-latency x-kong-proxy-latency
openai-processing-ms x-elapsed x-request-start x-timestamp x-server-time x-server-date x-date
x-amzn-remapped-date cf-ray cf-cache-status x-amz-cf-pop x-cache x-cache-hits cache-status x-served-by
x-timer x-varnish x-vercel-id fly-region x-akamai-transformed akamai-grn x-fastly-request-id x-azure-ref
x-msedge-ref x-edge-location cdn-loop x-envoy-decorator-operation x-proxy-cache x-backend-server
x-upstream x-iinfo x-sucuri-id x-nginx-proxy x-amzn-remapped-content-length x-node x-anodeid x-host
x-hostname x-server-name x-pod-name surrogate-key x-guploader-uploadid x-goog-upload-id x-google-backends
x-google-dos-service-trace x-backend x-backends x-slack-backend backend-host-name x-api-served-by
x-served-from x-hosted-by x-zendesk-origin-server x-ms-ests-server x-feserver x-beserver x-app-server
x-web-server-id x-webserver x-app-node x-cluster-node-name x-node-name x-node-id x-k8s-pod x-pod-ip
kubernetes-pod-name x-container-id x-dyno x-app-instance x-app-instance-id x-ec2-instance-id x-vm-name
x-machine-name x-acme-host-name x-acme-hostname x-replica x-correlation x-acme-correlation
correlation-context x-span x-span-id x-ot-span-context ot-tracer-spanid x-b3-spanid x-trace
x-evy-trace-listener x-cloud-trace grpc-trace-bin x-tracing x-rid x-acme-rid function-execution-id
x-debug-id x-diaginfo x-ms-diagnostics sprequestguid x-request-ref x-acme-request-number
"""

KEPT = """
link location content-location operation-location retry-after x-retry-after x-ms-retry-after-ms
x-ratelimit-retry-after etag last-modified content-type content-disposition content-language
content-range www-authenticate proxy-authenticate allow set-cookie x-total-count x-total x-next-page
x-prev-page x-page x-per-page x-has-more x-next-cursor x-offset x-start x-limit x-count x-request-cost
x-ms-request-charge idempotency-key idempotent-replayed x-account-id x-tenant-id x-organization-id
x-user-id x-customer-id x-parent-id x-catalog-id x-operation-id x-session-id x-api-version api-version
x-version x-oauth-scopes x-accepted-oauth-scopes x-github-media-type x-created-date x-modified-time
x-last-modified-timestamp x-expiration-time deprecation sunset x-csrf-token x-amz-version-id
x-amz-meta-owner x-goog-generation x-error-code x-message-id content-encoding warning x-password-policy
x-resource-id x-goog-upload-url x-goog-upload-status upload-offset x-instance-id x-instance-url
x-tenant-host x-order-number x-nodes x-podcast x-replicas x-observer x-correlated-user x-grid
x-timespan x-hybrid x-server-pages x-server-version
"""


@pytest.mark.parametrize("name", PASSING.split())
def test_what_describes_the_connection_or_the_moment_is_left_out(name):
    assert is_passing(name)
    assert not USUAL_HEADERS.keeps(name)
    assert ResponseHeaders(kept=frozenset([name])).keeps(name)


@pytest.mark.parametrize("name", KEPT.split())
def test_what_says_something_of_the_answer_is_kept(name):
    assert not is_passing(name)
    assert USUAL_HEADERS.keeps(name)
    assert not ResponseHeaders(dropped=frozenset([name])).keeps(name)


def test_the_length_of_what_a_head_asks_about_is_kept():
    assert USUAL_HEADERS.keeps("content-length", "HEAD")
    assert not USUAL_HEADERS.keeps("content-length", "GET")
    assert not ResponseHeaders(dropped=frozenset(["content-length"])).keeps("content-length", "HEAD")


def test_what_is_kept_beats_what_is_dropped():
    both = ResponseHeaders(kept=frozenset(["date"]), dropped=frozenset(["date"]))
    assert both.keeps("date")


@pytest.fixture
def project(tmp_path):
    with served(tmp_path) as make:
        yield make


def now(seconds=0):
    return formatdate(time.time() + seconds, usegmt=True)


def reading(name):
    """A connector that reads a header."""

    async def read(session):
        return [(await session.ask("/users")).headers[name]]

    return read


READ = {
    "X-RateLimit-Remaining": (lambda: "7", "'7'"),
    "X-Request-Cost-Limit-Used": (lambda: "3", "'3'"),
    "X-Okta-Request-Id": (lambda: "r-1", "r-1"),
    "X-Runtime": (lambda: "0.1", "'0.1'"),
    "Date": (now, "<now, http>"),
    "X-RateLimit-Reset": (lambda: str(int(time.time()) + 60), "<now+60s, seconds>"),
    "RateLimit-Reset": (lambda: "60", "'60'"),
    "Expires": (lambda: now(3600), "<now+3600s, http>"),
}


@pytest.mark.loopback
@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("name", READ)
def test_a_header_that_is_read_is_named_and_can_be_kept(project, client, name):
    made, stored_as = READ[name]
    answers = {"/users": lambda _: answer(b"[]", (name, made()), ("X-Served-By", "a"), ("Server", "b"))}
    with pytest.raises(UnprovenRecording) as caught:
        project(client, reading(name), answers).record(once)
    assert f"the response header {name.lower()}, which is left out" in str(caught.value)
    assert str(caught.value).endswith(f"ConnectorUnderTest(keep_headers=['{name.lower()}']).")
    kept = project(client, reading(name), answers, keep_headers=[name])
    stored = kept.record(once)
    assert f"      {name.lower()}:\n      - {stored_as}\n" in stored
    assert kept.record(once) == stored
    kept.replay(once)


@pytest.mark.loopback
@pytest.mark.parametrize("client", CLIENTS)
def test_two_headers_that_are_read_are_both_named_and_no_other(project, client):
    async def read(session):
        headers = (await session.ask("/users")).headers
        return [headers["X-Request-Id"], headers["X-RateLimit-Remaining"]]

    said = [("X-Request-Id", "r-1"), ("X-RateLimit-Remaining", "7"), ("X-Runtime", "1"), ("Server", "x")]
    with pytest.raises(UnprovenRecording) as caught:
        project(client, read, {"/users": answer(b"[]", *said)}).record(once)
    assert "keep_headers=['x-ratelimit-remaining', 'x-request-id'])." in str(caught.value)


@pytest.mark.loopback
@pytest.mark.parametrize("client", CLIENTS)
def test_what_changes_with_each_answer_is_not_recorded(project, client):
    numbers = itertools.count(1)

    def users(_):
        names = (
            "X-Okta-Request-Id",
            "X-Amzn-RequestId",
            "traceparent",
            "X-Envoy-Upstream-Service-Time",
            "CF-RAY",
        )
        return answer(b"[1]", *((name, f"{next(numbers)}-{uuid.uuid4()}") for name in names), ("ETag", "e"))

    made = project(client, lambda session: asked(session), {"/users": users})
    stored = made.record(once)
    assert made.record(once) == stored
    assert "      etag:\n      - e\n" in stored
    assert stored.count("\n      - ") == 2


async def asked(session):
    return json.loads((await session.ask("/users")).content)


@pytest.mark.loopback
@pytest.mark.parametrize("client", CLIENTS)
def test_the_length_that_answers_a_head_is_played(project, client):
    async def size(session):
        return [(await session.ask("/export", "HEAD")).headers["Content-Length"]]

    made = project(client, size, {"/export": answer(b"x" * 4321)})
    stored = made.record(once)
    assert "content-length:\n      - '4321'" in stored
    assert made.record(once) == stored
    made.replay(once)


@pytest.mark.loopback
@pytest.mark.parametrize("client", CLIENTS)
def test_a_connector_that_waits_until_a_time_waits_so_long_in_the_replay(project, client):
    waits = []

    def users(_):
        return answer(b"[1]", ("X-RateLimit-Reset", str(int(time.time()) + 3600)))

    async def patient(session):
        reset = (await session.ask("/users")).headers["X-RateLimit-Reset"]
        waits.append(int(reset) - time.time())
        return [1]

    made = project(client, patient, {"/users": users}, keep_headers=["X-RateLimit-Reset"])
    stored = made.record(once)
    assert "<now+3600s, seconds>" in stored
    made.replay(later)
    assert len(waits) == 3
    assert all(3590 < seconds <= 3600 for seconds in waits)


async def later(lumos):
    """Some hours after the replay has begun, as far as the connector can see."""
    await asyncio.sleep(9999)
    return await once(lumos)


@pytest.mark.loopback
@pytest.mark.parametrize("client", CLIENTS)
def test_a_retry_after_that_is_a_date_is_played_relative_to_now(project, client):
    async def read(session):
        said = await session.ask("/users")
        seconds = parsedate_to_datetime(said.headers["Retry-After"]).timestamp() - time.time()
        return [said.status, round(seconds, -2)]

    busy = {"/users": lambda _: answer(b"{}", ("Retry-After", now(300)), status="503 Busy")}
    stored = project(client, read, busy).record(once)
    assert "retry-after:\n      - <now+300s, http>\n" in stored
    assert project(client, read, busy).record(once) == stored
    project(client, read, busy).replay(later)
