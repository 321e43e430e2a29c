"""What the scheduler has to do, told again in the simplest way: a reader of logs that says what is wrong.

What follows from something at once (a trigger, a cancellation, the end of a run) is told by generators, each
``yield`` of which waits for the next record and says what it has to be. When a slot is given to the next run,
when functions are called and when they end is left to the scheduler: such records are checked as they come.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import Any

from .plans import Plan
from .slots import Groups, Run, Seen


@dataclass(eq=False)
class Pending:
    """The runs of a listener that have not ended; ``noted`` is the origin of the latest trigger meanwhile."""

    runs: list[Run] = field(default_factory=list)
    noted: tuple[str | None] | None = None


@dataclass(eq=False)
class Session:
    """A session as it should be."""

    number: int
    follows: bool
    values: dict[int, Any]
    closed: bool = False
    watched: bool = True
    pending: dict[int, Pending] = field(default_factory=dict)


Expecting = Generator[str, Seen, None]


class Model:
    """Reads a log record by record; an AssertionError says what does not fit."""

    def __init__(self, plan: Plan, boxes: dict[int, Any]) -> None:
        self.plan = plan
        self.sessions: dict[int, Session] = {}
        self.runs: dict[int, Run] = {}
        self.groups = Groups(plan)
        self.wanted: str | None = None
        """What has to come next, if that is known."""
        self._boxes = boxes
        self._process: Expecting | None = None
        self._joining: list[Run] = []
        """Runs that start together with the one that has started last."""

    def read(self, seen: Seen) -> None:
        """Take one record."""
        run = self.runs.get(seen.run)
        if self._joining:
            joins = self._joining.pop(0)
            assert seen.what == "start" and run is joins, f"{joins} should have joined its batch"
            self.groups.started(joins, seen)
        elif seen.what == "start" and run is not None:
            self._joining = self.groups.start(run, seen)
        elif seen.what == "place" and run is not None:
            self.groups.place(run, seen)
        elif self._process is not None:
            try:
                self.wanted = self._process.send(seen)
            except StopIteration:
                self._process = self.wanted = None
        else:
            see = getattr(self, f"_see_{seen.what}", None)
            assert see is not None, f"{seen.what} comes of nothing"
            see(seen)

    def pending(self, session: int) -> Iterator[tuple[int, list[int | None], bool]]:
        """For each pending listener of a session its runs, and whether a trigger is noted (EV-122)."""
        for part, pending in self.sessions[session].pending.items():
            yield part, [run.id for run in pending.runs], pending.noted is not None

    def _begin(self, process: Expecting) -> None:
        try:
            self.wanted = next(process)
            self._process = process
        except StopIteration:
            pass

    def _is(self, seen: Seen, what: str, run: Run) -> None:
        assert seen.what == what, f"{what} of {run} should have come"
        if run.id is None:
            assert (seen.session, seen.part) == (run.session, run.part), f"{run} should have come"
            assert seen.data.origin == run.origin, f"{run} was triggered by {run.origin}"
            assert seen.run not in self.runs, f"another run than {run} should have come"
            run.id = seen.run
            self.runs[seen.run] = run
        else:
            assert seen.run == run.id, f"{what} of {run} should have come"

    # -- what is done to the app

    def _see_act(self, seen: Seen) -> None:
        name, *args = seen.data
        self._begin(getattr(self, name)(*args))

    def _see_acted(self, seen: Seen) -> None:
        """All that an act causes at once has come."""

    def open(self, session: int, follows: bool) -> Expecting:
        self.sessions[session] = Session(session, follows, dict(self._boxes))
        yield from ()

    def press(self, session: int, box: int, origin: str) -> Expecting:
        yield from self._trigger(self.sessions[session], ("click", box), origin)

    def change(self, session: int, box: int, value: Any) -> Expecting:
        one = self.sessions[session]
        if self._set(one, box, value):
            yield from self._trigger(one, ("change", box), None)

    def submit(self, session: int, part: int, values: tuple[Any, ...]) -> Expecting:
        """EV-26, EV-126: trigger modes do not matter, surplus values are left out."""
        needed = len(self.plan.parts[part].inputs)
        run = self._run(self.sessions[session], part, values[:needed], None)
        run.watched = True
        if len(values) < needed:
            yield from self._end(run, "error")
        else:
            yield from self._accept(run)

    def cancel(self, runs: list[int]) -> Expecting:
        yield from self._cancel([self.runs[number] for number in runs])

    def close(self, session: int) -> Expecting:
        one = self.sessions[session]
        one.closed = True
        yield from self._cancel([run for pending in one.pending.values() for run in pending.runs])

    def look(self, session: int, watched: bool, beginning: int) -> Expecting:
        """ST-10, EV-193: what repeats pauses while nobody looks, and gathers its inputs after that."""
        one = self.sessions[session]
        if watched and not one.watched and not beginning:
            for pending in one.pending.values():
                for run in pending.runs:
                    if run.calls and not run.open and run.facts.every is not None:
                        run.window = self._inputs(run)
        one.watched = watched
        yield from ()

    # -- what follows at once

    def _set(self, session: Session, box: int, value: Any) -> bool:
        before, session.values[box] = session.values[box], value
        for pending in session.pending.values() if session.follows else ():
            for run in pending.runs:
                if box in run.facts.inputs:
                    run.window.add(value)
        return before != value

    def _inputs(self, run: Run) -> set[Any]:
        """Values that the inputs of a repetition have; those of a Client stay as they were passed."""
        session = self.sessions[run.session]
        return {session.values[box] for box in run.facts.inputs} if session.follows else run.window

    def _trigger(self, session: Session, source: tuple[str, int], origin: str | None) -> Expecting:
        """EV-120: all listeners of an event, in registration order."""
        for part, facts in enumerate(self.plan.parts):
            if facts.source == source:
                yield from self._dispatch(session, part, origin)

    def _dispatch(self, session: Session, part: int, origin: str | None) -> Expecting:
        """EV-121 to EV-123: cancels, then the trigger mode, then the inputs."""
        if session.closed:
            return
        facts = self.plan.parts[part]
        victims = [
            run for one in facts.cancels if one in session.pending for run in session.pending[one].runs
        ]
        yield from self._cancel(victims)
        if part in session.pending:
            if facts.mode == "once":
                return
            if facts.mode == "always_last":
                session.pending[part].noted = (origin,)
                return
        if facts.kind == "nothing":
            yield from self._follow(session, part, "complete", origin)
        else:
            values = tuple(session.values[box] for box in facts.inputs)
            yield from self._accept(self._run(session, part, values, origin))

    def _run(self, session: Session, part: int, values: tuple[Any, ...], origin: str | None) -> Run:
        run = Run(part, self.plan.parts[part], session.number, values, origin, window=set(values))
        session.pending.setdefault(part, Pending()).runs.append(run)
        return run

    def _accept(self, run: Run) -> Expecting:
        seen = yield f"{run} to be accepted or refused"
        waiting, most = self.groups.waiting, self.plan.max_size
        if not run.facts.queue:  # EV-221
            self._is(seen, "start", run)
            assert (seen.data.position, seen.data.size) == (0, 0), "it does not wait"
            run.started = seen.now
        elif most is not None and waiting >= most:  # EV-229
            self._is(seen, "error", run)
            wanted = f"Queue is full. Max size is {most} and size is {waiting}."
            assert seen.data.message == wanted, f"the message is {seen.data.message}"
            yield from self._concluded(run, "error")
        else:
            self._is(seen, "place", run)
            self.groups.of(run).waiting.append(run)
            self.groups.place(run, seen)

    def _end(self, run: Run, outcome: str) -> Expecting:
        seen = yield f"{run} to end as {outcome}"
        self._is(seen, "error" if outcome == "error" else "complete", run)
        self.groups.discard(run)
        yield from self._concluded(run, outcome)

    def _concluded(self, run: Run, outcome: str) -> Expecting:
        """A run has its terminal status: its watcher is told, chains follow, then a noted trigger."""
        session = self.sessions[run.session]
        run.outcome = outcome
        pending = session.pending[run.part]
        pending.runs.remove(run)
        if not pending.runs:
            del session.pending[run.part]
        if run.watched:
            seen = yield f"the watcher of {run} to be told"
            self._is(seen, "ended", run)
            assert seen.data == outcome, f"the watcher was told {seen.data}, not {outcome}"
        if session.closed:
            return
        yield from self._follow(session, run.part, outcome, run.origin)
        if not pending.runs and pending.noted is not None:  # EV-123, EV-125
            yield from self._dispatch(session, run.part, *pending.noted)

    def _follow(self, session: Session, part: int, outcome: str, origin: str | None) -> Expecting:
        """EV-161, EV-162, EV-166."""
        if session.follows:
            for event in ("success" if outcome == "complete" else "failure", "then"):
                yield from self._trigger(session, (event, part), origin)

    def _cancel(self, runs: list[Run]) -> Expecting:
        """EV-273, EV-274: for the session they end at once."""
        for run in runs:
            if run.outcome is None:
                yield from self._end(run, "cancelled")

    # -- what comes by itself

    def _alive(self, seen: Seen) -> Run:
        """The run of a record that none may send that has ended or has not begun (EV-273, EV-274)."""
        assert seen.run in self.runs, f"{seen.what} of an unknown run"
        run = self.runs[seen.run]
        assert run.started is not None, f"{run} has not started"
        assert run.outcome is None, f"{run} has ended"
        return run

    def _see_call(self, seen: Seen) -> None:
        """The function is called, for one run or for those of a batch."""
        runs = [self.runs[number] for number in seen.data["runs"]]
        for run, values in zip(runs, seen.data["values"], strict=True):
            assert run.started is not None and run.part == seen.part, f"{run} is not to be called"
            assert run.readable or run.facts.every is not None, f"{run} cannot be called"
            if run.facts.every is None:
                assert run.calls == 0, f"{run} is called twice"
                assert values == run.values, f"{run} got {values}"  # EV-23
            else:
                self._repeats(run, set(values), seen.now)
            run.calls += 1
            run.open += 1
            run.stays = seen.data["stays"]
        if runs[0].facts.queue:
            self.groups.called(runs)

    def _repeats(self, run: Run, values: set[Any], now: float) -> None:
        """EV-192, EV-193."""
        assert not run.failed, f"{run} goes on after an error"
        assert run.left is None or now >= run.left + (run.facts.every or 0), f"{run} comes too early"
        assert values <= run.window, f"{run} got {values}"
        run.window = self._inputs(run)

    def _see_left(self, seen: Seen) -> None:
        """The function has really ended."""
        how = seen.data["how"]
        for number in seen.data["runs"]:
            run = self.runs[number]
            run.open -= 1
            run.failed |= how == "raised"
            run.left = seen.now
            if how == "closed":
                assert run.outcome or run.failed, f"{run} was closed"
            if how == "interrupted":  # EV-273: coroutines go on
                is_rightly = run.facts.kind == "async_generator" and run.outcome == "cancelled"
                assert is_rightly, f"{run} was interrupted"

    def _see_made(self, seen: Seen) -> None:
        """The function has made a step; of a cancelled run one more may be under way (EV-273)."""
        run = self.runs[seen.run]
        run.made.append(seen.data["step"])
        run.failed |= not seen.data["good"]
        run.late += run.outcome is not None
        assert run.late <= 1, f"{run} goes on"

    def _see_info(self, seen: Seen) -> None:
        self._alive(seen)  # EV-277

    def _see_step(self, seen: Seen) -> None:
        """The status of a step without values."""
        run = self._alive(seen)
        assert run.facts.lasting, f"{run} has no steps to tell of"
        run.told += 1

    def _see_deliver(self, seen: Seen) -> None:
        run = self._alive(seen)
        assert not self.sessions[run.session].closed and run.session == seen.session, "the wrong session"
        step, values = seen.data
        assert (step, True) in run.made and step > (run.delivered or [0])[-1], f"{run} delivers step {step}"
        run.delivered.append(step)
        self._begin(self._delivered(run, values))

    def _delivered(self, run: Run, values: dict[int, Any]) -> Expecting:
        """EV-127, EV-129, EV-323: the status of a step comes after it, then what the changes cause."""
        session = self.sessions[run.session]
        changed = [box for box, value in values.items() if self._set(session, box, value)]
        if run.watched:
            self._is((yield f"the watcher of {run} to get the step"), "given", run)
        if run.facts.lasting:
            self._is((yield f"the status of a step of {run}"), "step", run)
            run.told += 1
        if session.follows:
            for box in changed:
                yield from self._trigger(session, ("change", box), run.origin)

    def _see_complete(self, seen: Seen) -> None:
        run = self._alive(seen)
        assert run.facts.every is None, f"{run} may not stop by itself"
        assert not run.failed and run.readable, f"{run} has failed"
        assert run.calls == 1 and not run.open, f"{run} has not been called, or has not ended"
        owed = [step for step, brings in run.made if brings]
        assert run.delivered == owed, f"{run} should have delivered {owed}"
        told = len(run.made) if run.facts.lasting else 0
        assert run.told == told, f"{run} should have told of {told} steps"
        self.groups.completed(run, seen.now)
        self._begin(self._concluded(run, "complete"))

    def _see_error(self, seen: Seen) -> None:
        run = self._alive(seen)
        assert not run.open, f"{run} has not ended"
        assert run.failed or not run.readable, f"{run} has not failed"
        self._begin(self._concluded(run, "error"))

    # -- when all wait for time to pass; ``data`` is how many pieces of work have not begun

    def _see_idle(self, seen: Seen) -> None:
        self.groups.check_idle(seen.data, seen.now)
        for run in self.runs.values() if not seen.data else ():
            if run.started is not None and run.outcome is None and not run.open:
                assert run.facts.every is not None and not run.failed, f"{run} hangs"
            if run.outcome == "cancelled" and run.open:  # EV-273
                assert run.facts.kind != "async_generator", f"{run} was not interrupted"

    def _see_drained(self, seen: Seen) -> None:
        """Much time has passed: what has not ended has a reason."""
        assert not seen.data, "work has not begun"
        for run in self.runs.values():
            if run.started is not None and (run.outcome is None or run.open):
                assert run.facts.every is not None or (run.open and run.stays), f"{run} hangs"

    def _see_over(self, seen: Seen) -> None:
        """All sessions are closed, and the functions have ended."""
        for run in self.runs.values():
            assert run.outcome is not None and not run.open, f"{run} has not ended"
        for group in self.groups:
            assert not group.waiting and not group.busy, "the queue is not empty"
