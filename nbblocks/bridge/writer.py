"""The one thread that sends to pages, for all apps of a kernel, and how much it may send."""

from __future__ import annotations

import logging
import threading
import time
import weakref
from collections.abc import Callable
from typing import Protocol

from nbblocks.core.tracebacks import detach

logger = logging.getLogger("nbblocks")

MESSAGES_PER_SECOND = 800.0
"""All messages of a kernel, whatever they are: the Jupyter server drops those above 1,000 a second."""
MESSAGES_AT_ONCE = 10.0
"""So many go out at once after a quiet time; with these there are never more than 90 in 100 ms."""
LAST = 1.0
"""Seconds that a writer without users waits for what is due later; then that is sent at once."""
PATIENCE = 5.0
"""Seconds that somebody waits for the writer to have sent what is waiting."""


class Bucket:
    """A token bucket: ``rate`` a second, at most ``burst`` saved up. Any thread."""

    def __init__(self, rate: float, burst: float, clock: Callable[[], float]) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._tokens, self._at = burst, clock()
        self._lock = threading.Lock()

    def take(self, tokens: float = 1) -> None:
        """Use tokens; there may be a debt."""
        with self._lock:
            self._refill()
            self._tokens -= tokens

    def give(self, tokens: float) -> None:
        """Put tokens in, up to the burst."""
        with self._lock:
            self._refill()
            self._tokens = min(self._burst, self._tokens + tokens)

    def wait(self, left: float = 0) -> float:
        """Seconds until a token is there beside those to be ``left``, 0 if one is."""
        with self._lock:
            self._refill()
            missing = 1 + left - self._tokens
            return max(0.0, missing / self._rate) if missing > 1e-9 else 0.0

    def _refill(self) -> None:
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now


class Sending(Protocol):
    """What the writer knows of an outbox."""

    @property
    def due(self) -> float | None:
        """When something is to be sent, by the writer's clock; None if there is nothing."""
        ...

    def flush(self) -> object:
        """Send what is due."""
        ...


class Writer:
    """The one thread that sends, for all apps of a kernel. It runs while there is an app."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._condition = threading.Condition()
        # Weak: what a closed app still says waits for the next start of the thread, and does not keep it.
        self._waiting: weakref.WeakSet[Sending] = weakref.WeakSet()
        self._calls: list[Callable[[], object]] = []
        self._thread: threading.Thread | None = None
        self._users = 0
        self.messages = Bucket(MESSAGES_PER_SECOND, MESSAGES_AT_ONCE, clock)
        """What the kernel may still send: each message of whatever kind takes one token."""

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

    def wake(self, outbox: Sending) -> None:
        """Something is waiting in ``outbox``."""
        with self._condition:
            self._waiting.add(outbox)
            self._condition.notify()

    @property
    def here(self) -> bool:
        """Whether the calling thread is the writer's."""
        return self._thread is threading.current_thread()

    def call(self, fn: Callable[[], object], *, wait: bool = True) -> None:
        """Have the writer call ``fn`` next, and wait for it some time; where no writer runs, call it here.

        :param wait: False returns at once
        """
        if self.here:
            fn()
            return
        done = threading.Event()

        def made() -> None:
            try:
                fn()
            finally:
                done.set()

        with self._condition:
            runs = self._thread is not None
            if runs:
                self._calls.append(made)
                self._condition.notify()
        if not runs:
            fn()
        elif wait and not done.wait(PATIENCE):
            logger.warning("the writer is held up: what is to be sent follows later")

    def _next(self) -> Callable[[], object] | None:
        """Wait for the call that is to be made next; None when the thread is to end."""
        with self._condition:
            while True:
                if self._calls:
                    return self._calls.pop(0)
                soonest = self._soonest()
                if soonest is None:
                    if self._users <= 0:
                        self._thread = None
                        return None
                    self._condition.wait()
                    continue
                delay = soonest[0] - self._clock()
                if delay <= 0 or (self._users <= 0 and delay > LAST):
                    self._waiting.discard(soonest[1])
                    return soonest[1].flush
                del soonest  # while this waits, it would keep a closed app
                self._condition.wait(delay)

    def _soonest(self) -> tuple[float, Sending] | None:
        """The outbox that is due first, and when."""
        soonest: tuple[float, Sending] | None = None
        for outbox in list(self._waiting):
            due = outbox.due
            if due is None:
                self._waiting.discard(outbox)
            elif soonest is None or due < soonest[0]:
                soonest = due, outbox
        return soonest

    def _write(self) -> None:
        while (call := self._next()) is not None:
            try:
                call()
            except BaseException as error:  # the thread serves all apps of the kernel
                detach(error)
                logger.exception("sending to the page failed")
            del call  # while this waits, it would keep a closed app


shared_writer = Writer()
"""The kernel's one writer."""
