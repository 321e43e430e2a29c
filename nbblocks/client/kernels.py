"""A kernel of its own for a notebook: started, its cells run, and its comm messages passed on."""

from __future__ import annotations

import asyncio
import atexit
import json
import os
import queue
import re
import shutil
import sys
import tempfile
import threading
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any, cast
from weakref import WeakMethod

PATIENCE = 10.0
"""Seconds that a kernel has to shut down."""
BEAT = 0.2
"""Seconds after which it is looked whether the kernel lives."""
SKIP = "skip-execution"
"""Cells with this tag are not run: nbclient's own, too."""
MAY_RAISE = "raises-exception"
"""Cells with this tag may fail."""
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


class NotebookError(RuntimeError):
    """A notebook's kernel could not be started, its code failed, or it has died."""


def code_cells(path: Path) -> tuple[list[tuple[int, str, bool]], str | None]:
    """Number, source and whether it may fail, of each cell that is to be run; and the kernel that it names.

    :raises NotebookError: if the file is no notebook
    """
    try:
        book: Any = json.loads(path.read_text(encoding="utf-8"))
        cells, metadata = book["cells"], book.get("metadata", {})
    except FileNotFoundError:
        raise FileNotFoundError(f"there is no notebook {str(path)!r}") from None
    except (ValueError, KeyError, TypeError) as error:
        raise NotebookError(f"{path.name} is no notebook of format 4: {error!r}") from None
    found: list[tuple[int, str, bool]] = []
    for number, cell in enumerate(cells, 1):
        tags = cell.get("metadata", {}).get("tags", ())
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and source.strip() and SKIP not in tags:
            found.append((number, source, MAY_RAISE in tags))
    return found, metadata.get("kernelspec", {}).get("name")


