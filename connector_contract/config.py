"""What the author configures: the connector under test and its upstream."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from connector_contract.errors import UsageError
from connector_contract.fill_in import refuse_fill_ins
from connector_contract.personal_kinds import check_personal_data
from connector_contract.recording.calendar_spans import check_times
from connector_contract.recording.urls import origin_of
from connector_contract.variant_names import check_variant_name

if TYPE_CHECKING:
    # Imported for its type alone: a test run without scenarios must not pay for the SDK's import.
    from connector.oai.integration import Integration

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Upstream:
    """The application's API that the connector calls.

    Attributes:
        origin: Scheme, host, port and, if there is one, path prefix that the connector calls, such as
            ``https://acme.okta.com``. It is what the cassettes say, wherever they were recorded.
        app: An ASGI application or a factory of one, itself or as ``"module:attribute"``. While
            recording, the harness serves it on a free loopback port and sends there what goes to
            ``origin``. A factory is called again for every scenario, so that each starts from the same
            state. The ``"module:attribute"`` of an application has that module, and no other, imported
            again. Without ``app``, recording goes to ``origin`` itself, or to ``--upstream-url``.
        timeout: How many seconds ``app`` may take to start, and the upstream to answer a request to the last
            byte. Whatever takes longer is an error of the recording. A shorter timeout that the connector
            sets itself stays in force.
        requests_per_minute: How many requests may go out in a minute while a real server is recorded, over
            all scenarios of the run; by default as many as the connector makes. ``app`` is asked at once.
        writable_ids: The ids of what a recording may change in a real tenant: of accounts, entitlements and
            resources; of an account to be created, its e-mail or user name. A call that writes to anything
            else is refused before it sends a request. What the run itself has created may be changed, too.
            A served ``app``, ``localhost``, 127.0.0.0/8 and ::1 are no real tenants.
        further_origins: What else the connector calls, each a scheme, host and port, such as that of its
            token server: ``["https://login.example.com"]``. It is recorded as ``origin`` is. ``app`` gets
            these requests, too, and so does what runs at ``--upstream-url``.

    Raises:
        UsageError: ``origin`` is not an http or https URL, has a query, fragment or credentials, or is not
            filled in; ``timeout`` or ``requests_per_minute`` is no positive number; ``writable_ids`` is no
            list of strings; ``further_origins`` is no list of origins without a path.
    """

    origin: str
    app: str | Callable[..., Any] | None = None
    timeout: float = 30.0
    requests_per_minute: float | None = None
    writable_ids: Collection[str] = ()
    further_origins: Collection[str] = ()

    @property
    def origins(self) -> tuple[str, ...]:
        """All that the connector may call, ``origin`` first."""
        return (self.origin, *self.further_origins)

    def __post_init__(self) -> None:
        """Refuse an origin that no request can have, and other values of a wrong type."""
        refuse_fill_ins(self.origin, self.app, self.writable_ids, self.further_origins)
        check_origin(self.origin, "Upstream(origin=...)")
        _check_positive("timeout", self.timeout, "the seconds within which the upstream has to answer", 60)
        if self.requests_per_minute is not None:
            what = "how many requests may go out in a minute while recording"
            _check_positive("requests_per_minute", self.requests_per_minute, what, 60)
        _check_writable_ids(self.writable_ids)
        _check_further_origins(self.further_origins, self.origin)


@dataclass(frozen=True)
class ConnectorUnderTest:
    """A connector, and what Lumos would send with each call to it.

    Attributes:
        integration: The connector's ``connector.oai.integration.Integration``.
        upstream: The API that the connector calls.
        auth: The ``auth`` of each request, as JSON, such as ``{"token": {"token": "..."}}``.
        credentials: The ``credentials`` of each request, in place of ``auth``, for a multi-auth connector.
        settings: The ``settings`` of each request, as JSON.
        match_headers: Names of further request headers that are recorded and must match on replay, an
            API version for instance. Authentication always must.
        keep_headers: Names of response headers that cassettes leave out by default, and that the connector
            reads, such as ``X-RateLimit-Remaining``.
        drop_headers: Names of response headers that cassettes keep by default, and should leave out.
        aliases: A JMESPath for each kind of value that differs in each recording, such as
            ``{"user": "id", "time": "[created_at, updated_at]"}``. It is searched for in the response bodies,
            for values that the server makes up; one that starts with ``response.headers.`` in their headers,
            such as ``response.headers.link``. One that starts with ``request.`` is searched for in the
            requests, for values that the connector makes up: ``request.body.password``,
            ``request.query.nonce``, ``request.headers."idempotency-key"``. Each value gets a stable alias
            wherever it appears, in requests, bodies and snapshots. Of a link, each part gets one that the
            server made up.
        reset: A function without arguments that makes the connector forget what it keeps in the process,
            such as a token. It is called before each scenario and each replayed call.
        max_requests: How many requests one call may make. By default a replayed call may make ten times as
            many as it has recorded, and at least 100; a call that is recorded may make the same request 1,000
            times.
        times: Times in requests that move with the calendar, each by its place, such as
            ``{"query.since": "start of month"}``. A place is ``path``, or begins with ``query``, ``headers``
            or ``body``; ``[]`` stands for any item of a list, as in ``body.ranges[].from``. There are the
            ``start of`` and the ``end of`` a day, week, month, quarter or year, and ``a month ago`` and ``a
            year ago``. For one endpoint alone, it comes first: ``GET /events query.since``. A time that is
            some days, hours or seconds before or after now needs no declaration.
        variant: A word for one of several tenants, editions or API versions. The fixture
            ``connector_under_test`` has a parameter for each, and its files are in a folder of that name.
        personal_data: Whether names, e-mail addresses, telephone numbers and the like of the tenant's people
            are replaced by made-up ones before anything is stored: ``True`` for the fields with well-known
            names; or a mapping, which adds further fields of the response bodies to these, each kind with one
            JMESPath or several, such as ``{"phone": "users[].desk"}``. The kinds are ``name``,
            ``given_name``, ``family_name``, ``email``, ``phone``, ``address``, ``text``, ``photo``,
            ``login``, ``number`` (of an employee, say), ``date`` (of birth) and ``ip``. By
            default nothing is replaced, and a recording from a real server says so; ``False`` says that this
            is meant.

    Raises:
        UsageError: ``integration`` is no Integration, both ``auth`` and ``credentials`` are given,
            ``times`` has what is no place or no calendar span, ``variant`` is no word, ``personal_data`` has
            what is no kind or no JMESPath, or something is not filled in.
    """

    integration: Integration
    upstream: Upstream
    # A message may show one before anybody knows its secrets.
    auth: Json | None = field(default=None, repr=False)
    credentials: Sequence[Json] | None = field(default=None, repr=False)
    settings: Json = field(default_factory=dict, repr=False)
    match_headers: Sequence[str] = ()
    keep_headers: Sequence[str] = ()
    drop_headers: Sequence[str] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    reset: Callable[[], object] | None = None
    max_requests: int | None = None
    times: Mapping[str, str] = field(default_factory=dict)
    variant: str | None = None
    personal_data: bool | Mapping[str, str | Sequence[str]] | None = None

    def __post_init__(self) -> None:
        """Refuse a connector that cannot be called, and arguments of a wrong type."""
        refuse_fill_ins([getattr(self, part.name) for part in fields(self)])
        if not callable(getattr(self.integration, "dispatch", None)):
            raise UsageError(
                f"ConnectorUnderTest(integration=...) is {self.integration!r}, which is not an Integration.",
                remedy="Pass the connector's connector.oai.integration.Integration object.",
            )
        if not isinstance(self.upstream, Upstream):
            raise UsageError(
                f"ConnectorUnderTest(upstream=...) is {self.upstream!r}, which is not an Upstream.",
                remedy='Pass connector_contract.Upstream(origin="https://...").',
            )
        for name in ("match_headers", "keep_headers", "drop_headers"):
            _check_names(name, getattr(self, name))
        if self.reset is not None and not callable(self.reset):
            raise UsageError(
                f"ConnectorUnderTest(reset=...) is {self.reset!r}, which is not a function.",
                remedy="Pass a function without arguments, such as client.forget_token.",
            )
        if self.max_requests is not None and not (type(self.max_requests) is int and self.max_requests > 0):
            raise UsageError(
                f"ConnectorUnderTest(max_requests=...) is {self.max_requests!r}, not a positive number.",
                remedy="Give the number of requests that one call may make, such as 5000.",
            )
        check_times(self.times)
        if self.variant is not None:
            check_variant_name(self.variant)
        check_personal_data(self.personal_data)
        if self.auth is not None and self.credentials is not None:
            raise UsageError(
                "ConnectorUnderTest has both auth and credentials; Lumos sends one of them.",
                remedy="Keep auth= for a connector with one credential, credentials= for a multi-auth one.",
            )


def _check_names(argument: str, names: object) -> None:
    if isinstance(names, str):
        raise UsageError(
            f"ConnectorUnderTest({argument}=...) is the string {names!r}.",
            remedy="Give a list of names, such as ['X-API-Version'].",
        )


def check_origin(origin: object, source: str) -> None:
    """Raise a ``UsageError`` that names ``source``, unless ``origin`` can be the start of a request's URL."""
    if not isinstance(origin, str):
        raise _bad_origin(origin, source, "it is not a string")
    try:
        url = urlsplit(origin)
        # Reading it is what checks it.
        _ = url.port
    except ValueError as error:
        raise _bad_origin(origin, source, str(error)) from None
    if url.scheme not in ("http", "https") or not url.hostname or not origin.isprintable() or " " in origin:
        raise _bad_origin(origin, source, "it needs http:// or https:// and a host")
    if url.query or url.fragment or "@" in url.netloc:
        raise _bad_origin(origin, source, "it takes no query, fragment or credentials")


