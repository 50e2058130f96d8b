import gzip
import io
import json
import re
from dataclasses import replace

import pytest

from connector_contract.recording.call import Call, Success
from connector_contract.recording.interactions import Cassette, GivenUp, Interaction, Request, Response
from connector_contract.secrets.known_secrets import Secrets
from connector_contract.secrets.secret_names import WELL_KNOWN, secret_names
from connector_contract.storage.cassette_format import cassette_parts, read_cassette
from connector_contract.storage.lint import (
    findings_json,
    leftovers,
    lint_cassette,
    lint_fields,
    lint_snapshot,
    owner,
)
from connector_contract.storage.snapshot_format import snapshot_text

CASSETTE = b"".join(
    cassette_parts(
        Cassette(
            (
                Interaction(
                    Request(
                        "POST",
                        "https://a.example/v1?x=1",
                        (("authorization", "Bearer <token.token>"),),
                        b'{"a":1}',
                    ),
                    Response(200, "OK", (("link", "</2>"),), b'{"password":"<password>","b":[1,2]}'),
                ),
            )
        )
    )
).decode()
SNAPSHOT = snapshot_text({"response": [{"username": "ada"}], "page": {"token": "abc"}})


def found(findings):
    return [(finding.line, finding.kind) for finding in findings]


def test_what_a_recording_leaves_is_in_order():
    assert found(lint_cassette("c.yaml", CASSETTE.encode(), WELL_KNOWN)) == []
    assert found(lint_snapshot("s.json", SNAPSHOT.encode(), WELL_KNOWN)) == []


@pytest.mark.parametrize(
    ("login", "expected"),
    [
        ("svc:pw@", [(8, "secret")]),
        ("<url.user>:pw@", [(8, "secret")]),
        ("svc:<url.password>@", [(8, "secret")]),
        ("<url.user>:<url.password>@", []),
        ("git@", []),
        ("", []),
    ],
)
def test_a_login_in_a_url_is_found_wherever_it_is(login, expected):
    cassette = CASSETTE.replace("?x=1", f"?x=ssh://{login}host")
    assert found(lint_cassette("c.yaml", cassette.encode(), WELL_KNOWN)) == expected
    snapshot = snapshot_text({"response": [{"a": 1, "dsn": f"postgres://{login}db"}]})
    lines = [(5, kind) for _, kind in expected]
    assert found(lint_snapshot("s.json", snapshot.encode(), WELL_KNOWN)) == lines


def test_calls_and_what_was_given_up_are_part_of_what_a_recording_leaves():
    given_up = GivenUp(Request("GET", "https://a.example/v1"), 1, 0)
    cassette = Cassette((), (Call("list_accounts", Success(2), {"page": {"size": 2}}),), (given_up,))
    data = b"".join(cassette_parts(cassette))
    assert found(lint_cassette("c.yaml", data, WELL_KNOWN)) == []
    assert found(lint_cassette("c.yaml", data.replace(b'"size": 2', b'"size":  2'), WELL_KNOWN)) != []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("<token.token>", "hunter2hunter2", [(11, "secret")]),
        ("<password>", "hunter2hunter2", [(26, "secret")]),
        ("?x=1", "?x=1&api_key=hunter2hunter2", [(8, "secret")]),
        # A recording has a placeholder for a word, too.
        ("<token.token>", "on", [(11, "secret")]),
        ("<password>", "on", [(26, "secret")]),
        ('"<password>"', "12", []),
        ("authorization:\n      - Bearer <token.token>", "cookie:\n      - theme=dark; n=1", []),
        (
            "authorization:\n      - Bearer <token.token>",
            "cookie:\n      - sid=hunter2hunter2",
            [(11, "secret")],
        ),
        (
            "authorization:\n      - Bearer <token.token>",
            "cookie:\n      - password=winter",
            [(11, "secret")],
        ),
        ("link:\n      - </2>", "set-cookie:\n      - theme=dark; Path=/", [(22, "secret")]),
        ("link:\n      - </2>", "set-cookie:\n      - theme=deleted; Max-Age=0", []),
        ('"a": 1', '"a":  1', [(14, "form")]),
        ("link:", "date:", [(20, "form")]),
        # Any other may be one that the author keeps, or that an earlier release kept.
        ("link:\n      - </2>", "date:\n      - <now, http>", []),
        ("link:\n      - </2>", "x-ratelimit-reset:\n      - '1795953600'", []),
        ("link:", "x-okta-request-id:", []),
        ("link:\n      - </2>", "set-cookie:\n      - a=<cookie.a>; Path=/; Max-Age=0", []),
        ("link:\n      - </2>", "set-cookie:\n      - a=<cookie.a>; Max-Age=60", [(22, "form")]),
        ("count: 1", "count: 2", [(1, "corrupt")]),
        ("method: POST", "method: [", [(9, "corrupt")]),
        ("version: 1\n", "version: 1\nnote: edited\n", [(2, "form")]),
        ("form: 2\n", "", [(1, "corrupt")]),
        ("calls: []\n", "", [(1, "corrupt")]),
        ("count: 1\n", "", [(1, "corrupt")]),
        ("form: 2\n", "form: 3\n", [(1, "corrupt")]),
    ],
)
def test_what_is_wrong_with_a_cassette(old, new, expected):
    assert CASSETTE.count(old) == 1
    assert found(lint_cassette("c.yaml", CASSETTE.replace(old, new).encode(), WELL_KNOWN)) == expected


