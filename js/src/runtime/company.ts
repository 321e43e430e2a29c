/** The views of one app on a page: what one of them does for all, and what is let go of when the last has gone. */

import { Edits } from "./edits";

type Serve = (signal: AbortSignal) => void;

export class Company {
  /** What was set in any of them. */
  readonly edits = new Edits();
  /** By what there is to do, the views that could, the oldest first: it does. */
  readonly #lines = new Map<string, { begin(): void }[]>();
  readonly #ends = new Set<() => void>();
  #views = 0;

  join(view: AbortSignal): void {
    this.#views += 1;
    view.addEventListener("abort", () => {
      this.#views -= 1;
      if (!this.#views) this.#end();
    });
  }

  /** Do something that only one view is to do. `serve` is called when it is this one's turn, with a signal of its end. */
  alone(what: string, view: AbortSignal, serve: Serve): void {
    const line = this.#lines.get(what) ?? [];
    this.#lines.set(what, line);
    const mine = { begin: () => serve(view) };
    line.push(mine);
    view.addEventListener("abort", () => {
      const at = line.indexOf(mine);
      line.splice(at, 1);
      if (at === 0) line[0]?.begin();
    });
    if (line[0] === mine) mine.begin();
  }

  /** Call `act` once the last view has gone. */
  atEnd(act: () => void): void {
    if (this.#views) this.#ends.add(act);
    else act();
  }

  #end(): void {
    const ends = [...this.#ends];
    this.#ends.clear();
    for (const act of ends) act();
  }
}

/** By what views of one app have in common: hosts hide their model from each behind another face. */
const companies = new WeakMap<object, Company>();

/** The company of a view, by something in its model that no other app has. */
export function companyOf(own: object | null): Company {
  return (own && companies.get(own)) ?? new Company();
}

/** Be known by this from now on. */
export function introduce(company: Company, own: object | null): void {
  if (own) companies.set(own, company);
}
