"""Small wrong changes of a connector's source, made by rules: one change makes one mutant."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

ERRORS = '__import__("connector.oai.errors", fromlist=["errors"])'
# What a person reads, and what changes nothing but that.
WORDS = {"message", "description", "type_label", "title", "hide_input_in_errors", "user_friendly_name"}
# Each is taken for the next one.
TAKEN_FOR = (
    ("AccountStatus.ACTIVE", "AccountStatus.SUSPENDED", "AccountStatus.DEPROVISIONED"),
    ("UserStatus.ACTIVE", "UserStatus.INACTIVE", "UserStatus.DELETED"),
    ("MockappResourceTypes.PROJECT", "MockappResourceTypes.TEAM", "MockappResourceTypes.GLOBAL"),
    (
        "MockappEntitlementTypes.PROJECT_ROLE",
        "MockappEntitlementTypes.TEAM_MEMBER",
        "MockappEntitlementTypes.ADMIN_ROLE",
    ),
    ("MockappEndpoint.USERS", "MockappEndpoint.RESOURCES", "MockappEndpoint.ENTITLEMENTS"),
    ("MockappEndpoint.ASSOCIATIONS", "MockappEndpoint.USERS"),
    ("MockappEndpoint.ACCOUNT", "MockappEndpoint.USERS"),
    ("ActivityEventType.LAST_LOGIN", "ActivityEventType.LAST_ACTIVITY"),
)
METHODS = {"GET": "POST", "POST": "PUT", "PUT": "POST", "DELETE": "GET"}
OTHER = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}


@dataclass(frozen=True)
class Mutant:
    """One wrong change.

    Attributes:
        file: The connector's file, below its package.
        where: The class and the function that it is in.
        what: The kind of change.
        old: What the source says, once.
        new: What it says in its place.
        start: Where that begins, in characters; -1 for a change by hand, whose text is there once.
    """

    file: str
    where: str
    what: str
    old: str
    new: str
    start: int = -1

    @property
    def name(self) -> str:
        """The mutant's name: what differs, without a line, so that it outlives other changes of the file."""
        old, new = (text.split() if self.start < 0 else _words(text) for text in (self.old, self.new))
        shared = min(len(old), len(new))
        start = next((index for index in range(shared) if old[index] != new[index]), shared)
        end = next(
            (index for index in range(shared - start) if old[-1 - index] != new[-1 - index]), shared - start
        )
        first = max(0, start - 2)
        was, is_now = (" ".join(words[first : len(words) - end]) for words in (old, new))
        return f"{self.file} {self.where}: {self.what}: {was} => {is_now}"

    def of(self, source: str) -> str:
        """The file with the change.

        Args:
            source: The file as it is.

        Raises:
            ValueError: The text is not there, or more than once.
        """
        if self.start < 0 and source.count(self.old) != 1:
            raise ValueError(f"{self.file} has this {source.count(self.old)} times: {self.old}")
        start = source.index(self.old) if self.start < 0 else self.start
        return source[:start] + self.new + source[start + len(self.old) :]


def _words(text: str) -> list[str]:
    """The words of a source, whatever lines it is in."""
    try:
        return ast.unparse(ast.parse(text, mode="eval")).split()
    except SyntaxError:
        return ast.unparse(ast.parse(text)).split()


def mutants(file: str, source: str) -> list[Mutant]:
    """All mutants that the rules make of a file.

    Args:
        file: Its name.
        source: Its text.
    """
    tree = ast.parse(source)
    lines = [0]
    for line in source.splitlines(keepends=True):
        lines.append(lines[-1] + len(line.encode()))
    data, found = source.encode(), []
    for node, where in _nodes(tree, ()):
        for what, make in RULES.items():
            for target, new in make(node):
                start = lines[target.lineno - 1] + target.col_offset  # type: ignore[attr-defined]
                end = lines[target.end_lineno - 1] + target.end_col_offset  # type: ignore[attr-defined]
                old, at = data[start:end].decode(), len(data[:start].decode())
                found.append(Mutant(file, ".".join(where) or "(module)", what, old, new, at))
    return found


def _nodes(node: ast.AST, where: tuple[str, ...]) -> Iterator[tuple[ast.AST, tuple[str, ...]]]:
    # What a person reads and the annotations of arguments are left alone.
    if isinstance(node, ast.keyword) and node.arg in WORDS:
        return
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        where = (*where, node.name)
    yield node, where
    for child in ast.iter_child_nodes(node):
        yield from _nodes(child, where)


Edits = Iterator[tuple[ast.AST, str]]


def _compared(node: ast.AST) -> Edits:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        changed = copy.deepcopy(node)
        changed.ops = [OTHER[type(node.ops[0])]()]
        yield node, ast.unparse(changed)


def _unchecked(node: ast.AST) -> Edits:
    if isinstance(node, ast.If) and isinstance(node.body[-1], ast.Raise):
        yield node.test, "False"


