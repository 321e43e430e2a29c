"""What an author adds to the page around the app: css, js and head."""

from __future__ import annotations

from playwright.sync_api import expect

from .conftest import OpenNotebook
from .stage import Stage, press, toast

HEAD = """
HEAD = '''
<title>Not the notebook's</title>
<base href="https://example.org/">
<meta name="made-for" content="tests">
<style>:root { --from-head: 7px }</style>
<script src="data:text/javascript,window.order=[...(window.order||[]),'loaded']"></script>
<script>window.order.push("written")</script>
'''
JS = "() => { window.order.push('js') }"
with gr.Blocks(head=HEAD, js=JS) as demo:
    seen = gr.Textbox(label="Seen")
    demo.load(None, None, seen, js="() => window.order.join()")
demo
"""


def test_css_is_for_one_app_alone(stage: Stage) -> None:  # AP-17
    stage.book.write_cell(
        0,
        """
import nbblocks as gr
with gr.Blocks(css=".loud { text-decoration-line: underline }") as one:
    gr.Markdown("first", elem_classes="loud")
with gr.Blocks() as two:
    gr.Markdown("second", elem_classes="loud")
display(one, two)
""",
    )
    stage.book.run_cell(0)
    blocks = stage.book.output(0).locator(".loud")
    expect(blocks.filter(has_text="first")).to_have_css("text-decoration-line", "underline")
    expect(blocks.filter(has_text="second")).to_have_css("text-decoration-line", "none")


def test_children_with_scale_share_the_height(stage: Stage) -> None:  # AP-19
    app = stage.show("""
with gr.Blocks(fill_height=True) as demo:
    gr.Markdown("above", elem_id="own")
    with gr.Column(scale=1, elem_id="one"):
        gr.Textbox(label="One")
    with gr.Column(scale=3, elem_id="three"):
        gr.Textbox(label="Three")
demo.launch(height=700)
""")

    def height(name: str) -> float:
        return app.locator(name).evaluate("el => el.getBoundingClientRect().height")

    assert height(".nbb-stage") == 700
    own, one, three = (height(name) for name in ("#own", "#one", "#three"))
    content = height("#one .nbb-field")
    assert own < content + 1
    assert abs((three - content) - 3 * (one - content)) < 4  # what is left goes by the scales
    assert own + one + three > 600


def test_a_head_is_added_once_before_js_runs(stage: Stage) -> None:  # AP-17
    title = stage.page.title()
    app = stage.show(HEAD)
    seen = app.get_by_label("Seen")
    expect(seen).to_have_value("loaded,written,js")
    other = stage.new_view().get_by_label("Seen")
    expect(other).to_have_value("loaded,written,js,js")
    stage.close_views()
    app = stage.show(HEAD)
    expect(app.get_by_label("Seen")).to_have_value("loaded,written,js,js,js")
    head = stage.page.locator("head")
    expect(head.locator("meta[name='made-for']")).to_have_count(1)
    expect(head.locator("base")).to_have_count(0)
    assert stage.page.title() == title
    expect(app).to_have_css("--from-head", "7px")


def test_a_script_that_does_not_come_is_told_and_the_app_works(stage: Stage) -> None:  # AP-17
    app = stage.show("""
HEAD = '<script src="/static/no-such-script.js"></script>'
with gr.Blocks(head=HEAD, js="() => { window.after = 1 }") as demo:
    out = gr.Textbox(label="Out")
    gr.Button("Go").click(lambda: "went", None, out)
demo
""")
    expect(toast(app, "error")).to_contain_text("/static/no-such-script.js could not be loaded")
    press(app, "Go")
    expect(app.get_by_label("Out")).to_have_value("went")
    assert stage.page.evaluate("window.after") == 1
    stage.book.problems.clear()  # the browser's own word about the script


def test_a_page_that_forbids_scripts_says_so(open_notebook: OpenNotebook) -> None:  # AP-17
    book = open_notebook("""
import nbblocks as gr
with gr.Blocks(head="<script>window.ran = 1</script>", js="() => { window.ran = 2 }") as demo:
    out = gr.Textbox(label="Out")
    gr.Button("Go").click(lambda: "went", None, out)
demo
""")
    book.spoilt = True
    book.page.evaluate("""() => {
      const policy = document.createElement("meta");
      policy.httpEquiv = "Content-Security-Policy";
      policy.content = "script-src 'self' blob: data:";
      document.head.append(policy);
    }""")
    book.run_all()
    app = book.output(0)
    expect(toast(app, "error").filter(has_text="Error in head")).to_contain_text("does not allow the script")
    expect(toast(app, "error").filter(has_text="Error in js")).to_be_visible()
    press(app, "Go")
    expect(app.get_by_label("Out")).to_have_value("went")
    assert book.page.evaluate("window.ran") is None
