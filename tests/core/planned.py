"""An app built from a plan, in simulated time, that writes a log of all that happens."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any

import anyio

from nbblocks.core.context import current_run
from nbblocks.core.errors import Error
from nbblocks.core.graph import Graph, building
from nbblocks.core.listeners import Dependency
from nbblocks.core.messages import Message, Status
from nbblocks.core.nodes import Node
from nbblocks.core.runs import Run
from nbblocks.core.scheduler import Scheduler
from nbblocks.core.sessions import Session
from nbblocks.core.toasts import info
from nbblocks.core.updates import skip

from .nodes import Box, Frame
from .plans import CLICKED, HELD, Behaviour, Part, Plan
from .simulation import Desk, Exit, Interrupt
from .slots import Seen

ENOUGH = 6
"""After so many calls a listener leaves its outputs alone, or two could answer each other for ever."""
FOR_EVER = 20_000
"""So many records are no app's own."""
RAISED: dict[str, Callable[[], BaseException]] = {
    "raise": lambda: RuntimeError("planned"),
    "Error": lambda: Error("planned"),
    "KeyboardInterrupt": Interrupt,
    "SystemExit": Exit,
}


class Probe(Frame):
    """An input that tells a batch function which runs it is called for."""

    has_value = True

    def preprocess(self, payload: Any) -> Any:
        run = current_run.get()
        assert run is not None
        return run


class LoggingSink:
    """A screen that writes into the log, and keeps all status records."""

    def __init__(self, app: PlannedApp, number: int) -> None:
        self.statuses: list[Status] = []
        self._app, self._number = app, number

    def deliver(self, changes: Mapping[Node, Mapping[str, Any]]) -> None:
        values = {node._id: props["value"] for node, props in changes.items()}
        run, step = self._app.origin[id(next(iter(values.values())))][1:]
        self._app.note("deliver", self._number, run, data=(step, values))

    def status(self, status: Status) -> None:
        self.statuses.append(status)
        what = status.stage
        if what == "pending":
            what = "place" if status.time is None else "start"
        what = "step" if what == "generating" else what
        self._app.note(str(what), self._number, status.run, status.fn_index, status)

    def message(self, message: Message) -> None:
        if message.level == "info":
            self._app.note("info", self._number, int(message.message))

    def scroll(self, node: Node, origin: str) -> None:
        raise AssertionError("nothing scrolls")


class LoggingWatcher:
    """A Client's job that writes into the log."""

    def __init__(self, app: PlannedApp) -> None:
        self.run: Run | None = None
        self.statuses: list[Status] = []
        self._app = app

    def _note(self, what: str, data: Any = None) -> None:
        # The first record of a run that is refused comes before `submit` returns it.
        number = self.run.id if self.run is not None else self.statuses[0].run
        self._app.note(what, run=number, data=data)

    def step(self, deliveries: Sequence[Any]) -> None:
        if deliveries:
            self._note("given")

    def status(self, status: Status) -> None:
        self.statuses.append(status)

    def message(self, message: Message) -> None:
        pass

    def ended(self, outcome: str, error: BaseException | None) -> None:
        assert (error is None) == (outcome != "error")
        self._note("ended", outcome)


