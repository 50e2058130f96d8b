import pytest

from connector_contract.storage.stored_names import folded


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("test_a", "test_A"),
        ("\u00e9", "e\u0301"),
        ("\u00c9", "e\u0301"),
        ("stra\u00dfe", "STRASSE"),
        ("\u0130", "i\u0307"),
    ],
)
def test_names_that_are_one_file_elsewhere(name, other):
    assert folded(name) == folded(other)


@pytest.mark.parametrize(("name", "other"), [("a", "b"), ("e", "\u00e9"), ("a-b", "a_b"), ("a1", "a\u00b9")])
def test_names_that_are_two_files_everywhere(name, other):
    assert folded(name) != folded(other)
