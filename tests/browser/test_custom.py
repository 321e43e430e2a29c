"""A user's own components in a real page: used, edited while they are shown, broken, saved."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from .test_transfers import until

STARS = """
import traitlets
import nbblocks as gr

class Stars(gr.CustomComponent):
    value = traitlets.Int(0).tag(sync=True)
    most = traitlets.Int(5).tag(sync=True)
    _esm = '''
    export default {
      render({ model, el }) {
        const draw = () => {
          const fixed = model.get("interactive") === false;
          el.replaceChildren(...Array.from({ length: model.get("most") }, (_, i) => {
            const star = document.createElement("button");
            star.className = "star";
            star.textContent = i < model.get("value") ? "★" : "☆";
            star.ariaLabel = `${i + 1} stars`;
            star.disabled = fixed;
            star.onclick = () => {
              model.set("value", i + 1);
              model.save_changes();
              model.send({ event: "select", data: { index: i, value: star.textContent } });
            };
            return star;
          }));
        };
        for (const name of ["value", "most", "interactive"]) model.on(`change:${name}`, draw);
        draw();
      }
    };
    '''
    _css = '''
    @keyframes shine { to { outline-color: red } }
    button { animation: shine 1ms; border: 0; background: none; color: goldenrod; cursor: pointer }
    .star { font-size: 24px }
    '''
    select = gr.Event("a star was pressed")
"""
APP = """
with gr.Blocks() as demo:
    stars = Stars(1, label="Rating")
    told = gr.Textbox(label="Told")
    pressed = gr.Textbox(label="Pressed")
    twin = Stars(2, most=3, label="Twin", interactive=False)
    stars.input(lambda n: (f"{n} stars", n % 4), stars, [told, twin])

    def press(event: gr.SelectData):
        return f"{event.index} was {event.value}"

    stars.select(press, None, pressed)
    gr.Button("More").click(lambda: gr.update(most=7, value=6), None, stars)
demo
"""


def filled(place: Any) -> str:
    """A pattern of the text of stars, of which so many are filled."""
    return "★" * place[0] + "☆" * (place[1] - place[0])


def test_it_is_used_like_any_other(open_notebook) -> None:
    book = open_notebook(STARS, APP, fresh=True)  # it is loaded again, which spoils the page
    book.spoilt = True
    book.run_all()
    app = book.output(1)
    mine, twin = app.get_by_role("group", name="Rating"), app.get_by_role("group", name="Twin")
    expect(mine).to_have_text(filled((1, 5)))
    expect(twin).to_have_text(filled((2, 3)))
    expect(twin.get_by_role("button").first).to_be_disabled()
    assert mine.get_by_role("button").first.evaluate("one => getComputedStyle(one).fontSize") == "24px"
    more = app.get_by_role("button", name="More")
    for property, value in {"animation-name": "shine", "color": "rgb(218, 165, 32)"}.items():
        expect(mine.get_by_role("button").first).to_have_css(property, value)
        expect(more).not_to_have_css(property, value)  # the sheet reaches no other button
    mine.get_by_role("button", name="3 stars").click()
    expect(mine).to_have_text(filled((3, 5)))
    expect(app.get_by_label("Told")).to_have_value("3 stars")
    expect(app.get_by_label("Pressed")).to_have_value("2 was ☆")
    expect(twin).to_have_text(filled((3, 3)))
    app.get_by_role("button", name="More").click()
    expect(mine).to_have_text(filled((6, 7)))
    book.kernel("stars.most = 4; stars.value = 2")
    expect(mine).to_have_text(filled((2, 4)))
    mine.get_by_role("button", name="4 stars").click()
    until(book, "stars.value", "4")
    assert not [one for one in book.problems if "nbblocks" in one]
    book.reload()
    expect(mine).to_have_text(filled((4, 4)))
    mine.get_by_role("button", name="1 stars").click()
    expect(app.get_by_label("Told")).to_have_value("1 stars")
    assert book.page.locator("style[data-nbb-own]").count() == 1


def test_its_javascript_sets_traits_and_talks_with_its_class(open_notebook) -> None:
    book = open_notebook("""
import traitlets
import nbblocks as gr