class Visit:
    """A function at work: a context from its call to its end."""

    def __init__(self, app: PlannedApp, runs: Sequence[Run], values: Sequence[tuple[Any, ...]]) -> None:
        self.app, self.runs = app, runs
        self.number = runs[0].listener.id
        self.part = app.plan.parts[self.number]
        count = app.visits[self.number]
        app.visits[self.number] += 1
        self.tired = count >= ENOUGH
        self.behaviour: Behaviour = self.part.calls[count % len(self.part.calls)]
        self.stays = self.behaviour.ending == "stay"
        told = {"runs": [run.id for run in runs], "values": list(values), "stays": self.stays}
        app.note("call", part=self.number, data=told)

    def __enter__(self) -> Visit:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: Any, trace: TracebackType | None) -> None:
        how = "end" if kind is None else "raised"
        if kind is GeneratorExit:
            how = "closed"
        elif kind is not None and issubclass(kind, anyio.get_cancelled_exc_class()):
            how = "interrupted"
        told = {"runs": [run.id for run in self.runs], "how": how}
        end = lambda: self.app.note("left", part=self.number, data=told)  # noqa: E731
        if self.part.kind in ("coroutine", "async_generator", "coroutine_batch"):
            end()
        else:
            self.app.desk.then(end)

    @property
    def seconds(self) -> float:
        return sum(seconds for seconds, _ in self.behaviour.steps)

    @property
    def closing(self) -> anyio.Event:
        return self.app.closing[self.app.number_of[self.runs[0].session.id]]

    def result(self, value: int | None) -> Any:
        """What is returned or yielded: a fresh float for each output, so that it can be told where it is."""
        info(str(self.runs[0].id))
        outputs = self.part.outputs
        rows: list[list[Any]] = []
        for run in self.runs:
            step = next(self.app.steps)
            row = [skip() for _ in outputs]
            if value is not None and not self.tired:
                row = [self._fresh(value + i, run, step) for i, _ in enumerate(outputs)]
            if len(row) > 1 and step % 3 == 0:
                row[0] = skip()  # some steps leave some outputs alone
            brings = any(isinstance(one, float) for one in row)
            self.app.note("made", run=run.id, data={"step": (step, brings), "good": True})
            rows.append(row)
        return self._shaped(rows)

    def _fresh(self, value: int, run: Run, step: int) -> float:
        fresh = value % 3 + 0.0
        self.app.origin[id(fresh)] = (fresh, run.id, step)
        return fresh

    def _shaped(self, rows: list[list[Any]]) -> Any:
        if self.part.batch:
            return tuple(list(column) for column in zip(*rows, strict=True)) if self.part.outputs else None
        row = rows[0]
        return None if not row else row[0] if len(row) == 1 else tuple(row)

    def end(self) -> Any:
        """End as planned: raise, or return what the scheduler will not take, or the last step."""
        if self.behaviour.ending in RAISED:
            raise RAISED[self.behaviour.ending]()
        if not self._fails_late:
            return self.result(self.behaviour.steps[-1][1])
        shape = self.behaviour.ending == "shape"
        for run in self.runs:
            good = not shape and run is not self.runs[0]
            self.app.note("made", run=run.id, data={"step": (next(self.app.steps), False), "good": good})
        if shape:
            return "ab" if self.part.batch else {self.app.boxes[HELD[0]]: 1, "no box": 2}
        first, *others = ([skip() for _ in self.part.outputs] for _ in self.runs)
        return self._shaped([["bad" for _ in first], *others])

    @property
    def fails(self) -> bool:
        """Whether `end` raises or returns what fails; generators end of themselves otherwise."""
        return self.behaviour.ending in RAISED or self._fails_late

    @property
    def _fails_late(self) -> bool:
        ending = self.behaviour.ending
        return ending == "shape" or (ending == "bad" and bool(self.part.outputs))


