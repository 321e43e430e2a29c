import { expect, test } from "vitest";
import { mount } from "../testing";
import Json from "./json";

const json = (given = {}) => mount("json", Json as never, given);
const deep = { a: { b: { c: { d: 1 } } } };
const unfolded = (shown: ReturnType<typeof json>) =>
  shown.all("details").map((one) => (one as HTMLDetailsElement).open);

test("every kind of value is drawn", () => {
  const shown = json({ value: { text: 'a"b', list: [1, true, null], none: {}, empty: [] } });
  expect(shown.all(".nbb-json-line").map((one) => one.textContent)).toEqual([
    "{",
    'text: "a\\"b"',
    "list: [",
    "1",
    "true",
    "null",
    "]",
    "none: {}",
    "empty: []",
    "}",
  ]);
});

test("three levels are unfolded, or all", () => {
  expect(unfolded(json({ value: deep }))).toEqual([true, true, true, false]);
  const shown = json({ value: deep, open: true });
  expect(unfolded(shown)).toEqual([true, true, true, true]);
});

test("what is folded tells how much it holds, and draws nothing", () => {
  const shown = json({ value: [1, 2] });
  shown.click("summary");
  expect(shown.find("details").textContent).toBe("[ 2 items ]");
});

test("entries of a list are numbered if wanted", () => {
  const shown = json({ value: ["x"], show_indices: true });
  expect(shown.find(".nbb-json-inner").textContent).toBe('0: "x"');
});

test("a long list is drawn in parts", () => {
  const shown = json({ value: Array.from({ length: 250 }, (_, at) => at) });
  const lines = () => shown.all(".nbb-json-inner > .nbb-json-line").length;
  expect(lines()).toBe(100);
  shown.click(".nbb-json-more");
  expect(lines()).toBe(200);
});

test("nothing yet is told", () => {
  expect(json().find('[role="img"]').getAttribute("aria-label")).toBe("No data");
});

test("the button that copies is there unless other buttons are asked for", () => {
  const copies = (buttons: string[] | null) => json({ value: [1], buttons }).all(".nbb-copy").length;
  expect([copies(null), copies(["copy"]), copies([])]).toEqual([1, 1, 0]);
});

// TR-40 TR-41
test("numbers of every kind are shown as they are", () => {
  const shown = json({ value: { a: [NaN, -Infinity, 9007199254740993n, -0] } });
  expect(shown.all(".nbb-json-number").map((one) => one.textContent)).toEqual([
    "NaN",
    "-Infinity",
    "9007199254740993",
    "-0",
  ]);
});
