import { signal } from "@preact/signals";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { choiceOf } from "../brushing";
import { aggregated, CHART, type Chart, drawingOf, Undrawable } from "../charting";
import { defaults } from "../contract";
import type { Look } from "../looks";
import { mount, settle } from "../testing";
import { fewer, type Row } from "../thinning";
import NativePlot from "./nativeplot";

const look: Look = {
  dark: false,
  fg: "rgb(0, 0, 0)",
  muted: "rgb(2, 2, 2)",
  grid: "rgb(3, 3, 3)",
  border: "rgb(4, 4, 4)",
  surface: "rgb(255, 255, 255)",
  accent: "rgb(0, 0, 200)",
  font: "Sans",
};
const DAY = 86400e3;
const datatypes = { n: "quantitative", y: "quantitative", name: "nominal", time: "temporal", more: "nominal" } as const;
const COLUMNS = ["n", "y", "name", "time", "more"];
const DATA = [
  [1, 4, "b", 0, "one"],
  [2, 6, "a", 0.5 * DAY, "two"],
  [3, -2, "b", 1.5 * DAY, "three"],
  [14, 8, "c", 3 * DAY, "four"],
];
type Mark = "line" | "bar" | "point";
const table = (mark: Mark, data: unknown[][] = DATA) => ({ columns: COLUMNS, data, datatypes, mark });

/** What a chart of these properties is drawn from. */
function drawn(mark: Mark, given: Partial<Chart> = {}, data: unknown[][] = DATA) {
  const usual = Object.fromEntries(CHART.map((name) => [name, defaults.nativeplot![name]]));
  const chart = { ...usual, value: table(mark, data), x: "n", y: "y", ...given } as Chart;
  const drawing = drawingOf(chart, look, { width: 600, height: 320 })!;
  const { spec, axis } = drawing;
  return {
    ...drawing,
    axis: axis as { from: number; to: number } & { names: string[] },
    rows: (spec.data as { values: Record<string, never>[] }).values,
    encoding: spec.encoding as Record<string, Record<string, Record<string, unknown>>>,
    marks: (spec.layer as { mark: { type: string } }[]).map((layer) => layer.mark.type),
  };
}
const pick = (rows: Record<string, unknown>[], ...names: string[]) => rows.map((row) => names.map((name) => row[name]));

test("lines reach from the first to the last row, points have some air around them", () => {
  const line = drawn("line");
  expect(line.axis).toMatchObject({ from: 1, to: 14, temporal: false });
  expect(line.marks).toEqual(["line", "point"]);
  expect(pick(line.rows, "x", "y")).toEqual([
    [1, 4],
    [2, 6],
    [3, -2],
    [14, 8],
  ]);
  const { axis } = drawn("point");
  expect(axis.from).toBeLessThan(1);
  expect(axis.to).toBeGreaterThan(14);
});

test("bars of a bin are as wide as it, and hold the sum of its rows", () => {
  const { rows, axis, marks } = drawn("bar", { x_bin: 10 });
  expect(axis).toMatchObject({ from: 0, to: 20 });
  expect(marks).toEqual(["rect"]);
  expect(pick(rows, "left", "right", "from", "to")).toEqual([
    [0, 10, 0, 8],
    [10, 20, 0, 8],
  ]);
  expect(rows[0]).toMatchObject({ t0: "8", t1: "0 – 10" });
});

test.each([
  ["12h", [4, 6, -2, 8]],
  ["1d", [10, -2, 8]],
  ["1440m", [10, -2, 8]],
  ["172800s", [8, 8]],
])("times are put into bins of %s", (x_bin, sums) => {
  const { rows } = drawn("bar", { x: "time", x_bin });
  expect(rows.map((row) => row.y)).toEqual(sums);
});

test("a time is told as it stands in the table, whatever zone the page is in", () => {
  const { rows, encoding } = drawn("line", { x: "time" });
  expect(rows[1]!.t1).toBe("1970-01-01 12:00:00");
  expect(encoding.x!.scale).toEqual({ type: "utc", nice: false, domainMin: 0, domainMax: 3 * DAY });
});

