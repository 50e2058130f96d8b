import pytest
from syrupy.extensions.json import JSONSnapshotExtension
from syrupy.filters import paths, paths_include, props
from syrupy.matchers import compose_matchers, path_type, path_value

from connector_contract.storage.hidden_parts import WHOLE, Hiding
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
