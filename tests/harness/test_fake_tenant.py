"""A tenant of people with awkward names: recorded, replayed, and searched for each of them.

``MODES`` says how: ``off`` records what the upstream says, ``on`` made-up people in place of the real ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import fake_tenant
import pytest
from fake_tenant import API_WORDS, exchange, fold, people
from needle_testing import needles_of, search
from recording_diff_testing import changed_lines, strangers_lines

MODES = ("off", "on")
"""With ``"on"``, which needs ``ConnectorUnderTest(personal_data=True)``, all tests here are collected."""

ON = "on" in MODES
KINDS = ("scim", "okta_like", "graph_like")
EVERYBODY = "people(500)"
KEY = "a key of the test's own " * 2
# How many tests of the contract and about people pass for each kind, and how many have nothing to check.
RULES = {"scim": (176, 19), "okta_like": (158, 18), "graph_like": (158, 18)}

SWAPPED = "given and family name swapped"
# For each kind and mistake in its mapping: what stands there, what in its place, which test says so, and how.
MUTANTS = {
    ("scim", SWAPPED): (
        "given_name=user.name.given,\n        family_name=user.name.family or None,",
        "given_name=user.name.family or None,\n        family_name=user.name.given,",
        "test_records[list_accounts]",
        "family_name",
    ),
    ("scim", "e-mail for login"): (
        "username=user.login",
        "username=primary(user.emails)",
        "test_records[list_accounts]",
        "username",
    ),
    ("scim", "first e-mail for primary"): (
        "email=primary(user.emails)",
        "email=user.emails[0].value",
        "test_records[list_accounts]",
        "email",
    ),
    ("scim", "display name for login"): (
        "username=user.login",
        'username=f"{user.name.given} {user.name.family}".strip()',
        "test_records[list_accounts]",
        "username",
    ),
    ("scim", "status inverted"): (
        "{True: sdk.AccountStatus.ACTIVE, False: sdk.AccountStatus.SUSPENDED}",
        "{False: sdk.AccountStatus.ACTIVE, True: sdk.AccountStatus.SUSPENDED}",
        "test_status[list_accounts]",
        "user_status",
    ),
    ("scim", "last page skipped"): (
        "if end < part.total else []",
        "if end + size < part.total else []",
        "test_everybody[100]",
        "Request change",
    ),
    ("scim", "phone for employee number"): (
        '"employee_number": user.enterprise.employee_number',
        '"employee_number": user.phones[0].value if user.phones else ""',
        "test_records[list_accounts]",
        "employee_number",
    ),
    ("okta_like", SWAPPED): (
        "given_name=profile.first,\n        family_name=profile.last,",
        "given_name=profile.last,\n        family_name=profile.first,",
        "test_records[list_accounts]",
        "family_name",
    ),
    ("okta_like", "e-mail for login"): (
        'username=profile.email.partition("@")[0]',
        "username=profile.email",
        "test_a_user_name_is_made_of_the_email",
        "username",
    ),
    ("okta_like", "another e-mail for primary"): (
        "email=profile.email,",
        "email=profile.second_email or profile.email,",
        "test_records[list_accounts]",
        "email",
    ),
    ("okta_like", "display name for login"): (
        'username=profile.email.partition("@")[0]',
        "username=profile.display",
        "test_records[list_accounts]",
        "username",
    ),
    ("okta_like", "status inverted"): (
        '"ACTIVE": sdk.AccountStatus.ACTIVE,\n    "SUSPENDED": sdk.AccountStatus.SUSPENDED,',
        '"ACTIVE": sdk.AccountStatus.SUSPENDED,\n    "SUSPENDED": sdk.AccountStatus.ACTIVE,',
        "test_status[list_accounts]",
        "user_status",
    ),
    ("okta_like", "last page skipped"): (
        "pages = [] if following is None else [Pagination(link=following, count=count + len(items))]",
        "pages = [] if count + len(items) + size >= _total else "
        "[Pagination(link=following, count=count + len(items))]",
        "test_everybody[100]",
        "Request change",
    ),
    ("okta_like", "phone for employee number"): (
        '"employee_number": profile.employee_number',
        '"employee_number": profile.mobile',
        "test_records[list_accounts]",
        "employee_number",
    ),
    ("graph_like", SWAPPED): (
        "given_name=user.given,\n        family_name=user.surname or None,",
        "given_name=user.surname or None,\n        family_name=user.given,",
        "test_records[list_accounts]",
        "family_name",
    ),
    ("graph_like", "e-mail for login"): (
        "username=user.sam or user.nickname",
        "username=user.mail",
        "test_records[list_accounts]",
        "username",
    ),
    ("graph_like", "first e-mail for primary"): (
        "email=primary(user.addresses)",
        'email=user.addresses[0].partition(":")[2]',
        "test_records[list_accounts]",
        "email",
    ),
    ("graph_like", "display name for login"): (
        "username=user.sam or user.nickname",
        "username=user.display",
        "test_records[list_accounts]",
        "username",
    ),
    ("graph_like", "status inverted"): (
        "{True: sdk.AccountStatus.ACTIVE, False: sdk.AccountStatus.INACTIVE}",
        "{False: sdk.AccountStatus.ACTIVE, True: sdk.AccountStatus.INACTIVE}",
        "test_status[list_accounts]",
        "user_status",
    ),
    ("graph_like", "last page skipped"): (
        "pages = [] if part.next is None else",
        "pages = [] if place.count + len(part.value) + size >= part.count else",
        "test_everybody[100]",
        "Request change",
    ),
    ("graph_like", "phone for employee number"): (
        '"employee_number": user.employee_id',
        '"employee_number": user.phones[0] if user.phones else ""',
        "test_records[list_accounts]",
        "employee_number",
    ),
}  # fmt: skip
SOME = "list_accounts and (coverage or records or status or complete) or test_people"
REPLAYED_FOR_MUTANTS = "list_accounts and (records or status or pages or complete) or everybody or made_of"
JUNIT = "--junitxml=junit.xml"
LOGGED = ("--log-file=log.txt", "--log-file-level=DEBUG")

# What shows real people while something is recorded: in which file, what stands there, what in its place.
SHOWN = {
    "an exception of the connector": (
        "app_connector.py",
        "    profile = user.profile\n",
        '    profile = user.profile\n    raise ValueError(f"{profile.display}: {profile.email}")\n',
    ),
    "what the connector prints": (
        "app_connector.py",
        "    profile = user.profile\n",
        "    profile = user.profile\n    print(profile)\n    assert len(profile.manager or '') > 400\n",
    ),
    "what the connector logs": (
        "app_connector.py",
        "    profile = user.profile\n",
        "    profile = user.profile\n    __import__('logging').warning('saw %s', profile.login)\n    1 / 0\n",
    ),
    "what the connector warns of": (
        "app_connector.py",
        "    profile = user.profile\n",
        "    profile = user.profile\n    __import__('warnings').warn(profile.display, stacklevel=1)\n",
    ),
    "an exception of the application": (
        "app_server.py",
        "        return find(user_id)\n",
        "        raise RuntimeError(called(find(user_id)))\n",
    ),
    "an assertion of the scenario": (
        "test_people.py",
        'assert account["email"].startswith(account["username"] + "@")',
        'assert account["email"] == account["username"]',
    ),
    "the reason of a skip": (
        "test_people.py",
        'assert account["email"].startswith(account["username"] + "@")',
        'pytest.skip(account["email"])',
    ),
    "a recorded property": (
        "test_people.py",
        "async def test_a_user_name_is_made_of_the_email(lumos):\n",
        "async def test_a_user_name_is_made_of_the_email(lumos, record_property):\n"
        '    page = await lumos.call("list_accounts", page={"size": 10})\n'
        '    record_property("who", page["response"][0]["email"])\n',
    ),
}

_RECORDED: dict[tuple[str, str, str], object] = {}
"""The runs that recorded a kind of tenant, which several tests look at."""


@pytest.fixture
def tenant(zoo) -> Callable:
    """A connector of a kind, the tenant that it reads, and whether its people are made up."""

    def project(kind, everybody=EVERYBODY, mode="off"):
        made = zoo(kind).write("fake_tenant.py", Path(fake_tenant.__file__).read_bytes())
        made = made.write(
            "tenant_people.py", f"from fake_tenant import exchange, people\n\nPEOPLE = {everybody}\n"
        )
        if mode == "off":
            return made
        return made.edit("conftest.py", "        auth=", "        personal_data=True,\n        auth=")

    return project


@pytest.fixture
def recording(tenant, pytester, monkeypatch) -> Callable:
    """The run that recorded a tenant; the key is there for it alone."""

    def record(kind, mode="off", everybody=EVERYBODY, key=KEY):
        name = (kind, mode, everybody, key)
        if name not in _RECORDED:
            _RECORDED[name] = with_key(tenant(kind, everybody, mode), monkeypatch, key)
        run = _RECORDED[name]
        return replace(run, project=replace(run.project, pytester=pytester))

    return record


def with_key(project, monkeypatch, key=KEY, *args):
    with monkeypatch.context() as patch:
        patch.setenv("CONTRACT_PEOPLE_KEY", key)
        run = project.run("--record-mode=rewrite", "--snapshot-update", JUNIT, *args)
    assert run.exit_code == 0, run.output
    return run


def stored(project):
    return {**project.recorded("cassettes"), **project.recorded("snapshots")}


def verdicts(run) -> dict[str, str]:
    """What each test of a run came to, with the reason of what was skipped."""
    found = {}
    for case in ElementTree.fromstring(run.project.files["junit.xml"]).iter("testcase"):  # noqa: S314 - our own
        results = [each for each in case if each.tag in ("failure", "error", "skipped")]
        said = [f"skipped: {each.get('message')}" if each.tag == "skipped" else each.tag for each in results]
        found[case.attrib["name"]] = ", ".join(said) or "passed"
    return found


def failed(run) -> set[str]:
    return {name for name, verdict in verdicts(run).items() if verdict in ("failure", "error")}


def mutant(recorded, kind, mistake, *args):
    old, new, _test, _said = MUTANTS[kind, mistake]
    return recorded.project.edit("app_connector.py", old, new).run("-k", REPLAYED_FOR_MUTANTS, JUNIT, *args)


def said_by_tests(kind):
    """Whom the contract of a kind asks for itself, by the e-mail, and so does a replay."""
    active = [next(each for each in people(12) if (each.status == "active") == is_) for is_ in (True, False)]
    return active if kind == "graph_like" else []


def anybodys(everybody, run, kind=""):
    """What is a real person's in all files that a run has left, but for code, and in what it has printed."""
    files = {name: data for name, data in run.project.files.items() if not name.endswith(".py")}
    files["output"] = run.output
    said = said_by_tests(kind)
    for email in (person.email for person in said):
        for spelled in (email, quote(email, safe="")):
            files = {name: _without(data, spelled) for name, data in files.items()}
    names, domains = zip(*(person.email.split("@") for person in said), strict=True) if said else ((), ())
    words = {fold(word) for name in names for word in re.findall(r"[^\W_]+", name)}
    found = search(needles_of(everybody, lambda person: person not in said), files)
    # Whoever has a name of them keeps that, and so does who has an address at their domains.
    kept = words.union(domains)
    return [str(hit) for hit in found if fold(hit.needle.partition("'")[2].rstrip("'")) not in kept]


