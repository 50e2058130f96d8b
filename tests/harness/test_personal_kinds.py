"""What the author may say of personal data."""

from __future__ import annotations

from collections import UserList
from types import MappingProxyType

import pytest
from connector.oai.integration import DescriptionData, Integration
from connector_sdk_types.oai.modules.credentials_module_types import TokenCredential

from connector_contract import ConnectorUnderTest, Upstream, fill_in
from connector_contract.errors import UsageError
from connector_contract.personal_kinds import KINDS, check_personal_data

INTEGRATION = Integration(
    app_id="x",
    version="1",
    auth=TokenCredential,
    exception_handlers=[],
    description_data=DescriptionData(user_friendly_name="X", categories=[]),
)


def connector(**arguments):
    return ConnectorUnderTest(INTEGRATION, Upstream(origin="https://x.test"), auth={}, **arguments)


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        False,
        {},
        {"name": "users[].nick"},
        {"phone": ["users[].desk", "map(&line, users[].home)"], "photo": ("a", "b")},
        MappingProxyType({"email": UserList(["users[?contains(ids, '@')].login"])}),
        dict.fromkeys(KINDS, "items[].{a: b, c: [d, e]}"),
    ],
)
def test_what_may_be_said(value):
    assert check_personal_data(value) is None


def refusal(value):
    with pytest.raises(UsageError) as error:
        check_personal_data(value)
    return str(error.value)


@pytest.mark.parametrize("value", ["email", "", 1, 0, ["email"], b"x", {"email"}, [("email", "a")]])
def test_what_is_no_mapping(value):
    said = refusal(value)
    assert said.startswith(
        f"ConnectorUnderTest(personal_data=...) is {value!r}, which is neither True, False nor a mapping.\n"
    )
    assert '\n  personal_data={"name": "users[].nick", ' in said


@pytest.mark.parametrize("kind", ["emails", "Email", "", 3, None, ("email",)])
def test_a_kind_that_does_not_exist(kind):
    said = refusal({kind: "users[].a"})
    assert f"has the kind {kind!r}, which does not exist.\n" in said
    assert said.endswith(
        "The kinds are name, given_name, family_name, email, phone, address, text, photo, login, number, "
        "date and ip."
    )


@pytest.mark.parametrize(
    "paths", [None, True, 3, [], (), {"a": "b"}, {"a"}, b"users[].a", ["a", None], [["a"]]]
)
def test_what_is_no_path(paths):
    said = refusal({"email": paths})
    assert " for email, which is no JMESPath and no list of JMESPaths.\n" in said


@pytest.mark.parametrize("paths", ["users[", "", "  ", "users..a", ["users[].a", "]"]])
def test_a_path_that_does_not_compile(paths):
    said = refusal({"email": paths})
    wrong = paths if isinstance(paths, str) else paths[-1]
    assert f"has {wrong!r} for email, which is not a JMESPath expression.\n" in said
    assert "https://jmespath.org/tutorial.html" in said


@pytest.mark.parametrize(
    "path", ["lower(a)", "users[].a | lower(@)", "map(&lower(@), users)", "a.{b: lower(c)}"]
)
def test_a_function_that_does_not_exist_is_found_wherever_it_is(path):
    assert "\n  There is no function lower().\n" in refusal({"email": path})


def test_a_connector_is_checked_when_it_is_made():
    with pytest.raises(UsageError, match="has the kind 'mail', which does not exist"):
        connector(personal_data={"mail": "users[].mail"})
    with pytest.raises(UsageError, match="Not filled in yet: the path"):
        connector(personal_data={"email": fill_in("the path")})


def test_not_said_is_not_said_to_be_off():
    assert connector().personal_data is None
    assert connector(personal_data=False).personal_data is False