class PlannedApp:
    """The app of a plan, its scheduler, its sessions and its log."""

    def __init__(self, plan: Plan, clock: Callable[[], float]) -> None:
        self.plan, self._clock = plan, clock
        self.log: list[Seen] = []
        self.graph = Graph(Box(0))
        self.boxes = {number: Box(number, 0.0) for number in (*CLICKED, *HELD)}
        self.probe = Probe(5)
        for node in (*self.boxes.values(), self.probe):
            self.graph.add_node(node)
        settings = self.graph.settings
        settings.max_size, settings.status_update_rate = plan.max_size, plan.rate
        settings.default_limit = plan.default_limit
        self.desk = Desk(itertools.cycle(plan.delays))
        self.scheduler = Scheduler(self.graph, clock=self._clock, workers=self.desk)
        self.sessions: list[Session] = []
        self.closing: list[anyio.Event] = []
        self.number_of: dict[str, int] = {}
        self.watchers: list[LoggingWatcher] = []
        self.visits: dict[int, int] = defaultdict(int)
        self.steps = itertools.count(1)
        self.origin: dict[int, tuple[Any, int, int]] = {}
        """Delivered values by identity: the value itself, its run and step."""
        self._register()

    def note(self, what: str, session: int = -1, run: int = -1, part: int = -1, data: Any = None) -> None:
        assert len(self.log) < FOR_EVER, "it goes on for ever"
        self.log.append(Seen(what, self._clock(), session, run, part, data))

    def _register(self) -> None:
        token = building.set(self.graph)
        made: list[Dependency] = []
        functions: list[Callable[..., Any] | None] = []
        for part in self.plan.parts:
            shared = part.function_of
            functions.append(self._function(part) if shared is None else functions[shared])
            event, number = part.source
            bound = getattr(self.boxes[number] if event in ("click", "change") else made[number], event)
            inputs = [self.boxes[box] for box in part.inputs]
            made.append(
                bound(
                    functions[-1],
                    [*inputs, self.probe] if part.batch else inputs,
                    [self.boxes[box] for box in part.outputs],
                    queue=part.queue,
                    batch=part.batch,
                    max_batch_size=part.size,
                    cancels=[made[one] for one in part.cancels],
                    every=part.every,
                    trigger_mode=part.mode,
                    concurrency_limit=part.limit,
                    concurrency_id=part.group,
                )
            )
        building.reset(token)
        self.graph.check()

    # -- handlers

    def _visit(self, values: tuple[Any, ...]) -> Visit:
        run = current_run.get()
        assert run is not None
        return Visit(self, [run], [values])

    def _visit_all(self, columns: tuple[list[Any], ...]) -> Visit:
        *inputs, runs = columns
        return Visit(self, runs, list(zip(*inputs, strict=True)) if inputs else [()] * len(runs))

    def _work(self, visit: Visit) -> Any:
        with visit:
            self.desk.takes(visit.seconds)
            if visit.stays:
                self.desk.lasts_until(visit.closing)
            return visit.end()

    async def _work_on_loop(self, visit: Visit) -> Any:
        with visit:
            await anyio.sleep(visit.seconds)
            if visit.stays:
                await visit.closing.wait()
            return visit.end()

    def _function(self, part: Part) -> Callable[..., Any] | None:
        def plain(*values: Any) -> Any:
            return self._work(self._visit(values))

        async def coroutine(*values: Any) -> Any:
            return await self._work_on_loop(self._visit(values))

        def batch(*columns: list[Any]) -> Any:
            return self._work(self._visit_all(columns))

        async def coroutine_batch(*columns: list[Any]) -> Any:
            return await self._work_on_loop(self._visit_all(columns))

        def generator(*values: Any) -> Iterator[Any]:
            with self._visit(values) as visit:
                for seconds, value in visit.behaviour.steps:
                    self.desk.takes(seconds)
                    yield visit.result(value)
                if visit.stays:
                    self.desk.lasts_until(visit.closing)
                    yield visit.result(None)
                if visit.fails:
                    yield visit.end()

        async def async_generator(*values: Any) -> AsyncIterator[Any]:
            with self._visit(values) as visit:
                for seconds, value in visit.behaviour.steps:
                    await anyio.sleep(seconds)
                    yield visit.result(value)
                if visit.stays:
                    await visit.closing.wait()
                if visit.fails:
                    yield visit.end()

        made = (plain, coroutine, batch, coroutine_batch, generator, async_generator)
        return next((function for function in made if function.__name__ == part.kind), None)

    # -- what is done to it, on its loop

    def do(self, name: str, *args: Any) -> None:
        """Do one of the things below, and note that."""
        self.note("act", data=(name, *args, self.desk.beginning) if name == "look" else (name, *args))
        getattr(self, name)(*args)
        self.note("acted")

    def open(self, session: int, follows: bool) -> None:
        assert session == len(self.sessions)
        one = Session(LoggingSink(self, session), follows=follows, clock=self._clock)
        self.sessions.append(one)
        self.closing.append(anyio.Event())
        self.number_of[one.id] = session

    def press(self, session: int, box: int, origin: str) -> None:
        self.scheduler.trigger(self.sessions[session], self.boxes[box], "click", origin=origin)

    def change(self, session: int, box: int, value: Any) -> None:
        if self.sessions[session].set_value(self.boxes[box], value):
            self.scheduler.changed(self.sessions[session], [self.boxes[box]])

    def submit(self, session: int, part: int, values: tuple[Any, ...]) -> None:
        listener = self.graph.listeners[part]
        watcher = LoggingWatcher(self)
        self.watchers.append(watcher)
        facts = self.plan.parts[part]
        given = list(values)
        if facts.batch and len(values) >= len(facts.inputs):
            given.insert(len(facts.inputs), None)  # for the probe
        watcher.run = self.scheduler.submit(self.sessions[session], listener, given, watcher)

    def cancel(self, runs: list[int]) -> None:
        self.scheduler.cancel([w.run for w in self.watchers if w.run is not None and w.run.id in runs])

    def close(self, session: int) -> None:
        self.scheduler.close_session(self.sessions[session])
        self.closing[session].set()

    def look(self, session: int, watched: bool) -> None:
        self.sessions[session].watched = watched and not self.sessions[session].closed