def _without(data, text):
    return data.replace(text, "") if isinstance(data, str) else data.replace(text.encode(), b"")


# The tenant itself.


def test_the_tenant_has_what_is_awkward():
    everybody = people(500)
    names = [(person.given, person.family) for person in everybody]
    assert len({person.id for person in everybody}) == len(everybody) == 500
    for unique in ("login", "employee_number", "photo"):
        assert len({getattr(person, unique).casefold() for person in everybody}) == 500
    emails = [email.casefold() for person in everybody for email in person.emails]
    assert len(set(emails)) == len(emails) > 600
    assert len(set(names)) < 500
    assert any((family, given) in names for given, family in names if given != family)
    assert any(person.emails[0] != person.email for person in everybody)
    assert {"", "X", "O'Brien", "bin Salman"} < {family for _given, family in names}
    words = {word for name in names for word in map(fold, name)}
    assert {"page", "active", "admin", "group", "user", "will", "may", "rose"} == words & API_WORDS


def test_one_more_person_changes_nobody():
    assert people(501)[:500] == people(500)


def test_who_has_gone_is_nobodys_manager_and_in_nobodys_notes():
    changed = exchange(100)
    assert {*changed.everybody} ^ {*people(100)} == {changed.gone, changed.added}
    for other in changed.everybody:
        assert changed.gone.id not in {other.manager, *other.mentions}
        assert changed.added.id not in {other.manager, *other.mentions}


