"""The HTTP clients that block while they wait, and what each of them can do."""
# ruff: noqa: S310 - what urllib opens are servers of the tests

from __future__ import annotations

import base64
import http.client
import http.cookiejar
import io
import json
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import requests
import urllib3
from client_features import (
    BEHIND_PROXY,
    IN_GZIP,
    LONG,
    NAMES,
    NOT_ASCII,
    NUMBERS,
    PACKED,
    SHORT,
    a_file,
    parts,
    refused,
    seen_by_httpx,
    telling,
)


class Httpx:
    """``httpx.Client``."""

    def query(self, url):
        return seen_by_httpx(httpx.get(f"{url}/echo", params=NAMES))

    def json(self, url):
        return seen_by_httpx(httpx.post(f"{url}/echo", json={"a": ["ü", 1, None]}))

    def form(self, url):
        return seen_by_httpx(httpx.post(f"{url}/echo", data={"a": ["1", "ü"]}))

    def multipart(self, url):
        return seen_by_httpx(httpx.post(f"{url}/echo", data={"a": "ü"}, files={"file": a_file()}))

    def bytes_body(self, url):
        return seen_by_httpx(httpx.post(f"{url}/echo", content=b"\x00\xff"))

    def streamed_body(self, url):
        return seen_by_httpx(httpx.post(f"{url}/echo", content=parts()))

    def packed_body(self, url):
        return seen_by_httpx(httpx.post(f"{url}/echo", content=PACKED, headers=IN_GZIP))

    def gzip(self, url):
        return seen_by_httpx(httpx.get(f"{url}/gzip"))

    def brotli(self, url):
        return seen_by_httpx(httpx.get(f"{url}/br"))

    def zstd(self, url):
        return seen_by_httpx(httpx.get(f"{url}/zstd"))

    def redirect(self, url):
        answer = httpx.post(f"{url}/see", json={}, follow_redirects=True)
        return seen_by_httpx(answer), [str(each.url) for each in answer.history]

    def cookies(self, url):
        with httpx.Client() as client:
            client.get(f"{url}/bake")
            return seen_by_httpx(client.get(f"{url}/echo")), list(client.cookies)

    def streamed_response(self, url):
        with httpx.stream("GET", f"{url}/lines") as answer:
            return list(answer.iter_lines())

    def head(self, url):
        answer = httpx.head(f"{url}/sized")
        return seen_by_httpx(answer), answer.headers["Content-Length"]

    def header_not_ascii(self, url):
        return seen_by_httpx(httpx.get(url + NOT_ASCII, headers={"X-Name": "Zoë".encode()}))

    def error_status(self, url):
        try:
            httpx.get(f"{url}/500").raise_for_status()
        except httpx.HTTPStatusError as error:
            return str(error).replace(url, "")

    def base_url(self, url):
        with httpx.Client(base_url=f"{url}/echo", params={"v": 2}, headers={"X-V": "2"}) as client:
            return seen_by_httpx(client.get("/a"))

    def basic_auth(self, url):
        return seen_by_httpx(httpx.get(f"{url}/echo", auth=("ada", "x:y")))

    def hooks(self, url):
        noted = []
        hooks = {
            "request": [lambda request: noted.append(request.url.path)],
            "response": [lambda response: noted.append(response.status_code)],
        }
        with httpx.Client(event_hooks=hooks) as client:
            return seen_by_httpx(client.get(f"{url}/echo")), noted

    def proxy(self, url):
        with httpx.Client(proxy=url) as client:
            return seen_by_httpx(client.get(f"{BEHIND_PROXY}/echo"))

    def environments_proxy(self, url):
        return seen_by_httpx(httpx.get(f"{BEHIND_PROXY}/echo"))

    def at_once(self, url):
        with httpx.Client() as client, ThreadPoolExecutor(3) as pool:
            return list(pool.map(lambda n: seen_by_httpx(client.get(f"{url}/echo?n={n}")), NUMBERS))

    def timeout(self, url):
        try:
            httpx.get(f"{url}/silent", timeout=httpx.Timeout(30, read=SHORT))
        except httpx.ReadTimeout as error:
            return type(error).__name__

    @refused("UpstreamFailure", "The upstream did not answer")
    def no_server(self, url):
        httpx.get(f"{url}/echo")

    def http2(self, url):
        with httpx.Client(http1=False, http2=True) as client:
            answer = client.post(f"{url}/echo", json={"a": 1})
            return seen_by_httpx(answer)


