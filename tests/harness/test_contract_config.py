"""What only the author knows of a connector: checked before anything is asked."""

from __future__ import annotations

import pytest

from connector_contract.contract.by_variant import by_variant
from connector_contract.contract.connector_contract import ConnectorContract
from connector_contract.contract.contract_config import ContractConfig, compiled
from connector_contract.contract.declared_less import check_tolerated
from connector_contract.errors import UsageError
from connector_contract.fill_in import fill_in

RULES = {"complete": True, "info": False}


def config(**facts):
    return ContractConfig.of(type("TestContract", (ConnectorContract,), facts))


TOLERATED = "status-404[delete_account-DELETE /users/*]"


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"page_sizes": [2], "max_pages": 1, "unknown_id": "0"}, id="sizes"),
        pytest.param({"upstream_ids": {"list_accounts": "items[].id"}}, id="a path"),
        pytest.param({"upstream_ids": {"list_accounts": {"/api/*": "items[].id"}}}, id="a path for a glob"),
        pytest.param({"upstream_status": {"list_accounts": fill_in("the status")}}, id="a path to fill in"),
        pytest.param({"read_requests": {"get_account": {"account_id": fill_in("an id")}}}, id="an id to"),
        pytest.param({"write_requests": {"create_account": fill_in("a request")}}, id="a request to"),
        pytest.param({"write_requests": {"create_account": [{}, fill_in("another")]}}, id="several to"),
        pytest.param({"write_requests": {"create_account": ({"email": "a"}, {"email": "b"})}}, id="several"),
        pytest.param(
            {"declared_choices": {"writes[delete_account]": {"choice": "keeps_access", "reason": "it does"}}},
            id="a choice",
        ),
        pytest.param({"excluded_ids": {"list_accounts": {"items[?bot].id": "no people"}}}, id="a reason"),
        pytest.param({"empty_attributes": {"list_accounts": {"team": "nobody has one"}}}, id="no values"),
        pytest.param({"oauth_requests": {"refresh_access_token": fill_in("a request")}}, id="tokens to"),
        pytest.param(
            {"oauth_requests": {"handle_authorization_callback": {"redirect_uri_with_code": len}}},
            id="a login",
        ),
        pytest.param({"waivers": {"complete[list_accounts]": "a gap", "info": "a gap"}}, id="waivers"),
        pytest.param({"bad_auth": {"token": {"token": "x"}}}, id="bad credentials"),
        pytest.param({"restore": {"update_account": {"update_account": {"id": "u1"}}}}, id="the way back"),
        pytest.param({"restore": {"update_account": {"update_account": fill_in("it")}}}, id="a way back to"),
    ],
)
def test_what_rules_can_use(facts):
    assert config(**facts).check(RULES) is None


