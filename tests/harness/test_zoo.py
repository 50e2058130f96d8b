"""The standard contract serves connectors of every kind: by pagination, credentials and protocol."""

from __future__ import annotations

import re

import pytest

# How many rules of the contract hold for each kind, and how many have nothing to check.
RULES = {
    "applications": (303, 19),
    "attributes": (122, 21),
    "client_credentials": (53, 23),
    "cursors": (50, 24),
    "database": (50, 25),
    "graph": (160, 24),
    "graphql": (32, 25),
    "groups_and_members": (109, 21),
    "increments": (115, 17),
    "link_header": (45, 22),
    "oauth": (34, 23),
    "oauth_clients": (15, 32),
    "page_numbers": (46, 23),
    "reports": (93, 20),
    "rotating_tokens": (114, 18),
    "search_and_exports": (136, 17),
    "short_lived_tokens": (32, 26),
    "statuses": (163, 13),
    "synchronous": (59, 33),
}

# For each kind, what makes it a kind, broken in one line; and the test that says so.
BROKEN = {
    "the token that was fetched is not used": (
        "client_credentials",
        'f"Bearer {self._token}"',
        '"Bearer another"',
        "test_coverage[list_accounts]",
    ),
    "a cursor of 0 is taken for none": (
        "cursors",
        "[] if page.next is None else",
        "[] if not page.next else",
        "test_pages[list_accounts]",
    ),
    'a page token of "0" is taken for none': (
        "cursors",
        "token=page.next,",
        'token=page.next.strip("0"),',
        "test_pages[list_entitlements]",
    ),
    "an error with status 200 is not looked at": (
        "graphql",
        "for problem in answer.errors:",
        "for problem in []:",
        "test_bad_credentials[list_accounts]",
    ),
    "the second credential is not sent": (
        "graphql",
        "header_value(key)",
        '"none"',
        "test_coverage[list_accounts]",
    ),
    "the rest of a long group is left out": (
        "groups_and_members",
        "if end < members.total:",
        "if end > members.total:",
        "test_pages[find_entitlement_associations]",
    ),
    "the groups of the later pages are left out": (
        "groups_and_members",
        "elif place.groups + 1 < groups.total:",
        "elif False:",
        "test_complete[find_entitlement_associations]",
    ),
    "the next link is not followed": (
        "link_header",
        "pages = [] if following is None else",
        "pages = [] if following else",
        "test_complete[list_accounts]",
    ),
    "the last page is left out": (
        "page_numbers",
        "if number < page.pages else",
        "if number + 1 < page.pages else",
        "test_pages[list_accounts]",
    ),
    "the client's secret is sent in another way": (
        "rotating_tokens",
        "CLIENT_SECRET_POST",
        "CLIENT_SECRET_BASIC",
        "test_tokens[handle_authorization_callback]",
    ),
    "the links are not followed": (
        "rotating_tokens",
        "from_paginations([following])",
        "from_paginations([])",
        "test_complete[list_accounts]",
    ),
    "a limit is not waited for": (
        "rotating_tokens",
        "TRIES, LONGEST_WAIT = 3,",
        "TRIES, LONGEST_WAIT = 1,",
        "test_pages[list_activity_records]",
    ),
    "seconds are sent where milliseconds are asked for": (
        "rotating_tokens",
        ".timestamp() * 1000)",
        ".timestamp())",
        "test_filters[list_activity_records]",
    ),
    "times are those of the machine's zone": (
        "rotating_tokens",
        "datetime.fromtimestamp(seconds, UTC)",
        "datetime.fromtimestamp(seconds)",
        "test_shape[get_last_activity]",
    ),
    "a number that is an id is written in another way": (
        "rotating_tokens",
        "account_id=str(each.person)",
        'account_id=f"{each.person:04}"',
        "test_agreement[get_last_activity]",
    ),
    "the opposite of what is asked is done": (
        "rotating_tokens",
        'account_id, "suspended")',
        'account_id, "enabled")',
        "test_writes[deactivate_account]",
    ),
    "the second request for each account is not looked at": (
        "search_and_exports",
        "STATUSES[badge.state] for badge",
        'STATUSES["valid"] for badge',
        "test_status[list_accounts]",
    ),
    "the details are taken for those of other accounts": (
        "search_and_exports",
        "for user in users\n        ]",
        "for user in users[::-1]\n        ]",
        "test_pages[list_accounts]",
    ),
    "the hook that marks requests is left out": (
        "search_and_exports",
        '"request": [name_request]',
        '"request": []',
        "test_coverage[validate_credentials]",
    ),
    "the hook that raises errors is left out": (
        "search_and_exports",
        '"response": [raise_on_error]',
        '"response": []',
        "test_server_error[list_resources-500]",
    ),
    "a later page of XML that fails is taken for the end": (
        "search_and_exports",
        "if response.is_error:",
        "if response.is_error and not (response.status_code == 503 and b'from=3' in response.url.query):",
        "test_partial_read[list_resources]",
    ),
    "the last row of CSV, which counts the others, is taken for one of them": (
        "search_and_exports",
        "for user, group in rows[:-1]",
        "for user, group in rows",
        "test_references[find_entitlement_associations]",
    ),
    "a group of XML is left out": (
        "search_and_exports",
        'resource_type="group")\n        for id_, name in groups',
        'resource_type="group")\n        for id_, name in groups if id_ != "nights"',
        "test_complete[list_resources]",
    ),
    "the first row of CSV is left out": (
        "search_and_exports",
        "for user, group in rows[:-1]",
        "for user, group in rows[1:-1]",
        "test_complete[find_entitlement_associations]",
    ),
    "the last group is left out": (
        "search_and_exports",
        "start=end)] if end < total",
        "start=end)] if end < total - 1",
        "test_pages[list_resources]",
    ),
    "a compressed request asks for the opposite": (
        "search_and_exports",
        "member=False)\n    return",
        "member=True)\n    return",
        "test_writes[unassign_entitlement]",
    ),
    "a later page that fails after a refresh is taken for the end": (
        "short_lived_tokens",
        "    if not response.is_success:",
        "    if response.status_code == 503 and b'start=6' in response.url.query:\n"
        "        return kind(staff=[], start=6, total=6)\n"
        "    if not response.is_success:",
        "test_partial_read[list_accounts]",
    ),
    "a token that has expired is not refreshed": (
        "short_lived_tokens",
        "== httpx.codes.UNAUTHORIZED",
        "== httpx.codes.FORBIDDEN",
        "test_pages[list_accounts]",
    ),
    "the new refresh token is not kept": (
        "short_lived_tokens",
        ", refresh=tokens.refresh_token)",
        ")",
        "test_pages[list_accounts]",
    ),
    "the last item is left out": (
        "statuses",
        "if end < part.total else []",
        "if end < part.total - 1 else []",
        "test_pages[list_entitlements]",
    ),
    "the key in the query is not the one that was given": (
        "synchronous",
        "key = header_value(get_token_auth(args).token)",
        'key = "open-sesame"',
        "test_bad_credentials[list_accounts]",
    ),
}

