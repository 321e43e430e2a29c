/** The log drawer: what handlers print, and tracebacks. It is there once something was logged. */

import { type Signal, signal } from "@preact/signals";
import { useContext, useEffect, useRef } from "preact/hooks";
import { Icon } from "../icons";
import { AppContext } from "./contexts";
import type { Stream } from "./wire";

export interface LogEntry {
  stream: Stream;
  text: string;
  run: number | null;
}

const MOST_ENTRIES = 300;
const MOST_TEXT = 100_000;

export class Log {
  readonly entries: Signal<readonly LogEntry[]> = signal([]);
  readonly open = signal(false);

  add(stream: Stream, text: string, run: number | null): void {
    const entries = [...this.entries.value];
    const last = entries.at(-1);
    if (last && last.stream === stream && last.run === run && stream !== "error") {
      entries[entries.length - 1] = { ...last, text: plain(last.text + text).slice(-MOST_TEXT) };
    } else {
      entries.push({ stream, text: plain(text), run });
    }
    this.entries.value = entries.slice(-MOST_ENTRIES);
    if (stream === "error") this.open.value = true;
  }

  clear(): void {
    this.entries.value = [];
    this.open.value = false;
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours begin with one
const ANSI = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007]*\u0007)/g;

/** Text without terminal colours; of a line that was overwritten, as progress bars do, only what was written last. */
export function plain(text: string): string {
  return text
    .replace(ANSI, "")
    .replace(/\r\n/g, "\n")
    .replace(/[^\n]*\r(?=[^\n])/g, "");
}

export function LogDrawer() {
  const app = useContext(AppContext);
  const body = useRef<HTMLPreElement>(null);
  const entries = app?.log.entries.value ?? [];
  const open = app?.log.open.value ?? false;
  useEffect(() => {
    if (body.current) body.current.scrollTop = body.current.scrollHeight;
  }, [entries, open]);
  if (!app || !entries.length) return null;
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
          Log ({entries.length})
        </button>
        {open && (
          <button type="button" class="nbb-log-handle" onClick={() => app.log.clear()}>
            Clear
          </button>
        )}
      </div>
      {open && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <pre ref={body} class="nbb-log-text" tabIndex={0} role="log" aria-label="Log">
          {entries.map((entry, i) => (
            <span key={i} class={`nbb-log-${entry.stream}`}>
              {entry.text.endsWith("\n") ? entry.text : `${entry.text}\n`}
            </span>
          ))}
        </pre>
      )}
    </div>
  );
}
