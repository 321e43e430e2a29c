/** What lies over a block while a listener's run concerns it: time or place in the queue, progress, error. */

import { useContext, useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../icons";
import { ErrorBadge } from "./badge";
import { AppContext } from "./contexts";
import { beganAt, type Shown } from "./runs";
import type { ProgressUnit, RunRecord } from "./wire";

/** Ms that a run may take before anything shows: fast runs must not flicker. */
export const GRACE = 100;
const TICK = 100;
/** Ms after which whoever waits may stop a run. */
export const WAITED = 3000;

export function Spinner() {
  return (
    <span class="nbb-spinner" aria-hidden="true">
      <i />
      <i />
      <i />
    </span>
  );
}

/**
 * What the runtime draws over block `id` while a run concerns it, and below it when a validator has refused its value.
 */
export function StatusOverlay({ id }: { id: number }) {
  const app = useContext(AppContext);
  if (!app?.live.value) return null;
  const shown = app.runs.of(id);
  // What the kernel could not send of it.
  const fault = app.model.signal<string | null>(`${id}.fault`, null).value;
  return (
    <>
      {fault && (
        <div class="nbb-invalid" role="alert">
          {fault}
        </div>
      )}
      {app.runs.complaints(id).map((text) => (
        <div key={text} class="nbb-invalid" role="alert">
          {text}
        </div>
      ))}
      {shown && <Status id={id} shown={shown} />}
    </>
  );
}

function Status({ id, shown }: { id: number; shown: Shown }) {
  const app = useContext(AppContext)!;
  const { listener, record } = shown;
  if (record.stage === "error") {
    const name = `nbb-${app.transport.view}-${id}`;
    return <ErrorBadge key={record.run} id={name} shown={shown} onClose={() => app.runs.dismiss(shown)} />;
  }
  // Keyed by run, so that each has a clock and a grace of its own.
  return <Working key={`${listener.id}/${record.run}`} record={record} full={listener.show_progress === "full"} />;
}

function Working({ record, full }: { record: RunRecord; full: boolean }) {
  const [seen, elapsed] = useClock(record);
  if (seen < GRACE) return null;
  const pending = record.stage === "pending";
  const text = record.stopping ? "stopping" : pending ? textOf(record, elapsed) : null;
  const said = (text || seen >= WAITED) && (
    <span class="nbb-status-text">
      {text}
      {seen >= WAITED && <Stop run={record.run} />}
    </span>
  );
  if (!full) return said ? <div class="nbb-status nbb-status-minimal">{said}</div> : null;
  // Steps that have arrived must stay readable: a running generator only draws a line along the top.
  if (!pending) return <div class="nbb-status nbb-status-generating">{said}</div>;
  return (
    <div class="nbb-status nbb-status-full">
      <div class="nbb-status-work">
        {said}
        {record.progress_data?.length ? <Bars units={record.progress_data} /> : <Spinner />}
      </div>
    </div>
  );
}

/** What stops a run; it may be pressed again where the function has caught what was to end it. */
function Stop({ run }: { run: number }) {
  const app = useContext(AppContext)!;
  return (
    <button type="button" class="nbb-stop" aria-label="Stop" title="Stop" onClick={() => app.stop(run)}>
      <Icon name="stop" size={12} />
    </button>
  );
}

function Bars({ units }: { units: ProgressUnit[] }) {
  return (
    <div class="nbb-bars">
      {units.map((unit, level) => {
        const part = partOf(unit);
        return (
          <div key={level} class="nbb-bar-row">
            <span class="nbb-bar-text">{barText(unit, part)}</span>
            <progress class="nbb-bar" max={1} value={part ?? undefined} aria-label={unit.desc ?? "Progress"} />
          </div>
        );
      })}
    </div>
  );
}

function partOf({ progress, index, length }: ProgressUnit): number | null {
  if (progress != null) return Math.min(1, Math.max(0, progress));
  return index != null && length ? Math.min(1, index / length) : null;
}

function barText(unit: ProgressUnit, part: number | null): string {
  const count = unit.index == null ? "" : `${unit.index}${unit.length == null ? "" : `/${unit.length}`}`;
  const amount = count ? `${count} ${unit.unit ?? ""}`.trim() : part == null ? "" : `${(part * 100).toFixed(1)}%`;
  return [unit.desc, amount].filter(Boolean).join(" - ");
}

/**
 * "queue: 2/5 | 4.1s eta" while the run waits, else the time so far.
 *
 * A run that starts is at place 0 like the next in line, with the size of the queue behind it; `time` tells them apart.
 */
export function textOf({ position, size, eta, time }: RunRecord, elapsed: number): string {
  const waiting = position != null && size != null && size > 0 && time == null;
  if (waiting) {
    const place = `queue: ${position + 1}/${Math.max(size, position + 1)}`;
    return eta == null ? place : `${place} | ${eta.toFixed(1)}s eta`;
  }
  const past = (elapsed / 1000).toFixed(1);
  return eta ? `${past}/${eta.toFixed(1)}s` : `${past}s`;
}

/** Ms that the run has been in sight or going, and ms that it has been going; that it waits while it waits. */
function useClock(record: RunRecord): [seen: number, elapsed: number] {
  const born = useRef(performance.now());
  const began = useRef<number | null>(null);
  const at = beganAt(record);
  // The record that was least late on its way.
  if (at !== null) began.current = Math.min(at, began.current ?? at);
  const [now, setNow] = useState(born.current);
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), TICK);
    return () => clearInterval(timer);
  }, []);
  const start = began.current ?? born.current;
  return [now - Math.min(start, born.current), Math.max(0, now - start)];
}
