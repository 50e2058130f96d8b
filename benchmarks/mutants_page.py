"""The page that says what came of the mutants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from benchmarks.mutants_explained import EQUIVALENT, SURVIVORS
from benchmarks.mutations import RULES, Mutant

HEAD = """# Mutants

Does the harness see what is wrong with a connector if nobody has told it what is right?
`python -m benchmarks.mutants` changes MockApp's connector in one place at a time, and records each of these
mutants as it is, as if its author had written it so. There is no snapshot that a mutant could differ from:
the [standard contract](contract.md) and the [fault sweep](faults.md) name it by what it tells Lumos, or not
at all. What they let pass is recorded once more in a tenant that has more users than the largest page.

Rules make most mutants: each takes a kind of expression, such as a comparison, and makes another one of it.
Of each rule there are some, spread over the source. What no rule makes is written by hand: a retry that
repeats a write, a list that lacks its last record. A run ends with the first failure, and looks first at the
capabilities that a mutant changes, so the contract may name what is counted as named by the faults, too.
"""
TABLE = """| what is changed | mutants | change nothing | named by the contract | by the faults | by neither |
|---|---|---|---|---|---|"""
# How a change names an error that its file does not import.
IMPORTED = "__import__('connector.oai.errors', fromlist=['errors'])."
NOTHING = """
## What changes nothing

Lumos may not rely on what these change.
"""
NEITHER = """
## What nothing names

Each of these changes what Lumos is told. It says what the harness would have to know to see it.
"""


def page(mutants: Sequence[Mutant], named: Mapping[str, str]) -> str:
    """The page, as Markdown.

    Args:
        mutants: Those that were judged.
        named: What names each, by its name: ``contract``, ``faults``, or empty if nothing does.
    """
    return "\n".join(
        [HEAD, *_sums(mutants, named), "", TABLE, *_rows(mutants, named), *_lists(mutants, named)]
    )


def _sums(mutants: Sequence[Mutant], named: Mapping[str, str]) -> Iterator[str]:
    count = _counts(mutants, named)
    matters = count["all"] - count["nothing"]
    seen = count["contract"] + count["faults"]
    yield (
        f"Of {count['all']} mutants, {count['nothing']} change nothing that Lumos may rely on. Of the other"
        f" {matters}, the contract names\n{count['contract']} and the faults {count['faults']} more:"
        f" **{seen} of {matters}, {100 * seen / matters:.0f} %**."
    )


def _rows(mutants: Sequence[Mutant], named: Mapping[str, str]) -> Iterator[str]:
    for what in (*RULES, "by hand"):
        of_rule = [each for each in mutants if (each.what if each.start >= 0 else "by hand") == what]
        if of_rule:
            count = _counts(of_rule, named)
            cells = (count[key] for key in ("all", "nothing", "contract", "faults", "neither"))
            yield f"| {what} | {' | '.join(map(str, cells))} |"


def _counts(mutants: Sequence[Mutant], named: Mapping[str, str]) -> dict[str, int]:
    found = dict.fromkeys(("contract", "faults", "nothing", "neither"), 0)
    for each in mutants:
        found[named[each.name] or ("nothing" if each.name in EQUIVALENT else "neither")] += 1
    return {"all": len(mutants), **found}


def _lists(mutants: Sequence[Mutant], named: Mapping[str, str]) -> Iterator[str]:
    unnamed = sorted(each.name for each in mutants if not named[each.name])
    equivalent = [name for name in unnamed if name in EQUIVALENT]
    for head, names, why in (
        (NEITHER, [name for name in unnamed if name not in EQUIVALENT], SURVIVORS),
        (NOTHING, equivalent, EQUIVALENT),
    ):
        if names:
            yield head
            yield from (f"- {_shown(name)}: {why.get(name, '(not explained)')}" for name in names)


def _shown(name: str) -> str:
    where, what, change = name.replace(IMPORTED, "").split(": ", 2)
    old, new = change.split(" => ", 1)
    return f"`{where}`, {what}: `{old}` becomes {f'`{new}`' if new else 'nothing'}"
