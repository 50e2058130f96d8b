"""Two revisions in, what has changed for people's access out."""

from __future__ import annotations

import json

import pytest

from connector_contract.recording.call import Call, Failure, Success, outcome_of
from connector_contract.recording.interactions import Cassette
from connector_contract.review.change import What
from connector_contract.review.lines import details, example_line, examples, title
from connector_contract.storage.cassette_format import cassette_parts
from tests.review_testing import (
    MODULE,
    Scenario,
    account,
    accounts,
    as_json,
    failure,
    reviewed,
    said,
    stored,
    success,
    titles,
)

PEOPLE = [account(number) for number in range(1, 13)]


def changed(base, head):
    return titles(reviewed(stored(*base), stored(*head)))


def test_nothing_has_changed():
    files = stored(accounts("test_walk", *PEOPLE))
    review = reviewed(files, dict(files))
    assert (review.changes, review.requests, review.upstream, review.not_understood) == ([], [], [], [])
    assert review.severity is None


def test_one_change_is_one_line_however_many_scenarios_show_it():
    now = [{**each, "username": each["email"]} for each in PEOPLE]
    names = [f"test_walk[{size}]" for size in (1, 5, 100)]
    base = [accounts(name, *PEOPLE) for name in names]
    head = [accounts(name, *now) for name in names]
    review = reviewed(stored(*base), stored(*head))
    assert titles(review) == ["major: username of 12 accounts: now equals email, in 12 of 12"]
    (change,) = review.changes
    assert change.scenarios == [f"{MODULE}.py::{name}" for name in sorted(names)]
    assert change.files == [f"snapshots/{MODULE}/{name}.json" for name in sorted(names)]


def test_a_status_that_is_mapped_otherwise_and_its_table():
    now = [{**each, "user_status": "SUSPENDED"} if n < 2 else each for n, each in enumerate(PEOPLE)]
    path = f"snapshots/{MODULE}/TestAcme.test_status[list_accounts].json"
    tables = [{path: as_json({"locked": [status], "on": ["ACTIVE"]})} for status in ("ACTIVE", "SUSPENDED")]
    assert changed([accounts("test_walk", *PEOPLE), tables[0]], [accounts("test_walk", *now), tables[1]]) == [
        "critical: user_status of 2 accounts: ACTIVE → SUSPENDED",
        "critical: the table of list_accounts: locked: ACTIVE → SUSPENDED",
    ]


def test_what_is_gone_from_one_walk_is_still_in_another():
    everybody = accounts("test_walk[100]", *PEOPLE)
    base = stored(everybody, accounts("test_walk[5]", *PEOPLE, size=5))
    head = stored(everybody, accounts("test_walk[5]", *PEOPLE[:5], *PEOPLE[6:], size=5))
    review = reviewed(base, head)
    assert titles(review) == ["critical: 1 account is gone"]
    assert details(review.changes[0]) == [
        "gone from list_accounts in pages of 5 (1)",
        "still in list_accounts in pages of 100 (1 of 1)",
    ]


def test_what_is_gone_everywhere():
    review = reviewed(stored(accounts("test_walk", *PEOPLE)), stored(accounts("test_walk", *PEOPLE[1:])))
    assert titles(review) == ["critical: 1 account is gone"]
    assert details(review.changes[0])[1] == "in no other response of list_accounts"


def test_the_same_records_in_other_pages_are_no_change_of_anybodys_access():
    base, head = (stored(accounts("test_walk", *PEOPLE, size=size)) for size in (3, 6))
    assert titles(reviewed(base, head)) == ["minor: the records of list_accounts come in other pages"]


def test_a_first_page_that_has_become_larger_has_nobody_new():
    everybody = accounts("test_all", *PEOPLE)

    def first(size):
        page = success(PEOPLE[:size], "more")
        return Scenario("test_first", "list_accounts", [page], {"page": {"size": 3}}, is_walk=False)

    assert changed([everybody, first(3)], [everybody, first(6)]) == [
        "minor: the records of list_accounts come in other pages"
    ]
    # Who is in no other list is new.
    assert changed([first(3)], [first(6)]) == ["major: 3 accounts are new"]


def test_another_id_of_the_same_account():
    now = [{**PEOPLE[0], "integration_specific_id": "x1"}, *PEOPLE[1:]]
    assert changed([accounts("test_walk", *PEOPLE)], [accounts("test_walk", *now)]) == [
        "critical: integration_specific_id of 1 account: u1 → x1"
    ]


def test_records_with_one_key_are_compared_one_by_one():
    twice = [PEOPLE[0], {**PEOPLE[0], "username": "Another"}]
    now = [PEOPLE[0], {**PEOPLE[0], "username": "A third"}]
    assert changed([accounts("test_walk", *twice)], [accounts("test_walk", *now)]) == [
        "major: username of 1 account: Another → A third"
    ]


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        (
            failure("not_found"),
            success([]),
            "critical: list_accounts: the error not_found → a success with 0 records",
        ),
        (
            success([]),
            failure("rate_limit"),
            "major: list_accounts: a success with 0 records → the error rate_limit",
        ),
        (
            failure("not_found"),
            failure("rate_limit"),
            "major: error_code of 1 error of list_accounts: not_found → rate_limit",
        ),
        (
            failure("not_found", "It is not there."),
            failure("not_found", "It is nowhere."),
            "minor: message of 1 error of list_accounts: It is not there. → It is nowhere.",
        ),
    ],
)
def test_errors(before, after, line):
    base, head = (Scenario("test_call", "list_accounts", [page], is_walk=False) for page in (before, after))
    assert changed([base], [head]) == [line]


def test_an_error_in_a_call_that_has_no_snapshot():
    base, head = (
        Scenario("test_call", "list_accounts", [page], is_compared=False)
        for page in (failure("not_found"), success([account(1)]))
    )
    assert changed([base], [head]) == [
        "critical: list_accounts: the error not_found → a success with 1 record"
    ]


def test_fewer_records_in_a_walk_that_has_no_snapshot():
    base, head = (accounts("test_walk", *people, is_compared=False) for people in (PEOPLE, PEOPLE[1:]))
    assert changed([base], [head]) == ["critical: list_accounts answers with 11 records, and did with 12"]


def test_a_reworded_message_is_one_line_over_all_errors():
    def errors(verb):
        return [
            Scenario(
                f"test_call[{name}]",
                name,
                [failure("not_found", f"Acme {verb} 404 to GET /{name}: it is not there.")],
                is_walk=False,
            )
            for name in ("list_accounts", "list_resources", "get_account")
        ]

    assert changed(errors("answered"), errors("said")) == [
        "minor: message of 3 errors of get_account, list_accounts, list_resources: answered → said"
    ]