@pytest.mark.parametrize(
    ("facts", "what"),
    [
        ({"page_sizes": 3}, "page_sizes is 3, and should be a list of positive numbers."),
        ({"page_sizes": ()}, "page_sizes is (), and should be a list of positive numbers."),
        ({"page_sizes": (1, 0)}, "page_sizes is (1, 0), and should be a list of positive numbers."),
        ({"page_sizes": (True,)}, "page_sizes is (True,), and should be a list of positive numbers."),
        ({"max_pages": 0}, "max_pages is 0, and should be a positive number."),
        ({"max_pages": "9"}, "max_pages is '9', and should be a positive number."),
        ({"unknown_id": 0}, "unknown_id is 0, and should be a string, an id that nothing has."),
        ({"unknown_id": ""}, "unknown_id is '', and should be a string, an id that nothing has."),
        ({"upstream_ids": "items[].id"}, "upstream_ids is 'items[].id', and should be a dict."),
        ({"waivers": ["info"]}, "waivers is ['info'], and should be a dict."),
        ({"bad_auth": "x"}, "bad_auth is 'x', and should be a dict."),
        ({"restore": "x"}, "restore is 'x', and should be a dict."),
        (
            {"restore": {"update_account": ["x"]}},
            "restore['update_account'] is ['x'], and should be a dict.",
        ),
        (
            {"restore": {"update_account": {"update_account": "u1"}}},
            "restore['update_account']['update_account'] is 'u1', and should be a dict.",
        ),
        (
            {"read_requests": {"get_account": "u1"}},
            "read_requests['get_account'] is 'u1', and should be a dict.",
        ),
        (
            {"upstream_ids": {"list_accounts": 3}},
            "upstream_ids['list_accounts'] is 3, and should be a JMESPath expression.",
        ),
        (
            {"upstream_status": {"list_accounts": {"/a": "items["}}},
            "upstream_status['list_accounts'] is not a JMESPath expression: 'items['.",
        ),
        (
            {"excluded_ids": {"list_accounts": "bots"}},
            "excluded_ids['list_accounts'] is 'bots', and should be a dict.",
        ),
        (
            {"excluded_ids": {"list_accounts": {"items[": "bots"}}},
            "excluded_ids['list_accounts'] is not a JMESPath expression: 'items['.",
        ),
        (
            {"excluded_ids": {"list_accounts": {"bots": " "}}},
            "excluded_ids['list_accounts']['bots'] has no reason.",
        ),
        (
            {"upstream_kind": {"list_accounts": "items["}},
            "upstream_kind['list_accounts'] is not a JMESPath expression: 'items['.",
        ),
        (
            {"empty_attributes": {"list_accounts": ["team"]}},
            "empty_attributes['list_accounts'] is ['team'], and should be a dict.",
        ),
        (
            {"empty_attributes": {"list_accounts": {"team": ""}}},
            "empty_attributes['list_accounts']['team'] has no reason.",
        ),
        (
            {"oauth_requests": {"refresh_access_token": "r"}},
            # What it is may be secret.
            "oauth_requests['refresh_access_token'] is a str, and should be a dict.",
        ),
        (
            {"oauth_requests": {"refresh_access_token": {"refresh_token": None}}},
            "oauth_requests['refresh_access_token']['refresh_token'] is a NoneType, and should be a string.",
        ),
        (
            {"oauth_requests": {"handle_authorization_callback": {"redirect_uri_with_code": 5}}},
            "oauth_requests['handle_authorization_callback']['redirect_uri_with_code'] is a int, and should "
            "be a string, or a function.",
        ),
        (
            {"write_requests": {"create_account": [{}, "new"]}},
            "write_requests['create_account'][1] is 'new', and should be a dict.",
        ),
        (
            {"write_requests": {"create_account": [{"email": "a"}, {"email": "a"}]}},
            "write_requests['create_account'] has the same example twice.",
        ),
        ({"write_requests": {"create_account": []}}, "write_requests['create_account'] is an empty list."),
        (
            {"declared_choices": {"writes[delete_account]": {"choice": "forgets", "reason": "it does"}}},
            "declared_choices['writes[delete_account]'] chooses 'forgets', which the rule does not leave "
            "open.",
        ),
        (
            {"declared_choices": {"pages[list_accounts]": {"choice": "none", "reason": "it does"}}},
            "declared_choices['pages[list_accounts]'] names no rule that leaves a choice.",
        ),
        *(
            (
                {
                    "declared_choices": {
                        "writes[delete_account]": {"choice": "keeps_access", "reason": reason}
                    }
                },
                "declared_choices['writes[delete_account]'] has no reason.",
            )
            for reason in (None, "", " ")
        ),
        *(
            (
                {"declared_choices": {"writes[delete_account]": value}},
                f"declared_choices['writes[delete_account]'] is {value!r}, and should have a choice and a "
                "reason.",
            )
            for value in ("keeps_access", {"choice": "keeps_access"})
        ),
        *(
            (
                {"tolerated_faults": {key: "it is gone"}},
                f"tolerated_faults[{key!r}] does not name a fault, a capability and an endpoint.",
            )
            for key in (
                "status-404",
                "all",
                "status-404[delete_account]",
                "status-404[delete_account-*]",
                "status-404[*-DELETE /users/*]",
                "*[delete_account-DELETE /users/*]",
                404,
            )
        ),
        *(
            (
                {"tolerated_faults": {TOLERATED: reason}},
                f"tolerated_faults[{TOLERATED!r}] has no reason.",
            )
            for reason in (None, "", " ", 404)
        ),
        ({"waivers": {"info": None}}, "waivers['info'] has no reason."),
        ({"waivers": {"pages": "x"}}, "waivers['pages'] waives no rule."),
        ({"waivers": {"complete[": "x"}}, "waivers['complete['] waives no rule."),
        (
            {"waivers": {"complete": "x"}},
            "waivers['complete'] waives too much: complete is checked for each capability.",
        ),
        (
            {"waivers": {"info[list_accounts]": "x"}},
            "waivers['info[list_accounts]'] waives no rule: info is checked once.",
        ),
    ],
)
def test_what_no_rule_could_use(facts, what):
    with pytest.raises(UsageError) as caught:
        config(**facts).check(RULES)
    assert caught.value.what == what


