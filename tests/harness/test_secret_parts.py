import base64
import json

import pytest

from connector_contract.recording.interactions import Interaction, Request, Response
from connector_contract.secrets.known_secrets import Secrets
from connector_contract.secrets.secret_parts import parts_of

LINES = [f"MIIEvQIBADANBgkqhkiG9w0BAQEFAASC{number}9aBcD" for number in range(3)]
BEGIN, END = "-----BEGIN {} KEY-----", "-----END {} KEY-----"
PEM = "\n".join([BEGIN.format("PRIVATE"), *LINES, END.format("PRIVATE"), ""])
KEY_ID = "a1b2c3d4e5f6" + "a7b8c9d0"
SERVICE_ACCOUNT = {
    "type": "service_account",
    "project_id": "acme-prod-1234",
    "private_key_id": KEY_ID,
    "private_key": PEM,
    "client_email": "lumos@acme-prod-1234.iam.gserviceaccount.com",
    "client_id": "123456789012345678901",
    "auth_uri": "https://accounts.google.com/o/oauth2/auth",
    "token_uri": "https://oauth2.googleapis.com/token",
}
OTHER, HALF = "S3cr" + "et0fItAll", "QUJDREV" + "GR0g"

# What is as random as a key.
RANDOM = "Xk9vB2nM" + "7qLp4RtZw8s"
URL, LOGIN = f"postgres://svc:{OTHER}@db.acme.com/a", f"ada@acme.com:{OTHER}"


def named(secret, name="token.token"):
    """The parts of a secret: for each name, its last value."""
    return {part.name: part.value for part in parts_of(name, secret)}


def values(secret, name="token.token"):
    return {part.value for part in parts_of(name, secret)}


def in_base64(text):
    return base64.b64encode(text.encode()).decode()


PARTS = [
    # Halves.
    (f"{OTHER}1:{OTHER}2", {"part-1": f"{OTHER}1", "part-2": f"{OTHER}2"}),
    (f"{OTHER}1.{OTHER}2", {"part-1": f"{OTHER}1", "part-2": f"{OTHER}2"}),
    (f"{OTHER}1|{OTHER}2", {"part-1": f"{OTHER}1", "part-2": f"{OTHER}2"}),
    (f"alice/{OTHER}", {"part-2": OTHER}),
    (f"ada@acme.com/token:{OTHER}", {"part-2": OTHER}),
    (f"0:{OTHER}:us-east-1", {"part-2": OTHER}),
    # White space.
    (f" {OTHER}\r\n", {"": OTHER}),
    # Base64 of several lines is the same on one.
    (f"{HALF}1\n{HALF}2\n", {"": f"{HALF}1{HALF}2", "line-1": f"{HALF}1", "line-2": f"{HALF}2"}),
    # What base64 encodes.
    (in_base64(f"user:{OTHER}"), {"decoded": f"user:{OTHER}", "decoded.part-2": OTHER}),
    (in_base64(json.dumps({"key": OTHER})), {"decoded": json.dumps({"key": OTHER}), "decoded.key": OTHER}),
    # URLs.
    (f"postgres://svc:{OTHER}@db.acme.com/main", {"password": OTHER}),
    (f"https://hooks.acme.com/services/T0001/B0002/{OTHER}xyz", {"path-1": f"{OTHER}xyz"}),
    (f"https://acme.com/hook?sig={OTHER}&user=ada", {"sig": OTHER}),
    # A JSON web token is public but for its signature.
    (f'{in_base64(json.dumps({"alg": "HS256"}))}.{in_base64("{}")}.{OTHER}', {"signature": OTHER}),
    (f"https://acme.com/a#k={OTHER}", {"k": OTHER}),
    (f"https://{RANDOM}@acme.com", {"user": RANDOM}),
    # Somebody's e-mail is beside it.
    (
        f"svc\nada@acme.com:{OTHER}",
        {
            "": f"svc\r\nada@acme.com:{OTHER}",
            "line-2": f"ada@acme.com:{OTHER}",
            "line-2.part-2": OTHER,
        },
    ),
    (json.dumps({"dsn": URL}), {"dsn": URL, "dsn.password": OTHER}),
    (json.dumps({"a": LOGIN}), {"a": LOGIN, "a.part-2": OTHER}),
    # Names with values.
    (f"Server=db;User Id=svc;Password={OTHER};Encrypt=true", {"Password": OTHER}),
    (f"AccountName=acme;AccountKey={OTHER}==;EndpointSuffix=core.windows.net", {"AccountKey": f"{OTHER}=="}),
    (f"SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey={OTHER}", {"SharedAccessKey": OTHER}),
    (f"client_id=a&client_secret={OTHER}%21", {"client_secret": f"{OTHER}!"}),
    (f"session={OTHER}; Path=/; HttpOnly", {"session": OTHER}),
    (f"ID=abc\nexport SECRET='{OTHER}'\n", {"": f"ID=abc\nexport SECRET='{OTHER}'", "SECRET": OTHER}),
    (f"id: abc\nsecret: {OTHER}\n", {"": f"id: abc\nsecret: {OTHER}", "secret": OTHER}),
    (f"<key>{OTHER}</key>", {"key": OTHER}),
    (f"id\t{OTHER}", {"part-2": OTHER}),
    (f"a1.b2.c3.d4.{RANDOM}", {"part-5": RANDOM}),
    # What is encoded, also twice.
    (f"a%3A{OTHER}", {"": f"a:{OTHER}", "part-2": OTHER}),
    (f"{OTHER}abc".encode().hex(), {"decoded": f"{OTHER}abc"}),
    (
        in_base64(in_base64(f"user:{OTHER}")),
        {
            "decoded": in_base64(f"user:{OTHER}"),
            "decoded.decoded": f"user:{OTHER}",
            "decoded.decoded.part-2": OTHER,
        },
    ),
    # JSON.
    (json.dumps({"user": RANDOM, "host": {"key": OTHER}}), {"user": RANDOM, "host.key": OTHER}),
    (json.dumps([OTHER, {"a": {"b c": f"{OTHER}2"}}]), {"1": OTHER, "2.a.b-c": f"{OTHER}2"}),
]  # fmt: skip


