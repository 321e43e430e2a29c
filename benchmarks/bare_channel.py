"""The bare channel: binary messages of one widget and nothing more. What files could reach at best.

Runs in the kernel. Nothing is written to disk or hashed (unless ``check`` asks for it), nothing is validated,
and answers leave from the thread in which a message came. The page's half is bare_channel.js.
"""

from __future__ import annotations

import hashlib
import random
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import traitlets as t
from anywidget import AnyWidget

Message = dict[str, Any]

PATIENCE = 60
"""Seconds until a download without acknowledgements is given up."""


class Channel(AnyWidget):
    """Takes files from its page and sends bytes to it, in chunks, with a window of chunks on their way."""

    _esm = Path(__file__).with_suffix(".js").read_text()

    last = t.Dict().tag(sync=True)
    """Of the upload that ended last: ``size`` and ``sha1``, empty unless asked for."""

    def __init__(self, ended: Callable[[], object] = lambda: None, subshell: bool = True) -> None:
        """Open the channel.

        :param ended: called when the last byte of an upload is there
        :param subshell: answer in the subshell that the page asks for, as nbblocks does; else in the main one
        """
        self._ended = ended
        self._fill = b""
        self._pings = 0
        self._received = 0
        self._chunks = 0
        self._digest: Any = None
        self._id = 0
        self._every = 1
        self._acked = threading.Condition()
        self._window_end = 0
        self._source = b""
        super().__init__()
        if subshell:
            from nbblocks.bridge.root import keep_asked_subshell

            keep_asked_subshell(self.comm)
        self.on_msg(self._take)  # pyright: ignore[reportUnknownMemberType]

    def _say(self, content: Message, buffers: Sequence[Any] = ()) -> None:
        """Send a custom message as nbblocks does: straight to the comm."""
        comm: Any = self.comm
        comm.send(data={"method": "custom", "content": content}, buffers=list(buffers))

    def _take(self, _: Any, content: Message, buffers: Sequence[memoryview]) -> None:
        kind = content["type"]
        if kind == "chunk":
            self._chunk(content, buffers[0])
        elif kind == "ack":
            with self._acked:
                self._window_end = content["received"]
                self._acked.notify()
        elif kind == "ping":
            self._pings += 1
            self._say({"type": "pong", "count": self._pings})
        elif kind == "upload":
            self._id, self._received, self._chunks = content["id"], 0, 0
            self._digest = hashlib.sha1() if content["check"] else None
            self._every, self._fill = content["every"], bytes(content["fill"])
        elif kind == "download":
            threading.Thread(target=self._send_parts, args=(content,), daemon=True).start()

    def _chunk(self, content: Message, data: memoryview) -> None:
        self._received += data.nbytes
        self._chunks += 1
        if self._digest is not None:
            self._digest.update(data)
        if content["last"]:
            self._ended()
            sha1 = self._digest.hexdigest() if self._digest else ""
            self.last = {"size": self._received, "sha1": sha1}
            self._say({"type": "done", "id": self._id, "received": self._received})
        elif self._chunks % self._every == 0:
            self._say({"type": "ack", "id": self._id, "received": self._received})
            if self._fill:
                self._say({"type": "fill"}, [self._fill])

    def _send_parts(self, content: Message) -> None:
        size, chunk, window = content["size"], content["chunk"], content["window"]
        if len(self._source) != chunk:
            self._source = random.Random(1).randbytes(chunk)
        sent = self._window_end = 0
        while sent < size:
            data = memoryview(self._source)[: size - sent]
            sent += data.nbytes
            self._say({"type": "part", "last": sent >= size}, [data])
            with self._acked:
                room = lambda: sent - self._window_end < window * chunk  # noqa: B023, E731
                if not self._acked.wait_for(room, PATIENCE):
                    return
