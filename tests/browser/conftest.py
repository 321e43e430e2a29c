"""Fixtures for tests in a real browser. One server and one browser serve them all."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from . import chromium, static
from .lab import Host, Jupyter, Notebook
from .stage import Stage, open_stage

RESULTS = Path(__file__).parents[2] / "test-results"

expect.set_options(timeout=20_000)  # a page that loads beside other work takes its time


class OpenNotebook(Protocol):
    """Opens a notebook of these cells; it is closed, and its kernel ended, after the test."""

    def __call__(
        self, *cells: str, host: Host = "lab", fresh: bool = False, context: BrowserContext | None = None
    ) -> Notebook: ...


def _lacking(what: str) -> None:
    """Skip, or fail where a run without browser tests must not count as a pass."""
    if os.environ.get("NBBLOCKS_REQUIRE_BROWSER", "0") not in ("", "0") or os.environ.get("CI"):
        pytest.fail(what, pytrace=False)
    pytest.skip(what)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Keep the outcome where the fixtures' ends can see it."""
    report = yield
    if report.when == "call":
        item.stash[_failed] = report.failed
    return report


_failed = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def jupyter() -> Iterator[Jupyter]:
    """The server and the browser."""
    if chromium.find() is None:
        _lacking("no Chromium: put one on the PATH or name it in the variable CHROMIUM")
    server = Jupyter()
    yield server
    if os.environ.get("NBBLOCKS_KEEP_LOG"):
        RESULTS.mkdir(exist_ok=True)
        shutil.copy(server.log, RESULTS / "server.log")
    server.close()


@pytest.fixture
def open_notebook(jupyter: Jupyter, request: pytest.FixtureRequest) -> Iterator[OpenNotebook]:
    """Open notebooks for this test. A failed test leaves a picture of each in test-results/."""
    with contextlib.ExitStack() as stack:
        books: list[Notebook] = []

        def open_one(
            *cells: str, host: Host = "lab", fresh: bool = False, context: BrowserContext | None = None
        ) -> Notebook:
            # A second page at the same time cannot be the spare one.
            book = stack.enter_context(
                jupyter.notebook(*cells, host=host, fresh=fresh or bool(books), context=context)
            )
            books.append(book)
            return book

        yield open_one
        if request.node.stash.get(_failed, False):
            for number, book in enumerate(books):
                RESULTS.mkdir(exist_ok=True)
                with contextlib.suppress(Exception):
                    book.screenshot(RESULTS / f"{request.node.name}-{number}.png")
                for problem in book.problems:
                    print(f"page {number}: {problem}")
                book.spoilt = True


@pytest.fixture(scope="module")
def theatre(jupyter: Jupyter) -> Iterator[Stage]:
    """One notebook for the apps of many tests."""
    with open_stage(jupyter) as stage:
        yield stage


@pytest.fixture
def stage(theatre: Stage, request: pytest.FixtureRequest) -> Iterator[Stage]:
    """Show an app in a notebook that the module's tests share. A failed test leaves a picture of it."""
    theatre.begin()
    yield theatre
    theatre.end(request.node.name if request.node.stash.get(_failed, False) else None)


@pytest.fixture
def new_page(jupyter: Jupyter) -> Iterator[Callable[[], Page]]:
    """Make empty pages, closed after the test."""
    with contextlib.ExitStack() as stack:

        def make() -> Page:
            page = jupyter.context.new_page()
            stack.callback(page.close)
            return page

        yield make


@pytest.fixture
def voila(jupyter: Jupyter, new_page: Callable[[], Page]) -> Iterator[Callable[..., Page]]:
    """Show the given cells by Voila in a new page; their kernels end after the test."""
    before = {kernel["id"] for kernel in jupyter.api("GET", "/api/kernels")}

    def show(*cells: str) -> Page:
        page = new_page()
        page.goto(f"{jupyter.url}/voila/render/{jupyter.write(cells)}")
        return page

    yield show
    for kernel in jupyter.api("GET", "/api/kernels"):
        if kernel["id"] not in before:
            jupyter.api("DELETE", f"/api/kernels/{kernel['id']}")


@pytest.fixture
def static_page(jupyter: Jupyter) -> Iterator[Callable[..., Page]]:
    """Execute the given cells and show them as nbconvert's HTML, without a kernel and without a CDN."""
    if absent := static.missing():
        _lacking(f"static pages need {', '.join(absent)}")
    context = jupyter.new_context()

    def show(*cells: str) -> Page:
        page = context.new_page()
        static.show(page, static.to_html(cells))
        return page

    yield show
    context.close()
