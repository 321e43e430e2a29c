"""Building an app."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import warnings

import pytest

import nbblocks as gr
from nbblocks.bridge.placing import open_layout
from nbblocks.bridge.portal import portal
from nbblocks.core.errors import InvalidBlockError
from nbblocks.core.graph import building


def test_what_is_made_inside_stands_in_the_innermost_layout() -> None:  # AP-3
    with gr.Blocks() as app:
        with gr.Row() as row:
            inner = gr.Button()
        outer = gr.Button()
    assert app.children == [row, outer] and row.children == [inner]
    assert inner.parent is row and inner.is_rendered
    assert set(app.blocks.values()) >= {row, inner, outer}


def test_theme_and_style_are_taken_without_a_warning() -> None:  # AP-1 AP-2
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        gr.Blocks("soft", None, "blocks", "T", ".a{}", "() => {}", "<b>", True, elem_id="x", visible=False)
    with pytest.raises(TypeError, match="titel"):
        gr.Blocks(titel="T")  # pyright: ignore[reportCallIssue]


def test_mode_and_analytics_are_accepted_and_nothing_is_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # AP-20
    def connect(*_: object) -> None:
        pytest.fail("something was sent")

    monkeypatch.setattr(socket.socket, "connect", connect)
    with gr.Blocks(mode="own", analytics_enabled=True) as app:
        box = gr.Textbox()
        box.submit(str.upper, box, box, api_name="up")
    assert app.mode == "own"
    assert gr.Client(app).predict("a", api_name="/up") == "A"
    app.close(verbose=False)


def test_neighbouring_fields_are_framed_on_leaving() -> None:  # AP-4 CP-148
    with gr.Blocks() as app:
        fields = [gr.Textbox(), gr.Number()]
        button = gr.Button()
    form, other = app.children
    assert form.children == fields and other is button  # pyright: ignore[reportAttributeAccessIssue]


def test_an_exception_closes_the_context_and_goes_on() -> None:  # AP-4 AP-11
    with pytest.raises(RuntimeError, match="mine"), gr.Blocks() as app, gr.Row():
        gr.Textbox()
        raise RuntimeError("mine")
    assert open_layout.get() is None and building.get() is None
    assert gr.Textbox().parent is None
    assert app.fns == {}


def test_a_context_may_be_entered_again() -> None:  # AP-5
    with gr.Blocks() as app:
        first = gr.Button()
    with app:
        second = gr.Button()
        second.click(lambda: None)
    assert app.children == [first, second] and len(app.fns) == 1


def test_an_app_in_an_app_becomes_part_of_it() -> None:  # AP-6
    with gr.Blocks() as outer, gr.Row() as row, gr.Blocks() as inner:
        button = gr.Button()
        button.click(lambda: None, api_name="go")
    assert row.children == [inner] and inner.children == [button]
    assert inner.graph is outer.graph and outer.fns[0].api_name == "go"


def test_a_finished_app_is_rendered_into_another() -> None:  # AP-7 AP-9
    with gr.Blocks() as part:
        box = gr.Textbox()
        first = box.submit(lambda x: x, box, box, api_name="go")
        first.then(lambda: None, api_name="go")
        box.change(None, cancels=[first])
        part.load(lambda: "x", None, box)
    with gr.Blocks() as app:
        own = gr.Button().click(lambda: None, api_name="go")
        assert part.render() is part
    assert [one.api_name for one in list(app.fns.values())[:3]] == ["go", "go_1", "go_1_1"]
    assert (own["id"], first["id"], sorted(app.fns)) == (0, 1, [0, 1, 2, 3, 4])
    assert app.fns[2].after is app.fns[1] and app.fns[3].cancels == (app.fns[1],)
    assert app.dependencies[4]["targets"] == [[app._id, "load"]]
    with app, pytest.raises(gr.DuplicateBlockError):
        part.render()


def test_a_block_is_placed_once() -> None:  # AP-7
    with gr.Blocks():
        box = gr.Textbox()
        with pytest.raises(gr.DuplicateBlockError, match="textbox"):
            box.render()
        state = gr.State()
        state.render()


def test_listeners_may_come_before_their_component_is_placed() -> None:  # AP-8
    box = gr.Textbox(render=False)
    assert not box.is_rendered
    with gr.Blocks() as app:
        button = gr.Button()
        button.click(lambda: "x", None, box)
        assert box.render() is box
    app.graph.check()
    assert app.children[-1].children == [box]  # pyright: ignore[reportAttributeAccessIssue]


def test_what_a_listener_names_must_be_placed_in_the_end() -> None:  # AP-34 EV-14
    with gr.Blocks() as app:
        gr.Button().click(lambda: "x", None, gr.Textbox(render=False))
    with pytest.raises(InvalidBlockError, match="uses a textbox .* not rendered"):
        app.launch()


def test_a_block_may_be_taken_out_and_placed_elsewhere() -> None:  # AP-10
    with gr.Blocks() as app:
        button = gr.Button()
        button.click(lambda: None)
        with gr.Row() as row:
            pass
    assert button.unrender() is button
    assert (app.children, button.is_rendered, button._id in app.blocks) == ([row], False, False)
    button.unrender()
    with app, row:
        button.render()
    assert row.children == [button] and len(app.fns) == 1


def test_other_threads_do_not_join_what_is_open_here() -> None:  # AP-11
    made: list[gr.Button] = []
    with gr.Blocks() as app:
        thread = threading.Thread(target=lambda: made.append(gr.Button()))
        thread.start()
        thread.join()
    assert app.children == [] and made[0].parent is None


def test_clear_empties_an_app() -> None:  # AP-12
    with gr.Blocks() as app:
        gr.Button().click(lambda: None)
    assert app.clear() is app
    assert (app.children, app.fns, app.blocks) == ([], {}, {})


def test_its_text_names_functions_and_what_they_take() -> None:  # AP-13
    with gr.Blocks() as app:
        box, number = gr.Textbox(), gr.Number()
        box.submit(lambda x: x, box, number)
    assert repr(app).splitlines() == [
        "nbblocks Blocks instance: 1 backend functions",
        "-" * 48,
        "fn_index=0",
        " inputs:",
        " |-textbox",
        " outputs:",
        " |-number",
    ]


def test_its_config_has_gradios_shape() -> None:  # AP-14
    with gr.Blocks(title="T") as app, gr.Row() as row:
        button = gr.Button("Go")
        button.click(lambda: None, None, button, api_name="go", queue=False)
    config = app.get_config_file()
    assert app.config == config and config["title"] == "T"
    types = {one["id"]: one["type"] for one in config["components"]}
    assert types == {row._id: "row", button._id: "button"}
    assert config["components"][1]["props"]["value"] == "Go"
    layout = {"id": app._id, "children": [{"id": row._id, "children": [{"id": button._id}]}]}
    assert config["layout"] == layout
    (dependency,) = config["dependencies"]
    assert dependency["targets"] == [[button._id, "click"]] and dependency["outputs"] == [button._id]
    assert (dependency["api_name"], dependency["queue"]) == ("go", False)


FORKED = """
import os, nbblocks as gr
child = os.fork()
if child == 0:
    with gr.Blocks() as demo:
        box = gr.Textbox()
        box.submit(str.upper, box, box, api_name="up")
    demo.get_config_file()
    with gr.Client(demo) as client:
        ok = client.predict("a", api_name="/up") == "A"
    demo.close()
    os._exit(0 if ok else 3)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
