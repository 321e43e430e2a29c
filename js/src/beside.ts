/** Lists that unfold beside what they belong to. */

import "./beside.css";
import { isIn, onScroll } from "./roots";

/**
 * Lay `list` under (or over) `anchor`, above all else on the page, so that no output area can clip it.
 *
 * It is as wide as the anchor, or, where that is less, `least` pixels: then it ends where the anchor ends, or begins
 * where the app begins.
 */
export function keepBeside(anchor: HTMLElement, list: HTMLElement, leave: () => void, least = 0): () => void {
  list.showPopover?.();
  const place = () => {
    const box = anchor.getBoundingClientRect();
    if (box.bottom < 0 || box.top > innerHeight) return leave();
    const [below, above] = [innerHeight - box.bottom - 12, box.top - 12];
    const over = below < Math.min(220, list.scrollHeight) && above > below;
    list.style.maxHeight = `${Math.max(96, Math.min(320, over ? above : below))}px`;
    const width = Math.max(box.width, Math.min(least, innerWidth - 16));
    const edge = anchor.closest(".nbb-app")?.getBoundingClientRect().left ?? 0;
    const left = Math.min(Math.max(8, edge, box.right - width), innerWidth - width - 8);
    list.style.left = `${width > box.width ? left : box.left}px`;
    list.style.width = `${width}px`;
    list.style.top = over ? "auto" : `${box.bottom + 4}px`;
    list.style.bottom = over ? `${innerHeight - box.top + 4}px` : "auto";
  };
  place();
  const stop = new AbortController();
  const scrolled = (event: Event) => {
    if (!isIn(event, list)) place();
  };
  onScroll(anchor, scrolled, stop.signal);
  addEventListener("resize", place, { signal: stop.signal });
  return () => stop.abort();
}
