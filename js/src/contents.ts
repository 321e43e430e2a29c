/** What files hold: it came with their record, or is fetched from the kernel once somebody wants to see it. */

import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import type { AppFace } from "./runtime/define";
import type { Transfer } from "./runtime/transfers";
import type { FileRecord } from "./runtime/wire";

/** Files on their way at a time, of all blocks together. */
const AT_ONCE = 4;
/** Bytes that are kept of files fetched before; the kernel names files by content, so they never change. */
const KEPT = 192 * 1024 * 1024;

interface Wish {
  path: string;
  app: AppFace;
  told: Set<(file: Blob | null) => void>;
  transfer: Transfer<Blob> | null;
}

const kept = new Map<string, Blob>();
const wishes = new Map<string, Wish>();

/** The content of a file, to be shown: null until it is there. Without a kernel there is only what came with the record. */
export function useContent(app: AppFace, record: FileRecord | null | undefined, wanted = true): Content {
  const path = record?.path ?? "";
  const fetched = useSignal<{ path: string; file: Blob | null } | null>(null);
  const mine = fetched.value?.path === path ? fetched.value.file : (kept.get(path) ?? null);
  const needed = wanted && app.live && !!record && !record.data && !record.url && !mine;
  useEffect(() => {
    if (!needed) return;
    return want(app, path, (file) => {
      fetched.value = { path, file };
    });
  }, [needed, path]);
  if (!record) return null;
  return record.data || record.url ? record : mine;
}

export type Content = FileRecord | Blob | null;

const watched = new Map<Element, (inSight: boolean) => void>();
let watcher: IntersectionObserver | null = null;

/** Whether an element is in sight, or nearly: always true where that cannot be told. */
export function useInSight(place: RefObject<Element | null>): boolean {
  const inSight = useSignal(!("IntersectionObserver" in globalThis));
  useEffect(() => {
    const el = place.current;
    if (!el || !("IntersectionObserver" in globalThis)) return;
    watcher ??= new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) watched.get(target)?.(isIntersecting);
      },
      { rootMargin: "200px" },
    );
    watched.set(el, (now) => {
      inSight.value = now;
    });
    watcher.observe(el);
    return () => {
      watched.delete(el);
      watcher?.unobserve(el);
      if (!watched.size) {
        watcher?.disconnect();
        watcher = null;
      }
    };
  }, []);
  return inSight.value;
}

/** Keep a file that is at hand anyway, so that it need not be fetched once its record comes without it. */
export function remember(path: string, file: Blob): void {
  if (!kept.has(path)) keep(path, file);
}

/** Ask for a file; `tell` gets it, or null if it is not to be had. The result gives up. */
export function want(app: AppFace, path: string, tell: (file: Blob | null) => void): () => void {
  const old = kept.get(path);
  if (old) {
    tell(old);
    return () => {};
  }
  const wish = wishes.get(path) ?? { path, app, told: new Set(), transfer: null };
  wishes.set(path, wish);
  wish.told.add(tell);
  // A turn later, so that what comes into sight at once is asked for in one go.
  queueMicrotask(next);
  return () => {
    wish.told.delete(tell);
    if (wish.told.size || wishes.get(path) !== wish) return;
    wishes.delete(path);
    wish.transfer?.cancel();
    next();
  };
}

/** Begin what there is room for; what was wished for last is most likely in sight. */
function next(): void {
  const all = [...wishes.values()];
  let going = all.filter((wish) => wish.transfer).length;
  for (const wish of all.reverse()) {
    if (going >= AT_ONCE) return;
    if (wish.transfer) continue;
    going += 1;
    wish.transfer = wish.app.fetch(wish.path);
    wish.transfer.result.then(
      (file) => end(wish, file),
      () => end(wish, null),
    );
  }
}

function end(wish: Wish, file: Blob | null): void {
  if (file) keep(wish.path, file);
  if (wishes.get(wish.path) === wish) wishes.delete(wish.path);
  for (const tell of wish.told) tell(file);
  next();
}

function keep(path: string, file: Blob): void {
  kept.set(path, file);
  let size = 0;
  for (const one of kept.values()) size += one.size;
  for (const [old, one] of kept) {
    if (size <= KEPT || old === path) return;
    kept.delete(old);
    size -= one.size;
  }
}
