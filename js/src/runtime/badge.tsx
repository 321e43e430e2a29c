/** The mark of an error on a block, and its message, which unfolds beside it. */

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { keepBeside } from "../beside";
import { Icon } from "../icons";
import { Inline, wordsOf } from "../inline";
import { holdsFocus } from "../roots";
import type { Shown } from "./runs";

/** In pixels. */
const WIDTH = 300;

export function ErrorBadge({ id, shown, onClose }: { id: string; shown: Shown; onClose: () => void }) {
  const { title, message } = shown.record;
  const [open, setOpen] = useState(false);
  const badge = useRef<HTMLSpanElement>(null);
  const word = useRef<HTMLButtonElement>(null);
  const words = useRef<HTMLElement>(null);
  const close = () => {
    if (words.current && holdsFocus(words.current)) word.current?.focus();
    setOpen(false);
  };
  useLayoutEffect(() => {
    if (open) return keepBeside(badge.current!, words.current!, close, WIDTH);
  }, [open]);
  useLayoutEffect(() => {
    if (!open) return;
    const inside = (event: Event) => event.composedPath().some((one) => one === badge.current || one === words.current);
    const onPointer = (event: Event) => {
      if (!inside(event)) setOpen(false);
    };
    const stop = new AbortController();
    addEventListener("pointerdown", onPointer, { capture: true, signal: stop.signal });
    return () => stop.abort();
  }, [open]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !open) return;
    event.preventDefault();
    event.stopPropagation();
    close();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it hears the keys of the buttons in it
    <div class="nbb-status nbb-status-error" onKeyDown={onKeyDown}>
      <span ref={badge} class="nbb-badge">
        {message ? (
          <button
            ref={word}
            type="button"
            class="nbb-badge-word"
            title={wordsOf(message)}
            aria-expanded={open}
            aria-controls={`${id}-message`}
            aria-describedby={`${id}-words`}
            onClick={() => setOpen(!open)}
          >
            Error
          </button>
        ) : (
          "Error"
        )}
        <button type="button" aria-label="Dismiss the error" onClick={onClose}>
          <Icon name="close" size={12} />
        </button>
      </span>
      {message && (
        <span id={`${id}-words`} hidden>
          {wordsOf(message)}
        </span>
      )}
      {message && open && (
        <section
          ref={words}
          id={`${id}-message`}
          class="nbb-badge-message"
          aria-label={title || "Error"}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard too
          tabIndex={0}
          popover="manual"
        >
          <strong>{title || "Error"}</strong>
          <div>
            <Inline html={message} />
          </div>
        </section>
      )}
    </div>
  );
}
