"""A site's own chat proxy with FastAPI: it adds the credentials to SecondMe's `init` and `send`, and passes the answers
through. It knows nothing of conversations.

    SECONDME_CLIENT_ID=… SECONDME_CLIENT_SECRET=… SECONDME_API_KEY=sk-… ALLOWED_ORIGINS=https://shop.example \\
        uvicorn proxy:app --port 8080
"""

import asyncio
import logging
import time
from os import environ

import httpx
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

BASE_URL = environ.get("SECONDME_BASE_URL", "https://api.mindverse.com/gate/lab") + "/api"
CREDENTIALS = {"client_id": environ["SECONDME_CLIENT_ID"], "client_secret": environ["SECONDME_CLIENT_SECRET"]}
API_KEY, ORIGINS = environ["SECONDME_API_KEY"], environ["ALLOWED_ORIGINS"].split(",")
LARGEST_BODY = 64 * 1024
# What a page may say; whatever else it sends stays here.
FIELDS = {"init": ["visitorId", "visitorName"], "send": ["sessionId", "message"]}

app = FastAPI(openapi_url=None)
CORS = {"allow_methods": ["POST"], "allow_headers": ["content-type"], "expose_headers": ["retry-after"]}
app.add_middleware(CORSMiddleware, allow_origins=ORIGINS, **CORS)
# Without `trust_env` no proxy that is set for some other program gets to see the secrets.
secondme = httpx.AsyncClient(base_url=BASE_URL, timeout=15, trust_env=False)
token, asking = {"value": "", "end": 0.0}, asyncio.Lock()


async def app_token() -> str:
    """The app's token, asked for once for all who wait, and again a minute before it ends."""
    async with asking:
        if time.monotonic() >= token["end"]:
            form = {"grant_type": "client_credentials", "scope": "chat.write", **CREDENTIALS}
            granted = (await secondme.post("/oauth/token/client", data=form)).json()["data"]
            token.update(value=granted["accessToken"], end=time.monotonic() + granted["expiresIn"] - 60)
        return token["value"]


async def forward(call: str, said: dict) -> JSONResponse:
    fields = {name: said[name] for name in FIELDS[call] if name in said} | {"apiKey": API_KEY}
    for _ in range(2):
        headers = {"authorization": f"Bearer {await app_token()}"}
        answer = await secondme.post(f"/secondme/visitor-chat/{call}", json=fields, headers=headers)
        if answer.status_code != 401:
            break
        token["end"] = 0.0  # SecondMe looks at the token before anything else, so asking again doubles nothing.
    kept = {name: value for name, value in answer.headers.items() if name == "retry-after"}
    return JSONResponse(answer.json(), answer.status_code, {"cache-control": "no-store", **kept})


@app.post("/chat/init")
@app.post("/chat/send")
async def chat(request: Request) -> JSONResponse:
    if request.headers.get("origin") not in ORIGINS:
        raise HTTPException(403, "origin_not_allowed")
    if int(request.headers.get("content-length", LARGEST_BODY + 1)) > LARGEST_BODY:
        raise HTTPException(413, "invalid_request")
    try:
        said = dict(await request.json())
    except (TypeError, ValueError) as error:
        raise HTTPException(400, "invalid_request") from error
    try:
        return await forward(request.url.path.removeprefix("/chat/"), said)
    except (httpx.HTTPError, KeyError, TypeError, ValueError) as error:
        logging.exception("SecondMe did not answer")
        raise HTTPException(503, "upstream_unavailable", {"retry-after": "5"}) from error


@app.exception_handler(HTTPException)
async def failed(_: Request, error: HTTPException) -> JSONResponse:
    # FastAPI's own failures, no such address and another method, have a phrase in the place of a name.
    name = error.detail if "_" in error.detail else "invalid_request"
    failure = {"code": error.status_code, "subCode": f"proxy.{name}", "message": f"The request failed: {name}."}
    return JSONResponse(failure, error.status_code, error.headers)
