import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Nudge, PATIENCE, PROBE } from "./nudge";
import { Timers } from "./timers";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp() {
  const send = vi.fn();
  const abort = new AbortController();
  const nudge = new Nudge(send, new Timers(abort.signal));
  const answered = (after: number) => {
    nudge.awaiting();
    vi.advanceTimersByTime(after);
    nudge.heard();
  };
  return { send, nudge, answered, abort };
}

test("a late answer is nudged once", () => {
  const { send, nudge } = setUp();
  nudge.awaiting();
  vi.advanceTimersByTime(PATIENCE - 1);
  expect(send).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1000);
  expect(send).toHaveBeenCalledTimes(1);
});

test("an answer in time calls the nudge off", () => {
  const { send, answered } = setUp();
  answered(5);
  vi.advanceTimersByTime(1000);
  expect(send).not.toHaveBeenCalled();
});

test("a server that is prompt by itself gets no nudges, until it is late again", () => {
  const { send, answered } = setUp();
  for (let i = 0; i < PROBE; i++) answered(4);
  for (let i = 0; i < 3; i++) answered(48);
  expect(send).not.toHaveBeenCalled();
  answered(48);
  expect(send).toHaveBeenCalledTimes(1);
});

test("a slow handler says nothing about the server", () => {
  const { send, answered } = setUp();
  for (let i = 0; i < PROBE - 1; i++) answered(4);
  answered(400);
  answered(48);
  expect(send).toHaveBeenCalledTimes(1);
});

test("nothing is sent after an abort", () => {
  const { send, nudge, abort } = setUp();
  nudge.awaiting();
  abort.abort();
  vi.advanceTimersByTime(1000);
  expect(send).not.toHaveBeenCalled();
});
