"""``sys.stdout`` and ``sys.stderr`` while an app runs: what a handler writes goes to its log.

Both names hold one `Routed` stream all the time. Whoever assigns something else (``%%capture``,
``redirect_stdout``, a test) does so for the code it belongs to alone: a handler for its run, everybody else
for what is outside of runs. So a cell that captures takes no handler's output, and no handler a cell's.

Streams that a library has kept from before, and those under ``sys.__stdout__``, are routed in their place.
"""

from __future__ import annotations

import functools
import io
import sys
import threading
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any, TextIO, cast

from . import output
from .patches import Patches

NAMES = ("stdout", "stderr")
_routed: dict[str, Routed] = {}
_patches = Patches()
_sys_class: type[ModuleType] = ModuleType


class Routed(io.TextIOBase):
    """Goes to the log of the run at hand; outside of runs, to the stream it stands for.

    It stands under the name. What a run sees there is `direct`, so that one that puts a stream of its own in
    the place, and writes on to what was there, does not go round in circles.
    """

    def __init__(self, name: str, outside: TextIO) -> None:
        self.stream, self.first = name, outside
        self.outside = outside
        """Where to write outside of runs."""
        self.direct = Direct(self)

    def _place(self) -> TextIO | None:
        """The stream to write to, None for the log."""
        target = output.here()
        return self.outside if target is None else target.redirected.get(self.stream)

    @property
    def seen(self) -> TextIO:
        """What the calling code is to see under the name."""
        return self._place() or cast("TextIO", self.direct)

    def replace(self, stream: TextIO) -> None:
        """Somebody assigns to the name."""
        target = output.here()
        if target is not None and isinstance(stream, Routed):
            target.redirected.pop(self.stream, None)
        elif target is not None:
            target.redirected[self.stream] = stream
        elif not isinstance(stream, Routed):
            self.outside = stream
        elif not isinstance(stream, Direct):  # from the module's dict, by somebody who puts it back
            self.outside = self.first

    def write(self, text: str) -> int:
        """Write ``text`` where it belongs."""
        place = self._place()
        if place is not None:
            return place.write(text)
        if not isinstance(text, str):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        target = output.writing_to.get()
        assert target is not None
        target.write(self.stream, text)
        return len(text)

    def writelines(self, lines: Iterable[Any]) -> None:
        """Write each of ``lines``."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Have what was written so far shown; a log does so by itself."""
        place = self._place()
        if place is not None:
            place.flush()

    def close(self) -> None:
        """Nothing: others write on."""

    @property
    def closed(self) -> bool:
        """As of the stream outside."""
        return self.outside.closed

    @property
    def encoding(self) -> str:  # pyright: ignore[reportIncompatibleVariableOverride]
        """As of the stream outside."""
        return getattr(self.outside, "encoding", None) or "utf-8"

    @property
    def errors(self) -> str | None:  # pyright: ignore[reportIncompatibleVariableOverride]
        """As of the stream outside."""
        return getattr(self.outside, "errors", None)

    @property
    def buffer(self) -> Any:
        """Takes bytes, in UTF-8."""
        place = self._place()
        return _Bytes(self) if place is None else cast("Any", place).buffer

    def writable(self) -> bool:
        """It is."""
        return True

    def isatty(self) -> bool:
        """As of the stream outside."""
        return (self._place() or self.outside).isatty()

    def fileno(self) -> int:
        """As of the stream outside."""
        return (self._place() or self.outside).fileno()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._place() or self.outside, name)


class Direct(Routed):
    """As the stream under the name, whatever a run has put there."""

    def __init__(self, routed: Routed) -> None:
        self.stream, self._routed = routed.stream, routed

    @property
    def outside(self) -> TextIO:  # pyright: ignore[reportIncompatibleVariableOverride]
        """As of the stream under the name."""
        return self._routed.outside

    def _place(self) -> TextIO | None:
        return self.outside if output.here() is None else None


class _Bytes(io.RawIOBase):
    """The bytes below a `Routed` stream."""

    def __init__(self, routed: Routed) -> None:
        self._routed = routed

    def write(self, given: Any) -> int:
        """Write bytes where their text belongs."""
        target, taken = output.here(), bytes(given)
        text = taken.decode(errors="replace") if target is None else target.decode(self._routed.stream, taken)
        self._routed.write(text)
        return len(taken)

    def writable(self) -> bool:
        """It is."""
        return True


