/** The front-end's style sheets, put once into each document (or shadow root) that shows an app. */

import { sheetHomeOf } from "../roots";

const texts: string[] = [];

interface Sheets {
  /** How many of the texts are there already. */
  count: number;
  readonly styles: Map<string, HTMLStyleElement>;
}
const put = new WeakMap<Node, Sheets>();
/** Sheets of chunks that a view has asked for. */
const asked = new WeakMap<HTMLElement, Set<string>>();

/** Called by every style sheet as the bundle, or a part of it, is evaluated. */
export function add(text: string): void {
  texts.push(text);
}

/** Put the style sheets where they reach `el`: those that came since the last time. */
export function attach(el: HTMLElement): void {
  const there = sheetsAt(el);
  if (there.count === texts.length) return;
  write(el, there, texts.slice(there.count).join("\n"));
  there.count = texts.length;
}

/** Put the style sheet of a chunk where it reaches `el`. */
export function attachSheet(el: HTMLElement, sheet: string): void {
  asked.set(el, (asked.get(el) ?? new Set()).add(sheet));
  write(el, sheetsAt(el), sheet);
}

/** Put all that reaches `el` where it is now. */
export function attachAll(el: HTMLElement): void {
  attach(el);
  for (const sheet of asked.get(el) ?? []) attachSheet(el, sheet);
}

/** What was put where `el` is, as far as it is there still: a host may clear its shadow root for the next app. */
function sheetsAt(el: HTMLElement): Sheets {
  const home = sheetHomeOf(el);
  const there = put.get(home);
  if (there && [...there.styles.values()].every((one) => one.parentNode === home)) return there;
  for (const style of there?.styles.values() ?? []) style.remove();
  const none: Sheets = { count: 0, styles: new Map() };
  put.set(home, none);
  return none;
}

function write(el: HTMLElement, { styles }: Sheets, text: string): void {
  if (styles.has(text)) return;
  const style = document.createElement("style");
  style.dataset.nbblocks = "";
  style.textContent = text;
  styles.set(text, style);
  sheetHomeOf(el).append(style);
}
