"""What is wrong with stored files: secrets, edits by hand, leftovers."""

from __future__ import annotations

import io
import json
import math
import re
import shlex
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from connector_contract.clients.content_codings import plain
from connector_contract.faults.field_use import Fields, fields_text, from_json
from connector_contract.recording.interactions import FORM, Interaction, Response
from connector_contract.secrets.allowed_secrets import digest
from connector_contract.secrets.named_values import named_in_answer, named_values, own_cookies
from connector_contract.secrets.schemes import split_scheme
from connector_contract.secrets.secret_forms import TITLES
from connector_contract.secrets.secret_names import COOKIE
from connector_contract.secrets.shown_placeholders import PLACEHOLDER
from connector_contract.secrets.url_logins import logins
from connector_contract.storage.canonical import canonical_interaction
from connector_contract.storage.cassette_format import CassetteFormatError, cassette_parts, read_cassette
from connector_contract.storage.header_times import is_relative
from connector_contract.storage.json_differences import load_once
from connector_contract.storage.line_ends import with_line_feeds
from connector_contract.storage.response_headers import ResponseHeaders
from connector_contract.storage.snapshot_format import declarations_text, snapshot_text
from connector_contract.storage.stored_names import FIELDS, folded
from connector_contract.storage.yaml_text import unfolded

