"""A real Jupyter server, a real headless Chromium, and notebooks opened in it: for tests and benchmarks."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import nbformat
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Locator, Page, sync_playwright

from . import chromium

Host = Literal["lab", "doc", "notebook"]
"""JupyterLab with its side bars, JupyterLab with one document, Notebook 7."""

SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    # Every cell is in the page, on screen or not, so that a locator finds it.
    "notebook-extension/tracker": {"windowingMode": "none"},
    "docmanager-extension/plugin": {"autosave": False},
}
ANSI = re.compile(r"\x1b\[[0-9;]*m")
SAVE_WIDGETS = "@jupyter-widgets/jupyterlab-manager:saveWidgetState"
PATHS = {
    "lab": "/lab/workspaces/{stem}/tree/{name}",
    "doc": "/doc/workspaces/{stem}/tree/{name}",
    "notebook": "/notebooks/{name}",
}

READY = """(name) => {
  const panel = window.jupyterapp?.shell?.currentWidget, session = panel?.sessionContext;
  return panel?.context?.path === name && session?.isReady && session.session?.kernel?.status === "idle" &&
    panel.content?.widgets?.length > 0;
}"""
SHOW = """async (name) => {
  const app = window.jupyterapp;
  const panel = await app.commands.execute("docmanager:open", { path: name, factory: "Notebook" });
  app.shell.activateById(panel.id);
}"""
PUT_AWAY = """() => {
  const panel = window.jupyterapp.shell.currentWidget;
  panel.context.model.dirty = false;
  panel.dispose();
  window.jupyterapp.commands.execute("apputils:dismiss-all-notifications").catch(() => {});
  return window.jupyterapp.shell.currentWidget?.context === undefined;
}"""
IDLE = """() => {
  const panel = window.jupyterapp.shell.currentWidget;
  const prompts = [...panel.content.node.querySelectorAll(".jp-InputPrompt")];
  return panel.sessionContext.session?.kernel?.status === "idle" &&
    prompts.every((prompt) => !prompt.textContent.includes("*"));
}"""
START = """(index) => {
  const app = window.jupyterapp, notebook = app.shell.currentWidget.content;
  notebook.deselectAll();
  notebook.activeCellIndex = index;
  window.__nbb_run = app.commands.execute("notebook:run-cell");
}"""
WRITE = """([index, source]) =>
  window.jupyterapp.shell.currentWidget.content.widgets[index].model.sharedModel.setSource(source)"""
OUTPUTS = """(index) => window.jupyterapp.shell.currentWidget.content.widgets[index].model.outputs.toJSON()"""
EXECUTE = """async (code) => {
  const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  const future = kernel.requestExecute({ code, store_history: false, stop_on_error: false });
  let text = "", error = null;
  future.onIOPub = ({ header, content }) => {
    if (header.msg_type === "stream") text += content.text;
    else if (header.msg_type === "execute_result" || header.msg_type === "display_data")
      text += content.data["text/plain"];
    else if (header.msg_type === "error") error = `${content.ename}: ${content.evalue}`;
  };
  await future.done;
  return { text, error };
}"""


class CellError(Exception):
    """A cell, or code sent to the kernel, raised."""


class Jupyter:
    """One server that gives JupyterLab, Notebook 7 and Voila, and one browser; shared by many notebooks."""

    def __init__(self, python: str = sys.executable, headless: bool = True) -> None:
        """Start both. The kernels run on ``python``.

        :raises RuntimeError: if there is no Chromium or the server does not answer
        """
        path = chromium.find()
        if path is None:
            raise RuntimeError("no Chromium: put one on the PATH or name it in the variable CHROMIUM")
        self.work = Path(tempfile.mkdtemp(prefix="nbblocks-lab-"))
        self.root = self.work / "notebooks"
        self.count = 0
        self._stack = contextlib.ExitStack()
        self._stack.callback(shutil.rmtree, self.work, ignore_errors=True)
        try:
            self.port = _free_port()
            self.url = f"http://127.0.0.1:{self.port}"
            self._start_server(python)
            playwright = self._stack.enter_context(sync_playwright())
            self.browser: Browser = playwright.chromium.launch(
                executable_path=path, args=chromium.ARGS, headless=headless
            )
            self._stack.callback(self.browser.close)
            self.context = self.new_context()
            self._spare: Page | None = None
            self._wait_for_server()
        except BaseException:
            self.close()
            raise

    def _start_server(self, python: str) -> None:
        env = dict(os.environ)
        for name in (
            "JUPYTER_CONFIG_DIR",
            "JUPYTER_RUNTIME_DIR",
            "JUPYTERLAB_SETTINGS_DIR",
            "JUPYTERLAB_WORKSPACES_DIR",
            "IPYTHONDIR",
        ):
            folder = self.work / name.lower()
            folder.mkdir()
            env[name] = str(folder)
        # A kernel of that name in the user's own folders must not be taken for this Python.
        env["JUPYTER_DATA_DIR"] = str(self.work / "data")
        env["JUPYTER_PREFER_ENV_PATH"] = "1"
        env["NO_PROXY"] = env["no_proxy"] = "127.0.0.1,localhost"
        for plugin, settings in SETTINGS.items():
            file = Path(env["JUPYTERLAB_SETTINGS_DIR"], "@jupyterlab", f"{plugin}.jupyterlab-settings")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(settings))
        self.root.mkdir()
        self.log = self.work / "server.log"
        log = self._stack.enter_context(self.log.open("w"))
        options = [
            "--no-browser",
            "--allow-root",
            "--ip=127.0.0.1",
            f"--port={self.port}",
            f"--ServerApp.root_dir={self.root}",
            "--IdentityProvider.token=",
            "--ServerApp.password=",
            "--ServerApp.disable_check_xsrf=True",
            "--LabApp.expose_app_in_browser=True",
            "--JupyterNotebookApp.expose_app_in_browser=True",
        ]
        command = [python, "-m", "jupyterlab", *options]
        self.server = subprocess.Popen(command, env=env, stdout=log, stderr=log, cwd=self.root)
        self._stack.callback(self._stop_server)

    def _stop_server(self) -> None:
        self.server.terminate()
        try:
            self.server.wait(15)
        except subprocess.TimeoutExpired:
            self.server.kill()
            self.server.wait()

    def _wait_for_server(self) -> None:
        end = time.monotonic() + 60
        while self.server.poll() is None and time.monotonic() < end:
            if self._answers():
                return
            time.sleep(0.1)
        raise RuntimeError(f"the Jupyter server did not start:\n{self.log.read_text()[-3000:]}")

    def _answers(self) -> bool:
        try:
            self.api("GET", "/api/status")
        except OSError:
            return False
        return True

    def api(self, method: str, path: str) -> Any:
        """Call the server's REST interface."""
        with urllib.request.urlopen(
            urllib.request.Request(self.url + path, method=method), timeout=30
        ) as reply:
            body = reply.read()
        return json.loads(body) if body else None

    def new_context(self, **options: Any) -> BrowserContext:
        """A browser profile of its own, with an empty cache."""
        context = self.browser.new_context(viewport={"width": 1280, "height": 1000}, **options)
        context.set_default_timeout(30_000)
        return context

    def write(self, cells: Sequence[str], hide_code: bool = False) -> str:
        """Write a notebook of code cells into the server's folder; returns its file name."""
        self.count += 1
        name = f"notebook{self.count}.ipynb"
        notebook = nbformat.v4.new_notebook()
        notebook.cells = [nbformat.v4.new_code_cell(source, id=f"cell{i}") for i, source in enumerate(cells)]
        for cell in notebook.cells:
            cell.metadata["jupyter"] = {"source_hidden": hide_code}
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        notebook.metadata["kernelspec"] = kernel
        nbformat.write(notebook, self.root / name)
        return name

    @contextlib.contextmanager
    def notebook(
        self,
        *cells: str,
        host: Host = "lab",
        fresh: bool = False,
        context: BrowserContext | None = None,
        hide_code: bool = False,
    ) -> Iterator[Notebook]:
        """Open a new notebook of these cells; its kernel ends with the block.

        :param fresh: load a page for it. Otherwise JupyterLab's page may be that of the notebook before,
            which spares several seconds
        :param context: a browser profile for a fresh page, instead of the shared one
        :param hide_code: show nothing of the cells but their outputs
        """
        name = self.write(cells, hide_code)
        reusable = host == "lab" and not fresh and context is None
        page = self._spare if reusable else None
        if page is not None:
            self._spare = None
        else:
            page = (context or self.context).new_page()
        book = Notebook(self, page, name, host)
        try:
            book.open()
            yield book
            book.restore_theme()
            if reusable and not book.spoilt and self._spare is None and book.put_away():
                self._spare = page
        finally:
            if self._spare is not page:
                page.close()
            self.end_kernels(name)

    def end_kernels(self, name: str) -> None:
        """End the kernels of a notebook."""
        for session in self.api("GET", "/api/sessions"):
            if session["path"] == name:
                self.api("DELETE", f"/api/sessions/{session['id']}")

    def close(self) -> None:
        """Stop the browser and the server, and remove what they wrote."""
        self._stack.close()


