/** A large table: the kernel has it, and the tiles in sight are here. */

import { FRESH, joined, replaced, Table } from "./table";
import type { Answer, Cell, Edit, Range, TableValue, Told, View } from "./types";

const ROWS = 100;
const COLUMNS = 50;
/** Tiles that are kept: those seen last. */
const KEPT = 120;
/** Questions on their way at a time: what a fast scroll has passed over is not asked for. */
const AT_ONCE = 2;
/** Most cells that are copied. */
const COPIED = 500_000;

interface Tile extends Answer {
  /** Its first row and column. */
  row: number;
  column: number;
}

export class RemoteTable extends Table {
  readonly #given: TableValue;
  readonly #ask: ((content: Record<string, unknown>) => Promise<unknown>) | null;
  readonly #problem: (message: string) => void;
  /** Its shape before each edit. */
  readonly #past: { headers: string[]; told: Told[]; all: number }[] = [];
  #tiles = new Map<string, Tile>();
  #asked = new Set<string>();
  #sight: { rows: readonly [number, number]; columns: readonly [number, number] } = { rows: [0, 0], columns: [0, 0] };
  #rows: number;
  #all: number;
  /** Of the view: answers about an older one are of no use. */
  #turn = Math.floor(Math.random() * 2 ** 40); // the kernel keeps views of several pages
  #state = 0;
  #quiet = false;
  readonly #floor: number;

  constructor(
    value: TableValue,
    ask: ((content: Record<string, unknown>) => Promise<unknown>) | null,
    problem: (message: string) => void,
  ) {
    super(value, value.headers);
    this.#given = value;
    this.#ask = ask;
    this.#problem = problem;
    this.#floor = this.edits.length;
    this.#all = ask ? (value.rows ?? value.data.length) : value.data.length;
    this.#rows = this.#all;
    if (value.data.length) {
      const index = [...value.data.keys()];
      this.#put({ row: 0, column: 0, rows: this.#rows, index, ...value });
    }
  }

  get rows(): number {
    return this.#rows;
  }

  get all(): number {
    return this.#all;
  }

