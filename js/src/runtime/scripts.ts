/**
 * The js of listeners at work in this page.
 *
 * The kernel decides about every run and knows the js of each by a ticket. What an event sets off begins here at once,
 * while the browser still counts it as the user's doing, and is named in the message about the event; for chains,
 * timers, re-runs and changes that it makes itself the kernel asks.
 */

import { call, listOf } from "./javascript";
import type { Timers } from "./timers";
import { newId, type Transport } from "./transport";
import type { Answer, Begun, Listener } from "./wire";

/** What scripts ask of the page. */
export interface Page {
  /** False once nobody waits for results. */
  readonly live: boolean;
  read(id: number): unknown;
  /** How often somebody has set a value so far. */
  readonly edits: number;
  /** Set a value that the js of a listener has given, which knows of so many `edits`. */
  write(id: number, value: unknown, listener: Listener, edits: number): void;
  /** The js of a listener has ended, and the kernel is told so by a message of its own: it is told its number. */
  answering(listener: Listener): (seq: number) => void;
  /** The js of a listener has ended. */
  ended(listener: Listener): void;
}

interface Script {
  readonly listener: Listener;
  readonly ticket: string;
  /** Whether the kernel knows the ticket: then the answer is a message of its own. */
  told: boolean;
  answer: Answer | null;
  /** How often somebody had set a value when it began. */
  edits: number;
  ended?: Promise<void>;
}

/** Begun with the view, and with its first message, which names them. */
export interface Loading {
  js: Begun | undefined;
  begin(): void;
}

export class Scripts {
  readonly #page: Page;
  readonly #transport: Transport;
  readonly #timers: Timers;
  readonly #running = new Set<Script>();

  constructor(page: Page, transport: Transport, timers: Timers) {
    this.#page = page;
    this.#transport = transport;
    this.#timers = timers;
  }

  isRunning(listener: Listener): boolean {
    return [...this.#running].some((one) => one.listener.id === listener.id);
  }

  /**
   * Begin the js of an event's listeners and send the message that tells of the event.
   *
   * Those of one group see the same values, those of the next see what they wrote. Where all end at once the message
   * goes at once, else at the end of this turn; what is said before then goes after it.
   */
  accompany(groups: readonly (readonly Listener[])[], send: (js?: Begun) => void): void {
    const waiting = groups.map((group) => group.filter((one) => one.js)).filter((group) => group.length);
    if (!waiting.length) {
      send();
      return;
    }
    const scripts: Script[] = [];
    let sent = false;
    const go = this.#transport.hold(() => {
      sent = true;
      send(namesOf(scripts));
    });
    for (const group of waiting) {
      const ends = [];
      for (const listener of group) {
        // A function that raised an event itself has sent the message: the kernel asks for the others.
        if (sent) break;
        const script = scriptOf(listener);
        scripts.push(script);
        ends.push(this.#begin(script));
      }
      for (const end of ends) end();
    }
    if (scripts.every((one) => one.answer)) {
      go();
    } else {
      this.#timers.after(0, go);
      void Promise.all(scripts.map((one) => one.ended)).then(go);
    }
  }

  /** The js that every new view runs. Its results, with the values that it wrote, come in messages of their own. */
  load(listeners: readonly Listener[]): Loading {
    const scripts = listeners.map((one) => scriptOf(one));
    return {
      js: namesOf(scripts),
      begin: () => {
        for (const end of scripts.map((one) => this.#begin(one))) end();
      },
    };
  }

  /** The kernel asks for the js of a listener: it always gets an answer. */
  asked(ticket: string, listener: Listener | undefined): void {
    if (!this.#page.live) return;
    if (listener?.js) this.#begin({ ...scriptOf(listener, ticket), told: true })();
    else this.#transport.answer(ticket, { error: "the page does not know this listener" });
  }

  /** Call the function; the result takes what it has given by then. */
  #begin(script: Script): () => void {
    this.#running.add(script);
    script.edits = this.#page.edits;
    try {
      const given = call(script.listener, (id) => this.#page.read(id));
      if (typeof (given as PromiseLike<unknown> | null)?.then !== "function")
        return () => this.#end(script, () => given);
      script.ended = Promise.resolve(given).then(
        (value) => this.#end(script, () => value),
        (error: unknown) => this.#end(script, () => raise(error)),
      );
      return () => {};
    } catch (error) {
      return () => this.#end(script, () => raise(error));
    }
  }

  #end(script: Script, give: () => unknown): void {
    this.#running.delete(script);
    if (!this.#page.live) return;
    const { listener, ticket } = script;
    try {
      const result = listOf(listener, give());
      if (!listener.backend) {
        for (const [i, id] of listener.outputs.entries()) {
          if (result[i] !== undefined) this.#page.write(id, result[i], listener, script.edits);
        }
      }
      script.answer = { result: listener.backend ? result : [] };
    } catch (error) {
      script.answer = { error: textOf(error).slice(0, MOST_TEXT) };
    }
    if (script.told) this.#transport.answer(ticket, script.answer, this.#page.answering(listener));
    this.#page.ended(listener);
  }
}

/** Characters of an error that are sent. */
const MOST_TEXT = 2000;

/** What an error says. */
export function textOf(error: unknown): string {
  return (error instanceof Error && error.message) || String(error) || "Error";
}

function scriptOf(listener: Listener, ticket = newId()): Script {
  return { listener, ticket, told: false, answer: null, edits: 0 };
}

function namesOf(scripts: readonly Script[]): Begun | undefined {
  const begun: Begun = {};
  for (const one of scripts) {
    one.told = true;
    begun[one.listener.id] = { ticket: one.ticket, ...one.answer };
  }
  return scripts.length ? begun : undefined;
}

function raise(error: unknown): never {
  throw error;
}