def is_labs_own(url: str) -> bool:
    """Whether an error of that place is between JupyterLab and its server: no widget is in it.

    So it is where a theme is changed, and changed back, on a busy machine.
    """
    return urlsplit(url).path.startswith(("/static/lab/", "/lab/api/", "/api/"))


FRAME = re.compile(r"\b(?:https?|blob):[^\s)]*")


class Notebook:
    """One notebook in one page."""

    def __init__(self, jupyter: Jupyter, page: Page, name: str, host: Host = "lab") -> None:
        self.jupyter, self.page, self.name, self.host = jupyter, page, name, host
        self.problems: list[str] = []
        """What the page reported: uncaught exceptions and errors on its console."""
        self.spoilt = False
        """Set by a test that leaves the page unfit for the next notebook."""
        self._dark = False
        page.on("pageerror", self._on_error)
        page.on("console", self._on_console)

    def _on_error(self, error: Error) -> None:
        frames = FRAME.findall(error.stack or "")
        if not frames or not all(map(is_labs_own, frames)):
            self.problems.append(f"uncaught: {error}")

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not is_labs_own(message.location["url"]):
            self.problems.append(message.text)

    def open(self) -> None:
        """Show the notebook, in a page that may have shown another, and wait until its kernel is idle."""
        if self.page.url == "about:blank":
            self._load()
        else:
            self.page.evaluate(SHOW, self.name)
        self.wait_until_ready()

    def _load(self) -> None:
        path = PATHS[self.host].format(name=self.name, stem=Path(self.name).stem)
        self.page.goto(self.jupyter.url + path)

    def put_away(self) -> bool:
        """Close the notebook and leave the page as it was; whether another one can use it."""
        self.page.remove_listener("pageerror", self._on_error)
        self.page.remove_listener("console", self._on_console)
        return self.page.evaluate(PUT_AWAY)

    def wait_until_ready(self) -> None:
        """Wait until the notebook is on the page and its kernel idle."""
        self.page.wait_for_function(READY, arg=self.name)
        if self.host == "lab":
            self.page.evaluate("() => window.jupyterapp.shell.collapseLeft()")

    # -- cells

    def write_cell(self, index: int, source: str) -> None:
        """Put other code into a cell."""
        self.page.evaluate(WRITE, [index, source])

    def start_cell(self, index: int) -> None:
        """Run a cell without waiting for it."""
        self.page.evaluate(START, index)

    def run_cell(self, index: int, timeout: float = 30) -> list[dict[str, Any]]:
        """Run a cell, wait for its end, and return its outputs.

        :raises CellError: if it raised
        """
        self.start_cell(index)
        return self.finish_cell(index, timeout)

    def finish_cell(self, index: int, timeout: float = 30) -> list[dict[str, Any]]:
        """Wait for the end of the cell started last, and return its outputs.

        :raises CellError: if it raised
        """
        self.page.evaluate(
            """(ms) => Promise.race([window.__nbb_run,
              new Promise((_, no) => setTimeout(() => no(new Error("the cell did not end")), ms))])""",
            timeout * 1000,
        )
        outputs = self.outputs(index)
        for output in outputs:
            if output["output_type"] == "error":
                lines = [f"{output['ename']}: {output['evalue']}", *output["traceback"]]
                raise CellError(ANSI.sub("", "\n".join(lines)))
        return outputs

    def run_all(self, timeout: float = 30) -> None:
        """Run all cells, one after the other."""
        for index in range(self.page.evaluate("() => jupyterapp.shell.currentWidget.content.widgets.length")):
            self.run_cell(index, timeout)

    def wait_until_idle(self) -> None:
        """Wait until the kernel does nothing and no cell is waiting."""
        self.page.wait_for_function(IDLE)

    def outputs(self, index: int) -> list[dict[str, Any]]:
        """The outputs that the notebook holds for a cell, in nbformat's form."""
        return self.page.evaluate(OUTPUTS, index)

    def cell(self, index: int) -> Locator:
        """The cell's element."""
        return self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Notebook .jp-Cell").nth(index)

    def output(self, index: int) -> Locator:
        """The element that holds the cell's outputs."""
        return self.cell(index).locator(".jp-Cell-outputArea")

    # -- kernel

    def kernel(self, code: str) -> str:
        """Run code in the notebook's kernel, beside its cells, and return what it printed or gave.

        :raises CellError: if it raised
        """
        reply = self.page.evaluate(EXECUTE, code)
        if reply["error"]:
            raise CellError(reply["error"])
        return reply["text"].rstrip("\n")

    def restart_kernel(self) -> None:
        """Restart the kernel; the page keeps its outputs."""
        self.page.evaluate(
            "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()"
        )
        self.wait_until_ready()

    # -- page

    def reload(self, save: bool = True) -> None:
        """Load the page anew, as a user does; the kernel goes on. What is not saved, the page forgets."""
        if save:
            self.save()
        # By its own address: that of a page that has shown others would bring them back, at any time.
        self._load()
        self.wait_until_ready()

    def save(self, widgets: bool = False) -> nbformat.NotebookNode:
        """Save the notebook and return what was written.

        :param widgets: with the state of its widgets: JupyterLab's "Save Widget State Automatically"
        """
        if widgets:
            self.command(SAVE_WIDGETS)
        for _ in range(20):
            self.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.save()")
            written = nbformat.read(self.jupyter.root / self.name, as_version=4)
            if not widgets or "widgets" in written.metadata:
                break
            self.page.wait_for_timeout(300)  # the setting travels to the server and back
        if widgets:
            self.command(SAVE_WIDGETS)
        return written

    def command(self, name: str, **args: Any) -> None:
        """Run one of JupyterLab's commands."""
        self.page.evaluate("([name, args]) => window.jupyterapp.commands.execute(name, args)", [name, args])

    def theme(self, name: Literal["light", "dark"]) -> None:
        """Switch JupyterLab's theme."""
        self.command("apputils:change-theme", theme=f"JupyterLab {name.capitalize()}")
        self._dark = name == "dark"
        self.page.wait_for_function(
            "(light) => document.body.dataset.jpThemeLight === light", arg=str(name == "light").lower()
        )

    def restore_theme(self) -> None:
        """Switch to the light theme, with which all pages begin: the server keeps what was chosen."""
        if self._dark:
            self.theme("light")

    def screenshot(self, path: str | Path, index: int | None = None) -> None:
        """Write a picture of the page, or of one cell's outputs."""
        target = self.page if index is None else self.output(index)
        target.screenshot(path=str(path))

    def upload(self, opener: Locator, *paths: str | Path) -> None:
        """Click what opens a file chooser, and choose these files."""
        with self.page.expect_file_chooser() as chooser:
            opener.click()
        chooser.value.set_files([str(path) for path in paths])

    def download(self, opener: Locator) -> tuple[str, bytes]:
        """Click what starts a download; returns the file's suggested name and its bytes."""
        with self.page.expect_download() as download:
            opener.click()
        return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
