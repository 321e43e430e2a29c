"""Errors and messages of handlers, as a person sees them in JupyterLab."""

from __future__ import annotations

from playwright.sync_api import expect

from .stage import Stage, press, toast

MESSAGES = """
def tell(kind):
    if kind == "Error":
        raise gr.Error("no tea", duration=None, print_exception=False)
    getattr(gr, kind)(f"about {kind}", duration=None, title=f"My {kind.lower()}")

with gr.Blocks() as demo:
    out = gr.Textbox(label="Out", elem_id="out")
    for kind in ("Info", "Success", "Warning", "Error"):
        gr.Button(kind).click(lambda kind=kind: tell(kind), None, out)
demo
"""


def test_each_level_has_its_toast_and_stays_until_closed(stage: Stage) -> None:  # EV-291 EV-293
    app = stage.show(MESSAGES)
    for kind in ("Info", "Success", "Warning"):
        press(app, kind)
        expect(toast(app, kind.lower())).to_contain_text(f"My {kind.lower()}")
        expect(toast(app, kind.lower())).to_contain_text(f"about {kind}")
    expect(app.locator(".nbb-badge")).to_have_count(0)
    press(app, "Error")
    expect(toast(app, "error")).to_contain_text("no tea")
    expect(toast(app, "error")).to_have_attribute("role", "alert")
    expect(app.locator("#out .nbb-badge")).to_have_text("Error")
    expect(app.get_by_role("log")).to_have_count(0)
    expect(app.locator(".nbb-toast")).to_have_count(4)
    toast(app, "warning").get_by_label("Close").click()
    expect(app.locator(".nbb-toast")).to_have_count(3)
    press(app, "Info")  # its listener renews the output
    expect(app.locator(".nbb-badge")).to_have_count(0)


def test_a_new_dispatch_takes_the_old_toasts_of_its_listener_away(stage: Stage) -> None:  # EV-296
    app = stage.show(MESSAGES)
    press(app, "Info")
    expect(toast(app, "info")).to_have_count(1)
    press(app, "Warning")
    expect(toast(app, "warning")).to_have_count(1)
    old = toast(app, "info").element_handle()
    press(app, "Info")
    expect(toast(app, "info")).to_have_count(1)
    stage.page.wait_for_function("toast => !toast.isConnected", arg=old)
    expect(toast(app, "info")).to_have_count(1)
    expect(toast(app, "warning")).to_have_count(1)


def test_messages_hold_simple_html_and_nothing_that_acts(stage: Stage) -> None:  # EV-295
    app = stage.show("""
html = '<b>bold</b> <a href="javascript:alert(1)">link</a> <img src="data:," onerror="window.__acted = 1">' \\
       '<script>window.__acted = 1</script><style>body { display: none }</style>'

def tell():
    gr.Info(html, duration=None)
    raise gr.Error(html, duration=None)

with gr.Blocks() as demo:
    gr.Button("Tell").click(tell)
demo
""")
    press(app, "Tell")
    for level in ("info", "error"):
        expect(toast(app, level).locator("b")).to_have_text("bold")
        expect(toast(app, level).locator("script, style, [onerror], [href^=javascript]")).to_have_count(0)
    assert stage.page.evaluate("window.__acted") is None


def test_a_toast_goes_when_its_time_is_over_unless_it_is_pointed_at(stage: Stage) -> None:  # EV-291 EV-293
    app = stage.show("""
with gr.Blocks() as demo:
    gr.Button("Short").click(lambda: gr.Info("soon gone", duration=0.5))
demo
""")
    press(app, "Short")
    expect(toast(app, "info")).to_be_visible()
    toast(app, "info").hover()
    expect(toast(app, "info").locator(".nbb-toast-time")).to_have_count(0)
    app.get_by_role("button", name="Short").hover()
    expect(toast(app, "info")).to_have_count(0)


def test_a_message_is_in_sight_however_tall_the_app_is(stage: Stage) -> None:  # EV-293
    app = stage.show("""
with gr.Blocks() as demo:
    gr.HTML("a long story", min_height=3000)
    gr.Button("Tell").click(lambda: gr.Info("the end", duration=None))
demo.launch(height=4000)
""")
    press(app, "Tell")
    expect(toast(app, "info")).to_be_in_viewport(ratio=1)
    expect(app.get_by_text("a long story")).not_to_be_in_viewport()


def test_what_other_exceptions_say_is_shown_on_demand_only(stage: Stage) -> None:  # EV-290 EV-292
    source = """
def fail():
    raise KeyError("<i>milk</i>")

with gr.Blocks() as demo:
    out = gr.Textbox("before", label="Out")
    gr.Button("Fail").click(fail, None, out)
"""
    app = stage.show(source + "demo.launch(show_error=True)")
    press(app, "Fail")
    expect(toast(app, "error")).to_contain_text("'<i>milk</i>'")
    expect(app.get_by_label("Out")).to_have_value("before")
    app = stage.show(source + "demo")
    press(app, "Fail")
    expect(app.locator(".nbb-badge")).to_have_text("Error")
    expect(app.get_by_role("log")).to_contain_text("KeyError")
    expect(app.locator(".nbb-toast")).to_have_count(0)
