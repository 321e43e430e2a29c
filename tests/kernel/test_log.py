"""What the log drawer of a page is sent: all that a handler puts out, wherever it comes from, and no more."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .kernels import Kernel, Page

PRELUDE = """
import asyncio, concurrent.futures, contextlib, ctypes, io, logging, multiprocessing.pool, os, subprocess
import sys, threading, warnings
import nbblocks as gr
from IPython.display import *
from IPython.utils.capture import capture_output

err = sys.stderr
early = logging.StreamHandler()
logging.getLogger("early").addHandler(early)
shared = concurrent.futures.ThreadPoolExecutor(1)
shared.submit(print, "early").result()
pool = multiprocessing.pool.ThreadPool(1)
"""
APP = """
{head}
with gr.Blocks() as demo:
    out = gr.Textbox(label="Out")
    n = gr.Number(1, label="N")
{body}
    gr.Button("Go").click(handler, n, out, api_name="go")
demo.launch()
"""


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTEST_CURRENT_TEST")  # with it, kernels do not look at what comes out of the process
        kernel = Kernel(tmp_path_factory.mktemp("log"))
    kernel.run(PRELUDE)
    yield kernel
    kernel.close()


def logged(kernel: Kernel, page: Page) -> list[dict[str, Any]]:
    """The entries that the page was sent."""
    sent = [one for one in kernel.told[page.model] if one["type"] == "log"]
    return [entry for one in sent for entry in (one, *one.get("more", ()))]


def text(kernel: Kernel, page: Page, stream: str | None = None) -> str:
    return "".join(one["text"] for one in logged(kernel, page) if stream in (None, one["stream"]))


def app(handler: str, head: str = "") -> str:
    """A cell with an app whose button calls ``handler``, the body of a function of ``n``."""
    lines = (
        handler
        if handler.lstrip().startswith(("def handler", "async def handler"))
        else f"def handler(n):\n{indent(handler)}"
    )
    return APP.format(head=head, body=indent(lines))


def indent(code: str) -> str:
    return "\n".join(f"    {line}" for line in code.splitlines())


WAYS = {
    "print": "print('it is here')",
    "thread": "t = threading.Thread(target=print, args=['it is here']); t.start(); t.join()",
    "subclass": """
class Mine(threading.Thread):
    def run(self):
        print("it is here")
t = Mine(); t.start(); t.join()""",
    "timer": "t = threading.Timer(0.01, print, ['it is here']); t.start(); t.join()",
    "thread in a thread": """
def deeper():
    t = threading.Thread(target=print, args=["it is here"]); t.start(); t.join()
t = threading.Thread(target=deeper); t.start(); t.join()""",
    "error of a thread": """
def fail():
    raise ValueError("it is here")
t = threading.Thread(target=fail); t.start(); t.join()""",
    "own pool": """
with concurrent.futures.ThreadPoolExecutor(2) as mine:
    list(mine.map(print, ["it is here"]))""",
    "shared pool": "shared.submit(print, 'it is here').result()",
    "callback of a future": "shared.submit(int).add_done_callback(lambda f: print('it is here'))",
    "pool of multiprocessing": "pool.map(print, ['it is here'])",
    "joblib's way": "pool.apply_async(print, ('it is here',)).get()",
    "to_thread": "async def go():\n    await asyncio.to_thread(print, 'it is here')\nasyncio.run(go())",
    "logging": "logging.getLogger('early').warning('it is here')",
    "warnings": "warnings.warn('it is here')",
    "kept stream": "print('it is here', file=err)",
    "the process's own stream": "print('it is here', file=sys.__stdout__, flush=True)",
    "bytes": "sys.stdout.buffer.write('it is here ü'.encode()[:-1]); sys.stdout.buffer.write(b'\\xbc')",
    "subprocess": "subprocess.run(['echo', 'it is here'])",
    "subprocess by name": "subprocess.run(['echo', 'it is here'], stdout=sys.stdout, check=True)",
    "subprocess's errors": "subprocess.run('echo it is here >&2', shell=True)",
    "asyncio's subprocess": """
async def go():
    await (await asyncio.create_subprocess_exec("echo", "it is here")).wait()
asyncio.run(go())""",
    "system": "os.system('echo it is here')",
    "descriptor": "os.write(1, b'it is here')",
    "C": "libc = ctypes.CDLL(None); libc.puts(b'it is here'); libc.fflush(None)",
    "shell": "get_ipython().system('echo it is here')",
    "tee": """
class Tee:
    def __init__(self): self.below = sys.stdout
    def write(self, text): self.below.write(text)
    def flush(self): self.below.flush()
sys.stdout = Tee()
print("it is here")""",
}


@pytest.mark.parametrize("way", WAYS)
def test_what_a_handler_puts_out_is_in_its_log(kernel: Kernel, way: str) -> None:  # TR-23
    page = kernel.show(app(f"{WAYS[way].strip()}\nreturn str(n)"))
    page.click("Go")
    page.until("Out", "1")
    kernel.wait(lambda: "it is here" in text(kernel, page), 5)
    if way == "bytes":
        assert "it is here ü" in text(kernel, page)


KINDS = {
    "coroutine": "async def handler(n):\n    print('one'); await asyncio.sleep(0); print('two'); return '1'",
    "generator": "def handler(n):\n    print('one'); yield '0'; print('two'); yield '1'",
    "async generator": "async def handler(n):\n    print('one'); yield '0'; print('two'); yield '1'",
    "task": """
