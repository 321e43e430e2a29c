/** From the table of a LinePlot, BarPlot or ScatterPlot to what Vega-Lite draws, all groups and ends reckoned here. */

import type { BarPlotProps } from "./contract";
import type { Look } from "./looks";
import { fewer, type Row } from "./thinning";

type Spec = Record<string, unknown>;
type Table = NonNullable<BarPlotProps["value"]>;
type Cell = Table["data"][number][number];

/** What of the properties makes the picture. */
export type Chart = Pick<BarPlotProps, (typeof CHART)[number]>;
export const CHART = [
  ...(["value", "x", "y", "color", "title", "x_title", "y_title", "color_title", "x_bin", "y_aggregate"] as const),
  ...(["color_map", "colors_in_legend", "x_lim", "y_lim", "x_label_angle", "y_label_angle", "x_axis_format"] as const),
  ...(["y_axis_format", "x_axis_labels_visible", "sort", "tooltip"] as const),
] as const;

/** The x axis: names side by side, or numbers (of times: milliseconds) from one end to the other. */
export type Axis = { names: string[] } | { from: number; to: number; temporal: boolean };

export interface Drawing {
  axis: Axis;
  /** What screen readers are told. */
  description: string;
  spec: Spec;
}

/** What keeps a table from being drawn, in words for the author. */
export class Undrawable extends Error {}

const UNITS: Record<string, number> = { s: 1e3, m: 60e3, h: 3600e3, d: 86400e3 };
/** Colours of series that are told apart on light and on dark. */
const PALETTE = "#4269d0 #efb118 #ff725c #3ca951 #a463f2 #6cc5b0 #ff8ab7 #9c6b4e #97bbf5 #9498a0".split(" ");
/** Bars of one colour that touch each other look like one. */
const MANY = 120;

/**
 * @param room px that there are in all
 * @throws Undrawable if there are rows that cannot be drawn; null: there is nothing to draw.
 */
