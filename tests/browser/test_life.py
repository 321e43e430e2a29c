"""An app's life in a notebook: busy cells, cells run again, errors, other hosts."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

from playwright.sync_api import expect

GREET = """
import nbblocks as gr
with gr.Blocks() as demo:
    name = gr.Textbox("Ada", label="Name")
    greeting = gr.Textbox(label="Greeting")
    gr.Button("Greet").click(lambda n: f"Hello {n}", name, greeting)
demo
"""

COUNTS = """
import gc, threading
from ipywidgets.widgets import widget
import comm
def counts():
    gc.collect()
    ours = [t for t in threading.enumerate() if "nbblocks" in t.name]
    return len(ours), len(widget._instances), len(comm.get_comm_manager().comms)
"""


def test_a_click_is_served_while_a_cell_runs(open_notebook) -> None:  # EV-233
    book = open_notebook(GREET, "import time; time.sleep(5)")
    book.run_cell(0)
    app = book.output(0)
    expect(app.get_by_label("Name")).to_be_visible()
    book.start_cell(1)
    book.page.wait_for_timeout(500)
    began = time.monotonic()
    app.get_by_role("button", name="Greet").click()
    expect(app.get_by_label("Greeting")).to_have_value("Hello Ada")
    assert book.page.evaluate("Promise.race([window.__nbb_run.then(() => 'ended'), 'running'])") == "running"
    assert time.monotonic() - began < 4
    book.finish_cell(1)


def test_a_large_file_arrives_through_an_untouched_server(open_notebook, tmp_path: Path) -> None:  # CP-45
    book = open_notebook("""
import hashlib, nbblocks as gr
with gr.Blocks() as demo:
    u = gr.UploadButton("Send")
    out = gr.Textbox(label="Sum")
    u.upload(lambda path: hashlib.sha256(open(path, "rb").read()).hexdigest(), u, out)
demo
""")
    book.run_all()
    content = bytes(range(256)) * 100_000
    file = tmp_path / "large.bin"
    file.write_bytes(content)
    book.upload(book.output(0).locator("button", has_text="Send"), file)
    expect(book.output(0).get_by_label("Sum")).to_have_value(
        hashlib.sha256(content).hexdigest(), timeout=30_000
    )


def test_running_a_cell_again_leaves_nothing_behind(open_notebook) -> None:  # ST-5 AP-39
    book = open_notebook(COUNTS, GREET, "counts()")
    book.run_all()
    greet = book.output(1).get_by_role("button", name="Greet")
    greeting = book.output(1).get_by_label("Greeting")
    greet.click()  # an app that has run a handler keeps a thread for the next
    expect(greeting).to_have_value("Hello Ada")
    first = book.kernel("counts()")
    for _ in range(49):
        book.run_cell(1)
    expect(greeting).to_have_value("")
    greet.click()
    expect(greeting).to_have_value("Hello Ada")
    assert book.kernel("counts()") == first


def test_an_error_is_shown_and_the_next_click_works(open_notebook) -> None:  # EV-290 EV-291 EV-292
    book = open_notebook("""
import nbblocks as gr
def divide(a, b):
    if b < 0:
        raise gr.Error("Only positive numbers, please")
    return a / b
with gr.Blocks() as demo:
    a, b = gr.Number(6, label="A"), gr.Number(0, label="B")
    out = gr.Number(label="Out")
    gr.Button("Divide").click(divide, [a, b], out)
demo
""")
    book.run_all()
    app = book.output(0)
    divide = app.get_by_role("button", name="Divide")
    divide.click()
    expect(app.get_by_text("ZeroDivisionError: division by zero")).to_be_visible()
    app.get_by_label("B", exact=True).fill("-1")
    divide.click()
    expect(app.get_by_text("Only positive numbers, please").first).to_be_visible()
    app.get_by_label("B", exact=True).fill("3")
    divide.click()
    expect(app.get_by_label("Out")).to_have_value("2")


def test_what_a_handler_prints_is_in_the_log_drawer_only(open_notebook) -> None:  # EV-81
    book = open_notebook("""
import nbblocks as gr
def talk():
    print("a word from the handler")