@pytest.mark.parametrize(("secret", "parts"), PARTS)
def test_a_secret_has_parts(secret, parts):
    assert {name: text for name, text in named(secret).items() if text != secret.strip() or not name} == parts


@pytest.mark.parametrize(
    "secret",
    [
        "",
        OTHER,
        "correct:horse battery",
        "pass:word",
        "12345678:87654321",
        "dev-12345678.okta.com",
        "ada.lovelace@acme.com",
        "https://acme.com/api/v1/users",
        "2026-11-30T01:28:06.123Z",
        "a.b.c.d.e",
        "abandon ability able about above absent absorb abstract",
        "550e8400-e29b-41d4-a716-446655440000",
        '{"type": "service_account", "project_id": "acme-prod-1234"}',
        '{"a":',
        "<token.token>:<token.token-2>",
        "https://ada@acme.com",
        "DataSource=database-of-acme;Provider=SQLOLEDB.1",
        json.dumps({"user": "ada-lovelace", "host": "db.acme.com", "kty": "RSA", "n": OTHER}),
        json.dumps({"contact": "Ada <ada@acme.com>"}),
        "a.b.c.d.e.ffffffff.eu-west-1",
        # Each is decoded to no text.
        "9f86d081884c7d659a2feaa0c55ad015",
        "[" * 5000,
    ],
)
def test_words_numbers_and_names_are_no_parts(secret):
    assert parts_of("token.token", secret) == []


@pytest.mark.parametrize("name", ["basic.username", "a.client_id", "user"])
def test_who_somebody_is_has_no_parts(name):
    assert parts_of(name, f"{OTHER}1:{OTHER}2") == []


def test_the_key_of_a_service_account_is_known_alone():
    parts = named(json.dumps(SERVICE_ACCOUNT))
    assert parts["private_key_id"] == KEY_ID
    assert parts["private_key.body.line-2"] == LINES[1]
    assert parts["private_key"] == PEM.strip()
    known = values(json.dumps(SERVICE_ACCOUNT))
    assert PEM in known
    for name in ("type", "project_id", "client_email", "client_id", "auth_uri", "token_uri"):
        assert SERVICE_ACCOUNT[name] not in known


@pytest.mark.parametrize("end", ["\n", "\r\n", "\\n", "\\r\\n"])
def test_a_key_of_several_lines_is_known_however_its_lines_end(end):
    known = values(PEM.replace("\n", end))
    whole = PEM.strip().split("\n")
    for other in ("\n", "\r\n", "\\n", "\\r\\n"):
        assert other.join(whole) in {*known, PEM.replace("\n", end).strip()}
        assert other.join(LINES) in known
    assert {"".join(LINES), " ".join(LINES), *LINES} <= known
    assert not {BEGIN.format("PRIVATE"), END.format("PRIVATE"), ""} & known


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_service_account_may_be_text_in_json(times):
    text = json.dumps(SERVICE_ACCOUNT)
    for _ in range(times):
        text = json.dumps(text)
    assert {*LINES, KEY_ID} <= values(text)
    assert {*LINES, KEY_ID} <= values(json.dumps({"sa": text}))


