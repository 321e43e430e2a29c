"""Form and text components as a person uses them in JupyterLab, with what has come of it in the kernel."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from .stage import Stage


def shown(app: Locator, name: str) -> Locator:
    """The block with that ``elem_id``."""
    return app.locator(f"#{name}")


def test_what_is_typed_is_the_value(stage: Stage) -> None:  # CP-90 CP-91 CP-97
    app = stage.show("""
with gr.Blocks() as demo:
    name = gr.Textbox(label="Name", info="In full", submit_btn="Send", buttons=["copy"])
    poem = gr.Textbox(label="Poem", lines=3, max_length=12)
    age = gr.Number(label="Age", minimum=0, maximum=120, precision=0)
    ink = gr.ColorPicker("#000000", label="Ink", elem_id="ink")
    heard = gr.Textbox(label="Heard")
    gr.on([name.submit, age.submit, ink.submit], lambda *given: repr(given), [name, poem, age, ink], heard)
demo
""")
    app.get_by_label("Name", exact=True).fill("Ada")
    expect(app.get_by_label("Name", exact=True)).to_have_accessible_description("In full")
    stage.until("name.value == 'Ada'")
    poem = app.get_by_label("Poem")
    poem.press_sequentially("one")
    poem.press("Enter")
    poem.press_sequentially("two and more than fits")
    expect(poem).to_have_value("one\ntwo and ")
    poem.press("Control+z")
    expect(poem).not_to_have_value("one\ntwo and ")
    poem.fill("one\ntwo and ")
    app.get_by_label("Age").fill("36")
    swatch, text = shown(app, "ink").locator("input").all()
    text.fill("#f00")
    expect(swatch).to_have_value("#ff0000")
    expect(text).to_have_value("#f00")
    text.fill("teal")
    text.press("Enter")
    expect(app.get_by_label("Heard")).to_have_value("('Ada', 'one\\ntwo and ', 36, '#008080')")
    swatch.fill("#123456")
    stage.until("ink.value == '#123456'")
    app.get_by_label("Age").fill("130")
    app.get_by_role("button", name="Send").click()
    expect(app.locator(".nbb-toast-error")).to_contain_text("130 is greater than the maximum 120")


def test_what_one_types_stays_while_the_kernel_changes_other_things(
    stage: Stage,
) -> None:  # CP-90 CP-91 CP-92 CP-96 CP-97
    app = stage.show("""
with gr.Blocks() as demo:
    boxes = [gr.Textbox(label="Text"), gr.Number(label="Number"), gr.Slider(label="Slider"),
             gr.Dropdown(["one", "two"], label="Dropdown", interactive=True), gr.ColorPicker(label="Color"),
             gr.DateTime(label="Date")]
demo
""")
    drafts = {"Text": "dra", "Number": "1.50", "Slider, as a number": "4", "Dropdown": "tw", "Color": "#f"}
    drafts["Date"] = "2024-05"
    for label, draft in drafts.items():
        box = app.get_by_label(label, exact=True)
        box.fill(draft)
        stage.kernel("for box in boxes: box.info = (box.info or '') + 'x'")
        expect(app.locator(".nbb-info").first).to_contain_text("x")
        expect(box).to_have_value(draft)
        expect(box).to_be_focused()
        stage.kernel("for box in boxes: box.info = ''")


def test_a_slider_is_dragged_stepped_typed_and_reset(stage: Stage) -> None:  # CP-92
    app = stage.show("""
with gr.Blocks() as demo:
    depth = gr.Slider(0, 10, 2, step=0.5, label="Depth")
    last = gr.Textbox(label="Released at")
    depth.release(lambda x: str(x), depth, last)
demo
""")
    rail = app.get_by_role("slider", name="Depth")
    box = rail.bounding_box()
    assert box
    page = stage.page
    page.mouse.move(box["x"] + 8 + (box["width"] - 16) * 0.2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 8 + (box["width"] - 16) * 0.7, box["y"] + box["height"] / 2, steps=5)
    stage.until("depth.value == 7")
    expect(app.get_by_label("Released at")).to_have_value("")
    page.mouse.up()
    expect(app.get_by_label("Released at")).to_have_value("7")
    rail.press("ArrowRight")
    expect(app.get_by_label("Released at")).to_have_value("7.5")
    number = app.get_by_label("Depth, as a number")
    number.fill("25")
    number.press("Enter")
    expect(app.get_by_label("Released at")).to_have_value("10")
    app.get_by_role("button", name="Reset").click()
    expect(app.get_by_label("Released at")).to_have_value("2")


def test_choices_are_picked_by_pointer_and_keyboard(stage: Stage) -> None:  # CP-93 CP-94 CP-95
    app = stage.show("""