@pytest.mark.parametrize(
    ("facts", "form"),
    [
        ({"upstream_ids": "items[].id"}, 'upstream_ids = {"list_accounts": "items[].id"}'),
        ({"upstream_kind": "items[].kind"}, 'upstream_kind = {"list_accounts": "items[].[id, kind]"}'),
        (
            {"upstream_kind": {"list_accounts": ["id", "kind"]}},
            'upstream_kind = {"list_accounts": "items[].[id, kind]"}',
        ),
        *(
            (
                {"empty_attributes": value},
                'empty_attributes = {"list_accounts": {"cost_center": "the reason"}}',
            )
            for value in (["team"], {"team": "nobody has one"}, {"list_accounts": ["team"]})
        ),
        (
            {"excluded_ids": {"items[?bot].id": "no people"}},
            'excluded_ids = {"list_accounts": {"items[?bot].id": "the reason"}}',
        ),
        ({"read_requests": {"account_id": "u1"}}, 'read_requests = {"get_account": {"account_id": "..."}}'),
        ({"not_http": ["list_accounts"]}, 'not_http = {"list_accounts": "read over LDAP"}'),
        *(
            (
                {"tolerated_faults": value},
                'tolerated_faults = {"status-404[delete_account-DELETE /users/*]": "the reason"}',
            )
            for value in (["status-404"], "all", None)
        ),
        (
            {"declared_choices": ["keeps_access"]},
            'declared_choices = {"<rule>[<capability>]": {"choice": "...", "reason": "..."}}',
        ),
        ({"waivers": "info"}, 'waivers = {"complete[list_accounts]": "the reason"}'),
        ({"bad_auth": "x"}, 'bad_auth = {"token": {"token": "..."}}'),
    ],
)
def test_the_remedy_shows_the_right_form(facts, form):
    with pytest.raises(UsageError) as caught:
        config(**facts).check(RULES)
    assert caught.value.remedy.endswith(f"{form}.")


def test_the_form_of_what_is_not_by_capability():
    about = config(upstream_kind={"bot": "service"})
    with pytest.raises(UsageError) as caught:
        about.check_names(["list_accounts", "get_account"])
    assert caught.value.remedy == (
        'Fix its name, or delete it. Its form is upstream_kind = {"list_accounts": "items[].[id, kind]"}.'
    )
    with pytest.raises(UsageError, match=r"Did you mean list_accounts\? If not, delete it\."):
        config(upstream_kind={"list_acounts": "x"}).check_names(["list_accounts", "get_account"])


@pytest.mark.parametrize(
    ("key", "remedy"), [("complete", "'complete[list_accounts]'"), ("info[x]", "'info'")]
)
def test_a_waiver_is_shown_as_pytest_shows_the_rule(key, remedy):
    with pytest.raises(UsageError) as caught:
        config(waivers={key: "x"}).check(RULES)
    assert caught.value.remedy == f"Write it as {remedy}, which is how pytest shows it."


def spelt(classes=(), **facts):
    contract = type("TestContract", classes or (ConnectorContract,), facts)
    own = contract.__mro__[: contract.__mro__.index(ConnectorContract)]
    ContractConfig.check_spelling(own, ["list_accounts", "get_account", "create_account"])


OF_ACCOUNTS = {"list_accounts": "items[].[id, kind]"}


