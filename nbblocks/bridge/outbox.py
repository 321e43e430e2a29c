"""What goes to the pages of an app: one writer, merged, at a rate that the Jupyter server bears.

Anybody may put something in, from any thread. Only the writer's thread takes it out, sets the blocks' traits
and sends.
"""

from __future__ import annotations

import dataclasses
import logging
import threading
import time
import weakref
from collections.abc import Callable, Container, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from nbblocks.core.messages import Message, Status
from nbblocks.core.nodes import Node

from .statuses import Statuses

if TYPE_CHECKING:
    from .block import Block

logger = logging.getLogger("nbblocks")

UPDATES_PER_SECOND = 30.0
"""Sustained rate of state updates of one app; a page paints no more anyway."""
BURST = 10.0
"""So many updates go out at once after a quiet time, so that single clicks never wait."""
PATIENCE = 0.015
"""Seconds that a 'pending' record waits for the outputs it may travel with."""
MESSAGES_PER_SECOND = 300.0
"""All messages of one outbox: the Jupyter server drops those above 1,000 a second without a word."""
LOG_LIMIT = 200_000
"""Characters of log sent in one message; older ones are cut."""


class Bucket:
    """A token bucket: ``rate`` a second, at most ``burst`` saved up."""

    def __init__(self, rate: float, burst: float, clock: Callable[[], float]) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._tokens, self._at = burst, clock()

    def take(self) -> None:
        """Use one token; there may be a debt."""
        self._refill()
        self._tokens -= 1

    def give(self, tokens: float) -> None:
        """Put tokens in, up to the burst."""
        self._refill()
        self._tokens = min(self._burst, self._tokens + tokens)

    def wait(self) -> float:
        """Seconds until a token is there, 0 if one is."""
        self._refill()
        return max(0.0, (1 - self._tokens) / self._rate)

    def _refill(self) -> None:
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now


class Outbox:
    """The sink of an app's notebook session.

    :param send_state: sends changed keys of the root's state, in one message
    :param send_custom: sends a custom message
    """

    def __init__(
        self,
        send_state: Callable[[dict[str, Any]], None],
        send_custom: Callable[[dict[str, Any], Sequence[Any]], None],
        clock: Callable[[], float] = time.monotonic,
        writer: Writer | None = None,
    ) -> None:
        self._send_state, self._send_custom = send_state, send_custom
        self._clock = clock
        self._writer = writer or shared_writer
        # Re-entrant: what is collected while it is held may print or report a last time.
        self._lock = threading.RLock()
        self._props: dict[tuple[Node, str], Any] = {}
        self._seen: dict[tuple[Node, str], Any] = {}
        """What came from a page and waits for its trait to be set."""
        self._state: dict[str, Any] = {}
        self._customs: list[tuple[dict[str, Any], Sequence[Any]]] = []
        self._logs: list[dict[str, Any]] = []
        self._due: float | None = None
        self._updates = Bucket(UPDATES_PER_SECOND, BURST, clock)
        self._messages = Bucket(MESSAGES_PER_SECOND, MESSAGES_PER_SECOND / 3, clock)
        self._statuses = Statuses(clock)

    # -- the sink of the core

    def deliver(self, changes: Mapping[Node, Mapping[str, Any]]) -> None:
        """Show one step, whole."""
        with self._lock:
            for node, props in changes.items():
                for name, value in props.items():
                    self._props[node, name] = value
                    self._state.pop(f"{node._id}.{name}", None)  # from before
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
            self.custom({"type": "toast", **dataclasses.asdict(message)})

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
                    self._state.pop(f"{node._id}.{name}", None)
                    self._seen[node, name] = value
        self._wake(PATIENCE)

    def custom(self, content: dict[str, Any], buffers: Sequence[Any] = ()) -> None:
        """Send a custom message."""
        with self._lock:
            self._customs.append((content, buffers))
        self._wake(0.0)

    def log(self, stream: str, text: str, listener: int | None, run: int | None) -> None:
        """Send a piece of output to the log drawer; pieces of one run and stream are joined."""
        with self._lock:
            last = self._logs[-1] if self._logs else None
            if last and (last["stream"], last["run"]) == (stream, run) and stream != "error":
                last["text"] = (last["text"] + text)[-LOG_LIMIT:]
            else:
                self._logs.append(
                    {
                        "type": "log",
                        "stream": stream,
                        "text": text[-LOG_LIMIT:],
                        "listener": listener,
                        "run": run,
                    }
                )
        self._wake(PATIENCE)

    # -- the writer's side

    def _wake(self, patience: float) -> None:
        with self._lock:
            due = self._clock() + max(patience, self._updates.wait(), self._messages.wait())
            if self._due is not None and self._due <= due:
                return
            self._due = due
        self._writer.wake(self)

    @property
    def due(self) -> float | None:
        """When something is to be sent, None if there is nothing."""
        return self._due

    def flush(self) -> None:
        """Send all that is waiting. The writer calls it."""
        with self._lock:
            props, self._props = self._props, {}
            seen, self._seen = self._seen, {}
            state, self._state = self._state, {}
            customs, self._customs = self._customs, []
            logs, self._logs = self._logs, []
            self._due = None
            if props or state:
                self._updates.take()
            for _ in range(bool(props or state) + len(customs) + len(logs)):
                self._messages.take()
        _mirror(seen)
        _mirror(props)
        changed = _for_page(props) | state
        if changed:
            self._send_state(changed)
        for content, buffers in (*customs, *((log, ()) for log in logs)):
            self._send_custom(content, buffers)


