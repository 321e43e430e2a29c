"""Questions that the front of a component asks its kernel side, such as for windows of a table."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, cast

import anyio
import anyio.to_thread
from ipywidgets.widgets.widget import _remove_buffers  # pyright: ignore[reportPrivateUsage, reportUnknownVariableType]

from nbblocks.core.errors import Error, MessageError, shown, text_of
from nbblocks.core.tasks import Tasks, stopping
from nbblocks.core.tracebacks import detach

from .admission import admitted
from .exact import packed
from .files import given_out
from .packing import Unfit, fit

if TYPE_CHECKING:
    from .component import Component
    from .host import Host
    from .messages import Ask

logger = logging.getLogger("nbblocks")

AT_ONCE = 4
"""Questions of one app that are answered side by side; the others wait."""
MAX_WAITING = 1000
"""Questions of one app that may wait: more than pages ask."""

Split = tuple[dict[str, Any], list[list[str | int]], list[Any]]


class Asking:
    """Answers what the fronts of one app ask, each in a worker thread. On the loop."""

    def __init__(self, host: Host, post: Callable[[dict[str, Any], Sequence[Any]], None]) -> None:
        self._host, self._post = host, post
        self._tasks: Tasks | None = None
        self._limiter: anyio.CapacityLimiter | None = None
        self._waiting = 0

    def serve(self, tasks: Tasks) -> None:
        """Use ``tasks`` for the questions."""
        self._tasks, self._limiter = tasks, anyio.CapacityLimiter(AT_ONCE)

    def ask(self, message: Ask) -> None:
        """Answer one question, with the value that the component has by now.

        :raises MessageError: if it is put to no component of the app, or too many wait
        """
        session = self._host.session
        block = self._host.component(message["node"])
        if session is None or self._tasks is None:
            return
        if block is None or block.stateful:
            if message["node"] in self._host.graph.gone:  # it was asked just before it went
                return
            raise MessageError(f"block {message['node']} is no component of this app that could be asked")
        if self._waiting >= MAX_WAITING:
            raise MessageError(f"more than {MAX_WAITING} questions wait for an answer")
        self._host.outbox.expect_answer()
        self._waiting += 1
        component = cast("Component[Any, Any]", session.view(block))
        self._tasks.start(self._answer, message, component, session.value(block))

    async def _answer(self, message: Ask, component: Component[Any, Any], value: Any) -> None:
        reply: dict[str, Any] = {"type": "answer", "view": message["view"], "ask": message["ask"]}
        work = functools.partial(self._work, component, value, message["content"])
        try:
            answer = await anyio.to_thread.run_sync(work, abandon_on_cancel=True, limiter=self._limiter)
            found, paths, buffers = cast("Split", _remove_buffers({"content": answer}))
            self._post({**reply, **found, "buffer_paths": paths}, buffers)
        except (Error, MessageError, ValueError) as error:
            self._post({**reply, "error": text_of(error)}, ())
        except BaseException as error:  # the other questions are answered
            if stopping():
                raise
            detach(error)
            logger.exception("%s could not answer its page", shown(component))
            self._post({**reply, "error": f"{type(error).__name__}: {text_of(error)}"}, ())
        finally:
            self._waiting -= 1

    def _work(self, component: Component[Any, Any], value: Any, content: dict[str, Any]) -> Any:
        with self._host.cache_active(), self._host.surroundings.beside():
            try:
                answer = packed(given_out(component.answer(value, admitted(content))))
            except GeneratorExit as error:  # it would close the coroutine that it is thrown into
                raise RuntimeError("GeneratorExit") from error
        try:
            return fit(answer)
        except Unfit as error:
            raise MessageError(f"the answer has {error}") from None
