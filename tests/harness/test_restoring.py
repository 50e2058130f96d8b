import base64
import json

import pytest

from connector_contract.secrets.restoring import Restoring

VALUES = {"<token.token>": 'own"value', "<key>": "the-key", "<odd <name>>": "odd"}


def restoring(made_up=None):
    return Restoring(VALUES, made_up or {})


def in_base64(text):
    return base64.b64encode(text.encode()).decode()


TEXTS = {
    "a <token.token> <key>": 'a own"value the-key',
    "<unknown> <token> <<key>>": "<unknown> <token> <the-key>",
    "<odd <name>>": "odd",
    "<key.base64>": in_base64("the-key"),
    "<key.hex>": b"the-key".hex(),
    "<key.utf-8>": "the-key",
    "<key.other>": "<key.other>",
    f"x {in_base64('a: <key>')}": f"x {in_base64('a: the-key')}",
    f"x {in_base64(json.dumps(['<token.token>']))}": f"x {in_base64(json.dumps([VALUES['<token.token>']]))}",
    f"0x{b'a: <key>'.hex()}": f"0x{b'a: the-key'.hex()}",
    "no placeholder": "no placeholder",
}


@pytest.mark.parametrize("text", TEXTS)
def test_values_are_in_the_places_of_their_placeholders(text):
    assert restoring().text(text) == TEXTS[text]
    assert restoring().may_be_in(text.encode()) or text == TEXTS[text]
    assert restoring().json({"a": [text, 1, None]}) == {"a": [TEXTS[text], 1, None]}


def test_a_value_in_json_is_escaped():
    assert restoring().text('"<token.token>"', in_json=True) == json.dumps(VALUES["<token.token>"])


def test_an_alias_is_not_torn_out_of_another():
    made = restoring({"key-1": "Zk3x9q", "key-10": "Zk3x9r"})
    assert made.text("key-1 key-10 my-key-1") == "Zk3x9q Zk3x9r my-key-1"
    assert made.text(in_base64('{"a": "key-10"}')) == in_base64('{"a": "Zk3x9r"}')
    assert made.may_be_in(b"anything")


def test_most_bodies_have_nothing_to_restore():
    made = Restoring({"<key>": "the-key"}, {})
    assert not made.may_be_in(b"<users><user/></users>")
    assert not made.may_be_in(b'{"a": "550e8400e29b41d4a716446655440000"}')
    assert made.may_be_in(b"<users><key></users>")
    assert "<key>" in made
    assert "<other>" not in made
