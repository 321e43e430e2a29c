"""Output that waits to be sent to the log drawer: joined, bounded, at a cost that goes by what is new."""

from __future__ import annotations

from collections import deque
from typing import Any

LOG_LIMIT = 200_000
"""Characters of text that wait at most; of more, the oldest are left out, and their number is told."""
SHOWN_LIMIT = 16_000_000
"""As `LOG_LIMIT`, for what was displayed."""
ENTRY = 100
"""Characters that an entry costs beside its text: output of many kinds in turn is bounded too."""
PIECE = 4096
"""Longer pieces are kept in parts of so many characters, so that leaving some out never copies the rest."""
APART = 30
"""So many entries at most go as messages of their own; the others ride in the last one."""


class Entry:
    """Text of one run and stream, or one thing that was displayed or is to be done."""

    __slots__ = ("content", "listener", "pieces", "run", "size", "stream")

    def __init__(self, stream: str, listener: int | None, run: int | None, content: dict[str, Any]) -> None:
        self.stream, self.listener, self.run, self.content = stream, listener, run, content
        self.pieces: deque[str] = deque()
        self.size = ENTRY
        """What it counts as."""

    def as_sent(self) -> dict[str, Any]:
        """As pages get it."""
        told = {"stream": self.stream, "text": "".join(self.pieces), "listener": self.listener}
        return {**told, "run": self.run, **self.content}


class Logs:
    """What waits. Whoever uses it holds a lock."""

    def __init__(self, limit: int = LOG_LIMIT, shown_limit: int = SHOWN_LIMIT) -> None:
        self._limit, self._shown_limit = limit, shown_limit
        self._clear()

    def _clear(self) -> None:
        self._entries: deque[Entry] = deque()
        self._size = self._shown_size = 0
        self._cut = self._cut_shown = 0

    def __bool__(self) -> bool:
        return bool(self._entries or self._cut or self._cut_shown)

    def add(self, stream: str, text: str, listener: int | None, run: int | None) -> None:
        """Take a piece of text; pieces of one run and stream are joined, but errors are not."""
        last = self._entries[-1] if self._entries else None
        joins = last is not None and last.stream == stream != "error" and last.run == run and not last.content
        if last is None or not joins:
            last = Entry(stream, listener, run, {})
            self._entries.append(last)
            self._size += ENTRY
        if len(text) <= PIECE:
            last.pieces.append(text)
        else:
            over = max(0, len(text) - self._limit)
            self._cut += over
            text = text[over:]
            last.pieces.extend(text[start : start + PIECE] for start in range(0, len(text), PIECE))
        last.size += len(text)
        self._size += len(text)
        if self._size > self._limit:
            self._leave_out()

    def show(self, content: dict[str, Any], size: int, listener: int | None, run: int | None) -> None:
        """Take something displayed; an update replaces what waits under its ``display_id``."""
        name = content.get("display_id")
        if content.get("update"):
            for one in self._entries:
                if name is not None and one.content.get("display_id") == name:
                    self._shown_size += size - one.size
                    one.size, one.content = size, {**content, "update": one.content.get("update", False)}
                    return
        entry = Entry("display", listener, run, content)
        entry.size = size
        self._entries.append(entry)
        self._shown_size += size
        if self._shown_size > self._shown_limit:
            self._leave_out_shown()

    def clear(self, listener: int | None, run: int | None, *, wait: bool) -> None:
        """Take that a run wants its output cleared: what waits of it need not be sent."""
        if not wait:
            for one in [one for one in self._entries if one.run == run]:
                self._entries.remove(one)
                if one.content:
                    self._shown_size -= one.size
                else:
                    self._size -= one.size
        last = self._entries[-1] if self._entries else None
        if last is None or last.stream != "clear" or last.run != run:
            self._entries.append(Entry("clear", listener, run, {"wait": wait}))
            self._entries[-1].size = 0

    def _leave_out(self) -> None:
        """Drop the oldest text, so that a quarter of the room is free again."""
        goal = self._limit * 3 // 4
        kept: deque[Entry] = deque()
        while self._entries and self._size > goal:
            one = self._entries[0]
            if one.content:
                kept.append(self._entries.popleft())
                continue
            while one.pieces and self._size > goal:
                piece = one.pieces.popleft()
                one.size -= len(piece)
                self._size -= len(piece)
                self._cut += len(piece)
            if not one.pieces:
                self._entries.popleft()
                self._size -= one.size
        self._entries.extendleft(reversed(kept))

    def _leave_out_shown(self) -> None:
        for one in list(self._entries):
            if self._shown_size <= self._shown_limit:
                return
            if one.content and one is not self._entries[-1]:
                self._entries.remove(one)
                self._shown_size -= one.size
                self._cut_shown += one.size > 0

    def take(self) -> list[dict[str, Any]]:
        """All that waits, as messages."""
        told = [one.as_sent() for one in self._entries]
        if note := self._note():
            first = next((one for one in told if one["text"]), None)
            if first is None:
                first = Entry("stdout", None, None, {}).as_sent()
                told.insert(0, first)
            first["text"] = note + first["text"]
        self._clear()
        apart, rest = told[:APART], told[APART:]
        if rest:
            apart[-1] = {**apart[-1], "more": rest}
        return [{"type": "log", **one} for one in apart]

    def _note(self) -> str:
        told = [f"… {self._cut:,} characters left out"] if self._cut else []
        if self._cut_shown:
            told.append(f"… {self._cut_shown:,} displays left out")
        return "".join(f"{one}\n" for one in told)
