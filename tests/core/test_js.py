"""js of listeners, with a page that answers when the test lets it; its own side is in scripts.test.tsx."""

from __future__ import annotations

from typing import Any

import pytest

from nbblocks.core.errors import JavaScriptError

from .nodes import App, Gate, JsPage, until

JS = "(...values) => values"


@pytest.fixture
def page(app: App) -> JsPage:
    """The page of the app's session."""
    app.session.page = page = JsPage()
    return page


class Seen:
    """A handler that notes the arguments of its calls."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []

    def __call__(self, *args: Any) -> None:
        self.calls.append(args)


async def test_js_runs_in_the_page_before_the_function(app: App, page: JsPage) -> None:  # EV-150 EV-152
    seen = Seen()
    dependency = app.a.click(seen, [app.a, app.state, app.b], app.c, js=JS)
    async with app.running():
        app.session.set_value(app.a, "kept")
        app.press()
        (run,) = page.asked
        assert run.listener.js == JS and run.values == {0: "kept", 2: None}
        assert not seen.calls and app.stages(dependency) == []
        app.scheduler.js_ended(run, ["x", "ignored", "y"])
        await app.settle()
    assert seen.calls == [("x", app.session.state(app.state), "y")]
    assert app.session.value(app.a) == "kept"  # the function's values are replaced, not the session's
    assert app.stages(dependency) == ["pending", "pending", "complete"]


async def test_what_js_gives_is_preprocessed_as_values_are(app: App, page: JsPage) -> None:  # EV-152 EV-110
    app.a.shout = True
    seen = Seen()
    app.a.click(seen, app.a, js=JS)
    async with app.running():
        app.press()
        app.scheduler.js_ended(page.asked[0], ["loud"])
        await app.settle()
    assert seen.calls == [("LOUD",)]


@pytest.mark.parametrize("result", [None, [], ["one"]])
async def test_too_few_values_end_the_run_in_error(
    app: App, page: JsPage, result: Any
) -> None:  # EV-26 EV-152
    app.graph.settings.show_error = True
    seen = Seen()
    dependency = app.a.click(seen, [app.a, app.b], js=JS)
    async with app.running():
        app.press()
        (run,) = page.asked
        app.scheduler.js_ended(run, result)
        await app.settle()
    assert f"gave {len(result or [])} values, its function needs 2" in app.error(dependency)
    assert isinstance(run.error, ValueError) and not seen.calls


async def test_surplus_values_are_ignored(app: App, page: JsPage) -> None:  # EV-26
    seen = Seen()
    app.a.click(seen, app.a, js=JS)
    async with app.running():
        app.press()
        app.scheduler.js_ended(page.asked[0], [1, 2, 3])
        await app.settle()
    assert seen.calls == [(1,)]


async def test_nothing_given_is_enough_without_inputs(app: App, page: JsPage) -> None:  # EV-152
    seen = Seen()
    app.a.click(seen, js=JS)
    async with app.running():
        app.press()
        app.scheduler.js_ended(page.asked[0], None)
        await app.settle()
    assert seen.calls == [()]


@pytest.mark.parametrize("function", [True, False])
async def test_an_exception_in_js_ends_the_run_and_is_shown(
    app: App, page: JsPage, function: bool
) -> None:  # EV-153 EV-290
    seen, after = Seen(), Seen()
    dependency = app.a.click(seen if function else None, app.a, app.b, js=JS)
    dependency.failure(after)
    dependency.success(seen)
    async with app.running():
        app.session.set_value(app.b, "before")
        app.press()
        (run,) = page.asked
        app.scheduler.js_ended(run, None, "x is <not> defined")
        await app.settle()
    assert seen.calls == [] and len(after.calls) == 1 and app.session.value(app.b) == "before"
    (record,) = app.records(dependency)
    assert (record.stage, record.title) == ("error", "Error in js")
    assert record.message == "x is &lt;not&gt; defined"
    assert isinstance(run.error, JavaScriptError)


@pytest.mark.parametrize("mode", ["once", "multiple"])
async def test_while_its_js_runs_a_listener_is_pending(app: App, page: JsPage, mode: Any) -> None:  # EV-122
    seen = Seen()
    app.a.click(seen, js=JS, trigger_mode=mode)
    async with app.running():
        app.press()
        app.press()
        for run in page.asked:
            app.scheduler.js_ended(run, [])
        await app.settle()
    assert len(seen.calls) == len(page.asked) == (1 if mode == "once" else 2)


async def test_what_is_cancelled_or_ended_meanwhile_takes_no_result(app: App, page: JsPage) -> None:  # EV-273
    seen = Seen()
    dependency = app.a.click(seen, js=JS)
    async with app.running():
        app.press()
        app.cancel(dependency)
        assert not app.session.pending and app.stages(dependency) == ["complete"]
        app.scheduler.js_ended(page.asked[0], [])
        app.scheduler.js_ended(page.asked[0], None, "late")
        await app.pressed(app.b)
    assert seen.calls == [] and app.stages(dependency) == ["complete"]


async def test_js_without_a_function_is_pending_unseen_and_then_complete(
    app: App, page: JsPage
) -> None:  # EV-154 EV-7
    order: list[str] = []
    dependency = app.a.click(None, app.a, app.b, js=JS)
    dependency.then(lambda: order.append("then"), concurrency_id="g")
    dependency.success(lambda: order.append("success"), concurrency_id="g")
    dependency.failure(lambda: order.append("failure"), concurrency_id="g")
    app.graph.settings.max_size = 0
    async with app.running():
        app.press()
        (run,) = page.asked
        assert app.session.pending and app.scheduler.waiting == 0 and order == []
        app.graph.settings.max_size = None
        app.scheduler.js_ended(run, [])
        await app.settle()
    assert app.stages(dependency) == [] and order == ["success", "then"]


@pytest.mark.parametrize("attached", ["none", "gone"])
async def test_without_a_page_the_function_runs_without_js(app: App, attached: str) -> None:  # EV-156
    if attached == "gone":
        app.session.page = page = JsPage()
        page.there = False
    seen = Seen()
    app.a.click(seen, app.a, js=JS)
    only = app.a.click(None, app.a, app.b, js=JS)
    only.then(seen)
    async with app.running():
        app.session.set_value(app.a, "own")
        await app.pressed()
    assert sorted(map(len, seen.calls)) == [0, 1] and ("own",) in seen.calls
    assert app.stages(only) == [] and app.session.value(app.b) is None


async def test_a_direct_call_leaves_js_out(app: App, page: JsPage) -> None:  # EV-156
    seen = Seen()
    dependency = app.a.click(seen, app.a, js=JS)
    async with app.running():
        app.scheduler.submit(app.session, dependency.listener, ["given"])
        await app.settle()
    assert seen.calls == [("given",)] and not page.asked


async def test_what_the_page_has_begun_is_told_to_it(app: App, page: JsPage) -> None:  # EV-150
    begun, other = {"ticket": "t"}, {"ticket": "u"}
    seen = Seen()
    first = app.a.click(seen, js=JS, trigger_mode="multiple")
    second = app.a.click(seen, js=JS, trigger_mode="multiple")
    plain = app.a.click(seen)
    js: dict[int, Any] = {first["id"]: begun, second["id"]: other, plain["id"]: None}
    async with app.running():
        app.scheduler.trigger(app.session, app.a, "click", origin="here", js=js)
        app.press()
        assert page.begun == [begun, other, None, None]
        for run in page.asked:
            app.scheduler.js_ended(run, [])
        await app.settle()


async def test_js_comes_after_refusals_and_before_the_queue(app: App, page: JsPage) -> None:  # EV-121
    gate, seen = Gate(), Seen()
    app.graph.settings.max_size = 1
    app.c.click(gate, trigger_mode="multiple")
    dependency = app.a.click(seen, app.a, js=JS)
    async with app.running():
        app.press(app.c)
        await until(lambda: gate.inside)
        app.press(app.c)
        app.press(app.a)
        assert app.stages(dependency) == []
        app.scheduler.js_ended(page.asked[0], [1])
        assert "Queue is full" in app.error(dependency)
        gate.open.set()
        await app.settle()
    assert seen.calls == []


@pytest.mark.parametrize("kind", ["every", "validator"])
async def test_repetitions_begin_and_validators_look_at_what_js_gave(
    app: App, page: JsPage, kind: str
) -> None:  # EV-152 EV-193 EV-298
    seen, looked = Seen(), Seen()
    options: dict[str, Any] = {"every": 0.001} if kind == "every" else {"validator": looked}
    dependency = app.a.click(seen, app.a, js=JS, **options)
    async with app.running():
        app.session.set_value(app.a, "own")
        app.press()
        app.scheduler.js_ended(page.asked[0], ["js"])
        await until(lambda: len(seen.calls) > (kind == "every"))
        app.cancel(dependency)
    assert len(page.asked) == 1
    assert seen.calls[:2] == ([("js",), ("own",)] if kind == "every" else [("js",)])
    assert looked.calls == ([] if kind == "every" else [("js",)])


async def test_the_mark_of_js_that_failed_goes_with_its_next_run(app: App, page: JsPage) -> None:  # TR-66
    dependency = app.a.click(None, app.a, app.b, js=JS)
    async with app.running():
        for error in ("no", "no", None, None):
            app.press()
            app.scheduler.js_ended(page.asked.pop(), ["x"], error)
        await app.settle()
    assert app.stages(dependency) == ["error", "error", "complete"]
