/** The colours around a block, for what draws itself: libraries know nothing of CSS variables. */

import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import { hostsOf, isShown, onShown } from "./roots";

export interface Look {
  dark: boolean;
  /** All colours as `rgb(...)` or `rgba(...)`. */
  fg: string;
  muted: string;
  grid: string;
  border: string;
  surface: string;
  accent: string;
  font: string;
}

const TOKENS = {
  fg: "--nbb-fg",
  muted: "--nbb-fg-muted",
  grid: "--nbb-surface-3",
  border: "--nbb-border-strong",
  surface: "--nbb-surface",
  accent: "--nbb-accent",
} as const;

/** Ms after a change of the page's theme in which its style sheets come. */
const SETTLING = 400;

/** The look at an element, anew when the page's theme changes; null until the element is there. */
export function useLook(place: RefObject<HTMLElement | null>): Look | null {
  const [look, setLook] = useState<Look | null>(null);
  useEffect(() => {
    const el = place.current;
    if (!el) return;
    const read = () => {
      // What is not shown has no colours: it is looked at when it comes back.
      if (!isShown(el)) return;
      setLook((old) => {
        const found = lookAt(el);
        return JSON.stringify(found) === JSON.stringify(old) ? old : found;
      });
    };
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = () => {
      read();
      clearTimeout(timer);
      timer = setTimeout(read, SETTLING);
    };
    const gone = new AbortController();
    onShown(el, read, gone.signal);
    const { body, documentElement } = el.ownerDocument;
    const changes = new MutationObserver(soon);
    for (const one of [documentElement, body, el.closest(".nbb"), ...hostsOf(el)]) {
      if (one) changes.observe(one, { attributes: true, attributeFilter: ["class", "style", ...MARKS] });
    }
    const system = globalThis.matchMedia?.("(prefers-color-scheme: dark)");
    system?.addEventListener("change", soon);
    return () => {
      gone.abort();
      changes.disconnect();
      clearTimeout(timer);
      system?.removeEventListener("change", soon);
    };
  }, []);
  return look;
}

/** Attributes by which hosts tell their theme. */
const MARKS = ["data-jp-theme-light", "data-jp-theme-name", "data-theme", "data-vscode-theme-kind", "theme"];

export function lookAt(el: HTMLElement): Look {
  const probe = el.ownerDocument.createElement("i");
  el.append(probe);
  const style = getComputedStyle(probe);
  const colours: Record<string, string> = {};
  for (const [name, token] of Object.entries(TOKENS)) {
    probe.style.color = `var(${token})`;
    colours[name] = plain(style.color);
  }
  const font = style.fontFamily;
  probe.remove();
  return { ...(colours as Omit<Look, "dark" | "font">), dark: brightness(colours.surface ?? "") < 128, font };
}

let pen: CanvasRenderingContext2D | null = null;

/** Any colour of CSS in the form that all libraries read. */
function plain(colour: string): string {
  if (colour.startsWith("rgb")) return colour;
  pen ??= document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (!pen) return colour;
  pen.clearRect(0, 0, 1, 1);
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = pen.getImageData(0, 0, 1, 1).data;
  return `rgba(${red}, ${green}, ${blue}, ${((alpha ?? 255) / 255).toFixed(3)})`;
}

function brightness(colour: string): number {
  const [red = 255, green = 255, blue = 255] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return 0.3 * red + 0.59 * green + 0.11 * blue;
}
