import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { define, type Emit, type Registry } from "./define";
import { LOST } from "./pacing";
import { type FakeModel, listener, settle, show } from "./support";
import { DEBOUNCE } from "./transport";
import type { Listener, TreeNode } from "./wire";

let emits: Record<number, Emit<string>>;
const registry: Registry = {
  blocks: define<object, string>(({ children }) => <div>{children}</div>),
  textbox: define<{ value: string }, string>(({ props, emit, node }) => {
    emits[node.id] = emit;
    return <output>{props.value}</output>;
  }),
};
const box: TreeNode = [2, "textbox", []];
const tree: TreeNode = [1, "blocks", [box, [3, "textbox", []]]];

beforeEach(() => {
  emits = {};
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

async function open(listeners: Listener[] = [], model?: FakeModel) {
  const app = await show(registry, { tree, listeners }, model);
  const { view } = app.model.sent.at(-1)!;
  const own = { ...emits };
  return {
    ...app,
    view,
    type: (value: string, id = 2) => own[id]!("input", { value }),
    said: () => app.model.sent.filter((one) => !["hello", "nudge"].includes(one.type)),
    /** What the kernel says, which knows of the messages up to `seq`. */
    says: async (seq: number, changes: Record<string, unknown> = {}) => {
      app.model.update({ heard: { [view]: seq }, ...changes });
      await settle();
    },
    shown: () => [...app.el.querySelectorAll("output")].map((one) => one.textContent),
  };
}

const up = (more: Partial<Listener> = {}) => listener([[2, "input"]], { inputs: [2], outputs: [2], ...more });

// TR-30
test("what the kernel has not seen is not overwritten, and the answer to it is shown", async () => {
  const { type, says, shown, model } = await open([up({ trigger_mode: "multiple" })]);
  type("h");
  type("he");
  await says(1, { "2.value": "H", "3.value": "other" });
  expect(shown()).toEqual(["he", "other"]);
  expect(model.get("2.value")).toBe("he"); // a notebook saved now has it
  await says(2, { "2.value": "HE" });
  expect(shown()[0]).toBe("HE");
});

// TR-30
test("an answer that is what was refused before is shown", async () => {
  const { type, says, shown } = await open([up({ trigger_mode: "multiple" })]);
  type("a");
  type("ab");
  await says(1, { "2.value": "fixed" });
  expect(shown()[0]).toBe("ab");
  await says(2, { "2.value": "fixed" });
  expect(shown()[0]).toBe("fixed");
});

// TR-30
test("what is not sent yet is newer than all that comes", async () => {
  const { type, says, shown } = await open();
  type("a");
  await says(0, { "2.value": "from a timer" });
  expect(shown()[0]).toBe("a");
  await settle(DEBOUNCE);
  await says(1, { "2.value": "of a later tick" });
  expect(shown()[0]).toBe("of a later tick");
});

// TR-30
test("a host that sets key by key is understood", async () => {
  const { type, shown, model, view } = await open([up()]);
  type("a");
  model.set("heard", { [view]: 1 });
  model.set("2.value", "A");
  await settle();
  expect(shown()[0]).toBe("A");
});

// TR-30
test("of two views of a page one keeps what was typed into the other", async () => {
  const listeners = [up({ trigger_mode: "multiple" })];
  const one = await open(listeners);
  const { type } = one;
  const other = await open(listeners, one.model);
  type("h");
  type("he");
  await one.says(1, { "2.value": "H" });
  expect([one.shown()[0], other.shown()[0]]).toEqual(["he", "he"]);
  await one.says(2, { "2.value": "HE" });
  expect([one.shown()[0], other.shown()[0]]).toEqual(["HE", "HE"]);
});

// TR-30
test("an echo of another page that is older than what was set here is not taken", async () => {
  const { type, model, view, shown } = await open([up()]);
  type("mine");
  model.message({ type: "echo", view: "other", values: [[2, "theirs"]], heard: { [view]: 0 } });
  await settle();
  expect(shown()[0]).toBe("mine");
  model.message({ type: "echo", view: "other", values: [[2, "later"]], heard: { [view]: 1 } });
  await settle();
  expect(shown()[0]).toBe("later");
});

// TR-30
test("a value that is too long to be sent does not stand in the way of others", async () => {
  const { type, says, shown } = await open([up()]);
  type("x".repeat(20 * 1024 * 1024));
  await says(0, { "2.value": "what the kernel has" });
  expect(shown()[0]).toBe("what the kernel has");
});

// TR-33
test("while an event is unanswered the newest value waits, and goes last", async () => {
  const one = up();
  const { type, says, said } = await open([one]);
  for (const text of ["h", "he", "hel"]) type(text);
  expect(said()).toMatchObject([{ type: "event", values: [[2, "h"]], seq: 1 }]);
  await says(1, { [`run.${one.id}`]: { stage: "pending", run: 1 } });
  type("hell");
  expect(said()).toHaveLength(1);
  await says(1, { [`run.${one.id}`]: { stage: "complete", run: 1 }, "2.value": "H" });
  expect(said()[1]).toMatchObject({ type: "event", event: "input", values: [[2, "hell"]], seq: 2 });
  await says(2, { [`run.${one.id}`]: { stage: "complete", run: 2 } });
  expect(said()).toHaveLength(2);
});

// TR-33
test("each event is sent where the author asked for it", async () => {
  const { type, said } = await open([up({ trigger_mode: "multiple" })]);
  for (const text of ["h", "he", "hel"]) type(text);
  expect(said().map((one) => one.values)).toEqual([[[2, "h"]], [[2, "he"]], [[2, "hel"]]]);
});

// TR-33
test("an event goes to a listener that is free; one that was busy gets it afterwards", async () => {
  const [slow, quick] = [up(), up()];
  const { type, says, said, model, view } = await open([slow, quick]);
  type("h");
  const going = { [`run.${slow.id}`]: { stage: "pending", run: 1 } };
  await says(1, { ...going, [`run.${quick.id}`]: { stage: "complete", run: 2 } });
  type("he");
  expect(said()[1]).toMatchObject({ type: "event", values: [[2, "he"]] });
  model.message({ type: "busy", view, seq: 2, node: 2, listeners: [slow.id] });
  await says(2, { [`run.${quick.id}`]: { stage: "complete", run: 3 } });
  expect(said()).toHaveLength(2);
  await says(2, { [`run.${slow.id}`]: { stage: "complete", run: 1 } });
  expect(said()[2]).toMatchObject({ type: "event", event: "input", only: [slow.id] });
  await says(3, { [`run.${slow.id}`]: { stage: "complete", run: 4 } });
  expect(said()).toHaveLength(3);
});

// TR-33
test("what waits is told to the kernel with the next message, and goes with it", async () => {
  const press = listener([[3, "submit"]]);
  const { type, said, says } = await open([up(), press]);
  type("h");
  type("he");
  emits[3]!("submit");
  expect(said()[1]).toMatchObject({ event: "submit", values: [[2, "he"]], waiting: [2] });
  await says(2);
  expect(said()[2]).toMatchObject({ event: "input", values: [] });
  expect(said()[2]).not.toHaveProperty("waiting");
});

// TR-33
test("a value that waits reaches the kernel when the user pauses, however long the run", async () => {
  const one = up();
  const { type, said, says } = await open([one]);
  type("h");
  await says(1, { [`run.${one.id}`]: { stage: "generating", run: 1 } });
  type("he");
  await settle(DEBOUNCE);
  expect(said()[1]).toMatchObject({ type: "values", values: [[2, "he"]], waiting: [2] });
});

// TR-33
test("an event whose message was lost does not hold the next ones for ever", async () => {
  const { type, said } = await open([up()]);
  type("h");
  type("he");
  await settle(LOST);
  expect(said().at(-1)).toMatchObject({ type: "event", event: "input" });
});

// TR-33
test("what waits goes when the page is left", async () => {
  const { type, said, close } = await open([up()]);
  type("h");
  type("he");
  close();
  expect(said().map((one) => [one.type, one.values])).toEqual([
    ["event", [[2, "h"]]],
    ["event", [[2, "he"]]],
  ]);
});

// TR-33
test("changes wait as well, and are sent once", async () => {
  const one = listener([[2, "change"]], { inputs: [2], outputs: [3], trigger_mode: "always_last" });
  const { type, says, said } = await open([one]);
  for (const text of ["h", "he", "hel"]) type(text);
  expect(said()).toMatchObject([{ type: "values", values: [[2, "h"]] }]);
  await says(1, { [`run.${one.id}`]: { stage: "complete", run: 1 } });
  expect(said()[1]).toMatchObject({ type: "values", values: [[2, "hel"]] });
  expect(said()).toHaveLength(2);
});

// TR-33
test("clicks do not wait: the kernel says what comes of them (EV-123)", async () => {
  const { said } = await open([listener([[3, "submit"]])]);
  for (let i = 0; i < 3; i++) emits[3]!("submit");
  expect(said()).toHaveLength(3);
});

// TR-30
test("what js gives that began before the last edit waits for the answer to that", async () => {
  const js = "async (v) => { await new Promise((done) => setTimeout(done, 100)); return v.toUpperCase(); }";
  const { type, shown } = await open([up({ js, backend: false })]);
  type("h");
  await settle(50);
  type("he");
  await settle(60);
  expect(shown()[0]).toBe("he");
  await settle(200);
  expect(shown()[0]).toBe("HE");
});