def test_a_cookie_that_the_connector_and_the_upstream_set_alike_is_no_secret():
    request = Request("GET", "https://a.example/", (("cookie", "theme=darkest"),))
    response = Response(200, "OK", (("set-cookie", "theme=darkest; Path=/"),))
    data = b"".join(cassette_parts(Cassette((Interaction(request, response),))))
    assert found(lint_cassette("c.yaml", data, WELL_KNOWN)) == []
    names = secret_names(["cookie.theme: is a login"])
    assert found(lint_cassette("c.yaml", data, names)) == [(11, "secret"), (11, "secret")]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"username": "ada"', '"access_token": "hunter2hunter2"', [(4, "secret")]),
        ('"username": "ada"', '"access_token": "none"', []),
        ('"username": "ada"', '"username":"ada"', [(4, "form")]),
        ('"username": "ada"', '"username": ada', [(4, "corrupt")]),
    ],
)
def test_what_is_wrong_with_a_snapshot(old, new, expected):
    assert found(lint_snapshot("s.json", SNAPSHOT.replace(old, new).encode(), WELL_KNOWN)) == expected


def test_a_text_in_one_line_is_what_an_earlier_release_has_left():
    body = b"id,name \r\n 1,Ann\r\n2,Bob\r\n"
    (one,) = read_cassette(io.BytesIO(CASSETTE.encode())).interactions
    new = b"".join(cassette_parts(Cassette((replace(one, response=replace(one.response, body=body)),))))
    old = re.sub(rb"\\n\\\n *\\?", rb"\\n", new)
    assert rb'"id,name \r\n 1,Ann\r\n2,Bob\r\n"' in old
    assert found(lint_cassette("c.yaml", new, WELL_KNOWN)) == []
    assert found(lint_cassette("c.yaml", old, WELL_KNOWN)) == []
    # A letter needs no escape, and a recording has none.
    assert found(lint_cassette("c.yaml", old.replace(b"Bob", rb"\x42ob"), WELL_KNOWN)) == [(24, "form")]


@pytest.mark.parametrize(
    ("data", "line", "kind"),
    [(CASSETTE.encode()[:-2], 31, "corrupt"), (CASSETTE.encode() + b"more: 1\n", 32, "form")],
    ids=["cut off", "added"],
)
def test_what_was_cut_off_or_added_at_the_end(data, line, kind):
    assert found(lint_cassette("c.yaml", data, WELL_KNOWN)) == [(line, kind)]


def test_a_cassette_that_was_cut_off_anywhere_is_not_in_order():
    data = CASSETTE.encode()
    assert all(found(lint_cassette("c.yaml", data[:end], WELL_KNOWN)) for end in range(1, len(data)))


def with_body(body):
    return b"".join(
        cassette_parts(
            Cassette((Interaction(Request("GET", "https://a.example/v1"), Response(200, "OK", (), body)),))
        )
    )


@pytest.mark.parametrize(
    "body", [b'{"a":1}\n{"a":2}\n', b"[note] all is well", b'{"a": nan}', b'{"a":1}}', b"id\nu1", b"[" * 9999]
)
def test_a_body_that_is_no_json_need_not_be_cut_off(body):
    assert found(lint_cassette("c.yaml", with_body(body), WELL_KNOWN)) == []


def test_a_body_that_ends_too_early_may_be_cut_off():
    (finding,) = lint_cassette("c.yaml", with_body(b'{"users":[{"id":1},'), WELL_KNOWN)
    assert (finding.line, finding.is_warning) == (17, True)
    assert (
        finding.what
        == "its last body is JSON that ends too early: the file was cut off, or the server sent it so"
    )


