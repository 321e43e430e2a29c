import { signal } from "@preact/signals";
import { act } from "preact/test-utils";
import { expect, test, vi } from "vitest";
import * as grid from "../chunks/grid";
import { mount, settle } from "../testing";
import front from "./dataframe";

const people = {
  headers: ["name", "age", "member"],
  data: [
    ["Ada", 36, true],
    ["Bob", 7, false],
    ["<img src=x onerror=alert(1)>", null, null],
  ],
  metadata: null,
};

function shown(given: Record<string, unknown> = {}, app: Record<string, unknown> = {}) {
  const modules: Record<string, unknown> = { grid };
  const chunk = (name: string) => signal(modules[name] ? { module: modules[name] } : {});
  const face = mount("dataframe", front as never, { value: people, ...given }, { chunk, ...app } as never);
  const cell = (row: number, column: number) => face.find(`[data-row="${row}"] [data-column="${column}"]`);
  const texts = (column: number) => face.all(`[data-row] [data-column="${column}"]`).map((one) => one.textContent);
  const pointer = (target: Element, name = "pointerdown", more: PointerEventInit = {}) =>
    face.fire(target, new PointerEvent(name, { bubbles: true, button: 0, pointerType: "mouse", ...more }));
  const choose = (row: number, column: number, more: PointerEventInit = {}) =>
    pointer(cell(row, column), "pointerdown", more);
  const key = (name: string, more: KeyboardEventInit = {}) => face.key(".nbb-grid-frame", name, more);
  const write = async (text: string, end = "Enter") => {
    await act(settle);
    face.type(".nbb-grid-editor", text);
    face.key(".nbb-grid-editor", end);
  };
  const menu = async (target: Element, item: string) => {
    face.fire(target, new MouseEvent("contextmenu", { bubbles: true, cancelable: true }));
    const found = face.all('[role="menuitem"]').find((one) => one.textContent === item);
    if (!found) throw new Error(`the menu has no ${item}: ${face.find('[role="menu"]').textContent}`);
    face.click(found);
    await act(settle);
  };
  const data = () => face.reports.filter((one) => one.event === "input").at(-1)?.value as typeof people | undefined;
  return { ...face, cell, texts, choose, pointer, key, write, menu, data };
}

test("a table is a grid of headers and cells, whose texts are texts", () => {
  const { find, cell, all, el } = shown({ label: "People" });
  expect(find('[role="grid"]').getAttribute("aria-label")).toBe("People");
  expect(find('[role="grid"]').getAttribute("aria-rowcount")).toBe("4");
  expect(all('[role="columnheader"] .nbb-grid-name').map((one) => one.textContent)).toEqual(["name", "age", "member"]);
  expect(cell(2, 0).textContent).toBe("<img src=x onerror=alert(1)>");
  expect(el.querySelector("img")).toBeNull();
});

test("typing over a cell and Enter change it, and the next cell is active", async () => {
  const { choose, key, write, cell, reports, find } = shown();
  choose(0, 0);
  key("E");
  await write("Eve");
  expect(cell(0, 0).textContent).toBe("Eve");
  expect(reports.map((one) => one.event)).toEqual(["input", "edit"]);
  expect(reports[0]!.value).toEqual({ ...people, data: [["Eve", 36, true], ...people.data.slice(1)] });
  expect(reports[1]!.data).toEqual({ index: [0, 0], value: "Eve", previous_value: "Ada" });
  expect(people.data[0]![0]).toBe("Ada");
  expect(find(".nbb-grid-active").closest("[data-row]")!.getAttribute("data-row")).toBe("1");
});

test("double click edits what is there, Escape leaves it, Tab goes on to the right", async () => {
  const { cell, fire, key, find, write, reports, choose } = shown();
  choose(1, 0);
  fire(cell(1, 0), new MouseEvent("dblclick", { bubbles: true }));
  await act(settle);
  expect(find<HTMLTextAreaElement>(".nbb-grid-editor").value).toBe("Bob");
  await write("Bert", "Escape");
  expect(cell(1, 0).textContent).toBe("Bob");
  expect(reports).toEqual([]);
  key("Enter");
  await write("Bert", "Tab");
  expect(find(".nbb-grid-active").dataset.column).toBe("1");
});

