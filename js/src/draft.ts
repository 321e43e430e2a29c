/**
 * What somebody is typing into a box, or dragging, against what its block has for a value (TR-30 to TR-32).
 *
 * The page keeps a value that the kernel has not seen (`runtime/edits`). What is left to the box: a text that is no
 * value yet, the caret, what is selected, and what an input method composes.
 */

import { useLayoutEffect, useRef } from "preact/hooks";
import { difference, moved } from "./difference";
import { hasFocus, selectedTexts } from "./roots";

type Box = HTMLInputElement | HTMLTextAreaElement;

export interface Drafted<B extends Box> {
  /** Whether the text in the box stands for the value, though it is written otherwise: "1.0" for 1. */
  stands?(text: string, box: B): boolean;
  /** Whether the text in the box is no value, or not yet: while the box has the focus it stays. */
  unfinished?(text: string, box: B): boolean;
  /** Called when the box shows the block's value in the place of what was typed. */
  onShown?(): void;
}

export interface Draft<B extends Box> {
  readonly ref: (box: B | null) => void;
  readonly box: { readonly current: B | null };
  /** Put a text into the box, the caret where it was. */
  write(text: string): void;
  /** Somebody drags: nothing is shown until `letGo`. */
  hold(): void;
  /** Show what has come meanwhile. */
  letGo(): void;
}

/** A box that shows `text`, except under the hand of who types into it. Give its element the `ref`. */
export function useDraft<B extends Box>(text: string, drafted: Drafted<B> = {}): Draft<B> {
  const now = useRef({ text, ...drafted });
  now.current = { text, ...drafted };
  const made = useRef<Held<B> | null>(null);
  made.current ??= new Held<B>(() => now.current);
  const draft = made.current;
  useLayoutEffect(() => draft.show(), [text]);
  return draft;
}

class Held<B extends Box> implements Draft<B> {
  readonly box: { current: B | null } = { current: null };
  readonly #now: () => Drafted<B> & { text: string };
  #composing = false;
  #dragging = false;
  /** Whether something else was to be shown. */
  #late = false;
  #stop = new AbortController();

  constructor(now: () => Drafted<B> & { text: string }) {
    this.#now = now;
  }

  readonly ref = (box: B | null): void => {
    if (box === this.box.current) return;
    this.#stop.abort();
    this.box.current = box;
    if (!box) return;
    this.#stop = new AbortController();
    this.#composing = this.#dragging = this.#late = false;
    const { signal } = this.#stop;
    box.addEventListener("compositionstart", () => this.#compose(true), { signal });
    box.addEventListener("compositionend", () => this.#compose(false), { signal });
    box.addEventListener("blur", () => this.#after(), { signal });
    box.value = this.#now().text;
  };

  show(): void {
    const box = this.box.current;
    if (!box) return;
    const { text, stands, onShown } = this.#now();
    this.#late = false;
    if (box.value === text && !isBad(box)) return;
    if (!isBad(box) && stands?.(box.value, box)) return;
    if (this.#keeps(box)) {
      this.#late = true;
      return;
    }
    this.write(text);
    onShown?.();
  }

  write(text: string): void {
    if (this.box.current) write(this.box.current, text);
  }

  hold(): void {
    this.#dragging = true;
  }

  letGo(): void {
    this.#dragging = false;
    this.show();
  }

  #keeps(box: B): boolean {
    if (this.#composing || this.#dragging) return true;
    return hasFocus(box) && (isBad(box) || (this.#now().unfinished?.(box.value, box) ?? false));
  }

  #compose(composing: boolean): void {
    this.#composing = composing;
    if (!composing) this.#after();
  }

  /** Once all is said that belongs to the event: some browsers tell of the text after the end of a composition. */
  #after(): void {
    setTimeout(() => {
      if (this.#late) this.show();
    });
  }
}

/** Whether what is typed cannot be told by `value`: "1e" in a box for numbers. */
function isBad(box: Box): boolean {
  return box.validity?.badInput === true;
}

/** Put a text into a box; caret and selection stay where the text around them does. */
export function write(box: Box, text: string): void {
  const before = box.value;
  const range = hasFocus(box) ? selectionOf(box) : null;
  box.value = text;
  const change = difference(before, box.value);
  if (range && change) select(box, moved(range[0], change), moved(range[1], change), range[2]);
}

type Range = [start: number, end: number, direction?: "forward" | "backward" | "none"];

function selectionOf(box: Box): Range | null {
  const { selectionStart, selectionEnd, selectionDirection } = box;
  if (selectionStart !== null && selectionEnd !== null)
    return [selectionStart, selectionEnd, selectionDirection ?? "none"];
  if (box.type !== "number") return null;
  // A box for numbers does not tell where. What is selected is a text, as is what stands before.
  const texts = selectedTexts(box);
  if (!texts || !box.value.startsWith(texts[1])) return null;
  const [chosen, head] = texts;
  const backwards = chosen !== "" && head.endsWith(chosen);
  return backwards ? [head.length - chosen.length, head.length] : [head.length, head.length + chosen.length];
}

function select(box: Box, start: number, end: number, direction?: Range[2]): void {
  const { type } = box;
  if (type === "number") (box as HTMLInputElement).type = "text"; // it lets nobody set it either
  box.setSelectionRange(start, end, direction);
  if (type === "number") (box as HTMLInputElement).type = type;
}
