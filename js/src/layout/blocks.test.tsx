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
