// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { define, type Registry } from "./define";
import { app, box, listener, settle, show } from "./support";

const registry: Registry = {
  blocks: define(({ children }) => <div>{children}</div>),
  column: define(({ children }) => <div>{children}</div>),
  textbox: define<{ value: string; interactive: boolean }, "focus" | "blur">(({ props, emit, node }) => (
    <input
      id={`box-${node.id}`}
      defaultValue={props.value}
      disabled={props.interactive === false}
      onFocus={() => emit("focus")}
      onBlur={() => emit("blur")}
    />
  )),
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  document.body.replaceChildren();
  vi.useRealTimers();
});

async function open() {
  const listeners = [listener([[4, "focus"]]), listener([[4, "blur"]])];
  const state = { tree: app(box(4), box(5)), listeners, "2.value": "other", "4.value": "hello" };
  const shown = await show(registry, state);
  const input = (id: number) => shown.el.querySelector<HTMLInputElement>(`#box-${id}`);
  input(4)!.focus();
  input(4)!.setSelectionRange(1, 3);
  await settle();
  const events = () => shown.model.of("event").map((one) => one.event);
  return { ...shown, input, events, said: events().length };
}

// TR-32
test("a control that is hidden and shown again has the focus, and its selection", async () => {
  const { model, input, events, said } = await open();
  model.update({ "4.visible": false });
  await settle();
  expect(input(4)).toBeNull();
  model.update({ "4.visible": true });
  await settle();
  expect(document.activeElement).toBe(input(4));
  expect([input(4)!.selectionStart, input(4)!.selectionEnd]).toEqual([1, 3]);
  expect(events()).toHaveLength(said); // nobody has left it, and nobody has come
});

// TR-32
test("a control that is drawn anew, in the place of another, has its focus", async () => {
  const { model, input } = await open();
  model.update({ "14.value": "hello", "15.value": "", tree: app(box(14), box(15)) });
  await settle();
  expect(document.activeElement).toBe(input(14));
  model.update({ tree: app([6, "column", [box(14)]], box(15)) });
  await settle();
  expect(document.activeElement).toBe(input(14));
});

// TR-32
test("who goes elsewhere meanwhile stays there", async () => {
  const { model, input } = await open();
  model.update({ "4.visible": false });
  await settle();
  input(2)!.focus();
  model.update({ "4.visible": true });
  await settle();
  expect(document.activeElement).toBe(input(2));
});

// TR-32
test("who presses elsewhere meanwhile does not get it back", async () => {
  const { model } = await open();
  model.update({ "4.visible": false });
  await settle();
  document.body.dispatchEvent(new Event("pointerdown", { bubbles: true }));
  model.update({ "4.visible": true });
  await settle();
  expect(document.activeElement).toBe(document.body);
});

// TR-32
test("who leaves a control by themselves is not brought back", async () => {
  const { model, input, events } = await open();
  input(4)!.blur();
  await settle();
  expect(events().at(-1)).toBe("blur");
  model.update({ "4.visible": false });
  await settle();
  model.update({ "4.visible": true });
  await settle();
  expect(document.activeElement).toBe(document.body);
});