with gr.Blocks() as demo:
    sure = gr.Checkbox(label="Sure")
    size = gr.Radio([("Small", 1), ("Large", 3)], label="Size", type="index")
    tags = gr.CheckboxGroup(["a", "b", "c"], label="Tags", show_select_all=True)
    heard = gr.Textbox(label="Heard")
    gr.on([sure.input, size.input, tags.input], lambda *given: repr(given), [sure, size, tags], heard)
demo
""")
    heard = app.get_by_label("Heard")
    app.get_by_text("Sure").click()
    expect(heard).to_have_value("(True, None, [])")
    app.get_by_role("radio", name="Small").check()
    expect(heard).to_have_value("(True, 0, [])")
    app.get_by_role("radio", name="Small").press("ArrowDown")
    expect(heard).to_have_value("(True, 1, [])")
    app.get_by_role("group", name="Tags").get_by_label("b").press("Space")
    expect(heard).to_have_value("(True, 1, ['b'])")
    app.get_by_label("Select all").check()
    expect(heard).to_have_value("(True, 1, ['b', 'a', 'c'])".replace("'b', 'a', 'c'", "'a', 'b', 'c'"))


def test_a_long_dropdown_is_searched_and_tags_come_and_go(stage: Stage) -> None:  # CP-96
    app = stage.show("""
with gr.Blocks() as demo:
    one = gr.Dropdown([f"No. {i}" for i in range(10_000)], label="One", interactive=True)
    many = gr.Dropdown(["red", "green", "blue"], label="Many", multiselect=True, max_choices=2)
    free = gr.Dropdown(["x"], label="Free", allow_custom_value=True, interactive=True)
    keys = gr.Textbox(label="Keys")
    def note(e: gr.KeyUpData):
        return f"{e.key} {e.input_value}"
    free.key_up(note, None, keys)
demo
""")
    box = app.get_by_role("combobox", name="One")
    box.click()
    expect(app.get_by_role("option")).to_have_count(100)
    app.get_by_role("listbox").evaluate("(list) => list.scrollTo(0, list.scrollHeight)")
    expect(app.get_by_role("option")).to_have_count(200)
    box.fill("9876")
    expect(app.get_by_role("option")).to_have_text(["No. 9876"])
    box.press("Enter")
    stage.until("one.value == 'No. 9876'")

    box = app.get_by_role("combobox", name="Many")
    for text in ("gr", "bl"):
        box.fill(text)
        box.press("Enter")
    stage.until("many.value == ['green', 'blue']")
    expect(app.get_by_role("option", name="red")).to_be_disabled()
    box.press("Escape")
    app.get_by_role("button", name="Remove green").click()
    stage.until("many.value == ['blue']")
    box.press("Backspace")
    stage.until("many.value == []")

    box = app.get_by_role("combobox", name="Free")
    box.fill("")
    box.press_sequentially("hi")
    expect(app.get_by_label("Keys")).to_have_value("i hi")
    box.press("Enter")
    stage.until("free.value == 'hi'")


def test_a_date_is_typed_picked_and_told_from_now(stage: Stage) -> None:
    app = stage.show("""
with gr.Blocks() as demo:
    start = gr.DateTime(label="Start", type="string", timezone="Europe/Paris", elem_id="start")
    day = gr.DateTime(label="Day", include_time=False, type="datetime")
    heard = gr.Textbox(label="Heard")
    gr.on([start.submit, day.submit], lambda a, b: f"{a} {b}", [start, day], heard)
demo
""")
    box = app.get_by_label("Start", exact=True)
    box.fill("2024-05-01 9:00")
    box.press("Enter")
    expect(shown(app, "start").get_by_role("alert")).to_have_text("Write YYYY-MM-DD HH:MM:SS, or now - 5m")
    box.fill("2024-05-01 09:00")
    app.get_by_label("Day", exact=True).fill("2024-06-02")
    app.get_by_label("Day", exact=True).press("Enter")
    expect(app.get_by_label("Heard")).to_have_value("2024-05-01 09:00:00 2024-06-02 00:00:00")
    expect(box).to_have_value("2024-05-01 09:00:00")
    shown(app, "start").locator("[type=datetime-local]").fill("2025-01-02T03:04:05", force=True)
    stage.until("start.value == '2025-01-02 03:04:05'")
    expect(box).to_have_value("2025-01-02 03:04:05")
    box.fill("now - 1d")
    box.press("Enter")
    stage.until("start.value == 'now - 1d'")
    expect(app.get_by_label("Heard")).not_to_have_value("now - 1d 2024-06-02 00:00:00")


def test_text_is_marked_by_keyboard_and_pointer(stage: Stage) -> None:  # CP-124
    app = stage.show("""