# What shows only where a connector is replayed that has changed since it was recorded, and what is said.
CHANGED = {
    "it looks back for twice the time": (
        "rotating_tokens",
        "timedelta(days=30)",
        "timedelta(days=60)",
        "test_pages[list_updated_accounts]",
        ["Request change", "query since: recorded <now-30d", "now <now-60d"],
    ),
    "it does not ask again after a limit": (
        "rotating_tokens",
        "TRIES, LONGEST_WAIT = 3,",
        "TRIES, LONGEST_WAIT = 1,",
        "test_the_logins_are_waited_for",
        ["Request change: The connector did not make 2 of the 4 recorded requests", "number 3 of call 2"],
    ),
    "it goes on with the first tokens": (
        "rotating_tokens",
        "bearer(get_oauth(args).access_token)}",
        'bearer(STATUSES.setdefault("token", get_oauth(args).access_token))}',
        "test_each_refresh",
        ["Request change: The connector did not make 1 of the 8 recorded requests", "number 4 of call 4"],
    ),
    "it leaves out the thousandths of a second": (
        "rotating_tokens",
        "time_of(login.at / 1000)",
        "time_of(login.at // 1000)",
        "test_records[list_activity_records]",
        ["Regression", "timestamp"],
    ),
    "it sends its own link to the next page": (
        "rotating_tokens",
        "await client.get(kind, place.link)",
        'await client.get(kind, place.link + "&size=9")',
        "test_pages[list_accounts]",
        ["Request change", "cursor-1"],
    ),
    "another search in a compressed body": (
        "search_and_exports",
        'order="id"',
        'order="login"',
        "test_coverage[list_accounts]",
        ["Request change", 'body.order: recorded "id", now "login"'],
    ),
    "a compressed body that does not say so": (
        "search_and_exports",
        ', "Content-Encoding": "gzip"}',
        "}",
        "test_coverage[list_accounts]",
        ["Request change", "content-encoding"],
    ),
    "another field of the second of two stages": (
        "search_and_exports",
        "states = {badge.user: STATUSES[badge.state]",
        "states = {badge.user: STATUSES['valid']",
        "test_records[list_accounts]",
        ["Regression", "user_status"],
    ),
    "another text from XML": (
        "search_and_exports",
        'group.findtext("name") or ""',
        'group.attrib["id"]',
        "test_records[list_resources]",
        ["Regression", "label"],
    ),
    "one request for each account is not made": (
        "search_and_exports",
        "for number in numbers))",
        "for number in numbers[1:]))",
        "test_coverage[list_accounts]",
        ["Request change", "GET https://access.example.com/badges/501"],
    ),
}


