"""How an Interface reads its parameters."""

from __future__ import annotations

import os
from typing import Any, cast

from nbblocks.bridge.component import Component
from nbblocks.bridge.files import fetch, is_url
from nbblocks.components import Button, ClearButton, get_component_instance
from nbblocks.core.places import warn
from nbblocks.layout import Accordion

AnyComponent = Component[Any, Any]
MODES = ("manual", "auto", "never")


def listed(given: Any) -> list[Any]:
    """None, one or several, as a list."""
    return [] if given is None else list(given) if isinstance(given, (list, tuple)) else [given]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]


def components_of(what: str, given: Any) -> list[AnyComponent]:
    """The components that ``given`` stands for, taken out of the layout that they were made in."""
    try:
        return [get_component_instance(one, unrender=True) for one in listed(given)]
    except TypeError as error:
        raise TypeError(f"{what} must be components, their shortcuts or a list of them: {error}") from error


def complete(node: AnyComponent, name: str, value: Any) -> None:
    """Set a property that was left open, as if it had been said to the constructor."""
    if node.stateful or name not in node.page_props or getattr(node, name) is not None:
        return
    args, keywords = node._given
    node._given = args, {**keywords, name: value}
    setattr(node, name, value)


def button_of(what: str, given: Any, variant: str, **options: Any) -> Button:
    """The button that is given, or one with that text."""
    if isinstance(given, Button):
        for name, value in options.items():
            setattr(given, name, value)
        return given.unrender()
    if isinstance(given, str):
        return Button(given, variant=variant, render=False, **options)
    raise ValueError(f"{what} must be a Button or its text, got {given!r}")


def clear_button_of(given: Any) -> ClearButton:
    """The clear button that is given, or one like it; hidden for None."""
    if isinstance(given, ClearButton):
        return given.unrender()
    if isinstance(given, Button):
        return ClearButton(**{**given.unrender().constructor_args, "render": False})
    if given is None or isinstance(given, str):
        return ClearButton(value=given or "Clear", visible=given is not None, render=False)
    raise ValueError(f"clear_btn must be a Button, its text or None, got {given!r}")


def accordion_of(given: Any) -> Accordion:
    """The accordion that is given, or one with that caption."""
    if isinstance(given, Accordion):
        return given.unrender()
    if given is None:
        return Accordion("Additional Inputs", open=False, render=False)
    if isinstance(given, str):
        return Accordion(given, render=False)
    raise ValueError(f"additional_inputs_accordion must be an Accordion or its caption, got {given!r}")


def flagging_mode_of(given: str | None, former: str | None) -> Any:
    """The mode that is given under either name, or by the environment."""
    if given is not None and former is not None and given != former:
        warn(f"flagging_mode={given!r} wins over allow_flagging={former!r}")
    told = os.environ.get("NBBLOCKS_FLAGGING_MODE") or os.environ.get("GRADIO_FLAGGING_MODE")
    mode = given or former or told or "manual"
    if mode not in MODES:
        raise ValueError(f"flagging_mode must be one of {', '.join(MODES)}, got {mode!r}")
    return mode


def flagging_options_of(given: Any) -> list[tuple[str, str | None]]:
    """Pairs of what stands on a button, and in the file."""
    if given is None:
        return [("Flag", None)]
    if isinstance(given, list):
        options = cast("list[Any]", given)
        if all(isinstance(one, str) for one in options):
            return [(f"Flag as {one}", one) for one in options]
        if all(
            isinstance(one, tuple) and [type(x) for x in cast("Any", one)] == [str, str] for one in options
        ):
            return options
    raise ValueError(f"flagging_options must be a list of texts or of (label, value) pairs, got {given!r}")


def fetched(article: str | None) -> str | None:
    """The text of the article, read from where it lies if it is a URL."""
    if article is None or not is_url(article.strip()) or len(article.split()) != 1:
        return article
    with open(fetch(article.strip()), encoding="utf-8") as text:
        return text.read()
