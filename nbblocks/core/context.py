"""The run that the code at hand belongs to."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .runs import Run

current_run: ContextVar[Run | None] = ContextVar("nbblocks_run", default=None)
"""Set inside handlers: in worker threads, at each generator step, in threads with a copied context."""
