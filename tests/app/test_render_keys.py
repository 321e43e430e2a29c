"""Keys: what of a rendering is part of the next one too."""

from __future__ import annotations

import threading
from typing import Any

import pytest

import nbblocks as gr

from .rendering import Comms, Counted, boxes, keyed, settle, show, tree_of, until


def test_a_key_keeps_id_and_value_and_takes_the_rest_anew(comms: Comms) -> None:  # ST-70
    def build(self: Counted, n: int) -> None:
        self.made = {
            "box": gr.Textbox(f"start {n}", key="box", label=f"Label {n}", placeholder=f"P{n}"),
            "new": gr.Textbox(f"start {n}", label=f"Label {n}"),
        }
        self.button.click(lambda *texts: "+".join(texts), list(self.made.values()), self.out)

    app = Counted(build).open()
    box, new = app.made["box"], app.made["new"]
    app.page.enter(box, "typed")
    app.page.enter(new, "typed as well")
    settle()
    app.again(2)
    heir = app.made["box"]
    assert heir is not box and heir._id == box._id and app.made["new"]._id != new._id
    assert app.app.blocks[box._id] is heir
    assert (heir.value, heir.label, heir.placeholder) == ("typed", "Label 2", "P2")
    assert (app.page.shown(heir, "label"), app.page.shown(heir, "placeholder")) == ("Label 2", "P2")
    assert app.page.shown(app.made["new"]) == "start 2"  # ST-71
    shown = [one for one in app.page.comm.updates if f"{box._id}.value" in one]
    assert len(shown) == 1  # with the first rendering: the page may be ahead
    app.page.fire(app.button, "click")
    app.page.until(app.out, "typed+start 2")


def test_a_value_that_nobody_has_set_is_that_of_the_new_call(comms: Comms) -> None:  # ST-70
    app = Counted(keyed).open()
    box = app.made["box0"]
    app.again(2)
    assert app.made["box0"]._id == box._id
    assert (app.made["box0"].value, app.page.shown(box)) == ("0 of 2", "0 of 2")


def test_what_handlers_and_cells_have_set_is_kept(comms: Comms) -> None:  # ST-70
    def build(self: Counted, n: int) -> None:
        box, coded = gr.Textbox(f"{n}", key="a"), gr.Textbox(f"{n}", key="b")
        self.button.click(lambda: "handled", None, box)
        self.made = {"box": box, "coded": coded}

    app = Counted(build).open()
    app.page.fire(app.button, "click")
    app.page.until(app.made["box"], "handled")
    app.made["coded"].value = "coded"
    app.page.until(app.made["coded"], "coded")
    app.again(2)
    app.again(3)
    assert (app.made["box"].value, app.made["coded"].value) == ("handled", "coded")


def test_preserved_by_key_names_other_properties(comms: Comms) -> None:  # ST-70
    def build(self: Counted, n: int) -> None:
        box = gr.Radio(["a", "b"], key="r", label=f"L{n}", info=f"I{n}", preserved_by_key=["label", "value"])
        self.button.click(lambda: gr.Radio(label="set", info="set too", value="b"), None, box)
        self.other.click(lambda: gr.Radio(choices=["b", "c"]), None, box)
        box.change(lambda value: value, box, self.out)
        self.made = {"box": box}

    app = Counted(build).open()
    app.page.fire(app.button, "click")
    app.page.until(app.made["box"], "set", "label")
    for n in (2, 3):
        app.again(n)
        box = app.made["box"]
        assert (box.label, box.info, box.value) == ("set", f"I{n}", "b")
        assert (app.page.shown(box, "label"), app.page.shown(box, "info")) == ("set", f"I{n}")
    app.page.fire(app.other, "click")
    app.page.comm.wait(lambda: app.page.shown(app.made["box"], "choices") == [["b", "b"], ["c", "c"]])
    app.page.enter(app.made["box"], "c")
    app.page.until(app.out, "c")
    assert app.session.view(app.made["box"]).label == "set"


@pytest.mark.parametrize("nothing", [[], None])
def test_preserved_by_key_may_name_nothing(comms: Comms, nothing: Any) -> None:  # ST-75
    app = Counted(boxes(lambda i: i, preserved_by_key=nothing)).open()
    box = app.made["box0"]
    app.page.enter(box, "typed")
    settle()
    app.again(2)
    assert app.ids[0] == box._id and app.page.shown(box) == "0 of 2"
    assert app.session.value(app.made["box0"]) == app.made["box0"].value == "0 of 2"


def test_a_property_goes_back_to_its_default(comms: Comms) -> None:  # ST-70
    def build(self: Counted, n: int) -> None:
        box = gr.Textbox(key="a", **({"info": "only once", "lines": 3} if n == 1 else {}))
        self.button.click(lambda: gr.Textbox(placeholder="set"), None, box)
        self.made = {"box": box}

    app = Counted(build).open()
    box = app.made["box"]
    app.page.fire(app.button, "click")
    app.page.until(box, "set", "placeholder")
    app.again(2)
    shown = [app.page.shown(box, name) for name in ("info", "lines", "placeholder")]
    assert shown == [None, 1, None]