def test_scenarios_that_came_and_went():
    one, other = accounts("test_a", *PEOPLE), accounts("test_b", *PEOPLE)
    assert changed([one, other], [one]) == ["major: 1 scenario is gone"]
    assert changed([one], [one, other]) == ["info: 1 scenario is new"]
    more = accounts("test_walk[7]", *PEOPLE), accounts("test_walk[8]", *PEOPLE)
    assert changed([one, more[0]], [one, more[1]]) == [
        "minor: 1 scenario has another name",
    ]


def test_a_snapshot_that_is_no_longer_compared():
    scenario = accounts("test_walk", *PEOPLE)
    head = {path: data for path, data in stored(scenario).items() if path.startswith("cassettes/")}
    assert changed([scenario], [head]) == ["major: 1 snapshot is gone"]


def test_what_a_write_answers():
    def deleted(status):
        page = success({"status": status, "deleted": True})
        request = {"request": {"account_id": "u1"}}
        return Scenario("test_delete", "delete_account", [page], request, is_walk=False)

    base = [accounts("test_walk", PEOPLE[1]), deleted("DELETED")]
    head = [accounts("test_walk", {**PEOPLE[1], "user_status": "INACTIVE"}), deleted("INACTIVE")]
    assert changed(base, head) == [
        "critical: user_status of 1 account: DELETED → INACTIVE",
        "critical: user_status of 1 account: ACTIVE → INACTIVE",
    ]


def test_a_new_account_is_the_one_that_lists_know_by_its_id():
    def created(status):
        page = success({"id": "u1", "status": status, "created": True})
        request = {"request": {"email": "Person-1@example.com"}}
        return Scenario("test_create", "create_account", [page], request, is_walk=False)

    base, head = (
        [accounts("test_walk", account(1, user_status=status)), created(status)]
        for status in ("ACTIVE", "INACTIVE")
    )
    assert changed(base, head) == ["critical: user_status of 1 account: ACTIVE → INACTIVE"]
    (change,) = reviewed(stored(created("ACTIVE")), stored(created("INACTIVE"))).changes
    assert [each.shown for each in change.people] == ["u1 (Person-1@example.com)"]


def test_the_id_of_a_new_account():
    def created(id_, path="/users"):
        page = success({"id": id_, "status": "ACTIVE", "created": True})
        request = {"request": {"email": "new@example.com"}}
        said_ = [[said(path, {}, "POST")]]
        return Scenario("test_create", "create_account", [page], request, said_, is_walk=False)

    # From the same response, it is a mapping that is wrong; recorded again, it is another account.
    assert changed([created("u13")], [created("u14")]) == ["critical: id of 1 account: u13 → u14"]
    assert changed([created("u13")], [created("u14", "/people")])[0] == "major: id of 1 account: u13 → u14"


def test_what_stands_beside_the_records():
    error = {"error_code": "not_found"}
    before = {**success([account(1)]), "execution_summary": {"caught_errors": []}}
    after = {**before, "execution_summary": {"caught_errors": [error]}}
    base, head = (Scenario("test_walk", "list_accounts", [page]) for page in (before, after))
    assert changed([base], [head]) == [
        'major: execution_summary.caught_errors[]: 1 value is new: {"error_code": "not_found"}'
    ]


def test_an_edge_of_a_graph_that_is_gone():
    node = {"id": "e1", "resource_id": "r1", "label": "Admin"}
    edges = [{"from": "e1", "to": "e2"}, {"from": "e1", "to": "e3"}]
    base, head = (
        Scenario("test_graph", "find_entitlement_graph", [success({"nodes": [node], "edges": some})])
        for some in (edges, edges[1:])
    )
    assert changed([base], [head]) == [
        'critical: response.edges[]: 1 value is gone: {"from": "e1", "to": "e2"}'
    ]


def test_the_capability_of_a_base_of_the_earlier_form_is_that_of_the_heads_calls():
    base = accounts("test_walk", *PEOPLE, interactions=[[said("/users", [])]], form=1)
    head = accounts("test_walk", *PEOPLE[1:], interactions=[[said("/users", [])]])
    assert changed([base], [head]) == ["critical: 1 account is gone"]
    same = accounts("test_walk", *PEOPLE, interactions=[[said("/users", [])]])
    assert changed([base], [same]) == []


def test_values_that_are_gone_are_named_and_counted_one_by_one():
    paths = [f"snapshots/{MODULE}/test_own[{name}].json" for name in "ab"]
    base, head = (
        {path: as_json(each) for path, each in zip(paths, lists, strict=True)}
        for lists in ([["x", "y"], ["x", "z"]], [[], ["z"]])
    )
    (change,) = reviewed(base, head).changes
    assert (title(change), change.count) == ("the list: 3 values are gone", 3)
    assert [example_line(each) for each in examples(change)] == [
        f"x, in {MODULE}.py::test_own[a]",
        f"y, in {MODULE}.py::test_own[a]",
        f"x, in {MODULE}.py::test_own[b]",
    ]


def test_a_snapshot_without_a_call_is_compared_as_plain_json():
    path = f"snapshots/{MODULE}/test_own.json"
    review = reviewed({path: as_json({"a": [1, 2]})}, {path: as_json({"a": [1, 3]})})
    assert titles(review) == ["major: a[1]: 2 → 3"]


def test_a_custom_capability_has_no_key():
    pages = [[{"name": "a"}, {"name": "b"}], [{"name": "a"}, {"name": "c"}]]
    base, head = (Scenario("test_own", "list_badges", [success(page)]) for page in pages)
    assert changed([base], [head]) == ["major: response[1].name: b → c"]


def test_declarations():
    path = f"snapshots/{MODULE}/TestAcme.declarations.json"
    head = {path: as_json({"waivers": {"complete[list_accounts]": "The list has robots, too."}})}
    review = reviewed({}, head)
    assert titles(review) == [
        "critical: waivers[complete[list_accounts]] is declared: The list has robots, too."
    ]
    assert [(each.name, each.reason) for each in review.waivers] == [
        ("waivers[complete[list_accounts]]", "The list has robots, too.")
    ]
    assert titles(reviewed(head, {})) == [
        "minor: waivers[complete[list_accounts]] is no longer declared; it was: The list has robots, too."
    ]


def fields(capability="list_accounts", folder="tests", **cells):
    return {f"snapshots/{folder}/{capability}.fields.json": as_json({"GET /users": cells})}


