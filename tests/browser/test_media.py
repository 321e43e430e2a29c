"""Pictures, galleries and plots, as a person sees and makes them in JupyterLab and on static pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
from playwright.sync_api import Locator, Page, expect

from .stage import Stage, press

IMAGE = """
import numpy as np

log = []
with gr.Blocks() as demo:
    picture, told = gr.Image(label="In" OPTIONS), gr.Textbox(label="Told")
    mirrored = gr.Image(label="Out", format="png")

    def note(name, value):
        log.append(name)
        return f"{name} {None if value is None else value.shape}"

    picture.input(lambda: log.append("input"))  # side by side with the others, whichever ends first
    for name in ("upload", "clear"):
        getattr(picture, name)(lambda value, name=name: note(name, value), picture, told)
    gr.Button("Mirror").click(lambda value: value[:, ::-1], picture, mirrored)
demo
"""
PIXEL = """(image, [x, y]) => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0);
  return [...pen.getImageData(x, y, 1, 1).data];
}"""
LOADED = "(image) => image.complete && image.naturalWidth"
COPY_PICTURE = """async () => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [30, 20];
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
}"""


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A picture of 40 by 30 pixels: red on the left, blue on the right."""
    pixels = np.zeros((30, 40, 3), np.uint8)
    pixels[:, :20, 0] = pixels[:, 20:, 2] = 255
    PIL.Image.fromarray(pixels).save(tmp_path / "photo.png")
    return tmp_path / "photo.png"


@pytest.fixture
def clipboard(stage: Stage) -> Iterator[None]:
    """The page may use the clipboard, and a picture of 30 by 20 pixels is in it."""
    stage.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    stage.page.evaluate(COPY_PICTURE)
    yield
    stage.page.context.clear_permissions()


def image(stage: Stage, options: str = "") -> Locator:
    """Show an app with an Image of these options in it."""
    return stage.show(IMAGE.replace(" OPTIONS", options and f", {options}"))


def block(app: Locator, label: str) -> Locator:
    """The component with that label."""
    return app.get_by_role("group", name=label, exact=True)


def choose(stage: Stage, app: Locator, label: str, *paths: Path) -> None:
    """Choose files by the component's large button."""
    stage.book.upload(block(app, label).locator(".nbb-zone-main"), *paths)


def width(picture: Locator) -> int:
    """Pixels of the picture that is shown, once it is."""
    picture.page.wait_for_function(LOADED, arg=picture.element_handle())
    return picture.evaluate("(image) => image.naturalWidth")


# -- Image


def test_a_chosen_picture_reaches_the_handler_and_comes_back(stage: Stage, photo: Path) -> None:  # CP-110
    app = image(stage)
    choose(stage, app, "In", photo)
    expect(app.get_by_label("Told")).to_have_value("upload (30, 40, 3)")
    stage.until("sorted(log) == ['input', 'upload']")
    press(app, "Mirror")
    shown = block(app, "Out").locator("img")
    assert width(shown) == 40
    assert shown.evaluate(PIXEL, [5, 5]) == [0, 0, 255, 255]
    name, data = stage.book.download(block(app, "Out").get_by_role("button", name="Download"))
    assert name == "image.png" and data.startswith(b"\x89PNG")
    block(app, "In").get_by_role("button", name="Clear").click()
    expect(app.get_by_label("Told")).to_have_value("clear None")


def test_a_picture_is_pasted_by_key_where_the_focus_is(stage: Stage, clipboard: None) -> None:  # CP-110
    app = image(stage)
    block(app, "In").locator(".nbb-zone-main").focus()
    stage.page.keyboard.press("ControlOrMeta+V")
    expect(app.get_by_label("Told")).to_have_value("upload (20, 30, 3)")
    # A picture that is there is replaced, once it is clicked on.
    stage.kernel("log.clear()")
    block(app, "In").locator("img").click()
    stage.page.keyboard.press("ControlOrMeta+V")
    stage.until("sorted(log)[-1:] == ['upload']")  # its handler and those of the value run side by side