async def handler(n):
    async def inner():
        print("two")
    print("one")
    await asyncio.create_task(inner())
    return "1"
""",
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_handler_logs(kernel: Kernel, kind: str) -> None:  # TR-23
    page = kernel.show(app(KINDS[kind]))
    page.click("Go")
    page.until("Out", "1")
    kernel.wait(lambda: text(kernel, page) == "one\ntwo\n", 5)


CAPTURES = {
    "%%capture": "%%capture kept\n{app}",
    "redirect_stdout": """
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    exec('''{app}''')
demo""",
}


@pytest.mark.parametrize("how", CAPTURES)
def test_an_app_started_while_a_cell_captures_logs_as_any_other(kernel: Kernel, how: str) -> None:  # TR-23
    source = app("print('it is here')\nreturn str(n)").replace("demo.launch()", "demo.launch(inline=False)")
    kernel.run(CAPTURES[how].format(app=source))
    page = kernel.show("display(demo)")
    assert kernel.run("print('of the cell')") == "of the cell\n"
    page.click("Go")
    page.until("Out", "1")
    kernel.wait(lambda: text(kernel, page) == "it is here\n", 5)
    assert kernel.run("print('of the cell')") == "of the cell\n"


def test_a_cell_that_captures_gets_its_own_prints_alone(kernel: Kernel) -> None:  # TR-23
    page = kernel.show(app("print('of the handler'); return str(n)"))
    code = """
with contextlib.redirect_stdout(io.StringIO()) as mine:
    print("of the cell")
    gr.Client(demo).predict(1, api_name="/go")
print(repr(mine.getvalue()))
"""
    assert kernel.run(code) == "'of the cell\\n'\n"
    kernel.wait(lambda: text(kernel, page) == "of the handler\n", 5)


def test_a_handler_that_captures_gets_its_own_prints_alone(kernel: Kernel) -> None:  # TR-23
    handler = """
with contextlib.redirect_stdout(io.StringIO()) as mine:
    print("of the handler")
    began.set(); go_on.wait(10)
with capture_output() as more:
    print("of it too"); display(HTML("<b>x</b>"))
print("after")
return repr((mine.getvalue(), more.stdout, len(more.outputs)))
"""
    page = kernel.show(app(handler, "began, go_on = threading.Event(), threading.Event()"))
    page.click("Go")
    kernel.until("began.is_set()")
    assert kernel.run("print('of the cell')") == "of the cell\n"
    kernel.run("go_on.set()")
    page.until("Out", repr(("of the handler\n", "of it too\n", 1)))
    kernel.wait(lambda: text(kernel, page) == "after\n", 5)


def test_a_thread_of_a_pool_belongs_to_who_hands_in_the_job(kernel: Kernel) -> None:  # TR-23
    handler = """
global late
late = concurrent.futures.ThreadPoolExecutor(1)
late.submit(print, "of the handler").result()
return str(n)
"""
    page = kernel.show(app(handler))
    page.click("Go")
    page.until("Out", "1")
    kernel.run("late.submit(print, 'of the cell').result()")
    kernel.run("err.flush()")
    kernel.wait(lambda: text(kernel, page) == "of the handler\n", 5)
    time.sleep(0.1)
    kernel.read_all()
    assert text(kernel, page) == "of the handler\n"


def test_a_thread_that_outlives_its_run_logs_until_the_app_is_closed(kernel: Kernel) -> None:  # TR-23
    handler = """
def stay():
    for _ in range(2):
        go_on.acquire(timeout=20); print("still here"); done.release()