def test_what_is_no_text():
    assert found(lint_cassette("c.yaml", b"\xff", WELL_KNOWN)) == [(1, "corrupt")]
    assert found(lint_snapshot("s.json", b"\xff", WELL_KNOWN)) == [(1, "corrupt")]
    assert found(lint_snapshot("s.json", b"[" * 100_000, WELL_KNOWN)) == [(1, "corrupt")]


def test_a_snapshot_that_a_call_names_has_to_exist():
    call = Call("list_accounts", Success(1), interactions=(), snapshots=("test_a.json",))
    data = b"".join(cassette_parts(Cassette((), (call,))))
    assert found(lint_cassette("m/test_a.yaml", data, WELL_KNOWN, "t.py::test_a", {"test_a.json"})) == []
    assert found(lint_cassette("m/T.reads[list_accounts].yaml", data, WELL_KNOWN, "t.py::T", {})) == []
    (finding,) = lint_cassette("m/test_a.yaml", data, WELL_KNOWN, "t.py::test_a", {"test_b.json"})
    assert (finding.line, finding.kind) == (5, "form")
    assert finding.what == "a call was compared in test_a.json, which does not exist"
    assert finding.remedy.endswith("pytest --record-mode=rewrite t.py::test_a")


def test_what_belongs_to_no_scenario():
    owned = {"cassettes/test_a/test_b", "snapshots/test_a/test_b", "snapshots/test_a/test_c[1.5]"}
    files = [
        "cassettes/test_a/test_b.yaml",
        "snapshots/test_a/test_b.json",
        "snapshots/test_a/test_b.1.json",
        "snapshots/test_a/test_b[read back].json",
        "snapshots/test_a/test_c[1.5].json",
        "snapshots/test_a/test_c[1.5][name].json",
    ]
    strays = [
        "cassettes/test_a/test_b.1.yaml",
        "cassettes/test_a/.test_b.yaml.tmp",
        "cassettes/test_a/test_b.yml",
        "cassettes/test_b.yaml",
        "snapshots/test_a/test_bb.json",
        "snapshots/test_a/test_c[2].json",
        "snapshots/notes.txt",
    ]
    assert [finding.path for finding in leftovers([*files, *strays], owned)] == sorted(strays)


def test_findings_for_programs():
    (finding,) = json.loads(findings_json(leftovers(["cassettes/x.yaml"], ())))
    assert finding["path"] == "cassettes/x.yaml"
    assert (finding["line"], finding["kind"]) == (1, "leftover")


VALUE = "hunter2hunter2-4f7d"
FORM = (("content-type", "application/x-www-form-urlencoded"),)
JSON = (("content-type", "application/json"),)


def exchange(uri="https://a.example/", headers=(), body="", answered=(), answer=""):
    response = Response(200, "OK", tuple(answered), answer.encode())
    return Interaction(Request("POST", uri, tuple(headers), body.encode()), response)


# Where a value is, by its name and the value.
PLACES = {
    "query": lambda name, value: exchange(f"https://a.example/?{name}={value}"),
    "fragment": lambda name, value: exchange(f"https://a.example/#{name}={value}"),
    "parameter of a path": lambda name, value: exchange(f"https://a.example/x;{name}={value}"),
    "header": lambda name, value: exchange(headers=[(name.lower(), value)]),
    "form": lambda name, value: exchange(headers=FORM, body=f"{name}={value}&x=1"),
    "JSON": lambda name, value: exchange(headers=JSON, body=json.dumps({"a": [{name: value}]})),
    "JSON in JSON": lambda name, value: exchange(body=json.dumps({"a": json.dumps({name: value})})),
    "GraphQL": lambda name, value: exchange(body=json.dumps({"query": f'{{ a({name}: "{value}") }}'})),
    "answered JSON": lambda name, value: exchange(answer=json.dumps({name: value})),
    "answered list": lambda name, value: exchange(answer=json.dumps({name: [value]})),
    "answered pair": lambda name, value: exchange(answer=json.dumps({"Key": name, "Value": value})),
    "answered pair of texts": lambda name, value: exchange(answer=json.dumps({"all": [[name, value]]})),
    "answered cells": lambda name, value: exchange(answer=f"<tr><td>{name}</td><td>{value}</td></tr>"),
    "answered terms": lambda name, value: exchange(answer=f"<dt>{name}</dt><dd>{value}</dd>"),
    "answered lines": lambda name, value: exchange(answer=f'{{"x": 1}}\n{{"{name}": "{value}"}}\n'),
    "answered events": lambda name, value: exchange(answer=f'data: {{"{name}": "{value}"}}\n\n'),
    "answered form": lambda name, value: exchange(answer=f"{name}={value}&x=1"),
    "answered XML": lambda name, value: exchange(answer=f"<r><{name}>{value}</{name}></r>"),
    "answered attribute": lambda name, value: exchange(answer=f'<r {name}="{value}"/>'),
    "answered HTML": lambda name, value: exchange(answer=f'<input name="{name}" value="{value}">'),
    "answered CSV": lambda name, value: exchange(answer=f"id,{name}\n1,{value}\n"),
    "answered settings": lambda name, value: exchange(answer=f"x: 1\n{name}: {value}\n"),
    "answered text": lambda name, value: exchange(answer=f"Its {name} is secret, {name}={value} say"),
    "location": lambda name, value: exchange(answered=[("location", f"https://a.example/#{name}={value}")]),
}
NAMES = {"webhook_secret": True, "newPassword": True, "page_token": False, "password_policy": False}