# A few of them, in the ordinary run of all tests.


@pytest.mark.loopback
@pytest.mark.parametrize("mode", MODES)
def test_awkward_people_are_recorded_and_replayed(tenant, monkeypatch, mode):
    recorded = with_key(tenant("okta_like", "people(30)", mode), monkeypatch, KEY, "-k", SOME)
    replayed = recorded.project.run("-k", SOME, JUNIT)
    assert replayed.exit_code == 0, replayed.output
    assert verdicts(replayed) == verdicts(recorded)
    assert stored(replayed.project) == stored(recorded.project)
    assert bool(anybodys(people(30), recorded)) == (mode == "off")


@pytest.mark.slow
@pytest.mark.loopback
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("what", SHOWN)
def test_what_a_recording_shows_is_nobodys_where_people_are_made_up(tenant, monkeypatch, what, mode):
    name, old, new = SHOWN[what]
    project = tenant("okta_like", "people(12)", mode)
    monkeypatch.setenv("CONTRACT_PEOPLE_KEY", KEY)
    found = shown_while_recording(project.edit(name, old, new))
    if mode == "on":
        assert found == set()
    else:
        assert found - shown_while_recording(project), "this shows nobody who is not shown anyway"


def shown_while_recording(project) -> set[tuple[str, str]]:
    """What is a real person's in what a recording shows, but for what it is to store: where, and the line."""
    some = ("-k", "got_by_the_email or made_of or get_account")
    run = project.run("--record-mode=once", *some, "-rA", "-vv", "--showlocals", JUNIT, *LOGGED)
    shown = {"output": run.output, **{name: run.project.files[name] for name in ("junit.xml", "log.txt")}}
    return {(hit.file, hit.text) for hit in search(needles_of(people(12)), shown)}