def test_what_the_connector_needs_of_its_upstream():
    base = fields(email="required", name="read", id="required")
    head = fields(email="read", name="unread", id="required", phone="unread")
    assert titles(reviewed(base, head)) == [
        "major: list_accounts no longer stops if GET /users lacks email: it was required, and is read now",
        "minor: list_accounts no longer uses name of GET /users: it was read, and is unread now",
        "info: phone of GET /users is new in the calls of list_accounts: it is unread",
    ]


def test_a_field_that_several_capabilities_use_otherwise_is_one_change():
    names = ["list_accounts", "get_last_activity"]
    base, head = (
        {path: data for name in names for path, data in fields(name, email=cell).items()}
        for cell in ("required", "read")
    )
    (one,) = reviewed(base, head).changes
    assert title(one) == (
        "get_last_activity, list_accounts no longer stops if GET /users lacks email: "
        "it was required, and is read now"
    )
    assert (one.scenarios, one.files) == ([], sorted(base))
    head |= fields("get_last_activity", email="checked")
    assert len(reviewed(base, head).changes) == 2


def test_a_table_of_fields_that_came_or_went_is_one_change():
    table = {**fields(email="required", name="read"), **fields("list_users", email="read")}
    assert titles(reviewed({}, table)) == ["info: 2 tables of fields are new, of list_accounts, list_users"]
    assert titles(reviewed(table, {})) == ["major: 2 tables of fields are gone, of list_accounts, list_users"]


def test_tables_of_fields_that_lie_elsewhere_say_the_same():
    names = ["list_accounts", "list_users"]
    base, head = (
        {path: data for name in names for path, data in fields(name, folder, email="read").items()}
        for folder in ("tests", "tests/contract")
    )
    assert reviewed(base, head).changes == []
    # What lies elsewhere alone is no other capability's.
    review = reviewed(fields("list_accounts", email="read"), fields("list_users", email="read"))
    assert titles(review) == [
        "major: 1 table of fields is gone, of list_accounts",
        "info: 1 table of fields is new, of list_users",
    ]


def test_a_table_of_fields_in_another_form_says_the_same():
    path = "snapshots/tests/list_accounts.fields.json"
    review = reviewed(
        {path: b'{"GET /a": {"x": "read", "y": "read"}}'}, {path: b'{"GET /a":{"y":"read","x":"read"}}'}
    )
    assert (review.changes, review.not_understood) == ([], [])


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("snapshots/tests/list_accounts.fields.json", b"[]"),
        ("snapshots/tests/list_accounts.fields.json", b'{"GET /users": {"email": "wanted"}}'),
        (f"snapshots/{MODULE}/test_walk.json", b"{"),
        (f"snapshots/{MODULE}/test_walk.json", b"\xff\xfe"),
        (f"snapshots/{MODULE}/test_walk.json", b"[" * 100_000),
        (f"snapshots/{MODULE}/test_new.json", b"{"),
        (f"snapshots/{MODULE}/TestAcme.test_status[list_accounts].json", b"3"),
        (f"snapshots/{MODULE}/TestAcme.declarations.json", b"[]"),
        (f"cassettes/{MODULE}/test_walk.yaml", b"calls: ["),
        (f"cassettes/{MODULE}/test_walk.yaml", b""),
    ],
)
def test_a_file_that_is_not_valid_is_not_understood(path, data):
    base = stored(accounts("test_walk", *PEOPLE))
    review = reviewed(base, {**base, path: data})
    assert [each.files for each in review.not_understood] == [(path,)]
    assert "not " in review.not_understood[0].what


def test_files_that_are_not_stored_are_left_out():
    review = reviewed({"README.md": b"a", "snapshots/x/.hidden.json": b"{"}, {"README.md": b"b"})
    assert (review.changes, review.compared) == ([], 0)


def test_a_record_that_both_came_and_went_in_two_lists():
    base = stored(accounts("test_a", PEOPLE[0]), accounts("test_b", PEOPLE[1]))
    head = stored(accounts("test_a", PEOPLE[1]), accounts("test_b", PEOPLE[0]))
    review = reviewed(base, head)
    assert [(each.what, each.count) for each in review.changes] == [(What.REMOVED, 2), (What.ADDED, 2)]


def test_a_value_that_a_test_took_out_is_of_the_scenario_that_its_file_is_named_after():
    walk = accounts("test_walk[5]", *PEOPLE)
    path = f"snapshots/{MODULE}/test_walk[5][read back].json"
    base, head = (stored(walk, {path: as_json({"count": count})}) for count in (1, 2))
    (change,) = reviewed(base, head).changes
    assert change.scenarios == [f"{MODULE}.py::test_walk[5]"]


def test_one_explanation_hides_no_other_change_of_the_same_records():
    lower = [{**each, "username": each["username"].lower()} for each in PEOPLE]
    other = [{**each, "username": "nobody"} for each in PEOPLE]
    base = [accounts("test_a", *PEOPLE), accounts("test_b", *PEOPLE)]
    assert changed(base, [accounts("test_a", *lower), accounts("test_b", *other)]) == [
        "major: username of 12 accounts: now lower case, in 12 of 12",
        "major: username of 12 accounts: now always 'nobody', in 12 of 12",
    ]


def test_a_new_record_hides_no_list_that_has_lost_others():
    def unseen(*people):
        return accounts("test_unseen", *people, is_compared=False)

    base = [accounts("test_walk", *PEOPLE), unseen(*PEOPLE)]
    assert changed(base, [accounts("test_walk", *PEOPLE, account(99)), unseen()]) == [
        "critical: list_accounts answers with 0 records, and did with 12",
        "major: 1 account is new",
    ]


def test_a_record_that_is_gone_from_many_lists_explains_one_in_a_list_that_has_lost_more():
    def walks(people, unseen):
        compared = [accounts(f"test_walk[{size}]", *people) for size in (1, 5, 100)]
        return [*compared, accounts("test_unseen", *unseen, is_compared=False)]

    assert changed(walks(PEOPLE, PEOPLE), walks(PEOPLE[1:], PEOPLE[3:])) == [
        "critical: 1 account is gone",
        "critical: list_accounts answers with 9 records, and did with 12",
    ]
    assert changed(walks(PEOPLE, PEOPLE), walks(PEOPLE[1:], PEOPLE[1:])) == ["critical: 1 account is gone"]


