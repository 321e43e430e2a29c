/** One cell drawn: as text unless its column says otherwise. Texts of cells never become markup unsanitised. */

import { safePicture } from "../links";
import { harmlessStyle } from "../styling";
import { cellOf, numberIn } from "./numbers";
import { NOTHING, show, type Table } from "./table";
import type { Cell, Options } from "./types";

/** Put the harmless part of a Styler's CSS onto an element: how a cell looks. */
export function applyCss(el: HTMLElement, css: string | null): void {
  if (css) for (const [name, value] of harmlessStyle(css, "look")) el.style.setProperty(name, value);
}

/** What a column holds: as it was told, else what its cells are. */
export function kindOf(options: Options, table: Table, column: number): string {
  const told = typeof options.kinds === "string" ? options.kinds : (options.kinds[column] ?? "str");
  if (told !== "auto" && told !== "str") return told;
  if (table.told[column]?.number) return "number";
  let kind = "";
  let seen = 0;
  for (let row = 0; row < table.rows && seen < 50 && row < 500; row += 1) {
    const cell = table.cell(row, column);
    if (cell === null || cell === undefined || cell === "") continue;
    const own = typeof cell === "number" ? "number" : typeof cell === "boolean" ? "bool" : "str";
    if (kind && kind !== own) return "str";
    kind = own;
    seen += 1;
  }
  // Bools of a column that was not said to hold any are texts, as they were to those who wrote programs for that.
  return kind === "bool" && told === "str" ? "str" : kind || "str";
}

/** The cell that a typed text stands for, or undefined if the column cannot hold it. Numbers are those of this page. */
export function parsed(text: string, kind: string, told: boolean): Cell | undefined {
  const trimmed = text.trim();
  if (kind === "number") {
    if (!trimmed) return null;
    const number = numberIn(trimmed);
    return (number === null ? undefined : cellOf(number)) ?? (told ? undefined : text);
  }
  if (kind === "bool") {
    if (!trimmed) return null;
    if (/^(true|yes|1|x)$/i.test(trimmed)) return true;
    return /^(false|no|0)$/i.test(trimmed) ? false : told ? undefined : text;
  }
  return text;
}

/** Draw a cell. `open`: show it whole, however long it is. */
export function draw(
  el: HTMLElement,
  table: Table,
  row: number,
  column: number,
  kind: string,
  options: Options,
  open: boolean,
): void {
  const cell = table.cell(row, column);
  el.removeAttribute("style");
  el.className = "nbb-grid-cell";
  if (cell === undefined) {
    el.classList.add("nbb-grid-coming");
    el.textContent = "";
    return;
  }
  if (typeof cell === "number" || kind === "number") el.classList.add("nbb-grid-number");
  const told = table.text(row, column);
  const empty = cell === null ? (table.told[column]?.empty ?? null) : null;
  const text = told ?? empty ?? show(cell);
  if (told === null && (empty !== null || NOTHING.has(cell))) el.classList.add("nbb-grid-nothing");
  if (kind === "bool" && (typeof cell === "boolean" || cell === null)) drawBool(el, cell, options, column);
  else if (kind === "image" && text) drawPicture(el, text);
  else if ((kind === "markdown" || kind === "html") && text && options.markup) {
    el.innerHTML = options.markup(kind, text);
    el.classList.add("nbb-grid-rich", "nbb-held");
  } else {
    const most = options.maxChars;
    el.textContent = !open && most && text.length > most ? `${text.slice(0, most)}…` : text;
    if (options.wrap && options.lineBreaks) el.classList.add("nbb-grid-lines");
  }
  applyCss(el, table.css(row, column));
}

function drawBool(el: HTMLElement, cell: boolean | null, options: Options, column: number): void {
  const box = document.createElement("input");
  box.type = "checkbox";
  box.className = "nbb-grid-tick";
  box.checked = cell === true;
  box.indeterminate = cell === null;
  box.tabIndex = -1;
  box.disabled = !options.editable || options.fixed.includes(column);
  box.setAttribute("aria-label", cell === null ? "empty" : String(cell));
  el.classList.add("nbb-grid-bool");
  el.replaceChildren(box);
}

function drawPicture(el: HTMLElement, address: string): void {
  const safe = safePicture(address);
  if (!safe) {
    el.textContent = address;
    return;
  }
  const picture = document.createElement("img");
  picture.src = safe;
  picture.alt = "";
  picture.loading = "lazy";
  picture.draggable = false;
  el.classList.add("nbb-grid-picture");
  el.replaceChildren(picture);
}