def _mirror(props: Mapping[tuple[Node, str], Any]) -> None:
    by_node: dict[Node, dict[str, Any]] = {}
    for (node, name), value in props.items():
        by_node.setdefault(node, {})[name] = value
    for node, given in by_node.items():
        try:
            cast("Block", node).mirror(given)
        except Exception:  # noqa: PERF203 - the other blocks go on
            logger.exception("an observer of %r failed", node)


def _for_page(props: Mapping[tuple[Node, str], Any]) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    for (node, name), value in props.items():
        try:
            changed[f"{node._id}.{name}"] = cast("Block", node).page_prop(name, value)
        except Exception:  # noqa: PERF203 - the other properties go on
            logger.exception("%r cannot show its %s", node, name)
    return changed


class Writer:
    """The one thread that sends, for all apps of a kernel. It runs while there is an app."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._condition = threading.Condition()
        # Weak: what a closed app still says waits for the next start of the thread, and does not keep it.
        self._waiting: weakref.WeakSet[Outbox] = weakref.WeakSet()
        self._thread: threading.Thread | None = None
        self._users = 0

    def acquire(self) -> None:
        """Start the thread if it does not run."""
        with self._condition:
            self._users += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._write, name="nbblocks-outbox", daemon=True)
                self._thread.start()

    def release(self) -> None:
        """Let go; the thread sends what is waiting and ends with its last user."""
        with self._condition:
            self._users -= 1
            self._condition.notify()

    def wake(self, outbox: Outbox) -> None:
        """Something is waiting in ``outbox``."""
        with self._condition:
            self._waiting.add(outbox)
            self._condition.notify()

    def _next(self) -> Outbox | None:
        """Wait for the outbox that is due first; None when the thread is to end."""
        with self._condition:
            while True:
                soonest = self._soonest()
                if soonest is None:
                    if self._users <= 0:
                        self._thread = None
                        return None
                    self._condition.wait()
                    continue
                delay = soonest[0] - self._clock()
                if delay <= 0 or self._users <= 0:
                    self._waiting.discard(soonest[1])
                    return soonest[1]
                self._condition.wait(delay)

    def _soonest(self) -> tuple[float, Outbox] | None:
        """The outbox that is due first, and when."""
        soonest: tuple[float, Outbox] | None = None
        for outbox in list(self._waiting):
            due = outbox.due
            if due is None:
                self._waiting.discard(outbox)
            elif soonest is None or due < soonest[0]:
                soonest = due, outbox
        return soonest

    def _write(self) -> None:
        while (outbox := self._next()) is not None:
            try:
                outbox.flush()
            except Exception:
                logger.exception("sending to the page failed")
            del outbox  # while this waits, it would keep a closed app


shared_writer = Writer()
"""The kernel's one writer."""