export function drawingOf(chart: Chart, look: Look, room: { width: number; height: number }): Drawing | null {
  const { value: table, x, y, color } = chart;
  if (!table?.data.length) return null;
  if (x === null || y === null) throw new Undrawable("it needs the names of two columns, x and y");
  const [at, up, hue] = [indexOf(table, x), indexOf(table, y), color === null ? -1 : indexOf(table, color)];
  const [kind, upKind, hueKind] = [x, y, color].map((name) => (name === null ? null : table.datatypes[name]!));
  const { mark } = table;
  const named = kind === "nominal";
  const temporal = kind === "temporal";
  const step = named ? null : stepOf(chart.x_bin, temporal);
  const grouped = upKind === "quantitative" && (step !== null || (named && mark !== "point"));
  const others = grouped ? [] : extras(chart, table);

  let rows: Row[] = [];
  for (const cells of table.data) {
    const place = cells[at] ?? null;
    if (place === null || (!named && !Number.isFinite(Number(place)))) continue;
    const series = hue < 0 ? null : hueKind === "nominal" ? String(cells[hue]) : (cells[hue] ?? null);
    rows.push({ x: named ? String(place) : Number(place), y: cells[up] ?? null, c: series, cells });
  }
  const series = hueKind === "nominal" ? [...new Set(rows.map((row) => String(row.c)))] : [];
  const limits = ends(chart.x_lim, temporal ? 1000 : 1);
  if (!named) rows = within(rows, limits, mark === "line" && step === null);
  if (grouped) rows = groups(rows, step, chart.y_aggregate ?? "sum");
  const axis: Axis = named
    ? { names: ordered(rows, chart) }
    : { ...span(rows, limits, step, mark, temporal), temporal };
  const all = rows.length;
  rows = "names" in axis ? rows : fewer(rows, mark, axis.from, axis.to);

  const apart = grouped && named && mark === "bar" && series.length > 1 && !["sum", "count"].includes(op(chart));
  const bars = mark === "bar" && upKind === "quantitative";
  if (bars) stack(rows, series, apart);
  const width = bars && !named ? barWidth(rows, step, axis) : 0;
  const titles = [chart.y_title ?? y, chart.x_title ?? x, chart.color_title ?? color ?? ""] as const;
  const tips = chart.tooltip === "none" ? null : [...titles.slice(0, hue < 0 ? 2 : 3), ...others.map(([name]) => name)];
  const counts = new Map<unknown, number>();
  for (const row of rows) counts.set(row.c, (counts.get(row.c) ?? 0) + 1);
  const values = rows.map((row) => {
    const from = step === null || named ? null : Number(row.x);
    const middle = from === null ? row.x : from + step! / 2;
    const told = tips && [
      words(row.y, upKind === "temporal"),
      from === null ? words(row.x, temporal) : `${words(from, temporal)} – ${words(from + step!, temporal)}`,
      ...(hue < 0 ? [] : [words(row.c, hueKind === "temporal")]),
      ...others.map(([name, index]) => words(row.cells[index] ?? null, table.datatypes[name] === "temporal")),
    ];
    return {
      x: middle,
      y: row.y,
      ...(hue < 0 ? {} : { c: row.c }),
      ...(bars ? { from: row.from ?? 0, to: row.to ?? 0 } : {}),
      ...(width ? { left: Number(middle) - width / 2, right: Number(middle) + width / 2 } : {}),
      ...(mark === "line" && counts.get(row.c) === 1 ? { lone: true } : {}),
      ...Object.fromEntries((told ?? []).map((text, index) => [`t${index}`, text])),
    };
  });

  const description = `${{ line: "Line", bar: "Bar", point: "Scatter" }[mark]} plot of ${titles[0]} over ${titles[1]}`;
  const tooltip = tips?.map((title, index) => ({ field: `t${index}`, title, type: "nominal" }));
  const encoding = {
    x: xOf(chart, axis, kind!, titles[1], mark, width > 0),
    y: yOf(chart, upKind!, titles[0], bars, rows),
    ...(hue < 0 ? {} : { color: colorOf(chart, series, hueKind!, titles[2], mark, look, room.width) }),
    ...(apart ? { xOffset: { field: "c", type: "nominal", scale: { domain: series } } } : {}),
  };
  const spec: Spec = {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    description: chart.title ?? description,
    height: room.height,
    autosize: { type: "fit", contains: "padding", resize: true },
    padding: { left: 4, right: 12, top: 8, bottom: 4 },
    ...(chart.title ? { title: { text: chart.title, limit: Math.max(room.width - 60, 120) } } : {}),
    data: { values },
    config: CONFIG,
    encoding,
    layer: layers(mark, bars ? (width ? "rect" : "bar") : null, values.length, tooltip, look),
    // Elements of their own can be measured, printed and read out, which a canvas cannot.
    usermeta: { embedOptions: { renderer: "svg" } },
  };
  const drawn = all === rows.length ? "" : `, ${rows.length} of ${all} drawn`;
  return { axis, description: `${description}${drawn}`, spec };
}

const CONFIG = {
  view: { stroke: null },
  axis: { labelFontSize: 11, titleFontSize: 12, titleFontWeight: 500, titlePadding: 8, domainWidth: 1 },
  legend: { labelFontSize: 12, titleFontSize: 12, titleFontWeight: 500, offset: 10, symbolSize: 90 },
  title: { fontSize: 14, fontWeight: 600, anchor: "middle", offset: 12 },
};

function layers(mark: Table["mark"], bars: "rect" | "bar" | null, count: number, tooltip: unknown, look: Look): Spec[] {
  const encoding = tooltip ? { tooltip } : {};
  if (mark === "line") {
    const near = { type: "point", on: "pointerover", nearest: true, clear: "pointerout" };
    const seen = [{ param: "near", empty: false, value: 1 }, ...[{ test: "datum.lone", value: 1 }]];
    return [
      { mark: { type: "line", clip: true, strokeWidth: 2, strokeJoin: "round" } },
      {
        mark: { type: "point", clip: true, filled: true, size: 70 },
        params: [{ name: "near", select: near }],
        encoding: { ...encoding, opacity: { condition: seen, value: 0 } },
      },
    ];
  }
  if (bars) {
    const edge = count > MANY ? {} : { stroke: look.surface, strokeWidth: 1 };
    // A name has a place of its own, which a bar fills; elsewhere a bar goes from one end to the other.
    const wide = bars === "rect" ? { x2: { field: "right" } } : {};
    return [{ mark: { type: bars, clip: true, ...edge }, encoding: { ...encoding, ...wide, y2: { field: "from" } } }];
  }
  const size = count > 2000 ? 16 : count > 300 ? 30 : 45;
  return [{ mark: { type: "point", clip: true, filled: true, size, opacity: 0.75 }, encoding }];
}

