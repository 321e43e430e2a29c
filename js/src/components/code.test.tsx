// @vitest-environment jsdom
import { CompletionContext, type CompletionSource } from "@codemirror/autocomplete";
import { undo } from "@codemirror/commands";
import { EditorView } from "@codemirror/view";
import { type Signal, signal } from "@preact/signals";
import { act } from "preact/test-utils";
import { beforeAll, expect, test, vi } from "vitest";
import * as editor from "../chunks/editor";
import { mount } from "../testing";
import Code from "./code";

const PROGRAM = "if x:\n    y()";

beforeAll(() => {
  // jsdom draws nothing, so that nothing has a place.
  Range.prototype.getClientRects = () => [] as unknown as DOMRectList;
});

function code(given = {}, chunk: Signal<object> = signal({ module: editor })) {
  const props = { value: PROGRAM, language: "python", ...given };
  const shown = mount("code", Code as never, props, { chunk: () => chunk as never });
  return { ...shown, chunk, view: () => EditorView.findFromDOM(shown.find(".cm-editor"))! };
}

/** As if the user typed at the end. */
const write = (view: EditorView, text: string) =>
  act(() => {
    const end = view.state.doc.length;
    view.dispatch({
      changes: { from: end, insert: text },
      selection: { anchor: end + text.length },
      userEvent: "input",
    });
  });

test("it shows the code in colours, its language and the numbers of its lines", () => {
  const shown = code();
  expect(shown.view().state.doc.toString()).toBe(PROGRAM);
  expect(shown.find(".nbb-code-tools").textContent).toBe("python");
  expect(shown.all(".cm-lineNumbers .cm-gutterElement").map((one) => one.textContent)).toContain("2");
  expect(shown.find(".cm-line span").textContent).toBe("if");
  shown.set("show_line_numbers", false);
  expect(shown.all(".cm-lineNumbers")).toEqual([]);
});

test("editing and focus are reported, other news are not", () => {
  const shown = code();
  write(shown.view(), "z");
  shown.fire(".cm-content", new FocusEvent("focus"));
  shown.fire(".cm-content", new FocusEvent("blur"));
  shown.set("value", "from the kernel");
  shown.set("wrap_lines", true);
  expect(shown.view().state.doc.toString()).toBe("from the kernel");
  expect(shown.reports).toEqual([{ event: "input", value: `${PROGRAM}z` }, { event: "focus" }, { event: "blur" }]);
});

test("a text from the kernel can be undone, and what was typed before too", () => {
  const shown = code({ value: "a" });
  const view = shown.view();
  write(view, "b");
  shown.set("value", "other");
  act(() => void undo(view));
  expect(shown.reports.at(-1)).toEqual({ event: "input", value: "ab" });
  act(() => void undo(view));
  expect(shown.reports.at(-1)).toEqual({ event: "input", value: "a" });
});

test("the caret stays where it is when other properties or other lines change", () => {
  const shown = code();
  const view = shown.view();
  act(() => view.dispatch({ selection: { anchor: 2, head: 5 } }));
  shown.set("label", "New");
  shown.set("language", "sql");
  shown.set("value", "if x:\n    other()");
  expect([view.state.selection.main.anchor, view.state.selection.main.head]).toEqual([2, 5]);
  shown.set("value", `# above\n${"if x:\n    other()"}`);
  expect(view.state.selection.main.anchor).toBe(10);
  expect(shown.view()).toBe(view);
});

test("line ends of Windows are no edit", () => {
  const shown = code({ value: "a\r\nb" });
  expect(shown.view().state.doc.lines).toBe(2);
  shown.set("value", "a\r\nb\r\nc");
  expect(shown.view().state.doc.toString()).toBe("a\nb\nc");
  expect(shown.reports).toEqual([]);
});

test("one that is only looked at can be reached and not be edited", () => {
  const shown = code({ interactive: false });
  const content = shown.find(".cm-content");
  expect([content.getAttribute("contenteditable"), content.tabIndex]).toEqual(["false", 0]);
  expect(shown.view().state.readOnly).toBe(true);
  shown.set("interactive", true);
  expect(shown.view().state.readOnly).toBe(false);
});

test("the caption and the help text belong to what is edited", () => {
  const shown = code({ label: "Program", info: "In Python" });
  const content = shown.find(".cm-content");
  expect(document.getElementById(content.getAttribute("aria-labelledby")!)?.textContent).toBe("Program");
  const described = content.getAttribute("aria-describedby")!.split(" ");
  expect(described.map((id) => document.getElementById(id)?.textContent)).toEqual([
    "In Python",
    "Tab indents; Escape, then Tab leaves the editor",
  ]);
});

