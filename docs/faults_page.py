"""Write docs/faults.md, with a row for each fault: ``python docs/faults_page.py``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from connector_contract.faults.catalogue import in_group
from connector_contract.faults.error_map import ErrorMap
from connector_contract.faults.fault import Fault, Group
from connector_contract.recording.sdk_errors import error_map

PAGE = Path(__file__).with_name("faults.md")

HEAD = """# The fault sweep

An application's API fails now and then: it refuses, it times out, it answers with half a page. What a
connector tells Lumos at that moment decides what happens to people's access. A failure that is reported as an
empty list takes away the access of everybody who should have been in it.

The sweep finds out, without a server. It replays each recorded call again and again, each time with one
response broken, and checks what Lumos is told:

```bash
pytest tests/contract --contract-faults
```

The scenarios run first, and the sweep after them. Nothing new has to be recorded, nothing reaches the
network, and nothing waits. `-k faults` runs the sweep alone, `-k list_accounts` what is about one capability,
and `--lf` what has failed. A run that is stopped, by Ctrl-C, `-x` or `--maxfail`, shows what it has, and how
many calls are left.

| option | does |
|---|---|
| `--contract-faults` | breaks the recorded calls of the scenarios that are selected |
| `--contract-fault-calls=all` | breaks all calls, and not one of those that are equal |
| `--contract-faults-html=FILE` | writes the matrix as a page, each cell with its evidence |
| `--contract-faults-json=FILE` | writes it for programs: [the keys](faults-json.md) |

A fault takes some 3 to 20 milliseconds, so a connector with ten thousand of them takes one to two minutes on
one core. The JSON has a row for each fault, and some megabytes for such a connector.

The exit codes are pytest's: 1 if a fault is not survived. In CI, the sweep is one more option to the command
that replays.

## Which calls are broken

The unit is a call: one capability, called once. A call that made no request, or that ended with an error, is
not broken. Two calls are equal if Lumos called the same capability, the connector asked the same endpoints in
the same order, each answered with the same status, and as much could be lost: no record, one, or several; a
page with another one after it, or the last. Of equal calls, the one whose scenario sorts first is broken.
That is one test, with the scenario's name in front:
`test_reads.py::test_last_activity::faults[get_last_activity-1]`. It breaks each of the call's requests in
every way that applies, and a failure lists all that is wrong, the worst first.

## How to read the matrix

A run ends with a line for each capability, and a column for each fault. Where the terminal is too narrow for
that, each kind of fault has a column. The sign is the worst of all its calls:

| sign | means |
|---|---|
| `X` | a finding: Lumos is told something wrong. It fails the run |
| `T` | it would be a finding, and the contract's class tolerates it |
| `?` | a note: worth knowing, and no failure |
| `=` | Lumos gets the recorded success: the broken part is not needed, or the connector asked again |
| `.` | Lumos gets the error that it should get |
| `-` | the fault does not apply. The page and the JSON say why |

## The faults

`status-503` breaks one request, however often it is made. `status-503-once` breaks the first try, and the
next one is answered as recorded: a connector that asks again has to give the recorded success, and must not
repeat a write that the upstream may have done already. The codes are those of the installed SDK, read from
its own map. An API of JSON refuses with a document of JSON, in the form that it has for its errors. GraphQL
has documents of its own with 200 alone: another status comes from something before it. A token server says
with 400 that credentials are wrong, so `unauthorized` is right there, too.

"Lumos must be told" is about a call that reads. A call that writes is never a success if one of its requests
is broken, unless the execution summary names the error in `caught_errors`. A list that lacks a record is a
finding, whatever that says. A capability that reports, such as
a health check, reports the failure in place of an error.

A write that is only accepted is not made yet: its upstream answers 202, or with a state such as `pending`
that changes later. The requests that ask what became of it are part of the write, so a success is a finding
if one of them is broken. The status that the recording ends with, such as 404 for a user who is gone, is
right.

A page that leads to another one must do so, or be an error, when a field is missing or null. What some
recorded last page lacks, or has as null, is how the upstream says the end, as is a cursor. A total or a flag
that each last page has as well is not.
"""

TAIL = """
No message may have a secret, and no error may be `internal_error`: that is what the SDK makes of an exception
that nobody has thought of.

