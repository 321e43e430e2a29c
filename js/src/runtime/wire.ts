/** What travels between page and kernel, and the face of the widget model that carries it. */

/** The part of a widget model that anywidget hands to a view. */
export interface AnyModel {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
  send(content: unknown, callbacks?: unknown, buffers?: (ArrayBuffer | ArrayBufferView)[]): void;
  on(event: string, callback: (...args: never[]) => void): void;
  off(event?: string | null, callback?: ((...args: never[]) => void) | null): void;
  widget_manager?: WidgetManager;
}

export interface WidgetManager {
  get_model(id: string): Promise<AnyModel & { comm_live?: boolean }>;
}

/** What anywidget 0.11 lets a view ask for beside its own model. */
export interface Host {
  getModel(ref: string): Promise<AnyModel>;
  getWidget?(ref: string): Promise<unknown>;
}

/** `[id, type, children]`. */
export type TreeNode = [id: number, type: string, children: TreeNode[]];

export type ShowProgress = "full" | "minimal" | "hidden";
export type TriggerMode = "once" | "multiple" | "always_last";

export interface Listener {
  id: number;
  targets: [node: number | null, event: string][];
  inputs: number[];
  outputs: number[];
  show_progress: ShowProgress;
  show_progress_on: number[] | null;
  trigger_mode: TriggerMode;
  js: string | null;
  /** False if there is no Python function: `js` is all of it. */
  backend: boolean;
  /** Seconds between two events of a stream. */
  stream_every?: number;
  /** Seconds that a stream may last. */
  time_limit?: number | null;
}

export interface Options {
  height: number | string | null;
  width: number | string | null;
  show_error: boolean;
  debug: boolean;
  fill_height: boolean;
  css: string | null;
  /** Scripts, styles and links for the page. */
  head: string | null;
  /** Source of a function to run when a view opens. */
  js: string | null;
  title: string;
  theme: string | null;
  footer: boolean;
  /** In bytes. */
  max_file_size: number | null;
  /** Description of the endpoints, for the footer. */
  api?: string | null;
  live: boolean;
}

export interface ProgressUnit {
  index: number | null;
  length: number | null;
  unit: string | null;
  progress: number | null;
  desc: string | null;
}

/** Newest status record of a listener's runs: of several under way the oldest's. Times are in seconds. */
export interface RunRecord {
  /** null: nothing to show. */
  stage: "pending" | "generating" | "streaming" | "complete" | "error" | null;
  run: number;
  position?: number | null;
  size?: number | null;
  eta?: number | null;
  progress_data?: ProgressUnit[] | null;
  /** Simple HTML: see `Inline`. */
  message?: string | null;
  title?: string | null;
  duration?: number | null;
  visible?: boolean;
  /** How long the run has been going; null while it waits. */
  time?: number | null;
  /** The page that triggered it, if one did. */
  origin?: string | null;
  /** Whether it was stopped, and its function has not ended. */
  stopping?: boolean | null;
  /** What its validator said, by block. */
  validation?: Record<number, string> | null;
}

/** What came of a listener's js; `result` is empty if there is no Python function to take it. */
export type Answer = { result: unknown[] } | { error: string };

/** Listeners whose js the page has begun, by id; with what came of those that have ended. */
export type Begun = Record<number, { ticket: string; result?: unknown[]; error?: string }>;

export interface FileRecord {
  path: string;
  url: string | null;
  size: number | null;
  orig_name: string | null;
  mime_type: string | null;
  is_stream?: boolean;
  meta: { _type: "nbblocks.FileData" };
  /** The bytes, when the page must show the file. */
  data?: DataView;
}

/** An upload that was cut off: the kernel has its first `received` bytes, of the CRC-32 `crc`. */
export interface Offer {
  node: number;
  name: string;
  size: number;
  modified: number;
  received: number;
  crc: number;
}

export type Level = "error" | "warning" | "info" | "success";
export type Stream = "stdout" | "stderr" | "display" | "error" | "clear";

/** Something for the log drawer: text, or what was displayed, in one form, or that a run's output is to go. */
export interface LogEntry {
  stream: Stream;
  text: string;
  listener?: number | null;
  run?: number | null;
  /** MIME type of `value`, if something was displayed. */
  form?: string;
  value?: unknown;
  /** In px. */
  shape?: { width?: number; height?: number };
  display_id?: string;
  /** Whether it takes the place of what has that `display_id`. */
  update?: boolean;
  /** Of "clear": only once there is something else. */
  wait?: boolean;
  /** What came after it. */
  more?: LogEntry[];
}

export type KernelMessage =
  | { type: "toast"; level: Level; title: string; message: string; duration: number | null; listener: number | null }
  | ({ type: "log" } & LogEntry)
  | {
      type: "echo";
      view: string;
      values: [number, unknown][];
      props?: [number, string, unknown][];
      /** By view, up to which message it takes those of a view into account. */
      heard?: Record<string, number>;
    }
  /** Listeners were too busy to take the event `input` of a node. */
  | { type: "busy"; view: string; seq: number; node: number; listeners: number[] }
  | { type: "say"; node: number; content: unknown }
  | { type: "run_js"; view: string; ticket: string; listener: number }
  | { type: "scroll"; view: string; node: number }
  | { type: "forget"; blocks: [id: number, type: string][]; listeners: number[] }
  | { type: "upload_ack"; upload: string; received: number; again?: boolean }
  | { type: "upload_unknown"; upload: string }
  | { type: "upload_done"; upload: string; file: FileRecord }
  | { type: "upload_failed"; upload: string; message: string }
  | { type: "download_start"; download: string; name: string; size: number; mime: string | null }
  | { type: "download_chunk"; download: string; offset: number; ack?: boolean }
  | { type: "download_ask"; download: string }
  | { type: "download_end"; download: string; crc: number }
  | { type: "download_failed"; download: string; message: string }
  | {
      type: "answer";
      view: string;
      ask: string;
      content?: unknown;
      /** Why there is none. */
      error?: string;
      /** Where in it the message's buffers stand. */
      buffer_paths?: (string | number)[][];
    }
  | { type: "filler" }
  | { type: "close"; note: string };

/** A message to the kernel, before the transport adds `view` and `seq`. */
export type PageMessage = { type: string } & Record<string, unknown>;