def test_a_cassette_that_only_says_how_a_changed_answer_ends_goes_with_the_change():
    def files(*pages):
        return stored(Scenario("test_walk", "list_accounts", pages, is_walk=False))

    everybody = files(success(PEOPLE))
    for head in (files(success(PEOPLE[1:])), files(failure("not_found"))):
        review = reviewed(everybody, head)
        assert len(review.changes) == 1
        assert not review.not_understood
        assert review.changes[0].files == [
            f"snapshots/{MODULE}/test_walk.json",
            f"cassettes/{MODULE}/test_walk.yaml",
        ]


def test_records_that_are_listed_more_often_are_told_once():
    def walks(people, unseen):
        return [accounts("test_walk", *people), accounts("test_unseen", *unseen, is_compared=False)]

    twice = [*PEOPLE, *PEOPLE[:3]]
    line = "how often it is listed of 3 accounts"
    base, head = walks(PEOPLE, PEOPLE), walks(twice, twice)
    assert changed(base, head) == [f"major: {line}: 1 → 2"]
    assert changed(head, base) == [f"major: {line}: 2 → 1"]
    assert changed(base, walks(twice, [*twice, *PEOPLE])) == [
        f"major: {line}: 1 → 2",
        "major: list_accounts answers with 27 records, and did with 12",
    ]


def graph(*pages):
    parts = [
        success(
            {"resources": nodes, "resource_relationships": edges}, "more" if number < len(pages) else None
        )
        for number, (nodes, edges) in enumerate(pages, 1)
    ]
    return Scenario("test_graph", "find_resource_graph", parts)


NODES = [{"id": name, "resource_type": "box", "label": name} for name in ("a", "b")]
EDGES = [{"from": "a", "to": "b"}, {"from": "b", "to": "a"}]


def test_what_stands_beside_the_records_is_joined_as_they_are():
    one, two = graph((NODES, EDGES)), graph((NODES[:1], EDGES[:1]), (NODES[1:], EDGES[1:]))
    assert changed([one], [two]) == ["minor: the records of find_resource_graph come in other pages"]
    lost = graph((NODES, EDGES[:1]))
    assert changed([two], [lost])[0] == (
        'critical: response.resource_relationships[]: 1 value is gone: {"from": "b", "to": "a"}'
    )


@pytest.mark.parametrize(("before", "after"), [(True, False), (["a", "b"], ["a"]), (None, False)])
def test_what_a_custom_capability_answers_may_be_anything(before, after):
    base, head = (Scenario("test_own", "my_own", [success(each)], is_walk=False) for each in (before, after))
    (line,) = changed([base], [head])
    assert line.startswith("major: response")


def test_each_project_of_a_repository_has_its_own_people():
    def of(project, scenario):
        return {f"{project}/{path}": data for path, data in scenario.files().items()}

    everybody, fewer = accounts("test_walk", *PEOPLE), accounts("test_walk", *PEOPLE[1:])
    base = stored(of("a", everybody), of("b", everybody))
    review = reviewed(base, stored(of("a", fewer), of("b", everybody)))
    assert titles(review) == ["critical: 1 account is gone"]
    assert details(review.changes[0])[1] == "in no other response of list_accounts"
    review = reviewed(base, stored(of("a", fewer), of("b", fewer)))
    assert titles(review) == ["critical: 2 accounts are gone"]


def test_a_test_that_asks_for_something_else_has_another_answer():
    def activity(*ids):
        page = success([{"account_id": each, "event_type": "last_login"} for each in ids])
        return Scenario("test_last", "get_last_activity", [page], {"request": {"account_ids": list(ids)}})

    assert changed([activity("u1")], [activity("u2")]) == ["minor: 1 scenario asks for something else"]


def test_a_walk_that_is_made_once_and_was_made_twice_has_lost_nobody():
    walk = accounts("test_walk", *PEOPLE, is_compared=False)
    twice = Scenario("test_walk", "list_accounts", [*walk.pages, *walk.pages], walk.asked, is_compared=False)
    assert changed([twice], [walk]) == ["major: 1 call of list_accounts is gone"]


def test_records_that_are_listed_twice():
    twice = accounts("test_walk", *PEOPLE, *PEOPLE)
    assert changed([accounts("test_walk", *PEOPLE)], [twice]) == [
        "major: how often it is listed of 12 accounts: 1 → 2"
    ]


def test_another_order_is_called_that():
    assert changed([accounts("test_walk", *PEOPLE)], [accounts("test_walk", *PEOPLE[::-1])]) == [
        "minor: the order of the records of list_accounts has changed"
    ]


def test_a_field_without_a_value_says_the_same_as_none():
    now = [{**each, "account_type": None} for each in PEOPLE]
    assert changed([accounts("test_walk", *PEOPLE)], [accounts("test_walk", *now)]) == []


def test_a_new_table_of_statuses_is_no_change_of_a_status():
    path = f"snapshots/{MODULE}/TestAcme.test_status[list_accounts].json"
    assert titles(reviewed({}, {path: as_json({"on": ["ACTIVE"]})})) == ["info: 1 snapshot is new"]


def test_an_error_that_is_none_is_not_understood():
    base = stored(Scenario("test_call", "list_accounts", [failure("not_found")], is_walk=False))
    path = f"snapshots/{MODULE}/test_call.json"
    review = reviewed(base, {**base, path: as_json({"is_error": True, "error": "x"})})
    assert [each.files for each in review.not_understood] == [(path,)]


def test_many_errors_that_became_successes_are_one_line():
    names = ("list_accounts", "list_resources", "list_entitlements")
    codes = ("not_found", "rate_limit", "unauthorized")
    base = [Scenario(f"test[{n}]", n, [failure(c)], is_walk=False) for n, c in zip(names, codes, strict=True)]
    head = [Scenario(f"test[{n}]", n, [success([])], is_walk=False) for n in names]
    assert changed(base, head) == [
        "critical: list_accounts, list_entitlements, list_resources: an error → a success with 0 records"
    ]


def test_the_status_of_an_application_s_account():
    def application(status):
        record = {"account_id": "u1", "application_instance_id": "a1", "status": status}
        return Scenario("test_walk", "list_applications_accounts", [success([record])])

    assert changed([application("ACTIVE")], [application("DEPROVISIONED")]) == [
        "critical: status of 1 account: ACTIVE → DEPROVISIONED"
    ]


