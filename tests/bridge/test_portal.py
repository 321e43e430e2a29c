"""The loop that all apps share."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextvars import ContextVar

import anyio
import pytest
from anyio.abc import TaskStatus

from nbblocks.bridge.portal import Portal

mark: ContextVar[str] = ContextVar("mark", default="none")


@pytest.fixture
def portal() -> Iterator[Portal]:
    portal = Portal()
    portal.acquire()
    yield portal
    portal.release()


def test_without_users_nothing_runs_and_nothing_is_taken() -> None:  # AP-42
    portal = Portal()
    assert portal.hand(print) is False
    assert not portal.on_loop


def test_it_starts_with_the_first_user_and_ends_with_the_last() -> None:  # AP-42
    portal = Portal()
    portal.acquire()
    portal.acquire()
    portal.release()
    done = threading.Event()
    names: list[str] = []

    def look() -> None:
        names.append(threading.current_thread().name)
        done.set()

    assert portal.hand(look) and done.wait(5)
    assert names == ["nbblocks-scheduler"]
    portal.release()
    assert portal.hand(look) is False


def test_it_can_be_started_again() -> None:
    portal = Portal()
    for _ in range(2):
        portal.acquire()
        done = threading.Event()
        assert portal.hand(done.set) and done.wait(5)
        portal.release()


def test_each_threads_calls_keep_their_order(portal: Portal) -> None:
    seen: list[tuple[int, int]] = []

    def hand(name: int) -> None:
        for number in range(200):
            portal.hand(seen.append, (name, number))

    threads = [threading.Thread(target=hand, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done = threading.Event()
    portal.hand(done.set)
    assert done.wait(5)
    for name in range(4):
        assert [number for who, number in seen if who == name] == list(range(200))


def test_an_exception_is_logged_and_the_next_call_made(
    portal: Portal, caplog: pytest.LogCaptureFixture
) -> None:
    done = threading.Event()

    def fail() -> None:
        raise RuntimeError("broken")

    portal.hand(fail)
    portal.hand(done.set)
    assert done.wait(5)
    assert "broken" in caplog.text


def test_calls_do_not_inherit_the_callers_context(portal: Portal) -> None:  # AP-11
    mark.set("caller")
    seen: list[str] = []
    done = threading.Event()
    portal.hand(lambda: seen.append(mark.get()))
    portal.hand(portal.later, 0, done.set)
    assert done.wait(5)
    assert seen == ["none"]


def test_a_task_is_started_when_it_says_so(portal: Portal) -> None:
    steps: list[str] = []
    end: list[anyio.Event] = []

    async def serve(*, task_status: TaskStatus[None]) -> None:
        steps.append("ready" if portal.on_loop else "elsewhere")
        end.append(anyio.Event())
        task_status.started()
        await end[0].wait()

    portal.start(serve)
    assert steps == ["ready"]
    portal.hand(end[0].set)
