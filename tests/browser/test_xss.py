"""Texts from kernels are texts: what runs script elsewhere, fed to all that shows a text, stays quiet."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from .stage import Stage, press

PAYLOADS = [
    # scripts and handlers
    "<script>@</script>",
    "<ScRiPt >@</sCrIpT >",
    "<script src=\"data:text/javascript,@\"></script>",
    "<img src=x onerror=@>",
    "<img src=x onerror='@'/>",
    "<img/src/onerror=@>",
    "<img src='data:image/svg+xml,<svg/>' onload=@>",
    "<image src=x onerror=@>",
    "<svg onload=@>",
    "<svg><script>@</script></svg>",
    "<svg><animate onbegin=@ attributeName=x dur=1s>",
    "<svg><a xlink:href='javascript:@'><text y=20>press</text></a></svg>",
    "<svg><use href=\"data:image/svg+xml,<svg id='x' xmlns='http://www.w3.org/2000/svg'><script>@</script></svg>#x\"/>",
    "<body onload=@>",
    "<details open ontoggle=@>d</details>",
    "<input autofocus onfocus=@>",
    "<select autofocus onfocus=@>",
    "<video><source onerror=@></video>",
    "<audio src=x onerror=@>",
    "<marquee onstart=@>m</marquee>",
    "<div style='animation:nbb-pulse 1s' onanimationstart=@>a</div>",
    "<b onmouseover=@ onpointerenter=@ onclick=@>over</b>",
    "<object data='javascript:@'></object>",
    "<embed src='javascript:@'>",
    "<iframe srcdoc='<script>parent.@</script>'></iframe>",
    "<iframe src='javascript:parent.@'></iframe>",
    "<form action='javascript:@'><button>send</button></form>",
    "<button formaction='javascript:@' form=x>send</button>",
    "<meta http-equiv=refresh content='0;url=javascript:@'>",
    "<base href='javascript:@//'><a href='#'>based</a>",
    "<template><img src=x onerror=@></template>",
    "<template shadowrootmode=open><img src=x onerror=@></template>",
    # addresses
    "<a href='javascript:@'>press</a>",
    "<a href='JaVaScRiPt:@'>press</a>",
    "<a href=' \x01java\tscr\nipt:@'>press</a>",
    "<a href='&#106;avascript&colon;@'>press</a>",
    "<a href='data:text/html,<script>opener.@</script>'>press</a>",
    "<a href='vbscript:@'>press</a>",
    "javascript:@",
    "\u2028javascript:@",
    "data:text/html,<script>@</script>",
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='@'/>",
    # out of an attribute, a comment, a text
    "\"><img src=x onerror=@>",
    "'><img src=x onerror=@>",
    "\" onmouseover=@ onfocus=@ autofocus x=\"",
    "` onmouseover=@ x=`",
    "--><img src=x onerror=@><!--",
    "</textarea></title></style></script><img src=x onerror=@>",
    "${@} {{@}} {{{@}}} <%= @ %> #{@}",
    "\\u003cimg src=x onerror=@\\u003e",
    "&lt;img src=x onerror=@&gt;",
    "\uff1cimg src=x onerror=@\uff1e",
    "<\u0000img src=x onerror=@>",
    "\u202e<img src=x onerror=@>\u202c",
    "\x1b[31m<img src=x onerror=@>\x1b[0m\x1b]8;;javascript:@\x07press\x1b]8;;\x07",
    # what a parser makes of it the second time
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=@&gt;\">",
    "<svg></p><style><a id=\"</style><img src=1 onerror=@>\">",
    "<noscript><p title=\"</noscript><img src=x onerror=@>\">",
    "<form><math><mtext></form><form><mglyph><svg><mtext><style><path id=\"</style><img onerror=@ src>\">",
    "<math><annotation-xml encoding=text/html><style><img src=x onerror=@></style></annotation-xml></math>",
    "<xmp><img title=\"</xmp><img src=x onerror=@>\"></xmp>",
    "<select><iframe></select><img src=x onerror=@>",
    "<listing>&lt;img onerror=@ src=x&gt;</listing>",
    # style sheets
    "<style>body, .jp-Notebook { --xss: 1 }</style>",
    "<style>@import url('http://css.invalid/a.css');</style>",
    "<link rel=stylesheet href='http://css.invalid/b.css'>",
    "<div style=\"background:url('javascript:@')\">styled</div>",
    "}</style><style>body { --xss: 1 }</style>",
    "red; } body { --xss: 1 } .x {",
    "1px; background: url(http://css.invalid/c.png)",
    # Markdown and formulas
    "[press](javascript:@)",
    "[press](JAVASCRIPT:@ \"title\")",
    "[press](<java\nscript:@>)",
    "[press](data:text/html;base64,PHNjcmlwdD5vcGVuZXIuX194c3MoMSk8L3NjcmlwdD4=)",
    "![x](x\"onerror=\"@)",
    "![x](javascript:@)",
    "![<img src=x onerror=@>](x)",
    "<javascript:@>",
    "[press][a]\n\n[a]: javascript:@ 'title'",
    "[press][b]\n\n[b]: x '\"><img src=x onerror=@>'",
    "```\"><img src=x onerror=@>\n<img src=x onerror=@>\n```",
    "# <img src=x onerror=@> {#\" onmouseover=@}",
    "| <img src=x onerror=@> |\n| --- |\n| [press](javascript:@) |",
    "$$\\href{javascript:@}{press}$$",
    "$$\\htmlData{x=\"onerror=@}{x} \\htmlStyle{--xss:1}{x} \\url{javascript:@}$$",
    "$$\\text{<img src=x onerror=@>} \\includegraphics{javascript:@}$$",
]  # fmt: skip

GROUPS = 3
BETWEEN = "\n\n\"'>--></textarea></title></style></script></noscript></template></math></svg></iframe>\n\n"
"""Ends what one of several in one text may have begun, so that the next one counts."""

WATCH = """() => {
  window.__xss = (id) => window.__found.push(`ran: ${id}`);
  window.__found = [];
  window.open = (address) => { window.__found.push(...unfit(String(address))); return null; };
  const fit = /^(https?|mailto|blob|about|file):|^data:(image|font)\\//;
  window.unfit = (address) => fit.test(address) ? [] : [`opened: ${address}`];
}"""
LOOK = """(app) => {
  const found = window.__found.splice(0);
  for (const el of document.querySelectorAll(".nbb, .nbb *")) {
    for (const { name, value } of el.attributes) {
      if (/^on/i.test(name)) found.push(`handler: ${el.outerHTML.slice(0, 200)}`);
      const address = /^(xlink:)?href$|^src$|^action$|^formaction$|^data$/i.test(name);
      if (address && el.tagName !== "IMG") {
        const whole = value.startsWith("#") ? location.href : new URL(value, location.href).href;
        found.push(...unfit(whole).map((one) => `${one} by ${el.outerHTML.slice(0, 200)}`));
      }
    }
    if (/^(script|iframe|object|embed|base|meta|link)$/i.test(el.tagName))
      found.push(`element: ${el.outerHTML}`);
  }
  for (const el of [document.documentElement, document.body, document.querySelector(".jp-Notebook")])
    if (getComputedStyle(el).getPropertyValue("--xss"))
      found.push("a style of the page");
  if (document.querySelector("head base")) found.push("base");
  return found;
}"""
TOUCH = """async (app) => {
  const keep = (event) => {  // the page stays, but what runs script may try
    const link = event.target.closest?.("a[href], area[href]");
    if (link && /^(https?|mailto|blob|about):$/.test(link.protocol)) event.preventDefault();
  };
  window.addEventListener("click", keep, true);
  const submit = (event) => { if (!/^javascript/i.test(event.target.action)) event.preventDefault(); };
  window.addEventListener("submit", submit, true);
  const over = ["pointerover", "pointerenter", "mouseover", "mouseenter", "pointermove", "mousemove"];
  const turn = () => new Promise((done) => setTimeout(done));
  const all = () => [...document.querySelectorAll(".nbb *")];
  for (const el of all()) for (const name of over) el.dispatchEvent(new MouseEvent(name, { bubbles: true }));
  await turn();
  for (const el of all()) el.focus?.();
  await turn();
  const pressed = "a, button, summary, [role], [tabindex], input, label, img, mark, [data-text], svg *";
  for (let round = 0; round < 2; round += 1) {
    for (const el of [...document.querySelectorAll(`.nbb :is(${pressed})`)]) {
      if (!el.isConnected || el.type === "file" || el.matches(".nbb-upload *, .nbb-download *")) continue;
      el.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, composed: true }));
      el.dispatchEvent(new MouseEvent("dblclick", { bubbles: true, cancelable: true, composed: true }));
    }
    await turn();
  }
  for (const el of all()) for (const name of over) el.dispatchEvent(new MouseEvent(name, { bubbles: true }));
  await turn();
  window.removeEventListener("click", keep, true);
  window.removeEventListener("submit", submit, true);
}"""

KERNEL = '''
import contextlib, warnings, tempfile, traitlets
import pandas
from pathlib import Path
from PIL import Image
from nbblocks import components, layout
warnings.simplefilter("ignore")

AUTHORS = {"html_template", "css_template", "js_on_load", "head", "front_end"}  # program text by design
picture = Image.new("RGB", (8, 8), "teal")

def a_file(text):
    name = "".join(c for c in text if c not in "/\\0\\n")[:100] or "x"
    path = Path(tempfile.mkdtemp(), name + ".txt")
    path.write_text("x")
    return str(path)

def plot(text):
    import altair
    data = altair.Data(values=[{"a": text, "b": 1, "url": text}])
    chart = altair.Chart(data, title=text).mark_bar()
    return chart.encode(x=altair.X("a:N", title=text), y="b:Q", href="url:N", tooltip="a:N", url="url:N")

table = lambda t: {"value": {"headers": [t, "b"], "data": [[t, t], [t, t]]}}
VALUES = {
    "HTML": lambda t: {"value": t},
    "JSON": lambda t: {"value": {t: [t, {t: t}]}, "open": True},
    "BrowserState": lambda t: {"default_value": t},
    "Button": lambda t: {"value": t, "link": t, "icon": None},
    "Checkbox": lambda t: {},
    "CheckboxGroup": lambda t: {"choices": [(t, t), ("b", "b")], "value": [t]},
    "ClearButton": lambda t: {"value": t},
    "Code": lambda t: {"value": t, "language": "html"},
    "ColorPicker": lambda t: {"value": t},
    "Dataframe": lambda t: {**table(t), "datatype": ["str", "html"]},
    "Dataset": lambda t: {
        "components": [gr.Textbox(render=False), gr.Markdown(render=False), gr.HTML(render=False),
                       gr.Code(render=False), gr.JSON(render=False), gr.Dropdown(render=False)],
        "samples": [[t, t, t, t, {t: t}, t]] * 2, "headers": [t] * 6, "sample_labels": None},
    "DateTime": lambda t: {},
    "DownloadButton": lambda t: {"label": t, "value": a_file(t)},
    "Dropdown": lambda t: {"choices": [(t, t), ("b", "b")], "value": [t], "multiselect": True,
                           "interactive": True},
    "File": lambda t: {"value": a_file(t)},
    "Files": lambda t: {"value": [a_file(t), a_file(t)], "interactive": True},
    "Gallery": lambda t: {"value": [(picture, t)], "preview": True},
    "HighlightedText": lambda t: {"value": [(t, t), (t, None)], "color_map": {t: t}, "show_legend": True,
                                  "interactive": True},
    "Image": lambda t: {"value": picture, "alt_text": t},
    "Label": lambda t: {"value": {t: 0.6, "b": 0.4}, "color": t},
    "List": lambda t: {"value": [t], "headers": [t]},
    "Markdown": lambda t: {"value": t},
    "Matrix": lambda t: {**table(t), "datatype": "markdown"},
    "Number": lambda t: {"placeholder": t},
    "Numpy": table,
    "Plot": lambda t: {"value": plot(t)},
    "Radio": lambda t: {"choices": [(t, t), ("b", "b")], "value": t},
    "Slider": lambda t: {},
    "State": lambda t: {"value": t},
    "TextArea": lambda t: {"value": t},
    "Textbox": lambda t: {"value": t, "submit_btn": t, "stop_btn": t, "placeholder": t},
    "Timer": lambda t: {},
    "UploadButton": lambda t: {"label": t, "value": a_file(t)},
    "Widget": lambda t: {},
    **dict.fromkeys(("BarPlot", "LinePlot", "ScatterPlot"), lambda t: {
        "value": pandas.DataFrame({t: [t, "b"], "y": [1, 2], "c": [t, "b"]}),
        "x": t, "y": "y", "color": "c"}),
}

def in_place_of_texts(value, text):
    if isinstance(value, str):
        return text
    if isinstance(value, dict):
        return {name: in_place_of_texts(one, text) for name, one in value.items()}
    return [in_place_of_texts(one, text) for one in value] if isinstance(value, list) else value

def made(name, text):
    """A component with the text in its value: of its own kind, or wherever its example has a text."""
    given = VALUES[name](text) if name in VALUES else {}
    node = getattr(components, name)(**given)
    if name not in VALUES:
        with contextlib.suppress(Exception):  # the shape of some is told by the very texts
            node.value = in_place_of_texts(node.example_payload(), text)
    return node, given

def texts_in(trait):
    if isinstance(trait, traitlets.Unicode):
        return lambda t: t
    if isinstance(trait, traitlets.Union):
        kinds = [texts_in(one) for one in trait.trait_types]
        return next((one for one in kinds if one), None)
    if isinstance(trait, traitlets.List) and isinstance(getattr(trait, "_trait", None), traitlets.Unicode):
        return lambda t: [t]

def feed(node, text, given):
    """Give the text to whatever takes one, beside what the constructor was given."""
    fed = []
    for name, trait in node.traits(sync=True).items():
        make = texts_in(trait)
        if name[0] == "_" or name in AUTHORS or name in given or name in ("value", "model") or not make:
            continue
        try:
            setattr(node, name, make(text))
        except (traitlets.TraitError, ValueError):
            continue
        fed.append(name)
    return fed

def everything(text):
    fed = {}
    with gr.Blocks(title=text) as demo:
        for name in components.__all__:
            if name != "CustomComponent":  # a base, without a look
                node, given = made(name, text)
                fed[name] = feed(node, text, given)
        for name in layout.__all__:
            node = getattr(layout, name)()
            fed[name] = feed(node, text, ())
            with node:
                gr.Textbox(value=text, info=text)
    return demo, fed
'''


def numbered(payloads: list[str]) -> list[str]:
    """The payloads, each with its number to call."""
    return [
        one.replace("@", f"window.__xss({i})") if "@import" not in one else one
        for i, one in enumerate(payloads)
    ]


@pytest.fixture(scope="module")
def house(theatre: Stage) -> Stage:
    """A notebook whose kernel knows the payloads and what to do with them, and whose page listens."""
    page = theatre.page
    page.evaluate(WATCH)
    page.on("request", lambda request: asked.append(request.url) if SHEETS in request.url[:20] else None)
    page.on("dialog", lambda dialog: dialog.dismiss())
    theatre.kernel("import nbblocks as gr\n" + KERNEL)
    theatre.kernel(f"import json\nPAYLOADS = json.loads({json.dumps(numbered(PAYLOADS))!r})")
    return theatre


SHEETS = "://css.invalid/"
asked: list[str] = []
"""Addresses that style sheets have had the page ask for."""


def assert_quiet(page: Page, app: Locator) -> None:
    """Look, touch everything, and look again."""
    found = page.evaluate(LOOK)
    page.evaluate(TOUCH)
    found += page.evaluate(LOOK)
    assert found == []
    assert asked == []


@pytest.mark.parametrize("group", range(GROUPS))
def test_no_text_of_any_component_or_layout_runs(house: Stage, group: int) -> None:
    app = house.show(f"""
