"""Staff with one role each, of whom everything is read at once: the list has no pages."""

from __future__ import annotations

from fastapi import FastAPI, HTTPException, Request

STAFF = [
    {"id": "s1", "mail": "alice@example.com", "role": "owner"},
    {"id": "s2", "mail": "bob@example.com", "role": "member"},
    {"id": "s3", "mail": "carol@example.com", "role": "member"},
]


def create_app() -> FastAPI:
    app = FastAPI()

    @app.get("/staff")
    async def list_staff(request: Request) -> dict:
        if request.query_params.get("api_key") != "open-sesame":
            raise HTTPException(401, "the key is not valid")
        return {"site": "site-1", "count": len(STAFF), "staff": STAFF}

    return app