## The fields that a connector needs

The sweep takes each field of a response away, and puts null, another type and another value in its place. What comes of it
says what the connector does with the field: `required` (a response without it is refused), `checked` (null or another type
is refused), `read` (it moves the response) or `unread`. `never used` is added where the connector refuses a response for a
field whose value moves nothing. These fields are listed at the end of the run, in the page and in the JSON.

The table of a capability is `<capability>.fields.json` below `snapshots/`, in the folder of the `conftest.py` that has the
connector. `pytest --contract-faults --record-mode=once` writes what is missing. From then on a table that differs fails the
run. `pytest --contract-faults --snapshot-update` accepts it, and a review says what has changed. A table is compared only if
each call of its capability was broken in the run: not with `-k`, not for one module alone, and not with
`--contract-fault-calls=all`. The run says which were not compared.

## What is a note

- A request that nothing has recorded. A broken response can lead a connector somewhere else, and nobody knows
  what the application would have answered there. A scenario of yours may record that path. One such request is
  a finding: a write in place of a recorded one, to the same endpoint, with another body or for another id. Who
  takes a list that could not be read for an empty one, and then writes the list, deletes what was in it,
  whatever the application answers. A login, a search by POST, a second try, and what undoes the first half of a
  write are no such writes.
- The success of a write whose own response has a body that cannot be read, where nobody reads it: the write was
  made, and the status says so.
- The success of a write that was made, where a request beside it is broken.
- The recorded success, where the broken response does not matter for it, such as the end of a session.

## What the SDK does

- `ConnectError` of httpx is `connection_timeout`, also where the connection was refused at once: that is the
  SDK's own map.
- A connector under the SDK's rate limiter asks again. What the limiter ends its retries with counts as right,
  such as `bad_gateway` for 503.
- Only a connector with that rate limiter ends a call whose deadline is over. For any other, the recorded
  success is right.
- A connection fails as the connector's HTTP client raises it: httpx, requests, aiohttp and others each have
  exceptions of their own.
- `create_client_response` lets `pydantic.ValidationError` and `UnicodeDecodeError` pass, and httpx raises
  `DecodingError`. Give the integration a handler for each, such as
  `(pydantic.ValidationError, HTTPHandler, None)`.
- A GraphQL session of the SDK has one code, `bad_gateway`, for what is no answer of GraphQL, and that counts
  as right. From version 4 on, gql hides what httpx raises in `TransportConnectionFailed`: catch that around
  the request, and raise its `__cause__`. Give the transport a timeout of its own, or gql's comes first.

## Tolerate a fault

What a connector does on purpose is declared in the contract's class, with the reason. The failure shows the
line to copy:

```python
class TestAcmeContract(ConnectorContract):
    tolerated_faults = {
        "status-404[delete_account-DELETE /users/*]": "An account that is gone already counts as deleted.",
    }
```

A line names one fault, of one capability, at one endpoint, or `every request` in place of the endpoint. A
`*` stands for one part of the path, such as an id: `GET /groups/*/members` is the members of every group.
There is no way to tolerate all. `tolerated_faults` is kept in `snapshots/<test
module>/<class>.declarations.json`, as waivers are, so a reviewer sees each new one: `connector-contract
review` calls it critical. Each run lists them. One that is survived in every call of its capability is a
failure: delete it.

## What it found in MockApp

MockApp's connector passed all other checks when the sweep was first run on it. Two faults were not survived.
The first one would have taken access away:

```text
Contract breach: get_last_activity does not survive 1 of 117 faults of its upstream.
  test: tests/contract/test_contract.py::TestMockappContract::reads[get_last_activity]::faults[get_last_activity-1]
  1. an empty success, once:
     at:       every request of the call: status-404-everywhere
     told:     an empty success: 0 of 1 record
     expected: an error other than internal_error
     then:     Lumos treats whoever has no activity as inactive, and may take their access away.
     fix:      Raise NotFoundError if nothing at all is found: the path may be wrong, or the token may
               see nothing. Of several ids, those that are gone may be left out as long as others are
               there.
```

The connector asks for each account in turn, and leaves out the ones that are gone. With a wrong `api_url` all
of them are. Now, if it finds none of them, it asks for MockApp's users, and gives `not_found` if it may see
none there either.

