"""Animations: pictures of PIL with several frames, and the files that hold them."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .modes import displayed

if TYPE_CHECKING:
    from PIL import Image

MOVING = ("gif", "webp", "png", "avif")
"""PIL's names of formats whose frames are shown one after the other; those of a TIFF are pages."""
PAUSE = 100
"""Ms that a frame is shown if nobody says."""


def is_animated(picture: Image.Image) -> bool:
    """Whether it has frames that follow each other."""
    return (picture.format or "").lower() in MOVING and getattr(picture, "n_frames", 1) > 1


def whole(path: str | Path) -> Image.Image:
    """The animation in a file, with all its frames: ``seek`` and ``n_frames`` work when the file is gone."""
    from PIL import Image

    return Image.open(io.BytesIO(Path(path).read_bytes()))


def encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    """The bytes of an animation in a file of ``kind``, one of `MOVING`, with its pauses and repetitions."""
    at = picture.tell()
    frames: list[Image.Image] = []
    pauses: list[int] = []
    for number in range(getattr(picture, "n_frames", 1)):
        picture.seek(number)
        frames.append(displayed(picture).copy())
        pauses.append(int(picture.info.get("duration") or PAUSE))
    picture.seek(at)
    # Without a word about it, a GIF is shown once.
    loop = picture.info.get("loop", 1 if picture.format == "GIF" else 0)
    if kind == "gif":
        options["disposal"] = 2
    buffer = io.BytesIO()
    frames[0].save(
        buffer, kind, save_all=True, append_images=frames[1:], duration=pauses, loop=loop, **options
    )
    return buffer.getvalue()
