"""Pressable: what Button, UploadButton and DownloadButton have in common."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import traitlets as t

from nbblocks.bridge import sketch
from nbblocks.bridge.cache import current, is_held
from nbblocks.bridge.component import Component, ComponentProps, User, Wire
from nbblocks.bridge.files import is_url, mime_type_of
from nbblocks.core.errors import InvalidPathError
from nbblocks.core.events import Event


class PressableProps(ComponentProps, total=False):
    """Keyword parameters of all buttons, beside those of all components.

    variant: look; one that is not known shows as ``"secondary"``
    size: ``"sm"``, ``"md"`` or ``"lg"``; None and what is not known shows as ``"lg"``
    icon: URL or path of an image beside the text
    """

    variant: str | None
    size: str | None
    icon: str | Path | None


class Pressable(Component[Wire, User]):
    """A component that is a button."""

    shared: ClassVar[type] = PressableProps

    variant = t.Unicode("secondary", allow_none=True).tag(sync=True)
    size = t.Unicode(None, allow_none=True).tag(sync=True)
    icon = t.Unicode(None, allow_none=True).tag(
        sync=True, ts="string | { data: DataView; mime_type: string } | null"
    )
    interactive = t.Bool(True, allow_none=True).tag(sync=True)

    icon_only_from: ClassVar[str | None] = None
    """Directory that icons given by path must lie in, None for any."""

    click = Event("the user pressed the button")

    def __init__(self, props: Mapping[str, Any], shared: Mapping[str, Any]) -> None:
        """Create it, the icon copied to the cache."""
        icon: str | Path | None = shared.get("icon")
        super().__init__(props, {**shared, "icon": None if icon is None else self._stored(os.fspath(icon))})

    def _stored(self, icon: str) -> str:
        if is_url(icon) or icon.startswith("data:"):
            return icon
        home = self.icon_only_from
        within = home is None or Path(icon).resolve().is_relative_to(Path(home).resolve())
        if not within and not is_held(icon):
            raise InvalidPathError(f"the icon {icon!r} must be a URL or lie in the working directory")
        return current().save_file(icon)

    def picture(self, show: sketch.Files) -> str:
        """As every component: its caption, framed."""
        return sketch.pressed(self.caption_of(self.value))

    def caption_of(self, value: Any) -> object:
        """What stands on it."""
        return getattr(self, "label", None) or value

    def page_prop(self, name: str, value: Any) -> Any:
        """As every component; an icon that is no URL goes as its content."""
        if name == "icon" and value is not None and os.path.isabs(value):
            file = Path(value)
            return {"data": file.read_bytes(), "mime_type": mime_type_of(value)} if file.exists() else None
        return super().page_prop(name, value)
