// @vitest-environment jsdom
// happy-dom's parser is not one that a sanitiser can be tested on.
import { expect, test } from "vitest";
import { cleanMarkup, renderMarkdown } from "../chunks/markdown";
import { applyCss, draw, kindOf, parsed } from "./cells";
import type { Options } from "./types";
import { WholeTable } from "./whole";

const options = {
  kinds: "str",
  editable: true,
  fixed: [],
  wrap: false,
  lineBreaks: true,
  maxChars: null,
  markup: (kind: string, text: string) => (kind === "html" ? cleanMarkup(text) : renderMarkdown(text)),
} as unknown as Options;

function drawn(cell: unknown, kind: string, told = {}): HTMLElement {
  const el = document.createElement("div");
  const table = new WholeTable({ headers: ["a"], data: [[cell]], metadata: null, ...told }, [], 0);
  draw(el, table, 0, 0, kind, options, false);
  return el;
}

test("markdown and HTML are drawn, and cannot run script", () => {
  const marked = drawn("**bold**<script>1</script><a href='javascript:x()'>x</a>", "markdown");
  expect(marked.querySelector("strong")!.textContent).toBe("bold");
  expect(marked.innerHTML).not.toMatch(/script/);
  const html = drawn("<b onclick='x()'>b</b><img src=x onerror=y()><style>*{}</style>", "html");
  expect(html.querySelector("b")!.textContent).toBe("b");
  expect(html.innerHTML).not.toMatch(/onclick|onerror|style/);
});

test("all other texts are texts", () => {
  for (const kind of ["str", "number", "bool", "date", "auto"]) {
    const el = drawn("<b>&amp;</b>", kind);
    expect(el.textContent).toBe("<b>&amp;</b>");
    expect(el.children).toHaveLength(0);
  }
});

test("pictures come from harmless addresses alone", () => {
  expect(drawn("data:image/png;base64,AA", "image").querySelector("img")!.getAttribute("src")).toMatch(/^data:image/);
  expect(drawn("https://example.org/a.png", "image").querySelector("img")).not.toBeNull();
  for (const bad of ["javascript:alert(1)", "data:text/html,x"]) {
    expect(drawn(bad, "image").querySelector("img")).toBeNull();
    expect(drawn(bad, "image").textContent).toBe(bad);
  }
});

test("CSS changes how a cell looks, and can load, move or cover nothing", () => {
  const el = document.createElement("div");
  applyCss(el, "color: red; position: fixed; inset: 0; width: 99px; background-color: blue; font-weight: bold");
  applyCss(el, "background-image: url(http://x/); border-color: var(--x)");
  expect(el.style.cssText).toBe("color: red; background-color: blue; font-weight: bold;");
});

test("a typed text stands for a cell of its column", () => {
  expect(parsed("1.5", "number", true)).toBe(1.5);
  expect(parsed("1,234", "number", true)).toBe(1234); // TR-42
  expect(parsed("1,5", "number", true)).toBeUndefined(); // TR-42
  expect(parsed("1,5", "number", false)).toBe("1,5"); // TR-42
  expect(parsed("9007199254740993", "number", true)).toBe("9007199254740993"); // TR-40
  expect(parsed("1e999", "number", true)).toBeUndefined(); // TR-41
  expect(parsed("1e999", "number", false)).toBe("1e999"); // TR-41
  expect(parsed("", "number", true)).toBeNull();
  expect(parsed("x", "number", true)).toBeUndefined();
  expect(parsed("x", "number", false)).toBe("x");
  expect(parsed("Yes", "bool", true)).toBe(true);
  expect(parsed("0", "bool", true)).toBe(false);
  expect(parsed(" 5 ", "str", true)).toBe(" 5 ");
});

// TR-41
test("what is missing or infinite is shown as what it is, quietly", () => {
  const nan = drawn(null, "number", { missing: { 0: "NaN" } });
  expect([nan.textContent, nan.className]).toEqual(["NaN", "nbb-grid-cell nbb-grid-number nbb-grid-nothing"]);
  expect(drawn(null, "str", { missing: { 0: "NaT" } }).textContent).toBe("NaT");
  expect(drawn(null, "number").textContent).toBe("");
  expect(drawn("<NA>", "str").className).toContain("nbb-grid-nothing");
  for (const [cell, text] of [
    ["inf", "inf"],
    ["-inf", "-inf"],
    [-0, "-0"],
    [1e308, "1e+308"],
    [5e-324, "5e-324"],
  ]) {
    expect(drawn(cell, "number", { numbers: [0] }).textContent).toBe(text);
  }
  const tick = (cell: unknown) => drawn(cell, "bool").querySelector("input")!;
  expect([tick(null).indeterminate, tick(null).checked, tick(false).indeterminate]).toEqual([true, false, false]);
});

// TR-40 TR-41
test("a column of numbers is one even if some of them are texts", () => {
  const value = { headers: ["a"], data: [["9007199254740993"], ["inf"]], metadata: null };
  const kind = (told: object) => kindOf(options, new WholeTable({ ...value, ...told }, [], 0), 0);
  expect([kind({}), kind({ numbers: [0] })]).toEqual(["str", "number"]);
});
