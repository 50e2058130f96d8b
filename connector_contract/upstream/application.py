"""What ``Upstream(app=...)`` can be: an ASGI application, a factory of one, or a mistake."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Awaitable, Callable
from typing import Any

Asgi = Callable[[Any, Any, Any], Awaitable[Any]]

_ASGI, _WSGI = ("scope", "receive", "send"), frozenset({"environ", "env", "start_response"})


class Misfit(TypeError):
    """Something that cannot be served.

    Args:
        reason: Why, in a clause.
        remedy: What to do about it.
    """

    def __init__(self, reason: str, remedy: str = "") -> None:
        super().__init__(reason)
        self.remedy = remedy


def is_factory(target: object) -> bool:
    """Whether ``target`` is to be called for an application: it needs no argument, and takes no ASGI ones."""
    if not _takes(target, 0):
        return False
    # A decorator may hide what it takes: def wrapper(*args, **kwargs).
    return not _takes(target, 3) or (_is_made_to_make(target) and _names(target)[:3] != _ASGI)


def as_asgi(application: object) -> Asgi:
    """An application, in the form that it is served in.

    Raises:
        Misfit: It is none.
    """
    if not callable(application):
        raise Misfit(f"it is {application!r}, which is not an ASGI application")
    names, needed = _names(application), _names(application, needed=True)
    if _takes(application, 3) and not (_is_made_to_make(application) and 0 < len(needed) < 3):
        return application
    if _takes(application, 1) and names[:1] == ("scope",):
        return _from_asgi2(application)
    if _takes(application, 2) and (not _is_made_to_make(application) or _WSGI.intersection(names)):
        raise _wsgi(application)
    if _takes(application, 0):
        raise Misfit(f"it is {application!r}, which is not an ASGI application")
    raise _needs(needed)


def called(application: Asgi, scope: Any, receive: Any, send: Any) -> Awaitable[Any]:
    """What an application is to be awaited for.

    Raises:
        Misfit: It cannot be awaited, so that the application is none.
    """
    answer = application(scope, receive, send)
    if not inspect.isawaitable(answer):
        raise Misfit(
            f"it was called with (scope, receive, send) and returned {answer!r}, which cannot be awaited"
        )
    return answer


def name_of(app: object) -> str:
    """What an author calls an application, or a factory of one, in ``Upstream(app=...)``."""
    return app if isinstance(app, str) else getattr(app, "__qualname__", type(app).__qualname__)


def _from_asgi2(application: Callable[..., Any]) -> Asgi:
    async def asgi(scope: Any, receive: Any, send: Any) -> None:
        await application(scope)(receive, send)

    return asgi


def _wsgi(application: object) -> Misfit:
    return Misfit(
        f"{name_of(application)} is a WSGI application, called with (environ, start_response)",
        "Wrap it as an ASGI application, in a factory so that each scenario starts from the same state:\n"
        "  def create_asgi_app():\n"
        "      return a2wsgi.WSGIMiddleware(create_wsgi_app())  # or asgiref.wsgi.WsgiToAsgi(...)",
    )


def _needs(needed: tuple[str, ...]) -> Misfit:
    return Misfit(
        f"it is not an ASGI application, and as a factory of one it needs {', '.join(needed)}",
        "Give a factory that needs no argument, such as app=functools.partial(create_app, ...).",
    )


def _is_made_to_make(target: object) -> bool:
    """Whether it is a function, a class or a ``partial``, as factories are, and no application object."""
    routine = inspect.isroutine(target) and not inspect.iscoroutinefunction(target)
    return routine or inspect.isclass(target) or isinstance(target, functools.partial)


def _takes(target: object, count: int) -> bool:
    """Whether ``target`` can be called with so many arguments."""
    try:
        inspect.signature(target).bind(*range(count))  # type: ignore[arg-type] # TypeError, if not callable
    except TypeError:
        return False
    except ValueError:
        # What is written in C may not say; an application is called with three.
        return count == len(_ASGI)
    return True


def _names(target: object, *, needed: bool = False) -> tuple[str, ...]:
    """The names of the arguments that ``target`` takes, or of those alone that it needs."""
    try:
        parameters = inspect.signature(target).parameters.values()  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return ()
    several = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return tuple(
        parameter.name
        for parameter in parameters
        if parameter.kind not in several and not (needed and parameter.default is not parameter.empty)
    )
