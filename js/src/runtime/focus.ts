/**
 * The keyboard's focus stays with who types: a browser takes it from a control that is disabled, hidden or drawn anew,
 * and here it is given back once there is such a control again (TR-32). Whoever moves it has it where they want it.
 */

import { focused, hasFocus, isIn } from "../roots";

const FOCUSABLE = "a[href], button, input, select, textarea, summary, [contenteditable=true], [tabindex]";

type Box = HTMLInputElement | HTMLTextAreaElement;

/** Where a control is, for when it is another element. */
interface Place {
  control: HTMLElement;
  /** Ids of its block and of those around it, from the inside. */
  nodes: string[];
  /** Its block among those of its type, and how many there are, in each block around it. */
  ordinals: [at: number, count: number][];
  type: string;
  /** Its own place in its block. */
  at: number;
}

export class FocusKeeper {
  readonly #el: HTMLElement;
  readonly #has: (id: number) => boolean;
  #place: Place | null = null;
  #lost: MutationObserver | null = null;
  #quiet = false;
  /** Whether the focus has gone nowhere, and nobody knows why. */
  #doubtful = false;
  #planned = false;

  /** `has` tells whether the app has a block. */
  constructor(el: HTMLElement, abort: AbortSignal, has: (id: number) => boolean) {
    this.#el = el;
    this.#has = has;
    const how = { capture: true, signal: abort };
    const page = el.ownerDocument;
    el.addEventListener("focus", (event) => this.#note(event.target as HTMLElement), how);
    el.addEventListener("blur", (event) => this.#left(event.target as HTMLElement, event.relatedTarget), how);
    // Somebody goes elsewhere.
    const away = (event: Event) => {
      if (!isIn(event, el)) this.#forget();
    };
    page.addEventListener("focusin", away, how);
    page.addEventListener("pointerdown", () => this.#lost && this.#forget(), how);
    abort.addEventListener("abort", () => this.#forget());
  }

  /** Tell of an event, unless it is of a focus that goes or comes without anybody's doing. */
  tell(event: string, tell: () => void): void {
    if (event !== "focus" && event !== "blur") tell();
    else if (event === "blur" && this.#doubtful) queueMicrotask(() => this.#doubtful || tell());
    else if (!this.#quiet) tell();
  }

  /** Something is going to be drawn: see then whether the focus was lost by it. */
  look(): void {
    if (this.#planned || !this.#place) return;
    this.#planned = true;
    setTimeout(() => {
      this.#planned = false;
      this.#check();
    });
  }

  #check(): void {
    if (!this.#place || this.#lost) return;
    const { control } = this.#place;
    if (isUsable(control)) {
      if (hasFocus(control)) this.#note(control);
    } else this.#lose();
  }

  #note(control: HTMLElement): void {
    this.#stop();
    this.#place = placeOf(control, this.#el);
  }

  #left(control: HTMLElement, next: EventTarget | null): void {
    if (control !== this.#place?.control) return;
    if (next) {
      this.#forget();
      return;
    }
    // One that is taken away is there still when it says so.
    this.#doubtful = true;
    queueMicrotask(() => {
      this.#doubtful = !isUsable(control);
      if (this.#doubtful) this.#lose();
      else this.#forget(); // the window may have lost the focus, and will say so when it is back
      queueMicrotask(() => {
        this.#doubtful = false;
      });
    });
  }

  /** Wait until it is there again. */
  #lose(): void {
    const now = focused(this.#el.ownerDocument);
    if (now && now !== this.#place?.control) {
      this.#forget();
      return;
    }
    if (this.#restore()) return;
    this.#lost = new MutationObserver(() => this.#restore());
    const attributeFilter = ["disabled", "hidden", "style", "class", "contenteditable", "tabindex"];
    this.#lost.observe(this.#el, { subtree: true, childList: true, attributes: true, attributeFilter });
  }

  #restore(): boolean {
    const place = this.#place;
    const control = place && found(place, this.#el, this.#has);
    if (!place || !control) return false;
    this.#stop();
    if (hasFocus(control)) return true;
    this.#quiet = true;
    control.focus({ preventScroll: true });
    this.#quiet = false;
    const [before, now] = [place.control, control] as Box[];
    if (typeof before?.selectionStart === "number" && now?.selectionStart !== null)
      now?.setSelectionRange(before.selectionStart, before.selectionEnd);
    return true;
  }

  #stop(): void {
    this.#lost?.disconnect();
    this.#lost = null;
  }

  #forget(): void {
    this.#stop();
    this.#place = null;
  }
}

function isUsable(control: HTMLElement): boolean {
  if (!control.isConnected || control.matches(":disabled")) return false;
  return control.checkVisibility ? control.checkVisibility() : !control.closest("[hidden]");
}

function placeOf(control: HTMLElement, el: HTMLElement): Place | null {
  const blocks: HTMLElement[] = [];
  let next = control.closest<HTMLElement>("[data-node]");
  while (next && el.contains(next)) {
    blocks.push(next);
    next = next.parentElement?.closest<HTMLElement>("[data-node]") ?? null;
  }
  const [block, ...outer] = blocks;
  if (!block) return null;
  const type = typeOf(block);
  return {
    control,
    nodes: blocks.map((one) => one.dataset.node!),
    ordinals: outer.map((one) => [alike(one, type).indexOf(block), alike(one, type).length]),
    type,
    at: controlsOf(block).indexOf(control),
  };
}

/** The control at a place: the same, that of the same block drawn anew, or of the block that came in its stead. */
function found(place: Place, el: HTMLElement, has: (id: number) => boolean): HTMLElement | null {
  const { control, nodes, ordinals, type, at } = place;
  if (isUsable(control)) return control;
  if (control.isConnected) return null; // it is there, and will be usable again
  const blocks = nodes.map((id) => el.querySelector<HTMLElement>(`[data-node="${id}"]`));
  let block = blocks[0];
  if (!block && !has(Number(nodes[0]))) {
    const nearest = blocks.slice(1).findIndex((one) => one);
    const [ordinal, count] = ordinals[nearest] ?? [0, 0];
    const others = nearest < 0 ? [] : alike(blocks[nearest + 1]!, type);
    // Of fewer or more nobody can tell which one it is.
    block = others.length === count ? others[ordinal] : null;
  }
  const next = block && controlsOf(block)[at];
  return next && next.localName === control.localName && isUsable(next) ? next : null;
}

function typeOf(block: HTMLElement): string {
  return [...block.classList].find((name) => name.startsWith("nbb-") && name !== "nbb-block") ?? "";
}

function alike(outer: HTMLElement, type: string): HTMLElement[] {
  return [...outer.querySelectorAll<HTMLElement>(`.nbb-block.${type}`)];
}

function controlsOf(block: HTMLElement): HTMLElement[] {
  return [...block.querySelectorAll<HTMLElement>(FOCUSABLE)];
}
