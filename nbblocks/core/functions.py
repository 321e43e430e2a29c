"""How to call one user function: its kind, its special parameters, its arguments."""

from __future__ import annotations

import functools
import inspect
import types
import typing
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Union

from .events import EventData
from .places import line_of, warn
from .progress import Progress
from .requests import Request

Kind = Literal["plain", "coroutine", "generator", "async_generator"]
WEB_ONLY = {"OAuthProfile", "OAuthToken", "Header"}


@dataclass(frozen=True)
class Special:
    """A parameter that takes no input: a Progress, Request or EventData (EV-90)."""

    name: str
    make: type[Any]
    default: Any
    keyword_only: bool


@dataclass(frozen=True)
class Function:
    """A user function, looked at once when its listener is registered."""

    fn: Callable[..., Any]
    name: str
    kind: Kind
    parameters: tuple[inspect.Parameter, ...]
    """Positional parameters in order, special ones included."""
    specials: tuple[Special, ...]
    takes_rest: bool
    """Whether it takes ``*args``, or its signature cannot be read."""
    readable: bool

    @property
    def told(self) -> str:
        """Its name for messages, that of a lambda with its line."""
        return self.name + self._line

    @property
    def _line(self) -> str:
        return line_of(self.fn) if self.name == "<lambda>" else ""

    @property
    def streams(self) -> bool:
        """Whether it delivers more than one step."""
        return self.kind in ("generator", "async_generator")

    @property
    def on_loop(self) -> bool:
        """Whether it runs on the scheduler's loop (EV-71)."""
        return self.kind in ("coroutine", "async_generator")

    @property
    def wants_event(self) -> bool:
        """Whether it asks for event data."""
        return any(issubclass(special.make, EventData) for special in self.specials)

    def does_without(self, given: int, inputs: int) -> bool:
        """Whether the first ``given`` of so many inputs are enough: the others have defaults."""
        own = self._own()
        return self.readable and all(p.default is not p.empty for p in own[given:inputs])

    def check_count(self, inputs: int) -> None:
        """Warn if the number of inputs cannot fit (EV-9)."""
        if not self.readable:
            return
        own = self._own()
        needed = sum(p.default is p.empty for p in own)
        if inputs < needed or (inputs > len(own) and not self.takes_rest):
            most = "any number of" if self.takes_rest else f"{len(own)}"
            warn(
                f"Expected {needed if inputs < needed else most} arguments for function {self.name}, "
                f"received {inputs}{self._line}."
            )

    def arguments(
        self, values: Sequence[Any], special: Callable[[Special], Any]
    ) -> tuple[list[Any], dict[str, Any]]:
        """Positional and keyword arguments: ``values`` in order, the special ones at their places.

        Missing trailing arguments are the parameter's default, or None with a warning (EV-10).
        """
        by_name = {s.name: s for s in self.specials}
        left = list(values)
        args: list[Any] = []
        for parameter in self.parameters:
            if parameter.name in by_name:
                args.append(special(by_name[parameter.name]))
            elif left:
                args.append(left.pop(0))
            elif parameter.default is not parameter.empty:
                args.append(parameter.default)
            else:
                warn(f"function {self.told} got no value for {parameter.name!r}; None is passed")
                args.append(None)
        keywords = {s.name: special(s) for s in self.specials if s.keyword_only}
        return args + left, keywords

    def _own(self) -> list[inspect.Parameter]:
        special = {s.name for s in self.specials}
        return [p for p in self.parameters if p.name not in special]


def inspect_function(fn: Callable[..., Any]) -> Function:
    """Look at ``fn``: any callable that EV-8 names.

    :raises TypeError: if it is not callable
    :raises NotImplementedError: for a parameter that needs a web server (EV-91)
    """
    if not callable(fn):
        raise TypeError(f"fn must be callable, got {type(fn).__name__}: {fn!r}")
    judged = fn
    while isinstance(judged, functools.partial):
        judged = judged.func
    if not (inspect.isroutine(judged) or inspect.isclass(judged)):
        judged = type(judged).__call__
    try:
        signature = inspect.signature(fn)
    except (ValueError, TypeError):
        return Function(fn, _name_of(fn), _kind_of(judged), (), (), takes_rest=True, readable=False)
    hints = _hints_of(fn, judged)
    positional: list[inspect.Parameter] = []
    specials: list[Special] = []
    for parameter in signature.parameters.values():
        make = _special_class(parameter, hints.get(parameter.name, parameter.annotation))
        if make is not None:
            keyword_only = parameter.kind is parameter.KEYWORD_ONLY
            specials.append(Special(parameter.name, make, parameter.default, keyword_only))
        if parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
            positional.append(parameter)
    rest = any(p.kind is p.VAR_POSITIONAL for p in signature.parameters.values())
    return Function(
        fn, _name_of(fn), _kind_of(judged), tuple(positional), tuple(specials), takes_rest=rest, readable=True
    )


def _kind_of(judged: Any) -> Kind:
    if inspect.isasyncgenfunction(judged):
        return "async_generator"
    if inspect.isgeneratorfunction(judged):
        return "generator"
    return "coroutine" if inspect.iscoroutinefunction(judged) else "plain"


def _name_of(fn: Any) -> str:
    while isinstance(fn, functools.partial):
        fn = fn.func  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
    return getattr(fn, "__name__", type(fn).__name__)  # pyright: ignore[reportUnknownArgumentType]


def _hints_of(fn: Any, judged: Any) -> dict[str, Any]:
    for candidate in (fn, judged):
        try:
            return typing.get_type_hints(candidate)
        except Exception:  # noqa: BLE001, PERF203 - annotations are the user's: any error may come of them
            continue
    return {}


def _special_class(parameter: inspect.Parameter, annotation: Any) -> type[Any] | None:
    if isinstance(parameter.default, Progress):
        return Progress
    options = (annotation,)
    if typing.get_origin(annotation) in (Union, types.UnionType):
        options = typing.get_args(annotation)
    for option in options:
        option = typing.get_origin(option) or option
        if isinstance(option, str):
            option = _named(option)
        name = getattr(option, "__name__", "")
        if name in WEB_ONLY and "nbblocks" in str(getattr(option, "__module__", "")):
            raise NotImplementedError(f"parameter {parameter.name!r}: gr.{name} needs a web server")
        if isinstance(option, type) and issubclass(option, (Request, EventData)):
            return option  # pyright: ignore[reportUnknownVariableType]
    return None


def _named(annotation: str) -> Any:
    """The special class that an annotation left as text means, by its last name."""
    last = annotation.rsplit(".", 1)[-1].strip(" \"'")
    known: dict[str, type[Any]] = {"Request": Request, "EventData": EventData}
    known |= {cls.__name__: cls for cls in EventData.__subclasses__()}
    return known.get(last)