test.each([
  ["sum", [2, 6, 8]],
  ["mean", [1, 6, 8]],
  ["median", [1, 6, 8]],
  ["min", [-2, 6, 8]],
  ["max", [4, 6, 8]],
  ["count", [2, 1, 1]],
] as const)("rows that share a name are one bar: %s", (y_aggregate, heights) => {
  const { rows } = drawn("bar", { x: "name", y_aggregate });
  expect(pick(rows, "x", "y")).toEqual([
    ["b", heights[0]],
    ["a", heights[1]],
    ["c", heights[2]],
  ]);
});

test("what stands for a group with nothing in it", () => {
  expect(aggregated("mean", [], 3)).toBe(null);
  expect(aggregated("sum", [], 3)).toBe(null);
  expect(aggregated("count", [], 3)).toBe(3);
  expect(aggregated("median", [10, 2, 4, 9], 4)).toBe(6.5);
});

test.each([
  [null, ["b", "a", "c"]],
  ["x", ["a", "b", "c"]],
  ["-x", ["c", "b", "a"]],
  ["y", ["b", "a", "c"]],
  ["-y", ["c", "a", "b"]],
  [
    ["c", "nobody"],
    ["c", "b", "a"],
  ],
] as const)("names stand in the order of %s", (sort, names) => {
  expect(drawn("bar", { x: "name", sort: sort as Chart["sort"] }).axis.names).toEqual(names);
});

test("points of one name are not added up", () => {
  expect(drawn("point", { x: "name" }).rows.length).toBe(4);
});

test("bars of several series stand on each other, in the order of the legend; those below zero hang", () => {
  const data = [
    [1, 4, "b"],
    [2, 6, "a"],
    [2, 3, "b"],
    [1, -2, "a"],
    [1, 5, "a"],
  ].map((row) => [...row, 0, ""]);
  const { rows, encoding } = drawn("bar", { color: "name" }, data);
  expect(pick(rows, "x", "c", "from", "to")).toEqual([
    [1, "b", 0, 4],
    [2, "a", 3, 9],
    [2, "b", 0, 3],
    [1, "a", 0, -2],
    [1, "a", 4, 9],
  ]);
  expect(encoding.color!.scale!.domain).toEqual(["b", "a"]);
});

test("means of several series stand beside each other: their sum would mean nothing", () => {
  const given: Partial<Chart> = { x: "more", color: "name", y_aggregate: "mean" };
  expect(drawn("bar", given).encoding.xOffset).toBeDefined();
  expect(drawn("bar", { ...given, y_aggregate: "sum" }).encoding.xOffset).toBeUndefined();
});

test("series have the author's colours, the others usual ones; the legend names those asked for", () => {
  const color = (given: Partial<Chart>) => drawn("line", { color: "name", ...given }).encoding.color!;
  expect(color({ color_map: { a: "red" } }).scale).toMatchObject({
    domain: ["b", "a", "c"],
    range: ["#4269d0", "red", "#ff725c"],
  });
  expect(color({ color_title: "T", colors_in_legend: ["a"] }).legend).toMatchObject({ title: "T", values: ["a"] });
  expect(color({ colors_in_legend: [] }).legend).toBe(null);
  expect(drawn("point", { color: "n" }).encoding.color).toMatchObject({
    type: "quantitative",
    scale: { interpolate: "lab" },
  });
});

test("ends of the axis may be given, of a line with the rows next to them", () => {
  const both = drawn("line", { x_lim: [1.5, 2.5] });
  expect(both.axis).toMatchObject({ from: 1.5, to: 2.5 });
  expect(both.rows.map((row) => row.x)).toEqual([1, 2, 3]);
  const one = drawn("bar", { x_lim: [2, null] });
  expect(one.rows.map((row) => row.x)).toEqual([2, 3, 14]);
  expect(one.axis.from).toBe(2);
  const time = drawn("line", { x: "time", x_lim: [86400, 172800] });
  expect(time.axis).toMatchObject({ from: DAY, to: 2 * DAY });
  const none = drawn("line", { x_lim: [500, 600] });
  expect(none.axis).toMatchObject({ from: 500, to: 600 });
  expect(drawn("line", { y_lim: [0, 10] }).encoding.y!.scale).toEqual({ domain: [0, 10], zero: false, nice: false });
  expect(drawn("line", { y_lim: [null, 10] }).encoding.y!.scale).toMatchObject({ domainMax: 10 });
});