// -- channels

function xOf(chart: Chart, axis: Axis, kind: string, title: string, mark: string, wide: boolean): Spec {
  const names = "names" in axis ? axis.names.length : 0;
  const angle = chart.x_label_angle;
  const seen = chart.x_axis_labels_visible;
  const guide = {
    title,
    grid: mark === "point" && !names,
    labelAngle: angle,
    labels: seen !== false,
    ticks: seen === true,
    ...(seen === "hidden" ? { labelOpacity: 0 } : {}),
    ...(chart.x_axis_format ? { format: chart.x_axis_format } : {}),
    ...(names
      ? { labelOverlap: "greedy", ...(angle % 180 ? {} : { labelLimit: { expr: `max(28, width / ${names} - 6)` } }) }
      : { tickCount: { expr: "max(2, ceil(width / 90))" }, labelFlush: true }),
  };
  if ("names" in axis) {
    const padding = mark === "bar" ? { paddingInner: 0.25, paddingOuter: 0.15 } : {};
    return { field: "x", type: "nominal", sort: axis.names, axis: guide, scale: { domain: axis.names, ...padding } };
  }
  const scale = axis.temporal
    ? { type: "utc", nice: false, domainMin: axis.from, domainMax: axis.to }
    : { domain: [axis.from, axis.to], nice: false, zero: false };
  return { field: wide ? "left" : "x", type: kind, axis: guide, scale };
}

function yOf(chart: Chart, kind: string, title: string, bars: boolean, rows: Row[]): Spec {
  // Room for what stands around the highest and the lowest mark.
  const air = bars || kind === "nominal" ? {} : { padding: 8 };
  let [low, high] = ends(chart.y_lim, kind === "temporal" ? 1000 : 1);
  const level = bars || kind !== "quantitative" ? null : levelOf(rows);
  if (level !== null && low === null && high === null) [low, high] = [level - 1, level + 1];
  const format = chart.y_axis_format;
  const guide = {
    title,
    labelAngle: chart.y_label_angle,
    domain: false,
    ticks: false,
    labelPadding: 6,
    titleLimit: { expr: "max(height, 80)" },
    ...(format ? { format } : {}),
    ...(kind === "nominal" ? {} : { tickCount: { expr: "max(2, ceil(height / 45))" } }),
  };
  const scale =
    kind === "nominal"
      ? {}
      : low !== null && high !== null
        ? { domain: [low, high], zero: false, nice: false }
        : {
            ...air,
            ...(kind === "temporal" ? { type: "utc" } : { zero: bars }),
            nice: bars,
            ...(low === null ? {} : { domainMin: low }),
            ...(high === null ? {} : { domainMax: high }),
          };
  return { field: bars ? "to" : "y", type: kind, axis: guide, scale, ...(bars ? { stack: null } : {}) };
}

/** The height that all rows have, if there is but one. */
function levelOf(rows: Row[]): number | null {
  const heights = new Set(rows.map((row) => row.y).filter((y) => y !== null));
  return heights.size === 1 ? Number([...heights][0]) : null;
}

