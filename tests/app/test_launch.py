"""Showing an app."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from IPython.core.formatters import DisplayFormatter

import nbblocks as gr
from nbblocks.bridge.placing import open_layout
from nbblocks.core.graph import building
from tests.support import FakeComm, Page
from tests.waiting import until

VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def app() -> Iterator[gr.Blocks]:
    with gr.Blocks() as app:
        gr.Textbox("text", label="<Name>")
    yield app
    app.close(verbose=False)


# -- the last line of a cell


def test_the_last_line_of_a_cell_shows_it(app: gr.Blocks, comms: list[FakeComm]) -> None:  # AP-30
    bundle = app._repr_mimebundle_()
    assert bundle[VIEW]["model_id"] == comms[-1].comm_id
    assert "&lt;Name&gt;" in bundle["text/html"] and "text/plain" in bundle  # AP-41
    options = app.host.display.options()
    assert (options["width"], options["footer"]) == ("100%", True)


@pytest.mark.parametrize("kind", ["Blocks", "Interface", "TabbedInterface"])
@pytest.mark.parametrize("way", ["display", "launch"])
def test_an_app_has_its_natural_height(
    comms: list[FakeComm], shown: list[Any], kind: str, way: str
) -> None:  # TR-61
    one = gr.Interface(len, "text", "number")
    app = {"Blocks": gr.Blocks(), "Interface": one, "TabbedInterface": gr.TabbedInterface([one])}[kind]
    app.launch() if way == "launch" else app._repr_mimebundle_()
    assert comms[-1].state["options"]["height"] is None
    app.launch(height=300)
    assert app.host.display.options()["height"] == 300
    app.close(verbose=False)


def test_ipython_shows_it_alike(app: gr.Blocks, comms: list[FakeComm]) -> None:  # AP-30 AP-13
    data, _ = DisplayFormatter().format(app)
    assert set(data) == {VIEW, "text/html", "text/plain"}
    assert data["text/plain"].startswith("nbblocks Blocks instance: 0 backend functions")


@pytest.mark.parametrize("way", ["display", "launch"])
def test_shown_inside_its_own_with_it_is_closed_first(
    comms: list[FakeComm], shown: list[Any], way: str
) -> None:  # AP-30 AP-11
    with gr.Blocks() as app:
        box = gr.Textbox()
        with gr.Row():
            gr.Textbox()
            app.launch() if way == "launch" else app._repr_mimebundle_()
            assert gr.Textbox().parent is None
            assert open_layout.get() is None and building.get() is None
    assert open_layout.get() is None and building.get() is None
    assert app.children[0].children == [box]  # pyright: ignore[reportAttributeAccessIssue]


# -- launch


def test_launch_shows_it_and_returns_three_things(app: gr.Blocks, shown: list[Any]) -> None:  # AP-31
    result = app.launch()
    handle, local, share = result
    assert (handle, local, share) == (app, None, None) and isinstance(result, tuple)
    assert len(shown) == 1 and shown[0][VIEW]["model_id"]
    assert DisplayFormatter().format(result) == ({}, {})  # that is how nothing is displayed
    assert app.block_thread() is None  # AP-40


def test_launched_again_it_has_one_more_view(app: gr.Blocks, shown: list[Any]) -> None:  # AP-32
    app.launch(height=100)
    session = app.host.session
    app.launch(height=200)
    bundle = app._repr_mimebundle_()
    assert shown[0][VIEW] == shown[1][VIEW] == bundle[VIEW]
    assert app.host.display.options()["height"] == 200
    assert app.host.session is session and app.host.root is not None


def test_options_of_the_last_call_hold_for_new_views(
    app: gr.Blocks, shown: list[Any], comms: list[FakeComm]
) -> None:  # AP-32
    app.launch(height=100, css=".a{}", show_error=True)
    app.launch(height=200, inline=False)
    comms[-1].handle({"method": "request_state"})
    until(lambda: comms[-1].state["options"]["height"] == 200)
    assert comms[-1].state["options"]["css"] == ".a{}"


def test_outside_of_a_notebook_it_says_so_in_one_line(
    app: gr.Blocks, capsys: pytest.CaptureFixture[str]
) -> None:  # AP-33
    assert tuple(app.launch()) == (app, None, None)
    printed = capsys.readouterr().out
    assert printed.count("\n") == 1 and "notebook" in printed
    app.launch(quiet=True)
    assert capsys.readouterr().out == ""
    with app:
        box = gr.Textbox()
        box.submit(str.upper, box, box, api_name="up")
    with gr.Client(app) as client:
        assert client.predict("a", api_name="/up") == "A"


PROGRAM = """
import nbblocks as gr

with gr.Blocks() as demo:
    box = gr.Textbox()
    box.submit(str.upper, box, box, api_name="up")

if __name__ == "__main__":
    demo.launch()
    print(gr.Client(demo).predict("a", api_name="/up"))