def test_a_picture_is_pasted_by_button(stage: Stage, clipboard: None) -> None:  # CP-110
    app = image(stage)
    block(app, "In").get_by_role("button", name="Paste").click()
    expect(app.get_by_label("Told")).to_have_value("upload (20, 30, 3)")


def test_a_picture_is_dropped(stage: Stage, photo: Path) -> None:  # CP-110
    app = image(stage)
    held = stage.page.evaluate_handle(
        """(bytes) => {
          const held = new DataTransfer();
          held.items.add(new File([new Uint8Array(bytes)], "photo.png", { type: "image/png" }));
          return held;
        }""",
        list(photo.read_bytes()),
    )
    place = block(app, "In")
    place.dispatch_event("dragover", {"dataTransfer": held})
    expect(place).to_have_class("nbb-picture nbb-media nbb-over")
    place.dispatch_event("drop", {"dataTransfer": held})
    expect(app.get_by_label("Told")).to_have_value("upload (30, 40, 3)")


def test_the_webcam_takes_a_picture(stage: Stage) -> None:  # CP-110
    app = image(stage, 'sources="webcam"')
    place = block(app, "In")
    place.get_by_role("button", name="Use the webcam").click()
    place.get_by_role("button", name="Take a picture").click()
    expect(app.get_by_label("Told")).to_have_value("upload (480, 640, 3)")
    expect(place.locator("video")).to_have_count(0)
    assert width(place.locator("img")) == 640


def test_the_webcam_streams_until_it_is_stopped(stage: Stage) -> None:  # CP-110
    app = stage.show("""
frames = []
with gr.Blocks() as demo:
    cam, told = gr.Image(label="In", streaming=True), gr.Textbox(label="Told")

    def count(frame):
        frames.append(frame.shape)
        return str(len(frames))

    cam.stream(count, cam, told, stream_every=0.1)
demo
""")
    place = block(app, "In")
    place.get_by_role("button", name="Use the webcam").click()
    place.get_by_role("button", name="Start streaming").click()
    stage.until("len(frames) >= 4")
    place.get_by_role("button", name="Stop streaming").click()
    assert stage.kernel("print(set(frames))").strip() == "{(480, 640, 3)}"
    expect(place.locator("video")).to_have_count(1)
    place.get_by_role("button", name="Turn off the webcam").click()
    # The last frame stays as the value.
    assert width(place.locator("img")) == 640


def test_a_click_picks_a_pixel(stage: Stage) -> None:  # CP-110
    app = stage.show("""
import numpy as np
with gr.Blocks() as demo:
    picture = gr.Image(np.zeros((50, 100, 3), np.uint8), label="In", height=200, interactive=False)
    told = gr.Textbox(label="Told")

    def where(event: gr.SelectData):
        return str(list(event.index))

    picture.select(where, None, told)
demo
""")
    shown = block(app, "In").locator("img")
    width(shown)
    box = shown.bounding_box()
    assert box is not None
    # Fitted into a box of another shape, the picture lies in its middle.
    scale = min(box["width"] / 100, box["height"] / 50)
    left, top = (box["width"] - 100 * scale) / 2, (box["height"] - 50 * scale) / 2
    shown.click(position={"x": left + 70.5 * scale, "y": top + 20.5 * scale})
    expect(app.get_by_label("Told")).to_have_value("[70, 20]")


def test_a_picture_too_large_for_one_message_is_shown(stage: Stage) -> None:  # CP-110
    app = stage.show("""
import numpy as np
noise = np.random.default_rng(1).integers(0, 256, (1300, 1300, 3), np.uint8)
with gr.Blocks() as demo:
    picture = gr.Image(noise, label="In", format="png")
demo
""")
    assert int(stage.kernel("print(picture.value['size'])")) > 4 << 20
    assert width(block(app, "In").locator("img")) == 1300


# -- Gallery