# All of them, over each kind of upstream.


@pytest.mark.slow
@pytest.mark.loopback
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", KINDS)
def test_everybody_is_recorded_and_replayed_without_a_key(recording, monkeypatch, kind, mode):
    monkeypatch.delenv("CONTRACT_PEOPLE_KEY", raising=False)
    recorded = recording(kind, mode)
    assert (recorded.outcomes["passed"], recorded.outcomes["skipped"]) == RULES[kind]
    replayed = recorded.project.run(JUNIT)
    assert replayed.exit_code == 0, replayed.output
    assert verdicts(replayed) == verdicts(recorded) == verdicts(recording(kind, "off"))
    assert stored(replayed.project) == stored(recorded.project)


@pytest.mark.slow
@pytest.mark.loopback
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", KINDS)
def test_recording_everybody_again_gives_the_same_bytes(recording, monkeypatch, kind, mode):
    recorded = recording(kind, mode)
    assert stored(with_key(recorded.project, monkeypatch).project) == stored(recorded.project)


@pytest.mark.slow
@pytest.mark.loopback
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("kind", "mistake"), MUTANTS)
def test_a_mistake_in_the_mapping_is_caught(recording, kind, mistake, mode):
    _old, _new, test, said = MUTANTS[kind, mistake]
    run = mutant(recording(kind, mode), kind, mistake)
    assert test in failed(run), run.output
    run.said(said)
    if mode == "on":
        assert failed(run) == failed(mutant(recording(kind, "off"), kind, mistake))


