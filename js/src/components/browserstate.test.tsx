import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { READING } from "../runtime/app";
import { define, type Registry } from "../runtime/define";
import { FakeModel, listener, settle, show } from "../runtime/support";
import type { TreeNode } from "../runtime/wire";
import browserstate, { Cipher } from "./browserstate";

const registry: Registry = {
  blocks: define(({ children }) => <div>{children}</div>),
  browserstate,
  button: define<object, "click">(({ emit }) => <button type="button" onClick={() => emit("click")} />),
};
const tree: TreeNode = [
  1,
  "blocks",
  [
    [2, "browserstate", []],
    [3, "button", []],
  ],
];
const named = { "2.storage_key": "mine", "2.secret": "s", "2.value": 0 };

const open = (state: Record<string, unknown> = named, model = new FakeModel()) =>
  show(registry, { tree, listeners: [listener([[3, "click"]])], ...state }, model);

const keep = async (value: unknown, secret = "s") =>
  localStorage.setItem("mine", await new Cipher().seal(JSON.stringify(value), "mine", secret));

const kept = async (key = "mine") => JSON.parse(await new Cipher().open(localStorage.getItem(key)!, key, "s"));

const talk = (model: FakeModel) =>
  model.sent.filter(({ type }) => type !== "nudge").map(({ type, values }) => [type, values]);

const greeted = (model: FakeModel) => vi.waitFor(() => expect(model.of("hello").length).toBe(1));

beforeEach(() => localStorage.clear());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("hello brings what the browser has kept, and only that is waited for (ST-81)", async () => {
  await keep({ name: "Ada" });
  const { model, el } = await open();
  expect(el.querySelector("button")).not.toBeNull();
  await greeted(model);
  expect(talk(model)).toEqual([["hello", [[2, { name: "Ada" }]]]]);
  expect(model.get("2.value")).toBe(0); // the session may hold another value
});

test("a browser that has kept nothing says hello at once (ST-81)", async () => {
  const { model } = await open();
  expect(talk(model)).toEqual([["hello", undefined]]);
  expect(localStorage.length).toBe(0);
});

test.each(["!", "", "AAAA", "A".repeat(80)])("what cannot be read is as nothing: %j (ST-81)", async (text) => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  localStorage.setItem("mine", text);
  const { model } = await open();
  await greeted(model);
  expect(talk(model)).toEqual([["hello", undefined]]);
  expect(warn).toHaveBeenCalledOnce();
});

test("another secret reads nothing, and the text shows nothing (ST-80)", async () => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  await keep("hidden", "other");
  const { model } = await open();
  await greeted(model);
  expect(talk(model)).toEqual([["hello", undefined]]);
  const [once, again] = [localStorage.getItem("mine")!, await new Cipher().seal('"hidden"', "mine", "other")];
  expect(once).not.toBe(again);
  expect(atob(once)).not.toContain("hidden");
});

test("each new value is kept, the last one in the end, and none at first (ST-81)", async () => {
  const { model } = await open();
  await settle(100);
  expect(localStorage.length).toBe(0);
  for (let value = 1; value <= 20; value += 1) model.update({ "2.value": [value, "ä€𝄞"] });
  await vi.waitFor(async () => expect(await kept()).toEqual([20, "ä€𝄞"]));
  model.update({ "2.value": null });
  await vi.waitFor(async () => expect(await kept()).toBeNull());
});

test("it is kept even if it is not drawn, and no longer once the view has gone", async () => {
  const { model, close } = await open({ ...named, "2.visible": false });
  model.update({ "2.value": "a" });
  await vi.waitFor(async () => expect(await kept()).toBe("a"));
  close();
  model.update({ "2.value": "b" });
  await settle(100);
  expect(await kept()).toBe("a");
});

test("a large value is kept", async () => {
  const { model } = await open();
  const large = "x".repeat(300_000);
  model.update({ "2.value": large });
  await vi.waitFor(async () => expect(await kept()).toBe(large), { timeout: 5000 });
});

test("a full storage is told of, and nothing else fails", async () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const setItem = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  vi.stubGlobal("localStorage", { getItem: () => null, setItem });
  const { model } = await open();
  model.update({ "2.value": 1 });
  await vi.waitFor(() => expect(warn).toHaveBeenCalledOnce());
});

test("what happens before hello is told after it, in order", async () => {
  await keep(41);
  let read!: (key: CryptoKey) => void;
  const key = crypto.subtle.deriveKey.bind(crypto.subtle);
  const derive = vi.spyOn(crypto.subtle, "deriveKey").mockImplementation(
    () =>
      new Promise((done) => {
        read = done;
      }),
  );
  const { model, el } = await open();
  el.querySelector("button")!.click();
  await settle();
  expect(talk(model)).toEqual([]);
  read(await key(...(derive.mock.calls[0] as Parameters<typeof key>)));
  await greeted(model);
  expect(talk(model)).toEqual([
    ["hello", [[2, 41]]],
    ["event", []],
  ]);
  expect([...model.of("hello"), ...model.of("event")].map(({ seq }) => seq)).toEqual([0, 1]);
});

test("hello waits for a second and no longer", async () => {
  vi.useFakeTimers();
  localStorage.setItem("mine", "AAAA");
  vi.spyOn(crypto.subtle, "deriveKey").mockImplementation(() => new Promise(() => {}));
  const { model } = await open();
  await settle(READING - 100);
  expect(talk(model)).toEqual([]);
  await settle(100);
  expect(talk(model)).toEqual([["hello", undefined]]);
});

test("a view that goes before it has said hello says nothing", async () => {
  vi.useFakeTimers();
  localStorage.setItem("mine", "AAAA");
  vi.spyOn(crypto.subtle, "deriveKey").mockImplementation(() => new Promise(() => {}));
  const { model, close } = await open();
  close();
  await settle(3 * READING);
  expect(talk(model)).toEqual([]);
});

test.each([
  ["storage", () => vi.stubGlobal("localStorage", undefined)],
  [
    "right to storage",
    () =>
      vi.spyOn(globalThis, "localStorage", "get").mockImplementation(() => {
        throw new DOMException("no", "SecurityError");
      }),
  ],
  ["encryption", () => vi.stubGlobal("crypto", { getRandomValues: crypto.getRandomValues.bind(crypto) })],
])("without %s it is a State (ST-82)", async (_, lose) => {
  lose();
  const { model } = await open();
  expect(talk(model)).toEqual([["hello", undefined]]);
  model.update({ "2.value": 1 });
  await settle();
});
