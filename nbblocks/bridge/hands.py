"""Hands: threads of one app that do jobs for it, in order, apart from all that others wait for."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable

logger = logging.getLogger("nbblocks")


class Hand:
    """Does jobs one after another in a thread, started with the first one; a job that fails is logged.

    :param name: of the thread
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._condition = threading.Condition()
        self._jobs: deque[Callable[[], object]] = deque()
        self._thread: threading.Thread | None = None
        self._stays = self._busy = False

    def open(self) -> None:
        """Keep the thread from now on, once there was a job."""
        with self._condition:
            self._stays = True

    def rest(self) -> None:
        """Let the thread end when it has done its jobs."""
        with self._condition:
            self._stays = False
            self._condition.notify_all()

    def do(self, job: Callable[[], object], grace: float = 0.0) -> None:
        """Have ``job`` done after those before it.

        :param grace: seconds that the caller has for it, if there is none before it
        """
        with self._condition:
            free = not self._jobs and not self._busy
            self._jobs.append(job)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
                self._thread.start()
            else:
                self._condition.notify_all()
            if free and grace:
                self._condition.wait_for(lambda: not self._jobs and not self._busy, grace)

    def _next(self) -> Callable[[], object] | None:
        with self._condition:
            self._busy = False
            self._condition.notify_all()
            while not self._jobs:
                if not self._stays:
                    self._thread = None
                    return None
                self._condition.wait()
            self._busy = True
            return self._jobs.popleft()

    def _work(self) -> None:
        while (job := self._next()) is not None:
            try:
                job()
            except BaseException:  # an observer may raise anything: the next job is done all the same
                logger.exception("a job of %s failed", self._name)
            del job  # while this waits, it would keep a closed app