def is_standard(stream: object) -> bool:
    """Whether it is one of those that go to a cell, or to the log of a run."""
    first = [routed.first for routed in _routed.values()]
    return isinstance(stream, (Routed, *_kernel_streams())) or stream in (
        *first,
        sys.__stdout__,
        sys.__stderr__,
    )


def now(name: str) -> TextIO:
    """Where text of that name belongs, whatever the run has put in the place of ``sys.stdout``."""
    return cast("TextIO", _routed[name].direct)


# -- putting it in place


class _Sys(ModuleType):
    """`sys`, with names that hold something else for each run."""

    @property
    def stdout(self) -> TextIO:
        return _routed["stdout"].seen

    @stdout.setter
    def stdout(self, stream: TextIO) -> None:
        _routed["stdout"].replace(stream)

    @property
    def stderr(self) -> TextIO:
        return _routed["stderr"].seen

    @stderr.setter
    def stderr(self, stream: TextIO) -> None:
        _routed["stderr"].replace(stream)


def route() -> None:
    """Put it in place."""
    global _sys_class
    for name in NAMES:
        found = vars(sys)[name]
        _routed[name] = Routed(name, found if found is not None else io.StringIO())
        # What a kernel without a class of its own writes to; in memory, only somebody who captures does.
        kept = [] if _kernel_streams() or isinstance(found, io.StringIO) else [found]
        for stream in {id(one): one for one in (*kept, getattr(sys, f"__{name}__"))}.values():
            if stream is not None:
                _patches.wrap(stream, "write", _kept(name))
    for kind in _kernel_streams():
        _patches.put(kind, "write", _KernelWrite(kind.write))
    module = cast("Any", sys)
    module.__dict__.update(_routed)
    _sys_class = module.__class__
    module.__class__ = _Sys


def unroute() -> None:
    """Give the names what they hold outside of runs."""
    cast("Any", sys).__class__ = _sys_class
    for name, routed in _routed.items():
        if vars(sys)[name] is routed:
            setattr(sys, name, routed.outside)
    _patches.undo()


def _kernel_streams() -> tuple[Any, ...]:
    """The class of the streams of ipykernel, if there is a kernel."""
    module = sys.modules.get("ipykernel.iostream")
    return () if module is None else (module.OutStream,)


def _kept(name: str) -> Callable[[Any], Any]:
    """For the ``write`` of one stream that somebody may have kept."""

    def make(stock: Callable[[str], int]) -> Callable[[str], int]:
        def write(text: str) -> int:
            target = output.here()
            if target is None:
                return stock(text)
            target.write(name, text)
            return len(text)

        return write

    return make


class _KernelWrite:
    """The ``write`` of all streams of ipykernel: it has one for each name, whoever holds it.

    IPython puts one of its own on the streams for each cell, and puts back what was there. Something on the
    class that takes assignments as well stays in front of that.
    """

    def __init__(self, stock: Callable[[Any, str], int | None]) -> None:
        self._stock = stock

    def __get__(self, stream: Any, _: type) -> Callable[[str], int | None]:
        if stream is None:
            return self  # pyright: ignore[reportReturnType]
        own = cast("dict[str, Any]", stream.__dict__).get("write")
        return _Write(stream, own or functools.partial(self._stock, stream))

    def __set__(self, stream: Any, write: Any) -> None:
        stream.__dict__["write"] = write.below if isinstance(write, _Write) else write


class _Write:
    """Writes to the log of the run at hand, or by ``below``."""

    def __init__(self, stream: Any, below: Callable[..., int | None]) -> None:
        self._stream = stream
        self.below = below.below if isinstance(below, _Write) else below

    def __call__(self, string: str) -> int | None:
        target = output.here()
        if target is None and getattr(self._stream, "watch_fd_thread", None) is threading.current_thread():
            target = output.the_only_one()  # it came out of the process: of C code, of a child
        if target is None or not isinstance(string, str):  # pyright: ignore[reportUnnecessaryIsInstance]
            return self.below(string)
        target.write(self._stream.name, string)
        return len(string)