@pytest.mark.parametrize(
    ("name", "value", "meant"),
    [
        ("upstream_id", OF_ACCOUNTS, "upstream_ids"),
        ("listed_status", ["active"], "listed_statuses"),
        ("page_size", 100, "page_sizes"),
        ("nothttp", {}, "not_http"),
        ("oauth_request", {}, "oauth_requests"),
        # What is less alike has to have the form of a fact.
        ("upstream_type", OF_ACCOUNTS, "upstream_kind"),
        ("account_kinds", OF_ACCOUNTS, "upstream_kind"),
        ("account_types", by_variant(classic=OF_ACCOUNTS), "upstream_kind"),
        ("account_statuses", OF_ACCOUNTS, "upstream_status"),
        ("upstream_state", OF_ACCOUNTS, "upstream_status"),
        ("empty_custom_attributes", {"list_accounts": {"team": "nobody has one"}}, "empty_attributes"),
        ("excluded_accounts", {"list_accounts": {"items[?bot].id": "no people"}}, "excluded_ids"),
        ("read_examples", {"get_account": {"account_id": "u1"}}, "read_requests"),
    ],
)
def test_an_attribute_that_is_almost_a_fact(name, value, meant):
    with pytest.raises(UsageError) as caught:
        spelt(**{name: value})
    assert caught.value.what == f"The contract's class has {name}, which no rule reads."
    assert caught.value.remedy == (
        f"Did you mean {meant}? If it is your own, begin its name with an underscore."
    )


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({"upstream_ids": OF_ACCOUNTS, "helper": 3}, id="right"),
        pytest.param({"account_kinds": ["bot", "person"]}, id="a list of your own"),
        pytest.param({"account_types": {"bot": "service"}}, id="a dict of something else"),
        pytest.param({"account_types": {}}, id="an empty dict"),
        pytest.param({"colleagues": OF_ACCOUNTS}, id="another name"),
        pytest.param({"_write_requests": {"create_account": {}}}, id="a name of your own"),
        pytest.param(
            {"okta_write_requests": {"create_account": {}}, "write_requests": {"create_account": {}}},
            id="what the fact is made of",
        ),
        pytest.param({"upstream_id": staticmethod(len)}, id="a function"),
    ],
)
def test_an_attribute_of_the_authors_own(facts):
    spelt(**facts)


def test_what_a_fact_is_made_of_may_be_in_a_class_above():
    above = type("Defaults", (ConnectorContract,), {"okta_write_requests": {"create_account": {}}})
    spelt((above,), write_requests={"create_account": {}})
    with pytest.raises(UsageError, match="Did you mean write_requests"):
        spelt((above,))


def test_an_example_is_one_of_a_write_or_a_read():
    examples = config(
        read_requests={"get_account": {"account_id": "u1"}, "delete_account": {"account_id": "u2"}},
        write_requests={"delete_account": {"account_id": "u3"}},
    )
    assert examples.request("get_account") == {"account_id": "u1"}
    assert examples.request("delete_account") == {"account_id": "u3"}
    assert examples.request("list_accounts") is None


def test_a_write_may_have_several_examples():
    one, other = {"account_id": "u1"}, {"account_id": "u2"}
    examples = config(write_requests={"delete_account": [one, other], "activate_account": one})
    assert examples.examples("delete_account") == [one, other]
    assert examples.request("delete_account") == one
    assert examples.examples("activate_account") == [one]
    assert examples.examples("list_accounts") == []
    with pytest.raises(UsageError) as caught:
        examples.check_fields({"delete_account": ["id"], "activate_account": ["account_id"]})
    assert caught.value.what == (
        "write_requests['delete_account'][0] has 'account_id', which is not a field of such a request."
    )


def test_a_choice_is_of_a_check_that_there_is():
    choice = {"writes[delete_account]": {"choice": "keeps_access", "reason": "it does"}}
    chosen = config(declared_choices=choice)
    chosen.check_use(["writes[delete_account]"], {})
    with pytest.raises(UsageError, match=r"chooses nothing: there is no such check for this connector"):
        chosen.check_use(["writes[create_account]"], {})


FACTS = [
    "upstream_ids", "excluded_ids", "empty_attributes", "upstream_status", "listed_statuses", "upstream_kind",
    "read_requests", "write_requests", "restore",
]  # fmt: skip


@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_is_of_a_capability_that_the_connector_has(fact):
    about = config(**{fact: {"list_acounts": {}}})
    about.check_names(["list_acounts"])
    with pytest.raises(UsageError) as caught:
        about.check_names(["list_accounts", "get_account"])
    assert (
        caught.value.what == f"{fact}['list_acounts'] is about a capability that the connector does not have."
    )
    assert caught.value.details == ("it has: get_account, list_accounts",)


def test_a_tolerated_fault_is_of_a_capability_that_the_connector_has():
    about = config(tolerated_faults={TOLERATED: "it is gone"})
    about.check_names(["delete_account"])
    with pytest.raises(UsageError, match=r"Did you mean delete_user_account\?"):
        about.check_names(["delete_user_account", "get_account"])


def test_a_tolerated_fault_is_one_that_there_is():
    check_tolerated({TOLERATED: "it is gone"}, ["status-403", "status-404"])
    with pytest.raises(UsageError) as caught:
        check_tolerated({TOLERATED: "it is gone"}, ["status-403", "broken-gzip"])
    assert caught.value.what == f"tolerated_faults[{TOLERATED!r}]: there is no fault status-404."
    assert caught.value.details == ("near it: status-403",)


