"""Where prints, displays and tracebacks go."""

from __future__ import annotations

import contextvars
import io
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from nbblocks.bridge import output


@contextmanager
def routed() -> Iterator[io.StringIO]:
    """While an app runs: what arrives at the stdout that was there before.

    A fixture will not do: pytest puts its own streams back before the test begins.
    """
    with redirect_stdout(io.StringIO()) as stream:
        output.acquire()
        try:
            yield stream
        finally:
            output.release()


def test_prints_of_a_run_go_to_its_log_and_others_where_they_went() -> None:  # EV-81
    log: list[tuple[str, str]] = []
    with routed() as outside:
        with output.captured(lambda stream, text: log.append((stream, text))):
            print("inside")
            print("oops", file=sys.stderr)
            sys.stdout.writelines(["a", "b"])
        print("outside")
    assert outside.getvalue() == "outside\n"
    assert "".join(text for stream, text in log if stream == "stdout") == "inside\nab"
    assert "".join(text for stream, text in log if stream == "stderr") == "oops\n"


def test_two_runs_at_a_time_are_told_apart() -> None:  # EV-81
    logs: dict[str, str] = {"a": "", "b": ""}
    barrier = threading.Barrier(2)

    def run(name: str) -> None:
        def write(stream: str, text: str) -> None:
            logs[name] += text

        with output.captured(write):
            for _ in range(20):
                barrier.wait(5)
                print(name)

    threads = [threading.Thread(target=run, args=(name,)) for name in logs]
    with routed():
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert logs == {"a": "a\n" * 20, "b": "b\n" * 20}


def test_a_thread_with_the_runs_context_writes_to_its_log() -> None:
    log: list[str] = []
    with routed(), output.captured(lambda stream, text: log.append(text)):
        thread = threading.Thread(target=contextvars.copy_context().run, args=(print, "from below"))
        thread.start()
        thread.join()
    assert "".join(log) == "from below\n"


def test_the_streams_come_back_with_the_last_app(monkeypatch: pytest.MonkeyPatch) -> None:  # AP-42
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    output.acquire()
    output.acquire()
    output.release()
    assert vars(sys)["stdout"] is not stream
    assert sys.stdout is stream  # as code outside of runs sees it
    output.release()
    assert vars(sys)["stdout"] is stream and type(sys) is ModuleType


def test_a_stream_that_somebody_else_has_replaced_meanwhile_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    output.acquire()
    theirs = sys.stdout = io.StringIO()
    output.release()
    assert sys.stdout is theirs


def test_displays_of_a_run_go_to_its_log(monkeypatch: pytest.MonkeyPatch) -> None:  # EV-81
    published: list[Any] = []

    class Publisher:
        def publish(self, data: Any, metadata: Any = None, **given: Any) -> None:
            published.append(data)

        def clear_output(self, wait: bool = False) -> None:
            published.append("cleared")

    shell = SimpleNamespace(display_pub=Publisher())
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    log: list[tuple[str, str]] = []
    with routed():
        with output.captured(lambda stream, text: log.append((stream, text))):
            shell.display_pub.publish({"text/plain": "<Figure>"})
            shell.display_pub.publish({"image/png": "…"})
            shell.display_pub.clear_output()
        shell.display_pub.publish({"text/plain": "of a cell"})
    assert log == [("display", "<Figure>\n"), ("display", "image/png\n")]
    assert published == [{"text/plain": "of a cell"}]


def test_a_run_that_replaces_a_stream_does_so_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:  # TR-23
    logs: dict[str, str] = {"a": "", "b": ""}
    mine = io.StringIO()

    def target(name: str) -> output.Target:
        def write(stream: str, text: str) -> None:
            logs[name] += text

        return output.Target(write)

    one, other = target("a"), target("b")
    with routed() as outside:
        with output.captured(one):
            before = sys.stdout
            sys.stdout = mine
            print("kept")
            print("below", file=before)
        with output.captured(other):
            print("other")
        print("outside")
        with output.captured(one):  # the next step of a generator
            print("kept too")
            sys.stdout = before
            print("after")
    assert mine.getvalue() == "kept\nkept too\n"
    assert logs == {"a": "below\nafter\n", "b": "other\n"}
    assert outside.getvalue() == "outside\n"
