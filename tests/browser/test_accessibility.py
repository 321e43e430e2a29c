"""The gallery for those who use a keyboard or a screen reader: axe's rules, names, focus, motion."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from .gallery import open_gallery
from .lab import Jupyter, Notebook

ROOT = Path(__file__).parents[2]
AXE = ROOT / "js/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_THE_PAGE = ["region"]
"""A notebook's cells are no landmarks, and apps stand in them: that is for JupyterLab to say."""

SHOW_ALL = """() => {
  // axe looks at contrast only where something is in sight, and takes a body without height for hidden.
  document.body.style.minHeight = "100vh";
  for (const panel of document.querySelectorAll(".jp-WindowedPanel-outer")) panel.scrollTop = 0;
}"""
VIOLATIONS = """async ([tags, off]) => {
  const options = { runOnly: { type: "tag", values: tags }, rules: {} };
  for (const rule of off) options.rules[rule] = { enabled: false };
  const place = { include: [[".nbb-app"]], exclude: [[".nbb-app .jupyter-widgets"]] };
  const { violations, passes } = await axe.run(place, options);
  const told = ({ id, nodes }) =>
    nodes.map((one) => `${id}: ${one.target.join(" ")}\\n${one.html}\\n${one.failureSummary}`);
  const contrasts = passes.find(({ id }) => id === "color-contrast").nodes;
  const seen = contrasts.filter(({ any }) => any[0].data?.contrastRatio).length;
  return { found: violations.flatMap(told), looked: passes.length, seen };
}"""
NAMES = """() => {
  const kinds = ["button", "checkbox", "combobox", "grid", "listbox", "menuitem", "option", "radio",
    "radiogroup", "searchbox", "slider", "spinbutton", "switch", "tab", "tabpanel", "textbox"];
  const wanted = ["input", "select", "textarea", "button", "summary", "[contenteditable=true]", "img",
    "progress", ...kinds.map((kind) => `[role=${kind}]`)];
  axe.setup(document.body);
  const all = [...document.querySelectorAll(wanted.map((one) => `.nbb-app ${one}`).join())]
    .filter((el) => !el.closest(".jupyter-widgets, [aria-hidden=true]") && el.type !== "hidden")
    .filter((el) => el.checkVisibility());
  const nameless = all.filter((el) => !axe.commons.text.accessibleText(el).trim() && el.alt !== "");
  axe.teardown();
  return [all.length, nameless.map((el) => el.outerHTML)];
}"""
WATCH = """() => {
  const aspects = ["outlineStyle", "outlineWidth", "outlineColor", "boxShadow", "borderColor",
    "backgroundColor", "textDecorationLine", "opacity", "clipPath"];
  const look = (el) => ["", "::before", "::after"].map((part) => {
    const style = getComputedStyle(el, part || null);
    return aspects.map((one) => style[one]).join("|");
  }).join("/");
  /** What might show that `el` has the focus: itself, what stands beside it, and all around it. */
  const looks = (el) => {
    const around = [el, ...(el.parentElement?.children ?? [])];
    for (let one = el.parentElement; one && !one.matches(".nbb-app"); one = one.parentElement)
      around.push(one);
    return around.map(look).join("\\n");
  };
  window.__focus = { last: null, with: "", stops: [], unseen: [] };
  /** Judges the stop before, which has lost the focus, and remembers this one; whether it is one of `app`. */
  window.__step = (app) => {
    const watch = window.__focus;
    if (watch.last?.isConnected && looks(watch.last) === watch.with) watch.unseen.push(watch.last);
    let el = document.activeElement;
    const within = app.contains(el);
    watch.last = within && !el.closest(".jupyter-widgets") ? el : null;
    if (watch.last) {
      watch.with = looks(el);
      watch.stops.push(el);
    }
    return within;
  };
}"""
MOVING = """() => {
  const one = (text) => parseFloat(text) * (text.trim().endsWith("ms") ? 1 : 1000);
  const ms = (text) => Math.max(...text.split(",").map(one));
  const found = [];
  for (const el of document.querySelectorAll(".nbb, .nbb *")) {
    if (el.closest(".jupyter-widgets")) continue;
    for (const part of [null, "::before", "::after"]) {
      const style = getComputedStyle(el, part);
      const lasts = ms(style.animationDuration) > 1 || style.animationIterationCount !== "1";
      const moves = style.animationName !== "none" && lasts;
      if (moves || ms(style.transitionDuration) > 1 || style.scrollBehavior === "smooth")
        found.push(`${el.className} ${part ?? ""}`);
    }
  }
  return found;
}"""


