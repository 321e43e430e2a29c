// @vitest-environment jsdom
// happy-dom's parser is not one that a sanitiser can be tested on.
import { expect, test } from "vitest";
import { renderMarkdown } from "./chunks/markdown";
import { cleanMarkup } from "./sanitise";

/** What is left of some HTML, in either of the ways in which a text becomes markup. */
const waysOf = (html: string) =>
  [cleanMarkup(html), renderMarkdown(html)].map((clean) => {
    const el = document.createElement("div");
    el.innerHTML = clean;
    return el;
  });

// TR-3
test.each([
  "position: fixed; inset: 0",
  "position: absolute; top: 0; left: 0",
  "position: sticky; top: 0",
  "POSITION : FIXED !important",
  "p\\6fsition: fixed",
  "z-index: 2147483647",
  "margin-top: -500px",
  "margin: -1px",
  "margin-left: calc(0px - 500px)",
  "margin: max(-50px, -3em)",
  "text-indent: -9999px",
  "transform: translate(-50vw)",
  "translate: 0 -500px",
  "scale: 40",
  "rotate: 45deg",
  "inset: 0",
  "left: 0; right: 0; bottom: 0; top: 0",
  "width: 99999px",
  "height: 1000vh",
  "min-height: 500lh",
  "font-size: 9000px",
  "clip-path: none",
  "content-visibility: visible",
  "contain: none",
  "outline: 9999px solid red",
  "filter: drop-shadow(0 0 9999px red)",
  "backdrop-filter: blur(9px)",
  "pointer-events: none",
  "offset-path: ray(0deg)",
  "anchor-name: --x; position-anchor: --x",
  "animation: nbb-run-out 1s",
  "transition: all 9s",
  "background-image: image-set('https://example.org/x.png' 1x)",
  "list-style-image: url(https://example.org/x.png)",
  "cursor: url(https://example.org/x.png), auto",
  "cursor: none",
  "content: 'x'",
  "all: initial",
  "--nbb-fg: red",
  "will-change: transform",
  "zoom: 9",
  "mix-blend-mode: difference",
  "letter-spacing: -900px",
  "appearance: auto",
])("of the style %j nothing is left", (css) => {
  for (const el of waysOf(`<div style="${css}">x</div>`)) {
    expect(el.querySelector("div")!.getAttribute("style")).toBeNull();
    expect(el.textContent?.trim()).toBe("x");
  }
});

test("a style loads nothing, and keeps the rest", () => {
  for (const el of waysOf('<p style="background: url(https://example.org/x.png); color: red">x</p>')) {
    expect(el.innerHTML).not.toContain("example.org");
    expect(el.querySelector("p")!.style.color).toBe("red");
  }
});

// TR-3
test("no element that takes input, holds a page, or places itself is left; its words are", () => {
  const barred =
    "form input button textarea select option optgroup label fieldset legend output datalist dialog iframe frame object " +
    "embed applet portal fencedframe style link meta base script template slot map area picture marquee blink math " +
    "foreignobject use image animate set filter feimage canvas noscript xmp plaintext nbb-x x-element keygen isindex";
  for (const tag of barred.split(" ")) {
    for (const markup of [`<${tag}>x</${tag}>`, `<svg><${tag}>x</${tag}></svg>`, `<div><p><${tag} type=text>x`]) {
      for (const el of waysOf(`${markup}<b>after</b>`)) {
        expect(Array.from(el.querySelectorAll("*"), (one) => one.localName.toLowerCase())).not.toContain(tag);
      }
    }
  }
  for (const el of waysOf("<form><button>press</button></form>")) expect(el.textContent?.trim()).toBe("press");
});

// TR-3
test("of inputs only the ticks of task lists are left", () => {
  const kinds = ["text", "password", "submit", "image", "file", "radio", "checkbox", "hidden", "", "CHECKBOX"];
  for (const el of waysOf(kinds.map((kind) => `<input type="${kind}" value="x">`).join(""))) {
    expect(el.querySelector("input")).toBeNull();
  }
  for (const el of waysOf('<input type="checkbox" checked disabled><input disabled type="password">')) {
    expect(Array.from(el.querySelectorAll("input"), (one) => one.type)).toEqual(["checkbox"]);
  }
});

