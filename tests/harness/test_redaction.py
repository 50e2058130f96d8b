import base64
import gzip
import json
import re
import tracemalloc
import zlib
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector_contract.errors import UsageError
from connector_contract.recording.interactions import Interaction, Request, Response
from connector_contract.secrets.known_secrets import Secrets
from connector_contract.secrets.redaction import Redactor
from connector_contract.secrets.secret_names import secret_names
from connector_contract.storage.canonical import canonical_request

FORM = (("content-type", "application/x-www-form-urlencoded"),)
AWKWARD = ["a+b/c=d", "100%25", 'quo"te', "back\\slash", "new\nline", "schlüssel-ß", "sp ace", "<angle>"]


def redactor(auth=None, credentials=None):
    secrets = Secrets()
    secrets.add(auth, credentials)
    return secrets.redactor()


@pytest.mark.parametrize("secret", AWKWARD)
@pytest.mark.parametrize(
    "spell",
    [
        str,
        lambda secret: quote(secret, safe=""),
        quote,
        quote_plus,
        lambda secret: re.sub("%..", lambda found: found[0].lower(), quote(secret, safe="")),
        lambda secret: json.dumps(secret)[1:-1],
        lambda secret: json.dumps(secret, ensure_ascii=False)[1:-1],
        lambda secret: json.dumps(json.dumps(secret))[3:-3],
    ],
)
def test_a_secret_is_found_in_each_spelling(secret, spell):
    assert redactor({"token": {"token": secret}}).text(f"x{spell(secret)}y") == "x<token.token>y"


def test_one_secret_is_one_placeholder_on_either_side_and_in_every_part():
    redact = redactor({"token": {"token": "open-sesame"}})
    done = redact.interaction(
        Interaction(
            Request(
                "GET",
                "https://a.example/open-sesame?t=open-sesame",
                (("x-t", "open-sesame"),),
                b"open-sesame",
            ),
            Response(200, "OK", (("location", "/open-sesame"),), b'{"echo": "open-sesame"}'),
        )
    )
    assert str(done).count("<token.token>") == 6
    assert "open-sesame" not in str(done)


def headers_of(secrets, *headers):
    request = Request("GET", "https://a.example/", headers)
    secrets.learn(request)
    return secrets.redactor().request(request).headers


def test_basic_authentication_hides_the_pair():
    secrets = Secrets()
    secrets.add({"basic": {"username": "ada", "password": "pass:word"}}, None)
    header = "Basic " + base64.b64encode(b"ada:pass:word").decode()
    assert headers_of(secrets, ("authorization", header)) == (
        ("authorization", "Basic <basic.username>:<basic.password>"),
    )
    assert secrets.redactor().text(header) == "Basic <basic.username:password>"


@pytest.mark.parametrize(
    ("decoded", "shown"),
    [
        ("a-key-1:", "<basic.username>:"),
        ("a-key-1/token:a-password", "<basic.username>/token:<basic.password>"),
        ("another:a-password", "<authorization>:<basic.password>"),
        ("a-key-1:2fd4e1c67a2d28fced849ee1bb76e7391b93eb12", "<basic.username>:<authorization>"),
        ("x:a-password", "x:<basic.password>"),
        ("api_token:a-password", "api_token:<basic.password>"),
    ],
)
def test_basic_authentication_tells_one_secret_from_another(decoded, shown):
    secrets = Secrets()
    secrets.add({"basic": {"username": "a-key-1", "password": "a-password"}}, None)
    header = "Basic " + base64.b64encode(decoded.encode()).decode()
    assert headers_of(secrets, ("authorization", header)) == (("authorization", f"Basic {shown}"),)


PAIRS = {
    # A client's id that Lumos has sent: another one is another request.
    "lumos-client:a-secret-word": "lumos-client:<client_secret>",
    "lumos-client-2:a-secret-word": "<authorization>:<client_secret>",
    "lumos-clients:a-secret-word": "<authorization>:<client_secret>",
    # A setting, also as RFC 6749 has it encoded, and with what some applications want behind it.
    "a@b.example:a-secret-word": "a@b.example:<client_secret>",
    "a%40b.example:a-secret-word": "a%40b.example:<client_secret>",
    "a@b.example/token:a-secret-word": "a@b.example/token:<client_secret>",
    "sk-of-a-partner:a-secret-word": "<authorization>:<client_secret>",
    "a-secret-word:a-signature-of-it": "<client_secret>:<authorization>",
}