threading.Thread(target=stay).start()
return str(n)
"""
    page = kernel.show(app(handler, "go_on, done = threading.Semaphore(0), threading.Semaphore(0)"))
    page.click("Go")
    page.until("Out", "1")
    kernel.run("go_on.release(); done.acquire(timeout=10)")
    kernel.wait(lambda: text(kernel, page) == "still here\n", 5)
    assert "still here" in kernel.run("demo.close(); go_on.release(); done.acquire(timeout=10)")


def test_the_kernel_is_as_before_when_the_last_app_is_closed(kernel: Kernel) -> None:  # TR-23
    kernel.run("gr.close_all()")
    names = "[sys.stdout, threading.Thread.start, concurrent.futures.ThreadPoolExecutor.submit, "
    names += "subprocess.Popen.__init__, get_ipython().display_pub.publish.__func__, type(sys)]"
    kernel.run(f"before = {names}")
    page = kernel.show(app("print('x'); return str(n)"))
    page.click("Go")
    page.until("Out", "1")
    kernel.run("gr.close_all()")
    assert kernel.get(f"[a is b for a, b in zip(before, {names})]") == [True] * 6


SHOWN = {
    "HTML('<b>bold</b>')": ("text/html", "<b>bold</b>"),
    "Markdown('*x*')": ("text/markdown", "*x*"),
    "Latex('$x$')": ("text/latex", "$x$"),
    "SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>')": (
        "image/svg+xml",
        '<svg xmlns="http://www.w3.org/2000/svg"/>',
    ),
    "Image(b'\\x89PNG\\r\\n\\x1a\\nxx', format='png')": ("image/png", "iVBORw0KGgp4eA=="),
    "JSON({'a': 1})": ("application/json", {"a": 1}),
    "object.__new__(type('Thing', (), {'__repr__': lambda self: 'thing'}))": ("text/plain", "thing"),
    "HTML('<script>1</script>')": ("text/plain", "<IPython.core.display.HTML object>"),
}


@pytest.mark.parametrize("what", SHOWN)
def test_a_display_shows_its_richest_form(kernel: Kernel, what: str) -> None:  # TR-23
    page = kernel.show(app(f"display({what})\nreturn str(n)"))
    page.click("Go")
    page.until("Out", "1")
    kernel.wait(lambda: logged(kernel, page), 5)
    (one,) = logged(kernel, page)
    found = one["value"].strip() if isinstance(one["value"], str) else one["value"]
    assert (one["stream"], one["form"], found) == ("display", *SHOWN[what])


def test_tables_and_widgets_are_shown_as_such(kernel: Kernel) -> None:  # TR-23
    handler = """
import pandas, ipywidgets
display(pandas.DataFrame({"a": [1]})); display(ipywidgets.IntSlider())
return str(n)
"""
    page = kernel.show(app(handler))
    page.click("Go")
    page.until("Out", "1")
    kernel.wait(lambda: len(logged(kernel, page)) == 2, 5)
    table, widget = logged(kernel, page)
    assert table["form"] == "text/html" and "<table" in table["value"]
    assert widget["value"]["model_id"] in kernel.models
    assert "html" in page.state["chunks"]


def test_displays_are_updated_and_cleared(kernel: Kernel) -> None:  # TR-23
    handler = """
shown = display(HTML("one"), display_id=True)
print("x")
shown.update(HTML("two"))
elsewhere.update(HTML("of the cell"))
clear_output(wait=True)
return str(n)
"""
    page = kernel.show(app(handler, "elsewhere = display(HTML('there'), display_id=True)"))
    page.click("Go")
    page.until("Out", "1")
    kernel.wait(lambda: any(one["stream"] == "clear" for one in logged(kernel, page)), 5)
    told = logged(kernel, page)
    shown = [(one["value"], one.get("update", False)) for one in told if one["stream"] == "display"]
    assert shown in ([("two", False)], [("one", False), ("two", True)])
    assert told[-1]["wait"] is True


def test_functions_beside_handlers_log_too(kernel: Kernel) -> None:  # TR-23
    head = """
class Loud(gr.Textbox):
    def preprocess(self, payload):
        print("preprocess"); return super().preprocess(payload)
    def postprocess(self, value):
        print("postprocess"); return super().postprocess(value)
def check(*_):
    print("validator"); return gr.validate(True, "")
"""
    body = """
    loud = Loud(label="Loud")
    def handler(n): return "x"
    gr.Button("Check").click(handler, loud, loud, validator=check, api_name="check")
    gr.State(lambda: print("initial"), delete_callback=lambda v: print("deleted"))
    def batched(ns):
        print("batch"); return [[str(n) for n in ns]]
    gr.Button("Batch").click(batched, n, out, batch=True)
    def handler(n): return str(n)
"""
    page = kernel.show(APP.format(head=head, body=body))
    page.click("Check")
    page.until("Loud", "x")
    page.click("Batch")
    page.until("Out", "1")
    wanted = ["validator", "preprocess", "postprocess", "batch"]
    kernel.wait(lambda: all(one in text(kernel, page) for one in wanted), 5)


def test_threads_of_an_executor_log_too(kernel: Kernel) -> None:  # TR-23
    source = app("print('it is here'); return str(n)")
    page = kernel.show(source.replace("demo.launch()", "demo.queue(executor=shared).launch()"))
    page.click("Go")
    page.until("Out", "1")
    kernel.wait(lambda: text(kernel, page) == "it is here\n", 5)


def test_a_million_small_prints_are_bounded_and_say_so(kernel: Kernel) -> None:  # TR-24
    page = kernel.show(
        app("for i in range(1_000_000):\n    print(i % 10, end='')\nprint('end')\nreturn str(n)")
    )
    page.click("Go")
    page.until("Out", "1", 60)
    kernel.wait(lambda: text(kernel, page).endswith("end\n"), 10)
    told = text(kernel, page)
    assert "characters left out" in told or len(told) == 1_000_004


def test_a_forked_child_prints_where_it_would_without_an_app(kernel: Kernel, tmp_path: Path) -> None:  # TR-23
    handler = """
child = multiprocessing.get_context("fork").Process(target=print, args=["of a child"])
child.start(); child.join()
return str(child.exitcode)
"""
    page = kernel.show(app(handler, "import multiprocessing"))
    page.click("Go")
    page.until("Out", "0")
    kernel.wait(lambda: "of a child" in str(kernel.outputs), 10)
