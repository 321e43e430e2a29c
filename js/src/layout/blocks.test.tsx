import { expect, test } from "vitest";
import { mount } from "../testing";
import Blocks from "./blocks";

const CLAIM = "data-lm-suppress-shortcuts";

test("keys of a focused element are its own, those with Ctrl the host's", () => {
  const shown = mount("blocks", Blocks as never, {}, { signal: new AbortController().signal });
  const button = document.createElement("button");
  shown.el.append(button);
  const press = (init: KeyboardEventInit) =>
    shown.fire(button, new KeyboardEvent("keydown", { ...init, bubbles: true }));
  press({ key: "d" });
  expect(button.hasAttribute(CLAIM)).toBe(true);
  press({ key: "s", ctrlKey: true });
  expect(button.hasAttribute(CLAIM)).toBe(false);
});

test("elements outside of an app are left alone", () => {
  mount("blocks", Blocks as never, {}, { signal: new AbortController().signal });
  const other = document.body.appendChild(document.createElement("button"));
  other.dispatchEvent(new KeyboardEvent("keydown", { key: "d", bubbles: true }));
  expect(other.hasAttribute(CLAIM)).toBe(false);
});

test("line breaks and undoing of what is typed here do not reach the host", () => {
  const shown = mount("blocks", Blocks as never, {}, { signal: new AbortController().signal });
  const box = shown.el.appendChild(document.createElement("textarea"));
  const other = document.body.appendChild(document.createElement("textarea"));
  const refused: string[] = [];
  for (const one of [box, other])
    one.addEventListener("beforeinput", (event) => refused.push((event as InputEvent).inputType));
  const input = (one: Element, inputType: string) =>
    shown.fire(one, new InputEvent("beforeinput", { inputType, bubbles: true, cancelable: true }));
  for (const type of ["insertLineBreak", "historyUndo", "historyRedo", "insertText"]) input(box, type);
  expect(refused).toEqual(["insertText"]);
  input(other, "insertLineBreak");
  expect(refused).toEqual(["insertText", "insertLineBreak"]);
  shown.fire(box, new KeyboardEvent("keydown", { key: "z", ctrlKey: true, bubbles: true }));
  expect(box.hasAttribute(CLAIM)).toBe(true);
});
