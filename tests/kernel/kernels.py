"""A kernel of its own for a test, and a page that talks to it over the shell channel as a notebook does."""

from __future__ import annotations

import ast
import contextlib
import itertools
import json
import os
import re
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psutil
import zmq
from ipykernel.kernelspec import get_kernel_dict
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import KernelManager

VIEW = "application/vnd.jupyter.widget-view+json"
ANSI = re.compile(r"\x1b\[[0-9;]*m")
PATIENCE = 20.0
"""Seconds after which a test gives up waiting."""


class CellError(Exception):
    """A cell has raised: its traceback."""


class _ThisPython(KernelSpecManager):
    """Knows one kernel: the interpreter that runs the tests."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        return KernelSpec(**get_kernel_dict())


class Kernel:
    """A kernel whose temporary files lie in ``folder``, and what it has sent so far."""

    def __init__(self, folder: Path) -> None:
        self.files = folder / "tmp"
        self.files.mkdir(parents=True)
        self.manager = KernelManager(kernel_spec_manager=_ThisPython(), kernel_name="python3")
        env = {
            **os.environ,
            "TMPDIR": str(self.files),
            "IPYTHONDIR": str(folder / "ipython"),
            "JUPYTER_CONFIG_DIR": str(folder / "config"),
        }
        self.manager.start_kernel(env=env, extra_arguments=["--log-level=ERROR"])
        self._connect()

    # -- life

    def _connect(self) -> None:
        """Open the channels and wait until the kernel answers."""
        self._replies: dict[str, dict[str, Any]] = {}
        self._idle: set[str] = set()
        self.outputs: dict[str, list[dict[str, Any]]] = {}
        """What each cell has put out so far, by what `begin` returned."""
        self.models: dict[str, dict[str, Any]] = {}
        """State of each open widget model, by comm id."""
        self.told: dict[str, list[dict[str, Any]]] = {}
        """The custom messages to each model."""
        self.client = self.manager.client()
        self.client.start_channels(hb=False, stdin=False)
        self._poller = zmq.Poller()
        for channel in (self.client.shell_channel, self.client.iopub_channel, self.client.control_channel):
            self._poller.register(channel.socket, zmq.POLLIN)
        until = time.monotonic() + PATIENCE
        while True:  # what is published before iopub is connected is lost
            sent = self._send("shell", "kernel_info_request", {})
            with contextlib.suppress(TimeoutError):
                self.wait(lambda sent=sent: sent in self._replies and sent in self._idle, 1)
                break
            assert time.monotonic() < until, "the kernel does not answer"
        self.pid = self.manager.provisioner.pid
        self.process = psutil.Process(self.pid)

    def shut_down(self) -> float:
        """End it in order, as a server does, and return the seconds that it took."""
        self.client.stop_channels()
        began = time.monotonic()
        self.manager.shutdown_kernel()
        return time.monotonic() - began

    def restart(self) -> float:
        """Restart it in order, and return the seconds until another one was started."""
        self.client.stop_channels()
        began = time.monotonic()
        self.manager.restart_kernel()
        took = time.monotonic() - began
        self._connect()
        return took

    def die(self) -> None:
        """Let it be killed by the system, and start another one, as a server does."""
        self.client.stop_channels()
        os.kill(self.pid, signal.SIGKILL)
        self.manager.restart_kernel(now=True)
        self._connect()

    def close(self) -> None:
        """End it, however it is, and close the sockets."""
        with contextlib.suppress(Exception):
            self.client.stop_channels()
        if self.manager.has_kernel:
            self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_resources()
        self.manager.context.destroy(linger=0)

    def interrupt(self) -> None:
        """What the stop button does."""
        self.manager.interrupt_kernel()

    # -- cells

    def begin(self, code: str, cell: str | None = None, **content: Any) -> str:
        """Send a cell without waiting for it; ``cell`` is its id, which not all front-ends tell."""
        full = {"code": code, "silent": False, "store_history": True, "allow_stdin": False, **content}
        metadata = {} if cell is None else {"cellId": cell}
        return self._send("shell", "execute_request", full, metadata)

    def finish(self, sent: str, timeout: float = PATIENCE) -> str:
        """Wait for the end of a cell and return what it has printed.

        :raises CellError: if it raised
        """
        self.wait(lambda: sent in self._replies and sent in self._idle, timeout)
        reply = self._replies[sent]
        if reply["status"] != "ok":
            raise CellError(ANSI.sub("", "\n".join(reply.get("traceback", [reply["status"]]))))
        return "".join(one["text"] for one in self.outputs.get(sent, ()) if one.get("name") == "stdout")

    def run(self, code: str, cell: str | None = None, timeout: float = PATIENCE) -> str:
        """Run a cell and return what it has printed."""
        return self.finish(self.begin(code, cell), timeout)

    def show(self, code: str, cell: str | None = None, view: str = "view") -> Page:
        """Run a cell that shows an app, and the page that shows it then."""
        sent = self.begin(code, cell)
        self.finish(sent)
        views = [one["data"][VIEW] for one in self.outputs[sent] if VIEW in one.get("data", {})]
        assert views, "the cell has shown no app"
        return Page(self, views[-1]["model_id"], view)

    def get(self, expression: str) -> Any:
        """The value of an expression in the kernel, beside all cells: it must be JSON-like."""
        asked = {"it": f"__import__('json').dumps({expression})"}
        sent = self.begin("", silent=True, store_history=False, user_expressions=asked)
        self.wait(lambda: sent in self._replies)
        answer = self._replies[sent]["user_expressions"]["it"]
        if answer["status"] != "ok":
            raise CellError(ANSI.sub("", "\n".join(answer["traceback"])))
        return json.loads(ast.literal_eval(answer["data"]["text/plain"]))

    def until(self, expression: str, timeout: float = PATIENCE) -> Any:
        """Wait until an expression is true in the kernel, and return it."""
        end = time.monotonic() + timeout
        while not (found := self.get(expression)):
            if time.monotonic() > end:
                raise TimeoutError(f"waited in vain for {expression}")
            time.sleep(0.02)
        return found

    # -- messages

    def comms(self) -> list[str]:
        """Ids of the comms that the kernel says are open."""
        sent = self._send("shell", "comm_info_request", {"target_name": "jupyter.widget"})
        self.wait(lambda: sent in self._replies)
        return list(self._replies[sent]["comms"])

    def new_subshell(self) -> str:
        """A subshell, as JupyterLab makes one for the messages of comms."""
        sent = self._send("control", "create_subshell_request", {})
        self.wait(lambda: sent in self._replies)
        return self._replies[sent]["subshell_id"]

    def send_comm(self, comm: str, data: dict[str, Any], subshell: str | None = None) -> None:
        """Send a message of a page to a comm."""
        self._send("shell", "comm_msg", {"comm_id": comm, "data": data}, subshell=subshell)

    def wait(self, condition: Callable[[], Any], timeout: float = PATIENCE) -> Any:
        """Read messages until ``condition`` is true, and return what it found."""
        end = time.monotonic() + timeout
        while not (found := condition()):
            left = end - time.monotonic()
            if left <= 0:
                raise TimeoutError("what was waited for did not come")
            self._read(min(left, 0.2))
        return found

    def read_all(self) -> None:
        """Read what has arrived."""
        while self._read(0):
            pass

    def _send(
        self,
        channel: str,
        kind: str,
        content: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        subshell: str | None = None,
    ) -> str:
        message = self.client.session.msg(kind, content, metadata=metadata)
        if subshell is not None:
            message["header"]["subshell_id"] = subshell
        getattr(self.client, f"{channel}_channel").send(message)
        return message["header"]["msg_id"]

    def _read(self, timeout: float) -> bool:
        ready = dict(self._poller.poll(timeout * 1000))
        for channel in (self.client.shell_channel, self.client.control_channel):
            if channel.socket in ready:
                message = channel.get_msg(timeout=0)
                self._replies[message["parent_header"].get("msg_id", "")] = message["content"]
        if self.client.iopub_channel.socket in ready:
            self._published(self.client.iopub_channel.get_msg(timeout=0))
        return bool(ready)

    def _published(self, message: dict[str, Any]) -> None:
        kind, content = message["header"]["msg_type"], message["content"]
        parent = message["parent_header"].get("msg_id", "")
        if kind == "status" and content["execution_state"] == "idle":
            self._idle.add(parent)
        elif kind in ("stream", "display_data", "execute_result", "error"):
            self.outputs.setdefault(parent, []).append(content)
        elif kind == "comm_open" and content["target_name"] == "jupyter.widget":
            self.models[content["comm_id"]] = dict(content["data"]["state"])
            self.told[content["comm_id"]] = []
        elif kind == "comm_msg" and content["comm_id"] in self.models:
            data = content["data"]
            if data["method"] == "update":
                self.models[content["comm_id"]].update(data["state"])
            elif data["method"] == "custom":
                self.told[content["comm_id"]].append(data["content"])
        elif kind == "comm_close":
            self.models.pop(content["comm_id"], None)


class Page:
    """One view of an app. Blocks are named by their label, buttons by their text."""

    def __init__(self, kernel: Kernel, model: str, view: str = "view", subshell: str | None = None) -> None:
        self.kernel, self.model, self.view, self.subshell = kernel, model, view, subshell
        self._numbers = itertools.count()
        kernel.wait(lambda: model in kernel.models)
        self.say("hello")

    def say(self, kind: str, **fields: Any) -> None:
        """Send one custom message."""
        content = {"type": kind, "view": self.view, "seq": next(self._numbers), **fields}
        self.kernel.send_comm(self.model, {"method": "custom", "content": content}, self.subshell)

    @property
    def state(self) -> dict[str, Any]:
        """The app as the page has it."""
        return self.kernel.models[self.model]

    def block(self, name: str) -> int:
        """Id of the block with that label or text."""
        state = self.state.items()
        labels = [key for key, value in state if value == name and key.endswith(".label")]
        found = labels or [key for key, value in state if value == name and key.endswith(".value")]
        assert found, f"there is no block named {name}"
        return int(found[0].split(".")[0])

    def click(self, name: str, values: Sequence[tuple[str, Any]] = ()) -> None:
        """Press a button, with values that were changed before, as pairs (name, value)."""
        pairs = [[self.block(one), value] for one, value in values]
        self.say("event", node=self.block(name), event="click", data=None, values=pairs)

    def enter(self, name: str, value: Any) -> None:
        """Change a value."""
        self.say("values", values=[[self.block(name), value]])

    def shown(self, name: str, prop: str = "value") -> Any:
        """A property as the page has it."""
        return self.state.get(f"{self.block(name)}.{prop}")

    def until(self, name: str, value: Any, timeout: float = PATIENCE) -> None:
        """Wait until a value is shown."""
        try:
            self.kernel.wait(lambda: self.shown(name) == value, timeout)
        except TimeoutError:
            raise TimeoutError(f"{name} shows {self.shown(name)!r}, not {value!r}") from None
