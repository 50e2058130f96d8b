"""Which revision the working tree is compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from connector_contract.errors import UsageError
from connector_contract.review.git_calls import GitFailed, Repository, needs_history

_MAIN = ("origin/HEAD", "origin/main", "main", "master")
_NAME_ONE = "Name the revision to compare with: --base REV, such as --base origin/develop or --base HEAD~1."


@dataclass(frozen=True)
class Target:
    """Where a branch is to be merged.

    Attributes:
        revisions: Its names, the best first; the first that is there counts.
        known_from: What says so; empty if nothing does, and the usual names are tried.
    """

    revisions: Sequence[str]
    known_from: str = ""


def base_commit(repository: Repository, given: str | None, environment: Mapping[str, str]) -> str:
    """The full name of the commit to compare with.

    Args:
        repository: The one that has it.
        given: The revision that the user names, taken as it is; ``None`` for where the branch has left its
            target.
        environment: The variables of the process, by which a pull request's CI says what the target is.

    Raises:
        UsageError: There is none.
    """
    if given is None:
        return _merge_base(repository, target(environment))
    found = repository.commit(given)
    if found is not None:
        return found
    if repository.is_shallow:
        raise needs_history(f"it does not have the revision {given!r}")
    if repository.commit("HEAD") is None:
        raise _no_commit()
    raise UsageError(
        f"There is no revision {given!r} in this repository.",
        remedy="Name a commit, a branch or a tag. One that only the server has needs git fetch.",
    )


def target(environment: Mapping[str, str]) -> Target:
    """Where the branch is to be merged, as far as a CI says.

    Source: the predefined variables of GitHub Actions and of GitLab CI.
    """
    # The first is set in GitLab's pipelines of merged results alone, where it is the nearest.
    for variable in ("CI_MERGE_REQUEST_TARGET_BRANCH_SHA", "CI_MERGE_REQUEST_DIFF_BASE_SHA"):
        if environment.get(variable):
            names = [environment[variable], *_branch(environment, "CI_MERGE_REQUEST_TARGET_BRANCH_NAME")]
            return Target(names, variable)
    for variable in ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "GITHUB_BASE_REF"):
        if environment.get(variable):
            return Target(_branch(environment, variable), variable)
    return Target(_MAIN)


def _branch(environment: Mapping[str, str], variable: str) -> list[str]:
    name = environment.get(variable)
    return [f"refs/remotes/origin/{name}", f"refs/heads/{name}"] if name else []


def _merge_base(repository: Repository, into: Target) -> str:
    if repository.commit("HEAD") is None:
        raise _no_commit()
    there = next((each for each in into.revisions if repository.commit(each) is not None), None)
    if there is None:
        raise _no_target(repository, into)
    try:
        return repository.git("merge-base", "HEAD", there).strip()
    except GitFailed as error:
        if repository.is_shallow:
            raise needs_history(f"it does not have the commit where this branch has left {there}") from None
        # git says nothing if all is well, but for that there is none.
        if error.details != (_NONE,):
            raise
        raise UsageError(f"This branch and {there} have no commit in common.", remedy=_NAME_ONE) from None


_NONE = "exit code 1"


def _no_target(repository: Repository, into: Target) -> UsageError:
    names = ", ".join(into.revisions)
    if repository.is_shallow:
        return needs_history(f"it has none of {names} to compare with")
    if into.known_from:
        return UsageError(
            f"The branch that this one is to be merged into is not in this clone: {names}.",
            where=[("known from", into.known_from)],
            remedy=f"Fetch it: `fetch-depth: 0` in GitHub, `git fetch origin` elsewhere. {_NAME_ONE}",
        )
    return UsageError(f"It is not clear what to compare with: there is no branch {names}.", remedy=_NAME_ONE)


def _no_commit() -> UsageError:
    return UsageError(
        "There is no commit yet, so there is nothing to compare with.",
        remedy="Commit the recordings; the review then says what changes from there.",
    )