@pytest.mark.parametrize("value", [VALUE, "winter"])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("place", PLACES)
def test_lint_finds_what_a_recording_replaces_and_nothing_else(place, name, value):
    made = PLACES[place](name, value)
    raw = b"".join(cassette_parts(Cassette((made,))))
    is_found = any(finding.kind == "secret" for finding in lint_cassette("c.yaml", raw, WELL_KNOWN))
    secrets = Secrets()
    secrets.learn(made.request, made.response)
    secrets.settle()
    recorded = b"".join(cassette_parts(Cassette((secrets.redactor().interaction(made),))))
    assert (value.encode() not in recorded) == is_found
    assert [each for each in lint_cassette("c.yaml", recorded, WELL_KNOWN) if each.kind == "secret"] == []
    # A word may be data, where no format says that it is a value.
    assert is_found == NAMES[name] or (value == "winter" and NAMES[name])


TOKEN = "gh" + "p_" + "a1B2" * 9


@pytest.mark.parametrize("place", PLACES)
def test_a_secret_by_its_form_is_found_under_any_name(place):
    made = PLACES[place]("label", TOKEN)
    raw = b"".join(cassette_parts(Cassette((made,))))
    (finding,) = (each for each in lint_cassette("c.yaml", raw, WELL_KNOWN) if each.kind == "secret")
    assert finding.what == "it has what looks like a token of GitHub"
    allowed = re.search(r"contract_allowed_secrets: '(\w+: reason)'", finding.remedy)
    assert lint_kinds(raw, secret_names([], [allowed[1]])) - {"form"} == set()
    secrets = Secrets()
    secrets.learn(made.request, made.response)
    recorded = b"".join(cassette_parts(Cassette((secrets.redactor().interaction(made),))))
    assert TOKEN.encode() not in recorded
    assert lint_kinds(recorded, WELL_KNOWN) - {"form"} == set()


def lint_kinds(data, names):
    return {finding.kind for finding in lint_cassette("c.yaml", data, names)}


def test_a_secret_by_its_form_is_found_in_all_files():
    calls = [(Call("create_account", Success(1), {"request": {"label": each}}),) for each in (TOKEN, "x")]
    given_up = GivenUp(Request("GET", f"https://a.example/{TOKEN}"), 1, 0)
    for cassette in (Cassette((), calls[0]), Cassette((), calls[1], (given_up,))):
        data = b"".join(cassette_parts(cassette))
        assert [each.kind for each in lint_cassette("c.yaml", data, WELL_KNOWN)] == ["secret"]
    snapshot = snapshot_text({"response": [{"username": "ada", "note": f"has {TOKEN}"}]}).encode()
    (finding,) = lint_snapshot("s.json", snapshot, WELL_KNOWN)
    assert (finding.line, finding.kind) == (5, "secret")
    key = "\n".join(
        ["-----BEGIN PRIVATE" + " KEY-----", "a1B2" * 16, "B2c3" * 16, "-----END PRIVATE" + " KEY-----"]
    )
    data = snapshot_text({"response": [{"key": key}]}).encode()
    assert [each.line for each in lint_snapshot("s.json", data, WELL_KNOWN)] == [4]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("-----BEGIN PRIVATE KEY-----\\n<token.token.line-1>\\n-----END PRIVATE KEY-----\\n", []),
        ("-----BEGIN PRIVATE KEY-----\\n<token.token.line-1>\\nMIIEvQIBADANBg\\n-----END", ["secret"]),
        ("-----BEGIN PRIVATE KEY-----", ["secret"]),
    ],
)
def test_the_lines_of_a_key_may_each_be_a_placeholder(value, expected):
    cassette = CASSETTE.replace("<password>", value)
    assert [kind for _, kind in found(lint_cassette("c.yaml", cassette.encode(), WELL_KNOWN))] == expected