def test_a_further_exclusion_and_a_sample():
    path = f"snapshots/{MODULE}/TestAcme.declarations.json"

    def declared(**more):
        return {path: as_json({"excluded_ids": {"list_accounts": {"items[?bot].id": "robots"} | more}})}

    assert titles(reviewed(declared(), declared(**{"items[].id": "all"}))) == [
        "critical: excluded_ids[list_accounts][items[].id] is declared: all"
    ]
    sample = {path: as_json({"sample": {"pages": 3, "last": True}})}
    assert titles(reviewed({}, sample)) == ['critical: sample is declared: {"pages": 3, "last": true}']


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (f"{MODULE}/TestAcme.test_walk", f"{MODULE}/TestOther.test_walk"),
        (f"{MODULE}/test_walk", "tests/test_renamed/test_walk"),
        (f"{MODULE}/TestAcme.reads[list_accounts-100]", f"{MODULE}/TestOther.reads[list_accounts-100]"),
    ],
)
def test_a_class_or_a_module_with_another_name_hides_no_change(old, new):
    def named(name, *people):
        module, _, test = name.rpartition("/")
        files = accounts(test, *people, interactions=[[said("/users", [])]]).files()
        return {path.replace(MODULE, module): data for path, data in files.items()}

    assert titles(reviewed(named(old, *PEOPLE), named(new, *PEOPLE))) == [
        "minor: 1 scenario has another name"
    ]
    assert titles(reviewed(named(old, *PEOPLE), named(new, *PEOPLE[1:]))) == [
        "critical: 1 account is gone",
        "minor: 1 scenario has another name",
    ]


def test_of_several_tests_with_one_name_nobody_knows_which_was_renamed():
    def named(*modules):
        files = accounts("test_walk", *PEOPLE).files()
        return {path.replace(MODULE, module): data for module in modules for path, data in files.items()}

    assert titles(reviewed(named("tests/test_a"), named("tests/test_b", "tests/test_c"))) == [
        "major: 1 scenario is gone",
        "info: 2 scenarios are new",
    ]


def test_a_call_that_begins_in_the_middle_of_a_list_is_counted_too():
    asked = {"page": {"token": "middle"}}
    base, head = (
        Scenario("test_middle", "list_accounts", [success(people)], asked, is_compared=False)
        for people in (PEOPLE, PEOPLE[1:])
    )
    assert changed([base], [head]) == ["critical: list_accounts answers with 11 records, and did with 12"]


@pytest.mark.parametrize("capability", ["list_credentials", "my_own"])
def test_a_list_of_any_kind_that_has_no_snapshot_is_counted(capability):
    base, head = (
        Scenario("test_list", capability, [success([{"a": 1}] * number)], is_compared=False)
        for number in (3, 2)
    )
    assert changed([base], [head]) == [f"major: {capability} answers with 2 records, and did with 3"]


@pytest.mark.parametrize(
    ("capability", "before", "after", "line"),
    [
        ("list_accounts", [PEOPLE[0], "x"], [PEOPLE[0]], "critical: response[]: 1 value is gone: x"),
        ("list_accounts", [PEOPLE[0], 1], [PEOPLE[0], True], "critical: response[]: 1 value is gone: 1"),
        ("list_accounts", [], None, "major: response: [] → nothing"),
        (
            "find_resource_graph",
            {"resources": ["a"], "resource_relationships": []},
            {"resources": ["b"], "resource_relationships": []},
            "critical: response.resources[]: 1 value is gone: a",
        ),
    ],
)
def test_what_stands_among_the_records_and_is_none(capability, before, after, line):
    base, head = (Scenario("test_walk", capability, [success(each)]) for each in (before, after))
    assert changed([base], [head])[0] == line


@pytest.mark.parametrize("file", ["test_walk.json", "TestAcme.declarations.json"])
def test_a_snapshot_that_has_a_name_twice_is_not_understood(file):
    path = f"snapshots/{MODULE}/{file}"
    base = stored(accounts("test_walk", *PEOPLE))
    review = reviewed(base, {**base, path: b'{"waivers": {}, "waivers": {"info": "a gap"}}'})
    (one,) = review.not_understood
    assert one.what == "it is not valid JSON: an object in it has the name 'waivers' twice"
    assert one.files == (path,)


def test_true_is_no_one():
    path = f"snapshots/{MODULE}/TestAcme.declarations.json"
    base, head = ({path: as_json({"page_sizes": [each]})} for each in (1, True))
    assert titles(reviewed(base, head)) == ["major: page_sizes: [1] → [true]"]


@pytest.mark.parametrize("broken", ["base", "head"])
def test_a_cassette_that_is_not_valid_is_named_once(broken):
    cassette, snapshot = (f"{kind}/{MODULE}/test_walk{end}" for kind, end in
                          (("cassettes", ".yaml"), ("snapshots", ".json")))  # fmt: skip
    files = {**stored(accounts("test_walk", *PEOPLE)), cassette: b"calls: ["}
    review = reviewed(files, {}) if broken == "base" else reviewed({}, files)
    assert [(each.count, each.files) for each in review.not_understood] == [(1, (cassette,))]
    # Its snapshot was read, and is no part of what was not.
    assert [each.files for each in review.changes] == [[snapshot]]


def test_a_response_that_is_no_longer_compared_though_its_snapshot_is_still_there():
    compared = stored(accounts("test_walk", *PEOPLE))
    cassette = stored(accounts("test_walk", *PEOPLE, is_compared=False))
    review = reviewed(compared, {**compared, **cassette})
    assert titles(review) == ["major: 1 snapshot is gone"]
    assert review.changes[0].files == [f"cassettes/{MODULE}/test_walk.yaml"]
    assert titles(reviewed({**compared, **cassette}, compared)) == ["info: 1 snapshot is new"]


def test_what_no_change_names_is_not_called_a_change_of_form():
    """A cassette says that a call ended otherwise, and the snapshot of its response does not."""
    base = stored(accounts("test_walk", *PEOPLE))
    cassette = f"cassettes/{MODULE}/test_walk.yaml"
    fewer = {**base, cassette: base[cassette].replace(b'"success": 12', b'"success": 11')}
    assert changed([base], [fewer]) == ["critical: list_accounts answers with 11 records, and did with 12"]
    head = {**base, cassette: base[cassette].replace(b'"success": 12', b'"success": true')}
    assert head != base
    (one,) = reviewed(base, head).not_understood
    assert one.what.startswith("it differs in something that a review has no words for")
    assert one.files == (cassette,)