# What is longer than the words around placeholders, such as the "token" in "<basic.username>/token:<...>".
_WORD = re.compile(r"[A-Za-z0-9]{6,}")
# What stands around the lines of a key, of which each may have a placeholder.
_ARMOUR = re.compile(r"-----(?:BEGIN|END) [A-Z0-9 ]{1,40}-----")
# As an earlier release has written the placeholder of "API Key" or "user[token]".
_ODD = re.compile(r"<[A-Za-z][\w.:/()\[\] -]{0,80}>")
RECORD = "record the scenario again: pytest --record-mode=rewrite"
UNREAD = "unread"
"""The kind of what cannot be read, so that nobody knows what is wrong with it."""
_UPDATE = "write it again: pytest --snapshot-update"
_SWEEP = "write it again: pytest --contract-faults --snapshot-update"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong.

    Attributes:
        path: The file, or a folder of files.
        line: Where in the file, from 1.
        kind: ``corrupt``, ``unread``, ``secret``, ``form``, ``leftover``, ``place``, ``uncollected``,
            ``case``, ``personal`` or ``age``.
        what: One sentence.
        remedy: What to do about it.
        is_warning: Whether it is reported alone, and counts as good.
    """

    path: str
    line: int
    kind: str
    what: str
    remedy: str
    is_warning: bool = False

    def __str__(self) -> str:
        """The finding as editors and people read it."""
        kind = f"warning: {self.kind}" if self.is_warning else self.kind
        return f"{self.path}:{self.line}: {kind}: {self.what}\n    {self.remedy}"


def lint_cassette(
    path: str,
    data: bytes,
    secret_names: frozenset[str],
    scenario: str = "",
    snapshots: Collection[str] | None = None,
) -> Iterator[Finding]:
    """What is wrong with a cassette.

    Args:
        path: Its name in the findings.
        data: Its content.
        secret_names: Normalized names whose values have to be placeholders.
        scenario: The test that writes it, as pytest takes it; empty if there is none.
        snapshots: The file names of the module's snapshots; ``None`` if nobody knows them.
    """
    again = f"{RECORD} {scenario}".rstrip()
    data = with_line_feeds(data)
    try:
        cassette = read_cassette(io.BytesIO(data))
    except CassetteFormatError as error:
        yield Finding(
            path, error.line, "corrupt", f"it cannot be replayed: {error}", f"restore it, or {again}"
        )
        return
    of_connector = own_cookies(cassette.requests, secret_names)
    asked = [(each.request, each.response) for each in cassette.interactions]
    asked += [(each.request, Response(0)) for each in cassette.given_up]
    for request, response in asked:
        found = (pair for pair in named_values(request, response, secret_names) if pair not in of_connector)
        uri = request.uri.encode("utf-8", "surrogatepass")
        yield from _secrets(path, data, found, again, max(data.find(uri), 0))
    for call in cassette.calls:
        yield from _secrets(path, data, named_in_answer(call.asked, secret_names), again)
    yield from _logins(path, data, again)
    yield from _compressed_logins(path, data, cassette.interactions, again)
    own = path.rpartition("/")[2].removesuffix(".yaml")
    for name in dict.fromkeys(name for call in cassette.calls for name in call.snapshots):
        # What rules share names a snapshot that the rule records may have still to write.
        if snapshots is not None and name.startswith(own) and name not in snapshots:
            line = _line_at(data, max(data.find(json.dumps(name).encode()), 0))
            what = f"a call was compared in {name}, which does not exist"
            yield Finding(path, line, "form", what, f"restore the snapshot, or {again}")
    # A header that its author named is kept; lint does not know which these are.
    names = {name for item in cassette.interactions for name, _ in item.request.headers}
    kept = ResponseHeaders(frozenset(_kept_headers(cassette.interactions)))
    # No date is to come any more: an earlier release may have kept one.
    items = tuple(canonical_interaction(item, names, kept, math.inf) for item in cassette.interactions)
    stored = replace(cassette, interactions=items, form=cassette.form or FORM)
    # An earlier release had some texts in one line.
    if _first_difference(unfolded(data), map(unfolded, cassette_parts(stored))) is not None:
        yield from _form(path, data, cassette_parts(stored), again)
    # The count of interactions holds also where the file was cut off at the end of a line of the last body.
    if any(_ends_too_early(item.response.body) for item in cassette.interactions[-1:]):
        what = "its last body is JSON that ends too early: the file was cut off, or the server sent it so"
        yield Finding(path, data.count(b"\n"), "corrupt", what, f"restore it, or {again}", is_warning=True)


def _ends_too_early(body: bytes) -> bool:
    """Whether a body begins as JSON, and is none because it lacks its end."""
    text = body.decode("utf-8", "replace").rstrip()
    if not text.startswith(("{", "[")):
        return False
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return error.pos >= len(text)
    except RecursionError:
        return False
    return False


def _kept_headers(interactions: Iterable[Interaction]) -> Iterator[str]:
    """The names of the response headers that may have been kept."""
    for interaction in interactions:
        for name, value in interaction.response.headers:
            # A recording that keeps this one has it relative to its own time.
            if name != "date" or is_relative(value):
                yield name


def lint_snapshot(
    path: str, data: bytes, secret_names: frozenset[str], scenario: str = ""
) -> Iterator[Finding]:
    """What is wrong with a snapshot; the arguments are those of ``lint_cassette``."""
    yield from _lint_json(path, data, secret_names, snapshot_text, f"{_UPDATE} {scenario}".rstrip())


def lint_declarations(
    path: str, data: bytes, secret_names: frozenset[str], scenario: str = ""
) -> Iterator[Finding]:
    """What is wrong with a contract's declarations; the arguments are those of ``lint_cassette``."""
    yield from _lint_json(path, data, secret_names, declarations_text, f"{_UPDATE} {scenario}".rstrip())


def lint_fields(path: str, data: bytes, tests: str = "") -> Iterator[Finding]:
    """What is wrong with a table of fields.

    Args:
        path: Its name in the findings.
        data: Its content.
        tests: The tests that write it, as pytest takes them; empty if there are none.
    """
    again = f"{_SWEEP} {tests}".rstrip()
    data = with_line_feeds(data)
    try:
        fields = from_json(load_once(data.decode("utf-8")))
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        what = f"it is no table of fields: {error or 'it is nested too deeply'}"
        yield Finding(path, line, "corrupt", what, f"restore it, or {again}")
        return
    # What it has is not secret; what its names look like is.
    yield from _secrets(path, data, named_in_answer(_names(fields), frozenset()), again)
    yield from _form(path, data, [fields_text(fields).encode("utf-8", "surrogatepass")], again)


def _names(fields: Fields) -> list[str]:
    return [*fields, *(name for of in fields.values() for name in of)]