@pytest.mark.parametrize("pair", PAIRS)
def test_a_basic_pair_shows_who_it_is_of(pair):
    secrets = Secrets()
    asked = {"client_id": "lumos-client", "client_secret": "a-secret-word"}
    settings = {"email": "a@b.example", "partner_key": "sk-of-a-partner", "size": 3, "region": ""}
    secrets.add_asked("refresh_access_token", asked)
    secrets.add_public("refresh_access_token", asked, settings)
    # Of other capabilities, a client_id is a field like any other.
    secrets.add_public("list_accounts", {"client_id": "lumos-clients"}, None)
    header = "Basic " + base64.b64encode(pair.encode()).decode()
    assert headers_of(secrets, ("authorization", header)) == (("authorization", f"Basic {PAIRS[pair]}"),)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("Session 2fd4e1c67a2d", "Session <authorization>"),
        ("Zoho-oauthtoken 1000.2fd4.e1c6", "Zoho-oauthtoken <authorization>"),
        ("GenieKey 2fd4e1c6-7a2d", "GenieKey <authorization>"),
        ("AWS4-HMAC-SHA256 Credential=a/b/c, Signature=d", "AWS4-HMAC-SHA256 <authorization>"),
        ('Digest username="u", response="2fd4e1c67a2d"', "Digest <authorization>"),
        ("Basic bm90OmtlcHQtYmVmb3Jl", "Basic <authorization>"),
        ("Basic no-base64", "Basic <authorization>"),
        ("2fd4e1c67a2d", "<authorization>"),
        ("a2fd4e1c 67a2d", "<authorization>"),
        ("id:2fd4 e1c67a2d", "<authorization>"),
        ("HMAC a-key-1:2fd4e1c67a2d", "HMAC <token.token>:<authorization>"),
        ("AWS4 Credential=a-key-1/b, Signature=c", "AWS4 <authorization><token.token><authorization>"),
        ("Token a-key-1", "Token <token.token>"),
        ("Bearer ", "Bearer "),
        ("Bearer in its own words", "<another.token>"),
    ],
)
def test_the_scheme_of_an_authorization_is_no_secret_and_the_rest_is(value, shown):
    secrets = Secrets()
    secrets.add({"token": {"token": "a-key-1"}, "another": {"token": "Bearer in its own words"}}, None)
    assert headers_of(secrets, ("authorization", value)) == (("authorization", shown),)


@pytest.mark.parametrize(
    "spelled", ["authorization", "proxy-authorization", "x-authorization", "x-signature"]
)
def test_what_is_made_anew_with_each_request_has_one_placeholder(spelled):
    secrets = Secrets()
    secrets.add({"token": {"token": "a-key-1"}}, None)
    headers = [(spelled, f"a-signature-of-{number:02}") for number in range(20)]
    shown = [headers_of(secrets, header) for header in headers]
    assert set(shown) == {((spelled, f"<{spelled}>"),)}
    redact = secrets.redactor()
    assert {redact.authenticating((header,)) for header in headers} == {frozenset({spelled})}
    assert redact.text("a-signature-of-00") == f"<{spelled}>"


def test_what_repeats_an_authorization_is_redacted_as_a_whole():
    secrets = Secrets()
    secrets.add({"token": {"token": "a-key-1"}}, None)
    header = "HMAC a-key-1:2fd4e1c67a2d"
    assert headers_of(secrets, ("authorization", header)) != ()
    assert secrets.redactor().text(f"got {header}") == "got <authorization>"


def test_an_authorization_that_is_empty_is_no_other():
    secrets = Secrets()
    headers = [("authorization", "Bearer of-a-login"), ("authorization", "Bearer ")]
    assert [headers_of(secrets, header)[0][1] for header in headers] == ["Bearer <authorization>", "Bearer "]


