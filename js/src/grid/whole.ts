/** A table that is wholly here. The kernel has it too, and gets what was done to it. */

import { FRESH, joined, replaced, show, sortRows, Table, without } from "./table";
import type { Cell, Edit, Metadata, Range, Span, TableValue, Told, View } from "./types";

interface Past {
  headers: string[];
  told: Told[];
  view: View;
  data: Cell[][];
  metadata: Metadata | null;
  order: number[];
  blank: number;
}

export class WholeTable extends Table {
  /** The kernel's name of it; null for an empty one, which needs none. */
  readonly #name: string | null | undefined;
  readonly #titles: readonly string[];
  readonly #first: number;
  #data: Cell[][];
  #metadata: Metadata | null;
  #order: number[];
  /** Rows that are shown of an empty table. */
  #blank = 0;
  /** It before each edit. */
  readonly #past: Past[] = [];

  constructor(value: TableValue, headers: readonly unknown[], blank: number) {
    const width = Math.max(value.data[0]?.length ?? 0, value.data.length ? value.headers.length : 0);
    super(value, value.data.length || value.headers.length ? value.headers : headers);
    while (this.headers.length < width) {
      this.headers.push(String(this.headers.length + 1));
      this.told.push(FRESH);
    }
    this.#name = value.table ?? (value.data.length ? undefined : null);
    this.#titles = this.headers;
    this.#first = this.edits.length;
    this.#data = value.data;
    this.#metadata = value.metadata;
    if (!this.#data.length) {
      this.#blank = blank;
      this.#data = Array.from({ length: blank }, () => this.headers.map(() => null));
    }
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
    for (const [column, descends] of [...view.sort].reverse()) {
      sortRows(rows, this.#data, column, descends, this.told[column]?.number);
    }
    this.#order = rows;
    this.onNews();
  }

  #holds(row: number, wanted: string): boolean {
    const texts = this.#metadata?.display_value?.[row];
    return this.#data[row]!.some((cell, column) => (texts?.[column] ?? show(cell)).toLowerCase().includes(wanted));
  }

  apply(edit: Edit): void {
    if (this.#blank && edit.do !== "blank") {
      const count = this.#blank;
      this.#keep({ do: "blank", count });
      this.#blank = 0;
    }
    this.#keep(edit);
    // What was given stays as it is: the page may hold it still.
    if (edit.do === "set") this.#set(edit.cells);
    else if (edit.do === "fill") this.#fill(rowsOf(edit), edit.columns);
    else if (edit.do === "rename") this.headers = replaced(this.headers, edit.column, edit.header);
    else if (edit.do === "insert_rows") this.#insertRows(edit.at, edit.count);
    else if (edit.do === "delete_rows") this.#keepRows(without(this.#data.length, edit.rows));
    else if (edit.do === "drop") this.#keepRows(without(this.#data.length, rowsOf(edit)));
    else if (edit.do === "insert_columns") this.#insertColumns(edit.at, edit.headers);
    else if (edit.do === "delete_columns") this.#deleteColumns(edit.columns);
    else if (edit.do === "blank") this.#blank = 0;
    else if (edit.do === "keep") {
      const wanted = edit.search.toLowerCase();
      this.#keepRows([...this.#data.keys()].filter((row) => this.#holds(row, wanted)));
      this.view = { ...this.view, search: "" };
    }
    this.onNews();
  }

