"""NotebookClient: calls the app of another notebook in a kernel of its own, ``gr.Client("other.ipynb")``."""

from __future__ import annotations

import contextlib
import itertools
import threading
import weakref
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from nbblocks.bridge import cache
from nbblocks.bridge.files import is_genuine, is_url
from nbblocks.bridge.schemas import holds_files, is_file
from nbblocks.core.errors import AppError, Error
from nbblocks.core.nodes import UNSET
from nbblocks.core.runs import Run

from .client import Client
from .endpoints import bound, chosen
from .files import is_record
from .job import Job, JobStatus, ProgressUnit, StatusCode
from .kernels import NotebookError, NotebookKernel
from .serving import PROTOCOL, TARGET
from .wire import Gone, Incoming, Outgoing, Post, decode, encode

KINDS: dict[str, type[Exception]] = {
    "AppError": AppError,
    "DeadlockError": RuntimeError,
    "RuntimeError": RuntimeError,
    "TypeError": TypeError,
    "ValueError": ValueError,
}
"""What is raised here for what was raised there."""


@dataclass(frozen=True)
class Endpoint:
    """One endpoint of the other app."""

    id: int
    api_name: str
    api_visibility: str
    name: str


class NotebookClient(Client):
    """Calls the endpoints of the app that a notebook builds, in a kernel that is started for it.

    Its code cells are run, but for those with the tag ``skip-execution``. Values, files, steps and progress
    go over the kernel's own channels: no port is opened, no server started.

    :param src: the notebook; its folder is the kernel's working directory
    :param app: name of the variable that holds the app; None: the `Blocks` that was built last
    :param kernel_name: kernelspec to use; None: the one that the notebook names
    :raises NotebookError: if a cell fails, naming it, and if there is no app
    """

    def __init__(
        self, src: str | Path, app: str | None = None, *, kernel_name: str | None = None, **_: Any
    ) -> None:
        found = Path(src)
        self.src = str(src)
        self._how = f"gr.Client({str(src)!r})"
        self._lock = threading.Lock()
        self._calls: dict[int, RemoteJob] = {}
        self._numbers, self._session_numbers = itertools.count(), itertools.count(1)
        self._hello: Future[dict[str, Any]] = Future()
        self._plans: Future[dict[str, Any]] = Future()
        self._ended: str | None = None
        self._number = 0
        post = _weak_post(weakref.ref(self))
        self._outgoing, self._incoming = Outgoing(post), Incoming(post, cache.shared())
        setup = f"import nbblocks.client.serving as _served; _served.serve({app!r}); del _served"
        # Weak: a client that is lost closes its kernel.
        told, ended = weakref.WeakMethod(self._on_message), weakref.WeakMethod(self._on_end)
        self._kernel = NotebookKernel(found, kernel_name, setup, TARGET, told, ended)
        self._lost = weakref.finalize(self, self._kernel.stop)
        self._lost.atexit = False
        try:
            hello = self._hello.result()
            if hello["protocol"] != PROTOCOL:
                raise NotebookError(f"the kernel of {found.name} has another version of nbblocks")
        except BaseException:
            self._kernel.close()
            raise
        self._info: dict[str, Any] = hello["info"]
        self._endpoints = [Endpoint(**one) for one in hello["endpoints"]]

    # -- calling

    def _call(
        self,
        args: Sequence[Any],
        api_name: str | None,
        fn_index: int | None,
        kwargs: Mapping[str, Any],
        *,
        caller: Run | None = None,
    ) -> Job:
        endpoint = chosen(self._endpoints, api_name, fn_index)
        parameters: list[dict[str, Any]] = self._info["named_endpoints"][f"/{endpoint.api_name}"][
            "parameters"
        ]
        wanted = [
            (one["parameter_name"], LEFT_OUT if one["parameter_has_default"] else UNSET) for one in parameters
        ]
        values = bound(wanted, args, kwargs)
        given = {
            one["parameter_name"]: _marked(value, one["type"])
            for one, value in zip(parameters, values, strict=True)
            if value is not LEFT_OUT
        }
        return self._begin(endpoint.id, endpoint.name, given, self._number)

    def _begin(
        self,
        endpoint: int,
        name: str,
        args: Any,
        session: int,
        *,
        raw: bool = False,
        event: dict[str, Any] | None = None,
    ) -> RemoteJob:
        number = next(self._numbers)
        job = RemoteJob(name, lambda: self._cancel(number))
        with self._lock:
            if self._ended is not None:
                raise NotebookError(self._ended)
            self._calls[number] = job
        try:
            value, buffers = encode(args, self._outgoing, is_genuine if raw else is_record)
            more = {"session": session, "endpoint": endpoint, "raw": raw, "event": event}
            self._post({"type": "call", "call": number, "args": value, **more}, buffers)
        except BaseException as error:
            self._calls.pop(number, None)
            if isinstance(error, Gone) and self._ended is not None:
                raise NotebookError(self._ended) from None
            raise
        return job

    def _cancel(self, number: int) -> None:
        with contextlib.suppress(NotebookError):  # the job has failed then
            self._post({"type": "cancel", "call": number})

    def _post(self, message: dict[str, Any], buffers: Sequence[bytes] = ()) -> None:
        self._kernel.post(message, buffers)

    # -- what the kernel says, in its thread

    def _on_message(self, data: dict[str, Any], buffers: Sequence[Any]) -> None:
        kind = data["type"]
        if kind == "hello":
            self._hello.set_result(data)
        elif kind == "plan":
            self._plans.set_result(data)
        elif kind == "ack":
            self._outgoing.acked(data["file"])
        elif kind == "chunk":
            self._incoming.chunk(data["file"], buffers[0])
        elif kind == "file":
            self._incoming.end(data["file"], data["name"], data["digest"])
        else:
            self._on_call(self._calls.get(data["call"]), kind, data, buffers)

    def _on_call(
        self, job: RemoteJob | None, kind: str, data: dict[str, Any], buffers: Sequence[Any]
    ) -> None:
        if kind != "end":
            self._post({"type": "heard", "of": kind, "call": data["call"]})
        if job is None:
            return
        if kind == "step":
            job.add_step(decode(data["value"], buffers, self._incoming, paths=not job.raw))
        elif kind == "status":
            job.set_status(_status(data["status"]))
        elif kind == "end":
            self._calls.pop(data["call"], None)
            job.end(data["outcome"], None if data["error"] is None else _raised(data["error"]))

    def _on_end(self, reason: str) -> None:
        with self._lock:
            self._ended = reason
            calls, self._calls = list(self._calls.values()), {}
        self._outgoing.close()
        self._incoming.close()
        for job in calls:
            job.end("error", NotebookError(reason))
        for future in (self._hello, self._plans):
            if not future.done():
                future.set_exception(NotebookError(reason))

    # -- the rest of a client

    def endpoints(self, *, all_endpoints: bool = False) -> dict[str, Any]:
        """What `view_api` shows, as JSON-like data."""
        shown = {
            name: one
            for name, one in self._info["named_endpoints"].items()
            if all_endpoints or one["api_visibility"] == "public"
        }
        return {**self._info, "named_endpoints": shown}

    def plan(self) -> dict[str, Any]:
        """What `gr.load` builds an app of.

        :raises NotImplementedError: if the app has a component that cannot be shown elsewhere
        """
        self._post({"type": "plan"})
        data = self._plans.result()
        if data["error"] is not None:
            raise NotImplementedError(data["error"])
        return data["plan"]

    def reset_session(self) -> None:
        """Begin a new session: initial values and State."""
        former, self._number = self._number, next(self._session_numbers)
        self._post({"type": "end_session", "session": former})

    def open_session(self) -> RemoteSession:
        """A session of its own, for an app that `gr.load` has made."""
        return RemoteSession(self, next(self._session_numbers))

    def close(self) -> None:
        """Shut the kernel down; calls that are on their way fail."""
        self._kernel.close()


