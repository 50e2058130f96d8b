"""The rules of the standard contract, where a connector of the tests would be much for a detail."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from connector_contract.contract.rules.complete import empty_list_breach, lost_breach
from connector_contract.contract.rules.credentials import good_breach
from connector_contract.contract.rules.failures import unknown_breach
from connector_contract.contract.rules.info import undeclared_breach
from connector_contract.contract.rules.maximum import assignment_beyond_max
from connector_contract.contract.rules.responses import Walk
from connector_contract.contract.rules.status import status_table, table_breach
from connector_contract.contract.rules.write_examples import pointless
from connector_contract.contract.rules.writes import unseen, written_breach
from connector_contract.contract.rules.written import ObservedWrite
from connector_contract.errors import UsageError
from connector_contract.recording.interactions import Interaction, Request, Response

URL = "https://app.example.com/v1/groups/g%201/members?role=owner&role=guest"


def interaction(body, uri=URL, headers=()):
    request = Request("GET", uri, (), b"")
    return Interaction(request, Response(200, "OK", tuple(headers), json.dumps(body).encode()))


def walk(*interactions, records=(), key_fields=("id",)):
    return Walk("list_things", 3, [{"response": list(records)}], interactions, key_fields=key_fields)


@pytest.mark.parametrize(
    ("key_fields", "expression", "remedy"),
    [
        (("id",), "items[].[id, path_after('users')]", "It should find each id."),
        (("id", "of"), "items[].[id, path_after('users')]", "or lists of them in the order id, of"),
        ((), "items[].id", "Nothing is known that tells these records apart"),
    ],
)
def test_ids_that_cannot_be_compared_are_the_authors_mistake(key_fields, expression, remedy):
    sent = walk(interaction({"items": [{"id": "a"}]}), records=[{"id": "a"}], key_fields=key_fields)
    with pytest.raises(UsageError) as caught:
        list(lost_breach(sent, expression, {}))
    assert "cannot be compared with the records of list_things" in str(caught.value)
    assert remedy in str(caught.value)


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("items[].[id, query('user')]", True),
        ("items[].[id, {of: id}]", False),
        ("items[].[id, `1`, `2`]", False),
    ],
)
def test_a_null_in_an_id_may_be_what_the_request_does_not_have(expression, told):
    sent = walk(
        interaction({"items": [{"id": "a"}]}), records=[{"id": "a", "of": "x"}], key_fields=("id", "of")
    )
    with pytest.raises(UsageError) as caught:
        list(lost_breach(sent, expression, {}))
    assert ("null may be from path_after() or query()" in str(caught.value)) == told


@pytest.mark.parametrize(
    ("body", "lost"),
    [
        ({"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": 0}, False),
        ({"ids": ["a"]}, True),
        ({"items": [{"id": "a"}]}, True),
    ],
)
def test_no_records_where_the_upstream_sent_some(body, lost):
    assert [breach.records for breach in empty_list_breach(walk(interaction(body)))] == [
        [f"1 in GET {URL}"]
    ] * lost


def test_the_first_parts_of_a_key_are_enough():
    sent = interaction({"items": [{"id": "a", "of": "x"}, {"id": "b", "of": "x"}]})
    both = walk(sent, records=[{"id": "a", "of": "x"}], key_fields=("id", "of"))
    assert list(lost_breach(both, "items[].[id, of]", {"items[?id=='b'].id": "elsewhere"})) == []
    (breach,) = lost_breach(both, {"/v1/*": "items[].id"}, {})
    assert breach.records == ["b"]


def written(capability, request, answer, before, after):
    lists = [
        {name: Walk(name, 100, [{"response": records}], (), key_fields=fields)}
        for records in (before, after, after)
        for name, fields in [
            ("find_entitlement_associations", ASSOCIATION)
            if "entitlement" in capability
            else ("list_accounts", ID)
        ]
    ]
    return ObservedWrite(capability, request, {"response": answer}, {"response": answer}, *lists)


ID = ("integration_specific_id",)
ASSOCIATION = ("account_id", "integration_specific_entitlement_id", "integration_specific_resource_id")
GRANT = dict(zip(ASSOCIATION, ("u1", "admin", "p1"), strict=True))
ASSIGN = {
    "account_integration_specific_id": "u1",
    "entitlement_integration_specific_id": "admin",
    "resource_integration_specific_id": "p1",
}


@pytest.mark.parametrize(
    ("expression", "lost"),
    [
        ("items[].[id, roles]", ["u1 / agent"]),
        ("items[].[id, grants[].[role, of]]", ["u1 / agent / b"]),
        ("items[].[id, grants[].role]", ["u1 / agent"]),
        ("items[].[roles, id]", ["admin / u1", "agent / u1"]),
    ],
)
def test_a_list_within_an_id_is_an_id_for_each_that_is_in_it(expression, lost):
    items = [
        {
            "id": "u1",
            "roles": ["admin", "agent"],
            "grants": [{"role": role, "of": of} for role, of in GRANTS],
        },
        {"id": "u2", "roles": [], "grants": []},
    ]
    records = [{"id": "u1", "role": "admin", "of": "a"}]
    grants = walk(interaction({"items": items}), records=records, key_fields=("id", "role", "of"))
    (breach,) = lost_breach(grants, {"/v1/*": expression}, {})
    assert breach.records[0].startswith(lost[0])


GRANTS = [("admin", "a"), ("agent", "b")]


def test_ids_are_no_statuses():
    listed = Walk(
        "list_accounts", 3, [{"response": [{"integration_specific_id": "a"}]}], (interaction([{"id": "a"}]),)
    )
    for expression in ("[].id", "[].[id, id]"):
        with pytest.raises(UsageError, match="finds the ids themselves, such as 'a'"):
            status_table(listed, expression, "[].id")


def test_an_id_that_the_upstream_cannot_read_is_for_the_author_to_change():
    answer = {"is_error": True, "error": {"error_code": "bad_request", "message": "no number"}}
    (breach,) = unknown_breach("get_account", "account_id", {"account_id": "x"}, answer)
    assert "unknown_id in the class" in breach.records[-1]


def test_activities_are_told_apart_by_account_and_kind():
    kinds = [{"account_id": "u1", "event_type": kind} for kind in ("login", "export")]
    logins = walk(interaction([{"user": "u1"}]), records=kinds, key_fields=("account_id", "event_type"))
    assert not list(lost_breach(logins, "[].user", {}))


def test_an_association_that_is_made_twice():
    (breach, *_) = written_breach(
        written("assign_entitlement", ASSIGN, {"assigned": True}, [], [GRANT, GRANT])
    )
    assert breach.capability == "assign_entitlement"
    assert breach.title == "2 associations read back for u1 / admin / p1"


def test_a_role_that_takes_the_place_of_another():
    other = {**GRANT, "integration_specific_entitlement_id": "viewer"}
    replaced = written("assign_entitlement", ASSIGN, {"assigned": True}, [other], [GRANT])
    (breach,) = written_breach(replaced)
    assert breach.records == ["u1 / viewer / p1"]
    assert not list(written_breach(replace(replaced, replaces=True)))


def test_a_type_that_is_always_replaced_has_no_maximum_to_go_beyond():
    kind = {"type_id": "role", "resource_type_id": "", "max": 1}
    roles = [
        {"entitlement_type": "role", "integration_specific_id": id_, "integration_specific_resource_id": "p1"}
        for id_ in ("admin", "viewer")
    ]
    assert assignment_beyond_max({"entitlement_types": [{**kind, "min": 0}]}, roles, [GRANT])
    assert assignment_beyond_max({"entitlement_types": [{**kind, "min": 1}]}, roles, [GRANT]) is None


@pytest.mark.parametrize(
    ("username", "is_right"),
    [
        ("a@example.com", True),
        ("B@example.com", True),
        ("b", True),
        ("zz", False),
        ("u1", False),
        ("", False),
    ],
)
def test_a_user_name_may_be_made_from_the_address_that_was_asked_for(username, is_right):
    before = {"integration_specific_id": "u1", "email": "a@example.com", "username": "a@example.com"}
    after = {**before, "email": "b@example.com", "username": username}
    asked = {"id": "u1", "email": "b@example.com"}
    breaches = list(written_breach(written("update_account", asked, {"id": "u1"}, [before], [after])))
    assert (breaches == []) == is_right


def test_a_user_name_may_be_composed_of_the_names_that_were_asked_for():
    before = {"integration_specific_id": "u1", "given_name": "Ann", "username": "Ann Lee"}
    after = {**before, "given_name": "Anna", "username": "Anna Lee"}
    asked = {"id": "u1", "given_name": "Anna"}
    assert not list(written_breach(written("update_account", asked, {"id": "u1"}, [before], [after])))


def test_what_changes_by_itself_is_not_the_doing_of_a_write():
    one, other = ({"integration_specific_id": id_, "user_status": "ACTIVE"} for id_ in ("u1", "u2"))
    before = [one, {**other, "extra_data": {"seen": 1}}]
    after = [{**one, "user_status": "SUSPENDED"}, {**other, "extra_data": {"seen": 2}}]
    answer = {"deactivated": True, "status": "SUSPENDED"}
    deactivated = written("deactivate_account", {"account_id": "u1"}, answer, before, after)
    assert not list(written_breach(deactivated))


def test_a_status_that_becomes_none_beside_others():
    (breach,) = table_breach("list_accounts", {"active": ["ACTIVE"], "deleted": [None]})
    assert (breach.title, breach.records) == ("some of the upstream's statuses became none", ["deleted"])


def test_a_status_that_cannot_be_read_back():
    account = [{"integration_specific_id": "u1", "user_status": None}]
    request, answer = {"account_id": "u1"}, {"deactivated": True, "status": "SUSPENDED"}
    deactivated = written("deactivate_account", request, answer, account, account)
    assert pointless("deactivate_account", request, deactivated.before) is None
    assert [breach.title for breach in written_breach(deactivated)] == ["'u1' is read back without a status"]


def test_an_update_of_what_no_list_shows():
    account = [{"integration_specific_id": "u1", "email": "a@example.com"}]
    updated = written("update_account", {"id": "u1", "department": "IT"}, {"id": "u1"}, account, account)
    assert not list(written_breach(updated))
    assert unseen(updated) == "nothing that update_account asks for is in list_accounts"


def valid(tenant):
    return {"response": {"valid": True, "unique_tenant_id": tenant}}


@pytest.mark.parametrize(
    ("tenant", "marked", "why"),
    [
        ("Acme", ["site"], None),
        ("acme.example.com", ["site"], None),
        ("acme", [], "it is made from the setting site, which anybody may mistype"),
        ("acme", ["region"], "it is made from the setting site, which anybody may mistype"),
        ("eu-1", ["region"], "it is made from the setting region, which the upstream was not asked with"),
        ("other", ["site"], None),
    ],
)
def test_a_tenant_id_from_a_setting_is_marked_as_such_and_asked_with(tenant, marked, why):
    interactions = [interaction({"user": "u1"}, "https://example.com/acme/me")]
    settings = {"site": "acme", "region": "eu-1"}
    breaches = list(good_breach([valid(tenant)] * 2, interactions, settings, marked))
    if tenant != "other":
        assert [record for breach in breaches for record in breach.records] == ([why] if why else [])
    assert bool(breaches) == bool(why or tenant == "other")


@pytest.mark.parametrize(
    ("tenant", "body", "marked", "is_right"),
    [
        ("4711", b'{"arn": "arn:app:iam::4711:user/x"}', [], True),
        ("4711", b"<user><id>4711</id></user>", [], True),
        ("4711", b'{"arn": "arn:app:iam::47110:user/x"}', [], False),
        ("acme", b"{}", ["url"], True),
        ("acme.example.com", b"{}", ["url"], True),
        ("acme", b"{}", [], False),
        ("https://acme.example.com/scim", b'{"self": "https://acme.example.com/scim/me"}', [], False),
    ],
)
def test_a_tenant_id_may_be_a_part_of_what_was_said(tenant, body, marked, is_right):
    me = Interaction(Request("GET", "https://acme.example.com/scim/me"), Response(200, "OK", (), body))
    settings = {"url": "https://acme.example.com/scim"}
    assert bool(list(good_breach([valid(tenant)] * 2, [me], settings, marked))) != is_right


INFO = {
    "authentication_schema": {"x-credential-type": "token"},
    "credentials_schema": [{"id": "api", "x-credential-type": "basic"}],
    "request_settings_schema": {"properties": {"url": {}}},
}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"auth": {"token": {"token": "t"}}, "settings": {"url": "u"}}, []),
        ({"credentials": [{"id": "api", "basic": {}}]}, []),
        ({"auth": {"basic": {}}}, ["auth of the kind basic; declared: token"]),
        ({"credentials": [{"id": "scim", "basic": {}}]}, ["the credential 'scim'; declared: api"]),
        (
            {"credentials": [{"id": "api", "token": {}}]},
            ["the credential 'api' of the kind token; declared: basic"],
        ),
        ({"settings": {"uri": "u"}}, ["the setting 'uri'; declared: url"]),
    ],
)
def test_what_a_connector_is_given_is_what_it_declares(given, says):
    envelope = {"auth": None, "credentials": None, "settings": {}, **given}
    assert [record for breach in undeclared_breach(INFO, envelope) for record in breach.records] == says


def test_settings_of_any_name_may_be_declared():
    info = {"request_settings_schema": {"additionalProperties": True}}
    assert not list(undeclared_breach(info, {"auth": None, "credentials": None, "settings": {"x": 1}}))


def test_credentials_that_are_not_declared_at_all():
    envelope = {"auth": {"token": {}}, "credentials": None, "settings": {}}
    (breach,) = undeclared_breach({"authentication_schema": {}}, envelope)
    assert breach.records == ["auth; declared: none"]
