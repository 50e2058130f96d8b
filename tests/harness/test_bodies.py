"""Recorded bodies, and what expressions find in them."""

from __future__ import annotations

import json

import pytest

from connector_contract.contract.rules.bodies import found, longest, outline, require_found
from connector_contract.contract.rules.body_data import data_of
from connector_contract.contract.rules.responses import Walk
from connector_contract.errors import UsageError
from connector_contract.recording.interactions import Interaction, Request, Response

URL = "https://app.example.com/v1/groups/g%201/members?role=owner&role=guest"


def interaction(body, uri=URL):
    return Interaction(Request("GET", uri), Response(200, "OK", (), json.dumps(body).encode()))


def walk(*interactions, records=()):
    return Walk("list_things", 3, [{"response": list(records)}], interactions, key_fields=("id",))


@pytest.mark.parametrize(
    ("expression", "values"),
    [
        ("items[].[id, path_after('groups'), query('role')]", [["a", "g 1", "owner"]]),
        ("items[].[id, path_after('members'), query('page')]", [["a", None, None]]),
        ("path_after('users')", []),
    ],
)
def test_an_expression_may_use_what_was_asked_for(expression, values):
    assert [values for _, values in found([interaction({"items": [{"id": "a"}]})], expression, "fact")] == [
        values
    ]


@pytest.mark.parametrize("expression", ["length(items)", "no_such_function(items)", "path_after(`1`)"])
def test_an_expression_that_goes_wrong_on_a_body_is_the_authors_mistake(expression):
    with pytest.raises(UsageError) as caught:
        list(found([interaction({"items": None})], expression, "upstream_ids['list_things']"))
    assert f"upstream_ids['list_things'] = {expression!r} fails: " in str(caught.value)
    assert "GET https://app.example.com/v1/groups/g%201/members" in str(caught.value)
    assert "{items}" in str(caught.value)


def test_an_expression_that_finds_nothing_where_there_are_records_is_the_authors_mistake():
    by_id = walk(interaction({"users": {"u1": {"id": "u1"}}}), records=[{"id": "u1"}])
    with pytest.raises(UsageError, match="matches nothing in the 1 recorded bodies"):
        require_found(by_id, "users[].id", "fact")


def test_a_list_without_data_cannot_be_compared():
    text = Interaction(Request("GET", URL), Response(200, "OK", (), b"u1 and u2"))
    with pytest.raises(UsageError, match="none of the 1 recorded bodies is JSON, XML or CSV"):
        require_found(walk(text, records=[{"id": "u1"}]), "users[].id", "fact")


def test_an_expression_that_finds_nothing_in_xml_is_shown_what_there_is():
    xml = Interaction(
        Request("GET", URL), Response(200, "OK", (), b'<users total="1"><user id="1"/></users>')
    )
    with pytest.raises(UsageError) as caught:
        require_found(walk(xml, records=[{"id": "1"}]), "users[].id", "fact")
    assert "{users: {@total, user: {@id}}}" in str(caught.value)


def document(body):
    return Interaction(
        Request("GET", URL), Response(200, "OK", (("content-type", "text/xml"),), body.encode())
    )


@pytest.mark.parametrize(
    ("expression", "of_several", "of_one", "of_none"),
    [
        ('users.user[]."@id"', ["1", "2"], ["1"], []),
        ('users.user[*]."@id"', ["1", "2"], ["1"], []),
        ("users.user[?name=='Ann'].[\"@id\", name]", [["1", "Ann"]], [["1", "Ann"]], []),
        ('users.user[0]."@id"', ["1"], ["1"], []),
        ('users.user[:1]."@id"', ["1"], ["1"], []),
        ("users.user[].role", [["a", "b"], "c"], [["a", "b"]], []),
        ("users.user[].role[]", ["a", "b", "c"], ["a", "b"], []),
        ('users.user[].["@id", role[]]', [["1", ["a", "b"]], ["2", ["c"]]], [["1", ["a", "b"]]], []),
    ],
)
def test_a_list_of_one_is_a_list_in_xml(expression, of_several, of_one, of_none):
    one = '<user id="1"><name>Ann</name><role>a</role><role>b</role></user>'
    other = '<user id="2"><name>Bob</name><role>c</role></user>'
    for users, values in ((one + other, of_several), (one, of_one), ("", of_none)):
        found_values = [
            values for _, values in found([document(f"<users>{users}</users>")], expression, "fact")
        ]
        assert found_values == [values]


def test_what_comes_once_in_json_is_no_list():
    ((_, values),) = found([interaction({"users": {"user": {"id": "1"}}})], "users.user[].id", "fact")
    assert values == []


def test_the_rows_of_csv_are_found_by_the_names_of_its_columns():
    rows = b"\xef\xbb\xbfuser;group\r\nu1;sales\r\nu2;\r\n#rows;2\r\n"
    report = Interaction(Request("GET", URL), Response(200, "OK", (("content-type", "text/csv"),), rows))
    expression = "[?user != '#rows'].[user, 'member', group]"
    ((_, values),) = found([report], expression, "fact")
    assert values == [["u1", "member", "sales"], ["u2", "member", ""]]


