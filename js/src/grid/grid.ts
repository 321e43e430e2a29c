/** A grid: the table of a value, drawn, with what the user does to it. */

import { focused } from "../roots";
import { parsed } from "./cells";
import { Editor, type Way } from "./editor";
import { keep } from "./hands";
import { Layout, type Place } from "./layout";
import { RemoteTable } from "./remote";
import { Selection } from "./selection";
import { show, type Table, turned } from "./table";
import type { Cell, Edit, Options, Span, TableValue } from "./types";
import { WholeTable } from "./whole";

let last = 0;

export class Grid {
  readonly host: HTMLElement;
  readonly layout: Layout;
  readonly selection = new Selection();
  options!: Options;
  #held: TableValue | null | undefined;
  #editor: Editor | null = null;
  #together = false;
  /** How many edits there were before each thing that the user did, and what was taken back. */
  #steps: number[] = [];
  #undone: (readonly Edit[])[] = [];
  #unsaid = false;
  readonly #abort = new AbortController();

  constructor(host: HTMLElement, options: Options) {
    this.host = host;
    last += 1;
    this.layout = new Layout(host, `nbb-grid-${last}`, () => this.#drawn());
    this.update(options);
    keep(this, this.#abort.signal);
  }

  get table(): Table {
    return this.layout.table;
  }

  /** Show what has changed. The cell under edit stays as it is. */
  update(options: Options): void {
    const before = this.options;
    this.options = options;
    this.layout.options = options;
    const other = !before || this.#other(before, options);
    if (other) this.#take(options);
    const { search } = options;
    if (search !== this.table.view.search) this.table.show({ ...this.table.view, search });
    if (other) this.layout.look();
    else this.layout.changed();
  }

  #other(before: Options, options: Options): boolean {
    if (options.value !== this.#held) return true;
    const bare = !options.value?.data.length && options.value?.rows === undefined;
    const { headers, blank } = options;
    return (
      (bare && (headers.join("\t") !== before.headers.join("\t") || blank !== before.blank)) ||
      !before.ask !== !options.ask
    );
  }

  #take(options: Options): void {
    const { value, ask } = options;
    const old = this.layout.table as Table | undefined;
    this.#steps = [];
    this.#undone = [];
    const table =
      value?.rows !== undefined
        ? new RemoteTable(value, ask, (message) => this.options.onProblem(message))
        : new WholeTable(
            value ?? { headers: [], data: [], metadata: null },
            options.headers,
            options.editable ? options.blank : 0,
          );
    this.#held = value;
    this.layout.table = table;
    const alike = old && old.headers.join("\t") === table.headers.join("\t");
    if (alike && old.view.sort.length) table.show({ ...old.view, search: options.search });
    if (!alike) this.layout.widths.dragged.clear();
    table.onNews = (arrived) => this.#news(arrived);
    this.selection.within(table.rows, table.columns);
    const row = this.#editor && this.#rowOf(this.#editor.number, this.#editor.place.row);
    if (this.#editor && (row === null || this.#editor.place.column >= table.columns)) {
      const { text } = this.#editor;
      this.#editor.close();
      this.#editor = null;
      if (text !== null) options.onProblem(`“${text}” was not taken: its cell is gone`);
    }
    this.#tell();
  }

  #rowOf(number: number, row: number): number | null {
    return row < this.table.rows && (this.table.at(row) ?? number) === number ? row : null;
  }