def test_what_only_a_later_page_has_beside_its_records():
    first, later = ({**success([each]), "note": note} for each, note in zip(PEOPLE[:2], "ab", strict=True))
    sides = [
        stored(Scenario("test_walk", "list_accounts", [first, {**later, "note": note}])) for note in "bc"
    ]
    assert titles(reviewed(*sides)) == ["major: note: b → c"]

    def walk(**beside):
        none = {"execution_summary": None, "raw_data": None}
        pages = ({**success([each], "more"), **none} for each in PEOPLE[:3])
        return Scenario(
            "test_walk", "list_accounts", [{**page, **(beside if n else {})} for n, page in enumerate(pages)]
        )

    error = {"error_code": "not_found"}
    summary = {"description": "d", "caught_errors": [error]}
    base, head = [walk()], [walk(execution_summary=summary, raw_data={"partial": "yes"})]
    assert changed(base, head) == [
        'major: execution_summary.caught_errors[]: 2 values are new: {"error_code": "not_found"}',
        'major: execution_summary: nothing → {"description": "d"}',
        'major: raw_data: nothing → {"partial": "yes"}',
    ]
    assert changed(head, base) == [
        'major: execution_summary.caught_errors[]: 2 values are gone: {"error_code": "not_found"}',
        'major: execution_summary: {"description": "d"} → nothing',
        'major: raw_data: {"partial": "yes"} → nothing',
    ]


def test_what_stands_beside_the_records_of_other_pages():
    def walk(size, **beside):
        scenario = accounts("test_walk", *PEOPLE, size=size)
        scenario.pages = [{**page, **beside, "note": n} for n, page in enumerate(scenario.pages)]
        return scenario

    assert changed([walk(3)], [walk(6)]) == ["minor: the records of list_accounts come in other pages"]
    assert changed([walk(3)], [walk(6, raw_data={"partial": "yes"})]) == [
        'major: raw_data: nothing → {"partial": "yes"}',
        "minor: the records of list_accounts come in other pages",
    ]


def test_a_file_in_another_form_has_no_change():
    base = stored(accounts("test_walk", *PEOPLE))
    path = f"snapshots/{MODULE}/test_walk.json"
    review = reviewed(base, {**base, path: base[path].replace(b"\n", b"")})
    assert (review.changes, review.not_understood, review.compared) == ([], [], 1)


def test_files_with_the_marks_of_a_merge_conflict_have_one_reason():
    scenario = accounts("test_walk", *PEOPLE)
    base = stored(scenario)
    more = stored(accounts("test_b", *PEOPLE))
    conflict = b"<<<<<<< HEAD\n%s\n=======\n%s\n>>>>>>> f\n"
    head = {
        **{
            path: b"\n" * number + conflict % (data, data) for number, (path, data) in enumerate(base.items())
        },
        **{path: data.replace(b"\n", b"\n" + conflict % (b"x", b"y"), 1) for path, data in more.items()},
    }
    (one,) = reviewed({**base, **more}, head).not_understood
    assert one.what == "it has the marks of a merge conflict: resolve it"
    assert set(one.files) == {path for path, data in head.items() if b"<<<<<<<" in data}
    assert one.count == 4


def test_half_a_body_is_not_compared():
    def files(answer):
        return stored(accounts("test_walk", *PEOPLE, interactions=[[said("/users", answer)]]))

    cut = as_json(PEOPLE)[:100]
    review = reviewed(files(PEOPLE), files(cut))
    (one,) = review.not_understood
    assert one.what.startswith("a response that it has is called JSON, was valid JSON, and is none any more")
    assert one.files == (f"cassettes/{MODULE}/test_walk.yaml",)
    assert review.upstream == []
    # What was none before is compared as before.
    assert reviewed(files(cut), files(cut + b"more")).not_understood == []
    assert reviewed(files(cut), files(PEOPLE)).not_understood == []


def test_the_people_of_a_change_are_in_the_order_of_their_ids():
    now = [{**each, "username": "Somebody"} for each in PEOPLE]
    review = reviewed(stored(accounts("a", *PEOPLE[::-1])), stored(accounts("a", *now[::-1])))
    (change,) = review.changes
    assert [each.record for each in change.people] == [f"u{number}" for number in range(1, 13)]


def elsewhere(files, old, new):
    return {path.replace(old, new): data for path, data in files.items()}


def test_what_a_folder_that_was_moved_has_lost_is_critical():
    def files(people):
        return stored(*(accounts(f"test_walk[{size}]", *people) for size in (1, 5)))

    base, same, head = files(PEOPLE), files(PEOPLE), files(PEOPLE[1:])
    for kind in ("cassettes/", "snapshots/"):
        same, head = (elsewhere(each, kind, f"connectors/{kind}") for each in (same, head))
    assert titles(reviewed(base, same)) == ["minor: 2 scenarios have another name"]
    assert titles(reviewed(base, head)) == [
        "critical: 1 account is gone",
        "minor: 2 scenarios have another name",
    ]


def test_two_modules_that_are_both_renamed_are_paired_by_what_they_have():
    def module(name, *people):
        walks = stored(accounts("test_walk", *people), accounts("test_other", account(name)))
        return elsewhere(walks, MODULE, f"tests/test_{name}")

    base = {**module(1, *PEOPLE), **module(2, *PEOPLE[:3])}
    head = {
        **elsewhere(module(1, *PEOPLE[1:]), "test_1/", "test_b/"),
        **elsewhere(module(2, *PEOPLE[:3]), "test_2/", "test_a/"),
    }
    assert titles(reviewed(base, head)) == [
        "critical: 1 account is gone",
        "minor: 4 scenarios have another name",
    ]


def test_parameters_with_other_names_are_paired_by_what_is_played():
    def walks(names, people):
        sizes = {1: names[0], 5: names[1], 100: names[2]}
        return stored(
            *(
                accounts(
                    f"test_walk[{name}]",
                    *people[size],
                    size=size,
                    interactions=[[said(f"/users?p={size}.{n}", {})] for n in range(0, 12, size)],
                )
                for size, name in sizes.items()
            )
        )

    everybody = dict.fromkeys((1, 5, 100), PEOPLE)
    base = walks(("1", "5", "100"), everybody)
    same = walks(("one", "mid", "large"), everybody)
    assert titles(reviewed(base, same)) == ["minor: 3 scenarios have another name"]
    fewer = [*PEOPLE[:4], account(5, user_status="SUSPENDED"), *PEOPLE[5:]]
    lost = walks(("one", "mid", "large"), {**everybody, 100: fewer})
    review = reviewed(base, lost)
    assert titles(review) == [
        "critical: user_status of 1 account: ACTIVE → SUSPENDED",
        "minor: 3 scenarios have another name",
    ]
    assert review.changes[0].files == [f"snapshots/{MODULE}/test_walk[large].json"]
    gone = walks(("one", "mid", "large"), {**everybody, 100: PEOPLE[1:]})
    assert titles(reviewed(base, gone))[0] == "critical: 1 account is gone"


def two(name, capability, *pages, **asked):
    """Two requests whose answers one snapshot has."""
    return Scenario(name, capability, pages, asked)


