"""From what a handler returned to what each output gets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from .errors import ComponentProcessingError, Error, InvalidComponentError, shown, text_of
from .listeners import Listener
from .nodes import UNSET, Node, own
from .places import warn
from .sessions import Session
from .updates import MARK, is_skip, is_update, skip

AT_MOST = 12
"""So many outputs and values are named in a message: all of it is to be seen at once."""


class Content:
    """What a handler may return for a layout: it knows how to come to stand there."""

    def apply(self, session: Session) -> None:
        """Put it there, in one go. On the scheduler's loop; an error leaves all as it was."""
        raise NotImplementedError


@dataclass
class Delivery:
    """What one step brings one output: a wire value (or a State's object), properties, or both."""

    node: Node
    value: Any = UNSET
    props: dict[str, Any] = field(default_factory=dict[str, Any])
    configured: Node | None = None
    is_update: bool = False
    """Whether the handler gave an update or an instance, and no plain value."""
    apply: Callable[[Session], None] | None = None
    """What is called instead, when the step is applied: the handler gave `Content`."""


def spread(listener: Listener, result: Any) -> list[Any]:
    """One entry per output, `skip` for those that the result leaves alone (EV-41 to EV-44).

    :raises ValueError: if the result does not fit the outputs
    """
    outputs = listener.outputs
    if isinstance(result, dict) and result and not is_update(cast("object", result)):
        result = cast("dict[Any, Any]", result)
        named = [isinstance(key, Node) for key in result]
        if all(named):
            return _by_node(listener, result)
        if any(named):
            raise ValueError(
                f"{_who(listener)} returned a dict in which some keys are components and some are not"
            )
    if not outputs:
        if result is not None:
            _warn_of_more(listener, [result])
        return []
    if len(outputs) == 1:
        return [result]
    if is_skip(cast("object", result)):
        return [skip() for _ in outputs]
    values: Sequence[Any] = cast("Sequence[Any]", result) if isinstance(result, (list, tuple)) else [result]
    if len(values) < len(outputs):
        raise ValueError(
            f"{_who(listener)} did not return enough output values (needed: {len(outputs)}, returned: "
            f"{len(values)}). {_wanted(listener)}. Received outputs: [{_brief(values)}]"
        )
    if len(values) > len(outputs):
        _warn_of_more(listener, values)
    return list(values[: len(outputs)])


def _warn_of_more(listener: Listener, values: Sequence[Any]) -> None:
    extra = "value" if len(values) == len(listener.outputs) + 1 else "values"
    warn(
        f"{_who(listener)} returned too many output values (needed: {len(listener.outputs)}, returned: "
        f"{len(values)}). Ignoring the extra {extra}. {_wanted(listener)}. "
        f"Received outputs: [{_brief(values)}]"
    )


def _wanted(listener: Listener) -> str:
    return f"Wanted outputs: [{_listed([node.called for node in listener.outputs])}]"


def _by_node(listener: Listener, result: Mapping[Node, Any]) -> list[Any]:
    values: list[Any] = [skip() for _ in listener.outputs]
    for node, value in result.items():
        places = [i for i, out in enumerate(listener.outputs) if out is node]
        places = places or [
            i for i, out in enumerate(listener.outputs) if node.key is not None and out.key == node.key
        ]
        if not places:
            raise ValueError(
                f"{_who(listener)} returned a {node.type_name} (id {node._id}) not specified as output"
            )
        for place in places:
            values[place] = value
    return values


def deliveries(listener: Listener, session: Session, values: Sequence[Any]) -> list[Delivery]:
    """Postprocess the values of one step; nothing is written yet, so a failure leaves all as it was (EV-54).

    Runs in a worker thread.
    """
    found: dict[int, Delivery] = {}
    for index, (node, value) in enumerate(zip(listener.outputs, values, strict=True)):
        delivery = _delivery(listener, session, index, node, value)
        if delivery is not None:
            found.pop(node._id, None)
            found[node._id] = delivery
    return list(found.values())


def _delivery(listener: Listener, session: Session, index: int, node: Node, raw: Any) -> Delivery | None:
    if is_update(raw):
        args: dict[str, Any] = {name: given for name, given in raw.items() if name != MARK}
    elif isinstance(raw, Node) and (raw.stateful or not node.stateful):
        args = dict(raw.constructor_args)
    elif isinstance(raw, Content) and not node.has_value:
        return Delivery(node, None, apply=raw.apply)
    elif not node.has_value:
        raise InvalidComponentError(
            f"output {index} of {_who(listener)} is a {node.type_name}: "
            f"it takes gr.update(...) or an instance, got {type(raw).__name__}"
        )
    else:
        args = {"value": raw}
    if node.stateful:
        return Delivery(node, args["value"]) if "value" in args else None
    value = args.pop("value", UNSET)
    for name in ("render", "key", "preserved_by_key"):
        args.pop(name, None)
    delivery = Delivery(node, is_update=is_update(raw) or isinstance(raw, Node))
    view = session.view(node)
    if args:
        view = delivery.configured = view.reconfigured(args)
        delivery.props = view.props_changed_by(args)
    if value is not UNSET and node.has_value:
        if callable(value) and isinstance(raw, Node):
            value = value()
        delivery.value = postprocess(listener, view, index, value) if listener.postprocess else value
    return delivery if delivery.props or delivery.configured or delivery.value is not UNSET else None


def preprocess(listener: Listener, view: Node, index: int, wire: Any) -> Any:
    """The user's value of an input.

    :raises ComponentProcessingError: naming the input, around any error but `Error` (EV-113)
    """
    try:
        value = view.preprocess(wire)
        # What a handler does to it in place must not reach the session's own value.
        return own(value) if value is wire else value
    except Error:
        raise
    except Exception as error:
        raise _processing_error("preprocess", "input", listener, view, index, wire, error) from error


def postprocess(listener: Listener, view: Node, index: int, value: Any) -> Any:
    """The wire value of an output, errors as in `preprocess`."""
    try:
        return view.postprocess(value)
    except Error:
        raise
    except Exception as error:
        raise _processing_error("postprocess", "output", listener, view, index, value, error) from error


def _processing_error(
    step: str, side: str, listener: Listener, view: Node, index: int, value: Any, error: Exception
) -> ComponentProcessingError:
    return ComponentProcessingError(
        f"{step} of {side} at index {index} ({view.type_name}) of {_who(listener)} failed "
        f"for {_brief([value])}: {type(error).__name__}: {text_of(error)}"
    )


def _who(listener: Listener) -> str:
    return f"A function ({listener.told.removeprefix('<lambda> ').strip('()')})"


def _brief(values: Sequence[Any]) -> str:
    return _listed([_quoted(value) for value in values[: AT_MOST + 1]], len(values))


def _quoted(value: Any) -> str:
    text = f'"{value}"' if isinstance(value, str) and "\n" not in value[:100] else shown(value, 100)
    return text if len(text) <= 100 else text[:97] + "..."


def _listed(texts: Sequence[str], count: int | None = None) -> str:
    more = (len(texts) if count is None else count) - AT_MOST
    return ", ".join(texts[:AT_MOST]) + (f", and {more} more" if more > 0 else "")
