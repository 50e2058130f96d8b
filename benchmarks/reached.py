"""Which capabilities a function of a connector serves, as its source says."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping


def reached(sources: Mapping[str, str], capabilities: frozenset[str]) -> dict[str, frozenset[str]]:
    """The capabilities that may use each function and class, by its last name.

    A name counts wherever it stands, whatever it belongs to: too many capabilities rather than too few.

    Args:
        sources: The text of each file.
        capabilities: The names of the functions that are capabilities.
    """
    uses: dict[str, set[str]] = {}
    for text in sources.values():
        for name, used in _uses(ast.parse(text).body):
            uses.setdefault(name, set()).update(used)
    found: dict[str, set[str]] = {}
    for capability in capabilities:
        seen, ahead = {capability}, [capability]
        while ahead:
            for name in uses.get(ahead.pop(), set()) - seen:
                seen.add(name)
                ahead.append(name)
        for name in seen:
            found.setdefault(name, set()).add(capability)
    return {name: frozenset(each) for name, each in found.items()}


def _uses(body: list[ast.stmt]) -> Iterator[tuple[str, set[str]]]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            methods = [each for each in node.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]
            # What the class itself says and what checks its fields run whenever the class is used.
            always = [each for each in node.body if each not in methods or _runs_by_itself(each)]
            yield node.name, {name for each in [*node.bases, *always] for name in _names(each)}
            yield from _uses(list(methods))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, set(_names(node))
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name):
                    yield target.id, set(_names(node))


def _runs_by_itself(node: ast.stmt) -> bool:
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    return node.name.startswith("__") or bool(node.decorator_list) or node.name == "prepare_client_args"


def _names(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            yield each.id
        elif isinstance(each, ast.Attribute):
            yield each.attr
