"""JavaScript, chains, validators, timers and several views, as a person sees them in JupyterLab."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from .stage import Stage, press, status, toast


def seconds(app: Locator) -> float:
    """The time shown as soon as there is one."""
    return float(status(app).inner_text().split("/")[0].rstrip("s"))


# -- js


def test_js_alone_works_without_the_kernel_and_its_chain_follows(stage: Stage) -> None:  # EV-151 EV-154
    app = stage.show("""
with gr.Blocks() as demo:
    box, out, told = gr.Textbox("hi", label="Box"), gr.Textbox("!", label="Out"), gr.Textbox(label="Told")
    run = gr.Button("Add").click(None, [box, out], out, js="(box, out, old) => box + out + old")
    run.then(lambda x: "then " + x, out, told)
    run.failure(lambda: "failed", None, told)
demo
""")
    with stage.unheard():
        press(app, "Add")
        expect(app.get_by_label("Out")).to_have_value("hi!!")
        expect(app.locator(".nbb-status")).to_have_count(0)
        assert app.get_by_label("Told").input_value() == ""
    expect(app.get_by_label("Told")).to_have_value("then hi!!")


def test_what_js_returns_replaces_the_inputs_now_or_later(stage: Stage) -> None:  # EV-150 EV-152
    app = stage.show("""
with gr.Blocks() as demo:
    a, b = gr.Textbox("a", label="A"), gr.Textbox("b", label="B")
    out = gr.Textbox("!", label="Out")
    gr.Button("Now").click(lambda a, b: a + b, [a, b], out, js="(a, b, out) => [b + out, a]")
    gr.Button("Later").click(lambda a: a + "?", a, out, js=\"\"\"async (a) => {
        const answer = await fetch("data:text/plain,fetched");
        return a + await answer.text();
    }\"\"\")
demo
""")
    press(app, "Now")
    expect(app.get_by_label("Out")).to_have_value("b!a")
    press(app, "Later")
    expect(app.get_by_label("Out")).to_have_value("afetched?")
    expect(app.get_by_label("A", exact=True)).to_have_value("a")


def test_js_takes_part_in_chains(stage: Stage) -> None:  # EV-150 EV-160 EV-164
    app = stage.show("""
with gr.Blocks() as demo:
    one, two, three = gr.Textbox(label="One"), gr.Textbox(label="Two"), gr.Textbox(label="Three")
    run = gr.Button("Go").click(lambda: "kernel", None, one)
    run = run.then(None, one, two, js="one => one + ' page'")
    run.then(lambda x: x + " kernel", two, three, js="async two => two.toUpperCase()")
demo
""")
    press(app, "Go")
    expect(app.get_by_label("One")).to_have_value("kernel")
    expect(app.get_by_label("Two")).to_have_value("kernel page")
    expect(app.get_by_label("Three")).to_have_value("KERNEL PAGE kernel")


@pytest.mark.parametrize("js", ["() => { throw new Error('no <b>luck</b>') }", "async () => nowhere.to_go"])
def test_js_that_fails_calls_no_function(stage: Stage, js: str) -> None:  # EV-153 EV-290
    app = stage.show(f"""
called = []
with gr.Blocks() as demo:
    out, told = gr.Textbox("before", label="Out", elem_id="out"), gr.Textbox(label="Told")
    run = gr.Button("Go").click(lambda: called.append(1), None, out, js={js!r})
    run.success(lambda: "success", None, told)
    run.failure(lambda: "failure", None, told)
demo
""")
    press(app, "Go")
    expect(toast(app, "error")).to_contain_text(re.compile(r"no <b>luck</b>|nowhere is not defined"))
    expect(app.locator("#out .nbb-badge")).to_have_text("Error")
    expect(app.get_by_label("Told")).to_have_value("failure")
    expect(app.get_by_label("Out")).to_have_value("before")
    assert stage.kernel("called") == "[]"


def test_js_of_a_pending_listener_runs_once(stage: Stage) -> None:  # EV-121 EV-122 EV-123
    app = stage.show("""
