import { expect, test } from "vitest";
import { mount } from "../testing";
import Code from "./code";

const code = (given = {}) => mount("code", Code as never, { value: "if x:\n    y()", language: "python", ...given });
const box = (shown: ReturnType<typeof code>) => shown.find<HTMLTextAreaElement>("textarea");

test("it shows the code, its language and the numbers of its lines", () => {
  const shown = code();
  expect(box(shown).value).toBe("if x:\n    y()");
  expect(shown.find(".nbb-code-tools").textContent).toBe("python");
  expect(shown.all(".nbb-code-numbers .nbb-code-line").map((one) => one.dataset.line)).toEqual(["1", "2"]);
  shown.set("show_line_numbers", false);
  expect(shown.all(".nbb-code-numbers")).toEqual([]);
});

test("editing reports", () => {
  const shown = code();
  shown.type("textarea", "z");
  shown.fire("textarea", new FocusEvent("focus"));
  shown.fire("textarea", new FocusEvent("blur"));
  expect(shown.reports).toEqual([{ event: "input", value: "z" }, { event: "focus" }, { event: "blur" }]);
});

test("a new line is indented as the one above", () => {
  const shown = code();
  box(shown).setSelectionRange(13, 13);
  shown.key("textarea", "Enter");
  expect(shown.reports).toEqual([{ event: "input", value: "if x:\n    y()\n    " }]);
});

test("Tab indents, and leaves after Escape", () => {
  const shown = code({ value: "" });
  shown.key("textarea", "Tab");
  shown.key("textarea", "Escape");
  shown.key("textarea", "Tab");
  expect(shown.reports).toEqual([{ event: "input", value: "    " }]);
});

test("one that is only looked at can not be edited", () => {
  const shown = code({ interactive: false });
  expect(box(shown).readOnly).toBe(true);
  shown.key("textarea", "Tab");
  expect(shown.reports).toEqual([]);
});
