/** Which cells are chosen: one that is active, and the block between it and where the choice began. */

import type { Place } from "./layout";

export interface Block {
  rows: [number, number];
  columns: [number, number];
}

export class Selection {
  active: Place | null = null;
  #from: Place | null = null;

  /** Choose one cell, or with `extend` the block up to it. */
  to(place: Place, extend = false): void {
    this.#from = extend && this.#from && place.row >= 0 ? this.#from : place;
    this.active = place;
  }

  /** Choose a block; its first cell is active. */
  all(block: Block): void {
    this.#from = { row: block.rows[1] - 1, column: block.columns[1] - 1 };
    this.active = { row: block.rows[0], column: block.columns[0] };
  }

  clear(): void {
    this.active = null;
    this.#from = null;
  }

  /** Stay within a table of that size. */
  within(rows: number, columns: number): void {
    const clamped = (one: Place | null) =>
      one && columns && (rows || one.row < 0)
        ? { row: Math.min(one.row, rows - 1), column: Math.min(one.column, columns - 1) }
        : null;
    this.active = clamped(this.active);
    this.#from = clamped(this.#from);
  }

  /** What is chosen, each [from, to); null if it is a header or nothing. */
  get block(): Block | null {
    const [one, two] = [this.active, this.#from];
    if (!one || !two || one.row < 0) return null;
    const span = (a: number, b: number): [number, number] => [Math.min(a, b), Math.max(a, b) + 1];
    return { rows: span(one.row, two.row), columns: span(one.column, two.column) };
  }

  holds({ row, column }: Place): boolean {
    const { block } = this;
    if (!block) return false;
    return row >= block.rows[0] && row < block.rows[1] && column >= block.columns[0] && column < block.columns[1];
  }

  get single(): boolean {
    const { block } = this;
    return !block || (block.rows[1] - block.rows[0] === 1 && block.columns[1] - block.columns[0] === 1);
  }
}
