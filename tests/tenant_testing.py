"""A server as if it were a real tenant: it keeps its state, and its name is elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from connector_contract.upstream.server import serve

NAME = "tenant.example.com"
# In the run that records alone: nobody else looks this name up.
LOOKED_UP = f"""
import socket

import pytest


@pytest.fixture(autouse=True, scope="session")
def tenant_on_this_machine():
    look_up = socket.getaddrinfo

    def looked_up(host, *args, **kwargs):
        name = host.decode() if isinstance(host, bytes) else host
        return look_up("127.0.0.1" if name == {NAME!r} else host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", looked_up)
        yield
"""


@dataclass
class Tenant:
    """A running server.

    Attributes:
        project: The author's project.
        url: It, by the address of this machine.
        real: It, by a name that is not of this machine.
    """

    project: Any
    url: str
    real: str

    def state(self) -> dict[str, Any]:
        """All users and grants."""
        with httpx.Client(base_url=self.url, headers={"authorization": "Bearer open-sesame"}) as client:
            lists = {path: client.get(path, params={"limit": 100}).json() for path in ("/users", "/grants")}
        users = {user["id"]: {**user, "last_login": None} for user in lists["/users"]["items"]}
        return {"users": users, "grants": sorted(map(repr, lists["/grants"]["items"]))}


@contextmanager
def tenant(project: Any, app: str = "directory_server:create_app") -> Iterator[Tenant]:
    """A project without a served application, the directory's or another, and its server."""
    project = project.edit("conftest.py", f', app="{app}"', "")
    project = project.write("conftest.py", project.files["conftest.py"].decode() + LOOKED_UP)
    with serve(app, project.materialize()) as url:
        yield Tenant(project, url, url.replace("127.0.0.1", NAME))


def declaring(project: Any, *ids: str, origin: str = "https://directory.example.com") -> Any:
    """The project with writable ids."""
    upstream = f'Upstream(origin="{origin}"'
    return project.edit("conftest.py", upstream, f"{upstream}, writable_ids={list(ids)!r}")