function colorOf(
  chart: Chart,
  series: string[],
  kind: string,
  title: string,
  mark: string,
  look: Look,
  width: number,
): Spec {
  const shown = chart.colors_in_legend;
  const below = { orient: "bottom", title, labelLimit: Math.max(60, Math.min(220, width - 90)) };
  if (kind !== "nominal") {
    const range = [mixed(look.accent, look.surface, 0.25), look.accent, mixed(look.accent, look.fg, 0.45)];
    const legend = shown?.length === 0 ? null : { ...below, gradientLength: Math.max(80, Math.min(240, width - 80)) };
    return { field: "c", type: kind, scale: { range, interpolate: "lab" }, legend };
  }
  const longest = Math.max(...series.map((one) => one.length), 2);
  const range = series.map((one, index) => chart.color_map?.[one] ?? PALETTE[index % PALETTE.length]!);
  const legend = {
    ...below,
    columns: Math.max(1, Math.floor((width - 60) / Math.min(longest * 7 + 34, 254))),
    symbolType: mark === "line" ? "stroke" : mark === "bar" ? "square" : "circle",
    symbolOpacity: 1,
    ...(shown ? { values: shown } : {}),
  };
  return { field: "c", type: "nominal", scale: { domain: series, range }, legend: shown?.length === 0 ? null : legend };
}

/** A colour between two that are given as `rgb(...)`. */
function mixed(one: string, other: string, part: number): string {
  const numbers = (colour: string) => (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
  const [a, b] = [numbers(one), numbers(other)];
  return `rgb(${a.map((channel, index) => Math.round(channel * (1 - part) + (b[index] ?? 0) * part)).join(", ")})`;
}

// -- rows

function indexOf(table: Table, name: string): number {
  const index = table.columns.indexOf(name);
  if (index < 0) throw new Undrawable(`there is no column “${name}” in ${table.columns.join(", ")}`);
  return index;
}

/** Columns that are told of besides, with their places. */
function extras({ x, y, color, tooltip }: Chart, { columns }: Table): [string, number][] {
  if (typeof tooltip === "string" && tooltip !== "all") return [];
  const others = columns.map((name, index): [string, number] => [name, index]);
  return others.filter(([name]) => ![x, y, color].includes(name) && (tooltip === "all" || tooltip.includes(name)));
}

function stepOf(bin: Chart["x_bin"], temporal: boolean): number | null {
  if (typeof bin !== "string") return bin;
  if (!temporal) throw new Undrawable(`x_bin “${bin}” is for times, and the x axis has numbers`);
  return Number.parseFloat(bin) * UNITS[bin.at(-1)!]!;
}

function op({ y_aggregate }: Chart): string {
  return y_aggregate ?? "sum";
}

function ends(limits: Chart["x_lim"], factor: number): [number | null, number | null] {
  const [low, high] = limits ?? [null, null];
  return [low === null ? null : low * factor, high === null ? null : high * factor];
}

/** Rows between two ends; of lines also the nearest on both sides, towards which they go. */
function within(rows: Row[], [one, other]: [number | null, number | null], nearest: boolean): Row[] {
  if (one === null && other === null) return rows;
  const low = Math.min(one ?? Number.NEGATIVE_INFINITY, other ?? Number.POSITIVE_INFINITY);
  const high = Math.max(one ?? Number.NEGATIVE_INFINITY, other ?? Number.POSITIVE_INFINITY);
  const [before, after] = [new Map<unknown, Row>(), new Map<unknown, Row>()];
  const inside = rows.filter((row) => {
    const x = Number(row.x);
    if (x < low && !(x <= Number(before.get(row.c)?.x))) before.set(row.c, row);
    if (x > high && !(x >= Number(after.get(row.c)?.x))) after.set(row.c, row);
    return x >= low && x <= high;
  });
  return nearest ? [...before.values(), ...inside, ...after.values()] : inside;
}

/** One row for each group of those that share a name, or a step of the axis, and a series. */
function groups(rows: Row[], step: number | null, aggregate: string): Row[] {
  const found = new Map<string, { row: Row; ys: number[]; count: number }>();
  for (const row of rows) {
    const x = step === null ? row.x : Math.floor(Number(row.x) / step + 1e-9) * step;
    const key = JSON.stringify([x, row.c]);
    const group = found.get(key) ?? { row: { ...row, x }, ys: [], count: 0 };
    if (group.count === 0) found.set(key, group);
    group.count += 1;
    if (row.y !== null && Number.isFinite(row.y)) group.ys.push(Number(row.y));
  }
  return [...found.values()].map(({ row, ys, count }) => ({ ...row, y: aggregated(aggregate, ys, count) }));
}

export function aggregated(aggregate: string, ys: number[], count: number): number | null {
  const sum = () => ys.reduce((total, one) => total + one, 0);
  if (aggregate === "count") return count;
  if (!ys.length) return null;
  if (aggregate === "sum") return sum();
  if (aggregate === "mean") return sum() / ys.length;
  const sorted = [...ys].sort((a, b) => a - b);
  if (aggregate === "min") return sorted[0]!;
  if (aggregate === "max") return sorted.at(-1)!;
  const half = (sorted.length - 1) / 2;
  return (sorted[Math.floor(half)]! + sorted[Math.ceil(half)]!) / 2;
}

/** The names on the x axis, from left to right. */
function ordered(rows: Row[], { sort }: Chart): string[] {
  const names = [...new Set(rows.map((row) => String(row.x)))];
  if (Array.isArray(sort))
    return [...sort.filter((one) => names.includes(one)), ...names.filter((one) => !sort.includes(one))];
  if (sort === "x" || sort === "-x") names.sort((a, b) => a.localeCompare(b, undefined, { numeric: true }));
  if (sort === "y" || sort === "-y") {
    const heights = new Map<string, number>();
    for (const row of rows) heights.set(String(row.x), (heights.get(String(row.x)) ?? 0) + Number(row.y ?? 0));
    names.sort((a, b) => heights.get(a)! - heights.get(b)!);
  }
  return sort?.startsWith("-") ? names.reverse() : names;
}

/** The ends of an axis of numbers: those asked for, else so that no mark is cut off. */
function span(
  rows: Row[],
  limits: [number | null, number | null],
  step: number | null,
  mark: string,
  temporal: boolean,
) {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { x } of rows) {
    low = Math.min(low, Number(x));
    high = Math.max(high, Number(x) + (step ?? 0));
  }
  if (low > high) [low, high] = temporal ? [0, UNITS.d!] : [0, 1];
  if (low === high) [low, high] = temporal ? [low - UNITS.h!, high + UNITS.h!] : [low - 0.5, high + 0.5];
  const air = mark === "line" || step !== null ? 0 : (high - low) * 0.03;
  const [from, to] = [limits[0] ?? low - air, limits[1] ?? high + air];
  return from === to ? { from: from - 0.5, to: to + 0.5 } : { from, to };
}

