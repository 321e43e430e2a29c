"""Files of the web: served by a little server of our own."""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from nbblocks.bridge import fetching, files
from nbblocks.bridge.cache import FileCache, active

Answer = Callable[[BaseHTTPRequestHandler], None]
MEGABYTE = 1024**2


class Server:
    """A web server that answers each path as told; ``silent`` is set to end answers that wait."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.silent = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.answers.get(self.path, missing)(self)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = False
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def serve(self, path: str, data: bytes, **headers: str) -> str:
        self.answers[path] = lambda request: send(request, 200, data, headers)
        return self.url + path

    def close(self) -> None:
        self.silent.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def send(request: BaseHTTPRequestHandler, status: int, data: bytes, headers: dict[str, str]) -> None:
    request.send_response(status)
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in {"Content-Length": str(len(data)), **given}.items():
        if value:
            request.send_header(name, value)
    request.end_headers()
    request.wfile.write(data)


def missing(request: BaseHTTPRequestHandler) -> None:
    send(request, 404, b"", {})


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    server = Server()
    yield server
    server.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[FileCache]:
    cache = FileCache(tmp_path / "cache")
    token = active.set(cache)
    yield cache
    active.reset(token)


@pytest.mark.parametrize(
    ("path", "headers", "name"),
    [
        ("/a%20b.png?x=1", {"Content_Type": "image/png"}, "a b.png"),
        ("/", {"Content_Type": "text/html; charset=utf-8"}, "file.html"),
        ("/cat", {"Content_Type": "image/webp"}, "cat.webp"),
        ("/sound", {"Content_Type": "audio/x-wav"}, "sound.wav"),
        ("/thing", {"Content_Type": "application/x-unheard-of"}, "thing"),
        ("/get?id=3", {"Content_Disposition": 'attachment; filename="r\xe9sum\xe9.pdf"'}, "résumé.pdf"),
        ("/get", {"Content_Disposition": "attachment; filename*=UTF-8''na%C3%AFve.txt"}, "naïve.txt"),
        ("/get", {"Content_Disposition": 'attachment; filename="../../evil.sh"'}, "evil.sh"),
        ("/..%2F..%2Fevil.sh", {}, "evil.sh"),
    ],
)
def test_urls_are_fetched(
    store: FileCache, server: Server, path: str, headers: dict[str, str], name: str
) -> None:
    url = server.serve(path, b"abc", **headers)
    record = files.store(url)
    assert Path(record["path"]).read_bytes() == b"abc" and store.holds(record["path"])  # CP-10, CP-41
    assert (record["orig_name"], record["url"], record["size"]) == (name, url, 3)
    assert record["path"] == store.save_bytes(b"abc", name)


def test_addresses_may_hold_what_people_type(store: FileCache, server: Server) -> None:  # CP-10
    server.serve("/gr%C3%BC%C3%9Fe%20an%20alle.txt?q=%C3%A4", b"abc")
    record = files.store(server.url.replace("http", "HTTP") + "/grüße an%20alle.txt?q=ä#part")
    assert record["orig_name"] == "grüße an alle.txt"


def test_redirects_are_followed_and_may_name_the_file(store: FileCache, server: Server) -> None:  # CP-10
    server.serve("/real/cat.png", b"abc")
    server.answers["/latest"] = lambda request: send(request, 302, b"", {"Location": "/real/cat.png"})
    assert files.store(server.url + "/latest")["orig_name"] == "cat.png"


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://example.org/a", "data:text/plain,x"])
def test_redirects_to_anything_but_the_web_are_refused(
    store: FileCache, server: Server, target: str
) -> None:  # CP-10
    server.answers["/a"] = lambda request: send(request, 302, b"", {"Location": target})
    with pytest.raises(OSError, match=r"/a' cannot be fetched: the server says 302 .*is not allowed"):
        files.store(server.url + "/a")


def test_redirects_end(store: FileCache, server: Server) -> None:  # CP-10
    server.answers["/a"] = lambda request: send(request, 302, b"", {"Location": "/a"})
    with pytest.raises(OSError, match="/a' cannot be fetched"):
        files.store(server.url + "/a")


@pytest.mark.parametrize("status", [403, 404, 410, 500])
def test_a_refusal_says_what_the_server_says(store: FileCache, server: Server, status: int) -> None:  # CP-10
    server.answers["/a"] = lambda request: send(request, status, b"", {})
    with pytest.raises(OSError, match=f"/a' cannot be fetched: the server says {status} ") as caught:
        files.store(server.url + "/a")
    assert isinstance(caught.value, FileNotFoundError) is (status in (404, 410))


@pytest.mark.parametrize(
    "url", ["http://", "http://[::1", "http://127.0.0.1:0/a", "http://127.0.0.1:x/", "http:///a"]
)
def test_addresses_where_nobody_is(store: FileCache, url: str) -> None:  # CP-10
    with pytest.raises(OSError, match="cannot be fetched: .") as caught:
        files.store(url)
    assert repr(url) in str(caught.value)


def test_a_broken_connection_leaves_nothing(store: FileCache, server: Server) -> None:  # CP-10
    url = server.serve("/a.bin", b"abc", Content_Length="1000")
    with pytest.raises(OSError, match="the connection broke after 3 of 1000 bytes"):
        files.store(url)
    headers = {"Content-Length": "", "Transfer-Encoding": "chunked"}
    server.answers["/b.bin"] = lambda request: send(request, 200, b"5\r\nab", headers)
    with pytest.raises(OSError, match=r"/b\.bin' cannot be fetched"):
        files.store(server.url + "/b.bin")
    assert os.listdir(store.root) == []


def test_a_silent_server_is_given_up(
    store: FileCache, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:  # CP-10
    monkeypatch.setattr(fetching, "SILENCE", 0.05)

    def stall(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        request.wfile.write(b"abc")
        server.silent.wait(30)

    server.answers["/a"] = stall

    def hang(request: BaseHTTPRequestHandler) -> None:
        server.silent.wait(30)
        missing(request)

    server.answers["/b"] = hang
    for path in ("/a", "/b"):
        with pytest.raises(TimeoutError, match=f"{path}' cannot be fetched: timed out"):
            files.store(server.url + path)
    assert not os.path.exists(store.root) or os.listdir(store.root) == []


def test_an_endless_answer_is_given_up(
    store: FileCache, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:  # CP-10
    monkeypatch.setattr(fetching, "LIMIT", 0)

    def drip(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        with contextlib.suppress(OSError):  # the other side has gone
            while not server.silent.wait(0.001):
                request.wfile.write(b"x")

    server.answers["/a"] = drip
    with pytest.raises(TimeoutError, match="/a' cannot be fetched: it takes longer than 0 seconds"):
        files.store(server.url + "/a")
    assert os.listdir(store.root) == []


def test_big_files_take_little_memory(store: FileCache, server: Server) -> None:  # CP-10
    block, digest = os.urandom(MEGABYTE), hashlib.sha256()

    def pour(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.end_headers()
        for _ in range(64):
            request.wfile.write(block)
            digest.update(block)

    server.answers["/big.bin"] = pour
    tracemalloc.start()
    try:
        record = files.store(server.url + "/big.bin")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert record["size"] == 64 * MEGABYTE and peak < 8 * MEGABYTE
    assert Path(record["path"]).parent.name == digest.hexdigest()
