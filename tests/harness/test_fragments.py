"""Pieces of secrets in what was cut before it was redacted."""

from __future__ import annotations

import random
import time

import pytest

from connector_contract.secrets.fragments import Fragments

SECRET = "tk9" + "Qz7Xw2" * 5 + "Lm4"
WORDS = "mockapp-production-" + "8fK2" * 3


def shown(text: str, **names: str) -> str:
    fragments = Fragments()
    fragments.add({value: name for name, value in names.items()})
    return fragments.text(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"it is {SECRET[:20]}", "it is <a>"),
        (f"it is {SECRET[:12]}\nand more", "it is <a>\nand more"),
        (f"'{SECRET[:18]}...{SECRET[-18:]}'", "'<a>...<a>'"),
        (f"'{SECRET[:18]}…", "'<a>…"),
        (f"b'{SECRET[9:30]}'", "b'<a>'"),
        (f"token={SECRET[:15]}...", "token=<a>..."),
        (f"...{SECRET[-15:]}&x=1", "...<a>&x=1"),
        (f"{SECRET[:14]}{SECRET[-14:]}", "<a><a>"),
    ],
)
def test_a_piece_becomes_the_placeholder(text, expected):
    assert shown(text, a=SECRET) == expected


@pytest.mark.parametrize(
    "text",
    [
        f"it is {SECRET[:11]}",
        # In the middle of another word it is that word.
        f"x{SECRET[5:18]}y",
        "",
        "nothing of it, in a sentence that is long enough",
    ],
)
def test_what_is_short_or_a_part_of_a_word_stays(text):
    assert shown(text, a=SECRET) == text


def test_words_of_a_secret_stay_unless_they_are_beside_dots():
    assert shown("mockapp-production is up", a=WORDS) == "mockapp-production is up"
    assert shown("mockapp-production...", a=WORDS) == "<a>..."
    assert shown("it is mockapp-production-8fK2", a=WORDS) == "it is <a>"


def test_letters_alone_are_a_piece_from_sixteen_on():
    secret = "qwrtpsdfghjklzxcvbnm" * 2
    assert shown(f"{secret[:15]}...", a=secret) == f"{secret[:15]}..."
    assert shown(f"{secret[:16]}...", a=secret) == "<a>..."


def test_the_host_of_a_secret_url_is_no_piece():
    secret = "https://hooks.example.com/" + "T0A1b2" * 5
    assert shown("https://hooks.example.com...", a=secret) == "https://hooks.example.com..."
    assert shown(f"{secret[:-4]}...", a=secret) == "<a>..."


def test_the_right_one_of_secrets_that_begin_alike_is_not_needed_but_the_longest_piece_is_taken():
    assert shown(f"{SECRET[:30]}...", a=SECRET[:14] + "-other", b=SECRET) == "<b>..."


def test_a_text_and_a_key_in_lines_have_no_pieces():
    assert shown("-----BEGIN PRIVATE...", a="-----BEGIN PRIVATE KEY-----\nabc") == "-----BEGIN PRIVATE..."
    assert shown('"service_account"', a='{"type": "service_account"}') == '"service_account"'


def test_it_takes_one_look_for_each_word_however_many_secrets_there_are():
    letters = random.Random(1)  # noqa: S311 - nothing is kept secret with it
    fragments = Fragments()
    known = {"".join(letters.choices("abcXYZ0189", k=40)): str(n) for n in range(500)}
    fragments.add(known)
    text = "a line of a log that says nothing 0123456789abc\n" * 20_000
    started = time.process_time()
    assert fragments.text(text) == text
    assert time.process_time() - started < 5
