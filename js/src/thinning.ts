/** Leaving out rows that nobody would see: a chart has only so many pixels. */

export interface Row {
  x: number | string;
  y: string | number | boolean | null;
  c: string | number | boolean | null;
  cells: readonly (string | number | boolean | null)[];
  /** Where a bar begins and ends. */
  from?: number;
  to?: number;
}

/** Rows of a line that are all drawn, and of points. */
const LINE = 1500;
const POINTS = 6000;
/** Places along a line, at each of which it keeps its first, last, lowest and highest row. */
const PLACES = 400;
/** Cells that a scatter plot is divided into, at each of which one point of a series is seen. */
const [ACROSS, UP] = [320, 130];

/** The rows that are seen, of an axis from one end to the other. */
export function fewer(rows: Row[], mark: string, from: number, to: number): Row[] {
  if (mark === "line" && rows.length > LINE) return ofLine(rows, from, to);
  if (mark === "point" && rows.length > POINTS) return ofPoints(rows, from, to);
  return rows;
}

function ofLine(rows: Row[], from: number, to: number): Row[] {
  const places = new Map<string, { first: Row; last: Row; least: Row; most: Row }>();
  const holes: Row[] = [];
  for (const row of rows) {
    if (typeof row.y !== "number") {
      holes.push(row); // the line breaks off there
      continue;
    }
    const key = `${Math.floor(((Number(row.x) - from) / (to - from)) * PLACES)} ${row.c}`;
    const place = places.get(key);
    if (!place) {
      places.set(key, { first: row, last: row, least: row, most: row });
      continue;
    }
    if (row.x < place.first.x) place.first = row;
    if (row.x >= place.last.x) place.last = row;
    if (row.y < Number(place.least.y)) place.least = row;
    if (row.y > Number(place.most.y)) place.most = row;
  }
  const kept = new Set<Row>();
  for (const { first, last, least, most } of places.values())
    for (const row of [first, least, most, last]) kept.add(row);
  return [...kept, ...holes.slice(0, LINE)];
}

function ofPoints(rows: Row[], from: number, to: number): Row[] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { y } of rows) {
    if (typeof y !== "number") continue;
    low = Math.min(low, y);
    high = Math.max(high, y);
  }
  if (!(low < high)) return rows;
  const seen = new Map<string, Row>();
  for (const row of rows) {
    const across = Math.round(((Number(row.x) - from) / (to - from)) * ACROSS);
    const up = typeof row.y === "number" ? Math.round(((row.y - low) / (high - low)) * UP) : String(row.y);
    const series = typeof row.c === "number" ? "" : row.c;
    seen.set(`${across} ${up} ${series}`, row);
  }
  return [...seen.values()];
}