class Requests:
    """``requests``."""

    def query(self, url):
        return self._ask("GET", f"{url}/echo", params=NAMES)

    def json(self, url):
        return self._ask("POST", f"{url}/echo", json={"a": ["ü", 1, None]})

    def form(self, url):
        return self._ask("POST", f"{url}/echo", data=NAMES)

    def multipart(self, url):
        return self._ask("POST", f"{url}/echo", data={"a": "ü"}, files={"file": a_file()})

    def bytes_body(self, url):
        return self._ask("POST", f"{url}/echo", data=b"\x00\xff")

    def streamed_body(self, url):
        return self._ask("POST", f"{url}/echo", data=parts())

    def packed_body(self, url):
        return self._ask("POST", f"{url}/echo", data=PACKED, headers=IN_GZIP)

    def gzip(self, url):
        return self._ask("GET", f"{url}/gzip")

    def brotli(self, url):
        return self._ask("GET", f"{url}/br")

    def zstd(self, url):
        return self._ask("GET", f"{url}/zstd")

    def redirect(self, url):
        answer = requests.post(f"{url}/see", json={}, timeout=LONG)
        return seen_by_requests(answer), [each.url for each in answer.history]

    def cookies(self, url):
        with requests.Session() as session:
            session.get(f"{url}/bake")
            return seen_by_requests(session.get(f"{url}/echo")), list(session.cookies.keys())

    def streamed_response(self, url):
        with requests.get(f"{url}/lines", stream=True, timeout=LONG) as answer:
            return list(answer.iter_lines())

    def head(self, url):
        answer = requests.head(f"{url}/sized", timeout=LONG)
        return seen_by_requests(answer), answer.headers["Content-Length"]

    def header_not_ascii(self, url):
        return self._ask("GET", url + NOT_ASCII, headers={"X-Name": "Zoë".encode()})

    def error_status(self, url):
        try:
            requests.get(f"{url}/500", timeout=LONG).raise_for_status()
        except requests.HTTPError as error:
            return str(error)

    def base_url(self, url):
        with requests.Session() as session:
            session.headers["X-V"] = "2"
            session.params = {"v": 2}
            return seen_by_requests(session.get(f"{url}/echo"))

    def basic_auth(self, url):
        return self._ask("GET", f"{url}/echo", auth=("ada", "x:y"))

    def hooks(self, url):
        noted = []
        hooks = {"response": lambda answer, **_: noted.append(answer.status_code)}
        return self._ask("GET", f"{url}/echo", hooks=hooks), noted

    @refused("NetworkAccess", f"not to {BEHIND_PROXY}")
    def proxy(self, url):
        return self._ask("GET", f"{BEHIND_PROXY}/echo", proxies={"http": url})

    def environments_proxy(self, url):
        return self._ask("GET", f"{BEHIND_PROXY}/echo")

    def at_once(self, url):
        with requests.Session() as session, ThreadPoolExecutor(3) as pool:
            return list(pool.map(lambda n: seen_by_requests(session.get(f"{url}/echo?n={n}")), NUMBERS))

    @refused("UpstreamFailure", "did not answer 1 of 1 requests as a whole")
    def timeout(self, url):
        try:
            requests.get(f"{url}/silent", timeout=SHORT)
        except requests.ReadTimeout as error:
            return type(error).__name__

    @refused("UpstreamFailure", "The upstream did not answer")
    def no_server(self, url):
        self._ask("GET", f"{url}/echo")

    def _ask(self, method, url, **options):
        return seen_by_requests(requests.request(method, url, timeout=LONG, **options))


def seen_by_requests(answer):
    headers = telling(answer.headers.items())
    return answer.status_code, answer.reason, headers, answer.content, answer.url