text = {BETWEEN!r}.join(PAYLOADS[{group}::{GROUPS}])
demo, fed = everything(text)
demo.launch(height=None)
""")
    fed = json.loads(house.kernel("print(json.dumps(fed))"))
    assert {"label", "info"} <= {*fed["Number"]} and "label" in fed["Accordion"]
    expect(app.locator(".nbb-dataframe .nbb-grid-row").first).to_be_visible()
    expect(app.locator(".cm-content").first).to_be_visible()
    house.book.problems.clear()
    assert_quiet(house.page, app)
    house.book.problems.clear()  # pictures that are not there


def test_markup_is_sanitised_whatever_it_holds(house: Stage) -> None:  # CP-120 CP-121
    app = house.show("""
template = (
    '<p title="${value}" class=\\'${value}\\'>${value}</p>'
    '<i title="{{value}}">{{value}}{{{value}}}</i>'
)
with gr.Blocks() as demo:
    for text in PAYLOADS:
        gr.Markdown(text, header_links=True, line_breaks=True)
        gr.HTML(text)
        gr.HTML(text, html_template=template)
    gr.Dataframe([[text, text] for text in PAYLOADS], headers=["a", "b"], datatype=["markdown", "html"],
                 max_height=9000, wrap=True)
    gr.Dataset(components=["markdown", "html"], samples=[[text, text] for text in PAYLOADS],
               samples_per_page=200)
