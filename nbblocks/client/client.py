"""Client: calls the endpoints of an app in this kernel, without a network."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, cast

from typing_extensions import Self

from nbblocks.app.blocks import Blocks
from nbblocks.app.described import Described
from nbblocks.bridge import cache, files
from nbblocks.bridge.component import Component
from nbblocks.bridge.portal import portal
from nbblocks.core.context import current_run
from nbblocks.core.deadlocks import is_stuck
from nbblocks.core.errors import DeadlockError, MessageError
from nbblocks.core.filedata import FileData
from nbblocks.core.listeners import Listener
from nbblocks.core.runs import Run
from nbblocks.core.sessions import Session

from .endpoints import arguments, find
from .files import is_record, kept
from .job import Job, LocalJob, Watching

if TYPE_CHECKING:
    from nbblocks.bridge.host import Host


class Client(Described):
    """Calls the endpoints of ``app``: through its queue, with a session of its own that no page sees.

    :param src: an app of this kernel, or the path of a notebook, ``"other.ipynb"``: a kernel is started for
        it, its code cells are run, and the app that it builds is called; see `NotebookClient`. URLs and names
        of Spaces need the network
    :raises NotImplementedError: for anything else
    """

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        """A client of an app here or in another kernel, by what it is."""
        found = args[0] if args else kwargs.get("src")
        if cls is Client and isinstance(found, (str, Path)) and str(found).endswith(".ipynb"):
            from .remote import NotebookClient

            return object.__new__(NotebookClient)
        return object.__new__(cls)

    def __init__(self, src: Blocks | str | Path, *_: Any, **__: Any) -> None:
        if not isinstance(src, Blocks):
            raise NotImplementedError(
                f"gr.Client takes an app object of this kernel or the path of a notebook, got {src!r}"
            )
        self.app = src
        self._host = src.host
        self._host.enter_client()
        self._gone = weakref.finalize(self, portal.hand, self._host.leave_client)
        self._gone.atexit = False
        self._closed = False
        self.session: Session = self._host.open_session(follows=False)
        self._end = weakref.finalize(self, _close_session, self._host, self.session)
        self._end.atexit = False  # the app itself closes its sessions then

    def predict(
        self, *args: Any, api_name: str | None = None, fn_index: int | None = None, **kwargs: Any
    ) -> Any:
        """Call an endpoint and wait for its result; for a generator, its last step.

        :param args: values for the inputs, in order; ``kwargs`` by the names of the function's parameters
        :param api_name: the endpoint's name with a leading slash, ``"/predict"``
        :raises AppError: if the handler failed
        :raises RuntimeError: on the scheduler's loop, which would wait for itself; and in a handler, if every
            slot that the call needs is held by handlers that wait for such a call
        """
        if portal.on_loop:
            raise RuntimeError(
                "predict() inside a coroutine handler would wait for itself: use await client.submit(...)"
            )
        job = self._call(args, api_name, fn_index, kwargs, caller=current_run.get())
        try:
            return job.result()
        finally:
            del self, job  # what is raised holds this frame

    def submit(
        self,
        *args: Any,
        api_name: str | None = None,
        fn_index: int | None = None,
        result_callbacks: Callable[..., object] | Sequence[Callable[..., object]] | None = None,
        **kwargs: Any,
    ) -> Job:
        """Call an endpoint and return at once.

        :param result_callbacks: called with the result, or the results, when it is there
        :raises ValueError: if there is no such public endpoint
        :raises TypeError: for arguments that do not fit the endpoint's inputs; a value that an input cannot
            take fails the job
        """
        job = self._call(args, api_name, fn_index, kwargs)
        callbacks = [result_callbacks] if callable(result_callbacks) else list(result_callbacks or ())
        for callback in callbacks:
            job.add_done_callback(lambda done, call=callback: _call_back(call, done))
        return job

    def _call(
        self,
        args: Sequence[Any],
        api_name: str | None,
        fn_index: int | None,
        kwargs: Mapping[str, Any],
        *,
        caller: Run | None = None,
    ) -> Job:
        self._revive()
        listener = find(self.app, api_name, fn_index)
        given = iter(arguments(listener, args, kwargs))
        values: list[Any] = []
        try:
            with cache.activated(self._host.cache):
                for node in listener.inputs:
                    if node.stateful:
                        values.append(None)
                    elif node.skip_api:
                        values.append(node.initial())
                    else:
                        component = cast("Component[Any, Any]", self.session.view(node))
                        values.append(to_wire(component, next(given)))
        except MessageError as error:
            job = LocalJob(listener, lambda: None)
            job.end("error", error)
            return job
        return self.run(listener, values, caller=caller)

    def run(
        self,
        listener: Listener,
        values: Sequence[Any],
        event_data: dict[str, Any] | None = None,
        *,
        caller: Run | None = None,
        raw: bool = False,
    ) -> LocalJob:
        """Run ``listener`` with wire values, one per input, None for State. Any thread.

        :param event_data: fields of an event of the listener's first trigger, for its `EventData`
        :param caller: the run whose handler is going to wait for the job (AP-92)
        :param raw: as of `LocalJob`
        """
        runs: list[Run] = []

        def cancel() -> None:
            portal.hand(lambda: self._host.scheduler.cancel(runs))

        def submit() -> None:
            try:
                runs.append(
                    self._host.scheduler.submit(
                        self.session, listener, values, Watching(job), event_data, caller
                    )
                )
            except Exception as error:
                job.end("error", error)  # whoever waits for it would wait for ever
                raise

        show_error = self._host.graph.settings.show_error
        job = LocalJob(listener, cancel, show_error=show_error, raw=raw)

        def tell(caller: Run) -> None:
            if runs and not runs[0].ended:
                caller.waits_for = runs[0]
                scheduler = self._host.scheduler
                if is_stuck(runs[0]):
                    scheduler.queue.discard(runs[0])
                    text = f"{listener.told!r} would wait for ever: the handler that waits holds its slot"
                    scheduler._end(runs[0], "error", DeadlockError(text))

        job.tell_caller = lambda caller: portal.hand(tell, caller)
        if not portal.hand(self._host.supervision.when_serving, submit) or self._host.closed:
            raise RuntimeError("the app was closed")
        return job

    def relay(self, listener: int, values: Sequence[Any], event: dict[str, Any] | None = None) -> LocalJob:
        """Run a listener for another app, by its id.

        :param values: wire values of its inputs, State left out; files are copied into this app's cache
        :return: a job whose steps are lists of wire values and updates, for all outputs but State
        """
        self._revive()
        found = self.app.fns[listener]
        given = iter(values)
        with cache.activated(self._host.cache):
            wires = [None if node.stateful else kept(next(given)) for node in found.inputs]
            event = kept(event)
        return self.run(found, wires, event, raw=True)

    def _revive(self) -> None:
        """Begin a new session if the app has closed this one, to make room for others (ST-11)."""
        if self._closed or self._host.closed:
            raise RuntimeError("the client was closed" if self._closed else "the app was closed")
        if self.session.closed:
            self.reset_session()

    def _description(self, all_endpoints: bool) -> dict[str, Any]:
        return self.endpoints(all_endpoints=all_endpoints)

    def endpoints(self, *, all_endpoints: bool = False) -> dict[str, Any]:
        """What `view_api` shows, as JSON-like data."""
        from .viewing import info_of

        return info_of(self.app, all_endpoints=all_endpoints)

    def reset_session(self) -> None:
        """Begin a new session: initial values and State."""
        self._end()
        self.session = self._host.open_session(follows=False)
        self._end = weakref.finalize(self, _close_session, self._host, self.session)
        self._end.atexit = False

    def close(self) -> None:
        """End the session; calls that are on their way are cancelled. So does losing the last reference."""
        self._closed = True
        self._end()
        self._gone()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def _close_session(host: Host, session: Session) -> None:
    portal.hand(host.scheduler.close_session, session)


def to_wire(component: Component[Any, Any], given: Any) -> Any:
    """A Client's value for ``component``, checked, with its files copied into the app's cache (CP-46).

    The caller may name any file of its own (TR-5).
    """
    return component.from_client(_stored(component, given))


def _stored(component: Component[Any, Any], given: Any) -> Any:
    if isinstance(given, Path) or (component.takes_files and isinstance(given, str)):
        given = {"path": str(given), "meta": {"_type": "nbblocks.FileData"}}
    if is_record(given):
        record = files.store(given["path"], trusted=True)
        return FileData({**record, "orig_name": given.get("orig_name") or record["orig_name"]})
    if isinstance(given, (list, tuple)):
        return [_stored(component, item) for item in cast("list[Any]", given)]
    if isinstance(given, dict):  # a caption beside a record stays text
        entries = cast("dict[str, Any]", given).items()
        return {key: item if isinstance(item, str) else _stored(component, item) for key, item in entries}
    return given


def _call_back(callback: Callable[..., object], job: Job) -> None:
    if job.exception() is None:
        result = job.result()
        callback(*result) if isinstance(result, tuple) else callback(result)
