"""What goes to the pages of an app: merged, in order, at a rate that the Jupyter server bears.

Anybody may put something in, from any thread. Only the writer takes it out; first it sets the blocks' traits.
"""

from __future__ import annotations

import dataclasses
import functools
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Container, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from nbblocks.core.messages import Message, Status
from nbblocks.core.nodes import Node

from .logs import LOG_LIMIT, Logs
from .mirroring import Mirroring
from .statuses import Statuses
from .writer import Bucket, Writer, shared_writer

if TYPE_CHECKING:
    from .block import Block

logger = logging.getLogger("nbblocks")

UPDATES_PER_SECOND = 30.0
"""Sustained rate of state updates of one app; a page paints no more anyway."""
BURST = 10.0
"""So many updates go out at once after a quiet time, so that single clicks never wait."""
PATIENCE = 0.015
"""Seconds that a 'pending' record waits for the outputs it may travel with, and they for custom ones."""
ANSWER = 0.05
"""Seconds in which what an event causes is expected, so that no answer of its own is needed."""
AT_A_TIME = 10
"""Messages that one app sends before the others have their turn."""
RESERVE = 3.0
"""Messages of the kernel's rate that are left for state and statuses by all others."""
MAX_WAITING = 100_000
"""Messages of one app that may wait to be sent."""
BULK = frozenset({"say", "toast"})
"""Types of messages of which user code may send any number: they let all others go first."""

Custom = tuple[dict[str, Any], Sequence[Any]]
Key = tuple[Node, str]


