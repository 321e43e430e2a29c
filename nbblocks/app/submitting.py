"""What the buttons of an Interface do: submit, stop, clear and flag."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbblocks.core.events import BoundEvent, on
from nbblocks.core.listeners import Dependency
from nbblocks.core.nodes import Node
from nbblocks.core.places import warn
from nbblocks.core.updates import update

from .flagging import FlagMethod

if TYPE_CHECKING:
    from .interface import Interface

HIDDEN: dict[str, Any] = {"queue": False, "api_name": False, "show_progress": "hidden"}
"""Options of listeners that only move buttons."""


def attach(io: Interface) -> Dependency:
    """Register what calls the function, and return its listener (CP-173)."""
    if io.live and io.interface_type != "output_only":
        return _attach_live(io)
    for node in io.input_components:
        if getattr(node, "streaming", False):
            warn(f"{node.type_name} streams to live interfaces only: give live=True")
    submits = [event_of(node, "submit") for node in io.input_components if node.offers("submit")]
    triggers: list[BoundEvent] = [io.submit_btn.click, *submits]
    if io.stop_btn is not None:
        return _attach_stoppable(io, triggers)
    event: Dependency = on(triggers, **_call_of(io), scroll_to_output=True)
    if io.live:
        unnamed: dict[str, Any] = {**_call_of(io), "api_name": False, "api_visibility": None}
        io.load(**unnamed)
    return event


def event_of(node: Node, name: str) -> BoundEvent:
    """The event that ``node`` offers under ``name``."""
    return getattr(node, name)


def _attach_live(io: Interface) -> Dependency:
    triggers: list[BoundEvent] = []
    streams = False
    for node in io.input_components:
        if node.offers("stream") and getattr(node, "streaming", False):
            triggers.append(event_of(node, "stream"))
            streams = True
        elif node.offers("change"):
            triggers.append(event_of(node, "change"))
    options: dict[str, Any] = {**_call_of(io), "trigger_mode": "multiple" if streams else "always_last"}
    if streams:
        options["show_progress"] = "hidden"
    return on(triggers, **options, time_limit=io.time_limit, stream_every=io.stream_every)


def _attach_stoppable(io: Interface, triggers: list[BoundEvent]) -> Dependency:
    """Submit, with a stop button in its place while the function runs."""
    submit, stop = io.submit_btn, io.stop_btn
    assert stop is not None
    usual = submit.visible

    async def running() -> Any:
        return update(visible=False), update(visible=True)

    async def over() -> Any:
        return update(visible=usual), update(visible=False)

    begun = on(triggers, running, None, [submit, stop], **HIDDEN)
    event: Dependency = begun.then(**_call_of(io), scroll_to_output=True)
    event.then(over, None, [submit, stop], **HIDDEN)
    stop.click(over, None, [submit, stop], cancels=event, **HIDDEN)
    return event


def _call_of(io: Interface) -> dict[str, Any]:
    return {
        "fn": io.fn,
        "inputs": io.input_components,
        "outputs": io.output_components,
        "api_name": io.api_name,
        "api_visibility": io.api_visibility if io.api_name is not False else None,
        "api_description": io.api_description,
        "preprocess": not io.api_mode,
        "postprocess": not io.api_mode,
        "batch": io.batch,
        "max_batch_size": io.max_batch_size,
        "concurrency_limit": io.concurrency_limit,
        "show_progress": io.show_progress,
        "validator": io.validator,
    }


def attach_clearing(io: Interface) -> None:
    """Let the clear button empty both sides (CP-175)."""
    io.clear_btn.add(list(dict.fromkeys([*io.input_components, *io.output_components])))


def attach_flagging(io: Interface) -> None:
    """Register what flags, by buttons or after each result (CP-175)."""
    if io.flagging_mode == "never" or io.interface_type == "input_only":
        return
    flagged = list(dict.fromkeys([*io.input_components, *io.output_components]))
    io.flagging_callback.setup(flagged, io.flagging_dir)
    options: dict[str, Any] = {**HIDDEN, "preprocess": False}
    if io.flagging_mode == "auto":
        method = FlagMethod(io.flagging_callback, "", None)
        io.submit_event.success(method.flag, flagged, None, **options)
    for button, (label, value) in zip(io.flag_btns, io.flagging_options, strict=False):
        button.click(FlagMethod(io.flagging_callback, label, value), flagged, button, **options)
