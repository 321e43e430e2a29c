import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { define, type Emit, type Registry } from "./define";
import { type FakeModel, listener, settle, show } from "./support";
import { DEBOUNCE, PARTING } from "./transport";
import type { Listener, TreeNode } from "./wire";

let emits: Record<number, Emit<string>>;
const registry: Registry = {
  blocks: define<object, string>(({ children, emit, node }) => {
    emits[node.id] = emit;
    return <div>{children}</div>;
  }),
  textbox: define<{ value: string }, string>(({ props, emit, node }) => {
    emits[node.id] = emit;
    return <output>{props.value}</output>;
  }),
};
const tree: TreeNode = [
  1,
  "blocks",
  [
    [2, "textbox", []],
    [3, "textbox", []],
  ],
];

beforeEach(() => {
  emits = {};
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

async function open(listeners: Listener[] = [], state: Record<string, unknown> = {}, model?: FakeModel) {
  const app = await show(registry, { tree, listeners, ...state }, model);
  return { ...app, emit: (id: number) => emits[id]!, talk: () => app.model.sent.filter((one) => one.type !== "hello") };
}

test("a view says hello, beats and says goodbye", async () => {
  const { model, close } = await open();
  expect(model.sent.map((one) => one.type)).toEqual(["hello"]);
  await settle(15_000);
  close();
  await settle(PARTING);
  expect(model.sent.map((one) => [one.type, one.seq])).toEqual([
    ["hello", 0],
    ["beat", 1],
    ["bye", 2],
  ]);
});

test("an event that somebody listens to is sent at once, with the new value", async () => {
  const { emit, talk } = await open([listener([[2, "submit"]])]);
  emit(2)("submit", { value: "a", data: { key: 1 } });
  expect(talk()).toMatchObject([
    { type: "event", node: 2, event: "submit", data: { key: 1 }, values: [[2, "a"]], seq: 1 },
  ]);
});

test("an event that nobody listens to is no message (EV-130)", async () => {
  const { emit, talk } = await open();
  emit(2)("focus");
  await settle(1000);
  expect(talk()).toEqual([]);
});

test("values nobody listens to are sent when the user pauses", async () => {
  const { emit, talk } = await open();
  emit(2)("input", { value: "a" });
  await settle(DEBOUNCE - 100);
  emit(2)("input", { value: "ab" });
  expect(talk()).toEqual([]);
  await settle(DEBOUNCE);
  expect(talk()).toMatchObject([{ type: "values", values: [[2, "ab"]], seq: 1 }]);
});

test("values nobody listens to ride along with an event", async () => {
  const { emit, talk } = await open([listener([[3, "submit"]])]);
  emit(2)("input", { value: "a" });
  emit(3)("submit");
  await settle(1000);
  expect(talk().filter((one) => one.type !== "nudge")).toMatchObject([{ event: "submit", values: [[2, "a"]] }]);
});

test("a value with a change listener is sent at once, and the event change never", async () => {
  const { emit, talk, model } = await open([listener([[2, "change"]])]);
  emit(2)("input", { value: "a" });
  expect(talk()).toMatchObject([{ type: "values", values: [[2, "a"]] }]);
  model.update({ heard: { [model.sent[0]!.view]: 1 } });
  emit(2)("change", { value: "b" });
  emit(2)("change", { value: "b" });
  expect(talk().map((one) => one.type)).toEqual(["values", "values"]);
});

test("change of a block without a value is an event like others", async () => {
  const { emit, talk } = await open([listener([[1, "change"]])]);
  emit(1)("change");
  expect(talk()).toMatchObject([{ type: "event", node: 1, event: "change", data: null, values: [] }]);
});

test("waiting values are sent when the focus leaves, and when the page is left", async () => {
  const { emit, talk, el } = await open();
  emit(2)("input", { value: "a" });
  el.dispatchEvent(new Event("focusout"));
  expect(talk()).toMatchObject([{ type: "values", values: [[2, "a"]] }]);
  emit(2)("input", { value: "b" });
  window.dispatchEvent(new Event("pagehide"));
  expect(talk().slice(1)).toMatchObject([{ type: "values", values: [[2, "b"]] }, { type: "bye" }]);
});

test("an edit is set in the model, so that a notebook saved now has it", async () => {
  const { emit, model, el } = await open();
  emit(2)("input", { value: "a" });
  await settle();
  expect(model.get("2.value")).toBe("a");
  expect(el.textContent).toContain("a");
});

test("an echo of another page is applied, one of this page is not", async () => {
  const { emit, model } = await open();
  const { view } = model.sent[0]!;
  emit(2)("input", { value: "newer" });
  model.message({ type: "echo", view, values: [[2, "older"]] });
  expect(model.get("2.value")).toBe("newer");
  await settle(DEBOUNCE);
  model.message({ type: "echo", view: "other", values: [[2, "before"]], heard: { [view]: 0 } });
  expect(model.get("2.value")).toBe("newer"); // TR-30
  model.message({ type: "echo", view: "other", values: [[2, "theirs"]], heard: { [view]: 1 } });
  expect(model.get("2.value")).toBe("theirs");
});

test("two views of a page share edits; an echo of one does not undo the other's typing", async () => {
  const one = await open();
  const emit = one.emit(2);
  const { el } = await open([], {}, one.model);
  emit("input", { value: "abc" });
  await settle();
  expect(el.textContent).toContain("abc");
  one.model.message({ type: "echo", view: one.model.sent[0]!.view, values: [[2, "a"]] });
  expect(one.model.get("2.value")).toBe("abc");
});

test("an event that is answered late is followed by a nudge without number", async () => {
  const { emit, talk, model } = await open([listener([[2, "submit"]])]);
  emit(2)("submit");
  await settle(20);
  expect(talk().map((one) => [one.type, one.seq])).toEqual([
    ["event", 1],
    ["nudge", undefined],
  ]);
  model.update({ "3.value": "answer" });
  emit(2)("submit");
  model.update({ "3.value": "at once" });
  await settle(100);
  expect(talk().filter((one) => one.type === "nudge")).toHaveLength(1);
});

test("nothing is sent or set once the app was closed", async () => {
  const { emit, model, talk } = await open([listener([[2, "submit"]])]);
  model.message({ type: "close", note: "over" });
  emit(2)("submit", { value: "a" });
  expect(talk()).toEqual([]);
  expect(model.get("2.value")).toBeUndefined();
});

test("a kernel that cannot be reached is said in the page", async () => {
  const { emit, model, el } = await open([listener([[2, "submit"]])]);
  model.send = () => {
    throw new Error("Cannot send");
  };
  emit(2)("submit");
  await settle();
  expect(el.querySelector(".nbb-note")?.textContent).toContain("The kernel is gone");
});
