"""Messages that no page of ours would send, by the thousand: forms, damage and values drawn from one seed."""

from __future__ import annotations

import copy
import random
import string
from collections.abc import Sequence
from typing import Any

from nbblocks.bridge.parsing import FORMS

from .test_messages import WHOLE

MARK = {"meta": {"_type": "nbblocks.FileData"}}
PATHS = ("/etc/hostname", "../secret", "\x00", "", "http://127.0.0.1:9/x", "file:///etc/hostname", "~/.netrc")
ODD: list[Any] = [
    *(None, True, False, 0, -1, 2**53, 10**400, 1e308, float("nan"), float("-inf"), -0.0),
    *("", "x", "\ud83d", "\x00", "a" * 5000, "__proto__", "<img src=x onerror=alert(1)>"),
    *([], [None], [[]], [[[[]]]], {}, {"": None}, {"__class__": "x"}, {"value": {"value": {}}}),
]
TEXTS = string.ascii_letters + "äß日\u202e\ud800 \n\t\\/\"'{}<>&%"


class Fuzz:
    """Draws messages to one app.

    :param nodes: ids of its blocks
    :param events: names of events, right ones among them
    :param samples: values that some component takes
    """

    def __init__(
        self, seed: int, nodes: Sequence[int], events: Sequence[str], samples: Sequence[Any]
    ) -> None:
        self.random = random.Random(seed)
        self._nodes, self._events, self._samples = nodes, events, samples
        self._seq: dict[str, int] = {}

    def comm_data(self) -> tuple[Any, list[bytes]]:
        """The data of one comm message, and its buffers."""
        draw = self.random
        if draw.random() < 0.02:
            return draw.choice([None, 3, [], {}, {"method": draw.choice(ODD)}, self.json()]), []
        if draw.random() < 0.01:
            return {"method": draw.choice(["update", "echo_update", "custom"]), "state": self.json()}, []
        content = self.message()
        return {"method": "custom", "content": content}, self._buffers(content)

    def _buffers(self, content: Any) -> list[bytes]:
        if not isinstance(content, dict) or content.get("type") not in ("chunk", "upload"):
            return []
        return [self.random.randbytes(self.random.randrange(0, 40)) for _ in range(self.random.randrange(3))]

    def message(self) -> Any:
        """One message: whole, or damaged in some fields."""
        draw = self.random
        kind = draw.choice(list(WHOLE))
        content: dict[str, Any] = {"type": kind, **copy.deepcopy(WHOLE[kind])}
        content["view"] = view = draw.choice(["a", "b", "c"]) if draw.random() < 0.97 else self.text(70)
        content["seq"] = self._next(view)
        if "node" in content:
            content["node"] = draw.choice(self._nodes)
        if "event" in content:
            content["event"] = draw.choice(self._events)
        if "data" in content:
            content["data"] = draw.choice([None, {"index": 1}, self.json(), {"value": self.file()}])
        for name in ("upload", "download", "ask", "ticket"):
            if name in FORMS[kind]:
                content[name] = draw.choice("uvw")
        if "path" in content:
            content["path"] = draw.choice(PATHS)
        if "values" in content:
            content["values"] = [[draw.choice(self._nodes), self.value()] for _ in range(draw.randrange(4))]
        if "props" in content:
            content["props"] = {draw.choice(["value", "label", "columns", "visible", "x"]): self.value()}
        if "content" in content:
            content["content"] = draw.choice([{"window": [0, 9]}, {"value": self.value()}, {"kind": "x"}])
        while draw.random() < 0.2:
            content[draw.choice(list(content))] = self.json()
        if draw.random() < 0.03:
            del content[draw.choice(list(content))]
        return content

    def _next(self, view: str) -> int:
        number = self._seq.get(view, 0)
        if len(self._seq) > 100:
            self._seq.clear()
        chance = self.random.random()
        if chance < 0.01:  # lost
            number += self.random.randrange(1, 4)
        elif chance < 0.02:  # again
            return max(0, number - 1)
        self._seq[view] = number + 1
        return number

    def value(self) -> Any:
        """A value: one that some component takes, perhaps damaged, or anything."""
        draw = self.random
        if draw.random() < 0.5:
            return self.json()
        value = copy.deepcopy(draw.choice(self._samples))
        return self._damaged(value) if draw.random() < 0.7 else value

    def _damaged(self, value: Any) -> Any:
        draw = self.random
        if isinstance(value, dict) and value and draw.random() < 0.8:
            key = draw.choice(list(value))
            return {**value, key: self._damaged(value[key])}
        if isinstance(value, list) and value and draw.random() < 0.8:
            at = draw.randrange(len(value))
            return [*value[:at], self._damaged(value[at]), *value[at + 1 :]]
        return self.json()

    def file(self) -> dict[str, Any]:
        """A record of a file that the page was never given."""
        return {"path": self.random.choice(PATHS), "orig_name": "x", "url": None, **MARK}

    def text(self, most: int = 12) -> str:
        """Some text."""
        return "".join(self.random.choices(TEXTS, k=self.random.randrange(most)))

    def json(self, depth: int = 0) -> Any:
        """Something that JSON or a comm can carry."""
        draw = self.random
        chance = draw.random()
        if chance < 0.1:
            return self.file()
        if depth < 3 and chance < 0.25:
            return [self.json(depth + 1) for _ in range(draw.randrange(4))]
        if depth < 3 and chance < 0.4:
            names = ("path", "url", "data", "headers", "value", "meta", "image", self.text())
            return {draw.choice(names): self.json(depth + 1) for _ in range(draw.randrange(4))}
        if chance < 0.6:
            return self.text()
        if chance < 0.7:
            return draw.choice([draw.randrange(-5, 9), draw.random() * 10 ** draw.randrange(-3, 300)])
        return copy.deepcopy(draw.choice(ODD))