"""


@pytest.mark.skipif(not hasattr(sys, "getrefcount") or sys.platform == "win32", reason="there is no fork")
def test_a_fork_of_a_process_that_has_only_imported_works() -> None:  # AP-14
    subprocess.run([sys.executable, "-c", FORKED], check=True, timeout=30)


def test_the_queue_is_set_and_the_app_returned() -> None:  # AP-50
    with gr.Blocks() as app:
        listener = gr.Button().click(lambda: None).listener
    assert app.queue("auto", None, 5, default_concurrency_limit=3) is app
    assert app.graph.settings.max_size == 5 and app.graph.limit_of(listener) == 3
    app.queue(default_concurrency_limit=None)
    assert app.graph.limit_of(listener) is None


def test_a_property_of_an_app_may_be_set_and_starts_nothing() -> None:  # AP-1 AP-42
    app = gr.Blocks(elem_id="x")
    app.visible = False
    assert app.running_host is None and app.elem_id == "x"


@pytest.mark.parametrize("limit", [0, -1, "many"])
def test_a_limit_must_be_a_number_of_runs(limit: int) -> None:  # AP-50 EV-225
    with pytest.raises(ValueError, match="must be >= 1, None or unset"):
        gr.Blocks().queue(default_concurrency_limit=limit)


def test_a_parameter_of_old_is_told_of() -> None:  # AP-50
    with pytest.raises(DeprecationWarning, match="set concurrency_limit on the listeners"):
        gr.Blocks().queue(concurrency_count=3)


def test_the_queue_is_not_changed_while_runs_wait() -> None:  # AP-50
    gate = threading.Event()
    started = threading.Event()

    def slow() -> None:
        started.set()
        gate.wait(5)

    with gr.Blocks() as app:
        gr.Button().click(slow, api_name="slow")
    with gr.Client(app) as client:
        jobs = [client.submit(api_name="/slow") for _ in range(2)]
        assert started.wait(5)
        jobs.append(client.submit(api_name="/slow"))
        taken = threading.Event()
        assert portal.hand(taken.set) and taken.wait(5)
        with pytest.raises(RuntimeError, match="while runs are waiting"):
            app.queue(max_size=1)
        gate.set()
        for job in jobs:
            job.result(5)
    app.queue(max_size=1)
    app.close(verbose=False)


def test_load_listeners_of_callable_values_come_last_and_can_be_cancelled() -> None:  # AP-4 EV-198
    with gr.Blocks() as app:
        clock = gr.Number(lambda: 1, every=3)
        stop = gr.Button().click(None, cancels=clock.load_event)
    assert clock.load_event is not None
    assert (stop["id"], clock.load_event["id"]) == (0, 1)
    assert stop["cancels"] == [1]
    assert not clock.load_event["types"]["generator"]
    app.graph.check()


def test_it_has_the_events_of_a_page_and_can_be_shown_or_not() -> None:  # CP-140
    assert gr.Blocks.events == ("load", "unload")
    with gr.Blocks(elem_id="app", visible=False) as demo:
        with gr.Row():
            gr.Button()
    assert (demo.elem_id, demo.visible) == ("app", False)
    assert not demo.has_value  # no input, and an update of it is one of its properties