def test_each_of_several_requests_in_one_snapshot_has_its_own_answer():
    wrong = failure("not_found")
    base, head = (two("test_two", "list_accounts", page, success(PEOPLE)) for page in (wrong, success([])))
    assert changed([base], [head]) == [
        "critical: list_accounts: the error not_found → a success with 0 records"
    ]
    fewer = two("test_two", "list_accounts", success(PEOPLE[1:]), success(PEOPLE))
    assert changed([two("test_two", "list_accounts", success(PEOPLE), success(PEOPLE))], [fewer]) == [
        "critical: 1 account is gone"
    ]


def test_an_error_that_is_gone_with_its_page_is_a_success_now():
    def walk(*pages):
        http = [[said(f"/users?page={number}", {})] for number, _ in enumerate(pages)]
        return Scenario("test_walk", "list_accounts", pages, is_compared=False, interactions=http)

    first, last = success(PEOPLE[:6], "more"), success(PEOPLE[:6])
    (line,) = changed([walk(first, failure("server_error"))], [walk(last)])
    assert line == "critical: list_accounts: the error server_error → a success with 6 records"
    (line,) = changed([walk(last)], [walk(first, failure("server_error"))])
    assert line == "major: list_accounts: a success with 6 records → the error server_error"


def test_accounts_that_are_numbered_anew_have_other_ids():
    def listed(*numbers):
        people = [{**PEOPLE[who], "integration_specific_id": f"u{n}"} for n, who in enumerate(numbers)]
        return accounts("test_walk", *people)

    (line,) = changed([listed(0, 1, 2, 3)], [listed(3, 0, 1, 2)])
    assert line == "critical: integration_specific_id of 4 accounts: different values"
    review = reviewed(stored(listed(0, 1, 2, 3)), stored(listed(1, 2, 3)))
    assert sorted(titles(review)) == [
        "critical: 1 account is gone",
        "critical: integration_specific_id of 3 accounts: different values",
    ]
    gone = next(each for each in review.changes if each.what is What.REMOVED)
    assert [each.name for each in gone.people] == ["person-1@example.com"]


def test_an_account_that_has_got_the_address_of_another_keeps_its_id():
    now = [{**PEOPLE[0], "email": PEOPLE[1]["email"]}, {**PEOPLE[1], "email": PEOPLE[0]["email"]}]
    base, head = (
        accounts(
            "test_walk",
            *({**each, "given_name": n, "phone": n} for n, each in zip("ab", people, strict=True)),
        )
        for people in (PEOPLE[:2], now)
    )
    assert [line.partition(" of ")[0] for line in changed([base], [head])] == ["major: email"] * 2


def test_what_is_listed_again_with_another_status():
    twice = [*PEOPLE, {**PEOPLE[0], "user_status": "SUSPENDED"}]
    assert changed([accounts("test_walk", *PEOPLE)], [accounts("test_walk", *twice)]) == [
        "critical: user_status of 1 account: ACTIVE → SUSPENDED",
        "major: how often it is listed of 1 account: 1 → 2",
    ]


def test_other_settings_hide_nothing():
    base, head = (
        Scenario("test_walk", "list_accounts", [success(people)], {"settings": {"a": value}})
        for value, people in ((1, PEOPLE), (2, PEOPLE[1:]))
    )
    assert changed([base], [head]) == [
        "critical: 1 account is gone",
        "minor: 1 scenario asks for something else",
    ]


def test_a_test_that_has_got_a_parameter_has_another_name():
    def walks(*names):
        return stored(*(accounts(name, *PEOPLE, interactions=[[said("/users", [])]]) for name in names))

    base, head = walks("test_walk", "test_other[a]"), walks("test_walk[4]", "test_walk[6]", "test_other[b]")
    assert sorted(titles(reviewed(base, head))) == [
        "info: 1 scenario is new",
        "minor: 2 scenarios have another name",
    ]


def test_a_list_that_has_got_a_page_without_asking_again_is_compared():
    base, head = (accounts("test_walk", *PEOPLE[:number], size=3) for number in (6, 7))
    review = reviewed(stored(base), stored(head))
    assert titles(review)[0] == "major: 1 account is new"
    assert not review.not_understood
    unseen = (accounts("test_walk", *PEOPLE, size=size, is_compared=False) for size in (3, 6))
    base, head = (Scenario(each.name, each.capability, each.pages, is_compared=False) for each in unseen)
    review = reviewed(stored(base), stored(head))
    assert titles(review) == ["minor: the records of list_accounts come in other pages"]
    assert not review.not_understood


def test_an_upstream_that_answers_without_a_body_now():
    base, head = (
        accounts("test_walk", *PEOPLE, interactions=[[said("/users", body)]]) for body in (b"{}", b"")
    )
    review = reviewed(stored(base), stored(head))
    assert not review.not_understood
    assert [each.text for each in review.upstream] == ['the body: "2 bytes" → "nothing"']


def test_fields_without_a_value_beside_the_records_say_nothing():
    base = success(PEOPLE)
    head = {name: value for name, value in base.items() if value is not None}
    sides = (stored(Scenario("test_walk", "list_accounts", [page])) for page in (base, head))
    review = reviewed(*sides)
    assert (titles(review), review.not_understood) == ([], [])


def test_the_id_of_a_non_human_account_is_an_id():
    base, head = (
        Scenario(
            "test_walk",
            "list_non_human_accounts",
            [success([{"resource_id": "r1", "id": id_, "label": "Bot"}])],
        )
        for id_ in ("a", "b")
    )
    assert changed([base], [head]) == ["critical: id of 1 account: a → b"]


def test_what_a_write_answers_is_nobodys_place_in_a_list():
    request = {"request": {"account_id": "u1"}}
    base, head = (
        Scenario("test_delete", "delete_account", [success(each)], request)
        for each in (None, {"response_status_code": 200})
    )
    assert not [line for line in changed([base], [head]) if line.startswith("critical")]


def test_places_in_what_nobody_has_a_key_of_are_counted():
    base, head = (
        Scenario("test_own", "my_own", [success([{"s": value}] * 50)], is_walk=False) for value in "ab"
    )
    assert changed([base], [head]) == ["major: response[].s: a → b, in 50 places"]


def test_a_list_of_texts_in_a_record_is_one_value():
    base, head = ([{**each, "tags": tags} for each in PEOPLE] for tags in (["a", "b"], ["b", "a"]))
    assert changed([accounts("test_walk", *base)], [accounts("test_walk", *head)]) == [
        'major: tags of 12 accounts: ["a", "b"] → ["b", "a"]'
    ]