with gr.Blocks() as demo:
    text = gr.HighlightedText([("Ada", "person"), (" went to London", None)], interactive=True, label="Names")
demo
""")
    box = app.get_by_role("textbox", name="Names")
    box.focus()
    stage.page.keyboard.press("Control+End")
    for _ in range(6):
        stage.page.keyboard.press("Shift+ArrowLeft")
    stage.page.keyboard.press("x")  # a text that can be marked cannot be edited
    expect(box).to_contain_text("went to London")
    stage.page.keyboard.press("Enter")
    label = app.locator(".nbb-ask-box")
    expect(label).to_be_focused()
    label.fill("place")
    stage.kernel("text.label = 'Entities'")
    expect(label).to_have_value("place")
    label.press("Enter")
    stage.until("text.value[-1] == {'token': 'London', 'class_or_confidence': 'place'}")
    app.locator("mark", has_text="Ada").click()
    app.get_by_role("button", name="Remove the label").click()
    wanted = "[('Ada went to ', None), ('London', 'place')]"
    stage.until(f"text.preprocess(text.value) == {wanted}")
    app.locator("[data-text]").first.dblclick(position={"x": 5, "y": 8})
    expect(app.locator(".nbb-ask")).to_have_accessible_name("Label of “Ada”")
    app.locator(".nbb-ask-box").fill("person")
    app.get_by_role("button", name="Apply").click()
    stage.until("text.value[0] == {'token': 'Ada', 'class_or_confidence': 'person'}")


def test_a_sidebar_gives_way_and_lies_over_what_is_narrow(stage: Stage) -> None:  # CP-147
    app = stage.show("""
with gr.Blocks() as demo:
    with gr.Sidebar("Settings", width=250) as side:
        speed = gr.Number(1, label="Speed")
    gr.Textbox(label="Main", elem_id="main")
    said = gr.Textbox(label="Said")
    side.collapse(lambda: "away", None, said)
    side.expand(lambda: "back", None, said)
    gr.Button("Open").click(lambda: gr.Sidebar(open=True), None, side)
demo
""")
    main, panel = shown(app, "main"), app.get_by_role("complementary", name="Settings")
    wide = main.bounding_box()
    assert wide
    handle = app.get_by_role("button", name="Settings")
    handle.click()
    expect(panel).to_be_hidden()
    expect(app.get_by_label("Said")).to_have_value("away")
    wider = main.bounding_box()
    assert wider and wider["width"] > wide["width"] + 200
    app.get_by_role("button", name="Open", exact=True).click()
    expect(panel).to_be_visible()
    app.evaluate("(app) => { app.style.width = '400px'; }")
    over, below = panel.bounding_box(), main.bounding_box()
    assert over and below and over["x"] + over["width"] > below["x"] + 100  # it lies over
    app.get_by_label("Speed").press("Escape")
    expect(panel).to_be_hidden()
    expect(handle).to_be_focused()
    app.evaluate("(app) => { app.style.width = ''; }")


def test_tabs_without_room_are_in_a_menu(stage: Stage) -> None:  # CP-143 CP-144 CP-145
    app = stage.show("""
with gr.Blocks() as demo:
    with gr.Tabs() as tabs:
        for i in range(20):
            with gr.Tab(f"Chapter {i}", id=i):
                with gr.Accordion(f"More {i}", open=False, max_height=80):
                    gr.Textbox(f"Page {i}", label=f"Text {i}")
    gr.Button("Last").click(lambda: gr.Tabs(selected=19), None, tabs)
demo
""")
    app.get_by_role("button", name="All tabs").click()
    app.get_by_role("menuitemradio", name="Chapter 15").click()
    tab = app.get_by_role("tab", name="Chapter 15")
    expect(tab).to_have_attribute("aria-selected", "true")
    expect(tab).to_be_focused()
    expect(tab).to_be_in_viewport()
    stage.page.keyboard.press("ArrowRight")
    expect(app.get_by_role("tab", name="Chapter 16")).to_be_focused()
    app.get_by_text("More 16").click()
    expect(app.get_by_label("Text 16")).to_have_value("Page 16")
    app.get_by_role("button", name="Last").click()
    expect(app.get_by_role("tab", name="Chapter 19")).to_have_attribute("aria-selected", "true")


def test_html_of_an_author_is_a_component_of_its_own(stage: Stage) -> None:  # CP-121
    app = stage.show("""
def shout(text):
    return text.upper() + "!"