class Pad(gr.CustomComponent):
    size = traitlets.Int(1).tag(sync=True)
    _esm = '''
    export default () => ({
      initialize({ model }) { model.ready = "ready"; },
      async render({ model, el, signal }) {
        el.innerHTML = "<button>grow</button><button>ask</button><button>wrong</button><output></output>";
        const [grow, ask, wrong] = el.querySelectorAll("button");
        const say = (text) => { el.querySelector("output").textContent = text; };
        say(model.ready);
        grow.onclick = () => { model.set("size", model.get("size") + 1); model.save_changes(); };
        ask.onclick = async () => say(JSON.stringify(await model.send({ question: model.get("size") })));
        wrong.onclick = () => { model.set("size", "large"); model.save_changes(); };
        model.on("change:size", () => say(`size ${model.get("size")}`));
        model.on("msg:custom", (content, buffers) => say(`${content.word} ${buffers[0].byteLength}`));
        return () => { window.padGone = (window.padGone ?? 0) + 1; };
      },
    });
    '''
    def on_message(self, content):
        if content["question"] > 3:
            raise gr.Error("too large a question")
        return {"answer": content["question"] * 10}

pad = Pad(label="Pad")
pad
""")
    book.run_cell(0)
    app = book.output(0)
    said = app.locator("output")
    expect(said).to_have_text("ready")
    app.get_by_role("button", name="grow").click()
    expect(said).to_have_text("size 2")
    until(book, "pad.size", "2")
    app.get_by_role("button", name="ask").click()
    expect(said).to_have_text('{"answer":20}')
    book.kernel('pad.send({"word": "bytes"}, [b"123"])')
    expect(said).to_have_text("bytes 3")
    app.get_by_role("button", name="wrong").click()
    expect(said).to_have_text("size 2")
    expect(app.get_by_text("expected an int, not the str 'large'")).to_be_visible()
    book.kernel("pad.size = 4")
    expect(said).to_have_text("size 4")
    app.get_by_role("button", name="ask").click()
    expect(app.get_by_role("alert").get_by_text("too large a question")).to_be_visible()
    assert book.page.evaluate("window.padGone") is None
    book.kernel("pad.visible = False")
    expect(said).to_have_count(0)
    book.page.wait_for_function("window.padGone === 1")
    book.kernel("pad.visible = True")
    expect(said).to_have_text("ready")


def test_a_file_is_drawn_anew_while_it_is_edited(open_notebook) -> None:
    book = open_notebook("""
import os, pathlib, traitlets
os.environ["ANYWIDGET_HMR"] = "1"
import nbblocks as gr
file, sheet = pathlib.Path("dial.js"), pathlib.Path("dial.css")
source = '''export default { render({ model, el }) {
  const button = document.createElement("button");
  button.className = "dial";
  const draw = () => { button.textContent = `WORD ${model.get("value")}`; };
  button.onclick = () => { model.set("value", model.get("value") + 1); model.save_changes(); };
  model.on("change:value", draw);
  draw();
  el.append(button);
} }'''
file.write_text(source.replace("WORD", "old"))
sheet.write_text(".dial { letter-spacing: 1px }")

class Dial(gr.CustomComponent):
    value = traitlets.Int(0).tag(sync=True)
    _esm, _css = file, sheet

with gr.Blocks() as demo:
    dial, out = Dial(label="One"), gr.Textbox(label="Out")
    Dial(5, label="Two")
    dial.change(lambda n: f"at {n}", dial, out)
demo
""")
    book.run_cell(0)
    app = book.output(0)
    app.get_by_role("button", name="old 0").click()
    button = app.get_by_role("button", name="old 1")
    expect(button).to_have_css("letter-spacing", "1px")
    expect(app.get_by_label("Out")).to_have_value("at 1")
    book.kernel('_ = file.write_text(source.replace("WORD", "new"))')
    expect(app.get_by_role("button", name="new 1")).to_be_visible()
    expect(app.get_by_role("button", name="new 5")).to_be_visible()
    expect(app.get_by_role("button", name="old")).to_have_count(0)
    app.get_by_role("button", name="new 1").click()
    expect(app.get_by_label("Out")).to_have_value("at 2")
    book.kernel('_ = sheet.write_text(".dial { letter-spacing: 3px }")')
    expect(app.get_by_role("button", name="new 2")).to_have_css("letter-spacing", "3px")
    book.kernel('_ = file.write_text("export default { render( {")')
    expect(app.get_by_role("alert").first).to_contain_text("Dial: ")
    expect(app.get_by_role("button", name="new 2")).to_be_visible()
    book.kernel('_ = file.write_text(source.replace("WORD", "mended"))')
    expect(app.get_by_role("button", name="mended 2")).to_be_visible()
    expect(app.get_by_role("alert")).to_have_count(0)


def test_what_is_wrong_in_it_stays_in_its_place(open_notebook) -> None:
    book = open_notebook("""
import traitlets
import nbblocks as gr

