import json

import msgpack
import pytest
from connector.client import PaginationBase, create_next_page_token

from connector_contract.storage.snapshot_format import decode_page_token, snapshot_text


class Pagination(PaginationBase):
    offset: int


def test_a_token_of_the_sdk_can_be_read():
    token = create_next_page_token(Pagination, "NextPageToken").from_paginations([Pagination(offset=3)]).token
    ((name, (pagination,)),) = decode_page_token(token).items()
    assert name == "NextPageToken"
    assert pagination["offset"] == 3


@pytest.mark.parametrize(
    "token",
    [
        "",
        "abc",
        "https://a.example/?page=2",
        msgpack.packb({"no": "list"}).hex(),
        "90",  # an empty list, or the offset 90
        "93",  # a list of three, cut
        "9101ff",  # a list, and more
        "dc000101",  # a list of one, longer than it has to be
    ],
)
def test_any_other_token_is_shown_as_it_is(token):
    assert decode_page_token(token) == token


def test_a_snapshot_keeps_the_order_of_keys_and_decodes_page_tokens_alone():
    token = msgpack.packb([{"offset": 3}]).hex()
    text = snapshot_text([{"b": token, "page": {"token": token, "size": 1}, "a": "é"}])
    readable = {"b": token, "page": {"token": {"NextPageToken": [{"offset": 3}]}, "size": 1}, "a": "é"}
    assert text == json.dumps([readable], indent=2, ensure_ascii=False) + "\n"
