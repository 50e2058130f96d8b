"""Words for what pydantic refuses, without the refused values: they may be secret."""

from pydantic import ValidationError

MAX_PROBLEMS = 5


def describe(error: ValidationError) -> str:
    """Return where a document is wrong and how, ``items[3].email: Field required`` say.

    Args:
        error: What pydantic found; only its first problems are named.
    """
    problems = error.errors(include_url=False, include_input=False, include_context=False)
    named = [
        f"{path}: {problem['msg']}" if (path := _path(problem["loc"])) else problem["msg"]
        for problem in problems[:MAX_PROBLEMS]
    ]
    if len(problems) > MAX_PROBLEMS:
        named.append(f"and {len(problems) - MAX_PROBLEMS} more")
    return "; ".join(named)


def _path(location: tuple[int | str, ...]) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in location)
    return "".join(steps).removeprefix(".")