def _weak_post(client: weakref.ref[NotebookClient]) -> Post:
    """Its ``_post``, without which nothing refers to the client itself: one that is lost goes at once."""

    def post(message: dict[str, Any], buffers: Sequence[bytes]) -> None:
        found = client()
        if found is None:
            raise Gone("the client is gone")
        found._post(message, buffers)

    return post


class RemoteSession:
    """A session of the other app, for an app that relays its endpoints."""

    def __init__(self, client: NotebookClient, number: int) -> None:
        self._client, self._number = client, number

    def relay(self, listener: int, values: Sequence[Any], event: dict[str, Any] | None = None) -> RemoteJob:
        """As `Client.relay`."""
        name = next((one.name for one in self._client._endpoints if one.id == listener), str(listener))
        job = self._client._begin(listener, name, list(values), self._number, raw=True, event=event)
        job.raw = True
        return job

    def close(self) -> None:
        """End it; with its kernel it has ended anyway."""
        with contextlib.suppress(NotebookError):
            self._client._post({"type": "end_session", "session": self._number})


class RemoteJob(Job):
    """A call of the other app."""

    raw = False
    """Whether files come as records, for another app."""


class _LeftOut:
    """The class of `LEFT_OUT`."""


LEFT_OUT: Any = _LeftOut()
"""Stands for an argument whose default the other side knows."""


def _marked(value: Any, schema: Mapping[str, Any]) -> Any:
    """A path that was given for a file, as one; in a list of files, too."""
    if isinstance(value, (list, tuple)) and holds_files(schema.get("items")):
        return [_marked(one, schema["items"]) for one in cast("list[Any]", value)]
    marked = isinstance(value, str) and is_file(schema) and not is_url(value)
    return Path(cast("str", value)) if marked else cast("Any", value)


def _status(told: dict[str, Any]) -> JobStatus:
    units, log = told["progress_data"], told["log"]
    known: dict[str, Any] = {
        **told,
        "code": StatusCode(told["code"]),
        "progress_data": None if units is None else [ProgressUnit(**unit) for unit in units],
        "log": None if log is None else tuple(log),
    }
    return JobStatus(**known)


def _raised(told: dict[str, Any]) -> Exception:
    kind = KINDS.get(told["kind"])
    error = AppError(f"{told['kind']}: {told['text']}") if kind is None else kind(told["text"])
    if told["shown"] is not None:
        error.__cause__ = Error(told["text"], **told["shown"])
    return error