test("tooltips tell of the axes, of all columns, of those named besides, or nothing", () => {
  const tips = (tooltip: Chart["tooltip"]) => {
    const { spec, rows } = drawn("point", { color: "name", tooltip, x_title: "X" });
    const [layer] = spec.layer as { encoding: { tooltip?: { title: string; field: string }[] } }[];
    return layer!.encoding.tooltip?.map(({ title, field }) => `${title}=${rows[0]![field]}`);
  };
  expect(tips("axis")).toEqual(["y=4", "X=1", "name=b"]);
  expect(tips("all")).toEqual(["y=4", "X=1", "name=b", "time=1970-01-01 00:00:00", "more=one"]);
  expect(tips(["more"])).toEqual(["y=4", "X=1", "name=b", "more=one"]);
  expect(tips("none")).toBeUndefined();
});

test("rows without a place are left out, those without a height leave a gap", () => {
  const { rows } = drawn("line", {}, [
    [1, 2],
    [null, 3],
    [2, null],
  ]);
  expect(pick(rows, "x", "y", "t0")).toEqual([
    [1, 2, "2"],
    [2, null, "–"],
  ]);
});

test("a series of one row is a point", () => {
  const { rows } = drawn("line", { color: "name" });
  expect(pick(rows, "c", "lone")).toEqual([
    ["b", undefined],
    ["a", true],
    ["b", undefined],
    ["c", true],
  ]);
});

test("what cannot be drawn says why", () => {
  expect(() => drawn("line", { x: "m" })).toThrow(new Undrawable("there is no column “m” in n, y, name, time, more"));
  expect(() => drawn("line", { y: null })).toThrow("it needs the names of two columns");
  expect(() => drawn("bar", { x_bin: "1h" })).toThrow("x_bin “1h” is for times");
});

test("a long line keeps its peaks, its ends and its gaps", () => {
  const rows = Array.from({ length: 50_000 }, (_, x): Row => ({ x, y: Math.sin(x / 100), c: null, cells: [] }));
  rows[777]!.y = 99;
  rows[40_001]!.y = -99;
  rows[30_000]!.y = null;
  const kept = new Set(fewer(rows, "line", 0, 49_999));
  expect(kept.size).toBeLessThan(1700);
  for (const index of [0, 777, 30_000, 40_001, 49_999]) expect(kept.has(rows[index]!)).toBe(true);
  expect(fewer(rows.slice(0, 1000), "line", 0, 999).length).toBe(1000);
});

test("of points that hide each other one is drawn, of each series", () => {
  const rows = Array.from(
    { length: 8000 },
    (_, index): Row => ({ x: index % 4, y: index % 2, c: index < 4000 ? "a" : "b", cells: [] }),
  );
  expect(fewer(rows, "point", 0, 3).length).toBe(8);
});

test("what a handler is told of a marked part", () => {
  expect(choiceOf({ from: 100, to: 200, temporal: false }, [0.75, 0.25])).toEqual({
    index: [125, 175],
    words: "125 – 175",
  });
  expect(choiceOf({ from: 0, to: 2 * DAY, temporal: true }, [0, 0.5])).toEqual({
    index: [0, 86400],
    words: "1970-01-01 00:00:00 – 1970-01-02 00:00:00",
  });
  expect(choiceOf({ names: ["a", "b", "c", "d"] }, [0.3, 0.6]).index).toEqual(["b", "c"]);
  expect(choiceOf({ names: ["a", "b"] }, [0, 0.1]).index).toEqual(["a"]);
});

// -- in the page

const box = (left: number, width: number) => ({ left, width, top: 0, height: 100, right: left + width, bottom: 100 });
const SVG = '<svg class="marks"><g class="role-frame"><path class="background"></path></g></svg>';

beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(600);
  // The axis begins 100 px from the left, and is 400 px long.
  vi.spyOn(Element.prototype, "getBoundingClientRect").mockImplementation(function (this: Element) {
    return (this.classList.contains("background") ? box(100, 400) : box(0, 600)) as DOMRect;
  });
});
afterEach(() => vi.restoreAllMocks());

