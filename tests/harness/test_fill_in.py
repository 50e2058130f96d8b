"""What is not filled in yet, and who says so."""

from __future__ import annotations

import runpy

import pytest

from connector_contract import ConnectorUnderTest, Upstream, fill_in
from connector_contract.errors import UsageError
from connector_contract.fill_in import refuse_fill_ins

MODULE = """\
from connector_contract import fill_in

REQUEST = {
    "name": "alice",
    "role": fill_in("the role"),
}
"""


class FakeIntegration:
    async def dispatch(self, name, request_string):
        raise NotImplementedError


@pytest.fixture
def module(tmp_path):
    path = tmp_path / "tests" / "requests_of_acme.py"
    path.parent.mkdir()
    path.write_text(MODULE)
    return path


def test_the_place_is_seen_from_the_current_folder(module, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    mark = runpy.run_path(str(module))["REQUEST"]["role"]
    assert (mark.what, mark.place) == ("the role", "tests/requests_of_acme.py:5")


def test_a_place_outside_of_the_current_folder_is_whole(module, tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert runpy.run_path(str(module))["REQUEST"]["role"].place == f"{module.as_posix()}:5"


def test_the_error_says_what_where_and_what_to_do(module, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    request = runpy.run_path(str(module))["REQUEST"]
    with pytest.raises(UsageError) as caught:
        refuse_fill_ins(request)
    assert str(caught.value) == (
        "Not filled in yet: the role\n"
        "  fill in: tests/requests_of_acme.py:5\n"
        "Replace fill_in(...) there with the value."
    )


def test_what_else_is_left_in_the_folder_is_named_in_the_order_of_its_lines(module, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    module.write_text(f'{MODULE}\nIDS = fill_in("the ids")\n')
    beside = module.with_name("conftest.py")
    beside.write_text(
        'from connector_contract import fill_in\n\nAUTH = [fill_in("the token"), fill_in("its kind")]\n'
    )
    found, also = runpy.run_path(str(module)), runpy.run_path(str(beside))
    with pytest.raises(UsageError) as caught:
        refuse_fill_ins(found["REQUEST"])
    assert str(caught.value).splitlines()[2:] == [
        "  also tests/conftest.py:3: its kind",
        "  also tests/conftest.py:3: the token",
        "  also tests/requests_of_acme.py:8: the ids",
        "Replace fill_in(...) in each of these with the value.",
    ]
    assert len(also["AUTH"]) == 2


@pytest.mark.parametrize(
    "wrap",
    [
        lambda mark: mark,
        lambda mark: [1, mark],
        lambda mark: (mark,),
        lambda mark: {mark},
        lambda mark: {"a": {"b": [{"c": mark}]}},
        lambda mark: {mark: "the key"},
    ],
)
def test_a_mark_is_found_wherever_it_is(wrap):
    with pytest.raises(UsageError, match="Not filled in yet: the role"):
        refuse_fill_ins("before", wrap(fill_in("the role")))


def test_the_first_of_several_is_told():
    with pytest.raises(UsageError, match="Not filled in yet: first"):
        refuse_fill_ins({"a": [fill_in("first")], "b": fill_in("second")}, fill_in("third"))


def test_what_is_filled_in_passes():
    refuse_fill_ins(None, "fill_in", b"fill_in", 1, {"a": ["fill_in('x')", {}]}, [])


def test_an_upstream_without_origin_says_so_before_all_else():
    with pytest.raises(UsageError, match="Not filled in yet: the origin"):
        Upstream(origin=fill_in("the origin"))
    with pytest.raises(UsageError, match="Not filled in yet: the app"):
        Upstream(origin="no URL", app=fill_in("the app"))


@pytest.mark.parametrize(
    "argument", ["integration", "upstream", "auth", "credentials", "settings", "match_headers", "aliases"]
)
def test_a_connector_says_what_is_missing_before_all_else(argument):
    given = {"integration": "none", "upstream": "none", argument: fill_in(f"its {argument}")}
    with pytest.raises(UsageError, match=f"Not filled in yet: its {argument}"):
        ConnectorUnderTest(**given)


def test_a_connector_says_what_is_missing_deep_inside():
    with pytest.raises(UsageError, match="Not filled in yet: the token"):
        ConnectorUnderTest(
            integration=FakeIntegration(),
            upstream=Upstream(origin="https://acme.example.com"),
            auth={"token": {"token": fill_in("the token")}},
        )


@pytest.mark.parametrize(
    "call",
    [
        'call("create_account", {"role": fill_in("the answer")})',
        'call("list_accounts", page=fill_in("the answer"))',
        'call("list_accounts", auth={"token": {"token": fill_in("the answer")}})',
        'call("list_accounts", credentials=[fill_in("the answer")])',
        'call("list_accounts", settings={"url": fill_in("the answer")})',
        'walk("list_accounts", {"role": fill_in("the answer")})',
        'walk("list_accounts", page_size=fill_in("the answer"))',
        'walk("list_accounts", settings={"url": fill_in("the answer")})',
    ],
)
def test_a_scenario_says_what_is_missing(recorded, call):
    scenario = (
        f"from connector_contract import fill_in\nasync def test_walk(lumos):\n    await lumos.{call}\n"
    )
    run = recorded.write("test_acme.py", scenario).run()
    assert run.outcomes["failed"] == 1
    assert "Not filled in yet: the answer\n" in run.output
    assert "fill in: test_acme.py:3\n" in run.output
    assert "Traceback" not in run.output
    assert "test_acme.py:3: in" not in run.output