def test_an_authorization_that_a_server_hands_out_is_no_other():
    secrets = Secrets()
    headers = (("authorization", "Bearer from-a-header"), ("x-auth-token", "a-token"))
    handed_out = Response(200, "OK", headers, b'{"authorization": "from-it"}')
    secrets.learn(Request("GET", "https://a.example/"), handed_out)
    assert secrets.names == {
        "from-a-header": "issued.authorization",
        "a-token": "issued.x-auth-token",
        "from-it": "issued.authorization-2",
    }


def test_a_connector_is_played_the_secrets_that_it_has():
    redact = redactor({"token": {"token": 'svc"1@example.com'}, "basic": {"password": "users"}})
    body = b'{"users": [{"mail": "svc\\"1@example.com"}], "n": 1}'
    stored = redact.response(Response(200, "OK", (("link", "</users>"),), body))
    assert b"svc" not in stored.body
    assert redact.restored(stored) == Response(200, "OK", (("link", "</users>"),), body)


def test_the_origin_is_no_secret():
    redact = redactor({"token": {"token": "acme"}})
    request = Request("GET", "https://acme.example.com/acme/x?acme=1")
    assert redact.request(request).uri == "https://acme.example.com/<token.token>/x?acme=1"


def test_scopes_are_no_secret_because_fields_and_paths_have_their_names():
    client = {"client_id": "lumos", "client_secret": "open-sesame", "scopes": ["users", "email"]}
    redact = redactor({"oauth_client_credentials": client})
    assert (
        redact.body(b'{"users": [{"email": "ada@example.com"}]}')
        == b'{"users": [{"email": "ada@example.com"}]}'
    )
    assert redact.text("open-sesame") == "<oauth_client_credentials.client_secret>"


def test_a_secret_that_is_a_part_of_another_does_not_tear_it_apart():
    tokens = {"a": "abcdef", "b": "xabcdefx"}
    redact = redactor(credentials=[{"id": id_, "token": {"token": token}} for id_, token in tokens.items()])
    assert redact.text("abcdef xabcdefx") == "<a.token.token> <b.token.token>"


def test_another_secret_in_the_same_place_has_a_placeholder_of_its_own():
    secrets = Secrets()
    for token in ("first", "second", "first", "third"):
        secrets.add({"token": {"token": token}}, None)
    assert secrets.names == {"first": "token.token", "second": "token.token-2", "third": "token.token-3"}


def test_a_short_secret_is_looked_for_as_a_word():
    redact = redactor({"token": {"token": "x7"}})
    assert redact.text("x7 box7 /x7/ x70 t=x7&") == "<token.token> box7 /<token.token>/ x70 t=<token.token>&"


def test_a_secret_that_is_a_number_leaves_json_that_can_be_read():
    redact = redactor({"basic": {"username": "42", "password": "12345678"}})
    body = b'{"id": 42, "pin":12345678, "n": 1234567890, "text": "no 42", "f": 4.2}'
    assert json.loads(redact.body(body)) == {
        "id": 42,
        "pin": "<basic.password>",
        "n": 1234567890,
        "text": "no 42",
        "f": 4.2,
    }


def test_values_of_well_known_names_are_found_wherever_they_are():
    secrets = Secrets()
    request = Request(
        "POST",
        "https://a.example/?api_key=found-in-the-query&page_token=stays",
        (
            ("authorization", "Bearer found-in-the-header"),
            ("x-api-key", "the-key"),
            ("cookie", "session=f0und-1n-a-cookie; theme=f0und-1n-the-theme"),
            ("content-type", "application/x-www-form-urlencoded"),
        ),
        b"grant_type=client_credentials&client_secret=in%2Fthe+form",
    )
    response = Response(
        200,
        "OK",
        (("set-cookie", "session=found-in-set-cookie; Path=/"),),
        b'{"access_token": "found-in-the-body", "deep": [{"clientSecret": "found-in-the-depth"}],'
        b' "next": "found-in-the-query"}',
    )
    secrets.learn(request, response)
    assert secrets.names == {
        "found-in-the-query": "api_key",
        "found-in-the-header": "authorization",
        "the-key": "x-api-key",
        "f0und-1n-a-cookie": "cookie.session",
        "f0und-1n-the-theme": "cookie.theme",
        "in/the form": "client_secret",
        "found-in-set-cookie": "cookie.session-2",
        "found-in-the-body": "access_token",
        "found-in-the-depth": "clientSecret",
    }
    stored = str(secrets.redactor().interaction(Interaction(request, response)))
    assert not [value for value in secrets.names if value in stored]
    assert "page_token=stays" in stored
    assert '"next": "<api_key>"' in stored