with gr.Blocks() as demo:
    out, after = gr.Number(0, label="Out"), gr.Number(label="After")
    js = "async () => { window.__runs = (window.__runs ?? 0) + 1; return window.__runs; }"
    gr.Button("Go").click(lambda n: wait() or n, out, out, js=js)
    gr.Button("Count").click(None, None, after, js="() => window.__runs")
demo
""")
    press(app, "Go", times=3)
    expect(status(app).first).to_be_visible()
    press(app, "Go", times=2)
    press(app, "Count")
    expect(app.get_by_label("After")).to_have_value("1")
    stage.let_go(5)
    expect(app.get_by_label("Out")).to_have_value("1")
    press(app, "Go")
    expect(app.get_by_label("Out")).to_have_value("2")


def test_events_that_nobody_listens_to_cost_no_message(stage: Stage) -> None:  # EV-130
    app = stage.show("""
with gr.Blocks() as demo:
    box = gr.Textbox(label="Box")
    gr.Button("Deaf")
    gr.Button("Go").click(lambda: "went", None, box)
demo
""")
    stage.messages()
    press(app, "Deaf", times=2)
    app.get_by_label("Box").focus()
    app.get_by_label("Box").press("Enter")
    app.get_by_label("Box").blur()
    press(app, "Go")
    expect(app.get_by_label("Box")).to_have_value("went")
    assert stage.messages() == ["event"]


# -- chains, validators, timers


def test_success_and_failure_part_ways_and_then_follows_both(stage: Stage) -> None:  # EV-161 EV-167
    app = stage.show("""
order = []

def note(what):
    async def handler():
        order.append(what)
        if what == "failure":
            raise gr.Error("a second one")
        return len(order)
    return handler

with gr.Blocks() as demo:
    b, out, last = gr.Number(0, label="B"), gr.Number(label="Out"), gr.Number(label="Last")
    run = gr.Button("Divide").click(lambda b: 6 / b, b, out)
    run.then(note("then"), None, last)
    run.success(note("success"))
    run.failure(note("failure"))
demo
""")
    press(app, "Divide")
    expect(app.get_by_label("Last")).to_have_value("2")
    expect(app.locator(".nbb-badge")).to_have_count(1)
    expect(toast(app, "error")).to_contain_text("a second one")
    app.get_by_label("B", exact=True).fill("3")
    press(app, "Divide")
    expect(app.get_by_label("Last")).to_have_value("4")
    expect(app.get_by_label("Out")).to_have_value("2")
    expect(app.locator(".nbb-badge")).to_have_count(0)
    assert stage.kernel("order") == "['failure', 'then', 'success', 'then']"


def test_a_validator_speaks_beside_the_input_until_that_is_edited(stage: Stage) -> None:  # EV-298
    app = stage.show("""
calls = []

def check(name, guests):
    return [gr.validate(bool(name), "A name, please"), gr.validate(guests < 9, "Eight seats")]

with gr.Blocks() as demo:
    name, guests = gr.Textbox(label="Name", elem_id="name"), gr.Number(12, label="Guests", elem_id="guests")
    out, chained = gr.Textbox(label="Out"), gr.Textbox("", label="Chained")
    run = gr.Button("Book").click(lambda *a: calls.append(a) or "booked", [name, guests], out,
                                  validator=check)
    run.then(lambda: "then", None, chained)
demo
""")
    press(app, "Book")
    expect(app.locator("#name .nbb-invalid")).to_have_text("A name, please")
    expect(app.locator("#guests .nbb-invalid")).to_have_text("Eight seats")
    expect(app.locator(".nbb-status")).to_have_count(0)
    expect(app.locator(".nbb-toast")).to_have_count(0)
    app.get_by_label("Name").fill("Ada")
    expect(app.locator("#name .nbb-invalid")).to_have_count(0)
    expect(app.locator("#guests .nbb-invalid")).to_have_count(1)
    assert (stage.kernel("calls"), app.get_by_label("Chained").input_value()) == ("[]", "")
    app.get_by_label("Guests").fill("3")
    press(app, "Book")
    expect(app.get_by_label("Chained")).to_have_value("then")
    expect(app.get_by_label("Out")).to_have_value("booked")
    expect(app.locator(".nbb-invalid")).to_have_count(0)


def test_a_timer_ticks_until_an_output_stops_it(stage: Stage) -> None:  # EV-200
    app = stage.show("""