async function shown(given: Record<string, unknown> = {}, listened = ["select", "double_click"]) {
  const specs: Record<string, unknown>[] = [];
  const draw = vi.fn(async (text: string) => void specs.push(JSON.parse(text)));
  const vegaDrawer = (el: HTMLElement) => {
    el.innerHTML = SVG;
    return { draw, end: vi.fn() };
  };
  const chunk = signal({ module: { vegaDrawer } });
  const page = mount(
    "nativeplot",
    NativePlot as never,
    { value: table("line"), x: "n", y: "y", ...given },
    {
      chunk: (() => chunk) as never,
      listens: (event: string) => listened.includes(event),
    },
  );
  await settle();
  const point = (type: string, x: number) =>
    page.fire(".nbb-native-frame", new PointerEvent(type, { clientX: x, bubbles: true, button: 0, pointerId: 1 }));
  return { ...page, specs, point };
}

test("a part marked by pointer is told once, and let go with the axis", async () => {
  const page = await shown();
  expect(page.specs.length).toBe(1);
  page.point("pointerdown", 200);
  page.point("pointermove", 202);
  expect(page.all(".nbb-brush")).toEqual([]);
  page.point("pointermove", 300);
  expect(page.find(".nbb-brush").style.left).toBe("200px");
  // What comes meanwhile waits, so that nothing moves under the pointer.
  page.set("title", "New");
  await settle();
  expect(page.specs.length).toBe(1);
  page.point("pointermove", 900);
  page.point("pointerup", 900);
  await settle();
  expect(page.specs.length).toBe(2);
  expect(page.reports).toEqual([{ event: "select", data: { index: [4.25, 14], value: [4.25, 14], selected: true } }]);
  page.set("x_lim", [4, 14]);
  await settle();
  expect(page.all(".nbb-brush")).toEqual([]);
});

test("a click marks nothing, a press beside the axis neither", async () => {
  const page = await shown();
  page.point("pointerdown", 200);
  page.point("pointerup", 200);
  page.point("pointerdown", 50);
  page.point("pointermove", 300);
  page.point("pointerup", 300);
  expect(page.reports).toEqual([]);
});

test("a part is marked, moved and told by keys", async () => {
  const page = await shown({ value: table("bar"), x: "name" });
  const key = (name: string, more = {}) => page.key(".nbb-native-frame", name, more);
  key("Enter");
  key("ArrowRight");
  key("ArrowRight");
  key("ArrowRight", { shiftKey: true });
  key("ArrowRight");
  expect(page.find("[aria-live]").textContent).toBe("Marked: a, c");
  key("Enter");
  expect(page.reports).toEqual([{ event: "select", data: { index: ["a", "c"], value: ["a", "c"], selected: true } }]);
  key("Escape");
  expect(page.all(".nbb-brush")).toEqual([]);
  key("Escape");
  expect(page.events()).toEqual(["select", "double_click"]);
});

test("a double click is told, and nothing can be marked if nobody listens", async () => {
  const page = await shown();
  page.fire(".nbb-native-frame", new MouseEvent("dblclick", { bubbles: true }));
  expect(page.events()).toEqual(["double_click"]);
  const deaf = await shown({}, []);
  deaf.point("pointerdown", 200);
  deaf.point("pointermove", 300);
  deaf.point("pointerup", 300);
  deaf.fire(".nbb-native-frame", new MouseEvent("dblclick", { bubbles: true }));
  expect(deaf.reports).toEqual([]);
  expect(deaf.find(".nbb-native-frame").hasAttribute("tabindex")).toBe(false);
});

test("without rows there is a quiet place; what is wrong is said; then it is drawn", async () => {
  const page = await shown({ value: null });
  expect(page.find('[role="img"]').getAttribute("aria-label")).toBe("No data");
  page.set("value", table("line", []));
  expect(page.all('[role="img"]').length).toBe(1);
  page.set("x", "m");
  page.set("value", table("line"));
  await settle();
  expect(page.find('[role="alert"]').textContent).toContain("there is no column “m”");
  page.set("x", "n");
  await settle();
  expect(page.all('[role="alert"]')).toEqual([]);
  expect(page.find("figure").getAttribute("aria-busy")).toBe("false");
  expect(page.specs.length).toBe(1);
});

test("the caption stands below, the small buttons are those asked for", async () => {
  const page = await shown({ caption: "From 2020", buttons: ["fullscreen", "actions"] });
  expect(page.find(".nbb-native-caption").textContent).toBe("From 2020");
  expect(page.all(".nbb-media-tools button").map((one) => one.title)).toEqual(["Full screen"]);
  page.click('[title="Full screen"]');
  await settle();
  expect(page.specs.length).toBe(2);
  expect(page.specs[1]!.height).not.toBe(320);
});
