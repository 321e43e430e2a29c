"""The end of a notebook's kernel: what another kernel's `NotebookClient` calls, over a comm."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from nbblocks.app.blocks import Blocks
from nbblocks.app.blueprint import plan_of
from nbblocks.bridge import cells
from nbblocks.bridge.files import is_genuine
from nbblocks.core.errors import Error, text_of

from .client import Client
from .job import CancelledError, Job
from .viewing import info_of
from .wire import Incoming, Outgoing, decode, encode

logger = logging.getLogger("nbblocks")

TARGET = "nbblocks.client"
"""Name of the comm target."""
STEPS = 64
"""Steps of one call that may be on their way."""
PROTOCOL = 1
"""Both sides must speak the same."""


def serve(name: str | None = None) -> None:
    """Let clients of other kernels call the app in the variable ``name``, by default the one built last.

    :raises LookupError: if there is no such app
    """
    from comm import get_comm_manager

    app = app_of(getattr(cells.shell(), "user_ns", {}), name)
    app.graph.check()

    def opened(comm: Any, message: Any) -> None:
        Server(comm, app)

    get_comm_manager().register_target(TARGET, opened)


def app_of(names: dict[str, Any], wanted: str | None) -> Blocks:
    """The app called ``wanted``, or the one built last: one that is part of no other.

    :raises LookupError: if there is none
    """
    from nbblocks.app.blocks import _apps

    if wanted is not None:
        found = names.get(wanted)
        if isinstance(found, Blocks):
            return found
        kind = "there is no such variable" if wanted not in names else f"it holds a {type(found).__name__}"
        raise LookupError(f"{wanted!r} is to hold an app, a gr.Blocks, but {kind}")
    alone = [app for app in list(_apps) if app.outer is None]
    if not alone:
        raise LookupError("it builds no app, no gr.Blocks")
    return max(alone, key=lambda app: app._id)


@dataclass
class _Call:
    """A call on its way. What the kernel publishes faster than it is read would be lost."""

    job: Job
    window: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(STEPS))
    """Steps that may be on their way."""
    lock: threading.RLock = field(default_factory=threading.RLock)
    awaited: bool = False
    """Whether a status is on its way."""
    news: bool = False
    """Whether there is another one since."""


class Server:
    """One client at the other end of a comm. Messages come on the kernel's own threads; runs have theirs."""

    def __init__(self, comm: Any, app: Blocks) -> None:
        self._comm, self._app = comm, app
        self._sessions: dict[int, Client] = {}
        self._calls: dict[int, _Call] = {}
        self._outgoing = Outgoing(self._post)
        self._incoming = Incoming(self._post, app.host.cache)
        self._handlers: dict[str, Callable[[dict[str, Any], Sequence[Any]], None]] = {
            "call": self._call,
            "cancel": self._cancel,
            "heard": self._heard,
            "end_session": self._end_session,
            "plan": self._plan,
            "chunk": lambda message, buffers: self._incoming.chunk(message["file"], buffers[0]),
            "file": lambda message, buffers: self._incoming.end(
                message["file"], message["name"], message["digest"]
            ),
            "ack": lambda message, buffers: self._outgoing.acked(message["file"]),
        }
        comm.on_msg(self._on_msg)
        comm.on_close(self._on_close)
        endpoints = [
            {"id": one.id, "api_name": one.api_name, "api_visibility": one.api_visibility, "name": one.name}
            for one in app.fns.values()
            if one.function is not None and one.api_visibility != "private"
        ]
        info = info_of(app, all_endpoints=True)
        self._post({"type": "hello", "protocol": PROTOCOL, "endpoints": endpoints, "info": info}, ())

    def _post(self, message: dict[str, Any], buffers: Sequence[bytes]) -> None:
        self._comm.send(data=message, buffers=list(buffers))

    def _on_msg(self, message: Any) -> None:
        data = message["content"]["data"]
        try:
            self._handlers[data["type"]](data, message.get("buffers") or ())
        except Exception:
            logger.exception("a message of a client, %r, could not be served", data.get("type"))

    def _on_close(self, message: Any) -> None:
        self.close()

    def _call(self, message: dict[str, Any], buffers: Sequence[Any]) -> None:
        number = message["call"]
        threading.Thread(
            target=self._run, args=(number, message, buffers), name=f"nbblocks-call-{number}", daemon=True
        ).start()

    def _run(self, number: int, message: dict[str, Any], buffers: Sequence[Any]) -> None:
        call: _Call | None = None
        try:
            client = self._session(message["session"])
            args = decode(message["args"], buffers, self._incoming, paths=False)
            if message["raw"]:
                job: Job = client.relay(message["endpoint"], args, message["event"])
            else:
                job = client._call((), None, message["endpoint"], args)
            call = self._calls[number] = _Call(job)
            job.follow(lambda _, call=call: self._tell(number, call))
            for step in job:
                value, sent = encode(step, self._outgoing, is_genuine)
                call.window.acquire()
                if self._outgoing.closed:
                    return
                self._post({"type": "step", "call": number, "value": value}, sent)
            job.result()
        except CancelledError:
            self._post({"type": "end", "call": number, "outcome": "cancelled", "error": None}, ())
        except ConnectionError:
            return
        except BaseException as error:  # noqa: BLE001 - it is raised where the app was called
            end = {"type": "end", "call": number, "outcome": "error", "error": _error(error)}
            self._post(end, ())
        else:
            self._post({"type": "end", "call": number, "outcome": "complete", "error": None}, ())
        finally:
            self._calls.pop(number, None)
            if call is not None:
                call.job.cancel()

    def _tell(self, number: int, call: _Call, *, heard: bool = False) -> None:
        """Tell the status: the newest one, when the one before has been heard of."""
        with call.lock:
            call.awaited = call.awaited and not heard
            call.news = call.news or not heard
            if call.awaited or not call.news:
                return
            call.awaited, call.news = True, False
            status = call.job.status()
            said = {**asdict(status), "code": status.code.value}
            self._post({"type": "status", "call": number, "status": said}, ())

    def _heard(self, message: dict[str, Any], buffers: Sequence[Any]) -> None:
        if (call := self._calls.get(message["call"])) is None:
            return
        if message["of"] == "step":
            call.window.release()
        else:
            self._tell(message["call"], call, heard=True)

    def _session(self, number: int) -> Client:
        client = self._sessions.get(number)
        if client is None:
            client = self._sessions.setdefault(number, Client(self._app))
        return client

    def _cancel(self, message: dict[str, Any], buffers: Sequence[Any]) -> None:
        if (call := self._calls.get(message["call"])) is not None:
            call.job.cancel()

    def _end_session(self, message: dict[str, Any], buffers: Sequence[Any]) -> None:
        if (client := self._sessions.pop(message["session"], None)) is not None:
            client.close()

    def _plan(self, message: dict[str, Any], buffers: Sequence[Any]) -> None:
        try:
            self._post({"type": "plan", "plan": plan_of(self._app), "error": None}, ())
        except NotImplementedError as error:
            self._post({"type": "plan", "plan": None, "error": str(error)}, ())

    def close(self) -> None:
        """Nobody is at the other end any more."""
        self._outgoing.close()
        self._incoming.close()
        for call in list(self._calls.values()):
            call.job.cancel()
            call.window.release()
        for client in self._sessions.values():
            client.close()
        self._sessions.clear()


def _error(error: BaseException) -> dict[str, Any]:
    """What the other side raises: the kind, what it says, and what `Error` has besides."""
    own = error.__cause__
    shown = (
        {"duration": own.duration, "visible": own.visible, "title": own.title}
        if isinstance(own, Error)
        else None
    )
    return {"kind": type(error).__name__, "text": text_of(error), "shown": shown}
