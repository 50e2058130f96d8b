"""Which file is which, where a test has another name, or lies elsewhere."""

from __future__ import annotations

from connector_contract.review.moved_files import moved_files
from connector_contract.review.stored import place_of


def moved(base, head):
    paths = {path for path in {**base, **head} if base.get(path) != head.get(path)}
    return moved_files(base, head, {path: place_of(path) for path in sorted(paths)})


def files(*names, content=b""):
    return {f"snapshots/{name}": content or name.encode() for name in names}


def test_a_class_that_has_another_name():
    base, head = files("test_a/TestOld.test_x.json"), files("test_a/TestNew.test_x.json")
    assert moved(base, head) == {
        "snapshots/test_a/TestNew.test_x.json": "snapshots/test_a/TestOld.test_x.json"
    }


def test_a_test_of_the_same_name_that_calls_something_else_is_another():
    def cassette(capability, path):
        return f'calls:\n- {{"capability": "{capability}"}}\n    uri: {path}\n'.encode()

    base = {
        "cassettes/users/test_x.yaml": cassette("list_accounts", "/users"),
        "snapshots/users/test_x.json": b"1",
    }
    for other in (cassette("list_resources", "/users"), cassette("list_accounts", "/admins")):
        head = {"cassettes/admins/test_x.yaml": other, "snapshots/admins/test_x.json": b"2"}
        assert moved(base, head) == {}
    head = {
        "cassettes/admins/test_x.yaml": cassette("list_accounts", "/users"),
        "snapshots/admins/test_x.json": b"2",
    }
    assert len(moved(base, head)) == 2


def test_of_two_tests_that_may_be_it_neither_is():
    assert moved(files("test_a/One.test_x.json"), files("test_a/B.test_x.json", "test_a/C.test_x.json")) == {}


def test_a_folder_that_lies_elsewhere():
    names = ("test_a/test_x.json", "test_a/test_y.json")
    base = files(*names, content=b"1")
    head = {f"sub/{path}": data for path, data in base.items()}
    assert moved(base, head) == {new: new.removeprefix("sub/") for new in head}


def test_a_module_that_has_another_name_is_known_by_equal_files():
    base = files("test_a/test_x.json", "test_a/test_y.json", "test_b/test_x.json", "test_b/test_y.json")
    head = {path.replace("test_a", "test_z"): data for path, data in base.items() if "test_a" in path}
    head |= {path.replace("test_b", "test_w"): b"" for path in base if "test_b" in path}
    found = {path: old for path, old in moved(base, head).items() if "test_z" in path}
    assert found == {f"snapshots/test_z/test_{x}.json": f"snapshots/test_a/test_{x}.json" for x in "xy"}


def test_parameters_that_have_other_names_play_the_same():
    def walk(name, size):
        text = f'scenario: test_a[{name}], "success": {size * 2}, GET /users?size={size}'
        return {f"cassettes/m/test_a[{name}].yaml": text.encode(), f"snapshots/m/test_a[{name}].json": b"[]"}

    base, head = {**walk("5", 5), **walk("9", 9)}, {**walk("few", 5), **walk("many", 9)}
    assert moved(base, head) == {
        f"{kind}/m/test_a[{new}].{suffix}": f"{kind}/m/test_a[{old}].{suffix}"
        for new, old in (("few", "5"), ("many", "9"))
        for kind, suffix in (("cassettes", "yaml"), ("snapshots", "json"))
    }