demo.launch(height=None)
""")
    expect(app.locator(".nbb-grid-row .nbb-prose, .nbb-grid-row p").first).to_be_visible()
    expect(app.locator(".katex").first).to_be_visible()
    assert_quiet(house.page, app)
    house.book.problems.clear()  # pictures that are not there


def test_what_handlers_say_is_text(house: Stage) -> None:  # EV-295
    app = house.show(
        """
import time
def tell(start):
    part = PAYLOADS[int(start):int(start) + 8]
    for kind, text in zip([gr.Info, gr.Warning, gr.Success] * 3, part):
        kind(text, title=text, duration=None)
    for text in part:
        print(text)
    return start + 8

def fail(start):
    text = "\\n".join(PAYLOADS[int(start):int(start) + 8])
    raise gr.Error(text, title=text, duration=None)

def crash(start):
    raise RuntimeError("\\n".join(PAYLOADS))

def work(start, progress=gr.Progress()):
    for text in PAYLOADS:
        progress((1, 3), desc=text, unit=text)
    wait()
    return start

with gr.Blocks() as demo:
    start = gr.Number(0, label="Start")
    gr.Button("Tell").click(tell, start, start)
    gr.Button("Fail").click(fail, start, start)
    gr.Button("Crash").click(crash, start, start)
    gr.Button("Work").click(work, start, start)
    refuse = lambda n: gr.validate(False, BETWEEN.join(PAYLOADS))
    gr.Button("Check").click(lambda n: n, start, start, validator=refuse)
