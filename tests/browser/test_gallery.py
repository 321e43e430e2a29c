"""The notebook of all components: how it looks, wide and narrow, light and dark, and that all of it works."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Locator, expect

from .gallery import open_gallery
from .lab import Jupyter, Notebook
from .stage import PATIENCE, press

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "test-results"

NARROW = """(px) => {
  let sheet = document.getElementById("narrow");
  if (!sheet) {
    sheet = Object.assign(document.createElement("style"), { id: "narrow" });
    document.head.append(sheet);
  }
  const place = ".jp-OutputArea-output:has(.nbb-app)";
  sheet.textContent = px ? `${place} { width: ${px}px !important; max-width: ${px}px }` : "";
}"""
CHARTS = """() => [...document.querySelectorAll(".nbb-native-place svg")]
  .every((svg) => svg.getBoundingClientRect().width > 150)"""
OVERFLOWING = """() => {
  const scrolls = (el) => /auto|scroll|hidden|clip/.test(getComputedStyle(el).overflowX);
  const wrong = [];
  for (const app of document.querySelectorAll(".nbb-app")) {
    const { left, right } = app.getBoundingClientRect();
    for (const el of app.querySelectorAll("*")) {
      const box = el.getBoundingClientRect();
      if (!box.width || el.closest(".nbb-sr, svg, .jupyter-widgets, [hidden]")) continue;
      let one = el.parentElement;  // what lies in a part that scrolls may be wider
      while (one !== app && (!scrolls(one) || one.matches(".nbb-stage"))) one = one.parentElement;
      const out = box.right > right + 1 || box.left < left - 1;
      if (one === app && out) wrong.push(el.outerHTML.slice(0, 200));
    }
    const stage = app.querySelector(".nbb-stage");
    if (stage.scrollWidth > stage.clientWidth + 1) wrong.push(`scrolls sideways: ${app.textContent}`);
  }
  return wrong;
}"""


@pytest.fixture(scope="module")
def gallery(jupyter: Jupyter) -> Iterator[Notebook]:
    """The notebook, run in a page tall enough to have all of it in sight."""
    with open_gallery(jupyter) as book:
        yield book
        assert book.problems == []


@pytest.fixture
def page_of(gallery: Notebook) -> Locator:
    """All of the notebook."""
    return gallery.page.locator(".jp-Notebook")


def until(book: Notebook, condition: str) -> None:
    """Wait, in the kernel, until an expression is true: a page's message may be on its way."""
    book.kernel(f"import time\nend = time.monotonic() + 20\nwhile not ({condition}):\n    {PATIENCE}")


