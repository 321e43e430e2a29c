/** The elements of a grid: a head, and the rows in sight, drawn anew only where something has changed. */

import { draw, kindOf } from "./cells";
import { Scroller } from "./scroller";
import type { Table } from "./table";
import type { Options } from "./types";
import { Widths } from "./widths";

export interface Place {
  /** -1 is the head. */
  row: number;
  column: number;
}

interface Row {
  el: HTMLElement;
  stamp: string;
}

export class Layout {
  readonly frame: HTMLElement;
  readonly head = document.createElement("div");
  readonly body = document.createElement("div");
  readonly scroller: Scroller;
  readonly widths = new Widths();
  table!: Table;
  options!: Options;
  /** Changes with what cells show. */
  version = 0;
  #columns: number[] = [];
  #starts: number[] = [];
  #kinds: string[] = [];
  #gutter = 0;
  #rows = new Map<number, Row>();
  #drawing = false;
  #again = false;
  #headStamp = "";
  #room = 0;
  readonly #id: string;
  readonly #drawn: () => void;

  constructor(host: HTMLElement, id: string, drawn: () => void) {
    this.#id = id;
    this.#drawn = drawn;
    this.frame = document.createElement("div");
    this.frame.className = "nbb-grid-frame";
    this.frame.tabIndex = 0;
    this.frame.setAttribute("role", "grid");
    this.head.className = "nbb-grid-head";
    this.head.setAttribute("role", "row");
    this.head.setAttribute("aria-rowindex", "1");
    this.body.className = "nbb-grid-body";
    this.body.setAttribute("role", "rowgroup");
    this.frame.append(this.head, this.body);
    host.append(this.frame);
    this.widths.take(this.frame);
    this.scroller = new Scroller(this.frame, this.head, () => this.draw());
  }

  idOf({ row, column }: Place): string {
    return `${this.#id}-${row}-${column}`;
  }

  get pinned(): number {
    return Math.min(this.options.pinned, this.table.columns);
  }