with gr.Blocks() as demo:
    gr.Button("Talk").click(talk)
demo
""")
    book.run_all()
    book.output(0).get_by_role("button", name="Talk").click()
    book.output(0).get_by_text("Log").click()
    expect(book.output(0).get_by_text("a word from the handler")).to_be_visible()
    assert not any("handler" in str(one.get("text", "")) for one in book.outputs(0))


def test_code_moves_a_component_and_reads_what_the_user_chose(open_notebook) -> None:  # EV-127
    book = open_notebook("""
import nbblocks as gr
with gr.Blocks() as demo:
    box = gr.Textbox("first", label="Box")
    echo = gr.Textbox(label="Echo")
    box.change(lambda x: x.upper(), box, echo)
demo
""")
    book.run_all()
    app = book.output(0)
    expect(app.get_by_label("Box")).to_have_value("first")
    book.kernel("box.value = 'from a cell'")
    expect(app.get_by_label("Box")).to_have_value("from a cell")
    expect(app.get_by_label("Echo")).to_have_value("FROM A CELL")
    app.get_by_label("Box").fill("by hand")
    expect(app.get_by_label("Echo")).to_have_value("BY HAND")
    assert book.kernel("box.value") == "'by hand'"


def test_a_generator_shows_its_steps(open_notebook) -> None:  # EV-74 EV-96
    book = open_notebook("""
import time, nbblocks as gr
def count(progress=gr.Progress()):
    for i in progress.tqdm(range(20), desc="Counting"):
        time.sleep(0.05)
        yield str(i)
with gr.Blocks() as demo:
    out = gr.Textbox(label="Out")
    gr.Button("Count").click(count, None, out)
demo
""")
    book.run_all()
    app = book.output(0)
    app.get_by_role("button", name="Count").click()
    expect(app.get_by_text("Counting").first).to_be_visible()
    expect(app.get_by_label("Out")).to_have_value("19")


def test_notebook_7_shows_a_live_app(open_notebook) -> None:
    book = open_notebook(GREET, host="notebook")
    book.run_all()
    book.output(0).get_by_role("button", name="Greet").click()
    expect(book.output(0).get_by_label("Greeting")).to_have_value("Hello Ada")


def test_voila_shows_a_live_app(voila) -> None:
    page = voila(GREET)
    page.get_by_role("button", name="Greet").click()
    expect(page.get_by_label("Greeting")).to_have_value("Hello Ada")


def test_a_static_page_shows_the_last_state(static_page) -> None:  # AP-41
    page = static_page(GREET, "name.value = 'Grace'")
    expect(page.get_by_label("Name")).to_have_value("Grace")
    expect(page.get_by_role("button", name="Greet")).to_be_visible()


def test_a_component_stands_alone_and_in_a_vbox(open_notebook) -> None:
    book = open_notebook(
        "import nbblocks as gr, ipywidgets\nslider = gr.Slider(0, 10, 3, label='Alone')\nslider",
        "box = gr.Textbox('inside', label='Boxed')\nipywidgets.VBox([box])",
    )
    book.run_all()
    expect(book.output(0).get_by_label("Alone").first).to_be_visible()
    expect(book.output(1).get_by_label("Boxed")).to_have_value("inside")
    book.kernel("box.value = 'changed'")
    expect(book.output(1).get_by_label("Boxed")).to_have_value("changed")


def test_the_app_of_a_deleted_cell_is_closed_and_that_of_a_closed_notebook_is_not(
    open_notebook,
) -> None:  # TR-69
    book = open_notebook(GREET, GREET.replace("demo", "other"), "from nbblocks.bridge import reception")
    book.run_all()
    expect(book.output(1).get_by_label("Name")).to_be_visible()
    book.page.wait_for_timeout(1500)  # a view sees where it stands
    book.kernel("reception.REGRET = 0.1")
    book.cell(0).click(position={"x": 5, "y": 5})
    book.command("notebook:delete-cell")
    book.page.wait_for_timeout(2500)
    assert book.kernel("print(demo.is_running, other.is_running)").split() == ["False", "True"]
