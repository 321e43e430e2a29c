"""An app with every component outlives pages that say anything at all.

``NBBLOCKS_FUZZ`` is the number of messages, if more are wanted.
"""

from __future__ import annotations

import gc
import logging
import os
import threading
from typing import Any

import pytest

import nbblocks as gr
from nbblocks import components
from nbblocks.bridge.component import Component
from nbblocks.bridge.inbox import MAX_VIEWS
from nbblocks.bridge.portal import portal
from tests.support import FakeComm, Page
from tests.waiting import until

from .fuzzing import Fuzz

MESSAGES = int(os.environ.get("NBBLOCKS_FUZZ", "6000"))
AT_ONCE = 500


class Target:
    """An app with every component, all of them heard, and a button that shows whether it still answers."""

    def __init__(self) -> None:
        with gr.Blocks() as self.app:
            blocks = [getattr(components, name)() for name in components.__all__]
            self.blocks = [one for one in blocks if not one.stateful and not one.ticks]
            for one in self.blocks:
                for event in one.events:
                    getattr(one, event)(lambda *_: None, self.blocks[0], None)
                one.change(lambda *_: None, one, None) if "change" in one.events else None
            self.button, self.answer = gr.Button(), gr.Number(0)
            self.button.click(lambda n: n + 1, self.answer, self.answer, trigger_mode="multiple")

    def fuzz(self, seed: int) -> Fuzz:
        """Messages to this app, to blocks that it has and some that it has not."""
        nodes = [one._id for one in self.blocks]
        events = sorted({event for one in self.blocks for event in one.events} | {"nothing", "load"})
        samples = [sample for one in self.blocks for sample in (one.initial(), one.example_payload())]
        return Fuzz(seed, [*nodes, *nodes, 0, 2**40], events, samples)


class Quiet(FakeComm):
    """A comm that forgets what it has sent."""

    def send(self, data: Any = None, metadata: Any = None, buffers: Any = None) -> None:
        super().send(data, metadata, buffers)
        del self.sent[:-100]


def settle() -> None:
    done = threading.Event()
    assert portal.hand(done.set) and done.wait(60)


def is_told(record: logging.LogRecord) -> bool:
    """Whether it is of a value that its component refuses when a handler asks for it, as Gradio's do."""
    return bool(record.exc_info) and isinstance(record.exc_info[1], gr.Error)


@pytest.mark.timeout(120 if MESSAGES <= 10_000 else 0)
def test_any_messages_leave_the_app_as_it_was(
    comms: list[FakeComm], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:  # TR-1 TR-10 TR-11
    target = Target()
    monkeypatch.setattr("comm.create_comm", lambda **given: Quiet(comm_id=str(len(comms)), **given))
    root = target.app.host.show()
    comm: Any = root.comm
    page = Page(comm, "honest")
    page.say("hello")
    monkeypatch.setattr("nbblocks.bridge.inbox.GAP_PATIENCE", 0.001)
    fuzz = target.fuzz(7)
    sizes: list[int] = []
    noted = 0
    for done in range(0, MESSAGES, AT_ONCE):
        for _ in range(AT_ONCE):
            data, buffers = fuzz.comm_data()
            comm.handle(data, buffers)
        settle()
        until(lambda: target.app.host.scheduler.waiting == 0, 60)
        failed = [one for one in caplog.records if one.levelno >= logging.ERROR and not is_told(one)]
        assert not failed, f"{failed[0].getMessage()} {failed[0].exc_text}"
        noted += sum(one.levelno == logging.WARNING for one in caplog.records)
        caplog.clear()
        if done * 3 >= MESSAGES:
            gc.collect()
            sizes.append(len(gc.get_objects()))
    page.fire(target.button, "click", values=[(target.answer, 41)])
    page.until(target.answer, 42)
    assert noted < 100 + MESSAGES / 100, "refusals fill the log"
    assert len(target.app.host.inbox._views) <= MAX_VIEWS
    assert sizes[-1] < sizes[0] * 1.2, f"objects: {sizes[:3]} ... {sizes[-3:]}"
    assert isinstance(target.blocks[0], Component)
    target.app.close()