  get #tall(): boolean {
    return this.options.wrap || this.#kinds.some((kind) => kind === "markdown" || kind === "html" || kind === "image");
  }

  kind(column: number): string {
    return this.#kinds[column] ?? "str";
  }

  width(column: number): number {
    return this.#columns[column] ?? 0;
  }

  /** Look at the table anew: it is another, or its columns are. */
  look(): void {
    this.#know();
    this.widths.look(this.table, this.options, this.#kinds);
    this.changed();
    this.scroller.measure();
  }

  #know(): void {
    this.#kinds = this.table.headers.map((_, column) => kindOf(this.options, this.table, column));
  }

  /** What cells show has changed. */
  changed(): void {
    this.version += 1;
    this.#know();
    this.#room = 0;
    this.draw();
  }

  /** Cells have come: rows that wait for some are drawn anew. */
  arrived(): void {
    for (const row of this.#rows.values()) if (row.el.querySelector(".nbb-grid-coming")) row.stamp = "";
    this.draw();
  }

  draw(): void {
    if (!this.table) return;
    this.#again = true; // a row that was just measured may ask for it
    if (this.#drawing) return;
    this.#drawing = true;
    try {
      for (let turn = 0; this.#again && turn < 4; turn += 1) this.#drawOnce();
    } finally {
      this.#drawing = false;
    }
  }

  #drawOnce(): void {
    this.#again = false;
    this.#fit();
    this.scroller.update(this.table.rows, this.#columns, () => this.draw());
    const columns = this.scroller.columns;
    const range: [number, number] = columns.length ? [columns[0]!.index, columns.at(-1)!.index + 1] : [0, 0];
    this.#drawHead(range);
    this.#drawRows(range);
    const rows = this.scroller.rows;
    if (rows.length) this.table.need([rows[0]!.index, rows.at(-1)!.index + 1], [0, range[1]]);
    this.#drawn();
  }

  #fit(): void {
    const room = this.frame.clientWidth || 800;
    if (room === this.#room) return;
    this.#room = room;
    this.#gutter = this.options.numbers ? 22 + 8.2 * Math.max(2, String(this.table.all).length) : 0;
    this.#columns = this.widths.in(room - this.#gutter, this.options);
    this.#starts = [];
    let start = this.#gutter;
    for (const width of this.#columns) {
      this.#starts.push(start);
      start += width;
    }
    this.#starts.push(start);
    this.version += 1;
  }

  /** Fit the columns again, such as after one was dragged. */
  refit(): void {
    this.#room = 0;
    this.draw();
  }

  #drawHead(range: readonly [number, number]): void {
    const stamp = `${this.version} ${range} ${JSON.stringify(this.table.view.sort)}`;
    if (stamp === this.#headStamp) return;
    this.#headStamp = stamp;
    const cells = this.#places(range).map((column) => this.#headCell(column));
    this.head.style.width = `${this.#starts.at(-1)}px`;
    this.head.replaceChildren(...this.#withSpace(cells, range, this.options.numbers ? this.#gutterCell("") : null));
    this.frame.setAttribute("aria-colcount", String(this.table.columns));
    this.frame.setAttribute("aria-rowcount", String(this.table.rows + 1));
    this.frame.setAttribute("aria-label", this.options.label);
    this.frame.setAttribute("aria-readonly", String(!this.options.editable));
  }

  /** The columns that are drawn: those that are pinned, and those in sight. */
  #places([from, to]: readonly [number, number]): number[] {
    const pinned = this.pinned;
    return Array.from({ length: pinned + Math.max(0, to - Math.max(pinned, from)) }, (_, i) =>
      i < pinned ? i : Math.max(pinned, from) + i - pinned,
    );
  }

  #withSpace(cells: HTMLElement[], [from]: readonly [number, number], first: HTMLElement | null): HTMLElement[] {
    const { pinned } = this;
    const space = document.createElement("div");
    space.setAttribute("role", "presentation");
    const gap = this.#starts[Math.max(pinned, from)]! - this.#starts[pinned]!;
    space.style.cssText = `flex:none;width:${gap}px`;
    return [...(first ? [first] : []), ...cells.slice(0, pinned), ...(gap ? [space] : []), ...cells.slice(pinned)];
  }

  #shape(el: HTMLElement, column: number): void {
    el.dataset.column = String(column);
    el.setAttribute("aria-colindex", String(column + 1));
    el.style.width = `${this.#columns[column]}px`;
    if (column < this.pinned) {
      el.classList.add("nbb-grid-pinned");
      if (column === this.pinned - 1) el.classList.add("nbb-grid-edge");
      el.style.insetInlineStart = `${this.#starts[column]}px`;
    }
  }

  #gutterCell(text: string): HTMLElement {
    const el = document.createElement("div");
    el.className = "nbb-grid-gutter";
    el.setAttribute("role", "rowheader");
    el.style.width = `${this.#gutter}px`;
    el.textContent = text;
    if (!text) {
      const name = document.createElement("span");
      name.className = "nbb-sr";
      name.textContent = "Row";
      el.append(name);
    }
    return el;
  }

  #headCell(column: number): HTMLElement {
    const el = document.createElement("div");
    el.className = "nbb-grid-title";
    el.setAttribute("role", "columnheader");
    el.id = this.idOf({ row: -1, column });
    this.#shape(el, column);
    const { sort } = this.table.view;
    const found = sort.findIndex(([one]) => one === column);
    el.setAttribute("aria-sort", found < 0 ? "none" : sort[found]![1] ? "descending" : "ascending");
    if (this.kind(column) === "number") el.classList.add("nbb-grid-number");
    const text = document.createElement("span");
    text.className = "nbb-grid-name";
    text.textContent = this.table.headers[column]!;
    text.title = this.table.headers[column]!;
    const mark = document.createElement("span");
    mark.className = "nbb-grid-sort";
    mark.setAttribute("aria-hidden", "true");
    if (found >= 0) mark.textContent = `${sort[found]![1] ? "↓" : "↑"}${sort.length > 1 ? found + 1 : ""}`;
    const more = document.createElement("button");
    more.type = "button";
    more.className = "nbb-grid-more";
    more.tabIndex = -1;
    more.setAttribute("aria-label", `Menu of ${this.table.headers[column]}`);
    more.textContent = "⋮";
    const grip = document.createElement("div");
    grip.className = "nbb-grid-grip";
    grip.setAttribute("role", "presentation");
    el.append(text, mark, more, grip);
    return el;
  }

  #drawRows(range: readonly [number, number]): void {
    const items = this.scroller.rows;
    const seen = new Set(items.map((item) => item.index));
    for (const [index, row] of this.#rows) {
      if (seen.has(index)) continue;
      row.el.remove();
      this.#rows.delete(index);
    }
    this.body.style.height = `${this.scroller.height}px`;
    this.body.style.width = `${this.#starts.at(-1)}px`;
    const tall = this.#tall;
    for (const item of items) {
      let row = this.#rows.get(item.index);
      if (!row) {
        const el = document.createElement("div");
        el.className = "nbb-grid-row";
        el.setAttribute("role", "row");
        el.dataset.row = String(item.index);
        el.setAttribute("aria-rowindex", String(item.index + 2));
        row = { el, stamp: "" };
        this.#rows.set(item.index, row);
        this.body.append(el);
      }
      const stamp = `${this.version} ${range}`;
      if (row.stamp !== stamp) {
        row.stamp = stamp;
        this.#fill(row.el, item.index, range, tall);
      }
      row.el.style.transform = `translateY(${this.scroller.place(item.start)}px)`;
      if (tall) this.scroller.measureRow(row.el);
    }
  }

  #fill(el: HTMLElement, row: number, range: readonly [number, number], tall: boolean): void {
    el.classList.toggle("nbb-grid-tall", tall);
    el.classList.toggle("nbb-grid-wrap", this.options.wrap);
    el.classList.toggle("nbb-grid-odd", row % 2 === 1);
    const cells = this.#places(range).map((column) => {
      const cell = document.createElement("div");
      this.#drawCell(cell, row, column, false);
      return cell;
    });
    const number = this.table.at(row);
    const gutter = this.options.numbers ? this.#gutterCell(number === undefined ? "" : String(number + 1)) : null;
    el.replaceChildren(...this.#withSpace(cells, range, gutter));
  }

  #drawCell(cell: HTMLElement, row: number, column: number, open: boolean): void {
    draw(cell, this.table, row, column, this.kind(column), this.options, open);
    cell.setAttribute("role", "gridcell");
    cell.id = this.idOf({ row, column });
    this.#shape(cell, column);
  }

  /** The element of a cell, if it is drawn. */
  cellAt({ row, column }: Place): HTMLElement | null {
    const parent = row < 0 ? this.head : this.#rows.get(row)?.el;
    return parent?.querySelector<HTMLElement>(`[data-column="${column}"]`) ?? null;
  }

  /** The cells that are drawn, with where they stand. */
  *cells(): Generator<[HTMLElement, Place]> {
    const of = function* (parent: HTMLElement, row: number): Generator<[HTMLElement, Place]> {
      for (const one of parent.children as Iterable<HTMLElement> & HTMLCollection) {
        const el = one as HTMLElement;
        if (el.dataset.column !== undefined) yield [el, { row, column: Number(el.dataset.column) }];
      }
    };
    yield* of(this.head, -1);
    for (const [index, { el }] of this.#rows) yield* of(el, index);
  }

  /** Where a point of the page is. */
  placeOf(target: EventTarget | null): Place | null {
    const cell = (target as HTMLElement | null)?.closest?.<HTMLElement>("[data-column]");
    if (!cell || !this.frame.contains(cell)) return null;
    const row = cell.closest<HTMLElement>("[data-row]");
    return { row: row ? Number(row.dataset.row) : -1, column: Number(cell.dataset.column) };
  }

  /** Bring a cell into sight. */
  show(place: Place): void {
    const pinned = this.#starts[this.pinned]!;
    const { frame } = this;
    const [start, end] = [this.#starts[place.column]!, this.#starts[place.column + 1]!];
    if (place.row >= 0) this.scroller.toRow(place.row);
    if (place.column < this.pinned) return;
    const way = frame.scrollLeft < 0 || getComputedStyle(frame).direction === "rtl" ? -1 : 1;
    const left = way * frame.scrollLeft;
    if (start - pinned < left) frame.scrollLeft = way * Math.max(0, start - pinned);
    else if (end > left + frame.clientWidth) frame.scrollLeft = way * (end - frame.clientWidth);
  }

  /** Where a column begins within the body. */
  startOf(column: number): number {
    return this.#starts[column]! + (column < this.pinned ? Math.abs(this.frame.scrollLeft) : 0);
  }

  rowElement(row: number): HTMLElement | null {
    return this.#rows.get(row)?.el ?? null;
  }

  destroy(): void {
    this.scroller.destroy();
    this.frame.remove();
  }
}