def test_the_list_of_names_can_be_extended_and_shortened():
    names = secret_names(["x-session: identifies a login", "-signature: is public here"])
    secrets = Secrets(names)
    secrets.learn(Request("GET", "https://a.example/?signature=known&X_Session=unknown"))
    assert secrets.names == {"unknown": "X_Session"}


@pytest.mark.parametrize("line", ["x-session", "x-session:", "-nothing: is not on it", ": no name"])
def test_a_change_of_the_list_needs_a_reason(line):
    with pytest.raises(UsageError, match="contract_secret_names"):
        secret_names([line])


def test_redaction_of_what_is_redacted_changes_nothing():
    secrets = Secrets()
    secrets.add({"token": {"token": "open-sesame"}}, None)
    once = headers_of(secrets, ("authorization", "Bearer open-sesame"), ("cookie", "a=bcdefg"))
    again = Secrets()
    assert headers_of(again, *once) == once
    assert again.names == {}


def test_json_is_redacted_in_its_strings_alone():
    redact = redactor({"token": {"token": "42"}})
    assert redact.json({"42": ["a 42", 42, None, True]}) == {"42": ["a <token.token>", 42, None, True]}


def test_json_is_redacted_in_keys_that_are_more_than_a_name():
    redact = redactor({"token": {"token": "open-sesame"}})
    raw = {"https://a.example/users?key=open-sesame": [{"email": "open-sesame"}]}
    assert (
        redact.json([raw, raw])
        == [{"https://a.example/users?key=<token.token>": [{"email": "<token.token>"}]}] * 2
    )


def test_a_number_is_the_name_of_nothing():
    redact = redactor({"token": {"token": "87451" + "2369"}})
    assert redact.json({"m": {"87451" + "2369": 1}}) == {"m": {"<token.token>": 1}}
    assert redact.body(b'{"m":{"874512369":1}}') == b'{"m":{"<token.token>":1}}'


def test_an_error_quotes_no_part_of_a_token():
    token = "Zq7vB2nM9xKd" + "4LwTa8Rc3Yp6Hs1E"
    redact = redactor({"token": {"token": token}})
    for piece in (token[:12], token[:20], token[-15:], token[:-1]):
        body = json.dumps({"error": f"no such token: {piece}..."}).encode()
        assert redact.body(body) == b'{"error": "no such token: <token.token>..."}'
        assert redact.text(f"'{piece}' is wrong") == "'<token.token>' is wrong"
    for other in (token[:11], "x" + token[:12], token[:12] + "x"):
        assert redact.text(f"'{other}' is wrong") in (
            f"'{other}' is wrong",
            "'<token.token>x' is wrong",
            "'x<token.token>' is wrong",
        )


def test_the_head_of_a_json_web_token_is_no_secret():
    head = base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT"}').decode()
    redact = redactor({"token": {"token": f"{head}.eyJhIjoxfQ.Zq7vB2nM9xKd4LwTa8Rc3Yp6Hs1E"}})
    assert redact.text(f"'{head}'") == f"'{head}'"


