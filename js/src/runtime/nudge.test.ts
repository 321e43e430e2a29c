import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { GAP, MOST, Nudge, PATIENCE, PROBE, trafficOf } from "./nudge";
import { Timers } from "./timers";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** With `seen`, the host tells of its traffic: `bring()` is a message that is not the answer. */
function setUp(seen = false) {
  const send = vi.fn();
  const abort = new AbortController();
  let bring = () => {};
  const traffic = (heard: () => void) => {
    bring = heard;
    return seen;
  };
  vi.advanceTimersByTime(1000);
  const nudge = new Nudge(send, new Timers(abort.signal), traffic);
  const answered = (after: number) => {
    nudge.awaiting();
    vi.advanceTimersByTime(after);
    nudge.heard();
  };
  return { send, nudge, answered, abort, bring: () => bring() };
}

test("a late answer is nudged once where no traffic is seen", () => {
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

test("what the connection brings before the answer is acknowledged at once, with a gap, and not for ever", () => {
  const { send, nudge, bring } = setUp(true);
  bring();
  expect(send).not.toHaveBeenCalled();
  nudge.awaiting();
  bring();
  expect(send).toHaveBeenCalledTimes(1);
  bring();
  expect(send).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(GAP);
  expect(send).toHaveBeenCalledTimes(2);
  for (let i = 0; i < 20; i++) {
    bring();
    vi.advanceTimersByTime(GAP);
  }
  expect(send).toHaveBeenCalledTimes(MOST);
  nudge.heard();
  bring();
  expect(send).toHaveBeenCalledTimes(MOST);
});

test("a server that is prompt by itself gets no nudges, until it is late again", () => {
  const { send, nudge, answered, bring } = setUp(true);
  for (let i = 0; i < PROBE; i++) answered(4);
  nudge.awaiting();
  bring();
  expect(send).not.toHaveBeenCalled();
  nudge.heard();
  for (let i = 0; i < 3; i++) answered(48);
  nudge.awaiting();
  bring();
  expect(send).toHaveBeenCalledTimes(1);
});

test("a slow handler says nothing about the server", () => {
  const { send, nudge, answered, bring } = setUp(true);
  for (let i = 0; i < PROBE - 1; i++) answered(4);
  answered(400);
  nudge.awaiting();
  bring();
  expect(send).toHaveBeenCalledTimes(1);
});

test("nothing is sent after an abort", () => {
  const { send, nudge, abort } = setUp();
  nudge.awaiting();
  abort.abort();
  vi.advanceTimersByTime(1000);
  expect(send).not.toHaveBeenCalled();
});

test("traffic is read from the connection of the widget manager, if it has one", () => {
  const slots = new Set<(sender: unknown, args: { direction?: string }) => void>();
  const anyMessage = { connect: slots.add.bind(slots), disconnect: slots.delete.bind(slots) };
  const abort = new AbortController();
  const heard = vi.fn();
  expect(trafficOf({ kernel: { anyMessage } } as never, abort.signal)(heard)).toBe(true);
  for (const slot of slots) for (const direction of ["send", "recv"]) slot(null, { direction });
  expect(heard).toHaveBeenCalledTimes(1);
  abort.abort();
  expect(slots.size).toBe(0);
  expect(trafficOf(undefined, new AbortController().signal)(heard)).toBe(false);
});
