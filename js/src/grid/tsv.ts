/** Cells as the text that spreadsheets put on the clipboard, and back. */

import { show } from "./table";
import type { Cell } from "./types";

export function toTsv(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => row.map((cell) => quoted(show(cell))).join("\t")).join("\n");
}

function quoted(text: string): string {
  return /[\t\n\r"]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

/** A quoted cell, up to where the next begins. Other quotes are a part of the text. */
const QUOTED = /"(?:[^"]|"")*"(?=[\t\n]|$)/y;

function quotes(text: string, at: number): boolean {
  QUOTED.lastIndex = at;
  return QUOTED.test(text);
}

export function fromTsv(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = "";
  let inside = false;
  const whole = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let at = 0; at < whole.length; at += 1) {
    const char = whole[at]!;
    if (inside) {
      if (char !== '"') cell += char;
      else if (whole[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else inside = false;
    } else if (char === '"' && !cell && quotes(whole, at)) inside = true;
    else if (char === "\t" || char === "\n") {
      rows.at(-1)!.push(cell);
      cell = "";
      if (char === "\n") rows.push([]);
    } else cell += char;
  }
  rows.at(-1)!.push(cell);
  return rows;
}