@pytest.mark.parametrize(
    "hide",
    [
        lambda secret: secret,
        lambda secret: quote_plus(secret),
        lambda secret: base64.b64encode(f"user:{secret}:more".encode()),
        lambda secret: base64.urlsafe_b64encode(f"{secret}??>".encode()).rstrip(b"="),
        lambda secret: quote(base64.b64encode(secret.encode())),
        lambda secret: "".join(f"\\u{ord(letter):04x}" for letter in secret),
        lambda secret: json.dumps("".join(f"\\u{ord(letter):04x}" for letter in secret))[1:-1],
    ],
)
def test_what_is_left_of_a_secret_is_found_whatever_hides_it(hide):
    hidden = hide("o/pen+sesame")
    data = b'{"x": "' + (hidden if isinstance(hidden, bytes) else hidden.encode()) + b'"}'
    redact = redactor({"token": {"token": "o/pen+sesame"}})
    assert redact.remaining(data).name == "token.token"
    assert redact.remaining(b'{"x": "sesame"}') is None


@given(
    st.text(min_size=6, max_size=20),
    st.binary(max_size=9),
    st.binary(max_size=9),
    st.booleans(),
    st.booleans(),
)
def test_base64_hides_no_secret_wherever_it_begins(secret, before, after, url_safe, in_json):
    secrets = Secrets()
    secrets.add({"token": {"token": secret}}, None)
    encode = base64.urlsafe_b64encode if url_safe else base64.b64encode
    hidden = encode(before + secret.encode() + after).rstrip(b"=")
    data = json.dumps({"a": hidden.decode()}).replace("/", "\\/").encode() if in_json else hidden
    assert secrets.redactor().remaining(data).name == "token.token"


def test_a_body_is_without_secrets_within_its_coding_and_has_them_again_when_it_is_played():
    known = redactor({"token": {"token": "open-sesame"}})
    headers = (("content-encoding", "gzip"),)
    # What is not compressed in its coding would be found and replaced, and the rest torn.
    sent = Response(200, "OK", headers, gzip.compress(b'{"a": "open-sesame"}', 0, mtime=0))
    stored = known.response(sent)
    assert gzip.decompress(stored.body) == b'{"a": "<token.token>"}'
    assert gzip.decompress(known.restored(stored).body) == b'{"a": "open-sesame"}'
    assert known.remaining(stored.body) is None
    for data in (sent.body, gzip.compress(sent.body), sent.body[:-9], zlib.compress(b"..open-sesame..")[2:]):
        assert known.remaining(data).name == "token.token"


def test_a_secret_that_is_no_text_is_found_by_its_name():
    for request in (
        Request("GET", "https://a.example/?password=%FFxyz%FE12"),
        Request("POST", "https://a.example/", FORM, b"password=%ffxyz%fe12&user=ada"),
        Request("POST", "https://a.example/", FORM, b"password=\xffxyz\xfe12&user=ada"),
    ):
        secrets = Secrets()
        secrets.learn(request)
        redacted = secrets.redactor().request(request)
        assert "password=<password>" in f"{redacted.uri} {redacted.body!r}"


def test_a_secret_that_is_not_ascii_is_found_in_a_header_whatever_its_bytes():
    redact = redactor({"token": {"token": "schl\xfcssel"}})
    for text, name in (("schl\xfcssel", "token.token"), ("schl\xc3\xbcssel", "token.token.utf-8")):
        response = Response(200, "", (("set-cookie", f"key={text}; Path=/"),))
        shown = redact.response(response)
        assert shown.headers == (("set-cookie", f"key=<{name}>; Path=/"),)
        # A client reads the same bytes in a replay.
        assert redact.restored(shown) == response
        request = Request("GET", "https://a.example/", (("x-key", text),))
        assert redact.request(request).headers == (("x-key", "<token.token>"),)


@pytest.mark.parametrize("url", ["http://LOCALHOST:80", "http://localhost", "http://localhost.:80"])
def test_what_is_recorded_elsewhere_is_at_the_origin_however_both_are_written(url):
    secrets = Secrets()
    secrets.record_as(url, "https://bücher.example/v1")
    redacted = secrets.redactor()
    made = canonical_request(Request("GET", f"{url}/users"), ())
    assert redacted.request(made).uri == "https://xn--bcher-kva.example/v1/users"
    assert redacted.text(f"next: {url}/users") == "next: https://xn--bcher-kva.example/v1/users"


def handed_out(**fields):
    return Response(200, "OK", (), json.dumps(fields).encode())


