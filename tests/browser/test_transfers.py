"""Large files through an untouched server: both ways, in three hosts, and through what may come between."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from .lab import Notebook
from .programs import UPLOAD
from .stage import RESULTS

MB = 1_000_000

APP = """
import hashlib, os, threading
import nbblocks as gr
from nbblocks.bridge import uploads

gate, write = threading.Event(), uploads._write

def until_let_go(incoming, parts):
    "Stand still after the first parts, so that something can come between."
    write(incoming, parts)
    if incoming.size > 10_000_000:
        assert gate.wait(60)

uploads._write = until_let_go

def files():
    "What is in the app's cache."
    root = demo.host.cache.root
    return sorted(name for _, _, names in os.walk(root) for name in names)

def digest(path):
    return hashlib.sha256(open(path, "rb").read()).hexdigest()

with gr.Blocks() as demo:
    u = gr.UploadButton("Send")
    out = gr.Textbox(label="Sum")
    n = gr.Number(0, label="Count")
    u.upload(digest, u, out)
    gr.Button("Add").click(lambda x: x + 1, n, n)
demo
"""


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of 40 MB: ten chunks."""
    return make(tmp_path_factory.mktemp("files") / "large.bin", 40 * MB)


def make(path: Path, size: int) -> Path:
    """A file in which no two parts are alike."""
    with path.open("wb") as file:
        for number in range(size // 32):
            file.write(hashlib.sha256(number.to_bytes(4, "big")).digest())
    return path


def sum_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def send(app: Locator, book: Notebook, path: Path) -> None:
    book.upload(app.locator("button", has_text="Send"), path)


def until(book: Notebook, code: str, value: str) -> None:
    """Wait until code in the kernel gives ``value``."""
    for _ in range(200):
        if (found := book.kernel(code)) == value:
            return
        book.page.wait_for_timeout(50)
    raise AssertionError(f"{code} is {found}, not {value}")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("host", ["lab", "notebook", "voila"])
def test_a_file_of_200_mb_goes_up_and_comes_down(
    open_notebook, voila, tmp_path: Path, host: str
) -> None:  # CP-45 CP-80
    if host == "voila":
        page = app = voila(UPLOAD)
    else:
        book = open_notebook(UPLOAD, host=host)
        book.run_all()
        page, app = book.page, book.output(0)
    path = make(tmp_path / "some large file.bin", 200 * MB)
    with page.expect_file_chooser() as chooser:
        app.get_by_role("button", name="Upload a file").click()
    chooser.value.set_files(path)
    button = app.get_by_role("button", name="Download some large file.bin")
    expect(button).to_be_visible(timeout=120_000)
    with page.expect_download(timeout=120_000) as download:
        button.click()
    name, got = download.value.suggested_filename, Path(download.value.path())
    assert name == "some large file.bin" and got.stat().st_size == path.stat().st_size
    assert sum_of(got) == sum_of(path)
    expect(app.get_by_role("button", name="Upload a file")).to_be_visible()
    expect(button).not_to_be_visible()


@pytest.mark.timeout(120)
def test_an_upload_goes_on_after_a_reload(open_notebook, large: Path) -> None:  # CP-45
    book = open_notebook(APP, fresh=True)
    book.run_cell(0)
    send(book.output(0), book, large)
    until(book, "[one.written > 0 for one in demo.host.transfers.uploads._running.values()]", "[True]")
    book.save(widgets=True)
    book.reload(save=False)
    book.kernel("gate.set()")
    until(book, "len(demo.host.transfers.uploads.offers)", "1")
    received = int(book.kernel("demo.host.transfers.uploads.offers[0]['received']"))
    assert 0 < received < 40 * MB
    expect(book.output(0).get_by_text("The upload stopped with “large.bin” at")).to_be_visible()
    RESULTS.mkdir(exist_ok=True)
    book.screenshot(RESULTS / "unfinished.png", 0)
    sizes = book.page.evaluate("""() => {
        const sizes = (window.__nbb_sizes = []);
        const send = WebSocket.prototype.send;
        WebSocket.prototype.send = function (data) {
            sizes.push(data.byteLength ?? data.length);
            send.call(this, data);
        };
        return sizes;
    }""")
    assert sizes == []
    send(book.output(0), book, large)
    expect(book.output(0).get_by_label("Sum")).to_have_value(sum_of(large), timeout=60_000)
    sent = sum(book.page.evaluate("window.__nbb_sizes"))
    assert sent < 40 * MB - received + MB, "what was there already came again"
    assert book.kernel("files()") == "['large.bin']"


@pytest.mark.timeout(120)
def test_an_upload_of_a_closed_page_leaves_nothing(open_notebook, large: Path) -> None:  # CP-45
    book = open_notebook(APP, fresh=True)
    book.run_all()
    send(book.output(0), book, large)
    # A page that is really closed sends nothing more; this one has to be made to wait.
    running = "demo.host.transfers.uploads._running.values()"
    until(book, f"[one.taken - one.acknowledged >= 8 * 2**20 for one in {running}]", "[True]")
    book.page.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide'))")
    until(book, f"[one.suspended for one in {running}]", "[True]")
    book.kernel("(setattr(uploads, 'RESUME_PATIENCE', 0.2), gate.set())")
    until(book, "files()", "[]")


@pytest.mark.timeout(120)
def test_an_upload_goes_on_over_a_lost_connection(open_notebook, large: Path) -> None:  # CP-45
    book = open_notebook(APP, fresh=True)
    book.run_cell(0)
    book.spoilt = True
    send(book.output(0), book, large)
    until(book, "len(files())", "1")
    book.page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.reconnect()"
    )
    book.kernel("gate.set()")
    expect(book.output(0).get_by_label("Sum")).to_have_value(sum_of(large), timeout=60_000)