@pytest.mark.parametrize("key", [7, "seven", (1, "a")])
def test_keys_may_be_numbers_texts_and_tuples(comms: Comms, key: Any) -> None:  # ST-72
    app = Counted(boxes(lambda i: key)).open()
    before = app.ids
    app.page.enter(app.n, 1)
    settle()
    app.page.enter(app.out, "x")
    app.again(0)
    assert app.ids == []
    app.again(1)
    assert app.ids != before  # what counts is the rendering before


def test_a_key_given_twice_fails_the_rendering(comms: Comms) -> None:  # ST-72
    app = Counted(boxes(lambda i: "same")).open()
    assert "two components have the key 'same'" in app.fails(2)
    assert len(app.ids) == 1


def test_keys_belong_to_one_render_function(comms: Comms) -> None:  # ST-72
    made: list[Any] = []
    with gr.Blocks() as app:
        for _ in range(2):
            gr.render()(lambda: made.append(gr.Textbox(key="same")))
    page = show(app)
    page.comm.wait(lambda: all(tree_of(page, one) for one in app.children))
    assert made[0]._id != made[1]._id


def test_another_class_with_the_same_key_is_another_component(comms: Comms) -> None:  # ST-70
    app = Counted(lambda self, n: (gr.Textbox if n == 1 else gr.Number)(key="k")).open()
    before = app.ids
    app.again(2)
    assert app.ids != before


def test_keyed_layouts_stay_and_so_do_frames_of_keyed_fields(comms: Comms) -> None:  # ST-73
    def build(self: Counted, n: int) -> None:
        with gr.Row(key="row"):
            gr.Textbox(key="a")
            gr.Textbox()
        with gr.Row():
            gr.Textbox(key="b")
        gr.Markdown("between")
        with gr.Tab("t", key="tab"):
            gr.Textbox(key="c")

    app = Counted(build).open()
    ((row, _, (form,)), (plain, _, (inner,)), _, (tabs, _, (tab,))) = tree_of(app.page, app.container)
    app.page.enter(app.app.blocks[inner[2][0][0]], "typed")
    app.again(2)
    ((row2, _, (form2,)), (plain2, _, (inner2,)), _, (tabs2, _, (tab2,))) = tree_of(app.page, app.container)
    assert (row2, form2[0], form2[2][0][0]) == (row, form[0], form[2][0][0])
    assert form2[2][1][0] != form[2][1][0]
    assert (tabs2, tab2) == (tabs, tab)
    assert plain2 != plain and inner2[2][0][0] == inner[2][0][0]  # rebuilt, with its value
    assert app.app.blocks[inner[2][0][0]].value == "typed"  # pyright: ignore[reportAttributeAccessIssue]
    assert all(app.app.blocks[number]._id == number for number in app.app.blocks)


def test_a_keyed_field_without_listeners_stays_editable(comms: Comms) -> None:  # ST-70 CP-6
    app = Counted(lambda self, n: gr.Textbox(key="a", label=f"{n}")).open()
    (number,) = app.ids
    app.page.enter(app.app.blocks[number], "typed")
    settle()
    app.again(2)
    assert app.page.comm.state[f"{number}.interactive"] is True


def test_change_listeners_of_a_keyed_component_hear_runs_of_the_last_rendering(comms: Comms) -> None:  # ST-70
    waiting, go = threading.Event(), threading.Event()

    def build(self: Counted, n: int) -> None:
        box = gr.Textbox(key="a")

        def slow() -> str:
            waiting.set()
            assert go.wait(5)
            return "late"

        self.button.click(slow, None, box)
        box.change(lambda text: f"{text}, heard by {n}", box, self.out)
        self.made = {"box": box}

    app = Counted(build).open()
    app.page.fire(app.button, "click")
    assert waiting.wait(5)
    app.again(2)
    go.set()
    app.page.until(app.out, "late, heard by 2")
    app.page.comm.wait(lambda: app.made["box"].value == "late")


def test_a_keyed_state_keeps_its_value_and_another_one_is_deleted(comms: Comms) -> None:  # ST-76
    deleted: list[Any] = []

    def build(self: Counted, n: int) -> None:
        kept = gr.State(n, key="kept", delete_callback=lambda value: deleted.append(("kept", value)))
        new = gr.State(n, delete_callback=lambda value: deleted.append(("new", value)))
        none = gr.State(
            n, key="none", preserved_by_key=[], delete_callback=lambda value: deleted.append(value)
        )
        self.button.click(
            lambda *values: (*(value + 10 for value in values), f"{values}"),
            [kept, new, none],
            [kept, new, none, self.out],
        )

    app = Counted(build).open()
    app.page.fire(app.button, "click")
    app.page.until(app.out, "(1, 1, 1)")
    app.again(2)
    app.page.fire(app.button, "click")
    app.page.until(app.out, "(11, 2, 2)")
    until(lambda: len(deleted) == 2)
    assert sorted(map(str, deleted)) == ["('new', 11)", "11"]
    app.app.close(verbose=False)


