"""The HTTP clients that wait in an event loop, and what each of them can do."""

from __future__ import annotations

import asyncio
import io
import urllib.parse

import aiohttp
import httpx
import tornado.httpclient
from client_features import (
    BEHIND_PROXY,
    IN_GZIP,
    NAMES,
    NOT_ASCII,
    NUMBERS,
    PACKED,
    SHORT,
    TOTAL,
    a_file,
    async_parts,
    parts,
    refused,
    seen_by_httpx,
    telling,
)


class AsyncHttpx:
    """``httpx.AsyncClient``."""

    async def query(self, url):
        return await self._ask("GET", f"{url}/echo", params=NAMES)

    async def json(self, url):
        return await self._ask("POST", f"{url}/echo", json={"a": ["ü", 1, None]})

    async def form(self, url):
        return await self._ask("POST", f"{url}/echo", data={"a": ["1", "ü"]})

    async def multipart(self, url):
        return await self._ask("POST", f"{url}/echo", data={"a": "ü"}, files={"file": a_file()})

    async def bytes_body(self, url):
        return await self._ask("POST", f"{url}/echo", content=b"\x00\xff")

    async def streamed_body(self, url):
        return await self._ask("POST", f"{url}/echo", content=async_parts())

    async def packed_body(self, url):
        return await self._ask("POST", f"{url}/echo", content=PACKED, headers=IN_GZIP)

    async def gzip(self, url):
        return await self._ask("GET", f"{url}/gzip")

    async def brotli(self, url):
        return await self._ask("GET", f"{url}/br")

    async def zstd(self, url):
        return await self._ask("GET", f"{url}/zstd")

    async def redirect(self, url):
        async with httpx.AsyncClient(follow_redirects=True) as client:
            answer = await client.post(f"{url}/see", json={})
            return seen_by_httpx(answer), [str(each.url) for each in answer.history]

    async def cookies(self, url):
        async with httpx.AsyncClient() as client:
            await client.get(f"{url}/bake")
            return seen_by_httpx(await client.get(f"{url}/echo")), list(client.cookies)

    async def streamed_response(self, url):
        async with httpx.AsyncClient() as client, client.stream("GET", f"{url}/lines") as answer:
            return [line async for line in answer.aiter_lines()]

    async def head(self, url):
        async with httpx.AsyncClient() as client:
            answer = await client.head(f"{url}/sized")
            return seen_by_httpx(answer), answer.headers["Content-Length"]

    async def header_not_ascii(self, url):
        return await self._ask("GET", url + NOT_ASCII, headers={"X-Name": "Zoë".encode()})

    async def error_status(self, url):
        async with httpx.AsyncClient() as client:
            try:
                (await client.get(f"{url}/500")).raise_for_status()
            except httpx.HTTPStatusError as error:
                return str(error).replace(url, "")

    async def base_url(self, url):
        async with httpx.AsyncClient(base_url=f"{url}/echo", params={"v": 2}, headers={"X-V": "2"}) as client:
            return seen_by_httpx(await client.get("/a"))

    async def basic_auth(self, url):
        return await self._ask("GET", f"{url}/echo", auth=("ada", "x:y"))

    async def hooks(self, url):
        noted = []

        async def asks(request):
            noted.append(request.url.path)

        async def answers(response):
            noted.append(response.status_code)

        async with httpx.AsyncClient(event_hooks={"request": [asks], "response": [answers]}) as client:
            return seen_by_httpx(await client.get(f"{url}/echo")), noted

    async def proxy(self, url):
        async with httpx.AsyncClient(proxy=url) as client:
            return seen_by_httpx(await client.get(f"{BEHIND_PROXY}/echo"))

    async def environments_proxy(self, url):
        return await self._ask("GET", f"{BEHIND_PROXY}/echo")

    async def at_once(self, url):
        async with httpx.AsyncClient() as client:
            answers = await asyncio.gather(*(client.get(f"{url}/echo?n={n}") for n in NUMBERS))
            return list(map(seen_by_httpx, answers))

    async def timeout(self, url):
        async with httpx.AsyncClient(timeout=httpx.Timeout(30, read=SHORT)) as client:
            try:
                await client.get(f"{url}/silent")
            except httpx.ReadTimeout as error:
                return type(error).__name__

    @refused("UpstreamFailure", "The upstream did not answer")
    async def no_server(self, url):
        await self._ask("GET", f"{url}/echo")

    async def http2(self, url):
        async with httpx.AsyncClient(http1=False, http2=True) as client:
            return seen_by_httpx(await client.post(f"{url}/echo", json={"a": 1}))

    async def _ask(self, method, url, **options):
        async with httpx.AsyncClient() as client:
            return seen_by_httpx(await client.request(method, url, **options))