def _half(node: ast.AST) -> Edits:
    if isinstance(node, ast.BoolOp):
        for value in node.values:
            rest = [each for each in node.values if each is not value]
            yield node, ast.unparse(rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest))


def _flipped(node: ast.AST) -> Edits:
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield node, str(not node.value)


def _more(node: ast.AST) -> Edits:
    if isinstance(node, ast.Constant) and type(node.value) is int:
        yield node, str(node.value + 1)


def _not_added(node: ast.AST) -> Edits:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield node, ast.unparse(node.left)
    if isinstance(node, ast.AugAssign):
        yield node, "pass"


def _unmade(node: ast.AST) -> Edits:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call | ast.Await):
        yield node, "pass"


def _unfiltered(node: ast.AST) -> Edits:
    if isinstance(node, ast.ListComp) and node.generators[0].ifs:
        changed = copy.deepcopy(node)
        changed.generators[0].ifs = []
        yield node, ast.unparse(changed)


def _taken_for(node: ast.AST) -> Edits:
    if isinstance(node, ast.Attribute):
        for members in TAKEN_FOR:
            for member, other in pairwise([*members, members[0]]):
                if ast.unparse(node) == member:
                    yield node, other


def _other_method(node: ast.AST) -> Edits:
    if isinstance(node, ast.Constant) and node.value in METHODS:
        yield node, f'"{METHODS[node.value]}"'


def _other_path(node: ast.AST) -> Edits:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in {"entitlements"}:
        yield node, '"entitlement"'


def _dropped_item(node: ast.AST) -> Edits:
    if isinstance(node, ast.Dict) and "CapabilityName" not in ast.unparse(node):
        for index in range(len(node.keys)):
            keys = node.keys[:index] + node.keys[index + 1 :]
            yield node, ast.unparse(ast.Dict(keys, node.values[:index] + node.values[index + 1 :]))


def _dropped_argument(node: ast.AST) -> Edits:
    called = _called(node)
    if isinstance(node, ast.Call) and (called in SENDS or called in MAPPINGS):
        for keyword in node.keywords:
            if keyword.arg in WORDS:
                continue
            changed = copy.copy(node)
            changed.keywords = [each for each in node.keywords if each is not keyword]
            yield node, ast.unparse(changed)


def _swapped_arguments(node: ast.AST) -> Edits:
    if isinstance(node, ast.Call) and _called(node) in MAPPINGS:
        plain = [each for each in node.keywords if isinstance(each.value, ast.Attribute | ast.Name)]
        for one, other in pairwise(plain):
            changed = copy.deepcopy(node)
            values = {one.arg: other.value, other.arg: one.value}
            for keyword in changed.keywords:
                keyword.value = values.get(keyword.arg, keyword.value)
            yield node, ast.unparse(changed)


def _other_error(node: ast.AST) -> Edits:
    if isinstance(node, ast.Raise) and _called(node.exc).endswith("Error") and isinstance(node.exc, ast.Call):
        other = "NotFoundError" if _called(node.exc) != "NotFoundError" else "ConflictError"
        yield node.exc.func, f"{ERRORS}.{other}"


def _not_required(node: ast.AST) -> Edits:
    if not isinstance(node, ast.ClassDef):
        return
    for each in node.body:
        # What a response has to have becomes what it may have.
        kinds = {"Id": '""', "str": '""', "list[Item]": "[]", "bool": "False", "NonNegativeInt": "0"}
        if isinstance(each, ast.AnnAssign) and each.value is None:
            default = kinds.get(ast.unparse(each.annotation))
            if default is not None:
                yield each, f"{ast.unparse(each)} = {default}"


def _called(node: ast.AST | None) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return ast.unparse(node.func).rpartition(".")[2]


SENDS = {"request", "_send", "_request", "_one_user", "_list"}
MAPPINGS = {
    "FoundAccountData",
    "FoundResourceData",
    "FoundEntitlementData",
    "FoundEntitlementAssociation",
    "LastActivityData",
    "CreatedAccount",
    "ActivatedAccount",
    "DeactivatedAccount",
    "DeletedAccount",
    "ValidatedCredentials",
    "ExecutionSummary",
    "Association",
    "CreateAccountResponse",
    "ListAccountsResponse",
    "ListResourcesResponse",
    "ListEntitlementsResponse",
    "FindEntitlementAssociationsResponse",
}
RULES: dict[str, Callable[[ast.AST], Edits]] = {
    "a comparison is another one": _compared,
    "a check is gone": _unchecked,
    "half of a condition is gone": _half,
    "yes is no": _flipped,
    "one more": _more,
    "nothing is added": _not_added,
    "a step is left out": _unmade,
    "nothing is filtered": _unfiltered,
    "a value is taken for another": _taken_for,
    "another method": _other_method,
    "another path": _other_path,
    "an entry is dropped": _dropped_item,
    "an argument is dropped": _dropped_argument,
    "two arguments are swapped": _swapped_arguments,
    "another error": _other_error,
    "a field need not be there": _not_required,
}
