"""Handles: how widgets from elsewhere get hold of one component of an app, as ``jslink`` does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import traitlets as t
from anywidget import AnyWidget

if TYPE_CHECKING:
    from .component import Component

NOTE = """export default { render({ model, el }) { el.textContent = model.get("note"); } };"""


class Handle(AnyWidget):
    """A widget model that follows the value of a component in the page: the root's front-end binds the two.

    Put into a layout, it says that the component stands elsewhere.
    """

    _esm = NOTE
    value: Any = t.Any(None, allow_none=True).tag(sync=True)
    note = t.Unicode().tag(sync=True)


def handle_of(block: Component[Any, Any]) -> Handle:
    """The component's one handle, made at first use; the pages of its app are told."""
    found = cast("Handle | None", block.handle)
    if found is None or found.comm is None:
        note = f"This {block.type_name} stands in an app: show the app instead of one of its parts."
        found = block.handle = Handle(value=block.page_prop("value", block.value), note=note)
        if block.running_host is not None:
            block.running_host.show_handles()
    return found
