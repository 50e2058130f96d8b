"""What a header of a request says, however it is spelled: case, quotes and spaces are no difference."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from connector_contract.recording.interactions import Headers

# RFC 9110, 5.6.6: parameters, of which the names are in any case.
_PARAMETER = re.compile(r';[ \t]*(?:([^\s;="]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*)))?[ \t]*')
_PARAMETERS = re.compile(rf"(?:{_PARAMETER.pattern})*")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~\w-]+", re.ASCII)
_SCHEME = re.compile(rf"({_TOKEN.pattern}) +(?=\S)", re.ASCII)

# What has a word, and parameters.
_WITH_PARAMETERS = frozenset({"content-type", "content-disposition"})
_CREDENTIALS = frozenset({"authorization", "proxy-authorization"})
# RFC 9110, 8.4.1: names from before HTTP had its own.
_CODINGS = {"x-gzip": "gzip", "x-compress": "compress"}


# The requests of a walk have the same headers.
@lru_cache(64)
def meant(headers: Headers) -> Headers:
    """Headers in the one spelling that is compared, in the order of their names."""
    codings = content_codings(headers)
    others = [(name, _meant(name, value)) for name, value in headers if name != "content-encoding"]
    return tuple(sorted([*others, *([("content-encoding", ", ".join(codings))] if codings else [])]))


def content_codings(headers: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The codings of a body by their usual names, the outermost last."""
    values = [value for name, value in headers if name == "content-encoding"]
    names = [name.strip().lower() for value in values for name in value.split(",")]
    return tuple(_CODINGS.get(name, name) for name in names if name not in ("", "identity"))


def parameters(value: str) -> dict[str, str]:
    """The parameters of a header, by their names in lower case."""
    return dict(_split(value)[1])


def _meant(name: str, value: str) -> str:
    if name in _WITH_PARAMETERS:
        return _with_parameters(value)
    if name == "content-transfer-encoding":
        return value.strip().lower()
    if name in _CREDENTIALS:
        # RFC 9110, 11.1: a scheme is in any case.
        return _SCHEME.sub(lambda found: f"{found[1].lower()} ", value, count=1)
    return value


def _with_parameters(value: str) -> str:
    word, found = _split(value)
    if not found and ";" in word:
        return value
    return "; ".join([word.lower(), *(f"{name}={_quoted(text)}" for name, text in sorted(found))])


def _split(value: str) -> tuple[str, list[tuple[str, str]]]:
    """The word and the parameters of a header; all as the word if they cannot be told apart."""
    word, semicolon, rest = value.strip().partition(";")
    if not _PARAMETERS.fullmatch(semicolon + rest):
        return value, []
    found = []
    for each in _PARAMETER.finditer(semicolon + rest):
        if each[1] is not None:
            name, text = each[1].lower(), each[3] if each[2] is None else re.sub(r"\\(.)", r"\1", each[2])
            found.append((name, text.lower() if name == "charset" else text))
    return word.strip(), found


def _quoted(text: str) -> str:
    return text if _TOKEN.fullmatch(text) else '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'
