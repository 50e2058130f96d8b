"""The standard contract serves connectors of every kind: by pagination, credentials and protocol."""

from __future__ import annotations

import re

import pytest

# How many rules of the contract hold for each kind, and how many have nothing to check.
RULES = {
    "applications": (239, 17),
    "attributes": (101, 18),
    "client_credentials": (41, 20),
    "cursors": (41, 21),
    "database": (41, 22),
    "graph": (133, 21),
    "graphql": (26, 22),
    "groups_and_members": (86, 19),
    "increments": (94, 14),
    "link_header": (36, 19),
    "oauth": (28, 20),
    "oauth_clients": (12, 29),
    "page_numbers": (36, 21),
    "reports": (72, 17),
    "statuses": (125, 12),
    "synchronous": (50, 27),
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


@pytest.mark.loopback
@pytest.mark.parametrize("kind", RULES)
def test_each_kind_is_recorded_and_replayed(zoo, kind):
    recorded = zoo(kind).run("--record-mode=once")
    assert recorded.exit_code == 0, recorded.output
    assert (recorded.outcomes["passed"], recorded.outcomes["skipped"]) == RULES[kind]
    replayed = recorded.project.run()
    assert replayed.exit_code == 0, replayed.output
    assert replayed.outcomes == recorded.outcomes
    assert replayed.project == recorded.project


@pytest.mark.loopback
@pytest.mark.parametrize("what", BROKEN)
def test_each_kind_is_found_out_when_it_is_broken(zoo, what):
    kind, old, new, test = BROKEN[what]
    run = zoo(kind).edit("app_connector.py", old, new).run("--record-mode=once", "-k", test)
    assert run.outcomes["failed"] == 1, run.output
    assert "passed" not in run.outcomes


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
