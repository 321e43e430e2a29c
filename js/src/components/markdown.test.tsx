// @vitest-environment jsdom
// happy-dom's parser is not one that a sanitiser can be tested on.
import { signal } from "@preact/signals";
import { expect, test } from "vitest";
import * as chunk from "../chunks/markdown";
import { mount } from "../testing";
import Markdown from "./markdown";

const html = (value: string, given = {}) =>
  mount("markdown", Markdown as never, { value, ...given }, { chunk: () => signal({ module: chunk }) as never }).find(
    ".nbb-prose",
  );

test("text becomes markup", () => {
  expect(html("# Hi\n\n*there*").innerHTML.trim()).toBe("<h1>Hi</h1>\n<p><em>there</em></p>");
});

test("script can not run, sanitize_html or not", () => {
  for (const sanitize_html of [true, false]) {
    const found = html('<img src=x onerror="alert(1)"><script>alert(1)</script>[a](javascript:alert(1))', {
      sanitize_html,
    });
    expect(found.innerHTML).not.toMatch(/onerror|script/i);
  }
});

test("links open in a new tab", () => {
  const link = html("[a](https://example.org)").querySelector("a");
  expect([link?.target, link?.rel]).toEqual(["_blank", "noopener noreferrer"]);
});

test("line breaks count if they are asked for", () => {
  expect(html("a\nb").querySelector("br")).toBeNull();
  expect(html("a\nb", { line_breaks: true }).querySelector("br")).not.toBeNull();
});

test("formulas stay as they were written", () => {
  expect(html("$a_1 + b_1$ and $$x^2$$").textContent?.trim()).toBe("$a_1 + b_1$ and $$x^2$$");
});
