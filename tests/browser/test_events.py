"""Queue, status, progress, batches and cancelling, as a person sees them in JupyterLab."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from .stage import Stage, press, status, toast

TIME = re.compile(r"^\d+\.\ds$")
TIME_OF = re.compile(r"^\d+\.\d/\d+\.\ds$")


# -- the queue


def test_waiting_runs_show_their_place_and_then_how_long_it_takes(
    stage: Stage,
) -> None:  # EV-223 EV-227 EV-231 EV-320 EV-322 EV-325
    app = stage.show("""
def develop(name):
    wait()
    return name + "!"

with gr.Blocks() as demo:
    for name in "ABC":
        box, out = gr.Textbox(name, label=name), gr.Textbox(elem_id=name, label=f"Print {name}")
        gr.Button(f"Develop {name}").click(develop, box, out)
demo
""")
    first, second, third = (app.locator(f"#{name}") for name in "ABC")
    for name in "ABC":
        press(app, f"Develop {name}")
    expect(status(first)).to_have_text(TIME)
    expect(status(second)).to_have_text("queue: 1/1")
    expect(status(third)).to_have_text("queue: 2/2")
    stage.let_go()
    expect(app.get_by_label("Print A")).to_have_value("A!")
    expect(status(first)).to_have_count(0)
    expect(status(second)).to_have_text(TIME)
    expect(status(third)).to_have_text("queue: 1/1")
    stage.let_go(2)
    expect(app.get_by_label("Print C")).to_have_value("C!")

    for name in "ABC":
        press(app, f"Develop {name}")
    expect(status(first)).to_have_text(TIME_OF)
    expect(status(second)).to_have_text(re.compile(r"^queue: 1/1 \| \d+\.\ds eta$"))
    expect(status(third)).to_have_text(re.compile(r"^queue: 2/2 \| \d+\.\ds eta$"))
    stage.let_go(3)
    expect(app.locator(".nbb-status")).to_have_count(0)


def test_a_full_queue_refuses_a_run_and_says_so(stage: Stage) -> None:  # EV-229
    app = stage.show("""
with gr.Blocks() as demo:
    out = gr.Number(0, label="Out")
    gr.Button("Go").click(lambda n: wait() or n + 1, out, out, trigger_mode="multiple")
demo.queue(max_size=1)
demo
""")
    press(app, "Go")
    expect(status(app)).to_have_text(TIME)
    press(app, "Go", times=2)
    expect(toast(app, "error")).to_contain_text("Queue is full. Max size is 1 and size is 1.")
    stage.let_go(2)
    expect(app.get_by_label("Out")).to_have_value("1")


def test_runs_that_wait_become_one_batch(stage: Stage) -> None:  # EV-250 EV-251 EV-253
    app = stage.show("""
sizes = []

def weigh(parcels):
    sizes.append(len(parcels))
    wait()
    return [[f"{parcel:g} kg of {sum(parcels):g}" for parcel in parcels]]

with gr.Blocks() as demo:
    parcel, note = gr.Number(1, label="Parcel"), gr.Textbox(label="Note")
    gr.Button("Weigh").click(weigh, parcel, note, batch=True, max_batch_size=4, trigger_mode="multiple")
demo
""")
    for parcel in range(1, 7):
        app.get_by_label("Parcel").fill(str(parcel))
        press(app, "Weigh")
    stage.until("parcel.value == 6")
    expect(status(app)).to_have_text(TIME)
    stage.let_go()
    expect(app.get_by_label("Note")).to_have_value("1 kg of 1")
    stage.let_go()
    expect(app.get_by_label("Note")).to_have_value("5 kg of 14")
    stage.let_go()
    expect(app.get_by_label("Note")).to_have_value("6 kg of 6")
    assert stage.kernel("sizes") == "[1, 4, 1]"


@pytest.mark.parametrize(
    ("mode", "runs"),
    [("once", "[1]"), ("multiple", "[1, 1, 1]"), ("always_last", "[1, 3]")],
)
def test_each_mode_does_with_clicks_on_a_pending_run_what_it_says(
    stage: Stage, mode: str, runs: str
) -> None:  # EV-122 EV-123
    app = stage.show(f"""
seen = []

def take(n):
    seen.append(n)
    wait()

with gr.Blocks() as demo:
    n, done = gr.Number(1, precision=0, label="N"), gr.Number(label="Done")
    gr.Button("Take").click(take, n, trigger_mode={mode!r}).then(lambda: len(seen), None, done)
demo
""")
    press(app, "Take", times=3)
    app.get_by_label("N", exact=True).fill("3")
    stage.until("n.value == 3")
    stage.let_go(3)
    expect(app.get_by_label("Done")).to_have_value(str(runs.count(",") + 1))
    assert stage.kernel("seen") == runs


def test_clicks_are_served_while_a_cell_runs(stage: Stage) -> None:  # EV-233 EV-74
    app = stage.show("""
def count():
    for n in range(3):
        yield n
    go.release()

with gr.Blocks() as demo:
    out = gr.Number(label="Out")
    gr.Button("Count").click(count, None, out)
demo
""")
    stage.book.write_cell(1, "wait()")
    stage.book.start_cell(1)
    expect(stage.book.cell(1).locator(".jp-InputPrompt")).to_contain_text("*")
    press(app, "Count")
    stage.book.finish_cell(1)  # it ends by the click alone
    expect(app.get_by_label("Out")).to_have_value("2")


# -- status


def test_each_form_of_status_covers_as_much_as_it_says_and_errors_show_in_all(
    stage: Stage,
) -> None:  # EV-327 EV-292
    app = stage.show("""