test("a column of numbers takes numbers, as numbers", async () => {
  const toast = vi.fn();
  const { choose, key, write, cell, data } = shown({ datatype: ["str", "number", "bool"] }, { toast });
  choose(0, 1);
  key("Enter");
  await write("37.5");
  expect(data()!.data[0]![1]).toBe(37.5);
  key("Enter");
  await write("many");
  expect(cell(1, 1).textContent).toBe("7");
  expect(toast.mock.calls[0]![0].message).toBe("“many” is not a number");
});

test("numbers stay numbers even if the column was not said to hold any", async () => {
  const { choose, key, write, data } = shown();
  choose(0, 1);
  key("Enter");
  await write("40");
  expect(data()!.data[0]![1]).toBe(40);
});

test("a bool is a tick", () => {
  const { cell, click, data, choose, key } = shown({ datatype: "auto" });
  const box = cell(1, 2).querySelector("input")!;
  expect(box.checked).toBe(false);
  click(box);
  expect(data()!.data[1]![2]).toBe(true);
  choose(0, 2);
  key(" ");
  expect(data()!.data[0]![2]).toBe(false);
});

test("sorting moves rows in the page alone", async () => {
  const { all, click, texts, choose, key, write, data } = shown();
  const head = () => all('[role="columnheader"]')[1]!;
  click(head());
  expect(texts(0).slice(0, 2)).toEqual(["Bob", "Ada"]);
  expect(head().getAttribute("aria-sort")).toBe("ascending");
  click(head());
  expect(texts(0).slice(0, 2)).toEqual(["Ada", "Bob"]);
  click(head());
  click(head());
  choose(0, 0);
  key("B");
  await write("Bea");
  expect(data()!.data.map((row) => row[0])).toEqual(["Ada", "Bea", people.data[2]![0]]);
});

test("a search leaves the rows that hold the text, and can be made the table", async () => {
  vi.useFakeTimers();
  const { type, texts, find, click, data, all } = shown({ show_search: "filter" });
  type(".nbb-grid-search", "ADA");
  await act(() => void vi.advanceTimersByTime(300));
  vi.useRealTimers();
  expect(texts(0)).toEqual(["Ada"]);
  expect(find(".nbb-grid-note").textContent).toBe("1 of 3 rows");
  click(find('[aria-label="Keep these rows alone"]'));
  expect(data()!.data).toEqual([people.data[0]]);
  expect(all("[data-row]")).toHaveLength(1);
});

test("a table that is not interactive, and static columns, cannot be edited", async () => {
  const fixed = shown({ interactive: false });
  fixed.choose(0, 0);
  fixed.key("x");
  await act(settle);
  expect(fixed.el.querySelector(".nbb-grid-editor, .nbb-grid-adds")).toBeNull();
  const half = shown({ static_columns: [0] });
  half.choose(0, 0);
  half.key("x");
  half.key("Delete");
  await act(settle);
  expect(half.el.querySelector(".nbb-grid-editor")).toBeNull();
  half.choose(0, 1);
  half.key("Delete");
  expect(half.data()!.data[0]).toEqual(["Ada", null, true]);
});

test("rows and columns come and go by the menu", async () => {
  const { cell, menu, data, all, el } = shown();
  await menu(cell(0, 0), "Insert row below");
  expect(data()!.data[1]).toEqual([null, null, null]);
  await menu(cell(0, 0), "Delete row");
  expect(data()!.data.map((row) => row[0])).toEqual([null, "Bob", people.data[2]![0]]);
  await menu(all('[role="columnheader"]')[0]!, "Insert column after");
  expect(data()!.headers).toEqual(["name", "4", "age", "member"]);
  await menu(all('[role="columnheader"]')[1]!, "Delete column");
  expect(data()!.headers).toEqual(["name", "age", "member"]);
  expect(el.querySelector('[role="menu"]')).toBeNull();
});