class Outbox:
    """The sink of an app's notebook session.

    :param send_state: sends changed keys of the root's state, in one message
    :param send_custom: sends a custom message
    :param mirroring: sets the traits of blocks, and gives their properties the form that pages get
    """

    def __init__(
        self,
        send_state: Callable[[dict[str, Any]], None],
        send_custom: Callable[[dict[str, Any], Sequence[Any]], None],
        clock: Callable[[], float] = time.monotonic,
        writer: Writer | None = None,
        mirroring: Mirroring | None = None,
    ) -> None:
        self._send_state, self._send_custom = send_state, send_custom
        self._clock = clock
        self._writer: Writer = writer or shared_writer
        own = isinstance(self._writer, Writer)  # pyright: ignore[reportUnnecessaryIsInstance]
        self._messages = self._writer.messages if own else Bucket(800, 10, clock)
        self._mirroring = mirroring or Mirroring()
        # Re-entrant: what is collected while it is held may print or report a last time.
        self._lock = threading.RLock()
        self._props: dict[Key, Any] = {}
        self._seen: dict[Key, Any] = {}
        """What came from a page and waits for its trait to be set."""
        self._forming: dict[Key, Any] = {}
        """What waits for the form that pages get."""
        self._held_until = 0.0
        """For so long everything waits for these forms."""
        self._state: dict[str, Any] = {}
        self._customs: deque[Custom] = deque()
        self._bulk: deque[Custom] = deque()
        self._logs = Logs(LOG_LIMIT)
        self._told: deque[dict[str, Any]] = deque()
        """Messages of the log on their way; what comes meanwhile waits joined."""
        self._then: list[Callable[[], object]] = []
        self._whole: tuple[Callable[[], dict[str, Any]], bool] | None = None
        self._since: tuple[dict[Key, Any], dict[str, Any]] | None = None
        """Properties and other keys that are newer than a whole state which is put together now."""
        self._heard: dict[str, int] = {}
        """Up to which number the messages of a view are taken into account: to be told with what follows."""
        self._answer = False
        """Whether a page waits to be told of these."""
        self.changed: Callable[[], object] = _nothing
        """Called when what pages show, or have sent, has changed. It must return at once."""
        self._full = False
        self._due: float | None = None
        self._updates = Bucket(UPDATES_PER_SECOND, BURST, clock)
        self._statuses = Statuses(clock)

    # -- the sink of the core

    def deliver(self, changes: Mapping[Node, Mapping[str, Any]]) -> None:
        """Show one step, whole."""
        apart = False
        with self._lock:
            for node, props in changes.items():
                own = cast("Block", node).made_by_user
                apart = apart or own
                for name, value in props.items():
                    self._state.pop(f"{node._id}.{name}", None)  # from before
                    self._seen.pop((node, name), None)
                    if own:
                        self._forming[node, name] = value
                    else:
                        self._props[node, name] = value
            if apart:
                self._held_until = self._clock() + PATIENCE
        if apart:
            self._mirroring.apart(self._form)
        self._wake(0.0)

    def status(self, status: Status) -> None:
        """Show the newest status record of a listener."""
        with self._lock:
            key, record = self._statuses.take(status)
            self._state[key] = record
        self._wake(PATIENCE if record["stage"] == "pending" else 0.0)

    def message(self, message: Message) -> None:
        """Show a toast."""
        if message.visible:
            content = dataclasses.asdict(message)
            del content["written"]  # for those who show text
            self.custom({"type": "toast", **content})

    def scroll(self, node: Node, origin: str) -> None:
        """Scroll a block into view in one page, after what it is to show."""
        self.custom({"type": "scroll", "view": origin, "node": node._id})

    # -- the bridge's own

    @property
    def statuses(self) -> dict[str, dict[str, Any]]:
        """Status records that a page opened now must be shown, by their key."""
        with self._lock:
            return self._statuses.now()

    def keep_statuses(self, listeners: Container[int]) -> None:
        """Some listeners are gone: no page is to be shown the status of any but these."""
        with self._lock:
            self._statuses.keep(listeners)

    def state(self, changes: Mapping[str, Any]) -> None:
        """Send changed keys of the root's own state."""
        with self._lock:
            self._state.update(changes)
        self._wake(0.0)

    def whole(self, state: Callable[[], dict[str, Any]], *, apart: bool) -> None:
        """Send the whole state, which ``state`` gives when its turn has come.

        :param apart: it takes the code of users' own components to put it together
        """
        with self._lock:
            self._whole = state, apart
        self._wake(0.0)

    def expect_answer(self) -> None:
        """A page has raised an event: what answers it is not to be held back by the rate."""
        with self._lock:
            self._updates.give(2)

    def mirror_only(self, changes: Mapping[Node, Mapping[str, Any]]) -> None:
        """Set traits to what a page has sent: that page has it already, so nothing is sent."""
        with self._lock:
            for node, props in changes.items():
                for name, value in props.items():
                    self._props.pop((node, name), None)
                    self._forming.pop((node, name), None)
                    self._state.pop(f"{node._id}.{name}", None)
                    self._seen[node, name] = value
        self._wake(PATIENCE)

    def heard(self, view: str, number: int, *, answer: bool) -> None:
        """A page's messages up to ``number`` are taken into account in what is put in from now on (TR-30).

        :param answer: the page waits for it, and is told even if nothing else is
        """
        with self._lock:
            self._heard[view] = number
            self._answer |= answer
        if answer:
            self._wake(ANSWER)

    def when_mirrored(self, then: Callable[[], object]) -> None:
        """Have ``then`` called when the traits are set that wait to be now. It must return at once."""
        with self._lock:
            self._then.append(then)
        self._wake(PATIENCE)

    def custom(self, content: dict[str, Any], buffers: Sequence[Any] = ()) -> None:
        """Send a custom message."""
        with self._lock:
            queue = self._bulk if content.get("type") in BULK else self._customs
            if len(queue) >= MAX_WAITING:
                if not self._full:
                    self._full = True
                    self.log("error", f"More than {MAX_WAITING} messages wait: more are lost.\n", None, None)
                return
            queue.append((content, buffers))
        self._wake(0.0)

    def log(self, stream: str, text: str, listener: int | None, run: int | None) -> None:
        """Send a piece of output to the log drawer; pieces of one run and stream are joined."""
        with self._lock:
            self._logs.add(stream, text, listener, run)
        self._wake(PATIENCE)

    def show(self, content: dict[str, Any], size: int, listener: int | None, run: int | None) -> None:
        """Send something that was displayed to the log drawer; ``size`` is about that of ``content``."""
        with self._lock:
            self._logs.show(content, size, listener, run)
        self._wake(PATIENCE)

    def clear_log(self, listener: int | None, run: int | None, *, wait: bool) -> None:
        """Have the output of a run taken out of the log drawer, or once it puts out something again."""
        with self._lock:
            self._logs.clear(listener, run, wait=wait)
        self._wake(PATIENCE)

    def flush(self) -> None:
        """Have the writer send what is waiting, as much as the rate allows, and return then. Any thread."""
        if isinstance(self._writer, Writer):  # pyright: ignore[reportUnnecessaryIsInstance]
            self._writer.call(self._flush)
        else:
            self._flush()

    def end(self, last: Callable[[], object], *, wait: bool) -> None:
        """Send what is waiting, and have the writer call ``last`` after it.

        :param wait: return when it is done
        """

        def ending() -> None:
            try:
                self._flush()
            finally:
                last()
                with self._lock:
                    self._customs.clear()
                    self._told.clear()
                    self._logs.take()
                    self._bulk.clear()

        self._writer.call(ending, wait=wait)

    # -- what takes user code to be put together

    def _form(self) -> None:
        """Give what the user's own components are to show the form that pages get, and set their traits."""
        with self._lock:
            forming = dict(self._forming)
        found = self._mirroring.for_page(forming)
        self._mirroring.mirror(forming)
        with self._lock:
            for (node, name), value in forming.items():
                key = f"{node._id}.{name}"
                if self._forming.get((node, name), self) is value:
                    del self._forming[node, name]
                else:  # there is a newer one
                    found.pop(key, None)
            self._state.update(found)
            if not self._forming:
                self._held_until = 0.0
            self._due = None
        self._wake(0.0)

    def _form_whole(self, state: Callable[[], dict[str, Any]]) -> None:
        """Put the whole state together. What was shown or typed meanwhile is newer."""
        with self._lock:
            self._since = {}, {}
        found = state()
        with self._lock:
            props, others = self._since
            self._since = None
            self._props = {**props, **self._seen, **self._props}
            newer = {f"{node._id}.{name}" for node, name in self._props}
            older = {key: value for key, value in (found | others).items() if key not in newer}
            self._state = older | self._state
        self._wake(0.0)

    # -- the writer's side

    def _wake(self, patience: float) -> None:
        with self._lock:
            now = self._clock()
            due = now + max(patience, self._updates.wait(), self._messages.wait(), self._held_until - now)
            if self._due is not None and self._due <= due:
                return
            self._due = due
        self._writer.wake(self)

    @property
    def due(self) -> float | None:
        """When something is to be sent, None if there is nothing."""
        return self._due

    def _flush(self) -> None:
        with self._lock:
            props, self._props = self._props, {}
            seen, self._seen = self._seen, {}
            state, self._state = self._state, {}
            then, self._then = self._then, []
            whole, self._whole = self._whole, None
            heard, answer = self._heard, self._answer
            if props or state or answer or whole is not None:
                self._heard, self._answer = {}, False
            else:
                heard = {}
            self._due = None
            if self._since is not None:
                self._since[0].update(seen | props)
                self._since[1].update(state)
        if props or seen or state:
            self.changed()
        apart = {key: value for key, value in seen.items() if cast("Block", key[0]).made_by_user}
        if apart:
            self._mirroring.apart(functools.partial(self._mirroring.mirror, apart))
        self._mirroring.mirror({key: value for key, value in (seen | props).items() if key not in apart})
        for call in then:
            if apart or self._forming:
                self._mirroring.apart(call)
            else:
                call()
        changed = self._mirroring.for_page(props) | state
        if whole is not None and whole[1]:
            self._mirroring.apart(functools.partial(self._form_whole, whole[0]))
        elif whole is not None:
            changed = whole[0]() | changed
        if heard and (changed or answer):  # first, for a page that takes key by key
            changed = {"heard": heard} | changed
        if changed:
            self._updates.take()
            self._messages.take()
            self._guarded(self._send_state, changed)
        self._send_others()

    def _send_others(self) -> None:
        """Send custom messages as the rate allows; those that must wait are due later."""
        for _ in range(AT_A_TIME):
            with self._lock:
                if self._logs and not self._told:
                    self._told.extend(self._logs.take())
                if self._customs and not self._messages.wait():
                    content, buffers = self._customs.popleft()
                elif self._told and not self._customs and not self._messages.wait():
                    content, buffers = self._told.popleft(), ()
                elif self._bulk and not (self._customs or self._told or self._messages.wait(RESERVE)):
                    content, buffers = self._bulk.popleft()
                else:
                    break
                self._messages.take()
            self._guarded(self._send_custom, content, buffers)
        with self._lock:
            self._full = self._full and len(self._bulk) >= MAX_WAITING // 2
            if not (self._customs or self._told or self._logs or self._bulk):
                return
            left = 0 if self._customs or self._told or self._logs else RESERVE
            due = self._clock() + self._messages.wait(left)
            self._due = due if self._due is None else min(due, self._due)
        self._writer.wake(self)

    def _guarded(self, send: Callable[..., None], *args: Any) -> None:
        try:
            send(*args)
        except Exception:
            logger.exception("sending to the page failed")


def _nothing() -> None:
    """Nobody wants to know."""
