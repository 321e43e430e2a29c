import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { define, type Registry } from "./define";
import { app, box, listener, settle, show } from "./support";

let drawn: number[] = [];

const registry: Registry = {
  blocks: define(({ children }) => children),
  column: define(({ children }) => children),
  textbox: define<{ value: string; label: string | null }, "input">(({ props, node }) => {
    drawn.push(node.id);
    return <input aria-label={props.label ?? undefined} value={props.value} />;
  }),
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  document.body.replaceChildren();
  vi.useRealTimers();
  drawn = [];
});

test("a rendering draws what is new, and leaves blocks with a known id and the focus alone (ST-70)", async () => {
  const { el, model } = await show(registry, { tree: app(box(4), box(5)), "4.value": "a", "5.value": "b" });
  const [, first, second] = el.querySelectorAll("input");
  second!.focus();
  drawn = [];
  model.update({ "6.value": "new", tree: app(box(6), box(5), box(7)) });
  await settle();
  const inputs = [...el.querySelectorAll("input")];
  expect(inputs.map((one) => one.value)).toEqual(["", "new", "b", ""]);
  expect(inputs[2]).toBe(second);
  expect(document.activeElement).toBe(second);
  expect(first!.isConnected).toBe(false);
  expect(drawn).toEqual([6, 7]);
});

test("of what is gone the page keeps nothing, unless it is back", async () => {
  const one = listener([[4, "input"]], { outputs: [2] });
  const state = { "4.value": "a", "4.label": "Old", "5.value": "b", [`run.${one.id}`]: { stage: "complete", run: 1 } };
  const { model, el } = await show(registry, { tree: app(box(4), box(5)), listeners: [one], ...state });
  model.update({ tree: app(), listeners: [] });
  model.message({
    type: "forget",
    blocks: [
      [4, "textbox"],
      [5, "textbox"],
    ],
    listeners: [one.id],
  });
  model.update({ tree: app(box(5)) });
  await settle(2000);
  for (const key of ["4.value", "4.label", `run.${one.id}`]) expect(model.get(key)).toBeUndefined();
  expect(model.get("5.value")).toBe("b");
  expect([...el.querySelectorAll("input")].map((input) => input.value)).toEqual(["", "b"]);
});
