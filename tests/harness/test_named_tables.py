"""Secrets by name in tables."""

from __future__ import annotations

import pytest

from connector_contract.secrets.named_tables import with_table_values
from connector_contract.secrets.secret_names import WELL_KNOWN, judge


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("id,password\n1,w\n", "id,password\n1,<it>\n"),
        ("id,password\r\n1,w\r\n2,\r\n", "id,password\r\n1,<it>\r\n2,\r\n"),
        ("password;id\nw;1\nw;2", "password;id\n<it>;1\n<it>;2"),
        ('"id"\t"api key"\n"1"\t"w ""x"""\n', '"id"\t"api key"\n"1"\t"<it>"\n'),
        ('id,password,note\n1,w,"a, b\nc"\n2,v,\n', 'id,password,note\n1,<it>,"a, b\nc"\n2,<it>,\n'),
        ("\ufeffid|password|x\n1|w|\n", "\ufeffid|password|x\n1|<it>|\n"),
        ("sep=;\nid;password\n1;w\n", "sep=;\nid;password\n1;<it>\n"),
        ("\n\nid,password\n1,w\n", "\n\nid,password\n1,<it>\n"),
        # Times and what is empty are none.
        ("id,password\n1,2026-01-01\n", "id,password\n1,2026-01-01\n"),
        ("id,password_policy\n1,w\n", "id,password_policy\n1,w\n"),
        # Sentences are none, and neither is a line alone.
        ("First, secret\nand then go on\n", "First, secret\nand then go on\n"),
        (
            "Hello! Dear Ann, password\nis, what you forgot\n",
            "Hello! Dear Ann, password\nis, what you forgot\n",
        ),
        ("id,password", "id,password"),
        ("", ""),
    ],
)
def test_a_cell_of_a_secret_column(text, shown):
    assert with_table_values(text, judge(WELL_KNOWN), lambda name, value: "<it>") == shown


def test_a_quote_that_nobody_closes_ends_with_the_table():
    text = 'id,password\n1,"w\n2,v\n'
    assert with_table_values(text, judge(WELL_KNOWN), lambda name, value: "<it>") == 'id,password\n1,"<it>'
