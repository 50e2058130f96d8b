"""Where pip is sent for what is installed here."""

from __future__ import annotations

import json

import pytest
from packaging.requirements import Requirement as Parsed

from connector_contract.scaffold.requirement import requirement

GIT = {"vcs": "git", "commit_id": "abc123", "requested_revision": "main"}
URL = "https://git.example.com/c.git"
WHEEL = "https://packages.example.com/c-1.2-py3-none-any.whl"


def of(origin, version="1.2"):
    return requirement("some-name", version, origin if origin is None else json.dumps(origin))


@pytest.mark.parametrize(
    ("origin", "url"),
    [
        ({"url": URL, "vcs_info": GIT}, f"git+{URL}@abc123"),
        ({"url": "ssh://git@example.com/c", "vcs_info": GIT}, "git+ssh://git@example.com/c@abc123"),
        ({"url": URL, "vcs_info": GIT, "subdirectory": "a/b"}, f"git+{URL}@abc123#subdirectory=a/b"),
        ({"url": WHEEL, "archive_info": {}}, WHEEL),
        ({"url": WHEEL, "archive_info": {"hash": "sha256=12ab"}}, f"{WHEEL}#sha256=12ab"),
        (
            {"url": WHEEL, "archive_info": {"hash": "md5=0", "hashes": {"md5": "0", "sha256": "12ab"}}},
            f"{WHEEL}#sha256=12ab",
        ),
        (
            {"url": WHEEL, "archive_info": {"hashes": {"sha512": "12ab"}}, "subdirectory": "a"},
            f"{WHEEL}#subdirectory=a&sha512=12ab",
        ),
    ],
)
def test_a_place_that_others_reach_is_named_exactly(origin, url):
    found = of(origin)
    assert found.text == f"some-name @ {url}"
    assert Parsed(found.text).url == url
    assert found.to_check == ()


@pytest.mark.parametrize(
    "origin",
    [
        {"url": "file:///home/c", "dir_info": {"editable": True}},
        {"url": "file:///home/c-1.2.whl", "archive_info": {"hash": "sha256=12ab"}},
        {"url": "file:///home/c.git", "vcs_info": GIT},
    ],
)
def test_a_folder_of_this_machine_is_not_named(origin):
    found = of(origin)
    assert found.text == "some-name==1.2"
    first, example, _ = found.to_check
    assert "from a folder" in first
    assert Parsed(example).name == "some-name"


def test_of_a_package_index_the_version_is_named_and_the_index_is_to_be_checked():
    found = of(None)
    assert found.text == "some-name==1.2"
    assert "Check that pip asks your package index" in found.to_check[0]


def test_without_an_installation_there_is_no_version():
    found = of(None, version=None)
    assert found.text == "some-name"
    assert "from a folder" in found.to_check[0]
