"""Cells that wait for the user, the page about endpoints, and %%blocks, in a real notebook."""

from __future__ import annotations

from playwright.sync_api import expect

ASK = """
import nbblocks as gr
with gr.Blocks() as demo:
    name = gr.Textbox(label="Name")
    echo = gr.Textbox(label="Echo")
    go, shout = gr.Button("Go on"), gr.Button("Shout")
    shout.click(str.upper, name, echo)
demo
"""
WAIT = """
data = await demo.wait(go.click, timeout=60)
print(data.target.value, "says", name.value)
"""


def test_a_cell_waits_for_a_click_and_the_app_goes_on(open_notebook) -> None:  # EV-233
    book = open_notebook(ASK, WAIT, "print(await demo.wait([go.click, shout.click], inputs=name))")
    book.run_cell(0)
    app = book.output(0)
    expect(app.get_by_label("Name")).to_be_visible()
    book.start_cell(1)
    app.get_by_label("Name").fill("ada")
    app.get_by_role("button", name="Shout").click()  # the kernel is not blocked
    expect(app.get_by_label("Echo")).to_have_value("ADA")
    assert book.page.evaluate("Promise.race([window.__nbb_run.then(() => 'ended'), 'running'])") == "running"
    app.get_by_role("button", name="Go on").click()
    (output,) = book.finish_cell(1)
    assert output["text"] == "Go on says ada\n"

    book.start_cell(2)
    app.get_by_label("Name").fill("Grace")
    app.get_by_role("button", name="Shout").click()
    (output,) = book.finish_cell(2)
    assert output["text"] == "Grace\n"
    assert book.kernel("print(len(demo.fns))") == "1"


def test_an_interrupted_cell_waits_no_longer(open_notebook) -> None:  # EV-233
    book = open_notebook(ASK, "await demo.wait(go.click)")
    book.run_cell(0)
    book.start_cell(1)
    expect(book.output(0).get_by_label("Name")).to_be_visible()
    book.page.wait_for_function(
        "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'busy'"
    )
    book.command("notebook:interrupt-kernel")
    book.wait_until_idle()
    assert "KeyboardInterrupt" in str(book.outputs(1)) or "CancelledError" in str(book.outputs(1))
    assert book.kernel("print(len(demo.fns))") == "1"


API = """
import nbblocks as gr
def greet(name: str, times: int = 2, *rest):
    "Greet somebody <script>document.title = 'taken'</script>, as often as is wanted."
    return name * times
with gr.Blocks() as demo:
    name = gr.Textbox(label="The name of the person who is to be greeted, however long that may be")
    times = gr.Slider(1, 5, value=2, step=1, label="Times")
    style = gr.Dropdown(["plain", "loud"], value="plain", label="Style")
    file = gr.File(label="Letter")
    out = gr.Textbox(label="Greeting <b>")
    gr.Button("Greet").click(greet, [name, times, style, file], [out, file])
    gr.Button("Empty").click(lambda: None, api_name="empty")
demo.view_api()
"""


def test_the_page_about_endpoints_can_be_read_and_copied(open_notebook) -> None:  # AP-93
    book = open_notebook(API)
    book.run_all()
    page = book.output(0).locator(".nbb-api")
    expect(page.get_by_text("/greet", exact=True)).to_be_visible()
    expect(page.get_by_text("<script>")).to_be_visible()
    assert book.page.title() != "taken"
    call = page.locator("pre").first
    call.click()
    chosen = book.page.evaluate("window.getSelection().toString()")
    assert chosen.strip().startswith("import nbblocks as gr") and chosen.strip().endswith(")")


def test_the_magic_shows_the_app_in_the_place_of_the_one_before(open_notebook) -> None:  # AP-113
    magic = """%%blocks
import nbblocks as gr
with gr.Blocks() as demo:
    gr.Textbox(label="Name", key="name")
    gr.Textbox(label="First")
"""
    book = open_notebook("%load_ext nbblocks", magic)
    book.run_all()
    app = book.output(1)
    app.get_by_label("Name").fill("Ada")
    expect(app.get_by_label("First")).to_be_visible()
    book.write_cell(1, magic.replace("First", "Second"))
    book.run_cell(1)
    expect(app.get_by_label("Second")).to_be_visible()
    expect(app.get_by_label("Name")).to_have_value("Ada")
    expect(app.locator(".nbb-app")).to_have_count(1)