  #tile(row: number, column: number): Tile | undefined {
    return this.#tiles.get(`${Math.floor(row / ROWS)},${Math.floor(column / COLUMNS)}`);
  }

  at(row: number): number | undefined {
    if (!this.view.sort.length && !this.view.search) return row;
    for (const tile of this.#tiles.values()) if (tile.row === row - (row % ROWS)) return tile.index[row % ROWS];
    return undefined;
  }

  #part<T>(row: number, column: number, from: (tile: Tile) => T[][] | null | undefined): T | undefined {
    const tile = this.#tile(row, column);
    return tile ? from(tile)?.[row - tile.row]?.[column - tile.column] : undefined;
  }

  cell(row: number, column: number): Cell | undefined {
    return this.#part(row, column, (tile) => tile.data);
  }

  text(row: number, column: number): string | null {
    return this.#part(row, column, (tile) => tile.metadata?.display_value) ?? null;
  }

  css(row: number, column: number): string | null {
    return this.#part(row, column, (tile) => tile.metadata?.styling) ?? null;
  }

  need(rows: readonly [number, number], columns: readonly [number, number]): void {
    this.#sight = { rows, columns };
    this.#pump();
  }

  /** Ask for what is in sight and not here. */
  #pump(): void {
    if (!this.#ask || this.#quiet) return;
    const { rows, columns } = this.#sight;
    for (let row = rows[0] - (rows[0] % ROWS); row < Math.min(rows[1], this.#rows); row += ROWS) {
      for (let column = columns[0] - (columns[0] % COLUMNS); column < columns[1]; column += COLUMNS) {
        if (this.#asked.size >= AT_ONCE) return;
        const key = `${row / ROWS},${column / COLUMNS}`;
        const found = this.#tiles.get(key);
        if (found) {
          this.#tiles.delete(key); // to the end: seen last
          this.#tiles.set(key, found);
        } else if (!this.#asked.has(key)) void this.#fetch(key, row, column);
      }
    }
  }

  #question(rows: readonly [number, number], columns: readonly [number, number]): Record<string, unknown> {
    return { table: this.#given.table, rows, columns, ...this.#seen };
  }

  /** The view, as the kernel knows it. */
  get #seen(): Record<string, unknown> {
    const { sort, search } = this.view;
    return { sort, search, turn: this.#turn };
  }

  async #fetch(key: string, row: number, column: number): Promise<void> {
    const state = this.#state;
    this.#asked.add(key);
    try {
      const question = this.#question([row, row + ROWS], [column, Math.min(column + COLUMNS, this.columns)]);
      const answer = (await this.#ask!(question)) as Answer | null;
      // null: the kernel has another table by now, and that is on its way.
      if (state !== this.#state || !answer) return;
      this.#put({ ...answer, row, column });
      const longer = answer.rows !== this.#rows;
      this.#rows = answer.rows;
      if (!this.view.search) this.#all = answer.rows;
      this.onNews(!longer);
    } catch (error) {
      if (state === this.#state && (error as Error).name !== "AbortError") this.#problem((error as Error).message);
    } finally {
      if (state === this.#state) {
        this.#asked.delete(key);
        if (this.#tiles.has(key)) this.#pump();
      }
    }
  }

  #put(tile: Tile): void {
    this.#tiles.set(`${tile.row / ROWS},${tile.column / COLUMNS}`, tile);
    while (this.#tiles.size > KEPT) this.#tiles.delete(this.#tiles.keys().next().value!);
  }

  /** Forget what is here because of an edit, and ask only after the kernel has been told of that. */
  #outdate(): void {
    this.#forget();
    this.#quiet = true;
    queueMicrotask(() => {
      this.#quiet = false;
      this.#pump();
    });
  }

  #forget(): void {
    this.#state += 1;
    this.#tiles.clear();
    this.#asked.clear();
  }

  async whole(row: number, column: number): Promise<Cell> {
    const tile = this.#tile(row, column);
    const cut = tile?.cut?.some(([a, b]) => a === row - tile.row && b === column - tile.column);
    const number = this.at(row);
    if (!cut || !this.#ask || number === undefined) return this.cell(row, column) ?? null;
    return this.#ask({ table: this.#given.table, cell: [number, column] });
  }

  async block(rows: readonly [number, number], columns: readonly [number, number]): Promise<Cell[][]> {
    const width = columns[1] - columns[0];
    if (!this.#ask) return this.#given.data.slice(...rows).map((row) => row.slice(...columns));
    if ((rows[1] - rows[0]) * width > COPIED) throw new Error(`at most ${COPIED.toLocaleString()} cells can be copied`);
    const step = Math.max(1, Math.floor(20_000 / Math.max(1, width)));
    const found: Cell[][] = [];
    for (let row = rows[0]; row < rows[1]; row += step) {
      const part = [row, Math.min(row + step, rows[1])] as const;
      const answer = (await this.#ask(this.#question(part, columns))) as Answer | null;
      found.push(...(answer?.data ?? []));
    }
    return found;
  }

  show(view: View): void {
    this.view = view;
    this.#turn += 1;
    this.#forget();
    if (!view.search) this.#rows = this.#all;
    this.onNews();
  }

  apply(edit: Edit): void {
    this.#past.push({ headers: this.headers, told: this.told, all: this.#all });
    this.edits = [...this.edits, edit];
    if (edit.do === "set") this.#set(edit.cells);
    else if (edit.do === "fill" && "rows" in edit) {
      const [from, to] = edit.rows;
      for (const [first, last, cell] of edit.columns) {
        this.#change((row, column) => (row >= from && row < to && column >= first && column < last ? cell : undefined));
      }
    } else if (edit.do === "put") {
      const [row, column] = edit.at;
      this.#change((down, aside) => edit.cells[down - row]?.[aside - column]?.[0]);
    } else if (edit.do === "rename") this.headers = replaced(this.headers, edit.column, edit.header);
    else {
      if (edit.do === "insert_rows") this.#all += edit.count;
      else if (edit.do === "delete_rows") this.#all -= new Set(edit.rows).size;
      else if (edit.do === "drop" && "rows" in edit) this.#all -= edit.rows[1] - edit.rows[0];
      else if (edit.do === "keep") {
        this.#all = this.#rows;
        this.view = { ...this.view, search: "" };
      } else if (edit.do === "insert_columns") {
        this.headers = this.headers.toSpliced(edit.at, 0, ...edit.headers);
        this.told = this.told.toSpliced(edit.at, 0, ...edit.headers.map(() => FRESH));
        if (this.view.sort.some(([column]) => column >= edit.at)) this.view = { ...this.view, sort: [] };
      } else if (edit.do === "delete_columns") {
        this.headers = this.headers.filter((_, column) => !edit.columns.includes(column));
        this.told = this.told.filter((_, column) => !edit.columns.includes(column));
        this.view = { ...this.view, sort: [] };
      }
      this.#moved();
    }
    this.onNews();
  }

  /** Rows or columns are others. */
  #moved(): void {
    this.#rows = this.#all;
    this.#turn += 1;
    this.#outdate();
  }

  rewind(count: number): void {
    const past = this.#past[count - this.#floor];
    if (!past) return;
    const gone = this.edits.slice(count);
    this.#past.length = count - this.#floor;
    this.edits = this.edits.slice(0, count);
    this.headers = past.headers;
    this.told = past.told;
    this.#all = past.all;
    if (gone.some((edit) => !["set", "fill", "put", "rename"].includes(edit.do))) {
      if (this.view.sort.some(([column]) => column >= this.columns)) this.view = { ...this.view, sort: [] };
      this.#moved();
    } else this.#outdate(); // the rows stay where they are in sight
    this.onNews();
  }

  range(rows: readonly [number, number]): Range {
    return { rows: [rows[0], rows[1]], view: this.#seen };
  }

  put(row: number, column: number, cells: readonly (readonly (Cell | undefined)[])[]): Edit | null {
    const told = cells.map((line) => line.map((cell) => (cell === undefined ? [] : [cell])));
    return { do: "put", at: [row, column], view: this.#seen, cells: told };
  }

  /** Change cells of the view that are here; undefined leaves one as it is. */
  #change(cellAt: (row: number, column: number) => Cell | undefined): void {
    for (const tile of this.#tiles.values()) {
      tile.data = tile.data.map((line, down) =>
        line.map((cell, aside) => {
          const found = cellAt(tile.row + down, tile.column + aside);
          if (found === undefined) return cell;
          const texts = tile.metadata?.display_value;
          if (texts) texts[down] = replaced(texts[down]!, aside, null);
          tile.cut = tile.cut?.filter(([a, b]) => a !== down || b !== aside) ?? [];
          return found;
        }),
      );
    }
  }

  #set(cells: readonly [number, number, Cell][]): void {
    for (const [row, column, cell] of cells) {
      for (const tile of this.#tiles.values()) {
        const [down, aside] = [tile.index.indexOf(row), column - tile.column];
        if (down < 0 || aside < 0 || aside >= tile.data[down]!.length) continue;
        tile.data[down] = replaced(tile.data[down]!, aside, cell);
        const texts = tile.metadata?.display_value;
        if (texts) texts[down] = replaced(texts[down]!, aside, null);
        tile.cut = tile.cut?.filter(([a, b]) => a !== down || b !== aside) ?? [];
      }
    }
  }

  value(): { wire: unknown; local: TableValue } {
    const { table } = this.#given;
    const first = this.view.sort.length || this.view.search ? undefined : this.#tiles.get("0,0");
    const { data, metadata, cut } = first ?? { data: [], metadata: null };
    return {
      wire: { table, edits: joined(this.edits) },
      local: {
        headers: this.headers,
        rows: this.#all,
        table,
        data,
        metadata,
        edits: [...this.edits],
        ...this.sayings,
        ...(cut ? { cut } : {}),
      } as TableValue,
    };
  }
}
