/** How wide columns are: as they were told or dragged, else as their texts need, and together as wide as the grid. */

import { show, type Table } from "./table";
import type { Options } from "./types";

const [LEAST, MOST, PICTURE] = [56, 320, 140];
/** Rows whose texts are looked at, and pixels beside a text and beside a header. */
const [SAMPLE, ROOM, HEAD_ROOM] = [60, 26, 50];
export const NARROWEST = 36;

export class Widths {
  /** What the user has dragged, by column. */
  readonly dragged = new Map<number, number>();
  #own: number[] = [];
  #measure: (text: string) => number = (text) => text.length * 7.5;

  /** Take the font of an element. */
  take(el: HTMLElement): void {
    const pen = document.createElement("canvas").getContext?.("2d");
    if (!pen) return;
    const style = getComputedStyle(el);
    pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    this.#measure = (text) => pen.measureText(text).width;
  }

  /** Look at the texts of a table. */
  look(table: Table, options: Options, kinds: readonly string[]): void {
    this.#own = table.headers.map((header, column) => {
      if (kinds[column] === "image") return PICTURE;
      let width = this.#measure(header) * 1.05 + HEAD_ROOM;
      for (let row = 0; row < Math.min(SAMPLE, table.rows); row += 1) {
        if (width >= MOST) break;
        const text = table.text(row, column) ?? show(table.cell(row, column));
        width = Math.max(width, this.#measure(options.maxChars ? text.slice(0, options.maxChars) : text) + ROOM);
      }
      return Math.ceil(Math.min(MOST, Math.max(LEAST, width)));
    });
  }

  /** The widths in a grid that has so many pixels for its columns. */
  in(room: number, options: Options): number[] {
    const told = this.#own.map((_, column) => this.dragged.get(column) ?? pixels(options.widths[column], room));
    const widths = this.#own.map((own, column) => told[column] ?? own);
    const left = room - widths.reduce((sum, one) => sum + one, 0);
    const free = told.flatMap((one, column) => (one === null ? [column] : []));
    if (left <= 0 || !free.length) return widths;
    const shared = free.reduce((sum, column) => sum + widths[column]!, 0);
    let given = 0;
    for (const column of free) {
      const more = Math.floor((left * widths[column]!) / shared);
      widths[column]! += more;
      given += more;
    }
    widths[free.at(-1)!]! += Math.floor(left - given);
    return widths;
  }
}

function pixels(told: string | undefined, room: number): number | null {
  const number = Number.parseFloat(told ?? "");
  if (!told || !Number.isFinite(number)) return null;
  if (told.endsWith("%")) return Math.max(NARROWEST, (room * number) / 100);
  return /^[\d.]+(px)?$/.test(told.trim()) ? Math.max(NARROWEST, number) : null;
}
