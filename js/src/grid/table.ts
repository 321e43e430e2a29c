/** The table behind a grid: its cells as they are shown, sorted and searched, and what edits make of them. */

import type { Cell, Edit, Metadata, Sort, TableValue, View } from "./types";

export abstract class Table {
  headers: string[];
  view: View = { sort: [], search: "" };
  /** Called when it has changed, or `arrived`: cells have come that were still to come. */
  onNews: (arrived?: boolean) => void = () => {};

  constructor(headers: readonly unknown[]) {
    this.headers = headers.map(titleOf);
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
  /** What the kernel needs to know of it, and what the page holds. */
  abstract value(): { wire: unknown; local: TableValue };
}

/** A table that is wholly here. */
export class WholeTable extends Table {
  #data: Cell[][];
  #metadata: Metadata | null;
  #order: number[];

  constructor(value: TableValue, headers: readonly unknown[], blank: number) {
    const width = Math.max(value.data[0]?.length ?? 0, value.data.length ? value.headers.length : 0);
    super(value.data.length || value.headers.length ? value.headers : headers);
    while (this.headers.length < width) this.headers.push(String(this.headers.length + 1));
    this.#data = value.data;
    this.#metadata = value.metadata;
    if (!this.#data.length) this.#data = Array.from({ length: blank }, () => this.headers.map(() => null));
    this.#order = [...this.#data.keys()];
  }

  get rows(): number {
    return this.#order.length;
  }

  get all(): number {
    return this.#data.length;
  }

  at(row: number): number | undefined {
    return this.#order[row];
  }

  cell(row: number, column: number): Cell | undefined {
    return this.#data[this.#order[row]!]?.[column] ?? null;
  }

  text(row: number, column: number): string | null {
    return this.#metadata?.display_value?.[this.#order[row]!]?.[column] ?? null;
  }

  css(row: number, column: number): string | null {
    return this.#metadata?.styling?.[this.#order[row]!]?.[column] ?? null;
  }

  need(): void {}

  async whole(row: number, column: number): Promise<Cell> {
    return this.cell(row, column);
  }

  async block(rows: readonly [number, number], columns: readonly [number, number]): Promise<Cell[][]> {
    return this.#order.slice(...rows).map((row) => this.#data[row]!.slice(...columns));
  }

  show(view: View): void {
    this.view = view;
    const wanted = view.search.toLowerCase();
    const rows = [...this.#data.keys()].filter((row) => !wanted || this.#holds(row, wanted));
    for (const [column, descends] of [...view.sort].reverse()) sortRows(rows, this.#data, column, descends);
    this.#order = rows;
    this.onNews();
  }

  #holds(row: number, wanted: string): boolean {
    const texts = this.#metadata?.display_value?.[row];
    return this.#data[row]!.some((cell, column) => (texts?.[column] ?? show(cell)).toLowerCase().includes(wanted));
  }

  apply(edit: Edit): void {
    // What was given stays as it is: the page may hold it still.
    if (edit.do === "set") this.#set(edit.cells);
    else if (edit.do === "rename") this.headers = replaced(this.headers, edit.column, edit.header);
    else if (edit.do === "insert_rows") this.#insertRows(edit.at, edit.count);
    else if (edit.do === "delete_rows") this.#keepRows(without(this.#data.length, edit.rows));
    else if (edit.do === "insert_columns") this.#insertColumns(edit.at, edit.headers);
    else if (edit.do === "delete_columns") this.#deleteColumns(edit.columns);
    else {
      const wanted = edit.search.toLowerCase();
      this.#keepRows([...this.#data.keys()].filter((row) => this.#holds(row, wanted)));
      this.view = { ...this.view, search: "" };
    }
    this.onNews();
  }

  #set(cells: readonly [number, number, Cell][]): void {
    const data = [...this.#data];
    const own = new Set<number>();
    for (const [row, column, cell] of cells) {
      if (!data[row]) continue;
      if (!own.has(row)) data[row] = Array.from(this.headers, (_, i) => data[row]![i] ?? null);
      own.add(row);
      data[row]![column] = cell;
      if (this.#metadata?.display_value) this.#metadata = withoutText(this.#metadata, row, column);
    }
    this.#data = data;
  }

  #insertRows(at: number, count: number): void {
    const place = this.#order.indexOf(at);
    const last = this.#order.indexOf(at - 1);
    const empty = Array.from({ length: count }, () => this.headers.map(() => null));
    this.#data = [...this.#data.slice(0, at), ...empty, ...this.#data.slice(at)];
    this.#metadata = mapped(this.#metadata, (rows) => {
      const all = [...rows];
      all.splice(at, 0, ...empty.map(() => []));
      return all;
    });
    const order = this.#order.map((row) => (row >= at ? row + count : row));
    const fresh = empty.map((_, i) => at + i);
    order.splice(last >= 0 ? last + 1 : place >= 0 ? place : order.length, 0, ...fresh);
    this.#order = order;
  }

