// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { BREATH, PATIENCE } from "./announcing";
import { define } from "./define";
import { listener, settle, show } from "./support";
import type { Listener, RunRecord } from "./wire";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const registry = { blocks: define(({ children }) => children), textbox: define(() => <input />) };

async function open(...listeners: Listener[]) {
  const more = { "2.label": "Answer" };
  const { el, model } = await show(registry, { tree: [1, "blocks", [[2, "textbox", []]]], listeners, ...more });
  const said: string[] = [];
  const region = el.querySelector(".nbb-announced")!;
  const note = () => {
    if (region.textContent) said.push(region.textContent);
  };
  new MutationObserver(note).observe(region, { childList: true, subtree: true, characterData: true });
  const run = async (of: Listener, stage: RunRecord["stage"], run: number, more: Partial<RunRecord> = {}) => {
    model.update({ [`run.${of.id}`]: { stage, run, ...more } });
    await settle();
  };
  return { el, said, run, region };
}

// TR-53
test("a run is told of when it lasts, when it is done and when it has failed, in one polite region", async () => {
  const one = listener([[2, "submit"]], { outputs: [2] });
  const { el, said, run, region } = await open(one);
  expect(el.querySelectorAll(".nbb-announced")).toHaveLength(1);
  expect([region.getAttribute("role"), region.getAttribute("aria-live")]).toEqual(["status", "polite"]);
  await run(one, "pending", 1);
  await settle(PATIENCE + BREATH);
  await run(one, "complete", 1);
  await settle(BREATH);
  expect(said).toEqual(["Running: Answer", "Done: Answer"]);
  await run(one, "pending", 2);
  await run(one, "error", 2, { message: "no" });
  await settle(BREATH);
  await run(one, "pending", 3);
  await run(one, "error", 3, { message: "no" });
  await settle(BREATH);
  expect(said.slice(2)).toEqual(["Failed: Answer", "Failed: Answer"]); // the same again is said again
});

// TR-53
test("steps and progress say nothing, however many there are", async () => {
  const one = listener([[2, "submit"]], { outputs: [2] });
  const { said, run } = await open(one);
  await run(one, "pending", 1);
  for (let step = 0; step < 300; step += 1) {
    await run(one, step % 2 ? "generating" : "pending", 1, { time: step / 30 });
    await settle(13);
  }
  await run(one, "complete", 1);
  await settle(BREATH);
  expect(said).toEqual(["Running: Answer", "Done: Answer"]);
});

// TR-53
test("what comes by itself or with every key is told of only if it lasts or fails", async () => {
  const quiet = ["input", "change", "tick", "load", "stream"].map((event) => listener([[2, event]], { outputs: [2] }));
  const { said, run } = await open(...quiet);
  for (const one of quiet) {
    for (let nth = 0; nth < 20; nth += 1) {
      await run(one, "pending", nth);
      await run(one, "complete", nth);
      await settle(BREATH);
    }
  }
  expect(said).toEqual([]);
  await run(quiet[0]!, "error", 99, { message: "no" });
  await settle(BREATH);
  expect(said).toEqual(["Failed: Answer"]);
});

// TR-53
test("of runs that follow each other at once the last is told, and none of another page", async () => {
  const [one, two] = [listener([[2, "click"]], { outputs: [2] }), listener([[2, "click"]])];
  const hidden = listener([[2, "click"]], { show_progress: "hidden" });
  const { said, run } = await open(one, two, hidden);
  await run(one, "complete", 1);
  await run(two, "complete", 2);
  await settle(BREATH);
  expect(said).toEqual(["Done"]);
  await run(one, "complete", 3, { origin: "another" });
  await run(hidden, "complete", 4);
  await settle(BREATH);
  expect(said).toEqual(["Done"]);
});
