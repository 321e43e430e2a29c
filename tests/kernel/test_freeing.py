"""Apps that nobody holds are freed, and nothing runs before it is needed."""

from __future__ import annotations

import pytest

from .kernels import Kernel

MAKE = """
import asyncio, gc, os, tempfile, threading, weakref
import nbblocks as gr
from nbblocks.bridge import cache
def make():
    with gr.Blocks() as demo:
        name, out = gr.Textbox("Ada", label="Name"), gr.Textbox(label="Out")
        state = gr.State([1], delete_callback=deleted.append)
        timer = gr.Timer(1)
        gr.Number(lambda: 1, every=1)
        gr.Button("Greet").click(lambda n, s: f"Hello {n}", [name, state], out, api_name="greet")
        out.submit(lambda text: text, out, out, api_name="say")
        demo.load(lambda: None, api_name=False)
    apps.append(weakref.ref(demo))
    return demo
def living():
    gc.collect()
    return sum(app() is not None for app in apps)
def running():
    return [t.name for t in threading.enumerate() if "nbblocks" in t.name]
def caches():
    names = set(os.listdir(tempfile.gettempdir())) - {os.path.basename(cache.shared().root)}
    return [name for name in names if name.startswith("nbblocks-")]
def greet(client):
    assert client.predict("Bob", api_name="/greet") == "Hello Bob"
apps, deleted = [], []
"""
FORGET = """
Out.clear()
hook = get_ipython().displayhook
hook._ = hook.__ = hook.___ = None
for names in (get_ipython().user_ns, get_ipython().user_ns_hidden):
    for name in [name for name in names if name[0] == "_" and names[name] is demo]:
        names[name] = None
"""


@pytest.fixture
def made(kernel: Kernel) -> Kernel:
    """A kernel in which apps can be made."""
    kernel.run(MAKE)
    return kernel


def gone(kernel: Kernel) -> None:
    """Wait until no app is left, nor anything that one needs."""
    kernel.run("pass")  # the last result is kept until there is another
    kernel.until("living() == 0")
    kernel.until("running() == [] and caches() == []")


def test_importing_starts_nothing(kernel: Kernel) -> None:  # AP-42
    kernel.run(
        "import asyncio, threading, sys\nbefore = set(threading.enumerate()), len(asyncio.all_tasks())"
    )
    kernel.run("import nbblocks as gr\nfrom nbblocks import *")
    kernel.run("assert before == (set(threading.enumerate()), len(asyncio.all_tasks()))")
    kernel.run(MAKE + "demo = make()\ndemo.get_config_file()\nrepr(demo)")
    kernel.run("assert before == (set(threading.enumerate()), len(asyncio.all_tasks()))")
    assert kernel.comms() == []


def test_an_app_that_was_never_used_is_freed(made: Kernel) -> None:  # AP-43
    made.run("make()\nNone")
    gone(made)


def test_an_app_that_was_called_is_freed(made: Kernel) -> None:  # AP-43
    made.run("demo = make()\nassert demo('x', api_name='say') == 'x'\ndel demo")
    gone(made)


def test_an_app_that_was_prepared_is_freed(made: Kernel) -> None:  # AP-42 AP-43
    made.run(
        "demo = make()\ndemo.launch(inline=False, allowed_paths=['.'])\nassert running() == []\ndel demo"
    )
    gone(made)


def test_an_app_whose_client_was_closed_is_freed(made: Kernel) -> None:  # AP-43
    made.run("demo = make()\nwith gr.Client(demo) as client: greet(client)")
    made.run("del demo")
    assert made.get("living()") == 1  # the client object holds it
    made.run("del client")
    gone(made)
    assert made.get("deleted") == [[1]]  # ST-46


def test_an_app_whose_client_was_let_go_is_freed(made: Kernel) -> None:  # AP-43 ST-11
    made.run("demo = make()\nclient = gr.Client(demo)\ngreet(client)\ndel demo, client")
    gone(made)
    assert made.get("deleted") == [[1]]


def test_a_client_keeps_its_app(made: Kernel) -> None:  # AP-43
    made.run("client = gr.Client(make())")
    assert made.get("living()") == 1
    made.run("greet(client)\njob = client.submit('Eve', api_name='/greet')\ndel client")
    made.run("assert job.result() == 'Hello Eve'\ndel job")
    gone(made)


def test_an_app_is_used_again_after_a_pause_without_clients(made: Kernel) -> None:  # AP-40 AP-43
    made.run("demo = make()\nfor _ in range(3):\n    with gr.Client(demo) as client: greet(client)")
    made.until("len(deleted) == 3")
    assert made.get("demo.is_running")
    page = made.show("demo")
    page.click("Greet")
    page.until("Out", "Hello Ada")
    made.run("with gr.Client(demo) as client: greet(client)")
    page.click("Greet", [("Name", "Eve")])
    page.until("Out", "Hello Eve")
    made.run(FORGET)
    made.run("demo.close(); del demo, client")
    gone(made)


def test_a_closed_app_is_freed_while_another_runs(made: Kernel) -> None:  # AP-43
    made.run("other = gr.Client(make()); greet(other)")
    made.run("demo = make()\nwith gr.Client(demo) as client: greet(client)\ndemo.close()")
    made.run("del demo, client")
    made.until("living() == 1")
    made.run("del other")
    gone(made)