@pytest.mark.parametrize("width", [None, 320], ids=["wide", "narrow"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_fits_and_is_drawn(gallery: Notebook, theme: Literal["light", "dark"], width: int | None) -> None:
    page = gallery.page
    gallery.theme(theme)
    page.evaluate(NARROW, width)
    expect(page.locator("#jupyterlab-splash")).to_have_count(0)
    expect(page.locator(".nbb-spinner, .nbb-mishap")).to_have_count(0)
    page.wait_for_function(CHARTS)
    RESULTS.mkdir(exist_ok=True)
    name = f"gallery-{theme}-{'narrow' if width else 'wide'}.png"
    gallery.page.locator(".jp-WindowedPanel-viewport").screenshot(path=str(RESULTS / name))
    assert page.evaluate(OVERFLOWING) == []
    expect(page.get_by_role("columnheader", name="basin").get_by_text("basin")).to_be_in_viewport(ratio=1)
    page.evaluate(NARROW, None)


def test_what_is_typed_and_picked_is_in_the_kernel(gallery: Notebook, page_of: Locator) -> None:
    app = page_of
    app.get_by_label("Boat", exact=True).fill("Kittiwake")
    app.get_by_label("Remarks").fill("No engine")
    app.get_by_label("Length", exact=True).fill("11")
    app.get_by_role("slider", name="Nights").press("ArrowRight")
    app.get_by_label("Pennant", exact=True).fill("#a33a2c")
    press(app, "Ask for a berth")
    kept = "Kittiwake: 11 m, 4 nights, pennant #a33a2c. No engine"
    expect(app.get_by_label("Answer")).to_have_value(kept)
    expect(app.locator(".nbb-toast b")).to_have_text("Kittiwake")
    until(gallery, "(boat.value, length.value, nights.value) == ('Kittiwake', 11, 4)")
    app.get_by_role("button", name="Clear", exact=True).first.click()
    expect(app.get_by_label("Boat", exact=True)).to_have_value("")
    expect(app.get_by_label("Length", exact=True)).to_have_value("")

    app.get_by_role("radio", name="Quay").check()
    app.get_by_label("Showers").check()
    app.get_by_role("combobox", name="Crew").click()
    app.get_by_role("option", name="Alone").click()
    app.get_by_role("button", name="Remove French").click()
    app.get_by_label("Insured").uncheck()
    told = "place.value, services.value, crew.value, languages.value, insured.value"
    until(gallery, f"({told}) == ('Quay', ['Water', 'Showers'], 'Alone', ['English'], False)")
    until(gallery, "price.value['price'] == 32")
    expect(app.locator(".nbb-json").get_by_text("32")).to_be_visible()


def test_pictures_tables_charts_and_texts_answer(gallery: Notebook, page_of: Locator) -> None:
    app = page_of
    press(app, "Look into the water")
    mirrored = app.get_by_role("img", name="The view upside down")
    expect(mirrored).to_be_visible()
    assert mirrored.evaluate("(img) => img.naturalWidth") == 480

    until(gallery, "owed.value == 'Skua, Little Auk'")
    app.get_by_role("grid", name="In the harbour").get_by_role("checkbox").nth(2).click()
    expect(app.get_by_label("Yet to pay")).to_have_value("Little Auk")
    until(gallery, "list(boats.preprocess(boats.value).paid) == [True, True, True, True, False]")

    chart = app.get_by_role("group", name="Boats day by day").or_(app.locator("[data-brush]")).first
    box = chart.bounding_box()
    assert box
    mouse = gallery.page.mouse
    mouse.move(box["x"] + box["width"] * 0.4, box["y"] + 80)
    mouse.down()
    mouse.move(box["x"] + box["width"] * 0.8, box["y"] + 90, steps=4)
    mouse.up()
    until(gallery, "(part.value or '').startswith('from day ')")

    press(app, "Work it out")
    expect(app.get_by_label("12 miles in 2 hours")).to_have_value("6 knots")


def test_layouts_open_and_close_and_state_goes_on(gallery: Notebook, page_of: Locator) -> None:
    app = page_of
    press(app, "To the weather")
    expect(app.get_by_role("tab", name="Weather")).to_have_attribute("aria-selected", "true")
    expect(app.get_by_role("slider", name="Wind, Beaufort")).to_be_visible()
    app.get_by_role("tab", name="Berths").click()
    expect(app.get_by_label("Berth", exact=True)).to_be_visible()
    app.get_by_text("The small print").click()
    expect(app.get_by_text("at the risk of their owners")).to_be_visible()
    app.get_by_role("button", name="Watch", exact=True).click()
    expect(app.get_by_label("Officer")).to_be_visible()

    press(app, "One more")
    expect(app.get_by_label("Boats that passed")).to_have_value("1")
    press(app, "One more")
    expect(app.get_by_label("Boats that passed")).to_have_value("2")
    app.get_by_label("Who counts").fill("Bo")
    until(gallery, "last_name.value == 'Bo'")
    press(app, "Start the watch")
    expect(app.get_by_label("Seconds on watch")).not_to_have_value("0")
    gallery.kernel("clock.active = False")
    app.locator(".jupyter-widgets .noUi-handle").press("ArrowRight")
    expect(app.get_by_label("Seen as far as")).to_have_value("7 miles")

    app.get_by_role("button", name="O", exact=True).click()
    expect(app.get_by_label("Signal")).to_have_value("SS")
    until(gallery, "hoist.value == 'SS'")


def test_examples_are_taken(gallery: Notebook, page_of: Locator) -> None:
    app = page_of
    app.get_by_text("Bergen").click()
    expect(app.get_by_label("Harbour", exact=True)).to_have_value("Bergen")
    until(gallery, "deep.value == 30")
    app.get_by_text("Noon").last.click()
    expect(app.get_by_label("Chosen")).to_have_value("Noon")
