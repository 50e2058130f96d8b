"""What an author may declare of times in requests."""

from __future__ import annotations

import pytest

from connector_contract import ConnectorUnderTest, Upstream
from connector_contract.errors import UsageError
from connector_contract.recording.calendar_spans import SPANS, check_times


class Integration:
    def dispatch(self):
        """Nothing is called."""


@pytest.mark.parametrize(
    "place",
    [
        "path",
        "GET /events query.since",
        "POST /a/*/b body[].from",
        "query.since",
        "query.a.b",
        "headers.x-since",
        "body.from",
        "body[].from",
        "body.a[].from",
    ],
)  # fmt: skip
def test_each_span_may_be_declared_at_each_place(place):
    for span in SPANS:
        check_times({place: span})


@pytest.mark.parametrize(
    ("times", "problem"),
    [
        ({"query.since": "start of the month"}, "'query.since': 'start of the month': there is no such"),
        ({"query.since": "30 days ago"}, "there is no such calendar span"),
        ({"query.since": ["start of month"]}, "there is no such calendar span"),
        ({"request.query.since": "start of month"}, "this is no place in a request"),
        ({"query": "start of month"}, "this is no place in a request"),
        ({"query.": "start of month"}, "this is no place in a request"),
        ({"path.2": "start of month"}, "this is no place in a request"),
        ({"get /events query.since": "start of month"}, "this is no place in a request"),
        ({"GET events query.since": "start of month"}, "this is no place in a request"),
        ({5: "start of month"}, "this is no place in a request"),
        (["query.since"], "which is not a dictionary"),
    ],
)
def test_a_wrong_declaration_names_the_spans_that_there_are(times, problem):
    with pytest.raises(UsageError) as caught:
        ConnectorUnderTest(
            integration=Integration(), upstream=Upstream(origin="https://a.example"), times=times
        )
    message = str(caught.value)
    assert message.startswith("ConnectorUnderTest(times=...)")
    assert problem in message
    assert all(span in message for span in SPANS)
    assert '{"query.since": "start of month"}' in message
