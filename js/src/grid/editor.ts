/** The box over a cell in which the user types. It stays while the table around it is drawn anew. */

import { isComposing } from "../keys";
import type { Layout, Place } from "./layout";

export type Way = "down" | "up" | "right" | "left" | "stay";

export class Editor {
  readonly place: Place;
  /** The number of its row in the table, which stays if the view changes. */
  readonly number: number;
  readonly #layout: Layout;
  readonly #box: HTMLTextAreaElement;
  readonly #start: string;
  #open = true;

  constructor(
    layout: Layout,
    place: Place,
    number: number,
    text: string,
    typed: boolean,
    label: string,
    done: (text: string | null, way: Way) => void,
  ) {
    this.#layout = layout;
    this.place = place;
    this.number = number;
    const box = document.createElement("textarea");
    this.#box = box;
    this.#start = typed ? "" : text;
    box.className = "nbb-grid-editor";
    box.value = text;
    box.rows = 1;
    box.spellcheck = false;
    box.setAttribute("aria-label", label);
    const end = (kept: boolean, way: Way) => {
      if (!this.#open) return;
      this.#open = false;
      const found = kept ? box.value : null;
      box.remove();
      done(found, way);
    };
    box.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (isComposing(event)) return;
      const way = wayOf(event, typed && box.value.indexOf("\n") < 0);
      if (event.key === "Escape") end(false, "stay");
      else if (event.key === "Enter" && event.altKey) type(box, "\n");
      else if (way) end(true, way);
      else return;
      event.preventDefault();
    });
    box.addEventListener("input", () => this.#grow());
    box.addEventListener("blur", () => end(true, "stay"));
    for (const name of ["copy", "cut", "paste", "pointerdown", "dblclick", "contextmenu"]) {
      box.addEventListener(name, (event) => event.stopPropagation());
    }
    layout.body.append(box);
    this.follow();
    box.focus({ preventScroll: true });
    if (typed) box.setSelectionRange(text.length, text.length);
    else box.select();
    this.#grow();
  }

  /** Stand where the cell stands; it may be scrolled out of sight, with its row gone. */
  follow(): void {
    const row = this.#layout.rowElement(this.place.row);
    this.#box.style.visibility = row ? "" : "hidden";
    if (!row) return;
    const { style } = this.#box;
    style.transform = row.style.transform;
    style.insetInlineStart = `${this.#layout.startOf(this.place.column)}px`;
    style.minWidth = `${this.#layout.width(this.place.column)}px`;
    style.minHeight = `${row.offsetHeight}px`;
  }

  /** What was typed; null if nothing was. */
  get text(): string | null {
    return this.#box.value === this.#start ? null : this.#box.value;
  }

  #grow(): void {
    const { style } = this.#box;
    style.height = "0";
    style.height = `${Math.min(220, this.#box.scrollHeight + 2)}px`;
  }

  /** Give up, without a word. */
  close(): void {
    this.#open = false;
    this.#box.remove();
  }
}

/** Where a key leads that ends the typing. Arrows do so only if the typing began by typing, as in a spreadsheet. */
function wayOf(event: KeyboardEvent, leaves: boolean): Way | null {
  const back = event.shiftKey;
  if (event.key === "Enter" && !event.altKey && !event.ctrlKey && !event.metaKey) return back ? "up" : "down";
  if (event.key === "Tab") return back ? "left" : "right";
  if (!leaves || back || event.ctrlKey || event.metaKey || event.altKey) return null;
  return event.key === "ArrowDown" ? "down" : event.key === "ArrowUp" ? "up" : null;
}

/** Type for the user, so that it can be undone. */
function type(box: HTMLTextAreaElement, text: string): void {
  if (document.execCommand?.("insertText", false, text)) return;
  box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
  box.dispatchEvent(new InputEvent("input", { bubbles: true }));
}
