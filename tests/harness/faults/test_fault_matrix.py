"""The matrix on a terminal."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from fault_rows import EMPTY, GOOD, HOSTILE, NOTE, TOLERATED, hostile, many, sweep, swept

from connector_contract.faults.fault import Group
from connector_contract.faults.fault_matrix import matrix_lines

COLOURS = re.compile(r"\x1b\[[0-9;]+m")


def lines(calls, width=100, **more):
    return matrix_lines(calls, width, **{"in_colour": False, **more})


def wide():
    """More faults than eighty columns have room for."""
    rows = [replace(GOOD, fault=f"fault-{n}", group=group) for group in Group for n in range(8)]
    return swept(*rows, EMPTY, replace(EMPTY, place=2))


def test_a_sign_for_each_fault_and_below_what_the_columns_are():
    assert lines(sweep()) == [
        "                A   B  C   D",
        "delete_account   T",
        "list_accounts   X   ?  X=  -",
        "",
        "A  a status: status-401, status-404",
        "B  a server error: status-503-once",
        "C  an unreadable body: truncated-json, wrong-content-type",
        "D  the pages of a list: page-empty",
        "",
        "X finding; T tolerated; ? note; = the same success; . as expected; - does not apply",
        "",
        "findings:",
        "  list_accounts: an empty success: 0 of 8 records, with status-401: Lumos takes access away from",
        "    whoever is missing.",
        "  list_accounts: internal_error (JSONDecodeError), with truncated-json: Lumos treats the connector",
        "    as broken, and tries again.",
        "",
        "tolerated:",
        "  status-404[delete_account-DELETE /users/*]: Who is gone is deleted.",
        "",
        "notes:",
        "  list_accounts: a request that was never recorded (service_error), with status-503-once: Nobody",
        "    knows how the upstream would answer that request.",
        "",
        "6 faults replayed in 3 calls of 2 capabilities: 2 findings, 1 tolerated, 1 note; 1 does not apply",
    ]


def test_where_the_terminal_is_narrow_a_group_is_a_column():
    assert lines([wide(), *sweep()], 80)[:4] == [
        "               status limit  5xx conn body sense field pages time",
        "delete_account     T1",
        "list_accounts      X3     .   ?1    .   X1     .     .     .    .",
        "",
    ]


@pytest.mark.parametrize("width", [0, 40, 80, 120, 400])
def test_the_matrix_fits(width):
    names = ("find_entitlement_associations", "get_a_very_long_name_of_a_capability_of_ones_own")
    calls = [replace(wide(), capability=name) for name in names]
    found = lines([*calls, *many(600)], width)
    assert max(map(len, found)) <= max(width, 80)


def test_colours_are_there_only_if_they_are_asked_for():
    painted = lines(sweep(), in_colour=True)
    assert "\x1b[1;31mX\x1b[0m" in painted[2]
    assert [COLOURS.sub("", line) for line in painted] == lines(sweep())
    folded = lines([wide()], 80, in_colour=True)
    assert [COLOURS.sub("", line) for line in folded] == lines([wide()], 80)
    assert "\x1b[1;31mX2\x1b[0m" in folded[1]


def test_several_connectors_are_named_above_their_capabilities():
    found = lines([swept(GOOD, connector="acme"), swept(EMPTY, connector="okta v2")])
    assert found[1:5] == ["acme:", "list_accounts  .", "okta v2:", "list_accounts  X"]
    assert "acme:" not in lines([swept(GOOD, connector="acme")])


def test_what_is_listed_is_bounded():
    found = lines(many(5_000), 200)
    (start,) = [number for number, line in enumerate(found) if line == "notes:"]
    assert len([line for line in found[start:] if line.startswith("  get_")]) == 10
    assert "  and 40 more" in found
    reasons = {f"status-{n}[delete_account-DELETE /users/*]": "so" for n in range(30)}
    row = replace(EMPTY, capability="delete_account", endpoint="DELETE /users/*")
    rows = [replace(row, fault=f"status-{n}") for n in range(30)]
    assert "  and 20 more" in lines([swept(*rows, tolerated=reasons)])


def test_a_tolerated_fault_is_listed_once_with_its_reason():
    row = replace(EMPTY, capability="delete_account", endpoint="DELETE /users/*", fault="status-404")
    found = lines([swept(row, replace(row, place=2), tolerated=TOLERATED)])
    assert sum("Who is gone is deleted." in line for line in found) == 1


def test_order_makes_no_difference():
    assert lines(many(1_000)[::-1]) == lines(many(1_000))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("width", [60, 400])
def test_nothing_in_a_name_moves_a_cursor(text, width):
    rows = [hostile(text), replace(hostile(text), weight=NOTE.weight)]
    calls = [swept(*rows, connector=text), swept(GOOD, connector="b")]
    assert all(letter.isprintable() for line in lines(calls, width) for letter in line)
    assert len("".join(lines(calls, width))) < 4_000


def test_an_empty_sweep_has_totals():
    assert lines([])[-1] == (
        "0 faults replayed in 0 calls of 0 capabilities: 0 findings, 0 tolerated, 0 notes; 0 do not apply"
    )
