// @vitest-environment jsdom
// happy-dom's parser is not one that a sanitiser can be tested on.
import { signal } from "@preact/signals";
import { expect, test, vi } from "vitest";
import * as highlight from "../chunks/highlight";
import * as katex from "../chunks/katex";
import * as markdown from "../chunks/markdown";
import { mount } from "../testing";
import Markdown from "./markdown";

const modules: Record<string, unknown> = { markdown, katex, highlight };

function show(value: string | null, given = {}, have = modules) {
  const asked: string[] = [];
  const chunk = (name: string) => {
    asked.push(name);
    return signal({ module: have[name] });
  };
  return { ...mount("markdown", Markdown as never, { value, ...given }, { chunk: chunk as never }), asked };
}

test("text becomes markup, as its properties ask", () => {
  const shown = show("# Hi\n\na\nb", { line_breaks: true, header_links: true, rtl: true });
  const prose = shown.find(".nbb-prose");
  expect(prose.querySelector("br")).not.toBeNull();
  expect(prose.querySelector("h1")?.id).toBe(`${shown.node.domId}-hi`);
  expect(prose.dir).toBe("rtl");
  shown.set("value", "*new*");
  expect(prose.innerHTML.trim()).toBe("<p><em>new</em></p>");
});

test("only what the text holds is asked for", () => {
  expect(new Set(show("costs $5").asked)).toEqual(new Set(["markdown"]));
  expect(new Set(show("$$x$$\n\n```py\ny\n```").asked)).toEqual(new Set(["markdown", "katex", "highlight"]));
  expect(new Set(show("$$x$$", { latex_delimiters: [] }).asked)).toEqual(new Set(["markdown"]));
});

test("while the parser is on its way there is a quiet place, of about the text's height", () => {
  const shown = show("a\n\nb\n\nc", {}, {});
  expect(shown.find(".nbb-coming").style.minHeight).toBe("3lh");
});

test("formulas and colours follow when they can", () => {
  const shown = show("$$x$$\n\n```py\nimport y\n```", {}, { markdown });
  expect(shown.find(".nbb-formula").textContent).toBe("$$x$$");
  expect(shown.find("pre").textContent).toBe("import y\n");
  const all = show("$$x$$\n\n```py\nimport y\n```");
  expect(all.find(".nbb-formula").querySelector(".katex")).not.toBeNull();
  expect(all.find(".hljs-keyword").textContent).toBe("import");
});

test("script can not run unless the author asks to leave HTML alone", () => {
  const text = '<img src="data:," onerror="alert(1)">';
  expect(show(text).find("img").hasAttribute("onerror")).toBe(false);
  expect(show(text, { sanitize_html: false }).find("img").hasAttribute("onerror")).toBe(true);
});

test("what is too long scrolls, and can be reached by the keyboard", () => {
  const box = show("x", { height: 100, max_height: "50vh", label: "Notes" }).find(".nbb-markdown-text");
  expect([box.style.height, box.style.maxHeight, box.style.overflow]).toEqual(["100px", "50vh", "auto"]);
  expect([box.tabIndex, box.getAttribute("aria-label")]).toEqual([0, "Notes"]);
  expect(show("x", { min_height: 9 }).find(".nbb-markdown-text").hasAttribute("tabindex")).toBe(false);
});

test("the caption stands in a container only", () => {
  expect(show("x", { label: "Notes" }).el.querySelector(".nbb-caption")).toBeNull();
  expect(show("x", { label: "Notes", container: true }).find(".nbb-caption").textContent).toBe("Notes");
});

test("copying gives the text as it was written, and is reported", async () => {
  const writeText = vi.fn(async () => {});
  vi.stubGlobal("navigator", { clipboard: { writeText } });
  const shown = show("*a*", { show_copy_button: true });
  shown.click(".nbb-copy");
  await vi.waitFor(() => expect(shown.reports).toEqual([{ event: "copy", data: { value: "*a*" } }]));
  expect(writeText).toHaveBeenCalledWith("*a*");
  vi.unstubAllGlobals();
});

test("each block of code can be copied", async () => {
  const writeText = vi.fn(async () => {});
  vi.stubGlobal("navigator", { clipboard: { writeText } });
  const shown = show("```\none\n```\n\n    two");
  expect(shown.all(".nbb-pre-copy")).toHaveLength(2);
  shown.click(shown.all(".nbb-pre-copy")[1]!);
  await vi.waitFor(() => expect(shown.all(".nbb-pre-copy")[1]?.getAttribute("aria-label")).toBe("Copied"));
  expect(writeText).toHaveBeenCalledWith("two\n");
  vi.unstubAllGlobals();
});

test("a link to a heading scrolls to it and leaves the page's address alone", () => {
  const shown = show("[go](#the-end)\n\n# The end", { header_links: true });
  const scrolled = vi.fn();
  shown.find("h1").scrollIntoView = scrolled;
  const click = new MouseEvent("click", { bubbles: true, cancelable: true });
  shown.fire("p a", click);
  expect(scrolled).toHaveBeenCalledOnce();
  expect(click.defaultPrevented).toBe(true);
});
