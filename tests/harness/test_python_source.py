"""Values as Python source; ruff says whether that is laid out as it should be."""

from __future__ import annotations

import subprocess
import sys

import pytest

from connector_contract.scaffold.python_source import Call, calls, statement

TEXTS = ["", "a", 'with "quotes"', "it's", """both ' and \"""", "back\\slash", "Zoë", "new\nline", "x" * 120]


def values():
    """Values of all shapes whose length goes past the end of the line."""
    yield from (None, True, -1, 1.5, [], {}, Call("f"), *TEXTS)
    for length in range(60, 100):
        text = "x" * length
        yield from ([text], {"a": text}, Call("f", (text,)), {"a": Call("f", (text,))}, [[text]])
        yield from (Call("f", (text, "y")), Call("f", ("y",), {"key": text}), {"a": [1, {"b": text}]})
        yield Call("Outer", (), {"key": Call("inner", (text,))})
        yield {"a": Call("outer", (Call("inner", (text, text)),)), "b": {}}


def test_ruff_finds_nothing_to_lay_out(tmp_path):
    lines = [statement("VALUE = ", value) for value in values()]
    lines += ["def function():", *(statement("    return ", value) for value in values())]
    path = tmp_path / "values.py"
    path.write_text("\n".join([*lines[: len(lines) // 2], "", "", *lines[len(lines) // 2 :], ""]), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length=110", "--diff", str(path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout == ""
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("value", [value for value in values() if "f(" not in str(value)][:40])
def test_the_source_is_the_value(value):
    names = {"f": lambda *arguments, **keywords: Call("f", arguments, keywords)}
    names |= {"inner": lambda *arguments: Call("inner", arguments)}
    names |= {"outer": lambda *arguments: Call("outer", arguments)}
    names |= {"Outer": lambda **keywords: Call("Outer", (), keywords)}
    assert eval(statement("", value), names) == value  # noqa: S307 - that is what it is for


def test_calls_are_found_wherever_they_are():
    inner = Call("inner", ("a",))
    outer = Call("outer", (inner,))
    named = Call("named", (), {"key": outer})
    assert list(calls({"a": [1, named], "b": "text"})) == [named, outer, inner]