  #keep(edit: Edit): void {
    const { headers, told, view } = this;
    this.#past.push({
      headers,
      told,
      view,
      data: this.#data,
      metadata: this.#metadata,
      order: this.#order,
      blank: this.#blank,
    });
    this.edits = [...this.edits, edit];
  }

  rewind(count: number): void {
    const past = this.#past[count - this.#first];
    if (!past) return;
    const { view } = this;
    this.#past.length = count - this.#first;
    this.edits = this.edits.slice(0, count);
    this.headers = past.headers;
    this.told = past.told;
    this.#data = past.data;
    this.#metadata = past.metadata;
    this.#order = past.order;
    this.#blank = past.blank;
    const stays = JSON.stringify(view) === JSON.stringify(past.view);
    if (stays) this.onNews();
    else this.show(view.sort.every(([column]) => column < this.columns) ? view : { ...view, sort: [] });
  }

  range(rows: readonly [number, number]): Range {
    const numbers = this.#order.slice(...rows).sort((a, b) => a - b);
    const spans: [number, number][] = [];
    for (const row of numbers) {
      if (spans.at(-1)?.[1] === row) spans.at(-1)![1] += 1;
      else spans.push([row, row + 1]);
    }
    return spans.length < 40 ? { spans } : { bits: toBits(numbers) };
  }

  put(row: number, column: number, cells: readonly (readonly (Cell | undefined)[])[]): Edit | null {
    const found: [number, number, Cell][] = [];
    cells.forEach((line, down) => {
      const number = this.#order[row + down];
      line.forEach((cell, aside) => {
        if (number !== undefined && cell !== undefined) found.push([number, column + aside, cell]);
      });
    });
    return found.length ? { do: "set", cells: found } : null;
  }

  #fill(rows: readonly number[], columns: readonly Span[]): void {
    const data = [...this.#data];
    for (const row of rows) {
      if (!data[row]) continue;
      data[row] = Array.from(this.headers, (_, i) => data[row]![i] ?? null);
      for (const [from, to, cell] of columns) data[row]!.fill(cell, from, to);
    }
    this.#data = data;
    const own = new Set(rows);
    const hit = (column: number) => columns.some(([from, to]) => column >= from && column < to);
    const texts = this.#metadata?.display_value?.map((line, row) =>
      own.has(row) ? line.map((text, column) => (hit(column) ? null : text)) : line,
    );
    if (texts) this.#metadata = { ...this.#metadata, display_value: texts };
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
    this.told = insert(
      this.told,
      headers.map(() => FRESH),
    );
    this.#data = this.#data.map((row) => insert(row, empty));
    this.#metadata = mapped(this.#metadata, (rows) => rows.map((row) => insert(row, empty)));
    this.view = { ...this.view, sort: [] };
  }

  #deleteColumns(columns: readonly number[]): void {
    const kept = without(this.headers.length, columns);
    this.headers = kept.map((column) => this.headers[column]!);
    this.told = kept.map((column) => this.told[column]!);
    this.#data = this.#data.map((row) => kept.map((column) => row[column]));
    this.#metadata = mapped(this.#metadata, (rows) => rows.map((row) => kept.map((column) => row[column] ?? null)));
    this.view = { ...this.view, sort: [] };
  }

  value(): { wire: unknown; local: TableValue } {
    const value = { headers: this.headers, data: this.#data, metadata: this.#metadata };
    if (this.#name === undefined) return { wire: value, local: value };
    const named = { table: this.#name, edits: joined(this.edits) };
    if (this.#name === null) {
      return { wire: { ...named, headers: this.#titles }, local: value };
    }
    return { wire: named, local: { ...value, ...this.sayings, table: this.#name, edits: [...this.edits] } };
  }
}

/** The rows of a range that has no view. */
function rowsOf(range: Range): number[] {
  if ("spans" in range) {
    return range.spans.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i));
  }
  return "bits" in range ? fromBits(range.bits) : [];
}

/** Some numbers as bits in base64, which is short if they are many. */
function toBits(numbers: readonly number[]): string {
  const bytes = new Uint8Array(((numbers.at(-1) ?? 0) >> 3) + 1);
  for (const one of numbers) bytes[one >> 3]! |= 1 << (one & 7);
  return btoa(String.fromCharCode(...bytes));
}

function fromBits(bits: string): number[] {
  const bytes = Array.from(atob(bits), (char) => char.charCodeAt(0));
  return bytes.flatMap((byte, at) =>
    [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => byte & (1 << bit)).map((bit) => at * 8 + bit),
  );
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