@pytest.mark.slow
@pytest.mark.loopback
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", KINDS)
def test_one_person_more_and_one_less_change_the_lines_of_these_alone(recording, kind, mode):
    changed = exchange()
    gone, added = ({person.id, person.guid} for person in (changed.gone, changed.added))
    before = stored(recording(kind, mode).project)
    after = stored(recording(kind, mode, "exchange().everybody").project)
    assert list(changed_lines(before, after))
    assert strangers_lines(before, after, gone | added) == []
    # The comparison would see somebody else's change.
    assert strangers_lines(before, after, gone)


class TestMadeUpPeople:
    """What holds with made-up people alone; not collected before ``MODES`` has ``on``."""

    __test__ = ON
    pytestmark = [pytest.mark.slow, pytest.mark.loopback]

    @pytest.mark.parametrize("kind", KINDS)
    def test_nothing_of_anybody_is_stored_or_shown(self, recording, kind):
        recorded = recording(kind, "on")
        assert anybodys(people(500), recorded, kind) == []
        assert anybodys(people(500), recorded.project.run(JUNIT, *LOGGED, "-v", "-rA"), kind) == []

    @pytest.mark.parametrize("kind", KINDS)
    def test_nothing_of_anybody_is_shown_by_a_run_that_fails(self, recording, kind):
        run = mutant(recording(kind, "on"), kind, SWAPPED, *LOGGED, "--showlocals", "--tb=long", "-vv", "-rA")
        assert failed(run)
        assert anybodys(people(500), run, kind) == []

    @pytest.mark.parametrize("kind", KINDS)
    def test_nothing_of_anybody_is_shown_by_a_recording_that_fails(self, tenant, monkeypatch, kind):
        old, new, _test, _said = MUTANTS[kind, "last page skipped"]
        project = tenant(kind, mode="on").edit("app_connector.py", old, new)
        monkeypatch.setenv("CONTRACT_PEOPLE_KEY", KEY)
        run = project.run("--record-mode=once", JUNIT, "--showlocals", "-vv", "-k", "list_accounts")
        assert failed(run)
        assert anybodys(people(500), run, kind) == []

    @pytest.mark.parametrize("kind", KINDS)
    def test_another_key_makes_up_others(self, recording, kind):
        once, again = (recording(kind, "on", "people(60)", key) for key in (KEY, KEY[::-1]))
        assert stored(once.project).keys() == stored(again.project).keys()
        assert stored(once.project) != stored(again.project)
        assert again.outcomes == once.outcomes

    def test_the_key_may_be_in_a_file(self, tenant, recording, monkeypatch):
        monkeypatch.delenv("CONTRACT_PEOPLE_KEY", raising=False)
        project = tenant("okta_like", "people(12)", "on").write(".contract-people-key", KEY)
        recorded = project.run("--record-mode=rewrite", "--snapshot-update", JUNIT)
        assert recorded.exit_code == 0, recorded.output
        assert ".contract-people-key" not in recorded.project.files
        assert recorded.project.run().exit_code == 0
        assert stored(recorded.project) == stored(recording("okta_like", "on", "people(12)").project)
