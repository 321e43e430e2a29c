"""demo.wait: the next time that an event fires, for the code that waits."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import nbblocks as gr
from tests.support import FakeComm, Page
from tests.waiting import until


class Waited:
    """An app in a page, of which code waits for events."""

    def __init__(self) -> None:
        with gr.Blocks() as self.app:
            self.name = gr.Textbox(label="Name")
            self.age = gr.Number()
            self.go, self.stop = gr.Button("Go"), gr.Button("Stop")
            self.choice = gr.Dropdown(["a", "b"])
        self.page = Page(self.app.host.show().comm)  # pyright: ignore[reportArgumentType]
        self.page.say("hello", js={}, values=[])

    @property
    def listeners(self) -> list[Any]:
        """What the pages were told last."""
        return self.page.comm.state["listeners"]

    async def begin(self, *args: Any, **options: Any) -> asyncio.Task[Any]:
        """Wait for something in a task of its own, until the page has been told to report it."""
        before = len(self.app.fns)
        task = asyncio.create_task(self.app.wait(*args, **options))
        while len(self.app.fns) == before or len(self.listeners) != len(self.app.fns):
            await asyncio.sleep(0.005)
        return task


@pytest.fixture
def waited(comms: list[FakeComm]) -> Waited:
    return Waited()


async def test_it_ends_with_the_event(waited: Waited) -> None:
    task = await waited.begin(waited.go.click)
    assert waited.listeners[0]["targets"] == [[waited.go._id, "click"]]
    assert not task.done()
    waited.page.fire(waited.go, "click")
    data = await asyncio.wait_for(task, 5)
    assert isinstance(data, gr.EventData) and data.target is waited.go
    assert not waited.app.fns  # nobody listens any more, so that pages need not report it
    await asyncio.to_thread(until, lambda: waited.listeners == [])


async def test_it_tells_what_the_event_says(waited: Waited) -> None:  # EV-93
    task = await waited.begin(waited.choice.select)
    waited.page.fire(waited.choice, "select", {"index": 1, "value": "b"})
    data = await asyncio.wait_for(task, 5)
    assert isinstance(data, gr.SelectData) and (data.index, data.value, data.selected) == (1, "b", True)


async def test_values_come_with_the_event(waited: Waited) -> None:
    one = await waited.begin(waited.go.click, inputs=waited.name)
    two = await waited.begin(waited.go.click, inputs=[waited.name, waited.age])
    plain = await waited.begin(waited.go.click)
    waited.page.fire(waited.go, "click", None, [(waited.name, "Ada"), (waited.age, 36)])
    assert await asyncio.wait_for(one, 5) == "Ada"
    assert await asyncio.wait_for(two, 5) == ("Ada", 36)
    await asyncio.wait_for(plain, 5)
    assert (waited.name.value, waited.age.value) == ("Ada", 36)


async def test_the_first_of_several_events_counts(waited: Waited) -> None:
    task = await waited.begin([waited.go.click, waited.stop.click])
    waited.page.fire(waited.stop, "click")
    assert (await asyncio.wait_for(task, 5)).target is waited.stop


async def test_each_waiter_is_told_once(waited: Waited) -> None:
    tasks = [await waited.begin(waited.go.click) for _ in range(3)]
    waited.page.fire(waited.go, "click")
    assert len(await asyncio.wait_for(asyncio.gather(*tasks), 5)) == 3
    late = await waited.begin(waited.go.click)
    assert not late.done()
    late.cancel()
    with pytest.raises(asyncio.CancelledError):
        await late
    assert not waited.app.fns


async def test_a_listener_of_the_app_runs_besides(waited: Waited) -> None:
    with waited.app:
        waited.go.click(str.upper, waited.name, waited.name)
    task = await waited.begin(waited.go.click)
    waited.page.fire(waited.go, "click", None, [(waited.name, "ada")])
    await asyncio.wait_for(task, 5)
    await asyncio.to_thread(waited.page.until, waited.name, "ADA")


async def test_a_timeout_says_what_did_not_come(waited: Waited) -> None:
    with pytest.raises(TimeoutError, match="no click of button within 0.01 seconds"):
        await waited.app.wait(waited.go.click, timeout=0.01)
    assert not waited.app.fns


async def test_closing_the_app_ends_the_wait(waited: Waited) -> None:
    tasks = [await waited.begin(event) for event in (waited.go.click, waited.stop.click)]
    await asyncio.to_thread(waited.app.close, verbose=False)
    for task in tasks:
        with pytest.raises(RuntimeError, match="the app was closed"):
            await asyncio.wait_for(task, 5)


async def test_waiting_may_begin_before_the_app_is_shown(comms: list[FakeComm]) -> None:
    with gr.Blocks() as app:
        go = gr.Button()
    task = asyncio.create_task(app.wait(go.click, timeout=5))
    await asyncio.sleep(0)
    root = await asyncio.to_thread(lambda: app.host.show())
    page = Page(root.comm)  # pyright: ignore[reportArgumentType]
    page.say("hello", js={}, values=[])
    page.fire(go, "click")
    assert (await task).target is go


async def test_a_handler_may_wait_for_the_user(waited: Waited) -> None:  # EV-71
    async def ask(name: str) -> str:
        await waited.app.wait(waited.stop.click)
        return name + "!"

    with waited.app:
        waited.go.click(ask, waited.name, waited.name)
    waited.page.fire(waited.go, "click", None, [(waited.name, "Ada")])
    await asyncio.to_thread(until, lambda: len(waited.app.fns) == 2)
    waited.page.fire(waited.stop, "click")
    await asyncio.to_thread(waited.page.until, waited.name, "Ada!")


async def test_it_is_no_endpoint(waited: Waited) -> None:  # EV-342
    task = await waited.begin(waited.go.click)
    assert waited.app.get_api_info(all_endpoints=True)["named_endpoints"] == {}
    task.cancel()


@pytest.mark.parametrize("given", ["click", None, lambda: 1])
async def test_what_is_no_event_is_refused(waited: Waited, given: Any) -> None:
    with pytest.raises(TypeError, match=r"events such as button\.click"):
        await waited.app.wait(given)


async def test_a_block_of_another_app_is_refused(waited: Waited) -> None:  # EV-14
    with gr.Blocks():
        other = gr.Button()
    with pytest.raises(gr.InvalidBlockError, match="not rendered in this app"):
        await waited.app.wait(other.click)
    assert not waited.app.fns