@pytest.mark.timeout(120)
def test_an_upload_can_be_cancelled_and_another_sent(
    open_notebook, large: Path, tmp_path: Path
) -> None:  # CP-45
    book = open_notebook(APP)
    book.run_cell(0)
    app = book.output(0)
    send(app, book, large)
    until(book, "len(files())", "1")
    app.get_by_role("button", name="Cancel").click()
    book.kernel("gate.set()")
    until(book, "files()", "[]")
    small = make(tmp_path / "small.bin", 3200)
    send(app, book, small)
    expect(app.get_by_label("Sum")).to_have_value(sum_of(small))


@pytest.mark.timeout(120)
def test_clicks_are_served_during_an_upload(open_notebook, large: Path) -> None:  # CP-45
    book = open_notebook(APP)
    book.run_cell(0)
    app = book.output(0)
    send(app, book, large)
    until(book, "len(files())", "1")
    for count in range(1, 4):
        app.get_by_role("button", name="Add").click()
        expect(app.get_by_label("Count")).to_have_value(str(count))
    expect(app.get_by_label("Sum")).to_have_value("")
    book.kernel("gate.set()")
    expect(app.get_by_label("Sum")).to_have_value(sum_of(large), timeout=60_000)


@pytest.mark.timeout(120)
def test_a_kernel_that_restarts_during_an_upload_is_told_of(open_notebook, large: Path) -> None:  # CP-45
    book = open_notebook(APP, fresh=True)
    book.run_cell(0)
    app = book.output(0)
    root = book.kernel("demo.host.cache.root").strip("'")
    send(app, book, large)
    until(book, "len(files())", "1")
    book.restart_kernel()
    expect(app.get_by_text("The kernel is gone").first).to_be_visible()
    assert not Path(root).exists()
    book.run_cell(0)
    book.kernel("gate.set()")
    send(app, book, large)
    expect(app.get_by_label("Sum")).to_have_value(sum_of(large), timeout=60_000)