test("fixed counts and limits hold", () => {
  const { cell, fire, all, el } = shown({ row_count: [3, "fixed"], column_count: [3, "fixed"] });
  fire(cell(0, 0), new MouseEvent("contextmenu", { bubbles: true, cancelable: true }));
  expect(el.querySelector('[role="menu"]')).toBeNull();
  expect(all(".nbb-grid-adds button")).toHaveLength(0);
  const limited = shown({ row_limits: [3, 3] });
  limited.click(limited.all(".nbb-grid-adds button")[0]!);
  expect(limited.reports).toEqual([]);
  limited.fire(limited.cell(0, 0), new MouseEvent("contextmenu", { bubbles: true, cancelable: true }));
  expect(limited.all('[role="menuitem"]').map((one) => one.textContent)).not.toContain("Delete row");
});

function clipboard(name: string, text = ""): ClipboardEvent & { text: () => string } {
  const event = new Event(name, { bubbles: true, cancelable: true });
  let held = text;
  const clipboardData = {
    getData: () => held,
    setData: (_: string, given: string) => {
      held = given;
    },
  };
  return Object.assign(event, { clipboardData, text: () => held }) as never;
}

test("blocks of cells are copied, cut and pasted, and the table grows for them", () => {
  const { choose, fire, find, data, events } = shown();
  find(".nbb-grid-frame").focus();
  choose(0, 0);
  choose(1, 1, { shiftKey: true });
  const copied = clipboard("copy");
  fire(document.body, copied);
  expect(copied.text()).toBe("Ada\t36\nBob\t7");
  choose(2, 0);
  fire(document.body, clipboard("paste", copied.text()));
  expect(events()).toEqual(["input"]);
  expect(data()!.data.slice(2)).toEqual([
    ["Ada", 36, null],
    ["Bob", 7, null],
  ]);
  fire(document.body, clipboard("cut"));
  expect(data()!.data.slice(2)).toEqual([
    [null, null, null],
    [null, null, null],
  ]);
});

test("an empty table has rows to begin with, which are no value until something is typed", async () => {
  const empty = { headers: ["a", "b"], data: [], metadata: null };
  const { all, choose, key, write, data, reports } = shown({ value: empty, row_count: [3, "dynamic"] });
  expect(all("[data-row]")).toHaveLength(3);
  expect(reports).toEqual([]);
  choose(1, 0);
  key("x");
  await write("x");
  const edits = [
    { do: "blank", count: 3 },
    { do: "set", cells: [[1, 0, "x"]] },
  ];
  expect(data()).toEqual({ table: null, headers: ["a", "b"], edits });
});

test("the cell under edit survives updates of other properties", async () => {
  const { choose, key, find, set, cell, type } = shown();
  choose(0, 0);
  key("N");
  await act(settle);
  type(".nbb-grid-editor", "Nel");
  set("label", "Other");
  set("value", { ...people, data: [["Ida", 1, true], ...people.data.slice(1)] });
  expect(find<HTMLTextAreaElement>(".nbb-grid-editor").value).toBe("Nel");
  expect(cell(0, 0).textContent).toBe("Ida");
});

test("whoever listens hears which cell was chosen, in the order of the table", () => {
  const { all, click, choose, reports } = shown({}, { listens: (event: string) => event === "select" });
  click(all('[role="columnheader"]')[1]!);
  choose(0, 0);
  expect(reports.at(-1)).toEqual({
    event: "select",
    data: { index: [1, 0], value: "Bob", row_value: ["Bob", 7, false], col_value: people.data.map((row) => row[0]) },
  });
});

test("a Styler's texts show, and of its CSS what is harmless", () => {
  const metadata = {
    display_value: [["one €", null]],
    styling: [["color: red; position: fixed; background: url(http://x/)", ""]],
  };
  const { cell } = shown({ value: { headers: ["a", "b"], data: [[1, 2]], metadata } });
  expect(cell(0, 0).textContent).toBe("one €");
  expect(cell(0, 0).style.color).toBe("red");
  expect(cell(0, 0).style.position).toBe("");
  expect(cell(0, 0).getAttribute("style")).not.toContain("url");
});

test("long texts are cut until they are edited", async () => {
  const { cell, choose, key, find } = shown({
    value: { headers: ["a"], data: [["abcdef"]], metadata: null },
    max_chars: 3,
  });
  expect(cell(0, 0).textContent).toBe("abc…");
  choose(0, 0);
  key("Enter");
  await act(settle);
  expect(find<HTMLTextAreaElement>(".nbb-grid-editor").value).toBe("abcdef");
});

