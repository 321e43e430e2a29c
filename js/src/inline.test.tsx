// @vitest-environment jsdom
// happy-dom does not parse as browsers do.
import { render } from "preact";
import { expect, test } from "vitest";
import { Inline } from "./inline";

function drawn(html: string): string {
  const el = document.createElement("div");
  render(<Inline html={html} />, el);
  return el.innerHTML;
}

test("simple markup is drawn", () => {
  expect(drawn("a <b>bold</b> &amp; <i>leaning</i><br>word &lt;b&gt;")).toBe(
    "a <b>bold</b> &amp; <i>leaning</i><br>word &lt;b&gt;",
  );
  expect(drawn("<ul><li>one<li>two</ul>")).toBe("<ul><li>one</li><li>two</li></ul>");
});

test("links open in a new tab, and only harmless ones", () => {
  expect(drawn('<a href="https://example.org/x">x</a>')).toBe(
    '<a href="https://example.org/x" target="_blank" rel="noopener noreferrer">x</a>',
  );
  expect(drawn('<a href="javascript:alert(1)">x</a><a>y</a>')).toBe("<a>x</a><a>y</a>");
});

test.each([
  ['<img src=x onerror="alert(1)">', ""],
  ["a<script>alert(1)</script>b", "ab"],
  ['<style>*{display:none}</style><p style="position:fixed" onclick="alert(1)" class="nbb">x</p>', "<p>x</p>"],
  ['<svg onload="alert(1)"><a href="javascript:1">x</a></svg>', ""],
  ['<form action="/"><button>press</button></form>', "press"],
  ["<section><b>kept</b></section><!-- not -->", "<b>kept</b>"],
  ['<math><mtext><table><mglyph><style><img src onerror="alert(1)">', ""],
  ["<iframe srcdoc='<script>alert(1)</script>'></iframe>", ""],
])("of %s is drawn %s", (html, shown) => {
  expect(drawn(html)).toBe(shown);
});

// TR-4
test.each([
  ["<class 'str'>", "&lt;class 'str'&gt;"],
  ["expected <int>, got <module>", "expected &lt;int&gt;, got &lt;module&gt;"],
  ["<b>Got</b> <unknown a=1>x", '<b>Got</b> &lt;unknown a="1"&gt;x'],
])("%s is no markup, and drawn as it was written", (html, shown) => {
  expect(drawn(html)).toBe(shown);
});

test("a text that was cut off, or holds marks alone, is drawn as far as it goes", () => {
  expect(drawn("1 < 2 <b>x")).toBe("1 &lt; 2 <b>x</b>");
  expect(drawn("")).toBe("");
});