GALLERY = """
import numpy as np

def noise(seed, side=160):
    return np.random.default_rng(seed).integers(0, 256, (side, side, 3), np.uint8)

log = []
with gr.Blocks() as demo:
    gallery = gr.Gallery([(noise(i), f"number {i}") for i in range(COUNT)], label="In", OPTIONS)
    told = gr.Textbox(label="Told")

    def select(event: gr.SelectData):
        return f"select {event.index} {event.value['caption']}"

    def delete(value, event: gr.DeletedFileData):
        return f"delete {event.file.orig_name}, {len(value)} left"

    gallery.select(select, None, told)
    gallery.delete(delete, gallery, told)
    gallery.upload(lambda value: f"upload {[caption for _, caption in value]}", gallery, told)
    gallery.preview_open(lambda: log.append("open"))
    gallery.preview_close(lambda: log.append("close"))
demo
"""


def gallery(stage: Stage, count: int, options: str) -> Locator:
    """Show an app with a Gallery of so many pictures in it."""
    return stage.show(GALLERY.replace("COUNT", str(count)).replace("OPTIONS", options))


def test_pictures_are_fetched_as_they_come_into_sight(stage: Stage) -> None:  # CP-113
    stage.messages()
    app = gallery(stage, 90, 'format="png", columns=3, height=300, interactive=False')
    place = block(app, "In")
    tiles = place.locator(".nbb-tile")
    expect(tiles).to_have_count(90)
    expect(tiles.nth(0).locator("img")).to_have_count(1)
    # A megabyte holds 13 of them, which came with the value; those far below have not been asked for.
    expect(tiles.nth(80).locator("img")).to_have_count(0)
    asked = stage.messages().count("download")
    tiles.nth(89).scroll_into_view_if_needed()
    assert width(tiles.nth(89).locator("img")) == 160
    assert asked < stage.messages().count("download") + asked < 60


def test_entries_are_looked_at_one_by_one(stage: Stage) -> None:  # CP-113
    app = gallery(stage, 4, "interactive=False")
    place = block(app, "In")
    place.locator(".nbb-tile").nth(1).click()
    expect(app.get_by_label("Told")).to_have_value("select 1 number 1")
    large = place.locator(".nbb-preview")
    expect(large).to_be_focused()
    stage.page.keyboard.press("ArrowRight")
    expect(app.get_by_label("Told")).to_have_value("select 2 number 2")
    expect(large).to_have_attribute("aria-label", "3 of 4: number 2")
    assert width(large.locator(".nbb-preview-stage img")) == 160
    stage.page.keyboard.press("Escape")
    expect(place.locator(".nbb-tile").nth(2)).to_be_focused()
    stage.until("log == ['open', 'close']")


def test_entries_are_added_and_removed(stage: Stage, photo: Path) -> None:  # CP-113
    app = gallery(stage, 2, "interactive=True")
    place = block(app, "In")
    stage.book.upload(place.get_by_role("button", name="Add"), photo)
    expect(app.get_by_label("Told")).to_have_value("upload ['number 0', 'number 1', None]")
    expect(place.locator(".nbb-tile img")).to_have_count(3)
    place.get_by_role("button", name="Remove number 0").click()
    expect(app.get_by_label("Told")).to_have_value("delete image.webp, 2 left")
    place.get_by_role("button", name="Clear").click()
    expect(place.locator(".nbb-zone-main")).to_be_visible()
    stage.until("gallery.value == []")


# -- Plot

FIGURES = """
import warnings
import matplotlib.pyplot as plt
import plotly.graph_objects as go
from bokeh.plotting import figure
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import altair

def matplotlib():
    made, axes = plt.subplots(figsize=(4, 3), dpi=100)
    axes.plot([1, 3, 2])
    return made

def plotly():
    return go.Figure(go.Scatter(x=[1, 2, 3], y=[1, 3, 2], name="line"))

def bokeh(title="Bokeh"):
    made = figure(title=title)
    made.line([1, 2, 3], [1, 3, 2])
    return made

def vega():
    data = altair.Data(values=[{"a": 1, "b": 2}, {"a": 2, "b": 1}])
    return altair.Chart(data).mark_line().encode(x="a:Q", y="b:Q")
"""
DRAWN = {
    "matplotlib": ".nbb-plot-still img",
    "plotly": ".js-plotly-plot .scatterlayer path.js-line",
    "bokeh": ".bk-Figure",
    "vega": ".vega-embed svg.marks",
}