def test_what_a_base_class_has_as_well_is_not_the_contracts_own():
    shared = {"info": "a gap", "complete[list_accounts]": "a gap"}
    base = type("Defaults", (ConnectorContract,), {"waivers": shared, "read_requests": {"get_x": {"id": 1}}})
    again = {**shared, "info": "another reason", "shape[get_x]": "own"}
    for facts, waivers in (
        ({}, {}),
        ({"waivers": again}, {"info": "another reason", "shape[get_x]": "own"}),
    ):
        contract = type("TestContract", (base,), facts)
        own = ContractConfig.of(contract).without_inherited(contract)
        assert (own.waivers, own.read_requests) == (waivers, {})
    assert ContractConfig.of(base).without_inherited(base) == ContractConfig.of(base)


@pytest.mark.parametrize(
    ("used", "detail"),
    [(["list_resources", "list_accounts"], "list_accounts, list_resources"), ([], "no capability here")],
)
def test_a_fact_is_looked_at_by_a_rule(used, detail):
    about = config(upstream_ids={"get_account": "id"})
    about.check_use([], {"upstream_ids": ["get_account"], "excluded_ids": []})
    with pytest.raises(UsageError) as caught:
        about.check_use([], {"upstream_ids": used})
    assert caught.value.what == "No rule reads upstream_ids['get_account']."
    assert caught.value.details == (f"upstream_ids is for: {detail}",)


def test_a_declared_choice_is_of_a_check_that_there_is():
    key = "server_error[list_accounts]"
    chosen = config(declared_choices={key: {"choice": "unauthorized_on_403", "reason": "so it is"}})
    chosen.check_use(["server_error[list_accounts-403]"], {})
    with pytest.raises(UsageError) as caught:
        chosen.check_use(["server_error[list_resources-403]", "complete[list_accounts]"], {})
    assert caught.value.what == (
        f"declared_choices[{key!r}] chooses nothing: there is no such check for this connector."
    )


@pytest.mark.parametrize(
    ("rules", "details"),
    [(["complete[list_account]"], ("there is: complete[list_account]",)), (["info"], ())],
)
def test_a_waiver_is_of_a_check_that_there_is(rules, details):
    waived = config(waivers={"complete[list_accounts]": "a gap"})
    waived.check_use(["complete[list_accounts]"], {})
    with pytest.raises(UsageError) as caught:
        waived.check_use(rules, {})
    assert caught.value.what == (
        "waivers['complete[list_accounts]'] waives nothing: there is no such check for this connector."
    )
    assert caught.value.details == details


@pytest.mark.parametrize(
    ("known", "detail"), [(["account_id", "id"], "it may have: account_id, id"), ([], "it may have: none")]
)
def test_a_field_of_an_example_is_one_of_the_request(known, detail):
    example = config(read_requests={"get_account": {"acount_id": "u1"}, "get_x": fill_in("a request")})
    example.check_fields({"get_account": None, "get_x": []})
    example.check_fields({"get_account": ["acount_id"], "get_x": []})
    with pytest.raises(UsageError) as caught:
        example.check_fields({"get_account": known, "get_x": []})
    assert caught.value.what == (
        "read_requests['get_account'] has 'acount_id', which is not a field of such a request."
    )
    assert caught.value.details == (detail,)


def test_a_call_of_the_way_back_is_one_that_the_connector_has():
    back = config(restore={"update_account": {"updat_account": {"id": "u1"}}})
    back.check_names(["update_account", "updat_account"])
    with pytest.raises(UsageError) as caught:
        back.check_names(["update_account"])
    assert caught.value.what == (
        "restore['update_account']['updat_account'] is about a capability that the connector does not have."
    )


def test_a_field_of_the_way_back_is_one_of_the_request():
    back = config(restore={"update_account": {"activate_account": {"acount_id": "u1"}}})
    back.check_fields({"activate_account": ["acount_id"]})
    with pytest.raises(UsageError) as caught:
        back.check_fields({"activate_account": ["account_id"]})
    assert caught.value.what == (
        "restore['update_account']['activate_account'] has 'acount_id', "
        "which is not a field of such a request."
    )


def test_an_expression_that_is_still_to_be_filled_in_is_not_used():
    with pytest.raises(UsageError, match="Not filled in yet: the ids"):
        compiled(fill_in("the ids"), "upstream_ids")
    assert compiled("[].id", "upstream_ids").search([{"id": 1}]) == [1]
