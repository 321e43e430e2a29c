"""Random apps with random histories, in simulated time, beside a model of what has to happen.

`plans` draws the apps, `planned` builds one that logs what happens, `simulation` lets time pass, and `model`
reads the log. A failure tells the plan and the steps that lead to it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import anyio
import anyio.lowlevel
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from nbblocks.core import announcing

from .model import Model
from .planned import PlannedApp
from .plans import HELD, UNREADABLE, Plan, indices, plans
from .simulation import AsyncioLoop, Loop, TrioLoop

pytestmark = pytest.mark.usefixtures("silent")

TIMES = float(os.environ.get("NBBLOCKS_EXAMPLES", "1"))
"""Multiplies the number of examples, for long runs by hand."""

# -- histories

ACTS = ["fire"] * 8 + ["call"] * 5 + ["change"] * 2 + ["cancel"] * 2 + ["close", "look", "look"]
values = st.sampled_from([0.0, 1.0, 2.0, 0.0, 1.0, UNREADABLE])
act = st.tuples(st.sampled_from(ACTS), indices, indices, values)
"""What is done to the app: its name, two numbers that choose listeners, boxes, runs or pages, and a value."""
acts = st.lists(act, min_size=1, max_size=4)


class Scheduling(RuleBasedStateMachine):
    """What is done together, and then the time that passes before the next step."""

    loop_class: Callable[[], Loop] = TrioLoop

    @initialize(plan=plans, _order=st.random_module())
    def start(self, plan: Plan, _order: Any) -> None:
        """Open the pages and a Client. Trio takes the order of its tasks from the random module's seed."""
        self.plan, self.read, self.presses = plan, 0, 0
        self.sound = False
        """Whether nothing has failed: the teardown has something to look at."""
        self.at_once, announcing.AT_ONCE = announcing.AT_ONCE, plan.at_once
        self.loop = type(self).loop_class()
        self.app = self.loop.run(self.build)
        self.model = Model(plan, dict.fromkeys(self.app.boxes, 0.0))
        self.loop.spawn(self.app.scheduler.serve)
        self.places = list(range(plan.pages + 1))
        """The session of each page, the Client's last."""
        self.pass_time([("open", page, page < plan.pages) for page in self.places], 0)

    async def build(self) -> PlannedApp:
        return PlannedApp(self.plan, self.loop.time)

    @rule(acts=acts, turns=st.integers(1, 4))
    def tick(self, acts: list[Any], turns: int) -> None:
        """Let the tasks get a little further, in no time."""

        async def job() -> None:
            self.do([one for drawn in acts for one in self.meant(*drawn)])
            for _ in range(turns):
                await anyio.lowlevel.checkpoint()

        self.run(job)

    @rule(acts=acts, seconds=st.sampled_from([0, 0, 1, 2, 5]))
    def advance(self, acts: list[Any], seconds: float) -> None:
        """Let all tasks do what they can in so many seconds."""
        self.pass_time([one for drawn in acts for one in self.meant(*drawn)], seconds)

    def pass_time(self, acts: list[Any], seconds: float) -> None:
        async def job() -> None:
            self.do(acts)
            await anyio.sleep(seconds)
            await self.loop.settle()
            self.app.note("idle", data=self.app.desk.beginning)

        self.run(job)
        self.compare()

    def meant(self, name: str, first: int, second: int, value: Any) -> Iterator[tuple[Any, ...]]:
        """What a drawn act comes to in this app."""
        parts, page = self.plan.parts, self.places[second % self.plan.pages]
        if name == "fire":
            part = parts[first % len(parts)]
            while part.source[0] not in ("click", "change"):
                part = parts[part.source[1]]
            event, box = part.source
            for _ in range(1 + second // 3):
                self.presses += 1
                press = "press", page, box, f"press {self.presses}"
                yield press if event == "click" else ("change", page, box, value)
        elif name == "call" and (numbers := [n for n, one in enumerate(parts) if one.kind != "nothing"]):
            called = numbers[first % len(numbers)]
            # One value for each input, at times one too many or too few.
            count = max(0, len(parts[called].inputs) + {0: -1, 1: 1}.get(second, 0))
            for _ in range(1 + second // 3):
                yield "submit", self.places[-1], called, (value,) * count
        elif name == "change":
            yield "change", page, HELD[first % len(HELD)], value
        elif name == "cancel":
            yield "cancel", first, 1 + second % 3
        elif name == "look":
            yield "look", page, bool(first % 3)
        elif name == "close":  # and another one is opened at its place
            place, new = second % len(self.places), max(self.places) + 1
            yield "close", self.places[place]
            yield "open", new, place < self.plan.pages
            self.places[place] = new

    def do(self, acts: list[Any]) -> None:
        for name, *args in acts:
            if name == "cancel":
                running = [w.run.id for w in self.app.watchers if w.run is not None and not w.run.ended]
                args = [running[args[0] :][: args[1]]]
            self.app.do(name, *args)

    def run(self, job: Callable[[], Any]) -> None:
        """Run a job, and let the model read what has happened."""
        self.sound = False
        self.loop.run(job)
        if self.loop.failure is not None:
            raise self.loop.failure
        while self.read < len(self.app.log):
            self.read += 1
            try:
                self.model.read(self.app.log[self.read - 1])
            except Exception as error:
                raise AssertionError(self.story(error)) from error
        self.sound = True

    def story(self, error: Exception) -> str:
        """What went wrong, and what was before."""
        before = self.app.log[max(0, self.read - 25) : self.read]
        wanted = f" (wanted: {self.model.wanted})" if self.model.wanted else ""
        return f"{error!r}{wanted}, after\n" + "\n".join(f"  {one}" for one in before)

    def compare(self) -> None:
        """What the scheduler keeps is what the model keeps (EV-122)."""
        self.sound = False
        for number, session in enumerate(self.app.sessions):
            pending = [
                (listener.id, [run.id for run in one.runs], one.noted is not None)
                for listener, one in session.pending.items()
            ]
            assert pending == list(self.model.pending(number)), f"pending runs of session {number}"
            values = {box: session.value(node) for box, node in self.app.boxes.items()}
            assert values == self.model.sessions[number].values, f"values of session {number}"
        assert self.app.scheduler.waiting == self.model.groups.waiting
        if not self.app.desk.beginning:  # then it is known which slots are taken (EV-230)
            taken = sum(len(group.slots) for group in self.app.scheduler.queue._groups.values())
            assert taken == sum(group.busy for group in self.model.groups), f"{taken} slots are taken"
        self.sound = True

    def teardown(self) -> None:
        if not hasattr(self, "loop"):
            return
        try:
            if self.sound:
                self.finish()
        finally:
            announcing.AT_ONCE = self.at_once
            self.loop.close()

    def finish(self) -> None:
        """Let all end that can, close everything: no slot, no group and no pending run may be left."""
        self.drain([("look", number, False) for number in self.places])
        self.note("drained")
        self.drain([("close", number) for number in self.places])
        self.note("over")
        assert not self.app.scheduler.queue._groups
        for watcher in self.app.watchers:
            assert watcher.run is not None
            sink: Any = watcher.run.session.sink
            assert watcher.statuses == [one for one in sink.statuses if one.run == watcher.run.id]
        known = {one.run for session in self.app.sessions for one in session.sink.statuses}  # type: ignore[attr-defined]
        assert known == set(self.model.runs)
        self.stop()

    def drain(self, acts: list[Any]) -> None:
        """Let time pass until longer than anything takes nothing has happened but that places were told."""
        happened = True
        while happened:
            before = len(self.app.log)
            self.pass_time(acts, 16)
            acts = []
            happened = any(one.what not in ("place", "idle") for one in self.app.log[before:])

    def note(self, what: str) -> None:
        async def job() -> None:
            self.app.note(what, data=self.app.desk.beginning)

        self.run(job)

    def stop(self) -> None:
        async def job() -> None:
            self.app.scheduler.stop()
            await anyio.sleep(1)
            assert self.app.scheduler._tasks is None, "the scheduler has not ended"

        self.loop.run(job)


class SchedulingOnAsyncio(Scheduling):
    """The same on the loop that kernels run."""

    loop_class = AsyncioLoop


@pytest.mark.timeout(300 * max(1.0, TIMES))
@pytest.mark.parametrize(("machine", "examples"), [(Scheduling, 1000), (SchedulingOnAsyncio, 1000)])
def test_random_apps_do_what_the_model_says(machine: type[Scheduling], examples: int) -> None:
    # EV-26 EV-78 EV-120 EV-121 EV-122 EV-123 EV-125 EV-126 EV-127 EV-129 EV-161 EV-162 EV-164 EV-165 EV-166
    # EV-192 EV-193 EV-221 EV-223 EV-224 EV-226 EV-227 EV-229 EV-230 EV-231 EV-250 EV-251 EV-252 EV-253 EV-256
    # EV-257 EV-272 EV-273 EV-274 EV-276 EV-277 EV-278 EV-290 EV-297 EV-322 EV-323 EV-325
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=int(examples * TIMES),
            stateful_step_count=15,
            deadline=None,
            print_blob=True,
            suppress_health_check=[HealthCheck.too_slow],  # a busy machine is slow, and time is simulated
        ),
    )
