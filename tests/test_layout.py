"""What may know of what, and what goes into the wheel."""

from __future__ import annotations

import ast
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parent.parent
HARNESS = sorted((ROOT / "connector_contract").rglob("*.py"))
MODULES = {".".join(path.relative_to(ROOT).with_suffix("").parts) for path in HARNESS}
RULES = {path.stem for path in HARNESS if path.parent.name == "rules"} - {"__init__"}
FAULT_SHELLS = {
    "fault_collection", "fault_item", "fault_options", "fault_progress", "fault_summary", "fault_tolerance",
    "field_places",
}  # fmt: skip
FAULT_EFFECTS = {"stored_fields", "sweep"}
FAULTS = {path.stem for path in HARNESS if path.parent.name == "faults"} - {"__init__", *FAULT_EFFECTS}
PURE = {
    "ages",
    "aliases",
    "alignment",
    "allowed_secrets",
    "attempts",
    "breaches",
    "budget",
    "calendar_spans",
    "canonical",
    "changes",
    "cassette_format",
    "cassette_yaml",
    "comparisons",
    "concurrency",
    "config",
    "content_codings",
    "decodings",
    "errors",
    "excerpts",
    "contract_config",
    "declared_less",
    "fill_in",
    "header_meaning",
    "header_text",
    "header_times",
    "hidden_parts",
    "interactions",
    "json_meaning",
    "multipart",
    "request_bodies",
    "request_codings",
    "urls",
    "issued_tokens",
    "oauth_values",
    "scopes",
    "git_attributes",
    "jsontext",
    "line_ends",
    "json_differences",
    "kept_tokens",
    "shared_names",
    "known_secrets",
    "credential_variants",
    "link_parts",
    "lint",
    "listed_statuses",
    "phases",
    "plan_lines",
    "progress_lines",
    "response_headers",
    "retry_after",
    "rule_recordings",
    "matching",
    "asked_calls",
    "new_ids",
    "never_made",
    "run_lines",
    "outcome",
    "call",
    "cassette_head",
    "endless",
    "ending",
    "growth",
    "made_up",
    "mismatch",
    "moments",
    "normalizer",
    "outcomes",
    "played_changes",
    "player",
    "request_aliases",
    "request_values",
    "run_report",
    "unlasting",
    "unproven",
    "python_source",
    "record_modes",
    "markup_placeholders",
    "named_formats",
    "named_json",
    "named_markup",
    "named_places",
    "named_tables",
    "named_texts",
    "ordinary",
    "redaction",
    "fragments",
    "named_files",
    "run_secrets",
    "safe_reports",
    "secret_settings",
    "url_logins",
    "user_names",
    "user_places",
    "messages",
    "rule",
    "rule_mark",
    "standard_capabilities",
    "sample",
    "secret_forms",
    "secret_names",
    "secret_words",
    "set_cookie",
    "snapshot_format",
    "volatile",
    "wrapped",
    "base64_runs",
    "layers",
    "left_over",
    "many_texts",
    "replacements",
    "restoring",
    "rewritten",
    "secret_parts",
    "spellings",
    "yaml_text",
    "by_variant",
    "variant_names",
    "personal_kinds",
    "people_counts",
    "people_lines",
    "git_ignore",
    "lint_people",
    "telephone_numbers",
    "variant_differences",
    "identifiers",
    "target",
    "undo",
    "annotations",
    "answers",
    "asked",
    "change",
    "change_filter",
    "compare",
    "decisions",
    "declared",
    "declared_times",
    "derived",
    "differences",
    "drawn_calls",
    "explanations",
    "grouping",
    "html_page",
    "html_template",
    "html_text",
    "known_names",
    "known_records",
    "lines",
    "page_entries",
    "pairing",
    "people",
    "plain_text",
    "review_lines",
    "term_page",
    "markdown_page",
    "moved_files",
    "json_page",
    "recorded_times",
    "relative_times",
    "request_times",
    "record_counts",
    "severity",
    "shown_records",
    "side_by_side",
    "stored",
    "stored_names",
    "unstored_answers",
    "walks",
    "upstream_bodies",
    "requests_per_call",
    "time_forms",
    "markup",
    "parts",
    "tables",
    "common_words",
    "composites",
    "documents",
    "emails",
    "field_names",
    "known_people",
    "people_in_http",
    "value_kinds",
    "listed",
    "further_fields",
    "name_words",
    "leftovers",
    "made_words",
    "people_report",
    "permutation",
    "person_records",
    "personal_fields",
    "personal_values",
    "phones",
    "replaced_formats",
    "replaced_text",
    "restored",
    "stand_ins",
    "syllables",
    "uris",
    "vocabulary",
    "words",
    *(FAULTS - FAULT_SHELLS),
} | RULES
SHELLS = {
    "said_in_tests",
    "before_tests", "cli", "collected", "collection", "connector_fixture", "deciding", "fixtures",
    "item_files", "judging", "plugin", "record_needs", "record_plan", "record_progress", "review_command",
    "rewriting", "run_folder", "run_state", "safe_output", "same_files", "summary", "undeclared",
    "unrecorded", "variants", "verdict", "writes_plugin",
    *FAULT_SHELLS,
}  # fmt: skip
# What a pure module may use: values in, values out.
VALUES_ONLY = {
    "httpx",
    "idna",
    "jinja2",
    "jmespath",
    "jmespath.exceptions",
    "jmespath.functions",
    "jmespath.visitor",
    "msgpack",
    "msgspec",
    "pydantic",
    "rich.text",
    "vcr.serializers",
    "yaml",
}
STANDARD = {
    "__future__", "base64", "binascii", "bisect", "calendar", "collections", "collections.abc", "contextlib",
    "copy", "csv",
    "dataclasses", "datetime", "decimal", "difflib", "email.utils", "enum", "fnmatch", "functools", "gzip",
    "hashlib", "html", "importlib", "importlib.util", "io", "ipaddress", "itertools", "json", "math",
    "operator", "pathlib", "re", "shlex", "sys", "textwrap", "typing", "unicodedata", "urllib.parse",
    "xml.parsers", "zlib",
}  # fmt: skip