  #keepRows(kept: readonly number[]): void {
    const places = new Map(kept.map((row, index) => [row, index]));
    this.#data = kept.map((row) => this.#data[row]!);
    this.#metadata = mapped(this.#metadata, (rows) => kept.map((row) => rows[row] ?? []));
    this.#order = this.#order.flatMap((row) => places.get(row) ?? []);
  }

  #insertColumns(at: number, headers: readonly string[]): void {
    const insert = <T>(row: readonly T[], fresh: readonly T[]) => [...row.slice(0, at), ...fresh, ...row.slice(at)];
    const empty = headers.map(() => null);
    this.headers = insert(this.headers, headers);
    this.#data = this.#data.map((row) => insert(row, empty));
    this.#metadata = mapped(this.#metadata, (rows) => rows.map((row) => insert(row, empty)));
    this.view = { ...this.view, sort: [] };
  }

  #deleteColumns(columns: readonly number[]): void {
    const kept = without(this.headers.length, columns);
    this.headers = kept.map((column) => this.headers[column]!);
    this.#data = this.#data.map((row) => kept.map((column) => row[column]));
    this.#metadata = mapped(this.#metadata, (rows) => rows.map((row) => kept.map((column) => row[column] ?? null)));
    this.view = { ...this.view, sort: [] };
  }

  value(): { wire: TableValue; local: TableValue } {
    const value = { headers: this.headers, data: this.#data, metadata: this.#metadata };
    return { wire: value, local: value };
  }
}

type Texts = (string | null)[][];

function mapped(metadata: Metadata | null, change: (rows: Texts) => Texts): Metadata | null {
  if (!metadata) return null;
  const part = (rows: Texts | null | undefined) => (rows ? change(rows) : null);
  return { display_value: part(metadata.display_value), styling: part(metadata.styling) };
}

/** A cell that was edited shows what it holds. */
function withoutText(metadata: Metadata, row: number, column: number): Metadata {
  const display_value = metadata.display_value!.map((texts, index) =>
    index === row ? texts.map((text, place) => (place === column ? null : text)) : texts,
  );
  return { ...metadata, display_value };
}

/** The numbers up to `count` that are not among these. */
export function without(count: number, gone: readonly number[]): number[] {
  const set = new Set(gone);
  return [...Array(count).keys()].filter((one) => !set.has(one));
}

export function replaced<T>(list: readonly T[], at: number, value: T): T[] {
  return list.map((one, index) => (index === at ? value : one));
}

/** The text of a cell. */
export function show(cell: Cell): string {
  if (cell === null || cell === undefined) return "";
  return typeof cell === "object" ? JSON.stringify(cell) : String(cell);
}

export function titleOf(header: unknown): string {
  return header === null || header === undefined ? "" : String(header);
}

const collator = new Intl.Collator(undefined, { sensitivity: "base" });

/** Sort rows by a column: numbers before texts, empty cells last, equal ones as they were. */
export function sortRows(rows: number[], data: readonly Cell[][], column: number, descends: boolean): void {
  const rank = (cell: Cell) =>
    cell === null || cell === undefined || cell === "" ? 2 : typeof cell === "string" ? 1 : 0;
  const way = descends ? -1 : 1;
  rows.sort((one, two) => {
    const [a, b] = [data[one]![column], data[two]![column]];
    const [ra, rb] = [rank(a), rank(b)];
    if (ra === 2 || rb === 2) return ra - rb;
    if (ra !== rb) return (ra - rb) * way;
    return (ra === 1 ? collator.compare(a as string, b as string) : Number(a) - Number(b)) * way;
  });
}

/** What sorting does next with a column: up, down, as it was. */
export function turned(sort: readonly Sort[], column: number, more: boolean): Sort[] {
  const now = sort.find(([one]) => one === column);
  const others = more ? sort.filter(([one]) => one !== column) : [];
  if (!now) return [...others, [column, false]];
  return now[1] ? [...others] : [...others, [column, true]];
}