def test_a_state_made_outside_outlives_renderings_that_use_it(comms: Comms) -> None:  # ST-26
    deleted: list[Any] = []
    with gr.Blocks() as app:
        again, button, out = gr.Button(), gr.Button(), gr.Textbox()
        state = gr.State(0, delete_callback=deleted.append)
        loose = gr.State(0, render=False, delete_callback=deleted.append)

        @gr.render(None, [app.load, again.click])
        def inside() -> None:
            state.render()
            button.click(lambda a, b: (a + 1, b + 1, f"{a} {b}"), [state, loose], [state, loose, out])

    page = show(app)
    for n in range(3):
        page.comm.wait(lambda: len(app.fns) == 2)
        page.fire(button, "click")
        page.until(out, f"{n} {n}")
        newest = max(app.fns)
        page.fire(again, "click")
        page.comm.wait(lambda newest=newest: max(app.fns) > newest)
    assert deleted == [] and state._id in app.blocks


def test_a_run_of_a_keyed_listener_goes_on_and_delivers_to_the_new_outputs(comms: Comms) -> None:  # ST-77
    waiting, go, calls = threading.Event(), threading.Event(), []

    def build(self: Counted, n: int) -> None:
        first, second = gr.Textbox(), gr.Textbox()

        def slow() -> str:
            calls.append(n)
            waiting.set()
            assert go.wait(5)
            return f"from {n}"

        run = self.button.click(slow, None, second if n == 2 else first, key="slow")
        run.then(lambda: f"after, {n}", None, self.out)
        self.made = {"first": first, "second": second, "run": run}

    app = Counted(build).open()
    listener = app.made["run"].listener
    app.page.fire(app.button, "click")
    assert waiting.wait(5)
    app.again(2)
    assert app.made["run"].listener is listener and app.made["run"]["id"] == listener.id
    app.page.fire(app.button, "click")  # once: it is pending
    settle()
    go.set()
    app.page.until(app.made["second"], "from 1")
    app.page.until(app.out, "after, 2")
    assert calls == [1]
    app.page.fire(app.button, "click")
    app.page.until(app.made["second"], "from 2")


def test_a_waiting_run_of_a_keyed_listener_gets_the_new_inputs(comms: Comms) -> None:  # ST-77
    waiting, go = threading.Event(), threading.Event()

    def block() -> None:
        waiting.set()
        assert go.wait(5)

    def build(self: Counted, n: int) -> None:
        found = [gr.Textbox(f"{i} of {n}") for i in range(n)]
        self.other.click(block, concurrency_id="one", key="block")
        self.button.click(lambda *t: "+".join(t), found, self.out, concurrency_id="one", key="join")

    app = Counted(build).open()
    app.page.fire(app.other, "click")
    assert waiting.wait(5)
    app.page.fire(app.button, "click")
    settle()
    app.again(2)
    go.set()
    app.page.until(app.out, "0 of 2+1 of 2")


def test_a_listener_that_cancels_a_keyed_one_means_the_one_that_runs(comms: Comms) -> None:  # ST-77 EV-272
    waiting, go = threading.Event(), threading.Event()

    def slow() -> str:
        waiting.set()
        assert go.wait(5)
        return "done"

    def build(self: Counted, n: int) -> None:
        run = self.button.click(slow, None, self.out, key="slow")
        self.other.click(None, cancels=run)

    app = Counted(build).open()
    app.page.fire(app.button, "click")
    assert waiting.wait(5)
    app.again(2)
    app.page.fire(app.other, "click")
    app.page.comm.wait(lambda: app.page.comm.state.get("run.1", {}).get("stage") == "complete")
    go.set()
    settle()
    assert app.page.shown(app.out) in (None, "")


def test_a_listener_key_given_twice_fails_the_rendering(comms: Comms) -> None:  # ST-77
    def build(self: Counted, n: int) -> None:
        for _ in range(n):
            self.button.click(lambda: None, key="k")

    app = Counted(build).open()
    assert "two listeners have the key 'k'" in app.fails(2)


def test_a_keyed_timer_keeps_its_pace_or_takes_a_new_interval(comms: Comms) -> None:  # ST-70 EV-200
    def build(self: Counted, n: int) -> None:
        timer = gr.Timer(0.01 if n == 3 else 1000, key="clock")
        timer.tick(lambda: f"tick of {n}", None, self.out)

    app = Counted(build).open()
    (clock,) = app.session.tickers.values()
    changed = clock._changed
    app.again(2)
    assert list(app.session.tickers.values()) == [clock] and clock._changed is changed
    app.again(3)
    app.page.until(app.out, "tick of 3")
    assert list(app.session.tickers.values()) == [clock]
