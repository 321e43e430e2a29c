"""Each task of an app beside its runs is made to raise: it ends alone, and is told of."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import nbblocks as gr
from nbblocks.bridge import cleaning, downloads, uploads
from nbblocks.bridge.writer import shared_writer
from nbblocks.core.tasks import Lasting
from tests.shelf import DATA, Shelf
from tests.support import FakeComm, Page
from tests.waiting import until

from .test_host import show

RAISED = [OSError, RuntimeError, KeyboardInterrupt, SystemExit, asyncio.CancelledError, StopIteration]
every_error = pytest.mark.parametrize("error", RAISED)


def failing(error: type[BaseException]) -> Callable[..., Any]:
    """A function that raises it."""

    def fail(*_: Any, **__: Any) -> Any:
        raise error("out of order")

    return fail


@pytest.fixture
def shelf(comms: list[FakeComm], tmp_path: Path) -> Shelf:
    """An app with a file to give; `still_works` checks it."""
    (tmp_path / "given.bin").write_bytes(DATA)
    return Shelf(tmp_path / "given.bin")


def still_works(shelf: Shelf) -> None:
    """Check that files come and go, and that events are handled."""
    shelf.begin("later", name="later.txt")
    shelf.send("later")
    shelf.page.until_told("upload_done", upload="later")
    shelf.page.say(
        "download", download="l", node=shelf.download._id, path=shelf.page.shown(shelf.download)["path"]
    )
    shelf.page.until_told("download_end", download="l")


@every_error
@pytest.mark.parametrize("step", ["new_part", "adopt", "remove_part"])
def test_an_upload(shelf: Shelf, step: str, error: type[BaseException]) -> None:  # TR-10
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(shelf.app.host.cache, step, failing(error))
        shelf.begin()
        shelf.send(crc=0 if step == "remove_part" else None)
        shelf.page.until_told("upload_failed", upload="u")
    still_works(shelf)


@every_error
def test_a_part_of_an_upload(shelf: Shelf, error: type[BaseException]) -> None:  # TR-10
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(uploads, "_write", failing(error))
        shelf.begin()
        shelf.send()
        shelf.page.until_told("upload_failed", upload="u")
    still_works(shelf)


@every_error
@pytest.mark.parametrize("step", ["open_real", "_read", "_heard"])
def test_a_download(shelf: Shelf, step: str, error: type[BaseException]) -> None:  # TR-10
    path = shelf.page.shown(shelf.download)["path"]
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(downloads, step, failing(error))
        shelf.page.say("download", download="d", node=shelf.download._id, path=path)
        shelf.page.say("ack", download="d", received=5)
        shelf.page.until_told("download_failed", download="d")
    still_works(shelf)


@pytest.mark.parametrize("error", [*RAISED, GeneratorExit])
def test_a_question(shelf: Shelf, error: type[BaseException]) -> None:  # TR-10
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(gr.Textbox, "answer", failing(error), raising=False)
        shelf.page.say("ask", ask="1", node=shelf.text._id, content={})
        assert shelf.page.until_told("answer", ask="1")["error"]
    still_works(shelf)


@every_error
def test_the_sweep_of_old_files(
    comms: list[FakeComm], tmp_path: Path, error: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:  # TR-10
    monkeypatch.setattr("nbblocks.core.tasks.Lasting.__init__", functools.partialmethod(hasty, known=LASTING))
    (tmp_path / "given.bin").write_bytes(DATA)
    swept: list[int] = []

    def sweep(*_: Any) -> None:
        swept.append(1)
        if len(swept) < 3:
            raise error("out of order")

    monkeypatch.setattr(cleaning, "_sweep", sweep)
    with gr.Blocks(delete_cache=(0.01, 1000)) as app:
        box, button = gr.Textbox(), gr.Button()
        button.click(lambda: "done", None, box)
    page = show(app, comms)
    until(lambda: len(swept) > 4)  # it has begun again
    assert "out of order" in page.until_told("log", stream="error")["text"]
    page.fire(button, "click")
    page.until(box, "done")


@every_error
def test_the_sweep_of_views(
    shelf: Shelf, error: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    # TR-10
    monkeypatch.setattr("nbblocks.core.tasks.Lasting.__init__", functools.partialmethod(hasty, known=LASTING))
    monkeypatch.setattr("nbblocks.bridge.supervision.HEARTBEAT", 0.01)
    swept: list[int] = []

    def sweep(*_: Any) -> list[str]:
        swept.append(1)
        if len(swept) < 3:
            raise error("out of order")
        return []

    monkeypatch.setattr("nbblocks.bridge.views.Views.sweep", sweep)
    with gr.Blocks() as app:
        box, button = gr.Textbox(), gr.Button()
        button.click(lambda: "done", None, box)
    page = Page(app.host.show().comm)  # pyright: ignore[reportArgumentType]
    page.say("hello")
    until(lambda: len(swept) > 4)
    page.fire(button, "click")
    page.until(box, "done")


def hasty(self: Any, serve: Any, failed: Any, pause: float = 0, *, known: Any) -> None:
    """Begin again without a pause."""
    known(self, serve, failed, 0)


LASTING = Lasting.__init__


@every_error
def test_what_the_writer_calls(
    comms: list[FakeComm], error: type[BaseException], caplog: pytest.LogCaptureFixture
) -> None:  # TR-10
    with gr.Blocks() as app:
        box, button = gr.Textbox(), gr.Button()
        button.click(lambda: "done", None, box)
    page = show(app, comms)
    shared_writer.call(failing(error))
    until(lambda: "sending to the page failed" in caplog.text)
    page.fire(button, "click")
    page.until(box, "done")


@every_error
def test_a_comm_that_fails_to_send(comms: list[FakeComm], error: type[BaseException]) -> None:  # TR-10
    with gr.Blocks() as app, gr.Row():
        box, button = gr.Textbox(), gr.Button()
        button.click(lambda: "done", None, box)
        again = gr.Button()
        again.click(lambda: "again", None, box)
    with gr.Blocks() as other:
        another, press = gr.Textbox(), gr.Button()
        press.click(lambda: "done", None, another)
    page, others = show(app, comms), show(other, comms)
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(page.comm, "send", failing(error))
        page.fire(button, "click")
        others.fire(press, "click")
        others.until(another, "done")
    page.fire(again, "click")
    page.until(box, "again")