with gr.Blocks() as demo:
    timer, metronome = gr.Timer(0.1), gr.Timer(0.1)
    n, m = gr.Number(0, label="N"), gr.Number(0, label="M")
    timer.tick(lambda n: (n + 1, gr.Timer(active=n < 2)), n, [n, timer])
    metronome.tick(lambda n, m: m + (n >= 3), [n, m], m)
    gr.Button("Again").click(lambda: (1, gr.Timer(active=True)), None, [n, timer])
demo
""")
    expect(app.get_by_label("N", exact=True)).to_have_value("3")
    stage.until("m.value > 4")
    expect(app.get_by_label("N", exact=True)).to_have_value("3")
    press(app, "Again")
    stage.until("n.value == 3")
    expect(app.locator(".nbb-status")).to_have_count(0)


def test_every_repeats_a_run_until_it_is_cancelled(stage: Stage) -> None:  # EV-192 EV-193 EV-273
    app = stage.show("""
with gr.Blocks() as demo:
    step, n = gr.Number(1, label="Step"), gr.Number(0, label="N")
    run = gr.Button("Start").click(lambda n, step: n + step, [n, step], n, every=0.05)
    gr.Button("Stop").click(None, cancels=run).then(lambda: -100, None, n)
demo
""")
    press(app, "Start")
    stage.until("n.value > 3")
    expect(app.locator(".nbb-status-generating")).to_be_visible()
    app.get_by_label("Step").fill("1000")
    stage.until("n.value > 2000")
    press(app, "Stop")
    expect(app.get_by_label("N", exact=True)).to_have_value("-100")
    expect(app.locator(".nbb-status")).to_have_count(0)


# -- several views


def test_the_output_comes_into_view_where_it_was_asked_for(stage: Stage) -> None:  # EV-328
    app = stage.show("""
with gr.Blocks() as demo:
    gr.Button("Ask").click(lambda: "the butler", None, end := gr.Textbox(label="End", render=False),
                           scroll_to_output=True)
    gr.HTML("a long story", min_height=3000)
    end.render()
demo
""")
    other = stage.new_view()
    expect(other.get_by_label("End")).to_have_value("")
    button = app.get_by_role("button", name="Ask")
    button.scroll_into_view_if_needed()
    expect(app.get_by_label("End")).not_to_be_in_viewport()
    button.click()
    expect(app.get_by_label("End")).to_be_in_viewport()
    expect(other.get_by_label("End")).to_have_value("the butler")
    expect(other.get_by_role("button", name="Ask")).to_be_in_viewport()
    expect(other.get_by_label("End")).not_to_be_in_viewport()


def test_a_view_opened_while_a_run_goes_on_shows_its_true_time(
    stage: Stage, new_page: Callable[[], Page]
) -> None:  # EV-320 EV-327
    app = stage.show("""
with gr.Blocks() as demo:
    out = gr.Textbox(label="Out", elem_id="out")
    gr.Button("Go").click(lambda: wait() or "done", None, out)
demo
""")
    press(app, "Go")
    expect(status(app)).to_have_text(re.compile(r"^[1-9]\.\ds"))
    other = stage.new_view()
    assert seconds(other) >= 1
    stage.book.save()
    page = new_page()
    page.goto(f"{stage.book.jupyter.url}/doc/tree/{stage.book.name}")
    third = page.locator(".nbb-app")
    assert 1 <= seconds(third) <= seconds(app) + 0.2
    stage.let_go()
    for view in (app, other, third):
        expect(view.get_by_label("Out")).to_have_value("done")
        expect(status(view)).to_have_count(0)