// -- large tables

const large = {
  headers: ["n", "text"],
  data: Array.from({ length: 100 }, (_, i) => [i, `row ${i}`]),
  metadata: null,
  rows: 1_000_000,
  table: "t",
};

function kernel() {
  const asked: Record<string, unknown>[] = [];
  const ask = vi.fn(async (content: Record<string, unknown>) => {
    asked.push(content);
    if (content.cell) return "whole";
    const [from, to] = content.rows as [number, number];
    const descends = (content.sort as [number, boolean][])[0]?.[1];
    const rows = content.search ? 1 : large.rows;
    const index = Array.from({ length: Math.min(to, rows) - from }, (_, i) =>
      descends ? rows - 1 - from - i : from + i,
    );
    return { rows, index, data: index.map((i) => [i, `row ${i}`]), metadata: null };
  });
  return { asked, ask };
}

test("of a large table the page holds a part, and asks for what comes into sight", async () => {
  const { asked, ask } = kernel();
  const { find, key, choose, cell } = shown({ value: large }, { ask });
  expect(find('[role="grid"]').getAttribute("aria-rowcount")).toBe("1000001");
  expect(ask).not.toHaveBeenCalled();
  choose(0, 0);
  key("ArrowDown", { ctrlKey: true });
  await act(settle);
  expect(asked.at(-1)).toMatchObject({ table: "t", rows: [999_900, 1_000_000], columns: [0, 2], sort: [], search: "" });
  expect(cell(999_999, 1).textContent).toBe("row 999999");
});

test("an edit of a large table is all that is sent of it", async () => {
  const { asked, ask } = kernel();
  const { choose, key, write, reports, all, click, cell, el } = shown({ value: large }, { ask });
  click(all('[role="columnheader"]')[0]!);
  click(all('[role="columnheader"]')[0]!);
  await act(settle);
  expect(asked.at(-1)).toMatchObject({ sort: [[0, true]] });
  expect(cell(0, 1).textContent).toBe("row 999999");
  choose(0, 1);
  key("x");
  await write("new");
  const edits = [{ do: "set", cells: [[999_999, 1, "new"]] }];
  expect(reports[0]).toEqual({ event: "input", value: { table: "t", edits } });
  expect(reports[1]!.data).toEqual({ index: [999_999, 1], value: "new", previous_value: "row 999999" });
  expect(cell(0, 1).textContent).toBe("new");
  expect(el.querySelector('[aria-rowcount="1000001"]')).not.toBeNull();
});

test("a text that came cut is fetched before it is edited", async () => {
  const { ask } = kernel();
  const { choose, key, find } = shown({ value: { ...large, cut: [[1, 1]] } }, { ask });
  choose(1, 1);
  key("Enter");
  await act(settle);
  expect(ask).toHaveBeenLastCalledWith({ table: "t", cell: [1, 1] });
  expect(find<HTMLTextAreaElement>(".nbb-grid-editor").value).toBe("whole");
});

test("without a kernel the rows that were saved are shown, and that there are more", () => {
  const { find } = shown({ value: large, interactive: false }, { live: false });
  expect(find('[role="grid"]').getAttribute("aria-rowcount")).toBe("101");
  expect(find(".nbb-grid-note").textContent).toBe("the first 100 of 1,000,000 rows");
});

// TR-30
test("what is typed into a cell stays while the table changes, and is told if the cell goes", async () => {
  const toast = vi.fn();
  const { choose, key, type, set, find, cell, el } = shown({}, { toast });
  choose(1, 0);
  key("E");
  await act(settle);
  type(".nbb-grid-editor", "Eve");
  await set("value", { ...people, data: people.data.map((row) => ["other", ...row.slice(1)]) });
  expect(find<HTMLTextAreaElement>(".nbb-grid-editor").value).toBe("Eve");
  expect(cell(0, 0).textContent).toBe("other");
  await set("value", { ...people, data: people.data.slice(0, 1) });
  expect(el.querySelector(".nbb-grid-editor")).toBeNull();
  expect(toast.mock.calls[0]![0].message).toContain("“Eve” was not taken");
});
