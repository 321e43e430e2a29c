"""Guards for all tests: nothing may block an event loop, nothing may be left behind."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from blockbuster import blockbuster_ctx

from nbblocks import close_all

from .support import FakeComm

BROWSER = Path(__file__).parent / "browser"
LASTING = ("AnyIO worker thread", "asyncio_", "pytest_timeout")
"""How the names of threads begin that may outlive a test: their pools end them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the browser last: while Playwright is up, no event loop can be started in this thread."""
    items.sort(key=lambda item: BROWSER in item.path.parents)


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable() -> Iterator[None]:
    """Make a report of a worker sendable: what a test has logged may have texts that no wire takes."""
    return _sendable((yield))


def _sendable(data: Any) -> Any:
    if isinstance(data, str):
        return data.encode("utf-8", "replace").decode()
    if isinstance(data, dict):
        return {_sendable(key): _sendable(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return type(data)(_sendable(one) for one in data)
    return data


def in_browser(request: pytest.FixtureRequest) -> bool:
    """Whether the test drives a browser."""
    return BROWSER in request.path.parents


@pytest.fixture
def anyio_backend() -> str:
    """Kernels run on asyncio, so the tests do."""
    return "asyncio"


@pytest.fixture(autouse=True)
def no_blocked_loop(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test in which code of ours blocks an event loop.

    A browser test has Playwright's own loop in this thread, so there is nothing to learn from it.
    """
    if in_browser(request):
        yield
        return
    with blockbuster_ctx("nbblocks") as blockers:
        for name in ("os.path.abspath", "os.stat", "os.readlink"):
            # Values must be taken in order; looking up files in the temporary directory takes no time.
            blockers.functions[name].can_block_in("nbblocks/bridge/cache.py", {"holds"})
            blockers.functions[name].can_block_in("nbblocks/bridge/files.py", {"read_record", "record_of"})
        yield


@pytest.fixture(autouse=True)
def no_leaks(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a thread running or a widget open."""
    if in_browser(request):
        yield
        return
    threads, widgets = set(threading.enumerate()), _open_widgets()
    yield
    end = time.monotonic() + 2
    while (left := _started_since(threads)) and time.monotonic() < end:
        time.sleep(0.01)
    assert not left, f"threads left running: {', '.join(thread.name for thread in left)}"
    new = _open_widgets() - widgets
    assert not new, f"widgets left open: {', '.join(sorted(new))}"


@pytest.fixture(autouse=True)
def every_refusal_is_logged() -> None:
    """What one test has had refused takes nothing from the log of the next."""
    from nbblocks.bridge.refusals import refusals

    refusals.__init__()


@pytest.fixture
def comms(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[FakeComm]]:
    """The comms that are opened in the test, which no front-end build and no kernel stand behind."""
    from nbblocks.bridge import assets, handles, root

    opened: list[FakeComm] = []

    def create(**given: Any) -> FakeComm:
        opened.append(FakeComm(comm_id=f"comm-{len(opened)}", **given))
        return opened[-1]

    monkeypatch.setattr("comm.create_comm", create)
    for module in (assets, handles, root):
        monkeypatch.setattr(module, "text_of", lambda name: f"// {name}")
    monkeypatch.setattr(assets, "_assets", {})
    yield opened
    close_all(verbose=False)
    for one in assets._assets.values():
        one.close()


def _started_since(before: set[threading.Thread]) -> list[threading.Thread]:
    return [t for t in threading.enumerate() if t not in before and not t.name.startswith(LASTING)]


def _open_widgets() -> set[str]:
    from ipywidgets.widgets import widget

    return {f"{type(w).__name__} {key}" for key, w in widget._instances.items()}


@pytest.fixture
def silent() -> Iterator[None]:
    """What fails by the thousand in random histories is not logged each time."""
    logger = logging.getLogger("nbblocks")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    yield
    logger.setLevel(before)