demo.launch(height=None, show_error=True)
""".replace("BETWEEN", repr(BETWEEN))
    )
    page = house.page
    for start in range(0, len(PAYLOADS), 8):
        press(app, "Fail")
        expect(app.locator(".nbb-toast-error")).to_have_count(1)
        press(app, "Tell")
        expect(app.get_by_label("Start")).to_have_value(str(start + 8))
        assert page.evaluate(LOOK) == []
    press(app, "Crash")
    expect(app.locator(".nbb-toast-error").last).to_contain_text("onerror")
    press(app, "Check")
    expect(app.locator(".nbb-invalid")).to_contain_text("onerror")
    press(app, "Work")
    expect(app.locator(".nbb-bar-text")).to_be_visible()
    assert_quiet(page, app)
    house.let_go(1)
    house.book.problems.clear()


def test_the_watch_would_see_it(house: Stage) -> None:
    app = house.show("""
with gr.Blocks() as demo:
    bad = "<img src=x onerror=window.__xss(7)><a href=javascript:0>x</a>"
    gr.HTML("x", js_on_load=f"element.innerHTML = '{bad}'")
demo
""")
    expect(app.locator("img")).to_have_count(1)
    house.page.wait_for_function("window.__found.length > 0")
    found: Any = house.page.evaluate(LOOK)
    assert "ran: 7" in found and any("javascript:0" in one for one in found)
    assert any("handler" in one for one in found)
    house.book.problems.clear()
