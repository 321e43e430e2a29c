"""An app whose scheduler, or whose loop, user code has ended: it says so and goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

import nbblocks as gr
from nbblocks.bridge.portal import portal


async def cancels_all() -> None:
    for task in asyncio.all_tasks():
        task.cancel()
    await asyncio.sleep(0.01)


async def stops_the_loop() -> None:
    asyncio.get_running_loop().stop()
    await asyncio.sleep(0.01)


async def exits_in_a_task() -> None:
    async def leave() -> None:
        raise SystemExit

    await asyncio.create_task(leave())


async def interrupts_in_a_callback() -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    asyncio.get_running_loop().call_soon(interrupt)
    await asyncio.sleep(0.01)


@pytest.mark.parametrize("act", [cancels_all, stops_the_loop, exits_in_a_task, interrupts_in_a_callback])
def test_what_a_handler_does_to_the_loop_ends_no_app(act: Callable[[], Any]) -> None:  # TR-10
    with gr.Blocks() as demo:
        box = gr.Textbox()
        gr.Button().click(act, api_name="act")
        gr.Button().click(lambda text: text + "!", box, box, api_name="ok")
    with gr.Client(demo) as client:
        client.submit(api_name="/act").exception(timeout=20)
        assert client.submit("x", api_name="/ok").result(timeout=20) == "x!"
    demo.close(verbose=False)


def test_a_scheduler_that_has_ended_gives_its_runs_up_and_begins_again() -> None:  # TR-10
    with gr.Blocks() as demo:
        box = gr.Textbox()
        gr.Button().click(lambda text: text + "!", box, box, api_name="ok")

        async def waits() -> None:
            await asyncio.sleep(3600)

        gr.Button().click(waits, api_name="waits")
    with gr.Client(demo) as client:
        jobs = [client.submit(api_name="/waits") for _ in range(3)]
        portal.hand(lambda: demo.host.scheduler._tasks._group.cancel_scope.cancel())  # type: ignore[union-attr]
        for job in jobs:
            assert isinstance(job.exception(timeout=20), gr.AppError)
        assert client.submit("x", api_name="/ok").result(timeout=20) == "x!"
    demo.close(verbose=False)


def test_a_timer_whose_interval_is_no_number_ends_nothing() -> None:  # TR-10
    with gr.Blocks() as demo:
        timer, box = gr.Timer(0.1), gr.Textbox()
        gr.Button().click(lambda: "soon", None, timer, postprocess=False, api_name="bad")
        gr.Button().click(lambda text: text + "!", box, box, api_name="ok")
    with gr.Client(demo) as client:
        portal.hand(demo.host.scheduler.open_session, client.session, None)
        client.submit(api_name="/bad").result(timeout=20)
        assert client.submit("x", api_name="/ok").result(timeout=20) == "x!"
    demo.close(verbose=False)
