"""What every peer replays: the same connectors, requests and bytes.

This is imported in each measured process; the environment says what it is to do.
"""

# No "from __future__ import annotations": the SDK looks at the annotations of capabilities.
import asyncio
import hashlib
import json
from typing import Any

import httpx
from connector.client import get_settings, get_token_auth
from connector.generated import (
    StandardCapabilityName,
    TokenCredential,
    ValidateCredentialsRequest,
    ValidateCredentialsResponse,
    ValidatedCredentials,
)
from connector.oai.integration import DescriptionData, Integration
from fastapi import FastAPI
from pydantic import BaseModel

from benchmarks.facts import AUTH, PAGE_SIZE, READS, origin


def envelope(request: dict[str, Any], page: dict[str, Any] | None, settings: Any) -> str:
    """What Lumos sends to a capability."""
    parts = {"auth": AUTH, "request": request, "page": page, "settings": settings}
    return json.dumps({key: part for key, part in parts.items() if part is not None})


def read_mockapp(index: int) -> Any:
    """Call MockApp's connector for one scenario, as a peer's test does that has no harness for it."""
    from mockapp_connector.integration import integration

    name, request, page = READS[index % len(READS)]
    text = envelope(request, page, {"api_url": origin("BENCH_MOCKAPP")})
    return json.loads(asyncio.run(integration.dispatch(name, text)))


def walk(pages: int) -> Any:
    """Call the walker's one capability, which asks its upstream for so many pages."""
    text = envelope({}, None, {"url": origin("BENCH_WALKER"), "pages": pages})
    return json.loads(asyncio.run(walker.dispatch("validate_credentials", text)))


class Settings(BaseModel):
    """The walker's settings.

    Attributes:
        url: The upstream.
        pages: How many pages to ask for.
    """

    url: str
    pages: int


transport: httpx.AsyncBaseTransport | None = None
"""What the walker's client sends with; ``httpx``'s own if ``None``."""


async def walk_through(args: ValidateCredentialsRequest) -> ValidateCredentialsResponse:
    """Read page after page with one client, and keep nothing but a digest."""
    settings = get_settings(args, Settings)
    digest, count = hashlib.sha256(), 0
    headers = {"Authorization": f"Bearer {get_token_auth(args).token}"}
    async with httpx.AsyncClient(base_url=settings.url, headers=headers, transport=transport) as client:
        for index in range(settings.pages):
            params = {"limit": PAGE_SIZE, "offset": index * PAGE_SIZE}
            response = await client.get("/api/users", params=params)
            response.raise_for_status()
            for user in response.json()["items"]:
                digest.update(user["id"].encode())
                count += 1
    tenant = f"{count} users {digest.hexdigest()}"
    return ValidateCredentialsResponse(response=ValidatedCredentials(unique_tenant_id=tenant, valid=True))


walker = Integration(
    app_id="walker",
    version="1",
    auth=TokenCredential,
    exception_handlers=[],
    description_data=DescriptionData(user_friendly_name="Walker", categories=[]),
    settings_model=Settings,
)
walker.register_capabilities({StandardCapabilityName.VALIDATE_CREDENTIALS: walk_through})


class User(BaseModel):
    """A record of the walker's upstream."""

    id: str
    email: str
    name: str
    status: str
    created_at: str
    last_login_at: str | None
    roles: list[str]
    mfa: bool


class Page(BaseModel):
    """A page of the walker's upstream."""

    items: list[User]
    total: int
    limit: int
    offset: int


def _word(number: int) -> str:
    """A name that nobody has, and no other number."""
    syllables = ["Bra"]
    while number:
        number, rest = divmod(number, 20)
        syllables.append("bdfgklmnprstvwzxhjqc"[rest] + "aeiou"[rest % 5])
    return "".join(syllables)


def page(limit: int, offset: int) -> Page:
    """What the walker's upstream answers."""
    items = [
        User(
            id=f"u{index:07}",
            email=f"{_word(index)}.{_word(index // 7)}@norvelkin.com".lower(),
            name=f"{_word(index)} {_word(index // 7)}",
            status=("active", "inactive", "deleted")[index % 3],
            created_at="2026-01-01T00:00:00Z",
            last_login_at=None,
            roles=["admin", "member"][: index % 3],
            mfa=index % 2 == 0,
        )
        for index in range(offset, offset + limit)
    ]
    return Page(items=items, total=10_000_000, limit=limit, offset=offset)


def body(offset: int) -> bytes:
    """A page as bytes, for who answers by hand."""
    return page(PAGE_SIZE, offset).model_dump_json().encode()


def create_upstream() -> FastAPI:
    """The walker's upstream."""
    app = FastAPI()

    @app.get("/api/users")
    async def users(limit: int, offset: int) -> Page:
        return page(limit, offset)

    return app