def learned(*answers):
    """What secrets know of responses that come in this order, each with the place of its request."""
    secrets, request = Secrets(), Request("GET", "https://a.example/")
    for place, answer in answers:
        secrets.learn(request, answer, place)
    secrets.settle()
    return secrets


def test_placeholders_are_numbered_by_where_a_value_is_and_not_by_when_it_came():
    first, second = handed_out(api_key="zebra-zebra", session_id="t-t-t-t"), handed_out(api_key="aardvark")
    expected = {"zebra-zebra": "api_key", "t-t-t-t": "session_id", "aardvark": "api_key-2"}
    assert learned(((1,), first), ((2,), second)).names == expected
    assert learned(((2,), second), ((1,), first)).names == expected


def test_a_value_that_comes_twice_counts_where_it_stands_first():
    first, second, third = (handed_out(api_key=key) for key in ("of-the-one", "of-the-other", "of-the-one"))
    answers = [((1,), third), ((2,), second), ((3,), first)]
    for order in (answers, answers[::-1]):
        assert learned(*order).names == {"of-the-one": "api_key", "of-the-other": "api_key-2"}


def test_what_has_its_number_keeps_it():
    """What has been compared with a snapshot has it there."""
    secrets = learned(((2,), handed_out(api_key="compared")))
    secrets.learn(Request("GET", "https://a.example/"), handed_out(api_key="comes-later"), (1,))
    secrets.settle()
    assert secrets.names == {"compared": "api_key", "comes-later": "api_key-2"}


def test_what_stands_for_a_recorded_value_keeps_the_placeholder_of_that():
    secrets, request = Secrets(), Request("GET", "https://a.example/")
    secrets.learn(request, handed_out(api_key="comes-first"), (2,))
    secrets.learn(request, handed_out(api_key="is-first"), (1,))
    secrets.rename({"comes-first": "<recorded>"})
    secrets.settle()
    assert secrets.names == {"comes-first": "recorded", "is-first": "api_key-2"}


@pytest.mark.parametrize("secret", ["open-sesame", "short"])
def test_a_long_text_of_json_takes_no_more_than_some_times_its_size_in_memory(secret):
    body = json.dumps({"content": "ab\\" * 300_000, "of": f"{secret}."}).encode()
    known = redactor({"token": {"token": secret}})
    tracemalloc.start()
    try:
        redacted = known.body(body)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert redacted == body.replace(secret.encode(), b"<token.token>")
    assert peak < 6 * len(body)


def aliased(*values, auth=None, path="id"):
    """A redactor that has seen a response with values for the alias "user"."""
    secrets = Secrets(aliases={"user": path})
    secrets.add(auth, None)
    for value in values:
        body = json.dumps({"id": value}).encode()
        secrets.learn(Request("GET", "https://a.example/users"), Response(200, "OK", (), body))
    return secrets.redactor()


@pytest.mark.parametrize("value", [each for each in AWKWARD if not each.isdigit()])
@pytest.mark.parametrize(
    "spell",
    [
        str,
        lambda value: quote(value, safe=""),
        lambda value: quote(quote(value, safe=""), safe=""),
        lambda value: quote(value, safe="/:?@!$'()*,"),
        quote_plus,
        lambda value: json.dumps(value)[1:-1],
    ],
)
def test_an_alias_stands_for_each_spelling_of_its_value(value, spell):
    assert aliased(value).text(f"/users/{spell(value)}?a=b") == "/users/user-1?a=b"


def test_an_alias_is_spelled_as_its_value_was():
    """A "+" in a query is a space, and so would be that of a time."""
    time, shown = "2026-11-29T10:00:00+02:00", "2000-01-01T00:00:01+02:00"
    for spell in (str, quote, lambda text: quote(text, safe=""), lambda text: quote(quote(text), safe="")):
        assert aliased(time).text(f"?at={spell(time)}") == f"?at={spell(shown)}"


