/** What files hold: it came with their record, or is fetched from the kernel once somebody wants to see it. */

import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Company } from "./runtime/company";
import type { AppFace } from "./runtime/define";
import type { Transfer } from "./runtime/transfers";
import type { FileRecord } from "./runtime/wire";

/** Files on their way at a time, of all blocks together. */
const AT_ONCE = 4;
/** Bytes that a page keeps of files fetched before; the kernel names files by content, so they never change. */
export const KEPT = 64 * 1024 * 1024;
/** Bytes that each takes besides, about. */
const ENTRY = 4096;

interface Wish {
  path: string;
  /** Who waits, and the view by which it would ask. */
  readonly askers: Map<Tell, AppFace>;
  /** Views that have asked: one may have gone, or may not have the file. */
  readonly tried: Set<string>;
  transfer: Transfer<Blob> | null;
}
/** Takes a file, or null if it is not to be had. */
type Tell = (file: Blob | null) => void;

/** Files with the apps that have shown them, those used last at the end. */
const kept = new Map<string, { file: Blob; apps: Set<Company> }>();
let size = 0;
const wishes = new Map<string, Wish>();

/** The content of a file, to be shown: null until it is there. Without a kernel there is only what came with the record. */
export function useContent(app: AppFace, record: FileRecord | null | undefined, wanted = true): Content {
  const path = record?.path ?? "";
  const fetched = useSignal<{ path: string; file: Blob | null } | null>(null);
  /** What is shown is not to be fetched again once others have taken its place among those kept. */
  const shown = useRef<{ path: string; file: Blob } | null>(null);
  if (shown.current?.path !== path) {
    const file = fetched.value?.path === path ? fetched.value.file : record && find(app, path);
    shown.current = file ? { path, file } : null;
  }
  const mine = shown.current?.file ?? null;
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
export function remember(app: AppFace, path: string, file: Blob): void {
  if (!find(app, path)) keep(app, path, file);
}

/** Ask for a file; `tell` gets it, or null if it is not to be had. The result gives up. */
export function want(app: AppFace, path: string, tell: Tell): () => void {
  const old = find(app, path);
  if (old) {
    tell(old);
    return () => {};
  }
  const wish = wishes.get(path) ?? { path, askers: new Map(), tried: new Set(), transfer: null };
  wishes.set(path, wish);
  wish.askers.set(tell, app);
  // A turn later, so that what comes into sight at once is asked for in one go.
  queueMicrotask(next);
  return () => {
    wish.askers.delete(tell);
    if (wish.askers.size || wishes.get(path) !== wish) return;
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
    const app = untried(wish);
    if (app) begin(wish, app);
    else end(wish);
  }
}

function begin(wish: Wish, app: AppFace): void {
  const transfer = app.fetch(wish.path);
  wish.tried.add(app.view);
  wish.transfer = transfer;
  transfer.result.then(
    (file) => {
      keep(app, wish.path, file);
      end(wish, file);
    },
    () => {
      wish.transfer = null;
      // The view that has asked may have gone: another one that waits goes on.
      if (wishes.get(wish.path) !== wish || untried(wish)) next();
      else end(wish);
    },
  );
}

function untried({ askers, tried }: Wish): AppFace | undefined {
  return [...askers.values()].find((app) => !tried.has(app.view));
}

function end(wish: Wish, file: Blob | null = null): void {
  if (wishes.get(wish.path) === wish) wishes.delete(wish.path);
  for (const [tell, app] of wish.askers) {
    if (file) find(app, wish.path);
    tell(file);
  }
  next();
}

// -- what is kept

/** A file that is kept, which this app is about to show. */
function find(app: AppFace, path: string): Blob | null {
  const one = kept.get(path);
  if (!one) return null;
  kept.delete(path);
  kept.set(path, one);
  belong(app, one.apps);
  return one.file;
}

function keep(app: AppFace, path: string, file: Blob): void {
  drop(path);
  if (file.size + ENTRY > KEPT) return;
  const apps = new Set<Company>();
  kept.set(path, { file, apps });
  size += file.size + ENTRY;
  belong(app, apps);
  for (const old of kept.keys()) {
    if (size <= KEPT) return;
    drop(old);
  }
}

function drop(path: string): void {
  const one = kept.get(path);
  if (!one) return;
  kept.delete(path);
  size -= one.file.size + ENTRY;
}

const known = new WeakSet<Company>();

/** What only one app has shown is let go of with its last view. */
function belong({ company }: AppFace, apps: Set<Company>): void {
  apps.add(company);
  if (known.has(company)) return;
  known.add(company);
  company.atEnd(() => {
    known.delete(company);
    for (const [path, one] of kept) {
      one.apps.delete(company);
      if (!one.apps.size) drop(path);
    }
  });
}

/** Bytes and number of what is kept, for tests. */
export function keeping(): [bytes: number, files: number] {
  return [size, kept.size];
}
