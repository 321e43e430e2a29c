"""Stand-ins that core and bridge tests share: a screen, a comm and a clock."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any


class FakeSink:
    """A screen that writes down what it is told to show."""

    def __init__(self) -> None:
        self.steps: list[dict[Any, dict[str, Any]]] = []
        self.statuses: list[Any] = []
        self.messages: list[Any] = []

    def deliver(self, changes: Mapping[Any, Mapping[str, Any]]) -> None:
        """Note one step."""
        self.steps.append({node: dict(props) for node, props in changes.items()})

    def status(self, status: Any) -> None:
        """Note a status record."""
        self.statuses.append(status)

    def message(self, message: Any) -> None:
        """Note a toast."""
        self.messages.append(message)

    def values(self, node: Any) -> list[Any]:
        """The values shown for ``node``, oldest first."""
        return [step[node]["value"] for step in self.steps if "value" in step.get(node, {})]


class FakeComm:
    """A comm without a front-end: keeps what is sent, and hands in what a page would send."""

    kernel = None

    def __init__(
        self,
        target_name: str = "jupyter.widget",
        data: Any = None,
        metadata: Any = None,
        buffers: Sequence[Any] | None = None,
        comm_id: str = "comm",
        **_: Any,
    ) -> None:
        self.comm_id, self.target_name = comm_id, target_name
        self.opened = (data, metadata, list(buffers or []))
        self.sent: list[tuple[dict[str, Any], list[Any]]] = []
        self.closed = False
        self._on_msg: Callable[[dict[str, Any]], None] | None = None
        self._on_close: Callable[[dict[str, Any]], None] | None = None

    def send(self, data: Any = None, metadata: Any = None, buffers: Sequence[Any] | None = None) -> None:
        """Note a message to the page."""
        self.sent.append((data, list(buffers or [])))

    def close(self, *_: Any, **__: Any) -> None:
        """Note that the kernel closed it."""
        self.closed = True

    def on_msg(self, callback: Callable[[dict[str, Any]], None] | None) -> None:
        """Take the receiver of messages."""
        self._on_msg = callback

    def on_close(self, callback: Callable[[dict[str, Any]], None] | None) -> None:
        """Take the receiver of the page's closing."""
        self._on_close = callback

    # -- what a page does

    def receive(self, content: dict[str, Any], buffers: Sequence[bytes] = ()) -> None:
        """Hand in a custom message of a page."""
        self.handle({"method": "custom", "content": content}, buffers)

    def handle(self, data: dict[str, Any], buffers: Sequence[bytes] = ()) -> None:
        """Hand in any message of the widget protocol."""
        assert self._on_msg is not None, "nobody listens to this comm"
        message = {
            "content": {"comm_id": self.comm_id, "data": data},
            "buffers": [memoryview(b) for b in buffers],
        }
        self._on_msg(message)

    @property
    def custom(self) -> list[dict[str, Any]]:
        """The custom messages sent to the page, oldest first."""
        return [data["content"] for data, _ in self.sent if data.get("method") == "custom"]

    @property
    def state(self) -> dict[str, Any]:
        """What a page holds that saw every message."""
        state = dict((self.opened[0] or {}).get("state", {}))
        for data, _ in self.sent:
            if data.get("method") == "update":
                state.update(data["state"])
        return state


class ManualClock:
    """Time that goes on only when told to. Call it for the time in seconds."""

    def __init__(self, start: float = 1000.0) -> None:
        self.now = start
        self._alarms: list[tuple[float, int, Callable[[], Any]]] = []
        self._order = itertools.count()

    def __call__(self) -> float:
        return self.now

    def call_later(self, seconds: float, act: Callable[[], Any]) -> None:
        """Do ``act`` once that time has come."""
        heapq.heappush(self._alarms, (self.now + seconds, next(self._order), act))

    def advance(self, seconds: float) -> None:
        """Let time pass, and do what falls due in it, in order."""
        end = self.now + seconds
        while self._alarms and self._alarms[0][0] <= end:
            self.now, _, act = heapq.heappop(self._alarms)
            act()
        self.now = end