def imports(path: Path, *, types_too: bool = False) -> set[str]:
    """The modules that a file imports, but for those that it needs for types alone."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING" and not types_too:
            node.body = []
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            # What comes from a package may be a module of it.
            submodules = {f"{node.module}.{alias.name}" for alias in node.names} & MODULES
            found |= submodules or {node.module or "."}
    return found


@pytest.mark.parametrize("path", HARNESS, ids=lambda path: path.stem)
def test_imports_go_from_shells_to_effects_to_pure_code(path):
    own = {name.rpartition(".")[2] for name in imports(path) if name.startswith("connector_contract.")}
    if path.stem in PURE:
        assert own <= PURE
        others = {name for name in imports(path) if not name.startswith("connector_contract")}
        assert others <= VALUES_ONLY | STANDARD
    elif path.stem not in SHELLS:
        assert not own & SHELLS


def test_a_module_is_seen_however_it_is_imported(tmp_path):
    path = tmp_path / "a.py"
    path.write_text(
        "from connector_contract.reporting import summary\nfrom connector_contract import cli, errors\n"
    )
    assert imports(path) == {
        "connector_contract.reporting.summary",
        "connector_contract.cli",
        "connector_contract.errors",
    }


def test_the_map_of_the_code_has_each_module():
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    own = {path.stem for path in HARNESS if path.stem != "__init__" and path.parent.name != "rules"}
    assert {stem for stem in own if f"`{stem}`" not in text} == set()


@pytest.mark.parametrize("path", HARNESS, ids=lambda path: path.stem)
def test_the_harness_knows_nothing_of_mockapp(path):
    assert not {name for name in imports(path, types_too=True) if name.startswith("mock")}


@pytest.mark.parametrize(
    "path",
    [ROOT / "mock_api_server.py", *(ROOT / "mockapp_connector" / "mockapp_connector").rglob("*.py")],
    ids=lambda path: path.stem,
)
def test_the_example_knows_nothing_of_the_harness(path):
    assert not {name for name in imports(path, types_too=True) if name.startswith("connector_contract")}


def test_the_wheel_has_the_harness_alone(tmp_path):
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    names = set(zipfile.ZipFile(wheel).namelist())
    folders = {name.split("/")[0].split("-")[0] for name in names}
    assert folders == {"connector_contract"}
    templates = list((ROOT / "connector_contract").rglob("*.jinja"))
    data = {"connector_contract/py.typed", *(path.relative_to(ROOT).as_posix() for path in templates)}
    assert {path.parent.parent.name for path in templates} == {"faults", "review", "scaffold"}
    assert {path.relative_to(ROOT).as_posix() for path in HARNESS} | data <= names
