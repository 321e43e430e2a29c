/** One view of an app: its model, its talk with the kernel, and what its blocks may ask of it. */

import { computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { defaults } from "../contract";
import { escaped } from "../escaping";
import { Announcer } from "./announcing";
import { Asking } from "./asking";
import { Chunks } from "./chunks";
import { type Company, companyOf, introduce } from "./company";
import type { AppFace, Context, Heard, Node, Registry } from "./define";
import { Emitter } from "./emitter";
import { FocusKeeper } from "./focus";
import { addHead } from "./head";
import { runSource } from "./javascript";
import { Log } from "./log";
import { PageModel } from "./model";
import { Fronts, type Parts } from "./parts";
import { isGoing, Runs } from "./runs";
import { textOf } from "./scripts";
import { Timers } from "./timers";
import { Toasts } from "./toasts";
import { Transfers } from "./transfers";
import { Transport } from "./transport";
import { grown, typesOf } from "./tree";
import type { AnyModel, Host, KernelMessage, Listener, Offer, Options, RunRecord, TreeNode } from "./wire";

export interface Mount {
  model: AnyModel;
  el: HTMLElement;
  signal: AbortSignal;
  host?: Host;
  /** The one block that is shown of the app. */
  only?: number;
}

/** A front whose block has its value kept by the browser. It need not be drawn for it. */
export interface Keeper<Props = Record<string, unknown>> {
  /**
   * Called when the view goes live: keep what `value` becomes from now on, as long as it is this view's turn. The result is
   * what was kept before, or undefined. A session that begins with this view has it from the start, any other has its own.
   */
  keep(block: {
    props: Props;
    value: ReadonlySignal<unknown>;
    /** Calls `serve` when it is this view's turn: of an app's views on a page one does what is to be done once. */
    alone(serve: (signal: AbortSignal) => void): void;
  }): Promise<unknown>;
}

/** Ms that the first message waits for what the browser has kept. */
export const READING = 1000;

/** Ms after which nothing is drawn any more of blocks that are gone. */
const FORGETTING = 1000;
/** A toast that came with the start of the run it belongs to is not an old one. */
const FRESH = 300;

export class App {
  readonly fronts: Fronts;
  readonly el: HTMLElement;
  readonly abort: AbortSignal;
  readonly host: Host | undefined;
  readonly only: number | undefined;
  readonly raw: AnyModel;
  readonly model: PageModel;
  readonly transport: Transport;
  readonly transfers: Transfers;
  readonly asking: Asking;
  readonly emitter: Emitter;
  readonly runs: Runs;
  readonly chunks: Chunks;
  readonly company: Company;
  readonly toasts = new Toasts();
  readonly announcer: Announcer;
  readonly log = new Log();
  readonly focus: FocusKeeper;
  /** Why nothing can be done here, if so: there is no kernel, or the app was closed. */
  readonly note: Signal<string | null> = signal(null);
  readonly options: ReadonlySignal<Options>;
  readonly listeners: ReadonlySignal<readonly Listener[]>;
  readonly root: ReadonlySignal<Node | null>;
  readonly live: ReadonlySignal<boolean>;
  readonly #types: ReadonlySignal<ReadonlyMap<number, string>>;
  readonly #timers: Timers;
  readonly #offers: ReadonlySignal<readonly Offer[]>;
  readonly #lastRuns = new Map<number, RunRecord>();
  readonly #hearers = new Map<number, Set<Heard>>();

  constructor(mount: Mount, registry: Registry, parts: Parts) {
    const { model, el, signal: abort, host } = mount;
    this.only = mount.only;
    this.el = el;
    this.abort = abort;
    this.host = host;
    this.raw = model;
    this.#timers = new Timers(abort);
    this.focus = new FocusKeeper(el, abort, (id) => this.typeOf(id) !== "");
    this.model = new PageModel(model, abort);
    this.chunks = new Chunks(mount, this.model);
    this.fronts = new Fronts(registry, parts, this.chunks, el);
    const refused = (why: string) => this.#failed("Too long", why);
    const tree = this.model.signal<TreeNode | null>("tree", null);
    this.company = companyOf(tree.value);
    this.company.join(abort);
    const { edits } = this.company;
    this.model.edits = edits;
    this.transport = new Transport(model, this.#timers, () => this.#lost(), refused, edits);
    const options = this.model.signal<Partial<Options>>("options", {});
    const listeners = this.model.signal<Listener[]>("listeners", []);
    abort.addEventListener(
      "abort",
      effect(() => introduce(this.company, tree.value)),
    );
    this.options = computed(() => ({ ...FALLBACK, ...options.value }));
    this.listeners = computed(() => listeners.value ?? []);
    const known = new Map<number, Node>();
    this.root = computed(() => (tree.value ? grown(tree.value, this.transport.view, known) : null));
    this.#types = computed(() => new Map(this.root.value ? typesOf(this.root.value) : []));
    this.live = computed(() => this.options.value.live && this.note.value === null);
    this.runs = new Runs(this.model, this.listeners);
    const isHere = (view: string) => this.#isMe({ view });
    this.announcer = new Announcer(this.#timers, isHere, (id) => this.propsOf({ id, type: this.typeOf(id) }).label);
    this.#offers = this.model.signal<readonly Offer[]>("unfinished", []);
    const failed = (title: string, message: string) => this.#failed(title, message);
    this.transfers = new Transfers(
      this.transport,
      failed,
      this.#timers,
      abort,
      this.#offers,
      () => this.options.value.max_file_size,
    );
    this.asking = new Asking(this.transport, abort);
    this.emitter = this.#makeEmitter();
    this.#listen(model);
    abort.addEventListener("abort", () => this.log.end(), { once: true });
  }

  /** Go live: say hello, and run the js that waits for a new view. */
  start(): void {
    const root = this.root.value;
    const load = root && this.emitter.load(root.id);
    this.transfers.opened();
    this.transport.start(this.el, this.abort, load?.js, root ? this.#kept(root) : null);
    const { head, js } = this.options.value;
    const begin = () => {
      if (this.abort.aborted) return;
      if (js) runSource(js).catch((error: unknown) => this.#failed("Error in js", textOf(error)));
      load?.begin();
    };
    if (!head) begin();
    else {
      addHead(head, this.el)
        .catch((error: unknown) => this.#failed("Error in head", textOf(error)))
        .then(begin);
    }
  }

  typeOf(id: number): string {
    return this.#types.value.get(id) ?? "";
  }

  /** What the draw function of `node` gets, but its children. */
  contextOf(node: Node, draw: AppFace["draw"]): Omit<Context<Record<string, unknown>, string>, "children"> {
    return {
      node,
      props: this.propsOf(node),
      emit: (event, report) => this.focus.tell(event, () => this.emitter.emit(node.id, event, report)),
      app: this.#faceOf(node, draw),
      set: (name, value) => this.model.setLocal(`${node.id}.${name}`, value),
      signal: (name) => this.model.prop(node.id, node.type, name),
    };
  }

  /** A block's properties; reading one is reading its signal. */
  propsOf({ id, type }: Pick<Node, "id" | "type">): Record<string, unknown> {
    const names = [...new Set([...COMMON, ...Object.keys(defaults[type] ?? {})])];
    return new Proxy<Record<string, unknown>>(Object.create(null), {
      get: (_, name) => {
        if (typeof name !== "string") return undefined;
        if (name === "interactive" && !this.live.value) return false;
        return this.model.prop(id, type, name).value;
      },
      has: (_, name) => names.includes(String(name)),
      ownKeys: () => names,
      getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
    });
  }

  #faceOf(node: Node, draw: AppFace["draw"]): AppFace {
    const app = this;
    return {
      get live() {
        return app.live.value;
      },
      get options() {
        return app.options.value;
      },
      get listeners() {
        return app.listeners.value;
      },
      listens: (event) => this.emitter.listening(node.id, event).length > 0,
      propsOf: <Props>(other: Node) => this.propsOf(other) as Props,
      get unfinished() {
        return app.#offers.value.filter((one) => one.node === node.id);
      },
      upload: (file, options) => this.transfers.upload(node.id, file, options),
      download: (path, options) => this.transfers.download(node.id, path, options),
      fetch: (path) => this.transfers.fetch(node.id, path),
      ask: <T>(content: Record<string, unknown>) => this.asking.ask(node.id, content) as Promise<T>,
      save: (props) => this.#save(node.id, props),
      hear: (heard) => this.#hear(node.id, heard),
      toast: (toast) => this.toasts.add({ ...toast, message: escaped(toast.message) }),
      chunk: (name) => this.chunks.of(name),
      draw,
      view: this.transport.view,
      company: this.company,
      signal: this.abort,
      host: this.host,
      manager: this.raw.widget_manager,
    };
  }

  #save(id: number, props: Record<string, unknown>): void {
    for (const [name, value] of Object.entries(props)) {
      this.model.setLocal(`${id}.${name}`, value);
      if (this.live.value) this.company.edits.made(`${id}.${name}`, this.transport.view);
    }
    if (!this.live.value) return;
    this.transport.flush();
    this.transport.send({ type: "set", node: id, props });
  }

  #hear(id: number, heard: Heard): () => void {
    const all = this.#hearers.get(id) ?? new Set();
    this.#hearers.set(id, all.add(heard));
    return () => all.delete(heard);
  }

  /** Values that the browser has kept, in time; null if there is nothing to wait for. */
  #kept(root: Node): Promise<[number, unknown][]> | null {
    const found: [number, unknown][] = [];
    const readings: Promise<unknown>[] = [];
    for (const [id, type] of typesOf(root)) {
      const front = this.fronts.own(type);
      if (!front || !("keep" in front)) continue;
      const props = this.propsOf({ id, type });
      const value = this.model.prop(id, type, "value");
      const alone = (serve: (signal: AbortSignal) => void) => this.company.alone(`keep ${id}`, this.abort, serve);
      const reading = (front as Keeper).keep({ props, value, alone });
      readings.push(reading.then((kept) => kept !== undefined && found.push([id, kept])));
    }
    if (!readings.length) return null;
    return new Promise((done) => {
      const end = () => done([...found]);
      void Promise.allSettled(readings).then(end);
      this.#timers.after(READING, end);
    });
  }

  #makeEmitter(): Emitter {
    const app = this;
    const face = {
      get live() {
        return app.live.value && !app.abort.aborted;
      },
      get listeners() {
        return app.listeners.value;
      },
      typeOf: (id: number) => this.typeOf(id),
      isBusy: (listener: Listener) => isGoing(this.runs.record(listener)),
      dispatched: (listeners: readonly Listener[]) => {
        for (const one of listeners) this.toasts.removeOf(one.id);
      },
      edited: (id: number) => this.runs.edited(id),
    };
    return new Emitter(face, this.model, this.transport, this.#timers);
  }

  #listen(model: AnyModel): void {
    this.model.onHeard(() => {
      this.transport.heard();
      this.focus.look();
    });
    this.model.onKernelChange((key, value) => {
      if (key === "heard") this.emitter.heard();
      else if (key.startsWith("run.")) this.#runChanged(key, value as RunRecord | null);
    });
    const custom = (content: KernelMessage, buffers?: readonly DataView[]) => this.#take(content, buffers ?? []);
    const died = () => this.#lost();
    model.on("msg:custom", custom);
    model.on("comm_live_update", died);
    this.abort.addEventListener("abort", () => {
      model.off("msg:custom", custom);
      model.off("comm_live_update", died);
    });
  }

  /** Have the kernel stop a run. */
  stop(run: number): void {
    this.transport.send({ type: "stop", run });
  }

  #lost(): void {
    this.note.value ??= "The kernel is gone: run the cell again to use this app.";
    this.transfers.lost();
  }

  #take(message: KernelMessage, buffers: readonly DataView[]): void {
    if (this.asking.take(message, buffers) || this.transfers.take(message, buffers)) return;
    switch (message.type) {
      case "toast":
        this.toasts.add(message);
        break;
      case "log":
        this.log.take(message);
        break;
      case "echo":
        if (!this.transport.isOwn(message.view)) this.emitter.echo(message);
        break;
      case "busy":
        if (this.#isMe(message)) this.emitter.refused(message.node, message.listeners);
        break;
      case "say":
        for (const heard of this.#hearers.get(message.node) ?? []) heard(message.content, buffers);
        break;
      case "run_js":
        if (!this.#isMe(message)) break;
        this.toasts.removeOf(message.listener, FRESH);
        // Some hosts take a turn to set values that were sent before.
        this.#timers.after(0, () => this.emitter.runFor(message.ticket, message.listener));
        break;
      case "scroll":
        // Once the outputs, which came before, are drawn.
        if (this.#isMe(message)) this.#timers.after(50, () => this.#scrollTo(message.node));
        break;
      case "forget":
        // Once what they drew is gone.
        this.#timers.after(FORGETTING, () => this.#forget(message.blocks, message.listeners));
        break;
      case "close":
        this.note.value = message.note;
        this.transfers.lost();
    }
  }

  #isMe({ view }: { view: string }): boolean {
    return view === this.transport.view;
  }

  #forget(blocks: [id: number, type: string][], listeners: number[]): void {
    const drawn = this.#types.value; // one may be back already
    this.model.forget(
      blocks.filter(([id]) => !drawn.has(id)),
      listeners,
    );
    for (const id of listeners) this.#lastRuns.delete(id);
    this.announcer.forget(listeners);
  }

  #runChanged(key: string, record: RunRecord | null): void {
    const id = Number(key.slice("run.".length));
    this.emitter.heardOf(id);
    if (!record) return;
    const listener = this.listeners.value.find((one) => one.id === id);
    if (listener) this.announcer.hear(listener, record);
    const last = this.#lastRuns.get(id);
    this.#lastRuns.set(id, record);
    if (last?.run === record.run) return;
    // Of runs side by side the next one shows when the first has ended: it was dispatched long before.
    const beside = isGoing(last) && listener?.trigger_mode === "multiple";
    if (!beside) this.toasts.removeOf(id, FRESH);
  }

  #scrollTo(id: number): void {
    this.el.querySelector(`[data-node="${id}"]`)?.scrollIntoView({ behavior: "smooth", block: "nearest" });
  }

  #failed(title: string, message: string): void {
    this.toasts.add({ level: "error", title, message: escaped(message) });
  }
}

/** Properties that every block may have, whatever its contract says of defaults. */
const COMMON = ["value", "visible", "elem_id", "elem_classes", "interactive"];

const FALLBACK: Options = {
  height: null,
  width: null,
  show_error: false,
  debug: false,
  fill_height: false,
  css: null,
  head: null,
  js: null,
  title: "",
  theme: null,
  footer: false,
  max_file_size: null,
  live: true,
};