@pytest.fixture(scope="module")
def gallery(jupyter: Jupyter) -> Iterator[Notebook]:
    """The notebook of all components, run, in a page that is tall enough to have all of it in sight."""
    with open_gallery(jupyter) as book:
        book.page.evaluate(SHOW_ALL)
        book.page.add_script_tag(path=AXE)
        yield book


@pytest.fixture(scope="module")
def opened(gallery: Notebook) -> Notebook:
    """The gallery, and what is closed in it at first is open: panels, a tab, a preview."""
    page = gallery.page
    page.get_by_role("group", name="nbblocks").get_by_text("The small print").click()
    page.get_by_role("button", name="Watch", exact=True).click()
    page.get_by_role("tab", name="Weather").click()
    page.get_by_role("button", name="1: Dawn").click()
    return gallery


def look(book: Notebook, theme: Literal["light", "dark"]) -> None:
    """Switch to the theme, with all apps in sight."""
    book.theme(theme)
    book.page.emulate_media(reduced_motion="reduce")  # what fades in has its colours at once
    expect(book.page.locator("#jupyterlab-splash")).to_have_count(0)  # it lies over all
    book.page.evaluate(SHOW_ALL)


def open_more(page: Page) -> None:
    """Open what does not stay open: a list, a message."""
    page.get_by_role("button", name="Ask for a berth").click()
    page.get_by_role("combobox", name="Crew").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".nbb-app [role=option]").first).to_be_visible()
    expect(page.locator(".nbb-toast").first).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(gallery: Notebook, theme: Literal["light", "dark"]) -> None:
    look(gallery, theme)
    result: dict[str, Any] = gallery.page.evaluate(VIOLATIONS, [RULES, OF_THE_PAGE])
    assert not result["found"], "\n\n".join(result["found"])
    assert result["looked"] > 25 and result["seen"] > 150  # it did look, at what is below too


def test_each_control_has_a_name(gallery: Notebook) -> None:
    count, nameless = gallery.page.evaluate(NAMES)
    assert count > 100
    assert nameless == []


def test_the_keyboard_gets_everywhere_and_is_seen_where_it_is(gallery: Notebook) -> None:
    page = gallery.page
    page.emulate_media(reduced_motion="reduce")  # no look is on its way to another
    page.evaluate(WATCH)
    apps = page.locator(".nbb-app")
    for index in range(apps.count()):
        app = apps.nth(index).element_handle()
        page.evaluate(
            """(app) => {
          const first = document.createElement("button");
          app.before(first);
          first.focus();
        }""",
            app,
        )
        for _ in range(150):
            if page.locator(".cm-content:focus").count():  # where Tab indents, as it says to those who ask
                expect(page.locator(".cm-content:focus")).to_have_accessible_description(re.compile("Escape"))
                page.keyboard.press("Escape")
            page.keyboard.press("Tab")
            if not page.evaluate("(app) => __step(app)", app):
                break
        else:
            pytest.fail(f"no way out of app {index} for the keyboard")
        page.evaluate("(app) => app.previousSibling.remove()", app)
    left_out = page.evaluate("""() => {
      const { stops } = window.__focus;
      const kinds = "a[href], button, input, select, textarea, summary, [tabindex]";
      const all = [...document.querySelectorAll(`.nbb-app :is(${kinds})`)]
        .filter((el) => el.checkVisibility({ visibilityProperty: true }))
        .filter((el) => el.tabIndex >= 0 && !el.disabled &&
          el.type !== "radio" && !el.closest(".jupyter-widgets, [inert]") && !stops.includes(el));
      return all.map((el) => el.outerHTML.slice(0, 300));
    }""")
    assert left_out == []
    # Some show it where no script can ask for the style, in the thumb of a slider: a picture tells.
    for stop in page.evaluate_handle("window.__focus.unseen").get_properties().values():
        el = stop.as_element()
        assert el
        box = el.evaluate("(el) => el.closest('.nbb-block').getBoundingClientRect().toJSON()")
        clip = {side: box[side] for side in ("x", "y", "width", "height")}
        el.evaluate("(el) => el.blur()")
        before = page.screenshot(clip=clip)
        el.evaluate("(el) => el.focus()")
        assert page.screenshot(clip=clip) != before, el.evaluate("(el) => el.outerHTML")


def test_nothing_moves_for_those_who_ask_for_that(opened: Notebook) -> None:
    page = opened.page
    page.emulate_media(reduced_motion="reduce")
    open_more(page)
    assert page.evaluate(MOVING) == []
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(MOVING) != []  # it would


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_what_opens(opened: Notebook, theme: Literal["light", "dark"]) -> None:
    look(opened, theme)
    open_more(opened.page)
    result: dict[str, Any] = opened.page.evaluate(VIOLATIONS, [RULES, OF_THE_PAGE])
    assert not result["found"], "\n\n".join(result["found"])