# The kinds that the fault sweep is quick with, and how many of their calls it breaks: it finds nothing.
# tests/harness/faults/test_zoo_faults.py has the others.
SWEPT = {
    "cursors": 14,
    "database": 11,
    "graphql": 6,
    "link_header": 8,
    "oauth": 8,
    "oauth_clients": 2,
    "page_numbers": 10,
    "synchronous": 11,
}


@pytest.mark.loopback
@pytest.mark.parametrize("kind", RULES)
def test_each_kind_is_recorded_and_replayed(zoo, kind):
    recorded = zoo(kind).run("--record-mode=once")
    assert recorded.exit_code == 0, recorded.output
    assert (recorded.outcomes["passed"], recorded.outcomes["skipped"]) == RULES[kind]
    calls = SWEPT.get(kind, 0)
    replayed = recorded.project.run(*["--contract-faults"] * bool(calls))
    assert replayed.exit_code == 0, replayed.output
    passed = recorded.outcomes["passed"] + calls
    assert replayed.outcomes == {**recorded.outcomes, "passed": passed}
    assert replayed.project == recorded.project


@pytest.mark.loopback
@pytest.mark.parametrize("what", BROKEN)
def test_each_kind_is_found_out_when_it_is_broken(zoo, what):
    kind, old, new, test = BROKEN[what]
    project = zoo(kind)
    (name,) = [name for name in ("app_connector.py", "strict.py") if old in project.files[name].decode()]
    run = project.edit(name, old, new).run("--record-mode=once", "-k", test)
    assert run.outcomes["failed"] == 1, run.output
    assert "passed" not in run.outcomes


# Those that do much at once and one thing after another; and which of their tests run alone, of so many.
MANIFOLD = {
    "rotating_tokens": "list_activity_records or tokens",
    "search_and_exports": "list_accounts or create_account or at_once",
    "short_lived_tokens": "list_accounts or each_page",
}


@pytest.mark.loopback
@pytest.mark.parametrize("kind", MANIFOLD)
def test_a_manifold_kind_is_recorded_alike_and_replayed_in_any_order(zoo, kind):
    recorded = zoo(kind).run("--record-mode=once").project
    again = recorded.run("--record-mode=rewrite")
    assert again.project == recorded
    shuffled = recorded.run("--randomly-seed=7", plugins=("randomly",))
    assert shuffled.outcomes == again.outcomes
    some = recorded.run("-k", MANIFOLD[kind])
    alone = recorded.run("-k", MANIFOLD[kind], "-p", "alone", subprocess=True)
    alone.had(**{name: some.outcomes[name] for name in ("passed", "skipped")})
    assert shuffled.project == alone.project == recorded


@pytest.fixture
def recordings(zoo):
    """A kind that one test was recorded of."""

    def record(kind, test):
        recorded = zoo(kind).run("--record-mode=once", "-k", test)
        assert recorded.exit_code == 0, recorded.output
        return recorded.project

    return record


