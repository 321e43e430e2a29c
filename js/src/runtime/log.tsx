/** The log drawer: what handlers print and display, and tracebacks. It is there once something was logged. */

import { type Signal, signal } from "@preact/signals";
import { type ComponentType, render } from "preact";
import { useContext, useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Icon } from "../icons";
import type { App } from "./app";
import { Coming } from "./chunks";
import { AppContext } from "./contexts";
import { Screen } from "./screen";
import type { Shown } from "./showing";
import { type Row, Terminal } from "./terminal";
import type { LogEntry } from "./wire";

/** Ms between two looks of the drawer at what has come. */
export const PACE = 50;
/** Px from the end within which one is taken to read there. */
const NEAR = 8;

export class Log {
  readonly terminal = new Terminal();
  /** What the drawer's bar says: how often runs and streams took turns. It follows at `PACE`. */
  readonly count: Signal<number> = signal(0);
  /** Lines that are no longer kept. */
  readonly cut: Signal<number> = signal(0);
  readonly open = signal(false);
  /** Told, at `PACE`, that there is something to draw; there while the drawer is open. */
  onChange: (() => void) | null = null;
  readonly #named = new Map<string, Row>();
  #timer: ReturnType<typeof setTimeout> | null = null;

  take({ more, ...entry }: LogEntry): void {
    this.#add(entry);
    for (const one of more ?? []) this.#add(one);
    this.#soon();
  }

  #add(entry: LogEntry): void {
    const run = entry.run ?? null;
    if (entry.stream === "clear") this.terminal.clear(run, entry.wait === true);
    else if (entry.form !== undefined) this.#show(entry as LogEntry & Shown, run);
    else this.terminal.write(entry.stream, entry.text, run);
    if (entry.stream === "error") this.open.value = true;
  }

  #show({ form, value, shape, display_id, update }: LogEntry & Shown, run: number | null): void {
    const shown: Shown = { form, value, shape };
    const known = display_id === undefined ? undefined : this.#named.get(display_id);
    if (update && known) {
      this.terminal.reshow(known, shown);
      return;
    }
    const row = this.terminal.show(shown, run);
    if (display_id !== undefined) this.#named.set(display_id, row);
    if (this.#named.size > 1000) for (const [name, one] of this.#named) if (one.gone) this.#named.delete(name);
  }

  clear(): void {
    this.terminal.empty();
    this.#named.clear();
    this.open.value = false;
    this.#told();
  }

  /** No view is left. */
  end(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #soon(): void {
    if (!this.count.peek()) this.#told();
    else
      this.#timer ??= setTimeout(() => {
        this.#timer = null;
        this.#told();
      }, PACE);
  }

  #told(): void {
    this.count.value = this.terminal.rows.length ? Math.max(1, this.terminal.turns) : 0;
    this.cut.value = this.terminal.cut;
    if (this.onChange) this.onChange();
    else {
      this.terminal.changed.clear();
      this.terminal.removed.clear();
    }
  }
}

export function LogDrawer() {
  const app = useContext(AppContext);
  if (!app?.log.count.value) return null;
  const open = app.log.open.value;
  return (
    <div class="nbb-log">
      <div class="nbb-log-bar">
        <button
          type="button"
          class="nbb-log-handle"
          aria-expanded={open}
          onClick={() => {
            app.log.open.value = !open;
          }}
        >
          <Icon name={open ? "down" : "right"} size={12} />
          Log ({app.log.count.value})
        </button>
        {open && (
          <button type="button" class="nbb-log-handle" onClick={() => app.log.clear()}>
            Clear
          </button>
        )}
      </div>
      {open && <Body app={app} />}
    </div>
  );
}

/** What was displayed, once the part that draws it is there. */
function Showing({ app, shown }: { app: App; shown: Shown }) {
  const { front, coming } = app.fronts.of("showing");
  if (front) {
    const { draw: Drawn } = front as unknown as { draw: ComponentType<Shown & { app: App }> };
    return <Drawn app={app} {...shown} />;
  }
  return coming ? <Coming chunk={coming} /> : null;
}

function Body({ app }: { app: App }) {
  const { log } = app;
  const body = useRef<HTMLDivElement>(null);
  const lines = useRef<HTMLDivElement>(null);
  /** Whether one reads at the end, and so wants to see what comes. */
  const follows = useRef(true);
  const cut = log.cut.value;
  useLayoutEffect(() => {
    const screen = new Screen(lines.current!, (el, shown) =>
      render(shown ? <Showing app={app} shown={shown as Shown} /> : null, el),
    );
    const box = body.current!;
    const follow = () => {
      if (follows.current) box.scrollTop = box.scrollHeight;
    };
    const draw = () => {
      // What goes at the top must not move what is being read.
      const height = !follows.current && log.terminal.removed.size ? box.scrollHeight : 0;
      if (height) {
        screen.drop(log.terminal);
        box.scrollTop -= height - box.scrollHeight;
      }
      screen.draw(log.terminal);
      follow();
    };
    screen.begin(log.terminal);
    follow();
    log.onChange = draw;
    // Pictures and tables get their height later.
    const sizes = typeof ResizeObserver === "function" ? new ResizeObserver(follow) : null;
    sizes?.observe(lines.current!);
    return () => {
      sizes?.disconnect();
      log.onChange = null;
      screen.end();
    };
  }, [log]);
  useEffect(() => {
    const box = body.current!;
    if (follows.current) box.scrollTop = box.scrollHeight;
  }, [cut > 0]);
  return (
    <div
      ref={body}
      class="nbb-log-text"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      role="log"
      aria-label="Log"
      onScroll={({ currentTarget: box }) => {
        follows.current = box.scrollHeight - box.scrollTop - box.clientHeight <= NEAR;
      }}
    >
      {cut > 0 && <div class="nbb-log-cut">… {cut.toLocaleString()} earlier lines left out</div>}
      <div ref={lines} />
    </div>
  );
}
