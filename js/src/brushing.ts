/** Marking a part of a chart's x axis, by pointer or by keys. */

import { useSignal } from "@preact/signals";
import type { CSSProperties, HTMLAttributes, RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { type Axis, words } from "./charting";

/** From where to where, as shares of the axis. */
export type Part = readonly [number, number];

export interface Brush {
  part: Part | null;
  dragging: boolean;
  box: CSSProperties | null;
  handlers: Pick<
    HTMLAttributes<HTMLDivElement>,
    "onPointerDown" | "onPointerMove" | "onPointerUp" | "onPointerCancel" | "onDblClick" | "onKeyDown"
  >;
  /** The chart has been drawn: look where its axis is now. */
  measure(): void;
}

type Select = (data: Record<string, unknown>) => void;

/** Px that a pointer moves before it marks. */
const LEAST = 4;
const KEY_STEP = 1 / 50;

/** What a handler is told of a marked part: numbers (of times: seconds), or names. */
export function choiceOf(axis: Axis, [one, other]: Part): { index: (number | string)[]; words: string } {
  const [low, high] = [Math.min(one, other), Math.max(one, other)];
  if ("names" in axis) {
    const count = axis.names.length;
    const index = axis.names.slice(Math.floor(low * count + 1e-9), Math.max(1, Math.ceil(high * count - 1e-9)));
    return { index, words: index.join(", ") };
  }
  const { from, to, temporal } = axis;
  const found = [low, high].map((share) => from + share * (to - from)).sort((a, b) => a - b);
  const index = temporal ? found.map((ms) => ms / 1000) : found.map((value) => Number(value.toPrecision(12)));
  return { index, words: found.map((value) => words(value, temporal)).join(" – ") };
}

/** Handlers for the element around `place`, which holds the chart. */
export function useBrush(
  place: RefObject<HTMLElement | null>,
  axis: Axis | null,
  select: Select | null,
  reset: (() => void) | null,
): Brush {
  const part = useSignal<Part | null>(null);
  const dragging = useSignal(false);
  const frame = useSignal<{ left: number; top: number; width: number; height: number } | null>(null);
  const start = useRef<number | null>(null);
  const watch = useRef<ResizeObserver | null>(null);
  const key = axis && JSON.stringify("names" in axis ? axis.names : [axis.from, axis.to]);

  const measured = () => {
    const ground = place.current?.querySelector(".role-frame .background");
    const around = place.current?.parentElement;
    if (!ground || !around) return null;
    const [inner, outer] = [ground.getBoundingClientRect(), around.getBoundingClientRect()];
    return { left: inner.left - outer.left, top: inner.top - outer.top, width: inner.width, height: inner.height };
  };
  const measure = () => {
    watch.current?.disconnect();
    frame.value = measured();
    const ground = place.current?.querySelector(".role-frame .background");
    if (!ground) return;
    watch.current = new ResizeObserver(() => (frame.value = measured()));
    watch.current.observe(ground);
  };
  useLayoutEffect(() => () => watch.current?.disconnect(), []);
  // What was marked on another axis is marked no more.
  useLayoutEffect(() => {
    part.value = null;
  }, [key]);

  const report = (marked: Part) => {
    if (!axis || !select) return;
    const { index } = choiceOf(axis, marked);
    select({ index, value: index, selected: true });
  };
  const shareAt = (event: PointerEvent): number | null => {
    const around = place.current?.parentElement?.getBoundingClientRect();
    const at = frame.value;
    if (!around || !at?.width) return null;
    return (event.clientX - around.left - at.left) / at.width;
  };
  const inside = (share: number) => Math.min(1, Math.max(0, share));

  const onPointerDown = (event: PointerEvent) => {
    frame.value = measured();
    const share = shareAt(event);
    if (!select || event.button !== 0 || share === null || share < 0 || share > 1) return;
    start.current = share;
  };
  const onPointerMove = (event: PointerEvent) => {
    const share = shareAt(event);
    if (start.current === null || share === null) return;
    if (!dragging.value) {
      if (Math.abs(share - start.current) * (frame.value?.width ?? 0) < LEAST) return;
      dragging.value = true;
      (event.currentTarget as HTMLElement).setPointerCapture?.(event.pointerId);
    }
    event.preventDefault();
    part.value = [inside(start.current), inside(share)];
  };
  const finish = (cancelled: boolean) => {
    if (start.current === null) return;
    start.current = null;
    if (cancelled || !dragging.value) part.value = null;
    else if (part.value) report(part.value);
    dragging.value = false;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const marked = part.value;
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (way && select && axis) {
      const step = "names" in axis ? 1 / axis.names.length : KEY_STEP;
      const [from, to] = marked ?? [0, 0];
      if (!marked) part.value = [0, step];
      else if (event.shiftKey) part.value = [from, inside(to + way * step)];
      else if (Math.min(from, to) + way * step > -1e-9 && Math.max(from, to) + way * step < 1 + 1e-9)
        part.value = [from + way * step, to + way * step];
    } else if (event.key === "Enter" && marked && marked[0] !== marked[1]) report(marked);
    else if (event.key === "Escape" && marked) part.value = null;
    else if (event.key === "Escape" && reset && !(event.currentTarget as Element).closest("dialog")) reset();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const at = frame.value;
  const marked = part.value;
  const box =
    at && marked
      ? {
          left: `${at.left + Math.min(...marked) * at.width}px`,
          width: `${Math.abs(marked[1] - marked[0]) * at.width}px`,
          top: `${at.top}px`,
          height: `${at.height}px`,
        }
      : null;
  return {
    part: marked,
    dragging: dragging.value,
    box,
    measure,
    handlers: {
      onPointerDown,
      onPointerMove,
      onPointerUp: () => finish(false),
      onPointerCancel: () => finish(true),
      onDblClick: () => {
        part.value = null;
        reset?.();
      },
      onKeyDown,
    },
  };
}