test("one can write before the editor is there, and it goes on from there", () => {
  const shown = code({ value: "" }, signal({}));
  const box = shown.find<HTMLTextAreaElement>("textarea");
  box.focus();
  shown.type("textarea", "x = 1");
  box.setSelectionRange(1, 3, "backward");
  act(() => {
    shown.chunk.value = { module: editor };
  });
  expect(shown.all("textarea")).toEqual([]);
  const view = shown.view();
  expect([view.state.doc.toString(), view.state.selection.main.anchor, view.state.selection.main.head]).toEqual([
    "x = 1",
    3,
    1,
  ]);
  expect(document.activeElement).toBe(view.contentDOM);
  expect(shown.reports).toEqual([{ event: "focus" }, { event: "input", value: "x = 1" }]);
});

test("the editor waits until what is being composed is written", () => {
  const shown = code({ value: "" }, signal({}));
  shown.fire("textarea", new CompositionEvent("compositionstart", { bubbles: true }));
  act(() => {
    shown.chunk.value = { module: editor };
  });
  expect(shown.all("textarea")).toHaveLength(1);
  shown.type("textarea", "漢");
  shown.fire("textarea", new CompositionEvent("compositionend", { bubbles: true }));
  expect(shown.all("textarea")).toEqual([]);
  expect(shown.view().state.doc.toString()).toBe("漢");
});

test("without the editor there is still a text area, and why", () => {
  const shown = code({ value: "a" }, signal({ error: "no such model" }));
  expect(shown.find("[role=alert]").textContent).toContain("no such model");
  shown.type("textarea", "ab");
  expect(shown.reports).toEqual([{ event: "input", value: "ab" }]);
});

test("the height is that of its lines, between the bounds", () => {
  const frame = code({ lines: 3, max_lines: 2 }).find(".nbb-code-frame");
  expect(frame.style.getPropertyValue("--lines")).toBe("3");
  expect(frame.style.maxHeight).toContain("3lh");
  expect(code({ max_lines: null }).find(".nbb-code-frame").style.maxHeight).toBe("");
});

test("words are proposed if they are asked for: a language's own, or those of the text", async () => {
  const proposed = async (given: object) => {
    const view = code({ value: "number nu", ...given }).view();
    const end = view.state.doc.length;
    const context = new CompletionContext(view.state, end, false);
    const sources = view.state.languageDataAt<CompletionSource>("autocomplete", end);
    const results = await Promise.all(sources.map((source) => (typeof source === "function" ? source(context) : null)));
    return results.flatMap((one) => one?.options.map(({ label }) => label) ?? []).filter((one) => one === "number");
  };
  expect(await proposed({ language: null })).toEqual([]);
  expect(await proposed({ language: null, autocomplete: true })).toEqual(["number"]);
  expect(await proposed({ language: "python", value: "number = 1\nnu", autocomplete: true })).toEqual(["number"]);
});

test("the buttons are those that were asked for", () => {
  const names = (given: object) =>
    code(given)
      .all(".nbb-code-tools button")
      .map((one) => one.ariaLabel ?? one.title);
  expect(names({})).toEqual(["Download", "Copy"]);
  expect(names({ buttons: ["copy"] })).toEqual(["Copy"]);
  expect(names({ buttons: [] })).toEqual([]);
});

test("a download is called after its language", () => {
  vi.stubGlobal("URL", Object.assign(URL, { createObjectURL: () => "blob:x", revokeObjectURL: () => {} }));
  const called: string[] = [];
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    called.push(this.download);
  });
  for (const language of ["python", "sql-hive", "dockerfile", null]) code({ language }).click("[aria-label=Download]");
  expect(called).toEqual(["code.py", "code.sql", "Dockerfile", "code.txt"]);
});

test("keys typed in it are its own, but for those of the host", () => {
  const shown = code();
  const own = (key: string, more = {}) => {
    shown.key(".cm-content", key, more);
    return shown.find(".nbb-code-frame").hasAttribute("data-lm-suppress-shortcuts");
  };
  expect([own("d"), own("z", { ctrlKey: true }), own("/", { metaKey: true }), own("Enter", { ctrlKey: true })]).toEqual(
    [true, true, true, true],
  );
  expect(own("s", { ctrlKey: true })).toBe(false);
});

test("it takes its editor with it when it goes", () => {
  const shown = code();
  const destroy = vi.spyOn(shown.view(), "destroy");
  shown.unmount();
  expect(destroy).toHaveBeenCalledOnce();
});