def _lint_json(
    path: str, data: bytes, secret_names: frozenset[str], text: Callable[[Any], str], again: str
) -> Iterator[Finding]:
    data = with_line_feeds(data)
    try:
        stored = json.loads(data.decode("utf-8"))
    except RecursionError:
        yield Finding(path, 1, "corrupt", "it is nested too deeply to be read", f"restore it, or {again}")
        return
    except ValueError as error:
        line = getattr(error, "lineno", 1)
        yield Finding(path, line, "corrupt", f"it is not JSON: {error}", f"restore it, or {again}")
        return
    yield from _secrets(path, data, named_in_answer(stored, secret_names), again)
    yield from _logins(path, data, again)
    yield from _form(path, data, [text(stored).encode("utf-8", "surrogatepass")], again)


def owner(path: str, owners: Mapping[str, str]) -> str | None:
    """The scenario that a file below ``cassettes/`` or ``snapshots/`` belongs to; ``None`` if there is none.

    Args:
        path: The file.
        owners: Each scenario by the names that its files start with.
    """
    return next((owners[stem] for stem in _stems(path) if stem in owners), None)


def leftovers(
    paths: Iterable[str],
    owned: Collection[str],
    variants: Mapping[str, Sequence[str]] | None = None,
    uncollected: Collection[str] = (),
    project: str = ".",
) -> Iterator[Finding]:
    """A finding for each file that belongs to no scenario.

    Args:
        paths: All files below ``cassettes/`` and ``snapshots/``.
        owned: The scenarios' files, without suffix: ``cassettes/test_a/test_b``, ``snapshots/test_a/test_b``.
        variants: Where these are in the folders of variants: what they are without, each with the variants.
        uncollected: The test modules that are there and that pytest has not collected, without suffix.
        project: The project's folder, as it is seen from the current one.
    """
    for path in sorted(paths):
        if not any(stem in owned for stem in _stems(path)):
            yield _leftover(path, variants or {}, uncollected, project)


def _leftover(
    path: str, variants: Mapping[str, Sequence[str]], uncollected: Collection[str], project: str
) -> Finding:
    what, remedy = "it belongs to no scenario", "delete it with: connector-contract lint --remove-leftovers"
    top, _, rest = path.partition("/")
    variant, _, below = rest.partition("/")
    known = next((variants[stem] for stem in _stems(path) if stem in variants), None)
    if known is not None:
        old, new = (PurePosixPath(project, each).as_posix() for each in (path, f"{top}/{known[0]}/{rest}"))
        make = shlex.join(["mkdir", "-p", PurePosixPath(new).parent.as_posix()])
        return Finding(
            path,
            1,
            "place",
            f"it is of no variant; these are: {', '.join(known)}",
            f"move it: {make} && {shlex.join(['git', 'mv', old, new])}",
        )
    modules = [str(PurePosixPath(each).parent) for each in (rest, below)]
    if module := next((each for each in modules if each in uncollected), None):
        return Finding(
            path,
            1,
            "uncollected",
            f"pytest has not collected {module}.py, so nobody knows whether it belongs to a scenario",
            "have it collected: see testpaths, python_files, --ignore, and skips of the whole module",
        )
    of_variants = {name for names in variants.values() for name in names}
    if variant not in of_variants and any(stem in variants for stem in _stems(f"{top}/{below}")):
        what += f": no connector has the variant {variant}"
    return Finding(path, 1, "leftover", what, remedy)


def one_file_elsewhere(paths: Iterable[str]) -> Iterator[Finding]:
    """A warning for each file that is one with another where the case of a name does not count."""
    seen: dict[str, str] = {}
    for path in sorted(paths):
        first = seen.setdefault(folded(path), path)
        if first != path:
            yield Finding(
                path,
                1,
                "case",
                f"on Windows and macOS it is one file with {first}",
                "rename one of the two tests, or give its parameters or its snapshot another name: ids=[...]",
                is_warning=True,
            )


def in_variants(owned: Iterable[str], variants: Collection[str]) -> dict[str, list[str]]:
    """What the scenarios' files would be called without variants, each with the variants that have it.

    Args:
        owned: The scenarios' files, without suffix.
        variants: The variants of all connectors; one that is empty is none.
    """
    found: dict[str, list[str]] = {}
    for stem in owned:
        top, _, rest = stem.partition("/")
        variant, _, below = rest.partition("/")
        if variant in variants and variant:
            found.setdefault(f"{top}/{below}", []).append(variant)
    return found