with gr.Blocks() as demo:
    stars = gr.HTML(
        3, html_template="{{#if value}}<p>${'★'.repeat(value)}</p>{{/if}}<button>${verb}</button><input>",
        css_template="p { color: ${color}; }", color="rgb(1, 2, 3)", verb="More",
        js_on_load='''
            element.querySelector("button").addEventListener("click", async () => {
                props.value = props.value + 1;
                trigger("rated", {said: await server.shout("so many")});
            });
        ''',
        server_functions=[shout], elem_id="stars")
    with gr.HTML(html_template="<h4>${title}</h4>@children<hr>", title="Form", elem_id="form"):
        inner = gr.Textbox(label="Inside")
    heard = gr.Textbox(label="Heard")
    def rated(value, event: gr.EventData):
        return f"{value} {event.said}"
    stars.rated(rated, stars, heard)
    gr.Button("Blue").click(lambda: gr.HTML(color="blue", verb="<i>"), None, stars)
demo
""")
    block = shown(app, "stars")
    expect(block.locator("p")).to_have_text("★★★")
    expect(block.locator("p")).to_have_css("color", "rgb(1, 2, 3)")
    block.locator("input").fill("mine")
    block.get_by_role("button", name="More").click()
    expect(app.get_by_label("Heard")).to_have_value("4 SO MANY!")
    expect(block.locator("p")).to_have_text("★★★★")
    app.get_by_role("button", name="Blue").click()
    expect(block.get_by_role("button")).to_have_text("<i>")
    expect(block.locator("p")).to_have_css("color", "rgb(0, 0, 255)")
    expect(block.locator("input")).to_have_value("mine")
    expect(shown(app, "form").locator("h4 ~ .nbb-html-children, .nbb-html-children")).to_be_visible()
    app.get_by_label("Inside").fill("typed")
    stage.until("inner.value == 'typed'")


def test_shown_data_unfold_and_buttons_do_what_they_say(
    stage: Stage,
) -> None:  # CP-50 CP-55 CP-81 CP-122 CP-123
    app = stage.show("""
with gr.Blocks() as demo:
    box = gr.Textbox("full", label="Box", buttons=[look := gr.Button("Look up", elem_id="look")])
    count = gr.State(3)
    best = gr.Label({"cat": 0.9, "dog": 0.1}, label="Best")
    data = gr.JSON({"a": {"b": {"c": {"d": [1, 2]}}}}, label="Data", show_indices=True)
    heard = gr.Textbox(label="Heard")
    gr.ClearButton([box, count, best])
    gr.Button("Docs", link="https://example.invalid/")
    look.click(lambda: "looked", None, heard)
    def chosen(event: gr.SelectData):
        return event.value
    best.select(chosen, None, heard)
demo
""")
    app.get_by_role("button", name="dog").click()
    expect(app.get_by_label("Heard")).to_have_value("dog")
    app.get_by_role("button", name="Look up").click()
    expect(app.get_by_label("Heard")).to_have_value("looked")
    app.locator("summary", has_text="c:").click()
    app.locator("summary", has_text="d:").click()
    expect(app.locator(".nbb-json")).to_contain_text("1: 2")
    app.get_by_role("button", name="Clear").click()
    expect(app.get_by_label("Box")).to_have_value("")
    expect(app.get_by_role("img", name="No result")).to_be_visible()
    link = app.get_by_role("link", name="Docs")
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", "noopener noreferrer")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_focus_is_seen(stage: Stage, theme: str) -> None:
    app = stage.show("""
with gr.Blocks() as demo:
    gr.Textbox(label="Text"); gr.Slider(label="Slider"); gr.Checkbox(label="Tick")
    gr.Radio(["a"], label="Radio"); gr.Dropdown(["a"], label="Dropdown", interactive=True)
    gr.ColorPicker(label="Color"); gr.DateTime(label="Date"); gr.Button("Press")
demo
""")
    stage.book.theme(theme)  # pyright: ignore[reportArgumentType]
    app.get_by_label("Text").focus()
    seen: set[str] = set()
    for _ in range(14):
        look = stage.page.evaluate(
            """() => {
              const own = document.activeElement;
              const frame = own.closest(".nbb-framed, .nbb-pill, .nbb-colour-pick");
              const marks = [own, frame].filter(Boolean).map((one) => getComputedStyle(one));
              const thumb = own.type === "range" && own.matches(":focus-visible"); // its style cannot be read
              return [own.tagName + (own.type ?? ""), marks.some((one) => one.boxShadow.includes("inset")
                || one.outlineStyle !== "none" || / 3px/.test(one.boxShadow)) || thumb];
            }"""
        )
        assert look[1], f"{look[0]} shows no focus"
        seen.add(look[0])
        if look[0] == "BUTTONbutton" and "INPUTcolor" in seen and "INPUTtext" in seen and len(seen) >= 6:
            break
        stage.page.keyboard.press("Tab")
    assert {"TEXTAREAtextarea", "INPUTrange", "INPUTcheckbox", "INPUTradio", "INPUTcolor"} <= seen
    stage.book.theme("light")