/** How wide bars are, in what the axis counts: of a group as wide as it is, else so that neighbours do not touch. */
function barWidth(rows: Row[], step: number | null, axis: Axis): number {
  if (step !== null || "names" in axis) return step ?? 0;
  const places = [...new Set(rows.map((row) => Number(row.x)))].sort((a, b) => a - b);
  const whole = Math.abs(axis.to - axis.from);
  let gap = whole / 12;
  for (let index = 1; index < places.length; index += 1) gap = Math.min(gap, places[index]! - places[index - 1]!);
  return Math.max(gap * 0.8, whole / 400);
}

/** Let bars of one place stand on each other in the order of their series, those below zero downwards; or `apart`, each on the ground. */
function stack(rows: Row[], series: string[], apart: boolean): void {
  const tops = new Map<string, number>();
  const rank = new Map(series.map((one, index): [Row["c"], number] => [one, index]));
  const inOrder = [...rows].sort((a, b) => (rank.get(a.c) ?? 0) - (rank.get(b.c) ?? 0));
  for (const row of inOrder) {
    const y = Number(row.y ?? 0);
    const key = `${row.x} ${y < 0}`;
    row.from = apart ? 0 : (tops.get(key) ?? 0);
    row.to = row.from + y;
    tops.set(key, row.to);
  }
}

/** A cell for a tooltip. */
export function words(cell: Cell, temporal: boolean): string {
  if (cell === null) return "–";
  if (typeof cell !== "number") return String(cell);
  if (!temporal) return Number.isInteger(cell) ? String(cell) : String(Number(cell.toPrecision(6)));
  const date = new Date(cell);
  return Number.isNaN(date.getTime()) ? String(cell) : date.toISOString().slice(0, 19).replace("T", " ");
}
