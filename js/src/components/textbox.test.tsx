import { expect, test, vi } from "vitest";
import { mount } from "../testing";
import Textbox from "./textbox";

const box = (given = {}) => mount("textbox", Textbox as never, given);

test("each edit is reported with the text so far", () => {
  const shown = box();
  shown.type("textarea", "a");
  shown.type("textarea", "ab");
  expect(shown.reports).toEqual([
    { event: "input", value: "a" },
    { event: "input", value: "ab" },
  ]);
});

test("the element and what is being typed survive a change of other properties", () => {
  const shown = box();
  const element = shown.find("textarea");
  shown.type("textarea", "draft");
  shown.set("label", "New");
  shown.set("placeholder", "Say it");
  expect(shown.find("textarea")).toBe(element);
  expect(shown.find<HTMLTextAreaElement>("textarea").value).toBe("draft");
});

test("the value is assigned only when it differs from what is shown", () => {
  const shown = box({ value: "a" });
  const element = shown.find<HTMLTextAreaElement>("textarea");
  const own = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value")!;
  const assigned = vi.fn();
  Object.defineProperty(element, "value", {
    configurable: true,
    get: () => own.get?.call(element),
    set: (value) => {
      assigned(value);
      own.set?.call(element, value);
    },
  });
  shown.type("textarea", "ab");
  expect(assigned).not.toHaveBeenCalled();
  shown.set("value", "from the kernel");
  expect(assigned.mock.calls).toEqual([["from the kernel"]]);
});

test("Enter submits one line and Shift+Enter does not", () => {
  const shown = box({ value: "hi" });
  shown.key("textarea", "Enter", { shiftKey: true });
  expect(shown.events()).toEqual([]);
  shown.key("textarea", "Enter");
  expect(shown.reports).toEqual([{ event: "submit", value: "hi" }]);
});

test("in several lines Shift+Enter submits and Enter does not", () => {
  const shown = box({ lines: 3 });
  shown.key("textarea", "Enter");
  expect(shown.events()).toEqual([]);
  shown.key("textarea", "Enter", { shiftKey: true });
  expect(shown.events()).toEqual(["submit"]);
});

test("Enter that ends a composition submits nothing", () => {
  const shown = box();
  shown.key("textarea", "Enter", { isComposing: true });
  expect(shown.events()).toEqual([]);
});

test("a password is one line and hidden", () => {
  expect(box({ type: "password" }).find("input").getAttribute("type")).toBe("password");
});

test("one that can not be edited is read only", () => {
  const shown = box({ interactive: false, value: "fixed" });
  expect(shown.find<HTMLTextAreaElement>("textarea").readOnly).toBe(true);
  shown.key("textarea", "Enter");
  expect(shown.events()).toEqual([]);
});

test("the caption points at the control", () => {
  const shown = box({ label: "Name" });
  expect(shown.find("label").getAttribute("for")).toBe(shown.find("textarea").id);
});

test("selected text is reported with its place", () => {
  const shown = box({ value: "hello world" });
  shown.find<HTMLTextAreaElement>("textarea").setSelectionRange(6, 11);
  shown.fire("textarea", new Event("select", { bubbles: true }));
  expect(shown.reports.at(-1)).toEqual({ event: "select", data: { index: [6, 11], value: "world" } });
});

test("the help text is the box's", () => {
  const shown = box({ label: "Name", info: "In full" });
  expect(shown.find("textarea").getAttribute("aria-describedby")).toBe(`${shown.node.domId}-info`);
});

test("a help text that comes later leaves the box and what is typed in it alone", () => {
  const shown = box({ info: "" });
  const element = shown.find("textarea");
  shown.type("textarea", "draft");
  for (const info of ["In full", null, "", "In full"]) shown.set("info", info);
  shown.set("submit_btn", "Send");
  shown.set("label", null);
  expect(shown.find("textarea")).toBe(element);
  expect(shown.find<HTMLTextAreaElement>("textarea").value).toBe("draft");
});
