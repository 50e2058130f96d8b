"""What a variant may be called."""

from __future__ import annotations

import pytest

from connector_contract.errors import UsageError
from connector_contract.variant_names import check_variant_name, same_name


@pytest.mark.parametrize("name", ["classic", "v2", "2024-10", "_old", "EU_west", "a" * 64, "console"])
def test_a_word_is_a_variant(name):
    assert check_variant_name(name) is None


@pytest.mark.parametrize(
    "name", ["", " ", "a b", "a/b", "a\\b", "..", "a.b", "-a", "zürich", "a" * 65, "a\n", 3, ["a"]]
)
def test_another_value_is_none(name):
    with pytest.raises(UsageError) as caught:
        check_variant_name(name)
    assert caught.value.what == f"ConnectorUnderTest(variant=...) is {name!r}, which is not a word."
    assert 'such as variant="classic"' in str(caught.value)


@pytest.mark.parametrize("name", ["con", "NUL", "com1", "Lpt9", "aux", "prn"])
def test_a_device_of_windows_is_none(name):
    with pytest.raises(UsageError, match="which Windows keeps for a device"):
        check_variant_name(name)


def test_names_that_are_one_folder_on_some_systems_are_the_same():
    assert same_name(["classic", "modern", "Classic"]) == ("classic", "Classic")
    assert same_name(["classic", "classic"]) == ("classic", "classic")
    assert same_name(["classic", "modern"]) is None