The second one is meant to be so, and is tolerated: `create_account` takes `409` for "exists already", looks
for the user, and gives that account if it is the one that was asked for.

The table of fields showed what no test had asked about. `list_accounts` stopped on a `last_login` in another
form, which it does not read, and the writes stopped on a user without a name or an e-mail, which they do not
use. Each response is now read by a class that requires what its reader uses, in
`mockapp_connector/dto/user.py`.

What the sweep cannot see is a limit of the recordings: no scenario had more users than MockApp's largest
page, so a connector that stopped after 100 passed everything. `tests/contract/many` has 250 users, and walks
them.

[Mutants](mutants.md) of MockApp's connector show what the contract and the sweep find together, and what not.

## Limits

- It breaks what is recorded. A capability without a scenario is not swept, nor is a path that no scenario
  takes.
- One thing is broken at a time, but for `status-404-everywhere`. Two failures that meet are not tried.
- It knows fields by what the recording has. A field that no recorded record has is not broken. A status that
  is made of null is right only if some recorded record has null there.
- A header that says something of the records, such as `X-Total-Count` or `ETag`, is never missing or wrong.
- XML, and so SOAP, gets the faults of a body as a whole, and none of single fields or pages. Neither XML nor
  JSON lines get those that say something else, such as an error with 200.
- It says what Lumos is told, and not how fast: whether a connector waits as long as `Retry-After` says is not
  measured.
"""  # noqa: E501 - a run of pytest says it in such lines

_ERROR = "an error, never an empty success"
_NAMED = "`invalid_response` that names the field; or the same success"
_MUST: dict[str, str] = {
    "status-404-everywhere": _ERROR,
    "redirect-302": "an error; nothing is sent to the other host",
    "redirect-307": "an error; nothing is sent to the other host",
    "wrong-content-type": "`invalid_response`, not retryable; or the same success",
    "error-200": _ERROR,
    "empty-object": _ERROR,
    "null-body": _ERROR,
    "empty-list": _ERROR,
    "field-missing": f"{_NAMED}, without what is made of the field. Never a record less",
    "field-null": f"{_NAMED}, without what is made of the field. Never a record less",
    "field-of-another-type": f"{_NAMED}, if nothing reads it",
    "unknown-value": "an error, or all records; an unknown status never becomes a known one's",
    "another-value": "anything but `internal_error`: it shows whether the field is read",
    "fields-added": "the same success",
    "keys-reordered": "the same success",
    "page-empty": "the records of all other pages, or an error",
    "page-again": "an end, with no record lost; an error where the API says which page it is",
    "pages-endless": "an end, with all records, or an error",
}


def page() -> str:
    """The page, as Markdown."""
    errors = error_map()
    lost = ", ".join(f"`{code}`" for code in sorted(errors.lost_connection))
    return "\n".join([HEAD, *_table(errors), "", f"The SDK's codes for a lost connection: {lost}.", TAIL])


def _table(errors: ErrorMap) -> Iterator[str]:
    yield "| fault | what is broken | Lumos must be told |\n|---|---|---|"
    for group in Group:
        for fault in in_group(group):
            yield f"| `{fault.name}` | {fault.title} | {_must(fault, errors)} |"


def _must(fault: Fault, errors: ErrorMap) -> str:
    if fault.name in _MUST:
        return _MUST[fault.name]
    kind, _, rest = fault.name.partition("-")
    if kind == "status":
        codes = frozenset({errors.code_of_status[int(rest[:3])]})
        return _codes(codes, errors) + ("; or the recorded success" if fault.heals else "")
    if fault.group is Group.CONNECTION:
        return "the SDK's code for it, retryable"
    if fault.group is Group.DEADLINE:
        return f"{_codes(frozenset({errors.out_of_time}), errors)}; or the recorded success"
    return _codes(frozenset({errors.unreadable}), errors)


def _codes(codes: frozenset[str], errors: ErrorMap) -> str:
    retryable = {True: ", retryable", False: ", not retryable", None: ""}[errors.retryable(codes)]
    return " or ".join(f"`{code}`" for code in sorted(codes)) + retryable


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
