"""gr.render: parts of an app that a function builds anew while the app runs."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

import nbblocks as gr
from nbblocks.bridge.block import Block
from nbblocks.bridge.layout import Form

from .rendering import Comms, Counted, boxes, fields_in, settle, show, tree_of, until

# -- the decorator


def test_the_name_stays_bound_to_the_plain_function() -> None:  # AP-60
    app = Counted(boxes())
    assert app.function.__name__ == "rendering" and not isinstance(app.function, gr.Dependency)
    with gr.Blocks():

        @gr.render()
        def say(word: str = "hi") -> str:
            return word

        assert say("ho") == "ho"


def test_outside_of_an_app_it_is_refused() -> None:  # AP-60
    with pytest.raises(ValueError, match="inside of a nbblocks.Blocks context"):
        gr.render()


def test_it_takes_components_as_inputs() -> None:
    with gr.Blocks(), pytest.raises(TypeError, match="inputs must be components, got function"):
        gr.render(test_it_takes_components_as_inputs)  # pyright: ignore[reportArgumentType]


def test_unknown_options_are_refused() -> None:
    with gr.Blocks():
        with pytest.raises(TypeError):
            gr.render(outputs=None)  # pyright: ignore[reportCallIssue]
        with pytest.raises(ValueError, match="trigger_mode"):
            gr.render(trigger_mode="last")(print)  # pyright: ignore[reportArgumentType]


async def coroutine() -> None: ...


def generator() -> Iterator[None]:
    yield


async def async_generator() -> AsyncIterator[None]:
    yield


@pytest.mark.parametrize(
    ("fn", "kind"),
    [(coroutine, "coroutine"), (generator, "generator"), (async_generator, "async generator")],
)
def test_generators_and_coroutines_are_refused(fn: Callable[..., Any], kind: str) -> None:  # AP-66
    with gr.Blocks() as app:
        with pytest.raises(TypeError, match=f"{fn.__name__} is a {kind}"):
            gr.render()(fn)
    assert not app.children and not app.fns


def test_it_reserves_a_container_of_the_kind_of_its_surroundings() -> None:  # AP-61
    with gr.Blocks() as app:
        with gr.Row() as row:
            gr.render()(lambda: None)
        with gr.Group() as group:
            gr.render()(lambda: None)
    (inner,), (column,) = row.children, group.children
    assert type(inner) is gr.Row and type(column) is gr.Column
    assert inner.show_progress and column.show_progress  # EV-326
    assert [one.outputs for one in app.fns.values()] == [(inner,), (column,)]


def test_load_and_changes_of_inputs_trigger_it_unless_told() -> None:  # AP-62
    with gr.Blocks() as app:
        box, button, state = gr.Textbox(), gr.Button(), gr.State()
        gr.render([box, state])(lambda a, b: None)
        gr.render(box, [button.click])(lambda a: None)
        gr.render(box, app.load)(lambda a: None)
    events = [{(t.source, t.event) for t in one.triggers} for one in app.fns.values()]
    assert events == [
        {(app, "load"), (box, "change"), (state, "change")},
        {(button, "click")},
        {(app, "load")},
    ]


def test_its_endpoint_is_undocumented_and_named_as_any(comms: Comms) -> None:  # AP-69
    app = Counted(boxes())
    listener = app.app.fns[0]
    assert (listener.api_name, listener.api_visibility) == ("rendering", "undocumented")
    assert listener.trigger_mode == "always_last"  # AP-60
    assert (listener.queue, listener.concurrency_limit, listener.show_progress) == (True, None, "full")


# -- what is rendered


def test_what_the_function_makes_stands_in_the_container(comms: Comms) -> None:  # AP-61
    app = Counted(boxes(), start=2).open()
    made = list(app.made.values())
    assert app.ids == [one._id for one in made]
    assert [app.page.shown(one) for one in made] == ["0 of 2", "1 of 2"]
    assert all(one.is_rendered and app.app.blocks[one._id] is one for one in made)
    assert all(app.page.shown(one, "interactive") for one in made)  # no listener reads or writes them: TR-65
    config = app.app.get_config_file()
    assert {one._id for one in made} <= {one["id"] for one in config["components"]}


def test_content_listeners_and_properties_come_in_one_message(comms: Comms) -> None:  # EV-54
    def build(self: Counted, n: int) -> None:
        box = gr.Textbox(f"{n}", label=f"L{n}")
        box.submit(lambda: "", None, self.out)

    app = Counted(build).open()
    app.again(2)
    updates = [one for one in app.page.comm.updates if "tree" in one]
    assert len(updates) == 2
    for n, update in enumerate(updates, 1):
        (form,) = next(child for child in update["tree"][2] if child[0] == app.container._id)[2]
        (box,) = form[2]
        assert (update[f"{box[0]}.value"], update[f"{box[0]}.label"]) == (str(n), f"L{n}")
        assert [box[0], "submit"] in [target for one in update["listeners"] for target in one["targets"]]


def test_a_new_rendering_takes_the_place_of_the_last_one(comms: Comms) -> None:  # AP-63
    app = Counted(boxes(), start=2).open()
    before = app.ids
    app.again(3)
    assert len(app.ids) == 3 and not set(app.ids) & set(before)
    assert not set(before) & app.app.blocks.keys()
    told = app.page.until_told("forget")
    assert {number for number, _ in told["blocks"]} > set(before) and told["listeners"] == []


def test_a_second_page_sees_the_newest_rendering(comms: Comms) -> None:  # ST-1
    app = Counted(boxes()).open()
    app.again(2)
    state = app.app.host.page_state()
    assert [one[0] for one in fields_in(app.page, app.container)] == [b._id for b in app.made.values()]
    assert [state[f"{one._id}.value"] for one in app.made.values()] == ["0 of 2", "1 of 2"]
    assert state["tree"] == app.page.comm.state["tree"]


def test_the_returned_value_is_ignored(comms: Comms) -> None:  # AP-66
    with gr.Blocks() as app:

        @gr.render()
        def returns() -> str:
            gr.Textbox("there")
            return "nothing to look at"

    page = show(app)
    page.comm.wait(lambda: tree_of(page, app.children[0]))
    assert page.comm.state["run.0"]["stage"] == "complete"


def test_an_error_keeps_the_previous_content(comms: Comms) -> None:  # AP-67
    def build(self: Counted, n: int) -> None:
        box = gr.Textbox("kept" if n == 1 else "dropped")
        self.button.click(lambda text: text, box, self.out)
        if n == 2:
            raise RuntimeError("no second")

    app = Counted(build).open()
    blocks, listeners, tree = list(app.app.blocks), list(app.app.fns), app.page.comm.state["tree"]
    assert "no second" in app.fails(2)
    assert (list(app.app.blocks), list(app.app.fns)) == (blocks, listeners)
    assert app.page.comm.state["tree"] == tree
    app.page.fire(app.button, "click")
    app.page.until(app.out, "kept")


def test_layouts_and_unplaced_components_are_as_everywhere(comms: Comms) -> None:  # AP-61 CP-148
    def build(self: Counted, n: int) -> None:
        with gr.Row() as row:
            with gr.Tab("one") as tab:
                box = gr.Textbox()
            gr.Button("b")
        hidden = gr.Textbox(render=False)
        self.made = {"row": row, "tab": tab, "box": box, "hidden": hidden}

    app = Counted(build).open()
    ((number, kind, (tabs, button)),) = tree_of(app.page, app.container)
    assert (number, kind, tabs[1], button[1]) == (app.made["row"]._id, "row", "tabs", "button")
    assert tabs[2][0][0] == app.made["tab"]._id and tabs[2][0][2][0][1] == "form"
    assert app.made["hidden"]._id not in app.app.blocks
    assert tabs[0] in app.app.blocks and tabs[2][0][2][0][0] in app.app.blocks


def test_an_app_may_be_made_inside(comms: Comms) -> None:  # AP-6
    def build(self: Counted, n: int) -> None:
        with gr.Blocks():
            with gr.Row():
                box = gr.Textbox("in")
            self.app.load(lambda: f"loaded {n}", None, box)
        self.made = {"box": box}
        if n == 2:
            raise RuntimeError

    app = Counted(build).open()
    app.page.until(app.made["box"], "loaded 1")
    blocks = set(app.app.blocks)
    app.fails(2)
    assert set(app.app.blocks) == blocks
    app.again(3)
    assert len(app.app.blocks) == len(blocks)


def test_a_block_from_outside_may_be_placed_inside_each_time(comms: Comms) -> None:  # AP-7 AP-8
    box = gr.Textbox("mine", render=False)

    def build(self: Counted, n: int) -> None:
        if n != 2:
            box.render()

    app = Counted(build).open()
    app.again(3)
    assert app.ids == [box._id]
    app.again(2)
    assert app.ids == [] and not box.is_rendered
    app.again(1)
    assert app.ids == [box._id] and app.app.blocks[box._id] is box


def test_a_block_that_stands_in_the_app_is_not_placed_again(comms: Comms) -> None:  # AP-7
    def build(self: Counted, n: int) -> None:
        if n == 2:
            self.out.render()

    app = Counted(build).open()
    frame = app.out.parent
    assert "has been rendered in this app already" in app.fails(2)
    assert app.out.parent is frame


def test_special_arguments_reach_the_function(comms: Comms) -> None:  # EV-90
    seen: list[Any] = []
    with gr.Blocks() as app:
        box = gr.Textbox()

        @gr.render(box, [box.select])
        def chosen(text: str, event: gr.SelectData, request: gr.Request) -> None:
            seen.append((text, event.index, request.session_hash))

    page = show(app)
    page.fire(box, "select", {"index": [0, 1], "value": "a", "selected": True}, values=[(box, "abc")])
    page.comm.wait(lambda: page.comm.state.get("run.0", {}).get("stage") == "complete")
    assert app.host.session is not None
    assert seen == [("abc", (0, 1), app.host.session.id)]


def test_a_set_of_inputs_comes_as_a_dict(comms: Comms) -> None:  # EV-22
    seen: list[Any] = []
    with gr.Blocks() as app:
        a, b = gr.Textbox("x"), gr.Textbox("y")
        gr.render({a, b})(lambda given: seen.append(given))
    page = show(app)
    page.comm.wait(lambda: page.comm.state.get("run.0", {}).get("stage") == "complete")
    assert seen == [{a: "x", b: "y"}]


# -- listeners inside


def test_listeners_made_inside_use_components_of_both_sides(comms: Comms) -> None:  # AP-64
    def build(self: Counted, n: int) -> None:
        found = [gr.Textbox(f"{i}") for i in range(n)]
        self.button.click(lambda *texts: "+".join(texts), found, self.out)
        found[0].submit(lambda text: f"sent {text}", self.n, self.out)
        self.made = {"first": found[0]}

    app = Counted(build, start=2).open()
    page = app.page
    page.fire(app.button, "click")
    page.until(app.out, "0+1")
    app.again(3)
    page.fire(app.button, "click")
    page.until(app.out, "0+1+2")
    page.fire(app.made["first"], "submit")
    page.until(app.out, "sent 3")


def test_an_inner_listener_makes_outer_components_interactive_or_not(comms: Comms) -> None:  # CP-6
    def build(self: Counted, n: int) -> None:
        if n == 1:
            self.button.click(lambda: "", None, self.out)
        elif n == 2:
            self.button.click(lambda text: None, self.out)

    app = Counted(build)
    assert app.app.host.page_state()[f"{app.out._id}.interactive"]
    app.open()
    assert app.page.shown(app.out, "interactive") is False
    app.again(2)
    assert app.page.shown(app.out, "interactive") is True


def test_outside_listeners_that_name_inner_components_are_refused(comms: Comms) -> None:  # AP-64 EV-14
    app = Counted(boxes()).open()
    box = app.made["box0"]
    listeners = list(app.app.fns)
    with app.app:
        for register in (
            lambda: app.button.click(lambda text: text, box, app.out),
            lambda: app.button.click(lambda: "", None, box),
            lambda: box.submit(lambda: "", None, app.out),
        ):
            with pytest.raises(gr.InvalidBlockError, match="register the listener in that function"):
                register()
    assert list(app.app.fns) == listeners
    app.again(2)


def test_inner_listeners_that_name_unplaced_components_are_refused(comms: Comms) -> None:  # EV-14
    def build(self: Counted, n: int) -> None:
        box = gr.Textbox(render=n != 2)
        self.button.click(lambda text: text, box, self.out)

    app = Counted(build).open()
    assert "InvalidBlockError" in app.fails(2)
    assert len(app.ids) == 1


def test_components_of_another_render_function_are_refused(comms: Comms) -> None:  # AP-64
    made: list[Any] = []
    with gr.Blocks() as app:
        button, out = gr.Button(), gr.Textbox()
        gr.render()(lambda: made.append(gr.Textbox()))
        gr.render(None, button.click)(lambda: button.click(lambda text: text, made[0], out))
    page = show(app)
    page.comm.wait(lambda: tree_of(page, app.children[2]))
    page.fire(button, "click")
    page.comm.wait(lambda: page.comm.state.get("run.1", {}).get("stage") == "error")
    assert "register the listener in that function" in page.until_told("log", stream="error")["text"]


def test_what_must_hold_of_listeners_holds_inside(comms: Comms) -> None:  # AP-34 EV-275
    def build(self: Counted, n: int) -> None:
        run = self.button.click(lambda: "", None, self.out, queue=n != 2)
        self.other.click(None, cancels=run)

    app = Counted(build).open()
    assert "Queue needs to be enabled" in app.fails(2)


def test_chains_and_cancels_reach_from_inside_to_the_outside(comms: Comms) -> None:  # EV-160 EV-270
    waiting, go = threading.Event(), threading.Event()

    def slow() -> str:
        waiting.set()
        assert go.wait(5)
        return "slow"

    with gr.Blocks() as app:
        out, told = gr.Textbox(), gr.Textbox()
        run = gr.Button().click(slow, None, out)
        button: Any = app.children[-1]

        @gr.render()
        def inside() -> None:
            run.failure(lambda: "stopped", None, told)
            gr.Button("Stop").click(None, cancels=run)

    page = show(app)
    page.comm.wait(lambda: tree_of(page, app.children[-1]))
    (stop,) = app.children[-1].children
    page.fire(button, "click")
    assert waiting.wait(5)
    page.fire(stop, "click")
    page.until(told, "stopped")
    go.set()


def test_api_names_stay_the_same(comms: Comms) -> None:  # EV-341
    def build(self: Counted, n: int) -> None:
        def act() -> None: ...

        for _ in range(n):
            self.button.click(act)

    app = Counted(build, start=2)
    with app.app:
        app.other.click(lambda: None, api_name="act")
    app.open()
    names = [one.api_name for one in app.app.fns.values()]
    app.again(3)
    app.again(2)
    assert [one.api_name for one in app.app.fns.values()] == names == ["rendering", "act", "act_1", "act_2"]
    assert [one["api_name"] for one in app.app.dependencies] == names


def test_load_events_and_callable_values_run_after_each_rendering(comms: Comms) -> None:  # AP-65
    loads: list[str] = []

    def build(self: Counted, n: int) -> None:
        box = gr.Textbox()
        self.app.load(lambda: loads.append("inner") or f"loaded {n}", None, box)
        called = gr.Textbox(lambda: f"called {n}")
        self.made = {"box": box, "called": called}

    app = Counted(build)
    with app.app:
        app.app.load(lambda: loads.append("outer"))
    app.open()
    for n in (1, 2, 3):
        if n > 1:
            app.again(n)
        app.page.until(app.made["box"], f"loaded {n}")
        app.page.until(app.made["called"], f"called {n}")
    assert sorted(loads) == ["inner", "inner", "inner", "outer"]


def test_callable_values_inside_follow_components_outside(comms: Comms) -> None:  # EV-197
    def build(self: Counted, n: int) -> None:
        self.made = {"box": gr.Textbox(lambda text: f"saw {text}", inputs=self.out)}

    app = Counted(build).open()
    app.page.until(app.made["box"], "saw ")
    settle()
    app.page.enter(app.out, "me")
    app.page.until(app.made["box"], "saw me")


# -- runs that are under way


def test_runs_of_the_last_rendering_deliver_to_what_is_still_there(comms: Comms) -> None:  # AP-63
    waiting, go = threading.Event(), threading.Event()

    def build(self: Counted, n: int) -> None:
        box = gr.Textbox(f"new {n}")

        def slow() -> tuple[str, str]:
            waiting.set()
            assert go.wait(5)
            return "late", f"from {n}"

        self.button.click(slow, None, [box, self.out])
        self.made = {"box": box}

    app = Counted(build).open()
    old = app.made["box"]
    app.page.fire(app.button, "click")
    assert waiting.wait(5)
    app.again(2)
    go.set()
    app.page.until(app.out, "from 1")
    settle()
    assert (old.value, app.made["box"].value) == ("new 1", "new 2")
    assert not any(key.startswith(f"{old._id}.") for one in app.page.comm.updates[-1:] for key in one)
    assert "run.1" not in app.app.host.page_state()


def test_a_trigger_noted_for_a_listener_that_is_gone_is_dropped(comms: Comms) -> None:  # AP-63 EV-123
    calls: list[int] = []
    waiting, go = threading.Event(), threading.Event()

    def build(self: Counted, n: int) -> None:
        def slow() -> str:
            calls.append(n)
            waiting.set()
            assert go.wait(5)
            return f"from {n}"

        self.button.click(slow, None, self.out, trigger_mode="always_last")

    app = Counted(build).open()
    app.page.fire(app.button, "click")
    assert waiting.wait(5)
    app.page.fire(app.button, "click")
    settle()
    app.again(2)
    go.set()
    app.page.until(app.out, "from 1")
    app.page.fire(app.button, "click")
    app.page.until(app.out, "from 2")
    assert calls == [1, 2]


def test_a_repetition_ends_with_its_listener(comms: Comms) -> None:  # AP-63 EV-192
    def build(self: Counted, n: int) -> None:
        gr.Textbox(lambda: "tick", every=0.01)
        self.made = {"n": n}

    app = Counted(build).open()
    for n in (2, 3, 4):
        app.again(n)
    settle()
    repeating = [run for run in app.session.runs() if run.listener.every is not None]
    assert len(repeating) == 1 and repeating[0].listener in app.app.fns.values()


def test_what_a_page_says_of_a_block_that_has_just_gone_is_no_fault(
    comms: Comms, caplog: pytest.LogCaptureFixture
) -> None:  # EV-130
    def build(self: Counted, n: int) -> None:
        box, button = gr.Textbox("inner"), gr.Button()
        button.click(lambda text: text, box, self.out)
        self.made = {"box": box, "button": button}

    app = Counted(build).open()
    old = app.made
    app.again(2)
    app.page.fire(old["button"], "click", values=[(old["box"], "typed"), (app.out, "also typed")])
    app.page.enter(old["box"], "more")
    settle()
    assert app.session.value(app.out) == "also typed"
    assert caplog.text == ""


# -- timers


@pytest.mark.parametrize("key", [None, "clock"])
def test_a_timer_ticks_as_long_as_it_is_there(comms: Comms, key: str | None) -> None:  # EV-200
    def build(self: Counted, n: int) -> None:
        timer = gr.Timer(0.01, key=key)
        timer.tick(lambda: f"tick of {n}", None, self.out)

    app = Counted(build).open()
    for n in (1, 2, 3):
        if n > 1:
            app.again(n)
        app.page.until(app.out, f"tick of {n}")
    assert len(app.session.tickers) == 1


# -- renders inside renders


class Nested(Counted):
    """A rendering with a rendering inside: n times m boxes."""

    def __init__(self) -> None:
        self.inner: list[Any] = []

        def build(self: Counted, n: int) -> None:
            m = gr.Number(n, precision=0)
            self.made = {"m": m}

            @gr.render(m)
            def inside(count: int) -> None:
                found = [gr.Textbox(f"{i} of {count} in {n}", key=i) for i in range(count)]
                self.button.click(lambda m, *texts: "+".join(texts), [m, *found], self.out)
                self.inner = found

        super().__init__(build)

    def pressed(self, text: str) -> None:
        """Wait until the button gives this."""
        wanted = text.count("+") + 1
        self.page.comm.wait(lambda: len(self.inner) == wanted and self.inner[-1]._id in self.app.blocks)
        self.page.fire(self.button, "click")
        self.page.until(self.out, text)


def test_a_render_inside_a_render_works_on_its_own(comms: Comms) -> None:  # AP-68
    app = Nested().open()
    app.pressed("0 of 1 in 1")
    app.page.enter(app.inner[0], "typed")
    settle()
    app.page.enter(app.made["m"], 2)
    app.pressed("typed+1 of 2 in 1")


def test_the_content_of_an_inner_render_goes_with_the_outer_one(comms: Comms) -> None:  # AP-68
    app = Nested().open()
    app.pressed("0 of 1 in 1")
    blocks, listeners = len(app.app.blocks), len(app.app.fns)
    old = app.inner[0]
    app.again(3)
    app.pressed("0 of 3 in 3+1 of 3 in 3+2 of 3 in 3")
    assert old._id not in app.app.blocks
    app.again(1)
    app.pressed("0 of 1 in 1")
    assert (len(app.app.blocks), len(app.app.fns)) == (blocks, listeners)


def test_an_inner_render_whose_place_is_gone_is_dropped(comms: Comms) -> None:  # AP-68 AP-63
    waiting, go = threading.Event(), threading.Event()

    def build(self: Counted, n: int) -> None:
        @gr.render()
        def inside() -> None:
            gr.Textbox(f"inner of {n}")
            if n == 1:
                waiting.set()
                assert go.wait(5)

    app = Counted(build).open()
    assert waiting.wait(5)
    app.again(2)
    (column,) = app.container.children
    app.page.comm.wait(lambda: column.rendered is not None)
    blocks = set(app.app.blocks)
    go.set()
    until(lambda: not app.session.pending)
    assert set(app.app.blocks) == blocks


# -- sessions


def test_a_client_renders_nothing_into_the_notebooks_view(comms: Comms) -> None:  # AP-61
    app = Counted(boxes()).open()
    before = app.ids
    with gr.Client(app.app) as client:
        assert client.predict(3, api_name="/rendering") == ()
    settle()
    assert app.ids == before and len(app.container.children[0].children) == 1


def test_without_a_view_a_client_can_call_what_it_has_rendered(comms: Comms) -> None:  # AP-61
    def build(self: Counted, n: int) -> None:
        found = [gr.Textbox(f"{i}") for i in range(n)]
        self.button.click(lambda *texts: "+".join(texts), found, self.out, api_name="join")

    app = Counted(build)
    with gr.Client(app.app) as client:
        client.predict(2, api_name="/rendering")
        assert client.predict("a", "b", api_name="/join") == "a+b"
        app.open()
        assert len(app.ids) == 1


def test_a_direct_call_renders_nothing(comms: Comms) -> None:  # AP-80
    app = Counted(boxes())
    app.app(2, api_name="rendering")
    assert app.container.children == []


def test_it_stays_in_this_process_where_an_executor_is_given(comms: Comms) -> None:  # AP-60
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1, "elsewhere") as elsewhere:
        threads: list[str] = []

        def build(self: Counted, n: int) -> None:
            threads.append(threading.current_thread().name)
            gr.Textbox()

        app = Counted(build)
        app.app.queue(executor=elsewhere)
        with pytest.warns(UserWarning, match="rendering will run in this process"):
            app.app.host.start()
        app.open()
        assert len(app.ids) == 1 and not threads[0].startswith("elsewhere")


def test_an_app_shown_again_after_a_close_renders_anew(comms: Comms) -> None:  # AP-39
    app = Counted(boxes()).open()
    app.again(2)
    app.app.close(verbose=False)
    app.page = None
    app.open()
    app.again(3)
    assert [type(one) for one in app.app.blocks.values()][6:] == [gr.Textbox] * 3 + [Form]


# -- what is left


def test_a_thousand_renderings_leave_nothing_behind(comms: Comms) -> None:  # AP-63
    old: weakref.WeakSet[Block] = weakref.WeakSet()

    def build(self: Counted, n: int) -> None:
        with gr.Row() as row:
            state = gr.State([0] * 100)
            plain = gr.Textbox("a")
            kept = gr.Textbox("b", key="kept")
            timer = gr.Timer(60)
        run = plain.change(lambda text, s: (f"{text}!", s), [kept, state], [plain, state])
        run.then(lambda: None, key="then")
        self.app.load(lambda: (f"{n}", [n]), None, [plain, state])
        timer.tick(lambda: gr.Textbox(label="x"), None, plain)
        for block in (row, state, plain, kept, timer):
            old.add(block)

        @gr.render()
        def inside() -> None:
            old.add(gr.Textbox(lambda: f"{n}"))

    app = Counted(build).open()
    host = app.app.host

    def sizes() -> list[int]:
        session = app.session
        graph = app.app.graph
        return [
            len(one)
            for one in (
                graph.nodes, graph.listeners, graph.dependencies, graph.homes, session._values,
                session._configured, session.tickers, session.states._kept, session.states._making,
                host.outbox._statuses._shown, host.scheduler.queue._groups,
            )
        ]  # fmt: skip

    def quiet() -> list[int]:
        until(lambda: not app.session.pending)
        settle()
        return sizes()

    app.again(2)
    before = quiet()
    for n in range(3, 1003):
        app.page.enter(app.n, n)
        until(lambda n=n: app.session.value(app.n) == n and not app.session.pending)
    assert quiet() == before
    host.outbox.flush()
    gc.collect()
    # The last rendering, and what a thread still has in its hands.
    assert len(old) <= 12, sorted(map(repr, old))