@pytest.mark.parametrize(
    ("value", "text", "shown"),
    [
        ("Zk3", "Zk3 aZk3 Zk3a Zk34 %22Zk3%22 %2522Zk3 \\nZk3 \\u0022Zk3.", None),
        ("12345", "12345 123456 a12345 12345a 1712345.2 %2212345%22", None),
        ("Zk3x9q", "Zk3x9q u_Zk3x9q uZk3x9q7", "user-1 u_user-1 uuser-17"),
    ],
)
def test_a_short_alias_and_a_number_are_looked_for_as_words(value, text, shown):
    stand_in = "9000001" if value.isdigit() else "user-1"
    words = r"((?<![A-Za-z0-9])|(?<=%22)|(?<=%2522)|(?<=\\n)|(?<=\\u0022)){}(?![A-Za-z0-9])"
    expected = shown or re.sub(words.replace("{}", value), stand_in, text)
    assert aliased(value).text(text) == expected != text


def test_a_value_that_begins_like_another_is_not_torn_out_of_it():
    assert aliased("Zk3x9q", "Zk3x9q-more").text("Zk3x9q-more Zk3x9q") == "user-2 user-1"


def test_an_alias_stands_for_its_value_in_a_token():
    redact = aliased("Zk3x9q", 12345)
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        before = encode(b'{"a": "??????Zk3x9q", "n": 12345}').decode()
        after = encode(b'{"a": "??????user-1", "n": 9000002}').decode()
        assert redact.text(before) == after
        assert redact.json({"token": before}) == {"token": after}
        assert redact.body(json.dumps({"token": before, "n": 12345}).encode()) == (
            json.dumps({"token": after, "n": 9000002}).encode()
        )
        shown = redact.request(Request("GET", f"https://a.example/{quote(before, safe='')}")).uri
        assert shown == f"https://a.example/{quote(after, safe='')}"


def test_a_secret_that_has_an_alias_in_it_is_a_secret():
    """Nothing is looked for in a token that is a secret: afterwards nobody would know it."""
    secret = base64.b64encode(b'{"user": "Zk3x9q", "key": "open-sesame"}').decode()
    redact = aliased("Zk3x9q", auth={"token": {"token": secret}})
    assert redact.text(f"{secret} Zk3x9q") == "<token.token> user-1"


def test_an_alias_is_no_secret_and_a_secret_with_an_alias_is_one():
    redact = aliased("Zk3x9q", "open-sesame", auth={"token": {"token": "open-sesame"}})
    message = "errorId: Zk3x9q, token: open-sesame"
    assert redact.text(message) == "errorId: user-1, token: <token.token>"
    assert redact.of_secrets.text(message) == "errorId: Zk3x9q, token: <token.token>"


def test_another_origin_is_no_secret():
    secrets = Secrets()
    secrets.record_as("http://localhost:8000", "https://a.example")
    assert secrets.redactor().of_secrets.text("http://localhost:8000/users") == "http://localhost:8000/users"


def test_data_without_a_secret_are_looked_through_again_for_a_further_one():
    data = base64.b64encode(b'{"cursor": "the-second-one-2"}')
    redactor = Redactor({"the-first-one-1": "a"})
    assert [redactor.data(data), redactor.data(data)] == [data, data]
    redactor.learn("the-second-one-2", "b")
    assert base64.b64decode(redactor.data(data)) == b'{"cursor": "<b>"}'
    assert Redactor({"the-first-one-1": "a"}).data(data) == data


def test_data_are_looked_through_again_for_what_else_a_redactor_replaces():
    data = base64.b64encode(b"a text with &lt;the.name&gt; in it")
    names = {"the-first-one-1": "a"}
    assert Redactor(names).data(data) == data
    assert (
        base64.b64decode(Redactor(names, escaped=["the.name"]).data(data)) == b"a text with <the.name> in it"
    )


def test_a_look_that_finds_nothing_to_replace_does_not_say_that_there_is_nothing_to_refuse():
    data = "no secret in it, but für the-second-one-2".encode("utf-16-be")
    redactor = Redactor({"the-first-one-1": "a"})
    assert redactor.data(data) == data
    assert [redactor.remaining(data) for _ in range(2)] == [None, None]
    redactor.learn("the-second-one-2", "b")
    assert [redactor.remaining(data).name for _ in range(2)] == ["b", "b"]
    assert Redactor({"the-first-one-1": "a"}).remaining(data) is None