def made(name, esm):
    return type(name, (gr.CustomComponent,), {"_esm": esm, "value": traitlets.Int(0).tag(sync=True)})

with gr.Blocks() as demo:
    made("Typo", "export default { render( {")()
    made("Thrower", "export default { render() { throw new TypeError('no such star') } }")()
    made("Empty", "export const x = 1")()
    made("Late", "export default { async render() { await 0; throw new Error('too late') } }")()
    listening = made("Listening", '''export default { render({ model, el }) {
      el.textContent = "drawn";
      model.on("change:value", () => { throw new Error("in a listener") });
    } }''')()
    gr.CustomComponent(label="Bare")
    gr.Button("Fine").click(lambda: (1, "fine"), None, [listening, gr.Textbox(label="Out")])
demo
""")
    book.run_cell(0)
    app = book.output(0)
    for text in (
        "Typo: ",
        "Thrower: TypeError: no such star",
        "Empty: Error: its module has no “export default { render }”",
        "Late: Error: too late",
        "CustomComponent: CustomComponent has no _esm that draws it",
    ):
        expect(app.get_by_role("alert").filter(has_text=text)).to_be_visible()
    app.get_by_role("button", name="Fine").click()
    expect(app.get_by_label("Out")).to_have_value("fine")
    expect(app.get_by_role("alert").filter(has_text="Listening: Error: in a listener")).to_be_visible()
    expect(app.get_by_text("drawn")).to_be_visible()


def test_it_stands_among_other_widgets_and_is_linked(open_notebook) -> None:
    book = open_notebook(
        STARS
        + """
import ipywidgets
alone, other = Stars(2, label="Alone"), ipywidgets.IntText(0, description="Other")
link = ipywidgets.jslink((alone, "value"), (other, "value"))
ipywidgets.VBox([alone, other])
"""
    )
    book.run_cell(0)
    app = book.output(0)
    expect(app.get_by_label("Other")).to_have_value("2")
    app.get_by_role("button", name="4 stars").click()
    expect(app.get_by_label("Other")).to_have_value("4")
    app.get_by_label("Other").fill("1")
    app.get_by_label("Other").press("Tab")
    expect(app.get_by_role("group", name="Alone")).to_have_text(filled((1, 5)))
    until(book, "alone.value", "1")


def test_a_rendering_builds_them_and_keys_keep_them(open_notebook) -> None:
    book = open_notebook(
        STARS
        + """
with gr.Blocks() as demo:
    count = gr.Number(1, label="Count")

    @gr.render(count)
    def show(n):
        for i in range(int(n)):
            Stars(1, key=i, most=int(n) + 2, label=f"Row {i}", interactive=True)
demo
"""
    )
    book.run_cell(0)
    app = book.output(0)
    row = app.get_by_role("group", name="Row 0")
    row.get_by_role("button", name="3 stars").click()
    expect(row).to_have_text(filled((3, 3)))
    app.get_by_label("Count").fill("2")
    app.get_by_label("Count").press("Enter")
    expect(app.get_by_role("group", name="Row 1")).to_have_text(filled((1, 4)))
    expect(row).to_have_text(filled((3, 4)))


def test_the_cells_run_again_keep_a_value_with_a_key(open_notebook) -> None:
    book = open_notebook(
        STARS
        + '\nwith gr.Blocks() as demo:\n    stars = Stars(1, key="a", label="Rating", interactive=True)\ndemo'
    )
    book.run_cell(0)
    app = book.output(0)
    app.get_by_role("button", name="4 stars").click()
    until(book, "stars.value", "4")
    book.run_cell(0)
    expect(app.get_by_role("group", name="Rating")).to_have_text(filled((4, 5)))


def test_a_static_page_shows_it(static_page) -> None:
    page = static_page(STARS, APP)
    mine = page.get_by_role("group", name="Rating")
    expect(mine).to_have_text(filled((1, 5)))
    expect(mine.get_by_role("button").first).to_be_disabled()
    expect(mine.get_by_role("button").first).to_have_css("font-size", "24px")


def test_an_own_subclass_of_a_library_class_is_drawn(open_notebook) -> None:
    book = open_notebook("""
import nbblocks as gr

class Loud(gr.Textbox):
    def preprocess(self, payload):
        return payload.upper()

with gr.Blocks() as demo:
    word = Loud("a", label="Word")
    gr.Button("Go").click(lambda s: s, word, gr.Textbox(label="Out"))
demo
""")
    book.run_cell(0)
    app = book.output(0)
    app.get_by_label("Word").fill("hey")
    app.get_by_role("button", name="Go").click()
    expect(app.get_by_label("Out")).to_have_value("HEY")