def test_errors_that_are_lists_of_any_length_now_are_one_change():
    walks = [
        [Scenario(f"test_{n}", "list_accounts", [page]) for n, page in enumerate(pages)]
        for pages in ([failure("x")] * 3, [success(PEOPLE[:n]) for n in (1, 4, 9)])
    ]
    review = reviewed(*(stored(*each) for each in walks))
    assert titles(review) == ["critical: list_accounts: the error x → a success"]
    assert [example_line(each) for each in examples(review.changes[0])][1] == (
        "list_accounts: the error x → a success with 4 records"
    )


def test_what_stands_beside_an_error_is_compared_with_it():
    base, head = (
        Scenario("test_call", "get_account", [{**failure("x", message), "note": note}], is_walk=False)
        for message, note in (("one", 1), ("two", 2))
    )
    assert changed([base], [head]) == [
        "major: note: 1 → 2",
        "minor: message of 1 error of get_account: one → two",
    ]


def test_other_people_without_an_address_are_not_the_same():
    base, head = (
        accounts("test_walk", {**account(number), "email": "", "username": name})
        for number, name in ((20, "Ann"), (30, "Bob"))
    )
    assert changed([base], [head]) == ["critical: 1 account is gone", "major: 1 account is new"]


def test_the_requests_of_a_snapshot_are_paired_by_what_is_asked_for():
    """A test that asks for one more, for one less, or in another order, hides nothing of the others."""

    def asking(*ids, wrong=()):
        files = {}
        calls = [
            Call(
                "get_account",
                Failure("x") if one in wrong else Success(),
                {"request": {"account_id": one}},
                (),
                (),
                ("test_two.json",),
            )
            for one in ids
        ]
        pages = [failure("x") if one in wrong else success(account(int(one[1:]))) for one in ids]
        files[f"cassettes/{MODULE}/test_two.yaml"] = b"".join(
            cassette_parts(Cassette((), tuple(calls), (), 2))
        )
        files[f"snapshots/{MODULE}/test_two.json"] = as_json(pages)
        return files

    error = "critical: get_account: the error x → a success with 1 record"
    assert titles(reviewed(asking("u1", "u2", wrong=["u2"]), asking("u2", "u1"))) == [
        error,
        "minor: 1 scenario asks for something else",
    ]
    assert titles(reviewed(asking("u1", "u2", wrong=["u2"]), asking("u3", "u1", "u2"))) == [
        error,
        "info: 1 call of get_account is new",
    ]
    for base, head in (
        (asking("u1", "u2"), asking("u1", "u2", "u3")),
        (asking("u1", "u2", "u3"), asking("u1")),
    ):
        review = reviewed(base, head)
        assert not review.not_understood
        assert [each.files for each in review.changes] == [sorted(base)]


def test_a_wrong_page_token_that_gives_the_first_page_is_told():
    first, bad = success(PEOPLE[:2], "more"), failure("bad_request")

    def asking(*pages):
        tokens = (None, "wrong", "other")
        calls = tuple(
            Call(
                "list_accounts",
                outcome_of(page),
                {"page": {"token": token}} if token else {},
                (),
                (),
                ("test_two.json",),
            )
            for page, token in zip(pages, tokens, strict=True)
        )
        head = b"".join(cassette_parts(Cassette((), calls, (), 2)))
        return {
            f"cassettes/{MODULE}/test_two.yaml": head,
            f"snapshots/{MODULE}/test_two.json": as_json(pages),
        }

    assert titles(reviewed(asking(first, bad, bad), asking(first, first, bad))) == [
        "critical: list_accounts: the error bad_request → a success with 2 records"
    ]


def test_a_list_that_asks_for_something_else_does_not_explain_another():
    def roles(resource, *ids, **more):
        found = [{"account_id": each, "integration_specific_entitlement_id": "e"} for each in ids]
        asked = {"request": {"integration_specific_resource_id": resource}}
        return Scenario(f"test_{resource}", "find_entitlement_associations", [success(found)], asked, **more)

    base, head = (
        stored(roles("r1", *ids[:1], is_compared=False), roles("r2", *ids)) for ids in (("u1", "u2"), ())
    )
    assert "critical: find_entitlement_associations answers with 0 records, and did with 1" in titles(
        reviewed(base, head)
    )


def test_who_is_gone_where_all_are_numbered_anew_is_in_no_other_list():
    def listed(*numbers):
        people = [{**PEOPLE[who], "integration_specific_id": f"u{n}"} for n, who in enumerate(numbers)]
        return accounts("test_walk", *people)

    now = listed(1, 2, 3)
    now.pages[0]["response"][1]["user_status"] = "SUSPENDED"
    review = reviewed(stored(listed(0, 1, 2, 3)), stored(now))
    gone = next(each for each in review.changes if each.what is What.REMOVED)
    assert details(gone)[1] == "in no other response of list_accounts"
    assert "critical: user_status of 1 account: ACTIVE → SUSPENDED" in titles(review)


def test_an_id_that_is_empty_now():
    now = [{**PEOPLE[0], "integration_specific_id": ""}, *PEOPLE[1:]]
    assert changed([accounts("test_walk", *PEOPLE)], [accounts("test_walk", *now)]) == [
        'critical: integration_specific_id of 1 account: u1 → ""'
    ]


def test_other_page_tokens_than_those_that_the_calls_have_are_page_tokens():
    """So it is at the end of a run: the answers are new, and the calls are those of the recording."""
    base = stored(accounts("test_walk", *PEOPLE, size=5))
    path = f"snapshots/{MODULE}/test_walk.json"
    head = {**base, path: base[path].replace(b"token-", b"other-")}
    review = reviewed(base, head)
    assert titles(review) == ["minor: the page token of list_accounts has changed"]
    lost = json.loads(head[path])
    del lost[1]["response"][0]
    assert titles(reviewed(base, {**base, path: as_json(lost)})) == [
        "critical: 1 account is gone",
        "minor: the page token of list_accounts has changed",
    ]


def test_a_snapshot_that_has_got_a_response_which_no_call_tells_is_not_compared():
    """A base of the earlier form has no calls, so that nobody can say that one is new."""
    pages = [success(account(number)) for number in (1, 2)]
    base, head = (
        Scenario("test_two", "get_account", pages[:number], {"request": {"account_id": "u1"}}, form=form)
        for number, form in ((1, 1), (2, 2))
    )
    review = reviewed(stored(base), stored(head))
    assert [path for each in review.not_understood for path in each.files] == [
        f"snapshots/{MODULE}/test_two.json"
    ]
