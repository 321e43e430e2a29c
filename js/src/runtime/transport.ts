/** What this view says to the kernel: numbered, with the values changed since the last message. */

import { Edits } from "./edits";
import { packed } from "./exact";
import { Nudge } from "./nudge";
import { Place } from "./place";
import type { Timers } from "./timers";
import { MAX_VALUE, weightOf } from "./weights";
import type { Answer, AnyModel, Begun, PageMessage } from "./wire";

/** Ms that changed values wait for company when nobody listens. */
export const DEBOUNCE = 250;
export const HEARTBEAT = 15_000;
/** Ms after which a new view stands where it is to stand. */
const PLACED = 1000;
/** Ms after a view has gone that the kernel is told. */
export const PARTING = 1000;

/** Ms after an event that more are to be expected. */
export const IN_USE = 3000;

/** Views of this page. They share a model, so each has the others' edits already. */
const here = new Set<string>();

/** What a message brings beside what it is about. */
interface More {
  js?: Begun | undefined;
  /** The listeners that are meant; all if left out. */
  only?: readonly number[] | undefined;
  /** Is told the message's number, when it is sent. */
  sent?: (seq: number) => void;
}

export class Transport {
  readonly view = newId();
  /** Nodes of which an event is to come when the one before is answered. */
  waiting: () => readonly number[] = () => [];
  /** Called when the view is left: nothing can wait any longer. */
  leaving: () => void = () => {};
  readonly #edits: Edits;
  readonly #model: AnyModel;
  readonly #timers: Timers;
  readonly #nudge: Nudge;
  readonly #changed = new Map<number, unknown>();
  readonly #lost: () => void;
  readonly #refused: (why: string) => void;
  #seq = 0;
  #acted = -Infinity;
  #held: (() => void) | null = null;
  #waiting: Parameters<Transport["send"]>[] | null = null;
  #cancelFlush: (() => void) | null = null;

  /**
   * `lost` is called when a message cannot be sent: a kernel that is only busy or slow takes it. `refused` is told of a value
   * that is not sent.
   */
  constructor(
    model: AnyModel,
    timers: Timers,
    lost: () => void = () => {},
    refused: (why: string) => void = () => {},
    edits = new Edits(),
  ) {
    this.#edits = edits;
    this.#model = model;
    this.#timers = timers;
    this.#lost = lost;
    this.#refused = refused;
    this.#nudge = new Nudge(() => this.#post({ type: "nudge" }), timers);
  }

  /**
   * Say hello, and goodbye when the view or the page goes. Closing a page tells the kernel nothing by itself.
   *
   * Hello waits for `kept`, values that go with it, and all else waits for hello.
   */
  start(el: HTMLElement, abort: AbortSignal, js?: Begun, kept: Promise<[number, unknown][]> | null = null): void {
    here.add(this.view);
    const hello = js ? { type: "hello", js } : { type: "hello" };
    if (kept) {
      this.#waiting = [];
      void kept.then((values) => {
        if (!abort.aborted) this.#begin(values.length ? { ...hello, values } : hello);
      });
    } else this.send(hello);
    const { ownerDocument: sheet } = el;
    const place = new Place(el);
    this.#timers.after(PLACED, () => place.look());
    let left = false;
    // After a goodbye it would bring the view back.
    const beat = () => {
      place.look();
      if (!left) this.send({ type: "beat", hidden: sheet.hidden });
    };
    this.#timers.every(HEARTBEAT, beat);
    // Timers stand still while nobody sees what they do.
    sheet.addEventListener("visibilitychange", beat, { signal: abort });
    if (sheet.hidden) beat();
    const bye = () => this.send(place.deleted ? { type: "bye", deleted: true } : { type: "bye" });
    const page = el.ownerDocument.defaultView ?? window;
    el.addEventListener("focusout", () => this.flush(), { signal: abort });
    const leave = () => {
      this.leaving();
      this.flush();
      bye();
      left = true;
    };
    page.addEventListener("pagehide", leave, { signal: abort });
    // A page taken out of the browser's history cache is back as it was.
    const back = (event: PageTransitionEvent) => {
      left = false;
      if (event.persisted) this.send({ type: "hello" });
    };
    page.addEventListener("pageshow", back, { signal: abort });
    abort.addEventListener("abort", () => {
      this.leaving();
      this.flush();
      // A cell that runs again takes this view away: its messages go first, and are echoed to those that stay.
      setTimeout(() => {
        bye();
        here.delete(this.view);
      }, PARTING);
    });
  }

