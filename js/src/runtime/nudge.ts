/**
 * An empty message that frees a late answer.
 *
 * The kernel's websocket holds small writes back until the page's delayed acknowledgement comes (Nagle's algorithm):
 * 30 of the 48 ms of a click. Any message from the page carries that acknowledgement along. It is sent only where it
 * helps: not if answers come at once by themselves, not if the handler is simply busy.
 */

import type { Timers } from "./timers";

/** Earlier and the kernel has written nothing yet that could be freed. */
export const PATIENCE = 10;
/** An answer later than this waited for its handler, not for the wire. */
export const BUSY = 100;
const REMEMBERED = 8;
const ENOUGH = 3;

type Answer = "prompt" | "late" | "slow";

export class Nudge {
  readonly #send: () => void;
  readonly #timers: Timers;
  readonly #answers: Answer[] = [];
  #since: number | null = null;
  #cancel: (() => void) | null = null;

  constructor(send: () => void, timers: Timers) {
    this.#send = send;
    this.#timers = timers;
  }

  /** Something was sent that the kernel will answer. */
  awaiting(): void {
    if (this.#cancel) return;
    this.#since = performance.now();
    if (!this.#worthwhile()) return;
    this.#cancel = this.#timers.after(PATIENCE, () => {
      this.#cancel = null;
      this.#send();
    });
  }

  /** Something came from the kernel. */
  heard(): void {
    if (this.#since === null) return;
    const took = performance.now() - this.#since;
    this.#since = null;
    this.#cancel?.();
    this.#cancel = null;
    this.#answers.push(took < PATIENCE ? "prompt" : took > BUSY ? "slow" : "late");
    if (this.#answers.length > REMEMBERED) this.#answers.shift();
  }

  #worthwhile(): boolean {
    const last = this.#answers.slice(-ENOUGH);
    if (last.length === ENOUGH && last.every((answer) => answer === "slow")) return false;
    const prompt = this.#answers.filter((answer) => answer === "prompt").length;
    const late = this.#answers.filter((answer) => answer === "late").length;
    return prompt < ENOUGH || prompt <= late;
  }
}