def test_figures_of_all_libraries_are_drawn(stage: Stage) -> None:  # CP-114
    app = stage.show(
        FIGURES
        + """
with gr.Blocks() as demo:
    plot = gr.Plot(label="Plot")
    for make in (matplotlib, plotly, bokeh, vega):
        gr.Button(make.__name__).click(make, None, plot)
    gr.Button("tex").click(lambda: bokeh("$$x^2$$"), None, plot)
    gr.Button("none").click(lambda: None, None, plot)
demo
"""
    )
    loaded = "from nbblocks.bridge.assets import _assets; print(sorted(_assets))"
    assert "plotly.js" not in stage.kernel(loaded) and "vega.js" not in stage.kernel(loaded)
    for name in (*DRAWN, *DRAWN):
        press(app, name)
        expect(app.locator(DRAWN[name])).to_be_visible()
        for other in set(DRAWN) - {name}:
            expect(app.locator(DRAWN[other])).to_have_count(0)
    assert {"plotly.js", "bokeh.js", "vega.js"} <= set(eval(stage.kernel(loaded)))
    assert "bokeh-mathjax.js" not in stage.kernel(loaded)
    press(app, "tex")
    expect(app.locator(DRAWN["bokeh"])).to_be_visible()
    assert "bokeh-mathjax.js" in stage.kernel(loaded)
    press(app, "none")
    expect(app.get_by_role("img", name="No plot")).to_be_visible()
    assert stage.kernel("print(plt.get_fignums())").strip() == "[]"


def test_a_plot_keeps_to_its_place_and_to_the_theme(stage: Stage) -> None:  # CP-114
    app = stage.show(
        FIGURES
        + """
with gr.Blocks() as demo:
    with gr.Row():
        gr.Plot(plotly(), label="Plotly")
        gr.Plot(vega(), label="Vega")
demo
"""
    )
    ticks = app.locator(".js-plotly-plot .xtick text").first
    expect(ticks).to_be_visible()
    expect(app.locator(DRAWN["vega"])).to_be_visible()
    light = ticks.evaluate("(text) => getComputedStyle(text).fill")
    for name in (".js-plotly-plot .main-svg", DRAWN["vega"]):
        chart, place = app.locator(name).first.bounding_box(), app.locator(".nbb-chart").first.bounding_box()
        assert chart is not None and place is not None
        assert chart["width"] <= place["width"] + 1
    stage.book.theme("dark")
    expect(ticks).not_to_have_css("fill", light)
    stage.book.theme("light")
    expect(ticks).to_have_css("fill", light)


def test_static_pages_show_them(static_page: Callable[..., Page]) -> None:  # CP-110 CP-113 CP-114
    page = static_page(
        FIGURES
        + """
import numpy as np
import nbblocks as gr
with gr.Blocks() as demo:
    gr.Image(np.zeros((20, 30, 3), np.uint8), label="Image")
    gr.Gallery([(np.zeros((20, 40, 3), np.uint8), "one"), np.ones((20, 50, 3), np.uint8)], label="Gallery")
    for make in (matplotlib, plotly, bokeh, vega):
        gr.Plot(make(), label=make.__name__)
demo
""",
    )
    app = page.locator(".nbb-app")
    assert width(block(app, "Image").locator("img")) == 30
    tiles = block(app, "Gallery").locator(".nbb-tile img")
    expect(tiles).to_have_count(2)
    for found in DRAWN.values():
        expect(app.locator(found)).to_be_visible()
    block(app, "Gallery").locator(".nbb-tile").nth(1).click()
    expect(block(app, "Gallery").locator(".nbb-preview")).to_be_visible()