def test_links_of_xml_are_no_records():
    for body, records in (
        ('<feed><link rel="self"/><link rel="first"/></feed>', 0),
        ('<feed><link rel="self"/><link rel="first"/><link rel="last"/><entry/><entry/></feed>', 2),
        ("<users><user/><user/></users>", 2),
    ):
        assert longest(data_of(document(body))) == records


@pytest.mark.parametrize(
    ("sent", "value"),
    [
        (b"usergroup=S%2001&limit=3&usergroup=S02", "S 01"),
        (b"token=<token.token>&usergroup=", ""),
        (b"role=guest", None),
        (b"<usergroup>usergroup=S01</usergroup>", None),
        (b'--x\r\nname="usergroup"\r\n\r\nS01', None),
        (b'{"usergroup": 7}', 7),
        (b'{"usergroup": "S01", "variables": {"usergroup": "S02"}}', "S01"),
        (b'{"query": "query Q", "variables": {"usergroup": "S02"}}', "S02"),
        (b'{"variables": null}', None),
        (b'["usergroup"]', None),
    ],
)
def test_an_expression_may_use_what_was_sent(sent, value):
    request = Request("POST", "https://app.example.com/api/users?role=owner", (), sent)
    asked = Interaction(request, Response(200, "OK", (), b"{}"))
    ((_, values),) = found([asked], "[query('role'), query('usergroup')]", "fact")
    assert values == ["owner", value]


SCIM = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


@pytest.mark.parametrize(
    ("body", "records"),
    [
        ({"schemas": [SCIM], "totalResults": 0}, 0),
        ({"schemas": [SCIM], "totalResults": "0"}, 0),
        ({"schemas": [SCIM], "totalResults": 0, "Resources": []}, 0),
        ({"schemas": [SCIM], "totalResults": 2, "Resources": [{"id": 1}, {"id": 2}]}, 2),
        ({"ids": ["a", "b"]}, 2),
        ({"ids": ["a", "b"], "total": 3}, 2),
        # Some give the total of 0 that they do not know.
        ({"items": [{"id": 1}], "total": 0}, 1),
        ({"data": {"users": {"nodes": [], "pageInfo": {}}}}, 0),
        ([1, 2], 2),
        (None, 0),
    ],
)
def test_the_records_of_a_body_are_its_longest_list(body, records):
    assert longest(body) == records


def blank(status=204, uri=URL, body=b""):
    return Interaction(Request("GET", uri), Response(status, "", (), body))


TOKEN = interaction({"access_token": "<token>"}, "https://app.example.com/oauth/token")


@pytest.mark.parametrize(
    ("interactions", "paths"),
    [
        ([interaction({"schemas": [SCIM], "totalResults": 0})], "Resources[].id"),
        ([blank()], "items[].id"),
        ([blank(200, body=b"\n")], "items[].id"),
        ([TOKEN, blank()], "items[].id"),
        ([TOKEN, blank()], {"/v1/groups/*": "items[].id"}),
    ],
)
def test_an_upstream_without_records_is_no_mistake(interactions, paths):
    assert not any(values for _, values in require_found(walk(*interactions), paths, "fact"))


@pytest.mark.parametrize(
    ("interactions", "records", "says"),
    [
        ([blank()], [{"id": "u1"}], "none of the 1 recorded bodies is JSON"),
        ([blank(404)], [], "none of the 1 recorded bodies is JSON"),
        ([TOKEN, blank(404)], [], "matches nothing in the 1 recorded bodies"),
        ([interaction({"users": [{"id": "u1"}]}), blank()], [], "matches nothing in the 1 recorded bodies"),
    ],
)
def test_an_answer_without_a_body_is_no_excuse(interactions, records, says):
    with pytest.raises(UsageError, match=says):
        require_found(walk(*interactions, records=records), {"/v1/groups/*": "items[].id"}, "fact")


def test_a_glob_of_a_path_that_was_never_asked_for_is_the_authors_mistake():
    sent = walk(interaction({"items": [{"id": "a"}]}), records=[{"id": "a"}])
    with pytest.raises(UsageError) as caught:
        require_found(sent, {"/v1/*": "items[].id", "/v2/*": "items[].id"}, "fact")
    assert caught.value.what == "fact has '/v2/*', and the connector asked for no such path."
    assert caught.value.details == ("it asked for: /v1/groups/g%201/members",)
    with pytest.raises(UsageError) as caught:
        require_found(walk(), {"/v2/*": "items[].id"}, "fact")
    assert caught.value.details == ("it asked for: nothing",)


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ({"total": 2, "items": [{"id": "a"}, {"id": "b"}]}, "{total, items: [{id}]}"),
        ([{"id": "a", "of": {"x": 1}}], "[{id, of: {x}}]"),
        ([], "[]"),
        ([[[["deep"]]]], "[[[[]]]]"),
        ({"a": {"b": {"c": {"d": {"e": 1}}}}}, "{a: {b: {c: {d}}}}"),
        ({str(number): 0 for number in range(13)}, "{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, ...}"),
        ("text", "str"),
        (None, "NoneType"),
    ],
)
def test_a_body_is_shown_by_its_fields(body, shown):
    assert outline(body) == shown
