"""The picture of an app that its notebook keeps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy
import pytest

import nbblocks as gr
from nbblocks.bridge import cells, keeping
from tests.support import FakeComm, Page
from tests.waiting import until

HTML = "text/html"


class Publisher:
    """Takes what is displayed."""

    def __init__(self) -> None:
        self.sent: list[tuple[dict[str, Any], str, bool]] = []

    def publish(self, data: Any, metadata: Any, *, transient: Any, update: bool) -> None:
        self.sent.append((data, transient["display_id"], update))


class Shell:
    """A shell in which a cell runs."""

    def __init__(self) -> None:
        self.display_pub = Publisher()
        self.events = self
        self.ended: list[Any] = []

    def get_parent(self) -> dict[str, Any]:
        return {"header": {"msg_type": "execute_request"}}

    def register(self, name: str, callback: Any) -> None:
        if name == "post_run_cell":
            self.ended.append(callback)

    def unregister(self, name: str, callback: Any) -> None:
        self.ended.remove(callback)

    def end_cell(self) -> None:
        for callback in list(self.ended):
            callback()


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, comms: list[FakeComm]) -> Iterator[Shell]:
    found = Shell()
    monkeypatch.setattr(cells, "shell", lambda: found)
    monkeypatch.setattr("IPython.display.display", lambda data, raw: None)
    monkeypatch.setattr(keeping, "QUIET", 0.05)
    monkeypatch.setattr(keeping, "BETWEEN", 0.1)
    monkeypatch.setattr(keeping, "AGAIN", 0.05)
    yield found
    gr.close_all(verbose=False)


@pytest.mark.parametrize("way", ["display", "launch"])
def test_a_picture_follows_the_view_and_is_kept_up_to_date(shell: Shell, way: str) -> None:  # TR-62
    with gr.Blocks() as app:
        box = gr.Textbox("before", label="Name")
    if way == "launch":
        app.launch()
    else:
        assert app._repr_mimebundle_()[HTML] == ""  # not twice in one cell
    assert not shell.display_pub.sent
    shell.end_cell()
    (data, name, update), sent = shell.display_pub.sent[0], shell.display_pub.sent
    assert "before" in data[HTML] and not update and name in data[HTML]
    page = Page(app.host.root.comm)  # pyright: ignore[reportOptionalMemberAccess, reportArgumentType]
    assert page.comm.opened[0]["state"]["picture"] == name
    box.value = "by code"
    until(lambda: "by code" in sent[-1][0][HTML])
    page.say("hello")
    page.enter(box, "by hand")
    until(lambda: "by hand" in sent[-1][0][HTML])
    assert {one[1:] for one in sent[1:]} == {(name, True)}


def test_no_picture_is_made_while_a_run_streams(shell: Shell) -> None:  # TR-62
    with gr.Blocks() as app:
        box, go = gr.Textbox(), gr.Button()
    app.launch()
    shell.end_cell()
    host, now = app.host, [100.0]
    kept = keeping.Keeping(host, lambda: now[0])
    kept.touch()
    assert kept.look() == pytest.approx(keeping.QUIET)
    now[0] += 1000
    host.outbox._statuses._shown["run.7"] = {"stage": "generating"}, 0.0
    assert kept.look() == keeping.AGAIN
    host.outbox._statuses._shown.clear()
    kept._made = now[0]
    assert kept.look() == pytest.approx(keeping.BETWEEN)
    assert box and go


def test_it_can_be_left_out(shell: Shell) -> None:  # TR-62
    with gr.Blocks() as app:
        gr.Textbox("secret")
    app.launch(keep_picture=False)
    shell.end_cell()
    assert HTML not in app._repr_mimebundle_() and not shell.display_pub.sent


def test_a_picture_has_no_file_that_pages_may_not_have_and_one_that_fails_is_alone(
    comms: list[FakeComm], monkeypatch: pytest.MonkeyPatch
) -> None:  # TR-62
    with gr.Blocks() as app:
        gr.Textbox("words", label="Words")
        image = gr.Image()
        picture = gr.Image(numpy.zeros((4, 4, 3), "uint8"))
    app.host.show()
    named = gr.FileData({**picture.value, "path": "/etc/passwd", "orig_name": "a.png"})
    image._trait_values["value"] = named
    found = keeping.picture(app.children, app.host.display.may_send)
    assert found.count("<img") == 1 and "a.png" in found
    monkeypatch.setattr(gr.Image, "picture", lambda self, show: 1 / 0)
    found = keeping.picture(app.children, app.host.display.may_send)
    assert "words" in found and found.count("Image") == 2
    app.close(verbose=False)


def test_the_name_of_a_picture_is_written_as_it_is(comms: list[FakeComm]) -> None:  # TR-62
    with gr.Blocks() as app:
        image = gr.Image(numpy.zeros((4, 4, 3), "uint8"))
    app.host.show()
    image._trait_values["value"] = gr.FileData({**image.value, "orig_name": "tea & <milk>.png"})
    found = keeping.picture(app.children, app.host.display.may_send)
    assert 'alt="tea &amp; &lt;milk&gt;.png"' in found
    app.close(verbose=False)


def test_a_notebook_runs_no_code_of_a_users_class_for_it(comms: list[FakeComm]) -> None:  # TR-62 TR-21
    class Loud(gr.Textbox):
        def picture(self, show: Any) -> str:
            raise AssertionError("the user's code was asked")

    assert "words" in keeping.picture([Loud("words")], lambda path: True)