def fail():
    wait()
    raise KeyError("milk")

with gr.Blocks() as demo:
    for form in ("full", "minimal", "hidden"):
        out = gr.Textbox(elem_id=form, label=form)
        gr.Button(f"Show {form}").click(fail, None, out, show_progress=form, concurrency_limit=None)
demo
""")
    full, minimal, hidden = (app.locator(f"#{form}") for form in ("full", "minimal", "hidden"))
    for form in ("hidden", "minimal", "full"):
        press(app, f"Show {form}")
    expect(full.locator(".nbb-spinner")).to_be_visible()
    expect(status(full)).to_have_text(TIME)
    expect(status(minimal)).to_have_text(TIME)
    expect(minimal.locator(".nbb-spinner")).to_have_count(0)
    expect(hidden.locator(".nbb-status")).to_have_count(0)
    shown = float(status(full).inner_text().rstrip("s"))
    expect(status(full)).not_to_have_text(f"{shown:.1f}s")
    assert float(status(full).inner_text().rstrip("s")) > shown
    stage.let_go(3)
    for block in (full, minimal, hidden):
        expect(block.locator(".nbb-badge")).to_have_text("Error")
    expect(app.locator(".nbb-toast")).to_have_count(0)
    expect(app.get_by_role("log")).to_contain_text("KeyError: 'milk'")
    hidden.get_by_label("Dismiss the error").click()
    expect(hidden.locator(".nbb-badge")).to_have_count(0)


def test_status_shows_where_it_is_wanted(stage: Stage) -> None:  # EV-326
    app = stage.show("""
def hold():
    wait()
    return gr.skip(), gr.skip(), "done"

with gr.Blocks() as demo:
    with gr.Row(show_progress=True, elem_id="loud") as loud:
        gr.Textbox(label="In the loud row")
    with gr.Row(elem_id="quiet") as quiet:
        gr.Textbox(label="In the quiet row")
    out = gr.Textbox(label="Out", elem_id="out")
    button = gr.Button("There", elem_id="there")
    button.click(hold, None, [loud, quiet, out], show_progress_on=button)
    gr.Button("Here").click(hold, None, [loud, quiet, out])
demo
""")
    press(app, "There")
    expect(status(app.locator("#there"))).to_have_text(TIME)
    expect(app.locator(".nbb-status")).to_have_count(1)
    stage.let_go()
    expect(app.get_by_label("Out")).to_have_value("done")
    expect(app.locator(".nbb-status")).to_have_count(0)
    press(app, "Here")
    expect(app.locator("#loud > .nbb-status")).to_be_visible()
    expect(app.locator("#out > .nbb-status")).to_be_visible()
    expect(app.locator(".nbb-status")).to_have_count(2)
    stage.let_go()
    expect(app.locator(".nbb-status")).to_have_count(0)


def test_tqdm_moves_the_bar_of_its_run_and_of_no_other(stage: Stage) -> None:  # EV-96 EV-97 EV-98
    app = stage.show("""
from tqdm import tqdm

def bake(progress=gr.Progress(track_tqdm=True)):
    progress(0.5, desc="Heating")
    wait()
    for _ in tqdm(range(4), desc="Trays"):
        for _ in tqdm("ab", desc="Rolls", leave=False):
            wait()
    return "baked"

with gr.Blocks() as demo:
    out = gr.Textbox(label="Out", lines=3)
    gr.Button("Bake").click(bake, None, out)
demo
""")
    words, bars = app.locator(".nbb-bar-text"), app.locator("progress")
    press(app, "Bake")
    expect(words).to_have_text("Heating - 50.0%")
    expect(bars).to_have_js_property("value", 0.5)
    stage.let_go()
    expect(words).to_have_text(["Trays - 0/4 steps", "Rolls - 0/2 steps"])
    stage.let_go(3)
    expect(words).to_have_text(["Trays - 1/4 steps", "Rolls - 1/2 steps"])
    expect(bars.nth(0)).to_have_js_property("value", 0.25)
    stage.kernel("list(tqdm(range(3), desc='A cell', leave=False))")
    stage.let_go()
    expect(words).to_have_text(["Trays - 2/4 steps", "Rolls - 0/2 steps"])
    stage.let_go(4)
    expect(app.get_by_label("Out")).to_have_value("baked")
    expect(bars).to_have_count(0)


# -- cancelling


def test_a_cancelled_generator_stops_and_can_run_again(
    stage: Stage,
) -> None:  # EV-78 EV-271 EV-273 EV-274 EV-276
    app = stage.show("""
begun, closed = [], threading.Event()

def count():
    begun.append(1)
    try:
        for n in range(1, 9):
            yield n
            wait()
    finally:
        closed.set()

with gr.Blocks() as demo:
    out = gr.Number(label="Out")
    run = gr.Button("Start").click(count, None, out, trigger_mode="multiple")
    gr.Button("Stop").click(None, cancels=run)
demo
""")
    out = app.get_by_label("Out")
    press(app, "Start", times=2)
    expect(out).to_have_value("1")
    expect(app.locator(".nbb-status-generating")).to_be_visible()
    stage.let_go()
    expect(out).to_have_value("2")
    press(app, "Stop")
    expect(app.locator(".nbb-status")).to_have_count(0)
    stage.let_go()  # the step that it was in when it was cancelled
    assert stage.kernel("closed.wait(20), len(begun)") == "(True, 1)"
    expect(out).to_have_value("2")
    press(app, "Start")
    expect(out).to_have_value("1")
    stage.let_go(8)
    expect(out).to_have_value("8")
    expect(app.locator(".nbb-status")).to_have_count(0)