def _check_positive(argument: str, value: object, what: str, example: int) -> None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not (is_number and 0 < value < float("inf")):  # type: ignore[operator] # it is a number
        raise UsageError(
            f"Upstream({argument}=...) is {value!r}, which is not a positive number.",
            remedy=f"Give {what}, such as {argument}={example}.",
        )


def _check_writable_ids(ids: object) -> None:
    if not isinstance(ids, (list, tuple, set, frozenset)) or not all(
        isinstance(id_, str) and id_ for id_ in ids
    ):
        raise UsageError(
            f"Upstream(writable_ids=...) is {ids!r}, which is not a list of non-empty strings.",
            remedy='Give the ids of what a recording may change, such as writable_ids=["user-7", "a@b.com"].',
        )


def _check_further_origins(origins: object, origin: str) -> None:
    if not isinstance(origins, (list, tuple, set, frozenset)):
        raise UsageError(
            f"Upstream(further_origins=...) is {origins!r}, which is not a list of URLs.",
            remedy='Give a list, such as further_origins=["https://login.example.com"].',
        )
    for each in origins:
        source = "An item of Upstream(further_origins=...)"
        check_origin(each, source)
        if urlsplit(each).path.rstrip("/"):
            raise _bad_origin(each, source, "it takes no path")
        if _host_and_port(each) == _host_and_port(origin):
            raise _bad_origin(each, source, "Upstream(origin=...) has the same host")


def _host_and_port(url: str) -> str:
    return origin_of(url).partition("://")[2]


def _bad_origin(origin: object, source: str, reason: str) -> UsageError:
    return UsageError(
        f"{source} is {origin!r}: {reason}.",
        remedy="Give a whole URL, such as https://acme.okta.com or http://localhost:8000.",
    )
