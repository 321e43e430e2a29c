// @vitest-environment jsdom
// happy-dom's parser is not one that a sanitiser can be tested on.
import { expect, test } from "vitest";
import { highlightCode as highlight } from "./highlight";
import { renderFormula } from "./katex";
import { type MarkdownOptions, renderMarkdown } from "./markdown";

const dollars = [
  { left: "$", right: "$", display: false },
  { left: "$$", right: "$$", display: true },
];
const brackets = [
  { left: "\\(", right: "\\)", display: false },
  { left: "\\[", right: "\\]", display: true },
];
/** Formulas as a test can read them. */
const formula = (tex: string, display: boolean) => `<i>${display ? "D" : "I"}:${tex}</i>`;
const dom = (text: string, options: MarkdownOptions = {}) => {
  const el = document.createElement("div");
  el.innerHTML = renderMarkdown(text, options);
  return el;
};
const seen = (text: string, delimiters = dollars) =>
  [...dom(text, { delimiters, formula }).querySelectorAll(".nbb-formula")].map((one) => one.textContent);

test("text becomes markup", () => {
  expect(renderMarkdown("# Hi\n\n*there*").trim()).toBe("<h1>Hi</h1>\n<p><em>there</em></p>");
  expect(dom("- [x] done").querySelector("input")?.checked).toBe(true);
  expect(dom("|a|b|\n|--|--:|\n|1|2|").querySelectorAll("td")[1]?.getAttribute("align")).toBe("right");
});

test("script can not run", () => {
  const html = renderMarkdown('<img src=x onerror="alert(1)"><script>alert(1)</script>[a](javascript:alert(1))');
  expect(html).not.toMatch(/onerror|script/i);
  expect(renderMarkdown("<style>*{}</style><form><button>x</button></form>")).not.toMatch(/style|form|button/);
});

test("the HTML of an author to be trusted stays as it is", () => {
  const html = renderMarkdown('<button onclick="go()">x</button><style>b{}</style>', { raw: true });
  expect(html).toContain('<button onclick="go()">x</button>');
  expect(html).toContain("<style>b{}</style>");
});

test("links open in a new tab, whoever wrote them", () => {
  for (const raw of [false, true]) {
    const link = dom("[a](https://example.org)", { raw }).querySelector("a");
    expect([link?.target, link?.rel]).toEqual(["_blank", "noopener noreferrer"]);
    expect(dom("[a](#there)", { raw }).querySelector("a")?.target).toBe("");
  }
});

test("line breaks count if they are asked for", () => {
  expect(dom("a\nb").querySelector("br")).toBeNull();
  expect(dom("a\nb", { breaks: true }).querySelector("br")).not.toBeNull();
});

test.each([
  ["a $x_1 + y_1$ b", ["I:x_1 + y_1"]],
  ["$$x^2$$", ["D:x^2"]],
  ["so $$a$$ and $b$", ["D:a", "I:b"]],
  ["$$\nx\n\n- y\n= z\n$$", ["D:\nx\n\n- y\n= z\n"]],
  ["text\n$$\na\n$$\nmore", ["D:\na\n"]],
  ["$\\text{costs \\$5 $x$}$", ["I:\\text{costs \\$5 $x$}"]],
  ["- item $a*b*c$\n- $d$", ["I:a*b*c", "I:d"]],
  ["costs \\$5 and \\$6", []],
  ["`$a$` and $b$", ["I:b"]],
  ["```\n$a$\n```", []],
  ["only one $ here", []],
  ["$$", []],
  ["$ $", []],
  ["| $a$ |\n|--|\n| $b$ |", ["I:a", "I:b"]],
])("of %j the formulas are %j", (text, found) => {
  expect(seen(text)).toEqual(found);
});

test("other delimiters than dollars", () => {
  expect(seen("\\(a\\) and \\[b\\] and $c$", brackets)).toEqual(["I:a", "D:b"]);
  const align = [{ left: "\\begin{align}", right: "\\end{align}", display: true }];
  expect(seen("\\begin{align}\na &= b\\\\\nc\n\\end{align}", align)).toEqual([
    "D:\\begin{align}\na &= b\\\\\nc\n\\end{align}",
  ]);
  expect(dom("$a_1 + b_1$").textContent?.trim()).toBe("$a_1 + b_1$");
});

test("a paragraph goes on before and after a formula that has its own lines", () => {
  const el = dom("one\n$$\na\n$$\ntwo", { delimiters: dollars, formula });
  expect([...el.children].map((one) => one.localName)).toEqual(["p", "div", "p"]);
});

test("until they can be drawn, formulas stay as they were written", () => {
  const el = dom('$a < b_1$ "x"', { delimiters: dollars });
  expect(el.querySelector(".nbb-formula")?.textContent).toBe("$a < b_1$");
  expect(el.textContent?.trim()).toBe('$a < b_1$ "x"');
});

test("a page can not pass its own markup off as a formula", () => {
  const text = '<span data-nbb-formula="0">a</span><span data-nbb-formula="9">b</span> $$<img onerror="1">$$';
  const el = dom(text, { delimiters: dollars, formula: renderFormula });
  expect(el.querySelector("img")).toBeNull();
  expect(el.innerHTML).not.toContain("data-nbb-formula");
});

test("KaTeX draws formulas for eyes and for screen readers, and shows what it can not read", () => {
  expect(renderFormula("\\frac{a}{b}", true)).toMatch(/katex-display.*<math.*<mfrac>.*katex-html/s);
  expect(renderFormula("\\frac{a", false)).toContain("katex-error");
  expect(renderFormula('\\href{javascript:alert(1)}{x}\\htmlData{a="b}{y}', false)).not.toMatch(/<a |href="|data-a/);
});

test("code has colours in languages that are known", () => {
  const el = dom("```python\ndef f(): return '<b>'\n```\n\n```klingon\nx < y\n```\n\n```\nz\n```", { highlight });
  const [python, klingon, none] = el.querySelectorAll("pre > code");
  expect(python?.querySelector(".hljs-keyword")?.textContent).toBe("def");
  expect(python?.textContent).toBe("def f(): return '<b>'\n");
  expect([klingon?.innerHTML, none?.innerHTML]).toEqual(["x &lt; y\n", "z\n"]);
  expect(dom("```py\nimport x\n```", { highlight }).querySelector(".hljs-keyword")).not.toBeNull();
});

test("headings link to themselves if they are asked to, and no two have one id", () => {
  const el = dom("# Größe & *Maß*\n\n## Same\n\n## Same", { headings: "p" });
  expect([...el.querySelectorAll("h1, h2")].map((one) => one.id)).toEqual(["p-größe--maß", "p-same", "p-same-1"]);
  expect([...el.querySelectorAll("a")].map((one) => one.getAttribute("href"))).toEqual([
    "#größe--maß",
    "#same",
    "#same-1",
  ]);
  expect(dom("# A").querySelector("[id], a")).toBeNull();
  const drawn = dom("# So $x^2$", { headings: "p", delimiters: dollars, formula });
  expect(drawn.querySelector("h1")?.id).toBe("p-so-x2");
});
