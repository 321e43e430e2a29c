"""Handlers of a whole app, from its building to what a page is shown."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import nbblocks as gr
from nbblocks import components, layout
from nbblocks.app import launching
from nbblocks.bridge.portal import portal
from nbblocks.core.events import BoundEvent
from tests.support import FakeComm, Page

Open = Callable[[gr.Blocks], Page]


@pytest.fixture
def opened(comms: list[FakeComm]) -> Open:
    """Shows an app in a page."""

    def show(app: gr.Blocks, view: str = "here") -> Page:
        page = Page(app.host.show().comm, view)  # pyright: ignore[reportArgumentType]
        page.say("hello")
        return page

    return show


def stage(page: Page, dependency: gr.Dependency) -> str | None:
    """The status that the page shows of a listener."""
    return page.comm.state.get(f"run.{dependency['id']}", {}).get("stage")


def until_stage(page: Page, dependency: gr.Dependency, wanted: str | None) -> dict[str, Any]:
    """Wait for a status, and return its record."""
    key = f"run.{dependency['id']}"
    return page.comm.wait(
        lambda: next((one[key] for one in page.comm.updates if one.get(key, {}).get("stage") == wanted), None)
    )


def settle() -> None:
    """Wait until the loop has taken everything that was handed to it before."""
    done = threading.Event()
    assert portal.hand(done.set) and done.wait(5)


# -- registering


@pytest.mark.parametrize("name", [*components.__all__, *layout.__all__])
def test_each_event_of_each_block_registers_listeners(name: str) -> None:  # EV-1 EV-360
    cls: Any = getattr(gr, name)
    with gr.Blocks() as app:
        block = cls()
        for event in cls.events:
            bound = getattr(block, event)
            assert isinstance(bound, BoundEvent)
            dependency = bound(lambda: None, None, None, api_name=event, queue=False, trigger_mode="multiple")
            assert isinstance(dependency, gr.Dependency)
            assert dependency["targets"] == [[block._id, event]]
    assert len(app.fns) == len(cls.events)


def test_outside_of_its_with_an_app_takes_no_listeners() -> None:  # EV-3 EV-183
    with gr.Blocks() as app:
        button = gr.Button()
    for register in (button.click, app.load, app.unload, lambda fn: gr.on(button.click, fn)):
        with pytest.raises(AttributeError, match=r"outside of a nbblocks\.Blocks context"):
            register(lambda: None)
    with app:
        button.click(lambda: None)
    assert len(app.fns) == 1


def test_decorated_handlers_stay_functions(opened: Open) -> None:  # EV-5 EV-181
    with gr.Blocks() as app:
        name, out, button = gr.Textbox(""), gr.Textbox(), gr.Button()

        @gr.on([button.click, name.submit, app.load], inputs=name, outputs=out)
        def greet(name: str) -> str:
            return f"Hello {name}"

    assert greet("Ada") == "Hello Ada" and len(app.fns) == 1
    page = opened(app)
    page.until(out, "Hello ")
    page.fire(button, "click", values=[(name, "Eve")])
    page.until(out, "Hello Eve")
    page.fire(name, "submit", values=[(name, "Bob")])
    page.until(out, "Hello Bob")


def test_without_triggers_the_inputs_and_the_load_are_the_triggers(opened: Open) -> None:  # EV-182
    with gr.Blocks() as app:
        a, b, out = gr.Textbox("a"), gr.Textbox("b"), gr.Textbox()

        @gr.on(inputs=[a, b], outputs=out)
        def join(a: str, b: str) -> str:
            return f"{a} {b}"

    assert app.fns[0].trigger_mode == "always_last"
    assert [trigger.event for trigger in app.fns[0].triggers] == ["change", "change", "load"]
    page = opened(app)
    page.until(out, "a b")
    page.enter(a, "c")
    page.until(out, "c b")


def test_parameters_that_need_a_web_server_are_refused() -> None:  # EV-91
    def fn(x: str, profile: gr.OAuthProfile | None) -> None: ...

    with gr.Blocks(), pytest.raises(NotImplementedError, match=r"gr\.OAuthProfile needs a web server"):
        box = gr.Textbox()
        box.submit(fn, box)


# -- running


@pytest.mark.parametrize("kind", ["plain", "generator", "coroutine"])
def test_handlers_run_beside_the_main_thread(opened: Open, kind: str) -> None:  # EV-70 EV-71 EV-72 EV-233
    names: list[str] = []

    def note() -> str:
        names.append(threading.current_thread().name)
        return "done"

    def generator() -> Iterator[str]:
        yield note()

    async def coroutine() -> str:
        return note()

    with gr.Blocks() as app:
        button, out = gr.Button(), gr.Textbox()
        button.click({"generator": generator, "coroutine": coroutine}.get(kind, note), None, out)
    page = opened(app)
    page.fire(button, "click")
    while page.shown(out) != "done":  # the main thread is busy, as a cell may be, and runs no loop
        time.sleep(0)
    assert names[0] != threading.main_thread().name
    assert (names[0] == "nbblocks-scheduler") is (kind == "coroutine")


def test_values_are_those_of_the_dispatch(opened: Open) -> None:  # EV-23
    gate, started = threading.Event(), threading.Event()

    def slow() -> None:
        started.set()
        assert gate.wait(5)

    with gr.Blocks() as app:
        text, out, first, second = gr.Textbox("old"), gr.Textbox(), gr.Button(), gr.Button()
        first.click(slow, concurrency_id="g")
        second.click(lambda text: text, text, out, concurrency_id="g")
    page = opened(app)
    page.fire(first, "click")
    assert started.wait(5)
    page.fire(second, "click", values=[(text, "at the click")])
    page.enter(text, "newer")
    settle()
    gate.set()
    page.until(out, "at the click")


def test_updates_last_and_are_obeyed_by_preprocess(opened: Open) -> None:  # EV-48 EV-50 EV-51
    seen: list[Any] = []
    with gr.Blocks() as app:
        choice = gr.Dropdown(["a"], label="L")
        other = gr.Dropdown(["p", "q"], label="other", visible=False)
        widen, copy, take = gr.Button(), gr.Button(), gr.Button()
        widen.click(lambda: gr.Dropdown(["a", "b"]), None, choice)
        copy.click(lambda: other, None, choice)
        take.click(seen.append, choice)
    page = opened(app)
    page.fire(widen, "click")
    page.comm.wait(lambda: len(page.shown(choice, "choices") or ()) == 2)
    page.fire(take, "click", values=[(choice, "b")])
    page.comm.wait(lambda: seen == ["b"])
    assert page.shown(choice, "label") == "L"
    page.fire(copy, "click")
    page.until(choice, "other", "label")
    page.until(choice, False, "visible")
    assert choice.parent is not None and len(app.blocks) == len(set(app.blocks))


def test_the_value_of_a_file_is_a_dict_without_preprocess() -> None:  # EV-110
    seen: list[Any] = []
    with gr.Blocks() as app:
        number = gr.Number(precision=0)
        drop = gr.Dropdown(["a", "b"], type="index")
        gr.Button().click(lambda *values: seen.append(values), [number, drop])
        gr.Button().click(lambda *values: seen.append(values), [number, drop], preprocess=False)
    app(2.0, "b", fn_index=0)
    app(2.0, "b", fn_index=1)
    assert seen == [(2, 1), (2.0, "b")]


# -- what the page is told


def test_refused_inputs_show_their_messages(opened: Open) -> None:  # EV-298
    calls: list[str] = []

    def check(name: str, age: float) -> list[Any]:
        return [gr.validate(bool(name), "a name, please"), gr.validate(age >= 18, "too young")]

    with gr.Blocks() as app:
        name, age, button, out = gr.Textbox(), gr.Number(3), gr.Button(), gr.Textbox()
        listener = button.click(
            lambda *_: calls.append("called") or "done", [name, age], out, validator=check
        )
        listener.then(lambda: calls.append("then"))
    page = opened(app)
    page.fire(button, "click")
    record = until_stage(page, listener, None)
    assert record["validation"] == {str(name._id): "a name, please", str(age._id): "too young"}
    page.fire(button, "click", values=[(name, "Ada"), (age, 36)])
    page.until(out, "done")
    assert calls[0] == "called"


def test_a_waiting_run_does_not_hide_one_that_has_begun(opened: Open) -> None:  # EV-324
    gates = [threading.Event() for _ in range(3)]
    calls = iter(gates)

    def steps() -> Iterator[str]:
        gate = next(calls)
        yield "begun"
        assert gate.wait(5)

    with gr.Blocks() as app:
        button, out = gr.Button(), gr.Textbox()
        listener = button.click(steps, None, out, trigger_mode="multiple")
    page = opened(app)
    page.fire(button, "click")
    until_stage(page, listener, "generating")
    for _ in range(2):
        page.fire(button, "click")
    settle()
    app.host.outbox.flush()
    seen = [one[key]["stage"] for one in page.comm.updates if (key := f"run.{listener['id']}") in one]
    assert seen[seen.index("generating") :].count("pending") == 0 and stage(page, listener) == "generating"
    for gate in gates:
        gate.set()
    until_stage(page, listener, "complete")


def test_the_page_is_told_where_progress_shows_and_how(opened: Open) -> None:  # EV-326 EV-327 EV-13
    with gr.Blocks() as app:
        a, b, button = gr.Textbox(), gr.Textbox(), gr.Button()
        for given in ("full", "minimal", "hidden", True, False):
            button.click(lambda: 1, None, a, show_progress=given, show_progress_on=[b], js="() => []")
        button.click(lambda: 1, None, a)
    page = opened(app)
    listeners = page.comm.state["listeners"]
    assert [one["show_progress"] for one in listeners] == [
        "full",
        "minimal",
        "hidden",
        "full",
        "hidden",
        "full",
    ]
    assert [one["show_progress_on"] for one in listeners] == [[b._id]] * 5 + [None]
    assert {tuple(one["outputs"]) for one in listeners} == {(a._id,)}


def test_only_the_page_that_asked_is_scrolled(opened: Open) -> None:  # EV-328
    with gr.Blocks() as app:
        button, out = gr.Button(), gr.Textbox()
        button.click(lambda: "done", None, out, scroll_to_output=True)
    page, other = opened(app), opened(app, "other")  # type: ignore[call-arg]
    other.fire(button, "click")
    told = page.until_told("scroll")
    assert (told["view"], told["node"]) == ("other", out._id)
    page.fire(button, "click")
    page.until_told("scroll", view="here", node=out._id)


def test_a_chosen_error_is_a_toast_and_a_status(opened: Open) -> None:  # EV-291 EV-292
    def fail() -> None:
        raise gr.Error("not <b>so</b>", duration=None, title="Oh", print_exception=False)

    with gr.Blocks() as app:
        button = gr.Button()
        listener = button.click(fail)
    page = opened(app)
    page.fire(button, "click")
    toast = page.until_told("toast")
    assert (toast["level"], toast["message"], toast["title"]) == ("error", "not <b>so</b>", "Oh")
    assert toast["duration"] is None and toast["listener"] == listener["id"]
    record = until_stage(page, listener, "error")
    assert record["message"] == "not <b>so</b>"
    assert not any(one["type"] == "log" for one in page.comm.custom)


def test_unload_runs_when_the_app_is_closed(opened: Open) -> None:  # EV-191 ST-12
    seen: list[str] = []
    done = threading.Event()

    def bye(request: gr.Request) -> None:
        seen.append(request.session_hash)
        done.set()

    with gr.Blocks() as app:
        app.unload(bye)
    opened(app)
    session = app.host.session
    assert session is not None
    app.close(verbose=False)
    assert done.wait(5) and seen == [session.id]


# -- the queue


def test_the_queue_is_there_without_being_asked_for() -> None:  # EV-220 EV-225
    with gr.Blocks() as app:
        gr.Button().click(lambda: None)
    assert app.fns[0].queue is True and app.graph.limit_of(app.fns[0]) == 1
    assert app.queue() is app and app.queue(status_update_rate=2, max_size=3) is app
    settings = app.graph.settings
    assert (settings.status_update_rate, settings.max_size) == (2, 3)
    assert app.queue() is app and (settings.status_update_rate, settings.max_size) == ("auto", None)


def test_parameters_of_old_are_refused_or_ignored(monkeypatch: pytest.MonkeyPatch) -> None:  # EV-232
    app = gr.Blocks()
    with pytest.raises(DeprecationWarning, match="concurrency_limit"):
        app.queue(concurrency_count=2)
    monkeypatch.setattr(launching, "_warned", set())
    assert app.queue(api_open=False) is app
    with pytest.warns(UserWarning, match=r"queue\(api_open=\.\.\.\) has no effect"):
        assert app.queue("auto", True) is app
    assert app.queue("auto", True) is app  # once is enough


@pytest.mark.parametrize("rate", [0, -1, "often"])
def test_a_rate_must_be_positive(rate: Any) -> None:  # EV-231
    with pytest.raises(ValueError):
        gr.Blocks().queue(status_update_rate=rate)


def test_functions_that_stay_are_named_once_when_the_app_starts() -> None:
    class Pool:
        """Looks like an executor."""

        def submit(self, *_: Any) -> None: ...

    async def coroutine() -> None: ...

    def steps() -> Iterator[int]:
        yield 1

    with gr.Blocks() as app:
        button = gr.Button()
        for fn in (coroutine, steps, lambda: None, coroutine):
            button.click(fn)
    app.queue(executor=Pool())  # pyright: ignore[reportArgumentType]
    with pytest.warns(UserWarning, match="^coroutine, steps will run in this process") as told:
        client = gr.Client(app)
    assert len(told) == 1
    client.close()
    app.close(verbose=False)
    with pytest.raises(TypeError, match="must be a concurrent"):
        app.queue(executor=3)  # pyright: ignore[reportArgumentType]
