/** `define`: how a component or layout says what it draws from its properties and what it reports. */

import type { ReadonlySignal, Signal } from "@preact/signals";
import type { ComponentChildren, CSSProperties, HTMLAttributes, JSX } from "preact";
import type { Chunk } from "./chunks";
import type { Company } from "./company";
import type { Toast } from "./toasts";
import type { Transfer } from "./transfers";
import type { FileRecord, Host, Listener, Offer, Options, WidgetManager } from "./wire";

/** One block of the app's tree. */
export interface Node {
  readonly id: number;
  readonly type: string;
  readonly children: readonly Node[];
  /** Unique in the page: for `id`, `for`, `aria-controls` and the like. */
  readonly domId: string;
}

/** `value` is set as the block's value first; `data` is the event data that a handler can ask for. */
export interface Report {
  value?: unknown;
  data?: Record<string, unknown> | null;
}

export type Heard = (content: unknown, buffers: readonly DataView[]) => void;

export type Emit<Event extends string> = (event: Event, report?: Report) => void;

/** What a block may ask of the app around it. */
export interface AppFace {
  /** False if there is no kernel behind the page or the app was closed: nothing can be edited then. */
  readonly live: boolean;
  readonly options: Options;
  readonly listeners: readonly Listener[];
  /** Whether anybody listens to `event` of this block. */
  listens(event: string): boolean;
  /** Properties of another block: Tabs ask for those of their Tab children. */
  propsOf<Props = Record<string, unknown>>(node: Node): Props;
  /** Send a file to the kernel; `result` is the record to be put into a value. */
  upload(file: File | Blob, options?: { name?: string; relative?: string }): Transfer<FileRecord>;
  /** Uploads to this block that were cut off: choosing the same file again takes one up. */
  readonly unfinished: readonly Offer[];
  /** Get a file that was sent as a value of this block, and save it in the browser. */
  download(path: string, options?: { name?: string; size?: number | null }): Transfer<void>;
  /** As `download`, but the bytes come back instead of being saved. */
  fetch(path: string): Transfer<Blob>;
  /** Ask the kernel side of this block (`Component.answer`); rejected with what it says if it cannot answer. */
  ask<T = unknown>(content: Record<string, unknown>): Promise<T>;
  /** Set properties other than the value, here and in the kernel, whose class must let pages set them (`prop_from_page`). */
  save(props: Record<string, unknown>): void;
  /** Hear what the kernel side of this block sends (`CustomComponent.send`), until the result is called. */
  hear(heard: Heard): () => void;
  /** Show a toast; its message is text. */
  toast(toast: Partial<Toast> & { message: string }): void;
  /** A heavy part of the front-end, by its file's name in `src/chunks`, for a class that names it in its `chunks`. */
  chunk<T>(name: string): ReadonlySignal<Chunk<T>>;
  /** Draw a child of this block; `children` of the context has all of them drawn. */
  draw(node: Node): JSX.Element;
  /** Id of this view: two views of an app are two pages to the kernel. */
  readonly view: string;
  /** The views of the app on this page. */
  readonly company: Company;
  /** Aborted when the view goes. */
  readonly signal: AbortSignal;
  readonly host: Host | undefined;
  readonly manager: WidgetManager | undefined;
}

export interface Context<Props, Event extends string = never> {
  /** Read a property and the block is drawn again when it changes. */
  readonly props: Props;
  readonly emit: Emit<Event>;
  readonly node: Node;
  readonly app: AppFace;
  /** The child blocks, drawn. */
  readonly children: JSX.Element[];
  /** Set a property in this page alone, such as which tab is in sight. The kernel can still set it, even to the same. */
  set<Name extends keyof Props & string>(name: Name, value: Props[Name]): void;
  /** A property as a signal, for effects. */
  signal<Name extends keyof Props & string>(name: Name): Signal<Props[Name]>;
}

/** Attributes of the outer element, besides id, classes, scale and min_width, which every block has. */
export type Box = Omit<HTMLAttributes<HTMLDivElement>, "class" | "style" | "ref"> & {
  class?: string;
  style?: CSSProperties & Record<`--${string}`, string | number | undefined>;
};

export interface Front<Props = Record<string, unknown>, Event extends string = string> {
  draw(context: Context<Props, Event>): ComponentChildren;
  /** Attributes of the outer element; null for a block that has none, such as a Timer. No hooks here. */
  box?(context: Context<Props, Event>): Box | null;
}

/**
 * Make the front of a block: the default export of `components/<type>.tsx` or `layout/<type>.tsx`.
 *
 * `draw` is a Preact component (hooks work) and draws what stands inside the outer element. The outer element is
 * drawn by the runtime: it has `elem_id`, `elem_classes`, the class `nbb-<type>`, and lies under the status overlay.
 */
export function define<Props, Event extends string = never>(
  draw: (context: Context<Props, Event>) => ComponentChildren,
  box?: (context: Context<Props, Event>) => Box | null,
): Front<Props, Event> {
  return { draw, box };
}

/** Fronts by type, whatever their properties. */
// biome-ignore lint/suspicious/noExplicitAny: a registry holds fronts of all kinds
export type Registry = Readonly<Record<string, Front<any, any>>>;