def findings_json(findings: Iterable[Finding]) -> str:
    """The findings for programs: a JSON array of objects with the fields of ``Finding``."""
    return json.dumps([asdict(finding) for finding in findings], indent=2)


def _stems(path: str) -> Iterator[str]:
    """What a file may be called without suffix, and without the name or number of a snapshot."""
    folder, _, suffix = path.partition("/")
    stem, dot, ending = path.rpartition(".")
    if f"{folder}{dot}{ending}" not in ("cassettes.yaml", "snapshots.json") or not suffix:
        return
    yield stem
    if folder == "snapshots" and not path.endswith(FIELDS):
        start = stem.rfind("/")
        yield from (stem[:at] for at in range(start + 1, len(stem)) if stem[at] in "[.")


def _secrets(
    path: str, data: bytes, found: Iterable[tuple[str, str]], again: str, near: int = 0
) -> Iterator[Finding]:
    for name, whole in found:
        value = split_scheme(name, whole)[1]
        if not _is_stored(value):
            line = _line_at(data, _place_of(data, name.removeprefix(COOKIE), value, near))
            what = f"the value of {name} is not a placeholder"
            if title := TITLES.get(name):
                what = f"it has what looks like {title}"
            remedy = f"revoke it if it is real, and {again}\n    {_allowing(value)}"
            yield Finding(path, line, "secret", what, remedy)


def _allowing(value: str) -> str:
    return f"if it is none, say so in the ini option contract_allowed_secrets: '{digest(value)}: reason'"


def _logins(path: str, data: bytes, again: str) -> Iterator[Finding]:
    text = data.decode("utf-8", "replace")
    for login in logins(text):
        if not login.is_hidden:
            yield _login(path, text.count("\n", 0, login.start) + 1, again)


def _compressed_logins(
    path: str, data: bytes, interactions: Iterable[Interaction], again: str
) -> Iterator[Finding]:
    """The logins in bodies that the text of the file does not show."""
    for request, response in ((each.request, each.response) for each in interactions):
        body = plain(response)
        if body is response.body:
            continue
        uri = request.uri.encode("utf-8", "surrogatepass")
        for login in logins(body.decode("utf-8", "replace")):
            if not login.is_hidden:
                yield _login(path, _line_at(data, max(data.find(uri), 0)), again)


def _login(path: str, line: int, again: str) -> Finding:
    what = "a URL has a login in it that is not a placeholder"
    return Finding(path, line, "secret", what, f"revoke it if it is real, and {again}")


def _place_of(data: bytes, name: str, value: str, near: int) -> int:
    """Where a value is, the first one after the name: a short one is in many a word.

    One that is encoded is ``near`` a place.
    """
    # Of a private key, the first line.
    place, text = (each.encode("utf-8", "surrogatepass") for each in (name, value.partition("\n")[0]))
    after = data.find(text, max(data.find(place), 0) + len(place))
    if after >= 0:
        return after
    first = data.find(text)
    return first if first >= 0 else near


def _is_stored(value: str) -> bool:
    """Whether a recording leaves a value of a secret name so: with words beside placeholders at most."""
    if _ODD.fullmatch(value) is not None:
        return True
    if PLACEHOLDER.search(value) is None:
        return not value
    return _WORD.search(_ARMOUR.sub(" ", PLACEHOLDER.sub(" ", value))) is None


def _form(path: str, data: bytes, canonical: Iterable[bytes], again: str) -> Iterator[Finding]:
    at = _first_difference(data, canonical)
    if at is not None:
        what = "it is not as a recording leaves it"
        yield Finding(path, _line_at(data, at), "form", what, f"undo the edit, or {again}")


def _first_difference(data: bytes, parts: Iterable[bytes]) -> int | None:
    at = 0
    for part in parts:
        if not data.startswith(part, at):
            pairs = zip(data[at : at + len(part)], part, strict=False)
            return next((at + n for n, (is_, ought) in enumerate(pairs) if is_ != ought), len(data))
        at += len(part)
    return None if at == len(data) else at


def _line_at(data: bytes, at: int) -> int:
    return data.count(b"\n", 0, at) + 1