@pytest.mark.loopback
@pytest.mark.parametrize("what", CHANGED)
def test_a_change_shows_in_a_replay(recordings, what):
    kind, old, new, test, said = CHANGED[what]
    run = recordings(kind, test).edit("app_connector.py", old, new).run("-k", test)
    assert run.outcomes["failed"] == 1, run.output
    run.said(*said)


@pytest.mark.loopback
def test_a_token_that_a_server_makes_anew_each_time_is_recorded_alike(zoo):
    recorded = zoo("client_credentials").run("--record-mode=once", "-kpages").project
    again = recorded.run("--record-mode=rewrite", "-kpages").project
    assert recorded.recorded("cassettes") == again.recorded("cassettes") != {}


MADE_UP = """
import secrets

PLACES: dict[str, str] = {}


def made_up(place: str = "") -> str:
    name = f"c{secrets.token_urlsafe(12)}7"
    PLACES[name] = place
    return name


def create_app("""


@pytest.mark.loopback
def test_links_with_cursors_that_a_server_makes_up_each_time_are_recorded_alike(zoo):
    project = (
        zoo("link_header")
        .edit("app_server.py", "\ndef create_app(", MADE_UP)
        .edit("app_server.py", "after not in ids", "after not in PLACES")
        .edit("app_server.py", "ids.index(after)", "ids.index(PLACES[after])")
        .edit("app_server.py", 'after=shown[-1]["id"]', 'after=made_up(shown[-1]["id"])')
        .edit(
            "conftest.py",
            "        auth=",
            '        aliases={"cursor": "response.headers.link"},\n        auth=',
        )
    )
    recorded = project.run("--record-mode=once", "-kpage")
    assert recorded.exit_code == 0, recorded.output
    again = recorded.project.run("--record-mode=rewrite", "-kpage")
    assert again.project == recorded.project
    replayed = again.project.run("-kpage")
    assert replayed.exit_code == 0, replayed.output
    broken = again.project.edit("app_connector.py", "link=following, count", "link=place.link, count")
    run = broken.run("-ktest_pages")
    assert run.exit_code == 1
    run.said("Request change", "not made yet, number 2: GET", "users?limit=3&after=cursor-1")


@pytest.mark.loopback
def test_an_alias_in_an_error_is_no_secret(zoo):
    project = (
        zoo("link_header")
        .edit("app_server.py", "\ndef create_app(", MADE_UP)
        .edit("app_server.py", '"no such user"', '{"errorId": made_up()}')
        .edit("conftest.py", "        auth=", '        aliases={"errorId": "detail.errorId"},\n        auth=')
    )
    recorded = project.run("--record-mode=once", "-kunknown_id")
    assert recorded.exit_code == 0, recorded.output
    (cassette,) = recorded.project.recorded("cassettes").values()
    assert b'"errorId": "errorId-1"' in cassette
    assert recorded.project.run("--record-mode=rewrite", "-kunknown_id").project == recorded.project


def test_a_rule_asks_for_the_same_whichever_test_has_read_before(zoo):
    """A connector that keeps its token in the process forgets it also in the middle of a test."""
    project = zoo("client_credentials")
    name = "app_connector.py"
    text = project.files[name].decode()
    assert "self._token = header_value" in text
    text = text.replace("self._token = header_value", 'self._token = KEPT["token"] = header_value')
    text = re.sub(r"self\._token(: [\w| ]+)? = None", 'self._token = KEPT.get("token")', text)
    text = text.replace("class Client", "KEPT = {}\n\n\nclass Client", 1)
    project = project.write(name, text).edit("conftest.py", "import integration", "import KEPT, integration")
    project = project.edit(
        "conftest.py", "        integration=", "        reset=KEPT.clear,\n        integration="
    )
    alone = project.run("--record-mode=once", "-k", "page_size")
    assert alone.exit_code == 0, alone.output
    whole = project.run("--record-mode=once")
    assert whole.exit_code == 0, whole.output
    for rules in ("missing", "page_size", "partial_read"):
        run = whole.project.run("-k", rules)
        assert run.exit_code == 0, run.output
