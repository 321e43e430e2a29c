"""gr.load: an app whose endpoints another one runs."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import nbblocks as gr
from nbblocks.app.blueprint import build, plan_of
from tests.client.conftest import opened as opened
from tests.support import Page
from tests.waiting import until


def inner(fn: Any, *boxes: gr.Component[Any, Any], **options: Any) -> gr.Blocks:
    with gr.Blocks(title="Inner") as app:
        given = boxes or (gr.Textbox(),)
        for one in boxes:
            one.render()
        gr.Button("Go").click(fn, list(given), given[-1], api_name="fn", **options)
    return app


def test_the_endpoints_are_those_of_the_other_app(opened: Any) -> None:  # AP-95
    app = inner(str.upper)
    loaded = gr.load(app)
    assert loaded.title == "Inner" and loaded is not app
    assert loaded.get_api_info() == app.get_api_info()
    assert opened(loaded).predict("a") == "A"
    app.close(verbose=False)


def test_it_looks_the_same() -> None:  # AP-95
    with gr.Blocks(fill_height=True) as app:
        with gr.Row():
            gr.Slider(1, 5, value=2, step=1, label="Times", info="how often")
            with gr.Column(scale=2), gr.Tab("One"):
                gr.Radio([("A", 1), ("B", 2)], value=2)
                gr.Textbox("kept", lines=3)
        with gr.Accordion("More", open=False), gr.Group():
            gr.Dropdown(["x", "y"], multiselect=True, value=["x"])
    app.children[0].children[1].visible = False  # what code has set since it was built
    loaded = gr.load(app)

    def shape(block: Any) -> Any:
        props = {name: getattr(block, name) for name in block.page_props}
        return [block.page_type, props, [shape(child) for child in getattr(block, "children", ())]]

    assert [shape(child) for child in loaded.children if not child.stateful] == [
        shape(child) for child in app.children
    ]


@pytest.mark.parametrize(
    ("options", "there"),
    [
        ({}, True),
        ({"show_api": False}, True),
        ({"api_visibility": "undocumented"}, True),
        ({"api_visibility": "private"}, False),
        ({"api_name": False}, False),
    ],
)
def test_undocumented_events_are_there_and_private_ones_not(
    options: dict[str, Any], there: bool
) -> None:  # AP-95 EV-342 EV-343 SE-13 SE-51
    with gr.Blocks() as app:
        box = gr.Textbox()
        box.submit(str.upper, box, box, **options)
    assert len(gr.load(app).fns) == int(there)


def test_each_session_has_its_own_state(opened: Any) -> None:  # AP-95 ST-2
    def count(n: int) -> tuple[int, int]:
        return n + 1, n + 1

    with gr.Blocks() as app:
        state, out = gr.State(0), gr.Number()
        gr.Button().click(count, state, [state, out], api_name="count")
    loaded = gr.load(app)
    one, two = opened(loaded), opened(loaded)
    assert [one.predict(), one.predict(), two.predict()] == [1, 2, 1]
    sessions = app.host._sessions
    assert sum(not session.closed for session in sessions) == 2
    one.close()
    until(lambda: sum(not session.closed for session in sessions) == 1)
    two.close()
    until(lambda: all(session.closed for session in sessions))
    app.close(verbose=False)


def test_generators_stream_through(opened: Any) -> None:  # AP-95 AP-88
    def steps(text: str) -> Iterator[str]:
        for letter in text:
            gr.Info(letter)
            yield letter

    app = inner(steps)
    job = opened(gr.load(app)).submit("abc")
    assert list(job) == ["a", "b", "c"] and job.result(5) == "c"
    app.close(verbose=False)


def test_updates_pass(opened: Any) -> None:  # AP-95 AP-85
    app = inner(lambda text: gr.update(value=text, label="new"))
    assert opened(gr.load(app)).predict("a") == {"__type__": "update", "value": "a", "label": "new"}
    app.close(verbose=False)


def test_errors_pass_with_their_words(opened: Any) -> None:  # AP-95 AP-91
    def fail(text: str) -> str:
        raise gr.Error("no " + text) if text == "own" else KeyError("secret")

    app = inner(fail)
    client = opened(gr.load(app))
    with pytest.raises(gr.AppError, match="no own"):
        client.predict("own")
    with pytest.raises(gr.AppError, match="raised an error") as caught:
        client.predict("other")
    assert "secret" not in str(caught.value)
    app.close(verbose=False)


def test_cancelling_reaches_the_other_app(opened: Any) -> None:  # AP-95 AP-90
    ended, started = threading.Event(), threading.Event()

    def endless() -> Iterator[str]:
        try:
            while True:
                started.set()
                yield "x"
        finally:
            ended.set()

    with gr.Blocks() as app:
        gr.Button().click(endless, None, gr.Textbox(), api_name="endless")
    job = opened(gr.load(app)).submit()
    assert started.wait(5)
    job.cancel()
    assert ended.wait(5)
    app.close(verbose=False)


def test_progress_passes(opened: Any) -> None:  # AP-95 AP-89
    gate, reported = threading.Event(), threading.Event()

    def slow(text: str, progress: Any = gr.Progress()) -> str:
        progress((1, 4), desc="quarter")
        reported.set()
        assert gate.wait(5)
        return text

    app = inner(slow)
    job = opened(gr.load(app)).submit("a")
    assert reported.wait(5)
    until(lambda: job.status().progress_data)
    (unit,) = job.status().progress_data
    assert (unit.index, unit.length, unit.desc) == (1, 4, "quarter")
    gate.set()
    assert job.result(5) == "a"
    app.close(verbose=False)


def test_files_pass_both_ways(opened: Any, tmp_path: Path) -> None:  # AP-95 CP-12
    given, made = tmp_path / "a.txt", tmp_path / "made.txt"
    given.write_text("hello")

    def work(path: str) -> str:
        made.write_text(Path(path).read_text().upper())
        return str(made)

    app = inner(work, gr.File(render=False))
    loaded = gr.load(app)
    path = Path(opened(loaded).predict(str(given)))
    assert path.read_text() == "HELLO" and loaded.host.cache.holds(str(path))
    app.close(verbose=False)


def test_events_chains_and_data_work_in_a_page(comms: Any) -> None:  # AP-95 EV-160 EV-92
    def chosen(data: gr.SelectData) -> str:
        return f"{data.index} of {data.target.type_name}"

    with gr.Blocks() as app:
        box, out, last = gr.Dropdown(["a", "loaded"]), gr.Textbox(), gr.Textbox()
        box.select(chosen, None, out).then(str.upper, out, last)
        app.load(lambda: "loaded", None, box, api_name="hi")
    loaded = gr.load(app)
    box, out, last = (one for one in loaded.blocks.values() if one.type_name in ("dropdown", "textbox"))
    page = Page(loaded.host.show().comm)  # pyright: ignore[reportArgumentType]
    page.say("hello", js={}, values=[])
    page.until(box, "loaded")
    page.fire(box, "select", {"index": 1, "value": "b"})
    page.until(last, "1 OF DROPDOWN")


def test_what_render_builds_is_left_out(opened: Any) -> None:  # AP-95
    with gr.Blocks() as app:
        box = gr.Textbox()

        @gr.render(inputs=box)
        def build_it(text: str) -> None:
            gr.Textbox(text)

        box.submit(str.upper, box, box, api_name="up")
    assert [one.api_name for one in gr.load(app).fns.values()] == ["up"]


def test_buttons_that_clear_do_so_once() -> None:  # AP-95 CP-81
    with gr.Blocks() as app:
        box = gr.Textbox("a")
        gr.ClearButton(box)
    loaded = gr.load(app)
    assert len(loaded.fns) == len(app.fns)


def test_examples_load(opened: Any) -> None:  # AP-95 CP-160
    with gr.Blocks() as app:
        box = gr.Textbox()
        gr.Examples([["one"], ["two"]], box)
    client = opened(gr.load(app))
    assert client.predict(1, api_name="/load_example") == "two"
    app.close(verbose=False)


def test_endpoints_without_components(opened: Any) -> None:  # AP-95
    def add(a: int, b: int = 2) -> tuple[int, list[int]]:
        return a + b, [a, b]

    with gr.Blocks() as app:
        gr.api(add)
    loaded = gr.load(app)
    assert loaded.get_api_info() == app.get_api_info()
    assert opened(loaded).predict(1) == (3, [1, 2])
    app.close(verbose=False)


def test_a_plan_is_json() -> None:  # AP-95
    with gr.Blocks() as app:
        box = gr.Dataframe([[1, 2]])
        gr.Examples([["one"]], gr.Textbox())
        gr.Number(lambda: 1, every=5)
        gr.Button().click(lambda x: x, box, box)
    plan = json.loads(json.dumps(plan_of(app)))
    assert plan == plan_of(app)
    again = build(plan, lambda one: lambda *_: None, gr.State(render=False))
    assert len(again.fns) == len(app.fns)


def test_a_function_may_make_the_app() -> None:  # AP-95
    def make(name: str, token: str | None, **options: Any) -> Any:
        return name, token, options

    assert gr.load("x", make, token="t", a=1) == ("x", "t", {"a": 1})


@pytest.mark.parametrize("given", [("models/x",), ("x", "spaces"), (5,), ("gradio/calculator",)])
def test_what_needs_a_network_is_refused(given: Any) -> None:  # AP-95
    with pytest.raises(NotImplementedError, match=r"gr\.load takes an app or the path of a notebook"):
        gr.load(*given)


def test_inside_of_another_app_it_becomes_a_part_of_it(comms: Any) -> None:  # AP-95 AP-9
    with gr.Blocks() as app:
        box, out = gr.Textbox(), gr.Textbox()
        box.submit(str.upper, box, out)
        app.load(lambda: "loaded", None, box)
    with gr.Blocks() as whole:
        own = gr.Textbox()
        part = gr.load(app)
        own.submit(lambda text: text + "!", own, own)
    assert part.outer is whole and len(whole.fns) == 3
    box, out = (one for one in whole.blocks.values() if one.type_name == "textbox" and one is not own)
    page = Page(whole.host.show().comm)  # pyright: ignore[reportArgumentType]
    page.say("hello", js={}, values=[])
    page.until(box, "loaded")
    page.fire(box, "submit", None, [(box, "a")])
    page.until(out, "A")
    page.fire(own, "submit", None, [(own, "b")])
    page.until(own, "b!")


def test_what_was_typed_is_no_file_of_the_other_app(opened: Any, comms: Any, tmp_path: Path) -> None:  # TR-1
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    seen: list[Any] = []
    with gr.Blocks() as app:
        text, data, out = gr.Textbox(), gr.JSON(), gr.JSON()
        gr.Button().click(json.loads, text, data, api_name="read")
        data.change(lambda found: seen.append(found) or found, data, out, api_name="pass")
    loaded = gr.load(app)
    typed = {"path": str(secret), "meta": {"_type": "nbblocks.FileData"}}
    opened(loaded).predict(json.dumps(typed), api_name="/read")
    boxes = [one for one in loaded.blocks.values() if isinstance(one, (gr.Textbox, gr.JSON))]
    page = Page(loaded.host.show().comm)  # pyright: ignore[reportArgumentType]
    page.say("hello")
    (button,) = [one for one in loaded.blocks.values() if isinstance(one, gr.Button)]
    page.fire(button, "click", values=[(boxes[0], json.dumps(typed))])
    until(lambda: seen)
    assert seen == [typed]
    for one in (app, loaded):
        assert not [path for path in Path(one.host.cache.root).rglob("*") if path.is_file()]
    app.close(verbose=False)


def test_files_go_through_the_other_app(comms: Any, tmp_path: Path) -> None:  # TR-1
    given, away = tmp_path / "a.txt", tmp_path / "b.txt"
    given.write_text("a")
    away.write_text("b")
    with gr.Blocks() as app:
        file, data = gr.File(), gr.JSON()
        file.upload(
            lambda path: {"got": gr.FileData(path=path), "own": gr.FileData(path=str(away))}, file, data
        )
    loaded = gr.load(app)
    page = Page(loaded.host.show().comm)  # pyright: ignore[reportArgumentType]
    page.say("hello")
    (one,) = [node for node in loaded.blocks.values() if isinstance(node, gr.File)]
    (shown,) = [node for node in loaded.blocks.values() if isinstance(node, gr.JSON)]
    page.fire(one, "upload", values=[(one, {"path": loaded.host.cache.save_file(given)})])
    found = page.comm.wait(lambda: page.shown(shown))
    for name in ("got", "own"):
        page.say("download", download=name, node=shown._id, path=found[name]["path"])
        page.until_told("download_end", download=name)
    app.close(verbose=False)
