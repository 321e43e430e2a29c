/** What a screen reader is told of runs: that one goes on, that it is done, that it failed. One voice for each view. */

import { type Signal, signal } from "@preact/signals";
import { useContext } from "preact/hooks";
import { AppContext } from "./contexts";
import { isGoing } from "./runs";
import type { Timers } from "./timers";
import type { Listener, RunRecord } from "./wire";

/** Ms that a run may take before it is told of: what is done at once needs no word that it goes on. */
export const PATIENCE = 1000;
/** Ms in which of several words the last is said: one run follows another. */
export const BREATH = 250;
/** Events that come by themselves, or with every key: the end of what they begin is told only if it took long. */
const QUIET = new Set("change input tick load focus blur key_up stream".split(" "));

interface Words {
  text: string;
  nth: number;
}

export class Announcer {
  readonly words: Signal<Words> = signal({ text: "", nth: 0 });
  readonly #timers: Timers;
  readonly #isHere: (origin: string) => boolean;
  readonly #nameOf: (id: number) => unknown;
  /** The run of each listener that goes on: what calls off the word that it does, once it is said null. */
  readonly #going = new Map<number, { run: number; callOff: (() => void) | null }>();
  #callOff: (() => void) | null = null;

  constructor(timers: Timers, isHere: (origin: string) => boolean, nameOf: (id: number) => unknown) {
    this.#timers = timers;
    this.#isHere = isHere;
    this.#nameOf = nameOf;
  }

  /** Hear of a run; each of its records may be given. */
  hear(listener: Listener, record: RunRecord): void {
    if (listener.show_progress === "hidden" || (record.origin && !this.#isHere(record.origin))) return;
    const before = this.#going.get(listener.id);
    if (isGoing(record)) {
      if (before?.run === record.run) return;
      before?.callOff?.();
      const one: { run: number; callOff: (() => void) | null } = { run: record.run, callOff: null };
      one.callOff = this.#timers.after(PATIENCE, () => {
        one.callOff = null;
        this.#say("Running", listener);
      });
      this.#going.set(listener.id, one);
      return;
    }
    before?.callOff?.();
    this.#going.delete(listener.id);
    const told = before && !before.callOff;
    if (record.stage === "error" && record.visible !== false) this.#say("Failed", listener);
    else if (record.stage === "complete" && (told || isAsked(listener))) this.#say("Done", listener);
  }

  /** Hear that listeners are gone. */
  forget(listeners: readonly number[]): void {
    for (const id of listeners) {
      this.#going.get(id)?.callOff?.();
      this.#going.delete(id);
    }
  }

  #say(word: string, listener: Listener): void {
    const names = listener.outputs.map(this.#nameOf).filter((name) => typeof name === "string" && name);
    const text = names.length ? `${word}: ${names[0]}` : word;
    this.#callOff?.();
    this.#callOff = this.#timers.after(BREATH, () => {
      this.words.value = { text, nth: this.words.peek().nth + 1 };
    });
  }
}

/** Whether someone waits for what a listener does. */
function isAsked({ targets }: Listener): boolean {
  return targets.some(([, event]) => !QUIET.has(event));
}

/** Where it is said. What is the same as before is an element of its own, so that it is said again. */
export function Announcements() {
  const { text, nth } = useContext(AppContext)!.announcer.words.value;
  return (
    <div class="nbb-sr nbb-announced" role="status" aria-live="polite">
      {text && <span key={nth}>{text}</span>}
    </div>
  );
}