  #news(arrived = false): void {
    if (arrived) this.layout.arrived();
    else this.layout.changed();
    this.#tell();
  }

  #tell(): void {
    this.options.onCount(this.table.rows, this.table.all);
  }

  #drawn(): void {
    const { active } = this.selection;
    for (const [el, place] of this.layout.cells()) {
      const on = active?.row === place.row && active.column === place.column;
      const chosen = !this.selection.single && this.selection.holds(place);
      el.classList.toggle("nbb-grid-active", on);
      el.classList.toggle("nbb-grid-chosen", chosen);
      if (place.row >= 0) el.setAttribute("aria-selected", String(on || chosen));
    }
    const { frame } = this.layout;
    if (active && this.layout.cellAt(active)) frame.setAttribute("aria-activedescendant", this.layout.idOf(active));
    else frame.removeAttribute("aria-activedescendant");
    this.#editor?.follow();
  }

  // -- choosing

  /** Make a cell the active one, as the user did. */
  go(place: Place, extend = false): void {
    const { rows, columns } = this.table;
    if (!columns) return;
    const row = Math.min(Math.max(-1, place.row), rows - 1);
    const column = Math.min(Math.max(0, place.column), columns - 1);
    this.selection.to({ row, column }, extend);
    this.layout.show({ row, column });
    this.layout.draw();
    if (row >= 0 && !extend) this.#select(row, column);
  }

  #select(row: number, column: number): void {
    const { onSelect, value } = this.options;
    const number = this.table.at(row);
    if (!onSelect || number === undefined) return;
    const { columns, rows } = this.table;
    const row_value = Array.from({ length: columns }, (_, i) => this.table.cell(row, i) ?? null);
    let col_value: Cell[] | null = null;
    if (value?.rows === undefined) {
      const pairs = Array.from({ length: rows }, (_, i) => [this.table.at(i)!, this.table.cell(i, column)] as const);
      col_value = pairs.sort(([a], [b]) => a - b).map(([, cell]) => cell);
    }
    onSelect({ index: [number, column], value: this.table.cell(row, column) ?? null, row_value, col_value });
  }

  // -- editing

  /** Whether the user may change the cells of a column. */
  allows(column: number): boolean {
    return this.options.editable && !this.options.fixed.includes(column);
  }

  /** Begin to type into a cell; `typed` is the first key, if that began it. */
  async edit(place: Place, typed?: string): Promise<void> {
    const { row, column } = place;
    if (row < 0 || !this.allows(column) || this.table.cell(row, column) === undefined) return;
    const number = this.table.at(row);
    if (number === undefined) return;
    if (
      this.layout.kind(column) === "bool" &&
      typed === undefined &&
      typeof this.table.cell(row, column) !== "string"
    ) {
      this.toggle(place);
      return;
    }
    this.#editor?.close();
    this.layout.show(place);
    const text = typed ?? show(await this.table.whole(row, column));
    const label = `${this.table.headers[column]}, row ${number + 1}`;
    this.#editor = new Editor(this.layout, place, number, text, typed !== undefined, label, (found, way) => {
      this.#editor = null;
      if (found !== null) this.#enter(place, number, found);
      this.#leave(place, way);
    });
  }

  #leave({ row, column }: Place, way: Way): void {
    const now = focused(this.layout.frame.ownerDocument);
    const inside = !now || this.layout.frame.contains(now);
    if (way === "stay") {
      if (inside) this.layout.frame.focus({ preventScroll: true });
      return;
    }
    this.layout.frame.focus({ preventScroll: true });
    const step = { down: [1, 0], up: [-1, 0], right: [0, 1], left: [0, -1] }[way] as [number, number];
    this.go({ row: Math.max(0, row + step[0]), column: column + step[1] });
  }

  #enter({ row, column }: Place, number: number, text: string): void {
    const cell = this.read(text, column);
    const before = this.#rowOf(number, row) === null ? null : (this.table.cell(row, column) ?? null);
    if (cell === undefined) {
      this.options.onProblem(`“${text}” is not a ${this.layout.kind(column)}`);
      return;
    }
    if (cell === before || (text === "" && before === null) || show(before) === text) return;
    this.change({ do: "set", cells: [[number, column, cell]] });
    this.options.onEdit([number, column], cell, before);
  }

  /** The cell that a text stands for; undefined if the column was said to hold no such thing. */
  read(text: string, column: number): Cell | undefined {
    const { kinds } = this.options;
    const kind = this.layout.kind(column);
    return parsed(text, kind, (typeof kinds === "string" ? kinds : kinds[column]) === kind);
  }

  /** Turn a tick over. */
  toggle({ row, column }: Place): void {
    const number = this.table.at(row);
    if (number === undefined || !this.allows(column)) return;
    const before = this.table.cell(row, column) ?? null;
    const cell = before !== true;
    this.change({ do: "set", cells: [[number, column, cell]] });
    this.options.onEdit([number, column], cell, before);
  }

  /** Carry out what the user did, and say so. */
  change(edit: Edit): void {
    const count = this.table.edits.length;
    this.#carry(edit);
    if (this.#together && this.#unsaid) return; // one step with what was before
    this.#steps.push(count);
    this.#undone = [];
    if (this.#together) this.#unsaid = true;
    else this.#say();
  }

  #carry(edit: Edit): void {
    const shape = this.table.columns;
    this.table.apply(edit);
    this.#settle(shape, !["set", "fill", "put"].includes(edit.do));
  }

  #settle(shape: number, moved: boolean): void {
    if (shape !== this.table.columns) this.layout.widths.dragged.clear();
    if (moved) this.layout.look();
    this.selection.within(this.table.rows, this.table.columns);
  }

  /** Take back what the user did last; false if there is nothing. */
  undo(): boolean {
    const count = this.#steps.pop();
    if (count === undefined) return false;
    this.#editor?.close();
    const shape = this.table.columns;
    this.#undone.push(this.table.edits.slice(count));
    this.table.rewind(count);
    this.#settle(shape, true);
    this.#say();
    return true;
  }

  /** Do again what was taken back last. */
  redo(): boolean {
    const edits = this.#undone.pop();
    if (!edits) return false;
    this.#steps.push(this.table.edits.length);
    for (const edit of edits) this.#carry(edit);
    this.#say();
    return true;
  }

  /** Do several changes, and say so once. */
  together(act: () => void): void {
    this.#together = true;
    act();
    this.#together = false;
    if (this.#unsaid) this.#say();
  }

  #say(): void {
    this.#unsaid = false;
    const { wire, local } = this.table.value();
    this.#held = local;
    this.options = { ...this.options, value: local };
    this.layout.options = this.options;
    this.options.onChange(wire, local);
    this.#tell();
  }

  /** Empty the cells that are chosen. */
  empty(): void {
    const { block } = this.selection;
    if (!block) return;
    const { columns } = block;
    // Where all is empty already, and here, nothing is to be done.
    const few = (block.rows[1] - block.rows[0]) * (columns[1] - columns[0]) <= 10_000;
    let filled = !few;
    for (let row = block.rows[0]; row < block.rows[1] && !filled; row += 1) {
      for (let column = columns[0]; column < columns[1]; column += 1) {
        filled ||= this.allows(column) && this.table.cell(row, column) !== null;
      }
    }
    if (filled) this.fill(block.rows, columns, () => null);
  }

  /** Put one cell into all of a range; columns for which it is undefined are left. */
  fill(rows: readonly [number, number], columns: readonly [number, number], of: (column: number) => Cell | undefined) {
    const spans: Span[] = [];
    for (let column = columns[0]; column < columns[1]; column += 1) {
      const cell = this.allows(column) ? of(column) : undefined;
      const last = spans.at(-1);
      if (cell === undefined) continue;
      if (last?.[1] === column && last[2] === cell) last[1] += 1;
      else spans.push([column, column + 1, cell]);
    }
    const [from, to] = [Math.max(0, rows[0]), Math.min(rows[1], this.table.rows)];
    if (spans.length && to > from) this.change({ do: "fill", columns: spans, ...this.table.range([from, to]) });
  }

  /** Put the first of the chosen rows into all others. */
  async fillDown(): Promise<void> {
    const { block } = this.selection;
    if (!block || block.rows[1] - block.rows[0] < 2 || !this.options.editable) return;
    const { rows, columns } = block;
    const { table } = this;
    const cells: Cell[] = [];
    for (let column = columns[0]; column < columns[1]; column += 1) cells.push(await table.whole(rows[0], column));
    if (table !== this.table) return; // another has come meanwhile
    this.fill([rows[0] + 1, rows[1]], columns, (column) => {
      const cell = cells[column - columns[0]] ?? null;
      return typeof cell === "object" && cell !== null ? JSON.stringify(cell) : cell;
    });
  }

  get addsRows(): boolean {
    const most = this.options.rowLimits?.[1];
    return this.options.editable && this.options.growsDown && (most == null || this.table.all < most);
  }

  get addsColumns(): boolean {
    const most = this.options.columnLimits?.[1];
    return this.options.editable && this.options.growsAside && (most == null || this.table.columns < most);
  }

  /** Put rows before row `at` of the table. */
  addRows(at: number, count = 1): void {
    const most = this.options.rowLimits?.[1];
    const fits = most == null ? count : Math.min(count, most - this.table.all);
    if (this.addsRows && fits > 0) this.change({ do: "insert_rows", at, count: fits });
  }

  addColumns(at: number, count = 1): void {
    const most = this.options.columnLimits?.[1];
    const fits = most == null ? count : Math.min(count, most - this.table.columns);
    if (!this.addsColumns || fits <= 0) return;
    const names = new Set(this.table.headers);
    const headers: string[] = [];
    for (let number = this.table.columns + 1; headers.length < fits; number += 1) {
      if (!names.has(String(number))) headers.push(String(number));
    }
    this.change({ do: "insert_columns", at, headers });
  }

  /** Keep the rows that the search has found. */
  keep(): void {
    const { search } = this.table.view;
    if (!search || !this.options.editable) return;
    this.options = { ...this.options, search: "" };
    this.layout.options = this.options;
    this.change({ do: "keep", search });
  }

  sort(column: number, more = false): void {
    this.table.show({ ...this.table.view, sort: turned(this.table.view.sort, column, more) });
  }

  sortBy(column: number, descends: boolean | null): void {
    this.table.show({ ...this.table.view, sort: descends === null ? [] : [[column, descends]] });
  }

  destroy(): void {
    this.#abort.abort();
    this.#editor?.close();
    this.layout.destroy();
  }
}
