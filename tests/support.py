"""Stand-ins that core and bridge tests share: a screen, a comm and a clock."""

from __future__ import annotations

import heapq
import itertools
import json
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jupyter_client.session import Session


class FakeSink:
    """A screen that writes down what it is told to show."""

    def __init__(self) -> None:
        self.steps: list[dict[Any, dict[str, Any]]] = []
        self.statuses: list[Any] = []
        self.messages: list[Any] = []
        self.scrolled: list[Any] = []

    def deliver(self, changes: Mapping[Any, Mapping[str, Any]]) -> None:
        """Note one step."""
        self.steps.append({node: dict(props) for node, props in changes.items()})

    def status(self, status: Any) -> None:
        """Note a status record."""
        self.statuses.append(status)

    def message(self, message: Any) -> None:
        """Note a toast."""
        self.messages.append(message)

    def scroll(self, node: Any, origin: str) -> None:
        """Note what is scrolled to, and in which page."""
        self.scrolled.append((node, origin))

    def values(self, node: Any) -> list[Any]:
        """The values shown for ``node``, oldest first."""
        return [step[node]["value"] for step in self.steps if "value" in step.get(node, {})]


def packed_as_jupyter(content: dict[str, Any], buffers: Sequence[Any] | None) -> list[bytes]:
    """What goes over the wire; it raises what a kernel's comm does, and more: whatever is no sound JSON."""
    json.dumps(content, ensure_ascii=False, allow_nan=False).encode()
    message = {"header": {}, "parent_header": {}, "metadata": {}, "content": content}
    for buffer in buffers or []:
        if not memoryview(buffer).contiguous:
            raise ValueError("memoryview: underlying buffer is not contiguous")
    return _session.serialize(message)


_session = Session(key=b"")


class FakeComm:
    """A comm without a front-end: keeps what is sent, and hands in what a page would send."""

    def __init__(
        self,
        target_name: str = "jupyter.widget",
        data: Any = None,
        metadata: Any = None,
        buffers: Sequence[Any] | None = None,
        comm_id: str = "comm",
        **_: Any,
    ) -> None:
        packed_as_jupyter({"data": data, "metadata": metadata}, buffers)
        self.comm_id, self.target_name = comm_id, target_name
        self.opened = (data, metadata, list(buffers or []))
        self.sent: list[tuple[dict[str, Any], list[Any]]] = []
        self.closed = False
        self._news = threading.Condition()
        self._on_msg: Callable[[dict[str, Any]], None] | None = None
        self._on_close: Callable[[dict[str, Any]], None] | None = None

    def send(self, data: Any = None, metadata: Any = None, buffers: Sequence[Any] | None = None) -> None:
        """Note a message to the page, packed as ipykernel does."""
        packed_as_jupyter({"data": data, "metadata": metadata}, buffers)
        with self._news:
            self.sent.append((data, list(buffers or [])))
            self._news.notify_all()

    def wait(self, condition: Callable[[], Any]) -> Any:
        """Wait until a message has made ``condition`` true, and return what it found."""
        with self._news:
            found = self._news.wait_for(condition, timeout=20)  # a busy machine is slow
        assert found, f"waited in vain, the newest messages are {self.sent[-3:]}"
        return found

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
    def updates(self) -> list[dict[str, Any]]:
        """The state updates sent to the page, oldest first."""
        return [data["state"] for data, _ in self.sent if data.get("method") == "update"]

    @property
    def state(self) -> dict[str, Any]:
        """What a page holds that saw every message."""
        state = dict((self.opened[0] or {}).get("state", {}))
        for update in self.updates:
            state.update(update)
        return state


class Page:
    """One view of an app: counts its messages as the front-end does."""

    def __init__(self, comm: FakeComm, view: str = "here") -> None:
        self.comm, self.view = comm, view
        self._numbers = itertools.count()

    def say(self, type: str, *buffers: bytes, **fields: Any) -> None:
        """Send one custom message."""
        self.comm.receive({"type": type, "view": self.view, "seq": next(self._numbers), **fields}, buffers)

    def fire(self, node: Any, event: str, data: Any = None, values: Sequence[Any] = ()) -> None:
        """Fire an event, with values that were changed before it as pairs (component, value)."""
        pairs = [[one._id, value] for one, value in values]
        self.say("event", node=node._id, event=event, data=data, values=pairs)

    def enter(self, node: Any, value: Any) -> None:
        """Change the value of one component."""
        self.say("values", values=[[node._id, value]])

    def shown(self, node: Any, name: str = "value") -> Any:
        """A property as this page has it."""
        return self.comm.state.get(f"{node._id}.{name}")

    def until(self, node: Any, value: Any, name: str = "value") -> None:
        """Wait until the kernel has sent this value of a property."""
        key = f"{node._id}.{name}"
        self.comm.wait(lambda: any(value == one.get(key, self) for one in self.comm.updates))

    def until_told(self, type: str, **fields: Any) -> dict[str, Any]:
        """Wait for a custom message with these fields and return it."""
        wanted = {"type": type, **fields}.items()
        return self.comm.wait(lambda: next((m for m in self.comm.custom if wanted <= m.items()), None))


class DirectPortal:
    """A portal whose loop is the caller; delayed calls wait for the clock."""

    def __init__(self, clock: ManualClock | None = None) -> None:
        self.clock = clock or ManualClock()

    def hand(self, fn: Callable[..., object], *args: Any) -> bool:
        """Call at once."""
        fn(*args)
        return True

    def later(self, seconds: float, fn: Callable[..., object], *args: Any) -> None:
        """Call when the clock has come so far."""
        self.clock.call_later(seconds, lambda: fn(*args))


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
