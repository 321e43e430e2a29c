"""State as users make it: with a function or a value, a time to live, and what becomes of its values."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable
from typing import Any

import anyio

from nbblocks.core.runs import Run
from nbblocks.core.sessions import Session

from .nodes import App, Memory, quiet

NOT_GIVEN: Any = object()
_numbers = itertools.count(100)


class Memo(Memory):
    """A State that notes which initial values it has made, and which values were deleted, and when."""

    def __init__(
        self,
        value: Any = None,
        *,
        ttl: float | None = None,
        callback: Callable[[Any], Any] | None = NOT_GIVEN,
    ) -> None:
        super().__init__(next(_numbers), value)
        self.time_to_live = ttl
        self.delete_callback = self._note if callback is NOT_GIVEN else callback
        self.made: list[Any] = []
        self.deleted: list[Any] = []
        self.times: list[float] = []
        """When the callback was called, in seconds of the loop's clock."""

    @property
    def asks_for_initial(self) -> bool:  # type: ignore[override]
        return callable(self.value)

    def initial(self) -> Any:
        made = self.value() if callable(self.value) else copy.deepcopy(self.value)
        self.made.append(made)
        return made

    def _note(self, value: Any) -> None:
        self.deleted.append(value)
        self.times.append(anyio.current_time())


class Kept:
    """An app in simulated time with States and handlers that read and write them."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.seen: list[Any] = []
        """What handlers were given."""

    def memo(self, value: Any = None, **given: Any) -> Memo:
        """A State of the app: `read` and `write` work on it."""
        memo = Memo(value, **given)
        self.app.graph.add_node(memo)
        return memo

    def session(self, *, opened: bool = True, **given: Any) -> Session:
        """A session in simulated time; a page has opened it, unless told."""
        session = self.app.session_of(clock=anyio.current_time, **given)
        if opened:
            self.app.scheduler.open_session(session, None)
        return session

    def client(self) -> Session:
        """A Client's session."""
        return self.session(opened=False, follows=False)

    async def read(self, session: Session, memo: Memo) -> Any:
        """Have a handler read the State; what it was given."""
        await self.run(session, self.seen.append, [memo])
        return self.seen[-1]

    async def write(self, session: Session, memo: Memo, value: Any) -> None:
        """Have a handler return a value for the State."""
        await self.run(session, lambda: value, [], [memo])

    async def run(
        self, session: Session, fn: Callable[..., Any], inputs: list[Any], outputs: list[Any] | None = None
    ) -> None:
        """Run a handler to its end, in no time if it takes none."""
        run = self.start(session, fn, inputs, outputs)
        await quiet()
        while not run.ended:
            await anyio.sleep(0.125)

    def start(
        self,
        session: Session,
        fn: Callable[..., Any],
        inputs: list[Any] | None = None,
        outputs: list[Any] | None = None,
        **options: Any,
    ) -> Run:
        """Run a handler."""
        listener = self.app.a.click(fn, inputs, outputs, **options).listener
        values = [None if node.stateful else session.value(node) for node in listener.inputs]
        return self.app.scheduler.submit(session, listener, values)

    async def close(self, session: Session) -> None:
        """Close a session, and let all be called that is to be called."""
        self.app.scheduler.close_session(session)
        await quiet()