class Aiohttp:
    """``aiohttp.ClientSession``."""

    async def query(self, url):
        return await self._ask("GET", f"{url}/echo", params=NAMES)

    async def json(self, url):
        return await self._ask("POST", f"{url}/echo", json={"a": ["ü", 1, None]})

    async def form(self, url):
        form = aiohttp.FormData({"a": "1"})
        form.add_field("a", "ü")
        return [await self._ask("POST", f"{url}/echo", data=data) for data in (form, {"a": "ü"}, NAMES)]

    async def multipart(self, url):
        name, file, media_type = a_file()
        form = aiohttp.FormData({"a": "ü"})
        form.add_field("file", file, filename=name, content_type=media_type)
        return [
            await self._ask("POST", f"{url}/echo", data=form),
            await self._ask("POST", f"{url}/echo", data={"a": "ü", "file": io.BytesIO(b"\x00\xff")}),
        ]

    async def bytes_body(self, url):
        bodies = (b"\x00\xff", "ü", io.BytesIO(b"abc"))
        return [await self._ask("POST", f"{url}/echo", data=body) for body in bodies]

    async def streamed_body(self, url):
        return await self._ask("POST", f"{url}/echo", data=async_parts())

    async def packed_body(self, url):
        return [await self._ask("POST", f"{url}/echo", json={"a": 1}, compress=how) for how in (True, "gzip")]

    async def gzip(self, url):
        return await self._ask("GET", f"{url}/gzip")

    async def brotli(self, url):
        return await self._ask("GET", f"{url}/br")

    async def redirect(self, url):
        async with aiohttp.ClientSession() as session, session.post(f"{url}/see", json={}) as answer:
            return await seen_by_aiohttp(answer), [each.url.path for each in answer.history]

    async def cookies(self, url):
        # Of an address that is a number, it keeps cookies only if it is told so.
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
            async with session.get(f"{url}/bake") as answer:
                baked = list(answer.cookies)
            async with session.get(f"{url}/echo") as answer:
                return await seen_by_aiohttp(answer), baked, [each.key for each in session.cookie_jar]

    async def streamed_response(self, url):
        async with aiohttp.ClientSession() as session, session.get(f"{url}/lines") as answer:
            return [line async for line in answer.content]

    async def head(self, url):
        async with aiohttp.ClientSession() as session, session.head(f"{url}/sized") as answer:
            return await seen_by_aiohttp(answer), answer.content_length

    async def header_not_ascii(self, url):
        return await self._ask("GET", url + NOT_ASCII, headers={"X-Name": "Zoë"})

    async def error_status(self, url):
        try:
            await self._ask("GET", f"{url}/500", raise_for_status=True)
        except aiohttp.ClientResponseError as error:
            return error.status, error.message, error.request_info.method

    async def base_url(self, url):
        session = aiohttp.ClientSession(f"{url}/echo/", headers={"X-V": "2"})
        async with session, session.get("a") as answer:
            return await seen_by_aiohttp(answer)

    async def basic_auth(self, url):
        return await self._ask("GET", f"{url}/echo", auth=aiohttp.BasicAuth("ada", "x:y"))

    async def hooks(self, url):
        noted, trace = [], aiohttp.TraceConfig()

        def note(name):
            async def noting(_session, _context, params):
                noted.append((name, getattr(params, "method", "")))

            return noting

        trace.on_request_start.append(note("start"))
        trace.on_request_chunk_sent.append(note("sent"))
        trace.on_response_chunk_received.append(note("received"))
        trace.on_request_end.append(note("end"))
        session = aiohttp.ClientSession(trace_configs=[trace])
        async with session, session.post(f"{url}/echo", json={}) as answer:
            return await seen_by_aiohttp(answer), noted

    async def proxy(self, url):
        return await self._ask("GET", f"{BEHIND_PROXY}/echo", proxy=url)

    async def environments_proxy(self, url):
        session = aiohttp.ClientSession(trust_env=True)
        async with session, session.get(f"{BEHIND_PROXY}/echo") as answer:
            return await seen_by_aiohttp(answer)

    async def at_once(self, url):
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=3)) as session:

            async def ask(number):
                async with session.get(f"{url}/echo?n={number}") as answer:
                    return await seen_by_aiohttp(answer)

            return await asyncio.gather(*map(ask, NUMBERS))

    async def timeout(self, url):
        found = []
        for timeout in (aiohttp.ClientTimeout(total=TOTAL), aiohttp.ClientTimeout(sock_read=SHORT)):
            try:
                await self._ask("GET", f"{url}/silent", timeout=timeout)
            except TimeoutError as error:
                found.append(type(error).__name__)
        return found

    @refused("UpstreamFailure", "The upstream did not answer")
    async def no_server(self, url):
        await self._ask("GET", f"{url}/echo")

    async def _ask(self, method, url, **options):
        async with aiohttp.ClientSession() as session, session.request(method, url, **options) as answer:
            return await seen_by_aiohttp(answer)