"""


def test_a_program_runs_to_its_end(tmp_path: Path) -> None:  # AP-31 AP-33
    file = tmp_path / "program.py"
    file.write_text(PROGRAM)
    found = subprocess.run(
        [sys.executable, str(file)], capture_output=True, text=True, check=True, timeout=30
    )
    first, second = found.stdout.splitlines()
    assert "notebook" in first and second == "A" and found.stderr == ""


# -- what cannot work


def _unqueued_cancels() -> None:
    first = gr.Button().click(lambda: None, queue=False)
    gr.Button().click(None, cancels=[first])


def _unqueued_batch() -> None:
    gr.Button().click(lambda: [], queue=False, batch=True)


def _unqueued_every() -> None:
    gr.Button().click(lambda: None, queue=False, every=1)


def _unplaced_input() -> None:
    gr.Button().click(lambda _: None, gr.Textbox(render=False))


def _unplaced_output() -> None:
    gr.Button().click(lambda: None, None, gr.Textbox(render=False))


def _unplaced_source() -> None:
    gr.Button(render=False).click(lambda: None)


WAYS: dict[str, Callable[[gr.Blocks], Any]] = {
    "launch": lambda app: app.launch(),
    "prepare": lambda app: app.launch(inline=False),
    "display": lambda app: app._repr_mimebundle_(),
    "Client": lambda app: gr.Client(app),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("bad", "text"),
    [
        (_unqueued_cancels, "Queue needs to be enabled"),
        (_unqueued_batch, "queue"),
        (_unqueued_every, "queue"),
        (_unplaced_input, "uses a textbox .* not rendered"),
        (_unplaced_output, "uses a textbox .* not rendered"),
        (_unplaced_source, "uses a button .* not rendered"),
    ],
)
def test_what_cannot_work_is_refused(
    shown: list[Any], bad: Callable[[], None], text: str, way: str
) -> None:  # AP-34 EV-14 EV-194 EV-259 EV-275
    with gr.Blocks() as app:
        bad()
    with pytest.raises(ValueError, match=text):
        WAYS[way](app)
    assert shown == [] and not app.is_running
    assert not [one.name for one in threading.enumerate() if one.name.startswith("nbblocks")]


# -- its life


def test_it_runs_from_its_first_view_to_its_close(
    app: gr.Blocks, comms: list[FakeComm], capsys: pytest.CaptureFixture[str]
) -> None:  # AP-39 AP-40
    assert not app.is_running
    app._repr_mimebundle_()
    app.block_thread()
    assert app.is_running
    gr.close_all()
    assert not app.is_running and capsys.readouterr().out == "Closed the app.\n"


def test_a_client_makes_it_run_too(app: gr.Blocks) -> None:  # AP-40
    with gr.Client(app):
        assert app.is_running
    assert app.is_running
    app.close(verbose=False)
    assert not app.is_running


def test_close_says_so_once_and_starts_again(
    app: gr.Blocks, shown: list[Any], comms: list[FakeComm], capsys: pytest.CaptureFixture[str]
) -> None:  # AP-39
    app.close()
    assert capsys.readouterr().out == ""  # it has never run
    app.launch()
    page = Page(comms[-1])
    page.say("hello")
    app.close()
    app.close()
    assert capsys.readouterr().out == "Closed the app.\n"
    assert page.comm.state["options"]["live"] is False and page.until_told("close")["note"]
    app.launch()
    assert app.is_running and len(shown) == 2 and shown[0][VIEW] != shown[1][VIEW]
    app.close(verbose=False)
    assert capsys.readouterr().out == ""
    app._repr_mimebundle_()
    assert app.is_running
    app.close(False)
    with gr.Client(app):
        assert app.is_running


def test_close_all_closes_all(capsys: pytest.CaptureFixture[str], comms: list[FakeComm]) -> None:  # AP-39
    apps = [gr.Blocks() for _ in range(3)]
    for one in apps[:2]:
        one._repr_mimebundle_()
    gr.close_all()
    assert not any(one.is_running for one in apps)
    assert capsys.readouterr().out == "Closed the app.\n" * 2
    gr.close_all(verbose=False)
    assert capsys.readouterr().out == ""


def threads() -> list[str]:
    return [one.name for one in threading.enumerate() if one.name.startswith("nbblocks")]


def test_building_it_starts_nothing_and_closing_it_ends_all(comms: list[FakeComm]) -> None:  # AP-42
    with gr.Blocks() as app:
        box, state = gr.Textbox(), gr.State(lambda: 1, time_to_live=1)
        box.submit(lambda text, _: text, [box, state], box)
        gr.Timer(1).tick(lambda: None)
    app.queue(), app.get_config_file()
    assert threads() == [] and not app.is_running and repr(app)
    page = Page(app.host.show().comm)  # pyright: ignore[reportArgumentType]
    page.say("hello")
    page.fire(box, "submit", values=[(box, "a")])
    until(lambda: box.value == "a")
    assert "nbblocks-scheduler" in threads()
    app.close(verbose=False)
    until(lambda: threads() == [])


def test_importing_it_starts_nothing() -> None:  # AP-42
    code = "import threading, nbblocks; assert threading.active_count() == 1"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=30)


def test_a_saved_notebook_shows_what_was_last(comms: list[FakeComm]) -> None:  # AP-41 ST-15
    with gr.Blocks() as app:
        box, out = gr.Textbox("<first>", label="Text"), gr.Number(1, label="Number")
        gr.State("secret")
    page = Page(app.host.show().comm)  # pyright: ignore[reportArgumentType]
    page.say("hello")
    page.enter(box, "<last>")
    until(lambda: box.value == "<last>")
    out.value = 2
    page.until(out, 2)
    html = app._repr_mimebundle_()["text/html"]
    assert (
        "&lt;last&gt;" in html and "<last>" not in html and ">Number</b> 2" in html and "secret" not in html
    )
    assert page.comm.state["options"]["live"] is True
    app.close(verbose=False)
