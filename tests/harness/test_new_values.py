"""Values that an upstream makes up each time, and the aliases that are proposed for them."""

from __future__ import annotations

import json

import pytest
from rules_testing import page

from connector_contract.contract.rules.new_values import response_aliases
from connector_contract.contract.rules.records import changes
from connector_contract.contract.rules.responses import Walk
from connector_contract.recording.interactions import Interaction, Request, Response
from connector_contract.secrets.aliases import Aliases


def interaction(method, path, body):
    request = Request(method, f"https://api.example.com{path}", (), b"")
    return Interaction(request, Response(200, "OK", (), json.dumps(body).encode()))


UUIDS = [f"{n}0000000-0000-4000-8000-00000000000{n}" for n in (1, 2)]


@pytest.mark.parametrize(
    ("old", "new", "sent", "proposed"),
    [
        ({"id": "a81f"}, {"id": "b92e"}, ("POST", "/v1/users", {"id": "b92e"}), {"user": "id"}),
        # What was there before the scenario is no value that the server makes up.
        ({"id": "a81f"}, {"id": "b92e"}, ("GET", "/v1/users", {"id": "b92e"}), {}),
        ({"name": "a81f"}, {"name": "b92e"}, ("POST", "/v1/users", {"id": "b92e"}), {}),
        # Too short to be told from other numbers.
        ({"id": "1"}, {"id": "2"}, ("POST", "/v1/users", {"id": 2}), {}),
        (
            {"created": "2024-05-01T10:00:00Z"},
            {"created": "2024-05-02T11:00:00Z"},
            ("GET", "/v1/users", [{"meta": {"created-at": "2024-05-02T11:00:00Z"}}]),
            {"time": '[].meta."created-at"'},
        ),
        (
            {"request_no": UUIDS[0]},
            {"request_no": UUIDS[1]},
            ("GET", "/v1/users", {"x": UUIDS[1]}),
            {"request-no": "x"},
        ),
        # The connector itself makes it up.
        ({"request_no": UUIDS[0]}, {"request_no": UUIDS[1]}, ("GET", "/v1/users", {"x": 1}), {}),
    ],
)
def test_a_value_that_is_made_up_has_an_alias_proposed(old, new, sent, proposed):
    walk = Walk("create_thing", None, [], key_fields=("id",))
    found = changes(walk, json.dumps({"response": old}), json.dumps({"response": new}))
    aliases = response_aliases(found, [interaction(*sent)], {})
    assert aliases == proposed
    if aliases:
        taken = Aliases(aliases)
        taken.learn(interaction(*sent).response)
        assert list(taken.stand_ins) == [str(*(value for value in new.values()))]


def test_records_with_new_ids_have_one_alias_beside_those_that_there_are():
    old, new = ([page({"id": uuid, "of": uuid})] for uuid in UUIDS)
    found = changes(Walk("list_things", 100, [], key_fields=("id",)), json.dumps(old), json.dumps(new))
    sent = interaction("GET", "/v1/companies", {"items": [{"id": UUIDS[1]}]})
    assert response_aliases(found, [sent], {"time": "at", "company": "key"}) == {
        "time": "at",
        "company": "[key, items[].id]",
        "of": "items[].id",
    }
