/** Watches what modules take of the page and do not give back, for tests: timers, listeners, observers, addresses. */

/** What our modules hold now, each with a stack that tells who took it. */
export class Ledger {
  readonly held = new Map<object | number | string, string>();
  /** What timers wait to do. */
  readonly later = new Map<object | number | string, () => void>();
  readonly #undo: (() => void)[] = [];

  take(key: object | number | string, what: string): void {
    const stack = (new Error().stack ?? "")
      .split("\n")
      .filter((line) => line.includes("/src/") && !/contract\.test|ledger\.ts|testing\.tsx/.test(line));
    if (stack.length) this.held.set(key, `${what}\n${stack.slice(0, 3).join("\n")}`);
  }

  replace<T extends object, K extends keyof T>(owner: T, name: K, make: (old: T[K]) => T[K]): void {
    const old = owner[name];
    owner[name] = make(old);
    this.#undo.push(() => {
      owner[name] = old;
    });
  }

  end(): void {
    for (const undo of this.#undo.reverse()) undo();
  }
}

/** Watch from now on, until its `end`. */
export function openLedger(): Ledger {
  const ledger = new Ledger();
  // biome-ignore lint/suspicious/noExplicitAny: all kinds of functions stand here
  const page = globalThis as any;
  for (const [set, clear] of [
    ["setTimeout", "clearTimeout"],
    ["setInterval", "clearInterval"],
    ["requestAnimationFrame", "cancelAnimationFrame"],
  ] as const) {
    ledger.replace(page, set, (old: (fn: (...args: unknown[]) => void, ...more: unknown[]) => number) => {
      return (fn: (...args: unknown[]) => void, ...more: unknown[]) => {
        const timer = old(
          (...args: unknown[]) => {
            if (set !== "setInterval") ledger.held.delete(timer);
            fn(...args);
          },
          ...more,
        );
        ledger.take(timer, `${set} ${more[0] ?? ""}`);
        ledger.later.set(timer, () => {
          clearTimeout(timer);
          fn();
        });
        return timer;
      };
    });
    ledger.replace(page, clear, (old: (timer: number) => void) => (timer: number) => {
      ledger.held.delete(timer);
      old(timer);
    });
  }
  for (const owner of [window, document, document.body, document.documentElement] as EventTarget[]) {
    const keyOf = (type: string, fn: unknown, capture: unknown) => {
      const number = ids.get(fn as object) ?? ids.size;
      ids.set(fn as object, number);
      return `${type} ${number} ${Boolean(typeof capture === "object" && capture ? (capture as AddEventListenerOptions).capture : capture)}`;
    };
    const ids = new Map<object, number>();
    ledger.replace(
      owner,
      "addEventListener",
      (old) =>
        function (
          this: EventTarget,
          type: string,
          fn: EventListener | null,
          options?: boolean | AddEventListenerOptions,
        ) {
          const key = keyOf(type, fn, options);
          const given = typeof options === "object" ? options : {};
          if (!given.signal?.aborted) ledger.take(key, `listener of ${type}`);
          given.signal?.addEventListener("abort", () => ledger.held.delete(key));
          if (given.once) {
            const inner = fn as EventListener;
            old.call(owner, type, () => ledger.held.delete(key), options);
            return old.call(owner, type, inner, options);
          }
          return old.call(owner, type, fn, options);
        } as never,
    );
    ledger.replace(
      owner,
      "removeEventListener",
      (old) =>
        function (this: EventTarget, type: string, fn: EventListener | null, options?: boolean | EventListenerOptions) {
          ledger.held.delete(keyOf(type, fn, options));
          return old.call(owner, type, fn, options);
        } as never,
    );
  }
  for (const name of ["ResizeObserver", "MutationObserver", "IntersectionObserver"]) {
    if (!(name in page)) continue;
    ledger.replace(page, name, (Old: new (callback: unknown, options?: unknown) => MutationObserver) => {
      return class extends Old {
        override observe(...given: Parameters<MutationObserver["observe"]>): void {
          ledger.take(this, name);
          super.observe(...given);
        }
        override disconnect(): void {
          ledger.held.delete(this);
          super.disconnect();
        }
      };
    });
  }
  ledger.replace(URL, "createObjectURL", (old) => (blob) => {
    const address = old.call(URL, blob);
    ledger.take(address, "object URL");
    return address;
  });
  ledger.replace(URL, "revokeObjectURL", (old) => (address) => {
    ledger.held.delete(address);
    old.call(URL, address);
  });
  return ledger;
}