class Urllib3:
    """``urllib3``."""

    def query(self, url):
        return self._ask("GET", f"{url}/echo", fields=NAMES)

    def json(self, url):
        return self._ask("POST", f"{url}/echo", json={"a": ["ü", 1, None]})

    def form(self, url):
        return self._ask("POST", f"{url}/echo", fields=NAMES, encode_multipart=False)

    def multipart(self, url):
        name, file, media_type = a_file()
        return self._ask("POST", f"{url}/echo", fields={"a": "ü", "file": (name, file.read(), media_type)})

    def bytes_body(self, url):
        return self._ask("POST", f"{url}/echo", body=b"\x00\xff")

    def streamed_body(self, url):
        return self._ask("POST", f"{url}/echo", body=parts())

    def packed_body(self, url):
        return self._ask("POST", f"{url}/echo", body=PACKED, headers=IN_GZIP)

    def gzip(self, url):
        return self._ask("GET", f"{url}/gzip")

    def brotli(self, url):
        return self._ask("GET", f"{url}/br")

    def zstd(self, url):
        return self._ask("GET", f"{url}/zstd")

    def redirect(self, url):
        return self._ask("POST", f"{url}/see")

    def streamed_response(self, url):
        with urllib3.PoolManager() as pool:
            answer = pool.request("GET", f"{url}/lines", preload_content=False)
            read = list(answer.stream(4))
            answer.release_conn()
            return read

    def head(self, url):
        with urllib3.PoolManager() as pool:
            answer = pool.request("HEAD", f"{url}/sized")
            return seen_by_urllib3(answer), answer.headers["Content-Length"]

    def header_not_ascii(self, url):
        return self._ask("GET", url + NOT_ASCII, headers={"X-Name": "Zoë".encode()})

    def base_url(self, url):
        with urllib3.connection_from_url(url, headers={"X-V": "2"}) as pool:
            return seen_by_urllib3(pool.request("GET", "/echo"))

    def basic_auth(self, url):
        return self._ask("GET", f"{url}/echo", headers=urllib3.make_headers(basic_auth="ada:x:y"))

    @refused("NetworkAccess", f"not to {BEHIND_PROXY}")
    def proxy(self, url):
        with urllib3.ProxyManager(url) as pool:
            return seen_by_urllib3(pool.request("GET", f"{BEHIND_PROXY}/echo"))

    def at_once(self, url):
        with urllib3.PoolManager(maxsize=3, block=True) as pool, ThreadPoolExecutor(3) as threads:
            ask = lambda n: seen_by_urllib3(pool.request("GET", f"{url}/echo?n={n}"))  # noqa: E731
            return list(threads.map(ask, NUMBERS))

    @refused("UpstreamFailure", "did not answer 1 of 1 requests as a whole")
    def timeout(self, url):
        try:
            self._ask("GET", f"{url}/silent", timeout=SHORT, retries=False)
        except urllib3.exceptions.ReadTimeoutError as error:
            return type(error).__name__

    @refused("UpstreamFailure", "The upstream did not answer")
    def no_server(self, url):
        self._ask("GET", f"{url}/echo", retries=False)

    def _ask(self, method, url, **options):
        with urllib3.PoolManager() as pool:
            return seen_by_urllib3(pool.request(method, url, **options))


def seen_by_urllib3(answer):
    return answer.status, answer.reason, telling(answer.headers.items()), answer.data


class HttpClient:
    """``http.client``."""

    def query(self, url):
        return self._ask(url, "GET", "/echo?a=1&a=%C3%BC%2F%26")

    def json(self, url):
        return self._ask(
            url, "POST", "/echo", json.dumps({"a": "ü"}).encode(), {"Content-Type": "application/json"}
        )

    def form(self, url):
        body = urllib.parse.urlencode(NAMES)
        return self._ask(url, "POST", "/echo", body, {"Content-Type": "application/x-www-form-urlencoded"})

    def bytes_body(self, url):
        return [self._ask(url, "POST", "/echo", body) for body in (b"\x00\xff", "text", io.BytesIO(b"abc"))]

    def streamed_body(self, url):
        return self._ask(url, "POST", "/echo", parts())

    def packed_body(self, url):
        return self._ask(url, "POST", "/echo", PACKED, IN_GZIP)

    def gzip(self, url):
        return self._ask(url, "GET", "/gzip")

    def streamed_response(self, url):
        with connected(url) as connection:
            connection.request("GET", "/lines")
            return list(connection.getresponse())

    def head(self, url):
        with connected(url) as connection:
            connection.request("HEAD", "/sized")
            answer = connection.getresponse()
            return answer.status, answer.getheader("Content-Length"), answer.read()

    def header_not_ascii(self, url):
        return self._ask(url, "GET", NOT_ASCII, None, {"X-Name": "Zoë".encode()})

    def basic_auth(self, url):
        login = base64.b64encode(b"ada:x:y").decode()
        return self._ask(url, "GET", "/echo", None, {"Authorization": f"Basic {login}"})

    def at_once(self, url):
        with ThreadPoolExecutor(3) as pool:
            return list(pool.map(lambda n: self._ask(url, "GET", f"/echo?n={n}"), NUMBERS))

    @refused("UpstreamFailure", "did not answer 1 of 1 requests as a whole")
    def timeout(self, url):
        with connected(url, timeout=SHORT) as connection:
            connection.request("GET", "/silent")
            try:
                connection.getresponse()
            except TimeoutError as error:
                return str(error)

    @refused("UpstreamFailure", "The upstream did not answer")
    def no_server(self, url):
        self._ask(url, "GET", "/echo")

    def _ask(self, url, method, path, body=None, headers=()):
        with connected(url) as connection:
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.reason, telling(answer.getheaders()), answer.read()