class NotebookKernel:
    """The kernel of one notebook, and the thread that listens to it.

    :param path: the notebook; its folder is the working directory
    :param kernel_name: name of a kernelspec; None: the notebook's own, or Python's
    :param setup: code that is run after the cells
    :param target: name of the comm target that ``setup`` registers
    :param on_message: called with each message of the comm, in the thread
    :param on_end: called once with the reason when it ends of itself
    """

    def __init__(
        self,
        path: Path,
        kernel_name: str | None,
        setup: str,
        target: str,
        on_message: WeakMethod[Callable[[dict[str, Any], Sequence[Any]], None]],
        on_end: WeakMethod[Callable[[str], None]],
    ) -> None:
        self.name = path.name
        self._working_directory = str(path.resolve().parent)
        self._path, self._kernel_name, self._setup, self._target = path, kernel_name, setup, target
        self._on_message, self._on_end = on_message, on_end
        self._comm = uuid.uuid4().hex
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closing = threading.Event()
        self._manager: Any = None
        self._folder: str | None = None
        self._client: Any = None
        self._begun: Future[None] = Future()
        self._thread = threading.Thread(target=self._begin, name="nbblocks-notebook", daemon=True)
        self._thread.start()
        atexit.register(self.close)
        try:
            self._begun.result()
        except BaseException:
            self.close()
            raise

    def post(self, data: dict[str, Any], buffers: Sequence[bytes] = ()) -> None:
        """Send a message to the comm: any thread.

        :raises NotebookError: if the kernel is not there
        """
        content = {"comm_id": self._comm, "data": data}
        try:
            if self._closing.is_set() or self._loop is None:
                raise RuntimeError("closed")
            self._loop.call_soon_threadsafe(self._send, "comm_msg", content, list(buffers))
        except RuntimeError:
            raise NotebookError(f"the kernel of {self.name} was closed") from None

    def close(self) -> None:
        """Shut the kernel down, and wait until it is."""
        self.stop()
        if self._thread is not threading.current_thread():
            self._thread.join(PATIENCE)

    def stop(self) -> None:
        """Have the kernel shut down soon: any thread."""
        self._closing.set()

    # -- in the thread

    def _begin(self) -> None:
        reason = f"the kernel of {self.name} was closed"
        try:
            cells, named = code_cells(self._path)
            self._manager = self._found(self._kernel_name or named or "python3")
            asyncio.run(self._live(cells))
        except BaseException as error:  # noqa: BLE001 - told to whoever waits
            reason = str(error) if isinstance(error, NotebookError) else f"{type(error).__name__}: {error}"
            if not self._begun.done():
                self._begun.set_exception(error)
        finally:
            atexit.unregister(self.close)
            self._closing.set()
            if self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)
            if not self._begun.done():
                self._begun.set_exception(NotebookError(reason))
            if (on_end := self._on_end()) is not None:
                on_end(reason)

    def _found(self, name: str) -> Any:
        """The manager of the kernel called ``name``.

        :raises NotebookError: if it is not installed, or not one of Python
        """
        from jupyter_client.kernelspec import NoSuchKernel
        from jupyter_client.manager import AsyncKernelManager

        manager: Any = AsyncKernelManager(kernel_name=name, **self._transport())
        try:
            language: str = manager.kernel_spec.language
        except NoSuchKernel:
            raise NotebookError(
                f"{self.name} asks for the kernel {name!r}, which is not installed here: "
                "name another with kernel_name="
            ) from None
        if language.lower() != "python":
            raise NotebookError(f"{self.name} is written in {language}, and apps in Python")
        return manager

    async def _live(self, cells: Sequence[tuple[int, str, bool]]) -> None:
        self._loop = asyncio.get_running_loop()
        manager = self._manager
        try:
            await manager.start_kernel(cwd=self._working_directory)
            self._client = manager.client()
            self._client.session.copy_threshold = sys.maxsize  # sending without a copy takes one more thread
            self._client.start_channels(stdin=False, hb=False)
            await self._until_ready()
            for number, source, may_fail in cells:
                await self._run(source, f"cell {number}", may_fail=may_fail)
            await self._run(self._setup, "looking for its app", brief=True)
            opening: dict[str, Any] = {"comm_id": self._comm, "target_name": self._target, "data": {}}
            self._send("comm_open", opening, [])
            self._begun.set_result(None)
            async for message in self._messages():
                await self._passed(message)
        finally:
            await self._shut()

    def _send(self, kind: str, content: dict[str, Any], buffers: list[bytes]) -> None:
        if self._client is not None:
            self._client.session.send(self._client.shell_channel.socket, kind, content, buffers=buffers)

    def _transport(self) -> dict[str, Any]:
        """Sockets that are files need no port. Their paths can only be short."""
        if os.name != "posix":
            return {}
        self._folder = tempfile.mkdtemp(prefix="nbblocks-k-")
        place = os.path.join(self._folder, "k")
        return {"transport": "ipc", "ip": place, "connection_file": f"{place}.json"}

    async def _next(self) -> dict[str, Any] | None:
        """What the kernel publishes next; None if it is silent for a while.

        :raises NotebookError: if it has died
        """
        try:
            return await self._client.get_iopub_msg(timeout=BEAT)
        except queue.Empty:
            if not await self._manager.is_alive():
                raise NotebookError(f"the kernel of {self.name} has died") from None
            return None

    async def _messages(self) -> AsyncIterator[dict[str, Any]]:
        while not self._closing.is_set():
            if (message := await self._next()) is not None:
                yield message

    async def _until_ready(self) -> None:
        asked = self._client.kernel_info()
        while not self._closing.is_set():
            message = await self._next()
            if message is None:
                asked = self._client.kernel_info()  # what is published before iopub is connected is lost
            elif _is_end(message, asked):
                return

    async def _run(self, source: str, what: str, *, may_fail: bool = False, brief: bool = False) -> None:
        sent = self._client.execute(source, allow_stdin=False, stop_on_error=False)
        error: dict[str, Any] | None = None
        async for message in self._messages():
            if message["msg_type"] == "error" and message["parent_header"].get("msg_id") == sent:
                error = message["content"]
            elif _is_end(message, sent):
                break
        if error is not None and not may_fail:
            said = f"{error['ename']}: {error['evalue']}"
            traced = _ANSI.sub("", "\n".join(cast("list[str]", error["traceback"])))
            raise NotebookError(f"{self.name}, {what}: {said}" + ("" if brief else f"\n\n{traced}"))

    async def _passed(self, message: dict[str, Any]) -> None:
        content = message["content"]
        if content.get("comm_id") != self._comm:
            return
        if message["msg_type"] == "comm_close":
            raise NotebookError(f"the kernel of {self.name} has closed the connection")
        on_message = self._on_message()
        if message["msg_type"] == "comm_msg" and on_message is not None:
            await asyncio.to_thread(on_message, content["data"], message["buffers"])  # it may write a file

    async def _shut(self) -> None:
        self._closing.set()
        if self._client is not None:
            self._client.stop_channels()
            self._client = None
        if self._manager.has_kernel:
            await self._manager.shutdown_kernel()
        await self._manager.cleanup_resources()


def _is_end(message: dict[str, Any], request: str) -> bool:
    idle = message["content"].get("execution_state") == "idle"
    return idle and message["parent_header"].get("msg_id") == request
