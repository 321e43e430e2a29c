/**
 * Empty messages that free a late answer.
 *
 * The kernel's websocket holds small writes back until the page's delayed acknowledgement of the one before comes
 * (Nagle's algorithm): 30 of the 48 ms of a click, since "busy" goes ahead of every answer. Any message from the page
 * carries that acknowledgement along. So while an answer is awaited, what the kernel's connection brings is
 * acknowledged by a nudge; where the host does not tell of its traffic, one goes after some time. Now and then an
 * event does without, and so the page learns whether this server answers promptly by itself and needs none.
 */

import type { Timers } from "./timers";
import type { WidgetManager } from "./wire";

/** Ms after which one nudge is sent where traffic cannot be seen: earlier, nothing is held back yet. */
export const PATIENCE = 10;
/** Ms between two nudges of one event: each brings traffic of its own. */
export const GAP = 6;
export const MOST = 4;
/** Each so-manieth event does without nudges, to see how the server is by itself. */
export const PROBE = 16;
/** An answer sooner than this did not wait for an acknowledgement. */
export const PROMPT = 20;
/** An answer later than this waited for its handler. */
export const BUSY = 100;

export class Nudge {
  readonly #send: () => void;
  readonly #timers: Timers;
  readonly #seen: boolean;
  #since: number | null = null;
  #cancel: (() => void) | null = null;
  #sent = 0;
  #last = 0;
  #events = 0;
  #alone = false;
  #needed = true;
  #late = 0;

  constructor(send: () => void, timers: Timers, traffic?: (heard: () => void) => boolean) {
    this.#send = send;
    this.#timers = timers;
    this.#seen = traffic?.(() => this.#traffic()) ?? false;
  }

  /** Something was sent that the kernel will answer. */
  awaiting(): void {
    this.#stop();
    this.#since = performance.now();
    this.#sent = 0;
    this.#alone = !this.#needed || ++this.#events % PROBE === 0;
    if (!this.#alone && !this.#seen) this.#cancel = this.#timers.after(PATIENCE, () => this.#nudge());
  }

  /** The answer has come. */
  heard(): void {
    if (this.#since === null) return;
    const took = performance.now() - this.#since;
    this.#stop();
    if (!this.#alone || took > BUSY) return;
    this.#late = took < PROMPT ? 0 : this.#late + 1;
    this.#needed = this.#needed ? took >= PROMPT : this.#late > 2;
  }

  /** The connection has brought something that is not the answer yet. */
  #traffic(): void {
    if (this.#since === null || this.#alone || this.#cancel || this.#sent === MOST) return;
    const wait = this.#last + GAP - performance.now();
    if (wait <= 0) this.#nudge();
    else this.#cancel = this.#timers.after(wait, () => this.#nudge());
  }

  #nudge(): void {
    this.#cancel = null;
    this.#sent++;
    this.#last = performance.now();
    this.#send();
  }

  #stop(): void {
    this.#since = null;
    this.#cancel?.();
    this.#cancel = null;
  }
}

interface Connection {
  anyMessage?: Signal;
}
interface Signal {
  connect(slot: (sender: unknown, args: { direction?: string }) => void): unknown;
  disconnect(slot: (sender: unknown, args: { direction?: string }) => void): unknown;
}

/** What JupyterLab, Notebook and Voila tell of the kernel's connection, through their widget manager. */
export function trafficOf(manager: WidgetManager | undefined, abort: AbortSignal): (heard: () => void) => boolean {
  return (heard) => {
    const connection = (manager as { kernel?: Connection | null } | undefined)?.kernel;
    const signal = connection?.anyMessage;
    if (typeof signal?.connect !== "function" || abort.aborted) return false;
    const slot = (_: unknown, { direction }: { direction?: string }) => {
      if (direction === "recv") heard();
    };
    signal.connect(slot);
    abort.addEventListener("abort", () => signal.disconnect(slot));
    return true;
  };
}
