import pytest
from syrupy.extensions.json import JSONSnapshotExtension
from syrupy.filters import paths, paths_include, props
from syrupy.matchers import compose_matchers, path_type, path_value

from connector_contract.errors import UsageError
from connector_contract.storage.hidden_parts import WHOLE, Hiding, leaves_nothing
from connector_contract.storage.snapshot_format import readable_text

# In the order of its keys, which is syrupy's own.
RESPONSE = {
    "page": {"size": 2, "token": None},
    "response": [
        {"active": True, "id": "u1", "seen": "2026-01-01", "tags": ["a", "b"]},
        {"active": False, "id": "u2", "seen": "2026-01-02", "tags": []},
    ],
}
OPTIONS = {
    "nothing": {},
    "names": {"exclude": props("seen", "page")},
    "paths": {"exclude": paths("response.0.id", "page.size")},
    "what is named": {"include": paths_include(["response", "0", "id"])},
    "both": {"include": props("response", "0", "1", "id", "seen"), "exclude": props("seen")},
    "types": {"matcher": path_type({"response.0.seen": (str,)})},
    "all of a type": {"matcher": path_type(types=(bool,))},
    "values": {
        "matcher": path_value(
            {r"response\.\d+\.seen": r"\d{4}-.*"}, types=(str,), replacer=lambda *_: "<date>", regex=True
        )
    },
    "several": {
        "matcher": compose_matchers(path_type({"page.size": (int,)}), path_type({"response.1.id": (str,)}))
    },
    "whatever": {"matcher": lambda data, path: sorted(data) if path == (("page", dict),) else data},
}


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_what_is_left_is_what_syrupy_leaves(options):
    expected = JSONSnapshotExtension().serialize(RESPONSE, **options)
    assert readable_text(Hiding(**options).shown(RESPONSE)) == expected


def test_keys_stay_in_their_order():
    assert list(Hiding(exclude=props("c")).shown({"b": 1, "c": 2, "a": 3})) == ["b", "a"]


def test_what_a_call_says_is_more_than_what_is_said_by_default():
    by_default, given = Hiding(exclude=props("a"), matcher=repr), Hiding(exclude=props("b"))
    assert given.over(by_default) == Hiding(given.exclude, None, repr)
    assert given.over(by_default).names == ["exclude", "matcher"]
    assert not WHOLE.over(WHOLE)
    assert WHOLE.shown(RESPONSE) == RESPONSE


@pytest.mark.parametrize(
    "options",
    [
        {"exclude": lambda prop, path: True},
        {"exclude": lambda prop, path: prop not in ("response", "page")},
        {"include": lambda prop, path: False},
        {"matcher": lambda data, path: None},
        {"exclude": props("page", "active", "id", "seen", "tags")},
    ],
)
@pytest.mark.parametrize("response", [RESPONSE, [RESPONSE, RESPONSE]], ids=["a response", "a walk"])
def test_what_hides_all_leaves_nothing_to_compare(options, response):
    assert leaves_nothing(response, Hiding(**options).shown(response))


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_what_hides_a_part_leaves_something(options):
    assert not leaves_nothing(RESPONSE, Hiding(**options).shown(RESPONSE))


@pytest.mark.parametrize(
    ("response", "shown"), [({}, {}), (None, None), ([], []), ({"response": [], "page": 1}, {"response": []})]
)
def test_what_has_nothing_to_hide_is_compared(response, shown):
    assert not leaves_nothing(response, shown)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"exclude": lambda prop: True}, "raised TypeError: "),
        ({"include": lambda prop, path: 1 / 0}, "raised ZeroDivisionError: division by zero."),
        ({"matcher": lambda data, path: data["x"]}, "raised KeyError: 'x'."),
    ],
)
def test_an_option_that_raises_is_named(options, said):
    with pytest.raises(UsageError) as caught:
        Hiding(**options).shown(RESPONSE)
    (name,) = options
    assert f"snapshot({name}=...) {said}" in caught.value.what
    assert "props" in caught.value.remedy


def test_what_is_no_function_is_known_before_it_is_asked():
    assert Hiding(exclude=["id"], include=props("a"), matcher="id").wrong == ["exclude", "matcher"]