@pytest.mark.parametrize(
    ("login", "expected"), [("svc:pw", [(8, "secret")]), ("<url.user>:<url.password>", [])]
)
def test_a_login_is_found_in_a_body_that_is_stored_compressed(login, expected):
    body = gzip.compress(f'{{"dsn": "postgres://{login}@db.example"}}'.encode(), mtime=0)
    request = Request("GET", "https://a.example/v1")
    stored = Interaction(request, Response(200, "OK", (("content-encoding", "gzip"),), body))
    data = b"".join(cassette_parts(Cassette((stored,))))
    assert found(lint_cassette("c.yaml", data, WELL_KNOWN)) == expected


@pytest.mark.parametrize("name", ["user[token]", "API Key", "auth/token"])
def test_names_with_brackets_and_spaces(name):
    made = exchange(answer=json.dumps({name: VALUE}))
    secrets = Secrets()
    secrets.learn(made.request, made.response)
    secrets.settle()
    recorded = cassette_of(secrets.redactor().interaction(made))
    assert VALUE.encode() not in recorded
    assert lint_kinds(recorded, WELL_KNOWN) == set()
    # As an earlier release has recorded it.
    assert lint_kinds(cassette_of(exchange(answer=json.dumps({name: f"<{name}>"}))), WELL_KNOWN) == set()
    assert lint_kinds(cassette_of(made), WELL_KNOWN) == {"secret"}


def cassette_of(interaction: Interaction) -> bytes:
    return b"".join(cassette_parts(Cassette((interaction,))))


def test_a_scheme_in_a_snapshot_is_no_secret():
    def found(value):
        data = snapshot_text({"headers": {"authorization": value}}).encode()
        return [each.kind for each in lint_snapshot("s.json", data, WELL_KNOWN)]

    assert found("Bearer <token.token>") == found("Session <token.token>") == []
    assert found(f"Bearer {VALUE}") == ["secret"]


def test_a_finding_by_name_shows_how_to_allow_it():
    raw = cassette_of(exchange(answer=json.dumps({"authorization": f"Bearer {VALUE}"})))
    (finding,) = (each for each in lint_cassette("c.yaml", raw, WELL_KNOWN) if each.kind == "secret")
    allowed = re.search(r"contract_allowed_secrets: '(\w+: reason)'", finding.remedy)
    assert lint_kinds(raw, secret_names([], [allowed[1]])) == set()


FIELDS = b"""\
{
  "GET /users": {
    "email": "required",
    "token": "checked, never used"
  }
}
"""


@pytest.mark.parametrize("data", [FIELDS, FIELDS.replace(b"\n", b"\r\n")])
def test_a_table_of_fields_as_a_sweep_leaves_it_is_in_order(data):
    # A field that is called as a secret is has none.
    assert found(lint_fields("a.fields.json", data)) == []


@pytest.mark.parametrize(
    ("data", "line", "kind"),
    [
        (b"", 1, "corrupt"),
        (FIELDS[:-4], 5, "corrupt"),
        (b"[" * 100_000, 1, "corrupt"),
        (b"[]", 1, "corrupt"),
        (FIELDS.replace(b"required", b"wanted"), 1, "corrupt"),
        (FIELDS.replace(b"token", b"email"), 1, "corrupt"),
        (FIELDS.replace(b'  "GET', b'    "GET'), 2, "form"),
        (FIELDS.replace(b"email", b"zip"), 3, "form"),
        (FIELDS.rstrip(), 6, "form"),
        (b"{}\n", 1, "form"),
    ],
)
def test_a_table_of_fields_that_was_edited_is_found(data, line, kind):
    (finding,) = lint_fields("a.fields.json", data, "tests/contract")
    assert (finding.line, finding.kind) == (line, kind)
    assert finding.remedy.endswith(
        "write it again: pytest --contract-faults --snapshot-update tests/contract"
    )


def test_what_looks_like_a_secret_in_a_table_of_fields_is_found():
    key = "AKIA" + "QWERTYUIOPASDFGH"
    findings = lint_fields("a.fields.json", FIELDS.replace(b"email", key.encode()))
    assert ("secret", 3) in [(each.kind, each.line) for each in findings]


def test_a_table_of_fields_is_nothing_of_a_scenario():
    path = "snapshots/tests/test_a/list_accounts.fields.json"
    assert owner(path, {"snapshots/tests/test_a/list_accounts": "test_a.py::list_accounts"}) is None
    assert owner(path, {"snapshots/tests/test_a/list_accounts.fields": "tests"}) == "tests"
