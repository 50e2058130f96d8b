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
    "annotations",
    "answers",
    "asked",
    "asked_calls",
    "assignments",
    "attempts",
    "attribute_pairs",
    "base64_runs",
    "binary_tokens",
    "breaches",
    "budget",
    "by_variant",
    "calendar_spans",
    "call",
    "canonical",
    "cassette_format",
    "cassette_head",
    "cassette_yaml",
    "change",
    "change_filter",
    "changes",
    "columns",
    "common_words",
    "compare",
    "comparisons",
    "composites",
    "concurrency",
    "conditions",
    "config",
    "content_codings",
    "contract_config",
    "created_keys",
    "credential_variants",
    "decisions",
    "declared",
    "declared_less",
    "declared_times",
    "decodings",
    "derived",
    "differences",
    "documents",
    "drawn_calls",
    "dummies",
    "emails",
    "encoded_texts",
    "encoded_values",
    "ending",
    "endless",
    "errors",
    "excerpts",
    "explanations",
    "field_names",
    "field_steps",
    "fill_in",
    "foreign_names",
    "fragments",
    "further_fields",
    "git_attributes",
    "git_ignore",
    "grouping",
    "growth",
    "header_meaning",
    "header_text",
    "header_times",
    "hidden_parts",
    "html_labels",
    "html_page",
    "html_template",
    "html_text",
    "identifiers",
    "inflections",
    "interactions",
    "issued_tokens",
    "json_differences",
    "json_meaning",
    "json_page",
    "jsontext",
    "kept_tokens",
    "kept_values",
    "known_names",
    "known_people",
    "known_records",
    "known_secrets",
    "known_values",
    "labelled_text",
    "labels",
    "layers",
    "leaves",
    "left_over",
    "leftovers",
    "likely_secrets",
    "line_ends",
    "lines",
    "link_parts",
    "link_secrets",
    "lint",
    "lint_people",
    "listed",
    "listed_statuses",
    "looks",
    "machines",
    "made_up",
    "made_words",
    "many_texts",
    "markdown_page",
    "markup",
    "markup_placeholders",
    "matching",
    "messages",
    "mismatch",
    "moments",
    "moved_files",
    "multipart",
    "name_words",
    "named_by_address",
    "named_files",
    "named_formats",
    "named_json",
    "named_markup",
    "named_places",
    "named_tables",
    "named_texts",
    "named_values",
    "names_in_text",
    "never_made",
    "new_ids",
    "normalizer",
    "oauth_values",
    "ordinary",
    "outcome",
    "outcomes",
    "page_entries",
    "pairing",
    "parts",
    "people",
    "people_counts",
    "people_in_http",
    "people_lines",
    "people_report",
    "permutation",
    "person_records",
    "personal_fields",
    "personal_kinds",
    "personal_values",
    "phases",
    "phones",
    "placeholders",
    "places",
    "plain_text",
    "plan_lines",
    "played_changes",
    "player",
    "private_jwks",
    "progress_lines",
    "python_source",
    "recalled",
    "record_counts",
    "record_modes",
    "recorded_times",
    "redaction",
    "references",
    "relative_times",
    "replaced_formats",
    "replaced_text",
    "replacements",
    "request_aliases",
    "request_bodies",
    "request_codings",
    "request_times",
    "request_values",
    "requests_per_call",
    "response_headers",
    "restored",
    "restoring",
    "retry_after",
    "review_lines",
    "rewritten",
    "rule",
    "rule_mark",
    "rule_recordings",
    "run_lines",
    "run_report",
    "run_secrets",
    "safe_reports",
    "same_people",
    "sample",
    "schemes",
    "scopes",
    "secret_forms",
    "secret_names",
    "secret_parts",
    "secret_settings",
    "secret_words",
    "set_cookie",
    "severity",
    "shared_names",
    "shown_placeholders",
    "shown_records",
    "side_by_side",
    "snapshot_format",
    "spellings",
    "stand_ins",
    "standard_capabilities",
    "stored",
    "stored_names",
    "syllables",
    "tables",
    "tag_names",
    "target",
    "telephone_numbers",
    "term_page",
    "time_forms",
    "titles",
    "undo",
    "unlasting",
    "unproven",
    "unstored_answers",
    "upstream_bodies",
    "uris",
    "url_logins",
    "urls",
    "user_names",
    "user_places",
    "value_kinds",
    "variant_differences",
    "variant_names",
    "vocabulary",
    "volatile",
    "walks",
    "words",
    "wrapped",
    "yaml_text",
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
    "weakref", "xml.parsers", "zlib",
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
