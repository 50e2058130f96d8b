"""The key that made-up people come from: a secret that no recording needs to be replayed."""

from __future__ import annotations

import os
from pathlib import Path

from connector_contract.errors import UsageError
from connector_contract.personal_kinds import KEY_FILE, KEY_VARIABLE, MAKE_KEY
from connector_contract.review.git_calls import GitFailed, Repository, repository_at
from connector_contract.storage.reading import obstacle, open_file

_SHORTEST = 16
_FEWEST_DIFFERENT = 8
_NEW = f"Make a new one, in the project's folder:\n  {MAKE_KEY}"
_NEW_VALUE = (
    'Give it such a value, or unset it:\n  python -c "import secrets; print(secrets.token_urlsafe(32))"'
)
_IGNORE = f"Add {KEY_FILE} to the .gitignore beside it, before git takes it."


def people_key(project: Path, rootdir: Path) -> bytes | None:
    """The key for a recording. It is a secret: whoever has it can find out who a made-up person is.

    The environment variable ``CONTRACT_PEOPLE_KEY`` comes before the file ``.contract-people-key``.

    Args:
        project: The folder of the connector's project, where the file is looked for first.
        rootdir: pytest's root, where it is looked for next.

    Returns:
        ``None`` if there is no key, so that stand-ins count up in order.

    Raises:
        UsageError: There is one that is no key, that cannot be read, or that git would make public.
    """
    value = os.environ.get(KEY_VARIABLE)
    if value is not None:
        place = ("environment variable", KEY_VARIABLE)
        return _checked(os.fsencode(value), place, _NEW_VALUE)
    for folder in dict.fromkeys([project, rootdir]):
        file = folder / KEY_FILE
        if os.path.lexists(file):
            key = _checked(_content(file), ("file", str(file)), _NEW)
            _refuse_public(file)
            return key
    return None


def _content(file: Path) -> bytes:
    try:
        with open_file(file) as stream:
            return stream.read()
    except OSError as error:
        raise _no_key(f"it cannot be read: {obstacle(file, error).why}", ("file", str(file)), _NEW) from None


def _checked(data: bytes, place: tuple[str, str], remedy: str) -> bytes:
    """A key without white space at its ends, and without the mark that some editors put first."""
    try:
        key = data.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise _no_key("it is not UTF-8", place, remedy) from None
    if not key:
        raise _no_key("it is empty", place, remedy)
    if len(key) < _SHORTEST or len(set(key)) < _FEWEST_DIFFERENT:
        few = f"it has fewer than {_SHORTEST} characters, or fewer than {_FEWEST_DIFFERENT} different ones"
        raise _no_key(f"{few}, and can be guessed", place, remedy)
    return key.encode("utf-8")


def _no_key(why: str, place: tuple[str, str], remedy: str) -> UsageError:
    return UsageError(f"The key for made-up people is not usable: {why}.", where=[place], remedy=remedy)


def _refuse_public(file: Path) -> None:
    """Refuse a key that git has, or would take with the next ``git add``; without git, nobody knows.

    Raises:
        UsageError: Git does not ignore it, or does not say.
    """
    try:
        repository = repository_at(file.parent)
        is_tracked = _lists(repository, "--cached")
        is_next = _lists(repository, "--others", "--exclude-standard")
    except GitFailed as error:
        raise UsageError(
            "Git does not say whether it ignores the key for made-up people.",
            where=[("file", str(file))],
            details=error.details,
            remedy=f"Fix what git names, or give the key in the environment variable {KEY_VARIABLE}.",
        ) from None
    except UsageError:
        return
    if is_tracked:
        raise UsageError(
            "Git tracks the key for made-up people, so whoever has the repository can find out who they are.",
            where=[("file", str(file))],
            remedy=f"Add {KEY_FILE} to the .gitignore beside it, and make a new key, in that folder:\n"
            f"  git rm --cached {KEY_FILE}\n  {MAKE_KEY}",
        )
    if is_next:
        raise UsageError(
            "Git does not ignore the key for made-up people, and would take it with the next git add.",
            where=[("file", str(file))],
            remedy=_IGNORE,
        )


def _lists(repository: Repository, *which: str) -> bool:
    """Whether git has the file of the folder that was asked for among those of a kind."""
    return bool(
        repository.names("ls-files", "-z", *which, "--", f":(top,literal){repository.prefix}{KEY_FILE}")
    )
