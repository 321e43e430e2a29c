"""Handlers that call endpoints, of their own app and of others, and that close their app."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import nbblocks as gr
from tests.support import FakeComm, Page
from tests.waiting import until

from .conftest import Open

FAILED = (gr.AppError, RuntimeError)
"""What a job raises whose handler has let the error of a refused call through."""


class Calling:
    """An app whose endpoints call others: ``/outer`` calls whatever it is told, ``/inner`` answers."""

    def __init__(self, opened: Open, **options: Any) -> None:
        self.call: Callable[[str], Any] = lambda text: self.client.predict(text, api_name="/inner")
        with gr.Blocks() as self.app:
            box = gr.Textbox()
            box.submit(lambda text: self.call(text), box, box, api_name="outer", **options)
            box.submit(lambda text: text + "!", box, box, api_name="inner", **options)
            box.submit(lambda text: "free", box, box, api_name="free")
        self.client = opened(self.app)

    def works(self) -> None:
        """Check that the app answers."""
        assert self.client.predict("x", api_name="/free") == "free"


def test_a_handler_may_call_another_endpoint(opened: Open) -> None:  # AP-92
    calling = Calling(opened)
    assert calling.client.predict("a", api_name="/outer") == "a!"


def test_a_handler_may_call_its_own_group_while_a_slot_is_free(opened: Open) -> None:  # AP-92
    calling = Calling(opened, concurrency_id="g", concurrency_limit=2)
    assert calling.client.predict("a", api_name="/outer") == "a!"
    free = Calling(opened, concurrency_id="g", concurrency_limit=None)
    assert free.client.predict("a", api_name="/outer") == "a!"


@pytest.mark.parametrize("limit", [1, 2])
def test_a_call_for_slots_that_wait_for_it_is_refused(opened: Open, limit: int) -> None:  # AP-92 EV-290
    calling = Calling(opened, concurrency_id="g", concurrency_limit=limit)
    inside = threading.Barrier(limit)
    refused: list[BaseException] = []

    def call(text: str) -> str:
        inside.wait(5)
        try:
            return calling.client.predict(text, api_name="/inner")
        except RuntimeError as error:
            refused.append(error)
            raise

    calling.call = call
    jobs = [calling.client.submit("a", api_name="/outer") for _ in range(limit)]
    results = [job.exception(5) or job.result() for job in jobs]
    # The last one that calls is refused; its slot then serves the others.
    assert len(refused) == 1 and "would wait for ever" in str(refused[0])
    assert sum(isinstance(one, FAILED) for one in results) == 1
    assert results.count("a!") == limit - 1
    calling.works()


def test_a_call_of_itself_is_refused(opened: Open) -> None:  # AP-92
    calling = Calling(opened)
    calling.call = lambda text: calling.client.predict(text, api_name="/outer")
    job = calling.client.submit("a", api_name="/outer")
    assert isinstance(job.exception(5), FAILED)
    calling.works()


def test_two_groups_that_call_each_other_are_refused(opened: Open) -> None:  # AP-92
    errors: list[str] = []
    with gr.Blocks() as app:
        box = gr.Textbox()

        def call(name: str) -> Callable[[str], str]:
            def calls(text: str) -> str:
                try:
                    return client.predict(text, api_name=name)
                except FAILED:
                    errors.append(name)
                    raise

            return calls

        box.submit(call("/two"), box, box, api_name="one")
        box.submit(call("/one"), box, box, api_name="two")
        box.submit(lambda text: "free", box, box, api_name="free")
    client = opened(app)
    job = client.submit("a", api_name="/one")
    assert isinstance(job.exception(5), FAILED)
    assert errors == ["/one", "/two"]
    assert client.predict("a", api_name="/free") == "free"


def test_two_apps_that_call_each_other_are_refused(opened: Open) -> None:  # AP-92
    one, two = Calling(opened), Calling(opened)
    one.call = lambda text: two.client.predict(text, api_name="/outer")
    two.call = lambda text: one.client.predict(text, api_name="/outer")
    jobs = [each.client.submit("a", api_name="/outer") for each in (one, two)]
    assert all(isinstance(job.exception(5), FAILED) for job in jobs)
    one.works()
    two.works()


def test_a_batch_whose_first_run_has_failed_is_refused_too(opened: Open) -> None:  # AP-92 EV-257
    gate, started = threading.Event(), threading.Event()

    def batch(numbers: list[float]) -> list[list[float]]:
        if not gate.is_set():
            started.set()
            assert gate.wait(5)
            return [numbers]
        return [[client.predict(number, api_name="/batch") for number in numbers]]

    with gr.Blocks() as app:
        number = gr.Number(minimum=0)
        number.submit(batch, number, number, batch=True, api_name="batch")
        number.submit(lambda x: x, number, number, api_name="free")
    client = opened(app)
    jobs = [client.submit(1, api_name="/batch")]
    assert started.wait(5)
    jobs += [client.submit(value, api_name="/batch") for value in (-1, 2)]  # -1 fails in preprocess
    gate.set()
    assert jobs[0].result(5) == 1
    assert all(isinstance(job.exception(5), FAILED) for job in jobs[1:])
    assert client.predict(3, api_name="/free") == 3


def test_a_coroutine_that_would_wait_for_its_own_loop_is_refused(opened: Open) -> None:  # AP-92 EV-71
    async def wait(text: str) -> str:
        return client.predict(text, api_name="/inner")

    with gr.Blocks() as app:
        box = gr.Textbox()
        box.submit(wait, box, box, api_name="outer")
        box.submit(lambda text: text, box, box, api_name="inner")
    app.launch(inline=False, show_error=True)
    client = opened(app)
    with pytest.raises(gr.AppError, match="RuntimeError: .*would wait for itself"):
        client.predict("a", api_name="/outer")
    assert client.predict("a", api_name="/inner") == "a"


def test_a_coroutine_may_await_a_job_in_a_thread(opened: Open) -> None:  # AP-92
    import anyio

    async def wait(text: str) -> str:
        job = client.submit(text, api_name="/inner")
        return await anyio.to_thread.run_sync(job.result)

    with gr.Blocks() as app:
        box = gr.Textbox()
        box.submit(wait, box, box, api_name="outer")
        box.submit(lambda text: text + "!", box, box, api_name="inner")
    client = opened(app)
    assert client.predict("a", api_name="/outer") == "a!"


def test_a_generator_may_call_at_each_step(opened: Open) -> None:  # AP-92
    calling = Calling(opened)

    def steps(text: str) -> Iterator[str]:
        for letter in text:
            yield calling.client.predict(letter, api_name="/inner")

    with gr.Blocks() as app:
        box = gr.Textbox()
        box.submit(steps, box, box, api_name="outer")
    assert list(opened(app).submit("ab")) == ["a!", "b!"]


# -- closing


@pytest.mark.parametrize("way", ["close", "close_all", "client"])
@pytest.mark.parametrize("kind", ["plain", "coroutine", "generator"])
def test_a_handler_may_close_its_own_app(comms: list[FakeComm], way: str, kind: str) -> None:  # AP-39 EV-278
    ended = threading.Event()
    client: gr.Client

    def close() -> None:
        if way == "close":
            app.close(verbose=False)
        elif way == "close_all":
            gr.close_all(verbose=False)
        else:
            client.close()
        ended.set()

    async def coroutine() -> None:
        close()

    def generator() -> Iterator[str]:
        close()
        yield "late"

    with gr.Blocks() as app:
        button, out = gr.Button(), gr.Textbox()
        fn = {"coroutine": coroutine, "generator": generator}.get(kind, close)
        button.click(fn, None, out, api_name="close")
    page = Page(app.host.show().comm)  # pyright: ignore[reportArgumentType]
    page.say("hello")
    client = gr.Client(app)
    if way == "client":
        client.submit(api_name="/close")
    else:
        page.fire(button, "click")
    assert ended.wait(5)
    assert app.is_running is (way == "client")
    with gr.Client(app) as again:  # it can be used again
        assert again.app is app
    app.close(verbose=False)


def test_a_handler_may_close_another_app(opened: Open) -> None:  # AP-39
    one, two = Calling(opened), Calling(opened)
    one.call = lambda text: two.app.close(verbose=False) or "closed"
    assert one.client.predict("a", api_name="/outer") == "closed"
    assert not two.app.is_running
    one.works()
    with pytest.raises(RuntimeError, match="closed"):
        two.client.predict("a", api_name="/inner")


@pytest.mark.parametrize("how", ["result", "exception", "await"])
def test_waiting_for_a_submitted_job_is_refused_as_well(opened: Open, how: str) -> None:  # AP-92
    calling = Calling(opened, concurrency_id="g", concurrency_limit=1)

    def wait(text: str) -> str:
        job = calling.client.submit(text, api_name="/inner")
        if how == "exception" and (error := job.exception()):
            raise error
        return job.result()

    async def await_it(text: str) -> str:
        return await calling.client.submit(text, api_name="/inner")

    if how == "await":
        with gr.Blocks() as app:
            box = gr.Textbox()
            box.submit(await_it, box, box, api_name="outer", concurrency_id="g")
            box.submit(lambda text: text + "!", box, box, api_name="inner", concurrency_id="g")
            box.submit(lambda text: "free", box, box, api_name="free")
        calling.client = opened(app)
    calling.call = wait
    job = calling.client.submit("a", api_name="/outer")
    assert isinstance(job.exception(5), FAILED)
    calling.works()


@pytest.mark.parametrize("how", ["result", "exception"])
def test_a_coroutine_that_waits_for_a_job_on_its_loop_is_refused(opened: Open, how: str) -> None:  # AP-92
    async def wait(text: str) -> str:
        return getattr(client.submit(text, api_name="/inner"), how)()

    with gr.Blocks() as app:
        box = gr.Textbox()
        box.submit(wait, box, box, api_name="outer")
        box.submit(lambda text: text, box, box, api_name="inner")
    app.launch(inline=False, show_error=True)
    client = opened(app)
    with pytest.raises(gr.AppError, match=r"RuntimeError: .*use await client\.submit"):
        client.predict("a", api_name="/outer")


def test_a_coroutine_may_await_a_job(opened: Open) -> None:  # AP-92
    async def wait(text: str) -> str:
        return await client.submit(text, api_name="/inner") + await client.submit("b", api_name="/inner")

    with gr.Blocks() as app:
        box = gr.Textbox()
        box.submit(wait, box, box, api_name="outer")
        box.submit(lambda text: text + "!", box, box, api_name="inner")
    client = opened(app)
    assert client.predict("a", api_name="/outer") == "a!b!"


def test_a_thread_of_a_handler_may_call(opened: Open) -> None:  # AP-92
    calling = Calling(opened)
    answers: list[str] = []

    def call(text: str) -> str:
        thread = threading.Thread(
            target=lambda: answers.append(calling.client.predict(text, api_name="/inner"))
        )
        thread.start()
        thread.join(5)
        return answers[0]

    calling.call = call
    assert calling.client.predict("a", api_name="/outer") == "a!"


@pytest.fixture
def calling(opened: Open) -> Calling:
    return Calling(opened)


async def test_code_on_another_loop_may_wait_or_await(calling: Calling) -> None:  # AP-92
    import anyio

    assert await calling.client.submit("a", api_name="/inner") == "a!"
    # A cell may be on a loop, and wait: the app has a loop of its own.
    assert await anyio.to_thread.run_sync(lambda: calling.client.predict("b", api_name="/inner")) == "b!"


async def test_a_cancelled_await_cancels_the_job(calling: Calling) -> None:  # AP-90
    import asyncio

    gate, started = threading.Event(), threading.Event()

    def hold(text: str) -> str:
        started.set()
        assert gate.wait(5)
        return text

    calling.call = hold
    job = calling.client.submit("a", api_name="/outer")
    task = asyncio.ensure_future(_awaited(job))
    assert await asyncio.to_thread(started.wait, 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(_ended, job)
    assert job.status().code == "CANCELLED"
    gate.set()


async def _awaited(job: Any) -> Any:
    return await job


def _ended(job: Any) -> bool:
    until(job.done)
    return True
