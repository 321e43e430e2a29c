"""An app as a plan of blocks and listeners, and an app built after one whose endpoints somebody else runs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, cast

from nbblocks import components, layout
from nbblocks.bridge.block import Block
from nbblocks.bridge.classes import keywords as keywords_of
from nbblocks.bridge.classes import parameters as parameters_of
from nbblocks.bridge.component import Component
from nbblocks.bridge.layout import Form, Layout
from nbblocks.bridge.schemas import is_file, jsonable
from nbblocks.client.endpoints import parameters_of as endpoint_parameters
from nbblocks.core.events import Trigger
from nbblocks.core.listeners import Dependency, Listener
from nbblocks.core.registration import Options, register

from .api import Api, ApiFile
from .blocks import Blocks

Plan = dict[str, Any]
BLOCK = "$block"
"""Marks a block among arguments."""
_OPTIONS = (
    "api_name", "api_visibility", "scroll_to_output", "show_progress", "queue", "trigger_mode", "js",
    "time_limit", "stream_every",
)  # fmt: skip
_NOT_COPIED = {"value", "every", "inputs", "render"}


def plan_of(app: Blocks) -> Plan:
    """``app`` as JSON-like data: what `build` makes an app of that looks and listens as this one does.

    What render functions build, State, and the functions themselves stay where they are. Arguments that JSON
    does not have are left out, where the properties that they set say it as well.
    """
    kept = _callable(app)
    return {
        "title": app.title,
        "mode": app.mode,
        "fill_width": app.fill_width,
        "fill_height": app._options.fill_height,
        "css": app._options.css,
        "js": app._options.js,
        "head": app._options.head,
        "children": [spec for child in app.children for spec in _specs(child)],
        "values": [_value(node) for node in app.graph.nodes.values() if isinstance(node, Api)],
        "listeners": [_listener(app, one, kept) for one in kept.values()],
    }


def _callable(app: Blocks) -> dict[int, Listener]:
    """The listeners that others may use (SE-13): not private ones, nor what follows from them alone."""
    found: dict[int, Listener] = {}
    for number, one in app.fns.items():
        builds = getattr(one.fn, "stays", False) and any(isinstance(node, Layout) for node in one.outputs)
        private = one.function is not None and one.api_visibility == "private"
        sources = [t.source for t in one.triggers]
        orphan = bool(sources) and all(isinstance(s, Listener) and s.id not in found for s in sources)
        if not (builds or private or orphan):
            found[number] = one
    return found


def _specs(block: Block) -> list[Plan]:
    """The plan of a block and all below it. Frames for fields are made anew by the library."""
    if block.stateful:
        return []
    children = [
        spec for child in getattr(block, "children", ()) if block.rendered is None for spec in _specs(child)
    ]
    if isinstance(block, Form):
        return children
    return [{**_alone(block), "children": children}]


def _alone(block: Block) -> Plan:
    cls = _class_of(block)
    known = {*parameters_of(cls), *keywords_of(cls.shared)} - _NOT_COPIED
    args = {
        name: encoded
        for name, given in block.constructor_args.items()
        if name in known and (encoded := _encoded(given)) is not _LOST
    }
    props = {name: jsonable(getattr(block, name)) for name in block.page_props if name != "samples"}
    return {"id": block._id, "class": cls.__name__, "args": args, "props": props}


def _value(node: Api) -> Plan:
    return {"id": node._id, "label": node.label, "schema": node.schema, "value": jsonable(node.value)}


_LOST: Any = object()


def _encoded(given: Any) -> Any:
    if isinstance(given, Block):
        return {BLOCK: _alone(given)}
    if isinstance(given, (list, tuple)):
        items = [_encoded(one) for one in cast("list[Any]", given)]
        return _LOST if any(one is _LOST for one in items) else items
    if isinstance(given, dict):
        found = {str(key): _encoded(one) for key, one in cast("dict[Any, Any]", given).items()}
        return _LOST if any(one is _LOST for one in found.values()) else found
    try:
        json.dumps(given)
    except (TypeError, ValueError):
        return _LOST
    return given


def _class_of(block: Block) -> type[Block]:
    """The class of ours that is nearest to that of ``block``."""
    if isinstance(block, Blocks):
        return layout.Column
    for cls in type(block).__mro__:
        ours: Any = getattr(components, cls.__name__, None) or getattr(layout, cls.__name__, None)
        if ours is cls and cls not in (components.ClearButton, components.Widget, Component):
            return cls
    raise NotImplementedError(f"gr.load cannot show a {type(block).__name__}: it is no component of nbblocks")


def _listener(app: Blocks, one: Listener, kept: Mapping[int, Listener]) -> Plan:
    return {
        "id": one.id,
        "function": one.function is not None,
        "streams": bool(one.function and one.function.streams) or one.every is not None,
        "wants_event": bool(one.function and one.function.wants_event),
        "triggers": [_trigger(app, trigger) for trigger in one.triggers if _stands(trigger, kept)],
        "inputs": [node._id for node in one.inputs if not node.stateful],
        "parameters": _parameters(one),
        "outputs": [node._id for node in one.outputs if not node.stateful],
        "show_progress_on": None
        if one.show_progress_on is None
        else [node._id for node in one.show_progress_on],
        "cancels": [other.id for other in one.cancels if other.id in kept],
        "description": one.description or False,
        **{name: getattr(one, name) for name in _OPTIONS},
    }


def _parameters(one: Listener) -> list[list[Any]]:
    """What each input is called, and whether it may be left out for None."""
    named = {id(node): [name, default is None] for name, node, default in endpoint_parameters(one)}
    return [
        named.get(id(node), [f"input_{index}", False])
        for index, node in enumerate(one.inputs)
        if not node.stateful
    ]


def _stands(trigger: Trigger, kept: Mapping[int, Listener]) -> bool:
    source = trigger.source
    return source.id in kept if isinstance(source, Listener) else not source.stateful


def _trigger(app: Blocks, trigger: Trigger) -> list[Any]:
    source = trigger.source
    if isinstance(source, Listener):
        return ["listener", source.id, trigger.event]
    return ["app", None, trigger.event] if source is app else ["block", source._id, trigger.event]


# -- building


def build(
    plan: Plan, function_of: Callable[[Plan], Callable[..., Any]], caller: Component[Any, Any]
) -> Blocks:
    """An app after ``plan``.

    :param function_of: gives the handler that stands for an endpoint: it gets the value of ``caller``, then
        wire values, and returns wire values
    :param caller: a State that each of them gets
    """
    app = Blocks(
        title=plan["title"],
        mode=plan["mode"],
        css=plan["css"],
        js=plan["js"],
        head=plan["head"],
        fill_width=plan["fill_width"],
        fill_height=plan["fill_height"],
    )
    blocks: dict[int, Block] = {}
    with app:
        caller.render()
        for spec in plan["children"]:
            _make(spec, blocks)
        for one in plan["values"]:
            node = (ApiFile if is_file(one["schema"]) else Api)(one["label"], Any, one["value"])
            node.schema = one["schema"]
            app.graph.add_node(node)
            blocks[one["id"]] = node
        made: dict[int, Dependency] = {}
        for one in plan["listeners"]:
            made[one["id"]] = _register(app, one, blocks, made, function_of, caller)
    return app


def _make(spec: Plan, blocks: dict[int, Block], **options: Any) -> Block:
    cls: Any = getattr(components, spec["class"], None) or getattr(layout, spec["class"])
    block: Block = cls(**{**{name: _decoded(one) for name, one in spec["args"].items()}, **options})
    blocks[spec["id"]] = block
    for name, value in spec["props"].items():
        if name in block.page_props and jsonable(getattr(block, name)) != value:
            setattr(block, name, value)
    if spec.get("children"):
        with cast("Layout", block):
            for child in spec["children"]:
                _make(child, blocks)
    return block


def _decoded(given: Any) -> Any:
    if isinstance(given, dict):
        found = cast("dict[str, Any]", given)
        return _make(found[BLOCK], {}, render=False) if BLOCK in found else found
    if isinstance(given, list):
        return [_decoded(one) for one in cast("list[Any]", given)]
    return given


def _register(
    app: Blocks,
    one: Plan,
    blocks: Mapping[int, Block],
    made: Mapping[int, Dependency],
    function_of: Callable[[Plan], Callable[..., Any]],
    caller: Component[Any, Any],
) -> Dependency:
    sources: dict[str, Callable[[Any], Any]] = {
        "listener": lambda number: made[number].listener,
        "block": blocks.__getitem__,
        "app": lambda _: app,
    }
    own: list[Any] = [caller] if one["function"] else []
    return register(
        app.graph,
        tuple(Trigger(sources[kind](number), event) for kind, number, event in one["triggers"]),
        function_of(one) if one["function"] else None,
        own + [blocks[number] for number in one["inputs"]],
        [blocks[number] for number in one["outputs"]],
        Options(
            **{name: one[name] for name in _OPTIONS},
            preprocess=False,
            postprocess=False,
            cancels=[made[number] for number in one["cancels"]] or None,
            concurrency_limit=None,
            api_description=one["description"],
            show_progress_on=None
            if one["show_progress_on"] is None
            else [blocks[number] for number in one["show_progress_on"]],
        ),
    )
