"""Gradio's own queue, driven by its own client over the loopback: what the engine is set beside."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from time import perf_counter

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when Gradio is imported
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1"

import gradio
import gradio_client


@contextmanager
def running() -> Generator[gradio_client.Client]:
    """A client of a Gradio app that gives back the text it is given, one run at a time."""
    with gradio.Blocks() as demo:
        text, answer = gradio.Textbox(), gradio.Textbox()
        gradio.Button().click(lambda x: x, text, answer, api_name="run", concurrency_limit=1)
    _, url, _ = demo.launch(
        server_name="127.0.0.1", prevent_thread_lock=True, quiet=True, inbrowser=False, share=False
    )
    try:
        yield gradio_client.Client(url, verbose=False, analytics_enabled=False)
    finally:
        demo.close(verbose=False)


def throughput(client: gradio_client.Client, runs: int) -> float:
    """Runs a second, from the first ``submit`` to the last result."""
    client.predict("x", api_name="/run")
    start = perf_counter()
    for job in [client.submit("x", api_name="/run") for _ in range(runs)]:
        job.result(timeout=600)
    return runs / (perf_counter() - start)
