"""``gr.load``: an app whose endpoints another app runs (AP-95)."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

import anyio.to_thread

from nbblocks.bridge.files import changed, is_marked, paths_in
from nbblocks.bridge.schemas import jsonable
from nbblocks.client.files import kept
from nbblocks.components import State
from nbblocks.core.context import current_run
from nbblocks.core.errors import AppError, Error, PlainError
from nbblocks.core.events import EventData
from nbblocks.core.filedata import FileData
from nbblocks.core.markup import as_markup
from nbblocks.core.messages import Message

from .blocks import Blocks
from .blueprint import Plan, build, plan_of

if TYPE_CHECKING:
    from nbblocks.client.job import Job, JobStatus


class Relay(Protocol):
    """A session of the app that runs the endpoints."""

    def relay(self, listener: int, values: list[Any], event: dict[str, Any] | None) -> Job:
        """Run a listener with wire values, State left out; its steps are lists of wire values and updates."""
        ...

    def close(self) -> None:
        """End the session."""
        ...


def load(
    name: Any, src: Callable[..., Any] | str | None = None, token: str | None = None, **kwargs: Any
) -> Any:
    """An app that looks as another one does and whose endpoints that one runs; both live their own lives.

    Each session of the new app has one of its own in the other: State, queue and limits are kept there. What
    is private there is not to be had, nor what render functions build; other js, events and chains are.

    :param name: an app of this kernel, or the path of a notebook that builds one (``"other.ipynb"``): a
        kernel is started for it, see `Client`
    :param src: a function ``src(name, token, **kwargs)`` that returns the app
    :raises NotImplementedError: for names of models and Spaces, which need the network
    """
    if callable(src):
        return src(name, token, **kwargs)
    if src is None and isinstance(name, Blocks):
        return _load_app(name)
    if src is None and isinstance(name, (str, Path)) and str(name).endswith(".ipynb"):
        from nbblocks.client.remote import NotebookClient

        client = NotebookClient(name, **kwargs)
        plan = changed(client.plan(), FileData, is_marked)  # on the way they became mere dicts
        loaded = _built(plan, client.open_session)
        loaded.source = client  # it lives as long as what calls it
        return loaded
    raise NotImplementedError(
        f"gr.load takes an app or the path of a notebook, got {name!r}"
        + (f" with src={src!r}" if src is not None else "")
        + ": models and Spaces need a network, and nbblocks has none"
    )


def _load_app(app: Blocks) -> Blocks:
    from nbblocks.client.client import Client

    return _built(plan_of(app), lambda: Client(app))


def _built(plan: Plan, session: Callable[[], Relay]) -> Blocks:
    def end(relay: Relay | None) -> None:
        if relay is not None:
            relay.close()

    return build(plan, _function_of, State(session, render=False, delete_callback=end))


def _function_of(plan: Plan) -> Callable[..., Any]:
    """The handler that stands for an endpoint."""
    number = plan["id"]

    def begin(relay: Relay, values: tuple[Any, ...], event: EventData | None) -> Job:
        data = None if event is None or event.target is None else jsonable(event._data)
        job = relay.relay(number, list(values), data)
        run = current_run.get()

        def told(status: JobStatus) -> None:
            if run is None:
                return
            if status.progress_data is not None:
                run.report([vars(unit) for unit in status.progress_data])
            elif status.log is not None:
                text, level = status.log
                run.send(Message(cast("Any", level), as_markup(text), level.capitalize(), written=text))

        job.follow(told)
        return job

    async def step_of(outputs: Any) -> Any:
        if next(paths_in(outputs), None) is not None:
            outputs = await anyio.to_thread.run_sync(kept, outputs)
        return None if not outputs else outputs[0] if len(outputs) == 1 else tuple(outputs)

    async def call(relay: Relay, *values: Any, event: EventData | None = None) -> Any:
        job = await anyio.to_thread.run_sync(begin, relay, values, event)
        try:
            return await step_of(await job)
        except AppError as error:
            raise _own_error(error) from error

    async def stream(relay: Relay, *values: Any, event: EventData | None = None) -> AsyncIterator[Any]:
        job = await anyio.to_thread.run_sync(begin, relay, values, event)
        steps = iter(job)
        try:
            while True:
                outputs = await anyio.to_thread.run_sync(next, steps, _END, abandon_on_cancel=True)
                if outputs is _END:
                    break
                yield await step_of(outputs)
            await job
        except AppError as error:
            raise _own_error(error) from error
        finally:
            job.cancel()

    chosen: Any = stream if plan["streams"] else call
    chosen.__name__ = str(plan["api_name"] or "call")
    chosen.__signature__ = _signature(plan)
    return chosen


def _signature(plan: Plan) -> inspect.Signature:
    """The parameters as the endpoint's own function has them, for whoever asks for their names."""
    Parameter = inspect.Parameter
    found = [Parameter("relay", Parameter.POSITIONAL_ONLY)]
    taken = {"relay", "event"}
    for name, optional in plan["parameters"]:
        while name in taken:  # components may be given twice
            name += "_"
        taken.add(name)
        default = None if optional else Parameter.empty
        found.append(Parameter(name, Parameter.POSITIONAL_OR_KEYWORD, default=default))
    if plan["wants_event"]:
        found.append(Parameter("event", Parameter.KEYWORD_ONLY, annotation=EventData))
    return inspect.Signature(found)


_END: Any = object()


def _own_error(error: AppError) -> Exception:
    """What is raised for an error of the other app: its own, if it was raised to be shown."""
    cause = error.__cause__
    return cause if isinstance(cause, Error) else PlainError(str(error))