// TR-3
test("attributes that reach out of the text are gone", () => {
  const attributes =
    'tabindex="0" contenteditable="true" draggable="true" accesskey="s" autofocus popover="auto" popovertarget="x" ' +
    'is="x-y" slot="a" part="a" srcset="http://a.example 1x" ping="http://a.example" for="x" form="x" name="cookie" ' +
    'usemap="#x" data-commandlinker-command="x" data-x="y" aria-owns="x" aria-labelledby="x" inert itemscope ' +
    'background="http://a.example/x.png" http-equiv="refresh" nonce="x" formaction="x" onclick="x()" xlink:href="x"';
  for (const tag of ["div", "a href='https://example.org'", "img src='x.png'", "svg", "p"]) {
    for (const el of waysOf(`<${tag} ${attributes}>x`)) {
      const names = Array.from(
        el.querySelector(tag.split(" ")[0]!)!.attributes,
        ({ name, value }) => (name === "is" && !value ? "rel" : name), // one that can not be taken away, and says nothing
      );
      expect(names.filter((name) => !["href", "src", "target", "rel"].includes(name))).toEqual([]);
    }
  }
});

// TR-3
test("classes and ids of ours and of hosts are gone, others stay", () => {
  const names = "nbb-toast nbb jp-Dialog lm-Widget p-Widget jupyter-widgets cm-editor widget-box modal vega-embed";
  for (const el of waysOf(`<b class="${names} mine  also-mine">x</b>`)) {
    expect(el.querySelector("b")!.className).toBe("mine also-mine");
  }
  for (const id of ["__proto__", "location", "cookie", "nbb-3", "jp-main", "jupyter-config-data", "document"]) {
    for (const el of waysOf(`<b id="${id}">x</b>`)) expect(el.querySelector("b")!.id).toBe("");
  }
  for (const el of waysOf('<b id="chapter-1">x</b>')) expect(el.querySelector("b")!.id).toBe("chapter-1");
});

// TR-3
test.each(["javascript:alert(1)", "data:text/html,x", "vbscript:x", "JaVaScRiPt:alert(1)"])(
  "a link to %s leads nowhere",
  (to) => {
    for (const el of waysOf(`<a href="${to}">x</a>`)) expect(el.querySelector("a")!.getAttribute("href")).toBeNull();
  },
);

test("drawings point at nothing but themselves", () => {
  const svg = '<svg><rect fill="url(https://a.example/#x)" mask="url(//a.example#y)" stroke="url(#own)"/></svg>';
  const rect = waysOf(svg)[0]!.querySelector("rect")!;
  expect(Array.from(rect.attributes, ({ name }) => name)).toEqual(["stroke"]);
});

test.each([
  '<span style="color: red">x</span>',
  '<p align="center">x</p>',
  '<center><font color="red" size="4" face="serif">x</font></center>',
  '<img src="x.png" alt="y" width="100" height="50%">',
  '<img src="data:image/png;base64,AAAA">',
  '<details open=""><summary>x</summary>y</details>',
  "<kbd>x</kbd><sub>1</sub><sup>2</sup><mark>3</mark><s>4</s><ins>5</ins><del>6</del>",
  '<table border="1"><thead><tr><th align="right" colspan="2">x</th></tr></thead><tbody><tr><td>y</td></tr></tbody></table>',
  '<ol start="3"><li>x</li></ol>',
  '<a href="https://example.org" title="y" target="_blank" rel="noopener noreferrer">x</a>',
  '<video src="x.mp4" controls="" loop="" muted=""></video>',
  '<progress value="3" max="5"></progress>',
  '<svg viewBox="0 0 9 9" width="9"><g transform="scale(2)"><path d="M0 0L9 9" stroke="red"></path></g></svg>',
  '<pre><code class="language-python">x</code></pre>',
])("%s stays as it is", (html) => {
  expect(cleanMarkup(html)).toBe(html);
});

test.each([
  "background: linear-gradient(45deg, red 20%, #4000ff); padding: 8px; border-radius: 12px",
  "display: flex; gap: 8px; justify-content: space-between; align-items: center",
  "margin: 0 auto; max-width: 600px; width: 50%",
  "border: 1px solid rgb(9, 9, 9); text-align: right; font-weight: 600",
  "display: grid; grid-template-columns: 1fr 2fr",
  "float: right; overflow: auto; height: 200px; line-height: 1.5",
  "box-shadow: 0 -1px 4px gray; letter-spacing: -0.02em; white-space: pre-wrap",
])("of the style %j all is left", (css) => {
  const box = document.createElement("div");
  box.style.cssText = css;
  const shown = waysOf(`<div style="${css}">x</div>`)[0]!.querySelector("div")!;
  for (const name of Array.from(box.style)) {
    expect([name, shown.style.getPropertyValue(name)]).toEqual([name, box.style.getPropertyValue(name)]);
  }
  expect(box.style.length).toBeGreaterThan(1);
});