def test_a_certificate_beside_a_key_is_public():
    certificate = PEM.replace("PRIVATE KEY", "CERTIFICATE").replace("MIIE", "MIIC")
    known = values(f"{certificate}{PEM}")
    assert LINES[0] in known
    assert LINES[0].replace("MIIE", "MIIC") not in known


def secrets_with(token):
    secrets = Secrets()
    secrets.add({"token": {"token": token}}, None)
    return secrets


def echoed(secrets, text):
    body = json.dumps({"echo": text, "near": ["token", "Active", "12345678", "ada@acme.com"]})
    return json.loads(secrets.redactor().response(Response(200, "OK", (), body.encode())).body)


@pytest.mark.parametrize(("secret", "parts"), PARTS)
def test_each_part_has_a_placeholder_and_what_is_near_stays(secret, parts):
    secrets = secrets_with(secret)
    near = ["token", "Active", "12345678", "ada@acme.com"]
    assert echoed(secrets, secret)["echo"] in (
        "<token.token>",
        *(secret.replace(secret.strip(), "<token.token>"),),
    )
    for name, part in parts.items():
        shown = f"<token.token.{name}>" if name else "<token.token>"
        assert echoed(secrets, part) == {"echo": shown, "near": near}


def test_a_replay_has_the_parts_of_its_own_secret():
    recorded, replayed = secrets_with(f"{OTHER}1.{OTHER}2"), secrets_with(f"{OTHER}8.{OTHER}9")
    body = json.dumps({"id": f"{OTHER}1", "whole": f"{OTHER}1.{OTHER}2"}).encode()
    stored = recorded.redactor().response(Response(200, "OK", (), body))
    assert recorded.redactor().restored(stored).body == body
    played = json.loads(replayed.redactor().restored(stored).body)
    assert played == {"id": f"{OTHER}8", "whole": f"{OTHER}8.{OTHER}9"}
    requests = [
        secrets.redactor().request(Request("GET", f"https://acme.com/keys/{part}"))
        for secrets, part in ((recorded, f"{OTHER}1"), (replayed, f"{OTHER}8"))
    ]
    assert requests[0] == requests[1]


def test_a_placeholder_of_a_part_stays_where_the_secret_has_none():
    stored = Response(200, "OK", (), b'{"id": "<token.token.part-1>", "whole": "<token.token>"}')
    played = secrets_with("x").redactor().restored(stored)
    assert json.loads(played.body) == {"id": "<token.token.part-1>", "whole": "x"}
    assert Secrets().redactor().restored(stored) == stored


def test_a_secret_that_is_a_part_of_another_keeps_its_name():
    for auth in (
        {"a": f"{OTHER}1.{OTHER}2", "b": f"{OTHER}1"},
        {"b": f"{OTHER}1", "a": f"{OTHER}1.{OTHER}2"},
    ):
        secrets = Secrets()
        secrets.add(auth, None)
        assert secrets.names == {f"{OTHER}1.{OTHER}2": "a", f"{OTHER}1": "b", f"{OTHER}2": "a.part-2"}


def test_parts_of_another_secret_of_the_same_place_are_others():
    secrets = secrets_with(f"{OTHER}1.{OTHER}2")
    secrets.add({"token": {"token": f"{OTHER}1.{OTHER}3"}}, None)
    assert secrets.names[f"{OTHER}1"] == "token.token.part-1"
    assert secrets.names[f"{OTHER}3"] == "token.token-2.part-2"


def test_no_line_of_a_key_reaches_the_disk_in_a_request_of_its_parts():
    secrets = secrets_with(json.dumps(SERVICE_ACCOUNT))
    request = Request(
        "POST", f"https://acme.com/{KEY_ID}", (("x-key-id", KEY_ID),), "\r\n".join(LINES).encode()
    )
    response = Response(200, "OK", (), json.dumps({"key": PEM, "line": LINES[2]}).encode())
    stored = str(secrets.redactor().interaction(Interaction(request, response)))
    assert not [text for text in (KEY_ID, *LINES) if text in stored]
    assert stored.count("<token.token.private_key_id>") == 2
