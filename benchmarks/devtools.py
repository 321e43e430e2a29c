"""A Chromium that nobody watches: driven over the DevTools protocol, with only what is asked for switched on.

Playwright has every frame of a websocket reported to it, in base64: for files that costs more than they do.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import websocket

from tests.browser import chromium

Reply = dict[str, Any]
PATIENCE = 30.0
"""Seconds until an answer or a condition is given up."""


class Browser:
    """One headless Chromium with a profile of its own."""

    def __init__(self) -> None:
        """Start it.

        :raises RuntimeError: if there is no Chromium or it does not start
        """
        path = chromium.find()
        if path is None:
            raise RuntimeError("no Chromium: put one on the PATH or name it in the variable CHROMIUM")
        self._profile = Path(tempfile.mkdtemp(prefix="nbblocks-chromium-"))
        self.downloads = self._profile / "downloads"
        self.downloads.mkdir()
        options = [
            *chromium.ARGS,
            "--headless=new",
            f"--user-data-dir={self._profile}",
            "--remote-debugging-port=0",
            "--remote-allow-origins=*",
            "--window-size=1280,1000",
            # As Playwright starts it: what is not in front is not slowed down.
            "--disable-background-timer-throttling",
            "--disable-backgrounding-occluded-windows",
            "--disable-renderer-backgrounding",
            "about:blank",
        ]
        self.process = subprocess.Popen(
            [path, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            self.port, address = self._address()
            self.connection = Connection(f"ws://127.0.0.1:{self.port}{address}")
        except BaseException:
            self.close()
            raise

    def _address(self) -> tuple[str, str]:
        file, end = self._profile / "DevToolsActivePort", time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            with contextlib.suppress(OSError, ValueError):
                port, address = file.read_text().split()
                return port, address
            time.sleep(0.05)
        raise RuntimeError("Chromium did not start")

    def new_tab(self, script: str = "") -> Tab:
        """Open an empty tab.

        :param script: runs in each of its frames before the page's own scripts
        """
        target = self.connection.send("Target.createTarget", url="about:blank")["targetId"]
        return Tab(self, target, script)

    def close(self) -> None:
        """End it and remove its profile."""
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self._profile, ignore_errors=True)


class Connection:
    """One connection of the protocol: commands, and events to those who asked for them."""

    def __init__(self, address: str) -> None:
        self._socket = websocket.create_connection(address, suppress_origin=True, http_no_proxy=["127.0.0.1"])
        self._socket.settimeout(None)
        self._count = 0
        self._replies: dict[int, Queue[Reply]] = {}
        self._handlers: dict[str, Callable[[Reply], None]] = {}
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        with contextlib.suppress(websocket.WebSocketException, OSError, ValueError):
            while True:
                message = json.loads(self._socket.recv())
                if "id" in message:
                    if replies := self._replies.get(message["id"]):  # else it was given up
                        replies.put(message)
                elif handler := self._handlers.get(message["method"]):
                    handler(message["params"])

    def on(self, event: str, handler: Callable[[Reply], None]) -> None:
        """Call ``handler`` for each such event: in the thread that reads."""
        self._handlers[event] = handler

    def send(self, method: str, timeout: float = PATIENCE, **params: Any) -> Reply:
        """What a command gives.

        :raises RuntimeError: if the browser refuses it or does not answer in time
        """
        self._count += 1
        number = self._count
        replies = self._replies[number] = Queue()
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        try:
            reply = replies.get(timeout=timeout)
        except Empty:
            raise RuntimeError(f"{method} was not answered in {timeout:.0f} s") from None
        finally:
            del self._replies[number]
        if "error" in reply:
            raise RuntimeError(f"{method}: {reply['error'].get('message')}")
        return reply["result"]

    def close(self) -> None:
        """End the connection."""
        self._socket.close()


class Tab:
    """A page, with those of Playwright's methods that ``Notebook`` needs to open a notebook and run cells."""

    def __init__(self, browser: Browser, target: str, script: str) -> None:
        self.browser, self.target = browser, target
        self.url = "about:blank"
        self.devtools = Connection(f"ws://127.0.0.1:{browser.port}/devtools/page/{target}")
        self._contexts: dict[int, bool] = {}
        self.send = self.devtools.send
        self.devtools.on("Runtime.executionContextCreated", self._created)
        self.devtools.on("Runtime.executionContextDestroyed", self._destroyed)
        self.devtools.on("Runtime.executionContextsCleared", lambda _: self._contexts.clear())
        self.send("Page.enable")
        self.send("Runtime.enable")
        self.send("Performance.enable")
        if script:
            self.send("Page.addScriptToEvaluateOnNewDocument", source=script)

    def _created(self, event: Reply) -> None:
        context = event["context"]
        if context["auxData"].get("isDefault"):
            self._contexts[context["id"]] = True

    def _destroyed(self, event: Reply) -> None:
        self._contexts.pop(event["executionContextId"], None)

    def on(self, event: str, handler: Callable[..., None]) -> None:
        """Playwright's events are not to be had."""

    def goto(self, url: str) -> None:
        """Go to an address; does not wait for it."""
        self.url = url
        self.send("Page.navigate", url=url)

    def evaluate(
        self, function: str, arg: Any = None, timeout: float = PATIENCE, frame: int | None = None
    ) -> Any:
        """What a JavaScript function gives for ``arg``, once it is there.

        :param frame: one of ``frames``, instead of the page itself
        :raises RuntimeError: if it throws or takes longer than ``timeout`` seconds
        """
        where = {} if frame is None else {"contextId": frame}
        reply = self.send(
            "Runtime.evaluate",
            timeout,
            expression=f"({function})({json.dumps(arg)})",
            awaitPromise=True,
            returnByValue=True,
            userGesture=True,
            **where,
        )
        if "exceptionDetails" in reply:
            details = reply["exceptionDetails"]
            raise RuntimeError(details.get("exception", {}).get("description") or details["text"])
        return reply["result"].get("value")

    @property
    def frames(self) -> list[int]:
        """The page and the frames in it that Chromium keeps in the same process, for ``evaluate``."""
        return list(self._contexts)

    def wait_for_function(
        self, function: str, arg: Any = None, timeout: float = PATIENCE, frame: int | None = None
    ) -> Any:
        """Wait until a JavaScript function gives something true for ``arg``, and return that.

        :raises RuntimeError: if it does not in ``timeout`` seconds
        """
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            with contextlib.suppress(RuntimeError):  # the page may be just loading
                if value := self.evaluate(function, arg, frame=frame):
                    return value
            time.sleep(0.05)
        raise RuntimeError(f"not in {timeout:.0f} s: {function:.100}")

    # -- files

    def choose(self, file: Path, press: str, arg: Any = None, frame: int | None = None) -> float:
        """Run a function that opens the file chooser, and choose a file; the time when it was chosen.

        :raises RuntimeError: if no chooser opens
        """
        opened: Queue[Reply] = Queue()
        self.devtools.on("Page.fileChooserOpened", opened.put)
        self.send("Page.setInterceptFileChooserDialog", enabled=True)
        try:
            self.evaluate(press, arg, frame=frame)
            chooser = opened.get(timeout=PATIENCE)
        except Empty:
            raise RuntimeError("no file chooser has opened") from None
        finally:
            self.send("Page.setInterceptFileChooserDialog", enabled=False)
        at = time.time()
        self.send("DOM.setFileInputFiles", files=[str(file)], backendNodeId=chooser["backendNodeId"])
        return at

    def download(
        self, press: str, arg: Any = None, frame: int | None = None, timeout: float = 300
    ) -> tuple[Path, float, float]:
        """Run a function that starts a download; the file, when it was asked for, when it was there.

        :raises RuntimeError: if no file comes in ``timeout`` seconds
        """
        ended: Queue[tuple[Reply, float]] = Queue()

        def progress(event: Reply) -> None:
            if event["state"] != "inProgress":
                ended.put((event, time.time()))

        connection = self.browser.connection
        connection.on("Browser.downloadProgress", progress)
        folder = str(self.browser.downloads)
        connection.send(
            "Browser.setDownloadBehavior", behavior="allowAndName", downloadPath=folder, eventsEnabled=True
        )
        start = time.time()
        self.evaluate(press, arg, frame=frame)
        try:
            event, at = ended.get(timeout=timeout)
        except Empty:
            raise RuntimeError(f"no file in {timeout:.0f} s") from None
        if event["state"] != "completed":
            raise RuntimeError(f"the download was {event['state']}")
        return self.browser.downloads / event["guid"], start, at

    def heap(self) -> float:
        """MB that JavaScript objects of the page take; the bytes of buffers are not among them."""
        metrics = {one["name"]: one["value"] for one in self.send("Performance.getMetrics")["metrics"]}
        return metrics["JSHeapUsedSize"] / 1e6

    def close(self) -> None:
        """Close the tab."""
        with contextlib.suppress(RuntimeError):
            self.browser.connection.send("Target.closeTarget", targetId=self.target)
        self.devtools.close()