async def seen_by_aiohttp(answer):
    return answer.status, answer.reason, telling(answer.raw_headers), await answer.read(), answer.url.path


class Tornado:
    """``tornado.httpclient.AsyncHTTPClient``."""

    async def query(self, url):
        return await self._ask(f"{url}/echo?{urllib.parse.urlencode(NAMES)}")

    async def json(self, url):
        headers = {"Content-Type": "application/json"}
        return await self._ask(f"{url}/echo", method="POST", body='{"a": "ü"}', headers=headers)

    async def form(self, url):
        return await self._ask(f"{url}/echo", method="POST", body=urllib.parse.urlencode(NAMES))

    async def bytes_body(self, url):
        return await self._ask(f"{url}/echo", method="POST", body=b"\x00\xff")

    @refused("Unrecordable", "streams its body in parts")
    async def streamed_body(self, url):
        async def produce(write):
            for part in parts():
                await write(part)

        return await self._ask(f"{url}/echo", method="POST", body_producer=produce)

    async def packed_body(self, url):
        return await self._ask(f"{url}/echo", method="POST", body=PACKED, headers=IN_GZIP)

    async def gzip(self, url):
        return await self._ask(f"{url}/gzip")

    @refused("Unrecordable", "follows a redirect")
    async def redirect(self, url):
        return await self._ask(f"{url}/see")

    @refused("Unrecordable", "streams its body in parts")
    async def streamed_response(self, url):
        read = []
        await self._ask(f"{url}/lines", streaming_callback=read.append)
        return read

    async def head(self, url):
        client = tornado.httpclient.AsyncHTTPClient(force_instance=True)
        answer = await client.fetch(f"{url}/sized", method="HEAD")
        client.close()
        return answer.code, answer.headers["Content-Length"], answer.body

    async def header_not_ascii(self, url):
        return await self._ask(url + NOT_ASCII)

    async def error_status(self, url):
        try:
            await self._ask(f"{url}/500")
        except tornado.httpclient.HTTPClientError as error:
            return error.code, error.message, error.response.body

    async def basic_auth(self, url):
        return await self._ask(f"{url}/echo", auth_username="ada", auth_password="x:y")  # noqa: S106 - no secret

    async def at_once(self, url):
        return await asyncio.gather(*(self._ask(f"{url}/echo?n={n}") for n in NUMBERS))

    @refused("UpstreamFailure", "did not answer 1 of 1 requests as a whole")
    async def timeout(self, url):
        try:
            await self._ask(f"{url}/silent", request_timeout=TOTAL)
        except tornado.httpclient.HTTPClientError as error:
            return error.code

    @refused("UpstreamFailure", "The upstream did not answer")
    async def no_server(self, url):
        await self._ask(f"{url}/echo")

    async def _ask(self, url, **options):
        client = tornado.httpclient.AsyncHTTPClient(force_instance=True)
        try:
            answer = await client.fetch(url, **options)
        finally:
            client.close()
        return answer.code, answer.reason, telling(answer.headers.get_all()), answer.body
