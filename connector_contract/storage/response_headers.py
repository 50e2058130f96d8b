"""Which headers of a response a cassette keeps: those that say something of the answer.

Left out is what describes the connection, the server or the moment. There are too many such names for a list,
and each vendor has its own prefix, so what decides is the words of a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

# What HTTP and browsers define beside the content (RFC 9110 to 9112, and the registry of fields): framing,
# caches on the way, and what a browser may do with a page.
_STANDARD = frozenset(
    {
        "accept-ch",
        "accept-ranges",
        "age",
        "alt-svc",
        "cache-control",
        "cache-status",
        "connection",
        "content-length",
        "content-security-policy",
        "content-security-policy-report-only",
        "critical-ch",
        "date",
        "expect-ct",
        "expires",
        "feature-policy",
        "keep-alive",
        "nel",
        "no-vary-search",
        "origin-agent-cluster",
        "origin-trial",
        "p3p",
        "permissions-policy",
        "pragma",
        "priority",
        "proxy-connection",
        "proxy-status",
        "public-key-pins",
        "referrer-policy",
        "report-to",
        "reporting-endpoints",
        "server",
        "speculation-rules",
        "strict-transport-security",
        "timing-allow-origin",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "vary",
        "via",
        "x-content-type-options",
        "x-dns-prefetch-control",
        "x-download-options",
        "x-frame-options",
        "x-generator",
        "x-permitted-cross-domain-policies",
        "x-powered-by",
        "x-robots-tag",
        "x-ua-compatible",
        "x-xss-protection",
    }
)
# How the names begin that come from networks of caches, proxies and gateways, and those for browsers.
_MARKS = re.compile(
    r"((x-)?(akamai|amz-(apigw|cf|id|rid)|amzn-trace|aspnet\w*|azure-ref|b3|cdn|cf|envoy|fastly"
    r"|fb-(debug|rev|trip)|fly|gitlab-meta|iinfo|kong|litespeed|ms-(ags-diagnostic|cv)|msedge|nginx|sucuri"
    r"|varnish|vercel)"
    r"|x-(backend|cache|edge|forwarded|proxy|timer|upstream)"
    r"|access-control|cross-origin|surrogate)(-|$)"
)
# What names the machine that has answered: as a whole name, or, whichever vendor's, as the last words of one.
_MACHINE = re.compile(
    r"(a?node|container|handled|host|machine|pod|served|server|worker)-?(by|id|name)?|hostname"
)
_ROLE = "api|app|application|aws|back-?end|ec2|edge|front-?end|http|k8s|kube|kubernetes|origin|real|web"
_OF_MACHINE = "(addr(ess)?|id|ip|name|uid)"
_MACHINES = re.compile(
    rf"(^|-)((({_ROLE})-?)?(back-?ends?|container|dyno|node|pod|replica|server)|({_ROLE})-?(host|instance|machine"
    rf"|worker)|(host|machine|vm)-?name|(generated|handled|hosted|processed|served|serviced)-?(by|from)"
    rf"|(fe|be)server)(-?{_OF_MACHINE})?$"
)
# An id of the request, whose ever it is, at the end of a name without its separators.
_REQUEST_ID = re.compile(
    r"(activity|correlation|debug|diagnostics?|execution|interaction|invocation|req|request|span|trace"
    r"|transaction|unique|upload|uploader)(guid|id|number|ref|uid|uuid)$"
)
_TRACE = re.compile(
    r"(^|-)(baggage|correlation|diag(info|nostics?)?|log-?id|newrelic|rid|span|traceparent|tracestate|tracing)"
    r"(-context)?$|(^|-)trace(-|$)"
)
_RATE = re.compile(r"rate-?limit|throttl|(^|-)quota(-|$)")
_LIMIT = re.compile(r"(^|-)limit(-|$)")
_COUNTED = re.compile(
    r"(^|-)(burst|calls?|concurren\w+|daily|day|hour|info|minute|remaining|requests?|reset|second|usage|used)"
    r"(-|$)"
)
_LEFT = re.compile(r"(^|-)remaining(-|$)")
_WHAT_IS_LEFT = re.compile(r"(^|-)(api|calls?|credits?|points?|quer(y|ies)|requests?|tokens?)(-|$)")
# How long the server took, or its clock.
_UNIT = r"(-(ms|us|seconds?))?$"
_TIMING = re.compile(rf"(^|-)(elapsed|latency|runtime|took|timings?){_UNIT}")
_MEASURED = re.compile(
    r"(^|-)(api|app|backend|cpu|db|exec|execution|generation|handler|process|processing|query|render|request"
    rf"|response|server|service|total|upstream|wall)-(duration|ms|msec|start|time){_UNIT}"
)
_CLOCK = re.compile(
    rf"((^|-)(current|request|response|server)-|^)(clock|date|now|time|timestamp|duration){_UNIT}"
)
_RETRY = re.compile(r"retry-?after")


@dataclass(frozen=True)
class ResponseHeaders:
    """Which response headers a cassette keeps, where that is not as for every connector.

    Attributes:
        kept: Names that are kept although they are left out for most connectors, in lower case.
        dropped: Names that are left out, in lower case.
    """

    kept: frozenset[str] = frozenset()
    dropped: frozenset[str] = frozenset()

    def keeps(self, name: str, method: str = "GET") -> bool:
        """Whether a header is kept.

        Args:
            name: Its name, in lower case.
            method: The method of the request. What answers a HEAD has a length of its own to say.
        """
        if name in self.kept:
            return True
        if name in self.dropped:
            return False
        return not is_passing(name) or (name == "content-length" and method == "HEAD")


USUAL_HEADERS = ResponseHeaders()


# The responses of a walk have the same headers.
@lru_cache(1024)
def is_passing(name: str) -> bool:
    """Whether a header describes the connection, the server or the moment, by its name in lower case."""
    # An API gateway puts the server's own Date, say, behind this.
    name = name.replace("_", "-").removeprefix("x-amzn-remapped-")
    if name in _STANDARD:
        return True
    words = name.removeprefix("x-")
    if _RETRY.search(words):
        return False
    return (
        _MARKS.match(name) is not None
        or (name.startswith("x-") and _MACHINE.fullmatch(words) is not None)
        or _MACHINES.search(words) is not None
        or _REQUEST_ID.search(words.replace("-", "")) is not None
        or _TRACE.search(words) is not None
        or _counts(words)
        or _TIMING.search(words) is not None
        or _MEASURED.search(words) is not None
        or _CLOCK.search(words) is not None
    )


def _counts(words: str) -> bool:
    """Whether a name is of a rate limit, or of what is left of one."""
    if _RATE.search(words):
        return True
    if _LIMIT.search(words) and _COUNTED.search(words):
        return True
    return _LEFT.search(words) is not None and _WHAT_IS_LEFT.search(words) is not None