  send(message: PageMessage, buffers?: (ArrayBuffer | ArrayBufferView)[], sent?: (seq: number) => void): void {
    this.release();
    if (this.#waiting) {
      this.#waiting.push([message, buffers, sent]);
      return;
    }
    const seq = this.#seq;
    if (!this.#post({ ...message, view: this.view, seq }, buffers)) return;
    this.#seq++;
    for (const [id] of (message.values ?? []) as [number, unknown][]) this.#edits.sent(`${id}.value`, this.view, seq);
    for (const name in message.props as object | undefined) this.#edits.sent(`${message.node}.${name}`, this.view, seq);
    sent?.(seq);
  }

  /** Send the first message, and then what had to wait for it. */
  #begin(hello: PageMessage): void {
    this.release();
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    this.send(hello);
    for (const one of waiting) this.send(...one);
  }

  #post(content: PageMessage, buffers?: (ArrayBuffer | ArrayBufferView)[]): boolean {
    try {
      const exact = Object.entries(content).map(([name, value]) => [name, packed(value)]);
      this.#model.send(Object.fromEntries(exact), undefined, buffers);
      return true;
    } catch {
      this.#lost();
      return false;
    }
  }

  /** Keep a message back until the result is called, or something else is to be sent, which goes after it. */
  hold(send: () => void): () => void {
    this.release();
    const held = () => {
      if (this.#held !== held) return;
      this.#held = null;
      send();
    };
    this.#held = held;
    return held;
  }

  /** Send what is kept back. */
  release(): void {
    this.#held?.();
  }

  /** Whether somebody has just used the app since then: nothing long is to stand in the way of what they do next. */
  usedSince(moment: number): boolean {
    return this.#acted >= moment && performance.now() - this.#acted < IN_USE;
  }

  /** What was sent last will be answered. */
  awaiting(): void {
    this.#nudge.awaiting();
  }

  /** Note a value that the user changed: it goes with the next message. */
  edited(id: number, value: unknown): void {
    this.#changed.delete(id);
    this.#changed.set(id, value);
    this.#edits.made(`${id}.value`, this.view);
  }

  /** Send an event that somebody listens to. */
  event(node: number, event: string, data: Record<string, unknown> | null, { js, only, sent }: More = {}): void {
    this.#acted = performance.now();
    const message = { type: "event", node, event, data, ...this.#take(), ...(js && { js }), ...(only && { only }) };
    this.send(message, undefined, sent);
    this.#nudge.awaiting();
  }

  /** Send changed values now: somebody listens to a change. */
  values({ js, sent }: More = {}): void {
    if (!this.#changed.size) return;
    this.#acted = performance.now();
    this.send({ type: "values", ...this.#take(), ...(js && { js }) }, undefined, sent);
    this.#nudge.awaiting();
  }

  /** Send what came of js that has ended after its event was sent, or that the kernel has asked for. */
  answer(ticket: string, answer: Answer, sent?: (seq: number) => void): void {
    this.release();
    this.send({ type: "js", ticket, result: null, error: null, ...answer, ...this.#take() }, undefined, sent);
    this.#nudge.awaiting();
  }

  /** Send changed values when the user pauses. */
  soon(): void {
    this.#cancelFlush?.();
    this.#cancelFlush = this.#timers.after(DEBOUNCE, () => this.flush());
  }

  /** Send changed values that still wait. */
  flush(): void {
    this.release();
    if (this.#changed.size) this.send({ type: "values", ...this.#take() });
  }

  /** Something came from the kernel. */
  heard(): void {
    this.#nudge.heard();
  }

  /** Whether an echo repeats what was edited in this page. */
  isOwn(view: string): boolean {
    return here.has(view);
  }

  /** The values to be sent, and of which nodes an event is still to come. */
  #take(): { values: [number, unknown][]; waiting?: readonly number[] } {
    this.#cancelFlush?.();
    this.#cancelFlush = null;
    const values = [...this.#changed];
    this.#changed.clear();
    const fit = values.filter(([, value]) => weightOf(value) <= MAX_VALUE);
    if (fit.length < values.length) {
      const limit = MAX_VALUE / 1024 / 1024;
      for (const one of values) if (!fit.includes(one)) this.#edits.dropped(`${one[0]}.value`);
      this.#refused(`A value is longer than the ${limit} MB that can be sent: the kernel has the one before.`);
    }
    const waiting = this.waiting();
    return waiting.length ? { values: fit, waiting } : { values: fit };
  }
}

/** A random id; `crypto.randomUUID` is missing without HTTPS. */
export function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
