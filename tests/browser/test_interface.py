"""Interface as a person sees it in JupyterLab: examples, submit, flag, clear, stop."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from .stage import Stage, press


def test_examples_submit_clear_and_flag(stage: Stage) -> None:  # CP-162 CP-170 CP-173 CP-175
    app = stage.show("""
import tempfile
import numpy as np

def plain(level):
    return np.full((20, 30, 3), level, np.uint8)

def describe(picture, word):
    return f"{word}: {picture.mean():g}"

flagged = tempfile.mkdtemp()
demo = gr.Interface(
    describe, [gr.Image(label="Picture"), gr.Textbox(label="Word")], gr.Textbox(label="Said"),
    examples=[[plain(10), "dark"], [plain(240), "light"]],
    title="Pictures", flagging_options=["odd"], flagging_dir=flagged,
)
demo
""")
    expect(app.get_by_role("heading", name="Pictures")).to_be_visible()
    rows = app.locator("tbody tr")
    expect(rows.nth(1).locator("img")).to_be_visible()
    expect(app.get_by_role("columnheader")).to_have_text(["Picture", "Word"])

    rows.nth(1).click()
    expect(app.get_by_label("Word", exact=True)).to_have_value("light")
    press(app, "Submit")
    said = app.get_by_label("Said")
    expect(said).to_have_value("light: 240")
    expect(said).not_to_be_editable()

    app.get_by_label("Word", exact=True).fill("bright")
    app.get_by_label("Word", exact=True).press("Enter")
    expect(said).to_have_value("bright: 240")

    press(app, "Flag as odd")
    expect(app.get_by_role("button", name="Saved")).to_be_visible()
    expect(app.get_by_role("button", name="Flag as odd")).to_be_enabled()
    stage.kernel("""
import csv, pathlib
header, row = csv.reader(open(pathlib.Path(flagged, "dataset1.csv"), newline=""))
assert header == ["Picture", "Word", "Said", "flag", "timestamp"], header
assert row[1:4] == ["bright", "bright: 240", "odd"], row
assert pathlib.Path(row[0]).is_relative_to(pathlib.Path(flagged)) and pathlib.Path(row[0]).stat().st_size
""")

    app.locator("button", has_text="Clear").click()
    expect(said).to_have_value("")
    expect(app.get_by_label("Word", exact=True)).to_have_value("")
    expect(app.get_by_text("choose a file")).to_be_visible()

    rows.nth(0).press("Enter")
    expect(app.get_by_label("Word", exact=True)).to_have_value("dark")


def test_a_generator_can_be_stopped(stage: Stage) -> None:  # CP-173
    app = stage.show("""
closed = []

def count(to):
    try:
        for number in range(int(to)):
            yield number
            wait()
    finally:
        closed.append(number)

demo = gr.Interface(count, gr.Number(3, label="To"), gr.Number(label="Count"))
demo
""")
    submit = app.get_by_role("button", name="Submit")
    stop = app.get_by_role("button", name="Stop")
    expect(submit).to_be_visible()
    expect(stop).to_have_count(0)
    submit.click()
    expect(app.get_by_label("Count")).to_have_value("0")
    expect(submit).to_have_count(0)
    stage.let_go()
    expect(app.get_by_label("Count")).to_have_value("1")
    stop.click()
    expect(submit).to_be_visible()
    expect(stop).to_have_count(0)
    stage.let_go()
    stage.until("closed == [2]")
    expect(app.get_by_label("Count")).to_have_value("1")

    submit.click()
    stage.let_go(3)
    expect(app.get_by_label("Count")).to_have_value("2")
    expect(submit).to_be_visible()


def test_cached_examples_call_the_function_once(stage: Stage) -> None:  # CP-163
    app = stage.show("""
calls = []

def shout(word):
    calls.append(word)
    return word.upper()

demo = gr.Interface(
    shout, gr.Textbox(label="Word"), gr.Textbox(label="Shout"), examples=["ada", "bob"], cache_examples=True
)
demo
""")
    expect(app.get_by_label("Word", exact=True)).to_have_value("ada")  # the first row is shown at the start
    expect(app.get_by_label("Shout")).to_have_value("ADA")
    app.get_by_role("button", name="bob").click()
    expect(app.get_by_label("Shout")).to_have_value("BOB")
    stage.kernel("assert sorted(calls) == ['ada', 'bob'], calls")


def test_tabs_hold_interfaces_with_events_of_their_own(stage: Stage) -> None:  # CP-180
    app = stage.show("""
demo = gr.TabbedInterface(
    [
        gr.Interface(str.upper, gr.Textbox(label="In"), gr.Textbox(label="Upper"), live=True, api_name="up"),
        gr.Interface(str.lower, gr.Textbox(label="In"), gr.Textbox(label="Lower")),
    ],
    ["Up", "Down"],
)
demo
""")
    tabs = app.get_by_role("tab")
    expect(tabs).to_have_text([re.compile("Up"), re.compile("Down")])
    app.get_by_label("In", exact=True).first.fill("aB")
    expect(app.get_by_label("Upper")).to_have_value("AB")
    tabs.nth(1).click()
    app.get_by_label("In", exact=True).locator("visible=true").fill("aB")
    app.get_by_role("button", name="Submit").locator("visible=true").click()
    expect(app.get_by_label("Lower")).to_have_value("ab")
