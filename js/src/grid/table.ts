/** The table behind a grid: its cells as they are shown, sorted and searched, and what edits make of them. */

import { written } from "./numbers";
import type { Cell, Edit, Range, Sort, TableValue, Told, View } from "./types";

export abstract class Table {
  headers: string[];
  told: Told[];
  /** All that the user did to it, as the kernel needs to know it. */
  edits: readonly Edit[];
  view: View = { sort: [], search: "" };
  /** Called when it has changed, or `arrived`: cells have come that were still to come. */
  onNews: (arrived?: boolean) => void = () => {};

  constructor(value: TableValue, headers: readonly unknown[]) {
    this.headers = headers.map(titleOf);
    this.told = this.headers.map((_, column) => ({
      number: value.numbers?.includes(column) ?? false,
      empty: value.missing?.[column] ?? null,
    }));
    this.edits = (value.edits as Edit[] | undefined) ?? [];
  }

  get columns(): number {
    return this.headers.length;
  }

  /** Rows in the view. */
  abstract readonly rows: number;
  /** Rows in the table. */
  abstract readonly all: number;
  /** The number in the table of a row of the view; undefined if it has not come yet. */
  abstract at(row: number): number | undefined;
  /** A cell of the view; undefined if it has not come yet. */
  abstract cell(row: number, column: number): Cell | undefined;
  abstract text(row: number, column: number): string | null;
  abstract css(row: number, column: number): string | null;
  /** Say which part of the view is in sight. */
  abstract need(rows: readonly [number, number], columns: readonly [number, number]): void;
  /** A cell whole, even if the view has only the beginning of it. */
  abstract whole(row: number, column: number): Promise<Cell>;
  /** A part of the view, for the clipboard. */
  abstract block(rows: readonly [number, number], columns: readonly [number, number]): Promise<Cell[][]>;
  abstract show(view: View): void;
  /** Edit it; rows are those of the table. */
  abstract apply(edit: Edit): void;
  /** Take back all edits but the first so many. */
  abstract rewind(count: number): void;
  /** Rows of the view, as edits name them. */
  abstract range(rows: readonly [number, number]): Range;
  /** Put cells into rows of the view, from a place on; what is undefined stays. */
  abstract put(row: number, column: number, cells: readonly (readonly (Cell | undefined)[])[]): Edit | null;
  /** What the kernel needs to know of it, and what the page holds. */
  abstract value(): { wire: unknown; local: TableValue };

  /** What is told of columns, for a value. */
  protected get sayings(): Pick<TableValue, "numbers" | "missing"> {
    const numbers = [...this.told.keys()].filter((column) => this.told[column]!.number);
    const empties = this.told.flatMap(({ empty }, column) => (empty ? [[column, empty] as const] : []));
    return {
      ...(numbers.length ? { numbers } : {}),
      ...(empties.length ? { missing: Object.fromEntries(empties) } : {}),
    };
  }
}

/** What is told of a new column. */
export const FRESH: Told = { number: false, empty: null };

/** The numbers up to `count` that are not among these. */
export function without(count: number, gone: readonly number[]): number[] {
  const set = new Set(gone);
  return [...Array(count).keys()].filter((one) => !set.has(one));
}

export function replaced<T>(list: readonly T[], at: number, value: T): T[] {
  return list.map((one, index) => (index === at ? value : one));
}

/** Texts of cells that hold no value, each in its own way. */
export const NOTHING: ReadonlySet<Cell> = new Set(["NaN", "NaT", "<NA>"]);

/** The text of a cell. */
export function show(cell: Cell): string {
  if (cell === null || cell === undefined) return "";
  if (typeof cell === "number") return Object.is(cell, -0) ? "-0" : written(String(cell));
  return typeof cell === "object" ? JSON.stringify(cell) : String(cell);
}

export function titleOf(header: unknown): string {
  return header === null || header === undefined ? "" : String(header);
}

const collator = new Intl.Collator(undefined, { sensitivity: "base" });

/** Sort rows by a column: numbers before texts, empty cells last, equal ones as they were. */
export function sortRows(
  rows: number[],
  data: readonly Cell[][],
  column: number,
  descends: boolean,
  ofNumbers = false,
): void {
  const empty = (cell: Cell) => cell === null || cell === undefined || cell === "" || NOTHING.has(cell);
  const keys = new Map(rows.map((row) => [row, data[row]![column]]));
  if (ofNumbers) for (const [row, cell] of keys) if (!empty(cell)) keys.set(row, amount(cell));
  const rank = (cell: Cell) => (empty(cell) ? 2 : typeof cell === "string" ? 1 : 0);
  const way = descends ? -1 : 1;
  rows.sort((one, two) => {
    const [a, b] = [keys.get(one), keys.get(two)];
    const [ra, rb] = [rank(a), rank(b)];
    if (ra === 2 || rb === 2) return ra - rb;
    if (ra !== rb) return (ra - rb) * way;
    if (ra === 1) return collator.compare(a as string, b as string) * way;
    if (typeof a === "bigint" || typeof b === "bigint") return (a! < b! ? -1 : a! > b! ? 1 : 0) * way;
    const [x, y] = [Number(a), Number(b)];
    return (x < y ? -1 : x > y ? 1 : 0) * way;
  });
}

/** What a text among numbers stands for. */
function amount(cell: Cell): Cell {
  if (typeof cell !== "string") return cell;
  if (/^-?inf$/.test(cell)) return cell === "inf" ? Infinity : -Infinity;
  if (/^-?\d+$/.test(cell)) return BigInt(cell);
  const number = Number(cell);
  return Number.isNaN(number) ? cell : number;
}

/** What sorting does next with a column: up, down, as it was. */
export function turned(sort: readonly Sort[], column: number, more: boolean): Sort[] {
  const now = sort.find(([one]) => one === column);
  const others = more ? sort.filter(([one]) => one !== column) : [];
  if (!now) return [...others, [column, false]];
  return now[1] ? [...others] : [...others, [column, true]];
}

/** The edits; of a cell that was set several times in a row, the last alone. */
export function joined(edits: readonly Edit[]): Edit[] {
  const found: Edit[] = [];
  for (const edit of edits) {
    const last = found.at(-1);
    if (edit.do !== "set" || last?.do !== "set") found.push(edit);
    else found[found.length - 1] = { do: "set", cells: [...last.cells, ...edit.cells] };
  }
  return found.map((edit) => {
    if (edit.do !== "set") return edit;
    return { do: "set", cells: [...new Map(edit.cells.map((one) => [`${one[0]},${one[1]}`, one])).values()] };
  });
}