@contextmanager
def connected(url, **options):
    connection = http.client.HTTPConnection(url.removeprefix("http://"), **options)
    try:
        yield connection
    finally:
        connection.close()


class Urllib:
    """``urllib.request``."""

    def query(self, url):
        return self._ask(f"{url}/echo?{urllib.parse.urlencode(NAMES)}")

    def json(self, url):
        headers = {"Content-Type": "application/json"}
        return self._ask(urllib.request.Request(f"{url}/echo", b'{"a": 1}', headers))

    def form(self, url):
        return self._ask(urllib.request.Request(f"{url}/echo", urllib.parse.urlencode(NAMES).encode()))

    def bytes_body(self, url):
        return self._ask(urllib.request.Request(f"{url}/echo", b"\x00\xff"))

    def streamed_body(self, url):
        return self._ask(urllib.request.Request(f"{url}/echo", parts(), {"Content-Length": "7"}))

    def packed_body(self, url):
        return self._ask(urllib.request.Request(f"{url}/echo", PACKED, IN_GZIP))

    def gzip(self, url):
        return self._ask(f"{url}/gzip")

    def redirect(self, url):
        return self._ask(f"{url}/see")

    def cookies(self, url):
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        opener = urllib.request.build_opener(jar)
        with opener.open(f"{url}/bake"):
            pass
        with opener.open(f"{url}/echo") as answer:
            return answer.read(), [cookie.name for cookie in jar.cookiejar]

    def streamed_response(self, url):
        with urllib.request.urlopen(f"{url}/lines") as answer:
            return list(answer)

    def head(self, url):
        asked = urllib.request.Request(f"{url}/sized", method="HEAD")
        with urllib.request.urlopen(asked) as answer:
            return answer.status, answer.headers["Content-Length"], answer.read()

    def header_not_ascii(self, url):
        return self._ask(url + NOT_ASCII)

    def error_status(self, url):
        try:
            self._ask(f"{url}/500")
        except urllib.error.HTTPError as error:
            return error.code, error.reason, error.read()

    def basic_auth(self, url):
        passwords = urllib.request.HTTPPasswordMgrWithPriorAuth()
        passwords.add_password(None, url, "ada", "x:y", is_authenticated=True)
        opener = urllib.request.build_opener(urllib.request.HTTPBasicAuthHandler(passwords))
        with opener.open(f"{url}/echo") as answer:
            return answer.read()

    def environments_proxy(self, url):
        # The one that urlopen() keeps knows the environment of its first request.
        with urllib.request.build_opener().open(f"{BEHIND_PROXY}/echo") as answer:
            return answer.read()

    @refused("NetworkAccess", f"not to {BEHIND_PROXY}")
    def proxy(self, url):
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": url}))
        with opener.open(f"{BEHIND_PROXY}/echo") as answer:
            return answer.read()

    def at_once(self, url):
        with ThreadPoolExecutor(3) as pool:
            return list(pool.map(lambda n: self._ask(f"{url}/echo?n={n}"), NUMBERS))

    @refused("UpstreamFailure", "did not answer 1 of 1 requests as a whole")
    def timeout(self, url):
        try:
            urllib.request.urlopen(f"{url}/silent", timeout=SHORT)
        except TimeoutError as error:
            return str(error)

    @refused("UpstreamFailure", "The upstream did not answer")
    def no_server(self, url):
        self._ask(f"{url}/echo")

    def _ask(self, asked):
        with urllib.request.urlopen(asked) as answer:
            return answer.status, answer.reason, telling(answer.headers.items()), answer.read()
