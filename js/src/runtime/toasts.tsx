/** Toasts: short messages in the corner of the app's own view. */

import { type Signal, signal } from "@preact/signals";
import { useContext, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../icons";
import { Inline } from "../inline";
import { around, holdsFocus, onScroll } from "../roots";
import { AppContext } from "./contexts";
import type { Level } from "./wire";

export interface Toast {
  id: number;
  level: Level;
  title: string;
  /** May hold simple HTML: see `Inline`. */
  message: string;
  /** In seconds; null or 0: until closed. */
  duration: number | null;
  listener: number | null;
}

const MOST = 8;
const TITLES: Record<Level, string> = { error: "Error", warning: "Warning", info: "Info", success: "Success" };

export class Toasts {
  readonly list: Signal<readonly Toast[]> = signal([]);
  readonly #born = new Map<number, number>();
  #next = 0;

  add(given: Partial<Toast> & { message: string }): void {
    const level = given.level ?? "info";
    const toast: Toast = { title: TITLES[level], duration: 10, listener: null, ...given, level, id: this.#next++ };
    // A block that reports what the runtime has reported already says it once.
    const others = this.list.value.filter(
      (one) => one.listener !== null || one.title !== toast.title || one.message !== toast.message,
    );
    this.#born.set(toast.id, performance.now());
    this.list.value = [...others, toast].slice(-MOST);
  }

  remove(id: number): void {
    this.#born.delete(id);
    this.list.value = this.list.value.filter((one) => one.id !== id);
  }

  /** Remove a listener's toasts, of those only the ones older than `age` ms: it was dispatched anew (EV-296). */
  removeOf(listener: number, age = 0): void {
    const latest = performance.now() - age;
    for (const one of this.list.value) {
      if (one.listener === listener && (this.#born.get(one.id) ?? 0) <= latest) this.remove(one.id);
    }
  }
}

export function ToastStack() {
  const app = useContext(AppContext);
  const stack = useRef<HTMLDivElement>(null);
  const count = app?.toasts.list.value.length ?? 0;
  useLayoutEffect(() => {
    if (stack.current && count) return keepInSight(stack.current);
  }, [count]);
  const before = useRef<EventTarget | null>(null);
  if (!app) return null;
  /** Close a toast; the keyboard goes on with the next one, or where it came from. */
  const close = (toast: Toast, card: HTMLElement) => {
    if (holdsFocus(card)) {
      const next = (card.nextElementSibling ?? card.previousElementSibling)?.querySelector("button");
      const back = next ?? before.current;
      if (back instanceof HTMLElement && back.isConnected) back.focus({ preventScroll: true });
    }
    app.toasts.remove(toast.id);
  };
  const onFocusIn = ({ relatedTarget }: FocusEvent) => {
    if (!stack.current?.contains(relatedTarget as Node | null)) before.current = relatedTarget;
  };
  return (
    <div ref={stack} class="nbb-toasts" aria-live="polite" onFocusIn={onFocusIn}>
      {app.toasts.list.value.map((toast) => (
        <ToastCard key={toast.id} toast={toast} onClose={(card) => close(toast, card)} />
      ))}
    </div>
  );
}

/**
 * Let the stack hang from the upper edge of what is in sight of the view; the result ends it.
 *
 * `position: sticky` would do if hosts' outputs, which never scroll, were no scroll containers all the same.
 */
function keepInSight(stack: HTMLElement): () => void {
  const view = stack.parentElement!;
  const place = () => {
    const { top, height } = view.getBoundingClientRect();
    const hidden = Math.max(0, edgeAbove(view) - top);
    stack.style.translate = `0 ${Math.min(hidden, Math.max(0, height - stack.scrollHeight))}px`;
  };
  place();
  const scrolled = new AbortController();
  onScroll(view, place, scrolled.signal);
  return () => scrolled.abort();
}

/** Where what is in sight begins, in pixels of the window. */
function edgeAbove(view: HTMLElement): number {
  let edge = 0;
  for (const one of around(view)) {
    if (getComputedStyle(one).overflowY !== "visible") edge = Math.max(edge, one.getBoundingClientRect().top);
  }
  return edge;
}

function ToastCard({ toast, onClose }: { toast: Toast; onClose: (card: HTMLElement) => void }) {
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  const [scrolls, setScrolls] = useState(false);
  const card = useRef<HTMLDivElement>(null);
  const text = useRef<HTMLDivElement>(null);
  const running = !pointed && !focused && Boolean(toast.duration);
  useLayoutEffect(() => setScrolls(text.current!.scrollHeight > text.current!.clientHeight + 1), [toast.message]);
  useEffect(() => {
    if (!running) return;
    const timer = setTimeout(() => onClose(card.current!), (toast.duration ?? 0) * 1000);
    return () => clearTimeout(timer);
  }, [running]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what it does is done by its button too
    <div
      ref={card}
      class={`nbb-toast nbb-toast-${toast.level}`}
      role={toast.level === "error" ? "alert" : "status"}
      onPointerEnter={() => setPointed(true)}
      onPointerLeave={() => setPointed(false)}
      onFocusIn={() => setFocused(true)}
      onFocusOut={() => setFocused(false)}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        event.stopPropagation();
        onClose(card.current!);
      }}
    >
      {/* What scrolls must be reached by the keyboard. */}
      <div ref={text} class="nbb-toast-text nbb-held" tabIndex={scrolls ? 0 : undefined}>
        <strong>{toast.title}</strong>
        <div>
          <Inline html={toast.message} />
        </div>
      </div>
      <button type="button" class="nbb-toast-close" aria-label="Close" onClick={() => onClose(card.current!)}>
        <Icon name="close" size={14} />
      </button>
      {running && <div class="nbb-toast-time" style={{ animationDuration: `${toast.duration}s` }} />}
    </div>
  );
}
